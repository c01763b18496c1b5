//! 长连接 — one connection of the bot to WeCom, without the network: what is to be written, what came, and how it ends.
//!
//! Whoever holds the socket writes what [`Connection::next`] gives, hands over what comes to [`Connection::hear`], and looks again at
//! [`Connection::due`]. Time is that of a stopwatch that began with the connection: no clock that is set can end it.
//!
//! Frames of one request id are written one after the other, each when the one before was acknowledged; of a frame whose
//! acknowledgement stays away nobody knows whether it was done.
//! Source: <https://developer.work.weixin.qq.com/document/path/101463>.

use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// Between two pings.
const PING: Duration = Duration::from_secs(30);
/// Pings without an answer after which the connection is dead.
const MISSED: u32 = 2;
/// Longest wait for an acknowledgement, and for the first one.
const ACK: Duration = Duration::from_secs(5);
const WELCOME: Duration = Duration::from_secs(15);
/// Frames that may wait.
const MOST_WAITING: usize = 1_000;
/// Longest frame that is read, in bytes.
const LONGEST: usize = 1024 * 1024;
/// First and longest wait before it is tried again, and the wait where WeCom knows no such bot.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(30);
const REFUSED_WAIT: Duration = Duration::from_secs(600);
/// “invalid bot_id or secret”.
const NO_SUCH_BOT: i64 = 853_000;

/// What came of a frame of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// WeCom took it.
    Done,
    /// WeCom refused it, with this code.
    Refused(i64),
    /// Its acknowledgement stayed away: it may have been done.
    Unknown,
    /// The connection ended before it was written.
    NotSent,
}

/// Why a connection is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Somebody else listens with the same bot: whoever comes back evicts the other, for ever. Only a person decides who stays.
    Evicted,
    /// WeCom knows no such bot, or not with this secret.
    Refused,
    /// Nothing is heard any more.
    Silent,
    /// The socket broke.
    Broken,
}

impl Ended {
    /// How long to wait before the next try, `None` = there is none. `tries` connections have ended one after the other without having
    /// been of use; `chance` spreads those who were cut off together.
    #[must_use]
    pub fn wait(self, tries: u32, chance: u8) -> Option<Duration> {
        let longest = match self {
            Self::Evicted => return None,
            Self::Refused => REFUSED_WAIT,
            Self::Silent | Self::Broken => FIRST_WAIT.saturating_mul(1 << tries.min(5)).min(LONGEST_WAIT),
        };
        Some(longest / 2 + longest / 2 * u32::from(chance) / u32::from(u8::MAX))
    }
}

/// Something that happened on a connection.
#[derive(Debug, Clone, PartialEq)]
pub enum Happened {
    /// It may be spoken on.
    Subscribed,
    /// Somebody said or did something; answers bear this request id.
    Called {
        /// The request id.
        request: String,
        /// Whether it is an event, not a message.
        is_event: bool,
        /// What it is.
        body: Value,
    },
    /// What came of a frame, by the number it was given.
    Settled(u64, Outcome),
    /// It is over; nothing is written or heard any more.
    Over(Ended),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Not written yet who we are.
    New,
    /// Written at this moment.
    Subscribing(Duration),
    Open,
    Over,
}

/// A frame of ours that waits, or waits to be acknowledged.
#[derive(Debug)]
struct Waiting {
    number: u64,
    text: String,
    written: Option<Duration>,
}

/// A connection.
pub struct Connection {
    bot: String,
    secret: String,
    stage: Stage,
    /// What tells our own request ids from those of other connections.
    mark: String,
    pings: u64,
    pinged: Duration,
    missed: u32,
    /// By request id, in order.
    queues: BTreeMap<String, VecDeque<Waiting>>,
}

impl std::fmt::Debug for Connection {
    /// Without the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("bot", &self.bot).field("stage", &self.stage).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Frame {
    #[serde(default)]
    cmd: String,
    headers: Headers,
    errcode: Option<i64>,
    #[serde(default)]
    body: Value,
}

#[derive(Deserialize)]
struct Headers {
    req_id: String,
}

fn frame(cmd: &str, request: &str, body: Option<&Value>) -> String {
    match body {
        Some(body) => json!({ "cmd": cmd, "headers": { "req_id": request }, "body": body }),
        None => json!({ "cmd": cmd, "headers": { "req_id": request } }),
    }
    .to_string()
}

impl Connection {
    /// A connection that has just been made. `mark` is new each time.
    #[must_use]
    pub fn new(bot: &str, secret: &str, mark: &str) -> Self {
        Self {
            bot: bot.to_owned(),
            secret: secret.to_owned(),
            stage: Stage::New,
            mark: mark.to_owned(),
            pings: 0,
            pinged: Duration::ZERO,
            missed: 0,
            queues: BTreeMap::new(),
        }
    }

    /// A request id for something nobody asked for; `number` is new each time.
    #[must_use]
    pub fn own_request(&self, number: u64) -> String {
        format!("say_{}_{number}", self.mark)
    }

    /// Something to be written when its turn comes. `number` is what it is settled by.
    ///
    /// # Errors
    /// [`Outcome::NotSent`] where too much waits or it is over.
    pub fn say(&mut self, number: u64, cmd: &str, request: &str, body: &Value) -> Result<(), Outcome> {
        let waiting: usize = self.queues.values().map(VecDeque::len).sum();
        if self.stage == Stage::Over || waiting >= MOST_WAITING {
            return Err(Outcome::NotSent);
        }
        let text = frame(cmd, request, Some(body));
        self.queues.entry(request.to_owned()).or_default().push_back(Waiting { number, text, written: None });
        Ok(())
    }

    /// The next frame to write now.
    pub fn next(&mut self, now: Duration) -> Option<String> {
        match self.stage {
            Stage::New => {
                self.stage = Stage::Subscribing(now);
                let body = json!({ "bot_id": self.bot, "secret": self.secret });
                Some(frame("aibot_subscribe", &self.subscription(), Some(&body)))
            }
            Stage::Subscribing(_) | Stage::Over => None,
            Stage::Open if now >= self.pinged + PING => {
                self.pinged = now;
                self.pings += 1;
                self.missed += 1;
                Some(frame("ping", &format!("ping_{}_{}", self.mark, self.pings), None))
            }
            Stage::Open => {
                let heads = self.queues.values_mut().filter_map(VecDeque::front_mut);
                let head = heads.filter(|head| head.written.is_none()).min_by_key(|head| head.number)?;
                head.written = Some(now);
                Some(head.text.clone())
            }
        }
    }

    /// What came, and what follows from it.
    pub fn hear(&mut self, text: &str, now: Duration) -> Vec<Happened> {
        if self.stage == Stage::Over {
            return Vec::new();
        }
        let read = serde_json::from_str::<Frame>(text).ok().filter(|_| text.len() <= LONGEST);
        // What nobody can read must not end what everybody else says.
        let Some(Frame { cmd, headers: Headers { req_id }, errcode, body }) = read else { return Vec::new() };
        match (cmd.as_str(), errcode) {
            ("", Some(code)) => self.acknowledged(&req_id, code, now),
            ("aibot_event_callback", _) if body["event"]["eventtype"] == "disconnected_event" => {
                self.end(Ended::Evicted)
            }
            ("aibot_msg_callback", _) => vec![Happened::Called { request: req_id, is_event: false, body }],
            ("aibot_event_callback", _) => vec![Happened::Called { request: req_id, is_event: true, body }],
            _ => Vec::new(),
        }
    }

    fn acknowledged(&mut self, request: &str, code: i64, now: Duration) -> Vec<Happened> {
        if request == self.subscription() {
            return match (self.stage, code) {
                (Stage::Subscribing(_), 0) => {
                    (self.stage, self.pinged) = (Stage::Open, now);
                    vec![Happened::Subscribed]
                }
                (Stage::Subscribing(_), NO_SUCH_BOT) => self.end(Ended::Refused),
                (Stage::Subscribing(_), _) => self.end(Ended::Broken),
                (Stage::New | Stage::Open | Stage::Over, _) => Vec::new(),
            };
        }
        if request.starts_with(&format!("ping_{}_", self.mark)) {
            self.missed = 0;
            return Vec::new();
        }
        let is_written = |queue: &VecDeque<Waiting>| queue.front().is_some_and(|head| head.written.is_some());
        if !self.queues.get(request).is_some_and(is_written) {
            // Too late: it was settled as unknown.
            return Vec::new();
        }
        let outcome = if code == 0 { Outcome::Done } else { Outcome::Refused(code) };
        self.settle(request, outcome).into_iter().collect()
    }

    fn settle(&mut self, request: &str, outcome: Outcome) -> Option<Happened> {
        let queue = self.queues.get_mut(request)?;
        let number = queue.pop_front()?.number;
        if queue.is_empty() {
            self.queues.remove(request);
        }
        Some(Happened::Settled(number, outcome))
    }

    /// What has not come by now, and what follows from that.
    pub fn look(&mut self, now: Duration) -> Vec<Happened> {
        match self.stage {
            Stage::Subscribing(since) if now >= since + WELCOME => return self.end(Ended::Silent),
            Stage::Open if self.missed >= MISSED && now >= self.pinged + ACK => return self.end(Ended::Silent),
            Stage::New | Stage::Subscribing(_) | Stage::Open | Stage::Over => {}
        }
        let is_late = |queue: &VecDeque<Waiting>| {
            queue.front().and_then(|head| head.written).is_some_and(|written| now >= written + ACK)
        };
        let late: Vec<String> =
            self.queues.iter().filter(|(_, queue)| is_late(queue)).map(|(request, _)| request.clone()).collect();
        late.iter().filter_map(|request| self.settle(request, Outcome::Unknown)).collect()
    }

    /// When to look again at the latest.
    #[must_use]
    pub fn due(&self) -> Duration {
        let acks = self.queues.values().filter_map(|queue| Some(queue.front()?.written? + ACK));
        let own = match self.stage {
            Stage::New | Stage::Over => Duration::ZERO,
            Stage::Subscribing(since) => since + WELCOME,
            Stage::Open if self.missed >= MISSED => self.pinged + ACK,
            Stage::Open => self.pinged + PING,
        };
        acks.chain([own]).min().unwrap_or(own)
    }

    /// The socket is gone, or is to go: what was written and not acknowledged is unknown, the rest was not sent.
    pub fn end(&mut self, why: Ended) -> Vec<Happened> {
        if self.stage == Stage::Over {
            return Vec::new();
        }
        self.stage = Stage::Over;
        let mut left: Vec<Waiting> = std::mem::take(&mut self.queues).into_values().flatten().collect();
        left.sort_by_key(|waiting| waiting.number);
        let outcome = |waiting: &Waiting| if waiting.written.is_some() { Outcome::Unknown } else { Outcome::NotSent };
        let settled = left.iter().map(|waiting| Happened::Settled(waiting.number, outcome(waiting)));
        settled.chain([Happened::Over(why)]).collect()
    }

    fn subscription(&self) -> String {
        format!("aibot_subscribe_{}", self.mark)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    fn ack(request: &str, code: i64) -> String {
        json!({ "headers": { "req_id": request }, "errcode": code, "errmsg": "…" }).to_string()
    }

    fn read(frame: &str) -> Value {
        serde_json::from_str(frame).unwrap()
    }

    fn request(frame: &str) -> String {
        read(frame)["headers"]["req_id"].as_str().unwrap().to_owned()
    }

    /// A connection that was welcomed at once.
    fn open() -> Connection {
        let mut connection = Connection::new("BOT", "a-secret", "m1");
        let subscribe = connection.next(seconds(0)).unwrap();
        assert_eq!(read(&subscribe)["cmd"], "aibot_subscribe");
        assert_eq!(read(&subscribe)["body"], json!({ "bot_id": "BOT", "secret": "a-secret" }));
        assert_eq!(connection.next(seconds(0)), None, "nothing before the welcome, and one subscription");
        assert_eq!(connection.hear(&ack(&request(&subscribe), 0), seconds(0)), [Happened::Subscribed]);
        connection
    }

    fn say(connection: &mut Connection, number: u64, request: &str) {
        let body = json!({ "msgtype": "markdown", "markdown": { "content": number.to_string() } });
        connection.say(number, "aibot_respond_msg", request, &body).unwrap();
    }

    #[test]
    fn answers_to_one_request_wait_for_one_another_and_hold_up_no_other() {
        let mut connection = open();
        for (number, to) in [(1, "R1"), (2, "R1"), (3, "R2"), (4, "R1")] {
            say(&mut connection, number, to);
        }
        let now = seconds(1);
        let written: Vec<String> = std::iter::from_fn(|| connection.next(now)).collect();
        assert_eq!(written.iter().map(|frame| request(frame)).collect::<Vec<_>>(), ["R1", "R2"]);
        assert_eq!(connection.hear(&ack("R1", 0), now), [Happened::Settled(1, Outcome::Done)]);
        assert_eq!(read(&connection.next(now).unwrap())["body"]["markdown"]["content"], "2");
        assert_eq!(connection.hear(&ack("R1", 846_605), now), [Happened::Settled(2, Outcome::Refused(846_605))]);
        // An acknowledgement that stays away settles what was written, and the next may go.
        connection.next(now).unwrap();
        assert_eq!(connection.due(), seconds(6));
        let settled = connection.look(seconds(6));
        assert_eq!(settled, [Happened::Settled(4, Outcome::Unknown), Happened::Settled(3, Outcome::Unknown)]);
        assert!(connection.hear(&ack("R2", 0), seconds(7)).is_empty(), "too late, and settled once");
        assert!(connection.hear(&ack("R9", 0), seconds(7)).is_empty());
    }

    #[test]
    fn whoever_is_evicted_never_comes_back_by_itself() {
        let mut connection = open();
        say(&mut connection, 1, "R1");
        say(&mut connection, 2, "R1");
        connection.next(seconds(1)).unwrap();
        let event = json!({ "cmd": "aibot_event_callback", "headers": { "req_id": "E" },
            "body": { "msgtype": "event", "event": { "eventtype": "disconnected_event" } } });
        let over = connection.hear(&event.to_string(), seconds(1));
        let wanted = [
            Happened::Settled(1, Outcome::Unknown),
            Happened::Settled(2, Outcome::NotSent),
            Happened::Over(Ended::Evicted),
        ];
        assert_eq!(over, wanted);
        assert_eq!(Ended::Evicted.wait(0, 0), None);
        assert_eq!(connection.next(seconds(99)), None);
        assert!(connection.look(seconds(99)).is_empty() && connection.end(Ended::Broken).is_empty());
        assert_eq!(connection.say(3, "aibot_send_msg", "R2", &Value::Null), Err(Outcome::NotSent));
    }

    #[test]
    fn a_bot_that_wecom_does_not_know_is_tried_seldom_and_a_broken_line_soon() {
        let mut connection = Connection::new("BOT", "wrong", "m2");
        let subscribe = connection.next(seconds(0)).unwrap();
        assert_eq!(connection.hear(&ack(&request(&subscribe), 853_000), seconds(1)), [Happened::Over(Ended::Refused)]);
        assert!(!format!("{connection:?}").contains("wrong"));
        assert!(Ended::Refused.wait(0, 0) >= Some(seconds(300)));
        let waits = |chance: u8| (0..9).map(|tries| Ended::Broken.wait(tries, chance).unwrap()).collect::<Vec<_>>();
        assert_eq!(waits(255), [1, 2, 4, 8, 16, 30, 30, 30, 30].map(seconds));
        assert!(waits(0).iter().zip(waits(255)).all(|(least, most)| *least == most / 2), "spread over half of it");
    }

    #[test]
    fn a_line_on_which_nothing_is_heard_is_let_go() {
        let mut silent = Connection::new("BOT", "s", "m3");
        silent.next(seconds(0)).unwrap();
        assert!(silent.look(seconds(14)).is_empty());
        assert_eq!(silent.look(seconds(15)), [Happened::Over(Ended::Silent)]);

        let mut connection = open();
        assert_eq!((connection.next(seconds(29)), connection.due()), (None, seconds(30)));
        let ping = connection.next(seconds(30)).unwrap();
        assert_eq!(read(&ping), json!({ "cmd": "ping", "headers": { "req_id": "ping_m1_1" } }), "no body");
        assert!(connection.hear(&ack("ping_m1_1", 0), seconds(31)).is_empty());
        connection.next(seconds(60)).unwrap();
        assert!(connection.look(seconds(66)).is_empty(), "one may be lost");
        connection.next(seconds(90)).unwrap();
        assert!(connection.look(seconds(94)).is_empty());
        assert_eq!(connection.due(), seconds(95));
        assert_eq!(connection.look(seconds(95)), [Happened::Over(Ended::Silent)]);
    }

    #[test]
    fn what_people_say_is_handed_on_and_what_nobody_can_read_ends_nothing() {
        let mut connection = open();
        let said = json!({ "cmd": "aibot_msg_callback", "headers": { "req_id": "R1" }, "body": { "msgid": "1" } });
        let called = Happened::Called { request: "R1".to_owned(), is_event: false, body: json!({ "msgid": "1" }) };
        assert_eq!(connection.hear(&said.to_string(), seconds(1)), [called]);
        let long = format!("{{\"headers\":{{\"req_id\":\"{}\"}}}}", "x".repeat(LONGEST));
        for odd in ["", "{", "[]", "{\"cmd\":\"ping\"}", "{\"headers\":{}}", "{\"headers\":{\"req_id\":7}}", &long] {
            assert!(connection.hear(odd, seconds(1)).is_empty(), "{}", odd.len());
        }
        say(&mut connection, 1, "R1");
        assert!(connection.next(seconds(1)).is_some());
    }

    #[test]
    fn only_so_much_waits() {
        let mut connection = open();
        for number in 0..1_000 {
            say(&mut connection, number, "R1");
        }
        assert_eq!(connection.say(1_000, "aibot_send_msg", "R2", &Value::Null), Err(Outcome::NotSent));
    }
}
