package io.cloacina.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** Begins the command. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        // UTF-8 whatever the locale: file names and reports are not the locale's.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        int code = commandLine(out, err).execute(arguments);
        out.flush();
        System.exit(code);
    }

    static CommandLine commandLine(PrintStream out, PrintStream err) {
        CommandLine commandLine = new CommandLine(new CloacinaCommand());
        commandLine.addSubcommand(new DemoCommand(out));
        CommandLine schema = new CommandLine(new SchemaCommand());
        schema.addSubcommand(new SchemaCopyCommand(out));
        commandLine.addSubcommand(schema);
        commandLine.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        commandLine.setUsageHelpWidth(80);
        commandLine.setExecutionExceptionHandler(Failures::report);
        commandLine.setParameterExceptionHandler(Failures::misused);
        return commandLine;
    }
}
