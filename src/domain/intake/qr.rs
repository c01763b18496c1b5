//! 二维码 — what the code of a topic or of a station leads to. The picture itself is drawn on a page (`web::poster`).

use crate::domain::kernel::ids::TopicNo;

/// /二维码.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Of a topic; `None` = the only one that can be meant here.
    Topic(Option<TopicNo>),
    /// Of a station.
    Station(String),
}
