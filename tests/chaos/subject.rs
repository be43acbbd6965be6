//! The real program with one library, and what it says about itself.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::album::Contents;
use crate::support::{Place, Ran};

/// The most that one search gives.
pub const PAGE: usize = 1000;

/// A library, the photo folder it is of, and the model it is to be used with.
#[derive(Clone)]
pub struct Subject<'a> {
    pub place: &'a Place,
    pub library: PathBuf,
    pub model: PathBuf,
}

impl<'a> Subject<'a> {
    /// The library in the place itself.
    pub fn of(place: &'a Place, model: &Path) -> Self {
        Self { place, library: place.library(), model: model.to_path_buf() }
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = self.place.command(args);
        command.env("SEER_LIBRARY", &self.library).env("SEER_MODEL", &self.model);
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().expect("seer starts"))
    }

    /// Arguments that bring the library in step with the photo folder.
    pub fn index_args(&self, prune: bool) -> Vec<String> {
        let mut args = vec!["index".to_owned(), "--json".to_owned()];
        args.extend(prune.then(|| "--prune".to_owned()));
        args.push(self.place.photos().to_str().expect("text path").to_owned());
        args
    }

    pub fn index(&self, prune: bool) -> Ran {
        let args = self.index_args(prune);
        self.run(&args.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Every file of the library with the content it has there.
    ///
    /// # Errors
    /// When the search fails, and when a path is listed twice.
    pub fn listing(&self) -> Result<Contents, String> {
        let mut photos = self.page(0)?;
        let mut last = photos.len();
        while last == PAGE {
            let next = self.page(photos.len())?;
            last = next.len();
            photos.extend(next);
        }
        let mut contents = Contents::new();
        for photo in photos {
            let id = photo["id"].as_str().expect("id");
            for file in photo["files"].as_array().expect("files") {
                let path = PathBuf::from(file["path"].as_str().expect("path"));
                if contents.insert(path.clone(), id.to_owned()).is_some() {
                    return Err(format!("search: {} is listed twice", path.display()));
                }
            }
        }
        Ok(contents)
    }

    /// The newest photos from one on.
    fn page(&self, offset: usize) -> Result<Vec<Value>, String> {
        let (most, offset) = (PAGE.to_string(), offset.to_string());
        let ran = self.run(&["search", "--all", "--json", "-k", &most, "--offset", &offset]);
        match ran.code {
            0 => Ok(ran.json()),
            1 if ran.out.is_empty() => Ok(Vec::new()),
            _ => Err(format!("search: {}", trouble(&ran))),
        }
    }
}

/// Exit status and error of a run that should have gone well.
pub fn trouble(ran: &Ran) -> String {
    format!("exit {}: {}", ran.code, ran.err.trim())
}
