//! 建言的数 — what digest.md §8 counts of briefs and proposals in a window: 采用 by level (each level once a brief, the brief once),
//! 提案吸收办理, 批示, 吸纳进文件, 报道.

use super::adoption::Rank;
use super::subject::Subject;
use crate::domain::deed::What;
use crate::domain::ids::{BriefNo, ProposalNo};
use crate::domain::world::World;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What was done about a brief or proposal that is no news by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Act {
    /// 微提案 received.
    Proposed(ProposalNo),
    /// 立案.
    Filed(ProposalNo),
    /// 答复 of a proposal; whether it is of class A or B (吸收办理).
    Answered(ProposalNo, bool),
    /// 批示, which of its instructions.
    Instructed(Subject, u32),
    /// 吸纳进文件, which of its documents.
    Absorbed(Subject, u32),
    /// 报道, which of its reports.
    Covered(Subject, u32),
}

/// Sums over briefs and proposals in a window.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Sums {
    /// 社情民意 received that stand.
    pub received: u32,
    /// 采用, briefs: each once however often it was adopted.
    pub adopted: u32,
    /// 采用 by level (区、市、省、全国): a brief once for each of them.
    pub by_rank: BTreeMap<Rank, u32>,
    /// 采用 by who took it up, as it was said: the lower levels first, then by name. One line of a report each (市政协采用1条).
    pub by_level: Vec<(String, u32)>,
    /// 微提案 received that stand.
    pub proposed: u32,
    /// 立案.
    pub filed: u32,
    /// 提案吸收办理 — proposals whose answer is of class A or B; the last answer in the window counts.
    pub taken_in: u32,
    /// 批示.
    pub instructed: u32,
    /// 吸纳进文件.
    pub absorbed: u32,
    /// 报道.
    pub covered: u32,
}

/// The sums from `from` (included) until `to` (not included).
#[must_use]
pub fn sums(world: &World<'_>, from: DateTime<Utc>, to: DateTime<Utc>) -> Sums {
    let mut sums = Sums::default();
    let mut adopted: BTreeSet<(BriefNo, u32)> = BTreeSet::new();
    let mut answers: BTreeMap<ProposalNo, bool> = BTreeMap::new();
    let mut received: Vec<BriefNo> = Vec::new();
    world.deeds(from, to, |deed| match deed.what {
        What::Briefed(no) => received.push(no),
        What::Adopted(no, n) => {
            adopted.insert((no, n));
        }
        What::Brief(act) => match act {
            Act::Proposed(_) => sums.proposed += 1,
            Act::Filed(_) => sums.filed += 1,
            Act::Answered(no, is_taken_in) => {
                answers.insert(no, is_taken_in);
            }
            Act::Instructed(..) => sums.instructed += 1,
            Act::Absorbed(..) => sums.absorbed += 1,
            Act::Covered(..) => sums.covered += 1,
        },
        _ => {}
    });
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    sums.received = count(received.into_iter().filter(|&no| world.brief(no).is_some()).count());
    sums.taken_in = count(answers.values().filter(|&&is_taken_in| is_taken_in).count());
    let mut ranks: BTreeSet<(BriefNo, Rank)> = BTreeSet::new();
    let mut levels: BTreeMap<(Option<Rank>, String), u32> = BTreeMap::new();
    for brief in adopted.iter().map(|(brief, _)| *brief).collect::<BTreeSet<_>>() {
        sums.adopted += 1;
        for adoption in world.adoptions(brief).into_iter().filter(|one| adopted.contains(&(brief, one.n))) {
            ranks.extend(adoption.rank.map(|rank| (brief, rank)));
            *levels.entry((adoption.rank, adoption.level.as_str().to_owned())).or_default() += 1;
        }
    }
    for (_, rank) in ranks {
        *sums.by_rank.entry(rank).or_default() += 1;
    }
    sums.by_level = levels.into_iter().map(|((_, level), n)| (level, n)).collect();
    sums
}
