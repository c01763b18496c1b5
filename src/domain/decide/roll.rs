//! 名册 — loading one.

use crate::domain::command::Command;
use crate::domain::event::Event;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::place::place_key;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::words::Words;
use crate::domain::process::form::Step;
use crate::domain::process::topic::Topic;
use crate::domain::scene::{self, ASKED_MINUTES, Ctx, Decided, Decision};
use crate::domain::vote::roll::{
    MAX_LINES, Roll, RollRow, Sheet, Voter, one_name_in_several_places, shuffled, summary, voters_of,
};
use crate::domain::vote::tally;
use crate::domain::vote::whom::Whom;
use crate::say;

/// Rows in one fact, so that no line of the ledger grows long.
const ROWS_A_FACT: usize = 200;
/// Rows of a page of a roll that is shown.
const ROWS_A_PAGE: usize = 20;
/// Names that are told with a roll; of more the number is said.
const MOST_TOLD: usize = 10;

/// 名册 — loads the roll of a topic, or shows what is loaded. What leaves a doubt is loaded when the speaker has said yes to it.
pub fn load(ctx: &Ctx<'_>, written: Option<TopicNo>, sheet: &Sheet) -> Decided {
    const EXAMPLE: &str = "ex.roll";
    let topic = ctx.resolve_topic(written, EXAMPLE)?;
    ctx.require_moderator(&topic)?;
    if sheet.lines.is_empty() {
        return show(ctx, Some(topic.no), 1);
    }
    topic.require_going()?;
    if sheet.lines.len() > MAX_LINES {
        return Err(say!("e.too_far", max = MAX_LINES));
    }
    if topic.poll.is_some() {
        return Err(say!("e.poll_open", no = topic.no));
    }
    let rows = voters_of(&sheet.lines)?;
    let mut notes = sheet.notes.clone();
    notes.extend(told_of_names(&rows));
    let mut doubts = sheet.doubts.clone();
    if !sheet.asked {
        doubts.extend(of_one_name(ctx, &rows));
    }
    if !doubts.is_empty() {
        let what = summary(&Roll::of(&rows, ctx.scene.now));
        let (rows, kept) = (sheet.lines.clone(), sheet.notes.clone());
        let sure = Sheet { lines: rows, notes: kept, doubts: Vec::new(), asked: true };
        let doubts = Value::Lines(at_most(doubts));
        let told = if notes.is_empty() { say!("none") } else { say!("roll.ask.notes", notes = lines(notes)) };
        let question = say!("roll.ask", no = topic.no, what = what, doubts = doubts, notes = told, min = ASKED_MINUTES);
        return Ok(Decision::ask(question, Command::LoadRoll { topic: Some(topic.no), sheet: sure }));
    }
    let rows = shuffled(rows, ctx.scene.dice.ok_or_else(|| scene::not_recorded(ctx))?);
    // Seats have other numbers from now on; nobody is to believe that what was said of the old ones still holds.
    let is_lost = !ctx.world.absences(topic.no).is_empty() || ctx.world.has_mandates(topic.no);
    let mut answer = if is_lost { vec![say!("roll.anew", no = topic.no)] } else { Vec::new() };
    if !notes.is_empty() {
        answer.push(say!("roll.notes", notes = lines(notes)));
    }
    Ok(Decision { facts: load_facts(topic.no, &rows), answer, ..Decision::default() })
}

/// 名册 — what is on it, flat by flat, for whoever moderates the topic.
///
/// # Errors
/// `e.no_roll` where none is loaded, `e.roll_page`.
pub fn show(ctx: &Ctx<'_>, written: Option<TopicNo>, page: u32) -> Decided {
    let topic = ctx.resolve_topic(written, "ex.roll")?;
    ctx.require_moderator(&topic)?;
    let no = topic.no;
    let Some(roll) = ctx.world.roll(no) else { return Err(say!("e.no_roll", no = no)) };
    let mut voters = ctx.world.voters_on(no, MAX_LINES);
    voters.sort_by_cached_key(|voter| (voter.rooms.iter().map(place_order).collect::<Vec<_>>(), voter.names.clone()));
    let pages = voters.len().div_ceil(ROWS_A_PAGE).max(1);
    let page = usize::try_from(page).unwrap_or(usize::MAX).max(1);
    if page > pages {
        return Err(say!("e.roll_page", no = no, n = pages));
    }
    let rows = voters.iter().skip((page - 1) * ROWS_A_PAGE).take(ROWS_A_PAGE).map(row).collect();
    let more = if page < pages { say!("roll.next", no = no, page = page + 1) } else { say!("none") };
    let what = summary(&roll);
    let rows = Value::Lines(rows);
    Ok(Decision::answer(say!("roll.shown", no = no, what = what, page = page, all = pages, rows = rows, more = more)))
}

fn row(voter: &Voter) -> Say {
    let names = Value::List(voter.names.iter().map(Value::from).collect());
    if voter.rooms.is_empty() {
        return say!("roll.row.person", names = names);
    }
    let rooms = Value::List(voter.rooms.iter().map(Value::from).collect());
    say!("roll.row", rooms = rooms, names = names, area = tally::square_metres(voter.area))
}

/// 2-101 before 10-101: by their numbers, then as they are written.
fn place_order(room: &Words) -> (Vec<u64>, String) {
    let key = place_key(room.as_str());
    let numbers = key.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect();
    (numbers, key)
}

/// 附件 — a file came and nobody said what for: rolls are what is read from files. Says what to send next, with the number where only
/// one topic waits for a roll.
pub fn attached(ctx: &Ctx<'_>, name: &str, rows: usize) -> Decided {
    let file = Value::Quote(name.to_owned());
    if !ctx.scene.who.has_office() {
        return Err(say!("e.file.none", file = file));
    }
    let awaits = |topic: &Topic| {
        let is_ahead = topic.step <= Step::Voting;
        is_ahead && ctx.world.roll(topic.no).is_none() && topic.poll.is_none() && ctx.require_moderator(topic).is_ok()
    };
    let waiting: Vec<Topic> = ctx.world.live_topics().into_iter().filter(awaits).collect();
    Ok(Decision::answer(match waiting.as_slice() {
        [only] => say!("roll.file.one", file = file, n = rows, no = only.no, title = &only.title, min = ASKED_MINUTES),
        [] => say!("roll.file.any", file = file, n = rows, min = ASKED_MINUTES),
        several => {
            let row = |topic: &Topic| say!("roll.file.row", no = topic.no, title = &topic.title);
            let list = lines(several.iter().map(row).collect());
            say!("roll.file.several", file = file, n = rows, rows = list, min = ASKED_MINUTES)
        }
    }))
}

/// So many, and how many more there are.
fn at_most(mut says: Vec<Say>) -> Vec<Say> {
    let more = says.len().saturating_sub(MOST_TOLD);
    says.truncate(MOST_TOLD);
    says.extend((more > 0).then(|| say!("roll.more", n = more)));
    says
}

fn lines(says: Vec<Say>) -> Value {
    Value::Lines(at_most(says))
}

/// One name in several places: one vote, or several. It may be two people of one name, and only the moderator knows.
fn told_of_names(rows: &[RollRow]) -> Vec<Say> {
    let (one_vote, several) = one_name_in_several_places(rows);
    let names = |row: &RollRow| Value::List(row.names.iter().map(Value::from).collect());
    let rooms = |row: &RollRow| Value::List(row.rooms.iter().map(Value::from).collect());
    let mut told: Vec<Say> = Vec::new();
    for row in one_vote {
        told.push(match row.names.as_slice() {
            [only] => say!("roll.one_vote", name = only, rooms = rooms(row), n = row.rooms.len()),
            _ => say!("roll.one_vote.together", names = names(row), rooms = rooms(row)),
        });
    }
    for (name, rows) in several {
        let each = rows.iter().map(|row| match row.names.len() {
            1 => say!("roll.alone", rooms = rooms(row)),
            _ => {
                let others = row.names.iter().filter(|other| other.as_str() != name).map(Value::from).collect();
                say!("roll.with", rooms = rooms(row), others = Value::List(others))
            }
        });
        let (n, each) = (rows.len(), each.collect());
        told.push(say!("roll.votes_apart", name = name, n = n, rows = Value::Clauses(each)));
    }
    told
}

/// 同名 — a name without a flat that several are registered under: whose seat it would be, which only the moderator knows.
fn of_one_name(ctx: &Ctx<'_>, rows: &[RollRow]) -> Vec<Say> {
    let without_flat = rows.iter().filter(|row| row.rooms.is_empty()).flat_map(|row| &row.names);
    let doubt = |name: &Words| {
        let mut people = ctx.world.registered_as(name.as_str());
        people.sort_by_key(|person| person.id);
        let whoms: Vec<Say> =
            people.into_iter().take(MOST_TOLD).map(|person| Whom::entered(ctx.world, person).row()).collect();
        let first = whoms.first()?.clone();
        let several = Value::List(whoms.iter().cloned().map(Value::from).collect());
        (whoms.len() > 1).then(|| say!("roll.d.namesakes", name = name, n = whoms.len(), list = several, first = first))
    };
    without_flat.filter_map(doubt).collect()
}

/// The facts that load a roll.
#[must_use]
pub fn load_facts(topic: TopicNo, rows: &[RollRow]) -> Vec<Event> {
    rows.chunks(ROWS_A_FACT)
        .enumerate()
        .map(|(at, chunk)| Event::RollLoaded { topic, continues: at > 0, rows: chunk.to_vec() })
        .collect()
}
