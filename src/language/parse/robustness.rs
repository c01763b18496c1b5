//! 任何输入 — whatever is typed, pasted or sent by a machine: no panic, no brace, no change to the words.

use super::*;
use crate::domain::kernel::ids::{GatheringNo, SuggestionRef, TopicNo};
use crate::language::clean::clean;
use crate::language::render::{Site, render};
use crate::language::{Lang, read_mark, time};
use chrono::TimeZone;
use chrono_tz::Asia::Shanghai;
use proptest::prelude::*;

fn scenes() -> Vec<Hearing> {
    let sug = Mark::Suggestion(SuggestionRef { topic: TopicNo(1), n: 3 });
    let poll = Mark::Poll { topic: TopicNo(1), ends: None };
    let marks = [None, Some(sug), Some(poll), Some(Mark::Gathering(GatheringNo(1))), Some(Mark::Topic(TopicNo(1)))];
    let mut all = Vec::new();
    for reply in marks {
        for private in [false, true] {
            all.push(Hearing {
                private,
                replied_to_bot: reply.is_some(),
                replied_to_person: false,
                reply: reply.clone(),
                bot_names: vec!["hao_bot".to_owned(), "协商".to_owned(), String::new()],
                now: Shanghai.with_ymd_and_hms(2025, 3, 3, 10, 0, 0).unwrap().with_timezone(&Utc),
                tz: Shanghai,
            });
        }
    }
    all
}

fn survives(text: &str) {
    let catalog = Catalog::builtin().unwrap();
    for scene in scenes() {
        let Parsed::Heard(heard) = parse(catalog, text, &scene) else { continue };
        match heard.command {
            Ok(Command::Suggest { text: said, .. } | Command::TopicNew { text: said, .. }) => {
                assert!(text.contains(&said))
            }
            Ok(_) => assert!(heard.entry.is_some()),
            Err(say) => {
                for lang in [Lang::Zh, Lang::En] {
                    let rendered = render(catalog, &say, lang, &Site { public_url: None, tz: Shanghai });
                    assert_eq!(rendered.faults, Vec::<String>::new());
                    assert!(!rendered.text.is_empty());
                }
            }
        }
    }
    let _ = read_mark(text);
    let now = scenes()[0].now;
    let now = time::Now { at: now, tz: Shanghai, english: false };
    let _ =
        (time::deadline(text, &now), time::moment(text, &now), time::term(text, &now), time::sitting(text, 0, &now));
    let _ = (time::day(text, &now), time::time_of_day(text), time::every(text, 0), time::period(text, &now));
    let cleaned = clean(text);
    assert!(!cleaned.contains(['\u{202E}', '\u{200B}', '\u{0007}', '\r']));
    assert_eq!(clean(&cleaned), cleaned);
}

/// A real sentence with some characters put in, taken out or changed.
fn mutated() -> impl Strategy<Value = String> {
    let catalog = Catalog::builtin().unwrap();
    let mut seeds: Vec<String> = Vec::new();
    for entry in catalog.entries() {
        seeds.extend([entry.example.zh.clone(), entry.example.en.clone()]);
        seeds.extend(entry.examples.iter().map(|example| example.text.clone()));
    }
    let piece = prop_oneof![
        any::<char>().prop_map(String::from),
        prop::sample::select(vec![
            " ",
            "　",
            "\n",
            "：",
            "；",
            "，",
            "1",
            "9999999999",
            "号",
            "【",
            "】",
            "-",
            "/",
            "@",
            "#",
            "赞成",
            "3天",
            "24:00",
            "\u{200D}",
            "\u{FE0F}",
            "2月30日",
            "十",
            "=",
            "W",
            "{no}",
            "99999个月",
        ])
        .prop_map(str::to_owned),
    ];
    (prop::sample::select(seeds), prop::collection::vec((any::<prop::sample::Index>(), 0..3_u8, piece), 0..6)).prop_map(
        |(seed, edits)| {
            let mut chars: Vec<char> = seed.chars().collect();
            for (at, kind, piece) in edits {
                let at = at.index(chars.len() + 1);
                if kind > 0 && at < chars.len() {
                    chars.remove(at);
                }
                if kind < 2 {
                    chars.splice(at..at, piece.chars());
                }
            }
            chars.into_iter().collect()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn anything_may_be_said(text in any::<String>()) {
        survives(&text);
    }

    #[test]
    fn real_commands_may_be_mangled(text in mutated()) {
        survives(&text);
    }

    #[test]
    fn talk_is_left_alone(text in "[\\p{Han}a-z0-9，。！？ ]{4,40}") {
        let catalog = Catalog::builtin().unwrap();
        prop_assert!(matches!(parse(catalog, &text, &scenes()[0]), Parsed::Silent));
    }
}

#[test]
fn the_longest_message_is_read_quickly() {
    for text in [
        "1".repeat(64_000),
        "/代投 1 ".to_owned() + &"201 赞成；".repeat(5_000),
        "/建义".repeat(8_000),
        "/名册 1\n".to_owned() + &"；".repeat(20_000),
    ] {
        survives(&text);
    }
}
