//! Names that people give to what a library keeps.

/// A name without the white space around it.
///
/// # Errors
/// Why it is none: it is empty, has more than `longest` characters, or control characters.
pub(crate) fn checked(name: &str, longest: usize) -> Result<String, String> {
    let name = name.trim();
    match name.chars().count() {
        0 => Err("it is empty".to_owned()),
        length if length > longest => Err(format!("it is longer than {longest} characters")),
        _ if name.contains(char::is_control) => {
            Err("it has control characters, such as a line break".to_owned())
        }
        _ => Ok(name.to_owned()),
    }
}
