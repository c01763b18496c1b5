//! Requests to the Bot API: teloxide's payloads over one HTTP client, and what became of each.
//!
//! teloxide's own `Bot` sleeps ten seconds on every 5xx and gives the address, token included, in its errors; here a failure is
//! classed by the one thing that matters (surely not done, or unknown), bounded in time and size, and never names the address.

use reqwest::{Client, StatusCode, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::time::Duration;
use teloxide::requests::Payload;

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// Longest wait for an answer, beside what the request itself asks to wait.
const ANSWER: Duration = Duration::from_secs(30);
/// Largest answer read: a hundred updates of the longest texts.
const LARGEST: usize = 16 * 1024 * 1024;
/// Longest description kept of a failure, in characters.
const DESCRIBED: usize = 200;

/// Why a request came to nothing, or may have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Telegram answered no: it was not done.
    #[error("{code} {why}")]
    No {
        /// `error_code`.
        code: u16,
        /// `description`.
        why: String,
        /// `parameters.retry_after`, in seconds.
        retry_after: Option<u32>,
        /// `parameters.migrate_to_chat_id`.
        moved_to: Option<i64>,
    },
    /// Telegram was not reached: surely not done.
    #[error("not reached: {0}")]
    NotSent(String),
    /// It may have been done: no answer, a broken one, or a failure inside Telegram.
    #[error("no clear answer: {0}")]
    Unknown(String),
}

impl Failure {
    /// Whether our token is refused.
    #[must_use]
    pub fn is_credentials(&self) -> bool {
        matches!(self, Self::No { code: 401 | 404, .. })
    }

    /// Whether somebody else receives with the same token.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::No { code: 409, .. })
    }

    /// Whether Telegram's words contain these.
    #[must_use]
    pub fn says(&self, words: &str) -> bool {
        matches!(self, Self::No { why, .. } if why.to_lowercase().contains(words))
    }
}

/// An answer, as far as it is the same for all methods.
#[derive(Debug, Deserialize)]
struct Envelope<'a> {
    ok: bool,
    #[serde(borrow)]
    result: Option<&'a serde_json::value::RawValue>,
    error_code: Option<u16>,
    description: Option<String>,
    parameters: Option<Parameters>,
}

#[derive(Debug, Deserialize)]
struct Parameters {
    retry_after: Option<u32>,
    migrate_to_chat_id: Option<i64>,
}

/// The result of a request as it came, and the server's clock.
#[derive(Debug)]
pub struct Answer {
    body: String,
    /// The `Date` of the answer.
    pub date: Option<String>,
}

impl Answer {
    /// Reads the result.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn read<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Failure> {
        let broken = |what: serde_json::Error| Failure::Unknown(format!("unreadable answer ({:?})", what.classify()));
        let envelope: Envelope<'a> = serde_json::from_str(&self.body).map_err(broken)?;
        match envelope {
            Envelope { ok: true, result: Some(result), .. } => serde_json::from_str(result.get()).map_err(broken),
            Envelope { error_code, description, parameters, .. } => {
                let code = error_code.unwrap_or(0);
                let why: String = description.unwrap_or_default().chars().take(DESCRIBED).collect();
                if code >= 500 || code == 0 {
                    return Err(Failure::Unknown(format!("{code} {why}")));
                }
                let (retry_after, moved_to) =
                    parameters.map_or((None, None), |known| (known.retry_after, known.migrate_to_chat_id));
                Err(Failure::No { code, why, retry_after, moved_to })
            }
        }
    }
}

/// The Bot API of one bot.
#[derive(Clone)]
pub struct Api {
    client: Client,
    base: Url,
    /// Where files lie.
    files: Url,
}

impl Api {
    /// The Bot API at an address, for a token.
    ///
    /// # Errors
    /// A sentence, without the token, if the address is none or TLS cannot be set up.
    pub fn new(api_url: &str, token: &str) -> Result<Self, String> {
        let base = format!("{}/bot{token}/", api_url.trim_end_matches('/'));
        let base = Url::parse(&base).map_err(|error| format!("api_url: {error}"))?;
        let files = format!("{}/file/bot{token}/", api_url.trim_end_matches('/'));
        let files = Url::parse(&files).map_err(|error| format!("api_url: {error}"))?;
        let client = Client::builder()
            .connect_timeout(CONNECT)
            .tcp_keepalive(Duration::from_secs(30))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| error.without_url().to_string())?;
        Ok(Self { client, base, files })
    }

    /// Sends a request of teloxide's and reads of the result what the caller needs.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn call<P, T>(&self, payload: &P) -> Result<T, Failure>
    where
        P: Payload + serde::Serialize + Sync,
        T: DeserializeOwned,
    {
        self.post(P::NAME, payload, Duration::ZERO).await?.read()
    }

    /// Sends a request by its name; `patience` is what the request itself asks to wait.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn post(
        &self,
        method: &str,
        payload: &(impl serde::Serialize + Sync),
        patience: Duration,
    ) -> Result<Answer, Failure> {
        let url = self.base.join(method).map_err(|_| Failure::NotSent("no such method".to_owned()))?;
        let sent = self.client.post(url).timeout(ANSWER + patience).json(payload).send().await;
        let mut response = sent.map_err(failure)?;
        let (status, date) = (response.status(), header(&response, "date"));
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failure)? {
            if body.len() + chunk.len() > LARGEST {
                return Err(Failure::Unknown("the answer is too large".to_owned()));
            }
            body.extend_from_slice(&chunk);
        }
        // A body that is no UTF-8 must not cost us what else is in it.
        let body = String::from_utf8(body).unwrap_or_else(|bad| String::from_utf8_lossy(bad.as_bytes()).into_owned());
        if !looks_like_an_answer(&body) {
            return Err(foreign(status));
        }
        Ok(Answer { body, date })
    }

    /// A file by the path `getFile` told; `None` if it is longer than `most` bytes.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn download(&self, path: &str, most: usize) -> Result<Option<Vec<u8>>, Failure> {
        // The path is told by the server; it leads nowhere but below its files.
        let url =
            self.files.join(&format!("./{path}")).ok().filter(|url| url.as_str().starts_with(self.files.as_str()));
        let url = url.ok_or_else(|| Failure::NotSent("no such file".to_owned()))?;
        let mut response = self.client.get(url).timeout(ANSWER).send().await.map_err(failure)?;
        if !response.status().is_success() {
            return Err(foreign(response.status()));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failure)? {
            if bytes.len() + chunk.len() > most {
                return Ok(None);
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Some(bytes))
    }
}

fn header(response: &reqwest::Response, name: &str) -> Option<String> {
    response.headers().get(name)?.to_str().ok().map(str::to_owned)
}

/// Whether somebody in between answered in Telegram's place (an HTML page of a proxy).
fn looks_like_an_answer(body: &str) -> bool {
    body.trim_start().starts_with('{')
}

fn foreign(status: StatusCode) -> Failure {
    // A proxy that refuses has not passed it on; one that fails may have.
    if status.is_client_error() {
        Failure::NotSent(format!("HTTP {} without an answer of Telegram", status.as_u16()))
    } else {
        Failure::Unknown(format!("HTTP {} without an answer of Telegram", status.as_u16()))
    }
}

fn failure(error: reqwest::Error) -> Failure {
    // Without the address: it holds the token.
    let (is_connect, error) = (error.is_connect() || error.is_builder(), error.without_url());
    let mut why = error.to_string();
    if let Some(source) = std::error::Error::source(&error) {
        why = format!("{why}: {source}");
    }
    let why = why.chars().take(DESCRIBED).collect();
    if is_connect { Failure::NotSent(why) } else { Failure::Unknown(why) }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Failure};

    fn read(body: &str) -> Result<i64, Failure> {
        Answer { body: body.to_owned(), date: None }.read()
    }

    #[test]
    fn answers_are_classed_by_whether_it_may_have_been_done() {
        assert_eq!(read(r#"{"ok":true,"result":7}"#), Ok(7));
        let wait =
            read(r#"{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":35}}"#);
        assert!(matches!(wait, Err(Failure::No { code: 429, retry_after: Some(35), .. })));
        let moved =
            read(r#"{"ok":false,"error_code":400,"description":"x","parameters":{"migrate_to_chat_id":-1001}}"#);
        assert!(matches!(moved, Err(Failure::No { moved_to: Some(-1001), .. })));
        for unknown in [
            r#"{"ok":false,"error_code":500,"description":"Internal"}"#,
            r#"{"ok":false}"#,
            r#"{"ok":true}"#,
            r#"{"ok":true,"result":"seven"}"#,
            r#"{"ok":tr"#,
        ] {
            assert!(matches!(read(unknown), Err(Failure::Unknown(_))), "{unknown}");
        }
    }
}
