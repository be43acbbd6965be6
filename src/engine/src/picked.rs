//! Albums of photos that people pick, one by one: their query is the filter for these photos.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::Arc;

use seer_store::fold::fold;
use seer_store::{Album, Filter, TimeOrder, picked, picked_for, picked_setting};
use seer_types::PhotoId;

use crate::albums::{checked_name, in_range};
use crate::query::{ParsedQuery, parse_in};
use crate::{EngineError, Library};

/// Photos of one album.
pub const MOST_PICKED: usize = 10_000;
/// As albums have it unless told; all photos of a filter belong to its album.
const MOST: u32 = 60;

/// What came of picking photos.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Picked {
    /// Photos that were put in, or taken out.
    pub changed: usize,
    /// Photos of the album now; those that are deleted are counted too.
    pub photos: usize,
}

impl Library {
    /// Puts photos into an album of picked photos, or takes them out. One that is not there is made, the
    /// newest photos first.
    ///
    /// # Errors
    /// `AlbumName`, `TooManyAlbums`; `AlbumExists` when the album of this name is a search; `NoAlbum` when there
    /// is none to take photos out of; `OutOfRange` when it would have more than [`MOST_PICKED`]; when the store
    /// cannot be read or written. Then no photo is put in or taken out.
    pub fn pick(&self, name: &str, ids: &[PhotoId], put_in: bool) -> Result<Picked, EngineError> {
        let name = checked_name(name)?;
        let query = query_of(&name)?;
        let known = self.albums()?.into_iter().find(|album| album.name == name);
        match known {
            Some(album) if album.query == query => {}
            Some(_) => return Err(EngineError::AlbumExists { name }),
            None if !put_in => return Err(EngineError::NoAlbum { name }),
            None => {
                let (name, order) = (name.clone(), Some(TimeOrder::NewestFirst));
                self.save_album(Album { name, query, order, most: MOST })?;
            }
        }
        let before = self.picked(&name)?;
        let changed: BTreeSet<&PhotoId> =
            ids.iter().filter(|id| before.binary_search(id).is_ok() != put_in).collect();
        let (changed, before) = (changed, before.len());
        let photos = if put_in { before + changed.len() } else { before - changed.len() };
        in_range("the number of picked photos of an album", 0, before.max(MOST_PICKED), photos)?;
        let setting = |id: &&PhotoId| (picked_setting(&name, **id), put_in.then(String::new));
        let settings: Vec<_> = changed.iter().map(setting).collect();
        self.store.set_settings(&settings)?;
        Ok(Picked { changed: changed.len(), photos })
    }

    /// Understands a query, with the photos of the albums that it names.
    ///
    /// # Errors
    /// `Query`; `PlacesNotShared`; when the store cannot be read.
    pub(crate) fn parse(&self, text: &str) -> Result<ParsedQuery, EngineError> {
        let failed = Cell::new(None);
        let known = RefCell::new(None);
        let photos = |written: &str| {
            self.album_photos(written, &mut known.borrow_mut()).unwrap_or_else(|error| {
                failed.set(Some(error));
                Ok(Arc::default())
            })
        };
        let parsed = parse_in(text, &photos);
        match failed.take() {
            Some(error) => Err(error),
            None => {
                let parsed = parsed?;
                self.check_places(&parsed)?;
                Ok(parsed)
            }
        }
    }

    /// The photos of the album of this name; case and accents count only where several albums have it.
    /// `known`: the albums, once they are read.
    fn album_photos(
        &self,
        written: &str,
        known: &mut Option<Vec<Album>>,
    ) -> Result<Result<Arc<[PhotoId]>, String>, EngineError> {
        let albums = match known {
            Some(albums) => albums,
            None => known.insert(self.albums()?),
        };
        let folded = fold(written);
        let exact = albums.iter().find(|album| album.name == written);
        let album = exact.or_else(|| albums.iter().find(|album| fold(&album.name) == folded));
        match album.filter(|album| is_picked(album)) {
            Some(album) => Ok(Ok(self.picked(&album.name)?.into())),
            None => {
                Ok(Err("no album of picked photos has this name; \"seer album\" lists the albums"
                    .to_owned()))
            }
        }
    }

    /// The photos that were picked for an album, by id.
    fn picked(&self, name: &str) -> Result<Vec<PhotoId>, EngineError> {
        Ok(picked(&self.store.settings(&picked_for(name))?, name))
    }

    /// Moves what was picked for an album to another one, or takes it out.
    pub(crate) fn move_picked(&self, name: &str, to: Option<&str>) -> Result<(), EngineError> {
        let mut settings = Vec::new();
        for id in self.picked(name)? {
            settings.push((picked_setting(name, id), None));
            settings.extend(to.map(|to| (picked_setting(to, id), Some(String::new()))));
        }
        Ok(self.store.set_settings(&settings)?)
    }
}

/// Whether an album is one of picked photos.
pub(crate) fn is_picked(album: &Album) -> bool {
    query_of(&album.name).is_ok_and(|query| query == album.query)
}

/// The query of an album of picked photos: the filter by its own name.
///
/// # Errors
/// `AlbumName` for a name that no filter can hold.
pub(crate) fn query_of(name: &str) -> Result<String, EngineError> {
    let query = format!("album:\"{name}\"");
    let asked = RefCell::new(Vec::new());
    let parsed = parse_in(&query, &|name: &str| {
        asked.borrow_mut().push(name.to_owned());
        Ok(Arc::default())
    });
    let is_filter = parsed.is_ok_and(|query| {
        let filters = query.filters.iter().map(|(_, filter)| filter);
        !query.has_meaning() && filters.eq([&Filter::Ids(Arc::default())])
    });
    match is_filter && asked.into_inner() == [name] {
        true => Ok(query),
        false => Err(EngineError::AlbumName {
            name: name.to_owned(),
            reason: "an album of picked photos is asked for by its name, which needs a letter, a digit or \
                     a sign, and has no quotes, * and ?"
                .to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests;
