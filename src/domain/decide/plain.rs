//! 大白话 — what is answered to words in private that are no command: the topic they are about, or what can be done and in which words.
//! Nothing is ever recorded by them.

use crate::domain::command::Command;
use crate::domain::decide::{gathering, identity_claim, mine, suggestion};
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::plain::{Plain, Spoken, Wish};
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::script::simplified;
use crate::domain::kernel::world::{Key, kind};
use crate::domain::process::form::Step;
use crate::domain::process::topic::{Topic, standing};
use crate::domain::scene::{Ctx, Decision};
use crate::domain::talk::gathering::{Ask as GatheringAsk, Gathering};
use crate::domain::vote::poll::{Poll, telling};
use crate::say;
use chrono::Duration;

/// Most topics that are shown for one message.
const MOST_SHOWN: usize = 5;
/// Most people who are named to be asked.
const MOST_NAMED: usize = 3;
/// Days for which results of votes are told to whoever asks for none by its number.
const RESULTS_DAYS: i64 = 31;
/// Longest line that is shown again, in characters.
const LONGEST_SHOWN: usize = 80;
/// Shortest run of Chinese that tells a topic, in characters; shortest beginning two Latin words must share.
const SHORTEST_RUN: usize = 2;
const SHORTEST_STEM: usize = 4;

/// What is answered. Never a fact: whoever wants something done sends the line shown.
#[must_use]
pub fn answer(ctx: &Ctx<'_>, plain: &Plain) -> Decision {
    match plain {
        Plain::Nothing => Decision::silent(),
        Plain::Hello => Decision::answer(say!("plain.hello")),
        Plain::Thanks => Decision::answer(say!("plain.thanks")),
        Plain::Said(spoken) => Decision::answer(of_words(ctx, spoken)),
    }
}

fn of_words(ctx: &Ctx<'_>, spoken: &Spoken) -> Say {
    if ctx.is_turned_away(&ctx.scene.said) {
        return say!("e.scope");
    }
    // Their own name, or whoever has not said yet who they are.
    if !spoken.name.is_empty() && (!ctx.scene.who.enrolled || ctx.scene.who.name.as_str() == spoken.name) {
        return who(ctx);
    }
    if let Some(wish) = spoken.wish.filter(|wish| is_of_no_topic(*wish)) {
        return of_wish(ctx, wish, spoken);
    }
    let topics = meant(ctx, spoken);
    match (topics.as_slice(), spoken.wish) {
        ([only], Some(Wish::Second)) if !spoken.asks => to_second(ctx, Some(only.no), spoken),
        ([only], wish) => of_topic(ctx, only, spoken, wish),
        ([_, ..], _) => several(&topics),
        ([], Some(wish)) => of_wish(ctx, wish, spoken),
        ([], None) => three(ctx, "plain.three", spoken),
    }
}

/// What is answered the same whatever topic the words may touch.
fn is_of_no_topic(wish: Wish) -> bool {
    match wish {
        Wish::Phone | Wish::Complain | Wish::Who | Wish::Unsecond | Wish::Voted | Wish::Office => true,
        Wish::Erase | Wish::Language | Wish::Mandate | Wish::Leave => true,
        Wish::Undo
        | Wish::Mine
        | Wish::Join
        | Wish::Second
        | Wish::Vote
        | Wish::Suggest
        | Wish::Order
        | Wish::List
        | Wish::Help => false,
    }
}

/// The topics a message is about: by number, led on where it was merged; else the live ones that share the most with it.
fn meant(ctx: &Ctx<'_>, spoken: &Spoken) -> Vec<Topic> {
    if let Some(no) = spoken.number {
        return ctx.world.led_on(no).into_iter().collect();
    }
    let topics = ctx.world.live_topics();
    let of = |topic: Topic| (shared(&simplified(&topic.title.as_str().to_lowercase()), &spoken.about), topic);
    let scored: Vec<(usize, Topic)> = topics.into_iter().map(of).filter(|(score, _)| *score > 0).collect();
    let most = scored.iter().map(|(score, _)| *score).max().unwrap_or_default();
    scored.into_iter().filter(|(score, _)| *score == most).map(|(_, topic)| topic).collect()
}

/// How much of a title is said in some words: the longest run of Chinese, or how many Latin words, the most telling counted.
fn shared(title: &str, about: &[String]) -> usize {
    let titled: Vec<&str> = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let (mut longest, mut words) = (0, 0);
    for piece in about {
        if piece.is_ascii() {
            words += usize::from(titled.iter().any(|word| same_word(word, piece)));
        } else {
            longest = longest.max(longest_run(title, piece));
        }
    }
    longest.max(words)
}

/// “lamps” and “lamp”: the one begins with the other.
fn same_word(one: &str, other: &str) -> bool {
    let shorter = one.len().min(other.len());
    one == other || shorter >= SHORTEST_STEM && (one.starts_with(other) || other.starts_with(one))
}

/// Length of the longest run of a piece that stands in a title, 0 where it is shorter than tells.
fn longest_run(title: &str, piece: &str) -> usize {
    let chars: Vec<char> = piece.chars().collect();
    (SHORTEST_RUN..=chars.len())
        .rev()
        .find(|&n| {
            chars.windows(n).any(|run| {
                let is_telling = run.iter().filter(|c| !c.is_ascii()).count() >= SHORTEST_RUN;
                is_telling && title.contains(&run.iter().collect::<String>())
            })
        })
        .unwrap_or_default()
}

/// Where it stands, and the line that works now.
fn of_topic(ctx: &Ctx<'_>, topic: &Topic, spoken: &Spoken, wish: Option<Wish>) -> Say {
    let state = standing(topic);
    let is_news = wish.is_none() && !spoken.asks && spoken.number.is_none() && !spoken.request.is_empty();
    let of = |key: &str| {
        Say::new(key)
            .with("no", topic.no)
            .with("title", &topic.title)
            .with("state", state)
            .with("next", next(ctx, topic))
    };
    // Whoever asks after a vote that is over reads what it came to.
    let came_to = telling::came_to(ctx.world, topic).filter(|_| topic.poll.is_none() && !is_news);
    if let Some(what) = came_to {
        return of("plain.topic.result").with("what", what);
    }
    if is_news { of("plain.topic.or").with("new", request(spoken)) } else { of("plain.topic") }
}

fn next(ctx: &Ctx<'_>, topic: &Topic) -> Say {
    let is_open = topic.halt.is_none();
    match ctx.own_polls().iter().find(|poll| poll.topic == topic.no) {
        Some(poll) => say!("plain.next.vote", no = topic.no, eg = choice_in(ctx, poll)),
        None if is_open && suggestion::may_suggest(ctx, topic) => say!("plain.next.suggest", no = topic.no),
        None if is_open && topic.step == Step::Noticing => say!("plain.next.object", no = topic.no),
        None if is_open && may_second(ctx, topic) => say!("plain.next.second", no = topic.no),
        None => say!("plain.next", no = topic.no),
    }
}

fn choice_in(ctx: &Ctx<'_>, poll: &Poll) -> Value {
    ctx.world.poll_terms(poll.no).unwrap_or_default().example()
}

fn several(topics: &[Topic]) -> Say {
    let shown = topics.iter().take(MOST_SHOWN);
    let row = |topic: &Topic| say!("list.row", no = topic.no, title = &topic.title, state = standing(topic));
    let first = topics.first().map_or(TopicNo(1), |topic| topic.no);
    say!("plain.several", n = topics.len(), rows = Value::Lines(shown.map(row).collect()), no = first)
}

fn of_wish(ctx: &Ctx<'_>, wish: Wish, spoken: &Spoken) -> Say {
    match wish {
        Wish::Phone => phone(ctx),
        Wish::Office => office(ctx),
        Wish::Complain => say!("plain.complain", new = request(spoken)),
        Wish::Who => who(ctx),
        Wish::Erase => say!("plain.erase"),
        Wish::Language => say!("plain.language"),
        Wish::Mandate => to_mandate(ctx),
        Wish::Leave => to_leave(ctx),
        Wish::Unsecond => unsecond(ctx, spoken.number),
        Wish::Voted => mine::voted(ctx).unwrap_or_else(|| to_vote(ctx)),
        Wish::Undo => say!("plain.undo"),
        Wish::Mine => asked_for(ctx, spoken),
        Wish::Join => to_join(ctx, None).unwrap_or_else(|| say!("plain.join.none")),
        Wish::Second => to_second(ctx, None, spoken),
        Wish::Vote => to_vote(ctx),
        Wish::Suggest => suggest(ctx, spoken),
        Wish::Order => say!("plain.order", new = request(spoken)),
        Wish::List | Wish::Help => three(ctx, "plain.help", spoken),
    }
}

/// Their own words as a request; where there are none, or where they only ask something, the example: sent, the line opens a topic.
fn request(spoken: &Spoken) -> Value {
    match spoken.request.as_str() {
        "" => example_text(),
        _ if spoken.asks => example_text(),
        own => Value::Text(own.to_owned()),
    }
}

/// What stands in the example behind the command.
fn example_text() -> Value {
    example_of("plain.example")
}

/// 能做的三件事.
fn three(ctx: &Ctx<'_>, key: &str, spoken: &Spoken) -> Say {
    let polls = ctx.own_polls();
    let vote = match polls.as_slice() {
        [] if !ctx.scene.who.enrolled && !ctx.world.open_polls().is_empty() => say!("plain.vote.iam"),
        [] => say!("plain.vote.none"),
        [only] => say!("plain.vote.one", no = only.topic, eg = choice_in(ctx, only), question = &only.title),
        several => say!("plain.vote.many", n = several.len()),
    };
    Say::new(key).with("new", request(spoken)).with("vote", vote)
}

/// The votes open to whoever asks, each with the line that casts a ballot.
#[must_use]
pub fn to_vote(ctx: &Ctx<'_>) -> Say {
    let polls = ctx.own_polls();
    if polls.is_empty() {
        let is_stranger = !ctx.scene.who.enrolled && !ctx.world.open_polls().is_empty();
        let came_to = results(ctx);
        return match () {
            () if is_stranger => identity_claim::how(ctx),
            () if came_to.is_empty() => say!("e.no_polls"),
            () => say!("plain.results", rows = Value::Lines(came_to)),
        };
    }
    let of = |poll: &Poll| {
        let terms = ctx.world.poll_terms(poll.no).unwrap_or_default();
        let row = say!("short.line", no = poll.topic, eg = terms.example(), question = &poll.title);
        let choices = terms.method.is_none().then(|| say!("plain.vote.choices"));
        let ends = say!("plain.vote.ends", end = Value::Moment(poll.ends));
        std::iter::once(row).chain(choices).chain(std::iter::once(ends))
    };
    let key = if ctx.group().is_some() { "plain.vote.here" } else { "plain.vote" };
    Say::new(key).with("rows", Value::Lines(polls.iter().take(MOST_SHOWN).flat_map(of).collect::<Vec<Say>>()))
}

/// 结果 — what the votes came to that somebody could vote in, or whose matter it was, the latest first; those of what is under way, or
/// over since a while.
fn results(ctx: &Ctx<'_>) -> Vec<Say> {
    let since = ctx.scene.now - Duration::days(RESULTS_DAYS);
    let is_theirs = |poll: &Poll, topic: &Topic| {
        topic.proposer == ctx.me() || poll.voters.is_some() && ctx.world.elector_no(poll, &ctx.scene.who).is_some()
    };
    let polls = ctx.world.polls_since(since).filter(|poll| poll.result.is_some() && !poll.is_void);
    let told = polls.filter_map(|poll| {
        let topic = ctx.world.topic(poll.topic).filter(|topic| topic.last_poll == Some(poll.no))?;
        let what = telling::came_to(ctx.world, &topic).filter(|_| is_theirs(&poll, &topic))?;
        Some(say!("plain.result", no = topic.no, what = what))
    });
    told.take(MOST_SHOWN).collect()
}

/// 委托 — the line that lets somebody else vote, for the vote that is open to them.
fn to_mandate(ctx: &Ctx<'_>) -> Say {
    match ctx.own_polls().first() {
        Some(poll) => say!("plain.mandate", no = poll.topic, question = &poll.title),
        None => to_vote(ctx),
    }
}

/// 不去 — the line for the gathering they are on the list of.
fn to_leave(ctx: &Ctx<'_>) -> Say {
    match gathering::coming_of(ctx).first() {
        Some(one) => joined(one),
        None => say!("e.joined_none"),
    }
}

/// 收回附议 — the line that takes it back, of the topic that is named or the latest one seconded.
fn unsecond(ctx: &Ctx<'_>, written: Option<TopicNo>) -> Say {
    let is_mine = |topic: &&Topic| ctx.world.has(&Key::new(kind::SECOND).num(topic.no.0).num(ctx.me().0));
    let topics = ctx.world.live_topics();
    match topics.iter().filter(|topic| written.is_none_or(|no| topic.no == no)).rfind(is_mine) {
        Some(topic) => say!("plain.unsecond", no = topic.no, title = &topic.title),
        None => say!("plain.unsecond.none"),
    }
}

fn asked_for(ctx: &Ctx<'_>, spoken: &Spoken) -> Say {
    let mine: Vec<Topic> = ctx.world.live_topics().into_iter().filter(|topic| topic.proposer == ctx.me()).collect();
    match mine.as_slice() {
        [] => say!("plain.mine.none", new = request(spoken)),
        [only] => of_topic(ctx, only, spoken, Some(Wish::Mine)),
        [_, ..] => several(&mine),
    }
}

fn suggest(ctx: &Ctx<'_>, spoken: &Spoken) -> Say {
    let is_open = |topic: &&Topic| topic.halt.is_none() && suggestion::may_suggest(ctx, topic);
    let topics = ctx.world.live_topics();
    let row = |topic: &Topic| say!("plain.suggest.row", no = topic.no, title = &topic.title);
    let rows: Vec<Say> = topics.iter().filter(is_open).rev().take(MOST_SHOWN).map(row).collect();
    match rows.is_empty() {
        true => say!("plain.suggest.none", new = request(spoken)),
        false => say!("plain.suggest", rows = Value::Lines(rows), new = request(spoken)),
    }
}

/// Whether a second of whoever speaks would count here now.
fn may_second(ctx: &Ctx<'_>, topic: &Topic) -> bool {
    let is_open = topic.halt.is_none() && topic.step <= Step::Noticing && topic.proposer != ctx.me();
    is_open && ctx.require_neutral(topic, "act.second").is_ok()
}

/// 附议 in private: where it counts, and the line to send there.
fn to_second(ctx: &Ctx<'_>, written: Option<TopicNo>, spoken: &Spoken) -> Say {
    let topics = ctx.world.live_topics();
    let found = match written {
        Some(no) => topics.iter().find(|topic| topic.no == no),
        None => topics.iter().rfind(|topic| may_second(ctx, topic)),
    };
    match (found, written) {
        (Some(topic), _) => say!("plain.second", no = topic.no, title = &topic.title),
        (None, Some(no)) => ctx.no_topic(no),
        (None, None) => say!("plain.second.none", new = request(spoken)),
    }
}

/// 报名 in private: the next gathering, and the line to send in its group.
fn to_join(ctx: &Ctx<'_>, written: Option<crate::domain::kernel::ids::GatheringNo>) -> Option<Say> {
    let own = if written.is_none() { gathering::coming_of(ctx) } else { Vec::new() };
    if let Some(first) = own.first() {
        return Some(joined(first));
    }
    let mut next: Option<Gathering> = None;
    ctx.world.scan(&Key::new(kind::GATHERING), |gathering: Gathering| {
        let is_it = written.is_none_or(|no| gathering.no == no);
        let is_it = is_it && gathering.at > ctx.scene.now && gathering.off.is_none();
        if is_it && next.as_ref().is_none_or(|sooner| gathering.at < sooner.at) {
            next = Some(gathering);
        }
        true
    });
    let next = next?;
    if gathering::own_line(ctx, &next).is_some() {
        return Some(joined(&next));
    }
    Some(say!("plain.join", a = next.no, name = &next.name, at = Value::Moment(next.at)))
}

fn joined(one: &Gathering) -> Say {
    say!("plain.joined", a = one.no, name = &one.name, at = Value::Meeting(one.at), place = &one.place)
}

fn who(ctx: &Ctx<'_>) -> Say {
    let who = &ctx.scene.who;
    if who.enrolled { say!("plain.who", name = &who.name) } else { identity_claim::how(ctx) }
}

/// 人工 — the people who can be asked.
fn office(ctx: &Ctx<'_>) -> Say {
    let people = ctx.world.coordinators_of(ctx.scene.who.base());
    let names: Vec<Value> = people.iter().take(MOST_NAMED).map(|person| (&person.name).into()).collect();
    match names.is_empty() {
        true => say!("plain.office.none"),
        false => say!("plain.office", who = Value::List(names)),
    }
}

fn phone(ctx: &Ctx<'_>) -> Say {
    let who = &ctx.scene.who;
    if who.enrolled { say!("plain.phone", name = &who.name) } else { say!("plain.phone.new") }
}

/// What is sent in a group alone, sent in private: what is to be sent where, with this number; `line` is what was written, as a command.
#[must_use]
pub fn in_group(ctx: &Ctx<'_>, key: &str, line: &str, command: Option<&Command>) -> Say {
    let nothing = Spoken::default();
    match (key, command) {
        ("vote", None) => to_vote(ctx),
        ("second", Some(Command::Second(no))) => to_second(ctx, *no, &nothing),
        ("join", Some(Command::Gathering(GatheringAsk::Join { gathering, .. }))) => {
            to_join(ctx, *gathering).unwrap_or_else(|| say!("plain.join.none"))
        }
        (_, Some(_)) if line.chars().count() <= LONGEST_SHOWN && !line.contains('\n') => {
            say!("e.group.line", line = line)
        }
        (_, Some(_) | None) => say!("e.group"),
    }
}
