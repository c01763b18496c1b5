//! 隐藏 — what is hidden counts nowhere until it is shown again.

use crate::domain::evolve::Application;
use crate::domain::kernel::ids::SuggestionRef;
use crate::domain::process::hiding::Fact;

impl Application<'_, '_, '_> {
    pub(super) fn hiding(&mut self, fact: &Fact) {
        match fact {
            Fact::Hidden { suggestion, .. } => self.hidden(*suggestion, true),
            Fact::Shown { suggestion } => self.hidden(*suggestion, false),
        }
        self.trace(None, 0);
    }

    fn hidden(&mut self, reference: SuggestionRef, is_hidden: bool) {
        let Some(mut suggestion) = self.world.suggestion_kept(reference) else { return };
        if suggestion.hidden == is_hidden {
            return;
        }
        suggestion.hidden = is_hidden;
        self.world.put(&suggestion);
        self.topic(reference.topic, |topic| {
            topic.hidden = if is_hidden { topic.hidden + 1 } else { topic.hidden.saturating_sub(1) };
        });
        self.counted(&suggestion, !is_hidden);
    }
}
