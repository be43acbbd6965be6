//! What packages say of the program is so: commands, variables, files.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use support::Place;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("entry").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Names such as `SEER_TOKEN` in a text.
fn variables(text: &str) -> BTreeSet<String> {
    let is_name = |c: char| c.is_ascii_uppercase() || c == '_';
    let words = text.split(|c: char| !is_name(c));
    words.filter(|word| word.starts_with("SEER_")).map(str::to_owned).collect()
}

#[test]
fn variables_of_packages_are_the_program_s() {
    let help = Place::empty().seer(&["serve", "--help"]).out;
    let known = variables(&help);
    assert!(known.contains("SEER_ADDRESS") && known.contains("SEER_TEXT"), "{known:?}");
    // The unit's own: it becomes arguments.
    let own = BTreeSet::from(["SEER_FOLDERS".to_owned()]);
    for path in files(&root().join("packages")) {
        let used = variables(&fs::read_to_string(&path).expect("text"));
        let unknown: Vec<_> = used.difference(&known).filter(|name| !own.contains(*name)).collect();
        assert!(unknown.is_empty(), "{}: {unknown:?}", path.display());
    }
}

#[test]
fn commands_of_packages_are_the_program_s() {
    let place = Place::empty();
    for command in [&["health", "--help"][..], &["serve", "--help"], &["store", "init", "--help"]] {
        assert_eq!(place.seer(command).code, 0, "{command:?}");
    }
    let container = read("packages/docker/Dockerfile");
    for line in
        [r#"CMD ["/usr/bin/seer", "health"]"#, r#"CMD ["serve", "/photos"]"#, "cc-debian12:nonroot"]
    {
        assert!(container.contains(line), "{line}");
    }
    assert!(read("packages/docker/compose.shared.yml").contains(r#"command: ["store", "init"]"#));
}

#[test]
fn the_unit_is_made_of_sections_and_settings() {
    let unit = read("packages/systemd/seer.service");
    let mut section = "";
    for line in unit.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(name) => section = name,
            None => assert!(line.contains('='), "{line}"),
        }
        assert!(["Unit", "Service", "Install"].contains(&section), "{line}");
    }
    assert!(unit.contains("ExecStart=/usr/bin/seer serve"));
}

#[test]
fn files_of_the_debian_package_are_there() {
    let manifest = read("Cargo.toml");
    let (_, assets) = manifest.split_once("[package.metadata.deb]").expect("its table");
    let (assets, _) = assets.split_once("\n]").expect("its end");
    let sources: Vec<&str> = assets
        .lines()
        .filter_map(|line| line.trim().strip_prefix("[\"")?.split('"').next())
        .collect();
    assert!(sources.len() >= 7, "{sources:?}");
    for source in sources.iter().filter(|source| !source.starts_with("target/")) {
        assert!(root().join(source).is_file(), "{source}");
    }
    let prepare = read("packages/prepare");
    for made in ["target/package", "man", "completions/_seer", "completions/seer.fish"] {
        assert!(prepare.contains(made), "{made}");
    }
}
