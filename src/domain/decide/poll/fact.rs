//! 表决 — what can be asked of polls beside opening, ballots and the count.

use crate::domain::decide::mine;
use crate::domain::decide::poll::{correct, filling, longer, opening};
use crate::domain::scene::{Ctx, Decided};
use crate::domain::vote::poll::fact::Ask;

/// Decides what is asked for.
pub fn ask(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    match ask {
        Ask::Open { topic, frame } => opening::open(ctx, *topic, frame),
        Ask::Void { topic, reason } => opening::void(ctx, *topic, reason),
        Ask::Extend { topic, until, reason } => longer::extend(ctx, *topic, *until, reason),
        Ask::Correct { topic, line, reason } => correct(ctx, *topic, line, reason),
        Ask::Show { topic } => mine::vote(ctx, *topic),
        Ask::Fill { topic, said } => filling::fill(ctx, *topic, said),
    }
}
