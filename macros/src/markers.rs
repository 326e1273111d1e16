//! Which marker a method of a block has, for every attribute that reads one.

use crate::attrs;
use crate::diag::{Errors, belongs, with_article};
use crate::names;
use crate::syntax::{ImplBlock, Method};
use proc_macro2::{Ident, TokenStream};
use syn::{GenericParam, Meta};

/// `#[call(timeout = "1s")]` on a method.
pub(crate) struct Marker<'a> {
    pub(crate) name: &'static str,
    /// The name where the user wrote it.
    pub(crate) word: &'a Ident,
    pub(crate) options: TokenStream,
}

/// The marker of `method`, if it has one of the block `#[block]`. Every first marker is added to `words`; one that
/// belongs elsewhere, or is not alone, is reported.
pub(crate) fn of<'a>(
    method: &'a Method,
    block: &str,
    words: &mut Vec<Ident>,
    errors: &mut Errors,
) -> Option<Marker<'a>> {
    refuse_conditional(method, errors);
    let mut markers = method
        .attrs
        .iter()
        .filter_map(|attr| attrs::marker(attr).map(|(name, word)| (attr, name, word)));
    let (attr, name, word) = markers.next()?;
    words.push(Ident::new(name, word.span()));
    let all = [(attr, name, word)].into_iter().chain(markers.clone());
    if let Some((_, foreign, word)) =
        all.into_iter().find(|(_, it, _)| !names::belongs_in(it, block))
    {
        errors.at(word, belongs(foreign));
        return None;
    }
    if let Some((_, second_name, second)) = markers.next() {
        let what = if name == second_name {
            format!("this method is marked `#[{name}]` already")
        } else {
            let (one, other) = (with_article(name), with_article(second_name));
            format!("a method is either {one} or {other}, not both")
        };
        errors.at(second, what);
        return None;
    }
    if word != name {
        let what = format!("there is no `#[{word}]`: each message has a handler of its own");
        errors.with_help(word, what, format!("`#[{name}]`"));
    }
    let options = match &attr.meta {
        Meta::Path(_) => TokenStream::new(),
        Meta::List(list) => list.tokens.clone(),
        Meta::NameValue(value) => {
            errors.at(&value.value, format!("options go in parentheses: `#[{name}(..)]`"));
            return None;
        }
    };
    Some(Marker { name, word, options })
}

/// Attributes inside the block are read before `cfg_attr` is resolved.
fn refuse_conditional(method: &Method, errors: &mut Errors) {
    for attr in &method.attrs {
        if let Some((condition, marker)) = attrs::conditional_marker(attr) {
            errors.with_help(
                attr,
                format!("`#[{marker}]` cannot stand in a `cfg_attr`, which is resolved too late"),
                format!("`#[cfg({condition})] #[{marker}]`"),
            );
        }
    }
}

/// Generated code calls `what` without type arguments.
pub(crate) fn refuse_type_parameters(
    method: &Method,
    what: &str,
    block: &str,
    errors: &mut Errors,
) {
    let named = method.sig.generics.params.iter().filter_map(|parameter| match parameter {
        GenericParam::Type(parameter) => Some(&parameter.ident),
        GenericParam::Const(parameter) => Some(&parameter.ident),
        GenericParam::Lifetime(_) => None,
    });
    for name in named {
        errors.with_help(
            name,
            format!("{what} cannot have type parameters of its own"),
            format!("move `{name}` to the {block}"),
        );
    }
}

/// Those of `names` which the block has a method for, each reported: they are generated from `origin`.
pub(crate) fn taken(
    names: &[&'static str],
    origin: &str,
    block: &ImplBlock,
    errors: &mut Errors,
) -> Vec<&'static str> {
    let methods = block.methods().map(|method| &method.sig.ident);
    let clashes = methods.filter_map(|name| Some((name, *names.iter().find(|it| name == **it)?)));
    let mut taken = Vec::new();
    for (method, name) in clashes {
        let what = format!("`{name}` is generated from `#[{origin}]`");
        errors.with_help(method, what, "rename the method");
        taken.push(name);
    }
    taken
}
