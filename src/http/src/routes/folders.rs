//! `GET /api/folders`: folders of the server's machine, for whoever may add one to the library.

use std::path::{Path, PathBuf};

use actix_web::{HttpRequest, HttpResponse};

use super::fresh::fresh;
use super::pairs;
use crate::access::Permit;
use crate::errors::{ApiError, BAD_REQUEST};
use crate::wire;

/// Folders in one answer.
const MOST: usize = 1000;

/// `?in=`: an absolute path; without it the home folder of the user who runs the server.
pub(super) async fn list(state: Permit, http: HttpRequest) -> Result<HttpResponse, ApiError> {
    let asked = pairs(http.query_string(), &["in"])?.pop().map(|(_, path)| PathBuf::from(path));
    let folder = match asked {
        Some(folder) if !folder.is_absolute() => {
            let shown: String = folder.to_string_lossy().chars().take(400).collect();
            let message = format!("\"{shown}\" is not an absolute path on the server's machine");
            return Err(ApiError::new(BAD_REQUEST, message));
        }
        Some(folder) => folder,
        None => std::env::home_dir().unwrap_or_else(|| PathBuf::from("/")),
    };
    let answer = state.readings.run(move || listed(&folder)).await??;
    Ok(fresh(&answer))
}

/// What a person would see there: no hidden folders, by name.
fn listed(folder: &Path) -> Result<wire::Folders, ApiError> {
    let shown = folder.display();
    let refused = |error: std::io::Error| {
        ApiError::new(BAD_REQUEST, format!("cannot look into \"{shown}\": {error}"))
    };
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(refused)? {
        let Ok(name) = entry.map_err(refused)?.file_name().into_string() else { continue };
        if !name.starts_with('.') && folder.join(&name).is_dir() {
            folders.push(name);
        }
    }
    folders.sort_unstable();
    let more = folders.len() > MOST;
    folders.truncate(MOST);
    let text = |path: &Path| path.to_string_lossy().into_owned();
    Ok(wire::Folders { folder: text(folder), parent: folder.parent().map(text), folders, more })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_listed_by_name_and_hidden_ones_and_files_are_not() {
        let place = tempfile::tempdir().unwrap();
        for name in ["b", "a", ".hidden", "ünlaut"] {
            std::fs::create_dir(place.path().join(name)).unwrap();
        }
        std::fs::write(place.path().join("file.jpg"), "").unwrap();
        let answer = listed(place.path()).unwrap();
        assert_eq!(answer.folders, ["a", "b", "ünlaut"]);
        assert_eq!(answer.folder, place.path().to_str().unwrap());
        assert_eq!(answer.parent.as_deref(), place.path().parent().unwrap().to_str());
        assert!(!answer.more);
        let error = listed(&place.path().join("none")).unwrap_err();
        assert!(error.message.contains("none"), "{error}");
    }
}
