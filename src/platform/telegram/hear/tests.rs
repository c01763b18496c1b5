//! Updates as Telegram sends them, and as it should never.

use super::{Heard, Me, hear, number};
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::mark::Mark;
use crate::language::file::Unreadable;
use crate::platform::telegram::button::Sealer;
use crate::platform::{Content, Hangs, Incoming, Place, Said, SenderKind};
use serde_json::{Value, json};

fn heard(update: &Value) -> Heard {
    let me = Me { id: 42, username: "hao_bot".into(), hears_all: true };
    hear(&me, &Sealer::new("42:x"), &update.to_string())
}

fn said(update: &Value) -> Incoming {
    match heard(update) {
        Heard::Said(incoming) => *incoming,
        other => panic!("{other:?}"),
    }
}

fn message(more: Value) -> Value {
    let mut message = json!({
        "message_id": 7, "date": 1_700_000_000, "chat": { "id": -1001, "type": "supergroup", "title": "梧桐园" },
        "from": { "id": 5, "is_bot": false, "first_name": "桂英", "last_name": "张" },
    });
    for (key, value) in more.as_object().unwrap() {
        message[key] = value.clone();
    }
    json!({ "update_id": 9, "message": message })
}

#[test]
fn a_message_in_a_group() {
    let incoming = said(&message(json!({ "text": "/议题 灯不亮" })));
    assert_eq!(incoming.key, "telegram:42:m:-1001:7");
    assert_eq!(incoming.place, Place::Group { chat: "telegram:-1001".into(), name: "梧桐园".into(), thread: None });
    assert_eq!((incoming.from.account.as_str(), incoming.from.name.as_str()), ("telegram:5", "桂英 张"));
    assert!(!incoming.from.name_is_proof, "a shown name proves nothing");
    assert_eq!(incoming.said_at.unwrap().timestamp(), 1_700_000_000);
}

#[test]
fn replies_threads_captions_and_edits() {
    let bot = json!({ "message_id": 3, "date": 1, "chat": { "id": -1001, "type": "supergroup" },
        "from": { "id": 42, "is_bot": true, "first_name": "x" }, "text": "【1号】" });
    let update = message(json!({
        "text": "+1", "reply_to_message": bot, "is_topic_message": true, "message_thread_id": 45,
    }));
    let incoming = said(&update);
    let Said::Text { reply: Some(quote), edit: None, .. } = &incoming.said else { panic!("{incoming:?}") };
    assert!(quote.by_bot && quote.text == "【1号】");
    assert!(matches!(&incoming.place, Place::Group { thread: Some(thread), .. } if thread == "telegram:-1001#45"));

    let root = json!({ "message_id": 45, "date": 1, "chat": { "id": -1001, "type": "supergroup" }, "text": "话题" });
    let update = message(json!({
        "text": "好", "reply_to_message": root, "is_topic_message": true, "message_thread_id": 45,
    }));
    assert!(matches!(said(&update).said, Said::Text { reply: None, .. }), "the opening of a thread is no reply");
    // Outside a forum a reply has a thread id, too, and is no topic message.
    let update = message(json!({ "text": "好", "message_thread_id": 45 }));
    assert!(matches!(said(&update).place, Place::Group { thread: None, .. }));

    let update = message(json!({ "caption": "/建议 1 看图", "photo": [{}] }));
    assert!(matches!(said(&update).said, Said::Text { text, .. } if text == "/建议 1 看图"));

    let mut update = message(json!({ "text": "/建议 1 加灯", "edit_date": 1_700_000_060 }));
    let edited = update["message"].take();
    let incoming = said(&json!({ "update_id": 10, "edited_message": edited }));
    let Said::Text { edit: Some(edit), .. } = &incoming.said else { panic!("{incoming:?}") };
    assert_eq!((edit.first.as_str(), edit.at.timestamp()), ("telegram:42:m:-1001:7", 1_700_000_060));
    assert_eq!(incoming.key, "telegram:42:m:-1001:7:1700000060");
}

#[test]
fn who_has_no_face_or_is_no_person() {
    let kind = |more| said(&message(more)).from.kind;
    let anonymous = json!({ "text": "赞成", "sender_chat": { "id": -1001, "type": "supergroup", "title": "梧桐园" },
        "from": { "id": 1_087_968_824, "is_bot": true, "first_name": "Group" } });
    assert_eq!(kind(anonymous), SenderKind::Masked);
    let channel =
        json!({ "text": "赞成", "sender_chat": { "id": -1009, "type": "channel" }, "is_automatic_forward": true });
    assert_eq!(kind(channel), SenderKind::Machine);
    let bot = json!({ "text": "赞成", "from": { "id": 6, "is_bot": true, "first_name": "b" } });
    assert_eq!(kind(bot), SenderKind::Machine);
    assert_eq!(kind(json!({ "text": "赞成", "from": { "id": 6, "first_name": "" } })), SenderKind::Person);
}

#[test]
fn somebody_elses_words_passed_on_are_talk() {
    let origin = |author| json!({ "text": "/议题 灯", "forward_origin": { "type": "user", "date": 1, "sender_user": { "id": author, "is_bot": false, "first_name": "x" } } });
    assert!(matches!(heard(&message(origin(6))), Heard::Nothing));
    assert!(matches!(heard(&message(origin(5))), Heard::Said(_)), "one's own");
    let hidden =
        json!({ "text": "/议题 灯", "forward_origin": { "type": "hidden_user", "date": 1, "sender_user_name": "x" } });
    assert!(matches!(heard(&message(hidden)), Heard::Nothing));
}

#[test]
fn what_the_platform_itself_tells() {
    let incoming = said(&message(json!({ "migrate_to_chat_id": -1002 })));
    assert!(matches!(&incoming.said, Said::Moved { to } if to == "telegram:-1002"));
    let incoming = said(&message(json!({ "migrate_from_chat_id": -77 })));
    assert!(matches!(&incoming.said, Said::Moved { to } if to == "telegram:-1001"));
    assert!(matches!(&incoming.place, Place::Group { chat, .. } if chat == "telegram:-77"));
    let member = |before: &str, status: &str| {
        json!({ "update_id": 3, "my_chat_member": { "chat": { "id": -1001, "type": "group", "title": "群" }, "date": 1,
            "from": { "id": 5, "first_name": "x" }, "old_chat_member": { "status": before }, "new_chat_member": { "status": status } } })
    };
    assert!(matches!(said(&member("member", "kicked")).said, Said::Removed));
    assert!(matches!(said(&member("member", "restricted")).said, Said::Removed));
    assert!(matches!(said(&member("member", "administrator")).said, Said::Welcomed { came: false }));
    for before in ["left", "kicked", "restricted"] {
        assert!(matches!(said(&member(before, "member")).said, Said::Welcomed { came: true }));
    }
    assert!(matches!(said(&message(json!({ "voice": { "duration": 12 } }))).said, Said::Voice { seconds: 12 }));
}

#[test]
fn only_buttons_we_made_are_pressed() {
    let sealer = Sealer::new("42:x");
    let press = |chat: i64, data: &str, message: Value| {
        heard(&json!({ "update_id": 4, "callback_query": { "id": "77", "chat_instance": "1", "data": data,
            "from": { "id": 5, "is_bot": false, "first_name": "x" },
            "message": { "message_id": 3, "chat": { "id": chat, "type": "supergroup" }, "date": message["date"], "from": message["from"] } } }))
    };
    let about = Mark::Topic(TopicNo(12));
    let data = sealer.seal(-1001, "附议", &about).unwrap();
    let ours = json!({ "date": 1, "from": { "id": 42, "is_bot": true, "first_name": "x" } });
    let Heard::Pressed { query, incoming: Some(incoming) } = press(-1001, &data, ours.clone()) else { panic!() };
    assert_eq!((query.as_str(), incoming.key.as_str()), ("77", "telegram:42:c:77"));
    assert!(matches!(&incoming.said, Said::Press { label, on } if label == "附议" && on.as_ref() == Some(&about)));
    assert!(incoming.said_at.is_none(), "presses carry no time");
    let old = json!({ "date": 0, "from": null });
    assert!(matches!(press(-1001, &data, old), Heard::Pressed { incoming: Some(_), .. }), "an inaccessible message");
    let anothers = json!({ "date": 1, "from": { "id": 43, "is_bot": true, "first_name": "x" } });
    for refused in [press(-1001, &data, anothers), press(-1009, &data, ours.clone()), press(-1001, "v:1:1", ours)] {
        assert!(matches!(refused, Heard::Pressed { incoming: None, .. }), "{refused:?}");
    }
}

#[test]
fn what_is_odd_costs_only_itself() {
    let me = Me { id: 42, username: "hao_bot".into(), hears_all: true };
    let sealer = Sealer::new("42:x");
    let deep = format!(r#"{{"update_id":1,"message":{}1{}}}"#, "[".repeat(300), "]".repeat(300));
    for (raw, id) in [
        (deep.as_str(), Some(1)),
        (r#"{"update_id":2,"message":{"message_id":1e400}}"#, Some(2)),
        (
            r#"{"update_id":3,"message":{"message_id":1,"date":1,"chat":{"id":-1,"type":"group"},"from":{"id":1},"text":"\ud800"}}"#,
            Some(3),
        ),
        (
            r#"{"update_id":4,"message":{"message_id":1,"date":1,"chat":{"id":-1,"type":"group"},"text":"/议题 无人"}}"#,
            Some(4),
        ),
        (r#"{"update_id":5,"update_id":6,"message":7}"#, Some(6)),
        (r#"{"update_id":"x"}"#, None),
        ("[]", None),
        ("", None),
    ] {
        assert_eq!(number(raw), id, "{raw}");
        assert!(matches!(hear(&me, &sealer, raw), Heard::Odd | Heard::Nothing), "{raw}");
    }
    assert!(matches!(hear(&me, &sealer, r#"{"update_id":8,"brand_new_kind":{"a":[1]}}"#), Heard::Nothing));
    // Fields and entities of a newer server lose nobody's words.
    let newer = message(
        json!({ "text": "/议题 灯", "entities": [{ "type": "hologram", "offset": 0, "length": 1 }], "mood": [] }),
    );
    assert!(matches!(heard(&newer), Heard::Said(_)));
}

/// What a message with a file comes to: the words, how the file hangs, what is known of it, and the id it is handed over by.
fn attached(update: &Value) -> (String, Hangs, Content, Option<String>) {
    let (incoming, id) = match heard(update) {
        Heard::Attached { incoming, file } => (incoming, Some(file)),
        Heard::Said(incoming) => (incoming, None),
        other => panic!("{other:?}"),
    };
    let Said::File { caption, file, .. } = incoming.said else { panic!("{incoming:?}") };
    (caption, file.hangs, file.content, id)
}

#[test]
fn files_are_offered_and_words_under_them_are_their_own() {
    let sheet = json!({ "file_id": "f1", "file_unique_id": "u", "file_name": "名册.xlsx", "file_size": 9_000 });
    let private = json!({ "id": 5, "type": "private" });
    let of = |more: Value| {
        let mut update = message(more);
        update["message"]["chat"] = private.clone();
        update
    };
    let id = || Some("f1".to_owned());
    let update = of(json!({ "document": sheet, "caption": "/名册 1" }));
    assert_eq!(attached(&update), ("/名册 1".into(), Hangs::Here, Content::Offered, id()));
    assert_eq!(attached(&of(json!({ "document": sheet }))), (String::new(), Hangs::Here, Content::Offered, id()));
    assert_eq!(attached(&message(json!({ "document": sheet }))).1, Hangs::Here, "in a group as well");
    let large = json!({ "file_id": "f2", "file_size": 30_000_000 });
    let large = attached(&of(json!({ "document": large, "caption": "/名册 1" })));
    assert_eq!(large.2, Content::Unreadable(Unreadable::Large), "never fetched");
    assert_eq!(large.3, None);
    let other = json!({ "type": "user", "date": 1, "sender_user": { "id": 9, "is_bot": false, "first_name": "x" } });
    let passed_on = of(json!({ "document": sheet, "caption": "/名册 1", "forward_origin": other }));
    assert_eq!(attached(&passed_on).0, "", "a table that is passed on is a table, its words are somebody else's");
    let theirs = json!({ "message_id": 3, "date": 1, "chat": private, "document": sheet,
        "from": { "id": 5, "is_bot": false, "first_name": "x" } });
    let answer = of(json!({ "text": "/名册 1", "reply_to_message": theirs }));
    assert_eq!(attached(&answer), ("/名册 1".into(), Hangs::Quoted, Content::Offered, id()));
    let picture = attached(&of(json!({ "photo": [{}], "caption": "/名册 1" })));
    assert_eq!((picture.1, picture.2), (Hangs::Quoted, Content::Unreadable(Unreadable::Picture)));

    let mut update = of(json!({ "document": sheet, "caption": "/名册 1", "edit_date": 1_700_000_060 }));
    let edited = json!({ "update_id": 10, "edited_message": update["message"].take() });
    assert_eq!(attached(&edited).1, Hangs::Before);
}
