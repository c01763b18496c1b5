//! 选项 — polls with more than two options: known elections come out as the books say, a second count written differently agrees on
//! any ballots, and whatever people write, press and change, each voter counts once.

use crate::support::resident::person;
use chrono::{DateTime, Duration, TimeZone, Utc};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use xieshang::domain::command::Command;
use xieshang::domain::decide::decide;
use xieshang::domain::decide::roll::load_facts;
use xieshang::domain::due::first_due;
use xieshang::domain::event::{Event, Record};
use xieshang::domain::evolve::evolve;
use xieshang::domain::kernel::ids::{PersonId, PollNo, TopicNo};
use xieshang::domain::kernel::said::Way;
use xieshang::domain::kernel::settings::Settings;
use xieshang::domain::kernel::world::{Bare, World};
use xieshang::domain::people::person::{Role, Scope};
use xieshang::domain::process::channel::Channel;
use xieshang::domain::process::form::{Kind, Step};
use xieshang::domain::scene::{Caller, Ctx, Decided, Place, Scene};
use xieshang::domain::vote::poll::filling::{Called, Said, Spoken};
use xieshang::domain::vote::poll::opening::Frame;
use xieshang::domain::vote::poll::ranking::{Standing, count};
use xieshang::domain::vote::poll::terms::{Marked, Marks, Method, Terms};
use xieshang::domain::vote::poll::{Ask, Rule};
use xieshang::domain::vote::roll::RollLine;
use xieshang::domain::vote::roll::voters_of;
use xieshang::domain::vote::tally::Choice;
use xieshang::language::{Catalog, short};

// ------------------------------------------------------------------------------------------------------ known elections

fn ranked(order: &[u8]) -> Marks {
    Marks(order.iter().map(|&option| Marked { option, points: 1 }).collect())
}

/// So many ballots of each order.
fn electorate(groups: &[(usize, &[u8])]) -> Vec<Marks> {
    groups.iter().flat_map(|&(n, order)| std::iter::repeat_n(ranked(order), n)).collect()
}

fn order(standing: &Standing) -> Vec<u8> {
    standing.rows.iter().map(|row| row.option).collect()
}

/// The votes of the options still in, who is out, and the exhausted ballots.
type Round = (Vec<(u8, u64)>, Vec<u8>, u64);

fn rounds(standing: &Standing) -> Vec<Round> {
    let votes =
        |rows: &[xieshang::domain::vote::poll::ranking::Row]| rows.iter().map(|row| (row.option, row.votes)).collect();
    standing.rounds.iter().map(|round| (votes(&round.rows), round.gone(), round.exhausted)).collect()
}

/// The capital of Tennessee: Memphis 42, Nashville 26, Chattanooga 15, Knoxville 17. Knoxville wins with 58 to 42.
#[test]
fn the_capital_of_tennessee() {
    let (memphis, nashville, chattanooga, knoxville) = (1, 2, 3, 4);
    let standing = count(
        Method::Ranked,
        4,
        &electorate(&[
            (42, &[memphis, nashville, chattanooga, knoxville]),
            (26, &[nashville, chattanooga, knoxville, memphis]),
            (15, &[chattanooga, knoxville, nashville, memphis]),
            (17, &[knoxville, chattanooga, nashville, memphis]),
        ]),
    );
    assert_eq!(
        rounds(&standing),
        [
            (vec![(1, 42), (2, 26), (3, 15), (4, 17)], vec![chattanooga], 0),
            (vec![(1, 42), (2, 26), (4, 32)], vec![nashville], 0),
            (vec![(1, 42), (4, 58)], vec![], 0),
        ]
    );
    assert_eq!(order(&standing), [knoxville, memphis, nashville, chattanooga]);
    assert_eq!(standing.first(), [knoxville]);
    assert!(!standing.is_by_place());
}

/// Burlington, Vermont, 2009, condensed to the three strongest: Montroll would have beaten either of the others alone, and is out first.
#[test]
fn the_mayor_of_burlington() {
    let (kiss, montroll, wright) = (1, 2, 3);
    let standing = count(
        Method::Ranked,
        3,
        &electorate(&[
            (1332, &[montroll, kiss, wright]),
            (767, &[montroll, wright, kiss]),
            (455, &[montroll]),
            (2043, &[kiss, montroll, wright]),
            (371, &[kiss, wright, montroll]),
            (568, &[kiss]),
            (1513, &[wright, montroll, kiss]),
            (495, &[wright, kiss, montroll]),
            (1289, &[wright]),
        ]),
    );
    assert_eq!(
        rounds(&standing),
        [
            (vec![(kiss, 2982), (montroll, 2554), (wright, 3297)], vec![montroll], 0),
            (vec![(kiss, 4314), (wright, 4064)], vec![], 455),
        ]
    );
    assert_eq!(order(&standing), [kiss, wright, montroll]);
}

/// The textbook case of a runoff that is not monotone: more votes for the winner make another win.
#[test]
fn more_votes_can_cost_the_victory() {
    let before = electorate(&[(39, &[1, 2, 3]), (35, &[2, 3, 1]), (26, &[3, 1, 2])]);
    assert_eq!(count(Method::Ranked, 3, &before).first(), [1]);
    let after = electorate(&[(49, &[1, 2, 3]), (25, &[2, 3, 1]), (26, &[3, 1, 2])]);
    let standing = count(Method::Ranked, 3, &after);
    assert_eq!((standing.rounds[0].out, standing.first()), (Some(2), vec![3]));
    assert_eq!(rounds(&standing)[1], (vec![(1, 49), (3, 51)], vec![], 0));
}

/// Tennessee again, everybody approving of the two nearest: Nashville wins.
#[test]
fn tennessee_by_approval() {
    let standing =
        count(Method::Multiple(2), 4, &electorate(&[(42, &[1, 2]), (26, &[2, 3]), (15, &[3, 4]), (17, &[3, 4])]));
    let votes: Vec<(u8, u64)> = standing.rows.iter().map(|row| (row.option, row.votes)).collect();
    assert_eq!(votes, [(2, 68), (3, 58), (1, 42), (4, 32)]);
    assert!(standing.rounds.is_empty());
}

/// Cumulative votes of 300 shareholders with three seats to give: the minority that puts all on one is not shut out.
#[test]
fn points_put_on_one_option() {
    let ballot = |marks: &[(u8, u32)]| Marks(marks.iter().map(|&(option, points)| Marked { option, points }).collect());
    let many = std::iter::repeat_n(ballot(&[(1, 1), (2, 1), (3, 1)]), 180);
    let few = std::iter::repeat_n(ballot(&[(4, 3)]), 120);
    let standing = count(Method::Budget(3), 4, &many.chain(few).collect::<Vec<_>>());
    assert_eq!(order(&standing), [4, 1, 2, 3]);
    assert_eq!(standing.rows.iter().map(|row| row.votes).collect::<Vec<_>>(), [360, 180, 180, 180]);
}

/// Equally few are out together, equally many at the end are first together: neither the card nor an earlier round parts them.
#[test]
fn equals_go_together_and_a_tie_is_told() {
    let gone = |standing: &Standing| {
        standing.rounds.iter().map(xieshang::domain::vote::poll::ranking::Round::gone).collect::<Vec<_>>()
    };
    let places = |standing: &Standing| standing.rows.iter().map(|row| standing.place(row)).collect::<Vec<_>>();
    // Round 1: 3, 2, 2, 2, 1; the single voter goes to 4: 3, 2, 2, 3; both with 2 are out, their voters go to 4.
    let standing =
        count(Method::Ranked, 5, &electorate(&[(3, &[1]), (2, &[2, 4]), (2, &[3, 4]), (2, &[4]), (1, &[5, 4])]));
    assert_eq!(gone(&standing), [vec![5], vec![2, 3], vec![]]);
    assert_eq!((order(&standing), places(&standing)), (vec![4, 1, 2, 3, 5], vec![1, 2, 3, 3, 5]));
    // The handed case: 3:3 in the third round although the one had more before.
    let standing = count(
        Method::Ranked,
        4,
        &electorate(&[(1, &[1, 2]), (1, &[1, 3]), (1, &[2, 1, 3, 4]), (1, &[2]), (1, &[3, 2]), (1, &[1, 2, 3])]),
    );
    assert_eq!(gone(&standing), [vec![4], vec![3], vec![]]);
    assert_eq!((standing.first(), places(&standing)), (vec![1, 2], vec![1, 1, 3, 4]));
    // Level from the start, by two and by three; and level behind the winner.
    let standing = count(Method::Ranked, 2, &electorate(&[(2, &[1]), (2, &[2])]));
    assert_eq!((standing.first(), standing.is_by_place(), standing.rounds.len()), (vec![1, 2], false, 1));
    let standing = count(Method::Ranked, 3, &electorate(&[(2, &[3]), (2, &[2]), (2, &[1])]));
    assert_eq!((standing.first(), places(&standing)), (vec![1, 2, 3], vec![1, 1, 1]));
    let standing = count(Method::Ranked, 3, &electorate(&[(3, &[2]), (1, &[1]), (1, &[3])]));
    assert_eq!((standing.first(), places(&standing)), (vec![2], vec![1, 2, 2]));
    let nobody = count(Method::Ranked, 3, &[Marks::default(), Marks::default()]);
    assert_eq!((nobody.first(), order(&nobody), nobody.rounds.len()), (vec![], vec![1, 2, 3], 0));
}

/// A count taken while ties went by the card still reads, and says how it was decided.
#[test]
fn an_old_count_stands() {
    let old = r#"{"rows":[{"option":1,"votes":2},{"option":2,"votes":2}],"rounds":[{"rows":[{"option":1,"votes":2},
        {"option":2,"votes":2}],"exhausted":0,"out":2,"by_place":true},{"rows":[{"option":1,"votes":2}],"exhausted":2,
        "out":null,"by_place":false}]}"#;
    let standing: Standing = serde_json::from_str(old).unwrap();
    assert_eq!((standing.first(), standing.is_by_place()), (vec![1], true));
}

// ------------------------------------------------------------------------------------------------------ a second count

/// Crosses names off real lists until one name heads more than half of the lists that are left, or all left head as many: the winners,
/// and who was crossed off when.
fn by_crossing_off(options: u8, ballots: &[Vec<u8>]) -> (Vec<u8>, Vec<Vec<u8>>) {
    let mut lists: Vec<Vec<u8>> = ballots.to_vec();
    let mut alive: BTreeSet<u8> = (1..=options).collect();
    let mut crossed = Vec::new();
    loop {
        let mut pile: BTreeMap<u8, usize> = alive.iter().map(|&name| (name, 0)).collect();
        for head in lists.iter().filter_map(|list| list.first()) {
            *pile.get_mut(head).unwrap() += 1;
        }
        let all: usize = pile.values().sum();
        if all == 0 {
            return (Vec::new(), crossed);
        }
        let heights: BTreeSet<usize> = pile.values().copied().collect();
        let most = *heights.last().unwrap();
        if most > all - most || heights.len() == 1 {
            return (pile.into_iter().filter(|(_, n)| *n == most).map(|(name, _)| name).collect(), crossed);
        }
        let low = *heights.first().unwrap();
        let out: Vec<u8> = pile.into_iter().filter(|(_, n)| *n == low).map(|(name, _)| name).collect();
        alive.retain(|name| !out.contains(name));
        lists.iter_mut().for_each(|list| list.retain(|name| !out.contains(name)));
        crossed.push(out);
    }
}

/// Some options in some order.
fn some_of(options: u8) -> impl Strategy<Value = Vec<u8>> {
    let all: Vec<u8> = (1..=options).collect();
    (Just(all).prop_shuffle(), 0..=usize::from(options)).prop_map(|(mut all, n)| {
        all.truncate(n);
        all
    })
}

fn lists() -> impl Strategy<Value = (u8, Vec<Vec<u8>>)> {
    (2_u8..=6).prop_flat_map(|options| (Just(options), proptest::collection::vec(some_of(options), 0..25)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn a_runoff_agrees_with_crossing_names_off((options, lists) in lists()) {
        let ballots: Vec<Marks> = lists.iter().map(|list| ranked(list)).collect();
        let standing = count(Method::Ranked, options, &ballots);
        let (winners, crossed) = by_crossing_off(options, &lists);
        prop_assert_eq!(standing.first(), winners);
        let gone = standing.rounds.iter().map(|round| round.gone()).filter(|gone| !gone.is_empty());
        prop_assert_eq!(gone.collect::<Vec<_>>(), crossed);
        // Every ballot is counted once in every round, and every option stands once in the result.
        for round in &standing.rounds {
            prop_assert_eq!(round.rows.iter().map(|row| row.votes).sum::<u64>() + round.exhausted, lists.len() as u64);
        }
        prop_assert_eq!(order(&standing).into_iter().collect::<BTreeSet<_>>(), (1..=options).collect::<BTreeSet<_>>());
        prop_assert_eq!(standing.rows.len(), usize::from(options));
    }

    #[test]
    fn the_order_of_arrival_is_irrelevant((options, lists) in lists(), turn in any::<prop::sample::Index>()) {
        let mut ballots: Vec<Marks> = lists.iter().map(|list| ranked(list)).collect();
        let before: Vec<_> = [Method::Ranked, Method::Multiple(6)].map(|method| count(method, options, &ballots)).to_vec();
        if !ballots.is_empty() {
            let by = turn.index(ballots.len());
            ballots.rotate_left(by);
            ballots.reverse();
        }
        let after: Vec<_> = [Method::Ranked, Method::Multiple(6)].map(|method| count(method, options, &ballots)).to_vec();
        prop_assert_eq!(before, after);
    }

    /// Whatever is written: nothing beyond what a ballot may hold, and what is read comes back out of the vault.
    #[test]
    fn no_text_makes_more_of_a_ballot_than_there_is(text in "[0-9０-９甲乙丙丁a-eA-E楼道灯下水车棚大门:=,、，； .>选分\u{FE0F}]{0,24}|.{0,40}") {
        for method in [Method::Single, Method::Multiple(2), Method::Ranked, Method::Budget(10)] {
            let options = OPTIONS.iter().map(|&text| text.into()).collect();
            let terms = Terms { method: Some(method), options, secret: false, reasons: false, until_all: false };
            let Ok(marks) = terms.read(&text) else { continue };
            let named: BTreeSet<u8> = marks.0.iter().map(|mark| mark.option).collect();
            prop_assert_eq!(named.len(), marks.0.len(), "twice: {}", text);
            prop_assert!(!named.is_empty() && named.iter().all(|option| (1..=4).contains(option)));
            match method {
                Method::Single | Method::Multiple(_) => prop_assert!(marks.0.len() <= method.limit() as usize),
                Method::Ranked => {}
                Method::Budget(most) => prop_assert!(marks.0.iter().map(|mark| mark.points).sum::<u32>() <= most),
            }
            prop_assert_eq!(Marks::of(&marks.words(method)), Some(marks));
        }
    }

    #[test]
    fn sums_are_what_was_given(ballots in proptest::collection::vec(proptest::collection::btree_map(1_u8..=5, 1_u32..=1000, 0..5), 0..30)) {
        let marks: Vec<Marks> = ballots.iter()
            .map(|ballot| Marks(ballot.iter().map(|(&option, &points)| Marked { option, points }).collect()))
            .collect();
        let standing = count(Method::Budget(1000), 5, &marks);
        for row in &standing.rows {
            let given: u64 = ballots.iter().filter_map(|ballot| ballot.get(&row.option)).map(|points| u64::from(*points)).sum();
            prop_assert_eq!(row.votes, given);
        }
        prop_assert!(standing.rows.windows(2).all(|two| (std::cmp::Reverse(two[0].votes), two[0].option) < (std::cmp::Reverse(two[1].votes), two[1].option)));
    }
}

// ------------------------------------------------------------------------------------------------------ through the commands

const VOTERS: u32 = 8;
const MODERATOR: PersonId = PersonId(100);
const NAMES: [&str; 8] = ["赵一", "钱二", "孙三", "李四", "周五", "吴六", "郑七", "王八"];
const OPTIONS: [&str; 4] = ["楼道灯", "下水", "车棚", "大门"];

fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2025, 3, 3, 4, 0, 0).unwrap()
}

struct House {
    world: World<'static>,
    records: Vec<Record>,
    now: DateTime<Utc>,
}

impl House {
    fn new(frame: &Frame) -> Self {
        let mut house = Self { world: World::on(&Bare), records: Vec::new(), now: start() };
        let mut facts: Vec<Event> =
            (1..=VOTERS).map(|n| person(PersonId(n), NAMES[n as usize - 1], &format!("{n}01"))).collect();
        facts.push(person(MODERATOR, "主持", ""));
        facts.push(Event::RoleGranted { person: MODERATOR, role: Role::Moderator, scope: Scope::District });
        facts.push(Event::TopicOrdered {
            topic: TopicNo(1),
            title: "先修哪里".into(),
            body: "".into(),
            proposer: PersonId(1),
            channel: Channel::Private,
            kind: Kind::Bridge,
            town: String::new(),
        });
        facts.push(Event::TopicAdvanced { topic: TopicNo(1), to: Step::Talking, reason: None });
        let line = |n: u32| RollLine { room: format!("{n}01"), owner: NAMES[n as usize - 1].to_owned(), area: 1000 };
        facts.extend(load_facts(TopicNo(1), &voters_of(&(1..=VOTERS).map(line).collect::<Vec<_>>()).unwrap()));
        house.happen(None, Way::Office, facts);
        let open = Ask::Open { topic: Some(TopicNo(1)), frame: Box::new(frame.clone()) };
        house.ask(MODERATOR, Way::Private, &Command::Poll(open)).unwrap();
        house
    }

    fn happen(&mut self, by: Option<PersonId>, way: Way, facts: Vec<Event>) {
        let seq = self.records.len() as u64 + 1;
        let record = Record { seq, at: self.now, by, group: None, way, via: None, key: None, facts };
        evolve(&mut self.world, &record);
        self.records.push(record);
    }

    fn ask(&mut self, by: PersonId, way: Way, command: &Command) -> Decided {
        let who = self.world.person(by).unwrap();
        let (place, caller) = (Place::Private, Caller::default());
        let scene = Scene {
            now: self.now,
            said_at: None,
            who,
            place,
            way,
            reply: None,
            quotes: false,
            said: String::new(),
            masked: false,
            caller,
            dice: None,
        };
        let settings = Settings::default();
        let decision = decide(&Ctx { world: &self.world, settings: &settings, scene: &scene }, command)?;
        if !decision.facts.is_empty() {
            self.happen(Some(by), way, decision.facts.clone());
        }
        Ok(decision)
    }

    fn close(&mut self) -> Standing {
        self.now = start() + Duration::hours(1);
        let facts = first_due(&self.world, &Settings::default(), self.now, self.now).unwrap();
        self.happen(None, Way::Clock, facts);
        self.world.standing(PollNo(1)).unwrap()
    }

    /// Everything anybody is told because of the latest record.
    fn told(&self) -> String {
        let record = self.records.last().unwrap();
        format!(
            "{:?}",
            xieshang::domain::announce::announce(
                &self.world,
                &Settings::default(),
                record,
                &xieshang::domain::announce::standing::Before::default(),
                false
            )
        )
    }
}

fn frame(method: Option<Method>, secret: bool) -> Frame {
    Frame {
        rule: Rule::Straw,
        method,
        ends: start() + Duration::hours(1),
        opens: None,
        title: "先修哪里".to_owned(),
        options: OPTIONS.iter().filter(|_| method.is_some()).map(|&text| text.to_owned()).collect(),
        secret,
        reasons: false,
        until_all: false,
    }
}

/// Words for a poll with the options of these tests.
fn said(text: &str, method: Method) -> Command {
    let options = OPTIONS.iter().map(|&text| text.into()).collect();
    let terms = Terms { method: Some(method), options, ..Terms::default() };
    let called = Called { terms, ..Called::default() };
    let meant = short::read(Catalog::builtin().unwrap(), text, &called);
    let said = Said { text: text.to_owned(), spoken: Spoken::Line, meant };
    Command::Poll(Ask::Fill { topic: Some(TopicNo(1)), said })
}

#[derive(Debug, Clone)]
enum Act {
    Typed(u32, Vec<u8>),
    Pressed(u32, u8),
    Abstained(u32),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        (1..=VOTERS, some_of(4)).prop_map(|(n, list)| Act::Typed(n, list)),
        (1..=VOTERS, 1_u8..=4).prop_map(|(n, option)| Act::Pressed(n, option)),
        (1..=VOTERS).prop_map(Act::Abstained),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_typed_and_pressed_each_voter_counts_once_with_the_latest(
        acts in proptest::collection::vec(act(), 0..50),
        is_ranked in any::<bool>(),
    ) {
        let method = if is_ranked { Method::Ranked } else { Method::Multiple(2) };
        let most = if is_ranked { 4 } else { 2 };
        let mut house = House::new(&frame(Some(method), false));
        let mut model: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
        for act in acts {
            match act {
                Act::Typed(n, list) => {
                    let names: Vec<&str> = list.iter().map(|option| OPTIONS[usize::from(*option) - 1]).collect();
                    let taken = house.ask(PersonId(n), Way::Private, &said(&names.join("、"), method)).is_ok();
                    prop_assert_eq!(taken, (1..=most).contains(&list.len()));
                    if taken {
                        model.insert(n, list);
                    }
                }
                Act::Pressed(n, option) => {
                    let mut list = model.get(&n).cloned().unwrap_or_default();
                    let was_in = list.contains(&option);
                    let taken = house.ask(PersonId(n), Way::Press, &said(&option.to_string(), method)).is_ok();
                    prop_assert_eq!(taken, was_in || list.len() < most);
                    if was_in {
                        list.retain(|other| *other != option);
                    } else if taken {
                        list.push(option);
                    }
                    if taken {
                        model.insert(n, list);
                    }
                }
                Act::Abstained(n) => {
                    let command = Command::Ballot { topic: Some(TopicNo(1)), choice: Choice::Abstain };
                    house.ask(PersonId(n), Way::Private, &command).unwrap();
                    model.insert(n, Vec::new());
                }
            }
            prop_assert_eq!(house.world.turnout(PollNo(1)).cast, model.len() as u64);
        }
        let standing = house.close();
        let lists: Vec<Vec<u8>> = model.values().cloned().collect();
        if is_ranked {
            prop_assert_eq!(standing.first(), by_crossing_off(4, &lists).0);
        } else {
            for row in &standing.rows {
                let votes = lists.iter().filter(|list| list.contains(&row.option)).count() as u64;
                prop_assert_eq!(row.votes, votes);
            }
        }
        let tally = house.world.poll(PollNo(1)).unwrap().result.unwrap().tally;
        prop_assert_eq!((tally.cast(), tally.voters), (model.len() as u64, u64::from(VOTERS)));
        // Nothing after the end changes anything.
        prop_assert!(house.ask(PersonId(1), Way::Private, &said("1", method)).is_err());
        prop_assert_eq!(house.world.standing(PollNo(1)).unwrap(), standing);
    }
}

/// 不记名 — two houses that differ in nothing but what is chosen are told the same to the letter, until the result.
#[test]
fn a_secret_choice_shows_nowhere_before_the_count() {
    for method in [None, Some(Method::Single), Some(Method::Ranked), Some(Method::Budget(5))] {
        let told = |text: &str| {
            let mut house = House::new(&frame(method, true));
            let command = match method {
                None if text == "1" => Command::Ballot { topic: Some(TopicNo(1)), choice: Choice::For },
                None => Command::Ballot { topic: Some(TopicNo(1)), choice: Choice::Against },
                Some(method @ Method::Budget(_)) => said(&format!("{text}:3"), method),
                Some(method) => said(text, method),
            };
            house.ask(PersonId(1), Way::Private, &command).unwrap();
            let mut all = house.told();
            let tally = Command::Tally(Some(TopicNo(1)));
            all.push_str(&format!("{:?}", house.ask(MODERATOR, Way::Private, &tally)));
            for somebody in [MODERATOR, PersonId(2)] {
                all.push_str(&format!("{:?}", house.ask(somebody, Way::Private, &Command::Me)));
            }
            let own = format!("{:?}", house.ask(PersonId(1), Way::Private, &Command::Me));
            (all, own)
        };
        let (one, two) = (told("1"), told("2"));
        assert_eq!(one.0, two.0, "{method:?}");
        assert_ne!(one.1, two.1, "{method:?}: one sees one's own");
    }
}

#[test]
fn a_poll_with_options_is_opened_only_while_people_talk() {
    let mut house = House::new(&frame(Some(Method::Single), false));
    house.close();
    house.now = start();
    house.happen(None, Way::Office, vec![Event::TopicAdvanced { topic: TopicNo(1), to: Step::Voting, reason: None }]);
    let open = Ask::Open { topic: Some(TopicNo(1)), frame: Box::new(frame(Some(Method::Single), false)) };
    let refused = house.ask(MODERATOR, Way::Private, &Command::Poll(open)).unwrap_err();
    assert!(format!("{refused:?}").contains("hint.options"), "{refused:?}");
    // Yes and no by the rules of the law go on, secret too.
    let formal = Frame { rule: Rule::Residents, secret: true, ..frame(None, false) };
    let open = Ask::Open { topic: Some(TopicNo(1)), frame: Box::new(formal) };
    house.ask(MODERATOR, Way::Private, &Command::Poll(open)).unwrap();
}
