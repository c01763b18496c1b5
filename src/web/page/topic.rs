//! 议题 — the page of a topic (`/t/1`). Of an open vote only the turnout is shown, of a closed one the sums; nobody's choice and no
//! voter's name, ever. Names stand as in the digests.

use super::common::{Asked, Asking, Place, Reader, Sheet, at, in_words, number, on, show};
use super::{history, poll};
use crate::domain::about::charity::Charity;
use crate::domain::about::tier::Tier;
use crate::domain::chronicle::Archive;
use crate::domain::kernel::ids::{PersonId, SuggestionRef, TaskNo, TopicNo};
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::people::person::Side;
use crate::domain::process::channel::Channel;
use crate::domain::process::conflict::Exception;
use crate::domain::process::course::Split;
use crate::domain::process::form::Step;
use crate::domain::process::hiding::Shown;
use crate::domain::process::steps::path;
use crate::domain::process::topic::{Halt, Topic};
use crate::domain::talk::gathering::Gathering;
use crate::domain::talk::notice::Objection;
use crate::domain::talk::review::Review;
use crate::domain::talk::suggestion::{Reply, Suggestion, Verdict};
use crate::domain::vote::deadline::Deadline;
use crate::domain::vote::poll::Poll;
use crate::domain::vote::veil::Told;
use crate::domain::work::handover::Handover;
use crate::domain::work::outcome::Closure;
use crate::domain::work::task::State as Progress;
use crate::domain::work::task::{Grade, Task};
use crate::figures::paper::SidePresence;
use crate::language::Lang;
use crate::language::render::percent;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// Suggestions on one page of a topic.
const A_PAGE: u32 = 100;
/// Replies shown under one suggestion.
const MAX_REPLIES: usize = 200;
/// Gatherings and votes shown on a topic.
const MAX_EVENTS: usize = 100;

pub(in crate::web) async fn topic(State(reader): State<Arc<dyn Reader>>, no: Place, asked: Asking) -> Response {
    let no = no.map_or_else(|_| String::new(), |Path(no)| no);
    let reading = Arc::clone(&reader);
    show(reader, asked, move |world, settings, asked| {
        sheet(world, (settings, reading.archive()), TopicNo(number(&no)?), asked)
    })
    .await
}

/// The page of a topic as it is sent, without a connection: for whoever measures it, or holds it against another.
pub fn html(world: &World<'_>, (settings, archive): (&Settings, &dyn Archive), no: TopicNo) -> Option<String> {
    let asked = Asked::new();
    in_words(sheet(world, (settings, archive), no, &asked)?, settings, &asked).ok()
}

fn sheet(
    world: &World<'_>,
    (settings, archive): (&Settings, &dyn Archive),
    no: TopicNo,
    asked: &Asked,
) -> Option<Sheet> {
    let topic = world.topic(no)?;
    let page = |name: &str| asked.get(name).and_then(|page| number(page)).unwrap_or(1);
    let mut fields = topic_fields(world, &topic, page("p"));
    if let Value::Object(fields) = &mut fields {
        let lang = Lang::from_code(asked.get("lang").map_or(settings.language.as_str(), String::as_str));
        let told = history::page(world, archive, (settings, lang), (topic.no, page("page")));
        fields.insert("history".to_owned(), told);
        let from = world.split_from(topic.no).map(|(from, split)| parted(&from, &split));
        fields.insert("split_from".to_owned(), json!(from));
        let off = world.split_off(topic.no, MAX_EVENTS);
        let off: Vec<Value> = off.iter().map(|(into, split)| parted(into, split)).collect();
        fields.insert("split_off".to_owned(), Value::Array(off));
    }
    Some(Sheet { template: "topic", private: false, fields })
}

#[derive(Serialize)]
pub(super) struct Somebody {
    name: String,
    side: Option<Side>,
}

pub(super) fn somebody(world: &World<'_>, id: PersonId) -> Somebody {
    match world.person(id) {
        Some(person) => Somebody { name: person.name.as_str().to_owned(), side: Some(person.side) },
        None => Somebody { name: String::new(), side: None },
    }
}

#[derive(Serialize)]
struct StepRow {
    step: Step,
    state: &'static str,
}

fn steps(topic: &Topic) -> Vec<StepRow> {
    let state = |step| match topic.step.cmp(&step) {
        std::cmp::Ordering::Greater => "done",
        std::cmp::Ordering::Equal => "now",
        std::cmp::Ordering::Less => "next",
    };
    path(topic.template).into_iter().map(|step| StepRow { step, state: state(step) }).collect()
}

/// What was said with a request in a group is public already; what came with a slip or in private is not.
fn public_body(topic: &Topic) -> &str {
    match topic.channel {
        Channel::Group(_) => topic.body.as_str(),
        Channel::Scan(_) | Channel::Private | Channel::Told(_) => "",
    }
}

fn topic_fields(world: &World<'_>, topic: &Topic, page: u32) -> Value {
    let said = world.said_on(topic);
    let pages = (said.suggestions + said.hidden).div_ceil(A_PAGE).max(1);
    let page = page.min(pages);
    let rows = suggestions(world, topic, page);
    json!({
        "no": topic.no,
        "title": topic.title.as_str(),
        "body": public_body(topic),
        "kind": topic.kind.term(),
        "tier": Some(world.tier_of(topic.no)).filter(|tier| *tier != Tier::Micro).map(|tier| format!("{}.long", tier.term())),
        "station": station_of(world, topic),
        "campaigns": world.campaigns_of(topic.no).iter().map(|campaign| campaign.name.as_str().to_owned()).collect::<Vec<_>>(),
        "charities": charities(world, topic),
        "town": topic.town,
        "units": topic.units.as_str(),
        "step": topic.step,
        "since": at(topic.since),
        "ordered_at": at(topic.ordered_at),
        "steps": steps(topic),
        "proposer": somebody(world, topic.proposer),
        "lead": topic.lead.map(|lead| somebody(world, lead)),
        "exceptions": exceptions(world, topic),
        "moderator": world.moderator_of(topic).map(|moderator| somebody(world, moderator)),
        "sides": SidePresence::list(world.sides_of(topic)),
        "suggestions": said.suggestions,
        "replies": said.replies,
        "likes": said.likes,
        "seconds": topic.seconds,
        "rows": rows,
        "page": page,
        "pages": pages,
        "gatherings": gatherings(world, topic),
        "polls": polls(world, topic),
        "halt": topic.halt.map(|halt| match halt {
            Halt::Paused => "halt.paused",
            Halt::Ended => "halt.ended",
            Halt::Merged(_) => "halt.merged",
        }),
        "plan": world.plan(topic).map(|plan| {
            let author = somebody(world, plan.author);
            json!({"draft": plan.draft, "text": plan.text.as_str(), "author": author, "at": at(plan.at)})
        }),
        "notice": world.notice(topic).map(|notice| {
            json!({"from": on(notice.from), "last": on(notice.last), "days": notice.days, "draft": notice.draft})
        }),
        "objections": objections(world, topic),
        "reviews": reviews(world, topic),
        "pact": world.pact(topic).map(|pact| {
            json!({"draft": pact.draft, "articles": pact.articles, "text": pact.text.as_str()})
        }),
        "tasks": tasks(world, topic),
        "former": world.former_closures(topic.no).iter().map(closed).collect::<Vec<_>>(),
        "halt_reason": topic.halt.is_some().then(|| topic.halt_reason.as_str().to_owned()),
        "merged_into": match topic.halt {
            Some(Halt::Merged(into)) => world.topic(topic.moved_to.unwrap_or(into)).map(|into| beside(&into)),
            Some(Halt::Paused | Halt::Ended) | None => None,
        },
        "merged": world.whole_of(topic.no).into_iter().skip(1).filter_map(|no| world.topic(no)).map(|from| beside(&from))
            .collect::<Vec<_>>(),
        "closure": world.closure(topic.no).filter(|_| topic.step == Step::Closed).map(|closure| closed(&closure)),
    })
}

/// The station through whose code it came.
fn station_of(world: &World<'_>, topic: &Topic) -> Option<String> {
    let Channel::Scan(station) = topic.channel else { return None };
    Some(world.station(station?)?.name.as_str().to_owned())
}

/// 爱心项目 that came from it.
fn charities(world: &World<'_>, topic: &Topic) -> Vec<Value> {
    let row = |charity: Charity| {
        json!({
            "name": charity.name.as_str(), "giver": charity.giver.as_str(), "said": charity.said.as_str(),
            "progress": charity.progress.term(),
        })
    };
    world.charities_of(topic.no).into_iter().take(MAX_EVENTS).map(row).collect()
}

/// 采纳, 部分采纳, 不采纳.
fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Adopted => "verdict.adopted",
        Verdict::Partly => "verdict.partly",
        Verdict::Declined => "verdict.declined",
    }
}

/// 并案 — the other topic, as a line.
fn beside(topic: &Topic) -> Value {
    json!({
        "no": topic.no, "title": topic.title.as_str(), "suggestions": topic.suggestions, "seconds": topic.seconds,
    })
}

/// 拆分 — the other topic, and the suggestions that were made on the one and are talked about on the other.
fn parted(topic: &Topic, split: &Split) -> Value {
    let at = |&n: &u32| SuggestionRef { topic: split.topic, n }.to_string();
    let refs: Vec<String> = split.suggestions.iter().map(at).collect();
    json!({"no": topic.no, "title": topic.title.as_str(), "refs": refs})
}

/// 公示意见 and 答复.
fn objections(world: &World<'_>, topic: &Topic) -> Vec<Value> {
    let row = |objection: Objection| {
        let answer = objection
            .answer
            .map(|answer| json!({"text": answer.text.as_str(), "by": somebody(world, answer.by), "at": at(answer.at)}));
        json!({
            "no": topic.no, "n": objection.reference.n, "text": objection.text.as_str(),
            "author": somebody(world, objection.author), "at": at(objection.at), "answer": answer,
        })
    };
    world.objections(topic.no).into_iter().take(MAX_REPLIES).map(row).collect()
}

fn reviews(world: &World<'_>, topic: &Topic) -> Vec<Value> {
    let row = |review: Review| {
        let asked = world.invitation(topic.no, review.expert);
        let asked = asked.and_then(|asked| Some(json!({"by": somebody(world, asked.by?), "at": at(asked.at)})));
        json!({
            "expert": somebody(world, review.expert), "opinion": review.opinion.term(),
            "text": review.text.as_str(), "at": at(review.at), "asked": asked,
        })
    };
    world.reviews(topic).into_iter().take(MAX_EVENTS).map(row).collect()
}

fn tasks(world: &World<'_>, topic: &Topic) -> Vec<Value> {
    let row = |task: Task| {
        let state = match task.state {
            Progress::Returned => "duty.returned",
            Progress::Done if task.forced => "duty.forced",
            Progress::Assigned => "duty.assigned",
            Progress::Acked => "duty.acked",
            Progress::Answered => "duty.answered",
            Progress::Done => "step.closed",
        };
        json!({
            "no": task.no, "unit": task.unit.as_str(), "who": somebody(world, task.handler),
            "what": task.what.as_str(), "due": on(task.due), "state": state,
            "class": task.class.map(|class| format!("{}.name", class.term())),
            "answer": task.answer.as_str(), "by": task.answered_by.map(|by| somebody(world, by)),
            "grade": task.grade.map(Grade::term),
            "before": handovers(world, task.no), "explained": task.forced.then(|| task.explained.as_str().to_owned()),
        })
    };
    world.tasks(topic.no).into_iter().take(MAX_EVENTS).map(row).collect()
}

/// 退办 — who had a task before.
fn handovers(world: &World<'_>, task: TaskNo) -> Vec<Value> {
    let row = |before: Handover| {
        json!({
            "unit": before.unit.as_str(), "who": somebody(world, before.handler),
            "reason": before.reason.as_str(), "at": at(before.at),
        })
    };
    world.handovers(task).into_iter().map(row).collect()
}

fn closed(closure: &Closure) -> Value {
    let outcomes: Vec<Value> =
        closure.outcomes.iter().map(|one| json!({"kind": one.kind.term(), "n": one.n})).collect();
    json!({
        "outcomes": outcomes, "note": closure.note.as_str(), "days": closure.account.days,
        "people": closure.account.people, "turned": closure.account.turned,
    })
}

/// One page of suggestions with their replies.
fn suggestions(world: &World<'_>, topic: &Topic, page: u32) -> Vec<Value> {
    let (first, mut seen) = (page.saturating_sub(1).saturating_mul(A_PAGE), 0_u32);
    let mut shown: Vec<Suggestion> = Vec::new();
    for no in world.whole_of(topic.no) {
        world.scan(&Key::new(kind::SUGGESTION).num(no.0), |suggestion: Suggestion| {
            if !suggestion.withdrawn && shown.len() < A_PAGE as usize {
                if seen >= first {
                    shown.push(suggestion);
                }
                seen += 1;
            }
            shown.len() < A_PAGE as usize
        });
    }
    let rows = shown.iter().map(|suggestion| {
        if suggestion.hidden {
            let hiding = world.hiding_of(Shown::Suggestion(suggestion.reference));
            let disowned = hiding.is_some_and(|hiding| hiding.is_disowned());
            return json!({"ref": suggestion.reference.to_string(), "hidden": true, "disowned": disowned});
        }
        let prefix = Key::new(kind::REPLY).num(suggestion.reference.topic.0).num(suggestion.reference.n);
        let mut replies: Vec<Value> = Vec::new();
        world.scan(&prefix, |reply: Reply| {
            if !reply.withdrawn {
                let author = somebody(world, reply.author);
                replies.push(json!({"text": reply.text.as_str(), "author": author, "at": at(reply.at)}));
            }
            replies.len() < MAX_REPLIES
        });
        json!({
            "ref": suggestion.reference.to_string(),
            "text": suggestion.text.as_str(),
            "author": somebody(world, suggestion.author),
            "recorder": suggestion.written_down_by().map(|recorder| somebody(world, recorder)),
            "owned": world.is_owned(suggestion.reference),
            "at": at(suggestion.at),
            "likes": suggestion.likes,
            "verdict": suggestion.verdict.map(verdict),
            "replies": replies,
        })
    });
    rows.collect()
}

fn gatherings(world: &World<'_>, topic: &Topic) -> Vec<Value> {
    let row = |gathering: Gathering| {
        let minutes: Option<Words> = world.get(&Key::new(kind::MINUTES).num(gathering.no.0));
        json!({
            "no": gathering.no, "name": gathering.name.as_str(), "at": at(gathering.at),
            "place": gathering.place.as_str(), "attended": gathering.signed,
            "off": gathering.off.as_ref().map(|why| why.as_str().to_owned()),
            "minutes": minutes.map(|minutes| minutes.as_str().to_owned()),
        })
    };
    world.gatherings_of(topic.no).into_iter().take(MAX_EVENTS).map(row).collect()
}

/// The votes on a topic: of an open one how many took part, of a closed one the count.
/// 另定 — by whom, whom, as what and why.
fn exceptions(world: &World<'_>, topic: &Topic) -> Vec<Value> {
    let row = |one: Exception| {
        json!({
            "part": one.part.term(), "who": somebody(world, one.person),
            "by": one.by.map(|by| somebody(world, by)), "reason": one.reason.as_str(),
        })
    };
    world.exceptions(topic.no).into_iter().map(row).collect()
}

fn polls(world: &World<'_>, topic: &Topic) -> Vec<Value> {
    world.polls_of(topic.no).iter().take(MAX_EVENTS).map(|poll| poll_fields(world, poll)).collect()
}

/// Whether an area is enough, where its share is not told.
fn is_enough(told: Option<Told>) -> Option<bool> {
    match told? {
        Told::Enough(is_enough) => Some(is_enough),
        Told::Share => None,
    }
}

fn poll_fields(world: &World<'_>, poll: &Poll) -> Value {
    let by_area = poll.rule.counts_area() && poll.area > 0;
    let sums = world.sums(poll);
    let Deadline { extended, early, .. } = world.deadline(poll.no);
    let mut fields = json!({
        "extended": extended.map(|one| at(one.from)), "early": early.map(at),
        "title": poll.title.as_str(), "rule": poll.rule.term(), "straw": !poll.rule.is_vote(),
        "opened": at(poll.opened), "ends": at(poll.ends), "voters": world.due(poll),
        "leave": sums.leave, "recused": sums.recused, "by_law": poll.rule.is_of_law(),
    });
    let more = match &poll.result {
        None => {
            let turnout = world.turnout(poll.no);
            let is_told = by_area && !world.is_secret(poll.no);
            let area =
                is_told.then(|| percent(turnout.area, poll.area, poll.rule.turnout_decimals(turnout.area, poll.area)));
            json!({"open": true, "void": poll.is_void, "cast": turnout.cast, "area": area})
        }
        Some(counted) => {
            let tally = counted.tally;
            let (cast, cast_area) = (tally.cast(), tally.cast_area());
            let told = |told: Option<Told>| told.filter(|_| by_area);
            let (took_part, in_favour) = (told(tally.turnout_told(poll.rule)), told(tally.approval_told(poll.rule)));
            let rule = poll.rule;
            let came = percent(cast_area, tally.area, rule.turnout_decimals(cast_area, tally.area));
            let favour = |part, whole| percent(part, whole, rule.approval_decimals(part, whole));
            let shown = |told: Option<Told>, share: String| told.filter(|told| *told == Told::Share).map(|_| share);
            json!({
                "open": false, "cast": cast, "passed": counted.passed,
                "area": shown(took_part, came), "area_met": is_enough(took_part),
                "yes": tally.yes, "no": tally.no, "abstain": tally.abstain,
                "yes_share": favour(tally.yes, cast),
                "yes_area": shown(in_favour, favour(tally.yes_area, cast_area)), "yes_area_met": is_enough(in_favour),
            })
        }
    };
    for more in [more, poll::recused(world, poll), poll::papers(world, poll), poll::fields(world, poll)] {
        if let (Value::Object(fields), Value::Object(more)) = (&mut fields, more) {
            fields.extend(more);
        }
    }
    fields
}
