//! 门 — a way in and out, as the wiring knows it: what lies between a section of the configuration and a [`Platform`] that speaks and
//! hears. The program knows a list of doors and none of them by name.
//!
//! In this order: [`Door::open`] before the ledger is touched, [`Door::platform`] once it is open, [`Door::routes`] and
//! [`Door::hear`] when the loop runs, [`Door::close`] when it is asked to stop. `check` asks for [`Door::open`] and
//! [`Door::findings`] only.

use super::clock::Clock;
use super::office::Names;
use crate::domain::kernel::settings::Settings;
use crate::domain::people::group::GroupKind;
use crate::language::Catalog;
use crate::platform::{Intake, Platform, Visitors};
use crate::state::State;
use crate::web::metrics::Family;
use axum::Router;
use futures_util::future::BoxFuture;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::watch;

/// Why a door stays shut, each with what to do about it; each is an exit code of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shut {
    /// Its configuration cannot be used.
    Setup(String),
    /// Somebody else already listens with the same account.
    Taken(String),
    /// The platform refuses our credentials.
    Refused(String),
    /// What it keeps of its own is damaged.
    Damaged(String),
}

impl std::fmt::Display for Shut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Setup(why) | Self::Taken(why) | Self::Refused(why) | Self::Damaged(why) => f.write_str(why),
        }
    }
}

/// Says of a door that only people at this machine may reach it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loopback {
    /// The door, as sentences call it.
    pub called: &'static str,
    /// Why.
    pub because: &'static str,
    /// What to change to open the port to others.
    pub instead: &'static str,
}

/// Groups, people and rolls an empty ledger starts with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beginning {
    /// The file; `None` = those of the demonstration.
    pub file: Option<PathBuf>,
    /// The first part of their addresses.
    pub platform: &'static str,
    /// Whether anybody can speak there.
    pub is_open: bool,
}

/// A group in which nobody is heard, so that nobody can register it there: the configuration says what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// Its address.
    pub chat: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: GroupKind,
    /// 镇街; empty if none.
    pub town: String,
    /// 界别; empty if none.
    pub sector: String,
}

/// What a door may know before the ledger is open.
#[derive(Clone, Copy)]
pub struct Opening<'a> {
    /// The office.
    pub settings: &'a Settings,
    /// The words.
    pub catalog: &'static Catalog,
    /// Where the time comes from.
    pub clock: &'a Clock,
    /// Some door says that only this machine may reach the port.
    pub loopback: Option<Loopback>,
}

/// What it may know afterwards.
#[derive(Clone, Copy)]
pub struct House<'a> {
    /// The office.
    pub settings: &'a Settings,
    /// The words.
    pub catalog: &'static Catalog,
    /// Where the time comes from.
    pub clock: &'a Clock,
    /// The working store.
    pub state: &'a Arc<State>,
    /// Folder for what a door keeps of its own.
    pub data: &'a Path,
}

/// What it hears with.
#[derive(Clone)]
pub struct Ear {
    /// Where what is said goes.
    pub intake: Arc<dyn Intake>,
    /// Names the bot is called by; a door adds its own.
    pub names: Names,
    /// Turns true when the program is to stop.
    pub stop: watch::Receiver<bool>,
}

/// One thing `check` found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whether it is as it should be.
    pub is_well: bool,
    /// The finding, with what to do.
    pub what: String,
}

/// A door.
pub trait Door: Send + Sync {
    /// What sentences call it.
    fn called(&self) -> &'static str;

    /// The first part of every address and account behind it, as [`Platform::name`].
    fn name(&self) -> &'static str;

    /// Set where people here choose who they are, so that nobody from elsewhere may reach the port.
    fn needs_loopback(&self) -> Option<Loopback> {
        None
    }

    /// What an empty ledger starts with because of it.
    fn beginning(&self) -> Option<Beginning> {
        None
    }

    /// Opens it, if it is configured; `false` = it is not there. Nothing is asked of it after that.
    ///
    /// # Errors
    /// [`Shut`].
    fn open<'a>(&'a mut self, opening: Opening<'a>) -> BoxFuture<'a, Result<bool, Shut>>;

    /// The groups behind it that only the configuration can register. Asked once it is open.
    fn registrations(&self) -> Vec<Registration> {
        Vec::new()
    }

    /// What `check` has to say once it is open; `groups` are the addresses of the groups behind it.
    fn findings<'a>(&'a self, _groups: &'a [String]) -> BoxFuture<'a, Vec<Finding>> {
        Box::pin(async { Vec::new() })
    }

    /// Why nobody can have an account of this name behind it (without the first part), as far as that can be seen.
    fn account_fault(&self, name: &str) -> Option<&'static str> {
        name.trim().is_empty().then_some("nothing stands behind the platform's name")
    }

    /// Where people open a private chat with the bot; a code is put behind it.
    fn invite_url(&self) -> Option<String> {
        None
    }

    /// Whether the platform keeps what is said while we are away: nothing comes due before that was heard.
    fn keeps_backlog(&self) -> bool {
        false
    }

    /// The platform, now that the ledger is open. Asked once.
    ///
    /// # Errors
    /// [`Shut`].
    fn platform(&mut self, house: House<'_>) -> Result<Arc<dyn Platform>, Shut>;

    /// What it answers on our own port.
    fn routes(&self, _intake: Arc<dyn Intake>) -> Router {
        Router::new()
    }

    /// Where its own page leads to the form of a station and back.
    fn visitors(&self) -> Option<Arc<dyn Visitors>> {
        None
    }

    /// Hears until it is told to stop or cannot go on. What is heard on [`Door::routes`] alone needs nothing here: a door that
    /// has no more to hear ends well and the others go on.
    ///
    /// # Errors
    /// [`Shut`]: the program ends.
    fn hear(&self, _ear: Ear) -> BoxFuture<'static, Result<(), Shut>> {
        Box::pin(async { Ok(()) })
    }

    /// Its numbers for `/metrics`, read anew each time it is called.
    fn numbers(&self) -> Arc<dyn Fn() -> Vec<Family> + Send + Sync> {
        Arc::new(Vec::new)
    }

    /// Lets go of connections that would never end by themselves: the program is stopping.
    fn close(&self) {}
}
