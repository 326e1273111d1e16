//! `#[protocol(..)]` on the trait that says what several actors can be asked.

mod check;
mod expand;
mod ir;
mod lower;

use crate::diag::Errors;
use crate::syntax::{Target, TraitBlock};
use crate::{attrs, dump};
use proc_macro2::TokenStream;
use quote::quote;

/// tokens → syntax (parse) → ir (lower) → check → expand. The trait comes out again whatever is wrong with it, without the markers.
pub(crate) fn expand(options: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let output = match syn::parse2::<TraitBlock>(item.clone()) {
        Ok(block) => {
            let generated = lower::lower(options, &block, &mut errors).map(|mut protocol| {
                check::check(&mut protocol, &mut errors);
                let generated = expand::expand(&protocol, &block);
                dump::print(&protocol.ty.name.to_string(), &generated);
                generated
            });
            let the_trait = expand::the_trait(&block);
            quote!(#the_trait #generated)
        }
        Err(error) => {
            no_trait(item.clone(), error, &mut errors);
            attrs::without_markers(item.clone())
        }
    };
    let errors = errors.finish();
    quote!(#output #errors)
}

fn no_trait(item: TokenStream, error: syn::Error, errors: &mut Errors) {
    match syn::parse2(item) {
        Ok(Target::State(head)) => errors.with_help(
            head.name,
            "`#[protocol]` goes on a trait: what several actors can be asked",
            "an actor's own messages are the methods of its `#[handlers]` block",
        ),
        Ok(Target::Impl(word)) => errors.with_help(
            word,
            "`#[protocol]` goes on the trait, not on an impl",
            "an actor that speaks a protocol implements the trait as any other",
        ),
        Ok(Target::Other(word)) if word.to_string() != "trait" => {
            errors.at(word, "`#[protocol]` goes on a trait: what several actors can be asked");
        }
        Ok(Target::Other(_)) | Err(_) => errors.push(error),
    }
}
