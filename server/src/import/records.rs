//! Notes as record systems exchange them, C-CDA and FHIR R4, as text: the day, the diagnoses, the sections of the note and the
//! procedures that it does not name itself.

use base64::Engine;
use roxmltree::Node;
use serde_json::Value;

use super::documents;

/// The namespace of FHIR's XML.
pub const FHIR: &str = "http://hl7.org/fhir";
/// ICD-10-CM, as C-CDA and FHIR name it.
const ICD10: [&str; 2] = [
    "2.16.840.1.113883.6.90",
    "http://hl7.org/fhir/sid/icd-10-cm",
];
/// The procedure codes of the AMA and of CMS.
const PROCEDURES: [&str; 4] = [
    "2.16.840.1.113883.6.12",
    "2.16.840.1.113883.6.285",
    "http://www.ama-assn.org/go/cpt",
    "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
];
/// The sections of a note by their LOINC codes, with the names that the format gives them.
const SECTIONS: &[(&str, &str)] = &[
    ("61150-9", "S:"),
    ("10154-3", "S:"),
    ("10164-2", "S:"),
    ("29299-5", "S:"),
    ("61149-1", "O:"),
    ("29545-1", "O:"),
    ("8716-3", "O:"),
    ("51848-0", "A:"),
    ("51847-2", "A:"),
    ("18776-5", "P:"),
    ("62387-6", "Tx:"),
    ("47519-4", "Tx:"),
];

/// What a record says of a visit.
#[derive(Default)]
struct Record {
    day: Option<String>,
    patient: Option<String>,
    diagnoses: Vec<String>,
    procedures: Vec<Procedure>,
    /// The text of each section below its name.
    sections: Vec<String>,
    signed: Option<String>,
}

struct Procedure {
    code: String,
    title: String,
    /// `10:00-10:25`, if the record says when.
    time: String,
}

impl Record {
    fn section(&mut self, loinc: Option<&str>, title: &str, words: &str) {
        let words = words.trim();
        if words.is_empty() {
            return;
        }
        let known = SECTIONS.iter().find(|(code, _)| Some(*code) == loinc);
        let name = known.map_or("", |(_, name)| name);
        let title = title.trim();
        let is_name = title.is_empty()
            || ["subjective", "objective", "assessment", "plan"]
                .contains(&title.to_ascii_lowercase().as_str());
        let head = match (name, is_name) {
            ("", _) => format!("{title}:"),
            (name, true) => name.to_owned(),
            (name, false) => format!("{name} {title}"),
        };
        self.sections.push(format!("{head}\n{words}"));
    }

    fn diagnosis(&mut self, code: &str, title: &str) {
        let line = format!("dx: {code} {}", title.trim());
        let line = line.trim_end().to_owned();
        if !self
            .diagnoses
            .iter()
            .any(|known| known.split(' ').nth(1) == Some(code))
        {
            self.diagnoses.push(line);
        }
    }

    fn procedure(&mut self, code: &str, title: &str, time: String) {
        self.procedures.push(Procedure {
            code: code.to_owned(),
            title: title.trim().to_owned(),
            time,
        });
    }

    fn text(self) -> String {
        let written = self.sections.join("\n\n");
        let mut lines = Vec::new();
        lines.extend(self.patient.map(|patient| format!("patient: {patient}")));
        lines.extend(self.day.map(|day| format!("Date of Service: {day}")));
        lines.extend(self.diagnoses);
        lines.push(written.clone());
        for procedure in self.procedures {
            if written.contains(&procedure.code) {
                continue;
            }
            let parts = [&procedure.code, &procedure.title, &procedure.time];
            let parts: Vec<&str> = parts
                .into_iter()
                .map(String::as_str)
                .filter(|p| !p.is_empty())
                .collect();
            lines.push(parts.join(" "));
        }
        lines.extend(self.signed.map(|name| format!("signed: {name}")));
        lines.join("\n") + "\n"
    }
}

/// The text of a C-CDA document.
pub fn of_ccda(root: Node<'_, '_>) -> String {
    let mut record = Record::default();
    let child = |node: Node<'_, '_>, name: &str| {
        node.children()
            .find(|c| c.tag_name().name() == name)
            .map(|n| n.id())
    };
    let document = root.document();
    let path = |names: &[&str]| {
        names.iter().try_fold(root, |node, name| {
            Some(document.get_node(child(node, name)?).unwrap_or(node))
        })
    };
    let day = |node: Option<Node<'_, '_>>| {
        let node = node?;
        let low = node
            .children()
            .find(|c| c.tag_name().name() == "low")
            .unwrap_or(node);
        day_of_stamp(low.attribute("value")?)
    };
    let encounter = path(&["componentOf", "encompassingEncounter", "effectiveTime"]);
    record.day = day(encounter).or_else(|| day(path(&["effectiveTime"])));
    record.patient = path(&["recordTarget", "patientRole", "id"])
        .and_then(|id| id.attribute("extension"))
        .map(str::to_owned);
    let signer = path(&[
        "legalAuthenticator",
        "assignedEntity",
        "assignedPerson",
        "name",
    ]);
    record.signed = signer.map(name_of).filter(|name| !name.is_empty());
    for section in root
        .descendants()
        .filter(|n| n.tag_name().name() == "section")
    {
        let of = |name: &str| section.children().find(|c| c.tag_name().name() == name);
        let title = of("title").and_then(|t| t.text()).unwrap_or_default();
        let loinc = of("code").and_then(|code| code.attribute("code"));
        let words = of("text").map(documents::narrative).unwrap_or_default();
        record.section(loinc, title, &words);
        for entry in section
            .children()
            .filter(|c| c.tag_name().name() == "entry")
        {
            let of_entry = entry.descendants().filter(|coded| {
                coded
                    .ancestors()
                    .take_while(|above| *above != entry)
                    .all(|above| {
                        above.attribute("negationInd") != Some("true")
                            && above.attribute("moodCode").is_none_or(|mood| mood == "EVN")
                    })
            });
            for coded in of_entry {
                let (Some(code), Some(system)) =
                    (coded.attribute("code"), coded.attribute("codeSystem"))
                else {
                    continue;
                };
                let title = coded.attribute("displayName").unwrap_or_default();
                if ICD10.contains(&system) {
                    record.diagnosis(code, title);
                } else if PROCEDURES.contains(&system) {
                    record.procedure(code, title, String::new());
                }
            }
        }
    }
    record.text()
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

/// `20261120…` or `2026-11-20T…` as `2026-11-20`.
fn day_of_stamp(stamp: &str) -> Option<String> {
    let digits: String = stamp
        .split('T')
        .next()?
        .chars()
        .filter(char::is_ascii_digit)
        .take(8)
        .collect();
    (digits.len() == 8).then(|| format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..]))
}

/// The text of a FHIR resource in JSON; `None` if it is some other JSON.
pub fn of_json(text: &str) -> Option<Result<String, String>> {
    let value: Value = serde_json::from_str(text).ok()?;
    value.get("resourceType")?;
    Some(of_fhir(&value))
}

/// The text of a FHIR resource in XML.
pub fn of_fhir_xml(root: Node<'_, '_>) -> Result<String, String> {
    let mut value = json_of(root);
    value["resourceType"] = root.tag_name().name().into();
    of_fhir(&value)
}

/// FHIR's XML as its JSON: an attribute `value` is the value, a child an entry; what stands several times is a list.
fn json_of(node: Node<'_, '_>) -> Value {
    if node.tag_name().name() == "div" {
        return documents::narrative(node).into();
    }
    if let Some(value) = node.attribute("value") {
        return value.into();
    }
    let mut object = serde_json::Map::new();
    for child in node.children().filter(Node::is_element) {
        let name = child.tag_name().name();
        let mut value = json_of(child);
        // A resource within another one is named by its element.
        if name.starts_with(char::is_uppercase) {
            value["resourceType"] = name.into();
            return value;
        }
        match object.get_mut(name) {
            Some(Value::Array(list)) => list.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
            None => {
                object.insert(name.to_owned(), value);
            }
        }
    }
    Value::Object(object)
}

/// The entries of a key, whether it holds one or a list.
fn all<'v>(value: &'v Value, key: &str) -> Vec<&'v Value> {
    match value.get(key) {
        Some(Value::Array(list)) => list.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    }
}

fn words<'v>(value: &'v Value, path: &[&str]) -> Option<&'v str> {
    let found = path
        .iter()
        .try_fold(value, |value, key| all(value, key).into_iter().next());
    found?.as_str()
}

fn of_fhir(value: &Value) -> Result<String, String> {
    let mut record = Record::default();
    let mut texts = Vec::new();
    let resources = match words(value, &["resourceType"]) {
        Some("Bundle") => all(value, "entry")
            .into_iter()
            .filter_map(|entry| entry.get("resource"))
            .collect(),
        _ => vec![value],
    };
    for resource in resources {
        match words(resource, &["resourceType"]).unwrap_or_default() {
            // Refuted, or entered by mistake.
            "Condition"
                if is_void(
                    resource,
                    "verificationStatus",
                    &["refuted", "entered-in-error"],
                ) => {}
            "Procedure" | "ChargeItem" | "DocumentReference"
                if is_void(resource, "status", &NOT_DONE) => {}
            "Encounter" => {
                let start = words(resource, &["period", "start"]).and_then(day_of_stamp);
                record.day = start.or(record.day.take());
                for reason in all(resource, "reasonCode") {
                    coded(&mut record, reason, "");
                }
            }
            "Composition" => {
                let day = words(resource, &["date"]).and_then(day_of_stamp);
                record.day = record.day.take().or(day);
                let attester = all(resource, "attester");
                let signer = attester
                    .iter()
                    .find_map(|who| words(who, &["party", "display"]));
                record.signed = signer.map(str::to_owned);
                for section in all(resource, "section") {
                    sections(&mut record, section);
                }
            }
            "DocumentReference" => {
                let day = words(resource, &["context", "period", "start"])
                    .or_else(|| words(resource, &["date"]));
                record.day = record.day.take().or(day.and_then(day_of_stamp));
                for content in all(resource, "content") {
                    texts.extend(attachment(content)?);
                }
            }
            "Condition" => coded(
                &mut record,
                resource.get("code").unwrap_or(&Value::Null),
                "",
            ),
            "Procedure" | "ChargeItem" => {
                let code = resource.get("code").unwrap_or(&Value::Null);
                coded(&mut record, code, &period(resource));
            }
            "Patient" => {
                record.patient = words(resource, &["identifier", "value"]).map(str::to_owned);
            }
            _ => {}
        }
    }
    if record.sections.is_empty() && texts.is_empty() {
        return Err("it is FHIR, but holds no note: no Composition with sections and no DocumentReference with its text".to_owned());
    }
    record.sections.extend(texts);
    Ok(record.text())
}

/// What says that a procedure was not done, or a document is not valid.
const NOT_DONE: [&str; 7] = [
    "not-done",
    "preparation",
    "on-hold",
    "stopped",
    "entered-in-error",
    "superseded",
    "planned",
];

/// Whether a resource's state, a code by itself or of a concept, is one of these.
fn is_void(resource: &Value, key: &str, states: &[&str]) -> bool {
    let state = words(resource, &[key]).or_else(|| words(resource, &[key, "coding", "code"]));
    state.is_some_and(|state| states.contains(&state))
}

/// The clock times of a procedure, if it has both.
fn period(resource: &Value) -> String {
    let clock = |key: &str| {
        let stamp = words(resource, &["performedPeriod", key])
            .or_else(|| words(resource, &["occurrencePeriod", key]))?;
        stamp.split('T').nth(1)?.get(..5).map(str::to_owned)
    };
    match (clock("start"), clock("end")) {
        (Some(start), Some(end)) => format!("{start}-{end}"),
        _ => String::new(),
    }
}

/// Takes the codes of a concept that the format knows.
fn coded(record: &mut Record, concept: &Value, time: &str) {
    for coding in all(concept, "coding") {
        let (Some(code), Some(system)) = (words(coding, &["code"]), words(coding, &["system"]))
        else {
            continue;
        };
        let title = words(coding, &["display"])
            .or_else(|| words(concept, &["text"]))
            .unwrap_or_default();
        let system = system.trim_start_matches("urn:oid:");
        if ICD10.contains(&system) {
            record.diagnosis(code, title);
        } else if PROCEDURES.contains(&system) {
            record.procedure(code, title, time.to_owned());
        }
    }
}

fn sections(record: &mut Record, section: &Value) {
    let title = words(section, &["title"]).unwrap_or_default();
    let coding = section.get("code").map(|code| all(code, "coding"));
    let loinc = coding
        .into_iter()
        .flatten()
        .find_map(|coding| words(coding, &["code"]));
    let div = words(section, &["text", "div"]).unwrap_or_default();
    let text = match documents::parsed(div) {
        Some(document) => documents::narrative(document.root_element()),
        None => div.to_owned(),
    };
    record.section(loinc, title, &text);
    for inner in all(section, "section") {
        sections(record, inner);
    }
}

/// The text of an attachment, which is in the resource itself; what stands on a server is not fetched.
fn attachment(content: &Value) -> Result<Option<String>, String> {
    let Some(data) = words(content, &["attachment", "data"]) else {
        return Ok(None);
    };
    let data: String = data.split_whitespace().collect();
    let bytes = base64::engine::general_purpose::STANDARD.decode(data);
    let bytes = bytes.map_err(|_| "its attachment is damaged".to_owned())?;
    documents::text(&bytes).map(Some)
}
