//! What the layouts call the tensors of the CLIP towers.

use seer_checkpoint::config::Layout;

/// Weight and bias of one layer: `BASE.weight`, `BASE.bias` unless a layout has it differently.
pub(crate) struct BlockNames {
    /// Layer norm before attention.
    pub norm1: String,
    /// Layer norm before the MLP.
    pub norm2: String,
    /// Queries, keys and values.
    pub qkv: QkvNames,
    /// After attention.
    pub out: String,
    /// Into the MLP.
    pub fc1: String,
    /// Out of the MLP.
    pub fc2: String,
    /// Per-channel factors of the two branches, where the model has them.
    pub scales: [String; 2],
}

/// Queries, keys and values stored together or apart.
pub(crate) enum QkvNames {
    /// One matrix `[3 width, width]` and its bias, by their full names.
    Together {
        /// The matrix.
        weight: String,
        /// What is added.
        bias: String,
    },
    /// Three layers.
    Apart([String; 3]),
}

/// The last matrix of a tower.
pub(crate) struct ProjectionNames {
    /// A parameter stored `[width, dim]`, by its full name.
    pub parameter: Option<String>,
    /// A linear layer stored `[dim, width]`.
    pub layer: String,
    /// Two linear layers.
    pub mlp: [String; 2],
}

/// For towers whose projection is never an MLP.
const NO_MLP: [&str; 2] = ["no such layer"; 2];

impl ProjectionNames {
    /// A linear layer, or two, as layers of their own.
    pub fn layers(layer: &str, mlp: [&str; 2]) -> Self {
        Self { parameter: None, layer: layer.to_owned(), mlp: mlp.map(str::to_owned) }
    }

    /// A parameter, or a layer of the same name.
    pub fn parameter(name: &str) -> Self {
        Self { parameter: Some(name.to_owned()), ..Self::layers(name, NO_MLP) }
    }
}

/// Tensors of the vision transformer outside its blocks.
pub(crate) struct VitNames {
    /// `BASE.weight`: `[width, 3, patch, patch]`, and in SigLIP `BASE.bias`.
    pub patch: String,
    /// `[width]`.
    pub class: String,
    /// `[tokens, width]`, in timm `[1, tokens, width]`.
    pub position: String,
    /// Norm before the blocks.
    pub norm_before: String,
    /// Norm after the blocks.
    pub norm_after: String,
    /// Into the shared space.
    pub projection: ProjectionNames,
    /// Whether these are timm's names; its position embedding is `[1, tokens, width]`.
    pub timm: bool,
    layout: Layout,
}

/// Tensors of the pooling by attention at the end of SigLIP's and the Perception Encoder's towers.
pub(crate) struct PoolNames {
    /// What is asked: `[1, 1, width]`.
    pub query: String,
    /// Queries, keys and values.
    pub qkv: PoolQkvNames,
    /// After attention.
    pub out: String,
    /// Layer norm before the MLP.
    pub norm: String,
    /// Into the MLP.
    pub fc1: String,
    /// Out of the MLP.
    pub fc2: String,
}

/// How queries, keys and values of the pooling are stored.
pub(crate) enum PoolQkvNames {
    /// One matrix `[3 width, width]` and its bias, by their full names.
    Together([String; 2]),
    /// A layer for queries and one `[2 width, width]` for keys and values.
    QueriesApart([String; 2]),
}

impl PoolNames {
    /// Names in `layout`.
    pub fn new(layout: Layout) -> Self {
        let (base, query, norm) = match layout {
            Layout::HuggingFace => ("vision_model.head", "probe", "layernorm"),
            Layout::OpenClip => ("visual.trunk.attn_pool", "latent", "norm"),
        };
        let name = |part: &str| format!("{base}.{part}");
        let (qkv, out) = match layout {
            Layout::HuggingFace => {
                let parts = ["in_proj_weight", "in_proj_bias"];
                let parts = parts.map(|part| name(&format!("attention.{part}")));
                (PoolQkvNames::Together(parts), name("attention.out_proj"))
            }
            Layout::OpenClip => (PoolQkvNames::QueriesApart(["q", "kv"].map(name)), name("proj")),
        };
        let (fc1, fc2) = (name("mlp.fc1"), name("mlp.fc2"));
        Self { query: name(query), qkv, out, norm: name(norm), fc1, fc2 }
    }
}

/// Tensors of the text transformer outside its blocks.
pub(crate) struct TextNames {
    /// `[vocabulary, width]`.
    pub token: String,
    /// `[context, width]`.
    pub position: String,
    /// The learnt token at the end of texts, where the model has one: `[width]`.
    pub class: String,
    /// Norm after the blocks.
    pub norm_after: String,
    /// Into the shared space.
    pub projection: ProjectionNames,
    layout: Layout,
    prefix: &'static str,
}

impl VitNames {
    /// Names in `layout`.
    pub fn new(layout: Layout) -> Self {
        match layout {
            Layout::HuggingFace => Self {
                patch: "vision_model.embeddings.patch_embedding".into(),
                class: "vision_model.embeddings.class_embedding".into(),
                position: "vision_model.embeddings.position_embedding.weight".into(),
                norm_before: "vision_model.pre_layrnorm".into(), // spelt so in transformers
                norm_after: "vision_model.post_layernorm".into(),
                projection: ProjectionNames::layers("visual_projection", NO_MLP),
                timm: false,
                layout,
            },
            Layout::OpenClip => Self {
                patch: "visual.conv1".into(),
                class: "visual.class_embedding".into(),
                position: "visual.positional_embedding".into(),
                norm_before: "visual.ln_pre".into(),
                norm_after: "visual.ln_post".into(),
                projection: ProjectionNames::parameter("visual.proj"),
                timm: false,
                layout,
            },
        }
    }

    /// Names in SigLIP, whose image tower in OpenCLIP is timm's.
    pub fn siglip(layout: Layout) -> Self {
        let clip = Self::new(layout);
        match layout {
            Layout::HuggingFace => clip,
            Layout::OpenClip => Self {
                patch: "visual.trunk.patch_embed.proj".into(),
                position: "visual.trunk.pos_embed".into(),
                norm_after: "visual.trunk.norm".into(),
                timm: true,
                ..clip
            },
        }
    }

    /// Names in block `number`.
    pub fn block(&self, number: usize) -> BlockNames {
        match self.layout {
            Layout::HuggingFace => hugging_face_block("vision_model", number),
            Layout::OpenClip if self.timm => timm_block("visual.trunk.", number),
            Layout::OpenClip => open_clip_block("visual.", number),
        }
    }
}

impl TextNames {
    /// Names in `layout`; `apart`: OpenCLIP's towers with their own `text.` prefix.
    pub fn new(layout: Layout, apart: bool) -> Self {
        match layout {
            Layout::HuggingFace => Self {
                token: "text_model.embeddings.token_embedding.weight".into(),
                position: "text_model.embeddings.position_embedding.weight".into(),
                class: "no such tensor".into(),
                norm_after: "text_model.final_layer_norm".into(),
                projection: ProjectionNames::layers("text_projection", NO_MLP),
                layout,
                prefix: "",
            },
            Layout::OpenClip => {
                let prefix = if apart { "text." } else { "" };
                Self {
                    token: format!("{prefix}token_embedding.weight"),
                    position: format!("{prefix}positional_embedding"),
                    class: format!("{prefix}cls_emb"),
                    norm_after: format!("{prefix}ln_final"),
                    projection: ProjectionNames::parameter(&format!("{prefix}text_projection")),
                    layout,
                    prefix,
                }
            }
        }
    }

    /// The same with SigLIP's name for the projection in Hugging Face's layout.
    pub fn siglip(self) -> Self {
        match self.layout {
            Layout::HuggingFace => {
                Self { projection: ProjectionNames::layers("text_model.head", NO_MLP), ..self }
            }
            Layout::OpenClip => self,
        }
    }

    /// Names in block `number`.
    pub fn block(&self, number: usize) -> BlockNames {
        match self.layout {
            Layout::HuggingFace => hugging_face_block("text_model", number),
            Layout::OpenClip => open_clip_block(self.prefix, number),
        }
    }
}

fn hugging_face_block(tower: &str, number: usize) -> BlockNames {
    let base = format!("{tower}.encoder.layers.{number}");
    BlockNames {
        norm1: format!("{base}.layer_norm1"),
        norm2: format!("{base}.layer_norm2"),
        qkv: QkvNames::Apart(["q", "k", "v"].map(|part| format!("{base}.self_attn.{part}_proj"))),
        out: format!("{base}.self_attn.out_proj"),
        fc1: format!("{base}.mlp.fc1"),
        fc2: format!("{base}.mlp.fc2"),
        scales: [format!("{base}.layer_scale1"), format!("{base}.layer_scale2")],
    }
}

/// Names in block `number` of NLLB's encoder.
pub(crate) fn nllb_block(encoder: &str, number: usize) -> BlockNames {
    let base = format!("{encoder}.layers.{number}");
    BlockNames {
        norm1: format!("{base}.self_attn_layer_norm"),
        norm2: format!("{base}.final_layer_norm"),
        qkv: QkvNames::Apart(["q", "k", "v"].map(|part| format!("{base}.self_attn.{part}_proj"))),
        out: format!("{base}.self_attn.out_proj"),
        fc1: format!("{base}.fc1"),
        fc2: format!("{base}.fc2"),
        scales: ["no such scale", "no such scale"].map(str::to_owned),
    }
}

/// Names in block `number` of a vision transformer of timm's, whose names begin with `prefix`.
pub(crate) fn timm_block(prefix: &str, number: usize) -> BlockNames {
    let base = format!("{prefix}blocks.{number}");
    BlockNames {
        norm1: format!("{base}.norm1"),
        norm2: format!("{base}.norm2"),
        qkv: QkvNames::Together {
            weight: format!("{base}.attn.qkv.weight"),
            bias: format!("{base}.attn.qkv.bias"),
        },
        out: format!("{base}.attn.proj"),
        fc1: format!("{base}.mlp.fc1"),
        fc2: format!("{base}.mlp.fc2"),
        scales: [format!("{base}.ls1.gamma"), format!("{base}.ls2.gamma")],
    }
}

fn open_clip_block(prefix: &str, number: usize) -> BlockNames {
    let base = format!("{prefix}transformer.resblocks.{number}");
    BlockNames {
        norm1: format!("{base}.ln_1"),
        norm2: format!("{base}.ln_2"),
        qkv: QkvNames::Together {
            weight: format!("{base}.attn.in_proj_weight"),
            bias: format!("{base}.attn.in_proj_bias"),
        },
        out: format!("{base}.attn.out_proj"),
        fc1: format!("{base}.mlp.c_fc"),
        fc2: format!("{base}.mlp.c_proj"),
        scales: [format!("{base}.ls_1.gamma"), format!("{base}.ls_2.gamma")],
    }
}
