//! Groups, people, stations and rolls from a file, as facts of the office (`scenario.fixtures.json` shows the form).

use crate::bot::chance::Dice;
use crate::domain::decide::group::first_heard;
use crate::domain::decide::roll::load_facts;
use crate::domain::event::Event;
use crate::domain::intake::station::Detail;
use crate::domain::kernel::ids::{GroupId, PersonId, StationId, TopicNo};
use crate::domain::kernel::mask::mask;
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::words::Words;
use crate::domain::people::group::GroupKind;
use crate::domain::people::person::{Level, Role, Scope, Side};
use crate::domain::vote::roll::RollLine;
use crate::domain::vote::roll::{shuffled, voters_of};
use crate::language::Catalog;
use chrono::NaiveTime;
use serde::Deserialize;
use std::collections::BTreeSet;

/// The file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixtures {
    /// Settings that differ from the configuration.
    #[serde(default)]
    pub committee: Committee,
    /// Groups.
    #[serde(default)]
    pub groups: Vec<GroupRow>,
    /// Stations (阵地).
    #[serde(default)]
    pub stations: Vec<StationRow>,
    /// People.
    #[serde(default)]
    pub people: Vec<PersonRow>,
    /// Rolls (名册); a roll may precede its topic.
    #[serde(default)]
    pub rolls: Vec<RollRows>,
}

/// Settings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Committee {
    /// Name.
    pub name: Option<String>,
    /// IANA name of the time zone.
    pub timezone: Option<String>,
    /// Public address.
    pub public_url: Option<String>,
    /// Time of day of the digest, `20:00`.
    pub digest_at: Option<String>,
    /// Quiet from and to.
    pub quiet: Option<(String, String)>,
    /// `zh` or `en`.
    pub language: Option<String>,
    /// What stands before an invitation code in a link.
    pub invite_url: Option<String>,
    /// Days on which no term ends.
    pub holidays: Option<BTreeSet<chrono::NaiveDate>>,
    /// Whether points are counted.
    pub points: Option<bool>,
    /// Accounts that are administrators from the start.
    pub admins: Option<Vec<String>>,
}

/// A group.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupRow {
    /// Its name in the chat.
    pub id: String,
    /// Its whole address, where it is on another platform, e.g. `telegram:-1001234567890`.
    pub chat: Option<String>,
    /// Name.
    pub name: String,
    /// Kind, in Chinese or English; absent until 群设置.
    pub kind: Option<String>,
    /// Town.
    #[serde(default)]
    pub town: String,
    /// Sector.
    #[serde(default)]
    pub sector: String,
}

/// A station.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StationRow {
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: String,
    /// Town.
    pub town: String,
}

/// A person.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonRow {
    /// Name.
    pub name: String,
    /// Side.
    pub side: String,
    /// Roles.
    #[serde(default)]
    pub roles: Vec<RoleRow>,
    /// Unit.
    #[serde(default)]
    pub unit: String,
    /// Town.
    #[serde(default)]
    pub town: String,
    /// Sector.
    #[serde(default)]
    pub sector: String,
    /// Level, 省, 市 or 区.
    pub level: Option<String>,
    /// Field of an expert.
    #[serde(default)]
    pub field: String,
    /// Room.
    #[serde(default)]
    pub room: String,
    /// Account, where it is on another platform and its private chat has the same address, e.g. `telegram:123456`.
    pub account: Option<String>,
}

/// A role.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleRow {
    /// Role.
    pub role: String,
    /// Town; absent = the whole district.
    pub town: Option<String>,
}

/// A roll.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RollRows {
    /// Topic.
    pub topic: u32,
    /// Rows.
    pub rows: Vec<RollLineRow>,
    /// For readers.
    #[serde(default)]
    pub area_unit: String,
}

/// A row of a roll.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RollLineRow {
    /// Room.
    #[serde(default)]
    pub room: String,
    /// Owner.
    pub owner: String,
    /// Area in 0.01 m².
    #[serde(default)]
    pub area: u64,
}

/// What is wrong with a file.
#[derive(Debug, thiserror::Error)]
pub enum FixtureError {
    /// Not JSON of this form.
    #[error("the fixtures cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    /// A word nobody knows.
    #[error("the fixtures say “{0}”, which is no {1}")]
    Word(String, &'static str),
    /// A roll that does not add up.
    #[error("the roll of topic {0} is not right")]
    Roll(u32),
    /// The machine has no chance to give for the numbers of voters.
    #[error("the machine gives no random numbers")]
    Chance,
}

/// Reads a file.
///
/// # Errors
/// [`FixtureError::Json`].
pub fn read(text: &str) -> Result<Fixtures, FixtureError> {
    Ok(serde_json::from_str(text)?)
}

fn time_of_day(text: &str) -> Result<NaiveTime, FixtureError> {
    NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| FixtureError::Word(text.to_owned(), "time of day"))
}

impl Committee {
    /// Puts these settings over others.
    ///
    /// # Errors
    /// [`FixtureError::Word`].
    pub fn over(&self, settings: &mut Settings) -> Result<(), FixtureError> {
        if let Some(name) = &self.name {
            settings.name.clone_from(name);
        }
        if let Some(zone) = &self.timezone {
            settings.tz = zone.parse().map_err(|_| FixtureError::Word(zone.clone(), "time zone"))?;
        }
        if let Some(url) = &self.public_url {
            settings.public_url = Some(url.trim_end_matches('/').to_owned()).filter(|url| !url.is_empty());
        }
        if let Some(at) = &self.digest_at {
            settings.digest_at = time_of_day(at)?;
        }
        if let Some((from, to)) = &self.quiet {
            settings.quiet = (time_of_day(from)?, time_of_day(to)?);
        }
        if let Some(language) = &self.language {
            settings.language.clone_from(language);
        }
        settings.points = self.points.unwrap_or(settings.points);
        if let Some(admins) = &self.admins {
            settings.admins.clone_from(admins);
        }
        if let Some(holidays) = &self.holidays {
            settings.holidays.clone_from(holidays);
        }
        settings.invite_url = self.invite_url.clone().or(settings.invite_url.take());
        Ok(())
    }
}

impl Fixtures {
    /// The facts of an office that starts with this file. `prefix` heads every address, e.g. `local`.
    ///
    /// # Errors
    /// [`FixtureError`].
    pub fn facts(&self, catalog: &Catalog, settings: &Settings, prefix: &str) -> Result<Vec<Event>, FixtureError> {
        self.facts_by(Dice::Counted(0), catalog, settings, prefix)
    }

    /// The same, the voters of its rolls numbered by another chance than that of stories.
    ///
    /// # Errors
    /// [`FixtureError`].
    pub fn facts_by(
        &self,
        mut dice: Dice,
        catalog: &Catalog,
        settings: &Settings,
        prefix: &str,
    ) -> Result<Vec<Event>, FixtureError> {
        let mut facts = Vec::new();
        for (id, group) in (1..).map(GroupId).zip(&self.groups) {
            self.group(&mut facts, id, group, catalog, settings, prefix)?;
        }
        for (id, row) in (1..).map(StationId).zip(&self.stations) {
            let (name, kind, town) = (kept(&row.name), row.kind.clone(), row.town.clone());
            facts.push(Event::StationSet { station: id, name, kind, town, detail: Detail::default() });
        }
        for (id, row) in (1..).map(PersonId).zip(&self.people) {
            person(&mut facts, id, row, catalog, prefix)?;
        }
        for roll in &self.rolls {
            let line = |row: &RollLineRow| RollLine {
                room: mask(&row.room).into_owned(),
                owner: mask(&row.owner).into_owned(),
                area: row.area,
            };
            let lines: Vec<RollLine> = roll.rows.iter().map(line).collect();
            let rows = voters_of(&lines).map_err(|_| FixtureError::Roll(roll.topic))?;
            let rows = shuffled(rows, dice.throw().ok_or(FixtureError::Chance)?);
            facts.extend(load_facts(TopicNo(roll.topic), &rows));
        }
        Ok(facts)
    }

    fn group(
        &self,
        facts: &mut Vec<Event>,
        id: GroupId,
        row: &GroupRow,
        catalog: &Catalog,
        settings: &Settings,
        prefix: &str,
    ) -> Result<(), FixtureError> {
        let chat = row.chat.clone().unwrap_or_else(|| format!("{prefix}:{}", row.id));
        facts.push(first_heard(settings, id, &chat, &mask(&row.name)));
        let Some(kind) = &row.kind else { return Ok(()) };
        let known = GroupKind::ALL.into_iter().find(|known| catalog.means(known.term(), kind));
        facts.push(Event::GroupSet {
            group: id,
            kind: known.ok_or_else(|| FixtureError::Word(kind.clone(), "kind of group"))?,
            town: row.town.clone(),
            sector: row.sector.clone(),
            digest_at: settings.digest_at,
            quiet: settings.quiet,
            language: settings.language.clone(),
        });
        Ok(())
    }
}

/// Words of the file as they are kept.
fn kept(text: &str) -> Words {
    mask(text).into_owned().into()
}

fn person(
    facts: &mut Vec<Event>,
    id: PersonId,
    row: &PersonRow,
    catalog: &Catalog,
    prefix: &str,
) -> Result<(), FixtureError> {
    let side = Side::ALL.into_iter().find(|side| catalog.means(side.term(), &row.side));
    let level = match row.level.as_deref() {
        None | Some("") => None,
        Some("省") => Some(Level::Province),
        Some("市") => Some(Level::City),
        Some("区") => Some(Level::District),
        Some(other) => return Err(FixtureError::Word(other.to_owned(), "level")),
    };
    facts.push(Event::PersonEnrolled {
        person: id,
        name: kept(&row.name),
        side: side.ok_or_else(|| FixtureError::Word(row.side.clone(), "side"))?,
        unit: kept(&row.unit),
        sector: row.sector.clone(),
        town: row.town.clone(),
        level,
        field: kept(&row.field),
        room: kept(&row.room),
        enrolled: true,
    });
    let (account, private_chat) = match &row.account {
        Some(account) => (account.clone(), account.clone()),
        None => (format!("{prefix}:{}", row.name), format!("{prefix}:pm:{}", row.name)),
    };
    facts.push(Event::AccountLinked {
        person: id,
        account: account.into(),
        private_chat: private_chat.into(),
        before: Words::default(),
    });
    for grant in &row.roles {
        let role = Role::ALL.into_iter().find(|role| catalog.means(role.term(), &grant.role));
        let role = role.ok_or_else(|| FixtureError::Word(grant.role.clone(), "role"))?;
        let scope = grant.town.clone().map_or(Scope::District, Scope::Town);
        facts.push(Event::RoleGranted { person: id, role, scope });
    }
    Ok(())
}
