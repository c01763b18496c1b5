//! The table: every fact, and what becomes of it in the history.

use super::{Entry, Of, Row, Text, Why, draft, gathering, maybe, slip, suggestion_of, task, term, value};
use super::{brief, process, talk, vote};
use crate::domain::about::{campaign, category, charity, tier};
use crate::domain::event::Event;
use crate::domain::history::duty;
use crate::domain::kernel::ids::{PersonId, TaskNo};
use crate::domain::kernel::say::Value;
use crate::domain::kernel::words::Words;
use crate::domain::people::account::{self, Change};
use crate::domain::process::form::Step;
use crate::domain::process::hiding::Shown;
use crate::domain::process::topic::Halt;
use crate::domain::work::handover;
use crate::say;
use chrono::NaiveDate;

/// How a fact stands in the history.
#[must_use]
#[allow(clippy::too_many_lines, reason = "a closed table; the compiler points here when a fact has no answer")]
pub fn entry(fact: &Event) -> Entry<'_> {
    match fact {
        Event::PersonEnrolled { .. }
        | Event::AccountLinked { .. }
        | Event::ClaimMade { .. }
        | Event::ClaimSettled { .. }
        | Event::PassMade { .. }
        | Event::PassUsed { .. }
        | Event::InvitationSheet(_) => Entry::Silent(Why::Account),
        Event::PersonJoined { into, .. } => {
            Row::new(Change::Joined.term(), Of::Person(*into)).text(Text::Who(*into)).inside().row()
        }
        Event::Account(fact) => of_account(fact),
        Event::RoleGranted { person, role, .. } => Row::new("deed.granted", Of::Person(*person))
            .text(Text::All(vec![Text::Who(*person), term(role.term())]))
            .inside()
            .row(),
        Event::RoleWithdrawn { person, role, .. } => Row::new("deed.withdrawn", Of::Person(*person))
            .text(Text::All(vec![Text::Who(*person), term(role.term())]))
            .inside()
            .row(),
        Event::GroupSeen { .. }
        | Event::GroupSet { .. }
        | Event::GroupMoved { .. }
        | Event::GroupGone { .. }
        | Event::GroupBack { .. }
        | Event::StationSet { .. }
        | Event::Town(_) => Entry::Silent(Why::Setting),
        Event::Campaign(fact) => match fact {
            campaign::Fact::Set { .. } => Entry::Silent(Why::Setting),
            campaign::Fact::Filled { campaign, items } => process::of_campaign("deed.campaign_in", *campaign, items),
            campaign::Fact::Emptied { campaign, items } => process::of_campaign("deed.campaign_out", *campaign, items),
        },
        Event::GroupBound { topic, .. } => Row::new("deed.bound", Of::Topic(*topic)).row(),
        Event::Outage { .. } | Event::Clock(_) => Entry::Silent(Why::Machine),
        Event::Export(_) | Event::Sending { .. } | Event::Sent { .. } => Entry::Silent(Why::Delivery),
        Event::Intercepted => Entry::Silent(Why::Unheard),
        Event::Erasure(_) => Entry::Silent(Why::Erasure),
        Event::Tier(fact) => match fact {
            tier::Fact::Set { topic, tier } => Row::new("deed.tiered", Of::Topic(*topic)).text(term(tier.term())).row(),
            tier::Fact::Planned { .. } => Entry::Silent(Why::Setting),
        },
        Event::Charity(fact) => of_charity(fact),
        Event::Series(fact) => talk::of_series(fact),
        Event::SlipReceived { slip: no, title, body, .. } => Row::new("deed.handed_in", Of::Slip(*no))
            .about(slip(*no))
            .text(Text::All(vec![Text::Words(title), Text::Words(body)]))
            .words(Shown::Slip(*no))
            .inside()
            .row(),
        Event::SlipAccepted { slip: no, topic } => Row::new("deed.accepted", Of::Topic(*topic)).about(slip(*no)).row(),
        Event::SlipRejected { slip: no, reason, ground } => Row::new("deed.refused", Of::Slip(*no))
            .about(slip(*no))
            .text(Text::All(vec![maybe(ground.map(|ground| term(ground.term()))), Text::Words(reason)]))
            .inside()
            .row(),
        Event::SlipReferred { slip: no, unit, reason } => Row::new("deed.referred", Of::Slip(*no))
            .about(slip(*no))
            .text(Text::All(vec![Text::Words(unit), Text::Words(reason)]))
            .inside()
            .row(),
        Event::TopicOrdered { topic, title, body, proposer, channel, .. } => {
            process::ordered(*topic, (title, body), *proposer, *channel)
        }
        Event::TopicSeconded { topic } => Row::new("deed.seconded", Of::Topic(*topic)).row(),
        Event::TopicTaken { topic, lead, before: Some(_), reason } => Row::new("deed.led", Of::Topic(*topic))
            .text(Text::All(vec![Text::Who(*lead), maybe(reason.as_ref().map(Text::Words))]))
            .row(),
        Event::TopicTaken { topic, lead, before: None, .. } => {
            Row::new(Step::Taken.term(), Of::Topic(*topic)).text(Text::Who(*lead)).row()
        }
        // 办结 is told with what came of it.
        Event::TopicAdvanced { to: Step::Closed, .. } => Entry::Silent(Why::Beside),
        Event::TopicAdvanced { topic, to, reason } => {
            Row::new(to.term(), Of::Topic(*topic)).text(maybe(reason.as_ref().map(Text::Words))).row()
        }
        Event::TopicReturned { topic, to, reason } => Row::new("deed.sent_back", Of::Topic(*topic))
            .text(Text::All(vec![term(to.term()), Text::Words(reason)]))
            .row(),
        Event::TopicPaused { topic, reason } => process::halted("deed.paused", *topic, reason).row(),
        Event::TopicResumed { topic, was } => Row::new(
            match was {
                None | Some(Halt::Paused) => "deed.resumed",
                Some(Halt::Ended) => "deed.reopened",
                Some(Halt::Merged(_)) => "deed.parted",
            },
            Of::Topic(*topic),
        )
        .row(),
        Event::TopicEnded { topic, reason } => process::halted("deed.ended", *topic, reason).row(),
        Event::TopicMerged { topic, into, reason } => {
            let about = say!("export.merged", no = *topic, to = *into);
            process::halted("deed.merged", *topic, reason).about(about).also(*into).row()
        }
        Event::TopicClosed { topic, outcomes, note, .. } => process::closed(*topic, outcomes, note),
        Event::Invited { topic, person, .. } => {
            Row::new("deed.invited", Of::Topic(*topic)).text(Text::Who(*person)).by_its_record().row()
        }
        Event::TopicSorted { topic, category, .. } => {
            Row::new("deed.sorted", Of::Topic(*topic)).text(Text::Value(category::name_of(category))).row()
        }
        Event::Course(fact) => process::of_course(fact),
        Event::Conflict(fact) => process::of_conflict(fact),
        Event::Hiding(fact) => process::of_hiding(fact),
        Event::Rested(fact) => process::of_rest(fact),
        Event::SuggestionMade { suggestion, author, recorder, text, .. } => {
            talk::suggested(*suggestion, (*author, *recorder), text)
        }
        Event::ReplyMade { to, n, text } => talk::replied(*to, *n, text),
        Event::SuggestionLiked { suggestion } => {
            Row::new("deed.liked", Of::Topic(suggestion.topic)).about(suggestion_of(*suggestion)).row()
        }
        Event::SuggestionJudged { suggestion, verdict, reason } => talk::judged(*suggestion, *verdict, reason),
        Event::PlanDrafted { topic, draft: n, text } => Row::new("deed.planned", Of::Topic(*topic))
            .about(draft(*n))
            .text(Text::Words(text))
            .words(Shown::Plan(*topic, *n))
            .row(),
        Event::NoticePosted { topic, draft: n, from, last, .. } => Row::new("deed.noticed", Of::Topic(*topic))
            .about(draft(*n))
            .text(Text::Value(say!("export.days", from = *from, last = *last).into()))
            .row(),
        Event::ObjectionRaised { objection, text } => talk::objected(*objection, text),
        Event::ObjectionAnswered { objection, text } => talk::answered(*objection, text),
        Event::ReviewGiven { topic, opinion, text } => Row::new("deed.reviewed", Of::Topic(*topic))
            .text(Text::All(vec![term(opinion.term()), Text::Words(text)]))
            // Whose and of which round is put in when it is read.
            .words(Shown::Review(*topic, 0, PersonId(0)))
            .row(),
        Event::PactDrafted { topic, draft: n, text, .. } => Row::new("deed.pacted", Of::Topic(*topic))
            .about(draft(*n))
            .text(Text::Words(text))
            .words(Shown::Pact(*topic, *n))
            .row(),
        Event::Undone { what } => talk::undone(*what),
        Event::Reworded { what, title, text } => talk::reworded(*what, title, text),
        Event::GatheringCalled { gathering: no, name, at, place, .. } => talk::called(*no, name, *at, place),
        Event::SignedUp { gathering: no, first, lines } => talk::signed_up(*no, *first, lines),
        Event::Attended { gathering: no, people } => Row::new("deed.attended", Of::Gathering(*no))
            .about(gathering(*no))
            .text(value(people.len()))
            .inner(Text::People(people))
            .row(),
        Event::MinutesFiled { gathering: no, text, .. } => Row::new("deed.minuted", Of::Gathering(*no))
            .about(gathering(*no))
            .text(Text::Words(text))
            .words(Shown::Minutes(*no))
            .row(),
        Event::Gathering(fact) => talk::of_gathering(fact),
        Event::TaskAssigned { task: no, topic, unit, handler, what, due, .. } => {
            assigned("deed.assigned", Of::Topic(*topic), *no, (unit, *handler, what, *due))
        }
        Event::TaskAcked { task: no } => of_task("deed.acked", *no).row(),
        Event::TaskReported { task: no, text } => {
            of_task("deed.worked", *no).text(Text::Words(text)).words(Shown::Task(*no)).row()
        }
        Event::TaskAnswered { task: no, class, text } => of_task("deed.done", *no)
            .text(Text::All(vec![term(class.term()), Text::Words(text)]))
            .words(Shown::Task(*no))
            .row(),
        Event::TaskDelayed { task: no, due, reason, .. } => {
            of_task("deed.delayed", *no).text(Text::All(vec![value(*due), Text::Words(reason)])).row()
        }
        Event::TaskUrged { task: no } => of_task("deed.urged", *no).row(),
        Event::TaskRated { task: no, grade, reason, again } => {
            let due = again.map(|(due, _)| Text::Value(say!("export.again", due = due).into()));
            of_task("deed.rated", *no)
                .text(Text::All(vec![term(grade.term()), Text::Words(reason), maybe(due)]))
                .words(Shown::Task(*no))
                .row()
        }
        Event::TaskLit { task: no, date, .. } => of_task("deed.lit", *no).text(value(*date)).row(),
        Event::Handover(fact) => of_handover(fact),
        Event::Duty(fact) => of_duty(fact),
        Event::BriefReceived { brief: no, title, body } => brief::received(*no, title, body),
        Event::BriefIssued { brief: no } => brief::info("deed.brief_issued", *no).row(),
        Event::BriefAdopted { brief: no, level, .. } => brief::info("deed.adopted", *no).text(Text::Words(level)).row(),
        Event::Brief(fact) => brief::of_brief(fact),
        Event::RollLoaded { topic, rows, .. } => Row::new("deed.roll", Of::Topic(*topic))
            .text(Text::Value(say!("export.voters", n = rows.len()).into()))
            .row(),
        Event::PollOpened { poll, topic, rule, title, ends, .. } => vote::opened(*poll, *topic, *rule, (title, *ends)),
        Event::PollClosed { poll, passed, .. } => vote::closed(*poll, *passed),
        Event::PollVoided { poll } => Row::new("deed.poll_voided", Of::Poll(*poll)).row(),
        Event::BallotCast { .. } | Event::BallotLate { .. } => Entry::Silent(Why::Ballot),
        Event::Poll(fact) => vote::of_poll(fact),
        Event::Absence(fact) => vote::of_absence(fact),
        Event::Mandate(_) => Entry::Silent(Why::Ballot),
        Event::Nudge(fact) => vote::of_nudge(fact),
        Event::DigestClosed { number: None, .. } => Entry::Silent(Why::Unheard),
        Event::DigestClosed { date, number: Some(number), .. } => Row::new("deed.digest", Of::District)
            .about(say!("export.issue", n = *number))
            .text(value(*date))
            .inside()
            .row(),
        Event::IssueClosed { first, number, .. } => Row::new("deed.issue", Of::District)
            .about(say!("export.issue", n = *number))
            .text(value(*first))
            .inside()
            .row(),
    }
}

fn of_account(fact: &account::Fact) -> Entry<'_> {
    use account::Fact;
    let because = |change: Change, person, reason| {
        Row::new(change.term(), Of::Person(person)).text(Text::All(vec![Text::Who(person), reason])).inside().row()
    };
    match fact {
        Fact::Unlinked { person, reason, .. } => because(Change::Unlinked, *person, Text::Words(reason)),
        Fact::Parted { person, reason, .. } => because(Change::Parted, *person, Text::Words(reason)),
        Fact::Left { person, reason } => because(Change::Left, *person, Text::Words(reason)),
        Fact::Backed { person, .. } => because(Change::Backed, *person, Text::Nothing),
        Fact::Listed { person, role } => because(Change::Listed(*role), *person, term(role.term())),
        Fact::Delisted { person, role } => because(Change::Delisted(*role), *person, term(role.term())),
        Fact::Asked { .. }
        | Fact::Vouched { .. }
        | Fact::Denied { .. }
        | Fact::Unvouched { .. }
        | Fact::Lapsed { .. }
        | Fact::Language { .. } => Entry::Silent(Why::Account),
    }
}

fn of_charity(fact: &charity::Fact) -> Entry<'_> {
    match fact {
        charity::Fact::Registered { charity, name, giver, said, progress, .. } => {
            let text = vec![Text::Words(name), Text::Words(giver), Text::Words(said), term(progress.term())];
            Row::new("deed.charity", Of::Charity(*charity)).text(Text::All(text)).row()
        }
        charity::Fact::Moved { charity, progress } => {
            Row::new("deed.charity", Of::Charity(*charity)).text(term(progress.term())).row()
        }
    }
}

fn of_duty(fact: &duty::Fact) -> Entry<'_> {
    match fact {
        duty::Fact::Served { person, kind, text, heads, topic, .. } => {
            let of = topic.map_or(Of::Person(*person), Of::Topic);
            let heads = (*heads > 0).then(|| value(*heads));
            let text = Text::All(vec![maybe(heads), Text::Words(text)]);
            Row::new(kind.term(), of).text(text).by(*person).inside().row()
        }
        duty::Fact::Struck { person, kind, reason, .. } => {
            let about = say!("export.duty", kind = Value::Term(kind.term().to_owned()));
            Row::new("deed.undone", Of::Person(*person)).about(about).text(Text::Words(reason)).inside().row()
        }
        duty::Fact::Tagged { .. } => Entry::Silent(Why::Setting),
    }
}

fn of_task<'f>(what: &'static str, no: TaskNo) -> Row<'f> {
    Row::new(what, Of::Task(no)).about(task(no))
}

fn assigned<'f>(
    what: &'static str,
    of: Of,
    no: TaskNo,
    (unit, handler, matter, due): (&'f Words, PersonId, &'f Words, NaiveDate),
) -> Entry<'f> {
    let text = vec![Text::Words(unit), Text::Who(handler), Text::Words(matter), value(due)];
    Row::new(what, of).about(task(no)).text(Text::All(text)).words(Shown::Task(no)).row()
}

fn of_handover(fact: &handover::Fact) -> Entry<'_> {
    match fact {
        handover::Fact::Returned { task: no, reason } => of_task("deed.returned", *no).text(Text::Words(reason)).row(),
        handover::Fact::Reassigned { task: no, unit, handler, what, due, .. } => {
            assigned("deed.reassigned", Of::Task(*no), *no, (unit, *handler, what, *due))
        }
        handover::Fact::Vacated { task: no } => of_task("deed.vacated", *no).row(),
        handover::Fact::Forced { task: no, reason } => {
            of_task("deed.forced", *no).text(Text::Words(reason)).words(Shown::Task(*no)).row()
        }
    }
}
