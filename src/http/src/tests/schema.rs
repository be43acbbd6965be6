//! Whether JSON is what a schema of the OpenAPI document says: the part of JSON Schema that utoipa
//! writes. Objects are closed: a property that the schema does not name is a finding.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Words of schemas that say nothing of what is right, or nothing that is checked.
const SILENT: [&str; 9] = [
    "description",
    "title",
    "default",
    "example",
    "examples",
    "format",
    "deprecated",
    "contentEncoding",
    "contentMediaType",
];

/// The document, and which properties of its components were seen.
pub(super) struct Schemas<'a> {
    document: &'a Value,
    pub(super) seen: BTreeSet<String>,
}

impl<'a> Schemas<'a> {
    pub(super) fn new(document: &'a Value) -> Self {
        Self { document, seen: BTreeSet::new() }
    }

    /// What is wrong with `value`; nothing where it is as the schema says.
    pub(super) fn check(&mut self, schema: &'a Value, value: &Value, at: &str) -> Vec<String> {
        let mut findings = self.look(schema, value, at);
        if let (Some(object), Some(known)) = (value.as_object(), self.properties(schema)) {
            let strange = object.keys().filter(|key| !known.contains(*key));
            findings.extend(strange.map(|key| format!("{at}.{key} is not in the schema")));
        }
        findings
    }

    /// Every property of every component, as `seen` names them.
    pub(super) fn all(&self) -> BTreeSet<String> {
        let components = self.document["components"]["schemas"].as_object().expect("components");
        let named = components.iter().flat_map(|(name, schema)| {
            own_properties(schema).into_iter().map(move |key| format!("{name}.{key}"))
        });
        named.collect()
    }

    fn resolve(&self, reference: &str) -> (&'a str, &'a Value) {
        let name = reference.strip_prefix("#/components/schemas/").expect("a component");
        let components = self.document["components"]["schemas"].as_object().expect("components");
        let (name, schema) = components.get_key_value(name).unwrap_or_else(|| panic!("no {name}"));
        (name, schema)
    }

    /// All but whether an object holds more than it may.
    fn look(&mut self, schema: &'a Value, value: &Value, at: &str) -> Vec<String> {
        let mut findings = Vec::new();
        for (word, rule) in schema.as_object().expect("a schema") {
            match word.as_str() {
                "$ref" => {
                    let (name, target) = self.resolve(rule.as_str().expect("a reference"));
                    if let Some(object) = value.as_object() {
                        self.seen.extend(object.keys().map(|key| format!("{name}.{key}")));
                    }
                    findings.extend(self.look(target, value, at));
                }
                "type" if !has_type(rule, value) => {
                    findings.push(format!("{at} is no {rule}: {value}"))
                }
                "enum" if !rule.as_array().expect("a list").contains(value) => {
                    findings.push(format!("{at} is none of {rule}: {value}"));
                }
                "minimum" if value.as_f64() < rule.as_f64() && value.is_number() => {
                    findings.push(format!("{at} is below {rule}: {value}"));
                }
                "maximum" if value.as_f64() > rule.as_f64() => {
                    findings.push(format!("{at} is above {rule}: {value}"));
                }
                "required" => findings.extend(self.lacking(rule, value, at)),
                "properties" => findings.extend(self.inside(rule, value, at)),
                "additionalProperties" if rule.is_object() => {
                    let named = schema["properties"].as_object();
                    for (key, value) in value.as_object().into_iter().flatten() {
                        if named.is_none_or(|named| !named.contains_key(key)) {
                            findings.extend(self.check(rule, value, &format!("{at}.{key}")));
                        }
                    }
                }
                "items" => {
                    for (i, item) in value.as_array().into_iter().flatten().enumerate() {
                        findings.extend(self.check(rule, item, &format!("{at}[{i}]")));
                    }
                }
                "allOf" => {
                    for part in rule.as_array().expect("a list") {
                        findings.extend(self.look(part, value, at));
                    }
                }
                "oneOf" | "anyOf" => findings.extend(self.one_of(rule, value, at)),
                "type" | "enum" | "minimum" | "maximum" | "additionalProperties" => {}
                word if SILENT.contains(&word) => {}
                word => panic!("the check does not know \"{word}\""),
            }
        }
        findings
    }

    fn lacking(&self, names: &Value, value: &Value, at: &str) -> Vec<String> {
        let Some(object) = value.as_object() else { return Vec::new() };
        let names = names.as_array().expect("a list").iter().filter_map(Value::as_str);
        let lacking = names.filter(|name| !object.contains_key(*name));
        lacking.map(|name| format!("{at} lacks {name}")).collect()
    }

    fn inside(&mut self, properties: &'a Value, value: &Value, at: &str) -> Vec<String> {
        let Some(object) = value.as_object() else { return Vec::new() };
        let properties = properties.as_object().expect("properties").iter();
        let there = properties.filter_map(|(key, schema)| Some((key, schema, object.get(key)?)));
        there
            .flat_map(|(key, schema, value)| self.check(schema, value, &format!("{at}.{key}")))
            .collect()
    }

    fn one_of(&mut self, choices: &'a Value, value: &Value, at: &str) -> Vec<String> {
        let mut all = Vec::new();
        for choice in choices.as_array().expect("a list") {
            let before = self.seen.clone();
            // What stands beside a choice is known to whoever asked.
            let findings = self.look(choice, value, at);
            if findings.is_empty() {
                return findings;
            }
            self.seen = before;
            all.extend(findings);
        }
        all
    }

    /// The properties that an object may have; `None` where any.
    fn properties(&self, schema: &'a Value) -> Option<BTreeSet<String>> {
        let schema = schema.as_object().expect("a schema");
        if schema.get("additionalProperties").is_some_and(|more| *more != Value::Bool(false)) {
            return None;
        }
        let mut known = BTreeSet::new();
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            known.extend(self.properties(self.resolve(reference).1)?);
        }
        known.extend(keys(schema.get("properties")));
        for parts in ["allOf", "oneOf", "anyOf"] {
            for part in schema.get(parts).and_then(Value::as_array).into_iter().flatten() {
                known.extend(self.properties(part)?);
            }
        }
        let anything =
            schema.is_empty() || schema.keys().all(|word| SILENT.contains(&word.as_str()));
        (!anything).then_some(known)
    }
}

/// The properties that a component names itself.
fn own_properties(schema: &Value) -> BTreeSet<String> {
    let mut all: BTreeSet<String> = keys(schema.get("properties")).collect();
    for parts in ["allOf", "oneOf", "anyOf"] {
        let parts = schema.get(parts).and_then(Value::as_array).into_iter().flatten();
        all.extend(parts.flat_map(own_properties));
    }
    all
}

fn keys(object: Option<&Value>) -> impl Iterator<Item = String> + '_ {
    object.and_then(Value::as_object).into_iter().flat_map(Map::keys).cloned()
}

fn has_type(rule: &Value, value: &Value) -> bool {
    match rule {
        Value::Array(rules) => rules.iter().any(|rule| has_type(rule, value)),
        rule => match rule.as_str().expect("a type") {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "null" => value.is_null(),
            "number" => value.is_number(),
            "integer" => value.is_i64() || value.is_u64(),
            other => panic!("the check does not know the type {other}"),
        },
    }
}

#[test]
fn the_check_finds_what_is_wrong() {
    let document = serde_json::json!({"components": {"schemas": {
        "Pet": {"type": "object", "required": ["name"], "properties": {
            "name": {"type": "string"},
            "age": {"type": ["integer", "null"], "minimum": 0},
            "kind": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Kind"}]},
            "marks": {"type": "array", "items": {"type": "number"}}}},
        "Kind": {"type": "string", "enum": ["cat", "dog"]},
        "Owned": {"allOf": [{"$ref": "#/components/schemas/Pet"},
            {"type": "object", "required": ["owner"], "properties": {"owner": {"type": "string"}}}]}
    }}});
    let findings = |name: &str, text: &str| {
        let value = serde_json::from_str(text).unwrap();
        Schemas::new(&document).check(&document["components"]["schemas"][name], &value, "it").len()
    };
    for right in [
        r#"{"name": "a"}"#,
        r#"{"name": "a", "age": null, "kind": "cat", "marks": [1, 0.5]}"#,
        r#"{"name": "a", "age": 3, "kind": null}"#,
    ] {
        assert_eq!(findings("Pet", right), 0, "{right}");
    }
    assert_eq!(findings("Owned", r#"{"name": "a", "owner": "b"}"#), 0);
    for wrong in [
        r#"{}"#,
        r#"[]"#,
        r#"{"name": 1}"#,
        r#"{"name": "a", "age": -1}"#,
        r#"{"name": "a", "age": 1.5}"#,
        r#"{"name": "a", "kind": "bird"}"#,
        r#"{"name": "a", "marks": ["1"]}"#,
        r#"{"name": "a", "colour": "red"}"#,
    ] {
        assert!(findings("Pet", wrong) > 0, "{wrong}");
    }
    for wrong in [r#"{"name": "a"}"#, r#"{"name": "a", "owner": "b", "colour": "red"}"#] {
        assert!(findings("Owned", wrong) > 0, "{wrong}");
    }
}
