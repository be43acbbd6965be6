//! Files that are still being written are left to a later run.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use seer_engine::stamp;
use seer_types::FileStamp;

use super::Run;
use crate::plan::Plan;

/// Between two looks whether to stop.
const NAP: Duration = Duration::from_millis(50);

impl Run<'_> {
    /// Takes out of the plan what changes within the time for which files have to be still; says
    /// whether the run goes on. By the file's size and time then and now: clocks of servers do not
    /// matter.
    pub(super) fn leave_restless(&self, plan: &mut Plan) -> bool {
        let Some(still) = self.options.still_for.filter(|_| !plan.jobs.is_empty()) else {
            return true;
        };
        let start = Instant::now();
        while start.elapsed() < still {
            if self.cancel.is_cancelled() {
                return false;
            }
            std::thread::sleep(NAP.min(still));
        }
        let before = plan.jobs.len();
        plan.jobs.retain(|job| is_as_before(job.path.as_path(), &job.stamp));
        let left = before - plan.jobs.len();
        plan.counts.to_read -= left as u64;
        if left > 0 {
            log::debug!("{left} files are still being written; a later run reads them");
        }
        true
    }
}

fn is_as_before(path: &Path, before: &FileStamp) -> bool {
    fs::metadata(path).is_ok_and(|metadata| {
        let now = stamp(path, &metadata);
        (now.size, now.modified_ns) == (before.size, before.modified_ns)
    })
}
