//! Whether a file lies where other machines can open it too. SQLite's processes find each other through
//! memory that they share, so on two machines each would believe to be alone and destroy what the other
//! writes.

use std::{fs, io, path::Path};

use rustix::fs::{major, minor, stat};

/// File systems, as the kernel names them, that several machines can have mounted at a time.
const SHARED: [&str; 33] = [
    "9p",
    "afs",
    "beegfs",
    "ceph",
    "cifs",
    "coda",
    "fuse.beegfs",
    "fuse.ceph",
    "fuse.ceph-fuse",
    "fuse.curlftpfs",
    "fuse.davfs",
    "fuse.gcsfuse",
    "fuse.glusterfs",
    "fuse.juicefs",
    "fuse.mfs",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.seaweedfs",
    "fuse.sshfs",
    "gfs2",
    "glusterfs",
    "gpfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "ocfs2",
    "orangefs",
    "panfs",
    "prl_fs",
    "smb3",
    "smbfs",
    "vboxsf",
];

/// The name of the file system that a file is on, wherever links lead, if that is one of these.
pub(crate) fn below(file: &Path) -> io::Result<Option<String>> {
    let device = stat(file)?.st_dev;
    let mounts = fs::read_to_string("/proc/self/mountinfo")?;
    let named = file_system(&mounts, (major(device), minor(device)));
    Ok(named
        .filter(|name| SHARED.contains(name))
        .map(str::to_owned))
}

/// The file system of a device, by proc_pid_mountinfo(5): the device is the third field, the type is the
/// first one behind a hyphen.
fn file_system(mounts: &str, (major, minor): (u32, u32)) -> Option<&str> {
    let device = format!("{major}:{minor}");
    mounts.lines().find_map(|line| {
        let (mount, (_, rest)) = (line.split(' '), line.split_once(" - ")?);
        (mount.into_iter().nth(2)? == device).then(|| rest.split(' ').next())?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
22 1 252:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
31 22 0:26 / /mnt/a\\040-\\040b rw master:9 shared:4 - nfs4 files:/export rw,vers=4.2
32 22 0:27 / /mnt/overlay rw - fuse.fuse-overlayfs fuse-overlayfs rw
33 22 0:28 / /mnt/ssh rw - fuse.sshfs sam@files:/ rw
";

    #[test]
    fn what_other_machines_can_mount_is_told_from_what_they_cannot() {
        let on = |device| file_system(MOUNTS, device).map(|name| (name, SHARED.contains(&name)));
        assert_eq!(on((252, 1)), Some(("ext4", false)));
        assert_eq!(on((0, 26)), Some(("nfs4", true)));
        assert_eq!(on((0, 27)), Some(("fuse.fuse-overlayfs", false)));
        assert_eq!(on((0, 28)), Some(("fuse.sshfs", true)));
        assert_eq!(on((0, 2)), None);
        assert!(SHARED.is_sorted());
    }

    /// Where the tests run, the kernel's own list is as this reads it.
    #[test]
    fn the_kernel_says_where_a_file_is() {
        let device = stat("/proc").unwrap().st_dev;
        let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap();
        let proc = file_system(&mounts, (major(device), minor(device)));
        assert_eq!(proc, Some("proc"));
        assert!(below(Path::new("/no/such/file")).is_err());
    }
}
