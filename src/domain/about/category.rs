//! 分类 — what a topic is about, found by the words of the configuration and set right by hand; and from it who may be of use:
//! the sectors (界别) and departments a category maps to, and people by their expertise (特长).

use crate::domain::history::deed::What;
use crate::domain::kernel::ids::{GroupId, PersonId, TopicNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::settings::{Category, OTHER, Settings};
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::people::group::{Group, GroupKind};
use crate::domain::people::person::{Person, Role, Side};
use crate::domain::process::form::Step;
use crate::domain::process::guest::Speaker;
use crate::domain::process::topic::Topic;
use crate::domain::talk::gathering::attendance_key;
use crate::domain::talk::suggestion::likes_of;
use crate::say;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
use std::ops::Range;

/// People suggested for an invitation.
const MAX_CANDIDATES: usize = 5;

/// A category's name for people.
#[must_use]
pub fn name_of(name: &str) -> Value {
    match Category::terms().find(|(known, _)| *known == name) {
        Some((_, term)) => Value::Term(term.to_owned()),
        None => Value::Text(name.to_owned()),
    }
}

/// The category whose words a text has most of, the first of equals; 其他 if it has none. Nothing is guessed.
#[must_use]
pub fn told_by<'c>(categories: &'c [Category], text: &str) -> &'c str {
    let text = text.to_lowercase();
    let mut best: Option<(usize, &str)> = None;
    for category in categories {
        let hits = category.words.iter().filter(|word| says(&text, word)).count();
        if hits > best.map_or(0, |(most, _)| most) {
            best = Some((hits, &category.name));
        }
    }
    best.map_or(OTHER, |(_, name)| name)
}

/// Whether a text in lower case has a word. Latin words stand by themselves, in whatever form: there is no bus in “business”.
fn says(text: &str, word: &str) -> bool {
    const ENDINGS: [&str; 6] = ["", "s", "es", "ed", "ing", "ment"];
    if !word.is_ascii() {
        return text.contains(word);
    }
    let of_text = text.split(|c: char| !c.is_ascii_alphanumeric());
    let is_form = |said: &str| said.strip_prefix(word).is_some_and(|end| ENDINGS.contains(&end));
    if word.bytes().all(|c| c.is_ascii_alphanumeric()) { of_text.into_iter().any(is_form) } else { text.contains(word) }
}

fn key(topic: TopicNo) -> Key {
    Key::new(kind::CATEGORY).num(topic.0)
}

impl World<'_> {
    /// The category somebody set; `None` where it is told by words.
    #[must_use]
    pub fn category_set(&self, topic: TopicNo) -> Option<String> {
        self.get(&key(topic))
    }

    /// Sets a category.
    pub fn set_category(&mut self, topic: TopicNo, category: &str) {
        self.put_at(key(topic), &category);
    }

    /// 分类 — as it was set, else as its words tell.
    #[must_use]
    pub fn category_of(&self, settings: &Settings, topic: &Topic) -> String {
        let told = || told_by(&settings.categories, &format!("{}\n{}", topic.title, topic.body)).to_owned();
        self.category_set(topic.no).unwrap_or_else(told)
    }

    /// 委员参与 — the sectors whose members asked for, took, seconded, liked, spoke on, answered or attended a topic (digest.md §8).
    #[must_use]
    pub fn sectors_of(&self, topic: &Topic) -> BTreeSet<String> {
        self.sectors_by(topic, self.partakers(topic), DateTime::<Utc>::MAX_UTC)
    }

    /// 参与的人 — who asked for a topic, leads it, seconded, liked, spoke on, answered or attended it, and has not taken it back.
    #[must_use]
    pub fn partakers(&self, topic: &Topic) -> BTreeSet<PersonId> {
        let mut people: BTreeSet<PersonId> = [Some(topic.proposer), topic.lead].into_iter().flatten().collect();
        self.scan(&Key::new(kind::SPEAKER).num(topic.no.0), |speaker: Speaker| {
            people.insert(speaker.person);
            true
        });
        // What is hidden or taken back is liked by nobody.
        self.suggestions(topic.no, |suggestion| {
            self.scan(&likes_of(suggestion.reference), |person: PersonId| {
                people.insert(person);
                true
            });
        });
        people.extend(self.seconders(topic));
        self.scan(&Key::new(kind::PRESENCE).num(topic.no.0), |person: PersonId| {
            people.insert(person);
            true
        });
        people.extend(self.objections(topic.no).into_iter().map(|objection| objection.author));
        people
    }

    /// The sectors of those people in a topic, each as they were when they took part in it, before a moment.
    pub(crate) fn sectors_by(
        &self,
        topic: &Topic,
        people: impl IntoIterator<Item = PersonId>,
        to: DateTime<Utc>,
    ) -> BTreeSet<String> {
        let seat = |person: &Person| if person.holds(Role::Member) { person.sector.clone() } else { String::new() };
        // Whoever seconded what went on as this one seconds this one.
        let whole = self.whole_of(topic.no);
        let since = whole.iter().filter_map(|no| self.topic(*no)).map(|part| part.ordered_at).min();
        let since = since.unwrap_or(topic.ordered_at);
        let mut sectors = BTreeSet::new();
        for id in people {
            let Some(now) = self.person(id).map(|person| seat(&person)) else { continue };
            if self.was_since(id, since).iter().all(|was| seat(was) == now) {
                sectors.insert(now);
            } else {
                self.sectors_when(topic, &whole, since..to, id, &mut sectors);
            }
        }
        sectors.remove("");
        sectors
    }

    /// Whether a deed is somebody's part in a topic that stands still.
    fn took_part(&self, id: PersonId, what: What) -> bool {
        match what {
            What::Suggested(reference) | What::Liked(reference) => self.suggestion(reference).is_some(),
            What::Replied(to, n) => self.reply(to, n).is_some(),
            What::Objected(reference) | What::Answered(reference) => self.objection(reference).is_some(),
            What::Entered(Step::Taken) | What::Seconded | What::Reviewed | What::Planned(_) => true,
            What::Attended(no, _) => self.has(&attendance_key(no, id)),
            // What comes of it, who does what about it, and what is none of its members' word.
            What::Entered(
                Step::Ordered
                | Step::Talking
                | Step::Planning
                | Step::Noticing
                | Step::Reviewing
                | Step::Voting
                | Step::Tracking
                | Step::Closed,
            )
            | What::Called(_)
            | What::Minuted(_)
            | What::PollOpened(_)
            | What::PollClosed(_)
            | What::Briefed(_)
            | What::HandedIn(_)
            | What::Registered(_)
            | What::Judged(..)
            | What::Noticed(_)
            | What::Pacted(_)
            | What::Assigned(_)
            | What::Acked(_)
            | What::Worked(_)
            | What::Returned(_)
            | What::Forced(_)
            | What::Urged(_)
            | What::Served(..)
            | What::Done(_)
            | What::Rated(..)
            | What::Lit(..)
            | What::Invited
            | What::Adopted(..)
            | What::Brief(_)
            | What::Account(..)
            | What::Rearranged(_)
            | What::Halted(_)
            | What::Rolled(_)
            | What::Led(_)
            | What::Extended(_)
            | What::Resumed => false,
        }
    }

    /// Of somebody who became something else meanwhile: the sectors they were of when they took part.
    fn sectors_when(
        &self,
        topic: &Topic,
        whole: &[TopicNo],
        time: Range<DateTime<Utc>>,
        id: PersonId,
        sectors: &mut BTreeSet<String>,
    ) {
        let mut times = Vec::new();
        if topic.proposer == id {
            times.push(topic.ordered_at);
        }
        self.credits(id, time.start, time.end, |deed| {
            let is_of_it = deed.topic == Some(topic.no)
                || deed.what == What::Seconded && deed.topic.is_some_and(|no| whole.contains(&no));
            let stands = is_of_it && self.took_part(id, deed.what);
            if stands {
                times.push(deed.at);
            }
        });
        let then = times.into_iter().filter_map(|at| self.person_at(id, at));
        sectors.extend(then.filter(|person| person.holds(Role::Member)).map(|person| person.sector));
    }

    /// Whether a request nobody took is of a category that maps to a sector.
    #[must_use]
    pub fn awaits_sector(&self, settings: &Settings, topic: &Topic, sector: &str) -> bool {
        topic.step == Step::Ordered
            && topic.halt.is_none()
            && sectors_for(settings, &self.category_of(settings, topic)).any(|name| name == sector)
    }

    /// 界别群 — what such a group is about: topics its members lead or take part in, and requests it may be of use for
    /// (digest.md §1). Lists and digests ask this one question.
    #[must_use]
    pub fn concerns_sector(&self, settings: &Settings, topic: &Topic, sector: &str) -> bool {
        self.awaits_sector(settings, topic, sector) || self.sectors_of(topic).contains(sector)
    }

    /// The groups of the sectors a category maps to.
    #[must_use]
    pub fn groups_for(&self, settings: &Settings, category: &str) -> Vec<GroupId> {
        let wanted = |group: &Group| {
            group.kind == Some(GroupKind::Sector) && sectors_for(settings, category).any(|name| name == group.sector)
        };
        self.groups().into_iter().filter(wanted).map(|group| group.id).collect()
    }

    /// People whose expertise, field or unit has one of a category's words or departments in it, by number.
    #[must_use]
    pub(crate) fn candidates(&self, category: &Category, but: &dyn Fn(&Person) -> bool) -> Vec<Person> {
        let words: Vec<&String> = category.words.iter().chain(&category.departments).collect();
        let mut found = Vec::new();
        self.scan(&Key::new(kind::PERSON), |person: Person| {
            let known = format!("{} {} {}", person.expertise, person.field, person.unit).to_lowercase();
            let is_asked = person.enrolled && person.side != Side::Resident && !but(&person);
            if is_asked && (known.contains(&category.name) || words.iter().any(|word| says(&known, word))) {
                found.push(person);
            }
            found.len() < MAX_CANDIDATES
        });
        found
    }

    /// The topics a group is about: the one it is bound to, those of its town, those that concern its sector, or all.
    #[must_use]
    pub fn topics_of(&self, settings: &Settings, group: GroupId) -> Vec<Topic> {
        let Some(group) = self.group(group) else { return Vec::new() };
        if group.bound.is_some() {
            return self.bound_to(&group).into_iter().collect();
        }
        let mut topics = self.live_topics();
        match group.kind {
            Some(GroupKind::Town | GroupKind::Residents | GroupKind::Discussion) if !group.town.is_empty() => {
                topics.retain(|topic| topic.town == group.town);
            }
            Some(GroupKind::Sector) => topics.retain(|topic| self.concerns_sector(settings, topic, &group.sector)),
            _ => {}
        }
        topics
    }
}

/// 推荐界别 of a category.
pub fn sectors_for<'s>(settings: &'s Settings, category: &str) -> impl Iterator<Item = &'s str> {
    let known = settings.categories.iter().filter(move |known| known.name == category);
    known.flat_map(|known| &known.sectors).map(String::as_str)
}

fn names(texts: &[String]) -> Value {
    if texts.is_empty() {
        return Value::Term("none".to_owned());
    }
    Value::List(texts.iter().map(|text| Value::Text(text.clone())).collect())
}

pub(crate) fn shown(settings: &Settings, no: TopicNo, category: &str) -> Say {
    let known = settings.categories.iter().find(|known| known.name == category);
    let (sectors, departments) = known.map_or((&[][..], &[][..]), |known| (&known.sectors, &known.departments));
    say!("category.show", no = no, name = name_of(category), sectors = names(sectors), departments = names(departments))
}

/// What is told where a category was set.
#[must_use]
pub fn told(settings: &Settings, no: TopicNo, category: &str) -> Say {
    say!("category.set", what = shown(settings, no, category))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::people::town::sectors;

    #[test]
    fn words_tell_a_category_and_nothing_is_guessed() {
        let categories = Category::defaults();
        for (text, want) in [
            ("3号楼2单元加装电梯", "老旧小区"),
            ("团结村安置房选房顺序怎么排", "拆迁安置"),
            ("南门路灯不亮", "道路交通"),
            ("物业不管门禁，楼道灯也坏了", "物业"),
            ("学校门口停车位乱", "教育"),
            ("小学校门口上学时堵车", "教育"),
            ("12号楼电梯", "老旧小区"),
            ("We need a streetlight at the ROAD", "道路交通"),
            ("Help small business", "营商环境"),
            ("Two shops closed", "营商环境"),
            ("No bus after nine", "道路交通"),
            ("公交bus太少", "道路交通"),
            ("Slow broadband in the workshop", OTHER),
            ("大家商量一件事", OTHER),
            ("", OTHER),
        ] {
            assert_eq!(told_by(&categories, text), want, "{text}");
        }
    }

    #[test]
    fn the_default_map_names_sectors_that_exist() {
        let categories = Category::defaults();
        assert_eq!(categories.len(), 10);
        for category in &categories {
            for sector in &category.sectors {
                assert!(sectors().any(|known| known == sector), "{}: {sector}", category.name);
            }
            assert!(category.name == OTHER || (!category.words.is_empty() && !category.departments.is_empty()));
        }
    }
}
