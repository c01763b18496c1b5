//! 账号 — which accounts a person has. The first one is joined by whoever knows the person; every further one only with the yes of one
//! that is joined already, or by two officials and after a waiting time that all joined accounts are told of, during which each of
//! them can say no. The next one after all were taken away is joined like a further one: whoever takes one away gives none.

use crate::domain::kernel::alarm::joining_key;
use crate::domain::kernel::ids::{AccountNo, ClaimNo, PersonId, TopicNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::people::person::{Grant, Role, Scope};
use crate::say;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// Officials who must vouch for a further account where no joined one says yes.
pub const VOUCHERS: usize = 2;

/// Accounts that may ask a person at one time whether they are theirs: nobody is pestered.
pub(crate) const MOST_ASKING: usize = 3;

/// Days after which an account that was taken away is not written to any more: by then it may be anybody's.
const LAST_DAYS: i64 = 30;

/// Accounts one person can have had.
const MOST_ACCOUNTS: usize = 200;

/// What stands before the name of a platform in the key of what people call it.
pub const PLATFORM: &str = "platform.";

/// An account on a platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Number.
    pub no: AccountNo,
    /// Its address, with its platform.
    pub address: Words,
    /// Address of its private chat, empty if there is none.
    pub chat: Words,
    /// Whose it is.
    pub person: PersonId,
    /// Name the platform showed when it was joined.
    pub shown: Words,
    /// Since when it is this person's, where somebody joined it; `None` where the platform or the office's file says whose it is.
    pub since: Option<DateTime<Utc>>,
    /// The newcomer it made until it was joined.
    pub newcomer: Option<PersonId>,
    /// The claim it was joined by.
    pub claim: Option<ClaimNo>,
    /// Roles it brought along.
    pub brought: Vec<Grant>,
    /// 解绑 — it is nobody's any more.
    pub cut: bool,
    /// Joined by the word of the person, from an account that was theirs: no office knows better.
    pub own: bool,
    /// 谁认的 — how far the offices reach of those who said whose it is; `None` where no office did.
    pub vouched: Option<Vec<Scope>>,
    /// 从前是谁的 — whose it was taken for before it was cut off and became somebody else's, the latest last.
    pub former: Vec<Former>,
}

/// 从前 — whom an account was joined to that was cut off since: that it was the wrong person may come out later, when whoever holds it
/// has long spoken up as a stranger again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Former {
    /// Whose it was taken for.
    pub person: PersonId,
    /// The newcomer it had made before.
    pub newcomer: PersonId,
    /// The claim it was joined by.
    pub claim: Option<ClaimNo>,
    /// Roles it brought along.
    pub brought: Vec<Grant>,
    /// Name the platform showed when it was joined.
    pub shown: Words,
    /// Joined by the word of the person.
    pub own: bool,
}

impl Account {
    /// What is kept of whose it is, if it was joined to them and cut off.
    #[must_use]
    pub fn past(&self) -> Option<Former> {
        let newcomer = self.newcomer.filter(|_| self.cut)?;
        let (person, claim, own) = (self.person, self.claim, self.own);
        Some(Former { person, newcomer, claim, brought: self.brought.clone(), shown: self.shown.clone(), own })
    }

    /// The claim by which it was somebody's last, unless it was joined by their own word.
    #[must_use]
    pub fn claim_of(&self, person: PersonId) -> Option<ClaimNo> {
        if self.person == person {
            return self.claim.filter(|_| !self.own);
        }
        let former = self.former.iter().rev().find(|former| former.person == person)?;
        former.claim.filter(|_| !former.own)
    }

    /// It as it was while it was joined to somebody by a claim, cut off since or not.
    #[must_use]
    pub fn as_joined(&self, claim: ClaimNo, person: PersonId) -> Option<Self> {
        if self.person == person && self.claim == Some(claim) {
            return Some(self.clone());
        }
        let former = self.former.iter().rev().find(|former| former.person == person && former.claim == Some(claim))?;
        let (brought, shown, newcomer) = (former.brought.clone(), former.shown.clone(), Some(former.newcomer));
        Some(Self { person, newcomer, claim: Some(claim), brought, shown, own: former.own, ..self.clone() })
    }
}

impl Entity for Account {
    fn key(&self) -> Key {
        key_of(self.address.as_str())
    }
}

fn key_of(address: &str) -> Key {
    Key::new(kind::ACCOUNT).text(address)
}

/// Key under which an account is found by whose it is.
fn own_key(person: PersonId, no: AccountNo) -> Key {
    Key::new(kind::ACCOUNT_OF).num(person.0).num(no.0)
}

/// Which accounts somebody has had: nearly always one. It stands beside the person, who is read with every message, so that it costs no
/// look of its own to know from where somebody spoke.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Had {
    /// None.
    #[default]
    Nothing,
    /// This one.
    One {
        /// Its number.
        no: AccountNo,
        /// Whether it was somebody else's, a newcomer's, before.
        joined: bool,
    },
    /// More than one.
    Several,
}

/// Key that says an account was taken from somebody: no shown name makes it theirs again.
#[must_use]
pub fn cut_key(address: &str) -> Key {
    Key::new(kind::CUT).text(address)
}

/// Key under which an account stays known as one that was somebody's and was taken away.
#[must_use]
pub fn lost_key(person: PersonId, no: AccountNo) -> Key {
    Key::new(kind::LOST).num(person.0).num(no.0)
}

impl Account {
    /// How people know it: what it shows, and on which platform.
    #[must_use]
    pub fn called(&self) -> Say {
        let (platform, rest) = self.address.as_str().split_once(':').unwrap_or_default();
        let shown = if self.shown.as_str().is_empty() { rest } else { self.shown.as_str() };
        say!("account.called", shown = shown, platform = Value::Term(format!("{PLATFORM}{platform}")))
    }
}

/// 待归户 — an account that wants to be joined to somebody who has one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joining {
    /// The claim it stands in.
    pub claim: ClaimNo,
    /// To whom.
    pub person: PersonId,
    /// Officials who vouched.
    pub by: Vec<PersonId>,
    /// When it is joined unless somebody says no; `None` while too few have vouched.
    pub until: Option<DateTime<Utc>>,
}

impl Entity for Joining {
    fn key(&self) -> Key {
        joining(self.claim)
    }
}

fn joining(claim: ClaimNo) -> Key {
    Key::new(kind::JOINING).num(claim.0)
}

/// What has happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// 问本人 — every account already joined is asked whether a further one is theirs.
    Asked {
        /// Claim.
        claim: ClaimNo,
        /// Who is asked.
        person: PersonId,
    },
    /// An official says that it is so.
    Vouched {
        /// Claim.
        claim: ClaimNo,
        /// To whom.
        person: PersonId,
        /// Who says so.
        by: PersonId,
        /// The second: from when on the account is joined.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<DateTime<Utc>>,
    },
    /// 不是 — somebody said no while it waited.
    Denied {
        /// Claim.
        claim: ClaimNo,
        /// Who was asked.
        person: PersonId,
        /// Officials who had vouched.
        vouched: Vec<PersonId>,
    },
    /// 不算数 — who vouched may not any more: what they said does not count, and a further one is needed.
    Unvouched {
        /// Claim.
        claim: ClaimNo,
        /// To whom it was to be joined.
        person: PersonId,
        /// Who had vouched.
        gone: Vec<PersonId>,
    },
    /// 解绑.
    Unlinked {
        /// Account.
        account: AccountNo,
        /// Its address.
        address: Words,
        /// Whose it was.
        person: PersonId,
        /// Why; empty where the person did it.
        reason: Words,
    },
    /// 认错了 — joined to the wrong person: it is the newcomer again that it was, with what it did.
    Parted {
        /// Account.
        account: AccountNo,
        /// Its address.
        address: Words,
        /// Whose it was taken for.
        person: PersonId,
        /// The newcomer.
        newcomer: PersonId,
        /// The name it shows.
        shown: Words,
        /// Why; empty where the person did it.
        reason: Words,
        /// What it cast in votes that are open stays, until the person votes anew. In old ledgers it was taken out.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        kept: bool,
    },
    /// 本地认可 — somebody whose office reaches the topic says, too, that the accounts are this person's.
    Backed {
        /// Whose.
        person: PersonId,
        /// On whose roll they stand.
        topic: TopicNo,
    },
    /// The configuration makes somebody administrator or coordinator.
    Listed {
        /// Person.
        person: PersonId,
        /// Role.
        role: Role,
    },
    /// The configuration names them no longer.
    Delisted {
        /// Person.
        person: PersonId,
        /// Role.
        role: Role,
    },
    /// 注销 — somebody left; the name stays on what they did.
    Left {
        /// Person.
        person: PersonId,
        /// Why.
        reason: Words,
    },
    /// 认领作废 — nobody said anything to a claim in time.
    Lapsed {
        /// Claim.
        claim: ClaimNo,
        /// The newcomer who made it.
        by: PersonId,
        /// When it was made.
        at: DateTime<Utc>,
    },
    /// 语言 — in which language somebody is written to in private.
    Language {
        /// Who.
        person: PersonId,
        /// `zh` or `en`.
        language: String,
    },
}

/// 账号变动 — what happened to somebody's accounts and to what the configuration makes them, as an export lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Change {
    /// A further account became theirs.
    Joined,
    /// 解绑.
    Unlinked,
    /// 认错了.
    Parted,
    /// 本地认可.
    Backed,
    /// The configuration gave this role.
    Listed(Role),
    /// The configuration took it.
    Delisted(Role),
    /// 注销.
    Left,
}

impl Change {
    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Joined => "deed.account_joined",
            Self::Unlinked => "deed.account_unlinked",
            Self::Parted => "deed.account_parted",
            Self::Backed => "deed.account_backed",
            Self::Listed(_) => "deed.listed",
            Self::Delisted(_) => "deed.delisted",
            Self::Left => "deed.left",
        }
    }

    /// The role it is about, if any.
    #[must_use]
    pub fn role(self) -> Option<Role> {
        match self {
            Self::Listed(role) | Self::Delisted(role) => Some(role),
            Self::Joined | Self::Unlinked | Self::Parted | Self::Backed | Self::Left => None,
        }
    }
}

/// The change a fact makes, and whose accounts it is about; asking and vouching change nothing yet.
#[must_use]
pub fn change(fact: &Fact) -> Option<(PersonId, Change)> {
    match fact {
        Fact::Unlinked { person, .. } => Some((*person, Change::Unlinked)),
        Fact::Parted { person, .. } => Some((*person, Change::Parted)),
        Fact::Backed { person, .. } => Some((*person, Change::Backed)),
        Fact::Listed { person, role } => Some((*person, Change::Listed(*role))),
        Fact::Delisted { person, role } => Some((*person, Change::Delisted(*role))),
        Fact::Left { person, .. } => Some((*person, Change::Left)),
        Fact::Asked { .. }
        | Fact::Vouched { .. }
        | Fact::Unvouched { .. }
        | Fact::Denied { .. }
        | Fact::Lapsed { .. }
        | Fact::Language { .. } => None,
    }
}

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// 解绑 — one's own accounts, or those of somebody named; with a number, that one is taken away.
    Unlink {
        /// Whose; empty = one's own.
        name: String,
        /// Which: its place in the list, or the claim it was joined by.
        which: Option<Which>,
        /// Why.
        reason: String,
    },
    /// 确认 of somebody on a roll whose account others vouched for.
    Back {
        /// Who.
        name: String,
        /// On whose roll.
        topic: TopicNo,
    },
    /// 名单.
    List {
        /// Of what.
        of: Listed,
        /// A town, or a name.
        about: String,
        /// Which page, from 1.
        page: u32,
    },
    /// 注销.
    Leave {
        /// Who.
        name: String,
        /// Why.
        reason: String,
    },
    /// 语言 — `zh` or `en`; without one: which it is.
    Language {
        /// Which.
        language: Option<String>,
    },
}

/// Which account is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// By its place in the list, from 1.
    Place(u32),
    /// By the claim it was joined by: that was wrong.
    Claim(ClaimNo),
}

/// What can be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// 人员.
    People,
    /// 角色.
    Roles,
    /// 账号.
    Accounts,
    /// 群.
    Groups,
}

impl Listed {
    /// All.
    pub const ALL: [Self; 4] = [Self::People, Self::Roles, Self::Accounts, Self::Groups];

    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::People => "listed.people",
            Self::Roles => "listed.roles",
            Self::Accounts => "listed.accounts",
            Self::Groups => "listed.groups",
        }
    }
}

impl World<'_> {
    /// An account, also one that is nobody's any more.
    #[must_use]
    pub fn account(&self, address: &str) -> Option<Account> {
        self.get(&key_of(address))
    }

    /// The account of somebody who has never had another.
    #[must_use]
    pub fn only_account(&self, person: PersonId) -> Option<AccountNo> {
        match self.person_kept(person)?.accounts {
            Had::One { no, .. } => Some(no),
            Had::Nothing | Had::Several => None,
        }
    }

    /// All accounts somebody has had, in the order of their numbers.
    #[must_use]
    pub fn accounts_ever(&self, person: PersonId) -> Vec<Account> {
        let addresses: Vec<Words> = self.list(&Key::new(kind::ACCOUNT_OF).num(person.0), MOST_ACCOUNTS);
        addresses.iter().filter_map(|address| self.account(address.as_str())).collect()
    }

    /// The accounts somebody has.
    #[must_use]
    pub fn accounts_of(&self, person: PersonId) -> Vec<Account> {
        let mut all = self.accounts_ever(person);
        all.retain(|account| !account.cut);
        all
    }

    /// 最后的账号 — by which somebody can be told what becomes of them: those they have; where all were taken away or the entry was ended
    /// a while ago, those that went within it and are nobody else's since. Whoever takes an account away first has nobody fall silent.
    #[must_use]
    pub fn last_accounts(&self, person: PersonId, now: DateTime<Utc>) -> Vec<Account> {
        let own = self.accounts_of(person);
        if !own.is_empty() {
            return own;
        }
        let mut last = self.accounts_ever(person);
        last.retain(|account| {
            let cut: Option<DateTime<Utc>> = self.get(&cut_key(account.address.as_str()));
            account.person == person && cut.is_some_and(|cut| now - cut <= Duration::days(LAST_DAYS))
        });
        last
    }

    /// The accounts that were taken from somebody and are not theirs again. Whoever has such a one gets the next like a further one: two
    /// officials and a waiting time, because whoever takes an account away gives none. An invitation code is the word of one of the two:
    /// nobody who parted an account puts a ballot in the place of one of its alone.
    #[must_use]
    pub fn lost_accounts(&self, person: PersonId) -> Vec<Account> {
        let addresses: Vec<Words> = self.list(&Key::new(kind::LOST).num(person.0), MOST_ACCOUNTS);
        let mut lost: Vec<Account> = addresses.iter().filter_map(|address| self.account(address.as_str())).collect();
        lost.retain(|account| account.cut || account.person != person);
        lost
    }

    /// 从前是谁 — whoever had this account before it was taken away from them: what one account has done once it does not do twice under
    /// another name.
    #[must_use]
    pub fn who_had(&self, address: &str) -> Vec<PersonId> {
        let (prefix, mut found) = (Key::new(kind::LOST), Vec::new());
        self.scan_from(&prefix, prefix.bytes(), |key, lost: Words| {
            if lost.as_str() == address {
                let number = key.get(1..5).and_then(|bytes| <[u8; 4]>::try_from(bytes).ok());
                found.extend(number.map(|bytes| PersonId(u32::from_be_bytes(bytes))));
            }
            true
        });
        found
    }

    /// Whether somebody of this name was seen off (注销) from whom an account was taken: entered anew they are the same to whoever
    /// confirms. A flat that is unknown is any.
    #[must_use]
    pub fn has_left(&self, name: &str, room: &str) -> bool {
        let is_here = |known: &str| known.is_empty() || room.is_empty() || known == room;
        self.people_named(name).iter().any(|person| {
            !person.enrolled && is_here(person.room.as_str()) && !self.lost_accounts(person.id).is_empty()
        })
    }

    /// Whether an account was taken from somebody and not joined again.
    #[must_use]
    pub fn is_cut(&self, address: &str) -> bool {
        self.has(&cut_key(address))
    }

    /// Whether a private chat is one of a person's accounts: what was written for them goes nowhere else.
    #[must_use]
    pub fn is_chat_of(&self, person: PersonId, chat: &str) -> bool {
        self.person(person).is_some_and(|known| known.private_chat.as_str() == chat)
            || self.accounts_of(person).iter().any(|account| account.chat.as_str() == chat)
    }

    /// An account that waits to be joined.
    #[must_use]
    pub fn joining(&self, claim: ClaimNo) -> Option<Joining> {
        self.get(&joining(claim))
    }

    /// How many accounts ask to be joined to somebody.
    #[must_use]
    pub fn joinings_of(&self, person: PersonId) -> usize {
        let mut all: Vec<Joining> = self.list(&Key::new(kind::JOINING), usize::MAX);
        all.retain(|joining| joining.person == person);
        all.len()
    }
}

/// An account is among those somebody has had.
pub fn own(world: &mut World<'_>, person: PersonId, account: &Account) {
    let key = own_key(person, account.no);
    let is_known = world.has(&key);
    world.put_at(key, &account.address);
    let Some(mut known) = world.person_kept(person).filter(|_| !is_known) else { return };
    known.accounts = match known.accounts {
        Had::Nothing => Had::One { no: account.no, joined: account.newcomer.is_some() },
        Had::One { .. } | Had::Several => Had::Several,
    };
    world.put(&known);
}

/// An account never was somebody's.
pub fn disown(world: &mut World<'_>, person: PersonId, no: AccountNo) {
    world.remove(own_key(person, no));
    let Some(mut known) = world.person_kept(person) else { return };
    known.accounts = match world.accounts_ever(person).as_slice() {
        [] => Had::Nothing,
        [left] => Had::One { no: left.no, joined: left.newcomer.is_some() },
        [..] => Had::Several,
    };
    world.put(&known);
}

/// Notes an account that waits, under its moment if it has one.
pub fn put_joining(world: &mut World<'_>, joining: &Joining) {
    if let Some(until) = joining.until {
        world.put_at(joining_key(until, joining.claim), &joining.claim);
    }
    world.put(joining);
}

/// It waits no longer.
pub fn end_joining(world: &mut World<'_>, claim: ClaimNo) {
    let Some(known) = world.joining(claim) else { return };
    if let Some(until) = known.until {
        world.remove(joining_key(until, claim));
    }
    world.remove(joining(claim));
}
