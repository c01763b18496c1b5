//! 接线 — the doors of the program, one file each: from a section of the configuration to a [`Door`]. This list is the only place that
//! names them.

mod console;
mod local;
pub mod people;
mod telegram;
mod wecom;

use crate::Failure;
use crate::config::Config;
use xieshang::bot::door::{Door, Loopback, Opening};

/// Every door there can be, in the order in which they are opened.
pub fn doors(config: &Config) -> Vec<Box<dyn Door>> {
    vec![local::door(config), telegram::door(config), wecom::door(config), console::door(config)]
}

/// The first of them that only this machine may reach.
pub fn loopback(doors: &[Box<dyn Door>]) -> Option<Loopback> {
    doors.iter().find_map(|door| door.needs_loopback())
}

/// Opens the doors that are configured and leaves the others away.
pub async fn open(doors: Vec<Box<dyn Door>>, opening: Opening<'_>) -> Result<Vec<Box<dyn Door>>, Failure> {
    let mut open = Vec::new();
    for mut door in doors {
        if door.open(opening).await? {
            open.push(door);
        }
    }
    Ok(open)
}
