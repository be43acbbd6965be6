//! Exit codes, as grep and fd use them.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// 0: done, or something was found.
    Found,
    /// 1: the question was fine, the answer is empty.
    NothingFound,
    /// 2: something went wrong; standard error says what.
    Trouble,
    /// 130: stopped with Ctrl-C; what was finished is kept.
    Interrupted,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Found => Self::SUCCESS,
            Outcome::NothingFound => Self::from(1),
            Outcome::Trouble => Self::from(2),
            Outcome::Interrupted => Self::from(130),
        }
    }
}
