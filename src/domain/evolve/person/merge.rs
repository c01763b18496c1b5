//! 合并 — a newcomer turns out to be somebody the office knows: topics, suggestions, replies, likes, seconds, sign-ups and ballots
//! become that person's, as if they had been said by the one account from the start. Nobody counts twice: where both did the same
//! thing one of the two is dropped. A count that was announced stands.

use crate::domain::about::charity;
use crate::domain::brief;
use crate::domain::history::deed::{Deed, What, newcomer_prefix, prefix_of};
use crate::domain::kernel::ids::{GatheringNo, PersonId, PollNo, SuggestionRef, TopicNo, VoterNo};
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::world::Entity as _super_world_Entity;
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::people::invitation_code;
use crate::domain::people::invitation_sheet;
use crate::domain::people::person::Role;
use crate::domain::people::undoable::Undoable;
use crate::domain::process::form::Step;
use crate::domain::process::guest::Speaker;
use crate::domain::process::halt::{second_key, seconds_anew};
use crate::domain::talk::gathering::{Attendance, Joined, attendance_key};
use crate::domain::talk::notice::Answer;
use crate::domain::talk::plan::Plan;
use crate::domain::talk::review::Review;
use crate::domain::talk::series;
use crate::domain::talk::suggestion::like_key;
use crate::domain::vote::absence::Kind;
use crate::domain::vote::poll::{Ballot, Poll};
use crate::domain::vote::{absence, mandate};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// Makes everything one person did another's. `from` has only spoken up; `into` is entered.
pub fn absorb(world: &mut World<'_>, from: PersonId, into: PersonId) {
    Join { world, from, into }.run();
}

struct Join<'w, 's> {
    world: &'w mut World<'s>,
    from: PersonId,
    into: PersonId,
}

impl Join<'_, '_> {
    fn run(&mut self) {
        let deeds = self.deeds();
        let groups = self.world.trail(self.from).speaks_in;
        self.world.hand_over_trail(self.from, self.into);
        // First whose a thing is, then who liked it: nobody likes or seconds their own.
        for (_, deed) in &deeds {
            self.hand_over(deed);
        }
        let topics: BTreeSet<TopicNo> = deeds.iter().filter_map(|(_, deed)| deed.topic).collect();
        for (key, deed) in deeds {
            if self.stands(&deed) {
                self.credit(&key);
                self.world.put_at(Key::raw(key), &Deed { by: Some(self.into), ..deed });
            } else {
                self.world.remove(Key::raw(key));
                self.world.change_own(self.into, |own| own.traces.retain(|trace| trace.seq != deed.seq));
            }
        }
        topics.into_iter().for_each(|no| seconds_anew(self.world, no));
        for poll in (1..=self.world.counters().polls).map(PollNo) {
            self.poll(poll);
        }
        for gathering in (1..=self.world.counters().gatherings).map(GatheringNo) {
            self.gathering(gathering);
        }
        absence::hand_over(self.world, self.from, self.into);
        mandate::hand_over(self.world, self.from, self.into);
        brief::hand_over(self.world, self.from, self.into);
        self.world.hand_over_index(self.from, self.into, &groups);
        invitation_code::hand_over(self.world, self.from, self.into);
        invitation_sheet::hand_over(self.world, self.from, self.into);
        charity::hand_over(self.world, self.from, self.into);
        series::hand_over(self.world, self.from, self.into);
    }

    /// What the newcomer did, by key. What was taken back is gone from there.
    fn deeds(&self) -> Vec<(Vec<u8>, Deed)> {
        let keys: Vec<Vec<u8>> = self.world.list(&newcomer_prefix(self.from), usize::MAX);
        let deeds = keys.into_iter().filter_map(|key| Some((key.clone(), self.world.get(&Key::raw(key))?)));
        deeds.filter(|(_, deed): &(Vec<u8>, Deed)| deed.by == Some(self.from)).collect()
    }

    /// 六微 — what turns out to be a member's stands in their columns.
    fn credit(&mut self, deed: &[u8]) {
        if self.world.person_kept(self.into).is_some_and(|person| person.holds(Role::Member)) {
            self.world.credit(self.into, deed);
        }
    }

    /// A newcomer had come to a gathering: the deed is that of whoever wrote the list, so it is looked for in that record.
    fn credit_attendance(&mut self, no: GatheringNo, attendance: &Attendance) {
        let (prefix, mut lists) = (prefix_of(attendance.at, attendance.seq), Vec::new());
        self.world.scan_from(&prefix, prefix.bytes(), |key, deed: Deed| {
            if matches!(deed.what, What::Attended(gathering, _) if gathering == no) {
                lists.push(key.to_vec());
            }
            true
        });
        lists.iter().for_each(|key| self.credit(key));
    }

    fn own(&self, person: PersonId) -> PersonId {
        if person == self.from { self.into } else { person }
    }

    fn hand_over(&mut self, deed: &Deed) {
        match deed.what {
            What::Entered(step) => self.topic(deed.topic, step),
            What::Suggested(reference) => self.suggestion(reference),
            What::Replied(to, n) => {
                if let Some(mut reply) = self.world.reply_kept(to, n) {
                    reply.author = self.own(reply.author);
                    self.world.put(&reply);
                }
                self.speaker(to.topic);
            }
            What::HandedIn(no) => {
                if let Some(mut slip) = self.world.slip(no) {
                    slip.by = self.own(slip.by);
                    self.world.put(&slip);
                }
            }
            What::Objected(reference) => {
                if let Some(mut objection) = self.world.objection(reference) {
                    objection.author = self.own(objection.author);
                    self.world.put(&objection);
                }
            }
            What::Planned(_) | What::Answered(_) | What::Reviewed | What::Rated(..) => self.contribution(deed),
            // Briefs are found by who wrote them (`brief::hand_over`).
            What::Briefed(_)
            | What::Judged(..)
            | What::Noticed(_)
            | What::Pacted(_)
            | What::Assigned(_)
            | What::Acked(_)
            | What::Worked(_)
            | What::Returned(_)
            | What::Forced(_)
            | What::Urged(_)
            | What::Served(..)
            | What::Done(_)
            | What::Lit(..)
            | What::Adopted(..)
            | What::Brief(_)
            | What::Seconded
            | What::Liked(_)
            | What::Called(_)
            | What::Rearranged(_)
            | What::Rolled(_)
            | What::Attended(..)
            | What::Minuted(_)
            | What::PollOpened(_)
            | What::PollClosed(_)
            | What::Invited
            | What::Halted(_)
            | What::Led(_)
            | What::Extended(_)
            | What::Resumed
            | What::Account(..)
            | What::Registered(_) => {}
        }
    }

    fn topic(&mut self, no: Option<TopicNo>, step: Step) {
        let Some(mut topic) = no.and_then(|no| self.world.topic(no)) else { return };
        topic.proposer = self.own(topic.proposer);
        topic.lead = topic.lead.map(|lead| self.own(lead));
        self.world.put(&topic);
        let second = second_key(topic.no, self.into);
        if step == Step::Ordered && topic.proposer == self.into && self.world.has(&second) {
            self.world.remove(second);
            self.second_dropped(topic.no);
            self.forget(topic.ordered_at, What::Seconded, Some(topic.no), Undoable::Second(topic.no));
        }
    }

    /// 方案、答复、专家意见、评价 — what was said as part of the process.
    fn contribution(&mut self, deed: &Deed) {
        let Some(topic) = deed.topic else { return };
        match deed.what {
            What::Planned(draft) => {
                let key = Key::new(kind::PLAN).num(topic.0).num(draft);
                if let Some(plan) = self.world.get::<Plan>(&key) {
                    self.world.put(&Plan { author: self.own(plan.author), ..plan });
                }
            }
            What::Answered(reference) => {
                let Some(mut objection) = self.world.objection(reference) else { return };
                objection.answer = objection.answer.map(|answer| Answer { by: self.own(answer.by), ..answer });
                self.world.put(&objection);
            }
            What::Reviewed => self.reviews(topic),
            What::Rated(no, _) => {
                let Some(mut task) = self.world.task(no) else { return };
                task.unhappy = task.unhappy.map(|person| self.own(person));
                self.world.put(&task);
            }
            _ => {}
        }
        self.presence(topic);
    }

    /// One opinion a round: of two the later stands.
    fn reviews(&mut self, topic: TopicNo) {
        let rounds = self.world.topic(topic).map_or(0, |topic| topic.round);
        for round in 0..=rounds {
            let key = |person: PersonId| Key::new(kind::REVIEW).num(topic.0).num(round).num(person.0);
            let Some(other) = self.world.get::<Review>(&key(self.from)) else { continue };
            self.world.remove(key(self.from));
            let own = self.world.get::<Review>(&key(self.into));
            if own.is_none_or(|own| own.at < other.at) {
                self.world.put(&Review { expert: self.into, ..other });
            }
        }
    }

    /// 到场.
    fn presence(&mut self, topic: TopicNo) {
        let key = |person: PersonId| Key::new(kind::PRESENCE).num(topic.0).num(person.0);
        if self.world.has(&key(self.from)) {
            self.world.remove(key(self.from));
            self.world.put_at(key(self.into), &self.into);
        }
    }

    fn suggestion(&mut self, reference: SuggestionRef) {
        self.speaker(reference.topic);
        let Some(mut suggestion) = self.world.suggestion_kept(reference) else { return };
        suggestion.author = self.own(suggestion.author);
        suggestion.recorder = suggestion.recorder.map(|recorder| self.own(recorder));
        self.world.put(&suggestion);
        let like = like_key(reference, self.into);
        if suggestion.author == self.into && self.world.has(&like) {
            self.world.remove(like);
            self.like_dropped(reference);
            let about = Some(reference.topic);
            self.forget(suggestion.at, What::Liked(reference), about, Undoable::Like(reference));
        }
    }

    /// How often somebody spoke on a topic; the side is that of the person the office knows.
    fn speaker(&mut self, topic: TopicNo) {
        let key = |person: PersonId| Key::new(kind::SPEAKER).num(topic.0).num(person.0);
        let Some(other) = self.world.get::<Speaker>(&key(self.from)) else { return };
        let side = self.world.person_kept(self.into).map_or(other.side, |person| person.side);
        let own = self.world.get::<Speaker>(&key(self.into));
        let own = own.unwrap_or(Speaker { topic, person: self.into, side, times: 0 });
        self.world.put_speaker(&Speaker { times: own.times + other.times, ..own });
        self.world.put_speaker(&Speaker { times: 0, ..other });
    }

    /// Likes and seconds: moved, or dropped where the person has one already or the thing is their own.
    fn stands(&mut self, deed: &Deed) -> bool {
        match (deed.what, deed.topic) {
            (What::Liked(reference), _) => {
                let (old, new) = (like_key(reference, self.from), like_key(reference, self.into));
                if !self.world.has(&old) {
                    return true;
                }
                self.world.remove(old);
                let is_own = self.world.suggestion_kept(reference).is_some_and(|own| own.author == self.into);
                if is_own || self.world.has(&new) {
                    self.like_dropped(reference);
                    return false;
                }
                self.world.put_at(new, &self.into);
                true
            }
            (What::Seconded, Some(topic)) => {
                let key = |person: PersonId| second_key(topic, person);
                if !self.world.has(&key(self.from)) {
                    return true;
                }
                self.world.remove(key(self.from));
                let is_own = self.world.topic(topic).is_some_and(|known| known.proposer == self.into);
                if is_own || self.world.has(&key(self.into)) {
                    self.second_dropped(topic);
                    return false;
                }
                self.world.put_at(key(self.into), &self.into);
                true
            }
            _ => true,
        }
    }

    fn like_dropped(&mut self, reference: SuggestionRef) {
        let Some(mut suggestion) = self.world.suggestion_kept(reference) else { return };
        suggestion.likes = suggestion.likes.saturating_sub(1);
        self.world.put(&suggestion);
        if let Some(mut topic) = self.world.topic(reference.topic).filter(|_| !suggestion.hidden) {
            topic.likes = topic.likes.saturating_sub(1);
            self.world.put(&topic);
        }
    }

    fn second_dropped(&mut self, topic: TopicNo) {
        if let Some(mut topic) = self.world.topic(topic) {
            topic.seconds = topic.seconds.saturating_sub(1);
            self.world.put(&topic);
        }
        self.world.change_own(self.into, |own| own.seconds = own.seconds.saturating_sub(1));
    }

    /// Takes away what the person did to a thing that turns out to be their own.
    fn forget(&mut self, since: DateTime<Utc>, what: What, topic: Option<TopicNo>, trace: Undoable) {
        let (start, mut found) = (prefix_of(since, 0), None);
        self.world.scan_from(&Key::new(kind::DEED), start.bytes(), |key, deed: Deed| {
            if deed.by == Some(self.into) && deed.what == what && deed.topic == topic {
                found = Some(key.to_vec());
            }
            found.is_none()
        });
        if let Some(key) = found {
            self.world.remove(Key::raw(key));
        }
        self.world.change_own(self.into, |own| own.traces.retain(|one| one.what != Some(trace)));
    }

    /// A ballot in a poll without a roll. The one the person has stands: an account joined now changes nothing in a vote.
    fn poll(&mut self, no: PollNo) {
        let late = |person: PersonId| Key::new(kind::LATE).num(no.0).num(person.0);
        if let Some(at) = self.world.get::<DateTime<Utc>>(&late(self.from)) {
            self.world.remove(late(self.from));
            self.world.put_at(late(self.into), &at);
        }
        let Some(poll) = self.world.poll(no).filter(|poll| poll.voters.is_none()) else { return };
        let Some(other) = self.world.ballot(no, VoterNo(self.from.0)) else { return };
        let own = self.world.ballot(no, VoterNo(self.into.0));
        let is_closed = poll.result.is_some() || poll.is_void;
        if is_closed && own.is_some() {
            return;
        }
        let key = Key::new(kind::BALLOT).num(no.0).num(self.from.0);
        self.world.remove(key);
        if !is_closed && (self.is_neutral(&poll) || self.is_recused(&poll)) {
            return self.ballot_dropped(no);
        }
        match own {
            Some(_) => self.ballot_dropped(no),
            None => self.world.put(&Ballot { voter: VoterNo(self.into.0), person: Some(self.into), ..other }),
        }
    }

    /// 主持中立 — a moderator has no ballot in a poll of their own, whichever account it came from; coordinators acting for one have.
    fn is_neutral(&self, poll: &Poll) -> bool {
        let (person, topic) = (self.world.person_kept(self.into), self.world.topic(poll.topic));
        person.zip(topic).is_some_and(|(person, topic)| self.world.is_neutral(&person, &topic))
    }

    /// 回避 — whoever is recused where members vote has no ballot, whichever account it came from.
    fn is_recused(&self, poll: &Poll) -> bool {
        let absence = self.world.absence(poll.topic, Seat::Person(self.into));
        poll.rule.is_of_members() && absence.is_some_and(|absence| absence.kind == Kind::Recusal)
    }

    fn ballot_dropped(&mut self, no: PollNo) {
        let mut turnout = self.world.turnout(no);
        turnout.cast = turnout.cast.saturating_sub(1);
        self.world.put_at(Key::new(kind::TURNOUT).num(no.0), &turnout);
    }

    fn gathering(&mut self, no: GatheringNo) {
        let Some(mut gathering) = self.world.gathering(no) else { return };
        gathering.by = self.own(gathering.by);
        for line in self.world.sign_up_lines(no) {
            let own = |person: Option<PersonId>| person.map(|person| self.own(person));
            let line = Joined { by: own(line.by), off: own(line.off), ..line };
            // Where they left they are never listed twice.
            let person = if line.off.is_some() { own(line.person) } else { line.person };
            self.world.put(&Joined { person, ..line });
        }
        let lines = self.world.sign_ups(no);
        let mut is_listed = lines.iter().any(|line| line.person == Some(self.into));
        for line in lines.into_iter().filter(|line| line.person == Some(self.from)) {
            if is_listed {
                self.world.remove(line.key());
                continue;
            }
            let name = self.world.person_kept(self.into).map(|person| person.name).unwrap_or_default();
            self.world.put(&Joined { name, person: Some(self.into), ..line });
            is_listed = true;
        }
        if let Some(topic) = gathering.topic {
            self.presence(topic);
        }
        if let Some(other) = self.world.get::<Attendance>(&attendance_key(no, self.from)) {
            self.world.remove(attendance_key(no, self.from));
            if self.world.has(&attendance_key(no, self.into)) {
                gathering.signed = gathering.signed.saturating_sub(1);
            } else {
                let by = other.by.map(|by| self.own(by));
                self.world.put_at(attendance_key(no, self.into), &Attendance { person: self.into, by, ..other });
            }
            self.credit_attendance(no, &other);
        }
        self.world.put(&gathering);
    }
}
