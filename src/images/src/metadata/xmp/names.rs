//! Namespaces: what a property belongs to, whatever its prefix is.

/// A namespace that we know.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Space {
    Rdf,
    Xml,
    /// The wrapper around the RDF.
    Wrapper,
    Dc,
    Xmp,
    Photoshop,
    Exif,
    ExifEx,
    Aux,
    Tiff,
    Lightroom,
    DigiKam,
    MicrosoftPhoto,
    MicrosoftRegions,
    MediaPro,
    Acdsee,
    AcdseeRegions,
    IptcCore,
    IptcExtension,
    Regions,
    Keywords,
    Getty,
    /// Any other one.
    Other,
}

/// Namespaces without the sign at their end, and the prefixes that are used where none is bound.
const SPACES: &[(Space, &str, &[&str])] = &[
    (Space::Rdf, "http://www.w3.org/1999/02/22-rdf-syntax-ns", &["rdf"]),
    (Space::Xml, "http://www.w3.org/XML/1998/namespace", &["xml"]),
    (Space::Wrapper, "adobe:ns:meta", &["x"]),
    (Space::Dc, "http://purl.org/dc/elements/1.1", &["dc"]),
    (Space::Dc, "http://purl.org/dc/1.1", &[]),
    (Space::Xmp, "http://ns.adobe.com/xap/1.0", &["xmp", "xap"]),
    (Space::Photoshop, "http://ns.adobe.com/photoshop/1.0", &["photoshop"]),
    (Space::Exif, "http://ns.adobe.com/exif/1.0", &["exif"]),
    (Space::ExifEx, "http://cipa.jp/exif/1.0", &["exifEX"]),
    (Space::Aux, "http://ns.adobe.com/exif/1.0/aux", &["aux"]),
    (Space::Tiff, "http://ns.adobe.com/tiff/1.0", &["tiff"]),
    (Space::Lightroom, "http://ns.adobe.com/lightroom/1.0", &["lr"]),
    (Space::DigiKam, "http://www.digikam.org/ns/1.0", &["digiKam"]),
    (Space::MicrosoftPhoto, "http://ns.microsoft.com/photo/1.0", &["MicrosoftPhoto"]),
    (Space::MicrosoftPhoto, "http://ns.microsoft.com/photo/1.1", &[]),
    (Space::MicrosoftRegions, "http://ns.microsoft.com/photo/1.2", &["MP"]),
    (Space::MediaPro, "http://ns.iview-multimedia.com/mediapro/1.0", &["mediapro"]),
    (Space::MediaPro, "http://ns.microsoft.com/expressionmedia/1.0", &["expressionmedia"]),
    (Space::Acdsee, "http://ns.acdsee.com/iptc/1.0", &["acdsee"]),
    (Space::AcdseeRegions, "http://ns.acdsee.com/regions", &["acdsee-rs"]),
    (Space::IptcCore, "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns", &["Iptc4xmpCore"]),
    (Space::IptcExtension, "http://iptc.org/std/Iptc4xmpExt/2008-02-29", &["Iptc4xmpExt"]),
    (Space::Regions, "http://www.metadataworkinggroup.com/schemas/regions", &["mwg-rs"]),
    (Space::Keywords, "http://www.metadataworkinggroup.com/schemas/keywords", &["mwg-kw"]),
    (Space::Getty, "http://xmp.gettyimages.com/gift/1.0", &["GettyImagesGIFT"]),
];

/// The namespace with this name. A sign at its end, and `https`, make no difference: programs write
/// some with and some without.
pub(super) fn of_name(name: &str) -> Space {
    let bare = name.trim().trim_end_matches(['/', '#']);
    let found = SPACES.iter().find(|(_, known, _)| {
        bare.eq_ignore_ascii_case(known)
            || bare.strip_prefix("https").is_some_and(|rest| {
                known.strip_prefix("http").is_some_and(|known| rest.eq_ignore_ascii_case(known))
            })
    });
    found.map_or(Space::Other, |(space, ..)| *space)
}

/// The namespace that a prefix stands for where nothing says so.
pub(super) fn of_prefix(prefix: &str) -> Space {
    let found = SPACES.iter().find(|(_, _, prefixes)| prefixes.contains(&prefix));
    found.map_or(Space::Other, |(space, ..)| *space)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_prefixes_are_known() {
        assert_eq!(of_name("http://ns.adobe.com/xap/1.0/"), Space::Xmp);
        assert_eq!(of_name("https://www.w3.org/1999/02/22-rdf-syntax-ns#"), Space::Rdf);
        assert_eq!(of_name("http://ns.adobe.com/exif/1.0/aux/"), Space::Aux);
        assert_eq!(of_name("http://example.com/"), Space::Other);
        assert_eq!(of_prefix("xap"), Space::Xmp);
        assert_eq!(of_prefix("y"), Space::Other);
    }
}
