"""Delivery reports (RFC 3464) as mail servers write them."""

import base64
from collections.abc import Sequence

HUMAN = "This is the mail system.\r\nYour message could not be delivered."
STATUS = "Final-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: {said}\r\n"
BOUNDARY = "B1E.1719/mx.unit.example"


def report(
    letter: str,
    to: str,
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "smtp; 550 5.1.1 no such user",
    sent_to: str = "intake@anli.example",
    more: Sequence[str] = (),
    identity: str = "report",
) -> bytes:
    """A report on a letter, by its Message-ID (none where that is empty), as Postfix writes it.

    more: fields of the recipient besides the usual ones. identity: the local part of its own Message-ID.
    """
    group = STATUS.format(to=to, action=action, status=status, said=said) + "".join(f"{each}\r\n" for each in more)
    returned = f"From: anli@anli.example\r\nTo: {to}\r\n" + (f"Message-ID: {letter}\r\n" if letter else "")
    return written(
        ("text/plain; charset=utf-8", HUMAN),
        ("message/delivery-status", f"Reporting-MTA: dns; mx.unit.example\r\n\r\n{group}"),
        ("message/rfc822", f"{returned}Subject: x\r\n\r\ntext"),
        sent_to=sent_to,
        identity=identity,
    )


def written(
    *parts: tuple[str, str | bytes],
    sent_to: str = "intake@anli.example",
    identity: str = "report",
    kind: str = "multipart/report; report-type=delivery-status",
) -> bytes:
    """A mail system's message of these parts, each with its Content-Type and perhaps other fields."""
    head = (
        f"Return-Path: <>\r\nDelivered-To: {sent_to}\r\n"
        "Received: from mx.unit.example by mx.anli.example; Fri, 28 Jun 2024 10:12:00 +0800\r\n"
        f"From: MAILER-DAEMON@mx.unit.example\r\nTo: {sent_to}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Message-ID: <{identity}@mx.unit.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: {kind};\r\n\tboundary="{BOUNDARY}"\r\n\r\n'
    )
    body = b""
    for content_type, content in parts:
        data = content if isinstance(content, bytes) else content.encode()
        body += f"--{BOUNDARY}\r\nContent-Type: {content_type}\r\n\r\n".encode() + data + b"\r\n"
    return head.encode() + body + f"--{BOUNDARY}--\r\n".encode()


def postfix(letter: str, to: str) -> bytes:
    """Of a mailbox that a Postfix does not know, to the letter's own return path, the whole letter returned."""
    return report(
        letter,
        to,
        said=f'X-Postfix; unknown user: "{to}"',
        more=(f"Original-Recipient: rfc822;{to}",),
    )


def exchange(letter: str, to: str) -> bytes:
    """Of an Exchange: HTML besides the text, folded fields, the headers alone returned."""
    told = (
        "Reporting-MTA: dns;EX01.unit.example\r\nReceived-From-MTA: dns;mx.anli.example\r\n"
        "Arrival-Date: Fri, 28 Jun 2024 02:12:00 +0000\r\n\r\n"
        f"Original-Recipient: rfc822;{to.upper()}\r\nFinal-Recipient: RFC822;{to.title()}\r\n"
        "Action: Failed\r\nStatus: 5.1.10\r\nDiagnostic-Code: smtp;550 5.1.10\r\n"
        " RESOLVER.ADR.RecipientNotFound; Recipient not found by\r\n\tSMTP address lookup\r\n"
        "X-Display-Name: somebody\r\n"
    )
    return written(
        ("text/plain; charset=us-ascii", f"Delivery has failed to these recipients or groups:\r\n\r\n{to}"),
        ("text/html; charset=us-ascii", "<html><body>Delivery has failed</body></html>"),
        ("message/delivery-status", told),
        ("text/rfc822-headers", f"Received: from mx.anli.example\r\nSubject: x\r\nMessage-ID:\r\n {letter}\r\n"),
    )


def netease(letter: str, to: str) -> bytes:
    """Of 163.com: Chinese in GB 18030, one block of fields with no group of its own, a status that says little."""
    told = (
        f"Reporting-MTA: dns; mail-m1.163.example\r\nFinal-recipient: RFC822; <{to}>\r\n"
        "action: FAILED (permanently)\r\nstatus: 5.0.0 (refused)\r\ndiagnostic-code: smtp; 550 收件人不存在\r\n"
    )
    return written(
        ("text/plain; charset=gb18030", "抱歉，您的邮件被退回来了……收件人不存在".encode("gb18030")),
        ("message/delivery-status", told.encode("gb18030")),
        ("message/rfc822", f"Message-ID: {letter}\r\nSubject: x\r\n\r\n"),
    )


def tencent(letter: str, to: str) -> bytes:
    """Of QQ: encoded words, no status but in them, and more parts than the standard wants."""
    told = (
        f"Reporting-MTA: dns; bizmail.qq.example\r\n\r\n\r\nFinal-Recipient: rfc822;{to}\r\nAction: failed\r\n"
        "Diagnostic-Code: smtp; 550 =?gb18030?B?08rP5LK7tObU2g==?= 5.1.1 Mailbox not found\r\n"
    )
    return written(
        ("text/plain; charset=gbk", "收件人的邮箱不存在，无法送达".encode("gbk")),
        ("text/html; charset=gbk\r\nContent-Transfer-Encoding: base64", b"PGh0bWw+PC9odG1sPg=="),
        ("message/delivery-status", told),
        ("text/rfc822-headers\r\nContent-Transfer-Encoding: quoted-printable", f"Message-ID: {letter}\r\n"),
        ("image/png\r\nContent-Transfer-Encoding: base64", "AAAA"),
    )


def coremail(letter: str, to: str, shape: str = "multipart/mixed") -> bytes:
    """Of a Coremail: a page alone, in GBK, and the letter as it was; in no report's shape."""
    page = (
        f"<html><head><style>p{{}}</style></head><body><h1>抱歉，您的邮件被退回来了</h1><table><tr><th>收件人：</th><td>{to}"
        f"</td></tr><tr><th>退信原因：</th><td>收件人邮件地址不存在。<br/>SMTP error, RCPT TO: 550 User not found: {to}"
        "</td></tr></table></body></html>"
    )
    encoded = base64.encodebytes(page.encode("gbk")).decode()
    return written(
        ("text/html; charset=gbk\r\nContent-Transfer-Encoding: base64", encoded),
        ("message/rfc822", f"From: anli@anli.example\r\nMessage-ID: {letter}\r\nSubject: x\r\n\r\n请将推荐表退回"),
        kind=shape,
    ).replace(b"Auto-Submitted: auto-replied\r\n", b"")


def qmail(letter: str, to: str, said: str = "550 5.1.1 No such user") -> bytes:
    """Of a qmail: words alone, the letter below them."""
    text = (
        "Hi. This is the qmail-send program at mx.unit.example.\r\n"
        "I'm afraid I wasn't able to deliver your message.\r\n\r\n"
        f"<{to}>:\r\n192.0.2.1 failed after I sent the message.\r\nRemote host said: {said}\r\n\r\n"
        "--- Below this line is a copy of the message.\r\n\r\nReturn-Path: <anli@anli.example>\r\n"
        f"From: anli@anli.example\r\nTo: other@unit.example\r\nMessage-ID: {letter}\r\n"
        "Subject: x\r\n\r\n450 delayed\r\n"
    )
    head = (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.unit.example\r\nTo: intake@anli.example\r\n"
        "Subject: failure notice\r\n"
        "Date: Fri, 28 Jun 2024 10:12:00 +0800\r\nMessage-ID: <q@mx.unit.example>\r\n\r\n"
    )
    return (head + text).encode()
