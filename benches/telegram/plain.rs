//! The plain bot the figures are held against: teloxide's `Bot` and `Dispatcher` with their defaults, sled with its own, one
//! transaction a press, flushed before the presser is told. One poll, one card, a change of mind counts.
//!
//! sled's flush hands the pages to the disk and does not wait for the disk's own cache (`sync_file_range`): it promises less at a
//! power cut than our ledger does. With [`How::Synced`] it waits (`sync_data`) and promises the same.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use teloxide::dispatching::UpdateHandler;
use teloxide::prelude::*;
use teloxide::types::{InlineKeyboardButton, InlineKeyboardMarkup, MessageId};

/// What the presser chooses from, as the buttons say it.
pub const CHOICES: [&str; 3] = ["赞成", "反对", "弃权"];
/// What opens the poll.
pub const OPEN: &str = "/poll";
/// What its card begins with.
pub const CARD: &str = "🗳 要不要装路灯";
/// The card is changed no more often than this.
const CARD_GAP: Duration = Duration::from_secs(3);

type Failed = Box<dyn Error + Send + Sync>;
type Counts = [u64; 3];

/// How presses are handled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// A group's one after the other, as teloxide does by default.
    Default,
    /// Different voters' side by side.
    ByVoter,
    /// As by default, and the disk is waited for.
    Synced,
}

/// The votes, and where their card stands.
struct Votes {
    db: sled::Db,
    /// The card shows old numbers.
    stale: AtomicBool,
    /// Where sled writes, if the disk is waited for.
    file: Option<Arc<std::fs::File>>,
}

const COUNTS: &[u8] = b"counts";
const PLACE: &[u8] = b"card";

fn voter(user: i64) -> Vec<u8> {
    [b"voter".as_slice(), &user.to_be_bytes()].concat()
}

fn counts(bytes: &[u8]) -> Counts {
    let mut counts = Counts::default();
    for (count, bytes) in counts.iter_mut().zip(bytes.chunks_exact(8)) {
        *count = u64::from_be_bytes(bytes.try_into().unwrap_or_default());
    }
    counts
}

impl Votes {
    /// Writes a ballot down and waits until it is on disk; whether the voter has voted before.
    async fn cast(&self, user: UserId, choice: u8) -> Result<bool, Failed> {
        let key = voter(i64::try_from(user.0)?);
        let changed = self.db.transaction(|tx| {
            let old = tx.insert(key.as_slice(), &[choice])?.and_then(|old| old.first().copied());
            let mut counts = tx.get(COUNTS)?.map(|bytes| counts(&bytes)).unwrap_or_default();
            if let Some(old) = old {
                counts[usize::from(old)] -= 1;
            }
            counts[usize::from(choice)] += 1;
            tx.insert(COUNTS, counts.map(u64::to_be_bytes).concat())?;
            Ok::<_, sled::transaction::ConflictableTransactionError<()>>(old.is_some())
        });
        let changed = changed.map_err(|error| format!("{error:?}"))?;
        self.flush().await?;
        self.stale.store(true, Ordering::Relaxed);
        Ok(changed)
    }

    fn card(&self) -> Result<String, Failed> {
        let [yes, no, abstain] = self.db.get(COUNTS)?.map(|bytes| counts(&bytes)).unwrap_or_default();
        Ok(format!("{CARD}\n已投{}人", yes + no + abstain))
    }

    fn place(&self) -> Result<Option<(ChatId, MessageId)>, Failed> {
        let Some(bytes) = self.db.get(PLACE)? else { return Ok(None) };
        let (chat, message) = bytes.split_at(8);
        let (chat, message) = (i64::from_be_bytes(chat.try_into()?), i32::from_be_bytes(message.try_into()?));
        Ok(Some((ChatId(chat), MessageId(message))))
    }

    async fn note_place(&self, message: &Message) -> Result<(), Failed> {
        let bytes = [message.chat.id.0.to_be_bytes().as_slice(), &message.id.0.to_be_bytes()].concat();
        self.db.insert(PLACE, bytes)?;
        self.flush().await
    }

    /// Not `flush_async`: it waits on the very threads that are to write, and hangs for good once several presses flush side by
    /// side (sled 0.34.7).
    async fn flush(&self) -> Result<(), Failed> {
        let (db, file) = (self.db.clone(), self.file.clone());
        let flushed = tokio::task::spawn_blocking(move || {
            db.flush()?;
            file.map_or(Ok(()), |file| file.sync_data().map_err(sled::Error::from))
        });
        Ok(flushed.await??)
    }
}

fn keyboard() -> InlineKeyboardMarkup {
    let button = |(n, label): (usize, &str)| InlineKeyboardButton::callback(label, n.to_string());
    InlineKeyboardMarkup::new([CHOICES.into_iter().enumerate().map(button).collect::<Vec<_>>()])
}

async fn said(bot: Bot, message: Message, votes: Arc<Votes>) -> Result<(), Failed> {
    if message.text() == Some(OPEN) {
        let card = bot.send_message(message.chat.id, votes.card()?).reply_markup(keyboard()).await?;
        votes.note_place(&card).await?;
    }
    Ok(())
}

async fn pressed(bot: Bot, query: CallbackQuery, votes: Arc<Votes>) -> Result<(), Failed> {
    let choice = query.data.as_deref().and_then(|data| data.parse::<u8>().ok());
    let told = match choice.and_then(|choice| Some((choice, CHOICES.get(usize::from(choice))?))) {
        None => "这个按钮已经失效。".to_owned(),
        Some((choice, word)) if votes.cast(query.from.id, choice).await? => format!("✅ 已改记：{word}。截止前可改。"),
        Some((_, word)) => format!("✅ 已记：{word}。截止前可改。"),
    };
    bot.answer_callback_query(query.id).text(told).await?;
    Ok(())
}

/// Keeps the card up to date without holding up anybody's press.
async fn refresh(bot: Bot, votes: Arc<Votes>) {
    let mut beat = tokio::time::interval(CARD_GAP);
    loop {
        beat.tick().await;
        if !votes.stale.swap(false, Ordering::Relaxed) {
            continue;
        }
        if let Err(error) = show(&bot, &votes).await {
            eprintln!("the card could not be changed: {error}");
        }
    }
}

async fn show(bot: &Bot, votes: &Votes) -> Result<(), Failed> {
    if let Some((chat, message)) = votes.place()? {
        bot.edit_message_text(chat, message, votes.card()?).reply_markup(keyboard()).await?;
    }
    Ok(())
}

fn handler() -> UpdateHandler<Failed> {
    dptree::entry()
        .branch(Update::filter_message().endpoint(said))
        .branch(Update::filter_callback_query().endpoint(pressed))
}

/// Runs until it is killed.
pub async fn run(url: &str, token: &str, folder: &Path, how: How) {
    let bot = Bot::new(token).set_api_url(url.parse().unwrap());
    let db = sled::open(folder).unwrap();
    let file = || Arc::new(std::fs::File::options().write(true).open(folder.join("db")).unwrap());
    let file = (how == How::Synced).then(file);
    let votes = Arc::new(Votes { db, stale: AtomicBool::new(true), file });
    tokio::spawn(refresh(bot.clone(), Arc::clone(&votes)));
    let builder = Dispatcher::builder(bot, handler()).dependencies(dptree::deps![votes]);
    if how == How::ByVoter {
        builder.distribution_function(|update| update.from().map(|user| user.id)).build().dispatch().await;
    } else {
        builder.build().dispatch().await;
    }
}

/// What a voter's ballot says on disk; the program must be gone.
pub fn ballots(folder: &Path, voters: &[i64]) -> Vec<Option<usize>> {
    let db = sled::open(folder).unwrap();
    let ballot = |&user: &i64| Some(usize::from(*db.get(voter(user)).unwrap()?.first()?));
    voters.iter().map(ballot).collect()
}
