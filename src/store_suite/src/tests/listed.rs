//! No case is forgotten.

use std::fs;
use std::path::Path;

use crate::Case;

#[test]
fn every_case_is_listed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cases");
    let mut written = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let topic = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let cases = text.lines().filter_map(|line| line.strip_prefix("pub fn "));
        let names = cases.filter_map(|line| line.split_once("(place: &dyn Place)"));
        written.extend(names.map(|(name, _)| format!("{topic}::{name}")));
    }
    written.sort_unstable();
    let mut listed: Vec<&str> = Case::ALL.iter().map(|case| case.name).collect();
    listed.sort_unstable();
    assert_eq!(listed, written);
}
