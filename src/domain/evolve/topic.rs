//! 议题 — what ordering, seconding and moving on make of the world.

use crate::domain::event::Event;
use crate::domain::evolve::Application;
use crate::domain::history::deed::What;
use crate::domain::kernel::ids::{PersonId, TopicNo};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Key, kind};
use crate::domain::people::lately;
use crate::domain::people::town::Sort;
use crate::domain::people::undoable::Undoable;
use crate::domain::process::channel::Channel;
use crate::domain::process::form::Step;
use crate::domain::process::halt::{Turn, second_key, seconds_anew};
use crate::domain::process::topic::Topic;

impl Application<'_, '_, '_> {
    pub(crate) fn ordered(&mut self, event: &Event) {
        let Event::TopicOrdered { topic, title, body, proposer, channel, kind: topic_kind, town } = event else {
            return;
        };
        let no = topic.0;
        self.world.count(|counters| counters.topics = no);
        self.world.heard_of(Sort::Town, town);
        self.world.put(&Topic {
            no: *topic,
            title: title.or_gone(),
            body: body.or_gone(),
            proposer: *proposer,
            channel: *channel,
            kind: *topic_kind,
            town: town.clone(),
            units: Words::default(),
            template: topic_kind.template(),
            step: Step::Ordered,
            halt: None,
            halt_reason: Words::default(),
            halted_at: None,
            moved_to: None,
            moved_over: false,
            since: self.record.at,
            ordered_at: self.record.at,
            talk_until: None,
            lead: None,
            withdrawn: false,
            last_suggestion: 0,
            suggestions: 0,
            hidden: 0,
            replies: 0,
            likes: 0,
            seconds: 0,
            poll: None,
            last_poll: None,
            plans: 0,
            pacts: 0,
            notices: 0,
            notice: None,
            last_objection: 0,
            round: 0,
        });
        self.world.put_at(Key::new(kind::LIVE_TOPIC).num(no), topic);
        self.deed(What::Entered(Step::Ordered), Some(*topic), Some(*proposer));
        self.world.change_own(*proposer, |own| own.topics += 1);
        // What came as a slip was accepted by a coordinator, who cannot take it back even where the slip was theirs: it would be lost.
        let is_own = self.record.by == Some(*proposer) && !matches!(channel, Channel::Scan(_));
        let fingerprint = lately::fingerprint("topic", &format!("{title}\n{body}"));
        self.trace(is_own.then_some(Undoable::Topic(*topic)), if is_own { fingerprint } else { 0 });
    }

    /// 买单; whoever takes it over from another takes it at the step where it is.
    pub(crate) fn taken(&mut self, no: TopicNo, lead: PersonId, before: Option<PersonId>, why: Option<&Words>) {
        self.topic(no, |topic| topic.lead = Some(lead));
        self.turned(no, why);
        match before {
            None => self.enter(no, Step::Taken),
            Some(_) => {
                self.deed(What::Led(lead), Some(no), self.record.by);
                self.trace(None, 0);
            }
        }
    }

    /// 转折 — why.
    pub(super) fn turned(&mut self, topic: TopicNo, why: Option<&Words>) {
        if let Some(why) = why {
            self.world.put(&Turn { topic, seq: self.record.seq, why: why.clone() });
        }
    }

    pub(crate) fn enter(&mut self, no: TopicNo, step: Step) {
        let at = self.record.at;
        self.topic(no, |topic| {
            topic.step = step;
            topic.since = at;
        });
        self.merged_with(no, step == Step::Closed);
        if step == Step::Closed {
            self.world.remove(Key::new(kind::LIVE_TOPIC).num(no.0));
        } else {
            self.world.put_at(Key::new(kind::LIVE_TOPIC).num(no.0), &no);
        }
        self.deed(What::Entered(step), Some(no), self.record.by);
        if step == Step::Closed {
            self.credit_lead(no);
        }
        self.trace(None, 0);
    }

    /// 并案 — what went on as a topic is told whether that is over by now.
    pub(super) fn merged_with(&mut self, no: TopicNo, is_over: bool) {
        for part in self.world.whole_of(no).into_iter().filter(|part| *part != no) {
            self.topic(part, |topic| topic.moved_over = is_over);
        }
    }

    pub(crate) fn seconded(&mut self, no: TopicNo) {
        let Some(person) = self.record.by else { return };
        self.world.put_at(second_key(no, person), &person);
        self.topic(no, |topic| topic.seconds += 1);
        seconds_anew(self.world, no);
        self.world.change_own(person, |own| own.seconds += 1);
        self.deed(What::Seconded, Some(no), Some(person));
        self.trace(Some(Undoable::Second(no)), 0);
    }
}

impl Application<'_, '_, '_> {
    /// 到场 — somebody took part in a way that cannot be taken back.
    pub(super) fn came(&mut self, topic: TopicNo, person: PersonId) {
        self.world.put_at(Key::new(kind::PRESENCE).num(topic.0).num(person.0), &person);
    }

    /// 退回 — what was posted and voted on is kept and counts no more; experts look at it anew.
    pub(super) fn returned(&mut self, no: TopicNo, to: Step, why: &Words) {
        self.turned(no, Some(why));
        if let Some(mut notice) = self.world.topic(no).and_then(|topic| self.world.notice(&topic)) {
            notice.void = true;
            self.world.put(&notice);
        }
        self.topic(no, |topic| {
            topic.notice = None;
            topic.round += 1;
        });
        self.enter(no, to);
    }
}
