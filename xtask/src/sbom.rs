//! What the program and the Python module are made of: an SBOM in CycloneDX, from Cargo's own list.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::{Value, json};

use crate::{Failure, workspace};

/// The packages that are handed out.
const HANDED_OUT: [&str; 2] = ["soapstone", "soapstone-python"];

/// The bill, with every package that is linked into what is handed out, on any kind of computer.
pub fn bill() -> Result<String, Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut metadata = Command::new(cargo);
    metadata.args(["metadata", "--format-version", "1", "--locked"]);
    let told = metadata.current_dir(workspace()).output();
    let told = told.map_err(|error| format!("cargo metadata cannot be run: {error}"))?;
    if !told.status.success() {
        return Err(String::from_utf8_lossy(&told.stderr).into_owned());
    }
    let told: Value = serde_json::from_slice(&told.stdout).map_err(|e| e.to_string())?;
    let lock = workspace().join("Cargo.lock");
    let lock = std::fs::read_to_string(&lock).map_err(|e| format!("{}: {e}", lock.display()))?;
    let bill = of(&told, &checksums(&lock));
    serde_json::to_string_pretty(&bill).map_err(|e| e.to_string())
}

fn of(metadata: &Value, checksums: &BTreeMap<(&str, &str), &str>) -> Value {
    let list = |value: &'_ Value| value.as_array().cloned().unwrap_or_default();
    let packages = list(&metadata["packages"]);
    let packages: BTreeMap<&str, &Value> = packages
        .iter()
        .map(|package| (text(&package["id"]), package))
        .collect();
    let nodes = list(&metadata["resolve"]["nodes"]);
    // What is linked, and not what builds or tests.
    let linked: BTreeMap<&str, Vec<&str>> = nodes
        .iter()
        .map(|node| {
            let edges = node["deps"].as_array().into_iter().flatten();
            let is_linked = |edge: &&Value| {
                let mut kinds = edge["dep_kinds"].as_array().into_iter().flatten();
                kinds.any(|kind| kind["kind"].is_null())
            };
            let needs = edges.filter(is_linked).map(|edge| text(&edge["pkg"]));
            (text(&node["id"]), needs.collect())
        })
        .collect();
    let is_handed_out = |id: &&str| HANDED_OUT.contains(&text(&packages[id]["name"]));
    let mut waiting: Vec<&str> = packages.keys().copied().filter(is_handed_out).collect();
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if reached.insert(id) {
            waiting.extend(linked.get(id).into_iter().flatten());
        }
    }
    let url = |id: &str| {
        let (name, version) = (text(&packages[id]["name"]), text(&packages[id]["version"]));
        format!("pkg:cargo/{name}@{version}")
    };
    let components = reached.iter().map(|id| {
        let package = packages[id];
        let (name, version) = (text(&package["name"]), text(&package["version"]));
        let mut component = json!({
            "type": "library",
            "bom-ref": url(id),
            "name": name,
            "version": version,
            "purl": url(id),
        });
        if let Some(license) = package["license"].as_str() {
            // Some packages still have the form of before SPDX.
            let expression = license.replace('/', " OR ");
            component["licenses"] = json!([{ "expression": expression }]);
        }
        if let Some(sum) = checksums.get(&(name, version)) {
            component["hashes"] = json!([{"alg": "SHA-256", "content": sum}]);
        }
        component
    });
    let dependencies = reached.iter().map(|id| {
        let needs: BTreeSet<String> = linked[id].iter().map(|needed| url(needed)).collect();
        json!({"ref": url(id), "dependsOn": needs})
    });
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {
            "type": "application",
            "bom-ref": "soapstone",
            "name": "soapstone",
            "version": env!("CARGO_PKG_VERSION"),
            "licenses": [{"expression": "MIT OR Apache-2.0"}],
        }},
        "components": components.collect::<Vec<_>>(),
        "dependencies": dependencies.collect::<Vec<_>>(),
    })
}

/// The checksums of packages by name and version, as Cargo.lock has them.
fn checksums(lock: &str) -> BTreeMap<(&str, &str), &str> {
    let tables = lock.split("[[package]]").skip(1);
    let known = tables.filter_map(|table| {
        let value = |key: &str| {
            let mut lines = table.lines();
            lines.find_map(|line| {
                line.strip_prefix(key)?
                    .strip_prefix(" = \"")?
                    .strip_suffix('"')
            })
        };
        Some(((value("name")?, value("version")?), value("checksum")?))
    });
    known.collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_has_its_license_and_checksum() {
        let bill: Value = serde_json::from_str(&bill().unwrap()).unwrap();
        let components = bill["components"].as_array().unwrap();
        let names: BTreeSet<&str> = components.iter().map(|c| text(&c["name"])).collect();
        for linked in [
            "soapstone",
            "tower-lsp-server",
            "regex",
            "pyo3",
            "arrow-array",
            "mimalloc",
        ] {
            assert!(names.contains(linked), "{linked}");
        }
        for other in [
            "xtask",
            "proptest",
            "cc",
            "clap_mangen",
            "tree-sitter-generate",
        ] {
            assert!(!names.contains(other), "{other}");
        }
        for component in components {
            let name = text(&component["name"]);
            let expression = text(&component["licenses"][0]["expression"]);
            assert!(
                !expression.is_empty() && !expression.contains('/'),
                "{name}"
            );
            let is_ours = name.contains("soap");
            assert_eq!(component["hashes"].is_null(), is_ours, "{name}");
        }
        // Every part that is named is there.
        let refs: BTreeSet<&str> = components.iter().map(|c| text(&c["bom-ref"])).collect();
        for needs in bill["dependencies"].as_array().unwrap() {
            for needed in needs["dependsOn"].as_array().unwrap() {
                assert!(refs.contains(text(needed)), "{needed}");
            }
        }
    }
}
