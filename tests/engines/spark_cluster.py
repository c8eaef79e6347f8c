"""A Spark master and its workers on this machine's loopback, started by the pip package's own spark-class."""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

QUICK = """
spark.driver.extraJavaOptions -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:TieredStopAtLevel=1
spark.executor.extraJavaOptions -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:TieredStopAtLevel=1
spark.sql.codegen.wholeStage false
spark.sql.codegen.factoryMode NO_CODEGEN
spark.sql.shuffle.partitions 2
spark.sql.adaptive.enabled false
spark.executor.memory 600m
"""  # small worlds: compiling statements would take longer than running them


def needs_java():
    """Skip where there is no Java, or no PySpark."""
    pytest.importorskip("pyspark", reason="Spark is an extra: pip install 'hubrank[spark]'")
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java") is None and not (home and (Path(home) / "bin" / "java").exists()):
        pytest.skip("no Java: apt-get install openjdk-17-jre-headless")


def configure(folder, patch):
    """Let Spark start quickly and stay on this machine."""
    (folder / "spark-defaults.conf").write_text(QUICK)
    patch.setenv("SPARK_CONF_DIR", str(folder))
    patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")


def end_java():
    """End the Java of earlier sessions: it gives every executor the environment that its first session was given."""
    from pyspark import SparkContext

    gateway = SparkContext._gateway
    if gateway is not None:
        gateway.shutdown()
        gateway.proc.stdin.close()  # Java ends with its standard input
        gateway.proc.wait(timeout=60)
        SparkContext._gateway = SparkContext._jvm = None


class Cluster:
    """One master and its workers, each a group of processes of its own."""

    def __init__(self, folder, workers, environments=()):
        import pyspark

        self.folder = folder
        self.start = Path(pyspark.__file__).parent / "bin" / "spark-class"
        port, page = free_port(), free_port()
        self.url = f"spark://127.0.0.1:{port}"
        self.master = self._launch("master", "org.apache.spark.deploy.master.Master", *at(port, page))
        wait_for(port)
        self.workers = []
        for number in range(workers):
            port, page = free_port(), free_port()
            work = ["--cores", "1", "--memory", "1g", "--work-dir", str(folder / f"work{number}"), self.url]
            name = f"worker{number}"
            environment = environments[number] if environments else {}
            self.workers.append(
                self._launch(name, "org.apache.spark.deploy.worker.Worker", *at(port, page), *work, **environment)
            )
            wait_for(port)

    def _launch(self, name, *command, **environment):
        with (self.folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                [str(self.start), *command],
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=os.environ | environment,
            )

    def kill(self, worker):
        """End a worker and its executors as a power cut would."""
        os.killpg(self.workers[worker].pid, signal.SIGKILL)
        self.workers[worker].wait()

    def close(self):
        """End what was started, and nothing else."""
        for process in (*self.workers, self.master):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def at(port, page):
    return ["--host", "127.0.0.1", "--port", str(port), "--webui-port", str(page)]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, seconds=60):
    end = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return
