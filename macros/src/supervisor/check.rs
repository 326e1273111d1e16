//! Rules that look at more than one method of the block. A child that breaks one is reported and not started.

use super::ir::{Child, Dependency, Supervisor};
use crate::diag::Errors;
use crate::names::{RESERVED, RESERVED_FOR_CHILDREN};
use crate::syntax::ImplBlock;
use crate::{markers, types};
use proc_macro2::Ident;
use std::collections::HashSet;
use syn::Attribute;
use syn::ext::IdentExt;

pub(crate) fn check(supervisor: &mut Supervisor, block: &ImplBlock, errors: &mut Errors) {
    supervises_something(supervisor, errors);
    generated_names_are_free(supervisor, block, errors);
    one_method_a_name(supervisor, block);
    hides_nothing(supervisor, errors);
    depends_on_earlier_children(supervisor, errors);
    means_something_to_the_supervisor(supervisor, errors);
}

/// A block without a marker is a plain impl block; its author expected more of `#[supervisor]`.
fn supervises_something(supervisor: &Supervisor, errors: &mut Errors) {
    if supervisor.markers.is_empty() && errors.count() == 0 {
        errors.with_help(
            &supervisor.ty.path,
            "a supervisor without children",
            "mark at least one method with `#[child]`",
        );
    }
}

/// `Bank::start` and its like are generated.
fn generated_names_are_free(supervisor: &mut Supervisor, block: &ImplBlock, errors: &mut Errors) {
    let names = ["start", "child_spec", "tree"];
    supervisor.taken = markers::taken(&names, "supervisor", block, errors);
}

/// Two methods of one name: rustc says so, and it does not know which of them a call would mean. Two that each
/// have a `#[cfg(..)]` may be meant for different configurations: rustc sees whether they are.
fn one_method_a_name(supervisor: &mut Supervisor, block: &ImplBlock) {
    let has_cfg = |attrs: &[Attribute]| attrs.iter().any(|attr| attr.path().is_ident("cfg"));
    let mut seen = HashSet::new();
    supervisor.children.retain_mut(|child| {
        let clashes = block.methods().filter(|method| {
            let same_configuration = !has_cfg(&method.attrs) || !has_cfg(&child.attrs);
            // Every child clashes with itself, unless it has a `#[cfg(..)]`.
            child.is_named(&method.sig.ident) && same_configuration
        });
        let is_alone = clashes.count() <= usize::from(!has_cfg(&child.attrs));
        child.is_sound &= is_alone;
        is_alone || seen.insert(child.id())
    });
}

/// A method of the handle hides the method of `SupervisorRef` of the same name, which the handle derefs to.
fn hides_nothing(supervisor: &mut Supervisor, errors: &mut Errors) {
    for child in &mut supervisor.children {
        let name = child.id();
        if RESERVED.iter().chain(&RESERVED_FOR_CHILDREN).any(|reserved| name == *reserved) {
            let what = format!("`{name}` would hide the method `{name}` that every handle has");
            errors.with_help(&child.name, what, "rename the child");
            child.role = None;
            child.is_sound = false;
        }
    }
}

/// Children start from top to bottom, and each is given the handles of those that it names.
fn depends_on_earlier_children(supervisor: &mut Supervisor, errors: &mut Errors) {
    for index in 0..supervisor.children.len() {
        let before = errors.count();
        let child = &supervisor.children[index];
        // What is known of a child with a mistake is its type, and only where the method says it.
        let mut knows_all = true;
        for dependency in &child.dependencies {
            match supervisor.earlier(index, &dependency.name).next() {
                Some(earlier) => {
                    knows_all &= earlier.role.is_some();
                    takes_a_handle(dependency, earlier, errors);
                }
                None => report_missing(supervisor, index, dependency, errors),
            }
        }
        let is_sound = knows_all && errors.count() == before;
        supervisor.children[index].is_sound &= is_sound;
    }
}

/// That the handle is the right one is seen by the type checker.
fn takes_a_handle(dependency: &Dependency, earlier: &Child, errors: &mut Errors) {
    let handle = || earlier.role.as_ref().map_or("..".to_owned(), types::handle_text);
    if let Some(found) = types::impl_trait(&dependency.ty) {
        let what = "a dependency is the handle of one child, so it has one concrete type";
        errors.with_help(found, what, format!("name the type: `{}`", handle()));
    } else if let Some(borrow) = types::borrow(&dependency.ty) {
        let what = "a dependency is given, not lent: the child keeps the handle";
        errors.with_help(borrow.tokens, what, format!("take it by value: `{}`", handle()));
    }
}

fn report_missing(
    supervisor: &Supervisor,
    index: usize,
    dependency: &Dependency,
    errors: &mut Errors,
) {
    let child = &supervisor.children[index];
    let (this, name) = (child.id(), &dependency.name);
    let text = name.unraw().to_string();
    let exists = |name: &str| supervisor.children.iter().any(|child| child.id() == name);
    let (what, help) = if child.is_named(name) {
        let what = format!("`{this}` cannot need itself: it is given the handles of others");
        (what, "take the handle of an earlier child".to_owned())
    } else if exists(&text) {
        let what = format!("`{this}` needs `{text}`, which starts later");
        (what, format!("children start from top to bottom: move `{text}` above `{this}`"))
    } else if let Some(meant) = unused(name).filter(|meant| exists(meant)) {
        let help =
            format!("name it `{meant}`; or drop it: children start from top to bottom anyway");
        (format!("no child named `{text}` in this supervisor"), help)
    } else {
        let what = format!("no child named `{text}` in this supervisor");
        (what, "take other data from `&self`".to_owned())
    };
    errors.with_help(name, what, help);
}

/// The end of a significant child ends nothing under a supervisor without `auto_shutdown`: OTP refuses to start it.
fn means_something_to_the_supervisor(supervisor: &mut Supervisor, errors: &mut Errors) {
    if supervisor.ends_with_children {
        return;
    }
    for child in &mut supervisor.children {
        if let Some(significant) = child.significant.take() {
            errors.with_help(
                significant,
                "a significant child ends its supervisor, and this one goes on whoever ends",
                "`#[supervisor(.., auto_shutdown = any_significant)]`, or `all_significant`",
            );
            child.is_sound = false;
        }
    }
}

/// The `ledger` in `_ledger`.
fn unused(name: &Ident) -> Option<String> {
    name.to_string().strip_prefix('_').map(ToOwned::to_owned)
}
