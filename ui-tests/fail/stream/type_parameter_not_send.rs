use ghostlight::prelude::*;

#[actor]
struct Room<T>(Option<T>);

#[handlers]
impl<T> Room<T> {
    #[call]
    fn watch(&mut self, out: StreamTo<T>) {
        drop(out);
    }
}

fn main() {}
