//! 积分 — what counts how much (model.md §6). Weighted by what came of it, capped by the month, never ranked: points are shown to
//! the person alone and to coordinators, and only where the office turned them on.

use std::collections::BTreeMap;

/// 采用层级 — how far up a brief was taken up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// 区, and what says nothing else.
    District,
    /// 市.
    City,
    /// 省.
    Province,
    /// 全国.
    Nation,
}

impl Reach {
    /// The level in a name such as 市政协; the highest it speaks of.
    #[must_use]
    pub fn of(level: &str) -> Self {
        let folded = level.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| folded.contains(word));
        if says(&["全国", "中央", "national"]) {
            Self::Nation
        } else if says(&["省", "自治区", "provinc"]) {
            Self::Province
        } else if says(&["市", "city", "municipal"]) {
            Self::City
        } else {
            Self::District
        }
    }
}

/// 计分的事 — one thing that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// 会议、活动签到.
    Attended,
    /// 社情民意.
    Briefed,
    /// 被采用, the first time.
    Adopted(Reach),
    /// The same brief, taken up once more elsewhere: only what the level adds.
    AdoptedAgain(Reach),
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
        let level = |reach| match reach {
            Reach::District => 0,
            Reach::City => 3,
            Reach::Province => 6,
            Reach::Nation => 10,
        };
        match self {
            Self::Attended | Self::Closed => 5,
            Self::Briefed => 10,
            Self::Adopted(reach) => 5 + level(reach),
            Self::AdoptedAgain(reach) => level(reach),
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
            (Mark::Adopted(Reach::District), 5),
            (Mark::Adopted(Reach::City), 8),
            (Mark::Adopted(Reach::Province), 11),
            (Mark::Adopted(Reach::Nation), 15),
            (Mark::AdoptedAgain(Reach::Province), 6),
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

    #[test]
    fn a_level_is_read_from_its_name() {
        for (said, want) in [
            ("全国政协", Reach::Nation),
            ("省市政协", Reach::Province),
            ("市政协", Reach::City),
            ("区委办", Reach::District),
            ("", Reach::District),
            ("the city CPPCC", Reach::City),
            ("Provincial committee", Reach::Province),
        ] {
            assert_eq!(Reach::of(said), want, "{said}");
        }
    }
}
