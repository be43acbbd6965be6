//! Photos that are tagged with just what a query says, by a person or by a classifier: "umbrella",
//! "a photo of a golden retriever".

use seer_store::{Allowed, Filter};

use crate::literal::{COMMON, Literal};
use crate::query::ParsedQuery;
use crate::{EngineError, Library};

/// No tag is longer: a sentence is not looked up.
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

impl Library {
    /// The photos with such a tag, in no order. Among them the first place counts as often as there
    /// are photos.
    pub(crate) fn named(
        &self,
        query: &ParsedQuery,
        allowed: Option<&Allowed>,
    ) -> Result<Vec<Literal>, EngineError> {
        for tag in tags(query) {
            let mut filters = vec![Filter::Tag(tag)];
            filters.extend(allowed.map(|allowed| allowed.filter.clone()));
            let tagged = self.store.allow(&Filter::All(filters))?;
            if tagged.count == 0 || tagged.count > COMMON {
                continue;
            }
            let place = tagged.count as usize;
            let ids = self.store.newest(place, Some(&tagged))?;
            return Ok(ids.into_iter().map(|id| Literal { id, share: 1.0, place }).collect());
        }
        Ok(Vec::new())
    }
}

/// The tags that the query may mean, the likeliest first.
fn tags(query: &ParsedQuery) -> Vec<String> {
    let [term] = query.terms.as_slice() else { return Vec::new() };
    let words = term.text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let thing = thing(&words);
    if term.weight <= 0.0 || thing.is_empty() || thing.split(' ').count() > MOST_WORDS {
        return Vec::new();
    }
    let mut tags = vec![words.as_str(), thing];
    tags.extend(singular(thing));
    let mut tags: Vec<String> = tags.into_iter().map(str::to_owned).collect();
    tags.dedup();
    tags
}

/// Without what people say before it.
fn thing<'a>(words: &'a str) -> &'a str {
    let rest = |words: &'a str| {
        let after = |before: &&str| words.strip_prefix(before)?.strip_prefix(' ');
        BEFORE.iter().find_map(after)
    };
    let mut thing = words;
    while let Some(shorter) = rest(thing) {
        thing = shorter;
    }
    thing
}

/// What may be the singular of an English plural.
fn singular(thing: &str) -> Vec<&str> {
    [thing.strip_suffix('s'), thing.strip_suffix("es")].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::parse;

    #[test]
    fn what_a_query_may_be_tagged_with() {
        let of = |text: &str| tags(&parse(text).unwrap());
        assert_eq!(of("Scissors"), ["scissors", "scissor"]);
        assert_eq!(of("a photo of the  golden retriever")[1..], ["golden retriever"]);
        assert_eq!(of("boxes")[1..], ["boxe", "box"]);
        assert_eq!(of("another"), ["another"]);
        assert_eq!(of("the"), ["the"]);
        assert!(of("a man in a blue shirt climbs a steep rock face").is_empty());
        assert!(of("-dog").is_empty());
    }
}
