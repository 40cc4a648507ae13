//! Saying where the server is, and the test of the way to it: each link broken once, by real
//! programs.

use std::sync::Arc;

use pilotlight_browser_tests::server::Server;
use pilotlight_browser_tests::stage::WORKFLOWS;
use pilotlight_browser_tests::{Host, Outcome, Page, Scene, Stage, Trouble, Verdict, places};
use serde_json::{Value, json};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::{self, pki_types::PrivateKeyDer};

use crate::common::{choose, make_first_picture, press_run, requests, sole_run, until_asked};

/// A page without a server.
fn nowhere() -> Stage {
    Stage::new("warm").config(json!({"endpoint": null, "workflows": WORKFLOWS}).to_string())
}

/// Opens the dialog by the settings.
async fn open_test(page: &Page) -> Outcome {
    page.click("button", "Settings").await?;
    page.click("button", "Test connection").await?;
    page.find("dialog", "Test connection").await.map(drop)
}

/// Tests the server that the page has.
async fn test(page: &Page) -> Outcome {
    open_test(page).await?;
    page.see("Testing wakes the GPU").await?;
    page.click("button", "Test").await
}

/// The states of the links, in their order.
async fn links(page: &Page) -> Outcome<Value> {
    let body =
        "return pilotlightTest.steps(pilotlightTest.all('dialog')[0]).map((step) => step.state)";
    page.js(body, &[]).await
}

/// A test by the settings finds this, says what to do, and asks the cloud so often.
fn check(stage: Stage, found: [&'static str; 2], states: Value, asked: usize) {
    stage.play(async |scene| -> Verdict {
        scene.open().await?;
        found_in(scene, found, states).await?;
        assert_eq!(requests(scene, "").await?, asked, "{:?}", scene.emulator.log().await?);
        Ok(())
    });
}

async fn found_in(scene: &Scene, found: [&str; 2], states: Value) -> Outcome {
    let page = &scene.page;
    test(page).await?;
    page.see(found[0]).await?;
    page.see(found[1]).await?;
    page.find("button", "Test again").await?;
    assert_eq!(links(page).await?, states);
    let said = "const said = pilotlightTest.all('status', null, pilotlightTest.all('dialog')[0]);\
        return said.map((one) => one.textContent).join('|')";
    let said = page.js(said, &[]).await?;
    assert_eq!(said, json!(found[0]), "what a screen reader is told");
    Ok(())
}

/// The page behind another server than the stage's, with its own `config.json`.
async fn go(scene: &Scene, server: &Server) -> Outcome {
    scene.page.session.go(&server.address).await?;
    scene.page.ready().await
}

fn relay_to(scene: &Scene, upstream: &str) -> Outcome<Server> {
    let config = json!({"endpoint": "openai", "model": "serverless-comfyui"});
    let config = scene.file("relay.json", config.to_string().as_bytes())?;
    Server::start(upstream, places::dist()?, Some(config))
}

/// A host of files, and of nothing else.
async fn files(config: Option<Value>) -> Outcome<Host> {
    let dist = places::dist()?;
    Host::start(move |path| {
        let path = path.split('?').next().unwrap_or_default().trim_start_matches('/');
        let path = if path.is_empty() { "index.html" } else { path };
        let missing = || {
            let head = "HTTP/1.1 404 Not Found\r\ncontent-type: text/html".to_owned();
            (head, b"<!doctype html><h1>404</h1>".to_vec())
        };
        if path == "config.json" {
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json".to_owned();
            let config = config.as_ref().map(|config| (head, config.to_string().into_bytes()));
            return config.unwrap_or_else(missing);
        }
        let kind = match path.rsplit('.').next() {
            Some("html") => "text/html; charset=utf-8",
            Some("js") => "text/javascript",
            Some("wasm") => "application/wasm",
            Some("css") => "text/css",
            Some("json") => "application/json",
            Some("svg") => "image/svg+xml",
            _ => "application/octet-stream",
        };
        match std::fs::read(dist.join(path)) {
            Ok(bytes) => (format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}"), bytes),
            Err(_) => missing(),
        }
    })
    .await
}

#[test]
fn all_is_well_through_the_relay() {
    Stage::new("cold").set("cold_start_ms", 4_000).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let well = ["done", "done", "done", "done", "done"];
        found_in(scene, ["Connected", "0.33.0"], json!(well)).await?;
        let log = scene.emulator.log().await?;
        let models: Vec<_> = log.iter().filter_map(|entry| entry.model.as_deref()).collect();
        assert_eq!(models, ["pilotlight-test", "serverless-comfyui", "serverless-comfyui"]);
        assert_eq!(log[0].status, Some(404), "{:?}", log[0]);
        // What the test heard the page knows.
        page.press("Escape").await?;
        page.see("Awake").await?;
        assert_eq!(page.focused().await?, "button Settings");
        Ok(())
    });
}

#[test]
fn all_is_well_straight_to_the_server() {
    let well = json!(["done", "done", "done", "done"]);
    check(Stage::new("direct").direct(), ["Connected", "0.33.0"], well, 2);
}

#[test]
fn without_the_extension_a_relay_does_and_says_so() {
    let states = json!(["done", "done", "done", "done", "off"]);
    check(Stage::new("polling"), ["Connected", "this page checks every few seconds"], states, 3);
}

#[test]
fn without_the_extension_nothing_goes_straight_to_the_server() {
    let stage = Stage::new("direct").set("extension", false).direct();
    let states = json!(["done", "done", "done", "bad"]);
    check(stage, ["ComfyUI doesn’t have the extension", "custom_nodes"], states, 3);
}

#[test]
fn without_the_cors_flag_the_browser_hides_the_answers() {
    let states = json!(["done", "bad", "next", "next"]);
    let found = ["The server answers, but this page can’t read it", "--enable-cors-header"];
    check(Stage::new("warm").direct(), found, states, 3);
}

#[test]
fn a_plain_comfyui_without_the_cors_flag_is_named() {
    Stage::new("plain").plain().play(async |scene| -> Verdict {
        let config = json!({"endpoint": scene.emulator.address, "workflows": WORKFLOWS});
        let host = files(Some(config)).await?;
        scene.page.session.go(&host.address.replace("127.0.0.1", "localhost")).await?;
        scene.page.ready().await?;
        let page = &scene.page;
        open_test(page).await?;
        page.see("Testing changes nothing on the server").await?;
        page.click("button", "Test").await?;
        page.see("The server answers, but not to this page").await?;
        assert_eq!(links(page).await?, json!(["done", "bad", "next"]));
        scene.emulator.set(json!({"cors": true})).await?;
        page.click("button", "Test again").await?;
        page.see("Connected").await?;
        Ok(())
    });
}

#[test]
fn a_host_of_files_is_no_relay() {
    Stage::new("warm").play(async |scene| -> Verdict {
        let host = files(Some(json!({"endpoint": "openai", "model": "m"}))).await?;
        scene.page.session.go(&host.address).await?;
        scene.page.ready().await?;
        let states = json!(["bad", "next", "next", "next", "next"]);
        found_in(scene, ["Something else is at this address", "HTTP 404"], states).await?;
        scene.page.click("button", "Details").await?;
        scene.page.see("<h1>404</h1>").await?;
        Ok(())
    });
}

#[test]
fn a_relay_that_does_not_reach_the_server() {
    Stage::new("warm").play(async |scene| -> Verdict {
        let server = relay_to(scene, "http://127.0.0.1:9/openai")?;
        go(scene, &server).await?;
        let states = json!(["done", "bad", "next", "next", "next"]);
        found_in(scene, ["The relay can’t reach the server", "--upstream"], states).await?;
        scene.page.click("button", "Details").await?;
        scene.page.see("the relay cannot reach 127.0.0.1:9").await?;
        Ok(())
    });
}

#[test]
fn a_relay_that_does_not_trust_the_certificate() {
    Stage::new("warm").play(async |scene| -> Verdict {
        let upstream = untrusted().await?;
        let server = relay_to(scene, &format!("https://{upstream}/openai"))?;
        go(scene, &server).await?;
        let states = json!(["done", "bad", "next", "next", "next"]);
        let found = ["The relay doesn’t trust the server’s certificate", "--ca FILE"];
        found_in(scene, found, states).await?;
        Ok(())
    });
}

/// A server whose certificate nobody knows.
async fn untrusted() -> Outcome<std::net::SocketAddr> {
    let wrong = |error: &dyn std::fmt::Display| error.to_string();
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]);
    let made = made.map_err(|error| wrong(&error))?;
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).map_err(str::to_owned)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong(&error))?
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .map_err(|error| wrong(&error))?;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.map_err(|e| wrong(&e))?;
    let address = listener.local_addr().map_err(|error| wrong(&error))?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // The relay hangs up in the middle, which is the point.
            let _shaken = acceptor.accept(stream).await;
        }
    });
    Ok(address)
}

#[test]
fn a_gateway_that_gives_up() {
    let stage = Stage::new("warm").set("faults", "[\"* /system_stats 504\"]");
    let states = json!(["done", "bad", "next", "next", "next"]);
    let found = ["The gateway can’t reach kubeai", "HTTP 504"];
    check(stage, found, states, 1);
}

#[test]
fn a_model_that_kubeai_does_not_know() {
    let states = json!(["done", "done", "bad", "next", "next"]);
    let found = ["kubeai has no model “serverless-comfyui”", "appName"];
    check(Stage::new("unknown-model"), found, states, 2);
}

#[test]
fn reads_without_their_bodies_leave_the_other_way() {
    let stage = || Stage::new("warm").set("gateway_strips_get_bodies", true);
    let well = json!(["done", "done", "done", "done", "done"]);
    check(stage(), ["Connected", "set “transport” to “direct” in config.json"], well, 3);
    let states = json!(["done", "bad", "next", "next", "next"]);
    let found = ["kubeai gets requests without a body", "drops the body of GET requests"];
    check(stage().set("extension", false), found, states, 3);
}

#[test]
fn a_gpu_that_never_wakes_is_waited_for_as_long_as_said() {
    let config = json!({
        "endpoint": "openai", "model": "serverless-comfyui", "wake_limit_seconds": 5,
    });
    Stage::new("never-starts").config(config.to_string()).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        test(page).await?;
        let counts = "return pilotlightTest.steps(pilotlightTest.all('dialog')[0])\
            .some((step) => /^[34]\\.\\d s$/.test(step.time))";
        page.until("the time to count", counts, &[]).await?;
        page.see("The GPU didn’t wake").await?;
        page.see("Waited 5 s").await?;
        assert_eq!(links(page).await?, json!(["done", "done", "bad", "next", "next"]));
        // A person need not wait.
        page.click("button", "Test again").await?;
        let wakes = "return pilotlightTest.steps(pilotlightTest.all('dialog')[0])[2]?.isNow";
        page.until("the GPU to be woken", wakes, &[]).await?;
        until_asked(scene, 4).await?;
        page.click("button", "Stop").await?;
        page.see("Stopped.").await?;
        assert_eq!(scene.emulator.log_when_none_is_held().await?.len(), 4);
        Ok(())
    });
}

#[test]
fn a_page_without_a_server_is_set_up_and_remembers() {
    nowhere().play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.find("dialog", "Connect to ComfyUI").await?;
        page.press("Escape").await?;
        // The form can be used meanwhile; a press of Run opens the set-up and loses nothing.
        page.see("No server yet").await?;
        press_run(page, "a tiger").await?;
        page.find("dialog", "Connect to ComfyUI").await?;
        page.click("button", "Test").await?;
        page.see("Required.").await?;
        assert_eq!(page.focused().await?, "textbox Address");
        page.fill("Address", "localhost:8188").await?;
        page.click("button", "Test").await?;
        page.see("Start with https:// or http://.").await?;
        page.fill("Address", "/openai").await?;
        page.fill("Model", "serverless-comfyui").await?;
        page.see("Testing wakes the GPU").await?;
        page.click("button", "Test").await?;
        page.see("Connected").await?;
        page.click("button", "Use this").await?;
        page.see("Awake").await?;
        page.until_none("dialog").await?;
        page.until_notices(0).await?;
        assert_eq!(page.value("Prompt").await?, "a tiger");
        page.click("button", "Run").await?;
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        scene.reload().await?;
        page.pictures(1).await?;
        page.click("button", "Settings").await?;
        page.see("Set up in this browser.").await?;
        let stored = page.js("return localStorage.getItem('pilotlight.setup')", &[]).await?;
        let stored: Value = serde_json::from_str(stored.as_str().unwrap_or_default())
            .map_err(|error| Trouble::new(error.to_string()))?;
        let expected =
            json!({"endpoint": "/openai", "model": "serverless-comfyui", "transport": "relay"});
        assert_eq!(stored, expected);
        page.click("button", "Forget").await?;
        page.press("Escape").await?;
        page.see("No server yet").await?;
        scene.reload().await?;
        page.find("dialog", "Connect to ComfyUI").await?;
        sole_run(scene, "success").await?;
        Ok(())
    });
}

#[test]
fn the_way_to_a_server_elsewhere_is_found_out() {
    Stage::new("direct-cold").direct().config(nowhere_config()).play(async |scene| -> Verdict {
        scene.page.be_patient(std::time::Duration::from_secs(20));
        scene.open().await?;
        let page = &scene.page;
        page.fill("Address", &scene.emulator.upstream()).await?;
        page.fill("Model", "serverless-comfyui").await?;
        page.click("button", "Test").await?;
        page.see("Connected").await?;
        page.see("direct").await?;
        // What was typed can be changed still.
        page.click("button", "Change").await?;
        assert_eq!(page.focused().await?, "textbox Model");
        assert_eq!(page.value("Address").await?, scene.emulator.upstream());
        choose(page, "Connection", "direct").await?;
        page.click("button", "Use this").await?;
        make_first_picture(page, "a tiger").await?;
        // The one for the relay, the one nobody may read, and the wake request.
        let log = scene.emulator.log().await?;
        let first: Vec<String> = log.iter().take(3).map(|entry| entry.line()).collect();
        let expected = [
            "GET /openai/api/system_stats",
            "GET /openai/v1/models",
            "POST /openai/api/pilotlight/system_stats",
        ];
        assert_eq!(first, expected);
        Ok(())
    });
}

fn nowhere_config() -> String {
    json!({"workflows": WORKFLOWS, "endpoint": ""}).to_string()
}

#[test]
fn a_cluster_is_named_and_a_way_chosen_without_a_test() {
    nowhere().play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.click("radio", "Alaya NeW cluster").await?;
        page.fill("Namespace", "Team_A").await?;
        page.fill("VKS ID", "vc-7k2").await?;
        page.click("button", "Test").await?;
        page.see("Use only lowercase letters, digits and hyphens").await?;
        page.see("kubeai needs a model name").await?;
        page.fill("Namespace", "team-a").await?;
        page.fill("Model", "serverless-comfyui").await?;
        choose(page, "Connection", "direct").await?;
        page.click("button", "Use this").await?;
        page.click("button", "Settings").await?;
        page.see("https://kubeai-x-team-a-x-vc-7k2.sproxy.hd-01.alayanew.com:22443/openai").await?;
        page.see("direct").await?;
        assert_eq!(requests(scene, "").await?, 0);
        Ok(())
    });
}

#[test]
fn a_link_names_a_server_that_is_listed_and_no_other() {
    let config = json!({"endpoint": null, "endpoints": ["/openai"], "model": "serverless-comfyui"});
    Stage::new("warm").config(config.to_string()).play(async |scene| -> Verdict {
        scene.open_at("?endpoint=https%3A%2F%2Fevil.example%2Fopenai").await?;
        let page = &scene.page;
        page.see("its server “https://evil.example/openai” isn’t listed").await?;
        page.find("dialog", "Connect to ComfyUI").await?;
        scene.open_at("?endpoint=%2Fopenai").await?;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        let stored = page.js("return localStorage.getItem('pilotlight.setup')", &[]).await?;
        assert_eq!(stored, Value::Null, "a link is not remembered");
        Ok(())
    });
}

#[test]
fn a_failure_leads_to_the_test() {
    Stage::new("unknown-model").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "failed").await?;
        page.click("button", "Test connection").await?;
        page.find("dialog", "Test connection").await?;
        assert_eq!(page.focused().await?, "button Test");
        page.press("Enter").await?;
        page.see("kubeai has no model “serverless-comfyui”").await?;
        Ok(())
    });
}

#[test]
fn a_page_without_a_configuration_is_set_up() {
    Stage::new("direct").play(async |scene| -> Verdict {
        let host = files(None).await?;
        scene.page.session.go(&host.address).await?;
        scene.page.ready().await?;
        let page = &scene.page;
        page.find("dialog", "Connect to ComfyUI").await?;
        page.see("There is no config.json next to the page").await?;
        Ok(())
    });
}
