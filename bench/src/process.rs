//! Processes of the run; each ends with it.

use std::{fs::File, net::SocketAddr, path::Path, time::Duration};

use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    net::TcpStream,
    process::{Child, Command},
    time::{sleep, timeout},
};

use crate::{Outcome, cpu};

#[derive(Debug)]
pub(crate) struct Process {
    name: String,
    child: Child,
    pid: u32,
}

impl Process {
    /// Starts `program` with what `adjust` adds; its output goes to a file.
    pub(crate) fn start(
        program: impl AsRef<Path>,
        output: &Path,
        adjust: impl FnOnce(&mut Command),
    ) -> Outcome<Self> {
        let program = program.as_ref();
        let mut command = Command::new(program);
        let log = File::create(output)?;
        command
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true);
        adjust(&mut command);
        let name = program.display().to_string();
        let child = command
            .spawn()
            .map_err(|error| format!("{name}: {error}"))?;
        let pid = child.id().ok_or("a process that has ended already")?;
        Ok(Self { name, child, pid })
    }

    /// It and its children, such as nginx's workers.
    pub(crate) fn pids(&self) -> Vec<u32> {
        let mut pids = vec![self.pid];
        pids.extend(cpu::children(self.pid).unwrap_or_default());
        pids
    }

    /// Waits until it accepts connections.
    pub(crate) async fn answers(&self, at: SocketAddr) -> Outcome<()> {
        for _ in 0..200 {
            if TcpStream::connect(at).await.is_ok() {
                return Ok(());
            }
            sleep(Duration::from_millis(50)).await;
        }
        Err(format!("{} does not listen on {at}", self.name).into())
    }

    /// Asks it to stop and waits. Killing nginx's master would leave its workers behind.
    pub(crate) async fn stop(mut self) -> Outcome<()> {
        let pid = i32::try_from(self.pid).ok().and_then(Pid::from_raw);
        if let Some(pid) = pid {
            kill_process(pid, Signal::TERM)?;
        }
        timeout(Duration::from_secs(20), self.child.wait()).await??;
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A run that fails half-way must not leave nginx's workers behind either.
        if let Ok(None) = self.child.try_wait()
            && let Some(pid) = i32::try_from(self.pid).ok().and_then(Pid::from_raw)
        {
            let _ = kill_process(pid, Signal::TERM);
            for _ in 0..100 {
                if !matches!(self.child.try_wait(), Ok(None)) {
                    return;
                }
                #[allow(clippy::disallowed_methods)] // Nothing else runs here any more.
                std::thread::sleep(Duration::from_millis(20));
            }
        }
    }
}
