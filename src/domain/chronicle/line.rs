//! 一行 — a line with names put to it. Names stand as they stand everywhere today; words as they were said, unless they were hidden since
//! or taken back, which the line says instead.

use super::index::Placed;
use super::{Row, Text};
use crate::domain::event::Record;
use crate::domain::history::deed::{Deed, prefix_of};
use crate::domain::history::export::Line;
use crate::domain::intake::slip::Fate;
use crate::domain::kernel::ids::{GatheringNo, PersonId, PollNo, SuggestionRef};
use crate::domain::kernel::say::Value;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::process::form::Step;
use crate::domain::process::hiding::{Hiding, Shown};
use crate::domain::process::topic::Topic;
use crate::domain::talk::gathering::{Joined, SignUpLine};
use crate::say;

/// What became of words since they were said.
enum Since {
    /// They stand.
    Stands,
    /// 隐藏.
    Hidden(Box<Hiding>),
    /// 撤回.
    TakenBack,
}

impl World<'_> {
    pub(super) fn told_line(&self, record: &Record, place: &Placed, row: &Row<'_>, is_inside: bool) -> Line {
        let since = row.words.map_or(Since::Stands, |words| self.since(words, place, record));
        let who = match since {
            // What was entered in somebody's name and is not theirs is told of whoever entered it.
            Since::TakenBack => record.by,
            Since::Stands | Since::Hidden(_) if row.is_by_record || self.is_split_off(place, row) => record.by,
            Since::Hidden(ref hiding) if hiding.is_disowned() => record.by,
            Since::Stands | Since::Hidden(_) => self.whose_deed(record, place).or(row.who).or(record.by),
        };
        let text = match since {
            Since::TakenBack => Value::Part(Box::new(say!("export.taken_back"))),
            Since::Hidden(hiding) => self.hidden_words(&hiding),
            Since::Stands if is_inside => self.told_text(&[&row.text, &row.inner]),
            Since::Stands => self.told_text(&[&row.text]),
        };
        let group = record.group.and_then(|id| self.group(id)).map(|group| group.name.as_str().to_owned());
        let about = match (place.instead_of, row.recorder) {
            (Some(owner), _) => say!("export.in_place", about = row.about.clone(), owner = self.told_name(owner)),
            (None, Some(by)) => say!("export.relayed", about = row.about.clone(), by = self.told_name(by)),
            (None, None) => row.about.clone(),
        };
        Line {
            seq: record.seq,
            at: record.at,
            group: group.unwrap_or_default(),
            who: who.map(|who| self.told_name(who)).unwrap_or_default(),
            what: match () {
                () if self.is_reopening(record, place, row) => "deed.reopened",
                () if self.is_split_off(place, row) => "deed.split_off",
                () => row.what,
            },
            topic: place.topic,
            about,
            text,
        }
    }

    /// 拆出 — a topic that was made of another is told of whoever did that.
    fn is_split_off(&self, place: &Placed, row: &Row<'_>) -> bool {
        row.what == Step::Ordered.term() && place.topic.is_some_and(|no| self.split_of(no).is_some())
    }

    /// 重开 — whatever is tracked after it was closed was opened again.
    fn is_reopening(&self, record: &Record, place: &Placed, row: &Row<'_>) -> bool {
        let was_closed = |no| self.closures(no).iter().any(|closure| closure.seq < record.seq);
        row.what == Step::Tracking.term() && place.topic.is_some_and(was_closed)
    }

    fn told_name(&self, person: PersonId) -> String {
        self.name_of(self.known_as(person))
    }

    /// Whose deed it is now: what a newcomer did may have turned out to be somebody else's.
    fn whose_deed(&self, record: &Record, place: &Placed) -> Option<PersonId> {
        self.get::<Deed>(&prefix_of(record.at, record.seq).num(place.fact))?.by
    }

    fn since(&self, words: Shown, place: &Placed, record: &Record) -> Since {
        let words = match words {
            Shown::Review(topic, ..) => {
                let expert = self.known_as(record.by.unwrap_or(PersonId(0)));
                Shown::Review(topic, place.round, expert)
            }
            other => other,
        };
        if !self.stands(words) {
            return Since::TakenBack;
        }
        let over = self.lies_aside_with(words, place);
        match self.hiding_of(words).or(over) {
            Some(hiding) => Since::Hidden(Box::new(hiding)),
            None => Since::Stands,
        }
    }

    /// What else takes words out of sight: a reply lies aside with its suggestion, a slip with the topic it became, and what was announced
    /// of a vote with the vote.
    fn lies_aside_with(&self, words: Shown, place: &Placed) -> Option<Hiding> {
        match words {
            Shown::Reply(to, _) => self.hiding_of(Shown::Suggestion(to)),
            Shown::Slip(no) => match self.slip(no)?.fate {
                Fate::Accepted(topic) => self.hiding_of(Shown::Topic(topic)),
                Fate::Pending | Fate::Rejected(_) | Fate::Referred(..) => None,
            },
            Shown::Poll(PollNo(0)) => self.hidden_now().into_iter().find(
                |hiding| matches!(hiding.what, Shown::Poll(no) if self.poll(no).map(|poll| poll.topic) == place.topic),
            ),
            Shown::Poll(_)
            | Shown::Topic(_)
            | Shown::Suggestion(_)
            | Shown::Objection(_)
            | Shown::Answer(_)
            | Shown::Plan(..)
            | Shown::Pact(..)
            | Shown::Review(..)
            | Shown::Reasons(_)
            | Shown::Closure(_)
            | Shown::Halt(_)
            | Shown::Task(_)
            | Shown::Gathering(_)
            | Shown::Minutes(_)
            | Shown::SignUp(..)
            | Shown::Person(_)
            | Shown::Station(_)
            | Shown::Brief(_)
            | Shown::Proposal(_) => None,
        }
    }

    /// Whether whoever said it has not taken it back.
    fn stands(&self, words: Shown) -> bool {
        let is_kept = |at: SuggestionRef| self.suggestion_kept(at).is_some();
        match words {
            Shown::Topic(no) => self.get::<Topic>(&Key::new(kind::TOPIC).num(no.0)).is_some_and(|one| !one.withdrawn),
            Shown::Suggestion(at) => is_kept(at),
            Shown::Reply(to, n) => is_kept(to) && self.reply_kept(to, n).is_some(),
            Shown::Objection(at) => self.objection(at).is_some(),
            Shown::Brief(no) => self.brief(no).is_some(),
            Shown::Proposal(no) => self.proposal(no).is_some(),
            Shown::SignUp(no, n) => self.sign_up_stands(no, n),
            Shown::Answer(_)
            | Shown::Plan(..)
            | Shown::Pact(..)
            | Shown::Review(..)
            | Shown::Poll(_)
            | Shown::Reasons(_)
            | Shown::Closure(_)
            | Shown::Halt(_)
            | Shown::Task(_)
            | Shown::Gathering(_)
            | Shown::Minutes(_)
            | Shown::Person(_)
            | Shown::Station(_)
            | Shown::Slip(_) => true,
        }
    }

    fn sign_up_stands(&self, no: GatheringNo, n: u32) -> bool {
        self.get::<Joined>(&Key::new(kind::SIGN_UP).num(no.0).num(n)).is_some()
    }

    /// By whom, when and why words are hidden.
    fn hidden_words(&self, hiding: &Hiding) -> Value {
        let who = hiding.by.map(|by| self.told_name(by)).unwrap_or_default();
        let at = Value::Moment(hiding.at);
        Value::Part(Box::new(if hiding.is_disowned() {
            say!("export.disowned", who = who, at = at)
        } else {
            say!("export.hidden", why = &hiding.reason, who = who, at = at)
        }))
    }

    fn told_text(&self, texts: &[&Text<'_>]) -> Value {
        let mut parts = Vec::new();
        texts.iter().for_each(|text| self.put_text(text, &mut parts));
        parts.retain(|part| !matches!(part, Value::Text(text) if text.is_empty()));
        if parts.len() > 1 {
            return Value::Clauses(parts.into_iter().map(|part| say!("plain", text = part)).collect());
        }
        parts.pop().unwrap_or_else(|| Value::Text(String::new()))
    }

    fn put_text(&self, text: &Text<'_>, parts: &mut Vec<Value>) {
        match text {
            Text::Nothing => {}
            Text::Words(words) => parts.push(Value::from(*words)),
            Text::Who(person) => parts.push(Value::Text(self.told_name(*person))),
            Text::People(people) => {
                parts.push(Value::List(people.iter().map(|one| Value::Text(self.told_name(*one))).collect()));
            }
            Text::Seat(topic, seat) => parts.push(self.seat_called(*topic, *seat)),
            Text::SignUps(no, first, lines) => parts.push(self.signed_up_names(*no, *first, lines)),
            Text::Series(no) => parts.extend(self.series(*no).map(|series| Value::from(&series.name))),
            Text::Campaign(no) => {
                let name = self.campaigns().into_iter().find(|campaign| campaign.no == *no).map(|one| one.name);
                parts.extend(name.map(|name| Value::from(&name)));
            }
            Text::Count(no) => parts.push(self.counted(*no)),
            Text::Value(value) => parts.push(value.clone()),
            Text::All(all) => all.iter().for_each(|one| self.put_text(one, parts)),
        }
    }

    /// Who was put on a list, without those who took their name off it and those whose line is hidden.
    fn signed_up_names(&self, no: GatheringNo, first: u32, lines: &[SignUpLine]) -> Value {
        let shown = (first..)
            .zip(lines)
            .filter(|(n, _)| self.sign_up_stands(no, *n) && self.hiding_of(Shown::SignUp(no, *n)).is_none());
        Value::List(shown.map(|(_, line)| Value::from(&named(line))).collect())
    }
}

/// A name on a list, with what stands behind it.
fn named(line: &SignUpLine) -> Words {
    match line.note.as_str() {
        "" => line.name.clone(),
        note => format!("{} {note}", line.name).into(),
    }
}
