//! 邮差 — the tasks that carry letters to platforms, one a chat, by what [`Queue`] says and what [`Budget`] leaves.

use super::clock::Clock;
use super::delivery::{Budget, Fate, Next, Queue, Urgency};
use super::inbox::Inbox;
use super::letters::{Edit, Lane, LetterId, Outgoing, note_about, note_card, waiting};
use super::metrics::Metrics;
use crate::domain::addressee::{For, Leaves};
use crate::domain::event::Event;
use crate::domain::kernel::world::World;
use crate::platform::{Incoming, Intake, Letter, Place, Platform, Said, SendError, Sender, SenderKind, whole_chat};
use crate::state::State;
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use std::collections::{HashMap, HashSet};
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// Longest sleep of a chat's task before it looks again.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);
/// Wait before a numbered letter is tried again whose sending could not be noted: the disk is full, or we are going down.
const NOT_NOTED: Duration = Duration::from_secs(2);
/// How long a chat with nothing to say keeps its task; longer than any budget looks back.
const KEPT: Duration = if cfg!(test) { Duration::from_millis(20) } else { Duration::from_secs(600) };
/// How often it is looked whether everything has arrived, at a stop.
const LOOK: Duration = Duration::from_millis(10);

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A platform and what it takes in all chats together.
struct Carrier {
    platform: Arc<dyn Platform>,
    budget: Mutex<Budget>,
}

/// One chat's queue and the bell that wakes its task.
struct Chat {
    address: String,
    queue: Mutex<Queue>,
    bell: Notify,
    carrier: Arc<Carrier>,
}

/// Carries letters.
pub struct Post {
    carriers: HashMap<&'static str, Arc<Carrier>>,
    chats: Mutex<HashMap<String, Arc<Chat>>>,
    /// Numbered letters whose `Sending` is in the ledger.
    sending: Mutex<HashSet<LetterId>>,
    state: Arc<State>,
    inbox: Inbox,
    clock: Clock,
    metrics: Arc<Metrics>,
    under_way: AtomicUsize,
    is_resting: AtomicBool,
}

fn urgency(next: &Next) -> Urgency {
    match next {
        Next::Send(letter) if letter.lane == Lane::Answer => Urgency::Answer,
        Next::Send(_) => Urgency::Notice,
        _ => Urgency::Card,
    }
}

/// A letter that brings down our own code costs itself, not the chat's task and all that waits behind it.
fn brought_down() -> SendError {
    tracing::error!("a letter could not be put into the platform's form and is given up: a bug, please report it");
    SendError::Wrong("panicked".to_owned())
}

impl Post {
    /// A post with these platforms.
    #[must_use]
    pub fn new(
        platforms: Vec<Arc<dyn Platform>>,
        state: Arc<State>,
        inbox: Inbox,
        clock: Clock,
        metrics: Arc<Metrics>,
    ) -> Arc<Self> {
        let carrier = |platform: Arc<dyn Platform>| {
            let budget = Mutex::new(Budget::new(platform.capabilities().per_second));
            (platform.name(), Arc::new(Carrier { platform, budget }))
        };
        let carriers = platforms.into_iter().map(carrier).collect();
        let (chats, sending) = (Mutex::default(), Mutex::default());
        let (under_way, is_resting) = (AtomicUsize::new(0), AtomicBool::new(false));
        Arc::new(Self { carriers, chats, sending, state, inbox, clock, metrics, under_way, is_resting })
    }

    /// Takes letters and edits, in order. Must be called within a tokio runtime.
    pub fn hand(self: &Arc<Self>, letters: Vec<Outgoing>, edits: Vec<Edit>) {
        for letter in letters {
            if let Some(chat) = self.chat(&letter.letter.chat) {
                locked(&chat.queue).push(letter);
                chat.bell.notify_one();
            }
        }
        for edit in edits {
            if let Some(chat) = self.chat(&edit.letter.chat) {
                locked(&chat.queue).push_edit(edit, (self.clock)());
                chat.bell.notify_one();
            }
        }
    }

    /// Letters and changes that wait, in all chats.
    #[must_use]
    pub fn waiting(&self) -> usize {
        locked(&self.chats).values().map(|chat| locked(&chat.queue).len()).sum()
    }

    /// When something can be sent next: at once, or when a limit or the morning allows it. `None` = nothing waits.
    #[must_use]
    pub fn next_send(&self) -> Option<DateTime<Utc>> {
        let now = (self.clock)();
        let chats: Vec<Arc<Chat>> = locked(&self.chats).values().cloned().collect();
        let next = |chat: &Arc<Chat>| {
            let next = locked(&chat.queue).next(now);
            match &next {
                Next::Idle => None,
                Next::Wait(at) => Some(*at),
                Next::Send(_) | Next::Edit(_) => Some(locked(&chat.carrier.budget).free_at(urgency(&next), now)),
            }
        };
        chats.iter().filter_map(next).min()
    }

    /// Whether something is on its way just now.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.under_way.load(Ordering::SeqCst) > 0
    }

    /// 告别 — waits until whoever is about to be erased was told, or for so long: afterwards there is no address to write to.
    pub async fn farewells(&self, longest: Duration) {
        let is_leaving = |letter: &Outgoing| matches!(letter.whom, For::Leaving(_));
        let told = async {
            while waiting(&*self.state).iter().any(is_leaving) {
                tokio::time::sleep(LOOK).await;
            }
        };
        if tokio::time::timeout(longest, told).await.is_err() {
            tracing::warn!("somebody whose data is erased could not be told before, on one account at least");
        }
    }

    /// 收工 — sends nothing more and waits for what is on its way, so that after the next start it is not sent a second time.
    pub async fn rest(&self, longest: Duration) {
        self.is_resting.store(true, Ordering::SeqCst);
        let arrived = async {
            while self.is_busy() {
                tokio::time::sleep(LOOK).await;
            }
        };
        if tokio::time::timeout(longest, arrived).await.is_err() {
            tracing::warn!("something is still on its way: after the next start it may be said a second time");
        }
    }

    /// Makes every chat look at the clock again, where the clock is not the machine's.
    pub fn wake(&self) {
        locked(&self.chats).values().for_each(|chat| chat.bell.notify_one());
    }

    /// The queue of a chat; its task is started when it is first written to. `None` where no platform has such addresses now.
    fn chat(self: &Arc<Self>, address: &str) -> Option<Arc<Chat>> {
        let address = whole_chat(address);
        let mut chats = locked(&self.chats);
        if let Some(known) = chats.get(address) {
            return Some(Arc::clone(known));
        }
        let (name, _) = address.split_once(':')?;
        let Some(carrier) = self.carriers.get(name) else {
            tracing::warn!(platform = name, "no such platform is configured: its letters wait");
            return None;
        };
        let queue = Mutex::new(Queue::new(carrier.platform.pace(address)));
        let (address, carrier) = (address.to_owned(), Arc::clone(carrier));
        let chat = Arc::new(Chat { address: address.clone(), queue, bell: Notify::new(), carrier });
        chats.insert(address, Arc::clone(&chat));
        tokio::spawn(Arc::clone(self).carry(Arc::clone(&chat)));
        Some(chat)
    }

    async fn carry(self: Arc<Self>, chat: Arc<Chat>) {
        loop {
            let next = locked(&chat.queue).next((self.clock)());
            match next {
                Next::Idle => {
                    let rung = tokio::time::timeout(KEPT, chat.bell.notified()).await;
                    if rung.is_err() && self.let_go(&chat) {
                        return;
                    }
                }
                Next::Wait(until) => self.wait(&chat, until).await,
                next => self.go(&chat, next).await,
            }
        }
    }

    /// A chat that was quiet for long needs no task: the next letter begins a new one. Only where nobody is about to hand it
    /// something: who asked for the chat holds it.
    fn let_go(&self, chat: &Arc<Chat>) -> bool {
        let mut chats = locked(&self.chats);
        // One is the list's, one the task's own.
        let is_done = Arc::strong_count(chat) == 2 && locked(&chat.queue).is_empty();
        if is_done {
            chats.remove(&chat.address);
        }
        is_done
    }

    async fn go(self: &Arc<Self>, chat: &Chat, next: Next) {
        if !self.has_place(chat, urgency(&next)).await {
            return;
        }
        self.under_way.fetch_add(1, Ordering::SeqCst);
        match next {
            _ if self.is_resting.load(Ordering::SeqCst) => {
                self.under_way.fetch_sub(1, Ordering::SeqCst);
                return std::future::pending().await;
            }
            Next::Send(letter) => self.send(chat, letter).await,
            Next::Edit(edit) => self.edit(chat, &edit).await,
            Next::Wait(_) | Next::Idle => {}
        }
        self.under_way.fetch_sub(1, Ordering::SeqCst);
    }

    async fn wait(&self, chat: &Chat, until: DateTime<Utc>) {
        let left = (until - (self.clock)()).to_std().unwrap_or_default().min(LONGEST_SLEEP);
        let _ = tokio::time::timeout(left, chat.bell.notified()).await;
    }

    /// Takes a place in the budget of all chats; without one it waits, and the chat is looked at again: something more urgent
    /// may have come meanwhile.
    async fn has_place(&self, chat: &Chat, urgency: Urgency) -> bool {
        let place = locked(&chat.carrier.budget).take(urgency, (self.clock)());
        if let Err(until) = place {
            locked(&chat.queue).no_place();
            self.wait(chat, until).await;
        }
        place.is_ok()
    }

    async fn edit(self: &Arc<Self>, chat: &Chat, edit: &Edit) {
        let trying = AssertUnwindSafe(chat.carrier.platform.edit(&edit.message, &edit.letter)).catch_unwind();
        let result = trying.await.unwrap_or_else(|_| Err(brought_down()));
        self.metrics.edited(&result);
        locked(&chat.queue).edited(edit, &result, (self.clock)());
        if result.is_ok() {
            self.taken(chat).await;
        }
        if let Err(SendError::Moved(to)) = &result {
            self.moved(chat, to).await;
        }
    }

    /// A letter that waited is sent only while it is true and theirs to read.
    fn may_leave(self: &Arc<Self>, chat: &Chat, letter: &Outgoing) -> bool {
        let leaves = letter.leaves(&World::on(&*self.state), (self.clock)());
        let (seq, index) = (letter.id.seq, letter.id.index);
        match leaves {
            Leaves::Here => return true,
            Leaves::Elsewhere(to) => {
                locked(&chat.queue).pass_over(letter.id);
                tracing::info!(seq, index, "a letter goes to another account of its reader");
                let mut letter = letter.clone();
                letter.letter.chat = to;
                self.hand(vec![letter], Vec::new());
            }
            Leaves::No(why) => {
                locked(&chat.queue).pass_over(letter.id);
                tracing::info!(seq, index, why, "a letter that waited is not sent");
                if let Err(error) = self.state.forget(letter.key().bytes()) {
                    tracing::error!(%error, "a letter that is not sent could not be taken off the list");
                }
            }
        }
        false
    }

    async fn send(self: &Arc<Self>, chat: &Chat, letter: Outgoing) {
        if !self.may_leave(chat, &letter) {
            return;
        }
        if letter.is_numbered && !letter.is_repeat && !self.note_sending(letter.id).await {
            // The loop is going down; the letter waits in the store.
            tokio::time::sleep(NOT_NOTED).await;
            return;
        }
        let platform = &chat.carrier.platform;
        let piece = locked(&chat.queue).said_of(letter.id);
        let trying = AssertUnwindSafe(platform.send(&letter.letter, piece)).catch_unwind();
        let result = trying.await.unwrap_or_else(|_| Err(brought_down()));
        self.metrics.sent(&result);
        if let Ok(message) = &result {
            self.note_about(chat, &letter.letter, message);
        }
        if let Err(SendError::Moved(to)) = &result {
            return self.moved(chat, to).await;
        }
        if result.is_ok() && piece + 1 < platform.pieces(&letter.letter) {
            return locked(&chat.queue).said(letter.id, piece + 1, (self.clock)());
        }
        let fate = locked(&chat.queue).done(letter.id, &result, (self.clock)());
        if let Err(error) = &result {
            tracing::warn!(%error, ?fate, platform = chat.carrier.platform.name(), "a letter was not accepted");
        }
        if fate != Fate::Waiting {
            self.settled(&letter, &result, fate).await;
        }
        match result {
            Ok(_) => self.taken(chat).await,
            Err(SendError::Gone(_)) => self.tell(chat, Said::Removed).await,
            Err(_) => {}
        }
    }

    /// What a message is about, for replies to it, where the platform does not keep that itself.
    fn note_about(&self, chat: &Chat, letter: &Letter, message: &str) {
        if message.is_empty() || chat.carrier.platform.capabilities().remembers {
            return;
        }
        if let Err(error) = note_about(&self.state, letter, message, (self.clock)()) {
            tracing::error!(%error, "what a message is about was not noted; a reply to it is read from its words");
        }
    }

    /// The fact `Sending`, once.
    async fn note_sending(&self, id: LetterId) -> bool {
        if locked(&self.sending).contains(&id) {
            return true;
        }
        let noted = self.inbox.note(Event::Sending { seq: id.seq, index: id.index }).await.is_ok();
        if noted {
            locked(&self.sending).insert(id);
        }
        noted
    }

    /// 迁移 — the chat has another address: what waits goes there, and the office hears of it.
    async fn moved(self: &Arc<Self>, chat: &Chat, to: &str) {
        let mut letters = locked(&chat.queue).leave();
        for letter in &mut letters {
            to.clone_into(&mut letter.letter.chat);
        }
        self.tell(chat, Said::Moved { to: to.to_owned() }).await;
        self.hand(letters, Vec::new());
    }

    /// A chat took something from us. That somebody speaks there shows only that we hear; that we may speak again shows here.
    async fn taken(&self, chat: &Chat) {
        if self.is_gone(&chat.address) {
            self.tell(chat, Said::Welcomed { came: false }).await;
        }
    }

    fn is_gone(&self, chat: &str) -> bool {
        let world = World::on(&*self.state);
        world.group_by_chat(chat).and_then(|id| world.group(id)).is_some_and(|group| group.gone)
    }

    /// What sending taught about a chat, to the office.
    async fn tell(&self, chat: &Chat, said: Said) {
        let Chat { address, carrier, .. } = chat;
        let incoming = Incoming {
            key: format!("{address}:{}", (self.clock)().timestamp_millis()),
            place: Place::Group { chat: address.clone(), name: String::new(), thread: None },
            from: Sender {
                account: carrier.platform.name().to_owned(),
                name: String::new(),
                name_is_proof: false,
                kind: SenderKind::Machine,
                private_chat: None,
            },
            said_at: None,
            said,
        };
        // If it is lost, the next letter teaches it again.
        let _ = self.inbox.take(incoming).await;
    }

    async fn settled(&self, letter: &Outgoing, result: &Result<String, SendError>, fate: Fate) {
        let (seq, index) = (letter.id.seq, letter.id.index);
        if letter.is_numbered {
            let _ = self.inbox.note(Event::Sent { seq, index, delivered: fate == Fate::Sent }).await;
            locked(&self.sending).remove(&letter.id);
        } else if seq != 0
            && let Err(error) = self.state.forget(letter.key().bytes())
        {
            tracing::error!(%error, "a sent letter could not be taken off the list; it may be sent again");
        }
        if let Ok(message) = result
            && !message.is_empty()
            && let Err(error) = note_card(&self.state, letter, message)
        {
            tracing::error!(%error, "a card could not be noted; it will not be updated");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{KEPT, Post};
    use crate::bot::clock;
    use crate::bot::inbox;
    use crate::bot::letters::{Edit, LetterId, Outgoing};
    use crate::platform::{Capabilities, Letter, Pace, Platform, SendError};
    use crate::state::State;
    use futures_util::FutureExt as _;
    use futures_util::future::BoxFuture;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    /// Longest wait for something that must happen.
    const PATIENCE: Duration = Duration::from_secs(20);

    /// Keeps what it is given, and breaks down over one word.
    #[derive(Default)]
    struct Fragile(Mutex<Vec<String>>);

    impl Platform for Fragile {
        fn name(&self) -> &'static str {
            "fragile"
        }

        fn capabilities(&self) -> Capabilities {
            Capabilities::OWN
        }

        fn pace(&self, _chat: &str) -> Pace {
            Pace::FREE
        }

        fn send<'a>(&'a self, letter: &'a Letter, _piece: usize) -> BoxFuture<'a, Result<String, SendError>> {
            async {
                assert_ne!(letter.text, "break");
                self.0.lock().unwrap().push(letter.text.clone());
                Ok("1".to_owned())
            }
            .boxed()
        }

        fn edit<'a>(&'a self, _message: &'a str, letter: &'a Letter) -> BoxFuture<'a, Result<(), SendError>> {
            async {
                assert_ne!(letter.text, "break");
                Ok(())
            }
            .boxed()
        }
    }

    fn post(name: &str) -> (Arc<Post>, Arc<Fragile>, inbox::Outlet) {
        let dir = std::env::temp_dir().join(format!("xieshang-post-{name}-{}", std::process::id()));
        State::clear(&dir).unwrap();
        let (state, _) = State::open(&dir).unwrap();
        let (inbox, outlet) = inbox::queue();
        let platform = Arc::<Fragile>::default();
        let metrics = Arc::clone(inbox.metrics());
        let platforms: Vec<Arc<dyn Platform>> = vec![Arc::clone(&platform) as Arc<dyn Platform>];
        (Post::new(platforms, Arc::new(state), inbox, clock::machine(), metrics), platform, outlet)
    }

    fn letter(n: u32, chat: &str, text: &str) -> Outgoing {
        let letter = Letter::plain(chat, text);
        Outgoing::answer(LetterId { seq: 0, index: n }, letter)
    }

    async fn all_sent(post: &Arc<Post>) {
        while post.waiting() > 0 || post.is_busy() {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_letter_that_breaks_the_platform_costs_only_itself() {
        let (post, platform, _outlet) = post("breaks");
        let edit = Edit { message: "1".to_owned(), letter: letter(0, "fragile:g", "break").letter };
        post.hand(vec![letter(1, "fragile:g", "break"), letter(2, "fragile:g", "after")], vec![edit]);
        tokio::time::timeout(PATIENCE, all_sent(&post)).await.unwrap();
        assert_eq!(*platform.0.lock().unwrap(), ["after"]);
    }

    #[tokio::test]
    async fn a_chat_that_is_quiet_keeps_no_task_and_is_written_to_again() {
        let (post, platform, _outlet) = post("quiet");
        let stranger = |n: u32| letter(n, &format!("fragile:{n}"), "hello");
        for sent in [200, 400] {
            post.hand((0..200).map(stranger).collect(), Vec::new());
            let forgotten = async {
                all_sent(&post).await;
                while !post.chats.lock().unwrap().is_empty() {
                    tokio::time::sleep(KEPT).await;
                }
            };
            tokio::time::timeout(PATIENCE, forgotten).await.unwrap();
            assert_eq!(platform.0.lock().unwrap().len(), sent);
        }
    }
}
