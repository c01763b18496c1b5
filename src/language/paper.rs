//! stub
use crate::domain::digest::Paper;
/// stub
pub struct Head<'h> {
    /// 期号; `None` = 预览.
    pub number: Option<u32>,
    /// 补发.
    pub late: bool,
    /// Name of the committee.
    pub name: &'h str,
    /// Time zone of all moments.
    pub tz: chrono_tz::Tz,
}
/// stub
pub fn print(_: &Paper, _: &Head<'_>, _: &str, _: Option<&str>, _: usize) -> Vec<String> {
    vec![]
}
