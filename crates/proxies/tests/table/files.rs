//! Files of `deploy/` that no program here reads: what they name is there.

use std::fs;

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
