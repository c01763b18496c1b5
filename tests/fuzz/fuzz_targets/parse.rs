//! 识别 — whatever bytes arrive in a chat: `parse`, `read_mark` and `render` neither panic nor leave a brace unfilled.
#![no_main]

use chrono::DateTime;
use chrono_tz::Asia::Shanghai;
use libfuzzer_sys::fuzz_target;
use xieshang::language::{Catalog, Lang, Parsed, Hearing, Site, parse, read_mark, render};

fuzz_target!(|input: (bool, &str, &str)| {
    let (private, quoted, text) = input;
    let catalog = Catalog::builtin().expect("commands/ is in order");
    let scene = Scene {
        private,
        reply: read_mark(quoted),
        replied_to_bot: !quoted.is_empty(),
        replied_to_person: false,
        bot_names: vec!["xieshang_bot".to_owned()],
        now: DateTime::UNIX_EPOCH,
        tz: Shanghai,
    };
    if let Parsed::Heard(heard) = parse(catalog, text, &scene)
        && let Err(say) = heard.command
    {
        let rendered = render(catalog, &say, Lang::Zh, &Site { public_url: None, tz: Shanghai });
        assert!(rendered.faults.is_empty(), "{:?}", rendered.faults);
    }
});
