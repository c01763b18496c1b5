//! 够不着别人的票 — every command of the catalogue, and every way of reaching for a person by name, by every role, in every kind of open
//! vote: the ballots of others stay as they were, choice, count and turnout, and their voters can still change them.

use super::hall::Hall;
use super::rights::ROLES;
use super::{HALLS, place, rows};
use std::collections::BTreeMap;
use xieshang::domain::event::Event;
use xieshang::domain::evolve::evolve;
use xieshang::domain::kernel::ids::{PollNo, TopicNo, VoterNo};
use xieshang::domain::kernel::world::World;
use xieshang::domain::scene::Place;
use xieshang::domain::vote::poll::{Ballot, fact};

/// What stands for a voter: whose it is, whether from paper, and what it says.
type Standing = BTreeMap<VoterNo, Ballot>;

/// A vote with ballots in it: its name, the state of topic 1 it comes from, and what is said on the way. 李德福 101 casts in person,
/// 吴秀珍 102 on paper, 许文 202 through 郑小军 where mandates are taken.
const VOTES: &[(&str, &str, &[&str])] = &[
    (
        "council",
        "talking_ripe",
        &[
            "刘芳 pm /名册 1\\n101,李德福,92.50\\n102,吴秀珍,78.30\\n201,郑小军,92.50\\n202,许文,78.30\\n501,冯丽,92.50\\n601,张桂英,92.50",
            "刘芳 g_tl /投票 1 议事会 3天 要不要装电梯",
            "李德福 pm 投 1号 2",
            "刘芳 pm /代投 1 102 赞成",
        ],
    ),
    (
        "majority secret",
        "talking_ripe",
        &[
            "刘芳 pm /名册 1\\n101,李德福,92.50\\n102,吴秀珍,78.30\\n501,冯丽,92.50",
            "刘芳 g_tl /投票 1 过半 3天 不记名 要不要装电梯",
            "李德福 pm 投 1号 2",
            "冯丽 pm 投 1号 1",
        ],
    ),
    (
        "majority without a roll",
        "talking_ripe",
        &[
            "刘芳 g_tl /投票 1 过半 3天 要不要装电梯",
            "李德福 g_tl /投 1号 2",
            "冯丽 g_tl /投 1号 1",
            "九楼老张 g_tl /投 1号 1",
            "张桂英 g_tl /投 1号 2",
            "刘芳 pm /代投 1 吴秀珍 赞成",
        ],
    ),
    (
        "by law",
        "voting",
        &[
            "许文 pm /委托 1 郑小军",
            "刘芳 g_tl /投票 1 业主重大 3天 同意加装电梯",
            "李德福 pm 投 1号 2",
            "刘芳 pm /代投 1 102 赞成",
            "郑小军 pm 投 1号 1 代 许文",
        ],
    ),
    (
        "straw",
        "talking_ripe",
        &["刘芳 g_tl /投票 1 摸底 3天 要不要装电梯", "李德福 g_tl /投 1号 2", "冯丽 g_tl /投 1号 1"],
    ),
];

/// Ways of reaching for somebody; `{}` is a name.
const REACHES: &[&str] = &[
    "/回避 1 {} 有利害关系",
    "/回避 1 {} 取消",
    "/裁定 1 {} 回避 有利害",
    "/裁定 1 {} 不回避 没有利害",
    "/请假 1 {}",
    "/请假 1 {} 取消",
    "/委托 1 {} 给 田秀英 书面",
    "/委托 1 {} 取消",
    "/代投 1 {} 赞成",
    "/代投 1 {} 反对",
    "/代投 1 {} 弃权",
    "投 1号 1 代 {}",
    "/登记 {} 群众 住 909",
    "/登记 {} 群众 909",
    "/登记 {} 群众 团结镇",
    "/登记 {} 政协 科技界",
    "/授权 {} 主持人 1号",
    "/授权 {} 主持人 东风路街道",
    "/授权 {} 联络员 东风路街道",
    "/邀请 1 {} 部门 规划分局",
    "/邀请码 {} 909",
    "/代录 {}：我改主意了",
    "/另定 1 评价人 {} 没有别人",
];

/// What is done to the vote, the roll or the topic as a whole.
const WHOLES: &[&str] = &[
    "/名册 1\n101,田秀英,92.50\n102,周涛,78.30",
    "/名册 1\n田秀英\n周涛",
    "/终止 1 不办了",
    "/暂缓 1 等等",
    "/并案 1 并到 2",
    "/推进 1",
    "/类型 1 简易",
    "/绑定 2",
    "/撤回",
    "/确认 认1",
    "/不确认 认1",
    "/隐藏 1-1 不妥",
    "/回避 1 我有利害",
    "/投票 1 过半 3天 再来一次",
];

fn standing(world: &World<'_>, poll: PollNo) -> Standing {
    let voters = (1..=400).map(VoterNo);
    voters.filter_map(|voter| Some((voter, world.ballot(poll, voter)?))).collect()
}

fn open(world: &World<'_>) -> PollNo {
    world.topic(TopicNo(1)).unwrap().poll.expect("a vote is open")
}

/// Whose ballot it is to cast: the voter on the roll, or the person.
fn own(world: &World<'_>, poll: PollNo, hall: &Hall, who: &str) -> Option<VoterNo> {
    let person = hall.person(who);
    match world.poll(poll).unwrap().voters {
        Some(_) => world.voter_of(TopicNo(1), &person).map(|voter| voter.no),
        None => Some(VoterNo(person.id.0)),
    }
}

fn hall(from: &str, lines: &[&str]) -> Hall {
    let mut hall = HALLS[from].clone();
    lines.iter().for_each(|line| hall.must(line));
    hall
}

/// What the group reads, with a reason: the vote as a whole is void.
fn is_in_the_open(fact: &Event) -> bool {
    matches!(fact, Event::Poll(fact::Fact::Withdrawn { poll: Some(_), .. }) | Event::TopicReturned { .. })
}

/// Says it and, if it leads to something, holds the ballots of all others against what they were.
fn try_out(hall: &Hall, vote: &str, (who, at, text): (&str, &str, &str), tried: &mut u32) {
    let world = hall.world();
    let poll = open(&world);
    let (before, turnout) = (standing(&world, poll), world.turnout(poll));
    let Some(Ok(decision)) = hall.ask(&world, who, at, text).decided else { return };
    if decision.facts.is_empty() || decision.facts.iter().any(is_in_the_open) {
        return;
    }
    *tried += 1;
    let (mine, case) = (own(&world, poll, hall, who), format!("{vote}: {who} {at} {text}"));
    let (person, (there, way)) = (hall.person(who), hall.place(at));
    let group = if let Place::Group(group) = there { Some(group) } else { None };
    let joined: Vec<VoterNo> = decision.facts.iter().filter_map(from_of).collect();
    let mut after = hall.world();
    evolve(&mut after, &hall.record(Some(&person), group, way, decision.facts));
    assert!(after.poll(poll).is_some_and(|poll| !poll.is_void), "{case}: the vote is void without a word");
    for (voter, ballot) in &before {
        // The newcomer's second ballot of one person is the newcomer's own to lose: it was they who said who they are.
        if Some(*voter) == mine || joined.contains(voter) {
            continue;
        }
        let now = after.ballot(poll, *voter).map(|now| Ballot { at: ballot.at, ..now });
        assert_eq!(now.as_ref(), Some(ballot), "{case}: the ballot of {voter:?}");
    }
    let own_change = i64::from(mine.is_some_and(|mine| before.contains_key(&mine)));
    let least = i64::try_from(turnout.cast).unwrap() - own_change - i64::try_from(joined.len()).unwrap();
    assert!(i64::try_from(after.turnout(poll).cast).unwrap() >= least, "{case}: the turnout fell");
}

fn from_of(fact: &Event) -> Option<VoterNo> {
    if let Event::PersonJoined { from, .. } = fact { Some(VoterNo(from.0)) } else { None }
}

#[test]
fn no_command_of_anybody_touches_the_ballot_of_somebody_else() {
    let (rows, mut tried) = (rows(), 0);
    for (vote, from, lines) in VOTES {
        let hall = hall(from, lines);
        for (_, who) in ROLES {
            for row in &rows {
                try_out(&hall, vote, (who, place(from, row.entry), &row.text), &mut tried);
            }
            for at in ["g_tl", "pm"] {
                for reach in REACHES {
                    for name in ["李德福", "101", "吴秀珍", "102", "许文", "202", "冯丽", "张桂英"] {
                        try_out(&hall, vote, (who, at, &reach.replace("{}", name)), &mut tried);
                    }
                }
                WHOLES.iter().for_each(|text| try_out(&hall, vote, (who, at, text), &mut tried));
            }
        }
    }
    assert!(tried > 1_000, "only {tried} of them led to anything");
}

/// 妨碍 — whatever was done by others, whoever has voted can change it.
#[test]
fn whoever_has_voted_can_change_it_whatever_others_did() {
    for (vote, from, lines) in VOTES {
        let hall = hall(from, lines);
        for (_, who) in ROLES.iter().filter(|(_, who)| *who != "李德福") {
            for (at, text) in REACHES.iter().flat_map(|text| [("g_tl", text), ("pm", text)]) {
                let text = text.replace("{}", "李德福");
                let Some(Ok(decision)) = hall.ask(&hall.world(), who, at, &text).decided else { continue };
                if decision.facts.is_empty() {
                    continue;
                }
                let mut next = hall.clone();
                let (person, (there, way)) = (hall.person(who), hall.place(at));
                let group = if let Place::Group(group) = there { Some(group) } else { None };
                next.happen(Some(&person), group, way, decision.facts);
                let decided =
                    next.ask(&next.world(), "李德福", if *vote == "straw" { "g_tl" } else { "pm" }, "/投 1号 1");
                let can = matches!(decided.decided, Some(Ok(decision)) if !decision.facts.is_empty());
                assert!(can, "{vote}: after {who} {at} {text} 李德福 cannot change the ballot");
            }
        }
    }
}

/// 催票 — leave excuses where members vote among themselves, and nobody from a vote by the law; whoever has voted is asked by none.
#[test]
fn a_reminder_asks_whoever_is_not_excused() {
    for (vote, missing) in [("council", 3), ("by law", 3)] {
        let (_, from, lines) = VOTES.iter().find(|(name, ..)| *name == vote).unwrap();
        let mut hall = hall(from, lines);
        hall.must("刘芳 g_tl /请假 1 冯丽");
        let reminded = hall.ask(&hall.world(), "刘芳", "g_tl", "/催票 1").decided.unwrap().unwrap();
        let n = reminded.facts.iter().find_map(|fact| match fact {
            Event::Nudge(xieshang::domain::vote::nudge::Fact::Reminded { missing, .. }) => Some(*missing),
            _ => None,
        });
        assert_eq!(n, Some(missing), "{vote}");
    }
}

/// 反对须说理由 — every ballot from paper leaves the same facts, whether it is against, and whether there is a reason on it.
#[test]
fn a_paper_ballot_has_room_for_a_reason_whatever_it_says() {
    let mut hall = HALLS["talking_ripe"].clone();
    hall.must("刘芳 pm /名册 1\\n101,李德福,92.50\\n102,吴秀珍,78.30\\n201,郑小军,92.50\\n202,许文,78.30");
    hall.must("刘芳 g_tl /投票 1 过半 3天 要不要装电梯 反对须说理由");
    let world = hall.world();
    let said = "/代投 1 101 赞成；102 反对 一楼怕吵；201 反对；202 弃权";
    let decision = hall.ask(&world, "刘芳", "pm", said).decided.unwrap().unwrap();
    let shape = |fact: &Event| match fact {
        Event::BallotCast { .. } => "cast",
        Event::Poll(fact::Fact::Reasoned { paper: true, .. }) => "reasoned",
        _ => "else",
    };
    let shapes: Vec<&str> = decision.facts.iter().map(shape).collect();
    assert_eq!(shapes, ["cast", "reasoned"].repeat(4), "{:?}", decision.facts);
    let reasons = decision.facts.iter().filter_map(|fact| match fact {
        Event::Poll(fact::Fact::Reasoned { reason, .. }) => Some(reason.as_str()),
        _ => None,
    });
    assert_eq!(reasons.collect::<Vec<_>>(), ["", "一楼怕吵", "", ""]);
}
