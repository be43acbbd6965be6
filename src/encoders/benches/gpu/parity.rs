//! Every family against its reference, on the device.

use std::error::Error;

use seer_encoders::{DeviceChoice, Model};

use crate::candle;
use crate::support::families::{FAMILIES, Family};
use crate::support::fixtures::{expected, folder, ids};
use crate::support::settings::{CANDLE_BF16, CANDLE_F16, CANDLE_F32, Setting};
use crate::support::{Agreement, print_row};

/// Prints a row for every family and kind of numbers.
///
/// # Errors
/// Where a model cannot be loaded or computed, or one misses its bar: after all rows.
pub fn print(device: DeviceChoice) -> Result<(), Box<dyn Error>> {
    let mut misses = Vec::new();
    for setting in [&CANDLE_F32, &CANDLE_BF16, &CANDLE_F16] {
        for family in FAMILIES {
            match compare(device, setting, family) {
                Ok(found) => misses.extend(found),
                Err(error) => misses.push(format!("{}: {error}", family.fixture)),
            }
        }
    }
    if misses.is_empty() {
        return Ok(());
    }
    Err(format!("missed on {device}:\n{}", misses.join("\n")).into())
}

fn compare(
    device: DeviceChoice,
    setting: &Setting,
    family: &Family,
) -> Result<Vec<String>, Box<dyn Error>> {
    let compute = candle(device, setting.compute.dtype);
    let model = Model::load(folder(family.fixture).path(), compute)?;
    let reference = |what: &str| expected(family.fixture, what).0;
    let images = match family.pixels {
        Some(pixels) => {
            let images = model.encode_planes(&expected(pixels, "pixel_values").0)?;
            Some(Agreement::of(&images, &reference("image_embeds")))
        }
        None => None,
    };
    let texts = if family.texts {
        let ids = ids(family.fixture);
        let ids: Vec<&[u32]> = ids.iter().map(Vec::as_slice).collect();
        Some(Agreement::of(&model.encode_ids(&ids)?, &reference("text_embeds")))
    } else {
        None
    };
    print_row(setting.label, family.fixture, images.as_ref(), texts.as_ref());
    let what = |part: &str| format!("{} {part} by {}", family.fixture, setting.name);
    let both =
        [(images, what("images"), setting.pictures(family)), (texts, what("texts"), setting.bar)];
    Ok(both.iter().filter_map(|(found, what, bar)| found.as_ref()?.miss(what, *bar)).collect())
}
