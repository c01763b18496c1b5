//! 送达 — per chat and lane: order, pace, retry, coalescing of cards. Pure: time is an argument, sending is somebody else's.
//!
//! Each chat has its own queue and its own budget, so one chat at its limit holds up no other. Answers go before cards, cards before
//! notices, results and digests; but of these each fifth place is theirs.

use super::letters::{Edit, Lane, LetterId, Outgoing};
use crate::platform::{Pace, SendError};
use chrono::{DateTime, Duration, Utc};
use std::collections::{BTreeMap, VecDeque};

/// Least time between two edits of one card.
const CARD_GAP_SECONDS: i64 = 3;
/// First and longest wait after a failure.
const FIRST_WAIT_SECONDS: i64 = 1;
const LONGEST_WAIT_SECONDS: i64 = 900;
/// Answers and cards that go before a notice that is ready; then it is its turn, however many more there are.
const MOST_BEFORE: u32 = 4;
/// Letters that may wait for one chat; beyond it the oldest answers (never a numbered letter) are dropped, and it is logged.
const MOST_WAITING: usize = 10_000;

/// What a chat's queue wants next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Send this letter.
    Send(Outgoing),
    /// Change this message.
    Edit(Edit),
    /// Nothing before this moment.
    Wait(DateTime<Utc>),
    /// Nothing at all.
    Idle,
}

/// What became of a letter after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Accepted by the platform.
    Sent,
    /// The chat is gone; never tried again.
    GivenUp,
    /// Still waiting; tried again later.
    Waiting,
}

/// 总配额 — what a platform takes in all chats together, in any second. Changes to cards leave some of it for answers, notices
/// and digests leave more: a few hundred digests at eight in the evening hold up nobody's answer.
#[derive(Debug)]
pub struct Budget {
    per_second: usize,
    sent: VecDeque<DateTime<Utc>>,
}

/// Forgets what was sent at moments that have not come yet, where the clock was set back.
fn forget_future(sent: &mut VecDeque<DateTime<Utc>>, now: DateTime<Utc>) {
    while sent.back().is_some_and(|&at| at > now) {
        sent.pop_back();
    }
}

/// What wants to be sent, as the budget sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// An answer.
    Answer,
    /// A change to a card.
    Card,
    /// A notice, a result, a digest.
    Notice,
}

impl Budget {
    /// A budget.
    #[must_use]
    pub fn new(per_second: u32) -> Self {
        Self { per_second: per_second.max(6) as usize, sent: VecDeque::new() }
    }

    /// Takes a place, or tells when to ask again.
    ///
    /// # Errors
    /// The moment before which there is no place.
    pub fn take(&mut self, urgency: Urgency, now: DateTime<Utc>) -> Result<(), DateTime<Utc>> {
        let free_at = self.free_at(urgency, now);
        if free_at > now {
            return Err(free_at);
        }
        self.sent.push_back(now);
        Ok(())
    }

    /// When there is a place.
    #[must_use]
    pub fn free_at(&mut self, urgency: Urgency, now: DateTime<Utc>) -> DateTime<Utc> {
        let second = Duration::seconds(1);
        forget_future(&mut self.sent, now);
        while self.sent.front().is_some_and(|&at| at + second <= now) {
            self.sent.pop_front();
        }
        let places = match urgency {
            Urgency::Answer => self.per_second,
            Urgency::Card => self.per_second * 5 / 6,
            Urgency::Notice => self.per_second * 2 / 3,
        };
        let blocking = self.sent.len().checked_sub(places).and_then(|over| self.sent.get(over));
        blocking.map_or(now, |&at| at + second)
    }
}

fn may_go(letter: &Outgoing, now: DateTime<Utc>) -> bool {
    letter.not_before.is_none_or(|at| at <= now)
}

/// A letter that waits for its minute or for the morning holds back none that may go now: the first of those comes to the head.
/// Whoever stands there and may go stays there, also between two pieces of one letter.
fn first_that_may_go(lane: &mut VecDeque<Outgoing>, now: DateTime<Utc>) {
    let first = lane.iter().position(|letter| may_go(letter, now));
    if let Some(letter) = first.filter(|&at| at > 0).and_then(|at| lane.remove(at)) {
        lane.push_front(letter);
    }
}

/// The queue of one chat.
#[derive(Debug)]
pub struct Queue {
    lanes: [VecDeque<Outgoing>; 2],
    cards: BTreeMap<String, (Edit, DateTime<Utc>)>,
    card_edited: BTreeMap<String, DateTime<Utc>>,
    /// When things were sent within the last minute.
    sent: VecDeque<DateTime<Utc>>,
    hold_until: Option<DateTime<Utc>>,
    /// How long it was to be held.
    hold: Duration,
    /// How many pieces of a letter longer than one message were said, by lane.
    said: [Option<(LetterId, usize)>; 2],
    failures: u32,
    /// Answers and cards that went while a notice waited.
    went_before: u32,
    gap: Duration,
    per_minute: usize,
}

impl Queue {
    /// A queue with a platform's limits.
    #[must_use]
    pub fn new(limits: Pace) -> Self {
        Self {
            lanes: [VecDeque::new(), VecDeque::new()],
            cards: BTreeMap::new(),
            card_edited: BTreeMap::new(),
            sent: VecDeque::new(),
            hold_until: None,
            hold: Duration::zero(),
            said: [None, None],
            failures: 0,
            went_before: 0,
            gap: Duration::milliseconds(i64::from(limits.gap_ms)),
            per_minute: limits.per_minute.max(1) as usize,
        }
    }

    /// Adds a letter behind those of its lane. The same letter twice is one.
    pub fn push(&mut self, letter: Outgoing) {
        let lane = &mut self.lanes[letter.lane as usize];
        if letter.id.seq != 0 && lane.iter().any(|waiting| waiting.id == letter.id) {
            return;
        }
        if lane.len() >= MOST_WAITING
            && let Some(oldest) = lane.iter().position(|waiting| !waiting.is_numbered)
        {
            lane.remove(oldest);
            tracing::warn!("too many letters wait for one chat: the oldest answer is dropped");
        }
        lane.push_back(letter);
    }

    /// The latest state of a card wins.
    pub fn push_edit(&mut self, edit: Edit, now: DateTime<Utc>) {
        let earliest = self.card_edited.get(&edit.message).map_or(now, |at| *at + Duration::seconds(CARD_GAP_SECONDS));
        self.cards.insert(edit.message.clone(), (edit, earliest.max(now)));
    }

    /// 迁移 — everything that waits, for another queue. The chat's cards stand under its old address and are left there.
    pub fn leave(&mut self) -> Vec<Outgoing> {
        self.cards.clear();
        self.hold_until = None;
        self.lanes.iter_mut().flat_map(std::mem::take).collect()
    }

    /// How many letters and changes wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cards.len() + self.lanes.iter().map(VecDeque::len).sum::<usize>()
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cards.is_empty() && self.lanes.iter().all(VecDeque::is_empty)
    }

    /// What to do now. A letter stays at the head of its lane until [`Queue::done`] settles it.
    pub fn next(&mut self, now: DateTime<Utc>) -> Next {
        if self.is_empty() {
            return Next::Idle;
        }
        if let Some(at) = self.free_at(now).filter(|&at| at > now) {
            return Next::Wait(at);
        }
        self.lanes.iter_mut().for_each(|lane| first_that_may_go(lane, now));
        let notice = self.lanes[Lane::Notice as usize].front();
        if let Some(letter) = notice.filter(|letter| letter.not_before.is_none_or(|at| at <= now))
            && self.went_before >= MOST_BEFORE
        {
            return Next::Send(letter.clone());
        }
        let mut earliest: Option<DateTime<Utc>> = None;
        let mut wait = |at: DateTime<Utc>| earliest = Some(earliest.map_or(at, |known| known.min(at)));
        let answers = &self.lanes[Lane::Answer as usize];
        match answers.front() {
            Some(letter) if may_go(letter, now) => return Next::Send(letter.clone()),
            _ => answers.iter().filter_map(|letter| letter.not_before).for_each(&mut wait),
        }
        for (edit, at) in self.cards.values() {
            if *at <= now {
                return Next::Edit(edit.clone());
            }
            wait(*at);
        }
        let notices = &self.lanes[Lane::Notice as usize];
        match notices.front() {
            Some(letter) if may_go(letter, now) => return Next::Send(letter.clone()),
            _ => notices.iter().filter_map(|letter| letter.not_before).for_each(&mut wait),
        }
        earliest.map_or(Next::Idle, Next::Wait)
    }

    /// A clock set back by hours must not hold the chat for hours: nothing waits longer, from now on, than it was to wait.
    fn nothing_beyond(&mut self, now: DateTime<Utc>) {
        forget_future(&mut self.sent, now);
        self.hold_until = self.hold_until.map(|until| until.min(now + self.hold));
        let latest = now + Duration::seconds(CARD_GAP_SECONDS);
        self.cards.values_mut().for_each(|(_, at)| *at = latest.min(*at));
    }

    /// When the budget or a failure allows the next attempt.
    fn free_at(&mut self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let minute_ago = now - Duration::seconds(60);
        self.nothing_beyond(now);
        while self.sent.front().is_some_and(|&at| at <= minute_ago) {
            self.sent.pop_front();
        }
        let by_gap = self.sent.back().map(|&at| at + self.gap);
        let by_budget = if self.sent.len() >= self.per_minute {
            self.sent.front().map(|&at| at + Duration::seconds(60))
        } else {
            None
        };
        [self.hold_until, by_gap, by_budget].into_iter().flatten().max()
    }

    /// Which piece of a letter is said next.
    #[must_use]
    pub fn said_of(&self, id: LetterId) -> usize {
        self.said.iter().flatten().find(|(known, _)| *known == id).map_or(0, |(_, pieces)| *pieces)
    }

    /// So many pieces of a letter are said, and more are to come: it stays at the head of its lane.
    pub fn said(&mut self, id: LetterId, pieces: usize, now: DateTime<Utc>) {
        self.sent.push_back(now);
        for (lane, said) in self.lanes.iter().zip(&mut self.said) {
            if lane.front().is_some_and(|letter| letter.id == id) {
                *said = Some((id, pieces));
            }
        }
        self.recovered();
    }

    /// Settles an attempt to send.
    pub fn done(&mut self, id: LetterId, result: &Result<String, SendError>, now: DateTime<Utc>) -> Fate {
        self.sent.push_back(now);
        self.went(Some(id));
        match result {
            Ok(_) => {
                self.take(id);
                self.recovered();
                Fate::Sent
            }
            Err(SendError::Gone(_) | SendError::Wrong(_)) => {
                self.take(id);
                self.recovered();
                Fate::GivenUp
            }
            Err(error) => {
                if matches!(error, SendError::Unknown(_)) {
                    self.lanes
                        .iter_mut()
                        .filter_map(VecDeque::front_mut)
                        .filter(|letter| letter.id == id)
                        .for_each(Outgoing::repeat);
                }
                self.failed(error, now);
                Fate::Waiting
            }
        }
    }

    /// A letter is nobody's any more, or goes elsewhere: it was not tried.
    pub fn pass_over(&mut self, id: LetterId) {
        self.take(id);
        self.went(Some(id));
    }

    /// Settles an attempt to edit.
    pub fn edited(&mut self, edit: &Edit, result: &Result<(), SendError>, now: DateTime<Utc>) {
        self.sent.push_back(now);
        self.went(None);
        match result {
            // A card that cannot be changed any more holds up nothing.
            Ok(()) | Err(SendError::Gone(_) | SendError::Wrong(_) | SendError::Moved(_)) => {
                if self.cards.get(&edit.message).is_some_and(|(waiting, _)| waiting == edit) {
                    self.cards.remove(&edit.message);
                }
                self.card_edited.insert(edit.message.clone(), now);
                if self.card_edited.len() > 1_000 {
                    self.card_edited.clear();
                }
                self.recovered();
            }
            Err(error) => self.failed(error, now),
        }
    }

    fn went(&mut self, letter: Option<LetterId>) {
        let notice = self.lanes[Lane::Notice as usize].front();
        let is_passed = notice.is_some_and(|notice| Some(notice.id) != letter);
        self.went_before = if is_passed { self.went_before.saturating_add(1) } else { 0 };
    }

    /// All chats together have no place for what was next: what is more urgent here may go before it again.
    pub fn no_place(&mut self) {
        self.went_before = 0;
    }

    fn take(&mut self, id: LetterId) {
        for lane in &mut self.lanes {
            if lane.front().is_some_and(|letter| letter.id == id) {
                lane.pop_front();
                return;
            }
        }
    }

    fn recovered(&mut self) {
        self.failures = 0;
        self.hold_until = None;
    }

    fn failed(&mut self, error: &SendError, now: DateTime<Utc>) {
        self.failures = self.failures.saturating_add(1);
        let wait = match error {
            SendError::Wait(seconds) => i64::from(*seconds).max(FIRST_WAIT_SECONDS),
            _ => (FIRST_WAIT_SECONDS << self.failures.saturating_sub(1).min(10)).min(LONGEST_WAIT_SECONDS),
        };
        self.hold = Duration::seconds(wait);
        self.hold_until = Some(now + self.hold);
    }
}

#[cfg(test)]
mod tests {
    use super::{Budget, Edit, Fate, Lane, LetterId, Next, Outgoing, Queue, Urgency};
    use crate::platform::{Letter, Pace, SendError};
    use chrono::{DateTime, Duration, Utc};

    fn limits(per_minute: u32, gap_ms: u32) -> Pace {
        Pace { per_minute, gap_ms }
    }

    fn letter(seq: u64, lane: Lane) -> Outgoing {
        let letter = Letter::plain("local:g", format!("{seq}"));
        let id = LetterId { seq, index: 0 };
        Outgoing { lane, ..Outgoing::answer(id, letter) }
    }

    fn edit(text: &str) -> Edit {
        Edit { message: "7".into(), letter: Letter::plain("local:g", text) }
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::seconds(seconds)
    }

    fn sent(queue: &mut Queue, now: DateTime<Utc>) -> Vec<u64> {
        let mut seqs = Vec::new();
        while let Next::Send(letter) = queue.next(now) {
            queue.done(letter.id, &Ok("1".into()), now);
            seqs.push(letter.id.seq);
        }
        seqs
    }

    #[test]
    fn answers_before_cards_before_notices_each_lane_in_order() {
        let mut queue = Queue::new(limits(1000, 0));
        for (seq, lane) in [(1, Lane::Notice), (2, Lane::Answer), (3, Lane::Notice), (4, Lane::Answer)] {
            queue.push(letter(seq, lane));
        }
        queue.push_edit(edit("2/11"), at(0));
        assert_eq!(sent(&mut queue, at(0)), [2, 4]);
        assert_eq!(queue.next(at(0)), Next::Edit(edit("2/11")));
        queue.edited(&edit("2/11"), &Ok(()), at(0));
        assert_eq!(sent(&mut queue, at(0)), [1, 3]);
        assert_eq!(queue.next(at(0)), Next::Idle);
    }

    #[test]
    fn a_card_is_edited_once_for_many_changes_and_shows_the_last() {
        let mut queue = Queue::new(limits(1000, 0));
        queue.push_edit(edit("1"), at(0));
        queue.edited(&edit("1"), &Ok(()), at(0));
        for n in 2..100 {
            queue.push_edit(edit(&n.to_string()), at(1));
        }
        assert_eq!(queue.next(at(1)), Next::Wait(at(3)));
        assert_eq!(queue.next(at(3)), Next::Edit(edit("99")));
        queue.edited(&edit("99"), &Ok(()), at(3));
        assert_eq!(queue.next(at(9)), Next::Idle);
    }

    #[test]
    fn a_change_that_comes_while_an_edit_is_under_way_is_not_lost() {
        let mut queue = Queue::new(limits(1000, 0));
        queue.push_edit(edit("1"), at(0));
        assert_eq!(queue.next(at(0)), Next::Edit(edit("1")));
        queue.push_edit(edit("2"), at(0));
        queue.edited(&edit("1"), &Ok(()), at(0));
        assert_eq!(queue.next(at(5)), Next::Edit(edit("2")));
    }

    #[test]
    fn the_budget_of_a_minute_is_never_exceeded() {
        let mut queue = Queue::new(limits(20, 1000));
        for seq in 1..=50 {
            queue.push(letter(seq, Lane::Answer));
        }
        let (mut now, mut times) = (at(0), Vec::new());
        while !queue.is_empty() {
            match queue.next(now) {
                Next::Send(letter) => {
                    queue.done(letter.id, &Ok("1".into()), now);
                    times.push(now);
                }
                Next::Wait(until) => now = until,
                other => panic!("{other:?}"),
            }
        }
        assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= Duration::seconds(1)));
        assert!(times.windows(21).all(|window| window[20] - window[0] >= Duration::seconds(60)));
    }

    #[test]
    fn a_storm_of_votes_or_questions_does_not_starve_the_digest() {
        for is_card in [true, false] {
            let mut queue = Queue::new(limits(19, 1_050));
            let (mut now, mut storm) = (at(0), 100);
            while now < at(600) {
                queue.push_edit(edit(&now.to_rfc3339()), now);
                if !is_card && queue.len() < 5 {
                    queue.push(letter(storm, Lane::Answer));
                    storm += 1;
                }
                if now == at(300) {
                    queue.push(letter(1, Lane::Notice));
                }
                match queue.next(now) {
                    Next::Send(letter) => {
                        queue.done(letter.id, &Ok("1".into()), now);
                    }
                    Next::Edit(edit) => queue.edited(&edit, &Ok(()), now),
                    Next::Wait(_) | Next::Idle => {}
                }
                now += Duration::milliseconds(100);
                let waits = queue.lanes[Lane::Notice as usize].len();
                assert!(now < at(330) || waits == 0, "the digest still waits at {now}; cards {is_card}");
            }
        }
    }

    #[test]
    fn a_clock_set_back_holds_up_nothing() {
        let mut queue = Queue::new(limits(19, 1_050));
        let mut budget = Budget::new(6);
        let day = 24 * 3600;
        for seq in 1..=19 {
            queue.push(letter(seq, Lane::Answer));
            queue.done(LetterId { seq, index: 0 }, &Ok("1".into()), at(day));
        }
        assert!((0..6).all(|_| budget.take(Urgency::Answer, at(day)).is_ok()));
        queue.push(letter(20, Lane::Answer));
        queue.done(LetterId { seq: 20, index: 0 }, &Err(SendError::NotSent("refused".into())), at(day));
        queue.push_edit(edit("1"), at(day));
        assert_eq!(queue.next(at(0)), Next::Wait(at(1)), "what it was to wait, from now on");
        assert!(matches!(queue.next(at(1)), Next::Send(letter) if letter.id.seq == 20));
        queue.done(LetterId { seq: 20, index: 0 }, &Ok("1".into()), at(1));
        assert_eq!(queue.next(at(3)), Next::Edit(edit("1")));
        assert_eq!(budget.take(Urgency::Answer, at(0)), Ok(()));
    }

    #[test]
    fn a_failed_letter_stays_at_the_head_and_waits_longer_each_time() {
        let mut queue = Queue::new(limits(1000, 0));
        queue.push(letter(1, Lane::Answer));
        queue.push(letter(2, Lane::Answer));
        let unknown = Err(SendError::Unknown("reset".into()));
        assert_eq!(queue.done(LetterId { seq: 1, index: 0 }, &unknown, at(0)), Fate::Waiting);
        assert_eq!(queue.next(at(0)), Next::Wait(at(1)));
        queue.done(LetterId { seq: 1, index: 0 }, &unknown, at(1));
        assert_eq!(queue.next(at(1)), Next::Wait(at(3)));
        queue.done(LetterId { seq: 1, index: 0 }, &Err(SendError::Wait(3600)), at(3));
        assert_eq!(queue.next(at(3)), Next::Wait(at(3603)));
        assert_eq!(sent(&mut queue, at(3603)), [1, 2]);
    }

    #[test]
    fn a_flood_of_digests_leaves_room_for_answers() {
        let mut budget = Budget::new(30);
        assert!((0..20).all(|_| budget.take(Urgency::Notice, at(0)).is_ok()));
        assert_eq!(budget.take(Urgency::Notice, at(0)), Err(at(1)));
        assert!((0..5).all(|_| budget.take(Urgency::Card, at(0)).is_ok()));
        assert_eq!(budget.take(Urgency::Card, at(0)), Err(at(1)));
        assert!((0..5).all(|_| budget.take(Urgency::Answer, at(0)).is_ok()));
        assert_eq!(budget.take(Urgency::Answer, at(0)), Err(at(1)));
        assert_eq!(budget.take(Urgency::Notice, at(1)), Ok(()));
    }

    #[test]
    fn a_result_whose_fate_is_unknown_is_repeated_with_its_mark_and_one_surely_not_sent_is_not() {
        let mut queue = Queue::new(limits(1000, 0));
        let mut result = letter(1, Lane::Notice);
        (result.is_numbered, result.mark) = (true, "（补发）".into());
        result.letter.text = "第3期\n甲".into();
        queue.push(result);
        let id = LetterId { seq: 1, index: 0 };
        queue.done(id, &Err(SendError::NotSent("refused".into())), at(0));
        assert!(matches!(queue.next(at(9)), Next::Send(letter) if letter.letter.text == "第3期\n甲"));
        for seconds in [9, 99] {
            queue.done(id, &Err(SendError::Unknown("reset".into())), at(seconds));
            assert!(matches!(queue.next(at(1_000)), Next::Send(letter) if letter.letter.text == "第3期（补发）\n甲"));
        }
    }

    #[test]
    fn a_chat_that_is_gone_is_not_tried_again() {
        let mut queue = Queue::new(limits(1000, 0));
        queue.push(letter(1, Lane::Notice));
        let gone = Err(SendError::Gone("kicked".into()));
        assert_eq!(queue.done(LetterId { seq: 1, index: 0 }, &gone, at(0)), Fate::GivenUp);
        assert_eq!(queue.next(at(0)), Next::Idle);
    }

    #[test]
    fn what_must_wait_for_the_morning_waits_and_answers_do_not() {
        let mut queue = Queue::new(limits(1000, 0));
        let mut result = letter(1, Lane::Notice);
        result.not_before = Some(at(100));
        queue.push(result);
        queue.push(letter(2, Lane::Answer));
        assert_eq!(sent(&mut queue, at(0)), [2]);
        assert_eq!(queue.next(at(0)), Next::Wait(at(100)));
        assert_eq!(sent(&mut queue, at(100)), [1]);
    }

    #[test]
    fn a_letter_that_waits_its_minute_holds_back_nothing_of_its_lane() {
        for lane in [Lane::Answer, Lane::Notice] {
            let mut queue = Queue::new(limits(1000, 0));
            queue.push(Outgoing { not_before: Some(at(60)), ..letter(1, lane) });
            queue.push(Outgoing { not_before: Some(at(30)), ..letter(2, lane) });
            queue.push(letter(3, lane));
            queue.push(letter(4, lane));
            assert_eq!(sent(&mut queue, at(0)), [3, 4]);
            assert_eq!(queue.next(at(0)), Next::Wait(at(30)));
            assert_eq!(sent(&mut queue, at(30)), [2]);
            assert_eq!(sent(&mut queue, at(60)), [1]);
        }
    }

    #[test]
    fn a_letter_said_in_pieces_is_finished_before_one_whose_minute_has_come() {
        let mut queue = Queue::new(limits(1000, 0));
        queue.push(Outgoing { not_before: Some(at(60)), ..letter(1, Lane::Answer) });
        queue.push(letter(2, Lane::Answer));
        assert!(matches!(queue.next(at(59)), Next::Send(letter) if letter.id.seq == 2));
        queue.said(LetterId { seq: 2, index: 0 }, 1, at(59));
        assert_eq!(sent(&mut queue, at(60)), [2, 1]);
    }
}
