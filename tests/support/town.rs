//! 街道 — the town of the stories in the real loop, spoken to by hand, with a clock of the test's.

use super::folder::Folder;
use chrono::{DateTime, Duration, Utc};
use std::sync::Arc;
use xieshang::bot::chance::Dice;
use xieshang::bot::fixtures;
use xieshang::bot::office::Job;
use xieshang::bot::start::{self, Started};
use xieshang::domain::kernel::settings::Settings;
use xieshang::domain::kernel::world::World;
use xieshang::language::Catalog;
use xieshang::platform::{Incoming, Place, Said, Sender, SenderKind};

/// A letter: to whom, and what.
pub type Told = (String, String);

/// The town.
pub struct Town {
    pub started: Started,
    pub now: DateTime<Utc>,
    pub n: u32,
    pub letters: Vec<(String, String, bool)>,
    pub folder: Folder,
}

impl Town {
    /// The town of the stories, with a topic that has a roll of four, and somebody entered who has no account.
    pub fn new(name: &str) -> Self {
        let folder = Folder::new(name);
        let fixtures = fixtures::read(include_str!("../stories/common.fixtures.json")).unwrap();
        let mut settings = Settings::default();
        fixtures.committee.over(&mut settings).unwrap();
        let settings = Arc::new(settings);
        let catalog = Catalog::builtin().unwrap();
        let now = "2025-03-03T01:00:00Z".parse().unwrap();
        let mut started = start::open(&folder.0, Arc::clone(&settings), catalog, now).unwrap();
        started.office.enter(fixtures.facts(catalog, &settings, "local").unwrap(), now).unwrap();
        started.office.dice = Dice::Counted(0);
        let mut town = Self { started, now, n: 0, letters: Vec::new(), folder };
        for (who, place, text) in [
            ("周敏", "pm", "/登记 钱正 群众 房号=303 镇街=东风路街道"),
            ("周敏", "pm", "/授权 田静 联络员 东风路街道"),
            ("张桂英", "g_df", "/议题 3号楼2单元加装电梯"),
            ("王建国", "g_df", "/买单 1"),
            ("刘芳", "g_df", "/推进 1"),
            ("刘芳", "g_tl", "/绑定 1"),
            ("刘芳", "pm", "/名册 1\n张桂英\n李德福\n冯丽\n钱正"),
        ] {
            town.say(who, place, text);
        }
        town
    }

    pub fn world(&self) -> World<'_> {
        World::on(&**self.started.office.state())
    }

    /// Somebody of the town, or an account that merely shows a name (`@tg1 老张`).
    pub fn say(&mut self, who: &str, place: &str, text: &str) -> Vec<Told> {
        self.now += Duration::minutes(1);
        self.n += 1;
        let (account, name, is_proof) = match who.strip_prefix('@') {
            Some(other) => other.split_once(' ').map(|(account, name)| (account, name, false)).unwrap(),
            None => (who, who, true),
        };
        let private = format!("local:pm:{account}");
        let place = match place {
            "pm" => Place::Private { chat: private.clone() },
            group => Place::Group { chat: format!("local:{group}"), name: group.to_owned(), thread: None },
        };
        let from = Sender {
            account: format!("local:{account}"),
            name: name.to_owned(),
            name_is_proof: is_proof,
            kind: SenderKind::Person,
            private_chat: Some(private),
        };
        let said = Said::Text { text: text.to_owned(), reply: None, edit: None };
        let key = format!("test:{}", self.n);
        let job = Job::Heard(Incoming { key, place, from, said_at: Some(self.now), said });
        self.commit(&[job])
    }

    pub fn wait(&mut self, hours: i64) -> Vec<Told> {
        self.now += Duration::hours(hours);
        self.commit(&[Job::Tick])
    }

    pub fn commit(&mut self, jobs: &[Job]) -> Vec<Told> {
        let done = self.started.office.commit(jobs, self.now).unwrap();
        let letters: Vec<_> = done.letters.into_iter().collect();
        self.letters.extend(
            letters
                .iter()
                .map(|letter| (letter.letter.chat.clone(), letter.letter.text.clone(), letter.not_before.is_some())),
        );
        letters.into_iter().map(|letter| (letter.letter.chat, letter.letter.text)).collect()
    }
}
