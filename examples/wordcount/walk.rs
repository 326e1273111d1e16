//! Which files there are.

use crate::skip::{Reason, Skip};
use std::{
    collections::HashSet,
    fs::Metadata,
    io,
    path::{Path, PathBuf},
    sync::Arc,
    vec,
};
use walkdir::{DirEntry, WalkDir};

/// What the walk came across.
#[derive(Clone, Debug)]
pub(crate) enum Find {
    File(File),
    Skip(Skip),
}

/// A file to be counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) path: Arc<Path>,
    /// Its size in bytes, when it was found.
    pub(crate) size: u64,
}

/// A walk through files and folders, links followed: each file and each folder comes up once.
#[derive(Debug)]
pub(crate) struct Walk {
    roots: vec::IntoIter<PathBuf>,
    root: Option<Root>,
    /// Links can lead to one folder in as many ways as there are orders of the folders: so folders are remembered too, or the
    /// walk of a small tree could take for ever.
    seen: HashSet<Identity>,
}

#[derive(Debug)]
struct Root {
    path: PathBuf,
    entries: walkdir::IntoIter,
    /// Nothing but the folder itself has come up.
    is_empty: bool,
}

impl Walk {
    pub(crate) fn new(roots: Vec<PathBuf>) -> Self {
        Self { roots: roots.into_iter(), root: None, seen: HashSet::new() }
    }

    /// What an entry is; `None` for a folder that comes up for the first time.
    fn judge(&mut self, entry: &DirEntry) -> Option<Find> {
        let kind = entry.file_type();
        if !kind.is_dir() && !kind.is_file() {
            return Some(skip(entry.path(), Reason::NotAFile));
        }
        let metadata = match entry.metadata() {
            Ok(metadata) => metadata,
            Err(error) => return Some(failed(error)),
        };
        match identity(entry.path(), &metadata) {
            Err(error) => return Some(skip(entry.path(), Reason::unreadable(&error))),
            Ok(identity) if self.seen.insert(identity) => {}
            Ok(_) => {
                if let Some(root) = self.root.as_mut().filter(|_| kind.is_dir()) {
                    root.entries.skip_current_dir();
                }
                return Some(skip(entry.path(), Reason::FoundBefore));
            }
        }
        let file = || File { path: entry.path().into(), size: metadata.len() };
        kind.is_file().then(|| Find::File(file()))
    }
}

impl Iterator for Walk {
    type Item = Find;

    fn next(&mut self) -> Option<Find> {
        loop {
            let Some(root) = &mut self.root else {
                let path = self.roots.next()?;
                let entries = WalkDir::new(&path).follow_links(true).into_iter();
                self.root = Some(Root { path, entries, is_empty: true });
                continue;
            };
            let find = match root.entries.next() {
                Some(Ok(entry)) => self.judge(&entry),
                Some(Err(error)) => Some(failed(error)),
                None => {
                    let empty = root.is_empty.then(|| skip(&root.path, Reason::EmptyFolder));
                    self.root = None;
                    empty
                }
            };
            if let Some(find) = find {
                if let Some(root) = &mut self.root {
                    root.is_empty = false;
                }
                return Some(find);
            }
        }
    }
}

fn skip(path: &Path, reason: Reason) -> Find {
    Find::Skip(Skip { path: path.into(), reason })
}

fn failed(error: walkdir::Error) -> Find {
    let path: Arc<Path> = error.path().unwrap_or(Path::new("?")).into();
    let is_root = error.depth() == 0;
    let reason = if error.loop_ancestor().is_some() {
        Reason::LinkLoop
    } else {
        // The error of the system itself: walkdir's own names the path, which the line names already.
        match error.into_io_error() {
            Some(error) if error.kind() != io::ErrorKind::NotFound => Reason::unreadable(&error),
            _ if path.is_symlink() => Reason::LinkToNothing,
            _ if is_root => Reason::NotThere,
            _ => Reason::Unreadable("it has gone".into()),
        }
    };
    Find::Skip(Skip { path, reason })
}

/// What tells whether two paths lead to the same file.
#[cfg(unix)]
type Identity = (u64, u64);

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
fn identity(_path: &Path, metadata: &Metadata) -> io::Result<Identity> {
    use std::os::unix::fs::MetadataExt;
    Ok((metadata.dev(), metadata.ino()))
}

/// What tells whether two paths lead to the same file.
#[cfg(not(unix))]
type Identity = PathBuf;

#[cfg(not(unix))]
fn identity(path: &Path, _metadata: &Metadata) -> io::Result<Identity> {
    path.canonicalize()
}
