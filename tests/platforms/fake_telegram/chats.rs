//! People and chats: who may write where, what reaches the bot, and what becomes of messages.

use super::telegram::limits::Pace;
use super::telegram::spec::spec;
use super::telegram::world::{ANONYMOUS_ADMIN, Status, TELEGRAM, User};
use super::{House, house, house_with, ids};
use serde_json::{Value, json};

fn say(chat: i64, text: &str) -> Value {
    json!({"chat_id": chat, "text": text})
}

fn keyboard(label: &str, data: &str) -> Value {
    json!({"inline_keyboard": [[{"text": label, "callback_data": data}]]})
}

/// Everything that waits, confirmed, and each held to the specification.
async fn drain(house: &House) -> Vec<Value> {
    let all = house.updates(0).await;
    for update in &all {
        spec().check_type("Update", update).unwrap();
    }
    if let Some(last) = ids(&all).last() {
        house.updates(last + 1).await;
    }
    all
}

fn texts(updates: &[Value]) -> Vec<&str> {
    updates.iter().filter_map(|update| update["message"]["text"].as_str()).collect()
}

#[tokio::test]
async fn the_bot_is_who_it_says_and_keeps_its_commands() {
    let house = house();
    let me = house.ok("getMe", json!({})).await;
    assert_eq!((&me["is_bot"], &me["username"]), (&json!(true), &json!("xieshang_bot")));
    assert_eq!(me["can_read_all_group_messages"], true);
    house.fake.privacy(true);
    assert_eq!(house.ok("getMe", json!({})).await["can_read_all_group_messages"], false);
    let zh = json!([{"command": "vote", "description": "投票"}]);
    let en = json!([{"command": "vote", "description": "Vote"}]);
    let groups = json!({"type": "all_group_chats"});
    house.ok("setMyCommands", json!({"commands": zh, "language_code": "zh"})).await;
    house.ok("setMyCommands", json!({"commands": en, "scope": groups})).await;
    assert_eq!(house.ok("getMyCommands", json!({"language_code": "zh"})).await, zh);
    assert_eq!(house.ok("getMyCommands", json!({"scope": groups})).await, en);
    assert_eq!(house.ok("getMyCommands", json!({})).await, json!([]), "each scope and language by itself");
    assert_eq!(house.fake.commands(&groups, ""), Some(en));
    house.ok("deleteMyCommands", json!({"scope": groups})).await;
    assert_eq!(house.ok("getMyCommands", json!({"scope": groups})).await, json!([]));
    house.ok("setMyDescription", json!({"description": "有事好商量"})).await;
    let kept = house.ok("getMyDescription", json!({"language_code": "zh"})).await;
    assert_eq!(kept["description"], "有事好商量");
    house.fake.assert_clean();
}

#[tokio::test]
async fn a_bot_may_not_speak_first_and_not_to_who_blocked_it() {
    let house = house();
    let zhang = house.fake.user("张桂英");
    let other = house.fake.other_bot("weather_bot");
    let cannot = (403, "Forbidden: bot can't initiate conversation with a user".to_owned());
    assert_eq!(house.refused("sendMessage", say(zhang, "你好")).await, cannot);
    assert_eq!(house.refused("sendMessage", say(other, "你好")).await.0, 403);
    assert_eq!(house.refused("sendMessage", say(55, "你好")).await, (400, "Bad Request: chat not found".to_owned()));
    house.fake.start_bot(zhang, Some("t17"));
    let first = drain(&house).await;
    assert_eq!(texts(&first), ["/start t17"]);
    assert_eq!(first[0]["message"]["entities"], json!([{"type": "bot_command", "offset": 0, "length": 6}]));
    assert_eq!(first[0]["message"]["chat"]["type"], "private");
    house.ok("sendMessage", say(zhang, "你好")).await;
    house.fake.expect(zhang, "你好");
    house.fake.block(zhang);
    let blocked = (403, "Forbidden: bot was blocked by the user".to_owned());
    assert_eq!(house.refused("sendMessage", say(zhang, "在吗")).await, blocked);
    assert_eq!(drain(&house).await[0]["my_chat_member"]["new_chat_member"]["status"], "kicked");
    house.fake.start_bot(zhang, None);
    assert_eq!(drain(&house).await.len(), 2);
    house.ok("sendMessage", say(zhang, "又来了")).await;
    house.fake.read_all();
    house.fake.assert_clean();
}

#[tokio::test]
async fn privacy_mode_lets_through_what_is_meant_for_the_bot() {
    let house = house();
    let (zhang, weather) = (house.fake.user("张桂英"), house.fake.other_bot("weather_bot"));
    let group = house.fake.supergroup("清河里", &[zhang, weather]);
    let fake = &house.fake;
    fake.privacy(true);
    fake.say(group, zhang, "大家好", None, None);
    fake.say(group, zhang, "/投票", None, None);
    fake.say(group, zhang, "去投 /vote", None, None);
    fake.say(group, zhang, "/vote@other_bot", None, None);
    fake.say(group, zhang, "/vote@Xieshang_Bot 3", None, None);
    fake.say(group, zhang, "/vote 4", None, None);
    assert_eq!(texts(&drain(&house).await), ["/vote@Xieshang_Bot 3", "/vote 4"]);
    fake.say(group, weather, "明天有雨", None, None);
    fake.say(group, zhang, "/vote 5", None, None);
    assert!(drain(&house).await.is_empty(), "a bare command goes to the bot that spoke last");
    let sent = house.ok("sendMessage", say(group, "请回复")).await["message_id"].as_i64().unwrap();
    let answer = fake.say(group, zhang, "同意", Some(sent), None);
    fake.say(group, zhang, "同上", Some(answer), None);
    fake.say(group, zhang, "/vote 6", None, None);
    let heard = drain(&house).await;
    assert_eq!(texts(&heard), ["同意", "/vote 6"]);
    assert_eq!(heard[0]["message"]["reply_to_message"]["text"], "请回复");
    let li = fake.user("李明");
    fake.join(group, li);
    assert_eq!(drain(&house).await.len(), 1, "service messages come");
    fake.edit(group, answer, "不同意");
    assert_eq!(drain(&house).await[0]["edited_message"]["text"], "不同意");
    fake.make(group, fake.bot_id(), zhang, Status::Administrator);
    drain(&house).await;
    fake.say(group, zhang, "大家好", None, None);
    assert_eq!(texts(&drain(&house).await), ["大家好"], "an administrator hears all");
    fake.say(group, weather, "明天有雨", None, None);
    assert!(drain(&house).await.is_empty(), "but no bots");
    let house = house_with(|options| options.hears_bots = true);
    let weather = house.fake.other_bot("weather_bot");
    let group = house.fake.group("清河里", &[weather]);
    house.fake.say(group, weather, "明天有雨", None, None);
    assert_eq!(drain(&house).await[0]["message"]["from"]["is_bot"], true);
}

#[tokio::test]
async fn a_bot_thrown_out_is_told_and_can_come_back() {
    let house = house();
    let zhang = house.fake.user("张桂英");
    let group = house.fake.supergroup("清河里", &[zhang]);
    house.fake.kick_bot(group, zhang);
    let told = drain(&house).await;
    assert_eq!(told[0]["my_chat_member"]["old_chat_member"]["status"], "member");
    assert_eq!(told[0]["my_chat_member"]["new_chat_member"]["status"], "kicked");
    let kicked = (403, "Forbidden: bot was kicked from the supergroup chat".to_owned());
    assert_eq!(house.refused("sendMessage", say(group, "在")).await, kicked);
    house.fake.say(group, zhang, "它走了", None, None);
    assert!(drain(&house).await.is_empty());
    house.fake.add_bot(group, zhang);
    assert_eq!(drain(&house).await.len(), 2, "the change and the message about it");
    house.ok("sendMessage", say(group, "我回来了")).await;
    house.fake.mute_bot(group, true);
    assert!(house.refused("sendMessage", say(group, "在")).await.1.contains("not enough rights"));
    house.ok("leaveChat", json!({"chat_id": group})).await;
    let left = (403, "Forbidden: bot is not a member of the supergroup chat".to_owned());
    assert_eq!(house.refused("sendMessage", say(group, "在")).await, left);
    house.fake.read_all();
    house.fake.assert_clean();
}

#[tokio::test]
async fn a_group_moves_into_a_supergroup() {
    let house = house();
    let zhang = house.fake.user("张桂英");
    let old = house.fake.group("清河里", &[zhang]);
    let new = house.fake.migrate(old);
    let told = drain(&house).await;
    assert_eq!(told[0]["my_chat_member"]["chat"]["id"], new);
    assert_eq!(told[1]["message"]["chat"]["id"], old);
    assert_eq!(told[1]["message"]["migrate_to_chat_id"], new);
    assert_eq!(told[2]["message"]["chat"]["id"], new);
    assert_eq!(told[2]["message"]["migrate_from_chat_id"], old);
    let answer = house.call("sendMessage", say(old, "在")).await;
    assert_eq!(answer["error_code"], 400);
    assert_eq!(answer["description"], "Bad Request: group chat was upgraded to a supergroup chat");
    assert_eq!(answer["parameters"], json!({"migrate_to_chat_id": new}));
    house.ok("sendMessage", say(new, "在")).await;
    assert_eq!(house.ok("getChatMember", json!({"chat_id": new, "user_id": zhang})).await["status"], "creator");
    house.fake.expect(new, "在");
    house.fake.assert_clean();
}

#[tokio::test]
async fn who_is_in_a_chat_can_be_asked() {
    let house = house();
    let (zhang, li, wang) = (house.fake.user("张桂英"), house.fake.user("李明"), house.fake.user("王芳"));
    let group = house.fake.supergroup("清河里", &[zhang, li, wang]);
    house.fake.public_name(group, "qinghe_li");
    house.fake.make(group, li, zhang, Status::Anonymous);
    house.fake.kick(group, wang, zhang);
    let chat = house.ok("getChat", json!({"chat_id": "@Qinghe_Li"})).await;
    assert_eq!((&chat["id"], &chat["title"]), (&json!(group), &json!("清河里")));
    let admins = house.ok("getChatAdministrators", json!({"chat_id": group})).await;
    assert_eq!(admins.as_array().unwrap().len(), 2);
    assert_eq!(house.ok("getChatMemberCount", json!({"chat_id": group})).await, 3);
    let status =
        async |user: i64| house.ok("getChatMember", json!({"chat_id": group, "user_id": user})).await["status"].clone();
    assert_eq!(status(zhang).await, "creator");
    assert_eq!(status(li).await, "administrator");
    assert_eq!(status(wang).await, "kicked");
    assert_eq!(house.refused("getChatMember", json!({"chat_id": group, "user_id": 5})).await.0, 400);
    drain(&house).await;
    house.fake.say(group, li, "以群的名义", None, None);
    let update = &drain(&house).await[0];
    assert_eq!(update["message"]["from"]["id"], ANONYMOUS_ADMIN);
    assert_eq!(update["message"]["sender_chat"]["id"], group);
    house.refused("getChatAdministrators", json!({"chat_id": zhang})).await;
}

#[tokio::test]
async fn forums_have_threads_and_channels_forward() {
    let house = house();
    let zhang = house.fake.user("张桂英");
    let forum = house.fake.forum("清河里", &[zhang]);
    let thread = house.fake.thread(forum, zhang, "路灯");
    house.fake.say(forum, zhang, "不亮", None, Some(thread));
    let heard = drain(&house).await;
    assert_eq!(heard[0]["message"]["forum_topic_created"]["name"], "路灯");
    assert_eq!(heard[1]["message"]["message_thread_id"], thread);
    assert_eq!(heard[1]["message"]["is_topic_message"], true);
    assert_eq!(heard[1]["message"]["chat"]["is_forum"], true);
    let mut answer = say(forum, "记下了");
    answer["message_thread_id"] = json!(thread);
    house.ok("sendMessage", answer.clone()).await;
    assert_eq!(house.fake.expect(forum, "记下了").thread, Some(thread));
    answer["message_thread_id"] = json!(999);
    assert!(house.refused("sendMessage", answer).await.1.contains("thread not found"));
    let mut reply = say(forum, "就在这里");
    reply["reply_parameters"] = json!({"message_id": heard[1]["message"]["message_id"]});
    assert_eq!(
        house.ok("sendMessage", reply.clone()).await["message_thread_id"],
        thread,
        "an answer stays in its thread"
    );
    reply["reply_parameters"] = json!({"message_id": 999});
    assert!(house.refused("sendMessage", reply.clone()).await.1.contains("message to be replied not found"));
    reply["reply_parameters"] = json!({"message_id": 999, "allow_sending_without_reply": true});
    house.ok("sendMessage", reply).await;

    let group = house.fake.supergroup("清河里讨论", &[zhang]);
    let channel = house.fake.channel("清河里通知", &[zhang]);
    house.fake.link(channel, group);
    let (post, forwarded) = house.fake.post_in_channel(channel, "明天停水");
    let heard = drain(&house).await;
    assert_eq!(heard[0]["channel_post"]["message_id"], post);
    assert!(heard[0]["channel_post"].get("from").is_none());
    let message = &heard[1]["message"];
    assert_eq!(message["message_id"], forwarded.unwrap());
    assert_eq!((&message["from"]["id"], &message["is_automatic_forward"]), (&json!(TELEGRAM), &json!(true)));
    assert_eq!(message["sender_chat"]["id"], channel);
    let sent = house.ok("sendMessage", say(channel, "收到")).await;
    assert_eq!(sent["sender_chat"]["id"], channel);
    house.fake.make(channel, house.fake.bot_id(), zhang, Status::Member);
    assert!(house.refused("sendMessage", say(channel, "收到")).await.1.contains("need administrator rights"));
    house.fake.read_all();
    house.fake.assert_clean();
}

#[tokio::test]
async fn what_people_send_is_written_as_telegram_writes_it() {
    let house = house();
    let zhang = house.fake.user("张桂英");
    let known = User {
        id: zhang,
        first_name: "张桂英".into(),
        username: Some("zhang_gy".into()),
        is_bot: false,
        language: Some("zh".into()),
    };
    house.fake.user_as(known);
    let group = house.fake.group("清河里", &[zhang]);
    let entities = |text: &str| {
        let update = house.fake.say(group, zhang, text, None, None);
        house.fake.with(|state| state.world.post_json(group, update)["entities"].clone())
    };
    assert_eq!(entities("/vote@xieshang_bot 3"), json!([{"type": "bot_command", "offset": 0, "length": 18}]));
    assert_eq!(entities("😀 /vote"), json!([{"type": "bot_command", "offset": 3, "length": 5}]));
    assert_eq!(entities("谢谢 @li_ming！"), json!([{"type": "mention", "offset": 3, "length": 8}]));
    for plain in ["/投票", "／vote", "a/b", "/vote投票", "/", "a@b.com", "/a/b", &format!("/{}", "a".repeat(33))] {
        assert_eq!(entities(plain), Value::Null, "{plain}");
    }
    house.fake.voice(group, zhang, 7);
    house.fake.other(group, zhang, "new_chat_title", json!("新名字"));
    let heard = drain(&house).await;
    let [.., voice, title] = heard.as_slice() else { panic!("{heard:?}") };
    assert_eq!(voice["message"]["voice"]["duration"], 7);
    assert_eq!(voice["message"]["from"]["username"], "zhang_gy");
    assert_eq!(voice["message"]["date"], 1_795_000_000);
    assert_eq!(title["message"]["new_chat_title"], "新名字");
}

#[tokio::test]
async fn a_press_is_answered_once_and_in_time() {
    let house = house();
    let zhang = house.fake.user("张桂英");
    let group = house.fake.supergroup("清河里", &[zhang]);
    let mut card = say(group, "选");
    card["reply_markup"] = keyboard("支持", "v:1");
    let id = house.ok("sendMessage", card).await["message_id"].as_i64().unwrap();
    assert_eq!(house.fake.expect(group, "选").labels(), ["支持"]);
    assert!(house.fake.press(group, id, zhang, "反对").unwrap_err().contains("支持"));
    let query = house.fake.press(group, id, zhang, "支持").unwrap();
    let update = &drain(&house).await[0];
    assert_eq!(update["callback_query"]["id"], query);
    assert_eq!(update["callback_query"]["data"], "v:1");
    assert_eq!(update["callback_query"]["message"]["text"], "选");
    assert_eq!(house.fake.toast(&query), None);
    let answer = json!({"callback_query_id": query, "text": "记下了", "show_alert": true});
    house.ok("answerCallbackQuery", answer.clone()).await;
    let toast = house.fake.expect_toast(&query);
    assert_eq!((toast.text.as_str(), toast.show_alert), ("记下了", true));
    let old = "Bad Request: query is too old and response timeout expired or query ID is invalid".to_owned();
    assert_eq!(house.refused("answerCallbackQuery", answer).await, (400, old.clone()));
    assert_eq!(house.refused("answerCallbackQuery", json!({"callback_query_id": "1"})).await.1, old);
    let late = house.fake.press_old(group, id, zhang, "支持").unwrap();
    house.fake.repeat_press(&late);
    let heard = drain(&house).await;
    assert_eq!(heard[0]["callback_query"]["message"]["date"], 0);
    assert!(heard[0]["callback_query"]["message"].get("text").is_none());
    assert_eq!(heard[1]["callback_query"]["id"], late, "the same press in a second update");
    house.advance(151);
    assert_eq!(house.refused("answerCallbackQuery", json!({"callback_query_id": late})).await.1, old);
    house.fake.press_raw(group, id, zhang, "伪造");
    assert_eq!(drain(&house).await[0]["callback_query"]["data"], "伪造");
    assert_eq!(house.fake.presses(group).len(), 3);
    house.fake.assert_clean();
}

#[tokio::test]
async fn messages_are_edited_pinned_and_deleted() {
    let house = house();
    let zhang = house.fake.user("张桂英");
    let group = house.fake.supergroup("清河里", &[zhang]);
    let mut card = say(group, "零票");
    card["reply_markup"] = keyboard("支持", "v:1");
    let id = house.ok("sendMessage", card.clone()).await["message_id"].as_i64().unwrap();
    card["message_id"] = json!(id);
    let same = house.refused("editMessageText", card.clone()).await;
    assert_eq!(same.0, 400);
    assert!(same.1.starts_with("Bad Request: message is not modified: "), "{}", same.1);
    house.advance(5);
    card["text"] = json!("一票");
    let edited = house.ok("editMessageText", card.clone()).await;
    assert_eq!(edited["edit_date"], 1_795_000_005);
    assert_eq!(edited["date"], 1_795_000_000);
    card["reply_markup"] = keyboard("反对", "v:2");
    house.ok("editMessageText", card.clone()).await;
    house.ok("editMessageReplyMarkup", json!({"chat_id": group, "message_id": id})).await;
    let same = house.refused("editMessageReplyMarkup", json!({"chat_id": group, "message_id": id})).await;
    assert!(same.1.contains("not modified"));
    let shown = house.fake.expect_shown(group, "一票");
    assert!(shown.buttons().is_empty());
    let history: Vec<(&str, usize)> =
        shown.history.iter().map(|edit| (edit.text.as_str(), edit.buttons.len())).collect();
    assert_eq!(history, [("零票", 1), ("一票", 1), ("一票", 1)]);
    card["message_id"] = json!(999);
    assert_eq!(house.refused("editMessageText", card).await.1, "Bad Request: message to edit not found");
    let theirs = house.fake.say(group, zhang, "别动", None, None);
    let touch = json!({"chat_id": group, "message_id": theirs, "text": "动了"});
    assert_eq!(house.refused("editMessageText", touch.clone()).await.1, "Bad Request: message can't be edited");
    let pin = json!({"chat_id": group, "message_id": id});
    assert!(house.refused("pinChatMessage", pin.clone()).await.1.contains("not enough rights"));
    assert!(
        house.refused("deleteMessage", json!({"chat_id": group, "message_id": theirs})).await.1.contains("can't be")
    );
    house.fake.make(group, house.fake.bot_id(), zhang, Status::Administrator);
    house.ok("pinChatMessage", pin.clone()).await;
    assert_eq!(house.ok("getChat", json!({"chat_id": group})).await["pinned_message"]["message_id"], id);
    house.ok("deleteMessage", pin.clone()).await;
    assert_eq!(house.refused("deleteMessage", pin).await.1, "Bad Request: message to delete not found");
    assert!(house.fake.message(group, id).deleted);
    house.fake.assert_clean();
}

#[tokio::test]
async fn polls_are_voted_in_and_closed() {
    let house = house();
    let zhang = house.fake.user("张桂英");
    let group = house.fake.group("清河里", &[zhang]);
    let poll = json!({"chat_id": group, "question": "修不修", "options": [{"text": "修"}, {"text": "不修"}], "is_anonymous": false});
    let id = house.ok("sendPoll", poll).await["message_id"].as_i64().unwrap();
    house.fake.expect(group, "修不修");
    house.fake.vote(group, id, zhang, &[1]);
    house.fake.vote(group, id, zhang, &[]);
    let heard = drain(&house).await;
    assert_eq!(heard[0]["poll_answer"]["option_ids"], json!([1]));
    assert_eq!(heard[1]["poll"]["options"][1]["voter_count"], 1);
    assert_eq!(heard[2]["poll_answer"]["option_ids"], json!([]));
    let stop = json!({"chat_id": group, "message_id": id});
    let closed = house.ok("stopPoll", stop.clone()).await;
    assert_eq!((&closed["is_closed"], &closed["total_voter_count"]), (&json!(true), &json!(0)));
    assert!(house.refused("stopPoll", stop).await.1.contains("already been closed"));
    house.fake.assert_clean();
}

#[tokio::test]
async fn speaking_too_fast_is_refused_by_the_clock_of_the_fake() {
    let house = house_with(|options| options.pace = Pace::Strict);
    let zhang = house.person("张桂英");
    let group = house.fake.supergroup("清河里", &[zhang]);
    house.ok("sendMessage", say(zhang, "一")).await;
    let answer = house.call("sendMessage", say(zhang, "二")).await;
    let told = json!({"ok": false, "error_code": 429, "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1}});
    assert_eq!(answer, told);
    house.advance(1);
    house.ok("sendMessage", say(zhang, "二")).await;
    for n in 0..25 {
        house.advance(1);
        house.ok("sendMessage", say(zhang, &format!("第{n}"))).await;
    }
    assert_eq!(house.fake.most_in_a_minute(zhang), 27, "a private chat has no limit a minute");
    let id = house.ok("sendMessage", say(group, "零")).await["message_id"].clone();
    for n in 1..20 {
        house.advance(1);
        house.ok("editMessageText", json!({"chat_id": group, "message_id": id, "text": format!("{n}")})).await;
    }
    house.advance(1);
    let answer = house.call("sendMessage", say(group, "第二十一")).await;
    assert_eq!(answer["parameters"]["retry_after"], 40, "edits count as messages do");
    assert_eq!(house.fake.most_in_a_minute(group), 20);
    assert_eq!(house.fake.hit_limits().len(), 2);
    house.advance(40);
    house.ok("sendMessage", say(group, "第二十一")).await;
    assert!(house.fake.violations().is_empty(), "too fast is no violation");
}

#[tokio::test]
async fn a_short_burst_is_allowed_when_lenient_but_not_thirty_a_second_over_all() {
    let house = house_with(|options| options.pace = Pace::Lenient);
    let people: Vec<i64> = (0..7).map(|n| house.person(&format!("居民{n}"))).collect();
    for person in &people[..6] {
        for n in 0..5 {
            house.ok("sendMessage", say(*person, &format!("{n}"))).await;
        }
    }
    assert_eq!(house.refused("sendMessage", say(people[6], "多了")).await.0, 429, "thirty a second over all");
    house.advance(1);
    assert_eq!(house.refused("sendMessage", say(people[0], "多了")).await.0, 429, "five in a burst, then one a second");
    house.ok("sendMessage", say(people[6], "好了")).await;
    house.fake.press_raw(people[0], 1, people[0], "x");
    for press in house.fake.presses(people[0]) {
        house.ok("answerCallbackQuery", json!({"callback_query_id": press.query})).await;
    }
    let known: usize = house.fake.counts().values().sum();
    assert_eq!(known, house.fake.calls().len());
    let call = &house.fake.calls()[0];
    assert_eq!((call.method.as_str(), call.chat), ("sendMessage", Some(people[0])));
}
