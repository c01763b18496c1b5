//! 信 — who is told what when something has happened (model.md §9). Pure: the world after the turn, and the turn's facts.

mod absence;
mod brief;
mod course;
mod duty;
mod handover;
mod mandate;
mod nudge;
mod places;
mod poll;
mod rest;
mod sector;
mod told;
mod tracking;

use super::card::card_of;
use super::command::Mark;
use super::deed::What;
use super::event::{Event, Record, Way};
use super::hiding::Fact;
use super::ids::{ClaimNo, GroupId, ObjectionRef, PersonId, PollNo, SuggestionRef, TopicNo};
use super::person::scope_value;
use super::plan::page;
use super::poll::{Poll, household, result};
use super::rule::Electorate;
use super::say::{Say, Value};
use super::scene::Settings;
use super::suggestion::Verdict;
use super::topic::{Channel, Step, Topic, moderator_name};
use super::words::Words;
use super::world::World;
use super::{group, own, roll, slip};
use crate::say;
use chrono::{DateTime, Utc};

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
    /// An address where a person was written to until now.
    Former(Words),
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
pub struct Notice {
    /// Who is told.
    pub to: To,
    /// What.
    pub what: Saying,
    /// Not asked for by anybody just now: waits for the end of the quiet time.
    pub is_push: bool,
    /// Leaves `Sending` and `Sent` in the ledger; repeated with 补发 where its fate is unknown.
    pub is_numbered: bool,
}

impl Notice {
    fn here(what: Say) -> Self {
        Self { to: To::Here, what: Saying::Say(what), is_push: false, is_numbered: false }
    }
}

/// Collects the letters of one record.
struct Herald<'w, 's> {
    world: &'w World<'s>,
    settings: &'w Settings,
    record: &'w Record,
    out: Vec<Notice>,
}

/// The letters a record leads to, in order. `world` is as it is after the record.
#[must_use]
pub fn announce(world: &World<'_>, settings: &Settings, record: &Record, masked: bool) -> Vec<Notice> {
    let mut herald = Herald { world, settings, record, out: Vec::new() };
    if record.way == Way::Office {
        return Vec::new();
    }
    let ballots = record.facts.iter().filter(|fact| matches!(fact, Event::BallotCast { proxy: true, .. })).count();
    let by_mandate = record.facts.iter().any(|fact| matches!(fact, Event::Mandate(super::mandate::Fact::Used { .. })));
    if ballots > 0 && !by_mandate {
        herald.proxies(ballots);
        return herald.out;
    }
    for event in &record.facts {
        herald.tell(event, masked);
    }
    herald.tell_proposers();
    herald.out
}

impl Herald<'_, '_> {
    fn here(&mut self, what: Say) {
        self.out.push(Notice::here(what));
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
                self.out.push(Notice { to: To::Group(group), what: Saying::Say(what.clone()), is_push, is_numbered });
            }
        }
    }

    fn by(&self) -> String {
        self.record.by.map(|by| self.world.name_of(by)).unwrap_or_default()
    }

    #[allow(clippy::too_many_lines, reason = "one arm a fact; the compiler points here when one is missing")]
    fn tell(&mut self, event: &Event, masked: bool) {
        match event {
            Event::PersonEnrolled { .. } => self.enrolled(event),
            Event::RoleGranted { person, role, scope } => {
                let role = Value::Term(role.term().to_owned());
                if self.record.facts.len() == 1 {
                    self.here(say!(
                        "grant",
                        who = self.world.name_of(*person),
                        role = role,
                        scope = scope_value(scope)
                    ));
                }
            }
            Event::RoleWithdrawn { person, role, scope } => {
                let role = Value::Term(role.term().to_owned());
                self.here(say!(
                    "grant.withdrawn",
                    who = self.world.name_of(*person),
                    role = role,
                    scope = scope_value(scope)
                ));
            }
            Event::GroupSet { kind, town, sector, digest_at, .. } => {
                let scope = group::scope_of(*kind, town, sector);
                self.here(say!(
                    "group.set",
                    kind = Value::Term(kind.term().to_owned()),
                    scope = scope,
                    time = *digest_at
                ));
            }
            Event::StationSet { station, .. } => self.station_set(*station),
            Event::Tier(fact) => self.of_tier(fact),
            Event::Campaign(fact) => self.of_campaign(fact),
            Event::Series(fact) => self.of_series(fact),
            Event::Charity(fact) => self.of_charity(fact),
            Event::GroupGone { group } => self.group_gone(*group),
            Event::Outage { platform, from, until } => self.outage(platform, *from, *until),
            Event::GroupBound { topic, .. } => self.here(say!("bind", no = *topic)),
            Event::SlipReceived { slip, title, station, .. } => self.slip(*slip, title.as_str(), *station),
            Event::SlipRejected { slip, reason, .. } => {
                self.here(say!("topic.reject", w = slip::w(*slip), why = reason));
            }
            Event::SlipReferred { slip, unit, reason } => {
                self.here(say!("topic.refer", w = slip::w(*slip), unit = unit, why = reason));
            }
            Event::TopicOrdered { topic, .. } => self.ordered(*topic),
            Event::TopicSorted { topic, category, before } => self.sorted(*topic, category, before),
            Event::TopicSeconded { topic } => self.seconded(*topic),
            Event::TopicTaken { topic, lead } => self.taken(*topic, *lead),
            Event::TopicAdvanced { topic, to } => self.advanced(*topic, *to),
            Event::Course(fact) => self.of_course(fact),
            Event::Invited { topic, .. } => self.invited(*topic, event),
            Event::SuggestionMade { suggestion, author, recorder, .. } => self.here(match recorder {
                Some(who) => {
                    say!(
                        "relay",
                        name = self.world.name_of(*author),
                        r#ref = *suggestion,
                        who = self.world.name_of(*who)
                    )
                }
                None if masked => say!("sug.pii", r#ref = *suggestion),
                None => say!("sug", r#ref = *suggestion),
            }),
            Event::ReplyMade { to, .. } => self.here(say!("reply", r#ref = *to)),
            Event::SuggestionLiked { suggestion } => {
                let n = self.world.suggestion(*suggestion).map_or(0, |suggestion| suggestion.likes);
                self.here(say!("like", r#ref = *suggestion, n = n));
            }
            Event::Reworded { what, .. } => self.here(say!("reword", what = own::name_of(*what))),
            Event::SuggestionJudged { suggestion, verdict, reason } => self.judged(*suggestion, *verdict, reason),
            Event::Hiding(Fact::Hidden { suggestion, reason }) => {
                self.here(say!("hide", r#ref = *suggestion, who = self.by(), why = reason));
            }
            Event::Hiding(Fact::Shown { suggestion }) => {
                self.here(say!("hide.undone", r#ref = *suggestion, who = self.by()));
            }
            Event::PlanDrafted { topic, draft, .. } => {
                self.here(say!("plan", no = *topic, v = *draft, url = page(*topic)));
            }
            Event::NoticePosted { .. } => self.noticed(event),
            Event::ObjectionRaised { objection, .. } => {
                self.here(say!("obj", r#ref = objection.named(), who = self.by()));
            }
            Event::ObjectionAnswered { objection, text } => self.answered(*objection, text),
            Event::ReviewGiven { opinion, .. } => {
                let field = self.record.by.map_or_else(|| Value::Text(String::new()), |by| self.world.field_of(by));
                let op = Value::Term(opinion.term().to_owned());
                self.here(say!("expert", who = self.by(), field = field, op = op));
            }
            Event::PactDrafted { topic, draft, articles, .. } => {
                self.here(say!("pact", no = *topic, v = *draft, n = *articles));
            }
            Event::TopicReturned { topic, to, reason } => {
                let step = Value::Term(to.term().to_owned());
                self.bound(*topic, &say!("back", no = *topic, step = step, why = reason));
            }
            Event::TopicPaused { topic, reason } => self.bound(*topic, &say!("pause", no = *topic, why = reason)),
            Event::TopicResumed { topic } => self.resumed(*topic),
            Event::Rested(fact) => self.of_rest(fact),
            Event::TopicEnded { topic, reason } => self.bound(*topic, &say!("end", no = *topic, why = reason)),
            Event::TopicMerged { topic, into, .. } => {
                let title = self.world.topic(*into).map(|into| into.title).unwrap_or_default();
                self.bound(*topic, &say!("merge", no = *topic, to = *into, title = &title));
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
            Event::Undone { what } => self.here(say!("undo", what = own::name_of(*what))),
            Event::GatheringCalled { gathering, name, at, place, .. } => {
                let when = Value::Meeting(*at);
                self.here(say!("act.new", a = *gathering, title = name, when = when, r#where = place));
            }
            Event::SignedUp { gathering, .. } => self.here(self.world.chain(*gathering)),
            Event::Attended { gathering, .. } => {
                let n = self.world.gathering(*gathering).map_or(0, |gathering| gathering.signed);
                self.here(say!("act.sign", a = *gathering, n = n));
            }
            Event::MinutesFiled { gathering, .. } => {
                let topic = self.world.gathering(*gathering).and_then(|gathering| gathering.topic);
                self.here(match topic {
                    Some(no) => say!("act.min", a = *gathering, no = no),
                    None => say!("act.min.free", a = *gathering),
                });
            }
            Event::RollLoaded { topic, continues: false, .. } => {
                let roll = self.world.roll(*topic).unwrap_or_default();
                self.here(roll::loaded(*topic, &roll));
            }
            Event::PollOpened { poll, .. } => self.poll_opened(*poll),
            // Told with the mandate it was cast by.
            Event::BallotCast { proxy: true, .. } => {}
            Event::BallotCast { .. } => self.ballot(event),
            Event::Absence(fact) => self.absence(fact),
            Event::Mandate(fact) => self.mandate(fact),
            Event::Nudge(fact) => self.nudge(fact),
            Event::PollClosed { poll, .. } => self.poll_closed(*poll),
            Event::Poll(fact) => self.of_poll(fact),
            Event::BriefReceived { brief, title, .. } => {
                self.here(say!("brief.new", b = *brief, title = title));
            }
            Event::DigestClosed { group: id, date, number: Some(_), late, parts } => {
                if let Some(group) = self.world.group(*id) {
                    let from = self.settings.moment(*date, group.digest_at);
                    let about = group.digest_about().map(Mark::Topic);
                    self.paper(*id, parts, about.as_ref(), (from, *late));
                }
            }
            Event::IssueClosed { group, period, first, late, parts, .. } => {
                self.paper(*group, parts, None, (period.sent_from(self.settings, *first), *late));
            }
            Event::AccountLinked { person, before, .. } if !before.as_str().is_empty() => {
                let what = Saying::Say(say!("claim.other", who = self.world.name_of(*person)));
                let to = To::Former(before.clone());
                self.out.push(Notice { to, what, is_push: true, is_numbered: false });
            }
            Event::ClaimMade { claim, .. } => self.claimed(*claim),
            Event::ClaimSettled { claim, person } => self.claim_settled(*claim, *person),
            Event::PassUsed { .. } => self.pass_used(),
            Event::AccountLinked { .. }
            | Event::PersonJoined { .. }
            | Event::Export(_)
            | Event::PassMade { .. }
            | Event::GroupSeen { .. }
            | Event::GroupMoved { .. }
            | Event::GroupBack { .. }
            | Event::SlipAccepted { .. }
            | Event::RollLoaded { .. }
            | Event::BallotLate { .. }
            | Event::PollVoided { .. }
            | Event::Intercepted
            | Event::DigestClosed { .. }
            | Event::Sending { .. }
            | Event::Sent { .. } => {}
        }
    }

    fn paper(&mut self, group: GroupId, parts: &[Words], about: Option<&Mark>, (from, late): (DateTime<Utc>, bool)) {
        for part in parts {
            let what = Saying::Paper { text: part.as_str().to_owned(), about: about.cloned(), from, late };
            self.out.push(Notice { to: To::Group(group), what, is_push: true, is_numbered: true });
        }
    }

    fn enrolled(&mut self, event: &Event) {
        let Event::PersonEnrolled { name, side, town, sector, enrolled: true, .. } = event else { return };
        let is_by_the_way = self.record.facts.iter().any(|fact| {
            !matches!(
                fact,
                Event::PersonEnrolled { .. }
                    | Event::RoleGranted { .. }
                    | Event::AccountLinked { .. }
                    | Event::Duty(super::duty::Fact::Tagged { .. })
            )
        });
        if is_by_the_way {
            return;
        }
        let scope = [sector, town].into_iter().find(|text| !text.is_empty());
        let scope = scope.map_or_else(|| Value::Term("scope.district".to_owned()), |text| Value::Text(text.clone()));
        self.here(say!("enrol", who = name, side = Value::Term(side.term().to_owned()), scope = scope));
    }

    /// The same sentence to whoever asks, and a letter to those who can say whether it is so.
    fn claimed(&mut self, no: ClaimNo) {
        self.here(say!("claim.sent"));
        let Some(claim) = self.world.claim(no) else { return };
        let whoms = self.world.whom(claim.name.as_str(), claim.place.as_str());
        let letter = self.world.claim_letter(&claim, &whoms);
        for asked in self.world.asked_about(&claim, &whoms) {
            self.push(asked, letter.clone());
        }
    }

    fn push(&mut self, to: PersonId, what: Say) {
        self.out.push(Notice { to: To::Person(to), what: Saying::Say(what), is_push: true, is_numbered: false });
    }

    fn claim_settled(&mut self, no: ClaimNo, person: Option<PersonId>) {
        let Some(claim) = self.world.claim(no) else { return };
        match person {
            Some(person) => {
                let who = self.world.name_of(person);
                self.here(say!("claim.yes", c = no, shown = &claim.shown, who = who.as_str()));
                self.push(person, say!("claim.told.yes", who = who));
            }
            None => {
                self.here(say!("claim.no", c = no));
                self.push(claim.by, say!("claim.told.no"));
            }
        }
    }

    fn pass_used(&mut self) {
        let into = self.record.facts.iter().find_map(|fact| match fact {
            Event::PersonJoined { into, .. } => Some(*into),
            _ => None,
        });
        if let Some(person) = into {
            self.here(say!("claim.told.yes", who = self.world.name_of(person)));
        }
    }

    /// 群失联 — the coordinators are told once; nothing is tried there until the bot is back.
    fn group_gone(&mut self, group: GroupId) {
        let Some(group) = self.world.group(group).filter(|group| group.kind.is_some()) else { return };
        self.coordinators(&group.town, &say!("group.gone", name = &group.name));
    }

    /// 停机 — one notice in each group of that platform with an open poll: buttons pressed meanwhile were lost.
    fn outage(&mut self, platform: &str, from: DateTime<Utc>, until: DateTime<Utc>) {
        let mut told: Vec<GroupId> = Vec::new();
        // What closed meanwhile has been closed by now, at its hour.
        let mut polls = self.world.open_polls();
        self.world.deeds(from, until + chrono::Duration::milliseconds(1), |deed| {
            if let What::PollClosed(no) = deed.what {
                polls.extend(self.world.poll(no));
            }
        });
        for poll in polls.iter().filter(|poll| poll.opened < until) {
            let bound = self.world.bound_groups(poll.topic);
            for group in poll.group.into_iter().chain(bound) {
                let is_there = self.world.group(group).is_some_and(|group| {
                    group.chat.as_str().strip_prefix(platform).is_some_and(|rest| rest.starts_with(':'))
                });
                if is_there && !told.contains(&group) {
                    told.push(group);
                }
            }
        }
        let what = say!("outage.vote", from = Value::Moment(from), until = Value::Moment(until));
        self.groups(&told, &what, true, false);
    }

    fn coordinators(&mut self, town: &str, what: &Say) {
        for coordinator in self.world.coordinators_of(town) {
            let what = Saying::Say(what.clone());
            self.out.push(Notice { to: To::Person(coordinator.id), what, is_push: true, is_numbered: false });
        }
    }

    fn slip(&mut self, no: super::ids::SlipNo, title: &str, station: Option<super::ids::StationId>) {
        self.here(say!("web.receipt", w = slip::w(no)));
        let town = station.and_then(|id| self.world.station(id)).map(|station| station.town).unwrap_or_default();
        let push = say!("web.push", w = slip::w(no), title = title, who = self.by());
        self.coordinators(&town, &push);
    }

    fn ordered(&mut self, no: TopicNo) {
        let Some(topic) = self.world.topic(no) else { return };
        let source = match topic.channel {
            Channel::Scan(_) => Value::Term("channel.scan".to_owned()),
            Channel::Private | Channel::Told(_) => Value::Term(topic.channel.term().to_owned()),
            Channel::Group(group) => {
                Value::Text(self.world.group(group).map(|group| group.name.as_str().to_owned()).unwrap_or_default())
            }
        };
        let who = self.world.name_of(topic.proposer);
        let new = say!("topic.new", no = no, title = &topic.title, who = who, src = source);
        self.here_and(&self.world.town_groups(&topic.town), &new);
        self.tell_sectors(&topic, "");
    }

    fn seconded(&mut self, no: TopicNo) {
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

    fn taken(&mut self, no: TopicNo, lead: PersonId) {
        let Some(topic) = self.world.topic(no) else { return };
        let moderator = moderator_name(self.world, &topic);
        self.here(say!("take", who = self.world.name_of(lead), no = no, r#mod = moderator));
    }

    /// 所在 and 绑定群.
    fn bound(&mut self, topic: TopicNo, what: &Say) {
        self.here_and(&self.world.bound_groups(topic), what);
    }

    /// 恢复 — what is said at that step, or else the card.
    fn resumed(&mut self, no: TopicNo) {
        let Some(topic) = self.world.topic(no) else { return };
        match topic.step {
            Step::Noticing if self.record.facts.iter().any(|fact| matches!(fact, Event::Rested(_))) => {}
            Step::Ordered | Step::Taken | Step::Noticing | Step::Closed => {
                self.bound(no, &card_of(self.world, self.settings, &topic));
            }
            step => self.advanced(no, step),
        }
    }

    fn advanced(&mut self, no: TopicNo, to: Step) {
        // A result says itself where the topic goes.
        if self.record.facts.iter().any(|fact| matches!(fact, Event::PollClosed { .. })) {
            return;
        }
        let what = match to {
            Step::Talking => say!("adv.2", no = no),
            Step::Planning => say!("adv.3", no = no),
            Step::Reviewing => say!("adv.5", no = no),
            Step::Voting => say!("adv.6", no = no),
            Step::Tracking => say!("adv.track", no = no),
            // Told by what took it there.
            Step::Ordered | Step::Taken | Step::Noticing | Step::Closed => return,
        };
        self.here_and(&self.world.bound_groups(no), &what);
    }

    fn judged(&mut self, reference: SuggestionRef, verdict: Verdict, why: &Words) {
        let author = self.world.suggestion(reference).map(|suggestion| self.world.name_of(suggestion.author));
        self.here(match verdict {
            Verdict::Adopted => say!("adopt", r#ref = reference, who = author.unwrap_or_default()),
            Verdict::Partly => say!("adopt.part", r#ref = reference, why = why),
            Verdict::Declined => say!("adopt.no", r#ref = reference, why = why),
        });
    }

    fn noticed(&mut self, event: &Event) {
        let Event::NoticePosted { topic: no, days, from, last, .. } = event else { return };
        let Some(topic) = self.world.topic(*no) else { return };
        let (d1, d2) = (*from, *last);
        let what = say!("notice", no = *no, title = &topic.title, d1 = d1, d2 = d2, days = *days, url = page(*no));
        let groups = self.all_groups(&topic);
        self.here_and(&groups, &what);
    }

    /// 绑定群 and 镇街群.
    fn all_groups(&self, topic: &Topic) -> Vec<GroupId> {
        let mut groups = self.world.bound_groups(topic.no);
        groups.extend(self.world.town_groups(&topic.town));
        groups
    }

    fn answered(&mut self, reference: ObjectionRef, text: &Words) {
        let Some(objection) = self.world.objection(reference) else { return };
        let who = self.world.name_of(objection.author);
        let what = say!("obj.ans", r#ref = reference.named(), text = text, who = who, no = reference.topic);
        self.here_and(&self.world.bound_groups(reference.topic), &what);
    }

    /// Once for all guests of the record.
    fn invited(&mut self, no: TopicNo, event: &Event) {
        let is_guest = |fact: &&Event| matches!(fact, Event::Invited { .. });
        if self.record.facts.iter().rfind(is_guest) != Some(event) {
            return;
        }
        let Some(topic) = self.world.topic(no) else { return };
        let n = self.record.facts.iter().filter(is_guest).count();
        self.here(say!("invite", n = n, five = Value::Sides(self.world.sides_of(&topic))));
    }

    fn poll_opened(&mut self, no: PollNo) {
        let Some(poll) = self.world.poll(no) else { return };
        let what = if self.world.poll_terms(no).is_some() { self.poll_card(&poll) } else { plain_card(&poll) };
        if self.record.way == Way::Clock {
            return self.opened_by_clock(&poll, &what);
        }
        self.here_and(&self.world.bound_groups(poll.topic), &what);
    }

    /// The messages of a paper made before.
    fn poll_closed(&mut self, no: PollNo) {
        let Some(poll) = self.world.poll(no) else { return };
        let Some(counted) = poll.result else { return };
        let mut groups: Vec<GroupId> = poll.group.into_iter().collect();
        groups.extend(self.world.bound_groups(poll.topic));
        if poll.rule.is_vote() {
            groups.extend(
                self.world.topic(poll.topic).map(|topic| self.world.town_groups(&topic.town)).unwrap_or_default(),
            );
        }
        self.groups(&groups, &result(self.world, &poll, &counted), true, true);
    }

    /// Receipts. In a group the choice is not repeated; in private, and to the presser of a button, it is.
    fn ballot(&mut self, event: &Event) {
        let Event::BallotCast { poll, voter, private, changed, choice, .. } = event else { return };
        let Some(poll) = self.world.poll(*poll) else { return };
        let called = match poll.voters {
            Some(_) => self
                .world
                .voter(poll.topic, *voter)
                .map_or_else(|| Value::Text(String::new()), |voter| household(&voter)),
            None => Value::Text(self.world.name_of(PersonId(voter.0))),
        };
        let what = match (self.choice_told(poll.no, choice), private, changed) {
            (None, ..) => self.secret_receipt(called, *changed),
            (Some(_), false, false) => say!("ballot", hh = called),
            (Some(_), false, true) => say!("ballot.chg", hh = called),
            (Some(op), true, false) => say!("ballot.pm", hh = called, op = op),
            (Some(op), true, true) => say!("ballot.pmchg", hh = called, op = op),
        };
        let to = if self.record.way == Way::Press { To::Toast } else { To::Here };
        self.out.push(Notice { to, what: Saying::Say(what), is_push: false, is_numbered: false });
        self.remind_trustee(&poll);
    }

    fn proxies(&mut self, n: usize) {
        let on_roll = self.record.facts.iter().find_map(|fact| match fact {
            Event::BallotCast { poll, voter, .. } => {
                let poll = self.world.poll(*poll)?;
                Some(
                    poll.voters.is_some()
                        && self.world.voter(poll.topic, *voter).is_some_and(|voter| !voter.rooms.is_empty()),
                )
            }
            _ => None,
        });
        let unit = if on_roll == Some(true) { "unit.household" } else { "unit.person" };
        self.here(say!("proxy", n = n, u = Value::Term(unit.to_owned()), who = self.by()));
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
