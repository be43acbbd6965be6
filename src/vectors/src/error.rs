//! Why a vector was not taken.

/// A vector or query that an index refuses. Nothing has changed when one of these comes back.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum VectorError {
    /// The length is not the index's.
    #[error("the vector has {found} numbers, this index holds vectors of {expected}")]
    WrongDim {
        /// Numbers per vector of this index.
        expected: usize,
        /// Numbers given.
        found: usize,
    },
    /// A value is NaN or infinite.
    #[error("the vector has a value that is not a number at position {position}")]
    NotFinite {
        /// Index of the first such value.
        position: usize,
    },
    /// The Euclidean length is off 1 by more than 1e-3, so dot products would not be cosines.
    #[error("the vector has length {length}, expected a unit vector; normalise it first")]
    NotUnit {
        /// Its Euclidean length.
        length: f32,
    },
    /// The row number is the one that marks "no row".
    #[error("row {row} is reserved; rows go up to {}", row - 1)]
    ReservedRow {
        /// The row given.
        row: u32,
    },
    /// A file of the snapshot is not as it was written; this shows when it is first looked at.
    #[error("the vector index on the disk is damaged; build it from the catalog again")]
    Damaged,
    /// No place for more vectors.
    #[error("the index is full: it holds at most {limit} vectors")]
    Full {
        /// Most vectors, live and removed, since the last clean-up.
        limit: usize,
    },
}

/// How far from 1 the Euclidean length may be. Numbers rounded to 16 bits stay within.
const UNIT_TOLERANCE: f32 = 1e-3;

/// Checks that `vector` is a unit vector of `dim` finite numbers.
pub(crate) fn check_vector(vector: &[f32], dim: usize) -> Result<(), VectorError> {
    if vector.len() != dim {
        return Err(VectorError::WrongDim { expected: dim, found: vector.len() });
    }
    let length = crate::kernel::dot(vector, vector).sqrt();
    if (length - 1.0).abs() <= UNIT_TOLERANCE {
        return Ok(());
    }
    match vector.iter().position(|value| !value.is_finite()) {
        Some(position) => Err(VectorError::NotFinite { position }),
        None => Err(VectorError::NotUnit { length }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unit_vectors_of_the_right_length_pass() {
        assert_eq!(check_vector(&[0.6, 0.8], 2), Ok(()));
        assert_eq!(
            check_vector(&[0.6, 0.8], 3),
            Err(VectorError::WrongDim { expected: 3, found: 2 })
        );
        assert_eq!(check_vector(&[3.0, 4.0], 2), Err(VectorError::NotUnit { length: 5.0 }));
        assert_eq!(check_vector(&[0.0, 0.0], 2), Err(VectorError::NotUnit { length: 0.0 }));
    }

    #[test]
    fn what_is_no_number_is_named_by_position() {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            assert_eq!(check_vector(&[1.0, bad], 2), Err(VectorError::NotFinite { position: 1 }));
        }
    }

    #[test]
    fn messages_say_what_to_do() {
        let message = VectorError::NotUnit { length: 5.0 }.to_string();
        assert_eq!(message, "the vector has length 5, expected a unit vector; normalise it first");
        let message = VectorError::ReservedRow { row: u32::MAX }.to_string();
        assert_eq!(message, "row 4294967295 is reserved; rows go up to 4294967294");
    }
}
