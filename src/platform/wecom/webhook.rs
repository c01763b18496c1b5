//! 群机器人 — the webhook of one group: what is posted to it appears there, and it hears nothing.
//!
//! Whoever has its key can speak in the group: the key is in the address of every request and in nothing that is logged.
//! Source: <https://developer.work.weixin.qq.com/document/path/99110>.

use super::super::SendError;
use reqwest::{Client, StatusCode, Url};
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;

/// Longest `markdown_v2`, in bytes.
pub const LONGEST: usize = 4_096;
/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// Longest wait for an answer.
const ANSWER: Duration = Duration::from_secs(15);
/// Largest answer read.
const LARGEST: usize = 64 * 1024;
/// Wait where a robot has said enough for its minute, and where too much is asked of WeCom at once, in seconds.
const MINUTE: u32 = 60;
const MOMENT: u32 = 5;

/// The client all robots share.
///
/// # Errors
/// A sentence, if TLS cannot be set up.
pub fn client() -> Result<Client, String> {
    let client = Client::builder()
        .connect_timeout(CONNECT)
        .timeout(ANSWER)
        .tcp_keepalive(Duration::from_secs(30))
        .redirect(reqwest::redirect::Policy::none())
        .build();
    client.map_err(|error| error.without_url().to_string())
}

/// One robot.
pub struct Robot {
    address: Url,
}

#[derive(Deserialize)]
struct Answer {
    errcode: i64,
}

impl Robot {
    /// The robot with this key below an address.
    ///
    /// # Errors
    /// A sentence, without the key.
    pub fn new(url: &str, key: &str) -> Result<Self, String> {
        let base = Url::parse(&format!("{}/", url.trim_end_matches('/'))).map_err(|error| format!("url: {error}"))?;
        let mut address = base.join("cgi-bin/webhook/send").map_err(|error| format!("url: {error}"))?;
        address.query_pairs_mut().append_pair("key", key);
        Ok(Self { address })
    }

    /// Says something in its group.
    ///
    /// # Errors
    /// [`SendError`], without the key.
    pub async fn say(&self, client: &Client, markdown: &str) -> Result<(), SendError> {
        let body = json!({ "msgtype": "markdown_v2", "markdown_v2": { "content": markdown } });
        let sent = client.post(self.address.clone()).json(&body).send().await;
        let mut response = sent.map_err(failure)?;
        let (status, mut body) = (response.status(), Vec::new());
        while let Some(chunk) = response.chunk().await.map_err(failure)? {
            if body.len() + chunk.len() > LARGEST {
                return Err(SendError::Unknown("the answer is too large".to_owned()));
            }
            body.extend_from_slice(&chunk);
        }
        // 200 even where it is refused: the code in the answer decides. Its words bear a trace of the request and are not shown.
        match serde_json::from_slice::<Answer>(&body) {
            Ok(Answer { errcode: 0 }) if status.is_success() => Ok(()),
            Ok(Answer { errcode }) if errcode != 0 => Err(refused(errcode)),
            Ok(_) | Err(_) => Err(foreign(status)),
        }
    }
}

/// What a code means for a message.
fn refused(errcode: i64) -> SendError {
    match errcode {
        // Busy: it was not taken.
        -1 => SendError::NotSent("WeCom is busy (-1)".to_owned()),
        45009 => SendError::Wait(MINUTE),
        45033 => SendError::Wait(MOMENT),
        93000 => SendError::Gone(
            "the robot was taken out of the group, or its key is wrong (93000): put the new one into [[wecom.webhook]] and start again"
                .to_owned(),
        ),
        code => SendError::Wrong(format!("WeCom refuses it ({code})")),
    }
}

/// Somebody in between answered in WeCom's place, or WeCom failed.
fn foreign(status: StatusCode) -> SendError {
    let why = format!("HTTP {} without an answer of WeCom", status.as_u16());
    match status {
        StatusCode::TOO_MANY_REQUESTS => SendError::Wait(MINUTE),
        status if status.is_client_error() || status.is_redirection() => SendError::NotSent(why),
        _ => SendError::Unknown(why),
    }
}

fn failure(error: reqwest::Error) -> SendError {
    // Without the address: it holds the key.
    let (is_connect, error) = (error.is_connect() || error.is_builder(), error.without_url());
    let mut why = error.to_string();
    if let Some(source) = std::error::Error::source(&error) {
        why = format!("{why}: {source}");
    }
    if is_connect { SendError::NotSent(why) } else { SendError::Unknown(why) }
}

#[cfg(test)]
mod tests {
    use super::{Robot, foreign, refused};
    use crate::platform::SendError;
    use reqwest::StatusCode;

    #[test]
    fn what_wecom_says_decides_whether_a_letter_is_tried_again() {
        assert_eq!(refused(45009), SendError::Wait(60));
        assert!(matches!(refused(93000), SendError::Gone(_)));
        assert!(matches!(refused(-1), SendError::NotSent(_)));
        assert!(matches!(refused(40058), SendError::Wrong(_)));
        assert!(matches!(foreign(StatusCode::BAD_GATEWAY), SendError::Unknown(_)));
        assert!(matches!(foreign(StatusCode::OK), SendError::Unknown(_)));
        assert!(matches!(foreign(StatusCode::FORBIDDEN), SendError::NotSent(_)));
    }

    #[test]
    fn an_address_that_is_none_is_refused_without_the_key() {
        let why = Robot::new("nowhere", "a-secret-key").err().unwrap();
        assert!(!why.contains("secret"), "{why}");
        let robot = Robot::new("https://qyapi.weixin.qq.com/", "a&b").ok().unwrap();
        assert_eq!(robot.address.as_str(), "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a%26b");
    }
}
