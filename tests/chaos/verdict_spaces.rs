//! What must hold when models, kinds of index and copies were being changed at the stop.
//!
//! Each verdict ends with a library whose photos are encoded with both models and answered with the
//! first, so that the next stop begins as this one did.

use serde_json::Value;

use crate::album::Contents;
use crate::deed::{first, second, source};
use crate::subject::{Subject, trouble};
use crate::support;
use crate::verdict::{Promise, check, difference, expect_success, in_step, watermark};

/// A space, as `seer status` tells of it.
struct Space {
    encoded: u64,
    lacking: u64,
    in_use: bool,
    index: String,
}

/// The spaces of the first and of the second model.
struct Spaces {
    first: Option<Space>,
    second: Option<Space>,
}

/// A stopped second filling: the first model answers as before, and the next run completes the
/// second.
///
/// # Errors
/// The first broken promise, in words.
pub fn examine_filled(subject: &Subject<'_>, promise: &Promise<'_>) -> Result<(), String> {
    let spaces = opened(subject, promise)?;
    is_in_use(&spaces.first, "the first model")?;
    if promise.finished {
        is_whole(&spaces.second, promise.after)?;
    }
    in_both_models(subject, promise.folder)
}

/// A stopped `models use`: one of the two is in use, the new one where that was said, and both are
/// as they were.
///
/// # Errors
/// The first broken promise, in words.
pub fn examine_used(subject: &Subject<'_>, promise: &Promise<'_>) -> Result<(), String> {
    let spaces = opened(subject, promise)?;
    is_whole(&spaces.first, promise.before)?;
    is_whole(&spaces.second, promise.before)?;
    let of_first = is_in_use(&spaces.first, "the first model");
    let of_second = is_in_use(&spaces.second, "the second model");
    match (promise.finished, of_first.is_ok(), of_second.is_ok()) {
        (false, true, false) | (_, false, true) => {}
        (finished, first, second) => {
            return Err(format!("in use: first {first}, second {second}; said: {finished}"));
        }
    }
    run(subject, &["models", "use", &text(&second())])?;
    is_in_use(&spaces_of(subject)?.second, "the second model, once more")?;
    in_both_models(subject, promise.folder)
}

/// A stopped `models forget`: the space is wholly there, or empty and said to lack every photo, or
/// gone; forgotten once more it is gone.
///
/// # Errors
/// The first broken promise, in words.
pub fn examine_forgotten(subject: &Subject<'_>, promise: &Promise<'_>) -> Result<(), String> {
    let spaces = opened(subject, promise)?;
    is_whole(&spaces.first, promise.before)?;
    is_in_use(&spaces.first, "the first model")?;
    if let Some(space) = &spaces.second {
        let photos = photos_of(promise.before);
        if promise.finished {
            return Err("it was said to be forgotten, and is there".to_owned());
        }
        if ![(photos, 0), (0, photos)].contains(&(space.encoded, space.lacking)) {
            return Err(format!("{} of {photos} photos are left in it", space.encoded));
        }
        run(subject, &["models", "forget", &text(&second())])?;
        if spaces_of(subject)?.second.is_some() {
            return Err("it cannot be forgotten".to_owned());
        }
    }
    check(subject)?;
    in_both_models(subject, promise.folder)
}

/// A stopped choice of an index: one of the two kinds, every photo found, and the choice can be made
/// again.
///
/// # Errors
/// The first broken promise, in words.
pub fn examine_indexed(subject: &Subject<'_>, promise: &Promise<'_>) -> Result<(), String> {
    let spaces = opened(subject, promise)?;
    is_whole(&spaces.first, promise.before)?;
    is_whole(&spaces.second, promise.before)?;
    let first = spaces.first.expect("it is whole");
    if promise.finished && first.index == "auto" {
        return Err("the choice was written and is lost".to_owned());
    }
    in_step(subject, promise.before)?;
    for kind in [first.index.as_str(), "hnsw", "lists", "auto"] {
        run(subject, &["index", "--index", kind])?;
        let now = spaces_of(subject)?.first.map(|space| space.index);
        if now.as_deref() != Some(kind) {
            return Err(format!("the index is {now:?} and not {kind}"));
        }
    }
    in_both_models(subject, promise.folder)
}

/// A stopped copy: a library that opens, with no photo that the other has not, or none yet; copied
/// once more it is the same.
///
/// # Errors
/// The first broken promise, in words.
pub fn examine_copied(subject: &Subject<'_>, promise: &Promise<'_>) -> Result<(), String> {
    let status = subject.run(&["status", "--json"]);
    if status.code == 0 {
        check(subject)?;
        for (path, id) in subject.listing()? {
            if promise.after.get(&path) != Some(&id) {
                return Err(format!("{} is not in the library that was copied", path.display()));
            }
        }
    } else if !status.err.contains("no library") || promise.watermark > 0 {
        return Err(format!("status: {}", trouble(&status)));
    }
    let (from, to) = (source(subject.place), &subject.library);
    let other = Subject { library: from.clone(), ..subject.clone() };
    check(&other)?;
    // It reads both again and compares them.
    run(subject, &["store", "copy", "--from", &text(&from), "--to", &text(to)])?;
    let found = subject.listing()?;
    if &found != promise.after {
        return Err(format!("copied again: {}", difference(&found, promise.after)));
    }
    let spaces = spaces_of(subject)?;
    is_in_use(&spaces.first, "the first model")?;
    is_whole(&spaces.first, promise.after)?;
    is_whole(&spaces.second, promise.after)?;
    in_both_models(subject, promise.folder)
}

/// Brings both models in step with the folder, the first one in use.
///
/// # Errors
/// The first broken promise, in words.
pub fn in_both_models(subject: &Subject<'_>, folder: &Contents) -> Result<(), String> {
    for model in [second(), first()] {
        expect_success("index", &Subject { model, ..subject.clone() }.index(false))?;
    }
    run(subject, &["models", "use", &text(&first())])?;
    let spaces = spaces_of(subject)?;
    is_whole(&spaces.first, folder)?;
    is_whole(&spaces.second, folder)?;
    is_in_use(&spaces.first, "the first model")?;
    in_step(&Subject { model: second(), ..subject.clone() }, folder)?;
    in_step(&Subject { model: first(), ..subject.clone() }, folder)
}

/// Opens a library of which no photo comes or goes.
fn opened(subject: &Subject<'_>, promise: &Promise<'_>) -> Result<Spaces, String> {
    let spaces = spaces_of(subject)?;
    check(subject)?;
    let found = subject.listing()?;
    if &found != promise.before {
        return Err(format!("at the stop: {}", difference(&found, promise.before)));
    }
    match watermark(&subject.library) < promise.watermark {
        true => Err(format!("change {} was written and is lost", promise.watermark)),
        false => Ok(spaces),
    }
}

fn spaces_of(subject: &Subject<'_>) -> Result<Spaces, String> {
    let status = subject.run(&["status", "--json"]);
    expect_success("status", &status)?;
    let status = status.json().remove(0);
    let mut spaces = Spaces { first: None, second: None };
    for space in status["models"].as_array().expect("a list") {
        let number = |name: &str| space[name].as_u64().expect("a number");
        let read = Space {
            encoded: number("encoded"),
            lacking: number("lacking"),
            in_use: space["in_use"] == true,
            index: space["index"].as_str().expect("a name").to_owned(),
        };
        let place = match &space["name"] {
            Value::String(name) if *name == text(&first()) => &mut spaces.first,
            Value::String(name) if *name == text(&second()) => &mut spaces.second,
            name => return Err(format!("a model that nobody used: {name}")),
        };
        *place = Some(read);
    }
    Ok(spaces)
}

fn photos_of(contents: &Contents) -> u64 {
    contents.values().collect::<std::collections::BTreeSet<_>>().len() as u64
}

/// The space has all of the photos.
fn is_whole(space: &Option<Space>, contents: &Contents) -> Result<(), String> {
    let photos = photos_of(contents);
    match space {
        Some(space) if (space.encoded, space.lacking) == (photos, 0) => Ok(()),
        Some(space) => Err(format!("a space has {} of {photos} photos", space.encoded)),
        None => Err("a space is not there".to_owned()),
    }
}

fn is_in_use(space: &Option<Space>, name: &str) -> Result<(), String> {
    match space {
        Some(space) if space.in_use => Ok(()),
        _ => Err(format!("{name} is not in use")),
    }
}

fn run(subject: &Subject<'_>, args: &[&str]) -> Result<support::Ran, String> {
    let ran = subject.run(args);
    expect_success(&args.join(" "), &ran)?;
    Ok(ran)
}

fn text(path: &std::path::Path) -> String {
    path.to_str().expect("text path").to_owned()
}
