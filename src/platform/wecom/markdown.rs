//! A letter as WeCom shows it, in `markdown_v2`: first line bold where there is more than one, a line of figures as a table, and not a
//! sign of what people wrote read as anything but the sign; cut into messages of so many bytes.
//!
//! WeCom documents no way to escape a sign. A wide one that looks the same stands in its place, which no reading of Markdown takes for
//! another. Links lead to our own pages only: where somebody else's begins, its colon is a wide one.
//! Source: <https://developer.work.weixin.qq.com/document/path/99110>.

use unicode_segmentation::UnicodeSegmentation;

/// Most figures in a line that is shown as a table; a telephone is no wider.
const MOST_FIGURES: usize = 8;
/// Longest word over a figure, in characters.
const LONGEST_LABEL: usize = 6;
/// Bytes that stand around a line: its stars, its end, the brackets of a link.
const ENDS: usize = 12;
/// Words that call everybody in a chat, behind an @.
const EVERYBODY: [&str; 5] = ["all", "everyone", "所有人", "全体", "所有成员"];

/// What a letter is shown with.
#[derive(Debug, Clone, Copy)]
pub struct Form<'a> {
    /// Address of our own pages; only what lies below it is a link.
    pub site: Option<&'a str>,
    /// Longest message, in bytes of UTF-8.
    pub longest: usize,
}

/// The text as messages that each fit, cut between lines where that is possible, never inside what people see as one character.
#[must_use]
pub fn pieces(text: &str, form: Form<'_>) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut piece = String::new();
    let lines: Vec<&str> = text.lines().collect();
    for (n, line) in lines.iter().enumerate() {
        let is_head = n == 0 && lines.iter().skip(1).any(|line| !line.trim().is_empty());
        for block in blocks(line, is_head, form) {
            if !piece.is_empty() && piece.len() + block.len() > form.longest {
                pieces.push(std::mem::take(&mut piece));
            }
            piece.push_str(&block);
        }
    }
    pieces.push(piece);
    let trimmed = pieces.iter().map(|piece| piece.trim_matches([' ', '\n']).to_owned());
    trimmed.filter(|piece| !piece.is_empty()).collect()
}

/// A line as it is written: one block, or several where it is longer than a message.
fn blocks(line: &str, is_head: bool, form: Form<'_>) -> Vec<String> {
    if let Some(table) = table(line).filter(|table| table.len() <= form.longest) {
        return vec![table];
    }
    let whole = written(line, is_head, form.site);
    if whole.len() <= form.longest {
        return vec![whole];
    }
    let (first, rest) = cut(line, form.longest);
    let first = written(&first, false, form.site);
    [vec![first], blocks(&rest, false, form)].concat()
}

/// Cuts off so much of a line as surely fits: a sign may become three bytes, and a link is written twice.
fn cut(line: &str, longest: usize) -> (String, String) {
    let (most, mut length, mut at) = (longest.saturating_sub(ENDS), 0, 0);
    let cost = |letter: &str| letter.chars().map(|c| c.len_utf8().max(3)).sum::<usize>();
    let fit = |letter: &str| cost(letter) <= most / 2;
    let letters = line.graphemes(true).flat_map(|letter| match fit(letter) {
        true => vec![letter],
        // A “character” that is half a message long is none.
        false => letter.split("").filter(|part| !part.is_empty()).collect(),
    });
    for letter in letters {
        length += cost(letter);
        if length > most && at > 0 {
            break;
        }
        at += letter.len();
    }
    let (first, rest) = line.split_at_checked(at).unwrap_or((line, ""));
    (first.to_owned(), rest.to_owned())
}

/// A line with its end: two blanks before it make it one in every reading of Markdown.
fn written(line: &str, is_head: bool, site: Option<&str>) -> String {
    let line = plain(line, site);
    match line.trim() {
        "" => "\n".to_owned(),
        // Between blanks the stars would be stars.
        bare if is_head => format!("**{bare}**  \n"),
        _ => format!("{line}  \n"),
    }
}

/// 今日数 — a line of nothing but words with a number each, as a table.
fn table(line: &str) -> Option<String> {
    let cells: Option<Vec<(&str, &str)>> = line.split('　').map(figure).collect();
    let cells = cells.filter(|cells| (3..=MOST_FIGURES).contains(&cells.len()))?;
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let heads = row(cells.iter().map(|(label, _)| plain(label, None)).collect());
    let rule = row(cells.iter().map(|_| ":---:".to_owned()).collect());
    let figures = row(cells.iter().map(|(_, number)| (*number).to_owned()).collect());
    Some(format!("\n{heads}{rule}{figures}\n"))
}

/// “建议4”.
fn figure(cell: &str) -> Option<(&str, &str)> {
    let at = cell.find(|c: char| c.is_ascii_digit())?;
    let (label, number) = cell.split_at_checked(at)?;
    let is_label = (1..=LONGEST_LABEL).contains(&label.chars().count()) && label.chars().all(char::is_alphabetic);
    (is_label && number.chars().all(|c| c.is_ascii_digit())).then_some((label, number))
}

/// A line with no sign left that Markdown, a mention or a link is made of, but for links to our own pages.
fn plain(line: &str, site: Option<&str>) -> String {
    let mut plain = String::with_capacity(line.len() + 16);
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let is_inside = plain.chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric());
        if let Some(link) = own_link(rest, site).filter(|_| !is_inside) {
            plain.push_str(&format!("[{link}]({link})"));
            rest = rest.strip_prefix(link).unwrap_or_default();
            continue;
        }
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        if !c.is_control() && !steers(c) {
            plain.push(sign(c, plain.trim().is_empty(), is_inside, after));
        } else if c == '\t' {
            plain.push('　');
        }
        rest = after;
    }
    numbered(indented(&plain))
}

/// Characters that turn the direction of what is written, or are not seen at all between two others.
fn steers(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// What stands in place of a sign.
fn sign(c: char, is_first: bool, is_inside: bool, after: &str) -> char {
    match c {
        '<' => '＜',
        '&' => '＆',
        '*' => '＊',
        '_' => '＿',
        '`' => '｀',
        '~' => '～',
        '\\' => '＼',
        '|' => '｜',
        '[' => '［',
        ']' => '］',
        '$' => '＄',
        '>' if is_first => '＞',
        '#' if is_first => '＃',
        '-' if is_first && is_list(c, after) => '－',
        '+' if is_first && is_list(c, after) => '＋',
        '=' if is_first && is_list(c, after) => '＝',
        '@' if EVERYBODY.iter().any(|word| begins(after, word)) => '＠',
        ':' if after.starts_with("//") => '：',
        'w' | 'W' if !is_inside && begins(after, "ww.") => 'ｗ',
        c => c,
    }
}

/// Whether a sign at the head of a line would begin a list, a rule or the line under a heading.
fn is_list(c: char, after: &str) -> bool {
    after.chars().next().is_none_or(|next| next == c || next.is_whitespace())
}

/// Whether a text begins so, in whatever case and width; blanks before it count for nothing.
fn begins(text: &str, word: &str) -> bool {
    let folded = text.trim_start().chars().flat_map(char::to_lowercase).map(|c| match c {
        'ａ'..='ｚ' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    });
    let mut folded = folded;
    word.chars().all(|letter| folded.next() == Some(letter))
}

/// Blanks at the head of a line are wide ones: four narrow ones would make a block of code.
fn indented(line: &str) -> String {
    let bare = line.trim_start_matches(' ');
    format!("{}{bare}", "　".repeat((line.len() - bare.len()).min(8)))
}

/// “3. 张三” keeps its number: of a list only the first would count.
fn numbered(line: String) -> String {
    let bare = line.trim_start_matches('　');
    let rest = bare.trim_start_matches(|c: char| c.is_ascii_digit());
    let wide = match rest.chars().next() {
        _ if rest.len() == bare.len() => return line,
        Some('.') => '．',
        Some(')') => '）',
        Some(_) | None => return line,
    };
    let (head, tail) = line.split_at_checked(line.len() - rest.len()).unwrap_or_default();
    let tail = tail.get(1..).unwrap_or_default();
    if tail.is_empty() || tail.starts_with(char::is_whitespace) { format!("{head}{wide}{tail}") } else { line }
}

/// The link to one of our pages a text begins with.
fn own_link<'t>(text: &'t str, site: Option<&str>) -> Option<&'t str> {
    let rest = text.strip_prefix(site?)?;
    // `https://xs.example` is no page of ours in `https://xs.example.org` or `https://xs.example@elsewhere`.
    let is_whole = rest.chars().next().is_none_or(|c| c == '/' || c == '?' || !c.is_ascii() || c == ' ');
    let in_link = |c: char| c.is_ascii_alphanumeric() || "/?=&%.-_~:+,".contains(c);
    let length = rest.find(|c| !in_link(c)).unwrap_or(rest.len());
    let link = text.get(..text.len() - rest.len() + length)?.trim_end_matches(['.', ',', ':', '?']);
    is_whole.then_some(link)
}

#[cfg(test)]
mod tests {
    use super::{Form, pieces, plain};
    use proptest::prelude::*;

    const SITE: Option<&str> = Some("https://xs.example");

    fn shown(text: &str) -> String {
        pieces(text, Form { site: SITE, longest: 4_096 }).join("\n----\n")
    }

    #[test]
    fn a_digest_is_a_heading_lines_a_table_and_a_link() {
        let digest = "【有事好商量·东风路街道】第1期\n3月3日 星期一\n\n二、正在商量\n1号｜解单②恳谈\n　热议：玻璃（2赞）\n\n\
            三、今日数\n点单1　买单0　建议4\n\n全文：https://xs.example/d/20250303\n提一件事发：/议题 事情";
        let wanted = "**【有事好商量·东风路街道】第1期**  \n3月3日 星期一  \n\n二、正在商量  \n1号｜解单②恳谈  \n　热议：玻璃（2赞）  \n\n\
            三、今日数  \n\n| 点单 | 买单 | 建议 |\n| :---: | :---: | :---: |\n| 1 | 0 | 4 |\n\n\n\
            全文：[https://xs.example/d/20250303](https://xs.example/d/20250303)  \n提一件事发：/议题 事情";
        assert_eq!(shown(digest), wanted);
        assert_eq!(shown("✅ 已记。"), "✅ 已记。");
        assert_eq!(shown("点单1　买单"), "点单1　买单", "no figure, no table");
    }

    #[test]
    fn what_people_write_calls_nobody_leads_nowhere_and_stays_text() {
        for (written, read) in [
            ("<@zhang> 来", "＜@zhang> 来"),
            ("@all 开会，@ ALL，@所有人", "＠all 开会，＠ ALL，＠所有人"),
            ("&lt;@all&gt;", "＆lt;＠all＆gt;"),
            ("<font color=\"warning\">急</font>", "＜font color=\"warning\">急＜/font>"),
            ("[点我](http://evil.example)", "［点我］(http：//evil.example)"),
            ("![](https://evil.example/x.png)", "!［］(https：//evil.example/x.png)"),
            ("看 www.evil.example", "看 ｗww.evil.example"),
            ("# 大字", "＃ 大字"),
            ("  > 引用", "　　＞ 引用"),
            ("**粗** _斜_ `码` ~~删~~", "＊＊粗＊＊ ＿斜＿ ｀码｀ ～～删～～"),
            ("- 甲", "－ 甲"),
            ("---", "－--"),
            ("+1", "+1"),
            ("-5度", "-5度"),
            ("3. 张三", "3． 张三"),
            ("12) 李四", "12） 李四"),
            ("3.5元", "3.5元"),
            ("|甲|乙|", "｜甲｜乙｜"),
            ("    四个空格", "　　　　四个空格"),
            ("甲\u{202e}乙\u{200b}丙\u{7}丁", "甲乙丙丁"),
            ("/议题 3号楼 #2", "/议题 3号楼 #2"),
        ] {
            assert_eq!(plain(written, SITE), read);
        }
    }

    #[test]
    fn only_our_own_pages_are_links() {
        let own = "https://xs.example/t/1?k=a_b";
        assert_eq!(plain(&format!("见{own}。"), SITE), format!("见[{own}]({own})。"));
        for foreign in [
            "https://xs.example.org/t/1",
            "https://xs.example@evil.example/",
            "https://xs.example:81/",
            "xhttps://xs.example/",
        ] {
            assert!(!plain(foreign, SITE).contains("]("), "{foreign}");
            assert!(!plain(foreign, SITE).contains("://"), "{foreign}");
        }
        assert!(!plain(own, None).contains("://"));
    }

    proptest! {
        #[test]
        fn nothing_is_lost_in_cutting(text in "([一-龥a<*_|@😀\u{301}]{0,40}\n?){0,60}", long in "[一-龥<]{0,900}", longest in 300_usize..900) {
            let text = format!("{text}{long}");
            let cut = pieces(&text, Form { site: SITE, longest });
            prop_assert!(cut.iter().all(|piece| piece.len() <= longest && !piece.is_empty()));
            let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '*').collect::<String>();
            let whole: String = text.lines().map(|line| plain(line, SITE)).collect();
            prop_assert_eq!(bare(&cut.concat()), bare(&whole));
        }

        #[test]
        fn no_sign_of_theirs_is_read(text in "[<>@allw.:/\\[\\]()#*_`~|&\\\\ \u{3000}1-9\n甲乙-]{0,80}") {
            let shown = shown(&text);
            for sign in ["<", "`", "[", "~", "\\", "&", "://", "www.", "_"] {
                prop_assert!(!shown.contains(sign), "{sign} in {shown}");
            }
            prop_assert!(!shown.to_lowercase().replace(['　', ' '], "").contains("@all"), "{shown}");
        }
    }
}
