//! 议题 — who is told that a topic is new, taken, moved on or taken up again.

use crate::domain::about::topic_card::card_of;
use crate::domain::announce::Herald;
use crate::domain::event::Event;
use crate::domain::kernel::ids::{PersonId, TopicNo};
use crate::domain::kernel::say::Value;
use crate::domain::kernel::words::Words;
use crate::domain::people::person::Side;
use crate::domain::process::channel::Channel;
use crate::domain::process::conflict::Part;
use crate::domain::process::course::Fact;
use crate::domain::process::form::Step;
use crate::domain::process::people::moderator_name;
use crate::domain::process::topic::{Halt, Topic};
use crate::say;
use std::collections::BTreeSet;

impl Herald<'_, '_> {
    pub(crate) fn ordered(&mut self, no: TopicNo) {
        let Some(topic) = self.world.topic(no) else { return };
        let source = match topic.channel {
            Channel::Scan(_) => Value::Term("channel.scan".to_owned()),
            Channel::Private | Channel::Told(_) => Value::Term(topic.channel.term().to_owned()),
            Channel::Group(group) => {
                Value::Text(self.world.group(group).map(|group| group.name.as_str().to_owned()).unwrap_or_default())
            }
        };
        let who: Value = match self.split_here(no) {
            Some(from) => say!("split.who", who = self.world.name_of(topic.proposer), by = self.by(), no = from).into(),
            None => self.world.name_of(topic.proposer).into(),
        };
        let new = say!("topic.new", no = no, title = &topic.title, who = who, src = source);
        self.here_and(&self.world.town_groups(&topic.town), &new);
        self.tell_sectors(&topic, "");
    }

    /// 拆分 — what it was split off from in this record, where that was not done by who asked.
    fn split_here(&self, no: TopicNo) -> Option<TopicNo> {
        let is_by_other = |asker: PersonId| self.record.by.is_some_and(|by| by != asker);
        let asker = self.world.topic(no)?.proposer;
        self.record.facts.iter().find_map(|fact| match fact {
            Event::Course(Fact::Split { topic, into, .. }) if *into == no && is_by_other(asker) => Some(*topic),
            _ => None,
        })
    }

    pub(crate) fn seconded(&mut self, no: TopicNo) {
        let Some(topic) = self.world.topic(no) else { return };
        let k = self.settings.hot_seconds;
        if topic.seconds != k {
            self.here(say!("second", no = no, n = topic.seconds));
            return;
        }
        let hot = say!("second.hot", no = no, n = topic.seconds, k = k);
        self.here(hot.clone());
        self.coordinators(&topic.town, &hot);
    }

    /// 并案 — seconds that come together and reach what is asked for are told like the one that does.
    pub(crate) fn seconded_by_merging(&mut self, no: TopicNo, into: TopicNo) {
        let Some(topic) = self.world.topic(into) else { return };
        let (k, came) = (self.settings.hot_seconds, self.world.whole_of(no));
        let mut before = BTreeSet::new();
        for part in self.world.whole_of(into).into_iter().filter(|part| !came.contains(part)) {
            self.world.seconds_of(part, |person| {
                before.insert(person);
            });
        }
        before.remove(&topic.proposer);
        let was = u32::try_from(before.len()).unwrap_or(u32::MAX);
        if was < k && topic.seconds >= k {
            let hot = say!("merge.hot", no = into, n = topic.seconds, k = k);
            self.here(hot.clone());
            self.coordinators(&topic.town, &hot);
        }
    }

    pub(crate) fn taken(&mut self, no: TopicNo, lead: PersonId, before: Option<PersonId>, why: Option<&Words>) {
        let Some(topic) = self.world.topic(no) else { return };
        self.review_lapsed(lead, Part::Lead);
        if let Some(before) = before {
            let (who, was) = (self.world.name_of(lead), self.world.name_of(before));
            let by = if self.record.by == Some(lead) { say!("none") } else { say!("take.over.by", by = self.by()) };
            let why = why.map_or_else(|| say!("none"), |why| say!("take.over.why", why = why));
            let what = say!("take.over", no = no, title = &topic.title, who = who, was = was, by = by, why = why);
            self.publicly(no, &what);
            for person in [lead, before].into_iter().filter(|person| Some(*person) != self.record.by) {
                self.push(person, what.clone());
            }
            return;
        }
        let moderator = moderator_name(self.world, &topic);
        self.here(say!("take", who = self.world.name_of(lead), no = no, r#mod = moderator));
    }

    /// 恢复 — what is said at that step, or else the card.
    pub(crate) fn resumed(&mut self, no: TopicNo, was: Option<Halt>) {
        let Some(topic) = self.world.topic(no) else { return };
        match was {
            Some(Halt::Merged(into)) => return self.merged_not(&topic, into),
            Some(Halt::Ended) => return self.ended_not(&topic),
            Some(Halt::Paused) | None => {}
        }
        match topic.step {
            Step::Noticing if self.record.facts.iter().any(|fact| matches!(fact, Event::Rested(_))) => {}
            Step::Ordered | Step::Taken | Step::Noticing | Step::Closed => {
                let groups = self.notice_groups(&topic);
                self.here_and(&groups, &card_of(self.world, self.settings, &topic));
            }
            step => self.advanced(no, step, None),
        }
    }

    pub(crate) fn advanced(&mut self, no: TopicNo, to: Step, why: Option<&Words>) {
        // A result says itself where the topic goes.
        if self.record.facts.iter().any(|fact| matches!(fact, Event::PollClosed { .. })) {
            return;
        }
        let what = match to {
            Step::Talking => say!("adv.2", no = no),
            Step::Planning => say!("adv.3", no = no),
            Step::Reviewing => say!("adv.5", no = no),
            Step::Voting => say!("adv.6", no = no),
            Step::Tracking if !self.world.closures(no).is_empty() => return self.reopened(no, why),
            Step::Tracking => say!("adv.track", no = no),
            // Told by what took it there.
            Step::Ordered | Step::Taken | Step::Noticing | Step::Closed => return,
        };
        self.here_and(&self.world.bound_groups(no), &what);
    }

    /// 重开 — read where the end was read.
    fn reopened(&mut self, no: TopicNo, why: Option<&Words>) {
        let Some(topic) = self.world.topic(no) else { return };
        let why = why.map_or_else(|| say!("none"), |why| say!("adv.reopened.why", why = why));
        let what = say!("adv.reopened", no = no, title = &topic.title, who = self.by(), why = why);
        self.here_and(&self.all_groups(&topic), &what);
    }

    /// Once for all guests of the record.
    pub(crate) fn invited(&mut self, no: TopicNo, event: &Event) {
        let is_guest = |fact: &&Event| matches!(fact, Event::Invited { .. });
        if self.record.facts.iter().rfind(is_guest) != Some(event) {
            return;
        }
        let Some(topic) = self.world.topic(no) else { return };
        let n = self.record.facts.iter().filter(is_guest).count();
        let mut apart: Vec<Value> = Vec::new();
        for fact in &self.record.facts {
            let Event::Invited { person, side, .. } = fact else { continue };
            let stands = self.world.stands_for(&topic, *person, *side);
            let name = || Value::Text(self.world.name_of(*person));
            if stands != Some(*side) && !apart.contains(&name()) {
                apart.push(name());
            }
            self.guest_told(&topic, *person, *side);
        }
        let apart = if apart.is_empty() { say!("none") } else { say!("invite.apart", who = Value::List(apart)) };
        self.here(say!("invite", n = n, five = Value::Sides(self.world.sides_of(&topic)), apart = apart));
        self.experts_asked(&topic);
    }

    /// 请谁来审查 — read where the topic is public, wherever it was said: whoever knows that somebody is no stranger to the matter says so.
    /// Whoever has no account yet reviews nothing until they have one of their own.
    fn experts_asked(&mut self, topic: &Topic) {
        let expert = |fact: &Event| match fact {
            Event::Invited { person, side: Side::Expert, .. } => Some(*person),
            _ => None,
        };
        let mut experts: Vec<PersonId> = self.record.facts.iter().filter_map(expert).collect();
        experts.dedup();
        if experts.is_empty() {
            return;
        }
        let named = |person: &PersonId| -> Value {
            say!("invite.expert", who = self.world.name_of(*person), field = self.world.field_of(*person)).into()
        };
        let who = Value::List(experts.iter().map(named).collect());
        let what = say!("invite.experts", no = topic.no, by = self.by(), who = who);
        self.groups(&self.public_of(topic.no), &what, false, false);
        experts.retain(|person| self.world.accounts_of(*person).is_empty());
        if !experts.is_empty() {
            let names = experts.iter().map(|person| Value::Text(self.world.name_of(*person))).collect();
            self.here(say!("invite.no_account", no = topic.no, who = Value::List(names)));
        }
    }

    /// Whoever is asked as something they are not entered as, or where they do not speak, hears of it themselves: a group only reads how many
    /// were asked.
    fn guest_told(&mut self, topic: &Topic, person: PersonId, side: Side) {
        let reads_here = || self.record.group.is_some_and(|group| self.world.speaks_in(person, group));
        let is_unheard = || self.world.confides(person) && !reads_here();
        let known = self.world.person(person).filter(|known| known.side != side || is_unheard());
        if known.is_some() && self.record.by != Some(person) {
            let (no, side) = (topic.no, Value::Term(side.term().to_owned()));
            self.push(person, say!("invite.told", by = self.by(), no = no, title = &topic.title, side = side));
        }
    }
}
