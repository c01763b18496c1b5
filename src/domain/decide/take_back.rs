//! 撤回 什么 — whatever somebody did they take back themselves while it decides nothing (`undoable::until`); where something has decided,
//! they read what it was, and what they can do instead.

use crate::domain::brief::Subject;
use crate::domain::decide::{gathering, hiding as hidden, mine, notice};
use crate::domain::event::Event;
use crate::domain::kernel::ids::{BriefNo, GatheringNo, ObjectionRef, ProposalNo, SuggestionRef, TaskNo, TopicNo};
use crate::domain::kernel::mark::{Mark, Why};
use crate::domain::kernel::said::SuggestionArg;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::world::{Key, kind};
use crate::domain::people::undoable::{self, Ask, Fixed, Undoable};
use crate::domain::process::form::Step;
use crate::domain::process::hiding::{self, Shown};
use crate::domain::process::people::{lead_name, moderator_name};
use crate::domain::process::steps::REOPEN_DAYS;
use crate::domain::process::topic::{Halt, Topic};
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::gathering::Ask as Gathering;
use crate::domain::talk::notice::Objection;
use crate::domain::talk::suggestion::{Reply, Suggestion, like_key};
use crate::domain::vote::absence::Kind;
use crate::domain::vote::mandate;
use crate::domain::work::task::{State, Task};
use crate::say;

const EXAMPLE: &str = "ex.undo";

/// 撤回 什么.
pub fn ask(ctx: &Ctx<'_>, ask: Ask) -> Decided {
    match ask {
        Ask::Second(topic) => second(ctx, topic),
        Ask::Like(at) => like(ctx, at),
        Ask::Topic(no) => request(ctx, no),
        Ask::Suggestion(at) => suggestion(ctx, at),
        Ask::Reply(to, n) => reply(ctx, to, n),
        Ask::Objection(topic, n) => objection(ctx, topic, n),
        Ask::Brief(no) => brief(ctx, no),
        Ask::Proposal(no) => proposal(ctx, no),
        Ask::Rating(task) => rating(ctx, task),
        Ask::Ballot(topic) => ballot(ctx, topic),
        Ask::Lead(topic) => lead(ctx, topic),
        Ask::Fixed(what, topic, task) => Err(fixed(ctx, what, topic, task)),
        Ask::Here => here(ctx),
    }
}

fn taken_back(ctx: &Ctx<'_>, what: Undoable) -> Decided {
    require_undecided(ctx, what)?;
    if let Undoable::Suggestion(at) = what {
        require_unanswered(ctx, at)?;
    }
    Ok(Decision::fact(Event::Undone { what }))
}

/// The suggestion that is meant, taken back or not.
fn resolve(ctx: &Ctx<'_>, at: Option<SuggestionArg>) -> Result<(Topic, Suggestion), Say> {
    if let Some(SuggestionArg::Full(reference)) = at {
        let key = Key::new(kind::SUGGESTION).num(reference.topic.0).num(reference.n);
        let gone = ctx.world.get::<Suggestion>(&key).filter(|known| known.withdrawn);
        if gone.is_some() {
            return Err(say!("e.back.twice", what = say!("undo.suggestion", r#ref = reference)));
        }
    }
    ctx.resolve_kept(at, EXAMPLE)
}

/// 附议 — of what went on as another topic it is taken back there, where it is counted.
fn second(ctx: &Ctx<'_>, written: Option<TopicNo>) -> Decided {
    let named = ctx.resolve_topic(written, EXAMPLE)?;
    let no = ctx.world.goes_on_as(named.no).last().copied().unwrap_or(named.no);
    if ctx.world.seconded_by(no, ctx.me()).is_empty() {
        return Err(say!("e.back.second.none", no = no));
    }
    taken_back(ctx, Undoable::Second(no))
}

fn like(ctx: &Ctx<'_>, at: Option<SuggestionArg>) -> Decided {
    let (_, suggestion) = resolve(ctx, at)?;
    let reference = suggestion.reference;
    if !ctx.world.has(&like_key(reference, ctx.me())) {
        return Err(say!("e.back.like.none", r#ref = reference));
    }
    taken_back(ctx, Undoable::Like(reference))
}

/// 建议 — by whoever made it, or wrote it down for somebody who has not said that it is theirs. Whom it was written down for says that
/// it is not.
fn suggestion(ctx: &Ctx<'_>, at: Option<SuggestionArg>) -> Decided {
    let (_, known) = resolve(ctx, at)?;
    let what = Undoable::Suggestion(known.reference);
    match () {
        () if is_own_suggestion(ctx, &known) => taken_back(ctx, what),
        () if known.author == ctx.me() => hidden::hide(ctx, &hiding::Ask::Disown(Some(known.reference))),
        () => {
            // Written down, and said to be theirs by whose words they are: it is theirs alone from then on.
            let writer = known.written_down_by().filter(|_| !ctx.world.is_owned(known.reference));
            let who = ctx.world.name_of(writer.unwrap_or(known.author));
            Err(say!("e.back.theirs", what = undoable::name_of(what), who = who))
        }
    }
}

/// Whether a suggestion is the speaker's own deed.
fn is_own_suggestion(ctx: &Ctx<'_>, suggestion: &Suggestion) -> bool {
    match suggestion.written_down_by() {
        None => suggestion.author == ctx.me(),
        Some(by) => by == ctx.me() && !ctx.world.is_owned(suggestion.reference),
    }
}

/// 跟帖 — the one that is named, or the only one of the speaker's there.
fn reply(ctx: &Ctx<'_>, to: Option<SuggestionArg>, n: Option<u32>) -> Decided {
    let (_, suggestion) = resolve(ctx, to)?;
    let to = suggestion.reference;
    let own = own_replies(ctx, to);
    if let Some(n) = n {
        let known: Option<Reply> = ctx.world.get(&Key::new(kind::REPLY).num(to.topic.0).num(to.n).num(n));
        return match known {
            None => Err(say!("e.back.reply.none", r#ref = to)),
            Some(known) if known.withdrawn => Err(say!("e.back.twice", what = say!("undo.reply", r#ref = to))),
            Some(known) if known.author != ctx.me() => {
                Err(say!("e.back.theirs", what = say!("undo.reply", r#ref = to), who = ctx.world.name_of(known.author)))
            }
            Some(_) => taken_back(ctx, Undoable::Reply(to, n)),
        };
    }
    match own.as_slice() {
        [] => Err(say!("e.back.reply.none", r#ref = to)),
        [one] => taken_back(ctx, Undoable::Reply(to, *one)),
        several => Err(which(ctx, several.iter().map(|n| Undoable::Reply(to, *n)))),
    }
}

fn own_replies(ctx: &Ctx<'_>, to: SuggestionRef) -> Vec<u32> {
    let mut replies: Vec<Reply> = ctx.world.list(&Key::new(kind::REPLY).num(to.topic.0).num(to.n), usize::MAX);
    replies.retain(|reply| !reply.withdrawn && reply.author == ctx.me());
    replies.into_iter().map(|reply| reply.n).collect()
}

/// 异议 — the one that is named, or the only one of the speaker's that waits.
fn objection(ctx: &Ctx<'_>, written: Option<TopicNo>, n: Option<u32>) -> Decided {
    if let (None, None, Some(Mark::Objection(at))) = (written, n, &ctx.scene.reply) {
        return of_objection(ctx, *at);
    }
    let topic = ctx.resolve_topic(written, EXAMPLE)?.no;
    if let Some(n) = n {
        return of_objection(ctx, ObjectionRef { topic, n });
    }
    let mut own = ctx.world.objections(topic);
    own.retain(|one| one.author == ctx.me());
    let open: Vec<&Objection> = own.iter().filter(|one| one.answer.is_none()).collect();
    match (open.as_slice(), own.last()) {
        ([], None) => Err(say!("e.back.objection.none", no = topic)),
        ([one], _) => of_objection(ctx, one.reference),
        // Why not is said of the one that was answered.
        ([], Some(latest)) => of_objection(ctx, latest.reference),
        (several, _) => Err(which(ctx, several.iter().map(|one| Undoable::Objection(one.reference)))),
    }
}

fn of_objection(ctx: &Ctx<'_>, at: ObjectionRef) -> Decided {
    let key = Key::new(kind::OBJECTION).num(at.topic.0).num(at.n);
    let known: Objection =
        ctx.world.get(&key).ok_or_else(|| say!("e.no_objection", no = at.topic, r#ref = at.named()))?;
    let what = Undoable::Objection(at);
    if known.withdrawn {
        return Err(say!("e.back.twice", what = undoable::name_of(what)));
    }
    if known.author != ctx.me() {
        let who = ctx.world.name_of(known.author);
        return Err(say!("e.back.theirs", what = undoable::name_of(what), who = who));
    }
    taken_back(ctx, what)
}

/// 点单 — whom it was entered for by another says that it is not theirs.
fn request(ctx: &Ctx<'_>, no: TopicNo) -> Decided {
    let kept: Option<Topic> = ctx.world.get(&Key::new(kind::TOPIC).num(no.0));
    let topic = kept.ok_or_else(|| say!("e.no_topic", no = no))?;
    let what = Undoable::Topic(no);
    if topic.withdrawn {
        return Err(say!("e.back.twice", what = undoable::name_of(what)));
    }
    if topic.proposer != ctx.me() {
        let who = ctx.world.name_of(topic.proposer);
        return Err(say!("e.back.theirs", what = undoable::name_of(what), who = who));
    }
    if ctx.world.is_in_name_only(&topic) {
        return hidden::hide(ctx, &hiding::Ask::DisownTopic(no));
    }
    taken_back(ctx, what)
}

fn brief(ctx: &Ctx<'_>, no: BriefNo) -> Decided {
    let known = ctx.world.brief(no).ok_or_else(|| say!("e.no_brief", b = no))?;
    if known.by != ctx.me() {
        let (what, who) = (undoable::name_of(Undoable::Brief(no)), ctx.world.name_of(known.by));
        return Err(say!("e.back.theirs", what = what, who = who));
    }
    taken_back(ctx, Undoable::Brief(no))
}

fn proposal(ctx: &Ctx<'_>, no: ProposalNo) -> Decided {
    let known = ctx.world.proposal(no).ok_or_else(|| say!("e.no_prop", b = no))?;
    if known.by != ctx.me() {
        let (what, who) = (undoable::name_of(Undoable::Proposal(no)), ctx.world.name_of(known.by));
        return Err(say!("e.back.theirs", what = what, who = who));
    }
    taken_back(ctx, Undoable::Proposal(no))
}

/// 评价 decides at once: what is satisfactory is done, what is not is done again.
fn rating(ctx: &Ctx<'_>, written: Option<TaskNo>) -> Decided {
    let (topic, task) = ctx.resolve_task(written, "ex.rate")?;
    let chair = moderator_name(ctx.world, &topic);
    Err(match task.grade {
        None => say!("e.back.rating.none", t = task.no),
        Some(_) => say!("e.back.rating", t = task.no, r#mod = chair),
    })
}

/// 投票 — a ballot is cast again, not taken back: whoever has voted is counted as having taken part.
fn ballot(ctx: &Ctx<'_>, written: Option<TopicNo>) -> Decided {
    let topic = ctx.resolve_topic(written, EXAMPLE)?;
    Err(match topic.poll.and_then(|no| ctx.world.poll(no)) {
        Some(poll) => say!("e.undo.ballot", no = topic.no, end = Value::Moment(poll.ends)),
        None => say!("e.back.ballot.over", no = topic.no),
    })
}

/// 买单 — it counts at once, and others rely on it: who leads instead is for a coordinator to name.
fn lead(ctx: &Ctx<'_>, written: Option<TopicNo>) -> Decided {
    let topic = ctx.resolve_topic(written, EXAMPLE)?;
    let no = topic.no;
    topic.require_open()?;
    let who = ctx.world.coordinators_of(&topic.town).into_iter().take(3).map(|one| (&one.name).into()).collect();
    Err(match topic.lead {
        None => say!("e.back.lead.none", no = no),
        Some(lead) if lead != ctx.me() => {
            say!("e.back.theirs", what = say!("undo.lead", no = no), who = ctx.world.name_of(lead))
        }
        Some(_) => say!("e.back.lead", no = no, who = Value::List(who)),
    })
}

/// 不能撤回 — that it counts at once, who can change it, and with which line; where none is taken now, whom to tell.
fn fixed(ctx: &Ctx<'_>, what: Fixed, topic: Option<TopicNo>, task: Option<TaskNo>) -> Say {
    let known = task.and_then(|no| ctx.world.task(no));
    let topic = topic.or_else(|| known.as_ref().map(|task| task.topic));
    let topic = topic.and_then(|no| ctx.world.topic(no)).or_else(|| ctx.resolve_topic(None, EXAMPLE).ok());
    let how = match (topic, known) {
        (Some(topic), Some(task)) => {
            task_instead(ctx, what, &topic, &task).unwrap_or_else(|| topic_instead(ctx, what, &topic))
        }
        (Some(topic), None) => match only_task(ctx, what, &topic) {
            Some(task) => task_instead(ctx, what, &topic, &task).unwrap_or_else(|| topic_instead(ctx, what, &topic)),
            None => topic_instead(ctx, what, &topic),
        },
        (None, _) => say!("fixed.how.nobody"),
    };
    say!("e.back.fixed", what = Value::Term(what.term().to_owned()), how = how)
}

/// The only task of a topic, for what is done to tasks.
fn only_task(ctx: &Ctx<'_>, what: Fixed, topic: &Topic) -> Option<Task> {
    let is_of_tasks = match what {
        Fixed::Assign | Fixed::Ack | Fixed::Progress | Fixed::Delay | Fixed::GiveBack => true,
        Fixed::Close => topic.step == Step::Tracking,
        Fixed::Next
        | Fixed::Notice
        | Fixed::Plan
        | Fixed::Pact
        | Fixed::Review
        | Fixed::Verdict
        | Fixed::Answer
        | Fixed::Back
        | Fixed::Pause
        | Fixed::End
        | Fixed::Merge
        | Fixed::Split => false,
    };
    let tasks = if is_of_tasks { ctx.world.tasks(topic.no) } else { Vec::new() };
    match tasks.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}

fn coordinators(ctx: &Ctx<'_>, topic: &Topic) -> Value {
    Value::List(ctx.world.coordinators_of(&topic.town).into_iter().take(3).map(|one| (&one.name).into()).collect())
}

/// What can be done about a task where it stands.
fn task_instead(ctx: &Ctx<'_>, what: Fixed, topic: &Topic, task: &Task) -> Option<Say> {
    if topic.step != Step::Tracking || topic.halt.is_some() {
        return None;
    }
    let (t, handler) = (task.no, ctx.world.name_of(task.handler));
    Some(match task.state {
        State::Answered => {
            let who = ctx.world.rater(task).map(|rater| ctx.world.name_of(rater)).unwrap_or_default();
            say!("fixed.how.rate", t = t, who = who)
        }
        State::Assigned | State::Returned if matches!(what, Fixed::Assign | Fixed::GiveBack) => {
            say!("fixed.how.assign", t = t, who = coordinators(ctx, topic))
        }
        State::Assigned | State::Acked => say!("fixed.how.progress", t = t, who = handler),
        State::Returned | State::Done => return None,
    })
}

/// What can be done about a topic where it stands.
fn topic_instead(ctx: &Ctx<'_>, what: Fixed, topic: &Topic) -> Say {
    let (no, chair) = (topic.no, moderator_name(ctx.world, topic));
    let is_reopened = || (ctx.settings.date(ctx.scene.now) - ctx.settings.date(topic.since)).num_days() <= REOPEN_DAYS;
    match (topic.halt, topic.step) {
        (Some(Halt::Paused), _) => say!("fixed.how.resume", no = no, r#mod = chair),
        (Some(Halt::Ended), _) => {
            let who = coordinators(ctx, topic);
            say!("fixed.how.ended", no = no, title = &topic.title, who = who, n = REOPEN_DAYS)
        }
        (Some(Halt::Merged(into)), _) if what == Fixed::Merge => say!("fixed.how.unmerge", no = no, to = into),
        (Some(Halt::Merged(into)), _) => say!("fixed.how.merged", no = no, to = into),
        (None, Step::Closed) if is_reopened() => {
            say!("fixed.how.reopen", no = no, who = coordinators(ctx, topic), n = REOPEN_DAYS)
        }
        (None, Step::Planning) if matches!(what, Fixed::Plan) => say!("fixed.how.plan", no = no, r#mod = chair),
        (None, Step::Reviewing) if matches!(what, Fixed::Pact) => say!("fixed.how.pact", no = no, r#mod = chair),
        (None, Step::Noticing | Step::Reviewing | Step::Voting) if topic.poll.is_none() => {
            say!("fixed.how.back", no = no, r#mod = chair)
        }
        (None, _) => say!("fixed.how.tell", no = no, r#mod = chair),
    }
}

/// In answer to a message of ours: what of it is the speaker's, if that is one thing.
fn here(ctx: &Ctx<'_>) -> Decided {
    let own: Vec<Undoable> = match &ctx.scene.reply {
        Some(Mark::Topic(no) | Mark::Suggestions(no) | Mark::Poll { topic: no, .. } | Mark::Why(Why::Against(no))) => {
            on_topic(ctx, *no)
        }
        Some(Mark::Suggestion(at)) => on_suggestion(ctx, *at),
        Some(Mark::Objection(at)) => return of_objection(ctx, *at),
        Some(Mark::Brief(no)) => return brief(ctx, *no),
        Some(Mark::Proposal(no) | Mark::Why(Why::Proposal(no))) => return proposal(ctx, *no),
        Some(Mark::Task(no) | Mark::Why(Why::Task(no))) => return rating(ctx, Some(*no)),
        Some(Mark::Gathering(no)) => return place(ctx, *no),
        Some(Mark::Slip(_) | Mark::Claim(_) | Mark::Claims) | None => return mine::undo(ctx),
    };
    match own.as_slice() {
        [] => Err(say!("e.back.here")),
        [one] => taken_back(ctx, *one),
        several => Err(which(ctx, several.iter().copied())),
    }
}

fn place(ctx: &Ctx<'_>, no: GatheringNo) -> Decided {
    gathering::ask(ctx, &Gathering::Leave { gathering: Some(no), why: String::new() })
}

fn on_topic(ctx: &Ctx<'_>, no: TopicNo) -> Vec<Undoable> {
    let Some(topic) = ctx.world.topic(no).filter(|topic| !topic.withdrawn) else { return Vec::new() };
    let root = ctx.world.goes_on_as(no).last().copied().unwrap_or(no);
    let mut found = Vec::new();
    found.extend((!ctx.world.seconded_by(root, ctx.me()).is_empty()).then_some(Undoable::Second(root)));
    found.extend((topic.proposer == ctx.me()).then_some(Undoable::Topic(no)));
    found.extend(ctx.world.unanswered_of(no, ctx.me()).into_iter().map(|one| Undoable::Objection(one.reference)));
    found
}

fn on_suggestion(ctx: &Ctx<'_>, at: SuggestionRef) -> Vec<Undoable> {
    let Some(known) = ctx.world.suggestion_kept(at) else { return Vec::new() };
    let mut found = Vec::new();
    found.extend(is_own_suggestion(ctx, &known).then_some(Undoable::Suggestion(at)));
    found.extend(ctx.world.has(&like_key(at, ctx.me())).then_some(Undoable::Like(at)));
    found.extend(own_replies(ctx, at).into_iter().map(|n| Undoable::Reply(at, n)));
    found
}

fn which(ctx: &Ctx<'_>, found: impl Iterator<Item = Undoable>) -> Say {
    let rows = found.filter_map(|what| line_of(ctx, what)).collect();
    say!("e.back.which", rows = Value::Lines(rows))
}

/// The line with which it is taken back by name.
pub(super) fn line_of(ctx: &Ctx<'_>, what: Undoable) -> Option<Say> {
    Some(match what {
        Undoable::Topic(no) => say!("back.line.topic", no = no),
        Undoable::Second(no) => say!("back.line.second", no = no),
        Undoable::Suggestion(at) => say!("back.line.suggestion", r#ref = at),
        Undoable::Reply(to, n) => say!("back.line.reply", r#ref = to, n = n),
        Undoable::Like(at) => say!("back.line.like", r#ref = at),
        Undoable::SignUp(no, _) => say!("back.line.join", a = no),
        Undoable::Brief(no) => say!("back.line.brief", b = no),
        Undoable::Proposal(no) => say!("back.line.proposal", b = no),
        Undoable::Objection(at) => say!("back.line.objection", r#ref = at.named()),
        Undoable::Absence(no, seat) => match ctx.world.absence(no, seat)?.kind {
            Kind::Leave => say!("back.line.leave", no = no),
            Kind::Recusal => say!("back.line.recusal", no = no),
        },
        Undoable::Mandate(no, _) => say!("back.line.mandate", no = no),
        Undoable::Duty(person, n) if person == ctx.me() => say!("back.line.duty", n = n),
        Undoable::Duty(person, n) => say!("back.line.duty.of", who = ctx.world.name_of(person), n = n),
    })
}

/// 还没作数 — nothing has been decided on it yet. Each line of the table `undoable::until` says here what has, and what to do instead.
///
/// # Errors
/// What has decided, by its number.
pub(super) fn require_undecided(ctx: &Ctx<'_>, what: Undoable) -> Result<(), Say> {
    match what {
        Undoable::Topic(no) => not_taken_up(ctx, no),
        Undoable::Second(no) | Undoable::Like(SuggestionRef { topic: no, .. }) => not_past(ctx, no, what),
        Undoable::Reply(to, _) => not_past(ctx, to.topic, what),
        Undoable::Suggestion(at) => not_answered(ctx, at),
        Undoable::Objection(at) => not_replied(ctx, at),
        Undoable::SignUp(no, _) => match ctx.world.gathering(no) {
            Some(gathering) => gathering::still_open(ctx, &gathering),
            None => Err(say!("e.back.here")),
        },
        Undoable::Mandate(topic, voter) => {
            let own = ctx.world.is_principal(topic, voter, ctx.me());
            let is_unused = own && mandate::is_unused(ctx.world, topic, voter);
            is_unused.then_some(()).ok_or_else(|| say!("e.back.mandate", no = topic))
        }
        Undoable::Absence(topic, seat) => not_counted(ctx, topic, seat),
        Undoable::Brief(no) => {
            let known = ctx.world.brief(no).ok_or_else(|| say!("e.no_brief", b = no))?;
            let is_bare = known.is_untouched() && ctx.world.is_without_outcome(Subject::Info(no));
            let state = Value::Term(known.term().to_owned());
            is_bare.then_some(()).ok_or_else(|| say!("e.back.brief", b = no, state = state))
        }
        Undoable::Proposal(no) => {
            let known = ctx.world.proposal(no).ok_or_else(|| say!("e.no_prop", b = no))?;
            let is_bare = known.is_untouched() && ctx.world.is_without_outcome(Subject::Proposal(no));
            let state = Value::Term(known.term().to_owned());
            is_bare.then_some(()).ok_or_else(|| say!("e.back.proposal", b = no, state = state))
        }
        Undoable::Duty(person, n) => {
            let stands = ctx.world.duty(person, n).is_some_and(|duty| !duty.withdrawn);
            stands.then_some(()).ok_or_else(|| say!("e.back.twice", what = undoable::name_of(what)))
        }
    }
}

fn not_counted(ctx: &Ctx<'_>, topic: TopicNo, seat: Seat) -> Result<(), Say> {
    let is_own = ctx.world.absence(topic, seat).is_some_and(|absence| absence.own);
    is_own.then_some(()).ok_or_else(|| say!("e.back.absence", no = topic))
}

/// 终止, 并案, 办结: it is kept as it was.
fn not_over(topic: &Topic, what: Undoable) -> Result<(), Say> {
    let over = |term: &str| {
        say!("e.back.over", no = topic.no, state = Value::Term(term.to_owned()), what = undoable::name_of(what))
    };
    match topic.halt {
        Some(Halt::Ended) => Err(over("halt.ended")),
        Some(Halt::Merged(_)) => Err(over("halt.merged")),
        Some(Halt::Paused) | None if topic.step == Step::Closed => Err(over("step.closed")),
        Some(Halt::Paused) | None => Ok(()),
    }
}

/// 公示期满 — as long as it may be given, it may be taken back.
fn not_past(ctx: &Ctx<'_>, no: TopicNo, what: Undoable) -> Result<(), Say> {
    // 并案 — as long as what it goes on as takes it.
    let topic = ctx.world.led_on(no).ok_or_else(|| ctx.no_topic(no))?;
    let no = topic.no;
    not_over(&topic, what)?;
    if topic.step <= Step::Noticing {
        return Ok(());
    }
    let (stage, chair) = (Value::Term(topic.step.term().to_owned()), moderator_name(ctx.world, &topic));
    Err(say!("e.back.past", no = no, stage = stage, what = undoable::name_of(what), r#mod = chair))
}

fn not_answered(ctx: &Ctx<'_>, at: SuggestionRef) -> Result<(), Say> {
    let (_, known) = ctx.resolve_kept(Some(SuggestionArg::Full(at)), EXAMPLE)?;
    if known.verdict.is_some() {
        return Err(say!("e.back.judged", r#ref = at));
    }
    let is_disowned = |what| ctx.world.hiding_of(what).is_some_and(|hiding| hiding.is_disowned());
    if is_disowned(Shown::Suggestion(at)) {
        return Err(say!("e.back.twice", what = say!("undo.suggestion", r#ref = at)));
    }
    if let Some(into) = ctx.world.went_to(at) {
        return Err(say!("e.back.split", r#ref = at, to = into));
    }
    not_past(ctx, at.topic, Undoable::Suggestion(at))
}

/// What others have answered is not taken from under their words; within the two minutes of /撤回 alone it goes with them.
pub(super) fn require_unanswered(ctx: &Ctx<'_>, at: SuggestionRef) -> Result<(), Say> {
    match ctx.world.replies_kept(at).into_iter().filter(|reply| reply.author != ctx.me()).count() {
        0 => Ok(()),
        others => Err(say!("e.back.replied", r#ref = at, n = others)),
    }
}

fn not_replied(ctx: &Ctx<'_>, at: ObjectionRef) -> Result<(), Say> {
    let missing = || say!("e.no_objection", no = at.topic, r#ref = at.named());
    let known = ctx.world.objection(at).ok_or_else(missing)?;
    if let Some(answer) = known.answer {
        let (reference, who) = (at.named(), ctx.world.name_of(answer.by));
        return Err(match ctx.world.topic(at.topic).filter(|topic| !notice::may_object(ctx, topic)) {
            Some(topic) => {
                let chair = moderator_name(ctx.world, &topic);
                say!("e.back.objection.over", no = at.topic, r#ref = reference, who = who, r#mod = chair)
            }
            None => say!("e.back.objection", no = at.topic, r#ref = reference, who = who),
        });
    }
    let topic = ctx.world.topic(at.topic).ok_or_else(missing)?;
    not_over(&topic, Undoable::Objection(at))
}

/// 买单, or others' seconds: it is not the proposer's alone any more.
fn not_taken_up(ctx: &Ctx<'_>, no: TopicNo) -> Result<(), Say> {
    let topic = ctx.require_topic(no)?;
    if mine::untouched(ctx, &topic) {
        return Ok(());
    }
    not_over(&topic, Undoable::Topic(no))?;
    let chair = moderator_name(ctx.world, &topic);
    Err(match () {
        () if topic.lead.is_some() => {
            say!("e.back.topic.taken", no = no, who = lead_name(ctx.world, &topic), r#mod = chair)
        }
        () if topic.seconds > 0 => say!("e.back.topic.seconded", no = no, n = topic.seconds, r#mod = chair),
        () => say!("e.back.topic.moved", no = no, r#mod = chair),
    })
}
