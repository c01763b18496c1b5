//! The console's part of the wiring: from `[console]` to somebody who types.

use crate::config::{self, Config};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::io::BufReader;
use std::sync::Arc;
use xieshang::bot::door::{Door, Ear, Finding, House, Opening, Shut};
use xieshang::platform::Platform;
use xieshang::platform::console::{Console, NAME};

/// The door.
pub fn door(config: &Config) -> Box<dyn Door> {
    Box::new(ConsoleDoor { config: config.console.clone(), console: None })
}

struct ConsoleDoor {
    config: config::Console,
    /// The terminal, once the door is open.
    console: Option<Arc<Console>>,
}

impl ConsoleDoor {
    fn console(&self) -> Result<Arc<Console>, Shut> {
        self.console.clone().ok_or_else(|| Shut::Setup("[console] is not open".to_owned()))
    }
}

impl Door for ConsoleDoor {
    fn called(&self) -> &'static str {
        "console"
    }

    fn name(&self) -> &'static str {
        NAME
    }

    fn open<'a>(&'a mut self, opening: Opening<'a>) -> BoxFuture<'a, Result<bool, Shut>> {
        if !self.config.enabled {
            return std::future::ready(Ok(false)).boxed();
        }
        let console = Console::new(&self.config.name, Arc::clone(opening.clock), std::io::stdout());
        let opened = console.map(|console| self.console = Some(console)).map(|()| true);
        std::future::ready(opened.map_err(|why| Shut::Setup(format!("[console] {why}")))).boxed()
    }

    fn findings<'a>(&'a self, _groups: &'a [String]) -> BoxFuture<'a, Vec<Finding>> {
        let speaker = |console: &Arc<Console>| Finding {
            is_well: true,
            what: format!("who types here is {}", console.account()),
        };
        std::future::ready(self.console.iter().map(speaker).collect()).boxed()
    }

    fn platform(&mut self, _house: House<'_>) -> Result<Arc<dyn Platform>, Shut> {
        self.console().map(|console| console as Arc<dyn Platform>)
    }

    fn hear(&self, ear: Ear) -> BoxFuture<'static, Result<(), Shut>> {
        let console = self.console();
        async move {
            console?.run(BufReader::new(std::io::stdin()), &*ear.intake, ear.stop).await;
            Ok(())
        }
        .boxed()
    }
}
