//! A backup: every entry of a catalog in one file, with a checksum.
//!
//! | bytes | meaning |
//! |---|---|
//! | 8 | `seerdump` |
//! | 4 | format of the file, u32: 1 |
//! | 4 | format of the catalog, u32 |
//! | 32 | the program that wrote it, UTF-8, padded with zeros |
//! | … | entries: tree (1 byte, its place in the list of trees), key length u32, value length u32, key, value |
//! | 1 | 255: the end |
//! | 8 | how many entries there are, u64 |
//! | 32 | BLAKE3 of all bytes before |
//!
//! Numbers are little-endian. The counters (tree `meta`) come last.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use seer_store::BackupSummary;
use sled::IVec;

use crate::database::{Database, Write as Entry};
use crate::error::{CatalogError, Result};
use crate::head::{self, Found};
use crate::keys::{STATE, Table};
use crate::lock::FolderLock;
use crate::open::Catalog;
use crate::opened::{Opened, refuse_newer};
use crate::recover::io_error;
use crate::replace::{self, Replacement};
use crate::{FORMAT, check};

const MAGIC: &[u8; 8] = b"seerdump";
const DUMP_FORMAT: u32 = 1;
const END: u8 = 255;

/// Longest key or value believed.
const LONGEST: u32 = 256 << 20;

/// Bytes of entries written to the new database at once.
const BATCH_BYTES: usize = 4 << 20;

impl Catalog {
    /// Writes a backup of the catalog as it is now. Readers go on, writers wait.
    ///
    /// # Errors
    /// `Damaged` when an entry cannot be read; `Io`, also of `out`.
    pub fn dump(&self, out: &mut dyn Write) -> Result<BackupSummary> {
        let _writer = self.writer();
        let store = self.store()?;
        let state = self.state().encode().map_err(|e| store.damaged(e))?;
        let mut writer =
            Writer { out, hasher: blake3::Hasher::new(), summary: BackupSummary::default() };
        let failed = |source| io_error(&self.folder, "write the backup", source);
        writer.start().map_err(failed)?;
        for table in Table::ALL.into_iter().filter(|table| *table != Table::Meta) {
            for entry in store.scan(table, &[]) {
                let (key, value) = entry?;
                writer.entry(table, &key, &value).map_err(failed)?;
            }
        }
        writer.entry(Table::Meta, STATE, &state).map_err(failed)?;
        writer.end().map_err(failed)
    }
}

struct Writer<'a> {
    out: &'a mut dyn Write,
    hasher: blake3::Hasher,
    summary: BackupSummary,
}

impl Writer<'_> {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hasher.update(bytes);
        self.out.write_all(bytes)
    }

    fn start(&mut self) -> io::Result<()> {
        self.put(MAGIC)?;
        self.put(&DUMP_FORMAT.to_le_bytes())?;
        self.put(&FORMAT.to_le_bytes())?;
        let mut name = [0; 32];
        let program = head::this_program();
        let length = program.len().min(name.len());
        name[..length].copy_from_slice(&program.as_bytes()[..length]);
        self.put(&name)
    }

    fn entry(&mut self, table: Table, key: &[u8], value: &[u8]) -> io::Result<()> {
        self.summary.entries += 1;
        self.summary.photos += u64::from(table == Table::Photos);
        self.put(&[table as u8])?;
        self.put(&(key.len() as u32).to_le_bytes())?;
        self.put(&(value.len() as u32).to_le_bytes())?;
        self.put(key)?;
        self.put(value)
    }

    fn end(mut self) -> io::Result<BackupSummary> {
        self.put(&[END])?;
        let entries = self.summary.entries.to_le_bytes();
        self.put(&entries)?;
        let sum = *self.hasher.finalize().as_bytes();
        self.out.write_all(&sum)?;
        self.out.flush()?;
        Ok(self.summary)
    }
}

/// Reads a whole backup and compares its checksum; nothing is kept.
///
/// # Errors
/// `BadBackup`, `NewerFormat`, `Io`.
pub fn verify_dump(file: &Path) -> Result<BackupSummary> {
    read_dump(file, &mut |_, _, _| Ok(()))
}

/// Puts the catalog of a backup in the place of the one in `folder`. The backup is read and
/// compared with its checksum before anything is written; stopped anywhere, the old catalog or the
/// new one is there, whole.
///
/// # Errors
/// `NotEmpty` when there are photos in the old one and `replace` is false; `Locked`, `BadBackup`,
/// `NewerFormat`, `Damaged`, `Io`.
pub fn restore_dump(folder: &Path, file: &Path, replace: bool) -> Result<BackupSummary> {
    let summary = verify_dump(file)?;
    let failed = |source| io_error(folder, "restore the catalog", source);
    replace::finish(folder).map_err(failed)?;
    let lock = match folder.is_dir() {
        true => Some(FolderLock::take(folder)?),
        false => None,
    };
    if !replace && holds_something(folder) {
        return Err(CatalogError::NotEmpty { folder: folder.to_path_buf() });
    }
    let replacement = Replacement::begin(folder)?;
    let building = replacement.building();
    std::fs::create_dir_all(&building).map_err(failed)?;
    load(&building, file)?;
    let before = match head::read(folder) {
        Ok(Found::Head(head)) => head.watermark,
        _ => 0,
    };
    // Opened and closed once, it has its head and its snapshot.
    let catalog = Catalog::open(&building)?;
    if before > 0 {
        // No index of the old catalog may take itself for one of the new.
        let least = before.max(catalog.watermark()).saturating_add(1);
        catalog.write_settings(|draft| draft.forget_history(least))?;
    }
    drop(catalog);
    replacement.install(false)?;
    drop(lock);
    Ok(summary)
}

fn holds_something(folder: &Path) -> bool {
    !matches!(head::read(folder), Ok(Found::Nothing))
        && !matches!(head::read(folder), Ok(Found::Head(head)) if head.watermark == 0)
}

fn load(building: &Path, file: &Path) -> Result<()> {
    let store = Database::open(building)?;
    let mut batch: Vec<Entry> = Vec::new();
    let mut bytes = 0;
    read_dump(file, &mut |table, key, value| {
        bytes += key.len() + value.len();
        batch.push((table, key, Some(value)));
        if bytes < BATCH_BYTES && batch.len() < 4096 {
            return Ok(());
        }
        bytes = 0;
        store.commit(&std::mem::take(&mut batch))
    })?;
    store.commit(&batch)?;
    let opened = Opened::read(store, &Found::Unreadable)?;
    check::sums(&opened.store, &opened.state)?;
    opened.store.close()
}

type With<'a> = &'a mut dyn FnMut(Table, IVec, IVec) -> Result<()>;

fn read_dump(file: &Path, with: With<'_>) -> Result<BackupSummary> {
    let opened = File::open(file).map_err(|source| CatalogError::Io {
        folder: file.to_path_buf(),
        action: "open the backup",
        source,
    })?;
    let mut reader = Reader { input: BufReader::new(opened), hasher: blake3::Hasher::new(), file };
    reader.start()?;
    let mut summary = BackupSummary::default();
    loop {
        let [tree] = reader.take()?;
        if tree == END {
            break;
        }
        let table = Table::ALL.get(usize::from(tree)).copied();
        let table = table.ok_or_else(|| reader.bad("an entry is of no tree"))?;
        let key = u32::from_le_bytes(reader.take()?);
        let value = u32::from_le_bytes(reader.take()?);
        let (key, value) = (reader.bytes(key)?, reader.bytes(value)?);
        summary.entries += 1;
        summary.photos += u64::from(table == Table::Photos);
        with(table, key, value)?;
    }
    if u64::from_le_bytes(reader.take()?) != summary.entries {
        return Err(reader.bad("it does not have as many entries as it says"));
    }
    reader.end()?;
    Ok(summary)
}

struct Reader<'a> {
    input: BufReader<File>,
    hasher: blake3::Hasher,
    file: &'a Path,
}

impl Reader<'_> {
    fn bad(&self, what: &str) -> CatalogError {
        CatalogError::BadBackup { file: self.file.to_path_buf(), what: what.to_owned() }
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<()> {
        match self.input.read_exact(bytes) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Err(self.bad("it ends too early"))
            }
            Err(source) => Err(CatalogError::Io {
                folder: self.file.to_path_buf(),
                action: "read the backup",
                source,
            }),
        }
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        self.hasher.update(&bytes);
        Ok(bytes)
    }

    fn bytes(&mut self, length: u32) -> Result<IVec> {
        if length > LONGEST {
            return Err(self.bad("an entry is longer than any can be"));
        }
        // A length that is not true must not take memory before the file ends.
        let mut bytes = Vec::new();
        let read = (&mut self.input).take(u64::from(length)).read_to_end(&mut bytes);
        match read {
            Ok(read) if read == length as usize => {}
            Ok(_) => return Err(self.bad("it ends too early")),
            Err(_) => return Err(self.bad("it cannot be read")),
        }
        self.hasher.update(&bytes);
        Ok(bytes.into())
    }

    fn start(&mut self) -> Result<()> {
        if &self.take()? != MAGIC {
            return Err(self.bad("it is no backup of seer"));
        }
        let [dump, catalog] = [u32::from_le_bytes(self.take()?), u32::from_le_bytes(self.take()?)];
        let name: [u8; 32] = self.take()?;
        let name = String::from_utf8_lossy(&name);
        refuse_newer(self.file, catalog, name.trim_end_matches('\0'))?;
        if dump != DUMP_FORMAT {
            return Err(self.bad(&format!("it has format {dump}, this seer reads {DUMP_FORMAT}")));
        }
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        let expected = *self.hasher.finalize().as_bytes();
        let mut found = [0; 32];
        self.fill(&mut found)?;
        if found != expected {
            return Err(self.bad("its checksum is wrong"));
        }
        match self.input.read(&mut [0]) {
            Ok(0) => Ok(()),
            _ => Err(self.bad("there are bytes after its end")),
        }
    }
}
