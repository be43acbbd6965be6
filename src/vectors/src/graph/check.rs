//! Reads a dumped graph the strict way, before hnsw_rs reads it the trusting way.

use super::dump::{
    FULL_MODE, LEVEL_SCALE, MAGIC_DATA, MAGIC_DESCRIPTION, MAGIC_LAYER, MAGIC_POINT, type_names,
};
use super::{GraphParams, LAYERS};

/// Facts the files must agree with.
pub(crate) struct Expected {
    /// As the graph was built.
    pub(crate) params: GraphParams,
    /// Slots that may occur are below this.
    pub(crate) covered: usize,
}

/// What is wrong, in words; the caller knows the file.
type Checked<T> = Result<T, &'static str>;

/// Bytes not read yet.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Checked<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk::<N>().ok_or("it ends too early")?;
        self.0 = rest;
        Ok(*first)
    }

    fn u8(&mut self) -> Checked<u8> {
        Ok(self.take::<1>()?[0])
    }

    fn u32(&mut self) -> Checked<u32> {
        Ok(u32::from_le_bytes(self.take()?))
    }

    fn u64(&mut self) -> Checked<u64> {
        Ok(u64::from_le_bytes(self.take()?))
    }

    /// The next bytes must be these.
    fn expect(&mut self, wanted: &[u8], otherwise: &'static str) -> Checked<()> {
        self.0 = self.0.strip_prefix(wanted).ok_or(otherwise)?;
        Ok(())
    }

    fn end(&self) -> Checked<()> {
        if self.0.is_empty() { Ok(()) } else { Err("there are bytes after its end") }
    }
}

/// Checks both files against each other and against `expected`, so that loading them cannot
/// fail; gives the slots in the graph, in file order.
///
/// Every length is bounded by what is left to read before anything of that length is made.
pub(crate) fn check(graph: &[u8], data: &[u8], expected: &Expected) -> Checked<Vec<u32>> {
    let mut graph = Bytes(graph);
    let points = check_description(&mut graph, expected)?;
    graph.expect(&[LAYERS as u8], "it does not have one layer")?;
    graph.expect(&MAGIC_LAYER.to_le_bytes(), "the layer's mark is wrong")?;
    if graph.u64()? != points {
        return Err("the layer does not hold all points");
    }
    let slots = check_points(&mut graph, points, expected)?;
    let entry = slots.first().ok_or("there is no point")?;
    check_place(&mut graph, u64::from(*entry), 0)?;
    graph.end()?;
    check_data(&mut Bytes(data), &slots)?;
    Ok(slots)
}

fn check_description(graph: &mut Bytes, expected: &Expected) -> Checked<u64> {
    let params = &expected.params;
    graph.expect(&MAGIC_DESCRIPTION.to_le_bytes(), "the first mark is wrong")?;
    graph.expect(&[FULL_MODE, params.connections() as u8], "the connections differ")?;
    graph.expect(&LEVEL_SCALE.to_le_bytes(), "the level scale differs")?;
    graph.expect(&[LAYERS as u8], "the number of layers differs")?;
    graph.expect(&(params.ef_construction() as u64).to_le_bytes(), "ef_construction differs")?;
    let points = graph.u64()?;
    if points > expected.covered as u64 {
        return Err("there are more points than vectors");
    }
    graph.expect(&1u64.to_le_bytes(), "the key length differs")?;
    for name in type_names() {
        graph.expect(&(name.len() as u64).to_le_bytes(), "a type name differs")?;
        graph.expect(name.as_bytes(), "a type name differs")?;
    }
    Ok(points)
}

fn check_points(graph: &mut Bytes, points: u64, expected: &Expected) -> Checked<Vec<u32>> {
    let most_links = 2 * expected.params.connections() as u64;
    let mut seen = vec![false; expected.covered];
    let mut slots = Vec::new();
    for rank in 0..points {
        graph.expect(&MAGIC_POINT.to_le_bytes(), "a point's mark is wrong")?;
        let slot = graph.u64()?;
        let place = usize::try_from(slot).ok().and_then(|slot| seen.get_mut(slot));
        if std::mem::replace(place.ok_or("a point has no vector")?, true) {
            return Err("a point occurs twice");
        }
        slots.push(slot as u32);
        graph.expect(&[0], "a point is in another layer")?;
        graph.expect(&(rank as i32).to_le_bytes(), "the points are out of order")?;
        let links = graph.u64()?;
        if links > most_links {
            return Err("a point has too many links");
        }
        for _ in 0..links {
            check_link(graph, points)?;
        }
    }
    Ok(slots)
}

fn check_link(graph: &mut Bytes, points: u64) -> Checked<()> {
    let _slot = graph.u64()?;
    graph.expect(&[0], "a link leads to another layer")?;
    if u64::from(graph.u32()?) >= points {
        return Err("a link leads nowhere");
    }
    let distance = f32::from_le_bytes(graph.take()?);
    if !(0.0..=f32::MAX).contains(&distance) {
        return Err("a link's distance is not a distance");
    }
    Ok(())
}

fn check_place(graph: &mut Bytes, slot: u64, rank: i32) -> Checked<()> {
    if graph.u64()? != slot || graph.u8()? != 0 || graph.take()? != rank.to_le_bytes() {
        return Err("the entry point is not the first point");
    }
    Ok(())
}

fn check_data(data: &mut Bytes, slots: &[u32]) -> Checked<()> {
    data.expect(&MAGIC_DATA.to_le_bytes(), "the slot list's mark is wrong")?;
    data.expect(&1u64.to_le_bytes(), "the slot list's key length differs")?;
    for slot in slots {
        data.expect(&MAGIC_DATA.to_le_bytes(), "a mark in the slot list is wrong")?;
        data.expect(&u64::from(*slot).to_le_bytes(), "the slot list is out of order")?;
        data.expect(&4u64.to_le_bytes(), "a key in the slot list has another length")?;
        data.expect(&slot.to_le_bytes(), "a key in the slot list is another slot's")?;
    }
    data.end()
}
