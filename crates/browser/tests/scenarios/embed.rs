//! The page in a frame of another site.

mod refused;

use pilotlight_browser_tests::{
    HostPage, Outcome, Page, Scene, Stage, Verdict, ensure, places, strings,
};
use serde_json::{Value, json};

use crate::common::{another_press, requests, sole_run, until_taken};

/// In the host: remembers what every element tells.
const LISTEN: &str = "window.heard = [];\
    document.querySelectorAll('pilot-light').forEach((light, at) =>\
        ['ready', 'phase', 'result', 'error', 'ok'].forEach((type) =>\
            light.addEventListener(type, ({ detail }) => heard.push({ at, ...detail }))));\
    return true";

/// In the host: what the element answers to a request, or why it did not carry it out.
async fn ask(page: &Page, at: usize, method: &str, args: &[Value]) -> Outcome<Value> {
    let body = "return document.querySelectorAll('pilot-light')[arguments[0]][arguments[1]](\
        ...arguments[2]).then((done) => done, (why) => 'refused: ' + why.message)";
    page.js(body, &[json!(at), json!(method), json!(args)]).await
}

/// In the host: waits for the message of this type.
async fn heard(page: &Page, at: usize, kind: &str) -> Outcome<Value> {
    let body = "return heard.find((one) => one.at === arguments[0] && one.type === arguments[1])";
    page.until(&format!("the message {kind}"), body, &[json!(at), json!(kind)]).await
}

/// In the host: waits until the last run that was told of is in this phase; gives all of them.
async fn until_told(page: &Page, phase: &str) -> Outcome<Vec<String>> {
    let body = "const all = heard.filter((one) => one.type === 'phase').map((one) => one.phase);\
        return all[all.length - 1] === arguments[0] && all";
    let all = page.until(&format!("the phase {phase}"), body, &[json!(phase)]).await?;
    Ok(strings(&all))
}

async fn leave(scene: &Scene) -> Outcome {
    scene.page.session.leave_frame().await
}

#[test]
fn the_example_sets_runs_and_gets_the_very_bytes_of_the_picture() {
    Stage::new("cold").set("cold_start_ms", 500).play(async |scene| -> Verdict {
        let host_page = HostPage::start(scene, "", true, true).await?;
        let page = &scene.page;
        host_page.open(scene, "/").await?;
        page.js(LISTEN, &[]).await?;
        assert_eq!(ask(page, 0, "set", &[json!({"Prompt": "a tiger"})]).await?["type"], "ok");
        assert_eq!(requests(scene, "").await?, 0, "something was asked before a run");
        // As high as it needs to be, with nothing that scrolls in it.
        host_page.enter(scene, 0).await?;
        page.until_value("Prompt", "a tiger").await?;
        let fits = "const root = document.documentElement;\
            return root.scrollHeight <= innerHeight && innerHeight - \
            pilotlightTest.rect('.shell').height < 1";
        page.until("a frame of the height of the page", fits, &[]).await?;
        let height = page.js("return innerHeight", &[]).await?;
        leave(scene).await?;

        let began = ask(page, 0, "run", &[]).await?;
        assert_eq!(began["runs"], json!([1]), "{began}");
        let result = heard(page, 0, "result").await?;
        let phases = until_told(page, "done").await?;
        let order = ["waking", "submitting", "running", "done"];
        let mut rest = phases.iter();
        let in_order = order.iter().all(|phase| rest.any(|one| one == phase));
        ensure(in_order, || format!("told of {phases:?}"))?;
        let run = sole_run(scene, "success").await?;
        assert_eq!(result["prompt_id"], json!(run.id));
        assert_eq!((&result["id"], &result["run"]), (&began["id"], &json!(1)));
        assert_eq!(result["values"]["2.prompt"], json!("a tiger"));
        assert_eq!(result["media_type"], json!("image/png"));
        ensure(result["seed"].is_u64(), || format!("no seed: {result}"))?;
        let hash = "const sum = async (blob) => [...new Uint8Array(await crypto.subtle.digest(\
            'SHA-256', await blob.arrayBuffer()))].join(' ');";
        let got = format!("{hash} return sum(heard.find((one) => one.type === 'result').blob)");
        let got = page.js(&got, &[]).await?;
        // The example shows it.
        let picture = page.find("img", "a tiger").await?.to_json()?;
        let drawn = "return arguments[0].complete && arguments[0].naturalWidth > 0";
        page.until("the picture in the host", drawn, &[picture]).await?;

        host_page.enter(scene, 0).await?;
        let name = result["file_name"].as_str().unwrap_or_default().to_owned();
        let served = format!(
            "{hash} return fetch('openai/api/view?type=output&model=serverless-comfyui&filename='\
            + arguments[0]).then((answer) => answer.blob()).then(sum)"
        );
        assert_eq!(page.js(&served, &[json!(name)]).await?, got, "other bytes than the server's");
        page.pictures(1).await?;
        page.until("a frame that grew with the results", fits, &[]).await?;
        // No more than a margin below what is last.
        let below = "return innerHeight - pilotlightTest.rect('.feed').bottom";
        let below = page.js(below, &[]).await?.as_f64().unwrap_or(f64::MAX);
        ensure(below <= 17.0, || format!("{below} px of nothing at the end"))?;
        let bars = "return innerWidth - document.documentElement.clientWidth";
        assert_eq!(page.js(bars, &[]).await?, json!(0), "a bar to scroll with");
        ensure(page.js("return innerHeight", &[]).await? != height, || "it did not grow".into())?;
        Ok(())
    });
}

#[test]
fn a_host_cancels_and_changes_language_and_theme() {
    Stage::new("warm").play(async |scene| -> Verdict {
        let host_page = HostPage::start(scene, "", true, false).await?;
        let page = &scene.page;
        host_page.open(scene, "/").await?;
        page.js(LISTEN, &[]).await?;
        assert_eq!(ask(page, 0, "cancel", &[]).await?, "refused: Nothing is running here.");
        ask(page, 0, "set", &[json!({"Prompt": "a tiger [sleep=4]"})]).await?;
        ask(page, 0, "run", &[]).await?;
        until_told(page, "running").await?;
        another_press(page).await?;
        assert_eq!(ask(page, 0, "run", &[]).await?["runs"], json!([2]));
        assert_eq!(
            ask(page, 0, "cancel", &[json!(7)]).await?,
            "refused: This frame has no such run."
        );
        assert_eq!(ask(page, 0, "cancel", &[]).await?["type"], "ok");
        let ended = "return [1, 2].every((run) => heard.some((one) =>\
            one.run === run && one.phase === 'cancelled'))";
        page.until("both runs to be cancelled", ended, &[]).await?;

        let set = "document.querySelector('pilot-light').setAttribute(...arguments); return true";
        page.js(set, &[json!("lang"), json!("zh")]).await?;
        page.js(set, &[json!("theme"), json!("dark")]).await?;
        assert_eq!(ask(page, 0, "cancel", &[]).await?, "refused: 当前没有进行中的任务。");
        host_page.enter(scene, 0).await?;
        page.find("button", "生成").await?;
        let root = "return [document.documentElement.lang, document.documentElement.dataset.theme]";
        assert_eq!(page.js(root, &[]).await?, json!(["zh-CN", "dark"]));
        // What a host wishes is no choice of the person's.
        let stored = "return ['language', 'theme'].map((key) => localStorage['pilotlight.' + key])";
        assert_eq!(page.js(stored, &[]).await?, json!([null, null]));
        Ok(())
    });
}

#[test]
fn two_elements_on_one_page_keep_to_themselves() {
    let own = "<!doctype html><title>Host</title>\
        <pilot-light src='https://pilotlight.example/' workflow='janus-text-to-image'></pilot-light>\
        <pilot-light src='https://pilotlight.example/' workflow='janus-text-to-image' theme='dark' title='Second'></pilot-light>\
        <script src='https://pilotlight.example/embed.js'></script>";
    Stage::new("warm").play(async |scene| -> Verdict {
        let host_page = HostPage::start(scene, own, true, false).await?;
        let page = &scene.page;
        host_page.open(scene, "/own.html").await?;
        page.js(LISTEN, &[]).await?;
        for (at, prompt) in ["a tiger", "a fox"].iter().enumerate() {
            ask(page, at, "set", &[json!({"Prompt": prompt})]).await?;
            assert_eq!(ask(page, at, "run", &[]).await?["type"], "ok");
        }
        until_taken(scene, 2).await?;
        for (at, prompt) in ["a tiger", "a fox"].iter().enumerate() {
            assert_eq!(heard(page, at, "result").await?["values"]["2.prompt"], json!(prompt));
            host_page.enter(scene, at).await?;
            assert_eq!(page.pictures(1).await?, [*prompt]);
            leave(scene).await?;
        }
        let results = "return heard.filter((one) => one.type === 'result').length";
        assert_eq!(page.js(results, &[]).await?, json!(2));
        let titles = "return [...document.querySelectorAll('iframe')].map((frame) => frame.title)";
        assert_eq!(page.js(titles, &[]).await?, json!(["Pilotlight", "Second"]));
        // Taken away and put back it is a new frame; what waits for the former one hears so.
        let away = "const light = document.querySelector('pilot-light'); const set = light.set({});\
            light.remove(); window.light = light;\
            return set.then(() => 'set', (why) => why.message)";
        assert_eq!(page.js(away, &[]).await?, json!("gone"));
        page.js("document.body.prepend(light); return true", &[]).await?;
        assert_eq!(ask(page, 0, "set", &[json!({"Prompt": "back"})]).await?["type"], "ok");
        host_page.enter(scene, 0).await?;
        assert_eq!(page.value("Prompt").await?, "back");
        Ok(())
    });
}

#[test]
fn a_run_goes_on_in_its_frame_when_the_host_is_loaded_again() {
    Stage::new("warm").play(async |scene| -> Verdict {
        let host_page = HostPage::start(scene, "", true, false).await?;
        let page = &scene.page;
        host_page.open(scene, "/").await?;
        page.js(LISTEN, &[]).await?;
        ask(page, 0, "set", &[json!({"Prompt": "a tiger [sleep=3]"})]).await?;
        let began = ask(page, 0, "run", &[]).await?;
        until_told(page, "running").await?;
        page.session.reload().await?;
        page.js(LISTEN, &[]).await?;
        let result = heard(page, 0, "result").await?;
        let run = sole_run(scene, "success").await?;
        assert_eq!((&result["prompt_id"], &result["run"]), (&json!(run.id), &began["runs"][0]));
        // Nobody has asked for it in this visit.
        assert_eq!(result["id"], Value::Null);
        // Results of an earlier visit belong to the gallery.
        page.session.reload().await?;
        page.js(LISTEN, &[]).await?;
        ask(page, 0, "set", &[json!({})]).await?;
        host_page.enter(scene, 0).await?;
        page.pictures(0).await?;
        Ok(())
    });
}

#[test]
fn where_storage_is_refused_a_frame_works_and_its_host_is_told() {
    let key = "profile.default_content_setting_values.cookies";
    Stage::new("warm").preference(key, json!(2)).play(async |scene| -> Verdict {
        let host_page = HostPage::start(scene, "", true, true).await?;
        let page = &scene.page;
        host_page.open(scene, "/").await?;
        page.js(LISTEN, &[]).await?;
        ask(page, 0, "set", &[json!({"Prompt": "a tiger"})]).await?;
        let greeting = "return new Promise((then) => {\
            const light = document.querySelector('pilot-light');\
            light.addEventListener('ready', ({ detail }) => then(detail));\
            light.querySelector('iframe').contentWindow.postMessage({ pilotlight: 1, type: 'hello', id: 'again' }, '*') })";
        let greeting = page.js(greeting, &[]).await?;
        assert_eq!((&greeting["kept"], &greeting["id"]), (&json!(false), &json!("again")));
        assert_eq!(greeting["workflow"], json!("janus-text-to-image"));
        ask(page, 0, "run", &[]).await?;
        heard(page, 0, "result").await?;
        host_page.enter(scene, 0).await?;
        page.see("Your browser doesn’t store anything for this page").await?;
        page.pictures(1).await?;
        Ok(())
    });
}

/// A browser that does not name the sites around a page.
const UNNAMED: &str = "{ const get = Reflect.get;\
    Reflect.get = (of, name, ...more) => name === 'ancestorOrigins' ? undefined : get(of, name, ...more);\
    const write = Element.prototype.setAttribute;\
    Element.prototype.setAttribute = function (name, value) {\
        write.call(this, name, name === 'data-framed' ? '?' : value); }; }";

#[test]
fn where_the_browser_names_no_sites_the_host_has_to_answer() {
    let own = "<!doctype html><iframe src='https://pilotlight.example/?embed=1' width=600 height=500></iframe>";
    Stage::new("warm").play(async |scene| -> Verdict {
        let page = &scene.page;
        page.session.before_each_page(UNNAMED).await?;
        let host_page = HostPage::start(scene, own, true, false).await?;
        host_page.open(scene, "/").await?;
        page.js(LISTEN, &[]).await?;
        assert_eq!(ask(page, 0, "set", &[json!({"Prompt": "a tiger"})]).await?["type"], "ok");
        host_page.enter(scene, 0).await?;
        assert_eq!(page.value("Prompt").await?, "a tiger");
        leave(scene).await?;
        // A host without a script says nothing; once it does, the page comes up all the same.
        host_page.open(scene, "/own.html").await?;
        host_page.look_into(scene, 0).await?;
        page.see("This page can’t be shown inside another site").await?;
        leave(scene).await?;
        let answer = "frames[0].postMessage({ pilotlight: 1, type: 'hello' }, '*'); return true";
        page.js(answer, &[]).await?;
        host_page.enter(scene, 0).await?;
        Ok(())
    });
}

#[test]
fn a_frame_without_a_script_shows_what_its_address_asks_for() {
    let own = "<!doctype html><body style='margin: 0'><iframe style='border: 0' width=320 height=400 \
        src='https://pilotlight.example/?embed=1&lang=zh&theme=dark&show=header,advanced,hedaer\
        &values=%7B%22Prompt%22%3A%22a%20fox%22%2C%22Images%22%3A99%2C%222.seed%22%3A7%7D'></iframe>";
    Stage::new("warm").play(async |scene| -> Verdict {
        let host_page = HostPage::start(scene, own, true, false).await?;
        let page = &scene.page;
        host_page.open(scene, "/own.html").await?;
        host_page.enter(scene, 0).await?;
        page.see("页面地址（show）中的“hedaer”不是页面的组成部分。").await?;
        page.see("页面地址中的部分值未能填入：数量").await?;
        assert_eq!(page.value("提示词").await?, "a fox");
        page.find("button", "设置").await?;
        let seen = "const { all, fold, parts } = pilotlightTest;\
            return [all('banner'), all('tablist'), [fold('高级选项')], parts('.runbar-cost'),\
            all('button', '编辑表单'), parts('.empty')].map(([one]) => !!one && one.checkVisibility())";
        let expected = json!([true, false, true, false, false, false]);
        assert_eq!(page.js(seen, &[]).await?, expected);
        let wide = "return document.documentElement.scrollWidth <= innerWidth && innerWidth === 320";
        assert_eq!(page.js(wide, &[]).await?, json!(true), "wider than its frame");
        let root = "return [document.documentElement.lang, document.documentElement.dataset.theme]";
        assert_eq!(page.js(root, &[]).await?, json!(["zh-CN", "dark"]));
        Ok(())
    });
}

#[test]
fn the_script_for_hosts_is_small_and_comes_with_the_page() {
    let built = places::dist().expect("a page").join("embed.js");
    let built = std::fs::read_to_string(built).expect("it comes with the page");
    assert!(built.contains("\"pilot-light\"") && built.len() <= 3_250, "{} bytes", built.len());
    let script = places::root().join("public/embed.js");
    assert!(script.metadata().expect("it is there").len() <= 3_250);
}
