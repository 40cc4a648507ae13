//! A browser that keeps nothing.

use pilotlight_browser_tests::{Stage, Verdict};
use serde_json::json;

use crate::common::{fill_question, press_run, sole_run};

#[test]
fn where_storage_is_refused_the_page_says_so_and_works() {
    let key = "profile.default_content_setting_values.cookies";
    Stage::new("warm").preference(key, json!(2)).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let refused = "try { localStorage; return false } catch (refused) { return true }";
        assert_eq!(page.js(refused, &[]).await?, json!(true), "this browser stores");
        page.see("The browser keeps nothing for this page").await?;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        sole_run(scene, "success").await?;
        page.click("button", "中文").await?;
        page.find("button", "生成").await?;
        page.click("button", "English").await?;
        fill_question(scene, "What is it? [answer=A flame.]").await?;
        page.click("button", "Run").await?;
        page.until_phase(2, "done").await?;
        page.see("A flame.").await?;
        Ok(())
    });
}

#[test]
fn a_full_storage_does_not_stop_a_run() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let fill = "let size = 4000000; let n = 0;\
            while (size > 0) { try { localStorage.setItem('other' + n++, 'x'.repeat(size)); }\
            catch (full) { size = size > 1 ? size >> 1 : 0; } } return true";
        page.js(fill, &[]).await?;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        sole_run(scene, "success").await?;
        Ok(())
    });
}
