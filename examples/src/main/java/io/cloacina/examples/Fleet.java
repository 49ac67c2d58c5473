package io.cloacina.examples;

import io.cloacina.api.annotation.AtMost;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.engine.Engine;
import io.cloacina.engine.EngineBuilder;
import io.cloacina.engine.model.Submission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** Several engines on one database share the work. Here both are in one process; in two it is the same program twice. */
public final class Fleet {
    private Fleet() {}

    /** Makes a thumbnail of a picture; each result says which engine made it. */
    @Workflow(name = "thumbnail")
    public static class Thumbnails {
        private final String engine;

        /** For the engine of that name. */
        public Thumbnails(String engine) {
            this.engine = engine;
        }

        @Task
        @AtMost(3)
        String shrink(@Input int picture) throws InterruptedException {
            Thread.sleep(20); // in place of the work
            return engine;
        }
    }

    private static EngineBuilder worker(String url, String name) {
        return Engine.builder(url).workflow(new Thumbnails(name)).slots(2).lease(Duration.ofSeconds(10));
    }

    /** Argument: the URL of a database. */
    public static void main(String[] arguments) {
        try (Engine one = worker(arguments[0], "one").start();
                Engine two = worker(arguments[0], "two").start()) {
            List<Submission> pictures = new ArrayList<>();
            for (int picture = 1; picture <= 40; picture++) {
                pictures.add(Submission.of("thumbnail")
                        .input(Map.of("picture", picture))
                        .idempotencyKey("picture-" + picture));
            }
            List<UUID> ids = one.submitAll(pictures);

            Set<String> engines = new TreeSet<>();
            for (UUID id : ids) {
                two.await(id); // any engine of the database can be asked
                engines.add(two.context(id).get("shrink", String.class));
            }
            System.out.println(ids.size() + " thumbnails by engines " + String.join(" and ", engines));
        }
    }
}
