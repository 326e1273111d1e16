//! `#[supervisor(..)]` on the impl block that says what the children of a supervisor are.

mod check;
mod expand;
mod ir;
mod lower;

use crate::diag::Errors;
use crate::syntax::{ImplBlock, Target};
use crate::{attrs, dump, types};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

/// tokens → syntax (parse) → ir (lower) → check → expand. The input comes out again whatever is wrong
/// with it, without the markers where it is an impl block.
pub(crate) fn expand(options: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let (input, generated) = match syn::parse2::<ImplBlock>(item.clone()) {
        Ok(mut block) => {
            let generated = lower::lower(options, &block, &mut errors).map(|mut supervisor| {
                check::check(&mut supervisor, &block, &mut errors);
                let generated = expand::expand(&supervisor);
                dump::print(&supervisor.ty.name.to_string(), &generated);
                generated
            });
            // A `ChildSpec` is of an actor or a supervisor, and both are `'static`.
            block.generics = types::with_static(block.generics);
            (block.into_token_stream(), generated)
        }
        Err(error) => {
            not_an_impl(item.clone(), error, &mut errors);
            (attrs::without_markers(item.clone()), None)
        }
    };
    let errors = errors.finish();
    quote!(#input #generated #errors)
}

fn not_an_impl(item: TokenStream, error: syn::Error, errors: &mut Errors) {
    match syn::parse2(item) {
        Ok(Target::State(head)) => errors
            .at(head.name, "`#[supervisor]` goes on the impl block; the struct needs no attribute"),
        Ok(Target::Other(word)) => {
            errors.at(word, "`#[supervisor]` goes on an inherent impl: the children of a tree");
        }
        Ok(Target::Impl(_)) | Err(_) => errors.push(error),
    }
}
