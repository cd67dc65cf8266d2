//! Writing a note: whole, or not at all.

use std::io::{self, Write};
use std::path::Path;

/// Puts a text in the place of a note's: at once and as a whole, whatever fails on the way. A link stays a
/// link. A sentence if the note is as it was.
pub(super) fn replace(file: &Path, before: &str, after: &str) -> Result<(), String> {
    let failed = |why| format!("The note {} was not changed: {why}.", file.display());
    put(file, before, after).map_err(failed)
}

fn put(file: &Path, before: &str, after: &str) -> Result<(), String> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::PermissionDenied => "you are not allowed to write in its folder".to_owned(),
        _ => error.to_string(),
    };
    let file = file.canonicalize().map_err(failed)?;
    let permissions = std::fs::metadata(&file).map_err(failed)?.permissions();
    if permissions.readonly() {
        return Err("it is write-protected".to_owned());
    }
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut beside = tempfile::Builder::new()
        .prefix(".soapstone-")
        .tempfile_in(folder)
        .map_err(failed)?;
    beside.write_all(after.as_bytes()).map_err(failed)?;
    let written = beside.as_file();
    written.set_permissions(permissions).map_err(failed)?;
    written.sync_all().map_err(failed)?;
    // What an editor saved in the meantime is worth more.
    if std::fs::read(&file).map_err(failed)? != before.as_bytes() {
        return Err("another program changed it at the same time; try again".to_owned());
    }
    beside.persist(&file).map_err(|error| failed(error.error))?;
    Ok(())
}
