//! From cosines to probabilities, the way the model was trained.

use seer_checkpoint::CheckpointError;

use crate::weights::Weights;

/// Scale and bias that a checkpoint stores beside its towers.
///
/// CLIP was trained with a softmax over the texts of a batch, so its probabilities are shares of
/// the texts compared (Radford and others, arXiv 2103.00020, section 2.3). SigLIP was trained to
/// say yes or no to each pair, which takes a bias as well (Zhai and others, arXiv 2303.15343).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Logits {
    /// What a cosine is multiplied by; 100 in most CLIP models.
    pub scale: f32,
    /// What is added, in models that judge each pair for itself.
    pub bias: Option<f32>,
}

impl Logits {
    /// Takes `logit_scale` (stored as a logarithm) and `logit_bias`, where there are any.
    pub(crate) fn take(weights: &mut Weights) -> Result<Option<Self>, CheckpointError> {
        let bias = weights.scalar("logit_bias")?;
        let scale = weights.scalar("logit_scale")?;
        Ok(scale.map(|logarithm| Self { scale: logarithm.exp(), bias }))
    }

    /// How sure the model is of each text: with a bias each from 0 to 1 by itself, else shares
    /// that add up to 1.
    pub fn probabilities(&self, cosines: &[f32]) -> Vec<f32> {
        if let Some(bias) = self.bias {
            let yes = |cosine: &f32| 1.0 / (1.0 + (-(self.scale * cosine + bias)).exp());
            return cosines.iter().map(yes).collect();
        }
        let best = cosines.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let powers: Vec<f32> = cosines.iter().map(|c| (self.scale * (c - best)).exp()).collect();
        let sum: f32 = powers.iter().sum();
        powers.iter().map(|power| power / sum).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_and_keep_the_order() {
        let clip = Logits { scale: 2.0, bias: None };
        let shares = clip.probabilities(&[0.5, 0.0]);
        // e^1 / (e^1 + e^0)
        assert!(
            (shares[0] - 0.731_058_6).abs() < 1e-6 && (shares[0] + shares[1] - 1.0).abs() < 1e-6
        );
        let far = Logits { scale: 1000.0, bias: None }.probabilities(&[1.0, -1.0]);
        assert_eq!(far, [1.0, 0.0], "no overflow");
        assert!(clip.probabilities(&[]).is_empty());
    }

    #[test]
    fn with_a_bias_each_pair_is_judged_for_itself() {
        let siglip = Logits { scale: 10.0, bias: Some(-5.0) };
        let sure = siglip.probabilities(&[0.5, 0.5, 1.0]);
        assert_eq!(&sure[..2], [0.5, 0.5]);
        assert!((sure[2] - 0.993_307_1).abs() < 1e-6, "1 / (1 + e^-5): {sure:?}");
    }
}
