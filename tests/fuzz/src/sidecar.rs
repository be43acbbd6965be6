//! Files beside photos, and what names say.

use seer_images::{LARGEST_SIDECAR, SidecarKind, date_from_name, merge_sidecars, sidecar_kind};
use seer_types::{LocalTime, PhotoFacts};

/// The first byte says of which kind the rest is.
pub fn run(bytes: &[u8]) -> bool {
    let Some((kind, rest)) = bytes.split_first() else { return false };
    let kind = if kind % 2 == 0 { SidecarKind::Xmp } else { SidecarKind::Takeout };
    let content = rest[..rest.len().min(LARGEST_SIDECAR)].to_vec();
    let mut facts = PhotoFacts::default();
    merge_sidecars(&mut facts, &[(kind, content)]);
    facts != PhotoFacts::default()
}

/// A file's name: whether it is a sidecar's, and which date stands in it.
pub fn name(bytes: &[u8]) -> bool {
    let name = String::from_utf8_lossy(bytes);
    let now = LocalTime::from_seconds(1_800_000_000);
    let taken = date_from_name(&name, now);
    sidecar_kind(&name).is_some() || taken.is_some()
}
