//! Arguments of tools: one table gives their schema, reads them, and says what is right when one is wrong.

use rmcp::model::JsonObject;
use serde_json::{Value, json};

/// One argument of a tool.
pub(crate) struct Argument {
    pub(crate) name: &'static str,
    /// For the assistant: what it means.
    pub(crate) about: &'static str,
    pub(crate) kind: Kind,
}

/// What an argument can be.
pub(crate) enum Kind {
    /// A text of at most so many characters; empty unless told.
    Text { longest: usize },
    /// A photo's id or the start of it, which must be given.
    Id,
    /// A whole number of this range.
    Number { least: u64, most: u64, usual: u64 },
    /// One of these; the first one unless told.
    Choice(&'static [&'static str]),
}

/// Arguments that are right, with what was left out filled in.
#[derive(Debug)]
pub(crate) struct Given {
    values: Vec<(&'static str, Value)>,
}

impl Given {
    /// A text, an id or a choice; empty for a name that is not in the table.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.value(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// A number; 0 for a name that is not in the table.
    pub(crate) fn number(&self, name: &str) -> u64 {
        self.value(name).and_then(Value::as_u64).unwrap_or_default()
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

/// The JSON schema of a tool's arguments.
pub(crate) fn schema(table: &[Argument]) -> JsonObject {
    let properties: JsonObject =
        table.iter().map(|one| (one.name.to_owned(), one.schema())).collect();
    let required: Vec<&str> =
        table.iter().filter(|one| matches!(one.kind, Kind::Id)).map(|one| one.name).collect();
    let mut schema = JsonObject::new();
    schema.insert("type".into(), "object".into());
    schema.insert("properties".into(), properties.into());
    schema.insert("required".into(), required.into());
    schema.insert("additionalProperties".into(), false.into());
    schema
}

/// Reads what an assistant gave.
///
/// # Errors
/// What would be right, for the first argument that is wrong, unknown or missing.
pub(crate) fn read(table: &[Argument], given: Option<JsonObject>) -> Result<Given, String> {
    let given = given.unwrap_or_default();
    if let Some(unknown) = given.keys().find(|key| table.iter().all(|one| one.name != *key)) {
        return Err(format!("there is no argument {}; {}", shown(&json!(unknown)), known(table)));
    }
    let one = |one: &Argument| Ok((one.name, one.read(given.get(one.name))?));
    Ok(Given { values: table.iter().map(one).collect::<Result<_, String>>()? })
}

fn known(table: &[Argument]) -> String {
    match table.iter().map(|one| one.name).collect::<Vec<_>>() {
        names if names.is_empty() => "this tool takes none".to_owned(),
        names => format!("this tool takes {}", names.join(", ")),
    }
}

impl Argument {
    fn schema(&self) -> Value {
        let mut schema = match &self.kind {
            Kind::Text { longest } => {
                json!({"type": "string", "maxLength": longest, "default": ""})
            }
            Kind::Id => json!({"type": "string", "pattern": "^[0-9a-fA-F]{4,64}$"}),
            Kind::Number { least, most, usual } => {
                json!({"type": "integer", "minimum": least, "maximum": most, "default": usual})
            }
            Kind::Choice(all) => json!({"type": "string", "enum": all, "default": all[0]}),
        };
        schema["description"] = self.about.into();
        schema
    }

    /// The argument's value. Null is as good as left out.
    fn read(&self, given: Option<&Value>) -> Result<Value, String> {
        let given = given.filter(|value| !value.is_null());
        let read = match &self.kind {
            Kind::Text { longest } => given.map_or(Some(json!("")), |value| text(value, *longest)),
            Kind::Id => given.and_then(id),
            Kind::Number { least, most, usual } => given
                .map_or(Some(*usual), whole)
                .filter(|number| (least..=most).contains(&number))
                .map(Value::from),
            Kind::Choice(all) => match given {
                None => all.first().map(|first| json!(first)),
                Some(value) => all.iter().find(|one| value == **one).map(|one| json!(one)),
            },
        };
        read.ok_or_else(|| {
            let found =
                given.map_or("which is missing".to_owned(), |v| format!("not {}", shown(v)));
            format!("{} must be {}, {found}", self.name, self.kind.right())
        })
    }
}

impl Kind {
    /// What is right, in words.
    fn right(&self) -> String {
        match self {
            Self::Text { longest } => format!("a text of at most {longest} characters"),
            Self::Id => "a photo's id as search_photos gives it: 64 hex digits, or at least the \
                         first 4 of them"
                .to_owned(),
            Self::Number { least, most, .. } => format!("a whole number from {least} to {most}"),
            Self::Choice(all) => format!("one of {}", all.join(", ")),
        }
    }
}

fn text(value: &Value, longest: usize) -> Option<Value> {
    value.as_str().filter(|text| text.chars().count() <= longest).map(Value::from)
}

fn id(value: &Value) -> Option<Value> {
    let text = value.as_str()?.trim();
    let fits = (4..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit());
    fits.then(|| text.to_ascii_lowercase().into())
}

/// A whole number, also where it is written 10.0.
fn whole(value: &Value) -> Option<u64> {
    let exact = |number: &f64| number.fract() == 0.0 && (0.0..1e15).contains(number);
    value.as_u64().or_else(|| value.as_f64().filter(exact).map(|number| number as u64))
}

/// A value for a message, never a long one.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[Argument] = &[
        Argument { name: "query", about: "words", kind: Kind::Text { longest: 5 } },
        Argument { name: "id", about: "which", kind: Kind::Id },
        Argument { name: "limit", about: "n", kind: Kind::Number { least: 1, most: 9, usual: 4 } },
        Argument { name: "sort", about: "order", kind: Kind::Choice(&["best", "newest"]) },
    ];

    fn ask(given: Value) -> Result<Given, String> {
        read(TABLE, given.as_object().cloned())
    }

    #[test]
    fn what_is_left_out_is_filled_in() {
        for given in [json!({"id": "AB12"}), json!({"id": " ab12", "limit": null, "sort": null})] {
            let given = ask(given).unwrap();
            assert_eq!((given.text("query"), given.text("id")), ("", "ab12"));
            assert_eq!((given.number("limit"), given.text("sort")), (4, "best"));
        }
        let given = ask(json!({"id": "ab12", "limit": 9.0, "sort": "newest"})).unwrap();
        assert_eq!((given.number("limit"), given.text("sort")), (9, "newest"));
    }

    #[test]
    fn what_is_wrong_is_told_with_what_is_right() {
        let id = "ab12";
        for (given, said) in [
            (json!({}), "id must be a photo's id"),
            (json!({"id": "../../etc/passwd"}), "not \"../../etc/passwd\""),
            (json!({"id": 7}), "id must be"),
            (json!({"id": id, "query": "sixsix"}), "query must be a text of at most 5 characters"),
            (json!({"id": id, "limit": 0}), "limit must be a whole number from 1 to 9, not 0"),
            (json!({"id": id, "limit": 10}), "not 10"),
            (json!({"id": id, "limit": -1}), "not -1"),
            (json!({"id": id, "limit": 1.5}), "not 1.5"),
            (json!({"id": id, "limit": 1e300}), "from 1 to 9"),
            (json!({"id": id, "limit": "4"}), "not \"4\""),
            (json!({"id": id, "sort": "worst"}), "sort must be one of best, newest"),
            (json!({"id": id, "path": "/etc"}), "takes query, id, limit, sort"),
        ] {
            let error = ask(given).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
        let long = ask(json!({"id": "é".repeat(100_000)})).unwrap_err();
        assert!(long.len() < 400, "{long}");
    }

    #[test]
    fn the_schema_says_the_same() {
        let schema = Value::from(schema(TABLE));
        assert_eq!(schema["required"], json!(["id"]));
        assert_eq!(schema["additionalProperties"], false);
        let limit = &schema["properties"]["limit"];
        assert_eq!((&limit["minimum"], &limit["maximum"]), (&json!(1), &json!(9)));
        assert_eq!((&limit["default"], &limit["description"]), (&json!(4), &json!("n")));
        assert_eq!(schema["properties"]["sort"]["enum"], json!(["best", "newest"]));
    }
}
