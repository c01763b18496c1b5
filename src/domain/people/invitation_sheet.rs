//! 邀请码表 — codes for all of a roll, on one page to print. The page is made again whenever it is looked at, from the token in its link,
//! which is kept nowhere: kept are the SHA-256 of the token and of each code, and which owner on the roll a code is for. Names are
//! those of the roll.

use crate::domain::kernel::alarm::code_sheet_key;
use crate::domain::kernel::ids::{PersonId, TopicNo, VoterNo};
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::people::invitation_code;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// Codes on one page: more do not go into one line of the ledger.
pub const MOST_CODES: usize = 12_000;
/// Hex digits of a code's SHA-256 that are kept: as many as matter.
const KEPT_DIGITS: usize = 32;

/// What happens to such pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// A link to one was given out.
    Made(Sheet),
    /// Codes on it.
    Codes {
        /// Its number.
        sheet: u32,
        /// The codes.
        codes: Vec<Code>,
    },
    /// It ran out.
    Expired {
        /// Its number.
        sheet: u32,
    },
}

/// A page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Number among those that are good.
    pub no: u32,
    /// SHA-256 of the token in its link.
    #[serde(rename = "print")]
    pub fingerprint: String,
    /// Whose roll.
    pub topic: TopicNo,
    /// When that roll was loaded: another one has other numbers.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub loaded: DateTime<Utc>,
    /// It and its codes are good until.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub until: DateTime<Utc>,
}

/// Whom a code is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// Number on the roll.
    pub voter: VoterNo,
    /// Which of the owners, from 0.
    pub owner: u8,
    /// The beginning of the SHA-256 of the code.
    #[serde(rename = "print")]
    pub fingerprint: String,
}

impl Entity for Sheet {
    fn key(&self) -> Key {
        Key::new(kind::CODE_SHEET).num(self.no)
    }
}

fn maker_key(no: u32) -> Key {
    Key::new(kind::CODE_SHEET_BY).num(no)
}

fn code_key(sheet: u32, fingerprint: &str) -> Key {
    Key::new(kind::SHEET_CODE).num(sheet).text(&kept(fingerprint))
}

/// As much of the fingerprint of a code as is kept.
#[must_use]
pub fn kept(fingerprint: &str) -> String {
    fingerprint.chars().take(KEPT_DIGITS).collect()
}

/// The fingerprint of a token.
#[must_use]
pub fn fingerprint(token: &str) -> String {
    let digest = Sha256::digest(format!("xieshang code sheet {token}").as_bytes());
    digest.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The code of one owner: who has the token can make it again, nobody else.
#[must_use]
pub fn code(token: &str, voter: VoterNo, owner: u8) -> String {
    let digest = Sha256::digest(format!("xieshang code of {token} {} {owner}", voter.0).as_bytes());
    let mut dice = [0; 16];
    dice.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    invitation_code::written(dice)
}

/// What a fact makes of the world.
pub fn apply(world: &mut World<'_>, by: PersonId, fact: &Fact) {
    match fact {
        Fact::Made(sheet) => {
            world.put_at(code_sheet_key(sheet.until, sheet.no), &sheet.no);
            world.put(sheet);
            world.put_at(maker_key(sheet.no), &by);
        }
        Fact::Codes { sheet, codes } => {
            for code in codes {
                world.put_at(code_key(*sheet, &code.fingerprint), code);
            }
        }
        Fact::Expired { sheet } => {
            if let Some(known) = world.code_sheet(*sheet) {
                forget(world, &known);
            }
        }
    }
}

fn forget(world: &mut World<'_>, sheet: &Sheet) {
    for code in world.codes_on(sheet.no) {
        world.remove(code_key(sheet.no, &code.fingerprint));
    }
    world.remove(code_sheet_key(sheet.until, sheet.no));
    world.remove(maker_key(sheet.no));
    world.remove(sheet.key());
}

/// An account of whoever asked for them, or an office, was taken: no page of theirs and no code on one is good any more.
pub fn void_all_by(world: &mut World<'_>, by: PersonId) {
    for sheet in world.code_sheets() {
        if world.code_sheet_by(sheet.no) == Some(by) {
            forget(world, &sheet);
        }
    }
}

/// Pages somebody asked for before it was known who they are stay good.
pub fn hand_over(world: &mut World<'_>, from: PersonId, into: PersonId) {
    for sheet in world.code_sheets() {
        if world.code_sheet_by(sheet.no) == Some(from) {
            world.put_at(maker_key(sheet.no), &into);
        }
    }
}

/// A code is used up.
pub fn used(world: &mut World<'_>, fingerprint: &str) {
    for sheet in world.code_sheets() {
        world.remove(code_key(sheet.no, fingerprint));
    }
}

impl World<'_> {
    /// The pages that were not forgotten.
    #[must_use]
    pub fn code_sheets(&self) -> Vec<Sheet> {
        self.list(&Key::new(kind::CODE_SHEET), usize::MAX)
    }

    /// A page by its number.
    #[must_use]
    pub fn code_sheet(&self, no: u32) -> Option<Sheet> {
        self.get(&Key::new(kind::CODE_SHEET).num(no))
    }

    /// Who asked for a page.
    #[must_use]
    pub fn code_sheet_by(&self, no: u32) -> Option<PersonId> {
        self.get(&maker_key(no))
    }

    /// The codes on a page that were not used yet.
    #[must_use]
    pub fn codes_on(&self, no: u32) -> Vec<Code> {
        self.list(&Key::new(kind::SHEET_CODE).num(no), MOST_CODES)
    }

    /// The page behind a link, while it is good.
    #[must_use]
    pub fn code_sheet_at(&self, token: &str) -> Option<Sheet> {
        let fingerprint = fingerprint(token);
        let sheet = self.code_sheets().into_iter().find(|sheet| sheet.fingerprint == fingerprint)?;
        self.is_of_roll(&sheet).then_some(sheet)
    }

    fn is_of_roll(&self, sheet: &Sheet) -> bool {
        self.roll(sheet.topic).is_some_and(|roll| roll.loaded == sheet.loaded)
    }

    /// The page a code stands on that was not used yet, and whom it is for.
    #[must_use]
    pub fn sheet_code(&self, fingerprint: &str, now: DateTime<Utc>) -> Option<(Sheet, Code)> {
        let good = self.code_sheets().into_iter().filter(|sheet| sheet.until > now && self.is_of_roll(sheet));
        good.into_iter().find_map(|sheet| Some((sheet.clone(), self.get(&code_key(sheet.no, fingerprint))?)))
    }

    /// Name and flat of whom a code is for.
    #[must_use]
    pub fn owner_of(&self, topic: TopicNo, code: &Code) -> Option<(String, String)> {
        let voter = self.voter(topic, code.voter)?;
        let name = voter.names.get(usize::from(code.owner))?.as_str().to_owned();
        let room = voter.rooms.first().map(|room| room.as_str().to_owned()).unwrap_or_default();
        Some((name, room))
    }
}
