//! Files as property offices send them, and files meant to harm.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use super::{MAX_BYTES, Unreadable, read};
use crate::language::parse::list;
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use std::io::{Cursor, Write as _};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn text(bytes: &[u8]) -> String {
    let tables = read(bytes).unwrap();
    assert_eq!(tables.len(), 1, "{tables:?}");
    tables.into_iter().next().unwrap().text
}

fn why(bytes: &[u8]) -> Unreadable {
    read(bytes).unwrap_err()
}

fn book(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(&mut book);
    book.save_to_buffer().unwrap()
}

const TABLE: &str = "房号\t业主\t面积\n1-101\t李德福\t92.50\n1-102\t吴秀珍、张三\t88.00\n";

#[test]
fn a_text_is_read_in_every_encoding_offices_use() {
    let csv = "房号,业主,面积\r\n1-101,李德福,92.50\r\n1-102,\"吴秀珍、张三\",88.00\r\n";
    assert_eq!(text(csv.as_bytes()).trim(), TABLE.trim());
    assert_eq!(text(&[b"\xEF\xBB\xBF", csv.as_bytes()].concat()).trim(), TABLE.trim());
    let (gb, _, lost) = encoding_rs::GB18030.encode(csv);
    assert!(!lost);
    assert_eq!(text(&gb).trim(), TABLE.trim());
    for (mark, wide) in [
        (Some([0xFF, 0xFE]), u16::to_le_bytes as fn(u16) -> [u8; 2]),
        (Some([0xFE, 0xFF]), u16::to_be_bytes),
        (None, u16::to_le_bytes),
    ] {
        let tabs = csv.replace(',', "\t").replace('"', "");
        let bytes: Vec<u8> = mark.into_iter().flatten().chain(tabs.encode_utf16().flat_map(wide)).collect();
        assert_eq!(text(&bytes).trim(), TABLE.trim());
    }
}

#[test]
fn a_cell_in_quotation_marks_holds_commas_and_line_ends() {
    let csv = "房号,业主,备注\n101,\"李德福\n张三\",\"a \"\"b\"\", c\"\n";
    assert_eq!(text(csv.as_bytes()).lines().nth(1), Some("101\t李德福 张三\ta \"b\", c"));
    assert_eq!(text("张三\n李四\n".as_bytes()), "张三\n李四\n", "names alone stay as they are");
}

#[test]
fn a_workbook_is_read_as_it_is_shown() {
    let bytes = book(|book| {
        let sheet = book.add_worksheet();
        let two = Format::new().set_num_format("0.00");
        let day = Format::new().set_num_format("yyyy-mm-dd");
        sheet.merge_range(0, 0, 0, 3, "清河里小区业主清册", &Format::new()).unwrap();
        for (at, word) in ["楼栋", "房号", "业主", "建筑面积\n(㎡)", "入住"].iter().enumerate() {
            sheet.write(2, u16::try_from(at).unwrap(), *word).unwrap();
        }
        sheet.merge_range(3, 0, 4, 0, "东楼", &Format::new()).unwrap();
        sheet.write(3, 1, 101).unwrap();
        sheet.write(3, 2, "李德福").unwrap();
        sheet.write_with_format(3, 3, 92.5, &two).unwrap();
        sheet.write_with_format(3, 4, ExcelDateTime::parse_from_str("2019-05-04").unwrap(), &day).unwrap();
        sheet.write(4, 1, "102").unwrap();
        sheet.write(4, 2, "吴秀珍").unwrap();
        sheet.write_formula(4, 3, rust_xlsxwriter::Formula::new("=80+8.1").set_result("88.1")).unwrap();
        sheet.set_row_hidden(4).unwrap();
        book.add_worksheet();
    });
    let told = text(&bytes);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(
        lines,
        [
            "清河里小区业主清册\t\t\t\t",
            "",
            "楼栋\t房号\t业主\t建筑面积 (㎡)\t入住",
            "东楼\t101\t李德福\t92.50\t2019/5/4",
            "东楼\t102\t吴秀珍\t88.1\t",
        ]
    );
}

#[test]
fn an_area_merged_over_two_flats_is_not_counted_twice() {
    let bytes = book(|book| {
        let sheet = book.add_worksheet();
        for (at, word) in ["房号", "业主", "面积"].iter().enumerate() {
            sheet.write(0, u16::try_from(at).unwrap(), *word).unwrap();
        }
        sheet.write(1, 0, 101).unwrap();
        sheet.write(2, 0, 102).unwrap();
        sheet.merge_range(1, 1, 2, 1, "李德福", &Format::new()).unwrap();
        sheet.merge_range(1, 2, 2, 2, "", &Format::new()).unwrap();
        sheet.write(1, 2, 185.0).unwrap();
    });
    assert_eq!(text(&bytes), "房号\t业主\t面积\n101\t李德福\t185\n102\t李德福\t\n");
}

#[test]
fn every_sheet_with_something_on_it_is_told() {
    let bytes = book(|book| {
        book.add_worksheet().set_name("一期").unwrap().write(0, 0, "张三").unwrap();
        book.add_worksheet().set_name("空").unwrap();
        book.add_worksheet().set_name("二期").unwrap().write(3, 2, "李四").unwrap();
    });
    let tables = read(&bytes).unwrap();
    let told: Vec<(&str, &str)> = tables.iter().map(|table| (table.sheet.as_str(), table.text.as_str())).collect();
    assert_eq!(told, [("一期", "张三\n"), ("二期", "\n\n\n李四\n")]);
}

#[test]
fn what_is_no_table_is_refused_by_what_it_is() {
    assert_eq!(why(b"%PDF-1.7 ..."), Unreadable::Pdf);
    assert_eq!(why(b"\x89PNG\r\n\x1a\n"), Unreadable::Picture);
    assert_eq!(why(b"\xFF\xD8\xFF\xE0"), Unreadable::Picture);
    assert_eq!(why(b"\0\0\0\x18ftypheic"), Unreadable::Picture);
    assert_eq!(why(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old"), Unreadable::OldBook);
    let locked: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(why(&[b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".as_slice(), &locked].concat()), Unreadable::Locked);
    assert_eq!(why(b"<html><table><tr><td>101</td></tr></table></html>"), Unreadable::OldBook);
    assert_eq!(why(b""), Unreadable::Empty);
    assert_eq!(why(b" \r\n\t\r\n"), Unreadable::Empty);
    assert_eq!(why(b"abc,\xFF\xFF\n"), Unreadable::Garbled);
    assert_eq!(why(b"abc\x01\x02"), Unreadable::Other);
    assert_eq!(why(b"PK\x03\x04 cut"), Unreadable::Broken);
    assert_eq!(why(&zipped(&[("word/document.xml", b"<w/>")])), Unreadable::Document);
    assert_eq!(why(&zipped(&[("xl/workbook.bin", b"")])), Unreadable::OldBook);
    assert_eq!(why(&zipped(&[("photo.jpg", b"")])), Unreadable::Other);
    let empty = book(|book| drop(book.add_worksheet().name()));
    assert_eq!(why(&empty), Unreadable::Empty);
    let cut = book(|book| drop(book.add_worksheet().write(0, 0, "张三").unwrap().name()));
    assert_eq!(why(cut.get(..cut.len() - 40).unwrap()), Unreadable::Broken);
}

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A sound workbook with some of its parts exchanged.
fn with_parts(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let sound = book(|book| drop(book.add_worksheet().write(0, 0, "张三").unwrap().name()));
    let mut archive = zip::ZipArchive::new(Cursor::new(sound)).unwrap();
    let names: Vec<String> = archive.file_names().flatten().map(std::borrow::Cow::into_owned).collect();
    let mut all: Vec<(String, Vec<u8>)> = Vec::new();
    for (at, name) in names.into_iter().enumerate() {
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut archive.by_index(at).unwrap(), &mut content).unwrap();
        all.push((name, content));
    }
    for (name, content) in parts {
        all.retain(|(known, _)| known != name);
        all.push(((*name).to_owned(), content.to_vec()));
    }
    let all: Vec<(&str, &[u8])> = all.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    zipped(&all)
}

#[test]
fn a_bomb_is_not_unpacked() {
    assert_eq!(why(&vec![b'a'; MAX_BYTES + 1]), Unreadable::Large);
    let zeros = vec![b' '; 40 * 1024 * 1024];
    let bomb = with_parts(&[("xl/media/image1.png", &zeros)]);
    assert!(bomb.len() < MAX_BYTES / 10);
    assert_eq!(why(&bomb), Unreadable::Swollen, "the directory says it");
    // More comes out than was promised.
    assert!(matches!(why(&lying(bomb, zeros.len())), Unreadable::Swollen | Unreadable::Broken));
    let many: Vec<(String, Vec<u8>)> = (0..1_001).map(|n| (format!("xl/{n}"), Vec::new())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    assert_eq!(why(&zipped(&many)), Unreadable::Swollen);
}

/// The same with a directory that promises less than comes out.
fn lying(mut bytes: Vec<u8>, size: usize) -> Vec<u8> {
    let true_size = u32::try_from(size).unwrap().to_le_bytes();
    let places: Vec<usize> =
        bytes.windows(4).enumerate().filter(|(_, at)| *at == true_size).map(|(at, _)| at).collect();
    assert!(!places.is_empty());
    for at in places {
        bytes.splice(at..at + 4, 9_u32.to_le_bytes());
    }
    bytes
}

#[test]
fn no_number_in_a_file_makes_the_reader_take_memory() {
    let strings = br#"<sst uniqueCount="99999999999999"><si><t>a</t></si></sst>"#;
    assert_eq!(why(&with_parts(&[("xl/sharedStrings.xml", strings)])), Unreadable::Broken);
    let long = format!(
        r#"<styleSheet><numFmts><numFmt numFmtId="200" formatCode="{}"/></numFmts></styleSheet>"#,
        "0".repeat(600)
    );
    assert_eq!(why(&with_parts(&[("xl/styles.xml", long.as_bytes())])), Unreadable::Swollen);
    let far = br#"<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>"#;
    assert_eq!(why(&with_parts(&[("xl/worksheets/sheet1.xml", far)])), Unreadable::Columns);
    let low = br#"<worksheet><sheetData><row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData></worksheet>"#;
    assert_eq!(why(&with_parts(&[("xl/worksheets/sheet1.xml", low)])), Unreadable::Rows);
    let back = br#"<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData><mergeCells><mergeCell ref="B9:A1"/></mergeCells></worksheet>"#;
    assert!(read(&with_parts(&[("xl/worksheets/sheet1.xml", back)])).is_err());
}

#[test]
fn what_no_list_holds_is_refused() {
    let rows = "张三\n".repeat(20_001);
    assert_eq!(why(rows.as_bytes()), Unreadable::Rows);
    let columns = format!("a{}\n", ",b".repeat(40));
    assert_eq!(why(columns.as_bytes()), Unreadable::Columns);
    let cell = format!("房号,业主\n101,{}\n", "张".repeat(1_001));
    assert_eq!(why(cell.as_bytes()), Unreadable::Cell { row: 2, column: 2 });
}

/// Names that differ, as people are called.
fn name(n: usize) -> String {
    let of = |words: &str, at: usize| words.chars().nth(at % words.chars().count()).unwrap();
    let (family, first, second) = ("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "国建秀志文玉德桂", "芳强敏军英华明珍福");
    [of(family, n), of(first, n / 16), of(second, n / 128)].iter().collect()
}

/// A list as property offices keep it: titles, a number before each row, a column nobody needs, a sum below.
fn office_list(flats: &[(u32, u32, u64)]) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = vec![
        vec!["清河里小区业主清册".to_owned()],
        vec!["制表单位：清河物业服务中心".to_owned()],
        ["序号", "楼栋", "房号", "业主姓名", "联系电话", "建筑面积（㎡）"].map(str::to_owned).to_vec(),
    ];
    let mut sum = 0;
    for (at, (building, room, area)) in flats.iter().enumerate() {
        sum += area;
        let shown = format!("{}.{:02}", area / 100, area % 100);
        rows.push(vec![
            (at + 1).to_string(),
            format!("{building}号楼"),
            room.to_string(),
            name(at),
            "138****5678".to_owned(),
            shown,
        ]);
    }
    let sum = format!("{}.{:02}", sum / 100, sum % 100);
    rows.push(vec!["合计".to_owned(), String::new(), String::new(), String::new(), String::new(), sum]);
    rows
}

fn as_book(rows: &[Vec<String>], is_wide: bool) -> Vec<u8> {
    book(|book| {
        let (sheet, two) = (book.add_worksheet(), Format::new().set_num_format("0.00"));
        sheet.merge_range(0, 0, 0, 5, &rows[0][0], &Format::new()).unwrap();
        for (at, row) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(row).filter(|(column, _)| at != 0 || *column != 0) {
                match cell.parse::<f64>() {
                    Ok(number) if column == 5 => sheet.write_with_format(at, column, number, &two).unwrap(),
                    Ok(number) if !is_wide => sheet.write(at, column, number).unwrap(),
                    _ if is_wide && column == 2 => sheet.write(at, column, wide_digits(cell)).unwrap(),
                    _ => sheet.write(at, column, cell).unwrap(),
                };
            }
        }
    })
}

fn wide_digits(text: &str) -> String {
    let wide = |c: char| if c.is_ascii_digit() { char::from_u32(u32::from(c) + 0xFEE0).unwrap() } else { c };
    text.chars().map(wide).collect()
}

fn same_list(flats: &[(u32, u32, u64)]) {
    let rows = office_list(flats);
    let joined = |mark: &str| rows.iter().map(|row| row.join(mark)).collect::<Vec<_>>().join("\r\n");
    let pasted = list(&joined("\t")).unwrap();
    assert_eq!(pasted.lines.len(), flats.len());
    for (line, (building, room, area)) in pasted.lines.iter().zip(flats) {
        assert_eq!((line.room.as_str(), line.area), (format!("{building}号楼{room}").as_str(), *area));
    }
    let csv = joined(",");
    let (gb, ..) = encoding_rs::GB18030.encode(&csv);
    let wide: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(joined("\t").encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let books = [as_book(&rows, false), as_book(&rows, true)];
    let files: [(&str, &[u8]); 5] =
        [("CSV", csv.as_bytes()), ("GB18030", &gb), ("UTF-16", &wide), ("book", &books[0]), ("wide book", &books[1])];
    for (what, bytes) in files {
        let read = list(&text(bytes)).unwrap_or_else(|why| panic!("{what}: {why:?}"));
        assert_eq!(read.lines, pasted.lines, "{what}");
        assert_eq!(read.doubts, pasted.doubts, "{what}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn the_same_list_is_the_same_roll_however_it_comes(
        flats in proptest::collection::btree_map((1_u32..30, 101_u32..2_800), 3_000_u64..25_000, 3..60),
    ) {
        let flats: Vec<(u32, u32, u64)> = flats.into_iter().map(|((building, room), area)| (building, room, area)).collect();
        same_list(&flats);
    }
}
