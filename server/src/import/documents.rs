//! What stands in a file that is to be imported: text in the encodings of Windows and Unix, Word documents, web pages,
//! C-CDA and FHIR. Other kinds are named with a sentence that says how to get at their text.

use std::io::{Cursor, Read};

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use roxmltree::{Document, Node, ParsingOptions};
use zip::ZipArchive;

use super::records;

/// The part of a Word document that holds its text.
const WORD_TEXT: &str = "word/document.xml";
/// A text of more than this is no note; a small archive could hold a very large one.
const LONGEST: u64 = 64 * 1024 * 1024;

/// The text of a file.
///
/// # Errors
///
/// A clause about the file, such as "it is a PDF document; …", if its text cannot be had.
pub fn text(bytes: &[u8]) -> Result<String, String> {
    let export = |what: &str| {
        Err(format!(
            "it is {what}; open it, copy its text into a plain text file, and import that"
        ))
    };
    match bytes {
        [b'%', b'P', b'D', b'F', ..] => return export("a PDF document"),
        [b'{', b'\\', b'r', b't', b'f', ..] => return export("a rich text document"),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => return export("a document of an old Word"),
        [b'P', b'K', 3, 4, ..] => return word(bytes),
        [0x89, b'P', b'N', b'G', ..] | [0xFF, 0xD8, 0xFF, ..] | [b'I', b'I', b'*', 0, ..] => {
            return export("a picture");
        }
        _ => {}
    }
    let text = decoded(bytes);
    if text.contains('\0') {
        return export("no text");
    }
    match text.trim_start().as_bytes() {
        [b'<', ..] => marked_up(&text),
        [b'{', ..] => match records::fhir::of_json(&text) {
            Some(record) => record,
            None => Ok(text),
        },
        _ => Ok(text),
    }
}

/// Text in UTF-8 or UTF-16, else in the encoding that Windows and older record systems use in America.
fn decoded(bytes: &[u8]) -> String {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0.into_owned();
    }
    // Without a mark, UTF-16 has a zero beside nearly every letter.
    let zeros = |odd: usize| {
        let every_second = bytes.iter().skip(odd).step_by(2);
        every_second.filter(|byte| **byte == 0).count() * 4 > bytes.len()
    };
    let encoding = if zeros(1) {
        UTF_16LE
    } else if zeros(0) {
        UTF_16BE
    } else if std::str::from_utf8(bytes).is_ok() {
        UTF_8
    } else {
        WINDOWS_1252
    };
    encoding.decode(bytes).0.into_owned()
}

/// The paragraphs of a Word document, the cells of its tables parted by tabs.
fn word(bytes: &[u8]) -> Result<String, String> {
    let other = || "it is an archive and no Word document".to_owned();
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| other())?;
    let of_page = |start: &str| {
        let mut names: Vec<String> = archive
            .file_names()
            .flatten()
            .filter(|name| name.starts_with(start))
            .map(std::borrow::Cow::into_owned)
            .collect();
        names.sort();
        names
    };
    // The head of the pages often has the patient and the day; notes and feet of pages stand last.
    let heads = of_page("word/header");
    let feet = [of_page("word/footnotes"), of_page("word/footer")].concat();
    let main = [WORD_TEXT.to_owned()];
    let mut text = String::new();
    for name in heads.iter().chain(&main).chain(&feet) {
        let part = archive.by_name(name).map_err(|_| other())?;
        let mut xml = String::new();
        let damaged = "it is a Word document, but a damaged one";
        let read = part.take(LONGEST).read_to_string(&mut xml);
        read.map_err(|_| damaged.to_owned())?;
        let document = parsed(&xml).ok_or(damaged)?;
        word_text(document.root_element(), &mut text);
    }
    Ok(text)
}

fn word_text(node: Node<'_, '_>, out: &mut String) {
    for child in node.children() {
        match child.tag_name().name() {
            "t" => out.push_str(child.text().unwrap_or_default()),
            "tab" => out.push('\t'),
            "br" | "cr" => out.push('\n'),
            "noBreakHyphen" => out.push('-'),
            // A row of a table is a line.
            "tr" => {
                let cells = child
                    .children()
                    .filter(|cell| cell.tag_name().name() == "tc");
                let cells = cells.map(|cell| {
                    let mut words = String::new();
                    word_text(cell, &mut words);
                    words.split_whitespace().collect::<Vec<_>>().join(" ")
                });
                out.push_str(&cells.collect::<Vec<_>>().join("\t"));
                out.push('\n');
            }
            "p" => {
                let is_entry = child
                    .descendants()
                    .any(|part| part.tag_name().name() == "numPr");
                if is_entry {
                    out.push_str("- ");
                }
                word_text(child, out);
                out.push('\n');
            }
            // What is struck through was taken back by who wrote it.
            "r" if is_struck(child) => {
                out.push_str("~~");
                word_text(child, out);
                out.push_str("~~");
            }
            // What was deleted and what Word keeps beside the text.
            "del" | "moveFrom" | "instrText" | "sectPr" | "Fallback" => {}
            _ => word_text(child, out),
        }
    }
}

fn is_struck(run: Node<'_, '_>) -> bool {
    let properties = run.children().find(|part| part.tag_name().name() == "rPr");
    let mut marks = properties
        .into_iter()
        .flat_map(|properties| properties.children());
    marks.any(|mark| {
        let value = mark
            .attributes()
            .find(|a| a.name() == "val")
            .map(|a| a.value());
        matches!(mark.tag_name().name(), "strike" | "dstrike")
            && !matches!(value, Some("0" | "false"))
    })
}

/// XML of a record system, or a web page.
fn marked_up(text: &str) -> Result<String, String> {
    // The one name of HTML that pages always use and XML does not know.
    let text = &text.replace("&nbsp;", " ");
    let Some(document) = parsed(text) else {
        let start = text
            .trim_start()
            .get(..200)
            .unwrap_or(text)
            .to_ascii_lowercase();
        return if start.contains("<html") || start.contains("<!doctype html") {
            let how = "it is a web page that is not well-formed; open it in a browser, copy its text into a plain text file, and import that";
            Err(how.to_owned())
        } else {
            Ok(text.to_owned())
        };
    };
    let root = document.root_element();
    match root.tag_name().name() {
        "ClinicalDocument" => Ok(records::ccda::text(root)),
        _ if root.tag_name().namespace() == Some(records::fhir::NAMESPACE) => {
            records::fhir::of_xml(root)
        }
        "html" | "body" | "div" => Ok(narrative(root)),
        _ => Err("it is XML, but no C-CDA, FHIR or web page".to_owned()),
    }
}

/// A parsed document; entities that it declares itself are not expanded.
pub fn parsed(xml: &str) -> Option<Document<'_>> {
    let options = ParsingOptions {
        allow_dtd: true,
        nodes_limit: 1_000_000,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(xml.trim_start_matches('\u{feff}').trim_start(), options).ok()
}

/// The words of XHTML or of a C-CDA narrative, in lines.
pub fn narrative(node: Node<'_, '_>) -> String {
    let mut out = String::new();
    narrative_into(node, &mut out);
    let lines = out.lines().map(|line| line.trim_end_matches([' ', '\t']));
    let mut text = String::new();
    for line in lines {
        // Elements within each other make one break.
        if !(line.trim().is_empty() && (text.is_empty() || text.ends_with("\n\n"))) {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

fn narrative_into(node: Node<'_, '_>, out: &mut String) {
    let begin_line = |out: &mut String| {
        let on_line = out
            .rsplit('\n')
            .next()
            .is_some_and(|line| !line.trim().is_empty());
        if on_line {
            out.push('\n');
        }
    };
    for child in node.children() {
        if let Some(words) = child.text().filter(|_| child.is_text()) {
            let joined = words.split_whitespace().collect::<Vec<_>>().join(" ");
            let space = |c: Option<char>| c.is_some_and(char::is_whitespace);
            if space(words.chars().next()) && !out.ends_with([' ', '\n', '\t']) && !out.is_empty() {
                out.push(' ');
            }
            out.push_str(&joined);
            if space(words.chars().next_back()) && !joined.is_empty() {
                out.push(' ');
            }
            continue;
        }
        match child.tag_name().name() {
            "br" => out.push('\n'),
            "script" | "style" | "head" | "title" => {}
            "li" | "item" => {
                begin_line(out);
                out.push_str("- ");
                narrative_into(child, out);
                begin_line(out);
            }
            "td" | "th" => {
                narrative_into(child, out);
                while out.ends_with([' ', '\n']) {
                    out.pop();
                }
                out.push('\t');
            }
            "p" | "paragraph" | "div" | "tr" | "table" | "list" | "ul" | "ol" | "caption"
            | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "section" | "pre" | "blockquote" => {
                begin_line(out);
                narrative_into(child, out);
                begin_line(out);
            }
            _ => narrative_into(child, out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encodings_of_old_and_new_programs() {
        let note = "Pain 4/10 – “better”, 15°";
        let utf_16 = |big: bool| {
            let unit = move |unit: u16| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            };
            note.encode_utf16().flat_map(unit).collect::<Vec<u8>>()
        };
        let marked = [vec![0xFF, 0xFE], utf_16(false)].concat();
        let latin = WINDOWS_1252.encode(note).0.into_owned();
        for bytes in [
            note.as_bytes().to_vec(),
            marked,
            utf_16(false),
            utf_16(true),
            latin,
        ] {
            assert_eq!(text(&bytes).as_deref(), Ok(note));
        }
        let with_mark = [b"\xEF\xBB\xBF".as_slice(), note.as_bytes()].concat();
        assert_eq!(text(&with_mark).as_deref(), Ok(note));
    }

    #[test]
    fn what_is_no_text_is_named() {
        for (bytes, what) in [
            (b"%PDF-1.7 \x00".as_slice(), "PDF"),
            (b"{\\rtf1 a}", "rich text"),
            (b"\xD0\xCF\x11\xE0\xA1", "old Word"),
            (b"PK\x03\x04zip", "archive"),
            (b"\x89PNG\r\n", "picture"),
            (b"a\x00b\x01c", "no text"),
            (b"<!DOCTYPE html><html><p>a<br></html>", "web page"),
            (b"<x><y/></x>", "XML"),
        ] {
            let sentence = text(bytes).unwrap_err();
            assert!(sentence.contains(what), "{sentence}");
        }
    }

    #[test]
    fn web_pages_in_lines() {
        let page = "<html><head><title>t</title></head><body><h1>Visit</h1><p>Sore <b>neck</b>.<br/>Better.</p><ul><li>97110</li></ul><table><tr><td>a</td><td>b</td></tr></table></body></html>";
        assert_eq!(
            text(page.as_bytes()).as_deref(),
            Ok("Visit\nSore neck.\nBetter.\n- 97110\na\tb\n")
        );
        // Words that only begin like markup are a note.
        assert_eq!(text(b"<5 min of rest").as_deref(), Ok("<5 min of rest"));
    }
}
