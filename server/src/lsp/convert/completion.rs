//! Completion items, as far as the client can show them.

use tower_lsp::gen_lsp_types as lsp;

use super::{hover, range};
use crate::editor::completion::{Documentation, Item, ItemKind, List};
use crate::lsp::capabilities::Abilities;
use crate::lsp::state::Snapshot;

/// A list of items.
pub fn list(note: &Snapshot, list: List) -> lsp::CompletionList {
    lsp::CompletionList {
        is_incomplete: list.incomplete,
        item_defaults: None,
        apply_kind: None,
        items: list.items.into_iter().map(|i| item(note, i)).collect(),
    }
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
        // It is told when it is asked for.
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

/// The picture that an editor shows for it.
fn kind(kind: ItemKind) -> lsp::CompletionItemKind {
    match kind {
        ItemKind::Field => lsp::CompletionItemKind::Field,
        ItemKind::Section => lsp::CompletionItemKind::Keyword,
        ItemKind::Procedure => lsp::CompletionItemKind::Function,
        ItemKind::Modifier => lsp::CompletionItemKind::EnumMember,
        ItemKind::Region | ItemKind::Technique => lsp::CompletionItemKind::Value,
        ItemKind::Diagnosis => lsp::CompletionItemKind::Constant,
        ItemKind::Time => lsp::CompletionItemKind::Unit,
        ItemKind::Payer => lsp::CompletionItemKind::Enum,
        ItemKind::Rule => lsp::CompletionItemKind::Property,
        ItemKind::Visit | ItemKind::Template | ItemKind::Phrase => lsp::CompletionItemKind::Snippet,
    }
}

/// An explanation.
pub fn documentation(markdown: String, abilities: Abilities) -> lsp::Documentation {
    lsp::Documentation::MarkupContent(if abilities.completion_markdown {
        lsp::MarkupContent {
            kind: lsp::MarkupKind::Markdown,
            value: markdown,
        }
    } else {
        lsp::MarkupContent {
            kind: lsp::MarkupKind::PlainText,
            value: hover::plain(&markdown),
        }
    })
}
