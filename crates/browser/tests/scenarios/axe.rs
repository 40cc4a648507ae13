//! Whatever state the page is in, axe finds nothing in it that a screen reader or a keyboard cannot
//! use, with its rules for best practice switched on.

use std::cell::RefCell;

use pilotlight_browser_tests::states::{self, Play, words};
use pilotlight_browser_tests::{Outcome, Page, Verdict, places};

/// Runs every rule; returns a line for each element that violates one. `label-content-name-mismatch`
/// is experimental, therefore off unless asked for.
const RUN: &str = "return axe.run(document, {\
        resultTypes: ['violations'],\
        rules: {'label-content-name-mismatch': {enabled: true}},\
    }).then((found) => found.violations.flatMap((rule) => rule.nodes.map((node) =>\
        rule.id + ': ' + node.target.join(' ') + ' ' + node.html.slice(0, 160))))";

/// What axe finds in the page as it is.
async fn violations(page: &Page) -> Outcome<Vec<String>> {
    let axe = std::fs::read_to_string(places::axe()?).unwrap_or_default();
    page.js(&axe, &[]).await?;
    page.texts(RUN, &[]).await
}

/// So many tests share the states.
const PARTS: usize = 8;

#[track_caller]
fn check(part: usize) {
    let wanted = std::env::var("PILOTLIGHT_AXE_STATE").unwrap_or_default();
    let found = RefCell::new(Vec::new());
    for state in states::all().into_iter().skip(part).step_by(PARTS) {
        if !state.name.contains(&wanted) {
            continue;
        }
        (state.stage)().limit(150).play(async |scene| -> Verdict {
            let play = Play::new(scene, &words::BOTH[0]).await?;
            (state.reach)(&play).await?;
            let page = play.page();
            let mut lines = violations(page).await?;
            let frame = page.js("return document.querySelector('iframe')", &[]).await?;
            if let Ok(frame) = page.session.element(frame) {
                // Of a site around the page only the example of the documentation is the project's.
                if state.name == "embedded-refused" {
                    lines.clear();
                }
                frame.enter_frame().await?;
                // A frame is a part of the page around it, which has the heading.
                let inside = violations(page).await?.into_iter();
                lines.extend(inside.filter(|line| !line.starts_with("page-has-heading-one")));
                page.session.leave_frame().await?;
            }
            found.borrow_mut().extend(lines.iter().map(|line| format!("{}: {line}", state.name)));
            // The state of a page that broke is one of them.
            page.js("document.documentElement.removeAttribute('data-crashed')", &[]).await?;
            Ok(())
        });
    }
    let found = found.into_inner();
    assert!(found.is_empty(), "\n  {}", found.join("\n  "));
}

/// A test for each part of the states.
macro_rules! parts {
    ($($test:ident: $part:literal,)*) => {
        $(
            #[test]
            fn $test() {
                check($part);
            }
        )*
    };
}

parts! {
    states_1_of_8: 0,
    states_2_of_8: 1,
    states_3_of_8: 2,
    states_4_of_8: 3,
    states_5_of_8: 4,
    states_6_of_8: 5,
    states_7_of_8: 6,
    states_8_of_8: 7,
}
