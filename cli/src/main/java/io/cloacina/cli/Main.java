package io.cloacina.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;

/** The entry point of the command. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Runs one command with the standard streams of the process, and returns its exit code. */
    static int run(String... arguments) {
        // UTF-8 whatever the locale: file names and reports are not the locale's.
        StandardOutput standard = new StandardOutput();
        PrintStream out = new PrintStream(standard, false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        int code = execute(out, err, arguments);
        return standard.exitCode(code, err);
    }

    /** Runs one command, flushes what it printed, and returns its exit code. */
    static int execute(PrintStream out, PrintStream err, String... arguments) {
        CommandLine commandLine = commandLine(out, err, needed(arguments.length == 0 ? "" : arguments[0]));
        int code = commandLine.execute(arguments);
        commandLine.getOut().flush();
        out.flush();
        return code;
    }

    /** With all commands. */
    static CommandLine commandLine(PrintStream out, PrintStream err) {
        return commandLine(out, err, all());
    }

    private static Map<String, Supplier<Object>> all() {
        Map<String, Supplier<Object>> all = new LinkedHashMap<>();
        all.put("demo", DemoCommand::new);
        all.put("run", RunCommand::new);
        all.put("status", StatusCommand::new);
        all.put("executions", ExecutionsCommand::new);
        all.put("operations", OperationsCommand::new);
        all.put("events", EventsCommand::new);
        all.put("workflows", WorkflowsCommand::new);
        all.put("schedules", SchedulesCommand::new);
        all.put("hooks", HooksCommand::new);
        all.put("alerts", AlertsCommand::new);
        all.put("packages", PackagesCommand::new);
        all.put("runner", RunnerCommand::new);
        all.put("server", ServerCommand::new);
        all.put("schema", SchemaCommand::new);
        all.put("completion", CompletionCommand::new);
        all.put("help", HelpCommand::new);
        return all;
    }

    /** Reading what a command looks like takes milliseconds for each: the requested one is enough, if there is one. */
    private static Map<String, Supplier<Object>> needed(String first) {
        Map<String, Supplier<Object>> all = all();
        if (first.equals("-V") || first.equals("--version")) {
            return Map.of();
        }
        Supplier<Object> command = all.get(first);
        boolean needsAll = first.equals("completion") || first.equals("help");
        return command == null || needsAll ? all : Map.of(first, command);
    }

    private static CommandLine commandLine(PrintStream out, PrintStream err, Map<String, Supplier<Object>> commands) {
        CommandLine commandLine = new CommandLine(new CloacinaCommand());
        commands.forEach((name, command) -> commandLine.addSubcommand(command.get()));
        commandLine.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        commandLine.setUsageHelpWidth(80);
        Usage.complete(commandLine);
        // @FILE is what an option says, not a file of further arguments.
        commandLine.setExpandAtFiles(false);
        commandLine.setExecutionExceptionHandler(Failures::report);
        commandLine.setParameterExceptionHandler(Failures::misused);
        return commandLine;
    }
}
