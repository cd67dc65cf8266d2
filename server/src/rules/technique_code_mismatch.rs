use super::unlisted_techniques::says_more;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::{FieldKind, Modality};
use crate::pattern::words;
use crate::policy::Level;
use crate::reference::procedures;
use crate::reference::techniques::{Certainty, TechniqueMention};
use crate::text::Span;

pub static RULE: Rule = Rule {
    name: "technique-code-mismatch",
    group: Group::Coding,
    level: Level::Information,
    source: "CPT code structure; Medicare contractors on 97124 and 97140",
    page: page!("technique-code-mismatch"),
    check: Check::Visit(check),
};

const HANDS_ON: [&str; 2] = ["97124", "97140"];
const MOVEMENT: [&str; 6] = ["97110", "97112", "97113", "97116", "97530", "97535"];
const REEDUCATION: &str = "97112";

words!(
/// What is done by the patient, or shown to them, is exercise whatever its name.
    BY_THE_PATIENT,
    r"(?i)\b(?:self|own|home|hep|taught|teach|instruct\w*|educat\w*|patient|pt|towel|strap|roller|ball|reps?|sets?|active\w*)\b"
);

words!(
/// Words of retraining, beside which massage words under 97112 prove nothing.
    RETRAINING,
    r"(?i)balanc|postur|propriocep|coordinat|kin[ae]+sthe|movement|motor|motion|re-?\s?ed|re-?train|train|stabil|gait|walk|weight|reach|facilitat|activat|recruit|control|aware|perturb|tandem|stance|stand|sit\b|sitting|vestib|sensit|sensor|ergonom|align|sequenc|exerci|patient|cue|step|squat|bilateral integration|eyes|position|rhythm|timing|breath|feedback|tap(?:e|ing)\b|glid|contract|isometric|strength|scapular set|function|flex|exten|rotat|[ab]d(?:uc)?t|during|while|hold|lift|march|push|pull|brac(?:e|ing)|core|engag|inhibit|neutral|hinge|dynamic|tactile|task|play"
);

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for modality in &case.visit.modalities {
        if !case.is_being_typed(modality) {
            found.extend(
                massage_as_reeducation(case, modality).or_else(|| of_another_code(case, modality)),
            );
        }
    }
}

/// Massage words under 97112 and none of movement: `neuromuscular` means two things.
fn massage_as_reeducation(case: &VisitCase<'_>, modality: &Modality) -> Option<Draft> {
    if modality.code != REEDUCATION {
        return None;
    }
    let of_movement = |m: &TechniqueMention| {
        let mut accepted = m.technique.accepted.iter();
        accepted.any(|code| MOVEMENT.contains(code))
    };
    let of_massage = |m: &&TechniqueMention| m.decisive && m.technique.accepted.contains(&"97124");
    let mention = modality.techniques.iter().find(of_massage)?;
    if modality.techniques.iter().any(of_movement)
        || RETRAINING.is_match(case.str(modality.span))
        || says_more(case, modality, false)
    {
        return None;
    }
    let mut draft = Draft::new(
        modality.code_span,
        "97112 is for retraining movement, balance, posture and coordination, and this line names massage work only. A payer denies massage under 97112.",
    )
    .level(Level::Warning)
    .related(Span::from(mention.range.clone()), "What was done");
    for code in HANDS_ON.into_iter().rev() {
        if all_accept(modality, code) && can_become(case, modality, code) {
            draft = draft.fix(title(modality, code), modality.code_span, code);
        }
    }
    Some(draft)
}

/// All techniques of the line belong clearly to another code.
fn of_another_code(case: &VisitCase<'_>, modality: &Modality) -> Option<Draft> {
    let code = modality.code.as_str();
    let others: &[&str] = match code {
        "97124" | "97140" => &[
            "97124", "97140", "97012", "97110", "97112", "97113", "97116", "97530", "97535",
            "98940", "20560",
        ],
        "97110" | "97112" | "97116" | "97530" => &["97124", "97140", "20560"],
        "98940" | "98941" | "98942" => &["97124"],
        _ => return None,
    };
    // `gr III` beside `joint mobilization` says no more of the same; alone it decides nothing.
    let decided = |m: &TechniqueMention| {
        let mut techniques = modality.techniques.iter();
        techniques.any(|d| d.decisive && d.technique == m.technique)
    };
    let clear = |m: &TechniqueMention| {
        decided(m)
            && m.technique.certainty == Certainty::Agreed
            && !m.technique.accepted.contains(&code)
    };
    let first = modality.techniques.iter().find(|m| m.decisive)?;
    let exercise = MOVEMENT.contains(&code);
    if !modality.techniques.iter().all(clear)
        || exercise && BY_THE_PATIENT.is_match(case.str(modality.span))
        || says_more(case, modality, exercise)
    {
        return None;
    }
    let target = first
        .technique
        .default_code
        .filter(|target| others.contains(target))?;
    if !all_accept(modality, target) {
        return None;
    }
    let (here, there) = (modality.procedure?, procedures::find(target)?);
    let draft = Draft::new(
        modality.code_span,
        format!(
            "The technique named here ({}) belongs under {target} ({}) rather than {code} ({}). A payer that reads the note beside the claim may ask why.",
            first.technique.name, there.label, here.label
        ),
    )
    .related(Span::from(first.range.clone()), "The technique");
    Some(if can_become(case, modality, target) {
        draft
            .fix(title(modality, target), modality.code_span, target)
            .preferred()
    } else {
        draft
    })
}

/// Whether what was done may be billed under the code.
pub(super) fn all_accept(modality: &Modality, code: &str) -> bool {
    let mut techniques = modality.techniques.iter();
    techniques.all(|m| m.technique.accepted.contains(&code))
}

fn title(modality: &Modality, code: &str) -> String {
    let label = procedures::find(code).map_or("", |p| p.label);
    format!("Change {} to {code} ({label})", modality.code)
}

/// Whether another code could stand on the line without another rule objecting.
fn can_become(case: &VisitCase<'_>, modality: &Modality, code: &str) -> bool {
    let (Some(here), Some(there)) = (modality.procedure, procedures::find(code)) else {
        return false;
    };
    let modalities = case.visit.modalities.iter();
    let mut others = modalities.filter(|m| !std::ptr::eq(*m, modality));
    let clashes = others.any(|m| {
        m.code == code || m.code == modality.code || case.policy.edits.pair(code, &m.code).is_some()
    });
    let described = !there.hands_on
        || (!modality.regions.is_empty()
            && (modality.techniques.iter().any(|m| m.technique.specific)
                || VisitCase::has_detail(modality, FieldKind::Technique)));
    let within =
        case.policy.limits.find(code).is_none_or(|limit| {
            case.claim.units_of(&modality.code) <= u32::from(limit.practitioner)
        });
    here.timing == there.timing
        && here.therapy == there.therapy
        && !clashes
        && case.may_bill(code)
        && described
        && within
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_patient_does() {
        for words in [
            "self massage",
            "on her own",
            "HEP: massage ball",
            "instructed in",
            "Education",
            "actively",
            "taught pt",
            "3 sets",
            "1 rep",
            "strap",
        ] {
            assert!(BY_THE_PATIENT.is_match(words), "{words}");
        }
        for other in [
            "effleurage",
            "selfsame",
            "patients",
            "setting",
            "balls",
            "inactive",
            "",
        ] {
            assert!(!BY_THE_PATIENT.is_match(other), "{other}");
        }
    }
}
