//! 统计、汇报 — every figure of digest.md §8 over any window, of the whole district or of one town, sector, side, kind or campaign.

use crate::domain::about::tier::Tier;
use crate::domain::history::briefs;
use crate::domain::history::deed::{Deed, What};
use crate::domain::history::index::LIVELY;
use crate::domain::history::period::{Span, Stretch, Window};
use crate::domain::intake::station::Station;
use crate::domain::kernel::ids::{PersonId, StationId, TaskNo, TopicNo};
use crate::domain::people::person::Side;
use crate::domain::process::form::{Kind, Step};
use crate::domain::process::topic::Topic;
use crate::domain::work::outcome::{self, Account, Outcome, OutcomeKind};
use crate::domain::work::task::Light;
use crate::figures::desk::{Desk, RED_AFTER_HOURS, TopicDay};
use crate::figures::hindsight::Lit;
use crate::figures::kinds::ByKind;
use crate::figures::paper::{Yield, tag_day};
use crate::figures::people::{Participation, SideCount};
use crate::figures::scope::About;
use crate::figures::sums::{Figures, count, rate};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// How the days and the range of a summary are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Heading {
    /// What the days are called.
    pub stretch: Stretch,
    /// The first.
    #[serde(serialize_with = "tag_day")]
    pub first: NaiveDate,
    /// The last.
    #[serde(serialize_with = "tag_day")]
    pub last: NaiveDate,
    /// Today lies in them.
    pub current: bool,
    /// They lie in one year, which is the present one or goes without saying.
    pub yearless: bool,
    /// Town or sector; empty = none.
    pub name: String,
    /// Term of the side or kind.
    pub term: Option<&'static str>,
}

/// 建起来, 用起来, 活起来.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Used {
    /// Registered.
    pub registered: u32,
    /// Those somebody did something in.
    pub used: u32,
    /// Those three people did something in.
    pub lively: u32,
}

/// 统计表 — the figures of one window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sheet {
    /// The sums.
    pub sums: Figures,
    /// 跟帖建议、点赞互动.
    pub interaction: u32,
    /// 采纳率, per cent.
    pub adoption_rate: Option<u32>,
    /// 满意率, per cent.
    pub satisfaction_rate: Option<u32>,
    /// 办结率, per cent.
    pub closing_rate: Option<u32>,
    /// 平均历时, days.
    pub days: Option<u32>,
    /// 委员参与.
    pub members: Participation,
    /// 五方到场.
    pub present: Vec<SideCount>,
    /// 首次发言.
    pub first_words: u32,
    /// 由反对转为赞成, households.
    pub turned: u32,
    /// 成果, kinds of which there are some.
    pub outcomes: Vec<Yield>,
    /// 建言: 采用, 提案吸收办理, 批示 …
    pub briefs: briefs::Sums,
    /// Consultations by 层级 other than 微协商, those of which there are some.
    pub tiers: Vec<Counted>,
    /// 微协商次数.
    pub micro: u32,
    /// 就地办结, per cent: of what was closed what never rose above 微协商.
    pub local_rate: Option<u32>,
    /// 群众点单, per cent of what was asked for.
    pub resident_rate: Option<u32>,
    /// 点单到买单, hours on the average.
    pub hours_to_take: Option<u32>,
    /// 按类.
    pub kinds: ByKind,
    /// Whether there is anything that the first sentence of a report does not tell.
    pub has_more: bool,
    /// 办件红灯, at the end of the window.
    pub red: Vec<TaskNo>,
    /// 办件黄灯.
    pub yellow: Vec<TaskNo>,
    /// 待买单红灯.
    pub waiting: Vec<TopicNo>,
    /// Groups; only of the whole district.
    pub groups: Option<Used>,
    /// Stations; only of the whole district, where there are some.
    pub stations: Option<Used>,
}

/// So many of something named by a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// Term.
    pub term: &'static str,
    /// How many.
    pub n: u32,
}

/// 协商计划 — one level of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Planned {
    /// Term of the level.
    pub term: &'static str,
    /// Done so far.
    pub done: u32,
    /// Planned; 0 = nothing was planned.
    pub planned: u32,
}

/// 统计, 汇报, 月报.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Whose days.
    pub heading: Heading,
    /// 月报.
    pub monthly: bool,
    /// Sentences instead of a sheet.
    pub sentences: bool,
    /// The figures.
    pub sheet: Sheet,
    /// 协商计划 of the year, where one was made.
    pub plan: Vec<Planned>,
}

impl Desk<'_> {
    /// 统计, 汇报.
    pub fn summary(&mut self, span: &Span, about: &About, now: DateTime<Utc>, sentences: bool) -> Summary {
        let sheet = self.sheet(span.window(self.settings), about, now);
        let plan = if *about == About::District { self.plan(span) } else { Vec::new() };
        Summary { heading: self.heading(span, about, now), monthly: false, sentences, sheet, plan }
    }

    /// 月报.
    pub fn monthly(&mut self, span: &Span, now: DateTime<Utc>) -> Summary {
        let heading = Heading { yearless: true, ..self.heading(span, &About::District, now) };
        Summary { heading, monthly: true, ..self.summary(span, &About::District, now, true) }
    }

    fn heading(&self, span: &Span, about: &About, now: DateTime<Utc>) -> Heading {
        use chrono::Datelike as _;
        let (today, Span { stretch, first, last }) = (self.settings.date(now), *span);
        let (name, term) = match about {
            About::District => (String::new(), None),
            About::Town(name) | About::Sector(name) | About::Campaign { name, .. } => (name.clone(), None),
            About::Tag(tag) => (String::new(), Some(tag.term())),
            About::Side(side) => (String::new(), Some(side.term())),
            About::Kind(kind) => (String::new(), Some(kind.term())),
        };
        let yearless = first.year() == today.year() && last.year() == today.year();
        Heading { stretch, first, last, current: first <= today && today <= last, yearless, name, term }
    }

    /// Every figure of a window.
    pub fn sheet(&mut self, window: Window, about: &About, now: DateTime<Utc>) -> Sheet {
        self.as_of = (window.to < now).then(|| self.past(window.to));
        let sheet = self.sheet_as_of(window, about, now);
        self.as_of = None;
        sheet
    }

    fn sheet_as_of(&mut self, window: Window, about: &About, now: DateTime<Utc>) -> Sheet {
        let day = self.day(window);
        let scope: Vec<&TopicDay> =
            day.topics.values().filter(|today| self.counts_topic(about, &today.topic)).collect();
        let loose = self.loose(&day.loose, about);
        let loose: Vec<&Deed> = loose.iter().collect();
        let owned: Vec<&TopicDay> =
            scope.iter().copied().filter(|today| self.owns_topic(about, &today.topic)).collect();
        let sums = self.sums(&scope, &loose, about);
        let people = self.people(&scope, &loose, about);
        let mut kinds = self.by_kind(&owned, &loose, about, window);
        self.served(&mut kinds, scope.iter().flat_map(|today| &today.deeds).chain(loose.iter().copied()), about);
        kinds.guests = people.invited(Kind::Expertise);
        let (outcomes, days) = self.outcomes(&owned, kinds.charity);
        let tiers = self.by_tier(&owned);
        let (first_words, turned) = (self.first_words(&people), self.turned(&owned));
        let every = scope.iter().flat_map(|today| &today.deeds).chain(loose.iter().copied());
        let briefs = briefs::sums_of(self.world, every);
        let (red, yellow, waiting) = self.lit(about, window.to.min(now), window);
        Sheet {
            interaction: sums.interaction(),
            adoption_rate: sums.adoption_rate(),
            satisfaction_rate: sums.satisfaction_rate(),
            closing_rate: sums.closing_rate(),
            sums,
            days,
            members: self.participation(&people),
            present: self.present(&people),
            first_words,
            turned,
            outcomes,
            briefs,
            micro: tiers.get(Tier::Micro.index()).copied().unwrap_or(0),
            tiers: Tier::ALL
                .iter()
                .zip(tiers)
                .filter(|(tier, n)| **tier != Tier::Micro && *n > 0)
                .map(|(tier, n)| Counted { term: tier.term(), n })
                .collect(),
            local_rate: rate(self.closed_as_micro(&owned), sums.closed),
            resident_rate: rate(self.asked_by_residents(&owned), sums.ordered),
            hours_to_take: self.hours_to_take(&owned),
            has_more: kinds != ByKind::default() || sums.settled > 0 || sums.adopted != 0 || first_words + turned > 0,
            kinds,
            red,
            yellow,
            waiting,
            groups: (*about == About::District).then(|| self.groups_in(window)),
            stations: (*about == About::District)
                .then(|| self.stations_in(&loose, window))
                .filter(|used| used.registered > 0),
        }
    }

    /// 对手变帮手 — in the window in which the vote that carried closed. A vote that did not is held again or leads nowhere: were it counted,
    /// what is said of a month would change with the next vote.
    fn turned(&self, scope: &[&TopicDay]) -> u32 {
        let mut turned = 0;
        for today in scope {
            for deed in &today.deeds {
                let What::PollClosed(no) = deed.what else { continue };
                turned += self.world.poll(no).map_or(0, |poll| self.world.turned_in(&today.topic, &poll));
            }
        }
        turned
    }

    /// 成果 of what was closed, and how many days it took on the average.
    fn outcomes(&mut self, scope: &[&TopicDay], charity: u32) -> (Vec<Yield>, Option<u32>) {
        let (mut sums, mut days, mut closings) = (BTreeMap::new(), 0, 0);
        for today in scope {
            let (account, outcomes) = self.closed_in(today);
            if let Some(account) = account {
                days += u32::try_from(account.days).unwrap_or(0);
                closings += 1;
            }
            for outcome in outcomes {
                *sums.entry(outcome.kind).or_insert(0) += outcome.n;
            }
        }
        sums.insert(OutcomeKind::Charity, charity);
        sums.retain(|_, n| *n > 0);
        let outcomes = sums.into_iter().map(|(kind, n): (OutcomeKind, u32)| Yield { kind: kind.term(), n }).collect();
        (outcomes, (closings > 0).then(|| (2 * days + closings) / (2 * closings)))
    }

    /// 办结 in a window: what was found when the topic was closed for the first time, if that was here, and what the closings of the window
    /// added to what earlier ones had brought.
    pub(super) fn closed_in(&mut self, today: &TopicDay) -> (Option<Account>, Vec<Outcome>) {
        let thread = self.thread(&today.topic);
        let closings: Vec<&Deed> = today.deeds.iter().filter(|deed| deed.what == What::Entered(Step::Closed)).collect();
        if closings.is_empty() {
            return (None, Vec::new());
        }
        let all = self.world.closures(today.topic.no);
        let is_first = closings.iter().any(|deed| thread.closes(deed));
        let account = all.first().filter(|_| is_first).map(|closure| closure.account);
        (account, closings.iter().flat_map(|deed| outcome::added(&all, deed.seq)).collect())
    }

    /// 红黄灯 — which tasks and waiting requests are lit at a moment.
    fn lit(&mut self, about: &About, at: DateTime<Utc>, window: Window) -> Lit {
        if let Some(past) = self.as_of.clone() {
            return self.lit_then(&past, about);
        }
        let (mut red, mut yellow, mut waiting) = (Vec::new(), Vec::new(), Vec::new());
        let date = self.settings.date(at);
        for topic in self.scoped(about, window) {
            if topic.step == Step::Ordered
                && topic.halt.is_none()
                && at - topic.since >= Duration::hours(RED_AFTER_HOURS)
            {
                waiting.push(topic.no);
            }
            let tasks = if topic.halt.is_none() { self.world.tasks(topic.no) } else { Vec::new() };
            for task in tasks.iter().filter(|task| task.assigned < window.to) {
                match task.light_on(date) {
                    Some(Light::Red) => red.push(task.no),
                    Some(Light::Yellow) => yellow.push(task.no),
                    None => {}
                }
            }
        }
        red.sort_unstable();
        yellow.sort_unstable();
        (red, yellow, waiting)
    }

    /// Topics under way that were asked for before the window ended.
    pub(super) fn scoped(&mut self, about: &About, window: Window) -> Vec<Rc<Topic>> {
        let live = self.live();
        let fits = |topic: &&Rc<Topic>| topic.ordered_at < window.to && self.owns_topic(about, topic);
        live.iter().filter(fits).map(Rc::clone).collect()
    }

    /// 阵地 in use: registered by the end of the window, and not closed by then, with a slip in the window, with slips of three people.
    fn stations_in(&self, loose: &[&Deed], window: Window) -> Used {
        let is_there = |station: &&Station| {
            station.since < window.to && station.closed_at.is_none_or(|closed| closed >= window.to)
        };
        let all = self.world.stations_ever();
        let stations: BTreeSet<StationId> = all.iter().filter(is_there).map(|station| station.id).collect();
        let mut people: BTreeMap<StationId, BTreeSet<Option<PersonId>>> = BTreeMap::new();
        for deed in loose {
            let What::HandedIn(no) = deed.what else { continue };
            if let Some(station) = self.world.slip(no).and_then(|slip| slip.station).filter(|id| stations.contains(id))
            {
                people.entry(station).or_default().insert(deed.by);
            }
        }
        let lively = people.values().filter(|people| people.len() >= LIVELY).count();
        Used { registered: count(stations.len()), used: count(people.len()), lively: count(lively) }
    }

    /// Topics that entered 解单, by level, in the order of [`Tier::ALL`].
    fn by_tier(&self, scope: &[&TopicDay]) -> [u32; 4] {
        let mut sums = [0; 4];
        for today in scope.iter().filter(|today| today.sums.talks > 0) {
            if let Some(sum) = sums.get_mut(self.tier_when(today, Step::Talking).index()) {
                *sum += today.sums.talks;
            }
        }
        sums
    }

    /// The level under which it counts that a topic came to a step.
    fn tier_when(&self, today: &TopicDay, step: Step) -> Tier {
        let came = today.deeds.iter().find(|deed| deed.what == What::Entered(step));
        came.map_or(Tier::Micro, |deed| self.world.tier_for(self.settings, today.topic.no, deed.at))
    }

    fn closed_as_micro(&self, scope: &[&TopicDay]) -> u32 {
        let is_micro = |today: &&&TopicDay| self.tier_when(today, Step::Closed) == Tier::Micro;
        scope.iter().filter(|today| today.sums.closed > 0).filter(is_micro).map(|today| today.sums.closed).sum()
    }

    fn asked_by_residents(&mut self, scope: &[&TopicDay]) -> u32 {
        let asked = scope.iter().filter(|today| today.sums.ordered > 0);
        // 拆出 — whoever split it off is who made it a request of its own.
        let asker = |topic: &Topic, desk: &Self| {
            desk.world.split_of(topic.no).and_then(|split| split.by).unwrap_or(topic.proposer)
        };
        let side_then =
            |topic: &Topic, desk: &mut Self| desk.person_then(asker(topic, desk), topic.ordered_at).name.side;
        count(asked.filter(|today| side_then(&today.topic, self) == Some(Side::Resident)).count())
    }

    fn hours_to_take(&self, scope: &[&TopicDay]) -> Option<u32> {
        let taken = scope.iter().filter(|today| today.sums.taken > 0);
        let waits: Vec<i64> = taken
            .filter_map(|today| {
                let deed = today.deeds.iter().find(|deed| deed.what == What::Entered(Step::Taken))?;
                Some((deed.at - today.topic.ordered_at).num_minutes())
            })
            .collect();
        let n = i64::try_from(waits.len()).ok().filter(|n| *n > 0)?;
        u32::try_from((waits.iter().sum::<i64>() + 30 * n) / (60 * n)).ok()
    }

    /// 协商计划 of the year the last day lies in, and what was done of it until then.
    fn plan(&self, span: &Span) -> Vec<Planned> {
        use chrono::Datelike as _;
        let Some(plan) = self.world.year_plan(span.last.year()) else { return Vec::new() };
        let year = Span::year(span.last).window(self.settings);
        let done = self.world.held_by_tier(self.settings, year.from, span.window(self.settings).to, |_| true);
        let row = |((tier, done), planned): ((&Tier, u32), u32)| Planned { term: tier.term(), done, planned };
        Tier::ALL.iter().zip(done).zip(plan.times).map(row).collect()
    }

    fn groups_in(&self, window: Window) -> Used {
        let mut groups = Used::default();
        for group in self.world.groups() {
            let since = self.world.digest_state(group.id).since;
            if group.kind.is_none() || since.is_none_or(|since| since >= window.to) {
                continue;
            }
            let people = self.world.active_in(group.id, window, LIVELY);
            groups.registered += 1;
            groups.used += u32::from(people > 0);
            groups.lively += u32::from(people >= LIVELY);
        }
        groups
    }
}
