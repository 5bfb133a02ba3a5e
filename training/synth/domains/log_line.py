"""Lines of logs: time, level, program, message, request."""

from ..domain import Domain, f, g
from ..software import CLASS, FILE, HANDLE, HOST, SERVICE, log_time, made
from ..values import IPV4, URL, UUID, choice, code, flag, integer, number, options

MESSAGE = made(
    "connection to {snake} lost", "cache miss for key {snake}", "session {x} opened", "could not open {w}.conf", "next poll in {n} s", "job {snake} finished",
    "disk usage at {n}%", "invalid token {x}", "timeout in stage {n}", "{Pascal}Error raised in {action}", "loaded {n} plugins", "slow query on table {w}",
    "{w} queue is full", "configuration reloaded", "certificate for {x} expires soon", "worker {n} exited with code {n}", "listening on port 80{n}",
    "{n} rows written to {w}", "checksum mismatch in {w}.bin", "feature {snake} enabled", "skipping empty {w}", "lock on {w} released",
)  # fmt: skip

DOMAIN = Domain(
    name="log_line",
    tasks=("Parse the log line.", "Extract the log entry.", "Read this log.", "What does the log say?", "Log to JSON."),
    fields={
        "time": f("timestamp time logged_at datetime ts at", log_time(), "when it was logged"),
        "level": f(
            "level severity log_level loglevel",
            choice(debug="DEBUG|debug|DBG|FINE", info="INFO|info|INF|NOTICE", warning="WARN|WARNING|warn|WRN", error="ERROR|ERR|error|SEVERE", critical="FATAL|CRITICAL|fatal|EMERG"),
            "how serious it is",
        ),
        "service": f("service program application process source", SERVICE, "program that logged it"),
        "host": f("host hostname server machine", HOST),
        "logger": f("logger logger_name class module", CLASS, "class or logger"),
        "pid": f("pid process_id process_number", integer(100, 65000, words=0, grouped=False), "number of the process"),
        "thread": f("thread thread_name worker", code("worker-##", "main-#", "pool-#-thread-##", "T##", "io-##"), "thread name"),
        "message": f("message msg text event", MESSAGE, "what is logged"),
        "location": g(
            "location source_location caller",
            file=f("file filename path", FILE),
            line=f("line line_number lineno", integer(1, 3000, words=0, grouped=False)),
        ),
        "request": g(
            "request http http_request",
            method=f("method verb", choice(GET="GET", POST="POST", PUT="PUT", DELETE="DELETE", PATCH="PATCH", HEAD="HEAD")),
            path=f("path url uri", made("/{x}", "/{x}/{w}", "/api/{w}/{n}", "/{w}/{x}.html", "/static/{x}.js", "/v{n}/{w}", "/{w}?q={x}", "/{w}/{snake}")),
            status=f("status status_code response_code", integer(200, 511, words=0), "HTTP status"),
            bytes=f("bytes size response_bytes body_size", integer(600, 90000, words=0, grouped=False), "size of the answer in bytes"),
            id=f("id request_id trace_id", UUID),
        ),
        "client": f("client_ip ip remote_address client source_ip", IPV4, "address of the caller"),
        "user": f("user username login account", HANDLE, "who did it"),
        "duration": f("duration_ms duration elapsed_ms latency_ms", number(0.5, 9000, 2), "time taken in milliseconds"),
        "agent": f("user_agent agent browser", options("curl/8.4.0", "curl/7.88.1", "Wget/1.21", "python-requests/2.31", "Go-http-client/1.1", "okhttp/4.12", "PostmanRuntime/7.36", "Mozilla/5.0", "Googlebot/2.1", "bingbot/2.0", "axios/1.6", "HTTPie/3.2", "Java/17.0.2", "kube-probe/1.28", "aiohttp/3.9", "node-fetch/3.3", "Apache-HttpClient/4.5", "Lynx/2.9", "Opera/9.80", "Uptime-Kuma/1.23", "libwww-perl/6.72", "Prometheus/2.48", "Slackbot 1.0", "DuckDuckBot/1.1", "reqwest/0.11", "Dalvik/2.1", "git/2.43", "rclone/1.65", "Scrapy/2.11", "Twitterbot/1.0"), "client program"),
        "referrer": f("referrer referer", URL),
        "retry": f("will_retry retry retryable", flag("will retry|retry=true|next attempt scheduled", "giving up|retry=false|no further attempts"), "whether it is tried again"),
    },
    templates=(
        "{time} {level} {message}",
        "{time} [{level}] {service}: {message}[[ (pid {pid})]][[ user={user}]]",
        "{client} - {user} [{time}] \"{request.method} {request.path} HTTP/1.1\" {request.status} {request.bytes}[[ \"{referrer}\"]][[ \"{agent}\"]]",
        "level={level} ts=\"{time}\" service={service} host={host} msg=\"{message}\"[[ request_id={request.id}]][[ duration={duration}ms]]",
        "{time} {host} {service}[{pid}]: {level}: {message}",
        "{level} {time} [{thread}] {logger} - {message}[[ ({location.file}:{location.line})]]",
        "{level}:{logger}:{message}",
        "{location.file}:{location.line} {level} {message}; {retry}",
        "<<Can somebody|Could anyone>> explain this line to me? We see it 20 times a day on {host}:\n\n    {time} {level} {service} {message}\n\n<<It comes from|As far as I can tell it is written in>> {location.file}, line {location.line}.",
        "At {time} the program {service} on {host} wrote a line of level {level}: \"{message}\".[[ The process number was {pid}.]][[ It happened while {user} was logged in from {client}.]]",
        "time | level | logger | thread | message\n{time} | {level} | {logger} | {thread} | {message}",
        "{time} {request.method} {request.path} {request.status} {duration} ms {client}[[ {agent}]]",
        "time: {time}\nseverity: {level}\nsource: {service}\nthread: {thread}\ntext: {message}\n[[trace id: {request.id}\n]]outcome: {retry}",
        "<<Starting request|Incoming request>> {request.id}\n  {request.method} {request.path} from {client}\n  agent {agent}\n<<Completed|Done>>: {request.status} in {duration} ms ({request.bytes} bytes)[[\n  {level}: {message}]]",
        "E-mail from the monitoring\n\nHost: {host}\nProcess: {service}, pid {pid}\nLast message: {message}\nLevel: {level}\nLogged: {time}\n\nThis mail was sent to 5 recipients.",
        "{level}\t{time}\t{service}\t{user}\t{message}",
        "[{time}] {level} {service} ({thread}): {message}[[ - user {user}]][[ - took {duration} ms]][[ - from {client}]]",
        "{time} {level} {host} {service} {logger}: {message}[[ at {location.file}:{location.line}]][[ pid={pid}]]",
    ),
)
