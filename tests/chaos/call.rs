//! System calls as strace prints them (`-f -xx`), one a line, with interrupted lines joined.

use std::collections::HashMap;

/// One call that has come back.
#[derive(Debug, PartialEq)]
pub struct Call {
    pub name: String,
    /// As printed; strings still in quotes.
    pub args: Vec<String>,
    /// Negative for an error; `None` where strace prints `?`.
    pub result: Option<i64>,
    /// The number of the log's line in which it began.
    pub began: usize,
}

/// A call seen from one side.
#[derive(Debug, PartialEq)]
pub enum Event {
    /// It begins; what closes something takes effect here.
    Begins {
        line: usize,
        name: String,
        args: Vec<String>,
    },
    Ends(Call),
}

/// Reads a whole log. Panics on a line that is no call, signal or end: nothing may be overlooked.
pub fn read(log: &str) -> Vec<Event> {
    let mut open: HashMap<&str, (usize, &str)> = HashMap::new();
    let mut events = Vec::new();
    for (number, line) in log.lines().enumerate() {
        let (thread, rest) = line.split_once(' ').expect("a thread number");
        let rest = rest.trim_start();
        if rest.starts_with("+++") || rest.starts_with("---") {
            continue;
        }
        if let Some(start) = rest.strip_suffix(" <unfinished ...>") {
            let (name, args) = start.split_once('(').expect("a call begins");
            let (name, args) = (name.to_owned(), split(args));
            events.push(Event::Begins { line: number, name, args });
            open.insert(thread, (number, start));
        } else if let Some(resumed) = rest.strip_prefix("<... ") {
            let (began, start) = open.remove(thread).expect("a call that began");
            let (_, end) = resumed.split_once(" resumed>").expect("a call goes on");
            events.extend(whole(&format!("{start}{end}"), began).map(Event::Ends));
        } else {
            let call = whole(rest, number);
            if let Some(call) = &call {
                let (name, args) = (call.name.clone(), call.args.clone());
                events.push(Event::Begins { line: number, name, args });
            }
            events.extend(call.map(Event::Ends));
        }
    }
    events
}

/// Reads `name(args) = result`; none for a call that never came back.
fn whole(text: &str, began: usize) -> Option<Call> {
    let (call, result) = text.rsplit_once(" = ").unwrap_or_else(|| panic!("no call: {text:.200}"));
    let (name, args) = call.split_once('(').unwrap_or_else(|| panic!("no call: {text:.200}"));
    let args = args.trim_end().strip_suffix(')').unwrap_or_else(|| panic!("no end: {text:.200}"));
    let result = result.split(' ').next().and_then(|number| match number.strip_prefix("0x") {
        Some(hex) => i64::from_str_radix(hex, 16).ok(),
        None => number.parse().ok(),
    });
    (result.is_some()).then(|| Call { name: name.to_owned(), args: split(args), result, began })
}

/// Splits at the commas that stand in no bracket and no string.
fn split(args: &str) -> Vec<String> {
    let (mut parts, mut depth, mut quoted) = (vec![String::new()], 0, false);
    for letter in args.chars() {
        match letter {
            '"' => quoted = !quoted,
            '[' | '{' | '(' if !quoted => depth += 1,
            ']' | '}' | ')' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        let last = parts.last_mut().expect("a part");
        if !(last.is_empty() && letter == ' ') {
            last.push(letter);
        }
    }
    parts
}

/// The bytes of all strings in an argument (`"\x61\x62"`), joined. Panics when strace cut one.
pub fn bytes(arg: &str) -> Vec<u8> {
    assert!(!arg.contains("\"..."), "strace cut a string short");
    let inside = arg.split('"').skip(1).step_by(2);
    inside.flat_map(|text| text.split("\\x").skip(1).map(hex)).collect()
}

fn hex(digits: &str) -> u8 {
    u8::from_str_radix(digits, 16).unwrap_or_else(|e| panic!("{e}: {digits:?}"))
}

/// A number, decimal, octal or hexadecimal.
pub fn number(arg: &str) -> i64 {
    let number = match arg.strip_prefix("0x") {
        Some(hex) => i64::from_str_radix(hex, 16),
        None => arg.parse(),
    };
    number.unwrap_or_else(|e| panic!("{e}: {arg:?}"))
}

#[test]
fn interrupted_calls_are_joined_and_arguments_split() {
    let log = "7 openat(AT_FDCWD, \"\\x2f\\x2c\", O_WRONLY|O_CREAT, 0666) = 5\n\
               7 writev(5, [{iov_base=\"\\x61\", iov_len=1}, {iov_base=\"\\x62\\x63\", iov_len=2}], 2 \
               <unfinished ...>\n\
               8 close(6) = -1 EBADF (Bad file descriptor)\n\
               7 <... writev resumed>) = 3\n\
               8 +++ exited with 0 +++\n";
    let events = read(log);
    let Event::Ends(open) = &events[1] else { panic!("{events:?}") };
    assert_eq!((bytes(&open.args[1]), open.result), (b"/,".to_vec(), Some(5)));
    let Event::Begins { name, args, .. } = &events[2] else { panic!("{events:?}") };
    assert_eq!((name.as_str(), bytes(&args[1])), ("writev", b"abc".to_vec()));
    let Event::Ends(close) = &events[4] else { panic!("{events:?}") };
    assert_eq!((close.name.as_str(), close.result), ("close", Some(-1)));
    let Event::Ends(write) = &events[5] else { panic!("{events:?}") };
    assert_eq!((write.began, write.args.len(), write.result), (1, 3, Some(3)));
}
