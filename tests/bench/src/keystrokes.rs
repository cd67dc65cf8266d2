//! From a keystroke to its diagnostics, edit by edit in turn with the empty server.

use crate::charts::{Care, chart};
use crate::edits::{Edit, Kind, at_the_end, in_the_middle, paste_and_undo};
use crate::figures::{Short, Table, Times, Verdict};
use crate::server::Server;
use crate::{Extent, Failure, program};

/// Measures all kinds of edits at all sizes; returns how many are over their limits.
pub fn run(extent: Extent) -> Result<usize, Failure> {
    let mut table = Table::new(
        "From a keystroke to its diagnostics",
        &[
            "chart",
            "edit",
            "p50",
            "p95",
            "p99",
            "empty p50",
            "empty p95",
            "empty p99",
            "ratio",
            "limit",
            "verdict",
        ],
    );
    for (name, bytes) in extent.sizes() {
        let text = chart(*bytes, Care::Careful);
        let limit = if *bytes < 1 << 20 { 1.5 } else { 2.0 };
        measure(&mut table, name, &text, &Kind::ALL, Some(limit), extent)?;
    }
    if extent != Extent::Smoke {
        // What a reader sees of such a chart is a list of a hundred findings and more.
        let text = chart(100 << 10, Care::Careless);
        let kinds = [Kind::TypeInTheMiddle];
        measure(
            &mut table,
            "100 KiB, a slip in each visit",
            &text,
            &kinds,
            None,
            extent,
        )?;
        let text = chart(1 << 20, Care::Careless);
        measure(
            &mut table,
            "1 MiB, a slip in each visit",
            &text,
            &kinds,
            None,
            extent,
        )?;
    }
    Ok(table.print(extent))
}

fn measure(
    table: &mut Table,
    name: &str,
    text: &str,
    kinds: &[Kind],
    limit: Option<f64>,
    extent: Extent,
) -> Result<(), Failure> {
    let mut servers = [
        Server::start(&program("soapstone")?, &["lsp"])?,
        Server::start(&program("empty-server")?, &[])?,
    ];
    for server in &mut servers {
        server.open(text)?;
    }
    let mut version = 1;
    let mut play = |edits: Vec<Edit>| {
        let mut times: [Vec<(Kind, std::time::Duration)>; 2] = Default::default();
        for edit in edits {
            version += 1;
            let message = edit.message(version);
            // Whoever comes second finds the caches as the other left them, so they take turns.
            let order = if version % 2 == 0 { [0, 1] } else { [1, 0] };
            for index in order {
                let time = servers[index].send_and_wait(&message, version)?;
                times[index].extend(edit.kind.map(|kind| (kind, time)));
            }
        }
        Ok::<_, Failure>(times)
    };
    play(in_the_middle(text, extent.pick(1, 10, 50)))?;
    for (script, measured) in [
        (
            in_the_middle(text, extent.pick(1, 60, 400)),
            &[Kind::TypeInTheMiddle][..],
        ),
        (
            at_the_end(text, extent.pick(1, 60, 400)),
            &[Kind::TypeAtTheEnd],
        ),
        (
            paste_and_undo(text, extent.pick(1, 10, 60)),
            &[Kind::Paste, Kind::Undo],
        ),
    ] {
        if !measured.iter().any(|kind| kinds.contains(kind)) {
            continue;
        }
        let [ours, empty] = play(script)?;
        for kind in measured {
            let of = |all: &[(Kind, std::time::Duration)]| -> Times {
                all.iter()
                    .filter(|(k, _)| k == kind)
                    .map(|(_, time)| *time)
                    .collect()
            };
            let (ours, empty) = (of(&ours), of(&empty));
            let mut cells = vec![name.to_owned(), kind.name().to_owned()];
            for times in [&ours, &empty] {
                cells.extend([50, 95, 99].map(|p| Short(times.percentile(p)).to_string()));
            }
            let ratio = ours.ratio(&empty);
            cells.push(format!("{ratio:.2}"));
            let verdict = limit.filter(|_| kind.is_typed());
            let verdict = verdict.map_or_else(Verdict::none, |limit| {
                Verdict::at_most(ratio, limit, &limit.to_string())
            });
            table.judged(&cells, &verdict);
        }
    }
    for server in servers {
        server.end()?;
    }
    Ok(())
}
