//! Places on the earth without a network: towns of a thousand inhabitants and more, regions and
//! countries, packed into the program (`data/places.bin`; where it comes from: `data/README.md`).
//!
//! * [`place_at`] and [`locate`]: a position to city, region and country.
//! * [`find`]: a name, "lisbon" or "paris, texas", to the places that have it.
//! * [`read`]: the words of a sentence that name places, each with how sure that is.
//! * [`position_or_place`]: what a person writes behind `near:`.
//!
//! The pack is unpacked when it is first asked. Absent on purpose: streets, queries, photos.

#![forbid(unsafe_code)]

mod borders;
mod country;
mod earth;
mod find;
mod fold;
mod gazetteer;
mod kind;
#[cfg(test)]
mod leave_one_out;
mod locate;
mod name_index;
mod pack;
mod position;
mod prepositions;
mod read;
mod region_shape;
mod sentence;

pub use find::{FoundPlace, find};
pub use kind::Kind;
pub use locate::{Located, locate, place_at};
pub use position::{Near, NearError, position_or_place};
pub use read::{Certainty, Mention, read};
pub use seer_types::{Coordinates, Place, PlaceName};
