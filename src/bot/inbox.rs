//! 收件 — the queue in front of the committer. [`Inbox::take`](crate::platform::Intake::take) answers when the ledger has it.

use super::clock::{self, Clock};
use super::files;
use super::health::Health;
use super::metrics::Metrics;
use super::office::{Fatal, Job, MOST_TURNS, Office};
use super::post::Post;
use crate::domain::event::Event;
use crate::platform::{Content, File, Incoming, Intake, Receipt, Refused, Said};
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, Semaphore, mpsc, oneshot};

/// Turns that may wait; more are told to come again.
const MOST_WAITING: usize = 4_096;
/// How often the clock is run.
const TICK: Duration = Duration::from_secs(1);

type Waiting = (Job, oneshot::Sender<Result<Receipt, Refused>>);

/// The queue in front of the committer.
#[derive(Clone)]
pub struct Inbox {
    queue: mpsc::Sender<Waiting>,
    metrics: Arc<Metrics>,
    anew: Arc<Notify>,
    /// Where files are read.
    desk: Arc<Semaphore>,
}

impl Inbox {
    /// Ends when the office is to be opened anew: an erasure by law was ordered.
    pub async fn asked_anew(&self) {
        self.anew.notified().await;
    }

    /// The numbers kept about everything that passes here.
    #[must_use]
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.metrics
    }

    /// Lets nothing new in; what was accepted is still done, then the committer ends.
    pub async fn close(&self) {
        let (answer, answered) = oneshot::channel();
        if self.queue.send((Job::Stop, answer)).await.is_ok() {
            let _ = answered.await;
        }
    }
}

/// The other end of the queue.
pub struct Outlet {
    queue: mpsc::Receiver<Waiting>,
    metrics: Arc<Metrics>,
    anew: Arc<Notify>,
}

/// A queue.
#[must_use]
pub fn queue() -> (Inbox, Outlet) {
    let (sender, receiver) = mpsc::channel(MOST_WAITING);
    let metrics = Arc::<Metrics>::default();
    let anew = Arc::new(Notify::new());
    let desk = Arc::new(Semaphore::new(1));
    let inbox = Inbox { queue: sender, metrics: Arc::clone(&metrics), anew: Arc::clone(&anew), desk };
    (inbox, Outlet { queue: receiver, metrics, anew })
}

impl Inbox {
    /// A workbook is read before it gets in line, one after another, so that nobody's ballot waits for it.
    async fn read(&self, incoming: Incoming) -> Result<Incoming, Refused> {
        if !matches!(&incoming.said, Said::File { file: File { content: Content::Bytes(_), .. }, .. }) {
            return Ok(incoming);
        }
        let _turn = self.desk.acquire().await.map_err(|_| Refused::Closed)?;
        let reading = tokio::task::spawn_blocking(move || files::read(&incoming).into_owned());
        reading.await.map_err(|_| Refused::Closed)
    }

    async fn job(&self, job: Job) -> Result<Receipt, Refused> {
        let (answer, answered) = oneshot::channel();
        self.queue.send((job, answer)).await.map_err(|_| Refused::Closed)?;
        answered.await.map_err(|_| Refused::Closed)?
    }

    /// Records what becomes of a numbered letter.
    ///
    /// # Errors
    /// If the loop is going down.
    pub async fn note(&self, event: Event) -> Result<(), Refused> {
        self.job(Job::Noted(event)).await.map(|_| ())
    }

    /// Runs the clock once: what came due until now is done when this returns.
    pub async fn tick(&self) {
        // Where the disk is full it comes due again at the next tick.
        let _ = self.job(Job::Tick).await;
    }

    /// Runs the clock once a second until the loop ends.
    pub async fn run_clock(self) {
        while !self.queue.is_closed() {
            self.tick().await;
            tokio::time::sleep(TICK).await;
        }
    }
}

impl Intake for Inbox {
    fn take(&self, incoming: Incoming) -> BoxFuture<'_, Result<Receipt, Refused>> {
        Box::pin(async move {
            let incoming = self.read(incoming).await?;
            let (answer, answered) = oneshot::channel();
            self.queue.try_send((Job::Heard(incoming), answer)).map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => {
                    self.metrics.turns_busy.add();
                    Refused::Busy
                }
                mpsc::error::TrySendError::Closed(_) => Refused::Closed,
            })?;
            answered.await.map_err(|_| Refused::Closed)?
        })
    }

    fn take_in_turn(&self, incoming: Incoming) -> BoxFuture<'_, Result<Receipt, Refused>> {
        // tokio would now and then put somebody off to the end of those who wait, to be fair to other tasks.
        Box::pin(tokio::task::unconstrained(async move { self.job(Job::Heard(self.read(incoming).await?)).await }))
    }

    fn caught_up(&self, platform: &'static str) -> BoxFuture<'_, Result<(), Refused>> {
        Box::pin(async move { self.job(Job::CaughtUp(platform)).await.map(|_| ()) })
    }
}

/// Runs the committer until the queue is closed (clean) or it can not go on. Blocks: give it a thread of its own.
///
/// `has_room` tries whether something can be written; it is asked only after the disk was full.
///
/// # Errors
/// [`Fatal`]; nothing of the last batch was acknowledged.
pub fn run(
    mut office: Office,
    mut outlet: Outlet,
    post: &Arc<Post>,
    health: &Health,
    clock: &Clock,
    has_room: &dyn Fn() -> bool,
) -> Result<(), Fatal> {
    while let Some(first) = outlet.queue.blocking_recv() {
        let mut jobs = vec![first.0];
        let mut answers = vec![first.1];
        while jobs.len() < MOST_TURNS
            && let Ok((job, answer)) = outlet.queue.try_recv()
        {
            jobs.push(job);
            answers.push(answer);
        }
        let is_last = jobs.iter().any(|job| matches!(job, Job::Stop));
        if is_last {
            outlet.queue.close();
        }
        let (before, now, took) = (office.head_seq(), clock(), clock::stopwatch());
        let committed = office.commit(&jobs, now)?;
        if office.head_seq() > before {
            outlet.metrics.commits.note(took());
        }
        count(&outlet.metrics, &jobs, &committed.receipts, now);
        if office.is_full() && has_room() {
            office.room_found();
        }
        if office.is_to_erase() {
            outlet.anew.notify_one();
        }
        health.note(office.is_full(), office.next_due(now), office.head_seq());
        post.hand(committed.letters, committed.edits);
        for (answer, receipt) in answers.into_iter().zip(committed.receipts) {
            // Whoever asked may have gone; what was recorded stands.
            let _ = answer.send(receipt);
        }
    }
    health.stop();
    office.state().flush()?;
    Ok(())
}

/// Counts what a batch took, and from which platforms.
fn count(metrics: &Metrics, jobs: &[Job], receipts: &[Result<Receipt, Refused>], now: DateTime<Utc>) {
    for (job, receipt) in jobs.iter().zip(receipts) {
        match job {
            Job::Heard(incoming) => {
                if receipt.is_ok() {
                    metrics.turns_taken.add();
                }
                // What the post learns about a chat comes under the bare name of its platform: nobody was heard there.
                if let Some((platform, _)) = incoming.from.account.split_once(':') {
                    metrics.heard(platform, now);
                }
            }
            Job::CaughtUp(platform) => metrics.heard(platform, now),
            Job::Noted(_) | Job::Tick | Job::Stop => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Job, MOST_WAITING, queue};
    use crate::platform::{Incoming, Intake as _, Place, Said, Sender, SenderKind};
    use futures_util::future::join_all;

    fn incoming(n: usize) -> Incoming {
        let from = Sender {
            account: "local:a".to_owned(),
            name: String::new(),
            name_is_proof: false,
            kind: SenderKind::Person,
            private_chat: None,
        };
        let said = Said::Text { text: String::new(), reply: None, edit: None };
        Incoming { key: n.to_string(), place: Place::Private { chat: String::new() }, from, said_at: None, said }
    }

    #[tokio::test]
    async fn what_finds_no_room_keeps_its_order() {
        let (inbox, mut outlet) = queue();
        let many = MOST_WAITING + 500;
        let taking = {
            let inbox = inbox.clone();
            tokio::spawn(async move { join_all((0..many).map(|n| inbox.take_in_turn(incoming(n)))).await })
        };
        for n in 0..many {
            let Some((Job::Heard(one), answer)) = outlet.queue.recv().await else { panic!("nothing came") };
            assert_eq!(one.key, n.to_string());
            let _ = answer.send(Ok(crate::platform::Receipt::default()));
        }
        assert!(taking.await.unwrap().iter().all(Result::is_ok));
    }
}
