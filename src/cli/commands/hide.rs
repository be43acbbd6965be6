//! `seer hide`: photos that searches find no more.

use anyhow::Result;
use seer_types::PhotoId;

use crate::args::{HideArgs, Shared};
use crate::backend::Backend;
use crate::exit::Outcome;
use crate::outln;
use crate::photo_ids;
use crate::text::count;

pub fn run(shared: &Shared, args: &HideArgs) -> Result<Outcome> {
    let backend = Backend::reach(shared)?;
    let ids = photo_ids::named(&backend, &args.photos)?;
    let hidden = match &backend {
        Backend::Remote(client) => {
            let ids: Vec<String> = ids.iter().map(PhotoId::to_string).collect();
            client.hide(&ids, !args.undo)?
        }
        Backend::Local(library) => library.hide(&ids, !args.undo)?,
    };
    if shared.json {
        outln!("{}", serde_json::json!({ "hidden": hidden }));
    } else if !shared.quiet {
        outln!("{} hidden; seer search hidden:yes lists them", count(hidden as u64, "photo"));
    }
    Ok(Outcome::Found)
}
