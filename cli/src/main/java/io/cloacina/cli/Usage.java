package io.cloacina.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Completes the help of all commands by what they have in common: the headings, and the exit code of a failure. */
final class Usage {
    private static final String EXIT_CODES = "Exit codes:";
    private static final String FAILED = "  2   failed; the reason is on stderr";

    private Usage() {}

    /** Completes the help of a command and of all commands below it. */
    static void complete(CommandLine command) {
        UsageMessageSpec usage = command.getCommandSpec().usageMessage();
        usage.parameterListHeading("%n");
        usage.optionListHeading("%nOptions:%n");
        usage.commandListHeading("%nCommands:%n");
        usage.footer(footer(Arrays.asList(usage.footer())));
        command.getSubcommands().values().forEach(Usage::complete);
    }

    /** The exit code stands between those that a command lists, unless it lists that code itself. */
    private static String[] footer(List<String> lines) {
        int codes = lines.indexOf(EXIT_CODES);
        if (codes < 0 || lines.stream().skip(codes).anyMatch(line -> line.startsWith("  2 "))) {
            return lines.toArray(String[]::new);
        }
        int at = codes + 1;
        while (at < lines.size() && lines.get(at).compareTo(FAILED) < 0) {
            at++;
        }
        List<String> all = new ArrayList<>(lines);
        all.add(at, FAILED);
        return all.toArray(String[]::new);
    }
}
