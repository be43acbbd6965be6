//! Ids of elements (RFC 9559).

pub(super) const DOC_TYPE: u32 = 0x4282;
pub(super) const SEGMENT: u32 = 0x1853_8067;

pub(super) const INFO: u32 = 0x1549_a966;
pub(super) const TIMESTAMP_SCALE: u32 = 0x2a_d7b1;
pub(super) const DURATION: u32 = 0x4489;
pub(super) const DATE: u32 = 0x4461;
pub(super) const TITLE: u32 = 0x7ba9;

pub(super) const TRACKS: u32 = 0x1654_ae6b;
pub(super) const TRACK: u32 = 0xae;
pub(super) const TRACK_NUMBER: u32 = 0xd7;
pub(super) const TRACK_TYPE: u32 = 0x83;
pub(super) const CODEC: u32 = 0x86;
pub(super) const CODEC_HEADER: u32 = 0x63a2;
pub(super) const ENCODINGS: u32 = 0x6d80;
pub(super) const VIDEO: u32 = 0xe0;
pub(super) const WIDTH: u32 = 0xb0;
pub(super) const HEIGHT: u32 = 0xba;
pub(super) const COLOUR: u32 = 0x55b0;
pub(super) const MATRIX: u32 = 0x55b1;
pub(super) const RANGE: u32 = 0x55b9;
pub(super) const TRANSFER: u32 = 0x55ba;
pub(super) const PRIMARIES: u32 = 0x55bb;

pub(super) const CUES: u32 = 0x1c53_bb6b;
pub(super) const CUE: u32 = 0xbb;
pub(super) const CUE_TIME: u32 = 0xb3;
pub(super) const CUE_PLACES: u32 = 0xb7;
pub(super) const CUE_TRACK: u32 = 0xf7;
pub(super) const CUE_CLUSTER: u32 = 0xf1;

pub(super) const CLUSTER: u32 = 0x1f43_b675;
pub(super) const TIMESTAMP: u32 = 0xe7;
pub(super) const SIMPLE_BLOCK: u32 = 0xa3;
pub(super) const GROUP: u32 = 0xa0;
pub(super) const BLOCK: u32 = 0xa1;
pub(super) const REFERENCE: u32 = 0xfb;

pub(super) const TAGS: u32 = 0x1254_c367;
pub(super) const TAG: u32 = 0x7373;
pub(super) const SIMPLE_TAG: u32 = 0x67c8;
pub(super) const TAG_NAME: u32 = 0x45a3;
pub(super) const TAG_STRING: u32 = 0x4487;
