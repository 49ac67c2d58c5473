package io.cloacina.cli;

import picocli.CommandLine.Option;

/** How many rows a list has at most. */
final class LimitOption {
    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "20",
            description = "At most this many. Default: ${DEFAULT-VALUE}")
    private int limit;

    int limit() {
        return limit;
    }
}
