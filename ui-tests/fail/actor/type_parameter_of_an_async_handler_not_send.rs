use ghostlight::prelude::*;

#[actor]
struct Cache<V>(Vec<V>);

#[handlers]
impl<V> Cache<V> {
    #[cast]
    async fn put(&mut self, value: V) {
        self.0.push(value);
    }
}

fn main() {}
