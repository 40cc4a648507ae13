//! A site that shows the page in a frame: the example of `docs/embed`, and pages of a test's own.
//!
//! Invariant: the site and the page are of different origins, and the page lists the site or not as
//! it is told.

use std::sync::{Arc, OnceLock};

use serde_json::{Value, json};

use crate::host::{Host, Said};
use crate::server::Server;
use crate::stage::{Scene, WORKFLOWS};
use crate::trouble::Outcome;
use crate::{page, places};

/// What the example says where an operator puts the address of the page.
const ADDRESS: &str = "https://pilotlight.example";

/// A host and the page that it shows.
#[derive(Debug)]
pub struct HostPage {
    /// At `/` the example of `docs/embed`, at `/own.html` what the test gave.
    pub host: Host,
    /// Where the page is.
    pub page: String,
    _served: (Option<Server>, Option<Host>),
}

impl HostPage {
    /// `own`: a page of the host, with the address of Pilotlight as in the example. `is_listed`:
    /// whether the configuration lists the host; where it does not, the page is on a static host
    /// that sends no headers about frames, and has to look after itself. `is_far`: to a browser they
    /// are two sites, not only two origins.
    pub async fn start(scene: &Scene, own: &str, is_listed: bool, is_far: bool) -> Outcome<Self> {
        let address: Arc<OnceLock<String>> = Arc::default();
        let (known, own) = (address.clone(), own.to_owned());
        let host = Host::start(move |path| {
            let page = known.get().map_or("", String::as_str);
            answer(path, &own).unwrap_or_else(gone).filled(page)
        })
        .await?;
        let mut config = json!({
            "endpoint": "openai", "model": "serverless-comfyui", "workflows": WORKFLOWS,
        });
        let (page, served) = if is_listed {
            config["embed_origins"] = json!([host.address]);
            let config = scene.file("embedded.json", config.to_string().as_bytes())?;
            let server = Server::start(&scene.emulator.upstream(), places::dist()?, Some(config))?;
            (server.address.clone(), (Some(server), None))
        } else {
            let files = Host::of_folder(places::dist()?, config.to_string()).await?;
            (files.address.clone(), (None, Some(files)))
        };
        let page = if is_far { page.replace("127.0.0.1", "localhost") } else { page };
        // Nobody asks before it is known.
        let _first = address.set(page.clone());
        Ok(Self { host, page, _served: served })
    }

    /// Opens a page of the host.
    pub async fn open(&self, scene: &Scene, path: &str) -> Outcome {
        scene.page.session.go(&format!("{}{path}", self.host.address)).await
    }

    /// Goes into the frame of this number, counted from 0, and waits until the form can be used.
    pub async fn enter(&self, scene: &Scene, frame: usize) -> Outcome {
        self.look_into(scene, frame).await?;
        scene.page.ready().await
    }

    /// The same whatever stands there.
    pub async fn look_into(&self, scene: &Scene, frame: usize) -> Outcome {
        let body = "return document.querySelectorAll('iframe')[arguments[0]]";
        let element = scene.page.element("a frame", body, &[json!(frame)]).await?;
        element.enter_frame().await?;
        // One of another site is in a process of its own, which the session did not prepare.
        let is_prepared = "return typeof pilotlightTest === 'object'";
        if scene.page.until("the frame's page", "return !!document.body", &[]).await.is_ok()
            && scene.page.js(is_prepared, &[]).await? != Value::Bool(true)
        {
            scene.page.js(page::SCRIPT, &[]).await?;
        }
        Ok(())
    }
}

/// A file of the host, before the address of the page is put in.
struct File(&'static str, String);

impl File {
    fn filled(self, page: &str) -> Said {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {}", self.0);
        (head, self.1.replace(ADDRESS, page).into_bytes())
    }
}

fn gone() -> File {
    File("text/plain", String::new())
}

fn answer(path: &str, own: &str) -> Option<File> {
    let read =
        |name: &str| std::fs::read_to_string(places::root().join("docs/embed").join(name)).ok();
    match path {
        "/" => Some(File("text/html", read("host.html")?)),
        "/host.css" => Some(File("text/css", read("host.css")?)),
        "/host.js" => Some(File("text/javascript", read("host.js")?)),
        "/own.html" => Some(File("text/html", own.to_owned())),
        _ => None,
    }
}
