//! Files that are no pictures, for the order `[file=…]`: small, and real where a browser plays them.
//!
//! Invariant: what is named is what comes, under the key that ComfyUI's own nodes or common packs use.

use crate::comfy::disk::{Disk, Folder};
use crate::comfy::nodes::{Made, Product};
use crate::json::{Json, map};

/// What a browser would run, were it shown as what it is.
const MARKUP: &str =
    "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>document.title='owned'</script></svg>";

/// Writes the files, numbered as ComfyUI numbers them, and shows them.
pub fn save(names: &[String], folder: Folder, disk: &mut Disk, now_ms: u64) -> Made {
    let mut shown: Vec<(&str, Vec<Json>)> = Vec::new();
    for name in names {
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let (key, format, bytes) = sample(name, extension);
        let number = disk.next_number(folder, stem);
        let dot = if extension.is_empty() { "" } else { "." };
        let filename = format!("{stem}_{number:05}_{dot}{extension}");
        disk.write(folder, &filename, bytes, now_ms);
        let mut file = map([
            ("filename", filename.into()),
            ("subfolder", "".into()),
            ("type", folder.name().into()),
        ]);
        if !format.is_empty() {
            file.set("format", format.into());
        }
        match shown.iter_mut().find(|(known, _)| *known == key) {
            Some((_, list)) => list.push(file),
            None => shown.push((key, vec![file])),
        }
    }
    let shown = shown.into_iter().map(|(key, list)| (key, Json::List(list)));
    let mut all = map([]);
    shown.for_each(|(key, list)| all.set(key, list));
    Made { product: Product::Nothing, shown: Some(all) }
}

/// Under which key it is shown, what the pack calls it, and its bytes.
fn sample(name: &str, extension: &str) -> (&'static str, &'static str, Vec<u8>) {
    match extension {
        "gif" => ("gifs", "image/gif", include_bytes!("../../data/blink.gif").to_vec()),
        "webm" => ("gifs", "video/webm", include_bytes!("../../data/clip.webm").to_vec()),
        "wav" => ("audio", "", tone()),
        "glb" => ("3d", "", b"glTF pretend".to_vec()),
        "svg" | "html" => ("files", "", MARKUP.into()),
        _ => ("files", "", format!("pretend {name}\n").into_bytes()),
    }
}

/// Half a second of 440 Hz, 8 bits, 8 kHz.
fn tone() -> Vec<u8> {
    const RATE: u32 = 8_000;
    let samples = RATE / 2;
    let mut wav = Vec::new();
    wav.extend_from_slice(b"RIFF");
    wav.extend_from_slice(&(36 + samples).to_le_bytes());
    wav.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend_from_slice(&RATE.to_le_bytes());
    wav.extend_from_slice(&RATE.to_le_bytes());
    wav.extend_from_slice(b"\x01\0\x08\0data");
    wav.extend_from_slice(&samples.to_le_bytes());
    let wave = |at: u32| f64::from(at) * 440.0 / f64::from(RATE) * std::f64::consts::TAU;
    wav.extend((0..samples).map(|at| (128.0 + 60.0 * wave(at).sin()) as u8));
    wav
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_shown_under_the_keys_that_nodes_use() {
        let mut disk = Disk::default();
        let names = ["a.wav", "clip.webm", "b.glb", "clip.webm"].map(str::to_owned);
        let made = save(&names, Folder::Output, &mut disk, 0);
        let shown = made.shown.unwrap();
        let count = |key: &str| shown.get(key).and_then(Json::as_list).map_or(0, <[Json]>::len);
        assert_eq!((count("audio"), count("gifs"), count("3d")), (1, 2, 1));
        let wav = disk.get(Folder::Output, "a_00001_.wav").unwrap().bytes();
        assert_eq!(wav.len(), 4_044);
        assert_eq!(wav[4..8], 4_036_u32.to_le_bytes());
        let webm = disk.get(Folder::Output, "clip_00002_.webm").unwrap().bytes();
        assert!(webm.starts_with(b"\x1a\x45\xdf\xa3"));
    }
}
