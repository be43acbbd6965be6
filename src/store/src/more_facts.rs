//! The facts of a photo that came after the first shape in which stores keep records.

use seer_types::{DateSource, PhotoFacts, Place, PlaceName, Precision, Taken, TextLine, Video};
use serde::{Deserialize, Serialize};

/// Facts as stores write them behind those of their older shapes. It is stored: a field more needs
/// another type, and the stores another version of their values.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct MoreFacts {
    /// Numbers of the date's precision and source; nothing without a date.
    date: Option<(u8, u8)>,
    /// Names of district, city, region and country in English and locally.
    place: Option<[Option<Name>; 4]>,
    locations: Vec<String>,
    people: Vec<String>,
    rating: Option<u8>,
    descriptions: Vec<String>,
    /// Text, corners, confidence.
    lines: Vec<(String, [[f32; 2]; 4], f32)>,
    generated_caption: Option<String>,
    /// Duration and times of frames, in seconds.
    video: Option<(f32, Vec<f32>)>,
}

type Name = (String, Option<String>);

/// Stored numbers of [`DateSource::ALL`]'s members: new ones get new numbers.
const SOURCES: [DateSource; 14] = [
    DateSource::Unknown,
    DateSource::ExifOriginal,
    DateSource::XmpOriginal,
    DateSource::PhotoshopCreated,
    DateSource::IptcCreated,
    DateSource::ExifDigitized,
    DateSource::XmpCreated,
    DateSource::IptcDigitized,
    DateSource::Container,
    DateSource::PngCreation,
    DateSource::Gps,
    DateSource::Service,
    DateSource::FileName,
    DateSource::ExifSaved,
];

impl MoreFacts {
    /// Those of a photo.
    pub fn of(facts: &PhotoFacts) -> Self {
        let source = |source| SOURCES.iter().position(|known| *known == source).unwrap_or(0) as u8;
        let name = |name: &Option<PlaceName>| {
            name.as_ref().map(|name| (name.english.clone(), name.local.clone()))
        };
        let line = |line: &TextLine| (line.text.clone(), line.corners, line.confidence);
        let place = facts.place.as_ref();
        Self {
            date: facts.taken.map(|taken| (taken.precision.number(), source(taken.source))),
            place: place.map(|p| [&p.district, &p.city, &p.region, &p.country].map(name)),
            locations: facts.locations.clone(),
            people: facts.people.clone(),
            rating: facts.rating,
            descriptions: facts.descriptions.clone(),
            lines: facts.text_lines.iter().map(line).collect(),
            generated_caption: facts.generated_caption.clone(),
            video: facts.video.as_ref().map(|video| (video.duration, video.frames.clone())),
        }
    }

    /// These with those of older shapes. Of a date `facts` has the start.
    pub fn add_to(self, facts: PhotoFacts) -> PhotoFacts {
        let name = |name: Option<Name>| name.map(|(english, local)| PlaceName { english, local });
        let line = |(text, corners, confidence)| TextLine { text, corners, confidence };
        let place = |[district, city, region, country]: [Option<Name>; 4]| Place {
            district: name(district),
            city: name(city),
            region: name(region),
            country: name(country),
        };
        let dated = |taken: Taken| match self.date {
            Some((precision, source)) => Taken {
                precision: Precision::from_number(precision).unwrap_or(Precision::Second),
                source: SOURCES.get(usize::from(source)).copied().unwrap_or(DateSource::Unknown),
                ..taken
            },
            None => taken,
        };
        PhotoFacts {
            taken: facts.taken.map(dated),
            place: self.place.map(place),
            locations: self.locations,
            people: self.people,
            rating: self.rating,
            descriptions: self.descriptions,
            text_lines: self.lines.into_iter().map(line).collect(),
            generated_caption: self.generated_caption,
            video: self.video.map(|(duration, frames)| Video { duration, frames }),
            ..facts
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_survives() {
        let name = |english: &str, local: Option<&str>| {
            Some(PlaceName { english: english.into(), local: local.map(Into::into) })
        };
        for source in DateSource::ALL {
            let facts = PhotoFacts {
                taken: Taken::partial(1993, Some(7), None, source),
                place: Some(Place {
                    district: name("Alfama", None),
                    city: name("Lisbon", Some("Lisboa")),
                    region: None,
                    country: name("Portugal", None),
                }),
                locations: vec!["Alfama".into()],
                people: vec!["Marie Curie".into()],
                rating: Some(4),
                descriptions: vec!["at sea".into()],
                text_lines: vec![TextLine {
                    text: "STOP".into(),
                    corners: [[0.1, 0.2], [0.3, 0.2], [0.3, 0.25], [0.1, 0.25]],
                    confidence: 0.9,
                }],
                generated_caption: Some("a street".into()),
                video: Some(Video { duration: 4.5, frames: vec![0.0, 2.25] }),
                ..PhotoFacts::default()
            };
            let start = facts.taken.map(|taken| Taken::second(taken.start, DateSource::Unknown));
            let older = PhotoFacts { taken: start, ..PhotoFacts::default() };
            assert_eq!(MoreFacts::of(&facts).add_to(older), facts);
        }
    }
}
