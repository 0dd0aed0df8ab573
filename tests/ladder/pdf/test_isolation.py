"""Whatever stands in a packet, the printer asks nobody for anything and takes no file along."""

import base64
import socket
import threading
from contextlib import contextmanager
from itertools import cycle

import pikepdf
import pytest

from ladder.pdf.child import TypesettingFailed, typeset

STOPPED = {"frame", "colour profile"}  # the library gives up on these pages altogether
CANARY = "canary-7f3a91"


@contextmanager
def listener():
    """A server on this machine that counts who calls."""
    calls = []
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                connection, _address = server.accept()
            except OSError:
                return
            calls.append(connection.recv(200))
            connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n")
            connection.close()

    threading.Thread(target=serve, daemon=True).start()
    yield server.getsockname()[1], calls
    server.close()


def vectors(port, file):
    web, local = f"http://127.0.0.1:{port}", file.as_uri()
    nested = base64.b64encode(
        f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{web}/nested"/></svg>'.encode()
    ).decode()
    return {
        "image": f'<img src="{web}/img.png">',
        "image set": f'<img srcset="{web}/set.png 2x" src="{web}/set.png">',
        "relative image": '<img src="../../../../etc/passwd">',
        "file image": f'<img src="{file.as_uri()}">',
        "stylesheet": f'<link rel="stylesheet" href="{web}/a.css">',
        "import": f"<style>@import url({web}/b.css);</style>",
        "background": f'<p style="background: url({web}/bg.png)">x</p>',
        "list image": f'<ul style="list-style-image: url({web}/li.png)"><li>x</li></ul>',
        "content": f"<style>p::before {{ content: url({web}/content.png) }}</style><p>x</p>",
        "font": f"<style>@font-face {{ font-family: x; src: url({web}/f) }} p {{ font: 9px x }}</style>",
        "font file": f"<style>@font-face {{ font-family: y; src: url({local}) }} p {{ font: 9px y }}</style>",
        "object": f'<object data="{web}/o.svg" type="image/svg+xml">x</object>',
        "embed": f'<embed src="{web}/e.svg">',
        "frame": f'<iframe src="{web}/frame"></iframe>',
        "svg image": f'<svg width="9" height="9"><image href="{web}/s.png" width="9" height="9"/></svg>',
        "svg use": f'<svg width="9" height="9"><use href="{web}/u.svg#a"/></svg>',
        "svg style": f'<svg width="9" height="9"><style>@import url({web}/sv.css);</style></svg>',
        "nested data": f'<img src="data:image/svg+xml;base64,{nested}">',
        "attachment link": f'<link rel="attachment" href="{file.as_uri()}">',
        "attachment anchor": f'<a rel="attachment" href="{file.as_uri()}">x</a>',
        "attachment from the web": f'<link rel="attachment" href="{web}/att">',
        "base": f'<base href="{web}/"><img src="after-base.png">',
        "ftp": f'<img src="ftp://127.0.0.1:{port}/f.png">',
        "redirect": f'<img src="{web}/redirect">',
        "colour profile": f"<style>@color-profile --x {{ src: url({web}/p.icc) }}</style>",
        "bundled name with a way out": '<img src="asset:../../settings.py">',
        "input image": f'<input type="image" src="{web}/input.png">',
        "refresh": f'<meta http-equiv="refresh" content="0; url={web}/refresh">',
        "icon": f'<link rel="icon" href="{web}/icon.png">',
        "preload": f'<link rel="preload" as="image" href="{web}/preload.png">',
        "audio": f'<audio src="{web}/a.ogg" autoplay></audio>',
        "video": f'<video poster="{web}/poster.png"><source src="{web}/v.webm"></video>',
        "picture": f'<picture><source srcset="{web}/p.webp"><img alt="" src="{web}/p.png"></picture>',
        "cursor": f'<p style="cursor: url({web}/c.png), auto">x</p>',
        "border image": f'<p style="border-image: url({web}/b.png) 1; border-width: 1px">x</p>',
    }


@pytest.fixture
def canary(tmp_path):
    file = tmp_path / "canary.txt"
    file.write_text(CANARY)
    return file


def holds_the_canary(path):
    with pikepdf.open(path) as pdf:
        streams = (item for item in pdf.objects if isinstance(item, pikepdf.Stream))
        return (
            any(CANARY.encode() in stream.read_bytes() for stream in streams)
            or CANARY.encode() in path.read_bytes()
        )


def test_markup_that_got_through_fetches_nothing(printer, canary, tmp_path):
    """Below the templates: the child alone, given every reference as markup."""
    with listener() as (port, calls):
        for name, markup in vectors(port, canary).items():
            page = f'<html lang="en"><title>{name}</title><body>{markup}</body></html>'
            out = tmp_path / "out.pdf"
            try:
                printer.typeset(page, b"{}", name="x.json", moment="2026-11-18T09:30:00Z", to=out)
            except TypesettingFailed:
                assert name in STOPPED
            assert not calls, name
            if name in STOPPED:
                continue
            assert not holds_the_canary(out), name
            with pikepdf.open(out) as pdf:
                assert list(pdf.attachments) == ["x.json"], name


def test_an_entity_reads_no_file(printer, canary, tmp_path):
    """Well-formed markup goes through a parser for XML, which knows entities."""
    doctype = f'<!DOCTYPE html [<!ENTITY x SYSTEM "{canary.as_uri()}"><!ENTITY y "{CANARY}">]>'
    page = f'{doctype}<html lang="en"><head><title>t</title></head><body><p>&x;&y;</p></body></html>'
    out = tmp_path / "out.pdf"
    printer.typeset(page, b"{}", name="x.json", moment="2026-11-18T09:30:00Z", to=out)
    assert not holds_the_canary(out)


def test_well_formed_markup_gives_the_same_bytes_by_either_parser(printer, tmp_path):
    body = "<p>One<br/>two &amp; <b>three</b></p><table><tbody><tr><td>x</td></tr></tbody></table>"
    page = f'<html lang="en"><head><title>t</title></head><body>{body}</body></html>'
    broken = page.replace("<br/>", "<br id=x>").replace(" id=x", "") + "<!-- & -->"
    results = [
        printer.typeset(markup, b"{}", name="x.json", moment="2026-11-18T09:30:00Z", to=tmp_path / "out.pdf")
        for markup in (page, f"{page}<unclosed", broken)
    ]
    assert len({result.sha256 for result in results}) == 1


def test_the_fetcher_saw_and_refused_them(printer, canary, tmp_path):
    with listener() as (port, _calls):
        markup = "".join(one for name, one in vectors(port, canary).items() if name not in STOPPED)
        page = f'<html lang="en"><title>t</title><body>{markup}</body></html>'
        result = printer.typeset(
            page, b"{}", name="x.json", moment="2026-11-18T09:30:00Z", to=tmp_path / "out.pdf"
        )
    assert result.refused_addresses >= 12


def test_the_listener_would_have_heard(canary):
    """The control: the library as it comes does call."""
    import weasyprint

    with listener() as (port, calls):
        weasyprint.HTML(string=vectors(port, canary)["image"]).write_pdf()
        assert calls


def texts(value, hostile):
    """The snapshot with the next hostile references in every text that a person may have written."""
    kept = {
        "key",
        "label",
        "language",
        "variant",
        "frozen_at",
        "number",
        "ref",
        "readiness",
        "month",
        "digest",
    }
    if isinstance(value, dict):
        return {
            name: item if name in kept or _is_a_date(item) else texts(item, hostile)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [texts(item, hostile) for item in value]
    return f"{value} {next(hostile)} {next(hostile)}" if isinstance(value, str) else value


def _is_a_date(item):
    return isinstance(item, str) and item[:2] == "20" and item[4:5] == "-"


def test_every_field_of_a_packet_is_only_text(snapshot, canary, tmp_path):
    with listener() as (port, calls):
        pictures = [f"![x](http://127.0.0.1:{port}/md.png)", f"![y]({canary.as_uri()})"]
        hostile = cycle([*vectors(port, canary).values(), *pictures])
        for several in ("stories", "evidence", "bar", "matrix"):
            snapshot[several] = snapshot[several][:1]
        result = typeset(texts(snapshot, hostile), to=tmp_path / "out.pdf")
        assert not calls
    assert result.refused_addresses == 0  # nothing even looked like a reference
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        assert list(pdf.attachments) == [f"{snapshot['packet']['number']}.json"]


def test_a_large_data_address_is_refused(printer, tmp_path):
    page = f'<html lang="en"><title>t</title><img alt="" src="data:image/png;base64,{"A" * 2_100_000}">'
    result = printer.typeset(
        page, b"{}", name="x.json", moment="2026-11-18T09:30:00Z", to=tmp_path / "out.pdf"
    )
    assert result.refused_addresses == 1


def test_the_child_knows_no_secret(printer, tmp_path, monkeypatch):
    from pathlib import Path

    monkeypatch.setenv("LADDER_SECRET_KEY", CANARY)
    monkeypatch.setenv("DATABASE_URL", f"postgres://{CANARY}")
    printer.stop()  # one that began before knows neither
    printer.typeset(
        "<html lang=en><title>t</title>",
        b"{}",
        name="x",
        moment="2026-11-18T09:30:00Z",
        to=tmp_path / "o.pdf",
    )
    environment = Path(f"/proc/{printer.pid}/environ")
    if not environment.exists():
        pytest.skip("needs /proc")
    assert CANARY not in environment.read_text()
