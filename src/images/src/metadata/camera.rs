//! Names of cameras and lenses as people write them.

/// Words that belong to a company, not to its brand.
const COMPANY_WORDS: &[&str] = &[
    "corporation",
    "corp",
    "company",
    "co",
    "ltd",
    "inc",
    "gmbh",
    "ag",
    "optical",
    "imaging",
    "electric",
    "electronics",
    "computer",
    "techwin",
    "camera",
    "digital",
    "foto",
];

/// Brands that a company's name does not begin with.
const BRANDS: &[(&str, &str)] = &[
    ("eastman kodak", "Kodak"),
    ("hewlett-packard", "HP"),
    ("seiko epson", "Epson"),
    ("konica minolta", "Konica Minolta"),
    ("research in motion", "BlackBerry"),
];

/// Descriptions that cameras and programs write by themselves, whole. Programs copy them from EXIF to XMP
/// and IPTC.
const FILLERS: &[&str] = &[
    "sony dsc",
    "samsung",
    "dcf 1.0",
    "exif_jpeg_picture",
    "exif_jpeg_t422",
    "default",
    "image",
    "untitled",
    "jpeg",
    "picture",
    "ambarella",
    "my beautiful picture",
    "ascii",
    "charset=ascii",
    "hisilicon k3",
    "applemark",
];

/// Makers whose cameras describe every picture as "… DIGITAL CAMERA" or "… DIGITAL STILL CAMERA".
const MAKERS: &str = "agfa, aigo, benq, canon, casio, concord, epson, fujifilm, ge, general imaging, hp, jenoptik, \
    kodak, konica, konica minolta, kyocera, leica, medion, minolta, mustek, nikon, olympus, \
    panasonic, pentax, polaroid, praktica, premier, rollei, samsung, sanyo, sony, toshiba, \
    traveler, vivitar, yashica";

/// What phones note of how they took a picture (Huawei and Honor), in place of a description.
const SHOOTING_MODES: &str = "bst, bty, btf, cof, cmp, dav, edf, fbt, fsc, maf, mde, nff, nor, ohdr, ozedf, oznor, oznorco, \
    oznorcosdr, ozcmp, ozhdr, ptr, qrf, rbt, rhdr, rpt, sdr, sdredf, smartbf, vav";

/// How comments begin that cameras and programs write by themselves: names of programs, and settings
/// that a camera keeps for itself.
const COMMENT_STARTS: &[&str] = &[
    "creator: gd-jpeg",
    "created with gimp",
    "created with the gimp",
    "lead technologies",
    "lavc5",
    "lavc6",
    "handmade software",
    "intel(r) jpeg",
    "compressed by jpeg",
    "metadata-start",
    "filter:",
    "fileterintensity",
    "oppo_",
    "xpacket",
    "software: adobe",
    "software: microsoft",
    "optimized with jpeg",
    "optimised with jpeg",
    "optimized by jpegmini",
    "processed by ebay",
    "resized with ",
    "file written by adobe photoshop",
    "jpeg encoder",
    "ffmpeg",
];

/// "Canon" and "Canon EOS 5D" give "Canon EOS 5D"; "SONY" and "DSC-P150" give "SONY DSC-P150".
pub(super) fn full_model(make: Option<&str>, model: Option<&str>) -> Option<String> {
    let model = model?;
    let Some(brand) = make.map(brand).filter(|brand| !brand.is_empty()) else {
        return Some(model.to_owned());
    };
    let (lower_brand, lower_model) = (brand.to_lowercase(), model.to_lowercase());
    let first_word = lower_brand.split(' ').next().unwrap_or("");
    if lower_model.contains(&lower_brand) || lower_model.starts_with(first_word) {
        return Some(model.to_owned());
    }
    Some(format!("{brand} {model}"))
}

/// The maker without the company around it: "OLYMPUS OPTICAL CO.,LTD" is "OLYMPUS".
fn brand(make: &str) -> String {
    let lower = make.to_lowercase();
    if let Some((_, brand)) = BRANDS.iter().find(|(company, _)| lower.starts_with(company)) {
        return (*brand).to_owned();
    }
    let is_company_word = |word: &str| {
        let word = word.to_lowercase();
        let bare = word.split(['.', ',']).next().unwrap_or("");
        COMPANY_WORDS.contains(&bare)
    };
    let words: Vec<&str> = make.split(' ').collect();
    let end = words.iter().skip(1).position(|word| is_company_word(word)).map(|at| at + 1);
    words[..end.unwrap_or(words.len())].join(" ").trim_end_matches([',', '.']).to_owned()
}

/// Whether a lens name names a lens: some cameras write dashes or zeros.
pub(super) fn is_lens(name: &str) -> bool {
    name.chars().any(|c| c.is_alphabetic())
        && !matches!(
            name.to_lowercase().as_str(),
            "unknown" | "n/a" | "none" | "0.0 mm f/0.0" | "manual lens"
        )
}

/// Whether a text was written by a camera ("OLYMPUS DIGITAL CAMERA") rather than by a person, wherever it
/// stands.
pub(super) fn is_filler(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    let model = ["digital camera", "digital still camera"]
        .iter()
        .find_map(|words| Some(lower.strip_suffix(words)?.trim_end()));
    FILLERS.contains(&lower.as_str())
        || model
            .is_some_and(|maker| maker.is_empty() || MAKERS.split(", ").any(|known| known == maker))
        || !lower.chars().any(char::is_alphanumeric)
}

/// Whether a description of EXIF, or a comment, was written by a camera or a program: these write them
/// where people seldom do.
pub(super) fn is_written_by_program(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    let is_in = |open: char, close: char| lower.starts_with(open) && lower.ends_with(close);
    SHOOTING_MODES.split(", ").any(|mode| mode == lower)
        || COMMENT_STARTS.iter().any(|start| lower.starts_with(start))
        || is_in('<', '>')
        || is_in('{', '}')
        || is_path(text)
}

fn is_path(text: &str) -> bool {
    text.contains(":\\") || text.starts_with('/') || text.contains('\\') && has_extension(text)
}

fn has_extension(text: &str) -> bool {
    text.rsplit_once('.').is_some_and(|(_, extension)| {
        (3..=4).contains(&extension.len()) && extension.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

/// Whether a comment is a number or a name that a camera, scanner or program counts with ("000015",
/// "M2E1L0-0R336B386", "scan01.tif", the sum of a file) rather than words.
pub(super) fn is_code(text: &str) -> bool {
    let count = |is_one: fn(char) -> bool| text.chars().filter(|c| is_one(*c)).count();
    let (digits, letters) = (count(|c| c.is_ascii_digit()), count(char::is_alphabetic));
    let is_sum = text.len() >= 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let is_one_word = !text.contains(' ');
    is_one_word && (is_sum || has_extension(text) || text.len() > 4 && digits >= letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_carry_their_brand_once() {
        let cases = [
            ("Canon", "Canon EOS 5D", "Canon EOS 5D"),
            ("NIKON CORPORATION", "NIKON D70", "NIKON D70"),
            ("SONY", "DSC-P150", "SONY DSC-P150"),
            ("OLYMPUS OPTICAL CO.,LTD", "C2000Z", "OLYMPUS C2000Z"),
            ("FUJIFILM", "FinePix S3Pro", "FUJIFILM FinePix S3Pro"),
            ("EASTMAN KODAK COMPANY", "KODAK DX4530", "KODAK DX4530"),
            ("Hewlett-Packard", "HP PhotoSmart 618", "HP PhotoSmart 618"),
            ("Minolta Co., Ltd.", "DiMAGE 5", "Minolta DiMAGE 5"),
            ("LG Electronics", "VX9900", "LG VX9900"),
            ("PENTAX Corporation", "PENTAX *ist DS", "PENTAX *ist DS"),
            ("Apple", "iPhone 12", "Apple iPhone 12"),
        ];
        for (make, model, expected) in cases {
            assert_eq!(full_model(Some(make), Some(model)).as_deref(), Some(expected));
        }
        assert_eq!(full_model(None, Some("X100")).as_deref(), Some("X100"));
        assert_eq!(full_model(Some("Canon"), None), None);
    }

    #[test]
    fn dashes_are_no_lens_and_factory_text_is_no_caption() {
        assert!(is_lens("EF24-105mm f/4L IS USM"));
        assert!(!is_lens("----"));
        assert!(!is_lens("0.0 mm f/0.0"));
        assert!(is_filler("OLYMPUS DIGITAL CAMERA"));
        assert!(is_filler("KODAK Digital Still Camera") && is_filler("Digital Camera"));
        assert!(is_filler("---"));
        for code in ["000015", "M2E1L0-0R336B386", "scan01.tif"] {
            assert!(is_code(code), "{code}");
        }
        assert!(!is_code("1984") && !is_code("Dusk") && !is_code("At 12.30 in 1984"));
        assert!(!is_filler("Anna at the lake"));
    }

    #[test]
    fn what_programs_write_is_told_from_what_people_write() {
        let by_programs = [
            "Created with GIMP",
            "{\"filter\":0}",
            "<Digimax i50 MP3>",
            "C:\\my pictures\\a b.tif",
            "DCIM\\100MEDIA\\DJI_0001.JPG",
            "cof",
            "oznorCO",
            "File written by Adobe Photoshop¨ 5.0",
            "Optimized by JPEGmini 3.14.2 0x1dcd0e4b",
            "Processed By eBay with ImageMagick, z1.1.0. ||B2",
            "Lavc58.134.100",
            "Software: Microsoft Office",
        ];
        for text in by_programs {
            assert!(is_written_by_program(text), "{text}");
        }
        let by_people = [
            "Grandpa with his first digital camera",
            "<3 Paris",
            "{draft} our house",
            "Compressed by a glacier",
            "Optimised with love",
            "Lavca the dog",
            "Software: a life",
            "747-400",
        ];
        for text in by_people {
            assert!(!is_written_by_program(text) && !is_filler(text), "{text}");
        }
    }
}
