use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::time::Instant;

use flate2::read::GzDecoder;

use super::*;

fn unpacked(bytes: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(bytes)
        .read_to_string(&mut text)
        .expect("a compressed text");
    text
}

fn codes_table() -> String {
    unpacked(include_bytes!(
        "../../../data/source/icd10cm-2026-10.tsv.gz"
    ))
}

/// Code, billable, title as the table has them.
fn rows(table: &str) -> BTreeMap<&str, (bool, String)> {
    table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .map(|line| {
            let mut cells = line.splitn(3, '\t');
            let mut cell = || cells.next().expect("three cells");
            let (code, billable, title) = (cell(), cell(), cell());
            (code, (billable == "1", title.replace("/\t", "/")))
        })
        .collect()
}

fn release() -> &'static Release {
    Release::built_in()
}

fn codes(entries: &[Entry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.code.as_str()).collect()
}

fn found(query: &str) -> Vec<String> {
    let entries = release().search(query, 8);
    entries.into_iter().map(|entry| entry.code).collect()
}

#[test]
fn every_code_is_found_with_its_title() {
    let table = codes_table();
    let rows = rows(&table);
    assert_eq!(rows.len(), 98_403);
    assert_eq!(rows.values().filter(|row| row.0).count(), 74_879);
    assert_eq!(release().len(), rows.len());
    assert_eq!(release().name(), "FY2027 (in force since October 2026)");
    for (&code, (billable, title)) in &rows {
        let expected = Entry {
            code: code.to_owned(),
            title: title.clone(),
            billable: *billable,
        };
        assert_eq!(release().find(code), Some(expected), "{code}");
    }
}

/// The children of all codes, and the categories, are all codes; and only categories have any.
#[test]
fn the_tree_is_whole() {
    let table = codes_table();
    let rows = rows(&table);
    let mut reached: BTreeSet<String> = rows
        .keys()
        .filter(|code| code.len() == 3)
        .map(|&code| code.to_owned())
        .collect();
    for (code, (billable, _)) in rows {
        let children = release().children(code);
        assert_eq!(children.is_empty(), billable, "{code}");
        for child in children {
            assert!(reached.insert(child.code.clone()), "{}", child.code);
        }
    }
    assert_eq!(reached.len(), release().len());
}

#[test]
fn the_file_is_what_the_tables_make() {
    let excludes1 = unpacked(include_bytes!(
        "../../../data/source/icd10cm-2026-04-excludes1.tsv.gz"
    ));
    let synonyms = unpacked(include_bytes!(
        "../../../data/source/icd10cm-2026-04-synonyms.tsv.gz"
    ));
    let codes = unpacked(include_bytes!(
        "../../../data/source/icd10cm-2026-04.tsv.gz"
    ));
    let made = build::build(&codes, Some(&excludes1), Some(&synonyms), "2026-04");
    let before = Release::on(Some(jiff::civil::date(2026, 9, 30)));
    assert_eq!(before.name(), "April 2026");
    assert!(
        made.expect("tables that can be read") == before.data[..],
        "run `cargo xtask icd10`"
    );
}

#[test]
fn every_spelling_is_found() {
    for spelling in ["M54.50", "m54.50", "M5450", "m5450", " M54.50 "] {
        let entry = release().find(spelling).expect("in the release");
        assert_eq!(entry.code, "M54.50");
        assert_eq!(entry.title, "Low back pain, unspecified");
        assert!(entry.billable);
    }
    assert!(release().find("s134xxa").is_some());
    assert!(release().find("M54").is_some_and(|entry| !entry.billable));
}

#[test]
fn junk_is_not_found() {
    for junk in [
        "",
        " ",
        ".",
        "M",
        "M5",
        "M54.",
        "M54..2",
        "M5.42",
        "M54.2.",
        "M54.2é",
        "é54.2",
        "ééé",
        "M54.222222222",
        "999",
        "9999",
        "724.2",
        "8E0KX1Z",
        "M54 2",
        "\0\0\0",
        "M54.2\n0",
        "ﬁﬁﬁ",
        "M\u{301}54",
        "zzzzzzz",
        "ZZZ.ZZZZ",
        "A00",
        "𝐌𝟓𝟒",
    ] {
        if junk != "A00" {
            assert_eq!(release().find(junk), None, "{junk}");
        }
        release().children(junk);
        release().billable_under(junk, 3);
        release().nearest(junk);
        release().search(junk, 3);
        release().excludes1(junk, "M54.2");
        release().excludes1("M54.2", junk);
        release().synonyms(junk);
        release().side(junk);
        release().other_side(junk);
        release().sided(junk, Side::Right);
    }
    assert_eq!(release().search("low back", 0), []);
    assert_eq!(release().billable_under("M54.5", 0), []);
    assert!(!release().search(&"pain ".repeat(40), 2).is_empty());
}

#[test]
fn damaged_bytes_are_no_release() {
    let bytes = release().data.to_vec();
    for length in (0..400).chain((400..bytes.len()).step_by(160_013)) {
        let cut = Release::from_bytes(Cow::Owned(bytes[..length].to_vec()));
        assert!(cut.is_empty() && cut.find("M54.2").is_none());
        assert!(cut.search("back", 3).is_empty());
    }
    for seed in 0..12_usize {
        let mut damaged = bytes.clone();
        for step in 0..2_000 {
            let at = 40 + (seed * 7_919 + step * 104_729) % (damaged.len() - 40);
            damaged[at] = damaged[at].wrapping_mul(31).wrapping_add(17);
        }
        let damaged = Release::from_bytes(Cow::Owned(damaged));
        damaged.find("M54.50");
        damaged.children("S72");
        damaged.excludes1("M54.50", "M54.41");
        damaged.synonyms("M54.50");
        damaged.search("low back", 5);
    }
}

#[test]
fn codes_below() {
    assert_eq!(
        codes(&release().children("M54.5")),
        ["M54.50", "M54.51", "M54.59"]
    );
    assert_eq!(
        codes(&release().children("S13.4")),
        ["S13.4XXA", "S13.4XXD", "S13.4XXS"]
    );
    assert_eq!(
        codes(&release().children("s13.4xx")),
        ["S13.4XXA", "S13.4XXD", "S13.4XXS"]
    );
    let m25 = release().children("M25");
    assert!(codes(&m25).contains(&"M25.5") && !codes(&m25).contains(&"M25.51"));
    assert_eq!(m25.iter().filter(|entry| entry.billable).count(), 1);
    assert_eq!(
        codes(&release().billable_under("M25.5", 4)),
        ["M25.50", "M25.511", "M25.512", "M25.519"]
    );
    assert_eq!(release().children("M54.2"), []);
    assert_eq!(release().billable_under("M54.2", 4), []);
}

#[test]
fn excluded_pairs() {
    let holder = |a: &str, b: &str| -> Option<String> {
        let one = release().excludes1(a, b);
        let other = release().excludes1(b, a);
        assert_eq!(one.is_some(), other.is_some(), "{a} {b}");
        one.map(|exclusion| exclusion.holder)
    };
    for (a, b, by) in [
        ("M62.830", "M79.18", "M62"),
        ("M54.2", "M50.222", "M54.2"),
        ("M54.50", "S39.012A", "M54.5"),
        ("M54.50", "M54.41", "M54.5"),
        ("m5459", "M51.26", "M54.5"),
        ("M54.31", "G57.01", "M54.3"),
        ("M75.101", "S46.011A", "M75.1"),
        ("A05.9", "A04.2", "A05"),
        ("A05.9", "T61.01XA", "A05"),
        ("G54.2", "M50.222", "G54"),
        ("M79.18", "M60.80", "M79.1"),
    ] {
        assert_eq!(holder(a, b).as_deref(), Some(by), "{a} {b}");
    }
    for (a, b) in [
        ("M54.50", "M54.2"),
        ("M54.50", "M54.50"),
        ("M54.5", "M54.50"),
        ("M54", "M54.41"),
        ("F06.71", "I69.020"),
        ("Z02.71", "Z02.71"),
        ("M25.511", "M79.601"),
        ("M62.830", "M62.838"),
    ] {
        assert_eq!(holder(a, b), None, "{a} {b}");
    }
    assert_eq!(
        release().excludes1("M54.2", "M50.222").map(|it| it.note),
        Some("cervicalgia due to intervertebral cervical disc disorder (M50.-)".to_owned())
    );
}

#[test]
fn other_names() {
    assert!(
        release()
            .synonyms("S13.4")
            .contains(&"Whiplash injury of cervical spine".to_owned())
    );
    assert!(
        release()
            .synonyms("m75.0")
            .contains(&"Frozen shoulder".to_owned())
    );
    assert!(
        release()
            .synonyms("M54.2")
            .contains(&"neck pain".to_owned())
    );
    assert_eq!(release().synonyms("M54.41"), Vec::<String>::new());
}

#[test]
fn the_code_that_was_meant() {
    for (typed, meant) in [
        ("M45.50", "M54.50"),
        ("M54.5O", "M54.50"),
        ("M54.l2", "M54.12"),
        ("S13.4A", "S13.4XXA"),
        ("S13.4XA", "S13.4XXA"),
        ("M79.81X", "M79.81"),
        ("M52.511", "M25.511"),
        ("MM54.2", "M54.2"),
        ("N54.2", "M54.2"),
        ("G44.290", "G44.209"),
        ("M62.803", "M62.830"),
    ] {
        let nearest = release().nearest(typed).map(|entry| entry.code);
        assert_eq!(nearest.as_deref(), Some(meant), "{typed}");
    }
    for typed in [
        "S39.012X",
        "QQQ.QQ",
        "M99.9999",
        "54",
        "M54.2.2.2.2.2.2",
        "X",
    ] {
        assert_eq!(release().nearest(typed), None, "{typed}");
    }
}

#[test]
fn sides_from_titles() {
    let sided = |code: &str, side: Side| release().sided(code, side).map(|entry| entry.code);
    let other = |code: &str| release().other_side(code).map(|entry| entry.code);
    for (right, left) in [
        ("M25.511", "M25.512"),
        ("M26.601", "M26.602"),
        ("M77.11", "M77.12"),
        ("G56.01", "G56.02"),
        ("M54.31", "M54.32"),
        ("S93.401A", "S93.402A"),
        ("S93.401D", "S93.402D"),
        ("M22.2X1", "M22.2X2"),
        ("M79.604", "M79.605"),
        ("I69.351", "I69.352"),
        ("M25.571", "M25.572"),
        ("S76.311A", "S76.312A"),
        ("S86.011A", "S86.012A"),
    ] {
        assert_eq!(release().side(right), Some(Side::Right), "{right}");
        assert_eq!(release().side(left), Some(Side::Left), "{left}");
        assert_eq!(other(right).as_deref(), Some(left));
        assert_eq!(other(left).as_deref(), Some(right));
    }
    for (open, right) in [
        ("M25.519", "M25.511"),
        ("M26.609", "M26.601"),
        ("M26.629", "M26.621"),
        ("M54.30", "M54.31"),
        ("M54.40", "M54.41"),
        ("M75.00", "M75.01"),
        ("M75.100", "M75.101"),
        ("M77.10", "M77.11"),
        ("G56.00", "G56.01"),
        ("S93.409A", "S93.401A"),
        ("M25.579", "M25.571"),
        ("H93.19", "H93.11"),
    ] {
        assert_eq!(release().side(open), Some(Side::Unspecified), "{open}");
        assert_eq!(sided(open, Side::Right).as_deref(), Some(right));
        assert_eq!(other(open), None);
        assert_eq!(sided(right, Side::Unspecified).as_deref(), Some(open));
    }
    assert_eq!(release().side("G56.03"), Some(Side::Both));
    assert_eq!(sided("G56.00", Side::Both).as_deref(), Some("G56.03"));
    assert_eq!(sided("G56.01", Side::Both).as_deref(), Some("G56.03"));
    assert_eq!(sided("M26.609", Side::Both).as_deref(), Some("M26.603"));
    assert_eq!(sided("M25.51", Side::Left).as_deref(), Some("M25.512"));
    assert_eq!(sided("M25.519", Side::Both), None);
    for code in [
        "M54.2", "M54.50", "M79.10", "M25.50", "M79.609", "R51.9", "F41.9", "M54.3",
    ] {
        assert_eq!(release().side(code), None, "{code}");
    }
}

/// Every common diagnosis of one side has its other side, and it leads back.
#[test]
fn common_sides_come_in_pairs() {
    for common in common::all() {
        if let Some(Side::Left | Side::Right) = release().side(common.code)
            && !common.code.starts_with("I69")
        {
            let other = release().other_side(common.code).expect(common.code);
            let back = release().other_side(&other.code).expect(common.code);
            assert_eq!(back.code, common.code);
        }
    }
}

#[test]
fn searches() {
    assert_eq!(found("low back")[..3], ["M54.50", "M54.51", "M54.59"]);
    assert_eq!(found("shoulder r")[0], "M25.511");
    assert_eq!(found("R shoulder pain")[0], "M25.511");
    assert_eq!(found("lt shoulder")[0], "M25.512");
    assert_eq!(found("(L) shoulder")[0], "M25.512");
    assert_eq!(found("whiplash")[..2], ["S13.4XXA", "S13.4XXD"]);
    assert_eq!(
        found("frozen shoulder")[..3],
        ["M75.00", "M75.01", "M75.02"]
    );
    assert_eq!(found("frozen shoulder rt")[0], "M75.01");
    assert_eq!(found("tennis elbow left")[0], "M77.12");
    assert_eq!(found("neck pain")[0], "M54.2");
    assert_eq!(found("LBP")[0], "M54.50");
    assert_eq!(found("golfer's elbow r")[0], "M77.01");
    assert_eq!(found("golfers elbow r")[0], "M77.01");
    assert_eq!(found("carpal b/l")[0], "G56.03");
    assert_eq!(found("TMJ")[0], "M26.601");
    assert_eq!(found("de quervain")[0], "M65.4");
    assert_eq!(found("meniere")[0], "H81.0");
    assert_eq!(found("knees right pain")[0], "M25.561");
    assert_eq!(found("plantar fasciitis")[..2], ["M67.A01", "M67.A02"]);
    assert_eq!(found("trigger points")[0], "M79.10");
    for query in ["M54", "m54", "M54."] {
        assert_eq!(found(query)[0], "M54.2", "{query}");
    }
    assert_eq!(found("m545"), ["M54.50", "M54.51", "M54.59", "M54.5"]);
    assert_eq!(found("M54.5"), found("m545"));
    assert_eq!(found("M25.5 right knee")[0], "M25.561");
    assert_eq!(found("M99.99Z"), Vec::<String>::new());
    assert_eq!(found("pain xyzzy"), Vec::<String>::new());
    for query in ["", " ", "...", "'", "-"] {
        assert_eq!(found(query), Vec::<String>::new(), "{query}");
    }
}

/// Against the titles themselves, without numbers, blocks and marks.
#[test]
fn a_search_finds_what_a_plain_one_does() {
    let table = codes_table();
    let rows = rows(&table);
    for query in [
        "displaced patella",
        "hemiplegia",
        "nonunion ulna",
        "abscess",
    ] {
        let plain: BTreeSet<&str> = rows
            .iter()
            .filter(|(_, (_, title))| {
                let title = title.to_lowercase();
                let words: Vec<&str> = title.split(|c: char| !c.is_alphanumeric()).collect();
                query
                    .split(' ')
                    .all(|wanted| words.iter().any(|word| word.starts_with(wanted)))
            })
            .map(|(&code, _)| code)
            .collect();
        let entries = release().search(query, usize::MAX);
        let found: BTreeSet<&str> = codes(&entries).into_iter().collect();
        assert!(plain.len() > 20 && plain.is_subset(&found), "{query}");
        assert_eq!(found.len(), entries.len());
        let more = found.difference(&plain).count();
        assert!(more < plain.len(), "{query}: {more}");
    }
}

#[test]
fn a_release_of_the_clinic() {
    let release = Release::from_tables(
        "# ours\ncode\tbillable\ttitle\nM54\t0\tDorsalgia\nM542\t1\tCervicalgia\nm54.7\t1\tBack pain, new\nM50\t1\tDisc\n",
        Some("M54.2\tM50.-\tdisc (M50.-)\n"),
        Some("M54.7\tlumbago\n"),
        "October 2026",
    )
    .expect("tables that can be read");
    assert_eq!(release.name(), "October 2026");
    assert_eq!(release.len(), 4);
    assert_eq!(codes(&release.children("M54")), ["M54.2", "M54.7"]);
    assert_eq!(codes(&release.search("lumbago", 3)), ["M54.7"]);
    assert_eq!(codes(&release.search("neck", 3)), ["M54.2"]);
    assert!(release.excludes1("M50", "M54.2").is_some());
    let error = Release::from_tables("M54\t0\tDorsalgia\nM54.2\n", None, None, "x").err();
    assert_eq!(
        error.map(|error| error.to_string()).as_deref(),
        Some("codes, line 2: 3 cells expected, found 1")
    );
}

#[test]
#[ignore = "prints times, which depend on the machine; run it alone, in release mode, with --nocapture"]
fn times() {
    let start = Instant::now();
    let first = release().find("M54.50");
    println!("first find: {:?} {first:?}", start.elapsed());
    let table = codes_table();
    let rows = rows(&table);
    let time = |what: &str, times: usize, work: &mut dyn FnMut()| {
        let start = Instant::now();
        for _ in 0..times {
            work();
        }
        let each = start.elapsed() / u32::try_from(times).unwrap_or(1);
        println!("{what}: {each:?}");
    };
    let mut all = rows.keys().cycle();
    time("find", rows.len(), &mut || {
        std::hint::black_box(all.next().and_then(|code| release().find(code)));
    });
    let worst = rows
        .keys()
        .map(|code| {
            let start = Instant::now();
            std::hint::black_box(release().find(code));
            start.elapsed()
        })
        .max();
    println!("slowest find: {worst:?}");
    for query in [
        "low back",
        "shoulder r",
        "s",
        "fracture",
        "M54",
        "initial encounter left displaced fracture of",
    ] {
        time(&format!("search `{query}`"), 50, &mut || {
            std::hint::black_box(release().search(query, 20));
        });
    }
    time("excludes1", 1000, &mut || {
        std::hint::black_box(release().excludes1("M54.50", "S39.012A"));
    });
    time("nearest", 100, &mut || {
        std::hint::black_box(release().nearest("M45.50"));
    });
    time("side of M25.519", 100, &mut || {
        std::hint::black_box(release().side("M25.519"));
    });
    time("side of S72.009A", 100, &mut || {
        std::hint::black_box(release().side("S72.009A"));
    });
    time("billable_under S72", 100, &mut || {
        std::hint::black_box(release().billable_under("S72", 10_000));
    });
    time("children S72", 100, &mut || {
        std::hint::black_box(release().children("S72"));
    });
    time("from_tables", 3, &mut || {
        std::hint::black_box(Release::from_tables(&table, None, None, "x")).ok();
    });
}

/// M72.2 was right until 2026-09-30.
#[test]
fn the_day_decides_which_release_holds() {
    use jiff::civil::date;
    let billable = |day| Release::on(day).find("M72.2").map(|entry| entry.billable);
    assert_eq!(billable(Some(date(2026, 9, 30))), Some(true));
    assert_eq!(billable(Some(date(2026, 10, 1))), Some(false));
    assert_eq!(billable(None), Some(false));
    assert!(Release::was_billable("M72.2"));
}

#[test]
fn a_whole_code_is_found_by_its_number() {
    assert_eq!(found("S13.4XXA"), ["S13.4XXA"]);
    assert_eq!(found("s134xxa"), ["S13.4XXA"]);
    assert_eq!(found("S13.4XXQ"), [""; 0]);
}
