//! 规则 — how a poll is counted and all that follows from it: one row a rule (model.md §3).
//!
//! Nothing else in the program tells one rule from another: what a rule means for its roll, its step, leave and recusal, mandates,
//! the count and the card is read from its row. A new rule is a new row at the end, and its words in `commands/words.toml` under the
//! row's term: the name, `.long` and, where it has a result, `.turnout`, `.approval` and both with `.missed`.

use crate::domain::kernel::say::Value;
use serde::{Deserialize, Serialize};

/// 门槛 — what has to be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bar {
    /// “以上” — so many parts of so many, e.g. 2 of 3; exactly that is enough (Civil Code art. 1259).
    AtLeast(u64, u64),
    /// “过半数”, “超过” — exactly that is not enough (the same article).
    MoreThan(u64, u64),
    /// 全部.
    All,
    /// So many people, however many there are.
    People(u64),
}

/// 请假 and 回避 in a vote under the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Away {
    /// The law counts everybody: nobody can be kept from voting, and whoever is away lowers no denominator.
    Counted,
    /// Whoever is recused has no ballot; both are told beside the result and change no bar.
    KeptOut,
    /// The same, and both are taken off those who are due (应到), on which the turnout is measured.
    CountedOff,
}

/// 通过 — when a vote has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passing {
    /// Those who take part, of the roll, or of those due. Owners by area: the same bar by area, too.
    pub turnout: Bar,
    /// Those in favour, of those who take part; by area, too, where the turnout is.
    pub approval: Bar,
    /// Who of the roll is counted on.
    pub away: Away,
}

/// 谁来投 — who votes, and on what kind of roll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Electorate {
    /// Owners on a roll with areas; people and areas must both reach the bars.
    OwnersByArea,
    /// Owners on a roll, by heads.
    Owners,
    /// Residents, villagers, households or delegates on a roll.
    Assembly,
    /// Members of a body on a roll.
    Members,
    /// Everybody in the group; a roll may be there and need not.
    Group,
}

/// While a topic stands in which steps a poll under the rule may be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opens {
    /// 恳谈, 拟方案.
    Talking,
    /// 表决.
    Voting,
    /// Either.
    Always,
}

/// One row of [`RULES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleRow {
    /// The rule.
    pub rule: Rule,
    /// Key of its words in `commands/words.toml`.
    pub term: &'static str,
    /// Who votes.
    pub electorate: Electorate,
    /// When it may be opened.
    pub opens: Opens,
    /// Whether a ballot may be cast by mandate (委托), or people must come in person.
    pub mandates: bool,
    /// Hours it is open at least.
    pub hours: i64,
    /// 延长 — whether the close may be put off, once, while too few have taken part.
    pub longer: bool,
    /// 投完即止 — whether it may be opened so that it closes when everybody due has voted.
    pub early: bool,
    /// When it has passed; `None` = it has no result and decides nothing.
    pub passes: Option<Passing>,
}

/// Makes the enum and the table of the same rows: there is no rule without a row, no row without a rule, and both in one order.
macro_rules! rules {
    ($($(#[$law:meta])* $rule:ident { $($column:ident: $value:expr),* $(,)? })*) => {
        /// 规则 — how a poll is counted; the law in the doc of each. The ledger keeps the name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Rule { $($(#[$law])* $rule,)* }

        /// The table, in the order of the enum.
        pub const RULES: [RuleRow; Rule::ALL.len()] = [$(RuleRow { rule: Rule::$rule, $($column: $value),* }),*];

        impl Rule {
            /// All rules.
            pub const ALL: [Self; [$(Self::$rule),*].len()] = [$(Self::$rule),*];

            /// Its row.
            #[must_use]
            pub const fn row(self) -> &'static RuleRow {
                match self { $(Self::$rule => &RuleRow { rule: Self::$rule, $($column: $value),* },)* }
            }
        }
    };
}

rules! {
    /// 业主重大 — Civil Code art. 278 (6)–(8): two thirds take part by people and area, three quarters of those in favour by both. All
    /// owners are told of what they are to decide, by the Regulation on Property Management art. 14 fifteen days before they meet; a
    /// vote that is open for less than a day would be over before they can be. 延长: the law asks for two thirds and sets no day by which; owners
    /// are asked in writing until so many have answered. No 投完即止: the term was announced to all owners, and whoever voted early may
    /// change their mind until then.
    OwnersMajor {
        term: "rule.owners_major", electorate: Electorate::OwnersByArea, opens: Opens::Voting, mandates: true, hours: 2,
        longer: true, early: false,
        passes: Some(Passing { turnout: Bar::AtLeast(2, 3), approval: Bar::AtLeast(3, 4), away: Away::Counted }),
    }
    /// 业主一般 — Civil Code art. 278, other matters: two thirds take part by both, more than half of those in favour by both. Open for a
    /// day at least, like the other; 延长 and no 投完即止 likewise.
    OwnersGeneral {
        term: "rule.owners_general", electorate: Electorate::OwnersByArea, opens: Opens::Voting, mandates: true, hours: 2,
        longer: true, early: false,
        passes: Some(Passing { turnout: Bar::AtLeast(2, 3), approval: Bar::MoreThan(1, 2), away: Away::Counted }),
    }
    /// 居民会议 — Organic Law of Residents' Committees art. 9: more than half attend, more than half of those in favour. It is a meeting: where
    /// too few attend it is called again and not prolonged (no 延长), and it lasts as long as it was called for (no 投完即止). So for the
    /// other meetings below.
    Residents {
        term: "rule.residents", electorate: Electorate::Assembly, opens: Opens::Voting, mandates: false, hours: 0,
        longer: false, early: false,
        passes: Some(Passing { turnout: Bar::MoreThan(1, 2), approval: Bar::MoreThan(1, 2), away: Away::Counted }),
    }
    /// 村民会议 — Organic Law of Villagers' Committees art. 22: more than half attend, more than half of those in favour.
    Villagers {
        term: "rule.villagers", electorate: Electorate::Assembly, opens: Opens::Voting, mandates: false, hours: 0,
        longer: false, early: false,
        passes: Some(Passing { turnout: Bar::MoreThan(1, 2), approval: Bar::MoreThan(1, 2), away: Away::Counted }),
    }
    /// 代表会议 — same law art. 26: two thirds attend, more than half of those in favour.
    Delegates {
        term: "rule.delegates", electorate: Electorate::Assembly, opens: Opens::Voting, mandates: false, hours: 0,
        longer: false, early: false,
        passes: Some(Passing { turnout: Bar::AtLeast(2, 3), approval: Bar::MoreThan(1, 2), away: Away::Counted }),
    }
    /// 过半 — ordinary matters of a group: at least three take part, more than half of those in favour. The group's own affair, set by no law: it
    /// may give itself more time, and on a roll may be done when all have voted.
    Majority {
        term: "rule.majority", electorate: Electorate::Group, opens: Opens::Always, mandates: true, hours: 0,
        longer: true, early: true,
        passes: Some(Passing { turnout: Bar::People(3), approval: Bar::MoreThan(1, 2), away: Away::KeptOut }),
    }
    /// 一致 — everybody takes part and is in favour (e.g. Civil Code art. 279). Consent is bound to no day: who is missing may be waited for, and
    /// when everybody has spoken nothing is left to wait for.
    Unanimous {
        term: "rule.unanimous", electorate: Electorate::Owners, opens: Opens::Voting, mandates: true, hours: 0,
        longer: true, early: true,
        passes: Some(Passing { turnout: Bar::All, approval: Bar::All, away: Away::Counted }),
    }
    /// 摸底 — a straw poll, without a result. It has no turnout to miss, so there is nothing to put off; on a roll it may end when all have
    /// answered.
    Straw {
        term: "rule.straw", electorate: Electorate::Group, opens: Opens::Talking, mandates: true, hours: 0,
        longer: false, early: true,
        passes: None,
    }
    /// 村民会议按户 — Organic Law of Villagers' Committees art. 22, its other basis: representatives of at least two thirds of the
    /// households attend, more than half of those in favour.
    VillagersHouseholds {
        term: "rule.villagers_households", electorate: Electorate::Assembly, opens: Opens::Voting, mandates: false, hours: 0,
        longer: false, early: false,
        passes: Some(Passing { turnout: Bar::AtLeast(2, 3), approval: Bar::MoreThan(1, 2), away: Away::Counted }),
    }
    /// 议事会 — members of a council named by a roll. No law: the custom of such councils, two thirds attend and more than half of
    /// those are in favour, of those who are due: 请假 and 回避 count off. Its members are known by name and set their own order: they may
    /// wait for those who are travelling, and be done when all have voted.
    Council {
        term: "rule.council", electorate: Electorate::Members, opens: Opens::Always, mandates: false, hours: 0,
        longer: true, early: true,
        passes: Some(Passing { turnout: Bar::AtLeast(2, 3), approval: Bar::MoreThan(1, 2), away: Away::CountedOff }),
    }
    /// 村民小组会议 — Organic Law of Villagers' Committees art. 28: two thirds of the villagers of the group, or representatives of two
    /// thirds of its households, attend, more than half of those in favour. The roll says which of the two it is.
    VillagersGroup {
        term: "rule.villagers_group", electorate: Electorate::Assembly, opens: Opens::Voting, mandates: false, hours: 0,
        longer: false, early: false,
        passes: Some(Passing { turnout: Bar::AtLeast(2, 3), approval: Bar::MoreThan(1, 2), away: Away::Counted }),
    }
}

impl Rule {
    /// Key of the terms in `commands/words.toml`: `rule.majority` (name), with `.long`, `.turnout`, `.approval`.
    #[must_use]
    pub fn term(self) -> &'static str {
        self.row().term
    }

    /// The rule in full.
    #[must_use]
    pub fn long(self) -> Value {
        self.part("long")
    }

    /// The bar for the turnout, in words.
    #[must_use]
    pub fn turnout(self) -> Value {
        self.part("turnout")
    }

    /// That the turnout missed its bar.
    #[must_use]
    pub fn turnout_missed(self) -> Value {
        self.part("turnout.missed")
    }

    /// The bar for those in favour, in words.
    #[must_use]
    pub fn approval(self) -> Value {
        self.part("approval")
    }

    /// That those in favour missed their bar.
    #[must_use]
    pub fn approval_missed(self) -> Value {
        self.part("approval.missed")
    }

    fn part(self, part: &str) -> Value {
        Value::Term(format!("{}.{part}", self.term()))
    }

    /// Whether it has a result. 摸底 has none and is no vote: leave and mandates are for the next.
    #[must_use]
    pub fn is_vote(self) -> bool {
        self.row().passes.is_some()
    }

    /// Whether a law sets the rule, so that everybody counts whoever is away.
    #[must_use]
    pub fn is_of_law(self) -> bool {
        self.row().passes.is_some_and(|passing| match passing.away {
            Away::Counted => true,
            Away::KeptOut | Away::CountedOff => false,
        })
    }

    /// Whether members vote among themselves, so that whoever is recused has no ballot.
    #[must_use]
    pub fn is_of_members(self) -> bool {
        self.row().passes.is_some_and(|passing| match passing.away {
            Away::KeptOut | Away::CountedOff => true,
            Away::Counted => false,
        })
    }

    /// Whether 请假 and 回避 count off those who are due.
    #[must_use]
    pub fn counts_off(self) -> bool {
        self.row().passes.is_some_and(|passing| match passing.away {
            Away::CountedOff => true,
            Away::Counted | Away::KeptOut => false,
        })
    }

    /// Whether it is counted against a roll.
    #[must_use]
    pub fn needs_roll(self) -> bool {
        match self.row().electorate {
            Electorate::OwnersByArea | Electorate::Owners | Electorate::Assembly | Electorate::Members => true,
            Electorate::Group => false,
        }
    }

    /// Whether the rule asks for areas beside people.
    #[must_use]
    pub fn counts_area(self) -> bool {
        match self.row().electorate {
            Electorate::OwnersByArea => true,
            Electorate::Owners | Electorate::Assembly | Electorate::Members | Electorate::Group => false,
        }
    }

    /// 延长 — whether its close may be put off.
    #[must_use]
    pub fn may_be_longer(self) -> bool {
        self.row().longer
    }

    /// 投完即止 — whether it may close when everybody has voted.
    #[must_use]
    pub fn may_end_early(self) -> bool {
        self.row().early
    }

    /// Whether a ballot may be cast by mandate.
    #[must_use]
    pub fn takes_mandates(self) -> bool {
        self.row().mandates
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::vote::rule::Away;
    use crate::domain::vote::rule::Bar;
    use crate::domain::vote::rule::Electorate;
    use crate::domain::vote::rule::Opens;
    use crate::domain::vote::rule::RULES;

    /// The ledger's name and the words' key are one: `owners_major` and `rule.owners_major`.
    #[test]
    fn a_term_is_called_as_the_ledger_calls_the_rule() {
        for row in &RULES {
            assert_eq!(serde_json::to_value(row.rule).unwrap(), row.term.trim_start_matches("rule."));
        }
    }

    /// What no type forbids: a row that could never be counted, or that a card would tell wrongly.
    #[test]
    fn no_row_contradicts_itself() {
        for row in &RULES {
            let Some(passing) = row.passes else {
                assert_eq!((row.electorate, row.opens), (Electorate::Group, Opens::Talking), "{row:?}");
                continue;
            };
            for bar in [passing.turnout, passing.approval] {
                match bar {
                    Bar::AtLeast(num, den) | Bar::MoreThan(num, den) => assert!(0 < num && num < den, "{row:?}"),
                    Bar::People(n) => assert!(n > 0 && !row.rule.counts_area(), "{row:?}: people are not an area"),
                    Bar::All => {}
                }
            }
            // Whose turnout nobody measures cannot have missed it.
            assert!(!row.longer || row.passes.is_some(), "{row:?}");
            // What the law sets is decided where a plan is voted on, and against a roll.
            if passing.away == Away::Counted {
                assert!(row.opens == Opens::Voting && row.rule.needs_roll(), "{row:?}");
            }
            // Who is due is known of a roll alone; and nobody else can come for a member who is counted off.
            if passing.away == Away::CountedOff {
                assert!(row.rule.needs_roll() && !row.mandates, "{row:?}");
            }
        }
    }
}
