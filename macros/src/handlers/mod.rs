//! `#[handlers(..)]` on the impl block that says what an actor handles.

mod check;
pub(crate) mod expand;
pub(crate) mod ir;
pub(crate) mod lower;

use self::lower::Lowered;
use crate::diag::Errors;
use crate::syntax::{ImplBlock, Target};
use crate::{attrs, dump, types};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

/// tokens → syntax (parse) → ir (lower) → check → expand. The input comes out again whatever is wrong
/// with it, without the markers where it is an impl block.
pub(crate) fn expand(options: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let (input, generated) = match parse(item, &mut errors) {
        Ok(mut block) => {
            let generated = match lower::lower(options, &block, &mut errors) {
                Lowered::Handlers(mut handlers) => {
                    check::check(&mut handlers, &block, &mut errors);
                    if handlers.takes_ctx() {
                        block.generics = types::with_static(block.generics);
                    }
                    let generated = expand::expand(&handlers);
                    dump::print(&handlers.actor.name.to_string(), &generated);
                    generated
                }
                Lowered::Refused { krate, path } => expand::refused(&krate, path.as_ref()),
            };
            (block.into_token_stream(), generated)
        }
        Err(error) => {
            not_an_impl(item.clone(), error, &mut errors);
            (attrs::without_markers(item.clone()), TokenStream::new())
        }
    };
    let errors = errors.finish();
    quote!(#input #generated #errors)
}

/// Reads the block, with `#[handle_continue]` where it says `#[continue]`.
fn parse(item: &TokenStream, errors: &mut Errors) -> syn::Result<ImplBlock> {
    syn::parse2(item.clone()).or_else(|error| match attrs::with_continue(item.clone(), errors) {
        Some(item) => syn::parse2(item),
        None => Err(error),
    })
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
