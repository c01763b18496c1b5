//! 计票 — the count under each rule's row, by integers and cross-multiplication alone.
//!
//! “以上” includes the number itself, “过半数” and “超过” do not (Civil Code art. 1259). Abstaining is taking part; not voting is
//! not consent. Areas are in 0.01 m². The law counts everybody on the roll (Civil Code art. 278, the Organic Laws): 请假 and 回避
//! count off in a council alone ([`Away`](super::rule::Away)).

use crate::domain::vote::rule::{Bar, Rule};
use crate::domain::vote::tally::Tally;

/// What a count found out, point by point. A point that a rule does not ask for is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Enough people took part.
    pub turnout: Option<bool>,
    /// Enough area took part.
    pub turnout_area: Option<bool>,
    /// Enough people in favour.
    pub approval: Option<bool>,
    /// Enough area in favour.
    pub approval_area: Option<bool>,
}

impl Verdict {
    /// Passed or not; `None` where the rule has no result (摸底).
    #[must_use]
    pub fn passed(&self) -> Option<bool> {
        let points = [self.turnout, self.turnout_area, self.approval, self.approval_area];
        if points.iter().all(Option::is_none) {
            return None;
        }
        Some(points.iter().all(|point| point.unwrap_or(true)))
    }
}

impl Tally {
    /// How many took part: in favour, against, abstained.
    #[must_use]
    pub fn cast(&self) -> u64 {
        self.yes + self.no + self.abstain
    }

    /// 应到 — those a vote counts on: among members the roll less 请假 and 回避, by the law everybody, and without a roll whoever came.
    /// The one figure behind every “n of N”, on whatever paper: who took part and who did not make it up, and among members, with
    /// 请假 and 回避, the roll.
    #[must_use]
    pub fn due(&self, rule: Rule) -> u64 {
        match rule.is_of_members() {
            true => self.voters.saturating_sub(self.leave).saturating_sub(self.recused),
            false => self.voters,
        }
    }

    /// The area that took part.
    #[must_use]
    pub fn cast_area(&self) -> u64 {
        self.veil.map_or(self.yes_area + self.no_area + self.abstain_area, |veil| veil.area)
    }
}

impl Bar {
    /// Whether a part of a whole reaches it, without fractions. Nobody and nothing reaches no bar of law: `AtLeast` and `All` of an
    /// empty whole are not met, and `MoreThan` of it cannot be.
    pub(super) fn is_met(self, part: u64, whole: u64) -> bool {
        let (wide_part, wide_whole) = (u128::from(part), u128::from(whole));
        match self {
            Self::AtLeast(num, den) => whole > 0 && wide_part * u128::from(den) >= wide_whole * u128::from(num),
            Self::MoreThan(num, den) => wide_part * u128::from(den) > wide_whole * u128::from(num),
            Self::All => whole > 0 && part == whole,
            Self::People(least) => part >= least,
        }
    }

    /// With how many decimals a share is told: one, or as many more as it takes that what is read lies on the side of the bar where the
    /// share lies. “66.7%” beside “不到2/3” would be a quarrel.
    fn decimals(self, part: u64, whole: u64) -> u8 {
        const MOST: u8 = 6;
        let (Self::AtLeast(num, den) | Self::MoreThan(num, den)) = self else { return 1 };
        let says_so = |decimals: &u8| {
            let unit = 100 * 10_u64.pow(u32::from(*decimals));
            let (wide_part, wide_whole) = (u128::from(part), u128::from(whole.max(1)));
            let read = (wide_part * u128::from(unit) * 2 + wide_whole) / (2 * wide_whole);
            let (read, bar) = (read * u128::from(den), u128::from(unit) * u128::from(num));
            let is_above = if matches!(self, Self::AtLeast(..)) { read >= bar } else { read > bar };
            is_above == self.is_met(part, whole)
        };
        (1..MOST).find(says_so).unwrap_or(MOST)
    }
}

impl Rule {
    /// Decimals of the share of those who took part, so that it does not contradict the bar.
    #[must_use]
    pub fn turnout_decimals(self, part: u64, whole: u64) -> u8 {
        self.row().passes.map_or(1, |passing| passing.turnout.decimals(part, whole))
    }

    /// Decimals of the share in favour, so that it does not contradict the bar.
    #[must_use]
    pub fn approval_decimals(self, part: u64, whole: u64) -> u8 {
        self.row().passes.map_or(1, |passing| passing.approval.decimals(part, whole))
    }
}

/// Whether enough have taken part, by people and by area; known while the poll is open without looking at the choices.
#[must_use]
pub fn turnout(rule: Rule, tally: &Tally) -> (Option<bool>, Option<bool>) {
    let bar = rule.row().passes.map(|passing| passing.turnout);
    let by_area = bar.filter(|_| rule.counts_area());
    (
        bar.map(|bar| bar.is_met(tally.cast(), tally.due(rule))),
        by_area.map(|bar| bar.is_met(tally.cast_area(), tally.area)),
    )
}

/// Counts a poll under a rule.
#[must_use]
pub fn verdict(rule: Rule, tally: &Tally) -> Verdict {
    let (turnout, turnout_area) = turnout(rule, tally);
    let bar = rule.row().passes.map(|passing| passing.approval);
    let by_area = bar.filter(|_| rule.counts_area());
    Verdict {
        turnout,
        turnout_area,
        approval: bar.map(|bar| bar.is_met(tally.yes, tally.cast())),
        approval_area: by_area.map(|bar| {
            let told = tally.veil.and_then(|veil| veil.approval);
            told.unwrap_or_else(|| bar.is_met(tally.yes_area, tally.cast_area()))
        }),
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::vote::count::verdict;
    use crate::domain::vote::rule::Rule;
    use crate::domain::vote::tally::Tally;

    /// voters/area, yes/area, no/area, abstain/area.
    fn tally(v: [u64; 8]) -> Tally {
        Tally {
            voters: v[0],
            area: v[1],
            yes: v[2],
            yes_area: v[3],
            no: v[4],
            no_area: v[5],
            abstain: v[6],
            abstain_area: v[7],
            ..Tally::default()
        }
    }

    #[test]
    fn every_rule_at_its_edges() {
        use crate::domain::vote::rule::Rule::Delegates;
        use crate::domain::vote::rule::Rule::Majority;
        use crate::domain::vote::rule::Rule::OwnersGeneral;
        use crate::domain::vote::rule::Rule::OwnersMajor;
        use crate::domain::vote::rule::Rule::Residents;
        use crate::domain::vote::rule::Rule::Straw;
        use crate::domain::vote::rule::Rule::Unanimous;
        use crate::domain::vote::rule::Rule::Villagers;
        use crate::domain::vote::rule::Rule::VillagersHouseholds;
        // rule, tally, passed
        let table: [(Rule, [u64; 8], Option<bool>); 29] = [
            // exactly two thirds take part, exactly three quarters in favour: “以上” includes the number itself
            (OwnersMajor, [12, 1200, 6, 600, 2, 200, 0, 0], Some(true)),
            // one voter short of two thirds
            (OwnersMajor, [12, 1200, 6, 900, 1, 100, 0, 0], Some(false)),
            // one hundredth of a square metre short of two thirds
            (OwnersMajor, [12, 1200, 6, 600, 2, 199, 0, 0], Some(false)),
            // people 80%, area 74.9%
            (OwnersMajor, [10, 10000, 8, 7490, 2, 2510, 0, 0], Some(false)),
            // area 80%, people 74.9%
            (OwnersMajor, [1000, 1000, 749, 800, 251, 200, 0, 0], Some(false)),
            // the acceptance story: 10 of 11, 8 in favour
            (OwnersMajor, [11, 102_480, 8, 78_990, 1, 7830, 1, 7830], Some(true)),
            // the same had 101 not changed: 7 of 10
            (OwnersMajor, [11, 102_480, 7, 69_740, 2, 17_080, 1, 7830], Some(false)),
            (OwnersMajor, [0, 0, 0, 0, 0, 0, 0, 0], Some(false)),
            (OwnersGeneral, [3, 300, 2, 200, 0, 0, 0, 0], Some(true)),
            // exactly half is not more than half
            (OwnersGeneral, [3, 300, 1, 100, 1, 100, 0, 0], Some(false)),
            (OwnersGeneral, [6, 600, 3, 250, 2, 250, 0, 0], Some(false)),
            // abstaining is taking part and not being in favour
            (OwnersGeneral, [3, 300, 1, 100, 0, 0, 2, 200], Some(false)),
            (Residents, [10, 0, 4, 0, 2, 0, 0, 0], Some(true)),
            // exactly half attend
            (Residents, [10, 0, 5, 0, 0, 0, 0, 0], Some(false)),
            (Residents, [10, 0, 3, 0, 3, 0, 0, 0], Some(false)),
            (Villagers, [101, 0, 26, 0, 25, 0, 0, 0], Some(true)),
            (Villagers, [100, 0, 50, 0, 0, 0, 0, 0], Some(false)),
            // 9 households: exactly two thirds of them, and more than half of those
            (VillagersHouseholds, [9, 0, 4, 0, 2, 0, 0, 0], Some(true)),
            (VillagersHouseholds, [9, 0, 5, 0, 0, 0, 0, 0], Some(false)),
            (VillagersHouseholds, [9, 0, 3, 0, 3, 0, 0, 0], Some(false)),
            (Delegates, [9, 0, 4, 0, 2, 0, 0, 0], Some(true)),
            (Delegates, [9, 0, 5, 0, 0, 0, 0, 0], Some(false)),
            (Majority, [3, 0, 2, 0, 1, 0, 0, 0], Some(true)),
            (Majority, [4, 0, 2, 0, 2, 0, 0, 0], Some(false)),
            (Majority, [2, 0, 2, 0, 0, 0, 0, 0], Some(false)),
            (Unanimous, [3, 0, 3, 0, 0, 0, 0, 0], Some(true)),
            (Unanimous, [3, 0, 2, 0, 0, 0, 1, 0], Some(false)),
            (Unanimous, [3, 0, 2, 0, 0, 0, 0, 0], Some(false)),
            (Straw, [3, 0, 3, 0, 0, 0, 0, 0], None),
        ];
        for (rule, numbers, expected) in table {
            assert_eq!(verdict(rule, &tally(numbers)).passed(), expected, "{rule:?} {numbers:?}");
        }
    }

    #[test]
    fn leave_and_recusal_count_off_in_a_council_and_nowhere_else() {
        // 10 members, 6 took part: two thirds of the nine who are due, not of ten
        let council = Tally { voters: 10, yes: 4, no: 2, ..Tally::default() };
        assert_eq!(verdict(Rule::Council, &council).passed(), Some(false));
        assert_eq!(verdict(Rule::Council, &Tally { leave: 1, ..council }).passed(), Some(true));
        assert_eq!(verdict(Rule::Council, &Tally { recused: 1, ..council }).passed(), Some(true));
        // exactly half of those who came is not more than half, whoever is away
        let halved = Tally { voters: 10, yes: 3, no: 3, leave: 2, recused: 2, ..Tally::default() };
        assert_eq!(verdict(Rule::Council, &halved).passed(), Some(false));
        // everybody is away: nobody decided anything
        assert_eq!(verdict(Rule::Council, &Tally { voters: 3, leave: 3, ..Tally::default() }).passed(), Some(false));
        for rule in Rule::ALL.into_iter().filter(|rule| *rule != Rule::Council) {
            for (yes, no, abstain) in (0..6).flat_map(|y| (0..6).flat_map(move |n| (0..3).map(move |a| (y, n, a)))) {
                let here =
                    Tally { voters: 12, area: 12, yes, no, abstain, yes_area: yes, no_area: no, ..Tally::default() };
                let away = Tally { leave: 3, recused: 2, ..here };
                assert_eq!(verdict(rule, &here), verdict(rule, &away), "{rule:?} {here:?}");
            }
        }
    }

    #[test]
    fn sums_do_not_overflow() {
        let huge = u64::MAX / 4;
        let full = tally([huge, huge, huge, huge, 0, 0, 0, 0]);
        assert_eq!(verdict(Rule::OwnersMajor, &full).passed(), Some(true));
    }
}
