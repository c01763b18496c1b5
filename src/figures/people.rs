//! 参与 — who took part in a window: members by topic and day, people by side, residents who spoke for the first time, guests.

use crate::domain::history::deed::{Deed, What};
use crate::domain::kernel::ids::{PersonId, TopicNo};
use crate::domain::people::person::{Level, Side};
use crate::domain::process::form::{Kind, Step};
use crate::figures::desk::{Desk, TopicDay};
use crate::figures::scope::About;
use crate::figures::sums::count;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// 委员参与 — counted once for each member, topic and day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Participation {
    /// 人次.
    pub times: u32,
    /// The same by 委员级别, the highest first; levels nobody has are left out.
    pub levels: Vec<LevelCount>,
}

/// 人次 of one level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LevelCount {
    /// Term.
    pub level: &'static str,
    /// 人次.
    pub n: u32,
}

/// 五方到场 — people of one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SideCount {
    /// Side.
    pub side: Side,
    /// People.
    pub n: u32,
}

/// Who took part, each of them once.
#[derive(Debug, Default)]
pub(super) struct People {
    /// With the level they had.
    members: BTreeMap<(PersonId, TopicNo, NaiveDate), Option<Level>>,
    /// With the side they stood for when they first did, and when that was.
    present: BTreeMap<PersonId, (DateTime<Utc>, Option<Side>)>,
    /// Residents who said something, with the record of it.
    spoke: BTreeSet<(PersonId, u64)>,
    invited: BTreeMap<Kind, BTreeSet<PersonId>>,
}

/// 首次发言 counts 建议, 跟帖 and 异议.
fn is_word(what: What) -> bool {
    matches!(what, What::Suggested(_) | What::Replied(..) | What::Objected(_))
}

/// 五方到场 counts whoever spoke, answered, reviewed, drafted or attended (digest.md §8).
fn is_presence(what: What) -> bool {
    is_word(what) || matches!(what, What::Answered(_) | What::Reviewed | What::Planned(_) | What::Attended(..))
}

/// 委员参与 counts that, and who asked, took up, seconded and liked.
fn is_participation(what: What) -> bool {
    is_presence(what) || matches!(what, What::Entered(Step::Ordered | Step::Taken) | What::Seconded | What::Liked(_))
}

impl Desk<'_> {
    /// Those whose deed it is: for 签到 everybody who was signed in.
    pub(super) fn doers(&self, deed: &Deed) -> Vec<PersonId> {
        match deed.what {
            What::Attended(gathering, _) => self.world.signed_in(gathering, deed.seq),
            _ => deed.by.into_iter().collect(),
        }
    }

    pub(super) fn people(&mut self, scope: &[&TopicDay], loose: &[&Deed], about: &About) -> People {
        let mut people = People::default();
        // 活动 counts gatherings of no topic, so whoever came to them came. They have no moderator who must be neutral.
        for deed in loose.iter().filter(|deed| matches!(deed.what, What::Attended(..))) {
            for id in self.doers(deed) {
                let person = self.person_then(id, deed.at);
                if !person.coordinates && self.counts_person(about, id, deed.at) {
                    people.came(id, deed.at, person.name.side);
                }
            }
        }
        for today in scope {
            let moderator = self.moderator(&today.topic);
            for deed in &today.deeds {
                if !is_participation(deed.what) && deed.what != What::Invited {
                    continue;
                }
                for person in self.doers(deed) {
                    let is_own = self.counts_person(about, person, deed.at);
                    // A sector's topics are everybody's who came to them; only 委员参与 is its own members'.
                    if is_own || matches!(about, About::Sector(_)) {
                        self.count_person(&mut people, (today, deed), (person, is_own), moderator);
                    }
                }
            }
        }
        people
    }

    fn count_person(
        &mut self,
        people: &mut People,
        (today, deed): (&TopicDay, &Deed),
        (id, is_own): (PersonId, bool),
        moderator: Option<PersonId>,
    ) {
        let person = self.person_then(id, deed.at);
        if deed.what == What::Invited {
            people.invited.entry(today.topic.counts_as()).or_default().insert(id);
            return;
        }
        if person.name.member && is_own {
            people.members.entry((id, today.topic.no, self.settings.date(deed.at))).or_insert(person.level);
        }
        if is_presence(deed.what) && !person.coordinates && moderator != Some(id) {
            people.came(id, deed.at, person.name.side);
        }
        if is_word(deed.what) && person.name.side == Some(Side::Resident) {
            people.spoke.insert((id, deed.seq));
        }
    }

    /// 委员参与.
    pub(super) fn participation(&self, people: &People) -> Participation {
        let mut levels: BTreeMap<Level, u32> = BTreeMap::new();
        for level in people.members.values().flatten() {
            *levels.entry(*level).or_default() += 1;
        }
        let levels = levels.into_iter().map(|(level, n)| LevelCount { level: level.term(), n }).collect();
        Participation { times: count(people.members.len()), levels }
    }

    /// 五方到场, in the order of [`Side::ALL`].
    pub(super) fn present(&self, people: &People) -> Vec<SideCount> {
        let mut sides = [0_u32; Side::ALL.len()];
        for side in people.present.values().filter_map(|(_, side)| side.as_ref()) {
            if let Some(n) = sides.get_mut(side.index()) {
                *n += 1;
            }
        }
        Side::ALL.iter().zip(sides).map(|(&side, n)| SideCount { side, n }).collect()
    }

    /// 被动变主动 — residents whose first word of all falls here.
    pub(super) fn first_words(&self, people: &People) -> u32 {
        let is_first = |&&(person, seq): &&(PersonId, u64)| self.world.first_word(person) == Some(seq);
        count(people.spoke.iter().filter(is_first).map(|(person, _)| person).collect::<BTreeSet<_>>().len())
    }
}

impl People {
    /// Topics are gone through by number: whoever changed sides in between counts by what was first.
    fn came(&mut self, id: PersonId, at: DateTime<Utc>, side: Option<Side>) {
        let first = self.present.entry(id).or_insert((at, side));
        if at < first.0 {
            *first = (at, side);
        }
    }

    /// Guests asked to topics of a kind.
    pub(super) fn invited(&self, kind: Kind) -> u32 {
        self.invited.get(&kind).map_or(0, |guests| count(guests.len()))
    }
}
