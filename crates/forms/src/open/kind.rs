//! What a file is, by its first bytes.
//! Invariant: a text in UTF-8 or UTF-16 that may be JSON is of none of these kinds.

/// What a file is, as far as a person has to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    // A workflow may be in it.
    /// A PNG.
    Png,
    /// A WebP.
    WebP,
    /// A FLAC.
    Flac,
    /// An Ogg.
    Ogg,
    /// An MP3.
    Mp3,
    /// JSON.
    Json,
    // None is read out of it.
    /// A JPEG.
    Jpeg,
    /// A GIF.
    Gif,
    /// AVIF or HEIC.
    Avif,
    /// BMP, TIFF or Photoshop's.
    Picture,
    /// SVG or other XML.
    Xml,
    /// MP4, MOV, WebM, Matroska or AVI.
    Video,
    /// WAV or M4A.
    Sound,
    /// A 3D model.
    Glb,
    /// Weights of a model: safetensors or GGUF.
    Weights,
    /// Zip (so are PyTorch's files), gzip, 7z, RAR, xz, Zstandard.
    Archive,
    /// A PDF.
    Pdf,
    /// A page of the web.
    Html,
    /// Text that does not begin as JSON does.
    Text,
    /// What `/object_info` answers.
    ObjectInfo,
    /// What `/history` answers when more than one run is in it.
    History,
    /// Any other JSON.
    OtherJson,
    /// None of these.
    Unknown,
}

/// The first bytes of each kind that has its own. Latin letters in them are never at the
/// beginning of JSON.
const FIRST: [(&[u8], Kind); 25] = [
    (b"\x89PNG", Kind::Png),
    (b"fLaC", Kind::Flac),
    (b"OggS", Kind::Ogg),
    (b"ID3", Kind::Mp3),
    (b"\xff\xfb", Kind::Mp3),
    (b"\xff\xf3", Kind::Mp3),
    (b"\xff\xf2", Kind::Mp3),
    (b"\xff\xd8\xff", Kind::Jpeg),
    (b"GIF8", Kind::Gif),
    (b"II*\0", Kind::Picture),
    (b"MM\0*", Kind::Picture),
    (b"8BPS", Kind::Picture),
    (b"\x1a\x45\xdf\xa3", Kind::Video),
    (b"glTF", Kind::Glb),
    (b"GGUF", Kind::Weights),
    (b"%PDF", Kind::Pdf),
    (b"PK\x03\x04", Kind::Archive),
    (b"PK\x05\x06", Kind::Archive),
    (b"\x1f\x8b", Kind::Archive),
    (b"7z\xbc\xaf", Kind::Archive),
    (b"Rar!", Kind::Archive),
    (b"\xfd7zXZ", Kind::Archive),
    (b"\x28\xb5\x2f\xfd", Kind::Archive),
    (b"<?xml", Kind::Xml),
    (b"<svg", Kind::Xml),
];

impl Kind {
    /// `None`: nothing but text can begin so.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        let found = FIRST.iter().find(|(first, _)| bytes.starts_with(first));
        if let Some((_, kind)) = found {
            return Some(*kind);
        }
        match (bytes.get(..4)?, bytes.get(4..8)?, bytes.get(8..12)) {
            (b"RIFF", _, Some(b"WEBP")) => Some(Self::WebP),
            (b"RIFF", _, Some(b"WAVE")) => Some(Self::Sound),
            (b"RIFF", _, Some(b"AVI ")) => Some(Self::Video),
            (_, b"ftyp", Some(b"avif" | b"avis" | b"heic" | b"heix" | b"mif1")) => Some(Self::Avif),
            (_, b"ftyp", Some(b"M4A ")) => Some(Self::Sound),
            (_, b"ftyp", _) => Some(Self::Video),
            ([b'B', b'M', ..], [_, _, 0, 0], Some([0, 0, ..])) => Some(Self::Picture),
            // A length below 2^32 and the JSON that it is the length of.
            (_, [0, 0, 0, 0], Some([b'{', ..])) => Some(Self::Weights),
            _ => None,
        }
    }

    /// Of a text without blanks before it.
    pub(super) fn of_markup(text: &str) -> Option<Self> {
        let begins = |mark: &str| {
            text.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark))
        };
        match () {
            () if begins("<?xml") || begins("<svg") => Some(Self::Xml),
            () if begins("<") => Some(Self::Html),
            () => None,
        }
    }
}
