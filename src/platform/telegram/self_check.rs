//! 自查 — what decides whether the bot hears and is heard: token, privacy mode, webhook, clock, rights in groups.

use super::api::Failure;
use super::hear::Me;
use super::{Address, NAME, Telegram};
use chrono::DateTime;
use serde::{Deserialize, Serialize};
use std::sync::atomic::Ordering;
use std::time::Duration;
use teloxide::payloads::{GetChatMember, GetWebhookInfo};
use teloxide::types::{ChatId, UserId};

/// A clock that is wrong by more than this is said.
const CLOCK_SECONDS: i64 = 5;
/// Groups looked at.
const MOST_GROUPS: usize = 200;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Nothing to do.
    pub is_well: bool,
    /// What is so, and what to do.
    pub what: String,
}

#[derive(Serialize)]
struct Nothing {}

#[derive(Deserialize)]
struct WhoAmI {
    id: i64,
    username: Option<String>,
    #[serde(default)]
    can_read_all_group_messages: bool,
}

/// What we need of getWebhookInfo.
#[derive(Debug, Default, Deserialize)]
pub(super) struct WebhookInfo {
    #[serde(default)]
    pub url: String,
    #[serde(default)]
    pub pending_update_count: u32,
    pub last_error_date: Option<i64>,
    pub last_error_message: Option<String>,
}

#[derive(Deserialize)]
struct Member {
    status: String,
}

/// Whose webhook it is. Many put their token into its path, so no more of it is shown.
pub(super) fn host(url: &str) -> String {
    let url = reqwest::Url::parse(url).ok();
    url.as_ref().and_then(reqwest::Url::host_str).unwrap_or("somewhere").to_owned()
}

impl Telegram {
    /// Asks Telegram who we are. Must have succeeded once before anything is heard.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn connect(&self) -> Result<(), Failure> {
        let answer = self.api.post("getMe", &Nothing {}, Duration::ZERO).await?;
        let WhoAmI { id, username, can_read_all_group_messages: hears_all } = answer.read()?;
        if let Some(there) = answer.date.as_deref().and_then(|date| DateTime::parse_from_rfc2822(date).ok()) {
            self.ahead.store(((self.setup.clock)() - there.to_utc()).num_seconds(), Ordering::Relaxed);
        }
        // Once is enough; a second answer could only say the same.
        let _ = self.me.set(Me { id, username: username.unwrap_or_default(), hears_all });
        Ok(())
    }

    pub(super) async fn webhook_info(&self) -> Result<WebhookInfo, Failure> {
        self.call(&GetWebhookInfo::new()).await
    }

    /// What is well and what is not, a line each. `groups` are the addresses of the groups we know.
    pub async fn findings(&self, groups: &[String]) -> Vec<Finding> {
        let Some(me) = self.me() else { return Vec::new() };
        let well = |what: String| Finding { is_well: true, what };
        let wrong = |what: String| Finding { is_well: false, what };
        let mut found = vec![well(format!("@{} ({}), {}", me.username, me.id, self.how()))];
        match self.ahead.load(Ordering::Relaxed) {
            ahead if ahead.abs() > CLOCK_SECONDS => found.push(wrong(format!(
                "this machine's clock is {ahead} s ahead of Telegram's: deadlines would be judged wrongly; set the clock (timedatectl set-ntp true)"
            ))),
            _ => found.push(well("the clock agrees with Telegram's".to_owned())),
        }
        if me.hears_all {
            found.push(well("privacy mode is off: the bot hears what is said in its groups".to_owned()));
        } else {
            found.push(wrong(
                "privacy mode is ON: in groups only English commands, replies to the bot and buttons arrive; “、议题 …”, “赞成” and voice messages do not. Tell @BotFather /setprivacy → Disable, then remove the bot from each group and add it again; or make it an administrator of the group".to_owned(),
            ));
        }
        match self.webhook_info().await {
            Ok(info) if self.setup.webhook.is_none() && !info.url.is_empty() => {
                found.push(wrong(format!(
                    "a webhook is left over ({}): no messages can be fetched; see deleteWebhook",
                    host(&info.url)
                )));
            }
            Ok(WebhookInfo { last_error_message: Some(why), pending_update_count: waiting @ 1.., .. }) => {
                found.push(wrong(format!(
                    "Telegram did not get through to the webhook lately ({why}); {waiting} updates wait"
                )));
            }
            Ok(info) => found.push(well(format!("{} updates wait", info.pending_update_count))),
            Err(failure) => found.push(wrong(format!("the webhook could not be looked at: {failure}"))),
        }
        for group in groups.iter().take(MOST_GROUPS) {
            found.extend(self.rights(me, group).await);
        }
        found
    }

    fn how(&self) -> String {
        match &self.setup.webhook {
            Some(url) => format!("updates come to {url}"),
            None => "updates are fetched".to_owned(),
        }
    }

    /// Whether we are in a group, and hear everything there.
    async fn rights(&self, me: &Me, group: &str) -> Option<Finding> {
        let address = Address::read(group).filter(|_| group.starts_with(NAME))?;
        let ask = GetChatMember::new(ChatId(address.chat), UserId(u64::try_from(me.id).ok()?));
        let what = match self.call::<_, Member>(&ask).await {
            Ok(Member { status }) if matches!(status.as_str(), "left" | "kicked") => {
                "the bot is not in this group any more; its owner can add it again".to_owned()
            }
            Ok(Member { status }) if !me.hears_all && status != "administrator" => {
                "the bot hears only English commands here: make it an administrator, or switch privacy mode off"
                    .to_owned()
            }
            Ok(_) => return Some(Finding { is_well: true, what: format!("{group}: there, and hears everything") }),
            Err(failure) => format!("could not be looked at: {failure}"),
        };
        Some(Finding { is_well: false, what: format!("{group}: {what}") })
    }
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn of_a_foreign_webhook_only_the_host_is_shown() {
        assert_eq!(host("https://me:secret@bots.example.org:8443/hook/7000:AAtoken?key=x"), "bots.example.org");
        assert_eq!(host("7000:AAtoken"), "somewhere");
    }
}
