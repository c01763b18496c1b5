//! The catalogue and the templates are built into the program; a changed file builds it again.

fn main() {
    println!("cargo::rerun-if-changed=commands");
}
