//! 注销的人 — by what somebody whose data is erased by law is known in texts: what a platform that keeps a history takes out of it.

use crate::domain::kernel::script::simplified_char;
use std::collections::BTreeSet;

/// What is to be found nowhere any more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gone {
    /// Names.
    pub names: BTreeSet<String>,
    /// Accounts and addresses of private chats.
    pub accounts: BTreeSet<String>,
    /// Beginnings of what they said.
    pub texts: BTreeSet<String>,
    /// All they said, also what is too short, or too common, to be looked for by itself: gone with the line on which the name stands.
    pub words: BTreeSet<String>,
    /// Flats and the like: not looked for by themselves, others may share them, but gone where the name stands beside them.
    pub details: BTreeSet<String>,
    /// Longer names of others in which one of the names stands.
    pub spared: BTreeSet<String>,
}

impl Gone {
    fn all(&self) -> impl Iterator<Item = &String> {
        self.names.iter().chain(&self.accounts).chain(&self.texts)
    }

    /// Whether a text holds any of it.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        let mut flat = flat(text);
        for longer in &self.spared {
            flat = without(&flat, longer, "");
        }
        self.all().any(|gone| flat.contains(gone.as_str()))
            || self.names.iter().any(|name| found(&flat, name).is_some())
    }

    /// Whether bytes hold any of it, as they lie on a disk.
    #[must_use]
    pub fn is_in_bytes(&self, bytes: &[u8]) -> bool {
        let holds =
            |part: &String| !part.is_empty() && bytes.windows(part.len()).any(|window| window == part.as_bytes());
        let text = String::from_utf8_lossy(bytes);
        self.all().any(holds) || self.names.iter().any(|name| found(&text, name).is_some())
    }

    /// The text without any of it: a mark in place of the name; where more than a name stood in it, in place of the line, or of all if
    /// it goes over several.
    #[must_use]
    pub fn out_of(&self, text: &str, mark: &str) -> String {
        if !self.is_in(text) {
            return text.to_owned();
        }
        let holds = |text: &str, parts: &BTreeSet<String>| {
            let flat = flat(text);
            parts.iter().any(|part| flat.contains(part.as_str()))
        };
        if holds(text, &self.accounts) || holds(text, &self.details) {
            return mark.to_owned();
        }
        let is_named = |line: &str| self.names.iter().any(|name| found(line, name).is_some());
        let is_theirs = |line: &str| holds(line, &self.texts) || holds(line, &self.words) && is_named(line);
        let lines = text.split('\n').map(|line| if is_theirs(line) { mark } else { line });
        let left = lines.collect::<Vec<_>>().join("\n");
        let left = self.names.iter().fold(left, |text, name| without(&text, name, mark));
        if self.is_in(&left) { mark.to_owned() } else { left }
    }
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// 繁简 — a character and its traditional one are the same letter of a name.
fn is_letter_of(c: char, letter: char) -> bool {
    c == letter || !c.is_ascii() && simplified_char(c) == simplified_char(letter)
}

/// Where a name stands in a text, whichever script it is written in, also with blanks inside where it is written without: 诸葛 小明. A name of two characters is torn apart
/// only where nothing else is written on either side: “小李 明天来” names no 李明.
fn found(text: &str, name: &str) -> Option<(usize, usize)> {
    let letters: Vec<char> = name.chars().filter(|c| !c.is_whitespace()).collect();
    let mut before = None;
    for (start, first) in text.char_indices() {
        if letters.first().is_some_and(|letter| is_letter_of(first, *letter))
            && let Some(end) = ends(text.get(start..).unwrap_or_default(), &letters)
        {
            let (inside, after) = text.get(start..).unwrap_or_default().split_at(end);
            let is_apart = inside.contains(char::is_whitespace) && !name.contains(char::is_whitespace);
            let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            if !(is_apart && letters.len() == 2 && (is_letter(before) || is_letter(after.chars().next()))) {
                return Some((start, start + end));
            }
        }
        before = Some(first);
    }
    None
}

/// Where letters end with which a text begins: blanks between two of them count for nothing, unless it is an alphabet that goes by them.
fn ends(text: &str, letters: &[char]) -> Option<usize> {
    let (mut left, mut last, mut is_blank) = (letters.iter().peekable(), 'a', false);
    for (at, c) in text.char_indices() {
        let Some(next) = left.peek() else { return Some(at) };
        if c.is_whitespace() {
            is_blank = true;
            continue;
        }
        if !is_letter_of(c, **next) || (is_blank && (last.is_ascii() || c.is_ascii())) {
            return None;
        }
        (last, is_blank) = (c, false);
        left.next();
    }
    left.peek().is_none().then_some(text.len())
}

fn without(text: &str, name: &str, mark: &str) -> String {
    // Another name may stand in the mark.
    let (mut done, mut rest) = (String::new(), text.replace(name, mark));
    while let Some((start, end)) = found(&rest, name) {
        done.push_str(rest.get(..start).unwrap_or_default());
        done.push_str(mark);
        rest = rest.get(end..).unwrap_or_default().to_owned();
    }
    done + &rest
}

#[cfg(test)]
mod tests {
    use super::Gone;

    fn gone(names: &[&str], texts: &[&str]) -> Gone {
        let set = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
        Gone { names: set(names), texts: set(texts), ..Gone::default() }
    }

    #[test]
    fn a_name_goes_also_with_blanks_inside() {
        for (name, text, left) in [
            ("诸葛小明", "同诸葛小明说过", "同※说过"),
            ("诸葛小明", "同诸葛 小明说过，诸 葛\u{3000}小明也在", "同※说过，※也在"),
            ("李明", "到会：李 明、王五", "到会：※、王五"),
            ("李明", "小李 明天来", "小李 明天来"),
            ("欧阳晓燕", "歐陽曉燕说得对，歐 陽曉燕也在", "※说得对，※也在"),
            ("歐陽曉燕", "欧阳晓燕来", "※来"),
            ("Anna", "Ann asked", "Ann asked"),
            ("Ann Lee", "with Ann Lee", "with ※"),
        ] {
            let gone = gone(&[name], &[]);
            assert_eq!(gone.out_of(text, "※"), left);
            assert_eq!(gone.is_in(text), left != text, "{text}");
            assert_eq!(gone.is_in_bytes(text.as_bytes()), left != text, "{text}");
        }
    }

    #[test]
    fn what_they_said_goes_with_the_line_that_names_them_however_short_it_is() {
        let gone = Gone { words: ["带孩子".to_owned()].into(), ..gone(&["欧阳晓燕"], &[]) };
        let list = "报名：\n1. 欧阳晓燕 带孩子\n2. 李德福 带孩子\n联系欧阳晓燕";
        assert_eq!(gone.out_of(list, "※"), "报名：\n※\n2. 李德福 带孩子\n联系※");
    }

    #[test]
    fn a_line_that_quotes_goes_and_the_others_stay() {
        let gone = gone(&["诸葛小明"], &["独角兽噪声"]);
        assert_eq!(gone.out_of("今日：\n2号 独角兽噪声扰民\n3号 路灯", "※"), "今日：\n※\n3号 路灯");
        assert_eq!(gone.out_of("3号 路灯", "※"), "3号 路灯");
        let over = super::Gone { texts: ["独角兽 噪声".to_owned()].into(), ..gone };
        assert_eq!(over.out_of("独角兽\n噪声", "※"), "※");
    }
}
