//! The words in pictures: where lines of text are, and what they say, by PP-OCRv6 small.
//!
//! A picture goes through the detector ([`net::detector`]), whose map becomes boxes ([`find`]); each
//! box is cut out and straightened ([`read::crop`]) and goes through the recogniser
//! ([`net::recogniser`]), whose scores become text ([`read::decode`]). [`Ocr`] is all of it.
//!
//! Absent on purpose: decoding of files, orientation (pictures come upright), languages and spelling,
//! any other runtime.

#![forbid(unsafe_code)]

mod error;
mod find;
#[cfg(test)]
mod golden_tests;
mod lines;
mod net;
mod ocr;
mod picture;
mod read;
mod resize;
mod size;
mod weights;

pub use error::OcrError;
pub use ocr::Ocr;
pub use picture::Picture;
pub use seer_types::TextLine;
