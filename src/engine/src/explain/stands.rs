//! Where words of a query stand in what is written about a photo.

use seer_store::{Derived, DerivedFile, DerivedText, Filter, TextKind, meets, written};
use seer_types::{PhotoFile, PhotoRecord};

use super::looked::Looked;

/// Files of one photo that are looked at.
const FILES: usize = 8;

/// A word that stands in what is written about a photo.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stands {
    /// The word.
    pub word: String,
    /// In what it stands.
    pub place: StandsIn,
    /// What is written there: the name of the file or folder, the tag, the caption, the line.
    pub text: String,
    /// The file's path, where that is what it is about.
    pub path: Option<String>,
}

/// In what a word stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StandsIn {
    /// The name of a file.
    Name,
    /// The name of a folder, from the indexed one down.
    Folder,
    /// A tag.
    Tag,
    /// A caption, title or comment.
    Caption,
    /// The name of a person in the picture.
    Person,
    /// The name of a place.
    Place,
    /// A line that can be read in the picture.
    Line,
}

impl From<TextKind> for StandsIn {
    fn from(kind: TextKind) -> Self {
        match kind {
            TextKind::Name => Self::Name,
            TextKind::Folder => Self::Folder,
            TextKind::Tag => Self::Tag,
            TextKind::Caption => Self::Caption,
            TextKind::Person => Self::Person,
            TextKind::Location | TextKind::Place => Self::Place,
            TextKind::Line => Self::Line,
        }
    }
}

/// Where each of the words stands, as [`Filter::Text`] finds it.
pub(super) fn stands(words: &[String], looked: &Looked<'_>) -> Vec<Stands> {
    let mut found = Vec::new();
    for word in words.iter().filter(|word| looked.may_hold(word)) {
        let (filter, texts) = (Filter::Text(word.clone()), looked.texts());
        if texts.files.iter().any(|file| meets(&filter, texts, file)) {
            found.extend(one(word, &filter, looked.photo, texts));
        }
    }
    found
}

/// Where one word stands; a folder of several files is told once.
fn one(word: &str, filter: &Filter, photo: &PhotoRecord, derived: &Derived) -> Vec<Stands> {
    let mut found: Vec<Stands> = Vec::new();
    let places = in_files(filter, photo, derived).into_iter();
    for (place, text, path) in places.chain(in_texts(filter, photo, derived)) {
        if !found.iter().any(|one| one.place == place && one.text == text) {
            found.push(Stands { word: word.to_owned(), place, text, path });
        }
    }
    found
}

/// In what, what is written there, and the path of the file.
type Place = (StandsIn, String, Option<String>);

/// The names of files and folders that hold the word, each looked at by itself.
fn in_files(filter: &Filter, photo: &PhotoRecord, derived: &Derived) -> Vec<Place> {
    let bare = bare(derived);
    let mut found = Vec::new();
    for (file, names) in photo.files.iter().zip(&derived.files).take(FILES) {
        let path = file.path.to_text();
        let holds = |name: &DerivedText, folders: &[DerivedText]| {
            let (name, folders) = (name.clone(), folders.to_vec());
            meets(filter, &bare, &DerivedFile { name, folders, ..names.clone() })
        };
        if holds(&names.name, &[]) {
            let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
            found.push((StandsIn::Name, name, Some(path.clone())));
        }
        for (folder, name) in names.folders.iter().zip(folders(file, names.folders.len())) {
            if holds(&nothing(), std::slice::from_ref(folder)) {
                found.push((StandsIn::Folder, name, Some(path.clone())));
            }
        }
    }
    found
}

/// The texts that hold the word, each looked at by itself.
fn in_texts(filter: &Filter, photo: &PhotoRecord, derived: &Derived) -> Vec<Place> {
    let (mut found, bare) = (Vec::new(), bare(derived));
    let first = derived.files.first();
    let nowhere =
        first.map(|file| DerivedFile { name: nothing(), folders: Vec::new(), ..file.clone() });
    for ((kind, text), one) in written(&photo.facts).into_iter().zip(&derived.texts) {
        let alone = Derived { texts: vec![one.clone()], ..bare.clone() };
        if nowhere.as_ref().is_some_and(|file| meets(filter, &alone, file)) {
            found.push((kind.into(), text.to_owned(), None));
        }
    }
    found
}

/// A photo of which nothing is written but its files' names.
fn bare(derived: &Derived) -> Derived {
    Derived { texts: Vec::new(), files: Vec::new(), ..derived.clone() }
}

fn nothing() -> DerivedText {
    DerivedText { kind: TextKind::Name, split: Vec::new(), joined: None }
}

/// The names of the last folders of a file's path.
fn folders(file: &PhotoFile, count: usize) -> Vec<String> {
    let parent = file.path.as_path().parent();
    let names = parent.into_iter().flat_map(|parent| parent.components());
    let names: Vec<String> =
        names.map(|name| name.as_os_str().to_string_lossy().into_owned()).collect();
    names[names.len().saturating_sub(count)..].to_vec()
}

#[cfg(test)]
mod tests {
    use seer_types::{FileStamp, LibraryPath, PhotoFacts, PhotoId};

    use super::*;

    #[test]
    fn each_word_says_where_it_stands() {
        let file = |path: &str| PhotoFile {
            path: LibraryPath::new(path),
            root: LibraryPath::new("/home/me/Pics"),
            stamp: FileStamp::new(1, 1),
        };
        let files =
            vec![file("/home/me/Pics/2019 Beach/dog at beach.jpg"), file("/home/me/Pics/x.jpg")];
        let facts = PhotoFacts {
            tags: vec!["Beach".into(), "Sea".into()],
            caption: Some("Over the sea".into()),
            ..PhotoFacts::default()
        };
        let photo = PhotoRecord { id: PhotoId([1; 32]), files, size: 1, facts, added: 0 };
        let words = ["beach", "sea", "me", "pics"].map(str::to_owned);
        let found = stands(&words, &Looked::at(&photo));
        let found: Vec<(&str, StandsIn, &str)> =
            found.iter().map(|one| (one.word.as_str(), one.place, one.text.as_str())).collect();
        let right = [
            ("beach", StandsIn::Name, "dog at beach.jpg"),
            ("beach", StandsIn::Folder, "2019 Beach"),
            ("beach", StandsIn::Tag, "Beach"),
            ("sea", StandsIn::Tag, "Sea"),
            ("sea", StandsIn::Caption, "Over the sea"),
            ("pics", StandsIn::Folder, "Pics"),
        ];
        assert_eq!(found, right);
    }
}
