//! 履职 — the receipt of a record of duty. Marks of people are told with the entry they belong to.

use crate::domain::announce::Herald;
use crate::domain::history::duty::{Fact, Kind, count_this_year};
use crate::domain::kernel::say::Value;
use crate::say;

impl Herald<'_, '_> {
    pub(super) fn duty(&mut self, fact: &Fact) {
        match fact {
            Fact::Served { person, kind, text, heads, .. } => {
                let n = count_this_year(self.world, self.settings, *person, *kind, self.record.at);
                let term = Value::Term(kind.term().to_owned());
                self.here(match (*kind, *heads) {
                    (Kind::Visit, 0) => say!("duty.no_heads", kind = term, text = text, n = n),
                    (_, _) => say!("duty", kind = term, text = text, n = n),
                });
            }
            Fact::Struck { person, n, kind, reason } => {
                let kind = Value::Term(kind.term().to_owned());
                let (who, by) = (self.world.name_of(*person), self.by());
                self.here(say!("duty.struck", who = who, n = *n, kind = kind.clone()));
                self.at_once(*person, say!("duty.struck.told", by = by, n = *n, kind = kind, why = reason));
            }
            Fact::Tagged { .. } => {}
        }
    }
}
