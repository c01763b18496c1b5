//! What a fact makes of the world. No clock, no settings, no refusal: the same ledger always gives the same world, key by key.

mod absence;
mod brief;
mod course;
mod duty;
mod handover;
mod hiding;
mod mandate;
mod nudge;
mod onward;
mod poll;
mod rest;
mod tracking;

use super::claim::{self, Claim};
use super::deed::{Deed, What, prefix_of};
use super::digest::Issue;
use super::event::{Event, Record, Undoable};
use super::gathering::{Attendance, Gathering, Joined, attendance_key};
use super::group::{Binding, Group};
use super::ids::{GatheringNo, GroupId, PersonId, SuggestionRef, TopicNo};
use super::join;
use super::outcome::{Closure, former_key};
use super::pass::{self, Pass};
use super::person::{Grant, Person, Role, Scope};
use super::poll::{Ballot, Choice, Counted, Poll};
use super::roll::{Roll, Voter};
use super::slip::{Fate, Slip};
use super::station::Station;
use super::suggestion::{Reply, Suggestion, like_key};
use super::task::State;
use super::topic::{Channel, Halt, Invitation, Speaker, Step, Topic};
use super::trail::{self, Trace};
use super::words::Words;
use super::world::{Key, World, kind};
use super::{campaign, charity, export, series, tier};

/// Version of what evolve makes of a ledger. A store made by another version is rebuilt at start.
pub const VERSION: u32 = 9;

/// Applies a record.
pub fn evolve(world: &mut World<'_>, record: &Record) {
    if world.counters().first_at == 0 {
        let at = record.at.timestamp_millis();
        world.count(|counters| counters.first_at = at);
    }
    for (index, event) in (0..).zip(&record.facts) {
        Application { world, record, index }.apply(event);
    }
    let is_own = record.facts.iter().any(is_own_deed);
    if is_own {
        world.note_activity(record);
    }
    if let Some(person) = record.by {
        end_turn(world, person, record, is_own);
    }
}

/// Notes where somebody was heard, and that something was done which 撤回 does not take back, where nothing else noted it.
fn end_turn(world: &mut World<'_>, person: PersonId, record: &Record, is_own: bool) {
    let mut trail = world.trail(person);
    let was_heard = super::hearing::hear(&mut trail, record);
    let is_untold = is_own && trail.traces.last().is_none_or(|trace| trace.seq != record.seq);
    if is_untold {
        trail.leave(Trace { at: record.at, seq: record.seq, what: None, print: 0 });
    }
    if was_heard || is_untold {
        world.put(&trail);
    }
}

/// Whether a fact is something its speaker did: 撤回 takes back the latest such thing or nothing, never the one before it.
fn is_own_deed(event: &Event) -> bool {
    !matches!(
        event,
        Event::PersonEnrolled { enrolled: false, .. }
            | Event::AccountLinked { .. }
            | Event::PersonJoined { .. }
            | Event::PassUsed { .. }
            | Event::GroupSeen { .. }
            | Event::GroupMoved { .. }
            | Event::GroupGone { .. }
            | Event::GroupBack { .. }
            | Event::Outage { .. }
            | Event::Undone { .. }
            | Event::Reworded { .. }
            | Event::Intercepted
            | Event::BallotLate { .. }
            | Event::DigestClosed { .. }
            | Event::IssueClosed { .. }
            | Event::Sending { .. }
            | Event::Sent { .. }
    )
}

/// One fact of one record on its way into the world.
struct Application<'w, 's, 'r> {
    world: &'w mut World<'s>,
    record: &'r Record,
    index: u32,
}

impl Application<'_, '_, '_> {
    #[allow(clippy::too_many_lines, reason = "one arm a fact; the compiler points here when one is missing")]
    fn apply(&mut self, event: &Event) {
        match event {
            Event::PersonEnrolled { .. } => self.person(event),
            Event::AccountLinked { person, account, private_chat, .. } => self.account(*person, account, private_chat),
            Event::ClaimMade { .. } => self.claimed(event),
            Event::ClaimSettled { claim, person } => claim::close(self.world, *claim, *person),
            Event::PersonJoined { from, into } => self.joined(*from, *into),
            Event::PassMade { print, person, until } => {
                let by = self.record.by.unwrap_or(PersonId(0));
                let pass = Pass { print: print.clone(), person: *person, by, until: *until };
                pass::put(self.world, &pass, self.record.at);
            }
            Event::PassUsed { print } => pass::used(self.world, print),
            Event::RoleGranted { person, role, scope } => self.granted(*person, *role, scope),
            Event::RoleWithdrawn { person, role, scope } => self.withdrawn(*person, *role, scope),
            Event::GroupSeen { .. } => self.group_seen(event),
            Event::GroupSet { .. } => self.group_set(event),
            Event::GroupMoved { group, chat } => self.group_moved(*group, chat),
            Event::GroupGone { group } => self.group(*group, |group| group.gone = true),
            Event::GroupBack { group } => self.group(*group, |group| group.gone = false),
            Event::Outage { .. } => {}
            Event::GroupBound { group, topic } => self.bound(*group, *topic),
            Event::StationSet { station, name, kind, town, detail } => {
                let id = station.0;
                self.world.count(|counters| counters.stations = counters.stations.max(id));
                let (name, kind, town) = (name.clone(), kind.clone(), town.clone());
                self.world.put(&Station { id: *station, name, kind, town, detail: detail.clone() });
            }
            Event::Tier(fact) => tier::apply(self.world, fact),
            Event::Campaign(fact) => campaign::apply(self.world, self.record.at, fact),
            Event::Series(fact) => series::apply(self.world, self.record, self.index, fact),
            Event::Export(fact) => export::apply(self.world, fact),
            Event::Charity(fact) => charity::apply(self.world, self.record, fact),
            Event::SlipReceived { .. } => self.slip(event),
            Event::SlipAccepted { slip, topic } => self.settle(*slip, Fate::Accepted(*topic)),
            Event::SlipRejected { slip, reason, .. } => self.settle(*slip, Fate::Rejected(reason.clone())),
            Event::SlipReferred { slip, unit, reason } => {
                self.settle(*slip, Fate::Referred(unit.clone(), reason.clone()));
            }
            Event::TopicOrdered { .. } => self.ordered(event),
            Event::TopicSorted { topic, category, .. } => {
                self.world.set_category(*topic, category);
                self.trace(None, 0);
            }
            Event::TopicSeconded { topic } => self.seconded(*topic),
            Event::TopicTaken { topic, lead } => {
                self.topic(*topic, |topic| topic.lead = Some(*lead));
                self.enter(*topic, Step::Taken);
            }
            Event::TopicAdvanced { topic, to } => self.enter(*topic, *to),
            Event::Course(fact) => self.course(fact),
            Event::Invited { topic, person, side } => {
                self.world.put(&Invitation { topic: *topic, person: *person, side: *side });
                self.deed(What::Invited, Some(*topic), Some(*person));
            }
            Event::SuggestionMade { suggestion, author, recorder, text } => {
                self.suggested(*suggestion, *author, *recorder, text);
            }
            Event::ReplyMade { to, n, text } => self.replied(*to, *n, text),
            Event::SuggestionLiked { suggestion } => self.liked(*suggestion),
            Event::SuggestionJudged { suggestion, verdict, .. } => self.judged(*suggestion, *verdict),
            Event::Hiding(fact) => self.hiding(fact),
            Event::PlanDrafted { topic, draft, text } => self.planned(*topic, *draft, text),
            Event::NoticePosted { .. } => self.noticed(event),
            Event::ObjectionRaised { objection, text } => self.objected(*objection, text),
            Event::ObjectionAnswered { objection, text } => self.answered(*objection, text),
            Event::ReviewGiven { topic, opinion, text } => self.reviewed(*topic, *opinion, text),
            Event::PactDrafted { topic, draft, articles, text } => self.pacted(*topic, *draft, *articles, text),
            Event::TopicReturned { topic, to, .. } => self.returned(*topic, *to),
            Event::TopicPaused { topic, reason } => self.halted(*topic, Some(Halt::Paused), reason),
            Event::TopicResumed { topic } => self.halted(*topic, None, &Words::default()),
            Event::Rested(fact) => self.rested(fact),
            Event::TopicEnded { topic, reason } => self.halted(*topic, Some(Halt::Ended), reason),
            Event::TopicMerged { topic, into, reason } => self.halted(*topic, Some(Halt::Merged(*into)), reason),
            Event::PollVoided { poll } => self.poll_voided(*poll),
            Event::TaskAssigned { .. } => self.assigned(event),
            Event::TaskAcked { task } => self.worked(*task, What::Acked(*task), |task| task.state = State::Acked),
            Event::TaskReported { task, .. } => self.worked(*task, What::Worked(*task), |_| {}),
            Event::TaskUrged { task } => {
                let at = self.record.at;
                self.worked(*task, What::Urged(*task), |task| task.urged = Some(at));
            }
            Event::Duty(fact) => self.duty(fact),
            Event::TaskAnswered { task, class, text } => self.task_answered(*task, *class, text),
            Event::TaskDelayed { task, due, lamp, .. } => self.task_delayed(*task, *due, *lamp),
            Event::TaskRated { task, grade, again, .. } => self.task_rated(*task, *grade, *again),
            Event::TaskLit { task, date, lamp } => self.task_lit(*task, *date, *lamp),
            Event::Handover(fact) => self.handover(fact),
            Event::TopicClosed { topic, outcomes, note, account } => {
                let (topic, outcomes, note, account) = (*topic, outcomes.clone(), note.clone(), *account);
                if let Some(before) = self.world.closure(topic) {
                    let n = u32::try_from(self.world.former_closures(topic).len()).unwrap_or(u32::MAX);
                    self.world.put_at(former_key(topic, n), &before);
                }
                self.world.put(&Closure { topic, outcomes, note, account });
            }
            Event::BriefIssued { brief } => {
                self.info(*brief, |brief| brief.state = super::brief::info::State::Issued);
            }
            Event::BriefAdopted { brief, level, rank } => self.adopted(*brief, level, *rank),
            Event::Brief(fact) => self.of_brief(fact),
            Event::Undone { what } => self.undone(*what),
            Event::Reworded { what, title, text } => self.reworded(*what, title, text),
            Event::GatheringCalled { .. } => self.called(event),
            Event::SignedUp { .. } => self.signed_up(event),
            Event::Attended { gathering, people } => self.attended(*gathering, people),
            Event::MinutesFiled { gathering, text } => self.minuted(*gathering, text),
            Event::RollLoaded { .. } => self.roll(event),
            Event::PollOpened { .. } => self.poll_opened(event),
            Event::BallotCast { .. } => self.ballot(event),
            Event::Poll(fact) => self.of_poll(fact),
            Event::BallotLate { poll, person } => {
                let key = Key::new(kind::LATE).num(poll.0).num(person.0);
                self.world.put_at(key, &self.record.at);
            }
            Event::Absence(fact) => self.absence(fact),
            Event::Mandate(fact) => self.mandate(fact),
            Event::Nudge(fact) => self.nudge(fact),
            Event::PollClosed { poll, tally, passed } => {
                self.poll_closed(*poll, Counted { tally: *tally, passed: *passed });
            }
            Event::BriefReceived { brief, title, body } => self.brief(*brief, title, body),
            Event::Intercepted => self.world.count(|counters| counters.intercepted += 1),
            Event::DigestClosed { .. } => self.digest(event),
            Event::IssueClosed { group, period, first, number, parts, .. } => {
                let (group, period, first, number) = (*group, *period, *first, *number);
                self.world.settle_issue(&Issue { group, period, first, number, parts: parts.clone() });
            }
            Event::Sending { seq, index } => {
                self.world.put_at(super::digest::sending_key(*seq, *index), &self.record.at)
            }
            Event::Sent { seq, index, .. } => self.world.remove(super::digest::sending_key(*seq, *index)),
        }
    }

    fn topic(&mut self, no: TopicNo, change: impl FnOnce(&mut Topic)) {
        if let Some(mut topic) = self.world.get::<Topic>(&Key::new(kind::TOPIC).num(no.0)) {
            change(&mut topic);
            self.world.put(&topic);
        }
    }

    fn deed(&mut self, what: What, topic: Option<TopicNo>, by: Option<PersonId>) {
        let deed = Deed { at: self.record.at, seq: self.record.seq, what, topic, by, group: self.record.group };
        self.world.put_deed(&deed, self.index);
    }

    fn trace(&mut self, what: Option<Undoable>, print: u64) {
        if let Some(person) = self.record.by {
            self.world.leave_trace(person, Trace { at: self.record.at, seq: self.record.seq, what, print });
        }
    }

    fn person(&mut self, event: &Event) {
        let Event::PersonEnrolled { person, name, side, unit, sector, town, level, field, room, enrolled } = event
        else {
            return;
        };
        let known = self.world.person(*person);
        if let Some(known) = &known {
            self.world.remove(name_key(known.name.as_str(), *person));
        }
        let id = person.0;
        self.world.count(|counters| counters.people = counters.people.max(id));
        let kept = known.map(|known| (known.grants, known.private_chat, known.tags, known.expertise));
        let (grants, private_chat, tags, expertise) = kept.unwrap_or_default();
        self.world.put(&Person {
            id: *person,
            name: name.clone(),
            side: *side,
            unit: unit.clone(),
            sector: sector.clone(),
            town: town.clone(),
            level: *level,
            field: field.clone(),
            room: room.clone(),
            grants,
            private_chat,
            enrolled: *enrolled,
            tags,
            expertise,
        });
        self.world.put_at(name_key(name.as_str(), *person), person);
    }

    fn account(&mut self, person: PersonId, account: &Words, private_chat: &Words) {
        self.world.put_at(Key::new(kind::PERSON_BY_ACCOUNT).text(account.as_str()), &person);
        if let Some(mut known) = self.world.person(person) {
            known.private_chat = private_chat.clone();
            self.world.put(&known);
        }
    }

    fn claimed(&mut self, event: &Event) {
        let Event::ClaimMade { claim, account, private_chat, shown, name, place } = event else { return };
        let Some(by) = self.record.by else { return };
        if !private_chat.as_str().is_empty()
            && let Some(mut known) = self.world.person(by)
        {
            known.private_chat = private_chat.clone();
            self.world.put(&known);
        }
        let (account, shown, name, place) = (account.clone(), shown.clone(), name.clone(), place.clone());
        let claim = Claim { no: *claim, by, account, shown, name, place, at: self.record.at, fate: claim::Fate::Open };
        claim::put(self.world, &claim);
    }

    /// What is left of a newcomer who turned out to be somebody else is the name, for whatever still points there.
    fn joined(&mut self, from: PersonId, into: PersonId) {
        let (Some(newcomer), Some(person)) = (self.world.person(from), self.world.person(into)) else { return };
        for grant in &newcomer.grants {
            self.granted(into, grant.role, &grant.scope);
            self.withdrawn(from, grant.role, &grant.scope);
        }
        self.world.remove(name_key(newcomer.name.as_str(), from));
        let private_chat = Words::default();
        self.world.put(&Person { name: person.name, private_chat, grants: Vec::new(), ..newcomer });
        join::absorb(self.world, from, into);
        claim::close_all_of(self.world, from, into);
    }

    fn granted(&mut self, person: PersonId, role: Role, scope: &Scope) {
        let Some(mut known) = self.world.person(person) else { return };
        if !known.grants.iter().any(|grant| grant.role == role && grant.scope == *scope) {
            known.grants.push(Grant { role, scope: scope.clone(), order: self.record.seq });
        }
        self.world.put(&known);
        self.world.put_at(holder_key(role, person), &person);
    }

    fn withdrawn(&mut self, person: PersonId, role: Role, scope: &Scope) {
        let Some(mut known) = self.world.person(person) else { return };
        known.grants.retain(|grant| grant.role != role || grant.scope != *scope);
        if !known.holds(role) {
            self.world.remove(holder_key(role, person));
        }
        self.world.put(&known);
    }

    fn group_seen(&mut self, event: &Event) {
        let Event::GroupSeen { group, chat, name, digest_at, quiet, language } = event else { return };
        let id = group.0;
        self.world.count(|counters| counters.groups = counters.groups.max(id));
        self.world.put_at(Key::new(kind::GROUP_BY_CHAT).text(chat.as_str()), group);
        self.world.put(&Group {
            id: *group,
            chat: chat.clone(),
            name: name.clone(),
            kind: None,
            town: String::new(),
            sector: String::new(),
            bound: None,
            digest_at: *digest_at,
            quiet: *quiet,
            language: language.clone(),
            last_gathering: None,
            gone: false,
        });
    }

    fn group(&mut self, id: GroupId, change: impl FnOnce(&mut Group)) {
        if let Some(mut group) = self.world.group(id) {
            change(&mut group);
            self.world.put(&group);
        }
    }

    /// Somebody may have spoken at the new address before we were told: what was begun there for an unknown group is left. The old
    /// address stays the group's, too: buttons under what was said there are pressed for a while.
    fn group_moved(&mut self, id: GroupId, chat: &Words) {
        if let Some(stray) = self.world.group_by_chat(chat.as_str()).filter(|&stray| stray != id) {
            self.group(stray, |group| {
                group.chat = Words::default();
                group.gone = true;
            });
        }
        self.world.put_at(Key::new(kind::GROUP_BY_CHAT).text(chat.as_str()), &id);
        self.group(id, |group| {
            group.chat = chat.clone();
            group.gone = false;
        });
    }

    fn group_set(&mut self, event: &Event) {
        let Event::GroupSet { group, kind, town, sector, digest_at, quiet, language } = event else { return };
        let Some(mut known) = self.world.group(*group) else { return };
        let is_new = known.kind.is_none();
        known.kind = Some(*kind);
        known.town.clone_from(town);
        known.sector.clone_from(sector);
        known.digest_at = *digest_at;
        known.quiet = *quiet;
        known.language.clone_from(language);
        self.world.put(&known);
        if is_new {
            self.world.begin_digests(*group, self.record.at);
            self.deed(What::Registered(*kind), None, self.record.by);
        }
    }

    fn bound(&mut self, group: GroupId, topic: TopicNo) {
        if let Some(mut known) = self.world.group(group) {
            known.bound = Some(Binding { topic, since: self.record.seq });
            self.world.put(&known);
        }
    }

    fn slip(&mut self, event: &Event) {
        let Event::SlipReceived { slip, title, body, station } = event else { return };
        let no = slip.0;
        self.world.count(|counters| counters.slips = no);
        self.world.put(&Slip {
            no: *slip,
            title: title.clone(),
            body: body.clone(),
            by: self.record.by.unwrap_or(PersonId(0)),
            station: *station,
            at: self.record.at,
            fate: Fate::Pending,
            token: self.record.key.clone().unwrap_or_default(),
        });
        self.deed(What::HandedIn(*slip), None, self.record.by);
    }

    fn settle(&mut self, no: super::ids::SlipNo, fate: Fate) {
        if let Some(mut slip) = self.world.slip(no) {
            slip.fate = fate;
            self.world.put(&slip);
        }
    }

    fn ordered(&mut self, event: &Event) {
        let Event::TopicOrdered { topic, title, body, proposer, channel, kind: topic_kind, town } = event else {
            return;
        };
        let no = topic.0;
        self.world.count(|counters| counters.topics = no);
        self.world.put(&Topic {
            no: *topic,
            title: title.clone(),
            body: body.clone(),
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
        let print = trail::print("topic", &format!("{title}\n{body}"));
        self.trace(is_own.then_some(Undoable::Topic(*topic)), if is_own { print } else { 0 });
    }

    fn enter(&mut self, no: TopicNo, step: Step) {
        let at = self.record.at;
        self.topic(no, |topic| {
            topic.step = step;
            topic.since = at;
        });
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

    fn seconded(&mut self, no: TopicNo) {
        let Some(person) = self.record.by else { return };
        self.world.put_at(Key::new(kind::SECOND).num(no.0).num(person.0), &person);
        self.topic(no, |topic| topic.seconds += 1);
        self.world.change_own(person, |own| own.seconds += 1);
        self.deed(What::Seconded, Some(no), Some(person));
        self.trace(Some(Undoable::Second(no)), 0);
    }

    fn spoke(&mut self, topic: TopicNo, person: PersonId, more: bool) {
        let Some(side) = self.world.person(person).map(|person| person.side) else { return };
        let key = Key::new(kind::SPEAKER).num(topic.0).num(person.0);
        let mut speaker = self.world.get::<Speaker>(&key).unwrap_or(Speaker { topic, person, side, times: 0 });
        speaker.times = if more { speaker.times + 1 } else { speaker.times.saturating_sub(1) };
        if speaker.times == 0 { self.world.remove(key) } else { self.world.put(&speaker) }
    }

    fn suggested(&mut self, reference: SuggestionRef, author: PersonId, recorder: Option<PersonId>, text: &Words) {
        self.world.put(&Suggestion {
            reference,
            author,
            recorder,
            text: text.clone(),
            at: self.record.at,
            seq: self.record.seq,
            likes: 0,
            last_reply: 0,
            withdrawn: false,
            hidden: false,
            verdict: None,
        });
        self.topic(reference.topic, |topic| {
            topic.last_suggestion = topic.last_suggestion.max(reference.n);
            topic.suggestions += 1;
        });
        self.spoke(reference.topic, author, true);
        self.world.change_own(author, |own| own.suggestions += 1);
        self.deed(What::Suggested(reference), Some(reference.topic), Some(author));
        let print = trail::print(&format!("suggestion {}", reference.topic), text.as_str());
        self.trace(Some(Undoable::Suggestion(reference)), print);
    }

    fn replied(&mut self, to: SuggestionRef, n: u32, text: &Words) {
        let Some(author) = self.record.by else { return };
        self.world.put(&Reply { to, n, author, text: text.clone(), at: self.record.at, withdrawn: false });
        if let Some(mut suggestion) = self.world.suggestion(to) {
            suggestion.last_reply = n;
            self.world.put(&suggestion);
        }
        self.topic(to.topic, |topic| topic.replies += 1);
        self.spoke(to.topic, author, true);
        self.deed(What::Replied(to, n), Some(to.topic), Some(author));
        self.trace(Some(Undoable::Reply(to, n)), trail::print(&format!("reply {to}"), text.as_str()));
    }

    fn liked(&mut self, reference: SuggestionRef) {
        let Some(person) = self.record.by else { return };
        self.world.put_at(like_key(reference, person), &person);
        if let Some(mut suggestion) = self.world.suggestion(reference) {
            suggestion.likes += 1;
            self.world.put(&suggestion);
        }
        self.topic(reference.topic, |topic| topic.likes += 1);
        self.deed(What::Liked(reference), Some(reference.topic), Some(person));
        self.trace(Some(Undoable::Like(reference)), 0);
    }

    fn undone(&mut self, what: Undoable) {
        let Some(person) = self.record.by else { return };
        let mut own = self.world.trail(person);
        if let Some(at) = own.traces.iter().rposition(|trace| trace.what == Some(what)) {
            let trace = own.traces.remove(at);
            self.world.remove_all(&prefix_of(trace.at, trace.seq));
            self.world.put(&own);
        }
        match what {
            Undoable::Topic(no) => {
                self.topic(no, |topic| topic.withdrawn = true);
                self.world.remove(Key::new(kind::LIVE_TOPIC).num(no.0));
                self.world.change_own(person, |own| own.topics = own.topics.saturating_sub(1));
            }
            Undoable::Second(no) => {
                self.world.remove(Key::new(kind::SECOND).num(no.0).num(person.0));
                self.topic(no, |topic| topic.seconds = topic.seconds.saturating_sub(1));
                self.world.change_own(person, |own| own.seconds = own.seconds.saturating_sub(1));
            }
            Undoable::Suggestion(reference) => self.suggestion_undone(reference),
            Undoable::Reply(to, n) => self.reply_undone(to, n),
            Undoable::Like(reference) => self.like_undone(reference, person),
            Undoable::Objection(reference) => self.objection_undone(reference),
            Undoable::Absence(topic, seat) => self.world.remove(super::absence::key_of(topic, seat)),
            Undoable::Duty(person, n) => self.duty_undone(person, n),
            Undoable::Mandate(topic, voter) => self.world.remove(super::mandate::key_of(topic, voter)),
            Undoable::SignUp(gathering, n) => self.world.remove(Key::new(kind::SIGN_UP).num(gathering.0).num(n)),
            Undoable::Brief(no) => self.brief_undone(no),
            Undoable::Proposal(no) => self.proposal_undone(no),
        }
    }

    /// The same thing under the same number; the same words again within ten minutes are compared with the new ones.
    fn reworded(&mut self, what: Undoable, title: &Words, text: &Words) {
        let print = match what {
            Undoable::Topic(no) => {
                self.topic(no, |topic| {
                    topic.title = title.clone();
                    topic.body = text.clone();
                });
                trail::print("topic", &format!("{title}\n{text}"))
            }
            Undoable::Suggestion(reference) => {
                if let Some(mut suggestion) = self.world.suggestion(reference) {
                    suggestion.text = text.clone();
                    self.world.put(&suggestion);
                }
                trail::print(&format!("suggestion {}", reference.topic), text.as_str())
            }
            Undoable::Reply(to, n) => {
                if let Some(mut reply) = self.world.reply(to, n) {
                    reply.text = text.clone();
                    self.world.put(&reply);
                }
                trail::print(&format!("reply {to}"), text.as_str())
            }
            Undoable::Second(_)
            | Undoable::Like(_)
            | Undoable::SignUp(..)
            | Undoable::Brief(_)
            | Undoable::Objection(_)
            | Undoable::Duty(..)
            | Undoable::Absence(..)
            | Undoable::Proposal(_)
            | Undoable::Mandate(..) => return,
        };
        let Some(person) = self.record.by else { return };
        self.world.change_own(person, |own| {
            own.traces.iter_mut().filter(|trace| trace.what == Some(what)).for_each(|trace| trace.print = print);
        });
    }

    fn suggestion_undone(&mut self, reference: SuggestionRef) {
        let Some(mut suggestion) = self.world.suggestion(reference) else { return };
        suggestion.withdrawn = true;
        self.world.put(&suggestion);
        self.topic(reference.topic, |topic| {
            topic.suggestions = topic.suggestions.saturating_sub(1);
            topic.likes = topic.likes.saturating_sub(suggestion.likes);
        });
        self.spoke(reference.topic, suggestion.author, false);
        self.world.change_own(suggestion.author, |own| own.suggestions = own.suggestions.saturating_sub(1));
    }

    fn reply_undone(&mut self, to: SuggestionRef, n: u32) {
        let Some(mut reply) = self.world.reply(to, n) else { return };
        reply.withdrawn = true;
        self.world.put(&reply);
        self.topic(to.topic, |topic| topic.replies = topic.replies.saturating_sub(1));
        self.spoke(to.topic, reply.author, false);
    }

    fn like_undone(&mut self, reference: SuggestionRef, person: PersonId) {
        self.world.remove(like_key(reference, person));
        if let Some(mut suggestion) = self.world.suggestion_kept(reference) {
            suggestion.likes = suggestion.likes.saturating_sub(1);
            self.world.put(&suggestion);
            if !suggestion.hidden {
                self.topic(reference.topic, |topic| topic.likes = topic.likes.saturating_sub(1));
            }
        }
    }

    fn called(&mut self, event: &Event) {
        let Event::GatheringCalled { gathering, name, at, place, topic } = event else { return };
        let no = gathering.0;
        self.world.count(|counters| counters.gatherings = no);
        self.world.put(&Gathering {
            no: *gathering,
            name: name.clone(),
            at: *at,
            place: place.clone(),
            topic: *topic,
            group: self.record.group,
            by: self.record.by.unwrap_or(PersonId(0)),
            last_line: 0,
            signed: 0,
            minutes: false,
        });
        if let Some(mut group) = self.record.group.and_then(|id| self.world.group(id)) {
            group.last_gathering = Some(*gathering);
            self.world.put(&group);
        }
        self.deed(What::Called(*gathering), *topic, self.record.by);
        self.trace(None, 0);
    }

    fn gathering(&mut self, no: GatheringNo, change: impl FnOnce(&mut Gathering)) -> Option<TopicNo> {
        let mut gathering = self.world.gathering(no)?;
        change(&mut gathering);
        self.world.put(&gathering);
        gathering.topic
    }

    fn signed_up(&mut self, event: &Event) {
        let Event::SignedUp { gathering, first, lines } = event else { return };
        let mut n = *first;
        for line in lines {
            let (name, note) = (line.name.clone(), line.note.clone());
            self.world.put(&Joined { gathering: *gathering, n, name, note, person: line.person });
            n += 1;
        }
        self.gathering(*gathering, |gathering| gathering.last_line = n - 1);
        let is_own = matches!(lines.as_slice(), [line] if line.person.is_some() && line.person == self.record.by);
        self.trace(is_own.then_some(Undoable::SignUp(*gathering, *first)), 0);
    }

    fn attended(&mut self, no: GatheringNo, people: &[PersonId]) {
        for person in people {
            let attendance = Attendance { person: *person, seq: self.record.seq, at: self.record.at };
            self.world.put_at(attendance_key(no, *person), &attendance);
        }
        let n = u32::try_from(people.len()).unwrap_or(u32::MAX);
        let topic = self.gathering(no, |gathering| gathering.signed += n);
        if let Some(topic) = topic {
            people.iter().for_each(|&person| self.came(topic, person));
        }
        self.deed(What::Attended(no, n), topic, self.record.by);
        people.iter().for_each(|&person| self.credit(person));
        self.trace(None, 0);
    }

    fn minuted(&mut self, no: GatheringNo, text: &Words) {
        self.world.put_at(Key::new(kind::MINUTES).num(no.0), text);
        let topic = self.gathering(no, |gathering| gathering.minutes = true);
        self.deed(What::Minuted(no), topic, self.record.by);
        self.trace(None, 0);
    }

    fn roll(&mut self, event: &Event) {
        let Event::RollLoaded { topic, continues, rows } = event else { return };
        if !continues {
            for kind in [kind::VOTER, kind::VOTER_BY_ROOM, kind::VOTER_BY_NAME] {
                self.world.remove_all(&Key::new(kind).num(topic.0));
            }
            super::absence::forget(self.world, *topic);
            super::mandate::forget(self.world, *topic);
            let fresh = Roll { loaded: self.record.at, ..Roll::default() };
            self.world.put_at(Key::new(kind::ROLL).num(topic.0), &fresh);
        }
        let mut roll = self.world.roll(*topic).unwrap_or_default();
        for row in rows {
            let (no, names, rooms) = (row.voter, row.names.clone(), row.rooms.clone());
            for room in &row.rooms {
                self.world.put_at(Key::new(kind::VOTER_BY_ROOM).num(topic.0).text(room.as_str()), &no);
            }
            for name in &row.names {
                let key = super::roll::name_key(*topic, name.as_str());
                let mut same: Vec<super::ids::VoterNo> = self.world.get(&key).unwrap_or_default();
                same.push(no);
                self.world.put_at(key, &same);
            }
            roll.voters += 1;
            roll.rooms += u32::try_from(rooms.len()).unwrap_or(0);
            roll.area += row.area;
            self.world.put(&Voter { topic: *topic, no, names, rooms, area: row.area });
        }
        self.world.put_at(Key::new(kind::ROLL).num(topic.0), &roll);
        self.trace(None, 0);
    }

    fn poll_opened(&mut self, event: &Event) {
        let Event::PollOpened { poll, topic, rule, title, ends, voters, area } = event else { return };
        let no = poll.0;
        self.world.count(|counters| counters.polls = no);
        let planned_in = self.plan_carried_out(*topic);
        self.world.put(&Poll {
            no: *poll,
            topic: *topic,
            rule: *rule,
            title: title.clone(),
            opened: self.record.at,
            ends: *ends,
            group: self.record.group.or(planned_in),
            voters: *voters,
            area: *area,
            is_formal: self.world.topic(*topic).is_some_and(|topic| topic.step == Step::Voting),
            is_void: false,
            result: None,
        });
        self.world.put_at(Key::new(kind::OPEN_POLL).num(no), poll);
        self.world.put_at(super::due::poll_key(*ends, *poll), poll);
        self.topic(*topic, |topic| {
            topic.poll = Some(*poll);
            topic.last_poll = Some(*poll);
        });
        self.deed(What::PollOpened(*poll), Some(*topic), self.record.by);
        self.trace(None, 0);
    }

    fn ballot(&mut self, event: &Event) {
        let Event::BallotCast { poll, voter, person, proxy, choice, .. } = event else { return };
        let before = self.world.ballot(*poll, *voter);
        let area = match &before {
            Some(before) => before.area,
            None => self.first_ballot(*poll, *voter),
        };
        let (choice, marks) = self.chosen(*poll, choice);
        if choice == Some(Choice::Against) && !self.is_secret(*poll) {
            self.voted_against(*poll, *voter);
        }
        let (person, proxy, at, reason) = (*person, *proxy, self.record.at, Words::default());
        self.world.put(&Ballot { poll: *poll, voter: *voter, person, proxy, choice, marks, reason, area, at });
    }

    /// Adds a voter to the turnout and answers with the voter's area.
    fn first_ballot(&mut self, poll: super::ids::PollNo, voter: super::ids::VoterNo) -> u64 {
        let known = self.world.poll(poll).filter(|poll| poll.voters.is_some());
        let area = known.and_then(|known| self.world.voter(known.topic, voter)).map_or(0, |voter| voter.area);
        let mut turnout = self.world.turnout(poll);
        turnout.cast += 1;
        turnout.area += area;
        self.world.put_at(Key::new(kind::TURNOUT).num(poll.0), &turnout);
        area
    }

    fn poll_closed(&mut self, no: super::ids::PollNo, counted: Counted) {
        let Some(mut poll) = self.world.poll(no) else { return };
        poll.result = Some(counted);
        self.world.put(&poll);
        self.world.remove(Key::new(kind::OPEN_POLL).num(no.0));
        self.world.remove(super::due::poll_key(poll.ends, no));
        self.topic(poll.topic, |topic| topic.poll = None);
        super::absence::over(self.world, &poll);
        super::mandate::over(self.world, &poll);
        self.nudge_over(&poll);
        self.deed(What::PollClosed(no), Some(poll.topic), None);
    }

    fn digest(&mut self, event: &Event) {
        let Event::DigestClosed { group, date, number, late, parts } = event else { return };
        let digest =
            super::digest::Digest { group: *group, date: *date, number: *number, late: *late, parts: parts.clone() };
        if number.is_some() {
            self.world.put(&digest);
        }
        let mut state = self.world.digest_state(*group);
        state.last = Some(*date);
        state.number = number.unwrap_or(state.number);
        self.world.put(&state);
    }
}

fn name_key(name: &str, person: PersonId) -> Key {
    Key::new(kind::PERSON_BY_NAME).text(name).num(person.0)
}

fn holder_key(role: Role, person: PersonId) -> Key {
    Key::new(kind::ROLE_HOLDER).byte(role as u8).num(person.0)
}
