//! 故事 — every rule with an edge, told as a chat and played through the real loop: parser, committer, ledger, working store,
//! delivery. A story that differs names its line and shows both sides; `cargo run -- replay --fixtures F tests/stories/S.jsonl` prints
//! the whole conversation.

use crate::support::folder::Folder;
use crate::support::reworded;
use crate::support::told::{fixtures_of, folder, story_of};
use std::collections::HashSet;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};
use xieshang::bot::replay::{self, Act, Line, Stage};
use xieshang::bot::start;
use xieshang::domain::kernel::settings::Settings;
use xieshang::language::{Catalog, Lang};
use xieshang::state::State;

/// What the program wrote to its log while a story was played.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn tell(name: &str) {
    let (log, data) = (Log::default(), Folder::new(name));
    let (writer, catalog) = (log.clone(), Catalog::builtin().unwrap());
    let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).with_ansi(false).finish();
    tracing::subscriber::with_default(subscriber, || {
        let (fixtures, story) = (fixtures_of(name), story_of(name));
        let mut chat = String::new();
        let stage = replay::play(&data.0, &fixtures, &story, Settings::default(), catalog, &mut |beat| {
            chat.push_str(&format!("{beat}\n"));
        })
        .unwrap_or_else(|error| panic!("{chat}\nthe story “{name}”: {error}"));
        nothing_is_said_twice(name, &stage);
        a_rebuild_gives_the_same(name, &data.0, stage);
    });
    let log = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(!log.contains("could not be put into words") && !log.contains(" ERROR "), "{name}: {log}");
}

/// Numbers are given out once, and so are the receipts, digests and results that carry them.
fn nothing_is_said_twice(name: &str, stage: &Stage) {
    let is_once = |text: &str| {
        ["✅ 点单成功", "✅ 已记建议", "📅", "🗳", "#接龙"].iter().any(|start| text.starts_with(start))
            || text.contains("（昨")
            || text.contains("记下建议")
    };
    // Somebody asks for a result or a digest once more.
    let may_ask = [
        "ballots",
        "carry",
        "code",
        "digest",
        "english_words_of_support",
        "gathering",
        "heads_counted",
        "leave",
        "majority",
        "mandate",
        "negative_05",
        "onward",
        "place_back",
        "signup_cancelled",
        "quiet",
        "ranked",
        "ranked_level",
        "busy_requests",
    ]
    .contains(&name);
    let mut said = HashSet::new();
    for letter in stage.sent.iter().filter(|letter| !may_ask && is_once(&letter.text)) {
        assert!(said.insert((&letter.to, &letter.text)), "{name}: said twice in {}:\n{}", letter.to, letter.text);
    }
}

/// The working store is thrown away and made anew: the same, key by key, and not a word is said.
fn a_rebuild_gives_the_same(name: &str, data: &Path, stage: Stage) {
    let settings = Arc::clone(stage.started.office.settings());
    // What is ordered to be erased is erased at the next start: another world, which `tests/platforms/personal.rs` looks at.
    if !stage.started.office.to_erase().is_empty() {
        return;
    }
    let before = stage.started.office.state().derived();
    let at = replay_end(name);
    drop(stage);
    State::clear(&data.join("state")).unwrap();
    let again = start::open(data, settings, Catalog::builtin().unwrap(), at).unwrap();
    let after = again.office.state().derived();
    let differing = before.iter().zip(&after).find(|(old, new)| old != new);
    assert!(differing.is_none(), "{name}: a rebuild differs at {differing:?}");
    assert_eq!(before.len(), after.len(), "{name}: a rebuild has other keys");
    let waiting: Vec<&str> = again
        .letters
        .iter()
        .filter(|letter| letter.not_before.is_none_or(|at_| at_ <= at))
        .map(|letter| letter.letter.text.as_str())
        .collect();
    assert!(waiting.is_empty(), "{name}: a rebuild says {waiting:?}");
}

fn replay_end(name: &str) -> chrono::DateTime<chrono::Utc> {
    story_of(name).last().map_or(chrono::DateTime::UNIX_EPOCH, |line| line.at)
}

/// A start looks at the cards of votes that were over lately, void ones as well, and not at those of all times.
#[test]
fn a_start_leaves_the_cards_of_old_votes_alone() {
    let (data, catalog) = (Folder::new("over"), Catalog::builtin().unwrap());
    let told = (fixtures_of("voided"), story_of("voided"));
    let stage = replay::play(&data.0, &told.0, &told.1, Settings::default(), catalog, &mut |_| {}).unwrap();
    let settings = Arc::clone(stage.started.office.settings());
    drop(stage);
    let edits = |at| start::open(&data.0, Arc::clone(&settings), catalog, at).unwrap().edits.len();
    let end = replay_end("voided");
    assert!(edits(end) > 0);
    assert_eq!(edits(end + chrono::Duration::days(3)), 0);
}

/// Whatever words a clerk gives the card of a poll, a word in reply to it and a press of its button are ballots.
#[test]
fn a_card_in_a_clerks_own_words_is_voted_on_all_the_same() {
    let (data, words) = (Folder::new("reworded"), Folder::new("reworded-words"));
    let catalog = reworded::catalog(&words.0);
    let mut story: Vec<Line> = story_of("ballots").into_iter().filter(|line| line.n <= 9).collect();
    let opened = story.iter_mut().find(|line| line.n == 5).unwrap();
    opened.expect[0].text = reworded::card("要不要装电梯", "3月4日20:00");
    let played = replay::play(&data.0, &fixtures_of("ballots"), &story, Settings::default(), catalog, &mut |_| {});
    played.unwrap_or_else(|error| panic!("{error}"));
}

/// 告诉提出人 can be switched off: then the first letter to her is the first difference.
#[test]
fn whoever_asked_is_told_nothing_where_that_is_switched_off() {
    let data = Folder::new("untold");
    let settings = Settings { tell_proposers: false, ..Settings::default() };
    let catalog = Catalog::builtin().unwrap();
    let played = replay::play(&data.0, &fixtures_of("told"), &story_of("told"), settings, catalog, &mut |_| {});
    let Err(replay::ReplayError::Differs { n: 6, detail }) = played else { panic!("the letter was sent all the same") };
    assert!(detail.contains("expected in pm:张桂英") && !detail.contains("received"), "{detail}");
}

/// 照抄 — whatever is proposed after a message was changed is accepted at that moment, for each kind of deed that can be changed.
#[test]
fn what_is_proposed_after_a_change_can_be_sent() {
    let catalog = Catalog::builtin().unwrap();
    let (fixtures, story) = (fixtures_of("changed"), story_of("changed"));
    let mut sent = Vec::new();
    for (at, line) in story.iter().enumerate() {
        let texts = line.expect.iter().map(|one| one.text.clone());
        let hint = texts.filter(|text| text.contains("您改了原话")).find_map(|text| proposed(&text));
        let Some(hint) = hint else { continue };
        let (line_to_send, in_reply) = hint;
        let first = story.iter().find(|first| Some(first.n) == line.reply_to);
        let reply_to = first.and_then(|first| first.reply_to).filter(|_| in_reply);
        let hint = line_to_send;
        let text = Some(hint.clone());
        let at_once = line.at + chrono::Duration::seconds(1);
        let typed = Line { n: 900, act: Act::Say, at: at_once, text, reply_to, expect: Vec::new(), ..line.clone() };
        let told: Vec<Line> = story[..=at].iter().cloned().chain([typed]).collect();
        let (data, mut answer) = (Folder::new("proposed"), Vec::new());
        let _ = replay::play(&data.0, &fixtures, &told, Settings::default(), catalog, &mut |beat| {
            if beat.n == Some(900) {
                answer = beat.received.iter().map(|letter| letter.text.clone()).collect();
            }
        });
        assert!(!answer.is_empty(), "line {}: nothing comes of “{hint}”", line.n);
        for text in &answer {
            let refused = refusals(catalog).find(|(_, pattern)| pattern.is_match(text));
            assert!(refused.is_none(), "line {}: “{hint}” is refused: {text}", line.n);
        }
        sent.push(hint);
    }
    assert!(sent.len() >= MOST_PROPOSED, "{sent:?}");
}

/// Lines proposed in that story, at least.
const MOST_PROPOSED: usize = 8;

/// The line that is proposed, if one is, and whether in reply to what the changed message replied to.
fn proposed(text: &str) -> Option<(String, bool)> {
    let heads = [("要按新的办，请另发一条：", false), ("两分钟内要收回，请发：", false), ("那一条，另发：", true)];
    heads.iter().find_map(|(head, in_reply)| Some((text.rsplit_once(head)?.1.trim().to_owned(), *in_reply)))
}

/// Every refusal of the catalogue, as a pattern.
fn refusals(catalog: &'static Catalog) -> impl Iterator<Item = (String, regex::Regex)> {
    let keys = catalog.replies().filter(|(key, _)| key.starts_with("e."));
    keys.map(|(key, reply)| {
        let text = regex::escape(reply.text(Lang::Zh));
        let any = regex::Regex::new(r"\\\{[a-z0-9_]+\\\}").unwrap();
        (key.to_owned(), regex::Regex::new(&format!("^(?s:{})$", any.replace_all(&text, ".+"))).unwrap())
    })
}

macro_rules! stories {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            tell(stringify!($name));
        })*

        #[test]
        fn every_story_is_told() {
            let known = [$(stringify!($name)),*];
            for file in std::fs::read_dir(folder()).unwrap() {
                let file = file.unwrap().file_name().into_string().unwrap();
                if let Some(name) = file.strip_suffix(".jsonl") {
                    assert!(known.contains(&name), "tests/stories/{file} is told by no test: add it to the list in tests/chat/stories.rs");
                }
            }
        }
    };
}

stories! {
    cannot_be ended_back merge_asked minutes_heard refused_and_left
    merge_followed merge_heard merge_leads_on digest_merged digest_ended_topic for_another_bot like_with_blanks_around_dash number_with_full_stop secret_after_comma secret_before_question secret_in_brackets signup_cancelled signup_changed traditional_number traditional_number_second share_rounded_up_to_the_bar turnout_rounded_up_to_the_bar signup_declined_is_no_signup percent_against_threshold answer_after_notice card_after_failed_vote hidden_reply end_with_open_vote lead_reviews_own_plan merge_wipes_objection moderator_rates_own_topic side_rewrites_past display_name_of_moderator ended_topic_still_listed english_title_42 english_private merge_bound_group
    backed declined mistaken mistaken_late outsider spellings told_apart town_groups vacant
    absent in_hand in_name in_place mandate_lapsed acceptance accounts answered ballots brief budget busy busy_requests pages_of_lists campaign carried carry changed charity
    claim clauses clock clock_at_start code codes coown coown_mandate digest edit_after_adoption edit_of_a_review erased namesake side_then clock_with_a_vote codes_of_a_roll ballot_as_the_card_says_it ballot_number_with_blank ballot_support ballot_with_a_reason ballots_in_short ballot_alone_in_secret
    claim_lapsed dismissed duty edges edits english english_process english_whole enrol first_grant fitting founder gathering habits halting hide
    guarded rate_by_button asked_before_restart proxy_with_a_note english_words_of_support
    holiday_tasks holidays intake judged kept_papers leave limits majority mandate meant_for matching multiple negative_01 negative_02
    negative_03 negative_04 negative_05 negative_06 negative_07 negative_08 negative_09 negative_10 neutral newcomer
    newroll roll_lost claim_stopped notice nudge onhand onward opening own_words parse passed_on personal_data planned polls proposal proposal_late punctual
    quiet ranked read_whole reading receipts recusal_objected recusal_open recused refused_twice reloaded restart rested returned roles roll scope second roll_file claims_at_once roll_cut
    secret_area settled_by secret_area_missed secret_area_share several signup slips standing ticket duty_struck stations stats stranger tasks templates thresholds
    people_listed title_or_suggestion before_account shown_name off_the_list heads_counted taken_back_in_short reached_by_list
    bound_group hidden_settled hidden_same_words hidden_with overtaken same_line sign_in_time deadline_night_1 deadline_tomorrow_night_0 deadline_tonight_0 deadline_with_blanks
    not_undone task_words talk_over visits_counted on_lists split_back late_objection
    deadline_with_weekday event_day_of_month event_hour_before_date event_part_of_day event_until event_weekday_in_brackets
    event_weekday_in_brackets_hour_lost event_weekday_in_words every_day every_first_saturday every_month_on_8th every_second_week
    holiday_moves_written_date times_asked times_read times_whole traditional_hour chain_room_before_name jielong_room_numbers lists_whole
    paper_reasons proxy_full_width_room read_one_suggestion roll_asked roll_coowner_chain roll_parted_by_blanks roll_room_shi roll_spaces roll_total_row
    undo_with_number papers alone told turned_backwards towns undo unlinked village village_group voided waiting waits weekend weekly
    withdrawn yearplan handed_over
    whole_or_asked nobody_else kept_of_me sides_as_they_are to_and_fro hints_by_stage replies_to_cards taken_back objection_back
    place_back split merged_seconds cut_off_in_vote paper_is_no_word rater_stays plan_in_sight twin impostor_undone late_word
    unheard_vote late_paper in_reach review_lapsed carried_over hiding_lifted paused_notice options_alike ranked_level
    assign_again nobody_rates hindsight other_owner gathering_cancelled not_there clocks_change stopped called_off merged_words guard_once split_once
    window_kept figures_stay word_awaited experts_asked
    reopened turns_told taken_back_named
    longer_term longer_refused longer_meeting early_close early_close_reopened
    one_at_a_time rated_by_another merge_not_back split_in_whose_name answers_apart vote_flags_first erase_waits_for_others claim_of_two enrol_in_another_town task_told_in_private asked_back_in_full delay_long straw_in_digest written_down_twice void_again blank_ballots flags_glued ballot_with_a_but
}

/// `silent` demands silence where nothing else is looked at: at a tick, and of the toast a press is answered with.
#[test]
fn a_line_can_demand_silence() {
    let line = |act: &str, more: &str| {
        let text = format!(r#"{{"n":1,"at":"2026-03-01T09:00:00+08:00","do":"{act}"{more}}}"#);
        replay::read(&text).unwrap().pop().unwrap()
    };
    let told =
        |to: &str| replay::Received { to: to.to_owned(), text: "已记".to_owned(), buttons: Vec::new(), about: None };
    for (act, to) in [("tick", "pm:张三"), ("press", "toast")] {
        for (more, passes) in [("", true), (r#","expect":[]"#, true), (r#","silent":true"#, false)] {
            let line = line(act, more);
            assert_eq!(replay::compare(&line, &line.expect, &[told(to)]).is_ok(), passes, "{act} {more}");
            assert!(replay::compare(&line, &line.expect, &[]).is_ok(), "{act} {more}");
        }
    }
}
