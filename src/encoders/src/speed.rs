//! What a model costs on this machine: measured where it is loaded, estimated where it is not.

use std::time::{Duration, Instant};

use seer_types::PreparedImage;

use crate::error::EncodeError;
use crate::kernels::matmul::Threads;
use crate::kernels::panels::Panels;
use crate::kernels::product::product;
use crate::model::Model;
use crate::registry::Entry;

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

/// Billions of operations (a multiply-add is two) that this machine's processor does in a second in matrix products of
/// a transformer's size. A quarter of a second.
pub fn gigaflops() -> f64 {
    const ROWS: usize = 394;
    const INPUTS: usize = 768;
    const OUTPUTS: usize = 3072;
    let numbers = |count: usize| (0..count).map(|i| (i % 17) as f32 * 0.01).collect::<Vec<f32>>();
    let weight = Panels::new(&numbers(INPUTS * OUTPUTS), [OUTPUTS, INPUTS], &[]);
    let input = numbers(ROWS * INPUTS);
    let operations = 2.0 * (ROWS * INPUTS * OUTPUTS) as f64;
    let mut out = vec![0f32; ROWS * OUTPUTS];
    let work = || {
        product(&input, &weight, None, 0..OUTPUTS, &mut out, Threads::All, |_, _| {});
        Ok(())
    };
    rate(1, work).map_or(0.0, |rounds| rounds * operations / 1e9)
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

/// Bytes of memory that a program takes with this model loaded and at work; `None` where its parameters are not known.
///
/// Weights are held as 32-bit numbers; beside them seven models of 28 to 450 million parameters took 37 to 84 MB.
pub fn estimate_memory(entry: &Entry) -> Option<u64> {
    const BYTES_PER_PARAMETER: f64 = 4.0;
    const BESIDE: f64 = 80e6;
    Some((f64::from(entry.params_millions?) * 1e6 * BYTES_PER_PARAMETER + BESIDE) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry;

    #[test]
    fn estimates_follow_operations_and_parameters() {
        let of = |name| registry::find(name).unwrap();
        let rate = |name| estimate(100.0, of(name)).unwrap();
        assert!((rate("ViT-B-32/openai") - 65.0 / 8.82).abs() < 0.01);
        assert!(rate("ViT-L-14/openai") < rate("ViT-B-32/openai") / 10.0);
        // Fewer operations, but not the kind a processor is quick at.
        assert!(of("MobileCLIP2-S0").image_gflops < of("ViT-B-32/openai").image_gflops);
        assert!(rate("MobileCLIP2-S0") < rate("ViT-B-32/openai"));
        assert_eq!(estimate(100.0, of("builtin")), None);
        let memory = estimate_memory(of("ViT-B-32/openai")).unwrap();
        assert!((600e6..720e6).contains(&(memory as f64)), "{memory}");
    }
}
