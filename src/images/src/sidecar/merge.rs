//! What counts where a photo and the files beside it say different things.
//!
//! | fact | XMP | Google Takeout |
//! |---|---|---|
//! | date | before the photo's, where it is that of the picture itself; else by rank | by rank: below all that is stored in the photo but the date of saving |
//! | rating, position | before the photo's; "no stars" takes the photo's away | where there is none |
//! | caption | before the photo's, which stays among the other texts | where there is none, else among the other texts |
//! | tags, people, places, other texts | both, the sidecar's first | both, the photo's first |
//! | camera, lens | where there is none | - |

use seer_types::{PhotoFacts, Taken};

use super::takeout::{self, Takeout};
use super::{LARGEST_SIDECAR, SidecarKind};
use crate::metadata::{keep_within, kept_names, kept_texts, said_by_xmp};

/// Adds what the files beside a photo say to its facts; the most trusted one stands first, as
/// [`super::Neighbours::of`] gives them. What cannot be read, and what is longer than
/// [`LARGEST_SIDECAR`], says nothing.
pub fn merge_sidecars<B: AsRef<[u8]>>(facts: &mut PhotoFacts, sidecars: &[(SidecarKind, B)]) {
    for (kind, bytes) in sidecars.iter().rev() {
        let bytes = bytes.as_ref();
        if bytes.len() > LARGEST_SIDECAR {
            continue;
        }
        match kind {
            SidecarKind::Xmp => merge_xmp(facts, bytes),
            SidecarKind::Takeout => {
                if let Some(said) = takeout::read(bytes) {
                    merge_takeout(facts, said);
                }
            }
        }
    }
    keep_within(facts);
}

fn merge_xmp(facts: &mut PhotoFacts, packet: &[u8]) {
    let said = said_by_xmp(packet);
    let rating = said.said_rating();
    let other = said.into_facts();
    facts.taken = date(facts.taken, other.taken);
    facts.rating = match rating {
        Some(stars) => Some(stars).filter(|stars| *stars > 0),
        None => facts.rating,
    };
    facts.position = other.position.or(facts.position);
    facts.camera_make = facts.camera_make.take().or(other.camera_make);
    facts.camera_model = facts.camera_model.take().or(other.camera_model);
    facts.lens = facts.lens.take().or(other.lens);
    facts.tags = both(other.tags, std::mem::take(&mut facts.tags));
    facts.people = both(other.people, std::mem::take(&mut facts.people));
    facts.locations = both(other.locations, std::mem::take(&mut facts.locations));
    let old = facts.caption.take().into_iter().chain(std::mem::take(&mut facts.descriptions));
    let texts = other.caption.into_iter().chain(other.descriptions).chain(old);
    put_texts(facts, texts);
}

/// The date of a program that a person used goes before the camera's, unless it is only that of a
/// scan or of a file, or the same date with less of it known.
fn date(photo: Option<Taken>, sidecar: Option<Taken>) -> Option<Taken> {
    match (photo, sidecar) {
        (Some(photo), Some(sidecar)) if sidecar.source.is_original() => {
            Some(if sidecar.holds(photo) { photo } else { sidecar })
        }
        (Some(photo), Some(sidecar)) => Some(photo.or_better(sidecar)),
        (photo, sidecar) => photo.or(sidecar),
    }
}

fn merge_takeout(facts: &mut PhotoFacts, said: Takeout) {
    facts.taken = match (facts.taken, said.taken) {
        (Some(photo), Some(service)) => Some(photo.or_better(service)),
        (photo, service) => photo.or(service),
    };
    facts.position = facts.position.or(said.position);
    facts.people = both(std::mem::take(&mut facts.people), said.people);
    let old = facts.caption.take().into_iter().chain(std::mem::take(&mut facts.descriptions));
    let texts: Vec<String> = old.chain(said.description).collect();
    put_texts(facts, texts.into_iter());
}

fn both(first: Vec<String>, second: Vec<String>) -> Vec<String> {
    kept_names(first.into_iter().chain(second))
}

/// The first text is the caption.
fn put_texts(facts: &mut PhotoFacts, texts: impl Iterator<Item = String>) {
    let mut texts = kept_texts(texts).into_iter();
    facts.caption = texts.next();
    facts.descriptions = texts.collect();
}

#[cfg(test)]
mod tests {
    use super::*;
    use seer_types::{Coordinates, DateSource};

    fn photo() -> PhotoFacts {
        let start = "2015-01-02T03:04:05".parse().unwrap();
        PhotoFacts {
            taken: Some(Taken::second(start, DateSource::ExifOriginal)),
            position: Some(Coordinates { latitude: 1.0, longitude: 2.0 }),
            tags: vec!["sea".into()],
            people: vec!["Ann".into()],
            rating: Some(3),
            caption: Some("old".into()),
            ..PhotoFacts::default()
        }
    }

    fn xmp(content: &str) -> Vec<u8> {
        format!("<x:xmpmeta><rdf:RDF><rdf:Description {content}</rdf:Description></rdf:RDF>").into()
    }

    fn merged(sidecars: &[(SidecarKind, Vec<u8>)]) -> PhotoFacts {
        let mut facts = photo();
        merge_sidecars(&mut facts, sidecars);
        facts
    }

    fn taken(content: &str) -> String {
        merged(&[(SidecarKind::Xmp, xmp(content))]).taken.unwrap().to_string()
    }

    #[test]
    fn what_a_person_edited_last_counts() {
        let content = "exif:DateTimeOriginal='1978-08-15' xmp:Rating='5' exif:GPSLatitude='10,0N' \
            exif:GPSLongitude='20,0E' dc:title='new'><dc:subject><rdf:Bag><rdf:li>lighthouse</rdf:li>\
            <rdf:li>Sea</rdf:li></rdf:Bag></dc:subject>";
        let found = merged(&[(SidecarKind::Xmp, xmp(content))]);
        assert_eq!(found.taken.unwrap().to_string(), "1978-08-15");
        assert_eq!((found.rating, found.position.unwrap().latitude), (Some(5), 10.0));
        assert_eq!(found.tags, ["lighthouse", "Sea"]);
        assert_eq!(found.people, ["Ann"]);
        assert_eq!(found.caption.as_deref(), Some("new"));
        assert_eq!(found.descriptions, ["old"]);
        assert_eq!(merged(&[(SidecarKind::Xmp, xmp("xmp:Rating='0'>"))]).rating, None);
        assert_eq!(merged(&[(SidecarKind::Xmp, xmp(">"))]), photo());
    }

    #[test]
    fn a_date_of_a_file_does_not_replace_that_of_the_picture() {
        assert_eq!(taken("xmp:CreateDate='2020-01-01T00:00:00'>"), "2015-01-02T03:04:05");
        assert_eq!(taken("photoshop:DateCreated='2015-01-02'>"), "2015-01-02T03:04:05");
        assert_eq!(taken("photoshop:DateCreated='2015-01-03'>"), "2015-01-03");
    }

    #[test]
    fn takeout_says_what_the_photo_does_not() {
        let json = br#"{"photoTakenTime": {"timestamp": "1563121205"}, "description": "By the sea",
            "geoData": {"latitude": 36.4483, "longitude": -116.855}, "people": [{"name": "Marie"}]}"#;
        let found = merged(&[(SidecarKind::Takeout, json.to_vec())]);
        assert_eq!(found.taken, photo().taken);
        assert_eq!(found.position, photo().position);
        assert_eq!(found.people, ["Ann", "Marie"]);
        assert_eq!(found.caption.as_deref(), Some("old"));
        assert_eq!(found.descriptions, ["By the sea"]);
        let mut bare = PhotoFacts::default();
        merge_sidecars(&mut bare, &[(SidecarKind::Takeout, &json[..])]);
        assert_eq!(bare.taken.unwrap().source, DateSource::Service);
        assert_eq!(bare.position.unwrap().longitude, -116.855);
        assert_eq!(bare.caption.as_deref(), Some("By the sea"));
    }

    #[test]
    fn the_first_of_several_counts() {
        let of = |stars: u8| (SidecarKind::Xmp, xmp(&format!("xmp:Rating='{stars}'>")));
        assert_eq!(merged(&[of(5), of(1)]).rating, Some(5));
        let broken = (SidecarKind::Takeout, b"{".to_vec());
        let long = (SidecarKind::Xmp, vec![b'<'; LARGEST_SIDECAR + 1]);
        assert_eq!(merged(&[broken, long]), photo());
    }
}
