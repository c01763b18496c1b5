//! 一格 — what one cell says: a flat, or several; an area; one owner, or several; and what is none.

use super::cells::is_han;
use super::heading::{is_date, is_group};
use crate::domain::kernel::place::name_written;

/// Largest area, in square metres.
const MAX_AREA: u64 = 10_000_000;
/// Longest name, in characters.
const MAX_NAME: usize = 20;
/// A name in 汉字 without a dot, in characters; longer ones are looked at twice.
const LONG_NAME: usize = 4;

/// “1 101” is one number to nobody.
fn parts_digits(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (ends, begins) = (|c: char| c.is_ascii_digit(), |c: char| c.is_ascii_digit());
    words.windows(2).any(|pair| matches!(pair, [one, other] if one.ends_with(ends) && other.starts_with(begins)))
}

/// An area in 0.01 m², and whether it was rounded; `None` for what is none.
pub(super) fn area(text: &str) -> Option<(u64, bool)> {
    if parts_digits(text) {
        return None;
    }
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let units = ["㎡", "m²", "m2", "m^2", "平方米", "平米", "平方", "平", "sqm", "米"];
    let plain = units.iter().find_map(|unit| plain.strip_suffix(unit)).unwrap_or(&plain);
    let (whole, part) = plain.split_once('.').unwrap_or((plain, ""));
    let groups: Vec<&str> = whole.split(',').collect();
    let is_grouped = groups.len() == 1
        || groups.iter().skip(1).all(|group| group.len() == 3) && groups.first().is_some_and(|first| first.len() <= 3);
    let whole = groups.concat();
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || whole.len() > 8 || part.len() > 12 || !is_grouped || !digits(&whole) || !digits(part) {
        return None;
    }
    let whole: u64 = whole.parse().ok().filter(|whole| *whole <= MAX_AREA)?;
    let hundredths: u64 = format!("{part:0<2}").get(..2)?.parse().ok()?;
    let more = part.get(2..).unwrap_or_default();
    let is_rounded = more.chars().any(|c| c != '0');
    let up = u64::from(more.starts_with(|c| c >= '5'));
    Some((whole * 100 + hundredths + up, is_rounded)).filter(|(area, _)| *area > 0)
}

/// Whether a text names a unit that is no square metre: 亩, 坪, 平方英尺, sq ft.
pub(super) fn is_other_unit(text: &str) -> bool {
    const UNITS: &[&str] = &[
        "平方英尺",
        "英尺",
        "平方尺",
        "平尺",
        "方尺",
        "呎",
        "亩",
        "畝",
        "坪",
        "公顷",
        "公頃",
        "平方公里",
        "平方厘米",
        "平方分米",
        "sqft",
        "sq.ft",
        "sf)",
        "ft2",
        "ft²",
        "squarefeet",
        "squarefoot",
        "acre",
        "hectare",
        "sqyd",
    ];
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    UNITS.iter().any(|unit| plain.contains(unit))
}

/// Whether an area is written as nothing else is: with a point or a unit.
pub(super) fn is_plainly_area(text: &str) -> bool {
    area(text).is_some() && text.contains(|c: char| !c.is_ascii_digit())
}

/// A flat as it is kept, and what was read for it where letters stand for digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flat {
    pub room: String,
    /// Whether a letter was taken for a digit.
    pub is_guessed: bool,
}

/// What may be the number of a flat.
pub(super) fn flat(text: &str) -> Option<Flat> {
    if parts_digits(text) {
        return None;
    }
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let plain = plain.trim_start_matches('#').trim_end_matches(['室', '户', '房', '戶', '号']).to_owned();
    let has_digit = plain.chars().any(|c| c.is_ascii_digit());
    let is_date = plain.contains('月') || plain.contains('年') || is_turned(&plain);
    let fits = plain.chars().count() <= 40;
    // 92.5 is an area, and 138****0000 a telephone.
    let is_number = plain.contains('.') && plain.chars().all(|c| c.is_ascii_digit() || c == '.');
    let is_other = plain.contains(['*', '(', ')', '?', '，', '。', '=', '+', '㎡', '²']);
    let ends = plain.chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric());
    if !has_digit || is_date || !fits || is_number || is_other || !ends {
        return confused(&plain).map(|room| Flat { room, is_guessed: true });
    }
    match confused(&plain) {
        Some(room) => Some(Flat { room, is_guessed: true }),
        None => Some(Flat { room: plain, is_guessed: false }),
    }
}

/// 3-Jan, Jan-03: the number of a flat a spreadsheet has turned into a day.
fn is_turned(plain: &str) -> bool {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let is_month = |part: &str| part.len() >= 3 && part.get(..3).is_some_and(|part| MONTHS.contains(&part));
    let is_number = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let small = plain.to_ascii_lowercase();
    let parts: Vec<&str> = small.split(['-', '/']).collect();
    parts.len() >= 2
        && parts.iter().any(|part| is_month(part) && part.chars().all(|c| c.is_ascii_alphabetic()))
        && parts.iter().all(|part| is_month(part) || is_number(part))
}

/// Whether a row that is no row of the list may be a flat all the same, parted by other marks than the rest: 601，张桂英，92.5.
pub(super) fn may_be_flat(text: &str) -> bool {
    let is_mark = |c: char| {
        c.is_whitespace() || matches!(c, ',' | '，' | ';' | '；' | '、' | '|' | '/' | '"' | '“' | '”' | ':' | '：')
    };
    let pieces: Vec<&str> = text.split(is_mark).filter(|piece| !piece.is_empty()).collect();
    let (first, rest) = match pieces.as_slice() {
        [] => return false,
        // 601.张桂英.92.5, 601-张桂英-92.5, 601张桂英92.5.
        [one] => {
            let han = one.chars().position(|c| !c.is_ascii());
            let (before, after) = one.split_at(one.char_indices().nth(han.unwrap_or(0)).map_or(0, |(at, _)| at));
            let digits = before.trim_end_matches(['.', '-', '_', '+']);
            let names: String = after.chars().take_while(|c| is_han(*c) || *c == '·').collect();
            let figure =
                after.strip_prefix(names.as_str()).unwrap_or_default().trim_start_matches(['.', '-', '_', '+']);
            return flat(digits).is_some() && name(&names).is_some() && area(figure).is_some();
        }
        [first, rest @ ..] => (*first, rest),
    };
    let is_place = |piece: &str| flat(piece).is_some() || area(piece).is_some();
    let is_name = |piece: &&&str| name(piece).is_some_and(|name| !name.is_guessed);
    let all = || std::iter::once(&first).chain(rest);
    all().any(|piece| is_place(piece)) && all().filter(is_name).count() > 0 && pieces.len() <= 8
}

/// 1O1, l02: a number with letters in it that look like digits.
fn confused(plain: &str) -> Option<String> {
    let like = |c: char| matches!(c, 'O' | 'o' | 'I' | 'l' | 'i' | '|');
    let is_mixed = |part: &str| {
        part.chars().any(like)
            && part.chars().any(|c| c.is_ascii_digit())
            && part.chars().all(|c| c.is_ascii_digit() || like(c))
    };
    let is_wholly = plain.split(['-', '#', '栋', '幢', '元', '座', '楼']).any(is_mixed);
    let digit = |c: char| match c {
        'O' | 'o' => '0',
        'I' | 'l' | 'i' | '|' => '1',
        c => c,
    };
    is_wholly.then(|| plain.chars().map(digit).collect())
}

/// Whether a text looks like a flat and like nothing else: with a word or a dash, or three digits and more that end in the number of a
/// door.
pub(super) fn is_plainly_flat(text: &str) -> bool {
    let Some(flat) = flat(text) else { return false };
    if flat.is_guessed || flat.room.contains(|c: char| !c.is_ascii_digit()) || text.ends_with(['室', '户']) {
        return true;
    }
    let door =
        flat.room.len().checked_sub(2).and_then(|at| flat.room.get(at..)).and_then(|door| door.parse::<u32>().ok());
    (3..=4).contains(&flat.room.len()) && door.is_some_and(|door| (1..=24).contains(&door))
}

/// Flats in one cell: 101、102.
pub(super) fn flats(text: &str) -> Option<Vec<Flat>> {
    let parts: Vec<&str> = text.split(['、', ',', '，', ';', '&', '+', '/', '和', '及']).map(str::trim).collect();
    let found: Option<Vec<Flat>> = parts.iter().map(|part| flat(part)).collect();
    found.filter(|found| !found.is_empty())
}

/// 101-102: two flats, or the second door of a house of that number.
pub(super) fn is_range(text: &str) -> bool {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let plain = plain.trim_end_matches(['室', '户']);
    let Some((from, to)) = plain.split_once(['-', '~', '至']) else { return false };
    let number = |part: &str| part.chars().all(|c| c.is_ascii_digit()).then(|| part.parse::<u32>().ok()).flatten();
    match (number(from.trim_end_matches('室')), number(to)) {
        (Some(a), Some(b)) => from.len() >= 3 && from.len() == to.len() && b > a && b - a < 20,
        _ => false,
    }
}

/// What stands where a name should and is nobody.
const NOBODY: &[&str] = &[
    "空置",
    "空房",
    "空",
    "空户",
    "空白",
    "自留",
    "住宅",
    "商铺",
    "商业",
    "商住",
    "开发商",
    "建设单位",
    "物业",
    "物业公司",
    "物业用房",
    "待定",
    "无",
    "无人",
    "没有",
    "未知",
    "不详",
    "不明",
    "未售",
    "未卖",
    "未交付",
    "未交房",
    "未登记",
    "公房",
    "公用",
    "公共",
    "公租房",
    "车库",
    "车位",
    "储藏室",
    "出租",
    "租户",
    "租客",
    "集体",
    "村集体",
    "业主",
    "同上",
    "已售",
    "毛坯",
    "保密",
    "联系不上",
    "门面",
    "仓库",
    "未入住",
    "已故",
    "法院查封",
    "拆迁",
    "外出",
    "法拍房",
    "法拍",
    "拍卖",
    "自住",
    "自用",
    "自有",
    "本人",
    "自己",
    "我",
    "我家",
    "出售",
    "待售",
    "在售",
    "抵押",
    "查封",
    "样板房",
    "样板间",
    "会所",
    "办公",
    "办公室",
    "架空层",
    "设备房",
    "配电房",
    "外婆",
    "外公",
    "奶奶",
    "爷爷",
    "爸爸",
    "妈妈",
    "父亲",
    "母亲",
    "儿子",
    "女儿",
    "老公",
    "老婆",
    "老伴",
    "丈夫",
    "妻子",
    "哥哥",
    "姐姐",
    "弟弟",
    "妹妹",
    "亲戚",
    "朋友",
    "房东",
    "匿名",
    "领导",
];

/// What programs write where there is nothing.
const NOTHING: [&str; 17] = [
    "n/a", "#n/a", "none", "vacant", "empty", "unknown", "tbd", "na", "nan", "nil", "null", "#null!", "true", "false",
    "#ref!", "#name?", "#value!",
];

/// Whether a cell says that there is nobody, or not who.
pub(super) fn is_nobody(text: &str) -> bool {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '(' | ')' | '（' | '）')).collect();
    let is_mark = !plain.is_empty()
        && plain.chars().all(|c| matches!(c, '-' | '—' | '/' | '\\' | '?' | '？' | '*' | '_' | '×' | 'x' | 'X'));
    is_mark
        || NOBODY.contains(&plain.as_str())
        || ["空置", "未售", "待", "暂无", "未知"].iter().any(|start| plain.starts_with(start))
            && plain.chars().count() <= 6
        || NOTHING.contains(&plain.to_lowercase().as_str())
}

/// A company or an office: it may own a flat, and it may be that a name is missing.
pub(super) fn is_unit(text: &str) -> bool {
    [
        "公司",
        "集团",
        "中心",
        "委员会",
        "居委会",
        "村委会",
        "办事处",
        "合作社",
        "银行",
        "学校",
        "医院",
        "局",
        "厂",
        "站",
        "社区",
        "街道",
    ]
    .iter()
    .any(|end| text.ends_with(end))
        && text.chars().count() >= 3
}

/// 区一中, 科技局, 中心小学: whom somebody works for, where the name stands before it.
pub(super) fn is_office(text: &str) -> bool {
    const ENDS: [&str; 14] = [
        "小学",
        "中学",
        "大学",
        "幼儿园",
        "法院",
        "检察院",
        "派出所",
        "事务所",
        "研究所",
        "服务站",
        "物业",
        "协会",
        "商会",
        "工会",
    ];
    let numbered = text.strip_suffix(['中', '小']).and_then(|before| before.chars().next_back());
    is_unit(text)
        || ENDS.iter().any(|end| text.ends_with(end))
        || text.chars().count() >= 3 && numbered.is_some_and(|c| "一二三四五六七八九十".contains(c))
}

/// The owners in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::language::parse) struct Owners {
    pub names: Vec<String>,
    /// Whether it could be read in another way.
    pub is_guessed: bool,
    /// The cell as one name, where nothing but blanks parts words that may be one: 古丽 阿依木.
    pub one: Option<String>,
}

/// Family names people mostly bear.
const FAMILY: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤甲乙欧司诸上葛季施牛洪童庞樊殷俞翟倪鲁柳骆管卫柯柴米车祝关乔焦左齐曲艾吉穆阿买古热木尼张";

/// Family names of two 汉字: 欧阳 娜娜 is one person.
const DOUBLE: &[&str] = &[
    "欧阳", "司马", "诸葛", "上官", "夏侯", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "长孙", "司徒",
    "司空", "独孤", "南宫", "西门", "端木", "公冶",
];

/// Whether a word is a name by itself for certain, as 汉 names are: 2 or 3 characters after a family name most bear. 古丽, 阿依木, 热依木
/// are parts of longer ones.
fn is_whole_han(word: &str) -> bool {
    const ELSEWHERE: &str = "艾吉穆阿买古热木尼乌麦米白那努帕塔巴扎";
    let n = word.chars().count();
    let family = word.chars().next();
    (2..=3).contains(&n)
        && word.chars().all(is_han)
        && family.is_some_and(|c| FAMILY.contains(c) && !ELSEWHERE.contains(c))
        && !DOUBLE.contains(&word)
}

/// The name several words would be together, where it is not certain that each is one: 古丽·阿依木, 欧阳娜娜.
pub(super) fn as_one(words: &[&str]) -> Option<String> {
    let is_han_word = |word: &&str| word.chars().all(|c| is_han(c) || c == '·');
    let is_latin = |word: &&str| word.is_ascii();
    match words {
        [] | [_] => None,
        all if all.iter().all(is_latin) => (all.len() > MOST_LATIN).then(|| all.join(" ")),
        all if !all.iter().all(is_han_word) || all.iter().all(|word| is_whole_han(word)) => None,
        [family, given] if DOUBLE.contains(family) => Some(format!("{family}{given}")),
        all => {
            let at = all.iter().position(|word| !is_whole_han(word)).unwrap_or_default().min(all.len() - 2);
            all.get(at..at + 2).map(|pair| pair.join("·"))
        }
    }
}

/// Most Latin words that are one name for certain.
const MOST_LATIN: usize = 3;

/// The owners named in a cell; `None` where something in it is no name.
pub(in crate::language::parse) fn owners(text: &str) -> Option<Owners> {
    let text = without_title(text.trim());
    let parts: Vec<&str> =
        text.split(['、', ',', '，', ';', '；', '/', '／', '&', '+', '|', '\n']).map(str::trim).collect();
    let mut found = Owners { names: Vec::new(), is_guessed: false, one: None };
    for part in parts.iter().filter(|part| !part.is_empty()) {
        let words: Vec<&str> = part.split_whitespace().collect();
        let long = |word: &&str| word.chars().filter(|c| is_han(*c)).count() >= 2 && name(word).is_some();
        if words.len() > 1 && words.iter().all(long) {
            found.one = found.one.or(as_one(&words));
            for word in words {
                joined(word, &mut found)?;
            }
        } else {
            if words.iter().all(|word| word.is_ascii()) {
                found.one = found.one.or(as_one(&words));
            }
            joined(part, &mut found)?;
        }
    }
    (!found.names.is_empty()).then_some(found)
}

/// 户主：赵大山, 赵大山(户主): the name.
fn without_title(text: &str) -> &str {
    const TITLES: [&str; 8] = ["户主", "业主", "产权人", "所有权人", "房主", "姓名", "共有人", "本人"];
    let before =
        text.split_once([':', '：']).filter(|(title, rest)| TITLES.contains(&title.trim()) && !rest.trim().is_empty());
    let text = before.map_or(text, |(_, rest)| rest.trim());
    let inner = |open: char, close: char| text.strip_suffix(close)?.rsplit_once(open);
    match inner('(', ')').or_else(|| inner('（', '）')) {
        Some((name, title)) if TITLES.contains(&title.trim()) && !name.trim().is_empty() => name.trim(),
        _ => text,
    }
}

/// 张建国和王丽: two, where there are two names around the word; 张和平 is one.
fn joined(part: &str, found: &mut Owners) -> Option<()> {
    for word in ["和", "与", "及", "跟", "以及", " and "] {
        let Some((one, other)) = part.split_once(word) else { continue };
        let is_whole = |name: &str| name.chars().filter(|c| is_han(*c)).count() >= 2 || name.is_ascii();
        let (Some(first), true, true) = (name(one), is_whole(one), is_whole(other)) else { continue };
        let is_family = |name: &str| name.chars().next().is_some_and(|c| FAMILY.contains(c) || c.is_ascii());
        found.is_guessed |= !is_family(one) || !is_family(other) || first.is_guessed;
        found.names.push(first.name);
        return joined(other, found);
    }
    let one = name(part)?;
    found.is_guessed |= one.is_guessed;
    found.names.push(one.name);
    Some(())
}

/// 九十二点五.
fn is_figure(text: &str) -> bool {
    text.chars().count() > 1 && text.chars().all(|c| "零〇一二三四五六七八九十百千两点".contains(c))
}

/// 老王, 李阿姨, 业主1, 东湾: how somebody is called, or where they live, and no full name; or a name all the same.
pub(super) fn is_called(name: &str) -> bool {
    const WHAT: [&str; 9] = ["业主", "住户", "户主", "居民", "村民", "群众", "房东", "租户", "房主"];
    const HOW: [&str; 16] = [
        "阿姨", "叔叔", "大爷", "大妈", "奶奶", "爷爷", "大哥", "大姐", "师傅", "老师", "小姐", "太太", "大叔", "大娘",
        "伯伯", "大嫂",
    ];
    let plain: Vec<char> = name.chars().filter(|c| !c.is_whitespace()).collect();
    let bare: String = plain.iter().collect();
    let is_family = |c: &char| FAMILY.contains(*c);
    let is_place = |c: &char| "湾坝屯寨庄村沟坡头岗".contains(*c);
    match plain.as_slice() {
        ['老' | '小' | '大', family] if is_family(family) => true,
        ['东' | '西' | '南' | '北' | '上' | '下' | '前' | '后' | '中', place] if is_place(place) => true,
        [_, '家', place] if is_place(place) => true,
        all => {
            all.len() <= 4 && WHAT.iter().any(|what| bare.starts_with(what))
                || all.len() >= 3 && HOW.iter().any(|how| bare.ends_with(how))
        }
    }
}

/// Whether words beside other words are a name for certain: a family name and no word of a sentence.
pub(in crate::language::parse) fn is_full_name(text: &str) -> bool {
    let family = text.chars().next().is_some_and(|c| is_han(c) && FAMILY.contains(c));
    let says = |c: char| "到来去带参加能会上晚点人家同请假不没也都了的吧".contains(c);
    let n = text.chars().count();
    family
        && (2..=3).contains(&n)
        && !text.chars().any(says)
        && !is_called(text)
        && name(text).is_some_and(|name| !name.is_guessed)
}

/// 李, 欧阳: a family name and nothing else.
pub(in crate::language::parse) fn is_family(text: &str) -> bool {
    text.chars().next().is_some_and(|c| is_han(c) && FAMILY.contains(c)) && text.chars().count() < 3
}

/// Several people in one line: 张桂英和李德福, 张桂英 李德福, 张桂英+李德福. `None` where it is one, or where it cannot be told.
pub(in crate::language::parse) fn several(text: &str) -> Option<Vec<String>> {
    let found = owners(text).filter(|found| found.names.len() > 1 && !found.is_guessed && found.one.is_none())?;
    found.names.iter().all(|name| is_full_name(name)).then_some(found.names)
}

/// 45717, 2025-03-01, 3/1: what a spreadsheet makes of a flat it takes for a day. Five figures may be a flat all the same.
pub(super) fn dated(text: &str) -> Option<Dated> {
    let day = text.split_whitespace().next().unwrap_or_default();
    let clock = text.strip_prefix(day).unwrap_or_default().trim();
    let is_clock = clock.chars().all(|c| c.is_ascii_digit() || c == ':');
    let parts: Vec<u32> = day.split('/').filter_map(|part| part.parse().ok()).collect();
    let is_written = day.split('/').count() == parts.len();
    let in_year = |month: u32, day: u32| (1..=12).contains(&month) && (1..=31).contains(&day);
    let is_day = match parts.as_slice() {
        [month, day] if is_written => in_year(*month, *day),
        [a, b, year] if is_written && *year > 1949 => in_year(*a, *b) || in_year(*b, *a),
        _ => is_date(day) && !day.contains(['号', '.']),
    };
    if is_clock && is_day {
        return Some(Dated::Day);
    }
    // The days of 2021 to 2031. 40101 is the fourth house, the first floor: nothing has so many floors as 457 17.
    let serial = text.parse::<u32>().ok().filter(|n| (44_197..48_214).contains(n) && n / 100 % 100 > 40)?;
    Some(Dated::Serial(serial))
}

/// What looks like a day where a flat should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dated {
    Day,
    /// Days since the last of 1899.
    Serial(u32),
}

/// One name.
pub(in crate::language::parse) struct Name {
    pub name: String,
    /// Whether it is longer than names are, or shorter.
    pub is_guessed: bool,
}

/// A name: 2 to 4 汉字, more with a dot, with a mark of one letter or number behind it where two are called so; or Latin words.
pub(in crate::language::parse) fn name(text: &str) -> Option<Name> {
    let name = name_written(text);
    let n = name.chars().count();
    if n == 0 || n > MAX_NAME || is_nobody(&name) {
        return None;
    }
    if name.chars().any(is_han) {
        let bare = name.trim_end_matches(|c: char| c.is_ascii_alphanumeric());
        let mark = n - bare.chars().count();
        let is_proper = bare.chars().all(|c| is_han(c) || c == '·') && mark <= 2 && !bare.starts_with('·');
        let han = bare.chars().filter(|c| is_han(*c)).count();
        let is_several = ["夫妇", "夫妻", "一家", "全家", "两口", "父子", "母女", "家属", "家人", "之家"]
            .iter()
            .any(|end| bare.ends_with(end));
        // 李德福家, 老李家; but 陈厚家 is a name.
        let is_house = bare.ends_with('家') && (han > 3 || bare.starts_with(['老', '小', '大']) && han > 2);
        let is_vague = bare.contains(['某', '等']) && bare.chars().count() > 1
            || bare.contains("先生")
            || bare.contains("女士")
            || is_several
            || is_house
            || bare.contains('的')
            || is_group(bare) && bare.ends_with('组')
            || is_figure(bare);
        let is_long = han > LONG_NAME && !bare.contains('·');
        return (is_proper && !is_vague && !name.ends_with("等"))
            .then_some(Name { is_guessed: is_long || han < 2, name });
    }
    let is_latin = name.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | '\'' | '’' | '·' | '-'));
    let is_word = name.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    let is_dashed =
        name.split('-').any(|part| !part.starts_with(char::is_alphabetic) || !part.ends_with(char::is_alphabetic));
    (is_latin && is_word && !is_dashed).then_some(Name { name, is_guessed: false })
}

#[cfg(test)]
mod tests {
    use super::{area, flat, is_nobody, is_range, owners};

    #[test]
    fn areas_to_the_hundredth() {
        for (text, want) in [
            ("92.5", Some((9250, false))),
            ("92.50㎡", Some((9250, false))),
            ("92.5 m2", Some((9250, false))),
            ("92.5平方", Some((9250, false))),
            ("1,024.80平米", Some((102_480, false))),
            ("92.512", Some((9251, true))),
            ("92.505", Some((9251, true))),
            ("92.500000", Some((9250, false))),
            ("约92", None),
            ("92.5.1", None),
            ("0", None),
            ("", None),
            ("-5", None),
        ] {
            assert_eq!(area(text), want, "{text}");
        }
    }

    #[test]
    fn owners_of_a_flat() {
        for (text, want) in [
            ("张桂英、张永年", Some(vec!["张桂英", "张永年"])),
            ("张桂英 张永年", Some(vec!["张桂英", "张永年"])),
            ("张桂英/张永年", Some(vec!["张桂英", "张永年"])),
            ("张建国和王丽", Some(vec!["张建国", "王丽"])),
            ("张和平", Some(vec!["张和平"])),
            ("和平", Some(vec!["和平"])),
            ("李　娜", Some(vec!["李娜"])),
            ("买买提•艾力", Some(vec!["买买提·艾力"])),
            ("王伟A", Some(vec!["王伟A"])),
            ("Li Defu", Some(vec!["Li Defu"])),
            ("空置", None),
            ("张某", None),
            ("张三等5人", None),
            ("李德福 92.5", None),
            ("92.5", None),
            ("", None),
        ] {
            let found = owners(text).map(|owners| owners.names);
            assert_eq!(found, want.map(|names| names.into_iter().map(str::to_owned).collect()), "{text}");
        }
        assert!(is_nobody("—") && is_nobody("待定") && is_nobody("空置(未售)") && !is_nobody("吴秀珍"));
    }

    #[test]
    fn flats_and_what_looks_like_them() {
        let room = |text| flat(text).map(|flat| (flat.room, flat.is_guessed));
        assert_eq!(room("101室"), Some(("101".into(), false)));
        assert_eq!(room("1单元 101"), Some(("1单元101".into(), false)));
        assert_eq!(room("A101"), Some(("A101".into(), false)));
        assert_eq!(room("1O1"), Some(("101".into(), true)));
        assert_eq!(room("l02"), Some(("102".into(), true)));
        assert_eq!(room("92.5"), None);
        assert_eq!(room("138****0000"), None);
        assert_eq!(room("3月2日"), None);
        assert_eq!(room("张三"), None);
        assert!(is_range("101-102") && !is_range("1-101") && !is_range("101-201"));
    }
}
