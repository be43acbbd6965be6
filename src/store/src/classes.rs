//! Classes that a classifier gave photos, as photos are found by them.

use seer_types::{PhotoClass, PhotoId};

/// In so many steps the square root of a probability is kept.
const STEPS: f32 = 32.0;

/// A class that a photo is found by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DerivedClass {
    /// The class's names as they stand in the record.
    pub names: String,
    /// The square root of its probability in steps of 1/32, 1 to 32.
    pub level: u8,
}

/// A photo that shows one of some classes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ClassHit {
    /// The photo.
    pub id: PhotoId,
    /// How likely it shows one of them, above 0, up to 1.
    pub probability: f32,
}

/// Each class once, as likely as its likeliest mention; those that come to no step are left out.
pub(crate) fn derived(classes: &[PhotoClass]) -> Vec<DerivedClass> {
    let mut found: Vec<DerivedClass> = Vec::new();
    for class in classes {
        let level = level(class.probability);
        match found.iter_mut().find(|other| other.names == class.names) {
            Some(other) => other.level = other.level.max(level),
            None if level > 0 => found.push(DerivedClass { names: class.names.clone(), level }),
            None => {}
        }
    }
    found
}

/// The names of classes that are tags too.
pub(crate) fn tags(classes: &[PhotoClass]) -> impl Iterator<Item = &str> {
    let likely = classes.iter().filter(|class| class.is_likely());
    likely.flat_map(|class| class.names.split(", "))
}

/// The probability that a photo shows one of some classes, from the sum of the squares of their
/// levels.
pub fn probability_of(squares: u32) -> f32 {
    (squares as f32 / (STEPS * STEPS)).min(1.0)
}

/// How likely these classes of a photo make it that it shows one of the `wanted` ones.
pub fn probability_among(classes: &[PhotoClass], wanted: &[String]) -> f32 {
    let meant = derived(classes).into_iter().filter(|class| wanted.contains(&class.names));
    probability_of(meant.map(|class| u32::from(class.level).pow(2)).sum())
}

/// 0 to [`STEPS`]; 0 for what is no probability.
fn level(probability: f32) -> u8 {
    (probability.clamp(0.0, 1.0).sqrt() * STEPS).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(names: &str, probability: f32) -> PhotoClass {
        PhotoClass { names: names.into(), probability }
    }

    #[test]
    fn levels_are_square_roots() {
        let levels = [0.0, 0.0002, 0.001, 0.25, 0.5, 1.0, 7.0, -1.0, f32::NAN].map(level);
        assert_eq!(levels, [0, 0, 1, 16, 23, 32, 32, 0, 0]);
        assert_eq!(
            (probability_of(0), probability_of(256), probability_of(9999)),
            (0.0, 0.25, 1.0)
        );
    }

    #[test]
    fn a_class_counts_once() {
        let classes = [class("dog, hound", 0.25), class("cat", 0.25), class("dog, hound", 0.5)];
        assert_eq!(derived(&classes)[0], DerivedClass { names: "dog, hound".into(), level: 23 });
        let among = |wanted: &[&str]| {
            probability_among(&classes, &wanted.iter().map(|w| (*w).into()).collect::<Vec<_>>())
        };
        assert_eq!((among(&["cat"]), among(&["hound"])), (0.25, 0.0));
        assert!((among(&["cat", "dog, hound", "cat"]) - 0.766).abs() < 1e-3);
    }

    #[test]
    fn likely_classes_are_tags() {
        let classes = [class("dog, hound", 0.2), class("cat", 0.19)];
        assert_eq!(tags(&classes).collect::<Vec<_>>(), ["dog", "hound"]);
    }
}
