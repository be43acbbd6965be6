//! What must hold of a library that was stopped at any moment.

use std::collections::BTreeSet;
use std::path::Path;

use crate::album::Contents;
use crate::subject::{PAGE, Subject, trouble};
use crate::support::{self, Ran};

/// What the program owes after a stop.
pub struct Promise<'a> {
    /// What the library held before.
    pub before: &'a Contents,
    /// What it holds when the stopped run is done.
    pub after: &'a Contents,
    /// What an indexing run finds now.
    pub folder: &'a Contents,
    /// The last change that was reported as written; 0: there may be no library yet.
    pub watermark: u64,
    /// The stopped run had said that all was written.
    pub finished: bool,
    /// Whether the last run forgets photos of emptied folders.
    pub prune: bool,
}

/// Looks at a stopped library; what is broken, in words.
pub type Verdict = fn(&Subject<'_>, &Promise<'_>) -> Result<(), String>;

/// Opens the stopped library as a person would, and lets the program finish the work.
///
/// # Errors
/// The first broken promise, in words.
pub fn examine(subject: &Subject<'_>, promise: &Promise<'_>) -> Result<(), String> {
    let status = subject.run(&["status", "--json"]);
    let none = status.code != 0 && status.err.contains("no library");
    if !none {
        expect_success("status", &status)?;
        check(subject)?;
        let found = subject.listing()?;
        agrees(&found, promise)?;
    } else if promise.watermark > 0 {
        return Err(format!("status: {}", trouble(&status)));
    }
    if watermark(&subject.library) < promise.watermark {
        return Err(format!("change {} was written and is lost", promise.watermark));
    }
    let indexed = subject.index(promise.prune);
    expect_success("index", &indexed)?;
    in_step(subject, promise.folder)
}

/// A stopped restore leaves the old library or the restored one.
///
/// # Errors
/// The first broken promise, in words.
pub fn examine_restored(subject: &Subject<'_>, promise: &Promise<'_>) -> Result<(), String> {
    expect_success("status", &subject.run(&["status", "--json"]))?;
    check(subject)?;
    let found = subject.listing()?;
    if &found != promise.after && &found != promise.before {
        return Err("the library is neither the old one nor the restored one".to_owned());
    }
    expect_success("index", &subject.index(false))?;
    in_step(subject, promise.folder)
}

/// Repairs a damaged library again after its repair was stopped.
///
/// # Errors
/// The first broken promise, in words.
pub fn examine_repaired(subject: &Subject<'_>, promise: &Promise<'_>) -> Result<(), String> {
    let repaired = subject.run(&["check", "--repair"]);
    if ![0, 1].contains(&repaired.code) {
        return Err(format!("check --repair: {}", trouble(&repaired)));
    }
    check(subject)?;
    let found = subject.listing()?;
    if &found != promise.after {
        return Err(format!("after the repair: {}", difference(&found, promise.after)));
    }
    expect_success("index", &subject.index(false))?;
    in_step(subject, promise.folder)
}

/// The library holds what the photo folder holds, and agrees with itself.
pub fn in_step(subject: &Subject<'_>, folder: &Contents) -> Result<(), String> {
    check(subject)?;
    let found = subject.listing()?;
    if &found != folder {
        return Err(format!("after indexing: {}", difference(&found, folder)));
    }
    let photos = folder.values().collect::<BTreeSet<_>>().len().min(PAGE);
    let answers = subject.run(&["search", "--all", "-k", &PAGE.to_string(), "anything"]);
    let lines = answers.lines().into_iter().collect::<BTreeSet<_>>().len();
    match lines == photos && answers.lines().len() == photos {
        true => Ok(()),
        false => Err(format!("search by words: {lines} of {photos} photos; {}", trouble(&answers))),
    }
}

/// What `seer check` finds wrong.
///
/// # Errors
/// That.
pub fn check(subject: &Subject<'_>) -> Result<(), String> {
    support::check(|args| subject.run(args))
}

/// Each file is as it was before or as it is after, and what did not change is there.
fn agrees(found: &Contents, promise: &Promise<'_>) -> Result<(), String> {
    for (path, id) in found {
        let known = [promise.before, promise.after].iter().any(|c| c.get(path) == Some(id));
        if !known {
            return Err(format!("{} is listed with a content it never had", path.display()));
        }
    }
    let owed = if promise.finished { promise.after } else { promise.before };
    for (path, id) in owed {
        if promise.after.get(path) == Some(id) && found.get(path) != Some(id) {
            return Err(format!("{} was written and is not listed", path.display()));
        }
    }
    match promise.finished && found != promise.after {
        true => Err(format!("after the end: {}", difference(found, promise.after))),
        false => Ok(()),
    }
}

/// # Errors
/// When a run that should have gone well did not.
pub fn expect_success(what: &str, ran: &Ran) -> Result<(), String> {
    match ran.code {
        0 => Ok(()),
        _ => Err(format!("{what}: {}", trouble(ran))),
    }
}

/// How two listings differ, in words.
pub fn difference(found: &Contents, wanted: &Contents) -> String {
    let missing = wanted.iter().filter(|(path, id)| found.get(*path) != Some(*id)).count();
    let extra = found.iter().filter(|(path, id)| wanted.get(*path) != Some(*id)).count();
    format!("{missing} files are missing, {extra} should not be there")
}

/// The last change that the catalog's head names (`docs/FORMATS.md`); 0 when it has none.
pub fn watermark(library: &Path) -> u64 {
    let head = std::fs::read(library.join("catalog/head")).unwrap_or_default();
    watermark_of(&head)
}

/// The watermark in the bytes of a head.
pub fn watermark_of(head: &[u8]) -> u64 {
    head.get(12..20).map_or(0, |bytes| u64::from_le_bytes(bytes.try_into().expect("8 bytes")))
}
