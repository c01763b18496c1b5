//! 公开页面 — what anybody with the link may read: a topic (`/t/1`), the digests of a day (`/d/20250303`), and, for whoever
//! handed it in, what became of a slip (`/w/1?k=…`). Plain pages that any telephone shows and any printer prints.
//!
//! Of an open vote only the turnout is shown, of a closed one the sums; nobody's choice and no voter's name, ever. Digests are shown
//! as they were sent, those of discussion groups too: their links lead here, and what a group was told is not told differently on a page,
//! save what a moderator has hidden since.
//! Names stand as in the digests; search engines are asked to stay away, and what a slip came with is shown to nobody.

use crate::domain::charity::Charity;
use crate::domain::digest::paper::{SidePresence, tag_day, tag_moment};
use crate::domain::digest::{Digest, Period, Span, digest_key};
use crate::domain::gathering::Gathering;
use crate::domain::group::GroupKind;
use crate::domain::handover::Handover;
use crate::domain::ids::{PersonId, SlipNo, TaskNo, TopicNo};
use crate::domain::notice::Objection;
use crate::domain::outcome::Closure;
use crate::domain::person::Side;
use crate::domain::poll::Poll;
use crate::domain::process::path;
use crate::domain::review::Review;
use crate::domain::scene::Settings;
use crate::domain::slip::Fate;
use crate::domain::suggestion::{Reply, Suggestion, Verdict};
use crate::domain::task::{Grade, State as Progress, Task};
use crate::domain::tier::Tier;
use crate::domain::topic::{Channel, Halt, Step, Topic};
use crate::domain::words::Words;
use crate::domain::world::{Key, World, kind};
use crate::language::catalog::{Catalog, Lang};
use crate::language::clean::clean;
use crate::language::paper::{equip, own_templates, view};
use crate::language::render::percent;
use crate::language::screen::Screen;
use axum::Router;
use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use chrono::{DateTime, NaiveDate, Utc};
use include_dir::{Dir, include_dir};
use minijinja::{AutoEscape, Environment};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

/// Suggestions on one page of a topic.
const A_PAGE: u32 = 100;
/// Replies shown under one suggestion.
const MAX_REPLIES: usize = 200;
/// Gatherings and votes shown on a topic.
const MAX_EVENTS: usize = 100;
/// Digests on one page of a day.
const MAX_DIGESTS: usize = 50;
/// Longest key that is compared, in bytes.
const MAX_KEY: usize = 200;

const CSS: &str = include_str!("../../commands/pages/pages.css");
const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/commands/pages");
static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    environment().unwrap_or_else(|error| {
        tracing::error!(%error, "a page template cannot be read");
        Environment::new()
    })
});

/// Lets a page look at the world: the state behind it, as of now.
pub trait Reader: Send + Sync {
    /// Calls `look` once with the world and the settings of the office.
    fn read(&self, look: &mut dyn FnMut(&World<'_>, &Settings));
}

/// The office's own store and settings.
pub struct Office {
    /// The working store.
    pub state: Arc<crate::state::State>,
    /// The settings.
    pub settings: Arc<Settings>,
}

impl Reader for Office {
    fn read(&self, look: &mut dyn FnMut(&World<'_>, &Settings)) {
        look(&World::on(&*self.state), &self.settings);
    }
}

/// The read-only pages: `/t/{n}`, `/d/{yyyymmdd}`, `/r/{yyyymm}`, `/w/{n}?k=token`, `/pages.css`. No fallback: see [`missing`].
pub fn pages(reader: Arc<dyn Reader>) -> Router {
    Router::new()
        .route("/t/{no}", get(topic))
        .route("/d/{date}", get(day))
        .route("/r/{month}", get(month))
        .route("/w/{no}", get(slip))
        .route("/pages.css", get(css))
        .with_state(reader)
}

/// The page for an address that leads nowhere, with what to do next. A fallback for the whole site.
pub async fn missing(State(reader): State<Arc<dyn Reader>>, asked: Asking) -> Response {
    show(reader, asked, |_, _, _| None).await
}

pub(super) type Asked = HashMap<String, String>;
/// What cannot be read of an address is a page that is missing, not an error of its own.
pub(super) type Asking = Result<Query<Asked>, QueryRejection>;
pub(super) type Place = Result<Path<String>, PathRejection>;

/// A page before it is written: template, whether it may be kept, fields.
pub(super) struct Sheet {
    pub(super) template: &'static str,
    pub(super) private: bool,
    pub(super) fields: Value,
}

async fn topic(State(reader): State<Arc<dyn Reader>>, no: Place, asked: Asking) -> Response {
    let no = no.map_or_else(|_| String::new(), |Path(no)| no);
    show(reader, asked, move |world, _, asked| {
        let topic = world.topic(TopicNo(number(&no)?))?;
        let page = asked.get("p").and_then(|page| number(page)).unwrap_or(1);
        Some(Sheet { template: "topic", private: false, fields: topic_fields(world, &topic, page) })
    })
    .await
}

async fn day(State(reader): State<Arc<dyn Reader>>, date: Place, asked: Asking) -> Response {
    let date = date.map_or_else(|_| String::new(), |Path(date)| date);
    show(reader, asked, move |world, _, asked| {
        let is_plain = date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit());
        let date = NaiveDate::parse_from_str(&date, "%Y%m%d").ok().filter(|_| is_plain)?;
        let page = asked.get("p").and_then(|page| number(page)).unwrap_or(1);
        Some(Sheet { template: "day", private: false, fields: day_fields(world, date, page)? })
    })
    .await
}

/// 月报 — the report of a month as it was sent, to be printed.
async fn month(State(reader): State<Arc<dyn Reader>>, month: Place, asked: Asking) -> Response {
    let month = month.map_or_else(|_| String::new(), |Path(month)| month);
    show(reader, asked, move |world, _, _| {
        let is_plain = month.len() == 6 && month.bytes().all(|byte| byte.is_ascii_digit());
        let first = NaiveDate::parse_from_str(&format!("{month}01"), "%Y%m%d").ok().filter(|_| is_plain)?;
        let issues = world.issues_of(Period::Month, first, MAX_DIGESTS);
        let reports: Vec<Vec<&str>> =
            issues.iter().map(|issue| issue.parts.iter().map(Words::as_str).collect()).collect();
        let (before, after) = (first.pred_opt()?, Span::month(first).last.succ_opt()?);
        let fields = json!({"first": on(first), "before": on(before), "after": on(after), "reports": reports});
        Some(Sheet { template: "month", private: false, fields })
    })
    .await
}

async fn slip(State(reader): State<Arc<dyn Reader>>, no: Place, asked: Asking) -> Response {
    let no = no.map_or_else(|_| String::new(), |Path(no)| no);
    show(reader, asked, move |world, _, asked| {
        let plain = no.strip_prefix(['W', 'w']).unwrap_or(&no);
        let slip = world.slip(SlipNo(number(plain)?))?;
        let key = asked.get("k").map_or("", String::as_str);
        if slip.token.is_empty() || !same(slip.token.as_bytes(), key.as_bytes()) {
            return None;
        }
        let station = slip.station.and_then(|id| world.station(id)).map(|station| station.name.as_str().to_owned());
        let (fate, topic, reason) = match &slip.fate {
            Fate::Pending => ("pending", None, None),
            Fate::Accepted(topic) => ("accepted", Some(*topic), None),
            Fate::Rejected(reason) => ("rejected", None, Some(reason.as_str().to_owned())),
            Fate::Referred(_, reason) => ("referred", None, Some(reason.as_str().to_owned())),
        };
        let unit = match &slip.fate {
            Fate::Referred(unit, _) => Some(unit.as_str().to_owned()),
            _ => None,
        };
        let now = topic.and_then(|no| world.topic(no)).map(|topic| topic.step);
        let fields = json!({
            "no": slip.no, "title": slip.title.as_str(), "at": at(slip.at), "station": station,
            "fate": fate, "topic": topic, "step": now, "reason": reason, "unit": unit,
        });
        Some(Sheet { template: "slip", private: true, fields })
    })
    .await
}

async fn css() -> Response {
    respond(StatusCode::OK, "text/css; charset=utf-8", "max-age=3600", CSS.to_owned())
}

/// A number as it stands in a link: digits only, no sign, no leading nought.
pub(super) fn number(text: &str) -> Option<u32> {
    let is_plain = (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|n| is_plain && *n > 0 && !text.starts_with('0'))
}

/// Whether two keys are the same, in a time that tells nothing of where they differ.
fn same(key: &[u8], given: &[u8]) -> bool {
    if key.len() != given.len() || key.len() > MAX_KEY {
        return false;
    }
    let differing = key.iter().zip(given).fold(0_u8, |sum, (a, b)| std::hint::black_box(sum | (a ^ b)));
    std::hint::black_box(differing) == 0
}

/// A value as it stands in a link.
fn in_link(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    text.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Reads, writes and sends a page; `None` is the page that is missing.
pub(super) async fn show(
    reader: Arc<dyn Reader>,
    asked: Asking,
    mut find: impl FnMut(&World<'_>, &Settings, &Asked) -> Option<Sheet> + Send + 'static,
) -> Response {
    let asked = asked.map_or_else(|_| Asked::new(), |Query(asked)| asked);
    let work = move || {
        let mut written = None;
        reader.read(&mut |world, settings| {
            let sheet = find(world, settings, &asked);
            written = Some(write(sheet, settings, &asked));
        });
        written
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(Some(response)) => response,
        _ => {
            respond(StatusCode::INTERNAL_SERVER_ERROR, "text/plain; charset=utf-8", "no-store", "请稍后再试".to_owned())
        }
    }
}

fn write(sheet: Option<Sheet>, settings: &Settings, asked: &Asked) -> Response {
    let wanted = asked.get("lang").map_or(settings.language.as_str(), String::as_str);
    let lang = if wanted == "en" { "en" } else { "zh" };
    let found = sheet.is_some();
    let sheet = sheet.unwrap_or(Sheet { template: "missing", private: true, fields: json!({}) });
    let mut fields = view(sheet.fields, settings.tz, NaiveDate::default(), clean);
    if let Value::Object(fields) = &mut fields {
        let key = asked.get("k").filter(|_| sheet.template == "slip").map(|key| in_link(key));
        let (other, committee) = (if lang == "en" { "zh" } else { "en" }, clean(&settings.name));
        fields.insert("site".to_owned(), json!({"committee": committee, "lang": lang, "other": other, "key": key}));
    }
    let html = TEMPLATES
        .get_template(&format!("pages/{}.html.j2", sheet.template))
        .and_then(|template| template.render(fields));
    match html {
        Ok(html) => {
            let status = if found { StatusCode::OK } else { StatusCode::NOT_FOUND };
            let cache = if sheet.private { "no-store" } else { "no-cache" };
            respond(status, "text/html; charset=utf-8", cache, html)
        }
        Err(error) => {
            tracing::error!(%error, page = sheet.template, "a page could not be written");
            let sorry = "请稍后再试".to_owned();
            respond(StatusCode::INTERNAL_SERVER_ERROR, "text/plain; charset=utf-8", "no-store", sorry)
        }
    }
}

pub(super) fn respond(status: StatusCode, kind: &'static str, cache: &'static str, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, cache),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn environment() -> Result<Environment<'static>, minijinja::Error> {
    let mut env = Environment::new();
    env.set_trim_blocks(true);
    env.set_lstrip_blocks(true);
    env.set_auto_escape_callback(|_| AutoEscape::Html);
    if let Ok(catalog) = Catalog::builtin() {
        equip(&mut env, catalog);
    }
    for (name, source) in own_templates().filter(|(name, _)| name.starts_with("words.")) {
        env.add_template_owned(name, source)?;
    }
    for file in FILES.files().filter(|file| file.path().extension().is_some_and(|ending| ending == "j2")) {
        if let (Some(name), Some(source)) = (file.path().to_str(), file.contents_utf8()) {
            env.add_template_owned(format!("pages/{name}"), source)?;
        }
    }
    Ok(env)
}

// What stands on a page.

/// A moment, tagged for the view.
pub(super) fn at(moment: DateTime<Utc>) -> Value {
    tag_moment(&moment, serde_json::value::Serializer).unwrap_or_default()
}

pub(super) fn on(date: NaiveDate) -> Value {
    tag_day(&date, serde_json::value::Serializer).unwrap_or_default()
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
    let pages = (topic.suggestions + topic.hidden).div_ceil(A_PAGE).max(1);
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
        "moderator": world.moderator_of(topic).map(|moderator| somebody(world, moderator)),
        "sides": SidePresence::list(world.sides_of(topic)),
        "suggestions": topic.suggestions,
        "replies": topic.replies,
        "likes": topic.likes,
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
            Some(Halt::Merged(into)) => world.topic(into).map(|into| beside(&into)),
            _ => None,
        },
        "merged": world.merged(topic.no).into_iter().filter_map(|no| world.topic(no)).map(|from| beside(&from))
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
        json!({
            "expert": somebody(world, review.expert), "opinion": review.opinion.term(),
            "text": review.text.as_str(), "at": at(review.at),
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
            "answer": task.answer.as_str(), "grade": task.grade.map(Grade::term),
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
    world.scan(&Key::new(kind::SUGGESTION).num(topic.no.0), |suggestion: Suggestion| {
        if !suggestion.withdrawn {
            if seen >= first {
                shown.push(suggestion);
            }
            seen += 1;
        }
        shown.len() < A_PAGE as usize
    });
    let rows = shown.iter().map(|suggestion| {
        if suggestion.hidden {
            return json!({"ref": suggestion.reference.to_string(), "hidden": true});
        }
        let prefix = Key::new(kind::REPLY).num(topic.no.0).num(suggestion.reference.n);
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
            "recorder": suggestion.recorder.map(|recorder| somebody(world, recorder)),
            "at": at(suggestion.at),
            "likes": suggestion.likes,
            "verdict": suggestion.verdict.map(verdict),
            "replies": replies,
        })
    });
    rows.collect()
}

fn gatherings(world: &World<'_>, topic: &Topic) -> Vec<Value> {
    let mut found = Vec::new();
    world.scan(&Key::new(kind::GATHERING), |gathering: Gathering| {
        if gathering.topic == Some(topic.no) {
            let minutes: Option<Words> = world.get(&Key::new(kind::MINUTES).num(gathering.no.0));
            found.push(json!({
                "no": gathering.no, "name": gathering.name.as_str(), "at": at(gathering.at),
                "place": gathering.place.as_str(), "attended": gathering.signed,
                "minutes": minutes.map(|minutes| minutes.as_str().to_owned()),
            }));
        }
        found.len() < MAX_EVENTS
    });
    found
}

/// The votes on a topic: of an open one how many took part, of a closed one the count.
fn polls(world: &World<'_>, topic: &Topic) -> Vec<Value> {
    let mut found = Vec::new();
    world.scan(&Key::new(kind::POLL), |poll: Poll| {
        if poll.topic == topic.no {
            found.push(poll_fields(world, &poll));
        }
        found.len() < MAX_EVENTS
    });
    found
}

fn poll_fields(world: &World<'_>, poll: &Poll) -> Value {
    let by_area = poll.rule.counts_area() && poll.area > 0;
    let mut fields = json!({
        "title": poll.title.as_str(), "rule": poll.rule.term(), "straw": !poll.rule.is_vote(),
        "opened": at(poll.opened), "ends": at(poll.ends), "voters": poll.voters,
    });
    let more = match &poll.result {
        None => {
            let turnout = world.turnout(poll.no);
            let area = by_area.then(|| percent(turnout.area, poll.area, 1));
            json!({"open": true, "void": poll.is_void, "cast": turnout.cast, "area": area})
        }
        Some(counted) => {
            let tally = counted.tally;
            let (cast, cast_area) = (tally.cast(), tally.yes_area + tally.no_area + tally.abstain_area);
            json!({
                "open": false, "cast": cast, "passed": counted.passed,
                "area": by_area.then(|| percent(cast_area, tally.area, 1)),
                "yes": tally.yes, "no": tally.no, "abstain": tally.abstain,
                "yes_share": percent(tally.yes, cast, 1),
                "yes_area": by_area.then(|| percent(tally.yes_area, cast_area, 1)),
            })
        }
    };
    for more in [more, super::polls::fields(world, poll)] {
        if let (Value::Object(fields), Value::Object(more)) = (&mut fields, more) {
            fields.extend(more);
        }
    }
    fields
}

/// The digests of a day as they were sent: members' first, discussion groups' last.
fn day_fields(world: &World<'_>, date: NaiveDate, page: u32) -> Option<Value> {
    let mut found: Vec<(u8, Digest)> = Vec::new();
    world.scan(&digest_key(date), |digest: Digest| {
        let kind = world.group(digest.group).and_then(|group| group.kind);
        let rank = match kind {
            Some(GroupKind::Members) => 0,
            Some(GroupKind::Town) => 1,
            Some(GroupKind::Sector) => 2,
            Some(GroupKind::Residents) => 3,
            Some(GroupKind::Discussion) | None => 4,
        };
        if digest.parts.iter().any(|part| !part.as_str().is_empty()) {
            found.push((rank, digest));
        }
        true
    });
    found.sort_by_key(|(rank, digest)| (*rank, digest.group));
    let pages = found.len().div_ceil(MAX_DIGESTS).max(1);
    let page = (page as usize).clamp(1, pages);
    let skipped = (page - 1).saturating_mul(MAX_DIGESTS);
    let shown = found.iter().skip(skipped).take(MAX_DIGESTS);
    let catalog = Catalog::builtin().ok()?;
    let mut screen = Screen::new(world);
    let mut message = |digest: &Digest, part: &Words| {
        let lang = world.group(digest.group).map_or(Lang::Zh, |group| Lang::from_code(&group.language));
        screen.message(part.as_str(), catalog.term("hidden.said").map_or("", |word| word.text(lang)))
    };
    let digests: Vec<Vec<String>> =
        shown.map(|(_, digest)| digest.parts.iter().map(|part| message(digest, part)).collect()).collect();
    Some(json!({
        "date": on(date), "before": on(date.pred_opt()?), "after": on(date.succ_opt()?),
        "digests": digests, "page": page, "pages": pages,
    }))
}
