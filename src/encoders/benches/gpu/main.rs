//! Towers by candle's operations on a GPU: the half of `benches/gpu/measure.py` that is seer.
//!
//! ```text
//! gpu parity DEVICE                                  SEER_FIXTURES: the folder of fixtures
//! gpu towers DEVICE DTYPE MODEL BATCH SECONDS        MODEL: a folder with `pictures.u8` in it
//! gpu pipeline DEVICE DTYPE MODEL BATCH SECONDS PICTURES
//! ```
//! `parity` prints, for every family and kind of numbers, the worst cosine and the largest
//! difference to the reference, of pictures and of texts, and fails where one misses its bar; bars
//! and fixtures are those of the tests. `towers` prints pictures a second with nothing but encoding,
//! and writes the embeddings of the pictures to `MODEL/DTYPE.f32`. `pipeline` prints pictures a
//! second from files in a folder to embeddings, and those of decoding alone. DEVICE is `cuda`,
//! `metal`, or `cpu` to see it run where there is no GPU.

#[path = "../../tests/support/mod.rs"]
mod support;

mod parity;
mod pipeline;
mod towers;

use std::error::Error;
use std::path::Path;

use seer_encoders::{BackendChoice, Compute, DeviceChoice, DtypeChoice, LoadOptions, Model};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let arguments: Vec<String> = arguments.collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["parity", device] => parity::print(device.parse()?),
        ["towers", device, dtype, model, batch, seconds] => {
            let loaded = load(device, dtype, model, batch)?;
            towers::print(&loaded, Path::new(model), seconds.parse()?)
        }
        ["pipeline", device, dtype, model, batch, seconds, pictures] => {
            let loaded = load(device, dtype, model, batch)?;
            pipeline::print(&loaded, Path::new(pictures), seconds.parse()?)
        }
        _ => Err("see the top of src/encoders/benches/gpu/main.rs for what can be asked".into()),
    }
}

/// candle's operations, wherever.
fn candle(device: DeviceChoice, dtype: DtypeChoice) -> Compute {
    Compute { device, dtype, backend: BackendChoice::Candle }
}

fn load(device: &str, dtype: &str, folder: &str, batch: &str) -> Result<Model, Box<dyn Error>> {
    let compute = candle(device.parse()?, dtype.parse()?);
    let options = LoadOptions { image_batch: Some(batch.parse()?), ..LoadOptions::default() };
    Ok(Model::load_with(Path::new(folder), compute, options)?)
}
