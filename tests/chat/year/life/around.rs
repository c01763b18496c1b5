//! 周围 — what is around topics: gatherings that come back, stations, charity projects, levels, who people are, and what is struck.

use super::super::book::{Gathering, Gift, Series, Station, Step};
use super::super::district::SECTORS;
use super::*;

const NAMES: [&str; 3] = ["周末有约", "邻里圆桌会", "议事夜谈"];
const RHYTHMS: [&str; 5] =
    ["每周六9:30", "每月第一个周六9:30", "每两周周三15:00", "每月8日19:00", "每月最后一个周五19:30"];

impl Life {
    pub(super) fn around(&mut self) {
        match self.dice.under(8) {
            0 => self.set_up_station(),
            1 | 2 => self.give(),
            3 | 4 => self.set_tier(),
            5 | 6 => self.change_side(),
            _ => self.strike(),
        }
    }

    /// 周末有约 — begun, or ended with what of it is called and not yet held.
    pub(super) fn come_back(&mut self) {
        let town = self.dice.pick(&self.district.towns.clone()).unwrap();
        let (moderator, name) = (self.district.moderators[&town], self.dice.pick(&NAMES).unwrap());
        let bound = self.bound.iter().find(|(_, no)| self.topic(**no).town == town && self.topic(**no).is_live());
        let bound = bound.map(|(room, no)| (room.clone(), *no)).filter(|_| self.dice.one_in(4));
        let (group, topic) = bound.map_or_else(|| (self.group_of(&town), None), |(room, no)| (room, Some(no)));
        let known = self.book.series.iter().position(|one| !one.ended && one.group == group && one.name == name);
        if let Some(known) = known.filter(|_| self.dice.one_in(3)) {
            let off = r"不再发起(?s:.*)";
            let Some(told) = self.act("停发", moderator, &group, &format!("/活动 停 {name}"), off) else { return };
            self.book.series[known].ended = true;
            for found in Regex::new(r"⏹ 活动(\d+)号 已取消").unwrap().captures_iter(&told[0]) {
                self.book.gatherings.get_mut(&found[1].parse().unwrap()).unwrap().off = true;
            }
            return;
        }
        let rhythm = self.dice.pick(&RHYTHMS).unwrap();
        let line = format!("/活动 {name} {rhythm} 议事室");
        let yes = r"📆 已定(?:每周)?活动(?s:.*)";
        let what = if known.is_some() { "再定周期活动" } else { "周期活动" };
        let Some(told) = self.act(what, moderator, &group, &line, yes) else { return };
        if known.is_some() {
            self.faults.push(format!("begun twice: {line}"));
        }
        self.book.series.push(Series { group: group.clone(), name, town: town.clone(), topic, ended: false });
        // Two days before is past: this one is called at once.
        for found in Regex::new(r"📅 活动(\d+)号：").unwrap().captures_iter(&told[0]) {
            let (round_table, signed, minuted) = (name.contains("圆桌会"), Vec::new(), Vec::new());
            let one =
                Gathering { topic, town: town.clone(), group: group.clone(), off: false, round_table, signed, minuted };
            self.book.gatherings.insert(found[1].parse().unwrap(), one);
        }
    }

    /// 改期、取消.
    pub(super) fn rearrange(&mut self, a: u32, day: NaiveDate) {
        let one = self.book.gatherings[&a].clone();
        let (moderator, group) = (self.district.moderators[&one.town], one.group);
        if self.dice.one_in(2) {
            let to = day + Duration::days(2);
            let line = format!("/活动 {a} 改到 {}月{}日10:00 二楼", to.month(), to.day());
            self.act("改期", moderator, &group, &line, "📅 活动\\d+号 有变");
        } else if self
            .act("取消活动", moderator, &group, &format!("/活动 {a} 取消 下雨"), "⏹ 活动\\d+号 已取消")
            .is_some()
        {
            self.book.gatherings.get_mut(&a).unwrap().off = true;
        }
    }

    /// A station of a town; now and then one that is closed.
    pub(super) fn station_in(&mut self, town: &str) -> String {
        let with_closed = self.dice.one_in(8);
        let fits = |one: &Station| one.town == town && (with_closed || one.closed.is_none());
        let all: Vec<String> =
            self.book.stations.iter().filter(|(_, one)| fits(one)).map(|(name, _)| name.clone()).collect();
        self.dice.pick(&all).unwrap()
    }

    fn set_up_station(&mut self) {
        let (coordinator, at) = (self.district.coordinator, self.now());
        // The rooms of the towns stay.
        let fits = |(name, one): &(&String, &Station)| one.closed.is_none() && !name.ends_with("议事室");
        let open: Vec<String> = self.book.stations.iter().filter(fits).map(|(name, _)| name.clone()).collect();
        if let Some(name) = self.dice.pick(&open).filter(|_| self.dice.one_in(3)) {
            if self.act("阵地停用", coordinator, "pm", &format!("/阵地 停用 {name}"), "阵地已停用").is_some()
            {
                self.book.stations.get_mut(&name).unwrap().closed = Some(at);
            }
            return;
        }
        let town = self.dice.pick(&self.district.towns.clone()).unwrap();
        self.words += 1;
        let name = format!("{town}第{}工作室", numeral(self.words));
        let line = format!("/阵地 委员工作室 {name} {town} 每周三");
        if self.act("阵地", coordinator, "pm", &line, "📍 阵地：").is_some() {
            self.book.stations.insert(name, Station { town, since: at, closed: None });
        }
    }

    /// /阵地 against the slips that came in.
    pub fn look_at_stations(&mut self) {
        let coordinator = self.name(self.district.coordinator);
        let at = self.now() + Duration::seconds(1);
        self.pass(at);
        let next = Regex::new(r"下一页发：(/阵地 第\d+页)").unwrap();
        let (mut told, mut line) = (String::new(), Some("/阵地".to_owned()));
        while let Some(asked) = line {
            let page: Vec<String> =
                self.hall.say(&coordinator, "pm", &asked).into_iter().map(|letter| letter.text).collect();
            let page = page.join("\n");
            line = next.captures(&page).map(|found| found[1].to_owned());
            told.push_str(&page);
        }
        for row in self.book.station_list() {
            self.papers.compared += 1;
            if !Regex::new(&row).unwrap().is_match(&told) {
                self.faults.push(format!("/阵地 at {at}: no {row} in {told}"));
            }
        }
    }

    /// 爱心项目 — entered, or brought on.
    fn give(&mut self) {
        let (member, coordinator, at) = (self.member(), self.district.coordinator, self.now());
        let planned: Vec<u32> =
            self.book.gifts.iter().filter(|(_, gift)| gift.carried.is_none()).map(|(no, _)| *no).collect();
        if let Some(no) = self.dice.pick(&planned).filter(|_| self.dice.one_in(2)) {
            let to = self.dice.pick(&["实施", "完成"]).unwrap();
            if self.act("爱心项目进度", coordinator, "pm", &format!("/爱心项目 {no} {to}"), "❤ 爱心项目").is_some()
            {
                self.book.gifts.get_mut(&no).unwrap().carried = Some(at);
            }
            return;
        }
        self.words += 1;
        let name = format!("助老餐桌第{}桌", numeral(self.words));
        let topic = self.topic_where(|topic| topic.step >= Step::Taken).filter(|_| self.dice.one_in(2));
        let progress = self.dice.pick(&["", " 筹备", " 实施", " 完成"]).unwrap();
        let about = topic.map_or(String::new(), |no| format!(" 议题={no}"));
        let line = format!("/爱心项目 {name} 明德公司 3万{progress}{about}");
        if let Some(found) = self.act("爱心项目", member, "g_all", &line, r"❤ 爱心项目(\d+)：") {
            let carried = matches!(progress, " 实施" | " 完成").then_some(at);
            self.book.gifts.insert(found[1].parse().unwrap(), Gift { by: member, topic, carried });
        }
    }

    fn set_tier(&mut self) {
        let Some(no) = self.topic_where(|_| true) else { return };
        let (coordinator, tier) =
            (self.district.coordinator, self.dice.pick(&["界别", "常委会", "全会", "微协商"]).unwrap());
        if self.act("层级", coordinator, "pm", &format!("/层级 {no} {tier}"), "，层级：").is_some() {
            let at = self.now();
            self.topic_mut(no).tiers.push((at, tier));
        }
    }

    /// 方、界别 — a resident is entered for a company and back; a member for another sector.
    fn change_side(&mut self) {
        let (coordinator, at) = (self.district.coordinator, self.now());
        let town = self.dice.pick(&self.district.towns.clone()).unwrap();
        let of_member = self.dice.one_in(3);
        let who = if of_member { self.member() } else { self.resident(&town) };
        let person = self.district.people[who].clone();
        let (side, sector) = match (of_member, person.side) {
            (true, _) => {
                ("政协", self.dice.pick(&SECTORS[..if self.district.towns.len() > 3 { 5 } else { 2 }]).unwrap())
            }
            (false, "群众") => (self.dice.pick(&["企业", "专家", "部门"]).unwrap(), ""),
            (false, _) => ("群众", ""),
        };
        let of_it = if sector.is_empty() { String::new() } else { format!(" {sector}") };
        let line = format!("/登记 {} {side}{of_it} 同一位", person.name);
        if self.act("登记", coordinator, "pm", &line, "✅ 已登记：").is_some() {
            let person = &mut self.district.people[who];
            person.before.push((at, person.side, person.sector));
            (person.side, person.sector) = (side, sector);
        }
    }

    /// 撤回 履职 — a record is struck by the coordinator.
    fn strike(&mut self) {
        let coordinator = self.district.coordinator;
        let standing: Vec<usize> = (0..self.book.served.len()).filter(|at| !self.book.served[*at].gone).collect();
        let Some(at) = self.dice.pick(&standing) else { return };
        let who = self.book.served[at].by;
        let n = self.book.served[..=at].iter().filter(|one| one.by == who).count();
        let line = format!("/撤回 履职 {} {n} 记重了", self.name(who));
        if self.act("撤掉履职", coordinator, "pm", &line, "✅ 已撤掉").is_some() {
            self.book.served[at].gone = true;
        }
    }
}
