//! Writes a `.br` and a `.gz` beside each compressible file of a folder.
//!
//! Invariant: the same bytes in give the same bytes out, and a file that does not become
//! smaller gets no twin, nor does one that is edited after the build: servers would send its twin.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::{env, fs, io, thread};

/// Below this many bytes a twin saves nothing on the wire.
const SMALLEST: usize = 256;
/// The operator edits it where the page is hosted.
const EDITED: &str = "config.json";

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

/// Compresses the files of a folder and of those in it, one on each core at a time.
fn compress_folder(folder: &Path) -> io::Result<()> {
    let mut files = Vec::new();
    list(folder, &mut files)?;
    // The largest last: threads take from the end.
    files.sort_by_key(|path| fs::metadata(path).map_or(0, |data| data.len()));
    let files = Mutex::new(files);
    let next = || files.lock().ok().and_then(|mut files| files.pop());
    let worker = || std::iter::from_fn(next).try_for_each(|path| compress_file(&path));
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().try_for_each(|worker| {
            worker.join().unwrap_or_else(|_| Err(io::Error::other("a thread has stopped")))
        })
    })
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, files)?;
        } else if is_compressible(&path) {
            files.push(path);
        }
    }
    Ok(())
}

fn compress_file(path: &Path) -> io::Result<()> {
    let bytes = fs::read(path)?;
    let is_alone = bytes.len() < SMALLEST || path.file_name() == Some(OsStr::new(EDITED));
    let packed = [("br", brotli(&bytes)?), ("gz", gzip(&bytes)?)];
    for (ending, packed) in packed {
        let is_useful = !is_alone && packed.len() < bytes.len();
        write_twin(path, ending, is_useful.then_some(packed))?;
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

/// Writes a twin; removes that of a former build where there is none now.
fn write_twin(path: &Path, ending: &str, packed: Option<Vec<u8>>) -> io::Result<()> {
    let mut twin = path.as_os_str().to_owned();
    twin.push(".");
    twin.push(ending);
    match packed {
        Some(packed) => fs::write(twin, packed),
        None => match fs::remove_file(&twin) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        },
    }
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
    fn what_is_edited_after_the_build_has_no_twin() {
        let folder = env::temp_dir().join(format!("pilotlight-compress-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let text = "{\"endpoint\": \"openai\"} ".repeat(50);
        for name in ["config.json", "workflow.json"] {
            fs::write(folder.join(name), &text).unwrap();
        }
        fs::write(folder.join("config.json.br"), "of a former build").unwrap();
        compress_folder(&folder).unwrap();
        let is_there = |name: &str| folder.join(name).exists();
        let there = ["config.json.br", "config.json.gz", "workflow.json.br", "workflow.json.gz"];
        assert_eq!(there.map(is_there), [false, false, true, true]);
        fs::remove_dir_all(&folder).unwrap();
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
