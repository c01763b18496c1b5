//! A clerk's own words for the card of a straw poll: nothing in them looks like a reference any more.

use std::path::Path;
use xieshang::language::{Catalog, read_mark};

/// The card as it then reads, for the third of March at eight in the evening.
pub fn card(title: &str, end: &str) -> String {
    format!("第1件事，请大家表个态：{title}\n到{end}为止，点下面的字就行。")
}

/// The catalogue with `commands/vote.toml` reworded.
pub fn catalog(folder: &Path) -> &'static Catalog {
    let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("commands/vote.toml");
    let original = std::fs::read_to_string(original).unwrap();
    let own = "🗳【{no}号】摸底开始：{title}\n截止：{end}。回复本条：1 赞成　2 反对　3 弃权（只供拟方案参考）";
    assert!(original.contains(own), "the card of a straw poll has other words now");
    let text = original.replace(own, &card("{title}", "{end}").replace("第1件", "第{no}件"));
    // A copy made before replies said what they are about.
    let text: String =
        text.lines().filter(|line| !line.starts_with("about = ")).map(|line| format!("{line}\n")).collect();
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join("vote.toml"), text).unwrap();
    assert_eq!(read_mark(&card("要不要装电梯", "3月4日20:00")), None, "these words must say nothing");
    Box::leak(Box::new(Catalog::load(folder).unwrap()))
}
