//! A method marked `#[call]`, `#[cast]`, `#[info]` or `#[handle_continue]`.

use super::parameters::{self, Owner, Parameter};
use super::signature::{self, Receiver};
use crate::diag::{Errors, with_article};
use crate::handlers::ir::{Argument, Handler, Kind, Limit, Reply};
use crate::names;
use crate::options::Options;
use crate::self_type::SelfType;
use crate::syntax::Method;
use crate::types;
use quote::{ToTokens, quote};
use syn::Type;

pub(crate) fn lower(
    method: &Method,
    kind: Kind,
    marker: &'static str,
    options: &Options,
    actor: &SelfType,
    errors: &mut Errors,
) -> Option<Handler> {
    let receiver = signature::receiver(method, marker, errors);
    let owner = Owner { marker, actor };
    let mut arguments = Vec::new();
    let mut deferred = None;
    for parameter in parameters::lower(method, &owner, errors) {
        arguments.push(match parameter {
            Parameter::Ctx(place) => Argument::Ctx(place),
            Parameter::Field(field) => Argument::Field(field),
            Parameter::Reply { ty, name } => {
                deferred = Some((ty, name));
                Argument::Reply
            }
        });
    }
    let reply = match kind {
        Kind::Call => reply(method, deferred, actor, errors),
        Kind::Cast | Kind::Info | Kind::Continue => {
            refuse_impl_trait(method, marker, errors);
            Reply::None
        }
    };
    let (always, limit) = call_options(options, errors);
    Some(Handler {
        kind,
        name: method.sig.ident.clone(),
        variant: names::variant(&method.sig.ident),
        attrs: method.attrs.clone(),
        vis: method.vis.clone(),
        is_async: method.sig.asyncness.is_some(),
        shared_self: match receiver? {
            Receiver::Shared(place) => Some(place),
            Receiver::Mutable => None,
        },
        arguments,
        output: signature::output(method),
        reply,
        always,
        limit,
    })
}

/// What the caller of a call gets: what `ReplyTo` carries, or what the method returns.
fn reply(
    method: &Method,
    deferred: Option<(Box<Type>, String)>,
    actor: &SelfType,
    errors: &mut Errors,
) -> Reply {
    let returned = signature::returned(method);
    if let Some((ty, name)) = deferred {
        if let Some(returned) = returned {
            let what = format!("this call already answers through `{name}`");
            errors.with_help(returned, what, "drop the return type");
        }
        parameters::check_reply(&ty, errors);
        return Reply::Deferred(types::without_self(ty.to_token_stream(), &actor.path));
    }
    let Some(ty) = returned else {
        return Reply::Now(quote!(()));
    };
    parameters::check_reply(ty, errors);
    Reply::Now(types::without_self(ty.to_token_stream(), &actor.path))
}

/// The type is named once more in generated code, where `impl Trait` cannot be.
pub(crate) fn refuse_impl_trait(method: &Method, marker: &str, errors: &mut Errors) {
    if let Some(found) = signature::returned(method).and_then(types::impl_trait) {
        let what = format!("{} handler returns `()` or `Result<(), E>`", with_article(marker));
        errors.at(found, what);
    }
}

pub(crate) fn call_options(options: &Options, errors: &mut Errors) -> (bool, Limit) {
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
