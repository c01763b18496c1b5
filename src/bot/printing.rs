//! 印刷 — papers: the daily, weekly and monthly ones are made at the end of their window, put into words and kept as a fact; and what is
//! shown of them when somebody asks.

use super::office::Office;
use super::turn::Draft;
use crate::domain::event::Event;
use crate::domain::history::period::{DueIssue, Period};
use crate::domain::kernel::ids::GroupId;
use crate::domain::kernel::said::Way;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::World;
use crate::domain::people::group::{Group, GroupKind};
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::figures;
use crate::figures::calendar::Edition;
use crate::figures::{Desk, Paper};
use crate::language::Lang;
use crate::language::paper::{self, Head};
use crate::language::redact::{Marks, Screen};
use crate::say;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::HashMap;

/// Longest text of one digest message, in bytes (企业微信 2,048, less room for an edit).
const DIGEST_BYTES: usize = 2_000;

impl Office {
    /// Makes papers whose windows end at one moment, all from the world as it is; each is a record of that moment.
    pub(super) fn make_papers(&mut self, world: &mut World<'_>, draft: &mut Draft, due: &[Edition], at: DateTime<Utc>) {
        let events = self.papers(world, due, draft.now);
        for event in events {
            let at = self.not_before_last(draft, at);
            let record = self.record(Way::Clock, None, None, at, vec![event], draft.records.len());
            self.settle(world, draft, record, false, None);
        }
    }

    /// The papers, from one reading of the day.
    fn papers(&self, world: &World<'_>, due: &[Edition], now: DateTime<Utc>) -> Vec<Event> {
        let mut desk = Desk::new(world, &self.settings);
        let mut events = Vec::new();
        // The same group twice at one end: clocks that skip an hour.
        let mut numbers = HashMap::new();
        for edition in due {
            let event = match *edition {
                Edition::Digest(at, id, date) => self.digest(&mut desk, &mut numbers, (at, id, date), now),
                Edition::Issue(issue) => self.issue(&mut desk, &issue, now),
            };
            events.extend(event);
        }
        events
    }

    fn digest(
        &self,
        desk: &mut Desk<'_>,
        numbers: &mut HashMap<GroupId, u32>,
        (at, id, date): (DateTime<Utc>, GroupId, NaiveDate),
        now: DateTime<Utc>,
    ) -> Option<Event> {
        let world = desk.world();
        let group = world.group(id)?;
        let last = numbers.entry(id).or_insert_with(|| world.digest_state(id).number);
        let late = figures::is_late(self.settings.after_quiet(group.quiet, at), now);
        let sheet = desk.compose(&group, date);
        let number = sheet.is_some().then(|| *last + 1);
        let parts = sheet.map(|sheet| self.print(&sheet, number, late, &group.language)).unwrap_or_default();
        *last = number.unwrap_or(*last);
        Some(Event::DigestClosed { group: id, date, number, late, parts })
    }

    fn issue(&self, desk: &mut Desk<'_>, due: &DueIssue, now: DateTime<Utc>) -> Option<Event> {
        let DueIssue { at, group: id, period, first } = *due;
        let world = desk.world();
        let group = world.group(id)?;
        let number = world.issues_sent(id, period) + 1;
        let late =
            figures::is_late(self.settings.after_quiet(group.quiet, period.sent_from(&self.settings, first)), now);
        let span = period.around(first);
        let paper = match period {
            Period::Week => Paper::Weekly(Box::new(desk.weekly(&group, &span, at))),
            Period::Month => Paper::Summary(Box::new(desk.monthly(&span, at))),
        };
        let parts = self.print(&paper, Some(number), late, &group.language);
        Some(Event::IssueClosed { group: id, period, first, number, late, parts })
    }

    /// A paper in words, as messages.
    pub(super) fn print(&self, sheet: &figures::Paper, number: Option<u32>, late: bool, lang: &str) -> Vec<Words> {
        let head = Head { number, late, name: &self.settings.name, tz: self.settings.tz };
        let url = self.settings.public_url.as_deref();
        paper::print(sheet, &head, lang, url, DIGEST_BYTES).into_iter().map(Words::from).collect()
    }

    /// 日报 — a preview, or the digest of a day as it was sent.
    pub(super) fn preview(&self, ctx: &Ctx<'_>, date: Option<NaiveDate>) -> Decided {
        let here = ctx.group().and_then(|id| ctx.world.group(id)).filter(|group| group.kind.is_some());
        let members = || ctx.world.groups().into_iter().find(|group| group.kind == Some(GroupKind::Members));
        let group = here.or_else(members).ok_or_else(|| say!("e.no_group"))?;
        let today = self.settings.date(ctx.scene.now);
        if let Some(date) = date.filter(|date| *date > today) {
            return Err(say!("e.digest_to_come", date = date));
        }
        // Of today there is a paper, or what it would be by now.
        let date = date.filter(|date| *date < today || ctx.world.digest(group.id, *date).is_some());
        let texts = self.digest_of(ctx.world, &group, date, ctx.scene.now);
        if texts.is_empty() {
            return Ok(Decision::answer(match date {
                Some(date) => say!("digest.none.day", date = date),
                None => say!("digest.none"),
            }));
        }
        let say = |text: String| match ctx.world.digest_about(&group) {
            Some(topic) => say!("digest.discussion", text = text, no = topic),
            None => say!("plain", text = text),
        };
        Ok(Decision { answer: texts.into_iter().map(say).collect(), ..Decision::default() })
    }

    /// What was sent, without what was hidden or taken back since.
    pub(super) fn as_sent(&self, world: &World<'_>, parts: &[Words], lang: &str) -> Vec<String> {
        let marks = Marks::of(self.catalog, Lang::from_code(lang));
        let mut screen = Screen::new(world);
        parts.iter().map(|part| screen.message(part.as_str(), marks)).collect()
    }

    /// The digest of a day as it was sent, else as it would be; without a day, today so far. Empty = nothing happened.
    #[must_use]
    pub fn digest_of(
        &self,
        world: &World<'_>,
        group: &Group,
        date: Option<NaiveDate>,
        now: DateTime<Utc>,
    ) -> Vec<String> {
        if let Some(sent) = date.and_then(|date| world.digest(group.id, date)) {
            return self.as_sent(world, &sent.parts, &group.language);
        }
        let mut desk = figures::Desk::new(world, &self.settings);
        let sheet = match date {
            Some(date) => desk.compose(group, date),
            None => desk.preview(group, now),
        };
        let Some(sheet) = sheet else { return Vec::new() };
        self.print(&sheet, None, false, &group.language).iter().map(|part| part.as_str().to_owned()).collect()
    }
}
