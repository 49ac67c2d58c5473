package io.cloacina.cli;

import io.cloacina.engine.Engine;
import io.cloacina.server.Dashboard;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;

/**
 * Loads the classes that commands load most, so that the JVM can keep them in an archive: see .scripts/run-jar.sh. Does what people do
 * first: creates a database, looks at it, and opens the page.
 */
final class ClassArchive {
    private ClassArchive() {}

    /** {@code arguments}: the URL of a database that does not exist yet. */
    public static void main(String[] arguments) throws IOException {
        String url = arguments[0];
        run("schema", "migrate", "--database", url);
        run("status", "--database", url);
        run("executions", "list", "--database", url);
        try (Engine engine = Engine.builder(url).client().start();
                Dashboard dashboard = Dashboard.on(engine).port(0).start()) {
            for (String page : new String[] {"", "executions", "workflows"}) {
                try (InputStream content = dashboard.uri().resolve(page).toURL().openStream()) {
                    content.readAllBytes();
                }
            }
        }
    }

    private static void run(String... command) {
        PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream());
        if (Main.execute(nowhere, nowhere, command) > ExitCode.FOUND_FAULTS) {
            throw new IllegalStateException(String.join(" ", command));
        }
    }
}
