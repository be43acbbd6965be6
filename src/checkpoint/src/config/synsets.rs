//! WordNet's synsets of things that can be seen: what they are called, and what is a kind of what.
//!
//! Among them are ImageNet's classes, which timm's classifiers number and do not name: one of 1,000
//! classes was trained on ImageNet-1k, one of 11,821 on timm's ImageNet-12k; both number their
//! classes in the order of WordNet's synset ids (timm 1.0, `imagenet_info.py`). The words are
//! WordNet 3.0's (Princeton University). The table is made by `registry/make/make_classes.py`.

use std::sync::LazyLock;

use crate::config::ClassLabel;

/// Lines of: synset id, how many classes the sets have that it is a class of, words for a class,
/// names, ids of hypernyms; tabs in between.
static TABLE: LazyLock<String> = LazyLock::new(|| {
    let packed = include_bytes!(concat!(env!("OUT_DIR"), "/synsets.tsv.packed"));
    let table = seer_packed::unpack(packed).expect("the table in the program is whole");
    String::from_utf8(table).expect("the table in the program is text")
});

/// All synsets, by id.
pub(super) static SYNSETS: LazyLock<Vec<Synset>> =
    LazyLock::new(|| TABLE.lines().filter_map(Synset::read).collect());

/// A line of the table.
pub(super) struct Synset {
    pub(super) id: &'static str,
    sets: &'static str,
    words: &'static str,
    names: &'static str,
    hypernyms: &'static str,
}

impl Synset {
    fn read(line: &'static str) -> Option<Self> {
        let mut fields = line.split('\t');
        let mut next = || fields.next();
        let (id, sets, words) = (next()?, next()?, next()?);
        Some(Self { id, sets, words, names: next()?, hypernyms: next()? })
    }

    /// What means it, in lower case.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.names.split(", ").filter(|name| !name.is_empty())
    }

    /// The synsets that it is a kind of, by id.
    pub(super) fn hypernyms(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.hypernyms.split(',').filter(|id| !id.is_empty())
    }
}

/// The classes of the set that has `count` of them; `None` for another number.
pub(super) fn classes(count: usize) -> Option<Vec<ClassLabel>> {
    let set = count.to_string();
    let members = SYNSETS.iter().filter(|synset| synset.sets.split(',').any(|one| one == set));
    let class = |synset: &Synset| ClassLabel {
        name: Some(synset.id.into()),
        description: Some(synset.words.into()),
    };
    let classes: Vec<ClassLabel> = members.map(class).collect();
    (classes.len() == count && count > 0).then_some(classes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sets_are_whole_and_in_order() {
        let known = classes(1000).unwrap();
        let at = |number: usize| known[number].description.as_deref().unwrap();
        assert_eq!((at(0), at(207), at(999)), ("tench", "golden retriever", TOILET_TISSUE));
        let large = classes(11_821).unwrap();
        assert!(large.iter().zip(&large[1..]).all(|(a, b)| a.name < b.name));
        assert!(classes(0).is_none() && classes(1001).is_none());
    }

    #[test]
    fn the_table_is_whole() {
        assert_eq!(SYNSETS.len(), TABLE.lines().count(), "each line is read");
        assert!(SYNSETS.is_sorted_by(|a, b| a.id < b.id));
        let is_there = |id: &str| SYNSETS.binary_search_by_key(&id, |synset| synset.id).is_ok();
        for synset in SYNSETS.iter() {
            assert!(synset.hypernyms().all(is_there), "{}", synset.id);
        }
    }

    const TOILET_TISSUE: &str = "toilet tissue, toilet paper, bathroom tissue";
}
