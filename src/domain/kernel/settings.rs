//! 规则参数 — what the office sets in its configuration, and the time of day it lives by. Facts carry what was decided by them.

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use std::collections::BTreeSet;

/// 免打扰 — hours a day that may be quiet at most.
pub const LONGEST_QUIET: i64 = 12;

/// Name of the category of what fits none.
pub const OTHER: &str = "其他";

/// 分类.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Name.
    pub name: String,
    /// Words that tell it, in lower case.
    pub words: Vec<String>,
    /// 推荐界别.
    pub sectors: Vec<String>,
    /// 对口部门.
    pub departments: Vec<String>,
}

/// 默认分类 — name, words, sectors, departments, each parted by blanks, and the key of the name in `commands/words.toml`.
const DEFAULTS: [([&str; 4], &str); 10] = [
    (
        [
            "老旧小区",
            "老旧 旧改 加装电梯 加梯 电梯 外墙 屋顶 漏水 下水管 楼道灯 单元门 elevator lift leak",
            "社科界 工会",
            "住建 街道",
        ],
        "category.housing",
    ),
    (
        ["物业", "物业 业委会 物业费 保安 门禁 停车位 维修资金 property parking", "社科界 经济界", "住建 市场监管"],
        "category.property",
    ),
    (
        [
            "道路交通",
            "路灯 坑洼 道路 马路 红绿灯 公交 斑马线 堵车 人行道 停车场 交通 road traffic bus streetlight",
            "经济界 工会",
            "交通 公安交警 城管",
        ],
        "category.traffic",
    ),
    (
        [
            "环境卫生",
            "垃圾 卫生 噪音 噪声 油烟 臭味 绿化 污水 河道 扬尘 厕所 rubbish garbage noise smell",
            "科协 妇联",
            "城管 生态环境",
        ],
        "category.environment",
    ),
    (
        ["教育", "学校 上学 入学 幼儿园 校门口 课后 托管 老师 学生 school kindergarten pupil", "教育界 共青团", "教育"],
        "category.education",
    ),
    (
        [
            "医疗养老",
            "看病 医院 医保 养老 独居老人 助餐 护理 卫生站 买药 老年食堂 hospital clinic elderly",
            "医卫界 妇联",
            "卫健 民政 医保",
        ],
        "category.care",
    ),
    (
        [
            "拆迁安置",
            "拆迁 动迁 征地 安置 回迁 选房 过渡费 relocation resettle",
            "社科界 特别邀请人士",
            "住建 自然资源",
        ],
        "category.relocation",
    ),
    (
        [
            "营商环境",
            "企业 商户 营业执照 招商 融资 贷款 摊位 夜市 办证 business shop licence",
            "工商联 经济界",
            "发改 市场监管 行政审批",
        ],
        "category.business",
    ),
    (
        [
            "乡村振兴",
            "村道 灌溉 水渠 农产品 种植 养殖 农机 合作社 乡村 irrigation farm crop",
            "农业界 科技界",
            "农业农村",
        ],
        "category.village",
    ),
    ([OTHER, "", "", ""], "category.other"),
];

impl Category {
    /// A category out of four texts: name, and words, sectors and departments parted by blanks.
    #[must_use]
    pub fn new([name, words, sectors, departments]: [&str; 4]) -> Self {
        let parts = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        Self {
            name: name.trim().to_owned(),
            words: parts(&words.to_lowercase()),
            sectors: parts(sectors),
            departments: parts(departments),
        }
    }

    /// The ten categories an office begins with.
    #[must_use]
    pub fn defaults() -> Vec<Self> {
        DEFAULTS.iter().map(|(row, _)| Self::new(*row)).collect()
    }

    /// Names of the ten, with the keys of their terms.
    pub fn terms() -> impl Iterator<Item = (&'static str, &'static str)> {
        DEFAULTS.iter().map(|([name, ..], term)| (*name, *term))
    }
}

/// 保存期限 — for how long, and how many at a time, what waits for somebody's word is kept: after that it is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Days a claim (我是) waits to be confirmed.
    pub claim_days: u32,
    /// Claims that wait, of all accounts together.
    pub claims: usize,
    /// Days an invitation code is good.
    pub code_days: u32,
    /// Invitation codes that are good at one time.
    pub codes: usize,
    /// Hours the link of an export is good.
    pub link_hours: u32,
    /// Links of exports that are good at one time.
    pub links: usize,
}

impl Default for Retention {
    fn default() -> Self {
        Self { claim_days: 7, claims: 300, code_days: 7, codes: 2_000, link_hours: 72, links: 100 }
    }
}

/// 规则参数 — what the office sets in its configuration. `evolve` never sees them: facts carry what was decided.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Name of the committee, heads every digest.
    pub name: String,
    /// Time zone of all dates.
    pub tz: Tz,
    /// Public address without a slash at its end; `None` = no link is printed.
    pub public_url: Option<String>,
    /// `zh` or `en` until a group sets its own.
    pub language: String,
    /// Local time of day of the digest until a group sets its own.
    pub digest_at: NaiveTime,
    /// Quiet from and to until a group sets its own (免打扰).
    pub quiet: (NaiveTime, NaiveTime),
    /// Seconds at which the coordinators are told (附议提醒门槛).
    pub hot_seconds: u32,
    /// Mandates one trustee may hold in a vote (委托).
    pub mandates: u32,
    /// Whether those who have not voted are reminded before the end (催票).
    pub remind: bool,
    /// Whether whoever asked for something is told in private when it moves.
    pub tell_proposers: bool,
    /// Words that belong to petitions and courts (拦截词, commands.md §9.15).
    pub turned_away: Vec<String>,
    /// Accounts that are administrators from the start.
    pub admins: Vec<String>,
    /// Hours a further account waits that two officials vouched for.
    pub join_hours: u32,
    /// 节假日 — a term that ends on one of these days ends on the next that is not (Civil Code art. 203).
    pub holidays: BTreeSet<NaiveDate>,
    /// 分类 — what topics are about, with the sectors and departments that may be of use.
    pub categories: Vec<self::Category>,
    /// Whether the groups of those sectors are told of a new request.
    pub tell_sectors: bool,
    /// 积分 — whether points are counted and shown, to oneself and to coordinators.
    pub points: bool,
    /// What stands before an invitation code in a link, e.g. `https://t.me/NAME?start=`; `None` = no link is printed.
    pub invite_url: Option<String>,
    /// 保存期限.
    pub retention: Retention,
}

impl Default for Settings {
    fn default() -> Self {
        let at = |h, m| NaiveTime::from_hms_opt(h, m, 0).unwrap_or_default();
        Self {
            name: "有事好商量".to_owned(),
            tz: chrono_tz::Asia::Shanghai,
            public_url: None,
            language: "zh".to_owned(),
            digest_at: at(20, 0),
            quiet: (at(22, 0), at(7, 30)),
            hot_seconds: 10,
            mandates: 2,
            remind: true,
            tell_proposers: true,
            turned_away: TURNED_AWAY.iter().map(|&word| word.to_owned()).collect(),
            admins: Vec::new(),
            join_hours: 24,
            holidays: BTreeSet::new(),
            categories: self::Category::defaults(),
            tell_sectors: true,
            points: false,
            invite_url: None,
            retention: Retention::default(),
        }
    }
}

const TURNED_AWAY: [&str; 11] =
    ["举报", "检举", "控告", "贪污", "受贿", "信访", "上访", "起诉", "诉讼", "打官司", "仲裁"];

impl Settings {
    /// The local date of a moment.
    #[must_use]
    pub fn date(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.tz).date_naive()
    }

    /// The end of the last paper before a moment: 0:00 for figures of days, weeks and months, or the time of day of the digests.
    #[must_use]
    pub fn paper_before(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let today = self.date(at);
        let digest = self.moment(today, self.digest_at);
        if digest <= at { digest } else { self.moment(today, NaiveTime::MIN) }
    }

    /// The moment of a local date and time of day. Where clocks skip it, the first moment after the gap; where it comes twice, the first.
    #[must_use]
    pub fn moment(&self, date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        let naive = date.and_time(time);
        for minutes in 0..=180 {
            let shifted = naive + chrono::Duration::minutes(minutes);
            if let Some(local) = self.tz.from_local_datetime(&shifted).earliest() {
                return local.with_timezone(&Utc);
            }
        }
        naive.and_utc()
    }

    /// The last day of a term of so many days: the day it begins on does not count (Civil Code art. 201).
    #[must_use]
    pub fn last_day(&self, from: NaiveDate, days: u32) -> NaiveDate {
        let mut last = from.checked_add_days(chrono::Days::new(u64::from(days))).unwrap_or(from);
        while self.holidays.contains(&last) {
            last = last.succ_opt().unwrap_or(last);
        }
        last
    }

    /// Whether a quiet time of day leaves the rest of it to be heard in; `from` = `to` means never.
    #[must_use]
    pub fn is_bearable((from, to): (NaiveTime, NaiveTime)) -> bool {
        let long = to - from;
        let long = if long < Duration::zero() { long + Duration::days(1) } else { long };
        long <= Duration::hours(LONGEST_QUIET)
    }

    /// Whether a moment lies in a quiet time of day; `from` = `to` means never.
    #[must_use]
    pub fn is_quiet(&self, quiet: (NaiveTime, NaiveTime), at: DateTime<Utc>) -> bool {
        let time = at.with_timezone(&self.tz).time();
        let (from, to) = quiet;
        if from <= to { from <= time && time < to } else { time >= from || time < to }
    }

    /// The moment itself, or the end of the quiet time it lies in.
    #[must_use]
    pub fn after_quiet(&self, quiet: (NaiveTime, NaiveTime), at: DateTime<Utc>) -> DateTime<Utc> {
        if !self.is_quiet(quiet, at) {
            return at;
        }
        let local = at.with_timezone(&self.tz);
        let today = local.date_naive();
        let date = if local.time() < quiet.1 { today } else { today.succ_opt().unwrap_or(today) };
        self.moment(date, quiet.1)
    }

    /// The moment by which so long lies outside a quiet time of day, counted from another.
    #[must_use]
    pub fn heard_by(&self, quiet: (NaiveTime, NaiveTime), from: DateTime<Utc>, long: Duration) -> DateTime<Utc> {
        // Days looked at: longer than any vote is open.
        const DAYS: usize = 100;
        let (mut at, mut left) = (self.after_quiet(quiet, from), long);
        for _ in 0..DAYS {
            let today = at.with_timezone(&self.tz).date_naive();
            let tonight = self.moment(today, quiet.0);
            let next = if tonight > at { tonight } else { self.moment(today.succ_opt().unwrap_or(today), quiet.0) };
            if quiet.0 == quiet.1 || next - at >= left {
                break;
            }
            left -= next - at;
            at = self.after_quiet(quiet, next);
        }
        at + left
    }
}
