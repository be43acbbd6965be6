//! Sums and maxima over a slice, in lanes so that they become vector instructions.

/// Values that are taken at once.
pub(super) const LANES: usize = 32;

/// The same for what is left after them.
const FEW: usize = 8;

/// The sum of `f` over the values. Rounding differs from one place after another, for the better.
#[inline(always)]
pub(super) fn sum(values: &[f32], f: impl Fn(f32) -> f32) -> f32 {
    let (chunks, rest) = values.as_chunks::<LANES>();
    let mut lanes = [0f32; LANES];
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += f(*value);
        }
    }
    rest.iter().map(|value| f(*value)).sum::<f32>() + halved(lanes, |a, b| a + b)
}

/// The highest value; negative infinity for none.
#[inline(always)]
pub(super) fn max(values: &[f32]) -> f32 {
    let (chunks, rest) = values.as_chunks::<LANES>();
    let mut lanes = [f32::NEG_INFINITY; LANES];
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane = if *value > *lane { *value } else { *lane };
        }
    }
    let (chunks, rest) = rest.as_chunks::<FEW>();
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane = if *value > *lane { *value } else { *lane };
        }
    }
    rest.iter().fold(
        halved(
            lanes,
            #[inline(always)]
            |a, b| if b > a { b } else { a },
        ),
        |a, b| a.max(*b),
    )
}

/// The lowest value; infinity for none.
#[inline(always)]
pub(super) fn min(values: &[f32]) -> f32 {
    let (chunks, rest) = values.as_chunks::<LANES>();
    let mut lanes = [f32::INFINITY; LANES];
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane = if *value < *lane { *value } else { *lane };
        }
    }
    let (chunks, rest) = rest.as_chunks::<FEW>();
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane = if *value < *lane { *value } else { *lane };
        }
    }
    rest.iter().fold(
        halved(
            lanes,
            #[inline(always)]
            |a, b| if b < a { b } else { a },
        ),
        |a, b| a.min(*b),
    )
}

/// All lanes as one, half with half: one after the other each would wait for the one before.
#[inline(always)]
fn halved(mut lanes: [f32; LANES], both: impl Fn(f32, f32) -> f32) -> f32 {
    macro_rules! halves {
        ($($half:literal)*) => {
            // Of lengths known when it is compiled, so that each is one instruction.
            $((0..$half).for_each(|lane| lanes[lane] = both(lanes[lane], lanes[lane + $half]));)*
        };
    }
    halves!(16 8 4 2 1);
    lanes[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_counts_once() {
        for length in [0, 1, 31, 32, 33, 100] {
            let values: Vec<f32> = (0..length).map(|i| i as f32).collect();
            assert_eq!(sum(&values, |v| v * 2.0), (length * (length - 1).max(0)) as f32);
            assert_eq!(
                max(&values),
                if length == 0 { f32::NEG_INFINITY } else { (length - 1) as f32 }
            );
            let negative: Vec<f32> = values.iter().map(|v| -v).collect();
            assert_eq!(min(&negative), -max(&values));
        }
    }
}
