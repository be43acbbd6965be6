//! Lists of requests, of which no more is kept than any limit allows: a long list of short things
//! takes many times its text.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Things kept; further ones are read and dropped.
pub(super) const KEPT: usize = 256;

/// The first [`KEPT`] things of a list.
pub(super) fn first<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Vec<T>, D::Error> {
    Kept::<T, KEPT>::deserialize(from).map(|kept| kept.0)
}

/// The first `N` things of a list.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Kept<T, const N: usize>(pub(crate) Vec<T>);

impl<'de, T: Deserialize<'de>, const N: usize> Deserialize<'de> for Kept<T, N> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_seq(First(PhantomData))
    }
}

struct First<T, const N: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const N: usize> Visitor<'de> for First<T, N> {
    type Value = Kept<T, N>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut kept = Vec::new();
        while kept.len() < N {
            match list.next_element()? {
                Some(one) => kept.push(one),
                None => return Ok(Kept(kept)),
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Kept(kept))
    }
}
