//! 真机 — the real program, started as people start it, on a folder of its own, and its doors.

use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Longest wait for anything that must happen.
/// A busy group reads what waits when its minute ends.
pub const PATIENCE: Duration = Duration::from_secs(90);
/// How often it is looked for.
pub const LOOK: Duration = Duration::from_millis(25);

static NUMBER: AtomicU64 = AtomicU64::new(0);

/// A fresh id, as a browser makes one.
pub fn new_id() -> String {
    format!("test-{:08}-{}", NUMBER.fetch_add(1, Ordering::Relaxed), std::process::id())
}

/// A temporary folder with the configuration and the data of one program.
pub struct Folder(PathBuf);

impl Folder {
    /// Makes one. `more` is added to the configuration.
    pub fn new(name: &str, more: &str) -> Self {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("xieshang-{name}-{}-{number}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        let folder = Self(path);
        let data = folder.data();
        // Twelve hours from now: no digest and no quiet hour comes in between, whenever the tests run.
        let far = xieshang::bot::clock::machine()().with_timezone(&chrono_tz::Asia::Shanghai).time()
            + chrono::TimeDelta::hours(12);
        let (far, later) = (far.format("%H:%M"), (far + chrono::TimeDelta::minutes(1)).format("%H:%M"));
        let text = format!(
            "[data]\npath = {data:?}\n\n[web]\nlisten = \"127.0.0.1:0\"\n\n\
             [digest]\nat = \"{far}\"\nquiet = [\"{far}\", \"{later}\"]\n\n{more}"
        );
        std::fs::write(folder.config(), text).unwrap();
        folder
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The configuration.
    pub fn config(&self) -> PathBuf {
        self.0.join("config.toml")
    }

    /// The data.
    pub fn data(&self) -> PathBuf {
        self.0.join("data")
    }

    /// What all programs on this folder have logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.0.join("log")).unwrap_or_default()
    }

    /// The program with this configuration, not yet started.
    pub fn program(&self) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_xieshang"));
        program.arg("--config").arg(self.config()).current_dir(&self.0).stdin(Stdio::null());
        program
    }

    /// Runs the program with these arguments to its end; one that goes on is ended after a while and has no exit code.
    pub fn ask(&self, arguments: &[&str]) -> Output {
        let asked = self.program().args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let number = asked.id().to_string();
        let (done, ended) = std::sync::mpsc::channel::<()>();
        let watch = std::thread::spawn(move || {
            if ended.recv_timeout(PATIENCE).is_err_and(|why| why == std::sync::mpsc::RecvTimeoutError::Timeout) {
                let _ = Command::new("kill").args(["-KILL", &number]).status();
            }
        });
        let output = asked.wait_with_output().unwrap();
        drop(done);
        watch.join().unwrap();
        output
    }

    /// The records of the ledger as they lie on disk, headers left out.
    pub fn records(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.data().join("ledger/ledger.jsonl")).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .filter(|line: &Value| line.get("facts").is_some())
            .collect()
    }

    /// Everything in the vault, as it lies on disk.
    pub fn vault(&self) -> String {
        let mut all = String::new();
        for file in std::fs::read_dir(self.data().join("ledger/vault")).unwrap() {
            all.push_str(&std::fs::read_to_string(file.unwrap().path()).unwrap());
        }
        all
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("kept for a look: {}", self.0.display());
        } else {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

/// A running program.
pub struct Bot {
    child: Child,
    /// Kept open: a program that cannot print ends.
    _stdout: BufReader<ChildStdout>,
    /// Host and port.
    pub address: String,
    client: Client,
}

impl Bot {
    /// Starts the program and waits until it says where it listens.
    pub fn start(folder: &Folder) -> Self {
        Self::start_with(folder, "info")
    }

    /// The same with a log level.
    pub fn start_with(folder: &Folder, level: &str) -> Self {
        Self::started(folder, folder.program().env("XIESHANG_LOG", level))
    }

    /// The same with so many descriptors and no more.
    pub fn start_with_descriptors(folder: &Folder, most: u32) -> Self {
        let program = folder.program();
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("ulimit -n {most}; exec \"$@\""), "sh"]).arg(program.get_program());
        shell.args(program.get_args()).current_dir(folder.path()).stdin(Stdio::null()).env("XIESHANG_LOG", "info");
        Self::started(folder, &mut shell)
    }

    fn started(folder: &Folder, program: &mut Command) -> Self {
        let log = std::fs::File::options().create(true).append(true).open(folder.path().join("log")).unwrap();
        let mut child = program.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next());
        let address = address.unwrap_or_else(|| panic!("it does not listen: {line}\n{}", folder.log())).to_owned();
        let client = Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        Self { child, _stdout: stdout, address, client }
    }

    /// Number of the process.
    pub fn number(&self) -> u32 {
        self.child.id()
    }

    /// kill -9 while others still hold it.
    pub fn shoot(&self) {
        let shot = Command::new("kill").args(["-KILL", &self.child.id().to_string()]).status().unwrap();
        assert!(shot.success());
    }

    /// kill -9.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM; answers with the exit code.
    pub fn stop(mut self) -> Option<i32> {
        self.terminate();
        self.ended()
    }

    /// SIGTERM, without waiting.
    pub fn terminate(&self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
    }

    /// Waits for the end; answers with the exit code.
    pub fn ended(&mut self) -> Option<i32> {
        let since = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(since.elapsed() < PATIENCE, "it does not end");
            std::thread::sleep(LOOK);
        }
    }

    /// Asks for a page.
    pub async fn get(&self, path: &str) -> Response {
        self.asked(path).await.unwrap()
    }

    /// Asks for a page; a connection that breaks is an error.
    pub async fn asked(&self, path: &str) -> reqwest::Result<Response> {
        self.client.get(format!("http://{}{path}", self.address)).send().await
    }

    /// Posts JSON; a connection that breaks is an error.
    pub async fn post(&self, path: &str, body: &Value) -> reqwest::Result<Response> {
        self.client.post(format!("http://{}{path}", self.address)).json(body).send().await
    }

    /// Posts JSON and expects `{"ok":true}`.
    pub async fn accepted(&self, path: &str, body: &Value) -> Value {
        let answer = self.post(path, body).await.unwrap();
        let status = answer.status();
        let answer: Value = answer.json().await.unwrap();
        assert_eq!((status, &answer["ok"]), (StatusCode::OK, &json!(true)), "{body} → {answer}");
        answer
    }

    /// Says something; answers with the number of the message.
    pub async fn say(&self, chat: &str, who: &str, text: &str) -> u64 {
        let answer =
            self.accepted("/chat/say", &json!({ "chat": chat, "who": who, "text": text, "id": new_id() })).await;
        answer["n"].as_u64().unwrap()
    }

    /// Says something and waits for what the bot says next in that chat.
    pub async fn told(&self, chat: &str, who: &str, text: &str) -> Value {
        let n = self.say(chat, who, text).await;
        self.heard(chat, who, |message| message["from"] == "bot" && message["n"].as_u64() > Some(n)).await
    }

    /// Waits for a message in a chat.
    pub async fn heard(&self, chat: &str, who: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let since = Instant::now();
        loop {
            let messages = self.messages(chat, who).await;
            if let Some(found) = messages.iter().find(|message| wanted(message)) {
                return found.clone();
            }
            assert!(since.elapsed() < PATIENCE, "nothing of the kind in {chat} of {who}: {messages:#?}");
            tokio::time::sleep(LOOK).await;
        }
    }

    /// The latest messages of a chat.
    pub async fn messages(&self, chat: &str, who: &str) -> Vec<Value> {
        let page: Value = self.get(&format!("/chat/history?chat={chat}&who={who}")).await.json().await.unwrap();
        page["messages"].as_array().unwrap_or_else(|| panic!("{chat} {who}: {page}")).clone()
    }

    /// How many messages there ever were in each chat somebody sees.
    pub async fn counts(&self, who: &str) -> Vec<(String, u64)> {
        let page: Value = self.get(&format!("/chat/state?who={who}")).await.json().await.unwrap();
        let chats = page["chats"].as_array().unwrap();
        chats.iter().map(|chat| (chat["id"].as_str().unwrap().to_owned(), chat["count"].as_u64().unwrap())).collect()
    }

    /// Sends exactly these bytes and answers with the status and everything that came back.
    pub fn raw(&self, head: &str, body: &[u8]) -> (u16, String) {
        let mut line = TcpStream::connect(&self.address).unwrap();
        line.set_read_timeout(Some(PATIENCE)).unwrap();
        let head = head.replace("{host}", &self.address).replace("{length}", &body.len().to_string());
        line.write_all(head.replace('\n', "\r\n").as_bytes()).unwrap();
        // A door that was shut early is an answer, too.
        let _ = line.write_all(body);
        let mut answer = Vec::new();
        let _ = line.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        (status, answer)
    }

    /// It answers that it can take a vote.
    pub async fn is_well(&self) {
        let answer = self.get("/healthz").await;
        assert_eq!((answer.status(), answer.text().await.unwrap().as_str()), (StatusCode::OK, "ok\n"));
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
