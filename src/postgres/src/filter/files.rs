//! Conditions on files, of which a photo may have several.
//!
//! A photo's row has what its files are found by in four columns, of all files in the same order.
//! Of a photo with one file, which most are, these columns are the file. Of others they say whether
//! any file meets one condition, which an index finds fast; whether one of them meets several, and
//! what a negation leaves, is looked up by taking the columns apart.

use seer_store::terms::{PART_OF_NAME, below_key, extension_key, folder_key, name_readings};
use seer_store::{Filter, Wanted, wanted};
use seer_types::LibraryPath;

use super::{both, tree, words};
use crate::connect::Params;
use crate::text::{SEPARATOR, anywhere, escaped, key};

/// What a condition on files is said of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// The files of the photo `p` together: true where it is of any.
    Photo,
    /// The file `f`.
    File,
}

impl Of {
    pub(super) fn path(self) -> &'static str {
        if self == Self::Photo { "p.paths" } else { "f.path" }
    }

    pub(super) fn names(self) -> &'static str {
        if self == Self::Photo { "p.names" } else { "f.name" }
    }

    pub(super) fn folders(self) -> &'static str {
        if self == Self::Photo { "p.folders" } else { "f.folders" }
    }
}

const SEVERAL: &str = r"strpos(p.paths, E'\x07') > 0";

const FILES: &str = r"unnest(string_to_array(p.paths, E'\x07'), string_to_array(p.endings, E'\x07'), string_to_array(p.names, E'\x07'), string_to_array(p.folders, E'\x07')) as f(path, ending, name, folders)";

/// The condition of a filter on the row `p` of `photo`; its values are added to `params`. That the
/// photo has a file is another condition.
pub(crate) fn condition(filter: &Filter, params: &mut Params) -> String {
    let Filter::All(parts) = filter else { return of_one(filter, params) };
    let (files, photos): (Vec<Filter>, Vec<Filter>) =
        parts.iter().cloned().partition(Filter::is_about_files);
    let mut conditions: Vec<String> =
        photos.iter().map(|part| tree(part, Of::Photo, params)).collect();
    match files.as_slice() {
        [] => {}
        [file] => conditions.push(of_one(file, params)),
        _ => conditions.push(of_one(&Filter::All(files), params)),
    }
    both(conditions, " and ", "true")
}

/// What the index can tell comes first; the files are taken apart where that is not all.
fn of_one(filter: &Filter, params: &mut Params) -> String {
    if is_told_together(filter) {
        return tree(filter, Of::Photo, params);
    }
    let bound = bound(filter, params);
    let together = tree(filter, Of::Photo, params);
    let apart = tree(filter, Of::File, params);
    format!(
        "({bound} and case when {SEVERAL} then exists (select 1 from {FILES} where {apart}) \
         else {together} end)"
    )
}

/// Whether a photo meets the filter with one file exactly where its files together meet it.
fn is_told_together(filter: &Filter) -> bool {
    match filter {
        Filter::Any(parts) => parts.iter().all(is_told_together),
        Filter::All(_) | Filter::Not(_) => !filter.is_about_files(),
        // Each piece of it may be in another name.
        Filter::Name(text) => name_readings(text).len() < 2,
        _ => true,
    }
}

/// A condition that every photo meets that meets the filter, said of its files together.
fn bound(filter: &Filter, params: &mut Params) -> String {
    match filter {
        Filter::All(parts) => {
            both(parts.iter().map(|part| bound(part, params)).collect(), " and ", "true")
        }
        Filter::Any(parts) => {
            both(parts.iter().map(|part| bound(part, params)).collect(), " or ", "false")
        }
        Filter::Not(part) if part.is_about_files() => "true".to_owned(),
        _ => tree(filter, Of::Photo, params),
    }
}

pub(super) fn path(text: &str, of: Of, params: &mut Params) -> String {
    on_path(wanted(text), of, false, params)
}

/// A file's name has no slash, so that names with slashes around them are folders.
pub(super) fn folder(name: &str, of: Of, params: &mut Params) -> String {
    let Some(key) = folder_key(name) else { return "false".to_owned() };
    on_path(wanted(&key), of, false, params)
}

/// The pattern is what an index finds; each file's path is looked at from its beginning.
pub(super) fn below(folder: &LibraryPath, of: Of, params: &mut Params) -> String {
    let (key, column) = (below_key(folder), of.path());
    let begins = params.text(escaped(&key));
    let begins = match of {
        Of::Photo => format!(r"strpos(E'\x07' || {column}, E'\x07' || {begins}) > 0"),
        Of::File => format!("starts_with({column}, {begins})"),
    };
    format!("({column} like {} and {begins})", params.text(anywhere(&key)))
}

pub(super) fn name(text: &str, of: Of, params: &mut Params) -> String {
    let wanted = wanted(text);
    if matches!(wanted, Wanted::Pattern(_)) {
        return on_path(wanted, of, true, params);
    }
    let pieces = name_readings(text);
    let pieces = pieces.iter().map(|readings| {
        let runs = readings.iter().map(|words| words::name(words, PART_OF_NAME, of, params));
        both(runs.collect(), " or ", "false")
    });
    both(pieces.collect(), " and ", "false")
}

fn on_path(wanted: Wanted, of: Of, names: bool, params: &mut Params) -> String {
    let column = of.path();
    match wanted {
        Wanted::Plain(text) if text.is_empty() => "false".to_owned(),
        Wanted::Plain(text) => format!("({column} like {})", params.text(anywhere(&text))),
        Wanted::Pattern(None) => "false".to_owned(),
        Wanted::Pattern(Some(pattern)) => {
            format!("({column} ~ {})", params.text(pattern.regex(names, SEPARATOR)))
        }
    }
}

pub(super) fn extension(extension: &str, of: Of, params: &mut Params) -> String {
    let extension = extension_key(extension);
    if extension.is_empty() {
        return "false".to_owned();
    }
    let extension = params.text(key(&extension));
    match of {
        Of::Photo => format!(r"({extension} = any(string_to_array(p.endings, E'\x07')))"),
        Of::File => format!("(f.ending = {extension})"),
    }
}
