//! A method marked `#[child]`.

use crate::diag::Errors;
use crate::options::Options;
use crate::self_type::SelfType;
use crate::supervisor::ir::{Child, Dependency};
use crate::syntax::{Method, plain_name};
use crate::{markers, names, types};
use proc_macro2::{Ident, Span};
use quote::ToTokens;
use syn::{PatType, ReceiverKind, ReturnType, Safety, Type};

pub(super) fn lower(method: &Method, supervisor: &SelfType, errors: &mut Errors) -> Child {
    refuse_modifiers(method, errors);
    takes_shared_self(method, errors);
    let dependencies =
        method.parameters().filter_map(|parameter| dependency(parameter, errors)).collect();
    Child {
        name: method.sig.ident.clone(),
        attrs: method.attrs.clone(),
        vis: method.vis.clone(),
        role: role(method, supervisor, errors),
        dependencies,
        significant: None,
        restarts_as_its_type: restarts_as_its_type(method),
        is_sound: true,
    }
}

/// The `significant` of `#[child(significant)]`.
pub(super) fn significant(options: &Options, errors: &mut Errors) -> Option<Ident> {
    let setting = options.settings.iter().find(|setting| setting.text == "significant")?;
    setting.flag(errors).then(|| setting.name.clone())
}

/// A helper that the method calls may say what it likes; then the supervisor sees it when it starts the child.
fn restarts_as_its_type(method: &Method) -> bool {
    let body = method.body();
    let [spec, restart] = ["child_spec", "restart"].map(|name| Ident::new(name, Span::call_site()));
    types::mentions(&body, &[&spec]) && !types::mentions(&body, &[&restart])
}

/// A child whose marker is reported: what is known without it keeps those that depend on it from being reported too.
pub(super) fn of_no_marker(method: &Method, supervisor: &SelfType) -> Child {
    let role = match &method.sig.output {
        ReturnType::Type(_, ty) => types::child_spec(ty),
        ReturnType::Default => None,
    };
    let can_be_named =
        |role: &&Type| types::impl_trait(role).is_none() && types::borrow(role).is_none();
    Child {
        name: method.sig.ident.clone(),
        attrs: method.attrs.clone(),
        vis: method.vis.clone(),
        role: role.filter(can_be_named).map(|role| outside(role, supervisor)),
        dependencies: Vec::new(),
        significant: None,
        restarts_as_its_type: false,
        is_sound: false,
    }
}

/// A child is described by generated code, at each of its starts.
fn refuse_modifiers(method: &Method, errors: &mut Errors) {
    let sig = &method.sig;
    if let Some(token) = &sig.asyncness {
        errors.with_help(
            token,
            "a `#[child]` method is not `async`: it describes the child, which starts later",
            "start-up work belongs in the child's `#[init]`",
        );
    }
    if let Safety::Unsafe(token) = &sig.safety {
        errors.with_help(
            token,
            "a child is described by its supervisor, which cannot keep an unsafe promise",
            "remove `unsafe`",
        );
    }
    markers::refuse_type_parameters(method, "a `#[child]` method", "impl block", errors);
    for parameter in sig.generics.lifetimes() {
        let lifetime = &parameter.lifetime;
        errors.with_help(
            lifetime,
            "a `#[child]` method cannot have lifetimes of its own: the child outlives them",
            format!("remove `{lifetime}`"),
        );
    }
}

/// `&self`: the configuration is the same for every start of every child.
fn takes_shared_self(method: &Method, errors: &mut Errors) {
    let Some(receiver) = method.sig.receiver() else {
        errors.with_help(
            &method.sig.ident,
            "a `#[child]` method needs `&self`: the configuration of the tree",
            "a function without `self` can stay here without the attribute",
        );
        return;
    };
    let mutability = match &receiver.kind {
        ReceiverKind::Reference(_, _, mutability) => Some(mutability),
        ReceiverKind::Typed(_, ty) => match types::peel(ty) {
            Type::Reference(ty) if types::is_named(&ty.elem, "Self") => Some(&ty.mutability),
            _ => None,
        },
        _ => None,
    };
    let must_not = match mutability {
        Some(None) => return,
        Some(Some(_)) => "change the configuration",
        None => "take the configuration away",
    };
    let what = format!("starting a child must not {must_not}: it happens again at every restart");
    errors.with_help(receiver, what, "take `&self`");
}

/// The `Vault` of `ChildSpec<Vault>`.
fn role(method: &Method, supervisor: &SelfType, errors: &mut Errors) -> Option<Type> {
    let ReturnType::Type(_, ty) = &method.sig.output else {
        let role = names::variant(&method.sig.ident).to_string();
        not_described(&method.sig.ident, &role, errors);
        return None;
    };
    if types::is_named(ty, "Vec") {
        errors.with_help(
            ty,
            "a `#[child]` method describes one child",
            "write a method for each; for many of one type, a `ChildSpec<DynamicSupervisor<T>>`",
        );
        return None;
    }
    let Some(role) = types::child_spec(ty) else {
        not_described(ty, &described(ty, method), errors);
        return None;
    };
    if let Some(found) = types::impl_trait(role) {
        errors.with_help(found, "a child has one concrete type", "name the type");
        return None;
    }
    if let Some(actor) = handle_of(role, method) {
        let what = "a `ChildSpec` names the type of the child, not that of its handle";
        errors.with_help(role, what, format!("`ChildSpec<{}>`", types::text(&actor)));
        return Some(outside(&actor, supervisor));
    }
    if let Some(borrow) = types::borrow(role) {
        // A lifetime of the method's own is reported where it is declared.
        if method.sig.generics.lifetimes().next().is_none() {
            errors.with_help(
                borrow.tokens,
                "a child cannot borrow: it outlives the function that describes it",
                "own the data (`String`, `Arc<T>`)",
            );
        }
        return None;
    }
    let outside = outside(role, supervisor);
    if types::text(&outside) == types::text(&supervisor.path) {
        let what =
            format!("`{}` would start itself: a tree cannot contain itself", supervisor.name);
        errors.with_help(role, what, "a supervisor of another type may be a child");
    }
    Some(outside)
}

/// The `Vault` for which a method says `VaultRef`: its body names the one, and not the other.
fn handle_of(role: &Type, method: &Method) -> Option<Type> {
    let handle = &types::last_segment(role)?.ident;
    let actor = Ident::new(handle.to_string().strip_suffix("Ref")?, handle.span());
    let names = |name| types::mentions(&method.body(), &[name]);
    if !names(&actor) || names(handle) {
        return None;
    }
    let mut role = types::peel(role).clone();
    if let Type::Path(role) = &mut role {
        role.path.segments.last_mut()?.ident = actor;
    }
    Some(role)
}

/// The type as it is named outside of the block: without `Self`.
fn outside(role: &Type, supervisor: &SelfType) -> Type {
    let tokens = types::without_self(role.to_token_stream(), &supervisor.path);
    syn::parse2(tokens).unwrap_or_else(|_| role.clone())
}

fn not_described(place: impl ToTokens, role: &str, errors: &mut Errors) {
    let help = format!("return `ChildSpec<{role}>`");
    errors.with_help(place, "a child is described, not started", help);
}

/// What the child probably is: `Vault` for `VaultRef`, for `Result<Vault, E>` and for `Box<ChildSpec<Vault>>`.
fn described(ty: &Type, method: &Method) -> String {
    let guess = || names::variant(&method.sig.ident).to_string();
    let Some(segment) = types::last_segment(ty) else {
        return guess();
    };
    if segment.ident == "ChildSpec" {
        return types::type_arguments(segment).next().map_or_else(guess, types::text);
    }
    let is_wrapper =
        ["Result", "Option", "Box", "Arc", "Start"].iter().any(|name| segment.ident == name);
    match types::type_arguments(segment).next() {
        Some(inner) if is_wrapper => described(inner, method),
        _ => {
            let text = types::text(ty);
            let (name, arguments) = text.split_at(text.find('<').unwrap_or(text.len()));
            format!("{}{arguments}", name.strip_suffix("Ref").unwrap_or(name))
        }
    }
}

fn dependency(parameter: &PatType, errors: &mut Errors) -> Option<Dependency> {
    if let Some(cfg) = parameter.attrs.iter().find(|attr| attr.path().is_ident("cfg")) {
        errors.with_help(
            cfg,
            "a child has the same dependencies in every configuration",
            "put `#[cfg(..)]` on two `#[child]` methods",
        );
        return None;
    }
    let Some(name) = plain_name(&parameter.pat) else {
        errors.with_help(
            &parameter.pat,
            "a dependency needs a plain name: it is found by it",
            "name it like the child that it is the handle of",
        );
        return None;
    };
    Some(Dependency { name: name.clone(), ty: (*parameter.ty).clone() })
}
