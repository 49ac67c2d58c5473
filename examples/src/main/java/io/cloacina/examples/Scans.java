package io.cloacina.examples;

import io.cloacina.api.TaskContext;
import io.cloacina.api.annotation.From;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.engine.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.UUID;

/** Large data is in a file, and the tasks pass on where it is. */
public final class Scans {
    private Scans() {}

    /** Scans a page and measures it. */
    @Workflow(name = "scan")
    public static class Scan {
        private final Path folder;

        /** {@code folder}: all processes can read it. */
        public Scan(Path folder) {
            this.folder = folder;
        }

        @Task
        String page(TaskContext context) throws IOException {
            Path page = folder.resolve(context.executionId() + ".page");
            Path part = Files.createTempFile(folder, "scan", ".part");
            Files.write(part, new byte[1_000_000]);
            Files.move(part, page, StandardCopyOption.ATOMIC_MOVE); // all of it is there, or nothing
            return page.toString();
        }

        @Task
        String measure(@From("page") String page) throws IOException {
            return "the page has " + Files.size(Path.of(page)) + " bytes";
        }
    }

    /** Arguments: the URL of a database, and a folder. */
    public static void main(String[] arguments) {
        try (Engine engine = Engine.builder(arguments[0])
                .workflow(new Scan(Path.of(arguments[1])))
                .start()) {
            UUID id = engine.submit("scan", Map.of());
            engine.await(id);
            System.out.println(engine.context(id).get("measure", String.class));
        }
    }
}
