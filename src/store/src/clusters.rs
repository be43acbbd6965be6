//! Photos put together by where they were taken.

use std::cmp::Reverse;
use std::collections::HashMap;

use seer_types::{Coordinates, PhotoId};

use crate::Bounds;

/// The finest grid.
pub const FINEST_ZOOM: u8 = 22;

/// Positions are added up in millionths of a degree, rounded down: whole numbers have the same sum in
/// any order.
pub const MICRO: f64 = 1e6;

/// A grid over the earth: columns and rows of cells that are equally many degrees wide and high.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Grid {
    columns: i64,
}

impl Grid {
    /// The grid in which a quarter of a map's tile at this zoom is a cell: 4 columns at zoom 0, twice
    /// as many at each further one; at most [`FINEST_ZOOM`].
    pub fn at_zoom(zoom: u8) -> Self {
        Self { columns: 4 << zoom.min(FINEST_ZOOM) }
    }

    /// Cells from west to east.
    pub fn columns(self) -> i64 {
        self.columns
    }

    /// Cells from south to north.
    pub fn rows(self) -> i64 {
        self.columns / 2
    }

    /// Cells per degree.
    pub fn per_degree(self) -> f64 {
        self.columns as f64 / 360.0
    }

    /// Degrees of a cell.
    pub fn cell(self) -> f64 {
        360.0 / self.columns as f64
    }

    /// Column and row of a position.
    pub fn at(self, place: Coordinates) -> (i64, i64) {
        let cell = |degrees: f64, cells: i64| {
            ((degrees * self.per_degree()).floor() as i64).clamp(0, cells - 1)
        };
        (cell(place.longitude + 180.0, self.columns), cell(place.latitude + 90.0, self.rows()))
    }
}

/// Photos of one cell of a grid.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Cluster<P = PhotoId> {
    /// How many.
    pub photos: u64,
    /// The mean of their positions, within a millionth of a degree.
    pub center: Coordinates,
    /// The smallest box around all of them.
    pub bounds: Bounds,
    /// That with the lowest id.
    pub photo: P,
}

impl<P> Cluster<P> {
    /// The same, with another name of its photo.
    pub fn with<Q>(&self, photo: Q) -> Cluster<Q> {
        Cluster { photos: self.photos, center: self.center, bounds: self.bounds, photo }
    }
}

/// Clusters in the making.
#[derive(Debug)]
pub struct Clusters<P> {
    grid: Grid,
    cells: HashMap<(i64, i64), Cell<P>>,
}

#[derive(Debug)]
struct Cell<P> {
    photos: i64,
    latitudes: i64,
    longitudes: i64,
    bounds: Bounds,
    photo: P,
}

impl<P: Ord + Copy> Clusters<P> {
    /// None yet.
    pub fn new(grid: Grid) -> Self {
        Self { grid, cells: HashMap::new() }
    }

    /// Puts one photo more to those of its cell.
    pub fn add(&mut self, place: Coordinates, photo: P) {
        let Coordinates { latitude, longitude } = place;
        let here = Bounds { south: latitude, west: longitude, north: latitude, east: longitude };
        let empty = Cell { photos: 0, latitudes: 0, longitudes: 0, bounds: here, photo };
        let cell = self.cells.entry(self.grid.at(place)).or_insert(empty);
        cell.photos += 1;
        cell.latitudes += (latitude * MICRO).floor() as i64;
        cell.longitudes += (longitude * MICRO).floor() as i64;
        cell.bounds.south = cell.bounds.south.min(latitude);
        cell.bounds.west = cell.bounds.west.min(longitude);
        cell.bounds.north = cell.bounds.north.max(latitude);
        cell.bounds.east = cell.bounds.east.max(longitude);
        cell.photo = cell.photo.min(photo);
    }

    /// The clusters, the one with most photos first, of equals that with the lowest photo.
    pub fn largest_first(self) -> Vec<Cluster<P>> {
        let mut clusters: Vec<Cluster<P>> = self.cells.into_values().map(Cell::done).collect();
        clusters.sort_unstable_by_key(|cluster| (Reverse(cluster.photos), cluster.photo));
        clusters
    }
}

impl<P> Cell<P> {
    fn done(self) -> Cluster<P> {
        let center = mean(self.photos, self.latitudes, self.longitudes);
        let photos = self.photos.unsigned_abs();
        Cluster { photos, center, bounds: self.bounds, photo: self.photo }
    }
}

/// The mean of so many positions, from the sums of their millionths of degrees.
pub fn mean(photos: i64, latitudes: i64, longitudes: i64) -> Coordinates {
    let mean = |sum: i64| sum as f64 / photos as f64 / MICRO;
    Coordinates { latitude: mean(latitudes), longitude: mean(longitudes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(latitude: f64, longitude: f64) -> Coordinates {
        Coordinates { latitude, longitude }
    }

    #[test]
    fn the_edges_of_the_earth_have_cells() {
        let grid = Grid::at_zoom(0);
        assert_eq!((grid.columns(), grid.rows(), grid.cell()), (4, 2, 90.0));
        assert_eq!(grid.at(at(-90.0, -180.0)), (0, 0));
        assert_eq!(grid.at(at(90.0, 180.0)), (3, 1));
        assert_eq!(grid.at(at(0.0, 0.0)), (2, 1));
        assert_eq!(Grid::at_zoom(200), Grid::at_zoom(FINEST_ZOOM));
    }

    #[test]
    fn photos_of_a_cell_are_one_cluster() {
        let mut clusters = Clusters::new(Grid::at_zoom(2));
        clusters.add(at(48.0, 11.0), 7);
        clusters.add(at(50.0, 12.0), 3);
        clusters.add(at(-30.0, 150.0), 1);
        let [europe, australia] = clusters.largest_first()[..] else { panic!("two of them") };
        assert_eq!((europe.photos, europe.center, europe.photo), (2, at(49.0, 11.5), 3));
        let Bounds { south, west, north, east } = europe.bounds;
        assert_eq!((south, west, north, east), (48.0, 11.0, 50.0, 12.0));
        assert_eq!((australia.photos, australia.photo), (1, 1));
    }
}
