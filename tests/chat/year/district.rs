//! 区 — who is there: towns, sectors, groups, people, and the file the office starts with.

use chrono::{DateTime, Utc};
use serde_json::json;
use std::collections::BTreeMap;

/// How large a district is, how long it is watched and how much is done in a day.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    pub towns: usize,
    pub discussions: usize,
    pub people: usize,
    pub days: u32,
    pub acts: usize,
    /// Of a hundred acts, requests.
    pub asks: usize,
}

const TOWNS: [&str; 9] =
    ["东街街道", "新河街道", "团结镇", "北湖镇", "南山镇", "柳林镇", "石桥镇", "临江街道", "云峰镇"];
pub const SECTORS: [&str; 5] = ["工商联", "科技界", "农业界", "教育界", "医卫界"];
const FAMILY: &str = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜";
const FIRST: &str = "明志建国秀桂德立晓文玉春海永";
const SECOND: &str = "英芳军华强涛丽敏静杰勇艳娟霞";

/// 方, as it is written and as papers list it.
pub const SIDES: [&str; 5] = ["政协", "部门", "企业", "群众", "专家"];

/// Somebody, as far as figures care.
#[derive(Debug, Clone)]
pub struct Somebody {
    pub name: String,
    pub side: &'static str,
    pub town: String,
    pub sector: &'static str,
    pub level: &'static str,
    pub member: bool,
    pub coordinates: bool,
    pub room: String,
    /// 方 and 界别 before, each with when it ended.
    pub before: Vec<(DateTime<Utc>, &'static str, &'static str)>,
}

impl Somebody {
    /// 方 and 界别 at a moment: what somebody did counts for what they were then.
    pub fn was_at(&self, at: DateTime<Utc>) -> (&'static str, &'static str) {
        let was = self.before.iter().find(|(until, ..)| at < *until);
        was.map_or((self.side, self.sector), |(_, side, sector)| (*side, *sector))
    }
}

/// The place of a group.
#[derive(Debug, Clone)]
pub struct Chat {
    pub id: String,
    pub kind: &'static str,
    pub town: String,
    pub sector: &'static str,
}

#[derive(Debug, Clone)]
pub struct District {
    pub towns: Vec<String>,
    pub chats: Vec<Chat>,
    pub people: Vec<Somebody>,
    pub by_name: BTreeMap<String, usize>,
    /// The moderator of each town.
    pub moderators: BTreeMap<String, usize>,
    pub coordinator: usize,
    pub members: Vec<usize>,
    pub experts: Vec<usize>,
    pub companies: Vec<usize>,
    pub handlers: Vec<usize>,
    pub residents: BTreeMap<String, Vec<usize>>,
}

fn names(n: usize) -> Vec<String> {
    let (family, first, second): (Vec<char>, Vec<char>, Vec<char>) =
        (FAMILY.chars().collect(), FIRST.chars().collect(), SECOND.chars().collect());
    let made = |i: usize| {
        let (f, g, h) = (i % family.len(), i / family.len() % second.len(), i / family.len() / second.len());
        [family[f], first[(h + f) % first.len()], second[g]].iter().collect()
    };
    let names: Vec<String> = (0..n).map(made).collect();
    let unique: std::collections::BTreeSet<&String> = names.iter().collect();
    assert_eq!(unique.len(), n, "nobody is called as somebody else");
    names
}

impl District {
    pub fn new(scale: &Scale) -> Self {
        let towns: Vec<String> = TOWNS[..scale.towns].iter().map(|town| (*town).to_owned()).collect();
        let mut names = names(scale.people).into_iter();
        let mut all = Self {
            towns: towns.clone(),
            chats: Vec::new(),
            people: Vec::new(),
            by_name: BTreeMap::new(),
            moderators: BTreeMap::new(),
            coordinator: 0,
            members: Vec::new(),
            experts: Vec::new(),
            companies: Vec::new(),
            handlers: Vec::new(),
            residents: BTreeMap::new(),
        };
        let mut add = |all: &mut Self, side: &'static str, town: &str| {
            let no = all.people.len();
            let name = names.next().unwrap();
            all.by_name.insert(name.clone(), no);
            let (sector, level, room) = ("", "", String::new());
            let town = town.to_owned();
            let (member, coordinates, before) = (false, false, Vec::new());
            all.people.push(Somebody { name, side, town, sector, level, member, coordinates, room, before });
            no
        };
        all.coordinator = add(&mut all, "政协", "");
        let coordinator = all.coordinator;
        all.people[coordinator].coordinates = true;
        for town in &towns {
            let moderator = add(&mut all, "部门", town);
            all.moderators.insert(town.clone(), moderator);
        }
        for n in 0..(scale.people / 12).max(4) {
            let member = add(&mut all, "政协", &towns[n % towns.len()]);
            let person = &mut all.people[member];
            (person.member, person.sector) = (true, SECTORS[n / towns.len() % SECTORS.len()]);
            person.level = ["区", "区", "市", "省"][n % 4];
            all.members.push(member);
        }
        for n in 0..(scale.people / 40).max(2) {
            let town = if n % 2 == 0 { "" } else { towns[n % towns.len()].as_str() };
            let handlers = [add(&mut all, "部门", town), add(&mut all, "部门", &towns[n % towns.len()])];
            let (expert, company) = (add(&mut all, "专家", town), add(&mut all, "企业", town));
            all.experts.push(expert);
            all.companies.push(company);
            all.handlers.extend(handlers);
        }
        let mut n = 0;
        while all.people.len() < scale.people {
            let town = towns[n % towns.len()].clone();
            let resident = add(&mut all, "群众", &town);
            all.people[resident].room = format!("{}", 101 + n / towns.len() / 6 * 100 + n / towns.len() % 6);
            all.residents.entry(town).or_default().push(resident);
            n += 1;
        }
        all.set_up_groups(scale);
        all
    }

    fn set_up_groups(&mut self, scale: &Scale) {
        let chat = |id: String, kind, town: &str, sector| Chat { id, kind, town: town.to_owned(), sector };
        self.chats.push(chat("g_all".to_owned(), "委员群", "", ""));
        for (n, town) in self.towns.iter().enumerate() {
            self.chats.push(chat(format!("g_town{n}"), "镇街学联组群", town, ""));
        }
        for (n, town) in self.towns.iter().enumerate() {
            self.chats.push(chat(format!("g_home{n}"), "居民群", town, ""));
        }
        for (n, sector) in SECTORS.iter().enumerate().take(if scale.towns > 3 { 5 } else { 2 }) {
            self.chats.push(chat(format!("g_sector{n}"), "界别群", "", sector));
        }
        for n in 0..scale.discussions {
            self.chats.push(chat(format!("g_talk{n}"), "讨论组群", &self.towns[n % self.towns.len()], ""));
        }
    }

    /// The file of fixtures.
    pub fn fixtures(&self) -> String {
        let groups: Vec<_> = self
            .chats
            .iter()
            .map(|chat| json!({"id": chat.id, "name": format!("{}{}", chat.kind, chat.id), "kind": chat.kind, "town": chat.town, "sector": chat.sector}))
            .collect();
        let stations: Vec<_> = self
            .towns
            .iter()
            .map(|town| json!({"name": format!("{town}议事室"), "kind": "微协商议事室", "town": town}))
            .collect();
        let people: Vec<_> = (0..self.people.len()).map(|no| self.row(no)).collect();
        let committee = json!({"name": "有事好商量", "timezone": "Asia/Shanghai", "public_url": "https://xs.example",
            "digest_at": "20:00", "quiet": ["22:00", "07:30"]});
        json!({"committee": committee, "groups": groups, "stations": stations, "people": people}).to_string()
    }

    fn row(&self, no: usize) -> serde_json::Value {
        let person = &self.people[no];
        let mut roles = Vec::new();
        if no == self.coordinator {
            roles = vec![json!({"role": "联络员"}), json!({"role": "管理员"})];
        }
        if self.moderators.values().any(|moderator| *moderator == no) {
            roles.push(json!({"role": "主持人", "town": person.town}));
        }
        if person.member {
            roles.push(json!({"role": "委员"}));
        }
        if person.side == "专家" {
            roles.push(json!({"role": "专家"}));
        }
        if self.handlers.contains(&no) || self.companies.contains(&no) {
            roles.push(json!({"role": "承办人"}));
        }
        let mut row =
            json!({"name": person.name, "side": person.side, "roles": roles, "town": person.town, "room": person.room});
        if person.member {
            row["sector"] = person.sector.into();
            row["level"] = person.level.into();
        }
        if person.side == "专家" {
            row["field"] = "结构".into();
        }
        row
    }
}
