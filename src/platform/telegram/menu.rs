//! 菜单 — what a `/` offers: Telegram takes only `[a-z0-9_]` as names, so the English ones with a description in each language, and
//! in each place only what may be said there.

use super::Telegram;
use crate::domain::people::person::Role;
use crate::language::catalog::PlaceKind;
use crate::language::{Catalog, Entry, Lang};
use teloxide::payloads::{SetMyCommands, SetMyCommandsSetters as _};
use teloxide::types::{BotCommand, BotCommandScope};

/// Longest description, in characters.
const DESCRIBED: usize = 256;
/// Commands of one menu.
const MOST: usize = 100;

/// Whether a command belongs into a menu.
type Belongs = fn(&Entry) -> bool;

/// In groups residents and members see what they may ask for; administrators of the group everything.
const MENUS: [(fn() -> BotCommandScope, Belongs); 3] = [
    (|| BotCommandScope::AllPrivateChats, |entry| entry.allowed_in(PlaceKind::Private)),
    (
        || BotCommandScope::AllGroupChats,
        |entry| entry.allowed_in(PlaceKind::Group) && (entry.open_to(Role::Resident) || entry.open_to(Role::Member)),
    ),
    (|| BotCommandScope::AllChatAdministrators, |entry| entry.allowed_in(PlaceKind::Group)),
];

/// The menu of one place in one language.
#[must_use]
fn commands(catalog: &Catalog, belongs: Belongs, lang: Lang) -> Vec<BotCommand> {
    let command = |entry: &Entry| {
        let name = entry.key().replace('-', "_");
        let is_name = (1..=32).contains(&name.len())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        let what = entry.what.get(lang);
        let described = match lang {
            Lang::Zh => format!("{} — {what}", entry.name),
            Lang::En => what.clone(),
        };
        is_name.then(|| BotCommand::new(name, described.chars().take(DESCRIBED).collect::<String>()))
    };
    catalog.entries().iter().filter(|entry| belongs(entry)).filter_map(command).take(MOST).collect()
}

impl Telegram {
    /// Sets all menus. Without them everything still works; so a failure is only said.
    pub(super) async fn set_menus(&self) {
        for (scope, belongs) in MENUS {
            // Without a language = for everybody whose own we do not have.
            for (code, lang) in [(None, self.setup.lang), (Some("zh"), Lang::Zh), (Some("en"), Lang::En)] {
                let mut menu = SetMyCommands::new(commands(self.setup.catalog, belongs, lang)).scope(scope());
                menu.language_code = code.map(str::to_owned);
                if let Err(failure) = self.call::<_, bool>(&menu).await {
                    tracing::warn!(%failure, "a menu could not be set; commands work without it");
                    return;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MENUS, commands};
    use crate::language::{Catalog, Lang};

    #[test]
    fn every_menu_is_one_telegram_takes() {
        let catalog = Catalog::builtin().unwrap();
        for (_, belongs) in MENUS {
            for lang in [Lang::Zh, Lang::En] {
                let menu = commands(catalog, belongs, lang);
                assert!((5..=100).contains(&menu.len()));
                assert!(menu.iter().all(|command| (1..=256).contains(&command.description.chars().count())));
            }
        }
        let [private, group, admins] = MENUS.map(|(_, belongs)| commands(catalog, belongs, Lang::Zh));
        let has = |menu: &[teloxide::types::BotCommand], name: &str| menu.iter().any(|command| command.command == name);
        assert!(has(&private, "me") && !has(&group, "me") && !has(&group, "next") && has(&admins, "next"));
        assert!(group.iter().any(|command| command.description.starts_with("议题 — ")));
    }
}
