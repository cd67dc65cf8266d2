//! What the client can do, as far as it matters here, and what the server can do.

use serde::Deserialize as _;
use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;

use super::features::actions::kind;
use super::features::{commands, tokens};
use crate::editor::actions::Kind;
use crate::text::Encoding;

/// What the client can do.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "the protocol has it so")]
pub struct Abilities {
    /// How characters are counted, as negotiated.
    pub encoding: Encoding,
    /// Shows the other places that a diagnostic speaks of.
    pub related_information: bool,
    pub versioned_edits: bool,
    /// Takes edits with tab stops, as it takes completions.
    pub snippet_edits: bool,
    /// Takes code actions as objects. The commands of before that are all that others take.
    pub action_literals: bool,
    pub creates_files: bool,
    pub hover_markdown: bool,
    /// Takes completions with tab stops.
    pub snippets: bool,
    /// Shows what a completion means beside its name.
    pub label_details: bool,
    pub completion_markdown: bool,
    pub configuration: bool,
    /// Tells of changed settings if asked to.
    pub registers_configuration: bool,
    pub registers_watchers: bool,
    /// Shows hints.
    pub inlay_hints: bool,
    pub refreshes_hints: bool,
    pub semantic_tokens: bool,
    /// Takes edits that the user is to confirm.
    pub annotated_edits: bool,
    pub nested_symbols: bool,
    pub link_tooltips: bool,
    pub most_folds: Option<u32>,
    pub refreshes_tokens: bool,
    pub refreshes_lenses: bool,
    /// Asks for the diagnostics. Nothing is published then: it would show everything twice.
    pub pulls: bool,
    pub refreshes_diagnostics: bool,
    pub shows_progress: bool,
    /// Makes edits that the server asks for.
    pub applies_edits: bool,
    /// Shows a place that the server asks for.
    pub shows_documents: bool,
    /// The commands that it has itself.
    pub commands: EditorCommands,
}

/// The commands that an editor's extension has itself, as it says in its initialization options.
#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each answers for a command of its own"
)]
pub struct EditorCommands {
    pub copy_claim_lines: bool,
    pub next_visit: bool,
    pub show_claim: bool,
    /// Shows the ways not to be shown a finding, one of which is chosen.
    pub hide_finding: bool,
    /// Shows a rule's page.
    pub explain_rule: bool,
}

impl Abilities {
    pub fn of(client: &lsp::ClientCapabilities) -> Self {
        let yes = |flag: Option<bool>| flag.unwrap_or(false);
        let workspace = client.workspace.as_ref();
        let text = client.text_document.as_ref();
        let diagnostics = text.and_then(|t| t.publish_diagnostics.as_ref());
        let edit = workspace.and_then(|w| w.workspace_edit.as_ref());
        let hover = text.and_then(|t| t.hover.as_ref());
        let formats = hover.and_then(|h| h.content_format.as_deref());
        let completion = text
            .and_then(|t| t.completion.as_ref())
            .and_then(|c| c.completion_item.as_ref());
        Self {
            encoding: encoding(client),
            snippets: yes(completion.and_then(|c| c.snippet_support)),
            label_details: yes(completion.and_then(|c| c.label_details_support)),
            completion_markdown: completion
                .and_then(|c| c.documentation_format.as_ref())
                .is_some_and(|formats| formats.first() == Some(&lsp::MarkupKind::Markdown)),
            related_information: yes(
                diagnostics.and_then(|d| d.diagnostics_capabilities.related_information)
            ),
            versioned_edits: yes(edit.and_then(|e| e.document_changes)),
            snippet_edits: yes(edit.and_then(|e| e.document_changes))
                && yes(edit.and_then(|e| e.snippet_edit_support)),
            action_literals: text
                .and_then(|t| t.code_action.as_ref())
                .is_some_and(|a| a.code_action_literal_support.is_some()),
            creates_files: edit
                .and_then(|e| e.resource_operations.as_ref())
                .is_some_and(|kinds| kinds.contains(&lsp::ResourceOperationKind::Create)),
            // Markdown was the rule before clients could say what they prefer.
            hover_markdown: formats
                .and_then(|formats| {
                    let mut known = formats.iter();
                    known.find(|f| {
                        matches!(f, lsp::MarkupKind::Markdown | lsp::MarkupKind::PlainText)
                    })
                })
                .is_none_or(|first| *first == lsp::MarkupKind::Markdown),
            configuration: yes(workspace.and_then(|w| w.configuration)),
            registers_configuration: yes(workspace
                .and_then(|w| w.did_change_configuration.as_ref())
                .and_then(|c| c.dynamic_registration)),
            registers_watchers: yes(workspace
                .and_then(|w| w.did_change_watched_files.as_ref())
                .and_then(|w| w.dynamic_registration)),
            inlay_hints: text.is_some_and(|t| t.inlay_hint.is_some()),
            refreshes_hints: yes(workspace
                .and_then(|w| w.inlay_hint.as_ref())
                .and_then(|h| h.refresh_support)),
            semantic_tokens: text.is_some_and(|t| t.semantic_tokens.is_some()),
            annotated_edits: edit.is_some_and(|e| e.change_annotation_support.is_some()),
            nested_symbols: yes(text
                .and_then(|t| t.document_symbol.as_ref())
                .and_then(|s| s.hierarchical_document_symbol_support)),
            link_tooltips: yes(text
                .and_then(|t| t.document_link.as_ref())
                .and_then(|l| l.tooltip_support)),
            most_folds: text
                .and_then(|t| t.folding_range.as_ref())
                .and_then(|f| f.range_limit),
            refreshes_tokens: yes(workspace
                .and_then(|w| w.semantic_tokens.as_ref())
                .and_then(|t| t.refresh_support)),
            refreshes_lenses: yes(workspace
                .and_then(|w| w.code_lens.as_ref())
                .and_then(|l| l.refresh_support)),
            shows_progress: yes(client.window.as_ref().and_then(|w| w.work_done_progress)),
            pulls: text.is_some_and(|t| t.diagnostic.is_some()),
            refreshes_diagnostics: yes(workspace
                .and_then(|w| w.diagnostics.as_ref())
                .and_then(|d| d.refresh_support)),
            shows_documents: client
                .window
                .as_ref()
                .and_then(|w| w.show_document)
                .is_some_and(|s| s.support),
            applies_edits: yes(workspace.and_then(|w| w.apply_edit)),
            commands: EditorCommands::default(),
        }
    }

    /// Reads which commands the client has, `{"commands": ["soapstone.showClaim"]}`.
    #[must_use]
    pub fn with_commands(mut self, options: Option<&Value>) -> Self {
        let named = options.and_then(|options| options["commands"].as_array());
        let has = |name: &str| named.is_some_and(|all| all.iter().any(|c| c == name));
        self.commands = EditorCommands {
            copy_claim_lines: has("soapstone.copyClaimLines"),
            next_visit: has("soapstone.nextVisit"),
            show_claim: has("soapstone.showClaim"),
            hide_finding: has("soapstone.hideFinding"),
            explain_rule: has("soapstone.explainRule"),
        };
        self
    }
}

/// The parameters of `initialize` as the protocol's types have them. What a client says in another way is left out, and whatever
/// it stands for with it; only the lists that come with semantic tokens can be taken for empty ones.
pub fn without_faults(mut params: Value) -> Value {
    let fits = |params: &Value| lsp::InitializeParams::deserialize(params).is_ok();
    if fits(&params) {
        return params;
    }
    let tokens = params.pointer_mut("/capabilities/textDocument/semanticTokens");
    if let Some(tokens) = tokens.and_then(Value::as_object_mut) {
        tokens.entry("requests").or_insert(json!({}));
        for list in ["tokenTypes", "tokenModifiers", "formats"] {
            tokens.entry(list).or_insert(json!([]));
        }
    }
    let Some(all) = params.as_object_mut() else {
        return params;
    };
    all.retain(|key, value| {
        let mut alone = json!({"capabilities": {}});
        alone[key] = value.clone();
        key == "capabilities" || fits(&alone)
    });
    let capabilities = all.entry("capabilities").or_insert(json!({}));
    if !capabilities.is_object() {
        *capabilities = json!({});
    }
    for (kind, abilities) in capabilities.as_object_mut().into_iter().flatten() {
        let stands = |ability: Value| fits(&json!({"capabilities": {kind: ability}}));
        if let Some(abilities) = abilities.as_object_mut() {
            abilities.retain(|name, ability| stands(json!({name.as_str(): ability})));
        } else if !stands(abilities.clone()) {
            *abilities = json!({});
        }
    }
    params
}

/// The encoding that is cheapest for us among those offered; UTF-16 where none is.
fn encoding(client: &lsp::ClientCapabilities) -> Encoding {
    let general = client.general.as_ref();
    let offered = general
        .and_then(|g| g.position_encodings.as_deref())
        .unwrap_or_default();
    if offered.contains(&lsp::PositionEncodingKind::UTF8) {
        Encoding::Utf8
    } else if offered.contains(&lsp::PositionEncodingKind::UTF32)
        && !offered.contains(&lsp::PositionEncodingKind::UTF16)
    {
        Encoding::Utf32
    } else {
        Encoding::Utf16
    }
}

pub fn of_server(abilities: Abilities) -> lsp::InitializeResult {
    let encoding = match abilities.encoding {
        Encoding::Utf8 => lsp::PositionEncodingKind::UTF8,
        Encoding::Utf16 => lsp::PositionEncodingKind::UTF16,
        Encoding::Utf32 => lsp::PositionEncodingKind::UTF32,
    };
    let sync = lsp::TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(lsp::TextDocumentSyncKind::Incremental),
        // A note that was lost is found again when it is saved.
        save: Some(lsp::Save::SaveOptions(lsp::SaveOptions {
            include_text: Some(true),
        })),
        ..Default::default()
    };
    lsp::InitializeResult {
        capabilities: lsp::ServerCapabilities {
            position_encoding: Some(encoding),
            text_document_sync: Some(lsp::TextDocumentSync::Options(sync)),
            hover_provider: Some(true.into()),
            completion_provider: Some(lsp::CompletionOptions {
                // No space: it would ask at every word, and a list that opens there is in the way
                // of the next one.
                trigger_characters: Some(["-", ":", "."].map(str::to_owned).to_vec()),
                resolve_provider: Some(true),
                ..Default::default()
            }),
            code_action_provider: Some(
                lsp::CodeActionOptions {
                    code_action_kinds: Some(vec![
                        lsp::CodeActionKind::QuickFix,
                        lsp::CodeActionKind::Refactor,
                        lsp::CodeActionKind::RefactorRewrite,
                        kind(Kind::FixAll),
                        kind(Kind::Organize),
                    ]),
                    ..Default::default()
                }
                .into(),
            ),
            inlay_hint_provider: Some(true.into()),
            semantic_tokens_provider: abilities.semantic_tokens.then(|| tokens::options().into()),
            definition_provider: Some(true.into()),
            references_provider: Some(true.into()),
            document_highlight_provider: Some(true.into()),
            rename_provider: Some(
                lsp::RenameOptions {
                    prepare_provider: Some(true),
                    ..Default::default()
                }
                .into(),
            ),
            document_symbol_provider: Some(true.into()),
            folding_range_provider: Some(true.into()),
            selection_range_provider: Some(true.into()),
            document_link_provider: Some(lsp::DocumentLinkOptions::default()),
            workspace_symbol_provider: Some(true.into()),
            workspace: Some(lsp::WorkspaceOptions {
                workspace_folders: Some(lsp::WorkspaceFoldersServerCapabilities {
                    supported: Some(true),
                    change_notifications: Some(true.into()),
                }),
                file_operations: Some(file_operations()),
                ..Default::default()
            }),
            diagnostic_provider: abilities.pulls.then(|| {
                lsp::DiagnosticOptions {
                    identifier: Some("soapstone".to_owned()),
                    inter_file_dependencies: false,
                    workspace_diagnostics: true,
                    ..Default::default()
                }
                .into()
            }),
            document_formatting_provider: Some(true.into()),
            document_range_formatting_provider: Some(
                lsp::DocumentRangeFormattingOptions {
                    ranges_support: Some(true),
                    ..Default::default()
                }
                .into(),
            ),
            document_on_type_formatting_provider: Some(lsp::DocumentOnTypeFormattingOptions::new(
                "\n".to_owned(),
                None,
            )),
            code_lens_provider: Some(lsp::CodeLensOptions::default()),
            execute_command_provider: Some(lsp::ExecuteCommandOptions {
                commands: commands::ALL.map(str::to_owned).to_vec(),
                ..Default::default()
            }),
            ..Default::default()
        },
        server_info: Some(lsp::ServerInfo {
            name: "soapstone".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
    }
}

/// The server is informed of notes, and folders with notes in them, that the client makes, renames and
/// takes away.
fn file_operations() -> lsp::FileOperationOptions {
    let filter = |glob: &str, matches| lsp::FileOperationFilter {
        scheme: Some("file".to_owned()),
        pattern: lsp::FileOperationPattern {
            glob: glob.to_owned(),
            matches: Some(matches),
            options: None,
        },
    };
    let all = lsp::FileOperationRegistrationOptions {
        filters: vec![
            filter("**/*.soap", lsp::FileOperationPatternKind::File),
            filter("**", lsp::FileOperationPatternKind::Folder),
        ],
    };
    lsp::FileOperationOptions {
        did_create: Some(all.clone()),
        did_rename: Some(all.clone()),
        did_delete: Some(all),
        ..Default::default()
    }
}

/// What the server asks to be informed of, if the client lets it ask.
pub fn registrations(abilities: Abilities) -> Vec<lsp::Registration> {
    let registration = |method: &str, options: Value| lsp::Registration {
        id: method.to_owned(),
        method: method.to_owned(),
        register_options: Some(options),
    };
    let mut all = Vec::new();
    if abilities.registers_configuration {
        all.push(registration(
            "workspace/didChangeConfiguration",
            serde_json::json!({"section": super::settings::SECTION}),
        ));
    }
    if abilities.registers_watchers {
        // Patterns like these hold in all of the folders, also in those that are opened later.
        let settings = format!("**/{}", super::settings::FILE);
        let watchers =
            ["**/*.soap", &settings].map(|glob| serde_json::json!({"globPattern": glob}));
        all.push(registration(
            "workspace/didChangeWatchedFiles",
            serde_json::json!({"watchers": watchers}),
        ));
    }
    all
}
