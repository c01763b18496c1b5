//! 导出 — what the ledger has of a topic or of a month, line by line, for a table on somebody's own machine. The lines are read from the
//! ledger when they are fetched ([`crate::domain::chronicle`]); kept is only what was asked for, and the SHA-256 of the token in its
//! link, until the link runs out. Beside it what somebody reads of themselves (`/我的信息`), as it stands now.
//!
//! Nobody's ballot is among the lines, and telephone numbers were masked before anything was kept.

use crate::domain::brief::Brief;
use crate::domain::history::deed::{Deed, What};
use crate::domain::intake::slip;
use crate::domain::kernel::ids;
use crate::domain::kernel::ids::{BriefNo, GatheringNo, PersonId, PollNo, SlipNo, SuggestionRef, TopicNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::process::form::Step;
use crate::domain::process::hiding::Shown;
use crate::domain::process::topic::Halt;
use crate::domain::talk::pact::Pact;
use crate::domain::talk::plan::Plan;
use crate::domain::vote::paper;
use crate::domain::vote::poll::telling;
use crate::domain::vote::recusal;
use crate::say;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sha2::Digest as _;
use sha2::Sha256;
use std::fmt::Write as _;

/// Lines of one export.
pub const MAX_LINES: usize = 20_000;

/// What happens to exports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// A link was given out.
    Made(Export),
    /// It ran out.
    Expired {
        /// Its number.
        export: u32,
    },
}

/// What one link shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// Number among those that are good.
    pub no: u32,
    /// SHA-256 of the token; the token itself is kept nowhere.
    pub fingerprint: String,
    /// Of this topic only.
    pub topic: Option<TopicNo>,
    /// From (included).
    pub from: DateTime<Utc>,
    /// To (not included).
    pub to: DateTime<Utc>,
    /// Of topics in these towns only; empty = of the whole district.
    pub towns: Vec<String>,
    /// Good until.
    pub until: DateTime<Utc>,
}

/// Key of who was given the link of an export.
pub(crate) fn maker_key(no: u32) -> Key {
    Key::new(kind::EXPORT_BY).num(no)
}

impl Entity for Export {
    fn key(&self) -> Key {
        Key::new(kind::EXPORT).num(self.no)
    }
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Line of the ledger.
    pub seq: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// The group it was said in; empty if none.
    pub group: String,
    /// Who; empty for the clock.
    pub who: String,
    /// Key of the term for what was done.
    pub what: &'static str,
    /// The topic it belongs to.
    pub topic: Option<TopicNo>,
    /// What it is about.
    pub about: Say,
    /// What was said.
    pub text: Value,
}

/// The fingerprint of a token.
#[must_use]
pub fn fingerprint(token: &str) -> String {
    let digest = Sha256::digest(format!("xieshang export {token}").as_bytes());
    digest.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

impl World<'_> {
    /// An export by its number.
    #[must_use]
    pub fn export(&self, no: u32) -> Option<Export> {
        self.get(&Key::new(kind::EXPORT).num(no))
    }

    pub(crate) fn exports(&self) -> Vec<Export> {
        self.list(&Key::new(kind::EXPORT), usize::MAX)
    }

    /// The export a token opens. Prints are compared, not tokens: how long it takes tells nothing of a token.
    #[must_use]
    pub fn export_at(&self, token: &str) -> Option<Export> {
        let fingerprint = fingerprint(token);
        let export = self.exports().into_iter().find(|export| export.fingerprint == fingerprint);
        export.filter(|export| self.is_maker_in_office(export))
    }

    /// Whether who was given the link could ask for it today: a link does not outlive the office it was given to.
    fn is_maker_in_office(&self, export: &Export) -> bool {
        let maker = self.get(&maker_key(export.no)).and_then(|maker: PersonId| self.person(maker));
        let Some(maker) = maker else { return false };
        match export.topic {
            Some(no) => self.topic(no).is_some_and(|topic| maker.coordinates(&topic.town)),
            None if export.towns.is_empty() => maker.coordinates(""),
            None => export.towns.iter().all(|town| maker.coordinates(town)),
        }
    }

    /// What one person said and did, in order; more than [`MAX_LINES`] are not read.
    pub(crate) fn lines_of(&self, person: ids::PersonId) -> Vec<Line> {
        let (mut deeds, whole) = (Vec::new(), Key::new(kind::DEED));
        self.scan(&whole, |deed: Deed| {
            let is_theirs = match deed.what {
                What::Account(of, _) => of == person,
                _ => deed.by == Some(person),
            };
            if is_theirs && !matches!(deed.what, What::Registered(_)) {
                deeds.push(deed);
            }
            deeds.len() < MAX_LINES
        });
        deeds.iter().map(|deed| self.line(deed)).collect()
    }

    fn line(&self, deed: &Deed) -> Line {
        let (what, about, text) = self.told(deed);
        Line {
            seq: deed.seq,
            at: deed.at,
            group: deed
                .group
                .and_then(|id| self.group(id))
                .map_or_else(String::new, |group| group.name.as_str().to_owned()),
            who: deed.by.map(|by| self.name_of(by)).unwrap_or_default(),
            what,
            topic: deed.topic,
            about,
            text,
        }
    }

    /// What was done, to what, in which words.
    #[allow(clippy::too_many_lines, reason = "one arm a kind of deed")]
    fn told(&self, deed: &Deed) -> (&'static str, Say, Value) {
        let topic = deed.topic.and_then(|no| self.topic(no));
        let title = || match &topic {
            Some(topic) => self.shown(Shown::Topic(topic.no), Some(&topic.title)),
            None => nothing(),
        };
        let none = || say!("none");
        match deed.what {
            What::Entered(Step::Ordered) => ("step.ordered", none(), self.asked(deed.topic)),
            What::Entered(step) => (step.term(), none(), title()),
            What::Seconded => ("deed.seconded", none(), title()),
            What::Suggested(at) => ("deed.suggested", suggestion(at), self.suggested(at)),
            What::Liked(at) => ("deed.liked", suggestion(at), self.suggested(at)),
            What::Judged(at, is_adopted) => {
                let verdict = if is_adopted { "deed.adopted_sug" } else { "deed.declined_sug" };
                (verdict, suggestion(at), self.suggested(at))
            }
            What::Replied(at, n) => {
                // Under a suggestion that is hidden a reply lies aside with it.
                let lies_aside = self.suggestion(at).is_none() && self.hiding_of(Shown::Suggestion(at)).is_some();
                let reply = self.reply(at, n).map(|reply| reply.text);
                let what = if lies_aside { Shown::Suggestion(at) } else { Shown::Reply(at, n) };
                ("deed.replied", say!("export.reply", r#ref = at, n = n), self.shown(what, reply.as_ref()))
            }
            What::Called(no) => ("deed.called", gathering(no), self.gathered(no)),
            What::Rearranged(no) => ("deed.rearranged", gathering(no), self.gathered(no)),
            What::Rolled(_) => ("deed.roll", none(), title()),
            What::Attended(no, n) => ("deed.attended", gathering(no), Value::Num(i64::from(n))),
            What::Minuted(no) => {
                let minutes: Option<Words> = self.get(&Key::new(kind::MINUTES).num(no.0));
                ("deed.minuted", gathering(no), self.shown(Shown::Minutes(no), minutes.as_ref()))
            }
            What::PollOpened(no) => ("deed.poll_opened", none(), {
                let title = self.poll(no).map(|poll| poll.title);
                self.shown(Shown::Poll(no), title.as_ref())
            }),
            What::PollClosed(no) => ("deed.poll_closed", none(), self.counted(no)),
            What::Briefed(no) => ("deed.briefed", brief(no), self.brief_title(no)),
            What::Adopted(no, _) => ("deed.adopted", brief(no), self.brief_title(no)),
            What::HandedIn(no) => ("deed.handed_in", say!("export.slip", w = slip::w(no)), self.slip_title(no)),
            What::Planned(n) => {
                let plan: Option<Plan> = deed.topic.and_then(|no| self.get(&Key::new(kind::PLAN).num(no.0).num(n)));
                ("deed.planned", say!("export.draft", v = n), {
                    let what = Shown::Plan(deed.topic.unwrap_or(TopicNo(0)), n);
                    self.shown(what, plan.map(|plan| plan.text).as_ref())
                })
            }
            What::Pacted(n) => {
                let pact: Option<Pact> = deed.topic.and_then(|no| self.get(&Key::new(kind::PACT).num(no.0).num(n)));
                ("deed.pacted", say!("export.draft", v = n), {
                    let what = Shown::Pact(deed.topic.unwrap_or(TopicNo(0)), n);
                    self.shown(what, pact.map(|pact| pact.text).as_ref())
                })
            }
            What::Noticed(_) => ("deed.noticed", none(), title()),
            What::Objected(at) | What::Answered(at) => {
                let objection = self.objection(at);
                let is_answer = matches!(deed.what, What::Answered(_));
                let answer = || objection.as_ref().and_then(|known| known.answer.as_ref()).map(|answer| &answer.text);
                let text = if is_answer { answer() } else { objection.as_ref().map(|known| &known.text) };
                let what = if is_answer { "deed.answered" } else { "deed.objected" };
                (what, say!("export.objection", no = at.topic, n = at.n), {
                    let what = if is_answer { Shown::Answer(at) } else { Shown::Objection(at) };
                    self.shown(what, text)
                })
            }
            What::Reviewed => {
                let review = topic.as_ref().map(|topic| self.reviews(topic)).unwrap_or_default();
                let own = review.iter().find(|review| Some(review.expert) == deed.by).map(|review| &review.text);
                let round = topic.as_ref().map_or(0, |topic| topic.round);
                let what = Shown::Review(deed.topic.unwrap_or(TopicNo(0)), round, deed.by.unwrap_or(PersonId(0)));
                ("deed.reviewed", none(), self.shown(what, own))
            }
            What::Assigned(no) => {
                ("deed.assigned", task(no), self.shown(Shown::Task(no), self.task(no).map(|task| task.what).as_ref()))
            }
            What::Acked(no) => ("deed.acked", self.task_of(no, deed), nothing()),
            What::Worked(no) => ("deed.worked", self.task_of(no, deed), nothing()),
            What::Done(no) => (
                "deed.done",
                self.task_of(no, deed),
                self.shown(Shown::Task(no), self.task(no).map(|task| task.answer).as_ref()),
            ),
            What::Rated(no, grade) => ("deed.rated", task(no), Value::Term(grade.term().to_owned())),
            What::Returned(no) => ("deed.returned", self.task_of(no, deed), nothing()),
            What::Forced(no) => (
                "deed.forced",
                task(no),
                self.shown(Shown::Task(no), self.task(no).map(|task| task.explained).as_ref()),
            ),
            What::Urged(no) => ("deed.urged", task(no), nothing()),
            What::Lit(no, _) => ("deed.lit", task(no), nothing()),
            What::Invited => ("deed.invited", none(), title()),
            What::Halted(Halt::Paused) => ("deed.paused", none(), title()),
            What::Halted(Halt::Ended) => ("deed.ended", none(), title()),
            What::Halted(Halt::Merged(into)) => ("deed.merged", say!("ref.topic", no = into), title()),
            What::Resumed => ("deed.resumed", none(), title()),
            What::Led(lead) => ("deed.led", none(), Value::Text(self.name_of(lead))),
            What::Extended(no) => ("deed.poll_extended", none(), {
                let title = self.poll(no).map(|poll| poll.title);
                self.shown(Shown::Poll(no), title.as_ref())
            }),
            What::Served(kind, heads) => (kind.term(), none(), Value::Num(i64::from(heads))),
            What::Brief(_) => ("deed.brief", none(), nothing()),
            What::Account(person, change) => {
                let who = self.name_of(person);
                let text = match change.role() {
                    Some(role) => say!("export.role", who = who, role = Value::Term(role.term().to_owned())),
                    None => say!("plain", text = who),
                };
                (change.term(), none(), Value::Part(Box::new(text)))
            }
            What::Registered(_) => ("deed.other", none(), nothing()),
        }
    }

    /// 代办 — a task, with whose act it was where somebody did it in their place.
    fn task_of(&self, no: ids::TaskNo, deed: &Deed) -> Say {
        match deed.by.and_then(|by| self.in_whose_place(no, by)) {
            Some(owner) => say!("export.task.for", t = no, owner = self.name_of(owner)),
            None => task(no),
        }
    }

    /// Words as they are shown; where they are hidden, by whom, when and why instead.
    /// 点单 — the title, and what was written beside it under 说明.
    fn asked(&self, no: Option<TopicNo>) -> Value {
        let Some(topic) = no.and_then(|no| self.topic(no)) else { return nothing() };
        let title = self.shown(Shown::Topic(topic.no), Some(&topic.title));
        let body = topic.body.as_str().trim();
        if body.is_empty() || self.hiding_of(Shown::Topic(topic.no)).is_some() {
            return title;
        }
        Value::Part(Box::new(say!("export.asked", title = title, text = body)))
    }

    fn shown(&self, what: Shown, text: Option<&Words>) -> Value {
        match self.hiding_of(what) {
            Some(hiding) if hiding.is_disowned() => {
                let who = hiding.by.map(|by| self.name_of(by)).unwrap_or_default();
                Value::Part(Box::new(say!("export.disowned", who = who, at = Value::Moment(hiding.at))))
            }
            Some(hiding) => {
                let who = hiding.by.map(|by| self.name_of(by)).unwrap_or_default();
                let at = Value::Moment(hiding.at);
                Value::Part(Box::new(say!("export.hidden", why = &hiding.reason, who = who, at = at)))
            }
            None => said(text),
        }
    }

    fn suggested(&self, at: SuggestionRef) -> Value {
        let known = self.suggestion(at).map(|suggestion| suggestion.text);
        self.shown(Shown::Suggestion(at), known.as_ref())
    }

    fn gathered(&self, no: GatheringNo) -> Value {
        let name = self.gathering(no).map(|gathering| gathering.name);
        self.shown(Shown::Gathering(no), name.as_ref())
    }

    fn brief_title(&self, no: BriefNo) -> Value {
        let brief: Option<Brief> = self.brief(no);
        self.shown(Shown::Brief(no), brief.map(|brief| brief.title).as_ref())
    }

    fn slip_title(&self, no: SlipNo) -> Value {
        self.shown(Shown::Slip(no), self.slip(no).map(|slip| slip.title).as_ref())
    }

    /// The sums of a poll that is closed; nobody's choice.
    pub(in crate::domain) fn counted(&self, no: PollNo) -> Value {
        let Some((poll, tally)) = self.poll(no).and_then(|poll| Some((poll.clone(), poll.result?.tally))) else {
            return nothing();
        };
        let due = telling::attendance(poll.rule, &tally);
        let terms = self.poll_terms(no);
        let method = terms.as_ref().and_then(|terms| terms.method);
        if let (Some(terms), Some(method), Some(standing)) = (terms, method, self.standing(no)) {
            let figures = telling::figures(&terms, method, &standing);
            let blank = standing.blank.filter(|n| *n > 0).map(|n| say!("export.blank", n = n));
            return Value::Lines(figures.into_iter().chain(blank).chain([due]).collect());
        }
        let sums = say!("export.count", y = tally.yes, against = tally.no, ab = tally.abstain, due = due);
        Value::Part(Box::new(paper::told(self, &poll, recusal::told(self, &poll, sums))))
    }
}

fn nothing() -> Value {
    Value::Text(String::new())
}

fn said(text: Option<&Words>) -> Value {
    text.map_or_else(nothing, Value::from)
}

/// What a line is about.
pub(in crate::domain) fn suggestion(at: SuggestionRef) -> Say {
    say!("export.suggestion", r#ref = at)
}

pub(in crate::domain) fn gathering(no: GatheringNo) -> Say {
    say!("export.gathering", a = no)
}

fn brief(no: BriefNo) -> Say {
    say!("ref.brief", b = i64::from(no.0))
}

pub(in crate::domain) fn task(no: ids::TaskNo) -> Say {
    say!("export.task", t = no)
}

/// /导出.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// A topic; `None` = the only one that can be meant.
    Topic(Option<TopicNo>),
    /// The month that begins with this day.
    Month(NaiveDate),
}
