//! What can be asked of a model beyond what its checkpoint says.

/// How [`crate::Model::load_with`] differs from what the checkpoint's JSON says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct LoadOptions {
    /// Edge in pixels of the square pictures the image tower takes, 1 to 16,384. Larger pictures
    /// show more detail and take longer. The learnt positions are resized as the reference
    /// implementation of the layout does it: open_clip's `force_image_size`, timm's
    /// `set_input_size`, transformers' `interpolate_pos_encoding`. Embeddings of another size lie
    /// in the same space but are not equal, so the fingerprint is another one.
    pub image_size: Option<u32>,
    /// How many pictures go through the image tower at once, at least 1; `None`: as many as suit what
    /// computes. A GPU may want more, where its memory holds them. Embeddings stay the same up to
    /// rounding.
    pub image_batch: Option<usize>,
}
