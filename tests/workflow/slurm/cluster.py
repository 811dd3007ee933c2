"""A real Slurm on this machine: a controller and two nodes, without systemd and accounting.

``Cluster`` starts it and stops what it started. As a script it runs one command beside it::

    HEATDEATH_TEST_SLURM=1 python tests/workflow/slurm/cluster.py sinfo
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# The jobs' own srun looks nowhere else: the plugin strips SLURM_CONF from their environment.
CONFIGURATION = Path("/etc/slurm/slurm.conf")
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "scancel", "scontrol")
WRITER = "# Written by tests/workflow/slurm/cluster.py, which removes it when it ends: process "
NODES = ("n1", "n2")
CPUS = 4
ALLOWED = os.environ.get("HEATDEATH_TEST_SLURM") == "1"


def refusal():
    """Return why no Slurm is started here, or None."""
    if not ALLOWED:
        return "it starts a Slurm on this machine; set HEATDEATH_TEST_SLURM=1 to allow that"
    if CONFIGURATION.exists() and not left_behind():
        return f"{CONFIGURATION} exists: this machine has a Slurm, or one is being tested"
    if os.geteuid() != 0:
        return "only root can start a Slurm"
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        return f"{', '.join(missing)} not found; on Debian: apt-get install slurm-wlm munge"
    return None


def left_behind():
    """Return whether the configuration is one of ours whose writer was killed."""
    first = CONFIGURATION.read_text().partition("\n")[0]
    writer = first.removeprefix(WRITER)
    return writer != first and writer != identity(writer.split()[0])


def identity(process):
    """Return the id of a process and when it began, which no later process shares."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return None
    return f"{process} begun at {status.rpartition(')')[2].split()[19]}"


class Cluster:
    """A Slurm that runs between ``start`` and ``stop``, or as a context manager."""

    def __init__(self):
        self.folder = None
        self.processes = {}
        self._wrote_configuration = False

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *exception):
        self.stop()

    def start(self, *, seconds=60):
        """Start munge, the controller and the nodes, and wait until all nodes are idle."""
        reason = refusal()
        if reason:
            raise RuntimeError(f"Slurm is not started: {reason}")
        self.folder = Path(tempfile.mkdtemp(prefix="heatdeath-slurm-"))
        self.folder.chmod(0o755)  # munge is a user of its own
        self._start_munge()
        self._write_configuration()
        self._spawn("slurmctld", ["slurmctld", "-D", "-i"])
        for node in NODES:
            self.start_node(node)
        self.wait_for_idle_nodes(seconds=seconds)

    def stop(self):
        """End every job and process that belongs to this Slurm, and remove its files."""
        if "slurmctld" in self.processes:
            self.cancel_jobs()
        for name in reversed(list(self.processes)):
            process = self.processes.pop(name)
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self.folder is not None:
            for node in NODES:
                self._kill_jobs(node)
        if self._wrote_configuration:
            CONFIGURATION.unlink(missing_ok=True)
            self._wrote_configuration = False
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = None

    def cancel_jobs(self, *, seconds=15):
        """Cancel all jobs, and wait until none is left or the time is over."""
        self.query("scancel", "--user=root")
        deadline = time.monotonic() + seconds
        while self.query("squeue", "--noheader").strip() and time.monotonic() < deadline:
            time.sleep(0.2)

    def start_node(self, node):
        """Start the daemon of a node."""
        self._spawn(node, ["slurmd", "-D", "-N", node])

    def kill_node(self, node):
        """Kill all that runs on a node at once, as when its power fails."""
        daemon = self.processes.pop(node)
        daemon.kill()
        daemon.wait()
        self._kill_jobs(node)

    def processes_of_jobs(self, node):
        """Return the ids of the processes of a node's jobs, with their watchers first."""
        marks = {f"SLURMD_NODENAME={node}", f"SLURM_CLUSTER_NAME={self.name}"}
        watching, found = set(), set()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                variables = (folder / "environ").read_text(errors="replace").split("\0")
                if marks <= set(variables):
                    found.add(int(folder.name))
                    parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                    if Path(f"/proc/{parent}/comm").read_text() == "slurmstepd\n":
                        watching.add(parent)
            except OSError:  # it has ended
                continue
        return [*watching, *found]

    @property
    def name(self):
        return self.folder.name.replace("-", "_").lower()

    def states(self):
        """Return the state of each node."""
        lines = self.query("sinfo", "--noheader", "--Node", "--format=%N %T").splitlines()
        return dict(line.split() for line in lines)

    def running_jobs(self, rule):
        """Return the running jobs of a rule: for each its id and its node."""
        lines = self.query("squeue", "--noheader", "--states=RUNNING", "--format=%i %N %k")
        jobs = [line.split(maxsplit=2) for line in lines.splitlines()]
        return {job: node for job, node, comment in jobs if f"rule_{rule}" in comment}

    def wait_for_idle_nodes(self, *, seconds=60):
        """Wait until every node is up and without work."""
        self.wait_for(lambda: self.states() == dict.fromkeys(NODES, "idle"), seconds=seconds)

    def query(self, *command):
        """Return what a command of Slurm prints, and nothing if the controller cannot be asked."""
        try:
            outcome = subprocess.run(
                command, capture_output=True, text=True, timeout=30, check=False
            )
        except subprocess.TimeoutExpired:
            return ""
        return outcome.stdout

    def wait_for(self, condition, *, seconds):
        """Wait until the condition holds; return what it returns."""
        deadline = time.monotonic() + seconds
        while not (value := condition()):
            ended = [name for name, one in self.processes.items() if one.poll() is not None]
            if ended or time.monotonic() > deadline:
                problem = f"{', '.join(ended)} ended" if ended else f"waited {seconds} s in vain"
                raise RuntimeError(f"{problem}; nodes: {self.states()}\n{self.logs()}")
            time.sleep(0.2)
        return value

    def logs(self):
        """Return the last lines of each daemon's log."""
        paths = sorted(self.folder.glob("*.log"))
        return "\n".join(f"--- {path.name}\n{path.read_text()[-2000:]}" for path in paths)

    def _spawn(self, name, command, **options):
        with (self.folder / f"{name}.log").open("ab") as log:
            # Whatever ends this process, even SIGKILL, ends the daemons with it.
            self.processes[name] = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
                **options,
            )

    def _kill_jobs(self, node):
        # Who watches a job dies first, else it would tell the controller that the job failed. What
        # one look finds may have started another process since.
        for _ in range(50):
            processes = self.processes_of_jobs(node)
            if not processes:
                return
            for process in processes:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            time.sleep(0.1)

    def _start_munge(self):
        # A socket and a key of its own, so that a munge of the system is left alone.
        folder = self.folder / "munge"
        folder.mkdir(mode=0o755)
        key = folder / "key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o400)
        user = pwd.getpwnam("munge")
        for path in (folder, key):
            os.chown(path, user.pw_uid, user.pw_gid)
        files = [f"--{what}-file={folder}/{what}" for what in ("key", "pid", "log", "seed")]
        command = ["munged", "--foreground", f"--socket={folder}/socket", *files]
        self._spawn("munged", command, user=user.pw_uid, group=user.pw_gid, extra_groups=[])
        self.wait_for((folder / "socket").exists, seconds=20)

    def _write_configuration(self):
        host = socket.gethostname().partition(".")[0]
        controller, *ports = free_ports(1 + len(NODES))
        lines = [
            WRITER + identity(os.getpid()),
            f"ClusterName={self.name}",
            f"SlurmctldHost={host}(127.0.0.1)",
            f"SlurmctldPort={controller}",
            "SlurmUser=root",
            "SlurmdUser=root",
            "AuthType=auth/munge",
            f"AuthInfo=socket={self.folder}/munge/socket",
            "CredType=cred/munge",
            "MpiDefault=none",
            "ProctrackType=proctrack/linuxproc",
            "TaskPlugin=task/none",
            "SelectType=select/cons_tres",
            "SelectTypeParameters=CR_Core_Memory",
            "AccountingStorageType=accounting_storage/none",
            "JobAcctGatherType=jobacct_gather/linux",
            "JobAcctGatherParams=OverMemoryKill",
            "JobCompType=jobcomp/none",
            # Ended jobs stay visible to squeue, and lost nodes are given up soon.
            "MinJobAge=300",
            "SlurmdTimeout=10",
            "KillWait=5",
            "ReturnToService=2",
            "SchedulerParameters=sched_min_interval=0,bf_interval=5",
            "SlurmdParameters=config_overrides",
            f"StateSaveLocation={self.folder}/state",
            f"SlurmdSpoolDir={self.folder}/spool-%n",
            f"SlurmctldPidFile={self.folder}/slurmctld.pid",
            f"SlurmdPidFile={self.folder}/slurmd-%n.pid",
            *(
                f"NodeName={node} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} "
                f"CPUs={CPUS} RealMemory=8000"
                for node, port in zip(NODES, ports, strict=True)
            ),
            f"PartitionName=debug Nodes={','.join(NODES)} Default=YES DefMemPerCPU=500 "
            "MaxTime=60 State=UP",
        ]
        (self.folder / "state").mkdir()
        CONFIGURATION.parent.mkdir(exist_ok=True)
        if CONFIGURATION.exists() and left_behind():
            CONFIGURATION.unlink()
        with CONFIGURATION.open("x") as file:
            self._wrote_configuration = True
            file.write("\n".join(lines) + "\n")


def free_ports(count):
    """Return ports that nothing listens on."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


if __name__ == "__main__":
    # An ordinary signal also ends what was started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with Cluster():
        sys.exit(subprocess.run(sys.argv[1:] or ["sinfo"], check=False).returncode)
