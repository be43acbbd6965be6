//! The value of an indexed folder: the devices its files lie on, and what it leaves out.

use seer_types::{Device, DevicePlace, LibraryPath};

use super::{BadValue, V1, V2, V3, decode as decode_first, decode_as, encode_as};

/// Path, the system's number, the file system's id, whether a link leads there.
type StoredPlace = (Vec<u8>, u64, u64, bool);

/// What is remembered of an indexed folder.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Root {
    pub(crate) places: Vec<DevicePlace>,
    pub(crate) excludes: Vec<String>,
}

impl Root {
    pub(crate) fn encode(&self) -> Result<Vec<u8>, BadValue> {
        let stored = |place: &DevicePlace| -> StoredPlace {
            let Device { number, file_system } = place.device;
            (place.path.to_bytes(), number, file_system, place.linked)
        };
        let places: Vec<StoredPlace> = self.places.iter().map(stored).collect();
        encode_as(V3, &(places, &self.excludes))
    }

    /// The first version knew no devices, the second one no excludes.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, BadValue> {
        let (stored, excludes): (Vec<StoredPlace>, Vec<String>) = match bytes.first() {
            Some(&V1) => return decode_first::<()>("root", bytes).map(|()| Self::default()),
            Some(&V2) => (decode_as(V2, "root", bytes)?, Vec::new()),
            _ => decode_as(V3, "root", bytes)?,
        };
        let place = |(path, number, file_system, linked): StoredPlace| DevicePlace {
            path: LibraryPath::from_bytes(&path),
            device: Device { number, file_system },
            linked,
        };
        Ok(Self { places: stored.into_iter().map(place).collect(), excludes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_versions_are_read() {
        assert_eq!(Root::decode(&[1]), Ok(Root::default()));
        let second = [2, 1, 2, b'/', b'p', 3, 4, 1];
        let place = DevicePlace {
            path: LibraryPath::new("/p"),
            device: Device { number: 3, file_system: 4 },
            linked: true,
        };
        let mut root = Root { places: vec![place], excludes: Vec::new() };
        assert_eq!(Root::decode(&second), Ok(root.clone()));
        root.excludes = vec!["private".to_owned(), "**/raw".to_owned()];
        let bytes = root.encode().unwrap();
        assert_eq!(bytes[0], 3);
        assert_eq!(Root::decode(&bytes), Ok(root));
        assert!(Root::decode(&[4, 0]).unwrap_err().0.contains("root value has version 4"));
    }
}
