struct Cache;

fn main() {
    let _ = ghostlight::spawn(Cache);
}
