// Made of server/data/icd9-successors.tsv by `cargo xtask codegen`. Do not edit.

static SUCCESSORS: [Row; 14] = [
    Row { code: "719.41", successors: &["M25.511", "M25.512", "M25.519"] },
    Row { code: "723.1", successors: &["M54.2"] },
    Row { code: "724.2", successors: &["M54.50", "M54.51", "M54.59"] },
    Row { code: "724.5", successors: &["M54.9"] },
    Row { code: "728.85", successors: &["M62.830", "M62.838", "M62.831"] },
    Row { code: "729.1", successors: &["M79.18", "M79.7", "M79.12", "M79.11", "M79.10"] },
    Row { code: "739.1", successors: &["M99.01"] },
    Row { code: "739.2", successors: &["M99.02"] },
    Row { code: "739.3", successors: &["M99.03"] },
    Row { code: "739.4", successors: &["M99.04"] },
    Row { code: "739.5", successors: &["M99.05"] },
    Row { code: "784.0", successors: &["R51.9", "R51.0"] },
    Row { code: "847.0", successors: &["S13.4XXA", "S13.4XXD", "S13.4XXS", "S16.1XXA", "S16.1XXD", "S16.1XXS"] },
    Row { code: "847.2", successors: &["S33.5XXA", "S33.5XXD", "S33.5XXS", "S39.012A", "S39.012D", "S39.012S"] },
];
