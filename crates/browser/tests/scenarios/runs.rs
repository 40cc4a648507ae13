//! Runs that go well.

use pilotlight_browser_tests::{Stage, Verdict};

#[test]
fn warm_text_to_image_brings_the_picture() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.fill("Prompt", "a tiger in the snow").await?;
        page.click("button", "Run").await?;
        page.until_phase(1, "done").await?;
        let pictures = page.pictures(2).await?;
        assert_eq!(pictures, ["a tiger in the snow"; 2]);
        Ok(())
    });
}
