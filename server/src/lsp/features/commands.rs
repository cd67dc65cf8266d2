//! `workspace/executeCommand`. The names begin with `soapstone.server.`, because an editor may register
//! what a server names, and its extension has commands of its own.

use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, Result};

use super::blanks;
use crate::editor::claim_preview::claim_preview;
use crate::editor::completion::tab_stops;
use crate::editor::next_visit::{self, NewVisit};
use crate::editor::status;
use crate::lsp::backend::Backend;
use crate::lsp::position::{offset, range, workspace_edit};
use crate::lsp::settings;
use crate::policy::now;
use crate::rules;

/// The claim lines of the visit at a position, to paste.
pub const CLAIM_LINES: &str = "soapstone.server.claimLines";
/// How the units of the visit at a position came about, as a message.
pub const SHOW_CLAIM: &str = "soapstone.server.showClaim";
/// A new visit at the note's end.
pub const NEXT_VISIT: &str = "soapstone.server.nextVisit";
/// A rule's page.
pub const EXPLAIN: &str = "soapstone.server.explain";
/// A note to look at.
pub const SAMPLE_NOTE: &str = "soapstone.server.sampleNote";
/// A note with nothing but blanks.
pub const NEW_NOTE: &str = "soapstone.server.newNote";
/// By what a note is judged.
pub const STATUS: &str = "soapstone.server.status";
/// The next blank to fill.
pub const NEXT_BLANK: &str = "soapstone.server.nextBlank";
/// An edit, for clients to which a code action is a command.
pub const APPLY: &str = "soapstone.server.apply";

pub const ALL: [&str; 9] = [
    CLAIM_LINES,
    SHOW_CLAIM,
    NEXT_VISIT,
    EXPLAIN,
    SAMPLE_NOTE,
    NEW_NOTE,
    STATUS,
    NEXT_BLANK,
    APPLY,
];

/// It has three findings of different kinds, one of which can be mended at once.
const SAMPLE: &str = include_str!("../../../../tests/notes/findings/first-note.soap");

pub async fn execute_command(
    backend: &Backend,
    params: lsp::ExecuteCommandParams,
) -> Result<Option<Value>> {
    let arguments = Arguments(params.arguments.unwrap_or_default());
    match params.command.as_str() {
        CLAIM_LINES => claim_lines(backend, &arguments).await,
        SHOW_CLAIM => show_claim(backend, &arguments).await,
        NEXT_VISIT => next_visit(backend, &arguments).await,
        EXPLAIN => Ok(rules::find(arguments.word(0)?).map(|rule| json!(rule.page))),
        SAMPLE_NOTE => Ok(Some(json!(SAMPLE))),
        NEW_NOTE => Ok(Some(new_note(backend))),
        NEXT_BLANK => next_blank(backend, &arguments).await,
        APPLY => backend.apply(arguments.of(0, "an edit")?).map(|()| None),
        STATUS => status(backend, &arguments).await,
        _ => Err(Error::invalid_params(
            "Soapstone does not have this command.",
        )),
    }
}

async fn claim_lines(backend: &Backend, arguments: &Arguments) -> Result<Option<Value>> {
    let shows = arguments.word(2).is_ok_and(|word| word == "show");
    let (uri, position) = (arguments.uri(0)?, arguments.position(1)?);
    let answer = backend.answer(&uri, move |note, analysis| {
        let offset = offset(&note.document, position, note.abilities);
        claim_preview(analysis, offset)
    });
    let Some(claim) = answer.await?.flatten() else {
        return Ok(None);
    };
    if shows {
        backend.show(if claim.copy.is_empty() {
            claim.why.join("\n")
        } else {
            claim.copy.clone()
        });
    }
    Ok(Some(json!(claim.copy)))
}

async fn show_claim(backend: &Backend, arguments: &Arguments) -> Result<Option<Value>> {
    let (uri, position) = (arguments.uri(0)?, arguments.position(1)?);
    let answer = backend.answer(&uri, move |note, analysis| {
        let offset = offset(&note.document, position, note.abilities);
        claim_preview(analysis, offset).map(|claim| claim.why.join("\n"))
    });
    if let Some(why) = answer.await?.flatten() {
        backend.show(why);
    }
    Ok(None)
}

/// The words with which a person says that two visits on one day are meant.
const ANOTHER: &str = "Add Another Visit";

async fn next_visit(backend: &Backend, arguments: &Arguments) -> Result<Option<Value>> {
    let uri = arguments.uri(0)?;
    let kind = match arguments.word(1)? {
        "empty" => NewVisit::Empty,
        "carried" => NewVisit::CarriedForward,
        _ => {
            return Err(Error::invalid_params(
                "A new visit is either \"empty\" or \"carried\".",
            ));
        }
    };
    let (day, how) = (now().date(), arguments.word(2).unwrap_or_default());
    let answer = backend.answer(&uri, move |note, analysis| {
        let there = next_visit::visit_on(analysis, day)?;
        let heading = there.visit.heading.as_ref()?.span;
        Some(range(
            &note.document,
            heading.shifted(there.start),
            note.abilities,
        ))
    });
    let Some(there) = answer.await? else {
        return Ok(None);
    };
    if there.is_none() || how == "anyway" {
        add_visit(backend, &uri, kind, day).await?;
    } else if how == "ask" {
        let (backend, uri) = (backend.clone(), uri);
        // Whoever is asked may be a while.
        tokio::spawn(async move {
            let question = format!("This chart has a visit on {day} already.");
            if backend.agrees(question, ANOTHER).await {
                add_visit(&backend, &uri, kind, day).await
            } else {
                Ok(())
            }
        });
    }
    let added = there.is_none() || how == "anyway";
    Ok(Some(
        json!({"day": day.to_string(), "added": added, "there": there}),
    ))
}

async fn add_visit(backend: &Backend, uri: &lsp::Uri, kind: NewVisit, day: Date) -> Result<()> {
    let edit = backend.answer(uri, move |note, analysis| {
        workspace_edit(note, next_visit::next_visit(analysis, kind, day).edits)
    });
    match edit.await? {
        Some(edit) => backend.apply(edit),
        None => Ok(()),
    }
}

/// The note as a text, and with tab stops for an editor that has them.
fn new_note(backend: &Backend) -> Value {
    let text = next_visit::new_note(now().date());
    let snippet = backend.shared.abilities().snippets;
    let snippet = snippet.then(|| tab_stops(&text, &mut 0)).flatten();
    json!({"text": text, "snippet": snippet})
}

async fn next_blank(backend: &Backend, arguments: &Arguments) -> Result<Option<Value>> {
    let (uri, position) = (arguments.uri(0)?, arguments.position(1)?);
    let shows = arguments.word(2).is_ok_and(|word| word == "show");
    let place = lsp::TextDocumentPositionParams {
        text_document: lsp::TextDocumentIdentifier::new(uri.clone()),
        position,
    };
    let blank = blanks::from(backend, place, false).await?;
    if let Some(blank) = blank.filter(|_| shows) {
        backend.go_to(uri, blank);
    }
    Ok(blank.map(|blank| json!(blank)))
}

async fn status(backend: &Backend, arguments: &Arguments) -> Result<Option<Value>> {
    let uri = arguments.uri(0)?;
    let position = arguments.0.get(1).is_some().then(|| arguments.position(1));
    let position = position.transpose()?;
    let answer = backend.answer(&uri, move |note, analysis| {
        let path = note.uri.to_file_path().ok();
        let file = path.and_then(|path| settings::project_file(&path));
        // A file that is only named could be made; it is not there yet.
        let file = file
            .filter(|(_, text)| text.is_some())
            .map(|(file, _)| file);
        let offset = position.map(|p| offset(&note.document, p, note.abilities));
        let mut answer = json!(status::status(analysis, offset)?);
        answer["settingsFile"] = json!(file.map(|f| f.display().to_string()));
        answer["version"] = json!(env!("CARGO_PKG_VERSION"));
        Some(answer)
    });
    Ok(answer.await?.flatten())
}

/// The arguments of a command. What is missing or of another kind is an error of the client's.
struct Arguments(Vec<Value>);

impl Arguments {
    fn word(&self, index: usize) -> Result<&str> {
        let word = self.0.get(index).and_then(Value::as_str);
        word.ok_or_else(|| wrong(index, "a text"))
    }

    fn uri(&self, index: usize) -> Result<lsp::Uri> {
        self.of(index, "a note's address")
    }

    fn position(&self, index: usize) -> Result<lsp::Position> {
        self.of(index, "a position")
    }

    fn of<T: DeserializeOwned>(&self, index: usize, what: &str) -> Result<T> {
        let argument = self.0.get(index).cloned().unwrap_or_default();
        serde_json::from_value(argument).map_err(|_| wrong(index, what))
    }
}

fn wrong(index: usize, what: &str) -> Error {
    Error::invalid_params(format!("Argument {} is not {what}.", index + 1))
}
