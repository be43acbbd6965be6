//! Photos that people hid from searches: one setting ([`crate::Store::settings`]) for each.

use std::collections::BTreeMap;

use seer_types::PhotoId;

/// Begins the name of every such setting.
pub const HIDDEN: &str = "hidden:";

/// The hidden photos among the settings of a library, by id.
pub fn hidden(settings: &BTreeMap<String, String>) -> Vec<PhotoId> {
    settings.keys().filter_map(|name| name.strip_prefix(HIDDEN)?.parse().ok()).collect()
}

/// The setting of a hidden photo; its value says nothing.
pub fn hidden_setting(id: PhotoId) -> String {
    format!("{HIDDEN}{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_photos_are_read_from_their_settings() {
        let ids = [PhotoId([1; 32]), PhotoId([0xfe; 32])];
        let mut settings: BTreeMap<String, String> =
            ids.iter().map(|id| (hidden_setting(*id), String::new())).collect();
        settings.insert("text".into(), "off".into());
        settings.insert("hidden:odd".into(), String::new());
        assert_eq!(hidden(&settings), ids);
    }
}
