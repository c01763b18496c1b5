//! The desk where digests are put together. One desk serves all groups of a run: the deeds of a window are read once and lie
//! sorted by topic, and what is known of a topic is worked out once.

use crate::domain::history::deed::{Deed, What};
use crate::domain::history::period::Window;
use crate::domain::intake::slip::Slip;
use crate::domain::kernel::ids::{GatheringNo, GroupId, PersonId, SuggestionRef, TopicNo};
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::people::group::{Binding, Group, GroupKind};
use crate::domain::people::person::{Level, Person, Role, Tag};
use crate::domain::process::channel::Channel;
use crate::domain::process::form::Step;
use crate::domain::process::topic::{Halt, Topic};
use crate::domain::talk::review::Opinion;
use crate::domain::vote::poll::Poll;
use crate::domain::work::task::Task;
use crate::figures::calendar::{day_before, window, window_until};
use crate::figures::hindsight::Past;
use crate::figures::paper::{
    Briefs, Closing, Cut, Discussion, Fresh, GatheringNews, Halted, Hot, Matrix, Named, News, Order, Paper, Rows,
    SHOWN, SHOWN_WAITING, Said, SidePresence, Source, Talking, Waited, Waiting,
};
use crate::figures::sums::{Figures, Thread, figures, is_news};
use crate::figures::tracking;
use crate::figures::turns::is_told;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

/// 待买单红灯 — hours until a request nobody took turns red.
pub const RED_AFTER_HOURS: i64 = 72;

/// Votes that close within so many hours are announced.
const CLOSING_HOURS: i64 = 24;

/// Windows kept on the desk.
const MAX_DAYS: usize = 8;

/// One topic in one window.
pub(super) struct TopicDay {
    pub(super) topic: Rc<Topic>,
    pub(super) deeds: Vec<Deed>,
    pub(super) sums: Figures,
    news: bool,
}

impl TopicDay {
    /// 暂缓、终止、并案 — whether it came to that in the window, and stands so.
    pub(super) fn is_halted(&self) -> bool {
        self.topic.halt.is_some() && self.deeds.iter().any(|deed| matches!(deed.what, What::Halted(_)))
    }

    pub(super) fn entered(&self, step: Step) -> bool {
        self.deeds.iter().any(|deed| deed.what == What::Entered(step))
    }
}

/// One window.
pub(super) struct Day {
    pub(super) topics: BTreeMap<TopicNo, TopicDay>,
    /// Deeds that belong to no topic.
    pub(super) loose: Vec<Deed>,
}

impl Day {
    /// Whether something was done about a topic that is worth a paper.
    pub(super) fn has_news_of(&self, topic: TopicNo) -> bool {
        self.topics.get(&topic).is_some_and(|today| today.news)
    }
}

/// A person as a digest names and counts them.
#[derive(Default)]
pub(super) struct Member {
    pub(super) name: Named,
    pub(super) sector: String,
    pub(super) town: String,
    pub(super) level: Option<Level>,
    pub(super) tags: Vec<Tag>,
    /// 联络员 — counted for no side.
    pub(super) coordinates: bool,
}

/// Where digests are put together.
pub struct Desk<'w> {
    pub(super) world: &'w World<'w>,
    pub(super) settings: &'w Settings,
    days: Vec<(Window, Rc<Day>)>,
    topics: HashMap<TopicNo, Option<Rc<Topic>>>,
    threads: HashMap<TopicNo, Rc<Thread>>,
    tasks: HashMap<TopicNo, Rc<Vec<Task>>>,
    slips: Option<Rc<Vec<Slip>>>,
    sides: HashMap<TopicNo, u8>,
    moderators: HashMap<TopicNo, Option<PersonId>>,
    sectors: HashMap<TopicNo, Rc<BTreeSet<String>>>,
    people: HashMap<PersonId, Rc<Member>>,
    /// Whether somebody was ever counted otherwise than now.
    changed: HashMap<PersonId, bool>,
    groups: HashMap<GroupId, Option<Rc<Group>>>,
    live: Option<Rc<Vec<Rc<Topic>>>>,
    open_polls: Option<Rc<Vec<Poll>>>,
    pending: Option<u32>,
    /// What had been done by the end of a window that is over; while its figures are put together, they ask it.
    pub(super) known_past: Option<Rc<Past>>,
    pub(super) as_of: Option<Rc<Past>>,
}

impl<'w> Desk<'w> {
    /// An empty desk. It shows the world as it is now; once something is written, take a new one.
    #[must_use]
    pub fn new(world: &'w World<'w>, settings: &'w Settings) -> Self {
        Self {
            world,
            settings,
            days: Vec::new(),
            topics: HashMap::new(),
            threads: HashMap::new(),
            tasks: HashMap::new(),
            slips: None,
            sides: HashMap::new(),
            moderators: HashMap::new(),
            sectors: HashMap::new(),
            people: HashMap::new(),
            changed: HashMap::new(),
            groups: HashMap::new(),
            live: None,
            open_polls: None,
            pending: None,
            known_past: None,
            as_of: None,
        }
    }

    /// The world it shows.
    #[must_use]
    pub fn world(&self) -> &'w World<'w> {
        self.world
    }

    /// The digest of a group and local date; `None` when nothing happened there (无事不扰) or there is no such date.
    pub fn compose(&mut self, group: &Group, date: NaiveDate) -> Option<Paper> {
        let mut window = window(self.settings, group, date)?;
        let before = day_before(self.settings, date);
        window.from =
            self.told_until(group).filter(|(last, _)| Some(*last) == before).map_or(window.from, |(_, at)| at);
        self.put_together(group, date, window, false)
    }

    /// 预览 — what the digest would be at this moment, news or not.
    pub fn preview(&mut self, group: &Group, now: DateTime<Utc>) -> Option<Paper> {
        let (date, mut window) = window_until(self.settings, group, now)?;
        let recent = |last: NaiveDate| last == date || Some(last) == day_before(self.settings, date);
        let from = self.told_until(group).filter(|(last, at)| recent(*last) && *at < now);
        window.from = from.map_or(window.from, |(_, at)| at);
        self.put_together(group, date, window, true)
    }

    /// The last day whose digest is settled, and when its window ended: the next begins there, also where the group has set another
    /// time of day since, so that nothing is told twice or never.
    fn told_until(&self, group: &Group) -> Option<(NaiveDate, DateTime<Utc>)> {
        let state = self.world.digest_state(group.id);
        let (last, at) = (state.last?, state.at?);
        Some((last, self.settings.moment(last, at)))
    }

    fn put_together(&mut self, group: &Group, date: NaiveDate, window: Window, always: bool) -> Option<Paper> {
        let day = self.day(window);
        match group.kind? {
            GroupKind::Discussion => {
                self.discussion(group, date, window, &day, always).map(|paper| Paper::Discussion(Box::new(paper)))
            }
            GroupKind::Residents => {
                self.residents(group, date, window, &day, always).map(|matrix| Paper::Matrix(Box::new(matrix)))
            }
            GroupKind::Members | GroupKind::Town | GroupKind::Sector => {
                self.matrix(group, date, window, &day, always).map(|matrix| Paper::Matrix(Box::new(matrix)))
            }
        }
    }

    // What lies on the desk.

    pub(super) fn day(&mut self, window: Window) -> Rc<Day> {
        if let Some((_, day)) = self.days.iter().find(|(known, _)| *known == window) {
            return Rc::clone(day);
        }
        let mut sorted: BTreeMap<TopicNo, Vec<Deed>> = BTreeMap::new();
        let mut loose = Vec::new();
        self.world.deeds(window.from, window.to, |deed| match deed.topic {
            Some(topic) => sorted.entry(topic).or_default().push(deed),
            None => loose.push(deed),
        });
        loose.retain(|deed| match deed.what {
            What::Briefed(no) => self.world.brief(no).is_some(),
            // The office's own, for an export alone.
            What::Account(..) => false,
            _ => true,
        });
        let mut topics = BTreeMap::new();
        for (no, mut deeds) in sorted {
            let Some(topic) = self.topic(no) else { continue };
            let thread = self.thread(&topic);
            deeds.retain(|deed| thread.counts(deed.what));
            let (sums, news) = (figures(&thread, &deeds), deeds.iter().any(|deed| is_told(&topic, &deeds, deed)));
            topics.insert(no, TopicDay { topic, deeds, sums, news });
        }
        let day = Rc::new(Day { topics, loose });
        if self.days.len() >= MAX_DAYS {
            self.days.remove(0);
        }
        self.days.push((window, Rc::clone(&day)));
        day
    }

    pub(super) fn topic(&mut self, no: TopicNo) -> Option<Rc<Topic>> {
        let world = self.world;
        self.topics.entry(no).or_insert_with(|| world.topic(no).map(Rc::new)).clone()
    }

    pub(super) fn thread(&mut self, topic: &Topic) -> Rc<Thread> {
        let world = self.world;
        let settings = self.settings;
        Rc::clone(self.threads.entry(topic.no).or_insert_with(|| Rc::new(Thread::read(world, settings, topic))))
    }

    /// 交办件 of a topic.
    pub(super) fn tasks(&mut self, topic: TopicNo) -> Rc<Vec<Task>> {
        let world = self.world;
        Rc::clone(self.tasks.entry(topic).or_insert_with(|| Rc::new(world.tasks(topic))))
    }

    /// 待受理 — the slips nobody has settled.
    pub(super) fn pending_slips(&mut self) -> Rc<Vec<Slip>> {
        let world = self.world;
        Rc::clone(self.slips.get_or_insert_with(|| Rc::new(world.pending_slips())))
    }

    fn sides(&mut self, topic: &Topic) -> u8 {
        let world = self.world;
        *self.sides.entry(topic.no).or_insert_with(|| world.sides_of(topic))
    }

    /// The moderator of a topic: counted for no side there.
    pub(super) fn moderator(&mut self, topic: &Topic) -> Option<PersonId> {
        let world = self.world;
        *self.moderators.entry(topic.no).or_insert_with(|| world.moderator_of(topic))
    }

    /// Somebody as they are now.
    pub(super) fn person(&mut self, id: PersonId) -> Rc<Member> {
        let world = self.world;
        Rc::clone(self.people.entry(id).or_insert_with(|| Rc::new(member(world.person(id)))))
    }

    /// Somebody as they were at a moment: a deed counts for the side, the town and the role its doer had then.
    pub(super) fn person_then(&mut self, id: PersonId, at: DateTime<Utc>) -> Rc<Member> {
        let world = self.world;
        if *self.changed.entry(id).or_insert_with(|| world.was_otherwise(id)) {
            return Rc::new(member(world.person_at(id, at)));
        }
        self.person(id)
    }

    pub(super) fn name(&mut self, id: PersonId) -> String {
        self.person(id).name.name.clone()
    }

    pub(crate) fn group(&mut self, id: GroupId) -> Option<Rc<Group>> {
        let world = self.world;
        self.groups.entry(id).or_insert_with(|| world.group(id).map(Rc::new)).clone()
    }

    /// Topics under way, by number.
    pub(super) fn live(&mut self) -> Rc<Vec<Rc<Topic>>> {
        if let Some(live) = &self.live {
            return Rc::clone(live);
        }
        let mut numbers: Vec<TopicNo> = Vec::new();
        self.world.scan(&Key::new(kind::LIVE_TOPIC), |no: TopicNo| {
            numbers.push(no);
            true
        });
        let topics = Rc::new(numbers.into_iter().filter_map(|no| self.topic(no)).collect());
        Rc::clone(self.live.insert(topics))
    }

    fn open_polls(&mut self) -> Rc<Vec<Poll>> {
        let world = self.world;
        Rc::clone(self.open_polls.get_or_insert_with(|| Rc::new(world.open_polls())))
    }

    /// Briefs that wait for review.
    fn pending_briefs(&mut self) -> u32 {
        let world = self.world;
        *self.pending.get_or_insert_with(|| u32::try_from(world.unreviewed_briefs()).unwrap_or(u32::MAX))
    }

    /// 委员参与 — the sectors whose members take part in a topic.
    pub(super) fn sectors(&mut self, topic: &Topic) -> Rc<BTreeSet<String>> {
        if let Some(past) = self.as_of.clone() {
            return Rc::new(self.sectors_then(&past, topic));
        }
        let world = self.world;
        Rc::clone(self.sectors.entry(topic.no).or_insert_with(|| Rc::new(world.sectors_of(topic))))
    }

    // What a group sees.

    /// Whether a topic lies in a group's scope (digest.md §1, 各类群看到什么).
    fn concerns(&mut self, group: &Group, topic: &Topic) -> bool {
        match group.kind {
            Some(GroupKind::Members) => true,
            Some(GroupKind::Town) => topic.town == group.town,
            Some(GroupKind::Sector) => {
                self.world.awaits_sector(self.settings, topic, &group.sector)
                    || self.sectors(topic).contains(&group.sector)
            }
            Some(GroupKind::Residents) => group.town.is_empty() || topic.town == group.town,
            Some(GroupKind::Discussion) => self.world.digest_about(group) == Some(topic.no),
            None => false,
        }
    }

    /// Whether a deed that belongs to no topic lies in a group's scope: by the group it was said in; briefs are for members.
    fn concerns_loose(&mut self, group: &Group, deed: &Deed) -> bool {
        if group.kind == Some(GroupKind::Members) {
            return true;
        }
        if matches!(deed.what, What::Briefed(_) | What::Adopted(..)) {
            return false;
        }
        let Some(said_in) = deed.group.and_then(|id| self.group(id)) else { return false };
        match group.kind {
            Some(GroupKind::Town) => said_in.town == group.town,
            Some(GroupKind::Sector) => said_in.sector == group.sector,
            Some(GroupKind::Members | GroupKind::Discussion | GroupKind::Residents) | None => false,
        }
    }

    fn matrix(&mut self, group: &Group, date: NaiveDate, at: Window, day: &Day, always: bool) -> Option<Matrix> {
        let mut sums = Figures::default();
        let mut has_news = false;
        let mut scope = Vec::new();
        for today in day.topics.values() {
            if self.concerns(group, &today.topic) {
                sums += today.sums;
                has_news |= today.news;
                scope.push(today);
            }
        }
        for deed in &day.loose {
            if is_news(deed.what) && !has_news {
                has_news = self.concerns_loose(group, deed);
            }
        }
        let mut live = Vec::new();
        for topic in self.live().iter() {
            if topic.ordered_at < at.to && self.concerns(group, topic) {
                live.push(Rc::clone(topic));
            }
        }
        has_news |= live.iter().any(|topic| turns_red_in(topic, at));
        if !has_news && !always {
            return None;
        }
        let waiting = self.waiting(group, &live, at, date);
        let fresh = self.fresh(&scope);
        let closed = self.closed(&scope);
        let matrix = Matrix {
            date,
            from: at.from,
            to: at.to,
            kind: group.kind?,
            town: group.town.clone(),
            sector: group.sector.clone(),
            waiting,
            fresh,
            closed,
            votes: Rows::first(self.votes(&scope, false), SHOWN_WAITING),
            notices: Vec::new().into(),
            receiving: self.receiving(group, date),
            gatherings: self.gatherings(group, &scope, day, at.to),
            talking: self.talking(&live, day),
            tracking: self.tracking(&live, date, day),
            adopted: if group.kind == Some(GroupKind::Members) { self.adopted(&day.loose) } else { Vec::new().into() },
            briefs: if group.kind == Some(GroupKind::Members) { self.briefs(day) } else { None },
            figures: Some(sums),
        };
        // A number and six zeros tell nobody anything.
        (always || !matrix.is_bare()).then_some(matrix)
    }

    /// 活动 — gatherings that were called, moved, called off or held in the window, each in one line that tells how it stands.
    fn gatherings(&mut self, group: &Group, scope: &[&TopicDay], day: &Day, to: DateTime<Utc>) -> Rows<GatheringNews> {
        let mut found: BTreeMap<GatheringNo, (bool, u32)> = BTreeMap::new();
        let mut note = |deed: &Deed| match deed.what {
            What::Called(no) => found.entry(no).or_default().0 = true,
            What::Rearranged(no) | What::Minuted(no) => drop(found.entry(no).or_default()),
            What::Attended(no, n) => found.entry(no).or_default().1 += n,
            _ => {}
        };
        scope.iter().flat_map(|today| &today.deeds).for_each(&mut note);
        for deed in &day.loose {
            if self.concerns_loose(group, deed) {
                note(deed);
            }
        }
        let told = found.into_iter().filter_map(|(no, (called, attended))| {
            let gathering = self.world.gathering(no)?;
            Some(GatheringNews {
                gathering: no,
                name: gathering.name.as_str().to_owned(),
                at: gathering.at,
                place: gathering.place.as_str().to_owned(),
                attended,
                why: gathering.off.as_ref().map(|why| why.as_str().to_owned()).unwrap_or_default(),
                state: match () {
                    () if gathering.off.is_some() => "off",
                    () if attended > 0 => "held",
                    () if gathering.minutes => "minutes",
                    () if gathering.until.unwrap_or(gathering.at) <= to => "past",
                    () if called => "called",
                    () => "moved",
                },
            })
        });
        Rows::first(told.collect(), SHOWN_WAITING)
    }

    /// 今日接待 — town groups only.
    fn receiving(&self, group: &Group, date: NaiveDate) -> Rows<String> {
        if group.kind != Some(GroupKind::Town) {
            return Vec::new().into();
        }
        let stations = self.world.receiving(self.settings, &group.town, date);
        stations.iter().map(|station| station.name.as_str().to_owned()).collect::<Vec<_>>().into()
    }

    /// 居民群 — only what is public: what is posted, votes that open, close and are about to close, and what is being done.
    fn residents(&mut self, group: &Group, date: NaiveDate, at: Window, day: &Day, always: bool) -> Option<Matrix> {
        let scope: Vec<&TopicDay> = day.topics.values().filter(|today| self.concerns(group, &today.topic)).collect();
        let (mut notices, votes, mut tracking) = (Vec::new(), self.votes(&scope, true), Vec::new());
        for today in &scope {
            notices.extend(self.notice_news(today));
            if today.deeds.iter().any(|deed| tracking::is_progress(deed.what)) {
                tracking.extend(self.tracking_of(&today.topic, date));
            }
        }
        let closed = self.closed(&scope);
        if notices.is_empty() && votes.is_empty() && tracking.is_empty() && closed.n == 0 && !always {
            return None;
        }
        let mut live = Vec::new();
        for topic in self.live().iter() {
            if self.concerns(group, topic) {
                live.push(Rc::clone(topic));
            }
        }
        Some(Matrix {
            date,
            from: at.from,
            to: at.to,
            kind: group.kind?,
            town: group.town.clone(),
            sector: group.sector.clone(),
            waiting: Waiting {
                orders: Vec::new().into(),
                slips: None,
                red: Vec::new().into(),
                yellow: Vec::new().into(),
                returned: Vec::new().into(),
                polls: self.closing(&live, at),
                objections: Vec::new().into(),
            },
            fresh: Vec::new().into(),
            closed,
            notices: notices.into(),
            tracking: tracking.into(),
            adopted: Vec::new().into(),
            votes: votes.into(),
            receiving: Vec::new().into(),
            gatherings: Vec::new().into(),
            talking: Vec::new().into(),
            briefs: None,
            figures: None,
        })
    }

    /// 等您出手.
    fn waiting(&mut self, group: &Group, live: &[Rc<Topic>], at: Window, date: NaiveDate) -> Waiting {
        let orders: Vec<Order> = live
            .iter()
            .filter(|topic| topic.step == Step::Ordered && topic.halt.is_none())
            .map(|topic| {
                let waited = at.to - topic.since;
                Order {
                    no: topic.no,
                    title: topic.title.as_str().to_owned(),
                    town: topic.town.clone(),
                    waited: Waited::of_minutes(waited.num_minutes()),
                    red: waited >= Duration::hours(RED_AFTER_HOURS),
                }
            })
            .collect();
        let (red, yellow) = self.lights(live, date);
        let slips = self.slips(group, at);
        let (returned, objections) = (self.returned(live, date), self.unanswered(live));
        Waiting {
            orders: Rows::first(orders, SHOWN_WAITING),
            slips,
            red,
            yellow,
            returned,
            polls: self.closing(live, at),
            objections,
        }
    }

    /// Formal votes that close within 24 hours.
    fn closing(&mut self, live: &[Rc<Topic>], at: Window) -> Rows<Closing> {
        let mut found = Vec::new();
        for poll in self.open_polls().iter() {
            let is_soon = at.to <= poll.ends && poll.ends <= at.to + Duration::hours(CLOSING_HOURS);
            let is_ours = live.binary_search_by_key(&poll.topic, |topic| topic.no).is_ok();
            if is_soon && is_ours && poll.rule.is_vote() && poll.opened < at.to {
                found.push(self.progress(poll));
            }
        }
        found.sort_by_key(|closing| closing.no);
        Rows::first(found, SHOWN_WAITING)
    }

    fn progress(&self, poll: &Poll) -> Closing {
        Closing {
            no: poll.topic,
            straw: !poll.rule.is_vote(),
            secret: self.world.is_secret(poll.no),
            ends: poll.ends,
            cast: self.world.turnout(poll.no).cast,
            voters: self.world.due(poll),
        }
    }

    fn open_poll(&self, topic: &Topic) -> Option<Closing> {
        let poll = self.world.poll(topic.poll?)?;
        Some(self.progress(&poll))
    }

    /// 今日新事 — what was ordered in the window and is not listed as waiting, and what ended in it or was merged.
    fn fresh(&mut self, scope: &[&TopicDay]) -> Rows<Fresh> {
        let mut found = Vec::new();
        for today in scope {
            let topic = &today.topic;
            let ordered = today.entered(Step::Ordered);
            let is_told = ordered && (topic.step != Step::Ordered || topic.halt.is_some());
            let turns = self.turns(today);
            if !is_told && !today.is_halted() && turns.is_empty() {
                continue;
            }
            let taken = today.entered(Step::Taken);
            found.push(Fresh {
                no: topic.no,
                title: topic.title.as_str().to_owned(),
                town: topic.town.clone(),
                source: match topic.channel {
                    Channel::Scan(_) => Source::Scan,
                    Channel::Group(_) => Source::Group,
                    Channel::Private => Source::Private,
                    Channel::Told(_) => Source::Told,
                },
                split: self.split_by(topic.no),
                channel: topic.channel.term(),
                proposer: self.person(topic.proposer).name.clone(),
                taken_by: topic.lead.filter(|_| taken).map(|lead| self.person(lead).name.clone()),
                all_sides: self.sides(topic).count_ones() == 5,
                entered: (topic.step > Step::Taken).then_some(topic.step),
                ordered,
                halt: halted(topic),
                turns,
            });
        }
        Rows::first(found, SHOWN_WAITING)
    }

    /// 正在商量.
    fn talking(&mut self, live: &[Rc<Topic>], day: &Day) -> Rows<Talking> {
        let consulted = live.iter().filter(|topic| is_consulted(topic));
        let shown = Rows::new_first(consulted.map(|topic| (day.has_news_of(topic.no), topic)).collect(), SHOWN);
        shown.told(|topic| {
            let (thread, said) = (self.thread(topic), self.world.said_on(topic));
            Talking {
                no: topic.no,
                step: topic.step,
                suggestions: said.suggestions,
                likes: said.likes,
                seconds: topic.seconds,
                hot: thread.hot.as_ref().map(|hot| Hot { text: hot.text.as_str().to_owned(), likes: hot.likes }),
                dissent: thread.dissent.clone(),
                against: self.against(topic),
                pact: self.world.pact(topic).filter(|_| topic.step == Step::Reviewing).map(|pact| pact.draft),
                poll: self.open_poll(topic),
            }
        })
    }

    /// 专家不同意 — what keeps a topic from its vote, while the experts look at it.
    fn against(&self, topic: &Topic) -> u32 {
        if topic.step != Step::Reviewing {
            return 0;
        }
        let against = self.world.reviews(topic).iter().filter(|review| review.opinion == Opinion::Refuse).count();
        u32::try_from(against).unwrap_or(u32::MAX)
    }

    /// 社情民意.
    fn briefs(&mut self, day: &Day) -> Option<Briefs> {
        let new = figures(&Thread::default(), &day.loose).briefs;
        (new > 0).then(|| Briefs { new, pending: self.pending_briefs() })
    }

    /// 讨论组群.
    fn discussion(
        &mut self,
        group: &Group,
        date: NaiveDate,
        at: Window,
        day: &Day,
        always: bool,
    ) -> Option<Discussion> {
        let (topic, deeds) = self.deeds_for(group.bound?, day)?;
        let has_news =
            deeds.iter().any(|deed| is_told(&topic, deeds.iter().copied(), deed)) || turns_red_in(&topic, at);
        if !has_news && !always {
            return None;
        }
        let is_consulted = is_consulted(&topic);
        Some(Discussion {
            date,
            no: topic.no,
            title: topic.title.as_str().to_owned(),
            step: topic.step,
            halt: topic.halt.map(Halt::term),
            suggestions: self.suggestions_of(&deeds),
            replies: self.replies_of(&deeds),
            objections: self.objections_of(&deeds),
            tracking: self.tracking_of(&topic, date),
            news: self.news_of(&deeds),
            against: self.against(&topic),
            poll: self.open_poll(&topic),
            sides: is_consulted.then(|| SidePresence::list(self.sides(&topic))),
        })
    }

    /// What a bound group hears of: of its topic since it was bound, and of what that goes on as since it was merged.
    fn deeds_for<'d>(&mut self, binding: Binding, day: &'d Day) -> Option<(Rc<Topic>, Vec<&'d Deed>)> {
        let mut topic = self.topic(binding.topic)?;
        let (mut since, mut deeds, mut heard) = (None, Vec::new(), Vec::new());
        let later = self.world.goes_on_as(topic.no);
        for next in later.into_iter().map(Some).chain([None]) {
            let today = day.topics.get(&topic.no).map_or(&[][..], |today| &today.deeds);
            deeds.extend(today.iter().filter(|deed| deed.seq > binding.since && since.is_none_or(|at| deed.at >= at)));
            since = since.max(topic.halted_at);
            heard.push(topic.no);
            if let Some(next) = next {
                topic = self.topic(next)?;
            }
        }
        // What was merged into it is said and liked on under its own number.
        for (no, at) in self.came_along(topic.no) {
            let today = day.topics.get(&no).filter(|_| !heard.contains(&no)).map_or(&[][..], |today| &today.deeds);
            deeds.extend(today.iter().filter(|deed| deed.seq > binding.since && deed.at >= at));
        }
        deeds.sort_by_key(|deed| deed.seq);
        Some((topic, deeds))
    }

    /// 并案 — what went on as a topic, and since when.
    fn came_along(&mut self, root: TopicNo) -> Vec<(TopicNo, DateTime<Utc>)> {
        let mut found: Vec<(TopicNo, DateTime<Utc>)> = Vec::new();
        for no in self.world.whole_of(root).into_iter().skip(1) {
            let Some(topic) = self.topic(no) else { continue };
            let Some((Halt::Merged(into), at)) = topic.halt.zip(topic.halted_at) else { continue };
            let later = found.iter().find(|(known, _)| *known == into).map_or(at, |(_, then)| at.max(*then));
            found.push((no, later));
        }
        found
    }

    fn suggestions_of(&mut self, deeds: &[&Deed]) -> Rows<Said> {
        let mut references: Vec<SuggestionRef> = deeds
            .iter()
            .filter_map(|deed| match deed.what {
                What::Suggested(reference) => Some(reference),
                _ => None,
            })
            .collect();
        references.sort_unstable();
        let mut found = Vec::new();
        for suggestion in references.into_iter().filter_map(|reference| self.world.suggestion(reference)) {
            found.push(Said {
                reference: suggestion.reference,
                text: suggestion.text.as_str().to_owned(),
                author: self.name(suggestion.author),
                recorder: suggestion.written_down_by().map(|recorder| self.name(recorder)),
                owned: self.world.is_owned(suggestion.reference),
                likes: suggestion.likes,
            });
        }
        found.into()
    }

    fn replies_of(&mut self, deeds: &[&Deed]) -> Rows<Said> {
        let mut found = Vec::new();
        for deed in deeds {
            let What::Replied(to, n) = deed.what else { continue };
            let Some(reply) = self.world.reply(to, n) else { continue };
            found.push(Said {
                reference: to,
                text: reply.text.as_str().to_owned(),
                author: self.name(reply.author),
                recorder: None,
                owned: false,
                likes: 0,
            });
        }
        found.into()
    }

    /// 今天：… — in order; attendance of one gathering in one clause, where it came first.
    fn news_of(&mut self, deeds: &[&Deed]) -> Vec<News> {
        let mut news = Vec::new();
        for deed in deeds {
            match deed.what {
                What::Entered(_) | What::Led(_) | What::Resumed => news.extend(self.step_news(deeds, deed)),
                What::Attended(gathering, n) => {
                    let before = news.iter_mut().find_map(|clause| match clause {
                        News::Attended { gathering: known, n } if *known == gathering => Some(n),
                        _ => None,
                    });
                    match before {
                        Some(sum) => *sum += n,
                        None => news.push(News::Attended { gathering, n }),
                    }
                }
                What::PollOpened(no) | What::PollClosed(no) => {
                    let is_opened = matches!(deed.what, What::PollOpened(_));
                    let ran = self.ran(no).filter(|_| !is_opened);
                    news.extend(self.vote(no, is_opened).map(|vote| News::Voted { vote, ran }));
                }
                What::Extended(no) => news.extend(self.prolonged(no).map(|prolonged| News::Prolonged { prolonged })),
                What::Judged(suggestion, _) if !self.stands(deed, suggestion) => {}
                What::Called(gathering) => news.push(News::Called { gathering }),
                What::Rearranged(gathering) => {
                    let clause = match self.world.gathering(gathering).and_then(|one| one.off) {
                        Some(why) => News::CalledOff { gathering, why: why.as_str().to_owned() },
                        None => News::Moved { gathering },
                    };
                    if !news.contains(&clause) {
                        news.push(clause);
                    }
                }
                What::Minuted(gathering) => news.push(News::Minuted { gathering }),
                // Loaded twice in a day: from what there was in the morning to what there is now.
                What::Rolled(former) => {
                    let voters = deed.topic.and_then(|no| self.world.roll(no)).map_or(0, |roll| roll.voters);
                    if !news.iter().any(|clause| matches!(clause, News::Rolled { .. })) {
                        news.push(News::Rolled { former, voters });
                    }
                }
                What::Halted(_) => {
                    let over = deed.topic.and_then(|no| self.topic(no));
                    let clause = over.and_then(|over| Some(News::Halted { no: over.no, halt: halted(&over)? }));
                    // On hold first and ended then: it is told as it stands.
                    if let Some(clause) = clause.filter(|clause| !news.contains(clause)) {
                        news.push(clause);
                    }
                }
                what => {
                    let by = self.in_place(what, deed.by);
                    tracking::add_news(&mut news, what, by);
                }
            }
        }
        // Whoever reads that people came knows that it was called.
        let held: Vec<GatheringNo> = news
            .iter()
            .filter_map(|clause| match clause {
                News::Attended { gathering, .. } => Some(*gathering),
                _ => None,
            })
            .collect();
        let is_past = |clause: &News| matches!(clause, News::Called { gathering } | News::Moved { gathering } if held.contains(gathering));
        news.retain(|clause| !is_past(clause));
        news
    }
}

impl Desk<'_> {
    /// 拆出 — by whom, and from what.
    fn split_by(&mut self, no: TopicNo) -> Option<Cut> {
        let split = self.world.split_of(no)?;
        Some(Cut { by: split.by.map(|by| self.name(by)).unwrap_or_default(), from: split.topic })
    }

    /// A step that was entered, or what else a topic came to.
    fn step_news(&mut self, deeds: &[&Deed], deed: &Deed) -> Option<News> {
        let topic = deed.topic.and_then(|no| self.topic(no))?;
        if !is_told(&topic, deeds.iter().copied(), deed) {
            return None;
        }
        match (self.turn(&topic, deed), deed.what) {
            (Some(turn), _) => Some(News::Turned { turn }),
            (None, What::Entered(step)) if step > Step::Taken => Some(News::Entered { step }),
            (None, _) => None,
        }
    }

    /// Whether this is the judgement of a suggestion that stands.
    fn stands(&mut self, deed: &Deed, suggestion: SuggestionRef) -> bool {
        let topic = self.topic(suggestion.topic);
        topic.is_some_and(|topic| self.thread(&topic).stands(deed, suggestion))
    }

    /// 代办 — who did it, where another was in charge of it.
    fn in_place(&mut self, what: What, by: Option<PersonId>) -> Option<String> {
        let (What::Done(task) | What::Returned(task)) = what else { return None };
        let by = by?;
        self.world.in_whose_place(task, by)?;
        Some(self.name(by))
    }
}

/// 暂缓、终止、并案 — as a line tells it.
pub(super) fn halted(topic: &Topic) -> Option<Halted> {
    let halt = topic.halt?;
    let into = match halt {
        Halt::Merged(into) => Some(topic.moved_to.unwrap_or(into)),
        Halt::Paused | Halt::Ended => None,
    };
    Some(Halted { term: halt.term(), into, why: topic.halt_reason.as_str().to_owned() })
}

/// 解单 — whether a topic is being consulted on.
pub(super) fn is_consulted(topic: &Topic) -> bool {
    topic.step.is_consultation() && topic.halt.is_none()
}

/// Whether a request that nobody took turns red in a window.
fn turns_red_in(topic: &Topic, window: Window) -> bool {
    topic.step == Step::Ordered && topic.halt.is_none() && window.holds(topic.since + Duration::hours(RED_AFTER_HOURS))
}

fn member(person: Option<Person>) -> Member {
    let Some(person) = person else { return Member::default() };
    let is_member = person.holds(Role::Member);
    Member {
        coordinates: person.holds(Role::Coordinator),
        name: Named { name: person.name.as_str().to_owned(), member: is_member, side: Some(person.side) },
        sector: person.sector,
        town: person.town,
        level: person.level,
        tags: person.tags,
    }
}
