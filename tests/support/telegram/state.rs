//! Everything the fake knows, and the way of a request through it.

use super::Options;
use super::fault::Faults;
use super::limits::Limits;
use super::queue::Queue;
use super::spec::{Method, spec};
use super::webhook::Webhook;
use super::world::{Chat, Kind, Post, Status, World};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap, VecDeque};

/// An answer that is not `ok`.
#[derive(Clone, Debug)]
pub struct Failure {
    pub code: u16,
    pub description: String,
    pub parameters: Option<Value>,
    /// The bot should never have asked so: noted, and a test must find none.
    pub violation: bool,
}

pub type Answer = Result<Value, Failure>;

fn failure(code: u16, description: String, violation: bool) -> Failure {
    Failure { code, description, parameters: None, violation }
}

/// What the real server says too when the world has changed.
pub fn bad(description: &str) -> Failure {
    failure(400, format!("Bad Request: {description}"), false)
}

pub fn forbidden(description: &str) -> Failure {
    failure(403, format!("Forbidden: {description}"), false)
}

/// What a bot must never send.
pub fn violation(description: &str) -> Failure {
    failure(400, format!("Bad Request: {description}"), true)
}

pub fn with_code(code: u16, description: &str) -> Failure {
    failure(code, description.to_owned(), false)
}

pub fn too_many(retry_after: i64) -> Failure {
    let parameters = Some(json!({"retry_after": retry_after}));
    Failure { parameters, ..failure(429, format!("Too Many Requests: retry after {retry_after}"), false) }
}

impl Failure {
    pub fn json(&self) -> Value {
        let mut json = json!({"ok": false, "error_code": self.code, "description": self.description});
        if let Some(parameters) = &self.parameters {
            json["parameters"] = parameters.clone();
        }
        json
    }
}

/// One request of the bot.
#[derive(Clone, Debug)]
pub struct Call {
    /// As the specification spells it.
    pub method: String,
    pub chat: Option<i64>,
    pub at: DateTime<Utc>,
    pub params: Map<String, Value>,
    pub outcome: Outcome,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    Refused(u16, String),
    /// It was handled or not, but the bot was told something else: the fault, and whether it was handled.
    Fault(String, bool),
}

/// A press of a button, and what the presser was told.
#[derive(Clone, Debug)]
pub struct Press {
    pub query: String,
    pub chat: i64,
    pub message: i64,
    pub user: i64,
    pub data: String,
    pub at: DateTime<Utc>,
    pub toast: Option<Toast>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    pub text: String,
    pub show_alert: bool,
    pub at: DateTime<Utc>,
}

pub struct State {
    pub options: Options,
    pub world: World,
    pub queue: Queue,
    pub limits: Limits,
    pub faults: Faults,
    pub webhook: Option<Webhook>,
    /// Counts setWebhook and deleteWebhook: what belongs to an older one stops.
    pub webhook_number: u64,
    pub calls: VecDeque<Call>,
    pub counts: BTreeMap<String, usize>,
    pub violations: Vec<String>,
    pub presses: Vec<Press>,
    press_at: HashMap<String, usize>,
    /// Commands by scope and language.
    pub commands: HashMap<(String, String), Value>,
    pub profile: HashMap<(String, String), String>,
    /// Where each poll stands: chat and message.
    pub polls: HashMap<String, (i64, i64)>,
    pub votes: HashMap<String, BTreeMap<i64, Vec<usize>>>,
    /// Files people sent: by id the path they are fetched under, and what is in them.
    pub files: HashMap<String, (String, Vec<u8>)>,
    next_query: u64,
}

impl State {
    pub fn new(options: Options) -> State {
        let world = World::new(options.bot.clone());
        let query_life = TimeDelta::from_std(options.query_life).unwrap();
        State {
            limits: Limits::new(options.pace),
            options,
            world,
            queue: Queue::new(query_life),
            faults: Faults::default(),
            webhook: None,
            webhook_number: 0,
            calls: VecDeque::new(),
            counts: BTreeMap::new(),
            violations: Vec::new(),
            presses: Vec::new(),
            press_at: HashMap::new(),
            commands: HashMap::new(),
            profile: HashMap::new(),
            polls: HashMap::new(),
            votes: HashMap::new(),
            files: HashMap::new(),
            next_query: 4_000_000_000_000_000_001,
        }
    }

    pub fn now(&self) -> DateTime<Utc> {
        (self.options.clock)()
    }

    /// Checks a request against the specification and does it.
    pub fn answer(&mut self, method: &Method, params: &Map<String, Value>) -> Answer {
        spec().check(method, params).map_err(|why| violation(&why))?;
        self.perform(&method.name, params)
    }

    pub fn note(&mut self, method: &str, params: Map<String, Value>, outcome: Outcome) {
        *self.counts.entry(method.to_owned()).or_default() += 1;
        let chat = self.chat_of(&params);
        if self.calls.len() >= self.options.keep_calls {
            self.calls.pop_front();
        }
        self.calls.push_back(Call { method: method.to_owned(), chat, at: self.now(), params, outcome });
    }

    /// The chat a request is about, if it names one that there is.
    pub fn chat_of(&self, params: &Map<String, Value>) -> Option<i64> {
        match params.get("chat_id")? {
            Value::String(name) => match name.strip_prefix('@') {
                Some(name) => {
                    let is = |chat: &&Chat| chat.username.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(name));
                    self.world.chats.values().find(is).map(|chat| chat.id)
                }
                None => name.parse().ok(),
            },
            value => value.as_i64(),
        }
    }

    /// An update of this kind for the bot, unless it did not ask for such.
    pub fn update(&mut self, kind: &str, value: &Value) -> Option<i64> {
        if !self.queue.allows(kind) {
            return None;
        }
        let now = self.now();
        let query = kind == "callback_query";
        Some(self.queue.push(now, query, |id| format!("{{\"update_id\":{id},\"{kind}\":{value}}}").into_bytes()))
    }

    /// Whether the bot gets to see a message: what privacy mode and its place in the chat let through.
    pub fn hears(&self, chat: i64, post: &Post) -> bool {
        let of = self.world.chat(chat);
        let me = self.world.bot.id;
        let service = post.text.is_none() && post.extra.keys().any(|key| SERVICE.contains(&key.as_str()));
        let from_bot = post.from.is_some_and(|from| self.world.user(from).is_bot) && post.sender_chat.is_none();
        match of.kind {
            Kind::Private => !of.blocked,
            Kind::Channel => of.status(me).is_in(),
            Kind::Group | Kind::Supergroup => {
                let addressed = self.world.reads_all || of.status(me).is_admin() || self.addressed(of, post);
                let heard = !from_bot || self.options.hears_bots;
                of.status(me).is_in() && (service || (heard && addressed))
            }
        }
    }

    /// What reaches the bot with privacy mode on: commands to it, and answers to what it said.
    fn addressed(&self, chat: &Chat, post: &Post) -> bool {
        let me = &self.world.bot;
        let answers = post.reply_to.and_then(|to| chat.post(to)).is_some_and(|to| to.by_bot);
        let begins = post.entities.first().is_some_and(|one| one["type"] == "bot_command" && one["offset"] == 0);
        let text = post.text.as_deref().unwrap_or_default();
        let word = text.split_whitespace().next().unwrap_or_default();
        let meant = match word.split_once('@') {
            Some((_, name)) => me.username.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(name)),
            // A bare command goes to the bot that spoke last.
            None => chat.last_bot.is_none_or(|last| last == me.id),
        };
        answers || (begins && meant)
    }

    /// Puts a message of a person (or a service message) into a chat and tells the bot if it may hear.
    pub fn post(&mut self, chat: i64, mut post: Post) -> i64 {
        post.date = self.now();
        post.read = true;
        let id = self.world.add(chat, post);
        self.tell(chat, id, false);
        id
    }

    pub fn tell(&mut self, chat: i64, id: i64, edited: bool) -> Option<i64> {
        let channel = self.world.chat(chat).kind == Kind::Channel;
        let post = self.world.chat(chat).posts.get(&id)?;
        if !self.hears(chat, post) {
            return None;
        }
        let kind = match (channel, edited) {
            (false, false) => "message",
            (false, true) => "edited_message",
            (true, false) => "channel_post",
            (true, true) => "edited_channel_post",
        };
        let json = self.world.post_json(chat, id);
        self.update(kind, &json)
    }

    /// Changes what somebody is in a chat and tells the bot as far as it is told.
    pub fn set_status(&mut self, chat: i64, user: i64, by: i64, status: Status) {
        let old = self.world.member_json(chat, user);
        let before = self.world.chat(chat).status(user);
        self.world.chat_mut(chat).people.insert(user, status);
        if before == status {
            return;
        }
        let new = self.world.member_json(chat, user);
        let json = json!({
            "chat": self.world.chat_json(chat), "from": self.world.user_json(by), "date": self.now().timestamp(),
            "old_chat_member": old, "new_chat_member": new,
        });
        let me = self.world.bot.id;
        if user == me {
            self.update("my_chat_member", &json);
        } else if self.world.chat(chat).status(me).is_admin() {
            self.update("chat_member", &json);
        }
    }

    /// A new press; the query it makes.
    pub fn press(&mut self, chat: i64, message: i64, user: i64, data: &str, accessible: bool) -> String {
        let query = self.next_query.to_string();
        self.next_query += 1;
        let press =
            Press { query: query.clone(), chat, message, user, data: data.to_owned(), at: self.now(), toast: None };
        self.press_at.insert(query.clone(), self.presses.len());
        self.presses.push(press);
        self.tell_press(&query, accessible);
        query
    }

    pub fn tell_press(&mut self, query: &str, accessible: bool) -> Option<i64> {
        let press = self.presses.get(*self.press_at.get(query)?)?;
        let message = if accessible {
            self.world.post_json(press.chat, press.message)
        } else {
            json!({"chat": self.world.chat_json(press.chat), "message_id": press.message, "date": 0})
        };
        let json = json!({
            "id": query, "from": self.world.user_json(press.user), "message": message,
            "chat_instance": format!("{}", press.chat.unsigned_abs()), "data": press.data,
        });
        self.update("callback_query", &json)
    }

    pub fn press_mut(&mut self, query: &str) -> Option<&mut Press> {
        self.presses.get_mut(*self.press_at.get(query)?)
    }
}

/// Fields of messages that are about the chat and come even with privacy mode on.
const SERVICE: [&str; 10] = [
    "new_chat_members",
    "left_chat_member",
    "new_chat_title",
    "group_chat_created",
    "supergroup_chat_created",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "pinned_message",
    "forum_topic_created",
    "forum_topic_closed",
];
