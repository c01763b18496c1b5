//! 内置网页聊天, tried over a real connection with a bot that only notes what it is given.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use chrono::TimeZone;
use futures_util::StreamExt;
use serde_json::{Value, json};

use super::*;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::mark::Mark;
use crate::language::file::MAX_BYTES;
use crate::platform::{Content, Hangs, Incoming, Place, Receipt, Refused, Said};

/// Notes what it takes, and says what a vote is answered with.
#[derive(Default)]
struct Notes {
    taken: Mutex<Vec<Incoming>>,
    busy: AtomicBool,
}

impl Notes {
    fn taken(&self) -> Vec<Incoming> {
        self.taken.lock().unwrap().clone()
    }
}

impl Intake for Notes {
    fn take(&self, incoming: Incoming) -> BoxFuture<'_, Result<Receipt, Refused>> {
        async move {
            tokio::time::sleep(Duration::from_millis(5)).await;
            if self.busy.load(Ordering::Relaxed) {
                return Err(Refused::Busy);
            }
            let mut receipt = Receipt::default();
            if let Said::Press { label, .. } = &incoming.said {
                receipt.toast = Some(format!("已记：{label}"));
            }
            self.taken.lock().unwrap().push(incoming);
            Ok(receipt)
        }
        .boxed()
    }

    fn caught_up(&self, _: &'static str) -> BoxFuture<'_, Result<(), Refused>> {
        async { Ok(()) }.boxed()
    }
}

struct House {
    chat: Arc<LocalChat>,
    notes: Arc<Notes>,
    http: reqwest::Client,
    base: String,
    port: u16,
}

fn setup() -> Setup {
    let group = |id: &str, name: &str| Group { id: id.to_owned(), name: name.to_owned() };
    let person = |name: &str| Person { name: name.to_owned(), side: "群众".to_owned(), note: String::new() };
    Setup {
        title: "有事好商量".to_owned(),
        groups: vec![group("g_wy", "区政协委员群"), group("g_tl", "梧桐园3号楼加梯讨论组")],
        people: vec![person("张桂英"), person("李德福")],
        stations: Arc::new(|| {
            vec![Station { name: "东风路微协商议事室".to_owned(), code: "qa7c96".to_owned() }]
        }),
        commands: vec![CommandHelp {
            name: "/建议".to_owned(),
            usage: "/建议 1 内容".to_owned(),
            what: "出主意".to_owned(),
        }],
        timezone: chrono_tz::Asia::Shanghai,
        clock: Arc::new(|| Utc.with_ymd_and_hms(2025, 3, 3, 1, 0, 0).unwrap()),
        story: None,
    }
}

fn memory() -> sled::Db {
    sled::Config::new().temporary(true).open().unwrap()
}

async fn house_in(db: sled::Db) -> House {
    house_with(db, setup()).await
}

async fn house_with(db: sled::Db, setup: Setup) -> House {
    let chat = LocalChat::open(db, setup).unwrap();
    let notes = Arc::new(Notes::default());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let router = chat.router(notes.clone());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let http = reqwest::Client::builder().timeout(Duration::from_secs(20)).build().unwrap();
    House { chat, notes, http, base: format!("http://127.0.0.1:{port}"), port }
}

async fn house() -> House {
    house_in(memory()).await
}

impl House {
    async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let response = self.http.post(format!("{}{path}", self.base)).json(&body).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    async fn say(&self, who: &str, text: &str, id: &str) -> (u16, Value) {
        self.post("/chat/say", json!({ "chat": "g_tl", "who": who, "text": text, "id": id })).await
    }

    async fn history(&self, chat: &str, who: &str) -> Vec<Value> {
        let query = [("chat", chat), ("who", who)];
        let response = self.http.get(format!("{}/chat/history", self.base)).query(&query).send().await.unwrap();
        response.json::<Value>().await.unwrap()["messages"].as_array().unwrap().clone()
    }

    async fn bot(&self, chat: &str, text: &str, buttons: &[&str]) -> String {
        let buttons = buttons.iter().map(ToString::to_string).collect();
        self.chat.send(&Letter { buttons, ..Letter::plain(chat, text) }, 0).await.unwrap()
    }

    /// The events of one page, as (event, id, data).
    async fn listen(
        &self,
        who: &str,
        last: Option<u64>,
    ) -> impl futures_util::Stream<Item = (String, String, Value)> + Unpin {
        let mut query = vec![("who".to_owned(), who.to_owned())];
        query.extend(last.map(|last| ("last".to_owned(), last.to_string())));
        let response = self.http.get(format!("{}/chat/events", self.base)).query(&query).send().await.unwrap();
        assert_eq!(response.status(), 200);
        let bytes = Box::pin(response.bytes_stream());
        Box::pin(futures_util::stream::unfold((bytes, Vec::new()), |(mut bytes, mut seen)| async move {
            loop {
                let end = seen.windows(2).position(|two| two == b"\n\n");
                if let Some(end) = end {
                    let block: Vec<u8> = seen.drain(..end + 2).collect();
                    let mut fields = HashMap::new();
                    for line in String::from_utf8(block).unwrap().lines() {
                        if let Some((name, value)) = line.split_once(": ") {
                            fields.insert(name.to_owned(), value.to_owned());
                        }
                    }
                    let Some(data) = fields.get("data") else { continue };
                    let data = serde_json::from_str(data).unwrap();
                    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
                    return Some(((field("event"), field("id"), data), (bytes, seen)));
                }
                seen.extend_from_slice(&bytes.next().await?.ok()?);
            }
        }))
    }
}

async fn soon<T>(stream: &mut (impl futures_util::Stream<Item = T> + Unpin)) -> T {
    tokio::time::timeout(Duration::from_secs(5), stream.next()).await.unwrap().unwrap()
}

/// One raw request, so that every header is ours.
async fn raw(port: u16, request: &str) -> String {
    use std::io::{Read, Write};
    let request = request.to_owned();
    let asked = tokio::task::spawn_blocking(move || {
        let mut socket = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
        socket.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).unwrap();
        String::from_utf8(answer).unwrap()
    });
    asked.await.unwrap()
}

#[tokio::test]
async fn only_this_machine_is_answered() {
    let house = house().await;
    let port = house.port;
    for host in ["127.0.0.1", "localhost:80", "[::1]:8080", "LOCALHOST", &format!("127.0.0.1:{port}")] {
        let answer = raw(port, &format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{host}: {answer}");
        assert!(answer.contains("content-security-policy: default-src 'none'; script-src 'self'"), "{answer}");
        assert!(answer.contains("x-content-type-options: nosniff") && answer.contains("referrer-policy: no-referrer"));
    }
    for host in [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost:",
        "localhost:80:80",
        "127.0.0.2",
        "localhost@x",
        "",
        "127.0.0.1:80\r\nHost: evil.example",
    ] {
        for path in ["/", "/chat/state", "/chat/chat.js"] {
            let answer = raw(port, &format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).await;
            assert!(answer.starts_with("HTTP/1.1 403") || answer.starts_with("HTTP/1.1 400"), "{host}: {answer}");
        }
    }
    let answer = raw(port, "GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
}

#[tokio::test]
async fn another_site_cannot_speak_for_anybody() {
    let house = house().await;
    let body = json!({ "chat": "g_tl", "who": "张桂英", "text": "赞成", "id": "origin-0001" });
    let own = format!("http://127.0.0.1:{}", house.port);
    let tries = [
        ("origin", "http://evil.example", 403),
        ("origin", "null", 403),
        ("origin", &own.replace("http", "https"), 403),
        ("origin", "http://127.0.0.1:1", 403),
        ("sec-fetch-site", "cross-site", 403),
        ("sec-fetch-site", "same-site", 403),
        ("content-type", "text/plain", 415),
        ("content-encoding", "gzip", 415),
        ("origin", &own, 200),
        ("sec-fetch-site", "same-origin", 200),
        ("sec-fetch-site", "none", 200),
    ];
    for (name, value, status) in tries {
        let kind = if name == "content-type" { value } else { "application/json; charset=utf-8" };
        let sent = house.http.post(format!("{}/chat/say", house.base)).header("content-type", kind);
        let sent = if name == "content-type" { sent } else { sent.header(name, value) };
        let response = sent.body(body.to_string()).send().await.unwrap();
        assert_eq!(response.status(), status, "{name}: {value}");
    }
    assert_eq!(house.notes.taken().len(), 1);
    assert_eq!(house.history("g_tl", "").await.len(), 1);
}

#[tokio::test]
async fn a_message_reaches_the_bot_as_it_was_said() {
    let house = house().await;
    house.bot("local:g_tl", "🗳【1号】表决开始", &["赞成"]).await;
    let text = "</b><script>\u{202E}1\0\n\n【今日摘要】";
    let body = json!({ "chat": "g_tl", "who": "张桂英", "text": text, "reply_to": 1, "id": "say-00000001" });
    assert_eq!(house.post("/chat/say", body).await.0, 200);
    let voice = json!({ "chat": "pm", "who": "新来的·人", "voice_seconds": 38, "id": "say-00000002" });
    assert_eq!(house.post("/chat/say", voice).await.0, 200);

    let taken = house.notes.taken();
    assert_eq!(taken[0].key, "local:g_tl:张桂英:say-00000001");
    assert_eq!(
        taken[0].place,
        Place::Group { chat: "local:g_tl".into(), name: "梧桐园3号楼加梯讨论组".into(), thread: None }
    );
    assert_eq!(
        (taken[0].from.account.as_str(), taken[0].from.kind),
        ("local:张桂英", crate::platform::SenderKind::Person)
    );
    assert_eq!(taken[0].said_at, Some(house.chat.now()));
    let Said::Text { text: heard, reply: Some(quote), .. } = &taken[0].said else { panic!("{:?}", taken[0]) };
    assert_eq!((heard.as_str(), quote.by_bot, quote.text.as_str()), (text, true, "🗳【1号】表决开始"));
    assert_eq!(taken[1].place, Place::Private { chat: "local:pm:新来的·人".into() });
    assert!(matches!(taken[1].said, Said::Voice { seconds: 38 }));

    let messages = house.history("g_tl", "").await;
    assert_eq!((&messages[1]["text"], &messages[1]["reply"]["n"]), (&json!(text), &json!(1)));
    assert_eq!(house.history("pm", "张桂英").await.len(), 0);
    assert_eq!(house.history("pm", "新来的·人").await[0]["text"], "语音 38秒");
    assert!(house.chat.people().iter().any(|person| person.name == "新来的·人"));
}

#[tokio::test]
async fn the_same_id_is_the_same_message() {
    let house = house().await;
    let many = (0..50).map(|_| house.say("张桂英", "/建议 1 加灯", "once-0000001"));
    for (status, answer) in futures_util::future::join_all(many).await {
        assert_eq!((status, &answer["n"]), (200, &json!(1)));
    }
    assert_eq!(house.notes.taken().len(), 1);
    assert_eq!(house.history("g_tl", "").await.len(), 1);
    assert_eq!(house.say("张桂英", "别的话", "once-0000001").await.0, 409);
    assert_eq!(house.say("李德福", "/建议 1 加灯", "once-0000001").await.0, 200);
    assert!(house.chat.under_way().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_speak_at_once() {
    let dir = std::env::temp_dir().join(format!("xieshang-local-many-{}", std::process::id()));
    let house = house_in(sled::open(&dir).unwrap()).await;
    let ids: Vec<String> = (0..1_500).map(|n| format!("many-{n:06}")).collect();
    for ids in ids.chunks(100) {
        let all = futures_util::future::join_all(ids.iter().map(|id| house.say("张桂英", id, id)));
        let all = tokio::time::timeout(Duration::from_secs(15), all).await.unwrap();
        assert!(all.iter().all(|(status, _)| *status == 200));
    }
    assert_eq!(house.chat.store.page("g_tl", None, 2_000, usize::MAX).unwrap().0.len(), ids.len());
    std::fs::remove_dir_all(&dir).unwrap();
}

#[tokio::test]
async fn what_is_refused_is_on_no_screen() {
    let house = house().await;
    house.notes.busy.store(true, Ordering::Relaxed);
    let (status, answer) = house.say("张桂英", "1", "busy-0000001").await;
    assert_eq!((status, answer["code"].as_str()), (503, Some("busy")));
    assert!(answer["error"].as_str().unwrap().contains("重发"));
    assert!(house.history("g_tl", "张桂英").await.is_empty());
    house.notes.busy.store(false, Ordering::Relaxed);
    assert_eq!(house.say("张桂英", "1", "busy-0000001").await.0, 200);
    assert_eq!(house.notes.taken()[0].key, "local:g_tl:张桂英:busy-0000001");
}

#[tokio::test]
async fn only_a_button_that_is_there_can_be_pressed() {
    let house = house().await;
    house.bot("local:g_tl", "🗳【1号】表决开始", &["赞成", "反对"]).await;
    house.bot("local:pm:李德福", "只给李德福", &["收到"]).await;
    house.say("张桂英", "赞成", "press-000001").await;
    let press = |chat: &str, n: u64, label: &str| json!({ "chat": chat, "who": "张桂英", "n": n, "label": label, "id": "press-000002" });
    for forged in [
        press("g_tl", 1, "弃权"),
        press("g_tl", 1, ""),
        press("g_tl", 2, "赞成"),
        press("g_tl", 9, "赞成"),
        press("g_tl", u64::MAX, "赞成"),
        press("g_wy", 1, "赞成"),
        press("pm", 1, "收到"),
    ] {
        let (status, answer) = house.post("/chat/press", forged.clone()).await;
        assert_eq!((status, answer["code"].as_str()), (400, Some("button")), "{forged}");
    }
    assert_eq!(house.notes.taken().len(), 1);
    let (status, answer) = house.post("/chat/press", press("g_tl", 1, "反对")).await;
    assert_eq!((status, answer["toast"].as_str()), (200, Some("已记：反对")));
    let taken = house.notes.taken();
    let Said::Press { label, on } = &taken[1].said else { panic!("{:?}", taken[1]) };
    assert_eq!((label.as_str(), on, taken[1].said_at), ("反对", &None, None));
    assert_eq!(taken[1].key, "local:g_tl:press:张桂英:press-000002");
}

#[tokio::test]
async fn a_message_keeps_what_it_is_about_whatever_its_words() {
    let (db, poll) = (memory(), Mark::Poll { topic: TopicNo(1), ends: None });
    let house = house_in(db.clone()).await;
    let card = Letter {
        buttons: vec!["赞成".to_owned()],
        about: Some(poll.clone()),
        ..Letter::plain("local:g_tl", "请大家表个态：要不要装")
    };
    let name = house.chat.send(&card, 0).await.unwrap();
    let list = Letter::plain("local:g_tl", "议题【1号】、【2号】");
    house.chat.send(&list, 0).await.unwrap();
    house.chat.edit(&name, &Letter { text: "请大家表个态：已投1".to_owned(), ..card }).await.unwrap();
    // Another start on the same history.
    let house = house_in(db).await;
    let saying = |to: u32| {
        let id = format!("about-00000{to}");
        json!({ "chat": "g_tl", "who": "张桂英", "text": "赞成", "reply_to": to, "id": id })
    };
    for to in [1, 2] {
        assert_eq!(house.post("/chat/say", saying(to)).await.0, 200);
    }
    let pressed = json!({ "chat": "g_tl", "who": "张桂英", "n": 1, "label": "赞成", "id": "about-000003" });
    assert_eq!(house.post("/chat/press", pressed).await.0, 200);
    let abouts: Vec<_> = house
        .notes
        .taken()
        .into_iter()
        .map(|taken| match taken.said {
            Said::Text { reply: Some(quote), .. } => quote.about,
            Said::Press { on, .. } => on.map_or(About::Nothing, About::This),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(abouts, [About::This(poll.clone()), About::Nothing, About::This(poll)]);
}

#[tokio::test]
async fn what_a_message_of_an_earlier_version_is_about_is_read_from_its_words() {
    let house = house().await;
    let n = house.chat.store.reserve("g_tl").unwrap();
    let kept = json!({
        "n": n, "born": 0, "rev": 0, "at": "2025-03-03T01:00:00Z", "from": "bot", "kind": "text",
        "text": "🗳【1号】表决开始\n截止：3月9日20:00", "buttons": ["赞成"],
    });
    house.chat.store.keep("g_tl", serde_json::from_value(kept).unwrap(), None).unwrap();
    let pressed = json!({ "chat": "g_tl", "who": "张桂英", "n": n, "label": "赞成", "id": "early-000001" });
    assert_eq!(house.post("/chat/press", pressed).await.0, 200);
    let Said::Press { on, .. } = &house.notes.taken()[0].said else { panic!("no press") };
    assert_eq!(*on, Some(Mark::Poll { topic: TopicNo(1), ends: Some((3, 9, 20, 0)) }));
}

#[tokio::test]
async fn nonsense_gets_a_sentence() {
    let house = house().await;
    let ok = json!({ "chat": "g_tl", "who": "张桂英", "text": "好", "id": "sense-000001" });
    let with = |key: &str, value: Value| {
        let mut body = ok.clone();
        body[key] = value;
        body.to_string()
    };
    let tries = [
        ("{".to_owned(), 400, "json"),
        ("[".repeat(300), 400, "json"),
        (r#"{"chat":"g_tl","chat":"g_wy","who":"张桂英","text":"好","id":"sense-000001"}"#.to_owned(), 400, "json"),
        (r#"{"chat":"g_tl","who":"张桂英","text":"\ud800","id":"sense-000001"}"#.to_owned(), 400, "json"),
        (with("admin", json!(true)), 400, "json"),
        (with("reply_to", json!(-1)), 400, "json"),
        (with("reply_to", json!(7)), 400, "reply"),
        (with("chat", json!("g_no")), 404, "chat"),
        (with("chat", json!("pm:李德福")), 404, "chat"),
        (with("who", json!("<b>")), 400, "name"),
        (with("who", json!("协商助手")), 400, "name"),
        (with("who", json!("张\u{202E}桂英")), 400, "name"),
        (with("who", json!("一".repeat(21))), 400, "name"),
        (with("text", json!(" \n")), 400, "empty"),
        (with("voice_seconds", json!(5)), 400, "voice"),
        (with("id", json!("1")), 400, "id"),
        (with("id", json!("a\u{0}aaaaaaa")), 400, "id"),
        (with("text", json!("长".repeat(22_000))), 413, "large"),
    ];
    for (body, status, code) in tries {
        let shown: String = body.chars().take(120).collect();
        let request = house.http.post(format!("{}/chat/say", house.base)).header("content-type", "application/json");
        let response = request.body(body).send().await.unwrap();
        assert_eq!(response.status(), status, "{shown}");
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer["code"], code, "{shown}");
        assert!(answer["error"].as_str().unwrap().ends_with('。'), "{answer}");
    }
    assert!(house.notes.taken().is_empty());
    for path in
        ["/chat/state?who=%3Cb%3E", "/chat/history?chat=g_tl&before=x", "/chat/history?chat=pm", "/chat/state?who=%FF"]
    {
        assert_eq!(house.http.get(format!("{}{path}", house.base)).send().await.unwrap().status(), 400, "{path}");
    }
}

#[tokio::test]
async fn ten_megabytes_are_refused_with_a_sentence() {
    let house = house().await;
    for path in ["/chat/say", "/chat/press"] {
        let request = house.http.post(format!("{}{path}", house.base)).header("content-type", "application/json");
        let response = request.body(vec![b' '; 10 * 1024 * 1024]).send().await.unwrap();
        assert_eq!(response.status(), 413);
        assert_eq!(response.json::<Value>().await.unwrap()["code"], "large");
    }
    // The longest text there may be is taken, kept in parts, and given back whole.
    let text = "长".repeat(crate::platform::MAX_TEXT_BYTES / 3);
    assert_eq!(house.say("张桂英", &text, "large-000001").await.0, 200);
    assert_eq!(house.history("g_tl", "").await[0]["text"], json!(text));
}

#[tokio::test]
async fn pages_see_what_is_said_and_changed() {
    let house = house().await;
    let mut page = house.listen("张桂英", None).await;
    assert_eq!(soon(&mut page).await.0, "hello");
    let name = house.bot("local:g_tl", "已投 1/11", &[]).await;
    house.bot("local:pm:李德福", "不给别人看", &[]).await;
    let (event, id, data) = soon(&mut page).await;
    assert_eq!((event.as_str(), &data["message"]["text"]), ("message", &json!("已投 1/11")));

    let card = Letter { buttons: vec!["赞成".into()], ..Letter::plain("local:g_tl", "已投 2/11") };
    house.chat.edit(&name, &card).await.unwrap();
    house.chat.edit(&name, &card).await.unwrap();
    let (event, _, data) = soon(&mut page).await;
    assert_eq!((event.as_str(), &data["chat"]), ("edit", &json!("g_tl")));
    assert_eq!((&data["message"]["text"], &data["message"]["n"]), (&json!("已投 2/11"), &json!(1)));
    house.say("李德福", "好", "event-000001").await;
    let (event, last, data) = soon(&mut page).await;
    assert_eq!((event.as_str(), &data["message"]["from"]["name"]), ("message", &json!("李德福")));

    // A page that lost the line after the first event misses nothing and sees nothing twice.
    let mut again = house.listen("张桂英", id.parse().ok()).await;
    let texts = [soon(&mut again).await, soon(&mut again).await, soon(&mut again).await];
    assert_eq!(
        texts.map(|(event, _, data)| (event, data["message"]["text"].clone())),
        [
            ("hello".to_owned(), json!(null)),
            ("edit".to_owned(), json!("已投 2/11")),
            ("message".to_owned(), json!("好")),
        ]
    );
    let mut nothing = house.listen("张桂英", last.parse().ok()).await;
    assert_eq!(soon(&mut nothing).await.0, "hello");
    let mut foreign = house.listen("张桂英", Some(u64::MAX)).await;
    assert_eq!(soon(&mut foreign).await.0, "hello");
    assert_eq!(soon(&mut foreign).await.0, "refetch");
    house.chat.close();
    assert!(tokio::time::timeout(Duration::from_secs(5), nothing.next()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_page_that_reads_too_slowly_is_told_to_fetch_anew() {
    let chat = LocalChat::open(memory(), setup()).unwrap();
    let (mut news, _) = chat.store.listen();
    for n in 0..1_100 {
        chat.say_as_bot("g_tl", &Letter::plain("", n.to_string())).unwrap();
    }
    assert!(matches!(news.recv().await, Err(tokio::sync::broadcast::error::RecvError::Lagged(_))));
    let seq = chat.store.seq();
    assert!(matches!(chat.store.missed(seq - 1_050, seq, |_| true), Ok(store::Missed::TooMany)));
    let Ok(store::Missed::These(some)) = chat.store.missed(seq - 900, seq, |_| true) else { panic!() };
    assert_eq!(some.len(), 900);
}

#[tokio::test]
async fn history_is_bounded() {
    let chat = LocalChat::open(memory(), setup()).unwrap();
    let letter = |text: String| Letter::plain("", text);
    for n in 1..=store::KEPT + 30 {
        chat.say_as_bot("g_tl", &letter(n.to_string())).unwrap();
    }
    let (all, more) = chat.store.page("g_tl", None, 10_000, usize::MAX).unwrap();
    assert_eq!((all.len() as u64, more, all[0].n), (store::KEPT, false, 31));
    let (page, more) = chat.store.page("g_tl", Some(100), 50, usize::MAX).unwrap();
    assert_eq!((page.len(), more, page[0].n, page[49].n), (50, true, 50, 99));
    let (page, more) = chat.store.page("g_tl", None, 50, 1).unwrap();
    assert_eq!((page.len(), more), (1, true));

    for n in 0..store::CHATS {
        chat.say_as_bot(&format!("pm:人{n}"), &letter("您好".into())).unwrap();
    }
    assert_eq!(chat.store.page("g_tl", None, 1, 1).unwrap().0.len(), 1, "a group gives way to nobody");
    assert!(chat.store.page("pm:人0", None, 1, 1).unwrap().0.is_empty(), "the quietest private chat does");
    assert!(chat.store.read("g_tl", 5).unwrap().is_none());
}

#[tokio::test]
async fn a_restart_keeps_everything() {
    let dir = std::env::temp_dir().join(format!("xieshang-local-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    let name;
    let last;
    {
        let house = house_in(sled::open(&dir).unwrap()).await;
        house.say("阿依古丽·买买提", "好", "again-000001").await;
        name = house.bot("local:g_tl", "卡片", &[]).await;
        last = house.chat.store.seq();
    }
    // The server task of the first house still holds the database: let it go with its runtime's next turn.
    let copy = dir.with_extension("copy");
    let _ = std::fs::remove_dir_all(&copy);
    std::fs::create_dir_all(&copy).unwrap();
    for file in ["conf", "db"] {
        std::fs::copy(dir.join(file), copy.join(file)).unwrap();
    }
    let house = house_in(sled::open(&copy).unwrap()).await;
    assert_eq!(house.history("g_tl", "").await.len(), 2);
    assert!(house.chat.people().iter().any(|person| person.name == "阿依古丽·买买提"));
    let (_, answer) = house.say("阿依古丽·买买提", "好", "again-000001").await;
    assert_eq!(answer["n"], 1);
    assert!(house.notes.taken().is_empty(), "known from before");
    let card = Letter::plain("local:g_tl", "新卡片");
    house.chat.edit(&name, &card).await.unwrap();
    let mut page = house.listen("张桂英", Some(last)).await;
    assert_eq!(soon(&mut page).await.0, "hello");
    assert_eq!(soon(&mut page).await.2["message"]["text"], "新卡片");
    std::fs::remove_dir_all(&dir).unwrap();
    std::fs::remove_dir_all(&copy).unwrap();
}

#[tokio::test]
async fn the_bot_writes_only_where_somebody_is() {
    let house = house().await;
    for chat in ["local:g_no", "g_tl", "telegram:1", "local:pm:<b>", "local:", "local:pm:", ""] {
        let letter = Letter::plain(chat, "x");
        assert!(matches!(house.chat.send(&letter, 0).await, Err(SendError::Gone(_))), "{chat}");
        assert!(matches!(house.chat.edit(chat, &letter).await, Err(SendError::Gone(_))), "{chat}");
    }
    house.say("张桂英", "我的话", "write-000001").await;
    let letter = Letter::plain("local:g_tl", "改");
    house.chat.edit("local:g_tl:1:1048577", &letter).await.unwrap();
    assert_eq!(house.history("g_tl", "").await[0]["text"], "我的话", "nobody's own words are changed");
}

#[test]
fn names_are_letters_only() {
    for good in ["张桂英", " 张桂英 ", "阿依古丽·买买提", "Li Defu", "Ольга", "住户601"] {
        assert_eq!(proper_name(good).as_deref(), Some(good.trim()), "{good}");
    }
    for bad in ["", "  ", "a  b", "a:b", "a\nb", "张\u{200B}三", "\u{3164}", "👍", "协商助手", "a/b", "-", "@all"]
    {
        assert_eq!(proper_name(bad), None, "{bad:?}");
    }
    assert_eq!(proper_name("e\u{301}").as_deref(), Some("é"));
}

#[test]
fn a_wrong_configuration_says_what_is_wrong() {
    for id in ["pm", "a:b", "", "a b"] {
        let mut setup = setup();
        setup.groups[0].id = id.to_owned();
        assert!(matches!(LocalChat::open(memory(), setup), Err(OpenError::Config(_))), "{id}");
    }
    let mut setup = setup();
    setup.people[0].name = "<b>".to_owned();
    let Err(OpenError::Config(sentence)) = LocalChat::open(memory(), setup) else { panic!() };
    assert!(sentence.contains("<b>"));
}

async fn theatre(teller: Option<story::Teller>) -> House {
    house_with(memory(), Setup { story: teller, ..setup() }).await
}

#[tokio::test]
async fn a_story_is_told_once_however_many_ask_and_again_after_a_failure() {
    let (asked, fails) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(true)));
    let (counted, failing) = (Arc::clone(&asked), Arc::clone(&fails));
    let spot = story::Spot { kind: story::SpotKind::Private, name: "<b>".to_owned() };
    let received = vec![story::Heard { spot, text: "</script>".to_owned(), buttons: vec!["赞成".to_owned()] }];
    let (date, clock) = ("2025-03-03".to_owned(), "09:10".to_owned());
    let told = story::Story {
        people: setup().people,
        scenes: vec![story::Moment { n: None, date, clock, deed: None, received }],
    };
    let teller: story::Teller = Arc::new(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        if failing.load(Ordering::Relaxed) { Err("no room".to_owned()) } else { Ok(told.clone()) }
    });
    let house = theatre(Some(teller)).await;
    let state: Value = house.http.get(format!("{}/chat/state", house.base)).send().await.unwrap().json().await.unwrap();
    assert_eq!((&state["story"], asked.load(Ordering::Relaxed)), (&json!(true), 0), "nobody asked for it yet");
    let ask = || house.http.get(format!("{}/chat/story", house.base)).send();
    let failed = ask().await.unwrap();
    assert_eq!(failed.status(), 503);
    let failed: Value = failed.json().await.unwrap();
    assert!(failed["error"].as_str().unwrap().starts_with("故事没有放成"), "{failed}");
    assert!(!failed.to_string().contains("no room"), "{failed}");
    fails.store(false, Ordering::Relaxed);
    for answer in futures_util::future::join_all((0..20).map(|_| ask())).await {
        let answer = answer.unwrap();
        assert_eq!(
            (answer.status().as_u16(), answer.headers()["x-content-type-options"].as_bytes()),
            (200, &b"nosniff"[..])
        );
        let scene = &answer.json::<Value>().await.unwrap()["scenes"][0];
        let received =
            json!([{ "spot": { "kind": "private", "name": "<b>" }, "text": "</script>", "buttons": ["赞成"] }]);
        let wanted = json!({ "n": null, "date": "2025-03-03", "clock": "09:10", "deed": null, "received": received });
        assert_eq!(scene, &wanted);
    }
    assert_eq!(asked.load(Ordering::Relaxed), 2);
    let foreign = house.http.get(format!("{}/chat/story", house.base)).header("host", "evil.example").send().await;
    assert_eq!(foreign.unwrap().status(), 403);
}

#[tokio::test]
async fn without_a_story_none_is_offered() {
    let house = theatre(None).await;
    let state: Value = house.http.get(format!("{}/chat/state", house.base)).send().await.unwrap().json().await.unwrap();
    assert_eq!(state["story"], json!(false));
    let answer = house.http.get(format!("{}/chat/story", house.base)).send().await.unwrap();
    assert_eq!(answer.status(), 404);
}

#[tokio::test]
async fn a_file_comes_with_what_is_written_with_it() {
    let house = house().await;
    let hand = |id: &str, text: &str, kind: &str, bytes: Vec<u8>| {
        let query = [("chat", "pm"), ("who", "刘芳"), ("id", id), ("name", "名册.xlsx"), ("text", text)];
        let request = house.http.post(format!("{}/chat/file", house.base)).query(&query);
        request.header("content-type", kind).body(bytes)
    };
    const BYTES: &str = "application/octet-stream";
    for _ in 0..2 {
        let answer = hand("file-0001", "/名册 1", BYTES, b"PK\x03\x04".to_vec()).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    }
    let taken = house.notes.taken();
    assert_eq!(taken.len(), 1, "the same file again has one effect");
    let Said::File { caption, file, reply: None } = &taken[0].said else { panic!("{:?}", taken[0]) };
    assert_eq!((caption.as_str(), file.name.as_str(), file.hangs), ("/名册 1", "名册.xlsx", Hangs::Here));
    assert!(matches!(&file.content, Content::Bytes(bytes) if bytes.as_ref() == b"PK\x03\x04"));
    assert_eq!(house.history("pm", "刘芳").await[0]["text"], "📎 名册.xlsx\n/名册 1");

    let refused = |request: reqwest::RequestBuilder| async move { request.send().await.unwrap().status().as_u16() };
    assert_eq!(refused(hand("file-0002", "", "application/json", vec![1])).await, 415);
    assert_eq!(refused(hand("file-0002", "", BYTES, vec![1; MAX_BYTES + 1])).await, 413);
    assert_eq!(refused(hand("short", "", BYTES, vec![1])).await, 400);
    assert_eq!(refused(hand("file-0002", "", BYTES, vec![1]).header("origin", "http://evil.example")).await, 403);
    assert_eq!(refused(hand("file-0002", "", BYTES, vec![1]).header("sec-fetch-site", "cross-site")).await, 403);
    assert_eq!(house.notes.taken().len(), 1);
}
