//! `seer eval`: how good a model is, and the telling of copies, on data with known answers.

mod classify;
mod duplicates;
mod folders;
mod known;
mod names;
mod relevance;
mod retrieval;

use anyhow::Result;
use seer_engine::eval::Recall;

use crate::args::{EvalArgs, EvalCommand, Shared};
use crate::exit::Outcome;

pub fn run(shared: &Shared, args: &EvalArgs) -> Result<Outcome> {
    match &args.command {
        EvalCommand::Retrieval(args) => retrieval::run(shared, args),
        EvalCommand::Classify(args) => classify::run(shared, args),
        EvalCommand::Names(args) => names::run(shared, args),
        EvalCommand::Relevance(args) => relevance::run(shared, args),
        EvalCommand::Duplicates(args) => duplicates::run(shared, args),
    }
}

/// What stands above [`figures`] with a name of 13 letters before them.
const HEADER: &str = "recall           @1      @5     @10";

fn figures(recall: Recall) -> String {
    let percent = |share: f64| format!("{:5.1} %", share * 100.0);
    format!("{} {} {}", percent(recall.at_1), percent(recall.at_5), percent(recall.at_10))
}
