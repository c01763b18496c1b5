//! 履职 — what members do besides the consultations here (/走访, /微调研 …), and the six columns (六微) made from everything they did.
//!
//! A person's columns are for that person and for coordinators: they are never compared, and never shown in a group.

use crate::domain::brief::{Act, Proposal};
use crate::domain::history::deed::{Deed, What};
use crate::domain::history::points::{Mark, points};
use crate::domain::kernel::ids::{PersonId, TopicNo};
use crate::domain::kernel::say::Say;
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::people::lately;
use crate::domain::people::person::{Person, Tag};
use crate::domain::process::form;
use crate::domain::process::form::Step;
use crate::domain::talk::gathering::attendance_key;
use crate::domain::talk::suggestion::Verdict;
use crate::say;
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Most people one visit may have reached: a figure of a yearly paper, which no single visit makes by itself.
pub const MAX_HEADS: u32 = 1_000;

/// 类别 — the six columns first, then what has a name of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 微联系.
    Contact,
    /// 微调研.
    Research,
    /// 微提案.
    Proposal,
    /// 微协商.
    Consult,
    /// 微监督.
    Supervise,
    /// 微公益.
    Charity,
    /// 走访.
    Visit,
    /// 读书.
    Reading,
    /// 会议.
    Meeting,
}

impl Kind {
    /// All, in the order they are shown.
    pub const ALL: [Self; 9] = [
        Self::Contact,
        Self::Research,
        Self::Proposal,
        Self::Consult,
        Self::Supervise,
        Self::Charity,
        Self::Visit,
        Self::Reading,
        Self::Meeting,
    ];

    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Contact => "serve.contact",
            Self::Research => "serve.research",
            Self::Proposal => "serve.proposal",
            Self::Consult => "serve.consult",
            Self::Supervise => "serve.supervise",
            Self::Charity => "serve.charity",
            Self::Visit => "serve.visit",
            Self::Reading => "serve.reading",
            Self::Meeting => "serve.meeting",
        }
    }

    /// 六微 — the column it stands in: visits are contact; reading and meetings stand in none.
    #[must_use]
    pub fn column(self) -> Option<Self> {
        match self {
            Self::Visit => Some(Self::Contact),
            Self::Reading | Self::Meeting => None,
            six => Some(six),
        }
    }
}

/// 六微的出处 — the one table that says which deed of a member stands in which column. 附议 and 点赞 stand in none, so that nobody
/// is tempted to press buttons for a figure.
///
/// | deed | column |
/// |---|---|
/// | 点单、建议、跟帖、方案、异议、答复、专家意见、签到 | 微协商 |
/// | 买单 | 微协商; of a charity topic 微公益 |
/// | 社情民意、提案 | 微提案; a proposal passed on as 社情民意 once |
/// | 催办、评价，办件和微提案都算 | 微监督 |
/// | /履职 | its own, 走访 in 微联系 |
#[must_use]
pub fn column(what: What, is_charity: bool) -> Option<Kind> {
    match what {
        What::Entered(Step::Taken) if is_charity => Some(Kind::Charity),
        What::Entered(Step::Ordered | Step::Taken)
        | What::Suggested(_)
        | What::Replied(..)
        | What::Planned(_)
        | What::Objected(_)
        | What::Answered(_)
        | What::Reviewed
        | What::Attended(..) => Some(Kind::Consult),
        What::Briefed(_) | What::Brief(Act::Proposed(_)) => Some(Kind::Proposal),
        What::Urged(_) | What::Rated(..) | What::Brief(Act::Rated(_) | Act::Urged(_)) => Some(Kind::Supervise),
        What::Served(kind, _) => kind.column(),
        _ => None,
    }
}

/// What has happened to the record of duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// 履职 — a member did something.
    Served {
        /// Who did it.
        person: PersonId,
        /// Which of theirs.
        n: u32,
        /// What kind.
        kind: Kind,
        /// As it was said.
        text: Words,
        /// 人次 — how many people it reached; 0 where none were counted.
        heads: u32,
        /// The topic it belongs to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        topic: Option<TopicNo>,
    },
    /// 更正 — an official takes out a record that is wrong; it counts nowhere any more.
    Struck {
        /// Whose.
        person: PersonId,
        /// Which of theirs.
        n: u32,
        /// What kind.
        kind: Kind,
        /// Why.
        reason: Words,
    },
    /// 登记 — the marks of a person, the whole of them as they are from now on.
    Tagged {
        /// Person.
        person: PersonId,
        /// 党员, 两代表 …, in order.
        tags: Vec<Tag>,
        /// 特长.
        expertise: Words,
    },
}

/// What is asked of the record of duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// 履职 类别 内容 [人次].
    Serve {
        /// Who did it; `None` = the one who speaks.
        who: Option<String>,
        /// What kind.
        kind: Kind,
        /// As it was said.
        text: String,
        /// 人次; 0 if none was written.
        heads: u32,
        /// The topic it belongs to, if written or replied to.
        topic: Option<TopicNo>,
    },
    /// 撤回 履职 — of oneself or of somebody named; without a number the only one there is.
    TakeBack {
        /// Whose; `None` = the one who speaks.
        who: Option<String>,
        /// Which of theirs.
        n: Option<u32>,
        /// Why, where it is somebody else's doing.
        reason: String,
    },
    /// 履职 姓名: the columns of a person; without a name, one's own.
    Card(Option<String>),
}

/// 履职记录.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// Whose.
    pub person: PersonId,
    /// Which of theirs.
    pub n: u32,
    /// What kind.
    pub kind: Kind,
    /// As it was said.
    pub text: Words,
    /// 人次.
    pub heads: u32,
    /// The topic it belongs to.
    pub topic: Option<TopicNo>,
    /// Who wrote it down.
    pub recorder: PersonId,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
    /// Taken back.
    pub withdrawn: bool,
}

impl Entity for Duty {
    fn key(&self) -> Key {
        Key::new(kind::DUTY).num(self.person.0).num(self.n)
    }
}

/// 六微 and what stands beside them, of one person in one window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// The six columns, in the order of [`Kind::ALL`].
    pub six: [u32; 6],
    /// /履职 records, all kinds together.
    pub served: u32,
    /// 走访.
    pub visits: u32,
    /// 走访人次.
    pub heads: u32,
    /// 读书.
    pub reading: u32,
    /// 会议.
    pub meetings: u32,
    /// 积分.
    pub points: u32,
}

impl World<'_> {
    /// A record of duty that stands.
    #[must_use]
    pub fn duty(&self, person: PersonId, n: u32) -> Option<Duty> {
        self.get::<Duty>(&Key::new(kind::DUTY).num(person.0).num(n)).filter(|duty| !duty.withdrawn)
    }

    /// How many records of duty a person has had so far, those taken back included.
    #[must_use]
    pub fn duties(&self, person: PersonId) -> u32 {
        self.get(&Key::new(kind::DUTY_COUNT).num(person.0)).unwrap_or(0)
    }

    /// What a member did from `from` (included) until `to` (not included), and what was done for them (签到, 办结), in order.
    pub fn credits(&self, person: PersonId, from: DateTime<Utc>, to: DateTime<Utc>, mut visit: impl FnMut(Deed)) {
        let prefix = Key::new(kind::CREDIT).num(person.0);
        let start = prefix.clone().long(u64::try_from(from.timestamp_millis()).unwrap_or(0));
        self.scan_from(&prefix, start.bytes(), |_, deed: Vec<u8>| match self.get::<Deed>(&Key::raw(deed)) {
            Some(deed) if deed.at >= to => false,
            Some(deed) => {
                visit(deed);
                true
            }
            // Taken back since.
            None => true,
        });
    }

    /// A deed stands on a member's account.
    pub fn credit(&mut self, person: PersonId, deed: &[u8]) {
        let mut key = Key::new(kind::CREDIT).num(person.0).into_bytes();
        // Without its kind byte a deed's key begins with its time.
        key.extend(deed.iter().skip(1));
        self.put_at(Key::raw(key), &deed);
    }

    /// The columns of a person in a window.
    #[must_use]
    pub fn duty_sums(&self, settings: &Settings, person: PersonId, from: DateTime<Utc>, to: DateTime<Utc>) -> Sums {
        let (mut sums, mut marks) = (Sums::default(), Vec::new());
        // A gathering counts once however often its list was filled in, a topic however often it was closed.
        let mut once = BTreeSet::new();
        self.credits(person, from, to, |deed| {
            let is_own = match deed.what {
                What::Attended(no, _) => self.has(&attendance_key(no, person)) && once.insert((0, no.0)),
                What::Entered(Step::Closed) => {
                    let topic = deed.topic.and_then(|no| self.topic(no));
                    topic.is_some_and(|topic| topic.lead == Some(person) && once.insert((1, topic.no.0)))
                }
                What::Brief(Act::Proposed(no)) => {
                    let stands = |proposal: Proposal| proposal.recast.is_none();
                    deed.by == Some(person) && self.proposal(no).is_some_and(stands)
                }
                // With the suggestion it was to, a reply is gone as well.
                What::Replied(to, n) => deed.by == Some(person) && self.reply(to, n).is_some(),
                // What was hidden counts here as little as in any other figure.
                What::Suggested(reference) => deed.by == Some(person) && self.suggestion(reference).is_some(),
                What::Objected(reference) => deed.by == Some(person) && self.objection(reference).is_some(),
                _ => deed.by == Some(person),
            };
            if is_own {
                self.add_to(&mut sums, &deed);
                let date = settings.date(deed.at);
                marks.extend(self.mark_of(&deed).map(|mark| ((date.year(), date.month()), mark)));
            }
        });
        sums.points = points(marks);
        sums
    }

    fn add_to(&self, sums: &mut Sums, deed: &Deed) {
        let is_charity = || {
            let topic = deed.topic.and_then(|no| self.topic(no));
            topic.is_some_and(|topic| topic.kind == form::Kind::Charity)
        };
        if let Some(column) = column(deed.what, is_charity())
            && let Some(sum) = sums.six.get_mut(column as usize)
        {
            *sum += 1;
        }
        let What::Served(kind, heads) = deed.what else { return };
        sums.served += 1;
        match kind {
            Kind::Visit => {
                sums.visits += 1;
                sums.heads = sums.heads.saturating_add(heads);
            }
            Kind::Reading => sums.reading += 1,
            Kind::Meeting => sums.meetings += 1,
            _ => {}
        }
    }

    /// What a deed counts as in the points.
    fn mark_of(&self, deed: &Deed) -> Option<Mark> {
        match deed.what {
            What::Attended(..) | What::Served(Kind::Meeting, _) => Some(Mark::Attended),
            What::Briefed(no) => self.brief(no).map(|_| Mark::Briefed),
            What::Adopted(no, n) => {
                let adoption = self.adoptions(no).into_iter().find(|adoption| adoption.n == n)?;
                Some(if n == 1 { Mark::Adopted(adoption.rank) } else { Mark::AdoptedAgain(adoption.rank) })
            }
            What::Brief(Act::Filed(no)) => self.proposal(no).map(|_| Mark::Filed),
            What::Entered(Step::Taken) => Some(Mark::Taken),
            What::Entered(Step::Closed) => Some(Mark::Closed),
            What::Suggested(reference) => {
                let is_heeded = |verdict| matches!(verdict, Verdict::Adopted | Verdict::Partly);
                self.suggestion(reference).filter(|own| own.verdict.is_some_and(is_heeded)).map(|_| Mark::Heeded)
            }
            What::Served(Kind::Visit, _) => Some(Mark::Visited),
            _ => None,
        }
    }

    /// 党员, 两代表 … — everybody who bears a mark, by number: for figures such as 党员委员 买单, 办结.
    #[must_use]
    pub fn tagged(&self, tag: Tag) -> Vec<PersonId> {
        let mut found = Vec::new();
        self.scan(&Key::new(kind::PERSON), |person: Person| {
            if person.tags.contains(&tag) {
                found.push(person.id);
            }
            true
        });
        found
    }
}

/// 本年 — from New Year's Day until now, the present moment included.
#[must_use]
pub fn this_year(settings: &Settings, now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    let first = NaiveDate::from_ymd_opt(settings.date(now).year(), 1, 1).unwrap_or_default();
    (settings.moment(first, NaiveTime::MIN), now + chrono::Duration::milliseconds(1))
}

/// How many of a kind a person has had this year.
#[must_use]
pub fn count_this_year(
    world: &World<'_>,
    settings: &Settings,
    person: PersonId,
    kind: Kind,
    now: DateTime<Utc>,
) -> u32 {
    let ((from, to), mut n) = (this_year(settings, now), 0);
    world.credits(person, from, to, |deed| {
        n += u32::from(deed.by == Some(person) && matches!(deed.what, What::Served(known, _) if known == kind));
    });
    n
}

/// What tells the same record from another within ten minutes.
#[must_use]
pub fn fingerprint(person: PersonId, kind: Kind, text: &str) -> u64 {
    lately::fingerprint(&format!("duty {person} {}", kind.term()), text)
}

/// The six columns in one line.
#[must_use]
pub fn six(sums: &Sums) -> Say {
    let [s1, s2, s3, s4, s5, s6] = sums.six;
    say!("duty.six", s1 = s1, s2 = s2, s3 = s3, s4 = s4, s5 = s5, s6 = s6)
}

/// The points, where they are on.
#[must_use]
pub fn points_line(settings: &Settings, sums: &Sums) -> Say {
    if settings.points { say!("duty.points", n = sums.points) } else { say!("none") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::kernel::ids::BriefNo;
    use crate::domain::kernel::ids::GatheringNo;
    use crate::domain::kernel::ids::ProposalNo;
    use crate::domain::kernel::ids::SuggestionRef;
    use crate::domain::kernel::ids::TaskNo;
    use crate::domain::work::task::Grade;

    #[test]
    fn every_deed_stands_in_at_most_one_column() {
        let reference = SuggestionRef { topic: TopicNo(1), n: 1 };
        for (what, is_charity, want) in [
            (What::Entered(Step::Ordered), false, Some(Kind::Consult)),
            (What::Entered(Step::Taken), false, Some(Kind::Consult)),
            (What::Entered(Step::Taken), true, Some(Kind::Charity)),
            (What::Entered(Step::Talking), false, None),
            (What::Suggested(reference), true, Some(Kind::Consult)),
            (What::Seconded, false, None),
            (What::Liked(reference), false, None),
            (What::Attended(GatheringNo(1), 9), false, Some(Kind::Consult)),
            (What::Briefed(BriefNo(1)), false, Some(Kind::Proposal)),
            (What::Brief(Act::Proposed(ProposalNo(1))), false, Some(Kind::Proposal)),
            (What::Brief(Act::Filed(ProposalNo(1))), false, None),
            (What::Urged(TaskNo(1)), false, Some(Kind::Supervise)),
            (What::Rated(TaskNo(1), Grade::Good), false, Some(Kind::Supervise)),
            (What::Brief(Act::Rated(ProposalNo(1))), false, Some(Kind::Supervise)),
            (What::Worked(TaskNo(1)), false, None),
            (What::Served(Kind::Visit, 12), false, Some(Kind::Contact)),
            (What::Served(Kind::Research, 0), false, Some(Kind::Research)),
            (What::Served(Kind::Reading, 0), false, None),
        ] {
            assert_eq!(column(what, is_charity), want, "{what:?}");
        }
    }

    #[test]
    fn the_columns_come_first_in_the_order_they_are_shown() {
        let six: Vec<usize> =
            Kind::ALL.into_iter().filter(|kind| kind.column() == Some(*kind)).map(|kind| kind as usize).collect();
        assert_eq!(six, [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_year_begins_at_midnight_where_the_office_is() {
        let settings = Settings::default();
        let date = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        let now = settings.moment(date(2025, 1, 1), NaiveTime::from_hms_opt(0, 30, 0).unwrap());
        let (from, to) = this_year(&settings, now);
        assert_eq!((from, settings.date(from)), (settings.moment(date(2025, 1, 1), NaiveTime::MIN), date(2025, 1, 1)));
        assert!(from <= now && now < to);
    }
}
