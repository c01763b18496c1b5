//! 二维码的样子 — the modules of a QR code as one path of an SVG picture; a browser prints it sharp at any size.

use qrcode::{Color, EcLevel, QrCode};
use serde::Serialize;

/// White modules around a code, as the standard asks.
const QUIET: usize = 4;

/// A code, ready to be drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Picture {
    /// Modules of one side, the white around it included.
    pub side: usize,
    /// The dark modules, as the `d` of a path; one unit is one module.
    pub path: String,
}

/// The code of a text; `None` if it is too long for any. A sixth of it may be damaged on a wall and it still reads.
#[must_use]
pub fn picture(text: &str) -> Option<Picture> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row.iter().skip(x).take_while(|module| **module == Color::Dark).count();
            if run > 0 {
                path.push_str(&format!("M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET));
            }
            x += run.max(1);
        }
    }
    Some(Picture { side: width + 2 * QUIET, path })
}

#[cfg(test)]
mod tests {
    use super::picture;

    /// The modules of a path, as somebody else's eye sees them: eight points a side each.
    fn seen(path: &str, side: usize) -> Vec<Vec<bool>> {
        const SCALE: usize = 8;
        let mut points = vec![vec![false; side * SCALE]; side * SCALE];
        for part in path.split('M').filter(|part| !part.is_empty()) {
            let (x, rest) = part.split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let (run, _) = rest.split_once('v').unwrap();
            let (x, y, run): (usize, usize, usize) = (x.parse().unwrap(), y.parse().unwrap(), run.parse().unwrap());
            for row in points.iter_mut().skip(y * SCALE).take(SCALE) {
                row.iter_mut().skip(x * SCALE).take(run * SCALE).for_each(|point| *point = true);
            }
        }
        points
    }

    #[test]
    fn an_independent_reader_reads_what_was_written() {
        let longest = format!("https://xs.example/s/{}", "%E9%98%B5".repeat(40));
        for text in
            ["https://xs.example/t/1", "https://xs.example/s/qa7c96spz2p0xk", "https://例子.中国/t/12", &longest]
        {
            let picture = picture(text).unwrap();
            let points = seen(&picture.path, picture.side);
            let side = points.len();
            let mut image =
                rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| if points[y][x] { 0 } else { 255 });
            let grids = image.detect_grids();
            assert_eq!(grids.len(), 1, "{text}");
            assert_eq!(grids[0].decode().unwrap().1, text);
        }
        assert_eq!(picture(&"长".repeat(5_000)), None);
    }
}
