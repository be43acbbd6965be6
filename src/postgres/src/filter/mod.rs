//! From a filter to a condition in SQL on the columns of `photo`.
//!
//! A condition is never null: `not` means the others, and nothing is unknown.

mod place;
mod recurring;
mod words;

use seer_store::fold::{fold, fold_path};
use seer_store::terms::{extension_key, folder_key, plain_tag_keys};
use seer_store::{Filter, Orientation};

use crate::connect::Params;
use crate::text::{anywhere, key};

pub(crate) use words::text;

/// The condition of a filter on the row `p` of `photo`; its values are added to `params`. That the
/// photo has a file is another condition.
pub(crate) fn condition(filter: &Filter, params: &mut Params) -> String {
    match filter {
        Filter::All(parts) => both(parts, " and ", "true", params),
        Filter::Any(parts) => both(parts, " or ", "false", params),
        Filter::Not(part) => format!("(not {})", condition(part, params)),
        Filter::Path(text) => path(&fold_path(text), params),
        // A file's name has no slash, so that names with slashes around them are folders.
        Filter::Folder(name) => match folder_key(name) {
            Some(key) => path(&key, params),
            None => "true".to_owned(),
        },
        Filter::Name(text) => words::name(text, params),
        Filter::Extension(text) => extension(&extension_key(text), params),
        Filter::Format(text) => format(&fold(text.trim()), params),
        Filter::Taken { from, until } => {
            let mut parts = vec!["p.taken is not null".to_owned()];
            parts.extend(from.map(|from| format!("p.taken >= {}", params.int(from.seconds()))));
            parts.extend(until.map(|until| format!("p.taken < {}", params.int(until.seconds()))));
            format!("({})", parts.join(" and "))
        }
        Filter::Recurring(when) => recurring::recurring(*when, params),
        Filter::Camera(text) => words::gear("p.camera", text, params),
        Filter::Lens(text) => words::gear("p.lens", text, params),
        Filter::Tag(text) => tag(text, params),
        Filter::Text(text) => words::text(text, params),
        Filter::Near { center, km } => place::near(*center, *km, params),
        Filter::FileSize { min, max } => size(min.unwrap_or(0), max.unwrap_or(u64::MAX), params),
        Filter::Width { min, max } => pixels("p.width", *min, *max, params),
        Filter::Height { min, max } => pixels("p.height", *min, *max, params),
        Filter::Orientation(Orientation::Landscape) => "(p.width > p.height)".to_owned(),
        Filter::Orientation(Orientation::Portrait) => "(p.width < p.height)".to_owned(),
        Filter::Orientation(Orientation::Square) => "(p.width = p.height)".to_owned(),
    }
}

fn both(parts: &[Filter], between: &str, none: &str, params: &mut Params) -> String {
    if parts.is_empty() {
        return none.to_owned();
    }
    let parts: Vec<String> = parts.iter().map(|part| condition(part, params)).collect();
    format!("({})", parts.join(between))
}

fn path(needle: &str, params: &mut Params) -> String {
    if needle.is_empty() {
        return "true".to_owned();
    }
    let pattern = params.text(anywhere(needle));
    format!("(p.paths like {pattern})")
}

fn extension(extension: &str, params: &mut Params) -> String {
    if extension.is_empty() {
        return "true".to_owned();
    }
    let extension = params.texts(vec![key(extension)]);
    format!("(p.extensions && {extension})")
}

fn format(format: &str, params: &mut Params) -> String {
    if format.is_empty() {
        return "true".to_owned();
    }
    let format = params.text(key(format));
    format!("(p.format = {format})")
}

fn tag(text: &str, params: &mut Params) -> String {
    if text.trim().is_empty() {
        return "true".to_owned();
    }
    let keys = params.texts(plain_tag_keys(text).iter().map(|tag| key(tag)).collect());
    format!("(p.tags && {keys})")
}

/// A size is stored as a signed number of the same bits: those from 2^63 on are negative.
fn size(min: u64, max: u64, params: &mut Params) -> String {
    if min > max {
        return "false".to_owned();
    }
    let (low, high) = (params.int(min.cast_signed()), params.int(max.cast_signed()));
    let middle = i64::MAX.cast_unsigned();
    if min <= middle && max > middle {
        format!("(p.size >= {low} or p.size <= {high} and p.size < 0)")
    } else {
        format!("(p.size between {low} and {high})")
    }
}

fn pixels(column: &str, min: Option<u32>, max: Option<u32>, params: &mut Params) -> String {
    let min = params.int(i64::from(min.unwrap_or(0)));
    let max = params.int(i64::from(max.unwrap_or(u32::MAX)));
    format!("({column} between {min} and {max})")
}
