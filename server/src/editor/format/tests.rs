use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::fuzzing::visible_characters;
use crate::policy::Policy;

fn analysis(text: &str) -> Analysis {
    Analysis::of(&Document::new(text), &Arc::new(Policy::default()))
}

fn edits_of(text: &str) -> Vec<Edit> {
    format_document(&Document::new(text))
}

fn formatted(text: &str) -> String {
    applied(text, &edits_of(text))
}

/// The note after Enter at `^`, the caret left out.
fn entered(marked: &str) -> String {
    let at = marked.find('^').unwrap_or(0);
    let text = marked.replace('^', "");
    applied(&text, &after_enter(&analysis(&text), at))
}

#[track_caller]
fn becomes(text: &str, expected: &str) {
    assert_eq!(formatted(text), expected);
    assert_eq!(formatted(expected), expected, "formatted again");
}

#[track_caller]
fn stays(text: &str) {
    assert_eq!(edits_of(text), [], "{text:?}");
}

#[test]
fn a_note_in_a_hurry() {
    becomes(
        "Patient: 10234\nDX:   m54.50 low back pain\nGoal  1: sit 60 minutes by 12/15/2026 (now 30)\n\n\n\nDOS: 11/20/26, 4 of 12\nSession: 10:00 – 10:50\ns:Low back pain 6/10.   Worse  sitting.\n\tSleeps again.\no:   Taut.\n97124   lumbar 10:02 to 10:27  \n\tTechnique:  effleurage\n   kneading\nresponse: softer\n97140 59 cervical 10:27–10:42\n a: better\np: weekly\nSigned: A. Rivera, LMT 11/20/2026",
        "patient: 10234\ndx: M54.50 low back pain\ngoal 1: sit 60 minutes by 2026-12-15 (now 30)\n\nDOS: 2026-11-20, 4 of 12\nsession: 10:00-10:50\nS: Low back pain 6/10.   Worse  sitting.\n  Sleeps again.\nO: Taut.\n97124 lumbar 10:02-10:27\n  technique: effleurage\n   kneading\nresponse: softer\n97140-59 cervical 10:27-10:42\nA: better\nP: weekly\nsigned: A. Rivera, LMT 2026-11-20\n",
    );
}

#[test]
fn section_names_keep_their_length() {
    becomes("s: a\nO: b\n", "S: a\nO: b\n");
    becomes(
        "subjective: a\nOBJECTIVE: b\nTX: c\n",
        "SUBJECTIVE: a\nOBJECTIVE: b\nTX: c\n",
    );
    becomes(
        "subjective: a\nObjective:\nPLAN: c\n",
        "Subjective: a\nObjective:\nPlan: c\n",
    );
    stays("SUBJECTIVE:\nJaw 4/10.\nOBJECTIVE:\nOpens 32 mm.\n");
}

#[test]
fn keys() {
    becomes("VISIT:2026-11-20\n", "visit: 2026-11-20\n");
    becomes("dos: 2026-11-20\n", "DOS: 2026-11-20\n");
    becomes(
        "Date  Of Service:\t2026-1-5\n",
        "date of service: 2026-01-05\n",
    );
    becomes(
        "STG  1:  walk 2 blocks\nICD-10: M54.2\n",
        "STG 1: walk 2 blocks\nICD-10: M54.2\n",
    );
    becomes("Plan of Care:  2x/week\n", "plan of care: 2x/week\n");
}

#[test]
fn what_could_be_a_sentence_stays() {
    stays(
        "visit: 2026-11-20\nS: Neck.\nClient: \"it  burns\"\nNote: arrived  late\nOrder: pizza\n",
    );
    stays("Patient reports: pain since 11/2/26, 10:00 to 11:00  daily\n");
    stays("Seen 3/4/26.\nPain  6/10 – 4/10\n");
    stays("10000  steps a day\n  and   more\n");
    stays("// 97124   lumbar 10:02 – 10:27  \nS: a\n");
    stays("waive: units-limit because   the  insurer said so\n");
    stays("visit: 4 of 12, last seen 1/2/26\n");
    stays("referral: Dr. Okafor, injury of 9/15/26\n");
    stays("signed: A. Rivera, LMT 11/20/26, cosigned 11/21/26\n");
    stays("visit: 02/30/2026\n");
}

#[test]
fn codes_and_modifiers() {
    becomes("g0283 lumbar 10 min\n", "G0283 lumbar 10 min\n");
    becomes("97140–gp-59 neck 10 min\n", "97140-GP-59 neck 10 min\n");
    becomes("97140  59  GP neck  10 min\n", "97140-59-GP neck 10 min\n");
    becomes("97140 RT shoulder 10 min\n", "97140 RT shoulder 10 min\n");
    becomes("97110?  59  lumbar 10 min\n", "97110?-59 lumbar 10 min\n");
    stays("97110? lumbar 10 min\n");
    stays("97124 lumbar x  2\n");
    stays("97124 lumbar, hip (25 min) x2\n");
    stays("97140-\n");
}

#[test]
fn times() {
    becomes(
        "97124 lumbar 1:05 pm – 1:30 pm\n",
        "97124 lumbar 1:05 pm - 1:30 pm\n",
    );
    becomes("session: 1:05pm to 1:30pm\n", "session: 1:05pm-1:30pm\n");
    becomes("97124 lumbar 1305 - 1330\n", "97124 lumbar 1305-1330\n");
    becomes(
        "97124 lumbar\n    time: 10:02 until 10:27\n    R > L\n      more\n",
        "97124 lumbar\n  time: 10:02-10:27\n  R > L\n    more\n",
    );
}

#[test]
fn dates_of_referrals() {
    becomes(
        "referral: 10/1/26 to Dec 31, 2026, 12 visits, injury of 9/15/26\n",
        "referral: 2026-10-01 to 2026-12-31, 12 visits, injury of 9/15/26\n",
    );
}

#[test]
fn details_follow_their_modality() {
    becomes(
        "Tx:\n\t97124 lumbar 25 min\n\ttechnique: petrissage\n\t\tdeep\n",
        "Tx:\n  97124 lumbar 25 min\n    technique: petrissage\n      deep\n",
    );
}

#[test]
fn empty_lines_and_line_breaks() {
    becomes(
        "\n \nS: a\n\n \t\n\nO: b \r\n\r\n\r\nA: c\n\n\n",
        "S: a\n\nO: b\r\n\r\nA: c\n",
    );
    becomes("S: a\r\nO: b", "S: a\r\nO: b\r\n");
    becomes("S: a\rO: b", "S: a\rO: b\r");
    becomes("  \n\t", "");
    becomes("S: a  ", "S: a\n");
    stays("");
    // Were the spaces to go, the two line breaks would be one.
    stays("S: a\r  \nmore\n");
}

#[test]
fn odd_texts_are_left() {
    for text in [
        "\u{feff}x\n",
        "\0\n",
        "\u{a0}S: a\n",
        "\u{c}\n",
        "97124\u{1F600}\n",
    ] {
        stays(text);
    }
}

#[test]
fn edits_are_small() {
    let edits = edits_of("Subjective: a\nplan: b\nDX: M54.2\nvisit:  11/20/2026\n");
    let shown: Vec<_> = edits
        .iter()
        .map(|e| (e.span.start, e.span.len(), &*e.text))
        .collect();
    assert_eq!(shown, [(14, 1, "P"), (22, 2, "dx"), (39, 11, "2026-11-20")]);
}

#[test]
fn wishes() {
    let text = "s: a  \n";
    let edits = |trims_spaces, ends_with_break, text: &str| {
        let wishes = Wishes {
            trims_spaces,
            ends_with_break,
        };
        applied(text, &format(&analysis(text), None, wishes))
    };
    assert_eq!(edits(false, true, text), "S: a  \n");
    assert_eq!(edits(true, false, "s: a "), "S: a");
}

#[test]
fn a_selection_changes_its_lines_alone() {
    let text = "s: a \no: b \n\n\na: c \np: d ";
    let analysis = analysis(text);
    let within = |start, end| {
        let spans = [Span::new(start, end)];
        applied(text, &format(&analysis, Some(&spans), Wishes::default()))
    };
    assert_eq!(within(6, 12), "s: a \nO: b\n\n\na: c \np: d ");
    assert_eq!(within(7, 7), "s: a \nO: b\n\n\na: c \np: d ");
    assert_eq!(within(6, 14), "s: a \nO: b\n\na: c \np: d ");
    assert_eq!(within(24, 25), "s: a \no: b \n\n\na: c \nP: d\n");
}

#[test]
fn enter() {
    // The line that was ended, and only that one.
    assert_eq!(entered("s: a \no: b  \n^"), "s: a \nO: b\n");
    // Below a modality stand its details.
    assert_eq!(
        entered("97124  lumbar 10:02 – 10:27\n^"),
        "97124 lumbar 10:02-10:27\n  "
    );
    assert_eq!(
        entered("97124 lumbar 25 min\n  technique: petrissage\n^\nP: weekly\n"),
        "97124 lumbar 25 min\n  technique: petrissage\n  \nP: weekly\n"
    );
    assert_eq!(
        entered("97124 lumbar 25 min\r\n\t^\r\n"),
        "97124 lumbar 25 min\r\n  \r\n"
    );
    // A second Enter ends them and leaves no spaces behind.
    assert_eq!(
        entered("97124 lumbar 25 min\n  \n  ^\n"),
        "97124 lumbar 25 min\n\n\n"
    );
    assert_eq!(
        entered("97124 lumbar 25 min\n  \n^"),
        "97124 lumbar 25 min\n\n"
    );
    // What was moved down by Enter in the middle of a line stays where it is.
    assert_eq!(
        entered("97124 lumbar\n^10:02-10:27\n"),
        "97124 lumbar\n10:02-10:27\n"
    );
    // Prose keeps the indentation that the editor gave it.
    assert_eq!(entered("S: a\n   b\n   ^"), "S: a\n   b\n   ");
    // Before a visit.
    assert_eq!(
        entered("s: a\n\n^visit: 11/20/26"),
        "s: a\n\nvisit: 11/20/26"
    );
    assert_eq!(entered("^s: a"), "s: a");
}

// ---- laws

/// The sample notes.
fn samples() -> &'static [String] {
    static SAMPLES: LazyLock<Vec<String>> = LazyLock::new(read_samples);
    &SAMPLES
}

fn read_samples() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/notes");
    let mut notes = vec![root.join("format-sample.soap")];
    for folder in ["clean", "findings"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            notes.push(entry.unwrap().path());
        }
    }
    notes.retain(|path| path.extension().is_some_and(|e| e == "soap"));
    notes.sort();
    assert!(notes.len() > 100);
    notes
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect()
}

fn holds(text: &str) -> Result<(), TestCaseError> {
    let edits = edits_of(text);
    let mut end = 0;
    for edit in &edits {
        prop_assert!(edit.span.start >= end, "overlapping");
        prop_assert!(text.get(edit.span.range()).is_some());
        let old = &text[edit.span.range()];
        prop_assert!(!(old.is_empty() && edit.text.is_empty()));
        prop_assert!(old.is_empty() || !edit.text.starts_with(old.chars().next().unwrap()));
        prop_assert!(old.is_empty() || !edit.text.ends_with(old.chars().next_back().unwrap()));
        end = edit.span.end;
    }
    let after = applied(text, &edits);
    prop_assert_eq!(edits_of(&after), [], "formatted again: {:?}", after);
    prop_assert_eq!(visible_characters(text), visible_characters(&after));
    let said = |text: &str| -> String {
        let document = Document::new(text);
        let pieces = document.pieces().iter();
        pieces
            .map(|s| said::said(&s.text, &read(&s.text)))
            .collect()
    };
    prop_assert_eq!(said(text), said(&after));
    Ok(())
}

/// What is found in a note, and what it is billed by.
fn judged(text: &str) -> String {
    let analysis = analysis(text);
    let mut findings: Vec<String> = analysis
        .findings()
        .iter()
        .map(|f| format!("{} {:?} {}", f.rule.name, f.level, f.message))
        .collect();
    findings.sort();
    let claims = analysis.pieces().map(|p| &p.judgement.claim);
    format!("{findings:#?}{:#?}", claims.collect::<Vec<_>>())
}

/// A note as somebody in a hurry types it.
fn hurried(note: &str) -> String {
    note.lines()
        .map(|line| match line.split_once(": ") {
            Some((key, rest)) if key.len() < 14 && !line.starts_with("  ") => {
                format!("{}:  {rest} \n", key.to_uppercase())
            }
            _ => format!(
                "{}\t\n",
                line.replacen("  ", "\t", 1).replace(" to ", "  to ")
            ),
        })
        .collect()
}

#[test]
fn the_sample_notes_say_the_same_afterwards() {
    for note in samples() {
        holds(note).unwrap();
        holds(&hurried(note)).unwrap();
        let after = formatted(note);
        if after != *note {
            assert_eq!(judged(note), judged(&after));
        }
    }
}

/// Lines as people and record systems write them: those of the grammar's corpus, and others.
fn written() -> Vec<&'static str> {
    let corpus = include_str!("../../../../grammar/test/corpus/as-people-write.txt");
    // A case is its name between two rules, its lines, and what the grammar makes of them.
    let cases = corpus.split("\n---\n").filter_map(|case| {
        let (_, lines) = case.rsplit_once("==================\n")?;
        Some(lines)
    });
    let others = [
        "97110:gp:59 lumbar 25 min",
        "97140 GP,  59 lumbar 15 min",
        "97110 (GP, 59)  lumbar 25 min",
        "- 97140 gp   15 min",
        "CPT Code: 97140  Minutes: 15  Units: 1",
        "97110, 97140 lumbar 25 min",
        "97110 lumbar from 10:00  to 10:25",
        "97110 lumbar start 10:00 stop 10:25",
        "97110 22.5 min",
        "Tx: 97110:gp lumbar  25 min;  97140 gp lumbar 15 min",
        "Manual therapy (97140):  12 minutes",
        "O: Ther ex  10:02 – 10:27 (97110 x2), then  gait.",
        "| CPT | Min | Units |\n| 97110 | 25 | 2 |\n| 97140 | 15 | 1 |",
        "CPT\tMin\tUnits\n97110\t25\t2\n97140\t15\t1",
        "Code  Mod  Time\n97110  GP  10:00 – 10:25",
        "97110\n97140\nUnits: 97140 (2 units, 30 min), 97110 (1 unit, 15 min)",
        "  Date of Service:  11/20/2026",
        "Date: Friday, Nov 20th, 2026",
        "  Treatment Diagnosis:  m54.50  low back pain",
        "Short Term Goals:\n1. Sit at desk 60 minutes by 12/15/26",
        "Time In: 10:00  Time Out: 10:40",
        "  Total Treatment Time:  40 min",
        "Primary Insurance:  Medicare Part B",
        "Electronically signed by J. Chen, PT on 11/20/2026",
    ];
    cases.flat_map(str::lines).chain(others).collect()
}

/// The letters and figures of a text: its words and numbers without the marks between them.
fn letters_and_figures(text: &str) -> String {
    let mut shown = visible_characters(text);
    shown.retain(char::is_alphanumeric);
    shown
}

fn bills_the_same(text: &str) -> Result<(), TestCaseError> {
    let after = formatted(text);
    prop_assert_eq!(edits_of(&after), [], "formatted again: {:?}", after);
    prop_assert_eq!(letters_and_figures(text), letters_and_figures(&after));
    prop_assert_eq!(judged(text), judged(&after));
    Ok(())
}

#[test]
fn spellings_of_others() {
    stays("97110:gp:59 neck 10 min\n");
    // The sentence gives the block its time, and stays as it is.
    becomes(
        "97110-gp neck\nO:  Ther ex (97110) 10:02 – 10:27.\n",
        "97110-GP neck\nO: Ther ex (97110) 10:02 – 10:27.\n",
    );
    becomes("97110 GP, 59 neck 10 min\n", "97110-GP, 59 neck 10 min\n");
    becomes("- 97110 GP  neck\n", "- 97110-GP neck\n");
    becomes("  Date: 11/20/2026\nS: a\n", "date: 2026-11-20\nS: a\n");
    stays("CPT 97110 (GP) neck 10 min\n");
    stays("Manual therapy  (97140): 12 minutes\n");
    becomes(
        "o: Mobilized 10:02 – 10:27 (97140).\n",
        "O: Mobilized 10:02 – 10:27 (97140).\n",
    );
    stays("97110 neck from 10:00 to 10:25\n");
    stays("CPT\tMin\tUnits\n97110\t25\t2\n");
    stays("Code  Mod  Time\n97110  GP  10:00-10:25\n");
}

#[test]
fn each_line_that_people_write_bills_the_same_afterwards() {
    let lines = written();
    assert!(lines.len() > 60, "{}", lines.len());
    for line in lines {
        bills_the_same(&format!("visit: 2026-11-19\n{line}\n  {line}\n")).unwrap();
    }
}

/// That a visit is read again before its edits are given is a last resort.
#[test]
fn nothing_has_to_be_taken_back_in_the_sample_notes() {
    for note in samples() {
        for note in [hurried(note), note.clone()] {
            for piece in Document::new(&note).pieces() {
                let visit = read(&piece.text);
                let changes = Lines::of(&piece.text, &visit).changes(true, true);
                assert!(
                    says_the_same(&piece.text, &visit, &changes),
                    "{}",
                    &piece.text
                );
            }
        }
    }
}

fn notes() -> impl Strategy<Value = String> {
    let pieces = vec![
        "visit:",
        "DOS: ",
        "11/20/2026",
        "Nov 20, 2026",
        "2026-1-5",
        "\n",
        "\n",
        "\n",
        "\r\n",
        "\r",
        " ",
        "  ",
        "\t",
        "97140",
        "97124 lumbar",
        "g0283",
        "-59",
        "–gp",
        " 59",
        " GP",
        "-",
        " 10:02 – 10:27",
        " 10:02 to 10:27",
        " 1:05 pm-1:30 pm",
        " 1305 – 1330",
        " 25 min",
        " x2",
        " x",
        " 2",
        "s:",
        "S: ",
        "SUBJECTIVE:",
        "plan: ",
        "tx:",
        "technique: petrissage",
        "Response:  ",
        "Time:",
        "Goal 1: walk 2 blocks by 12/15/26",
        "STG  2:",
        "referral: ",
        " to 12/31/26, 12 visits",
        "SESSION:",
        "dx:",
        "m54.50",
        ", ",
        "signed: A. Rivera, LMT ",
        "// a  ",
        "waive: units-limit because  x ",
        "Note:",
        "é",
        "\u{1F600}",
        "\u{feff}",
        "\0",
        "x",
        "__",
    ];
    prop::collection::vec(prop::sample::select(pieces), 0..40).prop_map(|p| p.concat())
}

proptest! {
    // Long texts, parsed and read several times each: fewer of them, so that the tests stay quick.
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn formatting_keeps_what_is_said(text in notes()) {
        holds(&text)?;
    }

    #[test]
    fn lines_that_people_write_bill_the_same_afterwards(
        lines in prop::collection::vec(
            (prop::sample::select(vec!["", "", "  ", "\t"]), prop::sample::select(written())),
            1..10,
        )
    ) {
        let lines: Vec<_> = lines.iter().map(|(indent, line)| format!("{indent}{line}\n")).collect();
        bills_the_same(&lines.concat())?;
    }

    #[test]
    fn a_note_cut_off_and_cluttered(
        (index, cut, at) in (0usize..1000, 0usize..4000, 0usize..4000),
        clutter in notes(),
    ) {
        let samples = samples();
        let note = &samples[index % samples.len()];
        let place = |mut at: usize| {
            at %= note.len() + 1;
            while !note.is_char_boundary(at) { at -= 1; }
            at
        };
        let (cut, at) = (place(cut), place(at));
        holds(&format!("{}{clutter}{}", &note[..at], &note[cut..]))?;
    }

    #[test]
    fn a_selection_and_enter_change_no_other_line(text in notes(), a in 0usize..200, b in 0usize..60) {
        let place = |at: usize| {
            let mut at = at.min(text.len());
            while !text.is_char_boundary(at) { at -= 1; }
            at
        };
        let span = Span::new(place(a), place(a + b));
        let analysis = analysis(&text);
        let line_start = |at: usize| {
            let mut start = text[..at].rfind(['\n', '\r']).map_or(0, |i| i + 1);
            // Between the two characters of a line break is no line's start.
            if start == at && text[..at].ends_with('\r') && text[at..].starts_with('\n') {
                start = text[..at - 1].rfind(['\n', '\r']).map_or(0, |i| i + 1);
            }
            start
        };
        let line_end = |at: usize| text[at..].find(['\n', '\r']).map_or(text.len(), |i| at + i + 1);
        let all = format(&analysis, None, Wishes::default());
        // A byte order mark inside a note may make the whole of it be left as it is, and not a piece.
        let marked = text.chars().skip(1).any(|c| c == '\u{feff}');
        for edit in format(&analysis, Some(&[span]), Wishes::default()) {
            let inside = line_start(span.start) <= edit.span.start
                && edit.span.end <= line_end(span.end) + 1;
            prop_assert!(inside, "{:?} {:?}", edit, span);
            let in_all = |e: &Edit| e.span.contains(edit.span);
            prop_assert!(marked || all.iter().any(in_all), "{:?} is not among {:?}", edit, all);
        }
        let at = span.start;
        let begun = line_start(at);
        for edit in after_enter(&analysis, at) {
            prop_assert!(edit.span.end <= line_end(at), "{:?} {}", edit, at);
            let ended = text[..begun].trim_end_matches(['\n', '\r']).len();
            let ended = line_start(ended.max(begun.saturating_sub(2).min(ended)));
            prop_assert!(ended <= edit.span.start, "{:?} {}", edit, at);
        }
    }
}
