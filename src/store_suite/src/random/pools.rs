//! Texts that photos and filters are made of.

pub(super) const FOLDERS: [&str; 8] =
    ["Holiday 2019", "holiday", "Zürich", "BeachParty", "IMG", "2019", "Straße", "a.b"];
pub(super) const NAMES: [&str; 9] = [
    "IMG_1234.JPG",
    "DSC00012.jpg",
    "BeachParty2019.png",
    "beach.jpeg",
    "x",
    ".hidden",
    "Zürich Hbf.jpg",
    "海辺.jpg",
    "iPhone shot 12.heic",
];
pub(super) const MAKES: [&str; 4] = ["Canon", "NIKON CORPORATION", "Apple", "Olympus Imaging"];
pub(super) const MODELS: [&str; 5] =
    ["Canon EOS 5D", "Canon EOS 50D", "NIKON D750", "iPhone 6s", "E-M1MarkII"];
pub(super) const LENSES: [&str; 3] =
    ["EF24-105mm f/4L IS USM", "iPhone 6s back camera", "50mm f/1.8"];
pub(super) const TAGS: [&str; 6] =
    ["beach", "Beach Party", "BeachParty", "zürich", "dog on the beach", "2019"];
pub(super) const CAPTIONS: [&str; 4] =
    ["Two dogs on the Beach", "a BeachParty in Zürich", "beach", "海辺の犬と beach"];
pub(super) const PEOPLE: [&str; 3] = ["Marie Curie", "Zoë", "Marie"];
pub(super) const PLACES: [&str; 3] = ["Zürich", "New Beach", "München"];
pub(super) const LINES: [&str; 4] = ["STOP", "BeachPartys", "Strassenbahn 1234", "海辺の犬"];
pub(super) const PIECES: [&str; 34] = [
    "bahn",
    "stop",
    "curie",
    "new",
    "beach",
    "Party",
    "beachparty",
    "BeachParty",
    "img",
    "1234",
    "zurich",
    "Zürich",
    "on the",
    "dogs on",
    "holiday",
    "STRASSE",
    "2019",
    "i phone",
    "iphone 6",
    "海辺",
    "o",
    "/",
    "辺",
    "123",
    "00",
    "IMG_12",
    "2019.png",
    "strasse z*",
    "beach*",
    "*.jp*g",
    "IMG_????.*",
    "**beach*",
    "*2019",
    "?",
];
pub(crate) const CLASSES: [&str; 2] = ["dog, domestic dog", "beach, iPhone"];
pub(super) const FORMATS: [&str; 3] = ["jpeg", "png", "webp"];
