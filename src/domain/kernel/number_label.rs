//! 前文 — what the words right before a number say of it: 订单号, 建字第, 图号 name things, 手机, 卡号, 台胞证 what belongs to a person, 合计 a sum.
//!
//! Only what stands directly before it counts, with nothing between but blanks, colons and a few words that say “is”.

/// Whose a number is that is filed somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filed {
    /// 编号, NO.: most likely of a thing; an identity number whose check digit is right is one all the same.
    Number,
    /// 订单, 许可证: of a thing, but whoever is to be called about it may be named right behind.
    Paper,
    /// 订单号, 建字第…号: of a thing.
    Strictly,
}

/// How the number of a thing is introduced. The ends are compared.
const STRICTLY: [&str; 72] = [
    "订单号",
    "订单编号",
    "订单号码",
    "工单号",
    "工单编号",
    "单号",
    "运单号码",
    "发票号",
    "发票号码",
    "发票代码",
    "流水号",
    "流水",
    "交易号",
    "受理号",
    "受理编号",
    "业务号",
    "案号",
    "档案号",
    "档案编号",
    "文号",
    "批准文号",
    "合同号",
    "合同编号",
    "许可证号",
    "许可证编号",
    "许可编号",
    "备案号",
    "备案编号",
    "证书编号",
    "证书号",
    "图号",
    "图纸编号",
    "图纸号",
    "图编号",
    "表号",
    "表编号",
    "户号",
    "用户编号",
    "客户编号",
    "缴费号",
    "缴费编号",
    "设备号",
    "设备编号",
    "出厂编号",
    "产品编号",
    "序列号",
    "机身号",
    "型号",
    "批号",
    "条码",
    "条形码",
    "货号",
    "项目编号",
    "项目号",
    "项目代码",
    "工程编号",
    "招标编号",
    "标段编号",
    "宗地号",
    "宗地编号",
    "地块编号",
    "地块号",
    "字第",
    "证第",
    "权第",
    "权证号",
    "信用代码",
    "税号",
    "识别号",
    "注册号",
    "资产编号",
    "第",
];
/// How a paper or a thing is named of which a number follows.
/// (Of a flat, or of a place in a row, none has eleven digits: a mobile number behind it is one.)
const PAPERS: [&str; 23] = [
    "房号",
    "单元号",
    "序号",
    "订单",
    "工单",
    "运单",
    "快递",
    "发票",
    "许可证",
    "地块",
    "宗地",
    "标段",
    "合同",
    "图纸",
    "图集",
    "电表",
    "水表",
    "燃气表",
    "气表",
    "条码",
    "备案",
    "批复",
    "登记证",
];
/// What is said of all sorts of things.
const NUMBERS: [&str; 6] = ["编号", "编码", "代码", "票号", "NO", "№"];
/// What stands in Latin letters right before the number of a thing.
const LETTERS: [&str; 14] =
    ["SN", "S/N", "NO", "ISBN", "ISSN", "EAN", "UPC", "IMEI", "VIN", "MAC", "PN", "P/N", "ID.NO", "ORDER"];
/// Before NO. these make it a number of somebody.
const OF_PEOPLE: [&str; 6] = ["PASSPORT", "ID", "CARD", "PHONE", "TEL", "MOBILE"];
/// A sum of money follows.
const SUMS: [&str; 15] = [
    "金额", "合计", "总价", "总额", "总计", "共计", "造价", "预算", "决算", "资金", "投资", "价格", "单价", "余额",
    "面积",
];

/// Words after which seven digits and more are a telephone number, without an area code.
pub(super) const PHONES: [&str; 26] = [
    "电话",
    "電話",
    "座机",
    "固话",
    "传真",
    "致电",
    "来电",
    "拨打",
    "宅电",
    "家电",
    "手机",
    "手機",
    "联系方式",
    "联系",
    "联络",
    "呼叫",
    "打",
    "拨",
    "TEL",
    "PHONE",
    "MOBILE",
    "CALL",
    "FAX",
    "☎",
    "📞",
    "📱",
];
/// Words after which groups of digits are a mobile number even where a list would be written like that.
pub(super) const MOBILES: [&str; 11] =
    ["电话", "電話", "手机", "手機", "微信", "联系方式", "联系", "TEL", "PHONE", "MOBILE", "CALL"];
/// Names in a messenger that are numbers.
pub(super) const MESSENGERS: [&str; 6] = ["QQ", "扣扣", "企鹅", "微信", "WECHAT", "WEIXIN"];
/// Accounts of a bank, whatever they begin with.
pub(super) const ACCOUNTS: [&str; 11] =
    ["卡号", "卡号码", "账号码", "银行卡", "储蓄卡", "信用卡", "借记卡", "存折", "账号", "帐号", "账户"];
/// Papers whose number is known by nothing but their name.
pub(super) const PERMITS: [&str; 24] = [
    "台胞证",
    "台胞證",
    "通行证",
    "通行證",
    "回乡证",
    "回鄉證",
    "军官证",
    "軍官證",
    "士兵证",
    "军人证",
    "军官证件",
    "居住证",
    "居留证",
    "护照",
    "護照",
    "身份证",
    "身份證",
    "社保卡",
    "社会保障卡",
    "医保卡",
    "公积金",
    "驾驶证",
    "驾照",
    "残疾人证",
];
/// What somebody is insured by, whatever the number is called: 社保号, 社会保障卡号, 医保账户编号.
const INSURANCES: [&str; 11] =
    ["社保", "社会保障", "社会保险", "医保", "医疗保障", "医疗保险", "养老保险", "公积金", "低保", "残疾", "优抚"];
/// What a number of such a kind is called.
const CALLED: &str = "卡号码账帐户证编个人电子";
/// What may stand between such a word and the number.
pub(super) const BETWEEN: &str = ":：是为号码";
/// The same for accounts, of which 号 is a part of the word.
pub(super) const BETWEEN_OF_ACCOUNTS: &str = ":：是为";
/// The same for papers: 军官证 南字第01234567号.
pub(super) const BETWEEN_OF_PERMITS: &str = ":：是为号码编件字第军南北东西中空海政后参装";

/// Characters that are looked at before a number.
const LOOKED_AT: usize = 14;

/// The characters before a number, upper case, and which of them may belong to a code in front of it (苏A-2024-).
fn said(head: &str) -> Vec<char> {
    let mut near: Vec<char> = head.chars().rev().take(LOOKED_AT * 2).collect();
    near.reverse();
    near.iter().map(char::to_ascii_uppercase).collect()
}

fn ends(said: &[char], word: &str) -> bool {
    let word: Vec<char> = word.chars().collect();
    said.ends_with(&word)
}

/// Whether what is said before it names a thing the number is of. A code in front of the number (JZ-2024-) belongs to it.
pub(super) fn filed(head: &str) -> Option<Filed> {
    let said = said(head);
    let is_code = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '—' | '－' | '_' | '.');
    let code = said.iter().rev().take_while(|c| is_code(c)).count();
    let before = trim(said.get(..said.len() - code).unwrap_or_default());
    // NO.138…, SN138…: what looks like a code is the word.
    let said = if LETTERS.iter().any(|word| ends_alone(trim(&said), word)) { trim(&said) } else { before };
    let letters = LETTERS.iter().find_map(|word| {
        let rest = said.get(..said.len().checked_sub(word.chars().count())?)?;
        ends_alone(said, word).then(|| !OF_PEOPLE.iter().any(|word| ends(trim(rest), word)))
    });
    if let Some(is_thing) = letters {
        return is_thing.then_some(Filed::Number);
    }
    let has = |words: &[&str]| words.iter().any(|word| ends(said, word));
    if let Some(word) = STRICTLY.iter().find(|word| ends(said, word)) {
        // 电话订单号: somebody's telephone under the name of a thing.
        let rest = said.get(..said.len() - word.chars().count()).unwrap_or_default();
        let is_phone = MOBILES.iter().any(|word| ends(rest, word));
        Some(if is_phone { Filed::Paper } else { Filed::Strictly })
    } else if has(&NUMBERS) {
        Some(Filed::Number)
    } else {
        has(&PAPERS).then_some(Filed::Paper)
    }
}

/// Whether a number of an insurance or of a support is announced, under whatever name.
pub(super) fn is_of_insurance(head: &str) -> bool {
    let said = said(head);
    let said = trim(&said);
    let kept = said.iter().rposition(|c| !CALLED.contains(*c)).map_or(0, |at| at + 1);
    kept < said.len() && said.get(..kept).is_some_and(|said| INSURANCES.iter().any(|word| ends(said, word)))
}

/// Whether a sum of money is announced.
pub(super) fn is_sum(head: &str) -> bool {
    let said = said(head);
    SUMS.iter().any(|word| ends(trim(&said), word))
}

/// Without what may stand between a word and its number.
fn trim(said: &[char]) -> &[char] {
    let is_between = |c: &char| c.is_whitespace() && *c != '\n' || ":：为是＝=#＃.．".contains(*c);
    let kept = said.iter().rposition(|c| !is_between(c)).map_or(0, |at| at + 1);
    said.get(..kept).unwrap_or_default()
}

/// A word in Latin letters that is not the end of a longer one.
fn ends_alone(said: &[char], word: &str) -> bool {
    let rest = said.len().checked_sub(word.chars().count());
    ends(said, word)
        && rest.and_then(|at| at.checked_sub(1)).and_then(|at| said.get(at)).is_none_or(|c| !c.is_ascii_alphanumeric())
}
