//! 来源 — the suggestions and topics a brief came from. When it is taken up, their authors are told, and it counts for them.

use crate::domain::brief::adoption::Adoption;
use crate::domain::brief::subject::Subject;
use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::world::{Key, World, kind};

/// Adoptions that are looked at.
const MOST: usize = 100_000;

impl World<'_> {
    /// Whose a source is: the suggestion's author, or who asked for the topic.
    #[must_use]
    pub fn author_of_source(&self, source: Subject) -> Option<PersonId> {
        match source {
            Subject::Suggestion(reference) => self.suggestion(reference).map(|suggestion| suggestion.author),
            Subject::Topic(no) => self.topic(no).map(|topic| topic.proposer),
            Subject::Info(_) | Subject::Proposal(_) => None,
        }
    }

    /// Adoptions of briefs that came from what a person suggested or asked for. Those of the person's own briefs are not among
    /// them: see [`World::adoptions_of`].
    #[must_use]
    pub fn adoptions_traced_to(&self, person: PersonId) -> Vec<Adoption> {
        let mut all: Vec<Adoption> = self.list(&Key::new(kind::ADOPTION), MOST);
        all.retain(|adoption| {
            let brief = self.brief(adoption.brief).filter(|brief| brief.by != person);
            let comes_from = |source: &Subject| self.author_of_source(*source) == Some(person);
            brief.is_some_and(|brief| brief.sources.iter().any(comes_from))
        });
        all
    }
}
