//! Ports for programs that cannot choose one and say which.
//!
//! Invariant: no port is given out twice by a process, and none is one that the system hands out:
//! where a port was only free a moment ago, another test may listen on it by the time a program
//! asks for it, and answers in its place.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU16, Ordering};

use tokio::net::TcpSocket;

use crate::Outcome;

/// Linux hands out ports from 32768, macOS and Windows from 49152.
const FIRST: u16 = 12_000;
const COUNT: u16 = 20_000;

/// Returns a port on which nobody listens, between 12000 and 31999.
///
/// # Errors
///
/// When all are taken.
pub fn free_port() -> Outcome<u16> {
    static NEXT: OnceLock<AtomicU16> = OnceLock::new();
    // Two processes begin at different places.
    let begin =
        || AtomicU16::new(u16::try_from(std::process::id() * 37 % u32::from(COUNT)).unwrap_or(0));
    let next = NEXT.get_or_init(begin);
    for _ in 0..COUNT {
        let port = FIRST + next.fetch_add(1, Ordering::Relaxed) % COUNT;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    Err("no port is free".to_owned())
}

/// Returns an address that refuses connections as long as the socket lives, and the socket.
///
/// # Errors
///
/// When the system has no port.
pub fn where_nobody_listens() -> Outcome<(TcpSocket, String)> {
    let socket = TcpSocket::new_v4().map_err(|error| error.to_string())?;
    socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).map_err(|error| error.to_string())?;
    let address = socket.local_addr().map_err(|error| error.to_string())?;
    Ok((socket, address.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_given_once_and_is_none_of_the_systems() {
        let mut ports: Vec<_> = (0..500).map(|_| free_port().unwrap()).collect();
        ports.sort_unstable();
        ports.dedup();
        assert_eq!(ports.len(), 500);
        assert!(ports.iter().all(|port| (FIRST..FIRST + COUNT).contains(port)));
    }
}
