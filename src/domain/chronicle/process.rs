//! 议题的行 — what becomes of a topic, what form it takes, and what of it is put out of sight.

use super::{Entry, Of, Row, Text, Why, slip, task, term, value};
use crate::domain::about::campaign::Item;
use crate::domain::kernel::ids::{CampaignNo, PersonId, TopicNo};
use crate::domain::kernel::say::Value;
use crate::domain::kernel::words::Words;
use crate::domain::process::channel::Channel;
use crate::domain::process::form::Step;
use crate::domain::process::hiding::{self, Shown};
use crate::domain::process::{conflict, course, standstill};
use crate::domain::work::outcome::Outcome;
use crate::say;

/// What was said with a request in a group was said to everybody; what came with a slip or in private was not.
pub(super) fn ordered<'f>(
    topic: TopicNo,
    (title, body): (&'f Words, &'f Words),
    proposer: PersonId,
    channel: Channel,
) -> Entry<'f> {
    let row = Row::new(Step::Ordered.term(), Of::Topic(topic)).words(Shown::Topic(topic)).by(proposer);
    let (title, body) = (Text::Words(title), Text::Words(body));
    match channel {
        Channel::Group(_) => row.text(Text::All(vec![title, body])).row(),
        Channel::Scan(_) | Channel::Private | Channel::Told(_) => row.text(title).inner(body).row(),
    }
}

/// 专题 — what is put into it or taken out: a line of every topic that is; briefs are the office's.
pub(super) fn of_campaign<'f>(what: &'static str, no: CampaignNo, items: &[Item]) -> Entry<'f> {
    let mut topics = items.iter().filter_map(|item| match item {
        Item::Topic(no) => Some(*no),
        Item::Brief(_) => None,
    });
    match topics.next() {
        Some(first) => Row::new(what, Of::Topic(first)).also_of(topics.collect()).text(Text::Campaign(no)).row(),
        None => Entry::Silent(Why::Setting),
    }
}

/// 暂缓, 终止, 并案.
pub(super) fn halted<'f>(what: &'static str, topic: TopicNo, reason: &'f Words) -> Row<'f> {
    Row::new(what, Of::Topic(topic)).text(Text::Words(reason)).words(Shown::Halt(topic))
}

pub(super) fn closed<'f>(topic: TopicNo, outcomes: &[Outcome], note: &'f Words) -> Entry<'f> {
    let found = outcomes.iter().map(|one| {
        let kind = Value::Term(one.kind.term().to_owned());
        Text::Value(say!("export.outcome", kind = kind, n = one.n).into())
    });
    let text = found.chain([Text::Words(note)]).collect();
    Row::new("deed.closed", Of::Topic(topic)).text(Text::All(text)).words(Shown::Closure(topic)).row()
}

pub(super) fn of_course(fact: &course::Fact) -> Entry<'_> {
    match fact {
        course::Fact::Set { topic, kind, template } => Row::new("deed.formed", Of::Topic(*topic))
            .text(Text::All(vec![term(kind.term()), term(template.term())]))
            .row(),
        course::Fact::Addressed { topic, units } => {
            Row::new("deed.addressed", Of::Topic(*topic)).text(Text::Words(units)).row()
        }
        course::Fact::Timed { topic, until } => {
            Row::new("deed.timed", Of::Topic(*topic)).text(Text::Value(Value::Moment(*until))).row()
        }
        course::Fact::Split { topic, into, suggestions } => Row::new("deed.split", Of::Topic(*topic))
            .about(say!("ref.topic", no = *into))
            .also(*into)
            .text(Text::Value(Value::List(suggestions.iter().map(|&n| Value::from(n)).collect())))
            .row(),
        course::Fact::TimeUp { topic, n } => Row::new("deed.time_up", Of::Topic(*topic)).text(value(*n)).row(),
    }
}

pub(super) fn of_conflict(fact: &conflict::Fact) -> Entry<'_> {
    match fact {
        conflict::Fact::Excepted { topic, person, part, reason } => Row::new("deed.excepted", Of::Topic(*topic))
            .text(Text::All(vec![term(part.term()), Text::Who(*person), Text::Words(reason)]))
            .row(),
    }
}

pub(super) fn of_rest(fact: &standstill::Fact) -> Entry<'_> {
    match fact {
        standstill::Fact::Notice { topic, last, .. } => {
            Row::new("deed.rested_notice", Of::Topic(*topic)).text(value(*last)).row()
        }
        standstill::Fact::Task { task: no, due, .. } => {
            Row::new("deed.rested_task", Of::Task(*no)).about(task(*no)).text(value(*due)).row()
        }
    }
}

/// What is about a topic everybody reads is read by everybody; what is about a slip or a brief is not.
fn is_open(what: Shown) -> bool {
    match what {
        Shown::Topic(_)
        | Shown::Suggestion(_)
        | Shown::Reply(..)
        | Shown::Objection(_)
        | Shown::Answer(_)
        | Shown::Plan(..)
        | Shown::Pact(..)
        | Shown::Review(..)
        | Shown::Poll(_)
        | Shown::Reasons(_)
        | Shown::Closure(_)
        | Shown::Halt(_)
        | Shown::Task(_)
        | Shown::Gathering(_)
        | Shown::Minutes(_)
        | Shown::SignUp(..) => true,
        Shown::Person(_) | Shown::Station(_) | Shown::Slip(_) | Shown::Brief(_) | Shown::Proposal(_) => false,
    }
}

pub(super) fn of_hiding(fact: &hiding::Fact) -> Entry<'_> {
    use hiding::Fact;
    let row = |what, shown: Shown| Row {
        open: is_open(shown),
        ..Row::new(what, Of::Shown(shown)).about(match shown {
            Shown::Slip(no) => slip(no),
            other => other.name(),
        })
    };
    match fact {
        Fact::Hidden { suggestion, reason } => {
            row("deed.hidden", Shown::Suggestion(*suggestion)).text(Text::Words(reason)).row()
        }
        Fact::Shown { suggestion } => row("deed.shown", Shown::Suggestion(*suggestion)).row(),
        Fact::Covered { what, reason } => row("deed.hidden", *what).text(Text::Words(reason)).row(),
        Fact::Uncovered { what } => row("deed.shown", *what).row(),
        Fact::Disowned { suggestion } => row("deed.disowned", Shown::Suggestion(*suggestion)).row(),
        Fact::Owned { suggestion } => row("deed.owned", Shown::Suggestion(*suggestion)).row(),
        Fact::Contested { no, text } => Row::new("deed.hiding_contested", Of::Hiding(*no))
            .about(say!("export.hiding", h = *no))
            .text(Text::Words(text))
            .inside()
            .row(),
        Fact::Upheld { no, reason } => Row::new("deed.hiding_upheld", Of::Hiding(*no))
            .about(say!("export.hiding", h = *no))
            .text(Text::Words(reason))
            .inside()
            .row(),
    }
}
