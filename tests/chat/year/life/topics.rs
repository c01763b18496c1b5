//! 四单六步 — what is asked for, talked over, posted, reviewed and voted on.

use super::super::book::{Objection, Person, Slip, Step, Suggestion, Topic, Word, date, told_date};
use super::super::district::Chat;
use super::super::polls::{Asks, Poll};
use super::*;

impl Life {
    /// 点单, by every way there is.
    pub(super) fn ask(&mut self) {
        let town = self.dice.pick(&self.district.towns.clone()).unwrap();
        self.words += 1;
        let (place, thing) = (PLACES[self.dice.under(10)], THINGS[self.dice.under(12)]);
        let title = format!("{place}{thing}怎么弄第{}件", numeral(self.words));
        let (group, at) = (self.group_of(&town), self.now());
        let asked = r"✅ 点单成功：【(\d+)号】";
        let who = if self.dice.one_in(5) { self.member() } else { self.resident(&town) };
        match self.dice.under(10) {
            0..6 => {
                let line = format!("/议题 新建 {title}");
                let Some(found) = self.act("点单", who, &group, &line, asked) else { return };
                let no = found[1].parse().unwrap();
                self.book.topics.insert(no, Topic::new(at, town, who, group.clone()));
                if self.dice.one_in(20) {
                    self.hall.pass(at + Duration::seconds(30));
                    if self.act("撤回点单", who, &group, "/撤回", "✅ 已撤回：点单").is_some() {
                        self.topic_mut(no).gone = true;
                    }
                }
            }
            6..8 => {
                let moderator = self.district.moderators[&town];
                let line = format!("/代点 电话 {}：新建 {title}", self.name(who));
                if let Some(found) = self.act("代点", moderator, &group, &line, asked) {
                    self.book.topics.insert(found[1].parse().unwrap(), Topic::new(at, town, who, group));
                }
            }
            _ => {
                let (name, coordinator) = (self.name(who), self.district.coordinator);
                let station = self.station_in(&town);
                let told = self.hall.form(&name, &station, &title);
                let page: Vec<Letter> = told.into_iter().filter(|letter| letter.to == "page").collect();
                let Some(found) = self.judge("扫码", who, "page", &title, r"受理号 W(\d+)", &page) else { return };
                let slip = self.book.slips.len();
                self.book.slips.push(Slip { at, station, by: who, topic: None });
                self.hall.pass(at + Duration::seconds(40));
                if self.dice.one_in(6) {
                    let line = format!("/不予受理 W{} 个人的事", found[1]);
                    self.act("不予受理", coordinator, "pm", &line, "不予受理：");
                    return;
                }
                let kind = self.dice.pick(&["智力支持型", "牵线搭桥型", "公益活动型"]).unwrap();
                let (line, at) = (format!("/受理 W{} {town} {kind}", found[1]), self.now());
                if let Some(found) = self.act("受理", coordinator, "pm", &line, asked) {
                    let flow = ["六步", "圆桌", "公益"]
                        [["智力支持型", "牵线搭桥型", "公益活动型"].iter().position(|one| *one == kind).unwrap()];
                    let (no, topic) =
                        (found[1].parse().unwrap(), Topic { kind, flow, ..Topic::new(at, town, who, group) });
                    self.book.topics.insert(no, topic);
                    self.book.slips[slip].topic = Some(no);
                }
            }
        }
    }

    /// Whatever brings a topic on.
    pub(super) fn push(&mut self, day: NaiveDate) {
        let Some(no) = self.topic_where(|_| true) else { return };
        match self.topic(no).step {
            Step::Ordered => self.take(no),
            Step::Taken => self.begin(no),
            Step::Talking => self.talked(no),
            Step::Planning => self.plan(no),
            Step::Noticing => self.noticed(no, day),
            Step::Reviewing => self.review(no),
            Step::Voting => self.vote(no, day),
            Step::Tracking => self.track(no),
            Step::Closed => {}
        }
    }

    pub(super) fn advance(&mut self, no: u32, who: Person) {
        let ((group, _), at) = (self.seat(no), self.now());
        let line = format!("/推进 {no}");
        let Some(found) = self.act("推进", who, &group, &line, &format!("[▶🔁]【{no}号】([^\n]*)")) else {
            return;
        };
        let told = &found[1];
        let steps = [
            ("②", Step::Talking),
            ("③", Step::Planning),
            ("⑤", Step::Reviewing),
            ("⑥", Step::Voting),
            ("查单", Step::Tracking),
        ];
        if let Some((_, step)) = steps.iter().find(|(word, _)| told.contains(word)) {
            self.topic_mut(no).enter(*step, at);
        }
    }

    pub(super) fn take(&mut self, no: u32) {
        let (member, (group, _), at) = (self.member(), self.seat(no), self.now());
        if self.act("买单", member, &group, &format!("/买单 {no}"), "委员已买单").is_some() {
            let topic = self.topic_mut(no);
            topic.lead = Some(member);
            topic.taken_by.get_or_insert((at, member));
            topic.enter(Step::Taken, at);
        }
    }

    pub(super) fn begin(&mut self, no: u32) {
        let ((group, moderator), at) = (self.seat(no), self.now());
        match self.dice.under(6) {
            0 => {
                let choices = ["智力支持型", "六步", "简易", "公益活动型", "圆桌"];
                let choice = self.dice.pick(&choices).unwrap();
                let yes = format!("【{no}号】(.*?型)，走“(.*?)”");
                let line = format!("/类型 {no} {choice}");
                let known = self.book.active.len();
                if self.act("类型", moderator, &group, &line, &yes).is_some() {
                    let topic = self.topic_mut(no);
                    let before = (topic.kind, topic.flow);
                    match choice {
                        "智力支持型" => (topic.kind, topic.flow) = ("智力支持型", "六步"),
                        "六步" => {
                            topic.flow = "六步";
                            topic.kind = if topic.kind == "公益活动型" { "智力支持型" } else { topic.kind };
                        }
                        "公益活动型" => (topic.kind, topic.flow) = ("公益活动型", "公益"),
                        "圆桌" => {
                            topic.flow = "圆桌";
                            topic.kind = if topic.kind == "公益活动型" { "牵线搭桥型" } else { topic.kind };
                        }
                        _ => {
                            topic.flow = "简易";
                            // Charity has no talk.
                            topic.kind = if topic.kind == "公益活动型" { "牵线搭桥型" } else { topic.kind };
                        }
                    }
                    // What it is already is only shown.
                    if (topic.kind, topic.flow) == before {
                        self.book.active.truncate(known);
                    }
                }
            }
            1 | 2 => {
                let guests = [self.district.experts.clone(), self.district.handlers.clone()];
                let (expert, handler) = (self.dice.pick(&guests[0]).unwrap(), self.dice.pick(&guests[1]).unwrap());
                let line = format!("/邀请 {no} {} 专家；{} 部门", self.name(expert), self.name(handler));
                if self.act("邀请", moderator, &group, &line, "✅ 已邀请2人").is_some() {
                    let topic = self.topic_mut(no);
                    topic.invited.extend([(at, expert), (at, handler)]);
                }
            }
            3 => {
                let town = self.topic(no).town.clone();
                let fits = |chat: &&Chat| chat.kind == "讨论组群" && chat.town == town;
                let rooms: Vec<String> = self.district.chats.iter().filter(fits).map(|chat| chat.id.clone()).collect();
                let is_free = |room: &String| self.bound.get(room).is_none_or(|no| !self.book.topics[no].is_live());
                let rooms: Vec<String> = rooms.into_iter().filter(is_free).collect();
                let Some(room) = self.dice.pick(&rooms) else { return };
                if self.act("绑定", moderator, &room, &format!("/绑定 {no}"), "✅ 本群已绑定").is_some() {
                    self.bound.insert(room.clone(), no);
                    self.topic_mut(no).group = room;
                }
            }
            _ => self.advance(no, moderator),
        }
    }

    pub(super) fn talked(&mut self, no: u32) {
        let topic = self.topic(no);
        let n = topic.suggestions.values().filter(|one| one.word.stands()).count();
        let (is_free, (_, moderator)) = (topic.poll.is_none(), self.seat(no));
        match self.dice.under(8) {
            _ if n < 4 => self.suggest(no),
            0 if !is_free && self.dice.one_in(3) => self.void(no),
            _ if !is_free => self.ballot(no),
            0..=2 => self.straw(no),
            _ => self.advance(no, moderator),
        }
    }

    pub(super) fn suggest(&mut self, no: u32) {
        let town = self.topic(no).town.clone();
        let ((group, moderator), who, text, at) = (self.seat(no), self.somebody(&town), self.text(), self.now());
        let relayed = self.dice.one_in(8) && self.bound.get(&group) == Some(&no);
        let found = if relayed {
            let line = format!("/代录 {}：{text}", self.name(who));
            self.act("代录", moderator, &group, &line, r"记下建议(\d+)-(\d+)")
        } else {
            let line = format!("/建议 {no} {text}");
            self.act("建议", who, &group, &line, r"✅ 已记建议(\d+)-(\d+)")
        };
        let Some(found) = found else { return };
        assert_eq!(found[1], no.to_string());
        let n: u32 = found[2].parse().unwrap();
        let word = Word::new(at, who);
        let one = Suggestion { word, likes: BTreeMap::new(), replies: Vec::new(), verdict: None };
        self.topic_mut(no).suggestions.insert(n, one);
        if relayed {
            return;
        }
        match self.dice.under(25) {
            0 => {
                self.hall.pass(at + Duration::seconds(20));
                if self.act("撤回建议", who, &group, "/撤回", "✅ 已撤回：建议").is_some() {
                    self.topic_mut(no).suggestions.get_mut(&n).unwrap().word.gone = true;
                }
            }
            1 => {
                self.hall.pass(at + Duration::seconds(20));
                let (name, line) = (self.name(who), format!("/建议 {no} 改一改：{text}"));
                let told = self.hall.change(&name, &group, &line);
                self.judge("改话", who, &group, &line, "已按您的修改更正", &told);
            }
            _ => {}
        }
    }

    pub(super) fn straw(&mut self, no: u32) {
        let ((group, moderator), at) = (self.seat(no), self.now());
        if self.topic(no).roll.is_empty() {
            self.load_roll(no);
            return;
        }
        let ends = moment(date(at) + Duration::days(2), 20, self.dice.under(30) as u32);
        let seats = self.topic(no).roll.len();
        let (line, yes, poll) = match self.dice.under(8) {
            0 => {
                let line = format!("/投票 {no} 摸底 {} 是否支持往下做", Self::written(ends));
                (line, "摸底开始", Poll::new(false, "摸底", seats, ends))
            }
            1 => {
                let line = format!("/投票 {no} 过半 {} 先试着做一个月 不记名", Self::written(ends));
                (line, "表决开始", Poll { secret: true, ..Poll::new(false, "过半", seats, ends) })
            }
            n => {
                let poll = self.with_options(n, Poll::new(false, "摸底", seats, ends));
                let (asks, secret) = (poll.asks.written(), if poll.secret { " 不记名" } else { "" });
                let line =
                    format!("/投票 {no} {asks} {} 先修哪里｜{}{secret}", Self::written(ends), poll.options.join("｜"));
                (line, "投票开始", poll)
            }
        };
        let what = if poll.options.is_empty() { "摸底" } else { "选项投票" };
        if self.act(what, moderator, &group, &line, yes).is_some() {
            self.topic_mut(no).poll = Some(poll);
        }
    }

    /// A poll by one of the ways options are asked for.
    fn with_options(&mut self, n: usize, poll: Poll) -> Poll {
        let many = ["楼道的灯", "下水管道", "自行车棚", "小区大门"];
        let options =
            if self.dice.one_in(3) { vec!["先修东头", "先修西头"] } else { many[..3 + n % 2].to_vec() };
        let asks = match n {
            2 => Asks::Single,
            3 => Asks::Multiple(2),
            4 => Asks::Budget(10),
            _ => Asks::Ranked,
        };
        Poll { asks, options, secret: self.dice.one_in(4), ..poll }
    }

    /// 作废 — what was voted counts for nothing.
    pub(super) fn void(&mut self, no: u32) {
        let (group, moderator) = self.seat(no);
        let line = format!("/投票 {no} 作废 问题写错了");
        if self.act("投票作废", moderator, &group, &line, "表决作废").is_some() {
            self.topic_mut(no).poll = None;
        }
    }

    pub(super) fn written(at: At) -> String {
        let at = at.with_timezone(&Shanghai);
        format!("{}年{}月{}日{}", at.year(), at.month(), at.day(), at.format("%H:%M"))
    }

    pub(super) fn plan(&mut self, no: u32) {
        let ((group, moderator), at) = (self.seat(no), self.now());
        let topic = self.topic(no);
        let unjudged: Vec<u32> = topic
            .suggestions
            .iter()
            .filter(|(_, one)| one.word.stands() && one.verdict.is_none())
            .map(|(n, _)| *n)
            .collect();
        let plans = topic.plans;
        match self.dice.under(4) {
            0 | 1 if !unjudged.is_empty() => self.judge_one(no, unjudged[0]),
            2 if plans == 0 || self.dice.one_in(3) => {
                let (lead, text) = (self.topic(no).lead.unwrap(), self.text());
                let line = format!("/方案 {no} 分两步办：{text}");
                if self.act("方案", lead, &group, &line, "方案第(\\d+)稿已存").is_some() {
                    let topic = self.topic_mut(no);
                    topic.plans += 1;
                    topic.came.push((at, lead));
                }
            }
            _ => {
                let line = format!("/公示 {no} 3天");
                let Some(found) = self.act("公示", moderator, &group, &line, "期限：.*?至(.*?)24时") else {
                    return;
                };
                let ends = told_date(&found[1], at);
                let topic = self.topic_mut(no);
                topic.notice_ends = ends;
                topic.enter(Step::Noticing, at);
            }
        }
    }

    pub(super) fn judge_one(&mut self, no: u32, n: u32) {
        let ((group, moderator), at, roll) = (self.seat(no), self.now(), self.dice.under(5));
        let (line, adopted) = match roll {
            0 => (format!("/采纳 {no}-{n} 不 眼下做不到"), false),
            1 => (format!("/采纳 {no}-{n} 部分 先做一半"), true),
            _ => (format!("/采纳 {no}-{n}"), true),
        };
        let yes = format!("建议{no}-{n} (已采纳|部分采纳|未采纳)");
        if self.act("采纳", moderator, &group, &line, &yes).is_some() {
            let one = self.topic_mut(no).suggestions.get_mut(&n).unwrap();
            one.verdict = Some((at, adopted));
        }
    }

    pub(super) fn noticed(&mut self, no: u32, day: NaiveDate) {
        let ((group, moderator), at) = (self.seat(no), self.now());
        let topic = self.topic(no);
        let open: Vec<u32> =
            topic.objections.iter().filter(|(_, one)| one.is_open && one.word.stands()).map(|(n, _)| *n).collect();
        let is_over = topic.notice_ends.is_some_and(|ends| day > ends);
        let (town, roll) = (topic.town.clone(), topic.roll.clone());
        match self.dice.under(4) {
            0 if !is_over => {
                let (who, text) =
                    (if roll.is_empty() { self.resident(&town) } else { self.dice.pick(&roll).unwrap() }, self.text());
                let line = format!("/异议 {no} {text}");
                let Some(found) = self.act("异议", who, &group, &line, r"公示意见 (\d+)-异(\d+)") else {
                    return;
                };
                let word = Word::new(at, who);
                let one = Objection { word, answered: Vec::new(), is_open: true };
                self.topic_mut(no).objections.insert(found[2].parse().unwrap(), one);
            }
            1 | 2 if !open.is_empty() => {
                let (n, text) = (open[0], self.text());
                let line = format!("/答复 {no}-异{n} {text}");
                if self.act("答复", moderator, &group, &line, "已答复").is_some() {
                    let one = self.topic_mut(no).objections.get_mut(&n).unwrap();
                    one.answered.push((at, moderator));
                    one.is_open = false;
                }
            }
            3 if self.dice.one_in(30) => self.send_back(no),
            _ if is_over => self.advance(no, moderator),
            _ => {}
        }
    }

    pub(super) fn send_back(&mut self, no: u32) {
        let ((group, moderator), at) = (self.seat(no), self.now());
        if self.act("退回", moderator, &group, &format!("/退回 {no} 再商量一稿"), "↩【").is_some() {
            let topic = self.topic_mut(no);
            // A vote that was stopped counts for nothing.
            topic.poll = None;
            (topic.notice_ends, topic.reviewed, topic.pact) = (None, false, false);
            topic.enter(Step::Planning, at);
        }
    }

    pub(super) fn review(&mut self, no: u32) {
        let ((group, moderator), at) = (self.seat(no), self.now());
        let topic = self.topic(no);
        let experts: Vec<Person> =
            topic.invited.iter().map(|(_, by)| *by).filter(|by| self.district.people[*by].side == "专家").collect();
        match (topic.reviewed, topic.pact, topic.roll.is_empty()) {
            (false, ..) if experts.is_empty() => {
                let expert = self.dice.pick(&self.district.experts.clone()).unwrap();
                let line = format!("/邀请 {no} {} 专家", self.name(expert));
                if self.act("邀请", moderator, &group, &line, "✅ 已邀请1人").is_some() {
                    self.topic_mut(no).invited.push((at, expert));
                }
            }
            (false, ..) => {
                let (expert, text) = (experts[0], self.text());
                let line = format!("/专家 {no} 同意 {text}");
                if self.act("专家", expert, &group, &line, "✅ 专家意见已记").is_some() {
                    let topic = self.topic_mut(no);
                    topic.reviewed = true;
                    topic.came.push((at, expert));
                }
            }
            (true, false, _) => {
                let line = format!("/公约 {no} 一、大家一起爱护；二、坏了就报修");
                if self.act("公约", moderator, &group, &line, "公约第").is_some() {
                    self.topic_mut(no).pact = true;
                }
            }
            (true, true, true) => self.load_roll(no),
            (true, true, false) => self.advance(no, moderator),
        }
    }

    pub(super) fn load_roll(&mut self, no: u32) {
        let (town, (_, moderator)) = (self.topic(no).town.clone(), self.seat(no));
        let residents = self.district.residents[&town].clone();
        let n = residents.len().min(8);
        let first = self.dice.under(residents.len() - n + 1);
        let roll: Vec<Person> = residents[first..first + n].to_vec();
        let rows: Vec<String> =
            roll.iter().map(|by| format!("{},{},{}", self.district.people[*by].room, self.name(*by), 80)).collect();
        let line = format!("/名册 {no}\n{}", rows.join("\n"));
        if self.act("名册", moderator, "pm", &line, "名册已载入").is_some() {
            self.topic_mut(no).roll = roll;
        }
    }

    pub(super) fn vote(&mut self, no: u32, day: NaiveDate) {
        let ((group, moderator), topic) = (self.seat(no), self.topic(no));
        if topic.poll.is_some() {
            return if self.dice.one_in(25) { self.void(no) } else { self.ballot(no) };
        }
        if topic.failed > 0 || self.dice.one_in(20) {
            return self.send_back(no);
        }
        let rule = self.dice.pick(&["业主一般", "业主重大", "过半", "一致"]).unwrap();
        let ends = moment(day + Duration::days(3), 20, self.dice.under(30) as u32);
        let seats = self.topic(no).roll.len();
        let poll = Poll { secret: self.dice.one_in(4), ..Poll::new(true, rule, seats, ends) };
        let secret = if poll.secret { " 不记名" } else { "" };
        let line = format!("/投票 {no} {rule} {} 同意按方案办{secret}", Self::written(ends));
        if self.act("投票", moderator, &group, &line, "表决开始").is_some() {
            self.topic_mut(no).poll = Some(poll);
        }
    }

    /// Whatever vote is open, a few more vote in it.
    pub(super) fn vote_somewhere(&mut self) {
        match self.topic_where(|topic| topic.poll.is_some()) {
            Some(no) => self.ballot(no),
            None => self.like(),
        }
    }

    pub(super) fn ballot(&mut self, no: u32) {
        let (at, roll) = (self.now(), self.topic(no).roll.clone());
        // Several of a household's neighbours in one go, so that enough take part.
        for n in 0..3 {
            let voter = self.dice.pick(&roll).unwrap();
            self.hall.pass(at + Duration::seconds(5 * i64::from(n)));
            match self.topic(no).poll.as_ref().map(|poll| poll.asks) {
                Some(Asks::Choice) => self.say_yes_or_no(no, voter),
                Some(_) => self.mark(no, voter),
                None => return,
            }
        }
    }

    fn say_yes_or_no(&mut self, no: u32, voter: Person) {
        let yes = self.dice.under(10) < 8;
        let (line, now) = (format!("投 {no}号 {}", if yes { 1 } else { 2 }), self.now());
        if self.act("投票人", voter, "pm", &line, "✅ 已(改)?记").is_some() {
            let poll = self.topic_mut(no).poll.as_mut().unwrap();
            poll.ballots.insert(voter, (now, yes));
            if !yes {
                poll.against.insert(voter);
            }
        }
    }

    /// Options, in whatever order; 弃权 now and then; more than may be marked, which is refused.
    fn mark(&mut self, no: u32, voter: Person) {
        let poll = self.topic(no).poll.clone().unwrap();
        let mut order: Vec<usize> = (0..poll.options.len()).collect();
        for at in (1..order.len()).rev() {
            order.swap(at, self.dice.under(at + 1));
        }
        let some = 1 + self.dice.under(order.len());
        let (marks, is_right): (Vec<(usize, u32)>, bool) = match poll.asks {
            _ if self.dice.one_in(12) => (Vec::new(), true),
            Asks::Single => (order[..1].iter().map(|option| (*option, 1)).collect(), true),
            Asks::Multiple(most) => (order[..some].iter().map(|option| (*option, 1)).collect(), some <= most),
            Asks::Budget(points) => {
                let each = 1 + self.dice.under(6) as u32;
                let marks: Vec<(usize, u32)> = order[..some].iter().map(|option| (*option, each)).collect();
                (marks, each * some as u32 <= points)
            }
            Asks::Ranked | Asks::Choice => (order[..some].iter().map(|option| (*option, 1)).collect(), true),
        };
        let written: Vec<String> = marks
            .iter()
            .map(|(option, n)| match poll.asks {
                Asks::Budget(_) => format!("{}:{n}", option + 1),
                _ => (option + 1).to_string(),
            })
            .collect();
        let said = if marks.is_empty() { "弃权".to_owned() } else { written.join(",") };
        let what = if is_right { "选项票" } else { "选项票写多了" };
        let found = self.act(what, voter, "pm", &format!("投 {no}号 {said}"), "✅ 已(改)?记");
        if found.is_some() {
            assert!(is_right, "{said} is too much for {:?}", poll.asks);
            self.topic_mut(no).poll.as_mut().unwrap().marks.insert(voter, marks);
        }
    }

    pub(super) fn talk(&mut self) {
        let Some(no) = self.topic_where(|topic| matches!(topic.step, Step::Talking | Step::Planning)) else { return };
        if self.dice.one_in(3) { self.answer_to(no) } else { self.suggest(no) }
    }

    pub(super) fn some_suggestion(&mut self, no: u32) -> Option<u32> {
        let standing: Vec<u32> =
            self.topic(no).suggestions.iter().filter(|(_, one)| one.word.stands()).map(|(n, _)| *n).collect();
        self.dice.pick(&standing)
    }

    pub(super) fn answer_to(&mut self, no: u32) {
        let Some(n) = self.some_suggestion(no) else { return };
        let town = self.topic(no).town.clone();
        let ((group, _), who, text, at) = (self.seat(no), self.somebody(&town), self.text(), self.now());
        if self.act("跟帖", who, &group, &format!("/跟帖 {no}-{n} {text}"), "✅ 已跟帖").is_some() {
            let one = self.topic_mut(no).suggestions.get_mut(&n).unwrap();
            one.replies.push(Word::new(at, who));
            if self.dice.one_in(15) {
                self.hall.pass(at + Duration::seconds(25));
                if self.act("撤回跟帖", who, &group, "/撤回", "✅ 已撤回：跟帖").is_some() {
                    let one = self.topic_mut(no).suggestions.get_mut(&n).unwrap();
                    one.replies.last_mut().unwrap().gone = true;
                }
            }
        }
    }

    pub(super) fn like(&mut self) {
        let Some(no) = self.topic_where(|topic| topic.step >= Step::Talking && topic.step < Step::Tracking) else {
            return;
        };
        let Some(n) = self.some_suggestion(no) else { return };
        let town = self.topic(no).town.clone();
        let ((group, _), who, at) = (self.seat(no), self.somebody(&town), self.now());
        if self.act("点赞", who, &group, &format!("/点赞 {no}-{n}"), "👍 \\d+-\\d+ 已有").is_some() {
            self.topic_mut(no).suggestions.get_mut(&n).unwrap().likes.insert(who, at);
            if self.dice.one_in(20) {
                self.hall.pass(at + Duration::seconds(25));
                if self.act("撤回点赞", who, &group, "/撤回", "✅ 已撤回：点赞").is_some() {
                    self.topic_mut(no).suggestions.get_mut(&n).unwrap().likes.remove(&who);
                }
            }
        }
    }

    pub(super) fn second(&mut self) {
        let Some(no) = self.topic_where(|topic| topic.step < Step::Tracking) else { return };
        let town = self.topic(no).town.clone();
        let ((group, _), who, at) = (self.seat(no), self.somebody(&town), self.now());
        // Whoever seconded it before is told so in the same words, and counts once.
        let is_known = self.topic(no).seconds.contains_key(&who) || self.topic(no).joined.contains_key(&who);
        let known = self.book.active.len();
        if self.act("附议", who, &group, &format!("/附议 {no}"), &format!("👍 已附议【{no}号】")).is_some()
        {
            if is_known {
                self.book.active.truncate(known);
                return;
            }
            self.topic_mut(no).seconds.insert(who, at);
            if self.dice.one_in(20) {
                self.hall.pass(at + Duration::seconds(25));
                if self.act("撤回附议", who, &group, "/撤回", "✅ 已撤回：附议").is_some() {
                    self.topic_mut(no).seconds.remove(&who);
                }
            }
        }
    }
}
