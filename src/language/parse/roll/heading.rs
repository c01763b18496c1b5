//! 表头 — what a column is, by whatever name offices, villages and committees give it.

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    /// 楼栋.
    Building,
    /// 单元.
    Unit,
    /// 房号.
    Room,
    /// 业主.
    Owner,
    /// 共有人.
    CoOwner,
    /// 配偶: who may own the flat or not.
    Spouse,
    /// 面积 that counts.
    Area,
    /// 套内, 公摊: no area that counts.
    OtherArea,
    /// 电话.
    Phone,
    /// Known, and of no use for a vote: 序号, 楼层, 人口, 备注.
    Ignored,
    /// 与户主关系: then a row may be anybody of a household.
    Relation,
}

/// A heading without blanks, brackets and marks, in small letters.
fn bare(cell: &str) -> String {
    let (mut out, mut depth) = (String::new(), 0_usize);
    for c in cell.chars() {
        match c {
            '(' | '[' | '【' | '（' => depth += 1,
            ')' | ']' | '】' | '）' => depth = depth.saturating_sub(1),
            c if depth == 0 && !c.is_whitespace() && !matches!(c, ':' | '*' | '：' | '.' | '/' | '、' | '"') => {
                out.extend(c.to_lowercase());
            }
            _ => {}
        }
    }
    out
}

const PHONE: [&str; 8] = ["电话", "手机", "联系方式", "微信", "phone", "mobile", "tel", "電話"];
const PAPER: [&str; 9] = ["身份证", "证件", "证号", "合同", "不动产", "产权证", "房产证", "id号", "身份證"];
const AREA: [&str; 8] = ["面积", "㎡", "平米", "平方", "m2", "m²", "area", "面積"];
const OTHER_AREA: [&str; 10] = ["套内", "使用面", "实用", "公摊", "分摊", "土地", "占地", "宅基", "储藏", "车"];
const IGNORED: [&str; 31] = [
    "人口",
    "人数",
    "户数",
    "套数",
    "备注",
    "说明",
    "附注",
    "性别",
    "年龄",
    "民族",
    "签",
    "意见",
    "日期",
    "时间",
    "户型",
    "用途",
    "性质",
    "类型",
    "状态",
    "入住",
    "职务",
    "职业",
    "工作",
    "户籍",
    "出生",
    "邮箱",
    "车牌",
    "物业费",
    "政治面貌",
    "是否",
    "remark",
];
const IGNORED_WHOLE: [&str; 28] = [
    "序号",
    "编号",
    "序",
    "no",
    "号",
    "#",
    "№",
    "note",
    "notes",
    "单位",
    "组别",
    "组",
    "小组",
    "村民小组",
    "网格",
    "村",
    "社区",
    "小区",
    "楼层",
    "层",
    "层数",
    "所在层",
    "所在楼层",
    "floor",
    "次序",
    "行号",
    "序號",
    "户号",
];
const BUILDING: [&str; 15] = [
    "楼栋",
    "栋号",
    "楼号",
    "幢号",
    "楼幢",
    "栋",
    "幢",
    "座",
    "座号",
    "楼",
    "楼栋号",
    "building",
    "block",
    "bldg",
    "樓棟",
];
const UNIT: [&str; 5] = ["单元", "单元号", "梯", "unit", "單元"];
const ROOM: [&str; 20] = [
    "房号",
    "室号",
    "房间",
    "门牌",
    "坐落",
    "地址",
    "住址",
    "户室",
    "房屋",
    "房产",
    "房址",
    "flat",
    "room",
    "apartment",
    "apt",
    "address",
    "房號",
    "室號",
    "門牌",
    "houseno",
];
const ROOM_WHOLE: [&str; 5] = ["室", "房", "户室号", "家庭住址", "单元房号"];
const OWNER: [&str; 19] = [
    "业主",
    "产权人",
    "所有权人",
    "权利人",
    "户主",
    "房主",
    "姓名",
    "名字",
    "代表",
    "住户",
    "村民",
    "居民",
    "成员",
    "买受人",
    "owner",
    "name",
    "業主",
    "產權人",
    "戶主",
];

/// What a heading says its column is.
pub(super) fn column(cell: &str) -> Option<Column> {
    let name = bare(cell);
    // 业主2 beside 业主1.
    let second = name.strip_suffix(['2', '二']).filter(|name| OWNER.contains(name));
    if second.is_some() {
        return Some(Column::CoOwner);
    }
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let is = |words: &[&str]| words.contains(&name.as_str());
    if name.is_empty() || name.chars().count() > 14 {
        return None;
    }
    Some(match () {
        () if has(&PHONE) => Column::Phone,
        () if has(&PAPER) => Column::Ignored,
        () if has(&AREA) && has(&OTHER_AREA) => Column::OtherArea,
        () if has(&AREA) => Column::Area,
        () if name.contains("关系") => Column::Relation,
        () if is(&IGNORED_WHOLE) || has(&IGNORED) => Column::Ignored,
        () if is(&BUILDING) => Column::Building,
        () if is(&UNIT) => Column::Unit,
        () if name.contains("共有") => Column::CoOwner,
        () if name.contains("配偶") => Column::Spouse,
        () if is(&ROOM_WHOLE) || has(&ROOM) && !has(&["产权人", "姓名", "房主"]) => Column::Room,
        () if has(&OWNER) => Column::Owner,
        () => return None,
    })
}

/// Whether a row is one of headings: at least two of them, or the only cell, and nothing in it that is a value.
pub(super) fn is_heading(cells: &[&str]) -> bool {
    let known = cells.iter().filter(|cell| column(cell).is_some()).count();
    let is_value = |cell: &&str| cell.chars().next().is_some_and(|c| c.is_ascii_digit()) && column(cell).is_none();
    let (n, values) = (cells.len(), cells.iter().filter(|cell| is_value(cell)).count());
    // 业主：王丽 says who it is.
    let says = |cell: &&str| cell.split_once([':', '：']).is_some_and(|(_, rest)| !rest.trim().is_empty());
    // 业主1 alone is somebody whose name is not known, and asked about as such.
    let is_alone = |cell: &&str| bare(cell).len() <= 12 && !cell.contains(|c: char| c.is_ascii_digit());
    values == 0
        && !(n == 1 && cells.iter().any(says))
        && (known >= 2 && known * 2 >= n || n == 1 && known == 1 && cells.iter().all(is_alone))
}

/// 合计, 小计, 其中 and the like: a row of sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sum {
    /// Of all rows.
    All,
    /// Of the rows since the last one.
    Part,
    /// Of some of them.
    Some,
}

/// What a row of sums adds up.
pub(super) fn sum(cells: &[&str]) -> Option<Sum> {
    let first = cells.first().map(|cell| bare(cell))?;
    let starts = |words: &[&str]| words.iter().any(|word| first.starts_with(word));
    let is_in = |words: &[&str]| cells.iter().take(3).any(|cell| words.contains(&bare(cell).as_str()));
    match () {
        () if starts(&["小计", "本页", "分计", "小計", "subtotal"]) || is_in(&["小计", "本页小计", "小計"]) => {
            Some(Sum::Part)
        }
        () if starts(&["其中", "内含", "其它", "其他", "平均", "户均", "人均", "均值", "average", "mean"]) => {
            Some(Sum::Some)
        }
        () if starts(&[
            "合计",
            "共计",
            "总计",
            "总和",
            "累计",
            "总数",
            "总面积",
            "合計",
            "總計",
            "共計",
            "total",
            "sum",
        ]) || is_in(&["合计", "总计", "共计", "合計", "總計", "total"])
            || first.strip_prefix('共').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) =>
        {
            Some(Sum::All)
        }
        () => None,
    }
}

/// 制表人, 日期, 说明: what stands below or above a list and is no row of it.
pub(super) fn is_frame(cells: &[&str]) -> bool {
    let whole: String = cells.iter().map(|cell| bare_keeping(cell)).collect();
    let starts = [
        "制表",
        "填表",
        "填报",
        "审核",
        "复核",
        "负责人",
        "联系人",
        "经办",
        "日期",
        "时间",
        "打印",
        "盖章",
        "单位(",
        "单位:",
        "注:",
        "注",
        "说明",
        "备注",
        "以上",
        "截至",
        "截止",
        "统计人",
        "统计时间",
        "页",
        "第",
        "校对",
        "编制",
        "preparedby",
        "date",
        "note",
        "签字",
        "公章",
        "抄送",
        "监督",
        "核对",
    ];
    let is_end = ["以下空白", "以下无正文", "此页空白", "本页空白", "以下无", "此页无正文", "空白页"]
        .contains(&whole.trim_matches(|c: char| !c.is_alphanumeric()));
    let is_note =
        starts.iter().any(|start| whole.starts_with(start)) && whole.contains([':', '年', '页', '。', ',', '(']);
    is_note || is_end || is_date(&whole)
}

fn bare_keeping(cell: &str) -> String {
    cell.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// 2025年3月1日, 2025-03-01, 2025.3.1, 2025/3/1.
pub(super) fn is_date(text: &str) -> bool {
    let parts: Vec<&str> =
        text.split(['年', '月', '日', '-', '/', '.', '号']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let number = |part: &str| part.chars().all(|c| c.is_ascii_digit()).then(|| part.parse::<u32>().ok()).flatten();
    match parts.as_slice() {
        [year, month, day] => {
            number(year).is_some_and(|n| (1949..2200).contains(&n))
                && number(month).is_some_and(|n| (1..=12).contains(&n))
                && number(day).is_some_and(|n| (1..=31).contains(&n))
        }
        [year, month] if text.contains('年') => number(year).is_some_and(|n| n > 1949) && number(month).is_some(),
        _ => false,
    }
}

/// A line that says what the list is: 梧桐园3号楼业主名册.
pub(super) fn is_title(text: &str) -> bool {
    let plain: String = bare_keeping(text).trim_end_matches([':', '。', '：']).to_owned();
    let ends = [
        "名册",
        "名单",
        "清单",
        "一览表",
        "登记表",
        "统计表",
        "汇总表",
        "明细表",
        "花名册",
        "表",
        "如下",
        "名冊",
        "名單",
        "台账",
        "信息",
    ];
    ends.iter().any(|end| plain.ends_with(end))
        || plain.contains("名册")
        || plain.contains("名单")
        || text.contains("小区")
}

/// 1单元, 3号楼, 一组, 东湾组, 东头: the rows below are there.
pub(super) fn is_group(text: &str) -> bool {
    let plain: String = bare(unframed(text)).trim_matches(['-', '—', '=', '【', '】', ';', ',']).to_owned();
    let ends = ["单元", "栋", "幢", "号楼", "座", "楼", "层", "單元", "棟"];
    let is_named = |rest: &str| {
        let rest = rest.trim_start_matches('第');
        !rest.is_empty()
            && rest.chars().count() <= 8
            && rest.chars().any(|c| c.is_ascii_alphanumeric() || "一二三四五六七八九十东西南北甲乙丙".contains(c))
    };
    // No name ends so.
    let of_a_village = ["组", "組"].iter().filter_map(|end| plain.strip_suffix(end));
    let is_group = of_a_village.clone().any(|rest| !rest.is_empty() && rest.chars().count() <= 8);
    let is_side = ["东头", "西头", "南头", "北头", "上头", "下头"].iter().any(|side| plain.ends_with(side))
        && plain.chars().count() <= 3;
    is_group || is_side || ends.iter().any(|end| plain.strip_suffix(end).is_some_and(is_named))
}

/// 一单元, 第二栋: a number and a word, which is nobody's name. 单小楼, 东楼 may be one.
pub(super) fn is_numbered_group(text: &str) -> bool {
    let plain = bare(unframed(text));
    let rest = ["单元", "单元楼", "栋", "幢", "号楼", "座"].iter().find_map(|end| plain.strip_suffix(end));
    let is_number = |c: char| c.is_ascii_digit() || "一二三四五六七八九十第".contains(c);
    rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(is_number))
}

/// 【1单元】 without the brackets around it.
fn unframed(text: &str) -> &str {
    let text = text.trim();
    let inner = text.strip_prefix(['【', '[']).and_then(|inner| inner.strip_suffix(['】', ']']));
    inner.unwrap_or(text)
}

/// A group that says no more than the number of the flat: 3楼, 三层.
pub(super) fn is_floor(text: &str) -> bool {
    let plain = bare(text);
    (plain.ends_with('楼') || plain.ends_with('层')) && !plain.ends_with("号楼")
}
