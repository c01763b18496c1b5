//! A folder of one's own that goes away in the end.

use std::path::PathBuf;

pub struct Folder(pub PathBuf);

impl Folder {
    /// An empty one; `name` tells those of one process apart.
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("xieshang-test-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
