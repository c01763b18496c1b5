//! 积分 — what counts how much (model.md §6). Weighted by what came of it, capped by the month, never ranked: points are shown to
//! the person alone and to coordinators, and only where the office turned them on.

use crate::domain::brief::Rank;
use std::collections::BTreeMap;

/// 计分的事 — one thing that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// 会议、活动签到.
    Attended,
    /// 提案立案.
    Filed,
    /// 社情民意.
    Briefed,
    /// 被采用, the first time; at which level, where the name says so.
    Adopted(Option<Rank>),
    /// The same brief, taken up once more elsewhere: only what the level adds.
    AdoptedAgain(Option<Rank>),
    /// 买单.
    Taken,
    /// 牵头办结.
    Closed,
    /// 建议被采纳.
    Heeded,
    /// 走访.
    Visited,
}

impl Mark {
    /// Points of one such thing.
    #[must_use]
    pub fn weight(self) -> u32 {
        let level = |rank| match rank {
            None | Some(Rank::District) => 0,
            Some(Rank::City) => 3,
            Some(Rank::Province) => 6,
            Some(Rank::National) => 10,
        };
        match self {
            Self::Attended | Self::Closed => 5,
            Self::Filed => 15,
            Self::Briefed => 10,
            Self::Adopted(rank) => 5 + level(rank),
            Self::AdoptedAgain(rank) => level(rank),
            Self::Taken | Self::Heeded => 3,
            Self::Visited => 2,
        }
    }

    /// 月封顶 — most points of a kind in one month; `None` = as many as there are.
    #[must_use]
    pub fn monthly_cap(self) -> Option<u32> {
        match self {
            Self::Visited => Some(10),
            _ => None,
        }
    }
}

/// 积分 — the sum over things that count, each with the month (year, month) it was done in.
pub fn points(marks: impl IntoIterator<Item = ((i32, u32), Mark)>) -> u32 {
    let mut months: BTreeMap<((i32, u32), Mark), u32> = BTreeMap::new();
    for (month, mark) in marks {
        *months.entry((month, mark)).or_default() += mark.weight();
    }
    months.into_iter().map(|((_, mark), sum)| mark.monthly_cap().map_or(sum, |cap| sum.min(cap))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARCH: (i32, u32) = (2025, 3);
    const APRIL: (i32, u32) = (2025, 4);

    #[test]
    fn each_thing_has_its_weight() {
        for (mark, want) in [
            (Mark::Attended, 5),
            (Mark::Briefed, 10),
            (Mark::Filed, 15),
            (Mark::Adopted(Rank::of("人民政协报")), 5),
            (Mark::Adopted(Rank::of("宝鸡市金台区政协")), 5),
            (Mark::Adopted(Rank::of("市政协")), 8),
            (Mark::Adopted(Rank::of("省委办公厅")), 11),
            (Mark::Adopted(Rank::of("国务院办公厅")), 15),
            (Mark::AdoptedAgain(Rank::of("省政协")), 6),
            (Mark::Taken, 3),
            (Mark::Closed, 5),
            (Mark::Heeded, 3),
            (Mark::Visited, 2),
        ] {
            assert_eq!(points([(MARCH, mark)]), want, "{mark:?}");
        }
        assert_eq!(points([]), 0);
    }

    #[test]
    fn visits_are_capped_by_the_month() {
        let visits = |month, n| std::iter::repeat_n((month, Mark::Visited), n);
        assert_eq!(points(visits(MARCH, 5)), 10);
        assert_eq!(points(visits(MARCH, 6)), 10);
        assert_eq!(points(visits(MARCH, 6).chain(visits(APRIL, 2))), 14);
        assert_eq!(
            points(visits((2024, 3), 9).chain(visits(MARCH, 9))),
            20,
            "the same month of another year is another"
        );
        assert_eq!(points(visits(MARCH, 50).chain([(MARCH, Mark::Taken)])), 13, "only visits are capped");
    }
}
