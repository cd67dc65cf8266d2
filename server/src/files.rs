//! Notes as files: which ones a folder has, and what they say. The same for the command line and
//! the server.

use std::path::{Path, PathBuf};

/// Whether a file is a note, by its name.
pub fn is_note(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("soap"))
}

/// The notes of a folder and of those inside it, hidden ones excepted; links to folders are not
/// followed. What `.gitignore` names is read all the same: those who keep notes under version
/// control at all have good reason to name them there.
pub fn notes_in(folder: &Path) -> impl Iterator<Item = Result<PathBuf, ignore::Error>> {
    let walker = ignore::WalkBuilder::new(folder)
        .standard_filters(false)
        .hidden(true)
        .build();
    walker.filter_map(|entry| match entry {
        Ok(entry) => {
            // The folder says what it holds; only where a link leads has to be looked up.
            let known = entry.file_type().filter(|kind| !kind.is_symlink());
            let path = entry.into_path();
            let is_file = || known.map_or_else(|| path.is_file(), |kind| kind.is_file());
            (is_note(&path) && is_file()).then_some(Ok(path))
        }
        Err(error) => Some(Err(error)),
    })
}

/// The text of a note. The mark that some programs put before UTF-8 text is no part of it; editors
/// hide it from a language server, too. Nothing if it is not UTF-8.
pub fn text_of(bytes: Vec<u8>) -> Option<String> {
    let mut text = String::from_utf8(bytes).ok()?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_notes_and_other_files_are_no_notes_of_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(at("a/.old")).unwrap();
        std::fs::create_dir_all(at("folder.soap")).unwrap();
        for name in ["a/1.soap", "b.SOAP", "c.txt", ".d.soap", "a/.old/2.soap"] {
            std::fs::write(at(name), "").unwrap();
        }
        std::fs::write(at(".gitignore"), "b.SOAP\n").unwrap();
        let mut found: Vec<PathBuf> = notes_in(folder.path()).map(Result::unwrap).collect();
        found.sort();
        assert_eq!(found, [at("a/1.soap"), at("b.SOAP")]);
    }

    #[test]
    fn the_mark_before_a_text_is_no_part_of_it() {
        let text = |bytes: &[u8]| text_of(bytes.to_vec());
        assert_eq!(text("\u{feff}S: é".as_bytes()).as_deref(), Some("S: é"));
        assert_eq!(text(b"").as_deref(), Some(""));
        assert_eq!(text(b"\xff\xfe"), None);
    }
}
