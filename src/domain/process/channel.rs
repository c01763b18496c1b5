//! 渠道 — where a topic came from.

use crate::domain::kernel::ids::{GroupId, StationId};
use serde::{Deserialize, Serialize};

/// How somebody told the office of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// 电话.
    Phone,
    /// 走访.
    Visit,
    /// 12345转来.
    Hotline,
    /// 网格.
    Grid,
    /// 阵地接待.
    Station,
    /// 社情民意转来.
    Brief,
}

impl Told {
    /// All.
    pub const ALL: [Self; 6] = [Self::Phone, Self::Visit, Self::Hotline, Self::Grid, Self::Station, Self::Brief];

    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Phone => "channel.phone",
            Self::Visit => "channel.visit",
            Self::Hotline => "channel.12345",
            Self::Grid => "channel.grid",
            Self::Station => "channel.station",
            Self::Brief => "channel.brief",
        }
    }
}

/// 渠道 — where a topic came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// 码上微协商 — a scanned code, with the station it hangs in.
    Scan(Option<StationId>),
    /// 群内点单 — said in a group.
    Group(GroupId),
    /// Said to the bot in private.
    Private,
    /// Told to somebody of the office, who entered it.
    Told(self::Told),
}

impl Channel {
    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Scan(_) => "channel.scan",
            Self::Group(_) => "channel.group",
            Self::Private => "channel.private",
            Self::Told(told) => told.term(),
        }
    }
}
