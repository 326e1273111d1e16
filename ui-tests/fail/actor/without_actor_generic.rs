use ghostlight::prelude::*;

struct Cache<K, V>(Vec<(K, V)>);

#[handlers]
impl<K: Send, V: Send> Cache<K, V> {
    #[cast]
    fn put(&mut self, key: K, value: V) {
        self.0.push((key, value));
    }
}

fn main() {}
