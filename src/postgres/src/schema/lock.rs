//! Advisory locks: one at a time does this, among all machines.

/// What is done by one at a time; the numbers are kept, as other versions may run at once.
#[derive(Clone, Copy)]
pub(crate) enum Lock {
    /// Making the tables.
    Init = 1,
    /// Giving a space its table.
    Spaces = 2,
    /// Building a space's index.
    Index = 3,
    /// Walking an indexed folder.
    Root = 4,
}

/// "seer" in the high half: other programs in this database have other locks.
const OURS: i64 = 0x7365_6572 << 32;

impl Lock {
    /// The number of the lock for `which` of its kind.
    pub(crate) fn number(self, which: u32) -> i64 {
        OURS | (self as i64) << 28 | i64::from(which & 0x0fff_ffff)
    }
}
