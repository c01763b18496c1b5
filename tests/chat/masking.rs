//! 打码 — what belongs to a person is masked in whatever spelling; ordinary numbers are not touched. Two tables: `masking/personal.txt`,
//! a spelling a line, and `masking/ordinary.txt`; and what is said of all of a kind, of numbers made up by chance.

use proptest::prelude::*;
use xieshang::domain::kernel::mask::mask;
use xieshang::platform::{Incoming, Place, Said, Sender, SenderKind};

fn lines(table: &str) -> Vec<&str> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

fn personal() -> Vec<&'static str> {
    lines(include_str!("masking/personal.txt"))
}

fn ordinary() -> Vec<&'static str> {
    lines(include_str!("masking/ordinary.txt"))
}

#[test]
fn personal_numbers_are_masked_in_every_spelling() {
    let spelt = personal();
    assert!(spelt.len() >= 450, "{}", spelt.len());
    let around =
        |number: &str| [number.to_owned(), format!("我的是{number}，谢谢"), format!("3号楼601 {number}\n第二行")];
    let open: Vec<String> =
        spelt.into_iter().flat_map(around).filter(|said| stars(&mask(said)) < stars(said) + 3).collect();
    assert!(open.is_empty(), "not masked:\n{}", open.join("\n"));
}

#[test]
fn two_numbers_in_one_line_are_both_masked() {
    for said in [
        "13955556666 13833334444",
        "13955556666、138 3333 4444",
        "139 5555 6666 138 3333 4444",
        "025-84401234 13955556666",
    ] {
        assert_eq!(stars(&mask(said)), 8, "{said} → {}", mask(said));
    }
}

fn stars(text: &str) -> usize {
    text.chars().filter(|&c| c == '*').count()
}

#[test]
fn ordinary_numbers_are_left_alone() {
    let said = ordinary();
    assert!(said.len() >= 550, "{}", said.len());
    let changed: Vec<String> =
        said.iter().filter(|said| mask(said) != **said).map(|said| format!("{said} → {}", mask(said))).collect();
    assert!(changed.is_empty(), "masked:\n{}", changed.join("\n"));
}

#[test]
fn what_is_masked_stays_as_it_is_and_tells_beginning_and_end() {
    for said in personal() {
        let once = mask(said).into_owned();
        assert_eq!(mask(&once), once, "{said}");
    }
    for (said, kept) in [
        ("电话13800000000", "电话138****0000"),
        ("电话１３８００００００００。", "电话１３８****００００。"),
        ("+86 139-1111-2222", "+86 139-****-2222"),
        ("①③⑨①①①①②②②②", "①③⑨****②②②②"),
        ("1️⃣3️⃣9️⃣1️⃣1️⃣1️⃣1️⃣2️⃣2️⃣2️⃣2️⃣", "1️⃣3️⃣9️⃣****2️⃣2️⃣2️⃣2️⃣"),
        ("110101 19900307 1233", "110*** ******** 1233"),
        ("025-84401234", "025-****1234"),
        ("E12345678", "E12****78"),
    ] {
        assert_eq!(mask(said), kept, "{said}");
    }
}

/// What a line break keeps apart, and what it does not. A table cannot hold it.
#[test]
fn a_number_goes_on_below_and_a_row_of_a_list_does_not() {
    for said in [
        "139\n1234\n5678",
        "138 1234\n5678",
        "3号楼的 138 1234\n5678 谢谢",
        "我的是139\n1234\n5678，谢谢",
        "电话\n139 1234\n5678",
        "1391234\n5678",
        "电话是139\n12345678记一下",
        "139\r\n1234\r\n5678",
        "139 \n 1234 \n 5678",
        "139\n\n1234\n\n5678",
        "卡号\n6222\n0212\n3456\n7890",
        "3号楼601 139\n1234\n5678",
        "025\n84401234",
        "110101\n19900307\n1233",
        "/登记 张桂英 群众 139 12345678",
        "/登记 张桂英 群众 1391 2345678",
        "/代点 电话 张三：灯坏了 139\n12345678",
    ] {
        assert!(stars(&mask(said)) >= 3, "{said} → {}", mask(said));
    }
    for said in [
        "101,张三,139.55\n3-1-1302,李四,89",
        "3-1-1301,张三,139.55\n3-1-1302,李四,139.56\n3-1-1303,王五,89",
        "1301 张三 1391\n2345678 李四",
        "2025-03-15\n2025-03-16\n2025-03-17",
        "3月15\n16\n17日",
        "20250315\n20250316",
        "1\n3\n9\n8\n7\n6\n5\n4\n2\n10\n11",
        "1\n2\n3",
        "89\n90\n70",
        "139 20\n30 1250",
        "1301\n1302\n201",
        "6201\n6202\n6101\n6102",
        "6200\n4500\n3800\n5200",
        "1500\n2000\n300",
        "1. 赞成\n3. 反对\n9. 弃权",
        "预算13500\n决算156000",
        "15\n9\n8\n7\n6",
    ] {
        assert_eq!(mask(said), said);
    }
}

/// The alphabets in which a number is written, its ten digits each.
const ALPHABETS: [&str; 9] = [
    "0123456789",
    "０１２３４５６７８９",
    "零一二三四五六七八九",
    "〇一二三四五六七八九",
    "零壹贰叁肆伍陆柒捌玖",
    "洞幺两三四五六拐八勾",
    "⓪①②③④⑤⑥⑦⑧⑨",
    "⓿❶❷❸❹❺❻❼❽❾",
    "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
];

/// What people put between the digits of a number.
const BETWEEN: [&str; 30] = [
    "", " ", "  ", "　", "\u{a0}", "\u{200b}", "\u{feff}", "\u{2060}", "-", "--", "----", "‐", "–", "—", "－", " - ",
    "~", "·", "•", "_", "*", "#", "★", "^", "'", "→", "丨", "、", "／", "，",
];

/// Into how many digits each of these is cut, and for those in one piece and in single ones.
const MOBILE: [&[usize]; 11] =
    [&[11], &[3, 4, 4], &[3, 8], &[7, 4], &[4, 4, 3], &[3, 3, 5], &[3, 5, 3], &[4, 3, 4], &[1, 10], &[5, 6], &[1; 11]];
const IDENTITY: [&[usize]; 8] =
    [&[18], &[6, 8, 4], &[6, 4, 4, 4], &[4, 4, 4, 4, 2], &[3, 3, 4, 2, 2, 4], &[14, 4], &[2; 9], &[1; 18]];
const CARD: [&[usize]; 5] = [&[19], &[4, 4, 4, 4, 3], &[6, 13], &[8, 11], &[1; 19]];
const LANDLINE: [&[usize]; 5] = [&[12], &[4, 8], &[4, 4, 4], &[4, 2, 2, 2, 2], &[1; 12]];

/// A number as somebody writes it; `None` where it could as well be something else: sums in hundreds, flats, a day, a fraction.
fn spelt(digits: &[usize], cuts: &[usize], between: &str, alphabet: &str) -> Option<String> {
    let signs: Vec<char> = alphabet.chars().collect();
    let mut rest = digits.iter().copied();
    let groups: Vec<Vec<usize>> = cuts.iter().map(|&n| rest.by_ref().take(n).collect()).collect();
    let value = |group: &Vec<usize>| group.iter().fold(0_u64, |sum, &digit| sum * 10 + u64::try_from(digit).unwrap());
    let could_be_flats = groups.len() > 1 && groups.iter().all(|group| value(group) % 100 <= 30);
    let could_be_years = groups.iter().filter(|group| (1900..2100).contains(&value(group))).count() > 1;
    let could_be_day = groups.iter().any(|group| group.len() == 8 && (1900_0000..2100_0000).contains(&value(group)));
    let is_identity = digits.len() == 18;
    if !is_identity && (could_be_flats || could_be_years || could_be_day) {
        return None;
    }
    let groups = groups.iter().map(|group| group.iter().map(|&digit| signs[digit]).collect::<String>());
    Some(groups.collect::<Vec<_>>().join(between))
}

/// Separators that also stand between the items of a list: only in the way people group a number.
fn is_list(between: &str) -> bool {
    ["、", "／", "，"].contains(&between)
}

fn digits(n: usize) -> impl Strategy<Value = Vec<usize>> {
    proptest::collection::vec(0..10_usize, n)
}

fn is_open(said: &str) -> bool {
    stars(&mask(said)) < stars(said) + 3
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_mobile_number_is_masked_however_it_is_cut(
        tail in digits(9), second in 3..10_usize, cut in 0..MOBILE.len(), between in 0..BETWEEN.len(), alphabet in 0..ALPHABETS.len(),
    ) {
        let number = [vec![1, second], tail].concat();
        let (cuts, between) = (MOBILE[cut], BETWEEN[between]);
        let is_usual = [&[3, 4, 4][..], &[4, 4, 3], &[11], &[1; 11]].contains(&cuts);
        prop_assume!(!is_list(between) || is_usual);
        let spelt = spelt(&number, cuts, between, ALPHABETS[alphabet]);
        prop_assume!(spelt.is_some());
        let spelt = spelt.unwrap();
        for said in [spelt.clone(), format!("电话：{spelt}（张三）"), format!("+86 {spelt}"), format!("请联系{spelt}，谢谢")] {
            prop_assert!(!is_open(&said), "{said} → {}", mask(&said));
        }
    }

    #[test]
    fn an_identity_number_is_masked_however_it_is_cut(
        place in 0..6_usize, year in 1930..2012_u32, month in 1..13_u32, day in 1..29_u32, last in 0..10_000_u32,
        cut in 0..IDENTITY.len(), between in 0..BETWEEN.len(), alphabet in 0..ALPHABETS.len(),
    ) {
        let place = ["110101", "320102", "321202", "440106", "510104", "650102"][place];
        let number = format!("{place}{year}{month:02}{day:02}{last:04}");
        let number: Vec<usize> = number.bytes().map(|digit| usize::from(digit - b'0')).collect();
        let said = spelt(&number, IDENTITY[cut], BETWEEN[between], ALPHABETS[alphabet]).unwrap();
        prop_assert!(!is_open(&said), "{said} → {}", mask(&said));
    }

    #[test]
    fn a_card_and_a_landline_are_masked_however_they_are_cut(
        tail in digits(17), cut in 0..CARD.len(), between in 0..BETWEEN.len(), alphabet in 0..ALPHABETS.len(), first in 2..10_usize,
    ) {
        let between = BETWEEN[between];
        for (number, cuts) in [
            ([vec![6, 2], tail.clone()].concat(), CARD[cut]),
            ([vec![0, 5, 7, 1, first], tail[..7].to_vec()].concat(), LANDLINE[cut]),
        ] {
            let is_usual = cuts.len() == 1 || cuts[0] == 1;
            let spelt = spelt(&number, cuts, between, ALPHABETS[alphabet]).filter(|_| !is_list(between) || is_usual);
            let Some(said) = spelt else { continue };
            prop_assert!(!is_open(&said), "{said} → {}", mask(&said));
        }
    }

    #[test]
    fn a_letter_typed_for_a_digit_hides_no_number(tail in digits(9), second in 3..10_usize, at in proptest::collection::vec(0..11_usize, 1..4)) {
        let number = [vec![1, second], tail].concat();
        let alike = ["O", "l", "Z", "З", "4", "S", "b", "7", "B", "q"];
        let sign = |(place, &digit): (usize, &usize)| if at.contains(&place) { alike[digit].to_owned() } else { digit.to_string() };
        let said: String = number.iter().enumerate().map(sign).collect();
        prop_assert!(!is_open(&said), "{said} → {}", mask(&said));
    }

    #[test]
    fn what_counts_measures_and_files_is_never_masked(
        n in 1..100_000_000_000_u64, m in 1..10_000_u32, year in 1950..2100_u32, month in 1..13_u32, day in 1..29_u32, floor in 1..34_u32,
        door in 1..9_u32, eleven in 13_000_000_000..20_000_000_000_u64, fifteen in 100_000_000_000_000..999_999_999_999_999_u64,
        eight in 10_000_000..99_999_999_u64,
    ) {
        for said in [
            format!("{n}元"), format!("￥{n}"), format!("{eleven}元"), format!("合计{eleven}元"), format!("总价 {n} 元"), format!("{m}.{day}㎡"),
            format!("面积{m}.{door}平方米"), format!("{m}户、{door}户"), format!("{m}票赞成、{door}票反对"), format!("{m}~{n}元"),
            format!("{year}-{month:02}-{day:02}"), format!("{year}年{month}月{day}日"), format!("{year}.{month}.{day} {floor}:{day:02}"),
            format!("{year}{month:02}{day:02}"), format!("{year}/{month:02}/{day:02}-{year}/{month:02}/{day:02}"),
            format!("{month}月{day}日{floor}:{day:02}"), format!("{door}号楼{floor}0{door}"), format!("{door}-{door}-{floor}0{door}"),
            format!("{floor}01、{floor}02、{floor}03"), format!("{floor}01 {floor}02 {floor}03 {floor}04"), format!("{door}幢{door}单元{floor}0{door}室"),
            format!("苏政发〔{year}〕{m}号"), format!("（{year}）苏0102民初{m}号"), format!("建字第{fifteen}号"), format!("地字第 {fifteen} 号"),
            format!("施工许可证编号：{fifteen}"), format!("许可证号{eleven}"), format!("订单号{eleven}"), format!("订单号：{fifteen}"),
            format!("工单号 {year}{month:02}{day:02}{m}"), format!("12345工单编号{eleven}"), format!("电表号 {eleven}"), format!("水表号：{n}"),
            format!("户号{eleven}"), format!("图号 G{eight}"), format!("图号：JZ-{year}-{eight}"), format!("设备编号{eleven}"), format!("编号{eleven}"),
            format!("No.{eleven}"), format!("宗地号 4401{fifteen}"), format!("发票号码{eight}"), format!("第{eleven}号"), format!("运单号{fifteen}"),
            format!("K{m}+{door}00"), format!("{m}×{door}00×{floor}"), format!("v{door}.{m}.{floor}"), format!("苏M{m}"), format!("打12345反映{m}户"),
            format!("热线400-{:03}-{m:04}", m % 1000), format!("{door}:{m} {floor}:{door}"),
        ] {
            prop_assert_eq!(mask(&said), said.as_str());
        }
    }
}

/// A form as a page hands it over.
fn form(title: &str, text: &str) -> Incoming {
    Incoming {
        key: "local:page:1".to_owned(),
        place: Place::Page { station: None, topic: None },
        from: Sender {
            account: "local:page".to_owned(),
            name: String::new(),
            name_is_proof: false,
            kind: SenderKind::Person,
            private_chat: None,
        },
        said_at: None,
        said: Said::Form { title: title.to_owned(), text: text.to_owned() },
    }
}

#[test]
fn a_number_that_goes_on_in_the_next_field_of_a_form_is_one() {
    let read = |title: &str, text: &str| match form(title, text).masked() {
        (Incoming { said: Said::Form { title, text }, .. }, is_masked) => (title, text, is_masked),
        other => panic!("{other:?}"),
    };
    for (title, text) in
        [("电话1395555", "6666找我"), ("打 139 5555", " 6666"), ("一三九五五五五", "六六六六"), ("139", "55556666")]
    {
        let (shown, rest, is_masked) = read(title, text);
        assert!(is_masked && stars(&format!("{shown} {rest}")) >= 4, "{title}｜{text} → {shown}｜{rest}");
        assert_eq!(shown.chars().count(), title.chars().count(), "each field keeps what is its own");
    }
    for (title, text) in [("3号楼 装电梯", "2024年报过两次\n没有下文"), ("路灯 12盏", "8盏不亮"), ("", "没有标题")]
    {
        assert_eq!(read(title, text), (title.to_owned(), text.to_owned(), false));
    }
}
