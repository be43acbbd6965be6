//! BERT (Devlin and others, 2018) and RoBERTa (Liu and others, 2019) as text towers.

use candle_core::{Result, Tensor};
use seer_checkpoint::config::{BertConfig, BertPooling, Layout};

use crate::error::TowerError;
use crate::layers::{Head, Linear, Mask, Norm, PostNormBlock, TokenTable};
use crate::runtime::Runtime;
use crate::weights::{ProjectionNames, QkvNames, Weights};
use crate::{TextTower, parts};

/// Word, position and type embeddings through post-norm blocks, then a mean or the first token.
pub(super) struct Bert {
    token: TokenTable,
    /// Position plus token type, from the first token's position on: `[1, context, width]`.
    place: Tensor,
    norm: Norm,
    blocks: Vec<PostNormBlock>,
    pooler: Option<Linear>,
    projection: Head,
    pooling: BertPooling,
    pad_id: u32,
    runtime: Runtime,
}

impl Bert {
    pub fn load(
        config: &BertConfig,
        dim: usize,
        layout: Layout,
        weights: &mut Weights,
        runtime: &Runtime,
    ) -> std::result::Result<Self, TowerError> {
        let (prefix, projection) = names(layout);
        let (width, eps) = (config.transformer.width, config.transformer.eps);
        let embeddings = format!("{prefix}.embeddings");
        let vocabulary = config.vocab_size;
        let token = weights
            .take_rows(&format!("{embeddings}.word_embeddings.weight"), [vocabulary, width])?;
        let place = places(config, &embeddings, weights)?;
        let blocks = (0..config.transformer.layers)
            .map(|number| {
                block(config, &format!("{prefix}.encoder.layer.{number}"), weights, runtime)
            })
            .collect::<std::result::Result<_, _>>()?;
        let pooler = match config.pooling {
            BertPooling::Mean | BertPooling::First => None,
            BertPooling::FirstPooled => {
                let base = format!("{prefix}.pooler.dense");
                Some(parts::linear(weights, &base, [width, width], None, runtime)?)
            }
        };
        Ok(Self {
            token: TokenTable::new(token, runtime)?,
            place: runtime.tensor(place, (1, config.context_length, width))?,
            norm: parts::norm(weights, &format!("{embeddings}.LayerNorm"), width, eps, runtime)?,
            blocks,
            pooler,
            projection: parts::projection(
                weights,
                &projection,
                config.projection,
                [dim, width],
                runtime,
            )?,
            pooling: config.pooling,
            pad_id: config.pad_id,
            runtime: runtime.clone(),
        })
    }

    /// The mean over the first `lengths[item]` rows of each item.
    fn mean(&self, x: &Tensor, lengths: &[usize]) -> Result<Tensor> {
        let (batch, rows, width) = x.dims3()?;
        let share = |item: usize, row: usize| {
            if row < lengths[item] { 1.0 / lengths[item] as f32 } else { 0.0 }
        };
        let shares: Vec<f32> = (0..batch * rows).map(|i| share(i / rows, i % rows)).collect();
        let shares = self.runtime.tensor(shares, (batch, 1, rows))?;
        shares.matmul(x)?.reshape((batch, width))
    }
}

/// Where the tensors stand: OpenCLIP's text towers, and Chinese-CLIP's in Hugging Face's layout.
fn names(layout: Layout) -> (&'static str, ProjectionNames) {
    match layout {
        Layout::OpenClip => {
            let mlp = ["text.proj.0", "text.proj.2"];
            ("text.transformer", ProjectionNames::layers("text.proj", mlp))
        }
        Layout::HuggingFace => {
            ("text_model", ProjectionNames::layers("text_projection", ["no such layer"; 2]))
        }
    }
}

fn places(
    config: &BertConfig,
    embeddings: &str,
    weights: &mut Weights,
) -> std::result::Result<Vec<f32>, TowerError> {
    let width = config.transformer.width;
    let name = format!("{embeddings}.position_embeddings.weight");
    let positions = weights.take(&name, &[config.positions, width])?;
    let name = format!("{embeddings}.token_type_embeddings.weight");
    let types = weights.take(&name, &[config.token_types, width])?;
    let used = positions.chunks_exact(width).skip(config.first_position);
    let used = used.take(config.context_length);
    Ok(used.flat_map(|row| row.iter().zip(&types).map(|(p, t)| p + t)).collect())
}

fn block(
    config: &BertConfig,
    base: &str,
    weights: &mut Weights,
    runtime: &Runtime,
) -> std::result::Result<PostNormBlock, TowerError> {
    let transformer = &config.transformer;
    let (width, hidden, eps) = (transformer.width, transformer.mlp_width, transformer.eps);
    let qkv = ["query", "key", "value"].map(|part| format!("{base}.attention.self.{part}"));
    let after = format!("{base}.attention.output");
    let (inner, outer) = (format!("{base}.intermediate.dense"), format!("{base}.output"));
    Ok(PostNormBlock {
        qkv: parts::joined_qkv(weights, &QkvNames::Apart(qkv), width, runtime)?,
        out: parts::linear(weights, &format!("{after}.dense"), [width, width], None, runtime)?,
        norm1: parts::norm(weights, &format!("{after}.LayerNorm"), width, eps, runtime)?,
        fc1: parts::linear(weights, &inner, [hidden, width], None, runtime)?,
        fc2: parts::linear(weights, &format!("{outer}.dense"), [width, hidden], None, runtime)?,
        norm2: parts::norm(weights, &format!("{outer}.LayerNorm"), width, eps, runtime)?,
        activation: transformer.activation,
        heads: parts::heads(transformer, runtime),
    })
}

impl TextTower for Bert {
    fn forward(&self, texts: &[&[u32]]) -> Result<Tensor> {
        let lengths: Vec<usize> = texts.iter().map(|ids| parts::length(ids, self.pad_id)).collect();
        let rows = lengths.iter().copied().max().unwrap_or(1);
        let (_, width) = self.token.dims()?;
        let tokens = self.token.embed(parts::padded(texts, rows, self.pad_id))?;
        let tokens = tokens.reshape((texts.len(), rows, width))?;
        let tokens = tokens.broadcast_add(&self.place.narrow(1, 0, rows)?)?;
        let mask = Mask::Lengths(&lengths);
        let tokens = self
            .blocks
            .iter()
            .try_fold(self.norm.forward(&tokens)?, |x, block| block.forward(&x, mask))?;
        let first = || tokens.narrow(1, 0, 1)?.squeeze(1);
        let pooled = match (&self.pooler, self.pooling) {
            (Some(pooler), _) => pooler.forward(&first()?)?.tanh()?,
            (None, BertPooling::First) => first()?,
            (None, _) => self.mean(&tokens, &lengths)?,
        };
        self.projection.forward(pooled)
    }
}
