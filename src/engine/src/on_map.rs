//! Where the photos that a query's filters allow were taken.

use seer_store::{Bounds, Cluster, FINEST_ZOOM, Filter, Grid};
use seer_types::Coordinates;

use crate::search::check_range;
use crate::{EngineError, Library};

/// Cells of a box at the most.
const MOST_CELLS: usize = 16_384;

/// Cells of a box where no zoom is said.
const USUAL_CELLS: f64 = 400.0;

/// Photos on a map.
#[derive(Clone, PartialEq, Debug)]
pub struct OnMap {
    /// How finely they are told apart.
    pub zoom: u8,
    /// Photos of the box.
    pub photos: u64,
    /// They by cell, the cluster with most photos first; each with the name of the place at its
    /// middle, where there is one.
    pub clusters: Vec<(Cluster, Option<String>)>,
}

impl Library {
    /// Puts the photos of a box that a query's filters allow together by the cells of
    /// [`Grid::at_zoom`]; without a zoom so that the box has up to 400 cells. What is compared by
    /// meaning is no filter, as in [`Library::facets`].
    ///
    /// # Errors
    /// `Query`; `OutOfRange` for a zoom above 22, and for one at which the box has more than 16,384
    /// cells; when the store cannot be read.
    pub fn on_map(
        &self,
        query: &str,
        bounds: Bounds,
        zoom: Option<usize>,
    ) -> Result<OnMap, EngineError> {
        let zoom = zoom.unwrap_or_else(|| usual_zoom(&bounds).into());
        check_range("zoom", 0, FINEST_ZOOM.into(), zoom)?;
        let zoom = zoom as u8;
        check_range(
            "the number of cells of the box",
            1,
            MOST_CELLS,
            cells(&bounds, zoom) as usize,
        )?;
        let query = self.understand(query, seer_dates::now())?.query;
        let mut filters = self.all_filters(&query)?;
        if bounds != Bounds::WORLD {
            filters.push(Filter::Inside(bounds));
        }
        let allowed = match filters.is_empty() {
            true => None,
            false => Some(self.store.allow(&Filter::All(filters))?),
        };
        let clusters = self.store.clusters(Grid::at_zoom(zoom), allowed.as_ref())?;
        let photos = clusters.iter().map(|cluster| cluster.photos).sum();
        let named = |cluster: Cluster| {
            let name = name(cluster.center);
            (cluster, name)
        };
        Ok(OnMap { zoom, photos, clusters: clusters.into_iter().map(named).collect() })
    }
}

/// "Lisbon, Portugal": town and country, or the country alone.
fn name(place: Coordinates) -> Option<String> {
    let place = seer_places::place_at(place)?;
    let names: Vec<String> =
        [place.city, place.country].into_iter().flatten().map(|name| name.english).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// About how many cells a box has.
fn cells(bounds: &Bounds, zoom: u8) -> f64 {
    let cell = Grid::at_zoom(zoom).cell();
    (bounds.width() / cell).ceil().max(1.0) * (bounds.height() / cell).ceil().max(1.0)
}

/// The finest zoom at which a box has no more cells than usual.
fn usual_zoom(bounds: &Bounds) -> u8 {
    let fits = |zoom: &u8| cells(bounds, *zoom) <= USUAL_CELLS;
    (0..=FINEST_ZOOM).rev().find(fits).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OpenOptions;

    #[test]
    fn the_usual_zoom_has_a_few_hundred_cells() {
        let bounds = |south, west, north, east| Bounds::new(south, west, north, east).unwrap();
        assert_eq!(usual_zoom(&Bounds::WORLD), 2);
        let town = usual_zoom(&bounds(48.0, 11.0, 48.3, 11.9));
        assert_eq!(town, 11);
        assert_eq!(usual_zoom(&bounds(48.0, 11.0, 48.0, 11.0)), FINEST_ZOOM);
    }

    #[test]
    fn a_box_has_a_bounded_number_of_cells() {
        let folder = tempfile::tempdir().unwrap();
        let library = Library::open(folder.path(), OpenOptions::default()).unwrap();
        let code = |zoom| library.on_map("", Bounds::WORLD, Some(zoom)).unwrap_err().code();
        assert_eq!((code(23), code(6)), ("out_of_range", "out_of_range"));
        let empty = OnMap { zoom: 5, photos: 0, clusters: vec![] };
        assert_eq!(library.on_map("", Bounds::WORLD, Some(5)).unwrap(), empty);
        let wrong = library.on_map("camra:x", Bounds::WORLD, None).unwrap_err();
        assert_eq!(wrong.code(), "bad_query");
    }
}
