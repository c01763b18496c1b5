//! 来话 — what WeCom tells of somebody who spoke to the bot or pressed something, however it came: posted to us, or over a connection.
//!
//! In a group only what names the bot is told, with its name still in it. Nobody's real name comes with it, and who wrote a quoted
//! message does not come either. Source: <https://developer.work.weixin.qq.com/document/path/100719>.

use serde::Deserialize;
use serde_json::Value;

/// Longest id that is one, in bytes.
const LONGEST_ID: usize = 256;
/// Parts of a message of text and pictures, boxes of a card, and ticks in a box that are looked at.
const MOST: usize = 64;

/// Something somebody said or did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// WeCom's name for the delivery: the same again is the same.
    pub id: String,
    /// The group, where it is one.
    pub group: Option<String>,
    /// Who. No name, and perhaps no account anybody knows.
    pub user: String,
    /// When, in seconds since 1970, where that is told.
    pub at: Option<i64>,
    /// What.
    pub what: What,
    /// The words of the message it quotes.
    pub quote: Option<String>,
}

/// What somebody said or did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Words, and how many pictures between them.
    Text {
        /// As written, the bot's name at its ends taken off.
        text: String,
        /// Pictures.
        pictures: usize,
    },
    /// 语音 — words as WeCom heard them.
    Voice {
        /// As it understood them.
        text: String,
    },
    /// A picture, a film or a file, without words.
    Wordless,
    /// Somebody opened the private chat, for the first time on that day.
    Entered,
    /// A card was answered.
    Pressed {
        /// The card.
        task: String,
        /// The button.
        key: String,
        /// What was ticked: the question, and its answers.
        ticked: Vec<(String, Vec<String>)>,
    },
    /// 赞踩 — somebody likes an answer of the bot, or does not.
    Feedback,
}

#[derive(Deserialize)]
struct Body {
    msgid: String,
    #[serde(default)]
    chatid: String,
    #[serde(default)]
    chattype: String,
    from: From,
    create_time: Option<i64>,
    msgtype: String,
    text: Option<Words>,
    voice: Option<Words>,
    mixed: Option<Mixed>,
    quote: Option<Quoted>,
    #[serde(default)]
    event: Value,
}

#[derive(Deserialize)]
struct From {
    userid: String,
}

#[derive(Deserialize)]
struct Words {
    content: String,
}

#[derive(Deserialize)]
struct Mixed {
    msg_item: Vec<Quoted>,
}

/// A part of a message, or a quoted one: the same shapes.
#[derive(Deserialize)]
struct Quoted {
    #[serde(default)]
    msgtype: String,
    text: Option<Words>,
    voice: Option<Words>,
    mixed: Option<Mixed>,
}

#[derive(Deserialize)]
struct Ticked {
    question_key: String,
    #[serde(default)]
    option_ids: Options,
}

#[derive(Default, Deserialize)]
struct Options {
    #[serde(default)]
    option_id: Vec<String>,
}

impl Mixed {
    fn words(&self) -> String {
        let words = self.msg_item.iter().take(MOST).filter_map(|part| part.text.as_ref());
        words.map(|words| words.content.as_str()).collect::<Vec<_>>().join("\n")
    }
}

impl Quoted {
    /// Its words; `None` where it has none.
    fn words(self) -> Option<String> {
        let said = self.text.or(self.voice).map(|words| words.content);
        said.or_else(|| self.mixed.map(|mixed| mixed.words())).filter(|words| !words.trim().is_empty())
    }
}

/// Reads what was told; `None` where it is nothing we know. `name` is what the bot is called in WeCom.
#[must_use]
pub fn read(body: &Value, name: &str) -> Option<Call> {
    let body = Body::deserialize(body).ok()?;
    let is_id =
        |id: &str| (1..=LONGEST_ID).contains(&id.len()) && !id.contains(['#', ':']) && !id.contains(char::is_control);
    let is_group = body.chattype == "group" || (body.chattype.is_empty() && !body.chatid.is_empty());
    let is_known = matches!(body.chattype.as_str(), "group" | "single" | "");
    if !is_known || !is_id(&body.from.userid) || (is_group && !is_id(&body.chatid)) {
        return None;
    }
    let is_name = (1..=LONGEST_ID).contains(&body.msgid.len());
    let what = what(&body, name).filter(|_| is_name)?;
    Some(Call {
        id: body.msgid,
        group: is_group.then_some(body.chatid),
        user: body.from.userid,
        at: body.create_time,
        what,
        quote: body.quote.and_then(Quoted::words),
    })
}

fn what(body: &Body, name: &str) -> Option<What> {
    let own = |text: &str| without_name(text, name).to_owned();
    match body.msgtype.as_str() {
        "text" => Some(What::Text { text: own(&body.text.as_ref()?.content), pictures: 0 }),
        "voice" => Some(What::Voice { text: body.voice.as_ref()?.content.trim().to_owned() }),
        "mixed" => {
            let mixed = body.mixed.as_ref()?;
            let pictures = mixed.msg_item.iter().take(MOST).filter(|part| part.msgtype == "image").count();
            Some(What::Text { text: own(&mixed.words()), pictures })
        }
        "image" | "file" | "video" => Some(What::Wordless),
        "event" => event(&body.event),
        _ => None,
    }
}

/// Frames nest what was pressed; types that Tencent publishes have it flat. Either is read.
fn event(event: &Value) -> Option<What> {
    match event["eventtype"].as_str()? {
        "enter_chat" => Some(What::Entered),
        "feedback_event" => Some(What::Feedback),
        "template_card_event" => {
            let pressed = event.get("template_card_event").filter(|inner| inner.is_object()).unwrap_or(event);
            let word = |key: &str| pressed[key].as_str().filter(|word| word.len() <= 4 * LONGEST_ID).map(str::to_owned);
            let items = pressed["selected_items"]["selected_item"].as_array().map_or(&[][..], Vec::as_slice);
            let ticked = items.iter().take(MOST).map(|item| {
                let Ticked { question_key, option_ids } = Ticked::deserialize(item).ok()?;
                (option_ids.option_id.len() <= MOST).then_some((question_key, option_ids.option_id))
            });
            // A ballot is read whole or not at all.
            Some(What::Pressed {
                task: word("task_id")?,
                key: word("event_key")?,
                ticked: ticked.collect::<Option<_>>()?,
            })
        }
        _ => None,
    }
}

/// The words without the bot's name at their head or end. Where it was renamed since, a command still begins at its sign.
#[must_use]
pub fn without_name<'t>(text: &'t str, name: &str) -> &'t str {
    let text = bare(text);
    if !name.is_empty()
        && let Some(rest) = text.strip_prefix('@').and_then(|rest| rest.strip_prefix(name))
        && !rest.starts_with(char::is_alphanumeric)
    {
        return bare(rest);
    }
    if let Some(rest) = text.strip_suffix(name).filter(|_| !name.is_empty()).and_then(|rest| rest.strip_suffix('@')) {
        return bare(rest);
    }
    let sign =
        text.char_indices().zip(text.chars().skip(1)).find(|((_, c), next)| is_blank(*c) && matches!(next, '/' | '／'));
    match sign {
        Some(((at, _), _)) if text.starts_with('@') => bare(text.split_at(at).1),
        Some(_) | None => text,
    }
}

/// WeChat puts a narrow blank behind a name.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{2005}'
}

fn bare(text: &str) -> &str {
    text.trim_matches(is_blank)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn message(msgtype: &str, more: Value) -> Value {
        let mut body = json!({ "msgid": "m1", "aibotid": "AIB", "chatid": "wr1", "chattype": "group",
            "from": { "userid": "zhang" }, "response_url": "https://…", "msgtype": msgtype });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    }

    fn said(msgtype: &str, more: Value) -> Option<What> {
        read(&message(msgtype, more), "协商 机器人").map(|call| call.what)
    }

    fn text(text: &str) -> Option<What> {
        Some(What::Text { text: text.to_owned(), pictures: 0 })
    }

    #[test]
    fn exactly_the_bots_name_is_taken_off() {
        for (written, left) in [
            ("@协商 机器人 /建议 3 增设路灯", "/建议 3 增设路灯"),
            ("@协商 机器人\u{2005}附议", "附议"),
            ("@协商 机器人　+1", "+1"),
            ("@协商 机器人", ""),
            ("@协商 机器人/投票 3", "/投票 3"),
            ("附议 @协商 机器人", "附议"),
            ("/议题 问@协商 机器人 什么时候", "/议题 问@协商 机器人 什么时候"),
            // Another bot whose name goes on, and our own under the name it had.
            ("@协商 机器人二号 你好", "@协商 机器人二号 你好"),
            ("@旧名字 的 机器人 ／投票 3", "／投票 3"),
            ("@旧名字 附议", "@旧名字 附议"),
            ("/日报 2025/3/3", "/日报 2025/3/3"),
            ("好 /议题 路灯", "好 /议题 路灯"),
        ] {
            assert_eq!(without_name(written, "协商 机器人"), left, "{written}");
        }
        assert_eq!(without_name("@协商 附议", ""), "@协商 附议");
    }

    #[test]
    fn words_pictures_and_what_was_heard() {
        assert_eq!(said("text", json!({ "text": { "content": "@协商 机器人 附议" } })), text("附议"));
        assert_eq!(
            said("voice", json!({ "voice": { "content": " 路灯不亮 " } })),
            Some(What::Voice { text: "路灯不亮".into() })
        );
        let parts = json!([{ "msgtype": "text", "text": { "content": "@协商 机器人 /议题 路灯" } },
            { "msgtype": "image", "image": { "url": "https://…" } }, { "msgtype": "text", "text": { "content": "南门" } }]);
        let mixed = Some(What::Text { text: "/议题 路灯\n南门".into(), pictures: 1 });
        assert_eq!(said("mixed", json!({ "mixed": { "msg_item": parts } })), mixed);
        for kind in ["image", "file", "video"] {
            assert_eq!(said(kind, json!({ kind: { "url": "https://…" } })), Some(What::Wordless));
        }
        let quote = json!({ "text": { "content": "+1" }, "quote": { "msgtype": "text", "text": { "content": "建议3-1 加灯" } } });
        assert_eq!(read(&message("text", quote), "").unwrap().quote.as_deref(), Some("建议3-1 加灯"));
    }

    #[test]
    fn where_it_was_said_and_by_whom() {
        let call =
            read(&message("text", json!({ "text": { "content": "好" }, "create_time": 1_700_000_000 })), "").unwrap();
        assert_eq!((call.id.as_str(), call.group.as_deref(), call.user.as_str()), ("m1", Some("wr1"), "zhang"));
        assert_eq!(call.at, Some(1_700_000_000));
        let single = json!({ "text": { "content": "好" }, "chattype": "single", "chatid": "" });
        assert_eq!(read(&message("text", single), "").unwrap().group, None);
    }

    #[test]
    fn a_card_is_read_whole_nested_or_flat() {
        let pressed = json!({ "card_type": "vote_interaction", "event_key": "submit", "task_id": "t-3", "selected_items":
            { "selected_item": [{ "question_key": "q", "option_ids": { "option_id": ["a", "b"] } }] } });
        let nested = json!({ "event": { "eventtype": "template_card_event", "template_card_event": pressed } });
        let ticked = vec![("q".to_owned(), vec!["a".to_owned(), "b".to_owned()])];
        let wanted = What::Pressed { task: "t-3".into(), key: "submit".into(), ticked };
        assert_eq!(said("event", nested), Some(wanted));
        let flat = json!({ "event": { "eventtype": "template_card_event", "event_key": "yes", "task_id": "t-4" } });
        let wanted = What::Pressed { task: "t-4".into(), key: "yes".into(), ticked: Vec::new() };
        assert_eq!(said("event", flat), Some(wanted));
        let half = json!({ "event": { "eventtype": "template_card_event", "template_card_event": { "event_key": "yes",
            "task_id": "t", "selected_items": { "selected_item": [{ "question_key": 7 }] } } } });
        assert_eq!(said("event", half), None, "not half a ballot");
        assert_eq!(said("event", json!({ "event": { "eventtype": "enter_chat" } })), Some(What::Entered));
        assert_eq!(said("event", json!({ "event": { "eventtype": "feedback_event" } })), Some(What::Feedback));
    }

    #[test]
    fn what_is_nothing_we_know_is_nothing() {
        for odd in [
            json!({ "text": { "content": 7 } }),
            json!({ "text": null }),
            json!({ "text": { "content": "好" }, "from": { "userid": "" } }),
            json!({ "text": { "content": "好" }, "from": { "userid": "a#b" } }),
            json!({ "text": { "content": "好" }, "chatid": "" }),
            json!({ "text": { "content": "好" }, "chattype": "moon" }),
            json!({ "text": { "content": "好" }, "msgid": "" }),
            json!({ "text": { "content": "好" }, "msgid": "x".repeat(300) }),
        ] {
            assert_eq!(said("text", odd.clone()), None, "{odd}");
        }
        assert_eq!(said("stream", json!({ "stream": { "id": "s" } })), None);
        assert_eq!(said("event", json!({ "event": { "eventtype": "disconnected_event" } })), None);
        for odd in [Value::Null, json!([]), json!("text")] {
            assert_eq!(read(&odd, ""), None);
        }
    }
}
