//! 故事 — the built-in story, and what the theatre of the chat shows of it.

use crate::wiring::people;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use xieshang::bot::fixtures;
use xieshang::bot::replay::{self, Beat, Cause, Line, Received, ReplayError, Stage};
use xieshang::domain::kernel::settings::Settings;
use xieshang::domain::kernel::world::World;
use xieshang::language::{Catalog, Lang};
use xieshang::platform::local::story::{Heard, Moment, Said, Spot, SpotKind, Story, Utterance};
use xieshang::platform::{self, Incoming, Place};

/// The groups and people the embedded default starts with.
pub const DEMO: &str = include_str!("../tests/stories/acceptance.fixtures.json");
/// The built-in story.
pub const BUILTIN: &str = include_str!("../tests/stories/acceptance.jsonl");
/// Moments shown between two lines: of a silence of months, whose weeks are all alike, the first.
const MOST_ASIDES: usize = 3;
/// Folders left behind by processes that were killed and had our number, at most.
const LEFT_BEHIND: u32 = 100;

/// A story's lines up to a number.
pub fn lines(text: &str, until: u32) -> Result<Vec<Line>, ReplayError> {
    let mut lines = replay::read(text)?;
    lines.retain(|line| line.n <= until);
    Ok(lines)
}

/// A folder of our own that goes when it is no longer held.
pub struct Temporary(PathBuf);

impl Temporary {
    /// An empty one.
    pub fn new() -> std::io::Result<Self> {
        let mut number = 0;
        loop {
            let name = format!("xieshang-replay-{}-{number}", std::process::id());
            let path = std::env::temp_dir().join(name);
            match std::fs::create_dir(&path) {
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && number < LEFT_BEHIND => number += 1,
                made => return made.map(|()| Self(path)),
            }
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Plays the built-in story through the real loop, in a folder of its own, with the words this version was built with: a clerk's
/// own are compared with nothing.
pub fn tell() -> Result<Story, String> {
    let told = || -> Result<Story, Box<dyn std::error::Error>> {
        let catalog = Catalog::builtin()?;
        let fixtures = fixtures::read(DEMO)?;
        let names = fixtures.groups.iter().map(|group| (group.id.as_str(), group.name.as_str())).collect();
        let folder = Temporary::new()?;
        let mut scenes = Vec::new();
        let lines = replay::read(BUILTIN)?;
        let mut asides = 0;
        let stage = replay::play(folder.path(), &fixtures, &lines, Settings::default(), catalog, &mut |beat| {
            let shown = scene(beat, &names);
            asides = if beat.n.is_some() { 0 } else { asides + usize::from(shown.is_some()) };
            scenes.extend(shown.filter(|_| asides <= MOST_ASIDES));
        })?;
        Ok(Story { people: people(&stage, catalog), scenes })
    };
    told().map_err(|error| error.to_string())
}

fn people(stage: &Stage, catalog: &Catalog) -> Vec<platform::local::Person> {
    let lang = Lang::from_code(&stage.started.office.settings().language);
    let world = World::on(&**stage.started.office.state());
    people::people(&world, catalog, lang, |_| true)
}

/// What the theatre shows of a beat: nothing of a moment at which nothing is sent.
fn scene(beat: &Beat, names: &HashMap<&str, &str>) -> Option<Moment> {
    let incoming = match &beat.cause {
        Cause::Heard(incoming) => Some(&**incoming),
        Cause::Clock | Cause::Restart => None,
    };
    let deed = incoming.and_then(deed);
    let mut received: Vec<Heard> = beat.received.iter().map(|letter| heard(letter, incoming, names)).collect();
    let is_elsewhere = |letter: &Heard| deed.as_ref().is_some_and(|deed| letter.spot != deed.spot);
    received.sort_by_key(is_elsewhere);
    let (date, clock) = (beat.at.format("%Y-%m-%d").to_string(), beat.at.format("%H:%M").to_string());
    let is_empty = deed.is_none() && received.is_empty();
    (!is_empty).then_some(Moment { n: beat.n, date, clock, deed, received })
}

fn deed(incoming: &Incoming) -> Option<Utterance> {
    let said = match incoming.said.clone() {
        platform::Said::Text { text, reply, .. } => Said::Text { text, quote: reply.map(|quote| quote.text) },
        platform::Said::File { caption, reply, file } => {
            let text = format!("📎{}\n{caption}", file.name).trim_end().to_owned();
            Said::Text { text, quote: reply.map(|quote| quote.text) }
        }
        platform::Said::Press { label, .. } => Said::Press { label },
        platform::Said::Voice { seconds } => Said::Voice { seconds },
        platform::Said::Form { title, text } => Said::Form { title, text },
        platform::Said::Moved { .. } | platform::Said::Removed | platform::Said::Welcomed { .. } => return None,
    };
    let who = incoming.from.name.clone();
    let spot = match &incoming.place {
        Place::Group { name, .. } => Spot { kind: SpotKind::Group, name: name.clone() },
        Place::Private { .. } => Spot { kind: SpotKind::Private, name: who.clone() },
        Place::Page { .. } => page(incoming),
    };
    Some(Utterance { who, spot, said })
}

fn page(incoming: &Incoming) -> Spot {
    let name = match &incoming.place {
        Place::Page { station: Some(name), .. } => name.clone(),
        Place::Page { topic: Some(no), .. } => format!("{no}号"),
        _ => String::new(),
    };
    Spot { kind: SpotKind::Page, name }
}

fn heard(letter: &Received, incoming: Option<&Incoming>, names: &HashMap<&str, &str>) -> Heard {
    let spot = match (letter.to.as_str(), letter.to.strip_prefix("pm:"), incoming) {
        (_, Some(who), _) => Spot { kind: SpotKind::Private, name: who.to_owned() },
        ("page", _, Some(incoming)) => page(incoming),
        ("toast", _, Some(incoming)) => Spot { kind: SpotKind::Toast, name: incoming.from.name.clone() },
        (group, _, _) => Spot { kind: SpotKind::Group, name: names.get(group).copied().unwrap_or(group).to_owned() },
    };
    Heard { spot, text: letter.text.clone(), buttons: letter.buttons.clone() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

    use super::*;

    #[test]
    fn the_theatre_shows_every_line_and_every_letter_of_the_story() {
        let story = tell().unwrap();
        let wanted = replay::read(BUILTIN).unwrap();
        let shown = |n| story.scenes.iter().find(|scene| scene.n == Some(n));
        for line in wanted.iter().filter(|line| line.act != replay::Act::Expect) {
            let scene = shown(line.n).unwrap_or_else(|| panic!("line {} is missing", line.n));
            assert_eq!(scene.deed.as_ref().map(|deed| &deed.who), line.who.as_ref(), "line {}", line.n);
            assert_eq!(scene.date, line.at.format("%Y-%m-%d").to_string());
            for expected in line.expect.iter().filter(|expected| expected.any.is_empty()) {
                let times = scene.received.iter().filter(|letter| letter.text == expected.text).count();
                assert_eq!(times, expected.to.len(), "line {}: {}", line.n, expected.text);
            }
        }
        let form = &shown(3).unwrap().received;
        assert_eq!(form[0].spot, Spot { kind: SpotKind::Page, name: "东风路微协商议事室".to_owned() });
        assert_eq!(form[1].spot, Spot { kind: SpotKind::Private, name: "周敏".to_owned() });
        let between: Vec<&Moment> = story.scenes.iter().filter(|scene| scene.n.is_none()).collect();
        // What the clock brings (18:00: who comes to a gathering is reminded the evening before), and the letters that wait a minute for whoever never wrote in private: of a role, of a paper ballot.
        assert!(
            between.len() >= 4
                && between
                    .iter()
                    .all(|scene| ["08:30", "08:33", "09:00", "18:00", "19:01", "20:00"].contains(&scene.clock.as_str())),
            "{:?}",
            between.iter().map(|scene| &scene.clock).collect::<Vec<_>>()
        );
        assert!(story.scenes.is_sorted_by_key(|scene| (&scene.date, &scene.clock)));
        let member = story.people.iter().find(|person| person.name == "王建国").unwrap();
        assert!(member.side == "政协" && member.note.contains("委员"), "{member:?}");
        let left = std::fs::read_dir(std::env::temp_dir()).unwrap().flatten();
        let ours = format!("xieshang-replay-{}-", std::process::id());
        assert_eq!(left.filter(|entry| entry.file_name().to_string_lossy().starts_with(&ours)).count(), 0);
    }
}
