//! 不变量 — what always holds (the numbers are those of the design), shown through the library with a clock of its own.
//!
//! Elsewhere: no ballot is lost under kill -9 (`tests/crash`: `kills`), under power cuts (`power_cut`); one clock and one process
//! table (`tidy`); every figure from one function (`digest`); every story rebuilt at its end (`stories`).
//!
//! The ten of the domain (model.md §5), and what checks each after every step of any sequence (`process`):
//!
//! | | what always holds | checked by |
//! |---|---|---|
//! | 1 | numbers only grow; the ledger gives the same store, key by key | `numbers_only_grow`, `Town::restart`; here `invariant_1_…` |
//! | 2 | one ballot a household, never more than there are | `ballots_are_one_each`; `counting` |
//! | 3 | no ballot after the deadline; a result never changes | `ballots_are_one_each`, `Town::check` |
//! | 4 | a notice ends at 24:00 of its last day, and nothing goes on before | `notice_has_its_days`, `moved_by_the_table`; story `negative_02` |
//! | 5 | every objection is answered before experts review | `objections_are_answered`; story `negative_01` |
//! | 6 | closed: no task is open, the outcome is written down | `closed_is_done` |
//! | 7 | the same delivery counts once | `Town::again`; here `invariant_2_…` |
//! | 8 | no telephone number anywhere, no private choice in a group | `Town::letters`, `nothing_that_must_not_be_kept_is_kept`; here `invariant_7_…` |
//! | 9 | text is kept as it was said | here `invariant_8_…` |
//! | 10 | one digest a group and day; its sums are those of the ledger | `Town::letters`; `digest` |
mod busy;
mod pace;
mod personal;
mod process;

use crate::support::folder::Folder;
use chrono::{DateTime, Duration, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use regex::Regex;
use serde_json::Value;
use std::path::Path;
use std::sync::{Arc, Mutex};
use xieshang::bot::fixtures::{self, Fixtures};
use xieshang::bot::letters::{LetterId, Outgoing};
use xieshang::bot::office::{Committed, Fatal, Job, Office};
use xieshang::bot::post::Post;
use xieshang::bot::replay::{self, Act, Line, Stage};
use xieshang::bot::{inbox, start};
use xieshang::domain::kernel::settings::Settings;
use xieshang::domain::kernel::world::World;
use xieshang::language::Catalog;
use xieshang::ledger::FileLedger;
use xieshang::ledger::simulated_disk::SimDisk;
use xieshang::platform::{
    About, Capabilities, Incoming, Letter, Pace, Place, Platform, Quote, Receipt, Refused, Said, SendError, Sender,
    SenderKind,
};
use xieshang::state::State;

const STORY: &str = include_str!("../stories/acceptance.jsonl");
const PEOPLE: &str = include_str!("../stories/acceptance.fixtures.json");
/// The lines of the story; at 34 its straw poll is open and ten of eleven have voted.
const UNTIL: u32 = 73;
const OPEN: u32 = 34;

fn people() -> Fixtures {
    fixtures::read(PEOPLE).unwrap()
}

fn settings() -> Arc<Settings> {
    Arc::new(Settings::default())
}

fn lines(until: u32) -> Vec<Line> {
    let mut lines = replay::read(STORY).unwrap();
    lines.retain(|line| line.n <= until);
    lines
}

fn play(data: &Path, story: &[Line]) -> Stage {
    let catalog = Catalog::builtin().unwrap();
    replay::play(data, &people(), story, Settings::default(), catalog, &mut |_| {})
        .unwrap_or_else(|error| panic!("{error}"))
}

fn open(data: &Path, now: DateTime<Utc>) -> start::Started {
    start::open(data, settings(), Catalog::builtin().unwrap(), now).unwrap()
}

fn now() -> DateTime<Utc> {
    lines(OPEN).last().unwrap().at + Duration::minutes(30)
}

fn from(who: &str, key: &str, said: Said, group: Option<&str>, at: DateTime<Utc>) -> Incoming {
    let private = format!("local:pm:{who}");
    let place = match group {
        Some(group) => Place::Group { chat: format!("local:{group}"), name: group.to_owned(), thread: None },
        None => Place::Private { chat: private.clone() },
    };
    let sender = Sender {
        account: format!("local:{who}"),
        name: who.to_owned(),
        name_is_proof: true,
        kind: SenderKind::Person,
        private_chat: Some(private),
    };
    let said_at = matches!(said, Said::Text { .. }).then_some(at);
    Incoming { key: key.to_owned(), place, from: sender, said_at, said }
}

fn text(words: &str) -> Said {
    Said::Text { text: words.to_owned(), reply: None, edit: None }
}

fn heard(office: &mut Office, incoming: Incoming, at: DateTime<Utc>) -> Committed {
    office.commit(&[Job::Heard(incoming)], at).unwrap()
}

/// The ledger's records on disk, commitments blotted out.
fn chain(data: &Path) -> Vec<String> {
    let blot = Regex::new("\"[0-9a-f]{64}\"").unwrap();
    let text = std::fs::read_to_string(data.join("ledger/ledger.jsonl")).unwrap();
    let records = text.lines().filter(|line| line.starts_with("{\"seq\""));
    records.map(|line| blot.replace_all(line, "\"-\"").into_owned()).collect()
}

fn vault(data: &Path) -> String {
    std::fs::read_to_string(data.join("ledger/vault/000001.jsonl")).unwrap()
}

#[test]
fn invariant_1_a_rebuild_after_any_line_gives_the_same_state_key_by_key() {
    // A line that goes on in the next one is told with it.
    let goes_on = |line: &Line| lines(UNTIL).iter().any(|next| next.n == line.n + 1 && next.act == Act::Expect);
    for until in lines(UNTIL).iter().filter(|line| !goes_on(line)).map(|line| line.n) {
        let folder = Folder::new(&format!("prefix-{until}"));
        let story = lines(until);
        let stage = play(&folder.0, &story);
        let before = stage.started.office.state().derived();
        let sent = stage.sent.clone();
        drop(stage);
        State::clear(&folder.0.join("state")).unwrap();
        let rebuilt = open(&folder.0, story.last().unwrap().at);
        assert!(rebuilt.rebuilt);
        let after = rebuilt.office.state().derived();
        assert_eq!(before.len(), after.len(), "after line {until}");
        for (one, other) in before.iter().zip(&after) {
            assert_eq!(one, other, "after line {until}");
        }
        // 11: what was sent is not sent again.
        let now = story.last().unwrap().at;
        let due = rebuilt.letters.iter().filter(|letter| letter.not_before.is_none_or(|at| at <= now));
        for letter in due {
            let letter = &letter.letter;
            let said = sent.iter().any(|one| letter.chat.ends_with(&one.to) && one.text == letter.text);
            assert!(!said, "after line {until} a rebuild would say again: {letter:?}");
        }
    }
}

#[test]
fn invariant_11_a_story_rebuilt_after_every_line_says_not_one_word_more() {
    let plain = Folder::new("plain");
    let wanted = play(&plain.0, &lines(UNTIL)).sent;
    let folder = Folder::new("interrupted");
    let mut story: Vec<Line> = Vec::new();
    for line in lines(UNTIL) {
        // What a line lists under `expect` belongs to the line before it.
        let restart = Line {
            n: 1_000 + line.n,
            act: Act::Restart,
            text: Some("rebuild".to_owned()),
            expect: vec![],
            silent: false,
            file: None,
            reply_to: None,
            form: None,
            page: None,
            place: None,
            who: None,
            account: None,
            seconds: None,
            button: None,
            note: None,
            at: line.at,
        };
        if line.act != Act::Expect && !story.is_empty() {
            let at = story.last().unwrap().at;
            story.push(Line { at, ..restart });
        }
        story.push(line);
    }
    let stage = play(&folder.0, &story);
    let order = |mut letters: Vec<replay::Received>| {
        letters.sort_by(|a, b| (&a.to, &a.text).cmp(&(&b.to, &b.text)));
        letters
    };
    assert_eq!(order(stage.sent), order(wanted));
}

#[test]
fn invariant_2_the_same_delivery_twice_has_one_effect_and_the_same_answer() {
    let folder = Folder::new("twice");
    let mut stage = play(&folder.0, &lines(OPEN));
    let card = stage.sent.iter().find(|letter| letter.text.contains("摸底开始")).unwrap().about.clone();
    let press = |key: &str, label: &str| {
        from("周涛", key, Said::Press { label: label.to_owned(), on: card.clone() }, Some("g_tl"), now())
    };
    let office = &mut stage.started.office;
    let head = office.head_seq();
    // Twice in one batch, then alone, then after a start, then after a rebuild.
    let jobs = [press("a", "反对"), press("a", "反对")].map(Job::Heard);
    let both = office.commit(&jobs, now()).unwrap().receipts;
    assert_eq!(both[0], both[1]);
    let first = both[0].clone().unwrap();
    assert!(first.toast.as_deref().unwrap().contains("302户 反对"), "{first:?}");
    let again = heard(office, press("a", "反对"), now());
    assert_eq!((again.receipts, again.letters), (vec![Ok(first.clone())], vec![]));
    assert_eq!(office.head_seq(), head + 1);
    // A ballot changed since: the repeat of the old delivery changes nothing back.
    let changed = heard(office, press("b", "赞成"), now()).receipts;
    assert_eq!(heard(office, press("a", "反对"), now()).receipts, vec![Ok(first.clone())]);
    drop(stage);
    for rebuild in [false, true] {
        if rebuild {
            State::clear(&folder.0.join("state")).unwrap();
        }
        let mut started = open(&folder.0, now());
        let again = heard(&mut started.office, press("a", "反对"), now());
        assert_eq!((again.receipts, again.letters), (vec![Ok(first.clone())], vec![]), "rebuild: {rebuild}");
        assert_eq!(heard(&mut started.office, press("b", "赞成"), now()).receipts, changed);
        assert_eq!(started.office.head_seq(), head + 2);
        let own = heard(&mut started.office, from("周涛", &format!("me-{rebuild}"), text("我"), None, now()), now());
        assert!(own.letters[0].letter.text.contains("302户 赞成"), "{:?}", own.letters);
    }
}

/// An office on a disk in memory, with the people of the story and one topic.
fn on_a_simulated_disk(folder: &Folder, disk: &SimDisk) -> Office {
    let at = lines(1)[0].at;
    let (ledger, _) = FileLedger::open(Arc::new(disk.clone()), None).unwrap();
    let (state, _) = State::open(&folder.0).unwrap();
    let catalog = Catalog::builtin().unwrap();
    let mut office = Office::new(Box::new(ledger), Arc::new(state), settings(), catalog);
    office.enter(people().facts(catalog, &settings(), "local").unwrap(), at).unwrap();
    let order = from("马立军", "first", text("/议题 南门路灯不亮"), Some("g_tj"), at);
    assert_eq!(heard(&mut office, order, at).letters.len(), 1);
    office
}

#[test]
fn invariant_3_nothing_is_acknowledged_when_the_ledger_cannot_be_synced() {
    let (folder, disk) = (Folder::new("sync"), SimDisk::new(3));
    let mut office = on_a_simulated_disk(&folder, &disk);
    let before = office.state().derived();
    let at = lines(1)[0].at + Duration::minutes(1);
    disk.fail_sync_after(0);
    let second = from("王建国", "second", text("/附议 1"), Some("g_tj"), at);
    let failed = office.commit(&[Job::Heard(second.clone())], at);
    assert!(matches!(failed, Err(Fatal::Ledger(_))), "{failed:?}");
    assert_eq!(office.state().derived(), before, "what is not in the ledger is in the state");
    // The program must end; whoever goes on gets nothing acknowledged, either.
    disk.heal();
    assert!(office.commit(&[Job::Heard(second)], at).is_err());
}

#[test]
fn invariant_3_nothing_is_acknowledged_when_the_disk_is_full_and_all_is_well_when_there_is_room() {
    let (folder, disk) = (Folder::new("full"), SimDisk::new(4));
    let mut office = on_a_simulated_disk(&folder, &disk);
    let before = office.state().derived();
    let at = lines(1)[0].at + Duration::minutes(1);
    disk.set_space(Some(0));
    let second = from("王建国", "second", text("/附议 1"), Some("g_tj"), at);
    let refused = office.commit(&[Job::Heard(second.clone())], at).unwrap();
    assert_eq!(refused.receipts, vec![Err(Refused::Closed)]);
    assert!(refused.letters.iter().all(|letter| !letter.letter.text.contains("已附议")), "{:?}", refused.letters);
    assert_eq!(office.state().derived(), before);
    disk.set_space(None);
    let taken = office.commit(&[Job::Heard(second)], at).unwrap();
    assert_eq!(taken.receipts, vec![Ok(Receipt::default())]);
    assert!(taken.letters[0].letter.text.contains("现有1人附议"), "{:?}", taken.letters);
}

/// The story up to its open poll, with all choices turned round.
fn turned_round() -> Vec<Line> {
    let turn = |text: &str| match text {
        "1" => "2".to_owned(),
        "反对" => "赞成".to_owned(),
        _ => text.replace("赞成", "？").replace("反对", "赞成").replace('？', "反对"),
    };
    let mut story = lines(OPEN);
    for line in story.iter_mut().filter(|line| (32..=34).contains(&line.n)) {
        line.text = line.text.as_deref().map(turn);
    }
    story
}

/// Everything anybody but the voter can be shown while the poll is open.
fn everything_shown(folder: &Folder, story: &[Line]) -> Vec<String> {
    let mut stage = play(&folder.0, story);
    let mut shown: Vec<String> = stage.sent.iter().map(|letter| format!("{} {}", letter.to, letter.text)).collect();
    let office = &mut stage.started.office;
    let questions = [
        ("刘芳", "/计票 1", Some("g_tl")),
        ("刘芳", "/议题 1", Some("g_tl")),
        ("周敏", "/日报", Some("g_wy")),
        ("王建国", "/日报", Some("g_df")),
        ("刘芳", "/日报", Some("g_tl")),
        ("刘芳", "/建议 1", Some("g_tl")),
        ("周敏", "/计票 1", None),
        ("刘芳", "/名册 1", None),
        ("周敏", "我", None),
    ];
    for (n, (who, words, group)) in questions.into_iter().enumerate() {
        let committed = heard(office, from(who, &format!("q{n}"), text(words), group, now()), now());
        assert!(!committed.letters.is_empty(), "{words} of {who} is not answered");
        shown.extend(committed.letters.iter().map(|letter| letter.letter.text.clone()));
    }
    // A ballot moves the card; the card shows the turnout.
    let ballot = from("周涛", "late", text("投 1号 3"), None, now());
    shown.extend(heard(office, ballot, now()).edits.iter().map(|edit| edit.letter.text.clone()));
    let state = Arc::clone(office.state());
    let world = World::on(&*state);
    for group in world.groups() {
        shown.extend(office.digest_of(&world, &group, None, now()));
    }
    shown
}

#[test]
fn invariant_7_how_people_vote_changes_nothing_that_others_see_while_the_poll_is_open() {
    let (one, other) = (Folder::new("straight"), Folder::new("turned"));
    let straight = everything_shown(&one, &lines(OPEN));
    let turned = everything_shown(&other, &turned_round());
    assert_eq!(straight, turned);
    assert!(straight.iter().any(|text| text.contains("已投11/11人")), "the turnout is told");
    let count = Regex::new("(赞成|反对|弃权)[:： ]?[0-9]").unwrap();
    for text in &straight {
        assert!(!count.is_match(text), "a count: {text}");
    }
    // The chain is the same but for salted commitments; the choices lie in the vault.
    assert_eq!(chain(&one.0), chain(&other.0));
    let cast = chain(&one.0).into_iter().filter(|line| line.contains("ballot_cast")).count();
    assert_eq!(cast, 4, "two in the group, one proxy message, one in private");
    for record in chain(&one.0).iter().filter(|line| line.contains("ballot_cast")) {
        let record: Value = serde_json::from_str(record).unwrap();
        for fact in record["facts"].as_array().unwrap() {
            let choice = &fact["ballot_cast"]["choice"];
            assert_eq!(choice.to_string(), "{\"$c\":\"-\"}", "a choice in the chain: {fact}");
        }
    }
    assert_ne!(vault(&one.0).len(), 0);
}

#[test]
fn invariant_8_text_is_kept_as_it_was_said_and_cleaned_on_its_way_out() {
    let folder = Folder::new("as-said");
    let mut stage = play(&folder.0, &lines(OPEN));
    let said = "一楼\u{202E}怕吵\u{200B}，  加“\u{0301}\u{0301}\u{0301}\u{0301}\u{0301}\u{0301}”<b>\\\"！Ａ１🙂";
    let office = &mut stage.started.office;
    let words = Said::Text {
        text: format!("/建议 1 {said}"),
        reply: Some(Quote {
            by_bot: false, text: "【2号】".to_owned(), about: About::Unknown, message: String::new()
        }),
        edit: None,
    };
    heard(office, from("冯丽", "as-said", words, Some("g_tl"), now()), now());
    let list = heard(office, from("冯丽", "list", text("/建议 1"), Some("g_tl"), now()), now());
    let shown = &list.letters[0].letter.text;
    assert!(shown.contains("一楼怕吵，") && shown.contains("<b>\\\"！Ａ１🙂"), "{shown:?}");
    assert!(!shown.contains(['\u{202E}', '\u{200B}']), "{shown:?}");
    assert!(shown.matches('\u{0301}').count() <= 4, "{shown:?}");
    let kept = serde_json::to_string(said).unwrap();
    assert!(vault(&folder.0).contains(&kept), "the vault does not have it as it was said");
}

/// 附负面用例9 — of what is turned away only the number is kept; of what is told on a page, no telephone number.
#[test]
fn nothing_that_must_not_be_kept_is_kept() {
    let folder = Folder::new("turned-away");
    let story = replay::read(include_str!("../stories/negative_09.jsonl")).unwrap();
    let people = fixtures::read(include_str!("../stories/common.fixtures.json")).unwrap();
    let catalog = Catalog::builtin().unwrap();
    let stage = replay::play(&folder.0, &people, &story, Settings::default(), catalog, &mut |_| {}).unwrap();
    let world = World::on(&**stage.started.office.state());
    assert_eq!(world.counters().intercepted, 1);
    let counted = chain(&folder.0).iter().filter(|line| line.contains("intercepted")).count();
    assert_eq!(counted, 1);
    for kept in [chain(&folder.0).join("\n"), vault(&folder.0)] {
        assert!(!kept.contains("贪污") && !kept.contains("举报"), "{kept}");
    }
    let folder = Folder::new("telephone");
    drop(play(&folder.0, &lines(5)));
    let kept = [chain(&folder.0).join("\n"), vault(&folder.0)].concat();
    assert!(kept.contains("138****0000") && !kept.contains("13800000000"), "{kept}");
}

/// A platform where one chat is at its limit for an hour and another hangs.
struct Busy {
    sent: Mutex<Vec<String>>,
}

impl Platform for Busy {
    fn name(&self) -> &'static str {
        "busy"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::OWN
    }

    fn pace(&self, _: &str) -> Pace {
        Pace { per_minute: 1_000, gap_ms: 0 }
    }

    fn send<'a>(&'a self, letter: &'a Letter, _piece: usize) -> BoxFuture<'a, Result<String, SendError>> {
        async move {
            match letter.chat.as_str() {
                "busy:limit" => Err(SendError::Wait(3600)),
                "busy:hangs" => std::future::pending().await,
                chat => {
                    self.sent.lock().unwrap().push(format!("{chat} {}", letter.text));
                    Ok("1".to_owned())
                }
            }
        }
        .boxed()
    }

    fn edit<'a>(&'a self, _: &'a str, _: &'a Letter) -> BoxFuture<'a, Result<(), SendError>> {
        async { Ok(()) }.boxed()
    }
}

#[tokio::test]
async fn invariant_9_a_chat_at_its_limit_holds_up_no_other_and_each_keeps_its_order() {
    let folder = Folder::new("queues");
    let (state, _) = State::open(&folder.0).unwrap();
    let platform = Arc::new(Busy { sent: Mutex::new(Vec::new()) });
    let (inbox, _outlet) = inbox::queue();
    let at = now();
    let post = Post::new(
        vec![Arc::clone(&platform) as Arc<dyn Platform>],
        Arc::new(state),
        inbox,
        Arc::new(move || at),
        Arc::default(),
    );
    let mut letters = Vec::new();
    for n in 0..20_u32 {
        for chat in ["limit", "hangs", "a", "b", "c"] {
            let letter = Letter::plain(format!("busy:{chat}"), format!("{n:02}"));
            let id = LetterId { seq: 0, index: letters.len() as u32 };
            letters.push(Outgoing::answer(id, letter));
        }
    }
    post.hand(letters, Vec::new());
    let all = async {
        while platform.sent.lock().unwrap().len() < 60 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), all).await.expect("the other chats wait");
    let sent = platform.sent.lock().unwrap().clone();
    for chat in ["a", "b", "c"] {
        let order: Vec<&str> = sent.iter().filter_map(|line| line.strip_prefix(&format!("busy:{chat} "))).collect();
        assert_eq!(order, (0..20).map(|n| format!("{n:02}")).collect::<Vec<_>>());
    }
}
