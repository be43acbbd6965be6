//! What the photos that a query's filters allow are counted by.

use std::cmp::Reverse;

use seer_store::fold::fold;
use seer_store::{Allowed, DayCounts, Facet, FacetCounts, FacetValue, Filter};

use crate::picked::is_picked;
use crate::query::{ParsedQuery, parse};
use crate::search::check_range;
use crate::understanding::Understanding;
use crate::{EngineError, Library};

/// Values of a kind that an answer may have.
const MOST: usize = 100;

/// Albums whose photos are counted: each takes a look at all photos.
const MOST_ALBUMS_COUNTED: usize = 40;

/// What some photos are counted by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Facets {
    /// How many photos the filters allow.
    pub photos: u64,
    /// One for each kind, in the order of [`FacetKind::ALL`].
    pub kinds: Vec<FacetList>,
}

/// The values of one kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FacetList {
    /// The kind.
    pub kind: FacetKind,
    /// How many different values there are.
    pub different: u64,
    /// Those with most photos, the one with most first; years that have equally many the newest
    /// first, others by their letters.
    pub values: Vec<FacetOption>,
}

/// One value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FacetOption {
    /// As people read it.
    pub value: String,
    /// The filter that asks for it, as it is written in a query; `None` for an album that is more
    /// than filters. It finds all photos that are counted here, and may find more: `person:ann` finds
    /// "Ann Smith".
    pub filter: Option<String>,
    /// The query of an album.
    pub query: Option<String>,
    /// Photos that have it; `None` for albums that are not counted.
    pub photos: Option<u64>,
    /// The filter of the query that asks for the same, as it was typed.
    pub asked: Option<String>,
}

/// What photos are counted by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FacetKind {
    /// The year they were taken in.
    Year,
    /// The country they were taken in.
    Country,
    /// The town they were taken in, with its country.
    City,
    /// The camera.
    Camera,
    /// The format by content.
    Type,
    /// Tags written in the files.
    Tag,
    /// What a classifier takes them to show.
    Class,
    /// People in them.
    Person,
    /// Smart albums.
    Album,
}

impl FacetKind {
    /// All of them, in the order of an answer.
    pub const ALL: [Self; 9] = [
        Self::Year,
        Self::Country,
        Self::City,
        Self::Camera,
        Self::Type,
        Self::Tag,
        Self::Class,
        Self::Person,
        Self::Album,
    ];

    /// What is counted, and the key of the filter that asks for it; `None` for what is counted
    /// otherwise.
    fn counted(self) -> Option<(Facet, &'static str)> {
        match self {
            Self::Year | Self::Album => None,
            Self::Country => Some((Facet::Country, "place")),
            Self::City => Some((Facet::City, "place")),
            Self::Camera => Some((Facet::Camera, "camera")),
            Self::Type => Some((Facet::Format, "type")),
            Self::Tag => Some((Facet::Tag, "tag")),
            Self::Class => Some((Facet::Class, "tag")),
            Self::Person => Some((Facet::Person, "person")),
        }
    }

    /// Whether it says where photos were taken.
    pub fn is_place(self) -> bool {
        matches!(self, Self::Country | Self::City)
    }
}

impl Library {
    /// Counts the photos that a query's filters allow, those included that words are read as; what is
    /// compared by meaning is no filter, and leaves none out. `find`: of the values those with a word
    /// that begins so, or that begin so themselves; case and accents do not count. `most`: values of each kind.
    ///
    /// # Errors
    /// `Query`; `OutOfRange`; when the store cannot be read.
    pub fn facets(&self, query: &str, find: &str, most: usize) -> Result<Facets, EngineError> {
        check_range("most", 1, MOST, most)?;
        let Understanding { query, typed, .. } = self.understand(query, seer_dates::now())?;
        let allowed = self.allowed(&query)?;
        let photos = match &allowed {
            Some(allowed) => allowed.count,
            None => self.store.photo_count()?,
        };
        let find = fold(find.trim());
        let asked =
            Asked { library: self, query: &query, typed, allowed: allowed.as_ref(), find, most };
        let counts = self.store.facets(allowed.as_ref())?;
        let kinds = FacetKind::ALL.into_iter().map(|kind| asked.list(kind, &counts));
        Ok(Facets { photos, kinds: kinds.collect::<Result<_, _>>()? })
    }
}

struct Asked<'a> {
    library: &'a Library,
    query: &'a ParsedQuery,
    /// How many of its filters were typed; they come first.
    typed: usize,
    allowed: Option<&'a Allowed>,
    find: String,
    most: usize,
}

impl Asked<'_> {
    fn list(&self, kind: FacetKind, counts: &FacetCounts) -> Result<FacetList, EngineError> {
        let (key, found) = match kind.counted() {
            Some((facet, key)) => (key, counts.of(facet)),
            None if kind == FacetKind::Album => return self.albums(),
            None => ("year", years(&self.library.store.day_counts(self.allowed)?)),
        };
        let found: Vec<FacetValue> =
            found.into_iter().filter(|one| self.is_looked_for(&one.value)).collect();
        let different = found.len() as u64;
        let values = found.into_iter().filter_map(|FacetValue { value, photos }| {
            let filter = written(key, &value)?;
            let asked = self.typed(&filter);
            Some(FacetOption {
                value,
                filter: Some(filter),
                query: None,
                photos: Some(photos),
                asked,
            })
        });
        Ok(FacetList { kind, different, values: values.take(self.most).collect() })
    }

    fn is_looked_for(&self, value: &str) -> bool {
        let value = if self.find.is_empty() { return true } else { fold(value) };
        let mut words = value.split(|c: char| !c.is_alphanumeric());
        value.starts_with(&self.find) || words.any(|word| word.starts_with(&self.find))
    }

    /// The filter of the query that means the same as this one.
    fn typed(&self, filter: &str) -> Option<String> {
        let (_, wanted) = self.library.parse(filter).ok()?.filters.into_iter().next()?;
        let found = self.query.filters[..self.typed].iter().find(|(_, typed)| *typed == wanted);
        found.map(|(text, _)| text.clone())
    }

    /// The albums; those of filters alone are counted.
    fn albums(&self) -> Result<FacetList, EngineError> {
        let mut albums = self.library.albums()?;
        albums.retain(|album| self.is_looked_for(&album.name));
        let different = albums.len() as u64;
        let mut values = Vec::with_capacity(albums.len());
        let mut counted = 0;
        for album in albums {
            let filter = match is_picked(&album) {
                true => Some(album.query.clone()),
                false => Some(format!("({})", album.query)).filter(|group| is_filter_alone(group)),
            };
            let photos = match filter.as_ref().filter(|_| counted < MOST_ALBUMS_COUNTED) {
                Some(filter) => {
                    counted += 1;
                    self.count_typed(filter)?
                }
                None => None,
            };
            let asked = filter.as_ref().and_then(|filter| self.typed(filter));
            let query = Some(album.query);
            values.push(FacetOption { value: album.name, filter, query, photos, asked });
        }
        values.sort_by_key(|album| Reverse(album.photos));
        values.truncate(self.most);
        Ok(FacetList { kind: FacetKind::Album, different, values })
    }

    /// `None` for what is refused: the album went meanwhile.
    fn count_typed(&self, filter: &str) -> Result<Option<u64>, EngineError> {
        match self.library.parse(filter) {
            Ok(query) => {
                let filters = query.filters.into_iter().map(|(_, filter)| filter);
                Ok(Some(self.count(filters.collect())?))
            }
            Err(EngineError::Query(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn count(&self, mut filters: Vec<Filter>) -> Result<u64, EngineError> {
        filters.extend(self.library.all_filters(self.query)?);
        Ok(self.library.store.allow(&Filter::All(filters))?.count)
    }
}

/// Whether this is a filter and nothing else.
fn is_filter_alone(text: &str) -> bool {
    parse(text).is_ok_and(|query| query.filters.len() == 1 && !query.has_meaning())
}

/// The filter that asks for a value, in quotes where it has more than letters and digits; `None` where
/// no filter can ask for it.
fn written(key: &str, value: &str) -> Option<String> {
    let is_plain = value.chars().all(char::is_alphanumeric);
    let filter = match is_plain {
        true => format!("{key}:{value}"),
        false => format!("{key}:\"{}\"", value.replace(['"', '*', '?'], " ").trim()),
    };
    is_filter_alone(&filter).then_some(filter)
}

/// Photos by the year they were taken in, those with most first, of equals the newest.
fn years(days: &DayCounts) -> Vec<FacetValue> {
    let mut years: Vec<FacetValue> = Vec::new();
    for (day, photos) in &days.days {
        let mut value = DayCounts::start_of(*day).to_string();
        value.truncate("2019".len());
        match years.last_mut().filter(|last| last.value == value) {
            Some(last) => last.photos += photos,
            None => years.push(FacetValue { value, photos: *photos }),
        }
    }
    years.reverse();
    years.sort_by_key(|year| Reverse(year.photos));
    years
}

#[cfg(test)]
mod tests;
