//! The value of an indexed folder: the devices its files lie on.

use seer_types::{Device, DevicePlace, LibraryPath};

use super::{BadValue, decode, encode};

/// Path, the system's number, the file system's id, whether a link leads there.
type PlaceV1 = (Vec<u8>, u64, u64, bool);

pub(crate) fn encode_places(places: &[DevicePlace]) -> Result<Vec<u8>, BadValue> {
    let stored = |place: &DevicePlace| -> PlaceV1 {
        let Device { number, file_system } = place.device;
        (place.path.to_bytes(), number, file_system, place.linked)
    };
    encode(&places.iter().map(stored).collect::<Vec<_>>())
}

pub(crate) fn decode_places(bytes: &[u8]) -> Result<Vec<DevicePlace>, BadValue> {
    let stored: Vec<PlaceV1> = decode("root", bytes)?;
    let place = |(path, number, file_system, linked): PlaceV1| DevicePlace {
        path: LibraryPath::from_bytes(&path),
        device: Device { number, file_system },
        linked,
    };
    Ok(stored.into_iter().map(place).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_survive() {
        let place = DevicePlace {
            path: LibraryPath::new("/photos/usb"),
            device: Device { number: 0x812, file_system: u64::MAX },
            linked: true,
        };
        let bytes = encode_places(std::slice::from_ref(&place)).unwrap();
        assert_eq!(decode_places(&bytes), Ok(vec![place]));
        assert!(decode_places(&[3, 0]).unwrap_err().0.contains("root value has version 3"));
    }
}
