//! Writes the graph in the form hnsw_rs reads: its dump format 4, little-endian, 64-bit.
//!
//! hnsw_rs' own `file_dump` prints and panics when a file cannot be opened and wants 16 layers;
//! and what it writes as level scale is taken for a factor on reload, so that points inserted
//! afterwards get other layers than before. `docs/FORMATS.md` describes both files.

use std::io::{self, Write};

use super::{Graph, LAYERS, SlotDistance};

pub(super) const MAGIC_DESCRIPTION: u32 = 0x002a_6779;
pub(super) const MAGIC_LAYER: u32 = 0x000a_676f;
pub(super) const MAGIC_POINT: u32 = 0x000a_678f;
pub(super) const MAGIC_DATA: u32 = 0xa67f_0000;

/// "Full" in hnsw_rs: links name the point's place in its layer too.
pub(super) const FULL_MODE: u8 = 1;

/// A factor on the random level of a new point: none gets above layer 0.
pub(super) const LEVEL_SCALE: f64 = 0.0;

/// The names hnsw_rs compares on reload.
pub(super) fn type_names() -> [&'static str; 2] {
    [std::any::type_name::<SlotDistance>(), std::any::type_name::<f32>()]
}

impl Graph {
    /// Writes links to `graph` and slot numbers to `data`.
    ///
    /// # Errors
    /// Whatever writing gives; `InvalidInput` for a graph that has failed or is empty.
    pub(crate) fn write(&self, graph: &mut dyn Write, data: &mut dyn Write) -> io::Result<()> {
        let points = self.points();
        let inner = self.usable().filter(|_| points > 0).ok_or(io::ErrorKind::InvalidInput)?;
        self.write_description(graph, points)?;
        data.write_all(&MAGIC_DATA.to_le_bytes())?;
        data.write_all(&1u64.to_le_bytes())?;

        graph.write_all(&[LAYERS as u8])?;
        graph.write_all(&MAGIC_LAYER.to_le_bytes())?;
        graph.write_all(&(points as u64).to_le_bytes())?;
        let mut entry = None;
        for point in inner.get_point_indexation().get_layer_iterator(0) {
            // The first point is the entry: with one layer it is never replaced.
            let (slot, rank) = (point.get_origin_id() as u64, point.get_point_id().1);
            entry = entry.or(Some((slot, rank)));
            graph.write_all(&MAGIC_POINT.to_le_bytes())?;
            write_place(graph, slot, rank)?;
            let links = point.get_neighborhood_id().into_iter().next().unwrap_or_default();
            graph.write_all(&(links.len() as u64).to_le_bytes())?;
            for link in links {
                write_place(graph, link.d_id as u64, link.p_id.1)?;
                graph.write_all(&link.distance.to_le_bytes())?;
            }
            data.write_all(&MAGIC_DATA.to_le_bytes())?;
            data.write_all(&slot.to_le_bytes())?;
            data.write_all(&4u64.to_le_bytes())?;
            data.write_all(&(slot as u32).to_le_bytes())?;
        }
        let (slot, rank) = entry.ok_or(io::ErrorKind::InvalidInput)?;
        write_place(graph, slot, rank)
    }

    fn write_description(&self, graph: &mut dyn Write, points: usize) -> io::Result<()> {
        graph.write_all(&MAGIC_DESCRIPTION.to_le_bytes())?;
        graph.write_all(&[FULL_MODE, self.params.connections() as u8])?;
        graph.write_all(&LEVEL_SCALE.to_le_bytes())?;
        graph.write_all(&[LAYERS as u8])?;
        for number in [self.params.ef_construction(), points, 1] {
            graph.write_all(&(number as u64).to_le_bytes())?;
        }
        for name in type_names() {
            graph.write_all(&(name.len() as u64).to_le_bytes())?;
            graph.write_all(name.as_bytes())?;
        }
        Ok(())
    }
}

/// A point: its slot, its layer (always 0), its place in the layer.
fn write_place(out: &mut dyn Write, slot: u64, rank: i32) -> io::Result<()> {
    out.write_all(&slot.to_le_bytes())?;
    out.write_all(&[0])?;
    out.write_all(&rank.to_le_bytes())
}
