//! Rules that look at the whole trait.

use super::ir::Protocol;
use crate::diag::Errors;
use crate::names::{RESERVED, RESERVED_FOR_PROTOCOLS};
use syn::ext::IdentExt;

pub(crate) fn check(protocol: &mut Protocol, errors: &mut Errors) {
    if protocol.markers.is_empty() && protocol.parents.is_empty() && errors.count() == 0 {
        errors.with_help(
            &protocol.ty.name,
            "a protocol without methods says nothing",
            "add methods, and mark them with `#[call]` or `#[cast]`",
        );
    }
    // A method of the handle hides the one that each handle has.
    protocol.methods.retain(|method| {
        let name = method.name.unraw();
        let mut reserved = RESERVED.iter().chain(&RESERVED_FOR_PROTOCOLS);
        let hides = reserved.any(|reserved| name == reserved);
        if hides {
            let what = format!("`{name}` would hide the method `{name}` that every handle has");
            errors.with_help(&method.name, what, "rename the method");
        }
        !hides
    });
}
