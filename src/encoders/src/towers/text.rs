//! CLIP's text transformer (Radford and others, 2021).

use candle_core::{Device, Result, Tensor};

use crate::config::{Layout, Projection, TextPooling, TextTransformerConfig};
use crate::error::LoadError;
use crate::layers::{Head, Mask, Norm, Transformer};
use crate::towers::{TextTower, parts, positions};
use crate::weights::{TextNames, Weights};

/// Token ids through transformer blocks; one place of each text is its meaning.
pub(super) struct Text {
    context_length: usize,
    pad_id: u32,
    token: Tensor,
    position: Tensor,
    transformer: Transformer,
    norm_after: Norm,
    projection: Head,
    causal: bool,
    pooling: TextPooling,
    device: Device,
}

impl Text {
    pub fn load(
        config: &TextTransformerConfig,
        dim: usize,
        layout: Layout,
        apart: bool,
        weights: &mut Weights,
        device: &Device,
    ) -> std::result::Result<Self, LoadError> {
        let names = TextNames::new(layout, apart);
        // In Hugging Face's layout only SigLIP's projection has a bias.
        let names = match config.projection {
            Projection::Linear { bias: true } => names.siglip(),
            _ => names,
        };
        let (width, eps) = (config.transformer.width, config.transformer.eps);
        let (vocabulary, context) = (config.vocab_size, config.context_length);
        let token = weights.take(&names.token, &[vocabulary, width])?;
        let position = positions::of_texts(weights, &names.position, [context, width], layout)?;
        let block_names = |number| names.block(number);
        Ok(Self {
            context_length: context,
            pad_id: config.pad_id,
            token: Tensor::from_vec(token, (vocabulary, width), device)?,
            position: Tensor::from_vec(position, (1, context, width), device)?,
            transformer: parts::transformer(weights, block_names, &config.transformer, device)?,
            norm_after: parts::norm(weights, &names.norm_after, width, eps, device)?,
            projection: parts::projection(
                weights,
                &names.projection,
                config.projection,
                [dim, width],
                device,
            )?,
            causal: config.causal,
            pooling: config.pooling,
            device: device.clone(),
        })
    }

    /// How many places the tower must run over: under a causal mask nothing after the pooled
    /// place matters, so the longest text decides; otherwise the padding is part of the text.
    fn rows(&self, places: &[usize]) -> usize {
        if self.causal {
            places.iter().max().map_or(1, |place| place + 1)
        } else {
            self.context_length
        }
    }
}

/// The place of `ids` whose output is the text's.
fn place(pooling: TextPooling, ids: &[u32], context_length: usize) -> usize {
    let first = |wanted: u32| ids.iter().position(|id| *id == wanted).unwrap_or(0);
    match pooling {
        TextPooling::HighestId => first(ids.iter().copied().max().unwrap_or(0)),
        TextPooling::Id(id) => first(id),
        TextPooling::Last => context_length - 1,
        TextPooling::First => 0,
    }
}

impl TextTower for Text {
    fn forward(&self, texts: &[&[u32]]) -> Result<Tensor> {
        let places: Vec<usize> =
            texts.iter().map(|ids| place(self.pooling, ids, self.context_length)).collect();
        let rows = self.rows(&places);
        let ids = parts::padded(texts, rows, self.pad_id);
        let ids = Tensor::from_vec(ids, texts.len() * rows, &self.device)?;
        let width = self.token.dim(1)?;
        let tokens = self.token.index_select(&ids, 0)?.reshape((texts.len(), rows, width))?;
        let tokens = tokens.broadcast_add(&self.position.narrow(1, 0, rows)?)?;
        let mask = if self.causal { Mask::Causal } else { Mask::None };
        let pooled = self.transformer.forward_once(tokens, mask, &places)?;
        let pooled = self.norm_after.forward(&pooled)?;
        self.projection.forward(pooled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pooled_place() {
        let ids = [5, 9, 2, 9, 0];
        assert_eq!(place(TextPooling::HighestId, &ids, 8), 1);
        assert_eq!(place(TextPooling::Id(2), &ids, 8), 2);
        assert_eq!(place(TextPooling::Id(7), &ids, 8), 0);
        assert_eq!(place(TextPooling::Last, &ids, 8), 7);
        assert_eq!(place(TextPooling::First, &ids, 8), 0);
    }
}
