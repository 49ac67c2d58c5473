package io.cloacina.cli.demo;

import io.cloacina.schema.database.DatabaseUrl;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What one may try after the demo, as commands that can be copied. */
final class NextSteps {
    private static final String QUERY = "\"SELECT task_name, status FROM task_executions\"";

    private final Demo.Request request;
    private final DatabaseUrl database;

    NextSteps(Demo.Request request, DatabaseUrl database) {
        this.request = request;
        this.database = database;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("Try next:");
        lines.add("  Kill it with -9 while it runs, then run the same command again:");
        lines.add("    " + command() + (request.pauseMillis() > 0 ? "" : " --pause 1000"));
        lines.add("  Look at its state, and check its tables against the definition:");
        lines.add("    " + look());
        lines.add("    ./cloacina schema check --database " + database);
        if (database instanceof DatabaseUrl.Sqlite) {
            lines.add("  Keep its state in PostgreSQL:");
            lines.add("    ./cloacina demo --database postgresql://USER@HOST/DATABASE");
        }
        return lines;
    }

    private String command() {
        StringBuilder command = new StringBuilder("./cloacina demo");
        if (!request.folder().equals(Path.of("."))) {
            command.append(' ').append(Format.printable(request.folder().toString()));
        }
        if (!request.databaseUrl().equals("sqlite:cloacina-demo.db")) {
            command.append(" --database ").append(database);
        }
        if (request.pauseMillis() > 0) {
            command.append(" --pause ").append(request.pauseMillis());
        }
        return command.toString();
    }

    private String look() {
        return database instanceof DatabaseUrl.Sqlite sqlite
                ? "sqlite3 " + Format.printable(sqlite.file()) + " " + QUERY
                : "psql " + database + " -c " + QUERY;
    }
}
