//! What a program can do to the files of a library.

use std::ffi::OsString;

use crate::disk::Node;

/// One change of the disk by the program. All folders and names are inside the library.
#[derive(Debug)]
pub enum Operation {
    /// A new, empty file or folder; its number is the next one.
    Create {
        folder: Node,
        name: OsString,
        is_folder: bool,
    },
    Write {
        file: Node,
        offset: u64,
        data: Vec<u8>,
    },
    Resize {
        file: Node,
        length: u64,
    },
    Rename {
        from: (Node, OsString),
        to: (Node, OsString),
    },
    Remove {
        folder: Node,
        name: OsString,
    },
    /// All changes of `node` with a number below `began` are durable now.
    Sync {
        node: Node,
        began: usize,
    },
    /// A line on standard output.
    Said(String),
}

/// A change of a file's content.
#[derive(Clone)]
pub enum Edit {
    Write { offset: u64, data: Vec<u8> },
    Resize(u64),
}

impl Edit {
    /// Does it to a file's bytes.
    pub fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Resize(length) => bytes.resize(*length as usize, 0),
            Self::Write { offset, data } => {
                let (start, end) = (*offset as usize, *offset as usize + data.len());
                if bytes.len() < end {
                    bytes.resize(end, 0);
                }
                bytes[start..end].copy_from_slice(data);
            }
        }
    }
}
