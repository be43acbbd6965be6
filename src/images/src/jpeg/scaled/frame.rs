//! What stands before the entropy-coded data: sizes and tables (ITU T.81, annex B).

use super::huffman::Huffman;

/// A baseline picture with all its components in one scan.
pub(super) struct Frame {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) components: Vec<Component>,
    /// By number; those that are used are there.
    pub(super) dc_tables: [Option<Huffman>; 4],
    pub(super) ac_tables: [Option<Huffman>; 4],
    /// MCUs between two restart markers; 0 for no such markers.
    pub(super) restart_interval: usize,
    /// Where the entropy-coded data begins.
    pub(super) data_begins: usize,
}

pub(super) struct Component {
    id: u8,
    /// Blocks of an MCU across and down.
    pub(super) across: usize,
    pub(super) down: usize,
    quantisation_table: usize,
    /// Steps of the coefficients in zigzag order.
    pub(super) steps: [i32; 64],
    pub(super) dc_table: usize,
    pub(super) ac_table: usize,
}

/// Reads all segments up to the first scan. `None` where something is broken or of another kind
/// than 8-bit baseline with one scan: the general decoder then says what.
pub(super) fn read(bytes: &[u8]) -> Option<Frame> {
    let mut reading = Reading::default();
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        if marker == 0xff {
            at += 1;
            continue;
        }
        let rest = bytes.get(at + 2..)?;
        let length = usize::from(u16::from_be_bytes(*rest.first_chunk()?));
        let body = rest.get(2..length)?;
        at += 2 + length;
        match marker {
            0xc4 => reading.huffman_tables(body)?,
            0xc0 | 0xc1 => reading.frame(body)?,
            0xdb => reading.quantisation_tables(body)?,
            0xdd => {
                reading.restart_interval = usize::from(u16::from_be_bytes(*body.first_chunk()?))
            }
            0xda => return reading.scan(body, at),
            0xe0..=0xef | 0xfe => {}
            _ => return None,
        }
    }
}

#[derive(Default)]
struct Reading {
    size: (usize, usize),
    components: Vec<Component>,
    steps: [Option<[i32; 64]>; 4],
    dc_tables: [Option<Huffman>; 4],
    ac_tables: [Option<Huffman>; 4],
    restart_interval: usize,
}

impl Reading {
    fn huffman_tables(&mut self, mut body: &[u8]) -> Option<()> {
        while let Some((kind, rest)) = body.split_first() {
            let (counts, rest) = rest.split_first_chunk::<16>()?;
            let symbols = rest.get(..counts.iter().map(|n| usize::from(*n)).sum())?;
            body = &rest[symbols.len()..];
            let tables = match kind >> 4 {
                0 => &mut self.dc_tables,
                1 => &mut self.ac_tables,
                _ => return None,
            };
            *tables.get_mut(usize::from(kind & 15))? = Some(Huffman::new(counts, symbols)?);
        }
        Some(())
    }

    fn quantisation_tables(&mut self, mut body: &[u8]) -> Option<()> {
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

    fn frame(&mut self, body: &[u8]) -> Option<()> {
        let ([precision, h1, h2, w1, w2, count], components) = body.split_first_chunk()?;
        let size = |high, low| usize::from(u16::from_be_bytes([high, low]));
        self.size = (size(*w1, *w2), size(*h1, *h2));
        let is_usual = *precision == 8
            && matches!(count, 1 | 3)
            && components.len() == usize::from(*count) * 3
            && self.components.is_empty()
            && self.size.0 > 0
            && self.size.1 > 0;
        if !is_usual {
            return None;
        }
        for [id, sampling, table] in components.as_chunks::<3>().0 {
            let (across, down) = (usize::from(sampling >> 4), usize::from(sampling & 15));
            if !matches!(across, 1 | 2 | 4) || !matches!(down, 1 | 2 | 4) {
                return None;
            }
            self.components.push(Component {
                id: *id,
                across,
                down,
                quantisation_table: usize::from(*table),
                steps: [0; 64],
                dc_table: 0,
                ac_table: 0,
            });
        }
        // The blocks of a lone component stand one by one, whatever its sampling.
        if let [lone] = &mut self.components[..] {
            (lone.across, lone.down) = (1, 1);
        }
        Some(())
    }

    fn scan(mut self, body: &[u8], data_begins: usize) -> Option<Frame> {
        let (count, rest) = body.split_first()?;
        let count = usize::from(*count);
        if count == 0 || count != self.components.len() || rest.get(count * 2..)? != [0, 63, 0] {
            return None;
        }
        for (component, [id, tables]) in self.components.iter_mut().zip(rest.as_chunks::<2>().0) {
            component.steps = (*self.steps.get(component.quantisation_table)?)?;
            component.dc_table = usize::from(tables >> 4);
            component.ac_table = usize::from(tables & 15);
            let has_tables = self.dc_tables.get(component.dc_table)?.is_some()
                && self.ac_tables.get(component.ac_table)?.is_some();
            if component.id != *id || !has_tables {
                return None;
            }
        }
        Some(Frame {
            width: self.size.0,
            height: self.size.1,
            components: self.components,
            dc_tables: self.dc_tables,
            ac_tables: self.ac_tables,
            restart_interval: self.restart_interval,
            data_begins,
        })
    }
}
