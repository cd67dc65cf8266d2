//! What the language server can do no more once it has started: write, reach a network, run a program. It needs none of it, and
//! so even a fault in it, or in a crate that it stands on, cannot hand a note on.
//!
//! Landlock takes the right to change anything in the file system, and to use TCP; seccomp takes the calls that make sockets of
//! any kind, run programs, look into other processes, and `io_uring`, which could do the same past the filter. Both
//! hold for every thread that begins afterwards, so that [`close`] comes before the first one.

/// Closes it, as far as the system can, and says in the log how far that is.
#[cfg(target_os = "linux")]
pub fn close() {
    match linux::without_writing() {
        Ok(true) => tracing::info!("nothing can be written from here on"),
        Ok(false) => tracing::info!("this system cannot keep a program from writing in every way"),
        Err(error) => tracing::info!("this system cannot keep a program from writing: {error}"),
    }
    match linux::without_calls() {
        Ok(()) => tracing::info!("no connection can be opened from here on"),
        Err(error) => {
            tracing::info!("this system cannot keep a program from opening connections: {error}");
        }
    }
}

/// Elsewhere the promise rests on the code alone, which has nothing that writes or connects; `docs/privacy.md` says so.
#[cfg(not(target_os = "linux"))]
pub fn close() {
    tracing::info!("this system has no way for a program to give up writing and connecting");
}

/// For the end-to-end tests: does what a server must not be able to do, and says in the log what of it could be done.
#[cfg(debug_assertions)]
pub fn try_to_escape() {
    use std::net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket};

    let here = (Ipv4Addr::LOCALHOST, 0);
    let file = std::env::temp_dir().join(format!("soapstone-test-{}", std::process::id()));
    let tries = [
        ("write", std::fs::write(&file, "x").is_ok()),
        (
            "make a folder",
            std::fs::create_dir(file.with_extension("d")).is_ok(),
        ),
        ("listen", TcpListener::bind(here).is_ok()),
        ("send", UdpSocket::bind(here).is_ok()),
        // Nobody listens there: what is not permitted fails in another way than what is.
        (
            "connect",
            TcpStream::connect((Ipv4Addr::LOCALHOST, 9))
                .is_err_and(|error| error.kind() == std::io::ErrorKind::ConnectionRefused),
        ),
        ("run", std::process::Command::new("true").status().is_ok()),
    ];
    let _ = std::fs::remove_file(&file);
    let _ = std::fs::remove_dir(file.with_extension("d"));
    for (what, could) in tries {
        tracing::warn!("could {what}: {could}");
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeMap;
    use std::error::Error;

    use landlock::{
        ABI, Access as _, AccessFs, AccessNet, CompatLevel, Compatible as _, PathBeneath, PathFd,
        Ruleset, RulesetAttr as _, RulesetCreatedAttr as _, RulesetStatus, Scope,
    };
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};

    /// The newest rules that are known here; of an older kernel those that it knows are used.
    const NEWEST: ABI = ABI::V6;

    /// Keeps the program from changing any file and from using TCP; whether all of it is kept.
    pub fn without_writing() -> Result<bool, Box<dyn Error>> {
        let reads = AccessFs::ReadFile | AccessFs::ReadDir;
        let root = PathBeneath::new(PathFd::new("/")?, reads);
        let status = Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(NEWEST))?
            .handle_access(AccessNet::from_all(NEWEST))?
            .scope(Scope::AbstractUnixSocket)?
            .create()?
            .add_rule(root)?
            .restrict_self()?;
        match status.ruleset {
            RulesetStatus::FullyEnforced => Ok(true),
            RulesetStatus::PartiallyEnforced => Ok(false),
            RulesetStatus::NotEnforced => Err("its kernel has no Landlock".into()),
        }
    }

    /// Answers calls that no language server makes with "not permitted".
    pub fn without_calls() -> Result<(), Box<dyn Error>> {
        let refused = [
            libc::SYS_socket,
            libc::SYS_connect,
            libc::SYS_bind,
            libc::SYS_listen,
            libc::SYS_accept,
            libc::SYS_accept4,
            libc::SYS_sendto,
            libc::SYS_sendmmsg,
            libc::SYS_io_uring_setup,
            libc::SYS_io_uring_enter,
            libc::SYS_io_uring_register,
            libc::SYS_execve,
            libc::SYS_execveat,
            libc::SYS_ptrace,
            libc::SYS_process_vm_readv,
            libc::SYS_process_vm_writev,
            libc::SYS_pidfd_getfd,
            libc::SYS_bpf,
            libc::SYS_userfaultfd,
            libc::SYS_mount,
            libc::SYS_unshare,
            libc::SYS_setns,
        ];
        let rules: BTreeMap<i64, _> = refused.into_iter().map(|call| (call, Vec::new())).collect();
        let refuse = SeccompAction::Errno(libc::EPERM.unsigned_abs());
        let machine = std::env::consts::ARCH.try_into()?;
        let filter = SeccompFilter::new(rules, SeccompAction::Allow, refuse, machine)?;
        let program: BpfProgram = filter.try_into()?;
        seccompiler::apply_filter(&program)?;
        Ok(())
    }
}
