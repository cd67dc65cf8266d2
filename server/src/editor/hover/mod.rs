//! Hover: what the word under the pointer means for the bill.

mod diagnoses;
mod fields;
mod goals;
mod payer;
mod procedures;
mod referrals;
mod visit;
mod words;

pub use fields::of_kind;
pub use procedures::{of_modifier, of_procedure};

use super::{counted, days};
use crate::analysis::Analysis;
use crate::pattern::pattern;
use crate::rules::Rule;
use crate::text::Span;

/// An explanation of a span of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    pub span: Span,
    pub markdown: String,
    /// The rule that it is about.
    pub rule: Option<&'static Rule>,
}

/// The explanation of what stands at an offset of the document.
pub fn hover(analysis: &Analysis, offset: usize) -> Option<Hover> {
    let piece = analysis.piece_at(offset)?;
    let case = &analysis.case(piece);
    let at = offset - piece.start;
    if !case.text.is_char_boundary(at) {
        // Inside a character, or past the end.
        return None;
    }
    let found = procedures::of_modality(case, at)
        .or_else(|| diagnoses::of_diagnosis(case, at))
        .or_else(|| fields::of_waiver(case, at))
        .or_else(|| words::of_modality(case, at))
        .or_else(|| goals::of_goal(analysis, piece, at))
        .or_else(|| fields::of_key(case, at))
        .or_else(|| fields::of_section(case, at))
        .or_else(|| payer::of_payer(case, at))
        .or_else(|| visit::of_session(case, at))
        .or_else(|| referrals::of_field(analysis, piece, at))
        .or_else(|| diagnoses::of_prose(case, at))
        .or_else(|| words::of_prose(case, at))
        .or_else(|| visit::of_heading(analysis, piece, case, at));
    found.map(|(span, markdown)| Hover {
        span: span.shifted(piece.start),
        markdown,
        rule: fields::waived_rule(case, at),
    })
}

/// A phrase of a table as a sentence.
fn sentence(phrase: &str) -> String {
    let mut chars = phrase.chars();
    let mut sentence: String = chars
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    sentence += chars.as_str();
    if !phrase.ends_with(['.', '?', '!']) {
        sentence.push('.');
    }
    sentence
}

/// Words of the note or of the settings, so that Markdown takes none of their marks for its own.
fn literal(words: &str) -> String {
    pattern!(MARK, r"[*_`\[\]<\\#&]");
    MARK.replace_all(words, r"\$0").into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;
    use crate::text::Document;
    use std::sync::Arc;

    /// Hovers at the mark `^`, which is taken out first.
    pub fn at_mark(text: &str) -> String {
        let offset = text.find('^').unwrap();
        let document = Document::new(&text.replacen('^', "", 1));
        let policy = Policy::default().on(jiff::civil::date(2026, 11, 22));
        let analysis = Analysis::of(&document, &Arc::new(policy));
        hover(&analysis, offset).map_or_else(String::new, |h| {
            format!("{}|{}", document.slice(h.span), h.markdown)
        })
    }

    #[test]
    fn a_code() {
        let text = at_mark(
            "payer: medicare\nvisit: 2026-11-20\n97^124 lumbar 10:02-10:27\n97140 cervical 15 min\n",
        );
        assert!(text.starts_with("97124|**97124**: "), "{text}");
        for piece in [
            "Timed",
            "25 min 97124 + 15 min 97140 = 40 min",
            "2 of them",
            "97140 on this visit: only 97140 is paid, no modifier bypasses the edit",
            "never pays",
        ] {
            assert!(text.contains(piece), "{piece}: {text}");
        }
    }

    #[test]
    fn a_modifier_a_time_a_field_and_a_goal() {
        assert!(at_mark("97140-5^9 neck 15 min").starts_with("59|**Modifier 59**"));
        assert!(
            at_mark("97140 neck 10:0^2-10:27")
                .starts_with("10:02-10:27|10:02 to 10:27: **25 minutes**")
        );
        assert!(
            at_mark("97140 neck 15 min\n  tech^nique: x").starts_with("technique:|**technique**")
        );
        assert!(at_mark("pa^yer: medicare").starts_with("payer:|**payer**"));
        assert!(at_mark("goal 1: si^t 60 minutes").contains("Time frame: **missing**"));
        assert!(
            at_mark("visit: 2026-^11-20\n97124 back 25 min").contains("25 timed minutes, 2 units")
        );
        assert_eq!(at_mark("S: no^thing"), "");
    }

    #[test]
    fn blocks_in_sentences_and_tables() {
        let at = |text: &str, expected: &str| {
            let text = at_mark(text);
            assert!(text.starts_with(expected), "{text}");
        };
        at(
            "O: Manual therapy (97^140-GP) 10:02-10:14.",
            "97140|**97140**",
        );
        at(
            "O: Manual therapy (97140-G^P) 12 min.",
            "GP|**Modifier GP**",
        );
        at(
            "O: Manual therapy (97140) 10:0^2-10:14.",
            "10:02-10:14|10:02 to 10:14: **12 minutes**",
        );
        at(
            "| CPT | Mod | Min |\n| 97110 | G^P | 25 |\n",
            "GP|**Modifier GP**",
        );
        at("Tx: 97110 8 min; 97^140 15 min\n", "97140|**97140**");
        at("Tx: 97110 8 min; 97140 R should^er 15 min\n", "shoulder|");
        at("Medical Dia^gnosis: M54.5\n", "Medical Diagnosis:|**");
    }

    #[test]
    fn a_section_and_a_rule_to_waive() {
        assert!(at_mark("S^: pain").starts_with("S:|**Subjective**"));
        let text = at_mark("waive: missing-go^al because cash\n");
        assert!(
            text.starts_with("missing-goal|**missing-goal**: "),
            "{text}"
        );
        assert!(text.contains("\n\nSource: "), "{text}");
        assert!(!text.contains("reason"), "{text}");
        let text = at_mark("97124 neck 15 min\n  waive: missing-te^chnique\n");
        assert!(text.contains("needs its reason"), "{text}");
        assert!(at_mark("waive: missing-gaol^ because x").contains("Did you mean"));
    }

    #[test]
    fn what_is_said_belongs_to_what_is_under_the_pointer() {
        let note = include_str!("../../../../tests/notes/format-sample.soap");
        let document = Document::new(note);
        let policy = Policy::default().on(jiff::civil::date(2026, 11, 22));
        let analysis = Analysis::of(&document, &Arc::new(policy));
        let mut spoken = 0;
        for (at, _) in note.char_indices() {
            if let Some(hover) = hover(&analysis, at) {
                assert!(hover.span.touches(at), "{at}: {hover:?}");
                // The patient's number and the names are not for a bubble.
                assert!(!hover.markdown.contains("10234"), "{hover:?}");
                assert!(!hover.markdown.contains("Rivera"), "{hover:?}");
                spoken += 1;
            }
        }
        assert!(spoken > 300, "{spoken}");
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(32))]
        #[test]
        fn any_place_of_any_text_is_taken(lines in proptest::collection::vec(
            proptest::prop_oneof![
                "visit: 2026-11-(0[1-9]|2[0-9])( 3 of 6)?",
                "(referral|plan of care|session|waive|payer|dx): (2026-10-01 )?(to 2026-(11|12)-15, )?([0-9] visits|___|M54.2 é)?",
                "goal [12]: sit 6é minutes by 2026-(11|12)-(01|30) \\(now",
                "97(124|140|010)-5?9? R neck é [0-9]{1,2} min( x[12])?",
                "  (response|technique|note): MFR ROM😀 w/",
                "A: M54.5é M54.50 R > L\0",
                "(O: |é )?Manual therapy 😀 \\(97140(-GP)?\\)(:|,) (R neck )?[0-9]{1,2} min(, then MFR é 97110 x2 8 min\\.)?",
                "\\| CPT \\| Min é \\|\n\\| 97110-GP \\| 25 \\|",
                "CPT\tMin\tMod\n97110\t25\tGP",
                "Units: 97110 \\(2 units, 30 min\\), 97(140|124) \\(1 unit\\)",
                "97110(/|, | and )97112 neck 15 min",
                "(- |• |1\\. )?CPT 97110(:| \\()GP\\)? é 15 min",
                "(Medical Diagnosis|Treatment Dx): M54\\.5",
                "Goals:\n[12]\\. sit 6é minutes by 2026-12-01",
                "\\PC{0,12}",
            ], 0..10), end in "(\n|\r\n|\r)"
        ) {
            let text = format!("\u{feff}{}", lines.join(&end));
            let document = Document::new(&text);
            let policy = Policy::default().on(jiff::civil::date(2026, 11, 22));
            let analysis = Analysis::of(&document, &Arc::new(policy));
            for at in 0..=text.len() + 1 {
                if let Some(hover) = hover(&analysis, at) {
                    proptest::prop_assert!(hover.span.touches(at));
                    proptest::prop_assert!(text.get(hover.span.range()).is_some(), "{hover:?}");
                    proptest::prop_assert!(!hover.markdown.is_empty());
                }
            }
        }
    }
}
