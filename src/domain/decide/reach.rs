//! 管到哪里 — whether the office of whoever speaks reaches what their command names: asked once, here, before any arm.
//!
//! [`named`] says of every command what it names on whose behalf; the compiler points there when a new one is missing. Whoever holds
//! no office is answered by the arm itself, and so is what somebody does as the one it belongs to (the lead, the one in charge, the author).

use crate::domain::about::{campaign, charity, tier};
use crate::domain::brief::ask::Ask as BriefAsk;
use crate::domain::brief::subject::Subject;
use crate::domain::command::Command;
use crate::domain::decide::charity as charities;
use crate::domain::decide::town::Written;
use crate::domain::history::duty;
use crate::domain::history::period::Ask as FiguresAsk;
use crate::domain::intake::station;
use crate::domain::kernel::ids::{BriefNo, GroupId, ProposalNo, TopicNo};
use crate::domain::kernel::say::Say;
use crate::domain::people::group::{Group, GroupKind, GroupPatch};
use crate::domain::people::person::{Person, Role, ScopeArg, Side};
use crate::domain::people::reach::{Act, Rank, who_may};
use crate::domain::people::town::Sort;
use crate::domain::process::topic::Topic;
use crate::domain::scene::Ctx;
use crate::domain::vote::{absence, nudge, poll};
use crate::domain::work::handover;

/// What a command names, as far as an office has to reach it.
enum Named {
    /// A topic, for whoever moderates it.
    Chaired(Box<Topic>),
    /// Something of a town, for whoever coordinates it; of none = the district's.
    Coordinated(String),
    /// A group, for whoever moderates there; `None` = no group at all.
    Group(Option<GroupId>),
    /// The group it is said in, to be this topic's: of the topic's own town, or for whoever moderates in it.
    Bound(Box<Topic>),
    /// A town or a sector as it is written: it has to be on its list.
    Written(Written),
    /// What is taken for a unit only because of where it stands, and whether town and sector are missing: it may be one of them mistyped.
    Loose(String, (bool, bool)),
}

impl Named {
    fn chaired(topic: Topic) -> Self {
        Self::Chaired(Box::new(topic))
    }
}

/// Lets pass whose office reaches everything the command names. What is written of a town or a sector has to be on its list; what may
/// be new is answered with a word about it.
///
/// # Errors
/// `e.role`, `e.role.ask`, `e.role.any`: who may. `e.town_unknown`, `e.town_moved`, `e.unit_like`: what was meant.
pub fn require(ctx: &Ctx<'_>, command: &Command) -> Result<Vec<Say>, Say> {
    let mut notes = Vec::new();
    if !ctx.scene.who.has_office() {
        return Ok(notes);
    }
    let (written, named): (Vec<Named>, Vec<Named>) =
        named(ctx, command).into_iter().partition(|named| matches!(named, Named::Written(_) | Named::Loose(..)));
    // A mistyped town is asked back before anybody hears that it is not theirs.
    for named in written.iter().chain(&named) {
        match named {
            Named::Written(written) => notes.extend(ctx.listed(written)?),
            Named::Loose(unit, missing) => ctx.require_unit(unit, *missing)?,
            Named::Chaired(topic) => ctx.require_moderator(topic)?,
            Named::Coordinated(town) => ctx.require_coordinator_of(town)?,
            Named::Group(group) => ctx.require_moderator_of(*group)?,
            Named::Bound(topic) => ctx.require_group_for(topic)?,
        }
    }
    Ok(notes)
}

fn written(sort: Sort, name: &str) -> Named {
    Named::Written(Written { sort, name: name.trim().to_owned() })
}

impl Ctx<'_> {
    /// Lets those pass who coordinate a town; of none, the district.
    ///
    /// # Errors
    /// `e.role.ask` with who does, `e.role.any` if nobody does.
    pub fn require_coordinator_of(&self, town: &str) -> Result<(), Say> {
        if self.coordinates(town) { Ok(()) } else { Err(self.ask(Role::Coordinator, town)) }
    }

    /// Lets those pass who may do this with somebody.
    ///
    /// # Errors
    /// `e.role.ask`, `e.role.any`: who may.
    pub fn require_reach(&self, act: Act, other: &Person) -> Result<(), Say> {
        if self.scene.who.may(act, Some(other), &other.town) {
            return Ok(());
        }
        Err(self.ask(who_may(act, Rank::of(other)), &other.town))
    }

    /// 群属于哪里 — a group is of its town; without one it is the district's once it is registered, before that of the topic it is
    /// bound to. `None` = nobody's yet.
    fn town_of_group(&self, group: &Group) -> Option<String> {
        let of_topic = || Some(self.world.bound_to(group)?.town);
        if group.kind.is_some_and(GroupKind::is_of_district) {
            return Some(String::new());
        }
        if group.kind.is_some() || !group.town.is_empty() { Some(group.town.clone()) } else { of_topic() }
    }

    /// Whoever moderates a topic takes a group for it only where it is of that topic's town, or one in which they moderate, too; a
    /// group of no town belongs to the topic it is bound to.
    fn require_group_for(&self, topic: &Topic) -> Result<(), Say> {
        let Some(group) = self.group().and_then(|group| self.world.group(group)) else { return Ok(()) };
        match (group.town.as_str(), self.bound_here()) {
            ("", Some(bound)) => self.require_moderator(&bound),
            ("", None) => Ok(()),
            (town, _) if town == topic.town => Ok(()),
            (_, _) => self.require_moderator_of(Some(group.id)),
        }
    }

    /// 建言属于哪里 — a brief is of the town of who wrote it; of none, the district's.
    pub(crate) fn town_of_info(&self, no: BriefNo) -> Option<String> {
        self.world.brief(no).map(|brief| self.town_of(brief.by))
    }

    pub(crate) fn town_of_proposal(&self, no: ProposalNo) -> Option<String> {
        self.world.proposal(no).map(|proposal| self.town_of(proposal.by))
    }

    pub(crate) fn town_of(&self, person: crate::domain::kernel::ids::PersonId) -> String {
        self.world.person(person).map(|person| person.base().to_owned()).unwrap_or_default()
    }

    pub(crate) fn town_of_subject(&self, subject: Subject) -> Option<String> {
        match subject {
            Subject::Topic(no) => self.world.topic(no).map(|topic| topic.town),
            Subject::Suggestion(reference) => self.world.topic(reference.topic).map(|topic| topic.town),
            Subject::Info(no) => self.town_of_info(no),
            Subject::Proposal(no) => self.town_of_proposal(no),
        }
    }

    /// A campaign is of the towns of what it is made of: whoever changes it reaches all of it. An empty one is the district's.
    pub(crate) fn towns_of_campaign(&self, campaign: &campaign::Campaign) -> Vec<String> {
        let items = self.world.campaign_items(campaign.no);
        let mut towns: Vec<String> = items.into_iter().filter_map(|item| self.town_of_item(item)).collect();
        towns.sort();
        towns.dedup();
        if towns.is_empty() { vec![String::new()] } else { towns }
    }

    fn town_of_item(&self, item: campaign::Item) -> Option<String> {
        match item {
            campaign::Item::Topic(no) => self.world.topic(no).map(|topic| topic.town),
            campaign::Item::Brief(no) => self.town_of_info(no),
        }
    }

    /// A charity project is of the town of its topic, else of who entered it.
    pub(crate) fn town_of_charity(&self, charity: &charity::Charity) -> String {
        let of_topic = charity.topic.and_then(|no| self.world.topic(no)).map(|topic| topic.town);
        of_topic.unwrap_or_else(|| self.town_of(charity.by))
    }
}

/// What a command names. Nothing = everybody may, or the arm knows whose it is.
#[allow(clippy::too_many_lines, reason = "one arm a command; the compiler points here when one is missing")]
fn named(ctx: &Ctx<'_>, command: &Command) -> Vec<Named> {
    let chaired = |written: Option<TopicNo>| -> Vec<Named> {
        ctx.resolve_topic(written, "ex.topic").ok().map(Named::chaired).into_iter().collect()
    };
    // And the group it is said in, which is to be of the topic's town.
    let chaired_here = |written: Option<TopicNo>| -> Vec<Named> {
        let topic = ctx.resolve_topic(written, "ex.topic").ok();
        topic.into_iter().flat_map(|topic| [Named::chaired(topic.clone()), Named::Bound(Box::new(topic))]).collect()
    };
    let coordinated = |town: Option<String>| town.map(Named::Coordinated).into_iter().collect::<Vec<_>>();
    let of_topic =
        |written: Option<TopicNo>| coordinated(ctx.resolve_topic(written, "ex.topic").ok().map(|topic| topic.town));
    let of_task = |written| coordinated(ctx.resolve_task(written, "ex.ack").ok().map(|(topic, _)| topic.town));
    match command {
        // Everybody, or whoever it belongs to.
        Command::Help(_)
        | Command::Plain(_)
        | Command::TopicList(_)
        | Command::TopicCard(_)
        | Command::LookUp(_)
        | Command::TopicNew { .. }
        | Command::Second(_)
        | Command::Suggest { .. }
        | Command::SuggestionList(..)
        | Command::SuggestionShow(_)
        | Command::Like(_)
        | Command::Reply { .. }
        | Command::Ballot { .. }
        | Command::BareChoice(_)
        | Command::Gathering(_)
        | Command::Chain(_)
        | Command::Undo
        | Command::TakeBack(_)
        | Command::Me
        | Command::Claim { .. }
        | Command::UsePass(_)
        | Command::ClaimWord { .. }
        | Command::Take { .. }
        | Command::Object { .. }
        | Command::Review { .. }
        | Command::Rate { .. }
        | Command::CardWords { .. }
        | Command::Mandate(_)
        | Command::Slip { .. }
        | Command::Attached { .. }
        | Command::Qr(_)
        | Command::Digest(_)
        | Command::Weekly(_) => Vec::new(),
        // The lead, the one in charge or who was asked, else whoever moderates: the arm knows which.
        Command::Plan { .. }
        | Command::Judge { .. }
        | Command::Answer { .. }
        | Command::Ack { .. }
        | Command::Progress { .. }
        | Command::Delay { .. }
        | Command::DelayUnsure { .. }
        | Command::SignIn { .. }
        | Command::Minutes { .. } => Vec::new(),
        // Whose people they are is the table of `people::reach`, asked where it is known who is meant.
        Command::MakePass { .. }
        | Command::MakePasses(_)
        | Command::SettleClaim { .. }
        | Command::SettleClaims
        // Each line names its own.
        | Command::EnrolAll(_)
        | Command::Personal(_)
        | Command::Account(_) => Vec::new(),
        Command::Enrol { side, unit, sector, town, loose, .. } => {
            let mut named = vec![written(Sort::Town, town), written(Sort::Sector, sector)];
            // Sectors are what members are of; 农机 is an expert's field.
            let no_sector = sector.is_empty() && *side == Side::Cppcc;
            named.extend(loose.then(|| Named::Loose(unit.clone(), (town.is_empty(), no_sector))));
            named
        }
        // For administrators, who reach everything; and the district's lists, which the arm asks for.
        Command::Grant { scope: Some(ScopeArg::Town(town)), withdraw: false, .. } => vec![written(Sort::Town, town)],
        Command::Grant { .. } | Command::Town(_) => Vec::new(),
        // Votes of every town wait for one clock: whoever looks after any of them may say what their watch says.
        Command::Clock(_) => Vec::new(),
        Command::Sort { topic, category } if !category.is_empty() => chaired(*topic),
        Command::Sort { .. } => Vec::new(),
        Command::Course(ask) if ask.kind.is_some() || ask.template.is_some() => chaired(ask.topic),
        Command::Course(_) => Vec::new(),
        Command::Pact { topic, text } if !text.trim().is_empty() => chaired(*topic),
        Command::Pact { .. } => Vec::new(),
        Command::Relay { topic, .. } => chaired(*topic),
        Command::Bind(no) => chaired_here(Some(*no)),
        // The group a vote is opened in reads its card, and without a roll votes in it.
        Command::OpenPoll { topic, .. } | Command::Poll(poll::Ask::Open { topic, .. }) => chaired_here(*topic),
        Command::Tally(topic)
        | Command::Part(topic)
        | Command::Advance { topic, .. }
        | Command::Invite { topic, .. }
        | Command::ProxyBallots { topic, .. }
        | Command::LimitTalk { topic, .. }
        | Command::Address { topic, .. }
        | Command::Notice { topic, .. }
        | Command::Back { topic, .. }
        | Command::Pause { topic, .. }
        | Command::End { topic, .. }
        | Command::Close { topic, .. }
        | Command::ShowRoll { topic, .. }
        | Command::LoadRoll { topic, .. } => chaired(*topic),
        Command::Split(ask) => chaired(ask.topic),
        Command::Merge { topic, into, .. } => chaired(*topic).into_iter().chain(chaired(Some(*into))).collect(),
        // Whoever it was said by may take part in it, too: the arm knows whose each thing is that is shown.
        Command::Hide(_) => Vec::new(),
        Command::Remind(nudge::Ask::Now(topic) | nudge::Ask::Switch(topic, _)) => chaired(*topic),
        Command::Poll(
            poll::Ask::Void { topic, .. } | poll::Ask::Correct { topic, .. } | poll::Ask::Extend { topic, .. },
        ) => chaired(*topic),
        Command::Poll(poll::Ask::Fill { .. } | poll::Ask::Show { .. }) => Vec::new(),
        Command::CallGathering { .. } | Command::Series(_) => match ctx.bound_here() {
            Some(topic) => vec![Named::chaired(topic)],
            None => vec![Named::Group(ctx.group())],
        },
        Command::OrderFor { .. } => vec![Named::Group(ctx.group())],
        Command::Absence(absence::Ask::Settle { topic, .. }) => of_topic(*topic),
        // One's own; of somebody else the arm asks who moderates.
        Command::Absence(absence::Ask::Leave { .. } | absence::Ask::Recuse { .. } | absence::Ask::Contest { .. }) => {
            Vec::new()
        }
        Command::Conflict(ask) => of_topic(ask.topic),
        Command::Assign { topic, .. } => of_topic(*topic),
        Command::Urge(task) => of_task(*task),
        Command::Handover(handover::Ask::Return { .. }) => Vec::new(),
        Command::Handover(handover::Ask::Reassign { task, .. }) => of_task(Some(*task)),
        Command::Handover(handover::Ask::Force { task, .. }) => of_task(*task),
        Command::Accept { slip, town, .. } => {
            let own = ctx.world.slip(*slip).map(|slip| ctx.world.town_of_slip(&slip));
            let mut named: Vec<Named> = coordinated(own).into_iter().chain(coordinated(town.clone())).collect();
            named.push(written(Sort::Town, town.as_deref().unwrap_or_default()));
            named
        }
        Command::Reject { slip, .. } | Command::Refer { slip, .. } => {
            coordinated(ctx.world.slip(*slip).map(|slip| ctx.world.town_of_slip(&slip)))
        }
        Command::GroupSet(patch) => of_group(ctx, patch),
        Command::Duty(ask) => of_duty(ctx, ask),
        Command::Brief(ask) => of_brief(ctx, ask),
        Command::Statistics(ask) => of_figures(ctx, ask),
        Command::Export(ask) => match ask {
            crate::domain::history::export::Ask::Topic(topic) => of_topic(*topic),
            crate::domain::history::export::Ask::Month(_) => Vec::new(),
        },
        Command::Station(ask) => of_station(ctx, ask),
        Command::Tier(tier::Ask::Set { topic, .. }) => of_topic(*topic),
        Command::Tier(tier::Ask::Plan { times, .. }) if times.is_empty() => Vec::new(),
        Command::Tier(tier::Ask::Plan { .. }) => coordinated(Some(String::new())),
        Command::Campaign(ask) => of_campaign(ctx, ask),
        Command::Charity(ask) => of_charity(ctx, ask),
    }
}

/// A group that is registered is its town's, or the district's; one that is not yet becomes that of who registers it. Asked of what it
/// was, and of what it becomes: a group of members or of a sector is the district's, whatever town is written beside it.
fn of_group(ctx: &Ctx<'_>, patch: &GroupPatch) -> Vec<Named> {
    let known = ctx.group().and_then(|id| ctx.world.group(id));
    let kind = patch.kind.or(known.as_ref().and_then(|group| group.kind));
    let before = known.and_then(|group| ctx.town_of_group(&group));
    let after = match (&patch.town, &before) {
        _ if kind.is_some_and(GroupKind::is_of_district) => Some(String::new()),
        (Some(town), _) => Some(town.clone()),
        (None, None) => Some(String::new()),
        (None, Some(_)) => None,
    };
    let mut named: Vec<Named> = before.into_iter().chain(after).map(Named::Coordinated).collect();
    named.extend(patch.town.as_deref().map(|town| written(Sort::Town, town)));
    named.extend(patch.sector.as_deref().map(|sector| written(Sort::Sector, sector)));
    named
}

/// Of others: for themselves everybody who serves.
fn of_duty(ctx: &Ctx<'_>, ask: &duty::Ask) -> Vec<Named> {
    match ask {
        duty::Ask::Serve { who: Some(_), topic: Some(no), .. } => {
            ctx.world.topic(*no).map(|topic| Named::Coordinated(topic.town)).into_iter().collect()
        }
        // Which of several people of one name is meant is found out by the arm, which asks the table.
        duty::Ask::Serve { .. } | duty::Ask::Card(_) | duty::Ask::TakeBack { .. } => Vec::new(),
    }
}

/// What the office does with briefs and proposals. Who wrote one, or has to answer it, is known to the arm.
fn of_brief(ctx: &Ctx<'_>, ask: &BriefAsk) -> Vec<Named> {
    let town = match ask {
        BriefAsk::InfoList
        | BriefAsk::InfoCard(_)
        | BriefAsk::Info { .. }
        | BriefAsk::Again { .. }
        | BriefAsk::ProposalList
        | BriefAsk::ProposalCard(_)
        | BriefAsk::Propose { .. }
        | BriefAsk::Ack { .. }
        | BriefAsk::Progress { .. }
        | BriefAsk::Delay { .. }
        | BriefAsk::Rate { .. } => None,
        BriefAsk::Deal { subject, .. }
        | BriefAsk::Adopt { subject, .. }
        | BriefAsk::Instruct { subject, .. }
        | BriefAsk::Absorb { subject, .. }
        | BriefAsk::Cover { subject, .. } => ctx.town_of_subject(*subject),
        BriefAsk::Assign { proposal, .. } | BriefAsk::Urge(proposal) => ctx.town_of_proposal(*proposal),
    };
    town.map(Named::Coordinated).into_iter().collect()
}

/// Figures of one town are its coordinator's; whatever else is asked for is the district's. Nothing written = one's own.
fn of_figures(ctx: &Ctx<'_>, ask: &FiguresAsk) -> Vec<Named> {
    let is_narrowed = ask.side.is_some() || ask.kind.is_some() || ask.tag.is_some();
    let is_own = !is_narrowed && ask.name.is_empty() && ctx.scene.who.office_town().is_some();
    if is_own || !ctx.scene.who.holds(Role::Coordinator) {
        return Vec::new();
    }
    let name = ctx.world.town_today(Sort::Town, &ask.name);
    let is_town = !is_narrowed && ctx.scene.who.coordinates(&name);
    vec![Named::Coordinated(if is_town { name } else { String::new() })]
}

fn of_station(ctx: &Ctx<'_>, ask: &station::Ask) -> Vec<Named> {
    let known = |name: &str| ctx.world.station_named(name.trim()).map(|station| station.town);
    let (towns, name) = match ask {
        station::Ask::List => (Vec::new(), None),
        station::Ask::Show(name) | station::Ask::Close(name) => (vec![known(name)], None),
        station::Ask::Set { name, town, .. } => {
            (vec![known(name), Some(town.trim().to_owned())], Some(written(Sort::Town, town)))
        }
    };
    towns.into_iter().flatten().map(Named::Coordinated).chain(name).collect()
}

fn of_campaign(ctx: &Ctx<'_>, ask: &campaign::Ask) -> Vec<Named> {
    let known = |name: &str| ctx.world.campaign_named(name.trim());
    let towns = match ask {
        campaign::Ask::List => Vec::new(),
        campaign::Ask::Show(name) => known(name).map(|known| ctx.towns_of_campaign(&known)).unwrap_or_default(),
        campaign::Ask::Set { name, items, .. } => {
            let mut towns: Vec<String> = items.iter().filter_map(|item| ctx.town_of_item(*item)).collect();
            towns.extend(known(name).map(|known| ctx.towns_of_campaign(&known)).unwrap_or_default());
            // A new one with nothing in it is the district's.
            if items.is_empty() && towns.is_empty() { vec![String::new()] } else { towns }
        }
    };
    towns.into_iter().map(Named::Coordinated).collect()
}

/// Members enter what they know of, and move on what they entered; whoever does it as a coordinator is asked for the scope.
fn of_charity(ctx: &Ctx<'_>, ask: &charity::Ask) -> Vec<Named> {
    let is_member = ctx.scene.who.holds(Role::Member);
    let town = match ask {
        charity::Ask::List => None,
        charity::Ask::Show(_) if is_member => None,
        charity::Ask::Show(which) => charities::known(ctx, which).ok().map(|known| ctx.town_of_charity(&known)),
        charity::Ask::Move(which, _) => {
            let known = charities::known(ctx, which).ok().filter(|known| known.by != ctx.me());
            known.map(|known| ctx.town_of_charity(&known))
        }
        charity::Ask::Register { .. } if is_member => None,
        charity::Ask::Register { topic, .. } => topic.and_then(|no| ctx.world.topic(no)).map(|topic| topic.town),
    };
    town.map(Named::Coordinated).into_iter().collect()
}
