//! The mistakes found in one macro input, reported together.

use crate::names;
use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// Collects the errors of one expansion.
///
/// Dropping a collector that holds errors nobody read is a bug of the macro, so it panics: a path that
/// forgets to report fails in our own tests.
#[derive(Default)]
pub(crate) struct Errors {
    list: Vec<syn::Error>,
}

impl Errors {
    /// Reports `message` at `tokens`, from their first to their last token.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl Into<String>) {
        self.list.push(syn::Error::new_spanned(tokens, message.into()));
    }

    /// Reports `message` at `tokens`, with the fix on a line of its own.
    pub(crate) fn with_help(
        &mut self,
        tokens: impl ToTokens,
        message: impl AsRef<str>,
        help: impl AsRef<str>,
    ) {
        self.at(tokens, format!("{}\nhelp: {}", message.as_ref(), help.as_ref()));
    }

    /// Takes an error found by the parser.
    pub(crate) fn push(&mut self, error: syn::Error) {
        self.list.push(error);
    }

    /// How many mistakes there are so far: to see whether a step found any.
    pub(crate) fn count(&self) -> usize {
        self.list.len()
    }

    /// The errors as `compile_error!` items.
    pub(crate) fn finish(mut self) -> TokenStream {
        std::mem::take(&mut self.list).iter().map(syn::Error::to_compile_error).collect()
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        assert!(
            self.list.is_empty() || std::thread::panicking(),
            "errors of a macro were dropped unread"
        );
    }
}

/// The error of a marker attribute that no block consumed.
pub(crate) fn marker_outside(marker: &str) -> TokenStream {
    let mut what = belongs(marker);
    if names::belongs_in(marker, "protocol") {
        what.push_str("\nhelp: an impl of a protocol has none: they are in the trait");
    }
    syn::Error::new(Span::call_site(), what).to_compile_error()
}

/// Where a marker belongs, for one that stands elsewhere.
pub(crate) fn belongs(marker: &str) -> String {
    let block = names::block_of(marker);
    format!("`#[{marker}]` belongs on a method of a `#[{block}] impl` block")
}

/// "a `#[call]`", "an `#[info]`".
pub(crate) fn with_article(marker: &str) -> String {
    let article = if marker.starts_with('i') { "an" } else { "a" };
    format!("{article} `#[{marker}]`")
}

/// The words `a`, `b` and `c` as "`a`, `b`, `c`".
pub(crate) fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
