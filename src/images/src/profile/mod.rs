//! What colours mean, and their way to sRGB: for what people look at. Models get the numbers as they
//! are in the file, as their reference pipelines have it.
//!
//! Profiles are foreign: they are bound in length, worked through behind a guard, and left out where
//! they are broken or speak of other colours.

mod described;

pub(crate) use described::Described;

use std::borrow::Cow;

use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use crate::raster::Channels;
use crate::{ImageError, guard};

/// Bytes of the tables for curves and mixed colours, whatever the profile.
const TABLES: u64 = 512 << 10;

/// Pixels that are converted at once.
const BAND: usize = 1 << 14;

/// What the colours of a picture mean, where it says so.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Meaning<'a> {
    /// An ICC profile.
    Profile(Cow<'a, [u8]>),
    /// Primaries and a curve.
    Described(Described),
}

impl Meaning<'_> {
    pub(crate) fn into_owned(self) -> Meaning<'static> {
        match self {
            Self::Profile(profile) => Meaning::Profile(Cow::Owned(profile.into_owned())),
            Self::Described(described) => Meaning::Described(described),
        }
    }

    /// Bytes that it takes, with a copy and the tables that converting makes of it.
    pub(crate) fn memory(&self) -> u64 {
        let length = match self {
            Self::Profile(profile) => profile.len() as u64,
            Self::Described(_) => 0,
        };
        length * 4 + TABLES
    }

    /// The pixels in sRGB, three bytes each; alpha is left out. `None` where it does not speak of
    /// such colours, or is broken.
    pub(crate) fn to_srgb(&self, pixels: &[u8], channels: Channels) -> Option<Vec<u8>> {
        let work = || {
            self.converted(pixels, channels)
                .ok_or_else(|| ImageError::damaged("profile", "it cannot be used"))
        };
        let converted = guard::foreign("profile", work);
        if converted.is_err() {
            let name = crate::subject::name("a picture");
            log::debug!("{name} is shown without its colour profile, which cannot be used");
        }
        converted.ok()
    }

    fn converted(&self, pixels: &[u8], channels: Channels) -> Option<Vec<u8>> {
        let profile = match self {
            Self::Profile(profile) => ColorProfile::new_from_slice(profile).ok()?,
            Self::Described(described) => described.profile(),
        };
        let (layout, is_spread) = match (profile.color_space, channels) {
            (DataColorSpace::Rgb, Channels::Rgb) => (Layout::Rgb, false),
            (DataColorSpace::Rgb, Channels::Rgba) => (Layout::Rgba, false),
            // Grey by the curves of a profile for colours.
            (DataColorSpace::Rgb, Channels::Grey | Channels::GreyAlpha) => (Layout::Rgb, true),
            (DataColorSpace::Gray, Channels::Grey) => (Layout::Gray, false),
            (DataColorSpace::Gray, Channels::GreyAlpha) => (Layout::GrayAlpha, false),
            (DataColorSpace::Cmyk, Channels::Cmyk) => (Layout::Rgba, false),
            _ => return None,
        };
        // Alpha goes through and is dropped: engines convert like to like.
        let keeps_alpha = matches!(layout, Layout::GrayAlpha)
            || matches!(layout, Layout::Rgba) && channels == Channels::Rgba;
        let target = if keeps_alpha { Layout::Rgba } else { Layout::Rgb };
        let srgb = ColorProfile::new_srgb();
        let options = TransformOptions::default();
        let transform = profile.create_transform_8bit(layout, &srgb, target, options).ok()?;
        let size = channels.count();
        let mut out = Vec::with_capacity(pixels.len() / size * 3);
        for band in pixels.chunks(BAND * size) {
            let spread: Cow<[u8]> = match is_spread {
                true => Cow::Owned(band.iter().step_by(size).flat_map(|grey| [*grey; 3]).collect()),
                false => Cow::Borrowed(band),
            };
            let count = band.len() / size;
            let mut converted = vec![0; count * if keeps_alpha { 4 } else { 3 }];
            transform.transform(&spread, &mut converted).ok()?;
            match keeps_alpha {
                true => out.extend(converted.as_chunks::<4>().0.iter().flat_map(|p| &p[..3])),
                false => out.extend(converted),
            }
        }
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile_bytes(profile: &ColorProfile) -> Meaning<'static> {
        Meaning::Profile(Cow::Owned(profile.encode().unwrap()))
    }

    #[test]
    fn a_wide_gamut_is_brought_to_srgb_with_alpha_and_without() {
        let wide = profile_bytes(&ColorProfile::new_display_p3());
        let rgb = wide.to_srgb(&[200, 100, 50, 128, 128, 128], Channels::Rgb).unwrap();
        // Colour-science textbooks: more saturated in the smaller space; grey stays.
        assert!(rgb[0] > 205 && rgb[2] < 40, "{rgb:?}");
        assert!(rgb[3..].iter().all(|level| level.abs_diff(128) <= 1), "{rgb:?}");
        let rgba = wide.to_srgb(&[200, 100, 50, 7], Channels::Rgba).unwrap();
        assert_eq!(rgba, rgb[..3]);
    }

    #[test]
    fn grey_goes_by_its_own_curve_or_by_that_of_a_profile_for_colours() {
        let linear = profile_bytes(&ColorProfile::new_gray_with_gamma(1.0));
        for (pixels, channels) in [(&[55][..], Channels::Grey), (&[55, 9], Channels::GreyAlpha)] {
            let rgb = linear.to_srgb(pixels, channels).unwrap();
            assert!(rgb.len() == 3 && rgb.iter().all(|v| v.abs_diff(128) <= 1), "{rgb:?}");
        }
        let srgb = profile_bytes(&ColorProfile::new_srgb());
        let rgb = srgb.to_srgb(&[90, 255], Channels::GreyAlpha).unwrap();
        assert!(rgb.len() == 3 && rgb.iter().all(|v| v.abs_diff(90) <= 1), "{rgb:?}");
    }

    #[test]
    fn profiles_of_other_colours_and_broken_ones_are_left_out() {
        let srgb = ColorProfile::new_srgb().encode().unwrap();
        let whole = Meaning::Profile(Cow::Borrowed(&srgb[..]));
        assert_eq!(whole.to_srgb(&[1, 2, 3, 4], Channels::Cmyk), None);
        for length in 0..srgb.len() {
            let cut = Meaning::Profile(Cow::Borrowed(&srgb[..length]));
            cut.to_srgb(&[1, 2, 3], Channels::Rgb);
        }
        let mut state = 7u32;
        for _ in 0..2000 {
            let mut bytes = srgb.clone();
            for _ in 0..4 {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let at = state as usize >> 8;
                let length = bytes.len();
                bytes[at % length] = state as u8;
            }
            Meaning::Profile(Cow::Owned(bytes)).to_srgb(&[1, 2, 3], Channels::Rgb);
        }
    }
}
