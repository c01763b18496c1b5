//! 采纳 — who is told what becomes of a suggestion.

use crate::domain::announce::Herald;
use crate::domain::kernel::ids::SuggestionRef;
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
}
