use ghostlight::prelude::*;

// No type of std's: what rustc shows of one depends on whether its sources are installed.
struct Key(*const u8);

#[actor]
struct Cache<V>(Vec<V>);

#[handlers]
impl<V: Send> Cache<V> {
    #[cast]
    fn put(&mut self, value: V) {
        self.0.push(value);
    }
}

async fn tell(cache: CacheRef<Key>) {
    let _ = cache.put(Key("a".as_ptr())).await;
}

fn main() {}
