//! 人员 — who takes part: the side they speak for, the roles they hold and where.

use super::command::ScopeArg;
use super::event::Event;
use super::ids::{GroupId, PersonId, TopicNo};
use super::say::{Say, Value, example_of};
use super::scene::{Ctx, Decided, Decision};
use super::topic::{Invitation, Topic};
use super::words::Words;
use super::world::{Entity, Key, World, kind};
use crate::say;
use serde::{Deserialize, Serialize};

/// 方 — the five sides of a consultation (五方参与). The order is the order on every card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// 政协 — the CPPCC.
    Cppcc,
    /// 部门 — government departments.
    Department,
    /// 企业 — companies.
    Company,
    /// 群众 — residents.
    Resident,
    /// 专家 — experts.
    Expert,
}

impl Side {
    /// All, in the order of the card.
    pub const ALL: [Self; 5] = [Self::Cppcc, Self::Department, Self::Company, Self::Resident, Self::Expert];

    /// Place in [`Side::ALL`].
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }

    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Cppcc => "side.cppcc",
            Self::Department => "side.department",
            Self::Company => "side.company",
            Self::Resident => "side.resident",
            Self::Expert => "side.expert",
        }
    }
}

/// 角色 — what a person may do. Everybody is a resident (群众) without a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 群众 — everybody.
    Resident,
    /// 委员 — member of the committee.
    Member,
    /// 承办人 — handles tasks for a unit.
    Handler,
    /// 专家 — expert.
    Expert,
    /// 主持人 — moderates the topics of a town or one topic.
    Moderator,
    /// 联络员 — coordinator; may also do what a moderator may, on the record.
    Coordinator,
    /// 管理员 — administrator; grants roles.
    Admin,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 7] =
        [Self::Resident, Self::Member, Self::Handler, Self::Expert, Self::Moderator, Self::Coordinator, Self::Admin];

    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Resident => "role.resident",
            Self::Member => "role.member",
            Self::Handler => "role.handler",
            Self::Expert => "role.expert",
            Self::Moderator => "role.moderator",
            Self::Coordinator => "role.coordinator",
            Self::Admin => "role.admin",
        }
    }
}

/// 委员级别 — level of a committee member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 省.
    Province,
    /// 市.
    City,
    /// 区.
    District,
}

impl Level {
    /// All, the highest first.
    pub const ALL: [Self; 3] = [Self::Province, Self::City, Self::District];

    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Province => "level.province",
            Self::City => "level.city",
            Self::District => "level.district",
        }
    }
}

/// 范围 — how far a role reaches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// 全区.
    District,
    /// One town or street (镇街).
    Town(String),
    /// One topic.
    Topic(TopicNo),
}

/// A role as granted. `order` is the sequence of the grant: where several moderate one town, the earliest is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Role.
    pub role: Role,
    /// How far it reaches.
    pub scope: Scope,
    /// Sequence number of the record that granted it.
    pub order: u64,
}

/// 人员.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Number.
    pub id: PersonId,
    /// Registered name.
    pub name: Words,
    /// Side they speak for.
    pub side: Side,
    /// 单位 — unit.
    pub unit: Words,
    /// 界别 — sector of a committee member; empty if none.
    pub sector: String,
    /// 镇街 — town or street; empty if none.
    pub town: String,
    /// Level of a committee member.
    pub level: Option<Level>,
    /// Field of an expert (专业).
    pub field: Words,
    /// 房号 — room number; empty if unknown.
    pub room: Words,
    /// Roles held.
    pub grants: Vec<Grant>,
    /// Address of the private chat with the bot, if there is one.
    pub private_chat: Words,
    /// Entered by the office. Somebody who only spoke up is on no roll, whatever name they show.
    pub enrolled: bool,
    /// 党员, 两代表 …, in order.
    #[serde(default)]
    pub tags: Vec<Tag>,
    /// 特长.
    #[serde(default)]
    pub expertise: Words,
}

/// 标签 — what a person is besides their role; it gives no rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tag {
    /// 党员.
    Party,
    /// 党代表.
    PartyDelegate,
    /// 人大代表.
    PeoplesDelegate,
    /// 界别召集人.
    Convenor,
    /// 学联组组长.
    GroupLeader,
    /// 委员工作室牵头委员.
    StudioLeader,
}

/// What 登记 says of a person's marks; what it does not speak of stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// Each mark spoken of, and whether the person bears it.
    pub tags: Vec<(Tag, bool)>,
    /// 特长; empty = none from now on.
    pub expertise: Option<String>,
}

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
        Some(Event::Duty(super::duty::Fact::Tagged { person: id, tags: tags.into_iter().collect(), expertise }))
    }
}

impl Tag {
    /// All, in order.
    pub const ALL: [Self; 6] = [
        Self::Party,
        Self::PartyDelegate,
        Self::PeoplesDelegate,
        Self::Convenor,
        Self::GroupLeader,
        Self::StudioLeader,
    ];

    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Party => "tag.party",
            Self::PartyDelegate => "tag.party_delegate",
            Self::PeoplesDelegate => "tag.peoples_delegate",
            Self::Convenor => "tag.convenor",
            Self::GroupLeader => "tag.group_leader",
            Self::StudioLeader => "tag.studio_leader",
        }
    }
}

impl Entity for Person {
    fn key(&self) -> Key {
        Key::new(kind::PERSON).num(self.id.0)
    }
}

impl Person {
    /// Whether the person holds the role anywhere.
    #[must_use]
    pub fn holds(&self, role: Role) -> bool {
        role == Role::Resident || self.grants.iter().any(|grant| grant.role == role)
    }
}

impl Person {
    /// Whether the person moderates a topic: named for it, for its town, or for the whole district.
    #[must_use]
    pub fn moderates(&self, topic: &Topic) -> bool {
        self.grants.iter().any(|grant| grant.role == Role::Moderator && grant.scope.covers(topic))
    }

    /// Whether the person coordinates a town. Administrators coordinate everything.
    #[must_use]
    pub fn coordinates(&self, town: &str) -> bool {
        self.grants.iter().any(|grant| match (&grant.role, &grant.scope) {
            (Role::Admin, _) | (Role::Coordinator, Scope::District) => true,
            (Role::Coordinator, Scope::Town(own)) => own == town,
            _ => false,
        })
    }
}

impl Scope {
    /// Whether a topic lies within.
    #[must_use]
    pub fn covers(&self, topic: &Topic) -> bool {
        match self {
            Self::District => true,
            Self::Town(town) => *town == topic.town,
            Self::Topic(no) => *no == topic.no,
        }
    }
}

/// Longest name, in characters.
pub const MAX_NAME: usize = 20;
/// Longest unit, sector, town, field or room, in characters.
const MAX_FIELD: usize = 40;
/// People of one name, or holders of one role, that are looked at.
const MAX_HOLDERS: usize = 2_000;

/// Checks a name: letters (汉字, Latin, ·) and digits of a room, nothing that could be taken for a reference in a card.
///
/// # Errors
/// `e.name`.
pub fn proper_name(name: &str) -> Result<(), Say> {
    let proper = |c: char| c.is_alphanumeric() || matches!(c, '·' | '•' | ' ' | '.' | '\'');
    let n = name.chars().count();
    if n == 0 || n > MAX_NAME || !name.chars().all(proper) || !name.chars().any(char::is_alphabetic) {
        return Err(say!("e.name", bad = name));
    }
    Ok(())
}

fn proper_field(text: &str) -> Result<(), Say> {
    super::topic::within(text, MAX_FIELD)
}

/// Somebody who is named for the first time (被邀请, 代录, 签到).
///
/// # Errors
/// `e.name`.
pub fn newcomer(person: PersonId, name: &str, side: Side, note: &str) -> Result<Event, Say> {
    proper_name(name)?;
    proper_field(note)?;
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

impl World<'_> {
    /// A person.
    #[must_use]
    pub fn person(&self, id: PersonId) -> Option<Person> {
        self.get(&Key::new(kind::PERSON).num(id.0))
    }

    /// A person's name; empty if erased.
    #[must_use]
    pub fn name_of(&self, id: PersonId) -> String {
        self.person(id).map(|person| person.name.as_str().to_owned()).unwrap_or_default()
    }

    /// The person an account belongs to.
    #[must_use]
    pub fn person_by_account(&self, account: &str) -> Option<PersonId> {
        self.get(&Key::new(kind::PERSON_BY_ACCOUNT).text(account))
    }

    /// Everybody of this name.
    #[must_use]
    pub fn people_named(&self, name: &str) -> Vec<Person> {
        let ids: Vec<PersonId> = self.list(&Key::new(kind::PERSON_BY_NAME).text(name), MAX_HOLDERS);
        ids.into_iter().filter_map(|id| self.person(id)).collect()
    }

    /// Everybody who holds a role, by number.
    #[must_use]
    pub fn holders(&self, role: Role) -> Vec<Person> {
        let ids: Vec<PersonId> = self.list(&Key::new(kind::ROLE_HOLDER).byte(role as u8), MAX_HOLDERS);
        ids.into_iter().filter_map(|id| self.person(id)).collect()
    }

    /// 主持人 — the moderator shown for a topic: one named for it before one of its town, the earliest grant first.
    #[must_use]
    pub fn moderator_of(&self, topic: &Topic) -> Option<PersonId> {
        let mut best: Option<(bool, u64, PersonId)> = None;
        for person in self.holders(Role::Moderator) {
            for grant in person.grants.iter().filter(|grant| grant.role == Role::Moderator && grant.scope.covers(topic))
            {
                let rank = (!matches!(grant.scope, Scope::Topic(_)), grant.order, person.id);
                if best.is_none_or(|known| rank < known) {
                    best = Some(rank);
                }
            }
        }
        best.map(|(_, _, id)| id)
    }

    /// 联络员 — the coordinators of a town; those of one town before those of the district.
    #[must_use]
    pub fn coordinators_of(&self, town: &str) -> Vec<Person> {
        let mut found: Vec<Person> =
            self.holders(Role::Coordinator).into_iter().filter(|person| person.coordinates(town)).collect();
        found.sort_by_key(|person| (person.grants.iter().any(|grant| grant.scope == Scope::District), person.id));
        found
    }

    /// 重名 — finds a person by name: guests of the topic first, then its town; otherwise “姓名+房号” is asked for.
    ///
    /// # Errors
    /// `e.who_many` if several remain.
    pub fn find_person(&self, name: &str, topic: Option<&Topic>) -> Result<Option<Person>, Say> {
        let mut found: Vec<Person> = self.people_named(name).into_iter().filter(|person| person.enrolled).collect();
        if found.is_empty() {
            let bare = name.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '-');
            let room = name.strip_prefix(bare).unwrap_or_default();
            if !room.is_empty() && !bare.is_empty() {
                found = self
                    .people_named(bare)
                    .into_iter()
                    .filter(|person| person.enrolled && person.room.as_str() == room)
                    .collect();
            }
        }
        if let Some(topic) = topic.filter(|_| found.len() > 1) {
            self.narrow(&mut found, topic);
        }
        match found.len() {
            0 => Ok(None),
            1 => Ok(found.pop()),
            _ => Err(say!("e.who_many", name = name)),
        }
    }

    fn narrow(&self, found: &mut Vec<Person>, topic: &Topic) {
        let invited =
            |person: &Person| self.has(&Invitation { topic: topic.no, person: person.id, side: person.side }.key());
        let tests: [&dyn Fn(&Person) -> bool; 3] =
            [&invited, &|person| self.voter_of(topic.no, person).is_some(), &|person| person.town == topic.town];
        for test in tests {
            let fitting: Vec<Person> = found.iter().filter(|person| test(person)).cloned().collect();
            if !fitting.is_empty() && fitting.len() < found.len() {
                *found = fitting;
            }
            if found.len() == 1 {
                return;
            }
        }
    }
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

    /// Lets those pass who moderate in a group: its town, a topic of that town, or the district; and coordinators of the town.
    ///
    /// # Errors
    /// `e.role.ask` with the moderators of the town, `e.role.any` if there are none.
    pub fn require_moderator_of(&self, group: Option<GroupId>) -> Result<(), Say> {
        let town = group.and_then(|group| self.world.group(group)).map(|group| group.town).unwrap_or_default();
        let may_coordinate =
            || self.coordinates(&town) || town.is_empty() && self.require_role(Role::Coordinator).is_ok();
        if self.moderates_in(&self.scene.who, &town) || may_coordinate() {
            return Ok(());
        }
        let role = Value::Term(Role::Moderator.term().to_owned());
        let moderators = self.world.holders(Role::Moderator).into_iter();
        let names: Vec<Value> = moderators
            .filter(|person| !town.is_empty() && self.moderates_in(person, &town))
            .take(3)
            .map(|person| (&person.name).into())
            .collect();
        if names.is_empty() {
            return Err(say!("e.role.any", role = role));
        }
        Err(say!("e.role.ask", role = role, who = Value::List(names)))
    }

    fn moderates_in(&self, person: &Person, town: &str) -> bool {
        person.grants.iter().filter(|grant| grant.role == Role::Moderator).any(|grant| match &grant.scope {
            Scope::District => true,
            Scope::Town(own) => town.is_empty() || own == town,
            Scope::Topic(no) => self.world.topic(*no).is_some_and(|topic| town.is_empty() || topic.town == town),
        })
    }

    /// 这一步要…来做 — with the names of the coordinators of a town, or of the administrators.
    #[must_use]
    pub fn ask(&self, role: Role, town: &str) -> Say {
        let people = match role {
            Role::Coordinator => self.world.coordinators_of(town),
            Role::Admin => self.world.holders(role),
            _ => Vec::new(),
        };
        let names: Vec<Value> = people.iter().take(3).map(|person| (&person.name).into()).collect();
        let role = Value::Term(role.term().to_owned());
        if names.is_empty() {
            return say!("e.role.any", role = role);
        }
        say!("e.role.ask", role = role, who = Value::List(names))
    }

    /// The person of a name, who must be known.
    ///
    /// # Errors
    /// `e.no_person`, `e.who_many`.
    pub fn require_person(&self, name: &str, topic: Option<&Topic>) -> Result<Person, Say> {
        self.world.find_person(name, topic)?.ok_or_else(|| say!("e.no_person", name = name))
    }
}

/// 授权 — gives a role or takes it away.
pub fn grant(ctx: &Ctx<'_>, name: &str, role: Role, scope: Option<&ScopeArg>, withdraw: bool) -> Decided {
    ctx.require_role(Role::Admin)?;
    let person = ctx.require_person(name, None)?;
    let scope = scope_of(ctx, role, scope)?;
    if !withdraw {
        return Ok(Decision::fact(Event::RoleGranted { person: person.id, role, scope }));
    }
    if !person.grants.iter().any(|grant| grant.role == role && grant.scope == scope) {
        return Err(say!(
            "e.no_grant",
            who = name,
            role = Value::Term(role.term().to_owned()),
            scope = scope_value(&scope)
        ));
    }
    let others = ctx.world.holders(Role::Admin).into_iter().any(|other| other.id != person.id);
    let stays = person.grants.iter().any(|grant| grant.role == role && grant.scope != scope);
    if role == Role::Admin && !others && !stays {
        return Err(say!("e.last_admin"));
    }
    Ok(Decision::fact(Event::RoleWithdrawn { person: person.id, role, scope }))
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

/// A scope for people.
#[must_use]
pub fn scope_value(scope: &Scope) -> Value {
    match scope {
        Scope::District => Value::Term("scope.district".to_owned()),
        Scope::Town(town) => Value::Text(town.clone()),
        Scope::Topic(no) => Value::Part(Box::new(say!("ref.topic", no = *no))),
    }
}

/// What 登记 says of a person.
pub struct Entry<'c> {
    /// Name.
    pub name: &'c str,
    /// Side.
    pub side: Side,
    /// Unit or field.
    pub unit: &'c str,
    /// Sector.
    pub sector: &'c str,
    /// Town.
    pub town: &'c str,
    /// Level.
    pub level: Option<Level>,
    /// Room.
    pub room: &'c str,
    /// 党员, 两代表, 特长 ….
    pub marks: &'c Marks,
}

/// 登记 — enters a person by name, or corrects an entry. A committee member (政协 with a sector) becomes 委员 by it.
pub fn enrol(ctx: &Ctx<'_>, entry: &Entry<'_>) -> Decided {
    ctx.require_role(Role::Coordinator)?;
    proper_name(entry.name)?;
    [entry.unit, entry.sector, entry.town, entry.room].into_iter().try_for_each(proper_field)?;
    proper_field(entry.marks.expertise.as_deref().unwrap_or_default())?;
    let known = entered_before(ctx, entry)?;
    let town_before = known.as_ref().map_or("", |person| person.town.as_str());
    if let Some(town) = [town_before, entry.town].into_iter().find(|town| !town.is_empty() && !ctx.coordinates(town)) {
        return Err(ctx.ask(Role::Coordinator, town));
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
        name: entry.name.into(),
        side: entry.side,
        unit: keep(unit, |person| person.unit.as_str()).into(),
        sector: keep(entry.sector, |person| &person.sector),
        town: keep(entry.town, |person| &person.town),
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

/// The entry that is corrected: of this flat, else the only one of this name if no flat is known of it.
fn entered_before(ctx: &Ctx<'_>, entry: &Entry<'_>) -> Result<Option<Person>, Say> {
    if entry.room.is_empty() {
        return ctx.world.find_person(entry.name, None);
    }
    let mut named: Vec<Person> =
        ctx.world.people_named(entry.name).into_iter().filter(|person| person.enrolled).collect();
    if let Some(at) = named.iter().position(|person| person.room.as_str() == entry.room) {
        return Ok(Some(named.swap_remove(at)));
    }
    Ok(named.pop().filter(|only| named.is_empty() && only.room.as_str().is_empty()))
}
