//! 动态 — what happened when, one small row each: the single source of every figure, page and digest line.

use crate::domain::brief;
use crate::domain::history::duty;
use crate::domain::kernel::ids::{
    BriefNo, GatheringNo, GroupId, ObjectionRef, PersonId, PollNo, SlipNo, SuggestionRef, TaskNo, TopicNo,
};
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::people::account;
use crate::domain::people::group::GroupKind;
use crate::domain::people::person;
use crate::domain::process::form::Step;
use crate::domain::process::topic::Halt;
use crate::domain::work::task;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum What {
    /// A topic entered a step; 点单 and 买单 are steps.
    Entered(Step),
    /// 附议.
    Seconded,
    /// 建议.
    Suggested(SuggestionRef),
    /// 跟帖, with its own number under the suggestion.
    Replied(SuggestionRef, u32),
    /// 点赞.
    Liked(SuggestionRef),
    /// A gathering was called.
    Called(GatheringNo),
    /// So many attended it.
    Attended(GatheringNo, u32),
    /// Its minutes were filed.
    Minuted(GatheringNo),
    /// A poll opened.
    PollOpened(PollNo),
    /// A poll closed.
    PollClosed(PollNo),
    /// 社情民意 received.
    Briefed(BriefNo),
    /// A slip came in.
    HandedIn(SlipNo),
    /// A group was registered as this kind.
    Registered(GroupKind),
    /// A draft of the plan.
    Planned(u32),
    /// 采纳, in full or in part (true), or not.
    Judged(SuggestionRef, bool),
    /// The plan was posted.
    Noticed(u32),
    /// 异议.
    Objected(ObjectionRef),
    /// 答复.
    Answered(ObjectionRef),
    /// 专家意见.
    Reviewed,
    /// A draft of the pact.
    Pacted(u32),
    /// 交办.
    Assigned(TaskNo),
    /// 签收.
    Acked(TaskNo),
    /// 进展, 延期.
    Worked(TaskNo),
    /// 退办 of a task.
    Returned(TaskNo),
    /// 强制办结 of a task.
    Forced(TaskNo),
    /// 催办.
    Urged(TaskNo),
    /// 履职, with the people it reached.
    Served(duty::Kind, u32),
    /// 答复 of a task.
    Done(TaskNo),
    /// 评价.
    Rated(TaskNo, task::Grade),
    /// 亮灯; whether it came on anew.
    Lit(TaskNo, bool),
    /// 邀请 — a guest was asked to join; it is the guest's deed.
    Invited,
    /// 采用 of a brief, which of its adoptions.
    Adopted(BriefNo, u32),
    /// What else was done about a brief or proposal.
    Brief(brief::Act),
    /// Something about the accounts of this person.
    Account(PersonId, account::Change),
    /// 活动改期、取消.
    Rearranged(GatheringNo),
    /// 暂缓、终止、并案 of a topic.
    Halted(Halt),
    /// 名册换新 — another roll took the place of one of so many voters.
    Rolled(u32),
    /// 换牵头 — another leads it from then on.
    Led(PersonId),
    /// 延长 of a poll.
    Extended(PollNo),
    /// 恢复.
    Resumed,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
    /// Record.
    pub seq: u64,
    /// What.
    pub what: What,
    /// The topic it belongs to.
    pub topic: Option<TopicNo>,
    /// Whose deed it is; a recorded suggestion (代录) is its author's.
    pub by: Option<PersonId>,
    /// The group it was said in.
    pub group: Option<GroupId>,
}

fn millis(at: DateTime<Utc>) -> u64 {
    u64::try_from(at.timestamp_millis()).unwrap_or(0)
}

/// Prefix of the deeds of one record.
#[must_use]
pub fn prefix_of(at: DateTime<Utc>, seq: u64) -> Key {
    hour_of(at).long(seq)
}

/// Prefix of the deeds of one moment.
#[must_use]
pub fn hour_of(at: DateTime<Utc>) -> Key {
    Key::new(kind::DEED).long(millis(at))
}

/// Prefix of the keys under which the deeds of a newcomer are found.
#[must_use]
pub fn newcomer_prefix(person: PersonId) -> Key {
    Key::new(kind::NEWCOMER_DEED).num(person.0)
}

fn newcomer_key(person: PersonId, deed: &[u8]) -> Key {
    let mut key = newcomer_prefix(person).into_bytes();
    key.extend_from_slice(deed);
    Key::raw(key)
}

impl World<'_> {
    /// Adds a deed; `index` tells several of one record apart.
    pub fn put_deed(&mut self, deed: &Deed, index: u32, newcomer: Option<PersonId>) {
        let key = prefix_of(deed.at, deed.seq).num(index);
        // What somebody does whom nobody has entered yet may turn out to be a known person's: it can be found by who did it.
        if let Some(by) = deed.by
            && let Some(person) = self.person(by)
        {
            if !person.enrolled {
                self.put_at(newcomer_key(by, key.bytes()), &key.bytes());
            } else if person.holds(person::Role::Member) {
                self.credit(by, key.bytes());
            }
        }
        // So may what a joined account does turn out to be somebody else's.
        if let Some(newcomer) = newcomer {
            self.put_at(newcomer_key(newcomer, key.bytes()), &key.bytes());
        }
        self.put_at(key, deed);
        self.index_deed(deed);
    }

    /// Visits what happened from `from` (included) until `to` (not included), in order.
    pub fn deeds(&self, from: DateTime<Utc>, to: DateTime<Utc>, mut visit: impl FnMut(Deed)) {
        let start = Key::new(kind::DEED).long(millis(from));
        self.scan_from(&Key::new(kind::DEED), start.bytes(), |_, deed: Deed| {
            let is_inside = deed.at < to;
            if is_inside {
                visit(deed);
            }
            is_inside
        });
    }
}
