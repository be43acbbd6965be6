//! What is found.

use std::cmp::Reverse;

use seer_store::{
    Analysis, ClassHit, Cluster, Clusters, DayCounts, FacetCounts, Filter, Grid, Having,
    MOST_WORDS, Neighbour, Part, Point, StoreResult, TimeOrder, WordHit, probability_of,
};
use seer_types::{Embedding, ModelFingerprint, PhotoId};

use super::library::{Library, Photo};
use super::{allows, refused};

impl Library {
    pub(super) fn resolve_prefix(&self, hex: &str) -> Vec<PhotoId> {
        let hex = hex.to_ascii_lowercase();
        let fits = |id: &&PhotoId| id.to_string().starts_with(&hex);
        self.photos.keys().filter(fits).take(100).copied().collect()
    }

    pub(super) fn done(&self, what: &Analysis, id: PhotoId) -> bool {
        match what {
            Analysis::Embedding(model) => self.points_of(*model, id).is_some(),
            Analysis::Named { name, version } => {
                let noted = self.analyses.get(&(id, name.clone()));
                noted.is_some_and(|noted| noted >= version)
            }
        }
    }

    pub(super) fn lacking(&self, what: &Analysis, after: Option<PhotoId>) -> Vec<PhotoId> {
        let ids = self.allowed(None).map(|photo| photo.record().id);
        ids.filter(|id| after.is_none_or(|after| *id > after) && !self.done(what, *id)).collect()
    }

    pub(super) fn points(&self, model: ModelFingerprint, id: PhotoId) -> Vec<Point> {
        let points = self.points_of(model, id).into_iter().flatten();
        points
            .map(|(part, embedding)| Point { part: *part, embedding: embedding.clone() })
            .collect()
    }

    /// The part with the highest cosine, of equal ones the lowest.
    pub(super) fn best(&self, query: &Embedding, id: PhotoId) -> Option<(Part, f32)> {
        let points = self.points_of(query.model(), id)?.iter();
        let cosines = points.map(|(part, point)| (*part, cosine(query, point)));
        cosines.min_by(|a, b| b.1.total_cmp(&a.1))
    }

    pub(super) fn check_length(&self, query: &Embedding) -> StoreResult<()> {
        match self.dim(query.model()) {
            Some(length) if length != query.dim() => refused("the query is of another length"),
            _ => Ok(()),
        }
    }

    pub(super) fn nearest(&self, query: &Embedding, filter: Option<&Filter>) -> Vec<Neighbour> {
        let near = |photo: &Photo| {
            let id = photo.record().id;
            self.best(query, id).map(|(part, cosine)| Neighbour { id, part, cosine })
        };
        let mut found: Vec<Neighbour> = self.allowed(filter).filter_map(near).collect();
        found.sort_by(|a, b| b.cosine.total_cmp(&a.cosine).then(a.id.cmp(&b.id)));
        found
    }

    pub(super) fn by_time(&self, order: TimeOrder, filter: Option<&Filter>) -> Vec<PhotoId> {
        let mut photos: Vec<&Photo> = self.allowed(filter).collect();
        photos.sort_by_key(|photo| {
            (Reverse(photo.derived().time), Reverse(photo.record().added), photo.record().id)
        });
        if order == TimeOrder::OldestFirst {
            photos.reverse();
        }
        photos.iter().map(|photo| photo.record().id).collect()
    }

    pub(super) fn day_counts(&self, filter: Option<&Filter>) -> DayCounts {
        let mut day_counts = DayCounts::default();
        self.allowed(filter).for_each(|photo| day_counts.add(photo.record().facts.taken));
        day_counts
    }

    pub(super) fn facets(&self, filter: Option<&Filter>) -> FacetCounts {
        let mut counts = FacetCounts::default();
        for photo in self.allowed(filter) {
            photo.derived().facets.iter().for_each(|value| counts.add(value, 1));
        }
        counts
    }

    pub(super) fn clusters(&self, grid: Grid, filter: Option<&Filter>) -> Vec<Cluster> {
        let mut clusters = Clusters::new(grid);
        for photo in self.allowed(filter) {
            if let Some(place) = photo.derived().position {
                clusters.add(place, photo.record().id);
            }
        }
        clusters.largest_first()
    }

    pub(super) fn showing(&self, classes: &[String], filter: Option<&Filter>) -> Vec<ClassHit> {
        let hit = |photo: &Photo| {
            let meant =
                photo.derived().classes.iter().filter(|class| classes.contains(&class.names));
            let squares: u32 = meant.map(|class| u32::from(class.level).pow(2)).sum();
            (squares > 0).then_some((squares, photo.record().id))
        };
        let mut hits: Vec<(u32, PhotoId)> = self.allowed(filter).filter_map(hit).collect();
        hits.sort_unstable_by_key(|(squares, id)| (Reverse(*squares), *id));
        let hit = |(squares, id)| ClassHit { id, probability: probability_of(squares) };
        hits.into_iter().map(hit).collect()
    }

    pub(super) fn having(
        &self,
        words: &[String],
        filter: Option<&Filter>,
        most: u64,
    ) -> StoreResult<Having> {
        if words.len() > MOST_WORDS {
            return refused("too many words at once");
        }
        let filters: Vec<Filter> = words.iter().map(|word| Filter::Text(word.clone())).collect();
        let mut hits: Vec<WordHit> = Vec::new();
        for photo in self.allowed(filter) {
            let holds = |filter: &Filter| u32::from(allows(filter, photo.derived()));
            let words = filters.iter().enumerate().fold(0, |all, (i, f)| all | holds(f) << i);
            hits.push(WordHit { id: photo.record().id, words });
        }
        let count =
            |word: usize| hits.iter().filter(|hit| hit.words >> word & 1 == 1).count() as u64;
        let counts: Vec<u64> = (0..words.len()).map(count).collect();
        let telling = |word: usize| u32::from(counts[word] <= most) << word;
        let telling = (0..words.len()).fold(0, |all, word| all | telling(word));
        hits.retain(|hit| hit.words & telling != 0);
        Ok(Having { counts, photos: hits })
    }
}

/// The dot product in double precision. Zero has no sign here, so that zeros are equal.
fn cosine(a: &Embedding, b: &Embedding) -> f32 {
    let pairs = a.values().iter().zip(b.values());
    let sum: f64 = pairs.map(|(x, y)| f64::from(*x) * f64::from(*y)).sum();
    sum as f32 + 0.0
}
