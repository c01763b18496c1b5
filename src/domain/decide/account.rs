//! 解绑、名单、注销 — taking an account away, undoing a wrong confirmation, listing who is who, and seeing people off.

use crate::domain::decide::identity_claim;
use crate::domain::decide::one::Takes;
use crate::domain::event::Event;
use crate::domain::kernel::ids::{ClaimNo, PersonId, TopicNo};
use crate::domain::kernel::place::name_sign;
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::text::within;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::people::account::{Account, Ask, Fact, Listed, Which};
use crate::domain::people::group::{Group, scope_of};
use crate::domain::people::identity_claim::Claim;
use crate::domain::people::person::{Grant, Person, Role, Scope, scope_value};
use crate::domain::process::topic::Topic;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::suggestion::MAX_REASON;
use crate::domain::vote::poll::Poll;
use crate::domain::vote::whom::Whom;
use crate::domain::work::task::State;
use crate::say;

const EXAMPLE: &str = "ex.unlink";

/// Rows of one page.
const ROWS: usize = 20;

/// Who is asked about a claim, to be named to whoever waits.
const MOST_ASKED: usize = 3;

/// Things that hang on somebody which are named.
const MOST_NAMED: usize = 8;

/// 解绑, 名单, 注销.
pub fn ask(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    match ask {
        Ask::Unlink { name, which, reason } if name.is_empty() => own(ctx, *which, reason),
        Ask::Unlink { name, which, reason } => of_somebody(ctx, name, *which, reason),
        Ask::Back { name, topic } => back(ctx, name, *topic),
        Ask::List { of, about, page } => list(ctx, *of, about, *page),
        Ask::Leave { name, reason } => leave(ctx, name, reason),
        Ask::Language { language: Some(language) } => {
            Ok(Decision::fact(Event::Account(Fact::Language { person: ctx.me(), language: language.clone() })))
        }
        Ask::Language { language: None } => Ok(Decision::answer(say!("language.now"))),
    }
}

impl Ctx<'_> {
    /// Why somebody cannot do what those on a roll can: this account was taken away from somebody, which is what it must hear first.
    ///
    /// 还没确认 — or it waits to be confirmed, and by whom.
    pub(crate) fn unless_unlinked(&self, otherwise: Say) -> Say {
        if self.scene.who.enrolled {
            return otherwise;
        }
        let claims = self.world.claims_of(self.me());
        let Some(claim) = claims.into_iter().rfind(|claim| claim.is_open(self.scene.now)) else {
            return if self.world.is_cut(&self.scene.caller.account) { say!("e.unlinked") } else { otherwise };
        };
        let whoms = self.world.whom(claim.name.as_str(), claim.place.as_str());
        let asked = self.world.asked_about(&claim, &whoms);
        let names: Vec<Value> = asked.iter().take(MOST_ASKED).map(|by| self.world.name_of(*by).into()).collect();
        match names.is_empty() {
            true => say!("e.unconfirmed"),
            false => say!("e.unconfirmed.by", by = Value::List(names)),
        }
    }
}

/// One's own accounts.
fn own(ctx: &Ctx<'_>, which: Option<Which>, reason: &str) -> Decided {
    let who = &ctx.scene.who;
    if !who.enrolled {
        return Err(say!("e.unlink_none"));
    }
    let accounts = ctx.world.accounts_of(who.id);
    let Some(which) = which else { return Ok(Decision::answer(rows(ctx, who, &accounts))) };
    within(reason, MAX_REASON)?;
    let account = the_one(ctx.world, who, &accounts, which)?;
    match which {
        Which::Claim(_) => parted_facts(ctx, &account, who.id, reason).map(Decision::facts),
        Which::Place(_) => unlinked(ctx, &account, who, &accounts, reason),
    }
}

/// 丢了手机 — officials who may say whose an account is may also take it away, and say why.
fn of_somebody(ctx: &Ctx<'_>, name: &str, which: Option<Which>, reason: &str) -> Decided {
    let (person, reason, accounts) = require_hold(ctx, name, reason)?;
    ctx.require_one(Takes::Person, name, reason)?;
    let only = which.or((accounts.len() == 1 && !reason.is_empty()).then_some(Which::Place(1)));
    let Some(which) = only else { return Ok(Decision::answer(rows(ctx, &person, &accounts))) };
    let account = the_one(ctx.world, &person, &accounts, which)?;
    if reason.is_empty() {
        return Err(say!("e.reason", ex = example_of(EXAMPLE)));
    }
    within(reason, MAX_REASON)?;
    match which {
        Which::Claim(_) => parted_facts(ctx, &account, person.id, reason).map(Decision::facts),
        Which::Place(_) => unlinked(ctx, &account, &person, &accounts, reason),
    }
}

/// Somebody whose accounts are the speaker's business. Whether there is such a person is nobody else's.
fn require_hold<'r>(ctx: &Ctx<'_>, name: &str, reason: &'r str) -> Result<(Person, &'r str, Vec<Account>), Say> {
    let who = &ctx.scene.who;
    if !who.has_office() {
        return Err(ctx.ask(Role::Coordinator, ""));
    }
    ctx.require_one_name(name, reason)?;
    let (person, reason) = ctx.require_person_behind(name, reason)?;
    let whom = Whom::entered(ctx.world, person.clone());
    if !whom.may_be_vouched_for(ctx.world, who) {
        return Err(whom.ask(ctx));
    }
    let accounts = ctx.world.accounts_of(person.id);
    Ok((person, reason, accounts))
}

fn the_one(world: &World<'_>, person: &Person, accounts: &[Account], which: Which) -> Result<Account, Say> {
    let found = match which {
        Which::Place(n) => usize::try_from(n).ok().and_then(|n| accounts.get(n.checked_sub(1)?)).cloned(),
        Which::Claim(claim) => joined_by(world, claim, person.id),
    };
    found.ok_or_else(|| say!("e.unlink_which", who = &person.name, n = accounts.len()))
}

/// The account a claim made somebody's, whether it still is, was cut off, or is a stranger's since: that it was the wrong one can be said
/// of it as long as it is known.
fn joined_by(world: &World<'_>, claim: ClaimNo, person: PersonId) -> Option<Account> {
    world.account(world.claim(claim)?.account.as_str())?.as_joined(claim, person)
}

/// The accounts of somebody, numbered as they can be named.
fn rows(ctx: &Ctx<'_>, person: &Person, accounts: &[Account]) -> Say {
    if accounts.is_empty() {
        return say!("unlink.none", who = &person.name);
    }
    let is_mine = |account: &Account| account.address.as_str() == ctx.scene.caller.account;
    let row = |(n, account): (usize, &Account)| {
        let here = if is_mine(account) { say!("unlink.here") } else { say!("none") };
        let letters = account.chat == person.private_chat && !account.chat.as_str().is_empty();
        let letters = if letters { say!("unlink.letters") } else { say!("none") };
        let since = account.since.map_or_else(|| say!("none"), |at| say!("unlink.since", at = Value::Moment(at)));
        say!("unlink.row", n = n + 1, account = account.called(), since = since, letters = letters, here = here)
    };
    let rows = accounts.iter().enumerate().map(row).collect();
    let name = if person.id == ctx.me() { String::new() } else { format!("{} ", person.name) };
    let hint = match name.is_empty() {
        true => say!("unlink.how"),
        false => say!("unlink.how_of", who = ctx.world.written_apart(person)),
    };
    say!("unlink.list", who = &person.name, rows = Value::Lines(rows), hint = hint)
}

fn unlinked(ctx: &Ctx<'_>, account: &Account, person: &Person, all: &[Account], reason: &str) -> Decided {
    let is_last_admin = person.holds(Role::Admin) && ctx.world.holders(Role::Admin).len() == 1 && all.len() == 1;
    if is_last_admin {
        return Err(say!("e.last_admin"));
    }
    Ok(Decision::fact(Event::Account(Fact::Unlinked {
        account: account.no,
        address: account.address.clone(),
        person: person.id,
        reason: reason.into(),
    })))
}

/// 本地认可 — whoever's office reaches a topic says of somebody on its roll whose account others vouched for that it is theirs.
fn back(ctx: &Ctx<'_>, name: &str, no: TopicNo) -> Decided {
    let topic = ctx.require_topic(no)?;
    if !ctx.coordinates(&topic.town) {
        ctx.require_moderator(&topic)?;
    }
    let person = ctx.require_person(name, Some(&topic))?;
    if ctx.world.voter_of(no, &person).is_none() {
        return Err(say!("e.no_voter", no = no, who = name));
    }
    let accounts = ctx.world.accounts_of(person.id);
    if !accounts.iter().any(|account| ctx.world.is_unbacked(account, &person, &topic)) {
        return Ok(Decision::answer(say!("backed.already", no = no, who = &person.name)));
    }
    if !ctx.world.may_back(&topic, &person, &ctx.scene.who) {
        return Err(Whom::entered(ctx.world, person).ask(ctx));
    }
    Ok(Decision::fact(Event::Account(Fact::Backed { person: person.id, topic: no })))
}

/// 认错了 — the person says that an account joined by a claim is not theirs.
pub fn parted(ctx: &Ctx<'_>, claim: &Claim, person: PersonId, reason: &str) -> Decided {
    let account = joined_by(ctx.world, claim.no, person).ok_or_else(|| say!("e.claim_done", c = claim.no))?;
    parted_facts(ctx, &account, person, reason).map(Decision::facts)
}

/// The same, said by an official who may say whose an account is.
pub fn parted_by_office(ctx: &Ctx<'_>, claim: &Claim, person: PersonId, reason: &str) -> Decided {
    let known = ctx.world.person(person).ok_or_else(|| say!("e.claim_done", c = claim.no))?;
    let whom = Whom::entered(ctx.world, known);
    if !whom.may_be_vouched_for(ctx.world, &ctx.scene.who) {
        return Err(whom.ask(ctx));
    }
    parted(ctx, claim, person, reason)
}

/// What the person has said yes to, an office does not undo, and what it undoes it gives a reason for. One's own accounts are not
/// parted from one that was joined after them.
fn may_part(ctx: &Ctx<'_>, account: &Account, person: PersonId, reason: &str) -> Result<(), Say> {
    if person == ctx.me() {
        let here = ctx.world.account(&ctx.scene.caller.account).and_then(|here| here.since);
        return if here > account.since { Err(say!("e.part.later", account = account.called())) } else { Ok(()) };
    }
    let who = ctx.world.name_of(person);
    if account.own {
        return Err(say!("e.part.own", account = account.called(), who = who));
    }
    match (reason.is_empty(), account.claim) {
        (false, _) => within(reason, MAX_REASON),
        (true, Some(claim)) => Err(say!("e.part.reason", c = claim)),
        (true, None) => Err(say!("e.reason", ex = example_of(EXAMPLE))),
    }
}

fn parted_facts(ctx: &Ctx<'_>, account: &Account, person: PersonId, reason: &str) -> Result<Vec<Event>, Say> {
    let newcomer = account.newcomer.ok_or_else(|| say!("e.unlink_first", account = account.called()))?;
    may_part(ctx, account, person, reason)?;
    Ok(vec![Event::Account(Fact::Parted {
        account: account.no,
        address: account.address.clone(),
        person,
        newcomer,
        shown: account.shown.clone(),
        reason: reason.into(),
        kept: true,
    })])
}

/// What a list shows: all of it by pages, of the speaker's towns alone.
struct Pages {
    rows: Vec<Say>,
    page: u32,
    seen: usize,
}

impl Pages {
    fn add(&mut self, row: impl FnOnce() -> Say) {
        let first = ROWS * usize::try_from(self.page.saturating_sub(1)).unwrap_or(usize::MAX);
        if self.seen >= first && self.rows.len() < ROWS {
            self.rows.push(row());
        }
        self.seen += 1;
    }
}

/// 名单 — a coordinator sees their own town, an administrator everything.
fn list(ctx: &Ctx<'_>, of: Listed, about: &str, page: u32) -> Decided {
    ctx.require_role(Role::Coordinator)?;
    let mut pages = Pages { rows: Vec::new(), page: page.max(1), seen: 0 };
    match of {
        Listed::People => people(ctx, about, |person| pages.add(|| person_row(ctx.world, person))),
        Listed::Roles => people(ctx, about, |person| {
            for grant in &person.grants {
                pages.add(|| role_row(ctx.world, person, grant));
            }
        }),
        Listed::Accounts => people(ctx, about, |person| {
            for account in ctx.world.accounts_of(person.id) {
                pages.add(|| account_row(ctx.world, person, &account));
            }
        }),
        Listed::Groups => groups(ctx, about, &mut pages),
    }
    let what = Value::Term(of.term().to_owned());
    let all = pages.seen.div_ceil(ROWS).max(1);
    if pages.rows.is_empty() && pages.seen > 0 {
        return Err(say!("e.people_page", what = what, n = all));
    }
    if pages.rows.is_empty() {
        let lines: Vec<Say> = ctx
            .nearly(about)
            .iter()
            .map(|town| say!("people.line", what = what.clone(), town = town.as_str()))
            .collect();
        if !lines.is_empty() {
            let bad = Value::Quote(about.to_owned());
            return Err(say!("e.people_near", what = what, bad = bad, rows = Value::Lines(lines)));
        }
        let about = if about.is_empty() { say!("none") } else { say!("people.about", about = about) };
        return Err(say!("e.people_none", what = what, about = about));
    }
    let next = u32::try_from(all).unwrap_or(u32::MAX) > pages.page;
    let about = if about.is_empty() { String::new() } else { format!(" {about}") };
    let more = match next {
        true => say!("people.more", what = what.clone(), about = about, page = pages.page + 1),
        false => say!("none"),
    };
    let rows = Value::Lines(pages.rows);
    Ok(Decision::answer(say!(
        "people",
        what = what,
        n = pages.seen,
        page = pages.page,
        all = all,
        rows = rows,
        more = more
    )))
}

/// Everybody entered whom the speaker may see, of a town or a name if one was written.
fn people(ctx: &Ctx<'_>, about: &str, mut visit: impl FnMut(&Person)) {
    // 张桂英 601: a name with what tells them apart behind it.
    let at: Vec<Person> = about.rsplit_once(' ').map(|(name, at)| ctx.world.people_at(name, at)).unwrap_or_default();
    let fits = |person: &Person| {
        let is_called = || name_sign(person.name.as_str()) == name_sign(about);
        about.is_empty() || person.town == about || is_called() || at.iter().any(|one| one.id == person.id)
    };
    ctx.world.scan(&Key::new(kind::PERSON), |person: Person| {
        let is_known = person.enrolled || !person.grants.is_empty();
        if is_known && fits(&person) && sees(ctx, &person) {
            visit(&person);
        }
        true
    });
}

fn sees(ctx: &Ctx<'_>, person: &Person) -> bool {
    let is_here = |grant: &Grant| match &grant.scope {
        Scope::District => false,
        Scope::Town(town) => ctx.coordinates(town),
        Scope::Topic(no) => ctx.world.topic(*no).is_some_and(|topic| ctx.coordinates(&topic.town)),
    };
    ctx.coordinates(&person.town) || person.grants.iter().any(is_here)
}

fn groups(ctx: &Ctx<'_>, about: &str, pages: &mut Pages) {
    let fits = |group: &Group| about.is_empty() || group.town == about || group.name.as_str() == about;
    for group in ctx.world.groups().into_iter().filter(|group| fits(group) && ctx.coordinates(&group.town)) {
        pages.add(|| {
            let gone = if group.gone { say!("people.gone") } else { say!("none") };
            let Some(kind) = group.kind else { return say!("people.group.new", name = &group.name, gone = gone) };
            let (scope, kind) = (scope_of(kind, &group.town, &group.sector), Value::Term(kind.term().to_owned()));
            say!("people.group", name = &group.name, kind = kind, scope = scope, gone = gone)
        });
    }
}

fn person_row(world: &World<'_>, person: &Person) -> Say {
    let mut about = vec![Value::Term(person.side.term().to_owned())];
    let known = [person.unit.as_str(), &person.sector, person.field.as_str(), &person.town, person.room.as_str()];
    about.extend(known.into_iter().filter(|text| !text.is_empty()).map(Value::from));
    let n = world.accounts_of(person.id).len();
    say!("people.person", name = &person.name, about = Value::List(about), n = n)
}

fn role_row(world: &World<'_>, person: &Person, grant: &Grant) -> Say {
    let listed = if grant.listed { say!("people.listed") } else { say!("none") };
    let role = Value::Term(grant.role.term().to_owned());
    say!(
        "people.role",
        name = world.written_apart(person),
        role = role,
        scope = scope_value(&grant.scope),
        listed = listed
    )
}

fn account_row(world: &World<'_>, person: &Person, account: &Account) -> Say {
    let since = account.since.map_or_else(|| say!("none"), |at| say!("unlink.since", at = Value::Moment(at)));
    say!("people.account", name = world.written_apart(person), account = account.called(), since = since)
}

/// 注销 — somebody left. Refused while things hang on them, which are named.
fn leave(ctx: &Ctx<'_>, name: &str, reason: &str) -> Decided {
    ctx.require_role(Role::Coordinator)?;
    ctx.require_one_name(name, reason)?;
    let (person, reason) = ctx.require_person_behind(name, reason)?;
    let whom = Whom::entered(ctx.world, person.clone());
    if !ctx.coordinates(&person.town) || (whom.warrant() == Role::Admin && !ctx.scene.who.holds(Role::Admin)) {
        return Err(whom.ask(ctx));
    }
    if reason.is_empty() {
        return Err(say!("e.reason", ex = example_of("ex.depart")));
    }
    ctx.require_one(Takes::Person, name, reason)?;
    within(reason, MAX_REASON)?;
    if person.holds(Role::Admin) && ctx.world.holders(Role::Admin).len() == 1 {
        return Err(say!("e.last_admin"));
    }
    let hangs = hanging(ctx.world, &person);
    if !hangs.is_empty() {
        return Err(say!("e.leave_hangs", who = &person.name, what = Value::List(hangs)));
    }
    // Whoever waits to be taken for them waits for nobody any more; what hung on a role is told as where it is taken away.
    let mut facts = identity_claim::ended_with(ctx, &person);
    let withdrawn =
        |grant: &Grant| Event::RoleWithdrawn { person: person.id, role: grant.role, scope: grant.scope.clone() };
    facts.extend(person.grants.iter().map(withdrawn));
    facts.push(Event::Account(Fact::Left { person: person.id, reason: Words::from(reason) }));
    Ok(Decision::facts(facts))
}

/// What waits for somebody, or counts on them.
fn hanging(world: &World<'_>, person: &Person) -> Vec<Value> {
    let mut found: Vec<Say> = Vec::new();
    let topics: Vec<Topic> = world.live_topics().into_iter().filter(|topic| topic.halt.is_none()).collect();
    for topic in &topics {
        if world.lead_of(topic) == Some(person.id) {
            found.push(say!("hangs.lead", no = topic.no));
        }
        if person.moderates(topic) && world.moderator_of(topic) == Some(person.id) {
            found.push(say!("hangs.moderator", no = topic.no));
        }
        for task in world.tasks(topic.no).iter().filter(|task| task.handler == person.id && task.is_owed()) {
            found.push(say!("hangs.task", t = task.no));
        }
        for task in world.tasks(topic.no).iter().filter(|task| world.waits_for_rating_by(task, person.id)) {
            found.push(match task.state {
                State::Answered => say!("hangs.rating", t = task.no),
                State::Assigned | State::Acked | State::Returned | State::Done => say!("hangs.rework", t = task.no),
            });
        }
        for objection in world.unanswered_of(topic.no, person.id) {
            found.push(say!("hangs.objection", no = topic.no, objection = objection.named()));
        }
    }
    // A vote that is theirs to cast hangs on them as one that is in.
    let votes = |poll: &Poll| {
        let voter = world.elector_no(poll, person);
        voter.is_some_and(|voter| poll.voters.is_some() || world.ballot(poll.no, voter).is_some())
    };
    let is_trustee = |no: TopicNo| !world.mandates_of(no, person.id).is_empty();
    for poll in world.open_polls().iter().filter(|poll| votes(poll) || is_trustee(poll.topic)) {
        found.push(say!("hangs.vote", no = poll.topic, end = Value::Moment(poll.ends)));
    }
    found.truncate(MOST_NAMED);
    found.into_iter().map(Value::from).collect()
}
