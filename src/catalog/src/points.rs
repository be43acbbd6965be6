//! The points of photos: what is stored for each part, and what changes replace.
//!
//! The whole picture's point has the photo's own row and lies in the tree `embeddings`; each other
//! part has a row of its own and lies in `parts`.

use std::collections::BTreeMap;

use seer_store::{Part, Point};
use seer_types::{ModelFingerprint, PhotoId, RowId};

use crate::change::StoredPoint;
use crate::database::Database;
use crate::draft::Draft;
use crate::embedding_store;
use crate::error::{CatalogError, Result};
use crate::keys::{self, Table};
use crate::open::Catalog;
use crate::value::BadValue;

impl Catalog {
    /// A photo's points in a model's space, by part.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn points(&self, model: ModelFingerprint, id: PhotoId) -> Result<Vec<StoredPoint>> {
        let store = self.store()?;
        let key = keys::embedding(model, id);
        let mut found = Vec::new();
        if let Some(value) = store.get(Table::Embeddings, &key)? {
            found.push(whole(model, id, &value).map_err(|e| store.damaged(e))?);
        }
        if self.state().parts > 0 {
            for entry in store.scan(Table::Parts, &key) {
                let (key, value) = entry?;
                let part = embedding_store::decode_part(model, &key, &value);
                found.push(part.map_err(|e| store.damaged(e))?);
            }
        }
        Ok(found)
    }

    /// Whether a photo has a point in a model's space.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn has_points(&self, model: ModelFingerprint, id: PhotoId) -> Result<bool> {
        let store = self.store()?;
        let key = keys::embedding(model, id);
        if store.get(Table::Embeddings, &key)?.is_some() {
            return Ok(true);
        }
        Ok(self.state().parts > 0 && store.scan(Table::Parts, &key).next().transpose()?.is_some())
    }

    /// Calls `with` for every point in a model's space, by photo id and part, reading as it goes;
    /// those of photos without files are included. Returns how many there were.
    ///
    /// # Errors
    /// `Damaged`, `Io`; what was read until then has been passed on. Those of `with`.
    pub fn for_each_point<E: From<CatalogError>>(
        &self,
        model: ModelFingerprint,
        mut with: impl FnMut(StoredPoint) -> std::result::Result<(), E>,
    ) -> std::result::Result<u64, E> {
        let store = self.store()?;
        let mut parts = parts(&store, model).peekable();
        let mut count = 0;
        for entry in store.scan(Table::Embeddings, &model.0) {
            let (key, value) = entry?;
            let id = key.get(16..).and_then(keys::photo_id);
            let id = id.ok_or_else(|| store.damaged(bad_key()))?;
            let is_before =
                |next: &Result<StoredPoint>| next.as_ref().map_or(true, |part| part.id < id);
            while let Some(part) = parts.next_if(is_before) {
                with(part?)?;
                count += 1;
            }
            with(whole(model, id, &value).map_err(|e| store.damaged(e))?)?;
            count += 1;
        }
        for part in parts {
            with(part?)?;
            count += 1;
        }
        Ok(count)
    }

    /// As [`Self::for_each_point`], for the points of other parts than the whole picture.
    ///
    /// # Errors
    /// `Damaged`, `Io`; what was read until then has been passed on. Those of `with`.
    pub fn for_each_part<E: From<CatalogError>>(
        &self,
        model: ModelFingerprint,
        mut with: impl FnMut(StoredPoint) -> std::result::Result<(), E>,
    ) -> std::result::Result<u64, E> {
        let mut count = 0;
        for part in parts(&*self.store()?, model) {
            with(part?)?;
            count += 1;
        }
        Ok(count)
    }
}

fn parts(store: &Database, model: ModelFingerprint) -> impl Iterator<Item = Result<StoredPoint>> {
    store.scan(Table::Parts, &model.0).map(move |entry| {
        let (key, value) = entry?;
        embedding_store::decode_part(model, &key, &value).map_err(|e| store.damaged(e))
    })
}

fn whole(
    model: ModelFingerprint,
    id: PhotoId,
    value: &[u8],
) -> std::result::Result<StoredPoint, BadValue> {
    let (row, embedding) = embedding_store::decode(model, value)?;
    Ok(StoredPoint { row, photo: row, id, point: Point::whole(embedding) })
}

fn bad_key() -> BadValue {
    BadValue("an embedding's key is none".into())
}

impl Draft<'_> {
    /// Puts a photo's points in the place of those it had in the same spaces.
    pub(crate) fn put_points(&mut self, id: PhotoId, photo: RowId, points: &[Point]) -> Result<()> {
        let mut spaces: BTreeMap<ModelFingerprint, BTreeMap<Part, &Point>> = BTreeMap::new();
        for point in points {
            self.check_dimension(id, point)?;
            let first = points.iter().find(|p| p.embedding.model() == point.embedding.model());
            if let Some(expected) = first.map(|first| first.embedding.dim())
                && expected != point.embedding.dim()
            {
                let found = point.embedding.dim();
                return Err(CatalogError::WrongDimension { id, found, expected });
            }
            spaces.entry(point.embedding.model()).or_default().insert(point.part, point);
        }
        spaces.into_iter().try_for_each(|(model, new)| self.put_space(model, id, photo, &new))
    }

    fn put_space(
        &mut self,
        model: ModelFingerprint,
        id: PhotoId,
        photo: RowId,
        new: &BTreeMap<Part, &Point>,
    ) -> Result<()> {
        let old_parts = self.parts_of(model, id)?;
        let had_whole = self.has_point(model, id, Part::WHOLE)?;
        if !had_whole && old_parts.is_empty() {
            *self.state.embedded_mut(model) += 1;
        }
        if had_whole && !new.contains_key(&Part::WHOLE) {
            self.remove(Table::Embeddings, &keys::embedding(model, id));
            self.forget_point(model, photo);
            self.touch(photo);
        }
        for (part, row) in &old_parts {
            if !new.contains_key(part) {
                self.remove_part(model, id, *part, *row)?;
            }
        }
        for (part, point) in new {
            match *part {
                Part::WHOLE => self.put_whole(id, photo, point)?,
                part => self.put_part(id, photo, point, old_parts.get(&part).copied())?,
            }
        }
        Ok(())
    }

    /// Whether a photo has a point for this part in a model's space.
    pub(crate) fn has_point(
        &self,
        model: ModelFingerprint,
        id: PhotoId,
        part: Part,
    ) -> Result<bool> {
        let value = match part {
            Part::WHOLE => self.get(Table::Embeddings, &keys::embedding(model, id))?,
            part => self.get(Table::Parts, &keys::part(model, id, part))?,
        };
        Ok(value.is_some())
    }

    /// Adds a point beside those that a photo has.
    pub(crate) fn add_point(&mut self, id: PhotoId, photo: RowId, point: &Point) -> Result<()> {
        let model = point.embedding.model();
        let parts = self.parts_of(model, id)?;
        if parts.is_empty() && !self.has_point(model, id, Part::WHOLE)? {
            *self.state.embedded_mut(model) += 1;
        }
        match point.part {
            Part::WHOLE => self.put_whole(id, photo, point),
            part => self.put_part(id, photo, point, parts.get(&part).copied()),
        }
    }

    fn put_whole(&mut self, id: PhotoId, photo: RowId, point: &Point) -> Result<()> {
        let model = point.embedding.model();
        let key = keys::embedding(model, id);
        let value = embedding_store::encode(photo, &point.embedding);
        let value = value.map_err(|e| self.store.damaged(e))?;
        if self.get(Table::Embeddings, &key)?.as_deref() == Some(value.as_slice()) {
            return Ok(());
        }
        let stored = whole(model, id, &value).map_err(|e| self.store.damaged(e))?;
        self.note_point(model, stored);
        self.put(Table::Embeddings, &key, value);
        self.touch(photo);
        Ok(())
    }

    fn put_part(
        &mut self,
        id: PhotoId,
        photo: RowId,
        point: &Point,
        known: Option<RowId>,
    ) -> Result<()> {
        let model = point.embedding.model();
        let key = keys::part(model, id, point.part);
        let row = match known {
            Some(row) => row,
            None => {
                self.state.parts += 1;
                self.new_row(id)?
            }
        };
        let value = embedding_store::encode_part(photo, row, &point.embedding);
        let value = value.map_err(|e| self.store.damaged(e))?;
        if self.get(Table::Parts, &key)?.as_deref() == Some(value.as_slice()) {
            return Ok(());
        }
        let stored = embedding_store::decode_part(model, &key, &value);
        self.note_point(model, stored.map_err(|e| self.store.damaged(e))?);
        self.put(Table::Parts, &key, value);
        self.touch(row);
        Ok(())
    }

    fn remove_part(
        &mut self,
        model: ModelFingerprint,
        id: PhotoId,
        part: Part,
        row: RowId,
    ) -> Result<()> {
        self.remove(Table::Parts, &keys::part(model, id, part));
        self.state.parts = self.state.parts.saturating_sub(1);
        self.forget_point(model, row);
        self.vacate_row(row)?;
        self.touch(row);
        Ok(())
    }

    /// Takes all of a photo's points out of a model's space.
    pub(crate) fn remove_points(&mut self, model: ModelFingerprint, id: PhotoId) -> Result<()> {
        let key = keys::embedding(model, id);
        let parts = self.parts_of(model, id)?;
        let had_whole = self.has_point(model, id, Part::WHOLE)?;
        if !had_whole && parts.is_empty() {
            return Ok(());
        }
        let count = self.state.embedded_mut(model);
        *count = count.saturating_sub(1);
        self.remove(Table::Embeddings, &key);
        parts.into_iter().try_for_each(|(part, row)| self.remove_part(model, id, part, row))
    }

    /// The rows of a photo's other parts in a model's space.
    fn parts_of(&self, model: ModelFingerprint, id: PhotoId) -> Result<BTreeMap<Part, RowId>> {
        if self.state.parts == 0 {
            return Ok(BTreeMap::new());
        }
        let entries = self.scan(Table::Parts, &keys::embedding(model, id))?;
        let read = |(key, value): (&[u8], &[u8])| {
            let stored = embedding_store::decode_part(model, key, value);
            stored.map(|s| (s.point.part, s.row)).map_err(|e| self.store.damaged(e))
        };
        entries.iter().map(|(key, value)| read((key, value))).collect()
    }

    /// Notes that indexes have to look at all of a photo's other parts again.
    pub(crate) fn touch_parts(&mut self, id: PhotoId) -> Result<()> {
        for model in self.models() {
            let rows = self.parts_of(model, id)?;
            rows.into_values().for_each(|row| self.touch(row));
        }
        Ok(())
    }

    /// How many numbers a point of a space has, this batch's included; `None` when there is none.
    pub(crate) fn some_length(&self, model: ModelFingerprint) -> Result<Option<usize>> {
        if self.state.embedded(model) == 0 {
            return Ok(None);
        }
        let bad = |error| self.store.damaged(error);
        if let Some((_, value)) = self.first(Table::Embeddings, &model.0)? {
            let embedding = embedding_store::decode(model, &value).map_err(bad)?.1;
            return Ok(Some(embedding.dim()));
        }
        let Some((key, value)) = self.first(Table::Parts, &model.0)? else { return Ok(None) };
        let stored = embedding_store::decode_part(model, &key, &value).map_err(bad)?;
        Ok(Some(stored.point.embedding.dim()))
    }

    /// The models with points.
    pub(crate) fn models(&self) -> Vec<ModelFingerprint> {
        self.state.embedded.iter().map(|entry| ModelFingerprint(entry.0)).collect()
    }

    /// A space has embeddings of one length: as it was told, else that of the points it has.
    fn check_dimension(&self, id: PhotoId, point: &Point) -> Result<()> {
        let (model, found) = (point.embedding.model(), point.embedding.dim());
        let told = self.model_dim(model)?;
        match told.map_or_else(|| self.some_length(model), |told| Ok(Some(told)))? {
            Some(expected) if expected != found => {
                Err(CatalogError::WrongDimension { id, found, expected })
            }
            _ => Ok(()),
        }
    }
}
