//! 按类 — what the three sentences by kind of consultation tell (digest.md §7): round tables, guests, visits, charity projects.

use crate::domain::about::charity::Charity;
use crate::domain::history::deed::{Deed, What};
use crate::domain::history::duty;
use crate::domain::history::period::Window;
use crate::domain::kernel::ids::{GatheringNo, TopicNo};
use crate::domain::process::form::{Kind, Step};
use crate::domain::talk::gathering_kind::Occasion;
use crate::domain::work::outcome::{Outcome, OutcomeKind};
use crate::figures::desk::{Desk, TopicDay};
use crate::figures::scope::About;
use crate::figures::sums::count;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::BTreeSet;

/// 按类.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ByKind {
    /// 圆桌会 held.
    pub round_tables: u32,
    /// 牵线搭桥型: 化解矛盾.
    pub conflicts: u32,
    /// 智力支持型: guests.
    pub guests: u32,
    /// 智力支持型: topics that entered 解单.
    pub talks: u32,
    /// 智力支持型: topics closed.
    pub closed: u32,
    /// 走访群众, 人次.
    pub visits: u32,
    /// 收集民意 — visits that belong to a request.
    pub gathered: u32,
    /// 微调研, 次.
    pub research: u32,
    /// 爱心项目 carried out: those a topic was closed with, and those registered by themselves.
    pub charity: u32,
}

fn of_kind(outcomes: &[Outcome], kind: OutcomeKind) -> u32 {
    outcomes.iter().filter(|one| one.kind == kind).map(|one| one.n).sum()
}

impl Desk<'_> {
    pub(super) fn by_kind(&mut self, scope: &[&TopicDay], loose: &[&Deed], about: &About, window: Window) -> ByKind {
        let mut kinds = ByKind { round_tables: self.round_tables(scope, loose), ..ByKind::default() };
        for today in scope {
            let (_, outcomes) = self.closed_in(today);
            match today.topic.counts_as() {
                Kind::Bridge => kinds.conflicts += of_kind(&outcomes, OutcomeKind::Conflict),
                Kind::Expertise => {
                    kinds.talks += today.sums.talks;
                    kinds.closed += today.sums.closed;
                }
                Kind::Charity => {}
            }
        }
        kinds.charity = self.charity(scope, about, window);
        kinds
    }

    /// 走访, 微调研.
    pub(super) fn served<'d>(&mut self, kinds: &mut ByKind, deeds: impl Iterator<Item = &'d Deed>, about: &About) {
        for deed in deeds {
            let What::Served(kind, heads) = deed.what else { continue };
            if !deed.by.is_some_and(|by| self.counts_person(about, by, deed.at)) {
                continue;
            }
            match kind {
                duty::Kind::Visit => {
                    kinds.visits = kinds.visits.saturating_add(heads);
                    kinds.gathered += u32::from(deed.topic.is_some());
                }
                duty::Kind::Research => kinds.research += 1,
                _ => {}
            }
        }
    }

    /// 爱心项目 carried out, each on the day on which it first is. What a topic is closed with and the projects that came from it are the
    /// same ones, so that of a topic only what is more counts: months add up to the year, and none is told twice.
    fn charity(&mut self, scope: &[&TopicDay], about: &About, window: Window) -> u32 {
        let all = self.world.charities();
        let is_closing = |today: &&&TopicDay| today.deeds.iter().any(|deed| deed.what == What::Entered(Step::Closed));
        let mut topics: BTreeSet<TopicNo> = scope.iter().filter(is_closing).map(|today| today.topic.no).collect();
        let mut alone = 0;
        for charity in all.iter().filter(|charity| charity.carried.is_some_and(|at| window.holds(at))) {
            match charity.topic.and_then(|no| self.world.topic(no)) {
                Some(topic) if self.owns_topic(about, &topic) => drop(topics.insert(topic.no)),
                Some(_) => {}
                None => alone += u32::from(self.counts_charity(about, charity)),
            }
        }
        topics.into_iter().fold(alone, |sum, no| sum + self.charity_of(no, &all, window))
    }

    /// By how many the projects of one topic became more in a window.
    fn charity_of(&self, no: TopicNo, all: &[Charity], window: Window) -> u32 {
        let closings = self.world.closures(no).into_iter();
        let closed = closings.map(|closure| (closure.at, of_kind(&closure.outcomes, OutcomeKind::Charity)));
        let own = all.iter().filter(|charity| charity.topic == Some(no)).filter_map(|charity| charity.carried);
        // Together the most that were closed with at once, or so many as are entered.
        let mut events: Vec<(DateTime<Utc>, Option<u32>)> = closed.map(|(at, n)| (at, Some(n))).collect();
        events.extend(own.map(|at| (at, None)));
        events.sort_unstable();
        let (mut entered, mut most, mut known, mut more) = (0_u32, 0_u32, 0_u32, 0_u32);
        for (at, closed) in events {
            match closed {
                Some(n) => most = most.max(n),
                None => entered += 1,
            }
            let now = entered.max(most);
            more += if window.holds(at) { now - known } else { 0 };
            known = now;
        }
        more
    }

    /// Of a project that came from no topic.
    fn counts_charity(&mut self, about: &About, charity: &Charity) -> bool {
        let at = charity.carried.unwrap_or(charity.at);
        match about {
            About::District => true,
            About::Town(town) => self.person_then(charity.by, at).town == *town,
            About::Kind(kind) => *kind == Kind::Charity,
            About::Campaign { .. } => false,
            About::Sector(_) | About::Side(_) | About::Tag(_) => self.counts_person(about, charity.by, at),
        }
    }

    /// 圆桌会 somebody signed in at, or of which minutes were filed.
    fn round_tables(&self, scope: &[&TopicDay], loose: &[&Deed]) -> u32 {
        let deeds = scope.iter().flat_map(|today| &today.deeds).chain(loose.iter().copied());
        let held: BTreeSet<GatheringNo> = deeds
            .filter_map(|deed| match deed.what {
                What::Attended(no, _) | What::Minuted(no) => Some(no),
                _ => None,
            })
            .collect();
        let is_one = |no: &&GatheringNo| {
            self.world.gathering(**no).is_some_and(|one| Occasion::of(one.name.as_str()).is_round_table())
        };
        count(held.iter().filter(is_one).count())
    }
}
