//! All photos of a library that are alike, in groups.

use std::cmp::Reverse;
use std::collections::HashSet;

use seer_images::Stop;
use seer_store::Filter;
use seer_types::{PhotoId, PhotoRecord};

use crate::alike::{self, Look, groups};
use crate::folding::{Worth, worth};
use crate::query::ParsedQuery;
use crate::{EngineError, Library, QueryError};

/// How far the search for duplicates is: done, of how many.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DuplicatesStep {
    /// Photos are read from the library.
    Reading(u64, u64),
    /// Photos that may be alike are looked for; in parts of that work.
    Looking(u64, u64),
    /// These are compared; in photos.
    Comparing(u64, u64),
}

/// What is kept of a photo until all are compared.
struct Candidate {
    worth: Worth,
    look: Look,
}

impl Library {
    /// Groups of photos that are alike (copies of one picture, shots of one burst), the one to keep
    /// first: the largest, then that with most bytes. A photo with several files is a group too.
    /// Groups are in the order of their first path.
    ///
    /// `query` may hold filters: then only photos that all of them allow. Photos that were indexed
    /// before seer noted signatures are in no group until "seer index" has looked at them again.
    ///
    /// # Errors
    /// `Query`, also for words and `like:`; `Picture` with `Stopped`; when the store cannot be read.
    pub fn duplicates(
        &self,
        query: &str,
        stop: &Stop,
        watch: &mut dyn FnMut(DuplicatesStep),
    ) -> Result<Vec<Vec<PhotoRecord>>, EngineError> {
        let query = filters_alone(self.parse(query)?)?;
        let (mut candidates, several_files) = self.candidates(&query, stop, watch)?;
        candidates.sort_by_key(|candidate| Reverse(candidate.worth));
        let (ids, looks): (Vec<PhotoId>, Vec<Look>) =
            candidates.into_iter().map(|candidate| (candidate.worth.id(), candidate.look)).unzip();
        let step = &mut |step: alike::Step| match step {
            alike::Step::Looking(done, of) => watch(DuplicatesStep::Looking(done, of)),
            alike::Step::Comparing(done, of) => watch(DuplicatesStep::Comparing(done, of)),
        };
        let groups = groups(&looks, stop, step).map_err(EngineError::Picture)?;
        let mut groups: Vec<Vec<PhotoId>> =
            groups.into_iter().map(|group| group.into_iter().map(|i| ids[i]).collect()).collect();
        let grouped: HashSet<PhotoId> = groups.iter().flatten().copied().collect();
        let alone = several_files.into_iter().filter(|id| !grouped.contains(id));
        groups.extend(alone.map(|id| vec![id]));
        self.records_of_groups(&groups)
    }

    /// Photos with a signature, and those with several files.
    fn candidates(
        &self,
        query: &ParsedQuery,
        stop: &Stop,
        watch: &mut dyn FnMut(DuplicatesStep),
    ) -> Result<(Vec<Candidate>, Vec<PhotoId>), EngineError> {
        let allowed = self.allowed_ids(query)?;
        let of = self.store.counts()?.photos;
        let (mut candidates, mut several_files, mut done) = (Vec::new(), Vec::new(), 0);
        self.store.each_photo(&mut |photo| {
            let is_allowed = allowed.as_ref().is_none_or(|allowed| allowed.contains(&photo.id));
            if photo.files.is_empty() || !is_allowed || stop.is_stopped() {
                return Ok(());
            }
            done += 1;
            if done % 1024 == 0 {
                watch(DuplicatesStep::Reading(done, of));
            }
            if photo.files.len() > 1 {
                several_files.push(photo.id);
            }
            let look = Look::of(&photo.facts);
            candidates.extend(look.map(|look| Candidate { worth: worth(&photo), look }));
            Ok(())
        })?;
        stop.check().map_err(EngineError::Picture)?;
        Ok((candidates, several_files))
    }

    /// The photos that the filters allow; `None` without filters.
    fn allowed_ids(&self, query: &ParsedQuery) -> Result<Option<HashSet<PhotoId>>, EngineError> {
        let all = self.all_filters(query)?;
        if all.is_empty() {
            return Ok(None);
        }
        let allowed = self.store.allow(&Filter::All(all))?;
        let count = usize::try_from(allowed.count).unwrap_or(usize::MAX);
        Ok(Some(self.store.newest(count, Some(&allowed))?.into_iter().collect()))
    }

    fn records_of_groups(
        &self,
        groups: &[Vec<PhotoId>],
    ) -> Result<Vec<Vec<PhotoRecord>>, EngineError> {
        let mut records = Vec::with_capacity(groups.len());
        for group in groups {
            // A photo deleted meanwhile is none any more.
            let photos = self.store.photos(group)?.into_iter().flatten();
            let photos: Vec<PhotoRecord> = photos.filter(|photo| !photo.files.is_empty()).collect();
            if photos.iter().map(|photo| photo.files.len()).sum::<usize>() > 1 {
                records.push(photos);
            }
        }
        records.sort_by_cached_key(|group| group[0].files[0].path.to_bytes());
        Ok(records)
    }
}

/// Refuses a query with words or pictures.
fn filters_alone(query: ParsedQuery) -> Result<ParsedQuery, EngineError> {
    let words = query.terms.first().map(|term| term.text.clone());
    let photos = [("like", &query.likes), ("more", &query.more), ("less", &query.less)];
    let photo = photos.iter().find_map(|(key, likes)| Some(format!("{key}:{}", likes.first()?.id)));
    match words.or(photo) {
        None => Ok(query),
        Some(part) => {
            let message = "duplicates are looked for among all photos that filters allow; write \
                           filters alone, such as folder:2019";
            Err(QueryError::new(part, message).into())
        }
    }
}
