"""Three units of the built-in rule book, and where their letters go."""

WUHAN, HUANGSHI, SHIYAN = "武汉市", "黄石市", "十堰市"
ADDRESSES = {WUHAN: "wxb@wuhan.example", HUANGSHI: "wxb@huangshi.example", SHIYAN: "wxb@shiyan.example"}
