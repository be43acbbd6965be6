//! A folder of small pictures that changes between rounds in every way a photo folder does.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::random::Random;

/// Which picture lies under which path: the BLAKE3 of its content in hex digits.
pub type Contents = BTreeMap<PathBuf, String>;

/// The album's sub-folders.
const FOLDERS: [&str; 3] = ["spring", "summer", "autumn"];

/// A photo folder and what was made in it so far.
pub struct Album {
    folder: PathBuf,
    /// How many pictures were made: the next one's number, so that no two are alike.
    made: u64,
}

impl Album {
    /// An album of `photos` pictures in `folder`.
    pub fn new(folder: PathBuf, photos: u64) -> Self {
        for name in FOLDERS {
            std::fs::create_dir_all(folder.join(name)).expect("sub-folder");
        }
        let mut album = Self { folder, made: 0 };
        (0..photos).for_each(|_| album.add());
        album
    }

    /// What lies in it now. Broken files are no photos and left out.
    pub fn contents(&self) -> Contents {
        let mut contents = Contents::new();
        for name in FOLDERS {
            for path in files(&self.folder.join(name)) {
                if path.extension().is_some_and(|ext| ext == "ppm") {
                    let bytes = std::fs::read(&path).expect("picture");
                    contents.insert(path, blake3::hash(&bytes).to_string());
                }
            }
        }
        contents
    }

    /// Makes `changes` changes of all kinds.
    pub fn disturb(&mut self, random: &mut Random, changes: u64) {
        for _ in 0..changes {
            match random.below(10) {
                0..=2 => self.add(),
                3 => self.break_one(),
                _ => self.disturb_one(random),
            }
        }
    }

    /// Changes, moves, renames, copies or removes one picture.
    fn disturb_one(&mut self, random: &mut Random) {
        let contents = self.contents();
        let paths: Vec<&PathBuf> = contents.keys().collect();
        if paths.len() < 12 {
            return self.add();
        }
        let path = *random.pick(&paths);
        let name = path.file_name().expect("name");
        let elsewhere = self.folder.join(*random.pick(&FOLDERS)).join(name);
        match random.below(5) {
            0 => self.write(path.clone()),
            1 => rename(path, &elsewhere),
            2 => rename(path, &self.next_path("renamed")),
            3 => {
                std::fs::copy(path, self.next_path("copy")).expect("copy a picture");
            }
            _ => std::fs::remove_file(path).expect("remove a picture"),
        }
    }

    /// Removes every picture of one sub-folder.
    pub fn empty_a_folder(&mut self, random: &mut Random) {
        for path in files(&self.folder.join(*random.pick(&FOLDERS))) {
            std::fs::remove_file(path).expect("remove a picture");
        }
    }

    pub fn add(&mut self) {
        let path = self.next_path("photo");
        self.write(path);
    }

    /// A file that has a picture's name and is none.
    fn break_one(&mut self) {
        let path = self.next_path("broken").with_extension("jpg");
        std::fs::write(path, b"\xff\xd8\xff\xe0 cut off").expect("write a broken file");
    }

    fn next_path(&mut self, word: &str) -> PathBuf {
        self.made += 1;
        let folder = FOLDERS[self.made as usize % FOLDERS.len()];
        self.folder.join(folder).join(format!("{word}-{}.ppm", self.made))
    }

    /// A small picture of its own content, in the plainest format there is.
    fn write(&mut self, path: PathBuf) {
        self.made += 1;
        let number = self.made;
        let mut bytes = b"P6 32 24 255\n".to_vec();
        bytes.extend(number.to_le_bytes());
        bytes.extend((8..32 * 24 * 3).map(|i: u64| (i * (number + 3)) as u8));
        std::fs::write(path, bytes).expect("write a picture");
    }
}

fn rename(from: &Path, to: &Path) {
    std::fs::rename(from, to).expect("rename a picture");
}

/// The files of a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a readable folder");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("entry").path()).collect();
    paths.sort();
    paths
}
