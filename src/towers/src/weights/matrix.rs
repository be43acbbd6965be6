//! A matrix as layers take it.

use seer_kernels::panels::Scales;

/// Values row by row, with the scales that they are 8-bit multiples of, where they are stored so.
pub struct Matrix {
    values: Vec<f32>,
    scales: Option<Scales>,
}

impl From<Vec<f32>> for Matrix {
    fn from(values: Vec<f32>) -> Self {
        Self { values, scales: None }
    }
}

impl Matrix {
    /// `scales` as in [`Scales`], for the matrix's shape.
    pub(super) fn new(values: Vec<f32>, scales: Option<Scales>) -> Self {
        Self { values, scales }
    }

    /// One below the other, all with as many columns.
    pub(crate) fn stacked(matrices: Vec<Self>) -> Self {
        let all: Option<Vec<&Scales>> = matrices.iter().map(|one| one.scales.as_ref()).collect();
        let scales = all.and_then(|all| {
            let block = all.first()?.block;
            let values = all.iter().flat_map(|scales| &scales.values).copied().collect();
            all.iter().all(|scales| scales.block == block).then_some(Scales { values, block })
        });
        let values = matrices.into_iter().flat_map(|one| one.values).collect();
        Self { values, scales }
    }

    /// The values, to be changed: they are no multiples of their scales any more.
    pub(crate) fn values_mut(&mut self) -> &mut [f32] {
        self.scales = None;
        &mut self.values
    }

    /// The values row by row.
    pub(crate) fn values(&self) -> &[f32] {
        &self.values
    }

    /// What the values are multiples of.
    pub(crate) fn scales(&self) -> Option<&Scales> {
        self.scales.as_ref()
    }

    /// The values alone.
    pub(crate) fn into_values(self) -> Vec<f32> {
        self.values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scaled(values: &[f32], block: usize) -> Matrix {
        Matrix::new(vec![1.0; 4], Some(Scales { values: values.to_vec(), block }))
    }

    #[test]
    fn matrices_are_stacked_with_their_scales() {
        let both = Matrix::stacked(vec![scaled(&[1.0], 4), scaled(&[2.0], 4)]);
        assert_eq!(both.values().len(), 8);
        assert_eq!(both.scales(), Some(&Scales { values: vec![1.0, 2.0], block: 4 }));
        let other = Matrix::stacked(vec![scaled(&[1.0], 4), scaled(&[1.0, 2.0], 2)]);
        assert!(other.scales().is_none());
        let plain = Matrix::stacked(vec![scaled(&[1.0], 4), vec![0.0; 4].into()]);
        assert!(plain.scales().is_none() && plain.into_values().len() == 8);
    }

    #[test]
    fn changed_values_have_no_scales() {
        let mut matrix = scaled(&[1.0], 4);
        matrix.values_mut()[0] = 0.3;
        assert!(matrix.scales().is_none());
    }
}
