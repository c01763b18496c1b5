//! 常来的人 — where somebody can be reached: whether they write to us in private, and in which groups they speak. Nobody is written to
//! in private who has not begun it.

use super::event::{Record, Way};
use super::ids::{GroupId, PersonId};
use super::world::{Key, World, kind};

fn private_key(person: PersonId) -> Key {
    Key::new(kind::CONFIDES).num(person.0)
}

fn group_key(person: PersonId, group: GroupId) -> Key {
    Key::new(kind::SPEAKS_IN).num(person.0).num(group.0)
}

impl World<'_> {
    /// Whether somebody has written to us in private.
    #[must_use]
    pub fn confides(&self, person: PersonId) -> bool {
        self.has(&private_key(person))
    }

    /// Whether somebody speaks in a group.
    #[must_use]
    pub fn speaks_in(&self, person: PersonId, group: GroupId) -> bool {
        self.has(&group_key(person, group))
    }

    /// Somebody was heard, in private or in a group.
    pub fn heard(&mut self, person: PersonId, record: &Record) {
        match (record.way, record.group) {
            (Way::Private, _) if !self.confides(person) => self.put_at(private_key(person), &()),
            (Way::Group | Way::Press, Some(group)) if !self.speaks_in(person, group) => {
                self.put_at(group_key(person, group), &group);
            }
            _ => {}
        }
    }

    /// Where one was heard the other was, too.
    pub fn hand_over_hearing(&mut self, from: PersonId, into: PersonId) {
        if self.confides(from) {
            self.remove(private_key(from));
            self.put_at(private_key(into), &());
        }
        let prefix = Key::new(kind::SPEAKS_IN).num(from.0);
        for group in self.list::<GroupId>(&prefix, usize::MAX) {
            self.put_at(group_key(into, group), &group);
        }
        self.remove_all(&prefix);
    }
}
