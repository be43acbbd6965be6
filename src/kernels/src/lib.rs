//! Arithmetic on plain f32 slices for the processor: parallel ([`team`]), in vector instructions
//! chosen when the program runs. Each function says its shapes; nothing here knows a model.
//!
//! Absent on purpose: tensors, devices, files. Nearly all `unsafe` code that models need is here.

pub mod activation;
mod ahead;
pub mod aside;
pub mod attention;
pub mod columns;
pub mod convolution;
pub mod depthwise;
mod eight_bit;
mod exact;
mod exp;
mod hand_over;
#[cfg(test)]
mod hand_over_tests;
pub mod interpolate;
pub mod matmul;
mod memory;
pub mod norm;
pub mod panels;
pub mod patches;
mod pieces;
#[cfg(all(target_os = "linux", not(miri)))]
mod place;
#[cfg(any(not(target_os = "linux"), miri))] // miri knows no processors to be barred from
#[path = "anywhere.rs"]
mod place;
pub mod pool;
pub mod precision;
pub mod product;
mod reduce;
pub mod room;
pub mod rotary;
pub mod shrink;
mod sync;
pub mod team;
pub mod transpose;
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
