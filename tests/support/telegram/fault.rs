//! What goes wrong on command.

use chrono::{DateTime, Utc};
use std::time::Duration;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 429 with this many seconds.
    TooMany(i64),
    /// 500, as JSON.
    Internal,
    /// 502 with a page of HTML, as from a proxy.
    BadGateway,
    /// Done, but the answer breaks off in the middle.
    Truncated,
    /// Status 200 that says `ok: false`.
    NotOk,
    /// Nothing happens for so long (wall time), then everything as usual.
    Stall(Duration),
    /// Done, but the answer comes so late (wall time).
    LateAnswer(Duration),
    /// The connection is reset and nothing was done.
    ResetBefore,
    /// Done, and the connection is reset: the answer is lost.
    ResetAfter,
    Unauthorized,
    /// 409, as if another poller had come.
    Conflict,
}

/// A fault with where and for how long it happens. Without any of them: everywhere, once.
#[derive(Clone, Debug)]
pub struct Fault {
    pub kind: Kind,
    pub method: Option<String>,
    pub chat: Option<i64>,
    pub left: u32,
    pub until: Option<DateTime<Utc>>,
}

impl Fault {
    pub fn new(kind: Kind) -> Fault {
        Fault { kind, method: None, chat: None, left: 1, until: None }
    }

    #[must_use]
    pub fn method(mut self, method: &str) -> Fault {
        self.method = Some(method.to_lowercase());
        self
    }

    #[must_use]
    pub fn chat(mut self, chat: i64) -> Fault {
        self.chat = Some(chat);
        self
    }

    #[must_use]
    pub fn times(mut self, times: u32) -> Fault {
        self.left = times;
        self
    }

    /// Every time until the clock of the fake says so.
    #[must_use]
    pub fn until(mut self, until: DateTime<Utc>) -> Fault {
        self.until = Some(until);
        self.left = u32::MAX;
        self
    }
}

#[derive(Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    pub fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The fault of this request, if it has one: the oldest that fits.
    pub fn take(&mut self, now: DateTime<Utc>, method: &str, chat: Option<i64>) -> Option<Kind> {
        self.0.retain(|fault| fault.left > 0 && fault.until.is_none_or(|until| now < until));
        let fault = self.0.iter_mut().find(|fault| {
            fault.method.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
                && fault.chat.is_none_or(|wanted| chat == Some(wanted))
        })?;
        fault.left -= 1;
        Some(fault.kind.clone())
    }
}
