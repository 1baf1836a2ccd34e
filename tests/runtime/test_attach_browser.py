"""A real console behind a tab: it watches a real engine, and has control once the token was typed into the page."""

import asyncio
import json
import re
import sys
from pathlib import Path

from aiohttp import ClientSession, web
from attach_world import here, runtime, until
from run_world import quick

from catui.console.web.server import Site, page_files
from catui.runtime.startorder import Start
from catui.runtime.tokens import read_token

__all__ = ["runtime"]


def test_a_browser_watches_until_the_token_is_typed_into_the_page(runtime: Path, tmp_path: Path) -> None:
    async def watched() -> None:
        async with here(Start("simulated:7", quick(), 1.0, tmp_path)) as (session, door, card, run):
            running = asyncio.create_task(run())
            argv = (sys.executable, "-m", "catui", "attach", card.directory, "--read-only", "--in-browser")
            runner = web.AppRunner(Site(argv, "key", card.run, page_files()).application(), access_log=None)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            host = "{}:{}".format(*runner.addresses[0][:2])
            seen = bytearray()
            async with (
                ClientSession() as client,
                client.ws_connect(f"http://{host}/key/ws?width=120&height=40", origin=f"http://{host}") as socket,
            ):

                async def read() -> None:
                    async for message in socket:
                        seen.extend(message.data)

                async def keys(text: str) -> None:
                    await socket.send_str(json.dumps(["stdin", text]))

                def shows(words: str) -> bool:
                    return words in re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", seen.decode("utf-8", "ignore"))

                reading = asyncio.create_task(read())
                await until(lambda: shows("PAPER read only"))
                [peer] = door.publisher.peers
                assert peer.role == "watch"
                await keys("\x1b[19~")  # F8
                await until(lambda: shows("READ ONLY, nothing was sent"))
                await keys("U")
                await until(lambda: shows("the control token of this run"))
                await keys("wrong\r")
                await until(lambda: shows("not the control token of this run"))
                token = read_token(card.file("control"))
                await keys(f"{token}\r")
                await until(lambda: peer.role == "control")
                await until(lambda: shows("control is given"))
                await keys("\x1b[19~")
                await until(lambda: session.engine.control().trading_state.value == "HALTED")
                assert token.encode() not in seen
                await keys("q")
                await until(lambda: door.publisher.peers == [])
                await until(reading.done)
            await runner.cleanup()
            session.stop("the test is over")
            await running

    asyncio.run(watched())
