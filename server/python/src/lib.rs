//! Soapstone as a Python module: what `soapstone/__init__.py` and its neighbors stand on.
//!
//! What is told of a note crosses as JSON, in the shapes that other programs have from the command line, and of a
//! table as columns of Arrow. No note is judged while Python's lock is held.

mod arrow;

use std::ffi::OsString;

use arrow_array::RecordBatch;
use arrow_pyarrow::PyArrowType;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde::Serialize;
use soapstone::records::{self, Record};

/// Judges notes by the same settings.
#[pyclass(frozen, module = "soapstone._soapstone")]
struct Checker {
    checker: records::Checker,
    problems: Vec<String>,
}

/// An answer as JSON, or an exception with a sentence that holds none of the note's words.
fn json(answer: &impl Serialize) -> Result<String, String> {
    serde_json::to_string(answer).map_err(|error| error.to_string())
}

fn raised<T>(told: Result<T, String>) -> PyResult<T> {
    told.map_err(PyValueError::new_err)
}

#[pymethods]
impl Checker {
    /// By the text of a settings file, which is told with its name, as of a day; today's unless it is named.
    #[new]
    #[pyo3(signature = (name=None, settings=None, today=None))]
    fn new(
        py: Python<'_>,
        name: Option<&str>,
        settings: Option<&str>,
        today: Option<&str>,
    ) -> PyResult<Self> {
        let file = name.zip(settings);
        let made = py.detach(|| records::Checker::with_settings(file, today));
        let (checker, problems) = raised(made)?;
        Ok(Self { checker, problems })
    }

    /// What in the settings could not be understood.
    #[getter]
    fn problems(&self) -> Vec<String> {
        self.problems.clone()
    }

    /// The day as of which notes are judged.
    #[getter]
    fn today(&self) -> Option<String> {
        Some(self.checker.policy().today?.to_string())
    }

    /// The findings of a note.
    fn check(
        &self,
        py: Python<'_>,
        text: &str,
        payer: Option<&str>,
        date: Option<&str>,
    ) -> PyResult<String> {
        let record = Record { text, payer, date };
        raised(py.detach(|| {
            let judged = self.checker.judged(&record)?;
            judged.findings(|findings| json(&findings))
        }))
    }

    /// The claims of a note.
    fn claim(
        &self,
        py: Python<'_>,
        text: &str,
        payer: Option<&str>,
        date: Option<&str>,
    ) -> PyResult<String> {
        let record = Record { text, payer, date };
        raised(py.detach(|| json(&self.checker.judged(&record)?.claims())))
    }

    /// The note that a text becomes.
    fn import_note(
        &self,
        py: Python<'_>,
        text: &str,
        payer: Option<&str>,
        date: Option<&str>,
    ) -> PyResult<String> {
        let record = Record { text, payer, date };
        raised(py.detach(|| self.checker.imported(&record, |note| json(note))?))
    }

    /// The codes that fit a code, the beginning of one, or words.
    fn codes(&self, py: Python<'_>, words: &str, limit: usize) -> PyResult<String> {
        raised(py.detach(|| json(&records::codes(words, limit, self.checker.policy()))))
    }

    /// The page of a rule, if there is a rule of that name.
    fn explain(&self, rule: &str) -> Option<&'static str> {
        let found = soapstone::rules::find_in(self.checker.policy(), &rule.trim().to_lowercase());
        found.map(|rule| rule.page)
    }

    /// What is told of each row of a batch with the columns `text`, `payer` and `date`, on so many threads; on all
    /// cores if none are named.
    #[pyo3(signature = (batch, findings, lines, threads=None))]
    fn table(
        &self,
        py: Python<'_>,
        batch: PyArrowType<RecordBatch>,
        findings: bool,
        lines: bool,
        threads: Option<usize>,
    ) -> PyResult<PyArrowType<RecordBatch>> {
        let wanted = arrow::Wanted { findings, lines };
        let PyArrowType(batch) = batch;
        let told = py.detach(|| arrow::table(&self.checker, &batch, wanted, threads));
        raised(told).map(PyArrowType)
    }
}

/// The names of all rules that come with Soapstone.
#[pyfunction]
fn rules() -> Vec<&'static str> {
    soapstone::rules::ALL.iter().map(|rule| rule.name).collect()
}

/// The program, with its name and its arguments. It ends the process as a program does.
#[pyfunction]
fn run(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| soapstone::cli::run_with(arguments))
}

#[pymodule]
fn _soapstone(module: &Bound<'_, PyModule>) -> PyResult<()> {
    records::note_places_of_panics();
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<Checker>()?;
    module.add_function(wrap_pyfunction!(rules, module)?)?;
    module.add_function(wrap_pyfunction!(run, module)?)
}
