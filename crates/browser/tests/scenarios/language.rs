//! English and Chinese, and an input method in between.

use pilotlight_browser_tests::{Outcome, Page, Stage, Verdict};
use serde_json::json;

use crate::common::{press_run, sole_run};

/// Enter while an input method is composing, as it reaches the page.
async fn enter_while_composing(page: &Page, control: bool) -> Outcome {
    for kind in ["rawKeyDown", "keyUp"] {
        let key = json!({
            "type": kind, "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229,
            "modifiers": if control { 2 } else { 0 },
        });
        page.session.cdp("Input.dispatchKeyEvent", key).await?;
    }
    Ok(())
}

#[test]
fn enter_that_belongs_to_a_chinese_input_method_does_not_submit() {
    Stage::new("warm").chinese().play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let heard = "window.heard = []; addEventListener('keydown', (e) => \
            heard.push([e.key, e.isComposing, e.keyCode]), true); return true";
        page.js(heard, &[]).await?;
        let composing = json!({"text": "laohu", "selectionStart": 5, "selectionEnd": 5});

        // A field of one line would submit by itself.
        page.click("textbox", "随机种子").await?;
        page.session.cdp("Input.imeSetComposition", composing.clone()).await?;
        enter_while_composing(page, false).await?;
        let events = page.js("return heard", &[]).await?;
        assert_eq!(events, json!([["Enter", true, 229]]), "a real composition");
        page.session
            .cdp(
                "Input.imeSetComposition",
                json!({
                    "text": "", "selectionStart": 0, "selectionEnd": 0,
                }),
            )
            .await?;
        page.fill("随机种子", "").await?;

        page.fill("提示词", "一只").await?;
        page.session.cdp("Input.imeSetComposition", composing).await?;
        enter_while_composing(page, false).await?;
        enter_while_composing(page, true).await?;
        page.session.cdp("Input.insertText", json!({"text": "老虎"})).await?;
        assert_eq!(page.value("提示词").await?, "一只老虎");
        assert_eq!(page.phase(1).await?, "", "the composition's Enter ran it");
        assert_eq!(scene.emulator.log().await?.len(), 0);

        page.press("Control+Enter").await?;
        page.until_phase(1, "done").await?;
        assert_eq!(page.pictures(1).await?, ["一只老虎"]);
        sole_run(scene, "success").await?;
        Ok(())
    });
}

#[test]
fn a_chinese_browser_gets_a_chinese_page() {
    Stage::new("warm").chinese().play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        for (role, name) in [
            ("tab", "文生图"),
            ("tab", "图片理解"),
            ("textbox", "提示词"),
            ("button", "设置"),
            ("button", "主题"),
            ("button", "English"),
        ] {
            page.find(role, name).await?;
        }
        assert_eq!(page.js("return document.documentElement.lang", &[]).await?, json!("zh-CN"));
        page.fill("提示词", "雪地里的老虎").await?;
        page.click("button", "生成").await?;
        page.until_phase(1, "done").await?;
        page.find("list", "结果").await?;
        let said = page.said().await?.join(" | ");
        for word in ["正在连接 GPU", "运行中", "已完成"] {
            assert!(said.contains(word), "{said}");
        }
        page.click("tab", "图片理解").await?;
        page.find("textbox", "问题").await?;
        page.find("button", "图片 选择图片 或拖放、粘贴到此处").await?;
        Ok(())
    });
}

#[test]
fn the_language_changes_at_any_moment_and_nothing_is_lost() {
    Stage::new("cold").set("cold_start_ms", 6_000).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger [sleep=3]").await?;
        page.until_phase(1, "waking").await?;
        page.see("Waking the GPU").await?;
        page.click("button", "中文").await?;
        page.see("正在唤醒 GPU").await?;
        page.find("button", "生成").await?;
        assert_eq!(page.value("提示词").await?, "a tiger [sleep=3]");
        page.until_phase(1, "running").await?;
        page.see("运行中").await?;
        page.find("button", "取消").await?;
        page.click("button", "English").await?;
        page.see("Running").await?;
        page.click("button", "中文").await?;
        page.until_phase(1, "done").await?;
        page.find("button", "下载").await?;
        sole_run(scene, "success").await?;
        // The choice is kept.
        scene.reload().await?;
        page.find("button", "生成").await?;
        Ok(())
    });
}

#[test]
fn a_failure_is_told_again_in_the_other_language() {
    Stage::new("out-of-memory").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.see("Not enough GPU memory").await?;
        page.click("button", "中文").await?;
        page.see("显存不足").await?;
        page.see("请减小尺寸，或请管理员换用更大的 GPU").await?;
        page.find("button", "重新生成").await?;
        Ok(())
    });
}

#[test]
fn a_text_that_nobody_touched_follows_the_language() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.click("tab", "Image to text").await?;
        assert_eq!(page.value("Question").await?, "Describe this image in detail.");
        page.click("button", "中文").await?;
        assert!(page.value("问题").await?.contains("描述"));
        page.fill("问题", "这是什么").await?;
        page.click("button", "English").await?;
        assert_eq!(page.value("Question").await?, "这是什么");
        Ok(())
    });
}
