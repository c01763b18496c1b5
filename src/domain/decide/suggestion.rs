//! 建议、跟帖、点赞、代录、采纳 — saying something to a topic, and judging it.

use super::paging::in_order;
use crate::domain::command::Command;
use crate::domain::decide::course;
use crate::domain::decide::person::newcomer;
use crate::domain::event::Event;
use crate::domain::kernel::ids::{PersonId, SuggestionRef, TopicNo};
use crate::domain::kernel::mark::Mark;
use crate::domain::kernel::place::name_sign;
use crate::domain::kernel::said::SuggestionArg;
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::text::{within, within_parts};
use crate::domain::kernel::world::World;
use crate::domain::people::lately;
use crate::domain::people::person::Side;
use crate::domain::people::undoable::Undoable;
use crate::domain::process::conflict::Settling;
use crate::domain::process::course::Split;
use crate::domain::process::form::Step;
use crate::domain::process::halt::whereabouts;
use crate::domain::process::hiding;
use crate::domain::process::people::moderator_name;
use crate::domain::process::topic::Topic;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::suggestion::{
    MAX_REASON, MAX_REPLIES, MAX_SUGGESTIONS, MAX_TEXT, Suggestion, Verdict, like_key,
};
use crate::domain::work::task::{State, Task};
use crate::say;

/// Rows of a list in a chat.
const MAX_ROWS: usize = 20;

impl Ctx<'_> {
    /// The suggestion a command is about, which must be shown.
    fn resolve_suggestion(&self, arg: Option<SuggestionArg>, example: &str) -> Result<(Topic, Suggestion), Say> {
        let (topic, suggestion) = self.resolve_kept(arg, example)?;
        if suggestion.hidden { Err(hiding::hidden(self.world, suggestion.reference)) } else { Ok((topic, suggestion)) }
    }

    /// The suggestion a command is about: written in full, by its short number, or from the reply; hidden or not.
    ///
    /// # Errors
    /// `e.empty`, `e.no_topic`, `e.no_sug`.
    pub fn resolve_kept(&self, arg: Option<SuggestionArg>, example: &str) -> Result<(Topic, Suggestion), Say> {
        let reference = match arg {
            Some(SuggestionArg::Full(reference)) => reference,
            Some(SuggestionArg::Short(n)) => match self.resolve_topic(None, example) {
                Ok(topic) => SuggestionRef { topic: topic.no, n },
                Err(which) => return Err(self.which_short(n).unwrap_or(which)),
            },
            None => match self.scene.reply {
                Some(Mark::Suggestion(reference)) => reference,
                _ => return Err(say!("e.empty", ex = example_of(example))),
            },
        };
        // 并案 — where it was made is not where it goes on: that is where it may be liked, answered and judged.
        let topic = self.world.led_on(reference.topic).ok_or_else(|| self.no_topic(reference.topic))?;
        let missing = || say!("e.no_sug", r#ref = reference, no = reference.topic);
        let suggestion = self.world.suggestion_kept(reference).ok_or_else(missing)?;
        Ok((topic, suggestion))
    }

    /// 建议3 of which topic: the number that was written is kept, and its whole is offered.
    fn which_short(&self, n: u32) -> Option<Say> {
        let full = self.world.live_topics().into_iter().map(|topic| SuggestionRef { topic: topic.no, n });
        let there = full.filter(|at| self.world.suggestion_kept(*at).is_some()).take(MAX_ROWS);
        let rows: Vec<Value> = there.map(Value::from).collect();
        (!rows.is_empty()).then(|| say!("e.short_ref", n = n, rows = Value::List(rows)))
    }

    /// 代录 — words that were written down for somebody are theirs: whoever says them, or writes them down, once more in the next ten minutes
    /// hears that they are there.
    fn is_there_already(&self, topic: &Topic, author: PersonId, text: &str) -> Result<(), Say> {
        let fingerprint = lately::fingerprint("", text);
        let latest = (1..=topic.last_suggestion).rev().map(|n| SuggestionRef { topic: topic.no, n });
        let standing = latest.filter_map(|at| self.world.suggestion_kept(at));
        let is_fresh = |one: &Suggestion| (self.scene.now - one.at).num_seconds() < lately::SAME_TEXT_SECONDS;
        let is_it = |one: &Suggestion| {
            one.author == author && !one.hidden && lately::fingerprint("", one.text.as_str()) == fingerprint
        };
        match standing.take_while(is_fresh).find(is_it) {
            Some(one) => Err(say!("e.repeat", r#ref = one.reference)),
            None => Ok(()),
        }
    }

    fn said_before(&self, about: &str, text: &str) -> Result<(), Say> {
        let fingerprint = lately::fingerprint(about, text);
        let reference = match self.world.said_already(self.me(), fingerprint, self.scene.now) {
            Some(Undoable::Suggestion(reference) | Undoable::Reply(reference, _)) => reference,
            _ => return Ok(()),
        };
        Err(say!("e.repeat", r#ref = reference))
    }
}

/// 隐藏过的话 — words of the speaker that were hidden do not come back by being said once more: there is an objection for that.
fn none_is_hidden(ctx: &Ctx<'_>, topic: TopicNo, text: &str) -> Result<(), Say> {
    let said = lately::fingerprint("", text);
    let is_it = |kept: &Suggestion| {
        let is_own = kept.hidden && kept.author == ctx.me() && kept.written_down_by().is_none();
        is_own && lately::fingerprint("", kept.text.as_str()) == said
    };
    let mut hidden = None;
    ctx.world.hidden_suggestions(topic, |at, no| {
        hidden = ctx.world.suggestion_kept(at).filter(is_it).map(|_| (at, no));
        hidden.is_none()
    });
    match hidden {
        Some((at, no)) => Err(say!("e.hidden.again", r#ref = at, h = no)),
        None => Ok(()),
    }
}

/// Only while people talk and while the plan is drafted are suggestions taken.
fn open_for_talk(ctx: &Ctx<'_>, topic: &Topic) -> Result<(), Say> {
    topic.require_going()?;
    let state = match topic.step {
        Step::Talking | Step::Planning => return course::require_in_time(ctx, topic),
        Step::Ordered => say!("state.talk.ordered"),
        Step::Taken => say!("state.talk.taken"),
        Step::Noticing => say!("state.talk.noticing"),
        Step::Reviewing => say!("state.talk.reviewing"),
        Step::Voting => say!("state.talk.voting"),
        Step::Tracking => say!("state.talk.tracking"),
        Step::Closed => return Err(topic.is_over("step.closed")),
    };
    Err(say!("e.state", no = topic.no, state = state, hint = what_instead(ctx, topic)))
}

/// Whether whoever speaks may suggest something here now.
#[must_use]
pub fn may_suggest(ctx: &Ctx<'_>, topic: &Topic) -> bool {
    open_for_talk(ctx, topic).is_ok() && ctx.require_neutral(topic, "act.suggest").is_ok()
}

/// What whoever has something to say to a topic can do where it stands: a line that is taken there and now.
#[must_use]
pub fn what_instead(ctx: &Ctx<'_>, topic: &Topic) -> Say {
    let no = topic.no;
    let moderator = || say!("hint.talk.moderator", r#mod = moderator_name(ctx.world, topic));
    match topic.step {
        Step::Ordered if topic.proposer == ctx.me() => say!("hint.talk.ordered.own"),
        Step::Ordered => say!("hint.talk.ordered"),
        Step::Taken => say!("hint.talk.taken"),
        Step::Talking | Step::Planning if may_suggest(ctx, topic) => say!("hint.taken", no = no),
        Step::Noticing => say!("hint.talk.noticing", no = no),
        Step::Tracking => tracked_hint(ctx, topic),
        Step::Talking | Step::Planning | Step::Reviewing | Step::Voting => moderator(),
        Step::Closed => say!("hint.over"),
    }
}

/// 对办理的意见 — an answer that waits for the speaker's word is named with its number.
fn tracked_hint(ctx: &Ctx<'_>, topic: &Topic) -> Say {
    let is_asked = |task: &Task| task.state == State::Answered && ctx.world.raters(task).contains(&ctx.me());
    let (tasks, chair) = (ctx.world.tasks(topic.no), moderator_name(ctx.world, topic));
    match (tasks.iter().find(|task| is_asked(task)), tasks.last()) {
        (Some(task), _) => say!("hint.talk.tracking.yours", t = task.no),
        (None, Some(task)) => say!("hint.talk.tracking.other", t = task.no, r#mod = chair),
        (None, None) => say!("hint.talk.tracking.none", r#mod = chair),
    }
}

/// 建议.
pub fn suggest(ctx: &Ctx<'_>, written: Option<TopicNo>, text: &str) -> Decided {
    const EXAMPLE: &str = "ex.suggest";
    if let Some(decision) = ctx.turned_away(text) {
        return Ok(decision);
    }
    let topic = ctx.resolve_topic(written, EXAMPLE)?;
    ctx.require_neutral(&topic, "act.suggest")?;
    open_for_talk(ctx, &topic)?;
    let text = text.trim();
    if text.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    within_parts(text, MAX_TEXT)?;
    ctx.said_before(&format!("suggestion {}", topic.no), text)?;
    none_is_hidden(ctx, topic.no, text)?;
    ctx.is_there_already(&topic, ctx.me(), text)?;
    Ok(Decision::fact(made(&topic, ctx.me(), (None, false), text)?))
}

fn made(
    topic: &Topic,
    author: PersonId,
    (recorder, quoted): (Option<PersonId>, bool),
    text: &str,
) -> Result<Event, Say> {
    if topic.last_suggestion >= MAX_SUGGESTIONS {
        return Err(say!("e.too_far", max = MAX_SUGGESTIONS));
    }
    let suggestion = SuggestionRef { topic: topic.no, n: topic.last_suggestion + 1 };
    Ok(Event::SuggestionMade { suggestion, author, recorder, quoted, text: text.into() })
}

/// What a suggestion says by a later version of the message that made it: by the same person, on the same topic, for the same
/// author. `None` if that version is something else, or if others have liked or answered what it said before.
#[must_use]
pub fn said_anew(ctx: &Ctx<'_>, known: &Suggestion, command: &Command) -> Option<String> {
    // What others liked, answered, judged or hid is what they read then.
    if known.likes > 0 || known.last_reply > 0 || known.verdict.is_some() || known.hidden {
        return None;
    }
    let topic =
        |written| ctx.resolve_topic(written, "ex.suggest").ok().filter(|topic| topic.no == known.reference.topic);
    match command {
        Command::Suggest { topic: written, text } if known.author == ctx.me() && known.recorder.is_none() => {
            topic(*written).map(|_| text.trim().to_owned())
        }
        Command::Relay { topic: written, name, text } if known.recorder == Some(ctx.me()) => {
            let author = ctx.world.find_person(name.trim(), Some(&topic(*written)?)).ok()??;
            (author.id == known.author).then(|| text.trim().to_owned())
        }
        _ => None,
    }
    .filter(|text| !text.is_empty())
}

/// The suggestion a reply is to.
#[must_use]
pub fn reply_to(ctx: &Ctx<'_>, written: Option<SuggestionArg>) -> Option<SuggestionRef> {
    ctx.resolve_suggestion(written, "ex.reply").ok().map(|(_, suggestion)| suggestion.reference)
}

/// 建议 编号 — the list, the most liked first where there are many.
pub fn list(ctx: &Ctx<'_>, no: TopicNo, page: u32) -> Decided {
    let topic = ctx.require_topic(no)?;
    let mut all = Vec::new();
    ctx.world.whole_suggestions(no, |suggestion| all.push(suggestion));
    let from = ctx.world.split_of(no);
    if let Some(from) = from.filter(|_| all.is_empty()) {
        return Ok(split_from(ctx, no, &from));
    }
    if all.is_empty() {
        // “出主意发 /建议” is told only to whom it is open.
        open_for_talk(ctx, &topic)?;
        return Ok(Decision::answer(say!("sug.none", no = no)));
    }
    let shown = in_order(&all, page, MAX_ROWS)?;
    let rows: Vec<Say> = shown
        .rows
        .iter()
        .map(|one| {
            let text = Value::Quote(one.text.as_str().to_owned());
            say!("sug.row", r#ref = one.reference, text = text, who = author_of(ctx.world, one))
        })
        .collect();
    let mut more: Vec<Say> = shown.next.map(|page| say!("sug.more", no = no, page = page)).into_iter().collect();
    more.extend(ctx.world.splits(&topic));
    more.extend(whereabouts(ctx.world, &topic));
    let (rows, more) = (Value::Lines(rows), Value::Lines(more));
    Ok(Decision::answer(say!("sug.list", no = topic.no, n = all.len(), rows = rows, more = more)))
}

/// 拆分 — a topic that was made of suggestions has these, under the numbers they have.
fn split_from(ctx: &Ctx<'_>, no: TopicNo, from: &Split) -> Decision {
    let standing =
        from.suggestions.iter().filter_map(|&n| ctx.world.suggestion(SuggestionRef { topic: from.topic, n }));
    let row = |one: Suggestion| {
        let text = Value::Quote(one.text.as_str().to_owned());
        say!("sug.row", r#ref = one.reference, text = text, who = author_of(ctx.world, &one))
    };
    let rows: Vec<Say> = standing.map(row).collect();
    Decision::answer(say!("sug.split", no = no, from = from.topic, rows = Value::Lines(rows)))
}

/// 建议 1-3: one of them.
pub fn show(ctx: &Ctx<'_>, reference: SuggestionRef) -> Decided {
    let (_, one) = ctx.resolve_kept(Some(SuggestionArg::Full(reference)), "ex.like")?;
    if one.hidden {
        return Err(hiding::hidden(ctx.world, reference));
    }
    let (text, who) = (&one.text, author_of(ctx.world, &one));
    Ok(Decision::answer(say!("sug.row", r#ref = one.reference, text = text, who = who)))
}

/// 谁说的 — the author of a suggestion, and who wrote it down for them.
fn author_of(world: &World<'_>, suggestion: &Suggestion) -> Value {
    let who = world.name_of(suggestion.author);
    match suggestion.written_down_by() {
        Some(by) => say!("sug.relayed", who = who, by = world.name_of(by)).into(),
        None => who.into(),
    }
}

/// 点赞.
pub fn like(ctx: &Ctx<'_>, arg: Option<SuggestionArg>) -> Decided {
    let (topic, suggestion) = ctx.resolve_suggestion(arg, "ex.like")?;
    ctx.require_neutral(&topic, "act.like")?;
    // Liked until the notice ends, as requests are seconded: afterwards a like would change figures of what is settled.
    topic.require_going()?;
    if topic.step == Step::Closed {
        return Err(topic.is_over("step.closed"));
    }
    if topic.step > Step::Noticing {
        let state = say!("state.past", stage = Value::Term(topic.step.term().to_owned()));
        return Err(say!("e.state", no = topic.no, state = state, hint = say!("hint.past.like")));
    }
    let reference = suggestion.reference;
    if suggestion.author == ctx.me() {
        return Ok(Decision::answer(say!("like.own", r#ref = reference, n = suggestion.likes)));
    }
    let mut mine = ctx.world.who_had(&ctx.scene.caller.account);
    mine.push(ctx.me());
    if mine.into_iter().any(|person| ctx.world.has(&like_key(reference, person))) {
        return Err(say!("like.dup", r#ref = reference));
    }
    Ok(Decision::fact(Event::SuggestionLiked { suggestion: reference }))
}

/// 跟帖.
pub fn reply(ctx: &Ctx<'_>, to: Option<SuggestionArg>, text: &str) -> Decided {
    const EXAMPLE: &str = "ex.reply";
    if let Some(decision) = ctx.turned_away(text) {
        return Ok(decision);
    }
    let (topic, suggestion) =
        ctx.resolve_suggestion(to, EXAMPLE).map_err(|why| reply_to_which(ctx, to, text).unwrap_or(why))?;
    ctx.require_neutral(&topic, "act.reply")?;
    open_for_talk(ctx, &topic)?;
    let text = text.trim();
    if text.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    within_parts(text, MAX_TEXT)?;
    ctx.said_before(&format!("reply {}", suggestion.reference), text)?;
    if suggestion.last_reply >= MAX_REPLIES {
        return Err(say!("e.too_far", max = MAX_REPLIES));
    }
    Ok(Decision::fact(Event::ReplyMade { to: suggestion.reference, n: suggestion.last_reply + 1, text: text.into() }))
}

/// 跟哪一条 — words that name none: the line with the latest suggestion there is, for it to be put right.
fn reply_to_which(ctx: &Ctx<'_>, to: Option<SuggestionArg>, text: &str) -> Option<Say> {
    let is_bare = to.is_none() && !matches!(ctx.scene.reply, Some(Mark::Suggestion(_)));
    let topic = ctx.resolve_topic(None, "ex.reply").ok().filter(|_| is_bare && !text.trim().is_empty())?;
    let all = (1..=topic.last_suggestion).rev().map(|n| SuggestionRef { topic: topic.no, n });
    let latest = all.take(MAX_ROWS).find(|at| ctx.world.suggestion(*at).is_some())?;
    Some(say!("e.reply_which", no = topic.no, r#ref = latest, text = Value::Quote(text.trim().to_owned())))
}

/// 代录 — the moderator writes down what somebody said by voice or at the door; it is that person's suggestion.
pub fn relay(ctx: &Ctx<'_>, written: Option<TopicNo>, name: &str, text: &str) -> Decided {
    const EXAMPLE: &str = "ex.relay";
    let how = |say: Say| if say.key == "e.need_no" { say!("e.relay_where") } else { say };
    let topic = ctx.resolve_topic(written, EXAMPLE).map_err(how)?;
    ctx.require_moderator(&topic)?;
    if let Some(decision) = ctx.turned_away(text) {
        return Ok(decision);
    }
    open_for_talk(ctx, &topic)?;
    // 李 德 福 is 李德福, as offices align names.
    let name = if name.trim().contains(char::is_whitespace) { name_sign(name.trim()) } else { name.trim().to_owned() };
    let (name, text) = (name.as_str(), text.trim());
    if name.is_empty() || text.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    within_parts(text, MAX_TEXT)?;
    let mut facts = Vec::new();
    let author = match ctx.world.find_person(name, Some(&topic))? {
        // What the moderator may not say is not written down for them, either, whoever writes.
        Some(person) if person.id == ctx.me() => {
            ctx.require_neutral(&topic, "act.suggest")?;
            person.id
        }
        Some(person) if ctx.world.is_neutral(&person, &topic) => {
            return Err(say!("e.relay_neutral", no = topic.no, who = &person.name));
        }
        Some(person) => person.id,
        None => {
            let id = PersonId(ctx.world.counters().people + 1);
            facts.push(newcomer(id, name, Side::Resident, "")?);
            id
        }
    };
    ctx.is_there_already(&topic, author, text)?;
    facts.push(made(&topic, author, (Some(ctx.me()), ctx.scene.quotes), text)?);
    Ok(Decision::facts(facts))
}

/// 采纳 — the moderator or the lead member says what becomes of a suggestion; not, or only in part, with a reason.
pub fn judge(ctx: &Ctx<'_>, arg: Option<SuggestionArg>, verdict: Verdict, reason: &str) -> Decided {
    const EXAMPLE: &str = "ex.adopt";
    let (topic, suggestion) = ctx.resolve_suggestion(arg, EXAMPLE)?;
    if ctx.world.lead_of(&topic) != Some(ctx.me()) {
        ctx.require_moderator(&topic)?;
    }
    ctx.require_others(&topic, suggestion.author, Settling::Verdict, suggestion.reference.into())?;
    topic.require_step(&[
        Step::Talking,
        Step::Planning,
        Step::Noticing,
        Step::Reviewing,
        Step::Voting,
        Step::Tracking,
    ])?;
    let reason = reason.trim();
    if reason.is_empty() && verdict != Verdict::Adopted {
        return Err(say!("e.reason", ex = example_of(EXAMPLE)));
    }
    within(reason, MAX_REASON)?;
    Ok(Decision::fact(Event::SuggestionJudged { suggestion: suggestion.reference, verdict, reason: reason.into() }))
}
