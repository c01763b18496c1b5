//! 来源 — the suggestions and topics a brief came from. When it is taken up, their authors are told, and it counts for them.

use super::adoption::Adoption;
use super::fact::Fact;
use super::subject::Subject;
use crate::domain::event::Event;
use crate::domain::ids::PersonId;
use crate::domain::say::Say;
use crate::domain::scene::Ctx;
use crate::domain::world::{Key, World, kind};
use crate::say;

/// Sources of one brief.
const MAX_SOURCES: usize = 10;
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

/// The fact that names the sources, if there are any; each must be there.
///
/// # Errors
/// `e.no_sug`, `e.no_topic`, `e.too_far`.
pub(super) fn sourced(ctx: &Ctx<'_>, subject: Subject, sources: &[Subject]) -> Result<Option<Event>, Say> {
    if sources.len() > MAX_SOURCES {
        return Err(say!("e.too_far", max = MAX_SOURCES));
    }
    let mut found: Vec<Subject> = Vec::new();
    for &source in sources {
        match source {
            Subject::Suggestion(reference) if ctx.world.suggestion(reference).is_none() => {
                return Err(say!("e.no_sug", r#ref = reference, no = reference.topic));
            }
            Subject::Topic(no) if ctx.world.topic(no).is_none() => return Err(say!("e.no_topic", no = no)),
            Subject::Suggestion(_) | Subject::Topic(_) if !found.contains(&source) => found.push(source),
            _ => {}
        }
    }
    Ok((!found.is_empty()).then_some(Event::Brief(Fact::Sourced { subject, sources: found })))
}
