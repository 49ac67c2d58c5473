package io.cloacina.cli;

import io.cloacina.api.CloacinaException;
import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Screen;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Prints on stderr why a command failed. */
final class Failures {
    private Failures() {}

    /** A command threw. */
    static int report(Exception failure, CommandLine command, ParseResult given) {
        PrintWriter err = command.getErr();
        command.getOut().flush();
        print(err, "cloacina: " + message(failure));
        if (isVerbose(given)) {
            failure.printStackTrace(err);
        }
        return ExitCode.of(failure);
    }

    /** One of several operations failed; the others are done all the same. */
    static int report(CloacinaException failure, PrintWriter err) {
        print(err, "cloacina: " + message(failure));
        return ExitCode.of(failure);
    }

    /** The arguments are not understood. */
    static int misused(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        print(err, "cloacina: " + oneLine(misuse(failure, command.getCommandSpec())));
        print(
                err,
                meant(failure, command.getCommandSpec())
                        .map(meant -> "Did you mean: " + meant)
                        .orElseGet(() -> "Try '" + command.getCommandSpec().qualifiedName() + " --help'."));
        if (Arrays.asList(arguments).contains("--verbose")) {
            failure.printStackTrace(err);
        }
        return ExitCode.CANNOT;
    }

    /** One line, which a terminal gets in lines of its width. */
    private static void print(PrintWriter err, String text) {
        Format.wrapped(text, Screen.of(err).width(), "  ").forEach(err::println);
    }

    private static String misuse(ParameterException failure, CommandSpec command) {
        if (!(failure instanceof UnmatchedArgumentException unmatched)
                || unmatched.getUnmatched().isEmpty()) {
            return String.valueOf(failure.getMessage());
        }
        String wrong = unmatched.getUnmatched().get(0);
        if (wrong.startsWith("-")) {
            return "'" + command.qualifiedName() + "' has no option '" + wrong.split("=", 2)[0] + "'";
        }
        return command.subcommands().isEmpty()
                ? "'" + command.qualifiedName() + "' takes no further argument '" + wrong + "'"
                : "there is no command '" + command.qualifiedName() + " " + wrong + "'";
    }

    private static Optional<String> meant(ParameterException failure, CommandSpec command) {
        if (!(failure instanceof UnmatchedArgumentException unmatched)
                || unmatched.getUnmatched().isEmpty()) {
            return Optional.empty();
        }
        String wrong = unmatched.getUnmatched().get(0);
        if (wrong.startsWith("-")) {
            return Nearest.to(wrong.split("=", 2)[0], command.optionsMap().keySet());
        }
        return Nearest.to(wrong, command.subcommands().keySet()).map(name -> command.qualifiedName() + " " + name);
    }

    private static String message(Exception failure) {
        String text = failure.getMessage();
        if (text == null || !(failure instanceof CloacinaException)) {
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
