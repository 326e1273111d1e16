//! What each parameter of a handler is: decided by its syntax, so that it can be explained in one table.

use crate::attrs;
use crate::diag::{Errors, with_article};
use crate::handlers::ir::Field;
use crate::self_type::{self, SelfType};
use crate::syntax::{Method, plain_name};
use crate::{names, types};
use proc_macro2::{Ident, Span};
use quote::{ToTokens, format_ident};
use syn::{Pat, PatType, Type};

/// The method whose parameters are read.
pub(crate) struct Owner<'a> {
    pub(crate) marker: &'static str,
    pub(crate) actor: &'a SelfType,
}

pub(crate) enum Parameter {
    /// `ctx: &mut Ctx<Self>`: handed in by the actor's loop. With the place of the type.
    Ctx(Span),
    /// `reply: ReplyTo<T>`: handed in by the actor's loop; the call answers through it.
    Reply { ty: Box<Type>, name: String },
    /// `out: StreamTo<T>`: handed in by the actor's loop; the call answers with its reading end.
    Stream { ty: Box<Type>, name: String },
    /// Travels in the message.
    Field(Field),
}

/// Reads the parameters; those with a mistake are reported and left out.
pub(crate) fn lower(method: &Method, owner: &Owner, errors: &mut Errors) -> Vec<Parameter> {
    let taken: Vec<String> = method
        .parameters()
        .filter_map(|parameter| plain_name(&parameter.pat))
        .map(ToString::to_string)
        .collect();
    let mut lowered: Vec<Parameter> = Vec::new();
    for parameter in method.parameters() {
        let Some(found) = lower_one(parameter, owner, lowered.len(), &taken, errors) else {
            continue;
        };
        match found {
            Parameter::Ctx(_) if lowered.iter().any(|it| matches!(it, Parameter::Ctx(_))) => {
                errors.with_help(
                    &parameter.ty,
                    "there is a `Ctx` parameter already",
                    "one is enough",
                );
            }
            Parameter::Reply { .. }
                if lowered.iter().any(|it| matches!(it, Parameter::Reply { .. })) =>
            {
                errors.with_help(
                    &parameter.ty,
                    "a call has one caller, so it takes one `ReplyTo`",
                    "for several values, reply with one struct",
                );
            }
            Parameter::Stream { .. }
                if lowered.iter().any(|it| matches!(it, Parameter::Stream { .. })) =>
            {
                errors.with_help(
                    &parameter.ty,
                    "a call has one caller, so it takes one `StreamTo`",
                    "for items of several kinds, stream an enum",
                );
            }
            Parameter::Reply { .. } | Parameter::Stream { .. } if lowered.iter().any(answers) => {
                errors.with_help(
                    &parameter.ty,
                    "a call answers once or many times: it takes a `ReplyTo` or a `StreamTo`",
                    "for an answer before the items, make it the first of them",
                );
            }
            // What comes in from elsewhere is one value: it finds its handler by its type.
            Parameter::Field(_) if owner.marker == "info" && lowered.iter().any(is_field) => {
                errors.with_help(
                    parameter,
                    "an `#[info]` handler takes one message",
                    "put the values in one struct",
                );
            }
            found => lowered.push(found),
        }
    }
    lowered
}

fn is_field(parameter: &Parameter) -> bool {
    matches!(parameter, Parameter::Field(_))
}

fn answers(parameter: &Parameter) -> bool {
    matches!(parameter, Parameter::Reply { .. } | Parameter::Stream { .. })
}

fn lower_one(
    parameter: &PatType,
    owner: &Owner,
    index: usize,
    taken: &[String],
    errors: &mut Errors,
) -> Option<Parameter> {
    if let Some(cfg) = parameter.attrs.iter().find(|attr| attr.path().is_ident("cfg")) {
        errors.with_help(
            cfg,
            "a message has the same fields in every configuration",
            "put `#[cfg(..)]` on two handlers",
        );
        return None;
    }
    if is_ctx(parameter) {
        return Some(Parameter::Ctx(types::place(&parameter.ty)));
    }
    if types::is_owned_ctx(&parameter.ty, &owner.actor.name) {
        errors.with_help(
            &parameter.ty,
            "the context is lent to a handler, not given",
            format!("take `&mut {}`", types::text(&parameter.ty)),
        );
        return None;
    }
    if let Some(ty) = types::foreign_ctx(&parameter.ty, &owner.actor.name) {
        errors.with_help(ty, "the context of an actor is a `Ctx`", "take `&mut Ctx<Self>`");
        return None;
    }
    if has_marker(parameter, "reply") || types::carried(&parameter.ty, "ReplyTo").is_some() {
        let (ty, name) = answer(parameter, owner, &REPLY, errors)?;
        return Some(Parameter::Reply { ty, name });
    }
    if has_marker(parameter, "stream") || types::carried(&parameter.ty, "StreamTo").is_some() {
        let (ty, name) = answer(parameter, owner, &STREAM, errors)?;
        return Some(Parameter::Stream { ty, name });
    }
    field(parameter, owner, index, taken, errors).map(Parameter::Field)
}

/// `ctx: &mut Ctx<Self>`, or `#[ctx] c: &mut MyCtx`.
pub(crate) fn is_ctx(parameter: &PatType) -> bool {
    types::is_ctx(&parameter.ty) || has_marker(parameter, "ctx")
}

fn has_marker(parameter: &PatType, marker: &str) -> bool {
    parameter.attrs.iter().any(|attr| attrs::parameter_marker(attr) == Some(marker))
}

/// The words for a parameter through which a call answers.
struct Answer {
    name: &'static str,
    caller: &'static str,
    what: &'static str,
    help: &'static str,
}

const REPLY: Answer = Answer {
    name: "reply",
    caller: "a caller to reply to",
    what: "the reply is",
    help: "name it as in `MyReply<T>`, or write `ReplyTo<T>`",
};

const STREAM: Answer = Answer {
    name: "out",
    caller: "a caller who reads a stream",
    what: "its items are",
    help: "name it as in `MyStream<T>`, or write `StreamTo<T>`",
};

/// What the parameter carries, and its name.
fn answer(
    parameter: &PatType,
    owner: &Owner,
    words: &Answer,
    errors: &mut Errors,
) -> Option<(Box<Type>, String)> {
    if owner.marker != "call" {
        let this = with_article(owner.marker);
        errors.at(
            &parameter.ty,
            format!("only a `#[call]` has {}, and this is {this}", words.caller),
        );
        return None;
    }
    let carried = types::last_segment(&parameter.ty).and_then(types::last_argument);
    let Some(ty) = carried else {
        let what = format!("this type does not say what {}", words.what);
        errors.with_help(&parameter.ty, what, words.help);
        return None;
    };
    let name = plain_name(&parameter.pat).map_or(words.name.to_owned(), ToString::to_string);
    Some((Box::new(ty.clone()), name))
}

fn field(
    parameter: &PatType,
    owner: &Owner,
    index: usize,
    taken: &[String],
    errors: &mut Errors,
) -> Option<Field> {
    let before = errors.count();
    let name = match (plain_name(&parameter.pat), &*parameter.pat) {
        (Some(name), _) => name.clone(),
        (None, Pat::Wild(_)) => free_name(index, taken),
        // The arguments of `#[init]` are fields of nothing.
        (None, _) if owner.marker == "init" => free_name(index, taken),
        (None, pattern) => {
            errors.with_help(
                pattern,
                "a message parameter needs a plain name: it becomes a field of the message",
                "destructure it in the body",
            );
            free_name(index, taken)
        }
    };
    let infos = names::with_suffix(&owner.actor.name, "Info");
    if owner.marker == "info"
        && self_type::path(&parameter.ty).is_some_and(|it| it.is_ident(&infos))
    {
        errors.with_help(
            &parameter.ty,
            format!("`{infos}` is made of what the `#[info]` handlers take: none of them takes all of it"),
            "take the type of one message, or no parameter: then the handler has a message of its own",
        );
    }
    check_type(&parameter.ty, owner, errors);
    let ty = types::without_self(parameter.ty.to_token_stream(), &owner.actor.path);
    (errors.count() == before).then_some(Field { name, ty })
}

/// A name for a parameter without one.
fn free_name(index: usize, taken: &[String]) -> Ident {
    let mut name = format_ident!("arg{index}");
    while taken.iter().any(|taken| name == taken) {
        name = format_ident!("{name}_");
    }
    name
}

/// A message leaves the sender's stack: it owns what it carries, and has one type.
fn check_type(ty: &Type, owner: &Owner, errors: &mut Errors) {
    let this =
        if owner.marker == "init" { "an `#[init]` parameter" } else { "a message parameter" };
    if let Some(borrow) = types::borrow(ty) {
        let what = format!("{this} cannot be a reference: it moves to the actor's task");
        let help = owned_help("take an owned value", borrow.owned.as_deref());
        errors.with_help(borrow.tokens, what, help);
    } else if let Some(found) = types::impl_trait(ty) {
        let what = format!("{this} needs one concrete type");
        errors.with_help(found, what, "name the type, or box it");
    } else if let Some((found, help)) = types::not_send(ty) {
        errors.with_help(found, "this type cannot travel in a message: it is not `Send`", help);
    }
}

/// A reply leaves the actor: it owns what it carries, and has one type.
pub(crate) fn check_reply(ty: &Type, errors: &mut Errors) {
    if let Some(borrow) = types::borrow(ty) {
        errors.with_help(
            borrow.tokens,
            "a reply cannot borrow from the actor: the caller lives in another task",
            owned_help("return an owned value", borrow.owned.as_deref()),
        );
    } else if let Some(found) = types::impl_trait(ty) {
        let help = match types::stream_item(ty) {
            Some(item) => format!("for many values over time take `out: StreamTo<{item}>`"),
            None if types::has_future(ty) => "a handler may be an `async fn`".to_owned(),
            None => "name the type, or box it".to_owned(),
        };
        errors.with_help(found, "a reply needs one concrete type", help);
    }
}

/// An item leaves the actor as a reply does.
pub(super) fn check_item(ty: &Type, errors: &mut Errors) {
    if let Some(borrow) = types::borrow(ty) {
        errors.with_help(
            borrow.tokens,
            "an item cannot borrow from the actor: its reader lives in another task",
            owned_help("send an owned value", borrow.owned.as_deref()),
        );
    } else if let Some(found) = types::impl_trait(ty) {
        errors.with_help(found, "a stream needs one concrete type", "name the type, or box it");
    }
}

fn owned_help(what: &str, owned: Option<&str>) -> String {
    format!("{what}: `{}`", owned.unwrap_or("String` or `Arc<T>"))
}
