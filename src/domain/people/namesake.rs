//! 同名 — a name that somebody merely shows proves nothing: where it is, or looks like, that of a registered person, or sounds like an
//! office, it is told apart wherever it is printed (刘芳（未认证）).
//!
//! [`World::person`] gives everybody as they are shown, so whoever prints a name cannot forget it; what is kept is
//! [`World::person_kept`]. The mark is one character, which `language::mark` puts into words.

use crate::domain::kernel::ids::{PersonId, TopicNo};
use crate::domain::kernel::place::name_sign;
use crate::domain::kernel::script::simplified_char;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::people::person::{Person, Role};
use crate::domain::people::town::{Sort, sectors};
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Stands behind a name that nobody has proved, until it is put into words.
pub const UNPROVEN: char = '\u{E0F0}';

/// Stands behind the name of a registered person that is also that of somebody who holds a role elsewhere, until it is put into words.
pub const TWIN: char = '\u{E0F6}';

/// Namesakes that are told of somebody.
const MAX_TOLD: usize = 3;

/// Accounts of one look that are told of.
const MOST_SPELLINGS: usize = 5;

/// Registered people of one look that are looked at.
const MOST_REGISTERED: usize = 2_000;

/// What somebody who may not be called by the name they show is called, before the number.
pub const SOMEBODY: &str = "群友";

/// Offices and roles of a consultation, as a shown name may claim them; the longer before what is in it.
const OFFICES: [&str; 40] = [
    "协商助手",
    "有事好商量",
    "好商量",
    "微协商",
    "协商",
    "助手",
    "机器人",
    "主持人",
    "主持",
    "联络员",
    "联络",
    "管理员",
    "管理",
    "承办人",
    "牵头委员",
    "政协委员",
    "委员会",
    "委员",
    "政协办公室",
    "政协办",
    "政协",
    "区政府",
    "镇政府",
    "政府",
    "办公室",
    "街道办",
    "居委会",
    "村委会",
    "议事室",
    "工作站",
    "工作人员",
    "官方",
    "客服",
    "系统",
    "公告",
    "moderator",
    "coordinator",
    "administrator",
    "admin",
    "cppcc",
];

/// What is put around a name and makes nobody else of it.
const TRIMMINGS: [&str; 12] =
    ["本人", "本尊", "老师", "同志", "先生", "女士", "主任", "书记", "主席", "真的", "大号", "小号"];

/// 称呼 — what somebody is called by beside a name, and what a name is introduced by.
const AROUND: [&str; 50] = [
    "我就是",
    "我是",
    "真正的",
    "真正",
    "真",
    "是",
    "我叫",
    "我",
    "正版",
    "实名",
    "唯一",
    "姓名",
    "副主席",
    "副主任",
    "副书记",
    "专家",
    "教授",
    "博士",
    "医生",
    "律师",
    "工程师",
    "高工",
    "师傅",
    "校长",
    "院长",
    "局长",
    "处长",
    "科长",
    "所长",
    "站长",
    "镇长",
    "区长",
    "村长",
    "部长",
    "会长",
    "经理",
    "董事长",
    "代表",
    "秘书长",
    "秘书",
    "组长",
    "大哥",
    "大姐",
    "阿姨",
    "叔叔",
    "哥",
    "姐",
    "总",
    "小区",
    "号",
];

/// What the bot itself calls somebody or something.
const LABELS: [&str; 19] = [
    "已注销用户",
    "former user",
    "未认证",
    "本人",
    "匿名",
    "匿名用户",
    "不记名",
    "无记名",
    "未定",
    "待买单",
    "全区",
    "没有登记",
    "有人",
    "已按群规隐藏",
    "内容已按本人要求删除",
    "已依法删除",
    "anonymous",
    "none yet",
    "whole district",
];

/// How towns, sectors and units are called at the end: only such names are looked up on the lists.
const PLACES: [&str; 14] = ["街道", "镇", "乡", "村", "区", "界", "局", "办", "委", "处", "所", "室", "中心", "公司"];

/// The words that may stand around a name, by their looks, the longer first.
static KNOWN: LazyLock<Vec<String>> = LazyLock::new(|| {
    let words = TRIMMINGS.iter().chain(&AROUND).chain(&OFFICES).copied().chain(sectors());
    let mut looks: Vec<String> = words.map(look).collect();
    looks.sort_by_key(|look| std::cmp::Reverse(look.len()));
    looks
});

/// Longest name that is looked into for the name of somebody else, in characters.
const MAX_LOOKED_INTO: usize = 24;

/// Characters that are taken for one another: Cyrillic and Greek for Latin, and Han that differ by a stroke.
const ALIKE: [(&str, char); 30] = [
    ("аαɑ", 'a'),
    ("вβ", 'b'),
    ("сϲ", 'c'),
    ("ԁ", 'd'),
    ("еєε", 'e'),
    ("ɡ", 'g'),
    ("һн", 'h'),
    ("іıι1l|", 'i'),
    ("ј", 'j'),
    ("кκ", 'k'),
    ("мμ", 'm'),
    ("пη", 'n'),
    ("оοσ0", 'o'),
    ("рρ", 'p'),
    ("ԛ", 'q'),
    ("ѕ", 's'),
    ("тτ", 't'),
    ("υцս", 'u'),
    ("ѵν", 'v'),
    ("ԝω", 'w'),
    ("хχ", 'x'),
    ("уγ", 'y'),
    ("ʐ", 'z'),
    ("巳已", '己'),
    ("曰", '日'),
    ("末", '未'),
    ("戌戍", '戊'),
    ("土", '士'),
    ("玊王", '玉'),
    ("囗", '口'),
];

/// How a name looks: equal for names that are taken for one another. Width, case, blanks, marks, invisible characters, traditional
/// characters and look-alikes make no difference.
#[must_use]
pub fn look(name: &str) -> String {
    name.nfkc()
        .flat_map(char::to_lowercase)
        .map(simplified_char)
        .map(|c| ALIKE.iter().find(|(alike, _)| alike.contains(c)).map_or(c, |(_, as_one)| *as_one))
        .filter(|&c| c.is_alphanumeric() && !is_combining_mark(c) && !is_filler(c))
        .collect()
}

/// Letters by their class that nobody sees.
fn is_filler(c: char) -> bool {
    matches!(c, '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}')
}

/// A look without the words of a list.
fn without(look: &str, words: &[&str]) -> String {
    words.iter().fold(look.to_owned(), |rest, word| rest.replace(&self::look(word), ""))
}

/// A name without the offices it claims, and whether it claims one.
fn without_offices(name: &str) -> (String, bool) {
    let each = |c: char| look(c.encode_utf8(&mut [0; 4])).chars().map(|alike| (c, alike)).collect::<Vec<_>>();
    let mut rest: Vec<(char, char)> = name.chars().flat_map(each).collect();
    let whole = rest.len();
    for office in OFFICES.map(|office| look(office).chars().collect::<Vec<char>>()) {
        let begins = |at: &usize| rest.iter().skip(*at).map(|(_, alike)| alike).take(office.len()).eq(&office);
        if let Some(at) = (0..rest.len()).find(begins) {
            rest.drain(at..at + office.len());
        }
    }
    let bare = rest.iter().map(|(c, _)| *c).collect();
    (bare, rest.len() < whole)
}

/// What a look may be a dressed-up form of, itself first.
fn bare_forms(look: &str) -> Vec<String> {
    let trimmed = without(look, &TRIMMINGS);
    let is_digit = |c: char| c.is_ascii_digit() || matches!(c, 'i' | 'o');
    let mut forms = vec![look.to_owned(), trimmed.trim_matches(is_digit).to_owned(), trimmed];
    forms.dedup();
    forms.retain(|form| !form.is_empty());
    forms
}

/// A figure, as it looks.
fn is_figure(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, 'i' | 'o')
}

/// Whether a look is nothing but known words, of this person's own besides, and figures.
fn is_dressing(look: &str, own: &[String]) -> bool {
    let rest = look.trim_start_matches(is_figure);
    rest.is_empty()
        || KNOWN
            .iter()
            .chain(own)
            .filter(|word| !word.is_empty())
            .any(|word| rest.strip_prefix(word.as_str()).is_some_and(|rest| is_dressing(rest, own)))
}

/// Whether a shown name is another with nothing but known words and figures around it: 李德福2, 李德福老师.
#[must_use]
pub fn is_dressed(shown: &str, name: &str) -> bool {
    let (shown, name) = (look(shown), look(name));
    if name.is_empty() {
        return false;
    }
    let is_around = |at: usize| {
        let (before, after) = (shown.get(..at).unwrap_or_default(), shown.get(at + name.len()..).unwrap_or_default());
        is_dressing(before, &[]) && is_dressing(after, &[])
    };
    shown.match_indices(&name).any(|(at, _)| is_around(at))
}

/// Whether a look is one of the labels the bot prints: 601户, 群友16, 已注销用户.
fn is_label(own: &str) -> bool {
    let numbered = own.strip_prefix(&look(SOMEBODY)).or_else(|| own.strip_suffix('户'));
    let is_number = |rest: &str| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_alphanumeric());
    numbered.is_some_and(is_number) || LABELS.iter().any(|label| look(label) == own)
}

/// Key under which people of one look are found, those who are registered apart from those who are not.
fn prefix(look: &str, enrolled: bool) -> Key {
    Key::new(kind::PERSON_BY_LOOK).byte(u8::from(enrolled)).text(look)
}

/// Key of one person's look.
pub(in crate::domain) fn key(person: &Person) -> Key {
    prefix(&look(person.name.as_str()), person.enrolled).num(person.id.0)
}

/// Key of a registered person whose name is that of somebody who holds a role elsewhere.
fn twin_key(person: PersonId) -> Key {
    Key::new(kind::PERSON_BY_LOOK).byte(3).num(person.0)
}

/// Key of a roll on which a look stands.
fn roll_prefix(look: &str) -> Key {
    Key::new(kind::PERSON_BY_LOOK).byte(2).text(look)
}

/// 名册上的 — that a name stands on a roll.
pub(in crate::domain) fn note_owner(world: &mut World<'_>, topic: TopicNo, name: &str) {
    world.put_at(roll_prefix(&look(name)).num(topic.0), &(topic, name.to_owned()));
}

/// 同名 — that somebody newly registered bears the name of somebody who holds a role, and is of another town.
pub(in crate::domain) fn note_twin(world: &mut World<'_>, person: &Person) {
    if person.enrolled && !world.holders_of_that_name(person).is_empty() {
        world.put_at(twin_key(person.id), &person.id);
    }
}

impl World<'_> {
    /// Those who hold a role and are registered under a name that looks like somebody's who holds none and is of another town.
    #[must_use]
    pub fn holders_of_that_name(&self, person: &Person) -> Vec<PersonId> {
        if person.town.is_empty() || !person.grants.is_empty() {
            return Vec::new();
        }
        let is_other = |id: &PersonId| {
            let holds = |known: Person| !known.grants.is_empty() && known.town != person.town;
            *id != person.id && self.person_kept(*id).is_some_and(holds)
        };
        let alike = self.list::<PersonId>(&prefix(&look(person.name.as_str()), true), MOST_SPELLINGS);
        alike.into_iter().filter(is_other).collect()
    }

    /// Everybody registered under a name, however it is written.
    #[must_use]
    pub fn registered_as(&self, name: &str) -> Vec<Person> {
        let own = name_sign(name);
        let alike = self.list::<PersonId>(&prefix(&look(name), true), MOST_REGISTERED);
        let is_it = |person: &Person| person.enrolled && name_sign(person.name.as_str()) == own;
        alike.into_iter().filter_map(|id| self.person_kept(id)).filter(is_it).collect()
    }

    /// 另一位 — whether somebody is told apart from who holds a role under that name.
    #[must_use]
    pub fn is_twin(&self, person: &Person) -> bool {
        person.enrolled && person.grants.is_empty() && self.has(&twin_key(person.id))
    }

    /// Whether a look is that of somebody on a roll that holds today.
    fn is_on_a_roll(&self, own: &str) -> bool {
        let all: Vec<(TopicNo, String)> = self.list(&roll_prefix(own), MAX_TOLD);
        let stands = |(topic, name): &(TopicNo, String)| !self.voters_named(*topic, name).is_empty();
        all.iter().any(stands)
    }

    /// Registered people whose name is in a look, with nothing but known words around it: titles, sectors, their own unit.
    fn registered_in(&self, own: &str) -> Vec<PersonId> {
        let mut found: Vec<PersonId> =
            bare_forms(own).iter().flat_map(|form| self.list::<PersonId>(&prefix(form, true), MAX_TOLD)).collect();
        let marks: Vec<usize> = own.char_indices().map(|(at, _)| at).chain([own.len()]).collect();
        if marks.len() > MAX_LOOKED_INTO {
            return found;
        }
        for (n, &from) in marks.iter().enumerate() {
            for &to in marks.iter().skip(n + 2) {
                let (before, name, after) = (
                    own.get(..from).unwrap_or_default(),
                    own.get(from..to).unwrap_or_default(),
                    own.get(to..).unwrap_or_default(),
                );
                let named = self.list::<PersonId>(&prefix(name, true), MAX_TOLD);
                found.extend(named.into_iter().filter(|&id| {
                    let known = self.person_kept(id);
                    let words = known.iter().flat_map(|known| {
                        [known.unit.as_str(), &known.sector, &known.town, known.field.as_str(), known.room.as_str()]
                            .map(look)
                    });
                    let words: Vec<String> = words.collect();
                    is_dressing(before, &words) && is_dressing(after, &words)
                }));
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether a look is that of a town or a sector on the lists, or of the unit of somebody who holds an office or handles tasks.
    fn is_place(&self, own: &str) -> bool {
        if sectors().any(|sector| look(sector) == own) {
            return true;
        }
        if !PLACES.iter().any(|place| own.ends_with(&look(place))) {
            return false;
        }
        let is_own = |name: &str| look(name) == own;
        [Sort::Town, Sort::Sector].into_iter().any(|sort| self.towns(sort).iter().any(|name| is_own(name)))
            || [Role::Handler, Role::Moderator, Role::Coordinator].into_iter().any(|role| {
                self.holders_kept(role).iter().any(|person| is_own(person.unit.as_str()) || is_own(&person.town))
            })
    }

    fn holders_kept(&self, role: Role) -> Vec<Person> {
        let all: Vec<PersonId> = self.list(&Key::new(kind::ROLE_HOLDER).byte(role as u8), usize::MAX);
        all.into_iter().filter_map(|id| self.person_kept(id)).collect()
    }

    /// A person as they are shown: the kept one, with a mark at a name that could be taken for somebody else's.
    #[must_use]
    pub(super) fn told_apart(&self, person: Person) -> Person {
        // What is left of a newcomer who turned out to be a known person bears that person's name, and is found by no look.
        if person.enrolled || person.name == Words::Erased || !self.has(&key(&person)) {
            return person;
        }
        let own = look(person.name.as_str());
        let (bare, claims_office) = without_offices(person.name.as_str());
        let label = format!("{SOMEBODY}{}", person.id);
        if person.name.as_str().trim_start_matches(|c: char| !c.is_alphanumeric()) == label {
            return person;
        }
        let is_nobody = bare.chars().count() < 2 || is_dressing(&look(&bare), &[]);
        // What is left of 区政协办 is no name.
        let name = match (claims_office, is_nobody) {
            _ if is_label(&own) || self.is_place(&own) => format!("{label}{UNPROVEN}"),
            (true, true) => format!("{SOMEBODY}{}{UNPROVEN}", person.id),
            (true, false) => format!("{bare}{UNPROVEN}"),
            (false, _) if !self.registered_in(&own).is_empty() || self.is_on_a_roll(&own) => {
                format!("{}{UNPROVEN}", person.name)
            }
            (false, _) => return person,
        };
        Person { name: name.into(), ..person }
    }

    /// Registered people whose name somebody unproven shows, if nobody did before: they are told of it once.
    #[must_use]
    pub fn first_namesakes(&self, unproven: PersonId) -> Vec<PersonId> {
        let Some(person) = self.person_kept(unproven).filter(|person| !person.enrolled) else { return Vec::new() };
        let own = look(person.name.as_str());
        let bare = look(&without_offices(person.name.as_str()).0);
        // Whoever writes the name in another way stands elsewhere in the lists: that is told, too, until it pesters.
        let alike = self.list::<PersonId>(&prefix(&own, false), MOST_SPELLINGS + 1);
        let is_same =
            |id: &PersonId| *id != unproven && self.person_kept(*id).is_some_and(|one| one.name == person.name);
        if alike.len() > MOST_SPELLINGS || alike.iter().any(is_same) {
            return Vec::new();
        }
        let mut told = self.registered_in(&bare);
        told.truncate(MAX_TOLD);
        told
    }
}

/// A name as the platform shows it, or what stands for one that could be taken for something else in a card.
#[must_use]
pub fn kept(shown: &str, person: PersonId, is_proper: bool) -> String {
    if is_proper { shown.to_owned() } else { format!("{SOMEBODY}{person}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_taken_for_one_another_look_alike() {
        for (name, other) in [
            ("刘芳", "劉芳"),
            ("刘芳", "刘 芳"),
            ("刘芳", "刘·芳"),
            ("刘芳", "刘\u{200B}芳"),
            ("刘芳", "\u{202E}刘芳"),
            ("刘芳", "刘\u{3164}芳"),
            ("刘芳", "刘芳🌸"),
            ("张永年", "張永年"),
            ("陈晓兰", "陳曉蘭"),
            ("王建国", "玉建国"),
            ("Liu Fang", "ＬＩＵ　ＦＡＮＧ"),
            ("Liu Fang", "Lіu Fаng"),
            ("Bob", "B0b"),
        ] {
            assert_eq!(look(name), look(other), "{name} {other}");
        }
        for (name, other) in [("刘芳", "刘方"), ("刘芳", "刘芳芳"), ("张三", "张山")] {
            assert_ne!(look(name), look(other), "{name} {other}");
        }
    }

    #[test]
    fn only_known_words_around_a_name_make_nobody_else_of_it() {
        for dressing in ["工商联", "教授", "専家", "專家", "真", "我是", "1", "2号", "教育界教授", ""]
        {
            assert!(is_dressing(&look(dressing), &[]), "{dressing}");
        }
        for own in ["华", "芳", "小明", "国"] {
            assert!(!is_dressing(&look(own), &[]), "{own}");
        }
        assert!(is_dressing(&look("区住建局"), &[look("区住建局")]));
        for label in ["601户", "已注销用户", "群友16", "Former user", "群友 16", "匿名", "匿 名", "（已按群规隐藏）"]
        {
            assert!(is_label(&look(label)), "{label}");
        }
        for own in ["万元户", "群友们", "刘芳"] {
            assert!(!is_label(&look(own)), "{own}");
        }
        assert_eq!(look("王建囯"), look("王建国"));
    }

    #[test]
    fn a_name_with_known_words_around_it_is_that_name() {
        for shown in ["李德福2", "李德福老师", "真李德福", "李 德福"] {
            assert!(is_dressed(shown, "李德福"), "{shown}");
        }
        for shown in ["李德福山", "小李德福", "王建国"] {
            assert!(!is_dressed(shown, "李德福"), "{shown}");
        }
    }

    #[test]
    fn what_is_put_around_a_name_makes_nobody_else_of_it() {
        for dressed in ["刘芳本人", "刘芳1", "刘芳老师", "刘芳"] {
            assert!(bare_forms(&look(dressed)).contains(&look("刘芳")), "{dressed}");
        }
        for (claimed, rest) in
            [("主持人刘芳", "刘芳"), ("主持人劉芳", "劉芳"), ("政协办", ""), ("协商助手", ""), ("联络员小王", "小王")]
        {
            assert_eq!(without_offices(claimed), (rest.to_owned(), true), "{claimed}");
        }
    }
}
