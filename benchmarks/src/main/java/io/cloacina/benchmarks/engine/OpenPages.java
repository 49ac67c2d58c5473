package io.cloacina.benchmarks.engine;

import io.cloacina.engine.Engine;
import io.cloacina.server.Dashboard;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Pages of a server that are open in browsers: each is read again every three seconds, as its script does. */
final class OpenPages implements AutoCloseable {
    /** How many are open. */
    static final int PAGES = 20;

    private static final long EVERY_MILLIS = 3_000;

    private final HttpClient client = HttpClient.newHttpClient();
    private final ScheduledExecutorService browsers = Executors.newScheduledThreadPool(2);
    private final List<Future<?>> reading = new ArrayList<>();
    private final AtomicLong read = new AtomicLong();
    private final AtomicLong left = new AtomicLong();
    private final Dashboard server;
    private volatile boolean areOpen;

    OpenPages(Engine engine, UUID execution) {
        this.server = Dashboard.on(engine).port(0).start();
        List<String> paths = List.of("/", "/executions", "/executions/" + execution, "/workflows/single", "/failures");
        for (int i = 0; i < PAGES; i++) {
            String path = paths.get(i % paths.size());
            reading.add(browsers.scheduleWithFixedDelay(
                    () -> read(path), i * EVERY_MILLIS / PAGES, EVERY_MILLIS, TimeUnit.MILLISECONDS));
        }
    }

    void open(boolean open) {
        areOpen = open;
    }

    /** How many were read. */
    long read() {
        return read.get();
    }

    /** How many the server did not make again, because all together took long enough. */
    long left() {
        return left.get();
    }

    private void read(String path) {
        if (!areOpen) {
            return;
        }
        try {
            HttpRequest request = HttpRequest.newBuilder(server.uri().resolve(path))
                    .header("Cloacina-Refresh", "true")
                    .build();
            int status =
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status == 200) {
                read.incrementAndGet();
            } else if (status == 204) {
                left.incrementAndGet();
            }
        } catch (IOException e) {
            // not counted: the figures tell how many were read
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        reading.forEach(each -> each.cancel(true));
        browsers.shutdownNow();
        server.close();
    }
}
