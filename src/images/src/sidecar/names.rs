//! Which files beside a photo speak of it, by their names.

use std::collections::HashMap;

use super::SidecarKind;

/// The end of a name that Google Takeout gives its files, of which long names keep only a part.
const SUPPLEMENT: &str = ".supplemental-metadata";
/// Google Takeout cuts names, without ".json", after so many characters,
const LONGEST_NAME: usize = 46;
/// What it puts behind the names of edited copies, which have no file of their own, in the languages
/// that we know of.
const EDITED: &[&str] = &[
    "-edited",
    "-bearbeitet",
    "-modifié",
    "-modifi\u{65}\u{301}",
    "-editado",
    "-editada",
    "-ha editado",
    "-modificato",
    "-bewerkt",
    "-edytowane",
    "-redigerad",
    "-redigeret",
    "-redigert",
    "-muokattu",
    "-upraveno",
    "-szerkesztett",
    "-编辑",
    "-編集済み",
    "-수정됨",
    "-измененный",
    "-düzenlendi",
];

/// Characters of a name, without its extension, after which Google Takeout cuts it.
const LONGEST_STEM: usize = 47;
/// Films of Live Photos, and what their pictures are.
const FILMS: [&str; 2] = ["mp4", "mov"];
const STILLS: [&str; 3] = ["heic", "jpg", "jpeg"];

/// A file beside a photo.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sidecar {
    /// Its name, as the folder has it.
    pub name: String,
    /// How it is read.
    pub kind: SidecarKind,
}

/// The kind of sidecar that a file may be by its name: `.xmp` or `.json`.
pub fn sidecar_kind(name: &str) -> Option<SidecarKind> {
    let (_, extension) = name.rsplit_once('.')?;
    match extension.to_ascii_lowercase().as_str() {
        "xmp" => Some(SidecarKind::Xmp),
        "json" => Some(SidecarKind::Takeout),
        _ => None,
    }
}

/// The files of one folder that may speak of photos in it. Upper and lower case make no difference.
#[derive(Clone, Default, Debug)]
pub struct Neighbours {
    names: HashMap<String, String>,
}

impl Neighbours {
    /// Of the names of all files of a folder, without their paths.
    pub fn new<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Self {
        let names = names.into_iter().map(Into::into);
        let known = names.filter(|name| sidecar_kind(name).is_some());
        let mut by_folded = HashMap::new();
        for name in known {
            // Of two names that differ in case, the one that sorts first counts on every machine.
            let slot = by_folded.entry(name.to_lowercase()).or_insert_with(|| name.clone());
            if name < *slot {
                *slot = name;
            }
        }
        Self { names: by_folded }
    }

    /// Those that speak of a photo with this name, the most trusted first: `NAME.ext.xmp`,
    /// `NAME.xmp`, then what Google Takeout names after it.
    pub fn of(&self, photo: &str) -> Vec<Sidecar> {
        if self.names.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<Sidecar> = Vec::new();
        for candidate in candidates(photo) {
            let Some(name) = self.names.get(&candidate.to_lowercase()) else { continue };
            let kind = sidecar_kind(name).unwrap_or(SidecarKind::Xmp);
            // Takeout writes one file for a photo: the names that follow are those of others.
            let is_new = !found.iter().any(|one| one.name == *name);
            let is_other_takeout = kind == SidecarKind::Takeout
                && found.iter().any(|one| one.kind == SidecarKind::Takeout);
            if is_new && !is_other_takeout {
                found.push(Sidecar { name: name.clone(), kind });
            }
        }
        found
    }
}

/// All names that a photo's sidecars may have, the most trusted first.
fn candidates(photo: &str) -> Vec<String> {
    let stem = photo.rsplit_once('.').map_or(photo, |(stem, _)| stem);
    let mut all = vec![format!("{photo}.xmp"), format!("{stem}.xmp")];
    all.extend(takeout(photo));
    for original in original_of_edited(photo).into_iter().chain(still_of_film(photo)) {
        all.extend(takeout(&original));
    }
    all
}

/// The picture of a Live Photo, whose file speaks of its film too: `IMG_0001.HEIC` for `IMG_0001.MP4`.
fn still_of_film(photo: &str) -> Vec<String> {
    match photo.rsplit_once('.') {
        Some((stem, extension)) if FILMS.contains(&extension.to_lowercase().as_str()) => {
            STILLS.map(|still| format!("{stem}.{still}")).to_vec()
        }
        _ => Vec::new(),
    }
}

/// The names of the file that Google Takeout writes for a photo.
fn takeout(photo: &str) -> Vec<String> {
    // The number of a name that came twice stands behind the other's extension.
    let (name, number) = match numbered(photo) {
        Some((name, number)) => (name, number),
        None => (photo.to_owned(), String::new()),
    };
    let mut all = Vec::new();
    for length in (0..=SUPPLEMENT.len()).rev() {
        all.push(format!("{name}{}{number}.json", &SUPPLEMENT[..length]));
    }
    let cut: String = format!("{name}{SUPPLEMENT}").chars().take(LONGEST_NAME).collect();
    all.push(format!("{cut}{number}.json"));
    if !number.is_empty() {
        all.push(format!("{photo}.json"));
        let whole: String = format!("{photo}{SUPPLEMENT}").chars().take(LONGEST_NAME).collect();
        all.extend([format!("{photo}{SUPPLEMENT}.json"), format!("{whole}.json")]);
    }
    // Older ones, and names without an extension.
    let stem = photo.rsplit_once('.').map_or(photo, |(stem, _)| stem);
    all.push(format!("{stem}.json"));
    all
}

/// `IMG_0001(2).jpg` is `IMG_0001.jpg` and `(2)`.
fn numbered(photo: &str) -> Option<(String, String)> {
    let (stem, extension) = photo.rsplit_once('.')?;
    let inner = stem.strip_suffix(')')?;
    let (name, number) = inner.rsplit_once('(')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| (format!("{name}.{extension}"), format!("({number})")))
}

/// `IMG_0001-edited(2).jpg` is a copy of `IMG_0001(2).jpg`. Of a long name the last word may be cut.
fn original_of_edited(photo: &str) -> Option<String> {
    let (name, number) = numbered(photo).unwrap_or((photo.to_owned(), String::new()));
    let (stem, extension) = name.rsplit_once('.')?;
    let whole = || EDITED.iter().find_map(|edited| stem.strip_suffix(edited));
    let is_cut = stem.chars().count() == LONGEST_STEM;
    let original = whole().or_else(|| is_cut.then(|| without_cut_word(stem)).flatten())?;
    Some(format!("{original}{number}.{extension}"))
}

/// What stands before the longest beginning of such a word, of two characters at least.
fn without_cut_word(stem: &str) -> Option<&str> {
    let beginnings = EDITED
        .iter()
        .flat_map(|edited| edited.char_indices().skip(2).map(|(end, _)| &edited[..end]));
    beginnings.filter_map(|beginning| stem.strip_suffix(beginning)).min_by_key(|rest| rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(photo: &str, names: &[&str]) -> Vec<String> {
        let found = Neighbours::new(names.iter().copied()).of(photo);
        found.into_iter().map(|sidecar| sidecar.name).collect()
    }

    #[test]
    fn xmp_stands_under_the_whole_name_or_without_the_extension() {
        let names = ["IMG_0001.xmp", "IMG_0001.jpg.XMP", "IMG_0002.xmp", "x.txt"];
        assert_eq!(of("IMG_0001.jpg", &names), ["IMG_0001.jpg.XMP", "IMG_0001.xmp"]);
        assert_eq!(of("img_0001.CR2", &names), ["IMG_0001.xmp"]);
        assert!(of("IMG_0003.jpg", &names).is_empty());
    }

    #[test]
    fn takeout_cuts_long_names() {
        let photo = "IMG_20190714_162005_at the lake.jpg";
        for name in [
            "IMG_20190714_162005_at the lake.jpg.json",
            "IMG_20190714_162005_at the lake.jpg.supplemental-metadata.json",
            "IMG_20190714_162005_at the lake.jpg.supplement.json",
            "IMG_20190714_162005_at the lake.jpg.suppl.json",
            "IMG_20190714_162005_at the lake.jpg..json",
        ] {
            assert_eq!(of(photo, &[name]), [name]);
        }
        let long = "a name of a photo that is longer than all others are.jpg";
        let cut = "a name of a photo that is longer than all othe.json";
        assert_eq!(of(long, &[cut]), [cut]);
        assert_eq!(of(photo, &["IMG_20190714_162005.json"]), [""; 0]);
    }

    #[test]
    fn takeout_numbers_stand_elsewhere() {
        let names = [
            "IMG_0001.jpg.json",
            "IMG_0001.jpg(1).json",
            "IMG_0002.jpg.supplemental-metadata.json",
            "IMG_0002.jpg.supplemental-metadata(1).json",
        ];
        assert_eq!(of("IMG_0001.jpg", &names), ["IMG_0001.jpg.json"]);
        assert_eq!(of("IMG_0001(1).jpg", &names), ["IMG_0001.jpg(1).json"]);
        assert_eq!(of("IMG_0002(1).jpg", &names), ["IMG_0002.jpg.supplemental-metadata(1).json"]);
        assert!(of("IMG_0001(2).jpg", &names).is_empty());
        assert_eq!(of("IMG_0003(1).jpg", &["IMG_0003(1).jpg.json"]), ["IMG_0003(1).jpg.json"]);
    }

    #[test]
    fn the_film_of_a_live_photo_has_the_file_of_its_picture() {
        let names = ["IMG_0030.HEIC.supplemental-metadata.json", "IMG_0031.JPG.json"];
        assert_eq!(of("IMG_0030.MP4", &names), [names[0]]);
        assert_eq!(of("IMG_0031.mov", &names), [names[1]]);
        assert!(of("IMG_0030.png", &names).is_empty());
    }

    #[test]
    fn edited_copies_have_the_file_of_their_original() {
        let names = ["IMG_0001.jpg.json", "IMG_0001.jpg(1).json"];
        assert_eq!(of("IMG_0001-edited.jpg", &names), ["IMG_0001.jpg.json"]);
        assert_eq!(of("IMG_0001-bearbeitet.jpg", &names), ["IMG_0001.jpg.json"]);
        assert_eq!(of("IMG_0001-edited(1).jpg", &names), ["IMG_0001.jpg(1).json"]);
        let long = "A very long name of forty seven characters ab";
        let cut = format!("{long}.jpg").chars().take(46).collect::<String>() + ".json";
        assert_eq!(of(&format!("{long}-e.jpg"), &[&cut]), [cut.as_str()]);
        assert!(of("A short name-e.jpg", &["A short name.jpg.json"]).is_empty());
        let own = ["IMG_0001.jpg.json", "IMG_0001-edited.jpg.json"];
        assert_eq!(of("IMG_0001-edited.jpg", &own), ["IMG_0001-edited.jpg.json"]);
    }
}
