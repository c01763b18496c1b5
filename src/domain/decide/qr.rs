//! 二维码 — the link to the code of a topic or a station.

use crate::domain::intake::qr::Ask;
use crate::domain::intake::station::Station;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::process::topic::{Topic, page};
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::say;

/// 二维码 — for everybody.
pub fn decide(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    if ctx.settings.public_url.is_none() {
        return Err(say!("e.no_url"));
    }
    let found = match ask {
        Ask::Topic(written) => {
            let topic = ctx.resolve_topic(*written, "ex.qr")?;
            of_topic(&ctx.world.led_on(topic.no).unwrap_or(topic))
        }
        Ask::Station(name) => match ctx.world.station_named(name.trim()) {
            Some(station) => of_station(&station),
            None => return Err(say!("e.no_station_qr", bad = Value::Quote(name.clone()))),
        },
    };
    Ok(Decision::answer(found))
}

fn of_topic(topic: &Topic) -> Say {
    let print = Value::Link(format!("t/{}/qr", topic.no));
    say!("qr", no = topic.no, title = &topic.title, url = page(topic.no), print = print)
}

fn of_station(station: &Station) -> Say {
    let link = station.link();
    let (url, print) = (Value::Link(link.clone()), Value::Link(format!("{link}/qr")));
    say!("qr.station", station = &station.name, kind = station.kind_value(), url = url, print = print)
}
