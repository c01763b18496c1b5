//! 词 — the pieces a time is made of, and which of them begins at a place in a text: always the longest.

use super::text::Text;
use super::{clock, day, length};

/// Which year somebody means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Year {
    /// Not said.
    Unsaid,
    /// 2026年.
    Number(i32),
    /// 今年, 明年: so many years from now.
    Away(i32),
}

/// Which month somebody means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Month {
    /// Not said.
    Unsaid,
    /// 3月.
    Number(u32),
    /// 本月, 下月: so many months from now.
    Away(i32),
}

/// A day, or what stands for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Day {
    /// 3月15日, 15号.
    On {
        year: Year,
        month: Month,
        day: u32,
        /// 15日: fifteen days, too.
        is_term: bool,
        /// 3/4: in English the fourth of March or the third of April.
        is_slashed: bool,
    },
    /// 明天: so many days from now.
    Away(i64),
    /// 月底, 年底: the last day of a month.
    Last(Year, Month),
}

/// A weekday, Monday = 1: the coming one, or that of this week or one so many weeks away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Weekday {
    pub weeks: Option<i64>,
    pub day: u32,
    /// “next Friday” said before Friday may be either.
    pub is_next: bool,
}

/// 时段 — part of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// 凌晨.
    Dawn,
    /// 早上, am: 12点 is none of its hours for certain.
    Early,
    /// 上午.
    Morning,
    /// 中午.
    Noon,
    /// 下午.
    Afternoon,
    /// 傍晚.
    Dusk,
    /// 晚上.
    Evening,
    /// 夜里, 半夜.
    Night,
    /// 白天, 全天.
    Day,
    /// 下班.
    Closing,
}

/// How an hour is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// 9点, 9:30: of twelve hours or of twenty-four.
    Spoken,
    /// 09:30: of twenty-four.
    Padded,
    /// at 9: which of the two is not said.
    Bare,
    /// 9am.
    Am,
    /// 9pm.
    Pm,
    /// noon.
    Noon,
    /// midnight: the one before the day, or after it.
    Midnight,
}

/// 钟点.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    pub hour: u32,
    pub minute: u32,
    pub form: Form,
}

/// What a term is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Unit {
    Minutes,
    Days,
    WorkingDays,
    Months,
}

/// 3天, 一个半月: so many of a unit, and days beside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Length {
    pub n: u32,
    pub unit: Unit,
    pub days: u32,
}

/// What is a time, but says too little.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Vague {
    /// 周末 of a week so many away.
    Weekend(Option<i64>),
    /// 下周.
    Week(i64),
    /// 上旬, 月初: from this day to that; 0 is the last.
    Days(Month, u32, u32),
    /// 几天.
    Few,
    /// 正月初八.
    Lunar,
}

/// What stands behind a time and belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    /// 前, 止, 之内.
    End,
    /// 开始, 起.
    Start,
    /// 左右.
    About,
    /// 后.
    After,
    /// 此时.
    Same,
    /// 吧, 准时.
    Filler,
}

/// What stands before a time and belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lead {
    /// 截止, 到, by, until.
    End,
    /// 从, from.
    Start,
    /// The end of: some hour late on that day.
    About,
    /// 时间：, on, at, 即日起.
    Filler,
}

/// A piece of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    Day(Day),
    Weekday(Weekday),
    Part(Part),
    Clock(Clock),
    Length(Length),
    Vague(Vague),
}

/// The longest piece that begins here, and where it ends; several where one word says two things (今晚).
pub(super) fn token(text: &Text<'_>, at: usize) -> Option<(Vec<Token>, usize)> {
    let single = |token: Token, end: usize| (vec![token], end);
    let found = [
        length::length(text, at).map(|(length, end)| single(Token::Length(length), end)),
        day::dated(text, at).map(|(day, end)| single(Token::Day(day), end)),
        day::relative(text, at),
        day::weekday(text, at).map(|(weekday, end)| single(Token::Weekday(weekday), end)),
        day::vague(text, at).map(|(vague, end)| single(Token::Vague(vague), end)),
        clock::part(text, at).map(|(part, end)| single(Token::Part(part), end)),
        clock::clock(text, at).map(|(clock, end)| single(Token::Clock(clock), end)),
    ];
    // Of two that are as long the first: 3日 of 3日内 is a term.
    found.into_iter().flatten().rev().max_by_key(|(_, end)| *end)
}

/// What stands before a time and belongs to it, blanks and a colon behind it included.
pub(super) fn lead(text: &Text<'_>, at: usize) -> Option<(Lead, usize)> {
    const LEADS: [(&str, Lead); 77] = [
        ("截止时间", Lead::End),
        ("截止日期", Lead::End),
        ("截止", Lead::End),
        ("截至", Lead::End),
        ("截止到", Lead::End),
        ("截至到", Lead::End),
        ("不晚于", Lead::End),
        ("不迟于", Lead::End),
        ("最晚", Lead::End),
        ("最迟", Lead::End),
        ("直到", Lead::End),
        ("到", Lead::End),
        ("至", Lead::End),
        ("限期", Lead::End),
        ("期限", Lead::End),
        ("限", Lead::End),
        ("by the", Lead::End),
        ("by", Lead::End),
        ("until", Lead::End),
        ("till", Lead::End),
        ("before", Lead::End),
        ("within", Lead::End),
        ("no later than", Lead::End),
        ("not later than", Lead::End),
        ("due", Lead::End),
        ("due by", Lead::End),
        ("ends", Lead::End),
        ("从", Lead::Start),
        ("自", Lead::Start),
        ("from", Lead::Start),
        ("时间", Lead::Filler),
        ("定于", Lead::Filler),
        ("定在", Lead::Filler),
        ("于", Lead::Filler),
        ("在", Lead::Filler),
        ("on", Lead::Filler),
        ("at", Lead::Filler),
        ("in", Lead::Filler),
        ("时限", Lead::End),
        ("限时", Lead::End),
        ("办理时限", Lead::End),
        ("办理期限", Lead::End),
        ("closing", Lead::End),
        ("closes", Lead::End),
        ("ending", Lead::End),
        ("deadline", Lead::End),
        ("过", Lead::Filler),
        ("北京时间", Lead::Filler),
        ("即日起", Lead::Filler),
        ("自即日起", Lead::Filler),
        ("从即日起", Lead::Filler),
        ("今天起", Lead::Filler),
        ("今日起", Lead::Filler),
        ("从今天起", Lead::Filler),
        ("自今日起", Lead::Filler),
        ("从今天开始", Lead::Filler),
        ("从现在起", Lead::Filler),
        ("from today", Lead::Filler),
        ("延到", Lead::End),
        ("延至", Lead::End),
        ("延期到", Lead::End),
        ("延期至", Lead::End),
        ("延长到", Lead::End),
        ("延长至", Lead::End),
        ("顺延到", Lead::End),
        ("顺延至", Lead::End),
        ("推迟到", Lead::End),
        ("推迟至", Lead::End),
        ("再延到", Lead::End),
        ("extended to", Lead::End),
        ("extend to", Lead::End),
        ("延", Lead::Filler),
        ("延长", Lead::Filler),
        ("延期", Lead::Filler),
        ("再延", Lead::Filler),
        ("再延长", Lead::Filler),
        ("再延期", Lead::Filler),
    ];
    let is_day = |i: usize| day::weekday(text, i).is_some() || day::relative(text, i).is_some();
    if let Some(i) = text.one_of(at, &["by the end of", "the end of", "end of"]).map(|end| text.skip(end))
        && is_day(i)
    {
        return Some((Lead::About, i));
    }
    // 过两天: some days.
    if day::vague(text, at).is_some() {
        return None;
    }
    let (lead, end) =
        text.any(at, &LEADS).or_else(|| Some((Lead::Filler, text.one_of(at, &["for", "the", "on the"])?)))?;
    let end = text.skip(end);
    let end = if text.at(end) == Some(':') { text.skip(end + 1) } else { end };
    Some((lead, end))
}

/// What stands behind a time and belongs to it.
pub(super) fn tail(text: &Text<'_>, at: usize) -> Option<(Tail, usize)> {
    const TAILS: [(&str, Tail); 80] = [
        ("此时", Tail::Same),
        ("这时", Tail::Same),
        ("这时候", Tail::Same),
        ("这个时候", Tail::Same),
        ("同一时间", Tail::Same),
        ("this time", Tail::Same),
        ("前", Tail::End),
        ("之前", Tail::End),
        ("以前", Tail::End),
        ("止", Tail::End),
        ("为止", Tail::End),
        ("截止", Tail::End),
        ("结束", Tail::End),
        ("内", Tail::End),
        ("之内", Tail::End),
        ("以内", Tail::End),
        ("为限", Tail::End),
        ("为期限", Tail::End),
        ("到期", Tail::End),
        ("end", Tail::End),
        ("开始", Tail::Start),
        ("起", Tail::Start),
        ("开", Tail::Start),
        ("开会", Tail::Start),
        ("举行", Tail::Start),
        ("召开", Tail::Start),
        ("集合", Tail::Start),
        ("左右", Tail::About),
        ("前后", Tail::About),
        ("上下", Tail::About),
        ("许", Tail::About),
        ("多", Tail::About),
        ("or so", Tail::About),
        ("ish", Tail::About),
        ("后", Tail::After),
        ("之后", Tail::After),
        ("以后", Tail::After),
        ("later", Tail::After),
        ("from now", Tail::After),
        ("吧", Tail::Filler),
        ("哈", Tail::Filler),
        ("啊", Tail::Filler),
        ("哦", Tail::Filler),
        ("呢", Tail::Filler),
        ("准时", Tail::Filler),
        ("整", Tail::Filler),
        ("那天", Tail::Filler),
        ("当天", Tail::Filler),
        ("sharp", Tail::Filler),
        ("please", Tail::Filler),
        ("或之前", Tail::End),
        ("或提前", Tail::End),
        ("或更早", Tail::End),
        ("或以前", Tail::End),
        ("or before", Tail::End),
        ("or earlier", Tail::End),
        ("or sooner", Tail::End),
        ("到", Tail::Start),
        ("到场", Tail::Start),
        ("到达", Tail::Start),
        ("到齐", Tail::Start),
        ("到会", Tail::Start),
        ("集中", Tail::Start),
        ("集合出发", Tail::Start),
        ("出发", Tail::Start),
        ("入场", Tail::Start),
        ("进场", Tail::Start),
        ("签到", Tail::Start),
        ("报到", Tail::Start),
        ("开场", Tail::Start),
        ("开席", Tail::Start),
        ("开讲", Tail::Start),
        ("开课", Tail::Start),
        ("开工", Tail::Start),
        ("start", Tail::Start),
        ("from today", Tail::After),
        ("as of today", Tail::After),
        ("-ish", Tail::About),
        ("or thereabouts", Tail::About),
        ("的时候", Tail::Filler),
    ];
    text.any(at, &TAILS)
}

/// What stands between the two ends of a range: behind it, blanks included.
pub(super) fn to(text: &Text<'_>, at: usize) -> Option<usize> {
    let at = text.skip(at);
    if let Some(end) = text.one_of(at, &["至", "到", "直到", "to", "until", "till"]) {
        return Some(text.skip(end));
    }
    let dashes = text.rest(at).iter().take_while(|c| matches!(c, '-' | '~')).count();
    (1..=2).contains(&dashes).then(|| text.skip(at + dashes))
}

/// What stands between two of a list: 8、9号, 8号和9号, Saturday and Sunday.
pub(super) fn list(text: &Text<'_>, at: usize) -> Option<usize> {
    let at = text.skip(at);
    let words = ["、", ",", "和", "及", "以及", "与", "跟", "&", "and"];
    text.one_of(at, &words).map(|end| text.skip(end))
}

/// 前 of “3月20日前出具意见”, 内 of “15天内出具意见”: it ends a time wherever it stands, and is not 前门 and not 内部.
pub(super) fn particle(text: &Text<'_>, at: usize) -> Option<usize> {
    if let Some(end) = text.one_of(at, &["之前", "以前", "之内", "以内"]) {
        return Some(end);
    }
    let end = text.one_of(at, &["前", "内"])?;
    let others = match text.at(at) {
        Some('前') => "门期台后往年任海进庭院坪言列景端提途锋面厅街楼卫身天夜线排方来去缘例沿侧堂贴段半",
        _ => "部容墙外场河务审线衣涝街设环页置饰蒙科存地网江湖侧壁政心在城库层刊景径燃功",
    };
    (!text.at(end).is_some_and(|c| others.contains(c))).then_some(end)
}

/// What stands between two times of which one is meant.
pub(super) fn or(text: &Text<'_>, at: usize) -> Option<usize> {
    let at = text.skip(at);
    let at = if text.at(at) == Some(',') { text.skip(at + 1) } else { at };
    let words = ["或", "或者", "或是", "还是", "要么", "or", "/", "|"];
    text.one_of(at, &words).map(|end| text.skip(end))
}
