//! The three directories of ComfyUI: input, output and temp.
//!
//! Invariant: a picture is a sketch (seed and words) until somebody looks at it; only then is it drawn.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::params::Volume;
use crate::picture;
use crate::rng;

/// A directory of ComfyUI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folder {
    Input,
    Output,
    Temp,
}

impl Folder {
    /// By the name requests use.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "input" => Some(Folder::Input),
            "output" => Some(Folder::Output),
            "temp" => Some(Folder::Temp),
            _ => None,
        }
    }

    /// The name requests use.
    pub fn name(self) -> &'static str {
        match self {
            Folder::Input => "input",
            Folder::Output => "output",
            Folder::Temp => "temp",
        }
    }
}

/// A picture that is drawn when it is first asked for.
#[derive(Debug)]
pub struct Sketch {
    pub seed: u64,
    pub words: String,
    pub px: u32,
    /// The tEXt chunks: keyword and text.
    pub chunks: Vec<(String, String)>,
    drawn: OnceLock<Vec<u8>>,
}

impl Sketch {
    /// A picture of `px` × `px` that depends on `seed` and `words` alone.
    pub fn new(seed: u64, words: &str, px: u32, chunks: Vec<(String, String)>) -> Self {
        Self { seed, words: words.to_owned(), px, chunks, drawn: OnceLock::new() }
    }

    fn png(&self) -> &[u8] {
        self.drawn.get_or_init(|| picture::draw(self.seed, &self.words, self.px, &self.chunks))
    }
}

#[derive(Clone, Debug)]
enum Content {
    Bytes(Arc<Vec<u8>>),
    Sketch(Arc<Sketch>),
}

/// A file.
#[derive(Clone, Debug)]
pub struct File {
    content: Content,
    /// When it was written, in the world's time.
    pub modified_ms: u64,
}

impl File {
    /// The bytes; a sketch is drawn now.
    pub fn bytes(&self) -> &[u8] {
        match &self.content {
            Content::Bytes(bytes) => bytes,
            Content::Sketch(sketch) => sketch.png(),
        }
    }

    /// What tells two contents apart, without drawing.
    pub fn fingerprint(&self) -> u64 {
        match &self.content {
            Content::Bytes(bytes) => rng::hash(bytes),
            Content::Sketch(sketch) => rng::mix(sketch.seed) ^ rng::hash(sketch.words.as_bytes()),
        }
    }

    /// Width and height, when it is a picture LoadImage can open.
    pub fn size(&self) -> Option<(u32, u32)> {
        match &self.content {
            Content::Bytes(bytes) => picture::size(bytes),
            Content::Sketch(sketch) => Some((sketch.px, sketch.px)),
        }
    }
}

/// The directories of one pod.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    input: BTreeMap<String, File>,
    output: BTreeMap<String, File>,
    temp: BTreeMap<String, File>,
}

impl Disk {
    /// What of it another pod finds, given what is mounted.
    #[must_use]
    pub fn kept(&self, volume: Volume) -> Self {
        match volume {
            Volume::None => Self::default(),
            Volume::Output => Self { output: self.output.clone(), ..Self::default() },
            Volume::Both => {
                Self { output: self.output.clone(), input: self.input.clone(), ..Self::default() }
            }
        }
    }

    fn folder(&self, folder: Folder) -> &BTreeMap<String, File> {
        match folder {
            Folder::Input => &self.input,
            Folder::Output => &self.output,
            Folder::Temp => &self.temp,
        }
    }

    fn folder_mut(&mut self, folder: Folder) -> &mut BTreeMap<String, File> {
        match folder {
            Folder::Input => &mut self.input,
            Folder::Output => &mut self.output,
            Folder::Temp => &mut self.temp,
        }
    }

    /// The file at `path` (`sub/name.png`).
    pub fn get(&self, folder: Folder, path: &str) -> Option<&File> {
        self.folder(folder).get(&normal(path))
    }

    /// The file LoadImage means by `name`, which may end in `[output]`, `[input]` or `[temp]`.
    pub fn annotated(&self, name: &str) -> Option<&File> {
        let (name, folder) = annotation(name);
        self.get(folder.unwrap_or(Folder::Input), name)
    }

    /// Writes bytes.
    pub fn write(&mut self, folder: Folder, path: &str, bytes: Vec<u8>, now_ms: u64) {
        let file = File { content: Content::Bytes(Arc::new(bytes)), modified_ms: now_ms };
        self.folder_mut(folder).insert(normal(path), file);
    }

    /// Puts down a picture.
    pub fn sketch(&mut self, folder: Folder, path: &str, sketch: Sketch, now_ms: u64) {
        let file = File { content: Content::Sketch(Arc::new(sketch)), modified_ms: now_ms };
        self.folder_mut(folder).insert(normal(path), file);
    }

    /// Deletes a file; false when there was none.
    pub fn remove(&mut self, folder: Folder, path: &str) -> bool {
        self.folder_mut(folder).remove(&normal(path)).is_some()
    }

    /// The names directly in the input directory, sorted: what LoadImage offers.
    pub fn inputs(&self) -> impl Iterator<Item = &str> {
        self.input.keys().filter(|path| !path.contains('/')).map(String::as_str)
    }

    /// The next free number for `prefix_00001_.png`.
    pub fn next_number(&self, folder: Folder, prefix: &str) -> u32 {
        let start = format!("{}_", normal(prefix));
        let taken = self
            .folder(folder)
            .range(start.clone()..)
            .take_while(|(path, _)| path.starts_with(&start));
        let number = |path: &str| {
            path[start.len()..].split('_').next().and_then(|digits| digits.parse().ok())
        };
        taken.filter_map(|(path, _)| number(path)).max().unwrap_or(0u32) + 1
    }
}

/// Splits `x.png [output]` into the name and the directory.
pub fn annotation(name: &str) -> (&str, Option<Folder>) {
    for (suffix, folder) in
        [(" [output]", Folder::Output), (" [input]", Folder::Input), (" [temp]", Folder::Temp)]
    {
        if let Some(bare) = name.strip_suffix(suffix) {
            return (bare, Some(folder));
        }
    }
    (name, None)
}

/// Whether a path leads out of its directory.
pub fn leads_out(path: &str) -> bool {
    let mut depth = 0i32;
    path.starts_with('/')
        || path.split('/').any(|part| {
            depth += match part {
                ".." => -1,
                "" | "." => 0,
                _ => 1,
            };
            depth < 0
        })
}

/// `a/./b/../c.png` → `a/c.png`.
fn normal(path: &str) -> String {
    if !path.contains("//") && !path.contains("./") && !path.starts_with('/') {
        return path.to_owned();
    }
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_on_from_what_is_there() {
        let mut disk = Disk::default();
        assert_eq!(disk.next_number(Folder::Output, "ComfyUI"), 1);
        disk.write(Folder::Output, "ComfyUI_00007_.png", Vec::new(), 0);
        disk.write(Folder::Output, "ComfyUI_other.png", Vec::new(), 0);
        assert_eq!(disk.next_number(Folder::Output, "ComfyUI"), 8);
        assert_eq!(disk.next_number(Folder::Output, "sub/ComfyUI"), 1);
        assert_eq!(disk.kept(Volume::Output).next_number(Folder::Output, "ComfyUI"), 8);
        assert_eq!(disk.kept(Volume::None).next_number(Folder::Output, "ComfyUI"), 1);
    }

    #[test]
    fn names_may_carry_their_directory() {
        let mut disk = Disk::default();
        disk.write(Folder::Output, "x.png", Vec::new(), 0);
        assert!(disk.annotated("x.png").is_none());
        assert!(disk.annotated("x.png [output]").is_some());
        assert!(disk.get(Folder::Output, "a/../x.png").is_some());
    }
}
