//! Memory with a 1 MiB chart open, as the kernel counts it, and the size of the program.

use std::fs;

use crate::charts::{Care, chart};
use crate::edits::in_the_middle;
use crate::figures::{Table, Verdict, megabytes};
use crate::server::{CHART, Server};
use crate::{Extent, Failure, program};

/// Measures Soapstone's memory and the empty server's; returns how many rows are over their limits.
pub fn run(extent: Extent) -> Result<usize, Failure> {
    const MOST: u64 = 80_000_000;
    const LARGEST: u64 = 20_000_000;
    let mut table = Table::new("Memory and size", &["what", "figure", "limit", "verdict"]);
    let bytes = extent.pick(4 << 10, 1 << 20, 1 << 20);
    let clean = chart(bytes, Care::Careful);
    let full = chart(bytes, Care::Careless);
    for (name, arguments, kind, text) in [
        ("soapstone", &["lsp"][..], "clean", &clean),
        ("soapstone", &["lsp"], "ten findings a visit", &full),
        ("empty-server", &[], "clean", &clean),
    ] {
        let mut server = Server::start(&program(name)?, arguments)?;
        server.open(CHART, text)?;
        let opened = Usage::of(server.id());
        let edits = in_the_middle(text, "\nvisit: ", "S: ", extent.pick(1, 200, 200));
        for (version, edit) in (2..).zip(&edits) {
            server.send_and_wait(&edit.message(CHART, version), version)?;
        }
        let edited = Usage::of(server.id());
        server.end()?;
        for (when, usage) in [("opened", opened), ("200 edits later", edited)] {
            let figure = usage.map_or_else(|| "not known here".to_owned(), Usage::shown);
            let verdict = match usage {
                Some(usage) if name == "soapstone" && when == "opened" => {
                    Verdict::new(usage.resident <= MOST, &megabytes(MOST))
                }
                _ => Verdict::none(),
            };
            table.judged(
                &[format!("{name}, 1 MiB, {kind}, {when}"), figure],
                &verdict,
            );
        }
    }
    let wrong = |error: std::io::Error| format!("the program's size: {error}");
    let size = fs::metadata(program("soapstone")?).map_err(wrong)?.len();
    table.judged(
        &["the program's file".to_owned(), megabytes(size)],
        &Verdict::new(size <= LARGEST, &megabytes(LARGEST)),
    );
    Ok(table.print(extent))
}

/// What a process takes.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    resident: u64,
    /// The most that it has taken so far.
    pub peak: u64,
}

impl Usage {
    /// As Linux says it; other systems are not asked.
    pub fn of(process: u32) -> Option<Self> {
        let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        let field = |name: &str| {
            let line = status.lines().find_map(|l| l.strip_prefix(name))?;
            let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
            Some(kibibytes * 1024)
        };
        Some(Self {
            resident: field("VmRSS:")?,
            peak: field("VmHWM:")?,
        })
    }

    /// For a reader.
    pub fn shown(self) -> String {
        let [resident, peak] = [self.resident, self.peak].map(megabytes);
        format!("{resident} (at most {peak})")
    }
}
