//! Every entry is sound, and its settings are understood.

use std::collections::{HashMap, HashSet};

use super::*;

#[test]
fn every_line_is_an_entry() {
    for (line, text) in DATA.lines().enumerate() {
        let entry: Result<Entry, _> = serde_json::from_str(text);
        assert!(entry.is_ok(), "line {}: {:?}", line + 1, entry.err());
    }
    assert_eq!(all()[0].name, BUILTIN);
    assert!(all()[0].is_builtin());
}

#[test]
fn names_are_unique_and_every_architecture_has_one_default() {
    let names: HashSet<_> = all().iter().map(|e| e.name.to_lowercase()).collect();
    assert_eq!(names.len(), all().len());
    let mut defaults: HashMap<&str, usize> = HashMap::new();
    for entry in all().iter().filter(|e| e.layout == Some(Published::OpenClip) || e.is_builtin()) {
        *defaults.entry(entry.architecture()).or_default() += usize::from(entry.is_default);
    }
    assert!(defaults.values().all(|count| *count == 1), "{defaults:?}");
    assert!(all().iter().filter(|entry| entry.recommended).count() >= 10);
}

#[test]
fn fetched_entries_are_complete() {
    for entry in all().iter().filter(|e| !e.is_builtin()) {
        let name = &entry.name;
        let hub = entry.hub.as_deref().unwrap_or_default();
        assert!(hub.split('/').count() == 2 && !hub.contains(['@', ' ']), "{name}: {hub}");
        assert!(entry.layout.is_some() && entry.dim.is_some(), "{name}");
        assert_eq!(entry.context_length.is_none(), entry.image_only, "{name}");
        assert!(entry.resolution.is_none_or(|side| (196..=512).contains(&side)), "{name}");
        let activation = entry.activation.as_deref();
        assert!(activation.is_none_or(|a| ["gelu", "quick_gelu"].contains(&a)), "{name}");
        assert!(entry.license.as_deref() != Some(""), "{name}");
        let figures = [
            entry.zero_shot_imagenet,
            entry.imagenet_fine_tuned,
            entry.flickr30k_recall_5,
            entry.coco_recall_5,
        ];
        assert_eq!(figures.iter().any(Option::is_some), entry.zero_shot_source.is_some(), "{name}");
        for share in figures.into_iter().flatten() {
            assert!((0.005..0.99).contains(&share), "{name}: {share}");
        }
        let is_hugging_face = entry.layout == Some(Published::HuggingFace);
        assert_eq!(entry.model_type.is_some(), is_hugging_face, "{name}");
    }
}

#[test]
fn a_misspelt_field_is_refused() {
    let line = r#"{"name":"x/y","family":"vit","licence":"mit","languages":["en"],"note":""}"#;
    assert!(serde_json::from_str::<Entry>(line).is_err());
}

#[test]
fn the_loader_understands_every_entry() {
    for entry in all() {
        entry.check_loadable().unwrap_or_else(|error| panic!("{}: {error}", entry.name));
    }
}
