//! What the tests share: recordings, a client in virtual time, and the comparison of shapes.
#![allow(dead_code)] // Each test binary uses its own part of this.

use pilotlight_emulator::json::{Json, map};
use pilotlight_emulator::{Answer, Params, Reply, Request, World, parse, scenario};
use pilotlight_fixtures::{recording, workflow as guide};

/// Reads a recorded text with the emulator's own parser, which keeps order and large numbers.
pub fn parsed(name: &str, text: &str) -> Json {
    parse::python(text.as_bytes()).unwrap_or_else(|| panic!("{name} is not JSON"))
}

pub fn text<'a>(json: &'a Json, path: &[&str]) -> &'a str {
    at(json, path).as_str().unwrap_or_else(|| panic!("no text at {path:?} in {}", json.python()))
}

pub fn at<'a>(json: &'a Json, path: &[&str]) -> &'a Json {
    path.iter().fold(json, |json, key| {
        json.get(key).unwrap_or_else(|| panic!("no {key} in {}", json.python()))
    })
}

/// A recorded exchange.
pub struct Recording {
    pub name: String,
    pub json: Json,
}

impl Recording {
    pub fn load(folder: &str, name: &str) -> Self {
        Self { name: name.to_owned(), json: parsed(name, &recording(folder, name).text) }
    }

    /// The request as it was sent, apart from lines of the connection.
    pub fn request(&self) -> Request {
        let recorded = at(&self.json, &["request"]);
        let mut request = Request::new(text(recorded, &["method"]), text(recorded, &["path"]));
        request.headers = pairs(recorded);
        request.body = body(recorded);
        request
    }

    pub fn status(&self) -> Option<u16> {
        at(&self.json, &["response", "status"]).as_f64().map(|s| s as u16)
    }

    pub fn headers(&self) -> Vec<(String, String)> {
        pairs(at(&self.json, &["response"]))
    }

    pub fn header(&self, name: &str) -> Option<String> {
        self.headers().into_iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v)
    }

    pub fn body_json(&self) -> Option<&Json> {
        at(&self.json, &["response"]).get("body_json")
    }

    pub fn body_text(&self) -> Option<&str> {
        at(&self.json, &["response"]).get("body_text").and_then(Json::as_str)
    }
}

/// The headers of a request or a reply; without any the member is missing.
fn pairs(recorded: &Json) -> Vec<(String, String)> {
    let headers = recorded.get("headers").and_then(Json::as_map).unwrap_or_default();
    let pair = |(name, value): &(String, Json)| match value.as_str() {
        Some(value) => (name.clone(), value.to_owned()),
        None => panic!("the header {name} is not a text"),
    };
    headers.iter().map(pair).collect()
}

fn body(recorded: &Json) -> Vec<u8> {
    if let Some(json) = recorded.get("body_json") {
        return json.python().into_bytes();
    }
    if let Some(latin1) = recorded.get("body_latin1").and_then(Json::as_str) {
        return latin1.chars().map(|c| c as u8).collect();
    }
    if let Some(coded) = recorded.get("body_base64").and_then(Json::as_str) {
        return base64(coded);
    }
    let plain = recorded.get("body_text").or_else(|| recorded.get("body"));
    plain.and_then(Json::as_str).unwrap_or("").as_bytes().to_vec()
}

pub fn base64(text: &str) -> Vec<u8> {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut out, mut bits, mut count) = (Vec::new(), 0u32, 0);
    for byte in text.bytes().filter(|b| *b != b'=') {
        bits = bits << 6 | letters.iter().position(|l| *l == byte).expect("base64") as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    out
}

/// A client that waits for each answer, in virtual time.
pub struct Client {
    pub world: World,
    pub now: u64,
}

impl Client {
    pub fn new(params: Params) -> Self {
        Self { world: World::new(params, 7), now: 0 }
    }

    pub fn answer(&mut self, request: Request) -> Answer {
        let ticket = self.world.handle(request, self.now);
        for _ in 0..100_000 {
            if let Some((_, answer)) =
                self.world.advance(self.now).into_iter().find(|(t, _)| *t == ticket)
            {
                return answer;
            }
            self.now = self.world.next_at().expect("an answer comes some time").max(self.now);
        }
        panic!("no answer after 100 000 steps");
    }

    pub fn ask(&mut self, request: Request) -> Reply {
        match self.answer(request) {
            Answer::Reply(reply) => reply,
            other @ (Answer::Reset | Answer::Cut { .. }) => panic!("no whole reply: {other:?}"),
        }
    }

    pub fn get(&mut self, target: &str) -> Reply {
        self.ask(Request::new("GET", target))
    }

    pub fn post(&mut self, target: &str, body: &Json) -> Reply {
        self.ask(Request::new("POST", target).with_body("application/json", body.python()))
    }

    pub fn pass(&mut self, ms: u64) {
        self.now += ms;
        self.world.advance(self.now);
    }
}

pub fn json_of(reply: &Reply) -> Json {
    parse::python(&reply.body)
        .unwrap_or_else(|| panic!("not JSON: {}", String::from_utf8_lossy(&reply.body)))
}

pub fn utf8(reply: &Reply) -> String {
    String::from_utf8(reply.body.clone()).expect("UTF-8")
}

/// Compares types recursively: lists are unordered, an empty list and `null` fit anything.
pub fn same_shape(recorded: &Json, ours: &Json, place: &str) -> Result<(), String> {
    match (recorded, ours) {
        (Json::Null, _)
        | (_, Json::Null)
        | (Json::Bool(_), Json::Bool(_))
        | (Json::Str(_), Json::Str(_)) => Ok(()),
        (Json::Int(_) | Json::Float(_), Json::Int(_) | Json::Float(_)) => Ok(()),
        (Json::Map(theirs), Json::Map(own)) => {
            for (key, value) in theirs {
                let found = ours.get(key).ok_or_else(|| format!("{place}.{key} is missing"))?;
                same_shape(value, found, &format!("{place}.{key}"))?;
            }
            match own.iter().find(|(key, _)| recorded.get(key).is_none()) {
                Some((key, _)) => Err(format!("{place}.{key} is too much")),
                None => Ok(()),
            }
        }
        (Json::List(theirs), Json::List(own)) if theirs.is_empty() || own.is_empty() => Ok(()),
        (Json::List(theirs), Json::List(own)) => {
            for value in own {
                let fits = theirs
                    .iter()
                    .map(|t| same_shape(t, value, &format!("{place}[]")))
                    .collect::<Vec<_>>();
                if fits.iter().all(Result::is_err) {
                    return fits.into_iter().next_back().unwrap_or(Ok(()));
                }
            }
            match theirs
                .iter()
                .find(|t| own.iter().all(|value| same_shape(t, value, place).is_err()))
            {
                Some(lost) => Err(format!("{place}[] lacks something like {}", lost.python())),
                None => Ok(()),
            }
        }
        _ => {
            Err(format!("{place}: {} is not of the shape of {}", ours.python(), recorded.python()))
        }
    }
}

#[track_caller]
pub fn assert_shape(name: &str, recorded: &Json, ours: &Json) {
    if let Err(why) = same_shape(recorded, ours, "") {
        panic!("{name}: {why}\nrecorded {}\nours     {}", recorded.python(), ours.python());
    }
}

/// A workflow of the guide.
pub fn workflow(name: &str) -> Json {
    parsed(name, &guide(name))
}

/// A form with one file and some fields.
pub fn form(filename: &str, bytes: &[u8], fields: &[(&str, &str)]) -> Request {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend_from_slice(
            format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .as_bytes(),
        );
    }
    body.extend_from_slice(format!("--B\r\nContent-Disposition: form-data; name=\"image\"; filename=\"{filename}\"\r\nContent-Type: image/png\r\n\r\n").as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--B--\r\n");
    Request::new("POST", "/api/upload/image").with_body("multipart/form-data; boundary=B", body)
}

pub const ID: &str = "11111111-1111-4111-8111-111111111111";

pub const OTHER: &str = "22222222-2222-4222-8222-222222222222";

pub fn model() -> Json {
    map([("model", "serverless-comfyui".into())])
}

pub fn get(path: &str) -> Request {
    Request::new("GET", &format!("/openai/api{path}"))
        .with_body("application/json", model().python())
}

pub fn post(path: &str, body: Json) -> Request {
    let mut body = body;
    body.set("model", "serverless-comfyui".into());
    Request::new("POST", &format!("/openai/api{path}")).with_body("text/plain", body.python())
}

pub fn prompt(id: &str, words: &str, seed: u64) -> Request {
    let mut graph = workflow("janus-text-to-image").python();
    graph = graph.replace("a tiger", words).replace("820488455847715", &seed.to_string());
    post("/prompt", map([("prompt", Json::Raw(graph.into())), ("prompt_id", id.into())]))
}

pub fn warm(change: impl FnOnce(&mut Params)) -> Client {
    let mut params = scenario::named("warm").unwrap();
    change(&mut params);
    Client::new(params)
}

pub fn wait(known: &str) -> Request {
    get(&format!(
        "/pilotlight/wait/{ID}{}",
        if known.is_empty() { String::new() } else { format!("?known={known}") }
    ))
}
