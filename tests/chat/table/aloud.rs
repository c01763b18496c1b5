//! 说出来 — whatever an official does that changes who may vote in a vote, or on how many it is counted, is read by the group of that
//! vote at the moment it is done, wherever it was said: each fact by what it reaches, each command in each state.

use super::hall::Hall;
use super::way::STATES;
use super::{HALLS, hall, place, rows};
use std::collections::BTreeSet;
use xieshang::bot::identity::by_configuration;
use xieshang::domain::announce::{Announcement, Saying, To, announce};
use xieshang::domain::effects::{Reaches, effects};
use xieshang::domain::event::Event;
use xieshang::domain::evolve::evolve;
use xieshang::domain::kernel::ids::{GroupId, TopicNo};
use xieshang::domain::kernel::said::Way;
use xieshang::domain::kernel::world::World;
use xieshang::domain::people::account;
use xieshang::domain::people::person::Role;
use xieshang::domain::scene::Place;
use xieshang::domain::vote::poll::Fact as PollFact;
use xieshang::language::Lang;

const OFFICIALS: [&str; 3] = ["刘芳", "田静", "周敏"];

fn group(hall: &Hall, at: &str) -> GroupId {
    match hall.place(at).0 {
        Place::Group(group) => group,
        Place::Private | Place::Page { .. } => panic!("{at} is no group"),
    }
}

fn letters(hall: &Hall, by: Option<&str>, way: Way, group: Option<GroupId>, facts: Vec<Event>) -> Vec<Announcement> {
    let by = by.map(|who| hall.person(who));
    let record = hall.record(by.as_ref(), group, way, facts);
    let mut after = hall.world();
    evolve(&mut after, &record);
    announce(&after, &hall.settings, &record, &xieshang::domain::announce::standing::Before::default(), false)
}

/// What the discussion group reads.
fn read(hall: &Hall, letters: &[Announcement]) -> Vec<String> {
    let here = To::Group(group(hall, "g_tl"));
    let said = letters.iter().filter(|letter| letter.to == here).filter_map(|letter| match &letter.what {
        Saying::Say(say) => Some(hall.words(say, Lang::Zh)),
        Saying::Paper { .. } => None,
    });
    said.collect()
}

/// Whether a fact, said by an official, changes who may vote or on how many a vote is counted: one arm a reach.
fn concerns_all(world: &World<'_>, facts: &[Event], fact: &Event) -> bool {
    let is_altered = || facts.iter().any(|fact| matches!(fact, Event::Poll(PollFact::Altered { .. })));
    match effects(fact).reaches {
        // A ballot from paper is its voter's, who is told; how many there are is told with the result.
        Reaches::Nothing | Reaches::Casts(..) => false,
        Reaches::Bars(_, _, own) => !own,
        Reaches::Entrusts(..) | Reaches::Voids(_) | Reaches::Strikes(..) => true,
        // Until anything hangs on a roll it is a draft, told by the digest.
        Reaches::Renumbers(topic) => world.is_relied_on(topic) || world.poll_plan(topic).is_some(),
        Reaches::Renames(_) | Reaches::Empowers(_) => is_altered(),
        Reaches::Joins(from, _) => facts.iter().any(|fact| match effects(fact).reaches {
            Reaches::Strikes(_, voter) => voter.0 == from.0,
            _ => false,
        }),
    }
}

#[test]
fn whatever_changes_who_votes_is_read_by_the_group_of_the_vote() {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for state in STATES {
        let hall = &HALLS[state.name];
        for row in rows() {
            for who in OFFICIALS {
                let at = place(state.name, row.entry);
                let world = hall.world();
                let Some(Ok(decision)) = hall.ask(&world, who, at, &row.text).decided else { continue };
                let facts = decision.facts;
                if !facts.iter().any(|fact| concerns_all(&world, &facts, fact)) {
                    continue;
                }
                let (place, way) = hall.place(at);
                let here = if let Place::Group(group) = place { Some(group) } else { None };
                let told = letters(hall, Some(who), way, here, facts);
                let is_here = here == Some(group(hall, "g_tl")) && told.iter().any(|letter| letter.to == To::Here);
                let case = format!("{} × {} × {who}", state.name, row.name);
                assert!(is_here || !read(hall, &told).is_empty(), "{case}: the group reads nothing of “{}”", row.text);
                seen.insert(row.name.clone());
            }
        }
    }
    assert!(seen.len() >= 5, "{seen:?}");
}

/// What is done in private, in whose open vote, and what the group reads of it.
const DONE: &[(&str, &str, &str, &str)] = &[
    ("talking_council", "刘芳", "/请假 1 李德福", "刘芳替李德福记了表决请假"),
    ("talking_council", "刘芳", "/回避 1 李德福 有利害关系", "李德福"),
    ("voting_open", "刘芳", "/委托 1 李德福 给 冯丽 书面", "刘芳凭书面替101户登记了委托"),
    ("voting_open", "田静", "/解绑 李德福 1 丢了手机", "101户的一个账号被解绑（田静：丢了手机）"),
    ("voting_open", "周敏", "/授权 孙莉 主持人 1号", "周敏改了角色或登记：主持人由刘芳变为孙莉"),
    ("voting_open", "周敏", "/授权 刘芳 主持人 东风路街道 取消", "主持人由刘芳变为未定"),
    ("voting", "刘芳", "/名册 1\n101,李德福,92.50\n102,田秀英,78.30\n603,赵小梅,60.00", "新增1：603户"),
    ("talking_council", "刘芳", "/代投 1 冯丽 赞成", ""),
];

#[test]
fn what_is_said_in_private_to_the_bot_is_read_by_all() {
    for (state, who, text, wanted) in DONE {
        let mut hall = hall(state);
        if wanted.is_empty() {
            hall.must("冯丽 pm /请假 1");
        }
        if text.starts_with("/名册") {
            hall.must("李德福 pm /请假 1");
        }
        let world = hall.world();
        let decided = hall.ask(&world, who, "pm", text).decided;
        let Some(Ok(decision)) = decided else {
            panic!("{state}: “{text}”: {:?}", decided.map(|decided| decided.err()));
        };
        let told = read(&hall, &letters(&hall, Some(who), Way::Private, None, decision.facts));
        let wanted = if wanted.is_empty() {
            "冯丽原来请了假，现由刘芳凭纸质票（电话）记了一票，按到会算"
        } else {
            wanted
        };
        assert!(told.iter().any(|text| text.contains(wanted)), "{state}: “{text}”: {told:?}");
    }
}

/// 配置文件 — what it gives and takes goes through the same gate: nobody gets or loses a vote in silence.
#[test]
fn the_configuration_changes_nobodys_vote_in_silence() {
    let mut hall = hall("talking");
    for line in ["刘芳 pm /名册 1\\n刘芳\\n李德福\\n冯丽", "田静 g_tl /投票 1 过半 3天 要不要装电梯"]
    {
        hall.must(line);
    }
    let with = |hall: &Hall, admins: &[&str]| {
        let settings = xieshang::domain::kernel::settings::Settings {
            admins: admins.iter().map(|admin| (*admin).to_owned()).collect(),
            ..hall.settings.clone()
        };
        by_configuration(&hall.world(), &settings)
    };
    // Whoever moderates has no vote; as a coordinator she has, and has none again once she is taken off the list.
    for (admins, wanted) in [(&["local:刘芳"][..], "刘芳现在可以投票"), (&[][..], "刘芳主持中立，不再投票")]
    {
        let facts = with(&hall, admins);
        let is_listed = |fact: &Event| {
            matches!(
                fact,
                Event::Account(
                    account::Fact::Listed { role: Role::Coordinator, .. }
                        | account::Fact::Delisted { role: Role::Coordinator, .. }
                )
            )
        };
        assert!(facts.iter().any(is_listed), "{facts:?}");
        let told = read(&hall, &letters(&hall, None, Way::Office, None, facts.clone()));
        let is_said = |text: &String| text.contains("配置文件") && text.contains(wanted) && text.contains("【1号】");
        assert!(told.iter().any(is_said), "{admins:?}: {told:?}");
        hall.happen(None, None, Way::Office, facts);
    }
    assert!(hall.world().topic(TopicNo(1)).is_some());
}
