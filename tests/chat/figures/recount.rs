//! 另数一遍 — the same figures out of the ledger's facts alone: no deeds, no world, nothing of the program but the facts.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Asia::Shanghai;
use chrono_tz::Tz;
use std::collections::{BTreeMap, BTreeSet};
use xieshang::domain::event::{Event, Record};
use xieshang::domain::kernel::ids::{BriefNo, GatheringNo, PersonId, SuggestionRef, TopicNo};
use xieshang::domain::people::undoable::Undoable;
use xieshang::domain::process::form::Step;
use xieshang::domain::process::hiding;
use xieshang::domain::talk::gathering;
use xieshang::domain::talk::suggestion::Verdict;

/// Something that counts for one, at a moment, on a topic.
#[derive(Debug, Clone, Copy)]
pub struct Count {
    pub at: DateTime<Utc>,
    pub topic: Option<TopicNo>,
    pub what: What,
    /// 1, or -1 where something that counted counts no longer from then on.
    pub n: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    Ordered,
    Taken,
    Talks,
    Tracked,
    Closed,
    Suggestion,
    Reply,
    Like,
    Second,
    Adopted,
    Settled,
    Attended,
    Brief,
}

struct Suggestion {
    at: DateTime<Utc>,
    seq: u64,
    author: PersonId,
    gone: bool,
    hidden: bool,
    /// By record.
    verdicts: Vec<(u64, DateTime<Utc>, bool)>,
    likes: BTreeMap<PersonId, DateTime<Utc>>,
    replies: BTreeMap<u32, (DateTime<Utc>, PersonId, bool)>,
}

impl Suggestion {
    fn stands(&self) -> bool {
        !self.gone && !self.hidden
    }
}

#[derive(Default)]
struct Topic {
    proposer: Option<PersonId>,
    town: String,
    gone: bool,
    /// 并案 — into which, and when.
    merged: Option<(TopicNo, DateTime<Utc>)>,
    /// Every 办结, by record.
    closings: Vec<(u64, DateTime<Utc>)>,
    entered: BTreeMap<Step, DateTime<Utc>>,
    taken_by: Option<(DateTime<Utc>, PersonId)>,
    seconds: BTreeMap<PersonId, DateTime<Utc>>,
    suggestions: BTreeMap<u32, Suggestion>,
    objections: BTreeMap<u32, (DateTime<Utc>, PersonId, bool)>,
    /// What cannot be taken back: 答复, 方案, 专家意见, 签到.
    contributions: Vec<(DateTime<Utc>, PersonId)>,
}

impl Topic {
    /// 并案 — whether no paper told of what happened on it at a moment before it was merged: they end at midnight and at eight in the
    /// evening.
    fn is_untold(&self, at: DateTime<Utc>) -> bool {
        let Some((_, merged)) = self.merged else { return false };
        let day = |hour| {
            let date = merged.with_timezone(&Shanghai).date_naive();
            date.and_hms_opt(hour, 0, 0).unwrap().and_local_timezone(Shanghai).unwrap().with_timezone(&Utc)
        };
        at >= if day(20) <= merged { day(20) } else { day(0) }
    }

    /// 合并 — what the one did is the other's; nobody likes or seconds twice, or what is their own.
    fn join(&mut self, from: PersonId, into: PersonId) {
        let own = |person: &mut PersonId| {
            if *person == from {
                *person = into;
            }
        };
        let hand_over = |done: &mut BTreeMap<PersonId, DateTime<Utc>>, whose: PersonId| {
            if let Some(at) = done.remove(&from) {
                done.entry(into).or_insert(at);
            }
            done.remove(&whose);
        };
        self.proposer.iter_mut().for_each(own);
        hand_over(&mut self.seconds, self.proposer.unwrap());
        for one in self.suggestions.values_mut() {
            own(&mut one.author);
            hand_over(&mut one.likes, one.author);
            one.replies.values_mut().for_each(|reply| own(&mut reply.1));
        }
        self.objections.values_mut().for_each(|one| own(&mut one.1));
        self.contributions.iter_mut().for_each(|(_, person)| own(person));
    }
}

/// Everything, as far as figures go.
#[derive(Default)]
pub struct Recount {
    topics: BTreeMap<TopicNo, Topic>,
    gatherings: BTreeMap<GatheringNo, Option<TopicNo>>,
    attended: Vec<(DateTime<Utc>, GatheringNo, u32)>,
    /// 签到 at gatherings of no topic.
    came: Vec<(DateTime<Utc>, PersonId)>,
    briefs: BTreeMap<BriefNo, (DateTime<Utc>, bool)>,
}

impl Recount {
    pub fn of(records: &[Record]) -> Self {
        let mut all = Self::default();
        for record in records {
            for fact in &record.facts {
                all.take(record, fact);
            }
        }
        all
    }

    fn topic(&mut self, no: TopicNo) -> &mut Topic {
        self.topics.entry(no).or_default()
    }

    fn suggestion(&mut self, reference: SuggestionRef) -> &mut Suggestion {
        self.topic(reference.topic).suggestions.get_mut(&reference.n).unwrap()
    }

    fn enter(&mut self, no: TopicNo, step: Step, at: DateTime<Utc>) {
        let topic = self.topic(no);
        topic.entered.entry(step).or_insert(at);
    }

    fn take(&mut self, record: &Record, fact: &Event) {
        let (at, by) = (record.at, record.by.unwrap_or(PersonId(0)));
        match fact {
            Event::TopicOrdered { topic, proposer, town, .. } => {
                self.enter(*topic, Step::Ordered, at);
                let known = self.topic(*topic);
                (known.proposer, known.town) = (Some(*proposer), town.clone());
            }
            Event::TopicTaken { topic, .. } => {
                self.topic(*topic).taken_by.get_or_insert((at, by));
                self.enter(*topic, Step::Taken, at);
            }
            Event::TopicAdvanced { topic, to, .. } | Event::TopicReturned { topic, to, .. } => {
                self.enter(*topic, *to, at);
                if *to == Step::Closed {
                    self.topic(*topic).closings.push((record.seq, at));
                }
            }
            Event::PersonJoined { from, into } => {
                self.topics.values_mut().for_each(|topic| topic.join(*from, *into));
                self.came.iter_mut().filter(|(_, person)| person == from).for_each(|(_, person)| *person = *into);
            }
            Event::TopicMerged { topic, into, .. } => self.topic(*topic).merged = Some((*into, at)),
            Event::TopicSeconded { topic } => {
                self.topic(*topic).seconds.insert(by, at);
            }
            Event::SuggestionMade { suggestion, author, .. } => {
                let new = Suggestion {
                    at,
                    seq: record.seq,
                    author: *author,
                    gone: false,
                    hidden: false,
                    verdicts: Vec::new(),
                    likes: BTreeMap::new(),
                    replies: BTreeMap::new(),
                };
                self.topic(suggestion.topic).suggestions.insert(suggestion.n, new);
            }
            Event::ReplyMade { to, n, .. } => {
                self.suggestion(*to).replies.insert(*n, (at, by, false));
            }
            Event::SuggestionLiked { suggestion } => {
                self.suggestion(*suggestion).likes.insert(by, at);
            }
            Event::Hiding(hiding::Fact::Hidden { suggestion, .. }) => self.suggestion(*suggestion).hidden = true,
            Event::Hiding(hiding::Fact::Shown { suggestion }) => self.suggestion(*suggestion).hidden = false,
            Event::SuggestionJudged { suggestion, verdict, .. } => {
                let one = (record.seq, at, *verdict != Verdict::Declined);
                self.suggestion(*suggestion).verdicts.push(one);
            }
            Event::ObjectionRaised { objection, .. } => {
                self.topic(objection.topic).objections.insert(objection.n, (at, by, false));
            }
            Event::ObjectionAnswered { objection, .. } => self.topic(objection.topic).contributions.push((at, by)),
            Event::PlanDrafted { topic, .. } | Event::ReviewGiven { topic, .. } => {
                self.topic(*topic).contributions.push((at, by));
            }
            Event::GatheringCalled { gathering, topic, .. } => {
                self.gatherings.insert(*gathering, *topic);
            }
            Event::Attended { gathering, people } => {
                self.attended.push((at, *gathering, u32::try_from(people.len()).unwrap()));
                let came = people.iter().map(|person| (at, *person));
                match self.gatherings[gathering] {
                    Some(topic) => self.topic(topic).contributions.extend(came),
                    None => self.came.extend(came),
                }
            }
            Event::Gathering(gathering::Fact::NotThere { gathering, person, .. }) => {
                let last = self.attended.iter_mut().rfind(|(_, no, n)| no == gathering && *n > 0);
                last.unwrap_or_else(|| panic!("{person:?} was signed in by nobody")).2 -= 1;
            }
            Event::BriefReceived { brief, .. } => {
                self.briefs.insert(*brief, (at, false));
            }
            Event::Undone { what } => self.undo(*what, by),
            _ => {}
        }
    }

    fn undo(&mut self, what: Undoable, by: PersonId) {
        match what {
            Undoable::Topic(no) => self.topic(no).gone = true,
            Undoable::Second(no) => {
                self.topic(no).seconds.remove(&by);
            }
            Undoable::Suggestion(reference) => self.suggestion(reference).gone = true,
            Undoable::Reply(to, n) => self.suggestion(to).replies.get_mut(&n).unwrap().2 = true,
            Undoable::Like(reference) => {
                self.suggestion(reference).likes.remove(&by);
            }
            Undoable::Objection(reference) => {
                self.topic(reference.topic).objections.get_mut(&reference.n).unwrap().2 = true;
            }
            Undoable::Brief(no) => self.briefs.get_mut(&no).unwrap().1 = true,
            _ => {}
        }
    }

    /// A topic and all that was merged into it, whether at once or by way of others.
    fn whole(&self, no: TopicNo) -> Vec<TopicNo> {
        let (mut found, mut at) = (vec![no], 0);
        while at < found.len() {
            let into = found[at];
            let came = self.topics.iter().filter(|(_, topic)| topic.merged.is_some_and(|(to, _)| to == into));
            found.extend(came.map(|(no, _)| *no));
            at += 1;
        }
        found
    }

    /// The 办结 after a record that settle what was said on a topic: its own, and later those of what it was merged into.
    fn closings_of(&self, no: TopicNo, after: u64) -> Vec<(u64, DateTime<Utc>, TopicNo)> {
        let (mut at, mut since, mut found) = (no, DateTime::<Utc>::MIN_UTC, Vec::new());
        loop {
            let topic = &self.topics[&at];
            let later = topic.closings.iter().filter(|(seq, when)| *seq > after && *when >= since);
            found.extend(later.map(|(seq, when)| (*seq, *when, at)));
            let Some((into, when)) = topic.merged else { return found };
            (at, since) = (into, since.max(when));
        }
    }

    /// A second of somebody who had seconded, or asked for, what the topic was merged into, before any paper told of it.
    fn is_double(&self, topic: &Topic, who: PersonId, at: DateTime<Utc>) -> bool {
        let Some((into, when)) = topic.merged.filter(|_| topic.is_untold(at)) else { return false };
        let earlier = |other: &&Topic| other.merged.is_some_and(|(to, then)| to == into && then < when);
        let other = &self.topics[&into];
        other.proposer == Some(who)
            || other.seconds.contains_key(&who)
            || self.topics.values().filter(earlier).any(|other| other.seconds.contains_key(&who))
    }

    /// Everything that counts.
    pub fn counts(&self) -> Vec<Count> {
        let mut found = Vec::new();
        for (&no, topic) in self.topics.iter().filter(|(_, topic)| !topic.gone) {
            let mut add = |at, what| found.push(Count { at, topic: Some(no), what, n: 1 });
            for (step, what) in [
                (Step::Ordered, What::Ordered),
                (Step::Taken, What::Taken),
                (Step::Talking, What::Talks),
                (Step::Tracking, What::Tracked),
                (Step::Closed, What::Closed),
            ] {
                let is_own = |at: &&DateTime<Utc>| step != Step::Ordered || !topic.is_untold(**at);
                if let Some(&at) = topic.entered.get(&step).filter(is_own) {
                    add(at, what);
                }
            }
            let seconds = topic.seconds.iter().filter(|(who, at)| !self.is_double(topic, **who, **at));
            seconds.for_each(|(_, &at)| add(at, What::Second));
            // What was taken back, or is hidden, goes with all that was said to it.
            for one in topic.suggestions.values().filter(|one| one.stands()) {
                one.replies.values().filter(|(_, _, gone)| !gone).for_each(|(at, ..)| add(*at, What::Reply));
                add(one.at, What::Suggestion);
                one.likes.values().for_each(|&at| add(at, What::Like));
            }
            for one in topic.suggestions.values().filter(|one| one.stands()) {
                let judged = one.verdicts.first().map(|(seq, at, _)| (*seq, *at, no));
                if let Some((_, at, of)) = self.closings_of(no, one.seq).into_iter().chain(judged).min() {
                    found.push(Count { at, topic: Some(of), what: What::Settled, n: 1 });
                }
                let mut was = false;
                for (_, at, adopted) in &one.verdicts {
                    let n = i64::from(*adopted) - i64::from(was);
                    found.push(Count { at: *at, topic: Some(no), what: What::Adopted, n });
                    was = *adopted;
                }
            }
        }
        for (at, gathering, n) in &self.attended {
            let (topic, n) = (self.gatherings[gathering], i64::from(*n));
            found.push(Count { at: *at, topic, what: What::Attended, n });
        }
        let briefs = self.briefs.values().filter(|(_, gone)| !gone);
        found.extend(briefs.map(|(at, _)| Count { at: *at, topic: None, what: What::Brief, n: 1 }));
        found
    }

    /// What the page of a topic says it has: suggestions, replies, likes.
    pub fn on_page(&self, topic: TopicNo) -> (usize, usize, usize) {
        let topic = &self.topics[&topic];
        let standing = || topic.suggestions.values().filter(|one| one.stands());
        let replies = standing().flat_map(|one| one.replies.values()).filter(|(_, _, gone)| !gone).count();
        (standing().count(), replies, standing().map(|one| one.likes.len()).sum())
    }

    /// 我 — how many suggestions of somebody stand, on topics that were taken back as well.
    pub fn suggestions_of(&self, person: PersonId) -> usize {
        let all = self.topics.values().flat_map(|topic| topic.suggestions.values());
        all.filter(|one| one.stands() && one.author == person).count()
    }

    /// The town of a topic.
    pub fn town(&self, topic: TopicNo) -> &str {
        &self.topics[&topic].town
    }

    /// 委员参与: member, topic, local day.
    pub fn participation(
        &self,
        tz: Tz,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        members: &[PersonId],
    ) -> BTreeSet<(PersonId, TopicNo, NaiveDate)> {
        let mut found = BTreeSet::new();
        for (&no, topic) in self.topics.iter().filter(|(_, topic)| !topic.gone) {
            let mut acts: Vec<(DateTime<Utc>, PersonId)> = topic.contributions.clone();
            acts.extend(topic.proposer.map(|person| (topic.entered[&Step::Ordered], person)));
            acts.extend(topic.taken_by);
            acts.extend(topic.seconds.iter().map(|(person, at)| (*at, *person)));
            acts.extend(Self::words(topic));
            for one in topic.suggestions.values().filter(|one| one.stands()) {
                acts.extend(one.likes.iter().map(|(person, at)| (*at, *person)));
            }
            for (at, person) in acts {
                if from <= at && at < to && members.contains(&person) {
                    found.insert((person, no, at.with_timezone(&tz).date_naive()));
                }
            }
        }
        found
    }

    /// 建议、跟帖、异议 that stand.
    fn words(topic: &Topic) -> Vec<(DateTime<Utc>, PersonId)> {
        let mut words = Vec::new();
        for one in topic.suggestions.values().filter(|one| one.stands()) {
            words.push((one.at, one.author));
            words.extend(one.replies.values().filter(|reply| !reply.2).map(|reply| (reply.0, reply.1)));
        }
        words.extend(topic.objections.values().filter(|one| !one.2).map(|one| (one.0, one.1)));
        words
    }

    /// When each person first said something that stands.
    pub fn first_words(&self) -> BTreeMap<PersonId, DateTime<Utc>> {
        let mut first = BTreeMap::new();
        for topic in self.topics.values() {
            for (at, person) in Self::words(topic) {
                let known = first.entry(person).or_insert(at);
                *known = at.min(*known);
            }
        }
        first
    }

    /// 五方到场: who came, with those who are neutral on a topic left out by `is_neutral`.
    pub fn present(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        is_neutral: impl Fn(PersonId, &str) -> bool,
    ) -> BTreeSet<PersonId> {
        let mut found = BTreeSet::new();
        for topic in self.topics.values().filter(|topic| !topic.gone) {
            let acts = topic.contributions.iter().copied().chain(Self::words(topic));
            let inside = acts.filter(|(at, _)| from <= *at && *at < to);
            found.extend(inside.map(|(_, person)| person).filter(|person| !is_neutral(*person, &topic.town)));
        }
        found
    }

    /// Who came to gatherings of no topic.
    pub fn came(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> impl Iterator<Item = PersonId> {
        self.came.iter().filter(move |(at, _)| from <= *at && *at < to).map(|(_, person)| *person)
    }

    /// The same on one topic, over all its days.
    pub fn present_on(&self, topic: TopicNo, is_neutral: impl Fn(PersonId) -> bool) -> BTreeSet<PersonId> {
        let whole = self.whole(topic).into_iter().map(|no| &self.topics[&no]);
        let acts = whole.flat_map(|topic| topic.contributions.iter().copied().chain(Self::words(topic)));
        acts.map(|(_, person)| person).filter(|person| !is_neutral(*person)).collect()
    }
}
