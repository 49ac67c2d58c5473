package io.cloacina.examples;

import io.cloacina.api.annotation.AtMost;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.engine.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Limits: at most two pages of a site at once, and at most twenty starts in a second, in all processes together. */
public final class Crawler {
    private Crawler() {}

    /** Fetches one page. The instance is the application's: it counts the fetches that run at once. */
    @Workflow(name = "fetch")
    public static class Fetching {
        private final Map<String, AtomicInteger> underWay = new ConcurrentHashMap<>();
        private final AtomicInteger most = new AtomicInteger();

        @Task
        @AtMost(value = 2, per = "site")
        @AtMost(value = 20, every = "1s")
        int fetch(@Input String site, @Input int page) throws InterruptedException {
            AtomicInteger now = underWay.computeIfAbsent(site, absent -> new AtomicInteger());
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            Thread.sleep(5); // in place of the network
            now.decrementAndGet();
            return page;
        }

        /** The most pages of one site that were fetched at once. */
        public int most() {
            return most.get();
        }
    }

    /** Argument: the URL of a database. */
    public static void main(String[] arguments) {
        Fetching fetching = new Fetching();
        try (Engine engine = Engine.builder(arguments[0]).workflow(fetching).start()) {
            long begin = System.nanoTime();
            List<UUID> ids = new ArrayList<>();
            for (int page = 1; page <= 30; page++) {
                ids.add(engine.submit(
                        "fetch", Map.of("site", page % 2 == 0 ? "a.example" : "b.example", "page", page)));
            }
            ids.forEach(engine::await);
            System.out.println("at most " + fetching.most() + " at once from a site");
            System.out.println(System.nanoTime() - begin >= 1_000_000_000L ? "took its time" : "too fast");
        }
    }
}
