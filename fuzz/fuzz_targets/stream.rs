//! `cargo fuzz run stream`; what must hold is in `src/lib.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| soapstone_fuzz::stream(data));
