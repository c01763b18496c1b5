//! 令牌 — what stands in a link that must not be guessed: letters and digits that are not taken for one another.

use super::scene::Ctx;

/// Digits and lower-case letters without i, l, o and u.
const ALPHABET: &str = "0123456789abcdefghjkmnpqrstvwxyz";
/// Bits of one letter.
const BITS: u32 = 5;

impl Ctx<'_> {
    /// A token of so many letters (at most 25), five bits of chance each; `None` if there is no chance to be had.
    #[must_use]
    pub fn token(&self, letters: u32) -> Option<String> {
        Some(written(self.scene.dice?, letters))
    }
}

fn written(dice: [u8; 16], letters: u32) -> String {
    let mut bits = u128::from_be_bytes(dice);
    let mut token = String::new();
    for _ in 0..letters.min(25) {
        let five = usize::try_from(bits & 31).unwrap_or(0);
        token.extend(ALPHABET.chars().nth(five));
        bits >>= BITS;
    }
    token
}

#[cfg(test)]
mod tests {
    use super::{ALPHABET, written};

    #[test]
    fn every_letter_comes_from_chance() {
        assert_eq!(ALPHABET.chars().count(), 32);
        assert_eq!(written([0; 16], 4), "0000");
        assert_eq!(written([0xFF; 16], 25), "z".repeat(25));
        assert_eq!(written([0xFF; 16], 99).chars().count(), 25);
        let mut one = [0; 16];
        one[15] = 1;
        assert_ne!(written(one, 25), written([0; 16], 25));
    }
}
