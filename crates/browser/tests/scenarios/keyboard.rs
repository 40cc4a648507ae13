//! Without a mouse.

use pilotlight_browser_tests::{Stage, Verdict};

use crate::common::sole_run;

#[test]
fn a_whole_run_by_keyboard_alone() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let expected = [
            "button GPU status unknown",
            "button 中文",
            "button Theme",
            "button Settings",
            "tab Text to image",
            "button Open a workflow",
            "textbox Prompt",
            "textbox Images",
            "textbox Seed",
        ];
        for name in expected {
            page.press("Tab").await?;
            assert_eq!(page.focused().await?, name, "the order of the focus");
        }
        for _ in 0..4 {
            page.press("Shift+Tab").await?;
        }
        assert_eq!(page.focused().await?, "tab Text to image");
        page.press("ArrowRight").await?;
        assert_eq!(page.focused().await?, "tab Image to text");
        page.find("textbox", "Question").await?;
        page.press("ArrowRight").await?;
        assert_eq!(page.focused().await?, "tab Text to image", "around the end");
        page.press("End").await?;
        page.press("Home").await?;
        assert_eq!(page.focused().await?, "tab Text to image");
        page.press("Tab").await?;
        page.press("Tab").await?;
        page.press("Control+a").await?;
        for letter in ["a", " ", "f", "o", "x"] {
            page.press(letter).await?;
        }
        page.press("Enter").await?;
        page.press("Control+Enter").await?;
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        assert_eq!(page.focused().await?, "textbox Prompt", "the focus stays where it is");
        assert_eq!(page.value("Prompt").await?, "a fox\n");
        sole_run(scene, "success").await?;

        // On to the picture, large and back.
        for _ in 0..20 {
            page.press("Tab").await?;
            if page.focused().await? == "button a fox" {
                break;
            }
        }
        assert_eq!(page.focused().await?, "button a fox", "the picture can be reached");
        page.press("Enter").await?;
        page.find("dialog", "a fox").await?;
        page.press("Escape").await?;
        page.until_none("dialog").await?;
        assert_eq!(page.focused().await?, "button a fox", "the focus comes back");
        Ok(())
    });
}

#[test]
fn a_cancel_by_keyboard_while_the_clock_moves() {
    Stage::new("cold").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.fill("Prompt", "a fox").await?;
        page.press("Control+Enter").await?;
        page.until_phase(1, "waking").await?;
        let cancel = page.find("button", "Cancel").await?;
        page.js("arguments[0].focus()", &[cancel.to_json()?]).await?;
        // The card is drawn anew every second; the focus must stay.
        page.until_step(1, "Waking the GPU", "^[3-9] s").await?;
        assert_eq!(page.focused().await?, "button Cancel");
        page.press("Enter").await?;
        page.until_phase(1, "cancelled").await?;
        Ok(())
    });
}
