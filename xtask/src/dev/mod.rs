//! `cargo xtask dev`: the page while it is being written. A saved file is built and shown, a saved
//! style is shown without a build.
//!
//! Invariant: whatever was started here has ended when this ends, however it ends.

mod site;
mod sources;

use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use crate::build;
use crate::guard::Guarded;
use crate::process::{cargo, duration, step};
use crate::servers::{Options, Place, Servers};
use crate::tools::{Speed, Tools};
use crate::{Outcome, paths, pins, plan, serve};

use site::{Build, Site, Styles};
use sources::Sources;

/// Another one than that of `serve`: a browser keeps a served page for when there is no network, by
/// its address.
const DEFAULT_PORT: u16 = 8081;
/// How often files are looked at.
const LOOK: Duration = Duration::from_millis(150);

pub fn run(args: &[String]) -> Outcome {
    let options = Options::parse(args, "dev", DEFAULT_PORT)?;
    if options.scenario.as_deref() == Some("help") {
        return serve::run(args);
    }
    options.port_is_free()?;
    plan::print(&plan::dev());
    let tools = build::tools_beside(Speed::Quick, build_programs)?;
    build::fetch_crates()?;
    let seen = Sources::look();
    let site = Site::new(folder().join("site"))?;
    let mut dev = Dev { site, tools, going: None };
    let seen = dev.first_page(seen)?;
    let place = Place {
        emulator: paths::debug_program("pilotlight-emulator"),
        relay: paths::debug_program("pilotlight-relay"),
        dist: dev.site.folder.clone(),
        logs: folder(),
    };
    let servers = Servers::start(&options, &place)?;
    greet(&servers);
    dev.follow(&options, &place, servers, seen)
}

fn greet(servers: &Servers) {
    println!("\nPilotlight is at  {}\n", servers.relay.address);
    if let Some(emulator) = &servers.emulator {
        println!(
            "Behind it is an emulated GPU; every request: {}/__emulator/log",
            emulator.address
        );
    }
    println!("Save a file, and the page shows it:");
    println!("  *.css                        at once, without a build");
    println!("  src, public                  the page; crates/ what it is made of");
    println!("  crates/i18n/locales          its sentences");
    println!("  crates/emulator, crates/relay  are built and started again");
    println!(
        "The page is one module here, and has no Content-Security-Policy: `cargo xtask serve`"
    );
    println!("shows it as it is published.\n\nCtrl-C ends it.");
}

/// A build that goes on, and what it began with.
struct Going {
    trunk: Guarded,
    styles: Styles,
    since: Instant,
}

struct Dev {
    site: Site,
    tools: Tools,
    going: Option<Going>,
}

impl Dev {
    /// Looks at files and builds until a server ends by itself.
    fn follow(
        &mut self,
        options: &Options,
        place: &Place,
        servers: Servers,
        mut seen: Sources,
    ) -> Outcome {
        let mut servers = Some(servers);
        loop {
            thread::sleep(LOOK);
            if let Some(sentence) = servers.as_mut().and_then(Servers::ended) {
                return Err(sentence);
            }
            self.look_at_build()?;
            let now = Sources::look();
            if now == seen {
                continue;
            }
            if now.styles != seen.styles {
                say("shown", &sources::changed(&seen.styles, &now.styles));
                self.site.tell_styles()?;
            }
            if now.page != seen.page {
                say("building the page", &sources::changed(&seen.page, &now.page));
                self.begin_page()?;
            }
            if now.programs != seen.programs {
                say("building the programs", &sources::changed(&seen.programs, &now.programs));
                let started = Instant::now();
                match build_programs() {
                    Ok(()) => {
                        // The port has to be free again first.
                        drop(servers.take());
                        servers = Some(Servers::start(options, place)?);
                        println!("    started again after {}", duration(started.elapsed()));
                    }
                    Err(why) => println!("    {why}; the former ones stay"),
                }
            }
            seen = now;
        }
    }

    /// Builds until there is a page, and returns which files were looked at last.
    fn first_page(&mut self, mut seen: Sources) -> Outcome<Sources> {
        step("building the page");
        self.begin_page()?;
        while self.site.is_empty() {
            thread::sleep(LOOK);
            self.look_at_build()?;
            let now = Sources::look();
            if now != seen {
                self.begin_page()?;
            }
            seen = now;
        }
        Ok(seen)
    }

    /// Begins to build the page; a build that goes on is of older files, and ends.
    fn begin_page(&mut self) -> Outcome {
        self.going = None;
        self.site.tell(Build::Going)?;
        let styles = site::styles()?;
        let mut command = build::trunk(&self.tools)?;
        command.args(["--log", "error", "build", "--release=false"]);
        command.args(["--cargo-profile", pins::DEV_PROFILE, "--dist"]).arg(built());
        let trunk = Guarded::start(&command)?;
        self.going = Some(Going { trunk, styles, since: Instant::now() });
        Ok(())
    }

    /// Takes the page over when it is built.
    fn look_at_build(&mut self) -> Outcome {
        let Some(going) = &mut self.going else { return Ok(()) };
        let Some(is_good) = going.trunk.ended() else { return Ok(()) };
        let Some(Going { styles, since, .. }) = self.going.take() else { return Ok(()) };
        if is_good {
            let words = if self.site.is_empty() { "built in" } else { "in the browser after" };
            self.site.take(&built(), styles)?;
            println!("    {words} {}", duration(since.elapsed()));
            return Ok(());
        }
        println!("    the build failed; save what corrects it");
        self.site.tell(Build::Failed)
    }
}

/// Of the page that is built, and of the one that is served.
fn folder() -> PathBuf {
    paths::scratch().join("dev")
}

/// Where trunk builds.
fn built() -> PathBuf {
    folder().join("built")
}

fn say(what: &str, names: &[String]) {
    let more = match names.len() {
        0..=3 => String::new(),
        number => format!(" and {} more", number - 3),
    };
    let first: Vec<&str> = names.iter().take(3).map(String::as_str).collect();
    step(&format!("{}{more}: {what}", first.join(", ")));
}

/// Not optimized, so that they are there again in seconds.
fn build_programs() -> Outcome {
    step("building emulator and relay");
    let mut command = cargo();
    command.args(["build", "-p", "pilotlight-emulator", "-p", "pilotlight-relay"]);
    let mut building = Guarded::start(&command)?;
    loop {
        match building.ended() {
            Some(true) => return Ok(()),
            Some(false) => return Err("emulator and relay do not compile".to_owned()),
            None => thread::sleep(Duration::from_millis(20)),
        }
    }
}
