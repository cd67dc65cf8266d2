//! From the start of the program to the first diagnostics.

use std::time::{Duration, Instant};

use crate::charts::{Care, chart};
use crate::figures::{Short, Table, Times, Verdict};
use crate::server::{CHART, Server};
use crate::{Extent, Failure, program};

/// Starts both servers in turn; returns how many rows are over their limits.
pub fn run(extent: Extent) -> Result<usize, Failure> {
    let text = chart(4 << 10, Care::Careful);
    let servers = [
        (program("soapstone")?, &["lsp"][..]),
        (program("empty-server")?, &[]),
    ];
    let mut times = [Times::default(), Times::default()];
    for run in 0..extent.pick(1, 10, 40) {
        for turn in 0..2 {
            let index = (run + turn) % 2;
            let (program, arguments) = &servers[index];
            let started = Instant::now();
            let mut server = Server::start(program, arguments)?;
            server.open(CHART, &text)?;
            times[index].push(started.elapsed());
            server.end()?;
        }
    }
    let [ours, empty] = times;
    let mut table = Table::new(
        "Start to first diagnostics, 4 KiB",
        &["server", "p50", "p95", "limit", "verdict"],
    );
    let cells = |name: &str, times: &Times| {
        let shown = |percent| Short(times.percentile(percent)).to_string();
        [name.to_owned(), shown(50), shown(95)]
    };
    let limit = Duration::from_millis(100);
    table.judged(
        &cells("soapstone", &ours),
        &Verdict::new(ours.percentile(95) <= limit, &Short(limit).to_string()),
    );
    table.judged(&cells("empty", &empty), &Verdict::none());
    Ok(table.print(extent))
}
