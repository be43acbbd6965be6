//! On which side of the equator a library's photos were taken, remembered while it does not grow.

use std::sync::{Mutex, PoisonError};

use seer_store::{Counts, Filter, Store};
use seer_types::Coordinates;

use crate::EngineError;

/// What was found out last, for a library of that size.
#[derive(Default)]
pub(crate) struct Hemisphere {
    known: Mutex<Option<(Counts, bool)>>,
}

impl Hemisphere {
    /// Whether most of the photos with a position were taken south of the equator.
    pub(super) fn is_south(&self, store: &dyn Store) -> Result<bool, EngineError> {
        let counts = store.counts()?;
        let known = *self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, south)) = known.filter(|(size, _)| *size == counts) {
            return Ok(south);
        }
        let south = found_out(store)?;
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some((counts, south));
        Ok(south)
    }
}

fn found_out(store: &dyn Store) -> Result<bool, EngineError> {
    // From a pole to the equator: a quarter of the way around the earth.
    let km = seer_store::geometry::EARTH_KM * std::f64::consts::FRAC_PI_2;
    let around = |latitude| {
        let center = Coordinates { latitude, longitude: 0.0 };
        store.allow(&Filter::Near { center, km }).map(|allowed| allowed.count)
    };
    Ok(around(-90.0)? > around(90.0)?)
}
