//! In which numbers a model computes.

use std::fmt;
use std::str::FromStr;

use seer_kernels::precision::Precision;

use crate::device::DeviceChoice;
use crate::runtime::BackendChoice;

/// The numbers a model's weights and products are to be in. Text form: `auto`, `f32`, `bf16`,
/// `f16`, `q8`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum DtypeChoice {
    /// f32, everywhere.
    #[default]
    Auto,
    /// 32-bit floating point: what the reference implementations compute.
    F32,
    /// 16-bit floating point with the range of f32; GPUs only.
    Bf16,
    /// 16-bit floating point with more digits and less range; GPUs only.
    F16,
    /// 8-bit weights and activations with scales, summed up in whole numbers; the processor only.
    /// Two to three times faster; cosine to f32 above 0.995, mostly 0.999 (docs/PARITY.md).
    Q8,
}

/// The text names no kind of numbers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no dtype: choose auto, f32, bf16, f16 or q8")]
pub struct ParseDtypeError(String);

/// The device does not compute in these numbers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DtypeError {
    /// Half precision on the processor.
    #[error(
        "{0} on the cpu would be slower than f32 and no more exact; choose --dtype f32, or --dtype \
         q8 for speed"
    )]
    SlowerHere(DtypeChoice),
    /// 8-bit numbers where candle computes.
    #[error(
        "q8 is what seer's own kernels compute in, on the cpu; choose --dtype f32, bf16 or f16 on \
         {device}, or --device cpu"
    )]
    KernelsOnly {
        /// The device.
        device: String,
    },
}

/// Where, in which numbers and with what a model computes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Compute {
    /// Where.
    pub device: DeviceChoice,
    /// In which numbers.
    pub dtype: DtypeChoice,
    /// With what.
    pub backend: BackendChoice,
}

impl Compute {
    /// On a device in these numbers, with what suits the device.
    pub const fn new(device: DeviceChoice, dtype: DtypeChoice) -> Self {
        Self { device, dtype, backend: BackendChoice::Auto }
    }
}

impl From<DeviceChoice> for Compute {
    fn from(device: DeviceChoice) -> Self {
        Self::new(device, DtypeChoice::Auto)
    }
}

impl fmt::Display for DtypeChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Auto => "auto",
            Self::F32 => "f32",
            Self::Bf16 => "bf16",
            Self::F16 => "f16",
            Self::Q8 => "q8",
        })
    }
}

impl FromStr for DtypeChoice {
    type Err = ParseDtypeError;

    fn from_str(text: &str) -> Result<Self, ParseDtypeError> {
        let all = [Self::Auto, Self::F32, Self::Bf16, Self::F16, Self::Q8];
        let found = all.into_iter().find(|choice| text.eq_ignore_ascii_case(&choice.to_string()));
        found.ok_or_else(|| ParseDtypeError(text.chars().take(40).collect()))
    }
}

/// The choice that gives this precision.
pub fn choice(precision: Precision) -> DtypeChoice {
    match precision {
        Precision::F32 => DtypeChoice::F32,
        Precision::Bf16 => DtypeChoice::Bf16,
        Precision::F16 => DtypeChoice::F16,
        Precision::EightBit => DtypeChoice::Q8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dtypes_have_names() {
        for (text, choice) in [
            ("auto", DtypeChoice::Auto),
            ("f32", DtypeChoice::F32),
            ("bf16", DtypeChoice::Bf16),
            ("f16", DtypeChoice::F16),
            ("q8", DtypeChoice::Q8),
        ] {
            assert_eq!(text.parse(), Ok(choice));
            assert_eq!(choice.to_string(), text);
        }
        assert_eq!("Q8".parse(), Ok(DtypeChoice::Q8));
        let error = "int8".parse::<DtypeChoice>().unwrap_err().to_string();
        assert!(error.contains("f32, bf16, f16 or q8"), "{error}");
    }
}
