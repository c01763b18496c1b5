//! 采纳 — who is told what becomes of a suggestion.

use crate::domain::announce::Herald;
use crate::domain::kernel::ids::{PersonId, SuggestionRef};
use crate::domain::kernel::words::Words;
use crate::domain::talk::suggestion::Verdict;
use crate::say;

impl Herald<'_, '_> {
    pub(crate) fn judged(&mut self, reference: SuggestionRef, verdict: Verdict, why: &Words) {
        let author = self.world.suggestion(reference).map(|suggestion| self.world.name_of(suggestion.author));
        self.here(match verdict {
            Verdict::Adopted => say!("adopt", r#ref = reference, who = author.unwrap_or_default()),
            Verdict::Partly => say!("adopt.part", r#ref = reference, why = why),
            Verdict::Declined => say!("adopt.no", r#ref = reference, why = why),
        });
    }

    /// 代录 — read here; whose words they are said to be is told with everything else that is recorded in somebody's name.
    pub(crate) fn relayed(&mut self, reference: SuggestionRef, author: PersonId, recorder: PersonId) {
        let (name, who) = (self.world.name_of(author), self.world.name_of(recorder));
        self.here(say!("relay", name = name, r#ref = reference, who = who));
    }
}
