//! Smart albums as JSON.

use seer_engine::{Album as Kept, Picked as Changed, TimeOrder};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Sort;

/// A query under a name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
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
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Albums {
    /// By the bytes of their names.
    pub albums: Vec<Album>,
}

/// Body of `POST /api/albums`: an [`Album`] in which nothing else stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlbumSave {
    /// As in [`Album`].
    pub name: String,
    /// As in [`Album`].
    pub query: String,
    /// As in [`Album`].
    #[serde(default)]
    pub sort: Sort,
    /// As in [`Album`].
    #[serde(default = "default_k")]
    pub k: u32,
}

/// Body of `POST /api/albums/photos`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlbumPhotos {
    /// The name of an album of picked photos; one that is not there is made.
    pub name: String,
    /// Ids of 64 hex digits.
    pub photos: Vec<String>,
    /// Whether the photos are put in; false: they are taken out.
    #[serde(rename = "in")]
    pub put_in: bool,
}

/// Answer to `POST /api/albums/photos`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Picked {
    /// Photos that were put in, or taken out.
    pub changed: usize,
    /// Photos of the album now; those that are deleted are counted too.
    pub photos: usize,
}

/// Body of `POST /api/albums/remove`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlbumName {
    /// The album's name.
    pub name: String,
}

/// Body of `POST /api/albums/rename`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlbumRename {
    /// Its name until now.
    pub name: String,
    /// Its name from now on.
    pub to: String,
}

impl From<Changed> for Picked {
    fn from(Changed { changed, photos }: Changed) -> Self {
        Self { changed, photos }
    }
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

impl From<Album> for AlbumSave {
    fn from(Album { name, query, sort, k }: Album) -> Self {
        Self { name, query, sort, k }
    }
}

impl From<AlbumSave> for Album {
    fn from(AlbumSave { name, query, sort, k }: AlbumSave) -> Self {
        Self { name, query, sort, k }
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
        let album: AlbumSave = serde_json::from_str(r#"{"name":"sea","query":""}"#).unwrap();
        assert_eq!((album.sort, album.k), (Sort::Relevance, 60));
        let more = r#"{"name":"a","query":"","path":"/x"}"#;
        assert!(serde_json::from_str::<AlbumSave>(more).is_err(), "refused in requests");
        assert!(serde_json::from_str::<Album>(more).is_ok(), "ignored in answers");
    }
}
