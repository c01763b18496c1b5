//! 周报 — the figures of a week, in fixed lines (digest.md §6).

use crate::domain::history::deed::What;
use crate::domain::history::period::{Span, Window};
use crate::domain::kernel::ids::{SuggestionRef, TopicNo};
use crate::domain::people::group::{Group, GroupKind};
use crate::domain::process::form::Step;
use crate::domain::process::steps::transition;
use crate::figures::desk::{Desk, is_consulted};
use crate::figures::paper::tag_day;
use crate::figures::report::Sheet;
use crate::figures::scope::About;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// 周报.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Weekly {
    /// Monday.
    #[serde(serialize_with = "tag_day")]
    pub first: NaiveDate,
    /// Sunday.
    #[serde(serialize_with = "tag_day")]
    pub last: NaiveDate,
    /// Town; empty = the whole district.
    pub town: String,
    /// The figures.
    pub sheet: Sheet,
    /// 最热建议.
    pub hot: Option<Hottest>,
    /// 下周看点.
    pub ahead: Vec<Ahead>,
}

/// 最热建议 — the one liked most in the week, the earlier of equals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hottest {
    /// Topic.
    pub no: TopicNo,
    /// Its own number.
    pub n: u32,
    /// The text.
    pub text: String,
    /// 赞.
    pub likes: u32,
}

/// 下周看点 — the step a topic comes to next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Ahead {
    /// Topic.
    pub no: TopicNo,
    /// The step.
    pub step: Step,
}

impl Desk<'_> {
    /// 周报 of a group: a town group its town's, everybody else the whole district's.
    pub fn weekly(&mut self, group: &Group, span: &Span, now: DateTime<Utc>) -> Weekly {
        let town = if group.kind == Some(GroupKind::Town) { group.town.clone() } else { String::new() };
        let about = if town.is_empty() { About::District } else { About::Town(town.clone()) };
        let window = span.window(self.settings);
        Weekly {
            first: span.first,
            last: span.last,
            town,
            sheet: self.sheet(window, &about, now),
            hot: self.hottest(window, &about),
            ahead: self.ahead(window, &about),
        }
    }

    fn hottest(&mut self, window: Window, about: &About) -> Option<Hottest> {
        let day = self.day(window);
        let mut likes: BTreeMap<SuggestionRef, u32> = BTreeMap::new();
        for today in day.topics.values().filter(|today| self.counts_topic(about, &today.topic)) {
            for deed in &today.deeds {
                if let What::Liked(suggestion) = deed.what {
                    *likes.entry(suggestion).or_default() += 1;
                }
            }
        }
        let (best, likes) = likes.into_iter().max_by_key(|(suggestion, likes)| (*likes, Reverse(*suggestion)))?;
        let text = self.world.suggestion(best)?.text.as_str().to_owned();
        Some(Hottest { no: best.topic, n: best.n, text, likes })
    }

    fn ahead(&mut self, window: Window, about: &About) -> Vec<Ahead> {
        let topics = self.scoped(about, window);
        let consulted = topics.iter().filter(|topic| is_consulted(topic));
        consulted.map(|topic| Ahead { no: topic.no, step: transition(topic.template, topic.step).to }).collect()
    }
}
