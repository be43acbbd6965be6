//! What a file's name promises.

use std::path::Path;

/// What to do with a file, judged by its extension.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileKind {
    /// A picture or a video, also in a format that [`crate::decode`] or [`crate::decode_video`]
    /// recognises but does not read: hand it to them, who name the reason where they fail.
    Picture,
    /// No known extension: read the first bytes and ask [`crate::looks_like_picture`].
    Unknown,
    /// Clearly something else.
    Other,
}

/// Extensions of pictures that are decoded.
const READABLE: &[&str] = &[
    "jpg", "jpeg", "jpe", "jfif", "jif", "png", "apng", "webp", "gif", "bmp", "dib", "tif", "tiff",
    "ico", "pnm", "pbm", "pgm", "ppm", "pam", "qoi", "hdr", "ff", "farbfeld", "tga", "heic",
    "heif", "hif", "avif", "jxl", "psd", "psb", "3fr", "arw", "cr2", "cr3", "crw", "dcr", "dng",
    "erf", "fff", "gpr", "iiq", "kdc", "mef", "mos", "mrw", "nef", "nrw", "orf", "pef", "ptx",
    "raf", "raw", "rw2", "rwl", "sr2", "srf", "srw", "x3f",
];

/// Extensions of pictures that are not decoded and are listed as such.
const UNREADABLE: &[&str] =
    &["jp2", "j2k", "jpf", "jpx", "jxr", "wdp", "exr", "xcf", "dds", "svg", "svgz"];

/// Extensions of videos: those that are decoded here, and those that a program is needed for.
const VIDEOS: &[&str] = &[
    "mp4", "mov", "m4v", "qt", "3gp", "3g2", "mkv", "webm", "avi", "mts", "m2ts", "mpg", "mpeg",
    "vob", "wmv", "asf", "flv", "ogv", "insv", "lrv",
];

/// Extensions that never hold a photo, so that large files of them are not even opened.
const OTHER: &[&str] = &[
    "7z",
    "aac",
    "aae",
    "ai",
    "aif",
    "apk",
    "bak",
    "bat",
    "bin",
    "bz2",
    "c",
    "cfg",
    "cpp",
    "css",
    "csv",
    "cue",
    "db",
    "dll",
    "dmg",
    "doc",
    "docx",
    "dop",
    "eps",
    "epub",
    "exe",
    "flac",
    "go",
    "gz",
    "h",
    "htm",
    "html",
    "ics",
    "ini",
    "iso",
    "jar",
    "java",
    "js",
    "json",
    "lnk",
    "lock",
    "log",
    "lrcat",
    "lrdata",
    "m4a",
    "md",
    "mid",
    "mp3",
    "npy",
    "odp",
    "ods",
    "odt",
    "ogg",
    "opus",
    "pdf",
    "php",
    "plist",
    "pp3",
    "ppt",
    "pptx",
    "ps",
    "pst",
    "py",
    "rar",
    "rs",
    "rtf",
    "safetensors",
    "sh",
    "so",
    "sql",
    "sqlite",
    "srt",
    "sub",
    "swp",
    "tar",
    "tgz",
    "thm",
    "tmp",
    "toml",
    "torrent",
    "ts",
    "tsv",
    "ttf",
    "txt",
    "url",
    "vcf",
    "wav",
    "wma",
    "woff",
    "woff2",
    "xhtml",
    "xls",
    "xlsx",
    "xml",
    "xmp",
    "xz",
    "yaml",
    "yml",
    "zip",
    "zst",
];

/// Judges a file by its extension, in any case. Reads nothing.
pub fn file_kind(path: &Path) -> FileKind {
    let Some(extension) = path.extension().and_then(|e| e.to_str()) else {
        return FileKind::Unknown;
    };
    let extension = extension.to_ascii_lowercase();
    let is_in = |list: &[&str]| list.contains(&extension.as_str());
    if is_in(READABLE) || is_in(UNREADABLE) || is_in(VIDEOS) {
        FileKind::Picture
    } else if is_in(OTHER) {
        FileKind::Other
    } else {
        FileKind::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_are_judged_in_any_case() {
        for name in ["a.jpg", "b/IMG_1.JPG", "c.HEIC", "d.Nef", "e.tar.png", "f.MP4"] {
            assert_eq!(file_kind(Path::new(name)), FileKind::Picture, "{name}");
        }
        for name in ["a.mp3", "IMG_1.xmp", "notes.TXT"] {
            assert_eq!(file_kind(Path::new(name)), FileKind::Other, "{name}");
        }
        for name in ["README", ".DS_Store", "photo.fuzzed", "picture.jpg.part"] {
            assert_eq!(file_kind(Path::new(name)), FileKind::Unknown, "{name}");
        }
    }

    #[test]
    fn no_extension_is_in_two_lists() {
        let all: Vec<_> = [READABLE, UNREADABLE, VIDEOS, OTHER].concat();
        for (i, extension) in all.iter().enumerate() {
            assert!(!all[i + 1..].contains(extension), "{extension}");
            assert_eq!(*extension, extension.to_ascii_lowercase());
        }
    }
}
