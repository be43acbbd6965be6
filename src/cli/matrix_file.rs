//! Embeddings as files that other programs read: NumPy's .npy, and safetensors.

use std::collections::HashMap;

use anyhow::Result;
use safetensors::Dtype;
use safetensors::tensor::TensorView;

/// Where the numbers of a .npy file begin is a multiple of this.
const ALIGNMENT: usize = 64;
/// Magic, version and length of the header.
const PREAMBLE: usize = 10;

/// A matrix `[rows, numbers]` of little-endian f32, row by row.
///
/// Format: NEP 1, version 1.0: `\x93NUMPY`, 1, 0, the header's length in two bytes, the header as
/// a Python dictionary padded with spaces and ended by a newline, the numbers.
pub fn npy(rows: &[&[f32]]) -> Vec<u8> {
    let width = rows.first().map_or(0, |row| row.len());
    let mut header =
        format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}, {width}), }}", rows.len());
    let padding = (PREAMBLE + header.len() + 1).next_multiple_of(ALIGNMENT);
    header.push_str(&" ".repeat(padding - PREAMBLE - header.len() - 1));
    header.push('\n');
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((header.len() as u16).to_le_bytes());
    file.extend(header.as_bytes());
    file.extend(numbers(rows));
    file
}

/// The same matrix as the tensor `embeddings`, with the model's name as metadata.
pub fn safetensors(rows: &[&[f32]], model: &str) -> Result<Vec<u8>> {
    let shape = vec![rows.len(), rows.first().map_or(0, |row| row.len())];
    let bytes = numbers(rows);
    let tensor = TensorView::new(Dtype::F32, shape, &bytes)?;
    let about = HashMap::from([("model".to_owned(), model.to_owned())]);
    Ok(safetensors::serialize([("embeddings", tensor)], Some(about))?)
}

fn numbers(rows: &[&[f32]]) -> Vec<u8> {
    rows.iter().flat_map(|row| row.iter().flat_map(|value| value.to_le_bytes())).collect()
}

#[cfg(test)]
mod tests {
    use safetensors::SafeTensors;

    use super::*;

    #[test]
    fn npy_is_laid_out_as_numpy_writes_it() {
        let file = npy(&[&[1.0, 2.0], &[3.0, 4.0], &[5.0, 6.0]]);
        assert_eq!(&file[..8], b"\x93NUMPY\x01\x00");
        let header = usize::from(u16::from_le_bytes([file[8], file[9]]));
        assert_eq!((10 + header) % 64, 0);
        let text = std::str::from_utf8(&file[10..10 + header]).unwrap();
        assert!(text.starts_with("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }"));
        assert!(text.ends_with(" \n"));
        assert_eq!(file.len(), 10 + header + 6 * 4);
        assert_eq!(file[10 + header + 20..], 6f32.to_le_bytes());
    }

    #[test]
    fn safetensors_names_tensor_and_model() {
        let file = safetensors(&[&[1.0, 2.0]], "some/model").unwrap();
        let read = SafeTensors::deserialize(&file).unwrap();
        let tensor = read.tensor("embeddings").unwrap();
        assert_eq!((tensor.shape(), tensor.dtype()), (&[1, 2][..], Dtype::F32));
        assert_eq!(tensor.data()[4..], 2f32.to_le_bytes());
    }
}
