//! A whole run through the world, as a page would make it.

use pilotlight_emulator::json::Json;
use pilotlight_emulator::{Answer, Reply, Request, World, parse, scenario};

const T2I: &str = include_str!("../../../../shared/fixtures/workflows/janus-text-to-image.json");

fn get(path: &str) -> Request {
    Request::new("GET", &format!("/openai/api{path}"))
        .with_body("application/json", r#"{"model":"serverless-comfyui"}"#)
}

fn reply(world: &mut World, request: Request, now: &mut u64) -> Reply {
    let ticket = world.handle(request, *now);
    loop {
        for (t, answer) in world.advance(*now) {
            if t == ticket {
                let Answer::Reply(reply) = answer else { panic!("{answer:?}") };
                return reply;
            }
        }
        *now = world.next_at().expect("an answer comes some time").max(*now);
    }
}

#[test]
fn smoke() {
    let mut world = World::new(scenario::named("demo").unwrap(), 1);
    let mut now = 0;
    let stats = reply(&mut world, get("/system_stats"), &mut now);
    assert_eq!(stats.status, 200);
    assert!((10_000..14_000).contains(&now), "{now}");
    let id = "11111111-1111-4111-8111-111111111111";
    let post = Request::new("POST", "/openai/api/prompt").with_body(
        "application/json",
        format!(r#"{{"model":"serverless-comfyui","prompt":{T2I},"prompt_id":"{id}"}}"#),
    );
    let posted = reply(&mut world, post, &mut now);
    assert_eq!(posted.status, 200, "{}", String::from_utf8_lossy(&posted.body));
    let mut known = "pending:0".to_owned();
    loop {
        let waited =
            reply(&mut world, get(&format!("/pilotlight/wait/{id}?known={known}")), &mut now);
        let text = String::from_utf8(waited.body).unwrap();
        println!("{now} {text}");
        let body = parse::python(text.as_bytes()).unwrap();
        match body.get("pilotlight") {
            Some(state) => known = state.get("state").and_then(Json::as_str).unwrap().to_owned(),
            None => break,
        }
    }
    let view = reply(
        &mut world,
        get(&format!("/view?filename=ComfyUI_00001_.png&subfolder=&type=output&rand={id}")),
        &mut now,
    );
    assert_eq!(view.status, 200);
    assert!(view.body.starts_with(b"\x89PNG"));
    println!("{} bytes, {:?}", view.body.len(), view.headers);
    println!("{}", world.state_json().python());
    println!("{:?}", world.executions());
}
