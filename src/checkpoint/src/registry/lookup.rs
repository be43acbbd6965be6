//! Finding an entry by what a person types.

use super::{Entry, all, captioners};

/// The entry of a name. Case and separators do not matter (`vit-b-32::openai`, `ViT-B/32 openai`), a hub id or another
/// name finds its entry, and an architecture alone means its default.
pub fn find(name: &str) -> Option<&'static Entry> {
    let wanted = key(name);
    let by_alias = |entry: &&Entry| entry.aliases.iter().any(|alias| key(alias) == wanted);
    let by_hub = |entry: &&Entry| entry.hub.as_deref().is_some_and(|hub| key(hub) == wanted);
    let entries = all();
    entries
        .iter()
        .find(|entry| key(&entry.name) == wanted)
        .or_else(|| {
            entries.iter().find(|entry| entry.is_default && key(entry.architecture()) == wanted)
        })
        .or_else(|| entries.iter().find(by_hub))
        .or_else(|| entries.iter().find(by_alias))
}

/// Up to three names a misspelt one may have meant, nearest first; empty where nothing is near.
pub fn suggestions(name: &str) -> Vec<&'static str> {
    const MOST: usize = 3;
    let wanted = key(name);
    let nearest = |names: [&'static str; 2]| {
        let distances = names
            .map(|candidate| (strsim::damerau_levenshtein(&key(candidate), &wanted), candidate));
        distances.into_iter().min_by_key(|(distance, _)| *distance)
    };
    let limit = (wanted.len() / 3).clamp(1, 8);
    let entries = all().iter().map(|entry| [entry.name.as_str(), entry.architecture()]);
    let captioners = captioners().iter().map(|captioner| [captioner.name, captioner.hub]);
    let near = entries.chain(captioners).filter_map(nearest);
    let mut near: Vec<_> = near.filter(|(distance, _)| *distance <= limit).collect();
    near.sort_by_key(|(distance, _)| *distance);
    let mut names: Vec<&str> = Vec::new();
    for (_, name) in near {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.truncate(MOST);
    names
}

/// Letters, digits and dots in lower case, anything else as single dashes. OpenCLIP's `-quickgelu` names mean the
/// same checkpoints: an entry knows its activation.
pub(super) fn key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for c in name.trim().chars() {
        if c.is_alphanumeric() || c == '.' {
            key.extend(c.to_lowercase());
        } else if !key.ends_with('-') {
            key.push('-');
        }
    }
    key.replace("-quickgelu", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str) -> Option<&'static str> {
        find(name).map(|entry| entry.name.as_str())
    }

    #[test]
    fn spelling_of_case_and_separators_is_free() {
        let openai = Some("ViT-B-32/openai");
        for name in [
            "ViT-B-32/openai",
            "vit-b-32::openai",
            "ViT-B-32:openai",
            "ViT-B/32 openai",
            "vit_b_32_OPENAI",
        ] {
            assert_eq!(found(name), openai, "{name}");
        }
        assert_eq!(found("ViT-B-32-quickgelu/openai"), openai);
    }

    #[test]
    fn an_architecture_means_its_default() {
        assert_eq!(found("ViT-B-32"), Some("ViT-B-32/datacomp_xl_s13b_b90k"));
        assert_eq!(found("ViT-L/14"), Some("ViT-L-14/datacomp_xl_s13b_b90k"));
        assert_eq!(found("ViT-L-14-336"), Some("ViT-L-14-336/openai"));
        assert_eq!(found("RN50"), Some("RN50/openai"));
        assert_eq!(found("rn50x4-quickgelu"), Some("RN50x4/openai"));
        assert_eq!(found("Builtin"), Some("builtin"));
    }

    #[test]
    fn a_hub_id_finds_its_entry() {
        assert_eq!(
            found("laion/CLIP-ViT-B-32-laion2B-s34B-b79K"),
            Some("ViT-B-32/laion2b_s34b_b79k")
        );
        assert_eq!(found("someone/else"), None);
        assert_eq!(found(""), None);
    }

    #[test]
    fn every_name_of_open_clip_is_known() {
        let names = include_str!("make/list_pretrained.txt");
        assert_eq!(names.lines().count(), 196);
        for name in names.lines() {
            let plain = name.replace("-quickgelu", "");
            assert_eq!(found(name), Some(plain.as_str()), "{name}");
            assert_eq!(found(&name.replace('/', ":")), Some(plain.as_str()), "{name}");
        }
    }

    #[test]
    fn publishers_own_names_are_known() {
        assert_eq!(found("facebook/PE-Core-L14-336"), Some("PE-Core-L-14-336/meta"));
        assert_eq!(found("apple/MobileCLIP2-S2"), Some("MobileCLIP2-S2/dfndr2b"));
        assert_eq!(
            found("google/siglip2-base-patch16-224"),
            Some("google/siglip2-base-patch16-224")
        );
        assert_eq!(found("timm/ViT-SO400M-14-SigLIP-384"), Some("ViT-SO400M-14-SigLIP-384/webli"));
    }

    #[test]
    fn misspelt_names_get_suggestions() {
        assert_eq!(suggestions("ViT-B-23").first(), Some(&"ViT-B-32"));
        assert!(suggestions("ViT-B-32/opnai").contains(&"ViT-B-32/openai"));
        assert_eq!(suggestions("bultin").first(), Some(&"builtin"));
        assert!(suggestions("something quite different from all of them").is_empty());
        assert!(suggestions("").is_empty());
    }
}
