"""What `hubrank mcp` answers is what the commands print, to the last byte."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from typer.testing import CliRunner

from event_loop import in_a_loop
from hubrank import cli
from hubrank.core.errors import StudyError

mcp = pytest.importorskip("mcp", reason="needs the extra mcp")
mcp_server = pytest.importorskip("hubrank.cli.mcp_server", reason="needs the extra mcp")


@pytest.fixture
def printed(capsys, monkeypatch, demo):
    """Return a function that runs a command in the folder of the demonstration and returns what it prints."""

    def run(*arguments):
        monkeypatch.chdir(demo)
        monkeypatch.setattr(sys, "argv", ["hubrank", *arguments, "--json"])
        assert cli.run_guarded() == 0
        return capsys.readouterr().out

    return run


def answer(server, tool, arguments):
    """Return the text that a tool answers, and whether it is an error."""

    async def call():
        async with mcp.Client(server) as client:
            result = await client.call_tool(tool, arguments)
            return result.content[0].text, bool(result.is_error)

    return in_a_loop(call())


@pytest.fixture(scope="module")
def server(demo):
    return mcp_server.server(demo / "2025", [demo / "2024"])


CALLS = [
    ("rank", {}, ("rank", "2025")),
    (
        "rank",
        {"weights": {"patents": 1, "deals": "0.1"}},
        ("rank", "2025", "--weight", "patents=1", "--weight", "deals=0.1"),
    ),
    ("rank", {"top": 3}, ("rank", "2025", "--top", "3")),
    ("explain", {"place": "Princeton"}, ("explain", "2025", "Princeton")),
    ("explain", {"place": "22.3, 114.2"}, ("explain", "2025", "22.3, 114.2")),
    ("explain", {"place": "Simulated Venture 164-10"}, ("explain", "2025", "Simulated Venture 164-10")),
    ("trace", {"cluster": "Basel", "metric": "deals", "top": 3}, ("trace", "2025", "Basel", "deals", "--top", "3")),
    ("compare", {"earlier": "2024"}, ("compare", "2024", "2025")),
]


@pytest.mark.parametrize(("tool", "arguments", "command"), CALLS)
def test_an_answer_is_what_the_command_prints(server, printed, tool, arguments, command):
    text, failed = answer(server, tool, arguments)
    assert not failed
    assert text + "\n" == printed(*command)
    json.loads(text)


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("rank", {"weights": {"patent": 1}}, "Did you mean 'patents'?"),
        ("explain", {"place": "Nowhereville"}, "Nowhereville"),
        ("trace", {"cluster": "Atlantis", "metric": "deals"}, "Atlantis"),
        ("rank", {"top": -1}, "top is -1; give a whole number from 1 to 1,000."),
        ("trace", {"cluster": "Basel", "metric": "deals", "top": 0}, "top is 0; give a whole number from 1 to 1,000."),
        ("compare", {"earlier": "../2024"}, "There is no edition '../2024'; there are: 2024."),
    ],
)
def test_an_error_is_the_message_of_the_command_and_no_path_is_taken_from_a_client(server, tool, arguments, message):
    text, failed = answer(server, tool, arguments)
    assert failed
    assert message in text


def test_a_tool_says_what_the_edition_is_before_any_figure(server, demo):
    text, failed = answer(server, "about", {})
    assert not failed
    described = json.loads(text)
    study = json.loads((demo / "2025" / "edition.json").read_text())["study"]
    assert (described["title"], described["edition"]) == (study["title"], "2025")
    assert described["note"].startswith("SIMULATED")
    assert [each["metric"] for each in described["metrics"]] == ["patents", "publications", "deals"]
    assert {tuple(each["years"]) for each in described["metrics"]} == {tuple(w) for w in study["windows"].values()}
    assert all(each["located_pct"] > 90 for each in described["metrics"])
    assert described["sources"]
    assert "may be chance" in " ".join(described["limits"])
    ranked = json.loads(answer(server, "rank", {"top": 3})[0])
    assert (ranked["title"], ranked["edition"], ranked["clusters"], len(ranked["ranking"])) == (
        study["title"], "2025", 237, 3,
    )  # fmt: skip


def test_every_tool_only_reads_and_says_what_it_does(server):
    async def tools():
        async with mcp.Client(server) as client:
            return (await client.list_tools()).tools, client.instructions

    listed, instructions = in_a_loop(tools())
    assert {tool.name for tool in listed} == {"about", "rank", "explain", "trace", "compare"}
    assert all(tool.annotations.read_only_hint and tool.description for tool in listed)
    assert "SIMULATED" in instructions
    assert "under other weights than the edition's none apply" in instructions


@pytest.mark.slow
def test_the_command_answers_over_standard_input_and_output(demo):
    parameters = mcp.StdioServerParameters(
        command=sys.executable, args=["-m", "hubrank", "mcp", str(demo / "2025")], env=dict(os.environ)
    )

    async def call():
        async with mcp.Client(parameters) as client:
            tools = (await client.list_tools()).tools
            ranking = await client.call_tool("rank", {})
            return [tool.name for tool in tools], json.loads(ranking.content[0].text)

    tools, ranking = in_a_loop(call())
    assert tools == ["about", "rank", "explain", "trace"]
    assert len(ranking["ranking"]) == 237


@pytest.mark.slow
def test_the_command_answers_over_http_under_its_own_name_only(demo, printed):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}/mcp"
    command = [sys.executable, "-m", "hubrank", "mcp", str(demo / "2025"), "--port", str(port)]

    async def call():
        async with mcp.Client(address) as client:
            ranking = await client.call_tool("rank", {})
            return ranking.content[0].text

    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        try:
            assert running.stderr.readline().strip() == address
            wait_for(port)
            assert in_a_loop(call()) + "\n" == printed("rank", "2025")
            elsewhere = urllib.request.Request(
                address, b"{}", {"Host": "example.org", "Content-Type": "application/json"}
            )
            with pytest.raises(urllib.error.HTTPError, match="421"):
                urllib.request.urlopen(elsewhere, timeout=10)
        finally:
            running.terminate()


def wait_for(port):
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    pytest.fail(f"nothing answers on port {port}")


def test_a_port_is_for_http_on_this_machine(demo, monkeypatch):
    runs = []
    monkeypatch.setattr(mcp_server.MCPServer, "run", lambda _, *how, **settings: runs.append((how, settings)))
    for arguments in ([], ["--port", "8001"]):
        assert CliRunner().invoke(cli.app, ["mcp", str(demo / "2025"), *arguments]).exit_code == 0
    assert runs == [
        (("stdio",), {}),
        (("streamable-http",), {"port": 8001, "stateless_http": True, "json_response": True}),
    ]


def test_a_folder_that_is_no_edition_is_refused_before_anything_is_answered(tmp_path):
    with pytest.raises(StudyError, match="not an edition"):
        mcp_server.server(tmp_path)
