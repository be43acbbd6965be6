//! The trunk on the processor: one picture on one thread, many pictures side by side.
//!
//! The inside of a block is up to six times wider than its ends and would not fit the cache, so
//! each block runs in strips of rows: widen the rows a strip needs, convolve, narrow, go on.

use seer_kernels::activation::{add, relu6};
use seer_kernels::columns::append_columns;
use seer_kernels::depthwise::{Taps, Window, depthwise_relu6};
use seer_kernels::matmul::Threads;
use seer_kernels::product::product;

use crate::efficientnet::trunk::{Block, Pointwise, Trunk};

/// Values in the widened rows of a strip, about: half of a usual second-level cache.
const STRIP: usize = 100_000;

/// Memory that one picture after another uses.
#[derive(Default)]
pub(super) struct Scratch {
    input: Vec<f32>,
    output: Vec<f32>,
    columns: Vec<f32>,
    widened: Vec<f32>,
    convolved: Vec<f32>,
}

/// A normalised picture `[height, width, 3]` to its features, the mean over the last pixels.
pub(super) fn run(
    trunk: &Trunk,
    picture: &[f32],
    [height, width]: [usize; 2],
    scratch: &mut Scratch,
) -> Vec<f32> {
    let stem_window = trunk.stem_shape.over([height, width]);
    let mut size = [stem_window.out_height(), stem_window.out_width()];
    for block in &trunk.blocks {
        let mut strips = Strips::new(block, size, scratch);
        match &block.widen {
            Some(widen) => strips.run(|input, _, from, to, out| {
                let row = size[1] * widen.weight.inputs();
                multiply(&input[from * row..to * row], widen, out, |_, out| relu6(out));
            }),
            None => strips.run(|_, columns, from, to, out| {
                columns.clear();
                append_columns(picture, stem_window, from..to, columns);
                multiply(columns, &trunk.stem, out, |_, out| relu6(out));
            }),
        }
        size = strips.out_size();
        std::mem::swap(&mut scratch.input, &mut scratch.output);
    }
    average(&trunk.last, size, scratch)
}

fn multiply(
    input: &[f32],
    layer: &Pointwise,
    out: &mut [f32],
    finish: impl Fn(usize, &mut [f32]) + Sync,
) {
    let outputs = 0..layer.weight.outputs();
    product(input, &layer.weight, Some(&layer.bias), outputs, out, Threads::One, finish);
}

fn average(last: &Pointwise, size: [usize; 2], scratch: &mut Scratch) -> Vec<f32> {
    let pixels = size[0] * size[1];
    let (inputs, outputs) = (last.weight.inputs(), last.weight.outputs());
    scratch.widened.resize(pixels * outputs, 0.0);
    let input = &scratch.input[..pixels * inputs];
    multiply(input, last, &mut scratch.widened, |_, out| relu6(out));
    let mut sums = vec![0f32; outputs];
    for pixel in scratch.widened.chunks_exact(outputs) {
        sums.iter_mut().zip(pixel).for_each(|(sum, value)| *sum += value);
    }
    sums.iter_mut().for_each(|sum| *sum /= pixels as f32);
    sums
}

/// One block over one picture.
struct Strips<'a> {
    block: &'a Block,
    window: Window,
    scratch: &'a mut Scratch,
}

impl<'a> Strips<'a> {
    fn new(block: &'a Block, size: [usize; 2], scratch: &'a mut Scratch) -> Self {
        Self { block, window: block.depthwise.shape.over(size), scratch }
    }

    fn out_size(&self) -> [usize; 2] {
        [self.window.out_height(), self.window.out_width()]
    }

    /// `widen(input, columns, from, to, out)` writes the widened rows `from..to`.
    fn run(&mut self, widen: impl Fn(&[f32], &mut Vec<f32>, usize, usize, &mut [f32])) {
        let Self { block, window, scratch } = self;
        let inner = block.depthwise.bias.len();
        let (row, out_row) = (window.width * inner, window.out_width() * inner);
        let narrow = &block.narrow;
        let end_row = window.out_width() * narrow.weight.outputs();
        scratch.output.resize(window.out_height() * end_row, 0.0);
        let step = (STRIP / (row * window.stride)).max(1);
        let mut held = 0..0; // widened rows in memory
        for from in (0..window.out_height()).step_by(step) {
            let to = (from + step).min(window.out_height());
            let needed = window.rows_needed(from, to);
            let kept = needed.start.min(held.end)..held.end;
            let kept_rows = kept.len();
            if kept_rows > 0 {
                let start = kept.start - held.start;
                scratch.widened.copy_within(start * row..(start + kept_rows) * row, 0);
            }
            let first_new = needed.start + kept_rows;
            scratch.widened.resize(needed.len() * row, 0.0);
            let fresh = &mut scratch.widened[kept_rows * row..];
            widen(&scratch.input, &mut scratch.columns, first_new, needed.end, fresh);
            held = needed;

            scratch.convolved.resize((to - from) * out_row, 0.0);
            let taps = Taps::new(&block.depthwise.weight, &block.depthwise.bias);
            let (widened, convolved) = (&scratch.widened, &mut scratch.convolved);
            depthwise_relu6(widened, held.start, *window, taps, from..to, convolved);

            let out = &mut scratch.output[from * end_row..to * end_row];
            let input = block.skip.then(|| &scratch.input[from * end_row..to * end_row]);
            multiply(&scratch.convolved, narrow, out, |row, out| {
                if let Some(input) = input {
                    add(out, &input[row * narrow.weight.outputs()..]);
                }
            });
        }
    }
}
