//! What is handed on: claim lines as a table and added up, a chart as a page, the figures of a practice.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use serde_json::Value;
use tempfile::TempDir;

const PROGRAMS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/end_to_end/handed_on")
}

/// The program over the notes, on a day that stays the same.
fn run(arguments: &[&str]) -> (i32, String, String) {
    run_in(&here().join("notes"), arguments)
}

fn run_in(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_soapstone"))
        .args(arguments)
        .current_dir(folder)
        .env("SOAPSTONE_TODAY", "2026-11-22")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

/// A page without what is in every page: the style and the plotting library.
fn own(page: &str) -> String {
    let mut own = page.to_owned();
    for (start, end) in [("<style>", "</style>"), ("<script>", "</script>")] {
        while let Some(from) = own.find(start) {
            let length = own[from..].find(end).unwrap() + end.len();
            own.replace_range(from..from + length, "");
        }
    }
    own
}

/// Every format, as it was looked at and found right.
#[test]
fn every_format_is_as_it_was() {
    for (name, arguments) in [
        ("claim.csv", "claim . --output-format csv"),
        (
            "claim-november.txt",
            "claim . --from 2026-11-05 --to 11/18/2026",
        ),
        (
            "claim-november.json",
            "claim . --from 2026-11-05 --to 11/18/2026 --output-format json",
        ),
        ("total.txt", "claim . --total"),
        ("total.json", "claim . --total --output-format json"),
        ("stats.txt", "stats ."),
        ("stats.json", "stats . --output-format json"),
        ("stats.html", "stats . --output-format html"),
        ("stats-november.txt", "stats . --from 2026-11-05"),
        ("chart.html", "export chart.soap"),
        ("visit.html", "export chart.soap --visit 11/9/2026"),
        ("day.html", "export day.soap"),
    ] {
        let (exit, printed, errors) = run(&arguments.split(' ').collect::<Vec<_>>());
        assert_eq!(exit, 0, "{arguments}: {errors}");
        let path = here().join(name);
        let printed = own(&printed).replace(env!("CARGO_PKG_VERSION"), "VERSION");
        if env::var_os("SOAPSTONE_BLESS").is_some() {
            fs::write(&path, printed).unwrap();
            continue;
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            printed == expected,
            "{arguments}: SOAPSTONE_BLESS=1 writes {name} anew\n{printed}"
        );
    }
}

/// The rows of a table as RFC 4180 has it.
fn rows(table: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut chars, mut quoted) = (table.chars().peekable(), false);
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            c => cell.push(c),
        }
    }
    assert!(cell.is_empty() && row.is_empty() && !quoted, "{table}");
    rows
}

#[test]
fn a_row_of_the_table_is_a_line_of_the_claim() {
    let (_, table, errors) = run(&["claim", ".", "--output-format", "csv"]);
    let rows = rows(&table);
    let column = |name: &str| rows[0].iter().position(|head| head == name).unwrap();
    assert!(rows.iter().all(|row| row.len() == rows[0].len()), "{table}");
    let units: u64 = rows[1..]
        .iter()
        .filter_map(|row| row[column("24G units")].parse::<u64>().ok())
        .sum();
    let (_, total, _) = run(&["claim", ".", "--total", "--output-format", "json"]);
    let total: Value = serde_json::from_str(&total).unwrap();
    assert_eq!(total["units"], units);
    for part in ["payers", "codes", "clinicians"] {
        let all = total[part].as_array().unwrap().iter();
        assert_eq!(
            all.map(|one| one["units"].as_u64().unwrap()).sum::<u64>(),
            units
        );
    }
    let of = |code: &str| {
        rows.iter()
            .find(|row| row[column("24D code")] == code)
            .unwrap()
    };
    assert_eq!(of("97535")[column("patient")], "\"Ann, the second\"");
    assert_eq!(
        of("97535")[column("24J rendering provider")],
        "L. Ferro, OTR/L"
    );
    assert_eq!(
        of("97535")[column("24B place of service")],
        "telehealth (02 or 10)"
    );
    assert_eq!(
        of("97012")[column("24J rendering provider")],
        "H. Abara, PT"
    );
    // Nothing that a note does not say: neither units without minutes, nor a payer, nor who signed.
    assert_eq!(of("97124?")[column("24G units")], "");
    assert_eq!(of("97124?")[column("24J rendering provider")], "");
    let undated = rows
        .iter()
        .find(|row| row[column("note")] == "undated.soap")
        .unwrap();
    assert_eq!(
        undated[column("payer")].clone() + &undated[column("24A date")],
        ""
    );
    for told in [
        "no unit is earned: 1 line: ",
        "minutes of a timed code are missing: 1 claim",
        "question mark",
    ] {
        assert!(errors.contains(told), "{told}: {errors}");
    }
}

#[test]
fn a_span_of_days_holds_both_ends_and_names_what_has_no_day() {
    let dates = |arguments: &[&str]| {
        let all = [&["claim", ".", "--output-format", "csv"], arguments].concat();
        let (_, table, errors) = run(&all);
        let dates: BTreeSet<String> = rows(&table)[1..].iter().map(|r| r[3].clone()).collect();
        (dates.into_iter().collect::<Vec<_>>().join(" "), errors)
    };
    let (all, _) = dates(&[]);
    assert_eq!(
        all,
        " 2026-11-02 2026-11-04 2026-11-09 2026-11-18 2026-11-20 2026-11-21"
    );
    let (some, errors) = dates(&["--from", "2026-11-04", "--to", "11/18/2026"]);
    assert_eq!(some, "2026-11-04 2026-11-09 2026-11-18");
    assert!(errors.contains("no date was read: 1 visit."), "{errors}");
}

#[test]
fn wrong_use_is_a_sentence() {
    for (arguments, sentence) in [
        ("claim . --total --output-format csv", "use one of the two"),
        (
            "claim . --fees --output-format csv",
            "--fees is for text and json",
        ),
        (
            "claim . --from 2026-11-05 --to 2026-11-04",
            "the last day is before the first",
        ),
        ("stats . --from yesterday", "write the date as"),
        ("export .", "export takes one note"),
        ("export gone.soap", "there is no such file"),
        (
            "export chart.soap --visit 2026-11-03",
            "its visits are from 2026-11-02 to 2026-11-20",
        ),
        (
            "export undated.soap --visit 2026-11-03",
            "none of its visits has a date",
        ),
        ("export chart.soap -o chart.soap", "is a note"),
        ("export chart.soap -o other.soap", "is a note"),
        (
            "export chart.soap -o nowhere/page.html",
            "could not be written",
        ),
    ] {
        let (exit, printed, errors) = run(&arguments.split(' ').collect::<Vec<_>>());
        assert_eq!((exit, printed.as_str()), (2, ""), "{arguments}: {errors}");
        assert!(errors.contains(sentence), "{arguments}: {errors}");
    }
}

fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn a_file_is_written_only_where_it_was_asked_for() {
    let folder = TempDir::new().unwrap();
    let note = folder.path().join("chart.soap");
    fs::copy(here().join("notes/chart.soap"), &note).unwrap();
    let before = files(folder.path());
    for command in [
        "export chart.soap",
        "stats --output-format html",
        "claim --output-format csv",
    ] {
        run_in(folder.path(), &command.split(' ').collect::<Vec<_>>());
    }
    assert_eq!(files(folder.path()), before);
    let (_, printed, _) = run_in(folder.path(), &["export", "chart.soap"]);
    let (exit, nothing, errors) =
        run_in(folder.path(), &["export", "chart.soap", "-o", "page.html"]);
    assert_eq!((exit, nothing + &errors), (0, String::new()));
    let page = folder.path().join("page.html");
    assert_eq!(fs::read_to_string(&page).unwrap(), printed);
    let mut after = files(folder.path());
    assert!(after.remove(&page));
    assert_eq!(after, before);
    let text = |path: &Path| fs::read_to_string(path).unwrap();
    assert_eq!(text(&note), text(&here().join("notes/chart.soap")));
}

/// The text of a page, if each of its elements ends where it has to. `script` and `style` are taken as they are.
fn text_of(page: &str) -> String {
    let (mut open, mut text, mut rest) = (Vec::new(), String::new(), page);
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        let end = at + rest[at..].find('>').expect("the tag ends");
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        let name = tag.split([' ', '/', '\n']).next().unwrap();
        let quotes = tag.matches('"').count();
        assert!(!tag.contains('<') && quotes % 2 == 0, "<{tag}>");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "</{name}>");
        } else if !tag.ends_with('/') && tag != "!DOCTYPE html" {
            open.push(name);
            // Its words are no tags.
            if matches!(name, "script" | "style") {
                let end = rest.find(&format!("</{name}>")).expect("it ends");
                rest = &rest[end..];
            }
        }
    }
    assert_eq!(open, [""; 0]);
    assert!(rest.trim().is_empty());
    let entities = ["&lt;", "&gt;", "&quot;", "&#39;", "&amp;"];
    let bare = entities
        .iter()
        .fold(text.clone(), |text, one| text.replace(one, ""));
    assert!(!bare.contains(['&', '>']), "{bare}");
    entities
        .iter()
        .zip(["<", ">", "\"", "'", "&"])
        .fold(text, |text, (entity, sign)| text.replace(entity, sign))
}

#[test]
fn pages_are_whole_and_load_nothing() {
    for arguments in [
        "export chart.soap",
        "export day.soap",
        "export undated.soap",
        "stats . --output-format html",
    ] {
        let (_, page, _) = run(&arguments.split(' ').collect::<Vec<_>>());
        text_of(&page);
        for loading in [
            "src=",
            "href=",
            "url(",
            "@import",
            "fetch(",
            "XMLHttpRequest",
            "import(",
        ] {
            assert!(!page.contains(loading), "{arguments}: {loading}");
        }
        assert!(page.contains("default-src 'none'"));
        assert_eq!(
            page.contains("<script"),
            arguments.starts_with("stats"),
            "{arguments}"
        );
    }
}

/// A page of a chart has all of its words, but for its comments; and none of them is markup.
#[test]
fn no_word_of_the_note_is_lost() {
    for path in crate::notes::notes_of("clean").into_iter().step_by(9) {
        let note = fs::read_to_string(&path).unwrap();
        let (exit, page, _) = run(&["export", path.to_str().unwrap()]);
        assert_eq!(exit, 0, "{}", path.display());
        let page = text_of(&page);
        let words: BTreeSet<&str> = page.split(|c: char| !c.is_alphanumeric()).collect();
        let lines = note
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        for word in lines.flat_map(|line| line.split(|c: char| !c.is_alphanumeric())) {
            let is_heading = word.len() <= 2;
            assert!(
                is_heading || words.contains(word),
                "{}: {word}",
                path.display()
            );
        }
    }
    let (_, page, _) = run(&["export", "chart.soap"]);
    let shown = text_of(&page);
    assert!(
        shown.contains("<script>alert('x')</script>\" & smiled"),
        "{shown}"
    );
    assert!(
        !shown.contains("letter of the employer"),
        "a comment is no part of the note"
    );
}

#[test]
fn figures_hold_no_words_of_the_notes() {
    for format in ["text", "json", "html"] {
        let (_, out, _) = run(&["stats", ".", "--output-format", format]);
        for words in [
            "10234",
            "Ann",
            "desk",
            "Hypertonic",
            "employer",
            "dressing",
            "A1234",
            "Okafor",
        ] {
            assert!(!out.contains(words), "{format}: {words}");
        }
        assert!(out.contains("J. Chen, PT"), "{format}");
    }
}

fn chromium() -> Option<PathBuf> {
    let folders = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&folders).collect();
    let mut files = PROGRAMS
        .iter()
        .flat_map(|name| folders.iter().map(move |f| f.join(name)));
    let found = files.find(|file| file.is_file());
    let all = env::var_os("SOAPSTONE_TEST_ALL").is_some();
    assert!(
        found.is_some() || !all,
        "Chromium is not installed (apt-get install chromium)"
    );
    if found.is_none() {
        println!("Not tried in a browser: Chromium is not installed (apt-get install chromium).");
    }
    found
}

/// What the browser prints of a page that is opened as a reader opens it.
fn browse(browser: &Path, folder: &Path, page: &str, arguments: &[&str]) -> String {
    let profile = format!("--user-data-dir={}", folder.join("profile").display());
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
        ])
        .args([
            "--disable-background-networking",
            "--virtual-time-budget=2000",
            &profile,
        ])
        .args(arguments)
        .arg(format!("file://{}", folder.join(page).display()))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_browser_prints_the_chart_with_each_visit_on_a_sheet_of_its_own() {
    let Some(browser) = chromium() else {
        return;
    };
    let folder = TempDir::new().unwrap();
    let sheets = |arguments: &[&str]| {
        let (_, page, _) = run(&[&["export", "chart.soap"], arguments].concat());
        fs::write(folder.path().join("page.html"), page).unwrap();
        let pdf = folder.path().join("page.pdf");
        let print = format!("--print-to-pdf={}", pdf.display());
        browse(
            &browser,
            folder.path(),
            "page.html",
            &["--no-pdf-header-footer", &print],
        );
        let pdf = fs::read(pdf).unwrap();
        assert!(pdf.starts_with(b"%PDF-"));
        let words = String::from_utf8_lossy(&pdf);
        words.matches("/Type /Page").count() - words.matches("/Type /Pages").count()
    };
    let (chart, visit) = (sheets(&[]), sheets(&["--visit", "2026-11-09"]));
    // The chart's own sheet, then one at least for each of three visits, or for one.
    assert!((4..=8).contains(&chart), "{chart} sheets");
    assert!((2..=3).contains(&visit) && visit < chart, "{visit} sheets");
}

#[test]
fn a_browser_draws_the_plots_and_runs_nothing_of_a_note() {
    let Some(browser) = chromium() else {
        return;
    };
    let folder = TempDir::new().unwrap();
    let shown = |arguments: &[&str]| {
        let (_, page, _) = run(arguments);
        fs::write(folder.path().join("page.html"), page).unwrap();
        browse(&browser, folder.path(), "page.html", &["--dump-dom"])
    };
    let stats = shown(&["stats", ".", "--output-format", "html"]);
    let places = stats.matches("class=\"plot\"").count();
    assert!(places > 4, "{places}");
    assert_eq!(
        stats.matches("<canvas").count(),
        places,
        "each plot is drawn"
    );
    let chart = shown(&["export", "chart.soap"]);
    assert!(chart.contains("&lt;script&gt;alert('x')") && !chart.contains("<script"));
}
