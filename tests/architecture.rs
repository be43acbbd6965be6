//! The map in `docs/ARCHITECTURE.md` is true: every path it names exists, crates depend only in
//! the stated direction, and each heavy package is known to one crate alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// For each crate, the crates it may use (besides development dependencies).
const DIRECTION: &[(&str, &[&str])] = &[
    ("seer-types", &[]),
    ("seer-images", &["seer-types"]),
    ("seer-encoders", &["seer-types"]),
    ("seer-vectors", &["seer-types"]),
    ("seer-catalog", &["seer-types"]),
    ("seer-keywords", &["seer-types"]),
    (
        "seer-engine",
        &[
            "seer-types",
            "seer-images",
            "seer-encoders",
            "seer-vectors",
            "seer-catalog",
            "seer-keywords",
        ],
    ),
    ("seer-indexer", &["seer-types", "seer-images", "seer-encoders", "seer-engine"]),
    ("seer-http", &["seer-types", "seer-images", "seer-engine"]),
    ("seer", &["seer-types", "seer-encoders", "seer-engine", "seer-indexer", "seer-http"]),
];

/// Heavy packages and the one crate that knows them.
const OWNERS: &[(&str, &str)] = &[
    ("candle-core", "seer-encoders"),
    ("candle-nn", "seer-encoders"),
    ("candle-transformers", "seer-encoders"),
    ("tokenizers", "seer-encoders"),
    ("hf-hub", "seer-encoders"),
    ("hnsw_rs", "seer-vectors"),
    ("sled", "seer-catalog"),
    ("tantivy", "seer-keywords"),
    ("image", "seer-images"),
    ("walkdir", "seer-indexer"),
    ("actix-web", "seer-http"),
    ("clap", "seer"),
];

/// Every workspace package with the names of its normal dependencies.
fn packages() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(ROOT)
        .output()
        .expect("cargo metadata runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let mut packages = BTreeMap::new();
    for package in metadata["packages"].as_array().expect("packages") {
        let dependencies = package["dependencies"].as_array().expect("dependencies");
        let normal = dependencies.iter().filter(|d| d["kind"].is_null());
        let names = normal.map(|d| d["name"].as_str().expect("name").to_string()).collect();
        packages.insert(package["name"].as_str().expect("name").to_string(), names);
    }
    packages
}

#[test]
fn crates_depend_in_one_direction() {
    let packages = packages();
    let stated: BTreeSet<&str> = DIRECTION.iter().map(|(name, _)| *name).collect();
    let found: BTreeSet<&str> = packages.keys().map(String::as_str).collect();
    assert_eq!(found, stated, "the crates of the workspace and of the map");
    for (name, allowed) in DIRECTION {
        for used in packages[*name].iter().filter(|d| d.starts_with("seer")) {
            assert!(allowed.contains(&used.as_str()), "{name} must not depend on {used}");
        }
    }
}

#[test]
fn heavy_packages_have_one_owner() {
    for (name, dependencies) in packages() {
        for (heavy, owner) in OWNERS {
            assert!(
                name == *owner || !dependencies.contains(*heavy),
                "{heavy} belongs to {owner}, but {name} depends on it"
            );
        }
    }
}

#[test]
fn every_prescribed_package_is_used() {
    let used: BTreeSet<String> = packages().into_values().flatten().collect();
    for (heavy, owner) in OWNERS {
        assert!(used.contains(*heavy), "{heavy} (of {owner}) is not used");
    }
}

#[test]
fn the_map_names_only_what_exists() {
    let map = std::fs::read_to_string(Path::new(ROOT).join("docs/ARCHITECTURE.md")).expect("map");
    let mut named = 0;
    for path in map.split('`').skip(1).step_by(2).filter(|code| is_path(code)) {
        assert!(Path::new(ROOT).join(path).exists(), "docs/ARCHITECTURE.md names {path}");
        named += 1;
    }
    assert!(named >= 30, "the map names only {named} paths");
    for folder in std::fs::read_dir(Path::new(ROOT).join("src")).expect("src") {
        let name = format!("src/{}", folder.expect("entry").file_name().to_string_lossy());
        assert!(map.contains(&name), "docs/ARCHITECTURE.md does not mention {name}");
    }
}

/// Paths of the repository are written with a slash or a known ending, and without spaces.
fn is_path(code: &str) -> bool {
    let tops = ["src/", "indexer/", "web/", "tests/", "benches/", "docs/", "training/", ".ci/"];
    let files = ["Cargo.toml", "Cargo.lock", "README.md", "rustfmt.toml"];
    let plain = !code.contains([' ', '*', '{', '<', '(']);
    plain && (tops.iter().any(|top| code.starts_with(top)) || files.contains(&code))
}
