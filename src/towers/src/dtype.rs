//! In which numbers a model computes.

use std::fmt;
use std::str::FromStr;

use candle_core::{DType, Device};
use seer_kernels::precision::Precision;

use crate::device::{self, DeviceChoice};

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
    /// 8-bit numbers on a GPU.
    #[error("q8 is for the cpu; choose --dtype f32, bf16 or f16 on {device}, or --device cpu")]
    NotOnGpu {
        /// The device.
        device: String,
    },
}

/// Where and in which numbers a model computes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Compute {
    /// Where.
    pub device: DeviceChoice,
    /// In which numbers.
    pub dtype: DtypeChoice,
}

impl From<DeviceChoice> for Compute {
    fn from(device: DeviceChoice) -> Self {
        Self { device, dtype: DtypeChoice::Auto }
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

/// What `choice` means on this device.
pub fn resolve(choice: DtypeChoice, device: &Device) -> Result<Precision, DtypeError> {
    match (choice, device.is_cpu()) {
        (DtypeChoice::Auto | DtypeChoice::F32, _) => Ok(Precision::F32),
        (DtypeChoice::Q8, true) => Ok(Precision::EightBit),
        (DtypeChoice::Bf16, false) => Ok(Precision::Bf16),
        (DtypeChoice::F16, false) => Ok(Precision::F16),
        (DtypeChoice::Bf16 | DtypeChoice::F16, true) => Err(DtypeError::SlowerHere(choice)),
        (DtypeChoice::Q8, false) => Err(DtypeError::NotOnGpu { device: device::describe(device) }),
    }
}

/// The kind of a GPU's tensors.
pub(crate) fn on_device(precision: Precision) -> DType {
    match precision {
        Precision::Bf16 => DType::BF16,
        Precision::F16 => DType::F16,
        Precision::F32 | Precision::EightBit => DType::F32,
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

    #[test]
    fn the_processor_refuses_half_precision_with_a_reason() {
        let resolve = |choice| resolve(choice, &Device::Cpu);
        assert_eq!(resolve(DtypeChoice::Auto), Ok(Precision::F32));
        assert_eq!(resolve(DtypeChoice::Q8), Ok(Precision::EightBit));
        for choice in [DtypeChoice::Bf16, DtypeChoice::F16] {
            let error = resolve(choice).unwrap_err().to_string();
            assert!(error.starts_with(&choice.to_string()) && error.contains("slower"), "{error}");
        }
    }
}
