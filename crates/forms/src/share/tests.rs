//! What goes into a link and comes out of one.

use super::*;
use crate::form::{FieldKey, PictureRef};
use pilotlight_comfy::language::Language;
use serde_json::json;

const FILE: &str = include_str!("../../../../public/workflows/janus-text-to-image.json");
const ASKING: &str = include_str!("../../../../public/workflows/janus-image-understanding.json");

fn package(text: &str) -> (Form, Vec<Class>) {
    Package::parse(text).expect("a package").parts()
}

/// As a browser packs it, or one that cannot.
fn linked(text: &str) -> String {
    fragment(&stored(text)).expect("short enough")
}

fn text(text: &str) -> Draft {
    Draft::Text(text.to_owned())
}

#[test]
fn a_form_and_what_is_filled_in_come_back() {
    let (form, classes) = package(FILE);
    let mut drafts = form.drafts(Language::English);
    let prompt = form.front_text().expect("a prompt").key.clone();
    drafts.set(prompt, text("一只老虎 \"a\" #?&\n"));
    for is_own in [true, false] {
        let sent = outgoing(&form, &classes, &drafts, is_own);
        assert_eq!((sent.lacks_picture, sent.lacks_secret), (false, false));
        let link = linked(&sent.text);
        assert!(link.bytes().all(|b| b.is_ascii_alphanumeric() || b"=.-_".contains(&b)), "{link}");
        assert!(is_link(&link));
        let shared = read(&link).expect("readable");
        assert_eq!(shared.drafts, drafts);
        match shared.form {
            Which::Own(id) => assert!(is_own && id == form.id),
            Which::Whole(package) => {
                assert!(!is_own && package.parts() == (form.clone(), classes.clone()))
            }
        }
    }
}

#[test]
fn pictures_stay_here() {
    let (form, classes) = package(ASKING);
    let field = form.fields.iter().find(|field| matches!(field.default, Draft::Picture(_)));
    let key = field.expect("a picture").key.clone();
    let picture = PictureRef { name: "me.png".into(), size_bytes: 9, hash: "0a".into() };
    let mut drafts = form.drafts(Language::English);
    drafts.set(key.clone(), Draft::Picture(Some(picture)));
    let sent = outgoing(&form, &classes, &drafts, true);
    assert!(sent.lacks_picture && !sent.text.contains("me.png"), "{}", sent.text);
    // Nor is one taken from a link.
    let said = json!({"form": "x", "values": json::to_value(&drafts)});
    assert_eq!(read(&linked(&said.to_string())).expect("readable").drafts.get(&key), None);
}

#[test]
fn secrets_stay_here() {
    let file = json!({
        "pilotlight": 1, "id": "paid", "title": "Paid",
        "prompt": {"1": {"class_type": "Paid", "inputs":
            {"api_key": "sk-1", "prompt": "x", "hf_token": "sk-2"}}},
        "form": [{"node": "1", "input": "prompt", "label": "P"}, {"node": "1", "input": "api_key", "label": "K", "default": "sk-3"}],
        "classes": {}
    });
    let (form, classes) = package(&file.to_string());
    let mut drafts = form.drafts(Language::English);
    drafts.set(FieldKey::new("1", "api_key"), text("sk-4"));
    for is_own in [true, false] {
        let sent = outgoing(&form, &classes, &drafts, is_own);
        assert!(sent.lacks_secret && !sent.text.contains("sk-"), "{}", sent.text);
        assert!(read(&linked(&sent.text)).is_ok());
    }
}

#[track_caller]
fn check_refused(fragment: &str, expected: Unshared) {
    assert_eq!(read(fragment), Err(expected), "{fragment}");
}

#[test]
fn what_cannot_be_read_is_refused() {
    check_refused("share=2.AAAA", Unshared::Newer);
    check_refused("share=17.", Unshared::Newer);
    for damaged in
        ["share=", "share=1", "share=1.", "share=0.AA", "share=x.AA", "share=1.%41", "share=1.A"]
    {
        check_refused(damaged, Unshared::Damaged);
    }
    let whole = linked(r#"{"form":"a","values":{"v":1,"fields":{}}}"#);
    assert!(read(&whole).is_ok());
    for length in MARK.len() + 3..whole.len() {
        check_refused(&whole[..length], Unshared::Damaged);
    }
    for odd in [
        "",
        "[]",
        "{}",
        r#"{"form":"a"}"#,
        r#"{"form":"a","values":{"v":2}}"#,
        r#"{"values":{"v":1,"fields":{}}}"#,
    ] {
        check_refused(&linked(odd), Unshared::Damaged);
    }
    let form = r#"{"form":{"pilotlight":2},"values":{"v":1,"fields":{}}}"#;
    check_refused(&linked(form), Unshared::Form(PackageRefusal::NotThisVersion));
    check_refused(&format!("share=1.{}", "A".repeat(MAX_LINK_CHARS + 1)), Unshared::TooLarge);
}

/// A stream of a few bytes that unpacks to `count` times 258 zeros and more: one symbol for it is a
/// bit or two in the fixed code.
fn bomb(count: usize) -> Vec<u8> {
    let mut bits: Vec<u8> = vec![1, 1, 0];
    let mut put = |code: u32, length: u32| {
        bits.extend((0..length).rev().map(|place| (code >> place & 1) as u8));
    };
    put(0b0011_0000, 8);
    for _ in 0..count {
        put(0b1100_0101, 8);
        put(0, 5);
    }
    put(0, 7);
    let byte = |bits: &[u8]| bits.iter().rev().fold(0u8, |byte, bit| byte << 1 | bit);
    bits.chunks(8).map(byte).collect()
}

#[test]
fn what_unpacks_to_too_much_is_not_held() {
    let small = bomb(10);
    assert_eq!(inflated(&small, 1 << 20).map(|bytes| bytes.len()), Ok(1 + 10 * 258));
    // 2,000 × 258 is within the limit, and no JSON.
    check_refused(&fragment(&bomb(2_000)).expect("short enough"), Unshared::Damaged);
    check_refused(&fragment(&bomb(7_000)).expect("short enough"), Unshared::TooLarge);
    // As a packer makes it, a link holds 12 MB.
    let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut packer, &vec![b' '; 11 << 20]).expect("memory takes it");
    let packed = packer.finish().expect("memory takes it");
    check_refused(&fragment(&packed).expect("short enough"), Unshared::TooLarge);
}

#[test]
fn nothing_is_sent_that_is_not_read() {
    let (form, classes) = package(FILE);
    let mut drafts = form.drafts(Language::English);
    assert!(outgoing(&form, &classes, &drafts, true).fits());
    let prompt = form.front_text().expect("a prompt").key.clone();
    drafts.set(prompt, text(&"x".repeat(MAX_TEXT_BYTES)));
    assert!(!outgoing(&form, &classes, &drafts, true).fits());
}

#[test]
fn a_long_form_is_refused_before_it_is_sent() {
    assert_eq!(fragment(&vec![0; 12_100]), None);
    let text = "x".repeat(2 * STORED_MAX + 7);
    assert_eq!(inflated(&stored(&text), MAX_TEXT_BYTES), Ok(text.into_bytes()));
}
