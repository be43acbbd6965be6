//! The items of a HEIF file (ISO 23008-12): pictures, tiles and metadata, what is said of each, and
//! where their bytes lie.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::boxes::{Boxes, Fields};

/// Most items of a file, and most pieces of one.
const MOST_ITEMS: usize = 1 << 17;
const MOST_EXTENTS: usize = 1000;
/// Most properties and references of a file.
const MOST_WORDS: usize = 1 << 20;

/// An item by its number.
pub(super) type Id = u32;

#[derive(Default)]
pub(super) struct Item<'a> {
    pub(super) kind: [u8; 4],
    content_type: &'a [u8],
    is_in_meta: bool,
    /// Offset and length of each piece; a length of 0 reaches to the end.
    extents: Vec<(u64, u64)>,
    /// Places in the list of properties.
    properties: Vec<usize>,
}

/// A link from one item to others.
struct Reference {
    kind: [u8; 4],
    from: Id,
    to: Vec<Id>,
}

/// All items of a file.
#[derive(Default)]
pub(super) struct Items<'a> {
    bytes: &'a [u8],
    /// Data inside of the description.
    inside: &'a [u8],
    pub(super) primary: Id,
    all: BTreeMap<Id, Item<'a>>,
    properties: Vec<(&'a [u8; 4], &'a [u8])>,
    references: Vec<Reference>,
}

impl<'a> Items<'a> {
    /// `None` for a file without items.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let (_, mut meta) = Boxes(bytes).find(|(kind, _)| *kind == b"meta")?;
        meta = meta.get(4..)?;
        let mut found = Self { bytes, ..Self::default() };
        for (kind, body) in Boxes(meta) {
            // What is broken is left out, and missed where it is needed.
            let _ = match kind {
                b"pitm" => found.read_primary(body),
                b"iinf" => found.read_infos(body),
                b"iloc" => found.read_locations(body),
                b"iref" => found.read_references(body),
                b"iprp" => found.read_properties(body),
                b"idat" => {
                    found.inside = body;
                    Some(())
                }
                _ => None,
            };
        }
        Some(found)
    }

    pub(super) fn item(&self, id: Id) -> Option<&Item<'a>> {
        self.all.get(&id)
    }

    /// The contents of an item's properties with their kinds, in their order.
    pub(super) fn properties(&self, id: Id) -> impl Iterator<Item = (&'a [u8; 4], &'a [u8])> {
        let places = self.all.get(&id).map_or(&[][..], |item| &item.properties);
        places.iter().filter_map(|place| self.properties.get(*place).copied())
    }

    /// The first property of a kind.
    pub(super) fn property(&self, id: Id, kind: &[u8; 4]) -> Option<&'a [u8]> {
        self.properties(id).find(|(found, _)| *found == kind).map(|(_, body)| body)
    }

    /// Items that `id` refers to.
    pub(super) fn referred(&self, id: Id, kind: &[u8; 4]) -> &[Id] {
        let found = self.references.iter().find(|link| link.from == id && link.kind == *kind);
        found.map_or(&[], |link| &link.to)
    }

    /// Items that refer to `id`.
    pub(super) fn referring(&self, id: Id, kind: &[u8; 4]) -> impl Iterator<Item = Id> {
        let links = self.references.iter().filter(move |link| link.to.contains(&id));
        links.filter(move |link| link.kind == *kind).map(|link| link.from)
    }

    /// Metadata of a kind: that which describes `id`, or else any.
    pub(super) fn described_by(&self, id: Id, is_kind: impl Fn(&Item) -> bool) -> Option<Id> {
        let fits = |id: &Id| self.all.get(id).is_some_and(&is_kind);
        let own = self.referring(id, b"cdsc").find(fits);
        own.or_else(|| self.all.keys().copied().find(fits))
    }

    /// The bytes of an item, as far as the file has them, and at most as many as the file.
    pub(super) fn data(&self, id: Id) -> Cow<'a, [u8]> {
        let Some(item) = self.all.get(&id) else { return Cow::Borrowed(&[]) };
        let whole = if item.is_in_meta { self.inside } else { self.bytes };
        let piece = |(offset, length): &(u64, u64)| {
            let begin = usize::try_from(*offset).unwrap_or(usize::MAX);
            let rest = whole.get(begin..).unwrap_or(&[]);
            let length = usize::try_from(*length).unwrap_or(usize::MAX);
            &rest[..if length == 0 { rest.len() } else { length.min(rest.len()) }]
        };
        match &item.extents[..] {
            [alone] => Cow::Borrowed(piece(alone)),
            extents => {
                let mut all = Vec::new();
                for extent in extents {
                    let piece = piece(extent);
                    all.extend(&piece[..piece.len().min(self.bytes.len() - all.len())]);
                }
                Cow::Owned(all)
            }
        }
    }

    fn read_primary(&mut self, body: &[u8]) -> Option<()> {
        let mut fields = Fields(body);
        let (version, _) = fields.version()?;
        self.primary = fields.number(if version == 0 { 2 } else { 4 })? as Id;
        Some(())
    }

    fn read_infos(&mut self, body: &'a [u8]) -> Option<()> {
        let mut fields = Fields(body);
        let (version, _) = fields.version()?;
        fields.number(if version == 0 { 2 } else { 4 })?;
        for (kind, body) in Boxes(fields.0).take(MOST_ITEMS) {
            let mut fields = Fields(body);
            let (version, _) = fields.version()?;
            if kind != b"infe" || version < 2 {
                continue;
            }
            let id = fields.number(if version == 2 { 2 } else { 4 })? as Id;
            fields.number(2)?;
            let kind = *fields.bytes(4)?.first_chunk()?;
            fields.text();
            let item = self.all.entry(id).or_default();
            item.kind = kind;
            item.content_type = fields.text().unwrap_or(fields.0);
        }
        Some(())
    }

    fn read_locations(&mut self, body: &[u8]) -> Option<()> {
        let mut fields = Fields(body);
        let (version, _) = fields.version()?;
        let sizes = fields.number(2)? as usize;
        let (offset_size, length_size) = (sizes >> 12, sizes >> 8 & 15);
        let (base_size, index_size) = (sizes >> 4 & 15, sizes & 15);
        if [offset_size, length_size, base_size, index_size].iter().any(|size| *size > 8) {
            return None;
        }
        let wide = if version < 2 { 2 } else { 4 };
        for _ in 0..(fields.number(wide)? as usize).min(MOST_ITEMS) {
            let id = fields.number(wide)? as Id;
            let method = if version == 0 { 0 } else { fields.number(2)? & 15 };
            fields.number(2)?;
            let base = fields.number(base_size)?;
            let mut extents = Vec::new();
            for _ in 0..fields.number(2)? {
                if version > 0 {
                    fields.number(index_size)?;
                }
                let offset = base.saturating_add(fields.number(offset_size)?);
                let length = fields.number(length_size)?;
                if extents.len() < MOST_EXTENTS {
                    extents.push((offset, length));
                }
            }
            let item = self.all.entry(id).or_default();
            item.is_in_meta = method == 1;
            // Data that is made of other items is not looked for.
            item.extents = if method > 1 { Vec::new() } else { extents };
        }
        Some(())
    }

    fn read_references(&mut self, body: &[u8]) -> Option<()> {
        let mut fields = Fields(body);
        let (version, _) = fields.version()?;
        let wide = if version == 0 { 2 } else { 4 };
        let mut left = MOST_WORDS;
        for (kind, body) in Boxes(fields.0).take(MOST_ITEMS) {
            let mut fields = Fields(body);
            let from = fields.number(wide)? as Id;
            let count = fields.number(2)? as usize;
            left = left.checked_sub(count)?;
            let to: Vec<Id> = (0..count).map_while(|_| Some(fields.number(wide)? as Id)).collect();
            self.references.push(Reference { kind: *kind, from, to });
        }
        Some(())
    }

    fn read_properties(&mut self, body: &'a [u8]) -> Option<()> {
        for (kind, body) in Boxes(body) {
            match kind {
                b"ipco" => self.properties = Boxes(body).take(MOST_ITEMS).collect(),
                b"ipma" => self.read_associations(body)?,
                _ => {}
            }
        }
        Some(())
    }

    fn read_associations(&mut self, body: &[u8]) -> Option<()> {
        let mut fields = Fields(body);
        let (version, flags) = fields.version()?;
        let mut left = MOST_WORDS;
        for _ in 0..(fields.number(4)? as usize).min(MOST_ITEMS) {
            let id = fields.number(if version < 1 { 2 } else { 4 })? as Id;
            let count = fields.number(1)? as usize;
            left = left.checked_sub(count)?;
            let item = self.all.entry(id).or_default();
            for _ in 0..count {
                // The first bit says whether it may be read over; numbers begin with 1.
                let place = match flags & 1 {
                    1 => fields.number(2)? & 0x7fff,
                    _ => fields.number(1)? & 0x7f,
                };
                item.properties.extend((place as usize).checked_sub(1));
            }
        }
        Some(())
    }
}

impl Item<'_> {
    pub(super) fn is_exif(&self) -> bool {
        self.kind == *b"Exif"
    }

    pub(super) fn is_xmp(&self) -> bool {
        self.kind == *b"mime" && self.content_type == b"application/rdf+xml"
    }
}
