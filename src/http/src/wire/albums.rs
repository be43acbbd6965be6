//! Smart albums as JSON.

use seer_engine::{Album as Kept, TimeOrder};
use serde::{Deserialize, Serialize};

use super::Sort;

/// A query under a name: in `GET /api/albums`, and as the body of `POST /api/albums`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Album {
    /// Its name: 1 to 100 characters.
    pub name: String,
    /// The query; empty: all photos.
    pub query: String,
    /// The order of its photos.
    #[serde(default)]
    pub sort: Sort,
    /// How many photos belong to it at the most where nobody can say how well they fit; 60 unless
    /// told.
    #[serde(default = "default_k")]
    pub k: u32,
}

fn default_k() -> u32 {
    60
}

/// All albums, by name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Albums {
    /// By the bytes of their names.
    pub albums: Vec<Album>,
}

/// Body of `POST /api/albums/remove`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlbumName {
    /// The album's name.
    pub name: String,
}

/// Body of `POST /api/albums/rename`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlbumRename {
    /// Its name until now.
    pub name: String,
    /// Its name from now on.
    pub to: String,
}

impl From<Kept> for Album {
    fn from(kept: Kept) -> Self {
        let sort = match kept.order {
            None => Sort::Relevance,
            Some(TimeOrder::NewestFirst) => Sort::Newest,
            Some(TimeOrder::OldestFirst) => Sort::Oldest,
        };
        Self { name: kept.name, query: kept.query, sort, k: kept.most }
    }
}

impl From<Album> for Kept {
    fn from(album: Album) -> Self {
        let order = match album.sort {
            Sort::Relevance => None,
            Sort::Newest => Some(TimeOrder::NewestFirst),
            Sort::Oldest => Some(TimeOrder::OldestFirst),
        };
        Self { name: album.name, query: album.query, order, most: album.k }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_album_survives_the_wire() {
        for sort in [Sort::Relevance, Sort::Newest, Sort::Oldest] {
            let album = Album { name: "sea".into(), query: "sea -fog".into(), sort, k: 7 };
            assert_eq!(Album::from(Kept::from(album.clone())), album);
        }
        let album: Album = serde_json::from_str(r#"{"name":"sea","query":""}"#).unwrap();
        assert_eq!((album.sort, album.k), (Sort::Relevance, 60));
        assert!(serde_json::from_str::<Album>(r#"{"name":"a","query":"","path":"/x"}"#).is_err());
    }
}
