//! 邀请码 — a code for one person, to be handed over in person or by telephone: whoever sends it from an account is that person. It
//! works once, for a week; only its SHA-256 is kept.

use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::say::Say;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::say;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::Digest as _;
use sha2::Sha256;
use std::fmt::Write as _;

/// Letters of a code, five bits each, in groups of four.
const LENGTH: usize = 12;

/// Digits and letters that are not taken for one another (Crockford): no I, L, O, U.
const ALPHABET: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A code that waits to be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pass {
    /// SHA-256 of the code.
    pub fingerprint: Words,
    /// Whose it is.
    pub person: PersonId,
    /// Who gave it out.
    pub by: PersonId,
    /// Valid until.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub until: DateTime<Utc>,
}

impl Entity for Pass {
    fn key(&self) -> Key {
        key(self.fingerprint.as_str())
    }
}

fn key(fingerprint: &str) -> Key {
    Key::new(kind::PASS).text(fingerprint)
}

/// 60 bits of chance as people read them: 7K3Q-9MXA-2PTW.
#[must_use]
pub fn written(dice: [u8; 16]) -> String {
    let mut bits = u128::from_be_bytes(dice);
    let mut code = String::new();
    for at in 0..LENGTH {
        if at > 0 && at % 4 == 0 {
            code.push('-');
        }
        let five = usize::try_from(bits & 31).unwrap_or(0);
        code.extend(ALPHABET.chars().nth(five));
        bits >>= 5;
    }
    code
}

/// The fingerprint of a code however it was typed: lower case, without dashes, O for 0, I and L for 1. `None` if it can be no code.
#[must_use]
pub fn fingerprint(code: &str) -> Option<String> {
    let letters: String = code
        .chars()
        .filter(|c| !matches!(c, '-' | ' '))
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    if letters.chars().count() != LENGTH || !letters.chars().all(|c| ALPHABET.contains(c)) {
        return None;
    }
    let digest = Sha256::digest(format!("xieshang pass {letters}").as_bytes());
    Some(digest.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    }))
}

/// A code as it is kept. Those that ran out are forgotten.
pub fn put(world: &mut World<'_>, pass: &Pass, now: DateTime<Utc>) {
    let all: Vec<Pass> = world.list(&Key::new(kind::PASS), usize::MAX);
    for old in all.into_iter().filter(|old| old.until <= now) {
        world.remove(old.key());
    }
    world.put(pass);
}

/// Codes somebody gave out before it was known who they are stay good.
pub fn hand_over(world: &mut World<'_>, from: PersonId, into: PersonId) {
    let all: Vec<Pass> = world.list(&Key::new(kind::PASS), usize::MAX);
    for pass in all.into_iter().filter(|pass| pass.by == from) {
        world.put(&Pass { by: into, ..pass });
    }
}

/// A phone is lost, or somebody left: no code for them is good any more.
pub fn void_all_of(world: &mut World<'_>, person: PersonId) {
    let all: Vec<Pass> = world.list(&Key::new(kind::PASS), usize::MAX);
    for pass in all.into_iter().filter(|pass| pass.person == person) {
        world.remove(pass.key());
    }
}

/// 交出码的人 — an account of theirs or an office was taken: no code they gave out is good any more, nor becomes so again.
pub fn void_all_by(world: &mut World<'_>, by: PersonId) {
    let all: Vec<Pass> = world.list(&Key::new(kind::PASS), usize::MAX);
    for pass in all.into_iter().filter(|pass| pass.by == by) {
        world.remove(pass.key());
    }
}

/// A code is used up.
pub fn used(world: &mut World<'_>, fingerprint: &Words) {
    world.remove(key(fingerprint.as_str()));
}

impl World<'_> {
    /// A code that was given out and not used yet.
    #[must_use]
    pub fn pass(&self, fingerprint: &str) -> Option<Pass> {
        self.get(&key(fingerprint))
    }
}

/// The sentence for every code that does not work, whatever the reason.
#[must_use]
pub fn refused() -> Say {
    say!("e.code")
}

#[cfg(test)]
mod tests {
    use crate::domain::people::invitation_code::fingerprint;
    use crate::domain::people::invitation_code::written;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = written([0xA5; 16]);
        assert_eq!(code.chars().filter(|c| *c != '-').count(), 12);
        assert_eq!(code.split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 4]);
        let plain = code.replace('-', "");
        assert_eq!(fingerprint(&code), fingerprint(&plain.to_lowercase()));
        assert_eq!(fingerprint("0000-1111-2222"), fingerprint("oOoo iIlL 2222"));
        assert_ne!(fingerprint("0000-1111-2222"), fingerprint("0000-1111-2223"));
        for wrong in ["", "0000-1111-222", "0000-1111-22222", "0000-1111-222U", "张桂英张桂英张桂英张桂英"]
        {
            assert_eq!(fingerprint(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn all_sixty_bits_are_in_it() {
        let of = |bits: u128| written(bits.to_be_bytes());
        let codes: std::collections::BTreeSet<String> = (0..60).map(|bit| of(1 << bit)).collect();
        assert_eq!(codes.len(), 60);
        assert!(!codes.contains(&of(0)));
    }
}
