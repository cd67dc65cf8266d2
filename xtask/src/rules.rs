//! `cargo xtask rules`: the index of the rules' pages, `docs/rules/README.md`, from the registry.

use std::fmt::Write;
use std::fs;

use soapstone::policy::Level;
use soapstone::rules::{ALL, Group};

use crate::{Failure, settings, workspace};

/// Writes the index, or with `--check` says whether it is what the registry makes.
pub fn run(arguments: &[&str]) -> Result<(), Failure> {
    let file = workspace().join("docs/rules/README.md");
    match arguments {
        [] => fs::write(&file, index())
            .map_err(|e| format!("{}: {e}", file.display()))
            .and_then(|()| settings::write()),
        ["--check"] if is_current() && settings::is_current() => Ok(()),
        ["--check"] => Err(
            "docs/rules/README.md or VS Code's settings are out of date. Run `cargo xtask rules`."
                .to_owned(),
        ),
        other => Err(format!(
            "rules takes --check or nothing, not: {}",
            other.join(" ")
        )),
    }
}

fn is_current() -> bool {
    let kept = fs::read_to_string(workspace().join("docs/rules/README.md")).unwrap_or_default();
    kept.replace("\r\n", "\n") == index()
}

fn index() -> String {
    let mut text = String::from(
        "# The rules\n\nWhat Soapstone looks for, by group. The level is that for an unknown payer;\n[payers](../payers.md) differ. `soapstone explain RULE` prints a page. Made by `cargo xtask rules`.\n",
    );
    let mut group: Option<Group> = None;
    for rule in ALL {
        if group != Some(rule.group) {
            group = Some(rule.group);
            let _ = write!(
                text,
                "\n## {}\n\n| rule | level | what it finds |\n| --- | --- | --- |\n",
                rule.group.name()
            );
        }
        let level = match rule.level {
            Level::Information => "information",
            other => other.word(),
        };
        let _ = writeln!(
            text,
            "| [{0}]({0}.md) | {level} | {1} |",
            rule.name,
            rule.summary()
        );
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_index_is_current() {
        assert!(super::is_current(), "run `cargo xtask rules`");
    }

    #[test]
    fn every_page_belongs_to_a_rule() {
        let folder = crate::workspace().join("docs/rules");
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name();
            let name = name.to_str().unwrap().trim_end_matches(".md");
            assert!(
                name == "README" || soapstone::rules::find(name).is_some(),
                "{name}"
            );
        }
    }
}
