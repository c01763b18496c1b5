//! 慢连接 — two thousand who connect and then do nothing, in every way there is, to the real program with 1,024 descriptors. Whoever looks
//! after it and the platform that posts must not notice. `XIESHANG_SLOW=60` holds them for so many seconds (`tests/run slow`).

use crate::support::bot::Bot;
use crate::support::telegram::Fake;
use crate::support::telegram::limits::Pace;
use crate::telegram_storm::town::{House, configure, options, reconfigure};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const SECRET: &str = "a-secret-of-the-test";
/// Descriptors of the program, and how many connect.
const DESCRIPTORS: u32 = 1_024;
const CROWD: usize = 2_000;
/// After how long whoever was sent away comes back. Whoever tries a program that is not optimised shares its few cores, and two thousand
/// who come back five times a second would leave it none: then they do something, and the wait measured is theirs.
const PAUSE: Duration = Duration::from_millis(if cfg!(debug_assertions) { 1_000 } else { 200 });
/// Longest wait of the probe and of the platform.
const PROMISED: Duration = Duration::from_secs(1);

/// What one of them sends before they do nothing.
fn begun(way: usize) -> String {
    let head = |secret: &str| {
        format!(
            "POST /telegram HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900\r\n{secret}\r\n"
        )
    };
    match way % 8 {
        0 => "POST /telegram HTTP/1.1\r\nHost: x\r\n".to_owned(),
        1 => "GET /help HTTP/1.1\r\nHost: x\r\n".to_owned(),
        2 => String::new(),
        3 => head(""),
        4 => head(&format!("X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n")),
        5 => "POST /s/1 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 900\r\n\r\ntitle="
            .to_owned(),
        6 => "GET /help HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(),
        // Whole requests, one behind the other, and nothing is ever read. Answering a hundred thousand in one second is work, which a
        // program that is not optimised has too little time for; it is asked for less.
        _ => "GET /pages.css HTTP/1.1\r\nHost: x\r\n\r\n".repeat(if cfg!(debug_assertions) { 50 } else { 400 }),
    }
}

/// Everybody connects, and whoever is sent away comes back.
fn crowd(address: SocketAddr, over: &Arc<AtomicBool>, closed: &Arc<AtomicUsize>) -> Vec<thread::JoinHandle<()>> {
    let some = |from: usize| {
        let (over, closed) = (Arc::clone(over), Arc::clone(closed));
        let connect = move |way: usize| {
            let mut line = TcpStream::connect_timeout(&address, Duration::from_secs(2)).ok()?;
            line.set_nonblocking(true).ok()?;
            let _ = line.write(begun(way).as_bytes());
            Some(line)
        };
        thread::spawn(move || {
            let mut lines: Vec<Option<TcpStream>> = Vec::new();
            while !over.load(Ordering::Relaxed) {
                if lines.len() < CROWD / 4 {
                    lines.push(connect(from + lines.len()));
                    continue;
                }
                for (n, line) in lines.iter_mut().enumerate() {
                    // Those who never read are not looked at: that would be reading.
                    let gone =
                        line.as_ref().is_none_or(|mut line| (from + n) % 8 < 6 && line.read(&mut [0; 64]).is_ok());
                    if gone {
                        closed.fetch_add(1, Ordering::Relaxed);
                        *line = connect(from + n);
                    }
                }
                thread::sleep(PAUSE);
            }
        })
    };
    (0..4).map(|part| some(part * CROWD / 4)).collect()
}

/// One request over a line of its own; how long it took, and the status.
fn asked(address: SocketAddr, request: &str) -> (Duration, String) {
    let since = Instant::now();
    let ask = || -> std::io::Result<String> {
        let mut line = TcpStream::connect_timeout(&address, 5 * PROMISED)?;
        line.set_read_timeout(Some(5 * PROMISED))?;
        line.write_all(request.as_bytes())?;
        let mut answer = String::new();
        line.read_to_string(&mut answer)?;
        Ok(answer.lines().next().unwrap_or_default().to_owned())
    };
    let answer = ask().unwrap_or_else(|error| error.to_string());
    (since.elapsed(), answer)
}

fn rss(bot: &Bot) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", bot.number())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
#[ignore = "measures time, so it is run alone: tests/run does, and tests/run slow for longer"]
fn two_thousand_who_do_nothing_keep_neither_the_probe_nor_the_platform_waiting() {
    let seconds = std::env::var("XIESHANG_SLOW").ok().and_then(|text| text.parse().ok()).unwrap_or(12);
    let mut house = House::at("slow", 1, 5, Fake::start(options(Pace::Lenient)));
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    reconfigure(&house.folder, "listen = \"127.0.0.1:0\"", &format!("listen = \"127.0.0.1:{port}\""));
    configure(&house.folder, &format!("mode = \"webhook\"\nsecret = {SECRET:?}\n"));
    configure(&house.folder, &format!("\n[committee]\npublic_url = \"http://127.0.0.1:{port}\"\n"));
    let bot = Bot::start_with_descriptors(&house.folder, DESCRIPTORS);
    house.open_polls("3天");
    let address: SocketAddr = bot.address.parse().unwrap();
    let (town, user) = (&house.towns[0], house.towns[0].voters[0]);
    let date = house.fake.message(town.talk, town.card).date.timestamp() + 1;
    let post = |number: u64| {
        let body = format!(
            "{{\"update_id\":{number},\"message\":{{\"message_id\":{number},\"date\":{date},\"text\":\"第{number}句\",\
             \"from\":{{\"id\":{user},\"is_bot\":false,\"first_name\":\"x\"}},\
             \"chat\":{{\"id\":{user},\"type\":\"private\",\"first_name\":\"x\"}}}}}}"
        );
        format!(
            "POST /telegram HTTP/1.1\r\nHost: x\r\nX-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let probe = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let before = rss(&bot);
    let (over, closed) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let crowd = crowd(address, &over, &closed);
    let (since, mut slowest, mut most, mut late) = (Instant::now(), Duration::ZERO, before, Vec::new());
    for second in 0..seconds {
        let next = since + Duration::from_secs(second + 1);
        for (what, request) in [("probe", probe.to_owned()), ("post", post(900_000_000 + second))] {
            let (took, answer) = asked(address, &request);
            slowest = slowest.max(took);
            if took >= PROMISED || !answer.starts_with("HTTP/1.1 200") {
                late.push(format!("{second} s: {what} after {took:?}: {answer}"));
            }
        }
        most = most.max(rss(&bot));
        thread::sleep(next.saturating_duration_since(Instant::now()));
    }
    over.store(true, Ordering::Relaxed);
    crowd.into_iter().for_each(|part| part.join().unwrap());
    println!(
        "{CROWD} connections, {DESCRIPTORS} descriptors, {seconds} s: slowest answer {slowest:?}, {} sent away, memory {} → {} MB at most, {} MB after",
        closed.load(Ordering::Relaxed),
        before / 1024,
        most / 1024,
        rss(&bot) / 1024
    );
    assert!(late.is_empty(), "{} of {}: {late:#?}", late.len(), 2 * seconds);
    assert!(most < before + 120 * 1024, "{most} kB");
    assert_eq!(bot.stop(), Some(0), "a crowd does not keep it from ending");
}
