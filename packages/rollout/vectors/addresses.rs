//! Prints `addresses.json`: addresses in several spellings, each with the text that Rust's `IpAddr`
//! prints and the bucket of its routing key. Standard library only:
//!
//!     rustc -O addresses.rs && ./addresses > addresses.json

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

fn fnv1a32(key: &[u8]) -> u32 {
    key.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// The routing key: an IPv4-mapped IPv6 address counts as its IPv4 address.
fn bucket(ip: IpAddr) -> u32 {
    fnv1a32(ip.to_canonical().to_string().as_bytes()) % 100
}

/// xorshift32, so that the same addresses come out on every machine.
fn next(state: &mut u32) -> u32 {
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    *state
}

fn main() {
    let mut rng = 0x2026_1123;
    let mut texts: Vec<String> = Vec::new();
    // Loopback addresses, so that a test can be each of these clients over a real socket.
    for _ in 0..360 {
        let [_, b, c, d] = next(&mut rng).to_be_bytes();
        texts.push(Ipv4Addr::new(127, b, c, d.clamp(1, 254)).to_string());
    }
    for _ in 0..120 {
        texts.push(Ipv4Addr::from(next(&mut rng)).to_string());
    }
    for round in 0..160 {
        let mut groups = [0u16; 8];
        for group in &mut groups {
            // Many zero groups and short groups, where compression and leading zeros matter.
            let bits = next(&mut rng);
            *group = match bits % 4 {
                0 | 1 => 0,
                2 => (bits >> 16) as u16 & 0xff,
                _ => (bits >> 16) as u16,
            };
        }
        let ip = Ipv6Addr::from(groups);
        texts.push(match round % 4 {
            0 => ip.to_string(),
            1 => ip.to_string().to_uppercase(),
            2 => groups.map(|group| format!("{group:x}")).join(":"),
            _ => groups.map(|group| format!("{group:04x}")).join(":"),
        });
    }
    for _ in 0..10 {
        texts.push(format!("::ffff:{}", Ipv4Addr::from(next(&mut rng))));
    }
    println!("[");
    for (index, text) in texts.iter().enumerate() {
        let ip: IpAddr = text.parse().expect("an address");
        let comma = if index + 1 == texts.len() { "" } else { "," };
        println!(
            "  {{ \"text\": \"{text}\", \"canonical\": \"{ip}\", \"bucket\": {} }}{comma}",
            bucket(ip)
        );
    }
    println!("]");
}
