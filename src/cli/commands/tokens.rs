//! `seer tokens`: who else may ask the library's servers.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use seer_http::Token;
use seer_http::wire::{NamedToken, TokenCreate, TokenCreated};
use seer_types::{LibraryPath, LocalTime};

use crate::args::{Shared, TokensArgs, TokensCommand, TokensCreateArgs, TokensRevokeArgs};
use crate::backend::Backend;
use crate::exit::Outcome;
use crate::notices;
use crate::outln;
use crate::stdio;
use crate::text::printable;

pub fn run(shared: &Shared, args: &TokensArgs) -> Result<Outcome> {
    let backend = Backend::reach(shared)?;
    match &args.command {
        None | Some(TokensCommand::List) => list(shared, &backend),
        Some(TokensCommand::Create(args)) => create(shared, &backend, args),
        Some(TokensCommand::Revoke(args)) => revoke(shared, &backend, args),
    }
}

fn list(shared: &Shared, backend: &Backend) -> Result<Outcome> {
    let tokens = all(backend)?;
    let mut out = stdio::writer();
    for token in &tokens {
        if shared.json {
            serde_json::to_writer(&mut out, token)?;
            writeln!(out)?;
        } else {
            let NamedToken { name, right, folders, made } = token;
            let folders: Vec<String> = folders.iter().map(|folder| printable(folder)).collect();
            let of = if folders.is_empty() { "" } else { "  photos of " };
            let (name, made, folders) = (printable(name), day(*made), folders.join(", "));
            writeln!(out, "{name}  {right}  made {made}{of}{folders}")?;
        }
    }
    out.flush()?;
    if tokens.is_empty() && !shared.quiet && !shared.json {
        notices::line("no token has a name yet\nnext: seer tokens create NAME --right look");
    }
    Ok(if tokens.is_empty() { Outcome::NothingFound } else { Outcome::Found })
}

fn create(shared: &Shared, backend: &Backend, args: &TokensCreateArgs) -> Result<Outcome> {
    let folder = |given: &PathBuf| LibraryPath::from(&*seer_indexer::resolve(given));
    let folders: Vec<LibraryPath> = args.folders.iter().map(folder).collect();
    let created = match backend {
        Backend::Remote(client) => {
            let folders = folders.iter().map(LibraryPath::to_text).collect();
            client.create_token(&TokenCreate {
                name: args.name.clone(),
                right: args.right,
                folders,
            })?
        }
        Backend::Local(library) => {
            let token = Token::random()?;
            library.add_token(&args.name, args.right.into(), &folders, token.hash())?;
            TokenCreated { token: token.as_str().to_owned(), tokens: all(backend)? }
        }
    };
    if shared.json {
        let made = serde_json::json!({
            "name": args.name.trim(),
            "right": args.right,
            "folders": folders.iter().map(LibraryPath::to_text).collect::<Vec<_>>(),
            "token": created.token,
        });
        outln!("{made}");
        return Ok(Outcome::Found);
    }
    outln!("{}", created.token);
    if !shared.quiet {
        notices::line("it is shown this once: only a hash of it is kept");
        if let Backend::Remote(client) = backend {
            notices::line(&format!("to open the page with it: {}/?token=TOKEN", client.base()));
        }
    }
    Ok(Outcome::Found)
}

fn revoke(shared: &Shared, backend: &Backend, args: &TokensRevokeArgs) -> Result<Outcome> {
    match backend {
        Backend::Remote(client) => drop(client.revoke_token(&args.name)?),
        Backend::Local(library) => library.revoke_token(&args.name)?,
    }
    if !shared.quiet && !shared.json {
        outln!("\"{}\" may not ask any more", printable(&args.name));
    }
    Ok(Outcome::Found)
}

fn all(backend: &Backend) -> Result<Vec<NamedToken>> {
    match backend {
        Backend::Remote(client) => Ok(client.tokens()?),
        Backend::Local(library) => {
            Ok(library.tokens()?.into_iter().map(NamedToken::from).collect())
        }
    }
}

/// The day of a moment, in UTC.
fn day(seconds: u64) -> String {
    let (year, month, day, ..) = LocalTime::from_seconds(seconds.cast_signed()).civil();
    format!("{year:04}-{month:02}-{day:02}")
}
