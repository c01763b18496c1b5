//! 随机 — where chance comes from: the machine in the real program, a count in stories and tests, so that they say the same each time.

use sha2::{Digest as _, Sha256};

/// A source of chance.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Dice {
    /// The machine's own.
    #[default]
    Machine,
    /// The same every time: made from how often it was asked.
    Counted(u64),
}

impl Dice {
    /// Throws. `None` if the machine has no chance to give: then nothing is made of it.
    pub fn throw(&mut self) -> Option<[u8; 16]> {
        let mut bytes = [0; 16];
        match self {
            Self::Machine => getrandom::fill(&mut bytes).ok()?,
            Self::Counted(times) => {
                *times = times.wrapping_add(1);
                let digest = Sha256::digest(times.to_be_bytes());
                bytes.iter_mut().zip(digest).for_each(|(byte, from)| *byte = from);
            }
        }
        Some(bytes)
    }

    /// Throws without being counted: what stories say of codes does not hang on how many rolls were loaded before.
    pub fn throw_apart(self) -> Option<[u8; 16]> {
        match self {
            Self::Machine => Self::Machine.throw(),
            Self::Counted(times) => Self::Counted(!times).throw(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn the_machine_never_repeats_itself_and_the_count_always_does() {
        let (mut machine, mut counted, mut again) = (Dice::default(), Dice::Counted(0), Dice::Counted(0));
        assert_ne!(machine.throw(), machine.throw());
        assert!(machine.throw().is_some_and(|bytes| bytes != [0; 16]));
        let first = counted.throw();
        assert_eq!(first, again.throw());
        assert_ne!(first, counted.throw());
    }
}
