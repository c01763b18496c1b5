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
