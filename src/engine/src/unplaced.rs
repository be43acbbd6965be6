//! A library for people who are not told where its photos were taken.

use crate::query::ParsedQuery;
use crate::{EngineError, Library};

impl Library {
    /// The library as somebody sees it who is not told where photos were taken: no words are read as names of
    /// places, and a query that asks where is refused. For one request; what it needs is shared. Records say
    /// where all the same: whoever hands them on leaves that out.
    pub fn without_places(&self) -> Self {
        Self { tells_places: false, ..self.view() }
    }

    /// # Errors
    /// `PlacesNotShared` for a query that asks where photos were taken, of somebody who is not told.
    pub(crate) fn check_places(&self, query: &ParsedQuery) -> Result<(), EngineError> {
        match self.tells_places || !query.asks_for_position() {
            true => Ok(()),
            false => Err(EngineError::PlacesNotShared),
        }
    }
}

#[cfg(test)]
mod tests {
    use seer_store::Change;
    use seer_types::{
        Coordinates, FileStamp, LibraryPath, PhotoFacts, PhotoFile, PhotoId, Place, PlaceName,
    };

    use super::*;
    use crate::OpenOptions;

    fn library() -> (tempfile::TempDir, Library) {
        let folder = tempfile::tempdir().unwrap();
        let library = Library::open(folder.path(), OpenOptions::default()).unwrap();
        let city = |name: &str| PlaceName { english: name.into(), local: None };
        let change = |n: u8, facts| Change::Photo {
            id: PhotoId([n; 32]),
            size: 1,
            facts,
            file: PhotoFile {
                path: LibraryPath::new(format!("/p/{n}.jpg")),
                root: LibraryPath::new("/p"),
                stamp: FileStamp::new(1, 1),
            },
            points: vec![],
        };
        let lisbon = PhotoFacts {
            position: Some(Coordinates { latitude: 38.72, longitude: -9.14 }),
            place: Some(Place { city: Some(city("Lisbon")), ..Place::default() }),
            ..PhotoFacts::default()
        };
        library.store.apply(&[change(1, lisbon), change(2, PhotoFacts::default())]).unwrap();
        (folder, library)
    }

    #[test]
    fn nobody_learns_a_place_from_what_words_are_read_as() {
        let (_folder, library) = library();
        let others = library.without_places();
        let count = |library: &Library, query: &str| library.facets(query, "", 9).unwrap().photos;
        for query in ["in Lisbon", "trams in Lisbon last summer"] {
            let readings = library.understand(query, seer_dates::now()).unwrap().readings;
            assert!(readings.iter().any(|reading| reading.filters.contains("place:")), "{query}");
            let readings = others.understand(query, seer_dates::now()).unwrap().readings;
            assert!(readings.iter().all(|reading| !reading.filters.contains("place:")), "{query}");
        }
        assert_eq!((count(&library, "in Lisbon"), count(&others, "in Lisbon")), (1, 2));
    }

    #[test]
    fn a_query_that_asks_where_is_refused_whatever_it_is_for() {
        let (_folder, library) = library();
        let others = library.without_places();
        for query in ["place:lisbon", "-near:38.72,-9.14", "(box:0,-20,50,0 OR ext:jpg) dogs"] {
            for (seen, may) in [(&library, true), (&others, false)] {
                let ends = [
                    seen.facets(query, "", 9).err(),
                    seen.understand(query, seer_dates::now()).err(),
                ];
                let codes = ends.map(|end| end.map(|error| error.code()));
                assert_eq!(codes, [if may { None } else { Some("not_shared") }; 2], "{query}");
            }
        }
    }
}
