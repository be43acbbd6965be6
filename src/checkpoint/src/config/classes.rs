//! What a classifier tells apart.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::config::section::Section;
use crate::config::synsets;
use crate::error::CheckpointError;

/// One class of an image classifier, as far as its checkpoint names it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ClassLabel {
    /// A short unique name, for ImageNet a WordNet synset such as `n02084071`.
    pub name: Option<String>,
    /// Words for people.
    pub description: Option<String>,
}

impl ClassLabel {
    /// What people call it, as far as anything is known: its description, else its name.
    pub fn words(&self) -> Option<&str> {
        self.description.as_deref().or(self.name.as_deref())
    }
}

/// `count` classes with timm's `label_names` (a list, or numbers to names) and
/// `label_descriptions` (names to words), where they are there; without names those of ImageNet,
/// where it has as many.
pub(super) fn read(section: &Section, count: usize) -> Result<Vec<ClassLabel>, CheckpointError> {
    let mut classes = vec![ClassLabel::default(); count];
    let wrong = |key| section.refuse(key, &format!("it should name up to {count} classes"));
    if let Some(names) = section.value("label_names") {
        for (number, name) in numbered(names).ok_or_else(|| wrong("label_names"))? {
            let class = classes.get_mut(number).ok_or_else(|| wrong("label_names"))?;
            class.name = Some(name.to_owned());
        }
    }
    if classes.iter().all(|class| class.name.is_none()) {
        classes = synsets::classes(count).unwrap_or(classes);
    }
    let Some(words) = section.value("label_descriptions") else { return Ok(classes) };
    let words = words.as_object().ok_or_else(|| wrong("label_descriptions"))?;
    for class in &mut classes {
        let description = class.name.as_ref().and_then(|name| words.get(name)?.as_str());
        class.description = description.map(str::to_owned).or(class.description.take());
    }
    Ok(classes)
}

fn numbered(names: &Value) -> Option<BTreeMap<usize, &str>> {
    match names {
        Value::Array(names) => {
            names.iter().enumerate().map(|(number, name)| Some((number, name.as_str()?))).collect()
        }
        Value::Object(names) => names
            .iter()
            .map(|(number, name)| Some((number.parse().ok()?, name.as_str()?)))
            .collect(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn from(json: &Value, count: usize) -> Result<Vec<ClassLabel>, CheckpointError> {
        read(&Section::whole("config.json", json).unwrap(), count)
    }

    #[test]
    fn lists_and_numbers_name_classes() {
        let words = json!({"a": "apple", "c": "cat, true cat"});
        let list = json!({"label_names": ["a", "b", "c"], "label_descriptions": words});
        let classes = from(&list, 3).unwrap();
        assert_eq!(classes[1].name.as_deref(), Some("b"));
        assert_eq!((classes[1].description.as_deref(), classes.len()), (None, 3));
        assert_eq!(classes[2].description.as_deref(), Some("cat, true cat"));
        let gaps = from(&json!({"label_names": {"2": "c"}, "label_descriptions": words}), 3);
        let gaps = gaps.unwrap();
        assert_eq!((gaps[0].name.as_ref(), &gaps[2]), (None, &classes[2]));
        assert_eq!(from(&json!({}), 2).unwrap(), vec![ClassLabel::default(); 2]);
        assert_eq!(from(&json!({}), 1000).unwrap()[207].words(), Some("golden retriever"));
    }

    #[test]
    fn names_that_fit_no_class_are_refused() {
        for json in [
            json!({"label_names": ["a", "b"]}),
            json!({"label_names": {"1": "b"}}),
            json!({"label_names": {"one": "b"}}),
            json!({"label_names": [1]}),
            json!({"label_names": ["a"], "label_descriptions": ["x"]}),
        ] {
            let error = from(&json, 1).unwrap_err().to_string();
            assert!(error.starts_with("config.json: label_"), "{error}");
        }
    }
}
