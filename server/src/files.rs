//! Notes as files: which ones a folder has, and what they say. The same for the command line and
//! the server.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::text::Document;

/// A text that is longer is no chart, and is left alone: a year of daily visits is about one mebibyte.
pub const LARGEST: usize = 8 << 20;
/// With more of these it would take more memory than a note is worth: every visit and every line may have findings.
const MOST_VISITS: usize = 20_000;
const MOST_LINES: usize = 200_000;
const MOST_LINES_OF_A_VISIT: usize = 50_000;
/// What is said of a text that is left alone, in the editor and on the command line.
pub const TOO_LONG: &str = "is too long to be checked. Soapstone takes up to 8 MB with 200,000 lines (50,000 in a visit) and 20,000 visits. Make several notes of it.";

/// The document of a text. Nothing if it is too long for a note.
pub fn document(text: &str) -> Option<Document> {
    let document = (text.len() <= LARGEST).then(|| Document::new(text));
    document.filter(|document| !is_too_long(document))
}

/// Whether a document is too long for a note.
pub fn is_too_long(document: &Document) -> bool {
    document.len() > LARGEST
        || document.line_count() > MOST_LINES
        || document.pieces().len() > MOST_VISITS
        || has_too_long_a_visit(document)
}

/// Whether a visit has so many lines that what they may have to do with each other takes too long.
fn has_too_long_a_visit(document: &Document) -> bool {
    if document.line_count() <= MOST_LINES_OF_A_VISIT {
        return false;
    }
    let starts = document.pieces().iter().map(|piece| piece.start);
    let mut lines: Vec<usize> = starts.map(|start| document.line_of(start)).collect();
    lines.push(document.line_count());
    let mut visits = lines.windows(2);
    visits.any(|visit| visit[1] - visit[0] > MOST_LINES_OF_A_VISIT)
}

/// The bytes of a file. Nothing if they are too many for a note.
pub fn read(file: &Path) -> io::Result<Option<Vec<u8>>> {
    let file = File::open(file)?;
    let length = file.metadata()?.len();
    let room = usize::try_from(length).unwrap_or(LARGEST).min(LARGEST) + 1;
    fill(Vec::with_capacity(room), file)
}

/// All bytes that come. Nothing if they are too many for a note, without waiting for their end: some files have none.
pub fn read_all(reader: impl Read) -> io::Result<Option<Vec<u8>>> {
    fill(Vec::new(), reader)
}

fn fill(mut bytes: Vec<u8>, reader: impl Read) -> io::Result<Option<Vec<u8>>> {
    reader.take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= LARGEST).then_some(bytes))
}

/// Whether a file is a note, by its name.
pub fn is_note(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("soap"))
}

/// The notes of a folder and of those inside it, hidden ones excepted; links to folders are not
/// followed. What `.gitignore` names is read all the same: those who keep notes under version
/// control at all have good reason to name them there.
pub fn notes_in(folder: &Path) -> impl Iterator<Item = Result<PathBuf, ignore::Error>> + use<> {
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
