//! The marker segments: sizes, tables and where the scans begin (ITU T.81, annex B).

use super::frame::{Colours, Component, Frame};
use super::huffman::Huffman;
use super::standard;

/// Most Huffman tables of a file: 100 scans with all eight of them. Each costs time to build.
const MAX_TABLES: usize = 800;

/// Reads a file from segment to segment.
pub(super) struct Headers<'a> {
    bytes: &'a [u8],
    at: usize,
    pub(super) tables: Tables,
    frame: Option<Frame>,
    is_jfif: bool,
    /// The number in Adobe's segment that tells how colours are stored.
    adobe_transform: Option<u8>,
}

/// The tables in force, by number.
#[derive(Default)]
pub(super) struct Tables {
    /// Steps of the coefficients in zigzag order.
    pub(super) steps: [Option<[i32; 64]>; 4],
    pub(super) dc: [Option<Huffman>; 4],
    pub(super) ac: [Option<Huffman>; 4],
    /// MCUs between two restart markers; 0 for no such markers.
    pub(super) restart_interval: usize,
    /// How many Huffman tables were built.
    built: usize,
}

/// A pass over the coefficients of some components.
pub(super) struct Scan {
    pub(super) parts: Vec<Part>,
    /// The first and last coefficient, in zigzag order.
    pub(super) first: usize,
    pub(super) last: usize,
    /// Low bits that are still missing: before this scan (0 also for a coefficient's first scan)
    /// and after it.
    pub(super) missing_before: u8,
    pub(super) missing_after: u8,
    /// Where the entropy-coded data begins.
    pub(super) begins: usize,
}

/// A component of a scan.
pub(super) struct Part {
    /// Its place in the frame.
    pub(super) component: usize,
    pub(super) dc_table: usize,
    pub(super) ac_table: usize,
}

/// What follows in a file.
pub(super) enum Next {
    Scan(Scan),
    End,
}

impl<'a> Headers<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let tables = Tables::default();
        Self { bytes, at: 2, tables, frame: None, is_jfif: false, adobe_transform: None }
    }

    /// Reads the segments up to the next scan or the end. `None` where something is broken or of
    /// another kind than is decoded here: the general decoder then says what.
    pub(super) fn next(&mut self) -> Option<Next> {
        loop {
            // Files without an end marker are whole when their scans are.
            if self.at >= self.bytes.len() {
                return Some(Next::End);
            }
            if self.bytes[self.at] != 0xff {
                return None;
            }
            let marker = *self.bytes.get(self.at + 1)?;
            if marker == 0xff {
                self.at += 1;
                continue;
            }
            if marker == 0xd9 {
                return Some(Next::End);
            }
            let rest = self.bytes.get(self.at + 2..)?;
            let length = usize::from(u16::from_be_bytes(*rest.first_chunk()?));
            let body = rest.get(2..length)?;
            self.at += 2 + length;
            match marker {
                0xc4 => self.tables.read_huffman(body)?,
                0xc0..=0xc2 => self.read_frame(body, marker == 0xc2)?,
                0xdb => self.tables.read_steps(body)?,
                0xdd => {
                    let interval = u16::from_be_bytes(*body.first_chunk()?);
                    self.tables.restart_interval = usize::from(interval);
                }
                0xda => return self.read_scan(body).map(Next::Scan),
                0xe0 => self.is_jfif |= body.starts_with(b"JFIF\0"),
                0xee if body.starts_with(b"Adobe") => self.adobe_transform = body.get(11).copied(),
                0xe1..=0xef | 0xfe => {}
                _ => return None,
            }
        }
    }

    /// Goes on behind a scan's data.
    pub(super) fn resume(&mut self, at: usize) {
        self.at = at;
    }

    /// The frame, once a scan was found.
    pub(super) fn frame(&self) -> Option<&Frame> {
        self.frame.as_ref()
    }

    /// JFIF is YCbCr, Adobe's segment says what it is, and else the names of components do.
    fn colours(&self, components: &[Component]) -> Option<Colours> {
        match (components.len(), self.adobe_transform) {
            (1, _) => Some(Colours::Grey),
            (3, _) if self.is_jfif => Some(Colours::YCbCr),
            (3, Some(0)) => Some(Colours::Rgb),
            (3, None) if components.iter().map(|c| c.id).eq(*b"RGB") => Some(Colours::Rgb),
            (3, _) => Some(Colours::YCbCr),
            (4, None | Some(0)) => Some(Colours::Cmyk),
            (4, Some(_)) => Some(Colours::Ycck),
            _ => None,
        }
    }

    fn read_frame(&mut self, body: &[u8], is_progressive: bool) -> Option<()> {
        let ([precision, h1, h2, w1, w2, count], components) = body.split_first_chunk()?;
        let size = |high, low| usize::from(u16::from_be_bytes([high, low]));
        let (width, height) = (size(*w1, *w2), size(*h1, *h2));
        let is_usual = *precision == 8
            && matches!(count, 1 | 3 | 4)
            && components.len() == usize::from(*count) * 3
            && self.frame.is_none()
            && width > 0
            && height > 0;
        if !is_usual {
            return None;
        }
        let components = components.as_chunks::<3>().0.iter().map(component);
        let mut components = components.collect::<Option<Vec<_>>>()?;
        // The blocks of a lone component stand one by one, whatever its sampling.
        if let [lone] = &mut components[..] {
            (lone.across, lone.down) = (1, 1);
        }
        // The colours are known when all segments were seen.
        let colours = Colours::Grey;
        self.frame = Some(Frame { width, height, is_progressive, colours, components });
        Some(())
    }

    fn read_scan(&mut self, body: &[u8]) -> Option<Scan> {
        let (count, rest) = body.split_first()?;
        let (parts, rest) = rest.split_at_checked(usize::from(*count) * 2)?;
        let [first, last, missing] = *<&[u8; 3]>::try_from(rest).ok()?;
        let components = &self.frame.as_ref()?.components;
        let parts = parts.as_chunks::<2>().0.iter().map(|part| Part::new(*part, components));
        let parts = parts.collect::<Option<Vec<_>>>()?;
        if parts.is_empty() || !parts.is_sorted_by(|a, b| a.component < b.component) {
            return None;
        }
        let colours = self.colours(components)?;
        let is_progressive = self.frame.as_ref()?.is_progressive;
        self.frame.as_mut()?.colours = colours;
        if !is_progressive {
            self.tables.complete(&parts);
        }
        Some(Scan {
            parts,
            first: first.into(),
            last: last.into(),
            missing_before: missing >> 4,
            missing_after: missing & 15,
            begins: self.at,
        })
    }
}

impl Part {
    fn new([id, tables]: [u8; 2], components: &[Component]) -> Option<Self> {
        let component = components.iter().position(|component| component.id == id)?;
        Some(Self { component, dc_table: (tables >> 4).into(), ac_table: (tables & 15).into() })
    }
}

/// Identifier, sampling factors and quantisation table of a component.
fn component([id, sampling, table]: &[u8; 3]) -> Option<Component> {
    let (across, down) = (usize::from(sampling >> 4), usize::from(sampling & 15));
    let is_usual = matches!(across, 1 | 2 | 4) && matches!(down, 1 | 2 | 4);
    let quantisation_table = usize::from(*table);
    is_usual.then_some(Component { id: *id, across, down, quantisation_table })
}

impl Tables {
    /// Puts the standard's tables in place of those that a scan needs and nobody has given.
    fn complete(&mut self, parts: &[Part]) {
        for part in parts {
            if let Some(table @ None) = self.dc.get_mut(part.dc_table) {
                *table = standard::dc(part.dc_table);
            }
            if let Some(table @ None) = self.ac.get_mut(part.ac_table) {
                *table = standard::ac(part.ac_table);
            }
        }
    }

    fn read_huffman(&mut self, mut body: &[u8]) -> Option<()> {
        while let Some((kind, rest)) = body.split_first() {
            let (counts, rest) = rest.split_first_chunk::<16>()?;
            let symbols = rest.get(..counts.iter().map(|n| usize::from(*n)).sum())?;
            body = &rest[symbols.len()..];
            let tables = match kind >> 4 {
                0 => &mut self.dc,
                1 => &mut self.ac,
                _ => return None,
            };
            self.built += 1;
            if self.built > MAX_TABLES {
                return None;
            }
            *tables.get_mut(usize::from(kind & 15))? = Some(Huffman::new(counts, symbols)?);
        }
        Some(())
    }

    fn read_steps(&mut self, mut body: &[u8]) -> Option<()> {
        while let Some((kind, rest)) = body.split_first() {
            let slot = self.steps.get_mut(usize::from(kind & 15))?;
            let length = if kind >> 4 == 0 { 64 } else { 128 };
            let values = rest.get(..length)?;
            body = &rest[length..];
            let wide = |i: usize| i32::from(u16::from_be_bytes([values[2 * i], values[2 * i + 1]]));
            *slot = Some(std::array::from_fn(|i| {
                if length == 64 { i32::from(values[i]) } else { wide(i) }
            }));
        }
        Some(())
    }

    /// The steps of a component.
    pub(super) fn steps_of(&self, component: &Component) -> Option<[i32; 64]> {
        *self.steps.get(component.quantisation_table)?
    }
}
