//! From an impl block to what is generated from it. A method with a mistake is reported and left out,
//! so that the others still work.

mod handler;
mod lifecycle;
mod parameters;
mod signature;

use self::signature::with_article;
use super::ir::{ActorType, Handlers, Kind};
use crate::attrs;
use crate::diag::Errors;
use crate::options::Options;
use crate::syntax::{ImplBlock, ImplItem, Method};
use crate::types;
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{GenericParam, Meta, Path, WhereClause};

/// What became of an impl block.
pub(crate) enum Lowered {
    Handlers(Box<Handlers>),
    /// No inherent impl, or one of a type that cannot be an actor.
    Refused {
        krate: TokenStream,
        path: Option<Path>,
    },
}

pub(crate) fn lower(options: TokenStream, block: &ImplBlock, errors: &mut Errors) -> Lowered {
    let options = Options::parse(options, "handlers", errors);
    let krate = options.krate(errors);
    let derives = options
        .settings
        .iter()
        .find(|setting| setting.text == "derive")
        .and_then(|setting| setting.list("derive(Debug, Clone)", errors))
        .unwrap_or_default();
    refuse_async_trait(block, errors);
    let Some(actor) = actor_type(block, errors) else {
        return Lowered::Refused { krate, path: types::plain_path(&block.self_ty).cloned() };
    };

    let mut handlers = Handlers {
        krate,
        actor,
        derives,
        methods: Vec::new(),
        inits: Vec::new(),
        terminates: Vec::new(),
        markers: Vec::new(),
    };
    for item in &block.items {
        if let ImplItem::Method(method) = item {
            lower_method(method, &mut handlers, errors);
        }
    }
    Lowered::Handlers(Box::new(handlers))
}

fn refuse_async_trait(block: &ImplBlock, errors: &mut Errors) {
    for attr in &block.attrs {
        if attrs::is_async_trait(attr) {
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
    let Some(path) = types::plain_path(&block.self_ty) else {
        errors.at(&block.self_ty, "an actor is a named struct or enum of this crate");
        return None;
    };
    let last = path.segments.last()?;
    if let Some(lifetime) = types::borrowed_by(&block.generics, &last.arguments) {
        errors.with_help(
            lifetime,
            "an actor cannot borrow: it outlives the function that starts it",
            "own the data (`String`, `Arc<T>`)",
        );
        return None;
    }
    let mut own = block.generics.clone();
    own.params = own.params.iter().map(|param| parameter_without_self(param, path)).collect();
    own.where_clause = own.where_clause.map(|clause| clause_without_self(&clause, path));
    let generics = types::with_static(own.clone());
    Some(ActorType { path: path.clone(), name: last.ident.clone(), own_generics: own, generics })
}

fn parameter_without_self(parameter: &GenericParam, actor: &Path) -> GenericParam {
    let tokens = types::without_self(parameter.to_token_stream(), actor);
    syn::parse2(tokens).unwrap_or_else(|_| parameter.clone())
}

fn clause_without_self(clause: &WhereClause, actor: &Path) -> WhereClause {
    let tokens = types::without_self(clause.to_token_stream(), actor);
    syn::parse2(tokens).unwrap_or_else(|_| clause.clone())
}

fn lower_method(method: &Method, handlers: &mut Handlers, errors: &mut Errors) {
    for attr in &method.attrs {
        if let Some((condition, marker)) = attrs::conditional_marker(attr) {
            errors.with_help(
                attr,
                format!("`#[{marker}]` cannot stand in a `cfg_attr`, which is resolved too late"),
                format!("`#[cfg({condition})] #[{marker}]`"),
            );
        }
    }
    if let Some(word) = method.attrs.iter().find_map(attrs::child) {
        handlers.markers.push(word.clone());
        errors.with_help(
            word,
            "an actor has no children of its own: `#[child]` belongs in a `#[supervisor]` block",
            "start one with `ctx.start_link(..)`, or give both a supervisor",
        );
        return;
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
                with_article(name),
                with_article(second_name)
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
            errors.at(&value.value, format!("options go in parentheses: `#[{name}(..)]`"));
            return;
        }
    };
    let options = Options::parse(options, name, errors);
    signature::refuse_modifiers(method, name, errors);
    let kind = match name {
        "call" => Kind::Call,
        "cast" => Kind::Cast,
        "info" => Kind::Info,
        "handle_continue" => Kind::Continue,
        "init" => {
            let init = lifecycle::init(method, word, &handlers.actor, errors);
            handlers.inits.extend(init.filter(|_| errors.count() == before));
            return;
        }
        _ => {
            let terminate = lifecycle::terminate(method, word, errors);
            handlers.terminates.extend(terminate.filter(|_| errors.count() == before));
            return;
        }
    };
    let handler = handler::lower(method, kind, name, &options, &handlers.actor, errors);
    handlers.methods.extend(handler.filter(|_| errors.count() == before));
}
