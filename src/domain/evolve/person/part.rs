//! 认错了 — an account was joined to the wrong person: what was done with it, before and since, is the newcomer's again. What was
//! done by right of the person's roles, and what was counted, stays as it is recorded: it cannot be undone for others.

use crate::domain::history::deed::{Deed, What, newcomer_prefix};
use crate::domain::kernel::ids::{AccountNo, PersonId, SuggestionRef, TopicNo, VoterNo};
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::process::form::Step;
use crate::domain::process::guest::Speaker;
use crate::domain::process::halt::{second_key, seconds_anew};
use crate::domain::talk::suggestion::like_key;
use crate::domain::vote::poll::{Ballot, Poll};
use crate::domain::vote::{absence, mandate};
use std::collections::BTreeSet;

/// Gives back to a newcomer what an account did while it was taken for a person's.
pub fn give_back(world: &mut World<'_>, account: AccountNo, (person, newcomer): (PersonId, PersonId), kept: bool) {
    Part { world, account, person, newcomer, kept }.run();
}

struct Part<'w, 's> {
    world: &'w mut World<'s>,
    account: AccountNo,
    person: PersonId,
    newcomer: PersonId,
    kept: bool,
}

impl Part<'_, '_> {
    fn run(&mut self) {
        let keys: Vec<Vec<u8>> = self.world.list(&newcomer_prefix(self.newcomer), usize::MAX);
        let (mut seqs, mut topics) = (Vec::new(), BTreeSet::new());
        for key in keys {
            let Some(deed) = self.world.get::<Deed>(&Key::raw(key.clone())) else { continue };
            if deed.by == Some(self.person) && self.goes_back(&deed) {
                seqs.push(deed.seq);
                topics.extend(deed.topic);
                self.world.put_at(Key::raw(key), &Deed { by: Some(self.newcomer), ..deed });
            }
        }
        topics.into_iter().for_each(|no| seconds_anew(self.world, no));
        self.trail(&seqs);
        for poll in self.world.open_polls() {
            if !self.kept {
                self.ballot(&poll);
            }
            absence::forget_of(self.world, poll.topic, self.account);
            mandate::forget_of(self.world, poll.topic, self.account);
        }
    }

    /// Whether a thing is the newcomer's again. What only a role gives the right to do is not.
    fn goes_back(&mut self, deed: &Deed) -> bool {
        match deed.what {
            What::Entered(Step::Ordered) => self.topic(deed.topic),
            What::Suggested(reference) => self.suggestion(reference),
            What::Replied(to, n) => {
                let Some(mut reply) = self.world.reply_kept(to, n) else { return false };
                let is_theirs = reply.author == self.person;
                if is_theirs {
                    reply.author = self.newcomer;
                    self.world.put(&reply);
                    self.speaker(to.topic);
                }
                is_theirs
            }
            What::HandedIn(no) => {
                let Some(mut slip) = self.world.slip(no).filter(|slip| slip.by == self.person) else { return false };
                slip.by = self.newcomer;
                self.world.put(&slip);
                true
            }
            What::Objected(reference) => {
                let known = self.world.objection(reference);
                let Some(mut objection) = known.filter(|one| one.author == self.person) else { return false };
                objection.author = self.newcomer;
                self.world.put(&objection);
                true
            }
            What::Liked(reference) => {
                let (old, new) = (like_key(reference, self.person), like_key(reference, self.newcomer));
                self.moves(old, new)
            }
            What::Seconded => {
                let Some(topic) = deed.topic else { return false };
                let key = |person: PersonId| second_key(topic, person);
                let (old, new) = (key(self.person), key(self.newcomer));
                self.moves(old, new)
            }
            _ => false,
        }
    }

    fn moves(&mut self, old: Key, new: Key) -> bool {
        let is_there = self.world.has(&old);
        if is_there {
            self.world.remove(old);
            self.world.put_at(new, &self.newcomer);
        }
        is_there
    }

    fn topic(&mut self, no: Option<TopicNo>) -> bool {
        let known = no.and_then(|no| self.world.topic(no));
        let Some(mut topic) = known.filter(|topic| topic.proposer == self.person) else { return false };
        topic.proposer = self.newcomer;
        self.world.put(&topic);
        true
    }

    fn suggestion(&mut self, reference: SuggestionRef) -> bool {
        let known = self.world.suggestion_kept(reference);
        let Some(mut suggestion) = known.filter(|one| one.author == self.person) else { return false };
        suggestion.author = self.newcomer;
        self.world.put(&suggestion);
        self.speaker(reference.topic);
        true
    }

    /// How often somebody spoke on a topic.
    fn speaker(&mut self, topic: TopicNo) {
        let key = |person: PersonId| Key::new(kind::SPEAKER).num(topic.0).num(person.0);
        let Some(own) = self.world.get::<Speaker>(&key(self.person)) else { return };
        let other = self.world.get::<Speaker>(&key(self.newcomer));
        let side = self.world.person_kept(self.newcomer).map_or(own.side, |newcomer| newcomer.side);
        let other = other.unwrap_or(Speaker { topic, person: self.newcomer, side, times: 0 });
        self.world.put_speaker(&Speaker { times: other.times + 1, ..other });
        self.world.put_speaker(&Speaker { times: own.times.saturating_sub(1), ..own });
    }

    /// One's own figures, and what 撤回 would take back.
    fn trail(&mut self, seqs: &[u64]) {
        let (mut topics, mut suggestions, mut seconds) = (0, 0, 0);
        let keys: Vec<Vec<u8>> = self.world.list(&newcomer_prefix(self.newcomer), usize::MAX);
        for key in keys {
            let Some(deed) = self.world.get::<Deed>(&Key::raw(key)) else { continue };
            match deed.what {
                _ if deed.by != Some(self.newcomer) => {}
                What::Entered(Step::Ordered) => topics += 1,
                What::Suggested(_) => suggestions += 1,
                What::Seconded => seconds += 1,
                _ => {}
            }
        }
        let mut traces = Vec::new();
        self.world.change_own(self.person, |own| {
            own.topics = own.topics.saturating_sub(topics);
            own.suggestions = own.suggestions.saturating_sub(suggestions);
            own.seconds = own.seconds.saturating_sub(seconds);
            traces = own.traces.extract_if(.., |trace| seqs.contains(&trace.seq)).collect();
        });
        self.world.change_own(self.newcomer, |own| {
            (own.topics, own.suggestions, own.seconds) = (topics, suggestions, seconds);
            traces.into_iter().for_each(|trace| own.leave(trace));
        });
    }

    /// In old ledgers: a ballot cast by the account counts for the person no more. Without a roll it is the newcomer's, who cast it.
    fn ballot(&mut self, poll: &Poll) {
        let voter = match poll.voters {
            None => Some(VoterNo(self.person.0)),
            Some(_) => {
                let person = self.world.person_kept(self.person);
                person.and_then(|person| self.world.voter_of(poll.topic, &person)).map(|voter| voter.no)
            }
        };
        let Some(ballot) = voter.and_then(|voter| self.world.ballot(poll.no, voter)) else { return };
        if ballot.account != Some(self.account) {
            return;
        }
        absence::strike(self.world, poll.no, ballot.voter);
        let own = VoterNo(self.newcomer.0);
        if poll.voters.is_none() && !ballot.proxy && self.world.ballot(poll.no, own).is_none() {
            self.world.put(&Ballot { voter: own, person: Some(self.newcomer), ..ballot });
            let mut turnout = self.world.turnout(poll.no);
            turnout.cast += 1;
            self.world.put_at(Key::new(kind::TURNOUT).num(poll.no.0), &turnout);
        }
    }
}
