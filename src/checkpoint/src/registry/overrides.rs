//! What a name is known to mean, against what a checkpoint's own JSON says.
//!
//! OpenCLIP keeps activation, resolution and preprocessing of each tag in `pretrained.py`; the JSON beside the weights
//! does not always agree, and a model run with the wrong activation or mean is quietly worse. A name stands for the
//! tag, so the tag is right.

use serde_json::{Map, Value, json};

use super::{Entry, Published};

/// OpenCLIP's preprocessing where neither tag nor JSON says otherwise.
const MEAN: [f32; 3] = [0.481_454_66, 0.457_827_5, 0.408_210_73];
const STD: [f32; 3] = [0.268_629_54, 0.261_302_6, 0.275_777_1];

/// Settings of a tag that replace those of the checkpoint.
#[derive(Clone, PartialEq, Debug)]
pub struct Overrides {
    /// The name that stands for them.
    pub name: String,
    /// Whether OpenCLIP's own transformers use QuickGELU; `None` where the model has none.
    pub quick_gelu: Option<bool>,
    /// Side of the picture.
    pub image_size: Option<u32>,
    /// Mean of the pixels.
    pub mean: [f32; 3],
    /// Their standard deviation.
    pub std: [f32; 3],
    /// `bicubic` or `bilinear`.
    pub interpolation: String,
    /// `shortest`, `squash` or `longest`.
    pub resize_mode: String,
}

impl Entry {
    /// What the entry knows better than the checkpoint's JSON; `None` where that is the authority.
    pub fn overrides(&self) -> Option<Overrides> {
        (self.layout == Some(Published::OpenClip)).then(|| Overrides {
            name: self.name.clone(),
            quick_gelu: self.activation.as_ref().map(|activation| activation == "quick_gelu"),
            image_size: self.resolution,
            mean: self.mean.unwrap_or(MEAN),
            std: self.std.unwrap_or(STD),
            interpolation: self.interpolation.clone().unwrap_or_else(|| "bicubic".into()),
            resize_mode: self.resize_mode.clone().unwrap_or_else(|| "shortest".into()),
        })
    }
}

impl Overrides {
    /// Replaces what disagrees in a settings file; says each change as `setting VALUE (the file says VALUE)`.
    pub fn amend(&self, file: &str, json: &mut Value) -> Vec<String> {
        let mut changes = Changes(Vec::new());
        match file {
            "open_clip_config.json" => self.amend_open_clip(json, &mut changes),
            "config.json" => self.amend_hugging_face(json, &mut changes),
            _ => {}
        }
        changes.0
    }

    fn amend_open_clip(&self, json: &mut Value, changes: &mut Changes) {
        if let Some(model) = json.get_mut("model_cfg").and_then(Value::as_object_mut) {
            if let Some(quick_gelu) = self.quick_gelu {
                changes.set(model, "quick_gelu", json!(quick_gelu), &json!(false));
            }
            let vision = model.get_mut("vision_cfg").and_then(Value::as_object_mut);
            if let (Some(vision), Some(side)) = (vision, self.image_size) {
                changes.set(vision, "image_size", json!(side), &json!(224));
            }
        }
        let Some(whole) = json.as_object_mut() else { return };
        let preprocess = whole.entry("preprocess_cfg").or_insert_with(|| json!({}));
        let Some(preprocess) = preprocess.as_object_mut() else { return };
        changes.set(preprocess, "mean", json!(self.mean), &json!(MEAN));
        changes.set(preprocess, "std", json!(self.std), &json!(STD));
        changes.set(preprocess, "interpolation", json!(self.interpolation), &json!("bicubic"));
        changes.set(preprocess, "resize_mode", json!(self.resize_mode), &json!("shortest"));
    }

    /// The same weights in transformers' layout, where a repository has only those.
    fn amend_hugging_face(&self, json: &mut Value, changes: &mut Changes) {
        let Some(quick_gelu) = self.quick_gelu else { return };
        let wanted = json!(if quick_gelu { "quick_gelu" } else { "gelu" });
        for section in ["vision_config", "text_config"] {
            if let Some(section) = json.get_mut(section).and_then(Value::as_object_mut) {
                changes.set(section, "hidden_act", wanted.clone(), &json!("quick_gelu"));
            }
        }
    }
}

struct Changes(Vec<String>);

impl Changes {
    fn set(&mut self, map: &mut Map<String, Value>, key: &str, wanted: Value, absent: &Value) {
        let said = map.get(key).filter(|value| !value.is_null()).unwrap_or(absent);
        if same(said, &wanted) {
            return;
        }
        self.0.push(format!("{key} {wanted} (the file says {said})"));
        map.insert(key.to_owned(), wanted);
    }
}

/// Whether two settings mean the same: numbers by value, a single one as much as two or three equal ones.
fn same(a: &Value, b: &Value) -> bool {
    let close = |a: f64, b: f64| (a - b).abs() < 1e-6;
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Array(list), one) | (one, Value::Array(list)) if one.is_number() => {
            !list.is_empty() && list.iter().all(|item| same(item, one))
        }
        _ => match (a.as_f64(), b.as_f64()) {
            (Some(a), Some(b)) => close(a, b),
            _ => a == b,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry;

    fn of(name: &str) -> Overrides {
        registry::find(name).and_then(Entry::overrides).unwrap()
    }

    #[test]
    fn the_tag_wins_over_the_file_and_says_so() {
        let mut json = json!({
            "model_cfg": {"quick_gelu": false, "vision_cfg": {"image_size": 224}},
            "preprocess_cfg": {"mean": [0.5, 0.5, 0.5]},
        });
        let changes = of("ViT-B-32/laion400m_e32").amend("open_clip_config.json", &mut json);
        assert_eq!(changes[0], "quick_gelu true (the file says false)");
        assert!(changes[1].starts_with("mean [0.48"), "{changes:?}");
        assert_eq!(changes.len(), 2, "{changes:?}");
        assert_eq!(json["model_cfg"]["quick_gelu"], true);
        assert_eq!(of("ViT-B-32/laion400m_e32").amend("open_clip_config.json", &mut json).len(), 0);
    }

    #[test]
    fn a_file_that_agrees_is_left_alone() {
        let mut json = json!({
            "model_cfg": {"vision_cfg": {"image_size": [378, 378]}},
            "preprocess_cfg": {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "resize_mode": "squash"},
        });
        let before = json.clone();
        let siglip = of("ViT-SO400M-14-SigLIP-378/webli");
        assert_eq!(siglip.amend("open_clip_config.json", &mut json), Vec::<String>::new());
        assert_eq!(json, before);
        json["model_cfg"]["vision_cfg"]["image_size"] = json!(384);
        let changes = siglip.amend("open_clip_config.json", &mut json);
        assert_eq!(changes, ["image_size 378 (the file says 384)"]);
    }

    #[test]
    fn transformers_layout_gets_the_activation() {
        let mut json = json!({"vision_config": {"hidden_act": "gelu"}, "text_config": {}});
        let changes = of("ViT-B-16/openai").amend("config.json", &mut json);
        assert_eq!(changes, ["hidden_act \"quick_gelu\" (the file says \"gelu\")"]);
        assert_eq!(json["text_config"], json!({}));
    }

    #[test]
    fn a_checkpoint_in_transformers_layout_is_its_own_authority() {
        assert!(registry::find("google/siglip2-base-patch16-224").unwrap().overrides().is_none());
        assert!(registry::find("builtin").unwrap().overrides().is_none());
    }
}
