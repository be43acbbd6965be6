//! Memory that is kept from one picture to the next: asking the system for it takes about as long as a
//! layer.

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, PoisonError};

/// What nobody uses at the moment; as many as were in use at once.
#[derive(Default)]
pub(super) struct Spare<T>(Mutex<Vec<T>>);

/// One of them, until it is dropped.
pub(super) struct Lent<'a, T: Default> {
    value: T,
    owner: &'a Spare<T>,
}

impl<T: Default> Spare<T> {
    /// One that is there, or a new one.
    pub fn lend(&self) -> Lent<'_, T> {
        let value = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Lent { value: value.unwrap_or_default(), owner: self }
    }
}

impl<T: Default> Drop for Lent<'_, T> {
    fn drop(&mut self) {
        let value = std::mem::take(&mut self.value);
        self.owner.0.lock().unwrap_or_else(PoisonError::into_inner).push(value);
    }
}

impl<T: Default> Deref for Lent<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Default> DerefMut for Lent<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_back_is_lent_again() {
        let spare = Spare::<Vec<u8>>::default();
        let (mut first, second) = (spare.lend(), spare.lend());
        first.push(7);
        drop(second);
        drop(first);
        assert_eq!(spare.lend().len(), 1);
        assert_eq!(spare.0.lock().unwrap().len(), 2);
    }
}
