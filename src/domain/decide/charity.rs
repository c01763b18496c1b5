//! 爱心项目 — entering one, moving it on, the list.

use crate::domain::about::charity::{Ask, Charity, Fact, MAX_CHARITIES, MAX_YUAN, Progress, Which, card};
use crate::domain::event::Event;
use crate::domain::kernel::ids::CharityNo;
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::text::within;
use crate::domain::people::person::Role;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::say;

/// Longest name and giver, in characters.
const MAX_NAME: usize = 40;

const EXAMPLE: &str = "ex.charity";

/// What a member or a coordinator asks.
pub fn decide(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    let is_coordinator = ctx.require_role(Role::Coordinator).is_ok();
    if !is_coordinator {
        ctx.require_role(Role::Member)?;
    }
    match ask {
        Ask::List => Ok(Decision::answer(list(ctx))),
        Ask::Show(which) => Ok(Decision::answer(card(&known(ctx, which)?))),
        Ask::Move(which, progress) => {
            let charity = known(ctx, which)?;
            if !is_coordinator && charity.by != ctx.me() {
                return Err(ctx.ask(Role::Coordinator, ""));
            }
            if charity.progress == *progress {
                return Ok(Decision::answer(card(&charity)));
            }
            Ok(Decision::fact(Event::Charity(Fact::Moved { charity: charity.no, progress: *progress })))
        }
        Ask::Register { name, giver, yuan, said, progress, topic } => {
            let (name, giver) = (name.trim(), giver.trim());
            if name.is_empty() || giver.is_empty() || *yuan == 0 {
                return Err(say!("e.empty", ex = example_of(EXAMPLE)));
            }
            within(name, MAX_NAME)?;
            within(giver, MAX_NAME)?;
            if *yuan > MAX_YUAN {
                return Err(say!(
                    "e.charity_much",
                    charity = name,
                    giver = giver,
                    amount = said.as_str(),
                    n = MAX_YUAN / 100_000_000
                ));
            }
            if let Some(no) = topic {
                ctx.require_topic(*no)?;
            }
            let charities = ctx.world.charities();
            if let Some(twin) = charities.iter().find(|known| known.name.as_str() == name) {
                return Err(say!("e.charity_known", charity = &twin.name, c = i64::from(twin.no.0)));
            }
            if charities.len() >= MAX_CHARITIES {
                return Err(say!("e.too_far", max = MAX_CHARITIES));
            }
            Ok(Decision::fact(Event::Charity(Fact::Registered {
                charity: CharityNo(charities.last().map_or(0, |last| last.no.0) + 1),
                name: name.into(),
                giver: giver.into(),
                yuan: *yuan,
                said: said.as_str().into(),
                progress: *progress,
                topic: *topic,
            })))
        }
    }
}

pub(crate) fn known(ctx: &Ctx<'_>, which: &Which) -> Result<Charity, Say> {
    let (found, bad) = match which {
        Which::No(no) => (ctx.world.charity(*no), no.to_string()),
        Which::Name(name) => {
            let found = ctx.world.charities().into_iter().find(|charity| charity.name.as_str() == name.trim());
            (found, name.clone())
        }
    };
    found.ok_or_else(|| say!("e.no_charity", bad = Value::Quote(bad), ex = example_of(EXAMPLE)))
}

fn list(ctx: &Ctx<'_>) -> Say {
    let mut charities = ctx.world.charities();
    let is_member = ctx.scene.who.holds(Role::Member);
    charities.retain(|charity| is_member || ctx.coordinates(&ctx.town_of_charity(charity)));
    if charities.is_empty() {
        return say!("charity.none", ex = example_of(EXAMPLE));
    }
    let row = |charity: &Charity| {
        let (c, progress) = (i64::from(charity.no.0), Value::Term(charity.progress.term().to_owned()));
        let (name, giver, said) = (&charity.name, &charity.giver, &charity.said);
        say!("charity.row", c = c, charity = name, giver = giver, amount = said, progress = progress)
    };
    let done = charities.iter().filter(|charity| charity.progress == Progress::Done).count();
    let yuan = charities.iter().fold(0_u64, |sum, charity| sum.saturating_add(charity.yuan));
    let rows: Vec<Say> = charities.iter().rev().map(row).collect();
    say!("charity.list", n = charities.len(), done = done, sum = yuan, rows = Value::Lines(rows))
}
