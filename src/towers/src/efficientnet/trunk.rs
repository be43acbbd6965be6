//! The trunk's weights, with every batch norm worked into the convolution before it.

use seer_kernels::depthwise::Window;
use seer_kernels::panels::Panels;

/// A convolution of one pixel, that is a linear layer over channels (for the stem: over the values
/// under the kernel).
pub(super) struct Pointwise {
    /// `[outputs, inputs]`.
    pub weight: Panels,
    /// `[outputs]`.
    pub bias: Vec<f32>,
}

/// A depthwise convolution.
pub(super) struct Depthwise {
    /// `[kernel * kernel, channels]`.
    pub weight: Vec<f32>,
    /// `[channels]`.
    pub bias: Vec<f32>,
    /// Where the kernel goes.
    pub shape: KernelShape,
}

/// A square kernel, its step and its padding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct KernelShape {
    /// Edge.
    pub kernel: usize,
    /// Step.
    pub stride: usize,
    /// TensorFlow's padding, which puts the odd zero at the end.
    pub same: bool,
}

/// Widen, depthwise, narrow.
pub(super) struct Block {
    /// To the inner width, then ReLU6; absent in the first block, whose inner width is the stem's.
    pub widen: Option<Pointwise>,
    /// Then ReLU6.
    pub depthwise: Depthwise,
    /// To the outer width, nothing after it.
    pub narrow: Pointwise,
    /// Whether the block's input is added to its output.
    pub skip: bool,
}

/// All convolutions in order.
pub(super) struct Trunk {
    /// From colours to channels, then ReLU6.
    pub stem: Pointwise,
    /// The stem's kernel.
    pub stem_shape: KernelShape,
    /// The blocks.
    pub blocks: Vec<Block>,
    /// To the features, then ReLU6, then the average over all pixels.
    pub last: Pointwise,
}

impl KernelShape {
    /// The kernel's window over an image of this size, [down, across].
    pub fn over(self, [height, width]: [usize; 2]) -> Window {
        let before = |length: usize| {
            if !self.same {
                return (self.kernel - 1) / 2;
            }
            let covered = (length.div_ceil(self.stride) - 1) * self.stride + self.kernel;
            covered.saturating_sub(length) / 2
        };
        let Self { kernel, stride, .. } = self;
        Window { height, width, kernel, stride, before: [before(height), before(width)] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tensorflow_pads_at_the_end_first() {
        let before = |kernel, stride, same, length| {
            KernelShape { kernel, stride, same }.over([length; 2]).before
        };
        assert_eq!(before(3, 2, true, 224), [0, 0]);
        assert_eq!(before(5, 2, true, 14), [1, 1]);
        assert_eq!(before(3, 2, true, 15), [1, 1]);
        assert_eq!(before(5, 1, true, 14), [2, 2]);
        assert_eq!(before(3, 2, false, 224), [1, 1]);
        assert_eq!(before(5, 2, false, 14), [2, 2]);
    }
}
