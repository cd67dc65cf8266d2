//! A column of notes in, columns of what was found in them out.

use std::process;
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Float64Array, GenericStringArray, Int32Array, ListArray,
    OffsetSizeTrait, RecordBatch, StringArray, StructArray,
};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{DataType, Field, Fields, Schema};
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use soapstone::records::{Checker, Record};

/// What of a note is told.
#[derive(Clone, Copy)]
pub struct Wanted {
    pub findings: bool,
    pub lines: bool,
}

/// What was found in a note.
#[derive(Default)]
struct Told {
    findings: Vec<Finding>,
    lines: Vec<Line>,
    error: Option<String>,
}

/// A finding.
struct Finding {
    rule: String,
    severity: String,
    message: String,
    /// First line and column, last line and column.
    place: [i32; 4],
    source: String,
    url: Option<String>,
    payer: String,
    date: Option<String>,
    clinician: Option<String>,
}

/// A claim line.
struct Line {
    date: Option<String>,
    payer: String,
    clinician: Option<String>,
    number: i32,
    code: String,
    modifiers: Vec<String>,
    minutes: f64,
    units: i32,
    diagnoses: Vec<String>,
    proposed: bool,
    incomplete: bool,
}

/// What is told of each row, in the columns `findings`, `lines` and `error`.
pub fn table(
    checker: &Checker,
    batch: &RecordBatch,
    wanted: Wanted,
    threads: Option<usize>,
) -> Result<RecordBatch, String> {
    let column = |name: &str| batch.column_by_name(name).map(Words::of).transpose();
    let texts = column("text")?.ok_or("There is no column \"text\".")?;
    let (payers, dates) = (column("payer")?, column("date")?);
    let told = |row: usize| {
        let Some(text) = texts.at(row) else {
            return Told {
                error: Some("The row has no text.".to_owned()),
                ..Told::default()
            };
        };
        let payer = payers.as_ref().and_then(|column| column.at(row));
        let date = dates.as_ref().and_then(|column| column.at(row));
        Told::of(checker, &Record { text, payer, date }, wanted)
    };
    let rows = 0..batch.num_rows();
    let told: Vec<Told> = match threads {
        Some(1) => rows.map(told).collect(),
        threads => pool(threads)?.install(|| rows.into_par_iter().map(told).collect()),
    };
    let mut fields = Vec::new();
    let mut columns: Vec<ArrayRef> = Vec::new();
    let mut push = |name: &str, column: ArrayRef, nullable| {
        fields.push(Field::new(name, column.data_type().clone(), nullable));
        columns.push(column);
    };
    if wanted.findings {
        let lengths = OffsetBuffer::from_lengths(told.iter().map(|told| told.findings.len()));
        let found: Vec<&Finding> = told.iter().flat_map(|told| &told.findings).collect();
        push("findings", list(lengths, findings(&found)), false);
    }
    if wanted.lines {
        let lengths = OffsetBuffer::from_lengths(told.iter().map(|told| told.lines.len()));
        let all: Vec<&Line> = told.iter().flat_map(|told| &told.lines).collect();
        push("lines", list(lengths, lines(&all)), false);
    }
    let errors = told.iter().map(|told| told.error.as_deref());
    push("error", Arc::new(errors.collect::<StringArray>()), true);
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(|error| error.to_string())
}

impl Told {
    fn of(checker: &Checker, record: &Record<'_>, wanted: Wanted) -> Self {
        let judged = match checker.judged(record) {
            Ok(judged) => judged,
            Err(error) => {
                return Self {
                    error: Some(error),
                    ..Self::default()
                };
            }
        };
        let mut told = Self::default();
        if wanted.findings {
            told.findings = judged.finding_rows(|row| Finding {
                rule: row.rule.to_owned(),
                severity: row.severity.to_owned(),
                message: row.message.to_owned(),
                place: [
                    row.place.start.line,
                    row.place.start.column,
                    row.place.end.line,
                    row.place.end.column,
                ]
                .map(|number| i32::try_from(number).unwrap_or(i32::MAX)),
                source: row.source.to_owned(),
                url: row.url,
                payer: row.payer.to_owned(),
                date: row.date,
                clinician: row.clinician,
            });
        }
        if wanted.lines {
            let whole = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
            told.lines = judged.claim_rows(|row| Line {
                date: row.date,
                payer: row.payer.to_owned(),
                clinician: row.clinician,
                number: whole(row.line),
                code: row.code.to_owned(),
                modifiers: row.modifiers.to_vec(),
                minutes: row.minutes,
                units: whole(row.units),
                diagnoses: row.diagnoses.to_vec(),
                proposed: row.proposed,
                incomplete: row.incomplete,
            });
        }
        told
    }
}

/// A column of text, with offsets of either size.
enum Words<'a> {
    Small(&'a GenericStringArray<i32>),
    Large(&'a GenericStringArray<i64>),
}

impl<'a> Words<'a> {
    fn of(column: &'a ArrayRef) -> Result<Self, String> {
        match column.data_type() {
            DataType::Utf8 => Ok(Self::Small(column.as_string())),
            DataType::LargeUtf8 => Ok(Self::Large(column.as_string())),
            other => Err(format!("A column of text is wanted, not one of {other}.")),
        }
    }

    fn at(&self, row: usize) -> Option<&'a str> {
        fn at<O: OffsetSizeTrait>(words: &GenericStringArray<O>, row: usize) -> Option<&str> {
            words.is_valid(row).then(|| words.value(row))
        }
        match self {
            Self::Small(words) => at(words, row),
            Self::Large(words) => at(words, row),
        }
    }
}

fn list(lengths: OffsetBuffer<i32>, rows: StructArray) -> ArrayRef {
    let item = Arc::new(Field::new_list_field(rows.data_type().clone(), false));
    Arc::new(ListArray::new(item, lengths, Arc::new(rows), None))
}

/// Rows of columns, each with its name and whether it may be empty.
fn rows<const N: usize>(columns: [(&str, ArrayRef, bool); N]) -> StructArray {
    let fields = columns.iter();
    let fields: Fields = fields
        .map(|(name, column, nullable)| Field::new(*name, column.data_type().clone(), *nullable))
        .collect();
    let columns = columns.into_iter().map(|(_, column, _)| column).collect();
    StructArray::new(fields, columns, None)
}

/// A column of words.
fn words<'a, T>(rows: &[&'a T], of: impl Fn(&'a T) -> &'a str) -> ArrayRef {
    let words = rows.iter().map(|row| of(row));
    Arc::new(StringArray::from_iter_values(words))
}

/// A column of words that are not always known.
fn known<'a, T>(rows: &[&'a T], of: impl Fn(&'a T) -> &'a Option<String>) -> ArrayRef {
    let words = rows.iter().map(|row| of(row).as_deref());
    Arc::new(words.collect::<StringArray>())
}

fn numbers<'a, T>(rows: &[&'a T], of: impl Fn(&'a T) -> i32) -> ArrayRef {
    Arc::new(Int32Array::from_iter_values(rows.iter().map(|row| of(row))))
}

fn yes<'a, T>(rows: &[&'a T], of: impl Fn(&'a T) -> bool) -> ArrayRef {
    let yes = rows.iter().map(|row| Some(of(row)));
    Arc::new(yes.collect::<BooleanArray>())
}

/// A column of lists of words.
fn lists<'a, T>(rows: &[&'a T], of: impl Fn(&'a T) -> &'a Vec<String>) -> ArrayRef {
    let item = Field::new_list_field(DataType::Utf8, false);
    let mut lists = ListBuilder::new(StringBuilder::new()).with_field(item);
    for row in rows {
        for word in of(row) {
            lists.values().append_value(word);
        }
        lists.append(true);
    }
    Arc::new(lists.finish())
}

fn findings(found: &[&Finding]) -> StructArray {
    rows([
        ("rule", words(found, |f| &f.rule), false),
        ("severity", words(found, |f| &f.severity), false),
        ("message", words(found, |f| &f.message), false),
        ("start_line", numbers(found, |f| f.place[0]), false),
        ("start_column", numbers(found, |f| f.place[1]), false),
        ("end_line", numbers(found, |f| f.place[2]), false),
        ("end_column", numbers(found, |f| f.place[3]), false),
        ("source", words(found, |f| &f.source), false),
        ("url", known(found, |f| &f.url), true),
        ("payer", words(found, |f| &f.payer), false),
        ("date", known(found, |f| &f.date), true),
        ("clinician", known(found, |f| &f.clinician), true),
    ])
}

fn lines(all: &[&Line]) -> StructArray {
    let minutes = all.iter().map(|line| line.minutes);
    rows([
        ("date", known(all, |l| &l.date), true),
        ("payer", words(all, |l| &l.payer), false),
        ("clinician", known(all, |l| &l.clinician), true),
        ("line", numbers(all, |l| l.number), false),
        ("code", words(all, |l| &l.code), false),
        ("modifiers", lists(all, |l| &l.modifiers), false),
        (
            "minutes",
            Arc::new(Float64Array::from_iter_values(minutes)),
            false,
        ),
        ("units", numbers(all, |l| l.units), false),
        ("diagnoses", lists(all, |l| &l.diagnoses), false),
        ("proposed", yes(all, |l| l.proposed), false),
        ("incomplete", yes(all, |l| l.incomplete), false),
    ])
}

/// The threads that were last asked for. A process that was forked has none of those of the one before.
fn pool(threads: Option<usize>) -> Result<Arc<ThreadPool>, String> {
    type Made = (u32, usize, Arc<ThreadPool>);
    static POOL: Mutex<Option<Made>> = Mutex::new(None);
    let threads = threads.unwrap_or(0);
    let process = process::id();
    let mut made = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((of, count, pool)) = &*made
        && (*of, *count) == (process, threads)
    {
        return Ok(Arc::clone(pool));
    }
    let pool = ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = Arc::new(pool.map_err(|error| error.to_string())?);
    // Those of another process cannot be ended here.
    std::mem::forget(made.replace((process, threads, Arc::clone(&pool))));
    Ok(pool)
}
