//! `seer restore`: the library from a backup.

use anyhow::{Context, Result, bail};
use seer_http::client::Client;

use crate::args::Shared;
use crate::args_library::RestoreArgs;
use crate::commands::check;
use crate::exit::Outcome;
use crate::notices;
use crate::outln;
use crate::store;
use crate::text::thousands;

pub fn run(shared: &Shared, args: &RestoreArgs) -> Result<Outcome> {
    check::only_folders(shared)?;
    let folder = store::folder(shared)?;
    if let Some(client) = Client::find(&folder) {
        bail!(
            "a server uses the library: {}/\nnext: stop it and run the command again",
            client.base()
        );
    }
    let restored = seer_engine::restore(&folder, &args.file, args.replace)
        .with_context(|| format!("cannot restore {}", args.file.display()))?;
    if shared.json {
        outln!("{}", serde_json::json!({ "photos": restored.photos }));
    } else if !shared.quiet {
        let photos = thousands(restored.photos);
        notices::line(&format!("{photos} photos are in the library in {}", folder.display()));
    }
    Ok(Outcome::Found)
}
