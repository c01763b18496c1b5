//! 查单 — what is done about what was agreed.
//!
//! | file | noun |
//! |---|---|
//! | [`task`] | 交办件 — what a unit is to do, and its lights |
//! | [`handover`] | 退办、重派、强制办结 |
//! | [`outcome`] | 办结、成果 — what came of a topic |

pub mod handover;
pub mod outcome;
pub mod task;
