//! 门 — the form behind a station's code as any telephone finds it, whatever doors there are; and that the program names no door outside
//! their list. The real program, over real connections.

use crate::support::bot::{Bot, Folder, PATIENCE};
use reqwest::header::{HeaderMap, SET_COOKIE};
use reqwest::{Client, RequestBuilder};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// A page as a telephone got it.
struct Page {
    status: u16,
    headers: HeaderMap,
    html: String,
}

impl Page {
    /// The value of a field of the form, or what stands behind an attribute.
    fn after(&self, start: &str) -> &str {
        let rest = self.html.split_once(start).unwrap_or_else(|| panic!("{start} is missing in {}", self.html)).1;
        rest.split('"').next().unwrap()
    }

    fn id(&self) -> String {
        self.after("name=\"id\" value=\"").to_owned()
    }

    fn has(&self, words: &str) -> bool {
        self.html.contains(words)
    }
}

async fn got(request: RequestBuilder) -> Page {
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    Page { status, headers, html: answer.text().await.unwrap().replace("&#x2f;", "/") }
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories/acceptance.fixtures.json")
}

/// A program without the built-in chat, with the people and the station of the demonstration.
fn without_chat(name: &str) -> Folder {
    let fixtures = fixtures();
    Folder::new(name, &format!("[local]\nenabled = false\nfixtures = {fixtures:?}\n"))
}

fn client() -> Client {
    Client::builder().no_proxy().timeout(PATIENCE).build().unwrap()
}

const TITLE: &str = "南门路灯不亮";
const TEXT: &str = "晚上八点以后全黑\r\n请打13912345678";

fn fields<'a>(id: &'a str, title: &'a str, text: &'a str, who: &'a str) -> [(&'static str, &'a str); 4] {
    [("id", id), ("title", title), ("text", text), ("who", who)]
}

/// Records in which a slip was handed in.
fn slips(folder: &Folder) -> Vec<Value> {
    let is_slip = |record: &Value| record["facts"].to_string().contains("slip_received");
    folder.records().into_iter().filter(is_slip).collect()
}

#[tokio::test]
async fn any_telephone_hands_in_a_slip_once_without_script_or_account() {
    let folder = without_chat("station");
    let bot = Bot::start(&folder);
    let (http, url) = (client(), format!("http://{}/s/1", bot.address));
    let page = got(http.get(&url)).await;
    assert_eq!(page.status, 200);
    assert!(
        page.has("东风路微协商议事室") && page.has("什么事") && page.has("接待日") && !page.has("<script"),
        "{}",
        page.html
    );
    assert!(!page.has("回到聊天") && !page.has("required maxlength=\"40\""), "{}", page.html);
    assert_eq!(page.headers["referrer-policy"], "same-origin");
    assert!(page.headers["content-security-policy"].to_str().unwrap().contains("form-action 'self'"));
    let cookie = page.headers[SET_COOKIE].to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/s/"), "{cookie}");
    let (cookie, id) = (cookie.split(';').next().unwrap().to_owned(), page.id());

    // The button pressed ten times at once, and once more after a restart.
    let form = fields(&id, TITLE, TEXT, "周敏");
    let press = |url: String| got(http.post(url).header("cookie", &cookie).form(&form));
    let pages = futures_util::future::join_all((0..10).map(|_| press(url.clone()))).await;
    let receipt = pages[0].after("data-testid=\"receipt-link\" href=\"").replace("&amp;", "&");
    for page in &pages {
        assert!(page.status == 200 && page.has("受理号 W1"), "{} {}", page.status, page.html);
        assert_eq!(page.after("data-testid=\"receipt-link\" href=\"").replace("&amp;", "&"), receipt);
    }
    let shown = got(http.get(format!("http://{}{receipt}", bot.address))).await;
    assert!(shown.status == 200 && shown.has("待受理") && shown.has(TITLE), "{}", shown.html);
    assert_eq!(bot.stop(), Some(0));
    let bot = Bot::start(&folder);
    let again = press(format!("http://{}/s/1", bot.address)).await;
    assert_eq!(again.after("data-testid=\"receipt-link\" href=\"").replace("&amp;", "&"), receipt);

    let taken = slips(&folder);
    assert_eq!(taken.len(), 1, "{taken:?}");
    assert!(!folder.vault().contains("13912345678") && folder.vault().contains("139****5678"), "the number is masked");
    // The name proves nothing: it is somebody new, and no account of 周敏's.
    assert!(taken[0]["facts"].to_string().contains("person_enrolled"), "{}", taken[0]);
    let mark = cookie.split_once('=').unwrap().1;
    assert!(!folder.vault().contains(mark), "nobody can become this stranger by reading what is kept");
    // Somebody else at the same telephone is somebody else; the same one is not.
    let other = |id: &'static str, who: &'static str| {
        let form = fields(id, "小区门口积水", "", who);
        let sent = http.post(format!("http://{}/s/1", bot.address)).header("cookie", &cookie).form(&form);
        async move { assert!(got(sent).await.has("受理号 W")) }
    };
    other("other-0001", "李德福").await;
    other("other-0002", "周敏").await;
    let news: Vec<bool> =
        slips(&folder).iter().map(|record| record["facts"].to_string().contains("person_enrolled")).collect();
    assert_eq!(news, [true, true, false]);
    // A page that a browser brought back still bears its id: other words are another request, the same words none.
    for (id, title, status, words) in
        [("other-0002", "停车位不够", 200, "受理号 W4"), ("other-0003", "停车位不够", 422, "已经交过了，受理号 W4")]
    {
        let sent = http.post(format!("http://{}/s/1", bot.address)).header("cookie", &cookie);
        let page = got(sent.form(&fields(id, title, "", "周敏"))).await;
        assert!(page.status == status && page.has(words), "{id}: {} {}", page.status, page.html);
    }
    assert_eq!(bot.stop(), Some(0));
}

#[tokio::test]
async fn what_is_not_taken_comes_back_as_it_was_typed_in_the_readers_language() {
    let folder = without_chat("kept");
    let bot = Bot::start(&folder);
    let (http, url) = (client(), format!("http://{}/s/1", bot.address));
    let english = got(http.get(&url).header("accept-language", "en-GB,en;q=0.9")).await;
    assert!(english.has("What is it about?") && english.has("lang=\"en\""), "{}", english.html);
    let both = got(http.get(format!("{url}?lang=zh")).header("accept-language", "en")).await;
    assert!(both.has("什么事"), "what was asked for goes before the browser's");

    let typed = "\"><script>\n第一\n第二";
    let long = "长".repeat(1_600);
    let many = "题".repeat(201);
    for (form, status, words) in [
        (fields("typed-0001", "  ", typed, "张三"), 400, "请用一句话写明什么事"),
        (fields("typed-0002", &many, typed, "张三"), 400, "太长了"),
        (fields("typed-0003", "灯", &long, "张三"), 422, "请删短一些再交"),
        (fields("typed-0004", "我要信访", typed, "张三"), 422, "请改写后重发"),
        (fields("x", "灯", typed, "张三"), 400, "请重新填写"),
    ] {
        let page = got(http.post(&url).form(&form)).await;
        assert!(page.status == status && page.has(words), "{form:?}: {} {}", page.status, page.html);
        assert!(!page.has("<script>") && !page.has("data-testid=\"receipt\""), "{}", page.html);
        assert!(
            page.has("value=\"张三\"") && page.has(if form[2].1 == long { &long } else { "第一\n第二" }),
            "{}",
            page.html
        );
        // Nothing was recorded under it, or may have been: the same form, or another.
        assert_eq!(page.id() == form[0].1, status == 400 && form[0].1 != "x", "{form:?}");
    }
    let page = got(http.post(format!("{url}?lang=en")).form(&fields("typed-0005", "", typed, ""))).await;
    assert!(page.status == 400 && page.has("Please say in one sentence"), "{}", page.html);
    let kind = http.post(&url).header("content-type", "text/plain").body("title=x");
    assert_eq!(got(kind).await.status, 400);
    let broken = http.post(&url).header("content-type", "application/x-www-form-urlencoded").body("id=%FF%FE&title=%");
    assert_eq!(got(broken).await.status, 400);
    assert_eq!(got(http.post(&url).form(&[("title", "x".repeat(10 * 1024 * 1024))])).await.status, 413);
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("host", "evil.example"),
        ("host", "127.0.0.1.evil.example:8088"),
    ] {
        let page = got(http.post(&url).header(name, value).form(&fields("foreign-01", TITLE, "", ""))).await;
        assert!(page.status == 403 && page.has("请在本页填写"), "{name}: {value}: {}", page.html);
    }
    // A foreign name that somebody pointed at this machine: to the browser all is of one origin.
    let pointed = http.post(&url).header("host", "evil.example").header("origin", "http://evil.example");
    let pointed = pointed.header("sec-fetch-site", "same-origin").form(&fields("foreign-02", TITLE, "", ""));
    assert_eq!(got(pointed).await.status, 403);
    for key in ["2", "没有", "%FF"] {
        let nowhere = format!("http://{}/s/{key}", bot.address);
        assert_eq!(got(http.get(&nowhere)).await.status, 404, "{key}");
        assert_eq!(got(http.post(&nowhere).form(&fields("nowhere-01", TITLE, "", ""))).await.status, 404, "{key}");
    }
    assert!(slips(&folder).is_empty(), "nothing of all this is a slip");
    // By its name the station is found as well, and our own page is let in.
    let named = format!("http://{}/s/东风路微协商议事室", bot.address);
    let own = http.post(&named).header("origin", format!("http://{}", bot.address));
    assert!(got(own.form(&fields("named-0001", TITLE, "", ""))).await.has("受理号 W1"));
    assert_eq!(bot.stop(), Some(0));
}

#[tokio::test]
async fn a_stranger_who_floods_fills_neither_the_disk_nor_the_door() {
    let folder = without_chat("flood");
    let bot = Bot::start(&folder);
    let (http, url) = (client(), format!("http://{}/s/1", bot.address));
    let body = "灌".repeat(1_500);
    // A new mark and a new name each time, through a proxy that says where it comes from.
    let send = |n: usize, from: &'static str| {
        let (id, who) = (format!("flood-{n:06}"), format!("路人{n}"));
        let sent = http.post(&url).header("x-forwarded-for", format!("10.9.8.7, {from}"));
        let sent = sent.header("cookie", format!("visitor={n:032x}")).form(&fields(&id, TITLE, &body, &who));
        got(sent)
    };
    let mut taken = 0;
    for n in 0..200 {
        let page = send(n, "198.51.100.7").await;
        match page.status {
            200 => taken += 1,
            status => {
                assert!(
                    status == 429 && page.has("这件还没收下") && page.has("分钟再点一次“提交”") && page.has(&body),
                    "{status}: {}",
                    page.html
                )
            }
        }
    }
    // The share of a minute, of the two or three minutes this may take.
    assert!((12..=36).contains(&taken) && taken == slips(&folder).len(), "{taken}");
    assert_eq!(send(1_000, "198.51.100.8").await.status, 200, "others still get in");
    assert_eq!(got(http.get(&url).header("x-forwarded-for", "198.51.100.7")).await.status, 200, "and it may look");
    // One mark and one name are held to what one person may say in a minute.
    let one = |n: usize| {
        let sent = http.post(&url).header("cookie", format!("visitor={:032x}", 7_777));
        let id = format!("one-{n:06}");
        got(sent.form(&fields(&id, TITLE, &id, "")))
    };
    for n in 0..6 {
        assert_eq!(one(n).await.status, 200);
    }
    let page = one(6).await;
    assert!(page.status == 422 && page.has("请过一分钟再发"), "{} {}", page.status, page.html);
    let page = one(6).await;
    assert!(
        page.status == 429 && page.has("还没收下") && !page.has("data-testid=\"receipt\""),
        "no receipt for nothing"
    );
    bot.is_well().await;
    assert_eq!(bot.stop(), Some(0));
}

#[tokio::test]
async fn beside_the_built_in_chat_a_typed_name_proves_nothing_and_only_this_machine_is_let_in() {
    let folder = Folder::new("known", "");
    let bot = Bot::start(&folder);
    let (http, url) = (client(), format!("http://{}/s/1", bot.address));
    let page = got(http.get(&url).query(&[("who", "张桂英")])).await;
    assert!(page.has("value=\"张桂英\"") && !page.has("<option") && page.has("回到聊天"), "{}", page.html);
    let cookie = page.headers[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let id = page.id();
    for (name, value) in [("host", "evil.example"), ("origin", "http://evil.example"), ("sec-fetch-site", "same-site")]
    {
        let sent = http.post(&url).header(name, value).form(&fields(&id, TITLE, "", "张桂英"));
        assert_eq!(got(sent).await.status, 403, "{name}: {value}");
    }
    assert_eq!(got(http.get(&url).header("host", "evil.example")).await.status, 403);
    let sent = http.post(&url).header("cookie", &cookie).form(&fields(&id, TITLE, "", "张桂英"));
    let page = got(sent).await;
    assert!(page.status == 200 && page.has("受理号 W1") && page.has("/?who=%E5%BC%A0"), "{}", page.html);
    let taken = slips(&folder);
    assert!(taken.len() == 1 && taken[0]["facts"].to_string().contains("person_enrolled"), "somebody else: {taken:?}");
    // Whoever reads it is told so, and she herself has handed in nothing.
    bot.say("pm", "周敏", "/受理 W1 东风路街道 智力支持型").await;
    bot.heard("pm", "周敏", |message| message["text"].as_str().is_some_and(|text| text.contains("【1号】"))).await;
    let topic = got(http.get(format!("http://{}/t/1", bot.address))).await;
    assert!(topic.has("张桂英（未认证）"), "{}", topic.html);
    assert!(!bot.told("pm", "张桂英", "我").await.to_string().contains(TITLE), "it is not hers");
    assert_eq!(bot.stop(), Some(0));
}

/// What is passed on by a proxy nobody named is counted for the proxy; of what a named one says the last address counts.
#[tokio::test]
async fn one_address_has_one_share_beside_the_built_in_chat_and_behind_a_proxy_alike() {
    let own = "trusted_proxies = [\"127.0.0.1\"]";
    let none = "trusted_proxies = []";
    for (name, more, addresses, least, most) in
        [("share-one", own, 1, 12, 36), ("share-all", own, 3, 36, 80), ("share-unnamed", none, 3, 12, 36)]
    {
        let folder = Folder::new(name, "");
        let text = std::fs::read_to_string(folder.config()).unwrap();
        std::fs::write(folder.config(), text.replace("[web]\n", &format!("[web]\n{more}\n"))).unwrap();
        let bot = Bot::start(&folder);
        let (http, url) = (client(), format!("http://{}/s/1", bot.address));
        let (mut taken, mut told) = (0, 0);
        for n in 0..90 {
            let sent = http.post(&url).header("x-forwarded-for", format!("192.0.2.1, 198.51.100.{}", n % addresses));
            let (id, title) = (format!("share-{n:06}"), format!("{TITLE}{n}"));
            let page = got(sent.form(&fields(&id, &title, "", &format!("路人{n}")))).await;
            match page.status {
                200 => taken += 1,
                429 => {
                    assert!(page.has("这件还没收下") && page.has("再点一次“提交”"), "{}", page.html);
                    assert!(page.headers["retry-after"].to_str().unwrap().parse::<u32>().unwrap() <= 3_600);
                    assert!(page.has(&format!("value=\"{title}\"")) && page.id() == id, "nothing is lost");
                    told += 1;
                }
                other => panic!("{name}: {other} {}", page.html),
            }
        }
        assert!((least..=most).contains(&taken) && taken + told == 90, "{name}: {taken} taken");
        assert_eq!(taken, slips(&folder).len(), "{name}: each is recorded");
        assert_eq!(bot.stop(), Some(0));
    }
}

/// A program that does not outlive its test.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn whoever_sits_at_the_machine_speaks_with_the_bot_through_its_terminal() {
    let more = "[committee]\nadmins = [\"console:值班员\"]\n\n[console]\nenabled = true\nname = \"值班员\"\n";
    let folder = Folder::new("console", more);
    let mut program = Ended(folder.program().stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap());
    let (mut typing, shown) = (program.0.stdin.take().unwrap(), program.0.stdout.take().unwrap());
    let (said, heard) = mpsc::channel();
    thread::spawn(move || BufReader::new(shown).lines().map_while(Result::ok).try_for_each(|line| said.send(line)));
    let until = |words: &str| {
        let mut seen = String::new();
        while !seen.contains(words) {
            let line = heard.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{words} never came:\n{seen}"));
            seen.push_str(&line);
        }
        seen
    };
    let address = until("listens on http://");
    let mut ask = |line: &str| typing.write_all(line.as_bytes()).unwrap();
    ask("/帮助\n");
    let help = until("/议题");
    assert!(!help.contains('\u{1b}'), "{help}");
    // What the account was given it may do.
    ask("\n  /阵地 委员书吧 桂花书吧 东风路街道 每周三\r\n");
    until("阵地：桂花书吧");
    // A sentence steers no terminal, and bytes that are no text break nothing.
    ask("/议题 \u{1b}[2J路灯\n");
    typing.write_all(b"\xff\xfe\n/\xe5\xb8\xae\xe5\x8a\xa9\n").unwrap();
    assert!(!until("/议题").contains('\u{1b}'));
    // The end of the input ends nothing else.
    drop(typing);
    let address = address.split("http://").nth(1).unwrap().split('/').next().unwrap().to_owned();
    thread::sleep(Duration::from_millis(300));
    let mut line = TcpStream::connect(&address).unwrap();
    write!(line, "GET /healthz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let told = Command::new("kill").args(["-TERM", &program.0.id().to_string()]).status().unwrap();
    assert!(told.success() && program.0.wait().unwrap().success());
    let checked = folder.ask(&["check"]);
    assert!(String::from_utf8_lossy(&checked.stdout).contains("ok    console: who types here is console:值班员"));
    let wrong = Folder::new("console-name", "[console]\nenabled = true\nname = \"a#b\"\n").ask(&[]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("[console] name = “a#b”"), "{wrong:?}");
}

#[test]
fn the_program_names_no_door_outside_their_list() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let read = |path: &str| std::fs::read_to_string(src.join(path)).unwrap();
    let list = read("wiring/mod.rs");
    let listed: Vec<&str> = list.matches("::door(config)").collect();
    let files = std::fs::read_dir(src.join("wiring")).unwrap();
    let doors: BTreeSet<String> = files
        .map(|file| file.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .filter(|name| name != "mod" && name != "people")
        .collect();
    assert_eq!(listed.len(), doors.len(), "one line a door in src/wiring/mod.rs: {doors:?}");
    for path in ["main.rs", "run.rs", "offline.rs", "bot/door.rs", "web/page/station_form.rs"] {
        let text = read(path).to_lowercase();
        let code = text.lines().map(|line| line.split("//").next().unwrap());
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        for line in code {
            let named = line.split(|c| !is_name(c)).find(|word| doors.contains(*word));
            assert!(named.is_none(), "{path} names a door: {line}");
        }
    }
}

/// Nobody is `local:` with nothing behind it, nor on a platform that is not there: said before anybody waits for the roles.
#[test]
fn check_names_administrators_nobody_can_be() {
    let folder = Folder::new("admins", "");
    let config = std::fs::read_to_string(folder.config()).unwrap();
    for (admins, wrong) in
        [("[\"周敏\"]", "begins with its platform"), ("[\"nowhere:周敏\"]", "nowhere"), ("[\"local:周敏\"]", "")]
    {
        let set = if config.contains("[committee]\n") {
            config.replace("[committee]\n", &format!("[committee]\nadmins = {admins}\n"))
        } else {
            format!("[committee]\nadmins = {admins}\n{config}")
        };
        std::fs::write(folder.config(), set).unwrap();
        let check = folder.ask(&["check"]);
        let said = String::from_utf8_lossy(&check.stdout).into_owned();
        let is_named = said.lines().any(|line| line.starts_with("wrong [committee] admins") && line.contains(wrong));
        assert_eq!((is_named, check.status.success()), (!wrong.is_empty(), wrong.is_empty()), "{admins}: {said}");
    }
}

/// Where nothing can be printed the program ends with a plain line, and where nobody reads with none: never with a panic.
#[test]
fn where_nothing_can_be_printed_it_ends_plainly() {
    let folder = Folder::new("unprinted", "");
    let shell = |to: &str| {
        let program = format!("exec {:?} --config {:?} check {to}", env!("CARGO_BIN_EXE_xieshang"), folder.config());
        std::process::Command::new("sh").arg("-c").arg(program).current_dir(folder.path()).output().unwrap()
    };
    for (to, code) in [(">&-", 0), (">/dev/full", 1)] {
        let done = shell(to);
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(code), "{to}: {said}");
        assert!(!said.contains("panicked"), "{to}: {said}");
        assert_eq!(said.contains("failed printing to stdout"), code == 1, "{to}: {said}");
    }
}
