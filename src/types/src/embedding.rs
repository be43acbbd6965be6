//! A unit vector that knows which model's space it lives in.

use crate::ModelFingerprint;

/// One image or text as a point on the unit sphere of one model.
///
/// `values` has the model's embedding size and Euclidean length 1 (within 1e-5); both are
/// ensured once, here. The dot product of two embeddings of one model is their cosine.
#[derive(Clone, PartialEq, Debug)]
pub struct Embedding {
    model: ModelFingerprint,
    values: Box<[f32]>,
}

/// Why numbers are not an embedding, or two embeddings cannot be combined.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EmbeddingError {
    /// Every value is zero, so there is no direction.
    #[error("the model gave a vector of zeros")]
    Zero,
    /// A value is NaN or infinite.
    #[error("the model gave a value that is not a number at position {position}")]
    NotFinite {
        /// Index of the first such value.
        position: usize,
    },
    /// The two come from different models and cannot be compared.
    #[error("embeddings of different models cannot be compared ({left:?} and {right:?})")]
    DifferentSpaces {
        /// Model of the left side.
        left: ModelFingerprint,
        /// Model of the right side.
        right: ModelFingerprint,
    },
}

impl Embedding {
    /// Normalises `values` to length 1.
    ///
    /// # Errors
    /// `NotFinite` for a NaN or infinity, `Zero` when all are zero (or there are none).
    pub fn new(model: ModelFingerprint, mut values: Vec<f32>) -> Result<Self, EmbeddingError> {
        if let Some(position) = values.iter().position(|v| !v.is_finite()) {
            return Err(EmbeddingError::NotFinite { position });
        }
        let length = values.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt();
        if length == 0.0 {
            return Err(EmbeddingError::Zero);
        }
        for value in &mut values {
            *value = (f64::from(*value) / length) as f32;
        }
        Ok(Self { model, values: values.into_boxed_slice() })
    }

    /// The model whose space this point lives in.
    pub fn model(&self) -> ModelFingerprint {
        self.model
    }

    /// The coordinates: unit length, the model's embedding size.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// How many numbers it has.
    pub fn dim(&self) -> usize {
        self.values.len()
    }

    /// Cosine similarity, from -1 to 1.
    ///
    /// # Errors
    /// `DifferentSpaces` when the models differ.
    pub fn cosine(&self, other: &Self) -> Result<f32, EmbeddingError> {
        if self.model != other.model {
            return Err(EmbeddingError::DifferentSpaces { left: self.model, right: other.model });
        }
        Ok(self.values.iter().zip(&other.values).map(|(a, b)| a * b).sum())
    }

    /// The normalised weighted sum of several embeddings: a query made of parts.
    ///
    /// A negative weight pushes away from its part.
    ///
    /// # Errors
    /// `DifferentSpaces` when models differ, `Zero` when the parts cancel out or there are none.
    pub fn weighted_sum(parts: &[(&Self, f32)]) -> Result<Self, EmbeddingError> {
        let Some((first, _)) = parts.first() else { return Err(EmbeddingError::Zero) };
        let mut sum = vec![0f32; first.dim()];
        for (part, weight) in parts {
            if part.model != first.model {
                return Err(EmbeddingError::DifferentSpaces {
                    left: first.model,
                    right: part.model,
                });
            }
            for (total, value) in sum.iter_mut().zip(part.values.iter()) {
                *total += weight * value;
            }
        }
        Self::new(first.model, sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: ModelFingerprint = ModelFingerprint([1; 16]);
    const B: ModelFingerprint = ModelFingerprint([2; 16]);

    #[test]
    fn is_normalised_once() {
        let e = Embedding::new(A, vec![3.0, 4.0]).unwrap();
        assert_eq!(e.values(), [0.6, 0.8]);
    }

    #[test]
    fn refuses_what_has_no_direction() {
        assert_eq!(Embedding::new(A, vec![0.0; 4]), Err(EmbeddingError::Zero));
        assert_eq!(
            Embedding::new(A, vec![1.0, f32::NAN]),
            Err(EmbeddingError::NotFinite { position: 1 })
        );
    }

    #[test]
    fn two_models_never_meet() {
        let a = Embedding::new(A, vec![1.0, 0.0]).unwrap();
        let b = Embedding::new(B, vec![1.0, 0.0]).unwrap();
        assert!(matches!(a.cosine(&b), Err(EmbeddingError::DifferentSpaces { .. })));
        assert_eq!(a.cosine(&a), Ok(1.0));
        assert!(Embedding::weighted_sum(&[(&a, 1.0), (&b, 1.0)]).is_err());
    }

    #[test]
    fn a_negative_weight_pushes_away() {
        let x = Embedding::new(A, vec![1.0, 0.0]).unwrap();
        let y = Embedding::new(A, vec![0.0, 1.0]).unwrap();
        let sum = Embedding::weighted_sum(&[(&x, 1.0), (&y, -1.0)]).unwrap();
        assert!(sum.values()[0] > 0.7 && sum.values()[1] < -0.7);
    }
}
