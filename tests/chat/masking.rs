//! 打码 — what belongs to a person is masked in whatever spelling; ordinary numbers are not touched. Two tables: `masking/personal.txt`,
//! a spelling a line, and `masking/ordinary.txt`.

use xieshang::domain::kernel::mask::mask;

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
    assert!(spelt.len() >= 180, "{}", spelt.len());
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
    assert!(said.len() >= 200, "{}", said.len());
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
