//! Under which setting it is kept that an indexed folder is watched.

use seer_types::LibraryPath;

/// Begins the name of every such setting.
pub const WATCHED: &str = "watch ";

/// The name of the setting of one indexed folder. It is there, with any value, while the folder is
/// watched. Paths may be long, and need not be Unicode: a part of their BLAKE3 hash stands for them.
pub fn watch_setting(root: &LibraryPath) -> String {
    let hash = blake3::hash(&root.to_bytes()).to_hex();
    format!("{WATCHED}{}", &hash[..32])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_folder_has_a_short_name_of_its_own() {
        let names = ["/p", "/p/", "/q"]
            .map(|path| watch_setting(&LibraryPath::from_bytes(path.as_bytes())));
        assert!(names.iter().all(|name| name.len() == 38 && name.starts_with("watch ")));
        assert!(names[0] != names[1] && names[1] != names[2]);
    }
}
