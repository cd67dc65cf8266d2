//! Memory with a 1 MiB chart open, as the kernel counts it, and the size of the program.

use std::fs;

use crate::charts::{Care, chart};
use crate::edits::in_the_middle;
use crate::figures::{Table, Verdict, megabytes};
use crate::server::Server;
use crate::{Extent, Failure, program};

/// Measures both servers; returns how many rows are over their limits.
pub fn run(extent: Extent) -> Result<usize, Failure> {
    let mut table = Table::new("Memory and size", &["what", "figure", "limit", "verdict"]);
    let text = chart(extent.pick(4 << 10, 1 << 20, 1 << 20), Care::Careful);
    let edits = in_the_middle(&text, extent.pick(1, 200, 200));
    let servers = [("soapstone", &["lsp"][..]), ("empty-server", &[])];
    for (name, arguments) in servers {
        let mut server = Server::start(&program(name)?, arguments)?;
        server.open(&text)?;
        let opened = Usage::of(server.id());
        for (version, edit) in (2..).zip(&edits) {
            server.send_and_wait(&edit.message(version), version)?;
        }
        let edited = Usage::of(server.id());
        server.end()?;
        for (when, usage, promised) in
            [("opened", opened, true), ("200 edits later", edited, false)]
        {
            let Some(usage) = usage else {
                table.judged(
                    &[
                        format!("{name}, 1 MiB chart, {when}"),
                        "not told here".to_owned(),
                    ],
                    &Verdict::none(),
                );
                continue;
            };
            let verdict = if name == "soapstone" && promised {
                Verdict::at_most(to_f64(usage.resident), 60e6, "60 MB")
            } else {
                Verdict::none()
            };
            let figure = format!(
                "{} (at most {})",
                megabytes(usage.resident),
                megabytes(usage.peak)
            );
            table.judged(&[format!("{name}, 1 MiB chart, {when}"), figure], &verdict);
        }
    }
    let wrong = |error: std::io::Error| format!("the program's size: {error}");
    let size = fs::metadata(program("soapstone")?).map_err(wrong)?.len();
    let verdict = Verdict::at_most(to_f64(size), 20e6, "20 MB");
    table.judged(
        &["the program's file".to_owned(), megabytes(size)],
        &verdict,
    );
    Ok(table.print(extent))
}

#[expect(clippy::cast_precision_loss, reason = "megabytes")]
fn to_f64(bytes: u64) -> f64 {
    bytes as f64
}

/// What a process takes.
#[derive(Clone, Copy)]
struct Usage {
    resident: u64,
    peak: u64,
}

impl Usage {
    /// As Linux tells it; other systems are not asked.
    fn of(process: u32) -> Option<Self> {
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
}
