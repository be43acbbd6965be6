//! The file of graphs: for each, where walks begin, where each point's links begin, and the
//! links. All numbers are u32.

use std::io::{self, Write};
use std::sync::Arc;

use super::manifest::GraphEntry;
use crate::checked::Checked;
use crate::graph::{Columns, Graphs, Links};
use crate::part::Part;

/// Writes the graphs, in the form that [`read`] reads.
pub(super) fn write(graphs: &Graphs, out: &mut dyn Write) -> io::Result<()> {
    for links in graphs.all() {
        let Columns { starts, offsets, links } = links.columns();
        for column in [starts, offsets, links] {
            out.write_all(bytemuck::cast_slice(column))?;
        }
    }
    Ok(())
}

/// What the manifest says of the graphs.
pub(super) fn entries(graphs: &Graphs) -> Vec<GraphEntry> {
    let entry = |links: &Links| GraphEntry {
        slots: links.len() as u64,
        built: links.built() as u64,
        starts: links.columns().starts.len() as u64,
        links: links.columns().links.len() as u64,
    };
    graphs.all().iter().map(entry).collect()
}

/// Reads the graphs of a store with `slots` slots, whole; what is wrong with the file otherwise.
pub(super) fn read(
    map: &Arc<Checked>,
    entries: &[GraphEntry],
    slots: usize,
) -> Result<Graphs, &'static str> {
    const SHORT: &str = "it ends too early";
    let _: &[u8] = map.numbers(0..map.len());
    if map.is_damaged() {
        return Err("its checksum is wrong");
    }
    let (mut at, mut first, mut graphs) = (0, 0, Vec::new());
    for entry in entries {
        let mut next = |count: u64| {
            let part = Part::mapped(map, at, usize::try_from(count).ok()?)?;
            at += part.len() * size_of::<u32>();
            Some(part)
        };
        let offsets = entry.slots.checked_add(1).ok_or(SHORT)?;
        let columns = Columns {
            starts: next(entry.starts).ok_or(SHORT)?,
            offsets: next(offsets).ok_or(SHORT)?,
            links: next(entry.links).ok_or(SHORT)?,
        };
        let built = usize::try_from(entry.built).unwrap_or(usize::MAX / 4);
        let links = Links::over(first, built.min(usize::MAX / 4), columns);
        if !links.is_sound() {
            return Err("a link leads to nowhere");
        }
        first = links.slots().end;
        graphs.push(links);
    }
    match Graphs::over(graphs) {
        Some(graphs) if at == map.len() && first <= slots => Ok(graphs),
        _ => Err("it is not of these vectors"),
    }
}
