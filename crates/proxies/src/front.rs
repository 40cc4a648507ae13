//! nginx, Caddy and the project's own relay, each as an operator would start it.
//!
//! Invariant: the configurations are those of `deploy/`, byte for byte; each program is ended by
//! its own id when its value goes.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::net::TcpStream;

use crate::ports::free_port;
use crate::settings::Settings;
use crate::{Outcome, places};

const START_TIME: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Nginx,
    Caddy,
    Relay,
}

/// All that play the table.
pub const KINDS: [Kind; 3] = [Kind::Nginx, Kind::Caddy, Kind::Relay];

/// A proxy that runs as long as this value lives.
#[derive(Debug)]
pub struct Front {
    pub kind: Kind,
    /// Such as `127.0.0.1:8080`.
    pub address: String,
    child: Child,
    folder: TempDir,
}

impl Front {
    /// Starts one in front of what `settings` name, on a port of its own.
    ///
    /// # Errors
    /// When it is not installed, or refuses its configuration; with what it said.
    pub async fn start(kind: Kind, settings: &Settings) -> Outcome<Self> {
        let mut front = Self::spawn(kind, settings)?;
        let deadline = Instant::now() + START_TIME;
        while Instant::now() < deadline {
            if let Ok(Some(status)) = front.child.try_wait() {
                let words = front.words();
                if !words.to_lowercase().contains("address already in use") {
                    return Err(format!("{kind:?} ended ({status}): {words}"));
                }
                // Somebody was quicker to take the port.
                front = Self::spawn(kind, settings)?;
            }
            if TcpStream::connect(&front.address).await.is_ok() {
                return Ok(front);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err(format!("{kind:?} does not get ready: {}", front.words()))
    }

    fn spawn(kind: Kind, settings: &Settings) -> Outcome<Self> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let address = format!("127.0.0.1:{}", free_port()?);
        let mut command = match kind {
            Kind::Nginx => nginx(folder.path(), &address, settings)?,
            Kind::Caddy => caddy(folder.path(), &address, settings)?,
            Kind::Relay => relay(&address, settings)?,
        };
        let log = fs::File::create(folder.path().join("log")).map_err(|e| e.to_string())?;
        let log_too = log.try_clone().map_err(|e| e.to_string())?;
        command.stdin(Stdio::null()).stdout(log).stderr(log_too);
        let child = command.spawn().map_err(|e| format!("{kind:?} does not start: {e}"))?;
        Ok(Self { kind, address, child, folder })
    }

    /// What it wrote.
    pub fn words(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// What it wrote of requests into a file of its own; nothing when there is none.
    pub fn access_log(&self) -> String {
        fs::read_to_string(self.folder.path().join("access.log")).unwrap_or_default()
    }

    /// How much memory it has now, in KiB.
    ///
    /// # Errors
    /// When the system's `ps` does not say.
    pub fn resident_kb(&self) -> Outcome<u64> {
        let id = self.child.id().to_string();
        let said = Command::new("ps").args(["-o", "rss=", "-p", &id]).output();
        let said = said.map_err(|error| format!("ps: {error}"))?;
        let text = String::from_utf8_lossy(&said.stdout);
        text.trim().parse().map_err(|_| format!("ps said {text:?}"))
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing left to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The official image's `nginx.conf` in short: it reads `conf.d`, where the template went.
const NGINX: &str = "\
daemon off;
master_process off;
error_log stderr notice;
pid nginx.pid;
events { worker_connections 4096; }
http {
    default_type application/octet-stream;
    log_format main '$remote_addr $request $status $http_referer';
    access_log access.log main;
    sendfile on;
    keepalive_timeout 65;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    include conf.d/*.conf;
}
";

fn nginx(folder: &Path, address: &str, settings: &Settings) -> Outcome<Command> {
    let put = |name: &str, text: &str| {
        fs::write(folder.join(name), text).map_err(|error| format!("{name}: {error}"))
    };
    fs::create_dir(folder.join("conf.d")).map_err(|error| error.to_string())?;
    put("nginx.conf", NGINX)?;
    put("pilotlight.env", &settings.clone().with("LISTEN", address).file())?;
    put("conf.d/default.conf", &render(&folder.join("pilotlight.env"))?)?;
    let mut command = Command::new(places::nginx()?);
    command.arg("-p").arg(folder).arg("-c").arg(folder.join("nginx.conf")).args(["-e", "stderr"]);
    Ok(command)
}

fn caddy(folder: &Path, address: &str, settings: &Settings) -> Outcome<Command> {
    let (host, port) = address.split_once(':').unwrap_or((address, ""));
    let settings = settings.clone().with("SITE", format!(":{port}")).with("BIND", host);
    let mut command = Command::new(places::caddy()?);
    command.args(["run", "--adapter", "caddyfile", "--config"]);
    command.arg(places::root().join("deploy/caddy/Caddyfile"));
    command.envs(settings.pairs()).env("SSL_CERT_FILE", settings.get("CA"));
    for variable in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
        command.env(variable, folder);
    }
    Ok(command)
}

fn relay(address: &str, settings: &Settings) -> Outcome<Command> {
    let mut command = Command::new(places::relay()?);
    let (scheme, host) = (settings.get("UPSTREAM_SCHEME"), settings.get("UPSTREAM_HOST"));
    let upstream = format!("{scheme}://{host}{}", settings.get("UPSTREAM_PATH"));
    command.args(["--listen", address, "--upstream", &upstream, "--dist", settings.get("ROOT")]);
    for origin in settings.get("ALLOW_ORIGINS").split_whitespace() {
        command.args(["--allow-origin", origin]);
    }
    command.env("PILOTLIGHT_HOSTS", settings.get("HOSTS"));
    if !settings.get("MODEL").is_empty() {
        command.args(["--model", settings.get("MODEL")]);
    }
    if !settings.get("TOKEN").is_empty() {
        command.args(["--token-env", "PILOTLIGHT_TOKEN"]);
        command.env("PILOTLIGHT_TOKEN", settings.get("TOKEN"));
    }
    command.args(["--ca", settings.get("CA")]);
    Ok(command)
}

fn render(env: &Path) -> Outcome<String> {
    let mut command = Command::new("sh");
    command.arg(places::root().join("deploy/nginx/render.sh")).arg(env);
    let said = command.output().map_err(|error| format!("sh: {error}"))?;
    if said.status.success() {
        return Ok(String::from_utf8_lossy(&said.stdout).into_owned());
    }
    Err(format!("render.sh: {}", String::from_utf8_lossy(&said.stderr)))
}
