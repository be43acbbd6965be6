//! Smart albums: queries under a name, kept in the store.

use seer_store::Album;

use crate::picked::{is_picked, query_of};
use crate::query::parse;
use crate::{EngineError, Library, QueryError, name};

/// Albums of a library.
pub const MOST_ALBUMS: usize = 1000;
/// Characters of an album's name.
pub const LONGEST_ALBUM_NAME: usize = 100;
/// Characters of its query, as many as a search takes.
pub const LONGEST_ALBUM_QUERY: usize = 2000;

impl Library {
    /// The albums, by the bytes of their names.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn albums(&self) -> Result<Vec<Album>, EngineError> {
        Ok(self.store.albums()?)
    }

    /// The album of this name.
    ///
    /// # Errors
    /// `NoAlbum`; when the store cannot be read.
    pub fn album(&self, name: &str) -> Result<Album, EngineError> {
        let mut albums = self.albums()?;
        match albums.iter().position(|album| album.name == name) {
            Some(place) => Ok(albums.swap_remove(place)),
            None => Err(EngineError::NoAlbum { name: name.to_owned() }),
        }
    }

    /// Keeps an album, in place of a search of the same name. White space around its name is dropped.
    ///
    /// # Errors
    /// `AlbumExists` when the name is that of picked photos, which a search would lose; `AlbumName`, `Query`, `OutOfRange` for the query's length and the number of photos;
    /// `TooManyAlbums`; when the store cannot be written.
    pub fn save_album(&self, album: Album) -> Result<Album, EngineError> {
        let album = checked(album)?;
        let known = self.albums()?;
        if known.len() >= MOST_ALBUMS && known.iter().all(|other| other.name != album.name) {
            return Err(EngineError::TooManyAlbums);
        }
        let same = known.iter().find(|other| other.name == album.name);
        if !is_picked(&album) && same.is_some_and(is_picked) {
            return Err(EngineError::AlbumExists { name: album.name });
        }
        self.store.put_album(&album)?;
        Ok(album)
    }

    /// Gives an album another name.
    ///
    /// # Errors
    /// `NoAlbum`, `AlbumName`, `AlbumExists` when another one has the new name; when the store cannot
    /// be written. Stopped half way, the album is there under both names.
    pub fn rename_album(&self, name: &str, to: &str) -> Result<Album, EngineError> {
        let to = checked_name(to)?;
        let album = self.album(name)?;
        if to == name {
            return Ok(album);
        }
        if self.albums()?.iter().any(|other| other.name == to) {
            return Err(EngineError::AlbumExists { name: to });
        }
        let query = if is_picked(&album) { query_of(&to)? } else { album.query };
        let renamed = Album { name: to, query, ..album };
        self.store.put_album(&renamed)?;
        self.move_picked(name, Some(&renamed.name))?;
        self.store.remove_album(name)?;
        Ok(renamed)
    }

    /// Lets go of an album. Its photos stay.
    ///
    /// # Errors
    /// `NoAlbum`; when the store cannot be written.
    pub fn remove_album(&self, name: &str) -> Result<(), EngineError> {
        self.album(name)?;
        self.move_picked(name, None)?;
        Ok(self.store.remove_album(name)?)
    }
}

fn checked(album: Album) -> Result<Album, EngineError> {
    let Album { name, query, order, most } = album;
    let name = checked_name(&name)?;
    let query = query.trim().to_owned();
    in_range("the length of an album's query", 0, LONGEST_ALBUM_QUERY, query.chars().count())?;
    in_range("the number of photos of an album", 1, crate::answer::MAX_K, most as usize)?;
    let hidden = |c: char| c.is_control() && !c.is_whitespace();
    if query.contains(hidden) {
        return Err(QueryError::new("…", "it has control characters; leave them out").into());
    }
    parse(&query)?;
    Ok(Album { name, query, order, most })
}

pub(crate) fn checked_name(name: &str) -> Result<String, EngineError> {
    let wrong = |reason| EngineError::AlbumName { name: name.trim().to_owned(), reason };
    name::checked(name, LONGEST_ALBUM_NAME).map_err(wrong)
}

pub(crate) fn in_range(
    what: &'static str,
    min: usize,
    max: usize,
    found: usize,
) -> Result<(), EngineError> {
    match (min..=max).contains(&found) {
        true => Ok(()),
        false => Err(EngineError::OutOfRange { what, min, max, found }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn album(name: &str, query: &str) -> Album {
        Album { name: name.into(), query: query.into(), order: None, most: 60 }
    }

    fn library() -> (tempfile::TempDir, Library) {
        let folder = tempfile::tempdir().unwrap();
        let library = Library::open(folder.path(), crate::OpenOptions::default()).unwrap();
        (folder, library)
    }

    #[test]
    fn albums_are_saved_renamed_and_removed() {
        let (_folder, library) = library();
        let saved = library.save_album(album("  the sea ", " sea -fog ")).unwrap();
        assert_eq!(saved, album("the sea", "sea -fog"));
        library.save_album(album("the sea", "waves after:2019")).unwrap();
        assert_eq!(library.albums().unwrap(), [album("the sea", "waves after:2019")]);
        library.save_album(album("dogs", "dogs")).unwrap();
        let code = |result: Result<Album, EngineError>| result.unwrap_err().code();
        assert_eq!(code(library.rename_album("dogs", "the sea")), "album_exists");
        assert_eq!(code(library.rename_album("cats", "kittens")), "no_album");
        assert_eq!(library.rename_album("dogs", "dogs").unwrap(), album("dogs", "dogs"));
        library.rename_album("the sea", "Meer").unwrap();
        let names: Vec<String> = library.albums().unwrap().into_iter().map(|a| a.name).collect();
        assert_eq!(names, ["Meer", "dogs"]);
        library.remove_album("Meer").unwrap();
        assert_eq!(library.remove_album("Meer").unwrap_err().code(), "no_album");
        assert_eq!(library.albums().unwrap().len(), 1);
    }

    #[test]
    fn what_is_no_album_is_refused() {
        let (_folder, library) = library();
        let code = |album: Album| library.save_album(album).unwrap_err().code();
        for name in ["", "  ", "a\nb", "a\u{7f}", &"x".repeat(101)] {
            assert_eq!(code(album(name, "sea")), "bad_album_name", "{name:?}");
        }
        assert_eq!(code(album("a", "camra:canon")), "bad_query");
        assert_eq!(code(album("a", "sea\u{0}")), "bad_query");
        assert_eq!(code(album("a", &"x".repeat(2001))), "out_of_range");
        assert_eq!(code(Album { most: 0, ..album("a", "sea") }), "out_of_range");
        assert_eq!(code(Album { most: 1001, ..album("a", "sea") }), "out_of_range");
        assert!(library.save_album(album(&"é".repeat(100), "")).is_ok(), "all photos");
    }

    #[test]
    fn a_library_has_a_thousand_albums_at_the_most() {
        let (_folder, library) = library();
        for number in 0..MOST_ALBUMS {
            library.store.put_album(&album(&number.to_string(), "sea")).unwrap();
        }
        assert_eq!(library.save_album(album("more", "sea")).unwrap_err().code(), "too_many_albums");
        assert!(library.save_album(album("7", "waves")).is_ok(), "one of a name that is there");
    }
}
