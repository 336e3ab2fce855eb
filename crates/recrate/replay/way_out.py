"""The kernel's end of its way to the web: a proxy on loopback that leads to a socket of ours."""

from recrate.outside.gateway import Door

_BRIDGE = """
def bridge():
    import os, socket, threading
    def pump(source, target):
        try:
            while True:
                block = source.recv(65536)
                if not block:
                    break
                target.sendall(block)
        except OSError:
            pass
        try:
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass
    def serve(client):
        try:
            out = socket.socket(socket.AF_UNIX)
            out.connect(place)
        except OSError:
            client.close()
            return
        back = threading.Thread(target=pump, args=(out, client))
        back.daemon = True
        back.start()
        pump(client, out)
        back.join()
        client.close()
        out.close()
    def wait():
        while True:
            try:
                client = listener.accept()[0]
            except OSError:
                return
            each = threading.Thread(target=serve, args=(client,))
            each.daemon = True
            each.start()
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    first = threading.Thread(target=wait)
    first.daemon = True
    first.start()
    here = "http://127.0.0.1:%d" % listener.getsockname()[1]
    for name in ("http_proxy", "https_proxy"):
        os.environ[name] = os.environ[name.upper()] = here
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = "localhost,127.0.0.1,::1"
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"):
        os.environ[name] = trusted
bridge()
"""
"""Runs in any Python that a kernel may have, from 3.5 on. Names of variables as curl, requests,
OpenSSL and Python's urllib read them."""


def way_out_of(inside: str) -> str:
    """Return code that gives a Python kernel its way to the web.

    inside: the folder with the door's socket and certificate, as the kernel sees it
    """
    places = {"place": f"{inside}/{Door.SOCKET}", "trusted": f"{inside}/{Door.CERTIFICATE}"}
    return f"exec({_BRIDGE!r}, {places!r})"
