//! 邀请码表 — codes for everybody on a roll who has none to lose: a page to print, cut and hand out door by door.

use crate::domain::event::Event;
use crate::domain::kernel::ids::{TopicNo, VoterNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::people::invitation_code;
use crate::domain::people::invitation_sheet::{Code, Fact, MOST_CODES, Sheet, code, fingerprint, kept};
use crate::domain::people::person::Role;
use crate::domain::scene::{self, Ctx, Decided, Decision};
use crate::domain::vote::roll::Voter;
use crate::say;
use chrono::Duration;

/// Letters of the token: 125 bits.
const LETTERS: u32 = 25;
/// Codes in one fact, so that no line of the ledger grows long.
const CODES_A_FACT: usize = 200;

/// 邀请码 1 全部 — for whoever may say who the people on the roll are, by the same rules as a code for one of them.
pub fn make(ctx: &Ctx<'_>, written: Option<TopicNo>) -> Decided {
    let who = &ctx.scene.who;
    if !who.has_office() {
        return Err(ctx.ask(Role::Coordinator, ""));
    }
    let topic = ctx.resolve_topic(written, "ex.code")?;
    ctx.require_moderator(&topic)?;
    if ctx.settings.public_url.is_none() {
        return Err(say!("e.no_url"));
    }
    let Some(roll) = ctx.world.roll(topic.no) else { return Err(say!("e.code_no_roll", no = topic.no)) };
    let (now, kept) = (ctx.scene.now, ctx.settings.retention);
    let sheets = ctx.world.code_sheets();
    if sheets.iter().filter(|sheet| sheet.until > now).count() >= kept.links {
        return Err(say!("e.too_far", max = kept.links));
    }
    let token = ctx.token(LETTERS).ok_or_else(|| scene::not_recorded(ctx))?;
    let (codes, left) = codes(ctx, topic.no, &token)?;
    if codes.is_empty() {
        return Err(say!("e.code_nobody", no = topic.no));
    }
    if codes.len() > MOST_CODES {
        return Err(say!("e.many", max = MOST_CODES, n = codes.len()));
    }
    let no = sheets.iter().map(|sheet| sheet.no).max().unwrap_or(0) + 1;
    let until = now + Duration::days(i64::from(kept.code_days));
    let url = Value::Link(format!("c/{token}"));
    let more = if left == 0 { say!("none") } else { say!("code.all.left", n = left) };
    let answer = say!("code.all", no = topic.no, n = codes.len(), url = url, end = Value::Moment(until), more = more);
    let sheet = Sheet { no, fingerprint: fingerprint(&token), topic: topic.no, loaded: roll.loaded, until };
    let mut facts = vec![Event::InvitationSheet(Fact::Made(sheet))];
    facts.extend(
        codes
            .chunks(CODES_A_FACT)
            .map(|codes| Event::InvitationSheet(Fact::Codes { sheet: no, codes: codes.to_vec() })),
    );
    Ok(Decision { facts, answer: vec![answer], ..Decision::default() })
}

/// A code for each owner who never had an account and of whom the speaker may say who they are, and how many there are besides.
fn codes(ctx: &Ctx<'_>, topic: TopicNo, token: &str) -> Result<(Vec<Code>, usize), Say> {
    let (mut codes, mut left) = (Vec::new(), 0);
    let mut barred = None;
    for voter in ctx.world.voters_on(topic, usize::MAX) {
        for (name, owner) in voter.names.iter().zip(0_u8..) {
            match for_one(ctx, &voter, name.as_str()) {
                Ok(true) => codes.extend(one(token, voter.no, owner)),
                Ok(false) => left += 1,
                Err(why) => {
                    left += 1;
                    barred = barred.or(Some(why));
                }
            }
        }
    }
    match barred {
        Some(why) if codes.is_empty() => Err(why),
        _ => Ok((codes, left)),
    }
}

fn one(token: &str, voter: VoterNo, owner: u8) -> Option<Code> {
    let fingerprint = invitation_code::fingerprint(&code(token, voter, owner))?;
    Some(Code { voter, owner, fingerprint: kept(&fingerprint) })
}

/// Whether a code for this one, asked for alone, would be given out, and would be enough.
fn for_one(ctx: &Ctx<'_>, voter: &Voter, name: &str) -> Result<bool, Say> {
    let room = voter.rooms.first().map_or("", |room| room.as_str());
    let whoms = ctx.world.whom(name, room);
    let [whom] = whoms.as_slice() else { return Ok(false) };
    if !whom.is_first() {
        return Ok(false);
    }
    if whom.may_be_vouched_for(ctx.world, &ctx.scene.who) { Ok(true) } else { Err(whom.ask(ctx)) }
}
