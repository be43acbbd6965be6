//! What a model costs on this machine: measured where it is loaded, estimated where it is not.

use std::time::{Duration, Instant};

use seer_checkpoint::registry::Entry;
use seer_kernels::matmul::Threads;
use seer_kernels::panels::Panels;
use seer_kernels::precision::Precision;
use seer_kernels::product::product;
use seer_towers::dtype::{DtypeChoice, DtypeError};
use seer_towers::{BackendChoice, Device, Runtime};
use seer_types::PreparedImage;

use crate::error::EncodeError;
use crate::model::Model;

/// Least time a measurement takes; a quarter of a second is enough for one digit.
const LEAST: Duration = Duration::from_millis(250);

/// What a loaded model does in a second.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Rates {
    /// Pictures, in batches, decoding and resizing left out.
    pub images_per_second: f64,
    /// Short texts, in batches; `None` for a model that reads pictures only.
    pub texts_per_second: Option<f64>,
}

/// Measures a loaded model: about half a second, or one batch where that takes longer.
///
/// # Errors
/// What encoding gives.
pub fn measure(model: &Model) -> Result<Rates, EncodeError> {
    let (width, height) = (model.spec().width, model.spec().height);
    let size = width as usize * height as usize * 3;
    let picture = |number: usize| {
        let byte = |i: usize| ((i * 2_654_435_761 + number * 977) >> 13) as u8;
        PreparedImage::new(width, height, (0..size).map(byte).collect())
    };
    let pictures: Vec<PreparedImage> = (0..model.image_batch().min(8)).map(picture).collect();
    let texts = ["two dogs running on a beach"; 8];
    let texts_per_second = model
        .reads_text()
        .then(|| rate(texts.len(), || model.encode_texts(&texts).map(drop)))
        .transpose()?;
    Ok(Rates {
        images_per_second: rate(pictures.len(), || model.encode_images(&pictures).map(drop))?,
        texts_per_second,
    })
}

/// The best of several rounds, each of `count` things; one small round first where a second would take long.
fn rate(
    count: usize,
    mut work: impl FnMut() -> Result<(), EncodeError>,
) -> Result<f64, EncodeError> {
    let (start, mut best) = (Instant::now(), Duration::MAX);
    while start.elapsed() < LEAST {
        let round = Instant::now();
        work()?;
        best = best.min(round.elapsed());
    }
    Ok(count as f64 / best.as_secs_f64())
}

/// How much faster a model is in 8 bits than in f32, cautiously: ViT-B-32 is 3.3 times on a processor with 8-bit products
/// (docs/history/performance.md), convolutional towers gain less.
const GAIN_OF_Q8: f64 = 2.0;

/// Billions of operations (a multiply-add is two) that this machine's processor does in a second in matrix products of
/// a transformer's size, in these numbers. A quarter of a second. f32 is measured; 8 bits count as [`GAIN_OF_Q8`] times it.
///
/// # Errors
/// Numbers the processor does not compute in.
pub fn gigaflops(dtype: DtypeChoice) -> Result<f64, DtypeError> {
    const ROWS: usize = 394;
    const INPUTS: usize = 768;
    const OUTPUTS: usize = 3072;
    let numbers = |count: usize| (0..count).map(|i| (i % 17) as f32 * 0.01).collect::<Vec<f32>>();
    let gain = match Runtime::new(Device::Cpu, BackendChoice::Auto, dtype)?.precision() {
        Precision::EightBit => GAIN_OF_Q8,
        _ => 1.0,
    };
    let weight = Panels::new(&numbers(INPUTS * OUTPUTS), [OUTPUTS, INPUTS], &[]);
    let input = numbers(ROWS * INPUTS);
    let operations = 2.0 * (ROWS * INPUTS * OUTPUTS) as f64;
    let mut out = vec![0f32; ROWS * OUTPUTS];
    let work = || {
        product(&input, &weight, None, 0..OUTPUTS, &mut out, Threads::All, |_, _| {});
        Ok(())
    };
    Ok(gain * rate(1, work).map_or(0.0, |rounds| rounds * operations / 1e9))
}

/// Pictures a second of a model, from its operations and [`gigaflops`]; `None` where its operations are not known.
///
/// Towers reach a share of what one large product does. Measured on two cores with AVX-512 that did other work too, the
/// best of three runs each: ViT-B-32 0.69, RN50 0.64, convnext_base 0.63; FastViT, which is mostly convolutions of one
/// channel each, 0.3 (MobileCLIP2-S2).
pub fn estimate(gigaflops: f64, entry: &Entry) -> Option<f64> {
    const SHARE: f64 = 0.65;
    const SHARE_OF_FAST_VIT: f64 = 0.3;
    let share = if entry.is_fast_vit() { SHARE_OF_FAST_VIT } else { SHARE };
    Some(share * gigaflops / f64::from(entry.image_gflops?))
}

/// Bytes of memory that a program takes with this model loaded in these numbers and at work; `None` where its
/// parameters are not known.
///
/// In 8 bits the table of tokens stays in f32, which is most of a small model with a large vocabulary; where the
/// registry does not know its size, the whole text tower is taken for it. Beside the weights seven models of 28 to 450
/// million parameters took 37 to 84 MB in f32.
pub fn estimate_memory(dtype: DtypeChoice, entry: &Entry) -> Option<u64> {
    const BESIDE: f64 = 80e6;
    let all = f64::from(entry.params_millions?) * 1e6;
    let bytes = match dtype {
        DtypeChoice::Auto | DtypeChoice::F32 => 4.0 * all,
        DtypeChoice::Bf16 | DtypeChoice::F16 => 2.0 * all,
        DtypeChoice::Q8 => {
            let image = entry.image_params_millions.map_or(0.0, |p| f64::from(p) * 1e6);
            let exact = entry.token_table().map_or(all - image, |numbers| numbers as f64);
            4.0 * exact + (all - exact)
        }
    };
    Some((bytes + BESIDE) as u64)
}

#[cfg(test)]
mod tests {
    use seer_checkpoint::registry;

    use super::*;

    #[test]
    fn estimates_follow_operations_and_parameters() {
        let of = |name| registry::find(name).unwrap();
        let rate = |name| estimate(100.0, of(name)).unwrap();
        assert!((rate("ViT-B-32/openai") - 65.0 / 8.82).abs() < 0.01);
        assert!(rate("ViT-L-14/openai") < rate("ViT-B-32/openai") / 10.0);
        // Fewer operations, but not the kind a processor is quick at.
        assert!(of("MobileCLIP2-S0").image_gflops < of("ViT-B-32/openai").image_gflops);
        assert!(rate("MobileCLIP2-S0") < rate("ViT-B-32/openai"));
        assert!(rate("builtin") > 5.0 * rate("ViT-B-32/openai"));
        assert_eq!(estimate(100.0, of("OFA-Sys/chinese-clip-vit-base-patch16")), None);
        let memory = |name, dtype| estimate_memory(dtype, of(name)).unwrap() as f64 / 1e6;
        assert!((600.0..720.0).contains(&memory("ViT-B-32/openai", DtypeChoice::Auto)));
    }

    #[test]
    fn in_8_bits_the_table_of_tokens_stays_as_it_is() {
        let memory = |name| {
            let entry = registry::find(name).unwrap();
            estimate_memory(DtypeChoice::Q8, entry).unwrap() as f64 / 1e6
        };
        // 151 million parameters, of which 49,408 tokens of 512 numbers.
        let (all, table) = (151.3, 25.3);
        assert!((memory("ViT-B-32/openai") - (all + 3.0 * table + 80.0)).abs() < 1.0);
        // As a repository of transformers' the size of the table is not known: the text tower is taken for it.
        let text = 151.3 - 87.8;
        assert!((memory("openai/clip-vit-base-patch32") - (all + 3.0 * text + 80.0)).abs() < 1.0);
        // A picture tower alone has no table.
        let alone = memory("timm/vit_base_patch32_clip_224.laion2b_ft_in1k");
        assert!((alone - (88.2 + 80.0)).abs() < 1.0, "{alone}");
    }

    #[test]
    fn what_the_processor_does_not_compute_in_has_no_speed() {
        assert!(gigaflops(DtypeChoice::F32).unwrap() > 0.0);
        assert!(gigaflops(DtypeChoice::Bf16).is_err());
    }
}
