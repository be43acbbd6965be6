//! What the process keeps from other users of the machine: its files and its token.

use std::fmt;

use crate::args::Command;

/// Text that `{:?}` does not show.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// From here on new files are for this user only (mode 0600, folders 0700). Models are left out:
/// their cache may be shared between users.
pub fn keep_files_private(command: &Command) {
    #[cfg(unix)]
    if !matches!(command, Command::Models(_)) {
        // SAFETY: it takes a number, gives the old one, and cannot fail; no other thread runs yet.
        unsafe {
            libc::umask(0o077);
        }
    }
    #[cfg(not(unix))]
    let _ = command;
}

/// A token in the arguments can be read by every user of the machine in the list of processes, so
/// the program starts itself once more with the token in its environment, which only this user can
/// read. Comes back when there is none, or when that fails.
pub fn hide_token(command: &Command) {
    let Command::Serve(args) = command else { return };
    let all: Vec<_> = std::env::args_os().collect();
    let others = without_token(&all);
    if let Some(token) = args.token.as_ref().filter(|_| others.len() < all.len()) {
        let reason = start_again(&others, token);
        log::warn!(
            "other users of this machine can see the token in the list of processes: {reason}; \
             use --token-file FILE or the variable SEER_TOKEN"
        );
    }
}

#[cfg(unix)]
fn start_again(args: &[&std::ffi::OsString], token: &Secret) -> String {
    use std::os::unix::process::CommandExt;
    let program = match std::env::current_exe() {
        Ok(program) => program,
        Err(error) => return error.to_string(),
    };
    let mut command = std::process::Command::new(program);
    if let [name, rest @ ..] = args {
        command.arg0(name).args(rest);
    }
    command.env("SEER_TOKEN", token.as_str()).exec().to_string()
}

#[cfg(not(unix))]
fn start_again(_: &[&std::ffi::OsString], _: &Secret) -> String {
    "this system has no way to hide it".into()
}

/// The arguments without `--token TOKEN` and `--token=TOKEN`; what follows `--` are folders.
fn without_token(args: &[std::ffi::OsString]) -> Vec<&std::ffi::OsString> {
    let options = args.iter().position(|arg| arg == "--").unwrap_or(args.len());
    let mut kept = Vec::new();
    let mut at = 0;
    while at < args.len() {
        let option = args[at].as_encoded_bytes();
        if at < options && option == b"--token" {
            at += 2;
            continue;
        }
        if at >= options || !option.starts_with(b"--token=") {
            kept.push(&args[at]);
        }
        at += 1;
    }
    kept
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;

    #[test]
    fn only_the_token_is_taken_out_of_the_arguments() {
        for (args, kept) in [
            (&["seer", "serve"][..], &["seer", "serve"][..]),
            (&["seer", "serve", "--token", "abc", "a"], &["seer", "serve", "a"]),
            (&["seer", "serve", "--token=abc", "a"], &["seer", "serve", "a"]),
            (&["seer", "serve", "--token-file", "f"], &["seer", "serve", "--token-file", "f"]),
            (&["seer", "serve", "--", "--token", "a"], &["seer", "serve", "--", "--token", "a"]),
            (&["seer", "serve", "--token"], &["seer", "serve"]),
        ] {
            let args: Vec<OsString> = args.iter().map(OsString::from).collect();
            assert_eq!(without_token(&args), kept.iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_secret_is_not_shown() {
        let secret = Secret::from("a-secret-of-letters".to_owned());
        assert!(!format!("{secret:?}").contains("letters"));
    }
}
