//! What a filter says of one photo, by definition.

use seer_store::{Derived, Filter, meets};

/// Whether the filter allows a photo that is found by these values: it meets the filter with one
/// of its files.
pub fn allows(filter: &Filter, photo: &Derived) -> bool {
    photo.files.iter().any(|file| meets(filter, photo, file))
}
