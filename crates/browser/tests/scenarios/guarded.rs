//! What the page lets nobody do: run what was put into it, reach others, take their files for its
//! own.

use pilotlight_browser_tests::host::Host;
use pilotlight_browser_tests::{Outcome, Page, Stage, Verdict};
use serde_json::json;

use crate::common::{make_first_picture, press_run};

/// Tries something in the page; `throws` or what came of it. A moment later, because what the driver
/// calls at once may do what the page may not.
async fn attempt(page: &Page, what: &str) -> Outcome<String> {
    let body = format!(
        "return (async () => {{ await new Promise((next) => setTimeout(next, 0));\
         try {{ return String(await (async () => {{ {what} }})()); }}\
         catch (error) {{ return 'throws'; }} }})()"
    );
    Ok(page.js(&body, &[]).await?.as_str().unwrap_or_default().to_owned())
}

#[test]
fn what_is_put_into_the_page_neither_runs_nor_styles() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.js("window.ran = []", &[]).await?;
        for (what, expected) in [
            ("document.body.innerHTML = '<img src=x onerror=ran.push(1)>'", "throws"),
            ("document.body.insertAdjacentHTML('beforeend', '<b>x</b>')", "throws"),
            ("new DOMParser().parseFromString('<b>x</b>', 'text/html')", "throws"),
            ("document.write('<b>x</b>')", "throws"),
            ("return eval('1 + 1')", "throws"),
            ("return new Function('return 1')()", "throws"),
            ("setTimeout('ran.push(2)', 0)", "throws"),
            ("const s = document.createElement('script'); s.text = 'ran.push(3)'", "throws"),
            ("const s = document.createElement('script'); s.src = 'data:,x'", "throws"),
            ("trustedTypes.createPolicy('mine', {})", "throws"),
            ("trustedTypes.createPolicy('default', {})", "throws"),
            ("new Worker('worker.js')", "throws"),
            ("await import('data:text/javascript,ran.push(4)')", "throws"),
            (
                "const s = document.createElement('script');\
                 s.append('ran.push(5)'); document.body.append(s); return ran.length",
                "0",
            ),
            (
                "const b = document.createElement('button');\
                 b.setAttribute('onclick', 'ran.push(6)'); document.body.append(b); b.click();\
                 return ran.length",
                "throws",
            ),
            (
                "const s = document.createElement('style'); s.append('body { color: rgb(1, 2, 3) }');\
                 document.body.append(s); return getComputedStyle(document.body).color",
                "theirs",
            ),
            (
                "document.body.setAttribute('style', 'color: rgb(1, 2, 3)');\
                 return getComputedStyle(document.body).color",
                "theirs",
            ),
        ] {
            let found = attempt(page, what).await?;
            match expected {
                "theirs" => assert_ne!(found, "rgb(1, 2, 3)", "{what}"),
                known => assert_eq!(found, known, "{what}"),
            }
        }
        assert_eq!(page.js("return window.ran", &[]).await?, json!([]));
        // That it complained is what was wanted here.
        page.session.console().await?;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        Ok(())
    });
}

#[test]
fn nothing_in_the_page_reaches_another_site_but_a_request_of_its_own() {
    Stage::new("warm").play(async |scene| -> Verdict {
        let ok = || ("HTTP/1.1 200 OK\r\ncontent-type: text/plain".to_owned(), b"x".to_vec());
        let other = Host::start(move |_| ok()).await?;
        scene.open().await?;
        let page = &scene.page;
        for make in [
            "const e = document.createElement('img'); e.src = at; return e",
            "const e = document.createElement('video'); e.src = at; return e",
            "const e = document.createElement('iframe'); e.src = at; return e",
            "const e = document.createElement('object'); e.data = at; return e",
            "const e = document.createElement('link'); e.rel = 'stylesheet'; e.href = at; return e",
            "const e = document.createElement('base'); e.href = at; return e",
        ] {
            let body = format!(
                "const at = arguments[0];\
                 try {{ document.head.append((() => {{ {make} }})()); }} catch (refused) {{}}"
            );
            page.js(&body, &[json!(other.address)]).await?;
        }
        let sent = "const form = document.createElement('form'); form.action = arguments[0];\
            form.method = 'post'; document.body.append(form); form.submit();";
        page.js(sent, &[json!(other.address)]).await?;
        // This one may: a workflow is fetched from where a person says. It comes last.
        page.js("return fetch(arguments[0]).catch(() => 0)", &[json!(other.address)]).await?;
        let asked = other.asked();
        assert_eq!(asked.len(), 1, "{asked:?}");
        let head = asked.concat().to_ascii_lowercase();
        assert!(!head.contains("referer:") && !head.contains("cookie:"), "{head}");
        assert_eq!(
            page.js("return document.baseURI.startsWith(location.origin)", &[]).await?,
            true
        );
        page.session.console().await?;
        Ok(())
    });
}

/// The hosts that a page asked of all that goes over the wire, without what it made itself.
async fn hosts(page: &Page) -> Outcome<Vec<String>> {
    let mut hosts: Vec<String> = Vec::new();
    for event in page.session.traffic().await? {
        let url = event["params"]["request"]["url"].as_str().unwrap_or_default();
        let Some((scheme, rest)) = url.split_once("://") else { continue };
        // The browser has pages of its own, and what a page made itself has no host.
        if !scheme.starts_with("http") || scheme.contains(':') {
            continue;
        }
        let host = format!("{scheme}://{}", rest.split('/').next().unwrap_or_default());
        if !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    hosts.sort();
    Ok(hosts)
}

#[test]
fn nobody_is_asked_but_the_page_and_its_server() {
    for direct in [false, true] {
        let stage = Stage::new(if direct { "direct" } else { "warm" }).with_traffic();
        let stage = if direct { stage.direct() } else { stage };
        stage.play(async |scene| -> Verdict {
            scene.open().await?;
            let page = &scene.page;
            make_first_picture(page, "a tiger").await?;
            page.click("button", "All results · 1").await?;
            page.find("dialog", "Gallery").await?;
            page.press("Escape").await?;
            page.click("button", "Settings").await?;
            page.press("Escape").await?;
            let mut expected = vec![scene.address.clone()];
            if direct {
                expected.push(scene.emulator.address.clone());
            }
            expected.sort();
            assert_eq!(hosts(page).await?, expected);
            Ok(())
        });
    }
}
