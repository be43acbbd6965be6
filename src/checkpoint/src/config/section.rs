//! Reading JSON strictly: what nobody read is refused by name.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::error::CheckpointError;

/// One object of a JSON file, which remembers the keys that were read. `null` counts as absent.
pub(crate) struct Section<'a> {
    file: &'a str,
    path: String,
    map: &'a Map<String, Value>,
    read: RefCell<BTreeSet<String>>,
}

impl<'a> Section<'a> {
    /// The whole file.
    pub fn whole(file: &'a str, json: &'a Value) -> Result<Self, CheckpointError> {
        Self::new(file, String::new(), json)
    }

    fn new(file: &'a str, path: String, json: &'a Value) -> Result<Self, CheckpointError> {
        let map = json.as_object().ok_or_else(|| CheckpointError::Json {
            file: file.to_owned(),
            reason: format!("{} should be an object", if path.is_empty() { "it" } else { &path }),
        })?;
        Ok(Self { file, path, map, read: RefCell::default() })
    }

    /// The raw value of a key.
    pub fn value(&self, key: &str) -> Option<&'a Value> {
        self.read.borrow_mut().insert(key.to_owned());
        self.map.get(key).filter(|value| !value.is_null())
    }

    /// Whether a key is there with the value `null`, where that says something else than its absence.
    pub fn is_null(&self, key: &str) -> bool {
        self.read.borrow_mut().insert(key.to_owned());
        self.map.get(key).is_some_and(Value::is_null)
    }

    /// An object under a key.
    pub fn section(&self, key: &str) -> Result<Option<Section<'a>>, CheckpointError> {
        self.value(key).map(|json| Section::new(self.file, self.name(key), json)).transpose()
    }

    /// An object that must be there.
    pub fn required(&self, key: &str) -> Result<Section<'a>, CheckpointError> {
        self.section(key)?.ok_or_else(|| self.absent(key, "an object"))
    }

    /// A whole number from 1 on.
    pub fn size(&self, key: &str) -> Result<Option<usize>, CheckpointError> {
        self.read_as(key, "a whole number from 1 to 16777216", |value| {
            let number = value.as_u64().filter(|n| (1..=1 << 24).contains(n))?;
            usize::try_from(number).ok()
        })
    }

    /// A token id.
    pub fn id(&self, key: &str) -> Result<Option<u32>, CheckpointError> {
        self.read_as(key, "a token id", |value| value.as_u64()?.try_into().ok())
    }

    /// A finite number.
    pub fn number(&self, key: &str) -> Result<Option<f64>, CheckpointError> {
        self.read_as(key, "a number", |value| value.as_f64().filter(|n| n.is_finite()))
    }

    /// True or false, `default` where absent.
    pub fn flag(&self, key: &str, default: bool) -> Result<bool, CheckpointError> {
        Ok(self.read_as(key, "true or false", Value::as_bool)?.unwrap_or(default))
    }

    /// A text.
    pub fn text(&self, key: &str) -> Result<Option<&'a str>, CheckpointError> {
        self.read_as(key, "a text", Value::as_str)
    }

    /// A list of texts.
    pub fn texts(&self, key: &str) -> Result<Option<Vec<String>>, CheckpointError> {
        self.read_as(key, "a list of texts", |value| {
            value.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect()
        })
    }

    /// Three numbers, one per colour channel.
    pub fn channels(&self, key: &str) -> Result<Option<[f32; 3]>, CheckpointError> {
        self.read_as(key, "three numbers", |value| {
            let numbers: Option<Vec<f32>> =
                value.as_array()?.iter().map(|n| n.as_f64().map(|n| n as f32)).collect();
            numbers?.try_into().ok()
        })
    }

    /// A length for both directions, or [down, across].
    pub fn extent(&self, key: &str) -> Result<Option<[usize; 2]>, CheckpointError> {
        self.read_as(key, "one length or two", |value| {
            let length = |value: &Value| {
                let number = value.as_u64().filter(|n| (1..=1 << 14).contains(n))?;
                usize::try_from(number).ok()
            };
            match value.as_array().map(Vec::as_slice) {
                None => length(value).map(|n| [n, n]),
                Some([down, across]) => Some([length(down)?, length(across)?]),
                Some(_) => None,
            }
        })
    }

    fn read_as<T>(
        &self,
        key: &str,
        expected: &str,
        convert: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, CheckpointError> {
        let Some(value) = self.value(key) else { return Ok(None) };
        let error = || self.refuse(key, &format!("it should be {expected}"));
        convert(value).map(Some).ok_or_else(error)
    }

    /// Marks keys that do not change what the model computes.
    pub fn ignore(&self, keys: &[&str]) {
        self.read.borrow_mut().extend(keys.iter().map(|key| (*key).to_owned()));
    }

    /// Refuses a key that is present with any value but the one that means "not used".
    pub fn only(&self, key: &str, allowed: &[Value]) -> Result<(), CheckpointError> {
        match self.value(key) {
            Some(value) if !allowed.contains(value) => {
                Err(self.refuse(key, "seer does not know models built that way"))
            }
            _ => Ok(()),
        }
    }

    /// An error about the value of a key.
    pub fn refuse(&self, key: &str, expected: &str) -> CheckpointError {
        let value = self.map.get(key).unwrap_or(&Value::Null).to_string();
        CheckpointError::Setting {
            file: self.file.to_owned(),
            key: self.name(key),
            value: value.chars().take(80).collect(),
            expected: expected.to_owned(),
        }
    }

    /// An error about a key that is missing.
    pub fn absent(&self, key: &str, expected: &str) -> CheckpointError {
        CheckpointError::Json {
            file: self.file.to_owned(),
            reason: format!("{} is missing; it should be {expected}", self.name(key)),
        }
    }

    /// # Errors
    /// `UnknownSetting` for the first key that was neither read nor ignored.
    pub fn finish(self) -> Result<(), CheckpointError> {
        let read = self.read.borrow();
        match self.map.iter().find(|(key, value)| !read.contains(*key) && !value.is_null()) {
            None => Ok(()),
            Some((key, _)) => Err(CheckpointError::UnknownSetting {
                file: self.file.to_owned(),
                key: self.name(key),
            }),
        }
    }

    fn name(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn unread_keys_are_refused_by_their_full_name() {
        let json = json!({"outer": {"width": 8, "wings": 2, "none": null}});
        let whole = Section::whole("f.json", &json).unwrap();
        let outer = whole.required("outer").unwrap();
        assert_eq!(outer.size("width").unwrap(), Some(8));
        assert!(outer.is_null("none") && !outer.is_null("width") && !outer.is_null("other"));
        let error = outer.finish().unwrap_err().to_string();
        assert!(error.starts_with("f.json: outer.wings is a setting"), "{error}");
        assert!(whole.finish().is_ok());
    }

    #[test]
    fn values_of_the_wrong_kind_are_refused() {
        let json = json!({"a": -1, "b": "x", "c": [1, 2], "d": [0.5, 0.5, 0.5], "e": [3, 4, 5]});
        let whole = Section::whole("f.json", &json).unwrap();
        assert!(whole.size("a").is_err() && whole.number("b").is_err());
        assert!(whole.size("b").is_err() && whole.flag("a", true).is_err());
        assert_eq!(whole.extent("c").unwrap(), Some([1, 2]));
        assert!(whole.extent("e").is_err() && whole.channels("c").is_err());
        assert_eq!(whole.channels("d").unwrap(), Some([0.5; 3]));
        assert_eq!(whole.size("absent").unwrap(), None);
        assert!(whole.only("a", &[json!(-1)]).is_ok() && whole.only("a", &[json!(0)]).is_err());
    }
}
