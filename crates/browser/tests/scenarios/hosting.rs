//! The page on a host that serves files and knows nothing of it, below a path, with its server
//! elsewhere.

use std::fs::File;
use std::path::Path;
use std::time::{Duration, SystemTime};

use pilotlight_browser_tests::server::Server;
use pilotlight_browser_tests::stage::WORKFLOWS;
use pilotlight_browser_tests::{Outcome, Stage, Verdict};
use serde_json::{Value, json};

use crate::common::{fill_question, press_run, sole_run};
use crate::offline::until_kept;

const PATH: &str = "tools/gpu page";

/// Makes a file look as if it was written a month ago.
fn make_old(file: &Path) -> Outcome {
    let file = File::options().write(true).open(file).map_err(|error| error.to_string())?;
    let month_ago = SystemTime::now() - Duration::from_secs(30 * 86_400);
    Ok(file.set_modified(month_ago).map_err(|error| error.to_string())?)
}

#[test]
fn a_run_below_a_path_of_a_host_of_files_with_the_server_on_another_site() {
    Stage::new("direct-cold").below(PATH).with_traffic().play(async |scene| -> Verdict {
        scene.page.be_patient(Duration::from_secs(20));
        let page = &scene.page;
        // Without the slash, as people type it.
        page.session.go(&scene.address).await?;
        page.ready().await?;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        assert_eq!(page.pictures(1).await?, ["a tiger"]);
        sole_run(scene, "success").await?;
        page.click("button", "All results · 1").await?;
        page.find("dialog", "Gallery").await?;
        page.press("Escape").await?;
        let host = scene.server.as_localhost();
        let below = format!("{host}/{}", PATH.replace(' ', "%20"));
        let events = page.session.traffic().await?;
        let urls = events.iter().filter_map(|e| e["params"]["request"]["url"].as_str());
        let own: Vec<&str> = urls.filter(|url| url.starts_with(&host)).collect();
        assert!(own.len() > 10, "{own:?}");
        for url in own {
            assert!(url.starts_with(&below), "outside of its path: {url}");
        }
        Ok(())
    });
}

#[test]
fn a_run_with_a_picture_by_a_relay_on_another_site() {
    Stage::new("cold").set("cold_start_ms", 2_000).below(PATH).play(async |scene| -> Verdict {
        scene.page.be_patient(Duration::from_secs(20));
        let origin = scene.server.as_localhost();
        let relay = Server::for_page_at(&origin, &scene.emulator.upstream())?;
        let config = json!({
            "endpoint": format!("{}/openai", relay.address),
            "model": "serverless-comfyui",
            "workflows": WORKFLOWS,
        });
        let file =
            scene.file(&format!("site/{PATH}/config.json"), config.to_string().as_bytes())?;
        // This host sends no Cache-Control, so a browser by itself would believe an old file for days.
        make_old(&file)?;
        scene.open().await?;
        fill_question(scene, "What burns? [answer=A flame.]").await?;
        scene.page.click("button", "Run").await?;
        scene.page.until_phase(1, "done").await?;
        scene.page.see("A flame.").await?;
        sole_run(scene, "success").await?;
        until_kept(&scene.page).await?;
        // The relay's own words can be read: what it says of a model that there is not.
        let config = config.to_string().replace("serverless-comfyui", "nope");
        scene.file(&format!("site/{PATH}/config.json"), config.as_bytes())?;
        scene.reload().await?;
        scene.page.click("button", "Run").await?;
        scene.page.see("Model not found").await?;
        Ok(())
    });
}

#[test]
fn without_a_header_the_policy_holds_and_without_a_network_the_page_opens() {
    Stage::new("direct").below(PATH).play(async |scene| -> Verdict {
        scene.open().await?;
        scene.page.be_patient(Duration::from_secs(20));
        let headers = "return fetch('.').then((r) => r.headers.get('content-security-policy'))";
        assert_eq!(scene.page.js(headers, &[]).await?, Value::Null);
        let markup = "try { document.body.innerHTML = '<b>x</b>'; return 'taken' }\
            catch (error) { return error.name }";
        assert_eq!(scene.page.js(markup, &[]).await?, "TypeError");
        scene.page.session.console().await?;
        until_kept(&scene.page).await?;
        scene.reload().await?;
        scene.server.stop();
        scene.reload().await?;
        scene.page.find("tab", "Image to text").await?;
        Ok(())
    });
}
