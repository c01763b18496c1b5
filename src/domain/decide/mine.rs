//! 我、撤回 — what belongs to the one who asks: their own figures and ballots, and taking back the last thing said.

use crate::domain::command::Command;
use crate::domain::decide::{identity_claim, suggestion, take_back, todo};
use crate::domain::event::Event;
use crate::domain::history::duty;
use crate::domain::kernel::ids;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::text::{split_title, within};
use crate::domain::kernel::world::{Key, kind};
use crate::domain::people::lately;
use crate::domain::people::person::Role;
use crate::domain::people::undoable::{self, Undoable};
use crate::domain::process::form::Step;
use crate::domain::process::hiding::Shown;
use crate::domain::process::topic::Topic;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk;
use crate::domain::vote::absence::Kind;
use crate::domain::vote::poll::terms::{Method, Terms};
use crate::domain::vote::poll::{self, Ballot, Poll, household, telling};
use crate::domain::vote::tally::Choice;
use crate::say;
use chrono::{DateTime, Duration, Utc};

/// 撤回 works this long, the last second included.
const UNDO_SECONDS: i64 = 120;

/// Whether a message changed at a moment is still put right by it: as long as 撤回 works (commands.md §4.12).
#[must_use]
pub fn may_put_right(said: DateTime<Utc>, changed: DateTime<Utc>) -> bool {
    (changed - said).num_seconds() <= UNDO_SECONDS
}

/// Nobody is sent to themselves.
fn bound(ctx: &Ctx<'_>, to_the_moderator: Say, to_them: Say) -> Say {
    if ctx.scene.who.has_office() { to_them } else { to_the_moderator }
}

/// What somebody can do themselves about what they did last, where 撤回 does not take it back: of a vote that is open.
fn instead(ctx: &Ctx<'_>, at: DateTime<Utc>) -> Option<Say> {
    for topic in ctx.world.live_topics() {
        let no = topic.no;
        for absence in ctx.world.absences(no).into_iter().filter(|absence| absence.at == at && !absence.own) {
            let is_mine = ctx.world.recusal(no, absence.seat).is_some_and(|recusal| recusal.by == Some(ctx.me()));
            let who = ctx.world.seat_named(no, absence.seat);
            match absence.kind {
                Kind::Recusal if is_mine => return Some(say!("e.undo.recusal", no = no, who = who)),
                Kind::Leave if ctx.require_moderator(&topic).is_ok() => {
                    return Some(say!("e.undo.leave", no = no, who = who));
                }
                Kind::Recusal | Kind::Leave => {}
            }
        }
    }
    let polls = ctx.world.open_polls();
    let opened = |poll: &&Poll| {
        let topic = ctx.world.topic(poll.topic).filter(|_| poll.opened == at);
        topic.is_some_and(|topic| ctx.require_moderator(&topic).is_ok())
    };
    let void = || polls.iter().find(opened).map(|poll| say!("e.undo.poll", no = poll.topic));
    polls.iter().find_map(|poll| ballot_instead(ctx, poll, at)).or_else(void)
}

fn ballot_instead(ctx: &Ctx<'_>, poll: &Poll, at: DateTime<Utc>) -> Option<Say> {
    let (no, end) = (poll.topic, Value::Moment(poll.ends));
    let own = ctx.world.elector_no(poll, &ctx.scene.who).and_then(|voter| ctx.world.ballot(poll.no, voter));
    let is_own = |ballot: &Ballot| ballot.person == Some(ctx.me()) && !ballot.proxy && ballot.at == at;
    if own.as_ref().is_some_and(is_own) {
        return Some(say!("e.undo.ballot", no = no, end = end));
    }
    let mandates = ctx.world.mandates_of(no, ctx.me());
    let cast = mandates.iter().find(|mandate| {
        mandate.used == Some(poll.no) && ctx.world.ballot(poll.no, mandate.voter).is_some_and(|ballot| ballot.at == at)
    });
    if let Some(mandate) = cast {
        let who = ctx.world.seat_named(no, Seat::Roll(mandate.voter));
        return Some(say!("e.undo.trustee", no = no, who = who, end = end));
    }
    let mut paper = None;
    ctx.world.scan(&Key::new(kind::BALLOT).num(poll.no.0), |ballot: Ballot| {
        let is_it = ballot.proxy && ballot.at == at;
        if is_it && ctx.world.entered_by(poll.no, ballot.voter) == Some(ctx.me()) {
            paper = Some(ballot.voter);
        }
        paper.is_none()
    });
    let who = ctx.world.seat_named(no, Seat::of(poll, paper?));
    Some(say!("e.undo.paper", no = no, who = who))
}

/// What was said last is named after two minutes, lest another thing be taken back than is meant.
fn late(ctx: &Ctx<'_>, what: Option<Undoable>) -> Say {
    let named = what.and_then(|what| Some((what, take_back::line_of(ctx, what)?)));
    match named {
        Some((what, line)) => match take_back::require_undecided(ctx, what) {
            Ok(()) => say!("e.undo.named", what = undoable::name_of(what), line = line),
            Err(why) => why,
        },
        None => bound(ctx, say!("e.undo"), say!("e.undo.late")),
    }
}

/// 撤回 — takes back the latest thing recorded, if it is one's own to take back.
pub fn undo(ctx: &Ctx<'_>) -> Decided {
    let now = ctx.scene.now;
    let is_fresh = |at: DateTime<Utc>| may_put_right(at, now);
    let trail = ctx.world.trail(ctx.me());
    // A request to be erased has a way of its own to be taken back; what was said before it is not taken back in its place.
    let erasure = ctx.world.erasure(ctx.me());
    let is_last = |at: DateTime<Utc>| trail.traces.last().is_none_or(|latest| latest.at <= at);
    if erasure.asked.is_some_and(|at| is_fresh(at) && is_last(at)) {
        return Err(say!("e.undo.mydata"));
    }
    let latest = trail.traces.last().ok_or_else(|| say!("e.undo.none"))?;
    if !is_fresh(latest.at) {
        return Err(instead(ctx, latest.at).unwrap_or_else(|| late(ctx, latest.what)));
    }
    let no_way = || instead(ctx, latest.at).unwrap_or_else(|| bound(ctx, say!("e.undo.kind"), say!("e.undo.never")));
    let what = latest.what.ok_or_else(no_way)?;
    let of_a_vote = match what {
        Undoable::Mandate(topic, voter) => Some((topic, voter)),
        Undoable::Absence(topic, seat) => Some((topic, seat.voter())),
        _ => None,
    };
    if let Some((topic, voter)) = of_a_vote {
        ctx.require_own_account_in(topic, voter)?;
    }
    if let Err(why) = take_back::require_undecided(ctx, what) {
        return Err(instead(ctx, latest.at).unwrap_or(why));
    }
    Ok(Decision::fact(Event::Undone { what }))
}

/// 更正 — the message that made something was changed: `command` is how it reads now. The same thing in other words is put right
/// under its number. `Ok(None)`: it is something else now, or others have acted on it, so that it stands as it was; whoever changed
/// the message is told so.
///
/// # Errors
/// What is said of the new words as of any that are said for the first time.
pub fn reword(ctx: &Ctx<'_>, what: Undoable, command: &Command) -> Result<Option<Decision>, Say> {
    let me = ctx.me();
    let (title, text) = match (what, command) {
        (Undoable::Topic(no), Command::TopicNew { text, .. }) => {
            let Some(topic) = ctx.world.topic(no).filter(|topic| topic.proposer == me && untouched(ctx, topic)) else {
                return Ok(None);
            };
            let (title, body) = split_title(text, "ex.topic")?;
            if (topic.title.as_str(), topic.body.as_str()) == (&title, &body) {
                return Ok(Some(Decision::silent()));
            }
            (title, body)
        }
        (Undoable::Suggestion(reference), Command::Suggest { .. } | Command::Relay { .. }) => {
            let Some(known) = ctx.world.suggestion(reference) else { return Ok(None) };
            match suggestion::said_anew(ctx, &known, command) {
                Some(text) if text != known.text.as_str() => (String::new(), text),
                Some(_) => return Ok(Some(Decision::silent())),
                None => return Ok(None),
            }
        }
        (Undoable::Reply(to, n), Command::Reply { to: written, text }) => {
            let known = ctx.world.reply_kept(to, n).filter(|reply| reply.author == me && !reply.hidden);
            let is_same = suggestion::reply_to(ctx, *written) == Some(to);
            match known.filter(|_| is_same) {
                Some(known) if known.text.as_str() == text.trim() => return Ok(Some(Decision::silent())),
                Some(_) => (String::new(), text.trim().to_owned()),
                None => return Ok(None),
            }
        }
        _ => return Ok(None),
    };
    if let Some(decision) = ctx.turned_away(&format!("{title}\n{text}")) {
        return Ok(Some(decision));
    }
    let (about, whole) = match what {
        Undoable::Suggestion(reference) => (format!("suggestion {}", reference.topic), text.clone()),
        Undoable::Reply(to, _) => (format!("reply {to}"), text.clone()),
        _ => ("topic".to_owned(), format!("{title}\n{text}")),
    };
    if title.is_empty() {
        within(&text, talk::suggestion::MAX_TEXT)?;
    }
    match ctx.world.said_already(me, lately::fingerprint(&about, &whole), ctx.scene.now).filter(|other| *other != what)
    {
        Some(Undoable::Topic(no)) => return Err(say!("e.repeat", r#ref = say!("ref.topic", no = no))),
        Some(Undoable::Suggestion(other) | Undoable::Reply(other, _)) => return Err(say!("e.repeat", r#ref = other)),
        _ => {}
    }
    Ok(Some(Decision::fact(Event::Reworded { what, title: title.into(), text: text.into() })))
}

/// Nobody has acted on it.
pub(super) fn untouched(ctx: &Ctx<'_>, topic: &Topic) -> bool {
    let is_alone = topic.halt.is_none() && ctx.world.merged(topic.no).is_empty();
    let is_as_it_was = topic.units.as_str().is_empty() && topic.talk_until.is_none();
    let is_bound = !ctx.world.bound_groups(topic.no).is_empty();
    let is_hidden = ctx.world.hiding_of(Shown::Topic(topic.no)).is_some();
    !is_hidden && topic.step == Step::Ordered && topic.seconds == 0 && is_alone && is_as_it_was && !is_bound
}

fn own_voter(ctx: &Ctx<'_>, poll: &Poll) -> Option<(ids::VoterNo, Value)> {
    if poll.voters.is_none() {
        return Some((ids::VoterNo(ctx.me().0), (&ctx.scene.who.name).into()));
    }
    // On a roll loaded since, the same number is somebody else's: a vote keeps its own.
    let voter = match ctx.world.roll(poll.topic).filter(|roll| roll.loaded <= poll.opened) {
        Some(_) => ctx.world.voter_of(poll.topic, &ctx.scene.who)?,
        None => {
            let kept = ctx.world.electorate(poll)?;
            kept.voter(kept.voter_of(ctx.world, &ctx.scene.who)?)?.clone()
        }
    };
    Some((voter.no, household(&voter)))
}

/// Lines of /我, at most.
const MAX_LINES: usize = 8;

/// Things that wait which are told one by one.
const MAX_WAITING: usize = 3;

/// 代签 — lists of others one was put on that are told of, and for how many days.
const MAX_SIGNED: usize = 2;
const SIGNED_DAYS: i64 = 30;

/// 我 — one's own figures, what waits for one, and each ballot in an open poll.
pub fn me(ctx: &Ctx<'_>) -> Decided {
    let own = ctx.world.trail(ctx.me());
    let (from, to) = duty::this_year(ctx.settings, ctx.scene.now);
    let sums = ctx.world.duty_sums(ctx.settings, ctx.me(), from, to);
    let is_member = ctx.scene.who.holds(Role::Member);
    let points = if is_member { duty::points_line(ctx.settings, &sums) } else { say!("none") };
    let six = if is_member { duty::six(&sums) } else { say!("none") };
    let how = if ctx.scene.who.enrolled { say!("none") } else { identity_claim::how(ctx) };
    let taken = [&points, &six, &how].into_iter().filter(|say| say.key != "none").count() + 1;

    let mut waiting = todo::waiting(ctx);
    let todo = waiting.len();
    let mut further = Vec::new();
    if todo > MAX_WAITING {
        further.push(say!("todo.rest", rows = Value::Lines(waiting.split_off(MAX_WAITING - 1))));
        waiting.push(say!("todo.more", n = todo + 1 - MAX_WAITING));
    }
    let since = ctx.scene.now - Duration::days(SIGNED_DAYS);
    let signed = ctx.world.signed_in_by_others(ctx.me(), since).into_iter().take(MAX_SIGNED);
    waiting.extend(signed.map(|(no, by)| say!("me.signed_in", a = no, who = ctx.world.name_of(by))));
    let mut ballots: Vec<Say> =
        polls_of_interest(ctx).iter().filter_map(|poll| ballot_line(ctx, poll)).map(Line::say).collect();
    let room = MAX_LINES.saturating_sub(taken + waiting.len()).max(1);
    if ballots.len() > room {
        // The latest are those one may still change.
        let hidden = ballots.len() + 1 - room;
        further.push(say!("me.rest", rows = Value::Lines(ballots.drain(..hidden).collect())));
        ballots.insert(0, say!("me.more", n = hidden));
    }
    let lines =
        |says: Vec<Say>| if says.is_empty() { say!("none") } else { say!("me.rows", rows = Value::Lines(says)) };
    let answer = say!(
        "me",
        who = &ctx.scene.who.name,
        topics = own.topics,
        sugs = own.suggestions,
        seconds = own.seconds,
        todo = todo,
        duty = sums.served,
        six = six,
        points = points,
        waiting = lines(waiting),
        ballots = lines(ballots),
        how = how,
    );
    Ok(Decision { further, ..Decision::answer(answer) })
}

/// 我投了什么 — each ballot in an open poll as /我 tells it, and how it is changed; `None` where there is no poll of theirs.
#[must_use]
pub fn voted(ctx: &Ctx<'_>) -> Option<Say> {
    let polls = ctx.world.open_polls();
    let lines = polls.iter().filter_map(|poll| Some((poll, ballot_line(ctx, poll)?))).take(MAX_LINES);
    let rows: Vec<Say> = lines
        .map(|(poll, line)| match line {
            Line::Missing(said) => {
                let eg = ctx.world.poll_terms(poll.no).unwrap_or_default().example();
                say!("plain.voted.missing", said = said, no = poll.topic, eg = eg)
            }
            Line::Chosen(said) | Line::Kept(said) => said,
        })
        .collect();
    (!rows.is_empty()).then(|| say!("plain.voted", rows = Value::Lines(rows)))
}

/// The polls that are open, and the latest closed one of each topic under way, by number.
fn polls_of_interest(ctx: &Ctx<'_>) -> Vec<Poll> {
    let mut polls = ctx.world.open_polls();
    let latest = ctx.world.live_topics().into_iter().filter_map(|topic| ctx.world.poll(topic.last_poll?));
    polls.extend(latest.filter(|poll| poll.result.is_some()));
    // 作废 — whoever voted is told that it counts for nothing, until the next vote on it.
    let voided = ctx.world.polls_since(ctx.scene.now - Duration::days(VOIDED_DAYS)).filter(|poll| poll.is_void);
    let is_last = |poll: &Poll| ctx.world.topic(poll.topic).is_some_and(|topic| topic.last_poll.is_none());
    polls.extend(voided.filter(is_last));
    polls.sort_by_key(|poll| poll.no);
    polls
}

/// Days for which a vote that was voided is told to those who voted.
const VOIDED_DAYS: i64 = 30;

/// 请假, 回避 — where one is excused from a vote one has not taken part in.
fn away_line(ctx: &Ctx<'_>, poll: &Poll, voter: ids::VoterNo, called: &Value) -> Option<Say> {
    let absence = ctx.world.absence(poll.topic, Seat::of(poll, voter)).filter(|_| poll.rule.is_of_members())?;
    let (no, hh, end) = (poll.topic, called.clone(), Value::Moment(poll.ends));
    Some(match absence.kind {
        Kind::Recusal if absence.own => say!("me.recused", no = no, hh = hh, end = end),
        Kind::Recusal => say!("me.recused.by", no = no, hh = hh, end = end),
        Kind::Leave => say!("me.leave", no = no, hh = hh, end = end),
    })
}

/// 投票 编号 in private — what is voted on, and one's own choice marked in it.
pub fn vote(ctx: &Ctx<'_>, written: Option<ids::TopicNo>) -> Decided {
    let (topic, poll) = ctx.shown_poll(written)?;
    if let Some(counted) = &poll.result {
        return Ok(Decision::answer(poll::result(ctx.world, &poll, counted)));
    }
    let terms = ctx.world.poll_terms(poll.no).unwrap_or_default();
    let line = ballot_line(ctx, &poll);
    let ballot = own_voter(ctx, &poll).and_then(|(voter, hh)| Some((ctx.world.ballot(poll.no, voter)?, hh)));
    // Only what /我 would tell, too.
    let own = ballot.filter(|_| matches!(line, Some(Line::Chosen(_))));
    let rows = Value::Lines(choices(&terms, own.as_ref().map(|(ballot, _)| ballot)));
    let said = match (&own, line) {
        (Some((ballot, hh)), _) => match telling::chosen(ctx.world, ballot) {
            Some(op) => say!("mine.cast", hh = hh.clone(), op = op),
            None => say!("none"),
        },
        (None, Some(Line::Kept(line))) => line,
        (None, Some(Line::Chosen(_) | Line::Missing(_)) | None) => match own_voter(ctx, &poll) {
            Some((_, hh)) => say!("mine.none", hh = hh),
            None => say!("none"),
        },
    };
    let (no, end, title) = (topic.no, Value::Moment(poll.ends), &poll.title);
    let papers = telling::papers(&topic).unwrap_or_else(|| say!("none"));
    let eg = terms.example();
    Ok(Decision::answer(say!(
        "poll.mine",
        no = no,
        title = title,
        end = end,
        rows = rows,
        own = said,
        papers = papers,
        eg = eg
    )))
}

/// The choices of a vote, with those of a ballot marked.
fn choices(terms: &Terms, own: Option<&Ballot>) -> Vec<Say> {
    if terms.method.is_none() {
        let row = |(k, choice): (u32, Choice)| {
            let opt = Value::Term(choice.term().to_owned());
            match own.is_some_and(|own| own.choice == Some(choice)) {
                true => say!("mine.row.own", k = k, opt = opt),
                false => say!("mine.row", k = k, opt = opt),
            }
        };
        return (1..).zip(Choice::ALL).map(row).collect();
    }
    let row = |number: u8| {
        let (k, opt) = (u32::from(number), terms.option(number));
        let mark = own.and_then(|own| own.marks.0.iter().find(|mark| mark.option == number));
        match (mark, terms.method) {
            (None, _) => say!("mine.row", k = k, opt = opt),
            (Some(mark), Some(Method::Budget(_))) => say!("mine.row.points", k = k, opt = opt, n = mark.points),
            (Some(_), _) => say!("mine.row.own", k = k, opt = opt),
        }
    };
    (1..=terms.count()).map(row).collect()
}

/// What was counted for them and is not of their own hand: whose it was.
fn counted_for(ctx: &Ctx<'_>, poll: &Poll, ballot: &Ballot, called: Value, op: Value) -> Say {
    let (no, end) = (poll.topic, Value::Moment(poll.ends));
    match ctx.world.entered_by(poll.no, ballot.voter) {
        Some(hand) => say!("me.ballot.paper", no = no, hh = called, op = op, who = ctx.world.name_of(hand), end = end),
        None => say!("me.ballot", no = no, hh = called, op = op, end = end),
    }
}

/// What is told somebody of their ballot in a poll.
enum Line {
    /// What they chose.
    Chosen(Say),
    /// That they have not voted yet.
    Missing(Say),
    /// Why what is in the place of a choice of theirs is not told, or is somebody else's.
    Kept(Say),
}

impl Line {
    fn say(self) -> Say {
        match self {
            Self::Chosen(say) | Self::Missing(say) | Self::Kept(say) => say,
        }
    }
}

/// One's own choice, or that of the paper ballot entered for one's household. What a co-owner chose is not told.
fn ballot_line(ctx: &Ctx<'_>, poll: &Poll) -> Option<Line> {
    let (voter, called) = own_voter(ctx, poll)?;
    let end = Value::Moment(poll.ends);
    if ctx.world.is_kept_from(&ctx.scene.caller.account, &ctx.scene.who, poll, voter) {
        return Some(Line::Kept(match ctx.has_no_other_account() {
            true => say!("me.elsewhere.gone", no = poll.topic, hh = called, end = end),
            false => say!("me.elsewhere", no = poll.topic, hh = called, end = end),
        }));
    }
    let Some(ballot) = ctx.world.ballot(poll.no, voter) else {
        let may_vote = poll.result.is_none() && poll.voters.is_some() && !poll.is_void;
        if let Some(away) = away_line(ctx, poll, voter, &called).filter(|_| poll.result.is_none()) {
            return Some(Line::Kept(away));
        }
        return may_vote.then(|| Line::Missing(say!("me.unvoted", no = poll.topic, hh = called, end = end)));
    };
    if poll.is_void {
        return Some(Line::Kept(say!("me.voided", no = poll.topic, hh = called)));
    }
    if ctx.world.is_unread(&ctx.scene.caller.account, poll, &ballot) {
        return Some(Line::Kept(say!("me.entered", no = poll.topic, hh = called, end = end)));
    }
    // Somebody else's choice, cast in their name: to be replaced, not to be read.
    if poll.result.is_none() && ctx.world.is_of_parted(poll, &ballot) {
        return Some(Line::Kept(say!("me.parted", no = poll.topic, hh = called, end = end)));
    }
    let by_mandate = ctx.world.cast_for_another(poll.no, voter, ctx.me()).filter(|_| ballot.proxy);
    if let Some(other) = by_mandate.filter(|_| ctx.world.entered_by(poll.no, voter).is_none()) {
        let by = ctx.world.name_of(other);
        return Some(Line::Kept(say!("me.other", no = poll.topic, hh = called, by = by, end = end)));
    }
    let chosen = telling::chosen(ctx.world, &ballot);
    match (ballot.person.filter(|&person| person != ctx.me() && !ballot.proxy), chosen) {
        (Some(other), _) => {
            let by = ctx.world.name_of(other);
            Some(Line::Kept(say!("me.other", no = poll.topic, hh = called, by = by, end = end)))
        }
        (None, Some(op)) if poll.result.is_some() && ballot.proxy => {
            Some(Line::Kept(counted_for(ctx, poll, &ballot, called, op)))
        }
        (None, Some(op)) => Some(Line::Chosen(say!("me.ballot", no = poll.topic, hh = called, op = op, end = end))),
        (None, None) => None,
    }
}
