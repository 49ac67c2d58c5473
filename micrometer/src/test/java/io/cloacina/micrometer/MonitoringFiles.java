package io.cloacina.micrometer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of {@code docs/monitoring}. */
final class MonitoringFiles {
    private static final Pattern METRIC = Pattern.compile("cloacina_[a-z_]+");

    private MonitoringFiles() {}

    /** The metrics that a file asks for. */
    static Set<String> metrics(String file) throws IOException {
        Set<String> names = new TreeSet<>();
        Matcher matcher = METRIC.matcher(Files.readString(Path.of("..", "docs", "monitoring", file)));
        while (matcher.find()) {
            names.add(matcher.group());
        }
        return names;
    }
}
