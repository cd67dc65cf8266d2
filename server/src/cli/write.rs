//! Writing a note: whole, or not at all, and with nothing left beside it whatever interrupts it.
//!
//! The new text goes into a file without a name where the system has such files, which is gone when the program is. It is
//! named and put in the note's place in one go that [`held`] guards. What else belongs to the note, who may read it
//! and what other programs noted on it, it keeps; where it cannot, it is left as it was.

mod held;

#[cfg(unix)]
use std::fs::Permissions;
use std::fs::{File, Metadata};
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

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
    if let Some(mut fresh) = unnamed(folder, OWNERS) {
        complete(&mut fresh)?;
        return held::uninterrupted(|| name(&fresh, folder, &file).map_err(failed));
    }
    held::uninterrupted(|| {
        let mut beside = beside(folder, OWNERS).map_err(failed)?;
        complete(beside.as_file_mut())?;
        beside.persist(&file).map_err(|error| failed(error.error))?;
        Ok(())
    })
}

/// Makes a file with a text, as a whole or not at all. One that is there is written over only if that is wanted; it keeps what
/// belongs to it. What is there and is no file, such as a name of the standard output, takes the text as it comes.
pub(super) fn create(file: &Path, text: &str, over: bool) -> io::Result<()> {
    let is_there = file.symlink_metadata().is_ok();
    if is_there && !over {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    if is_there && !file.is_file() {
        return std::fs::write(file, text);
    }
    let file = if is_there {
        file.canonicalize()?
    } else {
        file.to_owned()
    };
    let folder = file.parent().filter(|folder| *folder != Path::new(""));
    let folder = folder.unwrap_or(Path::new("."));
    let complete = |fresh: &mut File| {
        fresh.write_all(text.as_bytes())?;
        if is_there {
            let old = File::open(&file)?;
            keep(&old, &old.metadata()?, fresh).map_err(io::Error::other)?;
        }
        fresh.sync_all()?;
        #[cfg(debug_assertions)]
        test_hook();
        io::Result::Ok(())
    };
    if let Some(mut fresh) = unnamed(folder, EVERYBODYS) {
        complete(&mut fresh)?;
        return held::uninterrupted(|| {
            if is_there {
                name(&fresh, folder, &file)
            } else {
                link(&fresh, &file)
            }
        });
    }
    held::uninterrupted(|| {
        let mut beside = beside(folder, EVERYBODYS)?;
        complete(beside.as_file_mut())?;
        let put = if is_there {
            beside.persist(&file)
        } else {
            beside.persist_noclobber(&file)
        };
        put.map(drop).map_err(|error| error.error)
    })
}

/// Who may read and write a new file, as far as the system's usual mask lets them: for a note what the old one had is put
/// over it.
const OWNERS: u16 = 0o600;
const EVERYBODYS: u16 = 0o666;

/// A file beside a note, with a name that is gone when it is dropped.
fn beside(folder: &Path, mode: u16) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".soapstone-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(Permissions::from_mode(mode.into()));
    }
    #[cfg(not(unix))]
    let _ = mode;
    builder.tempfile_in(folder)
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
        let set = fsetxattr(fresh, name, value, XattrFlags::empty());
        if set.is_err() && !is_systems(name) {
            let name = String::from_utf8_lossy(name);
            return Err(format!(
                "what another program noted on it ({name}) would be lost"
            ));
        }
    }
    Ok(())
}

/// Whether the system gives such a thing to a file by itself, by rules of its own.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn is_systems(name: &[u8]) -> bool {
    name.starts_with(b"security.") || name == b"com.apple.provenance"
}

#[cfg(all(unix, not(any(target_os = "linux", target_os = "macos"))))]
fn keep_attributes(_: &File, _: &File) -> Result<(), String> {
    Ok(())
}

/// A file without a name in a folder, where system and file system have such.
#[cfg(target_os = "linux")]
fn unnamed(folder: &Path, mode: u16) -> Option<File> {
    use rustix::fs::{Mode, OFlags};

    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    let opened = rustix::fs::open(folder, flags, Mode::from_bits_retain(mode.into()));
    opened.ok().map(File::from)
}

#[cfg(not(target_os = "linux"))]
fn unnamed(_: &Path, _: u16) -> Option<File> {
    None
}

/// Names a file that has none, and puts it in the place of another: no call of the system does both.
#[cfg(target_os = "linux")]
fn name(fresh: &File, folder: &Path, file: &Path) -> io::Result<()> {
    use std::sync::atomic::{AtomicUsize, Ordering};

    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let beside = folder.join(format!(".soapstone-{}-{number}", std::process::id()));
    link(fresh, &beside)?;
    std::fs::rename(&beside, file).inspect_err(|_| _ = std::fs::remove_file(&beside))
}

/// Gives a file that has no name one that no file has.
#[cfg(target_os = "linux")]
fn link(fresh: &File, file: &Path) -> io::Result<()> {
    use std::os::fd::AsRawFd as _;

    use rustix::fs::{AtFlags, CWD, linkat};

    let open = format!("/proc/self/fd/{}", fresh.as_raw_fd());
    Ok(linkat(CWD, &open, CWD, file, AtFlags::SYMLINK_FOLLOW)?)
}

#[cfg(not(target_os = "linux"))]
fn link(_: &File, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
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
