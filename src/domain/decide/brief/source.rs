//! 来源 — naming the suggestions and topics a brief came from.

use crate::domain::brief::fact::Fact;
use crate::domain::brief::subject::Subject;
use crate::domain::event::Event;
use crate::domain::kernel::say::Say;
use crate::domain::scene::Ctx;
use crate::say;

/// Sources of one brief.
const MAX_SOURCES: usize = 10;

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
