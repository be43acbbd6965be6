//! What a container says of its video before a frame is decoded.

use crate::metadata::{Packets, VideoSaid};

/// How frames are coded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Coding {
    H264,
    Hevc,
    Av1,
    /// Each frame is a JPEG.
    Jpeg,
    /// One that is not decoded here, by the name people know it by.
    Other(&'static str),
}

/// A frame that needs no other one, or one that needs those from such a one on.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct KeyFrame {
    /// When it is shown: seconds from the start.
    pub(crate) second: f64,
    /// Where its bytes, or those of the one that it begins with, lie in the file.
    pub(crate) at: u64,
    /// How many they are.
    pub(crate) length: u64,
    /// The same of those that have to be decoded after it; of all of them the last one is shown.
    pub(crate) then: Vec<(u64, u64)>,
}

impl KeyFrame {
    /// One that needs no other.
    pub(crate) fn new(second: f64, at: u64, length: u64) -> Self {
        Self { second, at, length, then: Vec::new() }
    }
}

/// Code points of the colours (ITU H.273), where the container tells them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Codes {
    pub(crate) primaries: u16,
    pub(crate) transfer: u16,
    pub(crate) matrix: u16,
    /// Whether values use all of their range; `None`: the coded data says so.
    pub(crate) is_full: Option<bool>,
}

/// A video: its track of pictures, and what is said of it.
#[derive(Debug)]
pub(crate) struct Film {
    /// `mp4`, `mov`, `mkv`, `webm`.
    pub(crate) format: &'static str,
    pub(crate) coding: Coding,
    /// The decoder's configuration, as containers hold it.
    pub(crate) header: Vec<u8>,
    /// Pixels across and down, as stored.
    pub(crate) size: (u32, u32),
    /// How it is to be turned, as EXIF counts it.
    pub(crate) orientation: u16,
    pub(crate) codes: Option<Codes>,
    /// Seconds.
    pub(crate) duration: f64,
    /// Frames to look at, in their order.
    pub(crate) frames: Vec<KeyFrame>,
    /// What the container says of when and where.
    pub(crate) said: VideoSaid,
    /// Blocks of metadata in it.
    pub(crate) packets: Packets<'static>,
}
