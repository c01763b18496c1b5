//! 隐藏 — what is hidden counts nowhere until it is shown again, and its words lie aside.

use crate::domain::brief::info::Brief;
use crate::domain::brief::proposal::Proposal;
use crate::domain::evolve::{Application, person};
use crate::domain::intake::slip::{Fate, Slip};
use crate::domain::intake::station::Station;
use crate::domain::kernel::ids::{PersonId, SuggestionRef, TopicNo};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::people::namesake;
use crate::domain::people::person::Person;
use crate::domain::process::hiding::{Fact, HIDDEN, Hiding, Shown};
use crate::domain::process::topic::Topic;
use crate::domain::talk::gathering::{Gathering, Joined};
use crate::domain::talk::notice::Objection;
use crate::domain::talk::pact::Pact;
use crate::domain::talk::plan::Plan;
use crate::domain::talk::review::Review;
use crate::domain::talk::suggestion::{Reply, Suggestion, owned_key};
use crate::domain::vote::poll::{Ballot, Poll};
use crate::domain::work::outcome::Closure;
use crate::domain::work::task::Task;
use serde::de::DeserializeOwned;

impl Application<'_, '_, '_> {
    pub(super) fn hiding(&mut self, fact: &Fact) {
        match fact {
            Fact::Hidden { suggestion, reason } => self.cover(Shown::Suggestion(*suggestion), reason),
            Fact::Shown { suggestion } => self.uncover(Shown::Suggestion(*suggestion)),
            Fact::Covered { what, reason } => self.cover(*what, reason),
            Fact::Uncovered { what } => self.uncover(*what),
            Fact::Disowned { suggestion } => {
                self.world.remove(owned_key(*suggestion));
                self.cover(Shown::Suggestion(*suggestion), &Words::default());
            }
            Fact::Owned { suggestion } => {
                self.uncover(Shown::Suggestion(*suggestion));
                self.world.put_at(owned_key(*suggestion), &self.record.at.timestamp_millis());
            }
            Fact::Contested { no, text } => self.hiding_changed(*no, |hiding| hiding.contest = Some(text.clone())),
            Fact::Upheld { no, reason } => {
                let by = self.record.by;
                self.hiding_changed(*no, |hiding| {
                    (hiding.upheld, hiding.settled_by) = (Some(reason.clone()), by);
                });
            }
        }
        self.trace(None, 0);
    }

    fn hiding_changed(&mut self, no: u32, change: impl FnOnce(&mut Hiding)) {
        if let Some(mut hiding) = self.world.hiding(no) {
            change(&mut hiding);
            self.world.put(&hiding);
        }
    }

    fn cover(&mut self, what: Shown, reason: &Words) {
        let no = self.world.counters().hidings + 1;
        self.world.count(|counters| counters.hidings = no);
        let (author, topic) = (author_of(self.world, what), topic_of(self.world, what));
        let mut words = Vec::new();
        match what {
            Shown::Suggestion(reference) => self.hidden(reference, true),
            Shown::Reply(to, n) => self.reply_hidden(to, n, true),
            _ => change(self.world, what, &mut |text| {
                words.push(text.clone());
                if !text.as_str().is_empty() {
                    *text = HIDDEN.to_string().into();
                }
            }),
        }
        let hiding = Hiding {
            no,
            what,
            by: self.record.by,
            at: self.record.at,
            reason: reason.clone(),
            author,
            topic,
            words,
            contest: None,
            upheld: None,
            settled_by: None,
            lifted: false,
            group: self.record.group,
        };
        self.world.put(&hiding);
        self.world.put_at(what.place(), &no);
    }

    fn uncover(&mut self, what: Shown) {
        let known = self.world.hiding_of(what);
        match what {
            Shown::Suggestion(reference) => self.hidden(reference, false),
            Shown::Reply(to, n) => self.reply_hidden(to, n, false),
            _ => {
                let mut words = known.iter().flat_map(|hiding| hiding.words.clone());
                change(self.world, what, &mut |text| {
                    // What was written since stands.
                    if let Some(before) = words.next()
                        && text.as_str().starts_with(HIDDEN)
                    {
                        *text = before;
                    }
                });
            }
        }
        self.world.remove(what.place());
        if let Some(hiding) = known {
            self.world.put(&Hiding { lifted: true, words: Vec::new(), ..hiding });
        }
    }

    fn hidden(&mut self, reference: SuggestionRef, is_hidden: bool) {
        let Some(mut suggestion) = self.world.suggestion_kept(reference) else { return };
        if suggestion.hidden == is_hidden {
            return;
        }
        suggestion.hidden = is_hidden;
        self.world.put(&suggestion);
        self.topic(reference.topic, |topic| {
            topic.hidden = if is_hidden { topic.hidden + 1 } else { topic.hidden.saturating_sub(1) };
        });
        self.counted(&suggestion, !is_hidden);
    }

    /// A reply that is hidden is no reply anybody counts, as if it had been taken back.
    fn reply_hidden(&mut self, to: SuggestionRef, n: u32, is_hidden: bool) {
        let Some(mut reply) = self.world.reply_kept(to, n).filter(|reply| reply.hidden != is_hidden) else { return };
        reply.hidden = is_hidden;
        self.world.put(&reply);
        if self.world.suggestion(to).is_some() {
            self.topic(to.topic, |topic| {
                topic.replies = if is_hidden { topic.replies.saturating_sub(1) } else { topic.replies + 1 };
            });
            self.spoke(to.topic, reply.author, !is_hidden);
        }
    }
}

/// Changes the words of one thing, each of them once, always in the same order.
#[allow(clippy::too_many_lines, reason = "a closed table; the compiler points here when a thing has no answer")]
fn change(world: &mut World<'_>, what: Shown, each: &mut dyn FnMut(&mut Words)) {
    match what {
        // These are not shown at all while they are hidden.
        Shown::Suggestion(_) | Shown::Reply(..) => {}
        Shown::Topic(no) => {
            on(world, Key::new(kind::TOPIC).num(no.0), |topic: &mut Topic| {
                each(&mut topic.title);
                each(&mut topic.body);
            });
            // The slip it came from says the same.
            let mut slips: Vec<Slip> = world.list(&Key::new(kind::SLIP), usize::MAX);
            slips.retain(|slip| slip.fate == Fate::Accepted(no));
            for mut slip in slips {
                each(&mut slip.title);
                each(&mut slip.body);
                world.put(&slip);
            }
        }
        Shown::Halt(no) => on(world, Key::new(kind::TOPIC).num(no.0), |topic: &mut Topic| each(&mut topic.halt_reason)),
        Shown::Objection(at) => {
            let key = Key::new(kind::OBJECTION).num(at.topic.0).num(at.n);
            on(world, key, |objection: &mut Objection| each(&mut objection.text));
        }
        Shown::Answer(at) => on(world, Key::new(kind::OBJECTION).num(at.topic.0).num(at.n), |own: &mut Objection| {
            own.answer.iter_mut().for_each(|answer| each(&mut answer.text));
        }),
        Shown::Plan(no, draft) => {
            on(world, Key::new(kind::PLAN).num(no.0).num(draft), |plan: &mut Plan| each(&mut plan.text));
        }
        Shown::Pact(no, draft) => {
            on(world, Key::new(kind::PACT).num(no.0).num(draft), |pact: &mut Pact| each(&mut pact.text));
        }
        Shown::Review(no, round, expert) => {
            let key = Key::new(kind::REVIEW).num(no.0).num(round).num(expert.0);
            on(world, key, |review: &mut Review| each(&mut review.text));
        }
        Shown::Poll(no) => on(world, Key::new(kind::POLL).num(no.0), |poll: &mut Poll| each(&mut poll.title)),
        Shown::Reasons(no) => {
            let ballots: Vec<Ballot> = world.list(&Key::new(kind::BALLOT).num(no.0), usize::MAX);
            for mut ballot in ballots {
                each(&mut ballot.reason);
                world.put(&ballot);
            }
        }
        Shown::Closure(no) => {
            on(world, Key::new(kind::CLOSURE).num(no.0), |closure: &mut Closure| each(&mut closure.note));
        }
        Shown::Task(no) => on(world, Key::new(kind::TASK).num(no.0), |task: &mut Task| {
            [&mut task.what, &mut task.answer, &mut task.explained].into_iter().for_each(each);
        }),
        Shown::Gathering(no) => on(world, Key::new(kind::GATHERING).num(no.0), |gathering: &mut Gathering| {
            each(&mut gathering.name);
            each(&mut gathering.place);
        }),
        Shown::Minutes(no) => {
            let key = Key::new(kind::MINUTES).num(no.0);
            if let Some(mut minutes) = world.get::<Words>(&key) {
                each(&mut minutes);
                world.put_at(key, &minutes);
            }
        }
        Shown::SignUp(no, n) => on(world, Key::new(kind::SIGN_UP).num(no.0).num(n), |line: &mut Joined| {
            each(&mut line.name);
            each(&mut line.note);
        }),
        Shown::Person(id) => renamed(world, id, each),
        Shown::Station(id) => {
            on(world, Key::new(kind::STATION).num(id.0), |station: &mut Station| each(&mut station.name));
        }
        Shown::Slip(no) => on(world, Key::new(kind::SLIP).num(no.0), |slip: &mut Slip| {
            each(&mut slip.title);
            each(&mut slip.body);
        }),
        Shown::Brief(no) => on(world, Key::new(kind::BRIEF).num(no.0), |brief: &mut Brief| {
            each(&mut brief.title);
            each(&mut brief.body);
        }),
        Shown::Proposal(no) => on(world, Key::new(kind::PROPOSAL).num(no.0), |proposal: &mut Proposal| {
            each(&mut proposal.title);
            each(&mut proposal.body);
        }),
    }
}

fn on<E: Entity + DeserializeOwned>(world: &mut World<'_>, key: Key, change: impl FnOnce(&mut E)) {
    if let Some(mut entity) = world.get::<E>(&key) {
        change(&mut entity);
        world.put(&entity);
    }
}

/// A shown name that is hidden is found by nothing any more.
fn renamed(world: &mut World<'_>, id: PersonId, each: &mut dyn FnMut(&mut Words)) {
    let Some(mut known) = world.person_kept(id).filter(|person| !person.enrolled) else { return };
    world.remove(person::name_key(known.name.as_str(), id));
    world.remove(namesake::key(&known));
    each(&mut known.name);
    if known.name.as_str().starts_with(HIDDEN) {
        known.name = format!("{HIDDEN}{}", namesake::kept("", id, false)).into();
    }
    world.put_at(person::name_key(known.name.as_str(), id), &id);
    world.put_at(namesake::key(&known), &id);
    world.put::<Person>(&known);
}

/// Whose words they are.
fn author_of(world: &World<'_>, what: Shown) -> Option<PersonId> {
    match what {
        Shown::Topic(no) => Some(world.topic(no)?.proposer),
        Shown::Suggestion(at) => world.suggestion_kept(at).map(|kept: Suggestion| kept.author),
        Shown::Reply(to, n) => world.reply_kept(to, n).map(|kept: Reply| kept.author),
        Shown::Objection(at) => Some(world.objection(at)?.author),
        Shown::Answer(at) => Some(world.objection(at)?.answer?.by),
        Shown::Plan(no, draft) => world.get::<Plan>(&Key::new(kind::PLAN).num(no.0).num(draft)).map(|plan| plan.author),
        Shown::Review(_, _, expert) => Some(expert),
        Shown::Task(no) => {
            // Before it is answered there is nothing in it but what the coordinator wrote.
            let task = world.task(no)?;
            let is_answered = !task.answer.as_str().is_empty();
            task.by.filter(|_| !is_answered).or(Some(task.handler))
        }
        Shown::Gathering(no) | Shown::Minutes(no) => Some(world.gathering(no)?.by),
        Shown::SignUp(no, n) => world.sign_ups(no).into_iter().find(|line| line.n == n)?.person,
        Shown::Person(id) => Some(id),
        Shown::Slip(no) => Some(world.slip(no)?.by),
        Shown::Brief(no) => Some(world.brief(no)?.by),
        Shown::Proposal(no) => Some(world.proposal(no)?.by),
        Shown::Pact(..)
        | Shown::Poll(_)
        | Shown::Reasons(_)
        | Shown::Closure(_)
        | Shown::Halt(_)
        | Shown::Station(_) => None,
    }
}

/// The topic it belongs to.
fn topic_of(world: &World<'_>, what: Shown) -> Option<TopicNo> {
    match what {
        Shown::Topic(no)
        | Shown::Plan(no, _)
        | Shown::Pact(no, _)
        | Shown::Review(no, ..)
        | Shown::Closure(no)
        | Shown::Halt(no) => Some(no),
        Shown::Suggestion(at) | Shown::Reply(at, _) => Some(at.topic),
        Shown::Objection(at) | Shown::Answer(at) => Some(at.topic),
        Shown::Poll(no) | Shown::Reasons(no) => Some(world.poll(no)?.topic),
        Shown::Task(no) => Some(world.task(no)?.topic),
        Shown::Gathering(no) | Shown::Minutes(no) | Shown::SignUp(no, _) => world.gathering(no)?.topic,
        Shown::Person(_) | Shown::Station(_) | Shown::Slip(_) | Shown::Brief(_) | Shown::Proposal(_) => None,
    }
}
