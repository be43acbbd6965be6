//! The file that Google Takeout writes for a photo.

use seer_types::{Coordinates, DateSource, LocalTime, Taken};
use serde_json::Value;

use crate::metadata::{clean_text, position_at};

/// A longer file is none: they have a few thousand bytes.
const LARGEST: usize = 512 << 10;

/// What it says of the photo.
#[derive(Default, Debug, PartialEq)]
pub(super) struct Takeout {
    pub(super) taken: Option<Taken>,
    pub(super) position: Option<Coordinates>,
    pub(super) description: Option<String>,
    pub(super) people: Vec<String>,
}

/// Reads it; `None` for JSON of other programs, and for what is no JSON.
pub(super) fn read(bytes: &[u8]) -> Option<Takeout> {
    if bytes.len() > LARGEST {
        return None;
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let all: Value = serde_json::from_slice(bytes).ok()?;
    let is_takeout =
        ["photoTakenTime", "geoData", "creationTime"].iter().any(|key| all.get(key).is_some());
    if !is_takeout {
        return None;
    }
    Some(Takeout {
        taken: all.get("photoTakenTime").and_then(time),
        // What the person set goes before what the camera wrote.
        position: ["geoData", "geoDataExif"].iter().find_map(|key| place(all.get(key)?)),
        description: all.get("description").and_then(Value::as_str).and_then(clean_text),
        people: all.get("people").and_then(Value::as_array).map_or_else(Vec::new, |people| {
            let names = people.iter().filter_map(|person| person.get("name")?.as_str());
            names.filter_map(clean_text).collect()
        }),
    })
}

/// Seconds since 1970, in UTC: the service does not say in which zone the photo was taken.
fn time(time: &Value) -> Option<Taken> {
    let stamp = time.get("timestamp")?;
    let seconds = stamp.as_i64().or_else(|| stamp.as_str()?.trim().parse().ok())?;
    // Zero is what it writes where it does not know; no photo was taken then.
    let start = LocalTime::from_seconds(seconds);
    let is_known = seconds != 0 && (1820..=9999).contains(&start.civil().0);
    is_known.then(|| Taken::second(start, DateSource::Service))
}

/// 0, 0 is nothing.
fn place(place: &Value) -> Option<Coordinates> {
    position_at(place.get("latitude")?.as_f64()?, place.get("longitude")?.as_f64()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_google_says_is_read() {
        let found = read(
            br#"{"title": "IMG_0001.jpg", "description": "By the sea",
              "creationTime": {"timestamp": "1600000000"},
              "photoTakenTime": {"timestamp": "1563121205", "formatted": "14.07.2019"},
              "geoData": {"latitude": 0.0, "longitude": 0.0, "altitude": 0.0},
              "geoDataExif": {"latitude": 36.4483, "longitude": -116.855},
              "people": [{"name": "Marie Curie"}, {"name": " "}, {}], "favorited": true}"#,
        )
        .unwrap();
        assert_eq!(found.taken.unwrap().to_string(), "2019-07-14T16:20:05");
        assert_eq!(found.position.unwrap().latitude, 36.4483);
        assert_eq!(found.description.as_deref(), Some("By the sea"));
        assert_eq!(found.people, ["Marie Curie"]);
    }

    #[test]
    fn other_json_is_none() {
        for text in ["", "{", "[]", "7", "{\"title\": \"x\"}", "null"] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
        let odd = r#"{"photoTakenTime": 7, "geoData": {"latitude": "x"}, "people": {}, "description": 1}"#;
        assert_eq!(read(odd.as_bytes()), Some(Takeout::default()));
        assert_eq!(read("[".repeat(200_000).as_bytes()), None);
        assert_eq!(read(&vec![b' '; LARGEST + 1]), None);
    }
}
