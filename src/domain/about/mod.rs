//! What it is about.
//!
//! | file | noun |
//! |---|---|
//! | [`category`] | 分类 — found by words, set right by hand |
//! | [`tier`] | 层级、年计划 |
//! | [`campaign`] | 专题 |
//! | [`charity`] | 爱心项目 |

pub mod campaign;
pub mod category;
pub mod charity;
pub mod tier;
