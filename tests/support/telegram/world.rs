//! Who and what there is in the fake: people, chats, messages, and how Telegram writes them down.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};

/// The user that stands for an anonymous administrator.
pub const ANONYMOUS_ADMIN: i64 = 1_087_968_824;
/// The user that stands for Telegram itself, e.g. for what a channel forwards into its group.
pub const TELEGRAM: i64 = 777_000;

#[derive(Clone, Debug)]
pub struct User {
    pub id: i64,
    pub first_name: String,
    pub username: Option<String>,
    pub is_bot: bool,
    pub language: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Private,
    Group,
    Supergroup,
    Channel,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Private => "private",
            Kind::Group => "group",
            Kind::Supergroup => "supergroup",
            Kind::Channel => "channel",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Creator,
    Administrator,
    /// An administrator who speaks in the name of the group.
    Anonymous,
    Member,
    Left,
    Kicked,
}

impl Status {
    pub fn is_in(self) -> bool {
        !matches!(self, Status::Left | Status::Kicked)
    }

    pub fn is_admin(self) -> bool {
        matches!(self, Status::Creator | Status::Administrator | Status::Anonymous)
    }
}

/// A message, whoever wrote it.
#[derive(Clone, Debug, Default)]
pub struct Post {
    pub id: i64,
    pub date: DateTime<Utc>,
    pub edited: Option<DateTime<Utc>>,
    pub from: Option<i64>,
    pub sender_chat: Option<i64>,
    pub thread: Option<i64>,
    pub reply_to: Option<i64>,
    pub text: Option<String>,
    pub entities: Vec<Value>,
    /// What stands beside or instead of a text: voice, poll, service messages.
    pub extra: Map<String, Value>,
    pub markup: Option<Value>,
    /// The text as the bot wrote it.
    pub raw: String,
    pub history: Vec<Edit>,
    pub by_bot: bool,
    pub read: bool,
    pub deleted: bool,
}

/// How a message looked before an edit.
#[derive(Clone, Debug)]
pub struct Edit {
    pub at: DateTime<Utc>,
    pub text: String,
    pub buttons: Vec<Vec<Button>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    pub label: String,
    /// What is sent when it is pressed; none for a link.
    pub data: Option<String>,
    pub url: Option<String>,
}

/// The buttons of an inline keyboard.
pub fn buttons(markup: Option<&Value>) -> Vec<Vec<Button>> {
    let rows = markup.and_then(|markup| markup["inline_keyboard"].as_array());
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let button = |one: &Value| Button {
        label: text(&one["text"]).unwrap_or_default(),
        data: text(&one["callback_data"]),
        url: text(&one["url"]),
    };
    rows.into_iter().flatten().map(|row| row.as_array().into_iter().flatten().map(button).collect()).collect()
}

#[derive(Clone, Debug)]
pub struct Chat {
    pub id: i64,
    pub kind: Kind,
    pub title: String,
    pub username: Option<String>,
    pub forum: bool,
    pub threads: BTreeMap<i64, String>,
    pub people: BTreeMap<i64, Status>,
    /// The discussion group of a channel.
    pub linked: Option<i64>,
    pub moved_to: Option<i64>,
    pub posts: BTreeMap<i64, Post>,
    pub started: bool,
    pub blocked: bool,
    /// The bot is in, but may not write.
    pub muted: bool,
    /// The bot that spoke last: a bare command goes to it.
    pub last_bot: Option<i64>,
    pub pinned: Vec<i64>,
    next: i64,
}

impl Chat {
    pub fn new(id: i64, kind: Kind, title: &str) -> Chat {
        Chat {
            id,
            kind,
            title: title.to_owned(),
            username: None,
            forum: false,
            threads: BTreeMap::new(),
            people: BTreeMap::new(),
            linked: None,
            moved_to: None,
            posts: BTreeMap::new(),
            started: false,
            blocked: false,
            muted: false,
            last_bot: None,
            pinned: Vec::new(),
            next: 1,
        }
    }

    pub fn status(&self, user: i64) -> Status {
        self.people.get(&user).copied().unwrap_or(Status::Left)
    }

    pub fn post(&self, id: i64) -> Option<&Post> {
        self.posts.get(&id).filter(|post| !post.deleted)
    }
}

pub struct World {
    pub bot: User,
    /// Whether privacy mode is off.
    pub reads_all: bool,
    pub users: HashMap<i64, User>,
    pub chats: HashMap<i64, Chat>,
    /// Numbers of messages in private chats and plain groups: one row for all of them.
    next_post: i64,
    pub next_user: i64,
    pub next_group: i64,
}

impl World {
    pub fn new(bot: User) -> World {
        let stand_in = |id, name: &str, username: &str, is_bot| User {
            id,
            first_name: name.to_owned(),
            username: Some(username.to_owned()),
            is_bot,
            language: None,
        };
        let known = [
            bot.clone(),
            stand_in(ANONYMOUS_ADMIN, "Group", "GroupAnonymousBot", true),
            stand_in(TELEGRAM, "Telegram", "Telegram", false),
        ];
        World {
            bot,
            reads_all: true,
            users: known.into_iter().map(|user| (user.id, user)).collect(),
            chats: HashMap::new(),
            next_post: 1,
            next_user: 1_001,
            next_group: 4_000_001,
        }
    }

    pub fn chat(&self, id: i64) -> &Chat {
        self.chats.get(&id).unwrap_or_else(|| panic!("the fake knows no chat {id}"))
    }

    pub fn chat_mut(&mut self, id: i64) -> &mut Chat {
        self.chats.get_mut(&id).unwrap_or_else(|| panic!("the fake knows no chat {id}"))
    }

    pub fn user(&self, id: i64) -> &User {
        self.users.get(&id).unwrap_or_else(|| panic!("the fake knows no user {id}"))
    }

    /// Puts a message into a chat and gives it its number.
    pub fn add(&mut self, chat: i64, mut post: Post) -> i64 {
        let shared = &mut self.next_post;
        let Some(found) = self.chats.get_mut(&chat) else { panic!("the fake knows no chat {chat}") };
        let next = if matches!(found.kind, Kind::Private | Kind::Group) { shared } else { &mut found.next };
        post.id = *next;
        *next += 1;
        let id = post.id;
        found.posts.insert(id, post);
        id
    }

    pub fn user_json(&self, id: i64) -> Value {
        let user = self.user(id);
        let mut json = json!({"id": user.id, "is_bot": user.is_bot, "first_name": user.first_name});
        if let Some(username) = &user.username {
            json["username"] = json!(username);
        }
        if let Some(language) = &user.language {
            json["language_code"] = json!(language);
        }
        json
    }

    pub fn chat_json(&self, id: i64) -> Value {
        let chat = self.chat(id);
        let mut json = json!({"id": chat.id, "type": chat.kind.name()});
        if chat.kind == Kind::Private {
            json["first_name"] = json!(self.user(id).first_name);
            if let Some(username) = &self.user(id).username {
                json["username"] = json!(username);
            }
            return json;
        }
        json["title"] = json!(chat.title);
        if let Some(username) = &chat.username {
            json["username"] = json!(username);
        }
        if chat.forum {
            json["is_forum"] = json!(true);
        }
        json
    }

    pub fn member_json(&self, chat: i64, user: i64) -> Value {
        let status = self.chat(chat).status(user);
        let user = self.user_json(user);
        match status {
            Status::Creator => json!({"status": "creator", "user": user, "is_anonymous": false}),
            Status::Administrator | Status::Anonymous => json!({
                "status": "administrator", "user": user, "can_be_edited": false,
                "is_anonymous": status == Status::Anonymous, "can_manage_chat": true, "can_delete_messages": true,
                "can_manage_video_chats": true, "can_restrict_members": true, "can_promote_members": false,
                "can_change_info": true, "can_invite_users": true, "can_post_stories": false,
                "can_edit_stories": false, "can_delete_stories": false, "can_pin_messages": true,
            }),
            Status::Member => json!({"status": "member", "user": user}),
            Status::Left => json!({"status": "left", "user": user}),
            Status::Kicked => json!({"status": "kicked", "user": user, "until_date": 0}),
        }
    }

    pub fn post_json(&self, chat: i64, id: i64) -> Value {
        self.write(chat, id, true)
    }

    /// A message that is replied to is written without the one it answered.
    fn write(&self, chat: i64, id: i64, with_reply: bool) -> Value {
        let of = self.chat(chat);
        let Some(post) = of.posts.get(&id) else { panic!("chat {chat} has no message {id}") };
        let mut json = Map::new();
        json.insert("message_id".into(), json!(id));
        json.insert("date".into(), json!(post.date.timestamp()));
        json.insert("chat".into(), self.chat_json(chat));
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                json.insert(name.into(), value);
            }
        };
        put("from", post.from.map(|from| self.user_json(from)));
        put("sender_chat", post.sender_chat.map(|sender| self.chat_json(sender)));
        put("message_thread_id", post.thread.map(|thread| json!(thread)));
        put("is_topic_message", (post.thread.is_some() && of.forum).then_some(Value::Bool(true)));
        let answered = post.reply_to.filter(|to| with_reply && of.post(*to).is_some());
        put("reply_to_message", answered.map(|to| self.write(chat, to, false)));
        put("edit_date", post.edited.map(|at| json!(at.timestamp())));
        put("text", post.text.as_ref().map(|text| json!(text)));
        put("entities", (!post.entities.is_empty()).then(|| json!(post.entities)));
        put("reply_markup", post.markup.clone());
        json.extend(post.extra.clone());
        Value::Object(json)
    }
}
