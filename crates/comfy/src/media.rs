//! What the files of results are to the browser: their types, their names, how large their pictures
//! are. Servers and archives say all three, and may say anything.
//! Invariant: no type that is given here makes a browser run what is in the file; a name has no
//! sign that means something in a path, an address or a drag.

/// More pixels than any picture that is drawn: Pillow, with which ComfyUI reads pictures, refuses
/// more (twice its `MAX_IMAGE_PIXELS`). A picture of one colour with as many takes 22 kB packed, and
/// 700 MB once it is drawn.
pub const MAX_PIXELS: u64 = 178_956_970;
/// Of a file name, without what stands behind its last dot.
const MAX_NAME_CHARS: usize = 80;
const MAX_END_CHARS: usize = 12;

/// The type of anything that is not shown.
pub const UNKNOWN: &str = "application/octet-stream";

const TYPES: [(&str, &str); 24] = [
    ("png", "image/png"),
    ("apng", "image/apng"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("webp", "image/webp"),
    ("gif", "image/gif"),
    ("avif", "image/avif"),
    ("bmp", "image/bmp"),
    ("mp4", "video/mp4"),
    ("m4v", "video/mp4"),
    ("webm", "video/webm"),
    ("mov", "video/quicktime"),
    ("mkv", "video/x-matroska"),
    ("ogv", "video/ogg"),
    ("mp3", "audio/mpeg"),
    ("wav", "audio/wav"),
    ("flac", "audio/flac"),
    ("ogg", "audio/ogg"),
    ("oga", "audio/ogg"),
    ("opus", "audio/ogg"),
    ("m4a", "audio/mp4"),
    ("aac", "audio/aac"),
    ("json", "application/json"),
    ("txt", "text/plain"),
];

/// Returns the type of a file by the ending of its name: a browser that opens the file as a page of
/// its own, as *Open image in new tab* does, runs nothing. `UNKNOWN` for every other ending, SVG and
/// HTML among them.
pub fn type_of(name: &str) -> &'static str {
    let end = name.rsplit_once('.').map_or("", |(_, end)| end).to_ascii_lowercase();
    TYPES.iter().find(|(known, _)| *known == end).map_or(UNKNOWN, |(_, kind)| kind)
}

/// Returns whether a file of this type, as a browser or a server says it, may be drawn: an SVG is a
/// page with scripts once it is opened by itself.
pub fn is_drawn(kind: &str) -> bool {
    kind.starts_with("image/") && !kind.starts_with("image/svg")
}

/// Returns a name that every system takes, and that says the kind of the file where it is shown: no
/// separators, no signs that shells, Windows or the drag of a file (`type:name:address`) give a
/// meaning to, nothing that turns the direction of writing, at most 80 characters and an ending.
pub fn file_name(name: &str) -> String {
    let name = plain(name, usize::MAX);
    let (stem, end) = name.rsplit_once('.').unwrap_or((&name, ""));
    let stem = plain(stem, MAX_NAME_CHARS);
    let end = plain(end, MAX_END_CHARS);
    let stem = match stem.as_str() {
        "" => "_".to_owned(),
        device if is_device(device) => ["_", device].concat(),
        _ => stem,
    };
    if end.is_empty() { stem } else { [&stem, ".", &end].concat() }
}

/// Returns the part of a name that is left; blanks stand singly, dots not at its ends.
pub fn plain(text: &str, limit_chars: usize) -> String {
    let clean = |c: char| match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => ' ',
        c if c.is_control() => ' ',
        c => c,
    };
    let kept = text.chars().filter(|c| !turns_direction(*c)).map(clean);
    let name: String = kept.take(limit_chars).collect();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    name.trim_matches(['.', ' ']).to_owned()
}

/// Returns whether a character makes a text read as another one: `gpj.exe` behind U+202E reads as
/// `exe.jpg`.
pub(crate) fn turns_direction(c: char) -> bool {
    matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

/// Windows opens a device whatever stands behind the dot.
fn is_device(stem: &str) -> bool {
    let stem = stem.split(['.', ' ']).next().unwrap_or_default().to_ascii_uppercase();
    match stem.as_str() {
        "CON" | "PRN" | "AUX" | "NUL" => true,
        stem => ["COM", "LPT"].iter().any(|port| {
            let number = stem.strip_prefix(port).unwrap_or_default();
            matches!(number, "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9")
        }),
    }
}

/// Returns how many pixels a PNG says that it has. `None`: it is no PNG, or cut off; the browser
/// knows of others once it has read them.
pub fn png_pixels(start: &[u8]) -> Option<u64> {
    let rest = start.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    let side = |at: usize| {
        let four = rest.get(at..at + 4)?;
        Some(u64::from(u32::from_be_bytes(four.try_into().ok()?)))
    };
    (rest.get(4..8)? == b"IHDR").then(|| Some(side(8)? * side(12)?))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_type_is_given_that_runs_something() {
        let table = [
            ("a.png", "image/png"),
            ("A.B.JPEG", "image/jpeg"),
            ("clip.webm", "video/webm"),
            ("tone.wav", "audio/wav"),
            ("a.svg", UNKNOWN),
            ("a.html", UNKNOWN),
            ("a.xhtml", UNKNOWN),
            ("a.xml", UNKNOWN),
            ("a.js", UNKNOWN),
            ("a.pdf", UNKNOWN),
            ("png", UNKNOWN),
            ("a.png ", UNKNOWN),
            ("a.png/../x.svg", UNKNOWN),
            ("", UNKNOWN),
        ];
        for (name, expected) in table {
            assert_eq!(type_of(name), expected, "{name}");
        }
        for (kind, expected) in [
            ("image/png", true),
            ("image/svg+xml", false),
            ("image/svg+xml;charset=utf-8", false),
            ("text/html", false),
            ("", false),
        ] {
            assert_eq!(is_drawn(kind), expected, "{kind}");
        }
    }

    #[test]
    fn names_of_files_mean_nothing_but_themselves() {
        let table = [
            ("ComfyUI_00001_.png", "ComfyUI_00001_.png"),
            ("虎 1.png", "虎 1.png"),
            ("../../etc/passwd", "etc passwd"),
            ("..\\..\\a.png", "a.png"),
            ("a\0b\n.png", "a b.png"),
            // Chrome takes what stands behind the second colon of a drag for the address.
            ("a:https://evil.example/x.exe?.png", "a https evil.example x.exe.png"),
            ("holiday\u{202e}gnp.exe", "holidaygnp.exe"),
            ("con.png", "_con.png"),
            ("LPT1.tar.png", "_LPT1.tar.png"),
            ("CON .png", "_CON.png"),
            ("com0.png", "com0.png"),
            ("console.png", "console.png"),
            (".png", "png"),
            ("...", "_"),
            ("", "_"),
            ("a. . .", "a"),
            ("a.p/n:g", "a.p n g"),
        ];
        for (name, expected) in table {
            assert_eq!(file_name(name), expected, "{name:?}");
            assert_eq!(file_name(expected), expected, "{name:?} once more");
        }
        let long = file_name(&[&"x".repeat(400), ".png"].concat());
        assert_eq!(long, ["x".repeat(80).as_str(), ".png"].concat());
        assert_eq!(file_name(&["a.", &"y".repeat(400)].concat()).len(), 2 + 12);
    }

    #[test]
    fn a_png_says_how_many_pixels_it_has() {
        let png = |width: u32, height: u32| {
            let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
            [b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".as_slice(), &sides].concat()
        };
        assert_eq!(png_pixels(&png(384, 384)), Some(147_456));
        assert_eq!(png_pixels(&png(u32::MAX, u32::MAX)), Some(18_446_744_065_119_617_025));
        assert_eq!(png_pixels(&png(384, 384)[..20]), None);
        assert_eq!(png_pixels(b"GIF89a"), None);
        assert_eq!(png_pixels(b""), None);
    }
}
