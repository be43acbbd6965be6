//! What the chunks before the pixels say of colours besides a profile (PNG 3, section 4.3): code points
//! count before a profile, a profile before "it is sRGB", and that before gamma and primaries.

use super::chunks::{Chunks, SIGNATURE};
use crate::profile::Described;

/// What is known besides a profile.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Colours {
    /// Nothing that counts before a profile.
    Unknown,
    /// sRGB, by code points, which count before a profile.
    Srgb,
    Described(Described),
}

/// The values of the chunks, as far as they were found.
#[derive(Default)]
struct Said {
    codes: Option<(u16, u16)>,
    has_profile: bool,
    is_srgb: bool,
    gamma: Option<f64>,
    colours: Option<[[f64; 2]; 4]>,
}

pub(super) fn read(bytes: &[u8]) -> Colours {
    let mut said = Said::default();
    for (kind, body) in Chunks(bytes.get(SIGNATURE..).unwrap_or(&[])) {
        match kind {
            b"cICP" => said.codes = body.first_chunk().map(|[p, t]| (u16::from(*p), u16::from(*t))),
            b"iCCP" => said.has_profile = true,
            b"sRGB" => said.is_srgb = true,
            b"gAMA" => said.gamma = parts(body).map(|[gamma]| gamma),
            b"cHRM" => {
                let places =
                    parts::<8>(body).map(|p| std::array::from_fn(|i| [p[2 * i], p[2 * i + 1]]));
                said.colours = places;
            }
            b"IDAT" | b"IEND" => break,
            _ => {}
        }
    }
    said.meaning()
}

impl Said {
    fn meaning(&self) -> Colours {
        if let Some((primaries, transfer)) = self.codes {
            let described = Described::from_codes(primaries, transfer);
            return described.map_or(Colours::Srgb, Colours::Described);
        }
        let is_told = self.gamma.is_some() || self.colours.is_some();
        if self.has_profile || self.is_srgb || !is_told {
            return Colours::Unknown;
        }
        let described = Described::from_gamma(self.gamma, self.colours);
        described.map_or(Colours::Unknown, Colours::Described)
    }
}

/// Numbers in parts of 100,000.
fn parts<const N: usize>(body: &[u8]) -> Option<[f64; N]> {
    let values = body.as_chunks::<4>().0.get(..N)?;
    Some(std::array::from_fn(|i| f64::from(u32::from_be_bytes(values[i])) / 100_000.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
        for (kind, body) in chunks {
            bytes.extend((body.len() as u32).to_be_bytes());
            bytes.extend([&kind[..], body, &[0; 4]].concat());
        }
        bytes
    }

    #[test]
    fn the_more_exact_word_counts() {
        let linear = 100_000u32.to_be_bytes();
        let gamma = (b"gAMA", &linear[..]);
        let p3 = (b"cICP", &[12, 13, 0, 1][..]);
        assert!(matches!(read(&file(&[gamma])), Colours::Described(_)));
        assert_eq!(read(&file(&[gamma, (b"sRGB", &[0])])), Colours::Unknown);
        assert_eq!(read(&file(&[gamma, (b"iCCP", b"x")])), Colours::Unknown);
        assert!(matches!(read(&file(&[p3, (b"iCCP", b"x")])), Colours::Described(_)));
        assert_eq!(read(&file(&[(b"cICP", &[1, 13, 0, 1])])), Colours::Srgb);
        assert_eq!(read(&file(&[(b"IDAT", b""), gamma])), Colours::Unknown);
        assert_eq!(read(&file(&[(b"gAMA", &[1])])), Colours::Unknown);
        assert_eq!(read(b""), Colours::Unknown);
    }
}
