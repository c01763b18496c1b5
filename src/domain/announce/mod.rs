//! 信 — who is told what when something has happened (model.md §9): one arm a fact here, one file a noun below. Pure: the world after
//! the turn, and the turn's facts.

pub mod absence;
pub mod account;
pub mod brief;
pub mod campaign;
pub mod category;
pub mod charity;
mod clock;
pub mod conflict;
pub mod course;
pub mod duty;
pub mod erasure;
pub mod gathering;
pub mod group;
pub mod halt;
pub mod handover;
pub mod haste;
pub mod hearsay;
pub mod hiding;
pub mod identity_claim;
mod in_name;
pub mod invitation_code;
pub mod mandate;
pub mod notice;
pub mod nudge;
pub mod outcome;
pub mod person;
pub mod poll;
pub mod review;
mod roll;
pub mod series;
pub mod slip;
pub mod standing;
pub mod standstill;
pub mod station;
pub mod suggestion;
pub mod task;
pub mod tier;
pub mod topic;
pub mod town;

use crate::domain::addressee::For;
use crate::domain::event::{Event, Record};
use crate::domain::kernel::ids::{GroupId, PersonId, SuggestionRef, TopicNo};
use crate::domain::kernel::mark::Mark;
use crate::domain::kernel::said::Way;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::people::person::{Role, scope_value};
use crate::domain::people::undoable::{self, Undoable};
use crate::domain::process::conflict::Part;
use crate::domain::process::form::Step;
use crate::domain::process::topic::{Topic, page};
use crate::domain::talk::gathering::sitting;
use crate::domain::talk::suggestion::Suggestion;
use crate::domain::vote::poll::Poll;
use crate::domain::vote::rule::Electorate;
use crate::domain::{intake, people, vote};
use crate::say;
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};

/// Who is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To {
    /// 所在 — where it was said: the group, the private chat, or the page.
    Here,
    /// Only the presser of a button, at once.
    Toast,
    /// A group.
    Group(GroupId),
    /// A person, in private.
    Person(PersonId),
    /// One account of a person, in private.
    Account(Words),
}

/// What is told: a reply of the catalogue, or a text made before (a digest).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saying {
    /// A reply.
    Say(Say),
    /// 日报, 周报, 月报 — a message of one, kept until it may be sent.
    Paper {
        /// The message.
        text: String,
        /// What it is about, if one thing.
        about: Option<Mark>,
        /// The moment from which on it may be sent, quiet time aside.
        from: DateTime<Utc>,
        /// Whether it says 补发 already.
        late: bool,
    },
}

/// One letter to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// Who is told.
    pub to: To,
    /// What.
    pub what: Saying,
    /// Not asked for by anybody just now: waits for the end of the quiet time.
    pub is_push: bool,
    /// Leaves `Sending` and `Sent` in the ledger; repeated with 补发 where its fate is unknown.
    pub is_numbered: bool,
    /// As what they are told.
    pub whom: For,
    /// Leaves a minute later, by the clock, not with the answer.
    pub is_after: bool,
}

impl Announcement {
    fn here(what: Say) -> Self {
        Self {
            to: To::Here,
            what: Saying::Say(what),
            is_push: false,
            is_numbered: false,
            whom: For::Anybody,
            is_after: false,
        }
    }
}

/// Collects the letters of one record.
struct Herald<'w, 's> {
    world: &'w World<'s>,
    settings: &'w Settings,
    record: &'w Record,
    out: Vec<Announcement>,
}

/// The letters a record leads to, in order. `world` is as it is after the record; `was` whose standing it changes, as they were before
/// ([`standing::before`]).
#[must_use]
pub fn announce(
    world: &World<'_>,
    settings: &Settings,
    record: &Record,
    was: &standing::Before,
    masked: bool,
) -> Vec<Announcement> {
    let mut herald = Herald { world, settings, record, out: Vec::new() };
    if record.way == Way::Office {
        record.facts.iter().for_each(|fact| herald.by_configuration(fact));
        herald.standings(was);
        herald.let_sleep();
        return herald.out;
    }
    let ballots = record.facts.iter().filter(|fact| matches!(fact, Event::BallotCast { proxy: true, .. })).count();
    let by_mandate = record.facts.iter().any(|fact| matches!(fact, Event::Mandate(vote::mandate::Fact::Used { .. })));
    let is_corrected = record.facts.iter().any(|fact| matches!(fact, Event::Poll(vote::poll::Fact::Corrected { .. })));
    if ballots > 0 && !by_mandate && !is_corrected {
        herald.proxies(ballots);
        herald.present_on_paper();
        herald.ended_by_papers();
        herald.in_names();
        herald.let_sleep();
        return herald.out;
    }
    for event in &record.facts {
        herald.tell(event, masked);
    }
    herald.in_names();
    herald.standings(was);
    herald.tell_proposers();
    herald.let_sleep();
    herald.out
}

/// 告别 — the letters that go while it is still known where to; `world` is as it is before the record.
#[must_use]
pub fn farewell(world: &World<'_>, settings: &Settings, record: &Record) -> Vec<Announcement> {
    let mut herald = Herald { world, settings, record, out: Vec::new() };
    for fact in &record.facts {
        if let Event::Erasure(people::erasure::Fact::Ordered { person, reason }) = fact {
            herald.erased(*person, reason);
        }
        if let Event::RollLoaded { topic, continues: false, .. } = fact {
            herald.roll_dropped(*topic);
        }
        if let Event::Account(people::account::Fact::Left { person, .. }) = fact {
            herald.reviewer_left(*person);
        }
        herald.registered_by_town(fact);
    }
    herald.out
}

impl Herald<'_, '_> {
    fn here(&mut self, what: Say) {
        self.out.push(Announcement::here(what));
    }

    /// The same text here and in other groups, each group once.
    fn here_and(&mut self, groups: &[GroupId], what: &Say) {
        self.here(what.clone());
        self.groups(groups, what, false, false);
    }

    fn groups(&mut self, groups: &[GroupId], what: &Say, is_push: bool, is_numbered: bool) {
        let mut told: Vec<GroupId> = Vec::new();
        for &group in groups {
            let is_here = !is_push && self.record.group == Some(group);
            if !is_here && !told.contains(&group) {
                told.push(group);
                self.out.push(Announcement {
                    to: To::Group(group),
                    what: Saying::Say(what.clone()),
                    is_push,
                    is_numbered,
                    whom: For::Anybody,
                    is_after: false,
                });
            }
        }
    }

    /// A day, with its year where that is another than that of the record.
    fn day(&self, day: NaiveDate) -> Value {
        match day.year() == self.settings.date(self.record.at).year() {
            true => day.into(),
            false => say!("when.year", y = i64::from(day.year()), day = day).into(),
        }
    }

    /// 顺延 — the day a term of so many days from today would end on, where that is a holiday and another was taken.
    fn moved_from(&self, days: u32, last: NaiveDate) -> Option<NaiveDate> {
        let today = self.settings.date(self.record.at);
        today.checked_add_days(Days::new(u64::from(days))).filter(|day| *day != last)
    }

    /// The last day of a term, and what it was moved from.
    fn due(&self, days: u32, due: NaiveDate) -> Value {
        match self.moved_from(days, due) {
            Some(day) => say!("when.moved", day = self.day(day), due = self.day(due)).into(),
            None => self.day(due),
        }
    }

    fn by(&self) -> String {
        self.record.by.map(|by| self.world.name_of(by)).unwrap_or_default()
    }

    /// 身份 — as what the speaker did it.
    fn acting(&self, place: (&str, Option<&Topic>), first: Role) -> Value {
        let role = self.record.by.map_or(first, |by| self.world.acts_as(by, place, first));
        Value::Term(role.term().to_owned())
    }

    /// 代办 — who did what another is in charge of; `None` where they did it themselves, or the clock.
    fn stand_in(&self, owner: PersonId, place: (&str, Option<&Topic>)) -> Option<Say> {
        let by = self.record.by.filter(|by| *by != owner)?;
        let role = self.acting(place, Role::Coordinator);
        Some(say!("in_place", role = role, who = self.world.name_of(by), owner = self.world.name_of(owner)))
    }

    /// The one in charge, where they did it themselves, else who did it in their place.
    fn doer(&self, owner: PersonId, place: (&str, Option<&Topic>)) -> Value {
        self.stand_in(owner, place).map_or_else(|| Value::Text(self.world.name_of(owner)), Value::from)
    }

    /// The same beside something that does not name the one in charge.
    fn in_place(&self, owner: PersonId, place: (&str, Option<&Topic>)) -> Say {
        self.stand_in(owner, place).map_or_else(|| say!("none"), |doer| say!("in_place.beside", doer = doer))
    }

    #[allow(clippy::too_many_lines, reason = "one arm a fact; the compiler points here when one is missing")]
    fn tell(&mut self, event: &Event, masked: bool) {
        match event {
            Event::PersonEnrolled { .. } => self.enrolled(event),
            Event::RoleGranted { person, role, scope } => {
                if *role == Role::Moderator {
                    self.review_lapsed(*person, Part::Moderator);
                    let who = self.world.name_of(*person);
                    self.chair_told(*person, scope, &say!("grant.chair.on", who = who, by = self.by()));
                }
                let role = Value::Term(role.term().to_owned());
                // What comes with an entry, or makes the speaker known, is told with that.
                let is_entered =
                    |fact: &Event| matches!(fact, Event::PersonEnrolled { person: one, .. } if one == person);
                let is_of_another = self.record.by.is_some_and(|by| by != *person);
                let is_told = is_of_another && !self.record.facts.iter().any(is_entered);
                if is_told || self.record.facts.len() == 1 {
                    self.here(say!(
                        "grant",
                        who = self.world.name_of(*person),
                        role = role,
                        scope = scope_value(scope)
                    ));
                }
            }
            Event::RoleWithdrawn { person, role, scope } => self.withdrawn(*person, *role, scope),
            Event::GroupSet { kind, town, sector, digest_at, .. } => {
                let scope = people::group::scope_of(*kind, town, sector);
                self.here(say!(
                    "group.set",
                    kind = Value::Term(kind.term().to_owned()),
                    scope = scope,
                    time = *digest_at
                ));
            }
            Event::StationSet { station, .. } => self.station_set(*station),
            Event::Town(fact) => self.of_town(fact),
            Event::Tier(fact) => self.of_tier(fact),
            Event::Campaign(fact) => self.of_campaign(fact),
            Event::Series(fact) => self.of_series(fact),
            Event::Charity(fact) => self.of_charity(fact),
            Event::GroupGone { group } => self.group_gone(*group),
            Event::Outage { platform, from, until } => self.outage(platform, *from, *until),
            Event::Clock(fact) => self.of_clock(fact),
            Event::GroupBound { topic, .. } => self.here(say!("bind", no = *topic)),
            Event::SlipReceived { slip, title, station, .. } => self.slip(*slip, title.as_str(), *station),
            Event::SlipRejected { slip, reason, .. } => {
                self.here(say!("topic.reject", w = intake::slip::w(*slip), why = reason));
            }
            Event::SlipReferred { slip, unit, reason } => {
                self.here(say!("topic.refer", w = intake::slip::w(*slip), unit = unit, why = reason));
            }
            Event::TopicOrdered { topic, .. } => self.ordered(*topic),
            Event::TopicSorted { topic, category, before } => self.sorted(*topic, category, before),
            Event::TopicSeconded { topic } => self.seconded(*topic),
            Event::TopicTaken { topic, lead, before, reason } => self.taken(*topic, *lead, *before, reason.as_ref()),
            Event::TopicAdvanced { topic, to, reason } => self.advanced(*topic, *to, reason.as_ref()),
            Event::Conflict(fact) => self.of_conflict(fact),
            Event::Course(fact) => self.of_course(fact),
            Event::Invited { topic, .. } => self.invited(*topic, event),
            Event::SuggestionMade { suggestion, author, recorder, .. } => match recorder {
                Some(recorder) => self.relayed(*suggestion, *author, *recorder),
                None if masked => self.here(say!("sug.pii", r#ref = *suggestion)),
                None => self.here(say!("sug", r#ref = *suggestion)),
            },
            Event::ReplyMade { to, .. } => self.here(say!("reply", r#ref = *to)),
            Event::SuggestionLiked { suggestion } => {
                let n = self.world.suggestion(*suggestion).map_or(0, |suggestion| suggestion.likes);
                self.here(say!("like", r#ref = *suggestion, n = n));
            }
            Event::Reworded { what, .. } => self.here(say!("reword", what = undoable::name_of(*what))),
            Event::SuggestionJudged { suggestion, verdict, reason } => self.judged(*suggestion, *verdict, reason),
            Event::Hiding(fact) => self.of_hiding(fact),
            Event::PlanDrafted { topic, draft, .. } => {
                self.here(say!("plan", no = *topic, v = *draft, url = page(*topic)));
            }
            Event::NoticePosted { .. } => self.noticed(event),
            Event::ObjectionRaised { objection, .. } => {
                self.here(say!("obj", r#ref = objection.named(), who = self.by()));
            }
            Event::ObjectionAnswered { objection, text } => self.answered(*objection, text),
            Event::ReviewGiven { topic, opinion, text } => self.reviewed(*topic, *opinion, text),
            Event::PactDrafted { topic, draft, articles, .. } => {
                self.here(say!("pact", no = *topic, v = *draft, n = *articles));
            }
            Event::TopicReturned { topic, to, reason } => {
                self.returned(*topic, *to, reason);
            }
            Event::TopicPaused { topic, reason } => self.paused(*topic, reason),
            Event::TopicResumed { topic, was } => self.resumed(*topic, *was),
            Event::Rested(fact) => self.of_rest(fact),
            Event::TopicEnded { topic, reason } => self.ended(*topic, reason),
            Event::TopicMerged { topic, into, reason } => {
                self.merged(*topic, *into, reason);
                self.seconded_by_merging(*topic, *into);
            }
            Event::TaskAssigned { .. }
            | Event::TaskAcked { .. }
            | Event::TaskReported { .. }
            | Event::TaskAnswered { .. }
            | Event::TaskDelayed { .. }
            | Event::TaskUrged { .. }
            | Event::TaskRated { .. }
            | Event::TaskLit { .. } => self.of_task(event),
            Event::Handover(fact) => self.of_handover(fact),
            Event::TopicClosed { topic, outcomes, note, account } => self.closed(*topic, outcomes, note, account),
            Event::Duty(fact) => self.duty(fact),
            Event::BriefAdopted { brief, level, .. } => {
                self.brief_adopted(*brief, level);
            }
            Event::BriefIssued { brief } => self.brief_issued(*brief),
            Event::Brief(fact) => self.of_brief(fact),
            Event::Undone { what } => self.undone(*what),
            Event::GatheringCalled { gathering, name, at, place, until, .. } => {
                let when = sitting(self.settings, self.record.at, *at, *until);
                self.here(say!("act.new", a = *gathering, title = name, when = when, r#where = place));
            }
            Event::SignedUp { .. } | Event::Gathering(_) if self.list_follows(event) => {}
            Event::SignedUp { gathering, .. } => self.here(self.world.chain(*gathering)),
            Event::Gathering(fact) => self.of_gathering(fact),
            Event::Attended { gathering, people } => self.signed_in(*gathering, people),
            Event::MinutesFiled { gathering, text, again } => self.minuted(*gathering, text, *again),
            Event::RollLoaded { topic, continues: false, .. } => {
                self.roll_loaded(*topic);
            }
            Event::PollOpened { poll, .. } => self.poll_opened(*poll),
            // Told with the mandate it was cast by.
            Event::BallotCast { proxy: true, .. } => {}
            Event::BallotCast { .. } => self.ballot(event),
            Event::Absence(fact) => self.absence(fact),
            Event::Mandate(fact) => self.mandate(fact),
            Event::Nudge(fact) => self.nudge(fact),
            Event::PollClosed { poll, .. } => self.poll_closed(*poll),
            Event::PollVoided { poll } => self.voided(*poll),
            Event::Poll(fact) => self.of_poll(fact),
            Event::BriefReceived { brief, title, .. } => {
                self.here(say!("brief.new", b = *brief, title = title));
            }
            Event::DigestClosed { group: id, date, number: Some(_), late, parts } => {
                if let Some(group) = self.world.group(*id) {
                    let from = self.settings.moment(*date, group.digest_at);
                    let about = self.world.digest_about(&group).map(Mark::Topic);
                    self.paper(*id, parts, about.as_ref(), (from, *late));
                }
            }
            Event::IssueClosed { group, period, first, late, parts, .. } => {
                self.paper(*group, parts, None, (period.sent_from(self.settings, *first), *late));
            }
            Event::AccountLinked { person, account, .. } => self.account_joined(*person, account),
            Event::Account(fact) => self.of_account(fact),
            Event::ClaimMade { claim, .. } => self.claimed(*claim),
            Event::ClaimSettled { claim, person, .. } => self.claim_settled(*claim, *person),
            Event::PassUsed { .. } => self.pass_used(),
            Event::Erasure(fact) => self.of_erasure(fact),
            Event::PersonJoined { .. }
            | Event::Export(_)
            | Event::InvitationSheet(_)
            | Event::PassMade { .. }
            | Event::GroupSeen { .. }
            | Event::GroupMoved { .. }
            | Event::GroupBack { .. }
            | Event::SlipAccepted { .. }
            | Event::RollLoaded { .. }
            | Event::BallotLate { .. }
            | Event::Intercepted
            | Event::DigestClosed { .. }
            | Event::Sending { .. }
            | Event::Sent { .. } => {}
        }
    }

    fn undone(&mut self, what: Undoable) {
        if let Undoable::Objection(reference) = what {
            return self.objection_undone(reference);
        }
        if let Undoable::Suggestion(at) = what
            && let Some((author, name)) = self.relayed_author(at)
        {
            let named = undoable::name_of(what);
            self.here(say!("undo.relayed", what = named.clone(), owner = name, who = self.by()));
            return self.at_once(author, say!("undo.relayed.told", what = named, who = self.by()));
        }
        self.here(say!("undo", what = undoable::name_of(what)));
        if let Undoable::Mandate(topic, voter) = what {
            self.trustee_off(topic, voter);
        }
        if let Undoable::Topic(no) = what {
            self.topic_disowned(no);
        }
    }

    /// 代录 — whose words they were said to be, where somebody else takes them back.
    fn relayed_author(&self, at: SuggestionRef) -> Option<(PersonId, String)> {
        let key = Key::new(kind::SUGGESTION).num(at.topic.0).num(at.n);
        let kept: Suggestion = self.world.get(&key)?;
        (Some(kept.author) != self.record.by).then(|| (kept.author, self.world.name_of(kept.author)))
    }

    fn paper(&mut self, group: GroupId, parts: &[Words], about: Option<&Mark>, (from, late): (DateTime<Utc>, bool)) {
        for part in parts {
            let what = Saying::Paper { text: part.as_str().to_owned(), about: about.cloned(), from, late };
            let (to, whom) = (To::Group(group), For::Anybody);
            self.out.push(Announcement { to, what, is_push: true, is_numbered: true, whom, is_after: false });
        }
    }

    /// To somebody in private, whatever they hold.
    fn push(&mut self, to: PersonId, what: Say) {
        self.push_as(For::Person(to), what);
    }

    /// To somebody in private, as what they are.
    fn push_as(&mut self, whom: For, what: Say) {
        let Some(to) = whom.person().map(To::Person) else { return };
        let what = Saying::Say(what);
        self.out.push(Announcement { to, what, is_push: true, is_numbered: false, whom, is_after: false });
    }

    /// What concerns somebody at once; at night as [`haste`] says.
    fn at_once(&mut self, to: PersonId, what: Say) {
        self.out.push(Announcement {
            to: To::Person(to),
            what: Saying::Say(what),
            is_push: false,
            is_numbered: false,
            whom: For::Person(to),
            is_after: false,
        });
    }

    /// What concerns somebody who need do nothing at once.
    fn later(&mut self, person: PersonId, what: Say) {
        self.soon(For::Person(person), what);
    }

    /// The same, not among the answers to whoever speaks: a minute later, and by its number, as a rebuild in that minute must not lose it.
    fn soon(&mut self, whom: For, what: Say) {
        let Some(to) = whom.person().map(To::Person) else { return };
        let what = Saying::Say(what);
        self.out.push(Announcement { to, what, is_push: false, is_numbered: true, whom, is_after: true });
    }

    /// Where everybody reads it whom a topic concerns: its discussion groups and where its vote was opened, else the groups of its
    /// town.
    fn public_of(&self, topic: TopicNo) -> Vec<GroupId> {
        let Some(topic) = self.world.topic(topic) else { return Vec::new() };
        let poll = topic.poll.or(topic.last_poll).and_then(|no| self.world.poll(no));
        let mut groups: Vec<GroupId> = poll.and_then(|poll| poll.group).into_iter().collect();
        groups.extend(self.world.bound_groups(topic.no));
        if groups.is_empty() { self.world.town_groups(&topic.town) } else { groups }
    }

    /// 当众 — here, and where the topic is public, at once.
    fn publicly(&mut self, topic: TopicNo, what: &Say) {
        self.here_and(&self.public_of(topic), what);
    }

    /// 看过公示的 — where what is posted was read; before and after that, the groups that follow the topic.
    fn notice_groups(&self, topic: &Topic) -> Vec<GroupId> {
        let is_posted = topic.step == Step::Noticing && self.world.notice(topic).is_some();
        if is_posted { self.all_groups(topic) } else { self.world.bound_groups(topic.no) }
    }

    fn coordinators(&mut self, town: &str, what: &Say) {
        for coordinator in self.world.coordinators_of(town) {
            self.push_as(For::Coordinator(coordinator.id, town.to_owned()), what.clone());
        }
    }

    /// 所在 and 绑定群.
    fn bound(&mut self, topic: TopicNo, what: &Say) {
        self.here_and(&self.world.bound_groups(topic), what);
    }

    /// 绑定群 and 镇街群.
    fn all_groups(&self, topic: &Topic) -> Vec<GroupId> {
        let mut groups = self.world.bound_groups(topic.no);
        groups.extend(self.world.town_groups(&topic.town));
        groups
    }
}

/// The card of a poll of yes and no, as those speak who vote in it.
fn plain_card(poll: &Poll) -> Say {
    let (no, title, rule, end) = (poll.topic, &poll.title, poll.rule.long(), Value::Moment(poll.ends));
    match poll.rule.row().electorate {
        Electorate::OwnersByArea | Electorate::Owners => {
            say!("poll.open", no = no, title = title, rule = rule, end = end)
        }
        Electorate::Assembly => say!("poll.assembly", no = no, title = title, rule = rule, end = end),
        Electorate::Members => say!("poll.council", no = no, title = title, rule = rule, end = end),
        Electorate::Group if poll.rule.is_vote() => {
            say!("poll.majority", no = no, title = title, rule = rule, end = end)
        }
        Electorate::Group => say!("poll.straw", no = no, title = title, end = end),
    }
}
