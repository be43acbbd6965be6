//! Where a model computes.

use std::fmt;
use std::str::FromStr;

use candle_core::Device;

/// Which device a model is to be loaded onto. Text form: `auto`, `cpu`, `cuda`, `cuda:1`, `metal`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum DeviceChoice {
    /// The first GPU if this build supports one and one is there, otherwise the processor.
    #[default]
    Auto,
    /// The processor.
    Cpu,
    /// The NVIDIA GPU of this number.
    Cuda(usize),
    /// The Apple GPU.
    Metal,
}

/// The text names no device.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no device: choose auto, cpu, cuda, cuda:NUMBER or metal")]
pub struct ParseDeviceError(String);

/// The chosen device cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// Built without support for it.
    #[error(
        "this build of seer computes on the cpu only: build it with `cargo build --release \
         --features {feature}`, or choose --device cpu"
    )]
    NotBuilt {
        /// The cargo feature that adds it.
        feature: &'static str,
    },
    /// Supported, but not to be had on this machine.
    #[error("{device} cannot be used: {reason}; choose --device cpu")]
    Unavailable {
        /// The device asked for.
        device: DeviceChoice,
        /// What the driver said.
        reason: String,
    },
}

impl fmt::Display for DeviceChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Cpu => f.write_str("cpu"),
            Self::Cuda(0) => f.write_str("cuda"),
            Self::Cuda(number) => write!(f, "cuda:{number}"),
            Self::Metal => f.write_str("metal"),
        }
    }
}

impl FromStr for DeviceChoice {
    type Err = ParseDeviceError;

    fn from_str(text: &str) -> Result<Self, ParseDeviceError> {
        let error = || ParseDeviceError(text.chars().take(40).collect());
        match text.to_ascii_lowercase().as_str() {
            "auto" => Ok(Self::Auto),
            "cpu" => Ok(Self::Cpu),
            "cuda" => Ok(Self::Cuda(0)),
            "metal" => Ok(Self::Metal),
            other => match other.strip_prefix("cuda:").map(str::parse) {
                Some(Ok(number)) => Ok(Self::Cuda(number)),
                _ => Err(error()),
            },
        }
    }
}

/// Opens the device that `choice` means on this machine.
pub fn open(choice: DeviceChoice) -> Result<Device, DeviceError> {
    match choice {
        DeviceChoice::Cpu => Ok(Device::Cpu),
        DeviceChoice::Auto => Ok(cuda(0).or_else(|_| metal()).unwrap_or(Device::Cpu)),
        DeviceChoice::Cuda(number) => cuda(number),
        DeviceChoice::Metal => metal(),
    }
}

/// The name of an opened device, as `status` shows it.
pub fn describe(device: &Device) -> String {
    match device.location() {
        candle_core::DeviceLocation::Cpu => "cpu".to_owned(),
        candle_core::DeviceLocation::Cuda { gpu_id } => DeviceChoice::Cuda(gpu_id).to_string(),
        candle_core::DeviceLocation::Metal { .. } => "metal".to_owned(),
    }
}

#[cfg(feature = "cuda")]
fn cuda(number: usize) -> Result<Device, DeviceError> {
    Device::new_cuda(number).map_err(|error| DeviceError::Unavailable {
        device: DeviceChoice::Cuda(number),
        reason: error.to_string(),
    })
}

#[cfg(not(feature = "cuda"))]
fn cuda(_number: usize) -> Result<Device, DeviceError> {
    Err(DeviceError::NotBuilt { feature: "cuda" })
}

#[cfg(feature = "metal")]
fn metal() -> Result<Device, DeviceError> {
    Device::new_metal(0).map_err(|error| DeviceError::Unavailable {
        device: DeviceChoice::Metal,
        reason: error.to_string(),
    })
}

#[cfg(not(feature = "metal"))]
fn metal() -> Result<Device, DeviceError> {
    Err(DeviceError::NotBuilt { feature: "metal" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_have_names() {
        for (text, choice) in [
            ("auto", DeviceChoice::Auto),
            ("cpu", DeviceChoice::Cpu),
            ("cuda", DeviceChoice::Cuda(0)),
            ("cuda:3", DeviceChoice::Cuda(3)),
            ("metal", DeviceChoice::Metal),
        ] {
            assert_eq!(text.parse(), Ok(choice));
            assert_eq!(choice.to_string(), text);
        }
        assert_eq!("CUDA:0".parse(), Ok(DeviceChoice::Cuda(0)));
        for text in ["", "gpu", "cuda:", "cuda:-1", "cuda:x"] {
            assert!(text.parse::<DeviceChoice>().is_err(), "{text}");
        }
    }

    #[cfg(not(any(feature = "cuda", feature = "metal")))]
    #[test]
    fn a_cpu_build_says_how_to_get_a_gpu_build() {
        let error = open(DeviceChoice::Cuda(0)).unwrap_err().to_string();
        assert!(error.contains("--features cuda"), "{error}");
        assert!(open(DeviceChoice::Metal).unwrap_err().to_string().contains("--features metal"));
        assert!(open(DeviceChoice::Auto).unwrap().is_cpu());
    }
}
