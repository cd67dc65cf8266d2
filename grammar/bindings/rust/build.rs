//! Compiles the generated parser and its scanner.

fn main() {
    let source = std::path::Path::new("src");
    let mut parser = cc::Build::new();
    parser
        .std("c11")
        .include(source)
        .file(source.join("parser.c"))
        .file(source.join("scanner.c"));
    #[cfg(target_env = "msvc")]
    parser.flag("-utf-8");
    // The generated code leaves some parameters and labels unused.
    parser.warnings(false).compile("tree-sitter-soapnote");
    for file in ["parser.c", "scanner.c"] {
        println!("cargo:rerun-if-changed=src/{file}");
    }
}
