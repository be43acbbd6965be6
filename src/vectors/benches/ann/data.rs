//! The vectors to search: real CLIP embeddings, and as many more as asked for like them.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Unit vectors, row after row.
pub struct Vectors {
    pub dim: usize,
    pub values: Vec<f32>,
}

impl Vectors {
    pub fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.values.chunks(self.dim)
    }

    pub fn len(&self) -> usize {
        self.values.len() / self.dim
    }

    fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.dim..][..self.dim]
    }

    /// Every `step`th row from `first` on.
    pub fn thinned(&self, first: usize, step: usize) -> Self {
        let rows = self.rows().skip(first).step_by(step);
        Self { dim: self.dim, values: rows.flatten().copied().collect() }
    }

    /// Writes the numbers, little-endian, without a header.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let mut file = io::BufWriter::with_capacity(1 << 20, fs::File::create(path)?);
        self.values.iter().try_for_each(|value| file.write_all(&value.to_le_bytes()))?;
        file.flush()
    }

    /// Reads what [`Vectors::write`] wrote.
    pub fn read(path: &Path, dim: usize) -> io::Result<Self> {
        let bytes = fs::read(path)?;
        let number = |b: &[u8]| f32::from_le_bytes([b[0], b[1], b[2], b[3]]);
        Ok(Self { dim, values: bytes.chunks_exact(4).map(number).collect() })
    }
}

/// Base and queries: the CLIP vectors where they are, else seeded clusters.
pub fn base_and_queries() -> (Vectors, Vectors) {
    let folder = std::env::var_os("SEER_TEST_DATA").map_or_else(beside, PathBuf::from);
    let folder = folder.join("clip-vectors");
    let read = |name: &str| read_npy(&fs::read(folder.join(name)).ok()?);
    let found = read("images-12000x512.f16.npy").zip(read("texts-2148x512.f16.npy"));
    found.unwrap_or_else(|| {
        eprintln!("no CLIP vectors in {}: seeded clusters instead", folder.display());
        synthetic()
    })
}

/// `shared/data` in the nearest folder above that has one.
fn beside() -> PathBuf {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let mut folders = above.map(|folder| folder.join("shared/data"));
    folders.find(|folder| folder.is_dir()).unwrap_or_default()
}

/// A two-dimensional NumPy file of 16-bit floats, rows brought to unit length.
fn read_npy(bytes: &[u8]) -> Option<Vectors> {
    let header = usize::from(u16::from_le_bytes(bytes.get(8..10)?.try_into().ok()?));
    let text = std::str::from_utf8(bytes.get(10..10 + header)?).ok()?;
    let shape = text.contains("'<f2'").then(|| text.split_once("'shape': ("))??.1;
    let dim: usize = shape.split([',', ')']).nth(1)?.trim().parse().ok()?;
    let pairs = bytes.get(10 + header..)?.chunks_exact(2);
    let mut values: Vec<f32> = pairs.map(|p| from_half(u16::from_le_bytes([p[0], p[1]]))).collect();
    values.chunks_exact_mut(dim).for_each(normalise);
    Some(Vectors { dim, values })
}

/// IEEE 754 binary16 (finite).
fn from_half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023));
    match exponent {
        0 => sign * fraction * 2f32.powi(-24),
        _ => sign * (1.0 + fraction / 1024.0) * 2f32.powi(exponent - 15),
    }
}

fn normalise(vector: &mut [f32]) {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    vector.iter_mut().for_each(|x| *x /= length);
}

/// The first `rows` vectors of [`growing`].
pub fn grown(base: &Vectors, rows: usize) -> Vectors {
    let mut values = Vec::with_capacity(rows * base.dim);
    growing(base).take(rows).for_each(|vector| values.extend(vector));
    Vectors { dim: base.dim, values }
}

/// The base vectors, then without end more that are mixed from pairs that are alike: a vector is
/// a random weighted mean of an image and the most similar of 64 others, plus noise of length 0.13.
pub fn growing(base: &Vectors) -> impl Iterator<Item = Vec<f32>> + '_ {
    let mut random = Random(1);
    let mixed = std::iter::repeat_with(move || {
        let one = base.row(random.below(base.len()));
        let dot = |other: &[f32]| one.iter().zip(other).map(|(a, b)| a * b).sum::<f32>();
        let other = (0..64)
            .map(|_| base.row(random.below(base.len())))
            .map(|other| (dot(other), other))
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .expect("64 of them")
            .1;
        let weight = 0.75 + 0.25 * random.signed();
        let noisy = |(a, b): (&f32, &f32)| weight * a + (1.0 - weight) * b + 0.01 * random.signed();
        let mut vector: Vec<f32> = one.iter().zip(other).map(noisy).collect();
        normalise(&mut vector);
        vector
    });
    base.rows().map(<[f32]>::to_vec).chain(mixed)
}

/// 12,000 vectors around 200 topics, and queries that lie off them, as texts do.
fn synthetic() -> (Vectors, Vectors) {
    const DIM: usize = 512;
    let mut random = Random(2);
    let mut direction = || -> Vec<f32> { (0..DIM).map(|_| random.signed()).collect() };
    let topics: Vec<Vec<f32>> = (0..200).map(|_| direction()).collect();
    let mut around = |count: usize, share: f32| {
        let mut values: Vec<f32> = (0..count)
            .flat_map(|n| {
                let noise = direction();
                let topic = &topics[n % topics.len()];
                (0..DIM).map(|d| share * topic[d] + (1.0 - share) * noise[d]).collect::<Vec<_>>()
            })
            .collect();
        values.chunks_exact_mut(DIM).for_each(normalise);
        Vectors { dim: DIM, values }
    };
    (around(12_000, 0.6), around(2_000, 0.2))
}

/// SplitMix64.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn signed(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1 << 23) as f32 - 1.0
    }
}
