//! Why a path that was found is not counted.

use std::{fmt, io, path::Path, sync::Arc};

/// A path that was found and is not counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Skip {
    pub(crate) path: Arc<Path>,
    pub(crate) reason: Reason,
}

/// Why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The user named a path that is not there.
    NotThere,
    EmptyFolder,
    /// A pipe, a socket, a device.
    NotAFile,
    /// The same file or folder was found before, by another path.
    FoundBefore,
    LinkLoop,
    LinkToNothing,
    /// What the system said.
    Unreadable(String),
    /// There is a NUL byte near the beginning.
    Binary,
    /// The first byte that is wrong.
    NotUtf8 {
        at: u64,
    },
    /// Every worker that tried it crashed.
    CrashedWorkers,
}

impl Reason {
    pub(crate) fn unreadable(error: &io::Error) -> Self {
        Self::Unreadable(error.to_string())
    }

    /// The reason in a word or two, for the closing line.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::NotThere => "not there",
            Self::EmptyFolder => "empty folder",
            Self::NotAFile => "not a file",
            Self::FoundBefore => "found before",
            Self::LinkLoop => "loop of links",
            Self::LinkToNothing => "link to nothing",
            Self::Unreadable(_) => "unreadable",
            Self::Binary => "binary",
            Self::NotUtf8 { .. } => "not UTF-8",
            Self::CrashedWorkers => "crashed its workers",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotThere => f.write_str("no such file or folder"),
            Self::EmptyFolder => f.write_str("an empty folder"),
            Self::NotAFile => f.write_str("neither a file nor a folder"),
            Self::FoundBefore => f.write_str("found before, by another path"),
            Self::LinkLoop => f.write_str("a symbolic link to a folder that it is in"),
            Self::LinkToNothing => f.write_str("a symbolic link to nothing"),
            Self::Unreadable(error) => write!(f, "cannot be read: {error}"),
            Self::Binary => f.write_str("binary: a NUL byte in its first 8 KiB"),
            Self::NotUtf8 { at } => write!(f, "not UTF-8: byte {at} is wrong"),
            Self::CrashedWorkers => f.write_str("every worker that tried it crashed"),
        }
    }
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "skipped {}: {}", self.path.display(), self.reason)
    }
}
