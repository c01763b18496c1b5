//! 角色相斥 — every pair of what somebody can be in one topic, by hand; and that the commands ask that table.

use super::{hall, refusal};
use xieshang::domain::brief;
use xieshang::domain::event::Event;
use xieshang::domain::kernel::ids::{PollNo, ProposalNo, TopicNo};
use xieshang::domain::kernel::said::Way;
use xieshang::domain::process::conflict::{Fit, Part, Settling, Stake, fit, settles};
use xieshang::domain::vote::{absence, mandate};
use xieshang::domain::work::task::Class;
use xieshang::language::Lang;

/// What is held → what cannot be taken on besides; everything else can. `!` = not even where a coordinator says so.
const BY_HAND: &[(Part, &[(Part, &str)])] = &[
    (Part::Asker, &[(Part::Expert, ""), (Part::Teller, "")]),
    (Part::Lead, &[(Part::Expert, ""), (Part::Rater, ""), (Part::Teller, "")]),
    (Part::Moderator, &[(Part::Expert, ""), (Part::Rater, ""), (Part::Voter, "!"), (Part::Trustee, "!")]),
    (Part::Drafter, &[(Part::Expert, "")]),
    (Part::Handler, &[(Part::Rater, "!"), (Part::Teller, "")]),
    (Part::Expert, &[(Part::Teller, "")]),
    (Part::Rater, &[(Part::Teller, "")]),
    (Part::Voter, &[(Part::Expert, ""), (Part::Teller, "!")]),
    (Part::Trustee, &[(Part::Teller, "!")]),
    (Part::Teller, &[(Part::Voter, "!"), (Part::Trustee, "!")]),
];

#[test]
fn every_pair_of_roles_is_as_it_was_written_down() {
    assert_eq!(BY_HAND.len(), Part::ALL.len());
    for (held, not) in BY_HAND {
        for asked in Part::ALL {
            let wanted = match not.iter().find(|(part, _)| *part == asked) {
                Some((_, "!")) => Fit::Never,
                Some(_) => Fit::Excepted,
                None => Fit::Together,
            };
            assert_eq!(fit(*held, asked), wanted, "{held:?} as {asked:?}");
        }
    }
}

#[test]
fn nobody_reviews_their_own_plan_unless_a_coordinator_says_so_in_the_open() {
    for who in ["王建国", "刘芳"] {
        let mut reviewing = hall("reviewing");
        let invited = format!("/邀请 1 {who} 专家 结构");
        assert_eq!(refusal(&reviewing, "刘芳", "g_tl", &invited), "e.conflict.expert");
        assert_eq!(refusal(&reviewing, who, "pm", &format!("/另定 1 专家 {who} 只有他懂")), "e.role.ask");
        reviewing.must(&format!("田静 g_tl /另定 1 专家 {who} 镇里只有他懂结构"));
        reviewing.must(&format!("刘芳 g_tl {invited}"));
        reviewing.must(&format!("{who} g_tl /专家 1 同意"));
    }
}

#[test]
fn nobody_rates_their_own_work() {
    let mut answered = hall("tracking_answered");
    assert_eq!(refusal(&answered, "赵志强", "g_tl", "/评价 办1 满意"), "e.role.task");
    // An owner on a roll that came afterwards, and the moderator on one.
    answered.must("刘芳 pm /名册 1\\n101,刘芳,92.50\\n102,田秀英,78.30\\n201,赵志强,60.00");
    assert_eq!(refusal(&answered, "刘芳", "g_tl", "/评价 办1 满意"), "e.conflict.rater");
    assert_eq!(refusal(&answered, "赵志强", "g_tl", "/评价 办1 满意"), "e.conflict.rater");
    assert_eq!(refusal(&answered, "田秀英", "g_tl", "/评价 办1 满意"), "e.role.task");
    // Whoever did it is not named even by a coordinator; nobody names themselves.
    assert_eq!(refusal(&answered, "田静", "g_tl", "/另定 1 评价人 赵志强 没有别人"), "e.conflict");
    assert_eq!(refusal(&answered, "田静", "g_tl", "/另定 1 评价人 田静 没有别人"), "e.appoint.own");
    // Nobody else is named while whoever asked can say it.
    assert_eq!(refusal(&answered, "田静", "g_tl", "/另定 1 评价人 田秀英 点单人出差"), "e.appoint.rater");
    answered.must("赵小梅 g_tl /评价 办1 满意");
}

#[test]
fn the_moderator_is_nobodys_trustee_and_sends_nobody() {
    let voting = hall("voting");
    assert_eq!(refusal(&voting, "李德福", "pm", "/委托 1 刘芳"), "e.mandate.unfit");
}

#[test]
fn the_moderators_own_ballot_comes_on_no_paper() {
    let mut talking = hall("talking");
    talking.must("田静 pm /名册 1\\n101,刘芳,92.50\\n102,田秀英,78.30\\n201,李德福,60.00\\n202,郑小军,60.00");
    talking.must("田静 g_tl /投票 1 过半 3天 同意吗");
    for line in ["/代投 1 刘芳 赞成", "/代投 1 101 赞成"] {
        assert_eq!(refusal(&talking, "田静", "pm", line), "e.neutral.other", "{line}");
    }
    assert_eq!(refusal(&talking, "田静", "pm", "/委托 1 刘芳 委托 李德福 书面"), "e.neutral.other");
}

#[test]
fn whoever_votes_has_no_hand_in_the_vote_of_others() {
    let mut voting = hall("talking");
    voting.must("田静 pm /名册 1\\n101,田静,92.50\\n102,田秀英,78.30\\n201,李德福,60.00\\n202,郑小军,60.00");
    voting.must("刘芳 g_tl /投票 1 过半 3天 同意吗");
    let mut voted = voting;
    voted.must("田静 pm 投 1号 1");
    for (place, line) in
        [("pm", "/代投 1 李德福 赞成"), ("pm", "/回避 1 李德福 有亲戚"), ("g_tl", "/投票 1 作废 写错了")]
    {
        assert_eq!(refusal(&voted, "田静", place, line), "e.teller.act", "{line}");
    }
}

#[test]
fn whoever_had_a_hand_in_the_vote_of_others_does_not_vote() {
    let mut voting = hall("talking");
    voting.must("田静 pm /名册 1\\n101,田静,92.50\\n102,田秀英,78.30\\n201,李德福,60.00\\n202,郑小军,60.00");
    voting.must("刘芳 g_tl /投票 1 过半 3天 同意吗");
    voting.must("田静 pm /代投 1 李德福 赞成");
    assert_eq!(refusal(&voting, "田静", "pm", "投 1号 1"), "e.teller.vote");
}

#[test]
fn no_role_takes_a_vote_from_somebody_who_still_has_it() {
    let mut voting = hall("talking");
    voting.must("刘芳 pm /名册 1\\n101,李德福,92.50\\n102,田秀英,78.30");
    voting.must("刘芳 g_tl /投票 1 过半 3天 同意吗");
    assert_eq!(refusal(&voting, "周敏", "pm", "/授权 李德福 主持人 1号"), "e.grant.vote");
    assert_eq!(refusal(&voting, "周敏", "pm", "/注销 李德福 搬走了"), "e.leave_hangs");
    voting.must("李德福 pm 投 1号 1");
    voting.must("周敏 pm /授权 李德福 主持人 1号");
}

#[test]
fn a_name_that_is_nobodys_recuses_nobody() {
    let mut talking = hall("talking");
    talking.must("刘芳 pm /名册 1\\n101,李德福,92.50\\n102,田秀英,78.30\\n103,刘芳,60.00");
    for who in ["刘芳", "李德福"] {
        assert_eq!(refusal(&talking, who, "pm", "/回避 1 沈洪 是施工队老板的家属"), "e.recuse.who");
    }
    assert_eq!(refusal(&talking, "刘芳", "pm", "/回避 1 田秀英、李德福 是家属"), "e.recuse.several");
    assert_eq!(refusal(&talking, "田静", "pm", "/回避 1 沈洪 是家属"), "e.recuse.who.off");
    talking.must("李德福 pm /回避 1 与施工队有往来");
}

/// What is settled → whoever has which stake in it does not settle it.
const OWN_MATTER: &[(Settling, &[Stake])] = &[
    (Settling::Rater, &[Stake::Handler, Stake::Owing, Stake::Lead]),
    (Settling::Expert, &[Stake::Lead, Stake::Drafter]),
    (Settling::Recusal, &[Stake::Concerned, Stake::Doer]),
    (Settling::Hiding, &[Stake::Concerned, Stake::Doer]),
    (Settling::Showing, &[Stake::Concerned]),
    (Settling::Force, &[Stake::Handler, Stake::Owing]),
    (Settling::Halt, &[Stake::Owing]),
    (Settling::Brief, &[Stake::Concerned]),
    (Settling::Answer, &[Stake::Concerned]),
    (Settling::Grade, &[Stake::Doer]),
    (Settling::Verdict, &[Stake::Concerned]),
    (Settling::Reply, &[Stake::Concerned]),
    (Settling::Account, &Stake::ALL),
];

#[test]
fn who_settles_what_is_as_it_was_written_down() {
    assert_eq!(OWN_MATTER.len(), Settling::ALL.len());
    for (what, not) in OWN_MATTER {
        for stake in Stake::ALL {
            assert_eq!(settles(stake, *what), !not.contains(&stake), "{stake:?} of {what:?}");
        }
    }
}

/// 田静 coordinates and has a task of her own: of everything that would be settled in it another official is named.
#[test]
fn nobody_settles_what_is_their_own_matter() {
    let mut tracking = hall("tracking");
    tracking.must("周敏 g_tl /交办 1 区政协办公室 田静 15天 出具意见");
    let own = [
        "/另定 1 评价人 田秀英 没有别人",
        "/暂缓 1 等等再说",
        "/终止 1 不办了",
        "/并案 1 并到 2",
        "/强制办结 办1 办不了",
    ];
    for line in own {
        assert_eq!(refusal(&tracking, "田静", "g_tl", line), "e.party", "{line}");
        let refused = tracking.ask(&tracking.world(), "周敏", "g_tl", line).decided;
        let key = refused.and_then(Result::err).map(|say| say.key).unwrap_or_default();
        assert!(!key.starts_with("e.party"), "{line}: the other one is refused, too: {key}");
    }
    let Some(Err(say)) = tracking.ask(&tracking.world(), "田静", "g_tl", own[0]).decided else { panic!("done") };
    let words = tracking.words(&say, Lang::Zh);
    assert!(words.contains("您是承办人") && words.contains("周敏") && !words.contains("田静"), "{words}");
    tracking.must("周敏 g_tl /暂缓 1 等等再说");
}

/// Hidden by the coordinator, the moderator's own words are shown again by somebody else.
#[test]
fn nobody_shows_their_own_words_again() {
    let mut ordered = hall("ordered");
    ordered.must("刘芳 g_tl /议题 花坛没人修");
    ordered.must("田静 g_tl /隐藏 3号 标题 有人名");
    assert_eq!(refusal(&ordered, "刘芳", "g_tl", "/取消隐藏 3号 标题"), "e.hiding.yours");
    ordered.must("刘芳 g_tl /异议 隐1 没有写人名");
    assert_eq!(refusal(&ordered, "刘芳", "g_tl", "/取消隐藏 隐1"), "e.hiding.yours.wait");
    ordered.must("周敏 g_tl /取消隐藏 隐1");
}

/// 田静 is a member and coordinates: what becomes of her own brief and proposal another official says.
#[test]
fn nobody_settles_their_own_brief_or_proposal() {
    let mut talking = hall("talking");
    talking.must("周敏 pm /授权 田静 委员");
    talking.must("田静 pm /社情民意 关于楼道照明的建议｜情况：灯坏了没人修｜建议：换灯");
    talking.must("田静 pm /提案 关于错时停车的建议｜情况：停不下｜建议：错时");
    for line in
        ["/审核 社2", "/退改 社2 请补依据", "/编发 社2", "/报送 社2 区委", "/留存 社2 已有安排", "/采用 社2 市政协"]
    {
        assert_eq!(refusal(&talking, "田静", "pm", line), "e.own_brief", "{line}");
    }
    for line in ["/审核 提1", "/立案 提1", "/不予立案 提1 重复", "/批示 社2 区委书记 请研究", "/吸纳 提1 《停车办法》"]
    {
        assert_eq!(refusal(&talking, "田静", "pm", line), "e.own_brief", "{line}");
    }
    talking.must("周敏 pm /审核 社2");
    talking.must("周敏 pm /采用 社2 市政协");
    talking.must("周敏 pm /立案 提1");
}

/// 田静 coordinates: her own proposal is neither given to her nor answered by her, in nobody's place; she rates what another answered.
#[test]
fn nobody_answers_their_own_proposal() {
    let mut talking = hall("talking");
    talking.must("周敏 pm /授权 田静 委员");
    talking.must("田静 pm /提案 关于错时停车的建议｜情况：停不下｜建议：错时");
    assert_eq!(refusal(&talking, "田静", "pm", "/立案 提1"), "e.own_brief");
    talking.must("周敏 pm /立案 提1");
    assert_eq!(refusal(&talking, "田静", "pm", "/交办 提1 区交通局 赵志强"), "e.own_brief");
    assert_eq!(refusal(&talking, "周敏", "pm", "/交办 提1 区交通局 田静"), "e.prop_own_handler");
    talking.must("周敏 pm /交办 提1 区交通局 赵志强");
    for line in ["/签收 提1", "/办理 提1 正在看", "/办理 提1 办结 A 好", "/延期 提1 10天 忙"] {
        assert_eq!(refusal(&talking, "田静", "pm", line), "e.own_brief", "{line}");
    }
    talking.must("周敏 pm /办理 提1 办结 A 已划线");
    assert_eq!(refusal(&talking, "周敏", "pm", "/评价 提1 满意"), "e.role.prop");
    talking.must("田静 pm /评价 提1 满意");
}

/// 采纳 — what becomes of a suggestion somebody else says than who made it: not the lead member, nor a coordinator.
#[test]
fn nobody_adopts_their_own_suggestion() {
    let mut talking = hall("talking");
    for who in ["王建国", "田静"] {
        talking.must(&format!("{who} g_tl /建议 1 {who}说楼道灯换成声控的"));
        let no = TopicNo(1);
        let n = talking.world().topic(no).unwrap().last_suggestion;
        for line in ["/采纳 1-N", "/采纳 1-N 部分 先换一半", "/不采纳 1-N 太贵"] {
            let line = line.replace('N', &n.to_string());
            let Some(Err(say)) = talking.ask(&talking.world(), who, "g_tl", &line).decided else { panic!("{line}") };
            assert_eq!(say.key, "e.own_words", "{who}: {line}");
            let words = talking.words(&say, Lang::Zh);
            assert!(words.contains("刘芳") && !words.contains(&format!("请找{who}")), "{words}");
            assert_eq!(words.contains("王建国"), who == "田静", "the lead may, too: {words}");
        }
        talking.must(&format!("刘芳 g_tl /采纳 1-{n}"));
    }
}

/// 答复 — whoever objected does not answer it, and lets the topic go on by that; neither an official nor who was invited.
#[test]
fn nobody_answers_their_own_objection() {
    let mut noticing = hall("noticing");
    noticing.must("刘芳 g_tl /邀请 1 赵志强 部门");
    for (n, who) in [(1, "田静"), (2, "赵志强")] {
        noticing.must(&format!("{who} g_tl /异议 1 {who}说井道挡了一楼的光"));
        let n = noticing.world().topic(TopicNo(1)).unwrap().last_objection.max(n);
        assert_eq!(refusal(&noticing, who, "g_tl", &format!("/答复 1-异{n} 已核实")), "e.own_words", "{who}");
        noticing.must(&format!("刘芳 g_tl /答复 1-异{n} 已改用玻璃井道"));
    }
}

/// 评价 — ledgers from before a proposal could not be given to its author: what its author answered nobody rates, another answers it
/// anew, and that is rated.
#[test]
fn an_answer_of_its_author_is_answered_by_another_and_rated_then() {
    let mut talking = hall("talking");
    talking.must("周敏 pm /授权 田静 委员");
    talking.must("田静 pm /提案 关于错时停车的建议｜情况：停不下｜建议：错时");
    talking.must("周敏 pm /立案 提1");
    let (author, proposal) = (talking.person("田静"), ProposalNo(1));
    let day = talking.settings.date(talking.now) + chrono::Days::new(30);
    let assigned = brief::Fact::Assigned {
        proposal,
        unit: "区交通局".into(),
        handler: author.id,
        helpers: Vec::new(),
        due: day,
        limit: day,
        lamp: talking.now + chrono::Duration::days(20),
    };
    talking.happen(Some(&author), None, Way::Private, vec![Event::Brief(assigned)]);
    let answered = brief::Fact::Answered { proposal, class: Class::A, text: "已划线".into() };
    talking.happen(Some(&author), None, Way::Private, vec![Event::Brief(answered)]);
    let Some(Err(say)) = talking.ask(&talking.world(), "田静", "pm", "/评价 提1 满意").decided else {
        panic!("rated")
    };
    let words = talking.words(&say, Lang::Zh);
    assert!(say.key == "e.own_brief" && words.contains("周敏") && !words.contains("请找田静"), "{words}");
    assert_eq!(refusal(&talking, "周敏", "pm", "/评价 提1 满意"), "e.role.prop");
    assert_eq!(refusal(&talking, "田静", "pm", "/办理 提1 办结 A 又划了"), "e.own_brief");
    talking.must("周敏 pm /办理 提1 办结 A 已核实划线");
    assert_eq!(refusal(&talking, "周敏", "pm", "/办理 提1 办结 A 再来"), "e.prop_state");
    talking.must("田静 pm /评价 提1 满意");
}

/// What ledgers from before hold of recusals, reasons and mandates is read as it was: nobody is named who was not.
#[test]
fn what_old_ledgers_say_of_a_vote_is_still_read() {
    let counted = r#"{"counted":{"poll":1,"own":1,"by":[[5,2]]}}"#;
    let Ok(absence::Fact::Counted { own: 1, by, whom, open, leave, .. }) = serde_json::from_str(counted) else {
        panic!("{counted}")
    };
    assert_eq!((by.len(), whom.len(), open.len(), leave.len()), (1, 0, 0, 0));
    let again = absence::Fact::Counted { poll: PollNo(1), own: 1, by, whom, open, leave };
    assert_eq!(serde_json::to_string(&again).unwrap(), counted, "and written as before");
    let given = r#"{"given":{"topic":1,"voter":3,"trustee":4,"written":true}}"#;
    let Ok(fact @ mandate::Fact::Given { principal: None, .. }) = serde_json::from_str(given) else {
        panic!("{given}")
    };
    assert_eq!(serde_json::to_string(&fact).unwrap(), given);
}
