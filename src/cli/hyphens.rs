//! Words of a query that begin with a hyphen, on the command line: `seer search beach -people`.
//!
//! clap would read them as options. Where there is one, all words of the query are moved behind `--`, in
//! their order, so that options stay options wherever they stand.

use std::ffi::{OsStr, OsString};

use clap::{Arg, Command};

/// What positional arguments that are queries, or filters of one, are called.
const QUERIES: [&str; 2] = ["QUERY", "FILTER"];

/// The arguments (the program's name first) with words such as `-people` where clap takes them for what they
/// are. Others are returned as they came.
pub fn as_words(command: &Command, arguments: Vec<OsString>) -> Vec<OsString> {
    let is_option = |argument: &OsString| argument.as_encoded_bytes().starts_with(b"-");
    // Most calls have none, and need not wait until all of the help is made.
    if !arguments.iter().any(is_option) {
        return arguments;
    }
    let mut command = command.clone();
    command.build();
    let Some((at, command)) = subcommand(&command, &arguments) else { return arguments };
    if !command.get_positionals().any(takes_a_query) {
        return arguments;
    }
    let (head, rest) = arguments.split_at(at);
    let (mut options, mut words) = (Vec::new(), Vec::new());
    let (mut any, mut waits) = (false, false);
    let mut rest = rest.iter();
    for argument in rest.by_ref() {
        if argument == "--" {
            break;
        }
        let kind = if waits { Kind::Value } else { kind(command, argument) };
        waits = kind == Kind::OptionBeforeValue;
        any |= kind == Kind::ExcludedWord;
        match kind {
            Kind::Option | Kind::OptionBeforeValue | Kind::Value => options.push(argument.clone()),
            Kind::Word | Kind::ExcludedWord => words.push(argument.clone()),
        }
    }
    if !any {
        return arguments;
    }
    words.extend(rest.cloned());
    [head.to_vec(), options, vec!["--".into()], words].concat()
}

/// The subcommand that is called, and where its arguments begin.
fn subcommand<'c>(command: &'c Command, arguments: &[OsString]) -> Option<(usize, &'c Command)> {
    let (mut command, mut found, mut waits) = (command, None, false);
    for (at, argument) in arguments.iter().enumerate().skip(1) {
        if waits {
            waits = false;
            continue;
        }
        match kind(command, argument) {
            Kind::OptionBeforeValue => waits = true,
            Kind::Option => {}
            _ => {
                let Some(called) = command.find_subcommand(argument) else { break };
                command = called;
                found = Some((at + 1, called));
            }
        }
    }
    found
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Option,
    OptionBeforeValue,
    Value,
    Word,
    ExcludedWord,
}

fn kind(command: &Command, argument: &OsStr) -> Kind {
    let Some(text) = argument.to_str() else { return Kind::Word };
    if let Some(long) = text.strip_prefix("--") {
        let option = command.get_arguments().find(|arg| arg.get_long() == Some(long));
        return match option {
            Some(option) if takes_value(option) => Kind::OptionBeforeValue,
            _ => Kind::Option,
        };
    }
    let Some(short) = text.strip_prefix('-').filter(|short| !short.is_empty()) else {
        return Kind::Word;
    };
    let option = |letter: char| command.get_arguments().find(|arg| arg.get_short() == Some(letter));
    let mut letters = short.chars();
    while let Some(letter) = letters.next() {
        match option(letter) {
            None => return Kind::ExcludedWord,
            Some(option) if takes_value(option) => {
                let value = letters.as_str();
                return match value {
                    "" => Kind::OptionBeforeValue,
                    // "-k5" is a number, "-kites" a word.
                    _ if value
                        .trim_start_matches('=')
                        .starts_with(|c: char| c.is_ascii_digit()) =>
                    {
                        Kind::Option
                    }
                    _ => Kind::ExcludedWord,
                };
            }
            Some(_) => {}
        }
    }
    Kind::Option
}

fn takes_a_query(positional: &Arg) -> bool {
    let names = positional.get_value_names().unwrap_or_default();
    names.iter().any(|name| QUERIES.contains(&name.as_str()))
}

fn takes_value(option: &Arg) -> bool {
    option.get_action().takes_values()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::args::Cli;

    fn moved(line: &str) -> String {
        let arguments = line.split(' ').map(OsString::from).collect();
        let moved = as_words(&Cli::command(), arguments);
        moved.iter().map(|argument| argument.to_str().unwrap()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn excluded_words_are_words_and_options_stay_options() {
        for (line, expected) in [
            ("seer search beach -people", "seer search -- beach -people"),
            ("seer search beach -people -k 5 --all", "seer search -k 5 --all -- beach -people"),
            ("seer search -k5 -kites sea", "seer search -k5 -- -kites sea"),
            ("seer --library /l search -tag:dog cat", "seer --library /l search -- -tag:dog cat"),
            ("seer search -0 a -ext:png -- -b", "seer search -0 -- a -ext:png -b"),
            ("seer album save Sea sea -fog", "seer album save -- Sea sea -fog"),
            ("seer duplicates -ext:png", "seer duplicates -- -ext:png"),
        ] {
            assert_eq!(moved(line), expected);
        }
    }

    #[test]
    fn what_holds_none_stays_as_it_is() {
        for line in [
            "seer search beach -k 5 --json -q",
            "seer search beach -- -people",
            "seer search -h",
            "seer index /p -x *.gif",
            "seer index -people",
            "seer",
            "seer search --sort newest",
            "seer search --colour",
        ] {
            assert_eq!(moved(line), line);
        }
    }
}
