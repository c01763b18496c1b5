//! 协商 (xieshang) — command line, configuration, wiring, shutdown. Nothing else.

mod config;
mod offline;
mod run;
mod story;
mod wiring;

use clap::{Parser, Subcommand};
use config::Config;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use xieshang::bot::door::Shut;
use xieshang::bot::office::Fatal;
use xieshang::bot::start::StartError;
use xieshang::domain::kernel::settings::Settings;
use xieshang::language::Catalog;

/// The thing checked is false.
const FALSE: u8 = 1;
/// Wrong use or configuration, or a disk that takes nothing.
const WRONG_USE: u8 = 2;
/// Data damaged.
const DAMAGED: u8 = 3;
/// Already running, here or with the same account elsewhere.
const RUNNING: u8 = 4;
/// A platform refused our credentials.
const REFUSED: u8 = 5;

#[derive(Debug, Parser)]
#[command(
    name = "xieshang",
    version,
    about = "协商 — a chat bot for consultation groups",
    after_help = "\
Exit codes: 0 done · 1 the thing checked is false · 2 wrong use or configuration, or no room on the disk · 3 data damaged · 4 already running · 5 a platform refused our credentials"
)]
struct Cli {
    /// Configuration; without it config.toml here if there is one, otherwise the embedded default.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    /// Data folder, in place of the configured one.
    #[arg(long, global = true)]
    data: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Starts the bot (default).
    Run,
    /// Feeds a story through the real loop; ends with 1 at the first line that differs.
    Replay {
        /// Groups, people and rolls.
        #[arg(long)]
        fixtures: Option<PathBuf>,
        /// The last line that is played.
        #[arg(long)]
        until: Option<u32>,
        /// The story; without it the built-in one, as far as this version goes.
        story: Option<PathBuf>,
    },
    /// Looks at configuration, data, clock and disk; a line each with what to do.
    Check,
    /// Previews the digest of a group; nothing is sent.
    Digest {
        /// Address or name of the group.
        #[arg(long)]
        group: String,
        /// Local date, 2025-03-03; without it today so far.
        #[arg(long)]
        date: Option<chrono::NaiveDate>,
    },
    /// Writes the ledger's lines out, one record a line, commitments in place of names and texts.
    Export {
        /// Only records about this topic.
        #[arg(long)]
        topic: Option<u32>,
        /// File; without it the terminal.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Makes the working store anew from the ledger.
    Rebuild,
}

/// Why the program ends otherwise than with 0.
#[derive(Debug)]
pub struct Failure {
    code: u8,
    message: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl Failure {
    /// Exit code 1.
    pub fn is_false(message: String) -> Self {
        Self { code: FALSE, message }
    }

    /// Exit code 2.
    pub fn wrong_use(message: String) -> Self {
        Self { code: WRONG_USE, message }
    }

    /// Exit code 4.
    pub fn running(message: String) -> Self {
        Self { code: RUNNING, message }
    }

    /// Exit code 5.
    pub fn refused(message: String) -> Self {
        Self { code: REFUSED, message }
    }

    /// Exit code 3.
    pub fn damaged(message: String) -> Self {
        Self { code: DAMAGED, message }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        let code = match error {
            StartError::Running(_) => RUNNING,
            StartError::Folder { .. } => WRONG_USE,
            StartError::State(ref error) if error.is_of_the_disk() => WRONG_USE,
            _ => DAMAGED,
        };
        Self { code, message: error.to_string() }
    }
}

impl From<Fatal> for Failure {
    fn from(error: Fatal) -> Self {
        let code = match &error {
            Fatal::State(error) if error.is_of_the_disk() => WRONG_USE,
            _ => DAMAGED,
        };
        Self { code, message: error.to_string() }
    }
}

impl From<Shut> for Failure {
    fn from(shut: Shut) -> Self {
        match shut {
            Shut::Setup(why) => Self::wrong_use(why),
            Shut::Taken(why) => Self::running(why),
            Shut::Refused(why) => Self::refused(why),
            Shut::Damaged(why) => Self::damaged(why),
        }
    }
}

/// Reads a file named on the command line or in the configuration.
pub fn read_file(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::wrong_use(format!("{}: {error}", path.display())))
}

fn main() -> ExitCode {
    // Whatever is written from here on is ours alone: files 0600, folders 0700.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    start_log();
    keep_quiet_when_nobody_reads();
    match std::panic::catch_unwind(|| obey(&Cli::parse())) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(failure)) => {
            let _ = writeln!(std::io::stderr(), "{failure}");
            ExitCode::from(failure.code)
        }
        Err(panic) if is_for_nobody(&*panic) => ExitCode::SUCCESS,
        Err(panic) => match unprinted(&*panic) {
            Some(said) => {
                let _ = writeln!(std::io::stderr(), "{said}");
                ExitCode::FAILURE
            }
            None => std::panic::resume_unwind(panic),
        },
    }
}

/// `println!` panics where nothing can be printed. Where nobody reads on, as in `xieshang replay … | head`, that ends whatever is done,
/// folders made for it are taken away, and nothing is said of it; where the disk is full, one line says so.
fn keep_quiet_when_nobody_reads() {
    let say = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if unprinted(panic.payload()).is_none() {
            say(panic);
        }
    }));
}

/// What `println!` says where it could not print.
fn unprinted(panic: &(dyn std::any::Any + Send)) -> Option<&str> {
    panic.downcast_ref::<String>().map(String::as_str).filter(|said| said.starts_with("failed printing to stdout"))
}

fn is_for_nobody(panic: &(dyn std::any::Any + Send)) -> bool {
    let broken = std::io::Error::from_raw_os_error(rustix::io::Errno::PIPE.raw_os_error());
    unprinted(panic).is_some_and(|said| said.ends_with(&broken.to_string()))
}

/// Where the log goes: to whoever reads it. Where nobody does any more (`run 2>&1 | head`) the program goes on all the same, and ends
/// as it should.
struct Unheard;

impl std::io::Write for Unheard {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let _ = std::io::stderr().write_all(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Log lines go to stderr, without message bodies, names or secrets. `XIESHANG_LOG` = error, warn, info (default), debug, trace;
/// `XIESHANG_LOG_FORMAT` = json for one JSON object a line.
fn start_log() {
    let level = std::env::var("XIESHANG_LOG").ok().and_then(|level| level.parse().ok()).unwrap_or(tracing::Level::INFO);
    let log = tracing_subscriber::fmt().with_max_level(level).with_writer(|| Unheard).log_internal_errors(false);
    if std::env::var("XIESHANG_LOG_FORMAT").is_ok_and(|format| format == "json") {
        log.json().init();
    } else {
        log.with_ansi(false).init();
    }
}

fn obey(cli: &Cli) -> Result<(), Failure> {
    let mut config = Config::read(cli.config.as_deref()).map_err(|error| Failure::wrong_use(error.to_string()))?;
    let settings = config.settings().map_err(|error| Failure::wrong_use(error.to_string()))?;
    let catalog = catalog(&config)?;
    if let Command::Replay { fixtures, until, story } = cli.command.as_ref().unwrap_or(&Command::Run) {
        // A story is told with the settings it was written for, unless others are named.
        let settings = if cli.config.is_some() { settings } else { Settings::default() };
        let data = cli.data.as_deref();
        return offline::replay(data, fixtures.as_deref(), *until, story.as_deref(), settings, catalog);
    }
    if let Some(data) = &cli.data {
        config.data.path.clone_from(data);
    }
    match cli.command.as_ref().unwrap_or(&Command::Run) {
        Command::Run => run::run(&config, &settings, catalog),
        Command::Check => offline::check(&config, settings, catalog),
        Command::Digest { group, date } => offline::digest(&config, settings, catalog, group, *date),
        Command::Export { topic, out } => offline::export(&config, *topic, out.as_deref()),
        Command::Rebuild => offline::rebuild(&config, settings, catalog),
        Command::Replay { .. } => Ok(()),
    }
}

fn catalog(config: &Config) -> Result<&'static Catalog, Failure> {
    let wrong = |error: xieshang::language::catalog::CatalogError| Failure::wrong_use(error.to_string());
    if config.data.commands.as_os_str().is_empty() {
        return Catalog::builtin().map_err(wrong);
    }
    // One catalogue for the life of the process.
    Ok(Box::leak(Box::new(Catalog::load(&config.data.commands).map_err(wrong)?)))
}
