//! 邮差 — the tasks that carry letters to platforms, one a chat, by what [`Queue`] says.

use super::clock::Clock;
use super::delivery::{Fate, Next, Queue};
use super::inbox::Inbox;
use super::letters::{Edit, Outgoing, note_card};
use crate::domain::event::Event;
use crate::platform::{Platform, SendError};
use crate::state::State;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// Longest sleep of a chat's task before it looks again.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// One chat's queue and the bell that wakes its task.
struct Chat {
    queue: Mutex<Queue>,
    bell: Notify,
    platform: Arc<dyn Platform>,
}

/// Carries letters.
pub struct Post {
    platforms: HashMap<&'static str, Arc<dyn Platform>>,
    chats: Mutex<HashMap<String, Arc<Chat>>>,
    state: Arc<State>,
    inbox: Inbox,
    clock: Clock,
}

impl Post {
    /// A post with these platforms.
    #[must_use]
    pub fn new(platforms: Vec<Arc<dyn Platform>>, state: Arc<State>, inbox: Inbox, clock: Clock) -> Arc<Self> {
        let platforms = platforms.into_iter().map(|platform| (platform.name(), platform)).collect();
        Arc::new(Self { platforms, chats: Mutex::new(HashMap::new()), state, inbox, clock })
    }

    /// Takes letters and edits, in order. Must be called within a tokio runtime.
    pub fn hand(self: &Arc<Self>, letters: Vec<Outgoing>, edits: Vec<Edit>) {
        for letter in letters {
            if let Some(chat) = self.chat(&letter.letter.chat) {
                chat.queue.lock().unwrap_or_else(PoisonError::into_inner).push(letter);
                chat.bell.notify_one();
            }
        }
        for edit in edits {
            if let Some(chat) = self.chat(&edit.letter.chat) {
                chat.queue.lock().unwrap_or_else(PoisonError::into_inner).push_edit(edit, (self.clock)());
                chat.bell.notify_one();
            }
        }
    }

    /// The queue of a chat; its task is started when it is first written to. `None` where no platform has such addresses now.
    fn chat(self: &Arc<Self>, address: &str) -> Option<Arc<Chat>> {
        let mut chats = self.chats.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = chats.get(address) {
            return Some(Arc::clone(known));
        }
        let (name, _) = address.split_once(':')?;
        let Some(platform) = self.platforms.get(name) else {
            tracing::warn!(platform = name, "no such platform is configured: its letters wait");
            return None;
        };
        let queue = Mutex::new(Queue::new(&platform.capabilities()));
        let chat = Arc::new(Chat { queue, bell: Notify::new(), platform: Arc::clone(platform) });
        chats.insert(address.to_owned(), Arc::clone(&chat));
        tokio::spawn(Arc::clone(self).carry(Arc::clone(&chat)));
        Some(chat)
    }

    async fn carry(self: Arc<Self>, chat: Arc<Chat>) {
        loop {
            let next = chat.queue.lock().unwrap_or_else(PoisonError::into_inner).next((self.clock)());
            match next {
                Next::Idle => chat.bell.notified().await,
                Next::Wait(until) => {
                    let left = (until - (self.clock)()).to_std().unwrap_or_default().min(LONGEST_SLEEP);
                    let _ = tokio::time::timeout(left, chat.bell.notified()).await;
                }
                Next::Send(letter) => self.send(&chat, letter).await,
                Next::Edit(edit) => {
                    let result = chat.platform.edit(&edit.message, &edit.letter).await;
                    let now = (self.clock)();
                    chat.queue.lock().unwrap_or_else(PoisonError::into_inner).edited(&edit, &result, now);
                }
            }
        }
    }

    async fn send(&self, chat: &Chat, letter: Outgoing) {
        let (seq, index) = (letter.id.seq, letter.id.index);
        if letter.is_numbered && !letter.is_repeat && self.inbox.note(Event::Sending { seq, index }).await.is_err() {
            // The loop is going down; the letter waits in the store.
            tokio::time::sleep(LONGEST_SLEEP).await;
            return;
        }
        let result = chat.platform.send(&letter.letter).await;
        let now = (self.clock)();
        let fate = chat.queue.lock().unwrap_or_else(PoisonError::into_inner).done(letter.id, &result, now);
        if let Err(error) = &result {
            tracing::warn!(%error, ?fate, platform = chat.platform.name(), "a letter was not accepted");
        }
        if fate != Fate::Waiting {
            self.settled(&letter, &result, fate).await;
        }
    }

    async fn settled(&self, letter: &Outgoing, result: &Result<String, SendError>, fate: Fate) {
        let (seq, index) = (letter.id.seq, letter.id.index);
        if letter.is_numbered {
            let _ = self.inbox.note(Event::Sent { seq, index, delivered: fate == Fate::Sent }).await;
        } else if seq != 0
            && let Err(error) = self.state.forget(letter.key().bytes())
        {
            tracing::error!(%error, "a sent letter could not be taken off the list; it may be sent again");
        }
        if let Ok(message) = result
            && let Err(error) = note_card(&self.state, letter, message)
        {
            tracing::error!(%error, "a card could not be noted; it will not be updated");
        }
    }
}
