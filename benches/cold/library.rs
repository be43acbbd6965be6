//! A library of as many photos as asked for, written as an indexing run writes it.

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use seer_encoders::{DeviceChoice, Model};
use seer_engine::{Change, Library, OpenOptions, Point};
use seer_types::{
    CameraSettings, Coordinates, Embedding, FileStamp, LibraryPath, LocalTime, PhotoFacts,
    PhotoFile, PhotoId, Signature,
};

use crate::data::{Random, base_and_queries, growing};

/// Photos per batch.
const BATCH: usize = 1024;

const PLACES: [&str; 12] = [
    "Lisbon", "Kyoto", "Grandma", "Garden", "Alps", "Berlin", "Beach", "Wedding", "Birthday",
    "Harbour", "Iceland", "School",
];
const CAMERAS: [(&str, &str, &str); 5] = [
    ("Canon", "Canon EOS 5D Mark III", "EF24-105mm f/4L IS USM"),
    ("NIKON CORPORATION", "NIKON D750", "24.0-120.0 mm f/4.0"),
    ("Apple", "iPhone 12", "iPhone 12 back camera 4.2mm f/1.6"),
    ("SONY", "ILCE-7M3", "FE 35mm F1.8"),
    ("FUJIFILM", "X-T30", "XF18-55mmF2.8-4 R LM OIS"),
];
const THINGS: [&str; 16] = [
    "dog", "cat", "sunset", "family", "mountain", "bridge", "flower", "car", "bird", "river",
    "snow", "food", "church", "boat", "forest", "child",
];

/// Makes the library, or goes on making it.
pub fn make(folder: &Path, photos: usize) -> io::Result<()> {
    let model = Arc::new(Model::builtin(DeviceChoice::Cpu).map_err(io::Error::other)?);
    let fingerprint = model.fingerprint();
    let options = OpenOptions { model: Some(model), ..OpenOptions::default() };
    let library = Library::open(folder, options).map_err(io::Error::other)?;
    library.choose_model("builtin").map_err(io::Error::other)?;
    library.add_root(&LibraryPath::new("/photos")).map_err(io::Error::other)?;

    let (start, (base, _)) = (Instant::now(), base_and_queries());
    let mut batch = Vec::with_capacity(BATCH);
    for (number, vector) in growing(&base).take(photos).enumerate() {
        let embedding = Embedding::new(fingerprint, vector).map_err(io::Error::other)?;
        batch.push(photo(number as u64, embedding));
        if batch.len() == BATCH || number + 1 == photos {
            library.apply(std::mem::take(&mut batch)).map_err(io::Error::other)?;
        }
        if (number + 1) % 50_000 == 0 {
            eprintln!("{} photos in {:.0} s", number + 1, start.elapsed().as_secs_f64());
        }
    }
    library.save_indexes(&mut |_, _| true).map_err(io::Error::other)?;
    drop(library);
    eprintln!("{photos} photos made in {:.0} s", start.elapsed().as_secs_f64());
    Ok(())
}

/// The same vectors in one file, without anything else.
pub fn write_vectors(path: &Path, photos: usize) -> io::Result<()> {
    let (base, _) = base_and_queries();
    let mut file = BufWriter::with_capacity(1 << 20, std::fs::File::create(path)?);
    for vector in growing(&base).take(photos) {
        vector.iter().try_for_each(|value| file.write_all(&value.to_le_bytes()))?;
    }
    file.flush()?;
    file.get_ref().sync_all()
}

/// Photo number `number`: the same one every time.
pub fn photo(number: u64, embedding: Embedding) -> Change {
    let mut random = Random(number.wrapping_mul(0x9e37) + 7);
    let mut of = |end: usize| (random.next() % end as u64) as usize;
    // From 2004 on, some hundred photos a day.
    let taken = 1_072_915_200 + number as i64 * 700 + of(600) as i64;
    let (year, month, ..) = LocalTime::from_seconds(taken).civil();
    let place = PLACES[(number / 300) as usize % PLACES.len()];
    let path = format!("/photos/{year}/{month:02} {place}/IMG_{number:07}.jpg");
    let size = 1_500_000 + of(6_000_000) as u64;
    let (make, model, lens) = CAMERAS[(number / 2000) as usize % CAMERAS.len()];
    let tags = (0..of(4)).map(|_| THINGS[of(THINGS.len())].to_owned()).collect();
    let caption = (of(20) == 0).then(|| format!("{} in {place}", THINGS[of(THINGS.len())]));
    let degrees = |of: usize, span: f64| of as f64 / 1000.0 * span - span / 2.0;
    let position = (of(10) < 6).then(|| Coordinates {
        latitude: degrees(of(1000), 160.0),
        longitude: degrees(of(1000), 340.0),
    });
    let facts = PhotoFacts {
        width: 4032,
        height: 3024,
        format: "jpeg".into(),
        // One in ten has lost its date.
        taken: (of(10) > 0).then(|| LocalTime::from_seconds(taken).into()),
        camera_make: Some(make.into()),
        camera_model: Some(model.into()),
        lens: Some(lens.into()),
        settings: CameraSettings {
            exposure_seconds: Some(1.0 / (1 + of(2000)) as f64),
            f_number: Some(1.8 + of(100) as f64 / 10.0),
            iso: Some(100 << of(6)),
            focal_mm: Some(20.0 + of(200) as f64),
        },
        position,
        tags,
        caption,
        signature: Some(Signature::new(&std::array::from_fn(|_| of(64) as u8))),
        ..PhotoFacts::default()
    };
    let mut id = [0; 32];
    id.chunks_exact_mut(8).for_each(|part| part.copy_from_slice(&random.next().to_le_bytes()));
    let stamp = FileStamp::new(size, taken * 1_000_000_000);
    let file = PhotoFile { path: LibraryPath::new(path), root: LibraryPath::new("/photos"), stamp };
    Change::Photo { id: PhotoId(id), size, facts, file, points: vec![Point::whole(embedding)] }
}
