//! What a video's container says.

use seer_types::{Coordinates, DateSource, LocalTime, PhotoFacts};

use super::said::Role;
use super::{Packets, gather, gps, photoshop};

/// What a text of a container is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum VideoField {
    /// When it was taken, by the clock of the place.
    Date,
    /// Where, as ISO 6709 writes it.
    Position,
    Make,
    Model,
    Title,
    Description,
    Text,
    Tags,
}

/// All that it says, the more trusted of a kind first.
#[derive(Default, Debug)]
pub(crate) struct VideoSaid {
    pub(crate) texts: Vec<(VideoField, String)>,
    /// When the file was begun: seconds since 1970 (UTC).
    pub(crate) created: Option<u64>,
    /// Latitude and longitude in degrees.
    pub(crate) position: Option<(f64, f64)>,
}

/// What counts of it, and of the blocks of metadata that came with it.
pub(crate) fn video_facts(said: &VideoSaid, packets: &Packets) -> PhotoFacts {
    let mut all = gather(packets, &photoshop::Resources::default(), None);
    for (field, text) in &said.texts {
        let role = match field {
            VideoField::Date => Role::Date(DateSource::Container),
            VideoField::Position => {
                all.position(iso_6709(text));
                continue;
            }
            VideoField::Make => Role::Make,
            VideoField::Model => Role::Model,
            VideoField::Title => Role::Title,
            VideoField::Description => Role::Description,
            VideoField::Text => Role::Comment,
            VideoField::Tags => Role::Tags,
        };
        all.say(role, text);
    }
    all.position(said.position.and_then(|(latitude, longitude)| gps::at(latitude, longitude)));
    // The end of the year 9999.
    if let Some(seconds) = said.created.filter(|seconds| *seconds < 253_402_300_800) {
        let time = LocalTime::from_seconds(seconds.cast_signed()).to_string();
        all.date(&time, DateSource::Container);
    }
    all.into_facts()
}

/// "+36.4483-005.1234+012.3/": latitude and longitude in degrees; with more digits before the point in
/// degrees and minutes, or in degrees, minutes and seconds.
fn iso_6709(text: &str) -> Option<Coordinates> {
    let text = text.trim().trim_end_matches('/');
    let second = text.get(1..)?.find(['+', '-'])? + 1;
    let (latitude, rest) = text.split_at_checked(second)?;
    let end = rest.get(1..)?.find(['+', '-', 'C']).map_or(rest.len(), |end| end + 1);
    gps::at(angle(latitude, 2)?, angle(rest.get(..end)?, 3)?)
}

/// An angle whose degrees have so many digits.
fn angle(text: &str, digits: usize) -> Option<f64> {
    let size = text.strip_prefix(['+', '-'])?;
    let whole = size.find('.').unwrap_or(size.len());
    let part = |range: std::ops::Range<usize>| size.get(range)?.parse::<f64>().ok();
    let degrees = match whole.checked_sub(digits)? {
        0 => part(0..size.len())?,
        2 => part(0..digits)? + part(digits..size.len())? / 60.0,
        4 => {
            let minutes = part(digits..digits + 2)? / 60.0;
            part(0..digits)? + minutes + part(digits + 2..size.len())? / 3600.0
        }
        _ => return None,
    };
    Some(if text.starts_with('-') { -degrees } else { degrees })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_of_iso_6709() {
        for text in [
            "+36.4483-005.1234/",
            "+36.4483-005.1234+012.300/",
            "+3626.898-00507.404/",
            "+362653.88-0050724.24CRSWGS_84/",
        ] {
            let found = iso_6709(text).unwrap_or_else(|| panic!("{text}"));
            assert!((found.latitude - 36.4483).abs() < 1e-4, "{text}: {found:?}");
            assert!((found.longitude + 5.1234).abs() < 1e-4, "{text}: {found:?}");
        }
        for text in ["", "+", "+36", "+36.4-", "-x+y", "+99.0+000.0/", "+00.0+000.0/", "é+1é-2"] {
            assert_eq!(iso_6709(text), None, "{text}");
        }
    }

    #[test]
    fn the_clock_of_the_place_goes_before_that_of_the_file() {
        let mut said = VideoSaid { created: Some(1_563_121_205), ..VideoSaid::default() };
        let facts = video_facts(&said, &Packets::default());
        assert_eq!(facts.taken.unwrap().start.to_string(), "2019-07-14T16:20:05");
        assert_eq!(facts.taken.unwrap().source, DateSource::Container);
        said.texts.push((VideoField::Date, "2019-07-14T18:20:05+0200".to_owned()));
        said.texts.push((VideoField::Make, "Apple".to_owned()));
        let facts = video_facts(&said, &Packets::default());
        assert_eq!(facts.taken.unwrap().start.to_string(), "2019-07-14T18:20:05");
        assert_eq!(facts.camera_make.as_deref(), Some("Apple"));
        said.created = Some(u64::MAX);
        assert!(video_facts(&said, &Packets::default()).taken.is_some());
    }
}
