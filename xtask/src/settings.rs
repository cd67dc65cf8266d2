//! What the settings of the VS Code extension let the reader choose from: the payers and the rules, from the library. Written
//! into `editors/vscode/package.json` by `cargo xtask payers` and `cargo xtask rules`.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use soapstone::policy::Policy;
use soapstone::rules::ALL;

use crate::{Failure, workspace};

/// The levels of a rule, the loudest first.
const LEVELS: [&str; 5] = ["error", "warning", "info", "hint", "off"];

fn file() -> PathBuf {
    workspace().join("editors/vscode/package.json")
}

/// Writes the choices into the extension's manifest.
pub fn write() -> Result<(), Failure> {
    let failed = |error| format!("{}: {error}", file().display());
    let kept = fs::read_to_string(file()).map_err(failed)?;
    fs::write(file(), made(&kept)?).map_err(failed)
}

/// Whether the manifest has the choices that there are.
pub fn is_current() -> bool {
    let kept = fs::read_to_string(file()).unwrap_or_default();
    let kept = kept.replace("\r\n", "\n");
    made(&kept).is_ok_and(|made| made == kept)
}

fn made(kept: &str) -> Result<String, Failure> {
    let mut manifest: Value = serde_json::from_str(kept).map_err(|e| e.to_string())?;
    let settings = &mut manifest["contributes"]["configuration"]["properties"];
    let policy = Policy::default();
    let payers: Vec<_> = policy
        .payers
        .iter()
        .filter(|p| p.name != "default")
        .collect();
    let names: Vec<&str> = payers.iter().map(|p| &*p.name).collect();
    let titles: Vec<&str> = payers.iter().map(|p| &*p.title).collect();
    // A payer of the reader's own is as good as one of these, so that the setting takes any text.
    let payer = &mut settings["soapstone.payer"];
    payer["enum"] = with("", &names);
    payer["enumItemLabels"] = with("not chosen", &titles);
    settings["soapstone.payers"]["additionalProperties"]["properties"]["like"]["enum"] =
        json!(names);
    // The settings page has drop-downs only for properties that are listed, each with its own values.
    let each = ALL.iter().map(|rule| {
        let level = json!({"type": "string", "enum": LEVELS, "description": rule.summary()});
        (rule.name.to_owned(), level)
    });
    settings["soapstone.rules"]["properties"] = Value::Object(each.collect());
    let text = serde_json::to_string_pretty(&manifest).map_err(|e| e.to_string())?;
    Ok(text + "\n")
}

fn with<'a>(first: &'a str, rest: &[&'a str]) -> Value {
    let all: Vec<&str> = std::iter::once(first).chain(rest.iter().copied()).collect();
    json!(all)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_settings_offer_the_payers_and_rules_that_there_are() {
        assert!(
            super::is_current(),
            "run `cargo xtask payers` or `cargo xtask rules`"
        );
    }
}
