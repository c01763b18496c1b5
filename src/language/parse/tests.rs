//! The test vectors of commands.md §4, and what lies around them.

use super::*;
use crate::domain::brief::Ask as BriefAsk;
use crate::domain::brief::{Deal, Subject};
use crate::domain::command::HelpOn;
use crate::domain::kernel::ids::{BriefNo, GatheringNo, ProposalNo, SlipNo, SuggestionRef, TopicNo};
use crate::domain::kernel::said::{SuggestionArg, Term};
use crate::domain::people::group::GroupKind;
use crate::domain::people::group::GroupPatch;
use crate::domain::people::person::ScopeArg;
use crate::domain::people::person::{Level, Role, Side};
use crate::domain::process::form::Kind;
use crate::domain::process::guest::Guest;
use crate::domain::talk::chain::Chain;
use crate::domain::talk::gathering::Ask as Gathering;
use crate::domain::talk::gathering::{Attendants, Coming, SignUp};
use crate::domain::vote::poll::ProxyLine;
use crate::domain::vote::poll::fact::Longer;
use crate::domain::vote::poll::filling::Spoken;
use crate::domain::vote::poll::opening::Frame;
use crate::domain::vote::poll::terms::Method;
use crate::domain::vote::poll::{Ask, Rule};
use crate::domain::vote::roll::{RollLine, Sheet};
use crate::domain::vote::tally::Choice;
use crate::language::Lang;
use crate::language::read_mark;
use crate::language::render::{Site, render};
use chrono::{Duration, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Asia::Shanghai;

const SUG: &str = "✅ 已记建议1-3，回“+1”点赞。";
const CARD: &str = "✅ 点单成功：【1号】南门路灯不亮";
const POLL: &str = "🗳【1号】摸底开始：要不要\n截止：3月9日20:00。回复本条：1 赞成　2 反对　3 弃权（只供拟方案参考）";
const ACT: &str = "📅 活动1号：周六恳谈会";

fn scene(private: bool, quoted: Option<&str>) -> Hearing {
    Hearing {
        private,
        reply: quoted.and_then(read_mark),
        replied_to_bot: quoted.is_some(),
        replied_to_person: false,
        bot_names: vec!["hao_bot".to_owned(), "协商".to_owned()],
        // Monday 3 March 2025, 10:00 in Beijing.
        now: Shanghai.with_ymd_and_hms(2025, 3, 3, 10, 0, 0).unwrap().with_timezone(&Utc),
        tz: Shanghai,
    }
}

fn catalog() -> &'static Catalog {
    Catalog::builtin().unwrap()
}

fn hear(text: &str, scene: &Hearing) -> Option<Result<Command, String>> {
    match parse(catalog(), text, scene) {
        Parsed::Silent => None,
        Parsed::Heard(heard) => Some(heard.command.map_err(|say| {
            let rendered = render(catalog(), &say, Lang::Zh, &Site { public_url: None, tz: Shanghai });
            assert_eq!(rendered.faults, Vec::<String>::new());
            rendered.text
        })),
    }
}

pub(super) fn group(text: &str) -> Option<Result<Command, String>> {
    hear(text, &scene(false, None))
}

pub(super) fn private(text: &str) -> Option<Result<Command, String>> {
    hear(text, &scene(true, None))
}

fn replying(text: &str, quoted: &str) -> Option<Result<Command, String>> {
    hear(text, &scene(false, Some(quoted)))
}

pub(super) fn ok(command: Command) -> Option<Result<Command, String>> {
    Some(Ok(command))
}

pub(super) fn err(text: &str) -> Option<Result<Command, String>> {
    Some(Err(text.to_owned()))
}

fn suggest(topic: Option<u32>, text: &str) -> Option<Result<Command, String>> {
    ok(Command::Suggest { topic: topic.map(TopicNo), text: text.to_owned() })
}

fn new(text: &str, force: bool) -> Option<Result<Command, String>> {
    ok(Command::TopicNew { text: text.to_owned(), force })
}

fn full(topic: u32, n: u32) -> SuggestionArg {
    SuggestionArg::Full(SuggestionRef { topic: TopicNo(topic), n })
}

fn spoken(topic: Option<u32>, text: &str, spoken: Spoken) -> Option<Result<Command, String>> {
    ok(poll::fill(catalog(), topic.map(TopicNo), text, spoken))
}

/// 投 …: what it means is for the poll to say.
fn filled(topic: Option<u32>, text: &str) -> Option<Result<Command, String>> {
    spoken(topic, text, Spoken::Line)
}

/// Words in reply to a card.
fn on_card(text: &str) -> Option<Result<Command, String>> {
    spoken(Some(1), text, Spoken::Card)
}

fn at(m: u32, d: u32, h: u32, min: u32) -> DateTime<Utc> {
    Shanghai.with_ymd_and_hms(2025, m, d, h, min, 0).unwrap().with_timezone(&Utc)
}

fn unknown_to(text: &str) -> Option<Result<Command, String>> {
    err(&format!("没看懂“{text}”。发 /帮助 看常用的几句话。"))
}

#[test]
fn the_vectors_of_the_specification() {
    for (text, want) in [
        ("/议题", ok(Command::TopicList(1))),
        ("/议题 第2页", ok(Command::TopicList(2))),
        ("/议题 第0页", ok(Command::TopicList(0))),
        ("/议题 下一页", ok(Command::TopicList(2))),
        ("/议题 2页", ok(Command::TopicList(2))),
        ("/topic page 3", ok(Command::TopicList(3))),
        ("/建议 1 第2页", ok(Command::SuggestionList(TopicNo(1), 2))),
        ("/议题 3", ok(Command::TopicCard(TopicNo(3)))),
        ("/议题 3号楼漏水", new("3号楼漏水", false)),
        ("/议题 3号", ok(Command::TopicCard(TopicNo(3)))),
        ("/议题 3 号楼漏水", new("3 号楼漏水", false)),
        ("、议题 南门路灯不亮", new("南门路灯不亮", false)),
        ("/议题 新建 南门路灯不亮", new("南门路灯不亮", true)),
        ("／建议　１　加一盏灯", suggest(Some(1), "加一盏灯")),
        ("/建议1 加一盏灯", suggest(Some(1), "加一盏灯")),
        ("/建议 1", ok(Command::SuggestionList(TopicNo(1), 1))),
        ("/建议", err("内容是空的。例：/建议 1 井道用透明玻璃")),
        ("/建议 3,5号楼都想装", suggest(None, "3,5号楼都想装")),
        ("/顶楼漏水", unknown_to("/顶楼漏水")),
        ("/赞成票多少", unknown_to("/赞成票多少")),
        ("/码头脏", unknown_to("/码头脏")),
        ("/建议 12号楼去年装了", suggest(None, "12号楼去年装了")),
        ("/建议 12 号楼去年装了", suggest(Some(12), "号楼去年装了")),
        ("/建议：一楼怕吵", suggest(None, "一楼怕吵")),
        ("/建议 ①先公示②再投票", suggest(None, "①先公示②再投票")),
        ("/suggest 1 more light", suggest(Some(1), "more light")),
        ("/suggest@hao_bot 1 more light", suggest(Some(1), "more light")),
        ("/suggest@other_bot 1 more light", None),
        ("/start@other_bot", None),
        ("/建义 1 加灯", err("没看懂“/建义”。您是不是想发：/建议 1 加灯")),
        ("/卖单 1", err("没看懂“/卖单”。您是不是想发：/买单 1")),
        ("、我觉得不行", None),
        ("/我觉得不行", unknown_to("/我觉得不行")),
        ("/点赞 3", ok(Command::Like(Some(SuggestionArg::Short(3))))),
        ("/点赞 2-1", ok(Command::Like(Some(full(2, 1))))),
        ("+1", None),
        ("1", None),
        ("赞成", ok(Command::BareChoice(Choice::For))),
        ("反对", ok(Command::BareChoice(Choice::Against))),
        ("赞成。", None),
        ("同意", None),
        ("我赞成一楼大爷的说法", None),
        ("/投票 1 赞成", filled(Some(1), "赞成")),
        ("收到", None),
        ("附议", None),
        ("https://a.b/建议", None),
        ("6/1 开会", None),
        ("男/女", None),
        ("/", None),
        ("//", None),
        ("、、、", None),
        ("", None),
        ("大家好", None),
        ("#周末有空吗", None),
    ] {
        assert_eq!(group(text), want, "{text}");
    }
}

#[test]
fn words_in_reply_to_the_bot() {
    let like = || ok(Command::Like(Some(full(1, 3))));
    let second = || ok(Command::Second(Some(TopicNo(1))));
    let join =
        |note: &str| ok(Command::Gathering(Gathering::Join { gathering: Some(GatheringNo(1)), note: note.to_owned() }));
    for (text, quoted, want) in [
        ("+1", SUG, like()),
        ("＋１", SUG, like()),
        ("👍", SUG, like()),
        ("👍🏻", SUG, like()),
        ("赞！", SUG, like()),
        ("顶", SUG, like()),
        ("+1", ACT, join("")),
        ("报名", ACT, join("")),
        ("报名 2人", ACT, join("2人")),
        ("+1", CARD, second()),
        ("附议", CARD, second()),
        ("附議", CARD, second()),
        ("Second", CARD, second()),
        ("@hao_bot 附议", CARD, second()),
        ("附议", SUG, second()),
        ("1", POLL, on_card("1")),
        ("２", POLL, on_card("２")),
        ("3\u{FE0F}\u{20E3}", POLL, on_card("3\u{FE0F}\u{20E3}")),
        ("反对", POLL, on_card("反对")),
        ("我不同意。", POLL, on_card("我不同意。")),
        ("1吧", POLL, on_card("1吧")),
        ("赞成啊！", POLL, on_card("赞成啊！")),
        ("Abstain", POLL, on_card("Abstain")),
        ("1", CARD, None),
        ("收到", CARD, None),
        ("附议一下", CARD, None),
        ("1 号楼先装", POLL, on_card("1 号楼先装")),
        ("丙,甲", POLL, on_card("丙,甲")),
        ("反对 挡了光", POLL, on_card("反对 挡了光")),
        ("好的", SUG, None),
        ("+1", "您发得有点快，请过一分钟再发。", None),
        ("/建议 加一盏灯", CARD, suggest(Some(1), "加一盏灯")),
        ("/建议 2 加一盏灯", CARD, suggest(Some(2), "加一盏灯")),
        ("/点赞", SUG, like()),
        ("/跟帖 要看退界", SUG, ok(Command::Reply { to: Some(full(1, 3)), text: "要看退界".to_owned() })),
        ("/投 2", POLL, filled(Some(1), "2")),
        ("/签到", ACT, ok(Command::SignIn { gathering: Some(GatheringNo(1)), names: Attendants::Myself })),
    ] {
        assert_eq!(replying(text, quoted), want, "{text} / {quoted}");
    }
    let mut to_a_person = scene(false, Some(SUG));
    (to_a_person.replied_to_bot, to_a_person.replied_to_person) = (false, true);
    assert_eq!(hear("+1", &to_a_person), None);
    assert_eq!(hear("赞成", &to_a_person), None);
}

#[test]
fn private_chat_needs_no_slash() {
    for (text, want) in [
        ("投 1号 2", filled(Some(1), "2")),
        ("投 2", filled(None, "2")),
        ("投1号 2", filled(Some(1), "2")),
        ("我", ok(Command::Me)),
        ("我的", ok(Command::Me)),
        ("我觉得不行", None),
        ("我 觉得不行", None),
        ("赞成", None),
        ("建议加灯", None),
        ("建议 加灯", suggest(None, "加灯")),
        ("suggest 1 more light", suggest(Some(1), "more light")),
        ("你好", None),
        ("卖单 1", None),
        ("/我", ok(Command::Me)),
    ] {
        assert_eq!(private(text), want, "{text}");
    }
}

#[test]
fn names_prefixes_and_hints() {
    for (text, want) in [
        ("\\建议 加灯", suggest(None, "加灯")),
        ("＃建议 加灯", suggest(None, "加灯")),
        ("/ 建议 加灯", suggest(None, "加灯")),
        ("\u{200B}/建\u{FE0F}议 加灯", suggest(None, "加灯")),
        ("@hao_bot 建议 加灯", suggest(None, "加灯")),
        ("@协商\u{2005}/建议 加灯", suggest(None, "加灯")),
        ("@协商建议 加灯", suggest(None, "加灯")),
        ("@hao_bot2 建议 加灯", None),
        ("@hao_bot", None),
        ("@hao_bot 你好", unknown_to("你好")),
        ("@张三 /建议 加灯", None),
        ("/建议加灯", suggest(None, "加灯")),
        ("/買單 1", ok(Command::Take { topic: Some(TopicNo(1)), who: String::new(), reason: String::new() })),
        ("/Take 1", ok(Command::Take { topic: Some(TopicNo(1)), who: String::new(), reason: String::new() })),
        ("/TOPIC", ok(Command::TopicList(1))),
        ("/t 3", ok(Command::TopicCard(TopicNo(3)))),
        ("/topics", err("没看懂“/topics”。您是不是想发：/topic")),
        ("/sugest 1 x", err("没看懂“/sugest”。您是不是想发：/suggest 1 x")),
        ("/买单1", ok(Command::Take { topic: Some(TopicNo(1)), who: String::new(), reason: String::new() })),
        ("/买单 我来", err("没看懂“我来”。例：/买单 1")),
        ("/撤回", ok(Command::Undo)),
        (
            "/撤回 刚才那条",
            err(
                "没看懂“/撤回 刚才那条”，什么都没有动。写法：/撤回（两分钟内的上一条）；/撤回 附议 1、点赞 1-2、报名 3、异议 1-异1、跟帖 1-2、委托 1、请假 1；\
                 /撤回 1-2（建议）；/撤回 2（点单）；也可以回复机器人的回执，只写：撤回",
            ),
        ),
        ("/赞3", ok(Command::Like(Some(SuggestionArg::Short(3))))),
        ("/动议 1", unknown_to("/动议")),
        ("、卖单 1", err("没看懂“、卖单”。您是不是想发：/买单 1")),
        ("、建义 1", None),
        ("#卖单 1", None),
        ("#一题一议", None),
        ("#买单 1", ok(Command::Take { topic: Some(TopicNo(1)), who: String::new(), reason: String::new() })),
        ("/讲座 1 每户", unknown_to("/讲座")),
        ("/公示 1", ok(Command::Notice { topic: Some(TopicNo(1)), days: None })),
        (
            "/不予受理 W1 个人纠纷",
            ok(Command::Reject {
                slip: SlipNo(1),
                ground: Some(crate::domain::intake::ground::Ground::Dispute),
                reason: "个人纠纷（转人民调解）".to_owned(),
            }),
        ),
        ("/帮助", ok(Command::Help(HelpOn::Basics))),
        ("/？", ok(Command::Help(HelpOn::Basics))),
        ("/start", ok(Command::Help(HelpOn::Basics))),
        ("/帮助 联络员", ok(Command::Help(HelpOn::Role(Role::Coordinator, 1)))),
        ("/帮助 联络员 2", ok(Command::Help(HelpOn::Role(Role::Coordinator, 2)))),
        ("/帮助 /民意", ok(Command::Help(HelpOn::Command("社情民意".to_owned())))),
        ("/bind", err("内容是空的。例：/绑定 1")),
    ] {
        assert_eq!(group(text), want, "{text}");
    }
}

#[test]
fn the_body_is_kept_to_the_letter() {
    assert_eq!(
        group("/建议 1  ＡＢＣ　１２㎡①\u{200B} x\n第二行 "),
        suggest(Some(1), "ＡＢＣ　１２㎡①\u{200B} x\n第二行")
    );
    assert_eq!(group("/议题\n南门路灯不亮\n说明"), new("南门路灯不亮\n说明", false));
    assert_eq!(group("/建议 \u{200B}"), err("内容是空的。例：/建议 1 井道用透明玻璃"));
    assert_eq!(group("/建议 好主意❤\u{FE0F}"), suggest(None, "好主意❤\u{FE0F}"));
}

#[test]
fn until_all_voted_is_no_option_and_no_word_of_the_question() {
    let plain = Frame { until_all: true, ..Frame::plain(Rule::Straw, at(3, 6, 20, 0), "先修哪里") };
    let options: Vec<String> = ["楼道灯", "下水"].map(str::to_owned).to_vec();
    let two = Frame { method: Some(Method::Single), options, ..plain.clone() };
    let open = |frame: &Frame| ok(Command::Poll(Ask::Open { topic: Some(TopicNo(3)), frame: Box::new(frame.clone()) }));
    for (text, want) in [
        ("/投票 3 摸底 3天 先修哪里 投完即止", open(&plain)),
        ("/投票 3 摸底 3天 先修哪里（投完即止）", open(&plain)),
        ("/投票 3 摸底 3天 先修哪里，投完即止 不记名", open(&Frame { secret: true, ..plain.clone() })),
        ("/投票 3 摸底 3天 先修哪里 不记名 投完即止", open(&Frame { secret: true, ..plain.clone() })),
        ("/投票 3 单选 3天 先修哪里｜楼道灯｜下水 投完即止", open(&two)),
        ("/投票 3 单选 3天 先修哪里｜楼道灯｜下水｜投完即止", open(&two)),
        ("/vote 3 straw 3 days 先修哪里 until all voted", open(&plain)),
        ("/vote 3 single 3 days 先修哪里|楼道灯|下水 until all have voted", open(&two)),
    ] {
        assert_eq!(group(text), want, "{text}");
    }
    for text in ["/投票 3 摸底 3天 先修哪里投完即止", "/投票 3 单选 3天 先修哪里｜楼道灯｜投完即止｜下水"]
    {
        assert!(format!("{:?}", group(text)).contains("什么都没有动"), "{text}");
    }
}

#[test]
fn a_longer_term_is_a_length_or_a_moment() {
    let of = |until, reason: &str| {
        ok(Command::Poll(Ask::Extend { topic: Some(TopicNo(3)), until, reason: reason.to_owned() }))
    };
    let six = Longer::Until(at(3, 6, 18, 0));
    for (text, want) in [
        ("/延长 3 3天 下雨", of(Longer::Days(Term::Days(3)), "下雨")),
        ("/延长 3号 1个月 下雨", of(Longer::Days(Term::Months(1, 0)), "下雨")),
        ("/延长 3 3天", of(Longer::Days(Term::Days(3)), "")),
        ("/延长 3 3小时 下雨", of(Longer::By(Duration::hours(3)), "下雨")),
        ("/延长 3 到3月6日18:00 下雨", of(six, "下雨")),
        ("/延长 3 到 3月6日18:00 下雨", of(six, "下雨")),
        ("/延长 3 至3月6日下午6点 下雨", of(six, "下雨")),
        ("/延长 3 3月6日18:00 下雨", of(six, "下雨")),
        ("/extend 3 until 6 Mar 18:00 rain", of(six, "rain")),
        ("/extend 3 3 days rain", of(Longer::Days(Term::Days(3)), "rain")),
    ] {
        assert_eq!(group(text), want, "{text}");
    }
}

#[test]
fn polls_with_options_and_flags() {
    let plain = Frame::plain(Rule::Straw, at(3, 6, 20, 0), "先修哪里");
    let options: Vec<String> = ["楼道灯", "下水", "车棚"].map(str::to_owned).to_vec();
    let of = |method| Frame { method: Some(method), options: options.clone(), ..plain.clone() };
    let two = of(Method::Multiple(2));
    let open = |frame: &Frame| ok(Command::Poll(Ask::Open { topic: Some(TopicNo(3)), frame: Box::new(frame.clone()) }));
    let nine = Some(at(3, 5, 9, 0));
    let secret = Frame { secret: true, ..two.clone() };
    let flagged = Frame { secret: true, reasons: true, opens: nine, ..plain.clone() };
    let hours = Frame {
        title: "几时开工".to_owned(),
        options: ["3月4日9点开始", "3月5日9点开始", "3月6日9点开始"].map(str::to_owned).to_vec(),
        ..of(Method::Single)
    };
    for (text, want) in [
        ("/投票 3 多选2 3天 先修哪里｜楼道灯｜下水｜车棚", open(&two)),
        ("/投票 3 多选 2 3天 先修哪里|楼道灯|下水 | 车棚", open(&two)),
        ("/投票 3 多选两项 3天 先修哪里｜楼道灯｜下水｜车棚｜", open(&two)),
        ("/投票 3 ２項 3天 x", err("没看懂“２項”。例：/投票 1 摸底 3天 要不要装电梯")),
        ("/投票 3 单选 3天 先修哪里｜楼道灯｜下水｜车棚", open(&of(Method::Single))),
        ("/投票 3 单选 3天 先修哪里\n楼道灯\n下水\n车棚", open(&of(Method::Single))),
        ("/投票 3 多选2 3天 先修哪里：｜\n楼道灯｜\n下水｜\n车棚\n不记名", {
            open(&Frame { title: "先修哪里：".to_owned(), ..secret.clone() })
        }),
        ("/投票 3 排序 3天 先修哪里｜楼道灯｜下水｜车棚", open(&of(Method::Ranked))),
        ("/投票 3 分配１０分 3天 先修哪里｜楼道灯｜下水｜车棚", open(&of(Method::Budget(10)))),
        ("/vote 3 budget 10 3 days 先修哪里|楼道灯|下水|车棚", open(&of(Method::Budget(10)))),
        ("/vote 3 Multiple2 3days 先修哪里|楼道灯|下水|车棚 Secret", open(&secret)),
        ("/投票 3 多选2 3天 先修哪里｜楼道灯｜下水｜车棚 不记名", open(&secret)),
        ("/投票 3 多选2 3天 先修哪里｜楼道灯｜下水｜车棚｜不记名", open(&secret)),
        ("/投票 3 多选2 3天 先修哪里｜楼道灯｜下水｜车棚 [不记名]", open(&secret)),
        ("/投票 3 摸底 3天 先修哪里 不记名 反对须说理由 开始=3月5日9:00", open(&flagged)),
        ("/投票 3 摸底 3天 先修哪里 3月5日9点开始 反对须说理由 不记名", open(&flagged)),
        ("/投票 3 摸底 3天 先修哪里 不记名 反对须说理由 后天 上午9点开始", open(&flagged)),
        ("/vote 3 straw 3days 先修哪里 secret reasons starts 5 Mar 9:00", open(&flagged)),
        ("/vote 3 straw 3days 先修哪里 reasons secret start=5 Mar 9:00", open(&flagged)),
        ("/投票 3 摸底 3天 先修哪里 开始=昨天", err("时间没看懂“昨天”。可写：3天、周五18点、3月30日20:00")),
        ("/投票 3 摸底 3天 先修哪里 昨天9点开始", err("时间没看懂“昨天9点”。可写：3天、周五18点、3月30日20:00")),
        ("/投票 3 单选 3天 几时开工｜3月4日9点开始｜3月5日9点开始｜3月6日9点开始", open(&hours)),
        ("/投票 3 单选 3天 几时开工\n3月4日9点开始\n3月5日9点开始\n3月6日9点开始", open(&hours)),
        ("/投票 3 单选 3天 几时开工｜明天 9点开始｜ 3月5日 9点开始｜后天 上午9点开始", {
            let options = ["明天 9点开始", "3月5日 9点开始", "后天 上午9点开始"].map(str::to_owned).to_vec();
            open(&Frame { options, ..hours.clone() })
        }),
        (
            "/投票 3 单选 3天 几时开工｜3月4日9点开始｜3月5日9点开始｜3月6日9点开始 3月5日9点开始 不记名",
            { open(&Frame { opens: nine, secret: true, ..hours.clone() }) },
        ),
        ("/投票 3 摸底 3天 几时开始 3月5日9点开始", {
            open(&Frame { title: "几时开始".to_owned(), opens: nine, ..plain.clone() })
        }),
        ("/投票 3 作废 写错了", ok(Command::Poll(Ask::Void { topic: Some(TopicNo(3)), reason: "写错了".to_owned() }))),
        ("/vote 3 void", ok(Command::Poll(Ask::Void { topic: Some(TopicNo(3)), reason: String::new() }))),
    ] {
        assert_eq!(group(text), want, "{text}");
    }
    // What only looks like a flag is part of the question.
    for title in ["要不要从3月5日开始", "要不要开始", "几时开始", "不记名投票好不好", "你说呢 开始"]
    {
        let plain =
            Command::OpenPoll { topic: None, rule: Rule::Straw, ends: at(3, 6, 20, 0), title: title.to_owned() };
        assert_eq!(group(&format!("/投票 摸底 3天 {title}")), ok(plain), "{title}");
    }
}

#[test]
fn polls() {
    let open = |topic: Option<u32>, rule, ends, title: &str| {
        ok(Command::OpenPoll { topic: topic.map(TopicNo), rule, ends, title: title.to_owned() })
    };
    for (text, want) in [
        ("/投票 1 摸底 3天 要不要装", open(Some(1), Rule::Straw, at(3, 6, 20, 0), "要不要装")),
        (
            "/投票 1 摸底 3月9日20点 是否支持 按意见拟方案",
            open(Some(1), Rule::Straw, at(3, 9, 20, 0), "是否支持 按意见拟方案"),
        ),
        ("/表决 过半 明天 晚上8点 先修路灯", open(None, Rule::Majority, at(3, 4, 20, 0), "先修路灯")),
        ("/vote 1 straw 3 days Shall we?", open(Some(1), Rule::Straw, at(3, 6, 20, 0), "Shall we?")),
        ("/投票 1 业主重大 3月30日20:00 同意加装", open(Some(1), Rule::OwnersMajor, at(3, 30, 20, 0), "同意加装")),
        ("/投票 1 摸底 很快 要不要", err("时间没看懂“很快”。可写：3天、周五18点、3月30日20:00")),
        (
            "/投票 1 摸底 3月1日 要不要",
            err("时间没看懂“3月1日”。可写：\n/投票 1 摸底 3天 要不要\n（写的时间已经过去了）"),
        ),
        ("/投票 1 抽签 3天 要不要", err("没看懂“抽签”。例：/投票 1 摸底 3天 要不要装电梯")),
        ("/投票 1 摸底 3天", err("内容是空的。例：/投票 1 摸底 3天 要不要装电梯")),
        ("/投票", err("内容是空的。例：/投票 1 摸底 3天 要不要装电梯")),
        ("/投票 赞成", filled(None, "赞成")),
        ("/投 1", filled(None, "1")),
        ("/投 1 1", filled(Some(1), "1")),
        ("/投 12号", err("内容是空的。例：/投 1号 1")),
        ("/投 1 好的", filled(Some(1), "好的")),
        ("/投 3号 2,1,3", filled(Some(3), "2,1,3")),
        ("/投 2,1,3", filled(None, "2,1,3")),
        ("/投 1:5 2:3", filled(None, "1:5 2:3")),
        ("/投 3号 1:5 2:3", filled(Some(3), "1:5 2:3")),
        ("/投 甲5 乙3", filled(None, "甲5 乙3")),
        ("/投 5", filled(None, "5")),
        ("/投票 3 1,3", filled(Some(3), "1,3")),
    ] {
        assert_eq!(group(text), want, "{text}");
    }
}

#[test]
fn paper_ballots() {
    let line = |voter: &str, choice| ProxyLine {
        voter: voter.to_owned(),
        owner: String::new(),
        choice,
        reason: String::new(),
    };
    let why = |line: ProxyLine| ProxyLine { reason: "怕吵".to_owned(), ..line };
    let named = |voter, owner: &str, choice| ProxyLine { owner: owner.to_owned(), ..line(voter, choice) };
    let two = || vec![line("201", Choice::For), line("202", Choice::Against)];
    let proxy = |topic: Option<u32>, lines| ok(Command::ProxyBallots { topic: topic.map(TopicNo), lines });
    for (text, want) in [
        ("/代投 1 201 赞成；202 反对", proxy(Some(1), two())),
        ("代投 1\n201赞成\n202户 反对", proxy(Some(1), two())),
        ("代投 1 201：1; 202：2", proxy(Some(1), two())),
        ("代投 201 赞成", proxy(None, vec![line("201", Choice::For)])),
        ("代投 201 赞成；202 反对", proxy(None, two())),
        ("代投 1 李德福 弃权", proxy(Some(1), vec![line("李德福", Choice::Abstain)])),
        ("代投 1 201 也许", err("没看懂“201 也许”。例：/代投 1 201 赞成；202 反对")),
        ("代投 1", err("内容是空的。例：/代投 1 201 赞成；202 反对")),
        ("代投 1 201赞成 202反对", proxy(Some(1), two())),
        ("代投 1\n1. 201 赞成\n2. 202 反对", proxy(Some(1), two())),
        ("代投 1\n房号\t意见\n201\t赞成\n202\t反对", proxy(Some(1), two())),
        ("代投 1 201、202都赞成", proxy(Some(1), vec![line("201", Choice::For), line("202", Choice::For)])),
        ("代投 1 201和202 反对", proxy(Some(1), vec![line("201", Choice::Against), line("202", Choice::Against)])),
        ("代投 1 李德福、吴秀珍 赞成", proxy(Some(1), vec![line("李德福", Choice::For), line("吴秀珍", Choice::For)])),
        ("代投 1 101（李德福）赞成", proxy(Some(1), vec![named("101", "李德福", Choice::For)])),
        ("代投 1 101室(李德福) 反对", proxy(Some(1), vec![named("101", "李德福", Choice::Against)])),
        (
            "代投 1 101 赞成；其余反对",
            err(
                "没看懂“其余反对”：代投要有每一户的纸质票、书面委托或电话记录，一户一户写清房号，没有“其余”“全部”。例：/代投 1 201 反对；202 反对。这次一户都没有记。",
            ),
        ),
        (
            "代投 1 全部赞成",
            err(
                "没看懂“全部赞成”：代投要有每一户的纸质票、书面委托或电话记录，一户一户写清房号，没有“其余”“全部”。例：/代投 1 201 赞成；202 赞成。这次一户都没有记。",
            ),
        ),
        (
            "代投 1 101 √；102 ×",
            err(
                "没看懂“101 √”：只有勾或叉，不知道投的是哪一项。请写成“101 赞成”“101 反对”或“101 弃权”。例：/代投 1 201 赞成；202 反对",
            ),
        ),
        ("代投 1 201 赞成 202", err("没看懂“201 赞成 202”。例：/代投 1 201 赞成；202 反对")),
        ("代投 1 201 反对 怕吵", proxy(Some(1), vec![why(line("201", Choice::Against))])),
        (
            "代投 1\n201反对，理由：怕吵\n202 2",
            proxy(Some(1), vec![why(line("201", Choice::Against)), two().remove(1)]),
        ),
        (
            "代投 1 201、202反对（怕吵）；203 1",
            proxy(
                Some(1),
                vec![why(line("201", Choice::Against)), why(line("202", Choice::Against)), line("203", Choice::For)],
            ),
        ),
        ("代投 1 201 反对 202", err("没看懂“201 反对 202”。例：/代投 1 201 赞成；202 反对")),
        (
            "代投 1 201 李德福 赞成",
            proxy(Some(1), vec![ProxyLine { owner: "李德福".into(), ..line("201", Choice::For) }]),
        ),
    ] {
        assert_eq!(private(text), want, "{text}");
    }
}

#[test]
fn what_was_said_is_written_down_for_somebody_on_a_topic() {
    let relay = |text: &str| ok(Command::Relay { topic: None, name: "李德福".to_owned(), text: text.to_owned() });
    assert_eq!(group("/代录 李德福：一楼怕挡光：真的"), relay("一楼怕挡光：真的"));
    assert_eq!(group("/替 李德福 一楼怕挡光"), relay("一楼怕挡光"));
    let on = |text: &str| {
        ok(Command::Relay { topic: Some(TopicNo(1)), name: "李德福".to_owned(), text: text.to_owned() })
    };
    for said in [
        "/代录 1 李德福：一楼怕挡光",
        "/代录 1号 李德福：一楼怕挡光",
        "/代录 1号李德福：一楼怕挡光",
        "/代录 1 李德福 一楼怕挡光",
        "/代录 【1】李德福：一楼怕挡光",
    ] {
        assert_eq!(group(said), on("一楼怕挡光"), "{said}");
    }
    assert_eq!(group("/代录 1：一楼怕挡光"), err("内容是空的。例：/代录 李德福：一楼怕挡光"));
    assert_eq!(group("/代录 李德福"), err("内容是空的。例：/代录 李德福：一楼怕挡光"));
}

#[test]
fn names_of_several_words_are_read_whole() {
    let enrol = |name: &str, side, unit: &str, sector: &str, town: &str, level, room: &str| {
        ok(Command::Enrol {
            name: name.into(),
            side,
            unit: unit.into(),
            loose: !unit.is_empty(),
            sector: sector.into(),
            town: town.into(),
            level,
            room: room.into(),
            marks: Default::default(),
            another: false,
            same: false,
        })
    };
    // A name of several English words is read whole, whatever stands behind it.
    for (said, wanted) in [
        ("/登记 Liu Fang 专家 structures", enrol("Liu Fang", Side::Expert, "structures", "", "", None, "")),
        ("/enrol Mary J. O'Brien expert", enrol("Mary J. O'Brien", Side::Expert, "", "", "", None, "")),
        ("/enrol Liu Fang side=resident flat=601", enrol("Liu Fang", Side::Resident, "", "", "", None, "601")),
        ("/enrol Liu Fang 601 resident", enrol("Liu Fang", Side::Resident, "", "", "", None, "601")),
        ("/登记 王建国 区一中 专家", enrol("王建国", Side::Expert, "区一中", "", "", None, "")),
    ] {
        assert_eq!(private(said), wanted, "{said}");
    }
    let alone = |said: &str| match private(&format!("/enrol {said}")) {
        Some(Ok(command)) => (said.to_owned(), Ok(command)),
        other => panic!("{said}: {other:?}"),
    };
    assert_eq!(
        private("/enrol Liu Fang expert; Wang Li resident 601"),
        ok(Command::EnrolAll(vec![alone("Liu Fang expert"), alone("Wang Li resident 601")]))
    );
    let to_liu = |role| {
        ok(Command::Grant { name: "Liu Fang".to_owned(), role, scope: Some(ScopeArg::District), withdraw: false })
    };
    assert_eq!(group("/grant Liu Fang moderator district"), to_liu(Role::Moderator));
    assert_eq!(group("/授权 Liu Fang 专家 全区"), to_liu(Role::Expert));
    let guest = |name: &str, note: &str| Guest { name: name.into(), side: Some(Side::Expert), note: note.into() };
    assert_eq!(
        group("/邀请 1 Liu Fang 专家 structures；He Wei expert"),
        ok(Command::Invite {
            topic: Some(TopicNo(1)),
            guests: vec![guest("Liu Fang", "structures"), guest("He Wei", "")]
        })
    );
}

#[test]
fn people_and_groups() {
    let guest = |name: &str, side, note: &str| Guest { name: name.to_owned(), side, note: note.to_owned() };
    let guests = vec![
        guest("赵志强", Some(Side::Department), "区住建局"),
        guest("何伟", Some(Side::Expert), "结构"),
        guest("张桂英", None, ""),
    ];
    assert_eq!(
        group("/邀请 1 赵志强 部门 区住建局；何伟 专家 结构\n张桂英"),
        ok(Command::Invite { topic: Some(TopicNo(1)), guests })
    );
    let grant =
        |scope, withdraw| ok(Command::Grant { name: "刘芳".to_owned(), role: Role::Moderator, scope, withdraw });
    assert_eq!(group("/授权 刘芳 主持人 东风路街道"), grant(Some(ScopeArg::Town("东风路街道".to_owned())), false));
    assert_eq!(group("/授权 刘芳 主持人 3号 取消"), grant(Some(ScopeArg::Topic(TopicNo(3))), true));
    assert_eq!(group("/授权 刘芳 主持人 全区"), grant(Some(ScopeArg::District), false));
    assert_eq!(group("/授权 刘芳 主持人"), grant(None, false));
    assert_eq!(group("/授权 刘芳 组长"), err("没看懂“组长”。例：/授权 刘芳 主持人 东风路街道"));
    let enrol = |name: &str, side, unit: &str, sector: &str, town: &str, level, room: &str| {
        ok(Command::Enrol {
            name: name.into(),
            side,
            unit: unit.into(),
            loose: !unit.is_empty(),
            sector: sector.into(),
            town: town.into(),
            level,
            room: room.into(),
            marks: Default::default(),
            another: false,
            same: false,
        })
    };
    assert_eq!(
        private("/登记 王建国 政协 区一中 教育界 东风路街道 区级"),
        enrol("王建国", Side::Cppcc, "区一中", "教育界", "东风路街道", Some(Level::District), "")
    );
    assert_eq!(
        private("登记 张桂英 群众 房号=601 镇街=东风路街道"),
        enrol("张桂英", Side::Resident, "", "", "东风路街道", None, "601")
    );
    assert_eq!(
        private("登记 张桂英 群众 601 东风路街道"),
        enrol("张桂英", Side::Resident, "", "", "东风路街道", None, "601")
    );
    assert_eq!(private("登记 何伟 专家 结构"), enrol("何伟", Side::Expert, "结构", "", "", None, ""));
    assert_eq!(private("登记 何伟 专家 无 科技"), enrol("何伟", Side::Expert, "", "科技", "", None, ""));
    assert_eq!(private("登记 何伟"), err("没看懂“何伟”。例：/登记 王建国 政协 区一中 教育界 东风路街道"));
    let accept = |town: Option<&str>, kind| {
        ok(Command::Accept { slip: SlipNo(1), town: town.map(str::to_owned), kind, template: None })
    };
    assert_eq!(private("/受理 W1 东风路街道 智力支持型"), accept(Some("东风路街道"), Some(Kind::Expertise)));
    assert_eq!(private("/受理 w１"), accept(None, None));
    // The hint of the notice, copied as it stands.
    assert_eq!(private("/受理 W1 镇街"), err("没看懂“镇街”。例：/受理 W1 东风路街道 智力支持型"));
    assert_eq!(private("/授权 刘芳 主持人 镇街"), err("没看懂“镇街”。例：/授权 刘芳 主持人 东风路街道"));
    assert_eq!(
        group("/群设置 类型=居民群 镇街=街道名"),
        err("没看懂“街道名”。例：/群设置 类型=镇街学联组群 镇街=东风路街道 日报=20:00")
    );
    assert_eq!(private("/受理 1 公益活动"), accept(None, Some(Kind::Charity)));
    assert_eq!(replying("/受理", "📥 扫码点单 W1：南门（张）"), accept(None, None));
    let time = |h, m| NaiveTime::from_hms_opt(h, m, 0).unwrap();
    let patch = GroupPatch {
        kind: Some(GroupKind::Town),
        town: Some("东风路街道".into()),
        digest_at: Some(time(20, 0)),
        quiet: Some((time(22, 0), time(7, 30))),
        language: Some("zh".into()),
        ..GroupPatch::default()
    };
    assert_eq!(
        group("/群设置 类型=镇街学联组群 镇街=东风路街道 日报=20:00 免打扰=22:00-7:30 语言=中文"),
        ok(Command::GroupSet(patch.clone()))
    );
    assert_eq!(
        group("/群设置 类型：镇街学联组群 镇街＝东风路街道 日报：20点 免打扰=22:00—7:30 语言=中文"),
        ok(Command::GroupSet(patch))
    );
    assert_eq!(
        group("/群设置 颜色=红"),
        err("没看懂“颜色=红”。例：/群设置 类型=镇街学联组群 镇街=东风路街道 日报=20:00")
    );
}

#[test]
fn rolls() {
    let flat = |room: &str, owner: &str, area| RollLine { room: room.into(), owner: owner.into(), area };
    let roll = |lines| ok(Command::LoadRoll { topic: Some(TopicNo(1)), sheet: Sheet { lines, ..Sheet::default() } });
    let two = || vec![flat("101", "李德福", 9250), flat("102", "吴秀珍", 8800)];
    for text in [
        "/名册 1\n房号,产权人,面积\n101,李德福,92.5\n102，吴秀珍，88",
        "/名册 1\n101\t李德福\t92.50㎡\n\n102\t吴秀珍\t88平方米",
        "/名册 1 101,李德福,92.5；102,吴秀珍,88",
        "/名册 1\n101；李德福；92.5\n102;吴秀珍;88.00",
    ] {
        assert_eq!(private(text), roll(two()), "{text}");
    }
    assert_eq!(
        private("名册 1\n张三；李四\n王五"),
        roll(vec![flat("", "张三", 0), flat("", "李四", 0), flat("", "王五", 0)])
    );
    assert_eq!(private("名册 1"), roll(vec![]));
    // What stands behind the topic may be a row that begins with a number; “101,李德福” is no topic 101.
    let none = |text: &str| match private(text) {
        Some(Ok(Command::LoadRoll { topic, sheet })) => (topic, sheet.lines.len()),
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(none("名册\n101,李德福,92.5\n102,吴秀珍,88"), (None, 2));
    assert_eq!(none("名册 101 李德福 92.5\n102 吴秀珍 88.5"), (None, 2));
    assert_eq!(none("名册 1 3号楼业主名册\n101 李德福 92.5\n102 吴秀珍 88.5"), (Some(TopicNo(1)), 2));
    let long = format!("名册 1\n{}", "张三\n".repeat(6600));
    assert!(private(&long) != roll(vec![]));
}

#[test]
fn gatherings_briefs_and_digests() {
    let call = |name: &str, at, place: &str| {
        ok(Command::CallGathering { name: name.into(), at, until: None, place: place.into() })
    };
    assert_eq!(
        group("/活动 周末有约·加装电梯恳谈会 3月8日9:30 东风路微协商议事室"),
        call("周末有约·加装电梯恳谈会", at(3, 8, 9, 30), "东风路微协商议事室")
    );
    assert_eq!(group("/踏勘 看现场 3号楼门口 明早9点"), call("看现场", at(3, 4, 9, 0), "3号楼门口"));
    assert_eq!(group("/活动 恳谈会 很快 议事室"), err("时间没看懂“很快 议事室”。可写：3天、周五18点、3月30日20:00"));
    assert_eq!(
        group("/签到 1 张桂英 李德福、吴秀珍"),
        ok(Command::SignIn {
            gathering: Some(GatheringNo(1)),
            names: Attendants::Named(vec!["张桂英".into(), "李德福".into(), "吴秀珍".into()])
        })
    );
    assert_eq!(
        group("/纪要 1 一层不出资"),
        ok(Command::Minutes { gathering: Some(GatheringNo(1)), text: "一层不出资".into() })
    );
    assert_eq!(group("/报名 2人"), ok(Command::Gathering(Gathering::Join { gathering: None, note: "2人".into() })));
    assert_eq!(
        group("/报名 活动1号 2人"),
        ok(Command::Gathering(Gathering::Join { gathering: Some(GatheringNo(1)), note: "2人".into() }))
    );
    let people = vec![
        SignUp { name: "张桂英".into(), note: String::new(), comes: Coming::Yes },
        SignUp { name: "李德福".into(), note: "2人".into(), comes: Coming::Yes },
    ];
    assert_eq!(
        group("#接龙\n周六恳谈会\n例 1. 某某\n\n1. 张桂英\n2. 李德福 2人\n3、张桂英"),
        ok(Command::Chain(Chain {
            title: "周六恳谈会".into(), gathering: None, lines: people, nobody: Vec::new()
        }))
    );
    let chain = |text: &str| match group(text) {
        Some(Ok(Command::Chain(Chain { lines, .. }))) => {
            lines.into_iter().map(|line| format!("{}|{}", line.name, line.note)).collect::<Vec<_>>().join(" ")
        }
        other => format!("{other:?}"),
    };
    for (text, want) in [
        (
            "#接龙\n\n例 1. 姓名 人数\n1. 张桂英（2人）\n\n2、李德福\n3．冯丽+1\n4.郑小军：带老伴",
            "张桂英|2人 李德福| 冯丽|+1 郑小军|带老伴",
        ),
        ("#接龙\n1️⃣张桂英\n2️⃣ 李德福 3人\n🔟、冯丽", "张桂英| 李德福|3人 冯丽|"),
        ("＃接龙\n①张桂英\n② 李德福-2人", "张桂英| 李德福|2人"),
        ("# 接龙\n1）张桂英\n2) 李德福2人\n3: 冯丽\n4 郑小军", "张桂英| 李德福|2人 冯丽| 郑小军|"),
        ("#接龙\n1. 张桂英\n2. 李德福\n3. 张桂英 2人", "张桂英|2人 李德福|"),
        ("#接龙\n1. 例 张三\n2. 李德福", "李德福|"),
        ("#Group Note\nSaturday walk\n1. Li Defu 2\n2. Anna", "Li Defu|2 Anna|"),
    ] {
        assert_eq!(chain(text), want, "{text}");
    }
    assert_eq!(group("#接龙 周六聚餐"), None);
    assert_eq!(group("#接龙\n大家周六来\n2025年的第一次"), None);
    let brief = |title: &str, body: &str| {
        ok(Command::Brief(BriefAsk::Info { title: title.into(), body: body.into(), sources: vec![] }))
    };
    assert_eq!(
        group("/社情民意 关于标准的建议｜情况：不清楚｜建议：公布"),
        brief("关于标准的建议", "情况：不清楚｜建议：公布")
    );
    assert_eq!(group("/信息 关于标准\n情况：不清楚"), brief("关于标准", "情况：不清楚"));
    assert!(matches!(group("/民意 关于标准"), Some(Err(_))));
    assert_eq!(group("/日报"), ok(Command::Digest(None)));
    assert_eq!(group("/日报 昨天"), ok(Command::Digest(NaiveDate::from_ymd_opt(2025, 3, 2))));
    assert_eq!(group("/日报 明天"), ok(Command::Digest(NaiveDate::from_ymd_opt(2025, 3, 4))));
}

#[test]
fn briefs_and_proposals() {
    let info = |no| Subject::Info(BriefNo(no));
    let prop = |no| Subject::Proposal(ProposalNo(no));
    let deal = |subject, deal, text: &str| ok(Command::Brief(BriefAsk::Deal { subject, deal, text: text.into() }));
    let said = |ask| ok(Command::Brief(ask));
    let sug = Subject::Suggestion(SuggestionRef { topic: TopicNo(1), n: 3 });
    assert_eq!(
        group("/提案 关于公交的建议｜情况：没车｜来源：1-3、2号｜建议：加车"),
        said(BriefAsk::Propose {
            title: "关于公交的建议".into(),
            body: "情况：没车｜建议：加车".into(),
            sources: vec![sug, Subject::Topic(TopicNo(2))]
        })
    );
    assert_eq!(group("/提案 2"), said(BriefAsk::ProposalCard(ProposalNo(2))));
    assert_eq!(group("/社情民意 社2"), said(BriefAsk::InfoCard(BriefNo(2))));
    for (text, want) in [
        ("/审核 社1", deal(info(1), Deal::Review, "")),
        ("/审核 1", deal(info(1), Deal::Review, "")),
        ("/vet p1", deal(prop(1), Deal::Review, "")),
        ("/退改 社1 写明依据", deal(info(1), Deal::Return, "写明依据")),
        ("/审核 社1 退改：写明依据", deal(info(1), Deal::Return, "写明依据")),
        ("/报送 1 市政协", deal(info(1), Deal::Report, "市政协")),
        ("/立案 1", deal(prop(1), Deal::File, "")),
        ("/审核 提1 立案", deal(prop(1), Deal::File, "")),
        ("/不予立案 提1 涉密", deal(prop(1), Deal::Decline, "涉密")),
        ("/转社情民意 1", deal(prop(1), Deal::Recast, "")),
        ("/采用 社1 市政协", said(BriefAsk::Adopt { subject: info(1), level: "市政协".into() })),
        ("/吸纳 1-3 《办法》", said(BriefAsk::Absorb { subject: sug, document: "《办法》".into() })),
        ("/采用 提1 吸纳 《办法》", said(BriefAsk::Absorb { subject: prop(1), document: "《办法》".into() })),
        ("/催办 提1", said(BriefAsk::Urge(ProposalNo(1)))),
        ("/催办 办1", ok(Command::Urge(Some(crate::domain::kernel::ids::TaskNo(1))))),
        ("/报道 1 各界导报", err("内容是空的。例：/报道 1 人民政协报 一部电梯的协商路")),
    ] {
        assert_eq!(group(text), want, "{text}");
    }
    let proposal = ProposalNo(1);
    let answer = |class, text: &str| said(BriefAsk::Progress { proposal, class, text: text.into() });
    for text in ["/办理 提1 办结 B 已列入", "/办理 提1 办结B 已列入", "/办理 提1 办结：B类，已列入"]
    {
        assert_eq!(group(text), answer(Some(crate::domain::work::task::Class::B), "已列入"), "{text}");
    }
    assert_eq!(group("/办理 提1 进展：正在会签"), answer(None, "正在会签"));
    let grade = crate::domain::work::task::Grade::Bad;
    let rate = said(BriefAsk::Rate { proposal, grade, reason: "没答到点上".into() });
    assert_eq!(group("/评价 提1 不满意，没答到点上"), rate);
    let date = NaiveDate::from_ymd_opt(2025, 3, 1);
    let instruct = |date, text: &str| {
        said(BriefAsk::Instruct { subject: info(1), who: "市政协主席".into(), date, text: text.into() })
    };
    assert_eq!(group("/批示 社1 市政协主席 3月1日 请研究"), instruct(date, "请研究"));
    assert_eq!(group("/批示 社1 市政协主席 请研究"), instruct(None, "请研究"));
    let assign = |term, helpers: &[&str]| {
        let helpers = helpers.iter().map(|&helper| helper.to_owned()).collect();
        let (unit, handler) = ("区交通局".to_owned(), "赵志强".to_owned());
        said(BriefAsk::Assign { proposal: ProposalNo(1), unit, handler, term, helpers })
    };
    assert_eq!(group("/交办 提1 区交通局 赵志强"), assign(None, &[]));
    let days = Some(Term::Days(60));
    assert_eq!(
        group("/交办 提1 区交通局 赵志强 60天 会办：区财政局、区公安局"),
        assign(days, &["区财政局", "区公安局"])
    );
    assert_eq!(group("/交办 提1 区交通局 赵志强 60天 会办 区财政局"), assign(days, &["区财政局"]));
}

#[test]
fn the_entry_is_that_of_the_command_meant() {
    let meant = |text: &str| match parse(catalog(), text, &scene(false, None)) {
        Parsed::Heard(heard) => heard.entry.map(Entry::key),
        Parsed::Silent => None,
    };
    assert_eq!(meant("/投票 1 赞成"), Some("ballot"));
    assert_eq!(meant("/投票 1 抽签"), Some("vote"));
    assert_eq!(meant("/卖单 1"), None);
}

#[test]
fn every_command_of_the_catalogue_has_one_reader_and_every_reader_a_command() {
    let mut named: Vec<&str> = catalog().entries().iter().map(Entry::key).collect();
    let mut read: Vec<&str> = command_table::READERS.iter().map(|(key, _)| *key).collect();
    named.sort_unstable();
    read.sort_unstable();
    assert_eq!(read, named);
}

#[test]
fn what_no_entry_measures_is_refused() {
    assert!(Heard::of(catalog(), "no such command", Command::Me, true).command.is_err());
}
