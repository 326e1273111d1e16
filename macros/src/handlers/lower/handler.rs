//! A method marked `#[call]`, `#[cast]`, `#[info]` or `#[handle_continue]`.

use super::parameters::{self, Owner, Parameter};
use super::signature::{self, Receiver};
use crate::diag::{Errors, with_article};
use crate::handlers::ir::{Argument, Handler, Kind, Limit, Reply, Stream};
use crate::names;
use crate::options::{Options, Setting};
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
    let mut answer = None;
    for parameter in parameters::lower(method, &owner, errors) {
        arguments.push(match parameter {
            Parameter::Ctx(place) => Argument::Ctx(place),
            Parameter::Field(field) => Argument::Field(field),
            Parameter::Reply { ty, name } => {
                answer = Some(Answer { ty, name, is_stream: false });
                Argument::Reply
            }
            Parameter::Stream { ty, name } => {
                answer = Some(Answer { ty, name, is_stream: true });
                Argument::Stream
            }
        });
    }
    let reply = match kind {
        Kind::Call => reply(method, answer, capacity(options), actor, errors),
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

/// A parameter through which the call answers.
struct Answer {
    ty: Box<Type>,
    name: String,
    is_stream: bool,
}

/// How many items of a stream wait for its reader, unless told otherwise.
const CAPACITY: usize = 16;

/// What the caller of a call gets: what `ReplyTo` carries, the reading end of `StreamTo`, or what the method returns.
fn reply(
    method: &Method,
    answer: Option<Answer>,
    capacity: Option<&Setting>,
    actor: &SelfType,
    errors: &mut Errors,
) -> Reply {
    let returned = signature::returned(method);
    let is_stream = answer.as_ref().is_some_and(|answer| answer.is_stream);
    if let Some(capacity) = capacity.filter(|_| !is_stream) {
        let what = "`capacity` is that of a stream, and this call answers once";
        errors.with_help(&capacity.name, what, "take `out: StreamTo<T>`, or drop the option");
    }
    if let Some(Answer { ty, name, is_stream }) = answer {
        if let Some(returned) = returned {
            let what = format!("this call already answers through `{name}`");
            let help = if is_stream {
                "drop the return type; items may be a `Result<T, E>`"
            } else {
                "drop the return type"
            };
            errors.with_help(returned, what, help);
        }
        let carried = types::without_self(ty.to_token_stream(), &actor.path);
        if !is_stream {
            parameters::check_reply(&ty, errors);
            return Reply::Deferred(carried);
        }
        parameters::check_item(&ty, errors);
        let capacity = capacity.and_then(|setting| setting.items(errors)).unwrap_or(CAPACITY);
        return Reply::Stream(Stream { item: carried, capacity });
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

fn capacity(options: &Options) -> Option<&Setting> {
    options.settings.iter().find(|setting| setting.text == "capacity")
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
