//! `#[actor(..)]` on the struct that is an actor's state.

mod check;
mod expand;
mod ir;

use crate::diag::Errors;
use crate::syntax::ImplBlock;
use crate::{attrs, dump, handlers};
use proc_macro2::TokenStream;
use quote::quote;
use syn::Attribute;

/// tokens → syntax (parse) → ir (lower) → check → expand. The input comes out again whatever is wrong with
/// it.
pub(crate) fn expand(options: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let generated = match syn::parse2(item.clone()) {
        Ok(target) => ir::lower(options, target, &mut errors)
            .filter(|actor| check::check(actor, &mut errors))
            .map(|actor| {
                let generated = expand::expand(&actor);
                dump::print(&actor.name.to_string(), &generated);
                generated
            }),
        Err(error) => {
            errors.push(error);
            None
        }
    };
    let (errors, input) = (errors.finish(), input(item));
    quote!(#errors #input #generated)
}

/// The item; an impl block as if it said `#[handlers]`, so that what it should have said is told once.
fn input(item: &TokenStream) -> TokenStream {
    match syn::parse2::<ImplBlock>(item.clone()) {
        Ok(block) if has_handlers(&block) => item.clone(),
        Ok(block) if block.of_trait.is_none() && is_marked(&block) => {
            handlers::expand(TokenStream::new(), item)
        }
        Ok(_) => attrs::without_markers(item.clone()),
        Err(_) => item.clone(),
    }
}

fn has_handlers(block: &ImplBlock) -> bool {
    let is_it =
        |attr: &Attribute| attr.path().segments.last().is_some_and(|last| last.ident == "handlers");
    block.attrs.iter().any(is_it)
}

fn is_marked(block: &ImplBlock) -> bool {
    block.methods().flat_map(|method| &method.attrs).any(|attr| attrs::marker(attr).is_some())
}
