//! 旁的事 — gatherings, briefs, proposals, duty; what is hidden, put aside, merged and opened again; and what is refused.

use super::super::book::{At, Brief, Gathering, Halt, Person, Proposal, Served, Step, Topic, Word, told_date};
use super::*;

impl Life {
    pub(super) fn gather(&mut self, day: NaiveDate) {
        let at = self.now();
        if self.dice.one_in(8) {
            return self.come_back();
        }
        let open: Vec<u32> = self.book.gatherings.keys().rev().take(12).copied().collect();
        if self.dice.one_in(3) || open.is_empty() {
            let no = self.topic_where(|topic| topic.step >= Step::Talking && topic.group.starts_with("g_talk"));
            let town = match no.filter(|_| self.dice.one_in(2)) {
                Some(no) => self.topic(no).town.clone(),
                None => self.dice.pick(&self.district.towns.clone()).unwrap(),
            };
            let no = no.filter(|no| self.topic(*no).town == town && self.bound.get(&self.topic(*no).group) == Some(no));
            let group = no.map_or_else(|| self.group_of(&town), |no| self.topic(no).group.clone());
            let round_table = self.dice.one_in(3);
            let name = if round_table { "邻里圆桌会" } else { "恳谈会" };
            let moderator = self.district.moderators[&town];
            let begins = (at + Duration::minutes(12)).with_timezone(&Shanghai);
            let line = format!("/活动 {name} {}月{}日{} 议事室", day.month(), day.day(), begins.format("%H:%M"));
            if let Some(found) = self.act("活动", moderator, &group, &line, r"📅 活动(\d+)号") {
                let (signed, minuted) = (Vec::new(), Vec::new());
                let one = Gathering { topic: no, town, group, off: false, round_table, signed, minuted };
                self.book.gatherings.insert(found[1].parse().unwrap(), one);
            }
            return;
        }
        let a = self.dice.pick(&open).unwrap();
        let one = self.book.gatherings[&a].clone();
        let moderator = self.district.moderators[&one.town];
        let group = one.group.clone();
        if self.dice.one_in(12) {
            return self.rearrange(a, day);
        }
        if self.dice.one_in(4) {
            if self.act("纪要", moderator, &group, &format!("/纪要 {a} 大家谈得好"), "纪要已存").is_some()
            {
                self.book.gatherings.get_mut(&a).unwrap().minuted.push(at);
            }
            return;
        }
        let people: BTreeSet<Person> = (0..4).map(|_| self.somebody(&one.town)).collect();
        let names: Vec<String> = people.iter().map(|by| self.name(*by)).collect();
        let line = format!("/签到 {a} {}", names.join(" "));
        if self.act("签到", moderator, &group, &line, r"签到(\d+)人").is_some() {
            let known: BTreeSet<Person> = one.signed.iter().map(|(_, by)| *by).collect();
            let new: Vec<(At, Person)> = people.difference(&known).map(|by| (at, *by)).collect();
            self.book.gatherings.get_mut(&a).unwrap().signed.extend(new.iter().copied());
            if let Some(no) = one.topic {
                self.topic_mut(no).came.extend(new);
            }
        }
    }

    /// 社情民意, 提案 and what comes of them.
    pub(super) fn write_up(&mut self) {
        let (member, coordinator, at) = (self.member(), self.district.coordinator, self.now());
        self.words += 1;
        let title = format!(
            "关于{}{}的建议第{}号",
            PLACES[self.dice.under(10)],
            THINGS[self.dice.under(12)],
            numeral(self.words)
        );
        match self.dice.under(6) {
            0 | 1 => {
                let line = format!("/社情民意 {title}｜情况：年久失修｜建议：早点修好");
                let Some(found) = self.act("社情民意", member, "g_all", &line, r"✅ 社情民意(\d+)号 已收")
                else {
                    return;
                };
                let no = found[1].parse().unwrap();
                self.book.briefs.insert(no, Brief { at, by: member, gone: false, adopted: Vec::new() });
                if self.dice.one_in(12) {
                    self.hall.pass(at + Duration::seconds(25));
                    if self.act("撤回社情民意", member, "g_all", "/撤回", "✅ 已撤回：社情民意").is_some()
                    {
                        self.book.briefs.get_mut(&no).unwrap().gone = true;
                    }
                }
            }
            2 => {
                let open: Vec<u32> = self.book.briefs.iter().filter(|(_, one)| !one.gone).map(|(no, _)| *no).collect();
                let Some(no) = self.dice.pick(&open) else { return };
                let level = self.dice.pick(&["区政协", "市政协", "省政协"]).unwrap();
                let line = format!("/采用 社{no} {level}");
                if self.act("采用", coordinator, "pm", &line, "🎉 社情民意").is_some() {
                    self.book.briefs.get_mut(&no).unwrap().adopted.push((at, level));
                }
            }
            3 => {
                let line = format!("/提案 {title}｜情况：年久失修｜建议：早点修好");
                let Some(found) = self.act("提案", member, "g_all", &line, r"✅ 微提案(\d+)号 已收") else {
                    return;
                };
                let one = Proposal { at, by: member, gone: false, filed: None, handler: None, answered: None };
                self.book.proposals.insert(found[1].parse().unwrap(), one);
            }
            _ => self.propose_on(),
        }
    }

    pub(super) fn propose_on(&mut self) {
        let (coordinator, at) = (self.district.coordinator, self.now());
        let open: Vec<u32> =
            self.book.proposals.iter().filter(|(_, one)| one.answered.is_none()).map(|(no, _)| *no).collect();
        let Some(no) = self.dice.pick(&open) else { return };
        let one = self.book.proposals[&no].clone();
        if one.filed.is_none() {
            if self.act("立案", coordinator, "pm", &format!("/立案 提{no}"), "已立案").is_some() {
                self.book.proposals.get_mut(&no).unwrap().filed = Some(at);
            }
        } else if let Some(handler) = one.handler {
            let class = self.dice.pick(&["A", "B", "C"]).unwrap();
            self.act("签收提案", handler, "pm", &format!("/签收 提{no}"), "已签收");
            let line = format!("/办理 提{no} 办结 {class} 已经研究过");
            if self.act("答复提案", handler, "pm", &line, "已答复").is_some() {
                self.book.proposals.get_mut(&no).unwrap().answered = Some((at, class != "C"));
            }
        } else {
            let handler = self.dice.pick(&self.district.handlers.clone()).unwrap();
            let line = format!("/交办 提{no} 区城管局 {}", self.name(handler));
            if self.act("交办提案", coordinator, "pm", &line, "已交办").is_some() {
                self.book.proposals.get_mut(&no).unwrap().handler = Some(handler);
            }
        }
    }

    pub(super) fn serve(&mut self) {
        let (member, at, heads) = (self.member(), self.now(), 2 + self.dice.under(20));
        let topic = self.topic_where(|_| true).filter(|_| self.dice.one_in(3));
        self.words += 1;
        let place = numeral(self.words);
        let visit = self.dice.one_in(2);
        let (kind, yes) =
            if visit { ("/走访", "✅ 已记“走访”") } else { ("/微调研", "✅ 已记“微调研”") };
        let about = topic.map_or(String::new(), |no| format!("{no}号 "));
        let line = format!("{kind} {about}第{place}组老人 {heads}人");
        if self.act("履职", member, "g_all", &line, yes).is_some() {
            let heads = u32::try_from(heads).unwrap();
            self.book.served.push(Served { at, by: member, visit, heads, topic, gone: false });
            if self.dice.one_in(12) {
                self.hall.pass(at + Duration::seconds(25));
                if self.act("撤回履职", member, "g_all", "/撤回", "✅ 已撤回：").is_some() {
                    self.book.served.last_mut().unwrap().gone = true;
                }
            }
        }
    }

    pub(super) fn hide(&mut self) {
        let hidden: Vec<(u32, u32)> = self
            .book
            .topics
            .iter()
            .filter(|(_, topic)| topic.is_live())
            .flat_map(|(no, topic)| {
                topic.suggestions.iter().filter(|(_, one)| one.word.hidden).map(move |(n, _)| (*no, *n))
            })
            .collect();
        if let Some((no, n)) = self.dice.pick(&hidden).filter(|_| self.dice.one_in(2)) {
            let (group, moderator) = self.seat(no);
            let line = format!("/取消隐藏 {no}-{n}");
            if self.act("取消隐藏", moderator, &group, &line, "已恢复显示").is_some() {
                self.topic_mut(no).suggestions.get_mut(&n).unwrap().word.hidden = false;
            }
            return;
        }
        let Some(no) = self.topic_where(|topic| topic.step >= Step::Talking) else { return };
        let Some(n) = self.some_suggestion(no) else { return };
        let (group, moderator) = self.seat(no);
        let reply = self.topic(no).suggestions[&n].replies.iter().position(Word::stands);
        match reply.filter(|_| self.dice.one_in(3)) {
            Some(at) => {
                let line = format!("/隐藏 {no}-{n} 跟帖{} 骂人", at + 1);
                if self.act("隐藏跟帖", moderator, &group, &line, "已按群规隐藏").is_some() {
                    self.topic_mut(no).suggestions.get_mut(&n).unwrap().replies[at].hidden = true;
                }
            }
            None => {
                let line = format!("/隐藏 {no}-{n} 骂人");
                if self.act("隐藏", moderator, &group, &line, "已按群规隐藏").is_some() {
                    self.topic_mut(no).suggestions.get_mut(&n).unwrap().word.hidden = true;
                }
            }
        }
    }

    /// 暂缓、恢复、终止、并案、再开.
    pub(super) fn turn_aside(&mut self) {
        let paused: Vec<u32> = self.numbers(|topic| topic.halt == Some(Halt::Paused));
        let closed: Vec<u32> = self.numbers(|topic| topic.step == Step::Closed && topic.halt.is_none());
        match self.dice.under(8) {
            0..=2 if !paused.is_empty() => {
                let no = self.dice.pick(&paused).unwrap();
                let (group, moderator) = self.seat(no);
                let told = self.act("恢复", moderator, &group, &format!("/推进 {no}"), &format!("【{no}号】(?s:.*)"));
                if let Some(told) = told {
                    self.topic_mut(no).halt = None;
                    self.read_terms(&told[0]);
                }
            }
            3 if !closed.is_empty() => {
                let (no, coordinator) = (self.dice.pick(&closed).unwrap(), self.district.coordinator);
                self.advance(no, coordinator);
            }
            4 => {
                let Some(no) = self.topic_where(|topic| topic.step < Step::Tracking && topic.poll.is_none()) else {
                    return;
                };
                let town = self.topic(no).town.clone();
                let into =
                    self.topic_where(|topic| topic.town == town && topic.step < Step::Tracking && topic.poll.is_none());
                let Some(into) = into.filter(|into| *into != no) else { return };
                // What is further on takes the other in.
                let is_further = self.topic(no).step > self.topic(into).step;
                let (no, into) = if is_further { (into, no) } else { (no, into) };
                let ((group, moderator), at) = (self.seat(no), self.now());
                let line = format!("/并案 {no} 并到 {into}");
                if self.act("并案", moderator, &group, &line, "🔗【").is_some() {
                    // What was said to it stays where it was said; who seconded it seconds the other.
                    self.topic_mut(no).halt = Some(Halt::Merged);
                    self.topic_mut(no).merged = Some((into, at));
                    let gone = self.topic(no);
                    let joined: Vec<_> = gone.joined.iter().chain(&gone.seconds).map(|(who, at)| (*who, *at)).collect();
                    self.topic_mut(into).joined.extend(joined);
                }
            }
            5 => {
                let Some(no) = self.topic_where(|topic| topic.poll.is_none()) else { return };
                let (group, moderator) = self.seat(no);
                if self.act("终止", moderator, &group, &format!("/终止 {no} 大家不要了"), "⏹【").is_some() {
                    self.topic_mut(no).halt = Some(Halt::Ended);
                }
            }
            _ => {
                let Some(no) = self.topic_where(|topic| topic.poll.is_none() && topic.step != Step::Noticing) else {
                    return;
                };
                let (group, moderator) = self.seat(no);
                if self.act("暂缓", moderator, &group, &format!("/暂缓 {no} 等补贴"), "⏸【").is_some() {
                    self.topic_mut(no).halt = Some(Halt::Paused);
                }
            }
        }
    }

    /// Terms that run on after a rest.
    pub(super) fn read_terms(&mut self, told: &str) {
        let pattern = Regex::new(r"办(\d+)号 暂缓的\d+天不算，期限顺延到(.*?)。").unwrap();
        let at = self.now();
        for found in pattern.captures_iter(told) {
            if let Some(task) = self.book.tasks.get_mut(&found[1].parse().unwrap()) {
                task.due = told_date(&found[2], at).unwrap();
            }
        }
    }

    pub(super) fn numbers(&self, fits: impl Fn(&Topic) -> bool) -> Vec<u32> {
        self.book.topics.iter().filter(|(_, topic)| !topic.gone && fits(topic)).map(|(no, _)| *no).collect()
    }

    /// What is refused: nothing of it may count.
    pub(super) fn nonsense(&mut self) {
        let town = self.dice.pick(&self.district.towns.clone()).unwrap();
        let (who, group) = (self.resident(&town), self.group_of(&town));
        let Some(no) = self.topic_where(|_| true) else { return };
        let (moderator, coordinator) = (self.district.moderators[&town], self.district.coordinator);
        let member = self.name(self.district.members[0]);
        let here = |line: String| (who, group.clone(), line);
        let lines = [
            here(format!("/买单 {no}")),
            here(format!("/推进 {no}")),
            here("/点赞 999-9".to_owned()),
            here(format!("/采纳 {no}-1")),
            here("/办结 9999 化解矛盾9".to_owned()),
            here("/建议".to_owned()),
            here("/社情民意 没有写全".to_owned()),
            here("/评价 办9999 满意".to_owned()),
            here("/活动 邻里圆桌会 每周六9:30 议事室".to_owned()),
            here(format!("/投票 {no} 排序 3天 先修哪里｜东头的灯｜西头的灯")),
            here(format!("/投票 {no} 作废 不想要了")),
            here(format!("/层级 {no} 界别")),
            here("/爱心项目 助学金 明德公司 20万 完成".to_owned()),
            (moderator, group.clone(), "/活动 停 没有这个会".to_owned()),
            (moderator, group.clone(), "/活动 9999 取消 下雨".to_owned()),
            (moderator, group.clone(), format!("/投票 {no} 单选 3天 先修哪里｜东头的灯")),
            (moderator, group.clone(), format!("/投票 {no} 多选9 3天 先修哪里｜东头的灯｜西头的灯")),
            (moderator, "pm".to_owned(), "/登记 张三丰 企业".to_owned()),
            (who, "pm".to_owned(), format!("/阵地 委员工作室 假工作室 {town} 每周三")),
            (who, "pm".to_owned(), format!("/撤回 履职 {member} 1 记重了")),
            (coordinator, "pm".to_owned(), format!("/阵地 茶馆 {town}茶馆 {town}")),
            (coordinator, "pm".to_owned(), "/阵地 停用 没有的阵地".to_owned()),
            (coordinator, "pm".to_owned(), format!("/层级 {no} 最高级")),
            (coordinator, "pm".to_owned(), "/爱心项目 9999 完成".to_owned()),
        ];
        let (who, place, line) = self.dice.pick(&lines).unwrap();
        self.act("被拒", who, &place, &line, "^\u{0}never");
    }
}
