//! 加解密 — what WeCom and the Official Account post to us: signed, enciphered, and let in once.
//!
//! One scheme for all of Tencent's callbacks (WXBizMsgCrypt): AES-256-CBC under a key of 43 letters, 32-byte padding, a length, and whom
//! it is for; signed by a token over the sorted parts. [`Seal`] is the scheme, [`Gate`] lets in what is signed, fresh, and new.
//! Source: <https://developer.work.weixin.qq.com/document/path/101033>.
//!
//! The parts are signed without anything between them, so one signature fits several ways to cut them: a delivery is known by its
//! signature, not by its parts.

use aes::Aes256;
use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockDecryptMut as _, BlockEncryptMut as _, KeyIvInit as _};
use chrono::{DateTime, Duration, Utc};
use sha1::{Digest as _, Sha1};
use std::collections::{BTreeSet, HashMap};
use subtle::ConstantTimeEq as _;

/// Bytes of chance before a message, of its length, and of both.
const CHANCE: usize = 16;
const HEAD: usize = CHANCE + 4;
/// Padding goes up to a multiple of this, though the cipher's blocks are half as long.
const PADDED: usize = 32;
/// Letters of a key.
const KEY_LETTERS: usize = 43;
/// Longest nonce and longest timestamp that are looked at, in bytes.
const LONGEST_PART: usize = 128;
/// How far the clock of a delivery may be from ours.
const FRESH: Duration = Duration::minutes(5);
/// Deliveries remembered; of more, the oldest count as stale.
const MOST_SEEN: usize = 50_000;

/// A token or key that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// The token.
    #[error("token: up to 32 letters and digits, as the console shows it")]
    Token,
    /// The key.
    #[error("aes_key: 43 letters and digits, as the console shows it (EncodingAESKey)")]
    Key,
}

/// Why a delivery is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Somebody without the token signed it, or nobody.
    #[error("the signature is wrong")]
    Signature,
    /// It is of another time.
    #[error("it is of another time; look at the clock")]
    Stale,
    /// It was let in before.
    #[error("it was here before")]
    Replayed,
    /// It is enciphered by another key, or cut.
    #[error("it cannot be deciphered")]
    Broken,
    /// It is for somebody else.
    #[error("it is for somebody else")]
    Foreign,
}

/// A delivery, as its address and its body give it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery<'a> {
    /// `msg_signature`.
    pub signature: &'a str,
    /// `timestamp`, the very text.
    pub timestamp: &'a str,
    /// `nonce`.
    pub nonce: &'a str,
    /// What is enciphered, in base64.
    pub encrypt: &'a str,
}

/// 信封 — token, key, and whom messages are for.
#[derive(Clone)]
pub struct Seal {
    token: String,
    key: [u8; 32],
    receiver: String,
}

impl std::fmt::Debug for Seal {
    /// Without token and key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seal").field("receiver", &self.receiver).finish_non_exhaustive()
    }
}

/// The signature over parts in the order of their bytes, in hexadecimal.
#[must_use]
pub fn signature(parts: &mut [&str]) -> String {
    parts.sort_unstable();
    let hash = parts.iter().fold(Sha1::new(), |hash, part| hash.chain_update(part));
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether two signatures are the same, in a time that tells nothing of where they differ.
#[must_use]
pub fn is_same(ours: &str, theirs: &str) -> bool {
    ours.as_bytes().ct_eq(theirs.as_bytes()).into()
}

impl Seal {
    /// From what the console shows. `receiver` is empty for a bot of WeCom, else the id of the company or the account.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn new(token: &str, key: &str, receiver: &str) -> Result<Self, Unusable> {
        let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !(1..=32).contains(&token.len()) || !is_plain(token) {
            return Err(Unusable::Token);
        }
        if key.len() != KEY_LETTERS || !is_plain(key) {
            return Err(Unusable::Key);
        }
        // The last letter has two bits more than the key: whatever they are.
        let lenient = GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true);
        let read = GeneralPurpose::new(&alphabet::STANDARD, lenient).decode(format!("{key}="));
        let key = read.ok().and_then(|bytes| bytes.try_into().ok()).ok_or(Unusable::Key)?;
        Ok(Self { token: token.to_owned(), key, receiver: receiver.to_owned() })
    }

    /// What signs an enciphered message.
    #[must_use]
    pub fn sign(&self, timestamp: &str, nonce: &str, encrypt: &str) -> String {
        signature(&mut [&self.token, timestamp, nonce, encrypt])
    }

    /// Whether the signature of a delivery is ours.
    #[must_use]
    pub fn is_signed(&self, delivery: Delivery<'_>) -> bool {
        let Delivery { signature, timestamp, nonce, encrypt } = delivery;
        let is_short = timestamp.len() <= LONGEST_PART && nonce.len() <= LONGEST_PART;
        is_short && is_same(&self.sign(timestamp, nonce, encrypt), signature)
    }

    /// Enciphers a message. `chance` must be new each time.
    #[must_use]
    pub fn close(&self, message: &str, chance: [u8; CHANCE]) -> String {
        let length = u32::try_from(message.len()).unwrap_or(u32::MAX).to_be_bytes();
        let mut bytes = [&chance[..], &length, message.as_bytes(), self.receiver.as_bytes()].concat();
        let padding = PADDED - bytes.len() % PADDED;
        bytes.resize(bytes.len() + padding, u8::try_from(padding).unwrap_or_default());
        let whole = bytes.len();
        let cipher = cbc::Encryptor::<Aes256>::new(&self.key.into(), &self.first_block().into());
        // Padded to whole blocks above, so it always fits.
        let closed = cipher.encrypt_padded_mut::<NoPadding>(&mut bytes, whole).map(|bytes| STANDARD.encode(bytes));
        closed.unwrap_or_default()
    }

    /// Deciphers a message. Whether it is signed is asked before.
    ///
    /// # Errors
    /// [`Refused::Broken`], [`Refused::Foreign`].
    pub fn open(&self, encrypt: &str) -> Result<String, Refused> {
        let mut bytes = STANDARD.decode(encrypt).map_err(|_| Refused::Broken)?;
        let cipher = cbc::Decryptor::<Aes256>::new(&self.key.into(), &self.first_block().into());
        let bytes = cipher.decrypt_padded_mut::<NoPadding>(&mut bytes).map_err(|_| Refused::Broken)?;
        let (message, receiver) = unpacked(bytes).ok_or(Refused::Broken)?;
        if receiver != self.receiver.as_bytes() {
            return Err(Refused::Foreign);
        }
        String::from_utf8(message.to_vec()).map_err(|_| Refused::Broken)
    }

    fn first_block(&self) -> [u8; 16] {
        let mut block = [0; 16];
        block.copy_from_slice(&self.key[..16]);
        block
    }
}

/// The message and whom it is for; `None` where lengths do not fit.
fn unpacked(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let padding = usize::from(*bytes.last()?);
    let rest = bytes.len().checked_sub(padding).filter(|_| (1..=PADDED).contains(&padding))?;
    let (bytes, pad) = bytes.split_at_checked(rest)?;
    if pad.iter().any(|&byte| usize::from(byte) != padding) {
        return None;
    }
    let (head, body) = bytes.split_at_checked(HEAD)?;
    let length = u32::from_be_bytes(head.get(CHANCE..)?.try_into().ok()?);
    body.split_at_checked(usize::try_from(length).ok()?)
}

/// 门闸 — lets each delivery in once.
#[derive(Debug)]
pub struct Gate {
    seal: Seal,
    /// How those of the last minutes were signed, and when.
    seen: HashMap<String, i64>,
    /// The same in order of time.
    order: BTreeSet<(i64, String)>,
    /// What was signed no later than this is stale: it may have been seen, and forgotten because there were so many.
    floor: i64,
}

impl Gate {
    /// A gate nobody has gone through.
    #[must_use]
    pub fn new(seal: Seal) -> Self {
        Self { seal, seen: HashMap::new(), order: BTreeSet::new(), floor: i64::MIN }
    }

    /// What answers are closed with.
    #[must_use]
    pub fn seal(&self) -> &Seal {
        &self.seal
    }

    /// The message of a delivery that is signed, of now, and not let in before.
    ///
    /// # Errors
    /// [`Refused`]: nothing may come of it.
    pub fn admit(&mut self, delivery: Delivery<'_>, now: DateTime<Utc>) -> Result<String, Refused> {
        if !self.seal.is_signed(delivery) {
            return Err(Refused::Signature);
        }
        let signed = delivery.timestamp;
        let at = signed.parse().ok().filter(|_| signed.bytes().all(|byte| byte.is_ascii_digit()));
        let at: i64 = at.ok_or(Refused::Stale)?;
        let (oldest, latest) = (now.timestamp() - FRESH.num_seconds(), now.timestamp() + FRESH.num_seconds());
        if at <= self.floor || !(oldest..=latest).contains(&at) {
            return Err(Refused::Stale);
        }
        if self.seen.contains_key(delivery.signature) {
            return Err(Refused::Replayed);
        }
        let message = self.seal.open(delivery.encrypt)?;
        self.remember(at, delivery.signature, oldest);
        Ok(message)
    }

    /// What is stale by the clock is forgotten. (Where the clock is set back, what comes again is known by its own number.)
    fn remember(&mut self, at: i64, signature: &str, oldest: i64) {
        self.seen.insert(signature.to_owned(), at);
        self.order.insert((at, signature.to_owned()));
        while self.order.first().is_some_and(|(at, _)| *at < oldest || self.order.len() > MOST_SEEN)
            && let Some((at, signature)) = self.order.pop_first()
        {
            self.seen.remove(&signature);
            if at >= oldest {
                self.floor = self.floor.max(at);
            }
        }
    }

    /// Nothing came of a delivery that was let in: when it comes again it is new.
    pub fn release(&mut self, signature: &str) {
        if let Some(at) = self.seen.remove(signature) {
            self.order.remove(&(at, signature.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
    const CHANCE_OF_TESTS: [u8; 16] = *b"0123456789abcdef";
    const SIGNED_AT: i64 = 1_700_000_000;

    fn seal(receiver: &str) -> Seal {
        Seal::new("tok3n", KEY, receiver).unwrap()
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    /// Agreed on by three implementations of other hands.
    const VECTORS: [(&str, &str, &str, &str); 2] = [
        (
            "",
            r#"{"msgtype":"stream","stream":{"id":"s1","finish":true,"content":"收到：议题已建"}}"#,
            "Q3stYC6hdFzMh9T8HCvyDO6mier/TFfkAGP21IN3KSZjo8MQ0dyNXKnAptDB5FT8NkmQTD2sf3iDckYGuafJn4alnb7ujDhF6+xg8Kdmc92oN0jUsrQbosBcXBOdUxVVKx+AjEHZwBlcf88boHyiaIoThFKC7py3Ql5W5IvvCrE=",
            "db5e5a8d76b1f84f7080ba653b38bd4bd142a4f9",
        ),
        (
            "wx1234567890abcdef",
            "<xml><ToUserName><![CDATA[gh_abc]]></ToUserName><Content><![CDATA[你好]]></Content></xml>",
            "Q3stYC6hdFzMh9T8HCvyDChU+LUJux1Eo84blYhLoUivjG1lx3zxxWMN6LKxfz89NsdsBvvgoRq+XOLtt0RYOHeG/+9xT/jNFmyi1mupRbthIKvWU8HbE6qpD0xlh4vxKcZ1cw3OsBqWIO1rMMvPCXnWJCaEKAeGd+2twbs13qeMHwbOtNYQ2Eb8XFqcalzDWvyC++sJanEXQnfAL3wEDA==",
            "1a037b1d8c3b03b214e33dccfcd198a9432452be",
        ),
    ];

    #[test]
    fn the_vectors_are_closed_signed_and_opened_as_by_others() {
        for (receiver, message, encrypt, signature) in VECTORS {
            let seal = seal(receiver);
            assert_eq!(seal.close(message, CHANCE_OF_TESTS), encrypt);
            assert_eq!(seal.sign("1700000000", "n0nce", encrypt), signature);
            assert_eq!(seal.open(encrypt).as_deref(), Ok(message));
            assert_eq!(self::seal("wxsomebodyelse0001").open(encrypt), Err(Refused::Foreign));
        }
        let plain = signature(&mut ["AAAAA", "1714037059", "486452656"]);
        assert_eq!(plain, "899cf89e464efb63f54ddac96b0a0a235f53aa78");
    }

    #[test]
    fn padding_goes_to_the_edge_and_over_it() {
        // Sixteen of chance, four of length, twelve of a message: a whole block of padding follows.
        let edge = seal("").close("twelve bytes", CHANCE_OF_TESTS);
        assert_eq!(STANDARD.decode(&edge).unwrap().len(), 64);
        for length in 0..100 {
            let message = "字".repeat(length / 3) + &"a".repeat(length % 3);
            for receiver in ["", "wx1234567890abcdef"] {
                let closed = seal(receiver).close(&message, CHANCE_OF_TESTS);
                assert_eq!(STANDARD.decode(&closed).unwrap().len() % 32, 0);
                assert_eq!(seal(receiver).open(&closed), Ok(message.clone()));
            }
        }
    }

    #[test]
    fn lengths_that_do_not_fit_are_no_message() {
        let padded = |bytes: &[u8], padding: u8| [bytes, &vec![padding; usize::from(padding)]].concat();
        let head = |length: u32| [&[0_u8; CHANCE][..], &length.to_be_bytes()].concat();
        assert_eq!(unpacked(&padded(&[&head(2)[..], b"abX"].concat(), 9)), Some((&b"ab"[..], &b"X"[..])));
        for wrong in [
            Vec::new(),
            vec![0; 32],
            vec![33; 64],
            vec![32; 32],
            padded(&head(1), 12),
            padded(&head(u32::MAX), 12),
            [head(0), vec![1, 3, 3]].concat(),
        ] {
            assert_eq!(unpacked(&wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn tokens_and_keys_of_the_wrong_form_are_refused() {
        let key = |key: &str| Seal::new("tok3n", key, "").err();
        assert_eq!(key(KEY), None);
        for wrong in ["", KEY.trim_start_matches('a'), "abcdefghijklmnopqrstuvwxyz0123456789ABCDE==", "键"] {
            assert_eq!(key(wrong), Some(Unusable::Key), "{wrong}");
        }
        for wrong in ["", "tok en", "123456789012345678901234567890123"] {
            assert_eq!(Seal::new(wrong, KEY, "").err(), Some(Unusable::Token), "{wrong}");
        }
        assert!(!format!("{:?}", seal("")).contains("tok3n"));
    }

    /// A delivery that owns its parts, so that they can be spoilt.
    #[derive(Debug, Clone)]
    struct Parts {
        signature: String,
        timestamp: String,
        nonce: String,
        encrypt: String,
    }

    impl Parts {
        fn of(seal: &Seal, n: u64, at: i64) -> Self {
            let (timestamp, nonce) = (at.to_string(), format!("n0nce{n}"));
            let encrypt =
                seal.close(&format!(r#"{{"msgid":"{n}"}}"#), (u128::from(n) * 0x9e37_79b9_7f4a_7c15).to_le_bytes());
            Self { signature: seal.sign(&timestamp, &nonce, &encrypt), timestamp, nonce, encrypt }
        }

        fn delivery(&self) -> Delivery<'_> {
            let Self { signature, timestamp, nonce, encrypt } = self;
            Delivery { signature, timestamp, nonce, encrypt }
        }

        fn part(&mut self, n: u64) -> &mut String {
            match n % 4 {
                0 => &mut self.signature,
                1 => &mut self.timestamp,
                2 => &mut self.nonce,
                _ => &mut self.encrypt,
            }
        }
    }

    /// Spoils a good delivery in one of many ways.
    fn spoilt(good: &Parts, n: u64, gate: &Seal) -> Parts {
        let mut bad = good.clone();
        let part = bad.part(n / 8);
        let at = usize::try_from(n / 32).unwrap() % part.len();
        let (head, tail) = part.split_at(at);
        let (letter, tail) = tail.split_at(1);
        let (head, letter, tail) = (head.to_owned(), letter.to_owned(), tail.to_owned());
        match n % 8 {
            0 => *part = format!("{head}{}{tail}", if letter == "4" { '5' } else { '4' }),
            1 => *part = head,
            2 => *part = format!("{head}{tail}"),
            3 => part.push('0'),
            // Signed by somebody else, enciphered by somebody else, for somebody else.
            4 => bad = Parts::of(&Seal::new("0ther", KEY, "").unwrap(), n, SIGNED_AT),
            5 => bad.encrypt = Seal::new("tok3n", &KEY.replace('a', "b"), "").unwrap().close("{}", CHANCE_OF_TESTS),
            6 => bad.encrypt = seal("wx1234567890abcdef").close("{}", CHANCE_OF_TESTS),
            // Signed well, of another time.
            _ => {
                bad = Parts::of(
                    gate,
                    n,
                    SIGNED_AT + if n % 16 < 8 { 301 } else { -301 } * i64::try_from(1 + n % 7).unwrap(),
                )
            }
        }
        if (5..=6).contains(&(n % 8)) {
            bad.signature = gate.sign(&bad.timestamp, &bad.nonce, &bad.encrypt);
        }
        bad
    }

    #[test]
    fn of_ten_thousand_forged_stale_cut_or_replayed_none_is_let_in() {
        let mut gate = Gate::new(seal(""));
        let now = at(SIGNED_AT);
        let (mut let_in, mut refused) = (0, std::collections::BTreeMap::<String, u32>::new());
        for n in 0..10_000 {
            let good = Parts::of(gate.seal(), n / 100, SIGNED_AT - 60);
            let bad = if n % 10 == 9 { good.clone() } else { spoilt(&good, n, &seal("")) };
            if n % 100 == 0 {
                assert_eq!(gate.admit(good.delivery(), now), Ok(format!(r#"{{"msgid":"{}"}}"#, n / 100)));
            }
            match gate.admit(bad.delivery(), now) {
                Ok(message) => {
                    let_in += 1;
                    eprintln!("{n}: {message} of {bad:?}");
                }
                Err(why) => *refused.entry(format!("{why:?}")).or_default() += 1,
            }
        }
        assert_eq!(let_in, 0, "{refused:?}");
        for why in ["Signature", "Stale", "Replayed", "Broken", "Foreign"] {
            assert!(refused.get(why).is_some_and(|count| *count > 100), "{why}: {refused:?}");
        }
    }

    #[test]
    fn one_signature_is_let_in_once_however_its_parts_are_cut() {
        let mut gate = Gate::new(seal(""));
        let good = Parts::of(gate.seal(), 1, SIGNED_AT);
        gate.admit(good.delivery(), at(SIGNED_AT)).unwrap();
        // The end of what is enciphered, moved into the nonce, is signed by the same signature where it sorts the same.
        let mut moved = 0;
        for cut in 1..good.encrypt.len() {
            let (encrypt, rest) = good.encrypt.split_at(cut);
            let parts = Parts { encrypt: encrypt.to_owned(), nonce: format!("{rest}{}", good.nonce), ..good.clone() };
            moved += u32::from(gate.seal().is_signed(parts.delivery()));
            assert!(gate.admit(parts.delivery(), at(SIGNED_AT)).is_err(), "{parts:?}");
        }
        assert!(moved > 0, "the trap is there");
    }

    #[test]
    fn what_nothing_came_of_may_come_again_and_the_rest_is_forgotten_in_time() {
        let mut gate = Gate::new(seal(""));
        let good = Parts::of(gate.seal(), 1, SIGNED_AT);
        assert!(gate.admit(good.delivery(), at(SIGNED_AT)).is_ok());
        gate.release(&good.signature);
        assert!(gate.admit(good.delivery(), at(SIGNED_AT + 1)).is_ok());
        assert_eq!(gate.admit(good.delivery(), at(SIGNED_AT + 2)), Err(Refused::Replayed));
        assert_eq!(gate.admit(good.delivery(), at(SIGNED_AT + 301)), Err(Refused::Stale));
        for n in 2..700 {
            let later = Parts::of(gate.seal(), n, SIGNED_AT + i64::try_from(n).unwrap());
            assert!(gate.admit(later.delivery(), at(SIGNED_AT + i64::try_from(n).unwrap())).is_ok());
        }
        assert!(gate.seen.len() <= 301 && gate.order.len() == gate.seen.len(), "{}", gate.seen.len());
    }
}
