//! Names the markers once more, for editors: hover and go-to-definition work on `#[call]` only while
//! something in the expansion refers to it.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

// Input:  `call` and `cast`, where the user wrote them
// Output: const _: () = {
//             use ::ghostlight::call as _;
//             use ::ghostlight::cast as _;
//         };
pub(crate) fn uses(krate: &TokenStream, markers: &[Ident]) -> TokenStream {
    quote! {
        #[allow(unused_imports)]
        const _: () = {
            #(use #krate::#markers as _;)*
        };
    }
}
