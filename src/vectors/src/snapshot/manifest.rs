//! The manifest: two lines of JSON, the second of which vouches for the first.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use seer_types::{IndexKind, ModelFingerprint};
use serde::{Deserialize, Serialize};

use super::{MANIFEST, SnapshotError, io_error};

/// The format this version writes.
pub(crate) const FORMAT: u32 = 5;

/// The earliest format this version reads. It has neither `kind` nor `graphs`.
pub(crate) const OLDEST: u32 = 3;

/// The last format whose vectors are f32.
const SINGLE_PRECISION: u32 = 4;

/// A manifest has about one kilobyte; what is longer is none.
const MOST_BYTES: u64 = 1 << 16;

/// What a snapshot consists of.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    /// From [`OLDEST`] to [`FORMAT`].
    pub(crate) format: u32,
    /// Part of the file names; higher than in the snapshot before.
    pub(crate) generation: u64,
    pub(crate) model: ModelFingerprint,
    pub(crate) dim: u64,
    pub(crate) watermark: u64,
    /// How the vectors are to be indexed.
    #[serde(default)]
    pub(crate) kind: IndexKind,
    /// "ivf" when there are lists, "hnsw" when there are graphs, else "exact".
    pub(crate) method: String,
    /// Rows with a vector.
    pub(crate) count: u64,
    /// Vectors in the file, replaced and removed ones included.
    pub(crate) slots: u64,
    pub(crate) lists: Option<ListsEntry>,
    #[serde(default)]
    pub(crate) graphs: Option<Vec<GraphEntry>>,
    /// Vectors, rows; with lists their centroids and contents, with graphs their file; in this
    /// order.
    pub(crate) files: Vec<FileEntry>,
    /// BLAKE3 of the file with the sums of all blocks, 64 hex digits.
    pub(crate) sums: String,
}

/// The inverted lists' numbers.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListsEntry {
    /// How many there are.
    pub(crate) lists: u64,
    /// Vectors there were when the centroids were chosen.
    pub(crate) trained: u64,
}

/// The numbers of one graph.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GraphEntry {
    /// Slots it is of, from the end of the graph before on.
    pub(crate) slots: u64,
    /// Points there were when it was built.
    pub(crate) built: u64,
    /// Points that are looked at first: where walks begin, and those that no walk reaches.
    pub(crate) starts: u64,
    /// Links of all points.
    pub(crate) links: u64,
}

/// A file and what it must be.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileEntry {
    pub(crate) name: String,
    pub(crate) bytes: u64,
}

/// The second line. This much stays the same in all later formats, so that damage is told from
/// novelty.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seal {
    /// BLAKE3 of the first line, without its line feed.
    blake3: String,
}

/// What is read of a format not known.
#[derive(Deserialize)]
struct AnyFormat {
    format: u32,
}

impl Manifest {
    /// Whether it is of a format whose vectors are f32.
    pub(crate) fn is_single_precision(&self) -> bool {
        self.format <= SINGLE_PRECISION
    }

    /// Both lines.
    pub(crate) fn encode(&self) -> io::Result<String> {
        let line = serde_json::to_string(self)?;
        let seal = Seal { blake3: blake3::hash(line.as_bytes()).to_hex().to_string() };
        Ok(format!("{line}\n{}\n", serde_json::to_string(&seal)?))
    }

    /// Reads what [`Manifest::encode`] wrote.
    pub(crate) fn decode(text: &[u8]) -> Result<Self, SnapshotError> {
        let damaged = |what: &str| SnapshotError::Damaged { what: format!("{MANIFEST}: {what}") };
        let mut lines = text.split(|byte| *byte == b'\n');
        let (Some(line), Some(seal), Some([]), None) =
            (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(damaged("it does not have two lines"));
        };
        let seal: Seal =
            serde_json::from_slice(seal).map_err(|_| damaged("its second line is unreadable"))?;
        if seal.blake3 != blake3::hash(line).to_hex().as_str() {
            return Err(damaged("its checksum is wrong"));
        }
        let any: AnyFormat =
            serde_json::from_slice(line).map_err(|_| damaged("it names no format"))?;
        if any.format > FORMAT {
            return Err(SnapshotError::NewerFormat { found: any.format, supported: FORMAT });
        }
        if any.format < OLDEST {
            return Err(SnapshotError::OlderFormat { found: any.format, supported: OLDEST });
        }
        serde_json::from_slice(line).map_err(|error| damaged(&error.to_string()))
    }

    /// Reads the manifest of a folder.
    pub(crate) fn read(folder: &Path) -> Result<Self, SnapshotError> {
        let path = folder.join(MANIFEST);
        let mut text = Vec::new();
        match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(SnapshotError::Missing { folder: folder.to_path_buf() });
            }
            opened => opened
                .and_then(|file| file.take(MOST_BYTES).read_to_end(&mut text))
                .map_err(io_error("read", &path))?,
        };
        Self::decode(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Manifest {
        Manifest {
            format: FORMAT,
            generation: 3,
            model: ModelFingerprint([7; 16]),
            dim: 512,
            watermark: 99,
            kind: IndexKind::Hnsw,
            method: "exact".into(),
            count: 10,
            slots: 12,
            lists: None,
            graphs: None,
            files: vec![FileEntry { name: "rows.3.u32".into(), bytes: 48 }],
            sums: "ab".into(),
        }
    }

    fn sealed(line: &str) -> String {
        format!("{line}\n{{\"blake3\":\"{}\"}}\n", blake3::hash(line.as_bytes()).to_hex())
    }

    #[test]
    fn survives_a_round_trip() {
        let text = example().encode().unwrap();
        assert_eq!(Manifest::decode(text.as_bytes()).unwrap(), example());
        assert!(text.starts_with(r#"{"format":5,"generation":3,"model":"0707"#), "{text}");
    }

    #[test]
    fn every_changed_byte_and_every_cut_is_noticed() {
        let text = example().encode().unwrap().into_bytes();
        for place in 0..text.len() {
            let mut changed = text.clone();
            changed[place] ^= 1;
            assert!(Manifest::decode(&changed).is_err(), "byte {place} changed");
            assert!(Manifest::decode(&text[..place]).is_err(), "cut at {place}");
        }
        let mut longer = text.clone();
        longer.push(b'\n');
        assert!(Manifest::decode(&longer).is_err());
        assert!(Manifest::decode(&text).is_ok(), "the control");
    }

    #[test]
    fn another_format_is_no_damage() {
        let error = |line| Manifest::decode(sealed(line).as_bytes()).unwrap_err();
        let newer = error(r#"{"format":6,"shards":[]}"#);
        assert!(matches!(newer, SnapshotError::NewerFormat { found: 6, supported: 5 }), "{newer}");
        let older = error(r#"{"format":1,"graph":null}"#);
        assert!(matches!(older, SnapshotError::OlderFormat { found: 1, supported: 3 }), "{older}");
    }

    #[test]
    fn unknown_fields_are_refused_by_name() {
        let line = serde_json::to_string(&example()).unwrap().replace("\"count\"", "\"cuont\"");
        let error = Manifest::decode(sealed(&line).as_bytes()).unwrap_err().to_string();
        assert!(error.contains("cuont"), "{error}");
    }
}
