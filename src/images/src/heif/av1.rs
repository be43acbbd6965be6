//! Tiles coded as AV1, by rav1d. Runs in a worker process alone (`crate::worker`): what goes wrong in
//! this decoder ends the process that it runs in.

use re_rav1d::dav1d::pixel::{MatrixCoefficients, YUVRange};
use re_rav1d::dav1d::{
    Decoder, Error, Picture, PixelLayout, PlanarImageComponent as Part, Settings,
};

use super::tile::Tile;
use super::yuv::{self, Matrix, Plane, Planes};
use crate::ImageError;

/// Decodes a tile of at most the expected size.
///
/// # Errors
/// `Damaged`; `Unsupported` for colours that are not read.
pub(crate) fn decode(
    data: Vec<u8>,
    (width, height): (u32, u32),
    matrix: Option<(u16, bool)>,
) -> Result<Tile, ImageError> {
    let refuse = |error: Error| ImageError::damaged("avif", &error.to_string());
    let mut settings = Settings::new();
    settings.set_n_threads(1);
    settings.set_max_frame_delay(1);
    settings.set_all_layers(false);
    // Blocks of up to 128 pixels may reach beyond the picture.
    let padded = |side: u32| u64::from(side).next_multiple_of(128);
    settings.set_frame_size_limit((padded(width) * padded(height)).min(1 << 30) as u32);
    let mut decoder = Decoder::with_settings(&settings).map_err(refuse)?;
    let mut sent = decoder.send_data(data, None, None, None);
    let picture = loop {
        match decoder.get_picture() {
            Ok(picture) => break picture,
            Err(Error::Again) if matches!(sent, Err(Error::Again)) => {
                sent = decoder.send_pending_data();
            }
            Err(error) => return Err(refuse(sent.err().unwrap_or(error))),
        }
    };
    pixels(&picture, (width, height), matrix)
}

fn pixels(
    picture: &Picture,
    size: (u32, u32),
    matrix: Option<(u16, bool)>,
) -> Result<Tile, ImageError> {
    let (code, is_full) = matrix.unwrap_or_else(|| {
        let code = match picture.matrix_coefficients() {
            MatrixCoefficients::Identity => 0,
            MatrixCoefficients::BT709 => 1,
            MatrixCoefficients::ST240M => 7,
            MatrixCoefficients::YCgCo => 8,
            MatrixCoefficients::BT2020NonConstantLuminance => 9,
            _ => 2,
        };
        (code, picture.color_range() == YUVRange::Full)
    });
    let (width, height) = (picture.width().min(size.0), picture.height().min(size.1));
    let (across, down) = match picture.pixel_layout() {
        PixelLayout::I400 => (0, 0),
        PixelLayout::I420 => (2, 2),
        PixelLayout::I422 => (2, 1),
        PixelLayout::I444 => (1, 1),
    };
    let (luma, blue, red) = match across {
        0 => (picture.plane(Part::Y), None, None),
        _ => (picture.plane(Part::Y), Some(picture.plane(Part::U)), Some(picture.plane(Part::V))),
    };
    let plane = |data, part| Plane { data, stride: picture.stride(part) as usize };
    let planes = Planes {
        luma: plane(&luma, Part::Y),
        colours: blue
            .as_deref()
            .zip(red.as_deref())
            .map(|(blue, red)| [plane(blue, Part::U), plane(red, Part::V)]),
        shared: (across, down),
        bits: picture.bits_per_component().map_or(8, |bits| bits.0 as u32),
    };
    let matrix = Matrix::new(code, is_full, planes.bits)
        .ok_or_else(|| ImageError::variant("avif", &format!("colours of matrix {code}")))?;
    let rgba = yuv::to_rgba(&planes, &matrix, width as usize, height as usize);
    Ok(Tile { width, height, rgba })
}
