//! 查单 — what is done about what was agreed.
//!
//! | file | noun |
//! |---|---|
//! | [`task`] | 交办件 — what a unit is to do, and its lights |
//! | [`handover`] | 退办、重派、强制办结 |
//! | [`rater`] | 评价人 — who says whether it was done well |
//! | [`outcome`] | 办结、成果 — what came of a topic |
//! | [`word`] | 等谁的话 — whose word something that is open waits for |

pub mod handover;
pub mod outcome;
pub mod rater;
pub mod task;
pub mod word;
