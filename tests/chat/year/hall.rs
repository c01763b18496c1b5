//! 会堂 — the bot's own office with a clock of the test's: what is typed goes in, what is answered and posted comes out.

use crate::support::folder::Folder;
use chrono::{DateTime, Utc};
use std::sync::Arc;
use std::time::Duration;
use xieshang::bot::chance::Dice;
use xieshang::bot::fixtures;
use xieshang::bot::letters::Outgoing;
use xieshang::bot::office::{Committed, Job};
use xieshang::bot::start::{self, Started};
use xieshang::domain::event::Event;
use xieshang::domain::kernel::settings::Settings;
use xieshang::language::Catalog;
use xieshang::platform::{Edited, Incoming, Place, Said, Sender, SenderKind};

/// Something the bot sent: to a group, `pm:NAME` or `page`.
#[derive(Debug, Clone)]
pub struct Letter {
    pub to: String,
    pub text: String,
}

/// What this thread has used of the machine, which others share.
fn cpu() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(text.split_whitespace().next().and_then(|ns| ns.parse().ok()).unwrap_or(0))
}

pub struct Hall {
    pub started: Started,
    pub now: DateTime<Utc>,
    /// What the clock brought since it was last looked at.
    pub posted: Vec<Letter>,
    /// What of the machine the turns of the clock used that made the digests of a day, and how many characters these are.
    pub digests: Vec<(DateTime<Utc>, Duration, usize)>,
    deliveries: u64,
    pub folder: Folder,
}

impl Hall {
    pub fn new(name: &str, file: &str, now: DateTime<Utc>) -> Self {
        let folder = Folder::new(name);
        let fixtures = fixtures::read(file).unwrap();
        let mut settings = Settings::default();
        fixtures.committee.over(&mut settings).unwrap();
        let (settings, catalog) = (Arc::new(settings), Catalog::builtin().unwrap());
        let mut started = start::open(&folder.0, Arc::clone(&settings), catalog, now).unwrap();
        started.office.enter(fixtures.facts(catalog, &settings, "local").unwrap(), now).unwrap();
        started.office.dice = Dice::Counted(0);
        let (posted, digests) = (Vec::new(), Vec::new());
        Self { started, now, posted, digests, deliveries: 0, folder }
    }

    fn settle(&mut self, done: Committed) -> Vec<Letter> {
        let pages: Vec<Letter> = done
            .receipts
            .iter()
            .filter_map(|receipt| receipt.as_ref().ok()?.page.clone())
            .map(|text| Letter { to: "page".to_owned(), text })
            .collect();
        let mut told: Vec<Letter> = done.letters.iter().map(|letter| self.deliver(letter)).collect();
        told.extend(pages);
        told
    }

    /// Everything is delivered at once, and the office hears of what it numbers.
    fn deliver(&mut self, letter: &Outgoing) -> Letter {
        let (seq, index) = (letter.id.seq, letter.id.index);
        if letter.is_numbered {
            self.started.office.commit(&[Job::Noted(Event::Sending { seq, index })], self.now).unwrap();
            let sent = Event::Sent { seq, index, delivered: true };
            self.started.office.commit(&[Job::Noted(sent)], self.now).unwrap();
        } else if seq != 0 {
            self.started.office.state().forget(letter.key().bytes()).unwrap();
        }
        let to = letter.letter.chat.trim_start_matches("local:").to_owned();
        Letter { to, text: letter.letter.text.clone() }
    }

    /// Time passes; whatever comes due happens.
    pub fn pass(&mut self, until: DateTime<Utc>) {
        while let Some(next) = self.started.office.next_due(self.now).filter(|next| *next <= until) {
            self.now = next.max(self.now);
            let began = cpu();
            let done = self.started.office.commit(&[Job::Tick], self.now).unwrap();
            let (took, told) = (cpu() - began, self.settle(done));
            if told.iter().any(|letter| letter.text.contains("每日微协商】")) {
                let said = told.iter().map(|letter| letter.text.chars().count()).sum();
                self.digests.push((self.now, took, said));
            }
            self.posted.extend(told);
        }
        self.now = until;
    }

    pub fn say(&mut self, who: &str, place: &str, text: &str) -> Vec<Letter> {
        let said = Said::Text { text: text.to_owned(), reply: None, edit: None };
        self.hear(who, place, said)
    }

    /// The message said last is changed.
    pub fn change(&mut self, who: &str, place: &str, text: &str) -> Vec<Letter> {
        let edit = Some(Edited { first: format!("year:{}", self.deliveries), at: self.now });
        self.hear(who, place, Said::Text { text: text.to_owned(), reply: None, edit })
    }

    pub fn form(&mut self, who: &str, station: &str, title: &str) -> Vec<Letter> {
        self.hear(who, station, Said::Form { title: title.to_owned(), text: String::new() })
    }

    fn hear(&mut self, who: &str, place: &str, said: Said) -> Vec<Letter> {
        self.deliveries += 1;
        let private = format!("local:pm:{who}");
        let place = match (&said, place) {
            (Said::Form { .. }, station) => Place::Page { station: Some(station.to_owned()), topic: None },
            (_, "pm") => Place::Private { chat: private.clone() },
            (_, group) => Place::Group { chat: format!("local:{group}"), name: group.to_owned(), thread: None },
        };
        let from = Sender {
            account: format!("local:{who}"),
            name: who.to_owned(),
            name_is_proof: true,
            kind: SenderKind::Person,
            private_chat: Some(private),
        };
        let key = format!("year:{}", self.deliveries);
        let done = self
            .started
            .office
            .commit(&[Job::Heard(Incoming { key, place, from, said_at: Some(self.now), said })], self.now)
            .unwrap();
        self.settle(done)
    }
}
