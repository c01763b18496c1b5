//! 建言 — what members write upward: 社情民意 ([`info`]) and 微提案 ([`proposal`], [`handling`]), what became of them ([`adoption`],
//! [`outcome`]), where they came from ([`source`]), and the figures ([`sums`]).

pub mod adoption;
pub mod ask;
pub mod card;
pub mod fact;
pub mod handling;
pub mod info;
pub mod outcome;
pub mod proposal;
pub mod source;
pub mod subject;
pub mod sums;
pub mod todo;

pub use adoption::{Adoption, Rank};
pub use ask::{Ask, Deal, decide};
pub use fact::Fact;
pub use info::Brief;
pub use proposal::Proposal;
pub use subject::Subject;
pub use sums::{Act, Sums, sums, sums_of};

use super::ids::PersonId;
use super::world::{Key, World, kind};

/// Briefs or proposals of one person, or of those that wait, that are looked at.
const MOST: usize = 5_000;

/// Key under which what somebody wrote is found.
fn own_key(person: PersonId, subject: Subject) -> Key {
    let mut key = Key::new(kind::BRIEF_BY).num(person.0).into_bytes();
    key.extend_from_slice(&subject.key(0).into_bytes());
    Key::raw(key)
}

impl World<'_> {
    /// The numbers of what somebody wrote, 社情民意 first, by number.
    #[must_use]
    pub fn written_by(&self, person: PersonId) -> Vec<Subject> {
        self.list(&Key::new(kind::BRIEF_BY).num(person.0), MOST)
    }

    /// What waits for the office or a unit: 社情民意 first, by number.
    #[must_use]
    pub fn waiting_briefs(&self) -> Vec<Subject> {
        self.list(&Key::new(kind::WAITING_BRIEF), MOST)
    }

    /// Notes whose a brief or proposal is, and whether somebody has yet to act on it.
    fn note_brief(&mut self, subject: Subject, by: PersonId, waits: bool) {
        self.put_at(own_key(by, subject), &subject);
        let waiting = subject.key(kind::WAITING_BRIEF);
        if waits { self.put_at(waiting, &subject) } else { self.remove(waiting) }
    }
}

/// What one person wrote is the other's from now on.
pub fn hand_over(world: &mut World<'_>, from: PersonId, into: PersonId) {
    for subject in world.written_by(from) {
        world.remove(own_key(from, subject));
        match subject {
            Subject::Info(no) => {
                if let Some(mut brief) = world.brief(no) {
                    brief.by = into;
                    world.put_brief(&brief);
                }
            }
            Subject::Proposal(no) => {
                if let Some(mut proposal) = world.proposal(no) {
                    proposal.by = into;
                    world.put_proposal(&proposal);
                }
            }
            Subject::Topic(_) | Subject::Suggestion(_) => {}
        }
    }
}
