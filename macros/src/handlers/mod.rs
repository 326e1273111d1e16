//! `#[handlers(..)]` on the impl block that says what an actor handles.

mod check;
mod expand;
mod ir;
mod lower;

use crate::diag::Errors;
use crate::dump;
use crate::syntax::{ImplBlock, Target};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

/// tokens → syntax (parse) → ir (lower) → check → expand. The input comes out again whatever is wrong
/// with it, without the markers where it is an impl block.
pub(crate) fn expand(options: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let (input, generated) = match syn::parse2::<ImplBlock>(item.clone()) {
        Ok(block) => {
            let generated = lower::lower(options, &block, &mut errors).map(|mut handlers| {
                check::check(&mut handlers, &block, &mut errors);
                let generated = expand::expand(&handlers);
                dump::print(&handlers.actor.name.to_string(), &generated);
                generated
            });
            (block.into_token_stream(), generated)
        }
        Err(error) => {
            not_an_impl(item.clone(), error, &mut errors);
            (item.clone(), None)
        }
    };
    let errors = errors.finish();
    quote!(#input #generated #errors)
}

fn not_an_impl(item: TokenStream, error: syn::Error, errors: &mut Errors) {
    match syn::parse2(item) {
        Ok(Target::State(head)) => errors
            .at(head.name, "`#[handlers]` goes on the impl block; the struct takes `#[actor]`"),
        Ok(Target::Other(word)) => {
            errors.at(word, "`#[handlers]` goes on an inherent impl: the methods of an actor");
        }
        Ok(Target::Impl(_)) | Err(_) => errors.push(error),
    }
}
