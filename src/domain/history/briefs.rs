//! 建言的数 — what digest.md §8 counts of briefs and proposals in a window: 采用 by level (each level once a brief, the brief once
//! in all), what is under way, what was answered and rated.

use crate::domain::brief::act::Act;
use crate::domain::brief::adoption::Rank;
use crate::domain::history::deed::{Deed, What};
use crate::domain::kernel::ids::BriefNo;
use crate::domain::kernel::world::World;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

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
    /// 提案吸收办理 — proposals whose answer is of class A or B; once, by the answer that stands.
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
    let mut deeds = Vec::new();
    world.deeds(from, to, |deed| {
        if matches!(deed.what, What::Briefed(_) | What::Adopted(..) | What::Brief(_)) {
            deeds.push(deed);
        }
    });
    sums_of(world, &deeds)
}

/// The sums over some deeds.
#[must_use]
pub fn sums_of<'d>(world: &World<'_>, deeds: impl IntoIterator<Item = &'d Deed>) -> Sums {
    let mut sums = Sums::default();
    let mut adopted: BTreeSet<(BriefNo, u32)> = BTreeSet::new();
    let mut received: Vec<BriefNo> = Vec::new();
    for deed in deeds {
        match deed.what {
            What::Briefed(no) => received.push(no),
            What::Adopted(no, n) => {
                adopted.insert((no, n));
            }
            What::Brief(act) => match act {
                Act::Proposed(no) => sums.proposed += u32::from(world.proposal(no).is_some()),
                Act::Rated(_) | Act::Urged(_) => {}
                Act::Filed(_) => sums.filed += 1,
                Act::Answered(no, is_taken_in) => {
                    let stands = world.proposal(no).is_some_and(|known| known.answered == Some(deed.seq));
                    sums.taken_in += u32::from(is_taken_in && stands);
                }
                Act::Instructed(..) => sums.instructed += 1,
                Act::Absorbed(..) => sums.absorbed += 1,
                Act::Covered(..) => sums.covered += 1,
            },
            _ => {}
        }
    }
    let received = received.into_iter().filter(|&no| world.brief(no).is_some()).count();
    sums.received = u32::try_from(received).unwrap_or(u32::MAX);
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]
    use super::*;
    use crate::domain::brief::Fact;
    use crate::domain::brief::hand_over;
    use crate::domain::brief::subject::Subject;
    use crate::domain::event::Event;
    use crate::domain::event::Record;
    use crate::domain::evolve::evolve;
    use crate::domain::kernel::ids::PersonId;
    use crate::domain::kernel::ids::ProposalNo;
    use crate::domain::kernel::ids::SuggestionRef;
    use crate::domain::kernel::ids::TopicNo;
    use crate::domain::kernel::said::Way;
    use crate::domain::kernel::world::Bare;
    use crate::domain::work::task::Class;
    use chrono::{Duration, TimeZone};

    const MA: PersonId = PersonId(1);
    const FENG: PersonId = PersonId(2);

    fn day(n: i64) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2025, 3, 1, 0, 0, 0).unwrap() + Duration::days(n)
    }

    struct Book<'s> {
        world: World<'s>,
        seq: u64,
    }

    impl Book<'_> {
        fn tell(&mut self, at: DateTime<Utc>, by: PersonId, facts: Vec<Event>) {
            self.seq += 1;
            let (way, group, key) = (Way::Private, None, None);
            evolve(&mut self.world, &Record { seq: self.seq, at, by: Some(by), via: None, group, way, key, facts });
        }

        fn receive(&mut self, at: DateTime<Utc>, no: u32) {
            let brief = BriefNo(no);
            self.tell(at, MA, vec![Event::BriefReceived { brief, title: "t".into(), body: "b".into() }]);
        }

        fn adopt(&mut self, at: DateTime<Utc>, no: u32, level: &str) {
            let (brief, rank) = (BriefNo(no), Rank::of(level));
            self.tell(at, PersonId(9), vec![Event::BriefAdopted { brief, level: level.into(), rank }]);
        }
    }

    fn book() -> Book<'static> {
        Book { world: World::on(&Bare), seq: 0 }
    }

    #[test]
    fn a_brief_counts_once_for_each_level_and_once_in_all() {
        let mut book = book();
        book.receive(day(0), 1);
        book.receive(day(0), 2);
        for level in ["区委", "市政协", "市委", "省政协"] {
            book.adopt(day(1), 1, level);
        }
        book.adopt(day(1), 2, "市政协");
        book.adopt(day(5), 2, "全国政协");
        let first = sums(&book.world, day(0), day(2));
        assert_eq!((first.received, first.adopted), (2, 2));
        let ranks: Vec<(Rank, u32)> = first.by_rank.into_iter().collect();
        assert_eq!(ranks, [(Rank::District, 1), (Rank::City, 2), (Rank::Province, 1)]);
        let levels: Vec<(&str, u32)> = first.by_level.iter().map(|(level, n)| (level.as_str(), *n)).collect();
        assert_eq!(levels, [("区委", 1), ("市委", 1), ("市政协", 2), ("省政协", 1)]);
        let second = sums(&book.world, day(2), day(9));
        assert_eq!((second.received, second.adopted, second.by_rank.get(&Rank::National)), (0, 1, Some(&1)));
        assert_eq!(book.world.adoptions_of(MA).len(), 6);
    }

    #[test]
    fn a_record_of_before_says_its_level_by_its_words() {
        let mut book = book();
        book.receive(day(0), 1);
        let old = Event::BriefAdopted { brief: BriefNo(1), level: "市政协".into(), rank: None };
        book.tell(day(1), PersonId(9), vec![Event::BriefIssued { brief: BriefNo(1) }, old]);
        assert_eq!(sums(&book.world, day(0), day(2)).by_rank.get(&Rank::City), Some(&1));
    }

    #[test]
    fn the_last_answer_says_whether_a_proposal_was_taken_in() {
        let mut book = book();
        for (no, classes) in [(1, [Class::C, Class::A]), (2, [Class::B, Class::D]), (3, [Class::A, Class::B])] {
            let proposal = ProposalNo(no);
            let proposed = Fact::Proposed { proposal, title: "t".into(), body: "b".into() };
            book.tell(day(0), MA, vec![Event::Brief(proposed)]);
            book.tell(day(0), PersonId(9), vec![Event::Brief(Fact::Filed { proposal })]);
            for class in classes {
                let answered = Fact::Answered { proposal, class, text: "x".into() };
                book.tell(day(1), PersonId(9), vec![Event::Brief(answered)]);
            }
        }
        let all = sums(&book.world, day(0), day(2));
        assert_eq!((all.proposed, all.filed, all.taken_in), (3, 3, 2));
        assert_eq!(book.world.filed_by(MA).len(), 3);
    }

    #[test]
    fn an_adoption_counts_for_whose_suggestion_it_came_from() {
        let mut book = book();
        let suggestion = SuggestionRef { topic: TopicNo(1), n: 1 };
        let made = Event::SuggestionMade { suggestion, author: FENG, recorder: None, quoted: false, text: "x".into() };
        book.tell(day(0), FENG, vec![made]);
        book.receive(day(0), 1);
        let (subject, sources) = (Subject::Info(BriefNo(1)), vec![Subject::Suggestion(suggestion)]);
        book.tell(day(0), MA, vec![Event::Brief(Fact::Sourced { subject, sources })]);
        book.adopt(day(1), 1, "市政协");
        assert_eq!((book.world.adoptions_of(FENG).len(), book.world.adoptions_traced_to(FENG).len()), (0, 1));
        assert_eq!((book.world.adoptions_of(MA).len(), book.world.adoptions_traced_to(MA).len()), (1, 0));
    }

    #[test]
    fn what_one_wrote_is_found_and_handed_over() {
        let mut book = book();
        book.receive(day(0), 1);
        book.receive(day(0), 2);
        assert_eq!(book.world.unreviewed_briefs(), 2);
        book.tell(day(0), PersonId(9), vec![Event::Brief(Fact::Reviewed { subject: Subject::Info(BriefNo(1)) })]);
        assert_eq!((book.world.unreviewed_briefs(), book.world.waiting_briefs().len()), (1, 2));
        book.adopt(day(1), 1, "市政协");
        assert_eq!(book.world.waiting_briefs(), [Subject::Info(BriefNo(2))]);
        hand_over(&mut book.world, MA, FENG);
        assert_eq!((book.world.written_by(MA).len(), book.world.written_by(FENG).len()), (0, 2));
        assert_eq!(book.world.adoptions_of(FENG).len(), 1);
    }
}
