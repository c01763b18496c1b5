//! 本人 — whom a name and a flat, a unit or a field stand for: somebody entered, or somebody who stands on a roll; and who may vouch.

use crate::domain::kernel::ids::{ClaimNo, PersonId, PollNo, TopicNo};
use crate::domain::kernel::place::{flat_before, same_place, untitled};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::world::World;
use crate::domain::people::identity_claim::{Claim, MAX_ROWS};
use crate::domain::people::person::{Person, Role, Scope};
use crate::domain::people::reach;
use crate::domain::people::reach::{Act, Home, Office, Rank};
use crate::domain::process::conflict::Part;
use crate::domain::process::guest::invitation_key;
use crate::domain::process::topic::Topic;
use crate::say;

/// Most words of one name.
const MOST_WORDS: usize = 4;

/// Somebody a name and a place can stand for: entered, or on a roll and never entered.
#[derive(Debug, Clone)]
pub struct Whom {
    /// Who it is, if entered.
    pub person: Option<Person>,
    /// Name.
    pub name: String,
    /// Flat; empty if unknown.
    pub room: String,
    /// Town; empty if unknown.
    pub town: String,
    /// The topics on whose roll they stand.
    pub rolls: Vec<TopicNo>,
    /// Whether an account is theirs.
    pub has_account: bool,
    /// Whether one was theirs and was taken away.
    pub lost_account: bool,
}

impl Whom {
    /// An entered person.
    #[must_use]
    pub fn entered(world: &World<'_>, person: Person) -> Self {
        let topics = world.topics_with_roll().into_iter();
        let rolls = topics.filter(|&topic| world.voter_of(topic, &person).is_some()).collect();
        let (name, room) = (person.name.as_str().to_owned(), person.room.as_str().to_owned());
        let has_account = !world.accounts_of(person.id).is_empty();
        let lost_account = !world.lost_accounts(person.id).is_empty() || world.has_left(&name, &room);
        Self { name, room, town: person.town.clone(), rolls, has_account, lost_account, person: Some(person) }
    }

    /// Whether nobody ever was this person here: one official is enough then.
    #[must_use]
    pub fn is_first(&self) -> bool {
        !self.has_account && !self.lost_account
    }

    /// The lowest role that may say who this is: nobody lends out more than they hold.
    pub(crate) fn warrant(&self) -> Role {
        let rank = self.person.as_ref().map_or(Rank::Plain, Rank::of);
        if reach::may(Office::Moderator, Act::Vouch, Home::Own, rank) {
            return Role::Moderator;
        }
        reach::who_may(Act::Vouch, rank)
    }

    /// The topics whose moderator may say who this is: those of their own town, or of no town, on whose roll they stand. A roll
    /// is what a moderator writes; it gives nobody a hold on people of another town.
    fn vouching_topics<'a>(&'a self, world: &'a World<'_>) -> impl Iterator<Item = Topic> + 'a {
        let is_near =
            |topic: &Topic| [&self.town, &topic.town].iter().any(|town| town.is_empty()) || self.town == topic.town;
        self.rolls.iter().filter_map(|&no| world.topic(no)).filter(is_near)
    }

    /// 主持中立 — the topic with an open vote on whose roll they stand and in which somebody has a hand: until it closes, that one says of
    /// none of its voters which account is theirs, whatever other role they hold. Who moderates it, whose matter it is, and who has
    /// entered this voter's ballot from paper.
    #[must_use]
    pub fn vote_in_hand(&self, world: &World<'_>, by: &Person) -> Option<(Topic, Part)> {
        let open = self.rolls.iter().filter_map(|&no| world.topic(no)).filter(|topic| topic.poll.is_some());
        open.into_iter().find_map(|topic| {
            let part = if by.moderates(&topic) { Some(Part::Moderator) } else { self.hand_in(world, by, &topic) };
            part.map(|part| (topic, part))
        })
    }

    fn hand_in(&self, world: &World<'_>, by: &Person, topic: &Topic) -> Option<Part> {
        let voters = match &self.person {
            Some(person) => world.voter_of(topic.no, person).into_iter().collect(),
            None => world.voters_who(topic.no, &self.name, &self.room),
        };
        let is_by_them = |poll: PollNo| voters.iter().any(|voter| world.entered_by(poll, voter.no) == Some(by.id));
        if topic.poll.is_some_and(is_by_them) {
            return Some(Part::Teller);
        }
        let held = [
            (Part::Asker, world.proposers(topic).contains(&by.id)),
            (Part::Lead, topic.lead == Some(by.id)),
            (Part::Expert, world.reviews(topic).iter().any(|review| review.expert == by.id)),
            (Part::Rater, world.is_excepted(topic.no, Part::Rater, by.id)),
        ];
        let part = held.into_iter().find_map(|(part, is_held)| is_held.then_some(part));
        part.filter(|_| !world.is_excepted(topic.no, Part::Teller, by.id))
    }

    /// 外镇的名册 — the live topic on whose roll they stand and whose town nobody's office reaches who speaks here: an account that is
    /// theirs votes there, whatever town they are entered for.
    #[must_use]
    pub fn roll_out_of_reach(&self, world: &World<'_>, by: &Person) -> Option<Topic> {
        let mut topics = self.rolls.iter().filter(|&&no| world.is_live(no)).filter_map(|&no| world.topic(no));
        topics.find(|topic| !by.coordinates(&topic.town) && !by.moderates(topic))
    }

    /// Whether somebody may say that an account is this person's: a coordinator of their town, or a moderator of a topic there
    /// on whose roll they stand; for holders of a role a coordinator, for coordinators and administrators an administrator. And
    /// the office reaches every live topic on whose roll they stand: whoever has the account votes there.
    #[must_use]
    pub fn may_be_vouched_for(&self, world: &World<'_>, by: &Person) -> bool {
        if self.vote_in_hand(world, by).is_some() || self.roll_out_of_reach(world, by).is_some() {
            return false;
        }
        let presides = || self.vouching_topics(world).any(|topic| by.moderates(&topic));
        let rank = self.person.as_ref().map_or(Rank::Plain, Rank::of);
        self.is_reached(by) || reach::may(Office::Moderator, Act::Vouch, Home::Own, rank) && presides()
    }

    /// Whether a coordinator's or an administrator's office reaches them; moderators are asked for the roll besides.
    fn is_reached(&self, by: &Person) -> bool {
        let rank = self.person.as_ref().map_or(Rank::Plain, Rank::of);
        let mut stands = by.stands(self.person.as_ref(), &self.town).into_iter();
        stands.any(|(office, home)| office > Office::Moderator && reach::may(office, Act::Vouch, home, rank))
    }

    /// Side, unit, sector, town and flat, as far as known, and whether an account is theirs already: a second one may be somebody
    /// else's.
    fn about(&self) -> Vec<Value> {
        let mut about = Vec::new();
        if let Some(person) = &self.person {
            about.push(Value::Term(person.side.term().to_owned()));
            about.extend([person.unit.as_str(), &person.sector, person.field.as_str()].map(Value::from));
        }
        about.extend([self.town.as_str(), &self.room].map(Value::from));
        about.retain(|value| *value != Value::Text(String::new()));
        if self.has_account {
            about.push(say!("claim.linked").into());
        } else if self.lost_account {
            about.push(say!("claim.lost").into());
        }
        about
    }

    /// What is told of them to whoever they are no business of: name and town.
    pub(crate) fn row_from_afar(&self) -> Say {
        let town = if self.town.is_empty() { say!("claim.nowhere").into() } else { self.town.as_str().into() };
        say!("claim.known", name = self.name.as_str(), about = Value::List(vec![town]))
    }

    pub(crate) fn row(&self) -> Say {
        match &self.person {
            Some(_) => say!("claim.known", name = self.name.as_str(), about = Value::List(self.about())),
            None => {
                let rolls = self.rolls.iter().take(MAX_ROWS).map(|&no| say!("ref.topic", no = no).into()).collect();
                let about = Value::List(self.about());
                say!("claim.roll", name = self.name.as_str(), about = about, rolls = Value::List(rolls))
            }
        }
    }
}

/// What a person is told apart by.
fn places_of(person: &Person) -> [&str; 5] {
    [person.room.as_str(), person.unit.as_str(), &person.sector, person.field.as_str(), &person.town]
}

fn is_at(person: &Person, place: &str) -> bool {
    places_of(person).into_iter().any(|own| !own.is_empty() && same_place(own, place))
}

impl World<'_> {
    /// Everybody a name stands for; with a place only those whose flat, unit, sector or field it is.
    #[must_use]
    pub fn whom(&self, name: &str, place: &str) -> Vec<Whom> {
        let named = self.people_named(name).into_iter().filter(|person| person.enrolled);
        let mut found: Vec<Whom> = named.map(|person| Whom::entered(self, person)).collect();
        let mut unentered: Vec<Whom> = Vec::new();
        for topic in self.topics_with_roll() {
            for voter in self.voters_who(topic, name, place) {
                let is_voter = |whom: &Whom| {
                    let person = whom.person.as_ref().and_then(|person| self.voter_of(topic, person));
                    person.is_some_and(|known| known.no == voter.no)
                };
                if found.iter().any(is_voter) {
                    continue;
                }
                let room = voter.rooms.iter().find(|room| same_place(room.as_str(), place)).or(voter.rooms.first());
                let room = room.map(|room| room.as_str().to_owned()).unwrap_or_default();
                match unentered.iter_mut().find(|whom| whom.room == room || same_place(&whom.room, &room)) {
                    Some(known) => known.rolls.push(topic),
                    None => {
                        let town = self.topic(topic).map(|topic| topic.town).unwrap_or_default();
                        let lost_account = self.has_left(name, &room);
                        let (name, rolls, has_account) = (name.to_owned(), vec![topic], false);
                        unentered.push(Whom { person: None, name, room, town, rolls, has_account, lost_account });
                    }
                }
            }
        }
        found.retain(|whom| place.is_empty() || self.is_of(whom, place));
        found.extend(unentered);
        found
    }

    fn is_of(&self, whom: &Whom, place: &str) -> bool {
        let Some(person) = &whom.person else { return false };
        let own = [person.room.as_str(), person.unit.as_str(), &person.sector, person.field.as_str()];
        let on_roll = |&topic: &TopicNo| self.voter_of(topic, person).is_some_and(|voter| voter.lives_in(place));
        own.iter().any(|own| same_place(own, place)) || whom.rolls.iter().any(on_roll)
    }

    /// Who is asked whether a claim is right: the coordinators of the town, else of the district, and the moderators of the
    /// topics on whose roll the person stands; for coordinators and administrators, and where the account holds a role that it
    /// would bring along, the administrators.
    #[must_use]
    pub fn asked_about(&self, claim: &Claim, whoms: &[Whom]) -> Vec<PersonId> {
        let mut asked: Vec<Person> = Vec::new();
        let brings_role = self.person(claim.by).is_some_and(|newcomer| !newcomer.grants.is_empty());
        let whoms = if brings_role { &[] } else { whoms };
        for whom in whoms {
            match whom.warrant() {
                Role::Admin => asked.extend(self.holders(Role::Admin)),
                Role::Resident | Role::Member | Role::Handler | Role::Expert | Role::Moderator | Role::Coordinator => {
                    asked.extend(self.coordinators_reached(&whom.town))
                }
            }
            let is_far = |person: &Person| whom.roll_out_of_reach(self, person);
            if let Some(topic) = asked.first().and_then(is_far).filter(|_| asked.iter().all(|by| is_far(by).is_some()))
            {
                asked.extend(self.coordinators_reached(&topic.town));
            }
            asked.retain(|person| whom.vote_in_hand(self, person).is_none() && is_far(person).is_none());
            if whoms.len() == 1 && whom.warrant() == Role::Moderator {
                let topics = whom.vouching_topics(self);
                let moderators = topics.filter_map(|topic| self.person(self.moderator_of(&topic)?));
                asked.extend(moderators.filter(|person| whom.vote_in_hand(self, person).is_none()));
            }
        }
        if brings_role {
            asked.extend(self.holders(Role::Admin));
        } else if whoms.is_empty() {
            asked.extend(self.coordinators_reached(""));
        }
        let mut told = Vec::new();
        for person in asked.iter().filter(|person| !person.private_chat.as_str().is_empty()) {
            if !told.contains(&person.id) {
                told.push(person.id);
            }
        }
        told
    }

    fn coordinators_reached(&self, town: &str) -> Vec<Person> {
        let mut all = self.coordinators_of(town);
        all.retain(|person| !person.private_chat.as_str().is_empty());
        let is_local = |person: &Person| {
            person
                .grants
                .iter()
                .any(|grant| grant.role == Role::Coordinator && grant.scope == Scope::Town(town.to_owned()))
        };
        let local: Vec<Person> = all.iter().filter(|person| is_local(person)).cloned().collect();
        if !local.is_empty() {
            return local;
        }
        if all.is_empty() { self.holders(Role::Admin) } else { all }
    }

    /// 要两位 — one official has said yes, and another is to; where there is none, who appoints one, and by which line.
    pub(crate) fn second(&self, claim: ClaimNo, person: PersonId, by: PersonId) -> Say {
        let who = self.name_of(person);
        let second = match self.accounts_of(person).is_empty() {
            true => say!("claim.second.lost", c = claim, who = who.as_str()),
            false => say!("claim.second", c = claim, who = who.as_str()),
        };
        let Some(known) = self.person(person) else { return second };
        let whom = Whom::entered(self, known);
        let may = |other: &Person| {
            let can_speak = other.id != by && other.id != person && !self.accounts_of(other.id).is_empty();
            can_speak && whom.may_be_vouched_for(self, other)
        };
        let officials = [Role::Moderator, Role::Coordinator, Role::Admin].map(|role| self.holders(role)).concat();
        if officials.iter().any(may) {
            return second;
        }
        // Whoever vouches for coordinators and administrators is an administrator.
        let role = if whom.warrant() == Role::Admin { Role::Admin } else { Role::Coordinator };
        let mut admins = self.holders(Role::Admin);
        admins.retain(|admin| admin.id != person && !self.accounts_of(admin.id).is_empty());
        let names: Vec<Value> = admins.iter().take(MAX_ROWS).map(|admin| (&admin.name).into()).collect();
        let role = Value::Term(role.term().to_owned());
        let how = match names.is_empty() {
            true => say!("claim.alone.configure", c = claim),
            false => say!("claim.alone.appoint", c = claim, admin = Value::List(names), role = role),
        };
        match self.accounts_of(person).is_empty() {
            true => say!("claim.alone", c = claim, who = who, how = how),
            false => say!("claim.alone.has", c = claim, who = who, how = how),
        }
    }

    /// The letter to those who are asked.
    #[must_use]
    pub fn claim_letter(&self, claim: &Claim, whoms: &[Whom]) -> Say {
        let whom = match whoms {
            [] if self.whom(claim.name.as_str(), "").is_empty() => say!("claim.nobody", name = &claim.name),
            [] => say!("claim.elsewhere", c = claim.no),
            [only] => only.row(),
            several => {
                let rows = several.iter().take(MAX_ROWS).map(|whom| whom.row().into()).collect();
                say!("claim.several", n = several.len(), rows = Value::List(rows), c = claim.no)
            }
        };
        say!(
            "claim.push",
            c = claim.no,
            shown = &claim.shown,
            name = &claim.name,
            place = claim.place_after_blank(),
            whom = whom,
            at = Value::Moment(claim.at),
            days = claim.days(),
        )
    }

    /// 重名 — finds a person by name: guests of the topic first, then its town; otherwise “姓名+房号” is asked for.
    ///
    /// # Errors
    /// `e.who_many` if several remain.
    pub fn find_person(&self, name: &str, topic: Option<&Topic>) -> Result<Option<Person>, Say> {
        let mut found: Vec<Person> = self.people_named(name).into_iter().filter(|person| person.enrolled).collect();
        if found.is_empty() {
            found = self.named_with_place(name);
        }
        if found.is_empty() {
            let bare = name.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '-');
            let room = name.strip_prefix(bare).unwrap_or_default();
            if !room.is_empty() && !bare.is_empty() {
                found = self
                    .people_named(bare)
                    .into_iter()
                    .filter(|person| person.enrolled && same_place(person.room.as_str(), room))
                    .collect();
            }
        }
        // 601张桂英, as people call themselves in groups.
        if let (true, (flat, bare)) = (found.is_empty(), flat_before(name))
            && !flat.is_empty()
        {
            found = self.people_named(bare);
            found.retain(|person| person.enrolled && same_place(person.room.as_str(), flat));
        }
        // 王建国委员, 陈晓兰 委员: whoever is called so without the title.
        if found.is_empty()
            && let Some(bare) = untitled(name)
        {
            return self.find_person(bare, topic);
        }
        if let Some(topic) = topic.filter(|_| found.len() > 1) {
            self.narrow(&mut found, topic);
        }
        match found.len() {
            0 => Ok(None),
            1 => Ok(found.pop()),
            _ => Err(say!("e.who_many", name = name)),
        }
    }

    /// 姓名 房号 — those a name stands for with a flat, unit, sector, field or town behind it, and a blank between.
    fn named_with_place(&self, said: &str) -> Vec<Person> {
        let blanks = said.char_indices().filter(|(_, c)| c.is_whitespace());
        let at = |(at, _): (usize, char)| {
            let (name, place) = said.split_at(at);
            self.people_at(name.trim(), place.trim())
        };
        blanks.map(at).find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// The registered people of a name whose flat, unit, sector, field or town this is.
    #[must_use]
    pub fn people_at(&self, name: &str, place: &str) -> Vec<Person> {
        let mut found = self.people_named(name);
        found.retain(|person| person.enrolled && !place.is_empty() && is_at(person, place));
        found
    }

    /// 写法 — what is to be written so that this person is found and no namesake: the name, and what tells them apart behind it.
    #[must_use]
    pub fn written_apart(&self, person: &Person) -> String {
        let name = person.name.as_str();
        let is_alone = |people: &[Person]| people.iter().all(|one| one.id == person.id);
        let named: Vec<Person> = self.people_named(name).into_iter().filter(|one| one.enrolled).collect();
        if is_alone(&named) {
            return name.to_owned();
        }
        let tells = |place: &&str| !place.is_empty() && is_alone(&self.people_at(name, place));
        places_of(person).into_iter().find(tells).map_or_else(|| name.to_owned(), |place| format!("{name} {place}"))
    }

    /// 姓名 — the names a list of words comes to: where several in a row are together what somebody is called (Liu Fang), they are one.
    #[must_use]
    pub fn whole_names(&self, words: &[String]) -> Vec<String> {
        let (mut names, mut at) = (Vec::new(), 0);
        while at < words.len() {
            let most = (words.len() - at).min(MOST_WORDS);
            let is_known = |n: &usize| self.people_named(&words[at..at + n].join(" ")).iter().any(|one| one.enrolled);
            let n = (2..=most).rev().find(is_known).unwrap_or(1);
            names.push(words[at..at + n].join(" "));
            at += n;
        }
        names
    }

    fn narrow(&self, found: &mut Vec<Person>, topic: &Topic) {
        let invited = |person: &Person| self.has(&invitation_key(topic.no, person.id));
        // Who is of another town than the topic keeps nobody of the district from being meant.
        let is_of_here = |person: &Person| person.town.is_empty() || person.town == topic.town;
        let tests: [&dyn Fn(&Person) -> bool; 4] = [
            &invited,
            &|person| self.voter_of(topic.no, person).is_some(),
            &|person| person.town == topic.town,
            &is_of_here,
        ];
        for test in tests {
            let fitting: Vec<Person> = found.iter().filter(|person| test(person)).cloned().collect();
            if !fitting.is_empty() && fitting.len() < found.len() {
                *found = fitting;
            }
            if found.len() == 1 {
                return;
            }
        }
    }
}
