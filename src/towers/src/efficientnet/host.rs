//! The trunk on the processor: many pictures side by side, each on one thread, or one picture on all
//! threads.
//!
//! The inside of a block is up to six times wider than its ends and would not fit the cache, so
//! each block runs in strips of rows: widen the rows a strip needs, convolve, narrow, go on. Threads
//! that share a picture have strips of their own where there are many, and share each of the three
//! steps where the image is small: its strips would see too many rows twice.

use std::ops::Range;

use seer_kernels::activation::add;
use seer_kernels::columns::columns;
use seer_kernels::depthwise::{Taps, Window, depthwise_relu6};
use seer_kernels::matmul::Threads;
use seer_kernels::product::{product, product_relu6};
use seer_kernels::room::Room;
use seer_kernels::team::share;

use crate::efficientnet::trunk::{Block, Pointwise, Trunk};

/// Values in the widened rows of a strip, about: half of a usual second-level cache.
const STRIP: usize = 100_000;
/// Values in all widened rows of an image whose steps are shared one by one.
const SMALL: usize = 200_000;
/// Parts of an image for each thread: more than one, as some threads come late.
const PARTS: usize = 2;

/// Memory that one picture after another uses.
#[derive(Default)]
pub(super) struct Scratch {
    picture: Room,
    input: Room,
    output: Room,
    strips: Vec<Inside>,
}

/// Memory for the inside of a block.
#[derive(Default)]
struct Inside {
    seen: Room,
    widened: Room,
    convolved: Room,
}

/// A picture, of which `read` writes the normalised pixels `[height, width, 3]`, to its features, the
/// mean over the last pixels.
pub(super) fn run(
    trunk: &Trunk,
    read: impl FnOnce(&mut [f32]),
    [height, width]: [usize; 2],
    scratch: &mut Scratch,
    threads: Threads,
) -> Vec<f32> {
    let Scratch { picture, input, output, strips } = scratch;
    let picture = picture.of(3 * height * width);
    read(picture);
    let stem = Stem { picture, window: trunk.stem_shape.over([height, width]), layer: &trunk.stem };
    let mut size = [stem.window.out_height(), stem.window.out_width()];
    for block in &trunk.blocks {
        let inner = match &block.widen {
            Some(widen) => {
                Inner::Block(input.first(size[0] * size[1] * widen.weight.inputs()), widen)
            }
            None => Inner::Stem(stem),
        };
        let layer = Layer { block, window: block.depthwise.shape.over(size), inner };
        size = [layer.window.out_height(), layer.window.out_width()];
        let out = output.of(size[0] * size[1] * block.narrow.weight.outputs());
        layer.run(strips, threads, out);
        std::mem::swap(input, output);
    }
    average(&trunk.last, size[0] * size[1], input, output, threads)
}

/// The last layer's mean over so many pixels.
fn average(
    last: &Pointwise,
    pixels: usize,
    input: &Room,
    output: &mut Room,
    threads: Threads,
) -> Vec<f32> {
    let (inputs, outputs) = (last.weight.inputs(), last.weight.outputs());
    let out = output.of(pixels * outputs);
    product_relu6(input.first(pixels * inputs), &last.weight, &last.bias, out, threads);
    let mut sums = vec![0f32; outputs];
    out.chunks_exact(outputs).for_each(|pixel| add(&mut sums, pixel));
    sums.iter_mut().for_each(|sum| *sum /= pixels as f32);
    sums
}

/// The first convolution and what it looks at.
#[derive(Clone, Copy)]
struct Stem<'a> {
    picture: &'a [f32],
    window: Window,
    layer: &'a Pointwise,
}

/// Where a block's widened rows come from: its input and the widening layer, or the stem.
enum Inner<'a> {
    Block(&'a [f32], &'a Pointwise),
    Stem(Stem<'a>),
}

/// One block over one picture.
struct Layer<'a> {
    block: &'a Block,
    window: Window,
    inner: Inner<'a>,
}

impl Layer<'_> {
    /// `out` is `[out_height, out_width, outputs]`.
    fn run(&self, strips: &mut Vec<Inside>, threads: Threads, out: &mut [f32]) {
        let tasks = if threads == Threads::One { 1 } else { rayon::current_num_threads() };
        let rows = self.window.out_height();
        strips.resize_with(strips.len().max(PARTS * tasks), Inside::default);
        if tasks == 1 {
            self.strips(0..rows, &mut strips[0], out);
        } else if self.window.height * self.row() <= SMALL {
            self.together(tasks, &mut strips[0], out);
        } else {
            let part = rows.div_ceil(PARTS * tasks).max(self.window.kernel);
            let parts = out.chunks_mut(part * self.end_row()).zip(strips).enumerate();
            share(parts, |(number, (out, inside))| {
                let first = number * part;
                self.strips(first..(first + part).min(rows), inside, out);
            });
        }
    }

    /// All rows at once, every step shared among threads.
    fn together(&self, tasks: usize, inside: &mut Inside, out: &mut [f32]) {
        let rows = self.window.out_height();
        let Inside { seen, widened, convolved } = inside;
        let widened = widened.of(self.window.height * self.row());
        self.widen(0..self.window.height, seen, widened, Threads::All);
        let convolved = convolved.of(rows * self.convolved_row());
        let part = rows.div_ceil(tasks);
        let parts = convolved.chunks_mut(part * self.convolved_row()).enumerate();
        share(parts, |(number, out)| {
            let first = number * part;
            self.convolve(widened, 0, first..(first + part).min(rows), out);
        });
        self.narrow(convolved, 0, out, Threads::All);
    }

    /// Some output rows, strip by strip on this thread.
    fn strips(&self, rows: Range<usize>, inside: &mut Inside, out: &mut [f32]) {
        let Inside { seen, widened, convolved } = inside;
        let (row, window) = (self.row(), self.window);
        let step = (STRIP / (row * window.stride)).clamp(1, rows.len().max(1));
        // The most rows that a strip needs.
        let most = ((step - 1) * window.stride + window.kernel).min(window.height);
        let (widened, mut held) = (widened.of(most * row), 0..0); // widened rows in memory
        for from in rows.clone().step_by(step) {
            let to = (from + step).min(rows.end);
            let needed = window.rows_needed(from, to);
            let kept = needed.start.min(held.end)..held.end;
            if !kept.is_empty() {
                let start = kept.start - held.start;
                widened.copy_within(start * row..(start + kept.len()) * row, 0);
            }
            let fresh = &mut widened[kept.len() * row..needed.len() * row];
            self.widen(needed.start + kept.len()..needed.end, seen, fresh, Threads::One);
            held = needed;

            let convolved = convolved.of((to - from) * self.convolved_row());
            self.convolve(widened, held.start, from..to, convolved);
            let end_row = self.end_row();
            let out = &mut out[(from - rows.start) * end_row..(to - rows.start) * end_row];
            self.narrow(convolved, from, out, Threads::One);
        }
    }

    /// Writes these widened rows.
    fn widen(&self, rows: Range<usize>, seen: &mut Room, out: &mut [f32], threads: Threads) {
        match self.inner {
            Inner::Block(input, Pointwise { weight, bias }) => {
                let row = self.window.width * weight.inputs();
                let input = &input[rows.start * row..rows.end * row];
                product_relu6(input, weight, bias, out, threads);
            }
            Inner::Stem(Stem { picture, window, layer: Pointwise { weight, bias } }) => {
                let seen = seen.of(rows.len() * window.out_width() * weight.inputs());
                columns(picture, window, rows, seen);
                product_relu6(seen, weight, bias, out, threads);
            }
        }
    }

    /// Convolves `widened`, whose first row is `first`, to these output rows.
    fn convolve(&self, widened: &[f32], first: usize, rows: Range<usize>, out: &mut [f32]) {
        let taps = Taps::new(&self.block.depthwise.weight, &self.block.depthwise.bias);
        depthwise_relu6(widened, first, self.window, taps, rows, out);
    }

    /// Narrows whole convolved rows, of which the first is `first`.
    fn narrow(&self, convolved: &[f32], first: usize, out: &mut [f32], threads: Threads) {
        let Pointwise { weight, bias } = &self.block.narrow;
        let outputs = weight.outputs();
        let input = match self.inner {
            Inner::Block(input, _) if self.block.skip => &input[first * self.end_row()..],
            _ => {
                return product(convolved, weight, Some(bias), 0..outputs, out, threads, |_, _| {});
            }
        };
        product(convolved, weight, Some(bias), 0..outputs, out, threads, |pixel, out| {
            add(out, &input[pixel * outputs..]);
        });
    }

    /// Values of a widened row.
    fn row(&self) -> usize {
        self.window.width * self.block.depthwise.bias.len()
    }

    /// Values of a convolved row.
    fn convolved_row(&self) -> usize {
        self.window.out_width() * self.block.depthwise.bias.len()
    }

    /// Values of an output row.
    fn end_row(&self) -> usize {
        self.window.out_width() * self.block.narrow.weight.outputs()
    }
}
