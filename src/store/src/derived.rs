//! From a record to the values by which its photo is found.

use std::path::Component;

use seer_types::{Coordinates, PhotoFacts, PhotoFile, PhotoId, PhotoRecord, Place, Taken};

use crate::classes::{self, DerivedClass};
use crate::facets::facets_of;
use crate::fold::{fold, fold_path};
use crate::geometry::is_place;
use crate::terms::{extension_key, spaced, tag_keys, word_set};
use crate::words::{Reading, words};

/// What a photo with files is found by.
#[derive(Clone, PartialEq, Debug)]
pub struct Derived {
    /// Which photo.
    pub id: PhotoId,
    /// File length in bytes.
    pub size: u64,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// The format by content, folded: "jpeg".
    pub format: String,
    /// When it was taken.
    pub taken: Option<Taken>,
    /// Its place among the newest: when it was taken (of a partial date: its start), else when its oldest file was last changed,
    /// in seconds.
    pub time: i64,
    /// Where it was taken, if that can be a place.
    pub position: Option<Coordinates>,
    /// Words of make and model in both readings; see [`word_set`].
    pub camera: String,
    /// Words of the lens's name in both readings; see [`word_set`].
    pub lens: String,
    /// Keys of its tags and likely classes; see [`tag_keys`].
    pub tags: Vec<String>,
    /// What a classifier takes it to show.
    pub classes: Vec<DerivedClass>,
    /// One for each of its files, in the record's order.
    pub files: Vec<DerivedFile>,
    /// Its stars, 1 to 5.
    pub rating: Option<u8>,
    /// The values that it is counted by, each with the letter of its kind in front; for
    /// [`crate::FacetCounts::add`].
    pub facets: Vec<String>,
    /// All that was written about it, or can be read in it.
    pub texts: Vec<DerivedText>,
}

/// What a file is found by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DerivedFile {
    /// The folded path; see [`fold_path`].
    pub path: String,
    /// The folded path up to and with the last slash.
    pub parent: String,
    /// See [`extension_key`].
    pub extension: Option<String>,
    /// Its name.
    pub name: DerivedText,
    /// The names of its folders, from the indexed one down.
    pub folders: Vec<DerivedText>,
}

/// A text as words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DerivedText {
    /// Where it stands.
    pub kind: TextKind,
    /// Its words in [`Reading::Split`].
    pub split: Vec<String>,
    /// Its words in [`Reading::Joined`], where they are others.
    pub joined: Option<Vec<String>>,
}

impl DerivedText {
    /// Its words in both readings with a space around each: ` beach party | beachparty `.
    pub fn spaced(&self) -> String {
        let split = spaced(&self.split);
        match &self.joined {
            Some(joined) => format!("{split}|{}", spaced(joined)),
            None => split,
        }
    }
}

/// Where a text stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TextKind {
    /// The name of a file.
    Name,
    /// The name of a folder, from the indexed one down.
    Folder,
    /// A tag.
    Tag,
    /// A description, title or comment, or what a model says that it shows.
    Caption,
    /// The name of a person in it.
    Person,
    /// The name of a place where it was taken, as somebody wrote it.
    Location,
    /// The name of the place at its position.
    Place,
    /// A line that can be read in it.
    Line,
}

impl Derived {
    /// What this record's photo is found by.
    pub fn of(record: &PhotoRecord) -> Self {
        let facts = &record.facts;
        let tags = facts.tags.iter().map(String::as_str).chain(classes::tags(&facts.classes));
        Self {
            id: record.id,
            size: record.size,
            width: facts.width,
            height: facts.height,
            format: fold(&facts.format),
            taken: facts.taken,
            rating: facts.rating.filter(|stars| (1..=5).contains(stars)),
            time: time_of(record),
            position: facts.position.filter(|place| is_place(*place)),
            camera: word_set(&[facts.camera_make.as_deref(), facts.camera_model.as_deref()]),
            lens: word_set(&[facts.lens.as_deref()]),
            tags: tags.flat_map(tag_keys).collect(),
            classes: classes::derived(&facts.classes),
            files: record.files.iter().map(file).collect(),
            facets: facets_of(facts),
            texts: written(facts).into_iter().map(|(kind, words)| text(kind, words)).collect(),
        }
    }
}

/// All texts about a photo that are looked through, each with where it stands. Classes are not among
/// them: they are a model's guesses at single words.
pub fn written(facts: &PhotoFacts) -> Vec<(TextKind, &str)> {
    let captions = facts.caption.iter().chain(&facts.descriptions).chain(&facts.generated_caption);
    let named = facts.place.iter().flat_map(Place::names);
    let places = named.flat_map(|name| std::iter::once(&name.english).chain(&name.local));
    let lines = facts.text_lines.iter().map(|line| &line.text);
    let tags = facts.tags.iter().map(|text| (TextKind::Tag, text));
    let all = tags
        .chain(captions.map(|text| (TextKind::Caption, text)))
        .chain(facts.people.iter().map(|text| (TextKind::Person, text)))
        .chain(facts.locations.iter().map(|text| (TextKind::Location, text)))
        .chain(places.map(|text| (TextKind::Place, text)))
        .chain(lines.map(|text| (TextKind::Line, text)));
    all.map(|(kind, text)| (kind, text.as_str())).collect()
}

fn text(kind: TextKind, text: &str) -> DerivedText {
    let split = words(text, Reading::Split);
    let joined = Some(words(text, Reading::Joined)).filter(|joined| *joined != split);
    DerivedText { kind, split, joined }
}

fn file(file: &PhotoFile) -> DerivedFile {
    let path = fold_path(&file.path.to_text());
    let parent = path.rfind('/').map_or("", |slash| &path[..=slash]).to_owned();
    let extension = file.path.as_path().extension();
    let extension = extension.map(|extension| extension_key(&extension.to_string_lossy()));
    let name = file.path.as_path().file_name().unwrap_or_default();
    let name = text(TextKind::Name, &name.to_string_lossy());
    let folders = folders_from_root(file);
    let folders = folders.iter().map(|folder| text(TextKind::Folder, folder)).collect();
    DerivedFile { path, parent, extension, name, folders }
}

/// When a photo was taken, in seconds; without such a date, when its oldest file was last changed.
pub fn time_of(record: &PhotoRecord) -> i64 {
    match record.facts.taken {
        Some(taken) => taken.start.seconds(),
        None => {
            let oldest = record.files.iter().map(|file| file.stamp.modified_ns).min();
            oldest.unwrap_or(0).div_euclid(1_000_000_000)
        }
    }
}

/// Names of the folders from the indexed one down to the file. What lies above it ("home",
/// a user's name) says nothing about a photo.
fn folders_from_root(file: &PhotoFile) -> Vec<String> {
    let parent = file.path.as_path().parent().unwrap_or(file.path.as_path());
    let above = file.root.as_path().parent();
    let below = above.and_then(|above| parent.strip_prefix(above).ok()).unwrap_or(parent);
    let normal = |part: Component<'_>| match part {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    };
    below.components().filter_map(normal).collect()
}

#[cfg(test)]
mod tests {
    use seer_types::{FileStamp, LibraryPath, PhotoClass, PhotoId};

    use super::*;

    fn at(path: &str, root: &str) -> PhotoFile {
        let stamp = FileStamp::new(1, 3_999_999_999);
        PhotoFile { path: LibraryPath::new(path), root: LibraryPath::new(root), stamp }
    }

    #[test]
    fn folders_count_from_the_indexed_one() {
        let folders = |path: &str, root: &str| folders_from_root(&at(path, root));
        assert_eq!(folders("/home/me/Pics/2019/a.jpg", "/home/me/Pics"), ["Pics", "2019"]);
        assert_eq!(folders("/a.jpg", "/"), [""; 0]);
        assert_eq!(folders("/x/a.jpg", "/"), ["x"]);
        assert_eq!(folders("/other/a.jpg", "/home/me"), ["other"]);
    }

    #[test]
    fn a_record_has_values_to_be_found_by() {
        let facts = PhotoFacts {
            width: 4,
            height: 3,
            format: "JPEG".into(),
            position: Some(Coordinates { latitude: 91.0, longitude: 0.0 }),
            camera_model: Some("iPhone 6s".into()),
            tags: vec!["Places|Berlin".into()],
            classes: vec![PhotoClass { names: "dog, domestic dog".into(), probability: 0.25 }],
            ..PhotoFacts::default()
        };
        let files = vec![at("/home/me/Pics/BeachParty.JPG", "/home/me/Pics")];
        let id = PhotoId([1; 32]);
        let derived = Derived::of(&PhotoRecord { id, files, size: 9, facts, added: 0 });
        assert_eq!((derived.time, derived.taken, derived.position), (3, None, None));
        assert_eq!(
            (derived.format.as_str(), derived.camera.as_str()),
            ("jpeg", "i phone 6 s iphone")
        );
        assert_eq!(derived.tags, ["places berlin", "places", "berlin", "dog", "domestic dog"]);
        let class = DerivedClass { names: "dog, domestic dog".into(), level: 16 };
        assert_eq!(derived.classes, [class]);
        let file = &derived.files[0];
        assert_eq!(
            (file.path.as_str(), file.parent.as_str(), file.extension.as_deref()),
            ("/home/me/pics/beachparty.jpg", "/home/me/pics/", Some("jpg"))
        );
        assert_eq!(file.name.spaced(), " beach party jpg | beachparty jpg ");
        let folders: Vec<String> = file.folders.iter().map(DerivedText::spaced).collect();
        assert_eq!(folders, [" pics "]);
        let [tag] = derived.texts.as_slice() else { panic!("{:?}", derived.texts) };
        assert_eq!((tag.kind, tag.spaced().as_str()), (TextKind::Tag, " places berlin "));
    }
}
