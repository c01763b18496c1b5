//! 后果 — what a fact means besides what it makes of the world (`evolve`) and who reads of it where (`announce`): one closed table.
//!
//! A new fact, of [`Event`] or of any noun, does not compile before it has its answer here: there is no arm for the rest, and nobody
//! who reads the table looks at facts. Only when something comes due stands elsewhere: what waits lies in the world under its moment
//! ([`super::due`]), and who runs the clock sees that such a key was written.

use crate::domain::about::{campaign, charity, tier};
use crate::domain::act::{self, Act};
use crate::domain::brief;
use crate::domain::event::Event;
use crate::domain::history::{duty, export};
use crate::domain::kernel::ids::{PersonId, PollNo, SlipNo, TaskNo, TopicNo, VoterNo};
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::words::Words;
use crate::domain::people::account;
use crate::domain::people::erasure;
use crate::domain::people::invitation_sheet;
use crate::domain::people::undoable::Undoable;
use crate::domain::process::form::Step;
use crate::domain::process::hiding::Shown;
use crate::domain::process::{conflict, course, hiding, standstill};
use crate::domain::talk::{gathering, series};
use crate::domain::vote::poll::fact;
use crate::domain::vote::{absence, mandate, nudge};
use crate::domain::work::handover;
use crate::domain::work::outcome::Outcome;
use serde::{Deserialize, Serialize};

/// What a live card is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Subject {
    /// An open poll: its turnout.
    Poll(PollNo),
    /// A topic: where it stands.
    Topic(TopicNo),
}

/// 活卡片 — what a fact does to cards that were sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cards {
    /// They all show what they showed.
    Same,
    /// There is something new: the letter that says so is its card.
    New(Subject),
    /// The cards of this show something else now.
    Changed(Subject),
    /// The poll is over: nobody votes on its cards any more.
    Closed(PollNo),
    /// Any poll that is open may count otherwise now.
    OpenPolls,
    /// The poll that is open on a topic may count on others now.
    OpenOn(TopicNo),
}

/// What a message led to, as far as a later version of the same message may change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LedTo {
    /// A topic, a suggestion or a reply: words that can be put right.
    Words(Undoable),
    /// A ballot of one's own, or cast by mandate: it can be cast again.
    Ballot,
    /// Nothing that is kept: it was turned away (拦截).
    Nothing,
    /// Nothing that anybody did.
    Other,
    /// 办过的事 — a deed that a later version of its message does not change; whoever changes the message is told so.
    Act(Act),
}

impl LedTo {
    /// What the facts of one message come to: the first that can be changed.
    #[must_use]
    pub fn of(facts: &[Event]) -> Self {
        let changeable = |led_to: &Self| *led_to != Self::Other;
        let found = facts.iter().map(|fact| effects(fact).led_to).find(changeable);
        // A person who is entered by the way is not what the message was for.
        let is_act = |fact: &&Event| effects(fact).is_own_deed || act::is_taking_back(fact);
        let acts: Vec<Act> = facts.iter().filter(is_act).map(act::of).collect();
        let act = acts.iter().find(|act| **act != Act::Person).or(acts.first());
        found.or(act.map(|act| Self::Act(*act))).unwrap_or(Self::Other)
    }
}

/// 告诉提出人 — what of a fact is told, in private, to whoever asked for what it moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved<'f> {
    /// Nothing.
    Nothing,
    /// 受理 — the slip became this topic.
    Accepted(SlipNo, TopicNo),
    /// 不予受理, with why.
    Rejected(SlipNo, &'f Words),
    /// 转办 to this unit, with why.
    Referred(SlipNo, &'f Words, &'f Words),
    /// 答复 of a task.
    Answered(TaskNo),
    /// 买单, by this member.
    Taken(TopicNo, PersonId),
    /// It entered this step.
    Step(TopicNo, Step),
    /// 退回 to this step, with why.
    Back(TopicNo, Step, &'f Words),
    /// 暂缓, with why.
    Paused(TopicNo, &'f Words),
    /// 恢复.
    Resumed(TopicNo),
    /// 终止, with why.
    Ended(TopicNo, &'f Words),
    /// 并案, into the second.
    Merged(TopicNo, TopicNo),
    /// The vote did not pass, where it was one by the process.
    Failed(PollNo),
    /// 办结, with 成果 or 无成果说明.
    Closed(TopicNo, &'f [Outcome], &'f Words),
}

/// Until when what is told of a fact is true: what comes due in downtime is worked through all the same, late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Always.
    Always,
    /// 今天, 明天, 还有几天 — on its day; the papers of the days tell of it afterwards.
    ItsDay,
    /// While the poll is open.
    UntilEnd(PollNo),
}

/// 够不着别人的票 — what a fact does to ballots that are in, or to who may cast one. Whoever decides asks for each of these whether the
/// speaker may ([`super::decide::reach`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reaches {
    /// Nothing.
    Nothing,
    /// It is a ballot; entered by somebody else, where the flag says so.
    Casts(PollNo, VoterNo, bool),
    /// It takes one out of the count.
    Strikes(PollNo, VoterNo),
    /// It keeps a seat from voting; by its own word, where the flag says so.
    Bars(TopicNo, Seat, bool),
    /// It gives a seat's vote to another hand, or takes it back.
    Entrusts(TopicNo, VoterNo),
    /// Nobody's ballot counts.
    Voids(PollNo),
    /// Everybody has another number.
    Renumbers(TopicNo),
    /// Two people turn out to be one.
    Joins(PersonId, PersonId),
    /// Somebody is called otherwise, or lives elsewhere.
    Renames(PersonId),
    /// Somebody comes to hold a role, or holds it no more: whoever moderates has no vote.
    Empowers(PersonId),
}

/// What one fact means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effects<'f> {
    /// Whether it is something its speaker did: 撤回 takes back the latest such thing or nothing, never the one before it.
    pub is_own_deed: bool,
    /// What it does to cards that were sent.
    pub cards: Cards,
    /// What a later version of the message it came from may change.
    pub led_to: LedTo,
    /// What is told to whoever asked.
    pub moved: Moved<'f>,
    /// The slip that can be followed on a page of its own by whoever handed it in.
    pub receipt: Option<SlipNo>,
    /// Until when what is told of it is true.
    pub holds: Holds,
    /// What it does to ballots that are in.
    pub reaches: Reaches,
}

/// Nobody did it: it came with something else, or by itself.
const NOTHING: Effects<'static> = Effects {
    is_own_deed: false,
    cards: Cards::Same,
    led_to: LedTo::Other,
    moved: Moved::Nothing,
    receipt: None,
    holds: Holds::Always,
    reaches: Reaches::Nothing,
};

/// It tells of a day, by the clock.
const OF_A_DAY: Effects<'static> = Effects { is_own_deed: true, holds: Holds::ItsDay, ..NOTHING };

/// Its speaker did it, and no more follows.
const DEED: Effects<'static> = Effects { is_own_deed: true, ..NOTHING };

impl<'f> Effects<'f> {
    const fn cards(self, cards: Cards) -> Self {
        Self { cards, ..self }
    }

    const fn topic(self, topic: TopicNo) -> Self {
        self.cards(Cards::Changed(Subject::Topic(topic)))
    }

    const fn led_to(self, led_to: LedTo) -> Self {
        Self { led_to, ..self }
    }

    const fn moved<'m>(self, moved: Moved<'m>) -> Effects<'m> {
        let Self { is_own_deed, cards, led_to, moved: _, receipt, holds, reaches } = self;
        Effects { is_own_deed, cards, led_to, moved, receipt, holds, reaches }
    }

    const fn reaches(self, reaches: Reaches) -> Self {
        Self { reaches, ..self }
    }
}

/// The table.
#[must_use]
#[allow(clippy::too_many_lines, reason = "a closed table; the compiler points here when a fact has no answer")]
pub fn effects(fact: &Event) -> Effects<'_> {
    match fact {
        Event::TaskLit { .. } => OF_A_DAY,
        // What comes with something else, by itself, or from the platform.
        Event::PersonEnrolled { enrolled: false, person, .. } => NOTHING.reaches(Reaches::Renames(*person)),
        Event::AccountLinked { .. }
        | Event::PassUsed { .. }
        | Event::GroupSeen { .. }
        | Event::GroupMoved { .. }
        | Event::GroupGone { .. }
        | Event::GroupBack { .. }
        | Event::Outage { .. }
        | Event::Clock(_)
        | Event::BallotLate { .. }
        | Event::DigestClosed { .. }
        | Event::IssueClosed { .. }
        | Event::Sending { .. }
        | Event::Sent { .. } => NOTHING,
        Event::Intercepted => NOTHING.led_to(LedTo::Nothing),
        // Where somebody had voted from two accounts, one ballot fewer is counted now.
        Event::PersonJoined { from, into } => NOTHING.cards(Cards::OpenPolls).reaches(Reaches::Joins(*from, *into)),
        Event::Undone { what } => undone(*what),
        Event::Reworded { what, .. } => reworded(*what),

        // What somebody did, and no more.
        Event::PersonEnrolled { enrolled: true, person, .. } => DEED.reaches(Reaches::Renames(*person)),
        Event::RoleGranted { person, .. } | Event::RoleWithdrawn { person, .. } => {
            DEED.reaches(Reaches::Empowers(*person))
        }
        Event::RollLoaded { topic, .. } => DEED.reaches(Reaches::Renumbers(*topic)),
        Event::ClaimMade { .. }
        | Event::ClaimSettled { .. }
        | Event::PassMade { .. }
        | Event::GroupSet { .. }
        | Event::GroupBound { .. }
        | Event::StationSet { .. }
        | Event::Town(_)
        | Event::TopicSorted { .. }
        | Event::SuggestionJudged { .. }
        | Event::PlanDrafted { .. }
        | Event::NoticePosted { .. }
        | Event::ObjectionRaised { .. }
        | Event::ObjectionAnswered { .. }
        | Event::ReviewGiven { .. }
        | Event::PactDrafted { .. }
        | Event::TaskAssigned { .. }
        | Event::TaskAcked { .. }
        | Event::TaskReported { .. }
        | Event::TaskDelayed { .. }
        | Event::TaskUrged { .. }
        | Event::TaskRated { .. }
        | Event::BriefIssued { .. }
        | Event::BriefAdopted { .. }
        | Event::BriefReceived { .. }
        | Event::GatheringCalled { .. }
        | Event::SignedUp { .. }
        | Event::Attended { .. }
        | Event::MinutesFiled { .. } => DEED,

        // 点单.
        Event::SlipReceived { slip, .. } => Effects { receipt: Some(*slip), ..DEED },
        Event::SlipAccepted { slip, topic } => DEED.moved(Moved::Accepted(*slip, *topic)),
        Event::SlipRejected { slip, reason, .. } => DEED.moved(Moved::Rejected(*slip, reason)),
        Event::SlipReferred { slip, unit, reason } => DEED.moved(Moved::Referred(*slip, unit, reason)),
        Event::TopicOrdered { topic, .. } => {
            DEED.cards(Cards::New(Subject::Topic(*topic))).led_to(LedTo::Words(Undoable::Topic(*topic)))
        }

        // The way of a topic.
        Event::TopicSeconded { topic } | Event::Invited { topic, .. } => DEED.topic(*topic),
        Event::TopicTaken { topic, lead, .. } => DEED.topic(*topic).moved(Moved::Taken(*topic, *lead)),
        // 办结 tells more of it.
        Event::TopicAdvanced { topic, to: Step::Closed, .. } => DEED.topic(*topic),
        Event::TopicAdvanced { topic, to, .. } => DEED.topic(*topic).moved(Moved::Step(*topic, *to)),
        Event::TopicReturned { topic, to, reason } => DEED.topic(*topic).moved(Moved::Back(*topic, *to, reason)),
        Event::TopicPaused { topic, reason } => DEED.topic(*topic).moved(Moved::Paused(*topic, reason)),
        Event::TopicResumed { topic, .. } => DEED.topic(*topic).moved(Moved::Resumed(*topic)),
        Event::TopicEnded { topic, reason } => DEED.topic(*topic).moved(Moved::Ended(*topic, reason)),
        Event::TopicMerged { topic, into, .. } => DEED.topic(*topic).moved(Moved::Merged(*topic, *into)),
        Event::TopicClosed { topic, outcomes, note, .. } => DEED.moved(Moved::Closed(*topic, outcomes, note)),
        Event::TaskAnswered { task, .. } => DEED.moved(Moved::Answered(*task)),

        // What is said on it.
        Event::SuggestionMade { suggestion, .. } => {
            DEED.topic(suggestion.topic).led_to(LedTo::Words(Undoable::Suggestion(*suggestion)))
        }
        Event::SuggestionLiked { suggestion } => DEED.topic(suggestion.topic),
        Event::ReplyMade { to, n, .. } => DEED.led_to(LedTo::Words(Undoable::Reply(*to, *n))),

        // 表决.
        Event::PollOpened { poll, .. } => DEED.cards(Cards::New(Subject::Poll(*poll))),
        Event::BallotCast { poll, voter, proxy, .. } => {
            let cast = DEED.cards(Cards::Changed(Subject::Poll(*poll))).reaches(Reaches::Casts(*poll, *voter, *proxy));
            if *proxy { cast } else { cast.led_to(LedTo::Ballot) }
        }
        Event::PollVoided { poll } => DEED.cards(Cards::Closed(*poll)).reaches(Reaches::Voids(*poll)),
        Event::PollClosed { poll, passed: Some(false), .. } => {
            DEED.cards(Cards::Closed(*poll)).moved(Moved::Failed(*poll))
        }
        Event::PollClosed { poll, passed: Some(true) | None, .. } => DEED.cards(Cards::Closed(*poll)),

        // What nouns keep as their own.
        Event::Tier(fact) => of_tier(fact),
        Event::Campaign(fact) => of_campaign(fact),
        Event::Account(fact) => of_account(fact),
        Event::Charity(fact) => of_charity(fact),
        Event::Export(fact) => of_export(fact),
        Event::InvitationSheet(fact) => of_invitation_sheet(fact),
        Event::Series(fact) => of_series(fact),
        Event::Gathering(fact) => of_gathering(fact),
        Event::Conflict(conflict::Fact::Excepted { topic, .. }) => DEED.topic(*topic),
        Event::Course(fact) => of_course(fact),
        Event::Hiding(fact) => of_hiding(fact),
        Event::Rested(fact) => of_rest(fact),
        Event::Handover(fact) => of_handover(fact),
        Event::Duty(fact) => of_duty(fact),
        Event::Brief(fact) => of_brief(fact),
        Event::Poll(fact) => of_poll(fact),
        Event::Absence(fact) => of_absence(fact),
        Event::Mandate(fact) => of_mandate(fact),
        Event::Nudge(fact) => of_nudge(fact),
        Event::Erasure(fact) => of_erasure(fact),
    }
}

/// 撤回 is no deed itself: what was done before it can be taken back after it.
fn undone(what: Undoable) -> Effects<'static> {
    match what {
        Undoable::Second(topic) => NOTHING.topic(topic),
        Undoable::Suggestion(suggestion) | Undoable::Like(suggestion) => NOTHING.topic(suggestion.topic),
        Undoable::Topic(_)
        | Undoable::Reply(..)
        | Undoable::SignUp(..)
        | Undoable::Brief(_)
        | Undoable::Proposal(_)
        | Undoable::Objection(_)
        | Undoable::Absence(..)
        | Undoable::Duty(..)
        | Undoable::Mandate(..) => NOTHING,
    }
}

/// 更正 — the deed is the one that is put right. A card shows a title, and of what is said on it only how much it is.
fn reworded(what: Undoable) -> Effects<'static> {
    match what {
        Undoable::Topic(topic) => NOTHING.topic(topic),
        Undoable::Suggestion(_)
        | Undoable::Reply(..)
        | Undoable::Second(_)
        | Undoable::Like(_)
        | Undoable::SignUp(..)
        | Undoable::Brief(_)
        | Undoable::Proposal(_)
        | Undoable::Objection(_)
        | Undoable::Absence(..)
        | Undoable::Duty(..)
        | Undoable::Mandate(..) => NOTHING,
    }
}

fn of_tier(fact: &tier::Fact) -> Effects<'_> {
    match fact {
        tier::Fact::Set { .. } | tier::Fact::Planned { .. } => DEED,
    }
}

fn of_campaign(fact: &campaign::Fact) -> Effects<'_> {
    match fact {
        campaign::Fact::Set { .. } | campaign::Fact::Filled { .. } | campaign::Fact::Emptied { .. } => DEED,
    }
}

fn of_account(fact: &account::Fact) -> Effects<'_> {
    match fact {
        // What comes with a claim, or of itself.
        account::Fact::Asked { .. }
        | account::Fact::Unvouched { .. }
        | account::Fact::Lapsed { .. }
        | account::Fact::Language { .. } => NOTHING,
        // From the configuration.
        account::Fact::Listed { person, .. } | account::Fact::Delisted { person, .. } => {
            NOTHING.reaches(Reaches::Empowers(*person))
        }
        account::Fact::Vouched { .. }
        | account::Fact::Denied { .. }
        | account::Fact::Unlinked { .. }
        | account::Fact::Backed { .. }
        | account::Fact::Left { .. } => DEED,
        account::Fact::Parted { .. } => DEED.cards(Cards::OpenPolls),
    }
}

fn of_charity(fact: &charity::Fact) -> Effects<'_> {
    match fact {
        charity::Fact::Registered { .. } | charity::Fact::Moved { .. } => DEED,
    }
}

fn of_export(fact: &export::Fact) -> Effects<'_> {
    match fact {
        export::Fact::Made(_) | export::Fact::Expired { .. } => DEED,
    }
}

fn of_invitation_sheet(fact: &invitation_sheet::Fact) -> Effects<'_> {
    match fact {
        invitation_sheet::Fact::Made(_)
        | invitation_sheet::Fact::Codes { .. }
        | invitation_sheet::Fact::Expired { .. } => DEED,
    }
}

fn of_series(fact: &series::Fact) -> Effects<'_> {
    match fact {
        series::Fact::Begun { .. }
        | series::Fact::Called { .. }
        | series::Fact::Skipped { .. }
        | series::Fact::Ended { .. } => DEED,
        series::Fact::Reminded { .. } => OF_A_DAY,
    }
}

fn of_gathering(fact: &gathering::Fact) -> Effects<'_> {
    match fact {
        gathering::Fact::Noted { .. }
        | gathering::Fact::Left { .. }
        | gathering::Fact::NotThere { .. }
        | gathering::Fact::Moved { .. }
        | gathering::Fact::CalledOff { .. } => DEED,
    }
}

fn of_course(fact: &course::Fact) -> Effects<'_> {
    match fact {
        course::Fact::Set { topic, .. } | course::Fact::Addressed { topic, .. } => DEED.topic(*topic),
        course::Fact::Split { topic, .. } => DEED.topic(*topic),
        course::Fact::Timed { .. } | course::Fact::TimeUp { .. } => DEED,
    }
}

fn of_hiding(fact: &hiding::Fact) -> Effects<'_> {
    match fact {
        hiding::Fact::Hidden { suggestion, .. }
        | hiding::Fact::Shown { suggestion }
        | hiding::Fact::Disowned { suggestion }
        | hiding::Fact::Owned { suggestion } => DEED.topic(suggestion.topic),
        hiding::Fact::Covered { what, .. } | hiding::Fact::Uncovered { what } => match what {
            Shown::Topic(topic) => DEED.topic(*topic),
            Shown::Reply(to, _) => DEED.topic(to.topic),
            Shown::Poll(poll) => DEED.cards(Cards::Changed(Subject::Poll(*poll))),
            Shown::Suggestion(_)
            | Shown::Objection(_)
            | Shown::Answer(_)
            | Shown::Plan(..)
            | Shown::Pact(..)
            | Shown::Review(..)
            | Shown::Reasons(_)
            | Shown::Closure(_)
            | Shown::Halt(_)
            | Shown::Task(_)
            | Shown::Gathering(_)
            | Shown::Minutes(_)
            | Shown::SignUp(..)
            | Shown::Person(_)
            | Shown::Station(_)
            | Shown::Slip(_)
            | Shown::Brief(_)
            | Shown::Proposal(_) => DEED,
        },
        hiding::Fact::Contested { .. } | hiding::Fact::Upheld { .. } => DEED,
    }
}

fn of_rest(fact: &standstill::Fact) -> Effects<'_> {
    match fact {
        standstill::Fact::Notice { .. } | standstill::Fact::Task { .. } => DEED,
    }
}

fn of_handover(fact: &handover::Fact) -> Effects<'_> {
    match fact {
        handover::Fact::Returned { .. }
        | handover::Fact::Reassigned { .. }
        | handover::Fact::Vacated { .. }
        | handover::Fact::Forced { .. } => DEED,
    }
}

fn of_duty(fact: &duty::Fact) -> Effects<'_> {
    match fact {
        duty::Fact::Served { .. } | duty::Fact::Struck { .. } | duty::Fact::Tagged { .. } => DEED,
    }
}

fn of_brief(fact: &brief::Fact) -> Effects<'_> {
    match fact {
        brief::Fact::Sourced { .. }
        | brief::Fact::Reviewed { .. }
        | brief::Fact::Returned { .. }
        | brief::Fact::Resent { .. }
        | brief::Fact::Reported { .. }
        | brief::Fact::Kept { .. }
        | brief::Fact::Referred { .. }
        | brief::Fact::Instructed { .. }
        | brief::Fact::Absorbed { .. }
        | brief::Fact::Covered { .. }
        | brief::Fact::Proposed { .. }
        | brief::Fact::Filed { .. }
        | brief::Fact::Declined { .. }
        | brief::Fact::Recast { .. }
        | brief::Fact::Assigned { .. }
        | brief::Fact::Vacated { .. }
        | brief::Fact::Acked { .. }
        | brief::Fact::Noted { .. }
        | brief::Fact::Answered { .. }
        | brief::Fact::Delayed { .. }
        | brief::Fact::Urged { .. }
        | brief::Fact::Rated { .. }
        | brief::Fact::Closed { .. } => DEED,
        brief::Fact::Lit { .. } => OF_A_DAY,
    }
}

fn of_poll(fact: &fact::Fact) -> Effects<'_> {
    match fact {
        fact::Fact::Framed { .. }
        | fact::Fact::Planned { .. }
        | fact::Fact::Missed { .. }
        | fact::Fact::Withdrawn { .. }
        | fact::Fact::Corrected { .. }
        | fact::Fact::Reasoned { .. } => DEED,
        // It comes with what changed it.
        fact::Fact::Altered { .. } => NOTHING,
        fact::Fact::Extended { poll, .. } => DEED.cards(Cards::Changed(Subject::Poll(*poll))),
        // The clock brings them about.
        fact::Fact::AllIn { poll, .. } | fact::Fact::Awaited { poll } => {
            NOTHING.cards(Cards::Changed(Subject::Poll(*poll)))
        }
        // It comes with the count.
        fact::Fact::ClosedEarly { .. } => NOTHING,
        fact::Fact::Ranked { .. } => DEED.led_to(LedTo::Ballot),
    }
}

fn of_absence(fact: &absence::Fact) -> Effects<'_> {
    match fact {
        absence::Fact::OnLeave { topic, seat, own } | absence::Fact::Recused { topic, seat, own, .. } => {
            DEED.cards(Cards::OpenOn(*topic)).reaches(Reaches::Bars(*topic, *seat, *own))
        }
        absence::Fact::Settled { topic, seat, upheld: true, .. } => {
            DEED.cards(Cards::OpenOn(*topic)).reaches(Reaches::Bars(*topic, *seat, false))
        }
        absence::Fact::Settled { topic, upheld: false, .. }
        | absence::Fact::Contested { topic, .. }
        | absence::Fact::Withdrawn { topic, .. }
        | absence::Fact::Lapsed { topic, .. }
        | absence::Fact::Present { topic, .. } => DEED.cards(Cards::OpenOn(*topic)),
        absence::Fact::Counted { .. } => DEED,
        absence::Fact::Struck { poll, voter } => {
            DEED.cards(Cards::Changed(Subject::Poll(*poll))).reaches(Reaches::Strikes(*poll, *voter))
        }
    }
}

fn of_mandate(fact: &mandate::Fact) -> Effects<'_> {
    match fact {
        mandate::Fact::Given { topic, voter, .. } | mandate::Fact::Withdrawn { topic, voter, .. } => {
            DEED.reaches(Reaches::Entrusts(*topic, *voter))
        }
        mandate::Fact::Ended { .. } => DEED,
        // It comes with something else.
        mandate::Fact::Lapsed { .. } => NOTHING,
        mandate::Fact::Used { .. } => DEED.led_to(LedTo::Ballot),
    }
}

fn of_erasure(fact: &erasure::Fact) -> Effects<'_> {
    match fact {
        erasure::Fact::Asked { .. } | erasure::Fact::TakenBack { .. } | erasure::Fact::Ordered { .. } => DEED,
        erasure::Fact::Done { .. } => NOTHING,
    }
}

fn of_nudge(fact: &nudge::Fact) -> Effects<'_> {
    match fact {
        nudge::Fact::Planned { .. } => DEED,
        nudge::Fact::Reminded { poll, .. } => Effects { holds: Holds::UntilEnd(*poll), ..DEED },
    }
}
