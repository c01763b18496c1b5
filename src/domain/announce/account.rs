//! 账号 — every account of a person is told at once, quiet hours or not, when another wants to be theirs, becomes it, or is taken away.

use crate::domain::addressee::For;
use crate::domain::announce::{Announcement, Herald, Saying, To};
use crate::domain::event::Event;
use crate::domain::kernel::ids::{ClaimNo, PersonId, TopicNo, VoterNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::words::Words;
use crate::domain::people::account::{Account, Fact, VOUCHERS, cut_key};
use crate::domain::people::person::{Role, scope_value};
use crate::domain::process::form::Step;
use crate::domain::vote::poll::{self, Poll};
use crate::domain::work::word::Word;
use crate::say;
use chrono::{DateTime, Utc};

impl Herald<'_, '_> {
    pub(super) fn of_account(&mut self, fact: &Fact) {
        match fact {
            Fact::Asked { claim, person } => self.asked(*claim, *person),
            Fact::Vouched { claim, person, by, until } => self.vouched(*claim, (*person, *by), *until),
            Fact::Unvouched { claim, person, gone } => self.unvouched(*claim, *person, gone),
            Fact::Denied { claim, person, vouched } => self.denied(*claim, *person, vouched),
            Fact::Unlinked { address, person, reason, .. } => {
                self.unlinked(address, *person, reason);
                self.lapsed_here();
            }
            Fact::Parted { address, person, newcomer, reason, .. } => {
                self.parted(address, *person, *newcomer, reason);
                self.lapsed_here();
            }
            Fact::Left { person, reason } => {
                self.left(*person, reason);
                self.lapsed_here();
            }
            Fact::Backed { person, topic } => self.backed(*person, *topic),
            Fact::Lapsed { claim, by, at } => {
                self.push(*by, say!("claim.lapsed", c = *claim, at = Value::Moment(*at)));
            }
            Fact::Listed { .. } | Fact::Delisted { .. } => self.configured(fact),
            Fact::Language { .. } => self.here(say!("language")),
        }
    }

    /// 管理员 — what the configuration changed is told to whom it concerns and to those who are administrators.
    pub(super) fn by_configuration(&mut self, fact: &Event) {
        if let Event::Poll(altered @ poll::Fact::Altered { .. }) = fact {
            return self.altered(altered);
        }
        let Event::Account(fact) = fact else { return };
        self.configured(fact);
    }

    /// At a start, or when somebody first speaks whom the configuration names.
    fn configured(&mut self, fact: &Fact) {
        let (person, role, is_listed) = match fact {
            Fact::Listed { person, role } => (*person, *role, true),
            Fact::Delisted { person, role } => (*person, *role, false),
            Fact::Asked { .. }
            | Fact::Vouched { .. }
            | Fact::Unvouched { .. }
            | Fact::Denied { .. }
            | Fact::Unlinked { .. }
            | Fact::Backed { .. }
            | Fact::Parted { .. }
            | Fact::Left { .. }
            | Fact::Lapsed { .. }
            | Fact::Language { .. } => return,
        };
        let (who, role) = (self.world.name_of(person), Value::Term(role.term().to_owned()));
        let what = match is_listed {
            true => say!("grant.listed", who = who, role = role),
            false => say!("grant.delisted", who = who, role = role),
        };
        // The person is told with what else changes for them (`standings`).
        for admin in self.world.holders(Role::Admin).iter().filter(|admin| admin.id != person) {
            self.push_as(For::Admin(admin.id), what.clone());
        }
    }

    /// At once, to the private chats of these accounts.
    fn tell_accounts(&mut self, accounts: &[Account], what: &Say) {
        for account in accounts {
            self.tell_account(&account.chat, For::Person(account.person), what.clone());
        }
    }

    /// The same, as long as a further account waits for their word.
    fn ask_accounts(&mut self, person: PersonId, claim: ClaimNo, what: &Say) {
        for account in self.world.accounts_of(person) {
            self.tell_account(&account.chat, For::Asked(person, claim), what.clone());
        }
    }

    pub(super) fn tell_account(&mut self, chat: &Words, whom: For, what: Say) {
        if chat.as_str().is_empty() {
            return;
        }
        let to = To::Account(chat.clone());
        let what = Saying::Say(what);
        self.out.push(Announcement { to, what, is_push: false, is_numbered: false, whom, is_after: false });
    }

    /// The accounts of a person but the one that speaks; where it was the only one, none.
    fn others(&self, person: PersonId) -> Vec<Account> {
        let mut accounts = self.world.accounts_of(person);
        if self.record.by == Some(person) {
            accounts.retain(|account| self.record.via.is_some_and(|via| via != account.no));
        }
        accounts
    }

    fn shown(&self, claim: ClaimNo) -> Say {
        let account = self.world.claim(claim).and_then(|claim| self.world.account(claim.account.as_str()));
        let shown = self.world.claim(claim).map(|claim| claim.shown).unwrap_or_default();
        account.map_or_else(|| say!("none"), |account| Account { shown, ..account }.called())
    }

    fn asked(&mut self, claim: ClaimNo, person: PersonId) {
        let (who, account) = (self.world.name_of(person), self.shown(claim));
        let what = say!("claim.ask", c = claim, who = who, account = account);
        self.ask_accounts(person, claim, &what);
    }

    fn vouched(
        &mut self,
        claim: ClaimNo,
        (person, by): (PersonId, PersonId),
        until: Option<chrono::DateTime<chrono::Utc>>,
    ) {
        let who = self.world.name_of(person);
        let is_by_code = self.record.facts.iter().any(|fact| matches!(fact, Event::PassUsed { .. }));
        let Some(until) = until else {
            // Whoever used a code hears from the claim that it waits.
            if !is_by_code {
                self.here(self.world.second(claim, person, by));
            }
            return;
        };
        let waits = self.world.waits(claim, person, until);
        self.here(waits.clone());
        let until = Value::Moment(until);
        let by = self.world.joining(claim).map(|joining| joining.by).unwrap_or_default();
        let names = by.iter().take(VOUCHERS).map(|by| Value::Text(self.world.name_of(*by))).collect();
        let (account, names) = (self.shown(claim), Value::List(names));
        if let Some(claim) = self.world.claim(claim) {
            let (who, by, until) = (who.as_str(), names.clone(), until.clone());
            let told = match self.world.accounts_of(person).is_empty() {
                true => say!("claim.wait.you.lost", who = who, by = by, until = until),
                false => say!("claim.wait.you", who = who, by = by, until = until),
            };
            self.newly_joined(&claim.account, told);
        }
        let what = say!(
            "claim.wait",
            c = claim,
            who = who.as_str(),
            account = account.clone(),
            by = names.clone(),
            until = until.clone()
        );
        self.ask_accounts(person, claim, &what);
        for by in by.into_iter().filter(|by| Some(*by) != self.record.by) {
            self.push_as(For::Official(by), waits.clone());
        }
        // Whoever lost it hears of it where they can: the account cannot say no, the person can in person.
        let lost = say!(
            "claim.wait.lost",
            who = who.as_str(),
            account = account.clone(),
            by = names.clone(),
            until = until.clone()
        );
        for gone in self.world.lost_accounts(person) {
            self.tell_account(&gone.chat, For::Anybody, lost.clone());
        }
        // As long as an account of theirs is left, that one says no.
        let chairs = if self.world.accounts_of(person).is_empty() { self.chairs_of(person) } else { Vec::new() };
        for (topic, moderator) in chairs {
            let (who, account, until, by) = (who.as_str(), account.clone(), until.clone(), names.clone());
            self.at_once(
                moderator,
                say!("claim.wait.vote", no = topic, c = claim, who = who, account = account, by = by, until = until),
            );
        }
    }

    /// Who moderates the open votes on whose roll somebody stands.
    fn chairs_of(&self, person: PersonId) -> Vec<(TopicNo, PersonId)> {
        let Some(person) = self.world.person(person) else { return Vec::new() };
        let polls = self.world.open_polls().into_iter().filter(|poll| poll.voters.is_some());
        let polls = polls.filter(|poll| self.world.elector_no(poll, &person).is_some());
        let chair = |no| self.world.moderator_of(&self.world.topic(no)?).map(|moderator| (no, moderator));
        polls.filter_map(|poll| chair(poll.topic)).collect()
    }

    fn denied(&mut self, claim: ClaimNo, person: PersonId, vouched: &[PersonId]) {
        let (who, account) = (self.world.name_of(person), self.shown(claim));
        let what = say!("claim.off", c = claim, who = who, account = account, why = self.why_off(person));
        let is_by_them = self.record.by == Some(person);
        if is_by_them || !vouched.is_empty() {
            self.tell_accounts(&self.others(person), &what);
        }
        for by in vouched.iter().filter(|by| Some(**by) != self.record.by) {
            self.push_as(For::Official(*by), what.clone());
        }
        // Whoever moderates an open vote was told that it waits.
        let is_asked = |one: &PersonId| vouched.contains(one) || self.record.by == Some(*one);
        for moderator in self.warned(person, vouched.len()).into_iter().filter(|one| !is_asked(one)).collect::<Vec<_>>()
        {
            self.at_once(moderator, what.clone());
        }
    }

    /// Who was told, as moderator of an open vote, that an account will be joined to somebody who has none: once enough had confirmed it.
    fn warned(&self, person: PersonId, vouched: usize) -> Vec<PersonId> {
        if vouched < VOUCHERS || !self.world.accounts_of(person).is_empty() {
            return Vec::new();
        }
        let mut all: Vec<PersonId> = self.chairs_of(person).into_iter().map(|(_, moderator)| moderator).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// 作罢 — who said no, or that whoever confirmed it may not any more.
    pub(super) fn why_off(&self, person: PersonId) -> Say {
        match self.record.by {
            Some(by) if by == person => say!("claim.off.own", who = self.by(), why = self.said_behind_no()),
            Some(_) => say!("claim.off.by", by = self.by(), why = self.said_behind_no()),
            None => say!("claim.off.gone"),
        }
    }

    /// What was written behind 不是.
    pub(super) fn said_behind_no(&self) -> Say {
        let said = self.record.facts.iter().find_map(|fact| match fact {
            Event::ClaimSettled { person: None, reason, .. } => reason.as_ref(),
            _ => None,
        });
        said.map_or_else(|| say!("none"), |why| say!("claim.off.why", why = why))
    }

    /// 不算数 — whoever was told that two have confirmed reads that it is one: the account that asks, those it is to be joined to, and
    /// those who can confirm it.
    fn unvouched(&mut self, no: ClaimNo, person: PersonId, gone: &[PersonId]) {
        let (Some(claim), Some(joining)) = (self.world.claim(no), self.world.joining(no)) else { return };
        let names = Value::List(gone.iter().map(|by| Value::Text(self.world.name_of(*by))).collect());
        let left = VOUCHERS.saturating_sub(joining.by.len());
        let who = self.world.name_of(person);
        self.newly_joined(&claim.account, say!("claim.unvouched.you", by = names.clone(), n = left));
        let told = say!("claim.unvouched.told", c = no, by = names.clone(), who = who.as_str(), n = left);
        self.ask_accounts(person, no, &told);
        for lost in self.world.lost_accounts(person) {
            self.tell_account(&lost.chat, For::Anybody, told.clone());
        }
        let whoms = self.world.whom(claim.name.as_str(), claim.place.as_str());
        let mut asked = self.world.asked_about(&claim, &whoms);
        asked.extend(joining.by.iter().copied());
        asked.extend(self.warned(person, joining.by.len() + gone.len()));
        asked.retain(|one| *one != person && !gone.contains(one));
        asked.sort_unstable();
        asked.dedup();
        let what = say!("claim.unvouched", c = no, by = names, who = who, n = left, account = self.shown(no));
        for one in asked {
            self.push_as(For::Official(one), what.clone());
        }
    }

    /// A further account has become a person's: the others hear of it.
    pub(super) fn account_joined(&mut self, person: PersonId, address: &Words) {
        let is_joined = |fact: &Event| matches!(fact, Event::PersonJoined { into, .. } if *into == person);
        let Some(account) = self.world.account(address.as_str()) else { return };
        self.offices_told(person);
        if !self.record.facts.iter().any(is_joined) {
            return;
        }
        let mut others = self.others(person);
        others.retain(|other| other.no != account.no);
        self.papers_told(person, &account);
        self.first_told(person);
        let claim = account.claim;
        let who = self.world.name_of(person);
        let what = match claim {
            Some(c) => say!("claim.other", c = c, who = who, account = account.called()),
            None => say!("claim.other.code", who = who, account = account.called()),
        };
        self.tell_accounts(&others, &what);
    }

    /// 先授权、后上线 — what somebody was made before they had an account they read with their first one. What the office's own file says
    /// it says of accounts as well.
    fn offices_told(&mut self, person: PersonId) {
        let Some(known) = self.world.person(person).filter(|known| known.enrolled) else { return };
        let is_first = self.world.accounts_of(person).len() == 1 && self.world.lost_accounts(person).is_empty();
        let grants = known.grants.iter().filter(|grant| !grant.listed && grant.role != Role::Member);
        let rows: Vec<Say> = grants
            .map(|grant| {
                let role = Value::Term(grant.role.term().to_owned());
                say!("standing.held", role = role, scope = scope_value(&grant.scope))
            })
            .collect();
        if rows.is_empty() || !is_first || self.record.by.is_none() {
            return;
        }
        let ask = self.world.holders(Role::Admin).into_iter().find(|admin| admin.id != person);
        let ask = ask.map_or_else(|| say!("none"), |admin| say!("standing.held.ask", ask = &admin.name));
        let what = say!("standing.before", who = &known.name, rows = Value::Lines(rows), ask = ask);
        self.on_every_account(&known, &what);
    }

    /// 纸质票 — whoever can be written to from now on hears what was entered for them in votes that are open.
    fn papers_told(&mut self, person: PersonId, account: &Account) {
        let Some(known) = self.world.person(person) else { return };
        for (poll, voter) in self.world.papers_for(&known) {
            let what = self.world.paper_letter(&poll, voter);
            self.tell_account(&account.chat, For::Person(person), what);
        }
    }

    /// 本地认可 — every account of theirs reads that it votes there now.
    fn backed(&mut self, person: PersonId, topic: TopicNo) {
        let who = self.world.name_of(person);
        self.here(say!("backed", no = topic, who = who.as_str()));
        self.tell_accounts(&self.others(person), &say!("backed.told", no = topic, who = who, by = self.by()));
    }

    fn unlinked(&mut self, address: &Words, person: PersonId, reason: &Words) {
        let Some(account) = self.world.account(address.as_str()) else { return };
        let (who, why) = (self.world.name_of(person), self.why(reason));
        let what = say!("unlink", who = who.as_str(), account = account.called(), why = why.clone());
        self.here(what.clone());
        // 认错了 — taking it away leaves what it did in the person's name: whoever meant that reads how all of it is undone.
        if let Some(claim) = account.claim.filter(|_| self.record.by != Some(person) && !account.own) {
            self.here(say!("unlink.wrong", who = who.as_str(), c = claim));
        }
        self.tell_accounts(&self.others(person), &what);
        let why_told = why;
        // A lost phone is in other hands: where another account is left, it is told only if the person did it.
        let is_itself = self.record.via == Some(account.no) || self.record.via.is_none();
        if self.record.by == Some(person) && !is_itself {
            self.tell_account(&account.chat, For::Anybody, say!("unlink.you"));
        }
        if self.record.by != Some(person) {
            self.unlinked_in_votes(person, &why_told);
            self.told_where_awaited(person, &say!("word.unlinked", who = who.as_str(), why = why_told.clone()));
        }
        // Where it was the only one nobody else would hear of it.
        if self.record.by != Some(person) && self.world.accounts_of(person).is_empty() {
            let what = say!("unlink.last", who = who, by = self.by(), why = reason);
            self.tell_account(&account.chat, For::Anybody, what);
        }
    }

    /// 注销 — every account that was theirs until now hears it, as where each was taken away by itself.
    fn left(&mut self, person: PersonId, reason: &Words) {
        let who = self.world.name_of(person);
        self.here(say!("leave_office", who = who.as_str(), why = reason));
        let is_of_now = |account: &Account| {
            let at: Option<DateTime<Utc>> = self.world.get(&cut_key(account.address.as_str()));
            at == Some(self.record.at) && self.record.via != Some(account.no)
        };
        let mut accounts = self.world.lost_accounts(person);
        accounts.retain(is_of_now);
        let what = say!("leave_office.you", who = who, by = self.by(), why = reason);
        for account in accounts {
            self.tell_account(&account.chat, For::Anybody, what.clone());
        }
        self.left_in_rolls(person, reason);
    }

    /// Whoever votes with them reads that they stand on the roll and can vote no more.
    fn left_in_rolls(&mut self, person: PersonId, why: &Words) {
        for (no, voter) in self.world.taken_by(self.record.seq) {
            let Some(topic) = self.world.topic(no).filter(|topic| topic.require_going().is_ok()) else { continue };
            if topic.step == Step::Closed {
                continue;
            }
            let (hh, who) = (self.world.seat_called(no, Seat::Roll(voter)), self.world.name_of(person));
            let what = say!("leave_office.roll", no = no, hh = hh, who = who, by = self.by(), why = why);
            self.groups(&self.public_of(no), &what, false, false);
        }
    }

    /// Whoever votes with them reads that an official took an account of theirs away, and why; a ballot that is in stays.
    fn unlinked_in_votes(&mut self, person: PersonId, why: &Say) {
        let Some(known) = self.world.person(person) else { return };
        for poll in self.world.open_polls() {
            let voter = self.world.elector_no(&poll, &known);
            let is_there = |voter: &VoterNo| poll.voters.is_some() || self.world.ballot(poll.no, *voter).is_some();
            let Some(voter) = voter.filter(is_there) else { continue };
            let hh = self.world.seat_called(poll.topic, Seat::of(&poll, voter));
            let what = say!("unlink.vote", no = poll.topic, hh = hh, why = why.clone());
            // The vote may be over before the quiet hours are.
            self.groups(&self.told_of(poll.topic, poll.group), &what, false, false);
        }
    }

    /// 等着这句话的人 — whoever waits for somebody's word reads what was done to them by another hand, and why.
    fn told_where_awaited(&mut self, person: PersonId, what: &Say) {
        if self.record.by == Some(person) {
            return;
        }
        for (topic, word) in self.world.words_awaited(person) {
            // Of whoever only asked for it the others wait for nothing yet.
            let is_awaited = match word {
                Word::Rating(_) | Word::Objection(_) | Word::Review => true,
                Word::Asker => false,
            };
            if is_awaited {
                let who = self.world.name_of(person);
                let what = say!("word.told", no = topic.no, who = who, word = word.said(), what = what.clone());
                self.groups(&self.public_of(topic.no), &what, false, false);
            }
        }
    }

    /// 头一个账号 — nobody else speaks for somebody yet who could say that it is not theirs: where their word counts it is read that
    /// they have one, and by whose word.
    fn first_told(&mut self, person: PersonId) {
        let is_first = self.world.accounts_of(person).len() == 1;
        if !is_first || self.record.by == Some(person) {
            return;
        }
        let is_code = self.record.facts.iter().any(|fact| matches!(fact, Event::PassUsed { .. }));
        let who = self.world.name_of(person);
        let what = match self.record.by.filter(|_| !is_code) {
            Some(_) => say!("word.joined", who = who.as_str(), by = self.by()),
            None => say!("word.joined.code", who = who.as_str()),
        };
        for (topic, word) in self.world.words_awaited(person) {
            let (no, who, word) = (topic.no, who.as_str(), word.said());
            let what = say!("word.told", no = no, who = who, word = word, what = what.clone());
            self.groups(&self.public_of(no), &what, false, false);
        }
    }

    fn why(&self, reason: &Words) -> Say {
        if reason.as_str().is_empty() { say!("none") } else { say!("unlink.why", by = self.by(), why = reason) }
    }

    fn parted(&mut self, address: &Words, person: PersonId, newcomer: PersonId, reason: &Words) {
        let Some(account) = self.world.account(address.as_str()) else { return };
        let (who, why, votes) = (self.world.name_of(person), self.why(reason), self.to_vote_anew(person));
        let what = say!("part", who = who.as_str(), account = account.called(), why = why, votes = votes);
        self.here(what.clone());
        self.tell_accounts(&self.others(person), &what);
        self.parted_in_votes(person, &self.why(reason));
        self.told_where_awaited(person, &say!("word.parted", who = who.as_str(), why = self.why(reason)));
        if self.record.by != Some(newcomer) {
            self.push(newcomer, say!("part.you", who = who));
        }
    }

    /// The open votes of somebody in which there is no ballot now, or one of an account that is not theirs.
    fn to_vote_anew(&self, person: PersonId) -> Say {
        let Some(person) = self.world.person(person) else { return say!("none") };
        let is_due = |poll: &&Poll| {
            let Some(voter) = self.world.elector_no(poll, &person) else { return false };
            let ballot = self.world.ballot(poll.no, voter);
            ballot.map_or(poll.voters.is_some(), |ballot| self.world.is_of_parted(poll, &ballot))
        };
        let polls = self.world.open_polls();
        let rows: Vec<Value> =
            polls.iter().filter(is_due).map(|poll| say!("ref.topic", no = poll.topic).into()).collect();
        if rows.is_empty() { say!("none") } else { say!("part.votes", polls = Value::List(rows)) }
    }

    /// Whoever votes with them reads that it happened, by whom and why, and not what stands in a ballot.
    fn parted_in_votes(&mut self, person: PersonId, why: &Say) {
        let Some(known) = self.world.person(person) else { return };
        for poll in self.world.open_polls() {
            let voter = self.world.elector_no(&poll, &known);
            let Some(voter) = voter.filter(|voter| self.world.is_parted_in(&poll, *voter)) else { continue };
            let hh = self.world.seat_called(poll.topic, Seat::of(&poll, voter));
            let what = say!("part.vote", no = poll.topic, hh = hh, why = why.clone());
            self.groups(&self.told_of(poll.topic, poll.group), &what, false, false);
        }
    }
}
