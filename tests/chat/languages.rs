//! 双语 — everything the bot, the digests and the pages say, in Chinese and in English: each keeps to itself, in its own punctuation, and
//! no longer than people read on a telephone.

use chrono::{TimeZone, Utc};
use chrono_tz::Asia::Shanghai;
use regex::Regex;
use std::path::Path;
use xieshang::domain::kernel::say::{Say, Value};
use xieshang::language::catalog::{Catalog, Lang, braces};
use xieshang::language::{Site, render};

/// Latin in Chinese texts, and why: numbers people see (W1), classes of answers, votes of a platform, what a file or page is called.
const LATIN: [(&str, &str); 16] = [
    ("W", "受理号 W1"),
    ("A", "答复类别"),
    ("B", "答复类别"),
    ("C", "答复类别"),
    ("D", "答复类别"),
    ("Telegram", "平台的名称"),
    ("committee.admins", "配置文件里的一项"),
    ("CSV", "表格的格式"),
    ("Excel", "做表的程序"),
    ("WPS", "做表的程序"),
    ("PDF", "文件的格式"),
    ("xlsx", "文件名的后缀"),
    ("csv", "文件名的后缀"),
    ("txt", "文件名的后缀"),
    ("MB", "文件的大小"),
    ("N", "第N期、多选N：数字的位置"),
];

/// Chinese in English texts, and why.
const HAN: [(&str, &str); 3] = [
    ("中文", "the link to the Chinese page is for those who read Chinese"),
    ("【", "the head of a digest looks the same in both languages"),
    ("】", "the head of a digest looks the same in both languages"),
];

/// Replies that may have more than five lines: cards, polls and help (commands.md), what is asked for as a list, and greetings.
const LONG: [&str; 11] =
    ["card", "help", "me", "poll", "claim", "digest", "list", "stats", "yearplan", "brief", "duty"];

fn catalog() -> &'static Catalog {
    Catalog::builtin().expect("commands/ is in order")
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{2FDF}' | '\u{3040}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}')
}

/// 汉字、全角标点、全角字母.
fn is_chinese(c: char) -> bool {
    is_han(c) || matches!(c, '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FFEF}' | '“' | '”' | '‘' | '’')
}

/// A reply with every brace filled by what stands there: people's words in the language of the reader, numbers and dates as such.
fn filled(key: &str, template: &str, lang: Lang) -> Say {
    let at = Shanghai.with_ymd_and_hms(2025, 3, 30, 20, 0, 0).unwrap();
    let word = if lang == Lang::Zh { "某某" } else { "so-and-so" };
    let mut say = Say::new(key);
    for name in braces(template) {
        say = match name {
            "no" | "a" | "b" | "c" | "n" | "N" | "t" | "v" | "y" | "no_n" | "ab" | "k" | "i" | "max" | "days" => {
                say.with(name, 1_u32)
            }
            "end" | "at" | "from" | "until" | "opens" | "since" => {
                say.with(name, Value::Moment(at.with_timezone(&Utc)))
            }
            "due" | "d1" | "d2" | "date" => say.with(name, at.date_naive()),
            "time" => say.with(name, at.time()),
            "url" => say.with(name, Value::Link("t/1".to_owned())),
            "w" => say.with(name, "W1"),
            "ref" | "refs" => say.with(name, "1-3"),
            "five" => say.with(name, Value::Sides(0b10101)),
            "yp" | "p" => say.with(name, Value::Percent { num: 1, den: 3, decimals: 1 }),
            _ => say.with(name, word),
        };
    }
    say
}

fn words(say: &Say, lang: Lang) -> String {
    let site = Site { public_url: Some("https://1.2.3.4".to_owned()), tz: Shanghai };
    let rendered = render(catalog(), say, lang, &site);
    assert_eq!(rendered.faults, Vec::<String>::new(), "{}", say.key);
    [rendered.text, rendered.buttons.join("\n")].join("\n").trim_end().to_owned()
}

/// Latin letters in a Chinese text that no reason is given for.
fn strange_latin(text: &str) -> Vec<String> {
    let address = Regex::new(r"https?://[^\s　]*").unwrap();
    let text = address.replace_all(text, "");
    let latin = Regex::new(r"[A-Za-z][A-Za-z.]*[A-Za-z]|[A-Za-z]").unwrap();
    let known = |word: &str| LATIN.iter().any(|(known, _)| *known == word);
    latin.find_iter(&text).map(|word| word.as_str().to_owned()).filter(|word| !known(word)).collect()
}

/// Half-width punctuation right beside 汉字.
fn half_width(text: &str) -> Vec<String> {
    let beside = Regex::new(r"[\p{Han}”）】][,;:?!()]|[,;?!()][\p{Han}“（【]|[\p{Han}”）】]\.(?:\s|$)").unwrap();
    beside.find_iter(text).map(|found| found.as_str().to_owned()).collect()
}

#[test]
fn chinese_replies_are_chinese_throughout() {
    let mut wrong = Vec::new();
    for (key, reply) in catalog().replies() {
        // Lines of a table stand as they are copied.
        if matches!(key, "help.cmd" | "roll.example") {
            continue;
        }
        let text = words(&filled(key, &reply.zh, Lang::Zh), Lang::Zh);
        let (latin, half) = (strange_latin(&text), half_width(&text));
        if !latin.is_empty() || !half.is_empty() {
            wrong.push(format!("{key}: {latin:?} {half:?} in: {text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn english_replies_are_english_throughout() {
    let mut wrong = Vec::new();
    for (key, reply) in catalog().replies() {
        if key == "help.cmd" {
            continue;
        }
        let text = words(&filled(key, &reply.zh, Lang::En), Lang::En);
        if text.chars().any(is_chinese) {
            wrong.push(format!("{key}: {text}"));
        }
        let is_rich = key == "none" || text.chars().any(|c| c.is_ascii_alphanumeric());
        assert!(is_rich, "{key} says nothing in English: {text}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn terms_usages_and_helps_keep_to_their_language() {
    let mut wrong = Vec::new();
    let terms = catalog().terms().map(|(key, word)| (key.to_owned(), word.zh.clone(), word.en.clone()));
    let entries = catalog().entries().iter().flat_map(|entry| {
        let key = entry.key().to_owned();
        let mut all = vec![
            (format!("usage of {key}"), entry.usage.zh.clone(), entry.usage.en.clone()),
            (format!("what of {key}"), entry.what.zh.clone(), entry.what.en.clone()),
            (format!("example of {key}"), entry.example.zh.clone(), entry.example.en.clone()),
        ];
        all.extend(entry.help.iter().map(|line| (format!("help of {key}"), line.zh.clone(), line.en.clone())));
        all
    });
    let brace = Regex::new(r"\{\w+\}").unwrap();
    for (key, zh, en) in terms.chain(entries) {
        let half = if key.contains("ex.") || key.contains(" of ") { Vec::new() } else { half_width(&zh) };
        let latin = strange_latin(&brace.replace_all(&zh, ""));
        if !latin.is_empty() || !half.is_empty() {
            wrong.push(format!("{key}: {latin:?} {half:?} in: {zh}"));
        }
        if en.chars().any(is_chinese) {
            wrong.push(format!("{key}: {en}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_reply_is_longer_than_people_read() {
    let mut wrong = Vec::new();
    for (key, reply) in catalog().replies() {
        let first = key.split('.').next().unwrap_or_default();
        let may = if LONG.contains(&first) { 8 } else { 5 };
        for (text, lang) in [(&reply.zh, "zh"), (&reply.en, "en")] {
            if text.lines().count() > may {
                wrong.push(format!("{key} has {} lines in {lang}, at most {may}", text.lines().count()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a template says outside its code: the text around the tags, and the words in quotes inside them.
fn said(template: &str) -> Vec<String> {
    let without_notes = Regex::new(r"(?s)\{#.*?#\}").unwrap().replace_all(template, "").into_owned();
    let tag = Regex::new(r"(?s)\{[%{].*?[%}]\}|<[^>]*>").unwrap();
    let quoted = Regex::new(r#""([^"]*)""#).unwrap();
    // What is asked of by its name (a step, a word of the list) is no text.
    let by_name = Regex::new(r#"term\([^)]*\)|\w+ [=!]= "[^"]*"|"[\w.-]*"\s*[:\]]|import[^%]*"#).unwrap();
    let mut found: Vec<String> = tag.split(&without_notes).map(|text| text.trim().to_owned()).collect();
    for code in tag.find_iter(&without_notes).filter(|tag| tag.as_str().starts_with('{')) {
        let code = by_name.replace_all(code.as_str(), "").into_owned();
        found.extend(quoted.captures_iter(&code).map(|captures| captures[1].to_owned()));
    }
    found.retain(|text| !text.is_empty());
    found
}

#[test]
fn templates_of_digests_and_pages_keep_to_their_language() {
    let mut wrong = Vec::new();
    let mut templates = 0;
    let code = Regex::new(r"^[\w./:#=,()-]*$").unwrap();
    for dir in ["commands/digest", "commands/pages"] {
        for item in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(dir)).unwrap() {
            let path = item.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if !name.ends_with(".j2") {
                continue;
            }
            templates += 1;
            for text in said(&std::fs::read_to_string(&path).unwrap()) {
                let has_han = text.chars().any(is_han);
                let is_code = !has_han && code.is_match(&text);
                let bad = match () {
                    // Pages take their words from words.*.j2.
                    () if name.ends_with(".html.j2") => text.chars().any(is_chinese),
                    () if name.contains(".en.") => {
                        text.chars().any(is_chinese) && !HAN.iter().any(|(known, _)| text == *known)
                    }
                    () => !is_code && (!strange_latin(&text).is_empty() || !half_width(&text).is_empty()),
                };
                if bad {
                    wrong.push(format!("{name}: {text}"));
                }
            }
        }
    }
    assert!(templates >= 12, "only {templates} templates");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
