"""Both embedded studies on a Dask cluster, beside the same run at home: python tests/benchmarks/cluster.py (root, Linux)

A scheduler and three workers, each in a network of its own, joined by a bridge; workers do not see the project's data,
notebooks and outputs, which are hidden from them. Traffic is encrypted with certificates made for the occasion. One of the
workers is killed while notebooks are made. It prints how long both runs took and every file in which they differ.
"""

import filecmp
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).parents[2]
HIDDEN = ("data", "notebooks", "tests")
PEOPLE = ("scheduler", "worker1", "worker2", "worker3")
BRIDGE = "ncsbridge"


def sh(command: str) -> None:
    """Run a line of shell."""
    subprocess.run(command, shell=True, check=True, capture_output=True)


def join_networks() -> None:
    """A bridge at 10.77.0.254, and a network for each process with an address of its own."""
    sh(
        f"ip link add {BRIDGE} type bridge && ip addr add 10.77.0.254/24 dev {BRIDGE} && ip link set {BRIDGE} up"
    )
    for number, name in enumerate(PEOPLE, start=1):
        sh(f"ip netns add {name} && ip link add v{number} type veth peer name eth0 netns {name}")
        sh(f"ip link set v{number} master {BRIDGE} up")
        sh(
            f"ip netns exec {name} sh -c 'ip link set lo up; ip addr add 10.77.0.{number}/24 dev eth0; ip link set eth0 up'"
        )


def part_networks() -> None:
    """Take them away again."""
    for name in PEOPLE:
        subprocess.run(["ip", "netns", "del", name], capture_output=True)
    subprocess.run(["ip", "link", "del", BRIDGE], capture_output=True)


def certificates(folder: Path) -> dict[str, str]:
    """Make a certificate that is its own authority, and return the settings by which Dask uses it."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    sh(
        f"openssl req -x509 -newkey rsa:2048 -nodes -keyout {key} -out {certificate} -days 1 -subj /CN=ncsresearch"
    )
    own = {"CA_FILE": certificate}
    for role in ("CLIENT", "SCHEDULER", "WORKER"):
        own |= {f"{role}__CERT": certificate, f"{role}__KEY": key}
    return {f"DASK_DISTRIBUTED__COMM__TLS__{name}": str(path) for name, path in own.items()}


def start(name: str, folder: Path, settings: dict[str, str]) -> subprocess.Popen:
    """Start the scheduler or a worker in its network and a folder of its own."""
    own = folder / name
    (own / "tmp").mkdir(parents=True)
    dask = f"{sys.executable} -m dask"
    address = "--host tls://10.77.0.1:8786 --no-dashboard"
    worker = f"worker tls://10.77.0.1:8786 --nthreads 1 --no-dashboard --no-nanny --local-directory {own}"
    hide = " && ".join(f"mount -t tmpfs none {PROJECT / hidden}" for hidden in HIDDEN)
    line = f"exec {dask} scheduler {address}" if name == "scheduler" else f"{hide} && exec {dask} {worker}"
    command = ["ip", "netns", "exec", name, "unshare", "-m", "sh", "-c", line]
    log = (folder / f"{name}.log").open("wb")
    env = os.environ | settings | {"TMPDIR": str(own / "tmp")}
    return subprocess.Popen(command, cwd=own, env=env, stdout=log, stderr=log, start_new_session=True)


def run(output: Path, settings: dict[str, str], *options: str) -> subprocess.Popen:
    """Start the command line on both studies."""
    command = [
        sys.executable,
        "-c",
        "from ncsresearch.cli import main; main()",
        "run",
        "--output",
        str(output),
    ]
    return subprocess.Popen(
        [*command, *options], cwd=PROJECT, env=os.environ | settings, stdout=subprocess.PIPE, text=True
    )


def differences(one: Path, two: Path) -> list[str]:
    """Files of the one that are not the same in the other, manifests aside."""
    names = {
        path.relative_to(folder).as_posix()
        for folder in (one, two)
        for path in folder.rglob("*")
        if path.is_file()
    }
    names = sorted(name for name in names if not name.endswith("manifest.json"))
    return (
        filecmp.cmpfiles(one, two, names, shallow=False)[1]
        + filecmp.cmpfiles(one, two, names, shallow=False)[2]
    )


def on_cluster(folder: Path) -> float:
    """Run both studies on the cluster, and kill a worker when five notebooks are made; return the seconds."""
    settings = certificates(folder)
    running = {name: start(name, folder, settings) for name in PEOPLE}
    try:
        started = time.monotonic()
        caller = run(folder / "away", settings, "--scheduler", "tls://10.77.0.1:8786")
        while len([*(folder / "away").rglob("*.ipynb")]) < 5 and caller.poll() is None:
            time.sleep(0.1)
        os.killpg(running["worker2"].pid, signal.SIGKILL)
        sys.stdout.write(f"on the cluster, one worker killed: {caller.communicate()[0]}")
        return time.monotonic() - started
    finally:
        for process in running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def main() -> None:
    """Run at home and on the cluster, and compare."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sys.stdout.write(f"at home: {run(folder / 'home', {}).communicate()[0]}")
        part_networks()
        join_networks()
        try:
            on_cluster(folder)
        finally:
            part_networks()
        found = differences(folder / "home", folder / "away")
        n = len([path for path in (folder / "home").rglob("*") if path.is_file()])
        failed = [
            entry["error"]
            for told in folder.glob("away/*/manifest.json")
            for entry in json.loads(told.read_text())["notebooks"]
            if entry["error"]
        ]
        sys.stdout.write(f"{n} files, {len(found)} differ besides the manifests: {found}; failed: {failed}\n")


if __name__ == "__main__":
    main()
