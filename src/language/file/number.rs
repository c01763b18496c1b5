//! 数字 — a number as the sheet shows it: what people see and would paste, not the seventeen digits that are stored.

/// Digits a spreadsheet keeps of a number.
const KEPT: usize = 15;
/// Most decimals a format asks for.
const MAX_DECIMALS: usize = 15;

/// A number in the format of its cell.
pub(super) fn shown(value: f64, format: Option<&str>) -> String {
    match format.and_then(places) {
        Some((whole, decimals)) => {
            let text = format!("{value:.decimals$}");
            let digits = text.split('.').next().unwrap_or_default().trim_start_matches('-').len();
            let zeros = "0".repeat(whole.saturating_sub(digits));
            match text.strip_prefix('-') {
                Some(text) => format!("-{zeros}{text}"),
                None => format!("{zeros}{text}"),
            }
        }
        None => general(value),
    }
}

/// Without a format: at most fifteen digits, none of them a zero at the end.
fn general(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return "0".to_owned();
    }
    let whole = format!("{:.0}", value.abs().trunc());
    let before = if whole == "0" { 0 } else { whole.len() };
    let text = format!("{value:.*}", KEPT.saturating_sub(before));
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// `0000`, `#,##0.00_ `: how many digits before and behind the point it asks for; `None` for what is no plain number.
fn places(format: &str) -> Option<(usize, usize)> {
    let mut plain = String::new();
    let mut chars = format.split(';').next()?.chars();
    while let Some(c) = chars.next() {
        match c {
            // A blank as wide as the character behind it.
            '_' | '\\' | '*' => drop(chars.next()),
            '0' | '#' | '.' => plain.push(c),
            ',' | ' ' => {}
            _ => return None,
        }
    }
    let (whole, decimals) = plain.split_once('.').unwrap_or((&plain, ""));
    if plain.is_empty() || decimals.contains(['#', '.']) || decimals.len() > MAX_DECIMALS {
        return None;
    }
    Some((whole.chars().filter(|c| *c == '0').count(), decimals.len()))
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn a_number_is_written_as_it_is_shown() {
        assert_eq!(shown(101.0, None), "101");
        assert_eq!(shown("92.349999999999994".parse().unwrap_or(0.0), None), "92.35");
        assert_eq!(shown(13_812_345_678.0, Some("General")), "13812345678");
        assert_eq!(shown(92.5, Some("0.00")), "92.50");
        assert_eq!(shown(92.345_6, Some("0.00_ ")), "92.35");
        assert_eq!(shown(1_204.5, Some("#,##0.00_);[Red]\\(#,##0.00\\)")), "1204.50");
        assert_eq!(shown(101.0, Some("0000")), "0101");
        assert_eq!(shown(-3.0, Some("000")), "-003");
        assert_eq!(shown(0.5, Some("0%")), "0.5");
        assert_eq!(shown(88.5, Some("@")), "88.5");
        assert_eq!(shown(0.1 + 0.2, None), "0.3");
        assert_eq!(shown(0.0, None), "0");
    }
}
