//! BLIP's decoder: BERT's blocks, each of which also looks at the picture.
//!
//! What a caption's later tokens need of the earlier ones and of the picture is computed once and kept.

use candle_core::{Result, Tensor};
use seer_checkpoint::config::{Activation, CaptionerConfig};

use crate::error::TowerError;
use crate::layers::{Heads, Linear, Mask, Norm};
use crate::parts;
use crate::runtime::Runtime;
use crate::weights::{QkvNames, Weights};

/// The token embedding.
const TOKENS: &str = "text_decoder.bert.embeddings.word_embeddings.weight";
/// From the last block to the logits; files written since transformers 5 leave it out where it is the embedding.
const OUTPUT: &str = "text_decoder.cls.predictions.decoder.weight";
/// What is added to the logits, under one of two names or under both.
const OUTPUT_BIAS: [&str; 2] =
    ["text_decoder.cls.predictions.bias", "text_decoder.cls.predictions.decoder.bias"];

/// Writes one token after the other.
pub(super) struct Decoder {
    /// `[vocabulary, width]`.
    tokens: Tensor,
    /// `[places, width]`.
    places: Tensor,
    norm: Norm,
    blocks: Vec<Block>,
    transform: Linear,
    transform_norm: Norm,
    output: Linear,
    runtime: Runtime,
}

impl Decoder {
    pub fn load(
        config: &CaptionerConfig,
        weights: &mut Weights,
        runtime: &Runtime,
    ) -> std::result::Result<Self, TowerError> {
        const EMBEDDINGS: &str = "text_decoder.bert.embeddings";
        const HEAD: &str = "text_decoder.cls.predictions.transform";
        let (width, eps, vocabulary) = (config.text.width, config.text.eps, config.vocab_size);
        let tokens = weights.take(TOKENS, &[vocabulary, width])?;
        let output = match weights.has(OUTPUT) {
            true => weights.take(OUTPUT, &[vocabulary, width])?,
            false => tokens.clone(),
        };
        let name = OUTPUT_BIAS.iter().find(|name| weights.has(name)).unwrap_or(&OUTPUT_BIAS[0]);
        let bias = weights.take(name, &[vocabulary])?;
        let name = format!("{EMBEDDINGS}.position_embeddings.weight");
        let places = weights.take(&name, &[config.positions, width])?;
        let blocks = (0..config.text.layers).map(|number| {
            Block::load(
                config,
                &format!("text_decoder.bert.encoder.layer.{number}"),
                weights,
                runtime,
            )
        });
        Ok(Self {
            blocks: blocks.collect::<std::result::Result<_, _>>()?,
            tokens: runtime.tensor(tokens, (vocabulary, width))?,
            places: runtime.tensor(places, (config.positions, width))?,
            norm: parts::norm(weights, &format!("{EMBEDDINGS}.LayerNorm"), width, eps, runtime)?,
            transform: parts::linear(weights, &format!("{HEAD}.dense"), [width; 2], None, runtime)?,
            transform_norm: parts::norm(
                weights,
                &format!("{HEAD}.LayerNorm"),
                width,
                eps,
                runtime,
            )?,
            // In f32: the likeliest of so many tokens is told apart by small differences.
            output: Linear::new(output, Some(bias), [vocabulary, width], &runtime.exact())?,
            runtime: runtime.clone(),
        })
    }

    /// Begins a caption for each picture; `features` are `[pictures, tokens, image width]`.
    pub fn begin(&self, features: &Tensor) -> Result<Captions<'_>> {
        let keep =
            |block: &Block| Ok(Kept { picture: block.look_keys.forward(features)?, written: None });
        let kept = self.blocks.iter().map(keep).collect::<Result<_>>()?;
        Ok(Captions { decoder: self, kept, place: 0 })
    }
}

/// Tensors that are no part of it: constant position numbers, a pooler that nothing reads, the bias once more.
pub(super) fn is_beside(name: &str) -> bool {
    OUTPUT_BIAS.contains(&name)
        || name.ends_with(".position_ids")
        || name.starts_with("text_decoder.bert.pooler.")
}

/// Captions that are being written, all at the same place.
pub(super) struct Captions<'a> {
    decoder: &'a Decoder,
    kept: Vec<Kept>,
    place: usize,
}

/// What a block needs again at the next place.
struct Kept {
    /// Keys and values of the picture: `[pictures, tokens, 2 width]`.
    picture: Tensor,
    /// Those of the tokens so far: `[pictures, places, 2 width]`.
    written: Option<Tensor>,
}

impl Captions<'_> {
    /// Reads the next token of each caption; the logits of the one after it, `[pictures, vocabulary]`.
    pub fn read(&mut self, tokens: &[u32]) -> Result<Tensor> {
        let Decoder { tokens: embedding, places, norm, blocks, runtime, .. } = self.decoder;
        let ids = runtime.tensor(tokens.to_vec(), tokens.len())?;
        let embedded = embedding.index_select(&ids, 0)?;
        let embedded = embedded.broadcast_add(&places.narrow(0, self.place, 1)?)?.unsqueeze(1)?;
        self.place += 1;
        let mut x = norm.forward(&embedded)?;
        for (block, kept) in blocks.iter().zip(&mut self.kept) {
            x = block.forward(&x, kept)?;
        }
        let x = self.decoder.transform.forward_activated(&x.squeeze(1)?, Activation::Gelu)?;
        self.decoder.output.forward(&self.decoder.transform_norm.forward(&x)?)
    }
}

/// `x' = Norm(x + Attention(x))`, `x'' = Norm(x' + Attention(x', picture))`, then `Norm(x'' + MLP(x''))`.
struct Block {
    /// Into queries, keys and values, in this order.
    qkv: Linear,
    out: Linear,
    norm: Norm,
    look_query: Linear,
    /// From the picture's tokens into keys and values.
    look_keys: Linear,
    look_out: Linear,
    look_norm: Norm,
    fc1: Linear,
    fc2: Linear,
    mlp_norm: Norm,
    heads: Heads,
}

impl Block {
    fn load(
        config: &CaptionerConfig,
        base: &str,
        weights: &mut Weights,
        runtime: &Runtime,
    ) -> std::result::Result<Self, TowerError> {
        let text = &config.text;
        let (width, hidden, eps) = (text.width, text.mlp_width, text.eps);
        let name = |part: &str| format!("{base}.{part}");
        let qkv = ["query", "key", "value"].map(|part| name(&format!("attention.self.{part}")));
        let (mut keys, mut keys_bias) = (Vec::new(), Vec::new());
        for part in ["crossattention.self.key", "crossattention.self.value"] {
            let (weight, bias) = parts::matrix(weights, &name(part), [width, config.image.width])?;
            keys.extend(weight);
            keys_bias.extend(bias);
        }
        let qkv = parts::joined_qkv(weights, &QkvNames::Apart(qkv), width, runtime)?;
        let mut norm = |part: &str| parts::norm(&mut *weights, &name(part), width, eps, runtime);
        let norms = [
            norm("attention.output.LayerNorm")?,
            norm("crossattention.output.LayerNorm")?,
            norm("output.LayerNorm")?,
        ];
        let [norm, look_norm, mlp_norm] = norms;
        let mut linear =
            |part: &str, shape| parts::linear(&mut *weights, &name(part), shape, None, runtime);
        Ok(Self {
            qkv,
            out: linear("attention.output.dense", [width, width])?,
            norm,
            look_query: linear("crossattention.self.query", [width, width])?,
            look_keys: Linear::new(
                keys,
                Some(keys_bias),
                [2 * width, config.image.width],
                runtime,
            )?,
            look_out: linear("crossattention.output.dense", [width, width])?,
            look_norm,
            fc1: linear("intermediate.dense", [hidden, width])?,
            fc2: linear("output.dense", [width, hidden])?,
            mlp_norm,
            heads: parts::heads(text, runtime),
        })
    }

    /// `[pictures, 1, width]` to the same.
    fn forward(&self, x: &Tensor, kept: &mut Kept) -> Result<Tensor> {
        let width = x.dim(2)?;
        let queries = self.qkv.forward_part(x, 0..width)?;
        let mut keys = self.qkv.forward_part(x, width..3 * width)?;
        if let Some(written) = &kept.written {
            keys = Tensor::cat(&[written, &keys], 1)?;
        }
        let attended = self.heads.attend_once(&queries, &keys, Mask::None)?;
        kept.written = Some(keys);
        let x = self.norm.forward(&self.out.forward_added(&attended, x)?)?;
        let queries = self.look_query.forward(&x)?;
        let seen = self.heads.attend_once(&queries, &kept.picture, Mask::None)?;
        let x = self.look_norm.forward(&self.look_out.forward_added(&seen, &x)?)?;
        let hidden = self.fc1.forward_activated(&x, Activation::Gelu)?;
        self.mlp_norm.forward(&self.fc2.forward_added(&hidden, &x)?)
    }
}
