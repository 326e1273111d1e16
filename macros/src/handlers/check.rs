//! Rules that look at more than one method of the block. What breaks one is reported and left out.

use super::ir::{Handler, Handlers, Kind};
use crate::diag::Errors;
use crate::names::RESERVED;
use crate::syntax::ImplBlock;
use crate::{markers, types};
use syn::ext::IdentExt;

pub(crate) fn check(handlers: &mut Handlers, block: &ImplBlock, errors: &mut Errors) {
    handles_something(handlers, errors);
    one_init(handlers, errors);
    one_terminate(handlers, errors);
    generated_names_are_free(handlers, block, errors);
    hides_nothing(handlers, errors);
    one_handler_a_message_name(handlers, errors);
    one_handler_an_info_type(handlers, errors);
}

/// A block without a marker is a plain impl block; its author expected more of `#[handlers]`.
fn handles_something(handlers: &Handlers, errors: &mut Errors) {
    if handlers.markers.is_empty() && errors.count() == 0 {
        errors.with_help(
            &handlers.actor.path,
            "this actor handles nothing",
            "mark methods with `#[call]`, `#[cast]` or `#[info]`",
        );
    }
}

/// `start` takes the arguments of one `#[init]`.
fn one_init(handlers: &mut Handlers, errors: &mut Errors) {
    let mut first_cfg = None;
    handlers.inits.retain(|init| {
        let has_cfg = init.attrs.iter().any(|attr| attr.path().is_ident("cfg"));
        match first_cfg {
            None => first_cfg = Some(has_cfg),
            Some(true) if has_cfg => {}
            Some(_) => {
                errors.with_help(
                    &init.marker,
                    "an actor starts in one way: there is an `#[init]` already",
                    "let one `#[init]` take an enum, or start a value with `spawn`",
                );
                return false;
            }
        }
        true
    });
}

/// An actor ends in one way.
fn one_terminate(handlers: &mut Handlers, errors: &mut Errors) {
    for second in handlers.terminates.iter().skip(1) {
        errors.at(&second.marker, "an actor ends in one way: there is a `#[terminate]` already");
    }
    handlers.terminates.truncate(1);
}

/// `Vault::start` and `Vault::child_spec` are generated from `#[init]`.
fn generated_names_are_free(handlers: &mut Handlers, block: &ImplBlock, errors: &mut Errors) {
    if !handlers.inits.is_empty() {
        handlers.taken = markers::taken(&["start", "child_spec"], "init", block, errors);
    }
}

/// A method of the handle hides the method of `ActorRef` of the same name, which the handle derefs to.
fn hides_nothing(handlers: &mut Handlers, errors: &mut Errors) {
    handlers.methods.retain(|handler| {
        let has_method = matches!(handler.kind, Kind::Call | Kind::Cast);
        let hides = has_method && RESERVED.iter().any(|name| handler.name.unraw() == name);
        if hides {
            let name = handler.name.unraw();
            let what = format!("`{name}` would hide the method `{name}` that every handle has");
            errors.with_help(&handler.name, what, "rename the handler");
        }
        !hides
    });
}

/// The message of a handler is named after it, in another case.
fn one_handler_a_message_name(handlers: &mut Handlers, errors: &mut Errors) {
    let clash = |first: &Handler, second: &Handler| {
        first.name == second.name || (first.kind == second.kind && first.variant == second.variant)
    };
    leave_out_second(handlers, clash, |first, second| {
        let (one, two, message) = (&first.name, &second.name, &second.variant);
        // Two methods of one name: rustc says so.
        if one != two {
            let what = format!("`{one}` and `{two}` would both be the message `{message}`");
            errors.with_help(two, what, "rename one");
        }
    });
}

/// What comes in from elsewhere finds its handler by its type.
fn one_handler_an_info_type(handlers: &mut Handlers, errors: &mut Errors) {
    let clash = |first: &Handler, second: &Handler| {
        let ty = info_type(second);
        ty.is_some() && info_type(first) == ty
    };
    leave_out_second(handlers, clash, |first, second| {
        let (one, two) = (&first.name, &second.name);
        let ty = info_type(second).unwrap_or_default();
        let what = format!("`{one}` and `{two}` both take `{ty}`");
        errors.at(two, format!("{what}: an incoming `{ty}` would have two handlers"));
    });
}

fn info_type(handler: &Handler) -> Option<String> {
    let field = handler.fields().next().filter(|_| handler.kind == Kind::Info)?;
    Some(types::text(&field.ty))
}

/// Leaves out each handler that clashes with an earlier one. Two handlers that each have a `#[cfg(..)]`
/// may be meant for different configurations: rustc sees whether they are.
fn leave_out_second(
    handlers: &mut Handlers,
    clash: impl Fn(&Handler, &Handler) -> bool,
    mut report: impl FnMut(&Handler, &Handler),
) {
    let mut kept: Vec<Handler> = Vec::new();
    for handler in handlers.methods.drain(..) {
        let first = kept.iter().find(|earlier| {
            let same_configuration = earlier.cfg().is_empty() || handler.cfg().is_empty();
            same_configuration && clash(earlier, &handler)
        });
        match first {
            Some(first) => report(first, &handler),
            None => kept.push(handler),
        }
    }
    handlers.methods = kept;
}
