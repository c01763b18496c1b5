//! 说票 — cards and results of polls that have more than a rule: options, 不记名, 反对须说理由.

use crate::domain::kernel::ids::{PersonId, PollNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::process::hiding::Shown;
use crate::domain::process::topic::{Topic, page};
use crate::domain::vote::failed::was_turned_down;
use crate::domain::vote::poll::filling::listed;
use crate::domain::vote::poll::ranking::{Round, Row, Standing};
use crate::domain::vote::poll::terms::{Method, Terms};
use crate::domain::vote::poll::{Ballot, Counted, Poll, Rule, in_favour};
use crate::domain::vote::tally::Tally;
use crate::say;

/// Whether a result is told as members are used to it: 应到, 请假, 回避, 已投.
#[must_use]
pub fn is_told(rule: Rule, tally: &Tally) -> bool {
    rule.counts_off() || rule.is_of_members() && tally.leave + tally.recused > 0
}

/// By the law nobody is counted off: said where somebody might think otherwise.
#[must_use]
pub fn clause(rule: Rule, tally: &Tally) -> Say {
    if !rule.is_of_law() || tally.leave + tally.recused == 0 {
        return say!("none");
    }
    say!("tally.away", l = tally.leave, r = tally.recused)
}

/// How many took part, of how many, in one line.
#[must_use]
pub fn attendance(rule: Rule, tally: &Tally) -> Say {
    let (n, due) = (tally.cast(), tally.due(rule));
    match is_told(rule, tally) {
        true => say!("export.due", N = due, l = tally.leave, r = tally.recused, n = n),
        false => say!("export.due.law", n = n, N = due, away = clause(rule, tally)),
    }
}

/// 计票 while members vote.
#[must_use]
pub fn progress(poll: &Poll, tally: &Tally, met: Value) -> Say {
    say!(
        "tally.members",
        no = poll.topic,
        N = tally.due(poll.rule),
        l = tally.leave,
        r = tally.recused,
        n = tally.cast(),
        met = met,
        end = Value::Moment(poll.ends),
    )
}

/// The result of a members' vote that passed.
#[must_use]
pub fn passed(poll: &Poll, tally: &Tally, next: Say) -> Say {
    say!(
        "poll.result.pass.members",
        no = poll.topic,
        N = tally.due(poll.rule),
        l = tally.leave,
        r = tally.recused,
        n = tally.cast(),
        pt = poll.rule.turnout(),
        y = tally.yes,
        yp = in_favour(poll.rule, tally.yes, tally.cast()),
        yt = poll.rule.approval(),
        no_n = tally.no,
        ab = tally.abstain,
        next = next,
    )
}

/// 未通过 — every point that was missed and, where the result does not give them otherwise, how many chose what: also of a secret vote, whose
/// counts are always told.
#[must_use]
pub fn why_failed(rule: Rule, tally: &Tally, missed: Vec<Say>) -> Value {
    let why = Value::Clauses(missed);
    if is_told(rule, tally) {
        return why;
    }
    let (n, due) = (tally.cast(), tally.due(rule));
    say!("tally.why", why = why, y = tally.yes, no_n = tally.no, ab = tally.abstain, n = n, N = due).into()
}

/// A second vote is offered for at least so many days: one that is sent late in the evening has hours enough all the same.
const LEAST_DAYS: i64 = 3;

/// What the moderator can do after a vote that did not pass: where too few took part, it is held once more by the same rule.
#[must_use]
pub fn after(world: &World<'_>, poll: &Poll) -> Say {
    if was_turned_down(poll) {
        return say!("tally.back", no = poll.topic);
    }
    // A day ends in the evening: what was opened in the morning ran some hours more than its days.
    let days = ((poll.ends - poll.opened).num_hours() + 4) / 24;
    let rule = Value::Term(poll.rule.term().to_owned());
    let terms = world.poll_terms(poll.no).unwrap_or_default();
    let flag = |is: bool, key: &str| match is {
        true => say!("e.same_end.flag", flag = Value::Term(key.to_owned())),
        false => say!("none"),
    };
    let (secret, reasons) = (flag(terms.secret, "flag.secret"), flag(terms.reasons, "flag.reasons"));
    say!(
        "tally.back.again",
        no = poll.topic,
        rule = rule,
        days = days.max(LEAST_DAYS),
        title = &poll.title,
        secret = secret,
        reasons = reasons,
    )
}

/// The result of a members' vote that did not.
#[must_use]
pub fn failed(world: &World<'_>, poll: &Poll, tally: &Tally, why: Value) -> Say {
    let next = if poll.is_formal { after(world, poll) } else { say!("tally.again", no = poll.topic) };
    say!(
        "poll.result.fail.members",
        no = poll.topic,
        N = tally.due(poll.rule),
        l = tally.leave,
        r = tally.recused,
        n = tally.cast(),
        y = tally.yes,
        no_n = tally.no,
        ab = tally.abstain,
        why = why,
        next = next,
    )
}

/// Lines the options take on a card and in a result.
const LINES: usize = 3;

/// Reasons told with a result; the others stand on the page.
const TOLD: usize = 3;

/// Reasons of one poll that are read.
const MAX_REASONS: usize = 2_000;

fn term(key: String) -> Value {
    Value::Term(key)
}

/// 单选, 多选（最多2项）.
#[must_use]
pub fn method_name(method: Method) -> Say {
    match method {
        Method::Multiple(most) => say!("method.multiple.name", n = u32::from(most)),
        Method::Budget(points) => say!("method.budget.name", n = points),
        Method::Single | Method::Ranked => say!("method.name", method = term(method.term().to_owned())),
    }
}

/// The kind of a poll: its method, or the rule in full.
#[must_use]
pub fn kind_of(rule: Rule, terms: &Terms) -> Value {
    match terms.method {
        Some(method) => method_name(method).into(),
        None => rule.long(),
    }
}

/// Says on few lines, several on a line.
fn packed(rows: &[Say]) -> Value {
    let a_line = if rows.len() <= LINES { 1 } else { rows.len().div_ceil(LINES) };
    Value::Lines(rows.chunks(a_line).map(|few| say!("option.line", items = Value::Clauses(few.to_vec()))).collect())
}

/// The card of a poll that has terms.
#[must_use]
pub fn card(poll: &Poll, terms: &Terms) -> Say {
    let (no, end) = (poll.topic, Value::Moment(poll.ends));
    let eg = terms.example();
    if let Some(method) = terms.method {
        let row = |k: u8| say!("option.row", k = u32::from(k), opt = terms.option(k));
        let rows: Vec<Say> = (1..=terms.count()).map(row).collect();
        let how = if terms.secret { say!("card.secret", no = no, eg = eg) } else { say!("card.reply", eg = eg) };
        // Points are typed; whoever votes in secret presses nothing in a group.
        let press = if terms.secret || matches!(method, Method::Budget(_)) { 0 } else { terms.count() };
        return say!(
            "poll.options",
            no = no,
            method = term(method.term().to_owned()),
            title = &poll.title,
            what = term(format!("{}.do", method.term())),
            n = method.limit(),
            options = packed(&rows),
            end = end,
            how = how,
            press = u32::from(press),
            early = early(terms),
        );
    }
    let rule = poll.rule.long();
    let name = term(if poll.rule.is_vote() { "poll.vote" } else { poll.rule.term() }.to_owned());
    let why = if terms.reasons { say!("card.reasons") } else { say!("none") };
    let law = if poll.rule.is_vote() { say!("card.law") } else { say!("none") };
    let title = &poll.title;
    if terms.secret {
        return say!("poll.secret", no = no, name = name, title = title, rule = rule, end = end, why = why, law = law)
            .with("early", early(terms));
    }
    say!("poll.reasons", no = no, name = name, title = title, rule = rule, end = end, why = why, law = law)
        .with("early", early(terms))
}

/// 投完即止, where it was opened so.
#[must_use]
pub fn early(terms: &Terms) -> Say {
    if terms.until_all { say!("card.early") } else { say!("none") }
}

/// What a card shows below of a close that has been put off, or comes sooner.
#[must_use]
pub fn closes(world: &World<'_>, poll: &Poll) -> Vec<Say> {
    let deadline = world.deadline(poll.no);
    let by = |by: Option<PersonId>| by.map(|by| world.name_of(by)).unwrap_or_default();
    let extended = deadline
        .extended
        .map(|one| say!("card.extended", from = Value::Moment(one.from), end = Value::Moment(one.to), by = by(one.by)));
    let all_in = deadline.all_in.filter(|at| *at < poll.ends).map(|at| say!("card.all_in", at = Value::Moment(at)));
    extended.into_iter().chain(all_in).collect()
}

/// 延长、提前结束 — a result with what became of the close of its vote.
#[must_use]
pub fn with_close(world: &World<'_>, poll: &Poll, result: Say) -> Say {
    let deadline = world.deadline(poll.no);
    let result = match deadline.extended {
        None => result,
        Some(one) => {
            let (from, end) = (Value::Moment(one.from), Value::Moment(one.to));
            let by = one.by.map(|by| world.name_of(by)).unwrap_or_default();
            say!("result.extended", what = result, from = from, end = end, by = by, why = &one.reason)
        }
    };
    match deadline.early {
        None => result,
        Some(at) => say!("result.early", what = result, at = Value::Moment(poll.ends), end = Value::Moment(at)),
    }
}

/// 方案、公约 — where what is voted on may be read.
#[must_use]
pub fn papers(topic: &Topic) -> Option<Say> {
    match (topic.plans > 0, topic.pacts > 0) {
        (true, true) => Some(say!("card.papers", url = page(topic.no))),
        (true, false) => Some(say!("card.plan", url = page(topic.no))),
        (false, true) => Some(say!("card.pact", url = page(topic.no))),
        (false, false) => None,
    }
}

/// 结果 — what the last vote or poll of a topic came to, in one line; `None` where none was counted, or it counts no more.
#[must_use]
pub fn came_to(world: &World<'_>, topic: &Topic) -> Option<Say> {
    let poll = topic.last_poll.and_then(|no| world.poll(no)).filter(|poll| !poll.is_void)?;
    let counted = poll.result.as_ref()?;
    let terms = world.poll_terms(poll.no).unwrap_or_default();
    let what = match (terms.method, world.standing(poll.no)) {
        (Some(_), Some(standing)) => match standing.first().as_slice() {
            [] => say!("result.nobody"),
            [one] => say!("result.first", opt = terms.option(*one)),
            several => {
                let list = several.iter().map(|option| terms.option(*option)).collect();
                say!("result.joint", list = Value::List(list))
            }
        },
        _ => {
            let tally = &counted.tally;
            say!("card.result.counts", y = tally.yes, no_n = tally.no, ab = tally.abstain)
        }
    };
    let key = match counted.passed {
        Some(true) => "card.result.passed",
        Some(false) => "card.result.failed",
        None => "card.result.straw",
    };
    let (n, due) = (counted.tally.cast(), counted.tally.due(poll.rule));
    Some(Say::new(key).with("what", what).with("n", n).with("N", due))
}

/// What each option got, the most first.
#[must_use]
pub fn figures(terms: &Terms, method: Method, standing: &Standing) -> Vec<Say> {
    let figure = |row: &Row| {
        // As on the card: the order tells who came first, the number which it is.
        let (k, opt) = (u32::from(row.option), terms.option(row.option));
        match method {
            Method::Budget(_) => say!("result.points", k = k, opt = opt, n = row.votes),
            Method::Single | Method::Multiple(_) | Method::Ranked => {
                say!("result.votes", k = k, opt = opt, n = row.votes)
            }
        }
    };
    standing.rows.iter().map(figure).collect()
}

/// The result of a poll with options.
#[must_use]
pub fn standings(poll: &Poll, counted: &Counted, terms: &Terms, method: Method, standing: &Standing) -> Say {
    let first = match standing.first().as_slice() {
        [] => say!("result.nobody"),
        [one] => say!("result.first", opt = terms.option(*one)),
        several => {
            let names = several.iter().map(|option| terms.option(*option)).collect();
            say!("result.joint", list = Value::List(names))
        }
    };
    let rows = figures(terms, method, standing);
    say!(
        "poll.options.result",
        no = poll.topic,
        method = term(method.term().to_owned()),
        first = first,
        n = counted.tally.cast(),
        N = counted.tally.due(poll.rule),
        blank = blank(standing),
        figures = packed(&rows),
        rounds = rounds(terms, &standing.rounds),
        by_place = parted(terms, standing),
    )
}

/// 弃权 in a vote with options.
#[must_use]
pub fn blank(standing: &Standing) -> Say {
    match standing.blank {
        None | Some(0) => say!("none"),
        Some(n) => say!("result.blank", n = n),
    }
}

/// What was done where votes were equal in the end: first together, or in an old count the later number out.
fn parted(terms: &Terms, standing: &Standing) -> Say {
    let level = standing.rounds.last().filter(|round| round.is_level());
    if let Some(round) = level {
        let n = round.rows.first().map_or(0, |row| row.votes);
        let list = Value::List(round.rows.iter().map(|row| terms.option(row.option)).collect());
        return say!("result.level", k = standing.rounds.len(), list = list, n = n);
    }
    if standing.is_by_place() { say!("result.by_place") } else { say!("none") }
}

/// Who went out when, and how many ballots named none any more in the end. One that named none from the start (弃权) is not among them.
fn rounds(terms: &Terms, rounds: &[Round]) -> Say {
    let out = |(n, round): (u32, &Round)| {
        let option = round.out?;
        let votes = round.votes(option)?;
        if round.also.is_empty() {
            return Some(say!("result.out", k = n, opt = terms.option(option), n = votes));
        }
        let list = Value::List(round.gone().into_iter().map(|option| terms.option(option)).collect());
        Some(say!("result.out.together", k = n, list = list, n = votes))
    };
    let gone: Vec<Say> = (1..).zip(rounds).filter_map(out).collect();
    let (Some(first), Some(last)) = (rounds.first(), rounds.last()) else { return say!("none") };
    let exhausted = match last.exhausted - first.exhausted {
        0 => say!("none"),
        n => say!("result.exhausted", n = n),
    };
    if gone.is_empty() {
        // What is level at once is said in a line of its own.
        return if last.is_level() { say!("none") } else { say!("result.at_once", rest = exhausted) };
    }
    say!("result.rounds", k = rounds.len(), gone = Value::Clauses(gone), rest = exhausted)
}

impl World<'_> {
    /// Those whose words are hidden where they are several people's: who gave the reasons of a vote, who wrote what a task is.
    #[must_use]
    pub fn reasons_of(&self, what: Shown) -> Vec<PersonId> {
        if let Shown::Task(no) = what {
            return self.task(no).and_then(|task| task.by).into_iter().collect();
        }
        let Shown::Reasons(no) = what else { return Vec::new() };
        let mut found = Vec::new();
        self.scan(&Key::new(kind::BALLOT).num(no.0), |ballot: Ballot| {
            found.extend(ballot.person.filter(|_| !ballot.reason.as_str().is_empty()));
            true
        });
        found.sort_unstable();
        found.dedup();
        found
    }

    /// 反对理由 of a closed poll, without names and in an order that tells nothing of who voted when.
    #[must_use]
    pub fn reasons(&self, poll: PollNo) -> Vec<Words> {
        if self.poll(poll).is_none_or(|poll| poll.result.is_none()) {
            return Vec::new();
        }
        let mut found = Vec::new();
        self.scan(&Key::new(kind::BALLOT).num(poll.0), |ballot: Ballot| {
            found.extend(Some(ballot.reason).filter(|reason| !reason.as_str().is_empty()));
            found.len() < MAX_REASONS
        });
        found.sort();
        found
    }
}

/// A result with how many reasons there were against, the first of them, and where the others are.
#[must_use]
pub fn with_reasons(world: &World<'_>, poll: &Poll, result: Say) -> Say {
    let reasons = world.reasons(poll.no);
    if reasons.is_empty() {
        return result;
    }
    let few = reasons.iter().take(TOLD).map(|reason| say!("result.reason", said = Value::Quote(reason.to_string())));
    say!(
        "poll.result.reasons",
        result = result,
        n = reasons.len(),
        few = Value::Clauses(few.collect()),
        url = page(poll.topic),
    )
}

/// What a voter chose, for the voter.
#[must_use]
pub fn chosen(world: &World<'_>, ballot: &Ballot) -> Option<Value> {
    match (world.poll_terms(ballot.poll).filter(|terms| terms.method.is_some()), ballot.choice) {
        (Some(terms), _) => Some(terms.named(&ballot.marks)),
        (None, Some(choice)) => Some(term(choice.term().to_owned())),
        (None, None) => None,
    }
}

/// The options of a planned poll, where it has any.
#[must_use]
pub fn announced(terms: &Terms) -> Say {
    if terms.method.is_none() {
        return say!("none");
    }
    say!("option.line", items = listed(terms))
}
