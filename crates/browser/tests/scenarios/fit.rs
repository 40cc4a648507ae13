//! Whatever state the page is in, it fits a narrow screen, in both languages, with any font.

use pilotlight_browser_tests::states::{self, Play, words};
use pilotlight_browser_tests::{Outcome, Page, Verdict, ensure};
use serde_json::json;

/// Finds what does not fit; see the file.
const RULES: &str = include_str!("fit.js");

/// Changes the language under whatever lies over the page.
const IN_CHINESE: &str = "const button = pilotlightTest.parts('header button')\
    .find((one) => pilotlightTest.name(one) === '中文');\
    if (button) button.click(); else document.documentElement.lang = 'zh-CN';";

/// What is drawn is as it is now.
const SETTLED: &str = "return new Promise((then) => requestAnimationFrame(() =>\
    requestAnimationFrame(() => then(true))))";

/// Everything that does not fit the page as it is, with each width and font.
async fn misfits(page: &Page, when: &str) -> Outcome<Vec<String>> {
    let mut all = Vec::new();
    for width in [320, 390] {
        for is_wide in [false, true] {
            page.session.resize(width, 700).await?;
            let wear = "document.documentElement.toggleAttribute('data-wide', arguments[0])";
            page.js(wear, &[json!(is_wide)]).await?;
            page.js(SETTLED, &[]).await?;
            let found = page.texts("return pilotlightFit()", &[]).await?;
            let font = if is_wide { "a wide font" } else { "the usual font" };
            all.extend(found.iter().map(|one| format!("{when}, {width}, {font}: {one}")));
        }
    }
    Ok(all)
}

#[track_caller]
fn check(name: &str) {
    let state = states::all().into_iter().find(|state| state.name == name).expect("a state");
    (state.stage)().size(390, 700).limit(150).play(async |scene| -> Verdict {
        scene.page.session.before_each_page(RULES).await?;
        let play = Play::new(scene, &words::BOTH[0]).await?;
        (state.reach)(&play).await?;
        let page = play.page();
        let touch = json!({"enabled": true, "maxTouchPoints": 5});
        let mut all = misfits(page, "English, a mouse").await?;
        page.session.cdp("Emulation.setTouchEmulationEnabled", touch).await?;
        all.extend(misfits(page, "English, fingers").await?);
        page.js(IN_CHINESE, &[]).await?;
        all.extend(misfits(page, "Chinese, fingers").await?);
        ensure(all.is_empty(), || all.join("\n  "))?;
        Ok(())
    });
}

/// A test for each of these states, by its name.
macro_rules! fits {
    ($($test:ident: $name:literal,)*) => {
        $(
            #[test]
            fn $test() {
                check($name);
            }
        )*
    };
}

fits! {
    the_start: "empty",
    all_fields: "advanced",
    fields_with_problems: "field-wrong",
    an_empty_picture: "picture-empty",
    a_picture: "picture",
    painting_a_mask: "mask",
    a_painted_picture: "masked",
    the_queue: "queue",
    waking_with_an_offer: "offer",
    waking_by_a_known_time: "waking-known",
    a_run_in_line: "queued",
    a_run: "running-known",
    a_run_that_is_cancelled: "cancelling",
    results: "done",
    an_answer: "answer",
    the_viewer: "viewer",
    the_gallery: "gallery",
    the_gallery_with_a_selection: "gallery-selected",
    the_details_of_a_result: "details",
    two_results_compared: "compare",
    the_settings: "settings",
    the_settings_with_a_key: "settings-key",
    the_dialog_for_a_key: "key",
    what_is_known_of_the_server: "server",
    what_was_used: "used",
    a_server_that_is_kept_awake: "kept-awake",
    the_question_at_a_limit: "limit",
    the_form_editor: "editor",
    the_inputs_in_the_form_editor: "editor-inputs",
    the_form_editor_of_a_server: "editor-described",
    the_presets: "presets",
    a_list_of_prompts: "several",
    the_set_up: "set-up",
    a_set_up_with_problems: "set-up-wrong",
    a_page_without_a_server: "set-up-later",
    a_test_that_is_well: "test-well",
    a_test_that_found_something: "test-unreachable",
    a_configuration_with_problems: "config",
    a_refused_value: "failed-refused",
    a_failed_node: "failed-node",
    a_lost_run: "failed-lost",
    a_result_that_is_gone: "gone",
}
