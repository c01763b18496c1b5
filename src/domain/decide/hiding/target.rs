//! 隐藏什么 — which thing is meant, that it is there, and who may hide it.

use super::{EXAMPLE, standing};
use crate::domain::kernel::ids::{GroupId, ObjectionRef, PersonId, PollNo, SuggestionRef, TopicNo};
use crate::domain::kernel::said::SuggestionArg;
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::world::{Key, kind};
use crate::domain::people::namesake::{SOMEBODY, UNPROVEN};
use crate::domain::people::person::Person;
use crate::domain::process::hiding::{Part, Shown, Target};
use crate::domain::process::topic::Topic;
use crate::domain::scene::Ctx;
use crate::domain::talk::suggestion::Suggestion;
use crate::say;

const MOST_SAID: usize = 3;

/// Who may hide something.
pub(super) enum Whose {
    /// Whoever moderates the topic, and the coordinators of its town.
    Topic(Box<Topic>),
    /// Whoever moderates in the group.
    Group(Option<GroupId>),
    /// The coordinators of a town.
    Town(String),
}

impl Ctx<'_> {
    fn of_topic(&self, no: TopicNo, what: Shown) -> Result<(Shown, Whose), Say> {
        let topic = self.require_topic(no)?;
        Ok((what, Whose::Topic(Box::new(topic))))
    }

    /// What is meant, which must be there, and who may hide it.
    pub(super) fn target(&self, target: &Target) -> Result<(Shown, Whose), Say> {
        match target {
            Target::Suggestion(arg) => {
                let (topic, suggestion) = self.resolve_kept(*arg, EXAMPLE)?;
                Ok((Shown::Suggestion(suggestion.reference), Whose::Topic(Box::new(topic))))
            }
            Target::Quoted(arg) => self.target(&Target::Suggestion(Some(*arg))),
            Target::Reply(arg, n) => self.reply_target(*arg, *n),
            Target::Objection(written, n, of_answer) => {
                let topic = self.resolve_topic(*written, EXAMPLE)?;
                let at = ObjectionRef { topic: topic.no, n: *n };
                let missing = || say!("e.no_objection", no = at.topic, r#ref = at.named());
                let objection = self.world.objection(at).ok_or_else(missing)?;
                let what = if *of_answer { Shown::Answer(at) } else { Shown::Objection(at) };
                if *of_answer && objection.answer.is_none() {
                    return Err(nothing(what));
                }
                Ok((what, Whose::Topic(Box::new(topic))))
            }
            Target::Topic(written, part) => {
                let topic = self.resolve_topic(*written, EXAMPLE)?;
                let what = self.part(&topic, *part)?;
                Ok((what, Whose::Topic(Box::new(topic))))
            }
            Target::Review(written, name) => {
                let topic = self.resolve_topic(*written, EXAMPLE)?;
                let expert = self.require_person(name, Some(&topic))?;
                let what = Shown::Review(topic.no, topic.round, expert.id);
                let is_there = self.world.reviews(&topic).iter().any(|review| review.expert == expert.id);
                if is_there { Ok((what, Whose::Topic(Box::new(topic)))) } else { Err(nothing(what)) }
            }
            Target::SignUp(no, n) => {
                let what = Shown::SignUp(*no, *n);
                // People count the rows they see.
                let row = usize::try_from(*n).ok().and_then(|n| n.checked_sub(1));
                let line = row.and_then(|row| self.world.sign_ups(*no).into_iter().nth(row));
                self.place_of(Shown::SignUp(*no, line.ok_or_else(|| nothing(what))?.n))
            }
            Target::Shown(what) => self.place_of(*what),
            Target::Person(name) => Ok((Shown::Person(self.unproven(name)?.id), Whose::Group(self.group()))),
            Target::Station(name) => {
                let station = self.world.station_named(name).ok_or_else(|| say!("e.no_station_named"))?;
                Ok((Shown::Station(station.id), Whose::Town(station.town)))
            }
            Target::Number(no) => {
                let what = standing(self, *no)?.what;
                self.place_of(what)
            }
        }
    }

    fn reply_target(&self, arg: SuggestionArg, n: u32) -> Result<(Shown, Whose), Say> {
        let reference = match arg {
            SuggestionArg::Full(reference) => reference,
            SuggestionArg::Short(n) => SuggestionRef { topic: self.resolve_topic(None, EXAMPLE)?.no, n },
        };
        let what = Shown::Reply(reference, n);
        self.world.reply_kept(reference, n).ok_or_else(|| nothing(what))?;
        self.of_topic(reference.topic, what)
    }

    fn part(&self, topic: &Topic, part: Part) -> Result<Shown, Say> {
        let latest = topic.last_poll.or(topic.poll);
        let poll = latest.unwrap_or(PollNo(0));
        let (what, is_there) = match part {
            Part::Title => (Shown::Topic(topic.no), true),
            Part::Plan => (Shown::Plan(topic.no, topic.plans), topic.plans > 0),
            Part::Pact => (Shown::Pact(topic.no, topic.pacts), topic.pacts > 0),
            Part::Poll => (Shown::Poll(poll), latest.is_some()),
            Part::Reasons => (Shown::Reasons(poll), latest.is_some()),
            Part::Closure => (Shown::Closure(topic.no), self.world.closure(topic.no).is_some()),
            Part::Halt => (Shown::Halt(topic.no), topic.halt.is_some()),
        };
        if is_there { Ok(what) } else { Err(nothing(what)) }
    }

    /// Who may hide a thing that has a number of its own.
    fn place_of(&self, what: Shown) -> Result<(Shown, Whose), Say> {
        match what {
            Shown::Topic(no)
            | Shown::Plan(no, _)
            | Shown::Pact(no, _)
            | Shown::Review(no, ..)
            | Shown::Closure(no)
            | Shown::Halt(no) => self.of_topic(no, what),
            Shown::Suggestion(at) | Shown::Reply(at, _) => self.of_topic(at.topic, what),
            Shown::Objection(at) | Shown::Answer(at) => self.of_topic(at.topic, what),
            Shown::Poll(no) | Shown::Reasons(no) => {
                let poll = self.world.poll(no).ok_or_else(|| nothing(what))?;
                self.of_topic(poll.topic, what)
            }
            Shown::Task(no) => {
                let task = self.world.task(no).ok_or_else(|| say!("e.no_task", t = no))?;
                self.of_topic(task.topic, what)
            }
            Shown::Gathering(no) | Shown::Minutes(no) | Shown::SignUp(no, _) => {
                let gathering =
                    self.world.gathering(no).ok_or_else(|| say!("e.no_act", a = no, ex = example_of("ex.join")))?;
                if matches!(what, Shown::Minutes(_)) && !gathering.minutes {
                    return Err(nothing(what));
                }
                match gathering.topic {
                    Some(topic) => self.of_topic(topic, what),
                    None => Ok((what, Whose::Group(gathering.group))),
                }
            }
            Shown::Person(_) => Ok((what, Whose::Group(self.group()))),
            Shown::Station(id) => {
                let town = self.world.station(id).map(|station| station.town).unwrap_or_default();
                Ok((what, Whose::Town(town)))
            }
            Shown::Slip(no) => {
                let slip = self.world.slip(no).ok_or_else(|| nothing(what))?;
                let station = slip.station.and_then(|id| self.world.station(id));
                Ok((what, Whose::Town(station.map(|station| station.town).unwrap_or_default())))
            }
            Shown::Brief(no) => {
                let by = self.world.brief(no).ok_or_else(|| nothing(what))?.by;
                Ok((what, Whose::Town(self.town_of(by))))
            }
            Shown::Proposal(no) => {
                let by = self.world.proposal(no).ok_or_else(|| nothing(what))?.by;
                Ok((what, Whose::Town(self.town_of(by))))
            }
        }
    }

    /// 群友16 — an account by what the bot calls it where several show one name.
    fn labelled(&self, name: &str) -> Option<Person> {
        let no = name.strip_prefix(SOMEBODY)?.parse().ok()?;
        self.world.person(PersonId(no)).filter(|person| !person.enrolled)
    }

    /// Those nobody has registered whose name, as they show it or as it is printed, is this but for its blanks.
    fn shown_as(&self, name: &str) -> Vec<Person> {
        let (wanted, mut found) = (unspaced(name), Vec::new());
        self.world.scan(&Key::new(kind::PERSON), |person: Person| {
            let is_it =
                || unspaced(person.name.as_str()) == wanted || unspaced(&self.world.name_of(person.id)) == wanted;
            if !wanted.is_empty() && !person.enrolled && is_it() {
                found.push(person);
            }
            true
        });
        found
    }

    /// Somebody nobody has registered, by the name they show; a registered one is put right by 登记.
    fn unproven(&self, name: &str) -> Result<Person, Say> {
        let name = name.trim().trim_end_matches(UNPROVEN).trim();
        if let Some(labelled) = self.labelled(name) {
            return Ok(labelled);
        }
        let mut found = self.world.people_named(name);
        let is_registered = found.iter().any(|person| person.enrolled);
        // What is left of a newcomer who turned out to be somebody registered bears that name, and is shown nowhere.
        let speaks = |person: &Person| !person.enrolled && !self.world.accounts_of(person.id).is_empty();
        found.retain(speaks);
        if found.is_empty() {
            found = self.shown_as(name);
            found.retain(speaks);
        }
        match found.len() {
            0 if !is_registered => Err(self.no_person(name, "")),
            0 => Err(say!("e.hiding.registered")),
            1 => found.pop().ok_or_else(|| self.no_person(name, "")),
            _ => Err(self.which_account(name, &found)),
        }
    }

    /// 哪一个账号 — several nobody has registered show one name: each by what the bot calls it, and what it has said.
    fn which_account(&self, name: &str, found: &[Person]) -> Say {
        let row = |person: &Person| {
            let (mut topics, mut said) = (Vec::new(), Vec::new());
            for topic in self.world.live_topics() {
                topics.extend(
                    (topic.proposer == person.id).then(|| Value::Part(Box::new(say!("ref.topic", no = topic.no)))),
                );
                self.world.scan(&Key::new(kind::SUGGESTION).num(topic.no.0), |kept: Suggestion| {
                    said.extend((kept.author == person.id).then(|| Value::from(kept.reference)));
                    true
                });
            }
            topics.extend(said);
            topics.truncate(MOST_SAID);
            let what = match topics.is_empty() {
                true => say!("hide.which.silent"),
                false => say!("hide.which.said", list = Value::List(topics)),
            };
            say!("hide.which.account", who = format!("{SOMEBODY}{}", person.id), what = what)
        };
        let rows = found.iter().map(row).collect();
        say!("e.hide_account", name = name, n = found.len(), rows = Value::Lines(rows))
    }
}

/// “刘 芳 冒充” — a shown name may have blanks: of what follows, the words that make it the name of somebody belong to it.
pub(super) fn whole_name(ctx: &Ctx<'_>, target: &Target, reason: &str) -> Option<(Target, String)> {
    const LONGEST: usize = 4;
    let Target::Person(first) = target else { return None };
    if ctx.unproven(first).is_ok() {
        return None;
    }
    let (mut name, mut rest) = (first.clone(), reason.trim());
    for _ in 1..LONGEST {
        let (next, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        if next.is_empty() {
            return None;
        }
        (name, rest) = (format!("{name} {next}"), after.trim());
        if ctx.unproven(&name).is_ok() {
            return Some((Target::Person(name), rest.to_owned()));
        }
    }
    None
}

fn unspaced(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace() && *c != UNPROVEN).collect()
}

fn nothing(what: Shown) -> Say {
    say!("e.hiding.nothing", what = what.name())
}
