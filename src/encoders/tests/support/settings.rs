//! What computes a model on the processor, in which numbers, and how near it must come to its
//! reference.

use seer_encoders::{BackendChoice, Compute, DeviceChoice, DtypeChoice};

use super::Bar;
use super::families::{Family, Pictures};

/// A row of settings.
pub struct Setting {
    /// For people.
    pub name: &'static str,
    /// What stands before its rows of figures: nothing before those of the tables by kernels.
    pub label: &'static str,
    /// What is asked for.
    pub compute: Compute,
    /// What must be reached.
    pub bar: Bar,
    /// How far a value may be off where different pictures are close to each other.
    pub close: f32,
    /// How far a class's probability may be off.
    pub probability: f32,
}

impl Setting {
    /// What the pictures of a family must reach.
    pub fn pictures(&self, family: &Family) -> Bar {
        match family.pictures {
            Pictures::Apart => self.bar,
            Pictures::Close => Bar { largest: self.close, ..self.bar },
            Pictures::Rough => self.bar.rough(),
        }
    }
}

const fn candle(dtype: DtypeChoice) -> Compute {
    Compute { device: DeviceChoice::Cpu, dtype, backend: BackendChoice::Candle }
}

/// Our own kernels.
pub const KERNELS: Setting = Setting {
    name: "kernels in f32",
    label: "",
    compute: Compute::new(DeviceChoice::Cpu, DtypeChoice::F32),
    bar: Bar::F32,
    close: 1e-5,
    probability: 1e-3,
};

/// candle's operations.
pub const CANDLE_F32: Setting = Setting {
    name: "candle in f32",
    label: "candle f32 ",
    compute: candle(DtypeChoice::F32),
    bar: Bar::F32,
    close: 1e-5,
    probability: 1e-3,
};

/// The same with weights and products in bf16.
pub const CANDLE_BF16: Setting = Setting {
    name: "candle in bf16",
    label: "candle bf16 ",
    compute: candle(DtypeChoice::Bf16),
    bar: Bar::BF16,
    close: 5e-3,
    probability: 0.03,
};

/// The same with weights and products in f16.
pub const CANDLE_F16: Setting = Setting {
    name: "candle in f16",
    label: "candle f16 ",
    compute: candle(DtypeChoice::F16),
    bar: Bar::F16,
    close: 6e-4,
    probability: 5e-3,
};

/// All of them.
pub const ALL: [&Setting; 4] = [&KERNELS, &CANDLE_F32, &CANDLE_BF16, &CANDLE_F16];
