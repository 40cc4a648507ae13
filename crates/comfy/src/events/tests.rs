//! Events as the extension writes them, in pieces of every length.

use super::*;
use crate::run_status::{Content, How};

const ID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

fn stream() -> EventStream {
    EventStream::new(PromptId::named(ID).expect("an id"))
}

/// An event of the run, with further members of its data.
fn sent(name: &str, members: &str) -> String {
    let comma = if members.is_empty() { "" } else { "," };
    format!("event: {name}\ndata: {{\"prompt_id\":\"{ID}\"{comma}{members}}}\n\n")
}

#[track_caller]
fn check(text: &str, expected: &[RunEvent]) {
    let whole = stream().read(text.as_bytes());
    assert_eq!(whole.as_deref(), Ok(expected), "{text}");
    // The same, whatever the pieces: byte by byte, and cut once at each place.
    let mut one = stream();
    let bytes = text.as_bytes().chunks(1).map(|byte| one.read(byte));
    let single: Result<Vec<_>, _> = bytes.collect();
    assert_eq!(single.map(|all| all.concat()).as_deref(), Ok(expected), "{text}");
    for cut in 0..text.len() {
        let (mut two, (first, rest)) = (stream(), text.as_bytes().split_at(cut));
        let mut events = two.read(first).expect("no damage");
        events.extend(two.read(rest).expect("no damage"));
        assert_eq!(events, expected, "{text} cut at {cut}");
    }
}

#[track_caller]
fn check_broken(text: &str, expected: Broken) {
    assert_eq!(stream().read(text.as_bytes()), Err(expected), "{text}");
}

fn running() -> RunEvent {
    RunEvent::Status(StatusReport::Running)
}

#[test]
fn the_status_of_a_run_is_read() {
    let pending = |ahead| RunEvent::Status(StatusReport::Pending { ahead });
    check(&sent("status", r#""state":"running""#), &[running()]);
    check(&sent("status", r#""state":"pending","ahead":3"#), &[pending(3)]);
    check(&sent("status", r#""state":"pending""#), &[pending(0)]);
    check(&sent("gone", ""), &[RunEvent::Status(StatusReport::NotInQueue)]);
    check_broken(&sent("status", r#""state":"dancing""#), Broken::NotUnderstood);
    check_broken(&sent("status", ""), Broken::NotUnderstood);
}

#[test]
fn lines_end_in_any_way_and_comments_are_left_out() {
    let event = sent("status", r#""state":"running""#);
    for end in ["\n", "\r", "\r\n"] {
        let text = format!("\u{feff}: alive\n\n{event}:\n\nretry: 5\nid: 7\n{event}");
        check(&text.replace('\n', end), &[running(), running()]);
    }
    let divided = format!(
        "event:status\ndata: {{\"prompt_id\":\ndata: \"{ID}\",\ndata:\"state\":\"running\"}}\n\n"
    );
    check(&divided, &[running()]);
}

#[test]
fn what_is_not_of_this_run_is_left_out() {
    check("event: status\ndata: {\"prompt_id\":\"other\",\"state\":\"running\"}\n\n", &[]);
    check("event: weather\ndata: not JSON\n\n", &[]);
    check("data: {\"no\":\"name\"}\n\n", &[]);
    check("event: status\n\n", &[]);
    // An event that has not ended is none.
    check(sent("status", r#""state":"running""#).trim_end(), &[]);
}

#[test]
fn progress_is_a_snapshot_within_its_bounds() {
    let node = |state, value, max| NodeProgress { state, value, max };
    let text = sent(
        "progress",
        r#""node":"4","nodes":{"1":{"state":"finished","value":1,"max":1},
           "4":{"state":"running","value":12,"max":25}}"#,
    );
    let nodes = [
        ("1".to_owned(), node(NodeState::Finished, 1.0, 1.0)),
        ("4".to_owned(), node(NodeState::Running, 12.0, 25.0)),
    ];
    let progress = Progress { node: Some("4".to_owned()), nodes: nodes.into() };
    check(&text.replace("\n           ", ""), &[RunEvent::Progress(progress)]);
    let odd = sent(
        "progress",
        r#""node":null,"nodes":{"1":{"state":"error","value":-3,"max":0},
           "2":{"state":"pending","value":9,"max":2}}"#,
    );
    let nodes = [
        ("1".to_owned(), node(NodeState::Error, 0.0, 1.0)),
        ("2".to_owned(), node(NodeState::Pending, 2.0, 2.0)),
    ];
    let progress = Progress { node: None, nodes: nodes.into() };
    check(&odd.replace("\n           ", ""), &[RunEvent::Progress(progress)]);
    check_broken(&sent("progress", r#""nodes":[]"#), Broken::NotUnderstood);
    let state = r#""nodes":{"1":{"state":"lost"}}"#;
    check_broken(&sent("progress", state), Broken::NotUnderstood);
}

#[test]
fn a_preview_is_an_image() {
    let text = r#""node":"4","media":"image/jpeg","width":384,"height":256,"data":"/9j/2Q==""#;
    let preview = Preview {
        node: Some("4".to_owned()),
        media: "image/jpeg",
        width: 384,
        height: 256,
        bytes: vec![0xff, 0xd8, 0xff, 0xd9],
    };
    check(&sent("preview", text), &[RunEvent::Preview(preview)]);
    let svg = text.replace("image/jpeg", "image/svg+xml");
    check_broken(&sent("preview", &svg), Broken::NotUnderstood);
    check_broken(&sent("preview", &text.replace("/9j/2Q==", "?")), Broken::NotUnderstood);
}

#[test]
fn outputs_and_the_history_are_read_as_in_the_history() {
    let image = r#"{"filename":"a_1.png","subfolder":"","type":"output"}"#;
    let events = stream()
        .read(sent("output", &format!(r#""node":"7","output":{{"images":[{image}]}}"#)).as_bytes())
        .expect("no damage");
    let [RunEvent::Outputs { node, outputs }] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((node.as_str(), outputs.len()), ("7", 1));
    assert!(matches!(&outputs[0].content, Content::File(file) if file.filename == "a_1.png"));

    let entry = format!(
        r#""entry":{{"prompt":[],"outputs":{{"7":{{"images":[{image}]}}}},
           "status":{{"status_str":"success","completed":true,"messages":[]}}}}"#
    );
    let events = stream().read(sent("history", &entry.replace('\n', "")).as_bytes());
    let events = events.expect("no damage");
    let [RunEvent::Status(StatusReport::Ended(ended))] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!((&ended.how, ended.outputs.len()), (&How::Well, 1));
    check_broken(&sent("history", r#""entry":[]"#), Broken::NotUnderstood);
}

#[test]
fn a_stream_that_is_no_text_or_too_long_is_broken() {
    assert_eq!(stream().read(b"data: \xff\n"), Err(Broken::NotUnderstood));
    check_broken("event: status\ndata: {\n\n", Broken::NotUnderstood);
    let mut long = stream();
    let piece = vec![b'a'; MAX_EVENT_BYTES / 2];
    assert_eq!(long.read(&piece), Ok(Vec::new()));
    assert_eq!(long.read(&piece), Ok(Vec::new()));
    assert_eq!(long.read(b"a"), Err(Broken::TooLong));
    let mut lines = stream();
    let line = [b"data:", &piece[..], b"\n"].concat();
    assert_eq!(lines.read(&line), Ok(Vec::new()));
    assert_eq!(lines.read(&line), Err(Broken::TooLong));
}
