//! 受难 — the program when machine and people are bad to it.
//!
//! | module | what it shows |
//! |---|---|
//! | `kills` | kill -9 again and again while hundreds of people vote |
//! | `power_cut` | the ledger alone, on a disk that fails: power cuts, failed syncs, no room, flipped bits |
//! | `hostile` | what strangers, broken clients and damaged disks send, through the doors of the real program |

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod hostile;
mod kills;
mod power_cut;

#[path = "../support"]
mod support {
    #[allow(dead_code, reason = "each crate of tests uses a part of it")]
    pub mod bot;
}
