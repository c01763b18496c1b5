//! What it is about, and how it is shown.
//!
//! | file | noun |
//! |---|---|
//! | [`category`] | 分类 — found by words, set right by hand |
//! | [`tier`] | 层级、年计划 |
//! | [`campaign`] | 专题 |
//! | [`charity`] | 爱心项目 |
//! | [`hanging`] | 挂在角色上的 — what ends, goes back or is told where a role is taken away |
//! | [`topic_card`] | 议题卡 — a topic on its card |

pub mod campaign;
pub mod category;
pub mod charity;
pub mod hanging;
pub mod tier;
pub mod topic_card;
