//! 金额 — 20万, 1.5万元, 3,000元: exactly so many yuan, or no amount at all.

use super::fold::fold;
use super::number;

/// Most digits of a figure.
const MAX_DIGITS: usize = 15;

/// What stands after the figure, and how many yuan it is.
const UNITS: [(&str, u128); 8] = [
    ("亿", 100_000_000),
    ("億", 100_000_000),
    ("万", 10_000),
    ("萬", 10_000),
    ("千", 1_000),
    ("m", 1_000_000),
    ("k", 1_000),
    ("", 1),
];
const CURRENCIES: [&str; 8] = ["人民币", "yuan", "rmb", "元整", "元", "圆", "块", ""];

/// Yuan, exactly; `None` for what is no amount, or none of whole yuan.
#[must_use]
pub fn yuan(text: &str) -> Option<u64> {
    let folded: String = fold(text.trim()).chars().filter(|c| !matches!(c, ',' | '，' | ' ')).collect();
    let plain = folded.strip_prefix(['¥', '￥']).unwrap_or(&folded);
    let (figure, decimals, rest) = figure(plain)?;
    let rest = CURRENCIES.iter().find_map(|name| rest.strip_suffix(name)).unwrap_or(rest);
    let (_, unit) = UNITS.iter().find(|(name, _)| *name == rest)?;
    let (whole, scale) = (figure.checked_mul(*unit)?, 10_u128.checked_pow(decimals)?);
    if whole % scale != 0 {
        return None;
    }
    u64::try_from(whole / scale).ok()
}

/// The digits without their point, how many of them stand after it, and what follows.
fn figure(text: &str) -> Option<(u128, u32, &str)> {
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return number::chinese(text).map(|(n, rest)| (u128::from(n), 0, rest));
    }
    let (mut value, mut decimals, mut digits, mut pointed) = (0_u128, 0, 0_usize, false);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        match c.to_digit(10) {
            Some(digit) => {
                digits += 1;
                value = value * 10 + u128::from(digit);
                decimals += u32::from(pointed);
            }
            None if c == '.' && !pointed => pointed = true,
            None => break,
        }
        if digits > MAX_DIGITS {
            return None;
        }
        rest = rest.strip_prefix(c)?;
    }
    (!pointed || decimals > 0).then_some((value, decimals, rest))
}

#[cfg(test)]
mod tests {
    use super::yuan;

    #[test]
    fn amounts_to_the_yuan() {
        for (text, want) in [
            ("20万", Some(200_000)),
            ("20万元", Some(200_000)),
            ("1.5万元", Some(15_000)),
            ("０．５万", Some(5_000)),
            ("1.2345万", Some(12_345)),
            ("1.23456万", None),
            ("3000", Some(3_000)),
            ("3,000元", Some(3_000)),
            ("￥800", Some(800)),
            ("二十万元", Some(200_000)),
            ("3千元", Some(3_000)),
            ("0.3亿", Some(30_000_000)),
            ("200k", Some(200_000)),
            ("2M yuan", Some(2_000_000)),
            ("100.50", None),
            ("100.00元", Some(100)),
            ("1.", None),
            (".5万", None),
            ("1.2.3", None),
            ("-5万", None),
            ("万", None),
            ("很多", None),
            ("20万美元", None),
            ("9999999999999999", None),
            ("", None),
        ] {
            assert_eq!(yuan(text), want, "{text}");
        }
    }
}
