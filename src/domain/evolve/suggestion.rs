//! 建议、跟帖、点赞、采纳 — what they make of the world.

use crate::domain::evolve::Application;
use crate::domain::history::deed::What;
use crate::domain::kernel::ids::{PersonId, SuggestionRef, TopicNo};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Key, kind};
use crate::domain::people::lately;
use crate::domain::people::undoable::Undoable;
use crate::domain::process::guest::Speaker;
use crate::domain::talk::suggestion::{Reply, Suggestion, Verdict, like_key};

impl Application<'_, '_, '_> {
    pub(crate) fn spoke(&mut self, topic: TopicNo, person: PersonId, more: bool) {
        let Some(side) = self.world.person(person).map(|person| person.side) else { return };
        let key = Key::new(kind::SPEAKER).num(topic.0).num(person.0);
        let mut speaker = self.world.get::<Speaker>(&key).unwrap_or(Speaker { topic, person, side, times: 0 });
        speaker.times = if more { speaker.times + 1 } else { speaker.times.saturating_sub(1) };
        self.world.put_speaker(&speaker);
    }

    pub(crate) fn suggested(
        &mut self,
        reference: SuggestionRef,
        author: PersonId,
        recorder: Option<PersonId>,
        text: &Words,
    ) {
        self.world.put(&Suggestion {
            reference,
            author,
            recorder,
            text: text.or_gone(),
            at: self.record.at,
            seq: self.record.seq,
            likes: 0,
            last_reply: 0,
            withdrawn: false,
            hidden: false,
            verdict: None,
        });
        self.topic(reference.topic, |topic| {
            topic.last_suggestion = topic.last_suggestion.max(reference.n);
            topic.suggestions += 1;
        });
        self.spoke(reference.topic, author, true);
        self.world.change_own(author, |own| own.suggestions += 1);
        self.deed(What::Suggested(reference), Some(reference.topic), Some(author));
        let fingerprint = lately::fingerprint(&format!("suggestion {}", reference.topic), text.as_str());
        self.trace(Some(Undoable::Suggestion(reference)), fingerprint);
    }

    pub(crate) fn replied(&mut self, to: SuggestionRef, n: u32, text: &Words) {
        let Some(author) = self.record.by else { return };
        let text = text.or_gone();
        let reply = Reply { to, n, author, text: text.clone(), at: self.record.at, withdrawn: false, hidden: false };
        self.world.put(&reply);
        if let Some(mut suggestion) = self.world.suggestion(to) {
            suggestion.last_reply = n;
            self.world.put(&suggestion);
        }
        self.topic(to.topic, |topic| topic.replies += 1);
        self.spoke(to.topic, author, true);
        self.deed(What::Replied(to, n), Some(to.topic), Some(author));
        self.trace(Some(Undoable::Reply(to, n)), lately::fingerprint(&format!("reply {to}"), text.as_str()));
    }

    pub(crate) fn liked(&mut self, reference: SuggestionRef) {
        let Some(person) = self.record.by else { return };
        self.world.put_at(like_key(reference, person), &person);
        if let Some(mut suggestion) = self.world.suggestion(reference) {
            suggestion.likes += 1;
            self.world.put(&suggestion);
        }
        self.topic(reference.topic, |topic| topic.likes += 1);
        self.deed(What::Liked(reference), Some(reference.topic), Some(person));
        self.trace(Some(Undoable::Like(reference)), 0);
    }

    pub(crate) fn suggestion_undone(&mut self, reference: SuggestionRef) {
        let Some(mut suggestion) = self.world.suggestion(reference) else { return };
        suggestion.withdrawn = true;
        self.world.put(&suggestion);
        self.counted(&suggestion, false);
    }

    pub(crate) fn reply_undone(&mut self, to: SuggestionRef, n: u32) {
        let is_counted = self.world.reply(to, n).is_some();
        let Some(mut reply) = self.world.reply_kept(to, n) else { return };
        reply.withdrawn = true;
        self.world.put(&reply);
        if is_counted {
            self.topic(to.topic, |topic| topic.replies = topic.replies.saturating_sub(1));
            self.spoke(to.topic, reply.author, false);
        }
    }

    pub(crate) fn like_undone(&mut self, reference: SuggestionRef, person: PersonId) {
        self.world.remove(like_key(reference, person));
        if let Some(mut suggestion) = self.world.suggestion_kept(reference) {
            suggestion.likes = suggestion.likes.saturating_sub(1);
            self.world.put(&suggestion);
            if !suggestion.hidden {
                self.topic(reference.topic, |topic| topic.likes = topic.likes.saturating_sub(1));
            }
        }
    }
}

impl Application<'_, '_, '_> {
    /// What somebody did for a topic, and cannot take back.
    pub(crate) fn contributed(&mut self, topic: TopicNo, what: What) {
        if let Some(person) = self.record.by {
            self.came(topic, person);
        }
        self.deed(what, Some(topic), self.record.by);
        self.trace(None, 0);
    }

    pub(super) fn judged(&mut self, reference: SuggestionRef, verdict: Verdict) {
        let Some(mut suggestion) = self.world.suggestion(reference) else { return };
        suggestion.verdict = Some(verdict);
        self.world.put(&suggestion);
        self.deed(What::Judged(reference, verdict != Verdict::Declined), Some(reference.topic), self.record.by);
        self.trace(None, 0);
    }
}
