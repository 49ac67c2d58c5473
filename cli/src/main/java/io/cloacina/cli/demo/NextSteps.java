package io.cloacina.cli.demo;

import io.cloacina.cli.view.Format;
import io.cloacina.schema.database.DatabaseUrl;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What one may try after the demo, as commands that can be copied. */
final class NextSteps {
    private static final String QUERY = "\"SELECT task_name, status FROM task_executions\"";

    private final Demo.Request request;
    private final DatabaseUrl database;
    private final String shownUrl;

    NextSteps(Demo.Request request, DatabaseUrl database) {
        this.request = request;
        this.database = database;
        this.shownUrl = hasPassword(request.databaseUrl()) ? "URL" : Format.printable(request.databaseUrl());
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("Try next:");
        lines.add("  Kill it with -9 while it runs, then run the same command again:");
        lines.add("    " + command() + (request.pauseMillis() > 0 ? "" : " --pause 1000"));
        lines.add("  Look at its state, and check its tables against the definition:");
        lines.add("    " + look());
        lines.add("    ./cloacina schema check --database " + shownUrl);
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
            command.append(" --database ").append(shownUrl);
        }
        if (request.pauseMillis() > 0) {
            command.append(" --pause ").append(request.pauseMillis());
        }
        return command.toString();
    }

    private String look() {
        return database instanceof DatabaseUrl.Sqlite sqlite
                ? "sqlite3 " + Format.printable(sqlite.file()) + " " + QUERY
                : "psql " + shownUrl + " -c " + QUERY;
    }

    /** Whether it may hold one: when in doubt it does, and is not shown. */
    private static boolean hasPassword(String url) {
        int server = url.indexOf("//");
        int at = url.lastIndexOf('@');
        return url.toLowerCase(Locale.ROOT).contains("password")
                || (server >= 0 && at > server && url.substring(server, at).contains(":"));
    }
}
