use super::pairs::{DISTINCT, REGION, is_set_apart};
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::{Modality, Modifier};
use crate::policy::Level;
use crate::reference::modifiers::{self, ModifierKind};

pub static RULE: Rule = Rule {
    name: "unknown-modifier",
    group: Group::Coding,
    level: Level::Warning,
    source: "The modifier table of this build",
    page: page!("unknown-modifier"),
    check: Check::Visit(check),
};

/// Modifiers that exist and belong to other fields, or to some payers only: nothing is said of them.
/// Fingers, toes, eyelids and vessels are left out, since no code of this field takes them.
const ELSEWHERE: &str = "\
    22 23 24 26 27 32 33 47 53 54 55 56 57 58 62 63 66 73 74 78 79 80 81 82 90 91 92 96 97 99 \
    1P 2P 3P 8P A1 A2 A3 A4 A5 A6 A7 A8 A9 AA AB AD AE AF AG AH AI AJ AK AM AO AP AQ AR AS AU AV AW AX \
    AY AZ BA BL BO BP BR BU CA CB CC CD CE CF CG CH CI CJ CK CL CM CN CR CS CT DA EA EB EC ED EE EJ EM \
    EP ER ET EX EY FB FC FP FR FS FT FX FY G0 G1 G2 G3 G4 G5 G6 G7 G8 G9 GB GC GD GE GF GG GH GJ GK GL \
    GM GQ GR GS GU GV GW H9 HA HB HC HD HE HF HG HH HI HJ HK HL HM HN HO HP HQ HR HS HT HU HV HW HX HY \
    HZ J1 J2 J3 J4 J5 JA JB JC JD JE JF JG JK JL JW JZ K0 K1 K2 K3 K4 KA KB KC KD KE KF KG KH KI KJ KK \
    KL KM KN KO KP KQ KR KS KT KU KV KW KY KZ LL LR LS LU M2 MA MB MC MD ME MF MG MH MS N1 N2 N3 NB NR \
    NU P1 P2 P3 P4 P5 P6 PA PB PC PD PI PL PM PN PO PS PT Q0 Q1 Q2 Q3 Q4 Q5 Q6 Q7 Q8 Q9 QA QB QC QD QE \
    QF QG QH QJ QK QL QM QN QP QQ QR QS QT QW QX QY QZ RA RB RD RE RI RR SA SB SC SD SE SF SG SH SJ SK \
    SL SM SN SQ SS ST SU SV SW SY SZ TB TC TD TE TF TG TH TJ TK TL TM TN TP TQ TR TS TT TU TV TW U1 U2 \
    U3 U4 U5 U6 U7 U8 U9 UA UB UC UD UE UF UG UH UJ UK UN UP UQ UR US V1 V2 V3 V4 V5 V6 V7 V8 V9 VM VP \
    X1 X2 X3 X4 X5 ZA ZB ZC";

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for modality in &case.visit.modalities {
        for modifier in &modality.modifiers {
            let code = modifier.code.as_str();
            let known = modifiers::find(code).is_some()
                || ELSEWHERE.split_whitespace().any(|known| known == code);
            let typing = case.is_at_the_end(modifier.span);
            if known || typing {
                continue;
            }
            found.extend(match code.len() {
                1 => Some(not_of_two(modifier, "only one")),
                3 => Some(not_of_two(modifier, "three")),
                2 => Some(unknown(case, modality, modifier)),
                _ => run_together(case, modality, modifier),
            });
        }
    }
}

fn unknown(case: &VisitCase<'_>, modality: &Modality, modifier: &Modifier) -> Draft {
    let code = &modifier.code;
    let Some(near) = modifiers::nearest(code) else {
        let message = format!(
            "{code} is not among the modifiers that Soapstone knows. A payer rejects a line with a modifier that does not exist."
        );
        return Draft::new(modifier.span, message).level(Level::Information);
    };
    let right = format!("{} ({})", near.code, near.label);
    let message = format!(
        "{code} is not a modifier that Soapstone knows. {right} is one typo away; a payer rejects a line with a modifier that does not exist."
    );
    let draft = Draft::new(modifier.span, message);
    if !fits(case, modality, near) {
        return draft;
    }
    let title = format!("Replace {code} with {right}");
    draft.fix(title, modifier.span, near.code).preferred()
}

/// `97140-5`, `97140-59X`: half of a modifier, or one with a character too many.
fn not_of_two(modifier: &Modifier, count: &str) -> Draft {
    let code = &modifier.code;
    Draft::new(
        modifier.span,
        format!("A modifier has two characters; {code} is {count}. A payer rejects the line."),
    )
}

/// `97140-59GP`: two modifiers without what parts them.
fn run_together(case: &VisitCase<'_>, modality: &Modality, modifier: &Modifier) -> Option<Draft> {
    let code = modifier.code.as_str();
    let (first, second) = (code.get(..2)?, code.get(2..4).filter(|_| code.len() == 4)?);
    let (first, second) = (modifiers::find(first)?, modifiers::find(second)?);
    let apart = format!("{}-{}", first.code, second.code);
    let message = format!(
        "A modifier has two characters; {code} is two of them run together. A payer rejects the line."
    );
    let draft = Draft::new(modifier.span, message);
    let fit = fits(case, modality, first) && fits(case, modality, second);
    if !fit || first.kind == second.kind {
        return Some(draft);
    }
    let title = format!("Write {apart}");
    Some(draft.fix(title, modifier.span, apart).preferred())
}

/// Whether the line can take the modifier without another rule objecting.
fn fits(case: &VisitCase<'_>, modality: &Modality, modifier: &modifiers::Modifier) -> bool {
    let has = |codes: &[&str]| modality.has_modifier(codes);
    let therapy = modality.code.starts_with("97");
    !has(&[modifier.code])
        && match modifier.kind {
            ModifierKind::Distinct => {
                !has(DISTINCT)
                    && (!REGION.contains(&modifier.code) || is_set_apart(case, &modality.code))
            }
            ModifierKind::Discipline => !has(&["GP", "GO", "GN"]),
            ModifierKind::Assistant => has(&[if modifier.code == "CQ" { "GP" } else { "GO" }]),
            ModifierKind::Chiropractic => !has(&["GA", "GX", "GY", "GZ"]),
            ModifierKind::Liability => !has(&["AT"]),
            ModifierKind::Anatomic => true,
            ModifierKind::Other => !(therapy && matches!(modifier.code, "25" | "50")),
        }
}
