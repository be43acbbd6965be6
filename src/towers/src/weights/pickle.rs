//! Tensors of a file that `torch.save` wrote (`.bin`, `.pt`), for checkpoints that were never published as safetensors.
//!
//! Such a file is a zip archive with a pickle program in it. Python runs that program, and it may run anything;
//! candle's reader only notes which names, shapes and places it speaks of and runs nothing. It was written for honest
//! files, so it works behind a guard here: a panic is damage, and no tensor may be larger than its file.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use candle_core::DType;
use candle_core::pickle::{PthTensors, TensorInfo};

/// The tensors of one file.
pub(super) struct Pickled {
    tensors: PthTensors,
    bytes: u64,
}

impl Pickled {
    /// Reads the table of contents. Errors are reasons in words, to be prefixed with the file.
    pub fn open(path: &Path) -> Result<Self, String> {
        let mut start = [0; 4];
        let mut file = std::fs::File::open(path).map_err(|e| e.to_string())?;
        let is_zip =
            std::io::Read::read_exact(&mut file, &mut start).is_ok() && start == *b"PK\x03\x04";
        if !is_zip {
            let old = "it is not in the zip format that PyTorch writes since version 1.6; convert it \
                       (python: safetensors.torch.save_file)";
            return Err(old.to_owned());
        }
        let bytes = file.metadata().map_err(|e| e.to_string())?.len();
        let plain = guarded(|| PthTensors::new(path, None))?;
        // What training programs save holds the weights under a key, beside the optimiser's.
        let tensors = match plain.tensor_infos().is_empty() {
            true => guarded(|| PthTensors::new(path, Some("state_dict")))?,
            false => plain,
        };
        if tensors.tensor_infos().is_empty() {
            return Err("it holds no tensors by name".to_owned());
        }
        Ok(Self { tensors, bytes })
    }

    /// Names and shapes of all tensors.
    pub fn contents(&self) -> impl Iterator<Item = (&str, &[usize])> {
        self.tensors.tensor_infos().iter().map(|(name, info)| (name.as_str(), info.layout.dims()))
    }

    /// A tensor as f32 values, row-major; `Ok(None)` for whole numbers, which no tower has.
    pub fn take(&self, name: &str) -> Result<Option<Vec<f32>>, String> {
        let info = self.tensors.tensor_infos().get(name).ok_or("a tensor is gone")?;
        if !matches!(info.dtype, DType::F32 | DType::F16 | DType::BF16 | DType::F64) {
            return Ok(None);
        }
        if size(info).is_none_or(|size| size > self.bytes) {
            return Err(format!("the tensor {name} claims to be larger than the file"));
        }
        let tensor = guarded(|| self.tensors.get(name))?.ok_or("a tensor is gone")?;
        let values = || tensor.to_dtype(DType::F32)?.flatten_all()?.to_vec1::<f32>();
        guarded(values).map(Some)
    }

    /// What kind of numbers a tensor holds, for messages.
    pub fn kind(&self, name: &str) -> String {
        let info = self.tensors.tensor_infos().get(name);
        info.map_or_else(String::new, |info| format!("{:?}", info.dtype))
    }
}

/// Bytes of a tensor; `None` beyond all numbers.
fn size(info: &TensorInfo) -> Option<u64> {
    let dims = info.layout.dims().iter().map(|dim| *dim as u64);
    let values = dims.into_iter().try_fold(1u64, u64::checked_mul)?;
    values.checked_mul(info.dtype.size_in_bytes() as u64)
}

/// Runs candle's reader on foreign bytes; a panic in it is a reason too.
fn guarded<T>(work: impl FnOnce() -> candle_core::Result<T>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(|e| first_line(&e.to_string())),
        Err(panic) => Err(format!("its pickle makes no sense ({})", message(&*panic))),
    }
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    first_line(text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message"))
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(200).collect()
}
