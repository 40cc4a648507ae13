//! The page over plain http under a name, as on a network: what works, what it says it lacks, and what
//! pages of other sites can do.

use std::time::Duration;

use pilotlight_browser_tests::host::Host;
use pilotlight_browser_tests::{Stage, Verdict, ensure};
use serde_json::{Value, json};

use crate::common::{press_run, requests, sole_run};

const PAGE: &str = "page.test";
const MISSING: &str = "This page was opened over plain http";

#[test]
fn over_plain_http_runs_work_and_the_page_says_what_does_not() {
    Stage::new("cold").set("cold_start_ms", 1_000).named(PAGE).play(async |scene| -> Verdict {
        scene.page.be_patient(Duration::from_secs(20));
        let page = &scene.page;
        scene.open().await?;
        // What the notice says is what this browser withholds.
        let withheld = "return [isSecureContext, 'serviceWorker' in navigator, \
            'clipboard' in navigator, 'locks' in navigator, 'storage' in navigator, \
            Notification.permission]";
        let found = page.js(withheld, &[]).await?;
        assert_eq!(found, json!([false, false, false, false, false, "denied"]));
        page.see(MISSING).await?;

        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        assert_eq!(page.pictures(1).await?, ["a tiger"]);
        sole_run(scene, "success").await?;

        page.click("button", "Dismiss").await?;
        page.until_notices(0).await?;
        scene.reload().await?;
        // With the run of before the second part of the page is there, and with it what it says.
        page.see("a tiger").await?;
        page.until_notices(0).await?;
        page.click("button", "Settings").await?;
        page.find("heading", "Unencrypted connection").await?;
        page.see(MISSING).await?;
        let offered = "const words = pilotlightTest.all('dialog')[0].textContent;\
            return ['Play a sound', 'Notify me when'].map((part) => words.includes(part))";
        assert_eq!(page.js(offered, &[]).await?, json!([true, false]), "what is offered");
        Ok(())
    });
}

#[test]
fn over_a_trusted_connection_nothing_is_missing() {
    Stage::new("warm").play(async |scene| -> Verdict {
        let page = &scene.page;
        scene.open().await?;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        page.click("button", "Settings").await?;
        page.find("heading", "Server").await?;
        ensure(!page.text().await?.contains("plain http"), || "it says what is not so".to_owned())?;
        Ok(())
    });
}

#[test]
fn an_image_of_another_site_wakes_nothing() {
    Stage::new("cold").named(PAGE).play(async |scene| -> Verdict {
        let page = &scene.page;
        scene.open().await?;
        let other = Host::start(|path| match path {
            "/" => ("HTTP/1.1 200 OK\r\ncontent-type: text/html".to_owned(), Vec::new()),
            _ => ("HTTP/1.1 404 Not Found".to_owned(), Vec::new()),
        });
        let other = other.await?;
        let named = |name: &str| other.address.replace("127.0.0.1", name);
        page.session.go(&format!("{}/", named("other.test"))).await?;
        let tries = "return Promise.all(arguments[0].map((src) => new Promise((then) => {\
            const image = new Image();\
            image.onload = image.onerror = (event) => then(event.type);\
            image.src = src;\
        })))";
        let api =
            |path: &str| format!("{}/openai/api/{path}?model=serverless-comfyui", scene.address);
        let sources = [api("pilotlight/awake"), api("system_stats"), api("pilotlight/wait/x")];
        let probe = format!("{}/probe", named(PAGE));
        let all: Vec<&str> = sources.iter().map(String::as_str).chain([&*probe]).collect();
        let ended = page.js(tries, &[json!(all)]).await?;
        assert_eq!(ended, json!(vec!["error"; 4]));
        // A form that posts says where it is; nothing follows from that either.
        let posts = "return fetch(arguments[0], { method: 'POST', mode: 'no-cors', body: '{}' })\
            .then((reply) => reply.type)";
        let posted = page.js(posts, &[json!(api("prompt"))]).await?;
        assert_eq!(posted, "opaque");
        assert_eq!(
            requests(scene, "/openai").await?,
            0,
            "a page of another site reached the cloud"
        );
        // The browser says nothing of where such a request comes from.
        let asked = other.asked();
        let head = asked.iter().find(|head| head.starts_with("GET /probe")).expect("it was asked");
        let head = head.to_ascii_lowercase();
        for name in ["sec-fetch-", "\r\norigin:"] {
            assert!(!head.contains(name), "{head}");
        }
        Ok(())
    });
}

#[test]
fn a_name_that_the_relay_was_not_told_of_gets_nothing() {
    Stage::new("warm").named(PAGE).play(async |scene| -> Verdict {
        let page = &scene.page;
        // A page of that name that came from elsewhere would be under no policy of the relay.
        page.session.cdp("Page.setBypassCSP", json!({"enabled": true})).await?;
        page.session.go(&format!("{}/", scene.server.named("rebind.test"))).await?;
        page.see("start it with --host rebind.test").await?;
        let ask = "return fetch(arguments[0], arguments[1]).then((reply) => reply.status)";
        let path = "/openai/api/queue?model=serverless-comfyui";
        for how in [json!({}), json!({"method": "POST", "headers": {"x-pilotlight": "1"}})] {
            assert_eq!(page.js(ask, &[json!(path), how]).await?, 421);
        }
        assert_eq!(page.js(ask, &[json!("/config.json"), Value::Null]).await?, 421);
        assert_eq!(requests(scene, "/openai").await?, 0, "a rebound name reached the cloud");
        Ok(())
    });
}
