//! `#[actor(..)]` on the struct that is an actor's state.

mod check;
mod expand;
mod ir;

use crate::diag::Errors;
use crate::dump;
use proc_macro2::TokenStream;
use quote::quote;

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
    let errors = errors.finish();
    quote!(#item #generated #errors)
}
