//! What a filter says of one photo, by definition.

use seer_store::fold::{fold, fold_path};
use seer_store::geometry::Circle;
use seer_store::terms::{extension_key, folder_key, plain_tag_keys, set_has};
use seer_store::words::{Reading, words};
use seer_store::{Derived, DerivedText, Filter, Orientation, TextKind};

/// Whether the filter allows a photo with files that is found by these values.
pub fn allows(filter: &Filter, photo: &Derived) -> bool {
    let mut files = photo.files.iter();
    match filter {
        Filter::All(parts) => parts.iter().all(|part| allows(part, photo)),
        Filter::Any(parts) => parts.iter().any(|part| allows(part, photo)),
        Filter::Not(part) => !allows(part, photo),
        Filter::Path(text) => files.any(|file| file.path.contains(&fold_path(text))),
        Filter::Folder(name) => {
            folder_key(name).is_none_or(|key| files.any(|file| file.parent.contains(&key)))
        }
        Filter::Name(text) => names_have(photo, text),
        Filter::Extension(text) => {
            let key = extension_key(text);
            key.is_empty() || files.any(|file| file.extension.as_ref() == Some(&key))
        }
        Filter::Format(text) => text.trim().is_empty() || photo.format == fold(text.trim()),
        Filter::Taken { from, until } => photo.taken.is_some_and(|taken| {
            from.is_none_or(|from| from.seconds() <= taken)
                && until.is_none_or(|until| taken < until.seconds())
        }),
        Filter::Recurring(when) => photo.taken.is_some_and(|taken| when.holds(taken)),
        Filter::Camera(text) => gear_has(&photo.camera, text),
        Filter::Lens(text) => gear_has(&photo.lens, text),
        Filter::Tag(text) => {
            let keys = plain_tag_keys(text);
            text.trim().is_empty() || photo.tags.iter().any(|tag| keys.contains(tag))
        }
        Filter::Text(text) => texts_have(photo, text),
        Filter::Near { center, km } => photo.position.is_some_and(|at| {
            let circle = Circle::new(*center, *km);
            circle.is_some_and(|circle| circle.contains(at.latitude, at.longitude))
        }),
        Filter::FileSize { min, max } => within(photo.size, *min, *max),
        Filter::Width { min, max } => within(photo.width, *min, *max),
        Filter::Height { min, max } => within(photo.height, *min, *max),
        Filter::Orientation(Orientation::Landscape) => photo.width > photo.height,
        Filter::Orientation(Orientation::Portrait) => photo.width < photo.height,
        Filter::Orientation(Orientation::Square) => photo.width == photo.height,
    }
}

fn within<T: PartialOrd>(value: T, min: Option<T>, max: Option<T>) -> bool {
    min.is_none_or(|min| min <= value) && max.is_none_or(|max| value <= max)
}

/// The wanted text in both readings; `None` when it has no word.
fn wanted(text: &str) -> Option<[Vec<String>; 2]> {
    let both = [Reading::Split, Reading::Joined].map(|reading| words(text, reading));
    (!both[0].is_empty()).then_some(both)
}

fn gear_has(set: &str, text: &str) -> bool {
    wanted(text).is_none_or(|both| both.iter().any(|words| set_has(set, words)))
}

fn names_have(photo: &Derived, text: &str) -> bool {
    let names = || photo.texts.iter().filter(|text| text.kind == TextKind::Name);
    let words = words(text, Reading::Split);
    words.iter().all(|word| names().any(|name| has_run(name, std::slice::from_ref(word))))
}

fn texts_have(photo: &Derived, text: &str) -> bool {
    wanted(text).is_none_or(|both| {
        both.iter().any(|words| photo.texts.iter().any(|text| has_run(text, words)))
    })
}

/// Whether these words stand one after the other in either reading of a text.
fn has_run(text: &DerivedText, wanted: &[String]) -> bool {
    let has = |words: &[String]| words.windows(wanted.len()).any(|run| run == wanted);
    has(&text.split) || text.joined.as_deref().is_some_and(has)
}
