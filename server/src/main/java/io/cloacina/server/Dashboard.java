package io.cloacina.server;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.engine.Engine;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * Starts a server with the web page and the HTTP API of an engine, by default on the loopback interface.
 *
 * <pre>{@code
 * try (Dashboard dashboard = Dashboard.on(engine).port(8400).start()) {
 *     System.out.println(dashboard.uri());
 *     …
 * }
 * }</pre>
 *
 * <p>Close it before the engine, which it does not close. Not thread safe.
 */
public final class Dashboard implements AutoCloseable {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

    /** When the server is stopped: how long requests may take to end, and how long idle connections stay open. */
    private static final long STOP_MILLIS = 1_000;

    private static final long IDLE_MILLIS = 50;

    private final Engine engine;
    private ServerSettings settings = ServerSettings.defaults();
    private String host = "127.0.0.1";
    private int port = 8400;
    private String prefix = "";
    private @Nullable Server server;

    private Dashboard(Engine engine) {
        this.engine = engine;
    }

    /** Returns a dashboard of an engine, which must be started before the dashboard. */
    public static Dashboard on(Engine engine) {
        return new Dashboard(Arguments.given("an engine", engine));
    }

    /** Sets the port; 0 means any free port. Default: 8400. */
    public Dashboard port(int given) {
        port = Arguments.number(Arguments.INVALID, "a port must be", given, 0, 65_535);
        return this;
    }

    /**
     * Sets the host name or address to listen on; {@code 0.0.0.0} means all addresses of this machine. Default:
     * 127.0.0.1, which other machines cannot reach.
     */
    public Dashboard host(String given) {
        host = Arguments.given("a host", given);
        return this;
    }

    /** Sets the path that precedes all others, such as {@code /cloacina}. Default: none. */
    public Dashboard prefix(String given) {
        Arguments.given("a prefix", given);
        if (!given.matches("(/[A-Za-z0-9._~-]+)*") || given.contains("/..") || given.contains("/.")) {
            throw Arguments.invalid("a prefix must be a path such as /cloacina, not " + Arguments.shown(given));
        }
        prefix = given;
        return this;
    }

    /** Sets who may use the server, and what it shows. Default: {@link ServerSettings#defaults}. */
    public Dashboard settings(ServerSettings given) {
        settings = Arguments.given("settings", given);
        return this;
    }

    /**
     * Starts the server.
     *
     * @return this
     * @throws CloacinaException with the code {@code UNPROTECTED_SERVER} if other machines could reach it, and neither
     *     a token nor an authenticator was given; {@code SERVER_NOT_STARTED} if the port is in use or the server is
     *     already started
     */
    public Dashboard start() {
        if (!settings.isProtected() && !LOOPBACK.contains(host)) {
            throw new CloacinaException(
                    "UNPROTECTED_SERVER",
                    "the host " + Arguments.shown(host) + " can be reached from other machines, and every caller there"
                            + " could change everything: set a token or an authenticator, or leave the host out");
        }
        if (server != null) {
            throw new CloacinaException("SERVER_NOT_STARTED", "the server is already started at " + uri());
        }
        QueuedThreadPool threads = new QueuedThreadPool(64, 4);
        threads.setName("cloacina-http");
        threads.setDaemon(true);
        Server made = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        // The name of a workflow, for example, may contain a slash, which is escaped in a path.
        http.setUriCompliance(UriCompliance.RFC3986.with("names", UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR));
        ServerConnector connector = new ServerConnector(made, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(host);
        connector.setPort(port);
        connector.setShutdownIdleTimeout(IDLE_MILLIS);
        made.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        context.setContextPath("/");
        ServletHolder servlet = new ServletHolder(new CloacinaServlet(engine, settings));
        servlet.setAsyncSupported(true);
        context.addServlet(servlet, prefix + "/*");
        context.getServletHandler().setDecodeAmbiguousURIs(true);
        made.setHandler(context);
        made.setErrorHandler(new ClosingErrors());
        try {
            made.start();
        } catch (Exception e) {
            stop(made);
            throw new CloacinaException(
                    "SERVER_NOT_STARTED",
                    "the server cannot listen on " + new InetSocketAddress(host, port) + ": " + e.getMessage()
                            + "; is the port taken?",
                    e);
        }
        server = made;
        return this;
    }

    /** Closes the connection after a request that Jetty refuses, so that the client does not send another one on it. */
    private static final class ClosingErrors extends ErrorHandler {
        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
            return super.handle(request, response, callback);
        }
    }

    /** The address of the web page. */
    public URI uri() {
        Server started = server;
        if (started == null || !(started.getConnectors()[0] instanceof ServerConnector connector)) {
            throw new CloacinaException("SERVER_NOT_STARTED", "the server is not started: call start() first");
        }
        String name = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        return URI.create("http://" + name + ":" + connector.getLocalPort() + prefix + "/");
    }

    /** Stops the server; requests in progress have a second to finish. */
    @Override
    public void close() {
        if (server != null) {
            stop(server);
            server = null;
        }
    }

    private static void stop(Server started) {
        try {
            started.setStopTimeout(STOP_MILLIS);
            started.stop();
        } catch (TimeoutException e) {
            // the server is stopped, but a request did not end in time
        } catch (Exception e) {
            throw new CloacinaException("SERVER_NOT_STARTED", "the server cannot be stopped: " + e.getMessage(), e);
        }
    }
}
