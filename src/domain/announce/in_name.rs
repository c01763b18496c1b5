//! 记在名下 — whoever something was recorded for by somebody else is told at once, by night as the table of haste says: what, by whom, and
//! how it is taken back. What is recorded in whose name stands in one table ([`in_whose_name`]); asked once a record, one letter a person and thing.

use crate::domain::addressee::For;
use crate::domain::announce::Herald;
use crate::domain::event::Event;
use crate::domain::in_name::{Charge, InName, in_whose_name};
use crate::domain::kernel::ids::{
    GatheringNo, GroupId, PersonId, PollNo, ProposalNo, SuggestionRef, TaskNo, TopicNo, VoterNo,
};
use crate::domain::kernel::said::Way;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Key, kind};
use crate::domain::people::person::Role;
use crate::domain::process::channel::Channel;
use crate::domain::process::topic::Topic;
use crate::domain::talk::gathering::SignUpLine;
use crate::domain::vote::poll::Poll;
use crate::domain::vote::{mandate, poll};
use crate::say;
use chrono::Duration;

/// Such a letter leaves so long after what it tells.
const AFTER_SECONDS: i64 = 60;

impl Herald<'_, '_> {
    /// The letters to those in whose names the record speaks.
    pub(super) fn in_names(&mut self) {
        let record = self.record;
        for fact in &record.facts {
            let what = in_whose_name(fact);
            for (person, letter) in self.named(what) {
                let is_seen = self.is_seen(what, person);
                match what {
                    // Whoever does not write to us in private learns of it all the same, where there is a chat to write to: not among
                    // the receipts of whoever goes through a pile of papers, but by the clock.
                    InName::Voted(poll, voter, _) if !self.world.confides(person) => {
                        self.soon(For::OnPaper(person, poll, voter, record.at), letter);
                    }
                    _ => self.named_told(person, letter, is_seen),
                }
            }
        }
    }

    /// What is done where people are they read there; whoever writes to us in private is written to all the same, and so is whoever asked
    /// for it and speaks elsewhere: they hold no part by which they would read along.
    fn is_seen(&self, what: InName<'_>, person: PersonId) -> bool {
        let speaks_here = || self.record.group.is_some_and(|group| self.world.speaks_in(person, group));
        let has_asked = |no: GatheringNo| {
            let topic = self.world.gathering(no).and_then(|gathering| self.world.topic(gathering.topic?));
            topic.is_some_and(|topic| self.world.proposers(&topic).contains(&person))
        };
        match what {
            InName::Said(_, _, _, quoted) => quoted,
            InName::SaidSo(..) | InName::Task(..) | InName::Proposal(..) => false,
            // Whoever told it by telephone is not in the group.
            InName::Asked(..) | InName::AskedSo(_) | InName::Split(..) | InName::Voted(..) => false,
            InName::Coming(no, _) => self.record.way == Way::Group && (speaks_here() || !has_asked(no)),
            // 代签 — in the group where the topic is talked over, or where they speak.
            InName::There(no, _) => {
                let reads = |group: GroupId| self.is_room_of(no, group) || self.world.speaks_in(person, group);
                let reads_here = self.record.group.is_some_and(reads);
                self.record.way == Way::Group && reads_here && (speaks_here() || !has_asked(no))
            }
            InName::Served(..) | InName::Nobody => self.record.way == Way::Group,
        }
    }

    fn named_told(&mut self, person: PersonId, letter: Say, is_seen: bool) {
        let is_told = !is_seen || self.world.confides(person);
        if is_told && self.record.by.is_some_and(|by| by != person) {
            self.at_once(person, letter);
        }
    }

    fn named(&self, what: InName<'_>) -> Vec<(PersonId, Say)> {
        let who = || self.by();
        match what {
            InName::Said(person, at, text, _) => {
                vec![(person, say!("relay.told", r#ref = at, who = who(), text = quoted(text)))]
            }
            InName::SaidSo(at, text) => self.said_so(at, text).into_iter().collect(),
            InName::Asked(person, no) => self.asked_for(no).map(|letter| (person, letter)).into_iter().collect(),
            InName::AskedSo(no) => {
                let proposer = self.world.topic(no).map(|topic| topic.proposer);
                proposer.and_then(|person| Some((person, self.asked_for(no)?))).into_iter().collect()
            }
            InName::Split(from, no) => self.split_off(from, no).into_iter().collect(),
            InName::Coming(no, lines) => self.coming(no, lines),
            InName::There(no, people) => {
                people.iter().map(|person| (*person, say!("in_name.there", a = no, who = who()))).collect()
            }
            InName::Voted(poll, voter, choice) => self.voted_for(poll, voter, choice),
            InName::Served(person, kind, text) => {
                let (kind, (role, host)) = (Value::Term(kind.term().to_owned()), self.in_charge(None, person));
                let text = quoted(text);
                vec![(person, say!("in_name.served", who = who(), kind = kind, text = text, role = role, host = host))]
            }
            InName::Task(no, act) => self.of_task_for(no, act).into_iter().collect(),
            InName::Proposal(no, act) => self.of_proposal_for(no, act).into_iter().collect(),
            InName::Nobody => Vec::new(),
        }
    }

    /// 代办 — who signs in somebody's place on the way to a report or an answer is told of with that.
    fn is_on_the_way_to(&self, act: Charge, same: impl Fn(InName<'_>) -> bool) -> bool {
        act == Charge::Signed && self.record.facts.iter().any(|fact| same(in_whose_name(fact)))
    }

    fn of_task_for(&self, no: TaskNo, act: Charge) -> Option<(PersonId, Say)> {
        let same = |what: InName<'_>| matches!(what, InName::Task(one, act) if one == no && act != Charge::Signed);
        let task = self.world.task(no).filter(|_| !self.is_on_the_way_to(act, same))?;
        let topic = self.world.topic(task.topic)?;
        let role = self.acting((&topic.town, Some(&topic)), Role::Coordinator);
        let (host_role, host) = self.in_charge(Some(topic.no), task.handler);
        let act = Value::Term(act.term().to_owned());
        let letter =
            say!("in_place.task", t = no, role = role, who = self.by(), act = act, host_role = host_role, host = host);
        Some((task.handler, letter))
    }

    fn of_proposal_for(&self, no: ProposalNo, act: Charge) -> Option<(PersonId, Say)> {
        let same = |what: InName<'_>| matches!(what, InName::Proposal(one, act) if one == no && act != Charge::Signed);
        let proposal = self.world.proposal(no).filter(|_| !self.is_on_the_way_to(act, same))?;
        let handler = proposal.handler?;
        let town = self.world.person(proposal.by).map(|person| person.base().to_owned()).unwrap_or_default();
        let role = self.acting((&town, None), Role::Coordinator);
        let (host_role, host) = self.in_charge(None, handler);
        let act = Value::Term(act.term().to_owned());
        let letter = say!(
            "in_place.proposal",
            b = no,
            role = role,
            who = self.by(),
            act = act,
            host_role = host_role,
            host = host
        );
        Some((handler, letter))
    }

    fn said_so(&self, at: SuggestionRef, text: &Words) -> Option<(PersonId, Say)> {
        let author = self.world.suggestion(at).filter(|suggestion| suggestion.recorder.is_some())?.author;
        Some((author, say!("relay.told.again", r#ref = at, who = self.by(), text = quoted(text))))
    }

    fn asked_for(&self, no: TopicNo) -> Option<Say> {
        let topic = self.world.topic(no)?;
        let Channel::Told(told) = topic.channel else { return None };
        let (src, (role, host)) = (Value::Term(told.term().to_owned()), self.in_charge(Some(no), topic.proposer));
        let (title, who) = (&topic.title, self.by());
        Some(say!("told.entered_for", no = no, title = title, src = src, who = who, role = role, host = host))
    }

    /// 拆分 — the title is whoever split it off's, the name the asker's.
    fn split_off(&self, from: TopicNo, no: TopicNo) -> Option<(PersonId, Say)> {
        let topic = self.world.topic(no)?;
        let (role, host) = self.in_charge(Some(no), topic.proposer);
        let (title, who) = (&topic.title, self.by());
        let letter = say!("split.told", no = no, from = from, title = title, who = who, role = role, host = host);
        Some((topic.proposer, letter))
    }

    /// 不是我提的 — whoever read that somebody asked for it reads that they did not, and the coordinators as well.
    pub(super) fn topic_disowned(&mut self, no: TopicNo) {
        let Some(topic) = self.world.get::<Topic>(&Key::new(kind::TOPIC).num(no.0)) else { return };
        if !self.world.is_in_name_only(&topic) || self.record.by != Some(topic.proposer) {
            return;
        }
        let what = say!("told.disowned", no = no, who = self.by());
        self.groups(&self.world.town_groups(&topic.town), &what, false, false);
        self.coordinators(&topic.town, &what);
    }

    /// Who bears a name of the list; a name that several bear is nobody's.
    fn coming(&self, no: GatheringNo, lines: &[SignUpLine]) -> Vec<(PersonId, Say)> {
        let letter = || say!("in_name.coming", a = no, who = self.by());
        let of = |line: &SignUpLine| self.world.bearer_of(line.person, &line.name);
        lines.iter().filter_map(of).map(|person| (person, letter())).collect()
    }

    /// On paper or by telephone; what was cast by a mandate, or put right, is told with that.
    fn voted_for(&self, no: PollNo, of: VoterNo, choice: &Words) -> Vec<(PersonId, Say)> {
        let is_told = |fact: &Event| {
            matches!(fact, Event::Mandate(mandate::Fact::Used { voter, .. }) if *voter == of)
                || matches!(fact, Event::Poll(poll::Fact::Corrected { poll, voter, .. }) if *poll == no && *voter == of)
        };
        let Some(poll) = self.world.poll(no).filter(|_| !self.record.facts.iter().any(is_told)) else {
            return Vec::new();
        };
        let (topic, seat) = (poll.topic, Seat::of(&poll, of));
        let (hh, who) = (self.world.seat_called(topic, seat), self.by());
        // The letter waits a moment, and the vote does not.
        if self.record.at + Duration::seconds(AFTER_SECONDS) >= poll.ends {
            return self.voted_at_the_end(&poll, seat, choice);
        }
        let letter = match self.choice_told(no, choice) {
            Some(op) => say!("in_name.voted", no = topic, hh = hh, op = op, said = self.reason_told(of), who = who),
            None => say!("in_name.voted.secret", no = topic, hh = hh, who = who),
        };
        self.people_on(topic, seat).into_iter().map(|person| (person, letter.clone())).collect()
    }

    /// The same where nothing can be done about it by the time it is read.
    fn voted_at_the_end(&self, poll: &Poll, seat: Seat, choice: &Words) -> Vec<(PersonId, Say)> {
        let op = match self.choice_told(poll.no, choice) {
            Some(op) => say!("in_name.voted.what", op = op),
            None => say!("in_name.voted.unsaid"),
        };
        let letter = |person: PersonId| {
            let (role, office) = self.in_charge(Some(poll.topic), person);
            let (hh, who, end) = (self.world.seat_called(poll.topic, seat), self.by(), Value::Moment(poll.ends));
            let (no, op) = (poll.topic, op.clone());
            say!("in_name.voted.closed", no = no, hh = hh, op = op, who = who, end = end, role = role, office = office)
        };
        self.people_on(poll.topic, seat).into_iter().map(|person| (person, letter(person))).collect()
    }

    /// Who puts right what was recorded: the moderator of its topic, a coordinator of the town; whoever recorded it only where there is
    /// nobody else.
    pub(super) fn in_charge(&self, topic: Option<TopicNo>, person: PersonId) -> (Value, Value) {
        let topic = topic.and_then(|no| self.world.topic(no));
        let is_another = |one: &PersonId| Some(*one) != self.record.by && *one != person;
        let moderator = topic.as_ref().and_then(|topic| self.world.moderator_of(topic));
        let own = || self.world.person(person).map(|person| person.town).unwrap_or_default();
        let town = topic.map_or_else(own, |topic| topic.town);
        let mut coordinators = self.world.coordinators_of(&town).into_iter().map(|one| one.id);
        let (role, one) = match (moderator.filter(is_another), coordinators.find(is_another)) {
            (Some(moderator), _) => (Role::Moderator, Some(moderator)),
            (None, Some(coordinator)) => (Role::Coordinator, Some(coordinator)),
            (None, None) if moderator.is_some() => (Role::Moderator, self.record.by),
            (None, None) => (Role::Coordinator, self.record.by),
        };
        let name = one.map(|one| self.world.name_of(one)).unwrap_or_default();
        (Value::Term(role.term().to_owned()), Value::Text(name))
    }
}

fn quoted(text: &Words) -> Value {
    Value::Quote(text.as_str().to_owned())
}
