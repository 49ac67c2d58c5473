package io.cloacina.server;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.engine.Engine;
import io.cloacina.server.access.User;
import io.cloacina.server.api.Api;
import io.cloacina.server.api.EventStreams;
import io.cloacina.server.guard.Caller;
import io.cloacina.server.guard.Guard;
import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.Method;
import io.cloacina.server.http.RequestException;
import io.cloacina.server.http.Route;
import io.cloacina.server.http.Router;
import io.cloacina.server.http.Scope;
import io.cloacina.server.json.Json;
import io.cloacina.server.page.Pages;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A servlet with the HTTP API of an engine, below {@code /api/v1}, and its web page. Map it to a path with a star, such
 * as {@code /cloacina/*}, or to {@code /*}; {@link Dashboard} starts a server of its own. The application must start
 * the engine, and must close it after the servlet. Thread safe.
 */
public final class CloacinaServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    /** How many bytes of a refused body are read, so that another request can follow on the connection. */
    private static final int MOST_IGNORED = 65_536;

    private static final Logger LOG = LoggerFactory.getLogger(CloacinaServlet.class);

    private final transient Guard guard;
    private final transient Pages pages;
    private final transient Router router;
    private final transient Audit audit;
    private final transient EventStreams streams;
    private final boolean isReadOnly;

    /** A servlet for an engine, which the application starts and closes. */
    public CloacinaServlet(Engine engine, ServerSettings settings) {
        Arguments.given("an engine", engine);
        Arguments.given("settings", settings);
        this.guard = new Guard(settings.tokens(), settings.authenticator(), settings.hosts(), System::nanoTime);
        this.isReadOnly = settings.isReadOnly();
        this.audit = new Audit(engine, isReadOnly, guard.isOpen());
        Scope scope = new Scope(engine, settings.isReadOnly(), settings.hidesData());
        this.pages = new Pages(scope);
        this.streams = new EventStreams(engine.events()::after);
        List<Route> routes = new ArrayList<>(Api.routes(scope, streams));
        routes.addAll(new Logins(guard, pages).routes());
        routes.addAll(pages.routes());
        this.router = new Router(routes);
    }

    /**
     * Ends the open event streams; their clients reconnect, and continue where they were. Call this before stopping a
     * container that waits for all open requests, because these never end on their own.
     */
    public void endStreams() {
        streams.endAll();
    }

    /** Ends the open event streams and refuses new ones. */
    @Override
    public void destroy() {
        streams.close();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Answer answer = answer(request);
        if (answer.status() >= HttpServletResponse.SC_BAD_REQUEST && !isRead(request)) {
            response.setHeader("Connection", "close");
        }
        response.setStatus(answer.status());
        Headers.PROTECTING.forEach(response::setHeader);
        answer.headers().forEach(response::setHeader);
        boolean hasBody = !request.getMethod().equals("HEAD");
        if (answer.stream() != null) {
            if (hasBody) {
                answer.stream().begin(request.startAsync(request, response));
            }
            return;
        }
        if (answer.status() != HttpServletResponse.SC_NOT_MODIFIED) {
            response.setContentLength(answer.body().length);
        }
        if (hasBody) {
            response.getOutputStream().write(answer.body());
        }
    }

    /**
     * Reads the rest of a refused body; whether all of the request is read then. If not, the connection must be closed with the
     * answer: otherwise the container would end it silently, and the next request on it would be lost.
     */
    private static boolean isRead(HttpServletRequest request) {
        boolean hasBody = request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
        if (!hasBody || !request.getProtocol().startsWith("HTTP/1")) {
            return true;
        }
        if (request.getContentLengthLong() > MOST_IGNORED) {
            return false;
        }
        try {
            return request.getInputStream().readNBytes(MOST_IGNORED + 1).length <= MOST_IGNORED;
        } catch (IOException e) { // the caller has closed the connection, or is too slow
            return false;
        }
    }

    private Answer answer(HttpServletRequest request) {
        try {
            return routed(request);
        } catch (CloacinaException e) {
            return failed(request, RequestException.statusOf(e), e.code(), String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            // The edge: a handler may throw anything, also an error about a missing class or a stack overflow. The
            // answer must not describe the inside of the server.
            LOG.error("{} {} failed unexpectedly", request.getMethod(), Audit.quoted(request.getRequestURI()), e);
            return failed(
                    request, 500, ErrorCodes.UNSPECIFIED, "an unexpected error, which the log of the server describes");
        }
    }

    private Answer routed(HttpServletRequest request) {
        if (!guard.isHere(request)) {
            throw new RequestException(
                    "FOREIGN_HOST",
                    403,
                    "the request was sent to a name that is not one of this server, or from another machine: use"
                            + " localhost, or start the server with a token");
        }
        String path = path(request);
        Router.Match match = router.find(method(request), path);
        Route route = match.route();
        Caller caller = guard.caller(request);
        User user = caller.user();
        if (route.role() != null && user == null) {
            return unknown(request, path);
        }
        Call call = new Call(request, match.parts(), user, caller.csrf());
        User asking = route.role() == null ? null : user;
        if (!route.method().isChange()) {
            require(call, route);
            return route.handler().handle(call);
        }
        return audit.of(
                asking,
                call,
                route,
                () -> refuse(request, call, caller, route),
                () -> route.handler().handle(call));
    }

    private void refuse(HttpServletRequest request, Call call, Caller caller, Route route) {
        if (!guard.isOwn(request)) {
            throw new RequestException(
                    "FOREIGN_ORIGIN", 403, "a page of another server requested the change, which is not allowed");
        }
        boolean isApi = isApi(route.template());
        if (isReadOnly && (isApi || route.role() != null)) {
            throw new RequestException("READ_ONLY", 403, "this server is read-only: it was started with --read-only");
        }
        require(call, route);
        boolean needsToken = caller.isByBrowser() && !(isApi && (guard.isOpen() || route.role() == null));
        String csrf = isApi
                ? call.header("X-CSRF-Token")
                : needsToken ? call.form("csrf").orElse(null) : null;
        if (needsToken && !guard.isFromForm(caller, csrf)) {
            throw new RequestException(
                    "CSRF",
                    403,
                    isApi
                            ? "a change needs 'Authorization: Bearer TOKEN', or other credentials in that header together with"
                                    + " 'Content-Type: application/json', or the token of a form in X-CSRF-Token"
                            : "the form is too old: go back, reload the page, and send it again");
        }
    }

    private static void require(Call call, Route route) {
        if (route.role() != null) {
            call.require(route.role(), "this");
        }
    }

    private Answer unknown(HttpServletRequest request, String path) {
        if (isApi(path) || !guard.hasTokens()) {
            RequestException refused = new RequestException(
                    "UNAUTHENTICATED",
                    401,
                    "the request has no known credentials: send the header 'Authorization: Bearer TOKEN'");
            return failed(request, 401, refused.code(), String.valueOf(refused.getMessage()))
                    .with("WWW-Authenticate", "Bearer");
        }
        Call call = new Call(request, Map.of(), null, "");
        return Answer.seeOther(call.url("/login?next=" + Logins.encoded(call.path())));
    }

    private Answer failed(HttpServletRequest request, int status, String code, String message) {
        if (isApi(path(request))) {
            return Answer.text(
                    status,
                    "application/problem+json",
                    Json.fields()
                            .put("type", "about:blank")
                            .put("title", Headers.phrase(status))
                            .put("status", status)
                            .put("detail", message)
                            .put("code", code)
                            .toString());
        }
        return pages.problem(Call.plain(request, known(request)), status, code, message);
    }

    /** The caller for an error page; an unknown one if finding the caller is what failed. */
    private Caller known(HttpServletRequest request) {
        try {
            return guard.caller(request);
        } catch (RuntimeException | Error e) {
            // An error of the application's authenticator. It was logged, or occurs again.
            return new Caller(null, true, "");
        }
    }

    private static boolean isApi(String path) {
        return path.startsWith("/api/");
    }

    private static Method method(HttpServletRequest request) {
        String given = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
        for (Method method : Method.values()) {
            if (method.name().equals(given)) {
                return method;
            }
        }
        throw new RequestException("METHOD_NOT_ALLOWED", 405, "only GET, HEAD, POST, PUT and DELETE are supported");
    }

    private static String path(HttpServletRequest request) {
        String path = request.getRequestURI().substring(Call.prefix(request).length());
        return path.isEmpty() ? "/" : path;
    }
}
