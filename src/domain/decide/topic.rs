//! 点单、附议、买单、绑定、邀请 — ordering a topic and taking it on.

use crate::domain::decide::{category, person, suggestion};
use crate::domain::event::Event;
use crate::domain::kernel::ids::{PersonId, TopicNo};
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::script::simplified_char;
use crate::domain::kernel::text::{headline, longest_title, split_title, within};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Key, kind};
use crate::domain::people::group::GroupKind;
use crate::domain::people::lately;
use crate::domain::people::person::{Role, Side};
use crate::domain::people::undoable::Undoable;
use crate::domain::process::channel::Channel;
use crate::domain::process::conflict::{Part, Settling};
use crate::domain::process::form::{Kind, Step};
use crate::domain::process::guest;
use crate::domain::process::people::lead_name;
use crate::domain::process::topic::{Halt, Topic, need_no, standing};
use crate::domain::scene::{Ctx, Decided, Decision, Place};
use crate::domain::talk::suggestion::MAX_REASON;
use crate::domain::vote::poll::Poll;
use crate::domain::work::rater::stands_in_way;
use crate::say;
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;

impl Ctx<'_> {
    /// A topic that stands.
    ///
    /// # Errors
    /// [`Self::no_topic`].
    pub(super) fn require_topic(&self, no: TopicNo) -> Result<Topic, Say> {
        self.world.topic(no).ok_or_else(|| self.no_topic(no))
    }

    /// There is none of that number; what was taken back was there, and by whom it was taken back is said.
    #[must_use]
    pub(super) fn no_topic(&self, no: TopicNo) -> Say {
        let kept: Option<Topic> = self.world.get(&Key::new(kind::TOPIC).num(no.0));
        match kept.filter(|topic| topic.withdrawn) {
            Some(topic) => say!("e.topic_withdrawn", no = no, who = self.world.name_of(topic.proposer)),
            None => say!("e.no_topic", no = no),
        }
    }

    /// 省略编号 — the topic a command is about: the number written, else the reply, else the bound topic, else the only one of this
    /// group; otherwise a question. Never a guess (commands.md §4.5).
    ///
    /// # Errors
    /// `e.no_topic` if there is no such topic, `e.need_no` if several come into question.
    pub fn resolve_topic(&self, written: Option<TopicNo>, example: &str) -> Result<Topic, Say> {
        if let Some(no) = written.or_else(|| self.replied_topic()) {
            return self.require_topic(no);
        }
        if let Place::Page { topic: Some(no), .. } = self.scene.place {
            return self.require_topic(no);
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
        use crate::domain::kernel::mark::{Mark, Why};
        match self.scene.reply.as_ref()? {
            Mark::Topic(no) | Mark::Suggestions(no) | Mark::Poll { topic: no, .. } | Mark::Why(Why::Against(no)) => {
                Some(*no)
            }
            Mark::Suggestion(reference) => Some(reference.topic),
            Mark::Gathering(no) => self.world.gathering(*no)?.topic,
            Mark::Objection(reference) => Some(reference.topic),
            Mark::Task(no) | Mark::Why(Why::Task(no)) => Some(self.world.task(*no)?.topic),
            Mark::Brief(_)
            | Mark::Proposal(_)
            | Mark::Why(Why::Proposal(_))
            | Mark::Slip(_)
            | Mark::Claim(_)
            | Mark::Claims => None,
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
        Err(say!("e.neutral", no = topic.no, act = Value::Term(act.to_owned()), how = say!("neutral.relay")))
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
        let away =
            || Decision { facts: vec![Event::Intercepted], answer: vec![say!("e.scope")], ..Decision::default() };
        self.is_turned_away(text).then(away)
    }

    /// Whether a text is about what belongs there.
    #[must_use]
    pub fn is_turned_away(&self, text: &str) -> bool {
        self.settings.turned_away.iter().any(|word| !word.is_empty() && text.contains(word.as_str()))
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

/// 议题 文字 — a new topic (点单).
pub fn order(ctx: &Ctx<'_>, text: &str, force: bool) -> Decided {
    if let Some(decision) = ctx.turned_away(text) {
        return Ok(decision);
    }
    let long = |title: String| {
        let (n, max) = (text.trim().chars().count(), longest_title(text));
        say!("topic.long", n = n, max = max, title = title, text = text.trim())
    };
    let (title, body) = split_title(text, "ex.topic").map_err(|error| headline(text).map_or(error, long))?;
    let fingerprint = lately::fingerprint("topic", text);
    if let Some(Undoable::Topic(no)) = ctx.world.said_already(ctx.me(), fingerprint, ctx.scene.now) {
        return Err(say!("e.repeat", r#ref = say!("ref.topic", no = no)));
    }
    if !force && let Some(like) = most_alike(&ctx.world.live_topics(), &title) {
        return Err(say!("topic.dup", no = like.no, title = &like.title, state = standing(like), new = text.trim()));
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

/// Whether two titles have a word in common.
pub(super) fn is_alike(one: &str, other: &str) -> bool {
    !pairs(one).is_disjoint(&pairs(other))
}

fn pairs(title: &str) -> BTreeSet<(char, char)> {
    // In one script and one width.
    let alike = title.nfkc().flat_map(char::to_lowercase).map(simplified_char);
    let letters: Vec<char> = alike.filter(|c| c.is_alphanumeric()).collect();
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
    if topic.proposer == ctx.me() {
        return Ok(Decision::answer(say!("second.own", no = topic.no, n = topic.seconds)));
    }
    let mut mine = ctx.world.who_had(&ctx.scene.caller.account);
    mine.push(ctx.me());
    if mine.into_iter().any(|person| !ctx.world.seconded_by(topic.no, person).is_empty()) {
        return Ok(Decision::answer(say!("second", no = topic.no, n = topic.seconds)));
    }
    Ok(Decision::fact(Event::TopicSeconded { topic: topic.no }))
}

/// 买单 — a member takes the lead, also where whoever had it is a member no more.
pub fn take(ctx: &Ctx<'_>, written: Option<TopicNo>, who: &str, reason: &str) -> Decided {
    if !who.is_empty() {
        return hand_over(ctx, written, who, reason);
    }
    ctx.require_role(Role::Member)?;
    let topic = ctx.resolve_topic(written, "ex.take")?;
    topic.require_open()?;
    let (no, me) = (topic.no, ctx.me());
    if topic.step != Step::Ordered {
        if topic.lead.is_some() && ctx.world.lead_of(&topic).is_none() {
            return Ok(Decision::fact(Event::TopicTaken { topic: no, lead: me, before: topic.lead, reason: None }));
        }
        let lead = lead_name(ctx.world, &topic);
        return Err(say!(
            "e.state",
            no = topic.no,
            state = say!("state.taken", lead = lead),
            hint = suggestion::what_instead(ctx, &topic)
        ));
    }
    Ok(Decision::fact(Event::TopicTaken { topic: no, lead: me, before: None, reason: None }))
}

/// 交给别的委员牵头 — by a coordinator, once somebody has taken it up.
fn hand_over(ctx: &Ctx<'_>, written: Option<TopicNo>, who: &str, reason: &str) -> Decided {
    let topic = ctx.resolve_topic(written, "ex.take")?;
    ctx.require_coordinator(&topic)?;
    topic.require_going()?;
    if topic.step == Step::Closed {
        return Err(topic.is_over("step.closed"));
    }
    let no = topic.no;
    let Some(before) = topic.lead else { return Err(say!("e.take.first", no = no, who = who)) };
    let person = ctx.require_person(who, Some(&topic))?;
    if !person.holds(Role::Member) {
        return Err(say!("e.take.member", no = no, who = &person.name));
    }
    if person.id == before {
        return Err(say!("e.take.same", no = no, who = &person.name));
    }
    within(reason, MAX_REASON)?;
    let reason = Some(reason).filter(|reason| !reason.is_empty()).map(Words::from);
    Ok(Decision::fact(Event::TopicTaken { topic: no, lead: person.id, before: Some(before), reason }))
}

/// 绑定 — a discussion group is about one topic from now on.
pub fn bind(ctx: &Ctx<'_>, no: TopicNo) -> Decided {
    let topic = ctx.require_topic(no)?;
    ctx.require_moderator(&topic)?;
    if topic.halt.is_some_and(|halt| halt != Halt::Paused) {
        topic.require_going()?;
    }
    let group = ctx.group().ok_or_else(|| say!("e.group"))?;
    match ctx.world.group(group).and_then(|group| group.kind) {
        Some(GroupKind::Discussion) | None => {}
        Some(other) => return Err(say!("e.bind_kind", kind = Value::Term(other.term().to_owned()))),
    }
    // A ballot, said here without a number, would be one on nothing.
    let here = ctx.bound_here().map(|bound| bound.no);
    let of_here = |poll: &Poll| poll.topic != no && (poll.group == Some(group) || here == Some(poll.topic));
    if let Some(poll) = ctx.world.open_polls().into_iter().find(of_here) {
        return Err(say!("e.bind_vote", no = poll.topic, end = Value::Moment(poll.ends), other = no));
    }
    Ok(Decision::fact(Event::GroupBound { group, topic: no }))
}

/// 邀请 — asks departments, companies and experts to join.
pub fn invite(ctx: &Ctx<'_>, written: Option<TopicNo>, guests: &[guest::Guest]) -> Decided {
    const EXAMPLE: &str = "ex.invite";
    let topic = ctx.resolve_topic(written, EXAMPLE)?;
    ctx.require_moderator(&topic)?;
    topic.require_going()?;
    if topic.step == Step::Closed {
        return Err(topic.is_over("step.closed"));
    }
    if guests.is_empty() {
        let whom = category::whom_to_invite(ctx, &topic);
        return whom.map(Decision::answer).ok_or_else(|| say!("e.empty", ex = example_of(EXAMPLE)));
    }
    let mut facts = Vec::new();
    let mut next = ctx.world.counters().people;
    let mut entered: Vec<&guest::Guest> = Vec::new();
    for guest in guests {
        let known = ctx.world.find_person(&guest.name, Some(&topic))?;
        let side = guest
            .side
            .or(known.as_ref().map(|person| person.side))
            .ok_or_else(|| say!("e.bad_arg", bad = guest.name.as_str(), ex = example_of(EXAMPLE)))?;
        let before = entered.iter().find(|other| other.name == guest.name);
        // Written twice it is one guest; with another side or unit it may be somebody else.
        if before.is_some_and(|other| (other.side, other.note.trim()) != (guest.side, guest.note.trim())) {
            return Err(say!("e.invite_twice", who = guest.name.as_str()));
        }
        if before.is_some() {
            continue;
        }
        let is_of_it = known.as_ref().is_some_and(|person| person.side == Side::Cppcc);
        if side == Side::Cppcc && !is_of_it {
            let town = known.as_ref().map_or(topic.town.as_str(), |person| &person.town);
            ctx.require_seat(known.as_ref(), &guest.name, town)?;
        }
        if side == Side::Expert {
            // Whose plan is reviewed asks nobody to do it.
            ctx.require_no_party(&topic, None, Settling::Expert)?;
            if known.is_none() {
                ctx.require_not_on_roll(&guest.name, &topic)?;
            }
        }
        // While nothing is written anybody may know something; from the first draft on an expert is who reviews it.
        if side == Side::Expert
            && let Some(person) = &known
            && (topic.plans > 0 || stands_in_way(ctx.world, person, &topic, (Part::Voter, Part::Expert), None))
        {
            ctx.require_fit(person, &topic, Part::Expert, None)?;
        }
        let person = match known {
            Some(person) => person.id,
            None => {
                next += 1;
                facts.push(person::newcomer(PersonId(next), &guest.name, side, &guest.note)?);
                PersonId(next)
            }
        };
        entered.push(guest);
        facts.push(Event::Invited { topic: topic.no, person, side });
    }
    Ok(Decision::facts(facts))
}
