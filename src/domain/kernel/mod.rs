//! What every noun is made of.
//!
//! | file | noun |
//! |---|---|
//! | [`ids`] | 编号 — what people see in brackets, and the opaque numbers of people and groups |
//! | [`place`] | 房号 — what flats and names of a roll are compared by |
//! | [`script`] | 繁简 — characters in two scripts |
//! | [`seat`] | 席位 — whose vote it is |
//! | [`words`] | what people said, and may ask us to forget |
//! | [`say`] | what the bot says, before it has words |
//! | [`said`] | how something was said, and what a suggestion or a term is called in it |
//! | [`plain`] | 大白话 — what somebody meant who did not write a command |
//! | [`text`] | how long a title, a text or a name may be |
//! | [`mark`] | 引用 — what a message of the bot is about |
//! | [`mask`] | 打码 — telephone and identity numbers are masked before anything is kept |
//! | `glyph` | 字形 — a text as somebody reads numbers in it |
//! | `number_kind` | 号码 — the kinds of numbers that belong to a person |
//! | `number_label` | 前文 — what the words before a number say of it |
//! | [`token`] | 令牌 — what stands in a link that must not be guessed |
//! | [`settings`] | 规则参数 — what the office sets |
//! | [`alarm`] | 到期 — the keys under which something waits for its moment |
//! | [`world`] | 世界 — everything that is known |

pub mod alarm;
mod glyph;
pub mod ids;
pub mod mark;
pub mod mask;
mod number_kind;
mod number_label;
pub mod place;
pub mod plain;
pub mod said;
pub mod say;
pub mod script;
pub mod seat;
pub mod settings;
pub mod text;
pub mod token;
pub mod words;
pub mod world;
