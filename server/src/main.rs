fn main() {
    let policy = std::sync::Arc::new(soapstone::policy::Policy::default());
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path).unwrap();
        let document = soapstone::text::Document::new(&text);
        let analysis = soapstone::analysis::Analysis::of(&document, &policy);
        for f in analysis.findings() {
            let p = document.position(f.span.start, soapstone::text::Encoding::Utf32);
            println!(
                "{path}\t{}\t{}\t{}\t{}",
                p.line + 1,
                f.rule.name,
                f.level.word(),
                f.message
            );
        }
    }
}
