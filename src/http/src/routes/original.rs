//! `GET /api/photos/{id}/original`: the file itself, as it was when it was indexed.

use std::fs::{File, Metadata};
use std::io::{self, Seek};

use actix_web::http::header::{
    self, ByteRangeSpec, ContentDisposition, DispositionParam, DispositionType, Header, Range,
};
use actix_web::{HttpRequest, HttpResponse, web};
use seer_engine::{Library, open_file, stamp};
use seer_images::{Piece, StripError};
use seer_types::{FileStamp, PhotoFile, PhotoId, PhotoRecord};

use super::file_body::file_body;
use super::photos::{LARGEST_SIZE, has_tag, rendering};
use super::{number, pairs, photo_id};
use crate::access::Permit;
use crate::errors::{ApiError, FILE_GONE, NOT_FOUND, RANGE_NOT_SATISFIABLE};

/// Formats by content, the type each is sent as, and whether browsers show it as a picture.
const FORMATS: [(&str, &str, bool); 18] = [
    ("jpeg", "image/jpeg", true),
    ("png", "image/png", true),
    ("gif", "image/gif", true),
    ("webp", "image/webp", true),
    ("bmp", "image/bmp", true),
    ("ico", "image/x-icon", true),
    ("avif", "image/avif", true),
    ("tiff", "image/tiff", false),
    ("heic", "image/heic", false),
    ("heif", "image/heif", false),
    ("qoi", "image/qoi", false),
    ("tga", "image/x-tga", false),
    ("pnm", "image/x-portable-anymap", false),
    ("hdr", "image/vnd.radiance", false),
    ("mp4", "video/mp4", false),
    ("mov", "video/quicktime", false),
    ("mkv", "video/x-matroska", false),
    ("webm", "video/webm", false),
];

/// Even a picture gets no rights: no script, no plugin, its own origin.
const FILE_POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// Whether browsers show this format themselves, as a picture.
pub(crate) fn is_viewable(format: &str) -> bool {
    FORMATS.iter().any(|(name, _, viewable)| *name == format && *viewable)
}

/// Never HTML, SVG or anything else a browser would run.
fn content_type(format: &str) -> &'static str {
    let known = FORMATS.iter().find(|(name, _, _)| *name == format);
    known.map_or("application/octet-stream", |(_, kind, _)| kind)
}

/// `?view=1` gives a large JPEG where browsers cannot show the format.
pub(super) async fn original(
    state: Permit,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let mut view = false;
    for (_, value) in pairs(http.query_string(), &["view"])? {
        view = number("view", &value)? > 0;
    }
    let photo = photo_id(&id)?;
    let library = state.library.clone();
    let record = state.readings.run(move || catalogued(&library, photo)).await??;
    if view && !is_viewable(&record.facts.format) {
        return rendering(&state, &http, &id, LARGEST_SIZE).await;
    }
    let opened = state.library.record_here(record.clone());
    let strips = state.strips();
    let open = move || open_unchanged(&opened).map(|file| content(file, opened.size, strips));
    match state.readings.run(open).await?? {
        Ok(content) => send(&http, &record, content),
        // What cannot be stripped is shown instead: a rendering never carries metadata.
        Err(reason) => {
            log::debug!("{photo} is sent as a rendering: {reason}");
            let mut response = rendering(&state, &http, &id, LARGEST_SIZE).await?;
            let changes = header::HeaderValue::from_static("private, no-cache");
            response.headers_mut().insert(header::CACHE_CONTROL, changes);
            Ok(response)
        }
    }
}

/// What is sent of a file.
pub(super) struct Content {
    pub(super) file: File,
    pub(super) name: String,
    pub(super) pieces: Vec<Piece>,
    stripped: bool,
}

/// The whole file, or what shows the picture.
pub(super) fn content(
    (mut file, name): (File, String),
    size: u64,
    strips: bool,
) -> Result<Content, StripError> {
    let pieces = match strips {
        true => seer_images::strip(&mut file)?,
        false => vec![Piece::Part { start: 0, length: size }],
    };
    Ok(Content { file, name, pieces, stripped: strips })
}

fn catalogued(library: &Library, id: PhotoId) -> Result<PhotoRecord, ApiError> {
    let unknown = || ApiError::new(NOT_FOUND, format!("no photo {id} is in the library"));
    library.photo(id)?.ok_or_else(unknown)
}

/// The first of the photo's files that still has the photo's content, open, and its name.
pub(super) fn open_unchanged(record: &PhotoRecord) -> Result<(File, String), ApiError> {
    for file in &record.files {
        if let Ok(Some(open)) = open_if_unchanged(file, record.id) {
            let name = file.path.as_path().file_name().unwrap_or_default();
            return Ok((open, name.to_string_lossy().into_owned()));
        }
    }
    Err(ApiError::new(
        FILE_GONE,
        "the photo's files have changed or left since they were indexed; index their folder \
         again, or connect its drive",
    ))
}

/// A file in the state in which it was indexed is the photo; any other state is settled by hashing
/// the content, and only where no link leads out of the indexed folder. All of it is asked of the
/// open file, so that nothing put in its place meanwhile is sent.
fn open_if_unchanged(known: &PhotoFile, id: PhotoId) -> io::Result<Option<File>> {
    let mut file = open_file(known.path.as_path())?;
    let now = file.metadata()?;
    if !now.is_file() || now.len() != known.stamp.size {
        return Ok(None);
    }
    let sidecars = known.stamp.sidecars;
    let state = FileStamp { sidecars, ..stamp(known.path.as_path(), &now) };
    let inside = lies_below_its_folder(known, &now);
    // A link that the indexer followed leads to the very file that it read.
    if state == known.stamp && (inside || state.changed_ns.is_some()) {
        return Ok(Some(file));
    }
    // Where the system does not number its files, a link that was followed looks like a new one.
    if !inside && cfg!(unix) {
        return Ok(None);
    }
    Ok((content_hash(&mut file)? == id).then_some(file))
}

/// Whether the open file is the one at its path without links, below the folder it was indexed under.
fn lies_below_its_folder(known: &PhotoFile, opened: &Metadata) -> bool {
    let Ok(real) = known.path.as_path().canonicalize() else { return false };
    // Indexed folders are stored without links, except on Windows.
    let root = match cfg!(windows) {
        true => known.root.as_path().canonicalize().ok(),
        false => Some(known.root.as_path().to_path_buf()),
    };
    let below = root.is_some_and(|root| real.starts_with(root));
    below && real.symlink_metadata().is_ok_and(|there| is_same_file(&there, opened))
}

#[cfg(unix)]
fn is_same_file(a: &Metadata, b: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

#[cfg(not(unix))]
fn is_same_file(a: &Metadata, b: &Metadata) -> bool {
    a.len() == b.len() && a.modified().ok() == b.modified().ok()
}

fn content_hash(file: &mut File) -> io::Result<PhotoId> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(&mut *file)?;
    file.rewind()?;
    Ok(PhotoId(*hasher.finalize().as_bytes()))
}

fn send(
    http: &HttpRequest,
    record: &PhotoRecord,
    content: Content,
) -> Result<HttpResponse, ApiError> {
    let kind = if content.stripped { "-stripped" } else { "" };
    let tag = format!("\"{}{kind}\"", record.id);
    if has_tag(http, &tag) {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, tag)).finish());
    }
    let size = content.pieces.iter().map(Piece::len).sum();
    let range = wanted_range(http, &tag, size)?;
    let (first, last) = range.unwrap_or((0, u64::saturating_sub(size, 1)));
    let length = if size == 0 { 0 } else { last - first + 1 };
    let body = file_body(content.file, content.pieces, first, length);
    let mut response = match range {
        Some(_) => HttpResponse::PartialContent(),
        None => HttpResponse::Ok(),
    };
    if range.is_some() {
        response.insert_header((header::CONTENT_RANGE, format!("bytes {first}-{last}/{size}")));
    }
    let kind = content_type(&record.facts.format);
    Ok(response
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header(disposition(kind, content.name))
        .insert_header((header::CONTENT_SECURITY_POLICY, FILE_POLICY))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::ETAG, tag))
        .body(body))
}

/// The one byte range asked for, inclusive. Several ranges at once get the whole file, as the
/// standard allows; so does a range of a file that has changed since (`If-Range`).
fn wanted_range(http: &HttpRequest, tag: &str, size: u64) -> Result<Option<(u64, u64)>, ApiError> {
    let condition = http.headers().get(header::IF_RANGE).and_then(|value| value.to_str().ok());
    if condition.is_some_and(|held| held != tag) || !http.headers().contains_key(header::RANGE) {
        return Ok(None);
    }
    let Ok(Range::Bytes(ranges)) = Range::parse(http) else { return Ok(None) };
    let [range]: [ByteRangeSpec; 1] = match ranges.try_into() {
        Ok(one) => one,
        Err(_) => return Ok(None),
    };
    let satisfiable = range.to_satisfiable_range(size);
    let refused = || ApiError::new(RANGE_NOT_SATISFIABLE, format!("the file has {size} bytes"));
    satisfiable.map(Some).ok_or_else(refused)
}

/// Shown in place when it is a picture or a video, saved otherwise, under its own name without controls.
fn disposition(kind: &str, name: String) -> ContentDisposition {
    let name: String =
        name.chars().map(|c| if c.is_control() || "\"\\/".contains(c) { '_' } else { c }).collect();
    let disposition = if kind.starts_with("image/") || kind.starts_with("video/") {
        DispositionType::Inline
    } else {
        DispositionType::Attachment
    };
    let ascii: String = name.chars().map(|c| if c.is_ascii() { c } else { '_' }).collect();
    let mut parameters = vec![DispositionParam::Filename(ascii.clone())];
    if ascii != name {
        parameters.push(DispositionParam::FilenameExt(header::ExtendedValue {
            charset: header::Charset::Ext("UTF-8".to_owned()),
            language_tag: None,
            value: name.into_bytes(),
        }));
    }
    ContentDisposition { disposition, parameters }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_a_browser_would_run_has_its_own_type() {
        for format in ["svg", "html", "xml", "pdf", "", "exr"] {
            assert_eq!(content_type(format), "application/octet-stream", "{format}");
            assert!(!is_viewable(format));
        }
        assert!(is_viewable("jpeg") && !is_viewable("tiff"));
    }

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        let text = disposition("image/png", "a\"b\r\nc/ü.png".to_owned()).to_string();
        assert_eq!(text, "inline; filename=\"a_b__c__.png\"; filename*=UTF-8''a_b__c_%C3%BC.png");
        let saved = disposition("application/octet-stream", "x.exr".to_owned()).to_string();
        assert_eq!(saved, "attachment; filename=\"x.exr\"");
    }
}
