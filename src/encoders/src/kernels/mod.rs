//! Arithmetic on plain f32 slices for the processor: parallel ([`team`]), in vector instructions
//! chosen when the program runs. Each function says its shapes; nothing here knows a model.

pub(crate) mod activation;
mod ahead;
pub(crate) mod attention;
pub(crate) mod columns;
pub(crate) mod convolution;
pub(crate) mod depthwise;
pub(crate) mod eight_bit;
mod exact;
mod exp;
mod hand_over;
#[cfg(test)]
mod hand_over_tests;
pub(crate) mod interpolate;
pub(crate) mod matmul;
mod memory;
pub(crate) mod norm;
pub(crate) mod panels;
pub(crate) mod patches;
mod pieces;
#[cfg(target_os = "linux")]
mod place;
#[cfg(not(target_os = "linux"))]
#[path = "anywhere.rs"]
mod place;
pub(crate) mod pool;
pub(crate) mod precision;
pub(crate) mod product;
mod reduce;
pub(crate) mod rotary;
mod sync;
pub(crate) mod team;
pub(crate) mod transpose;
mod wake;

/// Bytes of a line of the cache: a load that touches two takes twice as long.
const LINE: usize = 64;

/// Runs `work` compiled for the best vector instructions this processor has. Everything it calls
/// must be `#[inline(always)]` to gain from it.
#[inline(always)]
fn vectorised<R>(work: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(work)
}

/// f32 values in one of this processor's vector registers.
fn lanes() -> usize {
    struct Lanes;
    impl pulp::WithSimd for Lanes {
        type Output = usize;
        fn with_simd<S: pulp::Simd>(self, _simd: S) -> usize {
            S::F32_LANES
        }
    }
    pulp::Arch::new().dispatch(Lanes)
}
