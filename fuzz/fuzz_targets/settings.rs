//! `cargo fuzz run settings`; what must hold is in `src/lib.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| soapstone_fuzz::settings(data));
