use ghostlight::prelude::*;

fn main() {
    struct Cache;

    #[handlers]
    impl Cache {
        #[call]
        fn get(&self, key: String) -> String {
            key
        }
    }
}
