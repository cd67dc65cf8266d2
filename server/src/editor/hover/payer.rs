//! The payer of a `payer:` line.

use crate::billing::Counting;
use crate::chart::FieldKind;
use crate::policy::{MassageAndManual, Named, Payer, Policy, Requirement};
use crate::reference::ncci::Edits;
use crate::rules::VisitCase;
use crate::rules::wording::list;
use crate::text::Span;

/// The name of a payer: what its profile says.
pub(super) fn of_payer(case: &VisitCase<'_>, at: usize) -> Option<(Span, String)> {
    let mut payers = case.visit.fields_of(FieldKind::Payer);
    let value = payers.find_map(|f| f.value.filter(|v| v.touches(at)))?;
    let named = case.str(value).trim();
    let text = match case.policy.named(named) {
        Named::Payer(payer) => profile(&case.policy.edits, payer),
        Named::Unknown => format!(
            "**No profile has this name**, so nothing is known about this payer. {}\n\nA [payers] table in soapstone.toml can say how it counts and what it asks for.",
            counting(case.policy.payer(Some(named)))
        ),
    };
    Some((value, text))
}

fn profile(edits: &Edits, payer: &Payer) -> String {
    let facts = if payer.patient_pays {
        vec![
            "Nobody but the patient pays, so nothing is said of what a payer would deny."
                .to_owned(),
        ]
    } else {
        facts(edits, payer)
    };
    let source = match Policy::default().find(&payer.name) {
        Some(known) if known == payer => {
            "A profile that comes with Soapstone; your contract may differ."
        }
        _ => "From your settings.",
    };
    let (name, facts) = (super::literal(&payer.name), facts.join("\n- "));
    format!("Payer profile **{name}**\n\n- {facts}\n\n*{source}*")
}

/// What a payer does and asks for, as far as known.
fn facts(edits: &Edits, payer: &Payer) -> Vec<String> {
    let mut facts = vec![counting(payer).to_owned()];
    facts.push(match payer.ncci {
        Some(true) => format!("Follows the NCCI edits (as of {}).", edits.quarter.words()),
        Some(false) => "Has edits of its own instead of NCCI's.".to_owned(),
        None => "Whether it follows the NCCI edits is not known.".to_owned(),
    });
    let massage_and_manual = payer.massage_and_manual().map(|policy| match policy {
        MassageAndManual::Modifier => "Pays 97124 and 97140 on one day with a modifier.",
        MassageAndManual::Never => "Never pays 97124 and 97140 on one day.",
        MassageAndManual::One => "Takes only one of 97124 and 97140.",
    });
    facts.extend(massage_and_manual.map(str::to_owned));
    if let Some(codes) = &payer.accepts {
        facts.push(format!("Takes only {}.", list(codes)));
    }
    if !payer.excludes.is_empty() {
        facts.push(format!("Never pays {}.", list(&payer.excludes)));
    }
    if payer.plan_modifier.is_some() {
        facts.push("Wants GP, GO or GN on each therapy line.".to_owned());
    }
    let asked = payer.requires.iter().map(|requirement| match requirement {
        Requirement::Referral => "a referral or prescription",
        Requirement::ClockTimes => "start and end of every timed code",
        Requirement::Response => "the response to treatment",
    });
    let asked: Vec<&str> = asked.collect();
    if !asked.is_empty() {
        facts.push(format!("Asks for {}.", list(&asked)));
    }
    if let Some(limit) = payer.timely_filing {
        facts.push(format!(
            "Takes a claim within {} of the visit.",
            limit.in_words()
        ));
    }
    facts
}

fn counting(payer: &Payer) -> &'static str {
    match payer.counting {
        Some(Counting::Cms) => "Counts units by the CMS 8-minute rule, all timed minutes together.",
        Some(Counting::Ama) => "Counts units by the midpoint rule, each code by itself.",
        None => "How it counts units is not known; the CMS 8-minute rule is used.",
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::at_mark;

    #[test]
    fn what_is_known_of_a_payer() {
        assert_eq!(
            at_mark("payer: Wa L&^I\n"),
            "Wa L&I|Payer profile **wa-lni**\n\n- How it counts units is not known; the CMS 8-minute rule is used.\n- Has edits of its own instead of NCCI's.\n- Asks for a referral or prescription.\n\n*A profile that comes with Soapstone; your contract may differ.*"
        );
        let auto = at_mark("payer: State ^Farm (auto)\n");
        assert!(auto.contains("Payer profile **auto**"), "{auto}");
        let medicare = at_mark("payer: medi^care\n");
        for part in ["CMS 8-minute rule, all", "(as of July 2026)", "Never pays"] {
            assert!(medicare.contains(part), "{part}: {medicare}");
        }
        let tricare = at_mark("payer: Tri^care\n");
        for part in ["Never pays 97810", "within 12 months"] {
            assert!(tricare.contains(part), "{part}: {tricare}");
        }
        let cash = at_mark("payer: ca^sh\n");
        assert!(
            cash.contains("Nobody but the patient") && !cash.contains("NCCI"),
            "{cash}"
        );
        let uhc = at_mark("payer: UH^C\n");
        assert!(uhc.contains("Wants GP, GO or GN"), "{uhc}");
        let unknown = at_mark("payer: zen^ith\n");
        assert!(unknown.contains("No profile has this name"), "{unknown}");
    }
}
