package io.cloacina.cli;

import io.cloacina.api.CloacinaException;
import io.cloacina.schema.database.DatabaseException;
import java.io.PrintWriter;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says on stderr why a command could not be done. */
final class Failures {
    private Failures() {}

    /** A command threw. */
    static int report(Exception failure, CommandLine command, ParseResult given) {
        PrintWriter err = command.getErr();
        command.getOut().flush();
        err.println("cloacina: " + message(failure));
        if (isVerbose(given)) {
            failure.printStackTrace(err);
        }
        return ExitCode.of(failure);
    }

    /** One of several things could not be done; the others are done all the same. */
    static int report(CloacinaException failure, PrintWriter err) {
        err.println("cloacina: " + message(failure));
        return ExitCode.of(failure);
    }

    /** The arguments are not understood. */
    static int misused(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("cloacina: " + oneLine(String.valueOf(failure.getMessage())));
        if (!UnmatchedArgumentException.printSuggestions(failure, err)) {
            err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        }
        if (Arrays.asList(arguments).contains("--verbose")) {
            failure.printStackTrace(err);
        }
        return ExitCode.CANNOT;
    }

    private static String message(Exception failure) {
        String text = failure.getMessage();
        if (text == null || !(failure instanceof CloacinaException || failure instanceof DatabaseException)) {
            return "unexpected error, --verbose shows where: " + oneLine(failure.toString());
        }
        return oneLine(text);
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }

    private static boolean isVerbose(ParseResult given) {
        for (ParseResult part = given; ; part = part.subcommand()) {
            if (part.hasMatchedOption("--verbose")) {
                return true;
            }
            if (!part.hasSubcommand()) {
                return false;
            }
        }
    }
}
