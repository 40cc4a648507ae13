//! Pictures: a small landscape for every seed and prompt, and the size of any picture.
//!
//! Invariant: the same seed and words give the same picture; two seeds give two that differ at a glance.

use crate::rng::{Rng, hash};

type Colour = [f32; 3];

/// Sky above, sky below, sun, far hills, near hills.
struct Palette {
    /// Words in a prompt that ask for it.
    words: &'static [&'static str],
    colours: [Colour; 5],
    stars: bool,
}

const fn rgb(hex: u32) -> Colour {
    [(hex >> 16 & 255) as f32, (hex >> 8 & 255) as f32, (hex & 255) as f32]
}

const fn palette(words: &'static [&'static str], hex: [u32; 5], stars: bool) -> Palette {
    Palette {
        words,
        colours: [rgb(hex[0]), rgb(hex[1]), rgb(hex[2]), rgb(hex[3]), rgb(hex[4])],
        stars,
    }
}

static PALETTES: [Palette; 9] = [
    palette(
        &["sunset", "tiger", "orange", "fire", "autumn"],
        [0x2B3A67, 0xF7A072, 0xFFE3A8, 0xB5658A, 0x2A1E3F],
        false,
    ),
    palette(
        &["night", "moon", "star", "space"],
        [0x0B1026, 0x33466E, 0xF4F1DE, 0x2A3A5E, 0x070A17],
        true,
    ),
    palette(
        &["sea", "ocean", "water", "blue", "whale"],
        [0x3A7CA5, 0xD9EAF2, 0xFFFFFF, 0x6FA8C0, 0x16425B],
        false,
    ),
    palette(
        &["forest", "green", "tree", "jungle"],
        [0x8EC5B0, 0xF3F2D8, 0xFFF6C9, 0x7FB38A, 0x1D4D3F],
        false,
    ),
    palette(
        &["desert", "sand", "camel", "lion"],
        [0x5FA8D3, 0xFBE8C8, 0xFFF3D0, 0xE3A765, 0x8A4B2A],
        false,
    ),
    palette(
        &["pink", "flower", "cherry", "love"],
        [0xB5A7D6, 0xFDE2E4, 0xFFF8F0, 0xE7A3B7, 0x7A3E65],
        false,
    ),
    palette(
        &["snow", "winter", "ice", "white", "bear"],
        [0x7FA6C9, 0xEEF4F8, 0xFFFDF5, 0xC2D3E2, 0x58718F],
        false,
    ),
    palette(
        &["purple", "dream", "magic", "neon"],
        [0x1B1440, 0xD16BA5, 0xFFD6E8, 0x6B4FA0, 0x150F33],
        true,
    ),
    palette(
        &["dawn", "morning", "mist", "fox", "red"],
        [0xF6BD60, 0xFCEFE3, 0xFFFFFF, 0xE07A5F, 0x5B2A3C],
        false,
    ),
];

fn choose(words: &str, rng: &mut Rng) -> &'static Palette {
    let words = words.to_lowercase();
    let asked = PALETTES.iter().find(|p| p.words.iter().any(|word| words.contains(word)));
    let any = &PALETTES[rng.below(PALETTES.len() as u64) as usize];
    asked.filter(|_| rng.chance(0.8)).unwrap_or(any)
}

/// A PNG of `px` × `px` with the given tEXt chunks.
pub fn draw(seed: u64, words: &str, px: u32, chunks: &[(String, String)]) -> Vec<u8> {
    let px = px.clamp(1, 2048);
    let mut rng = Rng::new(seed ^ hash(words.as_bytes()));
    let pixels = if px < 8 {
        vec![(rng.bits() & 255) as u8; (px * px * 3) as usize]
    } else {
        landscape(words, px, &mut rng)
    };
    encode(px, &pixels, chunks).unwrap_or_default()
}

fn encode(
    px: u32,
    pixels: &[u8],
    chunks: &[(String, String)],
) -> Result<Vec<u8>, png::EncodingError> {
    let mut out = Vec::with_capacity(pixels.len() / 3 + 4096);
    let mut encoder = png::Encoder::new(&mut out, px, px);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    for (keyword, text) in chunks {
        // What Latin-1 or the length of a keyword cannot carry is left out.
        let _ = encoder.add_text_chunk(keyword.clone(), text.clone());
    }
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(out)
}

/// A line of hills: how high it stands at each column.
struct Hills {
    heights: Vec<f32>,
    colour: Colour,
}

fn landscape(words: &str, px: u32, rng: &mut Rng) -> Vec<u8> {
    let palette = choose(words, rng);
    let [above, below, sun, far, near] = palette.colours;
    let size = px as f32;
    let horizon = 0.5 + 0.16 * rng.unit() as f32;
    let centre = (0.2 + 0.6 * rng.unit() as f32, horizon - 0.3 + 0.26 * rng.unit() as f32);
    let radius = 0.05 + 0.07 * rng.unit() as f32;
    let count = 3 + rng.below(3) as usize;
    let hills: Vec<Hills> = (0..count)
        .map(|i| hills(i, count, px, horizon, mix(far, near, i as f32 / (count - 1) as f32), rng))
        .collect();
    let stars: Vec<(f32, f32, f32)> = (0..if palette.stars { 90 } else { 0 })
        .map(|_| {
            (
                rng.unit() as f32 * size,
                rng.unit() as f32 * size * horizon,
                0.4 + 0.9 * rng.unit() as f32,
            )
        })
        .collect();
    let mut pixels = Vec::with_capacity((px * px * 3) as usize);
    for y in 0..px {
        let v = (y as f32 + 0.5) / size;
        let sky = mix(above, below, smooth(v / (horizon + 0.08)));
        for x in 0..px {
            let u = (x as f32 + 0.5) / size;
            let away = ((u - centre.0).powi(2) + (v - centre.1).powi(2)).sqrt();
            let glow = 0.55 * (-(away / (radius * 3.2)).powi(2)).exp();
            let mut colour = mix(sky, sun, glow);
            colour = mix(colour, sun, ((radius - away) * size + 0.5).clamp(0.0, 1.0));
            for hill in &hills {
                let depth = v - hill.heights[x as usize];
                if depth > -1.5 / size {
                    let lit = mix(hill.colour, below, (0.34 - depth * 2.2).clamp(0.0, 0.34));
                    colour = mix(colour, lit, (depth * size + 0.5).clamp(0.0, 1.0));
                }
            }
            pixels.extend(colour.map(|c| c.round() as u8));
        }
    }
    for (x, y, strength) in stars {
        twinkle(&mut pixels, px, (x, y), strength, &hills);
    }
    pixels
}

fn hills(i: usize, count: usize, px: u32, horizon: f32, colour: Colour, rng: &mut Rng) -> Hills {
    let level = horizon + (1.0 - horizon) * 0.86 * i as f32 / count as f32;
    let rough = 0.075 - 0.028 * i as f32 / count as f32;
    let waves: Vec<(f32, f32, f32)> = (0..5)
        .map(|k| {
            (
                (1.3 + k as f32 * 1.9) * (0.7 + 0.6 * rng.unit() as f32),
                std::f32::consts::TAU * rng.unit() as f32,
                rough / (1.0 + k as f32 * 1.1),
            )
        })
        .collect();
    let heights = (0..px).map(|x| {
        let u = x as f32 / px as f32;
        level
            + waves
                .iter()
                .map(|(f, phase, a)| a * (u * f * std::f32::consts::TAU / 1.6 + phase).sin())
                .sum::<f32>()
    });
    Hills { heights: heights.collect(), colour }
}

fn twinkle(pixels: &mut [u8], px: u32, (x, y): (f32, f32), strength: f32, hills: &[Hills]) {
    let (column, row) = (x as u32, y as u32);
    let hidden = hills
        .iter()
        .any(|hill| hill.heights.get(column as usize).is_none_or(|h| y / px as f32 > *h));
    let at = ((row * px + column) * 3) as usize;
    if !hidden && let Some(pixel) = pixels.get_mut(at..at + 3) {
        for part in pixel {
            *part = (f32::from(*part) + (255.0 - f32::from(*part)) * strength.min(1.0)) as u8;
        }
    }
}

fn mix(a: Colour, b: Colour, t: f32) -> Colour {
    let t = t.clamp(0.0, 1.0);
    [0, 1, 2].map(|i| a[i] + (b[i] - a[i]) * t)
}

fn smooth(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Width and height of a PNG, JPEG, GIF or WebP; `None` when it is none of them.
pub fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let short = |at: usize| bytes.get(at..at + 2).map(|b| u32::from(b[0]) | u32::from(b[1]) << 8);
    let big =
        |at: usize| bytes.get(at..at + 4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]));
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some((big(16)?, big(20)?));
    }
    if bytes.starts_with(b"GIF8") {
        return Some((short(6)?, short(8)?));
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return webp(bytes);
    }
    if bytes.starts_with(b"\xff\xd8") {
        return jpeg(bytes);
    }
    None
}

fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    let byte = |at: usize| bytes.get(at).map(|b| u32::from(*b));
    match bytes.get(12..16)? {
        b"VP8X" => {
            let three = |at| Some(byte(at)? | byte(at + 1)? << 8 | byte(at + 2)? << 16);
            Some((three(24)? + 1, three(27)? + 1))
        }
        b"VP8L" => {
            let bits = byte(21)? | byte(22)? << 8 | byte(23)? << 16 | byte(24)? << 24;
            Some(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
        }
        b"VP8 " => {
            Some(((byte(26)? | byte(27)? << 8) & 0x3FFF, (byte(28)? | byte(29)? << 8) & 0x3FFF))
        }
        _ => None,
    }
}

fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let two = |at: usize| bytes.get(at..at + 2).map(|b| u32::from(b[0]) << 8 | u32::from(b[1]));
    let mut at = 2;
    loop {
        let marker = two(at)?;
        match marker {
            0xFFC0..=0xFFC3 | 0xFFC5..=0xFFC7 | 0xFFC9..=0xFFCB | 0xFFCD..=0xFFCF => {
                return Some((two(at + 7)?, two(at + 5)?));
            }
            0xFF00..=0xFFFF => at += 2 + two(at + 2)? as usize,
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same_picture() {
        let chunks = [("prompt".to_owned(), "{\"a\": \"\\u4f60\"}".to_owned())];
        let one = draw(1, "a red fox", 64, &chunks);
        assert_eq!(one, draw(1, "a red fox", 64, &chunks));
        assert_ne!(one, draw(2, "a red fox", 64, &chunks));
        assert_ne!(one, draw(1, "a tiger", 64, &chunks));
        assert_eq!(size(&one), Some((64, 64)));
        let text = String::from_utf8_lossy(&one).into_owned();
        assert!(text.contains("tEXtprompt\0{\"a\""), "the prompt is in a tEXt chunk");
    }

    #[test]
    fn tiny_pictures_are_pictures_too() {
        assert_eq!(size(&draw(1, "", 1, &[])), Some((1, 1)));
    }

    #[track_caller]
    fn check(bytes: &[u8], expected: Option<(u32, u32)>) {
        assert_eq!(size(bytes), expected);
    }

    #[test]
    fn sizes() {
        check(b"hello", None);
        check(b"GIF89a\x14\x00\x0a\x00", Some((20, 10)));
        check(b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x13\0\0\x09\0\0", Some((20, 10)));
        check(b"\xff\xd8\xff\xe0\0\x04\0\0\xff\xc0\0\x11\x08\0\x0a\0\x14\x03", Some((20, 10)));
        check(b"\xff\xd8", None);
    }
}
