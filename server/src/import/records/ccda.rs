//! C-CDA documents: the encounter, who signed, the sections with their narratives, the coded diagnoses and procedures.

use roxmltree::Node;

use super::super::documents;
use super::{Chart, ICD10, PROCEDURES, Procedure, Record, day_of_stamp, session};

/// The text of a C-CDA document.
pub fn text(root: Node<'_, '_>) -> String {
    let mut chart = Chart::default();
    let mut visit = Record::default();
    let encounter = path(
        root,
        &["componentOf", "encompassingEncounter", "effectiveTime"],
    );
    let stamp = |node: Option<Node<'_, '_>>, end: &str| {
        let node = node?;
        let node = child(node, end).unwrap_or(node);
        node.attribute("value").map(str::to_owned)
    };
    let day = |node: Option<Node<'_, '_>>| day_of_stamp(&stamp(node, "low")?);
    visit.day = day(encounter).or_else(|| day(path(root, &["effectiveTime"])));
    if encounter.is_some_and(|time| child(time, "high").is_some()) {
        let (low, high) = (stamp(encounter, "low"), stamp(encounter, "high"));
        visit.session = session(low.as_deref(), high.as_deref());
    }
    let role = path(root, &["recordTarget", "patientRole"]);
    let name = role.and_then(|role| path(role, &["patient", "name"]));
    let number = role.and_then(|role| child(role, "id")?.attribute("extension"));
    chart.patient = name
        .map(name_of)
        .filter(|name| !name.is_empty())
        .or(number.map(str::to_owned));
    let signer = path(
        root,
        &[
            "legalAuthenticator",
            "assignedEntity",
            "assignedPerson",
            "name",
        ],
    );
    visit.signed = signer.map(name_of).filter(|name| !name.is_empty());
    let mut procedures = Vec::new();
    for section in root
        .descendants()
        .filter(|n| n.tag_name().name() == "section")
    {
        let title = child(section, "title").and_then(|t| t.text());
        let loinc = child(section, "code").and_then(|code| code.attribute("code"));
        let words = child(section, "text").map(documents::narrative);
        let has_parts = section
            .descendants()
            .skip(1)
            .any(|n| n.tag_name().name() == "section");
        visit.section(
            loinc,
            title.unwrap_or_default(),
            &words.unwrap_or_default(),
            has_parts,
        );
        for entry in section
            .children()
            .filter(|c| c.tag_name().name() == "entry")
        {
            codes_of(entry, &mut chart, &mut procedures);
        }
    }
    chart.visits.push(visit);
    for procedure in procedures {
        chart.procedure(procedure);
    }
    chart.text()
}

/// The codes of an entry that are neither denied nor only intended.
fn codes_of(entry: Node<'_, '_>, chart: &mut Chart, procedures: &mut Vec<Procedure>) {
    let is_so = |coded: &Node<'_, '_>| {
        let mut above = coded.ancestors().take_while(|above| *above != entry);
        above.all(|above| {
            above.attribute("negationInd") != Some("true")
                && above.attribute("moodCode").is_none_or(|mood| mood == "EVN")
        })
    };
    for coded in entry.descendants().filter(is_so) {
        let (Some(code), Some(system)) = (coded.attribute("code"), coded.attribute("codeSystem"))
        else {
            continue;
        };
        let title = coded.attribute("displayName").unwrap_or_default();
        if ICD10.contains(&system) {
            chart.diagnosis(code, title);
        } else if PROCEDURES.contains(&system) {
            let when = coded.parent().and_then(|act| child(act, "effectiveTime"));
            let stamp = when.and_then(|when| {
                when.attribute("value")
                    .or_else(|| child(when, "low")?.attribute("value"))
            });
            procedures.push(Procedure {
                code: code.to_owned(),
                title: title.trim().to_owned(),
                day: stamp.and_then(day_of_stamp),
                time: String::new(),
            });
        }
    }
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|c| c.tag_name().name() == name)
}

fn path<'a, 'i>(node: Node<'a, 'i>, names: &[&str]) -> Option<Node<'a, 'i>> {
    names.iter().try_fold(node, |node, name| child(node, name))
}

fn name_of(name: Node<'_, '_>) -> String {
    let words = name
        .descendants()
        .filter(Node::is_text)
        .filter_map(|n| n.text());
    words
        .flat_map(str::split_whitespace)
        .collect::<Vec<_>>()
        .join(" ")
}
