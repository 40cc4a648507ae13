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
fn check(said: Said, english: &str, chinese: &str) {
    assert_eq!(said.map(|(said, _)| said), [english, chinese]);
}

/// English and Chinese: what is said, and what stands in its gaps.
type Said = [(String, [String; 2]); 2];

fn sentence(sentence: Sentence) -> Said {
    Language::ALL.map(|language| (sentence.say(language), sentence.figures(language)))
}

fn report(report: Report) -> Said {
    Language::ALL.map(|language| (report.say(language), report.figures(language)))
}

#[test]
fn sentences_carry_their_figures() {
    check(
        report(Report::InLineBehind { ahead: 2 }),
        "In line (2 ahead)",
        "排队中（前面还有 2 个）",
    );
    check(
        report(Report::Usually { from_ms: 70_000, to_ms: 110_000 }),
        "usually 70–110 s",
        "通常需要 70–110 秒",
    );
    check(
        report(Report::GatewayGaveUp { after_ms: 60_000 }),
        "The gateway gave up after 1 min; asking again. Your run is safe.",
        "网关 1 分钟未等到响应，正在重试。你的任务不会丢。",
    );
    check(sentence(Sentence::HeardAgo { ms: 720_000 }), "last heard 12 min ago", "12 分钟前有响应");
    check(sentence(Sentence::TooLarge { max: "16" }), "The largest value is 16.", "最大值为 16。");
}

#[test]
fn only_the_first_line_of_an_exception_is_a_sentence() {
    let reason = |message| report(Report::Why(Reason::Node { node: "LoadImage", message }));
    check(reason("bad\nmore"), "LoadImage: bad", "LoadImage：bad");
    check(
        reason(""),
        "The node LoadImage failed without saying why.",
        "节点 LoadImage 运行失败，没有给出原因。",
    );
}

#[test]
fn every_figure_has_a_gap_and_every_gap_a_figure() {
    let (ms, from_ms, to_ms, run_ms, waking_ms) = (4_000, 1_000, 2_000, 1_000, 2_000);
    let (class, title, path, detail, state, value) = ("K1", "T2", "P1", "D2", "S2", "V1");
    let reason = |reason| (report(Report::Why(reason)), 1);
    let table = [
        (sentence(Sentence::HeardAgo { ms }), 1),
        (report(Report::InLineBehind { ahead: 3 }), 1),
        (report(Report::Usually { from_ms, to_ms }), 1),
        (report(Report::NoAnswerFor { ms }), 1),
        (report(Report::GatewayGaveUp { after_ms: ms }), 1),
        (report(Report::GatewayAnswered { status: 502 }), 1),
        (report(Report::WokeIn { ms }), 1),
        (report(Report::DoneIn { ran_ms: ms }), 1),
        (report(Report::DoneWithSeed { seed: u64::MAX }), 1),
        (report(Report::SomeGone { count: 2 }), 1),
        (report(Report::WillNotRun { problem: value.into() }), 1),
        (report(Report::NoResultFrom { titles: title }), 1),
        (sentence(Sentence::TooSmall { min: value }), 1),
        (sentence(Sentence::TooLarge { max: value }), 1),
        (sentence(Sentence::NotInList { value }), 1),
        (sentence(Sentence::Offered { options: value }), 1),
        (sentence(Sentence::TooLong { limit_kb: 100 }), 1),
        (sentence(Sentence::NodeMissing { class, title }), 2),
        (sentence(Sentence::InputMissing { node: class, input: title }), 2),
        (sentence(Sentence::LinkNowhere { node: class, input: title }), 2),
        (sentence(Sentence::ServerSays { message: value }), 1),
        (sentence(Sentence::NotAPicture { name: value }), 1),
        (sentence(Sentence::PictureTooLarge { limit_mb: 25 }), 1),
        (sentence(Sentence::PictureOfType { name: value }), 1),
        (sentence(Sentence::PictureOfTooManyPixels { limit_millions: 178 }), 1),
        (sentence(Sentence::AboutCost { run: value }), 1),
        (sentence(Sentence::AboutCostWaking { run: value, waking: state }), 2),
        (sentence(Sentence::AboutTime { run_ms }), 1),
        (sentence(Sentence::AboutTimeWaking { run_ms, waking_ms }), 2),
        (sentence(Sentence::SaidOf { subject: title, said: state }), 2),
        (sentence(Sentence::RunNumber { number: 7 }), 1),
        (sentence(Sentence::ConfigNotJson { line: 3, column: 4 }), 2),
        (sentence(Sentence::ConfigUnknownKey { key: value }), 1),
        (sentence(Sentence::ConfigWrongType { key: value, expected: Expected::Text }), 2),
        (sentence(Sentence::ConfigNotAnAddress { value, trouble: AddressTrouble::Empty }), 2),
        (sentence(Sentence::WorkflowUnreadable { path, detail }), 2),
        (report(Report::Why(Reason::Node { node: class, message: state })), 2),
        reason(Reason::Node { node: class, message: "" }),
        reason(Reason::Refused { first: value.into() }),
        reason(Reason::SetupNotUnderstood { status: 302 }),
    ];
    for (said, gaps) in table {
        for (said, figures) in said {
            let mut rest = said.as_str();
            for figure in figures.iter().filter(|figure| !figure.is_empty()) {
                let found = rest.split_once(figure.as_str());
                rest = found.map_or_else(|| panic!("{said}: no {figure}"), |(_, rest)| rest);
            }
            let shown = figures.iter().filter(|figure| !figure.is_empty()).count();
            assert_eq!(shown, gaps, "{said}");
        }
    }
}
