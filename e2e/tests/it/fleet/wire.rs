//! What is between a process and its database: it can be cut, slow, or hold everything back.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream, UnixStream},
    sync::watch,
    time::sleep,
};

#[derive(Clone, Debug)]
pub(super) struct Wire {
    address: SocketAddr,
    /// Counts how often it was cut.
    cut: watch::Sender<u64>,
    held: watch::Sender<bool>,
    delay_ms: Arc<AtomicU64>,
}

impl Wire {
    /// To the server with this socket.
    pub(super) async fn to(socket: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let wire = Self {
            address: listener.local_addr().unwrap(),
            cut: watch::Sender::new(0),
            held: watch::Sender::new(false),
            delay_ms: Arc::default(),
        };
        let carrying = wire.clone();
        tokio::spawn(async move {
            while let Ok((process, _)) = listener.accept().await {
                let (wire, socket) = (carrying.clone(), socket.clone());
                tokio::spawn(async move { wire.carry(process, socket).await });
            }
        });
        wire
    }

    pub(super) fn database(&self) -> String {
        format!("postgres://countersign@{}/postgres", self.address)
    }

    /// Ends every connection there is.
    pub(super) fn cut(&self) {
        self.cut.send_modify(|count| *count += 1);
    }

    /// Holds everything back, until it is let go.
    pub(super) fn hold(&self, held: bool) {
        self.held.send_replace(held);
    }

    /// Carries each piece this much later.
    pub(super) fn delay(&self, by: Duration) {
        let ms = u64::try_from(by.as_millis()).unwrap();
        self.delay_ms.store(ms, Ordering::Relaxed);
    }

    async fn carry(self, process: TcpStream, socket: PathBuf) {
        let mut cut = self.cut.subscribe();
        cut.mark_unchanged();
        let Ok(server) = UnixStream::connect(socket).await else {
            return;
        };
        process.set_nodelay(true).unwrap();
        let (from_process, to_process) = process.into_split();
        let (from_server, to_server) = server.into_split();
        tokio::select! {
            () = self.pump(from_process, to_server) => {}
            () = self.pump(from_server, to_process) => {}
            _ = cut.changed() => {}
        }
    }

    async fn pump(&self, mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin) {
        let mut held = self.held.subscribe();
        let mut piece = vec![0; 64 * 1024];
        while let Ok(size @ 1..) = from.read(&mut piece).await {
            let delay = self.delay_ms.load(Ordering::Relaxed);
            if delay > 0 {
                sleep(Duration::from_millis(delay)).await;
            }
            let _ = held.wait_for(|held| !held).await;
            if to.write_all(&piece[..size]).await.is_err() {
                return;
            }
        }
    }
}
