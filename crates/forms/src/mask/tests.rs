//! Known bytes, a file of another writer, and there and back.

use super::*;
use pilotlight_comfy::inflate::unpacked;

/// 3 × 5, each row with another filter, a text before the pixels, and those in two parts.
const FOREIGN: &str = "89504e470d0a1a0a0000000d4948445200000003000000050806000000807156a200000007\
    744558745469746c650078297e4d3a000000144944415478da6360581dc62871384fd2e0769b2163b9d2d9b6e64560\
    0000001c494441540a0928602a4702ccef8ecc7cef71c2c30384594022306500bfba1579087aa7e80000000049454e\
    44ae426082";

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let pair = |pair: &[u8]| {
        u8::from_str_radix(std::str::from_utf8(pair).expect("ASCII"), 16).expect("two digits")
    };
    digits.chunks(2).map(pair).collect()
}

/// What another writer made `FOREIGN` of.
fn foreign_pixels() -> Vec<u8> {
    let byte = |x: u32, y: u32, c: u32| ((x * 40 + y * 17 + c * 61) * 7) as u8;
    let row = |y| (0..3).flat_map(move |x| (0..4).map(move |c| byte(x, y, c)));
    (0..5).flat_map(row).collect()
}

/// A zlib stream that is not packed; nobody here looks at its sum.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let mut blocks = bytes.chunks(65_535).peekable();
    while let Some(block) = blocks.next() {
        let length = block.len() as u16;
        out.push(u8::from(blocks.peek().is_none()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    out.extend([0; 4]);
    out
}

/// The file of these pixels, filtered `rows` at a time, in parts of `part_bytes`.
fn file(width: u32, pixels: &[u8], rows: usize, part_bytes: usize) -> Vec<u8> {
    let row_bytes = width as usize * 4;
    let mut filtering = Rows::new(width);
    let bands = pixels.chunks(row_bytes * rows);
    let filtered: Vec<u8> = bands.flat_map(|band| filtering.filtered(band)).collect();
    let mut file = start(width, (pixels.len() / row_bytes) as u32);
    file.extend(stored(&filtered).chunks(part_bytes).flat_map(part));
    file.extend(end());
    file
}

/// The pixels of a file, unfiltered `rows` at a time.
fn pixels(file: &[u8], rows: usize) -> Option<(u32, u32, Vec<u8>)> {
    let plan = Plan::read(file)?;
    let packed: Vec<u8> =
        plan.packed.iter().flat_map(|part| &file[part.clone()]).copied().collect();
    let raw = unpacked(&packed, 1 << 24).ok()?;
    let mut unfiltering = Rows::new(plan.width);
    let mut out = Vec::new();
    for band in raw.chunks(plan.row_bytes() * rows) {
        out.extend(unfiltering.unfiltered(band)?);
    }
    Some((plan.width, plan.height, out))
}

#[test]
fn chunks_have_the_sums_that_everybody_knows() {
    let start = start(1, 1);
    assert_eq!(start[..8], *b"\x89PNG\r\n\x1a\n");
    assert_eq!(start[8..], hex("0000000d49484452 00000001 00000001 0806000000 1f15c489"));
    assert_eq!(end(), hex("00000000 49454e44 ae426082"));
    assert_eq!(checksum(b"123456789"), 0xcbf4_3926);
    assert_eq!(part(b"")[4..8], *b"IDAT");
}

#[test]
fn a_file_of_another_writer_is_read_to_the_bit() {
    for rows in [1, 2, 5] {
        assert_eq!(pixels(&hex(FOREIGN), rows), Some((3, 5, foreign_pixels())));
    }
}

#[track_caller]
fn check_there_and_back(width: u32, height: u32, byte: fn(u32) -> u8) {
    let all: Vec<u8> = (0..width * height * 4).map(byte).collect();
    for (rows, part_bytes) in [(1, 7), (3, 1_000), (height as usize, usize::MAX)] {
        let file = file(width, &all, rows, part_bytes);
        assert_eq!(pixels(&file, rows), Some((width, height, all.clone())), "{rows} rows");
    }
}

#[test]
fn what_is_written_is_read_again_to_the_bit() {
    check_there_and_back(1, 1, |_| 255);
    check_there_and_back(5, 3, |n| n as u8);
    check_there_and_back(64, 48, |n| (n.wrapping_mul(2_654_435_761) >> 24) as u8);
    check_there_and_back(300, 100, |n| (n / 700) as u8);
}

#[test]
fn colours_are_kept_below_the_mask() {
    let picture = [10, 20, 30, 255, 40, 50, 60, 255, 70, 80, 90, 255];
    let paint = [9, 9, 9, 255, 9, 9, 9, 0, 9, 9, 9, 100];
    let mut covered = picture;
    cover(&mut covered, &paint);
    assert_eq!(covered, [10, 20, 30, 0, 40, 50, 60, 255, 70, 80, 90, 155]);
    let painting = uncover(&mut covered);
    assert_eq!(covered, picture);
    assert_eq!(painting, Some(vec![0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 100]));
    assert_eq!(uncover(&mut covered), None);
}

#[track_caller]
fn check_not_read(change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = hex(FOREIGN);
    change(&mut bytes);
    assert_eq!(Plan::read(&bytes), None);
}

#[test]
fn what_is_no_such_picture_is_left_to_the_browser() {
    check_not_read(|bytes| bytes[0] = 0);
    check_not_read(|bytes| bytes.truncate(60));
    // A palette, 16 bits, every other row first, no width, a chunk longer than the file.
    for (at, value) in [(25, 3), (24, 16), (28, 1), (19, 0), (36, 200)] {
        check_not_read(|bytes| bytes[at] = value);
    }
    check_not_read(|bytes| bytes.retain(|byte| *byte != b'D'));
    check_not_read(|bytes| bytes.truncate(0));
    let mut rows = Rows::new(1);
    assert_eq!(rows.unfiltered(&[5, 1, 2, 3, 4]), None);
}

#[test]
fn the_largest_picture_has_8192_pixels_a_side_and_33_million_in_all() {
    for (width, height, expected) in [
        (1, 1, true),
        (4_096, 4_096, true),
        (8_192, 4_096, true),
        (8_192, 4_097, false),
        (8_193, 10, false),
        (10, u32::MAX, false),
        (0, 10, false),
    ] {
        assert_eq!(fits(width, height), expected, "{width} × {height}");
    }
}
