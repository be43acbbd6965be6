//! Architectures at tiny size, for tests: the same kind of model with everything that costs time cut down.

use seer_checkpoint::config::{
    ConvNextHead, EvaConfig, EvaPooling, FastVitConfig, ImageConfig, ImagePooling, ModelConfig,
    TextConfig, TimmStem, TimmVitConfig, TransformerConfig, VitConfig,
};

/// Channels of a tiny tower and numbers in its embedding.
const WIDTH: usize = 32;
const HEADS: usize = 4;
const MLP_WIDTH: usize = 48;
const VOCABULARY: usize = 40;
const CONTEXT: usize = 12;
const CLASSES: usize = 3;

/// A new family needs its line here; what is not here stays as the architecture has it.
pub(super) fn shrink(config: &mut ModelConfig) {
    config.dim = WIDTH;
    config.classes.truncate(CLASSES);
    image(&mut config.image);
    let [height, width] = config.image.image();
    config.preprocess.width = u32::try_from(width).unwrap();
    config.preprocess.height = u32::try_from(height).unwrap();
    match &mut config.text {
        None => {}
        Some(TextConfig::Transformer(text)) => {
            transformer(&mut text.transformer);
            (text.vocab_size, text.context_length) = (VOCABULARY, CONTEXT);
            text.pad_id = text.pad_id.min(VOCABULARY as u32 - 1);
        }
        Some(TextConfig::Bert(text)) => {
            transformer(&mut text.transformer);
            text.vocab_size = VOCABULARY;
        }
        Some(TextConfig::Nllb(text)) => {
            transformer(&mut text.transformer);
            (text.vocab_size, text.context_length) = (VOCABULARY, CONTEXT);
        }
    }
}

fn image(config: &mut ImageConfig) {
    match config {
        ImageConfig::Vit(vit) => shrink_vit(vit),
        ImageConfig::TimmVit(vit) => shrink_timm_vit(vit),
        ImageConfig::Eva(eva) => shrink_eva(eva),
        ImageConfig::FastVit(net) => shrink_fast_vit(net),
        ImageConfig::ResNet(net) => {
            (net.image, net.width, net.blocks, net.heads) = (64, 8, [1, 2, 1, 1], HEADS);
        }
        ImageConfig::ConvNext(net) => {
            net.image = [64, 64];
            net.stages = [(1, 8), (1, 16), (2, 16), (1, WIDTH)];
            if let ConvNextHead::Hidden(hidden) = &mut net.head {
                *hidden = WIDTH;
            }
        }
        ImageConfig::EfficientNet(net) => net.image = [64, 64],
        ImageConfig::NaFlex(net) => {
            transformer(&mut net.transformer);
            (net.patches, net.positions) = (4, 2);
        }
    }
}

fn shrink_vit(vit: &mut VitConfig) {
    transformer(&mut vit.transformer);
    vit.image = vit.patch.map(|edge| 2 * edge);
    if let ImagePooling::Queries { count, heads } = &mut vit.pooling {
        (*count, *heads) = (4, HEADS);
    }
}

fn shrink_timm_vit(vit: &mut TimmVitConfig) {
    transformer(&mut vit.transformer);
    vit.image = [2 * vit.stem.edge(); 2];
    match &mut vit.stem {
        TimmStem::Patches(_) => {}
        TimmStem::Convolutions(channels) => *channels = 8,
        TimmStem::Bottlenecks(groups) => *groups = [(1, 8), (1, 16)],
    }
}

fn shrink_eva(eva: &mut EvaConfig) {
    eva.image = [2 * eva.patch; 2];
    (eva.width, eva.layers, eva.heads, eva.mlp_width) = (WIDTH, 1, HEADS, MLP_WIDTH);
    if let EvaPooling::Attention { heads } = &mut eva.pooling {
        *heads = HEADS;
    }
}

fn shrink_fast_vit(net: &mut FastVitConfig) {
    const STAGES: &[(usize, usize)] = &[(1, 4), (1, 8), (1, 16), (1, 32), (1, 64)];
    (net.image, net.stages) = match net.stages.len() {
        4 => ([64, 64], &STAGES[1..]),
        _ => ([128, 128], STAGES),
    };
}

fn transformer(config: &mut TransformerConfig) {
    (config.width, config.layers, config.heads, config.mlp_width) = (WIDTH, 1, HEADS, MLP_WIDTH);
}
