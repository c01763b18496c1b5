//! The built-in chat's part of the wiring: from `[local]` to a chat with the groups, people and stations the office knows.

use super::people::people;
use crate::config::{self, Config};
use crate::story;
use axum::Router;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::sync::Arc;
use xieshang::bot::door::{Beginning, Door, House, Loopback, Opening, Shut};
use xieshang::domain::intake::station::Station as KnownStation;
use xieshang::domain::kernel::world::World;
use xieshang::domain::people::group::Group as KnownGroup;
use xieshang::language::Lang;
use xieshang::platform::local::forget;
use xieshang::platform::local::{CommandHelp, Group, LocalChat, NAME, Setup, Station};
use xieshang::platform::{Intake, Platform, Visitors};

/// The door.
pub fn door(config: &Config) -> Box<dyn Door> {
    Box::new(LocalDoor { config: config.local.clone(), keep_days: config.retention.chat_history_days, chat: None })
}

struct LocalDoor {
    config: config::Local,
    /// Days the history is kept; 0 = as long as there is room.
    keep_days: u32,
    /// The chat, once the ledger is open.
    chat: Option<Arc<LocalChat>>,
}

impl Door for LocalDoor {
    fn called(&self) -> &'static str {
        "the built-in chat"
    }

    fn name(&self) -> &'static str {
        NAME
    }

    fn needs_loopback(&self) -> Option<Loopback> {
        self.config.enabled.then_some(Loopback {
            called: "the built-in chat",
            because: "in the built-in chat people choose who they are",
            instead: "set [local] enabled = false",
        })
    }

    fn beginning(&self) -> Option<Beginning> {
        let file = (!self.config.fixtures.as_os_str().is_empty()).then(|| self.config.fixtures.clone());
        (self.config.enabled || file.is_some()).then_some(Beginning {
            file,
            platform: NAME,
            is_open: self.config.enabled,
        })
    }

    fn open<'a>(&'a mut self, _opening: Opening<'a>) -> BoxFuture<'a, Result<bool, Shut>> {
        std::future::ready(Ok(self.config.enabled)).boxed()
    }

    fn platform(&mut self, house: House<'_>) -> Result<Arc<dyn Platform>, Shut> {
        let chat = open_chat(house, self.keep_days)?;
        self.chat = Some(Arc::clone(&chat));
        Ok(chat)
    }

    fn routes(&self, intake: Arc<dyn Intake>) -> Router {
        self.chat.as_ref().map_or_else(Router::new, |chat| chat.router(intake))
    }

    fn visitors(&self) -> Option<Arc<dyn Visitors>> {
        self.chat.clone().map(|chat| chat as Arc<dyn Visitors>)
    }

    fn close(&self) {
        if let Some(chat) = &self.chat {
            chat.close();
        }
    }
}

/// The chat. Its own history lies beside the ledger, not in it.
fn open_chat(house: House<'_>, keep_days: u32) -> Result<Arc<LocalChat>, Shut> {
    let House { settings, catalog, clock, state, data } = house;
    let lang = Lang::from_code(&settings.language);
    let world = World::on(&**state);
    let there = Arc::clone(state);
    let setup = Setup {
        title: settings.name.clone(),
        groups: world.groups().iter().filter_map(group_of).collect(),
        people: people(&world, catalog, lang, |person| person.enrolled),
        stations: Arc::new(move || World::on(&*there).stations().iter().map(station_of).collect()),
        commands: catalog
            .entries()
            .iter()
            .map(|entry| CommandHelp {
                name: format!("/{}", entry.name),
                usage: entry.usage.get(lang).clone(),
                what: entry.what.get(lang).clone(),
            })
            .collect(),
        timezone: settings.tz,
        clock: Arc::clone(clock),
        story: Some(Arc::new(story::tell)),
    };
    let history = data.join("chat");
    let kept = match keep_days {
        0 => forget::settle(&history).map_err(forget::ForgetError::from),
        days => forget::expire(&history, clock() - chrono::Duration::days(i64::from(days))),
    };
    kept.map_err(|error| Shut::Damaged(error.to_string()))?;
    let db = sled::Config::new().path(history).cache_capacity(8 * 1024 * 1024).open();
    let db = db.map_err(|error| Shut::Damaged(format!("the history of the built-in chat: {error}; if the disk has room, remove the folder “chat” to begin a new history, the ledger is not touched")))?;
    LocalChat::open(db, setup).map_err(|error| Shut::Setup(error.to_string()))
}

fn station_of(station: &KnownStation) -> Station {
    Station { name: station.name.as_str().to_owned(), code: station.code() }
}

fn group_of(group: &KnownGroup) -> Option<Group> {
    let id = group.chat.as_str().strip_prefix(NAME)?.strip_prefix(':')?;
    Some(Group { id: id.to_owned(), name: group.name.as_str().to_owned() })
}
