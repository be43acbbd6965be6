//! Properties that are structures: regions with people, places, trees of keywords.

use super::super::said::{Level, Role, Said};
use super::tree::{self, Node};
use super::values::{Value, field, field_texts};

/// Fields of a place, and how wide each is.
const PLACE_FIELDS: &[(&str, Level)] = &[
    ("LocationName", Level::Venue),
    ("Sublocation", Level::Sublocation),
    ("City", Level::City),
    ("ProvinceState", Level::State),
    ("CountryName", Level::Country),
    ("CountryCode", Level::CountryCode),
    ("WorldRegion", Level::WorldRegion),
];

/// Keywords of a tree that are looked at.
const MOST_KEYWORDS: usize = 1000;

/// Regions of the Metadata Working Group, which ACDSee writes too: those of faces, and those of
/// which nothing says what they hold.
pub(super) fn regions(value: Value, said: &mut Said) {
    let lists = value.structures().into_iter().filter_map(|all| field(all, "RegionList"));
    for region in lists.flat_map(Value::structures) {
        let kinds = field_texts(region, "Type");
        let kind = kinds.first().map_or("", |kind| kind.trim());
        if kind.is_empty() || kind.eq_ignore_ascii_case("face") {
            people(&field_texts(region, "Name"), said);
        }
    }
}

/// Regions of Microsoft's programs.
pub(super) fn microsoft_regions(value: Value, said: &mut Said) {
    let lists = value.structures().into_iter().filter_map(|all| field(all, "Regions"));
    for region in lists.flat_map(Value::structures) {
        people(&field_texts(region, "PersonDisplayName"), said);
    }
}

/// Persons with more than their names (IPTC).
pub(super) fn persons(value: Value, said: &mut Said) {
    for person in value.structures() {
        people(&field_texts(person, "PersonName"), said);
    }
}

/// Regions of the IPTC, as far as they hold persons.
pub(super) fn iptc_regions(value: Value, said: &mut Said) {
    for region in value.structures() {
        people(&field_texts(region, "PersonInImage"), said);
        if let Some(details) = field(region, "PersonInImageWDetails") {
            persons(details, said);
        }
    }
}

fn people(names: &[&str], said: &mut Said) {
    names.iter().for_each(|name| said.say(Role::Person, name));
}

/// Places where the picture was taken, or that it shows (IPTC).
pub(super) fn places(value: Value, said: &mut Said) {
    for place in value.structures() {
        for (name, level) in PLACE_FIELDS {
            let texts = field_texts(place, name);
            texts.iter().for_each(|text| said.say(Role::Location(*level), text));
        }
    }
}

/// Works of art in the picture (IPTC).
pub(super) fn artworks(value: Value, said: &mut Said) {
    for work in value.structures() {
        field_texts(work, "AOTitle").iter().for_each(|title| said.say(Role::Text, title));
    }
}

/// The Metadata Working Group's tree of keywords.
pub(super) fn keyword_tree(value: Value, said: &mut Said) {
    let mut found = Vec::new();
    for tree in value.structures().into_iter().filter_map(|all| field(all, "Hierarchy")) {
        branches(tree, "", &mut found);
    }
    found.iter().for_each(|path| said.say(Role::Levels('|'), path));
}

/// Paths to the leaves, and to what is said to be applied itself.
fn branches(tree: Value, above: &str, found: &mut Vec<String>) {
    for branch in tree.structures() {
        let Some(word) = field_texts(branch, "Keyword").first().map(|word| word.trim()) else {
            continue;
        };
        let path = join(above, word);
        let is_applied = field_texts(branch, "Applied")
            .first()
            .is_some_and(|applied| applied.trim().eq_ignore_ascii_case("true"));
        let before = found.len();
        if let Some(children) = field(branch, "Children") {
            branches(children, &path, found);
        }
        if (is_applied || found.len() == before) && found.len() < MOST_KEYWORDS {
            found.push(path);
        }
    }
}

/// ACDSee's categories: XML within a text, with a mark on those that apply.
pub(super) fn categories(value: Value, said: &mut Said) {
    for text in value.texts() {
        let roots = tree::read(text);
        let mut found = Vec::new();
        roots.iter().for_each(|root| marked(root, "", &mut found));
        found.iter().for_each(|path| said.say(Role::Levels('|'), path));
    }
}

fn marked(node: &Node, above: &str, found: &mut Vec<String>) {
    let is_category = node.name.local == "Category";
    let path = if is_category { join(above, node.text.trim()) } else { above.to_owned() };
    let mark = node.attributes.iter().find(|(name, _)| name.local == "Assigned");
    let before = found.len();
    node.children.iter().for_each(|child| marked(child, &path, found));
    let is_marked = is_category && mark.is_none_or(|(_, value)| value.trim() == "1");
    // A category above one that applies is among its levels.
    if is_marked && found.len() == before && found.len() < MOST_KEYWORDS {
        found.push(path);
    }
}

fn join(above: &str, word: &str) -> String {
    if above.is_empty() { word.to_owned() } else { format!("{above}|{word}") }
}
