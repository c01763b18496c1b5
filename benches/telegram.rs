//! Telegram, end to end, against a plain bot as most people would write one: `cargo bench --bench telegram`.
//!
//! Both are processes of their own and get the same presses from the same fake Bot API in this process.
//!
//! | figure | what | goal |
//! |---|---|---|
//! | storm | ballots a second from the press to the toast, 4,000 presses of 2,000 voters at once; CPU a ballot | more than plain; less than plain |
//! | far | the same with Telegram 40 ms away | more than plain |
//! | steady | 2,000 voters, 100 presses a second: press to toast, first and last 200; requests; messages in the group | flat |
//! | kills | 20 times kill -9 while people press: presses Telegram was told we have, and have not | none |
//!
//! “Plain” handles a group's presses one after the other, as teloxide does unless told otherwise; “plain, by voter” is the same bot
//! told to handle different voters side by side; “plain, synced” waits for the disk before it answers, as ours does.

#![allow(clippy::unwrap_used, reason = "a bench that cannot go on should say where")]

#[path = "../tests/support/telegram/mod.rs"]
mod fake;
#[allow(dead_code, reason = "only its folder is used here")]
#[path = "../tests/support/bot.rs"]
mod folder;
#[path = "telegram/house.rs"]
mod house;
#[path = "telegram/plain.rs"]
mod plain;

use fake::fault::{Fault, Kind};
use fake::state::Press;
use house::{House, Which, cpu_of};
use plain::How;
use std::path::Path;
use std::time::{Duration, Instant};
use xieshang::ledger::simulated_disk::Dice;

const VOTERS: u32 = 2_000;
/// Runs of the storm; the median counts.
const STORMS: usize = 3;
/// How long a request is on its way to Telegram and back.
const FAR: Duration = Duration::from_millis(40);
const KILLS: usize = 20;
/// Voters who press in the round of one kill.
const A_ROUND: usize = 50;
const A_SECOND: u32 = 200;
/// How far Telegram is when all of a round press at once: nearer than it ever is.
const NEAR: Duration = Duration::from_millis(10);

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    if let [mode, url, token, data, how] = asked.as_slice()
        && mode == "plain"
    {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        return runtime.block_on(plain::run(url, token, Path::new(data), how_of(how)));
    }
    let wants = |name: &str| asked.is_empty() || asked.iter().any(|arg| arg == name);
    println!("# Telegram: ours and a plain bot (teloxide 0.17 and sled). {}", machine());
    let figures: [(&str, fn()); 4] = [("storm", storm), ("far", far), ("steady", steady), ("kills", kills)];
    for (name, figure) in figures {
        if wants(name) {
            figure();
        }
    }
    println!("\n{}", machine());
}

fn how_of(name: &str) -> How {
    match name {
        name if name == Which::ByVoter.name() => How::ByVoter,
        name if name == Which::Synced.name() => How::Synced,
        _ => How::Default,
    }
}

/// What the machine is and what else it was doing.
fn machine() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: Vec<&str> = load.split(' ').take(3).collect();
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    format!("{cores} cores; load over 1, 5 and 15 minutes {}", load.join(" "))
}

/// One run of many presses that all wait at once.
struct Storm {
    a_second: f64,
    /// Seconds of CPU a ballot.
    cpu: f64,
    requests: f64,
    /// How much of one core this process, with the fake in it, used.
    fake_busy: f64,
}

fn storm_of(which: Which, presses: usize, away: Option<Duration>) -> Storm {
    let house = House::open(which, VOTERS);
    if let Some(away) = away {
        house.fake.fault(Fault::new(Kind::Stall(away)).times(u32::MAX));
    }
    let voters = house.voters.len();
    let (own, cpu, requests) = (cpu_of("self"), house.cpu(), requests(&house));
    let began = Instant::now();
    house.press_all((0..presses).map(|n| (n % voters, (n / voters + n) % 3)));
    house.until("the last toast", || house.answers() >= presses);
    let fake_busy = (cpu_of("self") - own) / began.elapsed().as_secs_f64();
    let (cpu, requests) = (house.cpu() - cpu, self::requests(&house) - requests);
    let made = house.presses();
    let (first, last) = (made.iter().map(|press| press.at).min(), made.iter().map(told_at).max());
    let took = (last.unwrap() - first.unwrap()).as_seconds_f64();
    let ballots = presses as f64;
    Storm { a_second: ballots / took, cpu: cpu / ballots, requests: requests as f64 / ballots, fake_busy }
}

fn requests(house: &House) -> usize {
    house.fake.counts().values().sum()
}

fn told_at(press: &Press) -> chrono::DateTime<chrono::Utc> {
    let toast = press.toast.as_ref().unwrap_or_else(|| panic!("nobody told the presser {}", press.user));
    assert!(toast.text.starts_with('✅'), "{}", toast.text);
    toast.at
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// Runs in turn, so that whatever else the machine does falls on all of them; medians of each figure.
fn storms(runs: usize, presses: fn(Which) -> usize, away: Option<Duration>) {
    let all = [Which::Ours, Which::Plain, Which::ByVoter];
    let mut made: [Vec<Storm>; 3] = Default::default();
    for _ in 0..runs {
        for (which, made) in all.into_iter().zip(&mut made) {
            made.push(storm_of(which, presses(which), away));
        }
    }
    let figures = made.map(|runs| {
        let of = |figure: fn(&Storm) -> f64| median(runs.iter().map(figure).collect());
        [of(|run| run.a_second), of(|run| run.cpu), of(|run| run.requests), of(|run| run.fake_busy)]
    });
    println!(
        "| bot | ballots a second | ours/this | CPU ms a ballot | ours/this | requests a ballot | one core used by the fake |"
    );
    println!("|--|--|--|--|--|--|--|");
    let [ours_rate, ours_cpu, ..] = figures[0];
    for (which, [rate, cpu, requests, busy]) in all.into_iter().zip(figures) {
        println!(
            "| {} | {rate:.0} | {:.2} | {:.3} | {:.2} | {requests:.2} | {:.0}% |",
            which.name(),
            ours_rate / rate,
            cpu * 1000.0,
            ours_cpu / cpu,
            busy * 100.0
        );
    }
}

fn storm() {
    println!("\n## storm: 4,000 presses of {VOTERS} voters at once (medians of {STORMS} runs in turn)");
    storms(STORMS, |_| 4_000, None);
}

fn far() {
    println!("\n## far: presses at once, every request {} ms on its way (2,000 presses; plain 400)", FAR.as_millis());
    // One press after the other is as fast with a few as with many.
    storms(1, |which| if which == Which::Plain { 400 } else { 2_000 }, Some(FAR));
}

/// Milliseconds from press to toast: median and 99 of 100.
fn waits(presses: &[Press]) -> (f64, f64) {
    let mut waits: Vec<f64> =
        presses.iter().map(|press| (told_at(press) - press.at).as_seconds_f64() * 1000.0).collect();
    waits.sort_by(f64::total_cmp);
    (waits[waits.len() / 2], waits[waits.len() * 99 / 100])
}

/// All at the same time, a press here and a press there: whatever else the machine does falls on all.
fn steady() {
    println!("\n## steady: {VOTERS} voters, 100 presses a second, all bots at the same time");
    println!(
        "| bot | first 200: median, p99 ms | last 200: median, p99 ms | last/first | CPU ms a ballot | requests a ballot | messages and edits in the group |"
    );
    println!("|--|--|--|--|--|--|--|");
    let houses = [Which::Ours, Which::Plain, Which::Synced].map(|which| House::open(which, VOTERS));
    let before: Vec<_> = houses.iter().map(|house| (house.cpu(), requests(house), spoken(house))).collect();
    let began = Instant::now();
    for n in 0..VOTERS as usize {
        for (place, house) in (0..).zip(&houses) {
            let due = Duration::from_millis(n as u64 * 10 + place * 3);
            std::thread::sleep(due.saturating_sub(began.elapsed()));
            house.press(n, n % 3);
        }
    }
    houses.iter().for_each(House::settle);
    let seconds = began.elapsed().as_secs_f64();
    let mut medians = Vec::new();
    for (house, (cpu, asked, said)) in houses.iter().zip(before) {
        let presses = house.presses();
        let ballots = presses.len() as f64;
        let (first, last) = (waits(&presses[..200]), waits(&presses[presses.len() - 200..]));
        medians.push(waits(&presses).0);
        println!(
            "| {} | {:.1}, {:.1} | {:.1}, {:.1} | {:.2} | {:.3} | {:.2} | {} in {seconds:.0} s |",
            house.which.name(),
            first.0,
            first.1,
            last.0,
            last.1,
            last.0 / first.0,
            (house.cpu() - cpu) * 1000.0 / ballots,
            (requests(house) - asked) as f64 / ballots,
            spoken(house) - said,
        );
    }
    let [ours, plain, synced] = medians[..] else { panic!("three bots") };
    println!(
        "median of all: ours {ours:.1} ms; plain {plain:.1} ms, ours/plain {:.2}; plain, synced {synced:.1} ms, ours/this {:.2}",
        ours / plain,
        ours / synced
    );
}

/// Messages and edits.
fn spoken(house: &House) -> usize {
    house.fake.count("sendMessage") + house.fake.count("editMessageText")
}

fn kills() {
    let all = KILLS * A_ROUND;
    println!("\n## kills: {KILLS} times kill -9 in {all} presses");
    println!("| bot | presses | confirmed to Telegram, not on disk | pressers never told |\n|--|--|--|--|");
    for burst in [false, true] {
        for which in [Which::Ours, Which::Plain] {
            let (lost, untold) = kills_of(which, burst);
            let how = match burst {
                true => format!("{A_ROUND} at once, Telegram {} ms away", NEAR.as_millis()),
                false => format!("{A_SECOND} a second"),
            };
            println!("| {} | {how} | {lost} | {untold} |", which.name());
            assert!(which != Which::Ours || lost == 0, "we said we had them");
        }
    }
}

/// Presses Telegram was told we have and which are not on disk, and presses nobody was told about.
fn kills_of(which: Which, burst: bool) -> (usize, usize) {
    let mut house = House::open(which, (KILLS * A_ROUND) as u32);
    if burst {
        house.fake.fault(Fault::new(Kind::Stall(NEAR)).times(u32::MAX));
    }
    let mut dice = Dice::new(7);
    for round in 0..KILLS {
        let presses = (round * A_ROUND..(round + 1) * A_ROUND).map(|n| (n, n % 3));
        // Sometime while they press, never on the beat of the presses.
        let span = A_ROUND as u64 * 1_000_000 / u64::from(A_SECOND);
        let fatal = Duration::from_micros(span / 10 + dice.roll(span * 8 / 10));
        if burst {
            house.press_all(presses);
            std::thread::sleep(fatal);
            drop(house.program());
        } else {
            kill_in_between(&mut house, fatal, presses);
        }
        house.begin();
        house.settle();
    }
    let (presses, waiting) = (house.presses(), house.fake.pending().len());
    assert_eq!((presses.len(), waiting), (KILLS * A_ROUND, 0), "all pressed and all fetched");
    let untold = presses.iter().filter(|press| press.toast.is_none()).count();
    let ballots = house.ballots();
    let lost = (0..).zip(&ballots).filter(|&(n, ballot): &(usize, _)| *ballot != Some(n % 3)).count();
    (lost, untold)
}

/// Kills the program a while after the first of these presses; they go on.
fn kill_in_between(house: &mut House, fatal: Duration, presses: impl Iterator<Item = (usize, usize)> + Send) {
    let program = house.program();
    std::thread::scope(|scope| {
        let shooting = scope.spawn(move || {
            std::thread::sleep(fatal);
            drop(program);
        });
        house.press_steadily(presses, A_SECOND);
        shooting.join().unwrap();
    });
}
