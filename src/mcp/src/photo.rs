//! `get_photo`: one photo as a picture of the size that was asked for.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rmcp::model::ContentBlock;
use seer_http::wire::Photo;
use seer_images::DecodeOptions;

use crate::photos::Photos;
use crate::search::place;

/// The picture, and a line that says what it is.
///
/// # Errors
/// When the photo's file is gone or can no longer be decoded.
pub(crate) fn content(
    photos: &dyn Photos,
    photo: &Photo,
    size: u32,
) -> Result<Vec<ContentBlock>, String> {
    let jpeg = resized(&photos.picture(&photo.id, size)?, size)?;
    let picture = ContentBlock::image(STANDARD.encode(jpeg), "image/jpeg");
    Ok(vec![picture, ContentBlock::text(line(photo))])
}

/// A JPEG with a longest side of `size` pixels where it is larger. Thumbnails are kept in a few sizes.
fn resized(jpeg: &[u8], size: u32) -> Result<Vec<u8>, String> {
    let options = DecodeOptions::default();
    let resized = seer_images::catch_bug(|| seer_images::decode_thumbnail(jpeg, &options, size));
    resized.map_err(|error| format!("the photo cannot be resized: {error}"))
}

fn line(photo: &Photo) -> String {
    let path = photo.files.first().map_or("", |file| &file.path);
    let facts = [
        Some(path.to_owned()),
        Some(format!("{} x {} pixels in the original", photo.width, photo.height)),
        photo.taken.clone(),
        place(photo),
        Some(format!("id {}", photo.id)),
    ];
    facts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}
