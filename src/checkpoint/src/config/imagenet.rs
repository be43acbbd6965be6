//! Names of ImageNet's classes, which timm's classifiers number and do not name.
//!
//! A classifier of 1,000 classes was trained on ImageNet-1k, one of 11,821 on timm's ImageNet-12k;
//! both number their classes in the order of WordNet's synset ids (timm 1.0, `imagenet_info.py`).
//! The words are WordNet 3.0's (Princeton University). The table is made by
//! `registry/make/make_classes.py`.

use crate::config::ClassLabel;

/// Lines of: synset id, tab, how many classes the sets have that it is in, tab, words.
const TABLE: &str = include_str!("imagenet_classes.tsv");

/// The classes of the set that has `count` of them; `None` for another number.
pub(super) fn classes(count: usize) -> Option<Vec<ClassLabel>> {
    let set = count.to_string();
    let class = |line: &str| {
        let mut fields = line.split('\t');
        let (name, sets, words) = (fields.next()?, fields.next()?, fields.next()?);
        let belongs = sets.split(',').any(|member| member == set);
        belongs.then(|| ClassLabel { name: Some(name.into()), description: Some(words.into()) })
    };
    let classes: Vec<ClassLabel> = TABLE.lines().filter_map(class).collect();
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

    const TOILET_TISSUE: &str = "toilet tissue, toilet paper, bathroom tissue";
}
