//! 接龙 — a list that is pasted, and what stands above it: whether it speaks of a gathering, and of which day.

use crate::domain::kernel::ids::GatheringNo;
use crate::domain::talk::gathering::SignUp;
use chrono::{Datelike, Days, NaiveDate};

/// A pasted 接龙: what it says it is for, and its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// What stands above the first line; empty if nothing does.
    pub title: String,
    /// The gathering, where the list names it (活动1号).
    pub gathering: Option<GatheringNo>,
    /// Its lines.
    pub lines: Vec<SignUp>,
    /// Lines that are nobody: 待定, 占位, 我.
    pub nobody: Vec<String>,
}

impl Chain {
    /// Words that every list of people who come has.
    const COMMON: &[&str] = &[
        "报名", "接龙", "活动", "名单", "参加", "人员", "统计", "登记", "请", "大家", "本次", "今天", "明天", "周",
        "星期", "一", "二", "三", "四", "五", "六", "日", "礼拜", "天", "后天", "今晚", "明晚", "下周", "本周", "这周",
        "上午", "下午", "晚上", "中午", "早上", "月", "年", "点", "半", "时间", "地点", "开始", "截止", "踊跃", "欢迎",
        "各位", "邻居", "业主", "居民", "代表", "我们", "咱们", "参会", "到会", "出席", "与会", "人数", "情况", "名额",
        "想去", "要来", "要去", "能来", "能去", "来", "在", "下面", "下方", "写", "自己", "姓名", "填", "们", "集合",
        "小区", "地方", "准时", "现场", "的", "了", "啦", "哦", "吧", "啊", "喽", "去", "开", "会",
    ];

    /// Words of a list for something else that only mentions a gathering: 恳谈会后聚餐AA, 恳谈会改期投票, 恳谈会想提的问题, 恳谈会谁不去.
    const FOREIGN: &[&'static str] = &[
        "聚餐", "aa", "吃饭", "午餐", "晚餐", "夜宵", "投票", "表决", "团购", "拼车", "拼单", "订餐", "红包", "捐款",
        "众筹", "改期", "会后", "不", "没", "别", "谁", "问题", "反对", "取消", "上周", "照片", "纪要", "意见", "吗",
        "?", "？", "cancel",
    ];

    /// Whether its title speaks of something else than a gathering of this name does.
    fn is_foreign(&self, name: &str) -> bool {
        let (title, name) = (self.title.to_lowercase(), name.to_lowercase());
        Self::FOREIGN.iter().any(|word| title.contains(word) && !name.contains(word))
    }

    /// Whether it is about a gathering of this name, at this place: a purchase, a birthday, a petition are not ours. Whatever of its title is
    /// neither of the gathering nor of every list speaks of something else; beside the whole name one letter may be left.
    #[must_use]
    pub fn is_about(&self, name: &str, place: &str) -> bool {
        if self.is_foreign(&format!("{name} {place}")) {
            return false;
        }
        let letters = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect::<Vec<char>>();
        let (mut title, name, place) = (letters(&self.title), letters(name), letters(place));
        // What is said in the words of the gathering.
        let mut said = vec![false; title.len()];
        for (at, pair) in title.windows(2).enumerate() {
            if name.windows(2).chain(place.windows(2)).any(|other| other == pair) {
                said.iter_mut().skip(at).take(2).for_each(|said| *said = true);
            }
        }
        // A name of one letter has no pair.
        let mut is_whole = false;
        for (at, _) in title.windows(name.len().max(1)).enumerate().filter(|(_, part)| *part == name.as_slice()) {
            is_whole = true;
            said.iter_mut().skip(at).take(name.len()).for_each(|said| *said = true);
        }
        let mut is_said = said.into_iter();
        title.retain(|_| !is_said.next().unwrap_or_default());
        let rest: String = title.into_iter().collect();
        let mut common: Vec<&str> = Self::COMMON.to_vec();
        common.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let left = letters(&common.iter().fold(rest, |rest, word| rest.replace(word, ""))).len();
        left <= usize::from(is_whole)
    }

    /// Whether its title names days, and none of them is the one it is for: 周日恳谈会, where the gathering is on a Saturday.
    #[must_use]
    pub fn is_of_another_day(&self, name: &str, on: NaiveDate, today: NaiveDate) -> bool {
        // The day in its own name is no other, unless it is that of another week.
        let is_of_a_week = ["上", "下"].iter().any(|week| self.title.contains(&format!("{week}{name}")));
        let title = if is_of_a_week { self.title.clone() } else { self.title.replace(name, " ") };
        let days = days_in(&title, today);
        !days.is_empty() && !days.iter().any(|day| day.fits(on))
    }

    /// Whether its title holds the whole name of a gathering.
    #[must_use]
    pub fn is_titled(&self, name: &str) -> bool {
        let plain = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        let name = plain(name);
        !name.is_empty() && plain(&self.title).contains(&name) && !self.is_foreign(&name)
    }

    /// Whether it speaks of a gathering as we call them, where there is none.
    #[must_use]
    pub fn is_of_a_gathering(&self) -> bool {
        let ours = ["恳谈", "协商", "议事", "座谈", "踏勘", "圆桌", "听证", "有约", "活动", "meeting", "event"];
        self.is_about("", "") || ours.iter().any(|word| self.title.to_lowercase().contains(word))
    }
}

/// A day as a title of a list names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    /// 周六: counted from Monday, from 0.
    Weekday(u32),
    /// 下周六, 明天.
    Date(NaiveDate),
    /// 3月8日.
    Day(u32, u32),
}

impl Named {
    fn fits(self, on: NaiveDate) -> bool {
        match self {
            Self::Weekday(day) => on.weekday().num_days_from_monday() == day,
            Self::Date(date) => date == on,
            Self::Day(month, day) => (on.month(), on.day()) == (month, day),
        }
    }
}

/// The days a title names.
fn days_in(title: &str, today: NaiveDate) -> Vec<Named> {
    const AWAY: [(&str, u64); 6] = [("今天", 0), ("今晚", 0), ("明天", 1), ("明晚", 1), ("后天", 2), ("后晚", 2)];
    let away = AWAY.iter().filter(|(word, _)| title.contains(word));
    let mut found: Vec<Named> =
        away.filter_map(|(_, n)| today.checked_add_days(Days::new(*n)).map(Named::Date)).collect();
    for sign in ["周", "星期", "礼拜"] {
        for (at, _) in title.match_indices(sign) {
            let (before, after) = title.split_at_checked(at).unwrap_or((title, ""));
            let c = after.strip_prefix(sign).and_then(|rest| rest.chars().next());
            let Some(day) =
                c.and_then(|c| "一二三四五六日".chars().position(|one| one == if c == '天' { '日' } else { c }))
            else {
                continue;
            };
            let day = u32::try_from(day).unwrap_or_default();
            let monday = today.checked_sub_days(Days::new(today.weekday().num_days_from_monday().into()));
            let of_week =
                |weeks: u64| monday.and_then(|monday| monday.checked_add_days(Days::new(weeks * 7 + u64::from(day))));
            let bare = before.trim_end_matches('个');
            found.push(match of_week(1).filter(|_| bare.ends_with('下')) {
                Some(date) => Named::Date(date),
                None => Named::Weekday(day),
            });
        }
    }
    let figure = |text: &str| text.chars().rev().take_while(char::is_ascii_digit).collect::<Vec<_>>();
    for (at, _) in title.match_indices('月') {
        let (before, after) = title.split_at_checked(at).unwrap_or((title, ""));
        let month: String = figure(before).into_iter().rev().collect();
        let day: String = after.trim_start_matches('月').chars().take_while(char::is_ascii_digit).collect();
        if let (Ok(month), Ok(day)) = (month.parse(), day.parse()) {
            found.push(Named::Day(month, day));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::Chain;
    use chrono::NaiveDate;

    fn is_ours(title: &str, name: &str) -> bool {
        let chain = Chain { title: title.to_owned(), gathering: None, lines: Vec::new(), nobody: Vec::new() };
        // A Wednesday, and the Saturday after it.
        let date = |day| NaiveDate::from_ymd_opt(2025, 3, day).unwrap();
        chain.is_about(name, "议事室") && !chain.is_of_another_day(name, date(8), date(5))
    }

    #[test]
    fn a_title_that_speaks_of_something_else() {
        for title in [
            "周六跳舞",
            "周日恳谈会",
            "周五恳谈会",
            "下周六恳谈会",
            "明天恳谈会",
            "3月9日恳谈会",
            "不参加周六恳谈会的接龙",
            "周六恳谈会谁不去",
            "周六恳谈会想提的问题",
            "周六广场舞",
            "周六理发",
            "上周六恳谈会照片",
            "反对开周六恳谈会",
            "谁家有恳谈会的椅子",
            "恳谈会纪要谁要",
            "周六恳谈会改周日好不好",
            "二号楼恳谈会",
            "3月8日妇女节聚餐",
        ] {
            assert!(!is_ours(title, "周六恳谈会"), "{title}");
        }
        for title in [
            "",
            "周六恳谈会",
            "恳谈会",
            "周六恳谈会报名",
            "恳谈会接龙",
            "本周六恳谈会 3月8日 上午9:30 议事室",
            "周六恳谈会，请大家踊跃报名",
        ] {
            assert!(is_ours(title, "周六恳谈会"), "{title}");
        }
        assert!(
            !is_ours("入户看灯", "入户看样") && !is_ours("看样意见", "入户看样") && is_ours("周六入户看样", "入户看样")
        );
    }
}
