//! 不记名按面积 — what may be told of areas where nobody may know who chose what. Areas are known to all from the roll: with flats of
//! 90, 80 and 70 m², “70.8% of the area in favour” can only be 90 and 80.
//!
//! In a secret vote there is, whichever paper asks (card, result, /计票, page, digest, export, the chain):
//! * the count of each choice and the verdict, always: the law wants the result told;
//! * never the area of those who chose the same, only whether it reached its bar;
//! * the area of those who took part once it is closed, and only where no choice follows from it: whoever knows the roll may find
//!   out of it who took part, and then, of 3 in favour and nobody else, what each of them chose.
//!
//! What counts and verdict alone give away stays: where all voters chose the same, everybody knows; and a flat that holds most of the
//! area was in favour if the area was. While a vote is open no area is told, since each change of it would name who voted just now.
//!
//! The rule is kept where choices are added up: a [`Tally`] that is veiled has no area by choice in it, so that nothing that shows
//! or keeps one can let it out.

use crate::domain::vote::count::turnout;
use crate::domain::vote::rule::{Bar, Rule};
use crate::domain::vote::tally::Tally;
use serde::{Deserialize, Serialize};

/// What is told in the place of areas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Veil {
    /// Whether enough area was in favour; `None` where the rule does not ask.
    pub approval: Option<bool>,
    /// The area that took part.
    pub area: u64,
    /// Whether it may be told.
    pub turnout: bool,
}

/// How the area of those who took part is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// As a share.
    Share,
    /// Only whether it is enough.
    Enough(bool),
}

impl Tally {
    /// How the area that took part is told; `None` where the rule does not count areas.
    #[must_use]
    pub fn turnout_told(&self, rule: Rule) -> Option<Told> {
        let is_met = turnout(rule, self).1?;
        Some(if self.veil.is_none_or(|veil| veil.turnout) { Told::Share } else { Told::Enough(is_met) })
    }

    /// How the area in favour is told.
    #[must_use]
    pub fn approval_told(&self, rule: Rule) -> Option<Told> {
        let told = rule.counts_area().then_some(Told::Share)?;
        Some(self.veil.map_or(told, |veil| Told::Enough(veil.approval.unwrap_or(false))))
    }
}

/// A count without what tells of somebody's choice. `took_part` are the areas of those who did, in any order.
#[must_use]
pub fn veiled(rule: Rule, tally: &Tally, took_part: &[u64]) -> Tally {
    let whole = tally.cast_area();
    let bar = rule.row().passes.map(|passing| passing.approval).filter(|_| rule.counts_area());
    let approval = bar.map(|bar| bar.is_met(tally.yes_area, whole));
    let is_everybody = tally.cast() == tally.voters;
    let turnout = match bar {
        Some(bar) => is_everybody || !follows(took_part, tally.yes, bar, approval == Some(true)),
        None => false,
    };
    let veil = Some(Veil { approval, area: whole, turnout });
    Tally { yes_area: 0, no_area: 0, abstain_area: 0, veil, ..*tally }
}

/// Whether, of people with these areas, somebody's being in favour or not follows from how many were and whether their area reached
/// the bar. The bar is one threshold, so the greatest and the smallest sums decide it: no subsets are searched.
fn follows(areas: &[u64], yes: u64, bar: Bar, is_met: bool) -> bool {
    let (n, k) = (areas.len(), usize::try_from(yes).unwrap_or(usize::MAX));
    if k == 0 || k >= n {
        return true;
    }
    let whole: u64 = areas.iter().sum();
    // The ends at which the verdict is hardest to come by: `hard` should be among those in favour, `easy` not.
    let mut from_hard = areas.to_vec();
    from_hard.sort_unstable();
    if !is_met {
        from_hard.reverse();
    }
    let sum = |part: &[u64]| part.iter().sum::<u64>();
    let with_hard = sum(&from_hard[..1]) + sum(&from_hard[n - (k - 1)..]);
    let without_easy = sum(&from_hard[n - 1 - k..n - 1]);
    [with_hard, without_easy].into_iter().any(|area| bar.is_met(area, whole) != is_met)
}

#[cfg(test)]
mod tests {
    use super::{Told, follows, veiled};
    use crate::domain::vote::count::verdict;
    use crate::domain::vote::rule::{Bar, Rule};
    use crate::domain::vote::tally::Tally;

    /// The same by trying every subset: whether somebody is in all of those that fit, or in none.
    fn follows_from_subsets(areas: &[u64], yes: u64, bar: Bar, is_met: bool) -> bool {
        let whole = areas.iter().sum();
        let has = |set: u32, at: usize| set >> at & 1 == 1;
        let area = |set: u32| (0..areas.len()).filter(|&at| has(set, at)).map(|at| areas[at]).sum::<u64>();
        let fits = |set: &u32| u64::from(set.count_ones()) == yes && bar.is_met(area(*set), whole) == is_met;
        let fitting: Vec<u32> = (0..1 << areas.len()).filter(fits).collect();
        (0..areas.len()).any(|at| {
            let with = fitting.iter().filter(|&&set| has(set, at)).count();
            with == 0 || with == fitting.len()
        })
    }

    #[test]
    fn what_follows_is_what_is_so_in_every_subset() {
        let mut looked_at = 0;
        for code in 0..6_u32.pow(5) {
            let areas: Vec<u64> = (0..5).map(|at| [1, 2, 3, 5, 8, 40][(code / 6_u32.pow(at) % 6) as usize]).collect();
            for (yes, bar) in (0..=5).flat_map(|yes| [(yes, Bar::MoreThan(1, 2)), (yes, Bar::AtLeast(3, 4))]) {
                for is_met in [false, true] {
                    let wanted = follows_from_subsets(&areas, yes, bar, is_met);
                    assert_eq!(follows(&areas, yes, bar, is_met), wanted, "{areas:?} {yes} {bar:?} {is_met}");
                    looked_at += usize::from(!wanted);
                }
            }
        }
        assert!(looked_at > 10_000, "{looked_at}");
    }

    fn count(voters: u64, areas: &[u64], yes: &[usize]) -> Tally {
        let (is_yes, sum) = (|at: &usize| yes.contains(at), |part: Vec<usize>| part.iter().map(|&at| areas[at]).sum());
        let (for_it, others): (Vec<usize>, Vec<usize>) = (0..areas.len()).partition(is_yes);
        let (y, n) = (for_it.len() as u64, others.len() as u64);
        Tally { voters, area: 1_000, yes: y, yes_area: sum(for_it), no: n, no_area: sum(others), ..Tally::default() }
    }

    /// The verdict is the same, and whoever reads the count cannot tell 90 + 80 from 90 + 70.
    #[test]
    fn a_veiled_count_has_the_same_verdict_and_no_area_of_a_choice() {
        let areas = [90, 80, 70];
        let told: Vec<Tally> = [[0, 1], [0, 2], [1, 2]]
            .into_iter()
            .map(|yes| {
                let open = Tally { area: 240, ..count(3, &areas, &yes) };
                let veiled = veiled(Rule::OwnersGeneral, &open, &areas);
                assert_eq!(verdict(Rule::OwnersGeneral, &veiled), verdict(Rule::OwnersGeneral, &open));
                veiled
            })
            .collect();
        assert!(told.iter().all(|tally| *tally == told[0]), "{told:?}");
        assert_eq!((told[0].yes_area, told[0].no_area, told[0].cast_area()), (0, 0, 240));
        assert_eq!(told[0].approval_told(Rule::OwnersGeneral), Some(Told::Enough(true)));
        assert_eq!(told[0].turnout_told(Rule::OwnersGeneral), Some(Told::Share), "all came: it says no more than 3/3");
        let heads = veiled(Rule::Majority, &count(3, &areas, &[0]), &areas);
        assert_eq!((heads.approval_told(Rule::Majority), heads.turnout_told(Rule::Majority)), (None, None));
        assert_eq!(heads.yes_area, 0);
    }

    /// Three of four were in favour and nobody else came: the area that took part would say who they were.
    #[test]
    fn the_area_that_took_part_is_told_unless_a_choice_follows() {
        let rule = Rule::OwnersGeneral;
        let told = |areas: &[u64], yes: &[usize]| veiled(rule, &count(9, areas, yes), areas).turnout_told(rule);
        assert_eq!(told(&[90, 80, 70, 60], &[0, 1, 2, 3]), Some(Told::Enough(false)), "all the same");
        assert_eq!(told(&[90, 80, 70, 60], &[0, 1]), Some(Told::Enough(false)), "without the 90 it is not enough");
        assert_eq!(told(&[90, 80, 70, 60], &[1, 2]), Some(Told::Share));
        assert_eq!(told(&[700, 80, 70, 60], &[0, 1]), Some(Told::Enough(true)), "only with the great one enough area");
    }
}
