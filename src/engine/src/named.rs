//! What a query names, where that is a class that the model tells apart or a word for several of
//! them: "umbrella", "a photo of a golden retriever", "dogs".

use seer_encoders::Model;

use crate::answer::NamedClasses;
use crate::query::ParsedQuery;

/// No name is longer: a sentence is not looked up.
const MOST_WORDS: usize = 6;

/// How people ask for a photo of a thing, before the thing.
const BEFORE: [&str; 10] = [
    "photo of",
    "photos of",
    "picture of",
    "pictures of",
    "image of",
    "images of",
    "a",
    "an",
    "the",
    "some",
];

/// Classes that a query names.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Named {
    /// The name.
    pub(crate) name: String,
    /// The classes that it means, as they are noted with photos.
    pub(crate) classes: Vec<String>,
    /// Whether it means something else, to which they are akin.
    pub(crate) akin: bool,
    /// What the square root of their probability adds to a cosine.
    pub(crate) weight: f32,
}

impl Named {
    /// `None` where the query is no name of the model's classes.
    pub(crate) fn by(query: &ParsedQuery, model: &Model) -> Option<Self> {
        let words = query.words();
        let excludes = query.terms.iter().any(|term| term.weight < 0.0);
        let asks = !words.is_empty() && !excludes && query.likes.is_empty();
        asks.then(|| Self::in_text(&words, model)).flatten()
    }

    /// `None` where the text is no name of the model's classes.
    pub(crate) fn in_text(text: &str, model: &Model) -> Option<Self> {
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let naming = |name| Some((name, model.naming(name)?));
        let (name, naming) = names(&words).into_iter().find_map(naming)?;
        let names = naming.classes.iter().filter_map(|number| model.classes()[*number].words());
        let classes = names.map(str::to_owned).collect();
        Some(Self { name: name.into(), classes, akin: naming.akin, weight: naming.weight })
    }

    /// For an answer.
    pub(crate) fn report(&self) -> NamedClasses {
        NamedClasses { name: self.name.clone(), classes: self.classes.len(), akin: self.akin }
    }
}

/// What a query may name, the likeliest first.
fn names(words: &str) -> Vec<&str> {
    let rest = |words| BEFORE.iter().find_map(|before| after(words, before));
    let mut thing = words;
    while let Some(shorter) = rest(thing) {
        thing = shorter;
    }
    let mut names = vec![words, thing];
    names.retain(|name| name.split(' ').count() <= MOST_WORDS);
    names
}

fn after<'a>(words: &'a str, before: &str) -> Option<&'a str> {
    words.strip_prefix(before)?.strip_prefix(' ')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::parse;

    #[test]
    fn what_a_query_may_name() {
        assert_eq!(names("a photo of a golden retriever")[1..], ["golden retriever"]);
        assert_eq!(names("another"), ["another", "another"]);
        assert_eq!(names("the"), ["the", "the"]);
        assert!(names("people in a blue shirt climb a steep rock").is_empty());
    }

    #[test]
    fn names_of_the_built_in_models_classes() {
        let model = Model::builtin(seer_encoders::DeviceChoice::Cpu).unwrap();
        let of = |text: &str| Named::by(&parse(text).unwrap(), &model);
        let umbrella = of("some Umbrellas").unwrap();
        assert_eq!(
            (umbrella.name.as_str(), umbrella.classes.as_slice()),
            ("umbrellas", &["umbrella".to_owned()][..])
        );
        assert_eq!(of("dog year:2019").unwrap().classes.len(), 118);
        let emu = of("emus").unwrap();
        assert!(emu.akin && emu.weight < umbrella.weight && !umbrella.akin, "{emu:?}");
        assert!(of("dog").unwrap().weight < umbrella.weight, "read in many captions");
        for text in
            ["-dog", "dog, cat", "a dog on a beach", "object", "tree", "", "like:3fa91c02 dog"]
        {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
