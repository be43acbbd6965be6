//! Photos that people picked for an album: one setting ([`crate::Store::settings`]) for each.

use std::collections::BTreeMap;

use seer_types::PhotoId;

/// Begins the names of the settings of an album's photos.
pub fn picked_for(album: &str) -> String {
    format!("picked:{album}/")
}

/// The photos of an album among the settings of a library, by id.
pub fn picked(settings: &BTreeMap<String, String>, album: &str) -> Vec<PhotoId> {
    let begin = picked_for(album);
    // Behind the name of another album, which goes on after a slash, stands more than an id.
    settings.keys().filter_map(|name| name.strip_prefix(&begin)?.parse().ok()).collect()
}

/// The setting of a photo of an album; its value says nothing.
pub fn picked_setting(album: &str, id: PhotoId) -> String {
    format!("{}{id}", picked_for(album))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_album_has_the_photos_that_were_picked_for_it() {
        let ids = [PhotoId([1; 32]), PhotoId([0xfe; 32])];
        let albums = ["sea", "sea/2019", "sea/", "été 🐕"];
        let mut settings: BTreeMap<String, String> = BTreeMap::new();
        for (at, album) in albums.into_iter().enumerate() {
            let setting = |id: &PhotoId| (picked_setting(album, *id), String::new());
            settings.extend(ids[at % 2..].iter().map(setting));
        }
        settings.insert("picked:sea/odd".into(), String::new());
        for (at, album) in albums.into_iter().enumerate() {
            assert_eq!(picked(&settings, album), ids[at % 2..], "{album}");
        }
        assert_eq!(picked(&settings, "se"), []);
    }
}
