//! How fast this machine is, remembered for a while: measuring takes half a second of all processors, and
//! everybody who may look may ask.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use seer_encoders::{DtypeChoice, EncodeError, Model, speed};
use seer_types::ModelFingerprint;

/// Long enough for a page to be opened again and again; short enough that what was measured beside other work
/// is not believed for long.
const KEPT: Duration = Duration::from_secs(600);

/// What was measured last.
#[derive(Default)]
pub(crate) struct MachineSpeed {
    last: Mutex<Option<(Instant, MachineRates)>>,
}

/// What is done in a second.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct MachineRates {
    /// Billions of operations in f32, as [`speed::gigaflops`] counts them; 0 where that is not known.
    pub(crate) gigaflops: f64,
    /// The loaded model, and how many pictures it encodes.
    pub(crate) images: Option<(ModelFingerprint, f64)>,
}

impl MachineSpeed {
    /// Measured now, unless it was so a short time ago with the same model. Who asks meanwhile waits for it.
    ///
    /// # Errors
    /// What encoding gives.
    pub(crate) fn with(&self, model: Option<&Model>) -> Result<MachineRates, EncodeError> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let loaded = model.map(Model::fingerprint);
        if let Some((at, measured)) = *last
            && at.elapsed() < KEPT
            && measured.images.map(|(model, _)| model) == loaded
        {
            return Ok(measured);
        }
        let rates = model.map(speed::measure).transpose()?;
        let measured = MachineRates {
            gigaflops: speed::gigaflops(DtypeChoice::F32).unwrap_or(0.0),
            images: loaded.zip(rates.map(|rates| rates.images_per_second)),
        };
        *last = Some((Instant::now(), measured));
        Ok(measured)
    }
}

#[cfg(test)]
mod tests {
    use seer_encoders::DeviceChoice;

    use super::*;

    #[test]
    fn one_measurement_serves_until_another_model_is_loaded() {
        let speed = MachineSpeed::default();
        let without = speed.with(None).unwrap();
        assert!(without.gigaflops > 0.0 && without.images.is_none());
        let model = Model::builtin(DeviceChoice::Cpu).unwrap();
        let first = speed.with(Some(&model)).unwrap();
        assert!(first.images.is_some_and(|(name, rate)| name == model.fingerprint() && rate > 0.0));
        assert_eq!(speed.with(Some(&model)).unwrap(), first);
    }
}
