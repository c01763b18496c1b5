//! 还牵着别人的事 — every act on a whole topic × everything others rely on: afterwards it stands where people find it, or the group and
//! the people concerned were told, or the act was refused by the number of what is in the way.

use super::HALLS;
use super::hall::Hall;
use std::collections::BTreeSet;
use xieshang::domain::announce::{Announcement, Saying, To, announce};
use xieshang::domain::decide::binding::{Act, Bond, Fate, fate};
use xieshang::domain::evolve::evolve;
use xieshang::domain::kernel::ids::{PersonId, TopicNo};
use xieshang::domain::kernel::say::Say;
use xieshang::domain::scene::Place;
use xieshang::language::Lang;

/// What there is, the state it comes from, what is said on the way, and who relies on it.
const THERE: &[(Bond, &str, &[&str], &str)] = &[
    (Bond::Vote, "voting_open", &["李德福 pm 投 1号 2"], "李德福"),
    // Whoever has not voted yet hears that there is nothing to vote on, and whoever would have voted for somebody.
    (Bond::Vote, "voting_open", &["李德福 pm 投 1号 2"], "吴秀珍"),
    (Bond::Vote, "voting_open", &["李德福 pm /委托 1 田秀英"], "田秀英"),
    (Bond::Vote, "talking_poll", &["李德福 g_tl /投 1号 2"], ""),
    (Bond::Planned, "voting", &["刘芳 g_tl /投票 1 业主重大 5天 同意加装 开始=明天9点"], ""),
    (Bond::Planned, "planning_ripe", &["刘芳 g_tl /投票 1 过半 5天 先问一下 开始=明天9点"], ""),
    (Bond::Objection, "noticing", &[], "吴秀珍"),
    (Bond::Notice, "noticing", &["孙莉 g_tl /答复 1-异1 用低反射玻璃"], ""),
    (Bond::Task, "tracking_assigned", &[], "赵志强"),
    (Bond::Task, "tracking_answered", &[], "赵志强"),
    (Bond::Gathering, "planning_ripe", &["刘芳 g_tl /活动 恳谈会 12月30日9:30 议事室"], ""),
    (Bond::Gathering, "noticing_ripe", &["刘芳 g_tl /活动 恳谈会 12月30日9:30 议事室"], ""),
];

fn words(act: Act) -> &'static str {
    match act {
        Act::Back => "/退回 1 重新商量",
        Act::Pause => "/暂缓 1 等补贴政策",
        Act::End => "/终止 1 提出人搬走",
        Act::Merge => "/并案 1 并到 2 一件事",
    }
}

/// What is further on goes on as what is further back only by a coordinator's word.
fn speaker(act: Act) -> &'static str {
    match act {
        Act::Back | Act::Pause | Act::End => "刘芳",
        Act::Merge => "田静",
    }
}

fn there(from: &str, lines: &[&str]) -> Hall {
    let mut hall = HALLS[from].clone();
    lines.iter().for_each(|line| hall.must(line));
    hall
}

fn stands(hall: &Hall, bond: Bond) -> bool {
    let world = hall.world();
    let topic = world.topic(TopicNo(1)).unwrap();
    // A gathering goes on with the topic it was called for, under another number where that was merged.
    let goes_on = topic.moved_to.and_then(|no| world.topic(no)).filter(|_| bond == Bond::Gathering);
    goes_on.iter().chain([&topic]).any(|topic| world.bindings(topic, hall.now).contains(&bond))
}

/// What is told, to whom, in words.
fn told(hall: &Hall, letters: &[Announcement]) -> Vec<(To, String)> {
    let say = |letter: &Announcement| match &letter.what {
        Saying::Say(say) => Some((letter.to.clone(), hall.words(say, Lang::Zh))),
        Saying::Paper { .. } => None,
    };
    letters.iter().filter_map(say).collect()
}

/// A word of it that the telling must have.
fn names(bond: Bond) -> &'static str {
    match bond {
        Bond::Vote | Bond::Planned => "表决",
        Bond::Objection => "1-异1",
        Bond::Notice => "公示",
        Bond::Task => "办1号",
        Bond::Gathering => "活动",
    }
}

fn refused(hall: &Hall, case: &str, act: Act, bond: Bond, why: &Say) -> bool {
    assert!(stands(hall, bond), "{case}");
    // Where the step itself does not allow the act the row is not reached.
    let by_step = matches!(why.key.as_str(), "e.state" | "e.merge.way" | "e.merge.past");
    assert!(by_step || fate(act, bond) == Fate::Refused, "{case}: {}", why.key);
    assert!(by_step || hall.words(why, Lang::Zh).contains("1号"), "{case}: {}", why.key);
    !by_step
}

fn done(mut hall: Hall, case: &str, (act, bond, whose): (Act, Bond, &str), facts: Vec<xieshang::domain::event::Event>) {
    let who = hall.person(speaker(act));
    let (there, way) = hall.place("g_tl");
    let group = if let Place::Group(group) = there { Some(group) } else { None };
    let record = hall.record(Some(&who), group, way, facts.clone());
    let mut after = hall.world();
    evolve(&mut after, &record);
    let announced =
        announce(&after, &hall.settings, &record, &xieshang::domain::announce::standing::Before::default(), false);
    let waits = |letter: &Announcement| letter.is_push && matches!(letter.to, To::Person(_)) && bond == Bond::Vote;
    assert!(!announced.iter().any(waits), "{case}: what becomes of a ballot waits for the morning");
    let letters = told(&hall, &announced);
    let person = if whose.is_empty() { PersonId(0) } else { hall.person(whose).id };
    drop(after);
    hall.happen(Some(&who), group, way, facts);
    match fate(act, bond) {
        Fate::Stands => assert!(stands(&hall, bond), "{case}: it does not stand"),
        Fate::Settled => {
            let in_group =
                |(to, text): &(To, String)| matches!(to, To::Here | To::Group(_)) && text.contains(names(bond));
            assert!(letters.iter().any(in_group), "{case}: the group is not told: {letters:?}");
            let is_told = |(to, text): &(To, String)| *to == To::Person(person) && text.contains(names(bond));
            assert!(whose.is_empty() || letters.iter().any(is_told), "{case}: {whose} is not told: {letters:?}");
        }
        Fate::Refused => panic!("{case}: done all the same"),
    }
}

#[test]
fn nothing_that_binds_others_is_dropped_in_silence() {
    let mut reached = BTreeSet::new();
    for (bond, from, lines, whose) in THERE {
        let hall = there(from, lines);
        assert!(stands(&hall, *bond), "{bond:?} is not there in {from}");
        for act in Act::ALL {
            let case = format!("{act:?} × {bond:?} ({from})");
            match hall.ask(&hall.world(), speaker(act), "g_tl", words(act)).decided {
                Some(Err(why)) => {
                    if refused(&hall, &case, act, *bond, &why) {
                        reached.insert(format!("{act:?} {bond:?}"));
                    }
                }
                Some(Ok(decision)) => {
                    done(hall.clone(), &case, (act, *bond, whose), decision.facts);
                    reached.insert(format!("{act:?} {bond:?}"));
                }
                None => panic!("{case}: taken for talk"),
            }
        }
    }
    // A topic is not sent back from 查单.
    assert_eq!(reached.len(), Act::ALL.len() * Bond::ALL.len() - 1, "{reached:?}");
}
