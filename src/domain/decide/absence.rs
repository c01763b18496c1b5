//! 请假、回避 — who may say so of whom, and until when.

use crate::domain::event::Event;
use crate::domain::kernel::ids::{PersonId, TopicNo, VoterNo};
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::text::within;
use crate::domain::kernel::world::World;
use crate::domain::people::person::{Role, Scope, scope_value};
use crate::domain::process::conflict::{Settling, Stake};
use crate::domain::process::form::Step;
use crate::domain::process::people::moderator_name;
use crate::domain::process::topic::Topic;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::suggestion::MAX_REASON;
use crate::domain::vote::absence::{Absence, Ask, Fact, Kind, MAX_ABSENT};
use crate::domain::vote::poll::{Ballot, Poll, household};
use crate::domain::vote::recusal::{Stage, answerable_until};
use crate::say;

/// What a ballot means for the seat, whichever way it was cast: where members vote, whoever is recused has none; whoever was on
/// leave is present after all.
///
/// # Errors
/// `e.recused`.
pub fn attend(world: &World<'_>, poll: &Poll, voter: VoterNo) -> Result<Option<Event>, Say> {
    let (no, seat) = (poll.topic, Seat::of(poll, voter));
    match world.absence(no, seat).map(|absence| absence.kind) {
        Some(Kind::Recusal) if poll.rule.is_of_members() && is_settled(world, no, seat) => {
            Err(settled(world, no, world.seat_called(no, seat)))
        }
        Some(Kind::Recusal) if poll.rule.is_of_members() => {
            let moderator = world.topic(no).map(|topic| moderator_name(world, &topic));
            let moderator = moderator.unwrap_or_else(|| Value::Term("mod.none".to_owned()));
            Err(say!("e.recused", no = no, hh = world.seat_called(no, seat), r#mod = moderator))
        }
        Some(Kind::Leave) if poll.rule.is_vote() => Ok(Some(Event::Absence(Fact::Present { topic: no, seat }))),
        _ => Ok(None),
    }
}

/// 裁定回避 — there is no second objection.
fn is_settled(world: &World<'_>, no: TopicNo, seat: Seat) -> bool {
    let is_own = world.absence(no, seat).is_some_and(|absence| absence.own);
    !is_own && world.recusal(no, seat).is_some_and(|recusal| recusal.stage == Stage::Upheld)
}

/// What is answered from the ruling on, whichever way it is tried, with whom to talk to.
fn settled(world: &World<'_>, no: TopicNo, hh: Value) -> Say {
    let town = world.topic(no).map(|topic| topic.town).unwrap_or_default();
    let names = world.coordinators_of(&town).into_iter().take(3).map(|one| (&one.name).into()).collect();
    say!("e.contest.upheld", no = no, hh = hh, who = Value::List(names))
}

/// A seat with how it is called, and whether it is the speaker's.
struct Chair {
    seat: Seat,
    called: Value,
    own: bool,
}

impl Ctx<'_> {
    fn own_chair(&self, topic: &Topic) -> Option<Chair> {
        let (seat, called) = if self.world.roll(topic.no).is_some() {
            let voter = self.world.voter_of(topic.no, &self.scene.who)?;
            (Seat::Roll(voter.no), household(&voter))
        } else {
            (Seat::Person(self.me()), (&self.scene.who.name).into())
        };
        Some(Chair { seat, called, own: true })
    }

    /// The seat a name or flat stands for.
    fn chair_of(&self, topic: &Topic, name: &str) -> Result<Option<Chair>, Say> {
        if name.is_empty() {
            return Ok(None);
        }
        let found = if self.world.roll(topic.no).is_some() {
            let voter = self.world.voter_called(topic.no, name);
            voter.map(|voter| (Seat::Roll(voter.no), household(&voter)))
        } else {
            self.world.find_person(name, Some(topic))?.map(|person| (Seat::Person(person.id), (&person.name).into()))
        };
        let own = self.own_chair(topic).map(|chair| chair.seat);
        Ok(found.map(|(seat, called)| Chair { seat, called, own: own == Some(seat) }))
    }

    fn require_own_chair(&self, topic: &Topic) -> Result<Chair, Say> {
        let r#mod = moderator_name(self.world, topic);
        let not_there = || self.unless_unlinked(say!("e.leave.roll", no = topic.no, r#mod = r#mod));
        self.own_chair(topic).ok_or_else(not_there)
    }

    fn topic_to_vote_on(&self, written: Option<TopicNo>, example: &str) -> Result<(Topic, Option<Poll>), Say> {
        let topic = self.resolve_topic(written, example)?;
        topic.require_going()?;
        if topic.step == Step::Closed {
            return Err(topic.is_over("step.closed"));
        }
        let open = topic.poll.and_then(|no| self.world.poll(no));
        Ok((topic, open))
    }
}

/// People named in one message that are answered by a line each.
const NAMED: usize = 10;

/// The first word, and what follows it.
fn first_word(text: &str) -> (&str, &str) {
    let text = text.trim();
    match text.split_once(|c: char| c.is_whitespace() || matches!(c, '：' | ':' | '，' | ',')) {
        Some((first, rest)) => (first, rest.trim()),
        None => (text, ""),
    }
}

/// 请假, 回避.
pub fn ask(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    match ask {
        Ask::Leave { topic, who, withdraw: false } => leave(ctx, *topic, who),
        Ask::Recuse { topic, text, withdraw: false } => recuse(ctx, *topic, text),
        Ask::Leave { topic, who, withdraw: true } => withdraw(ctx, *topic, who, Kind::Leave),
        Ask::Recuse { topic, text, withdraw: true } => withdraw(ctx, *topic, text, Kind::Recusal),
        Ask::Contest { topic, reason } => contest(ctx, *topic, reason),
        Ask::Settle { topic, who, upheld, reason } => settle(ctx, *topic, who, *upheld, reason),
    }
}

/// What another account of the speaker did in an open vote is not touched.
fn require_reach(ctx: &Ctx<'_>, topic: &Topic, chair: &Chair) -> Result<(), Say> {
    if chair.own { ctx.require_own_account_in(topic.no, chair.seat.voter()) } else { Ok(()) }
}

/// 来得及答复 — what one says of somebody else decides no vote that is too near its end for them to answer.
fn require_answerable(ctx: &Ctx<'_>, chair: &Chair, open: Option<&Poll>, kind: Kind) -> Result<(), Say> {
    let changes = |poll: &&Poll| match kind {
        Kind::Leave => poll.rule.counts_off(),
        Kind::Recusal => poll.rule.is_of_members(),
    };
    let Some(poll) = open.filter(|_| !chair.own).filter(changes) else { return Ok(()) };
    let until = answerable_until(poll);
    if ctx.cast_at() <= until {
        return Ok(());
    }
    let (no, hh, until, end) = (poll.topic, chair.called.clone(), Value::Moment(until), Value::Moment(poll.ends));
    Err(match kind {
        Kind::Leave => say!("e.leave.late", no = no, hh = hh, until = until, end = end),
        Kind::Recusal => say!("e.recuse.late", no = no, hh = hh, until = until, end = end),
    })
}

/// Whether the speaker has said of a seat, which is not theirs, that it is away.
fn is_of_me(ctx: &Ctx<'_>, no: TopicNo, seat: Seat) -> bool {
    [Kind::Leave, Kind::Recusal].into_iter().any(|kind| ctx.world.said_away_by(no, seat, kind) == Some(ctx.me()))
}

/// Whose leave it is. A moderator names people; of anybody else what is no name is a remark.
fn chair_meant(ctx: &Ctx<'_>, topic: &Topic, who: &str) -> Result<Chair, Say> {
    let (first, _) = first_word(who);
    let named = match ctx.chair_of(topic, who.trim())? {
        Some(chair) => Some(chair),
        None => ctx.chair_of(topic, first)?,
    };
    match named {
        Some(chair) if chair.own || is_of_me(ctx, topic.no, chair.seat) => Ok(chair),
        Some(chair) => ctx.require_moderator(topic).map(|()| chair),
        None if !first.is_empty() && ctx.require_moderator(topic).is_ok() => {
            Err(say!("e.leave.who", no = topic.no, who = first))
        }
        None => ctx.require_own_chair(topic),
    }
}

/// 一次一位 — 请假 takes no reason: every name or flat in the line is somebody who is meant, and none is dropped.
fn require_one_on_leave(ctx: &Ctx<'_>, topic: &Topic, who: &str, withdraw: bool) -> Result<(), Say> {
    if ctx.chair_of(topic, who.trim()).is_ok_and(|found| found.is_some()) {
        return Ok(());
    }
    let is_end = |c: char| c.is_whitespace() || "、，,；;：:和跟与".contains(c);
    let (mut names, mut seats): (Vec<&str>, Vec<Seat>) = (Vec::new(), Vec::new());
    for word in who.split(is_end).filter(|word| !word.is_empty()) {
        match ctx.chair_of(topic, word) {
            Ok(Some(chair)) if !seats.contains(&chair.seat) => {
                names.push(word);
                seats.push(chair.seat);
            }
            // Which of a name it is, is asked with the line of that one alone.
            Err(_) => names.push(word),
            Ok(Some(_) | None) => {}
        }
    }
    if names.len() < 2 {
        return Ok(());
    }
    let line = |name: &&str| match withdraw {
        true => say!("leave.line.off", no = topic.no, who = *name),
        false => say!("leave.line", no = topic.no, who = *name),
    };
    let rows = names.iter().take(NAMED).map(line).collect();
    Err(say!("e.leave.several", no = topic.no, rows = Value::Lines(rows)))
}

fn leave(ctx: &Ctx<'_>, written: Option<TopicNo>, who: &str) -> Decided {
    let (topic, open) = ctx.topic_to_vote_on(written, "ex.leave")?;
    require_one_on_leave(ctx, &topic, who, false)?;
    let chair = chair_meant(ctx, &topic, who)?;
    require_reach(ctx, &topic, &chair)?;
    // A straw poll is no vote: the leave is for the next.
    let vote = open.filter(|poll| poll.rule.is_vote());
    if vote.as_ref().is_some_and(|poll| ctx.world.ballot(poll.no, chair.seat.voter()).is_some()) {
        return Err(say!("e.leave.voted", no = topic.no, hh = chair.called));
    }
    match ctx.world.absence(topic.no, chair.seat) {
        Some(Absence { kind: Kind::Recusal, .. }) => {
            return Err(say!("e.leave.recused", no = topic.no, hh = chair.called));
        }
        Some(_) => return Ok(Decision::answer(say!("leave.again", no = topic.no, hh = chair.called))),
        None if ctx.world.absences(topic.no).len() >= MAX_ABSENT => return Err(say!("e.too_far", max = MAX_ABSENT)),
        None => {}
    }
    require_answerable(ctx, &chair, vote.as_ref(), Kind::Leave)?;
    let fact = Fact::OnLeave { topic: topic.no, seat: chair.seat, own: chair.own };
    Ok(Decision::fact(Event::Absence(fact)))
}

fn recuse(ctx: &Ctx<'_>, written: Option<TopicNo>, text: &str) -> Decided {
    const EXAMPLE: &str = "ex.recuse";
    let (topic, open) = ctx.topic_to_vote_on(written, EXAMPLE)?;
    let (first, rest) = first_word(text);
    require_one(ctx, &topic, text)?;
    let (chair, reason) = match ctx.chair_of(&topic, first)? {
        Some(chair) => (chair, rest),
        None => (recused_oneself(ctx, &topic, text)?, text.trim()),
    };
    require_reach(ctx, &topic, &chair)?;
    let entered = ctx.world.absence(topic.no, chair.seat).filter(|entered| entered.kind == Kind::Recusal);
    if let Some(entered) = entered.filter(|entered| !entered.own || !chair.own) {
        // Said again by oneself it would be one's own to take back; said again by somebody else, no longer.
        let (why, r#mod) = (&entered.reason, moderator_name(ctx.world, &topic));
        let (no, hh) = (topic.no, chair.called);
        return Err(match entered.own {
            true => say!("e.recuse.own", no = no, hh = hh, why = why),
            false => say!("e.recuse.entered", no = no, hh = hh, why = why, r#mod = r#mod),
        });
    }
    if !chair.own {
        of_another(ctx, &topic, &chair, open.as_ref())?;
    }
    if reason.is_empty() {
        return Err(say!("e.reason", ex = example_of(EXAMPLE)));
    }
    within(reason, MAX_REASON)?;
    if ctx.world.absences(topic.no).len() >= MAX_ABSENT {
        return Err(say!("e.too_far", max = MAX_ABSENT));
    }
    let (seat, own) = (chair.seat, chair.own);
    let mut facts = Vec::new();
    // Whoever says it themselves objects no more: nothing is left to be settled.
    if own && is_contested(ctx, topic.no, seat) {
        facts.push(Event::Absence(Fact::Withdrawn { topic: topic.no, seat, of: Some(Kind::Recusal) }));
    }
    facts.push(Event::Absence(Fact::Recused { topic: topic.no, seat, own, reason: reason.into() }));
    let ballot: Option<Ballot> =
        open.filter(|poll| poll.rule.is_of_members()).and_then(|poll| ctx.world.ballot(poll.no, seat.voter()));
    // Whoever recuses themselves takes their own ballot back.
    facts.extend(ballot.map(|ballot| Event::Absence(Fact::Struck { poll: ballot.poll, voter: ballot.voter })));
    Ok(Decision::facts(facts))
}

/// Parts what names somebody: the names, and what follows. “吴秀珍、冯丽 理由”.
fn names_of(text: &str) -> (Vec<&str>, &str) {
    let text = text.trim();
    let (head, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (head.split(['、', '，', ',', '；', ';']).filter(|name| !name.is_empty()).collect(), rest.trim())
}

/// Two to four Chinese characters, or a flat: what stands before a blank in the place of a name is taken for one.
fn could_be_name(word: &str) -> bool {
    let n = word.chars().count();
    let is_name = (2..=4).contains(&n) && word.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let is_flat = n <= 10
        && word.chars().all(|c| c.is_ascii_digit() || c == '-')
        && word.chars().filter(char::is_ascii_digit).count() >= 2;
    is_name || is_flat
}

/// One person at a time: of several none is left out in silence.
fn require_one(ctx: &Ctx<'_>, topic: &Topic, text: &str) -> Result<(), Say> {
    let (mut names, mut why) = names_of(text);
    // “吴秀珍 冯丽 理由”.
    while let [first, ..] = names.as_slice()
        && ctx.chair_of(topic, first)?.is_some()
        && let (next, rest) = names_of(why)
        && let [next] = next.as_slice()
        && ctx.chair_of(topic, next)?.is_some()
        && names.len() < NAMED
    {
        names.push(next);
        why = rest;
    }
    let mut known = 0;
    for name in &names {
        known += usize::from(ctx.chair_of(topic, name)?.is_some());
    }
    if names.len() < 2 || known == 0 || !names.iter().all(|name| could_be_name(name)) && known < names.len() {
        return Ok(());
    }
    let row = |name: &&str| match why.is_empty() {
        true => say!("recuse.line.why", no = topic.no, who = *name),
        false => say!("recuse.line", no = topic.no, who = *name, why = why),
    };
    let rows = names.iter().take(NAMED).map(row).collect();
    Err(say!("e.recuse.several", no = topic.no, rows = Value::Lines(rows)))
}

/// Nobody is named: it is about the speaker, unless it begins with what could be a name.
fn recused_oneself(ctx: &Ctx<'_>, topic: &Topic, text: &str) -> Result<Chair, Say> {
    let (names, why) = names_of(text);
    let own = ctx.own_chair(topic);
    let is_named = !why.is_empty() && names.iter().all(|name| could_be_name(name));
    if is_named {
        let who = names.join("、");
        let copied = format!("{who}，{why}");
        return Err(match own {
            Some(_) => say!("e.recuse.who", no = topic.no, who = who, text = copied),
            None => say!("e.recuse.who.off", no = topic.no, who = who),
        });
    }
    match own {
        None if ctx.require_moderator(topic).is_ok() => Err(say!("e.recuse.name", no = topic.no)),
        Some(_) | None => ctx.require_own_chair(topic),
    }
}

fn is_contested(ctx: &Ctx<'_>, topic: TopicNo, seat: Seat) -> bool {
    ctx.world.recusal(topic, seat).is_some_and(|one| one.stage == Stage::Contested)
}

/// 回避 of somebody else — by the moderator, where nobody is bound to take part by law, before they have voted, and not again once
/// they have objected.
fn of_another(ctx: &Ctx<'_>, topic: &Topic, chair: &Chair, open: Option<&Poll>) -> Result<(), Say> {
    ctx.require_moderator(topic)?;
    if let Some(poll) = open.filter(|poll| poll.rule.is_of_law()) {
        return Err(say!("e.recuse.law", no = topic.no, rule = Value::Term(poll.rule.term().to_owned())));
    }
    let hh = || chair.called.clone();
    match ctx.world.recusal(topic.no, chair.seat).map(|recusal| recusal.stage) {
        Some(Stage::Contested) => return Err(say!("e.recuse.contested", no = topic.no, hh = hh())),
        Some(Stage::Dismissed) => return Err(say!("e.recuse.dismissed", no = topic.no, hh = hh())),
        Some(Stage::Dropped) => return Err(say!("e.recuse.dropped", no = topic.no, hh = hh())),
        Some(Stage::Entered | Stage::Upheld) | None => {}
    }
    let has_voted = |poll: &&Poll| poll.rule.is_vote() && ctx.world.ballot(poll.no, chair.seat.voter()).is_some();
    if open.filter(has_voted).is_some() {
        return Err(say!("e.recuse.voted", no = topic.no, hh = hh()));
    }
    require_answerable(ctx, chair, open, Kind::Recusal)
}

/// The objection is known already.
fn objected(ctx: &Ctx<'_>, no: TopicNo, hh: Value) -> Say {
    match ctx.world.is_voted_on(no, ctx.scene.now) {
        true => say!("contest.again", no = no, hh = hh),
        false => say!("contest.again.later", no = no, hh = hh),
    }
}

/// 不回避 — an objection to what somebody else said of one; of what one said oneself, it takes that back.
fn contest(ctx: &Ctx<'_>, written: Option<TopicNo>, reason: &str) -> Decided {
    const EXAMPLE: &str = "ex.contest";
    let (topic, _) = ctx.topic_to_vote_on(written, EXAMPLE)?;
    let chair = ctx.require_own_chair(&topic)?;
    let entered = ctx.world.absence(topic.no, chair.seat).filter(|entered| entered.kind == Kind::Recusal);
    if entered.as_ref().is_some_and(|entered| entered.own) {
        return Ok(Decision::fact(Event::Absence(Fact::Withdrawn {
            topic: topic.no,
            seat: chair.seat,
            of: Some(Kind::Recusal),
        })));
    }
    let (no, hh) = (topic.no, || chair.called.clone());
    match ctx.world.recusal(topic.no, chair.seat).map(|recusal| recusal.stage) {
        None | Some(Stage::Dismissed | Stage::Dropped) => return Err(say!("e.recuse.none", no = no, hh = hh())),
        Some(Stage::Contested) => return Ok(Decision::answer(objected(ctx, no, hh()))),
        Some(Stage::Upheld) => return Err(settled(ctx.world, no, hh())),
        Some(Stage::Entered) => {}
    }
    within(reason.trim(), MAX_REASON)?;
    Ok(Decision::fact(Event::Absence(Fact::Contested { topic: no, seat: chair.seat, reason: reason.trim().into() })))
}

/// 裁定 — by a coordinator who neither said it nor is meant by it, with a reason. A ballot that is in has settled it.
fn settle(ctx: &Ctx<'_>, written: Option<TopicNo>, who: &str, upheld: bool, reason: &str) -> Decided {
    const EXAMPLE: &str = "ex.settle";
    let (topic, open) = ctx.topic_to_vote_on(written, EXAMPLE)?;
    ctx.require_coordinator(&topic)?;
    let no = topic.no;
    let chair = ctx.chair_of(&topic, who)?.ok_or_else(|| say!("e.leave.who", no = no, who = who))?;
    // What they have said themselves since is no matter of an objection.
    let is_own = ctx.world.absence(no, chair.seat).is_some_and(|absence| absence.kind == Kind::Recusal && absence.own);
    let recusal = ctx.world.recusal(no, chair.seat);
    let recusal = recusal.filter(|recusal| recusal.stage == Stage::Contested && !is_own);
    let Some(recusal) = recusal else { return Err(say!("e.settle.none", no = no, hh = chair.called)) };
    let stakes = [(Stake::Concerned, chair.own), (Stake::Doer, recusal.by == Some(ctx.me()))];
    if ctx.is_party(&stakes, Settling::Recusal) {
        return Err(by_others(ctx, &topic, &chair));
    }
    if reason.trim().is_empty() {
        return Err(say!("e.reason", ex = example_of(EXAMPLE)));
    }
    within(reason.trim(), MAX_REASON)?;
    let has_voted = |poll: &Poll| poll.rule.is_vote() && ctx.world.ballot(poll.no, chair.seat.voter()).is_some();
    if upheld && open.as_ref().is_some_and(has_voted) {
        return Err(say!("e.settle.voted", no = no, hh = chair.called, who = who));
    }
    let fact = Fact::Settled { topic: no, seat: chair.seat, upheld, reason: reason.trim().into() };
    Ok(Decision::fact(Event::Absence(fact)))
}

/// 取消 — of what one said oneself, by that person alone; of what somebody else said of one, by whoever said it, or a coordinator.
fn withdraw(ctx: &Ctx<'_>, written: Option<TopicNo>, who: &str, kind: Kind) -> Decided {
    let (example, nothing): (&str, fn(TopicNo, Value) -> Say) = match kind {
        Kind::Leave => ("ex.leave", |no, hh| say!("e.leave.none", no = no, hh = hh)),
        Kind::Recusal => ("ex.recuse", |no, hh| say!("e.recuse.none", no = no, hh = hh)),
    };
    let (topic, open) = ctx.topic_to_vote_on(written, example)?;
    let (first, _) = first_word(who);
    if kind == Kind::Recusal && could_be_name(first) && ctx.chair_of(&topic, first)?.is_none() {
        return Err(say!("e.recuse.who.off", no = topic.no, who = first));
    }
    if kind == Kind::Leave {
        require_one_on_leave(ctx, &topic, who, true)?;
    }
    let chair = chair_meant(ctx, &topic, who)?;
    require_reach(ctx, &topic, &chair)?;
    let absence = ctx.world.absence(topic.no, chair.seat).filter(|absence| absence.kind == kind);
    // What is objected to can be taken back as well: then nothing is left to be settled.
    let is_own = match absence {
        Some(absence) => absence.own,
        None if kind == Kind::Recusal && is_contested(ctx, topic.no, chair.seat) => false,
        None => return Err(nothing(topic.no, chair.called)),
    };
    match (chair.own, is_own, kind) {
        (true, true, _) | (true, false, Kind::Leave) => {}
        (true, false, Kind::Recusal) => return of_oneself(ctx, &topic, chair),
        (false, true, _) => return Err(only_theirs(topic.no, chair.called, kind)),
        (false, false, _) => {
            require_hand(ctx, &topic, &chair, kind)?;
            require_answerable(ctx, &chair, open.as_ref(), kind)?;
        }
    }
    Ok(Decision::fact(Event::Absence(Fact::Withdrawn { topic: topic.no, seat: chair.seat, of: Some(kind) })))
}

/// Whoever is recused by somebody else objects, in the open, and takes nothing back.
fn of_oneself(ctx: &Ctx<'_>, topic: &Topic, chair: Chair) -> Decided {
    let (no, hh) = (topic.no, chair.called);
    if is_settled(ctx.world, no, chair.seat) {
        return Err(settled(ctx.world, no, hh));
    }
    match is_contested(ctx, no, chair.seat) {
        true => Ok(Decision::answer(objected(ctx, no, hh))),
        false => Err(say!("e.recuse.by_others", no = no, hh = hh)),
    }
}

fn only_theirs(no: TopicNo, hh: Value, kind: Kind) -> Say {
    match kind {
        Kind::Leave => say!("e.leave.only_theirs", no = no, hh = hh),
        Kind::Recusal => say!("e.recuse.only_theirs", no = no, hh = hh),
    }
}

/// Whoever said it takes it back, or a coordinator; what is settled, a coordinator who is not meant.
fn require_hand(ctx: &Ctx<'_>, topic: &Topic, chair: &Chair, kind: Kind) -> Result<(), Say> {
    let recusal = ctx.world.recusal(topic.no, chair.seat).filter(|_| kind == Kind::Recusal);
    if recusal.is_some_and(|recusal| recusal.stage == Stage::Upheld) {
        return require_ruler(ctx, topic, chair);
    }
    let by = ctx.world.said_away_by(topic.no, chair.seat, kind);
    // Nobody known: it is the moderator's, as it was before that was kept.
    if by.is_none_or(|by| by == ctx.me()) || ctx.coordinates(&topic.town) {
        return Ok(());
    }
    let who = by.map(|by| ctx.world.name_of(by)).unwrap_or_default();
    let names = ctx.world.coordinators_of(&topic.town).into_iter().take(3).map(|one| (&one.name).into()).collect();
    let (no, hh, office) = (topic.no, chair.called.clone(), Value::List(names));
    Err(match kind {
        Kind::Leave => say!("e.leave.hand", no = no, hh = hh, who = who, office = office),
        Kind::Recusal => say!("e.recuse.hand", no = no, hh = hh, who = who, office = office),
    })
}

/// 裁定过的 — what a coordinator has settled only a coordinator changes, who is not meant by it.
fn require_ruler(ctx: &Ctx<'_>, topic: &Topic, chair: &Chair) -> Result<(), Say> {
    ctx.require_coordinator(topic)?;
    if !ctx.is_party(&[(Stake::Concerned, chair.own)], Settling::Recusal) {
        return Ok(());
    }
    Err(by_others(ctx, topic, chair))
}

/// Who settles it instead; where there is nobody, who has to name somebody.
fn by_others(ctx: &Ctx<'_>, topic: &Topic, chair: &Chair) -> Say {
    let names =
        |all: Vec<PersonId>| Value::List(all.into_iter().take(3).map(|id| ctx.world.name_of(id).into()).collect());
    let (no, hh) = (topic.no, chair.called.clone());
    let others = ctx.world.recusal_judges(topic.no, chair.seat);
    if others.is_empty() {
        let admins = ctx.world.holders(Role::Admin).into_iter().map(|one| one.id).collect();
        let scope = scope_value(&Scope::of_town(&topic.town));
        return say!("e.settle.own.alone", no = no, hh = hh, ask = names(admins), scope = scope);
    }
    say!("e.settle.own", no = no, hh = hh, who = names(others))
}
