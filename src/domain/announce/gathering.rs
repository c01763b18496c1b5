//! 活动 — what whoever changes a sign-up is answered.

use crate::domain::announce::Herald;
use crate::domain::event::Event;
use crate::domain::kernel::ids::{GatheringNo, GroupId, PersonId, TopicNo};
use crate::domain::kernel::place::same_bearer;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::words::Words;
use crate::domain::people::person::Person;
use crate::domain::talk::gathering::{Fact, Gathering, Joined, sitting};
use crate::say;

/// Names one receipt tells.
const MOST_NAMES: usize = 30;

/// People named in minutes that are written to.
const MOST_NAMED: usize = 50;

/// Of minutes a letter shows so many characters.
const SHOWN: usize = 200;

/// The beginning of minutes, whole where they are short.
fn beginning(text: &Words) -> Value {
    let text = text.as_str();
    Value::Text(match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or(text)),
        None => text.to_owned(),
    })
}

/// What of a text may be a name: two to four Chinese characters in a row, and one to three words of Latin ones.
fn possible_names(text: &str) -> Vec<String> {
    let is_han = |c: char| ('\u{3400}'..='\u{9FFF}').contains(&c) || c == '·';
    let mut found = Vec::new();
    for run in text.split(|c: char| !is_han(c)) {
        let letters: Vec<char> = run.chars().collect();
        found.extend((2..=4).flat_map(|n| letters.windows(n).map(String::from_iter)));
    }
    for run in text.split(|c: char| !(c.is_ascii_alphabetic() || c == ' ')) {
        let words: Vec<&str> = run.split(' ').filter(|word| !word.is_empty()).collect();
        found.extend((1..=3).flat_map(|n| words.windows(n).map(|part| part.join(" "))));
    }
    found
}

impl Herald<'_, '_> {
    /// Whether another fact of the same turn shows the list: a pasted one changes many lines and is shown once.
    pub(super) fn list_follows(&self, event: &Event) -> bool {
        // A gathering that is moved or off shows no list.
        let shows = |fact: &Event| match fact {
            Event::Gathering(Fact::Moved { .. } | Fact::CalledOff { .. }) => false,
            fact => matches!(fact, Event::SignedUp { .. } | Event::Gathering(_)),
        };
        let mut after = self.record.facts.iter().skip_while(|fact| !std::ptr::eq(*fact, event)).skip(1);
        shows(event) && after.any(shows)
    }

    pub(super) fn of_gathering(&mut self, fact: &Fact) {
        match fact {
            Fact::Noted { gathering, .. } => self.here(self.world.chain(*gathering)),
            Fact::Left { gathering, n, for_good: true, .. } if let Some(line) = self.struck_line(*gathering, *n) => {
                let list = match self.world.sign_ups(*gathering).is_empty() {
                    true => say!("none"),
                    false => self.world.chain(*gathering),
                };
                let told = say!("act.struck", a = *gathering, by = self.by(), who = &line.name, list = list);
                let group = self.world.gathering(*gathering).and_then(|known| known.group);
                self.here_and(group.as_slice(), &told);
                if let Some(person) =
                    self.world.bearer_of(line.person, &line.name).filter(|one| Some(*one) != self.record.by)
                {
                    self.at_once(person, say!("act.struck.you", a = *gathering, by = self.by()));
                }
            }
            Fact::Left { gathering, why, .. } => {
                let (a, who, list) = (*gathering, self.by(), self.world.chain(*gathering));
                let told = match why.as_str() {
                    "" if self.world.sign_ups(a).is_empty() => say!("act.left", a = a, who = who),
                    "" => list,
                    _ => say!("act.left.why", who = who, why = why, list = list),
                };
                // Said in private, the list in the group has changed all the same.
                let group = self.world.gathering(a).and_then(|known| known.group);
                self.here_and(group.as_slice(), &told);
            }
            Fact::Moved { gathering, at, until, place, was, was_place, .. } => {
                let Some(known) = self.world.gathering(*gathering) else { return };
                let when = sitting(self.settings, self.record.at, *at, *until);
                let was = sitting(self.settings, self.record.at, *was, None);
                let (a, title) = (*gathering, &known.name);
                let card = say!(
                    "act.moved",
                    a = a,
                    title = title,
                    when = when,
                    r#where = place,
                    was = was,
                    was_where = was_place
                );
                self.tell_all_coming(&known, &card);
            }
            Fact::CalledOff { gathering, why } => {
                let Some(known) = self.world.gathering(*gathering) else { return };
                let when = sitting(self.settings, self.record.at, known.at, known.until);
                let why = if why.as_str().is_empty() { say!("none") } else { say!("act.off.why", why = why) };
                let card = say!("act.off", a = *gathering, title = &known.name, when = when, why = why);
                self.tell_all_coming(&known, &card);
            }
            Fact::NotThere { gathering, person, by } => self.not_there(*gathering, *person, *by),
        }
    }

    /// 签到 — who was signed in by somebody else stands in the receipt, but in the group where the topic is talked over, whose people were
    /// there; and who is on no list of ours, since they count as residents.
    pub(super) fn signed_in(&mut self, no: GatheringNo, people: &[PersonId]) {
        let n = self.world.gathering(no).map_or(0, |gathering| gathering.signed);
        let is_own = |person: &PersonId| Some(*person) == self.record.by;
        if people.iter().all(is_own) {
            return self.here(say!("act.sign", a = no, n = n));
        }
        let entered = |person: &&PersonId| {
            let is_entry = |fact: &Event| matches!(fact, Event::PersonEnrolled { person: one, .. } if one == *person);
            self.record.facts.iter().any(is_entry)
        };
        let names = |people: &mut dyn Iterator<Item = &PersonId>| {
            Value::List(people.take(MOST_NAMES).map(|person| self.world.name_of(*person).into()).collect())
        };
        let mut rows = Vec::new();
        if !self.record.group.is_some_and(|group| self.is_room_of(no, group)) {
            rows.push(say!("act.sign.who", names = names(&mut people.iter()), a = no));
        }
        if people.iter().any(|person| entered(&person)) {
            rows.push(say!("act.sign.unknown", names = names(&mut people.iter().filter(entered))));
        }
        self.here(match rows.is_empty() {
            true => say!("act.sign", a = no, n = n),
            false => say!("act.sign.by", a = no, n = n, rows = Value::Lines(rows)),
        });
    }

    /// Whether a group is where the topic of a gathering is talked over (绑定群): who came to it reads there.
    pub(super) fn is_room_of(&self, no: GatheringNo, group: GroupId) -> bool {
        let topic = self.world.gathering(no).and_then(|gathering| gathering.topic);
        topic.is_some_and(|topic| self.world.bound_groups(topic).contains(&group))
    }

    /// 纪要 — read where they were written, where the gathering was called and where its topic is talked over. Whoever is on our lists and
    /// named in them is told what they are said to have said, and by whom.
    pub(super) fn minuted(&mut self, no: GatheringNo, text: &Words, again: bool) {
        let Some(known) = self.world.gathering(no) else { return };
        let again = if again { say!("act.min.again") } else { say!("none") };
        self.here(match known.topic {
            Some(topic) => say!("act.min", a = no, no = topic, again = again.clone()),
            None => say!("act.min.free", a = no, again = again.clone()),
        });
        let rooms: Vec<GroupId> =
            known.group.into_iter().chain(known.topic.into_iter().flat_map(|no| self.world.bound_groups(no))).collect();
        let (title, who) = (&known.name, self.by());
        let card =
            say!("act.min.read", a = no, title = title, who = who.as_str(), text = beginning(text), again = again);
        self.groups(&rooms, &card, false, false);
        for person in self.named_in(text, known.topic) {
            let (role, host) = self.in_charge(known.topic, person);
            let letter = match known.topic {
                Some(topic) => say!(
                    "act.min.named.topic",
                    a = no,
                    title = title,
                    who = who.as_str(),
                    text = beginning(text),
                    role = role,
                    host = host,
                    no = topic
                ),
                None => say!(
                    "act.min.named",
                    a = no,
                    title = title,
                    who = who.as_str(),
                    text = beginning(text),
                    role = role,
                    host = host
                ),
            };
            self.at_once(person, letter);
        }
    }

    /// The people on our lists whose names stand in a text; a name that several bear is nobody's.
    fn named_in(&self, text: &Words, topic: Option<TopicNo>) -> Vec<PersonId> {
        let topic = topic.and_then(|no| self.world.topic(no));
        let mut found: Vec<PersonId> = Vec::new();
        for name in possible_names(text.as_str()) {
            let known = self.world.find_person(&name, topic.as_ref()).ok().flatten();
            let is_told = |person: &Person| person.enrolled && Some(person.id) != self.record.by;
            if let Some(person) = known.filter(|person| is_told(person) && !found.contains(&person.id)) {
                found.push(person.id);
            }
            if found.len() >= MOST_NAMED {
                break;
            }
        }
        found
    }

    /// The line, where it is the name of somebody else than whoever took it off.
    fn struck_line(&self, no: GatheringNo, n: u32) -> Option<Joined> {
        let line = self.world.sign_up_lines(no).into_iter().find(|line| line.n == n)?;
        let is_own = line.person.is_some() && line.person == self.record.by;
        let own = self.record.by.and_then(|by| self.world.person(by)).map(|person| person.name).unwrap_or_default();
        (!is_own && !same_bearer(line.name.as_str(), own.as_str())).then_some(line)
    }

    /// Here, in the group it was called in, and to everybody who signed up: at once, since they would come in vain.
    fn tell_all_coming(&mut self, gathering: &Gathering, card: &Say) {
        self.here(card.clone());
        self.groups(gathering.group.as_slice(), card, false, false);
        let mut coming = self.world.people_coming(gathering.no);
        coming.retain(|person| Some(*person) != self.record.by);
        for person in coming {
            self.at_once(person, card.clone());
        }
    }

    /// 不是我 — whoever had signed them in reads it, and whoever moderates what it was about; said by others, whoever it is about, too.
    fn not_there(&mut self, no: GatheringNo, person: PersonId, by: Option<PersonId>) {
        let Some(gathering) = self.world.gathering(no) else { return };
        let (is_own_word, n) = (self.record.by == Some(person), gathering.signed);
        let who = self.world.name_of(person);
        self.here(match is_own_word {
            true if by == Some(person) => say!("signin.off.own", a = no, n = n),
            true => say!("signin.off", a = no),
            false => say!("signin.off.other", a = no, who = who.as_str(), n = n),
        });
        if is_own_word && by == Some(person) {
            return;
        }
        let topic = gathering.topic.and_then(|no| self.world.topic(no));
        let moderator = topic.and_then(|topic| self.world.moderator_of(&topic));
        let is_other = |one: &PersonId| *one != person && Some(*one) != self.record.by;
        let mut told: Vec<PersonId> = by.into_iter().chain(moderator).filter(is_other).collect();
        told.dedup();
        for one in told {
            self.at_once(
                one,
                match is_own_word {
                    true => say!("signin.off.told", a = no, who = self.by(), n = n),
                    false => say!("signin.off.by", a = no, by = self.by(), who = who.as_str(), n = n),
                },
            );
        }
        if !is_own_word {
            self.at_once(person, say!("signin.off.you", a = no, by = self.by()));
        }
    }
}
