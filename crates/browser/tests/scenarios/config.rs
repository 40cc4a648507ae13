//! A configuration that somebody got wrong.

use pilotlight_browser_tests::{Stage, Verdict};
use serde_json::json;

use crate::common::{press_run, requests};

/// The page stands and says this, and nothing was asked.
fn check(config: &str, said: &str) {
    Stage::new("warm").config(config).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.see(said).await?;
        page.fill("Prompt", "a tiger").await?;
        page.find("tab", "Image to text").await?;
        // Where no endpoint could be read either, that is a notice of its own.
        while page.count("button", "Dismiss").await? > 0 {
            page.click("button", "Dismiss").await?;
        }
        page.until_notices(0).await?;
        assert_eq!(scene.emulator.log().await?.len(), 0);
        Ok(())
    });
}

#[test]
fn a_config_that_is_no_json() {
    check("{\"endpoint\": \"openai\",\n  \"model\" }", "config.json isn’t valid JSON (line 2");
}

#[test]
fn a_config_that_is_a_page_of_html() {
    check("<!doctype html><h1>404</h1>", "config.json isn’t valid JSON");
}

#[test]
fn a_config_with_an_unknown_key() {
    check("{\"endpont\": \"openai\"}", "Unknown key in config.json: endpont");
}

#[test]
fn a_config_with_a_wrong_type() {
    check("{\"wake_limit_seconds\": \"long\"}", "wake_limit_seconds must be a whole number");
}

#[test]
fn an_endpoint_that_is_no_address_is_named_and_run_opens_the_set_up() {
    let config = json!({"endpoint": "ftp//nowhere here"}).to_string();
    Stage::new("warm").config(config).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.see("config.json: the endpoint “ftp//nowhere here”").await?;
        press_run(page, "a tiger").await?;
        page.find("dialog", "Connect to ComfyUI").await?;
        assert_eq!(requests(scene, "").await?, 0);
        Ok(())
    });
}

#[test]
fn a_workflow_that_is_not_there_leaves_the_other_usable() {
    let config = json!({
        "endpoint": "openai", "model": "serverless-comfyui",
        "workflows": ["workflows/janus-text-to-image.json", "workflows/gone.json"],
    });
    Stage::new("warm").config(config.to_string()).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.see("Can’t use the workflow workflows/gone.json").await?;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        Ok(())
    });
}
