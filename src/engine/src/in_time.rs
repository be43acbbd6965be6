//! The photos of an answer in order of time, and how they lie in it.
//!
//! Time orders what fits, never what is merely near: the newest of all photos is no answer to
//! "a dog". What fits is what [`crate::bands`] says; where nobody can say, the nearest 200 are taken.

use std::collections::HashMap;

use seer_store::{DayCounts, TimeOrder, time_of};
use seer_types::{PhotoId, PhotoRecord};

use crate::answer::{Period, Sort, TimeUnit};
use crate::bands::Band;
use crate::fusion::DEPTH;
use crate::ranking::{Question, Ranking};
use crate::{EngineError, Library};

/// Photos looked at, at the most, where all that fit are asked for.
pub(crate) const MOST: usize = 5000;

/// Records read at once.
const BATCH: usize = 256;

impl Ranking {
    /// How many photos from the first on fit.
    pub(crate) fn fitting(&self) -> usize {
        match &self.bands {
            Some(bands) => {
                let fits = |(id, _): &&(PhotoId, f32)| {
                    bands.get(id).is_some_and(|band| *band != Band::Weak)
                };
                self.photos.iter().take_while(fits).count()
            }
            None => self.photos.len().min(DEPTH),
        }
    }

    /// How many hits fit: photos that are part of the query are none.
    pub(crate) fn fitting_hits(&self) -> u64 {
        let fitting = &self.photos[..self.fitting()];
        fitting.iter().filter(|(id, _)| !self.excluded.contains(id)).count() as u64
    }
}

impl Library {
    /// Puts the photos that fit in order of time; the others stay behind them.
    pub(crate) fn in_time(&self, ranking: &mut Ranking, sort: Sort) -> Result<(), EngineError> {
        let order = match sort {
            Sort::Relevance => return Ok(()),
            Sort::Newest => TimeOrder::NewestFirst,
            Sort::Oldest => TimeOrder::OldestFirst,
        };
        let fitting = ranking.fitting();
        let mut times = HashMap::new();
        self.each_record(&ranking.photos[..fitting], |record| {
            times.insert(record.id, (time_of(&record), record.added));
        })?;
        let place = |id: &PhotoId| times.get(id).copied().unwrap_or((i64::MIN, i64::MIN));
        ranking.photos[..fitting].sort_by(|(a, _), (b, _)| {
            let newest_first = place(b).cmp(&place(a)).then(a.cmp(b));
            match order {
                TimeOrder::NewestFirst => newest_first,
                TimeOrder::OldestFirst => newest_first.reverse(),
            }
        });
        Ok(())
    }

    /// How the photos that fit lie in time; all that the filters allow, where only those are asked.
    pub(crate) fn periods(
        &self,
        question: &Question<'_>,
        ranking: &Ranking,
        unit: TimeUnit,
    ) -> Result<(Vec<Period>, u64), EngineError> {
        let days = match ranking.plan.method {
            "filter" => self.store.day_counts(question.allowed)?,
            _ => {
                let mut days = DayCounts::default();
                let fitting = &ranking.photos[..ranking.fitting()];
                self.each_record(fitting, |record| {
                    if !ranking.excluded.contains(&record.id) {
                        days.add(record.facts.taken);
                    }
                })?;
                days
            }
        };
        Ok((periods(&days, unit), days.undated))
    }

    fn each_record(
        &self,
        photos: &[(PhotoId, f32)],
        mut each: impl FnMut(PhotoRecord),
    ) -> Result<(), EngineError> {
        for batch in photos.chunks(BATCH) {
            let ids: Vec<PhotoId> = batch.iter().map(|(id, _)| *id).collect();
            self.store.photos(&ids)?.into_iter().flatten().for_each(&mut each);
        }
        Ok(())
    }
}

/// Days put together, the newest first.
fn periods(days: &DayCounts, unit: TimeUnit) -> Vec<Period> {
    let length = match unit {
        TimeUnit::Year => "2019".len(),
        TimeUnit::Month => "2019-07".len(),
        TimeUnit::Day => "2019-07-14".len(),
    };
    let mut periods: Vec<Period> = Vec::new();
    for (day, photos) in days.days.iter().rev() {
        let mut name = DayCounts::start_of(*day).to_string();
        name.truncate(length);
        match periods.last_mut().filter(|last| last.name == name) {
            Some(last) => last.photos += photos,
            None => periods.push(Period { name, photos: *photos }),
        }
    }
    periods
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_months_and_years() {
        let mut days = DayCounts::default();
        days.days.extend([(17_896, 2), (17_897, 1), (17_928, 4), (18_262, 3)]);
        let named = |unit| {
            let found = periods(&days, unit).into_iter();
            found.map(|period| (period.name, period.photos)).collect::<Vec<_>>()
        };
        let of = |pairs: &[(&str, u64)]| {
            pairs.iter().map(|(name, photos)| ((*name).to_owned(), *photos)).collect::<Vec<_>>()
        };
        assert_eq!(named(TimeUnit::Year), of(&[("2020", 3), ("2019", 5), ("2018", 2)]));
        assert_eq!(
            named(TimeUnit::Month),
            of(&[("2020-01", 3), ("2019-02", 4), ("2019-01", 1), ("2018-12", 2)])
        );
        assert_eq!(named(TimeUnit::Day)[0], ("2020-01-01".to_owned(), 3));
    }
}
