//! 镇街、界别 — what is answered, and who is told where two became one.

use crate::domain::announce::Herald;
use crate::domain::kernel::ids::GroupId;
use crate::domain::kernel::say::Value;
use crate::domain::people::town::{Fact, Sort};
use crate::say;

impl Herald<'_, '_> {
    pub(super) fn of_town(&mut self, fact: &Fact) {
        let sort = Value::Term(fact.sort().term().to_owned());
        match fact {
            Fact::Listed { sort: which, names } => {
                let n = self.world.towns(*which).len();
                let names: Vec<Value> = names.iter().map(|name| name.as_str().into()).collect();
                self.here(match names.is_empty() {
                    true => say!("town.kept", sort = sort, n = n),
                    false => say!("town.added", sort = sort, names = Value::List(names), n = n),
                });
            }
            Fact::Moved { sort: which, from, into, merged, reason } => {
                let told = if *merged {
                    say!("town.merged", sort = sort, from = from.as_str(), into = into.as_str(), why = reason)
                } else {
                    let why = if reason.as_str().is_empty() { say!("none") } else { say!("town.why", why = reason) };
                    say!("town.renamed", sort = sort, from = from.as_str(), into = into.as_str(), why = why)
                };
                // Whose town bears another name from now on is told so, where they speak of it.
                let groups: Vec<GroupId> = self
                    .world
                    .groups()
                    .into_iter()
                    .filter(|group| match which {
                        Sort::Town => group.town == *into,
                        Sort::Sector => group.sector == *into,
                    })
                    .map(|group| group.id)
                    .collect();
                self.here_and(&groups, &told);
                if *which == Sort::Town {
                    for one in self.world.coordinators_of(into) {
                        if Some(one.id) != self.record.by {
                            self.push(one.id, told.clone());
                        }
                    }
                }
            }
            Fact::Dropped { name, .. } => self.here(say!("town.dropped", sort = sort, town = name.as_str())),
        }
    }
}
