//! Writing a note: whole, or not at all, and with nothing left beside it whatever interrupts it.
//!
//! The new text goes into a file without a name where the system has such files, which is gone when the program is. It is
//! named and put in the note's place in one go that [`held`] guards. What else belongs to the note, who may read it
//! and what other programs noted on it, it keeps; where it cannot, it is left as it was.

mod held;

use std::fs::{File, Metadata};
use std::io::{self, Write};
use std::path::Path;

/// Puts a text in the place of a note's: at once and as a whole, whatever fails on the way. A link stays a
/// link. A sentence if the note is as it was.
pub(super) fn replace(file: &Path, before: &str, after: &str) -> Result<(), String> {
    let failed = |why| format!("The note {} was not changed: {why}.", file.display());
    put(file, before, after).map_err(failed)
}

fn put(file: &Path, before: &str, after: &str) -> Result<(), String> {
    let file = file.canonicalize().map_err(failed)?;
    let folder = file.parent().unwrap_or(Path::new("."));
    let old = File::open(&file).map_err(failed)?;
    let about = old.metadata().map_err(failed)?;
    if about.permissions().readonly() {
        return Err("it is write-protected".to_owned());
    }
    if has_other_names(&about) {
        return Err(
            "it has a second name (a hard link), under which the old text would stay".to_owned(),
        );
    }
    // What an editor saved in the meantime is worth more.
    let is_as_read = || {
        let now = std::fs::read(&file).map_err(failed)?;
        if now == before.as_bytes() {
            return Ok(());
        }
        Err("another program changed it at the same time; try again".to_owned())
    };
    let complete = |fresh: &mut File| {
        fresh.write_all(after.as_bytes()).map_err(failed)?;
        keep(&old, &about, fresh)?;
        fresh.sync_all().map_err(failed)?;
        #[cfg(debug_assertions)]
        test_hook();
        is_as_read()
    };
    if let Some(mut fresh) = unnamed(folder) {
        complete(&mut fresh)?;
        return held::uninterrupted(|| name(&fresh, folder, &file).map_err(failed));
    }
    held::uninterrupted(|| {
        let mut beside = tempfile::Builder::new()
            .prefix(".soapstone-")
            .tempfile_in(folder)
            .map_err(failed)?;
        complete(beside.as_file_mut())?;
        beside.persist(&file).map_err(|error| failed(error.error))?;
        Ok(())
    })
}

/// Why a system call failed, in words.
fn failed(error: impl Into<io::Error>) -> String {
    let error = error.into();
    match error.kind() {
        io::ErrorKind::PermissionDenied => "you are not allowed to write in its folder".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(unix)]
fn has_other_names(about: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(about) > 1
}

/// Only unstable functions tell, and hard links are rare there.
#[cfg(not(unix))]
fn has_other_names(_: &Metadata) -> bool {
    false
}

/// Gives a new file what belongs to the old one beside its text: its owner and group, what other programs noted on it (access
/// lists among that), and who may read and write it. A sentence if it cannot be kept.
#[cfg(unix)]
fn keep(old: &File, about: &Metadata, fresh: &File) -> Result<(), String> {
    use std::os::unix::fs::MetadataExt as _;

    use rustix::fs::{Gid, Uid};

    let now = fresh.metadata().map_err(failed)?;
    if (now.uid(), now.gid()) != (about.uid(), about.gid()) {
        let (owner, group) = (Uid::from_raw(about.uid()), Gid::from_raw(about.gid()));
        let given = rustix::fs::fchown(fresh, Some(owner), Some(group));
        given.map_err(|_| "it belongs to another user or group, which would be lost".to_owned())?;
    }
    keep_attributes(old, fresh)?;
    // Last, for a change of owner takes some of them away.
    fresh.set_permissions(about.permissions()).map_err(failed)
}

#[cfg(not(unix))]
fn keep(_: &File, about: &Metadata, fresh: &File) -> Result<(), String> {
    fresh.set_permissions(about.permissions()).map_err(failed)
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn keep_attributes(old: &File, fresh: &File) -> Result<(), String> {
    use rustix::fs::{XattrFlags, fgetxattr, flistxattr, fsetxattr};

    /// The systems take no more of them, and none longer.
    const MOST: usize = 1 << 16;

    let mut names = vec![0; MOST];
    // A file system that has none has none to keep.
    let length = flistxattr(old, &mut names[..]).unwrap_or(0);
    let (mut value, mut other) = (vec![0; MOST], vec![0; MOST]);
    for name in names[..length].split(|byte| *byte == 0) {
        if name.is_empty() {
            continue;
        }
        let Ok(length) = fgetxattr(old, name, &mut value[..]) else {
            continue;
        };
        let value = &value[..length];
        // Some come by themselves, and only the system may set them.
        if fgetxattr(fresh, name, &mut other[..]).is_ok_and(|length| other[..length] == *value) {
            continue;
        }
        fsetxattr(fresh, name, value, XattrFlags::empty()).map_err(|_| {
            let name = String::from_utf8_lossy(name);
            format!("another program's note on it ({name}) would be lost")
        })?;
    }
    Ok(())
}

#[cfg(all(unix, not(any(target_os = "linux", target_os = "macos"))))]
fn keep_attributes(_: &File, _: &File) -> Result<(), String> {
    Ok(())
}

/// A file without a name in a folder, where system and file system have such.
#[cfg(target_os = "linux")]
fn unnamed(folder: &Path) -> Option<File> {
    use rustix::fs::{Mode, OFlags};

    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    let made = rustix::fs::open(folder, flags, Mode::RUSR | Mode::WUSR);
    made.ok().map(File::from)
}

#[cfg(not(target_os = "linux"))]
fn unnamed(_: &Path) -> Option<File> {
    None
}

/// Names a file that has none, and puts it in the place of another: no call of the system does both.
#[cfg(target_os = "linux")]
fn name(fresh: &File, folder: &Path, file: &Path) -> io::Result<()> {
    use std::os::fd::AsRawFd as _;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use rustix::fs::{AtFlags, CWD, linkat};

    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let open = format!("/proc/self/fd/{}", fresh.as_raw_fd());
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let beside = folder.join(format!(".soapstone-{}-{number}", std::process::id()));
    linkat(CWD, &open, CWD, &beside, AtFlags::SYMLINK_FOLLOW)?;
    std::fs::rename(&beside, file).inspect_err(|_| _ = std::fs::remove_file(&beside))
}

#[cfg(not(target_os = "linux"))]
fn name(_: &File, _: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// For the end-to-end tests, in debug builds and only if the variable is set: writing takes long.
#[cfg(debug_assertions)]
fn test_hook() {
    if std::env::var_os("SOAPSTONE_TEST_HOOKS").is_some_and(|hook| hook == "slow-write") {
        std::thread::sleep(std::time::Duration::from_millis(1200));
    }
}
