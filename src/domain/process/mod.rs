//! 四单六步 — a topic and its way.
//!
//! | file | noun |
//! |---|---|
//! | [`form`] | 类型、步骤、流程 — kinds, steps and templates, as words |
//! | [`channel`] | 渠道 — where a topic came from |
//! | [`topic`] | 议题 — a topic, from 点单 to its end |
//! | [`steps`] | 四单六步 — the table: from which step to which, by what, and what must be there first |
//! | [`guest`] | 邀请 — who was asked to join a topic, and who spoke there |
//! | [`people`] | whose a topic is: its lead, its moderator, who of the same name is meant in it |
//! | [`conflict`] | 角色相斥、另定 — what nobody can be at the same time in one topic |
//! | [`course`] | 类型、流程 — the form a topic takes |
//! | [`halt`] | 暂缓、终止、并案 — why a topic does not go on |
//! | [`standstill`] | 恢复 — the days a topic rested do not count |
//! | [`hiding`] | 隐藏 — what is taken out of lists and figures |

pub mod channel;
pub mod conflict;
pub mod course;
pub mod form;
pub mod guest;
pub mod halt;
pub mod hiding;
pub mod people;
pub mod standstill;
pub mod steps;
pub mod topic;
