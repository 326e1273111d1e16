//! `#[supervisor(..)]` on the impl block whose `#[child]` methods are a supervision tree.

mod check;
mod expand;
mod ir;
mod lower;

use crate::diag::Errors;
use crate::syntax::{ImplBlock, Target};
use crate::{attrs, dump};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

/// tokens → syntax (parse) → ir (lower) → check → expand. The input comes out again whatever is wrong
/// with it, without the markers where it is an impl block.
pub(crate) fn expand(options: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let (input, generated) = match syn::parse2::<ImplBlock>(item.clone()) {
        Ok(block) => {
            let supervisor = lower::lower(options, &block, &mut errors);
            let generated = supervisor.map(|mut supervisor| {
                check::check(&mut supervisor, &mut errors);
                let generated = expand::expand(&supervisor);
                dump::print(&supervisor.name.to_string(), &generated);
                generated
            });
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
    let what = "`#[supervisor]` goes on an impl block: its `#[child]` methods are the tree";
    match syn::parse2(item) {
        Ok(Target::State(head)) => errors.with_help(
            &head.name,
            what,
            format!(
                "`impl {} {{ .. }}`; the struct is the configuration, and needs no attribute",
                head.name
            ),
        ),
        Ok(Target::Other(word)) => errors.at(word, what),
        Ok(Target::Impl(_)) | Err(_) => errors.push(error),
    }
}
