//! 周报、月报 — made once for each group and week, at the end of its window, and never for what ended before the group was there.

use chrono::{DateTime, NaiveTime, Utc};
use xieshang::domain::event::{Event, Record};
use xieshang::domain::evolve::evolve;
use xieshang::domain::history::period::{DueIssue, Period, issues_due, next_issue};
use xieshang::domain::kernel::ids::GroupId;
use xieshang::domain::kernel::said::Way;
use xieshang::domain::kernel::settings::Settings;
use xieshang::domain::kernel::world::{Bare, World};
use xieshang::domain::people::group::GroupKind;
use xieshang::figures::{is_late, sent_at};

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{text}:00+08:00")).unwrap().with_timezone(&Utc)
}

fn clock(h: u32, m: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(h, m, 0).unwrap()
}

struct Office {
    world: World<'static>,
    settings: Settings,
    seq: u64,
}

impl Office {
    fn new() -> Self {
        Self { world: World::on(&Bare), settings: Settings::default(), seq: 0 }
    }

    fn tell(&mut self, when: &str, fact: Event) {
        self.seq += 1;
        let record = Record {
            via: None,
            seq: self.seq,
            at: at(when),
            by: None,
            group: None,
            way: Way::Office,
            key: None,
            facts: vec![fact],
        };
        evolve(&mut self.world, &record);
    }

    fn group(&mut self, when: &str, id: u32, kind: GroupKind, quiet: (NaiveTime, NaiveTime)) {
        let (group, digest_at, language) = (GroupId(id), clock(20, 0), "zh".to_owned());
        let (chat, name) = (format!("g{id}").into(), "".into());
        self.tell(when, Event::GroupSeen { group, chat, name, digest_at, quiet, language: language.clone() });
        let (town, sector) = ("镇".to_owned(), String::new());
        self.tell(when, Event::GroupSet { group, kind, town, sector, digest_at, quiet, language });
    }

    fn due(&self, now: &str) -> Vec<DueIssue> {
        issues_due(&self.world, &self.settings, at(now))
    }

    fn settle(&mut self, due: DueIssue) {
        let DueIssue { at, group, period, first } = due;
        let when = at.with_timezone(&self.settings.tz).format("%Y-%m-%dT%H:%M").to_string();
        let number = self.world.issues_sent(group, period) + 1;
        self.tell(&when, Event::IssueClosed { group, period, first, number, late: false, parts: Vec::new() });
    }
}

const QUIET: (u32, u32) = (22, 0);

fn days(due: &[DueIssue]) -> Vec<(u32, Period, String)> {
    due.iter().map(|one| (one.group.0, one.period, one.first.to_string())).collect()
}

#[test]
fn each_week_and_month_once_for_each_group() {
    let quiet = (clock(QUIET.0, QUIET.1), clock(7, 30));
    let mut office = Office::new();
    office.group("2025-03-03T08:00", 1, GroupKind::Members, quiet);
    office.group("2025-03-03T08:00", 2, GroupKind::Town, quiet);
    office.group("2025-03-03T08:00", 3, GroupKind::Sector, quiet);
    office.group("2025-03-03T08:00", 4, GroupKind::Residents, quiet);
    assert!(office.due("2025-03-03T12:00").is_empty(), "the week before the record began is nobody's");
    assert_eq!(next_issue(&office.world, &office.settings, at("2025-03-03T12:00")), Some(at("2025-03-10T00:00")));
    assert!(office.due("2025-03-09T23:59").is_empty());
    let due = office.due("2025-03-10T00:00");
    let week = "2025-03-03".to_owned();
    assert_eq!(days(&due), [(1, Period::Week, week.clone()), (2, Period::Week, week)]);
    due.into_iter().for_each(|one| office.settle(one));
    assert!(office.due("2025-03-10T08:30").is_empty(), "once");
    assert!(office.due("2025-03-16T23:59").is_empty());
    assert_eq!(office.due("2025-03-17T00:00").len(), 2);
    let month: Vec<_> = office.due("2025-04-01T09:00").into_iter().filter(|one| one.period == Period::Month).collect();
    assert_eq!(days(&month), [(1, Period::Month, "2025-03-01".to_owned())], "the monthly is the members'");
    assert_eq!(month[0].at, at("2025-04-01T00:00"));
    assert_eq!(Period::Month.sent_from(&office.settings, month[0].first), at("2025-04-01T09:00"));
    // A group of a later week is owed nothing of an earlier one.
    office.group("2025-03-12T08:00", 5, GroupKind::Town, quiet);
    let due: Vec<_> = office.due("2025-03-17T08:30").into_iter().filter(|one| one.group.0 == 5).collect();
    assert_eq!(days(&due), [(5, Period::Week, "2025-03-10".to_owned())]);
}

#[test]
fn quiet_time_is_waited_out_and_downtime_made_up_for() {
    let mut office = Office::new();
    let quiet = (clock(22, 0), clock(9, 0));
    office.group("2025-03-03T08:00", 1, GroupKind::Town, quiet);
    let due = office.due("2025-03-10T00:00");
    assert_eq!((due.len(), due[0].at), (1, at("2025-03-10T00:00")), "made at the end of the week");
    let from = due[0].period.sent_from(&office.settings, due[0].first);
    let sent = |now| sent_at(&office.settings, quiet, from, at(now));
    assert_eq!(from, at("2025-03-10T08:30"));
    assert_eq!((sent("2025-03-10T00:00"), sent("2025-03-10T08:30")), (at("2025-03-10T09:00"), at("2025-03-10T09:00")));
    assert_eq!(sent("2025-03-10T22:30"), at("2025-03-11T09:00"), "too late for that day");
    assert!(!is_late(sent("2025-03-10T08:30"), at("2025-03-10T09:30")) && is_late(from, at("2025-03-10T09:30")));
    // Two months down: the latest weeks are made up for, what lies further back is let go.
    let due = office.due("2025-05-07T12:00");
    let want = ["2025-04-14", "2025-04-21", "2025-04-28"].map(|first| (1, Period::Week, first.to_owned()));
    assert_eq!(days(&due), want);
    for one in due {
        office.settle(one);
    }
    assert!(office.due("2025-05-07T12:00").is_empty());
    assert_eq!(next_issue(&office.world, &office.settings, at("2025-05-07T12:00")), Some(at("2025-05-12T00:00")));
    assert_eq!(office.world.issues_sent(GroupId(1), Period::Week), 3);
}
