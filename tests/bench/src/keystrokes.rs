//! From a keystroke to its diagnostics, in turns with the empty server and with ruff's.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::charts::{Care, FINDINGS, chart, visits};
use crate::edits::{Edit, in_the_middle};
use crate::figures::{Short, Table, Times, Verdict};
use crate::python::{HEADING, functions, script};
use crate::server::{CHART, File, SCRIPT, Server};
use crate::{Extent, Failure, program, ruff};

/// From this size on, Soapstone is held against ruff.
const HELD_AGAINST_RUFF: usize = 100 << 10;

/// How many keystrokes come before the first that is measured.
const WARMING_UP: usize = 10;

/// How many keys a server gets before it is another's turn: nobody types into two servers at once.
const TURN: usize = 50;

/// How long a server has after its turn to put away what it made, so that this is not measured at the next one.
const REST: Duration = Duration::from_millis(300);

/// The most findings that Soapstone shows of one chart.
const SHOWN: usize = 1_000;

/// A kind of chart, and what is promised of a keystroke in it.
struct Promise {
    care: Care,
    name: &'static str,
    /// In milliseconds, what 95 of 100 keystrokes must not take longer than, by size.
    p95: [u64; 3],
    /// How much of ruff's middle time Soapstone's may be.
    share: f64,
}

const PROMISES: [Promise; 2] = [
    Promise {
        care: Care::Careful,
        name: "clean",
        p95: [2, 3, 8],
        share: 0.5,
    },
    Promise {
        care: Care::Careless,
        name: "ten findings a visit",
        p95: [3, 6, 12],
        share: 1.0,
    },
];

/// Measures both kinds of charts at all sizes; returns how many are over their limits.
pub fn run(extent: Extent) -> Result<usize, Failure> {
    let ruff = ruff();
    if ruff.is_none() && extent != Extent::Smoke {
        println!("\nRuff is not installed; its rows are missing.");
    }
    let mut table = Table::new(
        "From a keystroke to its diagnostics",
        &[
            "chart",
            "server",
            "p50",
            "p95",
            "p99",
            "p50, of ruff's",
            "limit",
            "verdict",
        ],
    );
    for promise in &PROMISES {
        for ((size, bytes), limit) in extent.sizes().iter().zip(promise.p95) {
            let players = players(ruff.as_deref(), *bytes, promise.care, extent)?;
            let times = play(players)?;
            let name = format!("{size}, {}", promise.name);
            let limit = Duration::from_millis(limit);
            let share = (*bytes >= HELD_AGAINST_RUFF).then_some(promise.share);
            show(&mut table, &name, &times, limit, share);
        }
    }
    Ok(table.print(extent))
}

/// A server with its text open, and what is typed into that.
struct Player {
    name: &'static str,
    server: Server,
    file: File,
    edits: Vec<Edit>,
}

fn players(
    ruff: Option<&Path>,
    bytes: usize,
    care: Care,
    extent: Extent,
) -> Result<Vec<Player>, Failure> {
    let keys = WARMING_UP + extent.pick(2, 60, 300);
    let note = chart(bytes, care);
    let each = match care {
        Care::Careful => 0,
        Care::Careless => FINDINGS,
    };
    let in_chart = visits(&note) * each;
    let start = |name, program: PathBuf, arguments: &[&str], file, text: &str, edits| {
        let mut server = Server::start(&program, arguments)?;
        let found = server.open(file, text)?;
        let player = Player {
            name,
            server,
            file,
            edits,
        };
        Ok::<_, Failure>((player, found))
    };
    let typed = in_the_middle(&note, "\nvisit: ", "S: ", keys);
    let soapstone = program("soapstone")?;
    let (ours, found) = start(
        "soapstone",
        soapstone,
        &["lsp"],
        CHART,
        &note,
        typed.clone(),
    )?;
    // A rule that is added and finds something in every visit would change what is measured.
    if !(in_chart.min(SHOWN)..=in_chart).contains(&found) {
        return Err(format!("{found} findings in a chart with {in_chart}"));
    }
    let empty = program("empty-server")?;
    let (empty, _) = start("empty", empty, &[], CHART, &note, typed)?;
    let mut players = vec![ours, empty];
    if let Some(ruff) = ruff {
        let text = script(bytes, care);
        let typed = in_the_middle(&text, HEADING, "The drive home", keys);
        let (ruff, found) = start("ruff", ruff.into(), &["server"], SCRIPT, &text, typed)?;
        let expected = functions(&text) * each;
        if found != expected {
            return Err(format!("ruff has {found} findings and not {expected}"));
        }
        players.push(ruff);
    }
    Ok(players)
}

/// Gives some keystrokes to one server after the other. Whatever else the machine does hits all.
fn play(mut players: Vec<Player>) -> Result<Vec<(&'static str, Times)>, Failure> {
    let mut times = vec![Times::default(); players.len()];
    let edits = players.iter().map(|p| p.edits.len()).min().unwrap_or(0);
    let keys: Vec<(usize, i64)> = (0..edits).zip(2..).collect();
    for (number, keys) in keys.chunks(TURN).enumerate() {
        // Whoever comes second finds the caches as the other left them, so they take turns.
        for turn in 0..players.len() {
            let who = (number + turn) % players.len();
            let player = &mut players[who];
            for &(index, version) in keys {
                let edit = &player.edits[index];
                let message = edit.message(player.file, version);
                let took = player.server.send_and_wait(&message, version)?;
                if edit.is_typed && index >= WARMING_UP {
                    times[who].push(took);
                }
            }
            thread::sleep(REST);
        }
    }
    let mut all = Vec::new();
    for (player, times) in players.into_iter().zip(times) {
        player.server.end()?;
        all.push((player.name, times));
    }
    Ok(all)
}

fn show(table: &mut Table, name: &str, all: &[(&str, Times)], limit: Duration, share: Option<f64>) {
    let ruff = all.iter().find(|(name, _)| *name == "ruff");
    for (server, times) in all {
        let mut cells = vec![name.to_owned(), (*server).to_owned()];
        cells.extend([50, 95, 99].map(|p| Short(times.percentile(p)).to_string()));
        let ratio = ruff.map(|(_, ruff)| times.ratio(ruff));
        cells.push(ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.3}")));
        let verdict = if *server == "soapstone" {
            let p95 = times.percentile(95) <= limit;
            match (share, ratio) {
                (Some(share), Some(ratio)) => Verdict::new(
                    p95 && ratio <= share,
                    &format!("p95 {}, p50 {share} of ruff's", Short(limit)),
                ),
                _ => Verdict::new(p95, &format!("p95 {}", Short(limit))),
            }
        } else {
            Verdict::none()
        };
        table.judged(&cells, &verdict);
    }
}
