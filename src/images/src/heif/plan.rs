//! What has to be decoded for a picture, and where it belongs: told from the items before a pixel is
//! decoded.

use super::boxes::Fields;
use super::items::{Id, Items};
use crate::ImageError;
use crate::orient::composed;

/// Pictures that are made of pictures that are made of pictures.
const DEEPEST: usize = 4;
/// Tiles may reach beyond the picture, but all together no further than this many times its size,
const MOST_OF_TILES: u64 = 4;
/// and this many pixels, for small pictures.
const FREE_TILES: u64 = 1 << 22;

/// How tiles are coded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Coding {
    Hevc,
    Av1,
    Jpeg,
}

/// A picture of tiles; one that is coded as a whole is its own tile.
pub(super) struct Plan {
    pub(super) coding: Coding,
    /// Pixels across and down before cropping and turning.
    pub(super) width: u32,
    pub(super) height: u32,
    /// Pixels across and down of each tile.
    pub(super) tile: (u32, u32),
    pub(super) columns: u32,
    pub(super) tiles: Vec<Id>,
    /// The part that is shown: left, top, width, height.
    pub(super) crop: Option<[u32; 4]>,
    /// As EXIF counts it.
    pub(super) orientation: u16,
    /// The picture whose luma is the alpha of this one.
    pub(super) alpha: Option<Box<Plan>>,
}

impl Plan {
    /// # Errors
    /// `Unsupported` for pictures that are made in other ways, by name; `Damaged`.
    pub(super) fn new(items: &Items, id: Id) -> Result<Self, ImageError> {
        let mut plan = Self::of_item(items, id, 0)?;
        let is_alpha = |id: &Id| {
            let kind = items.property(*id, b"auxC").unwrap_or(&[]);
            let names: [&[u8]; 2] =
                [b"urn:mpeg:hevc:2015:auxid:1", b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"];
            names.iter().any(|name| kind.get(4..).is_some_and(|kind| kind.starts_with(name)))
        };
        let alpha = items.referring(id, b"auxl").find(is_alpha);
        let alpha = alpha.and_then(|id| Self::of_item(items, id, 0).ok());
        // Of another size it would have to be resized; then the picture is shown without.
        let fits = |alpha: &Plan| (alpha.width, alpha.height) == (plan.width, plan.height);
        plan.alpha = alpha.filter(fits).map(Box::new);
        Ok(plan)
    }

    /// Pixels across and down of what is shown, before it is turned.
    pub(super) fn shown(&self) -> (u32, u32) {
        self.crop.map_or((self.width, self.height), |[_, _, width, height]| (width, height))
    }

    fn of_item(items: &Items, id: Id, depth: usize) -> Result<Self, ImageError> {
        let kind = items.item(id).map(|item| item.kind);
        let Some(kind) = kind.filter(|_| depth < DEEPEST) else {
            return Err(ImageError::damaged("heic", "a picture that it speaks of is missing"));
        };
        let mut plan = match &kind {
            b"hvc1" | b"hev1" => Self::of_one(items, id, Coding::Hevc)?,
            b"av01" => Self::of_one(items, id, Coding::Av1)?,
            b"jpeg" => Self::of_one(items, id, Coding::Jpeg)?,
            b"grid" => Self::of_grid(items, id)?,
            b"iden" => {
                let source = items.referred(id, b"dimg").first().copied();
                Self::of_item(items, source.unwrap_or(id), depth + 1)?
            }
            b"iovl" => return Err(ImageError::variant("heic", "pictures laid over each other")),
            kind => {
                let name = String::from_utf8_lossy(kind).into_owned();
                return Err(ImageError::variant("heic", &format!("coded as {name}")));
            }
        };
        for (kind, body) in items.properties(id) {
            match (kind, body) {
                (b"clap", body) if plan.orientation == 1 => plan.crop = crop(body, &plan),
                // Quarter turns against the clock.
                (b"irot", [angle, ..]) => {
                    let turn = [1, 8, 3, 6][usize::from(angle & 3)];
                    plan.orientation = composed(plan.orientation, turn);
                }
                // Top and bottom change places, or left and right.
                (b"imir", [axis, ..]) => {
                    let mirror = if axis & 1 == 0 { 4 } else { 2 };
                    plan.orientation = composed(plan.orientation, mirror);
                }
                _ => {}
            }
        }
        Ok(plan)
    }

    fn of_one(items: &Items, id: Id, coding: Coding) -> Result<Self, ImageError> {
        let (width, height) = size(items, id)?;
        Ok(Self {
            coding,
            width,
            height,
            tile: (width, height),
            columns: 1,
            tiles: vec![id],
            crop: None,
            orientation: 1,
            alpha: None,
        })
    }

    fn of_grid(items: &Items, id: Id) -> Result<Self, ImageError> {
        let broken = |what: &str| ImageError::damaged("heic", what);
        let data = items.data(id);
        let mut fields = Fields(&data);
        let mut head = || {
            fields.number(1)?;
            let wide = if fields.number(1)? & 1 == 1 { 4 } else { 2 };
            let (rows, columns) = (fields.number(1)? as u32 + 1, fields.number(1)? as u32 + 1);
            Some((rows, columns, fields.number(wide)? as u32, fields.number(wide)? as u32))
        };
        let (rows, columns, width, height) =
            head().ok_or_else(|| broken("its grid of tiles is cut off"))?;
        let tiles = items.referred(id, b"dimg").to_vec();
        let Some(first) = tiles.first().filter(|_| tiles.len() == (rows * columns) as usize) else {
            return Err(broken("its grid lacks tiles"));
        };
        let tile = size(items, *first)?;
        let area = u64::from(tile.0) * u64::from(tile.1) * tiles.len() as u64;
        let pixels = u64::from(width) * u64::from(height);
        let is_covered = u64::from(tile.0) * u64::from(columns) >= u64::from(width)
            && u64::from(tile.1) * u64::from(rows) >= u64::from(height);
        let is_bound = area <= pixels.saturating_mul(MOST_OF_TILES).saturating_add(FREE_TILES);
        if pixels == 0 || !is_covered || !is_bound {
            return Err(broken("its tiles are not as large as the picture"));
        }
        let coding = match items.item(*first).map(|item| item.kind).as_ref() {
            Some(b"hvc1" | b"hev1") => Coding::Hevc,
            Some(b"av01") => Coding::Av1,
            Some(b"jpeg") => Coding::Jpeg,
            _ => return Err(ImageError::variant("heic", "a grid of pictures that are no tiles")),
        };
        let (crop, alpha) = (None, None);
        Ok(Self { coding, width, height, tile, columns, tiles, crop, orientation: 1, alpha })
    }
}

/// Pixels along a side of a picture or tile at the most: far above what decoders take.
const LONGEST_SIDE: u32 = 1 << 20;

/// Pixels across and down, as they are said to be.
fn size(items: &Items, id: Id) -> Result<(u32, u32), ImageError> {
    let mut fields = Fields(items.property(id, b"ispe").unwrap_or(&[]));
    let mut read = || {
        fields.version()?;
        Some((fields.number(4)? as u32, fields.number(4)? as u32))
    };
    let found = read().filter(|(width, height)| *width > 0 && *height > 0);
    match found {
        None => Err(ImageError::damaged("heic", "it does not say how large it is")),
        Some((width, height)) if width.max(height) > LONGEST_SIDE => {
            Err(ImageError::damaged("heic", "it says that it is larger than any such picture"))
        }
        Some(size) => Ok(size),
    }
}

/// The clean aperture (ISO 14496-12, 12.1.4): size and distance of the centres, as fractions.
fn crop(body: &[u8], plan: &Plan) -> Option<[u32; 4]> {
    let values = body.as_chunks::<4>().0.get(..8)?;
    let fraction = |at: usize| {
        let above = i32::from_be_bytes(values[at]);
        let below = i32::from_be_bytes(values[at + 1]);
        (below != 0).then(|| f64::from(above) / f64::from(below))
    };
    let (width, height) = (fraction(0)?.round(), fraction(2)?.round());
    let begin = |whole: u32, part: f64, shift: f64| (f64::from(whole) - part) / 2.0 + shift;
    let (left, top) =
        (begin(plan.width, width, fraction(4)?), begin(plan.height, height, fraction(6)?));
    let (left, top) = (left.round().max(0.0), top.round().max(0.0));
    let is_inside = width >= 1.0
        && height >= 1.0
        && left + width <= f64::from(plan.width)
        && top + height <= f64::from(plan.height);
    is_inside.then_some([left as u32, top as u32, width as u32, height as u32])
}
