//! What must hold of every sentence.

use super::*;

const EVERY_WORD: [Word; 10] = [
    Word::Run,
    Word::RunAgain,
    Word::SameAgain,
    Word::Cancel,
    Word::TryAgain,
    Word::Download,
    Word::Copy,
    Word::Results,
    Word::Settings,
    Word::Theme,
];

#[test]
fn names_that_assistive_technology_uses_are_as_agreed() {
    let chinese =
        ["生成", "重新生成", "再来一张", "取消", "重试", "下载", "复制", "结果", "设置", "主题"];
    let english = [
        "Run",
        "Run again",
        "Same again",
        "Cancel",
        "Try again",
        "Download",
        "Copy",
        "Results",
        "Settings",
        "Theme",
    ];
    for (at, word) in EVERY_WORD.into_iter().enumerate() {
        assert_eq!(word.say(Language::English), english[at]);
        assert_eq!(word.say(Language::Chinese), chinese[at]);
    }
}

#[track_caller]
fn check(sentence: Sentence, english: &str, chinese: &str) {
    assert_eq!(sentence.say(Language::English), english);
    assert_eq!(sentence.say(Language::Chinese), chinese);
}

#[test]
fn sentences_carry_their_figures() {
    check(Sentence::InLineBehind { ahead: 2 }, "In line (2 ahead)", "排队中（前面还有 2 个）");
    check(
        Sentence::Usually { from_ms: 70_000, to_ms: 110_000 },
        "usually 70–110 s",
        "通常需要 70–110 秒",
    );
    check(
        Sentence::GatewayGaveUp { after_ms: 60_000 },
        "The gateway gave up after 1 min; asking again. Your run is safe.",
        "网关 1 分钟未等到响应，正在重试。你的任务不会丢。",
    );
    check(Sentence::HeardAgo { ms: 720_000 }, "last heard 12 min ago", "12 分钟前有响应");
    check(Sentence::TooLarge { max: "16" }, "The largest value is 16.", "最大值为 16。");
}

#[test]
fn only_the_first_line_of_an_exception_is_a_sentence() {
    let reason = |message| Sentence::Why(Reason::Node { node: "LoadImage", message });
    check(reason("bad\nmore"), "LoadImage: bad", "LoadImage：bad");
    check(
        reason(""),
        "The node LoadImage failed without saying why.",
        "节点 LoadImage 运行失败，没有给出原因。",
    );
}
