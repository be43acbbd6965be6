//! Which entries to show, and in which order.

use std::cmp::Ordering;

use super::{Entry, all};

/// What an entry must fulfil; `None` is no condition. An entry of which the fact is unknown does not fulfil one.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Filter {
    /// Its family, such as `siglip2`.
    pub family: Option<String>,
    /// A language of its captions, ISO 639-1.
    pub language: Option<String>,
    /// Most parameters, in millions.
    pub max_params_millions: Option<f32>,
    /// Most numbers in an embedding.
    pub max_dim: Option<usize>,
}

impl Filter {
    /// Whether an entry fulfils every condition.
    pub fn allows(&self, entry: &Entry) -> bool {
        let family = |family: &String| entry.family.eq_ignore_ascii_case(family);
        let params = |most: f32| entry.params_millions.is_some_and(|params| params <= most);
        let dim = |most: usize| entry.dim.is_some_and(|dim| dim <= most);
        self.family.as_ref().is_none_or(family)
            && self.language.as_deref().is_none_or(|language| entry.knows(language))
            && self.max_params_millions.is_none_or(params)
            && self.max_dim.is_none_or(dim)
    }
}

/// An order of entries; equal ones stay in the registry's order, those whose fact is unknown come last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SortBy {
    /// By name, ignoring case.
    Name,
    /// Fewest parameters first.
    Size,
    /// Fewest operations for a picture first.
    Speed,
    /// Best at naming ImageNet's pictures without training first.
    Accuracy,
}

/// The entries that fulfil `filter`, in the registry's order or sorted.
pub fn select<'a>(
    entries: impl IntoIterator<Item = &'a Entry>,
    filter: &Filter,
    sort: Option<SortBy>,
) -> Vec<&'a Entry> {
    let mut chosen: Vec<&Entry> = entries.into_iter().filter(|e| filter.allows(e)).collect();
    match sort {
        None => {}
        Some(SortBy::Name) => chosen.sort_by_key(|entry| entry.name.to_lowercase()),
        Some(SortBy::Size) => chosen.sort_by(|a, b| rising(a.params_millions, b.params_millions)),
        Some(SortBy::Speed) => chosen.sort_by(|a, b| rising(a.image_gflops, b.image_gflops)),
        Some(SortBy::Accuracy) => {
            let error = |entry: &Entry| entry.zero_shot_imagenet.map(|share| 1.0 - share);
            chosen.sort_by(|a, b| rising(error(a), error(b)));
        }
    }
    chosen
}

/// The families there are, in the registry's order.
pub fn families() -> Vec<&'static str> {
    let mut families: Vec<&str> = Vec::new();
    for entry in all() {
        if !families.contains(&entry.family.as_str()) {
            families.push(&entry.family);
        }
    }
    families
}

/// Smaller first, unknown last.
fn rising(a: Option<f32>, b: Option<f32>) -> Ordering {
    a.unwrap_or(f32::INFINITY).total_cmp(&b.unwrap_or(f32::INFINITY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_all_fulfilled() {
        let filter = Filter {
            family: Some("SigLIP2".into()),
            language: Some("de".into()),
            max_dim: Some(768),
            ..Filter::default()
        };
        assert!(families().contains(&"siglip2") && families().len() >= 18);
        let found = select(all(), &filter, None);
        assert!(!found.is_empty());
        for entry in found {
            assert!(entry.family == "siglip2" && entry.dim <= Some(768), "{}", entry.name);
        }
        let small = Filter { max_params_millions: Some(80.0), ..Filter::default() };
        let names: Vec<&str> =
            select(all(), &small, None).iter().map(|e| e.name.as_str()).collect();
        assert!(names.contains(&"builtin") && names.contains(&"MobileCLIP2-S0/dfndr2b"));
        assert!(!names.contains(&"ViT-B-32/openai"));
    }

    #[test]
    fn unknown_facts_come_last() {
        let by_accuracy = select(all(), &Filter::default(), Some(SortBy::Accuracy));
        let shares: Vec<Option<f32>> = by_accuracy.iter().map(|e| e.zero_shot_imagenet).collect();
        assert!(shares[0] > Some(0.85), "{:?}", shares[0]);
        assert!(shares.is_sorted_by(|a, b| a.unwrap_or(0.0) >= b.unwrap_or(0.0)));
        let by_speed = select(all(), &Filter::default(), Some(SortBy::Speed));
        assert!(by_speed[0].image_gflops < Some(5.0), "{}", by_speed[0].name);
        let by_name = select(all(), &Filter::default(), Some(SortBy::Name));
        assert!(by_name.is_sorted_by_key(|entry| entry.name.to_lowercase()));
    }

    #[test]
    fn many_languages_include_every_one() {
        let names = |language: &str| -> Vec<&str> {
            let filter = Filter { language: Some(language.into()), ..Filter::default() };
            select(all(), &filter, None).iter().map(|e| e.name.as_str()).collect()
        };
        for language in ["DE", "es"] {
            assert!(names(language).contains(&"xlm-roberta-base-ViT-B-32/laion5b_s13b_b90k"));
            assert!(!names(language).contains(&"ViT-B-32/openai"));
        }
        assert!(names("de").contains(&"builtin") && !names("es").contains(&"builtin"));
    }
}
