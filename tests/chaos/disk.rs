//! A library folder as a disk keeps it: what is visible, and of that, what is durable.
//!
//! A kill leaves all that is visible. A power cut leaves what was synced, and of the rest any
//! part (`power.rs`). A sync of a folder makes its entries durable, a sync of a file its content
//! and, as journaling file systems do, the entries under which it was created. Entries of one
//! folder become durable in their order.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

use crate::operation::{Edit, Operation};

/// The number of a file or folder; both keep theirs when they are renamed.
pub type Node = usize;

/// The library folder itself.
pub const ROOT: Node = 0;

/// What a change did to one folder: a name now means this, or nothing.
pub type Entries = Vec<(OsString, Option<Node>)>;

#[derive(Default)]
pub struct File {
    pub durable: Vec<u8>,
    pub visible: Vec<u8>,
    pub pending: Vec<(usize, Edit)>,
}

#[derive(Default)]
pub struct Folder {
    pub durable: BTreeMap<OsString, Node>,
    pub visible: BTreeMap<OsString, Node>,
    pub pending: Vec<(usize, Entries)>,
}

pub enum Item {
    File(File),
    Folder(Folder),
}

/// All files and folders there are or were.
pub struct Disk {
    pub items: Vec<Item>,
}

impl Disk {
    /// What lies in `folder` (nothing if it is not there), all of it durable. The same folder
    /// gives the same numbers.
    pub fn load(folder: &Path) -> Self {
        let mut disk = Self { items: vec![Item::Folder(Folder::default())] };
        if folder.exists() {
            disk.load_into(ROOT, folder);
        }
        disk
    }

    fn load_into(&mut self, node: Node, path: &Path) {
        let mut entries: Vec<_> =
            std::fs::read_dir(path).expect("folder").map(|e| e.expect("entry")).collect();
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            let child = self.items.len();
            if entry.file_type().expect("type").is_dir() {
                self.items.push(Item::Folder(Folder::default()));
                self.load_into(child, &entry.path());
            } else {
                let bytes = std::fs::read(entry.path()).expect("file");
                let file = File { durable: bytes.clone(), visible: bytes, pending: Vec::new() };
                self.items.push(Item::File(file));
            }
            let folder = self.folder_mut(node);
            folder.durable.insert(entry.file_name(), child);
            folder.visible.insert(entry.file_name(), child);
        }
    }

    /// Does operation `number`.
    pub fn apply(&mut self, number: usize, operation: &Operation) {
        match operation {
            Operation::Create { folder, name, is_folder } => {
                let node = self.items.len();
                self.items.push(match is_folder {
                    true => Item::Folder(Folder::default()),
                    false => Item::File(File::default()),
                });
                self.enter(number, *folder, vec![(name.clone(), Some(node))]);
            }
            Operation::Write { file, offset, data } => {
                let edit = Edit::Write { offset: *offset, data: data.clone() };
                self.file_mut(*file).edit(number, edit);
            }
            Operation::Resize { file, length } => {
                self.file_mut(*file).edit(number, Edit::Resize(*length));
            }
            Operation::Rename { from, to } => self.rename(number, from, to),
            Operation::Remove { folder, name } => {
                self.enter(number, *folder, vec![(name.clone(), None)]);
            }
            Operation::Sync { node, began } => self.sync(*node, *began),
            Operation::Said(_) => {}
        }
    }

    fn rename(&mut self, number: usize, from: &(Node, OsString), to: &(Node, OsString)) {
        let node = self.lookup(from.0, &from.1);
        let (gone, here) = ((from.1.clone(), None), (to.1.clone(), node));
        if from.0 == to.0 {
            return self.enter(number, from.0, vec![gone, here]);
        }
        self.enter(number, to.0, vec![here]);
        self.enter(number, from.0, vec![gone]);
    }

    fn enter(&mut self, number: usize, folder: Node, entries: Entries) {
        let folder = self.folder_mut(folder);
        set_entries(&mut folder.visible, &entries);
        folder.pending.push((number, entries));
    }

    fn sync(&mut self, node: Node, began: usize) {
        match &mut self.items[node] {
            Item::File(file) => {
                let later = file.pending.partition_point(|(number, _)| *number < began);
                for (_, edit) in file.pending.drain(..later) {
                    edit.apply(&mut file.durable);
                }
            }
            Item::Folder(folder) => folder.settle(|number, _| number < began),
        }
        self.pin(node);
    }

    /// Makes the entry under which `node` was created durable, and those of the folders above.
    fn pin(&mut self, node: Node) {
        let holder = |item: &Item| match item {
            Item::Folder(folder) => folder.visible.values().any(|n| *n == node),
            Item::File(_) => false,
        };
        let Some(parent) = self.items.iter().position(holder) else { return };
        let folder = self.folder_mut(parent);
        if !folder.durable.values().any(|n| *n == node) {
            let names = |entries: &Entries| entries.iter().any(|(_, n)| *n == Some(node));
            let created = folder.pending.iter().find(|(_, entries)| names(entries));
            if let Some(created) = created.map(|(number, _)| *number) {
                folder.settle(|number, _| number <= created);
            }
        }
        if parent != ROOT {
            self.pin(parent);
        }
    }

    /// What `name` in `folder` is.
    pub fn lookup(&self, folder: Node, name: &std::ffi::OsStr) -> Option<Node> {
        match &self.items[folder] {
            Item::Folder(folder) => folder.visible.get(name).copied(),
            Item::File(_) => None,
        }
    }

    pub fn file_mut(&mut self, node: Node) -> &mut File {
        match &mut self.items[node] {
            Item::File(file) => file,
            Item::Folder(_) => panic!("item {node} is a folder and was written to"),
        }
    }

    fn folder_mut(&mut self, node: Node) -> &mut Folder {
        match &mut self.items[node] {
            Item::Folder(folder) => folder,
            Item::File(_) => panic!("item {node} is a file and was used as a folder"),
        }
    }

    /// Writes what is visible to the new folder `to`: the library after a kill.
    pub fn write_visible(&self, to: &Path) {
        self.write_folder(ROOT, to, &|folder| folder.visible.clone(), &|file| file.visible.clone());
    }

    /// Writes the tree that `entries` and `content` give.
    pub fn write_folder(
        &self,
        node: Node,
        to: &Path,
        entries: &dyn Fn(&Folder) -> BTreeMap<OsString, Node>,
        content: &dyn Fn(&File) -> Vec<u8>,
    ) {
        std::fs::create_dir_all(to).expect("make a folder");
        let Item::Folder(folder) = &self.items[node] else { panic!("item {node} is no folder") };
        for (name, child) in entries(folder) {
            let path = to.join(name);
            match &self.items[child] {
                Item::Folder(_) => self.write_folder(child, &path, entries, content),
                Item::File(file) => std::fs::write(path, content(file)).expect("write a file"),
            }
        }
    }
}

impl File {
    fn edit(&mut self, number: usize, edit: Edit) {
        edit.apply(&mut self.visible);
        self.pending.push((number, edit));
    }
}

impl Folder {
    /// Makes the first pending changes durable, as long as `until` says so.
    fn settle(&mut self, until: impl Fn(usize, &Entries) -> bool) {
        let count = self.pending.iter().take_while(|(n, entries)| until(*n, entries)).count();
        for (_, entries) in self.pending.drain(..count) {
            set_entries(&mut self.durable, &entries);
        }
    }
}

/// Changes what names mean.
pub fn set_entries(names: &mut BTreeMap<OsString, Node>, entries: &Entries) {
    for (name, node) in entries {
        match node {
            Some(node) => names.insert(name.clone(), *node),
            None => names.remove(name),
        };
    }
}
