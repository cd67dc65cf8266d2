//! Compiles the generated parser.

fn main() {
    let source = std::path::Path::new("src");
    let mut parser = cc::Build::new();
    parser
        .std("c11")
        .include(source)
        .file(source.join("parser.c"));
    #[cfg(target_env = "msvc")]
    parser.flag("-utf-8");
    // The generated code leaves some parameters and labels unused.
    parser.warnings(false).compile("tree-sitter-soapnote");
    println!("cargo:rerun-if-changed=src/parser.c");
}
