//! What a power cut leaves of a disk: all that was synced, and any part of the rest.

use std::cell::RefCell;
use std::path::Path;

use crate::disk::{Disk, File, Folder, ROOT, set_entries};
use crate::operation::Edit;
use crate::random::Random;

/// What a disk writes as a whole.
const SECTOR: usize = 512;

/// How much of what was not synced arrived, for one file or folder.
#[derive(Clone, Copy, PartialEq)]
enum Kept {
    Nothing,
    All,
    /// The first changes; the last of them torn.
    First,
    /// Any of them, each whole, torn, or as zeros.
    Any,
}

impl Kept {
    fn choose(random: &mut Random) -> Self {
        *random.pick(&[Self::Nothing, Self::All, Self::First, Self::Any])
    }
}

/// Writes to the new folder `to` what is left of `disk`.
pub fn write_remains(disk: &Disk, to: &Path, random: Random) {
    let random = RefCell::new(random);
    disk.write_folder(ROOT, to, &|folder| entries(folder, &mut random.borrow_mut()), &|file| {
        content(file, &mut random.borrow_mut())
    });
}

/// A folder keeps its first changes.
fn entries(
    folder: &Folder,
    random: &mut Random,
) -> std::collections::BTreeMap<std::ffi::OsString, usize> {
    let mut names = folder.durable.clone();
    let count = match Kept::choose(random) {
        Kept::Nothing => 0,
        Kept::All => folder.pending.len(),
        Kept::First | Kept::Any => random.index(folder.pending.len() + 1),
    };
    folder.pending.iter().take(count).for_each(|(_, entries)| set_entries(&mut names, entries));
    names
}

fn content(file: &File, random: &mut Random) -> Vec<u8> {
    let mut bytes = file.durable.clone();
    let kept = Kept::choose(random);
    let whole = match kept {
        Kept::Nothing | Kept::Any => 0,
        Kept::All => file.pending.len(),
        Kept::First => random.index(file.pending.len() + 1),
    };
    for (index, (_, edit)) in file.pending.iter().enumerate() {
        if index < whole {
            edit.apply(&mut bytes);
        } else if kept == Kept::Any || (kept == Kept::First && index == whole) {
            half_done(edit, &mut bytes, random);
        }
    }
    bytes
}

/// A change of which a part arrived, down to nothing and up to all of it.
fn half_done(edit: &Edit, bytes: &mut Vec<u8>, random: &mut Random) {
    let Edit::Write { offset, data } = edit else {
        return if random.one_in(2) {
            edit.apply(bytes)
        };
    };
    let (start, end) = (*offset as usize, *offset as usize + data.len());
    match random.below(4) {
        0 => {}
        1 => edit.apply(bytes),
        // The length reached the disk, the data did not.
        2 => bytes.resize(bytes.len().max(end), 0),
        // Each sector by itself.
        _ => {
            let mut at = start;
            while at < end {
                let next = end.min((at / SECTOR + 1) * SECTOR);
                if random.one_in(2) {
                    let data = data[at - start..next - start].to_vec();
                    Edit::Write { offset: at as u64, data }.apply(bytes);
                }
                at = next;
            }
        }
    }
}

#[test]
fn what_was_synced_survives_every_cut_and_the_rest_in_parts() {
    use crate::operation::Operation;
    let name = std::ffi::OsString::from;
    let write = |data: &[u8]| Operation::Write { file: 1, offset: 0, data: data.to_vec() };
    let operations = [
        Operation::Create { folder: ROOT, name: name("new"), is_folder: false },
        write(&[1; 2 * SECTOR]),
        Operation::Sync { node: 1, began: 2 },
        write(&[2; 3 * SECTOR]),
        Operation::Rename { from: (ROOT, name("new")), to: (ROOT, name("old")) },
    ];
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..2000 {
        let folder = tempfile::tempdir().expect("temporary folder");
        let mut disk = Disk::load(folder.path());
        operations.iter().enumerate().for_each(|(number, o)| disk.apply(number, o));
        write_remains(&disk, folder.path(), Random::of(seed, 0));
        let names = ["new", "old"].map(|name| folder.path().join(name));
        let [new, old] = names.map(|path| std::fs::read(path).ok());
        let renamed = old.is_some();
        let bytes = new.xor(old).expect("the file under one of its names");
        let sectors: Vec<u8> = bytes.iter().copied().step_by(SECTOR).collect();
        assert!(sectors.len() >= 2 && sectors[..2].iter().all(|value| *value > 0), "{sectors:?}");
        seen.insert((renamed, sectors));
    }
    for sectors in [vec![1, 1], vec![2, 2, 2], vec![1, 1, 0], vec![1, 2], vec![2, 1, 2]] {
        for renamed in [false, true] {
            assert!(seen.contains(&(renamed, sectors.clone())), "never seen: {sectors:?}");
        }
    }
}
