//! 活动 — what calls, sign-ups, attendance and minutes make of the world.

use crate::domain::event::Event;
use crate::domain::evolve::{Application, series};
use crate::domain::history::deed::{Deed, What, prefix_of};
use crate::domain::kernel::ids::{GatheringNo, PersonId, TopicNo};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Key, kind};
use crate::domain::people::undoable::Undoable;
use crate::domain::talk::gathering::{Attendance, Fact, Gathering, Joined, attendance_key, not_there_key};

impl Application<'_, '_, '_> {
    pub(crate) fn called(&mut self, event: &Event) {
        let Event::GatheringCalled { gathering, name, at, place, topic, until, remind } = event else { return };
        let no = gathering.0;
        self.world.count(|counters| counters.gatherings = no);
        self.world.put(&Gathering {
            no: *gathering,
            name: name.clone(),
            at: *at,
            until: *until,
            place: place.clone(),
            topic: *topic,
            group: self.record.group,
            by: self.record.by.unwrap_or(PersonId(0)),
            last_line: 0,
            signed: 0,
            minutes: false,
            series: None,
            off: None,
        });
        self.world.gathering_is_of(*gathering, *topic, None);
        if let Some(mut group) = self.record.group.and_then(|id| self.world.group(id)) {
            group.last_gathering = Some(*gathering);
            self.world.put(&group);
        }
        series::remind(self.world, *gathering, *remind);
        self.deed(What::Called(*gathering), *topic, self.record.by);
        self.trace(None, 0);
    }

    fn gathering(&mut self, no: GatheringNo, change: impl FnOnce(&mut Gathering)) -> Option<TopicNo> {
        let mut gathering = self.world.gathering(no)?;
        change(&mut gathering);
        self.world.put(&gathering);
        gathering.topic
    }

    pub(crate) fn signed_up(&mut self, event: &Event) {
        let Event::SignedUp { gathering, first, lines } = event else { return };
        let mut n = *first;
        for line in lines {
            let (name, note) = (line.name.clone(), line.note.clone());
            self.world.put(&Joined {
                gathering: *gathering,
                n,
                name,
                note,
                person: line.person,
                by: self.record.by,
                off: None,
                at: self.record.at,
            });
            n += 1;
        }
        self.gathering(*gathering, |gathering| gathering.last_line = n - 1);
        let is_own = matches!(lines.as_slice(), [line] if line.person.is_some() && line.person == self.record.by);
        self.trace(is_own.then_some(Undoable::SignUp(*gathering, *first)), 0);
    }

    pub(super) fn of_gathering(&mut self, fact: &Fact) {
        match fact {
            Fact::Noted { gathering, n, note } => {
                let line = Key::new(kind::SIGN_UP).num(gathering.0).num(*n);
                if let Some(known) = self.world.get::<Joined>(&line) {
                    self.world.put(&Joined { note: note.clone(), ..known });
                }
            }
            Fact::Left { gathering, n, for_good: true, .. } => self.off_the_list(*gathering, *n),
            Fact::Left { gathering, n, .. } => self.world.remove(Key::new(kind::SIGN_UP).num(gathering.0).num(*n)),
            Fact::Moved { gathering, at, until, place, remind, .. } => {
                let topic = self.gathering(*gathering, |known| {
                    (known.at, known.until, known.place) = (*at, *until, place.clone());
                });
                series::remind(self.world, *gathering, *remind);
                self.rearranged(*gathering, topic);
            }
            Fact::CalledOff { gathering, why } => {
                let topic = self.gathering(*gathering, |known| known.off = Some(why.clone()));
                series::remind(self.world, *gathering, None);
                self.rearranged(*gathering, topic);
            }
            Fact::NotThere { gathering, person, .. } => self.not_there(*gathering, *person),
        }
    }

    /// The line is kept, out of sight: by it a list that is passed on is known to be older than the word of whoever left.
    pub(super) fn off_the_list(&mut self, no: GatheringNo, n: u32) {
        let line = Key::new(kind::SIGN_UP).num(no.0).num(n);
        if let Some(known) = self.world.get::<Joined>(&line) {
            self.world.put(&Joined { off: self.record.by, ..known });
        }
    }

    fn rearranged(&mut self, no: GatheringNo, topic: Option<TopicNo>) {
        self.deed(What::Rearranged(no), topic, self.record.by);
        self.trace(None, 0);
    }

    /// 不是我 — taken out of everything it counted in: who was there, the sides heard, the deed of whoever wrote the list.
    fn not_there(&mut self, no: GatheringNo, person: PersonId) {
        let Some(there) = self.world.get::<Attendance>(&attendance_key(no, person)) else { return };
        self.world.remove(attendance_key(no, person));
        // Who says that they were not where others put them is put there again by nobody; a slip of the pen is put right.
        if self.record.by == Some(person) && there.by != Some(person) {
            self.world.put_at(not_there_key(no, person), &person);
        }
        let topic = self.gathering(no, |gathering| gathering.signed = gathering.signed.saturating_sub(1));
        let (prefix, mut lists) = (prefix_of(there.at, there.seq), Vec::new());
        self.world.scan_from(&prefix, prefix.bytes(), |key, deed: Deed| {
            if let What::Attended(of, n) = deed.what
                && of == no
            {
                lists.push((key.to_vec(), n.saturating_sub(1), deed));
            }
            true
        });
        for (key, n, deed) in lists {
            match n {
                // A list on which nobody is left is nobody's deed: the gathering was not held by it.
                0 => self.world.remove(Key::raw(key)),
                n => self.world.put_at(Key::raw(key), &Deed { what: What::Attended(no, n), ..deed }),
            }
        }
        if let Some(topic) = topic
            && !self.world.came_otherwise(topic, person, self.record.at)
        {
            self.world.remove(Key::new(kind::PRESENCE).num(topic.0).num(person.0));
        }
        self.trace(None, 0);
    }

    pub(crate) fn attended(&mut self, no: GatheringNo, people: &[PersonId]) {
        for person in people {
            let by = self.record.by;
            let attendance = Attendance { person: *person, by, seq: self.record.seq, at: self.record.at };
            self.world.put_at(attendance_key(no, *person), &attendance);
            self.world.remove(not_there_key(no, *person));
        }
        let n = u32::try_from(people.len()).unwrap_or(u32::MAX);
        let topic = self.gathering(no, |gathering| gathering.signed += n);
        if let Some(topic) = topic {
            people.iter().for_each(|&person| self.came(topic, person));
        }
        self.deed(What::Attended(no, n), topic, self.record.by);
        people.iter().for_each(|&person| self.credit(person));
        self.trace(None, 0);
    }

    pub(crate) fn minuted(&mut self, no: GatheringNo, text: &Words) {
        self.world.put_at(Key::new(kind::MINUTES).num(no.0), text);
        let topic = self.gathering(no, |gathering| gathering.minutes = true);
        self.deed(What::Minuted(no), topic, self.record.by);
        self.trace(None, 0);
    }
}
