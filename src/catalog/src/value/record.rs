//! The value of a photo.

use seer_store::MoreFacts;
use seer_types::{
    CameraSettings, Coordinates, FileStamp, LibraryPath, LocalTime, PhotoClass, PhotoFacts,
    PhotoFile, PhotoId, PhotoRecord, RowId, Signature,
};
use serde::{Deserialize, Serialize};

use super::{BadValue, V1, V2, V3, V4, V5, V6, decode, decode_as, encode_as};
use crate::entry::Entry;

/// The bytes of a record with its row.
pub(crate) fn encode_record(entry: &Entry) -> Result<Vec<u8>, BadValue> {
    let record = &entry.record;
    let classes = &record.facts.classes;
    let names = classes.iter().map(|class| class.names.clone()).collect();
    let second = RecordV2 { first: RecordV1::new(entry), classes: names };
    let states = record.files.iter().map(|f| (f.stamp.changed_ns, f.stamp.inode)).collect();
    let probabilities = classes.iter().map(|class| class.probability).collect();
    let fourth = RecordV4 { third: RecordV3 { second, states }, probabilities };
    let signature = record.facts.signature.as_ref().map(|signature| signature.bytes().to_vec());
    let fifth = RecordV5 { fourth, signature };
    let sidecars = record.files.iter().map(|file| file.stamp.sidecars).collect();
    let more = Some(MoreFacts::of(&record.facts));
    encode_as(V6, &RecordV6 { fifth, sidecars, more })
}

/// A record with its row from bytes of any version so far.
pub(crate) fn decode_record(id: PhotoId, bytes: &[u8]) -> Result<Entry, BadValue> {
    let kind = "photo";
    let second = |first| RecordV2 { first, classes: Vec::new() };
    let third = |second| RecordV3 { second, states: Vec::new() };
    let fourth = |third| RecordV4 { third, probabilities: Vec::new() };
    let fifth = |fourth| RecordV5 { fourth, signature: None };
    let sixth = |fifth| RecordV6 { fifth, sidecars: Vec::new(), more: None };
    let record = match bytes.first() {
        Some(&V1) => sixth(fifth(fourth(third(second(decode(kind, bytes)?))))),
        Some(&V2) => sixth(fifth(fourth(third(decode_as(V2, kind, bytes)?)))),
        Some(&V3) => sixth(fifth(fourth(decode_as(V3, kind, bytes)?))),
        Some(&V4) => sixth(fifth(decode_as(V4, kind, bytes)?)),
        Some(&V5) => sixth(decode_as(V5, kind, bytes)?),
        _ => decode_as(V6, kind, bytes)?,
    };
    let RecordV6 { fifth, sidecars, more } = record;
    let RecordV5 { fourth: RecordV4 { third, probabilities }, signature } = fifth;
    let RecordV3 { second, states } = third;
    let RecordV2 { first, classes } = second;
    let probabilities = probabilities.into_iter().chain(std::iter::repeat(PhotoClass::LIKELY));
    let class = |(names, probability)| PhotoClass { names, probability };
    let row = RowId(first.row);
    let mut record = first.into_record(id);
    record.facts.classes = classes.into_iter().zip(probabilities).map(class).collect();
    record.facts.signature = signature.map(as_signature).transpose()?;
    for (file, (changed_ns, inode)) in record.files.iter_mut().zip(states) {
        file.stamp = FileStamp { changed_ns, inode, ..file.stamp };
    }
    for (file, sidecars) in record.files.iter_mut().zip(sidecars) {
        file.stamp.sidecars = sidecars;
    }
    if let Some(more) = more {
        record.facts = more.add_to(record.facts);
    }
    Ok(Entry { row, record })
}

fn as_signature(bytes: Vec<u8>) -> Result<Signature, BadValue> {
    Signature::try_from(bytes).map_err(BadValue)
}

/// In postcard the fields of the fifth version, then the new ones.
#[derive(Serialize, Deserialize)]
struct RecordV6 {
    fifth: RecordV5,
    /// Of each file, in the order of the files.
    sidecars: Vec<u64>,
    /// Written with every record of this version.
    more: Option<MoreFacts>,
}

/// In postcard the fields of the fourth version, then the new one.
#[derive(Serialize, Deserialize)]
struct RecordV5 {
    fourth: RecordV4,
    /// The bytes of a signature.
    signature: Option<Vec<u8>>,
}

/// In postcard the fields of the third version, then the new one.
#[derive(Serialize, Deserialize)]
struct RecordV4 {
    third: RecordV3,
    /// Of each class, in their order.
    probabilities: Vec<f32>,
}

/// In postcard the fields of the second version, then the new one.
#[derive(Serialize, Deserialize)]
struct RecordV3 {
    second: RecordV2,
    /// Change time and inode of each file, in the order of the files.
    states: Vec<(Option<i64>, Option<u64>)>,
}

/// In postcard the fields of the first version, then the new one.
#[derive(Serialize, Deserialize)]
struct RecordV2 {
    first: RecordV1,
    classes: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct RecordV1 {
    row: u32,
    size: u64,
    added: i64,
    width: u32,
    height: u32,
    format: String,
    taken: Option<i64>,
    camera_make: Option<String>,
    camera_model: Option<String>,
    lens: Option<String>,
    exposure_seconds: Option<f64>,
    f_number: Option<f64>,
    iso: Option<u32>,
    focal_mm: Option<f64>,
    /// Latitude, longitude.
    position: Option<(f64, f64)>,
    tags: Vec<String>,
    caption: Option<String>,
    /// Path, root, size, modified_ns; sorted by path.
    files: Vec<(Vec<u8>, Vec<u8>, u64, i64)>,
}

impl RecordV1 {
    fn new(entry: &Entry) -> Self {
        let record = &entry.record;
        let facts = &record.facts;
        Self {
            row: entry.row.0,
            size: record.size,
            added: record.added,
            width: facts.width,
            height: facts.height,
            format: facts.format.clone(),
            taken: facts.taken.map(|taken| taken.start.seconds()),
            camera_make: facts.camera_make.clone(),
            camera_model: facts.camera_model.clone(),
            lens: facts.lens.clone(),
            exposure_seconds: facts.settings.exposure_seconds,
            f_number: facts.settings.f_number,
            iso: facts.settings.iso,
            focal_mm: facts.settings.focal_mm,
            position: facts.position.map(|place| (place.latitude, place.longitude)),
            tags: facts.tags.clone(),
            caption: facts.caption.clone(),
            files: record.files.iter().map(stored_file).collect(),
        }
    }

    fn into_record(self, id: PhotoId) -> PhotoRecord {
        let facts = PhotoFacts {
            width: self.width,
            height: self.height,
            format: self.format,
            taken: self.taken.map(|at| LocalTime::from_seconds(at).into()),
            camera_make: self.camera_make,
            camera_model: self.camera_model,
            lens: self.lens,
            settings: CameraSettings {
                exposure_seconds: self.exposure_seconds,
                f_number: self.f_number,
                iso: self.iso,
                focal_mm: self.focal_mm,
            },
            position: self
                .position
                .map(|(latitude, longitude)| Coordinates { latitude, longitude }),
            tags: self.tags,
            caption: self.caption,
            ..PhotoFacts::default()
        };
        PhotoRecord {
            id,
            files: self.files.into_iter().map(known_file).collect(),
            size: self.size,
            facts,
            added: self.added,
        }
    }
}

fn stored_file(file: &PhotoFile) -> (Vec<u8>, Vec<u8>, u64, i64) {
    let FileStamp { size, modified_ns, .. } = file.stamp;
    (file.path.to_bytes(), file.root.to_bytes(), size, modified_ns)
}

fn known_file((path, root, size, modified_ns): (Vec<u8>, Vec<u8>, u64, i64)) -> PhotoFile {
    PhotoFile {
        path: LibraryPath::from_bytes(&path),
        root: LibraryPath::from_bytes(&root),
        stamp: FileStamp::new(size, modified_ns),
    }
}

#[cfg(test)]
mod tests {
    use seer_types::{DateSource, Taken};

    use super::*;
    use crate::tests::{facts, file};
    use crate::value::encode;

    #[test]
    fn all_versions_are_read() {
        let (id, row, files) = (PhotoId([7; 32]), RowId(3), vec![file("/photos/a.jpg")]);
        let record = PhotoRecord { id, files, size: 9, facts: facts(), added: -4 };
        let mut entry = Entry { row, record };
        let old = encode(&RecordV1::new(&entry)).unwrap();
        assert_eq!(decode_record(id, &old), Ok(entry.clone()));
        let names = "laptop, laptop computer".to_owned();
        entry.record.facts.classes = vec![PhotoClass { names: names.clone(), probability: 0.2 }];
        let second =
            |entry: &Entry| RecordV2 { first: RecordV1::new(entry), classes: vec![names.clone()] };
        let old = encode_as(V2, &second(&entry)).unwrap();
        assert_eq!(decode_record(id, &old), Ok(entry.clone()));
        entry.record.files.push(file("/photos/b.jpg"));
        entry.record.files[1].stamp.changed_ns = Some(-8);
        entry.record.files[1].stamp.inode = Some(u64::MAX);
        let states = vec![(None, None), (Some(-8), Some(u64::MAX))];
        let third = || RecordV3 { second: second(&entry), states: states.clone() };
        let old = encode_as(V3, &third()).unwrap();
        assert_eq!(decode_record(id, &old), Ok(entry.clone()));
        let fourth = RecordV4 { third: third(), probabilities: vec![0.75] };
        let old = encode_as(V4, &fourth).unwrap();
        entry.record.facts.classes[0].probability = 0.75;
        assert_eq!(decode_record(id, &old), Ok(entry.clone()));
        let levels = std::array::from_fn(|i| (i % 64) as u8);
        entry.record.facts.signature = Some(Signature::new(&levels));
        let signature = entry.record.facts.signature.as_ref().map(|s| s.bytes().to_vec());
        let old = encode_as(V5, &RecordV5 { fourth, signature }).unwrap();
        assert_eq!(decode_record(id, &old), Ok(entry.clone()));
        entry.record.files[1].stamp.sidecars = 12;
        entry.record.facts.taken = Taken::partial(1993, Some(7), None, DateSource::FileName);
        entry.record.facts.people = vec!["Marie Curie".into()];
        let new = encode_record(&entry).unwrap();
        assert_eq!(decode_record(id, &new), Ok(entry));
        let later = [&[7], &new[1..]].concat();
        let error = decode_record(id, &later).unwrap_err().0;
        assert!(error.contains("photo value has version 7"), "{error}");
    }
}
