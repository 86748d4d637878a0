"""The HTTP API v10: what every request goes through on its way to its endpoint."""

from __future__ import annotations

import json
import traceback
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any

from aiohttp import BodyPartReader, web

from .body_checks import body_faults
from .endpoint import Endpoint
from .errors import ApiError, Refusal
from .records import Call, Fault, Json, Reply, Request, Upload, Violation
from .scripts import Scripts, plenty

if TYPE_CHECKING:
    from .state import State
    from .validation import Description

BASE_PATH = "/api/v10"
DOWNLOAD = "/attachments/{channel_id}/{attachment_id}/{name}"
"""Where files are fetched, which is not below the API's base."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Rest:
    """Reads, records, checks and answers requests."""

    def __init__(self, state: State, scripts: Scripts, description: Description | None) -> None:
        self._state = state
        self._scripts = scripts
        self._description = description

    def routes(self, endpoints: Iterable[Endpoint]) -> Iterable[web.RouteDef]:
        """Every endpoint's route, and one for whatever has none."""
        for endpoint in endpoints:
            path = BASE_PATH + endpoint.route
            yield web.route(endpoint.method, path, self._handler(endpoint))
        yield web.route("*", BASE_PATH + "/{tail:.*}", self._unknown)
        yield web.get(DOWNLOAD, self._download)

    def _handler(self, endpoint: Endpoint) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            return await self._serve(request, endpoint)

        return handle

    async def _unknown(self, request: web.Request) -> web.StreamResponse:
        """Answer a route that the fake does not know: Discord's 404, and a violation."""
        endpoint = Endpoint(request.method, "", _refuse_unknown, needs_token=False)
        return await self._serve(request, endpoint)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        wanted = request.match_info["attachment_id"]
        content = self._state.files.get(int(wanted) if wanted.isdigit() else 0)
        found = Reply(404 if content is None else 200, content or b"")
        arranged = await self._scripts.intercept("GET", DOWNLOAD)
        reply = found if arranged is None else arranged.instead_of(lambda: found)
        return await _written(request, reply, {})

    async def _serve(self, request: web.Request, endpoint: Endpoint) -> web.StreamResponse:
        path = request.path.removeprefix(BASE_PATH)
        call = Call(endpoint.method, endpoint.route, path, request.match_info, request.query)
        faults: Iterable[Fault] = ()
        try:
            body, uploads = await _read(request)
            call = Call(call.method, call.route, path, call.parameters, call.query, body, uploads)
            reply = await self._answer(request, call, endpoint)
        except ApiError as error:
            reply = Reply(error.status, error.body, cut=error.cut)
            faults = error.faults if error.blame else ()
        except Exception:  # noqa: BLE001 -- a mistake of ours has to show in a test, not in a log
            # Not a 500, which discord.py would try again for half a minute.
            reply = Reply(400, {"message": "the fake Discord fell over", "code": 0})
            faults = [Fault((), "FAKE", traceback.format_exc(), "fake")]
        self._record(call, reply, faults)
        await self._scripts.linger(call.method, call.route)
        return await _written(request, reply, plenty())

    async def _answer(self, request: web.Request, call: Call, endpoint: Endpoint) -> Reply:
        if endpoint.needs_token and request.headers.get("Authorization") != self._credentials:
            raise ApiError(Refusal.UNAUTHORIZED)
        arranged = await self._scripts.intercept(call.method, call.route)
        if arranged is None:
            return self._checked(request, call, endpoint)
        return arranged.instead_of(lambda: self._checked(request, call, endpoint))

    def _checked(self, request: web.Request, call: Call, endpoint: Endpoint) -> Reply:
        faults = body_faults(call.method, call.route, call.body, call.uploads)
        if not faults and self._description is not None and endpoint.route:
            faults = self._description.request_faults(
                call.method, call.route, call.body, request.content_type
            )
        if faults and not all(fault.code == "IGNORED" for fault in faults):
            raise ApiError(Refusal.INVALID_FORM_BODY, *faults)
        reply = endpoint.answer(call)
        self._record_violations(call, reply.status, faults)
        return reply

    @property
    def _credentials(self) -> str:
        return f"Bot {self._state.token}"

    def _record(self, call: Call, reply: Reply, faults: Iterable[Fault]) -> None:
        self._state.requests.append(
            Request(
                method=call.method,
                path=call.path,
                route=call.route,
                query=dict(call.query),
                body=call.body,
                uploads=call.uploads,
                status=reply.status,
                response=reply.body,
            )
        )
        self._record_violations(call, reply.status, faults)
        self._state.changes.notify()

    def _record_violations(self, call: Call, status: int, faults: Iterable[Fault]) -> None:
        for fault in faults:
            where = ".".join(str(step) for step in fault.path)
            detail = f"{where}: {fault.message}" if where else fault.message
            self._state.violations.append(
                Violation(fault.limit, detail, call.method, call.path, status)
            )


async def _written(
    request: web.Request, reply: Reply, headers: dict[str, str]
) -> web.StreamResponse:
    """An answer on its way, or as much of it as there is before the line is cut."""
    headers = {**headers, **reply.headers}
    content = reply.body if isinstance(reply.body, bytes) else b""
    if reply.body is not None and not isinstance(reply.body, bytes):
        content = json.dumps(reply.body).encode()
        # Exactly this type: discord.py takes JSON with a charset for text.
        headers["Content-Type"] = "application/json"
    if not reply.cut:
        return web.Response(status=reply.status, body=content or None, headers=headers)
    half = web.StreamResponse(status=reply.status or 500, headers=headers)
    # More than there is, so that no answer is short enough to be whole.
    half.content_length = len(content) + 2
    if reply.status:
        await half.prepare(request)
        await half.write(content[: len(content) // 2] or b" ")
    if request.transport is not None:
        request.transport.abort()
    return half


def _refuse_unknown(_: Call) -> Reply:
    raise ApiError(Refusal.NOT_FOUND, Fault((), "ROUTE", "the fake knows no such route", "route"))


async def _read(request: web.Request) -> tuple[Any, tuple[Upload, ...]]:
    """A request's JSON and its files; raises ApiError where the JSON is none."""
    if request.content_type == "multipart/form-data":
        return await _read_multipart(request)
    text = await request.text()
    return (_parse(text), ()) if text else (None, ())


async def _read_multipart(request: web.Request) -> tuple[Any, tuple[Upload, ...]]:
    body: Any = None
    files: list[tuple[int, str, bytes]] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        name, content = part.name or "", bytes(await part.read(decode=True))
        if name == "payload_json":
            body = _parse(content.decode())
        elif name.startswith("files["):
            files.append((int(name[6:-1]), part.filename or "unknown", content))
    described = _descriptions(body)
    return body, tuple(Upload(name, data, described.get(i)) for i, name, data in files)


def _descriptions(body: Any) -> dict[int, str]:
    """What a body says of the files that come with it, by their number."""
    message = body.get("data", body) if isinstance(body, dict) else {}
    attachments: list[Json] = (message or {}).get("attachments") or []
    return {int(a["id"]): a["description"] for a in attachments if a.get("description")}


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        fault = Fault((), "JSON", "the body is no JSON", "json")
        raise ApiError(Refusal.INVALID_JSON, fault) from None
