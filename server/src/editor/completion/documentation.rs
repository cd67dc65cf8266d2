//! What explains an item, once it is asked for. The key holds nothing of the note.

use crate::chart::FieldKind;
use crate::editor::hover;
use crate::reference::icd10::{Release, common};
use crate::reference::{modifiers, procedures};
use crate::rules;

/// The explanation of a key, in Markdown; nothing for a key that names nothing.
pub fn of_key(key: &str) -> Option<String> {
    let (kind, name) = key.split_once(':')?;
    match kind {
        "code" => {
            let mut text = hover::of_procedure(procedures::find(name)?);
            text.push_str("\n\n*In Soapstone's own words; not the text of CPT.*");
            Some(text)
        }
        "modifier" => modifiers::find(name).map(hover::of_modifier),
        "field" => FieldKind::of_key(name).map(hover::of_kind),
        "rule" => {
            let rule = rules::find(name)?;
            Some(format!("{}\n\nSource: {}", rule.summary(), rule.source))
        }
        "diagnosis" => {
            let entry = Release::built_in().find(name)?;
            let reason = common::weakness(&entry.code)?.reason();
            Some(format!("**{}**: {}\n\n{reason}", entry.code, entry.title))
        }
        _ => None,
    }
}
