//! Arguments of the commands that use a model without a library.

use std::path::PathBuf;

use clap::Args;

/// Say which of some labels fits pictures best
///
/// Nothing is trained: labels are words. The percentages are shares of the labels given; models of
/// the SigLIP family judge each label for itself instead. Without labels the built-in model, and one
/// that was trained as a classifier (timm/...ft_in1k and the like), say which of their own classes
/// they see: things, animals and places of ImageNet.
#[derive(Args, Debug)]
pub struct ClassifyArgs {
    /// The picture files.
    #[arg(value_name = "PICTURE", required = true)]
    pub pictures: Vec<PathBuf>,

    /// The labels, with commas between them.
    #[arg(long, value_name = "A,B,C", conflicts_with = "labels_file")]
    pub labels: Option<String>,

    /// A file with one label a line.
    #[arg(long, value_name = "FILE")]
    pub labels_file: Option<PathBuf>,

    /// The sentence around a label, with {} in its place; repeat it to use the mean of several.
    ///
    /// Default: "a photo of a {}."
    #[arg(long = "template", value_name = "TEXT")]
    pub templates: Vec<String>,

    /// A file with one such sentence a line, besides those above.
    #[arg(long = "templates", value_name = "FILE")]
    pub templates_file: Option<PathBuf>,

    /// How many labels to print for each picture.
    #[arg(short = 'k', long = "count", value_name = "N", default_value_t = 5)]
    pub k: usize,
}

/// Say which of some texts describes a picture best
#[derive(Args, Debug)]
pub struct RankArgs {
    /// The picture file.
    #[arg(value_name = "PICTURE")]
    pub picture: PathBuf,

    /// The texts.
    #[arg(value_name = "TEXT")]
    pub texts: Vec<String>,

    /// A file with one text a line, besides those above.
    #[arg(long = "texts", value_name = "FILE")]
    pub texts_file: Option<PathBuf>,

    /// How many texts to print, best first.
    #[arg(short = 'k', long = "count", value_name = "N", default_value_t = 20)]
    pub k: usize,
}

/// Print texts and pictures as embeddings
///
/// An argument that names an existing file is a picture, any other a text. Each embedding is one
/// line of JSON ("text" or "picture", "model", "embedding": f32 numbers, unit length).
#[derive(Args, Debug)]
pub struct EmbedArgs {
    /// Texts and picture files.
    #[arg(value_name = "TEXT|PICTURE")]
    pub items: Vec<String>,

    /// A file with one text a line, besides those above.
    #[arg(long = "texts", value_name = "FILE")]
    pub texts_file: Option<PathBuf>,

    /// Write them here instead: .npy, .safetensors (rows in the order given), or .jsonl.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Order pictures by a linear head, such as an aesthetic predictor
///
/// The head gives each unit-length embedding one number: weight . embedding + bias. LAION's
/// aesthetic predictors have this form; each belongs to one model (--model).
#[derive(Args, Debug)]
pub struct ScoreArgs {
    /// The picture files.
    #[arg(value_name = "PICTURE", required = true)]
    pub pictures: Vec<PathBuf>,

    /// The head: safetensors with weight [1, numbers] and bias [1], F32.
    #[arg(long, value_name = "FILE")]
    pub head: PathBuf,
}

/// How well words find what they mean, as `seer search` orders photos, on labelled folders
///
/// FOLDER holds one folder of pictures for each label. Each label is a query over all pictures
/// ("_" is read as a space): recall asks whether a right picture is among the first 1, 5 and 10.
/// Each picture is a query too: how many of the five nearest others have its label.
#[derive(Args, Debug)]
pub struct EvalNamesArgs {
    /// The folder of label folders.
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,

    /// Other words than the labels: a table of word, tab, folders with commas between them.
    #[arg(long, value_name = "FILE")]
    pub words: Option<PathBuf>,
}

/// How well answers tell that something is there, and that it is not; fits and compares models
///
/// Each query is asked of all pictures, where what it asks for is; and of all but its right ones, or of
/// pictures from elsewhere, where it is not. ANSWERS is one of
///   a folder of label folders: each label is a query ("_" is read as a space);
///   a table of query, tab, picture: a line for each picture that shows it, and for a query that
///   none shows a line with nothing behind the tab. The pictures are all of --images;
///   captions as "seer eval retrieval" takes them: each is a query for its picture (--elsewhere).
/// Mark all pictures that show what a query asks for: one that is not marked counts as wrong.
#[derive(Args, Debug)]
pub struct EvalRelevanceArgs {
    /// The known answers: a folder, or a file.
    #[arg(value_name = "ANSWERS")]
    pub answers: PathBuf,

    /// The folder of the pictures, with all folders in it; default for a table: the folder that it is
    /// in, for captions: "images" beside them.
    #[arg(long, value_name = "FOLDER")]
    pub images: Option<PathBuf>,

    /// A folder of pictures, none of which shows what any query asks for: where it is not.
    #[arg(long, value_name = "FOLDER")]
    pub elsewhere: Option<PathBuf>,

    /// Only this split of captions.
    #[arg(long, value_name = "NAME")]
    pub split: Option<String>,

    /// Only about this many of the queries, evenly drawn.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub queries: Option<u64>,

    /// Further models to compare with; one is recommended. Repeat it for each.
    #[arg(long = "also", value_name = "MODEL", conflicts_with = "fit")]
    pub also: Vec<String>,

    /// Fit how the model's cosines are read, so that its answers say what fits: writes
    /// relevance.safetensors beside the model's weights, or FILE. What is printed is measured by fits
    /// that have not seen the query.
    #[arg(long, value_name = "FILE", num_args = 0..=1)]
    #[expect(clippy::option_option, reason = "absent, without a file, with one")]
    pub fit: Option<Option<PathBuf>>,
}

/// How many mild copies of pictures are told, and how many other pictures are taken for copies
///
/// Makes copies (recompressed, at half and a third of the size, cut to 90 %, moved by 2 and 5 %,
/// brighter, darker, warmer, cooler) and compares each with its original; then compares all pictures
/// with each other and lists those that are taken for copies. No model is needed.
#[derive(Args, Debug)]
pub struct EvalDuplicatesArgs {
    /// Folders of pictures.
    #[arg(value_name = "FOLDER", required = true)]
    pub folders: Vec<PathBuf>,

    /// Of how many of the pictures copies are made.
    #[arg(long, value_name = "N", default_value_t = 500)]
    pub copied: usize,
}

/// Zero-shot top-1 and top-5 accuracy on a folder of classes, and recall of the classes' names
///
/// FOLDER holds one folder of pictures for each class, named as the class is called ("_" is read
/// as a space). Accuracy asks which class a picture shows; recall asks whether a class's name,
/// searched as it is, finds one of its pictures among the first 1, 5 and 10 of all.
#[derive(Args, Debug)]
pub struct EvalClassifyArgs {
    /// The folder of class folders.
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,

    /// What the class folders mean: a table with a tab between folder and name.
    #[arg(long, value_name = "FILE")]
    pub names: Option<PathBuf>,

    /// The sentence around a class name, with {} in its place; repeat it to use the mean of several.
    ///
    /// Default: "a photo of a {}."
    #[arg(long = "template", value_name = "TEXT")]
    pub templates: Vec<String>,

    /// A file with one such sentence a line, besides those above.
    #[arg(long = "templates", value_name = "FILE")]
    pub templates_file: Option<PathBuf>,
}
