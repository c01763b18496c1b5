//! 统计口径 — every sum of a digest, page and report sentence comes out of [`figures`] (digest.md §8).

use crate::domain::deed::{Deed, What};
use crate::domain::ids::{SuggestionRef, TopicNo};
use crate::domain::suggestion::{Reply, Suggestion};
use crate::domain::topic::Step;
use crate::domain::world::World;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::BTreeSet;
use std::ops::AddAssign;

/// Sums over deeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Figures {
    /// 点单.
    pub ordered: u32,
    /// 买单.
    pub taken: u32,
    /// 解单 — entered ②恳谈.
    pub talks: u32,
    /// 建议.
    pub suggestions: u32,
    /// 跟帖.
    pub replies: u32,
    /// 点赞.
    pub likes: u32,
    /// 附议.
    pub seconds: u32,
    /// 办结.
    pub closed: u32,
    /// 签到, people.
    pub attended: u32,
    /// 社情民意 received.
    pub briefs: u32,
}

impl AddAssign for Figures {
    fn add_assign(&mut self, more: Self) {
        self.ordered += more.ordered;
        self.taken += more.taken;
        self.talks += more.talks;
        self.suggestions += more.suggestions;
        self.replies += more.replies;
        self.likes += more.likes;
        self.seconds += more.seconds;
        self.closed += more.closed;
        self.attended += more.attended;
        self.briefs += more.briefs;
    }
}

/// The sums over deeds that count (see [`Thread::counts`]). A topic counts once for each step it enters. Sums over the topics one
/// by one add up to the sum over all.
pub fn figures<'d>(deeds: impl IntoIterator<Item = &'d Deed>) -> Figures {
    let mut sums = Figures::default();
    let mut entered = BTreeSet::new();
    for deed in deeds {
        match deed.what {
            What::Entered(step) => {
                if entered.insert((deed.topic, step)) {
                    match step {
                        Step::Ordered => sums.ordered += 1,
                        Step::Taken => sums.taken += 1,
                        Step::Talking => sums.talks += 1,
                        Step::Closed => sums.closed += 1,
                        Step::Planning | Step::Noticing | Step::Reviewing | Step::Voting | Step::Tracking => {}
                    }
                }
            }
            What::Suggested(_) => sums.suggestions += 1,
            What::Replied(..) => sums.replies += 1,
            What::Liked(_) => sums.likes += 1,
            What::Seconded => sums.seconds += 1,
            What::Attended(_, n) => sums.attended += n,
            What::Briefed(_) => sums.briefs += 1,
            What::Called(_)
            | What::Minuted(_)
            | What::PollOpened(_)
            | What::PollClosed(_)
            | What::HandedIn(_)
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
            | What::Served(..)
            | What::Done(_)
            | What::Rated(..)
            | What::Lit(..)
            | What::Adopted(..)
            | What::Brief(_)
            | What::Registered(_) => {}
        }
    }
    sums
}

/// 动态 — whether a deed makes a digest worth sending (digest.md §1): 点赞, 附议 and what is merely entered do not.
#[must_use]
pub fn is_news(what: What) -> bool {
    match what {
        What::Entered(_)
        | What::Suggested(_)
        | What::Replied(..)
        | What::Called(_)
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
        | What::Briefed(_) => true,
        What::Seconded
        | What::Liked(_)
        | What::HandedIn(_)
        | What::Registered(_)
        | What::Brief(_)
        | What::Served(..)
        | What::Lit(_, false) => false,
    }
}

/// What was said on a topic and stands, read once.
#[derive(Debug, Default)]
pub struct Thread {
    suggestions: BTreeSet<u32>,
    replies: BTreeSet<(u32, u32)>,
    objections: BTreeSet<u32>,
    /// 热议 — the suggestion most liked, the earlier of equals; none without a like.
    pub hot: Option<Suggestion>,
    /// 不同声音 — the latest of what speaks against it.
    pub dissent: Option<String>,
}

impl Thread {
    /// Reads the thread of a topic.
    #[must_use]
    pub fn read(world: &World<'_>, topic: TopicNo) -> Self {
        let mut thread = Self::default();
        let mut latest: Option<DateTime<Utc>> = None;
        let mut hear = |at: DateTime<Utc>, text: &str| {
            if latest.is_none_or(|known| at >= known) && speaks_against(text) {
                latest = Some(at);
                thread.dissent = Some(text.to_owned());
            }
        };
        world.suggestions(topic, |suggestion| {
            thread.suggestions.insert(suggestion.reference.n);
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

    /// Whether a deed on this topic counts: what was taken back does not, nor do likes of it.
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
    let has = |text: &str| ["不同意", "反对", "不赞成"].iter().any(|word| text.contains(word));
    has(text) && has(&text.replace("不反对", "").replace("没反对", ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hears_dissent() {
        for (text, want) in [
            ("我不同意", true),
            ("反对！", true),
            ("不赞成这样", true),
            ("我不反对", false),
            ("没反对过", false),
            ("不反对装，但反对现在装", true),
            ("同意", false),
            ("", false),
        ] {
            assert_eq!(speaks_against(text), want, "{text}");
        }
    }
}
