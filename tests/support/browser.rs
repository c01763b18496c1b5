//! 浏览器 — Debian's chromium through chromedriver: as much of WebDriver as a person's hands and eyes need.

use super::bot::{LOOK, PATIENCE};
use reqwest::Client;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

const INSTALL: &str =
    "the browser tests need it; install with: apt-get install -y chromium chromium-driver fonts-noto-cjk";
/// The name under which WebDriver hands out elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Size of the screen, and whether it is a phone's.
#[derive(Debug, Clone, Copy)]
pub struct Screen {
    /// Width in CSS pixels.
    pub width: u32,
    /// Height.
    pub height: u32,
    /// Touch, pixel ratio and user agent of a phone.
    pub phone: bool,
}

/// Hands and eyes at one screen.
pub struct Browser {
    driver: Child,
    client: Client,
    session: String,
    profile: PathBuf,
}

/// Something on the page.
pub struct Thing(String);

impl Browser {
    /// Opens a browser. Fails with what to install if there is none.
    pub async fn open(screen: Screen, folder: &Path) -> Self {
        let found = Command::new("chromium").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        assert!(found.is_ok_and(|status| status.success()), "chromium is missing; {INSTALL}");
        let log = std::fs::File::create(folder.join("chromedriver.log")).unwrap();
        let driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn();
        let mut driver = driver.unwrap_or_else(|error| panic!("chromedriver is missing ({error}); {INSTALL}"));
        let port = BufReader::new(driver.stdout.take().unwrap()).lines().find_map(|line| {
            line.unwrap().split_once("started successfully on port ")?.1.trim_end_matches('.').parse::<u16>().ok()
        });
        let base = format!("http://127.0.0.1:{}/session", port.expect("chromedriver names its port"));
        let profile = folder.join("profile");
        let client = Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        let mut browser = Self { driver, client, session: base, profile };
        let made = browser.call("", &browser.capabilities(screen)).await.unwrap_or_else(|error| panic!("{error}"));
        let id = made["sessionId"].as_str().unwrap_or_else(|| panic!("no session: {made}")).to_owned();
        browser.session = format!("{}/{id}", browser.session);
        if !screen.phone {
            // The window's own frame takes no part of the height.
            let metrics =
                json!({ "width": screen.width, "height": screen.height, "deviceScaleFactor": 1, "mobile": false });
            let command = json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": metrics });
            browser.call("/goog/cdp/execute", &command).await.unwrap();
        }
        browser
    }

    fn capabilities(&self, screen: Screen) -> Value {
        let flags = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--no-proxy-server",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--lang=zh-CN",
            "--hide-scrollbars",
        ];
        let mut flags: Vec<String> = flags.iter().map(|&flag| flag.to_owned()).collect();
        flags.push(format!("--user-data-dir={}", self.profile.display()));
        flags.push(format!("--window-size={},{}", screen.width, screen.height));
        let mut options = json!({ "args": flags, "prefs": { "intl.accept_languages": "zh-CN,zh" } });
        if screen.phone {
            options["mobileEmulation"] = json!({
                "deviceMetrics": { "width": screen.width, "height": screen.height, "pixelRatio": 2, "touch": true, "mobile": true },
                "clientHints": { "platform": "Android", "mobile": true },
            });
        }
        json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL" },
            "timeouts": { "implicit": 0, "pageLoad": 30_000, "script": 10_000 },
        } } })
    }

    /// One command; `Err` is what the driver says against it.
    async fn call(&self, path: &str, body: &Value) -> Result<Value, String> {
        let request = self.client.post(format!("{}{path}", self.session)).json(body);
        let answer = request.send().await.map_err(|error| error.to_string())?;
        let is_well = answer.status().is_success();
        let mut answer: Value = answer.json().await.map_err(|error| error.to_string())?;
        if is_well { Ok(answer["value"].take()) } else { Err(answer["value"]["message"].to_string()) }
    }

    /// Goes to an address.
    pub async fn go(&self, url: &str) {
        self.call("/url", &json!({ "url": url })).await.unwrap();
    }

    /// Runs a script and answers with what it returns.
    pub async fn run(&self, script: &str, arguments: &[&str]) -> Value {
        self.call("/execute/sync", &json!({ "script": script, "args": arguments })).await.unwrap()
    }

    /// Whether there is something of this kind that can be seen.
    async fn find(&self, css: &str) -> Option<Thing> {
        let script = "const all = [...document.querySelectorAll(arguments[0])]; return all.find(e => e.offsetParent !== null || e.getClientRects().length) ?? null";
        let found = self.call("/execute/sync", &json!({ "script": script, "args": [css] })).await.ok()?;
        Some(Thing(found[ELEMENT].as_str()?.to_owned()))
    }

    /// Waits until something of this kind can be seen.
    pub async fn see(&self, css: &str) -> Thing {
        let since = Instant::now();
        loop {
            if let Some(thing) = self.find(css).await {
                return thing;
            }
            if since.elapsed() > PATIENCE {
                let page = self.run("return document.body.innerText", &[]).await;
                panic!("nobody sees {css} on this page:\n{}", page.as_str().unwrap_or_default());
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits until a script answers with something; `false` and `null` are not yet something.
    pub async fn until(&self, what: &str, script: &str, arguments: &[&str]) -> Value {
        let since = Instant::now();
        loop {
            let found = self.run(script, arguments).await;
            if !found.is_null() && found != json!(false) {
                return found;
            }
            if since.elapsed() > PATIENCE {
                let page = self.run("return document.body.innerText", &[]).await;
                panic!("waited in vain for {what}; the page says:\n{}", page.as_str().unwrap_or_default());
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits until something can be seen, then presses it as a person would: what lies under something else refuses.
    pub async fn press(&self, css: &str) {
        let since = Instant::now();
        loop {
            let thing = self.see(css).await;
            match self.call(&format!("/element/{}/click", thing.0), &json!({})).await {
                Ok(_) => return,
                Err(why) => assert!(since.elapsed() < PATIENCE, "{css} cannot be pressed: {why}"),
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Types into a field, in place of what stands there.
    pub async fn write(&self, css: &str, text: &str) {
        let thing = self.see(css).await;
        self.call(&format!("/element/{}/clear", thing.0), &json!({})).await.unwrap();
        self.call(&format!("/element/{}/value", thing.0), &json!({ "text": text })).await.unwrap();
    }

    /// Presses a key, wherever the focus is.
    pub async fn key(&self, key: &str) {
        let strokes = json!([{ "type": "keyDown", "value": key }, { "type": "keyUp", "value": key }]);
        let hands = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": strokes }] });
        self.call("/actions", &hands).await.unwrap();
    }

    /// A picture of what is seen, as PNG.
    pub async fn picture(&self) -> Vec<u8> {
        let answer = self.client.get(format!("{}/screenshot", self.session)).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        unbase64(answer["value"].as_str().unwrap())
    }

    /// What the page complained about on its console.
    pub async fn complaints(&self) -> Vec<String> {
        let lines = self.call("/se/log", &json!({ "type": "browser" })).await.unwrap();
        let lines = lines.as_array().cloned().unwrap_or_default();
        lines.iter().filter(|line| line["level"] == "SEVERE").map(|line| line["message"].to_string()).collect()
    }

    /// Closes the browser and the driver.
    pub async fn close(self) {
        let _ = self.client.delete(&self.session).send().await;
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

fn unbase64(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut held, mut bits) = (0_u32, 0);
    for c in text.bytes() {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        held = held << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    bytes
}
