//! Grids of values brought to another size, as torch's `interpolate` does it with
//! `align_corners=False` (PyTorch, `aten/src/ATen/native/cpu/UpSampleKernel.cpp`).

/// How values between the places of a grid are found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Resampling {
    /// The curve through the values.
    pub curve: Curve,
    /// Whether the curve is stretched where the grid becomes smaller, so that no value is left out.
    pub antialias: bool,
}

/// A curve through equally spaced values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Curve {
    /// Straight lines, support 1.
    Linear,
    /// Keys' cubic, support 2; a = -0.5 with antialiasing and -0.75 without, as torch has it.
    Cubic,
}

impl Curve {
    fn support(self) -> f64 {
        match self {
            Self::Linear => 1.0,
            Self::Cubic => 2.0,
        }
    }

    fn weight(self, distance: f64, a: f64) -> f64 {
        let x = distance.abs();
        match self {
            Self::Linear => (1.0 - x).max(0.0),
            Self::Cubic if x < 1.0 => ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0,
            Self::Cubic if x < 2.0 => (((x - 5.0) * x + 8.0) * x - 4.0) * a,
            Self::Cubic => 0.0,
        }
    }
}

/// What one place of the new grid takes: the first old place and the weights from there on.
struct Taps {
    first: usize,
    weights: Vec<f32>,
}

/// `values` is `[from[0], from[1], channels]`; out comes `[to[0], to[1], channels]`. No length
/// is 0.
pub fn resize_grid(
    values: &[f32],
    from: [usize; 2],
    to: [usize; 2],
    channels: usize,
    resampling: Resampling,
) -> Vec<f32> {
    let across = along(values, from[1], channels, &taps(from[1], to[1], resampling));
    along(&across, from[0], to[1] * channels, &taps(from[0], to[0], resampling))
}

/// `values` is `[.., length, inner]`; out comes `[.., taps, inner]`.
fn along(values: &[f32], length: usize, inner: usize, taps: &[Taps]) -> Vec<f32> {
    let mut out = Vec::with_capacity(values.len() / length * taps.len());
    for part in values.chunks_exact(length * inner) {
        for tap in taps {
            let start = out.len();
            out.resize(start + inner, 0.0);
            let rows = part[tap.first * inner..].chunks_exact(inner);
            for (row, weight) in rows.zip(&tap.weights) {
                out[start..].iter_mut().zip(row).for_each(|(sum, value)| *sum += weight * value);
            }
        }
    }
    out
}

fn taps(from: usize, to: usize, resampling: Resampling) -> Vec<Taps> {
    let scale = from as f64 / to as f64;
    let centres = (0..to).map(|place| (place as f64 + 0.5) * scale);
    if resampling.antialias {
        centres.map(|centre| stretched(from, centre, scale.max(1.0), resampling.curve)).collect()
    } else {
        centres.map(|centre| interpolated(from, centre - 0.5, resampling.curve)).collect()
    }
}

/// The weights of all places under the curve, which is `stretch` times as wide; they sum to 1.
fn stretched(from: usize, centre: f64, stretch: f64, curve: Curve) -> Taps {
    let support = curve.support() * stretch;
    let first = (centre - support + 0.5).max(0.0) as usize;
    let end = ((centre + support + 0.5) as usize).min(from);
    let weight = |place: usize| curve.weight((place as f64 - centre + 0.5) / stretch, -0.5);
    let weights: Vec<f64> = (first..end).map(weight).collect();
    let sum: f64 = weights.iter().sum();
    Taps { first, weights: weights.iter().map(|weight| (weight / sum) as f32).collect() }
}

/// The weights of the nearest places; what lies outside the grid counts as its edge.
fn interpolated(from: usize, place: f64, curve: Curve) -> Taps {
    let reach = curve.support() as i64;
    let nearest = place.floor() as i64;
    let inside = |place: i64| place.clamp(0, from as i64 - 1) as usize;
    let (first, last) = (inside(nearest + 1 - reach), inside(nearest + reach));
    let mut weights = vec![0f32; last - first + 1];
    for tap in nearest + 1 - reach..=nearest + reach {
        weights[inside(tap) - first] += curve.weight(place - tap as f64, -0.75) as f32;
    }
    Taps { first, weights }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// A tensor of `tests/fixtures/resized`, `[rows, columns, 2]`.
    fn grid(tensors: &safetensors::SafeTensors, name: &str) -> (Vec<f32>, [usize; 2]) {
        let view = tensors.tensor(&format!("grid/{name}")).unwrap();
        let values = view.data().as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect();
        (values, [view.shape()[0], view.shape()[1]])
    }

    #[test]
    fn every_way_of_resizing_is_torchs() {
        let file = "../../tests/fixtures/resized/expected.safetensors";
        let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
        let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
        let (values, from) = grid(&tensors, "values");
        for (label, curve, antialias) in [
            ("bicubic_antialias", Curve::Cubic, true),
            ("bilinear_antialias", Curve::Linear, true),
            ("bicubic", Curve::Cubic, false),
            ("bilinear", Curve::Linear, false),
        ] {
            for size in ["7x4", "2x9", "1x1"] {
                let (expected, to) = grid(&tensors, &format!("{label}/{size}"));
                let found = resize_grid(&values, from, to, 2, Resampling { curve, antialias });
                assert_eq!(found.len(), expected.len());
                let off = found.iter().zip(&expected).map(|(a, b)| (a - b).abs());
                let largest = off.fold(0.0, f32::max);
                // torch computes the weights in f32.
                assert!(largest < 5e-6, "{label} to {size}: off by {largest}");
            }
        }
    }

    #[test]
    fn the_same_size_changes_nothing() {
        let values: Vec<f32> = (0..24).map(|i| (i * 7 % 11) as f32).collect();
        for curve in [Curve::Linear, Curve::Cubic] {
            for antialias in [false, true] {
                let resampling = Resampling { curve, antialias };
                assert_eq!(resize_grid(&values, [3, 4], [3, 4], 2, resampling), values);
            }
        }
    }
}
