//! 本镇、外镇、无镇、全区 — the table once more for those whose office is for one town: everything of that town, the same of another
//! one, and the same of none. What they get done in their own town they get done nowhere else, and hear who may; who holds the office
//! for the district gets it done everywhere.

use super::{Cell, HALLS, Row, cell, command, rows};
use crate::table::hall::{Hall, Outcome};
use crate::table::rights::RIGHTS;
use crate::table::way::STATES;
use std::collections::{BTreeMap, BTreeSet};
use xieshang::domain::evolve::evolve;
use xieshang::domain::intake::station::Station;
use xieshang::domain::kernel::ids::PersonId;
use xieshang::domain::kernel::said::Way;
use xieshang::domain::kernel::say::Value;
use xieshang::domain::kernel::world::{Entity, Key, World, kind};
use xieshang::domain::people::group::Group;
use xieshang::domain::people::person::{Grant, Person, Role, Scope, Side};
use xieshang::domain::people::reach::{Act, Home, Office, Rank, may};
use xieshang::domain::people::town::{Sort, Town};
use xieshang::domain::process::topic::Topic;
use xieshang::language::Lang;

const TOWN: &str = "东风路街道";
const OTHER: &str = "花桥镇";

/// Who holds an office: for the town, and for the district.
const LOCAL: [&str; 2] = ["田静", "刘芳"];
const WIDE: [&str; 2] = ["罗平", "高原"];

/// What makes something new in one's own town, where the line names it: no thing of another town is in it.
const NEW: [&str; 2] = ["station", "enrol"];

/// What 刘芳 called herself stays hers: its minutes, and who was there.
const CALLED: [&str; 2] = ["minutes", "signin"];

fn each<E: Entity + serde::de::DeserializeOwned>(world: &mut World<'_>, kind: u8, change: impl Fn(&mut E)) {
    for mut entity in world.list::<E>(&Key::new(kind), usize::MAX) {
        change(&mut entity);
        world.put(&entity);
    }
}

/// The hall with everything that was of the town somewhere else, but for the offices themselves; 罗平 and 高原 hold theirs for the
/// district.
fn moved(hall: &Hall, to: &str) -> Hall {
    let mut hall = hall.clone();
    let sheet = std::mem::take(&mut hall.sheet);
    let mut world = World::on(&sheet);
    let is_of = |town: &str| town == TOWN;
    each(&mut world, kind::TOPIC, |topic: &mut Topic| {
        if is_of(&topic.town) {
            topic.town = to.to_owned();
        }
    });
    each(&mut world, kind::GROUP, |group: &mut Group| {
        if is_of(&group.town) {
            group.town = to.to_owned();
        }
    });
    each(&mut world, kind::STATION, |station: &mut Station| {
        if is_of(&station.town) {
            station.town = to.to_owned();
        }
    });
    each(&mut world, kind::PERSON, |person: &mut Person| {
        if LOCAL.contains(&person.name.as_str()) {
            return;
        }
        if is_of(&person.town) {
            person.town = to.to_owned();
        }
        if WIDE.contains(&person.name.as_str()) {
            person.grants.iter_mut().for_each(|grant| grant.scope = Scope::District);
        }
    });
    world.put(&Town { sort: Sort::Town, name: OTHER.to_owned(), into: None });
    let overlay = world.into_overlay();
    hall.sheet = sheet;
    hall.lay(overlay);
    hall
}

/// The line about the same thing where it is now.
fn said(row: &Row, to: &str) -> Row {
    let text = if to.is_empty() { row.text.clone() } else { row.text.replace(TOWN, to) };
    Row { name: row.name.clone(), entry: row.entry, text }
}

/// Whether a sentence tells who may.
fn names_who(cell: &Cell) -> bool {
    matches!(cell, Cell::Refused(key) if ["e.role", "e.role.ask", "e.role.of.ask", "e.role.task", "e.role.prop"].contains(&key.as_str()))
}

/// Commands that are for an office: nobody without one gets them done.
fn is_for_office(row: &Row) -> bool {
    let roles = RIGHTS.iter().find(|(key, _)| *key == command(&row.name)).map_or("", |(_, roles)| roles);
    !roles.split(' ').any(|role| ["resident", "owner", "member"].contains(&role))
}

#[test]
fn an_office_for_one_town_gets_nothing_done_beyond_it() {
    let rows = rows();
    let (mut tried, mut done): (BTreeSet<String>, BTreeSet<String>) = Default::default();
    for state in STATES {
        let own = moved(&HALLS[state.name], TOWN);
        for (to, is_nowhere) in [(OTHER, false), ("", true)] {
            let there = moved(&HALLS[state.name], to);
            for row in rows.iter().filter(|row| is_for_office(row)) {
                for who in LOCAL {
                    let here = cell(&own, row, state.name, who);
                    let does = matches!(here, Cell::Done(..) | Cell::Told(_)) || names_who(&here);
                    let is_hers = who == "刘芳" && CALLED.contains(&row.name.as_str());
                    if !does || is_hers || is_nowhere && NEW.contains(&row.name.as_str()) {
                        continue;
                    }
                    let beyond = cell(&there, &said(row, to), state.name, who);
                    let at = format!("{} × {} × {who} in “{to}”", state.name, row.name);
                    assert!(!matches!(beyond, Cell::Done(..)), "{at}: done, “{}”", row.text);
                    if let Cell::Done(..) = here {
                        assert!(names_who(&beyond), "{at}: nobody is named, but {}", beyond.short());
                        tried.insert(row.name.clone());
                    }
                }
            }
        }
        for to in [TOWN, OTHER, ""] {
            let there = moved(&HALLS[state.name], to);
            for row in rows.iter().filter(|row| is_for_office(row)) {
                for (local, wide) in LOCAL.iter().zip(WIDE) {
                    let here = cell(&own, row, state.name, local);
                    let wide = cell(&there, &said(row, to), state.name, wide);
                    if let Cell::Done(..) = here {
                        assert!(
                            !names_who(&wide),
                            "{} × {} in “{to}”: the district's office is turned away",
                            state.name,
                            row.name
                        );
                        done.insert(row.name.clone());
                    }
                }
            }
        }
    }
    assert!(tried.len() >= 45 && done.len() >= tried.len(), "{} of {} rows tried: {tried:?}", tried.len(), done.len());
}

/// 归谁管 — whoever holds the very office that is asked for, somewhere else, is not told that it takes one: they hear of which town.
#[test]
fn who_holds_an_office_elsewhere_hears_whose_it_is() {
    let (rows, mut heard) = (rows(), BTreeSet::new());
    for state in STATES {
        for to in [OTHER, ""] {
            let there = moved(&HALLS[state.name], to);
            for row in rows.iter().filter(|row| is_for_office(row)) {
                for (who, roles) in [("田静", ["role.coordinator", "role.moderator"]), ("刘芳", ["role.moderator", ""])]
                {
                    let said = said(row, to);
                    let at = super::place(state.name, said.entry);
                    let Some(Err(say)) = there.ask(&there.world(), who, at, &said.text).decided else { continue };
                    let is_theirs =
                        |(_, value): &(_, Value)| matches!(value, Value::Term(term) if roles.contains(&term.as_str()));
                    let asks = ["e.role.ask", "e.role.any"].contains(&say.key.as_str());
                    let case = format!("{} × {} × {who} in “{to}”", state.name, row.name);
                    assert!(!asks || !say.args.iter().any(is_theirs), "{case}: {}", there.words(&say, Lang::Zh));
                    if say.key.starts_with("e.role.of") {
                        let words = there.words(&say, Lang::Zh);
                        assert!([OTHER, TOWN, "全区"].iter().any(|whose| words.contains(whose)), "{case}: {words}");
                        heard.insert(row.name.clone());
                    }
                }
            }
        }
    }
    assert!(heard.len() > 20, "{heard:?}");
}

/// 登记、授权能改谁的什么 — each combination of the table, said in words of its own.
#[test]
fn what_may_be_done_with_whom_is_as_it_should_be() {
    for (office, act) in Office::ALL.into_iter().flat_map(|office| Act::ALL.map(|act| (office, act))) {
        for (home, rank) in Home::ALL.into_iter().flat_map(|home| Rank::ALL.map(|rank| (home, rank))) {
            let is_within = match office {
                Office::None => false,
                Office::Moderator | Office::Town => matches!(home, Home::Own),
                Office::District | Office::Admin => home != Home::Oneself,
            };
            let is_self = home == Home::Oneself;
            let wanted = match act {
                // Who holds as much as a coordinator is an administrator's matter; moderators enter nobody.
                Act::Correct => match office {
                    Office::Admin => is_within || is_self,
                    _ => office >= Office::Town && is_within && rank < Rank::Office,
                },
                Act::Move => match office {
                    Office::Admin => is_within,
                    _ => office >= Office::Town && is_within && rank < Rank::Office,
                },
                // A member's seat is the district's.
                Act::Seat => match office {
                    Office::Admin => is_within,
                    Office::District => is_within && rank < Rank::Office,
                    _ => false,
                },
                Act::Vouch => match office {
                    Office::Admin => is_within || is_self,
                    Office::Moderator => is_within && rank == Rank::Plain,
                    _ => is_within && rank < Rank::Office,
                },
                Act::Serve | Act::Look => office >= Office::Town && (is_within || is_self),
                Act::SpeakFor => office >= Office::Moderator && (is_within || is_self || home == Home::Nowhere),
            };
            assert_eq!(may(office, act, home, rank), wanted, "{office:?} {act:?} {home:?} {rank:?}");
        }
    }
}

/// Each office, each person, one line of /登记 that would change everything: afterwards nothing differs that the table does not allow.
#[test]
fn enrolling_somebody_changes_nobody_beyond_reach() {
    let hall = moved(&HALLS["ordered"], TOWN);
    let mut facts: BTreeMap<&str, usize> = BTreeMap::new();
    let before: Vec<Person> = hall.world().list(&Key::new(kind::PERSON), usize::MAX);
    for who in ["田静", "罗平", "刘芳", "周敏", "何伟", "田秀英"] {
        let actor = hall.person(who);
        for target in before.iter().filter(|person| person.enrolled) {
            for rest in ["专家 东风路街道", "政协 工商联 团结镇", "群众 房号=909"] {
                let text = format!("/登记 {} {rest} 同一位", target.name.as_str());
                let world = hall.world();
                let Outcome { decided, .. } = hall.ask(&world, who, "pm", &text);
                let Some(Ok(decision)) = decided else { continue };
                let mut after = world;
                evolve(&mut after, &hall.record(Some(&actor), None, Way::Private, decision.facts));
                for known in &before {
                    let now: Person = after.person(known.id).unwrap();
                    if now == *known {
                        continue;
                    }
                    *facts.entry(who).or_default() += 1;
                    let at = format!("{who}: {text}");
                    assert!(actor.may(Act::Correct, Some(known), &known.town), "{at}: {known:?}");
                    let is_moved = (now.side, &now.sector, &now.town) != (known.side, &known.sector, &known.town);
                    assert!(!is_moved || actor.may(Act::Move, Some(known), &known.town), "{at}: moved");
                    let is_cppcc = [known, &now].into_iter().any(|one| one.side == Side::Cppcc);
                    let is_seated = is_cppcc && (now.side, &now.sector) != (known.side, &known.sector)
                        || now.holds(Role::Member) != known.holds(Role::Member);
                    assert!(!is_seated || actor.may(Act::Seat, Some(known), &known.town), "{at}: seated");
                    assert!(actor.coordinates(&now.town), "{at}: out of reach now");
                    let granted: Vec<&Grant> = now.grants.iter().filter(|new| !known.grants.contains(new)).collect();
                    assert!(granted.iter().all(|grant| grant.role == Role::Member), "{at}: {granted:?}");
                }
            }
        }
    }
    assert!(facts["田静"] > 5 && facts["罗平"] > 20 && facts["周敏"] > 20, "{facts:?}");
    assert_eq!((facts.get("刘芳"), facts.get("何伟"), facts.get("田秀英")), (None, None, None));
}

/// 政协委员 — nobody whose office is for one town makes a member, by whichever way somebody is entered; the district's coordinators do.
#[test]
fn an_office_for_one_town_makes_no_member() {
    let hall = HALLS["ordered"].clone();
    for (who, place, text) in [
        ("田静", "pm", "/登记 郑有为 政协 镇中学 教育界 东风路街道"),
        ("田静", "pm", "/登记 郑有为 政协"),
        ("田静", "pm", "/登记 郑有为 方=政协 界别=教育界"),
        ("田静", "pm", "/登记 田秀英 政协 工商联"),
        ("田静", "g_tl", "/邀请 1 郑有为 政协 镇中学"),
        ("田静", "g_tl", "/邀请 1 赵志强 部门；郑有为 政协"),
        ("田静", "g_tl", "/邀请 1 李德福 政协"),
        ("刘芳", "g_tl", "/邀请 1 郑有为 政协"),
    ] {
        assert_eq!(super::refusal(&hall, who, place, text), "e.enrol_seat", "{who}: {text}");
    }
    let mut hall = moved(&hall, TOWN);
    for line in ["罗平 pm /登记 郑有为 政协 镇中学 教育界 东风路街道", "田静 g_tl /邀请 1 郑有为"]
    {
        hall.must(line);
    }
    // What else is known of a member of the town is corrected there.
    hall.must("田静 pm /登记 郑有为 政协 第二中学 同一位");
    assert_eq!(super::refusal(&hall, "田静", "pm", "/登记 郑有为 政协 第二中学 工商联"), "e.enrol_seat");
    assert_eq!(super::refusal(&hall, "田静", "pm", "/登记 郑有为 群众"), "e.enrol_seat");
}

/// 团结镇's coordinator takes nobody over: neither by entering them nor by a code.
#[test]
fn nobody_is_taken_over_by_entering_them() {
    let hall = HALLS["ordered"].clone();
    for text in
        ["/登记 何伟 专家 团结镇", "/登记 田秀英 群众 团结镇", "/登记 周敏 政协 团结镇", "/登记 罗平 政协 工商联"]
    {
        let refused = super::refusal(&hall, "罗平", "pm", text);
        assert!(
            refused.starts_with("e.role") || ["e.enrol_self", "e.enrol_far"].contains(&refused.as_str()),
            "{text}: {refused}"
        );
    }
    for name in ["何伟", "田秀英", "周敏", "田静"] {
        let refused = super::refusal(&hall, "罗平", "pm", &format!("/邀请码 {name}"));
        assert!(refused.starts_with("e.role"), "{name}: {refused}");
    }
    // Somebody new is entered for the coordinator's own town, also where none is written.
    let world = hall.world();
    let Outcome { decided, .. } = hall.ask(&world, "罗平", "pm", "/登记 龙小川 群众");
    let mut after = world;
    evolve(&mut after, &hall.record(Some(&hall.person("罗平")), None, Way::Private, decided.unwrap().unwrap().facts));
    let id = PersonId(after.counters().people);
    assert_eq!(after.person(id).map(|person| person.town), Some("团结镇".to_owned()));
}

/// 并 — after two towns became one, everybody gets done and refused what they did before, under the new name.
#[test]
fn nothing_stays_behind_where_a_town_is_merged() {
    const NEW: &str = "新合并镇";
    let rows = rows();
    for state in STATES.iter().filter(|state| !state.name.starts_with("voting_f")) {
        let before = HALLS[state.name].clone();
        let mut after = before.clone();
        after.must(&format!("周敏 pm /镇街 并 {TOWN} {NEW} 区划调整"));
        after.now = before.now;
        assert!(after.world().town(Sort::Town, TOWN).is_some_and(|town| town.into.as_deref() == Some(NEW)));
        for row in rows.iter().filter(|row| !["town", "sector", "undo"].contains(&row.entry.key())) {
            for who in ["田静", "刘芳", "罗平", "周敏", "田秀英"] {
                let (old, new) = (cell(&before, row, state.name, who), cell(&after, &said(row, NEW), state.name, who));
                assert!(old == new, "{} × {} × {who}: {} became {}", state.name, row.name, old.short(), new.short());
            }
        }
    }
}

/// 取消 — with the role ends at once whatever its holder got done by it.
#[test]
fn nothing_is_done_by_who_held_an_office() {
    let mut tried = 0;
    for state in STATES {
        for (who, role) in [("田静", "联络员 东风路街道"), ("刘芳", "主持人 东风路街道"), ("赵志强", "承办人")]
        {
            let mut hall = HALLS[state.name].clone();
            let now = hall.now;
            hall.must(&format!("周敏 pm /授权 {who} {role} 取消"));
            hall.now = now;
            for row in rows().iter().filter(|row| is_for_office(row)) {
                let was = cell(&HALLS[state.name], row, state.name, who);
                let is = cell(&hall, row, state.name, who);
                tried += usize::from(matches!(was, Cell::Done(..)));
                assert!(!matches!(is, Cell::Done(..)), "{} × {} × {who}: still done", state.name, row.name);
            }
            // What was under way goes back to whoever gave it.
            let world = hall.world();
            for task in world.live_topics().iter().flat_map(|topic| world.tasks(topic.no)) {
                use xieshang::domain::work::task::State;
                let is_theirs = task.handler == hall.person(who).id;
                let is_open = matches!(task.state, State::Assigned | State::Acked);
                assert!(!is_theirs || !is_open, "{}: {who} still has {task:?}", state.name);
            }
        }
    }
    assert!(tried > 500, "{tried}");
}

/// 写错的镇街、界别 — wherever one is written, a mistyped or unknown one is asked back with lines that can be sent as they stand.
#[test]
fn a_town_that_is_not_on_the_list_is_asked_back_wherever_it_is_written() {
    use xieshang::language::Lang;
    let hall = HALLS["slip"].clone();
    let mut late = HALLS["ordered"].clone();
    late.must("赵小梅 page 楼道堆满杂物");
    let lines = [
        ("pm", "/登记 龙小川 群众 镇街=XX"),
        ("pm", "/登记 龙小川 群众 青年社 XX"),
        ("pm", "/授权 李德福 联络员 XX"),
        ("pm", "/授权 李德福 主持人 XX"),
        ("pm", "/阵地 委员工作室 和平社区工作室 XX 每周三"),
        ("pm", "/受理 W2 XX"),
        ("g_df", "/群设置 镇街=XX"),
        ("g_df", "/群设置 类型=居民群 镇街=XX"),
    ];
    for (at, line) in lines {
        // Nearly one that is known, always; another one once there are topics.
        for (hall, town) in [(&hall, "团洁镇"), (&late, "团结街道"), (&late, "新合并镇")] {
            let line = if std::ptr::eq(hall, &late) { line.to_owned() } else { line.replace("W2", "W1") };
            let text = line.replace("XX", town);
            let world = hall.world();
            let Some(Err(say)) = hall.ask(&world, "周敏", at, &text).decided else {
                panic!("{text}: not asked back")
            };
            let words = hall.words(&say, Lang::Zh);
            assert!(words.contains(&format!("没有“{town}”这个镇街")), "{text}: {words}");
            assert!(words.ends_with(&format!("/镇街 加 {town}")), "{text}: {words}");
            let own: Vec<&str> = words.lines().filter(|row| *row == line.replace("XX", "团结镇")).collect();
            // Where nothing is like it no other town is put forward.
            if town == "新合并镇" {
                assert!(!words.contains("团结镇") && !words.contains("东风路街道"), "{text}: {words}");
                continue;
            }
            assert_eq!(own.len(), 1, "{text}: {words}");
            // The line to copy is a command, and does it.
            let decided = hall.ask(&world, "周敏", at, own[0]).decided;
            assert!(matches!(&decided, Some(Ok(decision)) if !decision.facts.is_empty()), "{}: {decided:?}", own[0]);
            // 全区 is no town.
            let whole = hall.ask(&world, "周敏", at, &line.replace("XX", "全区")).decided;
            let is_role = line.contains("授权");
            assert!(is_role || matches!(whole, Some(Err(_))), "{line}: {whole:?}");
        }
    }
    // A new one while the office is being set up is taken, with a word about it.
    let world = hall.world();
    let decision = hall.ask(&world, "周敏", "pm", "/授权 李德福 联络员 花桥镇").decided.unwrap().unwrap();
    assert_eq!(decision.answer.iter().map(|say| say.key.as_str()).collect::<Vec<_>>(), ["town.new"]);
}
