//! The values of a statement, each with its type: a statement needs no preparation then, and no
//! value is ever part of its text.

use pgvector::HalfVector;
use seer_types::PhotoId;
use tokio_postgres::types::{ToSql, Type};

/// Values in the order of their places `$1`, `$2`, …
#[derive(Default)]
pub(crate) struct Params {
    values: Vec<(Box<dyn ToSql + Send + Sync>, Kind)>,
}

/// A type that every server knows by number, or one of pgvector's.
pub(super) enum Kind {
    Known(Type),
    HalfVec,
    HalfVecs,
}

impl Params {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds a value; gives its place in the statement.
    pub(crate) fn add(&mut self, value: impl ToSql + Send + Sync + 'static, of: Type) -> String {
        self.push(value, Kind::Known(of))
    }

    fn push(&mut self, value: impl ToSql + Send + Sync + 'static, kind: Kind) -> String {
        self.values.push((Box::new(value), kind));
        format!("${}", self.values.len())
    }

    pub(crate) fn text(&mut self, text: String) -> String {
        self.add(text, Type::TEXT)
    }

    pub(crate) fn texts(&mut self, texts: Vec<String>) -> String {
        self.add(texts, Type::TEXT_ARRAY)
    }

    pub(crate) fn int(&mut self, number: i64) -> String {
        self.add(number, Type::INT8)
    }

    pub(crate) fn ints(&mut self, numbers: Vec<i64>) -> String {
        self.add(numbers, Type::INT8_ARRAY)
    }

    pub(crate) fn float(&mut self, number: f64) -> String {
        self.add(number, Type::FLOAT8)
    }

    pub(crate) fn bytes(&mut self, bytes: Vec<u8>) -> String {
        self.add(bytes, Type::BYTEA)
    }

    pub(crate) fn all_bytes(&mut self, bytes: Vec<Vec<u8>>) -> String {
        self.add(bytes, Type::BYTEA_ARRAY)
    }

    pub(crate) fn ids<'a>(&mut self, ids: impl IntoIterator<Item = &'a PhotoId>) -> String {
        self.all_bytes(ids.into_iter().map(|id| id.0.to_vec()).collect())
    }

    pub(crate) fn vector(&mut self, vector: HalfVector) -> String {
        self.push(vector, Kind::HalfVec)
    }

    pub(crate) fn vectors(&mut self, vectors: Vec<HalfVector>) -> String {
        self.push(vectors, Kind::HalfVecs)
    }

    /// The values with their types.
    pub(super) fn typed<'a>(
        &'a self,
        vectors: &VectorTypes,
    ) -> Vec<(&'a (dyn ToSql + Sync), Type)> {
        let typed = |(value, kind): &'a (Box<dyn ToSql + Send + Sync>, Kind)| {
            let value: &'a (dyn ToSql + Sync) = &**value;
            let of = match kind {
                Kind::Known(of) => of,
                Kind::HalfVec => &vectors.one,
                Kind::HalfVecs => &vectors.many,
            };
            (value, of.clone())
        };
        self.values.iter().map(typed).collect()
    }
}

/// pgvector's types, whose numbers each database gives anew.
pub(super) struct VectorTypes {
    pub(super) one: Type,
    pub(super) many: Type,
}
