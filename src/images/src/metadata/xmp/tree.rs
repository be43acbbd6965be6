//! The elements of a packet, with their namespaces resolved. Reads up to the first error.

use std::borrow::Cow;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{QName, ResolveResult};
use quick_xml::reader::NsReader;

use super::names::{self, Space};
use crate::{ImageError, guard};

/// Elements and attributes that are looked at.
const MOST_NODES: usize = 100_000;
/// Elements within each other; what lies deeper is passed over.
const DEEPEST: usize = 40;
/// Letters and digits of a reference: "&#x10ffff;".
const LONGEST_REFERENCE: usize = 8;

/// A name by its namespace.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Name {
    pub(super) space: Space,
    pub(super) local: String,
}

/// An element.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) name: Name,
    pub(super) attributes: Vec<(Name, String)>,
    pub(super) children: Vec<Node>,
    /// What stands between the tags, children left out.
    pub(super) text: String,
}

impl Name {
    pub(super) fn is(&self, space: Space, local: &str) -> bool {
        self.space == space && self.local == local
    }
}

/// Elements that are not closed yet, the outermost first.
struct Builder {
    open: Vec<Node>,
    roots: Vec<Node>,
    /// How many open elements lie too deep.
    skipped: usize,
    nodes: usize,
}

/// The outermost elements of a document.
pub(super) fn read(xml: &str) -> Vec<Node> {
    let xml = with_references(xml.trim_matches(['\0', '\u{feff}', ' ', '\n', '\r', '\t']));
    let mut reader = NsReader::from_str(&xml);
    reader.config_mut().check_end_names = false;
    let mut tree = Builder { open: Vec::new(), roots: Vec::new(), skipped: 0, nodes: 0 };
    while let Some(event) = next(&mut reader) {
        match event {
            Event::Start(element) => tree.start(node(&reader, &element)),
            Event::Empty(element) => {
                tree.start(node(&reader, &element));
                tree.end();
            }
            Event::End(_) => tree.end(),
            Event::Text(text) => tree.text(text.as_ref()),
            Event::CData(text) => tree.text(text.as_ref()),
            Event::GeneralRef(reference) => {
                if let Some(character) = character(&reference) {
                    tree.text(character.encode_utf8(&mut [0; 4]));
                }
            }
            _ => {}
        }
        if tree.nodes > MOST_NODES {
            break;
        }
    }
    tree.finish()
}

/// The text with every `&` that begins no reference written as one: some programs forget to.
fn with_references(xml: &str) -> Cow<'_, str> {
    let begins_reference = |rest: &str| {
        let name = rest.split_once(';').map_or("", |(name, _)| name);
        let is_name = |c: u8| c.is_ascii_alphanumeric() || c == b'#';
        (1..=LONGEST_REFERENCE).contains(&name.len()) && name.bytes().all(is_name)
    };
    let mut parts = xml.split('&');
    let first = parts.next().unwrap_or("");
    if parts.clone().all(begins_reference) {
        return Cow::Borrowed(xml);
    }
    let mut whole = first.to_owned();
    for part in parts {
        whole.push_str(if begins_reference(part) { "&" } else { "&amp;" });
        whole.push_str(part);
    }
    Cow::Owned(whole)
}

impl Builder {
    fn start(&mut self, node: Node) {
        self.nodes += 1 + node.attributes.len();
        if self.skipped > 0 || self.open.len() == DEEPEST {
            self.skipped += 1;
        } else {
            self.open.push(node);
        }
    }

    fn end(&mut self) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        let Some(node) = self.open.pop() else { return };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(node),
            None => self.roots.push(node),
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(node) = self.open.last_mut().filter(|_| self.skipped == 0) {
            node.text.push_str(text);
        }
    }

    /// Closes what a cut-off document leaves open.
    fn finish(mut self) -> Vec<Node> {
        self.skipped = 0;
        while !self.open.is_empty() {
            self.end();
        }
        self.roots
    }
}

/// The next event; `None` at the end, and where the XML is broken.
fn next<'a>(reader: &mut NsReader<&'a [u8]>) -> Option<Event<'a>> {
    let broken = |error: quick_xml::Error| ImageError::damaged("xmp", &error.to_string());
    let event = guard::foreign("xmp", || reader.read_event().map_err(broken)).ok()?;
    (!matches!(event, Event::Eof)).then_some(event)
}

fn node(reader: &NsReader<&[u8]>, element: &BytesStart) -> Node {
    let read = guard::foreign("xmp", || {
        let resolver = reader.resolver();
        let name = |(space, local): (ResolveResult, _), whole: QName| Name {
            space: space_of(&space, whole),
            local: AsRef::<str>::as_ref(&local).to_owned(),
        };
        let mut attributes = element.attributes();
        let pairs = attributes.with_checks(false).flatten().map(|attribute| {
            let key = attribute.key;
            let value = match quick_xml::escape::unescape(&attribute.value) {
                Ok(value) => value.into_owned(),
                Err(_) => attribute.value.to_string(),
            };
            (name(resolver.resolve_attribute(key), key), value)
        });
        let attributes = pairs.take(MOST_NODES).collect();
        let name = name(resolver.resolve_element(element.name()), element.name());
        Ok(Node { name, attributes, children: Vec::new(), text: String::new() })
    });
    read.unwrap_or_else(|_| Node {
        name: Name { space: Space::Other, local: String::new() },
        attributes: Vec::new(),
        children: Vec::new(),
        text: String::new(),
    })
}

/// What a name belongs to: what its prefix is bound to, else what it usually stands for.
fn space_of(resolved: &ResolveResult, name: QName) -> Space {
    match (resolved, name.prefix()) {
        (ResolveResult::Bound(namespace), _) => names::of_name(namespace.0),
        (_, Some(prefix)) => names::of_prefix(prefix.as_ref()),
        (_, None) => Space::Other,
    }
}

/// What `&amp;` or `&#233;` stands for.
fn character(reference: &BytesRef) -> Option<char> {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return Some(character);
    }
    match reference.as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_resolved_and_texts_joined() {
        let roots =
            read("<a xmlns='http://purl.org/dc/elements/1.1/' b='&lt;'>x&amp;<xmp:c/>y</a>");
        let [root] = &roots[..] else { panic!("{roots:?}") };
        assert!(root.name.is(Space::Dc, "a"));
        assert_eq!(root.text, "x&y");
        assert!(root.children[0].name.is(Space::Xmp, "c"));
        assert!(root.attributes.iter().any(|(name, value)| name.local == "b" && value == "<"));
    }

    #[test]
    fn an_ampersand_that_begins_no_reference_is_itself() {
        let root = &read("<a b='Q&A'>R&B, Tom & Jerry; &lt;3 &#233;<b>x</b></a>")[0];
        assert_eq!(root.text, "R&B, Tom & Jerry; <3 é");
        assert_eq!((root.attributes[0].1.as_str(), root.children.len()), ("Q&A", 1));
    }

    #[test]
    fn depth_and_number_are_bound() {
        let deep = read(&"<a>".repeat(100_000));
        let mut depth = 0;
        let mut nodes = &deep;
        while let Some(node) = nodes.first() {
            depth += 1;
            nodes = &node.children;
        }
        assert_eq!(depth, DEEPEST);
        let wide = read(&format!("<a>{}", "<b/>".repeat(MOST_NODES * 2)));
        assert!(wide[0].children.len() <= MOST_NODES);
        let behind = format!("<a>{}{}<b/>", "<c>".repeat(100), "</c>".repeat(100));
        assert_eq!(read(&behind)[0].children.len(), 2);
    }
}
