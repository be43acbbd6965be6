//! `search_photos`: a search and its answer, as an assistant reads it.

use seer_http::wire::{Band, Explanation, Hit, Photo, SearchAnswer, SearchRequest, Sort, Stands};
use serde_json::{Map, Value, json};

use crate::arguments::Given;

/// The search that the arguments mean.
pub(crate) fn request(given: &Given) -> SearchRequest {
    let limit = given.number("limit") as usize;
    let skipped = (given.number("page").saturating_sub(1) as usize).saturating_mul(limit);
    let sort = match given.text("sort") {
        "newest" => Sort::Newest,
        "oldest" => Sort::Oldest,
        _ => Sort::Relevance,
    };
    let query = given.text("query").to_owned();
    SearchRequest { query, k: limit, offset: skipped, sort, explain: true, ..Default::default() }
}

/// What is told of an answer.
pub(crate) fn answer(found: &SearchAnswer, page: u64) -> Value {
    let mut told = json!({
        "photos": found.hits.iter().map(photo).collect::<Vec<_>>(),
        "page": page,
        "more": found.more,
        "photos_that_the_filters_allow": found.matching,
    });
    if let Some(fitting) = found.fitting {
        told["photos_that_fit"] = fitting.into();
    }
    let notes = notes(found);
    if !notes.is_empty() {
        told["notes"] = notes.into();
    }
    told
}

/// What the one who asked should know of the answer as a whole.
fn notes(found: &SearchAnswer) -> Vec<String> {
    let mut notes = Vec::new();
    if found.hits.is_empty() {
        notes.push("no photo was found".to_owned());
    } else if found.fitting == Some(0) {
        notes.push("nothing clearly shows this; these are the closest photos".to_owned());
    }
    notes.extend(found.understood.iter().map(|words| match words.sure {
        true => format!("read \"{}\" as {}", words.read, words.filters),
        false => format!("\"{}\" can be read as {}: {}", words.read, words.filters, words.query),
    }));
    if found.unencoded > 0 {
        notes.push(format!(
            "{} photos are not encoded yet and cannot be found by meaning",
            found.unencoded
        ));
    }
    notes
}

fn photo(hit: &Hit) -> Value {
    let photo = &hit.photo;
    let mut told = Map::new();
    told.insert("id".into(), photo.id.clone().into());
    told.insert("path".into(), photo.files.first().map_or("", |file| &file.path).into());
    let mut known = |name: &str, value: Option<Value>| {
        told.extend(value.map(|value| (name.to_owned(), value)));
    };
    known("date", photo.taken.clone().map(Value::from));
    known("place", place(photo).map(Value::from));
    known("relevance", hit.band.map(|band| band_name(band).into()));
    known("why", hit.why.as_deref().map(|why| self::why(why).into()));
    known("at_second", hit.at_second.map(Value::from));
    known("alike", (!hit.alike.is_empty()).then(|| hit.alike.len().into()));
    Value::Object(told)
}

/// Where it was taken: "Alfama, Lisbon, Portugal"; else what the file says; else the position.
pub(crate) fn place(photo: &Photo) -> Option<String> {
    let names: Vec<&str> = match &photo.place {
        Some(place) => place.names().map(|name| name.english.as_str()).collect(),
        None => photo.locations.iter().map(String::as_str).collect(),
    };
    let position = || photo.position.map(|at| format!("{:.4}, {:.4}", at.latitude, at.longitude));
    if names.is_empty() { position() } else { Some(names.join(", ")) }
}

fn band_name(band: Band) -> &'static str {
    match band {
        Band::Strong => "strong",
        Band::Likely => "likely",
        Band::Weak => "weak",
    }
}

/// Why it was found, a sentence for each reason.
fn why(why: &Explanation) -> Vec<String> {
    let compared = why.parts.iter().filter(|part| part.what == "words" || part.what == "excluded");
    let compared = compared.map(|part| match part.what.as_str() {
        "excluded" => format!("cosine {:.2} to the excluded \"{}\"", part.cosine, part.text),
        _ => format!("cosine {:.2} to \"{}\"", part.cosine, part.text),
    });
    let shows = why.places.classes.as_ref();
    let shows = shows.map(|by| format!("shows it with a probability of {:.2}", by.probability));
    let met = why.filters.iter().map(|met| match met.values.is_empty() {
        true => format!("{}: it has none", met.filter),
        false => format!("{}: {}", met.filter, met.values.join(", ")),
    });
    compared.chain(shows).chain(why.stands.iter().map(stands)).chain(met).collect()
}

fn stands(one: &Stands) -> String {
    let Stands { word, place, text, .. } = one;
    let place = if place == "line" { "text that can be read in it" } else { place };
    format!("\"{word}\" stands in its {place}: \"{text}\"")
}
