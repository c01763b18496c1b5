//! 账号 — what joining, taking away and parting make of the world.

use crate::domain::event::Event;
use crate::domain::evolve::Application;
use crate::domain::history::deed::What;
use crate::domain::kernel::ids::{AccountNo, PersonId};
use crate::domain::kernel::text::proper_name;
use crate::domain::kernel::words::Words;
use crate::domain::people::account::{
    Account, Fact, Former, Had, Joining, change, cut_key, disown, end_joining, lost_key, own, put_joining,
};
use crate::domain::people::identity_claim::{close, lapse, wait_again, wait_no_longer};
use crate::domain::people::invitation_code;
use crate::domain::people::lately::Spoken;
use crate::domain::people::person::{Grant, Person, Role, Scope};
use crate::domain::vote::{parting, taken};

impl Application<'_, '_, '_> {
    pub(super) fn of_account(&mut self, fact: &Fact) {
        if let Some((person, change)) = change(fact) {
            self.deed(What::Account(person, change), None, self.record.by);
        }
        match fact {
            Fact::Asked { claim, person } => {
                put_joining(self.world, &Joining { claim: *claim, person: *person, by: Vec::new(), until: None });
            }
            Fact::Vouched { claim, person, by, until } => {
                let known = self.world.joining(*claim);
                let mut joining =
                    known.unwrap_or(Joining { claim: *claim, person: *person, by: Vec::new(), until: None });
                end_joining(self.world, *claim);
                joining.by.push(*by);
                joining.until = joining.until.or(*until);
                if joining.until.is_some() {
                    wait_no_longer(self.world, *claim);
                }
                put_joining(self.world, &joining);
            }
            Fact::Unvouched { claim, gone, .. } => {
                let Some(mut joining) = self.world.joining(*claim) else { return };
                end_joining(self.world, *claim);
                joining.by.retain(|by| !gone.contains(by));
                joining.until = None;
                put_joining(self.world, &joining);
                wait_again(self.world, *claim);
            }
            Fact::Lapsed { claim, .. } => lapse(self.world, *claim),
            Fact::Denied { claim, .. } => end_joining(self.world, *claim),
            Fact::Unlinked { address, person, .. } => {
                self.cut(address, *person);
                if self.world.accounts_of(*person).is_empty() {
                    self.account_taken(*person, false);
                } else if let Some(known) = self.world.person(*person).filter(|_| self.record.by != Some(*person)) {
                    self.cut_in_votes(&known);
                }
                self.world.put_at(cut_key(address.as_str()), &self.record.at);
                invitation_code::void_all_of(self.world, *person);
                self.void_all_by(*person);
            }
            Fact::Parted { address, person, newcomer, shown, kept, .. } => {
                self.parted(address, (*person, *newcomer), shown, *kept);
                self.world.note_parted(*newcomer);
            }
            Fact::Backed { person, .. } => self.backed(*person),
            Fact::Language { person, language } => {
                let known = self.world.spoken(*person);
                self.world.put(&Spoken { chosen: Some(language.clone()), ..known });
            }
            Fact::Listed { person, role } => self.listed(*person, *role),
            Fact::Delisted { person, role } => {
                let is_listed = |grant: &Grant| grant.role == *role && grant.listed;
                let grants = self.world.person_kept(*person).map(|person| person.grants).unwrap_or_default();
                for grant in grants.iter().filter(|grant| is_listed(grant)) {
                    self.withdrawn(*person, grant.role, &grant.scope);
                }
                self.void_all_by(*person);
            }
            Fact::Left { person, .. } => {
                self.account_taken(*person, true);
                self.left(*person);
            }
        }
    }

    /// 表决期间 — the vote says of whom, and by whom.
    fn cut_in_votes(&mut self, known: &Person) {
        if let Some(by) = self.record.by {
            parting::note_cut(self.world, known, by);
        }
    }

    /// An official has done so: what somebody does to their own account is theirs.
    fn account_taken(&mut self, person: PersonId, left: bool) {
        if let Some(known) = self.world.person(person).filter(|_| self.record.by != Some(person)) {
            self.cut_in_votes(&known);
            taken::note(self.world, &known, left, (self.record.by, self.record.seq, self.record.at));
        }
    }

    /// Which account a record came from, where its speaker has one alone.
    pub(super) fn via(&self) -> Option<AccountNo> {
        self.record.via.or_else(|| self.world.only_account(self.record.by?))
    }

    /// The newcomer whose account a joined one was, where it is such a one that speaks.
    pub(super) fn newcomer_of(&self, by: PersonId) -> Option<PersonId> {
        // Nearly everybody has one account, which was nobody else's.
        if let Had::Nothing | Had::One { joined: false, .. } = self.world.person_kept(by)?.accounts {
            return None;
        }
        let via = self.via()?;
        self.world.accounts_ever(by).iter().find(|account| account.no == via)?.newcomer
    }

    /// An account is this person's from now on.
    pub(super) fn linked(&mut self, person: PersonId, address: &Words, chat: &Words) {
        // An account that was erased is nobody's, and keeps its number: those after it are called in records by theirs.
        if *address == Words::Erased {
            let is_joined = |fact: &Event| matches!(fact, Event::PersonJoined { into, .. } if *into == person);
            if !self.record.facts.iter().any(is_joined) {
                self.world.count(|counters| counters.accounts += 1);
            }
            return;
        }
        let joined_from = self.record.facts.iter().find_map(|fact| match fact {
            Event::PersonJoined { from, into } if *into == person => Some(*from),
            _ => None,
        });
        let known = self.world.account(address.as_str());
        let no = known.as_ref().map_or(AccountNo(self.world.counters().accounts + 1), |known| known.no);
        self.world.count(|counters| counters.accounts = counters.accounts.max(no.0));
        if let Some(known) = &known {
            disown(self.world, known.person, no);
        }
        let newcomer = joined_from.and_then(|from| self.world.person_kept(from));
        let claim = self.record.facts.iter().find_map(|fact| match fact {
            Event::ClaimSettled { claim, person: Some(_), .. } => Some(*claim),
            _ => None,
        });
        let mut former = known.as_ref().map(|known| known.former.clone()).unwrap_or_default();
        former.extend(known.as_ref().and_then(Account::past));
        let kept_chat = known.map(|known| known.chat).unwrap_or_default();
        let chat = if chat.as_str().is_empty() { kept_chat } else { chat.clone() };
        let shown = match (&newcomer, claim.and_then(|claim| self.world.claim(claim))) {
            // What could be taken for a reference is not shown in lists; what the newcomer is called is checked.
            (Some(_), Some(claim)) if proper_name(claim.shown.as_str()).is_ok() => claim.shown,
            (Some(newcomer), _) => newcomer.name.clone(),
            (None, _) => self.world.person_kept(person).map(|person| person.name).unwrap_or_default(),
        };
        let account = Account {
            no,
            address: address.clone(),
            chat: chat.clone(),
            person,
            shown,
            since: joined_from.map(|_| self.record.at),
            newcomer: joined_from,
            claim: claim.filter(|_| joined_from.is_some()),
            brought: newcomer.map(|newcomer| newcomer.grants).unwrap_or_default(),
            cut: false,
            own: joined_from.is_some() && self.record.by == Some(person),
            vouched: if joined_from.is_some() { self.vouched_by(person) } else { None },
            former,
        };
        self.world.put(&account);
        own(self.world, person, &account);
        if joined_from.is_some() {
            self.world.remove(cut_key(address.as_str()));
        }
        self.written_to(person, Some(&chat));
    }

    /// 谁认的 — how far the offices reach by whose word an account is joined in this record; by the person's own word, as far as those do
    /// from whose account it came.
    fn vouched_by(&self, person: PersonId) -> Option<Vec<Scope>> {
        if self.record.by == Some(person) {
            let via = self.via()?;
            return self.world.accounts_ever(person).into_iter().find(|account| account.no == via)?.vouched;
        }
        let by_code = |fact: &Event| {
            let Event::PassUsed { fingerprint } = fact else { return None };
            self.world.pass(fingerprint.as_str()).map(|pass| vec![pass.by])
        };
        let by_claim = |fact: &Event| {
            let Event::ClaimSettled { claim, .. } = fact else { return None };
            let waited = self.world.joining(*claim).map(|joining| joining.by).filter(|by| !by.is_empty());
            waited.or_else(|| self.record.by.map(|by| vec![by]))
        };
        let said = self.record.facts.iter().find_map(|fact| by_code(fact).or_else(|| by_claim(fact)))?;
        Some(said.into_iter().flat_map(|by| self.offices_of(by)).collect())
    }

    /// How far somebody's offices reach; whoever moderates one topic is one of its town.
    fn offices_of(&self, by: PersonId) -> Vec<Scope> {
        let grants = self.world.person_kept(by).map(|person| person.grants).unwrap_or_default();
        let at_home = |scope: Scope| match scope {
            Scope::Topic(no) => {
                let town = self.world.topic(no).map(|topic| topic.town).filter(|town| !town.is_empty());
                town.map_or(Scope::Topic(no), Scope::Town)
            }
            Scope::District | Scope::Town(_) => scope,
        };
        let scope = |grant: Grant| match grant.role {
            Role::Admin => Some(Scope::District),
            Role::Moderator | Role::Coordinator => Some(at_home(grant.scope)),
            Role::Resident | Role::Member | Role::Handler | Role::Expert => None,
        };
        grants.into_iter().filter_map(scope).collect()
    }

    /// 本地认可 — whoever says it now has said it of every account the person has.
    fn backed(&mut self, person: PersonId) {
        let scopes = self.record.by.map(|by| self.offices_of(by)).unwrap_or_default();
        for account in self.world.accounts_of(person) {
            let vouched = account.vouched.clone().map(|mut known| {
                known.extend(scopes.clone());
                known
            });
            self.world.put(&Account { vouched, ..account });
        }
    }

    /// Letters go where they went as long as that account is the person's; else to the one given, or to any that is left.
    fn written_to(&mut self, person: PersonId, chat: Option<&Words>) {
        let Some(mut known) = self.world.person_kept(person) else { return };
        let own: Vec<Account> = self.world.accounts_of(person);
        let is_kept = !known.private_chat.as_str().is_empty() && own.iter().any(|one| one.chat == known.private_chat);
        if is_kept {
            return;
        }
        let others = own.iter().map(|account| &account.chat).find(|chat| !chat.as_str().is_empty());
        let next = chat.filter(|chat| !chat.as_str().is_empty()).or(others);
        known.private_chat = next.cloned().unwrap_or_default();
        self.world.put(&known);
    }

    fn cut(&mut self, address: &Words, person: PersonId) {
        if let Some(account) = self.world.account(address.as_str()) {
            self.world.put_at(lost_key(person, account.no), address);
            self.world.put(&Account { cut: true, ..account });
        }
        self.written_to(person, None);
    }

    /// 认错了 — of an account that is the person's, that was cut off, or that is somebody else's since.
    fn parted(&mut self, address: &Words, (person, newcomer): (PersonId, PersonId), shown: &Words, kept: bool) {
        let Some(account) = self.world.account(address.as_str()) else { return };
        let is_theirs = account.person == person;
        let is_past = |former: &Former| former.person == person && former.newcomer == newcomer;
        let past = account.former.iter().rposition(is_past).filter(|_| !is_theirs);
        let past = past.and_then(|at| Some((at, account.former.get(at)?.clone())));
        let (claim, brought) = match &past {
            Some((_, former)) => (former.claim, former.brought.clone()),
            None if is_theirs => (account.claim, account.brought.clone()),
            None => return,
        };
        if let Some(mut known) = self.world.person_kept(newcomer) {
            known.name = shown.clone();
            known.private_chat = account.chat.clone();
            self.world.put(&known);
            self.renamed(newcomer, shown);
        }
        for grant in &brought {
            self.withdrawn(person, grant.role, &grant.scope);
            self.holds(newcomer, grant.clone());
        }
        disown(self.world, person, account.no);
        self.world.put_at(lost_key(person, account.no), address);
        let no = account.no;
        self.given_back(account, newcomer, past.map(|(at, _)| at));
        self.void_all_by(person);
        self.written_to(person, None);
        super::person::part::give_back(self.world, no, (person, newcomer), kept);
        if kept {
            parting::note(self.world, person, self.record.by);
        }
        if let Some(claim) = claim {
            close(self.world, claim, None);
        }
    }

    /// The account is the newcomer's again; one that is somebody else's since stays so.
    fn given_back(&mut self, mut account: Account, newcomer: PersonId, past: Option<usize>) {
        if let Some(at) = past {
            account.former.remove(at);
            self.world.put(&account);
            return;
        }
        let address = account.address.clone();
        let theirs = Account {
            person: newcomer,
            since: None,
            newcomer: None,
            claim: None,
            brought: Vec::new(),
            cut: false,
            own: false,
            vouched: None,
            ..account
        };
        self.world.put(&theirs);
        own(self.world, newcomer, &theirs);
        self.world.put_at(cut_key(address.as_str()), &self.record.at);
    }

    fn listed(&mut self, person: PersonId, role: Role) {
        let order = self.record.seq;
        let is_there = |grant: &Grant| grant.role == role && grant.scope == Scope::District;
        if self.world.person_kept(person).is_some_and(|known| !known.grants.iter().any(is_there)) {
            self.holds(person, Grant { role, scope: Scope::District, order, listed: true });
        }
    }

    /// 注销 — no role, no account, no entry; the name stays on what they did.
    fn left(&mut self, person: PersonId) {
        for account in self.world.accounts_of(person) {
            self.cut(&account.address, person);
            self.world.put_at(cut_key(account.address.as_str()), &self.record.at);
        }
        let Some(known) = self.world.person_kept(person) else { return };
        for grant in &known.grants {
            self.withdrawn(person, grant.role, &grant.scope);
        }
        invitation_code::void_all_of(self.world, person);
        self.void_all_by(person);
        if let Some(mut known) = self.world.person_kept(person) {
            known.enrolled = false;
            known.private_chat = Words::default();
            self.world.put(&known);
        }
    }
}
