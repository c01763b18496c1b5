//! 来文 — the body of a request from somebody we do not know: of the right kind, of bearable size, in bearable time.

use super::MAX_TEXT_BYTES;
use axum::body::Body;
use axum::http::{HeaderMap, header};
use futures_util::StreamExt;
use std::time::Duration;

/// Largest body kept, in bytes: the longest text, escaped as JSON or as a form, and the rest of the message.
const LARGEST: usize = 4 * MAX_TEXT_BYTES;
/// A body is read to its end up to here although it is already refused, so that the refusal arrives. Nothing of it is kept.
const DRAINED: usize = 32 * 1024 * 1024;
/// Time for one body.
const TIME: Duration = Duration::from_secs(15);

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// Another kind, or compressed.
    Kind,
    /// Too large.
    Large,
    /// It took too long.
    Slow,
    /// The connection broke.
    Broken,
}

/// Reads a body of this media type.
///
/// # Errors
/// [`Unread`].
pub async fn read(headers: &HeaderMap, body: Body, kind: &str) -> Result<Vec<u8>, Unread> {
    read_up_to(headers, body, kind, LARGEST).await
}

/// The same, of another bearable size.
///
/// # Errors
/// [`Unread`].
pub async fn read_up_to(headers: &HeaderMap, body: Body, kind: &str, most: usize) -> Result<Vec<u8>, Unread> {
    let given = headers.get(header::CONTENT_TYPE).and_then(|given| given.to_str().ok()).unwrap_or_default();
    let fits = given.split(';').next().is_some_and(|given| given.trim().eq_ignore_ascii_case(kind))
        && headers.get(header::CONTENT_ENCODING).is_none();
    let mut stream = body.into_data_stream();
    let reading = async {
        let mut bytes = Vec::new();
        let mut length = 0_usize;
        while let Some(piece) = stream.next().await {
            let piece = piece.map_err(|_| Unread::Broken)?;
            length = length.saturating_add(piece.len());
            if length > DRAINED {
                return Err(Unread::Large);
            }
            if fits && length <= most {
                bytes.extend_from_slice(&piece);
            } else {
                bytes = Vec::new();
            }
        }
        if !fits {
            return Err(Unread::Kind);
        }
        if length > most { Err(Unread::Large) } else { Ok(bytes) }
    };
    tokio::time::timeout(TIME, reading).await.unwrap_or(Err(Unread::Slow))
}
