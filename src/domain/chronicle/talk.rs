//! 解单的行 — what is said, drafted, objected to and answered; gatherings, their lists and minutes.

use super::{Entry, Of, Row, Text, Why, gathering, suggestion_of, value};
use crate::domain::kernel::ids::{GatheringNo, ObjectionRef, PersonId, SuggestionRef};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::words::Words;
use crate::domain::people::undoable::{Undoable, name_of};
use crate::domain::process::hiding::Shown;
use crate::domain::talk::gathering::{self as of_gathering, SignUpLine};
use crate::domain::talk::series;
use crate::domain::talk::suggestion::Verdict;
use crate::say;
use chrono::{DateTime, Utc};

/// 代录 — who wrote it down stands beside whose it is, wherever it is told.
pub(super) fn suggested(
    at: SuggestionRef,
    (author, recorder): (PersonId, Option<PersonId>),
    text: &Words,
) -> Entry<'_> {
    let row = match recorder.filter(|recorder| *recorder != author) {
        Some(recorder) => Row::new("deed.suggested", Of::Topic(at.topic)).recorder(recorder),
        None => Row::new("deed.suggested", Of::Topic(at.topic)),
    };
    row.about(suggestion_of(at)).text(Text::Words(text)).words(Shown::Suggestion(at)).by(author).row()
}

pub(super) fn replied(to: SuggestionRef, n: u32, text: &Words) -> Entry<'_> {
    Row::new("deed.replied", Of::Topic(to.topic))
        .about(say!("export.reply", r#ref = to, n = n))
        .text(Text::Words(text))
        .words(Shown::Reply(to, n))
        .row()
}

pub(super) fn judged(at: SuggestionRef, verdict: Verdict, reason: &Words) -> Entry<'_> {
    let what = match verdict {
        Verdict::Adopted => "deed.adopted_sug",
        Verdict::Partly => "deed.partly_sug",
        Verdict::Declined => "deed.declined_sug",
    };
    Row::new(what, Of::Topic(at.topic)).about(suggestion_of(at)).text(Text::Words(reason)).row()
}

fn objection(at: ObjectionRef) -> Say {
    say!("export.objection", no = at.topic, n = at.n)
}

pub(super) fn objected(at: ObjectionRef, text: &Words) -> Entry<'_> {
    Row::new("deed.objected", Of::Topic(at.topic))
        .about(objection(at))
        .text(Text::Words(text))
        .words(Shown::Objection(at))
        .row()
}

pub(super) fn answered(at: ObjectionRef, text: &Words) -> Entry<'_> {
    Row::new("deed.answered", Of::Topic(at.topic))
        .about(objection(at))
        .text(Text::Words(text))
        .words(Shown::Answer(at))
        .row()
}

/// 撤回 — that it was done, and of what; the words went with it.
pub(super) fn undone<'f>(what: Undoable) -> Entry<'f> {
    let row = Row::new("deed.undone", Of::Undone(what)).about(name_of(what));
    match what {
        Undoable::Topic(_)
        | Undoable::Second(_)
        | Undoable::Suggestion(_)
        | Undoable::Reply(..)
        | Undoable::Like(_)
        | Undoable::SignUp(..)
        | Undoable::Objection(_) => row.row(),
        Undoable::Brief(_) | Undoable::Proposal(_) | Undoable::Absence(..) | Undoable::Duty(..) => row.inside().row(),
        Undoable::Mandate(..) => Entry::Silent(Why::Ballot),
    }
}

/// 更正 — the same thing in other words.
pub(super) fn reworded<'f>(what: Undoable, title: &'f Words, text: &'f Words) -> Entry<'f> {
    let row = Row::new("deed.reworded", Of::Undone(what)).about(name_of(what));
    match what {
        // What came in private is nobody's to read in other words either.
        Undoable::Topic(no) => row.text(Text::Words(title)).inner(Text::Words(text)).words(Shown::Topic(no)).row(),
        Undoable::Suggestion(at) => row.text(Text::Words(text)).words(Shown::Suggestion(at)).row(),
        Undoable::Reply(to, n) => row.text(Text::Words(text)).words(Shown::Reply(to, n)).row(),
        Undoable::Second(_)
        | Undoable::Like(_)
        | Undoable::SignUp(..)
        | Undoable::Brief(_)
        | Undoable::Proposal(_)
        | Undoable::Objection(_)
        | Undoable::Absence(..)
        | Undoable::Duty(..)
        | Undoable::Mandate(..) => row.text(Text::Words(text)).inside().row(),
    }
}

pub(super) fn called<'f>(no: GatheringNo, name: &'f Words, at: DateTime<Utc>, place: &'f Words) -> Entry<'f> {
    Row::new("deed.called", Of::Gathering(no))
        .about(gathering(no))
        .text(Text::All(vec![Text::Words(name), Text::Value(Value::Meeting(at)), Text::Words(place)]))
        .words(Shown::Gathering(no))
        .row()
}

/// 报名 — everybody reads how many; who, the office.
pub(super) fn signed_up(no: GatheringNo, first: u32, lines: &[SignUpLine]) -> Entry<'_> {
    Row::new("deed.signed_up", Of::Gathering(no))
        .about(gathering(no))
        .text(value(lines.len()))
        .inner(Text::SignUps(no, first, lines))
        .row()
}

pub(super) fn of_gathering(fact: &of_gathering::Fact) -> Entry<'_> {
    use of_gathering::Fact;
    match fact {
        Fact::Noted { gathering: no, n, note } => Row::new("deed.sign_up_noted", Of::Gathering(*no))
            .about(gathering(*no))
            .text(Text::Words(note))
            .words(Shown::SignUp(*no, *n))
            .inside()
            .row(),
        Fact::Left { gathering: no, why, .. } => {
            Row::new("deed.sign_up_left", Of::Gathering(*no)).about(gathering(*no)).inner(Text::Words(why)).row()
        }
        Fact::NotThere { gathering: no, person, .. } => {
            Row::new("deed.not_there", Of::Gathering(*no)).about(gathering(*no)).inner(Text::Who(*person)).row()
        }
        Fact::Moved { gathering: no, at, place, .. } => Row::new("deed.rearranged", Of::Gathering(*no))
            .about(gathering(*no))
            .text(Text::All(vec![Text::Value(Value::Meeting(*at)), Text::Words(place)]))
            .words(Shown::Gathering(*no))
            .row(),
        Fact::CalledOff { gathering: no, why } => Row::new("deed.called_off", Of::Gathering(*no))
            .about(gathering(*no))
            .text(Text::Words(why))
            .words(Shown::Gathering(*no))
            .row(),
    }
}

pub(super) fn of_series(fact: &series::Fact) -> Entry<'_> {
    use series::Fact;
    match fact {
        Fact::Begun { series, name, place, next, .. } => Row::new("deed.series", Of::Series(*series))
            .text(Text::All(vec![Text::Words(name), Text::Value(Value::Meeting(next.at)), Text::Words(place)]))
            .row(),
        Fact::Called { series, gathering: no, at, .. } => Row::new("deed.called", Of::Gathering(*no))
            .about(gathering(*no))
            .text(Text::All(vec![Text::Series(*series), Text::Value(Value::Meeting(*at))]))
            .words(Shown::Gathering(*no))
            .row(),
        Fact::Skipped { series, at, .. } => Row::new("deed.skipped", Of::Series(*series))
            .text(Text::All(vec![Text::Series(*series), Text::Value(Value::Meeting(*at))]))
            .row(),
        Fact::Ended { series } => Row::new("deed.series_ended", Of::Series(*series)).text(Text::Series(*series)).row(),
        Fact::Reminded { .. } => Entry::Silent(Why::Delivery),
    }
}
