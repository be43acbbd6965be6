//! A track of pictures, and what is said of the whole.

use super::super::film::{Codes, Coding};
use super::ebml::{Elements, child, real, whole};
use super::ids;
use crate::metadata::{VideoField, VideoSaid};

/// Codings by the beginning of their names.
const CODINGS: &[(&[u8], Coding)] = &[
    (b"V_MPEG4/ISO/AVC", Coding::H264),
    (b"V_MPEGH/ISO/HEVC", Coding::Hevc),
    (b"V_AV1", Coding::Av1),
    (b"V_MJPEG", Coding::Jpeg),
    (b"V_VP8", Coding::Other("VP8")),
    (b"V_VP9", Coding::Other("VP9")),
    (b"V_MPEG4/", Coding::Other("MPEG-4")),
    (b"V_MPEG2", Coding::Other("MPEG-2")),
    (b"V_MPEG1", Coding::Other("MPEG-1")),
    (b"V_PRORES", Coding::Other("ProRes")),
    (b"V_THEORA", Coding::Other("Theora")),
    (b"V_FFV1", Coding::Other("FFV1")),
];

/// Names of tags.
const TAGS: &[(&[u8], VideoField)] = &[
    (b"COM.APPLE.QUICKTIME.CREATIONDATE", VideoField::Date),
    (b"DATE_RECORDED", VideoField::Date),
    (b"COM.APPLE.QUICKTIME.LOCATION.ISO6709", VideoField::Position),
    (b"LOCATION", VideoField::Position),
    (b"COM.APPLE.QUICKTIME.MAKE", VideoField::Make),
    (b"COM.APPLE.QUICKTIME.MODEL", VideoField::Model),
    (b"TITLE", VideoField::Title),
    (b"DESCRIPTION", VideoField::Description),
    (b"SUMMARY", VideoField::Description),
    (b"COMMENT", VideoField::Text),
    (b"KEYWORDS", VideoField::Tags),
];

/// Seconds from 1970 to 2001.
const TO_2001: i64 = 978_307_200;
const LONGEST: usize = 4096;
const MOST: usize = 200;

/// A track of pictures.
pub(super) struct Track {
    pub(super) number: u64,
    pub(super) coding: Coding,
    pub(super) header: Vec<u8>,
    pub(super) size: (u32, u32),
    pub(super) codes: Option<Codes>,
}

impl Track {
    /// `None` for other tracks.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let number = |id| child(body, id).map(whole);
        if number(ids::TRACK_TYPE) != Some(1) {
            return None;
        }
        let name = child(body, ids::CODEC)?;
        let known = CODINGS.iter().find(|(known, _)| name.starts_with(known));
        let unknown = Coding::Other("in a way that seer does not know");
        // What is compressed or encrypted once more is left alone.
        let known = known.filter(|_| child(body, ids::ENCODINGS).is_none());
        let video = child(body, ids::VIDEO)?;
        let side = |id| child(video, id).map_or(0, |side| whole(side).min(u32::MAX.into()) as u32);
        Some(Self {
            number: number(ids::TRACK_NUMBER)?,
            coding: known.map_or(unknown, |(_, coding)| *coding),
            header: child(body, ids::CODEC_HEADER).unwrap_or(&[]).to_vec(),
            size: (side(ids::WIDTH), side(ids::HEIGHT)),
            codes: child(video, ids::COLOUR).map(codes),
        })
    }
}

fn codes(colour: &[u8]) -> Codes {
    let code = |id| child(colour, id).map_or(2, |code| whole(code) as u16);
    let is_full = match child(colour, ids::RANGE).map(whole) {
        Some(1) => Some(false),
        Some(2) => Some(true),
        _ => None,
    };
    Codes {
        primaries: code(ids::PRIMARIES),
        transfer: code(ids::TRANSFER),
        matrix: code(ids::MATRIX),
        is_full,
    }
}

/// What holds for the whole file.
pub(super) struct Info {
    /// Seconds in a unit of time.
    pub(super) unit: f64,
    /// Seconds.
    pub(super) duration: f64,
}

impl Info {
    pub(super) fn read(body: &[u8], said: &mut VideoSaid) -> Self {
        let scale = child(body, ids::TIMESTAMP_SCALE).map_or(1_000_000, whole);
        let unit = scale as f64 / 1e9;
        let units = child(body, ids::DURATION).and_then(real).unwrap_or(0.0);
        let date = child(body, ids::DATE).filter(|date| date.len() == 8).map(whole);
        let date = date.map(|date| date.cast_signed() / 1_000_000_000 + TO_2001);
        said.created = date.and_then(|date| u64::try_from(date).ok());
        if let Some(title) = child(body, ids::TITLE) {
            say(said, VideoField::Title, title);
        }
        let duration = Some(units * unit).filter(|duration| duration.is_finite());
        Self { unit, duration: duration.unwrap_or(0.0).max(0.0) }
    }
}

/// Keeps what tags say.
pub(super) fn say_tags(body: &[u8], said: &mut VideoSaid) {
    let all = Elements(body).filter(|(id, _)| *id == ids::TAG).take(MOST);
    let tags = all.flat_map(|(_, tag)| Elements(tag).filter(|(id, _)| *id == ids::SIMPLE_TAG));
    for (_, tag) in tags.take(MOST) {
        let name = child(tag, ids::TAG_NAME).map(<[u8]>::to_ascii_uppercase).unwrap_or_default();
        let field = TAGS.iter().find(|(known, _)| **known == name);
        if let Some(((_, field), text)) = field.zip(child(tag, ids::TAG_STRING)) {
            say(said, *field, text);
        }
    }
}

fn say(said: &mut VideoSaid, field: VideoField, text: &[u8]) {
    let text = &text[..text.len().min(LONGEST)];
    if said.texts.len() < MOST {
        said.texts.push((field, String::from_utf8_lossy(text).into_owned()));
    }
}
