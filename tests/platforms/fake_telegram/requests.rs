//! Requests: what the specification allows, and texts as Telegram reads them.

use super::telegram::html;
use super::{House, TOKEN, house};
use serde_json::{Value, json};

fn message(chat: i64, text: &str) -> Value {
    json!({"chat_id": chat, "text": text})
}

fn html_message(chat: i64, text: &str) -> Value {
    json!({"chat_id": chat, "text": text, "parse_mode": "HTML"})
}

fn with_button(chat: i64, button: Value) -> Value {
    json!({"chat_id": chat, "text": "选", "reply_markup": {"inline_keyboard": [[button]]}})
}

#[tokio::test]
async fn methods_are_found_in_any_case_and_parameters_in_any_form() {
    let house = house();
    let zhang = house.person("张桂英");
    for name in ["sendMessage", "SendMessage", "SENDMESSAGE"] {
        house.ok(name, json!({"chat_id": zhang, "text": "在", "parse_mode": null})).await;
    }
    let get = format!("{}?chat_id={zhang}&text=%E5%9C%A8+%E5%90%97", house.address("sendMessage"));
    let answer: Value = house.http.get(get).send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["result"]["text"], "在 吗");
    let keyboard = r#"{"inline_keyboard":[[{"text":"好","callback_data":"v:1"}]]}"#;
    let form = [("chat_id", zhang.to_string()), ("text", "表".to_owned()), ("reply_markup", keyboard.to_owned())];
    let answer = house.http.post(house.address("sendMessage")).form(&form).send().await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(answer["result"]["reply_markup"]["inline_keyboard"][0][0]["callback_data"], "v:1");
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n{zhang}\r\n--b\r\nContent-Disposition: form-data; \
         name=\"document\"; filename=\"纪要.txt\"\r\nContent-Type: text/plain\r\n\r\n一二三\r\n--b--\r\n"
    );
    let post = house.http.post(house.address("sendDocument")).body(body);
    let answer = post.header("content-type", "multipart/form-data; boundary=b").send().await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(answer["result"]["document"]["file_name"], "纪要.txt", "{answer}");
    assert_eq!(answer["result"]["document"]["file_size"], 9);
    assert_eq!(house.fake.read(zhang).len(), 6);
    house.fake.assert_clean();
}

#[tokio::test]
async fn what_the_specification_does_not_allow_is_refused_and_noted() {
    let house = house();
    let zhang = house.person("张桂英");
    let cases = [
        ("sendMessage", json!({"chat_id": zhang, "text": "在", "txt": 1}), "txt is not a field"),
        ("sendMessage", json!({"chat_id": zhang}), "text is missing"),
        ("sendMessage", json!({"chat_id": zhang, "text": null}), "text is missing"),
        ("sendMessage", json!({"chat_id": zhang, "text": 7}), "must be a string"),
        ("sendMessage", json!({"chat_id": [zhang], "text": "在"}), "chat_id must be"),
        ("sendMessage", json!({"chat_id": zhang, "text": "在", "message_thread_id": 1.5}), "must be an integer"),
        ("sendMessage", json!({"chat_id": zhang, "text": "在", "disable_notification": "x"}), "true or false"),
        ("sendMessage", json!({"chat_id": zhang, "text": "在", "reply_parameters": {"message_id": "1"}}), "an integer"),
        (
            "sendMessage",
            json!({"chat_id": zhang, "text": "在", "reply_parameters": {"message_id": 1, "x": 1}}),
            "x is not",
        ),
        ("sendMessage", with_button(zhang, json!({"text": "好", "data": "v"})), "data is not a field"),
        ("sendMessage", with_button(zhang, json!({"text": "好"})), "exactly one thing"),
        (
            "sendMessage",
            with_button(zhang, json!({"text": "好", "callback_data": "v", "url": "https://a.b"})),
            "one thing",
        ),
        ("sendMessage", with_button(zhang, json!({"text": "好", "callback_data": ""})), "it must be 1-64"),
        (
            "sendMessage",
            with_button(zhang, json!({"text": "好", "callback_data": "票".repeat(22)})),
            "is 66, it must be 1-64",
        ),
        (
            "sendMessage",
            with_button(zhang, json!({"text": "好", "callback_data": "v".repeat(65)})),
            "is 65, it must be 1-64",
        ),
        (
            "sendMessage",
            json!({"chat_id": zhang, "text": "在", "parse_mode": "MarkdownV2"}),
            "not supported by the fake",
        ),
        ("sendMessage", json!({"chat_id": zhang, "text": "在", "parse_mode": "BBCode"}), "unsupported parse_mode"),
        (
            "answerCallbackQuery",
            json!({"callback_query_id": "1", "text": "长".repeat(201)}),
            "is 201, it must be 0-200",
        ),
        ("setMyCommands", json!({"commands": [{"command": "Vote", "description": "投票"}]}), "not allowed"),
        ("setMyCommands", json!({"commands": [{"command": "投票", "description": "投票"}]}), "not allowed"),
        ("setMyCommands", json!({"commands": [{"command": "v".repeat(33), "description": "投票"}]}), "is 33"),
        ("setMyCommands", json!({"commands": [{"command": "vote", "description": ""}]}), "it must be 1-256"),
        ("setMyCommands", json!({"commands": [{"command": "vote", "description": "长".repeat(257)}]}), "is 257"),
        ("setMyCommands", json!({"commands": vec![json!({"command": "v", "description": "v"}); 101]}), "is 101"),
        ("setMyCommands", json!({"commands": [], "language_code": "zh-CN"}), "two-letter"),
        ("setMyCommands", json!({"commands": [], "scope": {"type": "everywhere"}}), "must be one of"),
        ("setMyCommands", json!({"commands": [], "scope": {"type": "chat"}}), "chat_id is missing"),
        ("getUpdates", json!({"limit": 101}), "is 101, it must be 1-100"),
        ("getUpdates", json!({"limit": 0}), "is 0, it must be 1-100"),
        ("setWebhook", json!({"url": "https://a.b/", "max_connections": 101}), "it must be 1-100"),
        ("setWebhook", json!({"url": "https://a.b/", "secret_token": "a b"}), "not allowed"),
        ("setWebhook", json!({"url": "ftp://a.b/"}), "HTTPS"),
        ("sendPoll", json!({"chat_id": zhang, "question": "问".repeat(301), "options": [{"text": "一"}]}), "is 301"),
        ("sendPoll", json!({"chat_id": zhang, "question": "问", "options": vec![json!({"text": "一"}); 13]}), "is 13"),
        ("sendPoll", json!({"chat_id": zhang, "question": "问", "options": [{"text": "一".repeat(101)}]}), "is 101"),
        (
            "sendPoll",
            json!({"chat_id": zhang, "question": "问", "options": [{"text": "一"}], "open_period": 4}),
            "is 4",
        ),
        ("editMessageText", json!({"text": "在"}), "identifier is not specified"),
    ];
    for (method, params, says) in cases {
        house.violates(method, params, says).await;
    }
    let (code, _) = house
        .refused("sendVenue", json!({"chat_id": zhang, "latitude": 1, "longitude": 1.5, "title": "a", "address": "b"}))
        .await;
    assert_eq!(code, 501);
    house.violates("sendVenue", json!({"chat_id": zhang}), "is missing").await;
    let unknown = house.http.post(house.address("sendMesage")).send().await.unwrap();
    assert_eq!(unknown.status(), 404);
    assert!(house.fake.violations().last().unwrap().starts_with("sendMesage"));
    let broken = house.http.post(house.address("sendMessage")).header("content-type", "application/json").body("{");
    assert_eq!(broken.send().await.unwrap().status(), 400);
    assert!(house.fake.violations().last().unwrap().contains("can't parse JSON"));
    assert!(house.fake.messages(zhang).is_empty(), "nothing of it was done");
}

#[tokio::test]
async fn what_is_just_within_the_limits_goes_through() {
    let house = house();
    let zhang = house.person("张桂英");
    house.ok("sendMessage", with_button(zhang, json!({"text": "好", "callback_data": "v".repeat(64)}))).await;
    let command = json!({"command": "v".repeat(32), "description": "长".repeat(256)});
    house.ok("setMyCommands", json!({"commands": vec![command; 100], "language_code": "zh"})).await;
    let options = vec![json!({"text": "一".repeat(100)}); 12];
    house.ok("sendPoll", json!({"chat_id": zhang, "question": "问".repeat(300), "options": options})).await;
    house.fake.read_all();
    house.fake.assert_clean();
}

#[tokio::test]
async fn length_is_counted_in_utf16_units_after_parsing() {
    let house = house();
    let zhang = house.person("张桂英");
    house.ok("sendMessage", message(zhang, &"字".repeat(4096))).await;
    house.violates("sendMessage", message(zhang, &"字".repeat(4097)), "message is too long").await;
    house.ok("sendMessage", message(zhang, &"😀".repeat(2048))).await;
    house.violates("sendMessage", message(zhang, &"😀".repeat(2049)), "message is too long").await;
    house.ok("sendMessage", html_message(zhang, &format!("<b>{}</b>", "&amp;".repeat(4096)))).await;
    house.violates("sendMessage", html_message(zhang, &format!("<b>{}</b>", "&lt;".repeat(4097))), "too long").await;
    for empty in ["", " \n ", "<b></b>", "<i> </i>"] {
        house.violates("sendMessage", html_message(zhang, empty), "message text is empty").await;
    }
    assert_eq!(house.fake.read(zhang).len(), 3);
}

#[tokio::test]
async fn html_becomes_text_and_entities() {
    let house = house();
    let zhang = house.person("张桂英");
    let raw = "😀<b>一<i>二</i></b> <a href=\"https://a.b/?x=1&amp;y\">链接</a> &lt;三&gt; &#x1F600; \
               <pre><code class=\"language-rust\">x</code></pre> <tg-spoiler>密</tg-spoiler><span class=\"tg-spoiler\">密</span>\
               <blockquote expandable>引</blockquote> /vote@xieshang_bot /投票 @zhang";
    let sent = house.ok("sendMessage", html_message(zhang, raw)).await;
    assert_eq!(sent["text"], "😀一二 链接 <三> 😀 x 密密引 /vote@xieshang_bot /投票 @zhang");
    let told: Vec<(String, i64, i64)> = sent["entities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let number = |name: &str| one[name].as_i64().unwrap();
            (one["type"].as_str().unwrap().to_owned(), number("offset"), number("length"))
        })
        .collect();
    let wanted = [
        ("bold", 2, 2),
        ("italic", 3, 1),
        ("text_link", 5, 2),
        ("pre", 15, 1),
        ("spoiler", 17, 1),
        ("spoiler", 18, 1),
        ("expandable_blockquote", 19, 1),
        ("bot_command", 21, 18),
        ("mention", 44, 6),
    ];
    assert_eq!(told, wanted.map(|(kind, offset, length)| (kind.to_owned(), offset, length)));
    assert_eq!(sent["entities"][2]["url"], "https://a.b/?x=1&y");
    assert_eq!(sent["entities"][3]["language"], "rust");
    assert_eq!(house.fake.read(zhang)[0].raw, raw);
}

#[tokio::test]
async fn html_that_telegram_does_not_know_is_refused() {
    let house = house();
    let zhang = house.person("张桂英");
    let cases = [
        ("<h1>大</h1>", "Unsupported start tag \"h1\" at byte offset 0"),
        ("一<br>二", "Unsupported start tag \"br\" at byte offset 3"),
        ("<b>一", "Can't find end tag corresponding to start tag \"b\""),
        ("一</b>", "Unexpected end tag at byte offset 3"),
        ("<b><i>一</b></i>", "Unmatched end tag at byte offset 9, expected \"</i>\", found \"</b>\""),
        ("1 < 2", "Unsupported start tag \"\" at byte offset 2"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<span>一</span>", "Tag \"span\" must have class \"tg-spoiler\""),
        ("<a href=\"x>一</a>", "Unclosed start tag"),
    ];
    for (raw, says) in cases {
        house.violates("sendMessage", html_message(zhang, raw), &format!("can't parse entities: {says}")).await;
    }
    // Unknown named entities are no mistake: they stay as they are written.
    assert_eq!(html::parse("a&nbsp;b &apos; &copy &").unwrap().text, "a&nbsp;b &apos; &copy &");
    assert_eq!(html::parse("&#0; &#xfffffff;").unwrap().text, "&#0; &#xfffffff;");
    assert_eq!(html::parse(" <b> 一 </b> ").unwrap().entities[0], json!({"type": "bold", "offset": 0, "length": 1}));
}

#[tokio::test]
async fn another_token_is_unauthorized() {
    let house = house();
    let url = format!("{}/bot1:other/getMe", house.fake.url());
    let response = house.http.post(url).send().await.unwrap();
    assert_eq!(response.status(), 401);
    let body: Value = response.json().await.unwrap();
    assert_eq!(body, json!({"ok": false, "error_code": 401, "description": "Unauthorized"}));
    let encoded = format!("{}/bot{}/getMe", house.fake.url(), TOKEN.replace(':', "%3A"));
    assert_eq!(house.http.get(encoded).send().await.unwrap().status(), 200);
}

fn fails(house: &House) -> bool {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| house.fake.assert_clean())).is_err()
}

#[tokio::test]
async fn a_message_nobody_read_fails_the_test() {
    let house = house();
    let zhang = house.person("张桂英");
    house.fake.assert_clean();
    house.ok("sendMessage", message(zhang, "第一句")).await;
    assert!(fails(&house));
    assert_eq!(house.fake.expect(zhang, "第一").text.as_deref(), Some("第一句"));
    house.fake.assert_clean();
    assert!(house.fake.take(zhang, "第一").is_none(), "read once");
    house.refused("sendMessage", json!({"chat_id": zhang, "text": "在", "colour": "red"})).await;
    assert!(fails(&house), "a violation does too");
}

/// Not a figure to keep, but a stand-in that is slower than what it measures measures itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn it_is_fast_enough_for_a_bench() {
    let house = std::sync::Arc::new(house());
    let zhang = house.person("张桂英");
    let begun = std::time::Instant::now();
    let (clients, each) = (16, 250);
    let mut all = Vec::new();
    for _ in 0..clients {
        let house = house.clone();
        all.push(tokio::spawn(async move {
            for n in 0..each {
                let text = format!("<b>第{n}句</b> 三号楼的路灯不亮了 &amp; 没有人管");
                let request = house.http.post(house.address("sendMessage")).json(&html_message(zhang, &text));
                assert_eq!(request.send().await.unwrap().status(), 200);
            }
        }));
    }
    for one in all {
        one.await.unwrap();
    }
    let rate = f64::from(clients * each) / begun.elapsed().as_secs_f64();
    println!("{rate:.0} messages a second");
    assert!(rate > 200.0, "{rate:.0} messages a second");
    assert_eq!(house.fake.read(zhang).len(), 4_000);
}
