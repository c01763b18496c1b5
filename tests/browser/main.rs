//! 浏览器里走一遍 — a consultation from a resident's form to a counted ballot, and the story in its theatre, in a real browser, on a
//! phone and at a desk.
//!
//! Debian's chromium through chromedriver; without them the tests fail and say what to install. `XIESHANG_SCREENSHOTS=dir`
//! keeps pictures of every stage; those in the README are `7-chat` and `8-story` of the desk.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

#[path = "../support"]
mod support {
    #[allow(dead_code, reason = "each crate of tests uses a part of it")]
    pub mod bot;
    pub mod browser;
}

use serde_json::json;
use std::path::PathBuf;
use support::bot::{Bot, Folder};
use support::browser::{Browser, Screen};

const PHONE: Screen = Screen { width: 390, height: 844, phone: true };
const SMALL: Screen = Screen { width: 360, height: 640, phone: true };
const DESK: Screen = Screen { width: 1280, height: 800, phone: false };

/// The last message in the open chat with these words in it, by this speaker.
const LAST: &str = "const all = [...document.querySelectorAll('[data-testid=msg]')].filter(e => e.dataset.from === arguments[0] && e.dataset.n && e.innerText.includes(arguments[1]));
    return all.length ? {n: all.at(-1).dataset.n, text: all.at(-1).innerText} : null";

/// One person at the page.
struct Visit<'a> {
    browser: &'a Browser,
    bot: &'a Bot,
    screen: Screen,
}

impl Visit<'_> {
    async fn at(&self, who: &str, chat: &str) {
        self.browser.go(&format!("http://{}/?who={who}&chat={chat}", self.bot.address)).await;
        self.browser
            .until(
                "the chat",
                "return document.getElementById('me-name').textContent === arguments[0] && !!document.getElementById('talk-name').textContent",
                &[who],
            )
            .await;
    }

    /// Types a message and sends it: with Enter at a desk, with the button on a phone.
    async fn says(&self, text: &str) {
        let typed = if self.screen.phone { text.to_owned() } else { format!("{text}\u{E007}") };
        self.browser.write("[data-testid=input]", &typed).await;
        if self.screen.phone {
            self.browser.press("[data-testid=send]").await;
        }
    }

    /// Waits for a message; answers with its number and text.
    async fn sees(&self, from: &str, words: &str) -> (String, String) {
        let found = self.browser.until(&format!("“{words}” from {from}"), LAST, &[from, words]).await;
        (found["n"].as_str().unwrap().to_owned(), found["text"].as_str().unwrap().to_owned())
    }

    /// Says something and waits for the bot's answer.
    async fn told(&self, text: &str, words: &str) -> (String, String) {
        self.says(text).await;
        self.sees("bot", words).await
    }

    /// Presses 回复 at a message. On a phone that is a long press.
    async fn replies_to(&self, n: &str, text: &str) {
        let button = format!("#m-{n} [data-testid=reply]");
        if self.screen.phone {
            let long_press = "const box = document.querySelector(arguments[0]); box.scrollIntoView({block: 'center'});
                const at = box.getBoundingClientRect();
                box.dispatchEvent(new PointerEvent('pointerdown', {pointerType: 'touch', clientX: at.x + 9, clientY: at.y + 9, bubbles: true}))";
            self.browser.run(long_press, &[&format!("#m-{n} [data-testid=msg]")]).await;
            self.browser.press("#menu [role=menuitem]").await;
        } else {
            self.browser
                .run("document.querySelector(arguments[0]).scrollIntoView({block: 'center'})", &[&button])
                .await;
            self.browser.press(&button).await;
        }
        self.browser.see("[data-testid=quoting]").await;
        self.says(text).await;
    }

    async fn presses(&self, n: &str, label: &str) {
        let script = "const b = [...document.querySelectorAll(arguments[0])].find(e => e.textContent === arguments[1]); if (b) { b.id = 'wanted'; b.scrollIntoView({block: 'center'}) } return !!b";
        self.browser.until(label, script, &[&format!("#m-{n} [data-testid=btn]"), label]).await;
        self.browser.press("#wanted").await;
    }

    async fn toast(&self, words: &str) {
        let script = "return [...document.querySelectorAll('[data-testid=toast]')].some(e => e.textContent.includes(arguments[0]))";
        self.browser.until(&format!("the toast “{words}”"), script, &[words]).await;
    }

    /// Nothing stands out over the side of the screen.
    async fn fits(&self, stage: &str) {
        let wide = self.browser.run("return document.documentElement.scrollWidth - innerWidth", &[]).await;
        assert!(wide.as_i64().unwrap() <= 0, "{stage}: the page is {wide} pixels too wide");
        let Some(folder) = std::env::var_os("XIESHANG_SCREENSHOTS").map(PathBuf::from) else { return };
        std::fs::create_dir_all(&folder).unwrap();
        let size = if self.screen.phone { "phone" } else { "desk" };
        std::fs::write(folder.join(format!("{size}-{stage}.png")), self.browser.picture().await).unwrap();
    }
}

/// Who one is, is chosen from the list; a private message goes only to its person.
async fn choose(visit: &Visit<'_>) {
    let browser = visit.browser;
    browser.go(&format!("http://{}/", visit.bot.address)).await;
    browser.see("#people[open]").await;
    visit.fits("1-who").await;
    browser.press("[data-testid=\"who-马立军\"]").await;
    browser.until("the list", "return document.getElementById('me-name').textContent === '马立军'", &[]).await;
    browser.press("[data-testid=chat-g_tj]").await;
    let (_, card) = visit.told("/议题 团结村安置房选房顺序怎么排", "点单成功").await;
    assert!(card.contains("【1号】团结村安置房选房顺序怎么排") && card.contains("提出人：马立军"), "{card}");
    // What somebody writes that is no command stays between people.
    visit.says("大家都来看看 <b>不是粗体</b>").await;
    visit.sees("马立军", "<b>不是粗体</b>").await;
    assert_eq!(visit.bot.messages("g_tj", "马立军").await.len(), 3);
}

/// 扫码点单 by a resident, 受理 by the coordinator, 附议 and 买单 by members.
async fn order(visit: &Visit<'_>) {
    let browser = visit.browser;
    visit.at("张桂英", "g_tl").await;
    if visit.screen.phone {
        browser.press("#back").await;
    }
    browser.press("[data-testid=\"station-东风路微协商议事室\"]").await;
    browser.write("[data-testid=title]", "3号楼2单元加装电梯").await;
    browser.write("[data-testid=text]", "我72岁住601，膝盖不好。电话13800000000").await;
    let who = browser.run("return document.querySelector('[data-testid=who]').value", &[]).await;
    assert_eq!(who, json!("张桂英"));
    visit.fits("2-station").await;
    browser.press("[data-testid=submit]").await;
    let shown = browser
        .until("the receipt", "return document.querySelector('[data-testid=receipt-text]')?.innerText ?? null", &[])
        .await;
    assert!(shown.as_str().unwrap().contains("受理号 W1"), "{shown}");
    visit.fits("3-receipt").await;

    visit.at("周敏", "g_df").await;
    visit.told("/群设置 类型=镇街学联组群 镇街=东风路街道", "本群已登记").await;
    visit.at("周敏", "pm").await;
    visit.sees("bot", "扫码点单 W1").await;
    let (_, card) = visit.told("/受理 W1 东风路街道 智力支持型", "点单成功").await;
    assert!(card.contains("【2号】3号楼2单元加装电梯") && !card.contains("13800000000"), "{card}");
    visit.told("/授权 刘芳 主持人 东风路街道", "刘芳 现为主持人").await;

    visit.at("王建国", "g_df").await;
    let (n, _) = visit.sees("bot", "【2号】").await;
    visit.presses(&n, "附议").await;
    visit.toast("已附议【2号】").await;
    visit.sees("bot", "已附议【2号】").await;
    visit.told("/买单 2", "已买单【2号】").await;
    visit.fits("4-taken").await;
}

/// 推进, 绑定, 建议, and a like by answering “+1”.
async fn talk(visit: &Visit<'_>) {
    visit.at("刘芳", "g_df").await;
    visit.told("/推进 2", "多方恳谈").await;
    visit.at("刘芳", "g_tl").await;
    visit.told("/绑定 2", "本群已绑定【2号】").await;
    visit.at("冯丽", "g_tl").await;
    let (n, _) = visit.told("/建议 井道用透明玻璃，少挡一楼的光", "已记建议2-1").await;
    visit.at("张桂英", "g_tl").await;
    visit.replies_to(&n, "+1").await;
    visit.sees("bot", "2-1 已有1个赞").await;
}

/// A vote, and a ballot by button: the presser sees a toast, the group sees only the turnout.
async fn vote(visit: &Visit<'_>) {
    visit.at("刘芳", "g_tl").await;
    let (n, card) = visit.told("/投票 2 摸底 3天 要不要装", "摸底开始：要不要装").await;
    assert!(!card.contains("已投"), "{card}");
    visit.at("张桂英", "g_tl").await;
    let before = visit.bot.counts("张桂英").await;
    visit.presses(&n, "赞成").await;
    visit.toast("已记").await;
    visit.toast("赞成").await;
    let turnout = "return document.querySelector(arguments[0])?.innerText.includes(arguments[1]) ?? false";
    let bubble = format!("#m-{n} [data-testid=msg]");
    visit.browser.until("the turnout on the card", turnout, &[&bubble, "已投1人"]).await;
    assert_eq!(visit.bot.counts("张桂英").await, before, "a ballot by button made a message");
    let page = visit.browser.run("return document.getElementById('messages').innerText", &[]).await;
    assert!(!page.as_str().unwrap().contains("已记：张桂英"), "the choice stands in the group");
    visit.fits("5-vote").await;

    // Somebody else sees the turnout, too, and not the toast.
    visit.at("李德福", "g_tl").await;
    visit.browser.until("the turnout for others", turnout, &[&bubble, "已投1人"]).await;
    visit.at("张桂英", "pm").await;
    let (_, own) = visit.told("我", "【2号】").await;
    assert!(own.contains("赞成"), "{own}");
}

/// 日报 as a preview, in the members' group.
async fn digest(visit: &Visit<'_>) {
    visit.at("马立军", "g_wy").await;
    let (_, paper) = visit.told("/日报", "每日微协商").await;
    for line in ["团结村安置房选房顺序怎么排", "3号楼2单元加装电梯", "井道用透明玻璃"] {
        assert!(paper.contains(line), "{line} is missing in\n{paper}");
    }
    assert!(!paper.contains("赞成1"), "{paper}");
    visit.fits("6-digest").await;
    if !visit.screen.phone {
        visit.at("张桂英", "g_tl").await;
        visit.sees("bot", "摸底开始").await;
        visit.fits("7-chat").await;
    }
}

/// What is printed and put up: the topic, its code and its notice, and the code of a station registered just now.
async fn posters(visit: &Visit<'_>) {
    let (browser, bot) = (visit.browser, visit.bot);
    visit.at("刘芳", "g_tl").await;
    visit.told("/活动 邻里恳谈会 每周六9:30 东风路微协商议事室", "已定每周活动").await;
    visit.at("周敏", "pm").await;
    let registered = "/阵地 委员书吧 桂花书吧 东风路街道 每周三 地址=桂花路8号";
    let (_, card) = visit.told(registered, "阵地：桂花书吧").await;
    let code = card.split("/s/").nth(1).unwrap().split_whitespace().next().unwrap();
    let (_, ready) = visit.told("/导出 2", "台账已生成").await;
    let token = ready.split("/x/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    let table = bot.get(&format!("/x/{token}")).await.text().await.unwrap();
    assert!(table.contains("井道用透明玻璃") && !table.contains("13800000000"), "{table}");
    for (path, stage, words) in [
        ("/t/2".to_owned(), "10-topic", "井道用透明玻璃"),
        ("/t/2/qr".to_owned(), "11-code", "3号楼2单元加装电梯"),
        (format!("/s/{code}/qr"), "12-station-code", "星期三"),
    ] {
        browser.go(&format!("http://{}{path}", bot.address)).await;
        let page = browser.run("return document.querySelector('main').innerText", &[]).await;
        assert!(page.as_str().unwrap().contains(words), "{path}: {page}");
        let code =
            browser.run("return document.querySelector('svg.code')?.getBoundingClientRect().width ?? 0", &[]).await;
        assert!(stage == "10-topic" || code.as_f64().unwrap() >= 240.0, "{path}: a code of {code} pixels");
        visit.fits(stage).await;
    }
    // The code leads to the form.
    browser.go(&format!("http://{}/s/{code}", bot.address)).await;
    browser.see("[data-testid=submit]").await;
}

/// Keys as WebDriver names them.
const ARROW_RIGHT: &str = "\u{E014}";
const ESCAPE: &str = "\u{E00C}";
/// How many messages of the story stand there.
const SHOWN: &str = "return document.querySelectorAll('[data-testid=story-msg]').length";
/// From here on the next message comes when the test says so; other timers, the driver's among them, are left alone.
const HOLD_TIME: &str = "window.rings = [];
    const [set, clear] = [window.setTimeout, window.clearTimeout];
    window.setTimeout = (act, ms) => act.name === 'next' ? -window.rings.push({act, ms, live: true}) : set(act, ms);
    window.clearTimeout = n => { if (n < 0) window.rings[-n - 1].live = false; else clear(n) };
    return true";
/// The pause that is running, in milliseconds.
const PAUSE: &str = "return window.rings.filter(r => r.live).at(-1)?.ms ?? null";
/// Lets it end.
const RING: &str =
    "const ring = window.rings.filter(r => r.live).at(-1); if (!ring) return null; ring.live = false; ring.act();
    return [...document.querySelectorAll('[data-testid=story-msg]')].at(-1).textContent.length";

impl Visit<'_> {
    async fn shown(&self) -> i64 {
        self.browser.run(SHOWN, &[]).await.as_i64().unwrap()
    }

    async fn theatre_is(&self, state: &str) {
        let script = "return document.getElementById('theatre').dataset.state === arguments[0]";
        self.browser.until(&format!("the theatre {state}"), script, &[state]).await;
    }
}

/// 播放故事: it goes by itself, stands still, goes on faster, and can be gone through by hand.
async fn play(visit: &Visit<'_>, opener: &str) {
    let browser = visit.browser;
    browser.press(opener).await;
    let title = browser.until("the title", "return document.querySelector('#theatre[open] h2')?.innerText", &[]).await;
    assert_eq!(title, json!("演示 · 不是真的群"));
    let some = format!("{SHOWN} >= 2");
    browser.until("the first messages, by themselves", &some, &[]).await;
    browser.key(" ").await;
    visit.theatre_is("paused").await;
    browser.run(HOLD_TIME, &[]).await;

    let before = visit.shown().await;
    browser.press("[data-testid=story-next]").await;
    browser.key(ARROW_RIGHT).await;
    assert_eq!(visit.shown().await, before + 2);
    assert_eq!(browser.run(PAUSE, &[]).await, json!(null), "it stands still until somebody goes on");
    browser.press("[data-testid=story-pause]").await;
    visit.theatre_is("playing").await;
    let single = browser.run(PAUSE, &[]).await.as_f64().unwrap();
    browser.press("[data-testid=story-speed]").await;
    browser.key("f").await;
    let fast = browser.run(PAUSE, &[]).await.as_f64().unwrap();
    assert!(fast > 0.0 && fast <= single / 4.0 + 1.0, "{single} ms at single speed, {fast} at four times");
    let label = browser.run("return document.getElementById('story-speed').innerText", &[]).await;
    assert_eq!(label, json!("快一点 ×4"));
}

/// Rings through the first day; what is longer stands longer.
async fn first_day(visit: &Visit<'_>) {
    let browser = visit.browser;
    let mut pauses: Vec<(i64, f64)> = Vec::new();
    let days = "return document.querySelectorAll('.story-day').length";
    while browser.run(days, &[]).await == json!(1) {
        let length = browser.run(RING, &[]).await.as_i64().expect("a pause is running");
        pauses.extend(browser.run(PAUSE, &[]).await.as_f64().map(|pause| (length, pause)));
        if pauses.len() == 16 {
            browser.until("it stands still", "return document.getAnimations().length === 0", &[]).await;
            visit.fits("8-story").await;
        }
        assert!(pauses.len() < 200, "the first day does not end");
    }
    assert!(pauses.iter().all(|&(_, pause)| (225.0..=3_000.0).contains(&pause)), "{pauses:?}");
    let longest = |among: &[(i64, f64)]| among.iter().map(|&(_, pause)| pause).fold(0.0, f64::max);
    let (short, long): (Vec<_>, Vec<_>) = pauses.into_iter().partition(|&(length, _)| length < 40);
    assert!(!short.is_empty() && longest(&short) < longest(&long));
    let folded = browser.run("return document.querySelectorAll('.story-more').length", &[]).await;
    assert!(folded.as_i64().unwrap() >= 3, "the digests of the other groups can be opened");
}

/// To the end by hand, and everything that was said stands there; then from the beginning, and out.
async fn to_the_end(visit: &Visit<'_>) {
    let browser = visit.browser;
    let steps = "for (let n = 0; n < 1000 && !document.querySelector('[data-testid=story-end]'); n += 1) document.getElementById('story-next').click();
        return document.getElementById('theatre-log').textContent";
    let all = browser.run(steps, &[]).await;
    let all = all.as_str().unwrap();
    visit.theatre_is("end").await;
    let story: serde_json::Value = visit.bot.get("/chat/story").await.json().await.unwrap();
    let scenes = story["scenes"].as_array().unwrap();
    let letters: Vec<&str> = scenes
        .iter()
        .flat_map(|scene| scene["received"].as_array().unwrap())
        .map(|letter| letter["text"].as_str().unwrap())
        .collect();
    assert!(letters.len() > 50 && letters.iter().any(|text| text.contains("摸底结果：赞成6")), "{letters:#?}");
    for text in letters {
        assert!(all.contains(text), "nobody saw:\n{text}");
    }
    for words in ["刘芳和协商助手的私聊", "3月9日星期日", "委员认领一件事，任牵头委员", "38″"]
    {
        assert!(all.contains(words), "{words} is missing in\n{all}");
    }
    let intro = browser.run("return document.querySelector('.story-intro').innerText", &[]).await;
    let minutes =
        intro.as_str().unwrap().split("慢慢放完约").nth(1).and_then(|rest| rest.split("分钟").next()?.parse().ok());
    assert!(minutes.is_some_and(|minutes: u32| (2..=20).contains(&minutes)), "a quarter of an hour: {intro}");
    visit.fits("9-story-end").await;
    let wide = "const log = document.getElementById('theatre-log'); return log.scrollWidth - log.clientWidth";
    assert!(browser.run(wide, &[]).await.as_i64().unwrap() <= 0, "the story is too wide");

    browser.press("[data-testid=story-again]").await;
    visit.theatre_is("playing").await;
    assert_eq!(visit.shown().await, 0);
    if visit.screen.phone {
        browser.press("[data-testid=story-exit]").await;
    } else {
        browser.key(ESCAPE).await;
    }
    visit.theatre_is("closed").await;
    let shown = browser.run("return document.getElementById('theatre').getClientRects().length", &[]).await;
    assert_eq!(shown, json!(0));
}

async fn show(screen: Screen, name: &str) {
    let folder = Folder::new(name, "");
    let bot = Bot::start(&folder);
    let browser = Browser::open(screen, folder.path()).await;
    let visit = Visit { browser: &browser, bot: &bot, screen };
    // Whoever comes for the first time is offered it before choosing a name; later it stands under the list.
    let opener = if screen.phone {
        browser.go(&format!("http://{}/", bot.address)).await;
        "#people[open] [data-testid=story-first]"
    } else {
        visit.at("张桂英", "g_tl").await;
        "[data-testid=story-open]"
    };
    play(&visit, opener).await;
    first_day(&visit).await;
    to_the_end(&visit).await;
    browser.see(if screen.phone { "#people[open]" } else { "[data-testid=input]" }).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new(), "the page complains");
    for group in ["g_wy", "g_df", "g_tl", "pm"] {
        assert!(bot.messages(group, "周敏").await.is_empty(), "the story left something in {group}");
    }
    assert_eq!(folder.records().len(), 2, "only the fixtures and the time zone are recorded");
    browser.close().await;
    assert_eq!(bot.stop(), Some(0));
}

#[tokio::test]
async fn the_story_is_played_on_a_small_phone() {
    show(SMALL, "story-phone").await;
}

#[tokio::test]
async fn the_story_is_played_at_a_desk() {
    show(DESK, "story-desk").await;
}

async fn walk(screen: Screen, name: &str) {
    let folder = Folder::new(name, "[committee]\npublic_url = \"https://xs.example\"\n");
    let bot = Bot::start(&folder);
    let browser = Browser::open(screen, folder.path()).await;
    let visit = Visit { browser: &browser, bot: &bot, screen };
    choose(&visit).await;
    order(&visit).await;
    talk(&visit).await;
    vote(&visit).await;
    digest(&visit).await;
    posters(&visit).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new(), "the page complains");
    bot.is_well().await;
    browser.close().await;
    assert_eq!(bot.stop(), Some(0));
}

#[tokio::test]
async fn a_consultation_goes_from_a_form_to_a_counted_ballot_on_a_phone() {
    walk(PHONE, "phone").await;
}

#[tokio::test]
async fn a_consultation_goes_from_a_form_to_a_counted_ballot_at_a_desk() {
    walk(DESK, "desk").await;
}
