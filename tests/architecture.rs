//! The map in `docs/ARCHITECTURE.md` is true: every path it names exists, crates depend on each
//! other as drawn, each heavy package is known to one crate alone, and every dependency is used.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Packages whose library has another name.
const LIBRARIES: &[(&str, &str)] = &[("kamadak-exif", "exif")];

/// One package of the workspace.
struct Package {
    folder: PathBuf,
    /// Folders with the code of its library and programs.
    code: BTreeSet<PathBuf>,
    normal: BTreeSet<String>,
    development: BTreeSet<String>,
}

fn packages() -> BTreeMap<String, Package> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(ROOT)
        .output()
        .expect("cargo metadata runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    packages.iter().map(|package| (text(&package["name"]), Package::read(package))).collect()
}

fn text(value: &serde_json::Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn folder_of(path: &serde_json::Value) -> PathBuf {
    Path::new(&text(path)).parent().expect("a folder").to_owned()
}

impl Package {
    fn read(package: &serde_json::Value) -> Self {
        let targets = package["targets"].as_array().expect("targets");
        let of_kind = |target: &serde_json::Value| {
            let kinds = target["kind"].as_array().expect("kinds");
            kinds.iter().any(|kind| kind == "lib" || kind == "bin")
        };
        let all = package["dependencies"].as_array().expect("dependencies");
        let names = |wanted: Option<&str>| {
            let of_kind = all.iter().filter(|one| one["kind"].as_str() == wanted);
            of_kind.map(|one| text(&one["name"])).collect()
        };
        Self {
            folder: folder_of(&package["manifest_path"]),
            code: targets
                .iter()
                .filter(|t| of_kind(t))
                .map(|t| folder_of(&t["src_path"]))
                .collect(),
            normal: names(None),
            development: names(Some("dev")),
        }
    }

    /// What the library and the programs say, without their tests.
    fn product(&self) -> Vec<String> {
        let mut files = BTreeSet::new();
        self.code.iter().for_each(|folder| rust_files(folder, &mut files));
        let is_test = |path: &PathBuf| path.ends_with("tests.rs") || stem(path).ends_with("_tests");
        files.iter().filter(|path| !is_test(path)).map(|path| code_of(path, false)).collect()
    }

    /// The same with all tests and measurements.
    fn everything(&self) -> Vec<String> {
        let mut files = BTreeSet::new();
        self.code.iter().for_each(|folder| rust_files(folder, &mut files));
        for folder in ["tests", "benches", "examples"] {
            rust_files(&self.folder.join(folder), &mut files);
        }
        files.iter().map(|path| code_of(path, true)).collect()
    }
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Rust files in a folder and below, without what a build left there.
fn rust_files(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        if path.is_dir() && !path.ends_with("target") {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.insert(path);
        }
    }
}

/// A file without comments, and without the tests at its end unless these are wanted.
fn code_of(path: &Path, with_tests: bool) -> String {
    let all = fs::read_to_string(path).expect("a source file");
    let tests = all.find("#[cfg(test)]\nmod tests {").filter(|_| !with_tests);
    let lines = all[..tests.unwrap_or(all.len())].lines();
    let without_comment =
        |line: &str| line.split_once("//").map_or(line, |(code, _)| code).to_owned();
    lines.map(without_comment).collect::<Vec<_>>().join("\n")
}

/// Whether code speaks of a package: `name::…` or `use name`, not as a part of another path.
fn names(code: &str, package: &str) -> bool {
    let renamed = LIBRARIES.iter().find(|(name, _)| *name == package);
    let name = renamed.map_or(package, |(_, library)| library).replace('-', "_");
    code.match_indices(&name).any(|(at, _)| {
        let (before, after) = (&code[..at], &code[at + name.len()..]);
        let whole = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let first = whole && !before.ends_with("::");
        first
            && (after.starts_with("::")
                || before.ends_with("use ") && after.starts_with([';', ' ']))
    })
}

fn map() -> String {
    fs::read_to_string(Path::new(ROOT).join("docs/ARCHITECTURE.md")).expect("the map")
}

/// The package that the drawing calls `name`.
fn drawn(name: &str) -> String {
    if name == "cli" { "seer".to_owned() } else { format!("seer-{name}") }
}

/// What the drawing says: for each package, those it stands right above. A line `a, b <- c` says
/// that `c` uses `a` and `b`; lines go on from each other.
fn arrows() -> BTreeMap<String, BTreeSet<String>> {
    let map = map();
    let drawing = map.split("```").nth(1).expect("the drawing");
    let mut arrows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in drawing.lines().filter(|line| line.contains(" <- ")) {
        let mut under = Vec::new();
        for layer in line.split(" <- ") {
            let layer: Vec<String> = layer.split(", ").map(drawn).collect();
            for name in &layer {
                arrows.entry(name.clone()).or_default().extend(under.iter().cloned());
            }
            under = layer;
        }
    }
    arrows
}

/// Everything below a package, however far.
fn below(arrows: &BTreeMap<String, BTreeSet<String>>, name: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut next = vec![name.to_owned()];
    while let Some(one) = next.pop() {
        next.extend(arrows[&one].iter().filter(|other| all.insert((*other).clone())).cloned());
    }
    assert!(!all.contains(name), "{name} is drawn above itself");
    all
}

#[test]
fn crates_depend_on_each_other_as_drawn() {
    let (packages, arrows) = (packages(), arrows());
    let all: Vec<&String> = arrows.keys().collect();
    assert_eq!(all, packages.keys().collect::<Vec<_>>(), "the drawing and the workspace");
    for (name, under) in &arrows {
        let used = &packages[name].normal;
        let below = below(&arrows, name);
        for other in used.iter().filter(|other| packages.contains_key(*other)) {
            assert!(below.contains(other), "{name} uses {other}, against the drawing");
        }
        for arrow in under {
            assert!(used.contains(arrow), "{arrow} <- {name} is drawn, but not so");
        }
    }
}

/// The table's rows: package, folder, heavy packages.
fn table() -> Vec<(String, String, Vec<String>)> {
    let map = map();
    let rows = map.lines().filter(|line| line.starts_with("| seer"));
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let heavy = cells[3].split(", ").filter(|name| *name != "none");
        (cells[1].to_owned(), cells[2].replace('`', ""), heavy.map(str::to_owned).collect())
    })
    .collect()
}

#[test]
fn heavy_packages_have_one_owner() {
    let (packages, table) = (packages(), table());
    let named: BTreeSet<&String> = table.iter().map(|(name, ..)| name).collect();
    assert_eq!(named, packages.keys().collect(), "the table and the workspace");
    let mut seen = BTreeSet::new();
    for (owner, folder, heavy) in &table {
        // The root package's code has a folder of its own.
        let code = &packages[owner].code;
        let there = code.iter().any(|code| code.starts_with(Path::new(ROOT).join(folder)));
        assert!(there, "{owner} is not in {folder}");
        for package in heavy {
            assert!(seen.insert(package), "{package} has two owners");
            for (name, other) in &packages {
                assert_eq!(other.normal.contains(package), name == owner, "{package} in {name}");
            }
        }
    }
    assert!(seen.len() >= 12, "only {seen:?}");
}

#[test]
fn every_dependency_is_used() {
    let mut unused = Vec::new();
    for (name, package) in packages() {
        let (product, everything) = (package.product(), package.everything());
        let mut check = |dependencies: &BTreeSet<String>, code: &[String]| {
            let idle = dependencies.iter().filter(|one| !code.iter().any(|code| names(code, one)));
            unused.extend(idle.map(|one| format!("{name}: {one}")));
        };
        check(&package.normal, &product);
        check(&package.development, &everything);
    }
    assert_eq!(unused, Vec::<String>::new(), "named by no code");
}

#[test]
fn being_used_means_being_named_in_code() {
    for code in
        ["use sled::Db;", "use sled;", "let x = sled::open(1)", "#[sled::main]", "(sled::X)"]
    {
        assert!(names(code, "sled"), "{code}");
    }
    for code in ["sled", "assled::x", "crate::sled::x", "sled_of", "use sledge;", "\"sled\""] {
        assert!(!names(code, "sled"), "{code}");
    }
    assert!(names("candle_core::Tensor", "candle-core") && !names("candle_nn::x", "candle-core"));
}

#[test]
fn the_map_names_only_what_exists() {
    let map = map();
    let mut named = 0;
    for path in map.split('`').skip(1).step_by(2).filter(|code| is_path(code)) {
        assert!(Path::new(ROOT).join(path).exists(), "docs/ARCHITECTURE.md names {path}");
        named += 1;
    }
    assert!(named >= 30, "the map names only {named} paths");
    for folder in fs::read_dir(Path::new(ROOT).join("src")).expect("src") {
        let name = format!("src/{}", folder.expect("entry").file_name().to_string_lossy());
        assert!(map.contains(&name), "docs/ARCHITECTURE.md does not mention {name}");
    }
}

/// Paths of the repository are written with a slash or a known ending, and without spaces.
fn is_path(code: &str) -> bool {
    let tops = ["src/", "indexer/", "web/", "tests/", "benches/", "docs/", "training/", ".ci/"];
    let files = ["Cargo.toml", "Cargo.lock", "README.md", "rustfmt.toml", "deny.toml"];
    let plain = !code.contains([' ', '*', '{', '<', '(']);
    plain && (tops.iter().any(|top| code.starts_with(top)) || files.contains(&code))
}
