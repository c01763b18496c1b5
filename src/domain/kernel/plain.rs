//! 大白话 — what somebody meant who wrote no command, as far as fixed words tell. It is answered, never acted upon.

use crate::domain::kernel::ids::TopicNo;

/// 意思 — what the words are about; the order is that in which it is decided where a message has words of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// 换了手机.
    Phone,
    /// 人工, 联系人: a person to ask.
    Office,
    /// 投诉, 报修: nothing that is consulted about.
    Complain,
    /// 我是谁, 怎么登记.
    Who,
    /// 删除我的信息.
    Erase,
    /// 英文.
    Language,
    /// 委托我儿子投票.
    Mandate,
    /// 怎么取消报名, 去不了了.
    Leave,
    /// 不想附议了.
    Unsecond,
    /// 我投了什么.
    Voted,
    /// 发错了.
    Undo,
    /// 我提的那件事.
    Mine,
    /// 报名, 活动.
    Join,
    /// 附议.
    Second,
    /// 投票.
    Vote,
    /// 提意见.
    Suggest,
    /// 反映一件事.
    Order,
    /// 在办的有哪些.
    List,
    /// 帮帮我, 怎么用.
    Help,
}

impl Wish {
    /// All, as they are decided.
    pub const ALL: [Self; 19] = [
        Self::Phone,
        Self::Office,
        Self::Complain,
        Self::Who,
        Self::Erase,
        Self::Language,
        Self::Mandate,
        Self::Leave,
        Self::Unsecond,
        Self::Voted,
        Self::Undo,
        Self::Mine,
        Self::Join,
        Self::Second,
        Self::Vote,
        Self::Suggest,
        Self::Order,
        Self::List,
        Self::Help,
    ];

    /// Key of its words in `commands/plain.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Phone => "plain.phone",
            Self::Office => "plain.office",
            Self::Complain => "plain.complain",
            Self::Who => "plain.who",
            Self::Erase => "plain.erase",
            Self::Language => "plain.language",
            Self::Mandate => "plain.mandate",
            Self::Leave => "plain.leave",
            Self::Unsecond => "plain.unsecond",
            Self::Voted => "plain.voted",
            Self::Undo => "plain.undo",
            Self::Mine => "plain.mine",
            Self::Join => "plain.join",
            Self::Second => "plain.second",
            Self::Vote => "plain.vote",
            Self::Suggest => "plain.suggest",
            Self::Order => "plain.order",
            Self::List => "plain.list",
            Self::Help => "plain.help",
        }
    }
}

/// 话 — what a message without a command comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plain {
    /// 您好, and nothing else.
    Hello,
    /// 谢谢, and nothing else.
    Thanks,
    /// 好的, or no word at all: nothing to answer.
    Nothing,
    /// Anything else.
    Said(Spoken),
}

/// Words about something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spoken {
    /// What is wanted, where fixed words tell.
    pub wish: Option<Wish>,
    /// Whether it asks: 什么时候, 吗.
    pub asks: bool,
    /// A topic by its number.
    pub number: Option<TopicNo>,
    /// What is left without the words that tell no matter from another, simplified and folded: runs of Chinese, or single words.
    pub about: Vec<String>,
    /// The message as the text of a request: in one line, without greetings; empty where it says nothing of its own.
    pub request: String,
    /// 我是沈红 — the name somebody says is theirs, where they say nothing else; empty otherwise.
    pub name: String,
}
