//! Which file systems change without a word: those that other machines write to.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// Kinds of file systems, as Linux names them, whose changes may be made on other machines (or, of
/// shared folders of virtual machines, on the host): nobody here is told of those.
const KINDS: &[&str] = &[
    "9p",
    "acfs",
    "afs",
    "beegfs",
    "ceph",
    "cifs",
    "coda",
    "davfs",
    "fhgfs",
    "gfs",
    "gfs2",
    "glusterfs",
    "gpfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "ocfs2",
    "orangefs",
    "pvfs2",
    "prl_fs",
    "smb3",
    "smbfs",
    "vboxsf",
    "virtiofs",
    "vmhgfs",
];

/// The same of file systems that a program provides (`fuse.KIND`).
const PROVIDED: &[&str] = &[
    "ceph",
    "curlftpfs",
    "davfs",
    "davfs2",
    "gcsfuse",
    "glusterfs",
    "goofys",
    "gvfsd-fuse",
    "juicefs",
    "kio-fuse",
    "moosefs",
    "mfs",
    "onedriver",
    "rclone",
    "s3fs",
    "seaweedfs",
    "smbnetfs",
    "sshfs",
    "vmhgfs-fuse",
];

/// The kind of the network file system that a folder lies on; `None` for a local one, and where
/// the system does not say.
pub fn network_file_system(folder: &Path) -> Option<String> {
    let mounts = fs::read("/proc/self/mountinfo").ok()?;
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
    kind_of(&folder, &mounts).filter(|kind| is_network(kind))
}

/// Whether a kind is one of a network.
fn is_network(kind: &str) -> bool {
    match kind.strip_prefix("fuse.") {
        Some(kind) => PROVIDED.contains(&kind),
        None => KINDS.contains(&kind),
    }
}

/// The kind of the file system that holds a folder, by the system's list of mounts.
fn kind_of(folder: &Path, mounts: &[u8]) -> Option<String> {
    let mut best: Option<(usize, String)> = None;
    for (point, kind) in mounts.split(|byte| *byte == b'\n').filter_map(mount) {
        let depth = point.components().count();
        // Of several on one place the last one covers the others.
        if folder.starts_with(&point) && best.as_ref().is_none_or(|(deep, _)| depth >= *deep) {
            best = Some((depth, kind));
        }
    }
    best.map(|(_, kind)| kind)
}

/// Where a line says that something is mounted, and its kind:
/// `36 35 98:0 / /mnt/a\040b rw - nfs4 server:/x rw`.
fn mount(line: &[u8]) -> Option<(PathBuf, String)> {
    let mut fields = line.split(|byte| *byte == b' ');
    let point = fields.nth(4)?;
    let mut rest = fields.skip_while(|field| *field != b"-");
    let kind = rest.nth(1)?;
    Some((path(unescaped(point)), String::from_utf8_lossy(kind).into_owned()))
}

/// `\040` stands for a space, and so on.
fn unescaped(text: &[u8]) -> Vec<u8> {
    let (mut plain, mut rest) = (Vec::with_capacity(text.len()), text);
    while let Some((first, after)) = rest.split_first() {
        let number = after.get(..3).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = number.and_then(|digits| u8::from_str_radix(digits, 8).ok());
        match byte.filter(|_| *first == b'\\') {
            Some(byte) => {
                plain.push(byte);
                rest = &after[3..];
            }
            None => {
                plain.push(*first);
                rest = after;
            }
        }
    }
    plain
}

#[cfg(unix)]
fn path(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn path(bytes: Vec<u8>) -> PathBuf {
    OsString::from(String::from_utf8_lossy(&bytes).into_owned()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &[u8] = b"\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
36 22 0:44 / /mnt/nas rw shared:2 master:1 - nfs4 server:/photos rw
37 36 8:2 / /mnt/nas/local rw - ext4 /dev/sdb1 rw
38 22 0:45 / /mnt/my\\040nas rw - cifs //server/x rw
39 22 0:46 / /mnt/ssh rw - fuse.sshfs me@there:/ rw
40 22 8:3 / /mnt/usb rw - fuseblk /dev/sdc1 rw
41 22 0:47 / /mnt/over rw - nfs server:/y rw
42 41 8:4 / /mnt/over rw - btrfs /dev/sdd1 rw
broken
";

    #[test]
    fn the_innermost_and_last_mount_counts() {
        for (folder, kind, network) in [
            ("/home/me", "ext4", false),
            ("/mnt/nas", "nfs4", true),
            ("/mnt/nas/2019", "nfs4", true),
            ("/mnt/nasty", "ext4", false),
            ("/mnt/nas/local/a", "ext4", false),
            ("/mnt/my nas/a", "cifs", true),
            ("/mnt/ssh/a", "fuse.sshfs", true),
            ("/mnt/usb", "fuseblk", false),
            ("/mnt/over/a", "btrfs", false),
        ] {
            let found = kind_of(Path::new(folder), MOUNTS).unwrap();
            assert_eq!((found.as_str(), is_network(&found)), (kind, network), "{folder}");
        }
        assert_eq!(kind_of(Path::new("/a"), b""), None);
    }

    #[test]
    fn only_three_octal_digits_are_an_escape() {
        for (escaped, plain) in
            [("a\\040b", "a b"), ("\\134040", "\\040"), ("a\\", "a\\"), ("\\9", "\\9")]
        {
            assert_eq!(unescaped(escaped.as_bytes()), plain.as_bytes());
        }
    }

    #[test]
    fn a_temporary_folder_is_local() {
        assert_eq!(network_file_system(tempfile::tempdir().unwrap().path()), None);
    }
}
