//! 查单 — what is handed out, answered and rated.

use super::super::book::{Step, Task, TaskState, told_date};
use super::*;

impl Life {
    pub(super) fn track(&mut self, no: u32) {
        let tasks: Vec<u32> = self.book.tasks.iter().filter(|(_, task)| task.topic == no).map(|(no, _)| *no).collect();
        let ((group, moderator), at) = (self.seat(no), self.now());
        if tasks.is_empty() || (tasks.len() < 3 && self.dice.one_in(8)) {
            return self.assign(no);
        }
        if tasks.iter().all(|task| self.book.tasks[task].state == TaskState::Done) {
            let made = match self.dice.under(4) {
                0 => vec![("化解矛盾", 1)],
                1 => vec![("民生工程", 2)],
                2 => vec![("化解矛盾", 1), ("民生工程", 1)],
                _ => vec![("爱心项目", 1)],
            };
            let list: Vec<String> = made.iter().map(|(what, n)| format!("{what}{n}")).collect();
            let line = format!("/办结 {no} {}", list.join(" "));
            if self.act("办结", moderator, &group, &line, "🎉【").is_some() {
                let topic = self.topic_mut(no);
                topic.closings.push((at, made));
                topic.enter(Step::Closed, at);
            }
            return;
        }
        let open: Vec<u32> = tasks.into_iter().filter(|task| self.book.tasks[task].state != TaskState::Done).collect();
        let task = self.dice.pick(&open).unwrap();
        self.task_step(task);
    }

    pub(super) fn assign(&mut self, no: u32) {
        let ((group, _), at) = (self.seat(no), self.now());
        let (coordinator, handler) =
            (self.district.coordinator, self.dice.pick(&self.district.handlers.clone()).unwrap());
        let days = 2 + self.dice.under(20);
        let line = format!("/交办 {no} 区城管局 {} {days}天 把事办好", self.name(handler));
        let yes = r"📌 办(\d+)号 已交办(?s:.*?)期限：.*?，(.*?)前";
        let Some(found) = self.act("交办", coordinator, &group, &line, yes) else { return };
        let due = told_date(&found[2], at).unwrap();
        let task = Task {
            topic: no,
            due,
            handler,
            state: TaskState::Assigned,
            assigned: vec![at],
            refused: 0,
            rated: Vec::new(),
        };
        self.book.tasks.insert(found[1].parse().unwrap(), task);
    }

    pub(super) fn work(&mut self) {
        let open: Vec<u32> = self
            .book
            .tasks
            .iter()
            .filter(|(_, task)| task.state != TaskState::Done && self.book.topics[&task.topic].is_live())
            .map(|(no, _)| *no)
            .collect();
        match self.dice.pick(&open) {
            Some(task) => self.task_step(task),
            None => self.talk(),
        }
    }

    pub(super) fn task_step(&mut self, no: u32) {
        let task = self.book.tasks[&no].clone();
        let ((group, _), at, coordinator) = (self.seat(task.topic), self.now(), self.district.coordinator);
        let handler = task.handler;
        let set = |life: &mut Self, change: &dyn Fn(&mut Task)| change(life.book.tasks.get_mut(&no).unwrap());
        match task.state {
            TaskState::Assigned if self.dice.one_in(8) => {
                if self.act("退办", handler, &group, &format!("/退办 办{no} 不归我们管"), "退办：").is_some()
                {
                    set(self, &|task| task.state = TaskState::Returned);
                }
            }
            TaskState::Assigned => {
                if self.act("签收", handler, &group, &format!("/签收 办{no}"), "已签收").is_some() {
                    set(self, &|task| task.state = TaskState::Acked);
                }
            }
            TaskState::Acked if task.refused >= 2 && self.dice.one_in(2) => {
                let line = format!("/强制办结 办{no} 已尽力，写进明年计划");
                if self.act("强制办结", coordinator, &group, &line, "说明后办结").is_some() {
                    set(self, &|task| task.state = TaskState::Done);
                }
            }
            TaskState::Acked => match self.dice.under(6) {
                0 => {
                    let line = format!("/延期 办{no} 3天 等材料");
                    if let Some(found) = self.act("延期", handler, &group, &line, "新期限(.*?)。") {
                        let due = told_date(&found[1], at).unwrap();
                        set(self, &|task| task.due = due);
                    }
                }
                1 => drop(self.act("催办", coordinator, &group, &format!("/催办 办{no}"), "⏰ 办")),
                2 => drop(self.act("进展", handler, &group, &format!("/办理 办{no} 进展 正在做"), "进展已记")),
                3 if self.dice.one_in(2) => {}
                _ => {
                    if self.act("办理", handler, &group, &format!("/办理 办{no} 办结 A 办好了"), "已答复（").is_some()
                    {
                        set(self, &|task| task.state = TaskState::Answered);
                    }
                }
            },
            TaskState::Answered => self.rate(no, &group),
            TaskState::Returned => {
                let handler = self.dice.pick(&self.district.handlers.clone()).unwrap();
                let line = format!("/交办 办{no} 区住建局 {} 9天", self.name(handler));
                let yes = r"📌 办\d+号 已交办(?s:.*?)期限：.*?，(.*?)前";
                if let Some(found) = self.act("重新交办", coordinator, &group, &line, yes) {
                    let due = told_date(&found[1], at).unwrap();
                    set(self, &|task| {
                        (task.state, task.due, task.handler) = (TaskState::Assigned, due, handler);
                    });
                }
            }
            TaskState::Done => {}
        }
    }

    pub(super) fn rate(&mut self, no: u32, group: &str) {
        let (at, topic) = (self.now(), self.book.tasks[&no].topic);
        let proposer = self.topic(topic).proposer;
        let grade = self.dice.pick(&["满意", "满意", "基本满意", "不满意 还差一点"]).unwrap();
        let yes = "评价：(满意|基本满意|不满意)(?:.*新期限(.*?)。)?";
        let Some(found) = self.act("评价", proposer, group, &format!("/评价 办{no} {grade}"), yes) else { return };
        let task = self.book.tasks.get_mut(&no).unwrap();
        task.rated.push((at, found[1] != "不满意"));
        if found[1] == "不满意" {
            task.refused += 1;
            task.state = TaskState::Acked;
            task.due = told_date(&found[2], at).unwrap();
        } else {
            task.state = TaskState::Done;
        }
    }
}
