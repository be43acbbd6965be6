//! What is known about the other end of a connection: told once, kept beside it.

use std::any::Any;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use actix_web::dev::Extensions;
use actix_web::http::header::HeaderMap;
use actix_web::rt::net::TcpStream;
use actix_web::{HttpRequest, web};
use tokio::sync::OnceCell;

use super::local_owner;

/// Headers that proxies add: the request comes from somewhere else than its connection.
const FORWARDED: [&str; 4] = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];

/// Who asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Asker {
    /// The user the server runs as, on the same machine.
    Own,
    /// Everybody else: another machine, another user, whoever is behind a proxy, or unknown.
    Other,
}

/// The two ends of one connection.
#[derive(Debug)]
pub(crate) struct Connection {
    peer: SocketAddr,
    local: SocketAddr,
    own: OnceCell<bool>,
}

/// Called for every accepted connection: answers leave at once, and its ends are kept.
pub(crate) fn accepted(stream: &dyn Any, data: &mut Extensions) {
    let Some(stream) = stream.downcast_ref::<TcpStream>() else { return };
    // Without this the kernel holds a small last piece back until the client has acknowledged the
    // piece before, which takes 40 ms.
    if let Err(error) = stream.set_nodelay(true) {
        log::debug!("a connection keeps its delay: {error}");
    }
    if let (Ok(peer), Ok(local)) = (stream.peer_addr(), stream.local_addr()) {
        data.insert(Connection { peer, local, own: OnceCell::new() });
    }
}

impl Asker {
    /// Looks once per connection; a connection that is not known is not our own.
    pub(crate) async fn of(request: &HttpRequest) -> Self {
        let Some(connection) = request.conn_data::<Connection>() else { return Self::Other };
        if !connection.peer.ip().to_canonical().is_loopback() || is_forwarded(request.headers()) {
            return Self::Other;
        }
        let (peer, local) = (connection.peer, connection.local);
        let look = || async move {
            web::block(move || local_owner::is_own(peer, local)).await.unwrap_or(false)
        };
        if *connection.own.get_or_init(look).await { Self::Own } else { Self::Other }
    }
}

/// The address a request came from; an unspecified one when it is not known.
pub(crate) fn peer_ip(request: &HttpRequest) -> IpAddr {
    let known = request.conn_data::<Connection>();
    known.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |connection| connection.peer.ip())
}

fn is_forwarded(headers: &HeaderMap) -> bool {
    FORWARDED.iter().any(|name| headers.contains_key(*name))
}

#[cfg(test)]
mod tests {
    use actix_web::rt::net::TcpListener;

    use super::*;

    #[actix_web::test]
    async fn a_new_connection_sends_at_once_and_is_known() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (served, peer) = listener.accept().await.unwrap();
        assert!(!served.nodelay().unwrap());
        let mut data = Extensions::new();
        accepted(&served, &mut data);
        assert!(served.nodelay().unwrap());
        let known = data.get::<Connection>().unwrap();
        assert_eq!((known.peer, known.local), (peer, served.local_addr().unwrap()));
        drop(client);
    }

    #[actix_web::test]
    async fn an_unknown_connection_is_nobody_s_own() {
        let request = actix_web::test::TestRequest::get().to_http_request();
        assert_eq!(Asker::of(&request).await, Asker::Other);
        assert!(peer_ip(&request).is_unspecified());
    }
}
