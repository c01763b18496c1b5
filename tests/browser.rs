//! 浏览器里走一遍 — a consultation from a resident's form to a counted ballot, in a real browser, on a phone and at a desk.
//!
//! Debian's chromium through chromedriver; without them the tests fail and say what to install. `XIESHANG_SCREENSHOTS=dir`
//! keeps pictures of every stage; the one in the README is `chat.png` of the desk.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod support;

use serde_json::json;
use std::path::PathBuf;
use support::bot::{Bot, Folder};
use support::browser::{Browser, Screen};

const PHONE: Screen = Screen { width: 390, height: 844, phone: true };
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
    visit.toast("已收到").await;
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

async fn walk(screen: Screen, name: &str) {
    let folder = Folder::new(name, "");
    let bot = Bot::start(&folder);
    let browser = Browser::open(screen, folder.path()).await;
    let visit = Visit { browser: &browser, bot: &bot, screen };
    choose(&visit).await;
    order(&visit).await;
    talk(&visit).await;
    vote(&visit).await;
    digest(&visit).await;
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
