//! What computes a model, where, and in which numbers: decided once, when it is opened, and handed
//! to every layer that is built.

use candle_core::{DType, Device, Result, Shape, Tensor, WithDType};
use seer_kernels::panels::Panels;
use seer_kernels::precision::Precision;

use crate::device;
use crate::dtype::{DtypeChoice, DtypeError};

/// What computes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Backend {
    /// The kernels of `seer-kernels`, over the memory of tensors on the processor.
    Kernels,
    /// candle's operations, on any device.
    Candle,
}

/// What is to compute.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum BackendChoice {
    /// Kernels on the processor, candle on GPUs.
    #[default]
    Auto,
    /// candle everywhere: on the processor it is slower, and computes what a GPU would.
    Candle,
}

/// A device, what computes on it, and the numbers that weights and products are in.
#[derive(Clone, Debug)]
pub struct Runtime {
    device: Device,
    backend: Backend,
    precision: Precision,
}

impl Default for Runtime {
    /// Kernels in f32.
    fn default() -> Self {
        Self { device: Device::Cpu, backend: Backend::Kernels, precision: Precision::F32 }
    }
}

impl Runtime {
    /// What the choices mean on this device.
    ///
    /// # Errors
    /// Numbers that what is to compute there does not compute in.
    pub fn new(
        device: Device,
        backend: BackendChoice,
        dtype: DtypeChoice,
    ) -> std::result::Result<Self, DtypeError> {
        let backend = match backend {
            BackendChoice::Auto if device.is_cpu() => Backend::Kernels,
            BackendChoice::Auto | BackendChoice::Candle => Backend::Candle,
        };
        let precision = match (dtype, backend) {
            (DtypeChoice::Auto | DtypeChoice::F32, _) => Precision::F32,
            (DtypeChoice::Q8, Backend::Kernels) => Precision::EightBit,
            (DtypeChoice::Bf16, Backend::Candle) => Precision::Bf16,
            (DtypeChoice::F16, Backend::Candle) => Precision::F16,
            (DtypeChoice::Bf16 | DtypeChoice::F16, Backend::Kernels) => {
                return Err(DtypeError::SlowerHere(dtype));
            }
            (DtypeChoice::Q8, Backend::Candle) => {
                return Err(DtypeError::KernelsOnly { device: device::describe(&device) });
            }
        };
        Ok(Self { device, backend, precision })
    }

    /// Where tensors are.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// What computes.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// The numbers of weights and products.
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// The same in f32, for layers that are small and whose every error is one of the result.
    pub(crate) fn exact(&self) -> Self {
        Self { precision: Precision::F32, ..self.clone() }
    }

    /// One of two numbers of pictures, by what computes.
    pub(crate) fn batch(&self, kernels: usize, candle: usize) -> usize {
        match self.backend {
            Backend::Kernels => kernels,
            Backend::Candle => candle,
        }
    }

    /// Values row by row as a tensor, as they are.
    pub(crate) fn tensor<T: WithDType>(
        &self,
        values: Vec<T>,
        shape: impl Into<Shape>,
    ) -> Result<Tensor> {
        Tensor::from_vec(values, shape.into(), &self.device)
    }

    /// A weight for candle's products, in the numbers they are computed in.
    pub(crate) fn weight(&self, values: Vec<f32>, shape: impl Into<Shape>) -> Result<Tensor> {
        self.tensor(values, shape)?.to_dtype(self.dtype())
    }

    /// The numbers of candle's products.
    pub(crate) fn dtype(&self) -> DType {
        match self.precision {
            Precision::Bf16 => DType::BF16,
            Precision::F16 => DType::F16,
            Precision::F32 | Precision::EightBit => DType::F32,
        }
    }

    /// A weight `[outputs, inputs]` for the kernels' products; see [`Panels::new`].
    pub(crate) fn panels(&self, weight: &[f32], shape: [usize; 2], cuts: &[usize]) -> Panels {
        self.precision.during(|| Panels::new(weight, shape, cuts))
    }
}

/// Kernels and candle in f32 on the processor.
#[cfg(test)]
pub(crate) fn both_backends() -> [Runtime; 2] {
    [Backend::Kernels, Backend::Candle].map(|backend| Runtime { backend, ..Runtime::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_cpu(backend: BackendChoice, dtype: DtypeChoice) -> (Backend, Precision) {
        let runtime = Runtime::new(Device::Cpu, backend, dtype).unwrap();
        (runtime.backend(), runtime.precision())
    }

    #[test]
    fn the_processor_has_its_kernels_unless_candle_is_asked_for() {
        use BackendChoice::{Auto, Candle};
        let own = |precision| (Backend::Kernels, precision);
        assert_eq!(on_cpu(Auto, DtypeChoice::Auto), own(Precision::F32));
        assert_eq!(on_cpu(Auto, DtypeChoice::F32), own(Precision::F32));
        assert_eq!(on_cpu(Auto, DtypeChoice::Q8), own(Precision::EightBit));
        let candle = |precision| (Backend::Candle, precision);
        assert_eq!(on_cpu(Candle, DtypeChoice::Auto), candle(Precision::F32));
        assert_eq!(on_cpu(Candle, DtypeChoice::Bf16), candle(Precision::Bf16));
        assert_eq!(on_cpu(Candle, DtypeChoice::F16), candle(Precision::F16));
    }

    #[test]
    fn numbers_that_are_not_computed_in_are_refused_with_a_reason() {
        let refused = |backend, dtype| {
            Runtime::new(Device::Cpu, backend, dtype).map(|_| ()).unwrap_err().to_string()
        };
        for choice in [DtypeChoice::Bf16, DtypeChoice::F16] {
            let error = refused(BackendChoice::Auto, choice);
            assert!(error.starts_with(&choice.to_string()) && error.contains("slower"), "{error}");
        }
        let error = refused(BackendChoice::Candle, DtypeChoice::Q8);
        assert!(error.contains("kernels") && error.contains("bf16"), "{error}");
    }

    #[test]
    fn what_is_exact_stays_where_it_is() {
        let runtime = Runtime::new(Device::Cpu, BackendChoice::Candle, DtypeChoice::Bf16).unwrap();
        let exact = runtime.exact();
        assert_eq!((exact.backend(), exact.dtype()), (Backend::Candle, DType::F32));
        assert_eq!(runtime.weight(vec![1.0], 1).unwrap().dtype(), DType::BF16);
        assert_eq!(exact.weight(vec![1.0], 1).unwrap().dtype(), DType::F32);
    }
}
