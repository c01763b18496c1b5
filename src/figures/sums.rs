//! 统计口径 — every sum of a digest, page and report sentence comes out of [`figures`] (digest.md §8).

use crate::domain::history::deed::{Deed, What};
use crate::domain::kernel::ids::{PersonId, SuggestionRef, TaskNo};
use crate::domain::kernel::world::World;
use crate::domain::process::form::Step;
use crate::domain::process::topic::{Halt, Topic};
use crate::domain::talk::suggestion::{Reply, Suggestion};
use crate::domain::work::task::Grade;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;

/// Sums over deeds. Those of the topics one by one add up to those of all, and those of days to those of weeks and years: save for
/// gatherings, which count once in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Figures {
    /// 点单.
    pub ordered: u32,
    /// 买单.
    pub taken: u32,
    /// 解单 — entered ②恳谈.
    pub talks: u32,
    /// 查单.
    pub tracked: u32,
    /// 办结.
    pub closed: u32,
    /// 建议.
    pub suggestions: u32,
    /// 跟帖.
    pub replies: u32,
    /// 点赞.
    pub likes: u32,
    /// 附议.
    pub seconds: u32,
    /// Suggestions whose fate was settled: judged, or the topic closed without.
    pub settled: u32,
    /// 采纳 — those of them adopted, in full or in part.
    pub adopted: u32,
    /// 活动 — gatherings somebody signed in at.
    pub gatherings: u32,
    /// 签到, people.
    pub attended: u32,
    /// 交办.
    pub assigned: u32,
    /// Tasks rated, each once, by the rating that stands.
    pub rated: u32,
    /// Those rated 满意 or 基本满意.
    pub satisfied: u32,
    /// 社情民意 received.
    pub briefs: u32,
}

impl AddAssign for Figures {
    fn add_assign(&mut self, more: Self) {
        self.ordered += more.ordered;
        self.taken += more.taken;
        self.talks += more.talks;
        self.tracked += more.tracked;
        self.closed += more.closed;
        self.suggestions += more.suggestions;
        self.replies += more.replies;
        self.likes += more.likes;
        self.seconds += more.seconds;
        self.settled += more.settled;
        self.adopted += more.adopted;
        self.gatherings += more.gatherings;
        self.attended += more.attended;
        self.assigned += more.assigned;
        self.rated += more.rated;
        self.satisfied += more.satisfied;
        self.briefs += more.briefs;
    }
}

impl Figures {
    /// 跟帖建议、点赞互动 — how often people spoke, liked and seconded.
    #[must_use]
    pub fn interaction(&self) -> u32 {
        self.suggestions + self.replies + self.likes + self.seconds
    }

    /// 采纳率, in per cent.
    #[must_use]
    pub fn adoption_rate(&self) -> Option<u32> {
        rate(self.adopted, self.settled)
    }

    /// 满意率, in per cent.
    #[must_use]
    pub fn satisfaction_rate(&self) -> Option<u32> {
        rate(self.satisfied, self.rated)
    }

    /// 办结率, in per cent: it passes a hundred where old topics are closed.
    #[must_use]
    pub fn closing_rate(&self) -> Option<u32> {
        rate(self.closed, self.ordered)
    }

    fn enter(&mut self, step: Step) {
        match step {
            Step::Ordered => self.ordered += 1,
            Step::Taken => self.taken += 1,
            Step::Talking => self.talks += 1,
            Step::Tracking => self.tracked += 1,
            Step::Closed => self.closed += 1,
            Step::Planning | Step::Noticing | Step::Reviewing | Step::Voting => {}
        }
    }
}

/// Per cent, halves rounded up; of nothing there is no rate.
#[must_use]
pub fn rate(part: u32, whole: u32) -> Option<u32> {
    let (part, whole) = (u64::from(part), u64::from(whole));
    (whole > 0).then(|| u32::try_from((200 * part + whole) / (2 * whole)).unwrap_or(u32::MAX))
}

/// The sums over deeds of one topic that count (see [`Thread::counts`]), or, with an empty thread, of none. A topic counts in the
/// window in which it entered a step for the first time, a judgement or rating in that of the one that stands.
pub fn figures<'d>(thread: &Thread, deeds: impl IntoIterator<Item = &'d Deed>) -> Figures {
    let mut sums = Figures::default();
    let mut gatherings = BTreeSet::new();
    for deed in deeds {
        match deed.what {
            What::Entered(step) => {
                if thread.first.get(&step) == Some(&deed.seq) && !(thread.merged && step == Step::Ordered) {
                    sums.enter(step);
                }
                if thread.closes(deed) {
                    sums.settled += count(thread.unjudged.len());
                }
            }
            What::Suggested(_) => sums.suggestions += 1,
            What::Replied(..) => sums.replies += 1,
            What::Liked(_) => sums.likes += 1,
            What::Seconded => sums.seconds += 1,
            What::Judged(suggestion, adopted) => {
                if thread.stands(deed, suggestion) {
                    sums.settled += 1;
                    sums.adopted += u32::from(adopted);
                }
            }
            What::Attended(no, n) => {
                gatherings.insert(no);
                sums.attended += n;
            }
            What::Assigned(_) => sums.assigned += 1,
            What::Rated(task, grade) => {
                if thread.rated.get(&task) == Some(&deed.seq) {
                    sums.rated += 1;
                    sums.satisfied += u32::from(grade != Grade::Bad);
                }
            }
            What::Briefed(_) => sums.briefs += 1,
            What::Called(_)
            | What::Rearranged(_)
            | What::Minuted(_)
            | What::PollOpened(_)
            | What::PollClosed(_)
            | What::HandedIn(_)
            | What::Planned(_)
            | What::Noticed(_)
            | What::Objected(_)
            | What::Answered(_)
            | What::Reviewed
            | What::Pacted(_)
            | What::Acked(_)
            | What::Worked(_)
            | What::Returned(_)
            | What::Forced(_)
            | What::Urged(_)
            | What::Served(..)
            | What::Done(_)
            | What::Lit(..)
            | What::Adopted(..)
            | What::Brief(_)
            | What::Invited
            | What::Halted(_)
            | What::Registered(_)
            | What::Account(..) => {}
        }
    }
    sums.gatherings = count(gatherings.len());
    sums
}

/// A length as it stands in a figure.
pub(super) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// 动态 — whether a deed makes a digest worth sending (digest.md §1): 点赞, 附议 and what is merely entered do not.
#[must_use]
pub fn is_news(what: What) -> bool {
    match what {
        What::Entered(_)
        | What::Suggested(_)
        | What::Replied(..)
        | What::Called(_)
        | What::Rearranged(_)
        | What::Attended(..)
        | What::Minuted(_)
        | What::PollOpened(_)
        | What::PollClosed(_)
        | What::Planned(_)
        | What::Judged(..)
        | What::Noticed(_)
        | What::Objected(_)
        | What::Answered(_)
        | What::Reviewed
        | What::Pacted(_)
        | What::Assigned(_)
        | What::Acked(_)
        | What::Worked(_)
        | What::Returned(_)
        | What::Forced(_)
        | What::Urged(_)
        | What::Done(_)
        | What::Rated(..)
        | What::Lit(_, true)
        | What::Adopted(..)
        | What::Briefed(_)
        | What::Halted(Halt::Ended | Halt::Merged(_)) => true,
        What::Seconded
        | What::Liked(_)
        | What::HandedIn(_)
        | What::Registered(_)
        | What::Account(..)
        | What::Brief(_)
        | What::Served(..)
        | What::Invited
        | What::Halted(Halt::Paused)
        | What::Lit(_, false) => false,
    }
}

/// What was said on a topic and stands, read once.
#[derive(Debug, Clone, Default)]
pub struct Thread {
    suggestions: BTreeSet<u32>,
    replies: BTreeSet<(u32, u32)>,
    objections: BTreeSet<u32>,
    /// The record by which it first entered each step.
    first: BTreeMap<Step, u64>,
    /// The record of the judgement of each suggestion that stands.
    judged: BTreeMap<u32, u64>,
    /// The record of the rating of each task that stands.
    rated: BTreeMap<TaskNo, u64>,
    /// Whose suggestions nobody has judged, and when they were said.
    unjudged: Vec<(PersonId, DateTime<Utc>)>,
    /// When it was closed, if it is.
    closed_at: Option<DateTime<Utc>>,
    /// 并案: it never was a request of its own.
    merged: bool,
    /// 热议 — the suggestion most liked, the earlier of equals; none without a like.
    pub hot: Option<Suggestion>,
    /// 不同声音 — the latest of what speaks against it.
    pub dissent: Option<String>,
}

impl Thread {
    /// Reads the thread of a topic.
    #[must_use]
    pub fn read(world: &World<'_>, topic: &Topic) -> Self {
        let closed_at = (topic.step == Step::Closed).then_some(topic.since);
        let merged = matches!(topic.halt, Some(Halt::Merged(_)));
        let topic = topic.no;
        let (first, judged) = (world.first_entered(topic), world.judgements(topic));
        let rated = world.tasks(topic).iter().filter_map(|task| Some((task.no, task.rated?))).collect();
        let mut thread = Self { closed_at, merged, first, judged, rated, ..Self::default() };
        let mut latest: Option<DateTime<Utc>> = None;
        let mut hear = |at: DateTime<Utc>, text: &str| {
            if latest.is_none_or(|known| at >= known) && speaks_against(text) {
                latest = Some(at);
                thread.dissent = Some(text.to_owned());
            }
        };
        world.suggestions(topic, |suggestion| {
            thread.suggestions.insert(suggestion.reference.n);
            if suggestion.verdict.is_none() {
                thread.unjudged.push((suggestion.author, suggestion.at));
            }
            hear(suggestion.at, suggestion.text.as_str());
            if suggestion.likes > thread.hot.as_ref().map_or(0, |hot| hot.likes) {
                thread.hot = Some(suggestion);
            }
        });
        world.replies(topic, |reply: Reply| {
            thread.replies.insert((reply.to.n, reply.n));
            hear(reply.at, reply.text.as_str());
        });
        for objection in world.objections(topic) {
            thread.objections.insert(objection.reference.n);
            hear(objection.at, objection.text.as_str());
        }
        thread
    }

    /// The same, with only what some people left unjudged.
    #[must_use]
    pub fn of(&self, mut counts: impl FnMut((PersonId, DateTime<Utc>)) -> bool) -> Self {
        let mut own = self.clone();
        own.unjudged.retain(|&author| counts(author));
        own
    }

    /// Whether this is the closing that stands.
    #[must_use]
    pub fn closes(&self, deed: &Deed) -> bool {
        deed.what == What::Entered(Step::Closed) && self.closed_at == Some(deed.at)
    }

    /// Whether this is the judgement of a suggestion that stands.
    #[must_use]
    pub fn stands(&self, deed: &Deed, suggestion: SuggestionRef) -> bool {
        self.judged.get(&suggestion.n) == Some(&deed.seq)
    }

    /// Whether a deed on this topic counts: what was taken back does not, nor do likes of it and replies to it.
    #[must_use]
    pub fn counts(&self, what: What) -> bool {
        let stands = |reference: SuggestionRef| self.suggestions.contains(&reference.n);
        match what {
            What::Suggested(reference) | What::Liked(reference) => stands(reference),
            What::Replied(to, n) => self.replies.contains(&(to.n, n)),
            What::Judged(reference, _) => stands(reference),
            What::Objected(reference) | What::Answered(reference) => self.objections.contains(&reference.n),
            _ => true,
        }
    }
}

/// 不同意、反对、不赞成; “不反对”“没反对” apart (digest.md §2.2).
fn speaks_against(text: &str) -> bool {
    const AGAINST: [&str; 9] =
        ["不同意", "反对", "反對", "不赞成", "不贊成", "against it", "against this", "disagree", "i oppose"];
    const NOT_SO: [&str; 11] = [
        "不反对",
        "没反对",
        "不反對",
        "沒反對",
        "not against it",
        "not against this",
        "nothing against it",
        "nothing against this",
        "not disagree",
        "n't disagree",
        "nobody is against it",
    ];
    let plain = text.to_lowercase().replace('’', "'");
    let rest = NOT_SO.iter().fold(plain, |rest, words| rest.replace(words, ""));
    AGAINST.iter().any(|word| rest.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_rounded_and_there_is_none_of_nothing() {
        for (part, whole, want) in
            [(3, 5, Some(60)), (1, 3, Some(33)), (2, 3, Some(67)), (1, 8, Some(13)), (0, 0, None)]
        {
            assert_eq!(rate(part, whole), want, "{part}/{whole}");
        }
        assert_eq!(rate(u32::MAX, 1), Some(u32::MAX));
    }

    #[test]
    fn hears_dissent() {
        for (text, want) in [
            ("我不同意", true),
            ("反对！", true),
            ("不赞成这样", true),
            ("我不反对", false),
            ("没反对过", false),
            ("不反对装，但反对现在装", true),
            ("I am against it", true),
            ("I’m not against it", false),
            ("I disagree.", true),
            ("I don’t disagree", false),
            ("against the wall there is room", false),
            ("我反對", true),
            ("同意", false),
            ("", false),
        ] {
            assert_eq!(speaks_against(text), want, "{text}");
        }
    }
}
