//! The questions that an editor asks, of those that the server says it answers.

use serde_json::{Value, json};

use crate::charts::{Care, chart};
use crate::edits::Place;
use crate::figures::{Short, Table, Times};
use crate::server::{CHART, Server};
use crate::{Extent, Failure, program};

/// What a question is about.
#[derive(Clone, Copy)]
enum About {
    /// The whole chart.
    Chart,
    /// The place behind a procedure code.
    Place,
    /// The places of a selection.
    Places,
    /// The sixty lines on the screen.
    Screen,
    /// The procedure code's line.
    Line,
    /// All charts.
    Workspace,
}

/// Where the server says that it answers, the method, and what it is about.
const QUESTIONS: &[(&str, &str, About)] = &[
    ("/hoverProvider", "textDocument/hover", About::Place),
    (
        "/completionProvider",
        "textDocument/completion",
        About::Place,
    ),
    (
        "/signatureHelpProvider",
        "textDocument/signatureHelp",
        About::Place,
    ),
    (
        "/codeActionProvider",
        "textDocument/codeAction",
        About::Line,
    ),
    (
        "/inlayHintProvider",
        "textDocument/inlayHint",
        About::Screen,
    ),
    ("/codeLensProvider", "textDocument/codeLens", About::Chart),
    (
        "/documentSymbolProvider",
        "textDocument/documentSymbol",
        About::Chart,
    ),
    (
        "/foldingRangeProvider",
        "textDocument/foldingRange",
        About::Chart,
    ),
    (
        "/selectionRangeProvider",
        "textDocument/selectionRange",
        About::Places,
    ),
    (
        "/semanticTokensProvider/full",
        "textDocument/semanticTokens/full",
        About::Chart,
    ),
    (
        "/semanticTokensProvider/range",
        "textDocument/semanticTokens/range",
        About::Screen,
    ),
    (
        "/documentHighlightProvider",
        "textDocument/documentHighlight",
        About::Place,
    ),
    (
        "/definitionProvider",
        "textDocument/definition",
        About::Place,
    ),
    (
        "/referencesProvider",
        "textDocument/references",
        About::Place,
    ),
    (
        "/renameProvider/prepareProvider",
        "textDocument/prepareRename",
        About::Place,
    ),
    (
        "/linkedEditingRangeProvider",
        "textDocument/linkedEditingRange",
        About::Place,
    ),
    (
        "/documentLinkProvider",
        "textDocument/documentLink",
        About::Chart,
    ),
    (
        "/documentFormattingProvider",
        "textDocument/formatting",
        About::Chart,
    ),
    (
        "/documentRangeFormattingProvider",
        "textDocument/rangeFormatting",
        About::Screen,
    ),
    (
        "/documentOnTypeFormattingProvider",
        "textDocument/onTypeFormatting",
        About::Place,
    ),
    (
        "/diagnosticProvider",
        "textDocument/diagnostic",
        About::Chart,
    ),
    (
        "/workspaceSymbolProvider",
        "workspace/symbol",
        About::Workspace,
    ),
];

/// Asks each question of a chart of 1 MiB that was judged already. There are no limits.
pub fn run(extent: Extent) -> Result<usize, Failure> {
    let mut table = Table::new(
        "Questions about a chart of 1 MiB",
        &["question", "p50", "p95", "longest answer"],
    );
    let text = chart(extent.pick(4 << 10, 1 << 20, 1 << 20), Care::Careful);
    let codes: Vec<Place> = places(&text);
    let mut server = Server::start(&program("soapstone")?, &["lsp"])?;
    server.open(CHART, &text)?;
    for (ability, method, about) in QUESTIONS {
        if !says_yes(server.capabilities.pointer(ability)) {
            continue;
        }
        let mut times = Times::default();
        let mut longest = 0;
        for asked in 0..extent.pick(1, 20, 100) {
            // Here and there in the chart, as one who looks something up.
            let place = codes[asked * 37 % codes.len()];
            let (time, answer) = server.request(method, &parameters(*about, place))?;
            // To say with a sentence that something cannot be done is an answer, too.
            let refused = br#"{"jsonrpc":"2.0","error":{"code":-32803,"#;
            if answer.starts_with(br#"{"jsonrpc":"2.0","error""#) && !answer.starts_with(refused) {
                let answer = String::from_utf8_lossy(&answer);
                return Err(format!("{method} was answered by an error: {answer}"));
            }
            times.push(time);
            longest = longest.max(answer.len());
        }
        table.row(&[
            (*method).to_owned(),
            Short(times.percentile(50)).to_string(),
            Short(times.percentile(95)).to_string(),
            format!("{longest} B"),
        ]);
    }
    server.end()?;
    Ok(table.print(extent))
}

/// The places behind the codes of a chart's modalities.
fn places(text: &str) -> Vec<Place> {
    let lines = text.lines().enumerate();
    lines
        .filter(|(_, line)| line.starts_with("971"))
        .map(|(line, _)| Place { line, character: 5 })
        .collect()
}

fn says_yes(ability: Option<&Value>) -> bool {
    !matches!(ability, None | Some(Value::Null | Value::Bool(false)))
}

fn parameters(about: About, place: Place) -> Value {
    let position = |line: usize, character: usize| json!({"line": line, "character": character});
    let here = position(place.line, place.character);
    let mut all = match about {
        About::Chart => json!({}),
        // More than each method wants; they pass over what is not theirs.
        About::Place => json!({
            "position": here,
            "context": {"triggerKind": 1, "includeDeclaration": true},
            "ch": "\n",
        }),
        About::Places => json!({"positions": [here]}),
        About::Screen => {
            let top = place.line.saturating_sub(30);
            json!({"range": {"start": position(top, 0), "end": position(top + 60, 0)}})
        }
        About::Line => json!({
            "range": {"start": position(place.line, 0), "end": here},
            "context": {"diagnostics": []},
        }),
        About::Workspace => return json!({"query": "visit"}),
    };
    all["textDocument"] = json!({"uri": CHART.uri});
    all["options"] = json!({"tabSize": 2, "insertSpaces": true});
    all
}
