//! Which of a classifier's classes a name means.
//!
//! A class is meant by its own names and, where it is a synset of WordNet, by the names of all that
//! it is a kind of: "golden retriever", "dog", "animal". A name of something else that can be seen
//! means the classes that are most closely akin: "emu" the ostrich, "mandolin" the other stringed
//! instruments. A photo of it looks like those to a classifier that has not learnt it.

use std::collections::{BTreeSet, HashMap};

use crate::config::ClassLabel;
use crate::config::synsets::SYNSETS;

/// A name that means more than this share of the classes says nothing: "object".
const SHARE: f64 = 0.4;
/// And so do kin that are more than this share of them.
const KIN_SHARE: f64 = 0.04;

/// Endings of English plurals with those of their singulars, and the other way round for what is
/// mostly said in the plural ("binoculars").
const OTHER_FORMS: [(&str, &str); 10] = [
    ("ies", "y"),
    ("ves", "f"),
    ("ves", "fe"),
    ("s", ""),
    ("es", ""),
    ("men", "man"),
    ("mice", "mouse"),
    ("geese", "goose"),
    ("people", "person"),
    ("", "s"),
];

/// The names that mean classes of one classifier.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ClassNames {
    classes: HashMap<String, Vec<usize>>,
    kin: HashMap<String, Vec<usize>>,
}

/// What a name means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Meaning<'a> {
    /// The name: in lower case, in the singular where that is the usual form.
    pub name: &'a str,
    /// The numbers of the classes, ascending; at least one.
    pub classes: &'a [usize],
    /// Whether the name means something else, to which these classes are akin.
    pub akin: bool,
}

impl ClassNames {
    /// The names of these classes.
    pub fn of(classes: &[ClassLabel]) -> Self {
        let under = under(classes);
        let most = |share: f64| (classes.len() as f64 * share).ceil() as usize;
        let mut exact: HashMap<String, BTreeSet<usize>> = HashMap::new();
        for (number, class) in classes.iter().enumerate() {
            let words = class.description.iter().take(usize::from(!is_synset(class)));
            for name in words.flat_map(|words| words.split(", ")) {
                exact.entry(folded(name)).or_default().insert(number);
            }
        }
        for (place, synset) in SYNSETS.iter().enumerate().filter(|(at, _)| !under[*at].is_empty()) {
            for name in synset.names() {
                exact.entry(name.to_owned()).or_default().extend(&under[place]);
            }
        }
        let mut kin: HashMap<String, BTreeSet<usize>> = HashMap::new();
        for (place, synset) in SYNSETS.iter().enumerate().filter(|(at, _)| under[*at].is_empty()) {
            let akin = akin(place, &under, most(KIN_SHARE));
            for name in synset.names().filter(|name| !exact.contains_key(*name)) {
                kin.entry(name.to_owned()).or_default().extend(&akin);
            }
        }
        Self { classes: few(exact, most(SHARE)), kin: few(kin, most(KIN_SHARE)) }
    }

    /// What a name means; `None` where it means none of the classes. A plural means what its
    /// singular means.
    pub fn meaning(&self, name: &str) -> Option<Meaning<'_>> {
        let name = folded(name);
        let forms = OTHER_FORMS.iter().filter_map(|(ending, other)| {
            let stem = name.strip_suffix(ending).filter(|stem| !stem.is_empty())?;
            Some(format!("{stem}{other}"))
        });
        let forms: Vec<String> = std::iter::once(name.clone()).chain(forms).collect();
        let find = |akin| {
            let among = if akin { &self.kin } else { &self.classes };
            let (name, classes) = forms.iter().find_map(|form| among.get_key_value(form))?;
            Some(Meaning { name, classes, akin })
        };
        find(false).or_else(|| find(true))
    }
}

/// In lower case, with one space between words and none for a hyphen.
pub(super) fn folded(name: &str) -> String {
    let words = name.split(|c: char| c.is_whitespace() || c == '-' || c == '_');
    let words: Vec<String> = words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    words.join(" ")
}

/// The names that mean at most so many classes.
fn few(names: HashMap<String, BTreeSet<usize>>, most: usize) -> HashMap<String, Vec<usize>> {
    let names = names
        .into_iter()
        .filter(|(name, meant)| !name.is_empty() && !meant.is_empty() && meant.len() <= most);
    names.map(|(name, meant)| (name, Vec::from_iter(meant))).collect()
}

fn is_synset(class: &ClassLabel) -> bool {
    class.name.as_deref().is_some_and(|name| place_of(name).is_some())
}

fn place_of(id: &str) -> Option<usize> {
    SYNSETS.binary_search_by_key(&id, |synset| synset.id).ok()
}

/// For each synset the classes that are it or a kind of it.
fn under(classes: &[ClassLabel]) -> Vec<BTreeSet<usize>> {
    let mut under = vec![BTreeSet::new(); SYNSETS.len()];
    for (number, class) in classes.iter().enumerate() {
        let mut left: Vec<usize> = class.name.as_deref().and_then(place_of).into_iter().collect();
        while let Some(place) = left.pop() {
            if under[place].insert(number) {
                left.extend(SYNSETS[place].hypernyms().filter_map(place_of));
            }
        }
    }
    under
}

/// The classes under the nearest of a synset's hypernyms that have some; none where one of these has
/// more than `most`, which most of them have and which would take long to copy.
fn akin(place: usize, under: &[BTreeSet<usize>], most: usize) -> BTreeSet<usize> {
    let mut level = vec![place];
    while !level.is_empty() {
        let above = level.iter().flat_map(|at| SYNSETS[*at].hypernyms().filter_map(place_of));
        level = above.collect();
        if level.iter().any(|at| under[*at].len() > most) {
            break;
        }
        let akin: BTreeSet<usize> =
            level.iter().flat_map(|at| under[*at].iter().copied()).collect();
        if !akin.is_empty() {
            return akin;
        }
    }
    BTreeSet::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::synsets;

    #[test]
    fn a_name_means_its_class_and_all_kinds_of_it() {
        let classes = synsets::classes(1000).unwrap();
        let names = ClassNames::of(&classes);
        let words = |name: &str| -> Vec<&str> {
            let meaning = names.meaning(name).filter(|meaning| !meaning.akin);
            let meant = meaning.map_or(&[][..], |meaning| meaning.classes).iter();
            meant.filter_map(|number| classes[*number].words()).collect()
        };
        assert_eq!(words("Golden  Retrievers"), ["golden retriever"]);
        assert_eq!(words("hair dryer"), ["hand blower, blow dryer, blow drier"]);
        assert_eq!(words("teddy-bear"), ["teddy, teddy bear"]);
        assert_eq!(words("binocular").len(), 1);
        assert_eq!(words("crane").len(), 2, "the bird and the machine");
        assert_eq!(words("dog").len(), 118);
        assert!(words("animal").len() > words("mammals").len());
        assert!(words("instruments").contains(&"accordion, piano accordion, squeeze box"));
        for (name, not) in [("wind", "flute"), ("toy", "toy terrier"), ("arm", "rifle")] {
            assert!(!words(name).iter().any(|words| words.contains(not)), "{name}");
        }
        for nothing in ["", " ", "object", "entity", "artifact", "nosuch", "s", "boxe"] {
            assert_eq!(names.meaning(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn what_is_no_class_means_its_kin() {
        let classes = synsets::classes(1000).unwrap();
        let names = ClassNames::of(&classes);
        let words = |name: &str| -> Vec<&str> {
            let meaning = names.meaning(name).filter(|meaning| meaning.akin);
            let kin = meaning.map_or(&[][..], |meaning| meaning.classes).iter();
            kin.filter_map(|number| classes[*number].words()).collect()
        };
        assert_eq!(words("emu"), ["ostrich"]);
        assert_eq!(words("stegosaurus"), ["triceratops"]);
        assert_eq!(words("euphoniums"), ["cornet, horn, trumpet", "horn", "trombone"]);
        assert!(words("ostrich").is_empty() && words("wedding").is_empty());
        assert_eq!(names.meaning("Euphoniums").unwrap().name, "euphonium");
    }

    #[test]
    fn classes_without_synsets_have_their_own_names() {
        let class = |name: Option<&str>, words: Option<&str>| ClassLabel {
            name: name.map(str::to_owned),
            description: words.map(str::to_owned),
        };
        let classes =
            [class(None, Some("Wolf, grey wolf")), class(Some("x"), None), class(None, None)];
        let names = ClassNames::of(&classes);
        for name in ["wolves", "grey wolf"] {
            assert_eq!(names.meaning(name).unwrap().classes, [0], "{name}");
        }
        assert_eq!(names.meaning("x"), None);
    }
}
