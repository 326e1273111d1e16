//! From an impl block to what is generated from it. A child with a mistake is reported and marked, so that
//! the others still work.

mod child;
mod options;

use self::options::Said;
use super::ir::Supervisor;
use crate::attrs;
use crate::diag::Errors;
use crate::markers::{self, Marker};
use crate::options::Options;
use crate::self_type::{SelfType, Words};
use crate::syntax::ImplBlock;
use proc_macro2::TokenStream;

const SUPERVISOR: Words = Words {
    attribute: "supervisor",
    what: "a supervisor",
    beside_traits: "",
    without_async_trait: "a child is described, not started",
};

/// `None` where the block is no inherent impl, or one of a type that cannot be a supervisor.
pub(crate) fn lower(
    options: TokenStream,
    block: &ImplBlock,
    errors: &mut Errors,
) -> Option<Supervisor> {
    let Said { krate, options, ends_with_children } = options::lower(options, errors);
    let ty = SelfType::of(block, &SUPERVISOR, errors)?;
    let (mut children, mut markers) = (Vec::new(), Vec::new());
    for method in block.methods() {
        if let Some(marker) = markers::of(method, "supervisor", &mut markers, errors) {
            let Marker { name, options, .. } = marker;
            let before = errors.count();
            let options = Options::parse(options, name, errors);
            let mut child = child::lower(method, &ty, errors);
            child.significant = child::significant(&options, errors);
            child.is_sound = errors.count() == before;
            children.push(child);
        } else if method.attrs.iter().any(attrs::is_consumed) {
            children.push(child::of_no_marker(method, &ty));
        }
    }
    let taken = Vec::new();
    Some(Supervisor { krate, ty, options, ends_with_children, children, markers, taken })
}
