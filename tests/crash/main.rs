//! 受难 — the program when machine and people are bad to it.
//!
//! | module | what it shows |
//! |---|---|
//! | `kills` | kill -9 again and again while hundreds of people vote |
//! | `power_cut` | the ledger alone, on a disk that fails: power cuts, failed syncs, no room, flipped bits |
//! | `check` | what `xieshang check` says of a folder that is well, and of every way in which it can be damaged |
//! | `hostile` | what strangers, broken clients and damaged disks send, through the doors of the real program |

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod check;
mod hostile;
mod kills;
mod power_cut;

#[path = "../support"]
mod support {
    #[allow(dead_code, reason = "each crate of tests uses a part of it")]
    pub mod bot;
}
