//! Which country lies where, on a grid of twentieths of degrees.

use seer_types::Coordinates;

use crate::pack::Numbers;

const ROWS: usize = 3600;
const COLUMNS: usize = 7200;

/// Stretches of the same country in each row, the rows from the south.
pub(crate) struct Borders {
    /// The first stretch of each row; one more at the end.
    rows: Vec<u32>,
    /// The column that each stretch ends before, and 1 + the number of its country; 0 is the sea.
    stretches: Vec<(u16, u8)>,
}

impl Borders {
    /// Of lengths and countries.
    pub(crate) fn new(mut numbers: Numbers) -> Borders {
        let (mut rows, mut stretches) = (vec![0], Vec::new());
        let mut column = 0;
        while let (Some(length), Some(country)) = (numbers.next(), numbers.next()) {
            column += length;
            stretches.push((column as u16, country as u8));
            if column as usize == COLUMNS {
                rows.push(stretches.len() as u32);
                column = 0;
            }
        }
        Borders { rows, stretches }
    }

    /// What is said of the cell of a position, and whether all cells beside it say the same.
    pub(crate) fn around(&self, position: Coordinates) -> Around {
        let row = (((position.latitude + 90.0) * 20.0) as usize).min(ROWS - 1);
        let column = (((position.longitude + 180.0) * 20.0) as usize).min(COLUMNS - 1);
        let here = self.at(row, column);
        let mut around = Around { here, others: [None; 8] };
        let mut others = around.others.iter_mut();
        for row in row.saturating_sub(1)..=(row + 1).min(ROWS - 1) {
            for column in [column + COLUMNS - 1, column, column + 1] {
                let country = self.at(row, column % COLUMNS);
                if country != here
                    && let Some(other) = others.next()
                {
                    *other = Some(country);
                }
            }
        }
        around
    }

    fn at(&self, row: usize, column: usize) -> Option<u8> {
        let (start, end) = (self.rows[row] as usize, self.rows[row + 1] as usize);
        let row = &self.stretches[start..end];
        let stretch = row.partition_point(|&(end, _)| usize::from(end) <= column);
        row[stretch].1.checked_sub(1)
    }
}

/// The countries of a cell of the grid and of those beside it; `None` is the sea.
pub(crate) struct Around {
    pub(crate) here: Option<u8>,
    /// What differs beside it.
    others: [Option<Option<u8>>; 8],
}

impl Around {
    /// Whether there is no land within about 5 km.
    pub(crate) fn is_open_sea(&self) -> bool {
        self.here.is_none() && self.others().next().is_none()
    }

    /// The countries beside it that are another.
    pub(crate) fn others(&self) -> impl Iterator<Item = usize> {
        self.others.iter().filter_map(|other| other.flatten().map(usize::from))
    }

    /// Whether a country is here or beside.
    pub(crate) fn has(&self, country: usize) -> bool {
        self.here.map(usize::from) == Some(country) || self.others().any(|other| other == country)
    }
}
