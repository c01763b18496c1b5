//! 撤回、更正 — what taking back and putting right make of the world.

use crate::domain::brief::Act;
use crate::domain::evolve::Application;
use crate::domain::history::deed::{Deed, What, hour_of, prefix_of};
use crate::domain::kernel::ids::{PersonId, TopicNo};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Key, kind};
use crate::domain::people::lately;
use crate::domain::people::undoable::Undoable;
use crate::domain::process::form::Step;
use crate::domain::process::halt::{second_key, seconds_anew};
use crate::domain::vote::{absence, mandate};
use chrono::{DateTime, Utc};

/// Since when a deed is looked for, as what, and, where that does not say whose it is, of whom and on which topic.
type Sought = (DateTime<Utc>, What, Option<(PersonId, TopicNo)>);

impl Application<'_, '_, '_> {
    /// What somebody else entered in a name leaves no trace with whoever bears it: its deed is found by its hour.
    fn not_ordered(&mut self, no: TopicNo) {
        let Some(at) = self.world.topic(no).map(|topic| topic.ordered_at) else { return };
        let is_it = |deed: &Deed| deed.topic == Some(no) && deed.what == What::Entered(Step::Ordered);
        let mut found = None;
        self.world.scan(&hour_of(at), |deed: Deed| {
            found = is_it(&deed).then_some(deed.seq);
            found.is_none()
        });
        if let Some(seq) = found {
            self.world.remove_all(&prefix_of(at, seq));
        }
    }

    /// It is nobody's deed any more: as long as it is among the last things somebody did it is found by its record.
    fn forget(&mut self, what: Undoable, person: PersonId) {
        let mut own = self.world.trail(person);
        if let Some(at) = own.traces.iter().rposition(|trace| trace.what == Some(what)) {
            let trace = own.traces.remove(at);
            self.world.remove_all(&prefix_of(trace.at, trace.seq));
            self.world.put(&own);
            return;
        }
        let Some((since, deed, by)) = self.deed_of(what, person) else { return };
        let (start, mut found) = (hour_of(since), None);
        self.world.scan_from(&Key::new(kind::DEED), start.bytes(), |key, one: Deed| {
            if one.what == deed && by.is_none_or(|(by, topic)| one.by == Some(by) && one.topic == Some(topic)) {
                found = Some(key.to_vec());
            }
            found.is_none()
        });
        if let Some(key) = found {
            self.world.remove(Key::raw(key));
        }
    }

    /// 点单 is found by its hour (`not_ordered`).
    fn deed_of(&self, what: Undoable, person: PersonId) -> Option<Sought> {
        match what {
            Undoable::Second(no) => Some((self.world.topic(no)?.ordered_at, What::Seconded, Some((person, no)))),
            Undoable::Like(at) => {
                let since = self.world.suggestion_kept(at)?.at;
                Some((since, What::Liked(at), Some((person, at.topic))))
            }
            Undoable::Suggestion(at) => Some((self.world.suggestion_kept(at)?.at, What::Suggested(at), None)),
            Undoable::Reply(to, n) => Some((self.world.reply_kept(to, n)?.at, What::Replied(to, n), None)),
            Undoable::Objection(at) => Some((self.world.objection(at)?.at, What::Objected(at), None)),
            Undoable::Brief(no) => Some((self.world.brief(no)?.at, What::Briefed(no), None)),
            Undoable::Proposal(no) => Some((self.world.proposal(no)?.at, What::Brief(Act::Proposed(no)), None)),
            Undoable::Topic(_)
            | Undoable::SignUp(..)
            | Undoable::Duty(..)
            | Undoable::Absence(..)
            | Undoable::Mandate(..) => None,
        }
    }

    /// 附议 — of a matter that others went on as it is taken back wherever it was said.
    fn second_undone(&mut self, no: TopicNo, person: PersonId) {
        for no in self.world.seconded_by(no, person) {
            self.forget(Undoable::Second(no), person);
            self.world.remove(second_key(no, person));
            self.topic(no, |topic| topic.seconds = topic.seconds.saturating_sub(1));
            seconds_anew(self.world, no);
        }
        // They were one since they were joined.
        self.world.change_own(person, |own| own.seconds = own.seconds.saturating_sub(1));
    }

    pub(crate) fn undone(&mut self, what: Undoable) {
        let Some(person) = self.record.by else { return };
        // Of a matter that went on as another there may be several.
        if !matches!(what, Undoable::Second(_)) {
            self.forget(what, person);
        }
        match what {
            Undoable::Topic(no) => {
                self.not_ordered(no);
                self.topic(no, |topic| topic.withdrawn = true);
                self.world.remove(Key::new(kind::LIVE_TOPIC).num(no.0));
                self.world.change_own(person, |own| own.topics = own.topics.saturating_sub(1));
            }
            Undoable::Second(no) => self.second_undone(no, person),
            Undoable::Suggestion(reference) => self.suggestion_undone(reference),
            Undoable::Reply(to, n) => self.reply_undone(to, n),
            Undoable::Like(reference) => self.like_undone(reference, person),
            Undoable::Objection(reference) => self.objection_undone(reference),
            Undoable::Absence(topic, seat) => self.world.remove(absence::key_of(topic, seat)),
            Undoable::Duty(person, n) => self.duty_undone(person, n),
            Undoable::Mandate(topic, voter) => {
                self.told_off(topic, voter, self.world.mandate(topic, voter).map(|mandate| mandate.trustee));
                self.world.remove(mandate::key_of(topic, voter));
            }
            Undoable::SignUp(gathering, n) => self.off_the_list(gathering, n),
            Undoable::Brief(no) => self.brief_undone(no),
            Undoable::Proposal(no) => self.proposal_undone(no),
        }
    }

    /// The same thing under the same number; the same words again within ten minutes are compared with the new ones.
    pub(crate) fn reworded(&mut self, what: Undoable, title: &Words, text: &Words) {
        let fingerprint = match what {
            Undoable::Topic(no) => {
                self.topic(no, |topic| {
                    topic.title = title.or_gone();
                    topic.body = text.or_gone();
                });
                lately::fingerprint("topic", &format!("{title}\n{text}"))
            }
            Undoable::Suggestion(reference) => {
                if let Some(mut suggestion) = self.world.suggestion(reference) {
                    suggestion.text = text.or_gone();
                    self.world.put(&suggestion);
                }
                lately::fingerprint(&format!("suggestion {}", reference.topic), text.as_str())
            }
            Undoable::Reply(to, n) => {
                if let Some(mut reply) = self.world.reply_kept(to, n) {
                    reply.text = text.or_gone();
                    self.world.put(&reply);
                }
                lately::fingerprint(&format!("reply {to}"), text.as_str())
            }
            Undoable::Second(_)
            | Undoable::Like(_)
            | Undoable::SignUp(..)
            | Undoable::Brief(_)
            | Undoable::Objection(_)
            | Undoable::Duty(..)
            | Undoable::Absence(..)
            | Undoable::Proposal(_)
            | Undoable::Mandate(..) => return,
        };
        let Some(person) = self.record.by else { return };
        self.world.change_own(person, |own| {
            own.traces
                .iter_mut()
                .filter(|trace| trace.what == Some(what))
                .for_each(|trace| trace.fingerprint = fingerprint);
        });
    }
}
