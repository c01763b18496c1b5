//! 统计口径 — every sum of a digest, page and report sentence comes out of [`figures`] (digest.md §8).

use crate::domain::history::deed::{Deed, What};
use crate::domain::history::index::Judgements;
use crate::domain::kernel::ids::{PersonId, SuggestionRef, TopicNo};
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::world::World;
use crate::domain::process::form::Step;
use crate::domain::process::halt::second_key;
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
    /// Suggestions whose fate was settled for the first time: judged, or the topic closed without.
    pub settled: u32,
    /// 采纳 — suggestions that became adopted, in full or in part, less those that no longer are: below nothing where a window holds
    /// only the latter.
    pub adopted: i32,
    /// 活动 — gatherings somebody signed in at.
    pub gatherings: u32,
    /// 签到, people.
    pub attended: u32,
    /// 交办.
    pub assigned: u32,
    /// 评价 of tasks, each at its time: a task that was done again is rated again.
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
        // What was settled earlier may be adopted here, or be so no longer.
        rate(u32::try_from(self.adopted).unwrap_or(0), self.settled).map(|rate| rate.min(100))
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

/// The sums over deeds of one topic that count (see [`Thread::counts`]), or, with an empty thread, of none. Everything counts at its
/// time and is not taken out of it by what comes later: a topic in the window in which it entered a step for the first time, a
/// suggestion in that in which it was first settled, a judgement that turns it or a rating in its own. So months add up to the year,
/// and what was posted of a day is what is told of it ever after.
#[allow(clippy::too_many_lines, reason = "one arm a kind of deed")]
pub fn figures<'d>(thread: &Thread, deeds: impl IntoIterator<Item = &'d Deed>) -> Figures {
    let mut sums = Figures::default();
    let mut gatherings = BTreeSet::new();
    for deed in deeds {
        match deed.what {
            What::Entered(step) => {
                if thread.first.get(&step) == Some(&deed.seq)
                    && !(step == Step::Ordered && thread.joined.is_untold(deed.at))
                {
                    sums.enter(step);
                }
                if step == Step::Closed {
                    sums.settled += count(thread.unjudged.iter().filter(|one| one.closing == deed.seq).count());
                }
            }
            What::Suggested(_) => sums.suggestions += 1,
            What::Replied(..) => sums.replies += 1,
            What::Liked(_) => sums.likes += 1,
            What::Seconded => {
                let is_double =
                    thread.joined.is_untold(deed.at) && deed.by.is_some_and(|by| thread.joined.people.contains(&by));
                sums.seconds += u32::from(!is_double);
            }
            What::Judged(suggestion, adopted) => {
                sums.settled += u32::from(thread.settles(deed, suggestion));
                sums.adopted += thread.turn(deed, suggestion, adopted);
            }
            What::Attended(no, n) => {
                gatherings.insert(no);
                sums.attended += n;
            }
            What::Assigned(_) => sums.assigned += 1,
            What::Rated(_, grade) => {
                sums.rated += 1;
                sums.satisfied += u32::from(grade != Grade::Bad);
            }
            What::Briefed(_) => sums.briefs += 1,
            What::Called(_)
            | What::Rearranged(_)
            | What::Rolled(_)
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
            | What::Led(_)
            | What::Extended(_)
            | What::Resumed
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
        | What::Rolled(_)
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
        | What::Led(_)
        | What::Extended(_)
        | What::Resumed
        | What::Halted(_) => true,
        What::Seconded
        | What::Liked(_)
        | What::HandedIn(_)
        | What::Registered(_)
        | What::Account(..)
        | What::Brief(_)
        | What::Served(..)
        | What::Invited
        | What::Lit(_, false) => false,
    }
}

/// A suggestion nobody had judged when its topic was closed for the first time after it.
#[derive(Debug, Clone, Copy)]
struct Unjudged {
    author: PersonId,
    at: DateTime<Utc>,
    /// The record of the closing.
    closing: u64,
}

/// The closings that settle what was said on a topic, by record: its own, and from when it was merged those of what it goes on as.
fn closings_of(world: &World<'_>, no: TopicNo) -> Vec<(TopicNo, u64)> {
    let own = |of: TopicNo| world.closures(of).into_iter().map(move |closure| (of, closure));
    let mut found: Vec<(TopicNo, u64)> = own(no).map(|(of, closure)| (of, closure.seq)).collect();
    let mut since = world.topic(no).and_then(|topic| topic.halted_at);
    for next in world.goes_on_as(no) {
        let later = own(next).filter(|(_, closure)| since.is_none_or(|since| closure.at >= since));
        found.extend(later.map(|(of, closure)| (of, closure.seq)));
        since = since.max(world.topic(next).and_then(|topic| topic.halted_at));
    }
    found.sort_unstable_by_key(|(_, seq)| *seq);
    found
}

/// 并案 in time — a topic that was merged before any paper told of it.
#[derive(Debug, Clone, Default)]
struct Joined {
    /// What was said of it since then was in no paper; none, where it was not merged.
    since: Option<DateTime<Utc>>,
    /// Who has seconded, or asked for, what it went on as.
    people: BTreeSet<PersonId>,
}

impl Joined {
    fn read(world: &World<'_>, settings: &Settings, topic: &Topic) -> Self {
        let Some((Halt::Merged(into), at)) = topic.halt.zip(topic.halted_at) else { return Self::default() };
        let is_earlier =
            |no: &TopicNo| world.topic(*no).and_then(|other| other.halted_at).is_some_and(|then| then < at);
        let mut others: Vec<TopicNo> = world.merged(into).into_iter().filter(is_earlier).collect();
        others.push(into);
        let mut people: BTreeSet<PersonId> = world.topic(into).map(|other| other.proposer).into_iter().collect();
        world.seconds_of(topic.no, |person| {
            if others.iter().any(|no| world.has(&second_key(*no, person))) {
                people.insert(person);
            }
        });
        Self { since: Some(settings.paper_before(at)), people }
    }

    /// Whether what happened at a moment was told by no paper before it was merged.
    fn is_untold(&self, at: DateTime<Utc>) -> bool {
        self.since.is_some_and(|since| since <= at)
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
    /// The judgements of each suggestion.
    judged: BTreeMap<u32, Judgements>,
    /// Suggestions whose fate a closing settled.
    unjudged: Vec<Unjudged>,
    /// Those of its own suggestions that any closing had settled.
    closed_over: BTreeSet<u32>,
    /// 并案 before any paper told of it: it never was a request of its own, nor a second of somebody who had seconded the other. What a
    /// paper has told stays told.
    joined: Joined,
    /// 热议 — the suggestion most liked, the earlier of equals; none without a like.
    pub hot: Option<Suggestion>,
    /// 不同声音 — the latest of what speaks against it.
    pub dissent: Option<String>,
}

impl Thread {
    /// Reads the thread of a topic.
    #[must_use]
    pub fn read(world: &World<'_>, settings: &Settings, topic: &Topic) -> Self {
        let (first, judged) = (world.first_entered(topic.no), world.judgements(topic.no));
        let joined = Joined::read(world, settings, topic);
        let mut thread = Self { joined, first, judged, ..Self::default() };
        // What went on as it is said, liked and settled here, under its own numbers; it counts as its own.
        let mut latest: Option<DateTime<Utc>> = None;
        for no in world.whole_of(topic.no) {
            let is_own = no == topic.no;
            thread.settled_by_closings(world, no, topic.no);
            world.suggestions(no, |suggestion| {
                if is_own {
                    thread.suggestions.insert(suggestion.reference.n);
                }
                thread.hear(&mut latest, suggestion.at, suggestion.text.as_str());
                if suggestion.likes > thread.hot.as_ref().map_or(0, |hot| hot.likes) {
                    thread.hot = Some(suggestion);
                }
            });
            world.replies(no, |reply: Reply| {
                if is_own {
                    thread.replies.insert((reply.to.n, reply.n));
                }
                thread.hear(&mut latest, reply.at, reply.text.as_str());
            });
            for objection in world.objections(no) {
                if is_own {
                    thread.objections.insert(objection.reference.n);
                }
                thread.hear(&mut latest, objection.at, objection.text.as_str());
            }
        }
        thread
    }

    /// 不同声音 — the latest that speaks against it.
    fn hear(&mut self, latest: &mut Option<DateTime<Utc>>, at: DateTime<Utc>, text: &str) {
        if latest.is_none_or(|known| at >= known) && speaks_against(text) {
            *latest = Some(at);
            self.dissent = Some(text.to_owned());
        }
    }

    /// Suggestions of a topic that nobody had judged when it, or what it goes on as, was closed: they are settled by that closing, and
    /// count with the topic that was closed.
    fn settled_by_closings(&mut self, world: &World<'_>, no: TopicNo, closed: TopicNo) {
        let closings = closings_of(world, no);
        if closings.is_empty() {
            return;
        }
        let judged = world.judgements(no);
        world.suggestions(no, |one| {
            let first = judged.get(&one.reference.n).and_then(|all| all.first()).map(|(seq, _)| *seq);
            let by = closings.iter().find(|(_, seq)| *seq > one.seq);
            let Some((of, seq)) = by.filter(|(_, seq)| first.is_none_or(|first| *seq < first)) else { return };
            if no == closed {
                self.closed_over.insert(one.reference.n);
            }
            if *of == closed {
                self.unjudged.push(Unjudged { author: one.author, at: one.at, closing: *seq });
            }
        });
    }

    /// The same, with only what some people left unjudged.
    #[must_use]
    pub fn of(&self, mut counts: impl FnMut((PersonId, DateTime<Utc>)) -> bool) -> Self {
        let mut own = self.clone();
        own.unjudged.retain(|one| counts((one.author, one.at)));
        own
    }

    /// Whether this is the first closing of the topic.
    #[must_use]
    pub fn closes(&self, deed: &Deed) -> bool {
        deed.what == What::Entered(Step::Closed) && self.first.get(&Step::Closed) == Some(&deed.seq)
    }

    /// Whether this judgement settles what becomes of a suggestion, which nothing had settled before.
    fn settles(&self, deed: &Deed, suggestion: SuggestionRef) -> bool {
        let first = self.judged.get(&suggestion.n).and_then(|all| all.first());
        first.is_some_and(|(seq, _)| *seq == deed.seq) && !self.closed_over.contains(&suggestion.n)
    }

    /// By how many the adopted ones become more by a judgement: a second of the same kind changes nothing.
    fn turn(&self, deed: &Deed, suggestion: SuggestionRef, adopted: bool) -> i32 {
        let before = self.judged.get(&suggestion.n).into_iter().flatten().take_while(|(seq, _)| *seq < deed.seq).last();
        i32::from(adopted) - i32::from(before.is_some_and(|(_, adopted)| *adopted))
    }

    /// Whether this is the judgement of a suggestion that stands.
    #[must_use]
    pub fn stands(&self, deed: &Deed, suggestion: SuggestionRef) -> bool {
        self.judged.get(&suggestion.n).and_then(|all| all.last()).is_some_and(|(seq, _)| *seq == deed.seq)
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
