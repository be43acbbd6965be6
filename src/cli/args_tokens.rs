//! Arguments of `seer tokens`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use seer_http::wire::TokenRight;

/// Let others ask the server: named tokens, each with a right
///
/// The server's own token may do everything. Give others one of their own, with no more than they
/// need, and take it back without changing anybody else's:
///
///   look        search, look at photos and what is known of them
///   index       look, bring the library's folders up to date, keep albums
///   administer  everything: add and forget folders, models, backups, tokens
///
/// A token to look can be bound to folders (--folder): its holder finds the photos there, and nothing
/// tells of others.
///
/// They count on every server of the library, on other machines that share it within three seconds.
/// Without a command: lists them.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct TokensArgs {
    #[command(subcommand)]
    pub command: Option<TokensCommand>,
}

#[derive(Subcommand, Debug)]
pub enum TokensCommand {
    /// List the tokens: name, right, and when each was made
    List,
    Create(TokensCreateArgs),
    Revoke(TokensRevokeArgs),
}

/// Make a token and print it, this once
///
/// Only a hash of it is kept. Whoever got it opens the server's address with ?token=… behind it, or
/// sends the header "Authorization: Bearer …".
#[derive(Args, Debug)]
pub struct TokensCreateArgs {
    /// Whose it is or what for, 1 to 60 characters.
    #[arg(value_name = "NAME")]
    pub name: String,

    /// What it is good for: look, index or administer.
    #[arg(long, value_name = "RIGHT", default_value = "look")]
    pub right: TokenRight,

    /// Show photos of this folder alone, and nothing else of the library; may be given several times.
    /// With the right "look".
    #[arg(long = "folder", value_name = "FOLDER")]
    pub folders: Vec<PathBuf>,
}

/// Take a token back at once
#[derive(Args, Debug)]
pub struct TokensRevokeArgs {
    /// The token's name.
    #[arg(value_name = "NAME")]
    pub name: String,
}
