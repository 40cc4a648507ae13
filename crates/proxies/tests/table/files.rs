//! Files of `deploy/` that no program here reads: what they name is there.

use std::fs;
use std::process::Command;

use pilotlight_proxy_tests::places;

#[test]
fn the_settings_are_those_that_the_configurations_use() {
    let read = |path: &str| fs::read_to_string(places::root().join(path)).unwrap();
    let settings = read("deploy/pilotlight.env");
    let names: Vec<&str> = settings
        .lines()
        .filter(|line| line.starts_with("PILOTLIGHT_"))
        .map(|line| line.split('=').next().unwrap())
        .collect();
    let used = read("deploy/nginx/pilotlight.conf.template") + &read("deploy/caddy/Caddyfile");
    for name in &names {
        assert!(used.contains(&format!("{name}}}")), "nothing uses {name}");
    }
    for part in used.split("PILOTLIGHT_").skip(1) {
        let end = part.find(|c: char| !c.is_ascii_uppercase() && c != '_').unwrap();
        let name = format!("PILOTLIGHT_{}", &part[..end]);
        assert!(names.contains(&name.as_str()), "{name} is not in pilotlight.env");
    }
}

/// What `cargo xtask build` makes.
const BUILT: &[&str] = &["dist"];

#[test]
fn the_container_is_made_of_what_is_there() {
    let text = fs::read_to_string(places::root().join("deploy/Containerfile")).unwrap();
    let lines: Vec<Vec<&str>> =
        text.lines().map(|line| line.split_whitespace().collect()).collect();
    let of = |word: &str| -> Vec<&Vec<&str>> {
        lines.iter().filter(|line| line.first() == Some(&word)).collect()
    };
    let stages: Vec<&str> = of("FROM").iter().filter_map(|line| line.get(3).copied()).collect();
    assert_eq!(stages, ["build", "page", "relay"]);

    let mut copied = 0;
    for line in of("COPY") {
        let sources = &line[1..line.len() - 1];
        if let Some(stage) = sources[0].strip_prefix("--from=") {
            assert!(stages.contains(&stage), "{line:?}");
            assert_eq!(sources[1..], ["/build/target/release/pilotlight-relay"]);
            continue;
        }
        for source in sources {
            let is_there = places::root().join(source).exists() || BUILT.contains(source);
            assert!(is_there, "{source} is copied and not there");
            copied += 1;
        }
    }
    assert!(copied > 5, "{copied} things are copied");

    // Nobody is root at the end of a stage that is kept.
    for stage in ["AS page", "AS relay"] {
        let (_, rest) = text.split_once(stage).unwrap();
        let rest = rest.split("\nFROM ").next().unwrap();
        let (_, user) = rest.split_once("\nUSER ").unwrap();
        let user: u32 = user.split(':').next().unwrap().parse().unwrap();
        assert!(user > 0, "{stage}");
    }
}

#[test]
fn the_container_starts_the_relay_with_options_that_it_has() {
    let text = fs::read_to_string(places::root().join("deploy/Containerfile")).unwrap();
    let help = Command::new(places::relay().unwrap()).arg("--help").output().unwrap();
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    let (_, after) = text.split_once("# What is behind it follows:").unwrap();
    let options = after.split(|c: char| c.is_whitespace() || "[]\",".contains(c));
    let options: Vec<&str> = options.filter(|word| word.starts_with("--")).collect();
    assert!(options.len() > 4, "{options:?}");
    for option in options {
        assert!(help.contains(&format!("  {option} ")), "{option} is not an option of the relay");
    }
}
