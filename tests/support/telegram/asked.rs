//! What the bot did, as a test asks for it.

use super::Fake;
use super::limits::{Hit, Pace};
use super::state::{Call, Press, State, Toast};
use super::world::{Button, Post, buttons};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// A test waits so long for what the bot should do.
const PATIENCE: Duration = Duration::from_secs(10);

impl Post {
    /// Rows of buttons under the message.
    pub fn buttons(&self) -> Vec<Vec<Button>> {
        buttons(self.markup.as_ref())
    }

    /// The labels of all its buttons.
    pub fn labels(&self) -> Vec<String> {
        self.buttons().into_iter().flatten().map(|button| button.label).collect()
    }

    /// What a person reads: the text, or the caption, or the question of a poll.
    pub fn shown(&self) -> &str {
        let extra = || self.extra.get("caption").or_else(|| self.extra.get("poll").map(|poll| &poll["question"]));
        self.text.as_deref().or_else(|| extra().and_then(Value::as_str)).unwrap_or_default()
    }
}

impl Fake {
    /// Everything the bot said in a chat, as it stands now, deleted messages too (`deleted`).
    pub fn messages(&self, chat: i64) -> Vec<Post> {
        let state = self.inner.lock();
        let of = state.world.chats.get(&chat);
        of.map(|of| of.posts.values().filter(|post| post.by_bot).cloned().collect()).unwrap_or_default()
    }

    /// One message of anybody.
    pub fn message(&self, chat: i64, id: i64) -> Post {
        let state = self.inner.lock();
        let Some(post) = state.world.chat(chat).posts.get(&id) else { panic!("chat {chat} has no message {id}") };
        post.clone()
    }

    /// What the bot said in a chat since it was last read.
    pub fn read(&self, chat: i64) -> Vec<Post> {
        self.inner.act(|state| {
            let Some(of) = state.world.chats.get_mut(&chat) else { return Vec::new() };
            let unread = of.posts.values_mut().filter(|post| !post.read);
            let taken = unread.map(|post| {
                post.read = true;
                post.clone()
            });
            taken.collect()
        })
    }

    /// For tests that do not care what was said.
    pub fn read_all(&self) {
        self.inner.act(|state| {
            let posts = state.world.chats.values_mut().flat_map(|chat| chat.posts.values_mut());
            posts.for_each(|post| post.read = true);
        });
    }

    /// The first unread message of a chat that shows these words, now read; none if there is none yet.
    pub fn take(&self, chat: i64, words: &str) -> Option<Post> {
        self.inner.act(|state| {
            let of = state.world.chats.get_mut(&chat)?;
            let post = of.posts.values_mut().find(|post| !post.read && post.shown().contains(words))?;
            post.read = true;
            Some(post.clone())
        })
    }

    /// Waits for an unread message with these words and reads it.
    pub fn expect(&self, chat: i64, words: &str) -> Post {
        self.until(|| self.take(chat, words)).unwrap_or_else(|| {
            let said: Vec<String> = self.messages(chat).iter().map(seen).collect();
            panic!("the bot did not say {words:?} in chat {chat}; it said: {said:#?}\n{}", self.troubles());
        })
    }

    /// Waits until a message of the bot shows these words, new or after an edit, and reads it.
    pub fn expect_shown(&self, chat: i64, words: &str) -> Post {
        let found = self.until(|| {
            self.inner.act(|state| {
                let posts = state.world.chats.get_mut(&chat)?.posts.values_mut();
                let post = posts.rev().find(|post| post.by_bot && !post.deleted && post.shown().contains(words))?;
                post.read = true;
                Some(post.clone())
            })
        });
        found.unwrap_or_else(|| {
            let said: Vec<String> = self.messages(chat).iter().map(seen).collect();
            panic!("no message in chat {chat} shows {words:?}; there is: {said:#?}\n{}", self.troubles());
        })
    }

    /// Waits for the answer to a press.
    pub fn expect_toast(&self, query: &str) -> Toast {
        let found = self.until(|| self.toast(query));
        found.unwrap_or_else(|| panic!("the press {query} was not answered\n{}", self.troubles()))
    }

    /// Waits until something holds; false when it does not come to hold in ten seconds.
    pub fn wait(&self, holds: impl Fn(&Fake) -> bool) -> bool {
        self.until(|| holds(self).then_some(())).is_some()
    }

    /// Waits until the bot has taken and confirmed every update and asks for more.
    pub fn wait_idle(&self) {
        assert!(self.wait(Fake::idle), "the bot did not fetch all updates\n{}", self.troubles());
    }

    fn until<T>(&self, look: impl Fn() -> Option<T>) -> Option<T> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look() {
                return Some(found);
            }
            let left = deadline.checked_duration_since(Instant::now())?;
            // Looked at again now and then: something may change between the look and the wait.
            let pause = left.min(Duration::from_millis(20));
            drop(self.inner.changed.wait_timeout(self.inner.lock(), pause));
        }
    }

    /// Whether a long poll waits and no update is left.
    pub fn idle(&self) -> bool {
        let state = self.inner.lock();
        state.queue.polls > 0 && state.queue.waiting.is_empty() && state.queue.again.is_empty()
    }

    /// Updates that are not confirmed.
    pub fn pending(&self) -> Vec<i64> {
        self.inner.lock().queue.waiting.iter().map(|update| update.id).collect()
    }

    /// Updates that went stale before the bot confirmed them.
    pub fn lost(&self) -> Vec<i64> {
        self.inner.lock().queue.lost.clone()
    }

    pub fn presses(&self, chat: i64) -> Vec<Press> {
        self.inner.lock().presses.iter().filter(|press| press.chat == chat).cloned().collect()
    }

    /// What the presser was told, if anything yet.
    pub fn toast(&self, query: &str) -> Option<Toast> {
        self.inner.lock().press_mut(query)?.toast.clone()
    }

    /// The requests of the bot, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.inner.lock().calls.iter().cloned().collect()
    }

    /// How often each method was called.
    pub fn counts(&self) -> BTreeMap<String, usize> {
        self.inner.lock().counts.clone()
    }

    pub fn count(&self, method: &str) -> usize {
        self.inner.lock().counts.get(method).copied().unwrap_or(0)
    }

    /// The commands the bot has set for a scope (as JSON) and language.
    pub fn commands(&self, scope: &Value, language: &str) -> Option<Value> {
        self.inner.lock().commands.get(&(scope.to_string(), language.to_owned())).cloned()
    }

    /// Messages and edits that came too fast.
    pub fn hit_limits(&self) -> Vec<Hit> {
        self.inner.lock().limits.hits.clone()
    }

    /// The most messages and edits the bot had accepted in a chat within any sixty seconds.
    pub fn most_in_a_minute(&self, chat: i64) -> usize {
        self.inner.lock().limits.most_in_a_minute(chat)
    }

    pub fn pace(&self, pace: Pace) {
        self.inner.act(|state| state.limits.pace = pace);
    }

    /// Requests a bot must never send.
    pub fn violations(&self) -> Vec<String> {
        self.inner.lock().violations.clone()
    }

    /// What the bot said and the test did not read.
    pub fn unread(&self) -> Vec<(i64, Post)> {
        let state = self.inner.lock();
        let all = state.world.chats.values().flat_map(|chat| chat.posts.values().map(|post| (chat.id, post.clone())));
        all.filter(|(_, post)| !post.read).collect()
    }

    /// Panics if the bot broke a rule of the Bot API, or said something the test did not read.
    pub fn assert_clean(&self) {
        let troubles = self.troubles();
        assert!(troubles.is_empty(), "{troubles}");
    }

    fn troubles(&self) -> String {
        let mut told: Vec<String> = self.violations().into_iter().map(|one| format!("violation: {one}")).collect();
        told.extend(self.unread().iter().map(|(chat, post)| format!("unread in {chat}: {}", seen(post))));
        told.join("\n")
    }

    /// Anything else about the world.
    pub fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        self.inner.act(look)
    }
}

fn seen(post: &Post) -> String {
    format!("{}: {:?} {:?}", post.id, post.shown(), post.labels())
}
