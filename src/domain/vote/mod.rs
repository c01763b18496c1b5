//! 表决 — who decides, how they say so, and how it is counted.
//!
//! | file | noun |
//! |---|---|
//! | [`rule`] | 规则 — all that follows from a rule of counting: one row a rule |
//! | [`tally`] | 票 — a choice, and what a count comes to |
//! | [`roll`] | 名册 — who may vote |
//! | [`whom`] | 本人 — whom a name and a flat stand for, entered or on a roll |
//! | [`poll`] | 表决 — polls and ballots |
//! | [`count`] | 计票 — the count under each rule |
//! | [`backing`] | 外镇认的人 — whose account only officials of other towns have vouched for |
//! | [`present`] | 本群的人 — who votes where there is no roll |
//! | [`elsewhere`] | 另一个账号 — what an account joined during a vote keeps its hands off |
//! | [`veil`] | 不记名 — what may be told of areas in a secret vote |
//! | [`deadline`] | 截止 — a close that was put off, or brought forward by itself |
//! | [`failed`] | 未通过 — what a vote that did not pass leads to |
//! | [`absence`] | 请假、回避 |
//! | [`mandate`] | 委托 |
//! | [`nudge`] | 催票 |
//! | [`taken`] | 账号被拿走 — for whom nothing may be entered |
//! | [`paper`] | 纸质票 — what the office entered for whom |

pub mod absence;
pub mod backing;
pub mod count;
pub mod deadline;
pub mod elsewhere;
pub mod failed;
pub mod mandate;
pub mod nudge;
pub mod paper;
pub mod parting;
pub mod poll;
pub mod present;
pub mod recusal;
pub mod roll;
pub mod rule;
pub mod taken;
pub mod tally;
pub mod veil;
pub mod whom;
