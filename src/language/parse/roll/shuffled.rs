//! A known roll in random shapes: the same roll comes of it, or a question; another one never.

use super::sheet;
use crate::domain::kernel::place::{name_sign, place_key};
use crate::domain::vote::roll::{RollLine, voters_of};
use proptest::prelude::*;
use std::collections::BTreeSet;

const NAMES: [&str; 12] = [
    "李德福",
    "吴秀珍",
    "张桂英",
    "张永年",
    "孙玉梅",
    "欧阳建国",
    "买买提·艾力",
    "李娜",
    "张和平",
    "王伟A",
    "周涛",
    "和平",
];

/// How a roll is written.
#[derive(Debug, Clone)]
struct Shape {
    mark: usize,
    headed: bool,
    order: usize,
    suffix: usize,
    unit: usize,
    numbered: usize,
    title: bool,
    total: usize,
    more: usize,
    wide: bool,
    together: usize,
    lines: bool,
}

type Flats = Vec<(u32, Vec<usize>, u64)>;

fn flats() -> impl Strategy<Value = Flats> {
    let owners = proptest::collection::btree_set(0..NAMES.len(), 1..=2);
    let flat = (owners, 4_000_u64..16_000).prop_map(|(owners, area)| (owners.into_iter().collect(), area));
    proptest::collection::vec(flat, 1..9).prop_map(|flats: Vec<(Vec<usize>, u64)>| {
        let number = |at: usize| u32::try_from((at / 2 + 1) * 100 + at % 2 + 1).unwrap_or_default();
        flats.into_iter().enumerate().map(|(at, (owners, area))| (number(at), owners, area)).collect()
    })
}

fn shape() -> impl Strategy<Value = Shape> {
    let first = (0..6_usize, any::<bool>(), 0..6_usize, 0..4_usize, 0..5_usize, 0..4_usize);
    let second = (any::<bool>(), 0..4_usize, 0..3_usize, any::<bool>(), 0..6_usize, any::<bool>());
    (first, second).prop_map(
        |((mark, headed, order, suffix, unit, numbered), (title, total, more, wide, together, lines))| Shape {
            mark,
            headed,
            order,
            suffix,
            unit,
            numbered,
            title,
            total,
            more,
            wide,
            together,
            lines,
        },
    )
}

fn written(flats: &Flats, shape: &Shape) -> String {
    let mark = ["\t", ",", "，", " ", "　", " | "][shape.mark];
    let order = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]][shape.order];
    let head = [["房号", "业主", "面积"], ["室号", "产权人姓名", "建筑面积(㎡)"], ["门牌号", "户主", "专有部分面积"]]
        [shape.order % 3];
    let room =
        |no: u32| [format!("{no}"), format!("{no}室"), format!("1单元{no}"), format!("1-{no}")][shape.suffix].clone();
    let area = |area: u64| {
        let unit = ["", "㎡", "平方米", "m2", "平"][shape.unit];
        format!("{}.{:02}{unit}", area / 100, area % 100)
    };
    let row = |cells: [String; 3], n: Option<usize>| {
        let mut cells: Vec<String> = order.iter().map(|at| cells[*at].clone()).collect();
        match (shape.numbered, n) {
            (1, Some(n)) => cells.insert(0, n.to_string()),
            (1, None) => cells.insert(0, "序号".to_owned()),
            _ => {}
        }
        match (shape.more, n) {
            (1, Some(n)) => cells.push(format!("{}", n % 3 + 1)),
            (1, None) => cells.push("人口".to_owned()),
            (2, Some(n)) => cells.push(format!("138****{n:04}")),
            (2, None) => cells.push("联系电话".to_owned()),
            _ => {}
        }
        let line = cells.join(mark);
        match (shape.numbered, n) {
            (2, Some(n)) => format!("{n}. {line}"),
            (3, Some(n)) => format!("{n}、{line}"),
            _ => line,
        }
    };
    let mut out = Vec::new();
    if shape.title {
        out.push("梧桐园3号楼业主名册".to_owned());
    }
    if shape.headed {
        out.push(row(head.map(str::to_owned), None));
    }
    let mut n = 0;
    for (no, owners, own) in flats {
        let names: Vec<&str> = owners.iter().map(|at| NAMES[*at]).collect();
        if shape.lines {
            for name in names {
                n += 1;
                out.push(row([room(*no), name.to_owned(), area(*own)], Some(n)));
            }
        } else {
            n += 1;
            let between = ["、", "/", " ", "和", "，", "；"][shape.together];
            out.push(row([room(*no), names.join(between), area(*own)], Some(n)));
        }
    }
    let sum: u64 = flats.iter().map(|(_, _, area)| area).sum();
    match shape.total {
        1 => out.push(row(["合计".to_owned(), format!("{}户", flats.len()), area(sum)], None).replace("序号", "")),
        2 => out.push(format!("共计{}户{mark}{mark}{}", flats.len(), area(sum))),
        3 => out.push("制表人：王芳　2025年3月1日".to_owned()),
        _ => {}
    }
    let text = out.join(if shape.wide { "\r\n" } else { "\n" });
    if !shape.wide {
        return text;
    }
    text.chars()
        .map(|c| if c.is_ascii_digit() { char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c) } else { c })
        .collect()
}

/// What a roll is, whatever the order.
fn of(lines: &[RollLine]) -> BTreeSet<(Vec<String>, Vec<String>, u64)> {
    let sorted = |mut all: Vec<String>| {
        all.sort();
        all
    };
    let row = |row: crate::domain::vote::roll::RollRow| {
        let bare = |room: &str| place_key(room).trim_start_matches("1-").to_owned();
        let rooms = row.rooms.iter().map(|room| bare(room.as_str())).collect();
        (sorted(rooms), sorted(row.names.iter().map(|name| name_sign(name.as_str())).collect()), row.area)
    };
    voters_of(lines).unwrap().into_iter().map(row).collect()
}

fn known(flats: &Flats) -> Vec<RollLine> {
    let line = |(no, owners, area): &(u32, Vec<usize>, u64)| {
        let each = owners.iter().map(|at| RollLine { room: no.to_string(), owner: NAMES[*at].to_owned(), area: *area });
        each.collect::<Vec<_>>()
    };
    flats.iter().flat_map(line).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn the_same_roll_or_a_question(flats in flats(), shape in shape()) {
        let text = written(&flats, &shape);
        if let Ok(sheet) = sheet(&text)
            && sheet.doubts.is_empty()
        {
            prop_assert_eq!(of(&sheet.lines), of(&known(&flats)), "{}\n{:?}", text, sheet);
        }
    }
}

/// Most shapes are read, or the test above would say nothing. Owners on lines of their own with areas that may be shares are asked.
#[test]
fn most_shapes_are_read_at_once() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut read, mut asked, mut refused) = (0, 0, 0);
    for _ in 0..2_000 {
        let tree = (flats(), shape()).new_tree(&mut runner).unwrap();
        let (flats, shape) = proptest::strategy::ValueTree::current(&tree);
        let text = written(&flats, &shape);
        match sheet(&text) {
            Ok(sheet) if sheet.doubts.is_empty() => read += 1,
            Ok(_) => asked += 1,
            Err(_) => refused += 1,
        }
    }
    assert!(read > 1_000, "{read} read, {asked} asked, {refused} refused");
}
