//! 按钮 — what stands in `callback_data` (1–64 bytes): the button's word and what the card is about, with a seal.
//!
//! A modified client can send any data for any message, and a card that is older than about two days comes back without its
//! text. So the data carries the reference itself and a seal over it and the chat; what is not sealed by us is refused.

use crate::language::{mark_text, read_mark};
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

    /// The data of a button under a message; `None` if the message is about nothing a reply could refer to, or it does not fit.
    #[must_use]
    pub fn seal(&self, chat: i64, label: &str, message: &str) -> Option<String> {
        let body = format!("{label}\n{}", mark_text(&read_mark(message)?));
        let data = format!("{}{body}", self.mark(chat, &body)?);
        (data.len() <= LONGEST).then_some(data)
    }

    /// The word on a button and the text that refers to its card, if we sealed it for this chat.
    #[must_use]
    pub fn open(&self, chat: i64, data: &str) -> Option<(String, String)> {
        let (seal, body) = data.split_at_checked(SEAL)?;
        let known = self.mark(chat, body)?;
        // Every digit is looked at: how long it takes tells nothing.
        let differs = known.bytes().zip(seal.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b));
        let (label, about) = body.split_once('\n').filter(|_| differs == 0)?;
        Some((label.to_owned(), about.to_owned()))
    }

    fn mark(&self, chat: i64, body: &str) -> Option<String> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(&chat.to_be_bytes());
        mac.update(body.as_bytes());
        Some(mac.finalize().into_bytes().iter().take(SEAL / 2).map(|byte| format!("{byte:02x}")).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Sealer};
    use crate::language::read_mark;

    const CARD: &str = "🗳【9999号】表决开始：要不要\n规则：业主重大\n截止：12月30日20:00\n名册内业主回复本条";

    #[test]
    fn a_button_brings_back_its_word_and_what_its_card_is_about() {
        let sealer = Sealer::new("1:a");
        for (label, card) in [
            ("弃权", CARD),
            ("附议", "✅ 点单成功：【12号】南门"),
            ("+1", "✅ 已记建议12-345，回“+1”点赞。"),
            ("报名", "📅 活动77号：周末有约"),
            ("基本满意", CARD),
        ] {
            let data = sealer.seal(-1_001_234_567_890, label, card).unwrap();
            assert!(data.len() <= LONGEST, "{} bytes: {data}", data.len());
            let (word, about) = sealer.open(-1_001_234_567_890, &data).unwrap();
            assert_eq!((word.as_str(), read_mark(&about)), (label, read_mark(card)));
        }
    }

    #[test]
    fn what_we_did_not_seal_for_this_chat_is_refused() {
        let sealer = Sealer::new("1:a");
        let data = sealer.seal(-5, "赞成", CARD).unwrap();
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
