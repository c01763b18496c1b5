//! What the page of a topic shows of a poll beside its sums: the options, and after the count what each got, round by round, and the
//! reasons against without a name. Before the count not a figure of it.

use super::topic::somebody;
use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::World;
use crate::domain::vote::poll::Poll;
use crate::domain::vote::poll::ranking::{Round, Row, Standing};
use crate::domain::vote::poll::terms::{Method, Terms};
use serde_json::{Value, json};

/// Reasons shown of one poll.
const MAX_REASONS: usize = 200;

/// How a seat is called in public: by its flat, or by its names.
fn called(world: &World<'_>, poll: &Poll, seat: Seat) -> Value {
    let voter = match seat {
        Seat::Person(person) => {
            return json!({"name": world.person(person).map(|person| person.name.as_str().to_owned()), "room": null});
        }
        Seat::Roll(voter) => world.voter(poll.topic, voter),
    };
    let names: Vec<&str> = voter.iter().flat_map(|voter| &voter.names).map(Words::as_str).collect();
    let room = voter.as_ref().and_then(|voter| voter.rooms.first()).map(Words::as_str);
    json!({"name": names.join("、"), "room": room})
}

/// 回避 — how many by their own word, whom by whose, and whose objection nobody has settled.
pub(super) fn recused(world: &World<'_>, poll: &Poll) -> Value {
    let whose = world.recused_by(poll);
    let whom = world.named_of(poll, &whose.whom);
    let row = |(by, n): &(PersonId, u32)| {
        let theirs = whom.iter().filter(|one| one.by == *by);
        let whom: Vec<Value> = theirs.map(|one| called(world, poll, one.seat)).collect();
        json!({"who": somebody(world, *by), "n": n, "whom": whom})
    };
    let by: Vec<Value> = whose.by.iter().map(row).collect();
    let open = world.named_of(poll, &whose.open);
    let open = open.iter().map(|one| json!({"hh": called(world, poll, one.seat), "who": somebody(world, one.by)}));
    let open: Vec<Value> = open.collect();
    let leave = world.named_of(poll, &whose.leave);
    let leave = leave.iter().map(|one| json!({"hh": called(world, poll, one.seat), "who": somebody(world, one.by)}));
    let leave: Vec<Value> = leave.collect();
    json!({
        "recused_own": whose.own, "recused_by": by, "contested": whose.open.len(), "contested_of": open,
        "left": whose.leave.len(), "left_of": leave,
    })
}

/// 纸质票 — how many were entered on paper, and by whom.
pub(super) fn papers(world: &World<'_>, poll: &Poll) -> Value {
    let by = world.papers(poll.no);
    let n: u32 = by.iter().map(|(_, n)| n).sum();
    let by: Vec<Value> = by.iter().map(|(by, n)| json!({"who": somebody(world, *by), "n": n})).collect();
    json!({"papers": n, "papers_by": by})
}

/// The fields of a poll that has more than a rule; empty for any other.
pub(super) fn fields(world: &World<'_>, poll: &Poll) -> Value {
    let Some(terms) = world.poll_terms(poll.no) else { return json!({}) };
    let reasons: Vec<String> =
        world.reasons(poll.no).iter().take(MAX_REASONS).map(|reason| reason.as_str().to_owned()).collect();
    let options: Vec<&str> = terms.options.iter().map(Words::as_str).collect();
    let standing = world.standing(poll.no).filter(|_| poll.result.is_some());
    json!({
        "secret": terms.secret,
        "reasons": reasons,
        "options": options,
        "method": terms.method.map(Method::term),
        "limit": terms.method.map(Method::limit),
        "points": matches!(terms.method, Some(Method::Budget(_))),
        "figures": standing.as_ref().map(|standing| placed(&terms, standing)),
        "rounds": standing.as_ref().map(|standing| rounds(&terms, standing)),
        "level": standing.as_ref().is_some_and(|standing| standing.rounds.last().is_some_and(Round::is_level)),
        "blank": standing.as_ref().and_then(|standing| standing.blank),
        "by_place": standing.is_some_and(|standing| standing.is_by_place()),
    })
}

fn text(terms: &Terms, option: u8) -> &str {
    terms.options.get(usize::from(option).wrapping_sub(1)).map_or("", Words::as_str)
}

fn figures(terms: &Terms, rows: &[Row]) -> Vec<Value> {
    rows.iter().map(|row| json!({"text": text(terms, row.option), "n": row.votes})).collect()
}

/// The figures, the most first, by the numbers of the card.
fn placed(terms: &Terms, standing: &Standing) -> Vec<Value> {
    let row = |row: &Row| json!({"place": row.option, "text": text(terms, row.option), "n": row.votes});
    standing.rows.iter().map(row).collect()
}

fn rounds(terms: &Terms, standing: &Standing) -> Vec<Value> {
    // Ballots that named nothing from the start (弃权) ran out of no choice.
    let blank = standing.rounds.first().map_or(0, |round| round.exhausted);
    let round = |round: &Round| {
        json!({
            "figures": figures(terms, &round.rows),
            "out": round.gone().into_iter().map(|option| text(terms, option)).collect::<Vec<_>>(),
            "exhausted": round.exhausted - blank,
        })
    };
    standing.rounds.iter().map(round).collect()
}
