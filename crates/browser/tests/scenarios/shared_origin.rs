//! The page on an origin that other apps use as well: its worker leaves their files alone.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use pilotlight_browser_tests::host::{Host, SLOW_BODY, Said, file};
use pilotlight_browser_tests::stage::{WORKFLOWS, direct_config};
use pilotlight_browser_tests::{Outcome, Page, Stage, Verdict, places};
use serde_json::{Value, json};

use crate::common::package;
use crate::offline::{kept, until_kept};

/// What an earlier version of the worker kept of another app, as that version named it.
const PLANT: &str = "return caches.open('pilotlight beside').then((cache) =>\
    cache.put('/wiki/alice.pdf', new Response('one'))).then(() => true)";

/// A host of the page's files and of others, which can be exchanged.
struct Site {
    host: Host,
    others: Arc<Mutex<BTreeMap<String, Said>>>,
}

impl Site {
    async fn start() -> Outcome<Self> {
        let dist = places::dist()?;
        let others: Arc<Mutex<BTreeMap<String, Said>>> = Arc::default();
        let known = others.clone();
        let host = Host::start(move |path| {
            let others = known.lock().unwrap_or_else(PoisonError::into_inner);
            match (others.get(path), path) {
                (Some(said), _) => said.clone(),
                (None, "/") => file(&dist, "index.html"),
                (None, path) => file(&dist, path.trim_start_matches('/')),
            }
        })
        .await?;
        Ok(Self { host, others })
    }

    /// From now on answers this, with these headers.
    fn put(&self, path: &str, headers: &str, body: impl Into<Vec<u8>>) {
        let said = (format!("HTTP/1.1 200 OK{headers}"), body.into());
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        others.insert(path.to_owned(), said);
    }

    fn asked(&self, path: &str) -> usize {
        let line = format!("GET {path} ");
        self.host.asked().iter().filter(|head| head.starts_with(&line)).count()
    }
}

/// What somebody in the page who asks for this gets.
async fn asked_for(page: &Page, path: &str) -> Outcome<String> {
    let ask = "return fetch(arguments[0], { cache: 'no-store' })\
        .then((answer) => answer.text(), () => 'no answer')";
    let text = page.js(ask, &[json!(path)]).await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

/// Ends the worker as a browser does when there was nothing to do for a while.
async fn restart_worker(page: &Page) -> Outcome {
    page.session.cdp("ServiceWorker.enable", json!({})).await?;
    page.session.cdp("ServiceWorker.stopAllWorkers", json!({})).await.map(drop)
}

/// A form of a test's own, called *Lamp*.
fn lamp() -> Vec<u8> {
    let mut lamp = package();
    lamp["id"] = json!("lamp");
    lamp["title"] = json!({"en": "Lamp", "zh": "灯"});
    lamp.to_string().into_bytes()
}

fn holds(files: &[String], path: &str) -> bool {
    files.iter().any(|file| file.ends_with(path))
}

#[test]
fn at_the_root_of_an_origin_other_apps_files_are_neither_kept_nor_answered() {
    Stage::new("direct").direct().play(async |scene| -> Verdict {
        scene.page.be_patient(Duration::from_secs(20));
        let site = Site::start().await?;
        let mut config = direct_config(&scene.emulator.upstream());
        config["workflows"] = json!(["forms/lamp.json", WORKFLOWS[1], "http://127.0.0.1:9/a.json"]);
        let json_head = "\r\ncontent-type: application/json";
        site.put("/config.json", json_head, config.to_string());
        site.put("/forms/lamp.json", json_head, lamp());
        site.put("/wiki/", "\r\ncontent-type: text/html", "<!doctype html><title>Wiki</title>");
        let others = ["/wiki/alice.pdf", "/wiki/notes.json", "/alice.json", "/pilotlight-notes.js"];
        let change = |text: &str| others.map(|path| site.put(path, "", text));
        change("one");

        let page = &scene.page;
        let address = format!("{}/", site.host.address);
        page.session.go(&address).await?;
        page.ready().await?;
        page.js(PLANT, &[]).await?;
        until_kept(page).await?;
        // A first visit is enough for what is named.
        let files = kept(page).await?;
        assert!(holds(&files, "/config.json") && holds(&files, "/forms/lamp.json"), "{files:?}");
        page.session.reload().await?;
        page.find("tab", "Lamp").await?;

        // From the page itself, and from a page of the other app, with the worker at work or not.
        for place in ["/", "/wiki/"] {
            page.session.go(&format!("{}{place}", site.host.address)).await?;
            for text in ["one", "two"] {
                change(text);
                restart_worker(page).await?;
                for _ in 0..2 {
                    for path in others {
                        assert_eq!(asked_for(page, path).await?, text, "{path} from {place}");
                    }
                }
            }
        }
        let files = kept(page).await?;
        for path in others {
            assert!(!holds(&files, path), "{path} is kept: {files:?}");
        }
        let former = "return caches.has('pilotlight beside')";
        assert_eq!(page.js(former, &[]).await?, json!(false), "the former cache is there");

        // What is named no more leaves, even if it is still on its way when the configuration that
        // names it no more arrives; what its server wants nobody to keep is not kept.
        let slow = format!("{json_head}{SLOW_BODY}");
        site.put(&format!("/{}", WORKFLOWS[1]), &slow, lamp());
        config["workflows"] = json!(["forms/lamp.json"]);
        let asked_before = site.asked(&format!("/{}", WORKFLOWS[1]));
        site.put("/config.json", json_head, config.to_string());
        page.session.go(&address).await?;
        page.find("tab", "Lamp").await?;
        let was_asked = site.asked(&format!("/{}", WORKFLOWS[1]));
        tokio::time::sleep(Duration::from_secs(2)).await;
        let files = kept(page).await?;
        assert!(was_asked > asked_before, "it is not preloaded");
        assert!(!holds(&files, WORKFLOWS[1]), "{files:?}");
        assert!(holds(&files, "/forms/lamp.json"), "{files:?}");
        for control in ["no-store", "no-cache, private", "Private=\"x\""] {
            let head = format!("{json_head}\r\ncache-control: {control}");
            site.put("/config.json", &head, config.to_string());
            site.put("/forms/lamp.json", &head, lamp());
            page.session.reload().await?;
            page.find("tab", "Lamp").await?;
            let files = kept(page).await?;
            assert!(!holds(&files, "/config.json"), "{control}: {files:?}");
            assert!(!holds(&files, "/forms/lamp.json"), "{control}: {files:?}");
            site.put("/config.json", json_head, config.to_string());
            site.put("/forms/lamp.json", json_head, lamp());
            page.session.reload().await?;
            page.find("tab", "Lamp").await?;
            let files = kept(page).await?;
            assert!(holds(&files, "/config.json") && holds(&files, "/lamp.json"), "{files:?}");
        }

        // Without a network.
        assert!(site.asked("/wiki/alice.pdf") >= 8, "not every question came through");
        drop(site);
        restart_worker(page).await?;
        page.session.reload().await?;
        page.find("tab", "Lamp").await?;
        for path in others {
            assert_eq!(asked_for(page, path).await?, "no answer", "{path}");
        }
        Ok(())
    });
}

#[test]
fn below_a_path_the_caches_of_another_copy_and_its_files_stay() {
    const PATH: &str = "tools/gpu page";
    Stage::new("direct").below(PATH).play(async |scene| -> Verdict {
        scene.page.be_patient(Duration::from_secs(20));
        let others = ["/wiki/alice.pdf", "/tools/gpu%20page/alice.pdf", "/tools/notes.json"];
        let write = |text: &str| -> Outcome {
            for path in others {
                let path = path.replace("%20", " ");
                scene.file(&format!("site{path}"), text.as_bytes())?;
            }
            Ok(())
        };
        write("one")?;
        scene.open().await?;
        let page = &scene.page;
        // Copies of the page elsewhere on this origin, of this and of earlier versions.
        let plant = "return Promise.all([['pilotlight page /other/ 0000000000000001', '/other/'],\
            ['pilotlight beside /other/', '/other/config.json'],\
            ['pilotlight page 0000000000000002', '/other/'],\
            ['pilotlight page 0000000000000003', './'], ['wiki', '/wiki/alice.pdf']]\
            .map(([name, path]) => caches.open(name).then((cache) =>\
                cache.put(path, new Response('kept'))))).then(() => true)";
        page.js(plant, &[]).await?;
        until_kept(page).await?;
        scene.reload().await?;
        for text in ["one", "two"] {
            write(text)?;
            for path in others {
                assert_eq!(asked_for(page, path).await?, text, "{path}");
            }
        }
        let body = "return caches.keys().then((all) => !all.includes(arguments[0]) && all)";
        let args = [json!("pilotlight page 0000000000000003")];
        let left = page.until("the former version of this copy to be gone", body, &args).await?;
        let names = [
            "pilotlight page /other/ 0000000000000001",
            "pilotlight beside /other/",
            "pilotlight page 0000000000000002",
            "wiki",
        ];
        for name in names {
            let has = left.as_array().is_some_and(|all| all.contains(&Value::from(name)));
            assert!(has, "{name} is gone: {left}");
        }
        scene.server.stop();
        scene.reload().await?;
        let page = &scene.page;
        page.find("tab", "Image to text").await?;
        for path in others {
            assert_eq!(asked_for(page, path).await?, "no answer", "{path}");
        }
        Ok(())
    });
}
