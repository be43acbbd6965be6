//! EfficientNet-Lite (Tan and Le, 2019, in the variant without squeeze and excitation) as an image
//! tower: convolutions whose batch norms are worked into their weights, an average, a head.

mod candle;
mod host;
mod hubness;
mod load;
mod spare;
mod trunk;

use candle_core::{Result, Tensor};
use rayon::prelude::*;
use seer_checkpoint::config::{EfficientNetConfig, HeadClasses};
use seer_kernels::matmul::Threads;
use seer_kernels::patches::{Normalise, normalised};
use seer_types::{PreparedImage, PreprocessSpec};

use crate::error::TowerError;
use crate::layers::{Head, Linear};
use crate::runtime::{Backend, Runtime};
use crate::weights::{ProjectionNames, Weights};
use crate::{ImageOutputs, ImageTower, Pictures, parts};
use host::Scratch;
use hubness::Hubness;
use spare::{Lent, Spare};
use trunk::Trunk;

/// Pictures per thread in a batch on the processor, where each thread takes whole pictures.
const PICTURES_PER_THREAD: usize = 8;
/// Pictures in a batch on a GPU.
const BATCH_ON_GPU: usize = 64;

struct EfficientNet {
    image: [usize; 2],
    normalise: Normalise,
    place: Place,
    spare: Spare<Scratch>,
    head: Head,
    hubness: Option<Hubness>,
    classes: Option<HeadClasses>,
    likeness: Option<Likeness>,
    runtime: Runtime,
}

/// A layer after the square roots of the features, for comparing pictures with pictures.
struct Likeness {
    dim: usize,
    layer: Linear,
}

/// What runs the trunk.
enum Place {
    Kernels(Trunk),
    Candle(candle::CandleTrunk),
}

/// Builds the tower from the tensors `visual.trunk.*` and `visual.head.*`.
pub(super) fn load(
    config: &EfficientNetConfig,
    spec: &PreprocessSpec,
    dim: usize,
    weights: &mut Weights,
    runtime: &Runtime,
) -> std::result::Result<impl ImageTower + use<>, TowerError> {
    let trunk = load::trunk(config, weights, runtime)?;
    let names =
        ProjectionNames::layers("visual.head.proj", ["visual.head.mlp.fc1", "visual.head.mlp.fc2"]);
    let shape = [dim, config.features];
    let cuts: Vec<usize> = config.classes.iter().map(|classes| classes.units).collect();
    let kind = config.projection;
    let head = parts::projection_with_cuts(weights, &names, kind, shape, &cuts, runtime)?;
    let hubness =
        config.hubness.map(|own| Hubness::load(own, dim, weights, runtime)).transpose()?;
    let place = match runtime.backend() {
        Backend::Kernels => Place::Kernels(trunk),
        Backend::Candle => Place::Candle(candle::CandleTrunk::new(&trunk, &runtime.exact())?),
    };
    let normalise = Normalise::new(spec.mean, spec.std);
    let likeness = likeness(config, weights, runtime)?;
    let (image, classes) = (config.image, config.classes);
    let runtime = runtime.clone();
    let spare = Spare::default();
    Ok(EfficientNet { image, normalise, place, spare, head, hubness, classes, likeness, runtime })
}

/// The layer from the tensors `pictures.*`, where they are there.
fn likeness(
    config: &EfficientNetConfig,
    weights: &mut Weights,
    runtime: &Runtime,
) -> std::result::Result<Option<Likeness>, TowerError> {
    let shape = weights.shape_of("pictures.weight");
    let Some(dim) = shape.and_then(|shape| shape.first().copied()) else { return Ok(None) };
    let shape = [dim, config.features];
    let layer = parts::linear(weights, "pictures", shape, None, &runtime.exact())?;
    Ok(Some(Likeness { dim, layer }))
}

impl EfficientNet {
    /// What the trunk makes of pictures: `[pictures, features]`.
    fn features(&self, pictures: Pictures) -> Result<Tensor> {
        match &self.place {
            Place::Kernels(trunk) => {
                let rows = match pictures {
                    Pictures::Rgb(pictures) => self.rows(trunk, pictures, |picture, out| {
                        normalised(picture, self.normalise, out);
                    }),
                    Pictures::Planes(planes) => {
                        let size = self.image[0] * self.image[1];
                        let planes: Vec<&[f32]> = planes.chunks_exact(3 * size).collect();
                        self.rows(trunk, &planes, |planes, out| {
                            for (place, pixel) in out.as_chunks_mut::<3>().0.iter_mut().enumerate()
                            {
                                *pixel = [0, 1, 2].map(|colour| planes[colour * size + place]);
                            }
                        })
                    }
                };
                let shape = (rows.len(), trunk.last.weight.outputs());
                self.runtime.tensor(rows.concat(), shape)
            }
            Place::Candle(trunk) => {
                trunk.run(&pictures.pixels(self.image, self.normalise, &self.runtime)?)
            }
        }
    }

    /// The features of each picture, of which `read` writes the normalised pixels
    /// `[height, width, 3]`. Several pictures run side by side, one alone on all threads.
    fn rows<P: Copy + Sync>(
        &self,
        trunk: &Trunk,
        pictures: &[P],
        read: impl Fn(P, &mut [f32]) + Sync,
    ) -> Vec<Vec<f32>> {
        let one = |scratch: &mut Scratch, picture: P, threads| {
            host::run(trunk, |pixels| read(picture, pixels), self.image, scratch, threads)
        };
        if let [picture] = pictures {
            return vec![one(&mut self.spare.lend(), *picture, Threads::All)];
        }
        let work = |scratch: &mut Lent<Scratch>, picture: &P| one(scratch, *picture, Threads::One);
        pictures.par_iter().map_init(|| self.spare.lend(), work).collect()
    }

    /// What the head makes of features: `[pictures, dim]`.
    fn points(&self, features: Tensor) -> Result<Tensor> {
        let embeddings = self.head.forward(features)?;
        match &self.hubness {
            Some(layer) => layer.forward(&embeddings),
            None => Ok(embeddings),
        }
    }
}

impl ImageTower for EfficientNet {
    fn forward(&self, pictures: Pictures) -> Result<Tensor> {
        self.points(self.features(pictures)?)
    }

    fn forward_whole(&self, images: &[PreparedImage]) -> Result<ImageOutputs> {
        let pictures: Vec<&[u8]> = images.iter().map(PreparedImage::rgb).collect();
        let features = self.features(Pictures::Rgb(&pictures))?;
        let logits = match self.classes {
            Some(HeadClasses { units, temperature }) => {
                let hidden = self.head.hidden(&features, units)?;
                hidden.map(|hidden| hidden / temperature).transpose()?
            }
            None => None,
        };
        let likeness = match &self.likeness {
            // Averages of what a ReLU6 gives are never below 0.
            Some(likeness) => Some(likeness.layer.forward(&features.sqrt()?)?),
            None => None,
        };
        Ok(ImageOutputs { points: self.points(features)?, logits, likeness })
    }

    fn likeness_dim(&self) -> Option<usize> {
        self.likeness.as_ref().map(|likeness| likeness.dim)
    }

    fn batch(&self) -> usize {
        self.runtime.batch(PICTURES_PER_THREAD * rayon::current_num_threads(), BATCH_ON_GPU)
    }
}
