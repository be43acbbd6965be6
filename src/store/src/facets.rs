//! What photos are counted by.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use seer_types::{PhotoFacts, PlaceName};

use crate::fold::fold;

/// The longest value in bytes; longer ones are no names that a list could show.
const LONGEST: usize = 200;

/// A kind of values of which a photo may have several.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Facet {
    /// The country at its position.
    Country,
    /// The town at its position with its country: "Lisbon, Portugal".
    City,
    /// Make and model of the camera, the make once.
    Camera,
    /// The format by content.
    Format,
    /// A tag that is written in the file.
    Tag,
    /// The first name of a class that it likely shows.
    Class,
    /// Somebody in it.
    Person,
}

impl Facet {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Country,
        Self::City,
        Self::Camera,
        Self::Format,
        Self::Tag,
        Self::Class,
        Self::Person,
    ];

    /// What a value of this kind begins with where it is kept.
    const fn letter(self) -> char {
        match self {
            Self::Country => 'n',
            Self::City => 'c',
            Self::Camera => 'm',
            Self::Format => 'f',
            Self::Tag => 't',
            Self::Class => 'k',
            Self::Person => 'p',
        }
    }

    fn of_letter(letter: char) -> Option<Self> {
        Self::ALL.into_iter().find(|facet| facet.letter() == letter)
    }
}

/// The values that a photo is counted by, as stores keep them: the letter of the kind, then the value
/// as it is written. Of values that are the same but for case and accents the first one.
pub(crate) fn facets_of(facts: &PhotoFacts) -> Vec<String> {
    let mut seen = HashSet::new();
    let values = values(facts).into_iter().filter_map(|(facet, value)| {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_name = !value.is_empty()
            && value.len() <= LONGEST
            && !value.contains(char::is_control)
            && seen.insert((facet, fold(&value)));
        is_name.then(|| format!("{}{value}", facet.letter()))
    });
    values.collect()
}

fn values(facts: &PhotoFacts) -> Vec<(Facet, String)> {
    let place = facts.place.as_ref();
    let english = |name: Option<&PlaceName>| name.map(|name| name.english.clone());
    let country = english(place.and_then(|place| place.country.as_ref()));
    let city = english(place.and_then(|place| place.city.as_ref()));
    let city = city.map(|city| match &country {
        Some(country) => format!("{city}, {country}"),
        None => city,
    });
    let classes = facts.classes.iter().filter(|class| class.is_likely());
    let first_names = classes.filter_map(|class| class.names.split(',').next());
    let one = |facet, value: Option<String>| value.map(|value| (facet, value));
    let several = [
        one(Facet::Country, country),
        one(Facet::City, city),
        one(Facet::Camera, camera(facts)),
        one(Facet::Format, Some(fold(&facts.format))),
    ];
    let tags = facts.tags.iter().map(|tag| (Facet::Tag, tag.clone()));
    let people = facts.people.iter().map(|name| (Facet::Person, name.clone()));
    let classes = first_names.map(|name| (Facet::Class, name.to_owned()));
    several.into_iter().flatten().chain(tags).chain(classes).chain(people).collect()
}

/// Make and model; the model alone where it begins with the make's first word.
fn camera(facts: &PhotoFacts) -> Option<String> {
    let (make, model) = (facts.camera_make.as_deref(), facts.camera_model.as_deref());
    let (Some(make), Some(model)) = (make, model) else {
        return model.or(make).map(str::to_owned);
    };
    let first = |text: &str| text.split_whitespace().next().map(fold);
    match first(make) == first(model) {
        true => Some(model.to_owned()),
        false => Some(format!("{make} {model}")),
    }
}

/// How many photos have which values.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FacetCounts {
    /// Photos by value, as stores keep them.
    kept: BTreeMap<String, u64>,
}

/// A value with how many photos have it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FacetValue {
    /// As most of its photos write it.
    pub value: String,
    /// How many photos.
    pub photos: u64,
}

impl FacetCounts {
    /// Counts photos more that have a value, as [`crate::Derived::facets`] has it.
    pub fn add(&mut self, kept: &str, photos: u64) {
        match self.kept.get_mut(kept) {
            Some(known) => *known += photos,
            None => drop(self.kept.insert(kept.to_owned(), photos)),
        }
    }

    /// The values of one kind, those with most photos first, of equals by their letters. Values are
    /// the same where case and accents do not count.
    pub fn of(&self, facet: Facet) -> Vec<FacetValue> {
        let letter = facet.letter();
        let mut values: HashMap<String, (u64, FacetValue)> = HashMap::new();
        let range =
            letter.to_string()..char::from_u32(letter as u32 + 1).unwrap_or('~').to_string();
        for (kept, photos) in self.kept.range(range) {
            let value = &kept[letter.len_utf8()..];
            let (most, known) = values
                .entry(fold(value))
                .or_insert_with(|| (0, FacetValue { value: value.to_owned(), photos: 0 }));
            known.photos += photos;
            if photos > most {
                *most = *photos;
                value.clone_into(&mut known.value);
            }
        }
        let mut values: Vec<FacetValue> = values.into_values().map(|(_, value)| value).collect();
        values.sort_unstable_by(|a, b| {
            Reverse(a.photos).cmp(&Reverse(b.photos)).then_with(|| a.value.cmp(&b.value))
        });
        values
    }

    /// Every kept value with its kind, for comparison.
    pub fn each(&self) -> impl Iterator<Item = (Facet, &str, u64)> {
        self.kept.iter().filter_map(|(kept, photos)| {
            let mut letters = kept.chars();
            let facet = letters.next().and_then(Facet::of_letter)?;
            Some((facet, letters.as_str(), *photos))
        })
    }
}

#[cfg(test)]
mod tests {
    use seer_types::{PhotoClass, Place};

    use super::*;

    fn name(english: &str) -> Option<PlaceName> {
        Some(PlaceName { english: english.into(), local: Some("local".into()) })
    }

    fn facts() -> PhotoFacts {
        let class = |names: &str, probability| PhotoClass { names: names.into(), probability };
        PhotoFacts {
            format: "JPEG".into(),
            camera_make: Some("NIKON CORPORATION".into()),
            camera_model: Some("Nikon D750".into()),
            place: Some(Place {
                district: None,
                city: name("Lisbon"),
                region: None,
                country: name("Portugal"),
            }),
            tags: vec![
                "Été".into(),
                "ete".into(),
                " two  words ".into(),
                "bell\u{7}".into(),
                "x".repeat(201),
            ],
            people: vec!["Zoë".into(), "Zoe".into(), "".into()],
            classes: vec![class("dog, domestic dog", 0.5), class("cat", 0.1)],
            ..PhotoFacts::default()
        }
    }

    #[test]
    fn a_photo_is_counted_once_by_each_value() {
        let values = [
            "nPortugal",
            "cLisbon, Portugal",
            "mNikon D750",
            "fjpeg",
            "tÉté",
            "ttwo words",
            "kdog",
            "pZoë",
        ];
        assert_eq!(facets_of(&facts()), values);
        let other = PhotoFacts {
            camera_make: Some("Apple".into()),
            camera_model: Some("iPhone 6s".into()),
            ..PhotoFacts::default()
        };
        assert_eq!(facets_of(&other), ["mApple iPhone 6s"]);
    }

    #[test]
    fn values_come_by_how_many_have_them() {
        let mut counts = FacetCounts::default();
        for (kept, photos) in
            [("tsea", 2), ("tSea", 3), ("tbeach", 5), ("tdog", 1), ("pAnn", 9), ("tsea", 1)]
        {
            counts.add(kept, photos);
        }
        let tags: Vec<(String, u64)> =
            counts.of(Facet::Tag).into_iter().map(|one| (one.value, one.photos)).collect();
        // Of spellings that are equally common the one that is sorted first.
        assert_eq!(tags, [("Sea".into(), 6), ("beach".into(), 5), ("dog".into(), 1)]);
        assert_eq!(counts.of(Facet::Camera), []);
        assert_eq!(counts.each().count(), 5);
    }

    #[test]
    fn letters_tell_kinds_apart() {
        for facet in Facet::ALL {
            assert_eq!(Facet::of_letter(facet.letter()), Some(facet));
        }
    }
}
