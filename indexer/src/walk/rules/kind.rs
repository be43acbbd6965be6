//! The rules by their names.

/// Why a file or folder is no photo of the library.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SkipRule {
    /// The person said so.
    Excluded,
    /// The folder holds a file that asks for it.
    Marked,
    /// Its name begins with a dot.
    Hidden,
    /// Systems and tools keep it.
    System,
    /// A network storage keeps its small copies there.
    Storage,
    /// Previews, small copies and edits that an Apple library makes of its originals.
    AppleLibrary,
    /// Lightroom's previews.
    Lightroom,
    /// Capture One's previews and settings.
    CaptureOne,
    /// What an editor kept of a file that it changed.
    Backup,
    /// A download or copy that is not finished.
    Unfinished,
    /// The part of a file that only macOS reads.
    ResourceFork,
    /// The library's own folder.
    Library,
    /// A file that says something of a photo beside it: read with that one.
    Sidecar,
    /// No picture, by its name or its first bytes.
    NoPicture,
}

impl SkipRule {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Excluded,
        Self::Marked,
        Self::Hidden,
        Self::System,
        Self::Storage,
        Self::AppleLibrary,
        Self::Lightroom,
        Self::CaptureOne,
        Self::Backup,
        Self::Unfinished,
        Self::ResourceFork,
        Self::Library,
        Self::Sidecar,
        Self::NoPicture,
    ];

    /// For programs: one word that stays the same.
    pub fn name(self) -> &'static str {
        match self {
            Self::Excluded => "excluded",
            Self::Marked => "marked",
            Self::Hidden => "hidden",
            Self::System => "system",
            Self::Storage => "storage",
            Self::AppleLibrary => "apple-library",
            Self::Lightroom => "lightroom",
            Self::CaptureOne => "capture-one",
            Self::Backup => "backup",
            Self::Unfinished => "unfinished",
            Self::ResourceFork => "resource-fork",
            Self::Library => "library",
            Self::Sidecar => "sidecar",
            Self::NoPicture => "no-picture",
        }
    }

    /// For people.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Excluded => "it was excluded (--exclude)",
            Self::Marked => "it holds .nomedia or .noimage",
            Self::Hidden => "its name begins with a dot",
            Self::System => "systems and tools keep it for themselves",
            Self::Storage => "a network storage keeps small copies there",
            Self::AppleLibrary => {
                "an Apple photo library keeps previews and edits there, not originals"
            }
            Self::Lightroom => "Lightroom keeps previews there",
            Self::CaptureOne => "Capture One keeps previews there",
            Self::Backup => "an editor kept it of a file that it changed",
            Self::Unfinished => "it is a download or copy that is not finished",
            Self::ResourceFork => "it is what macOS notes about another file",
            Self::Library => "it is the library itself",
            Self::Sidecar => "it is read with the photo beside it",
            Self::NoPicture => "it is no picture",
        }
    }
}
