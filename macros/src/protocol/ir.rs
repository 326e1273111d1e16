//! What `#[protocol]` knows of a trait.

use crate::handlers::ir::Handler;
use crate::self_type::SelfType;
use proc_macro2::{Ident, TokenStream};
use syn::Path;

/// One trait, reduced to what is generated from it.
pub(crate) struct Protocol {
    /// The path of the runtime.
    pub(crate) krate: TokenStream,
    /// The trait.
    pub(crate) ty: SelfType,
    /// The protocols that it extends.
    pub(crate) parents: Vec<Path>,
    /// In the order of the trait; those with mistakes are left out.
    pub(crate) methods: Vec<Handler>,
    /// Every marker of the trait, where the user wrote it.
    pub(crate) markers: Vec<Ident>,
}
