"""Values and addresses that try to leave their place in a mail."""

HOSTILE_VALUES = {
    "line break": "A\nBcc: x@y.example",
    "carriage return": "A\rBcc: x@y.example",
    "encoded line break": "A=?UTF-8?Q?=0A?=Bcc: x@y.example",
    "encoded, base64": "A =?utf-8?b?CkJjYzogeEB5LmV4YW1wbGU=?= B",
    "encoded with a space": "=?utf-8?q?a b=0ABcc: x@y.example?=",
    "trailing line break": "A\n",
    "paragraph separator": "A\u2028B",
    "next line": "A\u0085B",
    "NUL": "A\0B",
    "half a character": "A\ud800B",
    "too long": "A" * 10_240,
}


HOSTILE_ADDRESSES = [
    "a@x.example, b@x.example",
    "Dean <a@x.example>",
    "=?utf-8?q?a=0Ab?=@x.example ",
    "a@x.example\nBcc: b@x.example",
    "a;b@x.example",
    "a@x.example>",
    "",
]
