//! Checksums of files.

use std::fmt::Write;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::Failure;

/// The SHA-256 of a file, as `sha256sum` writes it.
pub fn of_file(path: &Path) -> Result<String, Failure> {
    let wrong = |error: std::io::Error| format!("{}: {error}", path.display());
    let mut file = File::open(path).map_err(wrong)?;
    let (mut sum, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer).map_err(wrong)? {
            0 => break,
            count => sum.update(&buffer[..count]),
        }
    }
    let mut shown = String::new();
    for byte in sum.finalize() {
        let _ = write!(shown, "{byte:02x}");
    }
    Ok(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_the_published_one() {
        let file = std::env::temp_dir().join(format!("soapstone-sum-{}", std::process::id()));
        std::fs::write(&file, "abc").unwrap();
        let sum = of_file(&file).unwrap();
        std::fs::remove_file(&file).unwrap();
        // The example of FIPS 180-2.
        assert_eq!(
            sum,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
