//! What a filter says of one file of a photo, by definition.

use crate::fold::fold;
use crate::geometry::Circle;
use crate::terms::{
    PART_OF_NAME, PART_OF_TEXT, below_key, extension_key, folder_key, line_needle, name_readings,
    needle, plain_tag_keys, readings, set_has, spaced,
};
use crate::{Derived, DerivedFile, DerivedText, Filter, Orientation, TextKind, Wanted, wanted};

/// Whether a photo meets a filter with this one of its files.
pub fn meets(filter: &Filter, photo: &Derived, file: &DerivedFile) -> bool {
    match filter {
        Filter::All(parts) => parts.iter().all(|part| meets(part, photo, file)),
        Filter::Any(parts) => parts.iter().any(|part| meets(part, photo, file)),
        Filter::Not(part) => !meets(part, photo, file),
        Filter::Path(text) => path_has(file, text),
        Filter::Folder(name) => folders_have(file, name),
        Filter::Below(folder) => file.parent.starts_with(&below_key(folder)),
        Filter::Name(text) => name_has(file, text),
        Filter::Extension(text) => file
            .extension
            .as_ref()
            .is_some_and(|extension| !extension.is_empty() && *extension == extension_key(text)),
        Filter::Format(text) => !text.trim().is_empty() && photo.format == fold(text.trim()),
        Filter::Taken { from, until } => photo.taken.is_some_and(|taken| {
            from.is_none_or(|from| from <= taken.start)
                && until.is_none_or(|until| taken.end() <= until)
        }),
        Filter::Recurring(when) => {
            photo.taken.is_some_and(|taken| when.holds(taken.start.seconds(), taken.precision))
        }
        Filter::Camera(text) => gear_has(&photo.camera, text),
        Filter::Lens(text) => gear_has(&photo.lens, text),
        Filter::Tag(text) => {
            let keys = plain_tag_keys(text);
            !text.trim().is_empty() && photo.tags.iter().any(|tag| keys.contains(tag))
        }
        Filter::Person(text) => kinds_have(&[TextKind::Person], photo, text),
        Filter::Place(text) => kinds_have(&[TextKind::Location, TextKind::Place], photo, text),
        Filter::Rating { min, max } => photo.rating.is_some_and(|stars| within(stars, *min, *max)),
        Filter::Text(text) => texts_have(photo, file, text),
        Filter::Near { center, km } => photo.position.is_some_and(|at| {
            let circle = Circle::new(*center, *km);
            circle.is_some_and(|circle| circle.contains(at.latitude, at.longitude))
        }),
        Filter::Inside(bounds) => {
            photo.position.is_some_and(|at| bounds.contains(at.latitude, at.longitude))
        }
        Filter::FileSize { min, max } => within(photo.size, *min, *max),
        Filter::Width { min, max } => within(photo.width, *min, *max),
        Filter::Height { min, max } => within(photo.height, *min, *max),
        Filter::Orientation(Orientation::Landscape) => photo.width > photo.height,
        Filter::Orientation(Orientation::Portrait) => photo.width < photo.height,
        Filter::Orientation(Orientation::Square) => photo.width == photo.height,
        Filter::Ids(ids) => ids.contains(&photo.id),
    }
}

fn within<T: PartialOrd>(value: T, min: Option<T>, max: Option<T>) -> bool {
    min.is_none_or(|min| min <= value) && max.is_none_or(|max| value <= max)
}

fn path_has(file: &DerivedFile, text: &str) -> bool {
    match wanted(text) {
        Wanted::Plain(text) => !text.is_empty() && file.path.contains(&text),
        Wanted::Pattern(pattern) => pattern.is_some_and(|p| p.fits_in_path(&file.path)),
    }
}

fn folders_have(file: &DerivedFile, name: &str) -> bool {
    let Some(key) = folder_key(name) else { return false };
    match wanted(&key) {
        Wanted::Plain(key) => file.parent.contains(&key),
        Wanted::Pattern(pattern) => pattern.is_some_and(|p| p.fits_in_path(&file.parent)),
    }
}

fn name_has(file: &DerivedFile, text: &str) -> bool {
    if let Wanted::Pattern(pattern) = wanted(text) {
        let name = file.path.strip_prefix(&file.parent).unwrap_or(&file.path);
        return pattern.is_some_and(|pattern| pattern.fits_name(name));
    }
    let name = file.name.spaced();
    let has = |words: &Vec<String>| needle(words, PART_OF_NAME).is_some_and(|n| name.contains(&n));
    let pieces = name_readings(text);
    !pieces.is_empty() && pieces.iter().all(|readings| readings.iter().any(has))
}

fn texts_have(photo: &Derived, file: &DerivedFile, text: &str) -> bool {
    let texts = || file.folders.iter().chain(&photo.texts);
    let name = file.name.spaced();
    readings(text).iter().any(|words| {
        let in_name = needle(words, PART_OF_TEXT).is_some_and(|needle| name.contains(&needle));
        in_name || texts().any(|text| text_has(text, words))
    })
}

/// Whether a text that is no file's name has these words.
fn text_has(text: &DerivedText, words: &[String]) -> bool {
    let needle = match text.kind {
        TextKind::Line => line_needle(words),
        TextKind::Place => None,
        _ => Some(spaced(words)),
    };
    needle.is_some_and(|needle| text.spaced().contains(&needle))
}

fn kinds_have(kinds: &[TextKind], photo: &Derived, text: &str) -> bool {
    let mut texts = photo.texts.iter().filter(|text| kinds.contains(&text.kind));
    let readings = readings(text);
    texts.any(|text| readings.iter().any(|words| text.spaced().contains(&spaced(words))))
}

fn gear_has(set: &str, text: &str) -> bool {
    readings(text).iter().any(|words| set_has(set, words))
}
