//! What all sources say about one photo, and what of it counts.
//!
//! Each reader has a table that gives its properties a [`Role`]; here is what becomes of the roles.
//! Readers speak one after the other, the more trusted ones for words first; dates have a rank of
//! their own ([`DateSource`]), whoever says them.

use seer_types::{CameraSettings, Coordinates, DateSource, PhotoFacts, Taken};

use super::bounds::{self, MOST_KEYWORDS};
use super::{camera, date, split_words, text};

/// What a property tells of the photo.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    /// When it was taken.
    Date(DateSource),
    /// What it shows.
    Description,
    /// What it shows, where cameras and programs write descriptions of their own.
    OwnDescription,
    /// What it is called.
    Title,
    /// Any other text about it: headlines, subjects.
    Text,
    /// A text where cameras and programs write more often than people.
    Comment,
    /// A keyword, or several with `,` or `;` between them.
    Tags,
    /// A keyword with its levels, the widest first, and what stands between these.
    Levels(char),
    /// A person in it.
    Person,
    /// Stars.
    Rating(Scale),
    /// The name of a place.
    Location(Level),
    Make,
    Model,
    Lens,
}

/// How a rating is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Scale {
    /// 0 to 5; below 0 the picture was rejected.
    Stars,
    /// 0 to 99, as Windows gives them for its stars: 1, 25, 50, 75, 99.
    Percent,
}

/// How wide a place is, the narrowest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Level {
    Venue,
    Sublocation,
    City,
    State,
    Country,
    CountryCode,
    WorldRegion,
}

/// All that was said, by role.
#[derive(Default, Debug, PartialEq)]
pub(crate) struct Said {
    dates: Vec<Taken>,
    descriptions: Vec<String>,
    titles: Vec<String>,
    texts: Vec<String>,
    tags: Vec<String>,
    people: Vec<String>,
    locations: Vec<(Level, String)>,
    /// The first one; 0 says that it has none.
    rating: Option<u8>,
    make: Option<String>,
    model: Option<String>,
    lens: Option<String>,
    /// The first one.
    position: Option<Coordinates>,
    /// The first ones.
    settings: Option<CameraSettings>,
}

impl Said {
    /// Keeps what a property says; what is blank or makes no sense is passed over.
    pub(super) fn say(&mut self, role: Role, value: &str) {
        if role == Role::Tags && value.contains('\n') {
            return value.lines().take(MOST_KEYWORDS).for_each(|line| self.say(role, line));
        }
        let Some(value) = text::clean(value) else { return };
        match role {
            Role::Date(source) => self.date(&value, source),
            Role::Description => keep(&mut self.descriptions, value),
            Role::Title => keep(&mut self.titles, value),
            Role::OwnDescription | Role::Comment if camera::is_written_by_program(&value) => {}
            Role::OwnDescription => keep(&mut self.descriptions, value),
            Role::Comment if camera::is_code(&value) => {}
            Role::Comment | Role::Text => keep(&mut self.texts, value),
            Role::Tags => split_words::keywords(&value).for_each(|tag| keep(&mut self.tags, tag)),
            Role::Levels(separator) => {
                split_words::levels(&value, separator)
                    .into_iter()
                    .for_each(|tag| keep(&mut self.tags, tag));
            }
            Role::Person => keep(&mut self.people, value),
            Role::Rating(scale) => self.rating = self.rating.or(stars(&value, scale)),
            Role::Location(level) if self.locations.len() < MOST_KEYWORDS => {
                self.locations.push((level, value));
            }
            Role::Location(_) => {}
            Role::Make => first(&mut self.make, value),
            Role::Model => first(&mut self.model, value),
            Role::Lens if camera::is_lens(&value) => first(&mut self.lens, value),
            Role::Lens => {}
        }
    }

    /// Keeps a date as it is written.
    pub(super) fn date(&mut self, written: &str, source: DateSource) {
        let taken = date::parse(written).and_then(|moment| moment.taken(source));
        if self.dates.len() < MOST_KEYWORDS {
            self.dates.extend(taken);
        }
    }

    /// Keeps a position unless there is one.
    pub(super) fn position(&mut self, position: Option<Coordinates>) {
        self.position = self.position.or(position);
    }

    /// Keeps the exposure unless there is one.
    pub(super) fn settings(&mut self, settings: CameraSettings) {
        self.settings.get_or_insert(settings);
    }

    /// The rating that was said, 0 where it was said that there is none.
    pub(crate) fn said_rating(&self) -> Option<u8> {
        self.rating
    }

    /// What counts. Size and format are left for the caller to fill in.
    pub(crate) fn into_facts(self) -> PhotoFacts {
        let (make, model) = (self.make, self.model);
        let texts = [self.descriptions, self.titles, self.texts].concat();
        let is_own = |text: &String| {
            Some(text) != make.as_ref() && Some(text) != model.as_ref() && !camera::is_filler(text)
        };
        let mut texts = bounds::texts(texts.into_iter().filter(is_own)).into_iter();
        let mut locations = self.locations;
        locations.sort_by_key(|(level, _)| *level);
        let mut facts = PhotoFacts {
            taken: best(self.dates),
            camera_model: camera::full_model(make.as_deref(), model.as_deref()),
            camera_make: make,
            lens: self.lens,
            settings: self.settings.unwrap_or_default(),
            position: self.position,
            locations: bounds::tags(locations.into_iter().map(|(_, name)| name)),
            tags: bounds::tags(self.tags.into_iter()),
            people: bounds::tags(self.people.into_iter()),
            rating: self.rating.filter(|stars| *stars > 0),
            caption: texts.next(),
            descriptions: texts.collect(),
            ..PhotoFacts::default()
        };
        bounds::keep_within(&mut facts);
        facts
    }
}

fn keep(list: &mut Vec<String>, value: String) {
    if list.len() < MOST_KEYWORDS {
        list.push(value);
    }
}

fn first(slot: &mut Option<String>, value: String) {
    slot.get_or_insert(value);
}

/// The most trusted date; of one that is told twice, the more exact one.
fn best(mut dates: Vec<Taken>) -> Option<Taken> {
    dates.sort_by_key(|taken| taken.source);
    dates.into_iter().reduce(Taken::or_better)
}

/// 0 to 5; 0 where the picture was rejected. `None` for what is no rating.
fn stars(value: &str, scale: Scale) -> Option<u8> {
    let value: f64 = value.parse().ok().filter(|value: &f64| value.is_finite())?;
    match scale {
        Scale::Stars if value <= 5.0 => Some(value.max(0.0).round() as u8),
        Scale::Percent if value < 1.0 => Some(0),
        Scale::Percent if value <= 100.0 => Some(1 + (value / 25.0).round() as u8),
        _ => None,
    }
    .map(|stars| stars.min(5))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(said: &[(Role, &str)]) -> PhotoFacts {
        let mut all = Said::default();
        said.iter().for_each(|(role, value)| all.say(*role, value));
        all.into_facts()
    }

    #[test]
    fn a_description_is_the_caption_and_all_other_texts_stay() {
        let found = facts(&[
            (Role::Text, "Comment"),
            (Role::Title, "Dusk"),
            (Role::Description, "Waves"),
            (Role::Description, "waves"),
            (Role::Description, "Wellen"),
            (Role::Text, "OLYMPUS DIGITAL CAMERA"),
        ]);
        assert_eq!(found.caption.as_deref(), Some("Waves"));
        assert_eq!(found.descriptions, ["Wellen", "Dusk", "Comment"]);
        assert_eq!(facts(&[(Role::Title, "Dusk")]).caption.as_deref(), Some("Dusk"));
        let camera = [(Role::Model, "iPhone 5"), (Role::Description, "iPhone 5")];
        assert_eq!(facts(&camera).caption, None);
    }

    #[test]
    fn tags_keep_their_levels() {
        let found = facts(&[
            (Role::Tags, "lighthouse, sea; storm"),
            (Role::Levels('|'), "Nature|Animals|Cat"),
            (Role::Levels('/'), "Places/Berlin"),
            (Role::Levels('|'), "Sea"),
            (Role::Tags, "wind\r\nrain\n"),
        ]);
        let expected =
            ["lighthouse", "sea", "storm", "Nature|Animals|Cat", "Places|Berlin", "wind", "rain"];
        assert_eq!(found.tags, expected);
    }

    #[test]
    fn stars_are_counted_on_two_scales() {
        let of = |scale, value| facts(&[(Role::Rating(scale), value)]).rating;
        for (value, expected) in [("1", 1), ("25", 2), ("50", 3), ("75", 4), ("99", 5)] {
            assert_eq!(of(Scale::Percent, value), Some(expected));
        }
        assert_eq!(of(Scale::Stars, "5"), Some(5));
        assert_eq!(of(Scale::Stars, "4.0"), Some(4));
        for nothing in ["0", "-1", "6", "x", "NaN", "", "99"] {
            assert_eq!(of(Scale::Stars, nothing), None, "{nothing}");
        }
        assert_eq!(of(Scale::Percent, "0"), None);
        assert_eq!(of(Scale::Percent, "1000"), None);
    }

    #[test]
    fn dates_and_places_have_an_order_of_their_own() {
        let found = facts(&[
            (Role::Date(DateSource::ExifSaved), "2013:07:07 17:20:59"),
            (Role::Date(DateSource::XmpOriginal), "2003-05-04"),
            (Role::Location(Level::Country), "Portugal"),
            (Role::Location(Level::City), "Lisboa"),
        ]);
        assert_eq!(found.taken.unwrap().to_string(), "2003-05-04");
        assert_eq!(found.locations, ["Lisboa", "Portugal"]);
    }
}
