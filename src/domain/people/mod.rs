//! 人 — who takes part, and by which accounts.
//!
//! | file | noun |
//! |---|---|
//! | [`person`] | 人员 — the side somebody speaks for, the roles they hold and where |
//! | [`account`] | 账号 — which accounts a person has, and one that wants to be joined |
//! | [`group`] | 群 — the groups of the 微信矩阵 |
//! | [`identity_claim`] | 认 — an account says whose it is |
//! | [`invitation_code`] | 邀请码 — a code that joins an account to a person, once |
//! | [`erasure`] | 删除 — what is kept of somebody is shown to them, and erased |
//! | [`lately`] | the last few things a person did, and where they are heard |
//! | [`reach`] | 管到哪里 — how far an office reaches, and what may be done with whom |
//! | [`town`] | 镇街、界别 — the lists of them |
//! | [`undoable`] | what 撤回 takes back |

pub mod account;
pub mod erasure;
pub mod group;
pub mod identity_claim;
pub mod invitation_code;
pub mod invitation_sheet;
pub mod lately;
pub mod namesake;
pub mod person;
pub mod reach;
pub mod town;
pub mod undoable;
