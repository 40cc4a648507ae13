//! Archives there and back, and archives that others made or broke.

use super::*;
use pilotlight_comfy::time::At;

const NOON: At = At(1_795_348_801_000); // 2026-11-22 12:00:01 UTC

fn written(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut archive, mut bytes) = (Archive::default(), Vec::new());
    for (name, file) in files {
        let head = archive.head(name, CRC.checksum(file), file.len() as u64, NOON).expect("room");
        bytes.extend(head);
        bytes.extend(*file);
    }
    bytes.extend(archive.tail());
    bytes
}

/// As whoever holds the archive reads it: its end, its list, then file by file.
fn read(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, Unread> {
    let part = |from: u64, length: u64| {
        let from = usize::try_from(from).ok()?;
        bytes.get(from..from.checked_add(usize::try_from(length).ok()?)?)
    };
    let file = |entry: Entry| {
        let head = part(entry.head_at, HEAD_BYTES as u64).ok_or(Unread::Broken)?;
        let packed = part(entry.begins_at(head)?, entry.packed_bytes).ok_or(Unread::Broken)?;
        Ok((entry.name.clone(), entry.unpacked(packed.to_vec(), 1_000)?))
    };
    entries(bytes)?.into_iter().map(file).collect()
}

fn entries(bytes: &[u8]) -> Result<Vec<Entry>, Unread> {
    let tail = &bytes[bytes.len().saturating_sub(TAIL_BYTES)..];
    let list = Directory::find(tail, bytes.len() as u64)?;
    let from = usize::try_from(list.from).expect("a place");
    list.entries(&bytes[from..from + usize::try_from(list.size_bytes).expect("a length")])
}

#[test]
fn the_checksum_is_the_usual_one() {
    // The check value of CRC-32/ISO-HDLC in the catalogue of CRC algorithms.
    assert_eq!(CRC.checksum(b"123456789"), 0xcbf4_3926);
    assert_eq!(CRC.checksum(b""), 0);
    let mut parts = CRC.digest();
    parts.update(b"1234");
    parts.update(b"56789");
    assert_eq!(parts.finalize(), 0xcbf4_3926);
}

#[test]
fn what_was_written_is_read_back() {
    for files in [
        &[][..],
        &[("a.txt", b"tiger".as_slice())],
        &[("图/猫.png", &[0, 255, 80, 75, 5, 6]), ("empty", b""), ("a.txt", b"b")],
    ] {
        let expected = files.iter().map(|(name, file)| ((*name).to_owned(), file.to_vec()));
        assert_eq!(read(&written(files)), Ok(expected.collect()));
    }
}

#[test]
fn the_date_is_the_moment() {
    let bytes = written(&[("a", b"")]);
    let half = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
    let (time, date) = (half(10), half(12));
    assert_eq!((date >> 9, date >> 5 & 15, date & 31), (46, 11, 22));
    assert_eq!((time >> 11, time >> 5 & 63, time & 31), (12, 0, 0));
    for (at, expected) in [(0, 0x0021), (u64::MAX, 0xff9f), (951_782_400_000, 0x285d)] {
        let head = Archive::default().head("a", 0, 0, At(at)).expect("room");
        assert_eq!(u16::from_le_bytes([head[12], head[13]]), expected, "{at}");
    }
}

#[test]
fn a_damaged_archive_is_refused() {
    let whole = written(&[("a.txt", b"tiger"), ("b.txt", b"lion")]);
    let read = |change: fn(&mut Vec<u8>)| {
        let mut bytes = whole.clone();
        change(&mut bytes);
        read(&bytes)
    };
    assert_eq!(read(|bytes| bytes.clear()), Err(Unread::NotAnArchive));
    assert_eq!(read(|bytes| bytes.truncate(60)), Err(Unread::NotAnArchive));
    // The fifth byte of the first file.
    assert_eq!(read(|bytes| bytes[HEAD_BYTES + 9] ^= 1), Err(Unread::Broken));
    // Something was put before it, or taken away.
    assert_eq!(read(|bytes| bytes.insert(0, 0)), Err(Unread::Broken));
    let cut = read(|bytes| {
        bytes.remove(0);
    });
    assert_eq!(cut, Err(Unread::Broken));
    let list = HEAD_BYTES * 2 + "a.txt".len() + "tiger".len() + "b.txt".len() + "lion".len();
    let changed = |place: usize, value: u8| {
        let mut bytes = whole.clone();
        bytes[list + place] = value;
        bytes
    };
    assert_eq!(entries(&changed(8, 1)), Err(Unread::Unknown), "encrypted");
    assert_eq!(entries(&changed(10, 14)), Err(Unread::Unknown), "packed by LZMA");
    let entry = &entries(&whole).expect("an archive")[0];
    assert_eq!(entry.unpacked(b"tiger".to_vec(), 4), Err(Unread::TooLong));
    for length in 0..whole.len() {
        assert!(entries(&whole[..length]).is_err(), "{length}");
    }
}

#[test]
fn files_that_share_their_bytes_are_refused() {
    let (mut archive, mut bytes) = (Archive::default(), Vec::new());
    bytes.extend(archive.head("a", CRC.checksum(&[0; 100]), 100, NOON).expect("room"));
    bytes.extend([0; 100]);
    let from = bytes.len() as u32;
    let tail = archive.tail();
    let line = &tail[..tail.len() - END_BYTES];
    for _ in 0..2 {
        bytes.extend(line);
    }
    let mut end = tail[tail.len() - END_BYTES..].to_vec();
    end[8..12].copy_from_slice(&[2, 0, 2, 0]);
    end[12..16].copy_from_slice(&(2 * line.len() as u32).to_le_bytes());
    end[16..20].copy_from_slice(&from.to_le_bytes());
    bytes.extend(end);
    assert_eq!(entries(&bytes), Err(Unread::Broken));
}

#[test]
fn an_archive_that_lies_of_itself_is_refused() {
    let whole = written(&[("../../etc/passwd", b"tiger"), ("a.txt", b"lion"), ("a.txt", b"owl")]);
    // Names are taken as they are and tell files apart; they lead nowhere.
    let names: Vec<String> =
        entries(&whole).expect("whole").into_iter().map(|it| it.name).collect();
    assert_eq!(names, ["../../etc/passwd", "a.txt", "a.txt"]);
    let list = whole.windows(4).position(|four| four == LISTED.to_le_bytes()).expect("a list");
    let end = whole.len() - END_BYTES;
    let changed = |at: usize, bytes: &[u8]| {
        let mut archive = whole.clone();
        archive[at..at + bytes.len()].copy_from_slice(bytes);
        archive
    };
    let word = |at: usize, value: u32| changed(at, &value.to_le_bytes());
    let table = [
        ("4 GB packed", word(list + 20, u32::MAX), Err(Unread::Broken)),
        ("4 GB", word(list + 24, u32::MAX), Err(Unread::Broken)),
        ("a comment of the whole list", changed(list + 32, &[0xff, 0xff]), Err(Unread::Broken)),
        ("a name of the whole list", changed(list + 28, &[0xff, 0xff]), Err(Unread::Broken)),
        ("more files than there are", changed(end + 10, &[0xfe, 0xff]), Err(Unread::Broken)),
        (
            "as many as mean that another list says it",
            changed(end + 10, &[0xff, 0xff]),
            Err(Unread::Unknown),
        ),
        ("a list that is the end itself", word(end + 16, end as u32), Err(Unread::Broken)),
        ("a list of 4 GB", word(end + 12, u32::MAX), Err(Unread::Broken)),
        ("a list elsewhere", word(end + 16, u32::MAX), Err(Unread::Unknown)),
        ("another disk", changed(end + 4, &[1, 0]), Err(Unread::Unknown)),
    ];
    for (what, archive, expected) in table {
        assert_eq!(entries(&archive).map(|all| all.len()), expected, "{what}");
    }
    // A file that is the list, or lies behind the end.
    for at in [list as u32, u32::MAX] {
        assert_eq!(read(&word(list + 42, at)), Err(Unread::Broken), "{at}");
    }
    // One that says a wrong length, or of which nothing is left once it is unpacked.
    let mut packed = entries(&PACKED).expect("packed").remove(0);
    packed.size_bytes += 1;
    let from = packed.begins_at(&PACKED).expect("a head") as usize;
    let bytes = || PACKED[from..].to_vec();
    assert_eq!(packed.unpacked(bytes(), 1_000), Err(Unread::Broken));
    packed.size_bytes = 3;
    assert_eq!(packed.unpacked(bytes(), 1_000), Err(Unread::Broken));
    packed.size_bytes = u64::MAX;
    assert_eq!(packed.unpacked(Vec::new(), usize::MAX), Err(Unread::Broken));
}

#[test]
fn a_packed_archive_of_another_program_is_read() {
    let expected = vec![("t".to_owned(), b"tiger tiger tiger tiger\n".to_vec())];
    assert_eq!(read(&PACKED), Ok(expected));
}

#[test]
fn there_is_an_end_to_what_fits() {
    let mut archive = Archive::default();
    assert_eq!(archive.head("a", 0, u64::from(u32::MAX), NOON), Err(Full));
    assert!(archive.head("a", 0, 4_000_000_000, NOON).is_ok());
    assert_eq!(archive.head("b", 0, 400_000_000, NOON), Err(Full));
    assert!(archive.head("b", 0, 1, NOON).is_ok());
    let mut many = Archive::default();
    for _ in 1..u16::MAX {
        many.head("a", 0, 0, NOON).expect("room");
    }
    assert_eq!(many.head("a", 0, 0, NOON), Err(Full));
}

#[test]
fn names_are_taken_everywhere() {
    for (text, expected) in [
        ("a tiger", "a tiger"),
        ("../../etc/passwd", "etc passwd"),
        ("C:\\con?.png", "C con .png"),
        ("\n\t", "_"),
        ("...", "_"),
        ("虎 <b>", "虎 b"),
        ("a \u{202e}gnp.exe", "a gnp.exe"),
    ] {
        assert_eq!(plain_name(text), expected);
    }
    assert_eq!(plain_name(&"x".repeat(200)).len(), 80);
}

/// Made by Python's `zipfile`, with an extra field.
#[rustfmt::skip]
const PACKED: [u8; 129] = [
    0x50, 0x4b, 0x03, 0x04, 0x14, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x60, 0x76, 0x5d, 0x70, 0x82,
    0x56, 0xdf, 0x0b, 0x00, 0x00, 0x00, 0x18, 0x00, 0x00, 0x00, 0x01, 0x00, 0x09, 0x00, 0x74, 0x55,
    0x54, 0x05, 0x00, 0x03, 0x00, 0x00, 0x00, 0x00, 0x2b, 0xc9, 0x4c, 0x4f, 0x2d, 0x52, 0x28, 0x41,
    0x27, 0xb9, 0x00, 0x50, 0x4b, 0x01, 0x02, 0x14, 0x03, 0x14, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00,
    0x60, 0x76, 0x5d, 0x70, 0x82, 0x56, 0xdf, 0x0b, 0x00, 0x00, 0x00, 0x18, 0x00, 0x00, 0x00, 0x01,
    0x00, 0x09, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80, 0x01, 0x00, 0x00, 0x00,
    0x00, 0x74, 0x55, 0x54, 0x05, 0x00, 0x03, 0x00, 0x00, 0x00, 0x00, 0x50, 0x4b, 0x05, 0x06, 0x00,
    0x00, 0x00, 0x00, 0x01, 0x00, 0x01, 0x00, 0x38, 0x00, 0x00, 0x00, 0x33, 0x00, 0x00, 0x00, 0x00,
    0x00,
];
