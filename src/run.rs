//! 运行 — wires ledger, store, committer, post and the doors together, and takes them down in order.

use crate::Failure;
use crate::config::Config;
use crate::story;
use crate::wiring;
use axum::Router;
use futures_util::future::FusedFuture as _;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use xieshang::bot::chance::Dice;
use xieshang::bot::clock::{self, Clock};
use xieshang::bot::door::{Beginning, Door, Ear, House, Loopback, Opening, Registration};
use xieshang::bot::health::Health;
use xieshang::bot::inbox::{self, Inbox, Outlet};
use xieshang::bot::letters::{Edit, Outgoing};
use xieshang::bot::office::Fatal;
use xieshang::bot::post::Post;
use xieshang::bot::start::{self, Started};
use xieshang::bot::{fixtures, office::Office};
use xieshang::domain::event::Event;
use xieshang::domain::kernel::settings::Settings;
use xieshang::language::Catalog;
use xieshang::platform::{Intake, Platform};
use xieshang::web::callers::{Proxies, limited};
use xieshang::web::doorway::{Doorway, Port};
use xieshang::web::health::healthz;
use xieshang::web::metrics::{self, metrics};
use xieshang::web::page::station_form::{Desk, form};
use xieshang::web::pages::{self, Reader};

/// Longest wait for connections to end at a stop, and as long for letters to arrive.
const GOODBYE: Duration = Duration::from_secs(5);

/// How a service ends that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// It was asked to stop.
    Stopped,
    /// The office is to be opened anew, where erasures by law are carried out.
    Anew,
}

/// Starts the bot and serves until SIGTERM or ctrl-c. The port is kept throughout, also while somebody's data is erased.
pub fn run(config: &Config, settings: &Settings, catalog: &'static Catalog) -> Result<(), Failure> {
    let outer = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let outer = outer.map_err(|error| Failure::wrong_use(format!("no threads: {error}")))?;
    let (stop, stopped) = watch::channel(false);
    outer.spawn(async move {
        asked_to_stop().await;
        let _ = stop.send(true);
    });
    let mut port = Port::default();
    while serve_once(config, settings.clone(), catalog, &mut port, stopped.clone())? == Ended::Anew {
        tracing::warn!("opening anew to erase what was ordered to be erased");
    }
    Ok(())
}

/// From opening the folder until everything is down again.
fn serve_once(
    config: &Config,
    mut settings: Settings,
    catalog: &'static Catalog,
    port: &mut Port,
    stopped: watch::Receiver<bool>,
) -> Result<Ended, Failure> {
    let doors = wiring::doors(config);
    let loopback = wiring::loopback(&doors);
    if let Some(Loopback { because, instead, .. }) = loopback.filter(|_| !config.web.listen.ip().is_loopback()) {
        return Err(Failure::wrong_use(format!(
            "[web] listen = {}: {because}, so it listens on 127.0.0.1 only; {instead} first",
            config.web.listen
        )));
    }
    let clock = clock::machine();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| Failure::wrong_use(format!("no threads: {error}")))?;
    let beginnings: Vec<Beginning> = doors.iter().filter_map(|door| door.beginning()).collect();
    let opening = Opening { settings: &settings, catalog, clock: &clock, loopback };
    let doors = runtime.block_on(wiring::open(doors, opening))?;
    settings.invite_url = doors.iter().find_map(|door| door.invite_url());
    let settings = Arc::new(settings);
    let mut started = start::open(&config.data.path, Arc::clone(&settings), catalog, clock())?;
    // What a folder begins with is its first record: whoever is killed before it begins anew.
    for beginning in beginnings.iter().filter(|_| started.is_new) {
        enter(&mut started.office, beginning, &settings, catalog, &clock)?;
    }
    started.office.carry(Box::new(clock::stopwatch()));
    started.office.begin(clock())?;
    let awaited: Vec<&'static str> = doors.iter().filter(|door| door.keeps_backlog()).map(|door| door.name()).collect();
    if !awaited.is_empty() {
        started.office.await_backlog(&awaited, clock());
    }
    let ended = runtime.block_on(serve(config, settings, catalog, started, clock, doors, (port, stopped)));
    // Whatever is still under way lets go of the store.
    runtime.shutdown_timeout(GOODBYE);
    ended
}

/// Waits until somebody wants it to end, or the office is to be opened anew.
async fn asked_to_end(inbox: &Inbox, post: &Post, stop: &mut watch::Receiver<bool>) -> Ended {
    tokio::select! {
        _ = stop.wait_for(|stop| *stop) => Ended::Stopped,
        () = inbox.asked_anew() => {
            post.farewells(GOODBYE).await;
            Ended::Anew
        }
    }
}

/// Enters the groups and people an empty ledger starts with.
fn enter(
    office: &mut Office,
    beginning: &Beginning,
    settings: &Settings,
    catalog: &Catalog,
    clock: &Clock,
) -> Result<(), Failure> {
    let text = beginning.file.as_deref().map_or_else(|| Ok(story::DEMO.to_owned()), crate::read_file)?;
    let read = fixtures::read(&text).map_err(|error| wrong(&error))?;
    let facts = read.facts_by(Dice::default(), catalog, settings, beginning.platform);
    let mut facts = facts.map_err(|error| wrong(&error))?;
    if !beginning.is_open {
        // Nobody speaks by an account of a door that is shut: whoever is joined first must not wait for its word.
        let shut = format!("{}:", beginning.platform);
        facts.retain(
            |fact| !matches!(fact, Event::AccountLinked { account, .. } if account.as_str().starts_with(&shut)),
        );
    }
    office.enter(facts, clock())?;
    Ok(())
}

/// Something that whoever starts it can put right.
fn wrong(what: &dyn std::fmt::Display) -> Failure {
    Failure::wrong_use(what.to_string())
}

async fn serve(
    config: &Config,
    settings: Arc<Settings>,
    catalog: &'static Catalog,
    started: Started,
    clock: Clock,
    mut doors: Vec<Box<dyn Door>>,
    (port, mut asked): (&mut Port, watch::Receiver<bool>),
) -> Result<Ended, Failure> {
    let is_first = port.is_new();
    let doorway = Doorway::on(port, config.web.listen)
        .map_err(|error| wrong(&format!("[web] listen = {}: {error}", config.web.listen)))?;
    let proxies = config.web.proxies().map_err(|error| wrong(&error))?;
    let Started { mut office, mut letters, edits, lock, .. } = started;
    letters.extend(admit(&mut office, &doors, &clock)?);
    let state = Arc::clone(office.state());
    let names = office.names();
    let health = Arc::new(Health::default());
    let (inbox, outlet) = inbox::queue();
    let house = House { settings: &settings, catalog, clock: &clock, state: &state, data: &config.data.path };
    let post = posted(&mut doors, house, &inbox, (letters, edits))?;

    let committer = commit(office, outlet, &post, &health, &clock, &config.data.path);
    let ticking = tokio::spawn(inbox.clone().run_clock());
    let (reader, intake): (Arc<dyn Reader>, Arc<dyn Intake>) =
        (Arc::new(pages::StoreReader { state, settings }), Arc::new(inbox.clone()));
    let app = site(reader, &doors, &health, &intake, &clock, proxies)
        .merge(metrics(numbers(&inbox, &post, &health, &clock, &doors)));
    let address = doorway.address().map_err(|error| wrong(&error))?;
    if is_first {
        // Where nobody reads it is served all the same.
        let _ = writeln!(std::io::stdout(), "协商 listens on http://{address}/  (stop with ctrl-c)");
    }
    let (stop, stopped) = watch::channel(false);
    let server = tokio::spawn(doorway.serve(app, stopped.clone()));
    let committer = tokio::task::spawn_blocking(move || committer.join());
    let ear = Ear { intake, names, stop: stopped };
    let hearing = hear(&doors, &ear).fuse();
    tokio::pin!(committer, hearing);
    let (mut refused, mut how) = (None, Ended::Stopped);
    let ended = tokio::select! {
        asked = asked_to_end(&inbox, &post, &mut asked) => {
            how = asked;
            None
        }
        ended = &mut committer => Some(ended),
        Some(failure) = &mut hearing => {
            refused = Some(failure);
            None
        }
    };
    tracing::info!("stopping: what was accepted is finished");
    let _ = stop.send(true);
    doors.iter().for_each(|door| door.close());
    if refused.is_none() && !hearing.is_terminated() {
        let _ = tokio::time::timeout(GOODBYE, &mut hearing).await;
    }
    let _ = tokio::time::timeout(GOODBYE, server).await;
    ticking.abort();
    let ended = match ended {
        Some(ended) => ended,
        None => {
            post.rest(GOODBYE).await;
            inbox.close().await;
            committer.await
        }
    };
    drop(lock);
    told(ended).and_then(|()| refused.map_or(Ok(how), Err))
}

/// Administrators and groups that the configuration names.
fn admit(office: &mut Office, doors: &[Box<dyn Door>], clock: &Clock) -> Result<Vec<Outgoing>, Fatal> {
    let mut letters = office.admit_admins(clock())?;
    let registrations: Vec<Registration> = doors.iter().flat_map(|door| door.registrations()).collect();
    letters.extend(office.admit_groups(&registrations, clock())?);
    Ok(letters)
}

/// How the committer ended.
fn told(ended: Result<std::thread::Result<Result<(), Fatal>>, tokio::task::JoinError>) -> Result<(), Failure> {
    match ended {
        Ok(Ok(Ok(()))) => Ok(()),
        Ok(Ok(Err(fatal))) => Err(fatal.into()),
        _ => Err(Failure::damaged("the committer ended unexpectedly; nothing unrecorded was acknowledged".to_owned())),
    }
}

/// The platforms behind the doors, and the post that sends to them what is still waiting.
fn posted(
    doors: &mut [Box<dyn Door>],
    house: House<'_>,
    inbox: &Inbox,
    waiting: (Vec<Outgoing>, Vec<Edit>),
) -> Result<Arc<Post>, Failure> {
    let platforms: Result<Vec<Arc<dyn Platform>>, _> = doors.iter_mut().map(|door| door.platform(house)).collect();
    let (clock, metrics) = (Arc::clone(house.clock), Arc::clone(inbox.metrics()));
    let post = Post::new(platforms?, Arc::clone(house.state), inbox.clone(), clock, metrics);
    post.hand(waiting.0, waiting.1);
    Ok(post)
}

/// Everything that is answered on our port but the numbers.
fn site(
    reader: Arc<dyn Reader>,
    doors: &[Box<dyn Door>],
    health: &Arc<Health>,
    intake: &Arc<dyn Intake>,
    clock: &Clock,
    proxies: Proxies,
) -> Router {
    let trouble = Arc::clone(health);
    let visitors = doors.iter().find_map(|door| door.visitors());
    let desk = Desk { reader, intake: Arc::clone(intake), clock: Arc::clone(clock), visitors };
    let missing = Router::new().fallback(pages::missing).with_state(Arc::clone(&desk.reader));
    let open = pages::pages(Arc::clone(&desk.reader)).merge(form(desk)).merge(missing);
    // The probe is never told to wait, and who speaks through a door is the door's to say.
    let app = healthz(Arc::new(move || trouble.trouble())).merge(limited(open, proxies));
    doors.iter().fold(app, |app, door| app.merge(door.routes(Arc::clone(intake))))
}

/// The committer, on a thread of its own.
fn commit(
    office: Office,
    outlet: Outlet,
    post: &Arc<Post>,
    health: &Arc<Health>,
    clock: &Clock,
    data: &Path,
) -> std::thread::JoinHandle<Result<(), Fatal>> {
    let handle = tokio::runtime::Handle::current();
    let (post, health, clock) = (Arc::clone(post), Arc::clone(health), Arc::clone(clock));
    let data = data.to_owned();
    std::thread::spawn(move || {
        let _guard = handle.enter();
        inbox::run(office, outlet, &post, &health, &clock, &move || has_room(&data))
    })
}

/// What `/metrics` shows.
fn numbers(
    inbox: &Inbox,
    post: &Arc<Post>,
    health: &Arc<Health>,
    clock: &Clock,
    doors: &[Box<dyn Door>],
) -> metrics::Read {
    let (numbers, post) = (Arc::clone(inbox.metrics()), Arc::clone(post));
    let (health, clock) = (Arc::clone(health), Arc::clone(clock));
    let theirs: Vec<metrics::Read> = doors.iter().map(|door| door.numbers()).collect();
    Arc::new(move || {
        let mut families = numbers.families(&health, post.waiting(), clock());
        families.extend(theirs.iter().flat_map(|read| read()));
        families
    })
}

/// Every door hears until one cannot go on, and that is what this answers with, or until all have ended well.
async fn hear(doors: &[Box<dyn Door>], ear: &Ear) -> Option<Failure> {
    let mut all = FuturesUnordered::new();
    for door in doors {
        let (called, task) = (door.called(), tokio::spawn(door.hear(ear.clone())));
        all.push(async move { (called, task.await) });
    }
    while let Some((called, ended)) = all.next().await {
        match ended {
            Ok(Ok(())) => tracing::debug!(door = called, "no more is heard there"),
            Ok(Err(shut)) => return Some(shut.into()),
            Err(_) => {
                let bug = "broke down, which is a bug; nothing is lost, please report it";
                return Some(Failure::damaged(format!("receiving from {called} {bug}")));
            }
        }
    }
    None
}

/// Tries whether the disk takes something of the size of a large batch.
fn has_room(data: &Path) -> bool {
    let probe = data.join("probe");
    let written = std::fs::write(&probe, vec![0_u8; 1024 * 1024]).is_ok();
    std::fs::remove_file(probe).is_ok() && written
}

async fn asked_to_stop() {
    let mut term = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(term) => term,
        Err(_) => return std::future::pending().await,
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
