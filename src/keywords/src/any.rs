//! Whether any document meets a filter, for many filters at once.

use std::collections::HashSet;

use seer_store::Filter;
use seer_store::terms::folder_key;

use crate::evaluate::Segment;
use crate::schema::column;

impl Segment<'_> {
    /// Notes which of the filters a living document of this segment meets; those that are met
    /// already are not looked at.
    pub(crate) fn any(&self, filters: &[Filter], found: &mut [bool]) -> tantivy::Result<()> {
        let folders = self.folders(filters)?;
        let mut live = None;
        for (filter, found) in filters.iter().zip(found).filter(|(_, found)| !**found) {
            if single_folder(filter).is_some_and(|name| !folders.contains(&name)) {
                continue;
            }
            let docs = self.docs(filter)?;
            *found = !docs.is_empty() && !docs.is_disjoint(live.get_or_insert_with(|| self.live()));
        }
        Ok(())
    }

    /// Of the folders that filters ask for by one name, those that are on the path of a file. Every
    /// path is read once, whatever the number of filters.
    fn folders(&self, filters: &[Filter]) -> tantivy::Result<HashSet<String>> {
        let mut wanted: HashSet<String> = filters.iter().filter_map(single_folder).collect();
        let mut found = HashSet::new();
        let Some(column) = self.reader.fast_fields().str(column::PARENT)? else { return Ok(found) };
        if wanted.is_empty() {
            return Ok(found);
        }
        let mut paths = column.dictionary().stream()?;
        while paths.advance() {
            let Ok(path) = std::str::from_utf8(paths.key()) else { continue };
            found.extend(path.split('/').filter_map(|name| wanted.take(name)));
        }
        Ok(found)
    }
}

/// The folded name of the folder that a filter asks for, where that is one.
fn single_folder(filter: &Filter) -> Option<String> {
    let Filter::Folder(name) = filter else { return None };
    let key = folder_key(name)?;
    let name = key.trim_matches('/');
    (!name.contains('/')).then(|| name.to_owned())
}
