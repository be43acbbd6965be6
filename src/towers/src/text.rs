//! CLIP's text transformer (Radford and others, 2021), also in CoCa's form (Yu and others, 2022).

use candle_core::{Result, Tensor};
use seer_checkpoint::config::{Layout, Projection, TextPooling, TextTransformerConfig};

use crate::appended::Appended;
use crate::error::TowerError;
use crate::layers::{Head, Mask, Norm, TokenTable, Transformer};
use crate::runtime::Runtime;
use crate::weights::{StoredRows, TextNames, Weights};
use crate::{TextTower, parts, positions};

/// Token ids through transformer blocks; one place of each text is its meaning.
pub(super) struct Text {
    context_length: usize,
    pad_id: u32,
    /// `[vocabulary, width]`; a learnt token at the end of texts has the row after these.
    token: TokenTable,
    /// `[1, places, width]`.
    position: Tensor,
    transformer: Transformer,
    norm_after: Norm,
    projection: Head,
    causal: bool,
    pooling: TextPooling,
    runtime: Runtime,
}

impl Text {
    pub fn load(
        config: &TextTransformerConfig,
        dim: usize,
        layout: Layout,
        apart: bool,
        weights: &mut Weights,
        runtime: &Runtime,
    ) -> std::result::Result<Self, TowerError> {
        let names = TextNames::new(layout, apart);
        // In Hugging Face's layout only SigLIP's projection has a bias.
        let names = match config.projection {
            Projection::Linear { bias: true } => names.siglip(),
            _ => names,
        };
        let (width, eps) = (config.transformer.width, config.transformer.eps);
        let (vocabulary, context) = (config.vocab_size, config.context_length);
        let appended = config.pooling == TextPooling::Appended;
        let places = context + usize::from(appended);
        let mut token = weights.take_rows(&names.token, [vocabulary, width])?;
        if appended {
            let mut rows = token.all();
            rows.extend(weights.take(&names.class, &[width])?);
            token = StoredRows::of(rows, width);
        }
        let position = positions::of_texts(weights, &names.position, [places, width], layout)?;
        let block_names = |number| names.block(number);
        Ok(Self {
            context_length: context,
            pad_id: config.pad_id,
            token: TokenTable::new(token, runtime)?,
            position: runtime.tensor(position, (1, places, width))?,
            transformer: parts::transformer(weights, block_names, &config.transformer, runtime)?,
            norm_after: parts::norm(weights, &names.norm_after, width, eps, runtime)?,
            projection: parts::projection(
                weights,
                &names.projection,
                config.projection,
                [dim, width],
                runtime,
            )?,
            causal: config.causal,
            pooling: config.pooling,
            runtime: runtime.clone(),
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

impl Text {
    /// One place of each text after the blocks: `[texts, width]`.
    fn pooled(&self, texts: &[&[u32]]) -> Result<Tensor> {
        let places: Vec<usize> =
            texts.iter().map(|ids| place(self.pooling, ids, self.context_length)).collect();
        let rows = self.rows(&places);
        let (_, width) = self.token.dims()?;
        let tokens = self.token.embed(parts::padded(texts, rows, self.pad_id))?;
        let tokens = tokens.reshape((texts.len(), rows, width))?;
        let tokens = tokens.broadcast_add(&self.position.narrow(1, 0, rows)?)?;
        let mask = if self.causal { Mask::Causal } else { Mask::None };
        self.transformer.forward_once(tokens, mask, &places)
    }

    /// The same for the learnt token at the end.
    fn pooled_appended(&self, texts: &[&[u32]]) -> Result<Tensor> {
        let (rows, width) = self.token.dims()?;
        let class_id = u32::try_from(rows - 1).unwrap_or(u32::MAX);
        let all = Appended::new(texts, self.context_length, self.pad_id, class_id);
        let positions = Tensor::new(&all.positions[..], self.runtime.device())?;
        let tokens = self.token.embed(all.ids)?;
        let tokens = (tokens + self.position.squeeze(0)?.index_select(&positions, 0)?)?;
        let tokens = tokens.reshape((texts.len(), all.rows, width))?;
        self.transformer.forward_once(tokens, Mask::Prefixes(&all.seen), &all.places)
    }
}

/// The place of `ids` whose output is the text's.
fn place(pooling: TextPooling, ids: &[u32], context_length: usize) -> usize {
    let first = |wanted: u32| ids.iter().position(|id| *id == wanted).unwrap_or(0);
    match pooling {
        TextPooling::HighestId => first(ids.iter().copied().max().unwrap_or(0)),
        TextPooling::Id(id) => first(id),
        TextPooling::Last | TextPooling::Appended => context_length - 1,
        TextPooling::First => 0,
    }
}

impl TextTower for Text {
    fn forward(&self, texts: &[&[u32]]) -> Result<Tensor> {
        let pooled = match self.pooling {
            TextPooling::Appended => self.pooled_appended(texts)?,
            _ => self.pooled(texts)?,
        };
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
