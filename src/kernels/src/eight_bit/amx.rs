//! Sums of 8-bit products by the tile instructions of Intel's server processors, on Linux.
//!
//! The compiler has no stable intrinsics for them, so they are written in assembler. Only the
//! system can allow a program to use the tile registers, which [`Amx::detect`] asks it for.

use std::arch::asm;
use std::arch::x86_64::__cpuid_count;
use std::cell::Cell;
use std::sync::OnceLock;

use super::dot::{Dot, Sums, Tile};
use super::steps::{RowStep, Steps};
use super::x86::Avx512Vnni;
use super::{STEP, WIDTH};

/// Rows of a tile register.
const REGISTER: usize = 16;
/// Bytes from one row of a panel to the next.
const PANEL_ROW: usize = WIDTH * super::GROUP;

/// `tdpbusd` (Sapphire Rapids and later); all else in 512-bit registers.
#[derive(Clone, Copy)]
pub(super) struct Amx(Avx512Vnni);

impl Amx {
    pub fn detect() -> Option<Self> {
        static ALLOWED: OnceLock<bool> = OnceLock::new();
        let allowed = *ALLOWED.get_or_init(|| instructions() && permission());
        Avx512Vnni::detect().filter(|_| allowed).map(Self)
    }
}

/// Whether the processor has tiles and their 8-bit products.
fn instructions() -> bool {
    const TILE: u32 = 1 << 24;
    const INT8: u32 = 1 << 25;
    #[allow(unused_unsafe)] // newer compilers call it safe
    // SAFETY: every 64-bit x86 processor has the instruction.
    let leaf = |number| unsafe { __cpuid_count(number, 0) };
    leaf(0).eax >= 7 && leaf(7).edx & (TILE | INT8) == TILE | INT8
}

/// Asks Linux for the tile registers, for all threads; systems that do not know them refuse.
fn permission() -> bool {
    const ARCH_PRCTL: usize = 158;
    const ARCH_REQ_XCOMP_PERM: usize = 0x1023;
    const TILE_DATA: usize = 18;
    let mut result = ARCH_PRCTL;
    // SAFETY: a system call that changes nothing of this program's memory; it destroys `rcx` and
    // `r11` as all do.
    unsafe {
        asm!("syscall", inout("rax") result, in("rdi") ARCH_REQ_XCOMP_PERM, in("rsi") TILE_DATA,
            out("rcx") _, out("r11") _, options(nostack));
    }
    result == 0
}

thread_local! {
    /// The height of the tiles that this thread's registers are set up for, 0 for none.
    static HEIGHT: Cell<usize> = const { Cell::new(0) };
}

impl Dot for Amx {
    const ROWS: usize = 2 * REGISTER;
    const TOGETHER: usize = STEP;
    const CHUNK: usize = 128;

    #[inline(always)]
    fn within<R>(self, work: impl FnOnce() -> R) -> R {
        struct Release;
        impl Drop for Release {
            fn drop(&mut self) {
                if HEIGHT.replace(0) > 0 {
                    // SAFETY: the instructions are there, and nothing is kept in tiles.
                    unsafe { asm!("tilerelease", options(nostack, nomem)) }
                }
            }
        }
        let _release = Release;
        self.0.within(work)
    }

    #[inline(always)]
    fn range(self, values: &[f32]) -> [f32; 2] {
        self.0.range(values)
    }

    #[inline(always)]
    fn sums(self, tile: Tile, sums: &mut [Sums]) {
        let height = sums.len();
        let Some(tile) = Steps::of(tile, height) else { return sums.fill([0; WIDTH]) };
        if HEIGHT.replace(height) != height {
            set_up(height);
        }
        let (steps, row) = (tile.panel().len(), size_of::<RowStep>());
        let upper = height.div_ceil(2);
        let inputs = tile.rows().as_ptr().cast::<u8>();
        let out = sums.as_mut_ptr();
        // SAFETY: the registers are set up for `upper` and `height - upper` rows, at most 16 each.
        // Each of `steps` times, at least once, they are loaded with the step of so many rows, which
        // lie side by side, and with the next 16 rows of the panel, `PANEL_ROW` bytes apart: `Steps`
        // has `steps` of both. Stored are as many rows of sums as there are.
        unsafe {
            let lower = inputs.add(upper * row);
            let panel = tile.panel().as_ptr();
            if height == upper {
                asm!(
                    "tilezero tmm0", "tilezero tmm1",
                    "2:",
                    "tileloadd tmm4, [{upper} + {row} * 1]",
                    "tileloadd tmm6, [{panel} + {panel_row} * 1]",
                    "tdpbusd tmm0, tmm4, tmm6",
                    "tileloadd tmm7, [{panel} + {panel_row} * 1 + 64]",
                    "tdpbusd tmm1, tmm4, tmm7",
                    "add {upper}, {row}",
                    "add {panel}, 2048",
                    "dec {steps}",
                    "jnz 2b",
                    "tilestored [{out} + {panel_row} * 1], tmm0",
                    "tilestored [{out} + {panel_row} * 1 + 64], tmm1",
                    upper = inout(reg) inputs => _, row = in(reg) row,
                    panel = inout(reg) panel => _, panel_row = in(reg) PANEL_ROW,
                    steps = inout(reg) steps => _, out = in(reg) out,
                    out("tmm0") _, out("tmm1") _, out("tmm4") _, out("tmm6") _, out("tmm7") _,
                    options(nostack),
                );
            } else {
                asm!(
                    "tilezero tmm0", "tilezero tmm1", "tilezero tmm2", "tilezero tmm3",
                    "2:",
                    "tileloadd tmm4, [{upper} + {row} * 1]",
                    "tileloadd tmm6, [{panel} + {panel_row} * 1]",
                    "tdpbusd tmm0, tmm4, tmm6",
                    "tileloadd tmm7, [{panel} + {panel_row} * 1 + 64]",
                    "tdpbusd tmm1, tmm4, tmm7",
                    "tileloadd tmm5, [{lower} + {row} * 1]",
                    "tdpbusd tmm2, tmm5, tmm6",
                    "tdpbusd tmm3, tmm5, tmm7",
                    "add {upper}, {all}",
                    "add {lower}, {all}",
                    "add {panel}, 2048",
                    "dec {steps}",
                    "jnz 2b",
                    "tilestored [{out} + {panel_row} * 1], tmm0",
                    "tilestored [{out} + {panel_row} * 1 + 64], tmm1",
                    "tilestored [{out_lower} + {panel_row} * 1], tmm2",
                    "tilestored [{out_lower} + {panel_row} * 1 + 64], tmm3",
                    upper = inout(reg) inputs => _, lower = inout(reg) lower => _,
                    row = in(reg) row, all = in(reg) height * row,
                    panel = inout(reg) panel => _, panel_row = in(reg) PANEL_ROW,
                    steps = inout(reg) steps => _,
                    out = in(reg) out, out_lower = in(reg) out.add(upper),
                    out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
                    out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
                    options(nostack),
                );
            }
        }
    }
}

/// What `ldtilecfg` reads.
#[repr(C, align(64))]
struct Shapes {
    palette: u8,
    start_row: u8,
    reserved: [u8; 14],
    row_bytes: [u16; 16],
    rows: [u8; 16],
}

/// Sets this thread's registers up for tiles of `height` rows, 1 to 32: the upper half of the sums in 0 and
/// 1, of the inputs in 4; the lower half in 2, 3 and 5; the panel in 6 and 7.
fn set_up(height: usize) {
    let (upper, lower) = (height.div_ceil(2) as u8, (height / 2) as u8);
    let rows = [upper, upper, lower, lower, upper, lower, REGISTER as u8, REGISTER as u8];
    let mut shapes =
        Shapes { palette: 1, start_row: 0, reserved: [0; 14], row_bytes: [0; 16], rows: [0; 16] };
    for (register, rows) in rows.into_iter().enumerate().filter(|(_, rows)| *rows > 0) {
        (shapes.rows[register], shapes.row_bytes[register]) = (rows, 64);
    }
    // SAFETY: the instructions are there; `shapes` are valid: at most 16 rows of 64 bytes.
    unsafe { asm!("ldtilecfg [{}]", in(reg) &raw const shapes, options(nostack, readonly)) }
}
