//! What seer does with bytes of others, one target for each parser and decoder.
//!
//! A target must not panic, hang, or take memory beyond its limits, whatever the bytes. The same
//! functions run under libFuzzer (`README.md`) and in `tests/fuzz.rs`, which replays the corpora in
//! `corpus` and changes them a few thousand times.

mod catalog;
mod checkpoint;
mod folder;
mod http;
mod metadata;
mod pack;
mod picture;
mod place;
mod query;
mod sidecar;
mod snapshot;
mod tokenizer;
mod video;

// The program's own code: it has no library.
#[path = "../../../src/cli/linear_head.rs"]
#[allow(dead_code, missing_docs)]
mod linear_head;

/// One entrance for foreign bytes.
pub struct Target {
    /// Also the name of its folder in `corpus`.
    pub name: &'static str,
    /// Whether the bytes were understood, as some of the corpus must be.
    pub run: fn(&[u8]) -> bool,
}

/// All entrances.
pub const TARGETS: &[Target] = &[
    Target { name: "jpeg", run: picture::jpeg },
    Target { name: "picture", run: picture::any },
    Target { name: "tiff", run: picture::any },
    Target { name: "heif", run: picture::any },
    Target { name: "jxl", run: picture::any },
    Target { name: "raw", run: picture::any },
    Target { name: "psd", run: picture::any },
    Target { name: "sidecar", run: sidecar::run },
    Target { name: "file_name", run: sidecar::name },
    Target { name: "place", run: place::run },
    Target { name: "metadata", run: metadata::run },
    Target { name: "video", run: video::run },
    Target { name: "file_kind", run: picture::kind },
    Target { name: "query", run: query::run },
    Target { name: "search_body", run: http::body },
    Target { name: "search_address", run: http::address },
    Target { name: "download_body", run: http::download },
    Target { name: "knn_body", run: http::knn },
    Target { name: "predict_form", run: http::predict },
    Target { name: "linear_head", run: checkpoint::linear_head },
    Target { name: "weights", run: checkpoint::weights },
    Target { name: "config", run: checkpoint::config },
    Target { name: "tokenizer_file", run: tokenizer::file },
    Target { name: "text", run: tokenizer::text },
    Target { name: "snapshot", run: snapshot::run },
    Target { name: "catalog_value", run: catalog::value },
    Target { name: "pack", run: pack::run },
];
