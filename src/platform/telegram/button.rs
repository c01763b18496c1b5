//! 按钮 — what stands in `callback_data` (1–64 bytes): the button's word and what the card is about, with a seal.
//!
//! A modified client can send any data for any message, and a card that is older than about two days comes back without its
//! text. So the data carries the target itself and a seal over it and the chat; what is not sealed by us is refused.
//!
//! | data | of |
//! |---|---|
//! | seal, word, line break, `p12.3.30.20.0` | today: a letter for the kind, then its numbers |
//! | seal, word, line break, `🗳【12号】` … | before 2026-12, and still opened: the reference as people see it |

use crate::domain::kernel::ids::{
    BriefNo, ClaimNo, GatheringNo, ObjectionRef, ProposalNo, SlipNo, SuggestionRef, TaskNo, TopicNo,
};
use crate::domain::kernel::mark::{Mark, Why};
use crate::language::read_mark;
use hmac::{Hmac, Mac};
use sha2::{Digest as _, Sha256};

/// Longest `callback_data`, in bytes.
const LONGEST: usize = 64;
/// Hex digits of the seal: 48 bits, each guess a press by a known account.
const SEAL: usize = 12;

/// The key that seals the buttons of one bot.
#[derive(Clone)]
pub struct Sealer([u8; 32]);

impl Sealer {
    /// A key from the bot's token: the same after every start.
    #[must_use]
    pub fn new(token: &str) -> Self {
        Self(Sha256::new().chain_update("xieshang button\0").chain_update(token).finalize().into())
    }

    /// The data of a button under a message about something; `None` if it does not fit.
    #[must_use]
    pub fn seal(&self, chat: i64, label: &str, about: &Mark) -> Option<String> {
        let body = format!("{label}\n{}", code(about));
        let data = format!("{}{body}", self.mark(chat, &body)?);
        (data.len() <= LONGEST).then_some(data)
    }

    /// The word on a button and what its card is about, if we sealed it for this chat.
    #[must_use]
    pub fn open(&self, chat: i64, data: &str) -> Option<(String, Option<Mark>)> {
        let (seal, body) = data.split_at_checked(SEAL)?;
        let known = self.mark(chat, body)?;
        // Every digit is looked at: how long it takes tells nothing.
        let differs = known.bytes().zip(seal.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b));
        let (label, about) = body.split_once('\n').filter(|_| differs == 0)?;
        Some((label.to_owned(), decode(about).or_else(|| read_mark(about))))
    }

    fn mark(&self, chat: i64, body: &str) -> Option<String> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(&chat.to_be_bytes());
        mac.update(body.as_bytes());
        Some(mac.finalize().into_bytes().iter().take(SEAL / 2).map(|byte| format!("{byte:02x}")).collect())
    }
}

/// A mark in a few letters.
fn code(about: &Mark) -> String {
    match about {
        Mark::Topic(no) => format!("t{no}"),
        Mark::Suggestions(no) => format!("l{no}"),
        Mark::Suggestion(at) => format!("s{}.{}", at.topic, at.n),
        Mark::Gathering(no) => format!("g{no}"),
        Mark::Poll { topic, ends: None } => format!("p{topic}"),
        Mark::Poll { topic, ends: Some((month, day, hour, minute)) } => {
            format!("p{topic}.{month}.{day}.{hour}.{minute}")
        }
        Mark::Brief(no) => format!("b{no}"),
        Mark::Proposal(no) => format!("r{no}"),
        Mark::Slip(no) => format!("w{no}"),
        Mark::Claim(no) => format!("c{no}"),
        Mark::Claims => "a0".to_owned(),
        Mark::Objection(at) => format!("o{}.{}", at.topic, at.n),
        Mark::Task(no) => format!("k{no}"),
        Mark::Why(Why::Task(no)) => format!("x{no}"),
        Mark::Why(Why::Proposal(no)) => format!("y{no}"),
        Mark::Why(Why::Against(no)) => format!("z{no}"),
    }
}

/// What [`code`] wrote.
fn decode(code: &str) -> Option<Mark> {
    let kind = code.chars().next()?;
    let numbers = code.strip_prefix(kind)?.split('.').map(str::parse);
    let numbers: Vec<u32> = numbers.collect::<Result<_, _>>().ok()?;
    Some(match (kind, numbers.as_slice()) {
        ('t', &[no]) => Mark::Topic(TopicNo(no)),
        ('l', &[no]) => Mark::Suggestions(TopicNo(no)),
        ('s', &[topic, n]) => Mark::Suggestion(SuggestionRef { topic: TopicNo(topic), n }),
        ('g', &[no]) => Mark::Gathering(GatheringNo(no)),
        ('p', &[no]) => Mark::Poll { topic: TopicNo(no), ends: None },
        ('p', &[no, month, day, hour, minute]) => {
            Mark::Poll { topic: TopicNo(no), ends: Some((month, day, hour, minute)) }
        }
        ('b', &[no]) => Mark::Brief(BriefNo(no)),
        ('r', &[no]) => Mark::Proposal(ProposalNo(no)),
        ('w', &[no]) => Mark::Slip(SlipNo(no)),
        ('c', &[no]) => Mark::Claim(ClaimNo(no)),
        ('a', &[_]) => Mark::Claims,
        ('o', &[topic, n]) => Mark::Objection(ObjectionRef { topic: TopicNo(topic), n }),
        ('k', &[no]) => Mark::Task(TaskNo(no)),
        ('x', &[no]) => Mark::Why(Why::Task(TaskNo(no))),
        ('y', &[no]) => Mark::Why(Why::Proposal(ProposalNo(no))),
        ('z', &[no]) => Mark::Why(Why::Against(TopicNo(no))),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Sealer};
    use crate::domain::kernel::ids::{
        BriefNo, ClaimNo, GatheringNo, ObjectionRef, ProposalNo, SlipNo, SuggestionRef, TaskNo, TopicNo,
    };
    use crate::domain::kernel::mark::{Mark, Why};

    const OLD_POLL: &str = "053dc4fe052a弃权\n🗳【9999号】\n截止12月30日20:00";
    const OLD_TOPIC: &str = "33542db64640附议\n【12号】";
    const OLD_SUGGESTION: &str = "7b850dc727cb+1\n建议12-345";
    const MANY: u32 = 999_999;

    fn marks() -> Vec<Mark> {
        let topic = TopicNo(MANY);
        vec![
            Mark::Topic(topic),
            Mark::Suggestions(topic),
            Mark::Suggestion(SuggestionRef { topic, n: MANY }),
            Mark::Gathering(GatheringNo(MANY)),
            Mark::Poll { topic, ends: None },
            Mark::Poll { topic, ends: Some((12, 30, 20, 5)) },
            Mark::Brief(BriefNo(MANY)),
            Mark::Proposal(ProposalNo(MANY)),
            Mark::Slip(SlipNo(MANY)),
            Mark::Claim(ClaimNo(MANY)),
            Mark::Claims,
            Mark::Objection(ObjectionRef { topic, n: MANY }),
            Mark::Task(TaskNo(MANY)),
            Mark::Why(Why::Task(TaskNo(MANY))),
            Mark::Why(Why::Proposal(ProposalNo(MANY))),
            Mark::Why(Why::Against(topic)),
        ]
    }

    #[test]
    fn a_button_brings_back_its_word_and_what_its_card_is_about() {
        let sealer = Sealer::new("1:a");
        for about in marks() {
            for label in ["弃权", "+1", "基本满意", "Fairly satisfied"] {
                let data = sealer.seal(-1_001_234_567_890, label, &about).unwrap();
                assert!(data.len() <= LONGEST, "{} bytes: {data}", data.len());
                let opened = sealer.open(-1_001_234_567_890, &data);
                assert_eq!(opened, Some((label.to_owned(), Some(about.clone()))));
            }
        }
    }

    /// Made by the version before, word for word: such buttons stand in chats for weeks.
    #[test]
    fn a_button_of_the_version_before_is_still_opened() {
        let sealer = Sealer::new("1:a");
        let poll = Mark::Poll { topic: TopicNo(9999), ends: Some((12, 30, 20, 0)) };
        let second = Mark::Topic(TopicNo(12));
        let like = Mark::Suggestion(SuggestionRef { topic: TopicNo(12), n: 345 });
        for (data, label, about) in
            [(OLD_POLL, "弃权", poll), (OLD_TOPIC, "附议", second), (OLD_SUGGESTION, "+1", like)]
        {
            assert_eq!(sealer.open(-1_001_234_567_890, data), Some((label.to_owned(), Some(about))), "{data}");
        }
    }

    #[test]
    fn what_we_did_not_seal_for_this_chat_is_refused() {
        let sealer = Sealer::new("1:a");
        let about = Mark::Poll { topic: TopicNo(9999), ends: None };
        let data = sealer.seal(-5, "赞成", &about).unwrap();
        assert!(sealer.open(-6, &data).is_none(), "another group's");
        assert!(Sealer::new("1:b").open(-5, &data).is_none(), "another bot's");
        assert!(sealer.open(-5, &data.replace("赞成", "反对")).is_none());
        assert!(sealer.open(-5, &data.replace("9999", "9998")).is_none());
        for forged in
            ["", "x", "赞成", "000000000000赞成\n【1号】", "\u{0}\u{1}", &"汉".repeat(21), "-1", "9223372036854775808"]
        {
            assert!(sealer.open(-5, forged).is_none(), "{forged:?}");
        }
    }
}
