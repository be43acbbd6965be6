//! From a log of system calls to changes of the library folder.

use std::cell::Cell;
use std::collections::HashMap;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use crate::call::{Call, Event, bytes, number};
use crate::disk::{Disk, Item, Node, ROOT};
use crate::operation::Operation;

/// Every call that changes files, or the descriptors by which they are changed. A `?` stands
/// before what not every architecture has.
pub const CALLS: &str = "?open,openat,?openat2,?creat,close,dup,?dup2,dup3,fcntl,write,pwrite64,\
    writev,pwritev,?pwritev2,ftruncate,truncate,fallocate,?rename,?renameat,renameat2,?unlink,\
    unlinkat,?rmdir,?mkdir,mkdirat,?link,linkat,?symlink,symlinkat,copy_file_range,sendfile,splice,\
    fsync,fdatasync,sync,syncfs,msync,lseek,mmap,chdir,fchdir,?io_uring_setup";

/// An open file or folder of the library.
#[derive(Clone)]
struct Open {
    node: Node,
    path: PathBuf,
    /// Shared by all descriptors that were made of one.
    position: Rc<Cell<u64>>,
    append: bool,
}

/// Follows a run.
pub struct Recorder {
    library: PathBuf,
    disk: Disk,
    open: HashMap<i64, Open>,
    operations: Vec<Operation>,
    /// How many operations there were when each line of the log that is a sync began.
    sync_began: HashMap<usize, usize>,
}

/// The changes that the logged run made in `library`, which held what `disk` holds.
///
/// Panics on whatever it does not understand: a call overlooked would make states that never were.
pub fn operations(library: &Path, disk: Disk, events: Vec<Event>) -> Vec<Operation> {
    let mut recorder = Recorder {
        library: library.to_path_buf(),
        disk,
        open: HashMap::new(),
        operations: Vec::new(),
        sync_began: HashMap::new(),
    };
    for event in events {
        match event {
            Event::Begins { line, name, args } => recorder.begins(line, &name, &args),
            Event::Ends(call) => recorder.ends(&call),
        }
    }
    recorder.operations
}

impl Recorder {
    fn begins(&mut self, line: usize, name: &str, args: &[String]) {
        match name {
            // From here on another thread may get the same number.
            "close" => drop(self.open.remove(&number(&args[0]))),
            "fsync" | "fdatasync" => {
                self.sync_began.insert(line, self.operations.len());
            }
            _ => {}
        }
    }

    fn ends(&mut self, call: &Call) {
        let Some(result) = call.result.filter(|result| *result >= 0) else { return };
        let args = &call.args;
        match call.name.as_str() {
            "close" | "fcntl" if args.get(1).is_none_or(|a| !a.starts_with("F_DUPFD")) => {}
            "open" => self.opened(None, &args[0], &args[1], result),
            "openat" => self.opened(Some(&args[0]), &args[1], &args[2], result),
            "dup" | "dup2" | "dup3" | "fcntl" => {
                self.open.remove(&result);
                if let Some(open) = self.open.get(&number(&args[0])).cloned() {
                    self.open.insert(result, open);
                }
            }
            "write" | "writev" => self.written(number(&args[0]), &args[1], result, None),
            "pwrite64" | "pwritev" | "pwritev2" => {
                let offset = Some(number(&args[3]) as u64);
                self.written(number(&args[0]), &args[1], result, offset);
            }
            "copy_file_range" if args[1] == "NULL" && args[3] == "NULL" => {
                self.copied(number(&args[0]), number(&args[2]), result as usize);
            }
            "lseek" => {
                if let Some(open) = self.open.get(&number(&args[0])) {
                    open.position.set(result as u64);
                }
            }
            "ftruncate" => self.resized(number(&args[0]), number(&args[1]) as u64),
            "fsync" | "fdatasync" => self.synced(number(&args[0]), call.began),
            "rename" => self.renamed((None, &args[0]), (None, &args[1])),
            "renameat" | "renameat2" => {
                self.renamed((Some(&args[0]), &args[1]), (Some(&args[2]), &args[3]));
            }
            "unlink" | "rmdir" => self.removed(None, &args[0]),
            "unlinkat" => self.removed(Some(&args[0]), &args[1]),
            "mkdir" => self.made_folder(None, &args[0]),
            "mkdirat" => self.made_folder(Some(&args[0]), &args[1]),
            "mmap" => self.mapped(args),
            "chdir" | "fchdir" => panic!("the program changed its working folder"),
            _ => self.refuse(call),
        }
    }

    fn opened(&mut self, at: Option<&str>, path: &str, flags: &str, descriptor: i64) {
        self.open.remove(&descriptor);
        let Some(path) = self.inside(at, path) else { return };
        let node = match self.find(&path) {
            Some(node) => node,
            None if flags.contains("O_CREAT") => self.create(&path, false),
            None => panic!("{} was opened and is not there", path.display()),
        };
        if flags.contains("O_TRUNC") {
            self.note(Operation::Resize { file: node, length: 0 });
        }
        let append = flags.contains("O_APPEND");
        self.open.insert(descriptor, Open { node, path, position: Rc::default(), append });
    }

    fn written(&mut self, descriptor: i64, data: &str, length: i64, offset: Option<u64>) {
        let Some(open) = self.open.get(&descriptor) else {
            return self.said(descriptor, data);
        };
        let mut data = bytes(data);
        data.truncate(length as usize);
        let file = open.node;
        let end = match &self.disk.items[file] {
            Item::File(file) => file.visible.len() as u64,
            Item::Folder(_) => panic!("a folder was written to"),
        };
        let at = offset.unwrap_or(if open.append { end } else { open.position.get() });
        if offset.is_none() {
            open.position.set(at + data.len() as u64);
        }
        self.note(Operation::Write { file, offset: at, data });
    }

    /// Reading moves positions too, but is not logged: a copy must begin where its file was opened
    /// or where the copy before it ended.
    fn copied(&mut self, from: i64, to: i64, length: usize) {
        let [Some(from), Some(to)] = [from, to].map(|fd| self.open.get(&fd).cloned()) else {
            panic!("a copy into or out of the library");
        };
        let start = from.position.get() as usize;
        from.position.set((start + length) as u64);
        let Item::File(source) = &self.disk.items[from.node] else { panic!("a folder was copied") };
        let data = source.visible[start..start + length].to_vec();
        let offset = to.position.get();
        to.position.set(offset + length as u64);
        self.note(Operation::Write { file: to.node, offset, data });
    }

    fn said(&mut self, descriptor: i64, data: &str) {
        if descriptor == 1 {
            let text = String::from_utf8_lossy(&bytes(data)).into_owned();
            self.note(Operation::Said(text));
        }
    }

    fn resized(&mut self, descriptor: i64, length: u64) {
        if let Some(file) = self.open.get(&descriptor).map(|open| open.node) {
            self.note(Operation::Resize { file, length });
        }
    }

    fn synced(&mut self, descriptor: i64, line: usize) {
        let began = self.sync_began[&line];
        if let Some(node) = self.open.get(&descriptor).map(|open| open.node) {
            self.note(Operation::Sync { node, began });
        }
    }

    fn renamed(&mut self, from: (Option<&str>, &str), to: (Option<&str>, &str)) {
        match (self.inside(from.0, from.1), self.inside(to.0, to.1)) {
            (Some(from), Some(to)) => {
                let operation = Operation::Rename { from: self.place(&from), to: self.place(&to) };
                self.note(operation);
            }
            (None, None) => {}
            ends => panic!("a file was moved into or out of the library: {ends:?}"),
        }
    }

    fn removed(&mut self, at: Option<&str>, path: &str) {
        if let Some(path) = self.inside(at, path) {
            let (folder, name) = self.place(&path);
            self.note(Operation::Remove { folder, name });
        }
    }

    fn made_folder(&mut self, at: Option<&str>, path: &str) {
        if let Some(path) = self.inside(at, path).filter(|path| path != Path::new("")) {
            self.create(&path, true);
        }
    }

    fn mapped(&self, args: &[String]) {
        let shared = args[3].contains("MAP_SHARED") && args[2].contains("PROT_WRITE");
        let of_library = args[4].parse().is_ok_and(|fd: i64| self.open.contains_key(&fd));
        assert!(!(shared && of_library), "the library is written to through memory");
    }

    /// Calls that would change the library in a way that is not followed.
    fn refuse(&self, call: &Call) {
        let paths = call.args.iter().filter(|arg| arg.starts_with('"'));
        let named = paths.map(|arg| bytes(arg)).any(|path| self.below(&path).is_some());
        let held = call.args.iter().filter_map(|arg| arg.parse().ok());
        let held = held.into_iter().any(|fd: i64| self.open.contains_key(&fd));
        let everywhere = matches!(call.name.as_str(), "sync" | "io_uring_setup" | "pwritev2");
        assert!(!named && !held && !everywhere, "{} is not followed", call.name);
    }

    fn create(&mut self, path: &Path, is_folder: bool) -> Node {
        let (folder, name) = self.place(path);
        let node = self.disk.items.len();
        self.note(Operation::Create { folder, name, is_folder });
        node
    }

    fn note(&mut self, operation: Operation) {
        self.disk.apply(self.operations.len(), &operation);
        self.operations.push(operation);
    }

    /// The path inside the library that a call names, if it is there.
    fn inside(&self, at: Option<&str>, path: &str) -> Option<PathBuf> {
        let path = bytes(path);
        let descriptor = at.and_then(|at| at.parse::<i64>().ok());
        match descriptor {
            Some(descriptor) if !path.starts_with(b"/") => {
                let folder = self.open.get(&descriptor)?;
                Some(folder.path.join(OsString::from_vec(path)))
            }
            _ => self.below(&path),
        }
    }

    fn below(&self, path: &[u8]) -> Option<PathBuf> {
        let path = PathBuf::from(OsString::from_vec(path.to_vec()));
        assert!(!path.components().any(|part| part == Component::ParentDir), "{path:?}");
        path.strip_prefix(&self.library).ok().map(Path::to_path_buf)
    }

    fn find(&self, path: &Path) -> Option<Node> {
        path.iter().try_fold(ROOT, |folder, name| self.disk.lookup(folder, name))
    }

    fn place(&self, path: &Path) -> (Node, OsString) {
        let folder = self.find(path.parent().expect("a folder")).expect("a known folder");
        (folder, path.file_name().expect("a name").to_owned())
    }
}
