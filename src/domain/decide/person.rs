//! 人员 — entering people, giving and withdrawing roles; who may what where.

use crate::domain::about::hanging;
use crate::domain::about::hanging::Held;
use crate::domain::brief;
use crate::domain::event::Event;
use crate::domain::history::duty;
use crate::domain::kernel::ids::{GroupId, PersonId};
use crate::domain::kernel::place::{flat_before, name_written, same_place, untitled};
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::text::{proper_field, proper_name};
use crate::domain::kernel::words::Words;
use crate::domain::people::identity_claim::MAX_ROWS;
use crate::domain::people::namesake::{TWIN, UNPROVEN};
use crate::domain::people::person::{Entry, Grant, Marks, Person, Role, Scope, ScopeArg, Side, Tag, scope_value};
use crate::domain::people::reach::Act;
use crate::domain::process::topic::Topic;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::vote::whom::Whom;
use crate::domain::work::handover;
use crate::say;

impl Marks {
    /// The fact that a person bears these marks from now on; `None` if nothing was said of any.
    fn of(&self, id: PersonId, known: Option<&Person>) -> Option<Event> {
        if self.tags.is_empty() && self.expertise.is_none() {
            return None;
        }
        let mut tags: std::collections::BTreeSet<Tag> =
            known.map(|person| person.tags.iter().copied().collect()).unwrap_or_default();
        for (tag, bears) in &self.tags {
            if *bears {
                tags.insert(*tag)
            } else {
                tags.remove(tag)
            };
        }
        let before = known.map(|person| person.expertise.clone()).unwrap_or_default();
        let expertise = self.expertise.as_ref().map_or(before, |text| text.as_str().into());
        Some(Event::Duty(duty::Fact::Tagged { person: id, tags: tags.into_iter().collect(), expertise }))
    }
}

/// 区规划分局, 居民代表, 待定: an office, some of many, or nobody yet.
fn is_no_person(name: &str) -> bool {
    const WHOLE: [&str; 8] = ["待定", "未定", "不详", "某人", "居民", "群众", "住户", "业主"];
    const ENDS: [&str; 18] = [
        "局",
        "公司",
        "委员会",
        "居委会",
        "业委会",
        "街道办",
        "办事处",
        "街道",
        "社区",
        "物业",
        "中心",
        "医院",
        "学校",
        "代表",
        "各位",
        "大家",
        "等人",
        "们",
    ];
    WHOLE.contains(&name) || ENDS.iter().any(|end| name.ends_with(end) && name.chars().count() > 2)
}

/// 吴刚等5人, 全体业主: some of many, and none of them by name.
fn is_crowd(name: &str) -> bool {
    const BEGINS: [&str; 6] = ["全体", "所有", "各位", "全部", "部分", "其他"];
    const ENDS: [&str; 6] = ["等人", "们", "夫妇", "夫妻", "一家", "全家"];
    let is_some_of = name.split_once('等').is_some_and(|(before, rest)| {
        let rest = rest.trim_end_matches(['人', '位', '户', '名']);
        !before.is_empty() && rest.chars().all(|c| c.is_numeric() || "一二三四五六七八九十几多".contains(c))
    });
    is_some_of
        || BEGINS.iter().any(|word| name.starts_with(word)) && name.chars().count() > 2
        || ENDS.iter().any(|word| name.ends_with(word)) && name.chars().count() > 2
}

/// Somebody who is named for the first time (被邀请, 代录, 签到).
///
/// # Errors
/// `e.name`.
pub fn newcomer(person: PersonId, name: &str, side: Side, note: &str) -> Result<Event, Say> {
    proper_name(name)?;
    proper_field(note)?;
    let name = name_written(name);
    let name = name.as_str();
    // Of a name with a flat before it it is known who is meant: nobody else is made up for them.
    if !flat_before(name).0.is_empty() || is_no_person(name) || is_crowd(name) || untitled(name).is_some() {
        return Err(say!("e.not_a_person", bad = Value::Quote(name.to_owned())));
    }
    let (unit, field) = if side == Side::Expert { ("", note) } else { (note, "") };
    Ok(Event::PersonEnrolled {
        person,
        name: name.into(),
        side,
        unit: unit.into(),
        sector: String::new(),
        town: String::new(),
        level: None,
        field: field.into(),
        room: Words::default(),
        enrolled: true,
    })
}

impl Ctx<'_> {
    /// Whether the speaker coordinates a town.
    #[must_use]
    pub fn coordinates(&self, town: &str) -> bool {
        self.scene.who.coordinates(town)
    }

    /// Lets holders of a role pass, wherever they hold it. Administrators pass as coordinators.
    ///
    /// # Errors
    /// `e.role.any`.
    pub fn require_role(&self, role: Role) -> Result<(), Say> {
        let who = &self.scene.who;
        if who.holds(role) || (role == Role::Coordinator && who.holds(Role::Admin)) {
            return Ok(());
        }
        Err(self.ask(role, ""))
    }

    /// 绑定议题 — the topic the group it is said in is bound to by now.
    pub(crate) fn bound_here(&self) -> Option<Topic> {
        let group = self.group().and_then(|group| self.world.group(group))?;
        self.world.bound_to(&group)
    }

    /// Lets those pass who moderate in a group: its town, a topic of that town, or the district; and coordinators of the town. In a
    /// group of no town only who holds the office for the district. In private it is a matter of whoever asks.
    ///
    /// # Errors
    /// `e.role.ask` with the moderators of the town, `e.role.any` if there are none.
    pub fn require_moderator_of(&self, group: Option<GroupId>) -> Result<(), Say> {
        let who = &self.scene.who;
        let Some(group) = group.and_then(|group| self.world.group(group)) else {
            return if who.has_office() { Ok(()) } else { Err(self.ask_moderator("")) };
        };
        if self.moderates_in(who, &group.town) || self.coordinates(&group.town) {
            return Ok(());
        }
        Err(self.ask_moderator(&group.town))
    }

    fn ask_moderator(&self, town: &str) -> Say {
        let moderators = self.world.holders(Role::Moderator).into_iter();
        let mut names: Vec<Value> = moderators
            .filter(|person| self.moderates_in(person, town))
            .take(3)
            .map(|person| (&person.name).into())
            .collect();
        if names.is_empty() {
            let coordinators = self.world.coordinators_of(town).into_iter().take(3);
            names = coordinators.map(|person| (&person.name).into()).collect();
        }
        self.ask_of((Role::Moderator, town), names)
    }

    /// Who may, by office; to whoever holds that office, for something else, as whose it has to be: they are one, and not this one.
    fn ask_of(&self, (role, town): (Role, &str), names: Vec<Value>) -> Say {
        let term = Value::Term(role.term().to_owned());
        let is_one = self.scene.who.has_office_as(role);
        let scope = if town.is_empty() { Scope::District } else { Scope::Town(town.to_owned()) };
        match (is_one, names.is_empty()) {
            (false, true) => say!("e.role.any", role = term),
            (false, false) => say!("e.role.ask", role = term, who = Value::List(names)),
            (true, true) => say!("e.role.of", scope = scope_value(&scope), role = term),
            (true, false) => {
                say!("e.role.of.ask", scope = scope_value(&scope), role = term, who = Value::List(names))
            }
        }
    }

    fn moderates_in(&self, person: &Person, town: &str) -> bool {
        let of_topic = |grant: &Grant| match &grant.scope {
            Scope::District | Scope::Town(_) => false,
            Scope::Topic(no) => self.world.topic(*no).is_some_and(|topic| topic.town == town),
        };
        person.presides(town) || person.grants.iter().any(|grant| grant.role == Role::Moderator && of_topic(grant))
    }

    /// 这一步要…来做 — with the names of the coordinators of a town, or of the administrators.
    #[must_use]
    pub fn ask(&self, role: Role, town: &str) -> Say {
        let people = match role {
            // Where there is none, whoever is one elsewhere hears of those who can see to it.
            Role::Coordinator if self.scene.who.has_office_as(role) => {
                let found = self.world.coordinators_of(town);
                if found.is_empty() { self.world.holders(Role::Admin) } else { found }
            }
            Role::Coordinator => self.world.coordinators_of(town),
            Role::Admin => self.world.holders(role),
            Role::Resident | Role::Member | Role::Handler | Role::Expert | Role::Moderator => Vec::new(),
        };
        // Nobody is sent to themselves.
        let others = people.iter().filter(|person| person.id != self.me());
        let names: Vec<Value> = others.take(3).map(|person| (&person.name).into()).collect();
        self.ask_of((role, town), names)
    }

    /// 政协一方 — lets those pass who may make somebody one of it.
    ///
    /// # Errors
    /// `e.enrol_seat` with those who may.
    pub(crate) fn require_seat(&self, known: Option<&Person>, name: &str, town: &str) -> Result<(), Say> {
        let may = |person: &Person| person.may(Act::Seat, known, town);
        if may(&self.scene.who) {
            return Ok(());
        }
        let mut who: Vec<Person> = self.world.holders(Role::Coordinator);
        who.extend(self.world.holders(Role::Admin).into_iter().filter(|one| !one.holds(Role::Coordinator)));
        let who: Vec<Value> = who.iter().filter(|one| may(one)).take(3).map(|one| (&one.name).into()).collect();
        if who.is_empty() {
            return Err(self.ask(Role::Admin, ""));
        }
        Err(say!("e.enrol_seat", who = name, ask = Value::List(who)))
    }

    /// The person of a name, who must be known.
    ///
    /// # Errors
    /// `e.no_person`, `e.who_many`.
    pub fn require_person(&self, name: &str, topic: Option<&Topic>) -> Result<Person, Say> {
        self.world.find_person(name, topic)?.ok_or_else(|| self.no_person(name, ""))
    }

    /// 没找到 — nobody of that name: whoever may enter somebody reads the line that does it, with what is known of them; anybody else
    /// whom to ask.
    #[must_use]
    pub fn no_person(&self, name: &str, unit: &str) -> Say {
        let may_enrol = self.scene.who.holds(Role::Coordinator) || self.scene.who.holds(Role::Admin);
        let how = match (may_enrol, unit.trim()) {
            (true, "") => say!("no_person.enrol", name = name),
            (true, unit) => say!("no_person.enrol.unit", name = name, unit = unit),
            (false, _) => say!("no_person.ask"),
        };
        say!("e.no_person", name = name, how = how)
    }

    /// Who is to do something for a unit.
    ///
    /// # Errors
    /// `e.no_person`, `e.who_many`.
    pub fn require_handler_named(&self, (unit, name): (&str, &str), topic: Option<&Topic>) -> Result<Person, Say> {
        self.world.find_person(name, topic)?.ok_or_else(|| self.no_person(name, unit))
    }

    /// 姓名 房号 原因 — the person, and what of the words behind the name is none of what tells them apart: of several of one name the
    /// first word says which is meant; of one alone it is taken for that only where more follows.
    ///
    /// # Errors
    /// `e.no_person`, `e.who_many`.
    pub fn require_person_behind<'r>(&self, name: &str, rest: &'r str) -> Result<(Person, &'r str), Say> {
        let (first, more) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let is_one = self.world.people_named(name).iter().filter(|person| person.enrolled).count() == 1;
        match self.world.people_at(name, first).as_slice() {
            [only] if !is_one || !more.trim().is_empty() => Ok((only.clone(), more.trim())),
            _ => Ok((self.require_person(name, None)?, rest)),
        }
    }
}

/// 授权 — gives a role or takes it away.
pub fn grant(ctx: &Ctx<'_>, name: &str, role: Role, scope: Option<&ScopeArg>, withdraw: bool) -> Decided {
    ctx.require_role(Role::Admin)?;
    let person = ctx.require_person(name, None)?;
    let is_vague = withdraw && role == Role::Moderator && scope.is_none();
    if let Some(first) = person.grants.iter().find(|grant| is_vague && grant.role == role) {
        return Err(no_grant(ctx, &person, role, &first.scope));
    }
    let scope = scope_of(ctx, role, scope)?;
    // Administrators reach everything: a town beside it would only look like a limit.
    if role == Role::Admin && scope != Scope::District && !withdraw {
        return Err(say!("e.scope_admin", who = name));
    }
    if !withdraw {
        return Ok(Decision::fact(Event::RoleGranted { person: person.id, role, scope }));
    }
    if !person.grants.iter().any(|grant| grant.role == role && grant.scope == scope) {
        return Err(no_grant(ctx, &person, role, &scope));
    }
    let others = ctx.world.holders(Role::Admin).into_iter().any(|other| other.id != person.id);
    let stays = person.grants.iter().any(|grant| grant.role == role && grant.scope != scope);
    if role == Role::Admin && !others && !stays {
        return Err(say!("e.last_admin"));
    }
    let mut facts = vec![Event::RoleWithdrawn { person: person.id, role, scope }];
    if !stays {
        facts.extend(hanging::given_up(ctx.world, &person, role).into_iter().map(|held| match held {
            Held::Task(task) => Event::Handover(handover::Fact::Vacated { task }),
            Held::Proposal(proposal) => Event::Brief(brief::Fact::Vacated { proposal }),
        }));
    }
    Ok(Decision::facts(facts))
}

/// Whoever does not hold the role there: where they hold it, with the line that takes it away; else whose it is there.
fn no_grant(ctx: &Ctx<'_>, person: &Person, role: Role, scope: &Scope) -> Say {
    let (who, term, at) = (&person.name, Value::Term(role.term().to_owned()), scope_value(scope));
    let held: Vec<Value> =
        person.grants.iter().filter(|grant| grant.role == role).map(|grant| scope_value(&grant.scope)).collect();
    let is_held = person.grants.iter().any(|grant| grant.role == role && grant.scope == *scope);
    if let Some(first) = held.first().cloned() {
        if is_held {
            return say!("e.need_scope.held", who = who, role = term, list = Value::List(held), eg = first);
        }
        return say!("e.no_grant.else", who = who, role = term, scope = at, list = Value::List(held), eg = first);
    }
    let is_it = |grant: &Grant| grant.role == role && grant.scope == *scope;
    let holders = ctx.world.holders(role).into_iter().filter(|one| one.grants.iter().any(is_it));
    let names: Vec<Value> = holders.take(3).map(|one| (&one.name).into()).collect();
    match names.is_empty() {
        true => say!("e.no_grant", who = who, role = term, scope = at),
        false => say!("e.no_grant.held", who = who, role = term, scope = at, list = Value::List(names)),
    }
}

fn scope_of(ctx: &Ctx<'_>, role: Role, scope: Option<&ScopeArg>) -> Result<Scope, Say> {
    match scope {
        None if role == Role::Moderator => Err(say!("e.need_scope", ex = example_of("ex.grant"))),
        None | Some(ScopeArg::District) => Ok(Scope::District),
        Some(ScopeArg::Town(town)) => {
            proper_field(town)?;
            Ok(Scope::Town(town.clone()))
        }
        // What the others may do is no matter of one topic.
        Some(ScopeArg::Topic(_)) if role != Role::Moderator => {
            Err(say!("e.scope_topic", role = Value::Term(role.term().to_owned())))
        }
        Some(ScopeArg::Topic(no)) => {
            ctx.world.topic(*no).map(|topic| Scope::Topic(topic.no)).ok_or_else(|| say!("e.no_topic", no = *no))
        }
    }
}

/// 登记 — enters a person by name, or corrects an entry. A committee member (政协 with a sector) becomes 委员 by it.
pub fn enrol(ctx: &Ctx<'_>, entry: &Entry<'_>) -> Decided {
    ctx.require_role(Role::Coordinator)?;
    proper_name(entry.name)?;
    [entry.unit, entry.sector, entry.town, entry.room].into_iter().try_for_each(proper_field)?;
    proper_field(entry.marks.expertise.as_deref().unwrap_or_default())?;
    if is_crowd(entry.name) {
        return Err(say!("e.not_a_person", bad = Value::Quote(entry.name.to_owned())));
    }
    let known = entered_before(ctx, entry)?;
    if known.is_none() && untitled(entry.name).is_some() {
        return Err(say!("e.not_a_person", bad = Value::Quote(entry.name.to_owned())));
    }
    // 馮麗 is 冯丽, and goes on being called as she was entered.
    let spelled = known.as_ref().map_or_else(
        || name_written(entry.name),
        |known| known.name.as_str().trim_end_matches([TWIN, UNPROVEN]).to_owned(),
    );
    let town = town_of(ctx, entry, known.as_ref())?;
    // Beyond the speaker's reach nothing is corrected: it may be somebody else of that name who is meant.
    if let Some(known) = known.as_ref().filter(|known| !entry.same && overwrites(known, entry))
        && !ctx.scene.who.may(Act::Correct, Some(known), &known.town)
    {
        return Err(are_there(ctx, entry.name, vec![known.clone()]));
    }
    if let Some(known) = &known {
        may_correct(ctx, known, entry, &town)?;
    }
    if entry.side == Side::Cppcc || known.as_ref().is_some_and(|known| known.side == Side::Cppcc) {
        may_seat(ctx, known.as_ref(), entry, &town)?;
    }
    may_be_voter(ctx, known.as_ref(), entry)?;
    if let Some(known) = known.as_ref().filter(|known| !entry.same && overwrites(known, entry)) {
        let there = Whom::entered(ctx.world, known.clone()).row();
        return Err(say!("e.enrol_same", who = entry.name, there = there));
    }
    let is_member = known.as_ref().is_some_and(|person| person.holds(Role::Member));
    let id = known.as_ref().map_or(PersonId(ctx.world.counters().people + 1), |person| person.id);
    // What is left out stays as it was.
    let keep = |new: &str, old: fn(&Person) -> &str| match (&known, new) {
        (Some(person), "") => old(person).to_owned(),
        _ => new.to_owned(),
    };
    let (unit, field) = if entry.side == Side::Expert { ("", entry.unit) } else { (entry.unit, "") };
    let mut facts = vec![Event::PersonEnrolled {
        person: id,
        name: spelled.as_str().into(),
        side: entry.side,
        unit: keep(unit, |person| person.unit.as_str()).into(),
        sector: keep(entry.sector, |person| &person.sector),
        town,
        level: entry.level.or(known.as_ref().and_then(|person| person.level)),
        field: keep(field, |person| person.field.as_str()).into(),
        room: keep(entry.room, |person| person.room.as_str()).into(),
        enrolled: true,
    }];
    if entry.side == Side::Cppcc && !entry.sector.is_empty() && !is_member {
        facts.push(Event::RoleGranted { person: id, role: Role::Member, scope: Scope::District });
    }
    facts.extend(entry.marks.of(id, known.as_ref()));
    Ok(Decision::facts(facts))
}

/// 改成另外的 — whether an entry would write over what is known of somebody who is known by the name alone: it may be meant of somebody
/// else of that name. A flat, a unit or a sector that is theirs says that it is them.
fn overwrites(known: &Person, entry: &Entry<'_>) -> bool {
    let unit = if known.side == Side::Expert { known.field.as_str() } else { known.unit.as_str() };
    let pairs = [(known.room.as_str(), entry.room), (unit, entry.unit), (known.sector.as_str(), entry.sector)];
    // Flats and units of one name there are in every town: another town may be another person, whatever else is the same.
    if is_of_other_town(known, entry) {
        return true;
    }
    let is_known = |(was, _): &(&str, &str)| !was.is_empty();
    let is_same = |(was, is): &(&str, &str)| same_place(was, is);
    if pairs.iter().filter(|pair| is_known(pair)).any(is_same) {
        return false;
    }
    let is_written_over = |(was, is): &(&str, &str)| !was.is_empty() && !is.is_empty();
    known.side != entry.side || pairs.iter().any(is_written_over)
}

/// Whose somebody is once they are entered. Whoever coordinates one town enters for that town and no other.
fn town_of(ctx: &Ctx<'_>, entry: &Entry<'_>, known: Option<&Person>) -> Result<String, Say> {
    let town = match (entry.town, known) {
        ("", Some(known)) => return Ok(known.town.clone()),
        ("", None) if !ctx.coordinates("") => ctx.scene.who.office_town().unwrap_or_default().to_owned(),
        (town, _) => town.to_owned(),
    };
    ctx.require_coordinator_of(&town).or_else(|say| if ctx.coordinates("") { Ok(()) } else { Err(say) })?;
    Ok(town)
}

/// 登记 of somebody who is known changes nothing that the caller's office does not reach; nobody makes themselves anything.
fn may_correct(ctx: &Ctx<'_>, known: &Person, entry: &Entry<'_>, town: &str) -> Result<(), Say> {
    ctx.require_reach(Act::Correct, known)?;
    let is_moved = known.town != town || known.side != entry.side;
    let is_recast = !entry.sector.is_empty() && known.sector != entry.sector;
    if !is_moved && !is_recast {
        return Ok(());
    }
    if known.id == ctx.me() {
        return Err(say!("e.enrol_self", who = &known.name));
    }
    ctx.require_reach(Act::Move, known)
}

/// 政协一方 — what makes somebody a member, or no member any more, or moves them to another sector.
fn may_seat(ctx: &Ctx<'_>, known: Option<&Person>, entry: &Entry<'_>, town: &str) -> Result<(), Say> {
    let is_as_before = known.is_some_and(|known| {
        let is_member = entry.sector.is_empty() || known.holds(Role::Member);
        known.side == entry.side && is_member && (entry.sector.is_empty() || known.sector == entry.sector)
    });
    if is_as_before { Ok(()) } else { ctx.require_seat(known, entry.name, town) }
}

/// 名册 — nobody becomes a voter of a live topic by an entry of somebody whose office does not reach it.
fn may_be_voter(ctx: &Ctx<'_>, known: Option<&Person>, entry: &Entry<'_>) -> Result<(), Say> {
    let is_there = known.is_some_and(|known| same_place(known.room.as_str(), entry.room));
    if entry.room.is_empty() || is_there {
        return Ok(());
    }
    let mut whoms = ctx.world.whom(entry.name, entry.room);
    whoms.retain(|whom| whom.person.as_ref().is_none_or(|person| known.is_some_and(|known| known.id == person.id)));
    match whoms.iter().find_map(|whom| whom.roll_out_of_reach(ctx.world, &ctx.scene.who)) {
        None => Ok(()),
        Some(topic) => Err(ctx.on_roll(entry.name, &topic, |person| person.coordinates(&topic.town))),
    }
}

/// The entry that is corrected: of this flat, else the only one of this name if no flat is known of it.
fn entered_before(ctx: &Ctx<'_>, entry: &Entry<'_>) -> Result<Option<Person>, Say> {
    let mut named: Vec<Person> =
        ctx.world.people_named(entry.name).into_iter().filter(|person| person.enrolled).collect();
    if entry.room.is_empty() {
        return without_flat(ctx, entry, named);
    }
    let is_of_flat = |person: &Person| same_place(person.room.as_str(), entry.room);
    // 501 there is in every town: of several the one of the town that is written, and 另一位 in another town is somebody else.
    let is_here = |person: &Person| is_of_flat(person) && !is_of_other_town(person, entry);
    if let Some(at) = named.iter().position(is_here) {
        return Ok(Some(named.swap_remove(at)));
    }
    if let Some(at) = named.iter().position(is_of_flat).filter(|_| !entry.another) {
        return Ok(Some(named.swap_remove(at)));
    }
    if let ([only], false) = (named.as_slice(), entry.another)
        && only.room.as_str().is_empty()
    {
        return Ok(named.pop());
    }
    if named.is_empty() || entry.another { Ok(None) } else { Err(are_there(ctx, entry.name, named)) }
}

/// 另一镇街 — whether a town is written that is not where somebody is entered.
fn is_of_other_town(known: &Person, entry: &Entry<'_>) -> bool {
    !known.town.is_empty() && !entry.town.is_empty() && known.town != entry.town
}

/// 没有房号 — members and people of offices have no flat: they are told apart from their namesakes by unit and sector.
fn without_flat(ctx: &Ctx<'_>, entry: &Entry<'_>, named: Vec<Person>) -> Result<Option<Person>, Say> {
    let unit_of = |person: &Person| match person.side {
        Side::Expert => person.field.as_str().to_owned(),
        Side::Cppcc | Side::Department | Side::Company | Side::Resident => person.unit.as_str().to_owned(),
    };
    let is_of_unit = |person: &&Person| same_place(&unit_of(person), entry.unit);
    let is_of_sector = |person: &&Person| same_place(&person.sector, entry.sector);
    if entry.another {
        let is_same = |person: &&Person| is_of_unit(person) && (is_of_sector(person) || entry.sector.is_empty());
        if let Some(same) = named.iter().filter(|person| !is_of_other_town(person, entry)).find(is_same) {
            return Ok(Some(same.clone()));
        }
        // 另一镇街 tells two of a name apart as a unit does.
        if !named.is_empty() && named.iter().all(|person| is_of_other_town(person, entry)) {
            return Ok(None);
        }
        let is_new = |written: &str, is_theirs: &dyn Fn(&&Person) -> bool| {
            !written.is_empty() && !named.iter().any(|person| is_theirs(&person))
        };
        if is_new(entry.unit, &is_of_unit) || is_new(entry.sector, &is_of_sector) {
            return Ok(None);
        }
        let side = Value::Term(entry.side.term().to_owned());
        return Err(say!("e.enrol_another", who = entry.name, side = side));
    }
    if named.is_empty() {
        return ctx.world.find_person(entry.name, None);
    }
    for is_theirs in [&is_of_unit as &dyn Fn(&&Person) -> bool, &is_of_sector] {
        if let [only] = named.iter().filter(|person| is_theirs(person)).collect::<Vec<_>>().as_slice() {
            return Ok(Some((*only).clone()));
        }
    }
    // What is written without a word of somebody else is about the one there is: residents come to sit on the committee.
    match named.as_slice() {
        [only] => Ok(Some(only.clone())),
        _ => Err(are_there(ctx, entry.name, named)),
    }
}

/// 已有一位… — another entry of the same name is made only where somebody says that it is somebody else. Of whom the speaker's office
/// does not reach they learn the name and the town.
fn are_there(ctx: &Ctx<'_>, name: &str, named: Vec<Person>) -> Say {
    let is_near = |person: &Person| ctx.scene.who.may(Act::Correct, Some(person), &person.town);
    let is_any_near = named.iter().any(is_near);
    let mut rows: Vec<Value> = Vec::new();
    for person in named {
        let whom = Whom::entered(ctx.world, person.clone());
        let row = if is_near(&person) { whom.row().into() } else { whom.row_from_afar().into() };
        if rows.len() < MAX_ROWS && !rows.contains(&row) {
            rows.push(row);
        }
    }
    let there = Value::List(rows);
    if is_any_near {
        say!("e.enrol_there", who = name, there = there)
    } else {
        say!("e.enrol_far", who = name, there = there)
    }
}
