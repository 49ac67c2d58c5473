package io.cloacina.cli;

import picocli.CommandLine.Option;

/** What every command understands. */
final class CommonOptions {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean isHelpAsked;

    @Option(names = "--verbose", description = "Show the stack trace of an error.")
    boolean isVerbose;
}
