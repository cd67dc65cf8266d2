//! `textDocument/completion` and `completionItem/resolve`, as far as the client can show them.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use super::hover;
use crate::editor::completion::{self, Ask, Documentation, Item, ItemKind, complete};
use crate::lsp::backend::Backend;
use crate::lsp::capabilities::Abilities;
use crate::lsp::position::{offset, range};
use crate::lsp::state::Snapshot;
use crate::policy::now;

pub async fn completion(
    backend: &Backend,
    params: lsp::CompletionParams,
) -> Result<Option<lsp::CompletionResponse>> {
    let place = params.text_document_position_params;
    let typed = params
        .context
        .filter(|c| c.trigger_kind == lsp::CompletionTriggerKind::TriggerCharacter);
    let trigger = typed.and_then(|c| c.trigger_character?.chars().next());
    let ask = Ask {
        trigger,
        now: now(),
    };
    let answer = backend.answer(&place.text_document.uri, move |note, analysis| {
        let offset = offset(&note.document, place.position, note.abilities);
        let list = complete(analysis, offset, ask);
        let list = lsp::CompletionList {
            is_incomplete: list.incomplete,
            item_defaults: None,
            apply_kind: None,
            items: list.items.into_iter().map(|i| item(note, i)).collect(),
        };
        list.into()
    });
    answer.await
}

pub fn resolved(mut item: lsp::CompletionItem, abilities: Abilities) -> lsp::CompletionItem {
    let key = item.data.as_ref().and_then(|data| data.as_str());
    if let Some(markdown) = key.and_then(completion::documentation::of_key) {
        item.documentation = Some(documentation(markdown, abilities));
    }
    item
}

fn item(note: &Snapshot, item: Item) -> lsp::CompletionItem {
    let abilities = note.abilities;
    let snippet = item.insert.snippet.filter(|_| abilities.snippets);
    let format = match &snippet {
        Some(_) => lsp::InsertTextFormat::Snippet,
        None => lsp::InsertTextFormat::PlainText,
    };
    let detail = (!item.detail.is_empty()).then_some(item.detail);
    let details = detail.clone().filter(|_| abilities.label_details);
    let (documentation, data) = match item.documentation {
        Documentation::None => (None, None),
        // It is sent when it is asked for.
        Documentation::Key(key) => (None, Some(serde_json::Value::String(key))),
        // A phrase is the reader's text and not Markdown.
        Documentation::Text(text) => (Some(lsp::Documentation::String(text)), None),
    };
    lsp::CompletionItem {
        label: item.label,
        label_details: details.map(|description| lsp::CompletionItemLabelDetails {
            detail: None,
            description: Some(description),
        }),
        kind: Some(kind(item.kind)),
        detail,
        documentation,
        // The editor sorts by letters: all numbers have three.
        sort_text: Some(format!("{:03}", item.rank)),
        filter_text: Some(item.filter),
        insert_text_format: Some(format),
        text_edit: Some(lsp::CompletionItemTextEdit::TextEdit(lsp::TextEdit {
            range: range(&note.document, item.span, abilities),
            new_text: snippet.unwrap_or(item.insert.plain),
        })),
        data,
        ..Default::default()
    }
}

/// The picture that an editor shows for it. Some editors go by its number before they go by the rank: what is at
/// hand where a line begins, a field or a heading, has a lower one than the codes.
fn kind(kind: ItemKind) -> lsp::CompletionItemKind {
    match kind {
        ItemKind::Field => lsp::CompletionItemKind::Field,
        ItemKind::Section => lsp::CompletionItemKind::Keyword,
        ItemKind::Procedure => lsp::CompletionItemKind::Reference,
        ItemKind::Modifier => lsp::CompletionItemKind::EnumMember,
        ItemKind::Region | ItemKind::Technique => lsp::CompletionItemKind::Value,
        ItemKind::Diagnosis => lsp::CompletionItemKind::Constant,
        ItemKind::Time => lsp::CompletionItemKind::Unit,
        ItemKind::Payer => lsp::CompletionItemKind::Enum,
        ItemKind::Rule => lsp::CompletionItemKind::Property,
        ItemKind::Visit | ItemKind::Template | ItemKind::Phrase => lsp::CompletionItemKind::Snippet,
    }
}

fn documentation(markdown: String, abilities: Abilities) -> lsp::Documentation {
    lsp::Documentation::MarkupContent(hover::markup(markdown, abilities.completion_markdown))
}
