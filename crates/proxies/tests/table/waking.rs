//! A run from a sleeping GPU to its picture, through each proxy, with the pretend cloud.

use pilotlight_proxy_tests::client::{Reply, Request};
use pilotlight_proxy_tests::cloud::Cloud;
use pilotlight_proxy_tests::front::{Front, KINDS};
use pilotlight_proxy_tests::places;
use serde_json::{Value, json};

use crate::stage;

const ID: &str = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

#[tokio::test(flavor = "multi_thread")]
async fn a_run_wakes_the_gpu_and_brings_a_picture() {
    for kind in KINDS {
        let cloud =
            Cloud::start("demo", &["cold_start_ms=4000", "gateway_timeout_ms=600000"]).unwrap();
        let page = stage::page();
        let front = Front::start(kind, &stage::settings(&cloud.host, page.path())).await.unwrap();
        let ask = async |request: Request<'_>| -> Reply {
            request.send(&front.address).await.unwrap_or_else(|why| panic!("{kind:?}: {why}"))
        };
        let get = async |path: &str| {
            let path = format!("/openai/api/{path}");
            ask(Request::new("GET", &path)).await
        };

        let stats = get("system_stats?model=serverless-comfyui").await;
        assert_eq!(stats.status, 200, "{kind:?}: {}", stats.text());
        assert!(stats.text().contains("comfyui_version"), "{kind:?}: {}", stats.text());

        let unknown = get("system_stats?model=nope").await;
        assert_eq!((unknown.status, unknown.sentence()), (404, None), "{kind:?}");
        assert!(unknown.text().contains("model not found"), "{kind:?}: {}", unknown.text());

        let file = places::root().join("public/workflows/janus-text-to-image.json");
        let form: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        let graph = form.get("prompt").or_else(|| form.get("workflow")).unwrap_or(&form);
        let body = json!({"model": "serverless-comfyui", "prompt_id": ID, "prompt": graph});
        let body = body.to_string();
        let post = Request::new("POST", "/openai/api/prompt").body(body.as_bytes());
        let taken = ask(post.with("content-type", "application/json")).await;
        assert_eq!(taken.status, 200, "{kind:?}: {}", taken.text());

        let mut history = Value::Null;
        for _ in 0..40 {
            let held = get(&format!("pilotlight/wait/{ID}?model=serverless-comfyui")).await;
            assert_eq!(held.status, 200, "{kind:?}: {}", held.text());
            history = serde_json::from_slice(&held.body).unwrap();
            if history.get(ID).is_some() {
                break;
            }
        }
        let outputs = history[ID]["outputs"].as_object().unwrap();
        let image = outputs.values().find_map(|output| output["images"].get(0)).unwrap();
        let name = image["filename"].as_str().unwrap();
        let picture =
            get(&format!("view?filename={name}&type=output&model=serverless-comfyui")).await;
        assert_eq!(picture.status, 200, "{kind:?}: {}", picture.text());
        assert_eq!(picture.header("content-type"), Some("image/png"), "{kind:?}");
        assert!(picture.body.starts_with(b"\x89PNG"), "{kind:?}");
        assert!(picture.header("last-modified").is_some(), "{kind:?}");
    }
}
