//! 识别 — whatever bytes arrive in a chat: `parse`, `read_mark` and `render` neither panic nor leave a brace unfilled.
#![no_main]

#[path = "../accounting.rs"]
mod law;

use libfuzzer_sys::fuzz_target;
use xieshang::language::{Catalog, Lang, Parsed, Site, parse, read_mark, render};

fuzz_target!(|input: (u8, &str, &str)| {
    let (place, quoted, text) = input;
    let catalog = Catalog::builtin().expect("commands/ is in order");
    let hearings = law::hearings();
    let mut hearing = hearings[usize::from(place) % hearings.len()].clone();
    if hearing.reply.is_none() && !quoted.is_empty() {
        hearing.reply = read_mark(quoted);
        hearing.replied_to_bot = true;
    }
    if let Parsed::Heard(heard) = parse(catalog, text, &hearing)
        && let Err(say) = heard.command
    {
        for lang in [Lang::Zh, Lang::En] {
            let rendered = render(catalog, &say, lang, &Site { public_url: None, tz: hearing.tz });
            assert!(rendered.faults.is_empty(), "{:?}", rendered.faults);
        }
    }
});
