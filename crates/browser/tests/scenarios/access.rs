//! For those who do not see the page, or not all of it.

use pilotlight_browser_tests::{Outcome, Page, Stage, Verdict, ensure};
use serde_json::json;

use crate::common::{fill_question, in_order, press_run};

/// Every control has a name, as the browser itself computes it.
async fn all_named(page: &Page, when: &str) -> Outcome {
    let controls = "return [...document.querySelectorAll('button, a[href], input, select, textarea, \
        summary, [role=tab], [role=group], [role=progressbar], dialog[open], img:not([alt=\"\"])')]\
        .filter(pilotlightTest.shown)";
    let controls = page.js(controls, &[]).await?;
    for control in controls.as_array().into_iter().flatten() {
        let element = page.session.element(control.clone())?;
        let label = page.session.label(&element).await?;
        if label.is_empty() {
            let html = "return arguments[0].outerHTML.slice(0, 200)";
            let html = page.js(html, std::slice::from_ref(control)).await?;
            return Err(format!("{when}: without a name: {html}").into());
        }
    }
    let twice = "const ids = [...document.querySelectorAll('[id]')].map((node) => node.id);\
        return ids.filter((id, at) => ids.indexOf(id) !== at)";
    let twice = page.js(twice, &[]).await?;
    ensure(twice == json!([]), || format!("{when}: an id twice: {twice}"))
}

#[test]
fn every_control_has_a_name_at_every_stage() {
    Stage::new("cold").set("cold_start_ms", 4_000).play(async |scene| -> Verdict {
        scene.page.be_patient(std::time::Duration::from_secs(20));
        scene.open().await?;
        let page = &scene.page;
        all_named(page, "at the start").await?;
        page.unfold("Advanced").await?;
        all_named(page, "with Advanced").await?;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "waking").await?;
        all_named(page, "while waking").await?;
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        all_named(page, "with a picture").await?;
        page.click("button", "Settings").await?;
        all_named(page, "in the settings").await?;
        page.press("Escape").await?;
        page.click("button", "Edit form").await?;
        page.click("button", "Guidance").await?;
        all_named(page, "in the form editor").await?;
        page.click("radio", "All inputs").await?;
        all_named(page, "among all inputs").await?;
        page.press("Escape").await?;
        page.click("button", "Presets").await?;
        all_named(page, "in the presets").await?;
        page.press("Escape").await?;
        let list = page.find("list", "Results").await?;
        page.click_in(&list, "button", "a tiger").await?;
        page.find("dialog", "a tiger").await?;
        all_named(page, "in the viewer").await?;
        page.press("Escape").await?;
        fill_question(scene, "What is it? [oom]").await?;
        all_named(page, "with a picture chosen").await?;
        page.click("button", "Run").await?;
        page.until_phase(2, "failed").await?;
        all_named(page, "with a failure").await?;
        page.click("button", "中文").await?;
        all_named(page, "in Chinese").await?;
        Ok(())
    });
}

#[test]
fn a_run_is_a_group_named_by_it_and_told_aloud() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        let card = page.run(1).await?;
        assert_eq!(page.session.role(&card).await?, "group");
        let label = page.session.label(&card).await?;
        assert!(label.contains("Run 1") && label.contains("a tiger"), "{label}");
        page.until_phase(1, "running").await?;
        let busy = "return pilotlightTest.card(1).getAttribute('aria-busy')";
        assert_eq!(page.js(busy, &[]).await?, json!("true"));
        page.find("progressbar", "Progress").await?;
        let current = "return pilotlightTest.step(pilotlightTest.card(1)).name";
        assert!(page.js(current, &[]).await?.to_string().contains("Running"));
        page.until_phase(1, "done").await?;
        assert_eq!(page.js(busy, &[]).await?, json!("false"));
        let said = page.said().await?;
        assert!(in_order(&said, &["a tiger: Running", "a tiger: Done"]), "{said:?}");
        // Milestones only: no clocks.
        assert!(said.len() <= 6, "{said:?}");
        page.find("region", "Results").await?;
        Ok(())
    });
}

#[test]
fn without_motion_nothing_moves() {
    Stage::new("cold").play(async |scene| -> Verdict {
        let calm = json!({"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]});
        scene.page.session.cdp("Emulation.setEmulatedMedia", calm).await?;
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "waking").await?;
        let moving = "return document.getAnimations().filter((one) => one.playState === 'running' \
            && one.effect.getComputedTiming().iterations === Infinity).length";
        assert_eq!(page.js(moving, &[]).await?, json!(0));
        // A full bar would look like a known progress.
        let is_hatched = "const [meter] = pilotlightTest.all('progressbar');\
            return meter?.dataset.state === 'unknown'\
            && getComputedStyle(meter.firstElementChild).backgroundImage.includes('gradient')";
        page.until("a hatched bar", is_hatched, &[]).await?;
        let calm_and_forced = json!({"features": [
            {"name": "prefers-reduced-motion", "value": "reduce"},
            {"name": "forced-colors", "value": "active"},
        ]});
        page.session.cdp("Emulation.setEmulatedMedia", calm_and_forced).await?;
        page.until("a hatched bar with forced colors", is_hatched, &[]).await?;
        Ok(())
    });
}

#[test]
fn no_two_things_have_the_same_name() {
    Stage::new("warm").set("run_ms", 3_000).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        crate::common::another_press(page).await?;
        press_run(page, "a fox").await?;
        page.run(2).await?;
        let runs = "return ['region', 'navigation', 'complementary', 'main', 'group', 'dialog', 'list']\
            .flatMap((role) => pilotlightTest.all(role, 'Runs')).length";
        assert_eq!(page.js(runs, &[]).await?, json!(1));
        assert_eq!(page.count("region", "Runs").await?, 1);
        page.until_phase(2, "done").await?;
        fill_question(scene, "What is it?").await?;
        let gallery = page.find("button", "All results · 2").await?;
        let inputs = async |when: &str| -> Outcome {
            let names = "return pilotlightTest.files().map(pilotlightTest.name)";
            let names = page.texts(names, &[]).await?;
            let all: std::collections::BTreeSet<&str> = names.iter().map(String::as_str).collect();
            let is_plain = !names.is_empty() && all.len() == names.len() && !all.contains("");
            ensure(is_plain, || format!("{when}: {names:?}"))
        };
        inputs("in the form").await?;
        page.click_on(&gallery).await?;
        page.see("2 results").await?;
        inputs("in the gallery").await?;
        // As the browser tells those who cannot see it.
        page.press("Escape").await?;
        page.until_none("dialog").await?;
        let tree = page.session.cdp("Accessibility.getFullAXTree", json!({})).await?;
        let nodes = tree["nodes"].as_array().into_iter().flatten();
        let told = nodes.filter(|node| node["ignored"] != json!(true)).filter(|node| {
            ["region", "group", "list", "navigation"].map(|role| json!(role)).contains(&node["role"]["value"])
                && node["name"]["value"] == json!("Runs")
        });
        assert_eq!(told.count(), 1);
        Ok(())
    });
}
