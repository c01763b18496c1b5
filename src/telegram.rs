//! Telegram's part of the wiring: from the configuration to a running loop, and from how it ends to an exit code.

use crate::Failure;
use crate::config::{Config, Mode};
use axum::Router;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use xieshang::bot::clock::Clock;
use xieshang::bot::office::Names;
use xieshang::domain::scene::Settings;
use xieshang::domain::world::World;
use xieshang::language::{Catalog, Lang};
use xieshang::platform::Intake;
use xieshang::platform::telegram::{Counts, Ended, NAME, PATH, Setup, Telegram};
use xieshang::state::State;
use xieshang::web::metrics::Family;

/// The start does not wait longer for Telegram; the loop goes on asking.
const FIRST_WORD: Duration = Duration::from_secs(8);

/// The bot, if one is configured; asked once who it is.
pub async fn open(
    config: &Config,
    settings: &Settings,
    catalog: &'static Catalog,
    clock: &Clock,
) -> Result<Option<Arc<Telegram>>, Failure> {
    let wrong = |error: crate::config::ConfigError| Failure::wrong_use(error.to_string());
    let Some(token) = config.telegram.token().map_err(wrong)? else { return Ok(None) };
    let setup = Setup {
        token,
        api_url: config.telegram.api_url.clone(),
        webhook: webhook(config, settings)?,
        secret: config.telegram.secret().map_err(wrong)?,
        lang: Lang::from_code(&settings.language),
        catalog,
        clock: Arc::clone(clock),
    };
    let telegram = Telegram::new(setup).map_err(|why| Failure::wrong_use(format!("[telegram] {why}")))?;
    if let Ok(Err(ended)) = tokio::time::timeout(FIRST_WORD, telegram.reach()).await {
        return Err(failure(ended));
    }
    Ok(Some(telegram))
}

fn webhook(config: &Config, settings: &Settings) -> Result<Option<String>, Failure> {
    if config.telegram.mode == Mode::Poll {
        return Ok(None);
    }
    let Some(public) = &settings.public_url else {
        return Err(Failure::wrong_use(
            "[telegram] mode = \"webhook\" needs [committee] public_url, the https address people reach the pages at; or set mode = \"poll\"".to_owned(),
        ));
    };
    if config.local.enabled {
        // Behind the same proxy the whole world could choose who it is.
        return Err(Failure::wrong_use(
            "[telegram] mode = \"webhook\" opens this port to the world, and in the built-in chat people choose who they are: set [local] enabled = false first".to_owned(),
        ));
    }
    Ok(Some(format!("{public}{PATH}")))
}

/// Where people open a private chat with the bot; a code is put behind it.
pub fn invite_url(telegram: &Telegram) -> Option<String> {
    telegram.me().map(|me| format!("https://t.me/{}?start=", me.username))
}

/// The door Telegram posts to, where there is one.
pub fn door(telegram: Option<&Arc<Telegram>>, config: &Config, intake: Arc<dyn Intake>) -> Router {
    match telegram {
        Some(telegram) if config.telegram.mode == Mode::Webhook => telegram.router(intake),
        _ => Router::new(),
    }
}

/// Receives until it is told to stop or cannot go on; without a bot, for ever.
pub async fn serve(
    telegram: Option<Arc<Telegram>>,
    names: Names,
    intake: Arc<dyn Intake>,
    stop: watch::Receiver<bool>,
) -> Result<(), Failure> {
    let Some(telegram) = telegram else { return std::future::pending().await };
    let mut stopped = stop.clone();
    let reached = tokio::select! {
        reached = telegram.reach() => reached.map(|me| me.username.clone()),
        _ = stopped.wait_for(|stop| *stop) => return Ok(()),
    };
    names.write().unwrap_or_else(PoisonError::into_inner).push(reached.map_err(failure)?);
    match telegram.run(intake, stop).await {
        Ended::Stopped => Ok(()),
        ended => Err(failure(ended)),
    }
}

/// What came in and how much was asked, for `/metrics`.
pub fn numbers(telegram: &Telegram) -> Vec<Family> {
    let Counts { taken, odd, foreign, requests } = &telegram.counts;
    let counter = |name, help, count: &AtomicU64| Family::counter(name, help, count.load(Ordering::Relaxed));
    vec![
        counter("xieshang_telegram_updates_total", "Updates that came.", taken),
        counter("xieshang_telegram_updates_odd_total", "Updates nobody could read, passed over.", odd),
        counter("xieshang_telegram_presses_refused_total", "Presses of buttons that are not ours.", foreign),
        counter("xieshang_telegram_requests_total", "Requests sent to Telegram.", requests),
    ]
}

/// What `check` says about it, a line each; whether all is well.
pub async fn check(
    config: &Config,
    settings: &Settings,
    catalog: &'static Catalog,
    clock: &Clock,
    state: Option<&State>,
) -> bool {
    let telegram = match open(config, settings, catalog, clock).await {
        Ok(None) => return true,
        Ok(Some(telegram)) if telegram.me().is_some() => telegram,
        Ok(Some(_)) => {
            println!("wrong Telegram: not reached within {} s; look at the network", FIRST_WORD.as_secs());
            return false;
        }
        Err(failure) => {
            println!("wrong Telegram: {failure}");
            return false;
        }
    };
    let groups: Vec<String> = state.map_or_else(Vec::new, |state| {
        let groups = World::on(state).groups().into_iter().filter(|group| !group.gone);
        groups.map(|group| group.chat.as_str().to_owned()).filter(|chat| chat.starts_with(NAME)).collect()
    });
    let findings = telegram.findings(&groups).await;
    for finding in &findings {
        println!("{} Telegram: {}", if finding.is_well { "ok   " } else { "wrong" }, finding.what);
    }
    findings.iter().all(|finding| finding.is_well)
}

fn failure(ended: Ended) -> Failure {
    match ended {
        Ended::Conflict(why) => Failure::running(why),
        Ended::Credentials(why) => Failure::refused(why),
        Ended::Setup(why) => Failure::wrong_use(why),
        Ended::Stopped => Failure::wrong_use("stopped".to_owned()),
    }
}
