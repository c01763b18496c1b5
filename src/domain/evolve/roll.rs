//! 名册 — what loading one makes of the world.

use crate::domain::event::Event;
use crate::domain::evolve::Application;
use crate::domain::history::deed::What;
use crate::domain::kernel::ids;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Key, kind};
use crate::domain::people::namesake;
use crate::domain::vote::roll::{Roll, Voter};
use crate::domain::vote::{absence, mandate, roll, taken};

impl Application<'_, '_, '_> {
    pub(crate) fn roll(&mut self, event: &Event) {
        let Event::RollLoaded { topic, continues, rows } = event else { return };
        if !continues {
            if let Some(former) = self.world.roll(*topic) {
                self.deed(What::Rolled(former.voters), Some(*topic), None);
            }
            self.world.keep_roll(*topic);
            self.world.keep_former(*topic);
            for kind in [kind::VOTER, kind::VOTER_BY_ROOM, kind::VOTER_BY_NAME] {
                self.world.remove_all(&Key::new(kind).num(topic.0));
            }
            absence::forget(self.world, *topic);
            mandate::forget(self.world, *topic);
            taken::forget(self.world, *topic);
            let fresh = Roll { loaded: self.record.at, ..Roll::default() };
            self.world.put_at(Key::new(kind::ROLL).num(topic.0), &fresh);
        }
        let mut roll = self.world.roll(*topic).unwrap_or_default();
        for row in rows {
            let names: Vec<Words> = row.names.iter().map(Words::or_nobody).collect();
            let (no, rooms) = (row.voter, row.rooms.clone());
            for room in &row.rooms {
                self.world.put_at(roll::room_key(*topic, room.as_str()), &no);
            }
            for name in names.iter().filter(|name| **name != Words::Erased.or_nobody()) {
                let key = roll::name_key(*topic, name.as_str());
                let mut same: Vec<ids::VoterNo> = self.world.get(&key).unwrap_or_default();
                same.push(no);
                self.world.put_at(key, &same);
                namesake::note_owner(self.world, *topic, name.as_str());
            }
            roll.voters += 1;
            roll.rooms += u32::try_from(rooms.len()).unwrap_or(0);
            roll.area += row.area;
            self.world.put(&Voter { topic: *topic, no, names, rooms, area: row.area });
        }
        self.world.put_at(Key::new(kind::ROLL).num(topic.0), &roll);
        self.trace(None, 0);
    }
}
