//! `seer health`: whether a server of this library answers.

use anyhow::{Result, bail};
use seer_http::client::Client;

use crate::args::Shared;
use crate::exit::Outcome;
use crate::outln;
use crate::store;

/// Asks the server that has the library.
///
/// # Errors
/// When none answers.
pub fn run(shared: &Shared) -> Result<Outcome> {
    let folder = store::folder(shared)?;
    let Some(client) = Client::find(&folder) else {
        bail!("no server of the library in {} answers\nnext: seer serve", folder.display());
    };
    let health = client.health()?;
    match shared.json {
        true => outln!("{}", serde_json::to_string(&health)?),
        false => outln!("{} {}/ (process {})", health.status, client.base(), health.pid),
    }
    Ok(Outcome::Found)
}
