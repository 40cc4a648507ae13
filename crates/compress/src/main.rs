//! Writes a `.br` and a `.gz` beside each compressible file of a folder.
//!
//! Invariant: the same bytes in give the same bytes out, and a file that does not become
//! smaller gets no twin.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

/// Below this many bytes a twin saves nothing on the wire.
const SMALLEST: usize = 256;

fn main() -> ExitCode {
    let Some(folder) = env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: pilotlight-compress FOLDER");
        return ExitCode::from(2);
    };
    match compress_folder(&folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cannot compress {}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}

fn compress_folder(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            compress_folder(&path)?;
        } else if is_compressible(&path) {
            let bytes = fs::read(&path)?;
            write_twin(&path, "br", bytes.len(), brotli(&bytes)?)?;
            write_twin(&path, "gz", bytes.len(), gzip(&bytes)?)?;
        }
    }
    Ok(())
}

fn is_compressible(path: &Path) -> bool {
    let known = ["html", "js", "css", "wasm", "json", "svg", "webmanifest", "txt", "ico"];
    path.extension().and_then(|e| e.to_str()).is_some_and(|e| known.contains(&e))
}

fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut io::Cursor::new(bytes), &mut out, &params)?;
    Ok(out)
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn write_twin(path: &Path, ending: &str, raw: usize, packed: Vec<u8>) -> io::Result<()> {
    let mut twin = path.as_os_str().to_owned();
    twin.push(".");
    twin.push(ending);
    if raw < SMALLEST || packed.len() >= raw {
        return match fs::remove_file(&twin) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        };
    }
    fs::write(twin, packed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, compressible: bool) {
        assert_eq!(is_compressible(Path::new(name)), compressible, "{name}");
    }

    #[test]
    fn text_and_wasm_are_compressed_and_packed_files_are_not() {
        check("index.html", true);
        check("a/pilotlight-12ab_bg.wasm", true);
        check("site.webmanifest", true);
        check("icon.png", false);
        check("index.html.br", false);
        check("index.html.gz", false);
        check("README", false);
    }

    #[test]
    fn packing_is_reversible_and_repeatable() {
        let bytes = b"pilotlight ".repeat(500);
        let packed = brotli(&bytes).unwrap();
        assert_eq!(packed, brotli(&bytes).unwrap());
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut packed.as_slice(), &mut back).unwrap();
        assert_eq!(back, bytes);
        assert_eq!(gzip(&bytes).unwrap(), gzip(&bytes).unwrap());
    }
}
