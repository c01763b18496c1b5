//! 管到哪里 — how far somebody's office reaches: one function for things, by the town they are of, and one table for people.
//!
//! A thing is of a town, or of none; what is of none is the district's, and only who holds an office for the whole district reaches it.
//! What may be done with whom is a row of [`ROWS`], and what is in no row may not be done.

use crate::domain::people::person::{Person, Role, Scope};

/// 职位 — what somebody is to whoever is looked at: the highest office that reaches that far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Office {
    /// None.
    None,
    /// 主持人 of a topic or of the town.
    Moderator,
    /// 镇街联络员.
    Town,
    /// 全区联络员.
    District,
    /// 管理员.
    Admin,
}

impl Office {
    /// All, the lowest first.
    pub const ALL: [Self; 5] = [Self::None, Self::Moderator, Self::Town, Self::District, Self::Admin];
}

/// 所属 — whose the person is, seen from the one who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// They are it themselves.
    Oneself,
    /// Of a town that is theirs.
    Own,
    /// Of another town.
    Other,
    /// Of no town: the district's.
    Nowhere,
}

impl Home {
    /// All.
    pub const ALL: [Self; 4] = [Self::Oneself, Self::Own, Self::Other, Self::Nowhere];
}

/// 级别 — what the person holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// No role.
    Plain,
    /// 委员, 承办人, 专家, 主持人.
    Holder,
    /// 联络员, 管理员.
    Office,
}

impl Rank {
    /// All, the lowest first.
    pub const ALL: [Self; 3] = [Self::Plain, Self::Holder, Self::Office];

    /// What somebody holds.
    #[must_use]
    pub fn of(person: &Person) -> Self {
        if person.holds(Role::Admin) || person.holds(Role::Coordinator) {
            return Self::Office;
        }
        if person.grants.is_empty() { Self::Plain } else { Self::Holder }
    }
}

/// 事 — what is done to somebody, or in their name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// 登记 of somebody who is known: name, unit, field, level, room, marks.
    Correct,
    /// 登记 that changes whose they are, or what they are: side, sector, town.
    Move,
    /// 政协一方 — making somebody one of the committee's side, taking them out of it, or giving them another sector: it is the district's.
    Seat,
    /// 邀请码, 确认 — saying whose an account is.
    Vouch,
    /// 履职 in their name.
    Serve,
    /// 代点 — asking for something in their name.
    SpeakFor,
    /// Looking at what is kept of their work.
    Look,
}

impl Act {
    /// All.
    pub const ALL: [Self; 7] =
        [Self::Correct, Self::Move, Self::Seat, Self::Vouch, Self::Serve, Self::SpeakFor, Self::Look];
}

/// What may be done: by whom at least, of whom, up to which rank.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// What.
    pub act: Act,
    /// By this office or a higher one.
    pub by: Office,
    /// Of whom.
    pub homes: &'static [Home],
    /// Up to this rank.
    pub up_to: Rank,
}

const EVERYBODY_ELSE: &[Home] = &[Home::Own, Home::Other, Home::Nowhere];

const fn row(act: Act, by: Office, homes: &'static [Home], up_to: Rank) -> Row {
    Row { act, by, homes, up_to }
}

/// 登记、授权能改谁的什么 — the whole of it. Whoever has no town, is of another one, or holds as much as oneself is out of reach;
/// nobody makes themselves anything.
pub const ROWS: &[Row] = &[
    row(Act::Correct, Office::Admin, &Home::ALL, Rank::Office),
    row(Act::Correct, Office::District, EVERYBODY_ELSE, Rank::Holder),
    row(Act::Correct, Office::Town, &[Home::Own], Rank::Holder),
    row(Act::Move, Office::Admin, EVERYBODY_ELSE, Rank::Office),
    row(Act::Move, Office::District, EVERYBODY_ELSE, Rank::Holder),
    row(Act::Move, Office::Town, &[Home::Own], Rank::Holder),
    row(Act::Seat, Office::Admin, EVERYBODY_ELSE, Rank::Office),
    row(Act::Seat, Office::District, EVERYBODY_ELSE, Rank::Holder),
    row(Act::Vouch, Office::Admin, &Home::ALL, Rank::Office),
    row(Act::Vouch, Office::District, EVERYBODY_ELSE, Rank::Holder),
    row(Act::Vouch, Office::Town, &[Home::Own], Rank::Holder),
    // Of those who stand on the roll of a topic of theirs, and are of its town or of none.
    row(Act::Vouch, Office::Moderator, &[Home::Own], Rank::Plain),
    row(Act::Serve, Office::District, &Home::ALL, Rank::Office),
    row(Act::Serve, Office::Town, &[Home::Oneself, Home::Own], Rank::Office),
    // Who telephones is known by name before anything else: of no town are most, as nobody has asked for theirs.
    row(Act::SpeakFor, Office::District, &Home::ALL, Rank::Office),
    row(Act::SpeakFor, Office::Moderator, &[Home::Oneself, Home::Own, Home::Nowhere], Rank::Office),
    row(Act::Look, Office::District, &Home::ALL, Rank::Office),
    row(Act::Look, Office::Town, &[Home::Oneself, Home::Own], Rank::Office),
];

/// Whether a row allows it.
#[must_use]
pub fn may(office: Office, act: Act, home: Home, rank: Rank) -> bool {
    ROWS.iter().any(|row| row.act == act && office >= row.by && rank <= row.up_to && row.homes.contains(&home))
}

/// Who may, where somebody may not: a coordinator of the person's town, else an administrator.
#[must_use]
pub fn who_may(act: Act, rank: Rank) -> Role {
    let by_coordinator = may(Office::District, act, Home::Nowhere, rank);
    if by_coordinator { Role::Coordinator } else { Role::Admin }
}

impl Person {
    /// 范围 — whether the person's office as a coordinator reaches what is of a town; of none = the district's.
    #[must_use]
    pub fn coordinates(&self, town: &str) -> bool {
        self.grants.iter().any(|grant| match grant.role {
            Role::Admin => true,
            Role::Coordinator => grant.scope.is_over(town),
            Role::Resident | Role::Member | Role::Handler | Role::Expert | Role::Moderator => false,
        })
    }

    /// Whether the person moderates everything in a town; in none = in the district.
    #[must_use]
    pub fn presides(&self, town: &str) -> bool {
        self.grants.iter().any(|grant| grant.role == Role::Moderator && grant.scope.is_over(town))
    }

    /// Whether it is an office whose scope has to be asked.
    #[must_use]
    pub fn has_office(&self) -> bool {
        self.holds(Role::Moderator) || self.holds(Role::Coordinator) || self.holds(Role::Admin)
    }

    /// Whether it is somebody who holds this office somewhere, or one that includes it.
    #[must_use]
    pub fn has_office_as(&self, role: Role) -> bool {
        match role {
            Role::Coordinator => self.holds(role),
            Role::Moderator => self.holds(role) || self.holds(Role::Coordinator),
            Role::Resident | Role::Member | Role::Handler | Role::Expert | Role::Admin => false,
        }
    }

    /// 所在镇街 — the town that what the person does in their office is of: their own, else the only one their office is for.
    #[must_use]
    pub fn base(&self) -> &str {
        if self.town.is_empty() { self.office_town().unwrap_or_default() } else { &self.town }
    }

    /// The only town the person's office is for, if there is just one.
    #[must_use]
    pub fn office_town(&self) -> Option<&str> {
        let mut towns: Vec<&str> = self
            .grants
            .iter()
            .filter(|grant| matches!(grant.role, Role::Moderator | Role::Coordinator))
            .filter_map(|grant| match &grant.scope {
                Scope::Town(town) => Some(town.as_str()),
                Scope::District | Scope::Topic(_) => None,
            })
            .collect();
        towns.sort_unstable();
        towns.dedup();
        if let [only] = towns.as_slice() { Some(only) } else { None }
    }

    /// 站在哪里 — each office the person holds, with whose somebody of a town is seen from there. An office for one town does not
    /// lend its height to another one held elsewhere.
    #[must_use]
    pub fn stands(&self, other: Option<&Person>, town: &str) -> Vec<(Office, Home)> {
        let home = |is_own: bool| match () {
            () if other.is_some_and(|other| other.id == self.id) => Home::Oneself,
            () if town.is_empty() => Home::Nowhere,
            () if is_own => Home::Own,
            () => Home::Other,
        };
        let mut stands = Vec::new();
        if self.holds(Role::Admin) {
            stands.push((Office::Admin, home(true)));
        }
        if self.holds(Role::Coordinator) {
            let office = if self.coordinates("") { Office::District } else { Office::Town };
            stands.push((office, home(self.coordinates(town))));
        }
        if self.holds(Role::Moderator) {
            stands.push((Office::Moderator, home(self.presides(town))));
        }
        stands
    }

    /// Whether this person may do something with another, or with somebody of a town nobody has entered.
    #[must_use]
    pub fn may(&self, act: Act, other: Option<&Person>, town: &str) -> bool {
        let rank = other.map_or(Rank::Plain, Rank::of);
        self.stands(other, town).into_iter().any(|(office, home)| may(office, act, home, rank))
    }
}

impl Scope {
    /// Whether the whole of a town lies within; of none = the district.
    #[must_use]
    pub fn is_over(&self, town: &str) -> bool {
        match self {
            Self::District => true,
            Self::Town(own) => own == town && !town.is_empty(),
            Self::Topic(_) => false,
        }
    }
}
