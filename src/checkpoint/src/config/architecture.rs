//! How a model is built, whichever layout said so.

use seer_kernels::activation::Activation;
use seer_types::PreprocessSpec;

use crate::config::TokenizerSpec;
use crate::config::{
    ClassLabel, EvaConfig, FastVitConfig, HeadClasses, HubnessConfig, NameWeights, TimmVitConfig,
};

/// A whole model: two towers into one space, or an image tower alone.
#[derive(Clone, PartialEq, Debug)]
pub struct ModelConfig {
    /// Size of the shared embedding space.
    pub dim: usize,
    /// The image tower.
    pub image: ImageConfig,
    /// The text tower; `None` for a model that reads pictures only.
    pub text: Option<TextConfig>,
    /// Whether the text tower's tensors stand under `text.` (OpenCLIP).
    pub text_apart: bool,
    /// How pictures are made ready.
    pub preprocess: PreprocessSpec,
    /// How text becomes ids; there with a text tower.
    pub tokenizer: Option<TokenizerSpec>,
    /// What a classifier on the image tower tells apart; empty where there is none.
    pub classes: Vec<ClassLabel>,
    /// How much they count where a query names them; `None` where texts and classes have not been
    /// compared.
    pub name_weights: Option<NameWeights>,
}

/// A text tower alone, into the space of another model.
#[derive(Clone, PartialEq, Debug)]
pub struct TextModelConfig {
    /// Size of the shared embedding space.
    pub dim: usize,
    /// The text tower.
    pub text: TextConfig,
    /// How text becomes ids.
    pub tokenizer: TokenizerSpec,
    /// ISO 639-1 codes of the languages that it reads.
    pub languages: Vec<String>,
}

/// The families of image towers.
#[derive(Clone, PartialEq, Debug)]
pub enum ImageConfig {
    /// Vision transformer.
    Vit(VitConfig),
    /// EfficientNet-Lite.
    EfficientNet(EfficientNetConfig),
    /// CLIP's own residual network.
    ResNet(ResNetConfig),
    /// ConvNeXt.
    ConvNext(ConvNextConfig),
    /// FastViT.
    FastVit(FastVitConfig),
    /// Vision transformer as timm builds it.
    TimmVit(TimmVitConfig),
    /// EVA, EVA-02 and the Perception Encoder.
    Eva(EvaConfig),
    /// Vision transformer for pictures of any shape.
    NaFlex(NaFlexConfig),
}

/// The families of text towers.
#[derive(Clone, PartialEq, Debug)]
pub enum TextConfig {
    /// CLIP's own text transformer.
    Transformer(TextTransformerConfig),
    /// BERT or RoBERTa.
    Bert(BertConfig),
    /// The encoder of a translation model.
    Nllb(NllbConfig),
}

impl ImageConfig {
    /// Pixels down and across that the tower takes, for NaFlex those of a square picture.
    pub fn image(&self) -> [usize; 2] {
        match self {
            Self::Vit(vit) => vit.image,
            Self::EfficientNet(net) => net.image,
            Self::ResNet(net) => [net.image; 2],
            Self::ConvNext(net) => net.image,
            Self::FastVit(net) => net.image,
            Self::TimmVit(vit) => vit.image,
            Self::Eva(eva) => eva.image,
            Self::NaFlex(net) => net.square(),
        }
    }

    /// The layer after the tower that tells classes apart, in timm's repositories; `None` where the
    /// tower's own head does ([`HeadClasses`]).
    pub fn classifier(&self) -> Option<&'static str> {
        match self {
            Self::EfficientNet(_) => None,
            Self::ConvNext(_) => Some("head.fc"),
            _ => Some("head"),
        }
    }
}

/// A stack of pre-norm transformer blocks.
#[derive(Clone, PartialEq, Debug)]
pub struct TransformerConfig {
    /// Channels of the residual stream.
    pub width: usize,
    /// Number of blocks.
    pub layers: usize,
    /// Attention heads; `width` is a multiple of it.
    pub heads: usize,
    /// Hidden channels of the MLP.
    pub mlp_width: usize,
    /// Activation inside the MLP.
    pub activation: Activation,
    /// Added to the variance in every layer norm.
    pub eps: f32,
    /// Whether each branch is scaled per channel before it joins the residual stream.
    pub layer_scale: bool,
}

/// A vision transformer, with a class token unless it pools by attention.
#[derive(Clone, PartialEq, Debug)]
pub struct VitConfig {
    /// Pixels down and across.
    pub image: [usize; 2],
    /// Pixels down and across of one patch.
    pub patch: [usize; 2],
    /// The blocks.
    pub transformer: TransformerConfig,
    /// Layer norm before the first block.
    pub norm_before: bool,
    /// Which tokens make the embedding.
    pub pooling: ImagePooling,
    /// The way into the shared space.
    pub projection: Projection,
    /// Whether the last norm comes after pooling (it matters for averages).
    pub norm_after_pooling: bool,
}

/// CLIP's text transformer.
#[derive(Clone, PartialEq, Debug)]
pub struct TextTransformerConfig {
    /// Most tokens in one text.
    pub context_length: usize,
    /// Rows of the token embedding.
    pub vocab_size: usize,
    /// The blocks.
    pub transformer: TransformerConfig,
    /// Whether a token sees only those before it.
    pub causal: bool,
    /// Which token makes the embedding.
    pub pooling: TextPooling,
    /// What fills up the context where the model must see it.
    pub pad_id: u32,
    /// The way into the shared space.
    pub projection: Projection,
}

/// EfficientNet-Lite: inverted residual blocks without squeeze and excitation, ReLU6 throughout.
#[derive(Clone, PartialEq, Debug)]
pub struct EfficientNetConfig {
    /// Pixels down and across.
    pub image: [usize; 2],
    /// Channels after the first convolution.
    pub stem: usize,
    /// Groups of blocks, in order.
    pub stages: Vec<StageConfig>,
    /// Channels after the last convolution, which are averaged.
    pub features: usize,
    /// TensorFlow's padding (more at the end) instead of the same on both sides.
    pub same_padding: bool,
    /// Added to the variance in every batch norm.
    pub eps: f32,
    /// The way into the shared space.
    pub projection: Projection,
    /// What follows it, in the built-in model.
    pub hubness: Option<HubnessConfig>,
    /// What its head tells apart, in the built-in model.
    pub classes: Option<HeadClasses>,
}

/// A group of equal blocks, of which the first may make the image smaller.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StageConfig {
    /// Blocks.
    pub blocks: usize,
    /// Edge of the depthwise kernel.
    pub kernel: usize,
    /// Step of the first block's depthwise convolution.
    pub stride: usize,
    /// How many times wider the inside of a block is; 1 has no widening convolution.
    pub expansion: usize,
    /// Channels that come out.
    pub channels: usize,
}

/// CLIP's residual network: three convolutions, four stages of bottlenecks, attention pooling.
#[derive(Clone, PartialEq, Debug)]
pub struct ResNetConfig {
    /// Pixels down and across, a multiple of [`Self::SHRINK`].
    pub image: usize,
    /// Channels after the first convolutions, an even number.
    pub width: usize,
    /// Bottlenecks of each stage.
    pub blocks: [usize; 4],
    /// Heads of the pooling; [`Self::features`] is a multiple of it.
    pub heads: usize,
}

impl ResNetConfig {
    /// Pixels down or across that become one.
    pub const SHRINK: usize = 32;

    /// Channels after the last stage.
    pub fn features(&self) -> usize {
        32 * self.width
    }

    /// Pixels after the last stage.
    pub fn pixels(&self) -> usize {
        (self.image / Self::SHRINK).pow(2)
    }
}

/// ConvNeXt: stages of blocks of one depthwise convolution and one MLP, layer norm throughout.
#[derive(Clone, PartialEq, Debug)]
pub struct ConvNextConfig {
    /// What stands before the names of its tensors: `visual.trunk.` in OpenCLIP.
    pub prefix: &'static str,
    /// Pixels down and across.
    pub image: [usize; 2],
    /// Blocks and channels of each stage; all but the first begin by halving the image.
    pub stages: [(usize, usize); 4],
    /// Added to the variance in every layer norm.
    pub eps: f32,
    /// The way into the shared space.
    pub head: ConvNextHead,
}

/// What follows the average over a ConvNeXt's last image and the norm after it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ConvNextHead {
    /// OpenCLIP's head behind the trunk.
    Behind(Projection),
    /// The hidden layer of timm's classifier, of so many numbers: a matrix, something added, GELU.
    Hidden(usize),
    /// Nothing: the trunk's features are the embedding.
    None,
}

/// SigLIP 2's vision transformer for pictures of any shape (NaFlex), pooled by attention.
#[derive(Clone, PartialEq, Debug)]
pub struct NaFlexConfig {
    /// Pixels down and across of one patch.
    pub patch: usize,
    /// Most patches of one picture.
    pub patches: usize,
    /// Patches down and across of the grid whose positions were learnt.
    pub positions: usize,
    /// The blocks.
    pub transformer: TransformerConfig,
}

impl NaFlexConfig {
    /// Pixels of the largest square picture.
    pub fn square(&self) -> [usize; 2] {
        [self.patches.isqrt() * self.patch; 2]
    }
}

/// NLLB's encoder (M2M-100) as a text tower: pre-norm blocks, sinusoidal positions.
#[derive(Clone, PartialEq, Debug)]
pub struct NllbConfig {
    /// Most tokens in one text.
    pub context_length: usize,
    /// Rows of the token embedding.
    pub vocab_size: usize,
    /// Times the token embedding.
    pub scale: f32,
    /// The blocks.
    pub transformer: TransformerConfig,
    /// The id that is no text; the positions begin after it.
    pub pad_id: u32,
    /// The way into the shared space.
    pub projection: Projection,
}

/// BERT, RoBERTa or XLM-RoBERTa as a text tower.
#[derive(Clone, PartialEq, Debug)]
pub struct BertConfig {
    /// Most tokens in one text.
    pub context_length: usize,
    /// Rows of the token embedding.
    pub vocab_size: usize,
    /// Rows of the position embedding.
    pub positions: usize,
    /// The row of the first token's position.
    pub first_position: usize,
    /// Rows of the token type embedding, of which the first is used.
    pub token_types: usize,
    /// The blocks (post-norm).
    pub transformer: TransformerConfig,
    /// The id that is no text.
    pub pad_id: u32,
    /// What makes the embedding.
    pub pooling: BertPooling,
    /// The way into the shared space.
    pub projection: Projection,
}

/// What makes a text's embedding in BERT.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BertPooling {
    /// The mean over all tokens that are text.
    Mean,
    /// The first token, through BERT's own pooling layer (linear, then tanh).
    FirstPooled,
    /// The first token as it is.
    First,
}

/// Which tokens of a picture make its embedding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ImagePooling {
    /// The class token.
    Class,
    /// The mean over the patches, without the class token.
    Average,
    /// A learnt query over the patches (SigLIP); then there is no class token, and the patch
    /// embedding has a bias.
    Attention,
    /// The first of the learnt queries over all tokens (CoCa).
    Queries {
        /// Queries.
        count: usize,
        /// Heads; the size of the shared space is a multiple of it.
        heads: usize,
    },
}

/// Which token of a text makes its embedding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TextPooling {
    /// The first place of the highest id: the end token in CLIP's vocabulary.
    HighestId,
    /// The first place of this id (the first token if it does not occur).
    Id(u32),
    /// The last place of the whole context.
    Last,
    /// The first place.
    First,
    /// A learnt token after the whole context, which sees no padding (CoCa).
    Appended,
}

/// The last step into the shared space.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Projection {
    /// None: the tower's width is the space's size.
    None,
    /// A matrix.
    Linear {
        /// With something added.
        bias: bool,
    },
    /// Two matrices with GELU between them.
    Mlp {
        /// Values between the two.
        hidden: usize,
        /// With something added after the first.
        inner_bias: bool,
        /// With something added after the second.
        bias: bool,
    },
}
