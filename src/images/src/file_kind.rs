//! What a file's name promises.

use std::path::Path;

/// What to do with a file, judged by its extension.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileKind {
    /// A picture, also in a format that [`crate::decode`] recognises but does not read: hand it
    /// to `decode`, which names the reason where it fails.
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

/// Extensions that never hold a photo, so that large files of them are not even opened.
const OTHER: &[&str] = &[
    "3gp",
    "7z",
    "aac",
    "aae",
    "ai",
    "aif",
    "apk",
    "avi",
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
    "flv",
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
    "m2ts",
    "m4a",
    "m4v",
    "md",
    "mid",
    "mkv",
    "mov",
    "mp3",
    "mp4",
    "mpeg",
    "mpg",
    "mts",
    "npy",
    "odp",
    "ods",
    "odt",
    "ogg",
    "ogv",
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
    "vob",
    "wav",
    "webm",
    "wma",
    "wmv",
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
    if is_in(READABLE) || is_in(UNREADABLE) {
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
        for name in ["a.jpg", "b/IMG_1.JPG", "c.HEIC", "d.Nef", "e.tar.png"] {
            assert_eq!(file_kind(Path::new(name)), FileKind::Picture, "{name}");
        }
        for name in ["a.mp4", "IMG_1.xmp", "notes.TXT"] {
            assert_eq!(file_kind(Path::new(name)), FileKind::Other, "{name}");
        }
        for name in ["README", ".DS_Store", "photo.fuzzed", "picture.jpg.part"] {
            assert_eq!(file_kind(Path::new(name)), FileKind::Unknown, "{name}");
        }
    }

    #[test]
    fn no_extension_is_in_two_lists() {
        let all: Vec<_> = [READABLE, UNREADABLE, OTHER].concat();
        for (i, extension) in all.iter().enumerate() {
            assert!(!all[i + 1..].contains(extension), "{extension}");
            assert_eq!(*extension, extension.to_ascii_lowercase());
        }
    }
}
