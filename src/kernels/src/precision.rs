//! In which numbers a model's weights are held.

use std::cell::Cell;

/// The numbers of weights and products. Norms and the last projection stay in f32.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Precision {
    /// 32-bit floating point.
    #[default]
    F32,
    /// 16-bit floating point with the range of f32; on GPUs.
    Bf16,
    /// 16-bit floating point with more digits and less range; on GPUs.
    F16,
    /// 8-bit whole numbers with scales; on the processor.
    EightBit,
}

thread_local! {
    static IN_FORCE: Cell<Precision> = const { Cell::new(Precision::F32) };
}

/// The precision in force on this thread, f32 where none was asked for.
///
/// For weights that are laid out deep inside of a network's loading, on one thread from beginning to
/// end. Towers are told instead (`Runtime` in `src/towers`), and put it in force for one weight.
pub fn current() -> Precision {
    IN_FORCE.get()
}

impl Precision {
    /// Puts this precision in force on this thread while `work` runs.
    pub fn during<R>(self, work: impl FnOnce() -> R) -> R {
        struct Restore(Precision);
        impl Drop for Restore {
            fn drop(&mut self) {
                IN_FORCE.set(self.0);
            }
        }
        let _restore = Restore(IN_FORCE.replace(self));
        work()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_is_in_force_and_the_outer_one_comes_back() {
        assert_eq!(current(), Precision::F32);
        Precision::EightBit.during(|| {
            assert_eq!(current(), Precision::EightBit);
            Precision::F32.during(|| assert_eq!(current(), Precision::F32));
            assert_eq!(current(), Precision::EightBit);
            assert!(std::panic::catch_unwind(|| Precision::Bf16.during(|| panic!("now"))).is_err());
            assert_eq!(current(), Precision::EightBit);
        });
        assert_eq!(current(), Precision::F32);
    }
}
