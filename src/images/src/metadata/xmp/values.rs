//! Values of properties in the ways that RDF has to write them (ISO 16684-1, 7).

use super::names::Space;
use super::tree::{Name, Node};

/// A property's value: an attribute's, or what an element holds.
#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    Attribute(&'a str),
    Element(&'a Node),
}

/// The properties of the picture itself: those of the outermost descriptions, whether attributes or
/// elements. What stands within a property is its value.
pub(super) fn properties(roots: &[Node]) -> Vec<(&Name, Value<'_>)> {
    let mut found = Vec::new();
    roots.iter().for_each(|node| collect(node, &mut found));
    found
}

fn collect<'a>(node: &'a Node, found: &mut Vec<(&'a Name, Value<'a>)>) {
    let is_frame = node.name.space == Space::Wrapper
        || ["RDF", "Description"].iter().any(|local| node.name.is(Space::Rdf, local))
        || ["xmpmeta", "xapmeta"].contains(&node.name.local.as_str());
    if !is_frame {
        found.push((&node.name, Value::Element(node)));
        return;
    }
    let attributes = node.attributes.iter();
    found.extend(attributes.map(|(name, value)| (name, Value::Attribute(value))));
    node.children.iter().for_each(|child| collect(child, found));
}

impl<'a> Value<'a> {
    /// All texts: the value itself, or the items of an array. Of several languages the default
    /// comes first.
    pub(super) fn texts(self) -> Vec<&'a str> {
        let node = match self {
            Self::Attribute(text) => return vec![text],
            Self::Element(node) => node,
        };
        let mut texts: Vec<_> = match array(node) {
            Some(array) => {
                items_of(array).filter_map(|item| leaf(item).map(|t| (item, t))).collect()
            }
            None => leaf(node).map(|text| (node, text)).into_iter().collect(),
        };
        texts.sort_by_key(|(item, _)| !is_default(item));
        texts.into_iter().map(|(_, text)| text).collect()
    }

    /// The structures: the value itself, or the items of an array.
    pub(super) fn structures(self) -> Vec<&'a Node> {
        match self {
            Self::Attribute(_) => Vec::new(),
            Self::Element(node) => match array(node) {
                Some(array) => items_of(array).collect(),
                None => vec![node],
            },
        }
    }
}

/// A field of a structure.
pub(super) fn field<'a>(structure: &'a Node, local: &str) -> Option<Value<'a>> {
    let is_description = |node: &&Node| node.name.is(Space::Rdf, "Description");
    let inner = structure.children.iter().filter(is_description);
    std::iter::once(structure).chain(inner).find_map(|node| {
        let attribute = node.attributes.iter().find(|(name, _)| name.local == local);
        let attribute = attribute.map(|(_, value)| Value::Attribute(value));
        let element = || node.children.iter().find(|child| child.name.local == local);
        attribute.or_else(|| element().map(Value::Element))
    })
}

/// The texts of a field.
pub(super) fn field_texts<'a>(structure: &'a Node, local: &str) -> Vec<&'a str> {
    field(structure, local).map_or_else(Vec::new, Value::texts)
}

/// The bag, sequence or alternatives that a property's value is.
fn array(node: &Node) -> Option<&Node> {
    let is_array =
        |child: &&Node| ["Bag", "Seq", "Alt"].iter().any(|local| child.name.is(Space::Rdf, local));
    node.children.iter().find(is_array)
}

fn items_of(array: &Node) -> impl Iterator<Item = &Node> {
    array.children.iter().filter(|child| child.name.is(Space::Rdf, "li"))
}

fn is_default(item: &Node) -> bool {
    item.attributes.iter().any(|(name, value)| name.is(Space::Xml, "lang") && value == "x-default")
}

/// A text that stands alone, or is the value among its qualifiers. `None` for a structure.
fn leaf(node: &Node) -> Option<&str> {
    if let Some(value) = attribute_value(node) {
        return Some(value);
    }
    if node.children.is_empty() {
        return Some(&node.text);
    }
    node.children.iter().find_map(|child| match child.name.space {
        Space::Rdf if child.name.local == "value" => Some(child.text.as_str()),
        Space::Rdf if child.name.local == "Description" => {
            let inner = child.children.iter().find(|inner| inner.name.is(Space::Rdf, "value"));
            attribute_value(child).or_else(|| inner.map(|inner| inner.text.as_str()))
        }
        _ => None,
    })
}

fn attribute_value(node: &Node) -> Option<&str> {
    let is_value = |name: &Name| name.is(Space::Rdf, "value") || name.is(Space::Rdf, "resource");
    node.attributes.iter().find(|(name, _)| is_value(name)).map(|(_, value)| value.as_str())
}
