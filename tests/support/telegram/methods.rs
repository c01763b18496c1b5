//! What the bot can do to messages: send, edit, answer a press.

use super::html::{self, Parsed};
use super::spec::{FILE, units};
use super::state::{Answer, Failure, State, Toast, bad, forbidden, too_many, violation, with_code};
use super::world::{Edit, Kind, Post, Status, buttons};
use chrono::TimeDelta;
use serde_json::{Map, Value, json};

pub type Params = Map<String, Value>;

pub fn text<'a>(params: &'a Params, name: &str) -> Option<&'a str> {
    params.get(name).and_then(Value::as_str)
}

pub fn number(params: &Params, name: &str) -> Option<i64> {
    params.get(name).and_then(Value::as_i64)
}

pub fn flag(params: &Params, name: &str) -> bool {
    params.get(name).and_then(Value::as_bool).unwrap_or(false)
}

impl State {
    /// Does what the method says. The parameters are checked already.
    pub fn perform(&mut self, method: &str, params: &Params) -> Answer {
        match method {
            "getMe" => Ok(self.me()),
            "sendMessage" => self.send_message(params),
            "sendPoll" => self.send_poll(params),
            "sendPhoto" | "sendDocument" => self.send_file(method, params),
            "getFile" => self.get_file(params),
            "sendChatAction" => self.writable(params).map(|_| Value::Bool(true)),
            "editMessageText" => self.edit(params, true),
            "editMessageReplyMarkup" => self.edit(params, false),
            "deleteMessage" => self.delete(params),
            "answerCallbackQuery" => self.answer_press(params),
            "logOut" | "close" => Err(bad("the fake stays")),
            _ => self.administer(method, params),
        }
    }

    /// Where a file lies that somebody sent; large ones are not handed to bots.
    fn get_file(&self, params: &Params) -> Answer {
        let id = text(params, "file_id").unwrap_or_default();
        let (path, bytes) = self.files.get(id).ok_or_else(|| bad("invalid file_id"))?;
        if bytes.len() > 20 * 1024 * 1024 {
            return Err(bad("file is too big"));
        }
        Ok(json!({"file_id": id, "file_unique_id": id, "file_size": bytes.len(), "file_path": path}))
    }

    fn me(&self) -> Value {
        let mut me = self.world.user_json(self.world.bot.id);
        me["can_join_groups"] = json!(true);
        me["can_read_all_group_messages"] = json!(self.world.reads_all);
        // Said by the real server, and required by some clients.
        for name in ["supports_inline_queries", "can_connect_to_business", "has_main_web_app", "has_topics_enabled"] {
            me[name] = json!(false);
        }
        me
    }

    /// The chat, if the bot can be in touch with it at all.
    pub fn reachable(&self, params: &Params) -> Result<i64, Failure> {
        let not_found = || bad("chat not found");
        let id = self.chat_of(params).ok_or_else(not_found)?;
        let Some(chat) = self.world.chats.get(&id) else {
            return Err(match self.world.users.get(&id) {
                Some(user) if user.is_bot => forbidden("bot can't send messages to bots"),
                Some(_) => forbidden("bot can't initiate conversation with a user"),
                None => not_found(),
            });
        };
        if let Some(to) = chat.moved_to {
            let moved = bad("group chat was upgraded to a supergroup chat");
            return Err(Failure { parameters: Some(json!({"migrate_to_chat_id": to})), ..moved });
        }
        if chat.kind == Kind::Private {
            if chat.blocked {
                return Err(forbidden("bot was blocked by the user"));
            }
            let opened = chat.started;
            return if opened { Ok(id) } else { Err(forbidden("bot can't initiate conversation with a user")) };
        }
        let name = chat.kind.name();
        match chat.status(self.world.bot.id) {
            Status::Kicked => Err(forbidden(&format!("bot was kicked from the {name} chat"))),
            Status::Left => Err(forbidden(&format!("bot is not a member of the {name} chat"))),
            _ => Ok(id),
        }
    }

    pub fn writable(&self, params: &Params) -> Result<i64, Failure> {
        let id = self.reachable(params)?;
        let chat = self.world.chat(id);
        if chat.kind == Kind::Channel && !chat.status(self.world.bot.id).is_admin() {
            return Err(bad("need administrator rights in the channel chat"));
        }
        if chat.muted {
            return Err(bad("not enough rights to send text messages to the chat"));
        }
        Ok(id)
    }

    /// The text as shown, with what is marked in it.
    fn read_text(&self, params: &Params, name: &str) -> Result<Parsed, Failure> {
        let raw = text(params, name).unwrap_or_default();
        let mode = text(params, "parse_mode").unwrap_or_default().to_lowercase();
        let mut parsed = match mode.as_str() {
            "html" => html::parse(raw).map_err(|why| violation(&format!("can't parse entities: {why}")))?,
            "" => html::trimmed(Parsed { text: raw.to_owned(), entities: entities(params) }),
            "markdown" | "markdownv2" => return Err(violation("this parse mode is not supported by the fake")),
            _ => return Err(violation("unsupported parse_mode")),
        };
        html::marked(&mut parsed);
        if name == "text" && parsed.text.is_empty() {
            return Err(violation("message text is empty"));
        }
        if name == "text" && units(&parsed.text) > 4096 {
            return Err(violation("message is too long"));
        }
        Ok(parsed)
    }

    /// Where a new message goes: chat, thread, and the message it answers.
    fn place(&self, params: &Params) -> Result<(i64, Option<i64>, Option<i64>), Failure> {
        let id = self.writable(params)?;
        let chat = self.world.chat(id);
        let mut thread = number(params, "message_thread_id");
        if thread.is_some_and(|thread| !chat.threads.contains_key(&thread)) {
            return Err(bad("message thread not found"));
        }
        let Some(reply) = params.get("reply_parameters").filter(|reply| reply.is_object()) else {
            return Ok((id, thread, None));
        };
        let to = reply["message_id"].as_i64().and_then(|to| chat.post(to));
        if to.is_none() && reply["allow_sending_without_reply"] != true {
            return Err(bad("message to be replied not found"));
        }
        thread = thread.or_else(|| to.and_then(|to| to.thread));
        Ok((id, thread, to.map(|to| to.id)))
    }

    fn pace(&mut self, chat: i64, method: &str) -> Result<(), Failure> {
        let now = self.now();
        self.limits.take(now, chat, method).map_err(too_many)
    }

    /// A message of the bot, wherever it goes.
    fn send(&mut self, method: &str, params: &Params, mut post: Post) -> Answer {
        let (chat, thread, reply_to) = self.place(params)?;
        self.pace(chat, method)?;
        let me = self.world.bot.id;
        let channel = self.world.chat(chat).kind == Kind::Channel;
        post.from = (!channel).then_some(me);
        post.sender_chat = channel.then_some(chat);
        post.thread = thread;
        post.reply_to = reply_to;
        post.date = self.now();
        post.by_bot = true;
        // Only an inline keyboard stays with the message.
        let inline = params.get("reply_markup").filter(|markup| markup["inline_keyboard"].is_array());
        post.markup = inline.cloned();
        let id = self.world.add(chat, post);
        self.world.chat_mut(chat).last_bot = Some(me);
        Ok(self.world.post_json(chat, id))
    }

    fn send_message(&mut self, params: &Params) -> Answer {
        let parsed = self.read_text(params, "text")?;
        let raw = text(params, "text").unwrap_or_default().to_owned();
        let post = Post { text: Some(parsed.text), entities: parsed.entities, raw, ..Post::default() };
        self.send("sendMessage", params, post)
    }

    fn send_file(&mut self, method: &str, params: &Params) -> Answer {
        let what = if method == "sendPhoto" { "photo" } else { "document" };
        let caption = self.read_text(params, "caption")?;
        let file = &params[what];
        let bytes = file[FILE].as_i64().unwrap_or(0);
        let (most, name) = if what == "photo" { (10, "photo") } else { (50, "document") };
        if bytes > most * 1024 * 1024 {
            return Err(violation(&format!("{name} is too big")));
        }
        let id = file.as_str().map_or_else(|| format!("file-{what}-{bytes}"), str::to_owned);
        let mut kept = json!({"file_id": id, "file_unique_id": id, "file_size": bytes});
        if let Some(name) = file["name"].as_str().filter(|_| what == "document") {
            kept["file_name"] = json!(name);
        }
        if what == "photo" {
            kept["width"] = json!(640);
            kept["height"] = json!(480);
            kept = json!([kept]);
        }
        let mut extra = Map::from_iter([(what.to_owned(), kept)]);
        if !caption.text.is_empty() {
            extra.insert("caption".into(), json!(caption.text));
        }
        if !caption.entities.is_empty() {
            extra.insert("caption_entities".into(), json!(caption.entities));
        }
        let raw = text(params, "caption").unwrap_or_default().to_owned();
        self.send(method, params, Post { extra, raw, ..Post::default() })
    }

    /// The message a request is about, if the bot can change it.
    fn own(&self, params: &Params, what: &str) -> Result<(i64, i64), Failure> {
        if params.contains_key("inline_message_id") {
            return Err(Failure { code: 501, ..violation("inline messages are not simulated by the fake") });
        }
        let (Some(_), Some(id)) = (params.get("chat_id"), number(params, "message_id")) else {
            return Err(violation("message identifier is not specified"));
        };
        let chat = self.reachable(params)?;
        let post = self.world.chat(chat).post(id);
        let Some(post) = post else { return Err(bad(&format!("message to {what} not found"))) };
        if what != "delete" && !post.by_bot {
            return Err(bad(&format!("message can't be {what}ed")));
        }
        Ok((chat, id))
    }

    fn edit(&mut self, params: &Params, with_text: bool) -> Answer {
        let (chat, id) = self.own(params, "edit")?;
        let method = if with_text { "editMessageText" } else { "editMessageReplyMarkup" };
        let now = self.now();
        let post = &self.world.chat(chat).posts[&id];
        if with_text && post.text.is_none() {
            return Err(bad("there is no text in the message to edit"));
        }
        if with_text && !params.contains_key("text") {
            return Err(violation("editMessageText.text is missing"));
        }
        let parsed = if with_text {
            self.read_text(params, "text")?
        } else {
            Parsed { text: post.text.clone().unwrap_or_default(), entities: post.entities.clone() }
        };
        let markup = params
            .get("reply_markup")
            .filter(|markup| markup["inline_keyboard"].as_array().is_some_and(|rows| !rows.is_empty()));
        let same = parsed.text == post.text.clone().unwrap_or_default()
            && parsed.entities == post.entities
            && markup == post.markup.as_ref();
        if same {
            return Err(bad(
                "message is not modified: specified new message content and reply markup are exactly the same as a \
                 current content and reply markup of the message",
            ));
        }
        let markup = markup.cloned();
        self.pace(chat, method)?;
        let Some(post) = self.world.chat_mut(chat).posts.get_mut(&id) else {
            return Err(bad("message to edit not found"));
        };
        let before = post.text.clone().unwrap_or_default();
        post.history.push(Edit { at: now, text: before, buttons: buttons(post.markup.as_ref()) });
        post.edited = Some(now);
        post.markup = markup;
        if with_text {
            post.text = Some(parsed.text);
            post.entities = parsed.entities;
            post.raw = text(params, "text").unwrap_or_default().to_owned();
        }
        Ok(self.world.post_json(chat, id))
    }

    fn delete(&mut self, params: &Params) -> Answer {
        let (chat, id) = self.own(params, "delete")?;
        let me = self.world.bot.id;
        let now = self.now();
        let of = self.world.chat_mut(chat);
        let admin = of.kind != Kind::Private && of.status(me).is_admin();
        let Some(post) = of.posts.get_mut(&id) else { return Err(bad("message to delete not found")) };
        if !admin && (!post.by_bot || now - post.date > TimeDelta::hours(48)) {
            return Err(bad("message can't be deleted"));
        }
        post.deleted = true;
        Ok(Value::Bool(true))
    }

    fn answer_press(&mut self, params: &Params) -> Answer {
        let now = self.now();
        let life = self.queue.query_life;
        let show_alert = flag(params, "show_alert");
        let text = text(params, "text").unwrap_or_default().to_owned();
        let query = params["callback_query_id"].as_str().unwrap_or_default();
        let press = self.press_mut(query).filter(|press| press.toast.is_none() && now - press.at <= life);
        let Some(press) = press else {
            return Err(bad("query is too old and response timeout expired or query ID is invalid"));
        };
        press.toast = Some(Toast { text, show_alert, at: now });
        Ok(Value::Bool(true))
    }

    fn send_poll(&mut self, params: &Params) -> Answer {
        let read = |of: &Value, name: &str| -> Result<String, Failure> {
            let raw = of[name].as_str().unwrap_or_default();
            match of[format!("{name}_parse_mode")].as_str() {
                Some(mode) if mode.eq_ignore_ascii_case("html") => {
                    Ok(html::parse(raw).map_err(|why| violation(&format!("can't parse entities: {why}")))?.text)
                }
                Some(_) => Err(violation("this parse mode is not supported by the fake")),
                None => Ok(raw.to_owned()),
            }
        };
        let whole = Value::Object(params.clone());
        let question = read(&whole, "question")?;
        let mut options = Vec::new();
        for (n, option) in params["options"].as_array().into_iter().flatten().enumerate() {
            let id = format!("option{n}");
            options.push(json!({"persistent_id": id, "text": read(option, "text")?, "voter_count": 0}));
        }
        let id = format!("{}", 5_000_000_000_000_000_001_u64 + self.polls.len() as u64);
        let kind = text(params, "type").unwrap_or("regular");
        let poll = json!({
            "id": id, "question": question, "options": options, "total_voter_count": 0,
            "is_closed": flag(params, "is_closed"), "type": kind,
            "is_anonymous": params.get("is_anonymous") != Some(&Value::Bool(false)),
            "allows_multiple_answers": flag(params, "allows_multiple_answers"),
            "allows_revoting": params.get("allows_revoting") != Some(&Value::Bool(false)),
            "members_only": flag(params, "members_only"),
        });
        let extra = Map::from_iter([("poll".to_owned(), poll)]);
        let sent = self.send("sendPoll", params, Post { extra, raw: question, ..Post::default() })?;
        let place = (sent["chat"]["id"].as_i64().unwrap_or(0), sent["message_id"].as_i64().unwrap_or(0));
        self.polls.insert(id, place);
        Ok(sent)
    }

    /// Closes a poll of the bot and answers with how it ended.
    pub fn stop_poll(&mut self, params: &Params) -> Answer {
        let (chat, id) = self.own(params, "edit")?;
        let Some(post) = self.world.chat_mut(chat).posts.get_mut(&id) else { return Err(bad("message not found")) };
        let Some(poll) = post.extra.get_mut("poll") else { return Err(bad("message with poll to stop not found")) };
        if poll["is_closed"] == true {
            return Err(bad("poll has already been closed"));
        }
        poll["is_closed"] = json!(true);
        let poll = poll.clone();
        self.update("poll", &poll);
        Ok(poll)
    }

    pub fn not_simulated(method: &str) -> Failure {
        Failure { violation: true, ..with_code(501, &format!("Not Implemented: the fake does not simulate {method}")) }
    }
}

fn entities(params: &Params) -> Vec<Value> {
    params.get("entities").and_then(Value::as_array).cloned().unwrap_or_default()
}
