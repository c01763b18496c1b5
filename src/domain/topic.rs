//! 议题 — a topic, from 点单 to its end.

use super::event::{Event, Undoable};
use super::group::GroupKind;
use super::ids::{GroupId, PersonId, PollNo, StationId, TopicNo};
use super::person::{Person, Role, Side};
use super::process::Template;
use super::say::{Say, Value, example_of};
use super::scene::{Ctx, Decided, Decision, Place, Settings};
use super::trail;
use super::words::Words;
use super::world::{Entity, Key, World, kind};
use crate::say;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Longest title, in characters (Unicode scalar values).
pub const MAX_TITLE: usize = 40;
/// Longest description, in characters.
pub const MAX_BODY: usize = 1500;
/// Topics looked at when a list or a duplicate is asked for.
const MAX_LIVE: usize = 2_000;

/// 类型 — kind of consultation; each has a default template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 牵线搭桥型.
    Bridge,
    /// 智力支持型.
    Expertise,
    /// 公益活动型.
    Charity,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Bridge, Self::Expertise, Self::Charity];

    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Bridge => "kind.bridge",
            Self::Expertise => "kind.expertise",
            Self::Charity => "kind.charity",
        }
    }
}

/// 状态 — where a topic stands. The order is the order of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// 点单.
    Ordered,
    /// 买单.
    Taken,
    /// ②恳谈.
    Talking,
    /// ③拟方案.
    Planning,
    /// ④公示.
    Noticing,
    /// ⑤专家审查.
    Reviewing,
    /// ⑥表决.
    Voting,
    /// 查单.
    Tracking,
    /// 办结.
    Closed,
}

impl Step {
    /// All steps.
    pub const ALL: [Self; 9] = [
        Self::Ordered,
        Self::Taken,
        Self::Talking,
        Self::Planning,
        Self::Noticing,
        Self::Reviewing,
        Self::Voting,
        Self::Tracking,
        Self::Closed,
    ];

    /// Key of the terms in `commands/words.toml`: `step.talking` (short name), with `.dan`, `.step`, `.stage`, `.entered`, `.now`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Ordered => "step.ordered",
            Self::Taken => "step.taken",
            Self::Talking => "step.talking",
            Self::Planning => "step.planning",
            Self::Noticing => "step.noticing",
            Self::Reviewing => "step.reviewing",
            Self::Voting => "step.voting",
            Self::Tracking => "step.tracking",
            Self::Closed => "step.closed",
        }
    }

    /// 解单 — whether it is one of the steps in which a topic is consulted on.
    #[must_use]
    pub fn is_consultation(self) -> bool {
        (Self::Talking..=Self::Voting).contains(&self)
    }
}

/// 旁路 — why a topic does not go on, wherever it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Halt {
    /// 暂缓; 推进 takes it up again where it stood.
    Paused,
    /// 终止.
    Ended,
    /// 并案 — it goes on as part of this one.
    Merged(TopicNo),
}

impl Halt {
    /// Key of the term in `commands/words.toml`; `.next` is what to send.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Paused => "halt.paused",
            Self::Ended => "halt.ended",
            Self::Merged(_) => "halt.merged",
        }
    }
}

/// 渠道 — where a topic came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// 码上微协商 — a scanned code, with the station it hangs in.
    Scan(Option<StationId>),
    /// 群内点单 — said in a group.
    Group(GroupId),
    /// Said to the bot in private.
    Private,
    /// Told to somebody of the office, who entered it.
    Told(super::told::Told),
}

impl Channel {
    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Scan(_) => "channel.scan",
            Self::Group(_) => "channel.group",
            Self::Private => "channel.private",
            Self::Told(told) => told.term(),
        }
    }
}

/// 议题.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// Number.
    pub no: TopicNo,
    /// Title, at most 40 characters.
    pub title: Words,
    /// Description.
    pub body: Words,
    /// 提出人.
    pub proposer: PersonId,
    /// 来源.
    pub channel: Channel,
    /// 类型.
    pub kind: Kind,
    /// 镇街; empty = the whole district.
    pub town: String,
    /// 主要对口单位, as they were written; empty = none named.
    pub units: Words,
    /// 流程模板 — which steps it goes through.
    pub template: Template,
    /// Where it stands.
    pub step: Step,
    /// Why it does not go on from there.
    pub halt: Option<Halt>,
    /// Why, as it was said.
    pub halt_reason: Words,
    /// Since when.
    pub halted_at: Option<DateTime<Utc>>,
    /// When it entered that step.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub since: DateTime<Utc>,
    /// When it was ordered (点单日).
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub ordered_at: DateTime<Utc>,
    /// 限时 — until when its talk takes suggestions; none = as long as it lasts.
    pub talk_until: Option<DateTime<Utc>>,
    /// 牵头委员.
    pub lead: Option<PersonId>,
    /// Taken back by the proposer before anybody acted on it.
    pub withdrawn: bool,
    /// Number of the last suggestion given out.
    pub last_suggestion: u32,
    /// Suggestions that stand (not taken back).
    pub suggestions: u32,
    /// Suggestions that are hidden (隐藏), not counted above.
    pub hidden: u32,
    /// Replies that stand.
    pub replies: u32,
    /// Likes that stand, of all suggestions together.
    pub likes: u32,
    /// Seconds that stand.
    pub seconds: u32,
    /// The poll that is open on it.
    pub poll: Option<PollNo>,
    /// The latest poll on it, open or closed.
    pub last_poll: Option<PollNo>,
    /// 稿次 — drafts of its plan.
    pub plans: u32,
    /// Drafts of its pact (公约).
    pub pacts: u32,
    /// Public notices so far.
    pub notices: u32,
    /// The notice that stands; none once it was sent back (退回).
    pub notice: Option<u32>,
    /// Number of the last objection given out.
    pub last_objection: u32,
    /// How often it was sent back: what experts said of an earlier plan does not hold it up.
    pub round: u32,
}

impl Entity for Topic {
    fn key(&self) -> Key {
        Key::new(kind::TOPIC).num(self.no.0)
    }
}

/// Somebody who spoke on a topic (建议, 跟帖), and how often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Speaker {
    /// Topic.
    pub topic: TopicNo,
    /// Person.
    pub person: PersonId,
    /// Side they spoke for.
    pub side: Side,
    /// How many of their words stand.
    pub times: u32,
}

impl Entity for Speaker {
    fn key(&self) -> Key {
        Key::new(kind::SPEAKER).num(self.topic.0).num(self.person.0)
    }
}

/// A guest (邀请).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Topic.
    pub topic: TopicNo,
    /// Guest.
    pub person: PersonId,
    /// Side they are asked for.
    pub side: Side,
}

impl Entity for Invitation {
    fn key(&self) -> Key {
        Key::new(kind::INVITATION).num(self.topic.0).num(self.person.0)
    }
}

impl World<'_> {
    /// A topic that stands.
    #[must_use]
    pub fn topic(&self, no: TopicNo) -> Option<Topic> {
        self.get::<Topic>(&Key::new(kind::TOPIC).num(no.0)).filter(|topic| !topic.withdrawn)
    }

    /// Topics under way (在办), by number.
    #[must_use]
    pub fn live_topics(&self) -> Vec<Topic> {
        let numbers: Vec<TopicNo> = self.list(&Key::new(kind::LIVE_TOPIC), MAX_LIVE);
        numbers.into_iter().filter_map(|no| self.topic(no)).collect()
    }

    /// 五方发言 — the sides that spoke on a topic, bit by bit; neither its moderator nor coordinators count.
    #[must_use]
    pub fn sides_spoken(&self, topic: &Topic) -> u8 {
        let moderator = self.moderator_of(topic);
        let mut sides = 0;
        self.scan(&Key::new(kind::SPEAKER).num(topic.no.0), |speaker: Speaker| {
            let is_neutral = Some(speaker.person) == moderator
                || self.person(speaker.person).is_some_and(|person| person.holds(Role::Coordinator));
            if !is_neutral {
                sides |= 1 << speaker.side.index();
            }
            true
        });
        sides
    }

    /// 主持中立 — whether somebody is the moderator of a topic and so takes no part in it (model.md §4); coordinators acting for one
    /// are not bound.
    #[must_use]
    pub fn is_neutral(&self, person: &Person, topic: &Topic) -> bool {
        let is_bound = person.holds(Role::Moderator) && !person.holds(Role::Coordinator);
        is_bound && self.moderator_of(topic) == Some(person.id)
    }

    /// 五方到齐 — the sides on a topic: proposer, lead, guests and all who spoke (digest.md §8).
    #[must_use]
    pub fn sides_of(&self, topic: &Topic) -> u8 {
        let mut sides = self.sides_spoken(topic);
        for (_, side) in self.present(topic) {
            sides |= 1 << side.index();
        }
        let moderator = self.moderator_of(topic);
        for id in [Some(topic.proposer), topic.lead].into_iter().flatten().filter(|&id| Some(id) != moderator) {
            if let Some(person) = self.person(id).filter(|person| !person.holds(Role::Coordinator)) {
                sides |= 1 << person.side.index();
            }
        }
        self.scan(&Key::new(kind::INVITATION).num(topic.no.0), |guest: Invitation| {
            if Some(guest.person) != moderator {
                sides |= 1 << guest.side.index();
            }
            true
        });
        sides
    }

    /// The topics a group is about: the one it is bound to, those of its town, those that concern its sector, or all.
    #[must_use]
    pub fn topics_of(&self, settings: &Settings, group: GroupId) -> Vec<Topic> {
        let Some(group) = self.group(group) else { return Vec::new() };
        if let Some(binding) = group.bound {
            return self.topic(binding.topic).into_iter().collect();
        }
        let mut topics = self.live_topics();
        match group.kind {
            Some(GroupKind::Town | GroupKind::Residents | GroupKind::Discussion) if !group.town.is_empty() => {
                topics.retain(|topic| topic.town == group.town);
            }
            Some(GroupKind::Sector) => topics.retain(|topic| self.concerns_sector(settings, topic, &group.sector)),
            _ => {}
        }
        topics
    }
}

impl Topic {
    /// Refuses what is over (办结, 终止, 并案) or rests (暂缓).
    ///
    /// # Errors
    /// `e.state`.
    pub fn require_going(&self) -> Result<(), Say> {
        match self.halt {
            Some(Halt::Paused) => {
                Err(say!("e.state", no = self.no, state = say!("state.paused"), hint = say!("hint.paused")))
            }
            Some(Halt::Ended) => Err(self.is_over("halt.ended")),
            Some(Halt::Merged(_)) => Err(self.is_over("halt.merged")),
            None => Ok(()),
        }
    }

    /// 已办结, 已终止, 已并案.
    #[must_use]
    pub fn is_over(&self, what: &str) -> Say {
        let state = say!("state.over", what = Value::Term(what.to_owned()));
        say!("e.state", no = self.no, state = state, hint = say!("hint.over"))
    }

    /// Refuses what does not belong to the step the topic stands in, and says where it belongs.
    ///
    /// # Errors
    /// `e.state`.
    pub fn require_step(&self, fits: &[Step]) -> Result<(), Say> {
        self.require_going()?;
        if fits.contains(&self.step) {
            return Ok(());
        }
        if self.step == Step::Closed {
            return Err(self.is_over("step.closed"));
        }
        let state = say!("state.now", stage = Value::Term(self.step.term().to_owned()));
        let stages = fits.iter().map(|step| Value::Term(step.term().to_owned())).collect();
        Err(say!("e.state", no = self.no, state = state, hint = say!("hint.step", stages = Value::List(stages))))
    }
}

impl Ctx<'_> {
    /// 省略编号 — the topic a command is about: the number written, else the reply, else the bound topic, else the only one of this
    /// group; otherwise a question. Never a guess (commands.md §4.5).
    ///
    /// # Errors
    /// `e.no_topic` if there is no such topic, `e.need_no` if several come into question.
    pub fn resolve_topic(&self, written: Option<TopicNo>, example: &str) -> Result<Topic, Say> {
        if let Some(no) = written.or_else(|| self.replied_topic()) {
            return self.world.topic(no).ok_or_else(|| say!("e.no_topic", no = no));
        }
        if let Place::Page { topic: Some(no), .. } = self.scene.place {
            return self.world.topic(no).ok_or_else(|| say!("e.no_topic", no = no));
        }
        let mut topics = match self.group() {
            Some(group) => self.world.topics_of(self.settings, group),
            None => self.world.live_topics(),
        };
        if topics.len() == 1
            && let Some(only) = topics.pop()
        {
            return Ok(only);
        }
        Err(need_topic(&topics, self.group().is_some(), example))
    }

    fn replied_topic(&self) -> Option<TopicNo> {
        use super::command::Mark;
        match self.scene.reply.as_ref()? {
            Mark::Topic(no) | Mark::Suggestions(no) | Mark::Poll { topic: no, .. } => Some(*no),
            Mark::Suggestion(reference) => Some(reference.topic),
            Mark::Gathering(no) => self.world.gathering(*no)?.topic,
            Mark::Objection(reference) => Some(reference.topic),
            Mark::Task(no) => Some(self.world.task(*no)?.topic),
            Mark::Brief(_) | Mark::Proposal(_) | Mark::Slip(_) | Mark::Claim(_) => None,
        }
    }

    /// 主持中立 — the moderator of a topic takes no part in it.
    ///
    /// # Errors
    /// `e.neutral`.
    pub fn require_neutral(&self, topic: &Topic, act: &str) -> Result<(), Say> {
        if !self.world.is_neutral(&self.scene.who, topic) {
            return Ok(());
        }
        Err(say!("e.neutral", no = topic.no, act = Value::Term(act.to_owned())))
    }

    /// Lets the moderators of a topic and coordinators pass.
    ///
    /// # Errors
    /// `e.role` with the moderator's name; where there is none, the coordinators see to it.
    pub fn require_moderator(&self, topic: &Topic) -> Result<(), Say> {
        if self.scene.who.moderates(topic) || self.coordinates(&topic.town) {
            return Ok(());
        }
        let role = Value::Term(Role::Moderator.term().to_owned());
        match self.world.moderator_of(topic) {
            Some(moderator) => Err(say!("e.role", role = role, who = self.world.name_of(moderator))),
            None => Err(self.ask(Role::Coordinator, &topic.town)),
        }
    }

    /// Turns away what belongs to petitions and courts; of it only the number is kept (commands.md §9.15).
    #[must_use]
    pub fn turned_away(&self, text: &str) -> Option<Decision> {
        let hit = self.settings.turned_away.iter().any(|word| !word.is_empty() && text.contains(word.as_str()));
        hit.then(|| Decision { facts: vec![Event::Intercepted], answer: vec![say!("e.scope")] })
    }
}

fn need_topic(topics: &[Topic], in_group: bool, example: &str) -> Say {
    if topics.is_empty() {
        return say!("e.no_topics", ex = example_of(example));
    }
    let rows =
        topics.iter().take(5).map(|topic| say!("need.row", no = topic.no, title = &topic.title).into()).collect();
    need_no(in_group, "what.topic", rows, example)
}

/// 请说明是几号 — the first few that come into question.
#[must_use]
pub fn need_no(in_group: bool, kind: &str, rows: Vec<Value>, example: &str) -> Say {
    let (kind, rows, ex) = (Value::Term(kind.to_owned()), Value::List(rows), example_of(example));
    if in_group {
        return say!("e.need_no", kind = kind, rows = rows, ex = ex);
    }
    say!("e.need_no.private", kind = kind, rows = rows, ex = ex)
}

/// The moderator's name, or “未定”.
#[must_use]
pub fn moderator_name(world: &World<'_>, topic: &Topic) -> Value {
    match world.moderator_of(topic) {
        Some(person) => Value::Text(world.name_of(person)),
        None => Value::Term("mod.none".to_owned()),
    }
}

/// The lead member's name, or “待买单”.
#[must_use]
pub fn lead_name(world: &World<'_>, topic: &Topic) -> Value {
    match topic.lead {
        Some(person) => Value::Text(world.name_of(person)),
        None => Value::Term("lead.none".to_owned()),
    }
}

/// 进度 in lists and digests.
#[must_use]
pub fn stage(step: Step) -> Value {
    Value::Term(format!("{}.stage", step.term()))
}

/// 点单 — title and description out of what was written.
///
/// # Errors
/// `e.empty` without a title, `e.long` for a title over 40 or a text over 1,500 characters.
pub fn split_title(text: &str, example: &str) -> Result<(String, String), Say> {
    let text = text.trim();
    let (title, body) = text.split_once('\n').unwrap_or((text, ""));
    let (title, body) = (title.trim(), body.trim());
    if title.is_empty() {
        return Err(say!("e.empty", ex = example_of(example)));
    }
    within(title, MAX_TITLE)?;
    within(body, MAX_BODY)?;
    Ok((title.to_owned(), body.to_owned()))
}

/// Refuses what is longer than `max` characters.
///
/// # Errors
/// `e.long` with both numbers.
pub fn within(text: &str, max: usize) -> Result<(), Say> {
    let n = text.chars().count();
    if n <= max { Ok(()) } else { Err(say!("e.long", n = n, max = max, url = Value::Link(String::new()))) }
}

/// 议题 文字 — a new topic (点单).
pub fn order(ctx: &Ctx<'_>, text: &str, force: bool) -> Decided {
    if let Some(decision) = ctx.turned_away(text) {
        return Ok(decision);
    }
    let (title, body) = split_title(text, "ex.topic")?;
    let print = trail::print("topic", text);
    if let Some(Undoable::Topic(no)) = ctx.world.said_already(ctx.me(), print, ctx.scene.now) {
        return Err(say!("e.repeat", r#ref = say!("ref.topic", no = no)));
    }
    if !force && let Some(like) = most_alike(&ctx.world.live_topics(), &title) {
        return Err(say!("topic.dup", no = like.no, title = &like.title, state = stage(like.step), new = text.trim()));
    }
    let town =
        ctx.group().and_then(|group| ctx.world.group(group)).map(|group| group.town).filter(|town| !town.is_empty());
    Ok(Decision::fact(Event::TopicOrdered {
        topic: TopicNo(ctx.world.counters().topics + 1),
        title: title.into(),
        body: body.into(),
        proposer: ctx.me(),
        channel: ctx.group().map_or(Channel::Private, Channel::Group),
        kind: Kind::Bridge,
        town: town.unwrap_or_else(|| ctx.scene.who.town.clone()),
    }))
}

/// 重复点单 — the live topic whose title shares at least 6 of 10 neighbouring pairs of characters, the most alike first
/// (commands.md §9.8). Compared as integers.
pub(super) fn most_alike<'t>(topics: &'t [Topic], title: &str) -> Option<&'t Topic> {
    let new = pairs(title);
    let mut best: Option<(&Topic, u64, u64)> = None;
    for topic in topics {
        let old = pairs(topic.title.as_str());
        let whole = (new.len() + old.len()) as u64;
        let same = 2 * new.intersection(&old).count() as u64;
        if whole == 0 || same * 10 < whole * 6 {
            continue;
        }
        if best.is_none_or(|(_, best_same, best_whole)| same * best_whole > best_same * whole) {
            best = Some((topic, same, whole));
        }
    }
    best.map(|(topic, _, _)| topic)
}

fn pairs(title: &str) -> BTreeSet<(char, char)> {
    let letters: Vec<char> = title.chars().filter(|c| c.is_alphanumeric()).collect();
    letters.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

/// 附议.
pub fn second(ctx: &Ctx<'_>, written: Option<TopicNo>) -> Decided {
    let topic = ctx.resolve_topic(written, "ex.second")?;
    ctx.require_neutral(&topic, "act.second")?;
    topic.require_going()?;
    if topic.step > Step::Noticing {
        let state = say!("state.past", stage = Value::Term(topic.step.term().to_owned()));
        return Err(say!("e.state", no = topic.no, state = state, hint = say!("hint.past")));
    }
    let mine = Key::new(kind::SECOND).num(topic.no.0).num(ctx.me().0);
    if topic.proposer == ctx.me() {
        return Ok(Decision::answer(say!("second.own", no = topic.no, n = topic.seconds)));
    }
    if ctx.world.has(&mine) {
        return Ok(Decision::answer(say!("second", no = topic.no, n = topic.seconds)));
    }
    Ok(Decision::fact(Event::TopicSeconded { topic: topic.no }))
}

/// 买单 — a member takes the lead.
pub fn take(ctx: &Ctx<'_>, written: Option<TopicNo>) -> Decided {
    ctx.require_role(Role::Member)?;
    let topic = ctx.resolve_topic(written, "ex.take")?;
    topic.require_going()?;
    if topic.step != Step::Ordered {
        let lead = lead_name(ctx.world, &topic);
        return Err(say!(
            "e.state",
            no = topic.no,
            state = say!("state.taken", lead = lead),
            hint = say!("hint.taken", no = topic.no)
        ));
    }
    Ok(Decision::fact(Event::TopicTaken { topic: topic.no, lead: ctx.me() }))
}

/// 绑定 — a discussion group is about one topic from now on.
pub fn bind(ctx: &Ctx<'_>, no: TopicNo) -> Decided {
    let topic = ctx.world.topic(no).ok_or_else(|| say!("e.no_topic", no = no))?;
    ctx.require_moderator(&topic)?;
    if topic.halt.is_some_and(|halt| halt != Halt::Paused) {
        topic.require_going()?;
    }
    let group = ctx.group().ok_or_else(|| say!("e.group"))?;
    match ctx.world.group(group).and_then(|group| group.kind) {
        Some(GroupKind::Discussion) | None => {}
        Some(other) => return Err(say!("e.bind_kind", kind = Value::Term(other.term().to_owned()))),
    }
    Ok(Decision::fact(Event::GroupBound { group, topic: no }))
}

/// 邀请 — asks departments, companies and experts to join.
pub fn invite(ctx: &Ctx<'_>, written: Option<TopicNo>, guests: &[super::command::Guest]) -> Decided {
    const EXAMPLE: &str = "ex.invite";
    let topic = ctx.resolve_topic(written, EXAMPLE)?;
    ctx.require_moderator(&topic)?;
    topic.require_going()?;
    if topic.step == Step::Closed {
        return Err(topic.is_over("step.closed"));
    }
    if guests.is_empty() {
        let whom = super::category::whom_to_invite(ctx, &topic);
        return whom.map(Decision::answer).ok_or_else(|| say!("e.empty", ex = example_of(EXAMPLE)));
    }
    let mut facts = Vec::new();
    let mut next = ctx.world.counters().people;
    for guest in guests.iter().take(50) {
        let known = ctx.world.find_person(&guest.name, Some(&topic))?;
        let side = guest
            .side
            .or(known.as_ref().map(|person| person.side))
            .ok_or_else(|| say!("e.bad_arg", bad = guest.name.as_str(), ex = example_of(EXAMPLE)))?;
        let person = match known {
            Some(person) => person.id,
            None => {
                next += 1;
                facts.push(super::person::newcomer(PersonId(next), &guest.name, side, &guest.note)?);
                PersonId(next)
            }
        };
        facts.push(Event::Invited { topic: topic.no, person, side });
    }
    Ok(Decision::facts(facts))
}
