//! `seer mcp` as an assistant uses it: the real program, JSON-RPC lines over its standard streams.

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};
use support::{Place, fixture};

/// A running `seer mcp` that has been greeted.
struct Assistant {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    next: u64,
}

impl Assistant {
    fn of(place: &Place, args: &[&str]) -> Self {
        let mut all = vec!["mcp"];
        all.extend(args);
        let mut child = place
            .command(&all)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("seer starts");
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().expect("stdout"));
        let mut assistant = Self { child, input, output, next: 1 };
        let greeting = assistant.ask(
            "initialize",
            json!({"protocolVersion": "2025-06-18", "capabilities": {},
                "clientInfo": {"name": "a test", "version": "1"}}),
        );
        assert_eq!(greeting["result"]["serverInfo"]["name"], "seer", "{greeting}");
        assert_eq!(greeting["result"]["protocolVersion"], "2025-06-18");
        assert!(greeting["result"]["capabilities"]["tools"].is_object(), "{greeting}");
        assistant
            .write(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}).to_string());
        assistant
    }

    fn write(&mut self, line: &str) {
        let input = self.input.as_mut().expect("open");
        writeln!(input, "{line}").and_then(|()| input.flush()).expect("it reads");
    }

    /// Sends a request and gives the answer to it; every line of standard output must be the protocol.
    fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.next;
        self.next += 1;
        let request = json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params});
        self.write(&request.to_string());
        loop {
            let message = self.read();
            if message["id"] == id {
                return message;
            }
        }
    }

    fn read(&mut self) -> Value {
        let mut line = String::new();
        assert!(self.output.read_line(&mut line).expect("text") > 0, "it ended");
        let message: Value = serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line}"));
        assert_eq!(message["jsonrpc"], "2.0", "{line}");
        message
    }

    /// Calls a tool; the result, whether or not it is an error of the tool.
    fn call(&mut self, tool: &str, arguments: Value) -> Value {
        let answer = self.ask("tools/call", json!({"name": tool, "arguments": arguments}));
        assert!(answer["error"].is_null(), "{answer}");
        answer["result"].clone()
    }

    /// What a tool gives as an object.
    fn object(&mut self, tool: &str, arguments: Value) -> Value {
        let result = self.call(tool, arguments);
        assert_eq!(result["isError"], false, "{result}");
        let text: Value =
            serde_json::from_str(result["content"][0]["text"].as_str().expect("text"))
                .expect("the text is the object too");
        assert_eq!(text, result["structuredContent"]);
        text
    }

    /// The message of a call that a tool refuses.
    fn refusal(&mut self, tool: &str, arguments: Value) -> String {
        let result = self.call(tool, arguments);
        assert_eq!(result["isError"], true, "{result}");
        result["content"][0]["text"].as_str().expect("text").to_owned()
    }

    /// Closes standard input; it has to end, and to have written nothing else. Its notices.
    fn end(mut self) -> String {
        drop(self.input.take());
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).expect("text");
        assert_eq!(rest, "");
        let mut notices = String::new();
        let mut errors = self.child.stderr.take().expect("stderr");
        errors.read_to_string(&mut notices).expect("text");
        assert_eq!(self.child.wait().expect("an end").code(), Some(0), "{notices}");
        notices
    }
}

impl Drop for Assistant {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn indexed() -> Place {
    let place = Place::with_pictures();
    place.index();
    place
}

/// Width and height out of the header of a JPEG.
fn jpeg_size(jpeg: &[u8]) -> (u32, u32) {
    let mut at = 2;
    loop {
        let (marker, length) = (jpeg[at + 1], u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
        if matches!(marker, 0xc0..=0xc2) {
            let number = |at: usize| u32::from(u16::from_be_bytes([jpeg[at], jpeg[at + 1]]));
            return (number(at + 7), number(at + 5));
        }
        at += 2 + usize::from(length);
    }
}

/// Standard base64.
fn bytes(text: &str) -> Vec<u8> {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bits = (0u32, 0);
    let mut bytes = Vec::new();
    for digit in text.bytes().filter(|digit| *digit != b'=') {
        let value = digits.iter().position(|one| *one == digit).expect("base64") as u32;
        bits = (bits.0 << 6 | value, bits.1 + 6);
        if bits.1 >= 8 {
            bits.1 -= 8;
            bytes.push((bits.0 >> bits.1) as u8);
        }
    }
    bytes
}

/// What an assistant can do, with or without a server.
fn looks_around(assistant: &mut Assistant) {
    let first = assistant.object("search_photos", json!({"query": "a landscape", "limit": 3}));
    let photos = first["photos"].as_array().expect("photos");
    assert_eq!((photos.len(), &first["more"]), (3, &json!(true)), "{first}");
    let id = photos[0]["id"].as_str().expect("id").to_owned();
    assert_eq!(id.len(), 64);
    assert!(photos[0]["path"].as_str().expect("path").contains("/photos/"));
    assert!(photos[0]["why"].as_array().is_some_and(|why| !why.is_empty()), "{first}");
    let second =
        assistant.object("search_photos", json!({"query": "a landscape", "limit": 3, "page": 2}));
    let ids = |answer: &Value| -> Vec<String> {
        let photos = answer["photos"].as_array().expect("photos").iter();
        photos.map(|photo| photo["id"].to_string()).collect()
    };
    assert!(ids(&second).iter().all(|id| !ids(&first).contains(id)), "{first} {second}");
    let named = assistant.object("search_photos", json!({"query": "name:0_landscape ext:jpg"}));
    assert_eq!(ids(&named).len(), 1, "{named}");

    let facts = assistant.object("photo_facts", json!({"id": &id[..16]}));
    assert_eq!(facts["id"], id.as_str());
    assert!(facts["width"].as_u64().is_some_and(|width| width > 0), "{facts}");

    for size in [32, 100, 1024] {
        let seen = assistant.call("get_photo", json!({"id": id, "size": size}));
        assert_eq!(seen["isError"], false, "{seen}");
        let picture = &seen["content"][0];
        assert_eq!(
            (&picture["type"], &picture["mimeType"]),
            (&json!("image"), &json!("image/jpeg"))
        );
        let jpeg = bytes(picture["data"].as_str().expect("data"));
        let (width, height) = jpeg_size(&jpeg);
        let largest = u64::from(width.max(height));
        let whole = facts["width"].as_u64().max(facts["height"].as_u64()).expect("pixels");
        assert_eq!(largest, whole.min(size), "{width} x {height}");
        assert!(!jpeg.windows(4).any(|part| part == b"Exif"));
    }
    let status = assistant.object("library_status", json!({}));
    assert!(status["photos"].as_u64().is_some_and(|photos| photos > 5), "{status}");
}

#[test]
fn an_assistant_finds_tools_that_explain_themselves() {
    let place = indexed();
    let mut assistant = Assistant::of(&place, &[]);
    let listed = assistant.ask("tools/list", json!({}));
    let tools = listed["result"]["tools"].as_array().expect("tools");
    let names: Vec<&str> = tools.iter().filter_map(|tool| tool["name"].as_str()).collect();
    assert_eq!(names, ["search_photos", "get_photo", "photo_facts", "library_status"]);
    for tool in tools {
        assert_eq!(tool["annotations"]["readOnlyHint"], true, "{tool}");
        assert!(tool["description"].as_str().is_some_and(|text| text.len() > 40), "{tool}");
        let schema = &tool["inputSchema"];
        assert_eq!(
            (&schema["type"], &schema["additionalProperties"]),
            (&json!("object"), &json!(false))
        );
        for (name, argument) in schema["properties"].as_object().expect("arguments") {
            assert!(argument["description"].is_string(), "{name}: {argument}");
            let optional = schema["required"].as_array().expect("a list").iter().all(|r| r != name);
            assert_eq!(optional, !argument["default"].is_null(), "{name}: {argument}");
        }
    }
    assert_eq!(assistant.end(), "");
}

#[test]
fn it_works_without_a_server_and_with_one() {
    let place = indexed();
    let mut assistant = Assistant::of(&place, &[]);
    looks_around(&mut assistant);
    assert!(assistant.object("library_status", json!({}))["server"].is_null());
    // The library is let go of by itself, so that a server can have it; the assistant then asks that.
    std::thread::sleep(std::time::Duration::from_secs(3));
    let server = place.serve(&[]);
    looks_around(&mut assistant);
    let status = assistant.object("library_status", json!({}));
    assert!(server.url.starts_with(status["server"].as_str().expect("a server")), "{status}");
    drop(server);
    looks_around(&mut assistant);
    assistant.end();
}

#[test]
fn what_is_wrong_is_told_and_nothing_breaks() {
    let place = indexed();
    let mut assistant = Assistant::of(&place, &["-v"]);
    for (tool, arguments, said) in [
        ("search_photos", json!({"limit": 0}), "limit must be a whole number from 1 to 100, not 0"),
        ("search_photos", json!({"limit": "many"}), "not \"many\""),
        ("search_photos", json!({"page": 10_001}), "from 1 to 10000"),
        ("search_photos", json!({"text": "dogs"}), "this tool takes query, limit, page, sort"),
        ("search_photos", json!({"query": "x".repeat(2_001)}), "at most 2000 characters"),
        ("search_photos", json!({"query": ["dogs"]}), "query must be a text"),
        ("search_photos", json!({"query": "camra:canon"}), "camra"),
        ("search_photos", json!({"query": "like:0000000000"}), "0000000000"),
        ("search_photos", json!({"sort": "best"}), "relevance, newest, oldest"),
        ("get_photo", json!({}), "id must be a photo's id"),
        ("get_photo", json!({"id": "/etc/passwd"}), "64 hex digits"),
        ("get_photo", json!({"id": "../../photos/a.jpg"}), "64 hex digits"),
        ("get_photo", json!({"id": "f".repeat(64)}), "no photo"),
        ("get_photo", json!({"id": "f".repeat(64), "size": 4_000}), "from 32 to 2048"),
        ("photo_facts", json!({"id": "0123456789abcdef"}), "no photo"),
        ("library_status", json!({"all": true}), "takes none"),
    ] {
        let message = assistant.refusal(tool, arguments.clone());
        assert!(message.contains(said), "{tool} {arguments}: {message}");
    }
    let answer = assistant.ask("tools/call", json!({"name": "delete_photo", "arguments": {}}));
    assert!(
        answer["error"]["message"].as_str().is_some_and(|m| m.contains("search_photos")),
        "{answer}"
    );
    assert!(!assistant.ask("resources/list", json!({})).is_null());
    assert!(!assistant.ask("tools/call", json!({"name": 7}))["error"].is_null());
    for line in ["", "no JSON", "[]", "{}", "{\"jsonrpc\":\"2.0\",\"id\":77}", "\u{0}"] {
        assistant.write(line);
    }
    looks_around(&mut assistant);
    assistant.end();
}

#[test]
fn a_photo_whose_file_is_gone_is_told() {
    let place = indexed();
    let mut assistant = Assistant::of(&place, &[]);
    let found = assistant.object("search_photos", json!({"query": "name:0_landscape"}));
    let photo = &found["photos"][0];
    std::fs::remove_file(photo["path"].as_str().expect("path")).expect("removed");
    let message = assistant.refusal("get_photo", json!({"id": photo["id"]}));
    assert!(message.contains("0_landscape"), "{message}");
}

#[test]
fn a_library_that_is_not_there_is_told() {
    let place = Place::empty();
    let mut assistant = Assistant::of(&place, &[]);
    for tool in ["library_status", "search_photos"] {
        let message = assistant.refusal(tool, json!({}));
        assert!(message.contains("seer index"), "{message}");
    }
    assert!(!place.library().exists(), "asking begins no library");
    // It is found as soon as it is there.
    std::fs::copy(fixture("images/0_landscape.jpg"), place.photos().join("a.jpg")).expect("copy");
    place.index();
    assert_eq!(assistant.object("library_status", json!({}))["photos"], 1);
}

/// EXIF with a position: 48° 8' 14" N, 11° 34' 30" E.
fn in_munich() -> Vec<u8> {
    let mut block = b"II*\0\x08\0\0\0\x01\0\x25\x88\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0".to_vec();
    block.extend_from_slice(b"\x04\0");
    block.extend_from_slice(b"\x01\0\x02\0\x02\0\0\0N\0\0\0");
    block.extend_from_slice(b"\x02\0\x05\0\x03\0\0\0\x50\0\0\0");
    block.extend_from_slice(b"\x03\0\x02\0\x02\0\0\0E\0\0\0");
    block.extend_from_slice(b"\x04\0\x05\0\x03\0\0\0\x68\0\0\0");
    block.extend_from_slice(&[0; 4]);
    for number in [48u32, 8, 14, 11, 34, 30] {
        block.extend_from_slice(&number.to_le_bytes());
        block.extend_from_slice(&1u32.to_le_bytes());
    }
    block
}

#[test]
fn places_are_kept_back_where_they_are_to_be() {
    let place = Place::empty();
    let plain = std::fs::read(fixture("images/0_landscape.jpg")).expect("a picture");
    let at = in_munich();
    let length = (at.len() as u16 + 8).to_be_bytes();
    let photo = [&plain[..2], b"\xff\xe1", &length, b"Exif\0\0", &at, &plain[2..]].concat();
    std::fs::write(place.photos().join("there.jpg"), photo).expect("a photo");
    place.index();
    let tells = |assistant: &mut Assistant| {
        let found = assistant.object("search_photos", json!({}));
        let id = found["photos"][0]["id"].clone();
        let facts = assistant.object("photo_facts", json!({"id": id}));
        let seen = assistant.call("get_photo", json!({"id": id}));
        let line = seen["content"][1]["text"].as_str().expect("a line").contains("Munich");
        let told = [
            !found["photos"][0]["place"].is_null(),
            !facts["position"].is_null(),
            !facts["place"].is_null(),
            line,
        ];
        assert!(told.iter().all(|one| *one == told[0]), "{told:?} {found} {facts}");
        told[0]
    };
    let mut open = Assistant::of(&place, &[]);
    assert!(tells(&mut open));
    assert_eq!(
        open.object("search_photos", json!({"query": "place:Munich"}))["photos"][0]["place"]
            .as_str()
            .map(|place| place.contains("Germany")),
        Some(true)
    );
    open.end();
    let mut closed = Assistant::of(&place, &["--strip-metadata"]);
    assert!(!tells(&mut closed));
    for query in ["place:Munich", "kite near:48,11"] {
        let message = closed.refusal("search_photos", json!({"query": query}));
        assert!(message.contains("leave out near: and place:"), "{message}");
    }
    closed.end();
    // The server's own switch counts as well.
    let _server = place.serve(&["--strip-metadata"]);
    assert!(!tells(&mut Assistant::of(&place, &[])));
}

#[test]
fn the_help_shows_how_an_assistant_is_told_of_it() {
    let place = Place::empty();
    let help = place.seer(&["mcp", "--help"]).out;
    let start = help.find("  {\n").expect("a snippet");
    let end = help[start..].find("\n  }\n").expect("its end") + start + 4;
    let snippet: Value = serde_json::from_str(&help[start..end]).expect("the snippet is JSON");
    assert_eq!(snippet["mcpServers"]["photos"]["args"], json!(["mcp"]));
    assert!(help.contains("search_photos") && help.contains("--strip-metadata"), "{help}");
}
