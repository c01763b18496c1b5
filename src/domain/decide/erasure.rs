//! 我的信息、删除信息 — what is kept of whoever asks, line by line as a table; and the order to erase it, which waits for whatever still
//! rests on the person.

use crate::domain::about::charity::Charity;
use crate::domain::command::Command;
use crate::domain::decide::identity_claim;
use crate::domain::decide::one::Takes;
use crate::domain::event::Event;
use crate::domain::intake::slip;
use crate::domain::kernel::ids::{BriefNo, GatheringNo, PersonId, PollNo, ProposalNo, SlipNo, TopicNo, VoterNo};
use crate::domain::kernel::place::same_bearer;
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::text::{MAX_BODY, begins_formula, within};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::people::account::Account;
use crate::domain::people::erasure::{Ask, Fact};
use crate::domain::people::person::{Person, Role, scope_value};
use crate::domain::process::hiding::{Hiding, Shown};
use crate::domain::process::topic::Topic;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::gathering::{Attendance, Joined, attendance_key};
use crate::domain::vote::absence::{Absence, Kind};
use crate::domain::vote::mandate::Mandate;
use crate::domain::vote::recusal::{Recusal, Stage};
use crate::domain::work::task::State;
use crate::say;

/// Lines in one message.
const ROWS: usize = 30;
/// Lines told in all; more are handed over by the office.
const MOST_ROWS: usize = 900;
/// Things that are in the way and are told.
const MOST_OPEN: usize = 10;

/// 我的信息, 删除信息.
pub fn ask(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    match ask {
        Ask::Show => Ok(show(ctx)),
        Ask::Erase => {
            let erasure = ctx.world.erasure(ctx.me());
            if erasure.asked.is_some() {
                return Err(say!("mydata.again"));
            }
            let mut decision = Decision::fact(Event::Erasure(Fact::Asked { person: ctx.me() }));
            let open = resting_on(ctx.world, &ctx.scene.who);
            if !open.is_empty() {
                decision.answer.push(say!("mydata.open", open = Value::Lines(open)));
            }
            Ok(decision)
        }
        Ask::Keep => {
            let erasure = ctx.world.erasure(ctx.me());
            if erasure.asked.is_none() || erasure.ordered.is_some() {
                return Err(say!("e.mydata.none"));
            }
            Ok(Decision::fact(Event::Erasure(Fact::TakenBack { person: ctx.me() })))
        }
        Ask::Order { name, reason, in_writing, confirmed } => order(ctx, name, reason, (*in_writing, *confirmed)),
    }
}

/// 删除信息 — a coordinator of the person's town orders what the person asked for.
fn order(ctx: &Ctx<'_>, name: &str, reason: &str, (in_writing, confirmed): (bool, bool)) -> Decided {
    ctx.require_role(Role::Coordinator)?;
    within(reason, MAX_BODY)?;
    ctx.require_one_name(name, reason)?;
    let said = reason;
    let (person, reason) = whose(ctx, name, reason)?;
    if reason.is_empty() {
        return Err(say!("e.reason", ex = example_of("ex.erase")));
    }
    // The yes to the question is no line of its own.
    if !confirmed {
        ctx.require_one(Takes::Person, name, reason)?;
    }
    let written = ctx.world.written_apart(&person);
    if !ctx.coordinates(&person.town) {
        return Err(ctx.ask(Role::Coordinator, &person.town));
    }
    let is_last = person.holds(Role::Admin) && ctx.world.holders(Role::Admin).len() == 1;
    if is_last {
        return Err(say!("e.last_admin"));
    }
    let erasure = ctx.world.erasure(person.id);
    if erasure.asked.is_none() && !in_writing {
        return Err(say!("e.erase.unasked", who = written));
    }
    let open = resting_on(ctx.world, &person);
    if !open.is_empty() {
        return Err(say!("e.erase.open", who = &person.name, open = Value::Clauses(open)));
    }
    // What the person did not ask for here rests on one official's word, and nothing brings it back.
    if erasure.asked.is_none() && !confirmed {
        let (name, why) = (name.to_owned(), said.to_owned());
        let sure = Ask::Order { name, reason: why, in_writing, confirmed: true };
        let question = say!("e.erase.sure", who = written, why = reason);
        return Ok(Decision::ask(question, Command::Personal(sure)));
    }
    // Whoever waits to be taken for them, or they for somebody, waits for nobody any more.
    let mut facts = identity_claim::ended_with(ctx, &person);
    facts.push(Event::Erasure(Fact::Ordered { person: person.id, reason: reason.into() }));
    Ok(Decision::facts(facts))
}

/// Of several of a name the one whose flat or unit stands behind it, else the one who asked for it; also somebody who only spoke up. And
/// what is left of the words behind the name.
fn whose<'r>(ctx: &Ctx<'_>, name: &str, rest: &'r str) -> Result<(Person, &'r str), Say> {
    let is_waiting = |person: &Person| {
        let erasure = ctx.world.erasure(person.id);
        erasure.asked.is_some() && erasure.ordered.is_none()
    };
    let named = ctx.world.people_named(name);
    let mut asked: Vec<Person> = named.iter().filter(|person| is_waiting(person)).cloned().collect();
    let first = rest.split_whitespace().next().unwrap_or_default();
    if named.len() > 1 && !ctx.world.people_at(name, first).is_empty() {
        return ctx.require_person_behind(name, rest);
    }
    if asked.len() > 1 {
        return Err(say!("e.who_many", name = name));
    }
    if let Some(person) = asked.pop() {
        return Ok((person, rest));
    }
    match named.as_slice() {
        [only] => Ok((only.clone(), rest)),
        _ => ctx.require_person_behind(name, rest),
    }
}

/// What still rests on a person: open votes they are in, objections of theirs that nobody has answered, topics
/// under way and tasks of theirs. Each with its number.
fn resting_on(world: &World<'_>, person: &Person) -> Vec<Say> {
    let mut found = Vec::new();
    for poll in world.open_polls() {
        let is_in = match poll.voters {
            Some(_) => world.voter_of(poll.topic, person).is_some(),
            None => world.ballot(poll.no, VoterNo(person.id.0)).is_some(),
        };
        let is_trusted = !world.mandates_of(poll.topic, person.id).is_empty();
        if is_in || is_trusted {
            found.push(say!("erase.vote", no = poll.topic, end = Value::Moment(poll.ends)));
        }
    }
    let live = world.live_topics();
    found.extend(live.iter().flat_map(|topic| world.unanswered_of(topic.no, person.id)).map(|one| {
        let (no, objection) = (one.reference.topic, one.named());
        say!("erase.objection", no = no, objection = objection)
    }));
    found.extend(live.iter().flat_map(|topic| of_others(world, topic, person)));
    for topic in live {
        let waiting = world.tasks(topic.no).into_iter().filter(|task| world.waits_for_rating_by(task, person.id));
        found.extend(waiting.map(|task| say!("erase.rating", t = task.no)));
        if world.tasks(topic.no).iter().any(|task| task.handler == person.id && is_under_way(task.state)) {
            let mine =
                world.tasks(topic.no).into_iter().filter(|task| task.handler == person.id && is_under_way(task.state));
            found.extend(mine.map(|task| say!("erase.task", t = task.no)));
        } else if is_theirs(world, &topic, person) {
            found.push(say!("erase.topic", no = topic.no));
        }
    }
    found.truncate(MOST_OPEN);
    found
}

/// 别人的话 — what others have still to be answered and that holds this name goes whole with it: an objection nobody has answered, a
/// request that is under way. It waits for its answer.
fn of_others(world: &World<'_>, topic: &Topic, person: &Person) -> Vec<Say> {
    if !world.is_known_by_name(person) {
        return Vec::new();
    }
    let name = person.name.as_str();
    let mut found: Vec<Say> = Vec::new();
    for one in world.unanswered(topic.no).into_iter().filter(|one| one.author != person.id) {
        if one.text.as_str().contains(name) {
            let who = world.name_of(one.author);
            found.push(say!("erase.objection.other", no = topic.no, objection = one.named(), who = who));
        }
    }
    let is_named = [&topic.title, &topic.body].into_iter().any(|text| text.as_str().contains(name));
    if topic.proposer != person.id && is_named {
        found.push(say!("erase.topic.other", no = topic.no, who = world.name_of(topic.proposer)));
    }
    found
}

fn is_under_way(state: State) -> bool {
    match state {
        State::Assigned | State::Acked | State::Answered | State::Returned => true,
        State::Done => false,
    }
}

fn is_theirs(world: &World<'_>, topic: &Topic, person: &Person) -> bool {
    // What somebody else entered in their name holds up nobody: they may never have asked for it.
    let is_asker = topic.proposer == person.id && !world.is_in_name_only(topic);
    is_asker || world.lead_of(topic) == Some(person.id) || world.moderator_of(topic) == Some(person.id)
}

/// 我的信息 — a table in as many messages as it takes: category, when, number, words.
fn show(ctx: &Ctx<'_>) -> Decision {
    let mut rows = who(ctx);
    rows.extend(accounts(ctx));
    rows.extend(votes(ctx));
    rows.extend(away(ctx));
    rows.extend(gatherings(ctx.world, &ctx.scene.who));
    rows.extend(charities(ctx.world, ctx.me()));
    rows.extend(said(ctx));
    rows.extend(in_full(ctx));
    rows.extend(hidden(ctx));
    let n = rows.len();
    let more = n.saturating_sub(MOST_ROWS);
    rows.truncate(MOST_ROWS);
    let head = say!("mydata", who = &ctx.scene.who.name, n = n);
    let mut answer: Vec<Say> =
        rows.chunks(ROWS).map(|some| say!("mydata.table", rows = Value::Lines(some.to_vec()))).collect();
    answer.insert(0, head);
    if more > 0 {
        answer.push(say!("mydata.more", n = more));
    }
    Decision { answer, ..Decision::default() }
}

fn row(what: &str, about: impl Into<Value>, text: impl Into<Value>) -> Say {
    say!("mydata.row", what = Value::Term(what.to_owned()), at = say!("none"), r#ref = about, text = text)
}

fn blank() -> Value {
    Value::Text(String::new())
}

/// In a field of a table a quotation mark is written twice, and what begins like a formula is none. The words are as they were written.
fn plain(text: &str) -> Value {
    let sign = if begins_formula(text) { "'" } else { "" };
    Value::Text(format!("{sign}{}", text.replace('"', "\"\"")))
}

/// What is entered of the person.
fn who(ctx: &Ctx<'_>) -> Vec<Say> {
    let who = &ctx.scene.who;
    let mut rows = vec![
        row("data.name", blank(), plain(who.name.as_str())),
        row("data.side", blank(), Value::Term(who.side.term().to_owned())),
    ];
    let fields = [
        ("data.unit", who.unit.as_str()),
        ("data.sector", &who.sector),
        ("data.town", &who.town),
        ("data.field", who.field.as_str()),
        ("data.room", who.room.as_str()),
        ("data.expertise", who.expertise.as_str()),
    ];
    rows.extend(fields.iter().filter(|(_, text)| !text.is_empty()).map(|(what, text)| row(what, blank(), plain(text))));
    rows.extend(who.level.map(|level| row("data.level", blank(), Value::Term(level.term().to_owned()))));
    rows.extend(who.tags.iter().map(|tag| row("data.tag", blank(), Value::Term(tag.term().to_owned()))));
    let role = |grant: &crate::domain::people::person::Grant| {
        row("data.role", scope_value(&grant.scope), Value::Term(grant.role.term().to_owned()))
    };
    rows.extend(who.grants.iter().map(role));
    rows
}

/// By which accounts they speak, each shortened, and whose they said they are.
fn accounts(ctx: &Ctx<'_>) -> Vec<Say> {
    let own = ctx.world.accounts_of(ctx.me());
    let account = |account: &Account| row("data.account", blank(), plain(&shortened(account.address.as_str())));
    let mut rows: Vec<Say> = own.iter().map(account).collect();
    for claim in ctx.world.claims_of(ctx.me()) {
        let text = format!("{} {}", claim.name, claim.place);
        rows.push(say!(
            "mydata.row",
            what = Value::Term("data.claim".to_owned()),
            at = Value::Moment(claim.at),
            r#ref = claim.no,
            text = plain(&text)
        ));
    }
    rows
}

/// `telegram:12…89`.
fn shortened(account: &str) -> String {
    let (platform, own) = account.split_once(':').unwrap_or(("", account));
    let chars: Vec<char> = own.chars().collect();
    match chars.as_slice() {
        [one, other, .., before, last] if chars.len() > 5 => format!("{platform}:{one}{other}…{before}{last}"),
        _ => account.to_owned(),
    }
}

/// Rolls they are on, mandates given to them, and the votes they took part in; never how.
fn votes(ctx: &Ctx<'_>) -> Vec<Say> {
    let (world, me) = (ctx.world, ctx.me());
    let mut rows = Vec::new();
    for topic in world.topics_with_roll() {
        if let Some(voter) = world.voter_of(topic, &ctx.scene.who) {
            let rooms: Vec<&str> = voter.rooms.iter().map(Words::as_str).collect();
            rows.push(row("data.roll", say!("ref.topic", no = topic), plain(&rooms.join("、"))));
        }
    }
    let mandates: Vec<Mandate> = world.list(&Key::new(kind::MANDATE), usize::MAX);
    for mandate in mandates {
        let about = say!("ref.topic", no = mandate.topic);
        if mandate.trustee == me {
            rows.push(row("data.mandate", about, blank()));
        } else if is_mine(ctx, mandate.topic, Seat::Roll(mandate.voter))
            && world.is_principal(mandate.topic, mandate.voter, me)
        {
            rows.push(row("data.mandate_given", about, plain(&world.name_of(mandate.trustee))));
        }
    }
    for poll in (1..=world.counters().polls).filter_map(|no| world.poll(PollNo(no))) {
        let voter = match poll.voters {
            None => Some(VoterNo(me.0)),
            Some(_) => world.electorate(&poll).and_then(|roll| roll.voter_of(world, &ctx.scene.who)),
        };
        let Some(ballot) = voter.and_then(|voter| world.ballot(poll.no, voter)) else { continue };
        rows.push(row("data.vote", say!("ref.topic", no = poll.topic), plain(poll.title.as_str())));
        if let Some(hand) = world.entered_by(poll.no, ballot.voter) {
            rows.push(row("data.vote_paper", say!("ref.topic", no = poll.topic), plain(&world.name_of(hand))));
        }
        let account = &ctx.scene.caller.account;
        let is_own = (ballot.proxy || ballot.person == Some(me)) && !ballot.reason.as_str().is_empty();
        if is_own && !world.is_kept_from(account, &ctx.scene.who, &poll, ballot.voter) {
            rows.push(row("data.vote_reason", say!("ref.topic", no = poll.topic), plain(ballot.reason.as_str())));
        }
    }
    rows
}

/// Whether a seat in the votes on a topic is theirs.
fn is_mine(ctx: &Ctx<'_>, topic: TopicNo, seat: Seat) -> bool {
    match seat {
        Seat::Person(person) => person == ctx.me(),
        Seat::Roll(voter) => ctx.world.voter_of(topic, &ctx.scene.who).is_some_and(|own| own.no == voter),
    }
}

/// 请假, 回避 — by whomever they were entered, and what was said against it.
fn away(ctx: &Ctx<'_>) -> Vec<Say> {
    let absences: Vec<Absence> = ctx.world.list(&Key::new(kind::ABSENCE), usize::MAX);
    let mut rows = Vec::new();
    for absence in absences.into_iter().filter(|absence| is_mine(ctx, absence.topic, absence.seat)) {
        let what = match absence.kind {
            Kind::Leave => "data.leave",
            Kind::Recusal => "data.recusal",
        };
        let at = Value::Moment(absence.at);
        let (what, about) = (Value::Term(what.to_owned()), say!("ref.topic", no = absence.topic));
        rows.push(say!("mydata.row", what = what, at = at, r#ref = about, text = plain(absence.reason.as_str())));
    }
    let recusals: Vec<Recusal> = ctx.world.list(&Key::new(kind::RECUSAL), usize::MAX);
    for recusal in recusals.into_iter().filter(|recusal| is_mine(ctx, recusal.topic, recusal.seat)) {
        let by = recusal.by.map(|by| ctx.world.name_of(by)).unwrap_or_default();
        let text = format!("{} {by}", recusal.reason);
        rows.push(row("data.recusal_by", say!("ref.topic", no = recusal.topic), plain(&text)));
        let stage = match recusal.stage {
            Stage::Entered => continue,
            Stage::Dropped => "data.contest_dropped",
            Stage::Contested => "data.contested",
            Stage::Upheld => "data.contest_upheld",
            Stage::Dismissed => "data.contest_dismissed",
        };
        rows.push(row("data.recusal_contest", say!("ref.topic", no = recusal.topic), Value::Term(stage.to_owned())));
        if !recusal.contest.as_str().is_empty() {
            let about = say!("ref.topic", no = recusal.topic);
            rows.push(row("data.contest_words", about, plain(recusal.contest.as_str())));
        }
    }
    rows
}

/// 被隐藏的原话 — their own words are theirs to read, also where nobody else does.
fn hidden(ctx: &Ctx<'_>) -> Vec<Say> {
    let mine = ctx.world.hidden_now().into_iter().filter(|hiding| hiding.author == Some(ctx.me()));
    let row = |hiding: Hiding| {
        let words: Vec<&str> = hiding.words.iter().map(Words::as_str).filter(|text| !text.is_empty()).collect();
        let text = match hiding.what {
            Shown::Suggestion(at) => ctx.world.suggestion_kept(at).map(|kept| kept.text.as_str().to_owned()),
            Shown::Reply(to, n) => ctx.world.reply_kept(to, n).map(|kept| kept.text.as_str().to_owned()),
            _ => Some(words.join(" ")),
        };
        let (what, at) = (Value::Term("data.hidden".to_owned()), Value::Moment(hiding.at));
        let text = plain(&text.unwrap_or_default());
        say!("mydata.row", what = what, at = at, r#ref = hiding.what.name(), text = text)
    };
    let mut rows: Vec<Say> = mine.map(row).collect();
    // What they said against a hiding, also where it is settled.
    let all = ctx.world.hidings().into_iter().filter(|hiding| hiding.author == Some(ctx.me()));
    rows.extend(all.filter_map(|hiding| {
        let said = hiding.contest.as_ref()?;
        Some(self::row("data.hiding_contest", hiding.what.name(), plain(said.as_str())))
    }));
    // A reply lies aside with the suggestion it is to.
    for hiding in ctx.world.hidden_now() {
        let Shown::Suggestion(at) = hiding.what else { continue };
        let own = ctx.world.replies_kept(at).into_iter().filter(|reply| reply.author == ctx.me() && !reply.hidden);
        rows.extend(own.map(|reply| {
            let (what, about) = (Value::Term("data.hidden".to_owned()), Shown::Reply(at, reply.n).name());
            say!(
                "mydata.row",
                what = what,
                at = Value::Moment(reply.at),
                r#ref = about,
                text = plain(reply.text.as_str())
            )
        }));
    }
    rows
}

/// What they wrote below a title; the title stands with the deed.
fn in_full(ctx: &Ctx<'_>) -> Vec<Say> {
    let (world, me, all) = (ctx.world, ctx.me(), ctx.world.counters());
    let mut rows = Vec::new();
    let slips = (1..=all.slips).filter_map(|no| world.slip(SlipNo(no))).filter(|slip| slip.by == me);
    rows.extend(slips.map(|slip| (say!("export.slip", w = slip::w(slip.no)), vec![slip.body])));
    let topics = (1..=all.topics).filter_map(|no| world.topic(TopicNo(no))).filter(|topic| topic.proposer == me);
    rows.extend(topics.map(|topic| (say!("ref.topic", no = topic.no), vec![topic.body])));
    let briefs = (1..=all.briefs).filter_map(|no| world.brief(BriefNo(no))).filter(|brief| brief.by == me);
    rows.extend(briefs.map(|brief| (say!("ref.brief", b = i64::from(brief.no.0)), vec![brief.body])));
    let own = (1..=all.proposals).filter_map(|no| world.proposal(ProposalNo(no))).filter(|one| one.by == me);
    rows.extend(own.map(|one| (say!("ref.proposal", b = i64::from(one.no.0)), vec![one.title, one.body])));
    let text = |(about, texts): (Say, Vec<Words>)| {
        let written = texts.into_iter().filter(|text| !text.as_str().is_empty());
        written.map(|text| row("data.text", about.clone(), plain(text.as_str()))).collect::<Vec<_>>()
    };
    rows.into_iter().flat_map(text).collect()
}

/// 报名, 签到 — also where a list that was pasted bears their name: it is theirs to take off it.
fn gatherings(world: &World<'_>, who: &Person) -> Vec<Say> {
    let me = who.id;
    let mut rows = Vec::new();
    for no in (1..=world.counters().gatherings).map(GatheringNo) {
        let lines: Vec<Joined> = world.list(&Key::new(kind::SIGN_UP).num(no.0), usize::MAX);
        let is_mine = |line: &Joined| {
            let is_named = line.person.is_none() && same_bearer(line.name.as_str(), who.name.as_str());
            line.off.is_none() && (line.person == Some(me) || is_named)
        };
        rows.extend(lines.into_iter().filter(is_mine).map(|line| {
            let (what, about) = (Value::Term("data.sign_up".to_owned()), say!("export.gathering", a = no));
            let text = plain(line.note.as_str());
            say!("mydata.row", what = what, at = Value::Moment(line.at), r#ref = about, text = text)
        }));
        let there: Option<Attendance> = world.get(&attendance_key(no, me));
        rows.extend(there.map(|there| {
            let (what, about) = (Value::Term("data.signed_in".to_owned()), say!("export.gathering", a = no));
            let text = match there.by.filter(|by| *by != me) {
                Some(by) => say!("mydata.signed_in", who = world.name_of(by), a = no),
                None => say!("none"),
            };
            say!("mydata.row", what = what, at = Value::Moment(there.at), r#ref = about, text = text)
        }));
    }
    rows
}

/// 爱心项目 — those they registered.
fn charities(world: &World<'_>, me: PersonId) -> Vec<Say> {
    let own = world.charities().into_iter().filter(|charity| charity.by == me);
    let row = |charity: Charity| {
        let text = format!("{} {} {}", charity.name, charity.giver, charity.said);
        let (what, at) = (Value::Term("data.charity".to_owned()), Value::Moment(charity.at));
        say!("mydata.row", what = what, at = at, r#ref = i64::from(charity.no.0), text = plain(&text))
    };
    own.map(row).collect()
}

/// Everything they said and did, in order.
fn said(ctx: &Ctx<'_>) -> Vec<Say> {
    let told = |value: Value| match value {
        Value::Text(text) => plain(&text),
        other => other,
    };
    let lines = ctx.world.lines_of(ctx.me());
    lines
        .into_iter()
        .map(|line| {
            let about = match line.topic {
                Some(no) if line.about.key == "none" => say!("ref.topic", no = no),
                _ => line.about,
            };
            let (what, at) = (Value::Term(line.what.to_owned()), Value::Moment(line.at));
            say!("mydata.row", what = what, at = at, r#ref = about, text = told(line.text))
        })
        .collect()
}
