//! What the bot can ask and do about chats, its commands and itself.

use super::methods::{Params, number, text};
use super::state::{Answer, State, bad, violation};
use super::webhook::Webhook;
use super::world::{Kind, Status};
use serde_json::{Value, json};

impl State {
    pub fn administer(&mut self, method: &str, params: &Params) -> Answer {
        match method {
            "getChat" => self.get_chat(params),
            "getChatMember" => self.get_member(params),
            "getChatAdministrators" => self.get_admins(params),
            "getChatMemberCount" => {
                let chat = self.reachable(params)?;
                let inside = self.world.chat(chat).people.values().filter(|status| status.is_in()).count();
                Ok(json!(inside))
            }
            "setMyCommands" => self.set_commands(params),
            "getMyCommands" => Ok(self.commands.get(&scope(params)).cloned().unwrap_or_else(|| json!([]))),
            "deleteMyCommands" => {
                self.commands.remove(&scope(params));
                Ok(Value::Bool(true))
            }
            "setMyName" | "setMyDescription" | "setMyShortDescription" => self.set_profile(method, params),
            "getMyName" | "getMyDescription" | "getMyShortDescription" => Ok(self.get_profile(method, params)),
            "pinChatMessage" | "unpinChatMessage" => self.pin(method == "pinChatMessage", params),
            "leaveChat" => self.leave(params),
            "stopPoll" => self.stop_poll(params),
            "setWebhook" => self.set_webhook(params),
            "deleteWebhook" => {
                self.webhook = None;
                self.webhook_number += 1;
                self.drop_pending(params);
                Ok(Value::Bool(true))
            }
            "getWebhookInfo" => Ok(self.webhook_info()),
            _ => Err(State::not_simulated(method)),
        }
    }

    fn get_chat(&self, params: &Params) -> Answer {
        let id = self.reachable(params)?;
        let chat = self.world.chat(id);
        let mut json = self.world.chat_json(id);
        json["accent_color_id"] = json!(0);
        json["max_reaction_count"] = json!(11);
        json["accepted_gift_types"] = json!({
            "unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false, "premium_subscription": false,
            "gifts_from_channels": false,
        });
        if let Some(linked) = chat.linked {
            json["linked_chat_id"] = json!(linked);
        }
        if let Some(pinned) = chat.pinned.last().filter(|id| chat.post(**id).is_some()) {
            json["pinned_message"] = self.world.post_json(id, *pinned);
        }
        Ok(json)
    }

    fn get_member(&self, params: &Params) -> Answer {
        let chat = self.reachable(params)?;
        let user = number(params, "user_id").unwrap_or(0);
        if !self.world.users.contains_key(&user) {
            return Err(bad("PARTICIPANT_ID_INVALID"));
        }
        Ok(self.world.member_json(chat, user))
    }

    fn get_admins(&self, params: &Params) -> Answer {
        let id = self.reachable(params)?;
        let chat = self.world.chat(id);
        if chat.kind == Kind::Private {
            return Err(bad("there are no administrators in the private chat"));
        }
        // Other bots are left out, as the real server does.
        let me = self.world.bot.id;
        let shown = |user: i64| user == me || !self.world.user(user).is_bot;
        let admins = chat.people.iter().filter(|(user, status)| status.is_admin() && shown(**user));
        Ok(admins.map(|(user, _)| self.world.member_json(id, *user)).collect())
    }

    fn set_commands(&mut self, params: &Params) -> Answer {
        let scope = scope(params);
        let commands = params["commands"].clone();
        if commands.as_array().is_some_and(Vec::is_empty) {
            self.commands.remove(&scope);
        } else {
            self.commands.insert(scope, commands);
        }
        Ok(Value::Bool(true))
    }

    fn set_profile(&mut self, method: &str, params: &Params) -> Answer {
        let (what, field) = profile_field(method);
        let language = text(params, "language_code").unwrap_or_default().to_owned();
        self.profile.insert((what.to_owned(), language), text(params, field).unwrap_or_default().to_owned());
        Ok(Value::Bool(true))
    }

    fn get_profile(&self, method: &str, params: &Params) -> Value {
        let (what, field) = profile_field(method);
        let language = text(params, "language_code").unwrap_or_default().to_owned();
        let of = |language: String| self.profile.get(&(what.to_owned(), language));
        let kept = of(language).or_else(|| of(String::new())).cloned().unwrap_or_default();
        json!({field: kept})
    }

    fn pin(&mut self, pin: bool, params: &Params) -> Answer {
        let chat = self.reachable(params)?;
        let me = self.world.bot.id;
        let of = self.world.chat_mut(chat);
        if of.kind != Kind::Private && !of.status(me).is_admin() {
            return Err(bad("not enough rights to manage pinned messages in the chat"));
        }
        let id = number(params, "message_id");
        if pin {
            let Some(id) = id.filter(|id| of.post(*id).is_some()) else { return Err(bad("message to pin not found")) };
            of.pinned.push(id);
        } else {
            match id {
                Some(id) => of.pinned.retain(|pinned| *pinned != id),
                None => drop(of.pinned.pop()),
            }
        }
        Ok(Value::Bool(true))
    }

    fn leave(&mut self, params: &Params) -> Answer {
        let chat = self.reachable(params)?;
        if self.world.chat(chat).kind == Kind::Private {
            return Err(bad("chat member status can't be changed in private chats"));
        }
        let me = self.world.bot.id;
        self.set_status(chat, me, me, Status::Left);
        Ok(Value::Bool(true))
    }

    fn set_webhook(&mut self, params: &Params) -> Answer {
        let url = text(params, "url").unwrap_or_default();
        if let Some(kinds) = params.get("allowed_updates").and_then(Value::as_array) {
            let kinds: Vec<String> = kinds.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            self.queue.allow(&kinds);
        }
        if params.contains_key("certificate") {
            return Err(State::not_simulated("a certificate"));
        }
        self.drop_pending(params);
        self.webhook_number += 1;
        if url.is_empty() {
            self.webhook = None;
            return Ok(Value::Bool(true));
        }
        let allowed = url.starts_with("https://") || (self.options.http_webhooks && url.starts_with("http://"));
        if !allowed {
            self.webhook = None;
            return Err(violation("bad webhook: An HTTPS URL must be provided for webhook"));
        }
        self.webhook = Some(Webhook {
            url: url.to_owned(),
            secret: text(params, "secret_token").map(str::to_owned),
            connections: usize::try_from(number(params, "max_connections").unwrap_or(40)).unwrap_or(40),
            last_error: None,
        });
        Ok(Value::Bool(true))
    }

    fn drop_pending(&mut self, params: &Params) {
        if params.get("drop_pending_updates") == Some(&Value::Bool(true)) {
            self.queue.waiting.clear();
            self.queue.again.clear();
        }
    }

    fn webhook_info(&mut self) -> Value {
        let now = self.now();
        self.queue.expire(now);
        let waiting = self.queue.waiting.len();
        let mut info = json!({"url": "", "has_custom_certificate": false, "pending_update_count": waiting});
        if let Some(webhook) = &self.webhook {
            info["url"] = json!(webhook.url);
            info["max_connections"] = json!(webhook.connections);
            if let Some((at, message)) = &webhook.last_error {
                info["last_error_date"] = json!(at.timestamp());
                info["last_error_message"] = json!(message);
            }
        }
        if let Some(kinds) = self.queue.allowed() {
            info["allowed_updates"] = json!(kinds);
        }
        info
    }
}

/// Where commands are kept: the scope as it was written, and the language.
fn scope(params: &Params) -> (String, String) {
    let default = json!({"type": "default"});
    let scope = params.get("scope").unwrap_or(&default);
    (scope.to_string(), text(params, "language_code").unwrap_or_default().to_owned())
}

fn profile_field(method: &str) -> (&'static str, &'static str) {
    match method {
        "setMyName" | "getMyName" => ("name", "name"),
        "setMyDescription" | "getMyDescription" => ("description", "description"),
        _ => ("short", "short_description"),
    }
}
