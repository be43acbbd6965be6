//! The numbers of the inverted lists.

/// How many lists there are and how many a search reads.
///
/// The defaults were measured with `benches/ann/main.rs`; the table is in `docs/history/performance.md`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct IvfParams {
    lists_per_root: f32,
    share: f32,
    deviations: f32,
}

/// Numbers that make no index.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum IvfParamsError {
    /// There would be no lists, or more than vectors.
    #[error("lists_per_root is {0}, but goes from 0.1 to 32")]
    ListsPerRoot(f32),
    /// Part of the lists to read for ten neighbours.
    #[error("the share of lists to search is {0}, but goes from above 0 to 1")]
    Share(f32),
    /// Caution of the one-bit estimates.
    #[error("deviations is {0}, but goes from 0 to 8")]
    Deviations(f32),
}

impl IvfParams {
    /// `lists_per_root`: lists per square root of the number of vectors, 0.1 to 32. `share`: the
    /// part of the lists a search for ten reads, up to 1. `deviations`: how many standard
    /// deviations a one-bit estimate may be wrong before a neighbour is missed, 0 to 8.
    ///
    /// # Errors
    /// For a number outside its range.
    pub fn new(lists_per_root: f32, share: f32, deviations: f32) -> Result<Self, IvfParamsError> {
        if !(0.1..=32.0).contains(&lists_per_root) {
            return Err(IvfParamsError::ListsPerRoot(lists_per_root));
        }
        if !(share > 0.0 && share <= 1.0) {
            return Err(IvfParamsError::Share(share));
        }
        if !(0.0..=8.0).contains(&deviations) {
            return Err(IvfParamsError::Deviations(deviations));
        }
        Ok(Self { lists_per_root, share, deviations })
    }

    /// Lists for this many vectors: at least one.
    pub(crate) fn lists(&self, vectors: usize) -> usize {
        ((vectors as f32).sqrt() * self.lists_per_root).ceil().max(1.0) as usize
    }

    /// Lists that a search for `k` reads, of `lists`.
    ///
    /// The further down the ranking, the more lists its vectors are in.
    pub(crate) fn probes(&self, k: usize, lists: usize) -> usize {
        let deeper = (k as f32 / 10.0).max(1.0).sqrt();
        ((lists as f32 * self.share * deeper).ceil() as usize).clamp(1, lists.max(1))
    }

    pub(crate) fn deviations(&self) -> f32 {
        self.deviations
    }
}

impl Default for IvfParams {
    fn default() -> Self {
        Self { lists_per_root: 4.0, share: 0.25, deviations: 2.4 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_outside_their_range_are_refused_by_name() {
        assert!(IvfParams::new(4.0, 0.2, 2.0).is_ok());
        for (params, name) in [
            (IvfParams::new(0.0, 0.2, 2.0), "lists_per_root is 0"),
            (IvfParams::new(f32::NAN, 0.2, 2.0), "lists_per_root is NaN"),
            (IvfParams::new(4.0, 0.0, 2.0), "share of lists to search is 0"),
            (IvfParams::new(4.0, 1.1, 2.0), "share of lists to search is 1.1"),
            (IvfParams::new(4.0, 0.2, -1.0), "deviations is -1"),
        ] {
            let error = params.unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
    }

    #[test]
    fn lists_grow_with_the_root_and_probes_with_the_depth() {
        let params = IvfParams::new(4.0, 0.1, 2.0).unwrap();
        assert_eq!(
            (params.lists(0), params.lists(10_000), params.lists(1_000_000)),
            (1, 400, 4000)
        );
        assert_eq!(params.probes(10, 400), 40);
        assert_eq!(params.probes(1, 400), 40);
        assert_eq!(params.probes(90, 400), 120);
        assert_eq!(params.probes(1_000_000, 400), 400);
    }
}
