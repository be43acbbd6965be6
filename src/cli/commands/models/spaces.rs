//! `seer models use` and `seer models forget`: the models that photos are encoded with.

use anyhow::Result;
use seer_engine::SpaceStatus;

use crate::args::Shared;
use crate::backend::Backend;
use crate::exit::Outcome;
use crate::notices;
use crate::outln;
use crate::text::count;

pub fn use_one(shared: &Shared, name: &str) -> Result<Outcome> {
    let spaces = match Backend::reach(shared)? {
        Backend::Remote(client) => client.use_model(name)?.models,
        Backend::Local(library) => {
            library.use_space(library.find_space(name)?.model)?;
            library.space_list()?
        }
    };
    if let Some(used) = spaces.iter().find(|space| space.in_use).filter(|_| !shared.quiet) {
        notices::line(&format!("queries are answered with {}", told(used)));
        if used.lacking > 0 {
            let lacking = count(used.lacking, "photo");
            notices::line(&format!("{lacking} are not encoded with it yet; next: seer index"));
        }
    }
    list(shared, &spaces)
}

pub fn forget(shared: &Shared, name: &str) -> Result<Outcome> {
    let spaces = match Backend::reach(shared)? {
        Backend::Remote(client) => client.forget_model(name)?.models,
        Backend::Local(library) => {
            library.forget_space(&library.find_space(name)?)?;
            library.space_list()?
        }
    };
    list(shared, &spaces)
}

fn list(shared: &Shared, spaces: &[SpaceStatus]) -> Result<Outcome> {
    match shared.json {
        true => outln!("{}", serde_json::to_string(spaces)?),
        false => spaces.iter().for_each(|space| outln!("{}", line(space))),
    }
    Ok(Outcome::Found)
}

/// One space, as lists show it.
pub fn line(space: &SpaceStatus) -> String {
    let lacking = match space.lacking {
        0 => String::new(),
        lacking => format!(", {} not yet", crate::text::thousands(lacking)),
    };
    let in_use = if space.in_use { "  (in use)" } else { "" };
    format!(
        "{}: {} encoded{lacking}, {}, index {}{in_use}",
        told(space),
        count(space.encoded, "photo"),
        crate::text::bytes(space.bytes),
        space.index
    )
}

fn told(space: &SpaceStatus) -> &str {
    if space.name.is_empty() { &space.fingerprint } else { &space.name }
}
