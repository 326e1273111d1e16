//! What a signature says apart from its parameters.

use crate::diag::{Errors, with_article};
use crate::handlers::ir::Output;
use crate::syntax::Method;
use crate::{markers, types};
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{ReceiverKind, ReturnType, Safety, Type};

/// How a handler takes the state.
pub(crate) enum Receiver {
    /// `&self`, with the place of `self`.
    Shared(TokenStream),
    Mutable,
}

/// A handler is called by the actor's loop, from generated code: it is a plain method.
pub(crate) fn refuse_modifiers(method: &Method, marker: &str, block: &str, errors: &mut Errors) {
    let sig = &method.sig;
    if let Safety::Unsafe(token) = &sig.safety {
        errors.with_help(
            token,
            "a handler is called by the actor's loop, which cannot keep an unsafe promise",
            "remove `unsafe`",
        );
    }
    if let Some(token) = &sig.constness {
        errors.with_help(
            token,
            "a handler runs in an actor, never in a constant",
            "remove `const`",
        );
    }
    if let Some(abi) = &sig.abi {
        errors.with_help(
            abi,
            "a handler is called by the actor's loop, never from C",
            "remove `extern`",
        );
    }
    let what = format!("{} handler", with_article(marker));
    markers::refuse_type_parameters(method, &what, block, errors);
}

/// `&self` or `&mut self`; reports anything else.
pub(crate) fn receiver(method: &Method, marker: &str, errors: &mut Errors) -> Option<Receiver> {
    let Some(receiver) = method.sig.receiver() else {
        errors.with_help(
            &method.sig.ident,
            format!("{} handler needs `&mut self` (or `&self`)", with_article(marker)),
            "a function without `self` can stay here without the attribute",
        );
        return None;
    };
    let mutability = match &receiver.kind {
        ReceiverKind::Reference(_, _, mutability) => Some(mutability),
        ReceiverKind::Typed(_, ty) => match types::peel(ty) {
            Type::Reference(ty) if types::is_named(&ty.elem, "Self") => Some(&ty.mutability),
            _ => None,
        },
        _ => None,
    };
    match mutability {
        Some(Some(_)) => Some(Receiver::Mutable),
        Some(None) => Some(Receiver::Shared(receiver.self_token.to_token_stream())),
        None => {
            errors.with_help(
                receiver,
                format!("{} handler borrows the actor's state", with_article(marker)),
                "take `&mut self`; to end the actor, call `ctx.stop(reason)`",
            );
            None
        }
    }
}

/// The return type, where there is one that is not `()`.
pub(crate) fn returned(method: &Method) -> Option<&Type> {
    match &method.sig.output {
        ReturnType::Default => None,
        ReturnType::Type(_, ty) => Some(&**ty).filter(|ty| !is_unit(ty)),
    }
}

fn is_unit(ty: &Type) -> bool {
    matches!(types::peel(ty), Type::Tuple(tuple) if tuple.elems.is_empty())
}

pub(crate) fn output(method: &Method) -> Output {
    match returned(method) {
        None => Output::Nothing,
        Some(_) if method.sig.generics.lifetimes().next().is_some() => Output::Unnamed,
        Some(ty) => Output::Type(Box::new(ty.clone())),
    }
}
