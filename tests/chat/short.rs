//! 短话 — tables of what people write in votes of every kind, and what it is: a choice, asked back, or talk; and what no text may be.

use proptest::prelude::*;
use xieshang::domain::kernel::ids::TopicNo;
use xieshang::domain::vote::poll::filling::{Called, Meant, Picked};
use xieshang::domain::vote::poll::terms::{Method, Terms};
use xieshang::language::{Catalog, short};

const TABLES: [(&str, &str); 8] = [
    ("yes_no", include_str!("short/yes_no.txt")),
    ("reasons", include_str!("short/reasons.txt")),
    ("english", include_str!("short/english.txt")),
    ("single", include_str!("short/single.txt")),
    ("several", include_str!("short/several.txt")),
    ("ranked", include_str!("short/ranked.txt")),
    ("budget", include_str!("short/budget.txt")),
    ("named", include_str!("short/named.txt")),
];

/// Rows there must be at least: fewer would be a table that was not found.
const ROWS: usize = 400;

/// “vote multiple=2 topic=3 flat=601 name=张桂英 ｜楼道灯｜下水”.
fn vote(line: &str) -> Called {
    let mut parts = line.split('｜');
    let head = parts.next().unwrap_or_default();
    let mut called = Called { terms: Terms::default(), ..Called::default() };
    called.terms.options = parts.map(|option| option.trim().into()).collect();
    for word in head.split_whitespace().skip(1) {
        let (key, value) = word.split_once('=').unwrap_or((word, ""));
        let number = || value.parse().unwrap();
        match key {
            "yes_no" => {}
            "single" => called.terms.method = Some(Method::Single),
            "multiple" => called.terms.method = Some(Method::Multiple(value.parse().unwrap())),
            "ranked" => called.terms.method = Some(Method::Ranked),
            "budget" => called.terms.method = Some(Method::Budget(number())),
            "topic" => called.topic = Some(TopicNo(number())),
            "reasons" => called.terms.reasons = true,
            "title" => called.title = value.to_owned(),
            "flat" => called.flats.push(value.to_owned()),
            "name" => called.names.push(value.to_owned()),
            other => panic!("{other}"),
        }
    }
    called
}

fn read(text: &str, called: &Called) -> Meant {
    short::read(Catalog::builtin().unwrap(), text, called)
}

/// As the tables write it.
fn shown(meant: &Meant, called: &Called) -> String {
    match meant {
        Meant::Doubt(_) => "问".to_owned(),
        Meant::Nothing => "话".to_owned(),
        Meant::Choice { picked: Picked::One(choice), reason, .. } => {
            let number = 1 + xieshang::domain::vote::tally::Choice::ALL.iter().position(|one| one == choice).unwrap();
            let name = Catalog::builtin().unwrap().term(choice.term()).unwrap().zh.clone();
            match (called.terms.method, called.terms.reasons, reason.is_empty()) {
                (Some(_), ..) => format!("{number}={name}"),
                (None, true, false) => format!("{number}/{reason}"),
                (None, ..) => number.to_string(),
            }
        }
        Meant::Choice { picked: Picked::Marks(marks), .. } => {
            marks.words(called.terms.method.unwrap()).as_str().trim_start_matches('#').to_owned()
        }
    }
}

#[test]
fn what_people_write_is_a_choice_or_asked_back_or_talk() {
    let (mut rows, mut wrong) = (0, Vec::new());
    for (name, table) in TABLES {
        let mut called = Called::default();
        for line in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if line.starts_with("vote ") {
                called = vote(line);
                continue;
            }
            let (text, want) = line.split_once('\t').unwrap_or_else(|| panic!("{name}: {line}"));
            rows += 1;
            let meant = read(text, &called);
            let got = shown(&meant, &called);
            if got != want {
                wrong.push(format!("{name}: {text} → {got}, not {want}: {meant:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {rows}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(rows >= ROWS, "{rows}");
}

fn one_of(all: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    proptest::sample::select(all)
}

const FOR: &[&str] = &["赞成", "同意", "支持", "赞成票", "1", "1 赞成", "第一个", "①", "一"];
const AGAINST: &[&str] = &["反对", "不同意", "不赞成", "反对票", "2", "2 反对", "第二个", "②", "二"];
const ABSTAIN: &[&str] = &["弃权", "弃权票", "3", "3 弃权", "第三个", "③", "三"];
const BETWEEN: &[&str] = &["", " ", "，", "。", "、", "！", "/", "或", "还是", "和", "，不，", "\n", "👍"];
const BEFORE: &[&str] = &["", "我", "我投", "601 ", "601", "张桂英：", "好的，", "@", "【1号】", "选", "我家 "];
const BEHIND: &[&str] = &["", "。", "！", "吧", "，谢谢", "，方便老人", " 601", "[强]", "🎉", "了"];
const SPOILS: &[&str] =
    &["？", "?", "吗", "吗？", "，如果便宜", "，要是不出钱", "的话", "，只要不挡光", "呢", "，除非换地方", "，对不对"];
const DENIES: &[&str] = &["不", "没", "别", "不是", "没说", "不能", "不想", "从不", "不太", "并非"];

fn yes_no() -> Called {
    vote("vote yes_no topic=1 flat=601 name=张桂英")
}

fn single() -> Called {
    vote("vote single topic=1 flat=601 name=张桂英｜楼道灯｜下水｜车棚")
}

fn is_ballot(text: &str, called: &Called) -> bool {
    matches!(read(text, called), Meant::Choice { .. })
}

/// Names of an option of the poll with options.
const FIRST: &[&str] = &["1", "甲", "A", "①", "一", "第一个", "楼道灯", "1. 楼道灯", "选1"];
const SECOND: &[&str] = &["2", "乙", "B", "②", "二", "第二个", "下水", "2. 下水", "选2"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn two_choices_are_no_ballot(
        (one, other) in prop_oneof![
            (one_of(FOR), one_of(AGAINST)), (one_of(AGAINST), one_of(FOR)), (one_of(FOR), one_of(ABSTAIN)),
            (one_of(ABSTAIN), one_of(AGAINST)),
        ],
        before in one_of(BEFORE), between in one_of(BETWEEN), behind in one_of(BEHIND),
    ) {
        let text = format!("{before}{one}{between}{other}{behind}");
        prop_assert!(!is_ballot(&text, &yes_no()), "{text}: {:?}", read(&text, &yes_no()));
    }

    #[test]
    fn a_question_a_condition_and_a_no_are_no_ballot(
        choice in prop_oneof![one_of(FOR), one_of(AGAINST), one_of(ABSTAIN)],
        option in one_of(FIRST),
        before in one_of(BEFORE), behind in one_of(BEHIND), spoils in one_of(SPOILS), denies in one_of(DENIES),
        is_in_front in any::<bool>(),
    ) {
        for (choice, called) in [(choice, yes_no()), (option, single())] {
            let asked = match is_in_front {
                true => format!("{spoils}{before}{choice}{behind}"),
                false => format!("{before}{choice}{behind}{spoils}"),
            };
            prop_assert!(!is_ballot(&asked, &called), "{asked}: {:?}", read(&asked, &called));
            // 不同意, 不赞成 are choices themselves.
            let denied = format!("{before}{denies}{choice}{behind}");
            let is_choice = denies.ends_with('不') && ["赞成", "同意", "支持"].iter().any(|word| choice.starts_with(word));
            prop_assert!(is_choice || !is_ballot(&denied, &called), "{denied}: {:?}", read(&denied, &called));
        }
    }

    #[test]
    fn two_options_are_no_ballot_for_one(
        one in one_of(FIRST), other in one_of(SECOND), before in one_of(BEFORE), between in one_of(BETWEEN),
        behind in one_of(BEHIND),
    ) {
        let text = format!("{before}{one}{between}{other}{behind}");
        // “112” and “A1” are another option, or none.
        let is_glued = between.is_empty() && one.chars().all(|c| c.is_ascii_alphanumeric());
        prop_assert!(is_glued || !is_ballot(&text, &single()), "{text}: {:?}", read(&text, &single()));
    }

    #[test]
    fn a_choice_with_what_people_put_around_it_is_that_choice(
        word in one_of(&["赞成", "同意", "1", "1 赞成", "第一个"]), before in one_of(BEFORE), behind in one_of(BEHIND),
    ) {
        let text = format!("{before}{word}{behind}");
        let is_first = matches!(
            read(&text, &yes_no()),
            Meant::Choice { picked: Picked::One(xieshang::domain::vote::tally::Choice::For), .. }
        );
        let is_other_number = before.ends_with("601") && word.starts_with('1');
        prop_assert!(is_first || is_other_number, "{text}: {:?}", read(&text, &yes_no()));
    }

    #[test]
    fn nothing_that_is_written_stops_the_reader(text in "\\PC{0,60}") {
        for called in [yes_no(), single(), vote("vote budget=10 topic=1｜楼道灯｜下水"), Called::default()] {
            read(&text, &called);
        }
    }
}
