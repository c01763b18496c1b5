//! 按类 — what the three sentences by kind of consultation tell (digest.md §7): round tables, guests, visits, charity projects.

use crate::domain::about::charity::{Charity, Progress};
use crate::domain::history::deed::{Deed, What};
use crate::domain::history::duty;
use crate::domain::history::period::Window;
use crate::domain::kernel::ids::{GatheringNo, TopicNo};
use crate::domain::process::form::Kind;
use crate::domain::talk::gathering_kind::Occasion;
use crate::domain::work::outcome::{Outcome, OutcomeKind};
use crate::figures::desk::{Desk, TopicDay};
use crate::figures::scope::About;
use crate::figures::sums::count;
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
        let mut counted = BTreeSet::new();
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
            let charity = of_kind(&outcomes, OutcomeKind::Charity);
            if charity > 0 {
                counted.insert(today.topic.no);
            }
            kinds.charity += charity;
        }
        kinds.charity += self.charities(about, window, &counted);
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

    /// Projects registered in the window and carried out, save those a topic was closed with: these are counted there.
    fn charities(&mut self, about: &About, window: Window, counted: &BTreeSet<TopicNo>) -> u32 {
        let all = self.world.charities();
        let registered = all.iter().filter(|charity| window.holds(charity.at) && charity.progress != Progress::Planned);
        let alone = registered.filter(|charity| charity.topic.is_none_or(|topic| !counted.contains(&topic)));
        count(alone.filter(|charity| self.counts_charity(about, charity)).count())
    }

    fn counts_charity(&mut self, about: &About, charity: &Charity) -> bool {
        let topic = charity.topic.and_then(|no| self.world.topic(no));
        match (about, topic) {
            (About::District, _) => true,
            (_, Some(topic)) => self.owns_topic(about, &topic),
            (About::Town(town), None) => self.person_then(charity.by, charity.at).town == *town,
            (About::Kind(kind), None) => *kind == Kind::Charity,
            (About::Campaign { .. }, None) => false,
            (_, None) => self.counts_person(about, charity.by, charity.at),
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
