//! 到期 — what the clock brings about, worked through in the order of time: polls, lights and whatever else waits for its moment, and papers
//! at the end of their windows; also days later, after downtime. Then what may be sent by now is sent.
//!
//! Each record bears the moment at which it fell due, so that it counts for the day it belongs to; never one before the last record's.

use super::letters::{Kept, Lane, LetterId, Outgoing, letter_key};
use super::merged_receipts::Held;
use super::office::{AHEAD, Office};
use super::turn::Draft;
use crate::domain::addressee::For;
use crate::domain::due;
use crate::domain::history::period;
use crate::domain::history::sent::sending_key;
use crate::domain::kernel::said::Way;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::world::{Key, World};
use crate::domain::people::group::Group;
use crate::figures;
use crate::figures::papers_due;
use crate::language::Lang;
use crate::language::merging::merged;
use crate::language::pages::LONGEST;
use crate::language::redact::{Marks, Screen};
use crate::platform::{Incoming, Letter, Receipt, whole_chat};
use crate::say;
use crate::state::own;
use chrono::{DateTime, Duration, Utc};

/// Things that come due in one batch; the rest follow in the next.
pub(super) const MOST_DUE: usize = 512;
/// The same where turns are heard between them and nothing may wait.
pub(super) const MOST_DUE_AT_ONCE: usize = 2_048;
/// Marks the index of a merged receipt.
const MERGED: u32 = 0x8000_0000;

impl Office {
    /// What the clock brings about until a moment. Looks only if something may be due. True if more is due than is taken at once.
    pub(super) fn run_due(
        &mut self,
        world: &mut World<'_>,
        draft: &mut Draft,
        until: DateTime<Utc>,
        most: usize,
    ) -> bool {
        let is_known = self.is_due_known && !AHEAD.iter().any(|&kind| world.is_written(kind));
        if is_known && self.next_due.is_none_or(|at| at > until) {
            return false;
        }
        let is_cut = self.walk(world, draft, until, most);
        self.send_kept(world, draft);
        self.release(world, draft);
        self.name_untaken(world, draft);
        self.next_due = self.look_ahead(world, draft.now);
        self.is_due_known = true;
        is_cut
    }

    /// Works through what is due until a moment, the earliest first; at one moment papers last, all from one reading of the day
    /// (commands.md §9.19). True if there is more than is taken at once.
    fn walk(&mut self, world: &mut World<'_>, draft: &mut Draft, until: DateTime<Utc>, most: usize) -> bool {
        // The clock sets up no group and changes none: which papers are due does not change on the way.
        let papers = papers_due(world, &self.settings, until);
        let mut papers = papers.as_slice();
        loop {
            let paper = papers.first().map(figures::Edition::at);
            let alarm = due::next(world).filter(|at| *at <= until && paper.is_none_or(|paper| *at <= paper));
            let Some(at) = alarm.or(paper) else { return false };
            if draft.records.len() >= most {
                return true;
            }
            if alarm.is_some() {
                let hour = self.not_before_last(draft, at);
                let Some(facts) = due::first_due(world, &self.settings, hour, draft.now) else { return false };
                let record = self.record(Way::Clock, None, None, hour, facts, draft.records.len());
                self.settle(world, draft, record, false, None);
            } else {
                let same = papers.iter().take(most - draft.records.len()).take_while(|paper| paper.at() == at).count();
                let (now_due, later) = papers.split_at(same);
                self.make_papers(world, draft, now_due, at);
                papers = later;
            }
        }
    }

    /// A moment, or that of the last record if it is later.
    pub(super) fn not_before_last(&self, draft: &Draft, at: DateTime<Utc>) -> DateTime<Utc> {
        draft.records.last().map_or(self.last_at, |last| last.at).max(at)
    }

    /// Takes in what a platform kept for us in its place among what came due meanwhile.
    pub(super) fn hear_in_its_place(
        &mut self,
        world: &mut World<'_>,
        draft: &mut Draft,
        incoming: &Incoming,
        now: DateTime<Utc>,
    ) -> Receipt {
        if let Some(said) = self.kept_since(incoming, now) {
            let _ = self.run_due(world, draft, said, MOST_DUE_AT_ONCE);
            draft.hour = Some(self.not_before_last(draft, said));
        }
        let receipt = self.hear(world, draft, incoming, now);
        draft.hour = None;
        receipt
    }

    /// Papers that were kept until they may be sent: to where the group is now, without what was hidden or taken back meanwhile.
    fn send_kept(&self, world: &mut World<'_>, draft: &mut Draft) {
        let now = draft.now;
        let groups = Kept::all(world).into_iter().map(|kept| (world.group(kept.group), kept));
        let is_held = |group: &Group, kept: &Kept| figures::sent_at(&self.settings, group.quiet, kept.from, now) > now;
        let due: Vec<_> = groups.filter(|(group, kept)| !group.as_ref().is_some_and(|it| is_held(it, kept))).collect();
        // One look at what is gone serves all that is sent at once.
        let texts: Vec<String> = {
            let mut screen = Screen::new(world);
            let lang = |group: &Option<Group>| group.as_ref().map_or(self.lang(), |it| Lang::from_code(&it.language));
            due.iter().map(|(group, kept)| screen.message(&kept.text, Marks::of(self.catalog, lang(group)))).collect()
        };
        for ((group, kept), text) in due.into_iter().zip(texts) {
            world.remove(kept.key());
            let Some(group) = group.filter(|group| !group.gone) else { continue };
            let lang = Lang::from_code(&group.language);
            let mut letter = Outgoing {
                id: kept.id,
                lane: Lane::Notice,
                not_before: None,
                is_numbered: true,
                is_repeat: false,
                mark: self.render(&say!("resend.mark"), lang).text,
                card: None,
                whom: For::Anybody,
                letter: Letter { about: kept.about, ..Letter::plain(group.chat.as_str(), text) },
            };
            let fell_due = self.settings.after_quiet(group.quiet, kept.from);
            match (kept.late, figures::is_late(fell_due, now)) {
                (true, _) => letter.mark.clear(),
                (false, true) => letter.late(&self.render(&say!("late.mark"), lang).text),
                // It may have been on its way when we went down.
                (false, false) if world.has(&sending_key(kept.id.seq, kept.id.index)) => letter.repeat(),
                (false, false) => {}
            }
            world.put_at(letter.key(), &letter);
            draft.letters.push(letter);
        }
    }

    /// Receipts that waited for their minute to end.
    fn release(&mut self, world: &mut World<'_>, draft: &mut Draft) {
        let now = draft.now;
        for mut held in Held::all(world).into_iter().filter(|held| held.until <= now) {
            world.remove(Held::key(held.group));
            let Some(group) = world.group(held.group).filter(|_| !held.waiting.is_empty()) else { continue };
            let lang = Lang::from_code(&group.language);
            let (said, text) = self.fitting(&held.waiting, lang);
            // “+1” under several receipts is for the first.
            let first = merged(self.catalog, &held.waiting).into_iter().next();
            let about = first.and_then(|first| self.render(&first, lang).about);
            held.waiting.drain(..said);
            if !held.waiting.is_empty() {
                let until = now + Duration::seconds(60);
                world.put_at(Held::key(held.group), &Held { until, ..held });
            }
            let letter = Letter { about, ..Letter::plain(group.chat.as_str(), text) };
            let mut letter = self.unrecorded(letter);
            // No record of its own: it is kept under the last one, out of the way of that record's letters.
            let seq = self.head_seq() + draft.records.len() as u64;
            // Of two that wait under one record neither is taken for the other.
            let mut ids = (group.id.0..).map(|index| LetterId { seq, index: MERGED | index });
            letter.id = ids.find(|id| !world.has(&letter_key(*id))).unwrap_or(letter.id);
            world.put_at(letter.key(), &letter);
            draft.letters.push(letter);
        }
    }

    /// As many of those that wait as one message holds, and the message.
    fn fitting(&self, waiting: &[Say], lang: Lang) -> (usize, String) {
        let mut most = waiting.len();
        loop {
            let lines = merged(self.catalog, waiting.get(..most).unwrap_or(waiting));
            let text = self.render(&Say::new("plain").with("text", Value::Lines(lines)), lang).text;
            if most <= 1 || text.chars().count() <= LONGEST {
                return (most, text);
            }
            most = most * 3 / 4;
        }
    }

    /// What was sent too fast, named once the minute is over.
    fn name_untaken(&mut self, world: &mut World<'_>, draft: &mut Draft) {
        for untaken in self.limits.over(draft.now) {
            let group = world.group_by_chat(whole_chat(&untaken.chat)).and_then(|id| world.group(id));
            if let Some(group) = group.filter(|group| group.kind.is_some())
                && self.receipts.holds(self.catalog, world, group.id, &untaken.say(), draft.now)
            {
                continue;
            }
            let text = self.render(&untaken.say(), self.language_of_chat(world, &untaken.chat)).text;
            let letter = Letter::plain(untaken.chat, text);
            draft.letters.push(self.unrecorded(letter));
        }
    }

    /// When something comes due next.
    pub(super) fn look_ahead(&self, world: &World<'_>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let poll = due::next(world);
        let digest = figures::next_due(world, &self.settings, now);
        let issue = period::next_issue(world, &self.settings, now);
        let held = Held::all(world).into_iter().map(|held| held.until).min();
        let kept = Kept::all(world).into_iter().filter_map(|kept| {
            let group = world.group(kept.group)?;
            Some(figures::sent_at(&self.settings, group.quiet, kept.from, now))
        });
        [poll, digest, issue, held, kept.min(), self.limits.next()].into_iter().flatten().min()
    }

    /// The moment of the last record, as the working store has it.
    pub(super) fn last_hour(world: &World<'_>) -> DateTime<Utc> {
        let millis: Option<i64> = world.get(&Key::new(own::HOUR));
        millis.and_then(DateTime::from_timestamp_millis).unwrap_or_default()
    }

    /// A record was made at a moment.
    pub(super) fn note_hour(world: &mut World<'_>, at: DateTime<Utc>) {
        world.put_at(Key::new(own::HOUR), &at.timestamp_millis());
    }
}
