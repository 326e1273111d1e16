//! The methods marked `#[init]` and `#[terminate]`.

use super::parameters::{self, Owner, Parameter};
use super::signature;
use crate::diag::Errors;
use crate::handlers::ir::{Argument, Init, Terminate, TerminateArgument};
use crate::self_type::SelfType;
use crate::syntax::Method;
use crate::types;
use proc_macro2::Ident;
use syn::{ReturnType, Type};

pub(super) fn init(
    method: &Method,
    marker: &Ident,
    actor: &SelfType,
    errors: &mut Errors,
) -> Option<Init> {
    let returns_nothing = matches!(method.sig.output, ReturnType::Default);
    if let Some(receiver) = method.sig.receiver() {
        let what = "`#[init]` builds the actor, so there is no `self` yet";
        let help = if returns_nothing { "drop `self`, and return `Self`" } else { "drop `self`" };
        errors.with_help(receiver, what, help);
        if returns_nothing {
            return None;
        }
    }
    let owner = Owner { marker: "init", actor };
    let arguments: Vec<_> = parameters::lower(method, &owner, errors)
        .into_iter()
        .filter_map(|parameter| match parameter {
            Parameter::Field(field) => Some(Argument::Field(field)),
            Parameter::Ctx(place) => Some(Argument::Ctx(place)),
            // Reported: an init answers nobody.
            Parameter::Reply { .. } | Parameter::Stream { .. } => None,
        })
        .collect();
    let must =
        format!("`#[init]` must return `{0}`, `Option<{0}>` or `Result<{0}, E>`", actor.name);
    let output = match &method.sig.output {
        ReturnType::Type(_, ty) => match types::impl_trait(ty) {
            None => (**ty).clone(),
            Some(found) => {
                errors.at(found, must);
                return None;
            }
        },
        ReturnType::Default => {
            errors.at(&method.sig.ident, must);
            return None;
        }
    };
    Some(Init {
        name: method.sig.ident.clone(),
        attrs: method.attrs.clone(),
        vis: method.vis.clone(),
        is_async: method.sig.asyncness.is_some(),
        arguments,
        output,
        marker: marker.clone(),
    })
}

pub(super) fn terminate(method: &Method, marker: &Ident, errors: &mut Errors) -> Option<Terminate> {
    let receiver = signature::receiver(method, "terminate", errors);
    let mut arguments = Vec::new();
    for parameter in method.parameters() {
        let argument = match types::peel(&parameter.ty) {
            _ if parameters::is_ctx(parameter) => {
                TerminateArgument::Ctx(types::place(&parameter.ty))
            }
            Type::Reference(ty) if ty.mutability.is_none() => TerminateArgument::Reason,
            other => {
                errors.with_help(
                    other,
                    "`#[terminate]` takes the reason and the context, both by reference",
                    "`reason: &ExitReason, ctx: &mut Ctx<Self>`, or less",
                );
                continue;
            }
        };
        arguments.push(argument);
    }
    if let Some(ty) = signature::returned(method) {
        errors.with_help(
            ty,
            "`#[terminate]` returns nothing: the actor has its exit reason already",
            "drop the return type",
        );
    }
    receiver?;
    Some(Terminate {
        name: method.sig.ident.clone(),
        attrs: method.attrs.clone(),
        is_async: method.sig.asyncness.is_some(),
        arguments,
        marker: marker.clone(),
    })
}
