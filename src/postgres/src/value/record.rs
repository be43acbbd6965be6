//! The value of a photo.

use seer_store::MoreFacts;
use seer_types::{
    CameraSettings, Coordinates, LibraryPath, LocalTime, PhotoClass, PhotoFacts, PhotoFile,
    PhotoId, PhotoRecord, Signature,
};
use serde::{Deserialize, Serialize};

use super::stamp::StampV1;
use super::{BadValue, V1, V2, V3, V4, decode, decode_as, encode_as};

#[derive(Serialize, Deserialize)]
struct RecordV1 {
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
    classes: Vec<String>,
    /// Path, root, state; sorted by path.
    files: Vec<(Vec<u8>, Vec<u8>, StampV1)>,
}

/// In postcard the fields of the first version, then the new one.
#[derive(Serialize, Deserialize)]
struct RecordV2 {
    first: RecordV1,
    /// Of each class, in their order.
    probabilities: Vec<f32>,
}

/// In postcard the fields of the second version, then the new one.
#[derive(Serialize, Deserialize)]
struct RecordV3 {
    second: RecordV2,
    /// The bytes of a signature.
    signature: Option<Vec<u8>>,
}

/// In postcard the fields of the third version, then the new ones.
#[derive(Serialize, Deserialize)]
struct RecordV4 {
    third: RecordV3,
    /// Of each file, in the order of the files.
    sidecars: Vec<u64>,
    /// Written with every record of this version.
    more: Option<MoreFacts>,
}

/// The bytes of a record.
pub(crate) fn encode_record(record: &PhotoRecord) -> Result<Vec<u8>, BadValue> {
    let sidecars = record.files.iter().map(|file| file.stamp.sidecars).collect();
    let more = Some(MoreFacts::of(&record.facts));
    encode_as(V4, &RecordV4 { third: third(record), sidecars, more })
}

fn third(record: &PhotoRecord) -> RecordV3 {
    let signature = record.facts.signature.as_ref();
    RecordV3 { second: second(record), signature: signature.map(|s| s.bytes().to_vec()) }
}

fn second(record: &PhotoRecord) -> RecordV2 {
    let probabilities = record.facts.classes.iter().map(|class| class.probability).collect();
    RecordV2 { first: first(record), probabilities }
}

fn first(record: &PhotoRecord) -> RecordV1 {
    let facts = &record.facts;
    let CameraSettings { exposure_seconds, f_number, iso, focal_mm } = facts.settings;
    RecordV1 {
        size: record.size,
        added: record.added,
        width: facts.width,
        height: facts.height,
        format: facts.format.clone(),
        taken: facts.taken.map(|taken| taken.start.seconds()),
        camera_make: facts.camera_make.clone(),
        camera_model: facts.camera_model.clone(),
        lens: facts.lens.clone(),
        exposure_seconds,
        f_number,
        iso,
        focal_mm,
        position: facts.position.map(|place| (place.latitude, place.longitude)),
        tags: facts.tags.clone(),
        caption: facts.caption.clone(),
        classes: facts.classes.iter().map(|class| class.names.clone()).collect(),
        files: record.files.iter().map(stored).collect(),
    }
}

/// The inverse of [`encode_record`].
pub(crate) fn decode_record(id: PhotoId, bytes: &[u8]) -> Result<PhotoRecord, BadValue> {
    let kind = "photo";
    let second = |first| RecordV2 { first, probabilities: Vec::new() };
    let third = |second| RecordV3 { second, signature: None };
    let fourth = |third| RecordV4 { third, sidecars: Vec::new(), more: None };
    let RecordV4 { third, sidecars, more } = match bytes.first() {
        Some(&V1) => fourth(third(second(decode(kind, bytes)?))),
        Some(&V2) => fourth(third(decode_as(V2, kind, bytes)?)),
        Some(&V3) => fourth(decode_as(V3, kind, bytes)?),
        _ => decode_as(V4, kind, bytes)?,
    };
    let RecordV3 { second, signature } = third;
    let RecordV2 { first: record, probabilities } = second;
    let signature = signature.map(Signature::try_from).transpose().map_err(BadValue)?;
    let probabilities = probabilities.into_iter().chain(std::iter::repeat(PhotoClass::LIKELY));
    let class = |(names, probability)| PhotoClass { names, probability };
    let RecordV1 { exposure_seconds, f_number, iso, focal_mm, .. } = record;
    let place = |(latitude, longitude)| Coordinates { latitude, longitude };
    let facts = PhotoFacts {
        width: record.width,
        height: record.height,
        format: record.format,
        taken: record.taken.map(|at| LocalTime::from_seconds(at).into()),
        camera_make: record.camera_make,
        camera_model: record.camera_model,
        lens: record.lens,
        settings: CameraSettings { exposure_seconds, f_number, iso, focal_mm },
        position: record.position.map(place),
        tags: record.tags,
        caption: record.caption,
        classes: record.classes.into_iter().zip(probabilities).map(class).collect(),
        signature,
        ..PhotoFacts::default()
    };
    let facts = match more {
        Some(more) => more.add_to(facts),
        None => facts,
    };
    let mut files: Vec<PhotoFile> = record.files.into_iter().map(file).collect();
    for (file, sidecars) in files.iter_mut().zip(sidecars) {
        file.stamp.sidecars = sidecars;
    }
    Ok(PhotoRecord { id, files, size: record.size, facts, added: record.added })
}

fn stored(file: &PhotoFile) -> (Vec<u8>, Vec<u8>, StampV1) {
    (file.path.to_bytes(), file.root.to_bytes(), file.stamp.into())
}

fn file((path, root, stamp): (Vec<u8>, Vec<u8>, StampV1)) -> PhotoFile {
    PhotoFile {
        path: LibraryPath::from_bytes(&path),
        root: LibraryPath::from_bytes(&root),
        stamp: stamp.into(),
    }
}

#[cfg(test)]
mod tests {
    use seer_types::{DateSource, FileStamp, Taken};

    use super::super::encode;
    use super::*;

    #[test]
    fn a_record_survives_with_everything() {
        let facts = PhotoFacts {
            width: 4,
            height: 3,
            format: "jpeg".into(),
            taken: Some(LocalTime::from_seconds(-5).into()),
            camera_make: Some("Canon".into()),
            camera_model: Some("EOS 5D".into()),
            lens: Some("EF".into()),
            settings: CameraSettings {
                exposure_seconds: Some(0.01),
                f_number: Some(4.0),
                iso: Some(100),
                focal_mm: Some(35.0),
            },
            position: Some(Coordinates { latitude: 1.5, longitude: -2.5 }),
            tags: vec!["a\0b".into()],
            caption: Some("c".into()),
            classes: vec![PhotoClass { names: "dog, hound".into(), probability: 0.2 }],
            ..PhotoFacts::default()
        };
        let stamp = FileStamp { changed_ns: Some(2), inode: Some(3), ..FileStamp::new(9, -1) };
        let path = LibraryPath::from_bytes(b"/p/caf\xe9.jpg");
        let files = vec![PhotoFile { path, root: LibraryPath::new("/p"), stamp }];
        let id = PhotoId([7; 32]);
        let mut record = PhotoRecord { id, files, size: u64::MAX, facts, added: -4 };
        let old = encode(&first(&record)).unwrap();
        assert_eq!(decode_record(id, &old), Ok(record.clone()));
        record.facts.classes[0].probability = 0.75;
        let old = encode_as(V2, &second(&record)).unwrap();
        assert_eq!(decode_record(id, &old), Ok(record.clone()));
        let levels = std::array::from_fn(|i| (i % 64) as u8);
        record.facts.signature = Some(Signature::new(&levels));
        let old = encode_as(V3, &third(&record)).unwrap();
        assert_eq!(decode_record(id, &old), Ok(record.clone()));
        record.facts.taken = Taken::partial(1993, None, None, DateSource::Gps);
        record.files[0].stamp.sidecars = 11;
        let bytes = encode_record(&record).unwrap();
        assert_eq!(decode_record(id, &bytes), Ok(record));
        assert!(decode_record(id, &[&[5], &bytes[1..]].concat()).unwrap_err().0.contains("5"));
    }
}
