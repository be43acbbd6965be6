//! The table of families in `docs/PARITY.md`: every fixture has its row, every cell its figure, and
//! no figure is below its bar. The figures themselves are printed by the tests the page names.

use std::collections::BTreeMap;
use std::path::Path;

/// What a figure must reach, column by column.
const COLUMNS: [(&str, Bar); 8] = [
    ("pixels: cosine", Bar::AtLeast(0.9999)),
    ("pixels: off by", Bar::AtMost(1e-4)),
    ("ids: cosine", Bar::AtLeast(0.9999)),
    ("ids: off by", Bar::AtMost(1e-4)),
    ("files: lossless", Bar::AtLeast(0.9999)),
    ("files: JPEG", Bar::AtLeast(0.9999)),
    ("q8 pictures", Bar::AtLeast(0.995)),
    ("q8 texts", Bar::AtLeast(0.995)),
];

/// Sets that are no family of their own: what several share, and the built-in model, whose figures
/// stand apart.
const NO_FAMILY: [&str; 6] =
    ["images", "tokenizer", "resized", "builtin", "oc-efficientnet", "blip-tiny"];

#[derive(Clone, Copy)]
enum Bar {
    AtLeast(f64),
    AtMost(f64),
}

/// The cells after the family's name, by fixture.
fn rows() -> BTreeMap<String, Vec<String>> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/PARITY.md");
    let page = std::fs::read_to_string(page).unwrap();
    let section = page.split("\n## ").find(|part| part.starts_with("Every family")).unwrap();
    let table = section.lines().skip_while(|line| !line.starts_with("| family | fixture"));
    let rows = table.skip(2).take_while(|line| line.starts_with("| "));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let (fixture, figures) = (cells[1], &cells[2..]);
        (fixture.to_owned(), figures.iter().map(|cell| (*cell).to_owned()).collect())
    })
    .collect()
}

#[test]
fn every_fixture_has_a_row() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let rows = rows();
    let mut fixtures = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.join("expected.safetensors").is_file() && !NO_FAMILY.contains(&name.as_str()) {
            assert!(rows.contains_key(&name), "docs/PARITY.md has no row for {name}");
            fixtures += 1;
        }
    }
    assert_eq!(rows.len(), fixtures, "a row of docs/PARITY.md has no fixture");
}

#[test]
fn every_cell_has_a_figure_that_reaches_its_bar() {
    let rows = rows();
    for (fixture, cells) in &rows {
        assert_eq!(cells.len(), COLUMNS.len(), "{fixture}: {cells:?}");
        for ((column, bar), cell) in COLUMNS.iter().zip(cells) {
            // A model that reads pictures only; a set with the weights of another.
            let shared = cell.strip_prefix("as ").is_some_and(|other| rows.contains_key(other));
            let no_text = cell == "no text" && fixture.starts_with("timm-");
            if shared || no_text {
                continue;
            }
            // Figures below their bar are bold, and the page says why.
            let bold = cell.starts_with("**");
            let figure: f64 = cell
                .trim_matches('*')
                .parse()
                .unwrap_or_else(|_| panic!("{fixture}, {column}: \"{cell}\" is no figure"));
            let reaches = match bar {
                Bar::AtLeast(least) => figure >= *least,
                Bar::AtMost(most) => figure <= *most,
            };
            assert_eq!(reaches, !bold, "{fixture}, {column}: {cell}");
        }
    }
}
