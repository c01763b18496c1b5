//! 下一步发什么 — every card and receipt that opens something ends with what to type or reply next, and so does every refusal that a
//! person can do something about. The words are looked for in both languages, so that a clerk who rewords one notices.

use xieshang::domain::process::form::Step;
use xieshang::language::Catalog;
use xieshang::language::catalog::Lang;

/// Cards, receipts and letters after which somebody is to act.
const OPENING: &[&str] = &[
    "act.new",
    "adv.2",
    "adv.3",
    "adv.5",
    "adv.6",
    "adv.track",
    "assign",
    "card",
    "category.show",
    "claim.how",
    "claim.list",
    "claim.push",
    "code",
    "duty.card",
    "group.hello",
    "group.welcome",
    "help",
    "help.next",
    "invite.who",
    "list",
    "list.none",
    "me.more",
    "notice",
    "obj.ans",
    "pact.none",
    "pause",
    "plan",
    "plan.none",
    "poll.result.fail",
    "poll.result.fail.here",
    "poll.result.pass.here",
    "poll.straw",
    "sector.useful",
    "sug",
    "sug.many",
    "sug.pii",
    "take",
    "tally.next",
    "tally.track",
    "task.done",
    "task.red",
    "todo.accept",
    "todo.ack",
    "todo.answer",
    "todo.assign",
    "todo.failed",
    "todo.force",
    "todo.info.again",
    "todo.info.review",
    "todo.prop.ack",
    "todo.prop.rate",
    "todo.prop.task",
    "todo.prop.assign",
    "todo.prop.contested",
    "todo.prop.review",
    "todo.review",
    "todo.too_few",
    "todo.close",
    "todo.more",
    "todo.next",
    "todo.notice",
    "todo.plan",
    "todo.rate",
    "todo.task",
    "todo.vote",
    "topic.dup",
    "topic.new",
    "web.push",
];

/// Cards whose last line is for the law: what to do stands in the line this far from the end.
const BEFORE_THE_LAST: &[(&str, usize)] = &[("poll.assembly", 2), ("poll.majority", 2), ("poll.open", 2)];

/// Refusals a person can do something about at once.
const REFUSALS: &[&str] = &[
    "e.bad_arg",
    "e.bind_kind",
    "e.category",
    "e.duty_kind",
    "e.empty",
    "e.need_act",
    "e.need_field",
    "e.need_no",
    "e.need_no.private",
    "e.need_scope",
    "neutral.relay",
    "neutral.proxy",
    "e.no_act",
    "e.no_brief",
    "e.no_chain",
    "e.no_group",
    "e.no_member",
    "e.no_objection",
    "e.no_poll",
    "e.no_polls",
    "e.no_slip",
    "e.no_sug",
    "e.no_task",
    "e.no_topic",
    "e.no_topics",
    "e.no_voter",
    "e.past",
    "e.reason",
    "e.typo",
    "e.unknown",
    "e.unregistered",
    "e.vote_here",
    "e.which_sug",
    "no_person.enrol",
    "no_person.enrol.unit",
];

/// Braces that hold something to type: an example, the right spelling, the next step.
const TELLING: &[&str] = &["{ex}", "{good}", "{next}", "{account}", "{link}"];

/// Whether a line names a command that exists, or a word that is understood in reply.
fn tells(catalog: &Catalog, line: &str) -> bool {
    let is_command = |after: &str| {
        let word: String = after.chars().take_while(|c| c.is_alphabetic() || *c == '-').collect();
        !word.is_empty() && catalog.find(&word).is_some()
    };
    let quoted = line.split(['“', '”', '"']).skip(1).step_by(2);
    let is_word = |word: &str| catalog.terms().any(|(key, _)| key.starts_with("word.") && catalog.means(key, word));
    let choices = ["1 赞成", "1 for", "满意", "satisfied"];
    TELLING.iter().any(|brace| line.contains(brace))
        || line.split('/').skip(1).any(is_command)
        || quoted.into_iter().any(is_word)
        || choices.iter().any(|choice| line.contains(choice))
}

fn line_of(text: &str, from_end: usize) -> &str {
    text.lines().rev().nth(from_end).unwrap_or_default()
}

#[test]
fn what_opens_something_says_what_to_type_next() {
    let catalog = Catalog::builtin().unwrap();
    let last = OPENING.iter().chain(REFUSALS).map(|key| (*key, 0));
    let mut silent = Vec::new();
    for (key, from_end) in last.chain(BEFORE_THE_LAST.iter().copied()) {
        let reply = catalog.reply(key).unwrap_or_else(|| panic!("there is no reply {key}"));
        for lang in [Lang::Zh, Lang::En] {
            let line = line_of(reply.text(lang), from_end);
            if !tells(catalog, line) {
                silent.push(format!("{key}: {line}"));
            }
        }
    }
    assert!(silent.is_empty(), "these do not say what to type next:\n{}", silent.join("\n"));
}

#[test]
fn every_step_says_what_comes_next() {
    let catalog = Catalog::builtin().unwrap();
    for step in Step::ALL {
        let term = catalog.term(&format!("{}.next", step.term())).unwrap();
        for text in [&term.zh, &term.en] {
            assert!(tells(catalog, text) || text.contains("{url}"), "{step:?}: {text}");
        }
    }
}

#[test]
fn a_line_without_a_command_is_found_out() {
    let catalog = Catalog::builtin().unwrap();
    for (line, want) in [
        ("想支持的回“附议”；委员认领请发：/买单 {no}", true),
        ("报名回“报名”或“+1”。", true),
        ("例：{ex}", true),
        ("发：/没有这个命令 {no}", false),
        ("已经记下了。", false),
        ("他说“今天天气好”", false),
    ] {
        assert_eq!(tells(catalog, line), want, "{line}");
    }
}
