//! The place where a photo was taken, by its position.

use seer_types::PhotoFacts;

/// The facts with the names of the place at their position; without those where there is no position,
/// or nothing near it.
pub fn with_place(facts: PhotoFacts) -> PhotoFacts {
    let place = facts.position.and_then(seer_places::place_at);
    PhotoFacts { place, ..facts }
}

#[cfg(test)]
mod tests {
    use seer_types::{Coordinates, Place};

    use super::*;

    #[test]
    fn a_position_is_a_place() {
        let at = |latitude, longitude| {
            let position = Some(Coordinates { latitude, longitude });
            with_place(PhotoFacts { position, ..PhotoFacts::default() }).place
        };
        let names = |place: Option<Place>| -> Vec<String> {
            place.iter().flat_map(Place::names).map(|name| name.english.clone()).collect()
        };
        assert_eq!(names(at(38.7139, -9.1334)), ["Graça", "Lisbon", "Lisbon", "Portugal"]);
        assert_eq!(at(0.0, -30.0), None, "in the Atlantic");
        assert_eq!(with_place(PhotoFacts::default()).place, None);
    }
}
