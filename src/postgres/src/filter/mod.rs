//! From a filter to a condition in SQL on the columns of `photo`.
//!
//! A condition is never null: `not` means the others, and nothing is unknown.

mod files;
mod place;
mod recurring;
mod words;

use seer_store::fold::fold;
use seer_store::terms::plain_tag_keys;
use seer_store::{Filter, Orientation};

use crate::connect::Params;
use crate::text::key;
use files::Of;

pub(crate) use files::condition;

/// That any of a photo's texts holds these words one after the other.
pub(crate) fn text(text: &str, params: &mut Params) -> String {
    words::text(text, Of::Photo, params)
}

/// The condition with what is about files said of the photo's files together, or of one of them.
fn tree(filter: &Filter, of: Of, params: &mut Params) -> String {
    match filter {
        Filter::All(parts) => {
            let parts = parts.iter().map(|part| tree(part, of, params)).collect();
            both(parts, " and ", "true")
        }
        Filter::Any(parts) => {
            let parts = parts.iter().map(|part| tree(part, of, params)).collect();
            both(parts, " or ", "false")
        }
        Filter::Not(part) => format!("(not {})", tree(part, of, params)),
        Filter::Path(text) => files::path(text, of, params),
        Filter::Folder(name) => files::folder(name, of, params),
        Filter::Below(folder) => files::below(folder, of, params),
        Filter::Name(text) => files::name(text, of, params),
        Filter::Extension(text) => files::extension(text, of, params),
        Filter::Format(text) => format(&fold(text.trim()), params),
        Filter::Taken { from, until } => {
            let mut parts = vec!["p.taken is not null".to_owned()];
            parts.extend(from.map(|from| format!("p.taken >= {}", params.int(from.seconds()))));
            parts.extend(
                until.map(|until| format!("p.taken_end <= {}", params.int(until.seconds()))),
            );
            both(parts, " and ", "true")
        }
        Filter::Recurring(when) => recurring::recurring(*when, params),
        Filter::Camera(text) => words::gear("p.camera", text, params),
        Filter::Lens(text) => words::gear("p.lens", text, params),
        Filter::Tag(text) => tag(text, params),
        Filter::Person(text) => words::run("p.people", text, params),
        Filter::Place(text) => words::run("p.places", text, params),
        Filter::Rating { min, max } => rating(*min, *max, params),
        Filter::Text(text) => words::text(text, of, params),
        Filter::Near { center, km } => place::near(*center, *km, params),
        Filter::Inside(bounds) => place::inside(bounds, params),
        Filter::FileSize { min, max } => size(min.unwrap_or(0), max.unwrap_or(u64::MAX), params),
        Filter::Width { min, max } => pixels("p.width", *min, *max, params),
        Filter::Height { min, max } => pixels("p.height", *min, *max, params),
        Filter::Orientation(Orientation::Landscape) => "(p.width > p.height)".to_owned(),
        Filter::Orientation(Orientation::Portrait) => "(p.width < p.height)".to_owned(),
        Filter::Orientation(Orientation::Square) => "(p.width = p.height)".to_owned(),
        Filter::Ids(ids) => format!("(p.id = any({}))", params.ids(ids.iter())),
    }
}

fn both(parts: Vec<String>, between: &str, none: &str) -> String {
    if parts.is_empty() { none.to_owned() } else { format!("({})", parts.join(between)) }
}

fn format(format: &str, params: &mut Params) -> String {
    if format.is_empty() {
        return "false".to_owned();
    }
    let format = params.text(key(format));
    format!("(p.format = {format})")
}

fn tag(text: &str, params: &mut Params) -> String {
    if text.trim().is_empty() {
        return "false".to_owned();
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

fn rating(min: Option<u8>, max: Option<u8>, params: &mut Params) -> String {
    let (min, max) = (i64::from(min.unwrap_or(0)), i64::from(max.unwrap_or(u8::MAX)));
    let (min, max) = (params.int(min), params.int(max));
    format!("(p.rating is not null and p.rating between {min} and {max})")
}

fn pixels(column: &str, min: Option<u32>, max: Option<u32>, params: &mut Params) -> String {
    let min = params.int(i64::from(min.unwrap_or(0)));
    let max = params.int(i64::from(max.unwrap_or(u32::MAX)));
    format!("({column} between {min} and {max})")
}
