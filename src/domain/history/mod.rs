//! 动态 — what happened when, and whose deed it was.
//!
//! | file | noun |
//! |---|---|
//! | [`clock`] | 时钟 — when the machine's clock jumped, and the time zone |
//! | [`deed`] | 动态 — one small row each: the single source of every figure, page and digest line |
//! | [`index`] | what figures must find without reading the whole record |
//! | [`period`] | 时段 — days, weeks, months, years, and their windows |
//! | [`sent`] | 日报 — which digests of a group are settled |
//! | [`duty`] | 履职 — what members do besides the consultations here |
//! | [`points`] | 积分 — what counts how much |
//! | [`briefs`] | 建言的数 — what is counted of briefs and proposals |
//! | [`export`] | 导出 — the record of a topic or a month, line by line |

pub mod briefs;
pub mod clock;
pub mod deed;
pub mod duty;
pub mod export;
pub mod index;
pub mod period;
pub mod points;
pub mod sent;
