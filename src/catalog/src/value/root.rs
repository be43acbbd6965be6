//! The value of an indexed folder: the devices its files lie on.

use seer_types::{Device, DevicePlace, LibraryPath};

use super::{BadValue, V1, V2, decode as decode_first, decode_as, encode_as};

/// Path, the system's number, the file system's id, whether a link leads there.
type Stored = (Vec<u8>, u64, u64, bool);

pub(crate) fn encode(places: &[DevicePlace]) -> Result<Vec<u8>, BadValue> {
    let stored = |place: &DevicePlace| -> Stored {
        let Device { number, file_system } = place.device;
        (place.path.to_bytes(), number, file_system, place.linked)
    };
    encode_as(V2, &places.iter().map(stored).collect::<Vec<_>>())
}

/// The first version knew no devices.
pub(crate) fn decode(bytes: &[u8]) -> Result<Vec<DevicePlace>, BadValue> {
    if bytes.first() == Some(&V1) {
        return decode_first::<()>("root", bytes).map(|()| Vec::new());
    }
    let stored: Vec<Stored> = decode_as(V2, "root", bytes)?;
    let place = |(path, number, file_system, linked): Stored| DevicePlace {
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
    fn both_versions_are_read() {
        assert_eq!(decode(&[1]), Ok(Vec::new()));
        let place = DevicePlace {
            path: LibraryPath::new("/photos/usb"),
            device: Device { number: 0x812, file_system: u64::MAX },
            linked: true,
        };
        let bytes = encode(std::slice::from_ref(&place)).unwrap();
        assert_eq!(decode(&bytes), Ok(vec![place]));
        assert!(decode(&[3, 0]).unwrap_err().0.contains("root value has version 3"));
    }
}
