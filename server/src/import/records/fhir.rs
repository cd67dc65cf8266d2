//! FHIR R4: a `Composition` or a `DocumentReference` is a visit's note; what a bundle holds beside it says whose it is, when it
//! was, its diagnoses and procedures.

use std::collections::BTreeSet;

use base64::Engine;
use roxmltree::Node;
use serde_json::Value;

use super::super::documents;
use super::{Chart, ICD10, PROCEDURES, Procedure, Record, clock_of_stamp, day_of_stamp, session};

/// The namespace of FHIR's XML.
pub const NAMESPACE: &str = "http://hl7.org/fhir";
/// What says that a procedure was not done, or a document is not valid.
const NOT_DONE: [&str; 9] = [
    "not-done",
    "preparation",
    "on-hold",
    "stopped",
    "entered-in-error",
    "superseded",
    "planned",
    "cancelled",
    "aborted",
];

/// The text of JSON, which must be FHIR; `None` if it only begins like JSON.
pub fn of_json(text: &str) -> Option<Result<String, String>> {
    let is_fhir = |value: &Value| value.get("resourceType").is_some();
    match serde_json::from_str::<Value>(text) {
        Ok(value) if is_fhir(&value) => Some(of_resources(&[&value])),
        Ok(Value::Object(_)) => Some(Err("it is JSON, but no FHIR".to_owned())),
        Ok(_) => None,
        // An export of many resources has one on each line.
        Err(_) => {
            let lines = text.lines().filter(|line| !line.trim().is_empty());
            let all: Result<Vec<Value>, _> = lines.map(serde_json::from_str).collect();
            match all {
                Ok(all) if all.iter().all(is_fhir) => {
                    Some(of_resources(&all.iter().collect::<Vec<_>>()))
                }
                _ if text.contains("\"resourceType\"") => {
                    Some(Err("it is FHIR, but a damaged or incomplete one".to_owned()))
                }
                _ => None,
            }
        }
    }
}

/// The text of a FHIR resource in XML.
pub fn of_xml(root: Node<'_, '_>) -> Result<String, String> {
    let mut value = json_of(root);
    value["resourceType"] = root.tag_name().name().into();
    of_resources(&[&value])
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

fn kind(resource: &Value) -> &str {
    words(resource, &["resourceType"]).unwrap_or_default()
}

fn of_resources(values: &[&Value]) -> Result<String, String> {
    let resources: Vec<&Value> = values
        .iter()
        .flat_map(|value| match kind(value) {
            "Bundle" => all(value, "entry")
                .into_iter()
                .filter_map(|entry| entry.get("resource"))
                .collect(),
            _ => vec![*value],
        })
        .filter(|resource| !is_void(resource))
        .collect();
    let notes: Vec<&Value> = resources
        .iter()
        .copied()
        .filter(|r| ["Composition", "DocumentReference"].contains(&kind(r)))
        .collect();
    let subjects: BTreeSet<Option<&str>> = notes.iter().map(|note| subject(note)).collect();
    if subjects.len() > 1 {
        let why = if subjects.contains(&None) {
            "some of its notes say whose they are and others do not; export each patient's by itself"
        } else {
            "it holds notes of more than one patient; export each patient's by itself"
        };
        return Err(why.to_owned());
    }
    let whose = subjects.into_iter().flatten().next();
    let resources: Vec<&Value> = resources
        .iter()
        .copied()
        .filter(|resource| is_of(resource, whose))
        .collect();
    let encounters: Vec<&Value> = resources
        .iter()
        .copied()
        .filter(|resource| kind(resource) == "Encounter")
        .collect();
    let mut chart = Chart {
        patient: patient_of(&resources, whose).and_then(name_of).or_else(|| {
            let mut shown = notes.iter();
            let shown = shown.find_map(|note| words(note, &["subject", "display"]));
            shown.map(str::to_owned)
        }),
        ..Chart::default()
    };
    for note in &notes {
        let encounter = encounter_of(note, &encounters);
        let visit = visit(note, encounter)?;
        if !visit.sections.is_empty() {
            chart.visits.push(visit);
        }
    }
    if chart.visits.is_empty() {
        return Err("it is FHIR, but holds no note: no Composition with sections and no DocumentReference with its text".to_owned());
    }
    for encounter in &encounters {
        for reason in all(encounter, "reasonCode") {
            coded(&mut chart, reason, None, "");
        }
    }
    for resource in &resources {
        let code = resource.get("code").unwrap_or(&Value::Null);
        match kind(resource) {
            "Condition" => coded(&mut chart, code, None, ""),
            "Procedure" | "ChargeItem" => {
                coded(
                    &mut chart,
                    code,
                    day_of(resource).as_deref(),
                    &period(resource),
                );
            }
            _ => {}
        }
    }
    Ok(chart.text())
}

/// Whether a resource was refuted, not done, or entered by mistake.
fn is_void(resource: &Value) -> bool {
    let state = |key: &str, states: &[&str]| {
        let state = words(resource, &[key]).or_else(|| words(resource, &[key, "coding", "code"]));
        state.is_some_and(|state| states.contains(&state))
    };
    match kind(resource) {
        "Condition" => state("verificationStatus", &["refuted", "entered-in-error"]),
        "DocumentReference" => state("status", &NOT_DONE) || state("docStatus", &NOT_DONE),
        "Procedure" | "ChargeItem" | "Composition" => state("status", &NOT_DONE),
        "Encounter" => state("status", &["cancelled", "planned", "entered-in-error"]),
        _ => false,
    }
}

/// Whose note it is, as the record refers to them.
fn subject(note: &Value) -> Option<&str> {
    words(note, &["subject", "reference"]).or_else(|| words(note, &["subject", "display"]))
}

/// The last part of a reference, which is the identifier of what it refers to.
fn id_of(reference: &str) -> &str {
    reference.rsplit(['/', ':']).next().unwrap_or(reference)
}

/// Whether a resource is about the patient of the notes; one that refers to nobody is.
fn is_of(resource: &Value, whose: Option<&str>) -> bool {
    let Some(whose) = whose else { return true };
    let own = subject(resource).or_else(|| words(resource, &["patient", "reference"]));
    own.is_none_or(|own| id_of(own) == id_of(whose))
}

/// The patient that the notes refer to; the only one, if they refer to none of those that are here.
fn patient_of<'v>(resources: &[&'v Value], whose: Option<&str>) -> Option<&'v Value> {
    let patients = resources.iter().copied().filter(|r| kind(r) == "Patient");
    let patients: Vec<&Value> = patients.collect();
    let id = whose.map(id_of);
    let mut all = patients.iter().copied();
    let referred = all.find(|patient| id.is_some() && words(patient, &["id"]) == id);
    referred.or_else(|| patients.first().copied().filter(|_| patients.len() == 1))
}

/// A patient's name, else their number.
fn name_of(patient: &Value) -> Option<String> {
    let name = all(patient, "name").into_iter().next();
    let name = name.and_then(|name| {
        if let Some(text) = words(name, &["text"]) {
            return Some(text.to_owned());
        }
        let given = all(name, "given").into_iter().filter_map(Value::as_str);
        let parts: Vec<&str> = given.chain(words(name, &["family"])).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    });
    name.or_else(|| words(patient, &["identifier", "value"]).map(str::to_owned))
}

/// The encounter that a note refers to; the only one, if it refers to none.
fn encounter_of<'v>(note: &Value, encounters: &[&'v Value]) -> Option<&'v Value> {
    let reference = words(note, &["encounter", "reference"])
        .or_else(|| words(note, &["context", "encounter", "reference"]));
    let id = reference.and_then(|reference| reference.rsplit(['/', ':']).next());
    let mut all = encounters.iter().copied();
    match (id, encounters) {
        (Some(id), _) if encounters.len() > 1 => {
            all.find(|encounter| words(encounter, &["id"]) == Some(id))
        }
        (_, [one]) => Some(one),
        _ => None,
    }
}

/// What a note says, with the day and the time of its encounter.
fn visit(note: &Value, encounter: Option<&Value>) -> Result<Record, String> {
    let mut visit = Record::default();
    if let Some(encounter) = encounter {
        let (start, end) = (
            words(encounter, &["period", "start"]),
            words(encounter, &["period", "end"]),
        );
        visit.day = start.and_then(day_of_stamp);
        visit.session = session(start, end);
    }
    let written = words(note, &["context", "period", "start"]).or_else(|| words(note, &["date"]));
    visit.day = visit.day.or_else(|| written.and_then(day_of_stamp));
    let attester = all(note, "attester");
    let signer = attester
        .iter()
        .find_map(|who| words(who, &["party", "display"]));
    visit.signed = signer.map(str::to_owned);
    for section in all(note, "section") {
        sections(&mut visit, section);
    }
    for content in all(note, "content") {
        visit.sections.extend(attachment(content)?);
    }
    Ok(visit)
}

/// The day of a procedure, if it says one.
fn day_of(resource: &Value) -> Option<String> {
    let paths: [&[&str]; 4] = [
        &["performedDateTime"],
        &["performedPeriod", "start"],
        &["occurrenceDateTime"],
        &["occurrencePeriod", "start"],
    ];
    let stamp = paths.iter().find_map(|path| words(resource, path))?;
    day_of_stamp(stamp)
}

/// The clock times of a procedure, if it has both.
fn period(resource: &Value) -> String {
    let clock = |key: &str| {
        let stamp = words(resource, &["performedPeriod", key])
            .or_else(|| words(resource, &["occurrencePeriod", key]))?;
        clock_of_stamp(stamp)
    };
    match (clock("start"), clock("end")) {
        (Some(start), Some(end)) => format!("{start}-{end}"),
        _ => String::new(),
    }
}

/// Takes the codes of a concept that the format knows.
fn coded(chart: &mut Chart, concept: &Value, day: Option<&str>, time: &str) {
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
            chart.diagnosis(code, title);
        } else if PROCEDURES.contains(&system) {
            chart.procedure(Procedure {
                code: code.to_owned(),
                title: title.trim().to_owned(),
                day: day.map(str::to_owned),
                time: time.to_owned(),
            });
        }
    }
}

fn sections(visit: &mut Record, section: &Value) {
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
    let parts = all(section, "section");
    visit.section(loinc, title, &text, !parts.is_empty());
    for part in parts {
        sections(visit, part);
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(subject: Option<&str>, day: &str, words: &str) -> Value {
        let data = base64::engine::general_purpose::STANDARD.encode(words);
        let mut document = json!({"resourceType": "DocumentReference", "status": "current", "date": day,
            "content": [{"attachment": {"contentType": "text/plain", "data": data}}]});
        if let Some(subject) = subject {
            document["subject"] = json!({"reference": subject});
        }
        document
    }

    fn text(entries: &[Value]) -> Result<String, String> {
        let entries: Vec<Value> = entries.iter().map(|one| json!({"resource": one})).collect();
        of_resources(&[&json!({"resourceType": "Bundle", "entry": entries})])
    }

    #[test]
    fn a_chart_of_several_visits() {
        let patient = |id: &str, name: &str| json!({"resourceType": "Patient", "id": id, "name": [{"text": name}]});
        let code = |system: &str, code: &str| json!({"coding": [{"system": system, "code": code}]});
        let done = |subject: &str, status: &str, day: &str, of: &str| {
            json!({"resourceType": "Procedure", "status": status, "subject": {"reference": subject},
                "code": code(PROCEDURES[2], of), "performedDateTime": day})
        };
        let chart = text(&[
            patient("b", "Bo Example"),
            patient("a", "Al Example"),
            document(Some("Patient/a"), "2026-11-22", "S: Less pain."),
            document(Some("Patient/a"), "2026-11-20", "S: Pain."),
            json!({"resourceType": "Condition", "subject": {"reference": "Patient/a"}, "code": code(ICD10[1], "M54.50")}),
            json!({"resourceType": "Condition", "subject": {"reference": "Patient/b"}, "code": code(ICD10[1], "M54.2")}),
            done("Patient/a", "completed", "2026-11-22", "97140"),
            done("Patient/a", "not-done", "2026-11-22", "97035"),
            done("Patient/b", "completed", "2026-11-22", "97110"),
        ]);
        assert_eq!(
            chart.unwrap(),
            "patient: Al Example\ndx: M54.50\n\nDate of Service: 2026-11-20\nS: Pain.\n\nDate of Service: 2026-11-22\nS: Less pain.\n97140\n"
        );
    }

    #[test]
    fn whose_notes_they_are_must_be_clear() {
        let note = |subject| document(subject, "2026-11-20", "S: Pain.");
        let two = text(&[note(Some("Patient/a")), note(Some("Patient/b"))]);
        assert!(two.unwrap_err().contains("more than one patient"));
        let one = text(&[note(Some("Patient/a")), note(None)]);
        assert!(one.unwrap_err().contains("others do not"));
        let mut void = note(Some("Patient/b"));
        void["docStatus"] = json!("entered-in-error");
        assert_eq!(
            text(&[note(Some("Patient/a")), void]).unwrap(),
            "Date of Service: 2026-11-20\nS: Pain.\n"
        );
    }
}
