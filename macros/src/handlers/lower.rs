//! From an impl block to what is generated from it. A method with a mistake is reported and left out,
//! so that the others still work.

use super::ir::{
    ActorType, Argument, Handler, Handlers, Init, Kind, Limit, Output, Reply, Terminate,
    TerminateArgument,
};
use super::parameters::{self, Owner, Parameter};
use crate::attrs;
use crate::diag::Errors;
use crate::names;
use crate::options::Options;
use crate::syntax::{ImplBlock, ImplItem, Method};
use crate::types;
use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{
    Attribute, GenericArgument, GenericParam, Generics, Meta, PathArguments, ReceiverKind,
    ReturnType, Safety, Type,
};

/// `None` where nothing can be generated: no inherent impl, or one of a type we cannot name.
pub(crate) fn lower(
    options: TokenStream,
    block: &ImplBlock,
    errors: &mut Errors,
) -> Option<Handlers> {
    let options = Options::parse(options, "handlers", errors);
    let krate = options.krate(errors);
    let derives = options
        .settings
        .iter()
        .find(|setting| setting.text == "derive")
        .and_then(|setting| setting.list("derive(Debug, Clone)", errors))
        .unwrap_or_default();
    refuse_async_trait(&block.attrs, errors);
    let actor = actor_type(block, errors)?;

    let mut handlers = Handlers {
        krate,
        actor,
        derives,
        handlers: Vec::new(),
        inits: Vec::new(),
        terminates: Vec::new(),
        markers: Vec::new(),
    };
    for item in &block.items {
        if let ImplItem::Method(method) = item {
            lower_method(method, &mut handlers, errors);
        }
    }
    Some(handlers)
}

fn refuse_async_trait(attrs: &[Attribute], errors: &mut Errors) {
    for attr in attrs {
        if attr
            .path()
            .segments
            .last()
            .is_some_and(|last| last.ident == "async_trait")
        {
            errors.with_help(
                attr.path(),
                "`#[async_trait]` is not needed here: handlers may be `async`",
                "remove it",
            );
        }
    }
}

fn actor_type(block: &ImplBlock, errors: &mut Errors) -> Option<ActorType> {
    if let Some((of_trait, _)) = &block.of_trait {
        errors.with_help(
            of_trait,
            "`#[handlers]` goes on an inherent impl, not on a trait impl",
            format!("`impl {} {{ .. }}`", types::text(&block.self_ty)),
        );
        return None;
    }
    let path = match types::peel(&block.self_ty) {
        Type::Path(ty) if ty.qself.is_none() => &ty.path,
        other => {
            errors.at(other, "an actor is a named struct or enum of this crate");
            return None;
        }
    };
    let last = path.segments.last()?;
    if let Some(lifetime) = borrowed_by(&block.generics, &last.arguments) {
        errors.with_help(
            lifetime,
            "an actor cannot borrow: it outlives the function that starts it",
            "own the data (`String`, `Arc<T>`)",
        );
        return None;
    }
    let mut generics = block.generics.clone();
    generics.params = generics
        .params
        .iter()
        .map(|param| parameter_without_self(param, path))
        .collect();
    generics.where_clause = generics
        .where_clause
        .and_then(|clause| syn::parse2(types::without_self(clause.into_token_stream(), path)).ok());
    Some(ActorType {
        path: path.clone(),
        name: last.ident.clone(),
        generics,
    })
}

fn borrowed_by(generics: &Generics, arguments: &PathArguments) -> Option<TokenStream> {
    if let Some(parameter) = generics.lifetimes().next() {
        return Some(parameter.lifetime.to_token_stream());
    }
    let PathArguments::AngleBracketed(arguments) = arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Lifetime(lifetime) => Some(lifetime.to_token_stream()),
        _ => None,
    })
}

fn parameter_without_self(parameter: &GenericParam, actor: &syn::Path) -> GenericParam {
    let tokens = types::without_self(parameter.to_token_stream(), actor);
    syn::parse2(tokens).unwrap_or_else(|_| parameter.clone())
}

fn lower_method(method: &Method, handlers: &mut Handlers, errors: &mut Errors) {
    for attr in &method.attrs {
        if let Some(marker) = attrs::conditional_marker(attr) {
            errors.with_help(
                attr,
                format!("write `#[cfg(..)] #[{marker}]`"),
                "attributes inside the block are read before `cfg_attr` is resolved",
            );
        }
    }
    let mut markers = method
        .attrs
        .iter()
        .filter_map(|attr| attrs::marker(attr).map(|(name, word)| (attr, name, word)));
    let Some((attr, name, word)) = markers.next() else {
        return;
    };
    handlers.markers.push(word.clone());
    if let Some((_, second_name, second)) = markers.next() {
        let what = if name == second_name {
            format!("this method is marked `#[{name}]` already")
        } else {
            format!(
                "a method is either {} or {}, not both",
                a(name),
                a(second_name)
            )
        };
        errors.at(second, what);
        return;
    }

    let before = errors.count();
    let options = match &attr.meta {
        Meta::Path(_) => TokenStream::new(),
        Meta::List(list) => list.tokens.clone(),
        Meta::NameValue(value) => {
            errors.at(
                &value.value,
                format!("options go in parentheses: `#[{name}(..)]`"),
            );
            return;
        }
    };
    let options = Options::parse(options, name, errors);
    refuse_modifiers(method, name, errors);
    let kind = match name {
        "call" => Kind::Call,
        "cast" => Kind::Cast,
        "info" => Kind::Info,
        "handle_continue" => Kind::Continue,
        "init" => {
            let init = lower_init(method, word, &handlers.actor, errors);
            handlers
                .inits
                .extend(init.filter(|_| errors.count() == before));
            return;
        }
        _ => {
            let terminate = lower_terminate(method, word, errors);
            handlers
                .terminates
                .extend(terminate.filter(|_| errors.count() == before));
            return;
        }
    };
    let handler = lower_handler(method, kind, name, &options, &handlers.actor, errors);
    handlers
        .handlers
        .extend(handler.filter(|_| errors.count() == before));
}

/// "a `#[call]`", "an `#[info]`".
fn a(marker: &str) -> String {
    parameters::with_article(marker)
}

/// A handler is called by the actor's loop, from generated code: it is a plain method.
fn refuse_modifiers(method: &Method, marker: &str, errors: &mut Errors) {
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
    let named = sig
        .generics
        .params
        .iter()
        .filter_map(|parameter| match parameter {
            GenericParam::Type(parameter) => Some(&parameter.ident),
            GenericParam::Const(parameter) => Some(&parameter.ident),
            GenericParam::Lifetime(_) => None,
        });
    for name in named {
        errors.with_help(
            name,
            format!(
                "{} handler cannot have type parameters of its own",
                a(marker)
            ),
            format!("move `{name}` to the impl block"),
        );
    }
}

fn lower_handler(
    method: &Method,
    kind: Kind,
    marker: &'static str,
    options: &Options,
    actor: &ActorType,
    errors: &mut Errors,
) -> Option<Handler> {
    let shared_self = borrowed_self(method, marker, errors);
    let owner = Owner { marker, actor };
    let mut arguments = Vec::new();
    let mut deferred = None;
    for parameter in parameters::lower(method, &owner, errors) {
        match parameter {
            Parameter::Ctx => arguments.push(Argument::Ctx),
            Parameter::Field(field) => arguments.push(Argument::Field(field)),
            Parameter::Reply { ty, name } => {
                deferred = Some((ty, name));
                arguments.push(Argument::Reply);
            }
        }
    }
    if kind == Kind::Info
        && let Some((_, second)) = nth_field(method, &arguments, 1)
    {
        errors.with_help(
            second,
            "an `#[info]` handler takes one message",
            "put the values in one struct",
        );
    }
    let output = output(method);
    let reply = if kind != Kind::Call {
        Reply::None
    } else if let Some((ty, name)) = deferred {
        if let ReturnType::Type(_, ty) = &method.sig.output {
            if !is_unit(ty) {
                errors.with_help(
                    ty,
                    format!("this call already answers through `{name}`"),
                    "drop the return type",
                );
            }
        }
        parameters::check_reply(&ty, errors);
        Reply::Deferred(types::without_self(ty.into_token_stream(), &actor.path))
    } else {
        Reply::Now(match &method.sig.output {
            ReturnType::Default => quote::quote!(()),
            ReturnType::Type(_, ty) => {
                parameters::check_reply(ty, errors);
                types::without_self(ty.to_token_stream(), &actor.path)
            }
        })
    };
    if kind != Kind::Call
        && let ReturnType::Type(_, ty) = &method.sig.output
        && let Some(found) = types::impl_trait(ty)
    {
        errors.at(
            found,
            format!("{} handler returns `()` or `Result<(), E>`", a(marker)),
        );
    }
    let (always, limit) = call_options(options, errors);
    Some(Handler {
        kind,
        name: method.sig.ident.clone(),
        variant: names::variant(&method.sig.ident),
        attrs: method.attrs.clone(),
        vis: method.vis.clone(),
        is_async: method.sig.asyncness.is_some(),
        shared_self: shared_self?,
        arguments,
        output,
        reply,
        always,
        limit,
    })
}

/// The type of the nth field as the user wrote it.
fn nth_field<'m>(
    method: &'m Method,
    arguments: &[Argument],
    n: usize,
) -> Option<(usize, &'m syn::PatType)> {
    let is_field = |argument: &Argument| matches!(argument, Argument::Field(_));
    let index = arguments
        .iter()
        .enumerate()
        .filter(|(_, a)| is_field(a))
        .nth(n)?
        .0;
    method
        .parameters()
        .nth(index)
        .map(|parameter| (index, parameter))
}

fn is_unit(ty: &Type) -> bool {
    matches!(types::peel(ty), Type::Tuple(tuple) if tuple.elems.is_empty())
}

fn output(method: &Method) -> Output {
    match &method.sig.output {
        ReturnType::Default => Output::Nothing,
        ReturnType::Type(_, ty) if is_unit(ty) => Output::Nothing,
        ReturnType::Type(..) if method.sig.generics.lifetimes().next().is_some() => Output::Unnamed,
        ReturnType::Type(_, ty) => Output::Type((**ty).clone()),
    }
}

/// `Some(Some(self))` for `&self`, `Some(None)` for `&mut self`; reports anything else.
fn borrowed_self(
    method: &Method,
    marker: &str,
    errors: &mut Errors,
) -> Option<Option<TokenStream>> {
    let Some(receiver) = method.sig.receiver() else {
        errors.with_help(
            &method.sig.ident,
            format!("{} handler needs `&mut self` (or `&self`)", a(marker)),
            "a function without `self` can stay here without the attribute",
        );
        return None;
    };
    let mutable = match &receiver.kind {
        ReceiverKind::Reference(_, _, mutable) => Some(mutable.is_some()),
        ReceiverKind::Typed(_, ty) => match types::peel(ty) {
            Type::Reference(ty) if types::is_named(&ty.elem, "Self") => {
                Some(ty.mutability.is_some())
            }
            _ => None,
        },
        _ => None,
    };
    let Some(mutable) = mutable else {
        errors.with_help(
            receiver,
            format!("{} handler borrows the actor's state", a(marker)),
            "take `&mut self`; to end the actor, call `ctx.stop(reason)`",
        );
        return None;
    };
    Some((!mutable).then(|| receiver.self_token.to_token_stream()))
}

fn call_options(options: &Options, errors: &mut Errors) -> (bool, Limit) {
    let (mut always, mut limit) = (false, Limit::Default);
    for setting in &options.settings {
        match setting.text.as_str() {
            "always" => always = setting.flag(errors),
            "timeout" if setting.is_word("infinity") => limit = Limit::Infinite,
            "timeout" => {
                if let Some(time) = setting.milliseconds(&["infinity"], errors) {
                    limit = Limit::Milliseconds(time);
                }
            }
            _ => {}
        }
    }
    (always, limit)
}

fn lower_init(
    method: &Method,
    marker: &Ident,
    actor: &ActorType,
    errors: &mut Errors,
) -> Option<Init> {
    if let Some(receiver) = method.sig.receiver() {
        errors.with_help(
            receiver,
            "`#[init]` builds the actor, so there is no `self` yet",
            "drop `self`",
        );
    }
    let owner = Owner {
        marker: "init",
        actor,
    };
    let arguments: Vec<_> = parameters::lower(method, &owner, errors)
        .into_iter()
        .map(|parameter| match parameter {
            Parameter::Field(field) => Argument::Field(field),
            Parameter::Ctx | Parameter::Reply { .. } => Argument::Ctx,
        })
        .collect();
    let must = format!(
        "`#[init]` must return `{0}` or `Result<{0}, E>`",
        actor.name
    );
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

fn lower_terminate(method: &Method, marker: &Ident, errors: &mut Errors) -> Option<Terminate> {
    let receiver = borrowed_self(method, "terminate", errors);
    let mut arguments = Vec::new();
    for parameter in method.parameters() {
        let argument = match types::peel(&parameter.ty) {
            _ if parameters::is_ctx(parameter) => TerminateArgument::Ctx,
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
    if let ReturnType::Type(_, ty) = &method.sig.output
        && !is_unit(ty)
    {
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
