//! WeCom's part of the wiring: from `[[wecom.webhook]]` to robots that speak in their groups.

use crate::config::{self, Config};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use xieshang::bot::door::{Door, Finding, House, Opening, Registration, Shut};
use xieshang::domain::people::group::GroupKind;
use xieshang::language::{Lang, Site, render};
use xieshang::platform::Platform;
use xieshang::platform::wecom::{Counts, NAME, Setup, WeCom, Webhook};
use xieshang::say;
use xieshang::web::metrics::Family;

/// Longest name of a group, in characters.
const LONGEST_NAME: usize = 60;

/// The door.
pub fn door(config: &Config) -> Box<dyn Door> {
    Box::new(WeComDoor { config: config.wecom.clone(), open: None })
}

/// WeCom and the groups of its robots.
type Robots = (Arc<WeCom>, Vec<Registration>);

struct WeComDoor {
    config: config::Wecom,
    /// Once the door is open.
    open: Option<Robots>,
}

impl WeComDoor {
    fn begin(&self, opening: Opening<'_>) -> Result<Option<Robots>, Shut> {
        if self.config.webhook.is_empty() {
            return Ok(None);
        }
        let (mut groups, mut keys) = (BTreeSet::new(), BTreeSet::new());
        let (mut webhooks, mut registrations) = (Vec::new(), Vec::new());
        for row in &self.config.webhook {
            let wrong = |why: &str| Shut::Setup(format!("[[wecom.webhook]] group = “{}”: {why}", row.group));
            let key = row.key().map_err(|error| Shut::Setup(error.to_string()))?;
            let registration = registration(row, opening).map_err(|why| wrong(&why))?;
            if !groups.insert(row.group.clone()) {
                return Err(wrong("stands there twice; a group has one robot"));
            }
            if !keys.insert(key.clone()) {
                return Err(wrong("has the key of another group; each robot has its own"));
            }
            webhooks.push(Webhook { group: row.group.clone(), key, url: row.url.clone() });
            registrations.push(registration);
        }
        let site = Site { public_url: opening.settings.public_url.clone(), tz: opening.settings.tz };
        let lang = Lang::from_code(&opening.settings.language);
        let unheard = render(opening.catalog, &say!("group.unheard"), lang, &site).text;
        let setup = Setup { webhooks, unheard, site: site.public_url };
        let wecom = WeCom::new(setup).map_err(|why| Shut::Setup(format!("[[wecom.webhook]] {why}")))?;
        Ok(Some((wecom, registrations)))
    }
}

/// What the configuration says of a group.
fn registration(row: &config::WecomWebhook, opening: Opening<'_>) -> Result<Registration, String> {
    let name = row.group.as_str();
    let is_name = (1..=LONGEST_NAME).contains(&name.chars().count())
        && name.trim() == name
        && !name.chars().any(|c| c.is_control() || c == '#');
    if !is_name {
        return Err(format!("write the name of the group, up to {LONGEST_NAME} letters without #"));
    }
    let term = |kind: &GroupKind| opening.catalog.term(kind.term()).map(|word| word.text(Lang::Zh).to_owned());
    let kinds = GroupKind::ALL.iter().filter(|kind| **kind != GroupKind::Discussion);
    let kinds: Vec<String> = kinds.filter_map(term).collect();
    let kind = GroupKind::ALL.into_iter().find(|kind| opening.catalog.means(kind.term(), &row.kind));
    // A discussion group is bound to its topic by a word in it, and here nobody is heard.
    let Some(kind) = kind.filter(|kind| *kind != GroupKind::Discussion) else {
        return Err(format!("kind = “{}”: write one of {}", row.kind, kinds.join(", ")));
    };
    if kind == GroupKind::Town && row.town.is_empty() {
        return Err("town is missing: whose digest is to be posted there?".to_owned());
    }
    if kind == GroupKind::Sector && row.sector.is_empty() {
        return Err("sector is missing: whose digest is to be posted there?".to_owned());
    }
    Ok(Registration {
        chat: Webhook::chat(name),
        name: name.to_owned(),
        kind,
        town: row.town.clone(),
        sector: row.sector.clone(),
    })
}

impl Door for WeComDoor {
    fn called(&self) -> &'static str {
        "WeCom"
    }

    fn name(&self) -> &'static str {
        NAME
    }

    fn open<'a>(&'a mut self, opening: Opening<'a>) -> BoxFuture<'a, Result<bool, Shut>> {
        let opened = self.begin(opening).map(|open| {
            self.open = open;
            self.open.is_some()
        });
        std::future::ready(opened).boxed()
    }

    fn registrations(&self) -> Vec<Registration> {
        self.open.iter().flat_map(|(_, groups)| groups.clone()).collect()
    }

    fn findings<'a>(&'a self, groups: &'a [String]) -> BoxFuture<'a, Vec<Finding>> {
        let finding = |group: &Registration| {
            let what = match groups.contains(&group.chat) {
                true => "its robot has a key; nothing said there is heard",
                false => {
                    "its robot has a key; at the first start it says there what the group is registered as. If it does not, the key is wrong"
                }
            };
            Finding { is_well: true, what: format!("{}: {what}", group.name) }
        };
        let found = self.open.iter().flat_map(|(_, groups)| groups).map(finding).collect();
        std::future::ready(found).boxed()
    }

    fn account_fault(&self, _name: &str) -> Option<&'static str> {
        Some("a webhook robot hears nobody; name an account of a platform on which the bot is spoken with")
    }

    fn platform(&mut self, _house: House<'_>) -> Result<Arc<dyn Platform>, Shut> {
        let open = self.open.as_ref().ok_or_else(|| Shut::Setup("[wecom] is not open".to_owned()));
        open.map(|(wecom, _)| Arc::clone(wecom) as Arc<dyn Platform>)
    }

    fn numbers(&self) -> Arc<dyn Fn() -> Vec<Family> + Send + Sync> {
        let wecom = self.open.as_ref().map(|(wecom, _)| Arc::clone(wecom));
        Arc::new(move || wecom.iter().flat_map(|wecom| families(&wecom.counts)).collect())
    }
}

fn families(counts: &Counts) -> [Family; 2] {
    let Counts { said, failed } = counts;
    let counter = |name, help, count: &AtomicU64| Family::counter(name, help, count.load(Ordering::Relaxed));
    [
        counter("xieshang_wecom_said_total", "Messages that WeCom took.", said),
        counter("xieshang_wecom_failed_total", "Messages that WeCom refused, or of which nobody knows.", failed),
    ]
}
