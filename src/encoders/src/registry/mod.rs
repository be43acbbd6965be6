//! The checkpoints seer knows by name: data in `models.jsonl`, one a line, in OpenCLIP's order of architectures.
//!
//! Names, repositories and figures are those of OpenCLIP (`pretrained.py` of release 3.3, `docs/model_profile.csv`,
//! `docs/openclip_results.csv`). A figure nobody published is left out. Other checkpoints of a known kind work by
//! their hub id or from a folder; they need no entry here.

mod entry;
mod lookup;

use std::sync::LazyLock;

pub use entry::Entry;
pub use lookup::{find, suggestions};

/// Name of the model in the program.
pub const BUILTIN: &str = "builtin";

const DATA: &str = include_str!("models.jsonl");

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let entries: Result<Vec<Entry>, _> = DATA.lines().map(serde_json::from_str).collect();
    // The data is part of the program and a test reads it.
    entries.unwrap_or_else(|e| unreachable!("models.jsonl: {e}"))
});

/// Every entry, the built-in model first.
pub fn all() -> &'static [Entry] {
    &ENTRIES
}

#[cfg(test)]
mod tests {
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
        for entry in all() {
            *defaults.entry(entry.architecture()).or_default() += usize::from(entry.is_default);
        }
        assert!(defaults.values().all(|count| *count == 1), "{defaults:?}");
    }

    #[test]
    fn fetched_entries_are_complete() {
        for entry in all().iter().filter(|e| !e.is_builtin()) {
            let name = &entry.name;
            let hub = entry.hub.as_deref().unwrap_or_default();
            assert!(hub.split('/').count() == 2 && !hub.contains(['@', ' ']), "{name}: {hub}");
            assert!(
                entry.layout.is_some() && entry.dim.is_some() && entry.context_length.is_some(),
                "{name}"
            );
            assert!(entry.resolution.is_some_and(|side| (224..=512).contains(&side)), "{name}");
            assert!(entry.params_millions > Some(100.0) && entry.gflops > Some(10.0), "{name}");
            assert!(
                ["gelu", "quick_gelu"].contains(&entry.activation.as_deref().unwrap_or("")),
                "{name}"
            );
            assert!(!entry.license.is_empty() && !entry.languages.is_empty(), "{name}");
            assert_eq!(
                entry.zero_shot_imagenet.is_some(),
                entry.zero_shot_source.is_some(),
                "{name}"
            );
            assert!(
                entry.zero_shot_imagenet.is_none_or(|share| (0.5..0.9).contains(&share)),
                "{name}"
            );
        }
    }

    #[test]
    fn a_misspelt_field_is_refused() {
        let line = r#"{"name":"x/y","licence":"mit","languages":["en"],"note":""}"#;
        assert!(serde_json::from_str::<Entry>(line).is_err());
    }
}
