//! 计票 — any sequence of ballots, changes of mind and proxies is counted as a plain list of people would count it, and every rule
//! agrees with a second implementation that adds instead of multiplying.

use crate::support::resident::person;
use chrono::{DateTime, Duration, TimeZone, Utc};
use proptest::prelude::*;
use std::collections::BTreeMap;
use xieshang::domain::command::Command;
use xieshang::domain::decide::decide;
use xieshang::domain::decide::roll::load_facts;
use xieshang::domain::due::first_due;
use xieshang::domain::event::{Event, Record};
use xieshang::domain::evolve::evolve;
use xieshang::domain::kernel::ids::{PersonId, PollNo, TopicNo};
use xieshang::domain::kernel::mark::Mark;
use xieshang::domain::kernel::said::Way;
use xieshang::domain::kernel::settings::Settings;
use xieshang::domain::kernel::world::{Bare, World};
use xieshang::domain::people::person::{Role, Scope};
use xieshang::domain::process::channel::Channel;
use xieshang::domain::process::form::{Kind, Step};
use xieshang::domain::scene::{Caller, Ctx, Place, Scene};
use xieshang::domain::vote::absence;
use xieshang::domain::vote::count::verdict;
use xieshang::domain::vote::mandate;
use xieshang::domain::vote::poll::ProxyLine;
use xieshang::domain::vote::poll::Rule;
use xieshang::domain::vote::roll::RollLine;
use xieshang::domain::vote::roll::voters_of;
use xieshang::domain::vote::tally::{Choice, Tally};

const VOTERS: u32 = 12;
const MODERATOR: PersonId = PersonId(100);
const NAMES: [&str; 12] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸", "子", "丑"];

fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2025, 3, 3, 4, 0, 0).unwrap()
}

struct House {
    world: World<'static>,
    settings: Settings,
    seq: u64,
    now: DateTime<Utc>,
}

impl House {
    fn new() -> Self {
        Self::voting_by(Rule::Majority)
    }

    fn voting_by(rule: Rule) -> Self {
        let mut house = Self { world: World::on(&Bare), settings: Settings::default(), seq: 0, now: start() };
        let mut facts: Vec<Event> =
            (1..=VOTERS).map(|n| person(PersonId(n), NAMES[n as usize - 1], &format!("{n}01"))).collect();
        facts.push(person(MODERATOR, "主持", ""));
        facts.push(Event::RoleGranted { person: MODERATOR, role: Role::Moderator, scope: Scope::District });
        facts.push(Event::TopicOrdered {
            topic: TopicNo(1),
            title: "加装电梯".into(),
            body: "".into(),
            proposer: PersonId(1),
            channel: Channel::Private,
            kind: Kind::Bridge,
            town: String::new(),
        });
        let step = if rule.is_of_law() { Step::Voting } else { Step::Talking };
        facts.push(Event::TopicAdvanced { topic: TopicNo(1), to: step, reason: None });
        let line = |n: u32| RollLine {
            room: format!("{n}01"),
            owner: NAMES[n as usize - 1].to_owned(),
            area: u64::from(n) * 1000,
        };
        let lines: Vec<RollLine> = (1..=VOTERS).map(line).collect();
        facts.extend(load_facts(TopicNo(1), &voters_of(&lines).unwrap()));
        house.happen(None, Way::Office, facts);
        let command = Command::OpenPoll {
            topic: Some(TopicNo(1)),
            rule,
            ends: start() + Duration::hours(rule.row().hours.max(1)),
            title: "装不装".to_owned(),
        };
        assert!(house.ask(MODERATOR, Way::Private, None, &command), "the poll opens");
        house
    }

    fn happen(&mut self, by: Option<PersonId>, way: Way, facts: Vec<Event>) {
        self.seq += 1;
        let record = Record { seq: self.seq, at: self.now, by, group: None, way, via: None, key: None, facts };
        evolve(&mut self.world, &record);
    }

    /// Whether the command led to facts.
    fn ask(&mut self, by: PersonId, way: Way, reply: Option<Mark>, command: &Command) -> bool {
        self.hear(by, way, reply, None, command)
    }

    /// The same, said at a moment that the platform tells.
    fn hear(
        &mut self,
        by: PersonId,
        way: Way,
        reply: Option<Mark>,
        said_at: Option<DateTime<Utc>>,
        command: &Command,
    ) -> bool {
        let who = self.world.person(by).expect("known");
        let scene = Scene {
            now: self.now,
            said_at,
            who,
            place: Place::Private,
            way,
            reply,
            quotes: false,
            said: String::new(),
            masked: false,
            caller: Caller::default(),
            dice: None,
        };
        let decided = decide(&Ctx { world: &self.world, settings: &self.settings, scene: &scene }, command);
        match decided {
            Ok(decision) if !decision.facts.is_empty() => {
                self.happen(Some(by), way, decision.facts);
                true
            }
            _ => false,
        }
    }

    fn close(&mut self) -> Tally {
        self.now = self.world.poll(PollNo(1)).unwrap().ends;
        while self.world.poll(PollNo(1)).unwrap().result.is_none() {
            let event = first_due(&self.world, &Settings::default(), self.now, self.now).expect("the poll is due");
            self.happen(None, Way::Clock, event);
        }
        self.world.poll(PollNo(1)).unwrap().result.unwrap().tally
    }
}

#[derive(Debug, Clone, Copy)]
enum Act {
    Own(u32, Choice, bool),
    Proxy(u32, Choice),
}

fn choice() -> impl Strategy<Value = Choice> {
    prop_oneof![Just(Choice::For), Just(Choice::Against), Just(Choice::Abstain)]
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        (1..=VOTERS, choice(), any::<bool>()).prop_map(|(n, choice, press)| Act::Own(n, choice, press)),
        (1..=VOTERS, choice()).prop_map(|(n, choice)| Act::Proxy(n, choice)),
    ]
}

/// What somebody may do beside voting: be away, and let others vote.
#[derive(Debug, Clone, Copy)]
enum More {
    Vote(Act),
    Leave(u32, bool),
    Recuse(u32, bool),
    Return(u32, bool, bool),
    Entrust(u32, u32),
    Revoke(u32),
    CastFor(u32, u32, Choice),
}

fn more() -> impl Strategy<Value = More> {
    let n = || 1..=5_u32;
    prop_oneof![
        3 => act().prop_map(|act| match act {
            Act::Own(n, choice, press) => More::Vote(Act::Own(n % 5 + 1, choice, press)),
            Act::Proxy(n, choice) => More::Vote(Act::Proxy(n % 5 + 1, choice)),
        }),
        1 => (n(), any::<bool>()).prop_map(|(n, own)| More::Leave(n, own)),
        1 => (n(), any::<bool>()).prop_map(|(n, own)| More::Recuse(n, own)),
        1 => (n(), any::<bool>(), any::<bool>()).prop_map(|(n, leave, own)| More::Return(n, leave, own)),
        2 => (n(), n()).prop_map(|(n, to)| More::Entrust(n, to)),
        1 => n().prop_map(More::Revoke),
        2 => (n(), n(), choice()).prop_map(|(n, of, choice)| More::CastFor(n, of, choice)),
    ]
}

/// 停机补收 — what was said in time counts while the poll is not counted yet, whoever casts it; nothing said later does.
#[test]
fn ballots_said_in_time_and_heard_late_count_in_whichever_way_they_are_cast() {
    let mut house = House::voting_by(Rule::Majority);
    assert!(house.ask(PersonId(1), Way::Private, None, &said(More::Entrust(1, 2)).1));
    house.now = start() + Duration::hours(2);
    let (before, after) = (start() + Duration::minutes(59), start() + Duration::minutes(60));
    let own = More::Vote(Act::Own(3, Choice::For, false));
    let paper = More::Vote(Act::Proxy(4, Choice::For));
    for more in [own, paper, More::CastFor(2, 1, Choice::For)] {
        let (by, command) = said(more);
        assert!(!house.hear(by, Way::Private, None, Some(after), &command), "{more:?}");
        assert!(house.hear(by, Way::Private, None, Some(before), &command), "{more:?}");
    }
    assert_eq!(house.close().yes, 3);
}

/// Who put the paper into the box.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Hand {
    Own,
    Paper,
    Trustee,
}

/// A chair as somebody who keeps the minutes would see it.
#[derive(Debug, Clone, Copy, Default)]
struct Chair {
    vote: Option<(Choice, Hand)>,
    on_leave: bool,
    /// By their own word.
    own_leave: bool,
    /// Recused, and whether by their own word.
    recused: Option<bool>,
    trustee: Option<u32>,
}

/// The minutes: what may be done, and what is left of it.
struct Minutes {
    rule: Rule,
    chairs: BTreeMap<u32, Chair>,
}

impl Minutes {
    fn new(rule: Rule) -> Self {
        Self { rule, chairs: (1..=VOTERS).map(|n| (n, Chair::default())).collect() }
    }

    fn may_be_kept_out(&self) -> bool {
        [Rule::Majority, Rule::Council].contains(&self.rule)
    }

    fn may_be_cast_by_others(&self) -> bool {
        [Rule::Majority, Rule::OwnersMajor, Rule::OwnersGeneral, Rule::Unanimous].contains(&self.rule)
    }

    /// Whether it is taken; then the minutes are changed.
    fn take(&mut self, more: More) -> bool {
        let (out, by_others) = (self.may_be_kept_out(), self.may_be_cast_by_others());
        let mut chairs = self.chairs.clone();
        let is_out = |n: u32| out && chairs[&n].recused.is_some();
        let holds =
            |n: u32, but: u32| chairs.iter().filter(|(of, chair)| chair.trustee == Some(n) && **of != but).count();
        let (n, taken, after) = match more {
            More::Vote(Act::Own(n, choice, _)) => {
                let after = Chair { vote: Some((choice, Hand::Own)), on_leave: false, trustee: None, ..chairs[&n] };
                (n, !is_out(n), after)
            }
            More::Vote(Act::Proxy(n, choice)) => {
                let after = Chair { vote: Some((choice, Hand::Paper)), on_leave: false, trustee: None, ..chairs[&n] };
                // What is there already stays; the same paper once more changes nothing.
                let is_same = chairs[&n].vote == Some((choice, Hand::Paper));
                (n, !is_out(n) && (chairs[&n].vote.is_none() || is_same), after)
            }
            More::Leave(n, own) => {
                let chair = chairs[&n];
                let taken = chair.vote.is_none() && chair.recused.is_none() && !chair.on_leave;
                (n, taken, Chair { on_leave: true, own_leave: own, ..chair })
            }
            More::Recuse(n, own) => {
                let chair = chairs[&n];
                let vote = chair.vote.filter(|_| !out);
                // What the moderator entered is not made one's own by saying it again.
                // Of somebody else only before they have voted, and once.
                let is_free = chair.recused.is_none() && chair.vote.is_none();
                let taken = if own { chair.recused != Some(false) } else { out && is_free };
                (n, taken, Chair { vote, on_leave: false, recused: Some(own), ..chair })
            }
            // What people said themselves is theirs to take back.
            More::Return(n, true, own) => {
                let taken = chairs[&n].on_leave && (own || !chairs[&n].own_leave);
                (n, taken, Chair { on_leave: false, ..chairs[&n] })
            }
            More::Return(n, false, own) => {
                let by = chairs[&n].recused;
                (n, by.is_some_and(|said| said == own), Chair { recused: None, ..chairs[&n] })
            }
            More::Entrust(n, to) => {
                let chair = chairs[&n];
                let is_free = n != to && chairs[&to].trustee.is_none() && holds(n, 0) == 0 && holds(to, n) < 2;
                (n, by_others && is_free && chair.vote.is_none(), Chair { trustee: Some(to), ..chair })
            }
            More::Revoke(n) => (n, chairs[&n].trustee.is_some(), Chair { trustee: None, ..chairs[&n] }),
            More::CastFor(n, of, choice) => {
                let chair = chairs[&of];
                let is_theirs = by_others && chair.trustee == Some(n) && !is_out(of);
                let is_free = chair.vote.is_none_or(|(_, hand)| hand == Hand::Trustee);
                let after = Chair { vote: Some((choice, Hand::Trustee)), on_leave: false, ..chair };
                (of, is_theirs && is_free, after)
            }
        };
        if taken {
            chairs.insert(n, after);
            self.chairs = chairs;
        }
        taken
    }

    fn count(&self) -> Tally {
        let mut tally = Tally {
            voters: u64::from(VOTERS),
            area: (1..=u64::from(VOTERS)).map(|n| n * 1000).sum(),
            ..Tally::default()
        };
        for (n, chair) in &self.chairs {
            let area = u64::from(*n) * 1000;
            let (people, sum) = match chair.vote.map(|(choice, _)| choice) {
                Some(Choice::For) => (&mut tally.yes, &mut tally.yes_area),
                Some(Choice::Against) => (&mut tally.no, &mut tally.no_area),
                Some(Choice::Abstain) => (&mut tally.abstain, &mut tally.abstain_area),
                None if chair.on_leave => {
                    tally.leave += 1;
                    continue;
                }
                None if chair.recused.is_some() => {
                    tally.recused += 1;
                    continue;
                }
                None => continue,
            };
            *people += 1;
            *sum += area;
        }
        tally
    }
}

/// The command somebody would send, and who sends it.
fn said(more: More) -> (PersonId, Command) {
    let topic = Some(TopicNo(1));
    let flat = |n: u32| format!("{n}01");
    let by = |n: u32, own: bool| if own { (PersonId(n), String::new()) } else { (MODERATOR, flat(n)) };
    match more {
        More::Vote(Act::Own(n, choice, _)) => (PersonId(n), Command::Ballot { topic, choice }),
        More::Vote(Act::Proxy(n, choice)) => (
            MODERATOR,
            Command::ProxyBallots {
                topic,
                lines: vec![ProxyLine { voter: flat(n), owner: String::new(), choice, reason: String::new() }],
            },
        ),
        More::Leave(n, own) => {
            let (who, name) = by(n, own);
            (who, Command::Absence(absence::Ask::Leave { topic, who: name, withdraw: false }))
        }
        More::Recuse(n, own) => {
            let (who, name) = by(n, own);
            (
                who,
                Command::Absence(absence::Ask::Recuse {
                    topic, text: format!("{name} 有利害关系"), withdraw: false
                }),
            )
        }
        More::Return(n, true, own) => {
            let (who, name) = by(n, own);
            (who, Command::Absence(absence::Ask::Leave { topic, who: name, withdraw: true }))
        }
        More::Return(n, false, own) => {
            let (who, name) = by(n, own);
            (who, Command::Absence(absence::Ask::Recuse { topic, text: name, withdraw: true }))
        }
        More::Entrust(n, to) => {
            let trustee = NAMES[to as usize - 1].to_owned();
            let give = mandate::Ask::Give { topic, principal: String::new(), trustee, written: false };
            (PersonId(n), Command::Mandate(give))
        }
        More::Revoke(n) => (PersonId(n), Command::Mandate(mandate::Ask::Withdraw { topic, principal: String::new() })),
        More::CastFor(n, of, choice) => {
            (PersonId(n), Command::Mandate(mandate::Ask::Cast { topic, principal: flat(of), choice }))
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn leave_recusal_and_mandates_are_what_the_minutes_say(
        rule in prop_oneof![Just(Rule::Majority), Just(Rule::Council), Just(Rule::OwnersMajor), Just(Rule::Residents)],
        all in proptest::collection::vec(more(), 0..60),
    ) {
        let mut house = House::voting_by(rule);
        let mut minutes = Minutes::new(rule);
        for more in all {
            let (by, command) = said(more);
            let taken = house.ask(by, Way::Private, None, &command);
            prop_assert_eq!(taken, minutes.take(more), "{:?} {:?}", rule, more);
            let votes = minutes.chairs.values().filter(|chair| chair.vote.is_some()).count() as u64;
            prop_assert_eq!(house.world.turnout(PollNo(1)).cast, votes);
        }
        let tally = house.close();
        prop_assert_eq!(tally, minutes.count());
        prop_assert!(tally.cast() + tally.leave + tally.recused <= tally.voters);
        let passed = house.world.poll(PollNo(1)).unwrap().result.unwrap().passed;
        prop_assert_eq!(passed, by_hand(rule, &tally));
        // 请假 and 委托 were for this vote; 回避 is of the matter.
        let left = house.world.absences(TopicNo(1));
        prop_assert!(left.iter().all(|absence| absence.kind == absence::Kind::Recusal));
        prop_assert_eq!(left.len(), minutes.chairs.values().filter(|chair| chair.recused.is_some()).count());
        prop_assert!((1..=VOTERS).all(|n| house.world.mandates_of(TopicNo(1), PersonId(n)).is_empty()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_ballots_is_counted_as_a_list_of_people_would(acts in proptest::collection::vec(act(), 0..60)) {
        let mut house = House::new();
        // voter → (choice, own ballot?)
        let mut model: BTreeMap<u32, (Choice, bool)> = BTreeMap::new();
        for act in acts {
            match act {
                Act::Own(n, choice, press) => {
                    let way = if press { Way::Press } else { Way::Private };
                    let command = Command::Ballot { topic: Some(TopicNo(1)), choice };
                    prop_assert!(house.ask(PersonId(n), way, None, &command));
                    model.insert(n, (choice, true));
                }
                Act::Proxy(n, choice) => {
                    let lines = vec![ProxyLine { voter: format!("{n}01"), owner: String::new(), choice, reason: String::new() }];
                    let taken = house.ask(MODERATOR, Way::Private, None, &Command::ProxyBallots { topic: Some(TopicNo(1)), lines });
                    let may = model.get(&n).is_none_or(|known| *known == (choice, false));
                    prop_assert_eq!(taken, may, "what is entered from paper never overrides a ballot that is in");
                    if may {
                        model.insert(n, (choice, false));
                    }
                }
            }
            let turnout = house.world.turnout(PollNo(1));
            prop_assert_eq!(turnout.cast, model.len() as u64);
            prop_assert_eq!(turnout.area, model.keys().map(|n| u64::from(*n) * 1000).sum::<u64>());
        }
        let tally = house.close();
        let people = |wanted| model.values().filter(|(choice, _)| *choice == wanted).count() as u64;
        let area = |wanted| model.iter().filter(|(_, (choice, _))| *choice == wanted).map(|(n, _)| u64::from(*n) * 1000).sum::<u64>();
        prop_assert_eq!((tally.yes, tally.no, tally.abstain), (people(Choice::For), people(Choice::Against), people(Choice::Abstain)));
        prop_assert_eq!((tally.yes_area, tally.no_area, tally.abstain_area), (area(Choice::For), area(Choice::Against), area(Choice::Abstain)));
        prop_assert!(tally.cast() <= tally.voters && tally.voters == u64::from(VOTERS));
        // 应到 = 赞成 + 反对 + 弃权 + 未表决
        prop_assert_eq!(tally.voters, tally.yes + tally.no + tally.abstain + (u64::from(VOTERS) - model.len() as u64));
        // Nothing after the deadline changes anything.
        house.ask(PersonId(1), Way::Press, None, &Command::Ballot { topic: Some(TopicNo(1)), choice: Choice::Against });
        prop_assert_eq!(house.world.poll(PollNo(1)).unwrap().result.unwrap().tally, tally);
        prop_assert_eq!(house.world.turnout(PollNo(1)).cast, model.len() as u64);
    }

    #[test]
    fn every_rule_agrees_with_a_count_by_hand(numbers in proptest::array::uniform8(0_u64..40), away in (0_u64..12, 0_u64..12)) {
        let [voters, area, yes, yes_area, no, no_area, abstain, abstain_area] = numbers;
        let tally = Tally { voters, area, yes, yes_area, no, no_area, abstain, abstain_area, leave: away.0, recused: away.1, veil: None };
        for rule in Rule::ALL {
            prop_assert_eq!(verdict(rule, &tally).passed(), by_hand(rule, &tally), "{:?} {:?}", rule, tally);
        }
    }
}

/// So many copies of a number laid end to end.
fn copies(n: u64, of: u64) -> u64 {
    (0..n).map(|_| of).sum()
}

/// The rules read aloud from the law, with sums instead of products: “two thirds of N” is “three of these reach two of those”.
fn by_hand(rule: Rule, t: &Tally) -> Option<bool> {
    let n: u64 = [t.yes, t.no, t.abstain].iter().sum();
    let a: u64 = [t.yes_area, t.no_area, t.abstain_area].iter().sum();
    // Those who are due are called one by one: who is on leave or recused does not answer, and is not asked.
    let due = (0..t.voters).skip((t.leave + t.recused) as usize).count() as u64;
    let two_thirds = |part, whole| whole > 0 && copies(3, part) >= copies(2, whole);
    let three_quarters = |part, whole| whole > 0 && copies(4, part) >= copies(3, whole);
    let over_half = |part: u64, whole: u64| part > whole.saturating_sub(part) || (part > whole);
    Some(match rule {
        Rule::OwnersMajor => {
            two_thirds(n, t.voters)
                && two_thirds(a, t.area)
                && three_quarters(t.yes, n)
                && three_quarters(t.yes_area, a)
        }
        Rule::OwnersGeneral => {
            two_thirds(n, t.voters) && two_thirds(a, t.area) && over_half(t.yes, n) && over_half(t.yes_area, a)
        }
        Rule::Residents | Rule::Villagers => over_half(n, t.voters) && over_half(t.yes, n),
        Rule::Delegates | Rule::VillagersHouseholds | Rule::VillagersGroup => {
            two_thirds(n, t.voters) && over_half(t.yes, n)
        }
        Rule::Council => two_thirds(n, due) && over_half(t.yes, n),
        Rule::Majority => n >= 3 && over_half(t.yes, n),
        Rule::Unanimous => t.voters > 0 && n == t.voters && t.no == 0 && t.abstain == 0,
        Rule::Straw => return None,
    })
}
