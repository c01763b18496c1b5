//! 表决 — casting, entering and counting ballots; closing a poll.

pub mod early;
pub mod fact;
pub mod filling;
mod hours;
pub mod longer;
pub mod opening;

use crate::domain::decide::poll::filling::Filled;
use crate::domain::decide::{identity_claim, steps};
use crate::domain::event::Event;
use crate::domain::kernel::ids::{PersonId, TopicNo, VoterNo};
use crate::domain::kernel::mark::Mark;
use crate::domain::kernel::place::name_sign;
use crate::domain::kernel::said::{LONGEST_RUN_DAYS, Way};
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::text::within;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::people::person::Person;
use crate::domain::process::conflict::Part;
use crate::domain::process::form::Step;
use crate::domain::process::people::moderator_name;
use crate::domain::process::topic::{Topic, need_no};
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::suggestion::MAX_REASON;
use crate::domain::vote::absence::Kind;
use crate::domain::vote::poll::fact::Fact;
use crate::domain::vote::poll::filling::{Said, Spoken};
use crate::domain::vote::poll::opening::Frame;
use crate::domain::vote::poll::terms::Marks;
use crate::domain::vote::poll::{
    Ballot, Poll, ProxyLine, choice_words, household, ranking, result, share_of_area, telling,
};
use crate::domain::vote::recusal::{self, Whose};
use crate::domain::vote::rule::{Opens, Rule};
use crate::domain::vote::tally::{Choice, Tally};
use crate::domain::vote::{absence, count, paper, poll, roll};
use crate::say;
use chrono::{DateTime, Datelike, Timelike, Utc};
use std::collections::BTreeMap;

/// Shortest and longest time a poll stays open.
const SHORTEST_MINUTES: i64 = 1;

const LONGEST_DAYS: i64 = LONGEST_RUN_DAYS;

/// The longest choice that is repeated where it is asked which vote is meant, in characters.
const LONGEST_SHOWN: usize = 8;

/// Longest question, in characters.
const MAX_TITLE: usize = 100;

impl World<'_> {
    /// Whether a decision only casts again what the ballot says already, which was cast in the same way. 不记名: cast again is cast
    /// again; a record, or none, would tell whether it was for the same.
    #[must_use]
    pub fn repeats_ballot(&self, facts: &[Event]) -> bool {
        facts.iter().any(|fact| match fact {
            Event::BallotCast { poll, voter, choice, proxy, .. } => {
                self.ballot(*poll, *voter).filter(|_| !self.is_secret(*poll)).is_some_and(|before| {
                    let marks = Marks::of(choice).unwrap_or_default();
                    let is_same = before.choice == poll::choice_of(choice) && before.marks == marks;
                    let reason = facts.iter().find_map(|fact| match fact {
                        Event::Poll(Fact::Reasoned { voter: of, reason, .. }) if of == voter => Some(reason.as_str()),
                        _ => None,
                    });
                    before.proxy == *proxy && is_same && before.reason.as_str() == reason.unwrap_or_default()
                })
            }
            _ => false,
        })
    }
}

/// Whether the rule may be used at this step: while people talk, 摸底 and 过半; the rules the law sets belong to the step 表决.
fn require_time(topic: &Topic, rule: Rule) -> Result<(), Say> {
    topic.require_going()?;
    let is_talk = matches!(topic.step, Step::Talking | Step::Planning);
    let is_vote = topic.step == Step::Voting;
    let fits = match rule.row().opens {
        Opens::Talking => is_talk,
        Opens::Always => is_talk || is_vote,
        Opens::Voting => is_vote,
    };
    if fits {
        return Ok(());
    }
    let now = say!("state.now", stage = Value::Term(topic.step.term().to_owned()));
    let hint = if is_vote { say!("hint.straw.vote") } else { say!("hint.straw") };
    Err(say!("e.state", no = topic.no, state = now, hint = hint))
}

/// A vote by the law needs a roll, and one with areas where areas are counted.
fn require_roll(topic: &Topic, rule: Rule, roll: Option<&roll::Roll>) -> Result<(), Say> {
    let missing = match roll {
        None if rule.needs_roll() => say!("why.roll", no = topic.no),
        Some(roll) if rule.needs_roll() && roll.voters == 0 => say!("why.roll", no = topic.no),
        Some(roll) if rule.counts_area() && roll.area == 0 => say!("why.roll_area", no = topic.no),
        _ => return Ok(()),
    };
    Err(say!("e.guard.vote", no = topic.no, why = missing))
}

/// 投票 — opens a poll of yes and no at once.
pub fn open(ctx: &Ctx<'_>, written: Option<TopicNo>, rule: Rule, ends: DateTime<Utc>, title: &str) -> Decided {
    opening::open(ctx, written, &Frame::plain(rule, ends, title))
}

/// Who a ballot is from: a voter of the roll, or, without a roll, the person.
struct Elector {
    voter: VoterNo,
    called: Value,
}

fn elector(ctx: &Ctx<'_>, poll: &Poll, person: &Person) -> Option<Elector> {
    if poll.voters.is_none() {
        return Some(Elector { voter: VoterNo(person.id.0), called: (&person.name).into() });
    }
    let voter = ctx.world.voter_of(poll.topic, person)?;
    Some(Elector { voter: voter.no, called: household(&voter) })
}

/// Whether a voter's ballot is the speaker's to cast.
pub(super) fn owns(ctx: &Ctx<'_>, poll: &Poll, voter: VoterNo) -> bool {
    elector(ctx, poll, &ctx.scene.who).is_some_and(|own| own.voter == voter)
}

/// 没有在开的表决 — or why there can be none: what the topic has become.
pub(super) fn no_poll(topic: &Topic) -> Say {
    topic.require_going().err().unwrap_or_else(|| say!("e.no_poll", no = topic.no))
}

impl Ctx<'_> {
    /// When a ballot was cast: written ones when the platform says, presses when they arrived; never later than now.
    pub(super) fn cast_at(&self) -> DateTime<Utc> {
        self.scene.said_at.map_or(self.scene.now, |said| said.min(self.scene.now))
    }

    /// The poll a ballot is for.
    fn resolve_poll(&self, written: Option<TopicNo>) -> Result<(Topic, Poll), Say> {
        const EXAMPLE: &str = "ex.ballot";
        let on_card = match self.scene.reply {
            Some(Mark::Poll { topic, ends }) => Some((topic, ends)),
            _ => None,
        };
        let named = written.or(on_card.map(|(topic, _)| topic)).or_else(|| self.bound_topic());
        let no = match named {
            Some(no) => no,
            None => self.only_open_poll(EXAMPLE)?,
        };
        let topic = self.require_topic(no)?;
        if on_card.is_none() {
            topic.require_own()?;
            self.require_begun(&topic)?;
        }
        let poll = topic.last_poll.and_then(|no| self.world.poll(no)).ok_or_else(|| no_poll(&topic))?;
        // A message without a deadline tells a result: it is no card of the poll that is open now.
        if let Some((_, shown)) = on_card.filter(|(card, _)| *card == no)
            && shown.map_or(poll.result.is_none(), |shown| !self.has_shown(&poll, shown))
        {
            return Err(say!("e.closed.card", no = no));
        }
        Ok((topic, poll))
    }

    /// 过时的卡 — the vote whose card is replied to, where another of the topic is the latest: by its choices the words are read.
    pub(in crate::domain::decide) fn outdated_poll(&self) -> Option<(Topic, Poll)> {
        let Some(Mark::Poll { topic, ends }) = self.scene.reply else { return None };
        let topic = self.world.topic(topic)?;
        let is_it = |poll: &Poll| match ends {
            Some(shown) => self.has_shown(poll, shown),
            None => poll.result.is_some(),
        };
        let mut past = self.world.polls_of(topic.no).into_iter().rev().filter(|poll| Some(poll.no) != topic.last_poll);
        let poll = past.find(is_it)?;
        Some((topic, poll))
    }

    /// The vote that words are for, by the way they came.
    pub(in crate::domain::decide) fn sought(
        &self,
        written: Option<TopicNo>,
        spoken: Spoken,
    ) -> Result<(Topic, Poll), Say> {
        match (spoken, written) {
            (Spoken::Alone, None) => self.resolve_poll(Some(self.only_own_poll(true)?)),
            (Spoken::Line | Spoken::Card | Spoken::Alone, _) => self.resolve_poll(written),
        }
    }

    /// The vote somebody asks to see in private.
    pub(in crate::domain::decide) fn shown_poll(&self, written: Option<TopicNo>) -> Result<(Topic, Poll), Say> {
        let on_card = matches!(self.scene.reply, Some(Mark::Poll { .. }));
        let no = match written {
            None if !on_card => Some(self.only_own_poll(false)?),
            written => written,
        };
        self.resolve_poll(no)
    }

    /// In private and in reply to nothing: the only open vote the speaker may vote in. Where there are several, the lines to copy: with
    /// what was written as the choice, or those that show each.
    fn only_own_poll(&self, is_ballot: bool) -> Result<TopicNo, Say> {
        if !self.scene.who.enrolled && !self.world.open_polls().is_empty() {
            return Err(self.unless_unlinked(identity_claim::how(self)));
        }
        let mine = self.own_polls();
        match mine.as_slice() {
            [only] => Ok(only.topic),
            [] => Err(say!("e.no_polls")),
            several => Err(self.which_of(several, is_ballot, &self.scene.said)),
        }
    }

    /// 永远不猜 — the votes words may be for, each with the line to send.
    fn which_of(&self, several: &[Poll], is_ballot: bool, said: &str) -> Say {
        let eg = if said.chars().count() <= LONGEST_SHOWN { said.trim() } else { "1" };
        let line = |poll: &Poll| match is_ballot {
            true => say!("short.line", no = poll.topic, eg = eg, question = &poll.title),
            false => say!("mine.line", no = poll.topic, question = &poll.title),
        };
        let rows: Vec<Say> = several.iter().map(line).collect();
        let bad = Value::Quote(self.scene.said.clone());
        say!("e.short.which", bad = bad, n = several.len(), rows = Value::Lines(rows))
    }

    /// 投 1 in private, with no number and in reply to no card: asked while there are several it may be for.
    pub(in crate::domain::decide) fn require_named(&self, written: Option<TopicNo>, said: &Said) -> Result<(), Say> {
        let on_card = matches!(self.scene.reply, Some(Mark::Poll { .. }));
        if written.is_some() || on_card || said.spoken != Spoken::Line || self.scene.way != Way::Private {
            return Ok(());
        }
        match self.own_polls().as_slice() {
            [] | [_] => Ok(()),
            several => Err(self.which_of(several, true, &said.text)),
        }
    }

    /// The open votes the speaker may vote in.
    pub(in crate::domain::decide) fn own_polls(&self) -> Vec<Poll> {
        let who = &self.scene.who;
        let may = |poll: &Poll| {
            let topic = self.world.topic(poll.topic).filter(|_| elector(self, poll, who).is_some());
            topic.is_some_and(|topic| self.require_fit(who, &topic, Part::Voter, None).is_ok())
        };
        self.world.open_polls().into_iter().filter(may).collect()
    }

    /// 另一个账号 — what stands in an open vote is out of reach for an account joined after its opening.
    pub(in crate::domain::decide) fn require_own_account(&self, poll: &Poll, voter: VoterNo) -> Result<(), Say> {
        match self.world.is_kept_from(&self.scene.caller.account, &self.scene.who, poll, voter) {
            true => Err(self.done_elsewhere(poll, voter)),
            false => Ok(()),
        }
    }

    /// 从前的账号 — where an account cast it that was taken away since, it may have been joined to the wrong person: then it is said by
    /// which line the vote is theirs again.
    pub(in crate::domain::decide) fn done_elsewhere(&self, poll: &Poll, voter: VoterNo) -> Say {
        let (no, end) = (poll.topic, Value::Moment(poll.ends));
        let cast_from =
            self.world.ballot(poll.no, voter).filter(|ballot| !ballot.proxy).and_then(|ballot| ballot.account);
        let lost = self.world.lost_accounts(self.me()).into_iter().find(|account| Some(account.no) == cast_from);
        let claim = lost.and_then(|account| account.claim_of(self.me()));
        match claim {
            Some(claim) => say!("e.elsewhere.lost", no = no, end = end, c = claim),
            None if self.has_no_other_account() => say!("e.elsewhere.gone", no = no, end = end),
            None => say!("e.elsewhere", no = no, end = end),
        }
    }

    /// 手机丢了 — whether the account they write from is the only one they have: nobody is sent to one that is gone.
    pub(in crate::domain::decide) fn has_no_other_account(&self) -> bool {
        let accounts = self.world.accounts_of(self.me());
        accounts.iter().all(|account| account.address.as_str() == self.scene.caller.account)
    }

    /// The same for the vote that is open on a topic.
    pub(in crate::domain::decide) fn require_own_account_in(&self, topic: TopicNo, voter: VoterNo) -> Result<(), Say> {
        let open = self.world.topic(topic).and_then(|topic| self.world.poll(topic.poll?));
        open.map_or(Ok(()), |poll| self.require_own_account(&poll, voter))
    }

    /// 本群人人可投 — without a roll the group is what stands for one ([`World::is_of_vote`]). An account that belongs to nobody votes there
    /// or not at all: in private anybody could come, and with as many accounts as they like. Of those who are registered, too, nobody
    /// votes in what they have nothing to do with.
    fn require_present(&self, topic: &Topic, poll: &Poll) -> Result<(), Say> {
        let who = &self.scene.who;
        let has_voted = || who.enrolled && self.world.ballot(poll.no, VoterNo(who.id.0)).is_some();
        if self.world.is_of_vote(poll, topic, who, self.group()) || has_voted() {
            return Ok(());
        }
        if !who.enrolled {
            return Err(say!("e.vote_here", no = topic.no));
        }
        let place = self.world.place_of_vote(poll, topic);
        let group = place.map_or_else(|| say!("vote.some_group"), |group| say!("vote.group", name = &group.name));
        Err(say!("e.vote_heard", no = topic.no, group = group))
    }

    /// 还没开始 — a poll that will open is none yet.
    fn require_begun(&self, topic: &Topic) -> Result<(), Say> {
        match self.world.poll_plan(topic.no).filter(|_| topic.poll.is_none()) {
            Some(plan) => Err(say!("e.poll_not_yet", no = topic.no, at = Value::Moment(plan.opens))),
            None => Ok(()),
        }
    }

    /// An end as cards show it: all that tells the cards of one topic apart.
    fn shown_end(&self, ends: DateTime<Utc>) -> (u32, u32, u32, u32) {
        let end = ends.with_timezone(&self.settings.tz);
        (end.month(), end.day(), end.hour(), end.minute())
    }

    /// Whether a card of this poll says so: in the time zone of today, or in one the office had while it was open.
    fn has_shown(&self, poll: &Poll, shown: (u32, u32, u32, u32)) -> bool {
        let closes = self.world.closes_shown(poll);
        self.world.zones_since(self.settings, poll.opened).into_iter().any(|tz| {
            closes.iter().any(|ends| {
                let end = ends.with_timezone(&tz);
                shown == (end.month(), end.day(), end.hour(), end.minute())
            })
        })
    }

    fn bound_topic(&self) -> Option<TopicNo> {
        Some(self.bound_here()?.no)
    }

    /// In private, or in a group without a bound topic: the only open poll the speaker may vote in.
    fn only_open_poll(&self, example: &str) -> Result<TopicNo, Say> {
        let here = self.group().map(|group| self.world.topics_of(self.settings, group));
        let may = |poll: &Poll| match &here {
            Some(topics) => topics.iter().any(|topic| topic.no == poll.topic),
            None => poll.voters.is_some() && elector(self, poll, &self.scene.who).is_some(),
        };
        let mine: Vec<Poll> = self.world.open_polls().into_iter().filter(may).collect();
        match mine.as_slice() {
            [only] => Ok(only.topic),
            [] => Err(say!("e.no_polls")),
            several => {
                let rows = several
                    .iter()
                    .take(5)
                    .map(|poll| say!("need.row", no = poll.topic, title = &poll.title).into())
                    .collect();
                Err(need_no(here.is_some(), "what.poll", rows, example))
            }
        }
    }
}

/// 投 — a ballot of one's own. First the deadline, then the roll, then the household (commands.md §9.6).
pub fn cast(ctx: &Ctx<'_>, written: Option<TopicNo>, choice: Choice) -> Decided {
    let (topic, poll) = ctx.resolve_poll(written)?;
    enter(ctx, &topic, &poll, |_| filling::choice(ctx, &poll, choice, ""))
}

/// Takes a ballot. What it says is looked at once it is known that the speaker may cast one; `fill` is given the one before.
fn enter(
    ctx: &Ctx<'_>,
    topic: &Topic,
    poll: &Poll,
    fill: impl FnOnce(Option<&Ballot>) -> Result<Filled, Say>,
) -> Decided {
    let end = Value::Moment(poll.ends);
    if poll.result.is_some() || ctx.cast_at() >= poll.ends {
        let was_in_time = ctx.cast_at() < poll.ends;
        let is_elector = || elector(ctx, poll, &ctx.scene.who).is_some() && ctx.require_present(topic, poll).is_ok();
        return if was_in_time && is_elector() {
            Ok(Decision {
                facts: vec![Event::BallotLate { poll: poll.no, person: ctx.me() }],
                answer: vec![say!("e.late", no = topic.no, end = end)],
                ..Decision::default()
            })
        } else {
            Err(say!("e.closed", no = topic.no, end = end))
        };
    }
    let not_on_roll = || {
        let (no, chair) = (topic.no, moderator_name(ctx.world, topic));
        match ctx.world.seat_of_another(no, &ctx.scene.who) {
            Some(seat) => say!("e.roll.namesake", no = no, hh = household(&seat), r#mod = chair),
            None => ctx.unless_unlinked(say!("e.roll", no = no, r#mod = chair)),
        }
    };
    let elector = elector(ctx, poll, &ctx.scene.who);
    let before = elector.as_ref().and_then(|elector| ctx.world.ballot(poll.no, elector.voter));
    // Whoever became moderator after they had voted keeps their ballot, to change it, too.
    if before.as_ref().is_none_or(|before| before.proxy || before.person != Some(ctx.me())) {
        ctx.require_fit(&ctx.scene.who, topic, Part::Voter, None)?;
    }
    ctx.require_secrecy(poll)?;
    ctx.require_present(topic, poll)?;
    let elector = elector.ok_or_else(not_on_roll)?;
    ctx.require_own_account(poll, elector.voter)?;
    if ctx.world.has_voted_as_another(&ctx.scene.caller.account, poll, elector.voter) {
        return Err(say!("e.part.voted", no = topic.no));
    }
    if let Some(before) = &before
        && !before.proxy
        && before.person.is_some_and(|person| person != ctx.me())
    {
        let by = before.person.map(|person| ctx.world.name_of(person)).unwrap_or_default();
        return Err(say!("e.other_voted", hh = elector.called, by = by));
    }
    let filled = fill(before.as_ref())?;
    let cast = Event::BallotCast {
        poll: poll.no,
        voter: elector.voter,
        person: Some(ctx.me()),
        proxy: false,
        private: ctx.scene.way != Way::Group,
        changed: before.is_some(),
        choice: filled.choice.clone(),
    };
    Ok(Decision::facts([cast].into_iter().chain(filled.reason(poll, elector.voter)).collect()))
}

/// “赞成” alone in a group: a ballot only if it cannot be anything else.
pub fn bare_choice(ctx: &Ctx<'_>, choice: Choice) -> Decided {
    let Some(group) = ctx.group() else { return Ok(Decision::silent()) };
    let here: Vec<TopicNo> = ctx.world.topics_of(ctx.settings, group).iter().map(|topic| topic.no).collect();
    let open: Vec<Poll> = ctx.world.open_polls().into_iter().filter(|poll| here.contains(&poll.topic)).collect();
    // In reply to a suggestion, or to the card of another topic, it is what one thinks of that.
    let is_about = |poll: &Poll| match ctx.scene.reply {
        None | Some(Mark::Poll { .. }) => true,
        Some(Mark::Topic(no)) => no == poll.topic,
        Some(_) => false,
    };
    match open.as_slice() {
        [poll]
            // Without a roll everybody of the group it was opened in may vote.
            if (poll.voters.is_some() || poll.group == Some(group))
                && is_about(poll)
                && ctx.world.poll_terms(poll.no).is_none_or(|terms| terms.method.is_none())
                && elector(ctx, poll, &ctx.scene.who).is_some() =>
        {
            cast(ctx, Some(poll.topic), choice)
        }
        _ => Ok(Decision::silent()),
    }
}

/// 代投 — ballots from paper or telephone, recorded by the moderator. All or none.
pub fn proxy(ctx: &Ctx<'_>, written: Option<TopicNo>, lines: &[ProxyLine]) -> Decided {
    const EXAMPLE: &str = "ex.proxy";
    if lines.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    let (topic, poll) = open_to_paper(ctx, written)?;
    none_recused(ctx, &topic, &poll, lines)?;
    let mut facts = Vec::new();
    let mut entered: BTreeMap<VoterNo, Choice> = BTreeMap::new();
    for line in lines {
        let (voter, called, cast) = proxy_ballot(ctx, &topic, &poll, line)?;
        match entered.insert(voter, line.choice) {
            None => facts.extend(cast),
            Some(choice) if choice == line.choice => {}
            Some(_) => return Err(say!("e.proxy_twice", hh = called)),
        }
    }
    Ok(Decision::facts(facts))
}

type Called = (VoterNo, Value, Option<PersonId>);

/// Whom a line is about.
fn proxy_voter(ctx: &Ctx<'_>, topic: &Topic, poll: &Poll, line: &ProxyLine) -> Result<Called, Say> {
    let not_found = || say!("e.no_voter", no = topic.no, who = line.voter.as_str());
    if poll.voters.is_some() {
        let voter = ctx.world.voter_called(topic.no, &line.voter).ok_or_else(not_found)?;
        let is_owner = |name: &Words| name_sign(name.as_str()) == name_sign(&line.owner);
        if !line.owner.is_empty() && !voter.names.iter().any(is_owner) {
            let owners = Value::List(voter.names.iter().map(Value::from).collect());
            return Err(say!(
                "e.proxy_owner",
                no = topic.no,
                hh = household(&voter),
                bad = line.owner.as_str(),
                owners = owners
            ));
        }
        return Ok((voter.no, household(&voter), None));
    }
    let person = ctx.world.find_person(&line.voter, Some(topic))?.ok_or_else(not_found)?;
    Ok((VoterNo(person.id.0), Value::Text(line.voter.clone()), Some(person.id)))
}

/// 回避 — nothing is entered for whoever has no ballot here; whoever enters it reads who that is, and what to send without them.
fn none_recused(ctx: &Ctx<'_>, topic: &Topic, poll: &Poll, lines: &[ProxyLine]) -> Result<(), Say> {
    if !poll.rule.is_of_members() {
        return Ok(());
    }
    let (mut barred, mut rest, mut left) = (Vec::new(), say!("none"), 0_usize);
    for line in lines {
        let (voter, called, _) = proxy_voter(ctx, topic, poll, line)?;
        let absence = ctx.world.absence(topic.no, Seat::of(poll, voter));
        if absence.is_some_and(|absence| absence.kind == Kind::Recusal) {
            barred.push(called);
            continue;
        }
        let op = Value::Term(line.choice.term().to_owned());
        rest = match left {
            0 => say!("proxy.one", rest = rest, who = line.voter.as_str(), op = op),
            _ => say!("proxy.next", rest = rest, who = line.voter.as_str(), op = op),
        };
        left += 1;
    }
    if barred.is_empty() {
        return Ok(());
    }
    let line = if left == 0 { rest } else { say!("proxy.without", no = topic.no, line = rest) };
    Err(say!("e.proxy_recused", no = topic.no, hh = Value::List(barred), line = line))
}

/// The ballot, and where the vote asks for reasons the one on the paper: there every ballot has room for it, filled or not.
fn proxy_ballot(
    ctx: &Ctx<'_>,
    topic: &Topic,
    poll: &Poll,
    line: &ProxyLine,
) -> Result<(VoterNo, Value, Vec<Event>), Say> {
    let (voter, called, person) = proxy_voter(ctx, topic, poll, line)?;
    require_no_voter(ctx, topic, poll, line)?;
    ctx.require_ballot_fit(topic, Seat::of(poll, voter), &line.voter)?;
    ctx.require_not_taken(topic, Seat::of(poll, voter))?;
    let before = ctx.world.ballot(poll.no, voter);
    if let Some(before) = before.as_ref().filter(|before| !before.proxy) {
        let by = before.person.map(|person| ctx.world.name_of(person)).unwrap_or_default();
        return Err(say!("e.proxy_voted", hh = called, by = by));
    }
    let reason = filling::on_paper(poll, &ctx.world.poll_terms(poll.no).unwrap_or_default(), line, &called)?;
    let (choice, changed) = (choice_words(line.choice), before.is_some());
    let cast = Event::BallotCast { poll: poll.no, voter, person, proxy: true, private: true, changed, choice };
    let reasoned = reason.map(|reason| Event::Poll(Fact::Reasoned { poll: poll.no, voter, reason, paper: true }));
    Ok((voter, called, [cast].into_iter().chain(reasoned).collect()))
}

/// “201 反对 202”: whoever stands where a reason could is a voter whose choice is missing.
fn require_no_voter(ctx: &Ctx<'_>, topic: &Topic, poll: &Poll, line: &ProxyLine) -> Result<(), Say> {
    let first = line.reason.split(|c: char| c.is_whitespace() || matches!(c, '，' | ',' | '、')).next();
    let is_voter = |name: &str| match poll.voters {
        Some(_) => ctx.world.voter_called(topic.no, name).is_some(),
        None => ctx.world.find_person(name, Some(topic)).is_ok_and(|found| found.is_some()),
    };
    match first.filter(|name| !name.is_empty() && is_voter(name)) {
        Some(name) => Err(say!("e.proxy_choice", no = topic.no, who = name)),
        None => Ok(()),
    }
}

/// 代投 … 更正 — a ballot entered wrongly is put right by whoever entered it, and the group reads that and why.
pub fn correct(ctx: &Ctx<'_>, written: Option<TopicNo>, line: &ProxyLine, reason: &str) -> Decided {
    const EXAMPLE: &str = "ex.proxy";
    let (topic, poll) = open_to_paper(ctx, written)?;
    let reason = reason.trim();
    if reason.is_empty() {
        let (no, who) = (topic.no, line.voter.as_str());
        return Err(say!("e.proxy_reason", no = no, who = who));
    }
    within(reason, MAX_REASON)?;
    none_recused(ctx, &topic, &poll, std::slice::from_ref(line))?;
    let (voter, called, _) = proxy_voter(ctx, &topic, &poll, line)?;
    let Some(before) = ctx.world.ballot(poll.no, voter) else {
        return Err(say!("e.proxy_none", no = topic.no, hh = called, ex = example_of(EXAMPLE)));
    };
    // Whoever puts right the choice alone leaves the reason that stands.
    let stays = line.reason.trim().is_empty() && line.choice == Choice::Against;
    let kept = if stays { before.reason.to_string() } else { line.reason.clone() };
    let (_, _, mut facts) = proxy_ballot(ctx, &topic, &poll, &ProxyLine { reason: kept, ..line.clone() })?;
    facts.push(Event::Poll(Fact::Corrected { poll: poll.no, voter, reason: reason.into() }));
    Ok(Decision::facts(facts))
}

/// The poll that takes ballots from paper, for whoever may enter them.
fn open_to_paper(ctx: &Ctx<'_>, written: Option<TopicNo>) -> Result<(Topic, Poll), Say> {
    let topic = ctx.resolve_topic(written, "ex.proxy")?;
    ctx.require_moderator(&topic)?;
    let poll = topic.last_poll.and_then(|no| ctx.world.poll(no)).ok_or_else(|| no_poll(&topic))?;
    if poll.result.is_some() || ctx.cast_at() >= poll.ends {
        return Err(say!("e.closed", no = topic.no, end = Value::Moment(poll.ends)));
    }
    ctx.require_open_ballot(&poll)?;
    Ok((topic, poll))
}

/// 计票 — how many took part; after the deadline, the result.
pub fn tally(ctx: &Ctx<'_>, written: Option<TopicNo>) -> Decided {
    let topic = ctx.resolve_topic(written, "ex.tally")?;
    ctx.require_moderator(&topic)?;
    ctx.require_begun(&topic)?;
    let poll = topic.last_poll.and_then(|no| ctx.world.poll(no)).ok_or_else(|| no_poll(&topic))?;
    if let Some(counted) = poll.result {
        return Ok(Decision::answer(paper::told(ctx.world, &poll, result(ctx.world, &poll, &counted))));
    }
    let is_secret = ctx.world.is_secret(poll.no);
    let blind = ctx.world.blind(&poll);
    if ctx.world.poll_terms(poll.no).is_some_and(|terms| terms.method.is_some()) {
        let (no, end) = (topic.no, Value::Moment(poll.ends));
        let (n, due) = (blind.cast(), blind.due(poll.rule));
        return Ok(Decision::answer(say!("tally.options", no = no, n = n, N = due, end = end)));
    }
    if telling::is_told(poll.rule, &blind) {
        let met = Value::Term(met(poll.rule, &blind).to_owned());
        return Ok(Decision::answer(recusal::told(ctx.world, &poll, telling::progress(&poll, &blind, met))));
    }
    let answer = say!(
        "tally",
        no = topic.no,
        n = blind.cast(),
        N = blind.due(poll.rule),
        area = if is_secret { say!("none") } else { share_of_area(poll.rule, &blind) },
        met = Value::Term(met(poll.rule, &blind).to_owned()),
        end = Value::Moment(poll.ends),
    );
    Ok(Decision::answer(recusal::told(ctx.world, &poll, answer)))
}

fn met(rule: Rule, tally: &Tally) -> &'static str {
    match count::turnout(rule, tally) {
        (Some(true), Some(true)) => "met.both",
        (Some(false), Some(false)) => "met.neither",
        (Some(true), Some(false)) => "met.people_only",
        (Some(false), Some(true)) => "met.area_only",
        (Some(true), None) => "met.yes",
        (Some(false), None) => "met.no",
        (None, _) => "met.straw",
    }
}

/// The facts that close a poll: counted from the ballots, nothing else. A formal vote that passes takes the topic on.
#[must_use]
pub fn close(world: &World<'_>, poll: &Poll) -> Vec<Event> {
    let tally = world.tally(poll);
    let passed = count::verdict(poll.rule, &tally).passed();
    let onward = world.topic(poll.topic).filter(|_| poll.is_formal && passed == Some(true));
    let mut facts: Vec<Event> = ranked(world, poll).into_iter().collect();
    let whose = world.recused_now(poll);
    if !whose.is_empty() {
        let Whose { own, by, whom, open, leave } = whose;
        facts.push(Event::Absence(absence::Fact::Counted { poll: poll.no, own, by, whom, open, leave }));
    }
    facts.push(Event::PollClosed { poll: poll.no, tally, passed });
    facts.extend(onward.and_then(|topic| steps::carried(&topic)));
    facts
}

/// The count of the options, where there are any.
fn ranked(world: &World<'_>, poll: &Poll) -> Option<Event> {
    let terms = world.poll_terms(poll.no)?;
    let mut ballots = Vec::new();
    world.scan(&Key::new(kind::BALLOT).num(poll.no.0), |ballot: Ballot| {
        ballots.push(ballot.marks);
        true
    });
    let standing = ranking::count(terms.method?, terms.count(), &ballots);
    Some(Event::Poll(Fact::Ranked { poll: poll.no, standing }))
}
