//! 运行 — wires ledger, store, committer, post and the built-in chat together, and takes them down in order.

use crate::Failure;
use crate::config::Config;
use crate::story;
use crate::telegram;
use axum::Router;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use xieshang::bot::clock::{self, Clock};
use xieshang::bot::inbox::{self, Health, Inbox, Outlet};
use xieshang::bot::office::Fatal;
use xieshang::bot::post::Post;
use xieshang::bot::start::{self, Started};
use xieshang::bot::{fixtures, office::Office};
use xieshang::domain::person::{Person as Known, Role};
use xieshang::domain::scene::Settings;
use xieshang::domain::station::Station as KnownStation;
use xieshang::domain::world::{Key, World, kind};
use xieshang::language::{Catalog, Lang};
use xieshang::platform::Platform;
use xieshang::platform::local::{CommandHelp, Group, LocalChat, Person, Setup, Station};
use xieshang::platform::telegram::{NAME, Telegram};
use xieshang::state::State;
use xieshang::web::health::healthz;
use xieshang::web::metrics::{self, metrics};
use xieshang::web::pages::{self, Reader};
use xieshang::web::poster;

/// Longest wait for connections to end at a stop, and as long for letters to arrive.
const GOODBYE: Duration = Duration::from_secs(5);
/// The groups and people the embedded default starts with.
pub const DEMO: &str = include_str!("../tests/stories/acceptance.fixtures.json");

/// Starts the bot and serves until SIGTERM or ctrl-c.
pub fn run(config: &Config, mut settings: Settings, catalog: &'static Catalog) -> Result<(), Failure> {
    if config.local.enabled && !config.web.listen.ip().is_loopback() {
        return Err(Failure::wrong_use(format!(
            "[web] listen = {}: in the built-in chat people choose who they are, so it listens on 127.0.0.1 only; set [local] enabled = false first",
            config.web.listen
        )));
    }
    let clock = clock::machine();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| Failure::wrong_use(format!("no threads: {error}")))?;
    let telegram = runtime.block_on(telegram::open(config, &settings, catalog, &clock))?;
    settings.invite_url = telegram.as_ref().and_then(|telegram| telegram::invite_url(telegram));
    let settings = Arc::new(settings);
    let mut started = start::open(&config.data.path, Arc::clone(&settings), catalog, clock())?;
    if telegram.is_some() {
        started.office.await_backlog(&[NAME], clock());
    }
    if started.is_new && (config.local.enabled || !config.local.fixtures.as_os_str().is_empty()) {
        enter_fixtures(&mut started.office, config, &settings, catalog, &clock)?;
    }
    runtime.block_on(serve(config, settings, catalog, started, clock, telegram))
}

fn enter_fixtures(
    office: &mut Office,
    config: &Config,
    settings: &Settings,
    catalog: &Catalog,
    clock: &Clock,
) -> Result<(), Failure> {
    let text = if config.local.fixtures.as_os_str().is_empty() {
        DEMO.to_owned()
    } else {
        crate::read_file(&config.local.fixtures)?
    };
    let read = fixtures::read(&text).map_err(|error| Failure::wrong_use(error.to_string()))?;
    let facts = read.facts(catalog, settings, "local").map_err(|error| Failure::wrong_use(error.to_string()))?;
    office.enter(facts, clock())?;
    Ok(())
}

async fn serve(
    config: &Config,
    settings: Arc<Settings>,
    catalog: &'static Catalog,
    started: Started,
    clock: Clock,
    telegram: Option<Arc<Telegram>>,
) -> Result<(), Failure> {
    let listener = TcpListener::bind(config.web.listen)
        .await
        .map_err(|error| Failure::wrong_use(format!("[web] listen = {}: {error}", config.web.listen)))?;
    let Started { office, letters, edits, lock, .. } = started;
    let state = Arc::clone(office.state());
    let names = office.names();
    let health = Arc::new(Health::default());
    let (inbox, outlet) = inbox::queue();
    let chat = if config.local.enabled {
        Some(open_chat(&config.data.path, &state, &settings, catalog, &clock)?)
    } else {
        None
    };
    let mut platforms: Vec<Arc<dyn Platform>> = chat.iter().map(|chat| Arc::clone(chat) as Arc<dyn Platform>).collect();
    platforms.extend(telegram.iter().map(|telegram| Arc::clone(telegram) as Arc<dyn Platform>));
    let post = Post::new(platforms, Arc::clone(&state), inbox.clone(), Arc::clone(&clock), Arc::clone(inbox.metrics()));
    post.hand(letters, edits);

    let committer = commit(office, outlet, &post, &health, &clock, &config.data.path);
    let ticking = tokio::spawn(inbox.clone().run_clock());

    let trouble = Arc::clone(&health);
    let reader: Arc<dyn Reader> =
        Arc::new(pages::Office { state: Arc::clone(&state), settings: Arc::clone(&settings) });
    let mut app = healthz(Arc::new(move || trouble.trouble()))
        .merge(metrics(numbers(&inbox, &post, &health, &clock, telegram.as_ref())))
        .merge(pages::pages(Arc::clone(&reader)))
        .merge(poster::posters(Arc::clone(&reader)))
        .merge(Router::new().fallback(pages::missing).with_state(Arc::clone(&reader)));
    app = match &chat {
        Some(chat) => app.merge(chat.router(Arc::new(inbox.clone()))),
        None => app.merge(poster::stations(reader)),
    };
    app = app.merge(telegram::door(telegram.as_ref(), config, Arc::new(inbox.clone())));
    let address = listener.local_addr().map_err(|error| Failure::wrong_use(error.to_string()))?;
    println!("协商 listens on http://{address}/  (stop with ctrl-c)");
    let (stop, stopped) = watch::channel(false);
    let receiving = tokio::spawn(telegram::serve(telegram, names, Arc::new(inbox.clone()), stopped.clone()));
    let server = tokio::spawn(answer(listener, app, stopped));
    let committer = tokio::task::spawn_blocking(move || committer.join());
    tokio::pin!(committer, receiving);
    let mut refused = None;
    let ended = tokio::select! {
        () = asked_to_stop() => None,
        ended = &mut committer => Some(ended),
        ended = &mut receiving => {
            refused = ended.unwrap_or_else(|_| Err(Failure::damaged("receiving from Telegram broke down, which is a bug; nothing is lost, please report it".to_owned()))).err();
            None
        }
    };
    tracing::info!("stopping: what was accepted is finished");
    let _ = stop.send(true);
    if let Some(chat) = &chat {
        chat.close();
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
    match ended {
        Ok(Ok(Ok(()))) => refused.map_or(Ok(()), Err),
        Ok(Ok(Err(fatal))) => Err(fatal.into()),
        _ => Err(Failure::damaged("the committer ended unexpectedly; nothing unrecorded was acknowledged".to_owned())),
    }
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

/// Answers requests until it is told to stop and the last of them is done.
async fn answer(listener: TcpListener, app: Router, mut stopped: watch::Receiver<bool>) -> std::io::Result<()> {
    let signal = async move {
        let _ = stopped.wait_for(|stop| *stop).await;
    };
    axum::serve(listener, app).with_graceful_shutdown(signal).await
}

/// What `/metrics` shows.
fn numbers(
    inbox: &Inbox,
    post: &Arc<Post>,
    health: &Arc<Health>,
    clock: &Clock,
    telegram: Option<&Arc<Telegram>>,
) -> metrics::Read {
    let (numbers, post) = (Arc::clone(inbox.metrics()), Arc::clone(post));
    let (health, clock, telegram) = (Arc::clone(health), Arc::clone(clock), telegram.cloned());
    Arc::new(move || {
        let mut families = numbers.families(&health, post.waiting(), clock());
        families.extend(telegram.iter().flat_map(|telegram| telegram::numbers(telegram)));
        families
    })
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

/// The built-in chat, with the groups, people and stations the office knows. Its own history lies beside the ledger, not in it.
fn open_chat(
    data: &Path,
    state: &Arc<State>,
    settings: &Settings,
    catalog: &Catalog,
    clock: &Clock,
) -> Result<Arc<LocalChat>, Failure> {
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
    let db = sled::Config::new().path(data.join("chat")).cache_capacity(8 * 1024 * 1024).open();
    let db = db.map_err(|error| Failure::damaged(format!("the history of the built-in chat: {error}; if the disk has room, remove the folder “chat” to begin a new history, the ledger is not touched")))?;
    LocalChat::open(db, setup).map_err(|error| Failure::wrong_use(error.to_string()))
}

fn station_of(station: &KnownStation) -> Station {
    Station { name: station.name.as_str().to_owned(), code: station.code() }
}

fn group_of(group: &xieshang::domain::group::Group) -> Option<Group> {
    let id = group.chat.as_str().strip_prefix("local:")?;
    Some(Group { id: id.to_owned(), name: group.name.as_str().to_owned() })
}

/// People as the chat lists them.
pub fn people(world: &World<'_>, catalog: &Catalog, lang: Lang, shown: impl Fn(&Known) -> bool) -> Vec<Person> {
    let term = |key: &str| catalog.term(key).map(|word| word.text(lang).to_owned()).unwrap_or_default();
    let known: Vec<Known> = world.list(&Key::new(kind::PERSON), 5_000);
    let person = |person: &Known| Person {
        name: person.name.as_str().to_owned(),
        side: term(person.side.term()),
        note: note_of(person, &term),
    };
    known.iter().filter(|person| shown(person)).map(person).collect()
}

/// What helps to choose somebody: highest role, unit, field or room.
fn note_of(person: &Known, term: &dyn Fn(&str) -> String) -> String {
    let role = Role::ALL.into_iter().rev().find(|&role| role != Role::Resident && person.holds(role));
    let parts = [
        role.map(|role| term(role.term())).unwrap_or_default(),
        person.unit.as_str().to_owned(),
        person.sector.clone(),
        person.field.as_str().to_owned(),
        person.room.as_str().to_owned(),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
