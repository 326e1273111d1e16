//! Rules that look at more than one child. What breaks one is reported and left out.

use super::ir::{Child, Supervisor};
use crate::diag::Errors;
use crate::names::{GENERATED, RESERVED, RESERVED_IN_TREES};
use syn::ext::IdentExt;

pub(crate) fn check(supervisor: &mut Supervisor, errors: &mut Errors) {
    has_children(supervisor, errors);
    hides_nothing(supervisor, errors);
    no_name_twice(supervisor);
    depends_on_earlier_ones(supervisor, errors);
}

/// A supervisor without children supervises nothing.
fn has_children(supervisor: &Supervisor, errors: &mut Errors) {
    if supervisor.markers.is_empty() && errors.count() == 0 {
        errors.with_help(
            &supervisor.path,
            "a supervisor without children",
            "mark at least one method with `#[child]`, or use `DynamicSupervisor`",
        );
    }
}

/// The method of the handle that gives a child hides a method of the same name that every handle has.
fn hides_nothing(supervisor: &mut Supervisor, errors: &mut Errors) {
    supervisor.children.retain(|child| {
        let name = child.name.unraw();
        let hides = RESERVED
            .iter()
            .chain(&RESERVED_IN_TREES)
            .chain(&GENERATED)
            .any(|reserved| name == reserved);
        if hides {
            errors.with_help(
                &child.name,
                format!("`{name}` is a method that every tree has"),
                "rename the child",
            );
        }
        !hides
    });
}

/// Two methods of one name: rustc says so. Nothing more is said of the second.
fn no_name_twice(supervisor: &mut Supervisor) {
    let mut kept: Vec<Child> = Vec::new();
    for child in supervisor.children.drain(..) {
        let has_cfg = |child: &Child| child.attrs.iter().any(|attr| attr.path().is_ident("cfg"));
        let is_second = kept
            .iter()
            .any(|earlier| earlier.name == child.name && !(has_cfg(earlier) && has_cfg(&child)));
        if !is_second {
            kept.push(child);
        }
    }
    supervisor.children = kept;
}

/// Children start from top to bottom, and a parameter is the handle of one that has started.
fn depends_on_earlier_ones(supervisor: &mut Supervisor, errors: &mut Errors) {
    let marked = supervisor.marked.clone();
    let mut good = Vec::new();
    let mut kept: Vec<Child> = Vec::new();
    for child in supervisor.children.drain(..) {
        let own = marked.iter().position(|name| *name == child.name);
        let mut is_good = true;
        for dependency in &child.dependencies {
            let (name, this) = (&dependency.name, &child.name);
            let place = marked.iter().position(|marked| marked == name);
            match place {
                None => {
                    is_good = false;
                    errors.with_help(
                        name,
                        format!("no child named `{name}` in this supervisor"),
                        "a parameter is named like an earlier child; take other data from `&self`",
                    );
                }
                Some(_) if name == this => {
                    is_good = false;
                    errors.at(name, format!("`{this}` needs itself"));
                }
                Some(place) if own.is_some_and(|own| place > own) => {
                    is_good = false;
                    errors.with_help(
                        name,
                        format!("`{this}` needs `{name}`, which starts later"),
                        format!("children start from top to bottom: move `{name}` above `{this}`"),
                    );
                }
                // One that is left out has been reported.
                Some(_) => is_good &= good.contains(name),
            }
        }
        if is_good {
            good.push(child.name.clone());
            kept.push(child);
        }
    }
    supervisor.children = kept;
}
