use ghostlight::prelude::*;
use std::rc::Rc;

#[actor]
struct Cache<V>(Vec<V>);

#[handlers]
impl<V: Send> Cache<V> {
    #[cast]
    fn put(&mut self, value: V) {
        self.0.push(value);
    }
}

async fn tell(cache: CacheRef<Rc<str>>) {
    let _ = cache.put("a".into()).await;
}

fn main() {}
