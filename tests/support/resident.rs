//! The fact that a resident is known.

use xieshang::domain::event::Event;
use xieshang::domain::kernel::ids::PersonId;
use xieshang::domain::people::person::Side;

pub fn person(id: PersonId, name: &str, room: &str) -> Event {
    Event::PersonEnrolled {
        person: id,
        name: name.into(),
        side: Side::Resident,
        unit: "".into(),
        sector: String::new(),
        town: String::new(),
        level: None,
        field: "".into(),
        room: room.into(),
        enrolled: true,
    }
}
