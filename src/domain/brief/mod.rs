//! 建言 — what members write upward, and what comes of it.
//!
//! | file | noun |
//! |---|---|
//! | [`info`] | 社情民意 — a brief |
//! | [`proposal`] | 微提案 — a proposal |
//! | [`handling`] | 提案办理 |
//! | [`adoption`] | 采用 |
//! | [`outcome`] | 批示、吸纳进文件、报道 |
//! | [`source`] | 来源 — the suggestions and topics a brief came from |
//! | [`subject`] | what an outcome is recorded of |
//! | [`card`] | 清单和卡片 — what stands in them |
//! | [`act`] | 建言动态 — what is done about one, as a deed |
//! | [`ask`] | what may be asked |
//! | [`fact`] | what has happened |

pub mod act;
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

pub use self::act::Act;
pub use self::adoption::{Adoption, Rank};
pub use self::ask::{Ask, Deal};
pub use self::fact::Fact;
pub use self::info::Brief;
pub use self::proposal::Proposal;
pub use self::subject::Subject;

use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::world::{Key, World, kind};

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
