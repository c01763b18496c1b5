//! A folder of one's own that goes away in the end.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

/// Tests of one process run at once, and two may give the same name.
static NUMBER: AtomicU64 = AtomicU64::new(0);

pub struct Folder(pub PathBuf);

impl Folder {
    /// An empty one; `name` is for whoever finds it lying about.
    pub fn new(name: &str) -> Self {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("xieshang-test-{}-{number}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
