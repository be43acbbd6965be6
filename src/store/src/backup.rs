//! What a backup holds.

/// A backup in numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct BackupSummary {
    /// Entries of every kind.
    pub entries: u64,
    /// Records, those of photos without files included.
    pub photos: u64,
}
