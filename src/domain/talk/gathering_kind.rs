//! 活动种类 — what kind of gathering it is, read from its name, for the figures.

use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::talk::gathering::Gathering;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// 种类.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Occasion {
    /// 动迁圆桌会.
    Resettlement,
    /// 邻里圆桌会, and every other round table.
    RoundTable,
    /// 恳谈会.
    OpenTalk,
    /// 现场踏勘.
    Visit,
    /// 接待日.
    Reception,
    /// 主题党日.
    PartyDay,
    /// 志愿服务.
    Volunteering,
    /// 读书.
    Reading,
    /// 周末有约.
    Weekend,
    /// Anything else.
    Other,
}

/// Words in a name, the more particular first: “周末有约·恳谈会” is an open talk.
const SIGNS: [(Occasion, &[&str]); 9] = [
    (Occasion::Resettlement, &["动迁圆桌", "拆迁圆桌", "動遷圓桌"]),
    (Occasion::RoundTable, &["圆桌", "圓桌", "round table", "round-table"]),
    (Occasion::OpenTalk, &["恳谈", "懇談", "open talk", "open-talk"]),
    (Occasion::Visit, &["踏勘", "现场察看", "site visit", "site-visit"]),
    (Occasion::Reception, &["接待", "reception"]),
    (Occasion::PartyDay, &["党日", "黨日", "party day", "party-day"]),
    (Occasion::Volunteering, &["志愿", "志願", "双服务", "volunteer"]),
    (Occasion::Reading, &["读书", "讀書", "书香", "reading"]),
    (Occasion::Weekend, &["周末有约", "週末有約", "weekend"]),
];

impl Occasion {
    /// What kind a gathering of this name is.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let name = name.to_lowercase();
        let found = SIGNS.iter().find(|(_, signs)| signs.iter().any(|sign| name.contains(sign)));
        found.map_or(Self::Other, |(occasion, _)| *occasion)
    }

    /// 圆桌会 (digest.md §7): 邻里圆桌会 and 动迁圆桌会.
    #[must_use]
    pub fn is_round_table(self) -> bool {
        matches!(self, Self::Resettlement | Self::RoundTable)
    }
}

impl World<'_> {
    /// Gatherings that began in the window and were held (somebody signed in, or there are minutes), by kind.
    #[must_use]
    pub fn occasions(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> BTreeMap<Occasion, u32> {
        let mut sums = BTreeMap::new();
        self.scan(&Key::new(kind::GATHERING), |gathering: Gathering| {
            if from <= gathering.at && gathering.at < to && (gathering.signed > 0 || gathering.minutes) {
                *sums.entry(Occasion::of(gathering.name.as_str())).or_default() += 1;
            }
            true
        });
        sums
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::talk::gathering_kind::Occasion;

    #[test]
    fn kinds_of_gatherings() {
        for (name, want) in [
            ("周末有约·恳谈会", Occasion::OpenTalk),
            ("周末有约", Occasion::Weekend),
            ("团结村动迁圆桌会", Occasion::Resettlement),
            ("邻里圆桌会", Occasion::RoundTable),
            ("现场踏勘", Occasion::Visit),
            ("委员接待日", Occasion::Reception),
            ("主题党日", Occasion::PartyDay),
            ("志愿服务", Occasion::Volunteering),
            ("书香政协·读书会", Occasion::Reading),
            ("Weekend talk", Occasion::Weekend),
            ("碰头会", Occasion::Other),
        ] {
            assert_eq!(Occasion::of(name), want, "{name}");
        }
        assert!(Occasion::of("动迁圆桌会").is_round_table() && !Occasion::of("恳谈会").is_round_table());
    }
}
