//! What people do: they come, speak, press, leave, add the bot and throw it out.

use super::Fake;
use super::html::{Parsed, marked, trimmed};
use super::state::State;
use super::world::{ANONYMOUS_ADMIN, Chat, Edit, Kind, Post, Status, TELEGRAM, User, buttons};
use serde_json::{Map, Value, json};

impl Fake {
    /// A new person.
    pub fn user(&self, first_name: &str) -> i64 {
        self.somebody(first_name, None, false)
    }

    /// Another bot.
    pub fn other_bot(&self, username: &str) -> i64 {
        self.somebody(username, Some(username), true)
    }

    fn somebody(&self, first_name: &str, username: Option<&str>, is_bot: bool) -> i64 {
        let id = self.inner.act(|state| {
            state.world.next_user += 1;
            state.world.next_user - 1
        });
        let (first_name, username) = (first_name.to_owned(), username.map(str::to_owned));
        self.user_as(User { id, first_name, username, is_bot, language: None });
        id
    }

    /// A person with everything said; also changes one.
    pub fn user_as(&self, user: User) {
        self.inner.act(|state| state.world.users.insert(user.id, user));
    }

    /// Whether privacy mode is on: then the bot hears in groups only what is meant for it. Off at first.
    pub fn privacy(&self, on: bool) {
        self.inner.act(|state| state.world.reads_all = !on);
    }

    fn chat(&self, kind: Kind, title: &str, people: &[i64]) -> i64 {
        self.inner.act(|state| {
            let number = state.world.next_group;
            state.world.next_group += 1;
            let id = if kind == Kind::Group { -number } else { -1_000_000_000_000 - number };
            let mut chat = Chat::new(id, kind, title);
            for (n, person) in people.iter().enumerate() {
                chat.people.insert(*person, if n == 0 { Status::Creator } else { Status::Member });
            }
            let own = if kind == Kind::Channel { Status::Administrator } else { Status::Member };
            chat.people.insert(state.world.bot.id, own);
            state.world.chats.insert(id, chat);
            id
        })
    }

    /// A plain group, with the bot in it; the first of the people made it. The bot is not told: see [`Fake::add_bot`].
    pub fn group(&self, title: &str, people: &[i64]) -> i64 {
        self.chat(Kind::Group, title, people)
    }

    pub fn supergroup(&self, title: &str, people: &[i64]) -> i64 {
        self.chat(Kind::Supergroup, title, people)
    }

    /// A supergroup with threads.
    pub fn forum(&self, title: &str, people: &[i64]) -> i64 {
        let id = self.chat(Kind::Supergroup, title, people);
        self.inner.act(|state| state.world.chat_mut(id).forum = true);
        id
    }

    /// A channel, the bot an administrator of it.
    pub fn channel(&self, title: &str, people: &[i64]) -> i64 {
        self.chat(Kind::Channel, title, people)
    }

    /// Makes a supergroup the discussion group of a channel.
    pub fn link(&self, channel: i64, group: i64) {
        self.inner.act(|state| {
            state.world.chat_mut(channel).linked = Some(group);
            state.world.chat_mut(group).linked = Some(channel);
        });
    }

    /// Gives a supergroup or channel a public name.
    pub fn public_name(&self, chat: i64, username: &str) {
        self.inner.act(|state| state.world.chat_mut(chat).username = Some(username.to_owned()));
    }

    /// A new thread of a forum, as a person makes one.
    pub fn thread(&self, chat: i64, user: i64, name: &str) -> i64 {
        self.inner.act(|state| {
            let created = json!({"name": name, "icon_color": 7_322_096});
            let mut post = by(state, chat, user);
            post.extra = Map::from_iter([("forum_topic_created".to_owned(), created)]);
            post.date = state.now();
            post.read = true;
            let id = state.world.add(chat, post);
            let of = state.world.chat_mut(chat);
            of.threads.insert(id, name.to_owned());
            // The message that opens a thread lies in it.
            if let Some(post) = of.posts.get_mut(&id) {
                post.thread = Some(id);
            }
            state.tell(chat, id, false);
            id
        })
    }

    /// The private chat with a person who started the bot long ago; its number is the person's.
    pub fn private(&self, user: i64) -> i64 {
        self.inner.act(|state| {
            open(state, user);
            user
        })
    }

    /// A person presses "Start", perhaps by a link with a payload.
    pub fn start_bot(&self, user: i64, payload: Option<&str>) -> i64 {
        self.unblock(user);
        let text = payload.map_or_else(|| "/start".to_owned(), |payload| format!("/start {payload}"));
        self.say(user, user, &text, None, None)
    }

    /// Says something in a chat: the number of the message.
    pub fn say(&self, chat: i64, user: i64, text: &str, reply_to: Option<i64>, thread: Option<i64>) -> i64 {
        self.inner.act(|state| {
            if chat == user {
                open(state, user);
                assert!(!state.world.chat(chat).blocked, "{user} has blocked the bot and cannot write to it");
            }
            let parsed = read(text);
            let in_thread = reply_to.and_then(|to| state.world.chat(chat).post(to)).and_then(|to| to.thread);
            let mut post = by(state, chat, user);
            post.thread = thread.or(in_thread);
            post.reply_to = reply_to;
            post.text = Some(parsed.text);
            post.entities = parsed.entities;
            if state.world.user(user).is_bot {
                state.world.chat_mut(chat).last_bot = Some(user);
            }
            state.post(chat, post)
        })
    }

    /// A voice message: nothing to read.
    pub fn voice(&self, chat: i64, user: i64, seconds: i64) -> i64 {
        let voice = json!({"file_id": "voice", "file_unique_id": "voice", "duration": seconds});
        self.other(chat, user, "voice", voice)
    }

    /// A document, perhaps with words under it.
    pub fn document(&self, chat: i64, user: i64, name: &str, bytes: &[u8], caption: &str) -> i64 {
        self.inner.act(|state| {
            if chat == user {
                open(state, user);
            }
            let id = format!("document-{}", state.files.len() + 1);
            let path = format!("documents/file_{}.bin", state.files.len() + 1);
            state.files.insert(id.clone(), (path, bytes.to_vec()));
            let document = json!({"file_id": id, "file_unique_id": id, "file_name": name, "file_size": bytes.len()});
            let mut post = by(state, chat, user);
            post.extra = Map::from_iter([("document".to_owned(), document)]);
            if !caption.is_empty() {
                post.extra.insert("caption".to_owned(), json!(caption));
            }
            state.post(chat, post)
        })
    }

    /// Any other message: a field of Message and its value, e.g. `sticker`.
    pub fn other(&self, chat: i64, user: i64, field: &str, value: Value) -> i64 {
        self.inner.act(|state| {
            let mut post = by(state, chat, user);
            post.extra = Map::from_iter([(field.to_owned(), value)]);
            state.post(chat, post)
        })
    }

    /// Somebody changes what they said.
    pub fn edit(&self, chat: i64, message: i64, text: &str) {
        self.inner.act(|state| {
            let now = state.now();
            let parsed = read(text);
            let Some(post) = state.world.chat_mut(chat).posts.get_mut(&message) else {
                panic!("chat {chat} has no message {message}")
            };
            let before = post.text.replace(parsed.text).unwrap_or_default();
            post.history.push(Edit { at: now, text: before, buttons: Vec::new() });
            post.entities = parsed.entities;
            post.edited = Some(now);
            state.tell(chat, message, true);
        });
    }

    /// Somebody deletes a message: the bot is not told.
    pub fn delete(&self, chat: i64, message: i64) {
        self.inner.act(|state| {
            if let Some(post) = state.world.chat_mut(chat).posts.get_mut(&message) {
                post.deleted = true;
            }
        });
    }

    /// A post in a channel; what is forwarded into the linked group by itself comes second.
    pub fn post_in_channel(&self, channel: i64, text: &str) -> (i64, Option<i64>) {
        self.inner.act(|state| {
            let parsed = read(text);
            let Parsed { text, entities } = parsed;
            let post = Post { sender_chat: Some(channel), text: Some(text), entities, ..Post::default() };
            let id = state.post(channel, post.clone());
            let group = state.world.chat(channel).linked;
            let forwarded = group.map(|group| {
                let origin = json!({
                    "type": "channel", "date": state.now().timestamp(), "chat": state.world.chat_json(channel),
                    "message_id": id,
                });
                let extra = [("is_automatic_forward".to_owned(), json!(true)), ("forward_origin".to_owned(), origin)];
                state.post(group, Post { from: Some(TELEGRAM), extra: Map::from_iter(extra), ..post })
            });
            (id, forwarded)
        })
    }

    /// Presses the button with this label: the query, or what is there instead.
    pub fn press(&self, chat: i64, message: i64, user: i64, label: &str) -> Result<String, String> {
        let data = self.data(chat, message, label)?;
        Ok(self.press_raw(chat, message, user, &data))
    }

    /// The same on a message so old that the bot does not get to see it (`date` 0).
    pub fn press_old(&self, chat: i64, message: i64, user: i64, label: &str) -> Result<String, String> {
        let data = self.data(chat, message, label)?;
        Ok(self.inner.act(|state| state.press(chat, message, user, &data, false)))
    }

    fn data(&self, chat: i64, message: i64, label: &str) -> Result<String, String> {
        let state = self.inner.lock();
        let post = state.world.chat(chat).post(message).ok_or(format!("chat {chat} has no message {message}"))?;
        let rows = buttons(post.markup.as_ref());
        let all: Vec<&str> = rows.iter().flatten().map(|button| button.label.as_str()).collect();
        let found = rows.iter().flatten().find(|button| button.label == label);
        let found = found.ok_or_else(|| format!("no button {label:?} under message {message}, only {all:?}"))?;
        found.data.clone().ok_or_else(|| format!("the button {label:?} carries no data"))
    }

    /// A press with any data, as a client that is not Telegram's may send it.
    pub fn press_raw(&self, chat: i64, message: i64, user: i64, data: &str) -> String {
        self.inner.act(|state| state.press(chat, message, user, data, true))
    }

    /// The same press in a second update.
    pub fn repeat_press(&self, query: &str) {
        self.inner.act(|state| state.tell_press(query, true));
    }

    /// Votes in a poll of the bot; no options take the vote back.
    pub fn vote(&self, chat: i64, message: i64, user: i64, options: &[usize]) {
        self.inner.act(|state| vote(state, chat, message, user, options));
    }

    /// Joins a group, with the message that says so.
    pub fn join(&self, chat: i64, user: i64) {
        self.inner.act(|state| {
            state.set_status(chat, user, user, Status::Member);
            let who = json!([state.world.user_json(user)]);
            service(state, chat, user, "new_chat_members", who);
        });
    }

    pub fn leave(&self, chat: i64, user: i64) {
        self.removed(chat, user, user, Status::Left);
    }

    pub fn kick(&self, chat: i64, user: i64, by: i64) {
        self.removed(chat, user, by, Status::Kicked);
    }

    fn removed(&self, chat: i64, user: i64, by: i64, status: Status) {
        self.inner.act(|state| {
            let who = state.world.user_json(user);
            service(state, chat, by, "left_chat_member", who);
            state.set_status(chat, user, by, status);
        });
    }

    /// Makes somebody (also the bot) what they should be in a chat, e.g. an administrator, or an anonymous one.
    pub fn make(&self, chat: i64, user: i64, by: i64, status: Status) {
        self.inner.act(|state| state.set_status(chat, user, by, status));
    }

    pub fn bot_id(&self) -> i64 {
        self.inner.lock().world.bot.id
    }

    /// Somebody puts the bot into a group, or back into it.
    pub fn add_bot(&self, chat: i64, by: i64) {
        self.inner.act(|state| {
            let me = state.world.bot.id;
            state.set_status(chat, me, by, Status::Member);
            let who = json!([state.world.user_json(me)]);
            service(state, chat, by, "new_chat_members", who);
        });
    }

    pub fn kick_bot(&self, chat: i64, by: i64) {
        self.inner.act(|state| {
            let me = state.world.bot.id;
            state.set_status(chat, me, by, Status::Kicked);
        });
    }

    /// The bot may read, but not write.
    pub fn mute_bot(&self, chat: i64, muted: bool) {
        self.inner.act(|state| state.world.chat_mut(chat).muted = muted);
    }

    /// A person blocks the bot.
    pub fn block(&self, user: i64) {
        self.blocks(user, true);
    }

    pub fn unblock(&self, user: i64) {
        self.blocks(user, false);
    }

    fn blocks(&self, user: i64, blocked: bool) {
        self.inner.act(|state| {
            open(state, user);
            if state.world.chat(user).blocked == blocked {
                return;
            }
            state.world.chat_mut(user).blocked = blocked;
            let me = state.world.bot.id;
            let status = if blocked { Status::Kicked } else { Status::Member };
            state.set_status(user, me, user, status);
        });
    }

    /// A group becomes a supergroup: its new number. Everybody stays, messages do not.
    pub fn migrate(&self, group: i64) -> i64 {
        let title = self.inner.lock().world.chat(group).title.clone();
        let to = self.chat(Kind::Supergroup, &title, &[]);
        self.inner.act(|state| {
            let people = state.world.chat(group).people.clone();
            let maker = people.iter().find(|(_, status)| **status == Status::Creator).map(|(user, _)| *user);
            let maker = maker.or(people.keys().next().copied()).unwrap_or(TELEGRAM);
            state.world.chat_mut(to).people = people;
            // The bot is told that it is in the new one; that it is no longer in the old one it is never told
            // (tdlib/telegram-bot-api#266).
            let me = state.world.bot.id;
            if let Some(status) = state.world.chat_mut(to).people.remove(&me) {
                state.set_status(to, me, maker, status);
            }
            service(state, group, maker, "migrate_to_chat_id", json!(to));
            state.world.chat_mut(group).moved_to = Some(to);
            service(state, to, ANONYMOUS_ADMIN, "migrate_from_chat_id", json!(group));
        });
        to
    }

    /// An update as raw bytes, however broken; `$ID` in them becomes its number.
    pub fn push_raw(&self, bytes: &[u8]) -> i64 {
        self.inner.act(|state| {
            let now = state.now();
            state.queue.push(now, false, |id| match bytes.windows(3).position(|at| at == b"$ID") {
                Some(at) => [&bytes[..at], id.to_string().as_bytes(), &bytes[at + 3..]].concat(),
                None => bytes.to_vec(),
            })
        })
    }

    /// Gives an update again in each of the next so many answers, whether it was confirmed or not.
    pub fn redeliver(&self, update: i64, times: u32) {
        self.inner.act(|state| state.queue.redeliver(update, times));
    }

    /// The number of the newest update.
    pub fn last_update(&self) -> i64 {
        self.inner.lock().queue.next - 1
    }

    /// The number the next update gets: the real server may begin anew after a quiet week.
    pub fn next_update(&self, id: i64) {
        self.inner.act(|state| state.queue.next = id);
    }
}

fn read(text: &str) -> Parsed {
    let mut parsed = trimmed(Parsed { text: text.to_owned(), entities: Vec::new() });
    marked(&mut parsed);
    parsed
}

/// The private chat with a person, made when it is not there.
fn open(state: &mut State, user: i64) {
    let name = state.world.user(user).first_name.clone();
    let me = state.world.bot.id;
    let chat = state.world.chats.entry(user).or_insert_with(|| {
        let mut chat = Chat::new(user, Kind::Private, &name);
        chat.people.insert(me, Status::Member);
        chat
    });
    chat.started = true;
}

/// A message of this person: an anonymous administrator speaks as the group.
fn by(state: &State, chat: i64, user: i64) -> Post {
    if state.world.chat(chat).status(user) == Status::Anonymous {
        return Post { from: Some(ANONYMOUS_ADMIN), sender_chat: Some(chat), ..Post::default() };
    }
    Post { from: Some(user), ..Post::default() }
}

fn service(state: &mut State, chat: i64, user: i64, field: &str, value: Value) {
    let mut post = by(state, chat, user);
    if user == ANONYMOUS_ADMIN {
        post.sender_chat = Some(chat);
    }
    post.extra = Map::from_iter([(field.to_owned(), value)]);
    state.post(chat, post);
}

fn vote(state: &mut State, chat: i64, message: i64, user: i64, chosen: &[usize]) {
    let Some(poll) = state.world.chat(chat).posts.get(&message).and_then(|post| post.extra.get("poll")) else {
        panic!("message {message} is no poll")
    };
    let mut poll = poll.clone();
    assert!(poll["is_closed"] != true, "the poll is closed");
    let id = poll["id"].as_str().unwrap_or_default().to_owned();
    let votes = state.votes.entry(id.clone()).or_default();
    if chosen.is_empty() {
        votes.remove(&user);
    } else {
        votes.insert(user, chosen.to_vec());
    }
    let options = poll["options"].as_array().map_or(0, Vec::len);
    for option in 0..options {
        let count = votes.values().filter(|chosen| chosen.contains(&option)).count();
        poll["options"][option]["voter_count"] = json!(count);
    }
    poll["total_voter_count"] = json!(votes.len());
    let names: Vec<String> = chosen.iter().map(|option| format!("option{option}")).collect();
    let answer = json!({
        "poll_id": id, "user": state.world.user_json(user), "option_ids": chosen, "option_persistent_ids": names,
    });
    if poll["is_anonymous"] != true {
        state.update("poll_answer", &answer);
    }
    state.update("poll", &poll);
    if let Some(post) = state.world.chat_mut(chat).posts.get_mut(&message) {
        post.extra.insert("poll".to_owned(), poll);
    }
}
