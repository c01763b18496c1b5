//! 采纳 — who is told what becomes of a suggestion.

use crate::domain::announce::Herald;
use crate::domain::kernel::ids::{PersonId, SuggestionRef};
use crate::domain::kernel::words::Words;
use crate::domain::talk::suggestion::Verdict;
use crate::say;

impl Herald<'_, '_> {
    pub(crate) fn judged(&mut self, reference: SuggestionRef, verdict: Verdict, why: &Words) {
        let known = self.world.suggestion(reference);
        let author = known.as_ref().map(|suggestion| self.world.name_of(suggestion.author));
        let what = match verdict {
            Verdict::Adopted => say!("adopt", r#ref = reference, who = author.unwrap_or_default()),
            Verdict::Partly => say!("adopt.part", r#ref = reference, why = why),
            Verdict::Declined => say!("adopt.no", r#ref = reference, why = why),
        };
        let all = self.world.judgements(reference.topic);
        let before = all.get(&reference.n).and_then(|all| all.iter().rfind(|(seq, _)| *seq < self.record.seq));
        let is_other = before.is_some_and(|(_, adopted)| *adopted != (verdict != Verdict::Declined));
        let what = if before.is_some() { say!("adopt.again", what = what) } else { what };
        self.here(what.clone());
        // Whoever was told the other thing reads this one.
        if let Some(author) =
            known.map(|known| known.author).filter(|author| is_other && Some(*author) != self.record.by)
        {
            self.at_once(author, what);
        }
    }

    /// 代录 — read here; whose words they are said to be is told with everything else that is recorded in somebody's name.
    pub(crate) fn relayed(&mut self, reference: SuggestionRef, author: PersonId, recorder: PersonId) {
        let (name, who) = (self.world.name_of(author), self.world.name_of(recorder));
        self.here(say!("relay", name = name, r#ref = reference, who = who));
    }
}
