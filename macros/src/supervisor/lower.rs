//! From an impl block to the tree that it declares. A child with a mistake is reported and left out, so that the others
//! still work.

use super::ir::{Child, Dependency, Intensity, Supervisor};
use crate::diag::Errors;
use crate::names::GENERATED;
use crate::options::{Options, Setting};
use crate::syntax::{ImplBlock, ImplItem, Method};
use crate::{attrs, types};
use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::{GenericParam, Meta, Pat, Path, ReceiverKind, ReturnType, Safety, Type};

/// `None` where the block cannot be a tree at all.
pub(crate) fn lower(
    options: TokenStream,
    block: &ImplBlock,
    errors: &mut Errors,
) -> Option<Supervisor> {
    let options = Options::parse(options, "supervisor", errors);
    let krate = options.krate(errors);
    let strategy = strategy(&options, errors);
    let find = |name: &str| options.settings.iter().find(|setting| setting.text == name);
    let intensity = find("intensity").and_then(|setting| intensity(setting, errors));
    let period = find("period").and_then(|setting| period(setting, errors));
    let path = named_type(block, errors)?;
    let mut supervisor = Supervisor {
        krate,
        path: path.clone(),
        name: path.segments.last()?.ident.clone(),
        generics: types::with_static(block.generics.clone()),
        strategy,
        intensity,
        period,
        children: Vec::new(),
        marked: Vec::new(),
        own: Vec::new(),
        markers: Vec::new(),
    };
    for item in &block.items {
        if let ImplItem::Method(method) = item {
            lower_method(method, &mut supervisor, errors);
        }
    }
    Some(supervisor)
}

/// As in Elixir, none is the default: which children depend on each other is for the author to say.
fn strategy(options: &Options, errors: &mut Errors) -> &'static str {
    let words = ["one_for_one", "one_for_all", "rest_for_one"];
    let Some(setting) = options.settings.iter().find(|setting| setting.text == "strategy") else {
        // With another mistake among the options it may be there.
        if errors.count() == 0 {
            errors.push(syn::Error::new(
                Span::call_site(),
                "a supervisor needs a strategy: which children are restarted with one that crashed\n\
                 help: `#[supervisor(strategy = one_for_one)]`, or `one_for_all`, or `rest_for_one`",
            ));
        }
        return "OneForOne";
    };
    match setting.word(&words, errors) {
        Some("one_for_all") => "OneForAll",
        Some("rest_for_one") => "RestForOne",
        _ => "OneForOne",
    }
}

fn intensity(setting: &Setting, errors: &mut Errors) -> Option<Intensity> {
    let most = setting.number("a number of restarts", "3", errors)?;
    if most == 0 {
        errors.with_help(
            setting.value_tokens(),
            "the first crash would stop the whole supervisor",
            "give it at least 1; where that is meant, `Supervisor::builder(..).intensity(0)` allows it",
        );
        return None;
    }
    Some(Intensity { most })
}

/// OTP counts in whole seconds.
fn period(setting: &Setting, errors: &mut Errors) -> Option<u64> {
    let is_zero = setting.is_zero();
    let milliseconds = if is_zero { Some(0) } else { setting.milliseconds(&[], errors) }?;
    if milliseconds < 1_000 || milliseconds % 1_000 != 0 {
        errors.with_help(
            setting.value_tokens(),
            "restarts are counted within a period of whole seconds, at least one",
            "`period = \"5s\"`",
        );
        return None;
    }
    Some(milliseconds)
}

fn named_type<'b>(block: &'b ImplBlock, errors: &mut Errors) -> Option<&'b Path> {
    if let Some((of_trait, _)) = &block.of_trait {
        errors.with_help(
            of_trait,
            "`#[supervisor]` goes on an inherent impl, not on a trait impl",
            format!("`impl {} {{ .. }}`", types::text(&block.self_ty)),
        );
        return None;
    }
    let Some(path) = types::plain_path(&block.self_ty) else {
        errors.at(&block.self_ty, "a supervisor is a named struct or enum of this crate");
        return None;
    };
    let last = path.segments.last()?;
    if let Some(lifetime) = types::borrowed_by(&block.generics, &last.arguments) {
        errors.with_help(
            lifetime,
            "a supervisor cannot borrow: it outlives the function that starts it",
            "own the data (`String`, `Arc<T>`)",
        );
        return None;
    }
    Some(path)
}

fn lower_method(method: &Method, supervisor: &mut Supervisor, errors: &mut Errors) {
    let before = errors.count();
    for attr in &method.attrs {
        if let Some((condition, marker)) = attrs::conditional_marker(attr) {
            errors.with_help(
                attr,
                format!("`#[{marker}]` cannot stand in a `cfg_attr`, which is resolved too late"),
                format!("`#[cfg({condition})] #[{marker}]`"),
            );
        }
    }
    let mut markers =
        method.attrs.iter().filter_map(|attr| Some((attr, attrs::child_or_marker(attr)?)));
    let Some((attr, (name, word))) = markers.next() else {
        let name = &method.sig.ident;
        if GENERATED.iter().any(|generated| name == generated) {
            let what = format!("`{name}` is generated for every supervisor");
            errors.with_help(name, what, "rename the method");
            supervisor.own.push(name.clone());
        }
        return;
    };
    supervisor.markers.push(word.clone());
    if name != "child" {
        errors.with_help(
            word,
            format!(
                "a supervisor handles no messages: `#[{name}]` belongs in a `#[handlers]` block"
            ),
            "a method that says how to start a child is marked `#[child]`",
        );
        return;
    }
    supervisor.marked.push(method.sig.ident.clone());
    if let Some((_, (_, second))) = markers.next() {
        errors.at(second, "this method is marked `#[child]` already");
        return;
    }
    match &attr.meta {
        Meta::Path(_) => {}
        Meta::List(list) => drop(Options::parse(list.tokens.clone(), "child", errors)),
        Meta::NameValue(value) => errors.at(&value.value, "`#[child]` takes no options"),
    }
    refuse_modifiers(method, errors);
    shares_self(method, errors);
    let dependencies = dependencies(method, errors);
    let role = role(method, supervisor, errors);
    if let Some(role) = role
        && errors.count() == before
    {
        supervisor.children.push(Child {
            name: method.sig.ident.clone(),
            attrs: method.attrs.clone(),
            vis: method.vis.clone(),
            dependencies,
            role,
        });
    }
}

/// It is called by the supervisor, from generated code: it is a plain method.
fn refuse_modifiers(method: &Method, errors: &mut Errors) {
    let sig = &method.sig;
    if let Some(token) = &sig.asyncness {
        errors.with_help(
            token,
            "a `#[child]` method describes a child, and awaits nothing",
            "start-up work belongs in the child's `#[init]`, which may be `async`",
        );
    }
    if let Safety::Unsafe(token) = &sig.safety {
        errors.with_help(
            token,
            "a `#[child]` method is called by the supervisor, which cannot keep an unsafe promise",
            "remove `unsafe`",
        );
    }
    if let Some(abi) = &sig.abi {
        errors.with_help(
            abi,
            "a `#[child]` method is called by the supervisor, never from C",
            "remove `extern`",
        );
    }
    let named = sig.generics.params.iter().filter_map(|parameter| match parameter {
        GenericParam::Type(parameter) => Some(&parameter.ident),
        GenericParam::Const(parameter) => Some(&parameter.ident),
        GenericParam::Lifetime(_) => None,
    });
    for name in named {
        errors.with_help(
            name,
            "a `#[child]` method cannot have type parameters of its own",
            format!("move `{name}` to the impl block"),
        );
    }
}

/// The configuration is there for all children, at every restart.
fn shares_self(method: &Method, errors: &mut Errors) {
    let Some(receiver) = method.sig.receiver() else {
        errors.with_help(
            &method.sig.ident,
            "a `#[child]` method takes `&self`: the configuration of the tree",
            format!("`fn {}(&self, ..)`", method.sig.ident),
        );
        return;
    };
    let is_shared = match &receiver.kind {
        ReceiverKind::Reference(_, _, mutability) => mutability.is_none(),
        ReceiverKind::Typed(_, ty) => matches!(
            types::peel(ty),
            Type::Reference(ty) if ty.mutability.is_none() && types::is_named(&ty.elem, "Self")
        ),
        _ => false,
    };
    if !is_shared {
        errors.with_help(
            receiver,
            "starting a child must not change the configuration: it happens again at every restart",
            "take `&self`",
        );
    }
}

fn dependencies(method: &Method, errors: &mut Errors) -> Vec<Dependency> {
    let mut dependencies = Vec::new();
    for parameter in method.parameters() {
        match &*parameter.pat {
            Pat::Ident(name) if name.by_ref.is_none() && name.subpat.is_none() => {
                let (name, ty) = (name.ident.clone(), (*parameter.ty).clone());
                dependencies.push(Dependency { name, ty });
            }
            pattern => errors.with_help(
                pattern,
                "a parameter of a `#[child]` method is named like an earlier child",
                "give it that child's name; take other data from `&self`",
            ),
        }
    }
    dependencies
}

/// The `Vault` of `ChildSpec<Vault>`.
fn role(method: &Method, supervisor: &Supervisor, errors: &mut Errors) -> Option<Type> {
    let what = "a child is described, not started";
    let output = match &method.sig.output {
        ReturnType::Type(_, ty) => &**ty,
        ReturnType::Default => {
            errors.with_help(&method.sig.ident, what, "return `ChildSpec<..>`, of its type");
            return None;
        }
    };
    let segment = types::last_segment(output).filter(|segment| segment.ident == "ChildSpec");
    let Some(role) = segment.and_then(types::last_argument) else {
        let text = types::text(output);
        let actor = text.strip_suffix("Ref").unwrap_or(&text);
        errors.with_help(output, what, format!("return `ChildSpec<{actor}>`"));
        return None;
    };
    let without_self = types::without_self(role.to_token_stream(), &supervisor.path);
    let resolved: Type = syn::parse2(without_self).unwrap_or_else(|_| role.clone());
    if types::text(&resolved) == types::text(&supervisor.path) {
        errors.with_help(
            role,
            "a tree cannot contain itself",
            "a child is an actor, or another supervisor",
        );
        return None;
    }
    Some(resolved)
}
