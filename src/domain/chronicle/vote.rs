//! 表决的行 — that a vote was called, opened, voided and counted, and who was away from it and why. Nobody's ballot, in any vote: not
//! that it was cast, not for whom, not by whom.

use super::{Entry, Of, Row, Text, Why, maybe, term, value};
use crate::domain::kernel::ids::{PollNo, TopicNo};
use crate::domain::kernel::say::Value;
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::words::Words;
use crate::domain::process::hiding::Shown;
use crate::domain::vote::poll::{self, Rule};
use crate::domain::vote::{absence, nudge};
use chrono::{DateTime, Utc};

pub(super) fn opened(no: PollNo, topic: TopicNo, rule: Rule, (title, ends): (&Words, DateTime<Utc>)) -> Entry<'_> {
    Row::new("deed.poll_opened", Of::Topic(topic))
        .text(Text::All(vec![Text::Words(title), term(rule.term()), Text::Value(Value::Moment(ends))]))
        .words(Shown::Poll(no))
        .row()
}

pub(super) fn closed<'f>(no: PollNo, passed: Option<bool>) -> Entry<'f> {
    let verdict = passed.map(|is_passed| term(if is_passed { "deed.passed" } else { "deed.not_passed" }));
    Row::new("deed.poll_closed", Of::Poll(no)).text(Text::All(vec![maybe(verdict), Text::Count(no)])).row()
}

pub(super) fn of_poll(fact: &poll::Fact) -> Entry<'_> {
    use poll::Fact;
    match fact {
        Fact::Framed { .. } | Fact::Ranked { .. } => Entry::Silent(Why::Beside),
        // The reason of a ballot, and of its correction, is as good as the ballot.
        Fact::Reasoned { .. } | Fact::Corrected { .. } => Entry::Silent(Why::Ballot),
        Fact::Planned { topic, rule, title, opens, ends, .. } => {
            let when = [Value::Moment(*opens), Value::Moment(*ends)].map(Text::Value);
            let text = [Text::Words(title), term(rule.term())].into_iter().chain(when).collect();
            // It has no number yet: whichever of the topic is hidden, this is too.
            Row::new("deed.poll_planned", Of::Topic(*topic)).text(Text::All(text)).words(Shown::Poll(PollNo(0))).row()
        }
        Fact::Missed { topic, why, .. } => Row::new("deed.poll_missed", Of::Topic(*topic)).text(term(why.term())).row(),
        // The vote itself is voided beside; a planned one has no other line.
        Fact::Withdrawn { topic, reason, .. } => {
            Row::new("deed.poll_voided", Of::Topic(*topic)).text(Text::Words(reason)).row()
        }
        Fact::Extended { poll, from, to, reason } => {
            let when = [Value::Moment(*from), Value::Moment(*to)].map(Text::Value);
            let text = when.into_iter().chain([Text::Words(reason)]).collect();
            Row::new("deed.poll_extended", Of::Poll(*poll)).text(Text::All(text)).row()
        }
        Fact::AllIn { poll, at } => {
            Row::new("deed.poll_all_in", Of::Poll(*poll)).text(Text::Value(Value::Moment(*at))).row()
        }
        Fact::Awaited { poll } => Row::new("deed.poll_awaited", Of::Poll(*poll)).row(),
        Fact::ClosedEarly { poll, announced } => {
            Row::new("deed.poll_closed_early", Of::Poll(*poll)).text(Text::Value(Value::Moment(*announced))).row()
        }
        Fact::Altered { poll, from, to, .. } => {
            let people = [from, to].into_iter().flatten().map(|person| Text::Who(*person)).collect();
            Row::new("deed.poll_altered", Of::Poll(*poll)).text(Text::All(people)).inside().row()
        }
    }
}

/// 请假, 回避 — whose seat it is and why is read by the office; the group reads it when the vote is counted.
pub(super) fn of_absence(fact: &absence::Fact) -> Entry<'_> {
    use absence::Fact;
    match fact {
        Fact::OnLeave { topic, seat, .. } => seat_alone("deed.on_leave", *topic, *seat),
        Fact::Recused { topic, seat, own, reason } => {
            let what = if *own { "deed.recused_own" } else { "deed.recused" };
            let row = Row::new(what, Of::Topic(*topic));
            row.text(Text::All(vec![Text::Seat(*topic, *seat), Text::Words(reason)])).inside().row()
        }
        Fact::Withdrawn { topic, seat, .. } => seat_alone("deed.absence_withdrawn", *topic, *seat),
        Fact::Present { topic, seat } => seat_alone("deed.present", *topic, *seat),
        Fact::Contested { topic, seat, reason } => Row::new("deed.recusal_contested", Of::Topic(*topic))
            .text(Text::All(vec![Text::Seat(*topic, *seat), Text::Words(reason)]))
            .inside()
            .row(),
        Fact::Settled { topic, seat, upheld, reason } => {
            let what = if *upheld { "deed.recusal_upheld" } else { "deed.recusal_lifted" };
            let row = Row::new(what, Of::Topic(*topic));
            row.text(Text::All(vec![Text::Seat(*topic, *seat), Text::Words(reason)])).inside().row()
        }
        Fact::Lapsed { topic, seat } => seat_alone("deed.recusal_lapsed", *topic, *seat),
        // Whose ballot was struck had cast one.
        Fact::Struck { .. } => Entry::Silent(Why::Ballot),
        Fact::Counted { .. } => Entry::Silent(Why::Beside),
    }
}

fn seat_alone<'f>(what: &'static str, topic: TopicNo, seat: Seat) -> Entry<'f> {
    Row::new(what, Of::Topic(topic)).text(Text::Seat(topic, seat)).inside().row()
}

pub(super) fn of_nudge(fact: &nudge::Fact) -> Entry<'_> {
    match fact {
        nudge::Fact::Planned { .. } => Entry::Silent(Why::Delivery),
        nudge::Fact::Reminded { poll, missing, .. } => {
            Row::new("deed.nudged", Of::Poll(*poll)).text(value(*missing)).row()
        }
    }
}
