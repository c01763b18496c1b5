//! 专题 — who may set one, and the list.

use crate::domain::about::campaign::{Ask, Campaign, Fact, Item, MAX_CAMPAIGNS, MAX_ITEMS, card};
use crate::domain::brief::Brief;
use crate::domain::event::Event;
use crate::domain::kernel::ids::CampaignNo;
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::text::within;
use crate::domain::people::person::Role;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::say;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// Longest name, in characters.
const MAX_NAME: usize = 20;

const EXAMPLE: &str = "ex.campaign";

/// What a coordinator asks.
pub fn decide(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    ctx.require_role(Role::Coordinator)?;
    match ask {
        Ask::List => Ok(Decision::answer(list(ctx))),
        Ask::Show(name) => {
            let campaign = ctx.world.campaign_named(name.trim());
            let none = || say!("e.no_campaign", bad = Value::Quote(name.clone()), ex = example_of(EXAMPLE));
            Ok(Decision::answer(card(ctx.world, &campaign.ok_or_else(none)?)))
        }
        Ask::Set { name, items, out, last } => set(ctx, name.trim(), items, *out, *last),
    }
}

fn set(ctx: &Ctx<'_>, name: &str, items: &[Item], out: bool, last: Option<NaiveDate>) -> Decided {
    if name.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    within(name, MAX_NAME)?;
    for item in items {
        match item {
            Item::Topic(no) => {
                let topic = ctx.require_topic(*no)?;
                if !out {
                    topic.require_own()?;
                }
            }
            Item::Brief(no) => {
                let known: Option<Brief> = ctx.world.brief(*no);
                drop(known.ok_or_else(|| say!("e.no_brief", b = i64::from(no.0)))?);
            }
        }
    }
    let today = ctx.settings.date(ctx.scene.now);
    let known = ctx.world.campaign_named(name);
    let mut facts = Vec::new();
    let (no, from) = match &known {
        Some(known) => (known.no, known.from),
        None if out => {
            return Err(say!("e.no_campaign", bad = Value::Quote(name.to_owned()), ex = example_of(EXAMPLE)));
        }
        None => {
            let campaigns = ctx.world.campaigns();
            if campaigns.len() >= MAX_CAMPAIGNS {
                return Err(say!("e.too_far", max = MAX_CAMPAIGNS));
            }
            (CampaignNo(campaigns.last().map_or(0, |last| last.no.0) + 1), today)
        }
    };
    if last.is_some_and(|last| last < from) {
        return Err(say!("e.past", ex = example_of(EXAMPLE)));
    }
    if known.as_ref().is_none_or(|known| last.is_some() && known.last != last) {
        facts.push(Event::Campaign(Fact::Set { campaign: no, name: name.into(), from, last }));
    }
    let present: BTreeSet<Item> = ctx.world.campaign_items(no).into_iter().collect();
    let wanted: BTreeSet<Item> = items.iter().copied().filter(|item| present.contains(item) == out).collect();
    if !out && present.len() + wanted.len() > MAX_ITEMS {
        return Err(say!("e.too_far", max = MAX_ITEMS));
    }
    let items: Vec<Item> = wanted.into_iter().collect();
    match (items.is_empty(), out) {
        (true, _) => {}
        (false, true) => facts.push(Event::Campaign(Fact::Emptied { campaign: no, items })),
        (false, false) => facts.push(Event::Campaign(Fact::Filled { campaign: no, items })),
    }
    match known {
        Some(known) if facts.is_empty() => Ok(Decision::answer(card(ctx.world, &known))),
        _ => Ok(Decision::facts(facts)),
    }
}

fn list(ctx: &Ctx<'_>) -> Say {
    let mut campaigns = ctx.world.campaigns();
    campaigns.retain(|campaign| ctx.towns_of_campaign(campaign).iter().all(|town| ctx.coordinates(town)));
    if campaigns.is_empty() {
        return say!("campaign.none", ex = example_of(EXAMPLE));
    }
    let row = |campaign: &Campaign| {
        let sums = ctx.world.campaign_figures(campaign.no);
        let (t, people, lines) = (sums.topics, sums.people, sums.lines);
        say!("campaign.row", campaign = &campaign.name, t = t, people = people, lines = lines)
    };
    // The latest first: what is under way is asked for.
    let rows: Vec<Say> = campaigns.iter().rev().map(row).collect();
    say!("campaign.list", n = campaigns.len(), rows = Value::Lines(rows))
}
