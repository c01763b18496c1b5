//! 令牌 — what stands in a link that must not be guessed: letters and digits that are not taken for one another.

/// Digits and lower-case letters without i, l, o and u.
const ALPHABET: &str = "0123456789abcdefghjkmnpqrstvwxyz";

/// Bits of one letter.
const BITS: u32 = 5;

pub(crate) fn written(dice: [u8; 16], letters: u32) -> String {
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
    use crate::domain::kernel::token::ALPHABET;
    use crate::domain::kernel::token::written;

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
