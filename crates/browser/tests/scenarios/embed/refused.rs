//! What a page in a frame refuses: values, messages and sites.

use pilotlight_browser_tests::{HostPage, Stage, Verdict, ensure};
use serde_json::json;

use super::{LISTEN, ask, heard, leave, until_told};
use crate::common::{requests, sole_run, until_taken};

#[test]
fn values_that_do_not_fit_are_refused_as_a_whole() {
    Stage::new("warm").play(async |scene| -> Verdict {
        let host_page = HostPage::start(scene, "", true, false).await?;
        let page = &scene.page;
        host_page.open(scene, "/").await?;
        page.js(LISTEN, &[]).await?;
        let values = json!({"Prompt": "a fox", "Images": 99, "Colour": "red", "2.seed": "x"});
        let said = ask(page, 0, "set", &[values]).await?;
        assert_eq!(said, "refused: The values can’t be run as they are.");
        let error = heard(page, 0, "error").await?;
        let problems: Vec<(&str, &str)> = error["problems"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|one| (one["field"].as_str().unwrap_or(""), one["said"].as_str().unwrap_or("")))
            .collect();
        let fields: Vec<&str> = problems.iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, ["2.seed", "Colour", "2.batch_size"], "{problems:?}");
        ensure(problems[2].1.contains("16"), || format!("{problems:?}"))?;
        // An empty prompt is set, and does not run.
        ask(page, 0, "set", &[json!({"Prompt": ""})]).await?;
        let said = ask(page, 0, "run", &[]).await?;
        assert_eq!(said, "refused: The values can’t be run as they are.");
        ensure(scene.emulator.taken().await?.is_empty(), || "something ran".to_owned())?;
        host_page.enter(scene, 0).await?;
        assert_eq!(page.value("Prompt").await?, "");
        Ok(())
    });
}

#[test]
fn messages_of_a_newer_version_are_refused_and_those_of_others_are_not_heard() {
    // Another frame of the host, which is of no origin, and one of the page's neighbours.
    let own = "<!doctype html><title>Host</title>\
        <script src='https://pilotlight.example/embed.js'></script>\
        <pilot-light src='https://pilotlight.example/' values='{\"Prompt\": \"a tiger\"}'></pilot-light>\
        <iframe sandbox='allow-scripts' srcdoc=\"<script>addEventListener('message', () => {\
            for (const type of ['run', 'hello']) parent.frames[0].postMessage({ pilotlight: 1, type, id: 'evil' }, '*');\
            parent.postMessage('spoken', '*') })</script>\"></iframe>";
    Stage::new("warm").play(async |scene| -> Verdict {
        let host_page = HostPage::start(scene, own, true, false).await?;
        let page = &scene.page;
        host_page.open(scene, "/own.html").await?;
        page.js(LISTEN, &[]).await?;
        ask(page, 0, "set", &[json!({})]).await?;
        let speak = "return new Promise((then) => {\
            addEventListener('message', ({ data }) => data === 'spoken' && then(true));\
            frames[1].postMessage('speak', '*') })";
        page.js(speak, &[]).await?;
        let post = "frames[0].postMessage(arguments[0], '*'); return true";
        for message in [
            json!({"pilotlight": 2, "type": "run", "id": "newer"}),
            json!({"pilotlight": 1, "type": "explode", "id": "unknown"}),
            json!({"pilotlight": 1, "type": "run", "times": 900, "id": "member"}),
            json!("run"),
            json!({"type": "run"}),
        ] {
            page.js(post, &[message]).await?;
        }
        // Answers come in the order of what was asked.
        ask(page, 0, "set", &[json!({})]).await?;
        let errors = "return heard.filter((one) => one.type === 'error').map((one) => [one.id, one.title])";
        let expected = json!([
            ["newer", "The message uses version 2 of the protocol; this page supports version 1."],
            ["unknown", "There is no message type “explode”."],
            ["member", "Messages of this type have no “times”."],
        ]);
        assert_eq!(page.js(errors, &[]).await?, expected);
        let evil = "return heard.some((one) => one.id === 'evil')";
        assert_eq!(page.js(evil, &[]).await?, json!(false), "another window was heard");
        ensure(scene.emulator.taken().await?.is_empty(), || "something ran".to_owned())?;
        // The element hears nobody but its frame.
        let forge = "window.postMessage({ pilotlight: 1, type: 'result', id: 'forged' }, '*');\
            return new Promise((then) => setTimeout(() => then(heard.some((one) => one.id === 'forged'))))";
        assert_eq!(page.js(forge, &[]).await?, json!(false), "a forged result was told");
        Ok(())
    });
}

#[test]
fn a_site_that_is_not_listed_gets_a_card_and_no_answer() {
    for (is_far, path) in [(true, "/"), (false, "/own.html")] {
        let own = "<!doctype html><iframe src='https://pilotlight.example/' width=600 height=500></iframe>";
        Stage::new("warm").play(async |scene| -> Verdict {
            let host_page = HostPage::start(scene, own, false, is_far).await?;
            let page = &scene.page;
            host_page.open(scene, path).await?;
            let listen = "window.heard = []; addEventListener('message', ({ data }) => heard.push(data));";
            page.js(listen, &[]).await?;
            host_page.look_into(scene, 0).await?;
            page.see("This page can’t be shown inside another site").await?;
            page.see("Open in its own tab").await?;
            let parts = "return document.querySelectorAll('form, button, input, textarea, select, dialog').length\
                - document.querySelectorAll('.crash[hidden] button').length";
            assert_eq!(page.js(parts, &[]).await?, json!(0), "something can be pressed");
            let link = "const [link] = pilotlightTest.all('link', 'Open in its own tab'); return [link.href, link.target]";
            assert_eq!(page.js(link, &[]).await?, json!([format!("{}/", host_page.page), "_blank"]));
            leave(scene).await?;
            let post = "frames[0].postMessage({ pilotlight: 1, type: 'run', id: 1 }, '*');\
                frames[0].postMessage({ pilotlight: 1, type: 'hello', id: 2 }, '*'); return true";
            page.js(post, &[]).await?;
            host_page.look_into(scene, 0).await?;
            // What was posted has arrived by the time a task of the frame's own has.
            let later = "return new Promise((then) => { const { port1, port2 } = new MessageChannel();\
                port1.onmessage = () => then(true); port2.postMessage(1) })";
            page.js(later, &[]).await?;
            leave(scene).await?;
            assert_eq!(page.js("return heard.filter((one) => one.pilotlight)", &[]).await?, json!([]));
            assert_eq!(requests(scene, "").await?, 0);
            Ok(())
        });
    }
}

/// In the host: answers of the frame to what is posted to it by hand, by their `id`.
const ANSWERS: &str = "window.answers = [];\
    addEventListener('message', ({ data }) => data.pilotlight === 1 && answers.push(data));\
    return true";

#[test]
fn messages_that_are_too_much_are_refused_before_they_are_read_and_the_frame_goes_on() {
    let own = "<!doctype html><title>Host</title>\
        <iframe src='https://pilotlight.example/?embed=1' width=800 height=700></iframe>";
    Stage::new("warm").play(async |scene| -> Verdict {
        let host_page = HostPage::start(scene, own, true, true).await?;
        let page = &scene.page;
        host_page.open(scene, "/own.html").await?;
        page.js(ANSWERS, &[]).await?;
        host_page.enter(scene, 0).await?;
        leave(scene).await?;
        let up = "return answers.some((one) => one.type === 'ready')";
        page.until("the frame to say that it is there", up, &[]).await?;
        // A list that has a length alone, a long text, many members, deep ones, ones that go round,
        // and what is no JSON at all.
        let post = "const say = (id, more) => frames[0].postMessage(\
                { pilotlight: 1, type: 'set', id, ...more }, '*');\
            const long = []; long.length = 2e8;\
            say('sparse', { values: { a: long } });\
            say('text', { values: { a: 'x'.repeat(2e7) } });\
            say('many', { values: Object.fromEntries(Array.from({ length: 2e5 }, (_, n) => [n, n])) });\
            let deep = {}; for (let n = 0; n < 3e3; n += 1) deep = { a: deep };\
            say('deep', { values: deep });\
            const round = {}; round.a = round; say('round', { values: round });\
            say('big', { values: { a: 10n } });\
            say('map', { values: new Map([[1, 2]]) });\
            const { port1 } = new MessageChannel();\
            frames[0].postMessage({ pilotlight: 1, type: 'run', times: port1 }, '*', [port1]);\
            say('bytes', { values: { a: new Uint8Array(5e7) } });\
            return true";
        let begun = std::time::Instant::now();
        page.js(post, &[]).await?;
        let last = "return answers.find((one) => one.id === 'bytes')";
        let last = page.until("the answer to the last", last, &[]).await?;
        let took = begun.elapsed();
        ensure(took.as_secs() < 9, || format!("it took {took:?}"))?;
        // Bytes are no value of a field: nothing was set.
        assert_eq!(last["type"], "ok");
        let kinds = "return answers.filter((one) => one.type !== 'ready' && one.type !== 'height')\
            .map((one) => [one.id ?? null, one.type, one.title ?? ''])";
        let told = page.js(kinds, &[]).await?;
        let expected = json!([
            [null, "error", "The message is larger than 1048 kB."],
            [null, "error", "The message is larger than 1048 kB."],
            [null, "error", "The message is larger than 1048 kB."],
            ["map", "ok", ""],
            [null, "error", "Messages of this type have no “times”."],
            ["bytes", "ok", ""],
        ]);
        assert_eq!(told, expected);
        // A flood of them is answered, one by one.
        let flood = "answers.length = 0; for (let n = 0; n < 10000; n += 1)\
            frames[0].postMessage({ pilotlight: 1, type: 'theme', theme: 'dark', id: n }, '*');\
            return true";
        page.js(flood, &[]).await?;
        page.until("10,000 answers", "return answers.some((one) => one.id === 9999)", &[]).await?;
        let run = "frames[0].postMessage({ pilotlight: 1, type: 'set', values: { Prompt: 'a tiger' } }, '*');\
            frames[0].postMessage({ pilotlight: 1, type: 'run', id: 'run' }, '*'); return true";
        page.js(run, &[]).await?;
        let began = "return answers.find((one) => one.id === 'run' && one.type === 'ok')";
        page.until("the run", began, &[]).await?;
        until_taken(scene, 1).await?;
        Ok(())
    });
}

#[test]
fn the_element_holds_where_the_host_has_changed_what_every_object_has() {
    // What a careless library does, and what people who may write HTML into a page can do.
    let names = ["currentScript", "baseURI"];
    let element =
        "<script src='https://pilotlight.example/embed.js'></script><pilot-light></pilot-light>";
    for name in names {
        let own = format!("<img name='{name}' src='https://evil.example/x.js'>{element}");
        Stage::new("warm").play(async |scene| -> Verdict {
            let host_page = HostPage::start(scene, &own, true, true).await?;
            host_page.open(scene, "/own.html").await?;
            let source =
                "const frame = document.querySelector('iframe'); return frame && frame.src";
            let source = scene.page.js(source, &[]).await?;
            assert_eq!(source, json!(format!("{}/?embed=1", host_page.page)), "{name}");
            Ok(())
        });
    }
    let own = "<!doctype html><title>Host</title>\
        <script>\
            const all = { pilotlight: 1, type: 'result', id: 1, title: 'evil',\
                origin: '*', targetOrigin: '*', src: 'https://evil.example/', height: 9,\
                bubbles: true, composed: true, capture: true, once: true, run: 7,\
                values: { Prompt: 'evil' } };\
            for (const [name, value] of Object.entries(all))\
                Object.defineProperty(Object.prototype, name, { value, writable: true, configurable: true });\
            Function.prototype.home = 'https://evil.example/';\
            window.bubbled = 0;\
            for (const type of ['ready', 'phase', 'result', 'ok']) document.addEventListener(type, () => bubbled += 1);\
        </script>\
        <script src='https://pilotlight.example/embed.js'></script>\
        <pilot-light></pilot-light>";
    Stage::new("warm").play(async |scene| -> Verdict {
        let host_page = HostPage::start(scene, own, true, true).await?;
        let page = &scene.page;
        host_page.open(scene, "/own.html").await?;
        page.js(LISTEN, &[]).await?;
        assert_eq!(ask(page, 0, "set", &[json!({"Prompt": "a tiger"})]).await?["type"], "ok");
        let began = ask(page, 0, "run", &[]).await?;
        assert_eq!(began["runs"], json!([1]), "{began}");
        until_told(page, "done").await?;
        let result = heard(page, 0, "result").await?;
        assert_eq!(result["values"]["2.prompt"], "a tiger");
        // The host's own messages to itself are no answers, whatever every object says.
        let forge = "window.postMessage({}, '*'); window.postMessage({ text: 'forged' }, '*');\
            return new Promise((then) => setTimeout(() =>\
                then([heard.some((one) => one.text === 'forged'), bubbled])))";
        assert_eq!(page.js(forge, &[]).await?, json!([false, 0]));
        sole_run(scene, "success").await?;
        Ok(())
    });
}
