//! `seer eval`: how good a model is, on data with known answers.

mod classify;
mod retrieval;

use anyhow::Result;

use crate::args::{EvalArgs, EvalCommand, Shared};
use crate::exit::Outcome;

pub fn run(shared: &Shared, args: &EvalArgs) -> Result<Outcome> {
    match &args.command {
        EvalCommand::Retrieval(args) => retrieval::run(shared, args),
        EvalCommand::Classify(args) => classify::run(shared, args),
    }
}
