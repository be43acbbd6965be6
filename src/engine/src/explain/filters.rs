//! What filters met in a photo.

use seer_store::terms::tag_keys;
use seer_store::{Derived, Filter, geometry, meets};
use seer_types::{PhotoFacts, Place};

use super::looked::Looked;
use super::stands::stands;

/// Values that one filter names, at the most.
const MOST: usize = 4;

/// A filter with what it met in a photo.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MetFilter {
    /// The filter as it was written, or as words were read.
    pub filter: String,
    /// What the photo has: its camera for `camera:`, its date for `date:`, the paths of its files
    /// for `path:`. Empty where it has nothing of the kind.
    pub values: Vec<String>,
}

/// Each filter with what it met.
pub(super) fn met(filters: &[(String, Filter)], looked: &Looked<'_>) -> Vec<MetFilter> {
    let one = |(text, filter): &(String, Filter)| {
        let mut values = Vec::new();
        collect(filter, &Asked { whole: filter, negated: false }, looked, &mut values);
        values.truncate(MOST);
        MetFilter { filter: text.clone(), values }
    };
    filters.iter().map(one).collect()
}

/// How a part of a filter is asked for.
struct Asked<'a> {
    /// The filter that it is a part of.
    whole: &'a Filter,
    /// Whether it must not hold.
    negated: bool,
}

fn collect(filter: &Filter, asked: &Asked<'_>, looked: &Looked<'_>, values: &mut Vec<String>) {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => {
            for part in parts.iter().filter(|part| looked.holds(part, asked.negated)) {
                collect(part, asked, looked, values);
            }
        }
        Filter::Not(part) => {
            collect(part, &Asked { negated: !asked.negated, ..*asked }, looked, values);
        }
        filter => {
            for value in found(filter, asked, looked) {
                if !values.contains(&value) {
                    values.push(value);
                }
            }
        }
    }
}

/// What a photo has of what a filter asks for.
fn found(filter: &Filter, asked: &Asked<'_>, looked: &Looked<'_>) -> Vec<String> {
    let (photo, facts) = (looked.photo, &looked.photo.facts);
    let one = |value: Option<String>| -> Vec<String> { value.into_iter().collect() };
    match filter {
        Filter::Path(_)
        | Filter::Folder(_)
        | Filter::Below(_)
        | Filter::Name(_)
        | Filter::Extension(_) => {
            let derived = looked.derived();
            let files = photo.files.iter().zip(&derived.files);
            let met = files.filter(|(_, file)| {
                meets(filter, derived, file) != asked.negated && meets(asked.whole, derived, file)
            });
            met.map(|(file, _)| file.path.to_text()).collect()
        }
        Filter::Text(text) => {
            let places = stands(std::slice::from_ref(text), looked).into_iter();
            places.map(|one| one.text).collect()
        }
        Filter::Tag(_) => tags(filter, asked.negated, looked),
        Filter::Person(_) => facts.people.clone(),
        Filter::Place(_) => place_names(facts),
        Filter::Rating { .. } => one(facts.rating.map(|stars| format!("{stars} stars"))),
        Filter::Format(_) => vec![facts.format.clone()],
        Filter::Taken { .. } | Filter::Recurring(_) => one(facts.taken.map(|at| at.to_string())),
        Filter::Camera(_) => one(camera(facts)),
        Filter::Lens(_) => one(facts.lens.clone()),
        Filter::Near { center, .. } => one(looked.derived().position.map(|at| {
            let km = geometry::distance_km(*center, at);
            format!("{:.4}, {:.4} ({km:.1} km away)", at.latitude, at.longitude)
        })),
        Filter::Inside(_) => one(looked
            .derived()
            .position
            .map(|at| format!("{:.4}, {:.4}", at.latitude, at.longitude))),
        Filter::FileSize { .. } => vec![format!("{} bytes", photo.size)],
        Filter::Width { .. } | Filter::Height { .. } | Filter::Orientation(_) => {
            vec![format!("{} x {} pixels", facts.width, facts.height)]
        }
        Filter::All(_) | Filter::Any(_) | Filter::Not(_) | Filter::Ids(_) => Vec::new(),
    }
}

/// The tags, and classes that count as tags, which a filter finds; all tags where it is to find none.
fn tags(filter: &Filter, negated: bool, looked: &Looked<'_>) -> Vec<String> {
    let (facts, derived) = (&looked.photo.facts, looked.derived());
    let classes = facts.classes.iter().filter(|class| class.is_likely());
    let classes = classes.flat_map(|class| class.names.split(',').map(str::trim));
    let all = facts.tags.iter().map(String::as_str).chain(classes);
    let is_found = |tag: &&str| {
        let alone = Derived { tags: tag_keys(tag), ..derived.clone() };
        negated || derived.files.first().is_some_and(|file| meets(filter, &alone, file))
    };
    all.filter(is_found).map(str::to_owned).collect()
}

/// Names of the places as they are written and by the position, in English.
fn place_names(facts: &PhotoFacts) -> Vec<String> {
    let by_position = facts.place.iter().flat_map(Place::names).map(|name| name.english.clone());
    facts.locations.iter().cloned().chain(by_position).collect()
}

/// Make and model, the make once.
fn camera(facts: &PhotoFacts) -> Option<String> {
    match (&facts.camera_make, &facts.camera_model) {
        (Some(make), Some(model)) if !model.starts_with(make.as_str()) => {
            Some(format!("{make} {model}"))
        }
        (make, model) => model.clone().or_else(|| make.clone()),
    }
}

#[cfg(test)]
mod tests {
    use seer_types::{
        Coordinates, FileStamp, LibraryPath, LocalTime, PhotoClass, PhotoFile, PhotoId, PhotoRecord,
    };

    use super::*;
    use crate::query::parse;

    fn photo() -> PhotoRecord {
        let file = |path: &str| PhotoFile {
            path: LibraryPath::new(path),
            root: LibraryPath::new("/p"),
            stamp: FileStamp::new(1, 1),
        };
        let facts = PhotoFacts {
            width: 4,
            height: 3,
            format: "jpeg".into(),
            taken: LocalTime::from_civil(2019, 7, 14, 16, 20, 0).map(Into::into),
            camera_make: Some("Canon".into()),
            camera_model: Some("Canon EOS 5D".into()),
            position: Some(Coordinates { latitude: 48.0, longitude: 11.0 }),
            tags: vec!["kite".into(), "Places/Berlin".into()],
            classes: vec![PhotoClass { names: "dog, domestic dog".into(), probability: 0.5 }],
            ..PhotoFacts::default()
        };
        let files = vec![file("/p/a/x.jpg"), file("/p/b/y.png")];
        PhotoRecord { id: PhotoId([1; 32]), files, size: 9, facts, added: 0 }
    }

    fn values(query: &str) -> Vec<Vec<String>> {
        let (photo, query) = (photo(), parse(query).unwrap());
        let met = met(&query.filters, &Looked::at(&photo));
        met.into_iter().map(|one| one.values).collect()
    }

    #[test]
    fn a_filter_says_what_it_met() {
        let cases = [
            ("camera:canon", "Canon EOS 5D"),
            ("date:2019", "2019-07-14T16:20:00"),
            ("weekday:sunday", "2019-07-14T16:20:00"),
            ("path:/b/", "/p/b/y.png"),
            ("-ext:png", "/p/a/x.jpg"),
            ("type:jpeg", "jpeg"),
            ("tag:berlin", "Places/Berlin"),
            ("tag:dog", "dog"),
            ("text:kite", "kite"),
            ("width:>3", "4 x 3 pixels"),
            ("-camera:nikon", "Canon EOS 5D"),
            ("box:47,10.5,49,12", "48.0000, 11.0000"),
            ("near:48,11,5km", "48.0000, 11.0000 (0.0 km away)"),
        ];
        for (query, value) in cases {
            assert_eq!(values(query), [[value]], "{query}");
        }
    }

    #[test]
    fn of_alternatives_those_are_told_that_hold() {
        assert_eq!(values("(camera:nikon OR ext:jpg)"), [["/p/a/x.jpg"]]);
        assert_eq!(values("NOT (camera:nikon OR ext:jpg)"), [["Canon EOS 5D", "/p/b/y.png"]]);
        assert_eq!(values("-lens:50mm"), [[""; 0]]);
    }
}
