//! 转折、结果 — what a digest tells of a topic that went back, was opened again, taken up again or came into other hands, and of one that
//! was voted on: each with its reason.

use crate::domain::history::deed::{Deed, What};
use crate::domain::kernel::ids::PollNo;
use crate::domain::kernel::world::{Key, kind};
use crate::domain::process::form::Step;
use crate::domain::process::topic::{Halt, Topic};
use crate::domain::talk::notice::Notice;
use crate::domain::vote::count::verdict;
use crate::domain::vote::poll::Poll;
use crate::domain::vote::rule::Rule;
use crate::domain::vote::tally::Tally;
use crate::figures::desk::{Desk, TopicDay, halted};
use crate::figures::paper::{Missed, NoticeNews, Prolonged, Ran, Turned, Vote, VoteNews};
use crate::figures::sums::is_news;

/// 动态 — whether a deed is told, among those of its window. What was taken up again in the window in which it was put on hold is where
/// it was.
pub(super) fn is_told<'d>(topic: &Topic, deeds: impl IntoIterator<Item = &'d Deed>, deed: &Deed) -> bool {
    let was_paused = |one: &Deed| one.what == What::Halted(Halt::Paused) && one.topic == deed.topic;
    match deed.what {
        What::Halted(Halt::Paused) => topic.halt.is_some(),
        What::Resumed => {
            let mut before = deeds.into_iter().take_while(|one| one.seq < deed.seq);
            topic.halt.is_none() && !before.any(was_paused)
        }
        what => is_news(what),
    }
}

/// What a vote did not reach, point by point.
fn missed(rule: Rule, tally: &Tally) -> Vec<Missed> {
    let verdict = verdict(rule, tally);
    let points = [
        ("turnout", "turnout", verdict.turnout),
        ("turnout_area", "turnout", verdict.turnout_area),
        ("approval", "approval", verdict.approval),
        ("approval_area", "approval", verdict.approval_area),
    ];
    let missed = points.into_iter().filter(|(.., point)| *point == Some(false));
    missed.map(|(what, part, _)| Missed { what, bar: format!("{}.{part}.missed", rule.term()) }).collect()
}

impl Desk<'_> {
    /// 转折 — as a line tells it; `None` where the deed is none.
    pub(super) fn turn(&mut self, topic: &Topic, deed: &Deed) -> Option<Turned> {
        let turn = self.world.turn(topic.no, deed.seq);
        let is_back = turn.is_some();
        let why = turn.map(|turn| turn.why.as_str().to_owned()).unwrap_or_default();
        match deed.what {
            What::Entered(step @ Step::Planning) if is_back => Some(Turned::Back { step, why }),
            What::Entered(Step::Tracking) => {
                let was_closed = self.world.closures(topic.no).iter().any(|closure| closure.seq < deed.seq);
                was_closed.then_some(Turned::Reopened { why })
            }
            What::Led(lead) => Some(Turned::Led { who: self.name(lead), why }),
            What::Resumed => Some(Turned::Resumed),
            _ => None,
        }
    }

    /// All of a topic in a window, in order.
    pub(super) fn turns(&mut self, today: &TopicDay) -> Vec<Turned> {
        let told = today.deeds.iter().filter(|deed| is_told(&today.topic, &today.deeds, deed));
        told.filter_map(|deed| self.turn(&today.topic, deed)).collect()
    }

    /// 今日公示 — what was posted in the window and still stands, what stopped in it, and what was sent back or goes on again.
    pub(super) fn notice_news(&mut self, today: &TopicDay) -> Option<NoticeNews> {
        let topic = &today.topic;
        let turn = self.turns(today).into_iter().rfind(|turn| match turn {
            Turned::Back { .. } => topic.notice.is_none(),
            Turned::Resumed => topic.step == Step::Noticing,
            Turned::Reopened { .. } | Turned::Led { .. } => false,
        });
        let latest = Key::new(kind::NOTICE).num(topic.no.0).num(topic.notices);
        let notice: Notice = self.world.notice(topic).or_else(|| self.world.get(&latest))?;
        let posted = !notice.void && today.deeds.iter().any(|deed| deed.what == What::Noticed(notice.n));
        // Nobody is asked to object to what takes no objections any more; whoever was hears that it stopped.
        let halt = halted(topic).filter(|_| topic.step == Step::Noticing);
        let is_told = posted || halt.is_some() && today.is_halted() || turn.is_some();
        let (no, title, last) = (topic.no, topic.title.as_str().to_owned(), notice.last);
        is_told.then_some(NoticeNews { no, title, last, halt, turn })
    }

    /// 今日表决 — for residents those that bind, from their opening; for whoever looks after them what came of each.
    pub(super) fn votes(&self, scope: &[&TopicDay], for_residents: bool) -> Vec<VoteNews> {
        let deeds = scope.iter().flat_map(|today| today.deeds.iter().map(|deed| (&*today.topic, deed)));
        let news = deeds.filter_map(|(topic, deed)| self.vote_news(topic, deed));
        let is_ours = |news: &VoteNews| match news.news {
            Vote::Opened => for_residents,
            Vote::StrawOpened => false,
            Vote::StrawClosed | Vote::StrawVoided => !for_residents,
            Vote::Voided | Vote::Passed | Vote::Failed | Vote::Extended => true,
        };
        let mut found: Vec<VoteNews> = Vec::new();
        for one in news.filter(is_ours) {
            if !found.contains(&one) {
                found.push(one);
            }
        }
        found
    }

    fn vote_news(&self, topic: &Topic, deed: &Deed) -> Option<VoteNews> {
        let (What::PollOpened(no) | What::PollClosed(no) | What::Extended(no)) = deed.what else { return None };
        let poll = self.world.poll(no)?;
        let title = topic.title.as_str().to_owned();
        let is_closed = matches!(deed.what, What::PollClosed(_));
        let (ran, prolonged) = (self.ran(no).filter(|_| is_closed), self.prolonged(no));
        let news = match deed.what {
            What::Extended(_) if poll.rule.is_vote() && !poll.is_void => Vote::Extended,
            What::Extended(_) => return None,
            what => self.vote(no, matches!(what, What::PollOpened(_)))?,
        };
        let prolonged = prolonged.filter(|_| news == Vote::Extended);
        Some(VoteNews { no: topic.no, title, news, ends: poll.ends, ran, prolonged })
    }

    /// What happened to a vote.
    pub(super) fn vote(&self, no: PollNo, opened: bool) -> Option<Vote> {
        let poll = self.world.poll(no)?;
        Some(match (poll.rule.is_vote(), opened) {
            (true, _) if poll.is_void => Vote::Voided,
            (false, _) if poll.is_void => Vote::StrawVoided,
            (false, true) => Vote::StrawOpened,
            (true, true) => Vote::Opened,
            (false, false) => Vote::StrawClosed,
            (true, false) => match poll.result?.passed {
                Some(true) => Vote::Passed,
                Some(false) => Vote::Failed,
                None => Vote::StrawClosed,
            },
        })
    }

    /// 延长 — from when, and why.
    pub(super) fn prolonged(&self, no: PollNo) -> Option<Prolonged> {
        let extended = self.world.deadline(no).extended?;
        Some(Prolonged { from: extended.from, to: extended.to, why: extended.reason.as_str().to_owned() })
    }

    /// 结果 — what a vote came to, as it was counted.
    pub(super) fn ran(&self, no: PollNo) -> Option<Ran> {
        let poll: Poll = self.world.poll(no).filter(|poll| !poll.is_void)?;
        let counted = poll.result.as_ref()?;
        let (rule, tally) = (poll.rule, &counted.tally);
        let terms = self.world.poll_terms(no).unwrap_or_default();
        let standing = self.world.standing(no).filter(|_| terms.method.is_some());
        let name = |option: &u8| terms.words(*option);
        Some(Ran {
            yes: tally.yes,
            no: tally.no,
            abstain: tally.abstain,
            cast: tally.cast(),
            due: tally.due(rule),
            first: standing.map(|standing| standing.first().iter().map(name).collect()),
            missed: if counted.passed == Some(false) { missed(rule, tally) } else { Vec::new() },
        })
    }
}
