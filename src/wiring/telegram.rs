//! Telegram's part of the wiring: from `[telegram]` to a running loop, and from how it ends to why the door is shut.

use crate::config::{self, Config, ConfigError, Mode};
use axum::Router;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use xieshang::bot::door::{Door, Ear, Finding, House, Loopback, Opening, Shut};
use xieshang::domain::kernel::settings::Settings;
use xieshang::language::Lang;
use xieshang::platform::telegram::{Counts, Ended, NAME, PATH, Setup, Telegram};
use xieshang::platform::{Intake, Platform};
use xieshang::web::metrics::Family;

/// The start does not wait longer for Telegram; the loop goes on asking.
const FIRST_WORD: Duration = Duration::from_secs(8);

/// The door.
pub fn door(config: &Config) -> Box<dyn Door> {
    Box::new(TelegramDoor { config: config.telegram.clone(), bot: None })
}

struct TelegramDoor {
    config: config::Telegram,
    /// The bot, once the door is open.
    bot: Option<Arc<Telegram>>,
}

impl TelegramDoor {
    /// The bot, if one is configured; asked once who it is.
    async fn begin(&self, opening: Opening<'_>) -> Result<Option<Arc<Telegram>>, Shut> {
        let wrong = |error: ConfigError| Shut::Setup(error.to_string());
        let Some(token) = self.config.token().map_err(wrong)? else { return Ok(None) };
        let setup = Setup {
            token,
            api_url: self.config.api_url.clone(),
            webhook: self.webhook(opening.settings, opening.loopback)?,
            secret: self.config.secret().map_err(wrong)?,
            lang: Lang::from_code(&opening.settings.language),
            catalog: opening.catalog,
            clock: Arc::clone(opening.clock),
        };
        let bot = Telegram::new(setup).map_err(|why| Shut::Setup(format!("[telegram] {why}")))?;
        match tokio::time::timeout(FIRST_WORD, bot.reach()).await {
            Ok(Err(ended)) => Err(shut(ended)),
            Ok(Ok(_)) | Err(_) => Ok(Some(bot)),
        }
    }

    fn webhook(&self, settings: &Settings, loopback: Option<Loopback>) -> Result<Option<String>, Shut> {
        if self.config.mode == Mode::Poll {
            return Ok(None);
        }
        let Some(public) = &settings.public_url else {
            return Err(Shut::Setup(
                "[telegram] mode = \"webhook\" needs [committee] public_url, the https address people reach the pages at; or set mode = \"poll\"".to_owned(),
            ));
        };
        if let Some(Loopback { because, instead, .. }) = loopback {
            // Behind the same proxy the whole world could choose who it is.
            return Err(Shut::Setup(format!(
                "[telegram] mode = \"webhook\" opens this port to the world, and {because}: {instead} first"
            )));
        }
        Ok(Some(format!("{public}{PATH}")))
    }

    fn bot(&self) -> Result<&Arc<Telegram>, Shut> {
        self.bot.as_ref().ok_or_else(|| Shut::Setup("[telegram] is not open".to_owned()))
    }
}

impl Door for TelegramDoor {
    fn called(&self) -> &'static str {
        "Telegram"
    }

    fn name(&self) -> &'static str {
        NAME
    }

    fn open<'a>(&'a mut self, opening: Opening<'a>) -> BoxFuture<'a, Result<bool, Shut>> {
        async move {
            self.bot = self.begin(opening).await?;
            Ok(self.bot.is_some())
        }
        .boxed()
    }

    fn account_fault(&self, name: &str) -> Option<&'static str> {
        let is_number = name.chars().all(|c| c.is_ascii_digit()) && name.len() >= 4 && !name.starts_with('0');
        (!is_number).then_some("an account at Telegram is a number; who sends /我 to the bot is told theirs")
    }

    fn findings<'a>(&'a self, groups: &'a [String]) -> BoxFuture<'a, Vec<Finding>> {
        async move {
            match &self.bot {
                Some(bot) if bot.me().is_some() => {
                    let found = bot.findings(groups).await.into_iter();
                    found.map(|found| Finding { is_well: found.is_well, what: found.what }).collect()
                }
                Some(_) | None => {
                    let what = format!("not reached within {} s; look at the network", FIRST_WORD.as_secs());
                    vec![Finding { is_well: false, what }]
                }
            }
        }
        .boxed()
    }

    fn invite_url(&self) -> Option<String> {
        self.bot.as_ref()?.me().map(|me| format!("https://t.me/{}?start=", me.username))
    }

    fn keeps_backlog(&self) -> bool {
        true
    }

    fn platform(&mut self, _house: House<'_>) -> Result<Arc<dyn Platform>, Shut> {
        Ok(Arc::clone(self.bot()?) as Arc<dyn Platform>)
    }

    /// Where Telegram posts to, if it does.
    fn routes(&self, intake: Arc<dyn Intake>) -> Router {
        match &self.bot {
            Some(bot) if self.config.mode == Mode::Webhook => bot.router(intake),
            Some(_) | None => Router::new(),
        }
    }

    fn hear(&self, ear: Ear) -> BoxFuture<'static, Result<(), Shut>> {
        let bot = self.bot().cloned();
        async move { receive(bot?, ear).await }.boxed()
    }

    /// What came in and how much was asked.
    fn numbers(&self) -> Arc<dyn Fn() -> Vec<Family> + Send + Sync> {
        let bot = self.bot.clone();
        Arc::new(move || bot.iter().flat_map(|bot| families(&bot.counts)).collect())
    }
}

/// Receives until it is told to stop or cannot go on.
async fn receive(bot: Arc<Telegram>, ear: Ear) -> Result<(), Shut> {
    let Ear { intake, names, stop } = ear;
    let mut stopped = stop.clone();
    let reached = tokio::select! {
        reached = bot.reach() => reached.map(|me| me.username.clone()),
        _ = stopped.wait_for(|stop| *stop) => return Ok(()),
    };
    names.write().unwrap_or_else(PoisonError::into_inner).push(reached.map_err(shut)?);
    match bot.run(intake, stop).await {
        Ended::Stopped => Ok(()),
        ended @ (Ended::Conflict(_) | Ended::Credentials(_) | Ended::Setup(_)) => Err(shut(ended)),
    }
}

fn families(counts: &Counts) -> [Family; 4] {
    let Counts { taken, odd, foreign, requests } = counts;
    let counter = |name, help, count: &AtomicU64| Family::counter(name, help, count.load(Ordering::Relaxed));
    [
        counter("xieshang_telegram_updates_total", "Updates that came.", taken),
        counter("xieshang_telegram_updates_odd_total", "Updates nobody could read, passed over.", odd),
        counter("xieshang_telegram_presses_refused_total", "Presses of buttons that are not ours.", foreign),
        counter("xieshang_telegram_requests_total", "Requests sent to Telegram.", requests),
    ]
}

fn shut(ended: Ended) -> Shut {
    match ended {
        Ended::Conflict(why) => Shut::Taken(why),
        Ended::Credentials(why) => Shut::Refused(why),
        Ended::Setup(why) => Shut::Setup(why),
        Ended::Stopped => Shut::Setup("stopped".to_owned()),
    }
}
