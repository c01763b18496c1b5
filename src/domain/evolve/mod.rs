//! What a fact makes of the world: one arm a fact here, one file a noun below. No clock, no settings, no refusal: the same ledger always
//! gives the same world, key by key.

pub mod absence;
pub mod account;
pub mod brief;
pub mod campaign;
pub mod charity;
pub mod clock;
pub mod conflict;
pub mod course;
pub mod duty;
pub mod erasure;
pub mod export;
pub mod gathering;
pub mod group;
pub mod halt;
pub mod handover;
pub mod hiding;
pub mod identity_claim;
pub mod mandate;
pub mod mine;
pub mod notice;
pub mod nudge;
pub mod pact;
pub mod person;
pub mod plan;
pub mod poll;
pub mod review;
pub mod roll;
pub mod sent;
pub mod series;
pub mod slip;
pub mod standstill;
pub mod suggestion;
pub mod task;
pub mod tier;
pub mod topic;
pub mod town;

use crate::domain::brief::info;
use crate::domain::effects::effects;
use crate::domain::event::{Event, Record};
use crate::domain::history::deed::{Deed, What};
use crate::domain::history::period::Issue;
use crate::domain::intake::slip::Fate;
use crate::domain::intake::station::Station;
use crate::domain::kernel::ids::{PersonId, TopicNo};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::people::account::Change;
use crate::domain::people::invitation_code::Pass;
use crate::domain::people::invitation_sheet;
use crate::domain::people::lately::Trace;
use crate::domain::people::town::Sort;
use crate::domain::people::undoable::Undoable;
use crate::domain::people::{invitation_code, lately};
use crate::domain::process::guest::Invitation;
use crate::domain::process::topic::{Halt, Topic};
use crate::domain::talk::suggestion::Suggestion;
use crate::domain::vote::poll::Counted;
use crate::domain::work::outcome::{Closure, former_key};
use crate::domain::work::task::State;
use crate::domain::{history, people};

/// Version of what evolve makes of a ledger. A store made by another version is rebuilt at start.
pub const VERSION: u32 = 27;

/// Applies a record.
pub fn evolve(world: &mut World<'_>, record: &Record) {
    if world.counters().first_at == 0 {
        let at = record.at.timestamp_millis();
        world.count(|counters| counters.first_at = at);
    }
    for (index, event) in (0..).zip(&record.facts) {
        Application { world, record, index }.apply(event);
    }
    world.watch_all_in(record.at);
    world.note_told(record);
    let is_own = record.facts.iter().any(|fact| effects(fact).is_own_deed);
    if let (true, Some(group), Some(by)) = (is_own, record.group, record.by) {
        world.note_activity(group, by, record.at);
    }
    if let Some(person) = record.by {
        end_turn(world, person, record, is_own);
    }
}

/// Notes where somebody was heard, and that something was done which 撤回 does not take back, where nothing else noted it.
fn end_turn(world: &mut World<'_>, person: PersonId, record: &Record, is_own: bool) {
    let mut trail = world.trail(person);
    let was_heard = lately::hear(&mut trail, record.way, record.group);
    let is_untold = is_own && trail.traces.last().is_none_or(|trace| trace.seq != record.seq);
    if is_untold {
        trail.leave(Trace { at: record.at, seq: record.seq, what: None, fingerprint: 0 });
    }
    if was_heard || is_untold {
        world.put(&trail);
    }
    if let Some(group) = record.group {
        lately::hear_language(world, person, group);
    }
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
            Event::AccountLinked { person, account, private_chat, .. } => self.linked(*person, account, private_chat),
            Event::ClaimMade { .. } => self.claimed(event),
            Event::ClaimSettled { claim, person, .. } => people::identity_claim::close(self.world, *claim, *person),
            Event::PersonJoined { from, into } => {
                self.joined(*from, *into);
                self.world.note_joined(*from, *into);
                let by = self.record.by.map(|by| if by == *from { *into } else { by });
                self.deed(What::Account(*into, Change::Joined), None, by);
            }
            Event::PassMade { fingerprint, person, until } => {
                let by = self.record.by.unwrap_or(PersonId(0));
                let pass = Pass { fingerprint: fingerprint.clone(), person: *person, by, until: *until };
                invitation_code::put(self.world, &pass, self.record.at);
            }
            Event::PassUsed { fingerprint } => {
                invitation_code::used(self.world, fingerprint);
                invitation_sheet::used(self.world, fingerprint.as_str());
            }
            Event::Account(fact) => self.of_account(fact),
            Event::RoleGranted { person, role, scope } => self.granted(*person, *role, scope),
            Event::RoleWithdrawn { person, role, scope } => {
                self.withdrawn(*person, *role, scope);
                self.void_all_by(*person);
            }
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
                self.world.heard_of(Sort::Town, town);
                let (name, kind, town) = (name.clone(), kind.clone(), town.clone());
                let before = self.world.get::<Station>(&Key::new(kind::STATION).num(id));
                let since = before.as_ref().map_or(self.record.at, |before| before.since);
                let closed_at = before.and_then(|before| before.closed_at).unwrap_or(self.record.at);
                let closed_at = detail.closed.then_some(closed_at);
                let detail = detail.clone();
                self.world.put(&Station { id: *station, name, kind, town, detail, since, closed_at });
            }
            Event::Town(fact) => town::apply(self.world, fact, self.record.at),
            Event::Tier(fact) => tier::apply(self.world, self.record.at, fact),
            Event::Campaign(fact) => campaign::apply(self.world, self.record.at, fact),
            Event::Series(fact) => series::apply(self.world, self.record, self.index, fact),
            Event::InvitationSheet(fact) => {
                invitation_sheet::apply(self.world, self.record.by.unwrap_or(PersonId(0)), fact);
            }
            Event::Export(fact) => export::apply(self.world, self.record, fact),
            Event::Clock(fact) => clock::apply(self.world, self.record.at, fact),
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
            Event::TopicTaken { topic, lead, before } => self.taken(*topic, *lead, *before),
            Event::TopicAdvanced { topic, to } => self.enter(*topic, *to),
            Event::Conflict(fact) => self.conflict(fact),
            Event::Course(fact) => self.course(fact),
            Event::Invited { topic, person, side } => {
                self.world.put(&Invitation { topic: *topic, person: *person, side: *side });
                self.deed(What::Invited, Some(*topic), Some(*person));
            }
            Event::SuggestionMade { suggestion, author, recorder, text, quoted: _ } => {
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
                let (seq, at) = (self.record.seq, self.record.at);
                self.world.put(&Closure { topic, outcomes, note, account, seq, at });
            }
            Event::BriefIssued { brief } => {
                self.info(*brief, |brief| brief.state = info::State::Issued);
            }
            Event::BriefAdopted { brief, level, rank } => self.adopted(*brief, level, *rank),
            Event::Brief(fact) => self.of_brief(fact),
            Event::Undone { what } => self.undone(*what),
            Event::Reworded { what, title, text } => self.reworded(*what, title, text),
            Event::GatheringCalled { .. } => self.called(event),
            Event::SignedUp { .. } => self.signed_up(event),
            Event::Gathering(fact) => self.of_gathering(fact),
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
                self.world.put_at(history::sent::sending_key(*seq, *index), &self.record.at)
            }
            Event::Erasure(fact) => erasure::apply(self.world, self.record, fact),
            Event::Sent { seq, index, .. } => self.world.remove(history::sent::sending_key(*seq, *index)),
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
        let newcomer = by.filter(|_| by == self.record.by).and_then(|by| self.newcomer_of(by));
        self.world.put_deed(&deed, self.index, newcomer);
    }

    fn trace(&mut self, what: Option<Undoable>, fingerprint: u64) {
        if let Some(person) = self.record.by {
            self.world.leave_trace(person, Trace { at: self.record.at, seq: self.record.seq, what, fingerprint });
        }
    }

    /// What counts with a suggestion: itself, its likes, and what others said to it.
    fn counted(&mut self, suggestion: &Suggestion, is_counted: bool) {
        let (no, replies) = (suggestion.reference.topic, self.world.replies_kept(suggestion.reference));
        let change = |n: &mut u32, by: u32| *n = if is_counted { *n + by } else { n.saturating_sub(by) };
        let replied = u32::try_from(replies.len()).unwrap_or(u32::MAX);
        self.topic(no, |topic| {
            change(&mut topic.suggestions, 1);
            change(&mut topic.likes, suggestion.likes);
            change(&mut topic.replies, replied);
        });
        self.spoke(no, suggestion.author, is_counted);
        replies.iter().for_each(|reply| self.spoke(no, reply.author, is_counted));
        self.world.change_own(suggestion.author, |own| change(&mut own.suggestions, 1));
    }
}
