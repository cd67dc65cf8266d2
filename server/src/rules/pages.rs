//! The rules' pages are tests: every example says what the rule finds in it, and every fix that is
//! offered for an example or a sample note holds what it promises.
//!
//! With `SOAPSTONE_BLESS=1` the expected findings in the pages are written anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use proptest::prelude::*;

use super::{ALL, Edit, Finding, Fix, Rule};
use crate::analysis::Analysis;
use crate::policy::{Level, Policy};
use crate::text::{Document, Encoding, Span};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

fn blessing() -> bool {
    std::env::var_os("SOAPSTONE_BLESS").is_some()
}

fn path(rule: &Rule) -> PathBuf {
    Path::new(ROOT).join(format!("docs/rules/{}.md", rule.name))
}

/// The page that is embedded; the file's present state while blessing.
fn page(rule: &Rule) -> String {
    let text = if blessing() {
        std::fs::read_to_string(path(rule)).expect("a page")
    } else {
        rule.page.to_owned()
    };
    text.replace("\r\n", "\n")
}

/// A fenced note of a page.
struct Example {
    /// The line of its opening fence, from 1.
    line: usize,
    fires: bool,
    note: String,
    /// The lines between the fences of the block that follows, as indices.
    expected: Option<std::ops::Range<usize>>,
}

fn examples(page: &str) -> Vec<Example> {
    let lines: Vec<&str> = page.lines().collect();
    let closing = |from: usize| {
        let length = lines[from..].iter().position(|l| *l == "```");
        from + length.expect("a closing fence")
    };
    let mut examples = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let Some(kind) = lines[at].strip_prefix("```") else {
            at += 1;
            continue;
        };
        let end = closing(at + 1);
        if let Some(kind) = kind.strip_prefix("soap ") {
            assert!(matches!(kind, "fires" | "silent"), "unknown kind {kind}");
            let next = (end + 1..lines.len()).find(|i| !lines[*i].is_empty());
            let expected = next
                .filter(|i| lines[*i] == "```text")
                .map(|i| i + 1..closing(i + 1));
            examples.push(Example {
                line: at + 1,
                fires: kind == "fires",
                note: lines[at + 1..end].join("\n") + "\n",
                expected,
            });
        }
        at = end + 1;
    }
    examples
}

fn findings(text: &str) -> Vec<Finding> {
    let document = Document::new(text);
    let mut policy = Policy {
        today: Some(jiff::civil::date(2026, 11, 22)),
        ..Policy::default()
    };
    // One rule speaks only where the reader asks for dollars.
    policy.fees.show = true;
    Analysis::of(&document, &Arc::new(policy)).findings()
}

/// What a rule says about a note, one finding a line.
fn said(rule: &Rule, note: &str) -> Vec<String> {
    let document = Document::new(note);
    findings(note)
        .iter()
        .filter(|f| f.rule == rule)
        .map(|f| {
            let line = document.position(f.span.start, Encoding::Utf8).line + 1;
            format!("line {line}: {}: {}", f.level.word(), f.message)
        })
        .collect()
}

#[test]
fn the_levels_of_profiles_are_those_of_rules() {
    for payer in &*Policy::default().payers {
        for rule in payer.levels.keys() {
            assert!(super::find(rule).is_some(), "{}: {rule}", payer.name);
        }
    }
}

#[test]
fn every_page_has_its_parts() {
    let mut wrong = String::new();
    for rule in ALL {
        let page = page(rule);
        let mut expect = |holds: bool, what: &str| {
            if !holds {
                let _ = writeln!(wrong, "{}: {what}", rule.name);
            }
        };
        expect(page.starts_with(&format!("# {}\n\n", rule.name)), "title");
        let summary = page.split("\n\n").nth(1).unwrap_or_default();
        expect(
            summary.ends_with('.') && summary.lines().count() == 1 && !summary.contains("**"),
            "a summary of one line that ends in a full stop",
        );
        for part in [
            "\n\n**Level:** ",
            "\n## Why it matters\n\n",
            "\n## A note that gets it\n\n",
            "\n## Right\n\n",
            "\n## To silence it\n\n",
        ] {
            expect(page.matches(part).count() == 1, part.trim());
        }
        let word = match rule.level {
            Level::Information => "information",
            other => other.word(),
        };
        let level = page
            .lines()
            .find(|l| l.starts_with("**Level:** "))
            .unwrap_or_default();
        expect(
            level.starts_with(&format!("**Level:** {word}")),
            "the level's word",
        );
        expect(
            level.ends_with(&format!(" **Source:** {}.", rule.source)),
            "the source",
        );
        let silence = page.split("## To silence it").nth(1).unwrap_or_default();
        expect(
            silence.contains(&format!("`waive: {} because", rule.name))
                && silence.contains(&format!("{} = \"off\"", rule.name)),
            "both ways to silence it",
        );
        let examples = examples(&page);
        let firing = examples.iter().filter(|e| e.fires).count();
        expect(firing >= 1, "an example that fires");
        expect(examples.len() - firing >= 2, "two silent examples");
        for name in page.lines().flat_map(names_in) {
            let payer = Policy::default().find(name).is_some();
            expect(
                super::find(name).is_some() || payer || name == "massage-and-manual",
                &format!("`{name}` is no rule and no payer"),
            );
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// The words in backticks that look like a rule's name.
fn names_in(line: &str) -> impl Iterator<Item = &str> {
    let quoted = line.split('`').skip(1).step_by(2);
    quoted.filter(|word| {
        word.contains('-') && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
    })
}

#[test]
fn every_example_is_judged_as_its_page_says() {
    let mut wrong = String::new();
    for rule in ALL {
        let page = page(rule);
        let mut lines: Vec<String> = page.lines().map(str::to_owned).collect();
        for example in examples(&page).iter().rev() {
            let said = said(rule, &example.note);
            let at = format!("docs/rules/{}.md:{}", rule.name, example.line);
            if said.is_empty() == example.fires {
                let _ = writeln!(wrong, "{at}: {said:#?}");
            }
            match &example.expected {
                Some(expected) if example.fires => {
                    if blessing() {
                        lines.splice(expected.clone(), said);
                    } else if lines[expected.clone()] != said {
                        let _ = writeln!(wrong, "{at}: {said:#?}");
                    }
                }
                None if example.fires => {
                    let _ = writeln!(wrong, "{at}: no expected findings follow");
                }
                Some(_) | None => {}
            }
        }
        if blessing() {
            std::fs::write(path(rule), lines.join("\n") + "\n")
                .expect("a page that can be written");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_example_can_be_silenced_as_its_page_says() {
    for rule in ALL {
        let (off, problems) = super::read_policy(&format!("[rules]\n{} = \"off\"\n", rule.name));
        assert_eq!(problems, []);
        let off = Arc::new(off);
        for example in examples(&page(rule)).iter().filter(|e| e.fires) {
            let waived = format!(
                "waive: {} because it is a sample\n{}",
                rule.name, example.note
            );
            assert_eq!(said(rule, &waived), [""; 0], "{}", rule.name);
            let analysis = Analysis::of(&Document::new(&example.note), &off);
            assert!(
                analysis.findings().iter().all(|f| f.rule.name != rule.name),
                "{}",
                rule.name
            );
        }
    }
}

/// The sample notes below a folder of `tests/notes`, with their paths.
fn notes(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(ROOT).join("tests/notes").join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the sample notes") {
            let path = entry.expect("a sample note").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "soap") {
                let text = std::fs::read_to_string(&path).expect("a note in UTF-8");
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                found.push((name.into_owned(), text));
            }
        }
    }
    assert!(!found.is_empty());
    found.sort();
    found
}

/// Every example of every page and every sample note.
fn all_notes() -> Vec<(String, String)> {
    let mut all = notes("");
    for rule in ALL {
        let examples = examples(&page(rule)).into_iter();
        all.extend(examples.map(|e| (format!("{}.md:{}", rule.name, e.line), e.note)));
    }
    all
}

/// A note with a word in every sentence that no one else would write.
fn with_word(note: &str, word: &str) -> String {
    let document = Document::new(note);
    let analysis = Analysis::of(&document, &Arc::new(Policy::default()));
    let sentences = analysis.pieces().flat_map(|piece| {
        let prose = piece.visit.prose.iter().map(|prose| prose.span);
        let goals = piece.visit.goals.iter().map(|goal| goal.span);
        let details = piece.visit.modalities.iter().flat_map(|m| &m.details);
        let spans = prose.chain(goals).chain(details.map(|detail| detail.span));
        spans.map(|span| piece.start + piece.text[..span.end].trim_end().len())
    });
    let mut places: Vec<usize> = sentences.collect();
    places.sort_unstable();
    places.dedup();
    let mut note = note.to_owned();
    for place in places.into_iter().rev() {
        note.insert_str(place, &format!(" {word}"));
    }
    note
}

/// A list of findings can be shown to a biller.
#[test]
fn no_word_of_a_sentence_is_in_what_is_said_of_it() {
    const WORD: &str = "zyxwcanary";
    let mut spoke = BTreeMap::new();
    for (name, note) in all_notes() {
        let note = with_word(&note, WORD);
        for finding in findings(&note) {
            let related = finding.related.iter().map(|r| &*r.message);
            let titles = finding.fixes.iter().map(|fix| &*fix.title);
            for words in std::iter::once(&*finding.message)
                .chain(related)
                .chain(titles)
            {
                assert!(
                    !words.contains(WORD),
                    "{name}: {}: {words}",
                    finding.rule.name
                );
            }
            if note.contains(WORD) {
                spoke.insert(finding.rule.name, name.clone());
            }
        }
    }
    // Nearly all rules spoke: else this says nothing of them.
    assert!(
        spoke.len() * 10 > ALL.len() * 8,
        "{} of {}",
        spoke.len(),
        ALL.len()
    );
}

fn counts(findings: &[Finding]) -> BTreeMap<(&'static str, Level), usize> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts
            .entry((finding.rule.name, finding.level))
            .or_default() += 1;
    }
    counts
}

/// The text after the edits; what is wrong with them if they cannot be made.
fn applied(text: &str, edits: &[Edit]) -> Result<String, String> {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    if edits.is_empty() {
        return Err("no edit".to_owned());
    }
    edits.sort_by_key(|e| e.span);
    let mut result = String::new();
    let mut at = 0;
    for Edit { span, text: new } in edits {
        if span.start < at || span.end < span.start {
            return Err(format!("edits overlap at {span:?}"));
        }
        let kept = text.get(at..span.start);
        let (Some(kept), Some(_)) = (kept, text.get(span.range())) else {
            return Err(format!("out of bounds or inside a character: {span:?}"));
        };
        result.push_str(kept);
        result.push_str(new);
        at = span.end;
    }
    result.push_str(&text[at..]);
    Ok(result)
}

/// What is wrong with a fix of one of the findings.
fn fault(text: &str, before: &[Finding], finding: &Finding, fix: &Fix) -> Option<String> {
    let text = match applied(text, &fix.edits) {
        Ok(text) => text,
        Err(fault) => return Some(fault),
    };
    let after = findings(&text);
    let (before, after_counts) = (counts(before), counts(&after));
    let key = (finding.rule.name, finding.level);
    let left = |key| after_counts.get(key).copied().unwrap_or(0);
    if left(&key) >= before[&key] {
        return Some("the finding stays".to_owned());
    }
    // A code that is known at last is judged for the first time.
    if matches!(finding.rule.name, "retired-code" | "unknown-code") {
        return None;
    }
    let placeholder = fix.edits.iter().any(|e| e.text.contains("___"));
    after_counts
        .iter()
        .filter(|(key, count)| {
            key.1 >= Level::Warning && **count > before.get(*key).copied().unwrap_or(0)
        })
        .find(|(key, _)| !(placeholder && key.0 == "unfilled-placeholder"))
        .map(|(key, _)| {
            let message = after.iter().rfind(|f| (f.rule.name, f.level) == *key);
            format!("{key:?} appears: {}", message.map_or("", |f| &f.message))
        })
}

/// Codes and times in sentences, in the shapes that notes give them, with the rule whose fixes are tried.
const IN_SENTENCES: &[(&str, &str)] = &[
    (
        "unread-code",
        "O: Bridges and planks (97110), tolerated well.",
    ),
    (
        "unread-code",
        "O: Ther ex 97110. Softer.\n   Guarding remains.\n",
    ),
    ("unread-code", "O: Bridges (97110) and balance (97112).\n"),
    (
        "unread-code",
        "O: Joint mobilization lumbar, 97140\nand bridges, 97110.\nSofter.\n",
    ),
    (
        "unread-code",
        "Tx: Electrical stimulation G0283 to low back\nA: Better.\n",
    ),
    (
        "unread-code",
        "Tx:\n- Manual therapy 97140\n- Ther ex 97110\nA: Better.\n",
    ),
    (
        "unread-code",
        "Effleurage to neck, CPT 97124\r\nSofter.\r\n",
    ),
    ("unread-code", "P: 97110 was done for 20 min.\n"),
    (
        "unread-code",
        "O: Tight.\n\n  Hot pack (97010) to neck\n  and lumbar.\nA: x\n",
    ),
    (
        "unread-code",
        "O: Codes used today were 97110 and 97530.\n97140 lumbar 15 min\n  technique: joint mobilization\n",
    ),
    (
        "ambiguous-minutes",
        "O: Ther ex (97110): bridges 10 min, bike 8 min. Softer.\n",
    ),
    (
        "ambiguous-minutes",
        "O: Tight. Ther ex lumbar (97110-GP) bridges 10 min, bike 9 min\n",
    ),
    (
        "ambiguous-minutes",
        "Manual therapy (97140) 15 min and ther ex (97110) bridges 10 min, bike 8 min\n   Softer now.\n",
    ),
    (
        "ambiguous-minutes",
        "Tx: 97140 15 min; 97110 bridges 10 min, bike 8 min; rest.\n",
    ),
    (
        "ambiguous-minutes",
        "- Balance (97112): board 12 min, foam 9 min\r\nA: Better.\r\n",
    ),
    (
        "ambiguous-minutes",
        "97110 lumbar, bridges 10 min, bike 8 min\n  response: softer\n",
    ),
    (
        "ambiguous-minutes",
        "97110/97112 lumbar 25 min\n  response: softer\nA: x\n",
    ),
    (
        "ambiguous-minutes",
        "- 97110 and 97112-GP R hip 25 min\nA: x\n",
    ),
    (
        "ambiguous-minutes",
        "O: Ther ex and neuro re-ed (97110/97112) 25 min. Softer.\n",
    ),
    (
        "ambiguous-minutes",
        "O: Tight.\nBridges and foam, 97110/97112, R hip, 40 minutes\n",
    ),
];

#[test]
fn fixes_of_codes_in_sentences_hold() {
    for (rule, body) in IN_SENTENCES {
        let text = format!(
            "dx: M54.50 low back pain\nvisit: 2026-11-20\n{body}\nsigned: J. Chen, PT 2026-11-20\n"
        );
        let before = findings(&text);
        let mut tried = 0;
        for finding in before.iter().filter(|f| f.rule.name == *rule) {
            for fix in &finding.fixes {
                tried += 1;
                let mended = applied(&text, &fix.edits).expect("edits that can be made");
                for word in text.split_whitespace() {
                    assert!(mended.contains(word), "{word} is lost: {mended}");
                }
                let after = findings(&mended);
                let (known, now) = (counts(&before), counts(&after));
                let count =
                    |counts: &BTreeMap<_, usize>| counts.get(&(*rule, finding.level)).copied();
                assert!(count(&now) < count(&known), "{}: {mended}", fix.title);
                for (key, count) in now {
                    let expected = key.0.starts_with("missing-") || key.0 == "unfilled-placeholder";
                    let more = count > known.get(&key).copied().unwrap_or(0);
                    assert!(
                        expected || key.1 < Level::Warning || !more,
                        "{key:?}: {mended}"
                    );
                }
            }
        }
        assert!(tried > 0, "{rule} has no fix: {text}");
    }
}

/// What is wrong with a fix that takes whole lines out: they are a block with its own lines below.
fn takes_too_much(text: &str, fix: &Fix) -> Option<String> {
    let mut gone = fix.edits.iter().filter(|e| e.text.is_empty());
    let foreign = gone.find_map(|e| {
        let mut lines = text[e.span.range()].lines().skip(1);
        lines.find(|l| !l.starts_with([' ', '\t']))
    });
    foreign.map(|line| format!("it takes {line:?} out as well"))
}

#[test]
fn every_fix_mends_what_it_says_and_breaks_nothing() {
    let mut wrong = String::new();
    let mut fixes = 0;
    for (name, text) in all_notes() {
        let before = findings(&text);
        for finding in before.iter().filter(|f| f.level >= Level::Information) {
            for fix in &finding.fixes {
                fixes += 1;
                let fault = fault(&text, &before, finding, fix);
                if let Some(fault) = fault.or_else(|| takes_too_much(&text, fix)) {
                    let rule = finding.rule.name;
                    let _ = writeln!(wrong, "{name}: {rule}: {:?}: {fault}", fix.title);
                }
            }
        }
    }
    assert!(fixes > 100, "only {fixes} fixes were tried");
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn a_fix_keeps_the_line_breaks() {
    for line_break in ["\n", "\r\n", "\r"] {
        for (name, text) in all_notes() {
            let text = text.replace("\r\n", "\n").replace('\n', line_break);
            for finding in findings(&text) {
                for fix in &finding.fixes {
                    let fixed = applied(&text, &fix.edits).expect("edits that can be made");
                    let rest = fixed.replace(line_break, "");
                    assert!(
                        !rest.contains(['\n', '\r']),
                        "{name}: {:?} mixes line breaks with {line_break:?}",
                        fix.title
                    );
                }
            }
        }
    }
}

/// What is an error in a note that breaks off although the whole note is right, because up to here
/// it is one.
const WRONG_SO_FAR: &[(&str, &str)] = &[
    // The second unit is earned together with the block that follows.
    ("pt-medicare-tie.soap", "units-overclaimed"),
];

/// Notes the errors of a prefix that nothing explains, each rule once for a note.
fn note_errors(wrong: &mut BTreeMap<(String, &str), String>, name: &str, prefix: &str) {
    for finding in findings(prefix) {
        let rule = finding.rule.name;
        if finding.level == Level::Error && !WRONG_SO_FAR.contains(&(name, rule)) {
            let line = prefix.lines().last().unwrap_or_default();
            wrong
                .entry((name.to_owned(), rule))
                .or_insert_with(|| format!("after {line:?}: {}", finding.message));
        }
    }
}

#[test]
fn a_clean_note_is_right_after_every_line() {
    let mut wrong = BTreeMap::new();
    for (name, text) in notes("clean") {
        let mut end = 0;
        for line in text.split_inclusive('\n') {
            end += line.len();
            for prefix in [&text[..end], text[..end].trim_end_matches(['\n', '\r'])] {
                note_errors(&mut wrong, &name, prefix);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_clean_note_is_right_after_every_character() {
    let mut wrong = BTreeMap::new();
    for (name, text) in notes("clean") {
        if !matches!(
            &*name,
            "lmt-tabs-accents-emoji.soap" | "pt-medicare-knee.soap"
        ) {
            continue;
        }
        for (end, _) in text.char_indices() {
            note_errors(&mut wrong, &name, &text[..end]);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

const CHART: &str = "\
patient: 10240
payer: medicare
provider: A. Rivera, LMT
goal 1: sit at desk 60 minutes by 2026-12-15 (now 30 minutes)

visit: 2026-11-02
dx: M54.50 low back pain
session: 10:00-10:50
O: Stiff.
97140 lumbar 10:02-10:27
  technique: joint mobilization
signed: A. Rivera, LMT 2026-11-02

visit: 2026-11-09
97124 lumbar 25 min x2
97140 cervical 7 min
A: Bétter \u{1F600}.

visit: 2026-11-16
97110 lumbar 20 min
";

fn fragment() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "",
        "\n",
        "\r\n",
        " ",
        "x",
        "visit: 2026-11-20\n",
        "\nDOS: 11/20/2026\n",
        "visit",
        ":",
        "dx: M54.2 neck pain\n",
        "goal 2: sleep better\n",
        "payer: auto\n",
        "payer: medicare\n",
        "97124 lumbar 20 min\n",
        "97140-59 cervical 10:00-10:20\n  technique: ___\n",
        "97110 6 min\n",
        "97250 lumbar\n",
        "timed minutes: 40\n",
        "session: 30 minutes\n",
        "waive: missing-goal, missing-diagnosis because it is a sample\n",
        "A: M54.50 no better.\n",
        "signed: A. Rivera, LMT 2026-11-20\n",
        "// ",
        "  technique: petrissage\n",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What is remembered from edit to edit is what a fresh look would find.
    #[test]
    fn an_updated_analysis_equals_a_fresh_one(
        edits in prop::collection::vec((0.0f64..1.0, 0usize..60, any::<bool>(), fragment()), 1..8),
    ) {
        let policy = Arc::new(Policy::default());
        let mut text = CHART.to_owned();
        let mut document = Document::new(&text);
        let mut analysis = Analysis::of(&document, &policy);
        for (place, length, at_line, insert) in edits {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
            let mut start = (place * text.len() as f64) as usize;
            while !text.is_char_boundary(start) {
                start -= 1;
            }
            if at_line {
                start = text[..start].rfind('\n').map_or(0, |at| at + 1);
            }
            // Half of the edits only insert.
            let mut end = (start + length.saturating_sub(30)).min(text.len());
            while !text.is_char_boundary(end) {
                end += 1;
            }
            text.replace_range(start..end, insert);
            document.replace(Span::new(start, end), insert);
            analysis = analysis.updated(&document, &policy);
            let fresh = Analysis::of(&Document::new(&text), &policy);
            let all = |analysis: &Analysis| analysis.findings();
            prop_assert_eq!(all(&analysis), all(&fresh), "in {:?}", text);
        }
    }
}
