"""Members have a picture. This app is asked before one is uploaded, told what was stored, and checks receipts."""

import hmac
import os
import secrets
from pathlib import Path
from typing import Annotated, Any, Dict

import jwt
import uvicorn
from fastapi import Body, Cookie, FastAPI, Header, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from standardwebhooks import Webhook


def setting(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise SystemExit(f"{name} is not set")
    return value


PROFILE = "avatar"
MEMBERS = {"ann", "bob"}
QUOTA_BYTES = 1_000_000

API = setting("API_URL")  # with the profile: https://upload.example.com/avatar
BUCKET = setting("UPLOAD_BUCKET")
WEBHOOK = Webhook(setting("UPLOAD_WEBHOOK_SECRET"))
RECEIPT_SECRET = setting("UPLOAD_RECEIPT_SECRET")
NOTIFY_SECRET = setting("NOTIFY_SECRET")
PAGE = Path(__file__).parent.with_name("page.html").read_text("utf-8").replace("{{API_URL}}", API)

# A database, in your app.
users: Dict[str, str] = {}  # by session
files: Dict[str, Dict[str, Any]] = {}  # by key: user, size, sequencer (empty until it is stored)
pictures: Dict[str, str] = {}  # by user: a key

app = FastAPI()
Session = Annotated[str, Cookie()]


# Asked: before anything is signed.
@app.post("/may-upload")
async def may_upload(request: Request) -> Dict[str, Any]:
    try:
        asked = WEBHOOK.verify(await request.body(), dict(request.headers))  # the bytes as they came
    except Exception:
        raise HTTPException(401, "not signed by the upload service")
    user = asked.get("caller", {}).get("sub")
    if user not in MEMBERS:
        return {"allow": False, "message": "Only members may upload a picture."}
    left = QUOTA_BYTES - bytes_of(user)
    if left < 1 or asked.get("size", 0) > left:
        return {"allow": False, "message": f"You have {left} bytes left."}
    files.setdefault(asked["key"], {"user": user, "size": 0, "sequencer": ""})
    return {"allow": True, "max_bytes": left, "metadata": {"user": user}}


# Told: at least once for each object, in any order.
@app.post("/stored")
async def stored(event: Dict[str, Any], x_notify_secret: Annotated[str, Header()] = "") -> Dict[str, Any]:
    if not hmac.compare_digest(x_notify_secret.encode(), NOTIFY_SECRET.encode()):
        raise HTTPException(401, "not from the bucket")
    told = event["detail"]["object"]
    file = files.get(told["key"])
    if file and told["sequencer"] > file["sequencer"]:
        file.update(size=told["size"], sequencer=told["sequencer"])
    return {}


# Proof: what the page says it has stored.
@app.post("/attach")
async def attach(receipt: Annotated[str, Body(embed=True)], session: Session = "") -> Dict[str, Any]:
    user = users.get(session)
    if not user:
        raise HTTPException(401, "Log in first.")
    try:
        key = checked(receipt, user)["key"]
    except jwt.InvalidTokenError:
        raise HTTPException(403, "That is no receipt for a picture of yours.")
    pictures[user] = key
    return {"picture": key}


def checked(receipt: str, user: str) -> Dict[str, Any]:
    token = jwt.decode_complete(
        receipt,
        RECEIPT_SECRET,
        algorithms=["HS256"],  # never what the receipt itself says
        issuer="countersign",
        audience=BUCKET,
        subject=user,  # of this app's own session
        leeway=60,
        options={"require": ["exp", "sub", "stored"]},
    )
    if token["header"].get("typ") != "stored+jwt":  # a grant's is granted+jwt
        raise jwt.InvalidTokenError("of another type")
    if token["payload"].get("profile") != PROFILE:
        raise jwt.InvalidTokenError("another kind of upload")
    return token["payload"]


# Your app has its own; a login asks for more than a name.
@app.get("/")
async def page() -> HTMLResponse:
    return HTMLResponse(PAGE)


@app.get("/mine")
async def mine(session: Session = "") -> Dict[str, Any]:
    user = users.get(session, "")
    sizes = {key: file["size"] for key, file in files.items() if file["user"] == user and file["sequencer"]}
    return {"files": sizes, "picture": pictures.get(user)}


@app.post("/login")
async def login(response: Response, user: Annotated[str, Body(embed=True)]) -> Dict[str, str]:
    session = secrets.token_urlsafe()
    users[session] = user
    response.set_cookie("session", session, httponly=True, samesite="lax")
    return {"user": user}


@app.exception_handler(HTTPException)
async def refused(_: Request, error: HTTPException) -> JSONResponse:
    return JSONResponse({"message": error.detail}, error.status_code)


def bytes_of(user: str) -> int:
    return sum(file["size"] for file in files.values() if file["user"] == user)


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ.get("PORT", "3000")))
