//! The embeddings of tokens: one row each, of which a text needs few.

use candle_core::{Result, Tensor, bail};

use crate::runtime::{Backend, Runtime};
use crate::weights::StoredRows;

/// Rows `[vocabulary, width]`. On the processor they stay in the numbers they are stored in, where the
/// program or the file has them: of a small model the table is most of what it takes of memory.
pub(crate) struct TokenTable {
    rows: Rows,
    runtime: Runtime,
}

enum Rows {
    Stored(StoredRows),
    Tensor(Tensor),
}

impl TokenTable {
    pub(crate) fn new(rows: StoredRows, runtime: &Runtime) -> Result<Self> {
        let rows = match runtime.backend() {
            Backend::Kernels => Rows::Stored(rows),
            Backend::Candle => {
                Rows::Tensor(runtime.tensor(rows.all(), (rows.count(), rows.width()))?)
            }
        };
        Ok(Self { rows, runtime: runtime.clone() })
    }

    /// How many tokens there are, and numbers of each.
    pub(crate) fn dims(&self) -> Result<(usize, usize)> {
        match &self.rows {
            Rows::Stored(rows) => Ok((rows.count(), rows.width())),
            Rows::Tensor(rows) => rows.dims2(),
        }
    }

    /// The rows of these tokens: `[ids, width]`, f32.
    pub(crate) fn embed(&self, ids: Vec<u32>) -> Result<Tensor> {
        let count = ids.len();
        let rows = match &self.rows {
            Rows::Stored(rows) => rows,
            Rows::Tensor(rows) => return rows.index_select(&self.runtime.tensor(ids, count)?, 0),
        };
        let mut values = Vec::with_capacity(count * rows.width());
        for id in ids {
            match usize::try_from(id).ok().filter(|row| *row < rows.count()) {
                Some(row) => rows.read(row, &mut values),
                None => bail!("there is no token {id}: the table has {}", rows.count()),
            }
        }
        self.runtime.tensor(values, (count, rows.width()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::both_backends;

    #[test]
    fn tokens_have_their_rows_and_unknown_ones_are_refused() {
        for runtime in both_backends() {
            let rows = StoredRows::of((0..6).map(|n| n as f32).collect(), 2);
            let table = TokenTable::new(rows, &runtime).unwrap();
            assert_eq!(table.dims().unwrap(), (3, 2));
            let found = table.embed(vec![2, 0, 2]).unwrap();
            assert_eq!(found.to_vec2::<f32>().unwrap(), [[4.0, 5.0], [0.0, 1.0], [4.0, 5.0]]);
            assert!(table.embed(vec![3]).is_err());
        }
    }
}
