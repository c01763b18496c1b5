//! 阵地 — the places where people can be met: five kinds in one (五位一体) and the offices; each has a code of its own, and what is
//! handed in through it is counted as its own.

use crate::domain::intake::slip::{Fate, Slip};
use crate::domain::kernel::ids::{StationId, TopicNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::process::form::Step;
use crate::say;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Stations one office can have.
pub const MAX_STATIONS: usize = 2_000;

/// 种类.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StationKind {
    /// 镇街学联组.
    Liaison,
    /// 委员工作室.
    Studio,
    /// 微协商议事室.
    Chamber,
    /// 委员书吧.
    Library,
    /// 社情民意联系点.
    Contact,
    /// 微协商办公室.
    Office,
}

impl StationKind {
    /// All kinds.
    pub const ALL: [Self; 6] = [Self::Liaison, Self::Studio, Self::Chamber, Self::Library, Self::Contact, Self::Office];

    /// As the ledger has it.
    #[must_use]
    pub fn written(self) -> &'static str {
        match self {
            Self::Liaison => "镇街学联组",
            Self::Studio => "委员工作室",
            Self::Chamber => "微协商议事室",
            Self::Library => "委员书吧",
            Self::Contact => "社情民意联系点",
            Self::Office => "微协商办公室",
        }
    }

    /// The kind the ledger means.
    #[must_use]
    pub fn read(written: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.written() == written)
    }

    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Liaison => "station.liaison",
            Self::Studio => "station.studio",
            Self::Chamber => "station.chamber",
            Self::Library => "station.library",
            Self::Contact => "station.contact",
            Self::Office => "station.office",
        }
    }
}

/// What is known of a station besides its name, kind and town.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Detail {
    /// 接待日 — weekdays, Monday = 1, in order.
    pub days: Vec<u8>,
    /// 地址.
    pub address: Words,
    /// 联系人.
    pub contact: Words,
    /// 二维码令牌 — what stands in its link; empty for one that came with the fixtures: its number does.
    pub token: String,
    /// 停用.
    pub closed: bool,
}

impl Detail {
    /// Whether nothing more is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// 阵地 — a place with its own code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Station {
    /// Number.
    pub id: StationId,
    /// Name.
    pub name: Words,
    /// Kind as written: 镇街学联组, 委员工作室, 微协商议事室, 委员书吧, 社情民意联系点, 微协商办公室.
    pub kind: String,
    /// Town.
    pub town: String,
    /// What else is known.
    pub detail: Detail,
    /// When it was registered.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub since: DateTime<Utc>,
    /// 停用 — when, if it is.
    pub closed_at: Option<DateTime<Utc>>,
}

impl Entity for Station {
    fn key(&self) -> Key {
        Key::new(kind::STATION).num(self.id.0)
    }
}

impl Station {
    /// What its code leads to, below the public address.
    #[must_use]
    pub fn link(&self) -> String {
        format!("s/{}", self.code())
    }

    /// What stands in its link: its token, or, where it has none, its number.
    #[must_use]
    pub fn code(&self) -> String {
        if self.detail.token.is_empty() { self.id.to_string() } else { self.detail.token.clone() }
    }

    /// Its kind, for people.
    #[must_use]
    pub fn kind_value(&self) -> Value {
        StationKind::read(&self.kind)
            .map_or_else(|| Value::Text(self.kind.clone()), |kind| Value::Term(kind.term().to_owned()))
    }

    /// Its reception days, for people.
    #[must_use]
    pub fn days_value(&self) -> Value {
        match self.detail.days.as_slice() {
            [] => Value::Term("station.no_days".to_owned()),
            days => Value::List(days.iter().map(|day| Value::Term(format!("weekday.{day}"))).collect()),
        }
    }

    /// Whether somebody receives there on a date.
    #[must_use]
    pub fn receives_on(&self, settings: &Settings, date: NaiveDate) -> bool {
        let weekday = u8::try_from(date.weekday().number_from_monday()).unwrap_or(0);
        !self.detail.closed && self.detail.days.contains(&weekday) && !settings.holidays.contains(&date)
    }
}

/// 收件、办结 of one station.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StationFigures {
    /// Slips that came in through its code.
    pub received: u32,
    /// Topics they became.
    pub accepted: u32,
    /// Of those, closed.
    pub closed: u32,
}

impl World<'_> {
    /// A station.
    #[must_use]
    pub fn station(&self, id: StationId) -> Option<Station> {
        self.get(&Key::new(kind::STATION).num(id.0))
    }

    /// The stations in use, by number.
    #[must_use]
    pub fn stations(&self) -> Vec<Station> {
        let mut found = Vec::new();
        self.scan(&Key::new(kind::STATION), |station: Station| {
            if !station.detail.closed {
                found.push(station);
            }
            found.len() < MAX_STATIONS
        });
        found
    }

    /// All of them, also those no longer in use, by number.
    #[must_use]
    pub fn stations_ever(&self) -> Vec<Station> {
        self.list(&Key::new(kind::STATION), MAX_STATIONS)
    }

    /// A station in use, by name.
    #[must_use]
    pub fn station_named(&self, name: &str) -> Option<Station> {
        self.station_where(|station| station.name.as_str() == name)
    }

    /// A station in use, by what stands in its link.
    #[must_use]
    pub fn station_at(&self, code: &str) -> Option<Station> {
        self.station_where(|station| station.code() == code)
    }

    fn station_where(&self, fits: impl Fn(&Station) -> bool) -> Option<Station> {
        let mut found = None;
        self.scan(&Key::new(kind::STATION), |station: Station| {
            if !station.detail.closed && fits(&station) {
                found = Some(station);
            }
            found.is_none()
        });
        found
    }

    /// 收件、办结 by station, over all time.
    #[must_use]
    pub fn station_figures(&self) -> BTreeMap<StationId, StationFigures> {
        let mut sums: BTreeMap<StationId, StationFigures> = BTreeMap::new();
        let is_closed = |no: TopicNo| self.topic(no).is_some_and(|topic| topic.step == Step::Closed);
        self.scan(&Key::new(kind::SLIP), |slip: Slip| {
            if let Some(station) = slip.station {
                let sum = sums.entry(station).or_default();
                sum.received += 1;
                if let Fate::Accepted(topic) = slip.fate {
                    sum.accepted += 1;
                    sum.closed += u32::from(is_closed(topic));
                }
            }
            true
        });
        sums
    }

    /// 今日接待 — the stations of a town where somebody receives on a date.
    #[must_use]
    pub fn receiving(&self, settings: &Settings, town: &str, date: NaiveDate) -> Vec<Station> {
        let mut stations = self.stations();
        stations.retain(|station| station.town == town && station.receives_on(settings, date));
        stations
    }
}

/// /阵地.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Alone: the list.
    List,
    /// One of them.
    Show(String),
    /// A new one, or a known one anew.
    Set {
        /// Kind.
        kind: StationKind,
        /// Name.
        name: String,
        /// Town.
        town: String,
        /// Reception days; `None` = as they were.
        days: Option<Vec<u8>>,
        /// Address; empty = as it was.
        address: String,
        /// Contact; empty = as it was.
        contact: String,
    },
    /// 停用.
    Close(String),
}

/// One station, as the coordinator is answered.
#[must_use]
pub fn card(station: &Station) -> Say {
    if station.detail.closed {
        return say!("station.closed", station = &station.name);
    }
    let (address, contact) = (&station.detail.address, &station.detail.contact);
    let at = |text: &Words, row: fn(&Words) -> Say| if text.as_str().is_empty() { say!("none") } else { row(text) };
    say!(
        "station",
        station = &station.name,
        kind = station.kind_value(),
        town = station.town.as_str(),
        days = station.days_value(),
        address = at(address, |text| say!("station.address", address = text)),
        contact = at(contact, |text| say!("station.contact", contact = text)),
        url = Value::Link(station.link())
    )
}
