//! A linear head over embeddings, such as LAION's aesthetic predictor: one number a picture.

use std::path::Path;

use anyhow::{Context, Result, bail};
use safetensors::{Dtype, SafeTensors};
use seer_types::Embedding;

/// `score = weight . embedding + bias`, for embeddings of unit length.
#[derive(Debug)]
pub struct LinearHead {
    weight: Vec<f32>,
    bias: f32,
}

impl LinearHead {
    /// Reads a safetensors file with `weight` (`[1, numbers]` or `[numbers]`) and `bias` (`[1]` or
    /// `[]`), both F32, as PyTorch's `nn.Linear(numbers, 1)` stores them.
    ///
    /// # Errors
    /// Another tensor, another type, or a weight for embeddings of another size than `dim`.
    pub fn read(path: &Path, dim: usize) -> Result<Self> {
        let bytes =
            std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
        Self::from_bytes(&bytes, dim)
            .with_context(|| format!("{} is no linear head for this model", path.display()))
    }

    fn from_bytes(bytes: &[u8], dim: usize) -> Result<Self> {
        let file = SafeTensors::deserialize(bytes)?;
        if let Some(other) = file.names().into_iter().find(|n| !matches!(*n, "weight" | "bias")) {
            bail!("it holds the tensor {other}; only weight and bias are known");
        }
        let weight = numbers(&file, "weight")?;
        let bias = numbers(&file, "bias")?;
        if weight.len() != dim {
            bail!("its weight has {} numbers, the model's embeddings have {dim}", weight.len());
        }
        let [bias] = bias[..] else { bail!("its bias has {} numbers instead of one", bias.len()) };
        Ok(Self { weight, bias })
    }

    /// The score of a picture.
    pub fn score(&self, embedding: &Embedding) -> f32 {
        let dot: f32 = self.weight.iter().zip(embedding.values()).map(|(w, v)| w * v).sum();
        dot + self.bias
    }
}

fn numbers(file: &SafeTensors<'_>, name: &str) -> Result<Vec<f32>> {
    let tensor = file.tensor(name).with_context(|| format!("it has no tensor {name}"))?;
    if tensor.dtype() != Dtype::F32 {
        bail!("its {name} is {:?}, not F32", tensor.dtype());
    }
    Ok(tensor.data().as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
}

#[cfg(test)]
mod tests {
    use safetensors::tensor::TensorView;
    use seer_types::ModelFingerprint;

    use super::*;

    fn file(tensors: &[(&str, &[f32])]) -> Vec<u8> {
        let bytes: Vec<(&str, Vec<u8>)> = tensors
            .iter()
            .map(|(name, values)| (*name, values.iter().flat_map(|v| v.to_le_bytes()).collect()))
            .collect();
        let views = bytes.iter().map(|(name, bytes)| {
            (*name, TensorView::new(Dtype::F32, vec![bytes.len() / 4], bytes).unwrap())
        });
        safetensors::serialize(views, None).unwrap()
    }

    #[test]
    fn the_score_is_a_dot_product_and_a_bias() {
        let head = file(&[("weight", &[2.0, 10.0]), ("bias", &[0.5])]);
        let head = LinearHead::from_bytes(&head, 2).unwrap();
        let embedding = Embedding::new(ModelFingerprint([0; 16]), vec![3.0, 4.0]).unwrap();
        assert!((head.score(&embedding) - (0.6 * 2.0 + 0.8 * 10.0 + 0.5)).abs() < 1e-5);
    }

    #[test]
    fn what_does_not_fit_is_refused_by_name() {
        let refused = |bytes: &[u8]| format!("{:#}", LinearHead::from_bytes(bytes, 2).unwrap_err());
        let fits: (&str, &[f32]) = ("bias", &[0.5]);
        assert!(refused(&file(&[("weight", &[1.0; 3]), fits])).contains("3 numbers"));
        assert!(refused(&file(&[fits])).contains("no tensor weight"));
        let more = file(&[("weight", &[1.0; 2]), fits, ("mlp.0.weight", &[1.0])]);
        assert!(refused(&more).contains("mlp.0.weight"));
        assert!(!refused(b"junk").is_empty());
    }
}
