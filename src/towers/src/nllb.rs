//! NLLB's encoder (NLLB team, 2022; M2M-100: Fan and others, 2020) as a text tower.

use candle_core::{Result, Tensor};
use seer_checkpoint::config::NllbConfig;

use crate::error::TowerError;
use crate::layers::{Head, Mask, Norm, TokenTable, Transformer};
use crate::runtime::Runtime;
use crate::weights::{ProjectionNames, StoredRows, Weights, nllb_block};
use crate::{TextTower, parts};

const PREFIX: &str = "text.transformer";

/// Token ids through pre-norm blocks; the first place, that of the language's code, is the text's.
pub(super) struct Nllb {
    token: TokenTable,
    /// `[1, context, width]`.
    position: Tensor,
    transformer: Transformer,
    norm_after: Norm,
    projection: Head,
    pad_id: u32,
}

impl Nllb {
    pub fn load(
        config: &NllbConfig,
        dim: usize,
        weights: &mut Weights,
        runtime: &Runtime,
    ) -> std::result::Result<Self, TowerError> {
        let (width, eps) = (config.transformer.width, config.transformer.eps);
        let (vocabulary, context) = (config.vocab_size, config.context_length);
        let name = format!("{PREFIX}.embed_tokens.weight");
        let mut token = weights.take(&name, &[vocabulary, width])?;
        token.iter_mut().for_each(|value| *value *= config.scale);
        // Kept by old versions of transformers; computed here as there.
        weights.ignore(|name| name == "text.transformer.embed_positions.weights");
        let position = sinusoids(config.pad_id as usize + 1, context, width);
        let block_names = |number| nllb_block(PREFIX, number);
        let names = ProjectionNames::layers("text.proj", ["text.proj.0", "text.proj.2"]);
        let norm_after = format!("{PREFIX}.layer_norm");
        Ok(Self {
            token: TokenTable::new(StoredRows::of(token, width), runtime)?,
            position: runtime.tensor(position, (1, context, width))?,
            transformer: parts::transformer(weights, block_names, &config.transformer, runtime)?,
            norm_after: parts::norm(weights, &norm_after, width, eps, runtime)?,
            projection: parts::projection(
                weights,
                &names,
                config.projection,
                [dim, width],
                runtime,
            )?,
            pad_id: config.pad_id,
        })
    }
}

/// Positions from `first` on: sines, then cosines, of the position times frequencies that fall
/// from 1 to 1/10000 by equal factors. `[rows, width]`, `width` even and at least 4.
fn sinusoids(first: usize, rows: usize, width: usize) -> Vec<f32> {
    let half = width / 2;
    let step = f64::ln(10_000.0) / (half - 1) as f64;
    let angle =
        |row: usize, column: usize| (first + row) as f64 * (-step * (column % half) as f64).exp();
    let value = |row, column| {
        let angle = angle(row, column);
        if column < half { angle.sin() } else { angle.cos() }
    };
    (0..rows * width).map(|i| value(i / width, i % width) as f32).collect()
}

impl TextTower for Nllb {
    fn forward(&self, texts: &[&[u32]]) -> Result<Tensor> {
        let lengths: Vec<usize> = texts.iter().map(|ids| parts::length(ids, self.pad_id)).collect();
        let rows = lengths.iter().copied().max().unwrap_or(1);
        let (_, width) = self.token.dims()?;
        let tokens = self.token.embed(parts::padded(texts, rows, self.pad_id))?;
        let tokens = tokens.reshape((texts.len(), rows, width))?;
        let tokens = tokens.broadcast_add(&self.position.narrow(1, 0, rows)?)?;
        let places = vec![0; texts.len()];
        let pooled = self.transformer.forward_once(tokens, Mask::Lengths(&lengths), &places)?;
        self.projection.forward(self.norm_after.forward(&pooled)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_begin_with_the_fastest_sine() {
        let table = sinusoids(2, 2, 4);
        let expected = [2f64.sin(), 2e-4f64.sin(), 2f64.cos(), 2e-4f64.cos(), 3f64.sin()];
        for (found, expected) in table.iter().zip(expected) {
            assert!((f64::from(*found) - expected).abs() < 1e-7);
        }
        assert_eq!(table.len(), 8);
    }
}
