//! When a supervisor ends because a child has.

use super::{BadCombination, child_spec::Spec};
use crate::{Restart, Role, State};
use std::fmt;

/// Whether a supervisor ends when its significant children have: OTP's `auto_shutdown`.
///
/// A child is significant if its [`ChildSpec`](crate::ChildSpec::significant) says so, or its `#[child(significant)]`. It matters how it
/// ends by itself: a `temporary` one in any way, a `transient` one in order. A restart does not count, nor does an end that the
/// supervisor brought about: by `terminate_child`, or when it restarts a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AutoShutdown {
    /// It does not (the default).
    Never,
    /// With the first significant child that ends.
    AnySignificant,
    /// With the last significant child that lives.
    AllSignificant,
}

impl AutoShutdown {
    /// Whether a child of this description may have it for a supervisor.
    pub(super) fn permits(self, spec: &Spec, is_dynamic: bool) -> Result<(), BadCombination> {
        if !spec.significant {
            Ok(())
        } else if is_dynamic {
            Err(BadCombination::SignificantAndDynamic)
        } else if self == Self::Never {
            Err(BadCombination::SignificantAndNever)
        } else if spec.restart == Restart::Permanent {
            Err(BadCombination::SignificantAndPermanent)
        } else {
            Ok(())
        }
    }
}

impl fmt::Display for AutoShutdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Never => "never",
            Self::AnySignificant => "any_significant",
            Self::AllSignificant => "all_significant",
        })
    }
}

/// Whether the restart type that the type of a child gives lets it be significant: asked by generated code, at compile time.
#[doc(hidden)]
#[must_use]
pub const fn may_be_significant<R: Role>() -> bool {
    !matches!(<R::Actor as State>::OPTIONS.restart, Restart::Permanent)
}
