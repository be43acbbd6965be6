//! seer: search your photos by what they show.
//!
//! Arguments are read first and acted on later; answers go to standard output, everything else
//! to standard error. The commands call the engine, or the server that owns the library.

// A closed pipe or a full disk would make these panic: `stdio` writes instead.
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod album_exports;
mod album_photos;
mod analysts;
mod args;
mod args_album;
mod args_index;
mod args_library;
mod args_mcp;
mod args_model;
mod args_models;
mod args_shared;
mod args_tokens;
mod backend;
mod browser;
mod captioners;
mod causes;
mod choice;
mod commands;
mod decoder;
mod demo;
mod download_bar;
mod exit;
mod explained;
mod export;
mod folders;
mod hyphens;
mod index_job;
mod linear_head;
mod matrix_file;
mod notices;
mod output;
mod photo_ids;
mod pictures;
mod place;
mod progress;
mod query_args;
mod secrecy;
mod stdio;
mod store;
mod text;
mod understood;
mod watching;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{Cli, Command};
use exit::Outcome;

fn main() -> ExitCode {
    if let Some(ended) = decoder::served() {
        return ended;
    }
    let arguments = hyphens::as_words(&Cli::command(), std::env::args_os().collect());
    let cli = Cli::parse_from(arguments);
    notices::install(cli.shared.quiet, cli.shared.verbose, cli.shared.log_format);
    decoder::offer();
    secrecy::hide_token(&cli.command);
    secrecy::keep_files_private(&cli.command);
    let result = match &cli.command {
        Command::Index(args) => commands::index::run(&cli.shared, args),
        Command::Search(args) => commands::search::run(&cli.shared, args),
        Command::Similar(args) => commands::similar::run(&cli.shared, args),
        Command::Duplicates(args) => commands::duplicates::run(&cli.shared, args),
        Command::Album(args) => commands::album::run(&cli.shared, args),
        Command::Serve(args) => commands::serve::run(&cli.shared, args),
        Command::Tokens(args) => commands::tokens::run(&cli.shared, args),
        Command::Mcp(args) => commands::mcp::run(&cli.shared, args),
        Command::Demo(args) => commands::demo::run(&cli.shared, args),
        Command::Status => commands::status::run(&cli.shared),
        Command::Roots(args) => commands::roots::run(&cli.shared, args),
        Command::Watch(args) => commands::watch::run(&cli.shared, args),
        Command::Failures(args) => commands::failures::run(&cli.shared, args),
        Command::Hide(args) => commands::hide::run(&cli.shared, args),
        Command::Forget(args) => commands::forget::run(&cli.shared, args),
        Command::Check(args) => commands::check::run(&cli.shared, args),
        Command::Backup(args) => commands::backup::run(&cli.shared, args),
        Command::Restore(args) => commands::restore::run(&cli.shared, args),
        Command::Store(args) => commands::store::run(&cli.shared, args),
        Command::Models(args) => commands::models::run(&cli.shared, args),
        Command::Classify(args) => commands::classify::run(&cli.shared, args),
        Command::Rank(args) => commands::rank::run(&cli.shared, args),
        Command::Embed(args) => commands::embed::run(&cli.shared, args),
        Command::Score(args) => commands::score::run(&cli.shared, args),
        Command::Eval(args) => commands::eval::run(&cli.shared, args),
        Command::Health => commands::health::run(&cli.shared),
        Command::Completions(args) => commands::completions::run(args),
        Command::Man(args) => commands::man::run(args, cli.shared.quiet),
    };
    let outcome = result.unwrap_or_else(|error| {
        notices::error(&format!("seer: {}", causes::told(&error)));
        Outcome::Trouble
    });
    stdio::ended(outcome).into()
}
