//! How a track's frames are coded: the first entry of `stsd`.

use super::super::film::{Codes, Coding};
use crate::heif::boxes::{Boxes, Fields};

/// Bytes of an entry of pictures before the boxes in it.
const HEAD: usize = 78;

/// Codings by the kind of their entry.
const CODINGS: &[(&[u8; 4], Coding)] = &[
    (b"avc1", Coding::H264),
    (b"avc2", Coding::H264),
    (b"avc3", Coding::H264),
    (b"avc4", Coding::H264),
    (b"hvc1", Coding::Hevc),
    (b"hev1", Coding::Hevc),
    (b"av01", Coding::Av1),
    (b"jpeg", Coding::Jpeg),
    (b"mjpa", Coding::Jpeg),
    (b"dvh1", Coding::Other("Dolby Vision")),
    (b"dvhe", Coding::Other("Dolby Vision")),
    (b"vvc1", Coding::Other("H.266")),
    (b"vvi1", Coding::Other("H.266")),
    (b"vp08", Coding::Other("VP8")),
    (b"vp09", Coding::Other("VP9")),
    (b"mp4v", Coding::Other("MPEG-4")),
    (b"s263", Coding::Other("H.263")),
    (b"h263", Coding::Other("H.263")),
    (b"apco", Coding::Other("ProRes")),
    (b"apcs", Coding::Other("ProRes")),
    (b"apcn", Coding::Other("ProRes")),
    (b"apch", Coding::Other("ProRes")),
    (b"ap4h", Coding::Other("ProRes")),
    (b"ap4x", Coding::Other("ProRes")),
    (b"dvc ", Coding::Other("DV")),
    (b"dvcp", Coding::Other("DV")),
    (b"SVQ3", Coding::Other("Sorenson")),
    (b"encv", Coding::Other("encrypted")),
    (b"drmi", Coding::Other("encrypted")),
];

/// What an entry says.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) coding: Coding,
    /// The decoder's configuration.
    pub(super) header: &'a [u8],
    /// Pixels across and down.
    pub(super) size: (u32, u32),
    pub(super) codes: Option<Codes>,
}

impl<'a> Entry<'a> {
    /// The first entry of the box.
    pub(super) fn read(stsd: &'a [u8]) -> Option<Self> {
        let (kind, body) = Boxes(stsd.get(8..)?).next()?;
        let known = CODINGS.iter().find(|(known, _)| *known == kind);
        let coding = known.map_or(Coding::Other("in a way that seer does not know"), |(_, c)| *c);
        let mut fields = Fields(body);
        fields.bytes(24)?;
        let size = (fields.number(2)? as u32, fields.number(2)? as u32);
        let children = body.get(HEAD..).unwrap_or(&[]);
        let of = |kind: &[u8; 4]| super::child(children, kind);
        let header = match coding {
            Coding::H264 => of(b"avcC"),
            Coding::Hevc => of(b"hvcC"),
            Coding::Av1 => of(b"av1C"),
            _ => None,
        };
        Some(Self {
            coding,
            header: header.unwrap_or(&[]),
            size,
            codes: of(b"colr").and_then(codes),
        })
    }
}

fn codes(body: &[u8]) -> Option<Codes> {
    let mut fields = Fields(body);
    let kind = fields.bytes(4)?;
    let mut code = || fields.number(2).map(|code| code as u16);
    let (primaries, transfer, matrix) = (code()?, code()?, code()?);
    let is_full = match kind {
        b"nclx" => Some(fields.number(1)? >> 7 == 1),
        // QuickTime's does not say.
        b"nclc" => None,
        _ => return None,
    };
    Some(Codes { primaries, transfer, matrix, is_full })
}
