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

/// Descriptions that cameras and programs write by themselves.
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
    "file written by adobe photoshop",
    "processed by ebay with imagemagick",
    "optimized by jpegmini",
    "hisilicon k3",
];

/// How texts begin that cameras and programs write by themselves: names of programs, and settings
/// that a camera keeps for itself.
const FILLER_STARTS: &[&str] = &[
    "<",
    "{",
    "creator: gd-jpeg",
    "created with gimp",
    "created with the gimp",
    "lead technologies",
    "lavc",
    "handmade software",
    "intel(r) jpeg",
    "compressed by ",
    "metadata-start",
    "filter:",
    "fileterintensity",
    "oppo_",
    "xpacket",
    "software:",
    "optimized with ",
    "optimised with ",
    "resized with ",
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

/// Whether a description was written by the camera ("OLYMPUS DIGITAL CAMERA", "<Digimax i50>")
/// rather than by a person.
pub(super) fn is_filler(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    FILLERS.contains(&lower.as_str())
        || lower.ends_with("digital camera")
        || FILLER_STARTS.iter().any(|start| lower.starts_with(start))
        || !lower.chars().any(char::is_alphanumeric)
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
        assert!(is_filler("<Digimax i50 MP3>"));
        assert!(is_filler("---"));
        assert!(is_filler("Created with GIMP") && is_filler("{\"filter\":0}"));
        assert!(!is_filler("Anna at the lake"));
    }
}
